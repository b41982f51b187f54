"""What a run imports when its workers have started: they never need it.

Of what is imported before, each worker holds a share and copies what it touches, and starts later.
"""

import importlib

from autograder.recording.nbgrader_start import import_nbgrader

LATER = (
    "autograder.pages.report",
    "autograder.recording.recorder",
    "autograder.repairing.of_class",
)
"""What records, shows and explains verdicts."""


def import_rest() -> None:
    """Import nbgrader and all else that workers don't need. Raises CourseError without a home."""
    import_nbgrader()
    for name in LATER:
        importlib.import_module(name)
