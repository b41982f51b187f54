"""The marks of a class as ``build/<assignment>.csv`` has them, for what goes back to a platform."""

from dataclasses import dataclass
from pathlib import Path

from autograder.collecting.tables import read_table
from autograder.course import CourseError


@dataclass(frozen=True)
class Mark:
    """A student's score; None where nothing was handed in, which is no 0."""

    student: str
    score: float | None
    max_score: float | None


def read_marks(path: Path, assignment: str) -> dict[str, Mark]:
    """Return the marks by student. Raises CourseError, in one line, where there are none."""
    if not path.is_file():
        raise CourseError(f"{assignment} was not graded yet: autograder grade {assignment}")
    table = read_table(path)
    header = table.header
    missing = [name for name in ("student", "score", "max_score", "status") if name not in header]
    if missing:
        raise CourseError(f"{path}: no column {', '.join(missing)}; grade {assignment} again")
    marks = {}
    for row in table.rows[1:]:
        told = dict(zip(header, row, strict=False))
        student = _as_written(told["student"])
        absent = told["status"] == "missing"
        score = None if absent else _number(told["score"])
        marks[student] = Mark(student, score, _number(told["max_score"]))
    return marks


def _as_written(cell: str) -> str:
    """Take back the apostrophe before what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _number(text: str) -> float | None:
    return float(text) if text else None
