"""Grades a class: a pool of workers computes verdicts, one writer records them.

A run can be killed at any time: verdicts that are finished are kept, and ``resume`` goes on from
there with the same seed. It always ends with one verdict per submission, whatever happened.
"""

import fnmatch
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from autograder.course import Course, CourseError
from autograder.grading import store
from autograder.grading.pool import Setting, Task, grade_tasks
from autograder.grading.rounds import current_round
from autograder.reading.folder import find_submitted_file
from autograder.reading.student_ids import look_alikes, student_of
from autograder.reading.submissions import read_submission
from autograder.sandbox import choose_level, describe_level
from checks.assignments import ASSIGNMENTS


def folders_of(course: Course, assignment: str, pattern: str = "*") -> list[str]:
    """Return the names of the students' folders that hold this assignment, sorted."""
    folders = (course.build / "submitted").glob("*")
    return sorted(
        folder.name
        for folder in folders
        if fnmatch.fnmatchcase(folder.name, pattern) and _holds(folder, assignment)
    )


def _holds(folder: Path, assignment: str) -> bool:
    try:
        os.lstat(folder / assignment)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # A folder that can't be looked into is a problem to tell, not a student to leave out.
        return True
    return True


def grade_class(
    course: Course,
    assignment: str,
    pattern: str = "*",
    jobs: int | None = None,
    resume: bool = False,
    level: str = "auto",
    language: str = "en",
    quiet: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield the verdict of every matching submission, as each is finished and saved.

    Raises CourseError where the assignment is unknown or nobody has submitted,
    autograder.sandbox.IsolationUnavailable where students' code can't be isolated at `level`, and
    autograder.sandbox.SandboxError where no sandbox can start.
    """
    if assignment not in ASSIGNMENTS:
        raise CourseError(f"no assignment {assignment!r}; there is: {', '.join(ASSIGNMENTS)}")
    folders = folders_of(course, assignment, pattern)
    if not folders:
        where = course.build / "submitted" / "<student>" / assignment
        raise CourseError(f"no submission matches {pattern!r}: they are looked for in {where}")
    alike = look_alikes(map(student_of, folders_of(course, assignment)))
    tasks = [
        Task(
            student_of(folder),
            assignment,
            course.build / "submitted" / folder / assignment,
            language,
            alike.get(student_of(folder), ()),
        )
        for folder in folders
    ]
    level = choose_level(level)
    print(f"isolation: {describe_level(level)}", file=sys.stderr)
    jobs = min(jobs or os.cpu_count() or 1, len(tasks))
    setting = setting_of(course, assignment, language, level)
    with tqdm(total=len(tasks), desc="grading", unit="submission", disable=quiet or None) as bar:
        for verdict in _verdicts(course, tasks, setting, jobs, resume):
            bar.update()
            yield verdict


def setting_of(course: Course, assignment: str, language: str, level: str) -> Setting:
    """Return what the workers of the current round have in common; it may begin a new round."""
    return Setting(
        current_round(course, assignment).seed,
        level,
        # Beside a notebook in the sandbox stands what this engine judges by, not a copy of it.
        Course().notebook_folder(language, assignment),
        course.build / "rounds" / "quiet.lock",
    )


def _verdicts(
    course: Course, tasks: list[Task], setting: Setting, jobs: int, resume: bool
) -> Iterator[dict[str, Any]]:
    waiting = []
    for task in tasks:
        known = _known(course, task, setting.seed) if resume else None
        if known is None:
            waiting.append(task)
        else:
            yield known
    for _, verdict in grade_tasks(waiting, setting, jobs) if waiting else ():
        save_verdict(course, verdict)
        yield verdict


def save_verdict(course: Course, verdict: dict[str, Any]) -> None:
    """Save a student's verdict, signed; raises OSError where it can't be written."""
    key = _key(verdict["submission_sha256"], verdict["seed"])
    store.save(course, verdict["assignment"], verdict["student"], verdict, key)


def _known(course: Course, task: Task, seed: int) -> dict[str, Any] | None:
    """Return the saved verdict on exactly this submission in this round, if there is one."""
    path, _ = find_submitted_file(task.folder, task.assignment)
    try:
        digest = read_submission(path).sha256 if path else ""
    except Exception:
        # Where it is graded it is told that it can't be read.
        return None
    if not digest:
        return None
    return store.load(course, task.assignment, task.student, _key(digest, seed))


def _key(submission: str, seed: int) -> store.VerdictKey:
    return store.VerdictKey(submission, store.engine_hash(), seed)
