"""A pool of worker processes for grading: a lost worker costs only its own submission.

:func:`grade_tasks` is all there is to replace for another executor (a cluster's): tasks in,
verdicts out, in any order.
"""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from autograder.sandbox import Sandbox, SandboxError
from autograder.status import FAILED, MISSING
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


@dataclass(frozen=True)
class Setting:
    """What every worker of a run has in common."""

    seed: int
    level: str
    student_folder: Path
    quiet_lock: Path


def grade_tasks(
    tasks: Sequence[Task], setting: Setting, jobs: int
) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Yield every task with its verdict, as they are finished, from `jobs` worker processes.

    A submission whose worker is lost is graded again by itself, and given up with a verdict that
    asks for a look when that fails too. Raises IsolationUnavailable or SandboxError where no
    worker can begin at all.
    """
    left = list(tasks)
    with _Pool(setting, jobs) as pool:
        pool.begin()
        while left:
            suspects = []
            for task, verdict in pool.grade(left):
                if verdict is None:
                    suspects.append(task)
                else:
                    yield task, verdict
                    left.remove(task)
            # Which of the submissions under way took the worker down shows when each is alone.
            for task in suspects:
                yield task, pool.grade_alone(task)
                left.remove(task)


class _Pool:
    """A process pool that is replaced when a worker is lost."""

    def __init__(self, setting: Setting, jobs: int) -> None:
        self.setting = setting
        self.jobs = jobs
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def begin(self) -> None:
        """Start one worker with its sandbox, to fail at once where none can start."""
        self._pool().submit(_begin).result()

    def grade(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, dict[str, Any] | None]]:
        """Yield finished tasks; on a lost worker yield those under way with None, and stop."""
        pool, waiting = self._pool(), iter(tasks)
        # No more than the workers can take, so that few are under suspicion when one is lost.
        under_way = {pool.submit(_grade, task): task for task in islice(waiting, self.jobs)}
        lost: list[Task] = []
        while under_way:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                task = under_way.pop(future)
                verdict = _result(future)
                if verdict is None:
                    lost.append(task)
                    continue
                yield task, verdict
                for following in islice(waiting, 0 if lost else 1):
                    with contextlib.suppress(BrokenProcessPool):
                        under_way[pool.submit(_grade, following)] = following
        if lost:
            self._close()
        yield from ((task, None) for task in lost)

    def grade_alone(self, task: Task) -> dict[str, Any]:
        """Grade one submission with nothing beside it, more than once if need be."""
        for _ in range(ATTEMPTS):
            verdict = _result(self._pool().submit(_grade, task))
            if verdict is not None:
                return verdict
            self._close()
        return _nothing(task, self.setting.seed, (WORKER_LOST.in_(task.language),), FAILED)

    def _pool(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.jobs, initializer=_set, initargs=(self.setting,)
            )
        return self._executor

    def _close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _result(future: Future) -> dict[str, Any] | None:
    """Return a worker's verdict; None where the worker or its sandbox was lost."""
    try:
        return future.result()
    except (BrokenProcessPool, SandboxError):
        return None


class Worker:
    """Grades submissions one after another in this process, with one sandbox for all of them.

    Raises IsolationUnavailable or SandboxError where the sandbox can't start.
    """

    def __init__(self, setting: Setting) -> None:
        sandbox = Sandbox(setting.level, setting.student_folder, setting.quiet_lock)
        self._grader = Grader(sandbox, setting.seed)

    def grade(self, task: Task) -> dict[str, Any]:
        """Grade one submission; whatever goes wrong in it becomes its verdict.

        Raises SandboxError where the sandbox is lost, which is no fault of the submission.
        """
        verdict = self._grade(task)
        return verdict | {"student": task.student}

    def _grade(self, task: Task) -> dict[str, Any]:
        seed = self._grader.seed
        path, problems = find_submitted_file(task.folder, task.assignment, task.language)
        if path is None:
            return _nothing(task, seed, problems, MISSING)
        try:
            verdict = self._grader.grade_file(path, task.assignment, task.language, path.parent)
        except SandboxError:
            raise
        except Exception as error:
            # A fault of ours must not cost the class its run: the submission is flagged instead.
            logging.getLogger(__name__).exception("%s", path)
            text = ENGINE_FAULT.format(what=f"{type(error).__name__}: {error}"[:200])
            return _nothing(task, seed, (*problems, text.in_(task.language)), FAILED)
        return verdict | {"problems": [*problems, *verdict["problems"]]}

    def close(self) -> None:
        """End the sandbox."""
        self._grader.sandbox.close()


def _nothing(task: Task, seed: int, problems: Sequence[str], status: str) -> dict[str, Any]:
    """Return the verdict on a submission of which nothing could be graded."""
    path = task.folder / f"{task.assignment}.ipynb"
    verdict = failed_verdict(path, ASSIGNMENTS[task.assignment], seed, task.language, problems)
    return verdict | {"status": status, "student": task.student}


# What a pool's process keeps between submissions.
_setting: Setting | None = None
_worker: Worker | None = None


def _set(setting: Setting) -> None:
    global _setting
    _setting = setting


def _begin() -> None:
    """Start this process's worker with its first submission, where an error can be told."""
    global _worker
    assert _setting is not None
    _worker = _worker or Worker(_setting)


def _grade(task: Task) -> dict[str, Any]:
    _begin()
    assert _worker is not None
    return _worker.grade(task)
