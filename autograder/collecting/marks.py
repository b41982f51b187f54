"""The marks of a class as ``build/<assignment>.csv`` has them, for what goes back to a platform."""

from dataclasses import dataclass
from pathlib import Path

from autograder.collecting.tables import read_table
from autograder.course import CourseError
from autograder.sayings import NO_EXERCISE, NOT_GRADED_YET
from checks.assignments import ASSIGNMENTS
from checks.text import Text, listed

_NO_COLUMN = Text(
    "{path}: no column {names}; grade {assignment} again",
    "{path}：没有 {names} 列；请重新为 {assignment} 评分",
)


@dataclass(frozen=True)
class Mark:
    """A student's score; None where nothing was handed in, which is no 0."""

    student: str
    score: float | None
    max_score: float | None


def read_marks(path: Path, assignment: str, exercise: str | None = None) -> dict[str, Mark]:
    """Return the marks by student, the whole assignment's or one exercise's, without penalties.

    Raises CourseError, in one line, where there are none.
    """
    most = None if exercise is None else _points(assignment, exercise)
    if not path.is_file():
        raise CourseError(NOT_GRADED_YET.format(assignment=assignment))
    table = read_table(path)
    header = table.header
    score_in = "score" if exercise is None else exercise
    wanted = ("student", score_in, "max_score", "status")
    missing = [name for name in wanted if name not in header]
    if missing:
        values = {"path": path, "names": listed(missing), "assignment": assignment}
        raise CourseError(_NO_COLUMN.format(**values))
    marks = {}
    for row in table.rows[1:]:
        told = dict(zip(header, row, strict=False))
        student = _as_written(told["student"])
        absent = told["status"] == "missing"
        score = None if absent else _number(told[score_in])
        marks[student] = Mark(student, score, most or _number(told["max_score"]))
    return marks


def _points(assignment: str, exercise: str) -> float:
    known = {one.name: float(one.points) for one in ASSIGNMENTS[assignment].exercises}
    if exercise not in known:
        values = {"name": exercise, "assignment": assignment, "names": listed(known)}
        raise CourseError(NO_EXERCISE.format(**values))
    return known[exercise]


def _as_written(cell: str) -> str:
    """Take back the apostrophe before what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _number(text: str) -> float | None:
    return float(text) if text else None
