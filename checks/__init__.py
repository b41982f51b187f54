"""What public_tests is made of: plain values, seeded inputs, exercises, judging, diagnosis.

Students receive this package beside ``public_tests.py``. It needs NumPy, h5py and the standard
library, and holds no solution: correct answers come from ``checks/data`` or, when grading, from the
caller.
"""
