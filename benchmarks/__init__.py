"""How fast the grader is: ``make bench``, or ``python -m benchmarks --help``."""
