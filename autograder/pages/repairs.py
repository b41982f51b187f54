"""The changes with which functions pass every check: for instructors, not for students."""

from autograder.model import ExerciseVerdict

MOST_ROWS = 60
"""How many different changes a report shows, those of most students first."""


def changes_of(exercise: ExerciseVerdict) -> list[list[str]]:
    """Return the lines that a repair changes, each with what it becomes, "" where it goes."""
    return [[line.text, _trimmed(line.after)] for line in exercise.repair]


def causes_of(exercise: ExerciseVerdict) -> list[str]:
    """Return the causes that were named of an exercise, without its own name."""
    return [cause.id.partition("/")[2] for cause in exercise.diagnosis]


def _trimmed(text: str) -> str:
    """Return lines without the indentation that they share with the first one."""
    lines = text.expandtabs(4).split("\n")
    own = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[min(own, len(line) - len(line.lstrip())) :] for line in lines)
