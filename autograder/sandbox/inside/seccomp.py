"""A seccomp filter, assembled here so that no system package is needed.

It refuses what leads out of the sandbox or around its limits and lets everything else pass; files
are guarded by the mount namespace, not here. Numbers from the kernel's syscall tables.
"""

import ctypes
import errno
import platform
import struct

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Refused with EPERM whatever the arguments. (x86_64, aarch64); None: absent there.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "execve": (59, 221),
    "execveat": (322, 281),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "seccomp": (317, 277),
    "personality": (135, 92),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "_sysctl": (156, None),
    "lookup_dcookie": (212, 18),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "vhangup": (153, 58),
    "socket": (41, 198),
    "ioprio_set": (251, 30),
}

# (x86_64, aarch64) of the calls whose arguments decide.
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_IOCTL = (16, 29)
_PRCTL = (157, 167)
_PRLIMIT = (302, 261)
_SOCKETPAIR = (53, 199)
_MMAP = (9, 222)

# CLONE_NEW* of clone's flags: time, mount, cgroup, uts, ipc, user, pid, net.
_NAMESPACE_FLAGS = 0x80 | 0x20000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000
_NAMESPACE_FLAGS |= 0x20000000 | 0x40000000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_PR_SET_PDEATHSIG = 1
_MAP_SHARED, _MAP_ANONYMOUS = 0x01, 0x20
_AF_UNIX = 1

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH, _ARG0 = 0, 4, 16


def _errno(number: int) -> int:
    return 0x00050000 | number


class _Program:
    """BPF instructions; jumps are relative, so each test carries its own return."""

    def __init__(self) -> None:
        self.code: list[tuple[int, int, int, int]] = []

    def add(self, code: int, value: int, if_true: int = 0, if_false: int = 0) -> None:
        self.code.append((code, if_true, if_false, value))

    def load(self, offset: int) -> None:
        self.add(_LOAD, offset)

    def when_equal(self, value: int, action: int) -> None:
        self.add(_JEQ, value & 0xFFFFFFFF, 0, 1)
        self.add(_RETURN, action)

    def argument(self, number: int, index: int, tests: list[tuple[int, int, bool]], action: int):
        """For one syscall: refuse when a test (jump code, value, refuse if true) says so."""
        self.load(_NR)
        self.add(_JEQ, number, 0, 1 + 2 * len(tests))
        # Low half of the argument: all of these are ints to the kernel.
        self.load(_ARG0 + 8 * index)
        for code, value, refuse_if in tests:
            self.add(code, value & 0xFFFFFFFF, *((0, 1) if refuse_if else (1, 0)))
            self.add(_RETURN, action)

    def all_flags(self, number: int, index: int, flags: list[int], action: int) -> None:
        """For one syscall: refuse where an argument has a bit of each of the flags."""
        self.load(_NR)
        self.add(_JEQ, number, 0, 2 + len(flags))
        self.load(_ARG0 + 8 * index)
        for left, flag in zip(range(len(flags), 0, -1), flags, strict=True):
            self.add(_JSET, flag, 0, left)
        self.add(_RETURN, action)

    def install(self, libc: ctypes.CDLL) -> None:
        data = b"".join(struct.pack("HBBI", *line) for line in self.code)
        buffer = ctypes.create_string_buffer(data, len(data))
        program = struct.pack("HxxxxxxP", len(self.code), ctypes.addressof(buffer))
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0):
            raise OSError(ctypes.get_errno(), "seccomp")


def _architecture() -> int:
    """Index into the pairs above. Raises OSError on a processor without a table."""
    try:
        return list(_ARCHITECTURES).index(platform.machine())
    except ValueError:
        raise OSError(
            errno.ENOSYS, f"no syscall table for processor {platform.machine()}"
        ) from None


def _start(which: int) -> _Program:
    program = _Program()
    program.load(_ARCH)
    program.add(_JEQ, list(_ARCHITECTURES.values())[which], 1, 0)
    program.add(_RETURN, _KILL_PROCESS)
    program.load(_NR)
    if which == 0:
        # The x32 numbers of x86_64 would bypass every comparison below.
        program.add(_JGE, 0x40000000, 0, 1)
        program.add(_RETURN, _KILL_PROCESS)
    return program


def install(libc: ctypes.CDLL) -> None:
    """Confine the calling process and all its descendants, for good.

    Raises OSError where the kernel or the processor does not support it.
    """
    which = _architecture()
    program = _start(which)
    for numbers in REFUSED.values():
        if (number := numbers[which]) is not None:
            program.when_equal(number, _errno(errno.EPERM))
    # ENOSYS: the C library then falls back to clone, whose flags can be checked.
    program.when_equal(_CLONE3[which], _errno(errno.ENOSYS))
    refused = _errno(errno.EPERM)
    program.argument(_CLONE[which], 0, [(_JSET, _NAMESPACE_FLAGS, True)], refused)
    program.argument(_IOCTL[which], 1, [(_JEQ, _TIOCSTI, True), (_JEQ, _TIOCLINUX, True)], refused)
    program.argument(_PRCTL[which], 0, [(_JEQ, _PR_SET_PDEATHSIG, True)], refused)
    # Limits of other processes are not the student's to change.
    program.argument(_PRLIMIT[which], 0, [(_JEQ, 0, False)], refused)
    program.argument(_SOCKETPAIR[which], 0, [(_JEQ, _AF_UNIX, False)], refused)
    # Such pages, once unmapped, are counted to no process and are kept all the same.
    program.all_flags(_MMAP[which], 3, [_MAP_SHARED, _MAP_ANONYMOUS], refused)
    program.add(_RETURN, _ALLOW)
    program.install(libc)
