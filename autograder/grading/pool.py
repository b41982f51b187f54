"""A pool of worker processes for grading: a lost worker costs only its own submission.

:func:`grade_tasks` is all there is to replace for another executor (a cluster's): tasks in,
verdicts out, in any order.
"""

import contextlib
import gc
import importlib
import logging
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.course import Course
from autograder.grading import store
from autograder.grading.ahead import Ahead
from autograder.grading.assignment import missing_exercises
from autograder.grading.grader import Grader
from autograder.grading.guard import end_with, limit_memory
from autograder.grading.known import Known
from autograder.grading.places import load_places
from autograder.grading.told import CHANGED, ENGINE_FAULT, NO_WORKER, WORKER_LOST, odd_name
from autograder.model import Verdict
from autograder.reading.folder import find_submitted_file
from autograder.reading.times import read_timestamp
from autograder.sandbox import ForkServer, Limits, Sandbox, SandboxError
from autograder.status import Status
from autograder.texts import fault_of
from checks.assignments import ASSIGNMENTS
from checks.text import Text
from solutions.catalogue import load

ATTEMPTS = 2
"""How often a submission may take its worker down before it is given up."""

NEW_OBJECTS = 1_000
"""After how many new objects a worker's garbage collector runs."""

AHEAD = 8
"""How many submissions a worker has before it: none waits while a verdict is being recorded."""


@dataclass(frozen=True)
class Task:
    """One student's submission, as a worker receives it.

    `alike` are ids that look like its own. `listed` is the hash of what the round is to grade:
    nothing else is. None takes what is there. `seed` is that of its round, where the tasks of a
    run are not all of one.
    """

    student: str
    assignment: str
    folder: Path
    language: str
    alike: tuple[str, ...] = ()
    listed: str | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Setting:
    """What every worker of a run has in common; `kept_in` is where it saves its verdicts.

    In the file `known` they share what they find out about wrong functions under `engine`, the
    hash of what decides a verdict.
    """

    course: Course
    seed: int
    level: str
    student_folder: Path
    quiet_lock: Path
    kept_in: str = store.VERDICTS
    known: Path | None = None
    engine: str = ""
    limits: Limits | None = None

    def seed_of(self, task: Task) -> int:
        """Return the seed of the round that a task is graded in."""
        return self.seed if task.seed is None else task.seed


def hash_of(task: Task) -> str:
    """Return the hash of all that is graded of a submission; empty where it can't be read."""
    try:
        return store.submission_hash(task.folder, task.assignment)
    except Exception:
        # Grading it reports that it can't be read.
        return ""


def grade_tasks(
    tasks: Sequence[Task],
    setting: Setting,
    jobs: int,
    meanwhile: Callable[[], None] = lambda: None,
    server: ForkServer | None = None,
) -> Iterator[Verdict]:
    """Yield the verdict of every task, as they are finished, from `jobs` worker processes.

    Each is saved when it is yielded. Raises OSError where that fails. What is done `meanwhile`
    takes the time in which the sandbox starts; a `server` of it may be starting already.

    A submission whose worker is lost is graded again by itself, and given up with a verdict that
    asks for a look when that fails too. Raises IsolationUnavailable or SandboxError where no
    worker can begin at all.
    """
    left = list(tasks)
    with _Pool(setting, jobs, server) as pool:
        pool.begin({task.assignment for task in tasks}, meanwhile)
        while left:
            suspects = []
            for task, verdict in pool.grade(tuple(left)):
                if verdict is None:
                    suspects.append(task)
                else:
                    yield verdict
                    left.remove(task)
            # Graded alone, each shows whether it was the one that took the worker down.
            for task in suspects:
                yield pool.grade_alone(task)
                left.remove(task)


def start_server(setting: Setting) -> ForkServer:
    """Return the fork server of a run, which is starting."""
    return ForkServer(setting.level, setting.student_folder, wait=False)


