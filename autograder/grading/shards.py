"""Grades a class in parts, each on any machine, with nothing shared but folders.

A shard reads submissions, the round and the key, and writes signed verdicts. That is all: who
merges is the only writer of everything else. What a shard has graded it leaves alone when it is
run again, and two that grade the same write the same.
"""

import hashlib
import os
import re
import stat
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.grading.grade_class import (
    grade_waiting,
    may_be_graded,
    progress,
    saved_verdict,
    setting_of,
    tasks_of,
)
from autograder.grading.pool import Task, hash_of
from autograder.grading.rounds import Round, keep_list, last_round, shared_round
from autograder.model import Verdict
from autograder.safe_text import one_line
from autograder.sandbox import choose_level, isolation_line


@dataclass(frozen=True)
class Shard:
    """One of `count` parts of a class, counted from 1."""

    number: int
    count: int

    @classmethod
    def from_text(cls, text: str) -> "Shard":
        """Return the shard that is written as I/N; raise CourseError where that is none."""
        match = re.fullmatch(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,6})", text)
        if match is None or int(match[1]) > int(match[2]):
            raise CourseError(f"{text!r} is no shard: write --shard I/N, with I from 1 to N")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def shard_of(student: str, count: int) -> Shard:
    """Return the shard that a student is in.

    It is drawn from the id alone, so that who hands in meanwhile moves nobody else.
    """
    digest = hashlib.sha256(student.encode("utf-8", "backslashreplace")).digest()
    return Shard(int.from_bytes(digest, "big") % count + 1, count)


def grade_shard(
    course: Course,
    assignment: str,
    shard: Shard,
    jobs: int | None,
    level: str,
    say: Callable[[str], None],
) -> Iterator[Verdict]:
    """Yield the verdict of every submission of a shard, those that were saved before included.

    The course's lock is not needed. Raises CourseError, IsolationUnavailable and SandboxError as
    grade_class does; a shard that nobody is in yields nothing.
    """
    tasks = tasks_of(course, assignment)
    level = choose_level(level)
    print(isolation_line(level).in_(course.language), file=sys.stderr)

    def is_graded(round_: Round) -> bool:
        return all(saved_verdict(course, task, hash_of(task), round_.seed) for task in tasks)

    round_ = shared_round(course, assignment, shard.count, is_graded)
    part = [task for task in tasks if shard_of(task.student, shard.count) == shard]
    setting = setting_of(course, assignment, level, round_)
    setting = replace(setting, quiet_lock=_quiet_lock())
    waiting = []
    with progress(len(part)) as bar:
        for task in part:
            submission = hash_of(task)
            known = saved_verdict(course, task, submission, round_.seed)
            if known is not None:
                bar.update()
                yield known
            elif may_be_graded(task, submission, round_, say):
                waiting.append(replace(task, listed=submission))
        for verdict in grade_waiting(waiting, setting, jobs, say):
            bar.update()
            yield verdict


def _quiet_lock() -> Path:
    """Return the lock of this machine's shards: one on another machine disturbs nobody here.

    Raises CourseError where the folder is not this user's own.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"autograder-{user}"
    folder.mkdir(0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != user:
        raise CourseError(f"{folder} belongs to somebody else; set TMPDIR to a folder of your own")
    return folder / "quiet.lock"


@dataclass(frozen=True)
class Merging:
    """What is to be recorded together: all submissions of a round, each with its hash."""

    course: Course
    round: Round
    tasks: tuple[Task, ...]
    hashes: Mapping[str, str]

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts, in the order of the folders' names; none is held."""
        for task in self.tasks:
            yield _expected(self, task)


def _expected(merging: Merging, task: Task) -> Verdict:
    submission = merging.hashes[task.student]
    verdict = saved_verdict(merging.course, task, submission, merging.round.seed)
    if verdict is None:
        raise CourseError(
            f"{one_line(task.student, 80)}: the verdict has gone or was changed while it was "
            f"merged; run its shard again, then: autograder merge {task.assignment}"
        )
    return verdict


def ready_to_merge(course: Course, assignment: str, say: Callable[[str], None]) -> Merging:
    """Return what is to be merged, and list it as what this round may grade.

    The course's lock is to be held. What was handed in after the round's feedback was written is
    left out and reported. Raises CourseError, in one line that names the students, where any other
    submission has no verdict of this round as it stands.
    """
    tasks = tasks_of(course, assignment)
    round_ = last_round(course, assignment)
    if round_ is None:
        raise CourseError(
            f"no shard of {assignment} was graded yet: autograder grade {assignment} --shard 1/1"
        )
    hashes = {task.student: hash_of(task) for task in tasks}
    if not round_.is_finished:
        tasks = [task for task in tasks if may_be_graded(task, hashes[task.student], round_, say)]
    missing = {
        task.student
        for task in tasks
        if saved_verdict(course, task, hashes[task.student], round_.seed) is None
    }
    if missing:
        raise CourseError(_missing(assignment, tasks, missing, round_.shards))
    keep_list(course, assignment, hashes)
    return Merging(course, round_, tuple(tasks), hashes)


def _missing(assignment: str, tasks: list[Task], missing: set[str], shards: int) -> str:
    """Say whose verdicts are missing, by the shards that the round was begun with."""
    parts: dict[Shard, list[str]] = defaultdict(list)
    for task in tasks:
        parts[shard_of(task.student, shards or 1)].append(task.student)
    told = []
    for shard in sorted(parts, key=lambda shard: shard.number):
        names = [one_line(student, 80) for student in parts[shard] if student in missing]
        if names:
            told.append(f"shard {shard} ({len(names)} of {len(parts[shard])}): {', '.join(names)}")
    return (
        f"{len(missing)} of {len(tasks)} submissions have no verdict of this round and this "
        f"version: {'; '.join(told)}; run these shards again, or all that is missing: "
        f"autograder grade {assignment} --shard 1/1"
    )
