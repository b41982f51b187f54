"""Which isolation this machine offers, tried rather than guessed."""

import os
import platform
import sys
from collections.abc import Mapping

from autograder.texts import TextError, same_in_all
from checks.text import ENGLISH, Text, listed

from ..errors import IsolationUnavailable
from .cgroups import find_here
from .users import whom_to_run_as

LEVELS: Mapping[str, Text] = {
    "namespaces": Text(
        "own user, mount, process and network namespaces, seccomp, resource limits",
        "独立的用户、挂载、进程和网络命名空间，seccomp，资源限制",
    ),
    "process": Text(
        "NO ISOLATION: a process with resource limits only; it can read what you can read",
        "没有隔离：只是一个受资源限制的进程；凡是你能读取的，它也能读取",
    ),
}
_LINE = Text("isolation: {level}", "隔离方式：{level}")
_NAMED = Text("{level} ({means})", "{level}（{means}）")
_COUNTED = Text("{means}; {accounting}", "{means}；{accounting}")
_BY_PROCESS = Text("memory counted by process", "内存按进程统计")
_BY_KERNEL = Text(
    "memory counted by the kernel, cgroup v{version}", "内存由内核统计，cgroup v{version}"
)
_UNKNOWN = Text("unknown isolation level {level!r}: {names}", "未知的隔离方式 {level!r}：{names}")
_NO_LEVEL = Text(
    "isolation level {level!r} does not work here: {reason}",
    "隔离方式 {level!r} 在这里不可用：{reason}",
)
_NOTHING_WORKS = Text(
    "no isolation that separates processes works here ({reason}); --isolation process runs "
    "submissions without it: only your own, or ones you trust",
    "这里没有可用的进程隔离（{reason}）；--isolation process 会不加隔离地运行提交："
    "只用于你自己的或可信的提交",
)
_NEEDS_LINUX = Text(
    "namespaces need Linux, this is {system}", "命名空间需要 Linux，而这里是 {system}"
)
_DIED = Text("a process died while trying", "尝试时有进程意外终止")
_ADVISED = Text(
    "{told} (an administrator can allow it: sysctl -w {name})",
    "{told}（管理员可以放开：sysctl -w {name}）",
)


class UnknownLevel(TextError, ValueError):
    """There is no such level of isolation."""


def isolation_line(level: str) -> Text:
    """Return the line with which a run says how well students' code is kept apart."""
    return _LINE.format(level=described(level))


def describe_level(level: str) -> str:
    """Return a level's name and what it means here, in the English of verdicts."""
    return described(level).in_(ENGLISH)


def described(level: str) -> Text:
    """Return a level's name and what it means here."""
    means = LEVELS[level]
    if level != "process":
        means = _COUNTED.format(means=means, accounting=accounting())
    return _NAMED.format(level=level, means=means)


def accounting() -> Text:
    """Say who counts a job's memory, processes and CPU time on this machine."""
    found = find_here()
    return _BY_PROCESS if found is None else _BY_KERNEL.format(version=found.version)


def probe() -> list[tuple[str, bool, Text]]:
    """Return (level, available, reason) for every level, best first."""
    reason = _try_namespaces()
    works = _COUNTED.format(means=LEVELS["namespaces"], accounting=accounting())
    return [
        ("namespaces", reason is None, reason or works),
        ("process", hasattr(os, "fork"), LEVELS["process"]),
    ]


def choose_level(level: str) -> str:
    """Return the level that is active for `level`: itself, or for "auto" the best that isolates.

    Raises UnknownLevel for an unknown one, IsolationUnavailable where it does not work here.
    """
    if level not in ("auto", *LEVELS):
        raise UnknownLevel(_UNKNOWN.format(level=level, names=listed(("auto", *LEVELS))))
    found = {name: (available, reason) for name, available, reason in probe()}
    if level != "auto":
        available, reason = found[level]
        if not available:
            raise IsolationUnavailable(_NO_LEVEL.format(level=level, reason=reason))
        return level
    for name in LEVELS:
        if name != "process" and found[name][0]:
            return name
    raise IsolationUnavailable(_NOTHING_WORKS.format(reason=found["namespaces"][1]))


def _try_namespaces() -> Text | None:
    """Enter every namespace and install the filter in a fork; return what failed, or None."""
    if sys.platform != "linux":
        return _NEEDS_LINUX.format(system=platform.system())
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
        return None
    return _advised(told) if told else _DIED


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


def _advised(told: str) -> Text:
    """Return what failed, with the setting that forbids it where there is one."""
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
                    return _ADVISED.format(told=told, name=name)
        except OSError:
            continue
    return same_in_all(told)
