"""What a job uses: read from its control group where it has one, else counted in /proc."""

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()
_MOST_READ = 4096


class Usage(NamedTuple):
    """CPU seconds and bytes; `out_of_memory` where the kernel had to end a process for them."""

    cpu: float
    memory: int
    out_of_memory: bool = False


class CgroupUsage:
    """Asks the kernel, which counts exactly: ended processes, buffers and shared pages too."""

    def __init__(self, cpu: int, out_of_memory: int) -> None:
        self._cpu, self._out_of_memory = cpu, out_of_memory

    def read(self) -> Usage:
        """Return what the job has used so far; the kernel itself limits the memory."""
        texts = [os.pread(fd, _MOST_READ, 0).decode() for fd in (self._cpu, self._out_of_memory)]
        return Usage(cpu_seconds(texts[0]), 0, oom_kills(texts[1]) > 0)


def cpu_seconds(text: str) -> float:
    """Return the CPU time that `cpuacct.usage` (version 1) or `cpu.stat` (version 2) holds."""
    if text.strip().isdecimal():
        return int(text) / 1e9
    return _entry(text, "usage_usec") / 1e6


def oom_kills(text: str) -> int:
    """Return how many processes had to be ended, from `memory.oom_control` or `memory.events`."""
    return _entry(text, "oom_kill")


def _entry(text: str, name: str) -> int:
    entries = dict(line.split(None, 1) for line in text.splitlines() if " " in line)
    return int(entries.get(name, 0))


def address_space() -> int:
    """Return the size of this process's address space in bytes (0 where /proc is missing)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    except OSError:
        return 0


class ProcUsage:
    """Counts a job's processes in /proc; memory that belongs to no process is counted as lent.

    What an open pipe or socket may hold in its buffer is in no process's resident memory, so
    every descriptor counts for as much as it could hold.
    """

    def __init__(self, first: int, buffer_bytes: int) -> None:
        self._first, self._buffer = first, buffer_bytes
        self._inherited = _own_pages(os.getpid())

    def read(self) -> Usage:
        """Return what the job's processes added to what they were given."""
        table = dict(_processes())
        ticks = size = 0
        job, waiting = set(), [self._first]
        while waiting:
            number = waiting.pop()
            if number in table and number not in job:
                job.add(number)
                waiting += [child for child, entry in table.items() if entry.parent == number]
        for number in job:
            entry = table[number]
            ticks += entry.own_ticks + (entry.child_ticks if number == self._first else 0)
            # What a fork inherits from the server was not taken by the job.
            size += max(0, _own_pages(number) - self._inherited) * _PAGE
            size += _open_files(number) * self._buffer
        return Usage(ticks / _TICKS, size)


class _Process(NamedTuple):
    parent: int
    own_ticks: int
    child_ticks: int


def _processes() -> Iterator[tuple[int, _Process]]:
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if not name.isdecimal():
            continue
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
            # The name in parentheses may hold anything: fields are counted from behind it.
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


def _open_files(number: int) -> int:
    try:
        return len(os.listdir(f"/proc/{number}/fd"))
    except OSError:
        return 0
