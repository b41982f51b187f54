"""Submissions of past years, to be compared with this year's: only their code is read."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from autograder.course import CourseError
from autograder.reading.names import is_ours, likelihood
from autograder.reading.similarity import Traits, traits_of
from autograder.reading.student_code import solution_sources
from autograder.reading.submissions import read_submission
from autograder.safe_text import one_line
from checks.assignments import ASSIGNMENTS
from checks.text import Text

MAX_FILES = 20_000

_NO_FOLDER = Text(
    "{folder}: there is no such folder with past submissions",
    "{folder}：没有这个存放往年提交的文件夹",
)


def traits_of_past(assignment: str, folders: Sequence[Path]) -> dict[str, Traits]:
    """Return the traits of the submissions in all these folders, by where they lie.

    Raises CourseError where one of the folders is missing.
    """
    names = [exercise.name for exercise in ASSIGNMENTS[assignment].exercises] if folders else []
    found: dict[str, Traits] = {}
    for folder in folders:
        if not folder.is_dir():
            raise CourseError(_NO_FOLDER.format(folder=folder))
        found |= past_traits(folder, names)
    return found


def past_traits(folder: Path, exercises: list[str]) -> dict[str, Traits]:
    """Return the traits of what lies below a folder, by the folder's name and the path inside.

    Files that hold none of the exercises are left out.
    """
    found = {}
    for path in islice(_files(folder), MAX_FILES):
        inside = path.relative_to(folder)
        sources = solution_sources(read_submission(path).cells, exercises)
        if sources:
            name = f"{folder.resolve().name}/{inside.parent if inside.parent.parts else inside}"
            found[one_line(name, 100)] = traits_of(sources)
    return found


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and likelihood(inside.as_posix()) and not any(map(is_ours, inside.parts)):
            yield path
