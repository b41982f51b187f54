"""How fast the grader is: ``make bench``, or ``python -m benchmarks --help``."""

ASSIGNMENT = "cnn_step_by_step"
"""The one whose notebooks are graded."""
