"""The keeper of one job: stays outside the job's room, counts its CPU and memory, and ends it.

No student code ever runs in this process, and none can see or signal it: the job lives in a
process namespace below this one, whose process 1 is the notebook. Killing that one ends them all.
"""

import contextlib
import os
import re
import resource
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Sequence

from ..protocol import Channel, ProtocolError
from ..usage import CgroupUsage, ProcUsage
from . import child, isolation, seccomp

INTERVAL = 0.1


def keep(control_fd: int, data_fd: int, cgroup: Sequence[int], level: str) -> None:
    """Run one job to its end. `control_fd` leads to the parent, `data_fd` is for the notebook.

    `cgroup` is empty, or holds descriptors of the job's control group: the files of its CPU time
    and its lack of memory, then those by which the notebook joins it.
    """
    isolation.default_signals()
    control = Channel(socket.socket(fileno=control_fd))
    config = control.receive().fields
    try:
        config["folder"] = tempfile.mkdtemp(prefix="submission-") if level == "process" else ""
        if level != "process":
            isolation.unshare_job()
        first = os.fork()
    except OSError as error:
        control.send({"kind": "ended", "reason": "isolation", "detail": str(error)})
        return
    if first == 0:
        control.close()
        _become_notebook(data_fd, config, cgroup, level)
    _close([data_fd, *cgroup[2:]])
    if cgroup:
        counted: CgroupUsage | ProcUsage = CgroupUsage(*cgroup[:2])
    else:
        buffer = control.socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        counted = ProcUsage(first, buffer)
    reason, status, usage = _Watch(control, first, config, counted).until_end()
    if level == "process":
        with contextlib.suppress(OSError):
            os.killpg(first, signal.SIGKILL)
        shutil.rmtree(config["folder"], ignore_errors=True)
    cpu = usage.ru_utime + usage.ru_stime
    own = resource.getrusage(resource.RUSAGE_SELF)
    with contextlib.suppress(ProtocolError):
        control.send(
            {
                "kind": "ended",
                "reason": reason,
                "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                "cpu": cpu,
                "keeper_cpu": own.ru_utime + own.ru_stime,
                "peak": usage.ru_maxrss,
            }
        )


def _become_notebook(data_fd: int, config: dict, cgroup: Sequence[int], level: str) -> None:
    """Close the room behind process 1 and hand over to the student's side. It never returns."""
    limits = config["limits"]
    channel = Channel(socket.socket(fileno=data_fd))
    try:
        for number in cgroup[2:]:
            os.write(number, b"0")
        _close(cgroup)
        os.setsid()
        if level != "process":
            isolation.mount_job(limits["scratch_bytes"])
        isolation.limit_resources(
            _process_limit(limits["processes"], level),
            limits["file_bytes"],
            limits["open_files"],
            # This holds for one process, and only as a backstop: the parent's limits are tighter.
            limits["notebook_cpu"] + limits["cell_cpu"] + 2 * limits["group_cpu"],
        )
        if level != "process":
            isolation.drop_capabilities()
        # Otherwise a job whose keeper was killed would run on, with nothing to count and end it.
        isolation.end_with_parent()
        if level != "process":
            seccomp.install(isolation.libc())
    except BaseException as error:
        channel.send({"kind": "refused", "detail": f"{type(error).__name__}: {error}"[:500]})
        os._exit(3)
    try:
        child.run(channel, config, level)
    finally:
        os._exit(4)


def _close(descriptors: Sequence[int]) -> None:
    for number in descriptors:
        os.close(number)


def _process_limit(wanted: int, level: str) -> int | None:
    """None where the kernel would count all processes of the user instead of the job's."""
    release = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
    counts_by_namespace = level != "process" and release >= (5, 14)
    return wanted if counts_by_namespace else None


class _Watch:
    """Polls a job until it ends or must be ended."""

    def __init__(
        self, control: Channel, first: int, config: dict, counted: CgroupUsage | ProcUsage
    ) -> None:
        self.control = control
        self.first = first
        self.memory = config["limits"]["total_memory_bytes"]
        self.cpu_limit = float("inf")
        self.reason = ""
        self.measured = 0.0
        self.counted = counted

    def until_end(self) -> tuple[str, int, resource.struct_rusage]:
        poll = select.poll()
        poll.register(self.control.socket, select.POLLIN)
        handle = None
        with contextlib.suppress(OSError, AttributeError):
            handle = os.pidfd_open(self.first)
            poll.register(handle, select.POLLIN)
        while True:
            done, status, usage = os.wait4(self.first, os.WNOHANG)
            if done:
                return self.reason or "exit", status, usage
            events = poll.poll(INTERVAL * 1000)
            # It polls by the clock: many short cells are many events.
            if time.monotonic() >= self.measured + INTERVAL:
                self._measure()
            if any(number == self.control.socket.fileno() for number, _ in events):
                self._obey()

    def _obey(self) -> None:
        try:
            # A whole frame is on its way: the parent is trusted.
            message = self.control.receive(time.monotonic() + 10)
        except Exception:
            # The parent is gone.
            self._end("abandoned")
            return
        action = message.text("do")
        if action == "kill":
            self._end("killed")
        elif action == "allow":
            self.cpu_limit = self.counted.read().cpu + message.number("seconds")

    def _measure(self) -> None:
        self.measured = time.monotonic()
        usage = self.counted.read()
        if usage.cpu > self.cpu_limit:
            self._end("cpu")
        elif usage.memory > self.memory or usage.out_of_memory:
            self._end("memory")

    def _end(self, reason: str) -> None:
        self.reason = self.reason or reason
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first, signal.SIGKILL)
