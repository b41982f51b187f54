"""Linux namespaces by ctypes: the view of the file system that the server gets, and each job's own.

Two rooms, one inside the other. The server's room (`enter_view`) is built once: an allow-list of
read-only mounts, no network, its own process numbers, an unprivileged user. Each job's room
(`unshare_job`, `mount_job`) is built inside it after a fork: fresh namespaces, scratch space of
its own, no capabilities, a seccomp filter. Mounts copied into a new user namespace are locked by
the kernel, so the inner room cannot reopen what the outer one closed.
"""

import contextlib
import ctypes
import errno
import os
import resource
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ..usage import address_space

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
ALL_NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_SYS_MOUNT_SETATTR = 442
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SECURE_NO_ROOT_LOCKED = 0x2F

# Top-level names of our own: Python may well be installed below /home or /tmp.
HOME = "/student"
WARM_UP = "/warm"
# No "zero": pages of a shared mapping of it are in no process's count. Read-only, because anybody
# may set the time stamps of a device that anybody may write, and other jobs see the same device.
_DEVICES = ("null", "random", "urandom")


def libc() -> ctypes.CDLL:
    """Return the C library of this process, with errno kept."""
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    encoded = [None if part is None else os.fsencode(part) for part in (source, target, kind)]
    _check(libc().mount(*encoded, ctypes.c_ulong(flags), options.encode()), f"mount {target}")


def unshare(flags: int) -> None:
    """Leave the shared namespaces named by `flags`. Raises OSError."""
    _check(libc().unshare(flags), "unshare")


def unshare_user(flags: int = 0) -> None:
    """Enter a new user namespace in which the caller keeps its ids. Raises OSError."""
    uid, gid = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | flags)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text)


@dataclass(frozen=True)
class View:
    """What the server's room holds.

    `read_only` are paths that keep their place; `placed` maps a place in the room to a path
    outside; `staging` is an empty folder on which the room is built; the code will run as `user`
    and `group`.
    """

    staging: str
    user: int
    group: int
    read_only: list[str] = field(default_factory=list)
    placed: dict[str, str] = field(default_factory=dict)


