"""Runs one job to its end in the trusted parent: deadlines, retries, statuses of results."""

import contextlib
import time
from collections.abc import Callable, Iterator

import numpy as np

from autograder.status import CellStatus
from checks.text import Text

from ..errors import SandboxError
from ..jobs import CallResult, Cell, CellResult, Job, JobResult
from ..limits import Budget
from ..protocol import MAX_HEADER
from .group_run import GroupRun, run_together
from .results import error_info, outputs
from .session import GRACE, ChildLost, Connect, Session

_CELL_STATUSES = ("ok", "error", "timeout")

_LOST = {
    "cpu": Text("Cell {number} used up its CPU time", "第 {number} 个单元格用完了 CPU 时间"),
    "wall": Text("Cell {number} did not end in time", "第 {number} 个单元格没有在限定时间内结束"),
    "memory": Text("Cell {number} used up the memory", "第 {number} 个单元格用完了内存"),
    "crashed": Text("Cell {number} ended the process", "第 {number} 个单元格使进程意外退出"),
    "killed": Text(
        "Cell {number} was ended from outside, and again alone",
        "第 {number} 个单元格被外部终止，单独重试时又被终止",
    ),
    "lost": Text("Cell {number} ended with its sandbox", "第 {number} 个单元格随沙箱一起中断"),
    "protocol": Text(
        "Cell {number} disturbed the connection", "第 {number} 个单元格干扰了与评分程序的通信"
    ),
}
_ENDED = Text("{what}.", "{what}。")
_DEFINITIONS_ONLY = Text(
    "{what}: only imports and functions were run.", "{what}：只执行了导入语句和函数定义。"
)
_LEFT_OUT = Text("{what}: it was left out.", "{what}：已略去这个单元格。")
_GAVE_UP = Text(
    "The notebook's processes ended too often, or too late.",
    "notebook 的进程多次意外退出，或总用时超过了上限。",
)
_TOO_LONG = Text("Cell {number} is too long to be run.", "第 {number} 个单元格太长，没有运行。")


def _lost(cell: Cell, reason: str) -> Text:
    """Return how a cell was lost, with its number as people count."""
    return _LOST[reason].format(number=cell.index + 1)


