"""Which isolation this machine offers, tried rather than guessed."""

import os
import platform
import sys

from ..errors import IsolationUnavailable
from .cgroups import find_here
from .users import whom_to_run_as

LEVELS = {
    "namespaces": "own user, mount, process and network namespaces, seccomp, resource limits",
    "process": "NO ISOLATION: a process with resource limits only; it can read what you can read",
}


def describe_level(level: str) -> str:
    """Return a level's name and what it means here, for people to read."""
    means = LEVELS[level]
    if level != "process":
        means += f"; {describe_accounting()}"
    return f"{level} ({means})"


def describe_accounting() -> str:
    """Say who counts a job's memory, processes and CPU time on this machine."""
    found = find_here()
    if found is None:
        return "memory counted by process"
    return f"memory counted by the kernel, cgroup v{found.version}"


def probe() -> list[tuple[str, bool, str]]:
    """Return (level, available, reason) for every level, best first."""
    reason = _try_namespaces()
    return [
        ("namespaces", not reason, reason or f"{LEVELS['namespaces']}; {describe_accounting()}"),
        ("process", hasattr(os, "fork"), LEVELS["process"]),
    ]


def choose_level(level: str) -> str:
    """Return the level that is active for `level`: itself, or for "auto" the best that isolates.

    Raises ValueError for an unknown one, IsolationUnavailable where it does not work here.
    """
    if level not in ("auto", *LEVELS):
        raise ValueError(f"unknown isolation level {level!r}: auto, {', '.join(LEVELS)}")
    found = {name: (available, reason) for name, available, reason in probe()}
    if level != "auto":
        available, reason = found[level]
        if not available:
            raise IsolationUnavailable(f"isolation level {level!r} does not work here: {reason}")
        return level
    for name in LEVELS:
        if name != "process" and found[name][0]:
            return name
    raise IsolationUnavailable(
        f"no isolation that separates processes works here ({found['namespaces'][1]});"
        " --isolation process runs submissions without it: only your own, or ones you trust"
    )


def _try_namespaces() -> str:
    """Enter every namespace and install the filter in a fork; return what failed, or ""."""
    if sys.platform != "linux":
        return f"namespaces need Linux, this is {platform.system()}"
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            _attempt(writer)
        except BaseException as error:
            os.write(writer, f"{error}".encode()[:1000])
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        told = pipe.read(2000).decode("utf-8", "replace")
    os.waitpid(child, 0)
    if told.endswith("works"):
        return ""
    return told + _advice() if told else "a process died while trying"


def _attempt(writer: int) -> None:
    """The server's room and a job's within it, as far as both can be tried without mounts."""
    from ..inside import isolation, seccomp

    def outer() -> None:
        if os.geteuid() == 0:
            isolation.unshare(isolation.ALL_NAMESPACES)
        else:
            isolation.unshare_user(isolation.ALL_NAMESPACES)

    def job() -> None:
        isolation.drop_root(*whom_to_run_as())
        isolation.unshare_job()

    def closed() -> None:
        isolation.drop_capabilities()
        seccomp.install(isolation.libc())
        os.write(writer, b"works")

    _nest(writer, [outer, job, closed])


def _nest(writer: int, steps: list) -> None:
    """Take each step in a fork of the process that took the one before."""
    steps[0]()
    if len(steps) > 1:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        try:
            _nest(writer, steps[1:])
        except BaseException as error:
            os.write(writer, f"{error}".encode()[:1000])
        finally:
            os._exit(0)


def _advice() -> str:
    for path, wanted, name in (
        ("/proc/sys/kernel/unprivileged_userns_clone", "1", "kernel.unprivileged_userns_clone=1"),
        (
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "0",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ):
        try:
            with open(path) as file:
                if file.read().strip() != wanted:
                    return f" (an administrator can allow it: sysctl -w {name})"
        except OSError:
            continue
    return ""