def enter_view(view: View) -> None:
    """Build the server's room and move into it. The caller has unshared its mount namespace.

    Raises OSError where the kernel refuses a step.
    """
    root = view.staging
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    _mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")
    for place, source in [*((path, path) for path in view.read_only), *view.placed.items()]:
        _place(root, place, source)
    for name in _DEVICES:
        target = _make_file(root, f"/dev/{name}")
        _mount(f"/dev/{name}", target, None, MS_BIND)
        _make_read_only(target, MS_NOSUID | MS_NOEXEC)
    for name, content in {
        "/etc/passwd": f"student:x:{view.user}:{view.group}::/student:/bin/false\n",
        "/etc/group": f"student:x:{view.group}:\n",
        "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }.items():
        Path(_make_file(root, name)).write_text(content)
    for name in ("ld.so.cache", "localtime"):
        with contextlib.suppress(OSError):
            Path(_make_file(root, f"/etc/{name}")).write_bytes(Path("/etc", name).read_bytes())
    for folder in ("/proc", "/tmp", "/dev/shm", HOME, WARM_UP):
        os.makedirs(root + folder, exist_ok=True)
    _mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _mount("tmpfs", root + WARM_UP, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=32m")
    os.chdir(root)
    number = _SYS_PIVOT_ROOT[os.uname().machine]
    _check(libc().syscall(number, b".", b"."), "pivot_root")
    _check(libc().umount2(b".", MNT_DETACH), "umount of the old root")
    os.chdir("/")
    _mount("none", "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _make_file(root: str, place: str) -> str:
    target = root + place
    os.makedirs(os.path.dirname(target), exist_ok=True)
    Path(target).touch()
    return target


def _place(root: str, place: str, source: str) -> None:
    target = root + place
    if os.path.islink(source):
        # Links such as /lib -> usr/lib.
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.symlink(os.readlink(source), target)
        return
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        _make_file(root, place)
    _mount(source, target, None, MS_BIND | MS_REC)
    _make_read_only(target)


def _make_read_only(target: str, more: int = MS_NOSUID | MS_NODEV) -> None:
    # struct mount_attr: attr_set, attr_clr, propagation, userns_fd.
    attributes = (ctypes.c_uint64 * 4)(MS_RDONLY | more, 0, 0, 0)
    result = libc().syscall(
        _SYS_MOUNT_SETATTR,
        _AT_FDCWD,
        os.fsencode(target),
        _AT_RECURSIVE,
        ctypes.byref(attributes),
        ctypes.c_size_t(32),
    )
    if result == 0:
        return
    if ctypes.get_errno() != errno.ENOSYS:
        _check(result, f"read-only {target}")
    # This is for Linux before 5.12. The mount's flags are locked, so they must be given again.
    kept = os.statvfs(target).f_flag & (MS_NOEXEC | 1024 | 2048)
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | more | kept
    _mount("none", target, None, flags)


def drop_root(user: int, group: int) -> None:
    """Become `user`, if root; give up every capability in any case."""
    if os.geteuid() == 0:
        os.setgroups([])
        # As root, this changes all three ids of each.
        os.setgid(group)
        os.setuid(user)
    if sys.platform != "linux":
        return
    drop_capabilities()
    # Changing ids made /proc/self belong to root; the id maps of a job must be writable.
    libc().prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def drop_capabilities() -> None:
    """Give up all capabilities of the current user namespace, for good. Raises OSError."""
    c = libc()
    c.prctl(PR_SET_SECUREBITS, _SECURE_NO_ROOT_LOCKED, 0, 0, 0)
    c.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    for number in range(64):
        if c.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) and ctypes.get_errno() == errno.EINVAL:
            break
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    number = _SYS_CAPSET[os.uname().machine]
    _check(c.syscall(number, ctypes.byref(header), ctypes.byref(nothing)), "capset")
    _check(c.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def unshare_job() -> None:
    """Leave the server's namespaces; the next fork is process 1 of the job. Raises OSError.

    The mounts stay, and process 1 leaves them by itself: the keeper goes on seeing the server's
    /proc, in which it counts what the job uses.
    """
    unshare_user(ALL_NAMESPACES & ~CLONE_NEWNS)


def mount_job(scratch_bytes: int) -> None:
    """Give the job its own /proc and scratch space. Called by process 1. Raises OSError."""
    unshare(CLONE_NEWNS)
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    try:
        _mount("proc", "/proc", "proc", flags, "subset=pid,hidepid=2")
    except OSError:
        # These options came with Linux 5.8.
        _mount("proc", "/proc", "proc", flags)
    small = scratch_bytes // 4
    places = [(HOME, scratch_bytes), ("/dev/shm", small), (WARM_UP, small)]
    if not os.listdir("/tmp"):
        places.append(("/tmp", small))
    for place, size in places:
        _mount("tmpfs", place, "tmpfs", flags, f"mode=1777,size={size},nr_inodes=4096")
    os.makedirs(f"{HOME}/work")
    os.makedirs(f"{HOME}/tmp")


def limit_resources(processes: int | None, file_bytes: int, open_files: int, cpu: float) -> None:
    """Set the limits that a whole job lives under; they can only be lowered afterwards."""
    seconds = int(cpu) + 2
    for name, value in {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": file_bytes,
        "RLIMIT_NOFILE": open_files,
        "RLIMIT_NPROC": processes,
        "RLIMIT_CPU": seconds,
        "RLIMIT_MEMLOCK": 1 << 16,
        "RLIMIT_MSGQUEUE": 0,
    }.items():
        if value is not None and hasattr(resource, name):
            _lower(getattr(resource, name), value, value)


def limit_memory(more: int, hard_factor: int = 1) -> None:
    """Let this process add `more` bytes to the address space it has now.

    The hard limit leaves `hard_factor` times as much, for processes forked later.
    """
    used = address_space()
    if not used:
        # The size is unknown and the limit would be a guess. macOS does not enforce one either.
        return
    with contextlib.suppress(OSError, ValueError):
        _lower(resource.RLIMIT_AS, used + more, used + more * hard_factor)


def _lower(kind: int, soft: int, hard: int) -> None:
    present = resource.getrlimit(kind)[1]
    if present != resource.RLIM_INFINITY:
        hard = min(hard, present)
    resource.setrlimit(kind, (min(soft, hard), hard))


def end_with_parent() -> None:
    """Have the kernel end this process with the one that started it, on Linux."""
    if sys.platform == "linux":
        libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def default_signals() -> None:
    """Undo what Python and the server set up, as far as a job must not inherit it."""
    for number in (signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.SIG_IGN)
