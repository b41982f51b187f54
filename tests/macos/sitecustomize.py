"""Makes this process and the ones it starts look like macOS: PYTHONPATH=tests/macos python ...

Takes away what CPython's documentation says is absent there, makes what is present fail the way
it fails there, and names the system Darwin. It shows code that needs Linux, nothing more: kernel
and C library stay Linux's. Empty /proc, too, where the caller may (`tests/test_macos.py` does).
"""

import contextlib
import ctypes
import fcntl
import importlib
import multiprocessing
import os
import platform
import posix
import resource
import runpy
import select
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile

ABSENT = {
    os: """
        copy_file_range eventfd eventfd_read eventfd_write fdatasync getrandom getresgid getresuid
        getxattr listxattr memfd_create pidfd_open pipe2 posix_fadvise posix_fallocate removexattr
        sched_getaffinity sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity
        sched_setparam sched_setscheduler setns setresgid setresuid setxattr splice
        timerfd_create unshare waitid O_DIRECT O_LARGEFILE O_NOATIME O_PATH O_RSYNC O_TMPFILE
        P_PIDFD
    """,
    signal: """
        pidfd_send_signal sigtimedwait sigwaitinfo SIGCLD SIGPOLL SIGPWR SIGRTMAX SIGRTMIN
        SIGSTKFLT
    """,
    resource: """
        prlimit RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_OFILE RLIMIT_RTPRIO RLIMIT_RTTIME
        RLIMIT_SIGPENDING RUSAGE_THREAD
    """,
    select: "epoll EPOLLIN EPOLLOUT EPOLLERR EPOLLHUP EPOLLET EPOLLONESHOT EPOLLRDHUP",
    socket: """
        AF_ALG AF_CAN AF_NETLINK AF_PACKET AF_VSOCK MSG_CMSG_CLOEXEC MSG_NOSIGNAL SCM_CREDENTIALS
        SOCK_CLOEXEC SOCK_NONBLOCK SO_BINDTODEVICE SO_PASSCRED SO_PEERCRED
    """,
    fcntl: "F_ADD_SEALS F_GETPIPE_SZ F_OFD_SETLK F_SETPIPE_SZ F_SETLEASE F_NOTIFY",
}
# They pick a compiled part for the system when they are imported: they stay Linux's.
COMPILED = ("psutil", "send2trash", "urllib.request")
LINUX_CALLS = "prctl unshare setns umount2 pivot_root capset seccomp clone syscall mount gettid"
UNAME = ("Darwin", "mac.local", "23.6.0", "Darwin Kernel Version 23.6.0", "arm64")
SERVER = "server.py"


def become_macos() -> None:
    """Change this process; the libraries that are imported later see macOS."""
    for library in COMPILED:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    sysconfig.get_config_vars()  # read from a file named after the platform, and kept
    for module, names in ABSENT.items():
        for name in names.split():
            for holder in {module, posix} if module is os else {module}:
                with contextlib.suppress(AttributeError):
                    delattr(holder, name)
    sys.platform = "darwin"
    os.uname = posix.uname = lambda: posix.uname_result(UNAME)
    platform.system = lambda: "Darwin"
    platform.machine = lambda: UNAME[-1]
    platform.mac_ver = lambda *_: ("14.5", ("", "", ""), UNAME[-1])
    ctypes.CDLL.__getattr__ = _without_linux_calls(ctypes.CDLL.__getattr__)
    resource.setrlimit = _without_address_space(resource.setrlimit)
    socket.socketpair = _streams_and_datagrams(socket.socketpair)
    subprocess.Popen.__init__ = _handing_on(subprocess.Popen.__init__)
    # What these chose for Linux when they were imported a moment ago.
    shutil._copyxattr = lambda *arguments, **options: None
    tempfile._O_TMPFILE_WORKS = False
    selectors.DefaultSelector = selectors.PollSelector
    multiprocessing.set_start_method("spawn", force=True)


def _without_linux_calls(look_up):
    def look_up_on_macos(library, name):
        if name in LINUX_CALLS.split():
            raise AttributeError(f"dlsym(RTLD_DEFAULT, {name}): symbol not found")
        return look_up(library, name)

    return look_up_on_macos


def _without_address_space(set_limit):
    def set_limit_on_macos(kind, limits):
        # Every process there maps hundreds of gigabytes, so that any useful limit is too low.
        if kind == resource.RLIMIT_AS and limits[0] != resource.RLIM_INFINITY:
            raise ValueError("current limit exceeds maximum limit")
        return set_limit(kind, limits)

    return set_limit_on_macos


def _streams_and_datagrams(make):
    def make_on_macos(family=socket.AF_UNIX, kind=socket.SOCK_STREAM, *rest):
        if kind == socket.SOCK_SEQPACKET:
            raise OSError(43, "Protocol not supported")
        return make(family, kind, *rest)

    return make_on_macos


def _handing_on(start):
    """Start Python programs that ignore PYTHONPATH (`-I`) through this file."""

    def start_on_macos(process, command, *arguments, **options):
        if isinstance(command, list) and "-I" in command:
            place = next((i for i, x in enumerate(command) if str(x).endswith(SERVER)), None)
            if place is not None:
                command = [*command[:place], __file__, *command[place:]]
        start(process, command, *arguments, **options)

    return start_on_macos


become_macos()
if __name__ == "__main__":
    sys.argv.pop(0)
    runpy.run_path(sys.argv[0], run_name="__main__")
