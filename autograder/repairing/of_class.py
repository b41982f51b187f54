"""Adds lines to the verdicts of a class, after all marks and pages, within what a run may spend."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from autograder.course import Course
from autograder.grading import store
from autograder.model import Verdict
from autograder.repairing import ALL, SOME
from autograder.repairing.explain import SECONDS, Explainer, Key, without_repair
from autograder.sandbox import Sandbox

SHARE = 0.1
"""What part of a run's CPU time is spent on lines where nothing else is asked for."""

LEAST_SECONDS = 2.0
"""CPU seconds below which it is not worth it: half of them start a sandbox."""

START_SECONDS = 1.0


def budget_of(explain: str, run_seconds: float) -> float:
    """Return the CPU seconds that a run may spend on lines."""
    if explain == ALL:
        return float("inf")
    seconds = SHARE * run_seconds
    return seconds if explain == SOME and seconds >= LEAST_SECONDS else 0.0


@dataclass
class _Need:
    """Functions of one syntax tree: how many there are, whose is the first, what is known."""

    student: str
    count: int
    has_line: bool
    is_named: bool

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """What comes first: functions without a name or a line, then those that many have."""
        return self.is_named, self.has_line, -self.count, self.student


def explained_class(
    course: Course, assignment: str, students: Collection[str], level: str, budget: float
) -> Iterator[Verdict]:
    """Yield the verdicts that have got lines, as each is saved.

    Raises IsolationUnavailable or SandboxError where no sandbox can start, OSError where the disk
    is full.
    """
    needs = _needs(course, assignment, students) if budget > 0 else {}
    if not needs:
        return
    with Sandbox(level, course.engine_folder(assignment)) as sandbox:
        explainer = Explainer(sandbox, cpu_seconds=START_SECONDS)
        for key, need in sorted(needs.items(), key=lambda item: item[1].order):
            explainer.seconds = min(SECONDS, budget - explainer.cpu_seconds)
            if explainer.seconds <= 0:
                break
            verdict = store.load(course, assignment, need.student)
            if verdict is not None:
                functions = [f for f in without_repair(verdict) if _digest(f.key) == key]
                explainer.search(verdict, functions)
    for verdict in _verdicts(course, assignment, students):
        better = explainer.with_known(verdict, without_repair(verdict))
        if better.exercises != verdict.exercises:
            store.save(course, better)
            yield better


def _verdicts(course: Course, assignment: str, students: Collection[str]) -> Iterator[Verdict]:
    return (v for v in store.load_all(course, assignment) if v.student in students)


def _needs(course: Course, assignment: str, students: Collection[str]) -> dict[str, _Need]:
    """Return what there is to repair, each syntax tree once; no verdict is held."""
    needs: dict[str, _Need] = {}
    for verdict in _verdicts(course, assignment, students):
        for function in without_repair(verdict):
            key = _digest(function.key)
            known = needs.get(key)
            if known is None:
                of = function.verdict
                needs[key] = _Need(verdict.student, 1, bool(of.lines), bool(of.diagnosis))
            else:
                needs[key] = replace(known, count=known.count + 1)
    return needs


def _digest(key: Key) -> str:
    return hashlib.sha256("\n".join(key).encode("utf-8", "backslashreplace")).hexdigest()
