"""The grading engine of the course: an nbgrader extension with a command line of its own."""

import os
import sys

# `python -m` searches the current folder first, which may be a student's with a numpy.py in it.
try:  # noqa: SIM105 (contextlib is not imported before the path is clean)
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != os.getcwd()]
except OSError:  # the current folder is gone: nothing is found in it either
    pass

from pathlib import Path

# The course's content (checks, public_tests, solutions) is not installed: it stands beside this
# package, and is found there whatever the current folder is.
_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)