class _Pool:
    """A process pool that is replaced when a worker is lost, and one fork server for all of it."""

    def __init__(self, setting: Setting, jobs: int, server: ForkServer | None = None) -> None:
        self.setting = setting
        self.jobs = jobs
        self._executor: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None
        self._server = server
        self._until_begun: Callable[[], None] | None = None

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._close(at_once=error[0] is not None)
        finally:
            if self._server is not None:
                self._server.close()

    def begin(self, assignments: Iterable[str], meanwhile: Callable[[], None]) -> None:
        """Start the fork server and all workers; `grade` waits for them, after `meanwhile`."""
        self._server = server = self._server or start_server(self.setting)
        # Once here, and not in each worker.
        importlib.import_module("numpy.ma")  # np.median asks for it
        for assignment in assignments:
            load(assignment)
            load_places(assignment)
        pool = self._pool()
        # One call for each worker, so that none is started later.
        started = [pool.submit(_begin) for _ in range(self.jobs)]

        def until_begun() -> None:
            meanwhile()
            server.wait_until_ready()
            try:
                for worker in started:
                    worker.result()
            except BrokenProcessPool:
                raise SandboxError(NO_WORKER) from None

        self._until_begun = until_begun

    def grade(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Verdict | None]]:
        """Yield finished tasks; on a lost worker yield those under way with None, and stop."""
        pool, waiting = self._pool(), iter(tasks)
        # Few, because all of them are under suspicion when a worker is lost.
        under_way: dict[Future, Task] = {}
        lost: list[Task] = []

        def begin_some(count: int) -> None:
            for task in islice(waiting, 0 if lost else count):
                try:
                    under_way[pool.submit(_grade, task)] = task
                except BrokenProcessPool:
                    lost.append(task)

        begin_some(self.jobs * AHEAD)
        if self._until_begun is not None:
            # To fail at once where none can start; what was begun above waits for the server.
            self._until_begun()
            self._until_begun = None
        while under_way:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                task = under_way.pop(future)
                verdict = self._result(task, future)
                if verdict is None:
                    lost.append(task)
                    continue
                # Before the verdict is yielded, because recording it takes the receiver time.
                begin_some(1)
                yield task, verdict
        if lost:
            self._close()
        yield from ((task, None) for task in lost)

    def grade_alone(self, task: Task) -> Verdict:
        """Grade one submission with nothing beside it, more than once if need be."""
        for _ in range(ATTEMPTS):
            with contextlib.suppress(BrokenProcessPool):
                verdict = self._result(task, self._pool().submit(_grade, task))
                if verdict is not None:
                    return verdict
            self._close()
        return give_up(task, self.setting)

    def _result(self, task: Task, future: Future) -> Verdict | None:
        """Return the verdict that a worker has saved; None where it or its sandbox was lost."""
        try:
            if not future.result():
                return _nothing(task, self.setting.seed, (CHANGED,), Status.FAILED)
        except (BrokenProcessPool, SandboxError):
            return None
        return store.load(self.setting.course, task.assignment, task.student)

    def _pool(self) -> ProcessPoolExecutor:
        if self._executor is None:
            end, self._lifeline = multiprocessing.Pipe(duplex=False)
            # What is here before the workers are forked stays shared with them: the collector
            # would write into all of it.
            gc.collect()
            gc.freeze()
            self._executor = ProcessPoolExecutor(
                self.jobs,
                initializer=set_up,
                initargs=(self.setting, self._server, end, self._lifeline),
            )
        return self._executor

    def _close(self, at_once: bool = True) -> None:
        """End the workers: `at_once`, or when they have finished what they are at."""
        if self._executor is None or self._lifeline is None:
            return
        if at_once:
            self._lifeline.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._lifeline.close()
        self._executor = self._lifeline = None


def give_up(task: Task, setting: Setting) -> Verdict:
    """Save and return the verdict on a submission that took its workers down."""
    verdict = replace(
        _nothing(task, setting.seed_of(task), (WORKER_LOST,), Status.FAILED),
        submission_hash=hash_of(task),
    )
    store.save(setting.course, verdict, setting.kept_in)
    return verdict


