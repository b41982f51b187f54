"""The grading engine of the course: an nbgrader extension with a command line of its own."""

import sys
from pathlib import Path

# The course's content (checks, public_tests, solutions) is not installed: it stands beside this
# package, and is found from there whatever the current folder is.
_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)
