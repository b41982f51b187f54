"""Which system calls a job may make: the one table behind the filter of :mod:`seccomp`.

The calls were measured over the correct styles, the generated classes and the attacks (``python -m
benchmarks syscalls`` measures again); those that Python, NumPy, h5py, matplotlib, SciPy and threads
may need on another machine were added. Any other one answers ENOSYS, as on a kernel without it:
splice, io_uring, inotify, memfd_create, clone3 (the C library then falls back to clone, whose flags
can be looked at), and what kernels to come will bring.
"""

import errno
from typing import NamedTuple

ALLOW = 0x7FFF0000
KILL = 0x80000000


def refuse(number: int) -> int:
    """Return the action of answering with an errno."""
    return 0x00050000 | number


NOT_PERMITTED = refuse(errno.EPERM)


class Calls(NamedTuple):
    """Calls with one action and one reason; `names` are "name x86_64 aarch64, ..."."""

    action: int
    reason: str
    names: str

    def numbers(self) -> dict[str, tuple[int | None, int | None]]:
        """Return the numbers of each call by its name; None where a processor has none."""
        found = {}
        for entry in self.names.split(","):
            name, *numbers = entry.split()
            found[name] = tuple(None if n == "-" else int(n) for n in numbers)
        return found


TABLE = (
    Calls(
        ALLOW,
        "open files, pipes and connections are read and written",
        """
        read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68,
        preadv 295 69, pwritev 296 70, preadv2 327 286, pwritev2 328 287, lseek 8 62, close 3 57,
        close_range 436 436, dup 32 23, dup2 33 -, dup3 292 24, pipe 22 -, pipe2 293 59,
        select 23 -, pselect6 270 72, poll 7 -, ppoll 271 73, epoll_create 213 -,
        epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22,
        epoll_pwait2 441 441, eventfd2 290 19, flock 73 32, fsync 74 82, fdatasync 75 83,
        fadvise64 221 223, fallocate 285 47, ftruncate 77 46
        """,
    ),
    Calls(
        ALLOW,
        "files are opened, listed and looked at; the mounts decide which",
        """
        open 2 -, openat 257 56, creat 85 -, stat 4 -, fstat 5 80, lstat 6 -, newfstatat 262 79,
        statx 332 291, statfs 137 43, fstatfs 138 44, access 21 -, faccessat 269 48,
        faccessat2 439 439, readlink 89 -, readlinkat 267 78, getdents 78 -, getdents64 217 61,
        getcwd 79 17, chdir 80 49, fchdir 81 50, getxattr 191 8, lgetxattr 192 9, fgetxattr 193 10,
        listxattr 194 11, llistxattr 195 12, flistxattr 196 13
        """,
    ),
    Calls(
        ALLOW,
        "a submission's own scratch space is arranged",
        """
        mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, rename 82 -,
        renameat 264 38, renameat2 316 276, link 86 -, linkat 265 37, symlink 88 -,
        symlinkat 266 36, truncate 76 45, chmod 90 -, fchmod 91 52, fchmodat 268 53,
        fchmodat2 452 452, utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88,
        umask 95 166
        """,
    ),
    Calls(
        ALLOW,
        "memory is taken and given back; mmap has a rule of its own",
        """
        brk 12 214, munmap 11 215, mprotect 10 226, mremap 25 216, madvise 28 233, msync 26 227,
        mbind 237 235, get_mempolicy 239 236
        """,
    ),
    Calls(
        ALLOW,
        "time is told and waited for",
        """
        clock_gettime 228 113, clock_getres 229 114, gettimeofday 96 169, time 201 -,
        nanosleep 35 101, clock_nanosleep 230 115, alarm 37 -, getitimer 36 102, setitimer 38 103,
        times 100 153
        """,
    ),
    Calls(
        ALLOW,
        "threads run and wait for each other",
        """
        futex 202 98, futex_waitv 449 449, set_robust_list 273 99, get_robust_list 274 100,
        set_tid_address 218 96, rseq 334 293, membarrier 324 283, sched_yield 24 124,
        sched_getaffinity 204 123, sched_getparam 143 121, sched_getscheduler 145 120,
        sched_get_priority_max 146 125, sched_get_priority_min 147 126, getcpu 309 168,
        gettid 186 178, exit 60 93, restart_syscall 219 128
        """,
    ),
    Calls(
        ALLOW,
        "processes of the job start, end and signal each other; clone has a rule of its own",
        """
        fork 57 -, vfork 58 -, exit_group 231 94, wait4 61 260, waitid 247 95, kill 62 129,
        tkill 200 130, tgkill 234 131, rt_sigaction 13 134, rt_sigprocmask 14 135,
        rt_sigreturn 15 139, rt_sigsuspend 130 133, rt_sigpending 127 136, rt_sigtimedwait 128 137,
        sigaltstack 131 132, pause 34 -, setsid 112 157, getsid 124 156, setpgid 109 154,
        getpgid 121 155, getpgrp 111 -, getppid 110 173
        """,
    ),
    Calls(
        ALLOW,
        "a process asks who and where it is",
        """
        getpid 39 172, getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177,
        getresuid 118 148, getresgid 120 150, getgroups 115 158, uname 63 160, sysinfo 99 179,
        getrusage 98 165, getrlimit 97 163, setrlimit 160 164, getpriority 140 141,
        getrandom 318 278
        """,
    ),
    Calls(
        ALLOW,
        "the connection to the parent, and pairs of a job's own, which asyncio and "
        "multiprocessing use; sendmsg is missing, since descriptors on their way are counted to "
        "nobody",
        """
        sendto 44 206, recvfrom 45 207, recvmsg 47 212, getsockopt 55 209, getsockname 51 204,
        getpeername 52 205, shutdown 48 210
        """,
    ),
    Calls(
        NOT_PERMITTED,
        "code of good will tries it, and expects to hear that it is not permitted: programs, the "
        "network",
        """
        execve 59 221, execveat 322 281, socket 41 198
        """,
    ),
    # Only an attack makes the calls that follow, so they end the process.
    Calls(
        KILL,
        "reads or steers another process",
        """
        ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271,
        process_madvise 440 440, pidfd_getfd 438 438, kcmp 312 272
        """,
    ),
    Calls(
        KILL,
        "builds a file system of its own",
        """
        mount 165 40, umount2 166 39, pivot_root 155 41, open_tree 428 428, open_tree_attr 467 467,
        move_mount 429 429, fsopen 430 430, fsconfig 431 431, fsmount 432 432, fspick 433 433,
        mount_setattr 442 442
        """,
    ),
    Calls(
        KILL,
        "enters or makes namespaces",
        """
        unshare 272 97, setns 308 268
        """,
    ),
    Calls(
        KILL,
        "finds files without their names",
        """
        name_to_handle_at 303 -, open_by_handle_at 304 -
        """,
    ),
    Calls(
        KILL,
        "runs code in the kernel, or races it",
        """
        bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, init_module 175 105,
        finit_module 313 273, delete_module 176 106, kexec_load 246 104, kexec_file_load 320 294
        """,
    ),
    Calls(
        KILL,
        "keeps secrets in the kernel for others to find",
        """
        add_key 248 217, request_key 249 218, keyctl 250 219
        """,
    ),
    Calls(
        KILL,
        "belongs to who runs the machine",
        """
        reboot 169 142, swapon 167 224, swapoff 168 225, acct 163 89, quotactl 179 60,
        quotactl_fd 443 443, syslog 103 116, settimeofday 164 170, clock_settime 227 112,
        adjtimex 159 171, clock_adjtime 305 266, sethostname 170 161, setdomainname 171 162,
        vhangup 153 58, iopl 172 -, ioperm 173 -, modify_ldt 154 -
        """,
    ),
)


