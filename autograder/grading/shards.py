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
from autograder.texts import SEMICOLON
from checks.text import Text, joined, listed

_NO_SHARD = Text(
    "{text!r} is no shard: write --shard I/N, with I from 1 to N",
    "{text!r} 不是分片：请写成 --shard I/N，其中 I 从 1 到 N",
)
_FOREIGN = Text(
    "{folder} belongs to somebody else; set TMPDIR to a folder of your own",
    "{folder} 属于其他用户；请把 TMPDIR 设为你自己的文件夹",
)
_GONE = Text(
    "{student}: the verdict has gone or was changed while it was merged; run its shard again, "
    "then: autograder merge {assignment}",
    "{student}：合并时评分结果消失了或被改动；请重新运行它所在的分片，"
    "然后：autograder merge {assignment}",
)
_NOTHING_YET = Text(
    "no shard of {assignment} was graded yet: autograder grade {assignment} --shard 1/1",
    "{assignment} 还没有任何分片评过分：autograder grade {assignment} --shard 1/1",
)
_PART = Text(
    "shard {shard} ({count} of {all}): {names}", "分片 {shard}（{all} 份中的 {count} 份）：{names}"
)
_WITHOUT_VERDICT = Text(
    "{count} of {all} submissions have no verdict of this round and this version: {parts}; run "
    "these shards again, or all that is missing: autograder grade {assignment} --shard 1/1",
    "{all} 份提交中有 {count} 份没有本轮、本版本的评分结果：{parts}；请重新运行这些分片，"
    "或者一次补齐：autograder grade {assignment} --shard 1/1",
)


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
            raise CourseError(_NO_SHARD.format(text=text))
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
    with progress(len(part), course) as bar:
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
        raise CourseError(_FOREIGN.format(folder=folder))
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
        values = {"student": one_line(task.student, 80), "assignment": task.assignment}
        raise CourseError(_GONE.format(**values))
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
        raise CourseError(_NOTHING_YET.format(assignment=assignment))
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


def _missing(assignment: str, tasks: list[Task], missing: set[str], shards: int) -> Text:
    """Say whose verdicts are missing, by the shards that the round was begun with."""
    parts: dict[Shard, list[str]] = defaultdict(list)
    for task in tasks:
        parts[shard_of(task.student, shards or 1)].append(task.student)
    told = []
    for shard in sorted(parts, key=lambda shard: shard.number):
        names = [one_line(student, 80) for student in parts[shard] if student in missing]
        if names:
            count, all_ = len(names), len(parts[shard])
            told.append(_PART.format(shard=shard, count=count, all=all_, names=listed(names)))
    return _WITHOUT_VERDICT.format(
        count=len(missing),
        all=len(tasks),
        parts=joined(told, SEMICOLON),
        assignment=assignment,
    )