class Worker:
    """Grades submissions one after another in this process, with one sandbox for all of them.

    `server` is the fork server of all workers; without one the sandbox starts its own.

    Raises IsolationUnavailable or SandboxError where the sandbox can't start.
    """

    def __init__(self, setting: Setting, server: ForkServer | None = None) -> None:
        sandbox = Sandbox(setting.level, setting.student_folder, setting.quiet_lock, server)
        self._setting = setting
        known = Known(setting.known, setting.engine)
        self._grader = Grader(sandbox, setting.seed, known, limits=setting.limits)
        self.ahead = Ahead(self._grader)

    def grade(self, task: Task) -> Verdict:
        """Grade one submission and save its verdict, whatever goes wrong in it.

        A submission that is not the one that was listed, before or after, has no verdict that
        could be saved: CHANGED is the problem of what is returned.

        Raises SandboxError where the sandbox is lost, which is no fault of the submission, and
        OSError where the verdict can't be saved.
        """
        covered = store.submission_hash(task.folder, task.assignment)
        moment, odd_time = read_timestamp(task.folder)
        verdict = replace(
            self._grade(task, (odd_time,) if odd_time else ()),
            student=task.student,
            timestamp=str(moment or ""),
            submission_hash=covered,
        )
        if task.listed is not None:
            after = store.submission_hash(task.folder, task.assignment)
            if {covered, after} != {task.listed}:
                return _nothing(task, self._setting.seed_of(task), (CHANGED,), Status.FAILED)
        store.save(self._setting.course, verdict, self._setting.kept_in)
        return verdict

    def _grade(self, task: Task, odd_time: tuple[Text, ...]) -> Verdict:
        seed = self._setting.seed_of(task)
        grader = self._grader if task.seed is None else replace(self._grader, seed=seed)
        path, odd = find_submitted_file(task.folder, task.assignment)
        problems = (*odd, *odd_time, *odd_name(task.student, task.alike))
        if path is None:
            return _nothing(task, seed, problems, Status.MISSING)
        try:
            verdict = grader.grade_file(path, task.assignment, task.language, path.parent)
        except SandboxError:
            raise
        except Exception as error:
            # A fault of ours must not cost the class its run: the submission is flagged instead.
            logging.getLogger(__name__).exception("%s", path)
            fault = ENGINE_FAULT.format(what=fault_of(error))
            return _nothing(task, seed, (*problems, fault), Status.FAILED)
        return replace(verdict, problems=(*problems, *verdict.problems))

    def close(self) -> None:
        """End the sandbox."""
        self._grader.sandbox.close()


def _nothing(task: Task, seed: int, problems: Sequence[Text], status: Status) -> Verdict:
    """Return the verdict on a submission of which nothing could be graded."""
    return Verdict(
        str(task.folder / f"{task.assignment}.ipynb"),
        seed,
        status,
        task.language,
        task.assignment,
        task.student,
        exercises=missing_exercises(ASSIGNMENTS[task.assignment]),
        problems=tuple(problems),
    )


# What a pool's process keeps between submissions.
_setting: Setting | None = None
_server: ForkServer | None = None
_worker: Worker | None = None


def set_up(
    setting: Setting, server: ForkServer | None, end: Connection, lifeline: Connection
) -> None:
    """Prepare a process for grading: it ends when the `lifeline` at the other `end` is closed."""
    global _setting, _server
    _setting, _server = setting, server
    # A copy kept in a worker would keep all workers alive when the parent is gone.
    lifeline.close()
    # What was there before the fork is frozen: what comes is looked through often, at little cost.
    gc.set_threshold(NEW_OBJECTS)
    # Ctrl-C reaches all processes of a terminal; the parent decides what becomes of its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(end, lambda: _worker.close() if _worker else None)


def begin() -> Worker:
    """Return this process's worker: started when it is first needed, so that errors are seen."""
    global _worker
    assert _setting is not None
    if _worker is None:
        _worker = Worker(_setting, _server)
        limit_memory()
    return _worker


def _begin() -> None:
    begin()  # the worker itself can't be sent to the parent


def _grade(task: Task) -> bool:
    """Grade a submission and save its verdict, which the parent reads from its file.

    False where it was changed meanwhile, and nothing was saved.

    A message through the pool's pipe must be shorter than PIPE_BUF: a worker that is killed could
    leave half of a longer one, and the parent would wait for the rest for ever.
    """
    return CHANGED not in begin().grade(task).problems