class Runner:
    """Runs one job; see :meth:`run`."""

    def __init__(
        self,
        job: Job,
        connect: Connect,
        files: list[tuple[str, bytes | str]],
        problems: list[Text],
        alone: Callable[[], contextlib.AbstractContextManager],
    ) -> None:
        self.job = job
        self.limits = job.limits
        self.connect = connect
        # Content, or for one of the course's files the place that a link leads to.
        self.files = files
        self.alone = alone
        self.again = False
        self.gave_up = False
        self.prepared = False
        self.failed_starts = 0
        # Cells of which not even the definitions could be run.
        self.left_out: set[int] = set()
        self.outputs_left = job.limits.output_bytes
        self.results_left = job.limits.results_bytes
        self.result = JobResult(
            cells=[CellResult(cell.index, CellStatus.SKIPPED) for cell in job.cells],
            groups={},
            problems=problems,
        )
        self.session: Session | None = None
        self.definitions_only = job.definitions_only
        self.cells_told = False
        self.restarts_left = job.limits.restarts
        self.budget = self.result.budget = job.budget or Budget.of(job.limits)
        self.started = time.monotonic()
        self.deadline = self.started + min(job.limits.job_wall, self.budget.wall)
        self.notebook_deadline = min(self.started + job.limits.notebook_wall, self.deadline)

    def run(self) -> JobResult:
        """Run the cells and every group, and end all processes, whatever the child does."""
        try:
            if self.have_child():
                if self.job.together and len(self.job.groups) > 1:
                    self.result.groups.update(run_together(self))
                left = [group for group in self.job.groups if group.name not in self.result.groups]
                for done, group in enumerate(left):
                    share = self.seconds_left() / (len(left) - done)
                    self.result.groups[group.name] = GroupRun(self, group, share).run()
            for group in self.job.groups:
                self.result.groups.setdefault(
                    group.name, [CallResult("crashed") for _ in group.calls]
                )
        finally:
            self.drop()
            self.budget.spend(time.monotonic() - self.started, self.result.cpu_seconds)
        return self.result

    def seconds_left(self) -> float:
        """Wall-clock seconds until the whole job is over."""
        return max(0.0, self.deadline - time.monotonic())

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[float]:
        """Let what is tried again be alone; yields the seconds waited, which count for nothing."""
        began = time.monotonic()
        with self.alone():
            waited = time.monotonic() - began
            self.started += waited
            self.deadline += waited
            self.notebook_deadline += waited
            yield waited

    def drop(self) -> None:
        """End the present child, if there is one."""
        if self.session is not None:
            self.session.end()
            self.result.cpu_seconds += self.session.cpu
            self.session = None

    def have_child(self) -> bool:
        """Make sure that a child is there whose cells have run; return whether one is."""
        while self.session is None:
            if self.restarts_left < 0 or self.seconds_left() == 0:
                if not self.gave_up:
                    self.gave_up = True
                    self.result.problems.append(_GAVE_UP)
                    if not self.prepared:
                        self.result.notebook = "failed"
                return False
            self.restarts_left -= 1
            with self.undisturbed() if self.again else contextlib.nullcontext():
                try:
                    self._start()
                except SandboxError:
                    # The server may have ended between two jobs; then it has a successor now.
                    self.failed_starts += 1
                    if self.failed_starts > 1:
                        raise
            self.again = False
        return True

    def _start(self) -> None:
        """Start a child and run the cells; on a crash leave `session` empty for the next try."""
        session = self.session = Session(self.job, self.connect)
        try:
            for name, content in self.files:
                if isinstance(content, str):
                    session.tell({"do": "file", "path": name, "link": content})
                else:
                    session.tell({"do": "file", "path": name}, np.frombuffer(content, np.uint8))
        except ChildLost:
            self.drop()
            return
        results: list[CellResult] = []
        self.outputs_left = self.limits.output_bytes
        cpu_left = min(self.limits.notebook_cpu, self.budget.cpu)
        for cell in self.job.cells:
            if cell.index in self.left_out:
                continue
            try:
                result, used = self._run_cell(session, cell, cpu_left)
            except ChildLost as lost:
                self._notebook_lost(cell, lost, results)
                return
            cpu_left = max(0.5, cpu_left - used)
            results.append(result)
        # A run with definitions only shows nothing: what the first run showed is kept.
        if not self.cells_told and not self.definitions_only:
            self.result.cells = results
        self.cells_told = True
        self.prepared = True

    def _run_cell(self, session: Session, cell: Cell, cpu_left: float) -> tuple[CellResult, float]:
        if len(cell.source) > self.limits.source_bytes:
            return CellResult(
                cell.index, CellStatus.ERROR, stopped=_TOO_LONG.format(number=cell.index + 1)
            ), 0.0
        source = cell.source.encode("utf-8", "replace").decode("utf-8")
        cpu = min(self.limits.cell_cpu, cpu_left)
        session.allow(cpu * 1.2 + 0.5)
        command = {
            "do": "cell",
            "index": cell.index,
            "above": cell.above,
            "cpu": cpu,
            "definitions": self.definitions_only,
        }
        started = time.monotonic()
        # The source goes as bytes: a header is limited in what it may hold.
        session.tell(command, np.frombuffer(source.encode(), np.uint8))
        # Definitions alone take no time; they also follow on cells that have used theirs up.
        end = self.deadline if self.definitions_only else self.notebook_deadline
        wall = min(cpu * self.limits.wall_factor + GRACE, max(0.0, end - time.monotonic()))
        message = session.hear(wall, self.outputs_left + 2 * MAX_HEADER)
        status = message.text("status")
        if message.text("kind") != "cell" or status not in _CELL_STATUSES:
            session.end()
            raise ChildLost("protocol")
        shown = outputs(message.tree, self.limits)
        size = sum(map(len, shown))
        shown = shown if size <= self.outputs_left else []
        self.outputs_left -= min(size, self.outputs_left)
        error = error_info(message) if status != "ok" else None
        stopped = _ENDED.format(what=_lost(cell, "cpu")) if status == "timeout" else None
        return CellResult(
            cell.index, CellStatus(status), error, shown, stopped
        ), time.monotonic() - started

    def _notebook_lost(self, cell: Cell, lost: ChildLost, results: list[CellResult]) -> None:
        self.drop()
        time_left = self.notebook_deadline > time.monotonic()
        if time_left and self._is_excused(lost.reason):
            self.restarts_left += 1
            self.again = True
            return
        if not self.cells_told:
            self._tell_cells(cell, lost, results)
        if self.definitions_only:
            self.left_out.add(cell.index)
            self.result.problems.append(_LEFT_OUT.format(what=_lost(cell, lost.reason)))
            return
        self.run_definitions_only(_lost(cell, lost.reason))

    def run_definitions_only(self, reason: Text) -> bool:
        """Have further children run imports and functions alone; False where they do already."""
        if self.definitions_only:
            return False
        self.definitions_only = True
        self.result.notebook = "definitions only"
        self.result.problems.append(_DEFINITIONS_ONLY.format(what=reason))
        return True

    def _is_excused(self, reason: str) -> bool:
        """Return whether an end may be no fault of the cell; each excuse counts only so often."""
        if reason == "wall" and self.budget.wall_retries > 0:
            self.budget.wall_retries -= 1
        elif reason in ("killed", "lost") and self.budget.kill_retries > 0:
            self.budget.kill_retries -= 1
        else:
            return False
        return True

    def _tell_cells(self, cell: Cell, lost: ChildLost, results: list[CellResult]) -> None:
        status = CellStatus.TIMEOUT if lost.reason in ("cpu", "wall") else CellStatus.ERROR
        stopped = _ENDED.format(what=_lost(cell, lost.reason))
        done = {result.index: result for result in results}
        done[cell.index] = CellResult(cell.index, status, stopped=stopped)
        self.result.cells = [
            done.get(c.index, CellResult(c.index, CellStatus.SKIPPED)) for c in self.job.cells
        ]
        self.cells_told = True
