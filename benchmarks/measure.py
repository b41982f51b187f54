"""Runs a program and measures what it and everything below it took."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

INTERVAL = 0.25
MIB = 1 << 20


class ProgramFailed(RuntimeError):
    """A measured program did not end as it should; the message holds its last lines."""


@dataclass(frozen=True)
class Usage:
    """What a program took: seconds, and peaks of resident memory in MiB (0.0 where not measured).

    `cpu` counts the processes that were waited for, each by its parent. Memory that processes
    share is divided among them (Linux's proportional set size): `together` is the peak of the
    whole tree, `below` that of everything but the program itself.
    """

    wall: float
    cpu: float
    together: float
    below: float

    def plus_cpu(self, seconds: float) -> "Usage":
        """Return the usage with CPU time added that no parent saw."""
        return replace(self, cpu=self.cpu + seconds)


def run(
    command: Sequence[str | Path],
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    accept: Sequence[int] = (0,),
) -> Usage:
    """Run `command` in `folder` with its output in `log`. Raises ProgramFailed.

    The CPU time is getrusage's RUSAGE_CHILDREN, before and after; nothing else may be waited for
    in between.
    """
    before, started = _children_cpu(), time.monotonic()
    together = below = 0
    with open(log, "wb") as output:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env=_environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while True:
            try:
                process.wait(INTERVAL)
                break
            except subprocess.TimeoutExpired:
                own, others = _memory(process.pid)
                together, below = max(together, own + others), max(below, others)
    wall, cpu = time.monotonic() - started, _children_cpu() - before
    if process.returncode not in accept:
        last = log.read_text("utf-8", "replace")[-2000:]
        raise ProgramFailed(f"{command} ended with {process.returncode}:\n{last}")
    return Usage(wall, cpu, together / MIB, below / MIB)


def _environment() -> dict[str, str]:
    """Our environment; programs beside this Python are found first, the repository by no one.

    Or stock nbgrader's kernel would import the repository's modules before the student folder's.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | {"PATH": path}


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(root: int) -> tuple[int, int]:
    """Resident bytes of process `root`, and of everything below it."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdecimal():
            children.setdefault(_parent(name), []).append(int(name))

    def below(number: int) -> int:
        return sum(_resident(child) + below(child) for child in children.get(number, ()))

    return _resident(root), below(root)


def _parent(name: str) -> int:
    try:
        with open(f"/proc/{name}/stat", "rb") as file:
            # The name in parentheses may hold anything: read from behind it.
            return int(file.read().rpartition(b")")[2].split()[1])
    except OSError:
        return -1


def _resident(number: int) -> int:
    """Proportional set size; the resident set size less shared pages where that is not known."""
    try:
        with open(f"/proc/{number}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
        with open(f"/proc/{number}/statm", "rb") as file:
            _, resident, shared, *_ = map(int, file.read().split())
            return (resident - shared) * resource.getpagesize()
    except OSError:
        return 0
