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
from collections.abc import Iterator
from typing import NamedTuple

from ..protocol import Channel, ProtocolError
from . import child, isolation, seccomp

INTERVAL = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()


def keep(control_fd: int, data_fd: int, level: str) -> None:
    """Run one job to its end. `control_fd` leads to the parent, `data_fd` is for the notebook."""
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
        _become_notebook(data_fd, config, level)
    os.close(data_fd)
    reason, status, usage = _Watch(control, first, config).until_end()
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


def _become_notebook(data_fd: int, config: dict, level: str) -> None:
    """Close the room behind process 1 and hand over to the student's side. Never returns."""
    limits = config["limits"]
    channel = Channel(socket.socket(fileno=data_fd))
    try:
        os.setsid()
        if level != "process":
            isolation.mount_job(limits["scratch_bytes"])
        isolation.limit_resources(
            _process_limit(limits["processes"], level),
            limits["file_bytes"],
            limits["open_files"],
            # Of a single process, and only a backstop: the parent's limits are tighter.
            limits["notebook_cpu"] + limits["cell_cpu"] + 2 * limits["group_cpu"],
        )
        if level != "process":
            isolation.drop_capabilities()
        # Else a job whose keeper was killed would run on, with nobody to count and end it.
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


def _process_limit(wanted: int, level: str) -> int | None:
    """None where the kernel would count all processes of the user instead of the job's."""
    release = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
    counts_by_namespace = level != "process" and release >= (5, 14)
    return wanted if counts_by_namespace else None


class _Watch:
    """Polls a job until it ends or must be ended."""

    def __init__(self, control: Channel, first: int, config: dict) -> None:
        self.control = control
        self.first = first
        self.memory = config["limits"]["total_memory_bytes"]
        self.cpu_limit = float("inf")
        self.reason = ""
        self.measured = 0.0
        self.inherited_pages = _own_pages(os.getpid())

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
            # By the clock: many short cells are many events.
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
            self.cpu_limit = self._usage()[0] + message.number("seconds")

    def _measure(self) -> None:
        self.measured = time.monotonic()
        cpu, memory = self._usage()
        if cpu > self.cpu_limit:
            self._end("cpu")
        elif memory > self.memory:
            self._end("memory")

    def _end(self, reason: str) -> None:
        self.reason = self.reason or reason
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first, signal.SIGKILL)

    def _usage(self) -> tuple[float, int]:
        """CPU seconds and resident bytes that the job's processes added to what they were given."""
        table = dict(_processes())
        ticks = pages = 0
        job, waiting = set(), [self.first]
        while waiting:
            number = waiting.pop()
            if number in table and number not in job:
                job.add(number)
                waiting += [child for child, entry in table.items() if entry.parent == number]
        for number in job:
            entry = table[number]
            ticks += entry.own_ticks + (entry.child_ticks if number == self.first else 0)
            # What a fork inherits from the server was not taken by the job.
            pages += max(0, _own_pages(number) - self.inherited_pages)
        return ticks / _TICKS, pages * _PAGE


class _Process(NamedTuple):
    parent: int
    own_ticks: int
    child_ticks: int


def _processes() -> Iterator[tuple[int, _Process]]:
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if not name.isdecimal():
            continue
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
            # The name in parentheses may hold anything: count from behind it.
            value = [int(x) for x in file.read().rpartition(b")")[2].split()[1:16]]
            yield int(name), _Process(value[0], sum(value[10:12]), sum(value[12:14]))


def _own_pages(number: int) -> int:
    """Resident pages that belong to no file: heap, stacks, copies, shared memory."""
    try:
        with open(f"/proc/{number}/status", "rb") as file:
            entries = dict(line.split(b":", 1) for line in file if b":" in line)
        # statm counts shared memory as if it were a file's.
        kilobytes = sum(int(entries[name].split()[0]) for name in (b"RssAnon", b"RssShmem"))
    except (OSError, ValueError, KeyError):
        return 0
    return kilobytes * 1024 // _PAGE
