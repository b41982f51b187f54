"""Grades single files, wherever they are: no course folder, gradebook or student ids."""

import logging
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError
from autograder.grading.grader import Grader, UnknownAssignment
from autograder.grading.guard import limited_memory
from autograder.sandbox import IsolationUnavailable, Sandbox, SandboxError
from checks.assignments import FIRST
from checks.text import ENGLISH

SEED_BITS = 53
"""A seed that every JSON reader keeps exactly."""


def check_files(
    files: Sequence[Path],
    seed: int | None = None,
    assignment: str | None = None,
    level: str = "auto",
    quiet: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield one verdict per file, in the order given.

    A path that is missing or no file gets an object without exercises, with the reason in its
    `problems`. Raises CourseError where students' code can't be isolated at `level`.
    """
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    try:
        with Sandbox(level, _student_folder(assignment)) as sandbox:
            grader = Grader(sandbox, seed)
            for path in files:
                with limited_memory():
                    verdict = _check_file(grader, path, assignment)
                yield verdict
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(str(error)) from None


def _student_folder(assignment: str | None) -> Path:
    """Return what students get beside their notebook, for notebooks that look at it."""
    return Course().notebook_folder(ENGLISH, assignment or FIRST)


def _check_file(grader: Grader, path: Path, assignment: str | None) -> dict[str, Any]:
    problem = _unreadable(path)
    if problem is None:
        try:
            return grader.grade_file(path, assignment)
        except UnknownAssignment as error:
            problem = str(error)
        except SandboxError:
            raise
        except Exception as error:
            # A fault of ours must not cost the other files their verdicts.
            logging.getLogger(__name__).exception("%s", path)
            problem = f"could not be graded ({type(error).__name__}: {error})"[:300]
    return {
        "file": str(path),
        "score": 0.0,
        "max_score": 0.0,
        "seed": grader.seed,
        "exercises": [],
        "problems": [problem],
    }


def _unreadable(path: Path) -> str | None:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return f"{path}: {error.strerror}"
    return None if stat.S_ISREG(mode) else f"{path}: not a file"
