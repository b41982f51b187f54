"""Where the CPU time of a verdict goes: step by step, in each of the processes that take part.

Linux only. Without control groups the child's steps can't be told apart: then all of its time
stands where it ends.
"""

import functools
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import thread_time
from typing import Any
from unittest.mock import patch

from autograder.course import Course
from autograder.grading import grader
from autograder.grading.grader import Grader
from autograder.sandbox import Sandbox
from autograder.sandbox.outside.group_run import GroupRun
from autograder.sandbox.outside.runner import Runner
from autograder.sandbox.outside.session import Session
from benchmarks.class_folder import ASSIGNMENT, HandedIn, engine_course, handed_in

SUBMISSIONS = 16
REPEATS = 5
SEED = 2**63 + 20_261

WHO = ("parent", "server", "keeper", "child")
Times = dict[tuple[str, str], float]
"""Step and process -> CPU seconds."""

REST = "everything else"
STEPS: Mapping[str, tuple[tuple[Any, str], ...]] = {
    "read the file": ((grader, "read_submission"), (grader, "definitions")),
    "draw inputs, correct answers": ((Grader, "asked"),),
    "start a child": ((Session, "__init__"),),
    "run the cells": ((Runner, "_run_cell"),),
    "fork for the calls": ((Session, "open_group"),),
    "make the calls": ((GroupRun, "_call"),),
    "end that fork": ((Session, "close_group"),),
    "end the child": ((Session, "end"),),
    "compare": ((grader, "judge"),),
    "name mistakes": ((grader._Attempt, "_causes"),),
}


class Clocks:
    """What each process has used so far; `session` is the child that lives now."""

    def __init__(self, server: int | None) -> None:
        self.server = server
        self.session: Session | None = None
        self.ended = {"keeper": 0.0, "child": 0.0}

    def read(self) -> dict[str, float]:
        """Return CPU seconds by process; the keeper tells its own at its end only."""
        # Not process_time: while a timer of CPU time runs, that clock moves by whole ticks.
        group = self.session.cgroup if self.session is not None else None
        return {
            "parent": thread_time(),
            "server": _below(self.server),
            "keeper": self.ended["keeper"],
            "child": self.ended["child"] + (group.cpu_seconds() if group else 0.0),
        }

    def begin(self, session: Session) -> None:
        """Count a new child."""
        self.session = session

    def end(self, session: Session) -> None:
        """Take over what a child that has ended, and its keeper, used."""
        told = session._ended
        keeper = told.number("keeper_cpu") if told else 0.0
        self.ended["keeper"] += keeper
        self.ended["child"] += session.cpu - keeper
        self.session = None


class Profile:
    """CPU time by step and process; a step within another one counts for itself alone."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.times: Times = defaultdict(float)
        self.open = [REST]
        self.last = clocks.read()

    def stop(self) -> Times:
        """Return what was measured, and begin anew."""
        self._turn()
        times, self.times = self.times, defaultdict(float)
        return times

    def around(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, as a step that is measured."""

        @functools.wraps(function)
        def measured(*arguments: Any, **options: Any) -> Any:
            self._turn()
            self.open.append(step)
            if function is _BEGIN:
                self.clocks.begin(arguments[0])
            ends = function is _END and not arguments[0].closed
            try:
                return function(*arguments, **options)
            finally:
                if ends:
                    self.clocks.end(arguments[0])
                self._turn()
                self.open.pop()

        return measured

    def _turn(self) -> None:
        now = self.clocks.read()
        for who, seconds in now.items():
            self.times[self.open[-1], who] += max(0.0, seconds - self.last[who])
        # Reading the clocks takes the parent time of its own.
        self.last = {**now, "parent": thread_time()}


_BEGIN, _END = Session.__init__, Session.end


@contextmanager
def _measured(profile: Profile) -> Iterator[None]:
    with ExitStack() as stack:
        for step, places in STEPS.items():
            for place, name in places:
                function = profile.around(step, getattr(place, name))
                stack.enter_context(patch.object(place, name, function))
        yield


def _below(pid: int | None) -> float:
    """CPU seconds of the fork server: of what was started, and of its oldest child in the room."""
    if pid is None:
        return 0.0
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        texts = [Path(f"/proc/{each}/schedstat").read_text() for each in (pid, *children[:1])]
        return sum(int(text.split()[0]) for text in texts) / 1e9
    except OSError:
        return 0.0


def profile(count: int = SUBMISSIONS, repeats: int = REPEATS, level: str = "auto") -> None:
    """Grade a generated class several times in this process, and print the tables.

    Each figure is the mean over the submissions of the least of the repeats: other programs on
    the machine only ever add to it.
    """
    submissions = handed_in(count)
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        course = engine_course(Path(folder) / "course", submissions)
        student_folder = Course().notebook("en", ASSIGNMENT).parent
        with Sandbox(level, student_folder) as sandbox:
            grading = Grader(sandbox, SEED)
            clocks = Clocks(sandbox.server.pid)
            runs = [_one_run(course, grading, clocks, submissions) for _ in range(repeats + 1)]
    first, others = runs[0], runs[1:]
    print(f"CPU ms per verdict: least of {repeats} repeats, mean over the submissions")
    for right, name in ((True, "every function correct"), (False, "one function wrong")):
        chosen = [one.student for one in submissions if one.right is right]
        if chosen:
            print("\n".join(_table(name, [[run[s] for run in others] for s in chosen])))
            told = [first[s]["name mistakes", "parent"] for s in chosen]
            print(f"{'naming, where a mistake is new':<32}{statistics.mean(told) * 1000:8.1f}\n")


def _one_run(
    course: Course, grading: Grader, clocks: Clocks, submissions: Sequence[HandedIn]
) -> dict[str, Times]:
    found = {}
    profiling = Profile(clocks)
    with _measured(profiling):
        for one in submissions:
            place = course.step("submitted") / one.student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            profiling.stop()
            grading.grade_file(place, ASSIGNMENT, "en", place.parent)
            found[one.student] = profiling.stop()
    return found


def _table(name: str, students: Sequence[Sequence[Times]]) -> Iterator[str]:
    """Yield lines; `students` are the runs of each."""
    yield f"{name:<32}" + "".join(f"{who:>8}" for who in (*WHO, "sum"))
    sums = dict.fromkeys(WHO, 0.0)
    for step in (*STEPS, REST):
        least = {
            who: statistics.mean(min(run[step, who] for run in runs) for runs in students) * 1000
            for who in WHO
        }
        sums = {who: sums[who] + least[who] for who in WHO}
        yield _row(step, least)
    yield _row("all", sums)


def _row(step: str, values: Mapping[str, float]) -> str:
    figures = (*values.values(), sum(values.values()))
    told = (f"{value:.1f}" if value >= 0.05 else "." for value in figures)
    return f"{step:<32}" + "".join(f"{value:>8}" for value in told)
