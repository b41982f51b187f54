"""One job, run to its end in the trusted parent: deadlines, retries and what a result is called."""

import contextlib
import dataclasses
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from checks.formulas import to_data
from checks.plain import Odd

from ..errors import SandboxError
from ..jobs import Call, CallResult, Cell, CellResult, ErrorInfo, Group, Job, JobResult
from ..limits import Budget
from ..protocol import (
    MAX_HEADER,
    Channel,
    ConnectionEnded,
    DeadlineExceeded,
    Message,
    ProtocolError,
)

READY_SECONDS = 60.0
# Added to every wall-clock limit: time to wake up and to answer.
GRACE = 1.0
_SIGNALS_OF_TIME = {24, 26, 27}  # SIGXCPU, SIGVTALRM, SIGPROF
_CALL_STATUSES = ("ok", "error", "timeout", "memory", "missing")
_CELL_STATUSES = ("ok", "error", "timeout")
_PNG = b"\x89PNG\r\n\x1a\n"

Connect = Callable[[dict[str, Any]], tuple[Channel, Channel]]


class ChildLost(Exception):
    """The notebook's process is gone or beyond use; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Session:
    """A living child: its keeper, its notebook's process, and at most one group's connection."""

    def __init__(self, job: Job, connect: Connect) -> None:
        self.limits = job.limits
        config = {"limits": dataclasses.asdict(job.limits), "figures": job.figures}
        self.keeper, self.data = connect(config)
        self.group: Channel | None = None
        self.cpu = 0.0
        self._ended: Message | None = None
        try:
            message = self.data.receive(time.monotonic() + READY_SECONDS)
        except (ProtocolError, DeadlineExceeded) as error:
            ended = self.end()
            detail = ended.text("detail") if ended else ""
            raise SandboxError(f"no child could be started: {detail or error}") from error
        if message.text("kind") != "ready":
            self.end()
            raise SandboxError(f"no child could be started: {message.text('detail')}")

    def tell(self, fields: dict[str, Any], tree: Any = None, seconds: float = 30.0) -> None:
        """Send the notebook's process a command. Raises ChildLost."""
        try:
            self.data.send(fields, tree, time.monotonic() + seconds)
        except (ProtocolError, DeadlineExceeded) as error:
            raise self._lost(error) from error

    def hear(self, seconds: float, frame_bytes: int = MAX_HEADER) -> Message:
        """Receive the notebook's answer. Raises ChildLost."""
        try:
            return self.data.receive(time.monotonic() + seconds, frame_bytes)
        except (ProtocolError, DeadlineExceeded) as error:
            raise self._lost(error) from error

    def allow(self, seconds: float) -> None:
        """Have the keeper end the job once it has used this much more CPU time."""
        with contextlib.suppress(ProtocolError, DeadlineExceeded):
            self.keeper.send({"do": "allow", "seconds": seconds}, deadline=time.monotonic() + GRACE)

    def open_group(self, name: str) -> Channel:
        """Have the notebook's process fork for a group; return the connection. Raises ChildLost."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self.tell({"do": "group", "seed": zlib.crc32(name.encode())})
                try:
                    socket.send_fds(self.data.socket, [b"G"], [theirs.fileno()])
                except OSError as error:
                    raise self._lost(ConnectionEnded(str(error))) from error
                # macOS loses a descriptor that is closed here before it has arrived.
                if self.hear(10.0).text("kind") != "forked":
                    raise self._lost(ProtocolError("no answer to the request for a group"))
        except ChildLost:
            ours.close()
            raise
        self.group = Channel(ours, Odd)
        return self.group

    def close_group(self) -> int:
        """End the group's processes; return the signal that had ended it, 0 if none did.

        Raises ChildLost.
        """
        if self.group is None:
            return 0
        self.group.close()
        self.group = None
        self.tell({"do": "end"})
        return int(self.hear(10.0).number("signal", 0, 64))

    def end(self) -> Message | None:
        """End every process of the job and return what the keeper says about it."""
        if self._ended is not None:
            return self._ended
        if self.group is not None:
            self.group.close()
        with contextlib.suppress(ProtocolError, DeadlineExceeded):
            self.keeper.send({"do": "kill"}, deadline=time.monotonic() + GRACE)
        # The keeper may have had its last word already.
        with contextlib.suppress(ProtocolError, DeadlineExceeded):
            self._ended = self.keeper.receive(time.monotonic() + 20)
            self.cpu = self._ended.number("cpu") + self._ended.number("keeper_cpu")
        self.data.close()
        self.keeper.close()
        return self._ended

    def _lost(self, error: Exception) -> ChildLost:
        if isinstance(error, DeadlineExceeded):
            self.end()
            return ChildLost("wall")
        if isinstance(error, ConnectionEnded):
            ended = self.end()
            if ended is None:
                return ChildLost("lost")
            reason = ended.text("reason")
            return ChildLost(reason if reason in ("cpu", "memory") else "crashed")
        self.end()
        return ChildLost("protocol")


class Runner:
    """Runs one job; see :meth:`run`."""

    def __init__(
        self,
        job: Job,
        connect: Connect,
        files: list[tuple[str, bytes | str]],
        problems: list[str],
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
            cells=[CellResult(cell.index, "skipped") for cell in job.cells],
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
        """Run the cells, then every group, and end all processes. Never raises for the child."""
        try:
            if self._have_child():
                for done, group in enumerate(self.job.groups):
                    share = self.seconds_left() / (len(self.job.groups) - done)
                    self.result.groups[group.name] = _GroupRun(self, group, share).run()
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

    def _have_child(self) -> bool:
        """Make sure that a child is there whose cells have run; tell whether one is."""
        while self.session is None:
            if self.restarts_left < 0 or self.seconds_left() == 0:
                if not self.gave_up:
                    self.gave_up = True
                    self.result.problems.append("its processes ended too often, or too late")
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

    have_child = _have_child

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
            return _refused(cell, "the cell is too long to be run"), 0.0
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
        # As bytes: a text in the header would be limited to what headers may hold.
        session.tell(command, np.frombuffer(source.encode(), np.uint8))
        # Definitions alone take no time; they also follow on cells that have used theirs up.
        end = self.deadline if self.definitions_only else self.notebook_deadline
        wall = min(cpu * self.limits.wall_factor + GRACE, max(0.0, end - time.monotonic()))
        message = session.hear(wall, self.outputs_left + 2 * MAX_HEADER)
        status = message.text("status")
        if message.text("kind") != "cell" or status not in _CELL_STATUSES:
            session.end()
            raise ChildLost("protocol")
        outputs = _outputs(message.tree, self.limits)
        size = sum(map(len, outputs))
        outputs = outputs if size <= self.outputs_left else []
        self.outputs_left -= min(size, self.outputs_left)
        error = error_info(message) if status != "ok" else None
        return CellResult(cell.index, status, error, outputs), time.monotonic() - started

    def _notebook_lost(self, cell: Cell, lost: ChildLost, results: list[CellResult]) -> None:
        self.drop()
        time_left = self.notebook_deadline > time.monotonic()
        if lost.reason in ("wall", "lost") and self.budget.wall_retries > 0 and time_left:
            self.budget.wall_retries -= 1
            self.restarts_left += 1
            self.again = True
            return
        if not self.cells_told:
            self._tell_cells(cell, lost, results)
        if self.definitions_only:
            self.left_out.add(cell.index)
            self.result.problems.append(f"cell {cell.index} {_LOST[lost.reason]}: it was left out")
            return
        self.definitions_only = True
        self.result.notebook = "definitions only"
        self.result.problems.append(
            f"cell {cell.index} {_LOST[lost.reason]}: only imports and functions were run"
        )

    def _tell_cells(self, cell: Cell, lost: ChildLost, results: list[CellResult]) -> None:
        status = "timeout" if lost.reason in ("cpu", "wall") else "error"
        error = ErrorInfo(type="Stopped", message=f"the cell {_LOST[lost.reason]}")
        done = {result.index: result for result in results}
        done[cell.index] = CellResult(cell.index, status, error)
        self.result.cells = [
            done.get(c.index, CellResult(c.index, "skipped")) for c in self.job.cells
        ]
        self.cells_told = True


_LOST = {
    "cpu": "used up its CPU time",
    "wall": "did not end in time",
    "memory": "used up the memory",
    "crashed": "ended the process",
    "lost": "ended with its sandbox",
    "protocol": "disturbed the connection",
}


class _GroupRun:
    """The calls of one group, in as many forks as its crashes make necessary."""

    def __init__(self, runner: Runner, group: Group, share: float) -> None:
        self.runner = runner
        self.group = group
        self.limits = runner.limits
        self.cpu_left = min(runner.limits.group_cpu, runner.budget.cpu)
        wall = runner.limits.group_cpu * runner.limits.wall_factor + GRACE
        self.deadline = time.monotonic() + min(wall, share)
        self.retried = False
        self.calls = 0
        self.stubs = _StubAnswers(runner.job)

    def run(self) -> list[CallResult]:
        results = []
        for call in self.group.calls:
            result = self._call(call)
            if result.cpu_seconds < 0 and self._may_retry():
                with self.runner.undisturbed() as waited:
                    self.deadline += waited
                    result = self._call(call)
            result.cpu_seconds = max(0.0, result.cpu_seconds)
            if result.status == "protocol":
                results = [CallResult("protocol") for _ in self.group.calls]
                break
            results.append(result)
        self._close()
        return results

    def _may_retry(self) -> bool:
        if self.retried or self.runner.budget.wall_retries <= 0:
            return False
        self.retried = True
        self.runner.budget.wall_retries -= 1
        again = self.limits.call_cpu * self.limits.wall_factor + GRACE
        self.deadline += again
        # Not at the expense of the groups that follow.
        self.runner.deadline += again
        return True

    def _call(self, call: Call) -> CallResult:
        """One call; a negative `cpu_seconds` marks an end that may be no fault of its own."""
        if self.cpu_left <= 0 or time.monotonic() >= self.deadline:
            return CallResult("timeout")
        if not self.runner.have_child():
            return CallResult("crashed")
        session = self.runner.session
        cpu = min(self.limits.call_cpu, self.cpu_left)
        wall = time.monotonic() + cpu * self.limits.wall_factor + GRACE
        started = time.monotonic()
        try:
            if session.group is None:
                session.allow(self.cpu_left * 1.2 + 2.0)
                session.open_group(self.group.name)
            result = self._converse(session.group, call, cpu, min(wall, self.deadline))
        except ChildLost as lost:
            self.runner.drop()
            result = CallResult(_STATUS_WHEN_LOST[lost.reason])
            result.cpu_seconds = -1.0 if lost.reason in ("wall", "lost") else 0.0
        except DeadlineExceeded:
            self._close()
            result = CallResult("timeout", cpu_seconds=-1.0)
        except ConnectionEnded:
            result = CallResult(self._how_it_ended())
        except (ProtocolError, ValueError):
            self._close()
            result = CallResult("protocol")
        if result.status in ("timeout", "memory"):
            self._close()
        used = cpu if result.status == "timeout" else result.cpu_seconds
        self.cpu_left -= min(max(used, 0.0), max(time.monotonic() - started, 0.001) * 2)
        return result

    def _converse(self, channel: Channel, call: Call, cpu: float, deadline: float) -> CallResult:
        """Send one call and answer stubs until its result is there."""
        self.calls += 1
        command = {"call": self.calls, "function": call.function, "cpu": cpu}
        command["stubs"] = list(self.runner.job.stubs)
        channel.send(command, to_data(call.arguments), deadline)
        while True:
            most = min(self.limits.reply_bytes, max(0, self.runner.results_left))
            message = channel.receive(deadline, most + _RESULT_HEADER)
            if message.text("kind") != "stub":
                if message.fields.get("call") != self.calls:
                    raise ProtocolError("the answer to another call")
                self.runner.results_left -= message.size
                return _call_result(message)
            fields, tree = self.stubs.answer(message)
            channel.send(fields, tree, deadline)

    def _how_it_ended(self) -> str:
        try:
            number = self.runner.session.close_group()
        except ChildLost as lost:
            self.runner.drop()
            return _STATUS_WHEN_LOST[lost.reason]
        return "timeout" if number in _SIGNALS_OF_TIME else "crashed"

    def _close(self) -> None:
        session = self.runner.session
        if session is not None:
            try:
                session.close_group()
            except ChildLost:
                self.runner.drop()


_STATUS_WHEN_LOST = {
    "cpu": "timeout",
    "wall": "timeout",
    "memory": "memory",
    "crashed": "crashed",
    "lost": "crashed",
    "protocol": "protocol",
}


_RESULT_HEADER = 1 << 16
# Refused stub calls until a group is taken for one that floods the parent.
_PATIENCE = 1000


class _StubAnswers:
    """Answers a group's stub calls in the parent, within the caps; says nothing about errors."""

    def __init__(self, job: Job) -> None:
        self.stubs = job.stubs
        self.calls_left = job.limits.stub_calls
        self.bytes_left = job.limits.stub_bytes
        self.seconds_left = job.limits.stub_seconds

    def answer(self, message: Message) -> tuple[dict[str, Any], Any]:
        stub = self.stubs.get(message.text("name", 100))
        self.calls_left -= 1
        if not self.stubs or self.calls_left < -_PATIENCE:
            raise ProtocolError("stub calls that nobody asked for")
        self.bytes_left -= message.size
        if stub is None or min(self.calls_left, self.bytes_left, self.seconds_left) < 0:
            return {"kind": "refused"}, None
        tree = message.tree
        if not (isinstance(tree, tuple) and len(tree) == 2 and isinstance(tree[1], dict)):
            return {"kind": "refused"}, None
        started = time.monotonic()
        try:
            answer = stub(*tree[0], **tree[1])
        except Exception:
            return {"kind": "refused"}, None
        finally:
            self.seconds_left -= time.monotonic() - started
        return {"kind": "answer"}, answer