class Rule(NamedTuple):
    """A call that is allowed or not by the low half of one argument.

    `test` is "one of" the values, "none of" the bits of the values, or "not all" of them.
    """

    name: str
    numbers: tuple[int, int]
    argument: int
    test: str
    values: tuple[int, ...]
    otherwise: int
    reason: str


# CLONE_NEW*: time, mount, cgroup, uts, ipc, user, pid, net.
_NAMESPACES = (0x80, 0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000)
_NAMESPACES += (0x20000000, 0x40000000)
_MAP_SHARED, _MAP_ANONYMOUS, _MAP_HUGETLB = 0x01, 0x20, 0x40000

RULES = (
    Rule(
        "clone",
        (56, 220),
        0,
        "none of",
        _NAMESPACES,
        NOT_PERMITTED,
        "threads and processes, but no namespaces",
    ),
    Rule(
        "mmap",
        (9, 222),
        3,
        "not all",
        (_MAP_SHARED, _MAP_ANONYMOUS),
        NOT_PERMITTED,
        "such pages are counted to no process once they are unmapped in part",
    ),
    Rule(
        "mmap",
        (9, 222),
        3,
        "none of",
        (_MAP_HUGETLB,),
        NOT_PERMITTED,
        "huge pages of the machine's pool are no resident memory of any process",
    ),
    # F_DUPFD to F_SETLKW, F_OFD_GETLK to F_OFD_SETLKW, F_DUPFD_CLOEXEC, F_GETPIPE_SZ: no leases,
    # no notes of other processes' opening, no larger pipes, no seals, no signals.
    Rule(
        "fcntl",
        (72, 25),
        1,
        "one of",
        (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032),
        refuse(errno.EINVAL),
        "descriptors and locks; a lease could hold up whoever opens a library next",
    ),
    # TCGETS and TCGETS2 (isatty), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
    Rule(
        "ioctl",
        (16, 29),
        1,
        "one of",
        (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
        refuse(errno.EOPNOTSUPP),
        "questions about a descriptor; others reach into drivers and terminals",
    ),
    # PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS,
    # PR_SET_VMA (the C library names its memory).
    Rule(
        "prctl",
        (157, 167),
        0,
        "one of",
        (3, 15, 16, 23, 39, 0x53564D41),
        NOT_PERMITTED,
        "names and questions; others loosen what ends and limits the job",
    ),
    Rule(
        "prlimit64",
        (302, 261),
        0,
        "one of",
        (0,),
        NOT_PERMITTED,
        "its own limits, which only fall; not those of other processes",
    ),
    Rule(
        "socketpair",
        (53, 199),
        0,
        "one of",
        (1,),
        NOT_PERMITTED,
        "AF_UNIX; pairs of other families reach further into the kernel",
    ),
)
