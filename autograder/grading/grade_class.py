"""Grades a class: a pool of workers computes verdicts, one writer records them.

A run can be killed at any time: verdicts that are finished are kept, and ``resume`` goes on from
there with the same seed. It always ends with one verdict per submission, whatever happened.
"""

import contextlib
import fnmatch
import os
import sys
from collections.abc import Callable, Iterator, Set
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from autograder import scheme
from autograder.course import Course, CourseError, need_assignment
from autograder.grading import store
from autograder.grading.guard import course_limits
from autograder.grading.pool import (
    CHANGED,
    Setting,
    Task,
    grade_tasks,
    hash_of,
    start_server,
)
from autograder.grading.rounds import Round, keep_list, known_file, round_to_grade_in
from autograder.model import Verdict
from autograder.reading.student_ids import look_alikes, student_of
from autograder.safe_text import one_line
from autograder.sandbox import ForkServer, choose_level, isolation_line
from autograder.texts import say
from checks.text import Text

_NO_SUBMISSION = Text(
    "no submission matches {pattern!r}: they are looked for in {where}",
    "没有符合 {pattern!r} 的提交：查找的位置是 {where}",
)
_GRADING = Text("grading", "评分")
_SUBMISSION = Text("submission", "份")
_TOO_LATE = Text(
    "{student}: handed in, changed or chosen after this round had begun; grade it in a new one, "
    "without --resume",
    "{student}：在本轮评分开始之后提交、改动或选入；请另开一轮评分，不加 --resume",
)


def folders_of(course: Course, assignment: str, pattern: str = "*") -> list[str]:
    """Return the names of the students' folders that hold this assignment, sorted."""
    folders = course.step("submitted").glob("*")
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
        # A folder that can't be looked into is a problem to report, not a student to leave out.
        return True
    return True


def grade_class(
    course: Course,
    assignment: str,
    pattern: str = "*",
    jobs: int | None = None,
    resume: bool = False,
    level: str = "auto",
    quiet: bool = False,
    say: Callable[[str], None] = say,
    only: Set[str] | None = None,
    meanwhile: Callable[[], None] = lambda: None,
    server: ForkServer | None = None,
) -> Iterator[Verdict]:
    """Yield the verdict of every matching submission, as each is finished and saved.

    With `only`, those of these students; see grade_tasks for `meanwhile` and `server`. The caller
    holds the course's lock. A run that is resumed after its round has ended leaves out what was
    handed in since, and says so.

    Raises CourseError where the assignment is unknown or nobody has submitted,
    autograder.sandbox.IsolationUnavailable where students' code can't be isolated at `level`, and
    autograder.sandbox.SandboxError where no sandbox can start.
    """
    tasks = tasks_of(course, assignment, pattern)
    if only is not None:
        tasks = [task for task in tasks if task.student in only]
    level = choose_level(level) if server is None else server.level
    print(isolation_line(level).in_(course.language), file=sys.stderr)
    setting = setting_of(course, assignment, level, round_to_grade_in(course, assignment, resume))
    with contextlib.ExitStack() as stack:
        # Of a run that goes on, nothing may be left; else the sandbox starts while files are read.
        if server is None and not resume:
            server = stack.enter_context(contextlib.closing(start_server(setting)))
        hashes = {task.student: hash_of(task) for task in tasks}
        keep_list(course, assignment, hashes)
        round_ = round_to_grade_in(course, assignment, resume)
        tasks = [task for task in tasks if may_be_graded(task, hashes[task.student], round_, say)]
        waiting = []
        bar = stack.enter_context(progress(len(tasks), course, quiet))
        for task in tasks:
            submission = hashes[task.student] if resume else ""
            known = submission and saved_verdict(course, task, submission, setting.seed)
            if not known:
                # Asked again when it is graded: students may have seen a page by then.
                waiting.append(replace(task, listed=hashes[task.student]))
            else:
                bar.update()
                yield known
        for verdict in grade_waiting(waiting, setting, jobs, say, meanwhile, server):
            bar.update()
            yield verdict


def stale_students(course: Course, assignment: str, pattern: str = "*") -> set[str]:
    """Return the students whose marks were given under points that have changed since."""
    return {
        task.student
        for task in tasks_of(course, assignment, pattern)
        if (known := store.load(course, assignment, task.student))
        and scheme.stale(assignment, known.exercises)
    }


def tasks_of(course: Course, assignment: str, pattern: str = "*") -> list[Task]:
    """Return every matching submission as a task, in the order of the folders' names.

    Raises CourseError where the assignment is unknown or nobody has submitted.
    """
    need_assignment(assignment)
    folders = [
        folder
        for folder in folders_of(course, assignment, pattern)
        if student_of(folder) not in course.excluded
    ]
    if not folders:
        where = course.step("submitted") / "<student>" / assignment
        raise CourseError(_NO_SUBMISSION.format(pattern=pattern, where=where))
    alike = look_alikes(map(student_of, folders_of(course, assignment)))
    return [
        Task(
            student_of(folder),
            assignment,
            course.step("submitted") / folder / assignment,
            course.language,
            alike.get(student_of(folder), ()),
        )
        for folder in folders
    ]


def may_be_graded(task: Task, submission: str, round_: Round, say: Callable[[str], None]) -> bool:
    """Tell whether a round still takes a submission, by its hash; say so where it does not."""
    if round_.allows(task.student, submission):
        return True
    say(_TOO_LATE.format(student=one_line(task.student, 80)).in_(task.language))
    return False


class Bar(Protocol):
    """Counts what is done."""

    def update(self) -> object:
        """Count one more."""


class _NoBar:
    def update(self) -> None:
        pass


def progress(count: int, course: Course, quiet: bool = False) -> AbstractContextManager[Bar]:
    """Return a bar for `count` submissions, which only a terminal shows."""
    if quiet or not sys.stderr.isatty():
        return contextlib.nullcontext(_NoBar())
    # Its package holds 4 MiB, of which each worker would have a share.
    from tqdm import tqdm

    desc, unit = (text.in_(course.language) for text in (_GRADING, _SUBMISSION))
    return tqdm(total=count, desc=desc, unit=unit)


def grade_waiting(
    tasks: list[Task],
    setting: Setting,
    jobs: int | None,
    say: Callable[[str], None],
    meanwhile: Callable[[], None] = lambda: None,
    server: ForkServer | None = None,
) -> Iterator[Verdict]:
    """Yield the verdicts of tasks from as many workers as there is use for.

    A submission that was changed since it was listed is left out, and reported.
    """
    if not tasks:
        return
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    for verdict in grade_tasks(tasks, setting, workers, meanwhile, server):
        if CHANGED in verdict.problems:
            late = _TOO_LATE.format(student=one_line(verdict.student, 80))
            say(late.in_(setting.course.language))
        else:
            yield verdict


def setting_of(course: Course, assignment: str, level: str, round_: Round) -> Setting:
    """Return what the workers of a round have in common."""
    return Setting(
        course,
        round_.seed,
        level,
        course.engine_folder(assignment),
        course.build / "rounds" / "quiet.lock",
        known=known_file(course, assignment),
        engine=store.engine_hash(assignment),
        limits=course_limits(course),
    )


def saved_verdict(course: Course, task: Task, submission: str, seed: int) -> Verdict | None:
    """Return the saved verdict on exactly this submission in this round, if there is one."""
    key = store.VerdictKey(submission, store.engine_hash(task.assignment), seed)
    return store.load(course, task.assignment, task.student, key)
