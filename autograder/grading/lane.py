"""One process that grades one submission after another, as they arrive.

The pool of :mod:`autograder.grading.pool` is for a class that is there from the start. A lane is
handed work at any time, and can prepare a round while it has none.
"""

import contextlib
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection

from autograder.grading import store
from autograder.grading.pool import (
    ATTEMPTS,
    CHANGED,
    Setting,
    Task,
    Worker,
    begin,
    give_up,
    set_up,
)
from autograder.grading.told import NO_WORKER
from autograder.model import Verdict
from autograder.sandbox import ForkServer, SandboxError

START_SECONDS = 150.0


@dataclass(frozen=True)
class Preparation:
    """A round to prepare, for a while; answers of rounds that are not `kept` may go."""

    assignment: str
    seed: int
    seconds: float
    kept: tuple[int, ...]


class Lane:
    """A process for grading. It is replaced when it is lost; only its own work is done again.

    Raises SandboxError where it can't begin.
    """

    def __init__(self, setting: Setting, server: ForkServer) -> None:
        self._setting = setting
        self._server = server
        self.task: Task | None = None
        self.preparation: Preparation | None = None
        self.prepared: set[int] = set()
        self._attempts = 0
        self._start()

    @property
    def is_free(self) -> bool:
        """Whether it has nothing to do."""
        return self.task is None and self.preparation is None

    @property
    def answers(self) -> Connection:
        """What is ready to be read when the work is done, or the process is lost."""
        return self._requests

    def grade(self, task: Task) -> None:
        """Have a submission graded."""
        self.task, self._attempts = task, 1
        self._ask(task)

    def prepare(self, preparation: Preparation) -> None:
        """Have a round prepared for a while."""
        self.preparation = preparation
        self._ask(preparation)

    def finished(self) -> tuple[Task, Verdict | None] | None:
        """Read an answer: a task and its verdict, None where it was changed meanwhile.

        None where there is no verdict yet: a round was prepared, or a submission is graded again
        because its process was lost.
        """
        try:
            answer = self._requests.recv()
        except (EOFError, OSError):
            self.close()
            self._start()
            return self._lost()
        if self.preparation is not None:
            if answer:
                self.prepared.add(self.preparation.seed)
            self.preparation = None
            return None
        task, self.task = self.task, None
        assert task is not None
        if not answer:
            return task, None
        return task, self._saved(task)

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._lifeline.close()
        self._requests.close()
        self._process.join()

    def _lost(self) -> tuple[Task, Verdict | None] | None:
        self.preparation, task = None, self.task
        if task is None:
            return None
        if self._attempts < ATTEMPTS:
            self._attempts += 1
            self._ask(task)
            return None
        self.task = None
        return task, give_up(task, self._setting)

    def _saved(self, task: Task) -> Verdict | None:
        course, kept_in = self._setting.course, self._setting.kept_in
        return store.load(course, task.assignment, task.student, kept_in=kept_in)

    def _ask(self, work: Task | Preparation) -> None:
        # Where its end is closed, `finished` learns that it is lost.
        with contextlib.suppress(OSError):
            self._requests.send(work)

    def _start(self) -> None:
        end, self._lifeline = multiprocessing.Pipe(duplex=False)
        self._requests, theirs = multiprocessing.Pipe()
        given = (self._setting, self._server, end, self._lifeline, theirs, self._requests)
        self._process = multiprocessing.Process(target=_serve, args=given, daemon=True)
        self._process.start()
        end.close()
        theirs.close()
        self.prepared = set()
        try:
            begun = self._requests.poll(START_SECONDS) and self._requests.recv()
        except (EOFError, OSError):
            begun = False
        if not begun:
            raise SandboxError(NO_WORKER)


def _serve(
    setting: Setting,
    server: ForkServer,
    end: Connection,
    lifeline: Connection,
    requests: Connection,
    parents: Connection,
) -> None:
    """Do what is asked for, until nobody asks any more. An answer is a single truth value.

    A service manager, like a terminal, signals every process: the watch alone decides what ends.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    parents.close()
    set_up(setting, server, end, lifeline)
    worker = begin()
    requests.send(True)
    while True:
        try:
            work = requests.recv()
        except (EOFError, OSError):
            # The watch has ended; with an answer on its way the connection is reset.
            return
        try:
            requests.send(_done(worker, work))
        except SandboxError:
            return  # the parent starts another process, with another sandbox


def _done(worker: Worker, work: Task | Preparation) -> bool:
    if isinstance(work, Task):
        return CHANGED not in worker.grade(work).problems
    worker.ahead.forget_but(work.kept)
    return worker.ahead.go_on(work.assignment, work.seed, work.seconds)