def _call_result(message: Message) -> CallResult:
    status = message.text("status")
    if message.text("kind") != "result" or status not in _CALL_STATUSES:
        raise ProtocolError("no result")
    return CallResult(
        status=status,
        value=message.tree if status == "ok" else None,
        error=error_info(message) if status in ("error", "timeout", "memory") else None,
        arguments_changed=message.flag("changed"),
        cpu_seconds=message.number("cpu", 0, 3600),
    )


def error_info(message: Message) -> ErrorInfo:
    """Return a message's error with everything that could act on a page or a terminal removed."""
    line = message.fields.get("line")
    return ErrorInfo(
        type=clean(message.text("type", 100)) or "Error",
        message=clean(message.text("message", 500), keep="\n\t"),
        line=line if type(line) is int and 0 < line < 1_000_000 else None,
        source=clean(message.text("source", 500), keep="\t"),
        function=clean(message.text("function", 100)),
    )


def clean(text: str, keep: str = "") -> str:
    """Return `text` without control, bidirectional and other invisible characters."""
    return "".join(c for c in text if c.isprintable() or c in keep)


def _refused(cell: Cell, message: str) -> CellResult:
    return CellResult(cell.index, "error", ErrorInfo(type="Refused", message=message))


def _outputs(tree: Any, limits: Any) -> list[str | bytes]:
    kept: list[str | bytes] = []
    for item in tree if isinstance(tree, list) else []:
        if isinstance(item, str):
            kept.append(item[: limits.text_bytes])
        elif isinstance(item, np.ndarray) and item.dtype == np.uint8:
            png = item.tobytes()
            # Whether it is a sound picture is for whoever decodes it to find out.
            if png.startswith(_PNG):
                kept.append(png)
    return kept
