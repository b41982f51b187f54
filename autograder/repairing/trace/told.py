"""What a student is told of the line at which a trace leaves the right way."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.grading.places import CELL_LINE, FILE_LINE
from autograder.model import ExerciseVerdict, Line
from checks.text import COMMA, Text, joined

PLACE = Text("{place} `{text}`", "{place} `{text}`")
FIRST_WRONG = Text(
    "{places}: here the first wrong value appears; what the line reads is still right.",
    "{places}：第一个不对的值在这里出现，这一行用到的值都还是对的。",
)
ONE_OF_TWO = Text(
    "{places}: in one of these lines the first wrong value appears; what they read is still right.",
    "{places}：第一个不对的值出现在这两行之一，它们用到的值都还是对的。",
)


def place_of(line: Line) -> Text:
    """Name a line and quote it."""
    place = (FILE_LINE if line.cell is None else CELL_LINE).format(
        cell=(line.cell or 0) + 1, line=line.line
    )
    return PLACE.format(place=place, text=line.text)


def with_first_wrong(exercise: ExerciseVerdict, lines: Sequence[Line]) -> ExerciseVerdict:
    """Return a verdict with the lines that a trace shows, where nothing else shows any."""
    if not lines or exercise.lines or any(cause.lines for cause in exercise.diagnosis):
        return exercise
    text = FIRST_WRONG if len(lines) == 1 else ONE_OF_TWO
    where = text.format(places=joined([place_of(line) for line in lines], COMMA))
    return replace(exercise, lines=tuple(lines), where=where)
