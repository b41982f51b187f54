"""A living child as the trusted parent sees it: its connections, its keeper, how it was lost."""

import contextlib
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checks.plain import Odd
from checks.text import Text

from ..errors import SandboxError
from ..jobs import Job
from ..protocol import (
    MAX_HEADER,
    Channel,
    ConnectionEnded,
    DeadlineExceeded,
    Message,
    ProtocolError,
)
from .cgroups import JobCgroup

_NO_CHILD = Text("no child could be started: {why}", "无法启动子进程：{why}")

READY_SECONDS = 60.0
# Added to every wall-clock limit: time to wake up and to answer.
GRACE = 1.0
# For how long an allowance of CPU time need not be repeated.
FRESH = 0.1

SIGNALS_OF_TIME = {signal.SIGXCPU, signal.SIGVTALRM, signal.SIGPROF}
# Signals that the kernel sends a process for what its own code does.
_SIGNALS_OF_CODE = SIGNALS_OF_TIME | {
    signal.SIGILL,
    signal.SIGTRAP,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGSEGV,
    signal.SIGSYS,
    signal.SIGXFSZ,
}


@dataclass(frozen=True)
class Connection:
    """What leads to a child: channels to its keeper and its notebook, and its control group."""

    keeper: Channel
    data: Channel
    cgroup: JobCgroup | None = None


Connect = Callable[[Job], Connection]


def is_from_outside(number: float) -> bool:
    """Return whether a signal may have come from anybody: the code itself, an administrator, a
    kernel that was out of memory. What ended is run again, alone; only a second end counts."""
    return number > 0 and number not in _SIGNALS_OF_CODE


class ChildLost(Exception):
    """The notebook's process is gone or beyond use.

    `reason` says why: cpu, wall, memory, protocol, crashed (by its own code), killed (by a signal
    that no limit explains), lost (with its keeper).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Session:
    """A living child: its keeper, its notebook's process, and at most one group's connection."""

    def __init__(self, job: Job, connect: Connect) -> None:
        self.limits = job.limits
        connection = connect(job)
        self.keeper, self.data = connection.keeper, connection.data
        self.cgroup = connection.cgroup
        self._oom_kills = 0
        self.group: Channel | None = None
        self.cpu = 0.0
        self.closed = False
        self._allowed, self._allowed_until = 0.0, 0.0
        self._ended: Message | None = None
        try:
            message = self.data.receive(time.monotonic() + READY_SECONDS)
        except (ProtocolError, DeadlineExceeded) as error:
            ended = self.end()
            detail = ended.text("detail") if ended else ""
            raise SandboxError(_NO_CHILD.format(why=detail or error)) from error
        if message.text("kind") != "ready":
            self.end()
            raise SandboxError(_NO_CHILD.format(why=message.text("detail")))

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
        """Have the keeper end the job once it has used this much more CPU time.

        What was allowed a moment ago still holds: most cells take less time than saying it again.
        """
        now = time.monotonic()
        if seconds == self._allowed and now < self._allowed_until:
            return
        self._allowed, self._allowed_until = seconds, now + FRESH
        with contextlib.suppress(ProtocolError, DeadlineExceeded):
            self.keeper.send({"do": "allow", "seconds": seconds}, deadline=time.monotonic() + GRACE)

    def open_group(self) -> Channel:
        """Have the notebook's process fork for calls; return the connection. Raises ChildLost."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self.tell({"do": "group"})
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
        if self.closed:
            return self._ended
        self.closed = True
        if self.group is not None:
            self.group.close()
        if self._ended is None:
            with contextlib.suppress(ProtocolError, DeadlineExceeded):
                self.keeper.send({"do": "kill"}, deadline=time.monotonic() + GRACE)
            # The keeper may have had its last word already.
            self._hear_keeper(20.0)
        self.data.close()
        self.keeper.close()
        if self.cgroup is not None:
            own = self._ended.number("keeper_cpu") if self._ended else 0.0
            # An administrator may have removed it; then the keeper's report stands.
            with contextlib.suppress(OSError):
                self.cpu = self.cgroup.cpu_seconds() + own
            self.cgroup.close()
        return self._ended

    def ran_out_of_memory(self) -> bool:
        """Return whether the kernel ended a process for its memory since this was last asked."""
        if self.cgroup is None:
            return False
        before = self._oom_kills
        with contextlib.suppress(OSError):
            self._oom_kills = self.cgroup.oom_kills()
        return self._oom_kills > before

    def _hear_keeper(self, seconds: float) -> None:
        with contextlib.suppress(ProtocolError, DeadlineExceeded):
            self._ended = self.keeper.receive(time.monotonic() + seconds)
            self.cpu = self._ended.number("cpu") + self._ended.number("keeper_cpu")

    def _lost(self, error: Exception) -> ChildLost:
        if isinstance(error, DeadlineExceeded):
            self.end()
            return ChildLost("wall")
        if isinstance(error, ConnectionEnded):
            # The keeper reports a process that is gone unasked; one that only closed its
            # connection must be ended, and that signal would be ours.
            self._hear_keeper(GRACE)
            out_of_memory = self.ran_out_of_memory()
            ended = self.end()
            if out_of_memory:
                return ChildLost("memory")
            if ended is None:
                return ChildLost("lost")
            reason = ended.text("reason")
            if reason == "exit" and is_from_outside(ended.number("signal")):
                return ChildLost("killed")
            return ChildLost(reason if reason in ("cpu", "memory") else "crashed")
        self.end()
        return ChildLost("protocol")
