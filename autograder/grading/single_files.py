"""Grades single files, wherever they are: no course folder, gradebook or student ids."""

import logging
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.course import CONFIG, Course, CourseError
from autograder.grading.assignment import UnknownAssignment
from autograder.grading.grader import Grader
from autograder.grading.guard import course_limits, limited_memory
from autograder.model import Verdict
from autograder.sandbox import IsolationUnavailable, Limits, Sandbox, SandboxError
from autograder.status import Status
from autograder.texts import fault_of, same_in_all
from checks.text import Text

SEED_BITS = 53
"""A seed that every JSON reader keeps exactly."""

NOT_A_FILE = Text("{path}: not a file", "{path}：不是文件")
NOT_GRADED = Text("could not be graded ({what})", "无法评分（{what}）")


def check_files(
    files: Sequence[Path],
    seed: int | None = None,
    assignment: str | None = None,
    level: str = "auto",
    finish: Callable[[Sandbox, Verdict], Verdict] | None = None,
) -> Iterator[Verdict]:
    """Yield one verdict per file, in the order given.

    `finish` may add to a verdict when its marks are decided, in the same sandbox.
    A path that is missing or no file gets an object without exercises, with the reason in its
    `problems`. Raises CourseError where students' code can't be isolated at `level`.
    """
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    # No course folder is needed here.
    language = Course().spoken
    # Where no assignment is named, a file may be of any.
    student_folder = Course().notebook_folder(language, assignment) if assignment else None
    try:
        with Sandbox(level, student_folder) as sandbox:
            grader = Grader(sandbox, seed, limits=_limits())
            for path in files:
                with limited_memory():
                    verdict = _check_file(grader, path, assignment, language)
                    if finish is not None and verdict.status is Status.GRADED:
                        verdict = finish(sandbox, verdict)
                yield verdict
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(error.text) from None


def _limits() -> Limits | None:
    course = Course()
    return course_limits(course) if (Path(course.root) / CONFIG).is_file() else None


def _check_file(grader: Grader, path: Path, assignment: str | None, language: str) -> Verdict:
    problem = _unreadable(path)
    if problem is None:
        try:
            return grader.grade_file(path, assignment, language)
        except UnknownAssignment as error:
            problem = error.text
        except SandboxError:
            raise
        except Exception as error:
            # A fault of ours must not cost the other files their verdicts.
            logging.getLogger(__name__).exception("%s", path)
            problem = NOT_GRADED.format(what=fault_of(error, 280))
    return Verdict(str(path), grader.seed, Status.FAILED, language, problems=(problem,))


def _unreadable(path: Path) -> Text | None:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return same_in_all(f"{path}: {error.strerror}")
    return None if stat.S_ISREG(mode) else NOT_A_FILE.format(path=same_in_all(str(path)))
