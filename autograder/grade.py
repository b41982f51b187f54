"""Grades a class: a pool of workers computes verdicts, one writer records them.

A run can be killed at any time: verdicts that are finished are kept, and ``resume`` goes on from
there with the same seed. It always ends with one verdict per submission, whatever happened.
"""

import contextlib
import fnmatch
import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from autograder import verdicts
from autograder.course import Course, CourseError
from autograder.rounds import current_round
from autograder.sandbox import Sandbox
from autograder.submissions import find_submitted_file
from autograder.verdict import Grader, failed_verdict
from checks.assignments import ASSIGNMENTS
from checks.model import Text

ATTEMPTS = 2
"""How often a submission may take its worker down before it is given up."""

WORKER_LOST = Text(
    "Grading this submission ended its worker process; please look at it by hand.",
    "批改这份提交时工作进程意外终止，请人工查看。",
)
ENGINE_FAULT = Text(
    "This submission could not be graded ({what}); please look at it by hand.",
    "这份提交无法批改（{what}），请人工查看。",
)


@dataclass(frozen=True)
class Task:
    """One student's submission, as a worker receives it."""

    student: str
    assignment: str
    folder: Path
    language: str


@dataclass
class _Worker:
    """What a worker process keeps between submissions."""

    grader: Grader | None = None
    sandbox: Sandbox | None = None


_worker = _Worker()


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

    Raises CourseError where the assignment is unknown or nobody has submitted, and
    autograder.sandbox.IsolationUnavailable where students' code can't be isolated at `level`.
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
    jobs = jobs or os.cpu_count() or 1
    with tqdm(total=len(tasks), desc="grading", unit="submission", disable=quiet or None) as bar:
        for verdict in _verdicts(course, tasks, seed, jobs, resume, level):
            bar.update()
            yield verdict


def _verdicts(
    course: Course, tasks: list[Task], seed: int, jobs: int, resume: bool, level: str
) -> Iterator[dict[str, Any]]:
    waiting = []
    for task in tasks:
        known = resume and verdicts.load(
            course, task.assignment, task.student, _key(course, task, seed)
        )
        if known:
            yield known
        else:
            waiting.append(task)
    for task, verdict in _in_pool(waiting, seed, min(jobs, len(waiting) or 1), level):
        verdict |= {"student": task.student}
        verdicts.save(course, task.assignment, task.student, verdict, _key(course, task, seed))
        yield verdict


def _key(course: Course, task: Task, seed: int) -> verdicts.VerdictKey:
    path, _ = find_submitted_file(task.folder, task.assignment)
    digest = ""
    if path is not None and path.is_file():
        with contextlib.suppress(OSError), path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return verdicts.VerdictKey(digest, verdicts.engine_hash(course), seed)


def _in_pool(
    tasks: list[Task], seed: int, jobs: int, level: str
) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Grade in a pool of processes; a lost worker costs the others nothing."""
    left = {task.student: (task, ATTEMPTS) for task in tasks}
    alone = False
    while left:
        # After a lost worker each remaining suspect is graded alone, to find the one at fault.
        pool = ProcessPoolExecutor(1 if alone else jobs, initializer=_start, initargs=(level, seed))
        try:
            batch = list(left.values())[: 1 if alone else None]
            futures = {pool.submit(_grade, task): task for task, _ in batch}
            for future, task in _finished(futures):
                try:
                    verdict = future.result()
                except BrokenProcessPool:
                    alone = True
                    if len(batch) == 1:
                        attempts = left[task.student][1] - 1
                        left[task.student] = (task, attempts)
                        if attempts == 0:
                            del left[task.student]
                            yield task, _failed(task, seed, (WORKER_LOST.in_(task.language),))
                    continue
                del left[task.student]
                yield task, verdict
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _finished(futures: dict[Future, Task]) -> Iterator[tuple[Future, Task]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future, futures[future]


def _start(level: str, seed: int) -> None:
    """Begin a worker: one sandbox with its fork server for all its submissions."""
    _worker.sandbox = Sandbox(level=level).__enter__()
    _worker.grader = Grader(_worker.sandbox, seed)


def _grade(task: Task) -> dict[str, Any]:
    """Grade one submission in a worker; whatever goes wrong becomes its verdict."""
    assert _worker.grader is not None
    path, problems = find_submitted_file(task.folder, task.assignment, task.language)
    if path is None:
        return _failed(task, _worker.grader.seed, problems)
    try:
        verdict = _worker.grader.grade_file(path, task.assignment, task.language, path.parent)
    except Exception as error:
        # A fault of ours must not cost the class its run: the submission is flagged instead.
        logging.getLogger(__name__).exception("%s", path)
        text = ENGINE_FAULT.format(what=f"{type(error).__name__}: {error}"[:200])
        return _failed(task, _worker.grader.seed, (*problems, text.in_(task.language)))
    return verdict | {"problems": [*problems, *verdict["problems"]]}


def _failed(task: Task, seed: int, problems: Sequence[str]) -> dict[str, Any]:
    path = task.folder / f"{task.assignment}.ipynb"
    return failed_verdict(path, ASSIGNMENTS[task.assignment], seed, task.language, problems)
