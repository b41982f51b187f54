"""Grades a class: a pool of workers computes verdicts, one writer records them.

A run can be killed at any time: verdicts that are finished are kept, and ``resume`` goes on from
there with the same seed. It always ends with one verdict per submission, whatever happened.
"""

import contextlib
import fnmatch
import hashlib
import os
from collections.abc import Iterator
from typing import Any

from tqdm import tqdm

from autograder import verdicts
from autograder.course import Course, CourseError
from autograder.pool import Setting, Task, grade_tasks
from autograder.rounds import current_round
from autograder.submissions import find_submitted_file
from checks.assignments import ASSIGNMENTS


def students_of(course: Course, assignment: str, pattern: str = "*") -> list[str]:
    """Return the ids of the students who have a folder for this assignment, sorted."""
    folders = (course.build / "submitted").glob("*")
    return sorted(
        folder.name
        for folder in folders
        if fnmatch.fnmatchcase(folder.name, pattern) and os.path.lexists(folder / assignment)
    )


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
    students = students_of(course, assignment, pattern)
    if not students:
        where = course.build / "submitted" / "<student>" / assignment
        raise CourseError(f"no submission matches {pattern!r}: they are looked for in {where}")
    seed = current_round(course, assignment).seed
    tasks = [
        Task(student, assignment, course.build / "submitted" / student / assignment, language)
        for student in students
    ]
    jobs = min(jobs or os.cpu_count() or 1, len(tasks))
    setting = Setting(
        seed,
        level,
        course.notebook_folder(language, assignment),
        course.build / "rounds" / "quiet.lock",
    )
    with tqdm(total=len(tasks), desc="grading", unit="submission", disable=quiet or None) as bar:
        for verdict in _verdicts(course, tasks, setting, jobs, resume):
            bar.update()
            yield verdict


def _verdicts(
    course: Course, tasks: list[Task], setting: Setting, jobs: int, resume: bool
) -> Iterator[dict[str, Any]]:
    waiting = []
    for task in tasks:
        known = resume and verdicts.load(
            course, task.assignment, task.student, _key(course, task, setting.seed)
        )
        if known:
            yield known
        else:
            waiting.append(task)
    for task, verdict in grade_tasks(waiting, setting, jobs) if waiting else ():
        verdict |= {"student": task.student}
        key = _key(course, task, setting.seed)
        verdicts.save(course, task.assignment, task.student, verdict, key)
        yield verdict


def _key(course: Course, task: Task, seed: int) -> verdicts.VerdictKey:
    path, _ = find_submitted_file(task.folder, task.assignment)
    digest = ""
    if path is not None and path.is_file():
        with contextlib.suppress(OSError), path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return verdicts.VerdictKey(digest, verdicts.engine_hash(course), seed)
