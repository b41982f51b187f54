"""Control groups: the kernel itself counts and limits a job's memory, processes and CPU time.

Version 1 needs root; version 2 a folder that was delegated to the user, as systemd does for a
user's own services. A job's first process joins through descriptors that it is handed, so that
nothing of the file system of control groups is in the sandbox.
"""

import contextlib
import functools
import itertools
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..usage import cpu_seconds, oom_kills

CONTROLLERS = ("memory", "pids", "cpuacct")
"""The hierarchies of version 1; version 2 counts CPU time without being asked."""

# Seconds after which an empty group whose maker is gone is taken for forgotten.
_FORGOTTEN = 600
_numbers = itertools.count()


@dataclass(frozen=True)
class _Version:
    """The names of a version's files, and which of its settings may be missing."""

    memory: str
    cpu: str
    out_of_memory: str
    optional: Mapping[str, str]


_VERSIONS = {
    1: _Version(
        "memory.limit_in_bytes",
        "cpuacct.usage",
        "memory.oom_control",
        {"memory.swappiness": "0"},
    ),
    2: _Version(
        "memory.max",
        "cpu.stat",
        "memory.events",
        {"memory.swap.max": "0", "memory.oom.group": "1"},
    ),
}


class JobCgroup:
    """The control group of one job, from before its first process to after its last."""

    def __init__(self, version: int, places: Mapping[str, Path], memory: int, tasks: int) -> None:
        self._files = _VERSIONS[version]
        name = f"autograder-{os.getpid()}-{next(_numbers)}"
        self._folders = {controller: place / name for controller, place in places.items()}
        self.descriptors: list[int] = []
        try:
            for folder in dict.fromkeys(self._folders.values()):
                folder.mkdir()
            _write(self._folders["memory"] / self._files.memory, str(memory))
            _write(self._folders["pids"] / "pids.max", str(tasks))
            for setting, value in self._files.optional.items():
                with contextlib.suppress(OSError):
                    _write(self._folders["memory"] / setting, value)
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        for path in (self._cpu, self._out_of_memory):
            self.descriptors.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        for folder in dict.fromkeys(self._folders.values()):
            flags = os.O_WRONLY | os.O_CLOEXEC
            self.descriptors.append(os.open(folder / "cgroup.procs", flags))

    @property
    def _cpu(self) -> Path:
        return self._folders["cpuacct"] / self._files.cpu

    @property
    def _out_of_memory(self) -> Path:
        return self._folders["memory"] / self._files.out_of_memory

    def cpu_seconds(self) -> float:
        """Return the CPU time of all the job's processes, ended ones included."""
        return cpu_seconds(self._cpu.read_text())

    def oom_kills(self) -> int:
        """Return how many processes the kernel ended because the memory was used up."""
        return oom_kills(self._out_of_memory.read_text())

    def handed_over(self) -> None:
        """Close the descriptors, once the job has its own."""
        for number in self.descriptors:
            os.close(number)
        self.descriptors = []

    def close(self) -> None:
        """Remove the group, which is empty by now; what is left goes with a later run."""
        self.handed_over()
        for folder in dict.fromkeys(self._folders.values()):
            for _ in range(20):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    # A process that was just killed may be on its way out.
                    time.sleep(0.005)
                else:
                    break


@dataclass(frozen=True)
class Cgroups:
    """Where groups for jobs can be made: a folder for each controller."""

    version: int
    places: Mapping[str, Path]

    def of_job(self, memory: int, tasks: int) -> JobCgroup:
        """Make a group that may use this many bytes and tasks. Raises OSError."""
        return JobCgroup(self.version, self.places, memory, tasks)

    def remove_forgotten(self) -> None:
        """Remove what graders that were killed have left."""
        for place in set(self.places.values()):
            for folder in place.glob("autograder-*-*"):
                with contextlib.suppress(OSError, ValueError, IndexError):
                    gone = not Path(f"/proc/{int(folder.name.split('-')[1])}").exists()
                    if gone and time.time() - folder.stat().st_mtime > _FORGOTTEN:
                        folder.rmdir()


@functools.cache
def find_here() -> Cgroups | None:
    """Return where this process can make control groups, tried with one; None where it can't."""
    if sys.platform != "linux":
        return None
    try:
        mounts = Path("/proc/self/mountinfo").read_text()
        own = Path("/proc/self/cgroup").read_text()
        found = find(mounts, own)
        if found is None or not _works(found):
            return None
        found.remove_forgotten()
    except (OSError, ValueError):
        return None
    return found


def find(mountinfo: str, own: str) -> Cgroups | None:
    """Return the folders that the two files of /proc name and that are open to this process."""
    mounted = _mounted(mountinfo)
    paths = {}
    for line in own.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(",") if controllers else [""]:
            paths[controller] = path
    if all(name in mounted and name in paths for name in CONTROLLERS):
        places = {name: _own_folder(mounted[name], paths[name]) for name in CONTROLLERS}
        if all(os.access(place, os.W_OK) for place in places.values()):
            return Cgroups(1, places)
        return None
    if "" not in mounted or "" not in paths:
        return None
    top = mounted[""][1]
    folder = _own_folder(mounted[""], paths[""])
    # Beside our own group: a group that holds processes can have no groups below it.
    for place in folder.parents:
        if place != top and top not in place.parents:
            return None
        if _is_delegated(place):
            return Cgroups(2, dict.fromkeys(CONTROLLERS, place))
    return None


def _is_delegated(place: Path) -> bool:
    try:
        given = (place / "cgroup.subtree_control").read_text().split()
    except OSError:
        return False
    writable = os.access(place, os.W_OK) and os.access(place / "cgroup.procs", os.W_OK)
    return writable and {"memory", "pids"} <= set(given)


def _mounted(mountinfo: str) -> dict[str, tuple[str, Path]]:
    """Return (root, place) of each controller's hierarchy; version 2 stands under ""."""
    found = {}
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        root, place = (_unescaped(text) for text in before.split()[3:5])
        kind, _, options = after.split(None, 2)
        for controller in [""] if kind == "cgroup2" else options.split(","):
            if kind.startswith("cgroup"):
                found[controller] = root, Path(place)
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _own_folder(mounted: tuple[str, Path], path: str) -> Path:
    root, place = mounted
    inside = os.path.relpath(path, root)
    return place if inside == "." or inside.startswith("..") else place / inside


def _works(cgroups: Cgroups) -> bool:
    """Try a group with a process that joins it, as a job's would."""
    group = cgroups.of_job(1 << 30, 64)
    try:
        child = os.fork()
        if child == 0:
            failed = 1
            with contextlib.suppress(BaseException):
                for number in group.descriptors[2:]:
                    os.write(number, b"0")
                failed = 0
            os._exit(failed)
        return os.waitpid(child, 0)[1] == 0 and group.cpu_seconds() >= 0 and not group.oom_kills()
    finally:
        group.close()


def _write(path: Path, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
