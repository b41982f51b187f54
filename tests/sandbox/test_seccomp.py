"""Does the filter of system calls say what its table says, on each processor, and for real?"""

import errno
import os
import re
import struct
from pathlib import Path

import pytest

from autograder.sandbox.inside.seccomp import ARCHITECTURES, JEQ, JGE, JSET, LOAD, RETURN, program
from autograder.sandbox.inside.syscalls import ALLOW, KILL, NOT_PERMITTED, RULES, TABLE, refuse

ENOSYS = refuse(errno.ENOSYS)
HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}
on_both = pytest.mark.parametrize("machine", ARCHITECTURES)


def evaluate(code, number, architecture, arguments=()):
    """Run a filter as the kernel does, on its struct seccomp_data; return the action."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<iIQ6Q", number, architecture, 0, *(a & (1 << 64) - 1 for a in padded))
    value, at = 0, 0
    while True:
        operation, if_true, if_false, operand = code[at]
        at += 1
        if operation == RETURN:
            return operand
        if operation == LOAD:
            (value,) = struct.unpack_from("<I", data, operand)
            continue
        test = {JEQ: value == operand, JGE: value >= operand, JSET: bool(value & operand)}
        at += if_true if test[operation] else if_false


def numbers_of(machine):
    which = list(ARCHITECTURES).index(machine)
    plain = {
        name: (numbers[which], calls.action)
        for calls in TABLE
        for name, numbers in calls.numbers().items()
        if numbers[which] is not None
    }
    ruled = {rule.name: (rule.numbers[which], None) for rule in RULES}
    assert not plain.keys() & ruled.keys()
    return plain | ruled


@on_both
def test_every_number(machine):
    """Has each call of the table its action, and every other number ENOSYS?"""
    code, known = program(machine), numbers_of(machine)
    actions = dict(known.values())
    assert len(actions) == len(known), "a number stands twice"
    for number in range(1000):
        if actions.get(number, 0) is not None:
            found = evaluate(code, number, ARCHITECTURES[machine])
            assert found == actions.get(number, ENOSYS), number


@on_both
def test_other_processors(machine):
    """Do calls by another processor's numbers, or by x32's, end the process?"""
    code = program(machine)
    for other in {0x40000003, 0x40000028, *ARCHITECTURES.values()} - {ARCHITECTURES[machine]}:
        assert evaluate(code, 0, other) == KILL
    if machine == "x86_64":
        assert evaluate(code, 0x40000000, ARCHITECTURES[machine]) == KILL
        assert evaluate(code, -1, ARCHITECTURES[machine]) == KILL


@on_both
def test_shape(machine):
    """Is the filter one that a kernel takes: short, known codes, jumps forward and inside?"""
    code = program(machine)
    assert len(code) < 4096
    for at, (operation, if_true, if_false, operand) in enumerate(code):
        assert operation in (LOAD, JEQ, JGE, JSET, RETURN)
        assert 0 <= operand < 1 << 32 and 0 <= if_true < 256 and 0 <= if_false < 256
        assert operation == RETURN or at + 1 + max(if_true, if_false) < len(code)


@on_both
@pytest.mark.skipif(not Path(HEADERS["x86_64"]).exists(), reason="no kernel headers here")
def test_numbers_are_the_kernels(machine):
    """Are the numbers those of the kernel's own headers, as far as these know the calls?"""
    text = Path(HEADERS[machine]).read_text()
    official = {m[2]: int(m[3]) for m in re.finditer(r"#define __NR(3264)?_(\w+) (\d+)", text)}
    known = numbers_of(machine)
    checked = [name for name in known if name in official]
    assert len(checked) > 0.9 * len(known)
    for name in checked:
        if (machine, name) != ("aarch64", "newfstatat"):
            assert known[name][0] == official[name], name


INVALID, UNSUPPORTED = refuse(errno.EINVAL), refuse(errno.EOPNOTSUPP)
ARGUMENTS = [
    ("clone", (0x003D0F00,), ALLOW),  # a thread
    ("clone", (0x01200011,), ALLOW),  # a fork
    *(("clone", (flag | 17,), NOT_PERMITTED) for flag in (0x80, 0x20000, 0x10000000, 0x40000000)),
    ("mmap", (0, 4096, 3, 0x22), ALLOW),  # private, anonymous
    ("mmap", (0, 4096, 3, 0x01), ALLOW),  # a file, shared
    ("mmap", (0, 4096, 3, 0x21), NOT_PERMITTED),
    ("mmap", (0, 4096, 3, 0x23), NOT_PERMITTED),  # MAP_SHARED_VALIDATE
    ("mmap", (0, 4096, 3, 0x40022), NOT_PERMITTED),  # huge pages
    ("fcntl", (0, 1), ALLOW),
    ("fcntl", (0, 1030), ALLOW),
    ("fcntl", (0, 1024), INVALID),  # F_SETLEASE
    ("fcntl", (0, 1026), INVALID),  # F_NOTIFY
    ("fcntl", (0, 1031), INVALID),  # F_SETPIPE_SZ
    ("fcntl", (0, 8), INVALID),  # F_SETOWN
    ("fcntl", (0, 1033), INVALID),  # F_ADD_SEALS
    ("ioctl", (0, 0x5401), ALLOW),
    ("ioctl", (0, 0x5412), UNSUPPORTED),  # TIOCSTI
    ("ioctl", (0, 0x541C), UNSUPPORTED),  # TIOCLINUX
    ("prctl", (15,), ALLOW),
    ("prctl", (1,), NOT_PERMITTED),  # PR_SET_PDEATHSIG
    ("prctl", (22,), NOT_PERMITTED),
    ("prlimit64", (0,), ALLOW),
    ("prlimit64", (1,), NOT_PERMITTED),
    ("socketpair", (1,), ALLOW),
    ("socketpair", (40,), NOT_PERMITTED),
]


@on_both
@pytest.mark.parametrize(("name", "arguments", "action"), ARGUMENTS)
def test_arguments_decide(name, arguments, action, machine):
    """Do the calls that need a look at their arguments get it?"""
    number, _ = numbers_of(machine)[name]
    code = program(machine)
    assert evaluate(code, number, ARCHITECTURES[machine], arguments) == action
    # What the kernel does not look at either is no way around.
    disguised = tuple(a | 1 << 40 for a in arguments)
    assert evaluate(code, number, ARCHITECTURES[machine], disguised) == action


CALL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    return result, errno.errorcode.get(ctypes.get_errno(), "")
"""
on_this_kernel = pytest.mark.skipif(os.uname().machine not in ARCHITECTURES, reason="no table")


@on_this_kernel
def test_what_only_an_attack_calls(run):
    """Does each of these calls end the process that makes it, and that process alone?"""
    known = numbers_of(os.uname().machine)
    killed = {name: number for name, (number, action) in known.items() if action == KILL}
    assert {"ptrace", "mount", "unshare", "bpf", "open_tree_attr", "keyctl"} <= killed.keys()
    groups = {name: [("call", number, 0, 0, 0, 0)] for name, number in killed.items()}
    limits = {"kill_retries": 0, "job_wall": 120.0, "submission_cpu": 120.0}
    result = run(CALL, groups=groups, limits=limits)
    assert {name: calls[0].status for name, calls in result.groups.items()} == dict.fromkeys(
        killed, "crashed"
    )


@on_this_kernel
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
def test_what_this_kernel_answers(run):
    """Do calls beside the table answer ENOSYS, and refused ones their errno?"""
    expected = {
        "io_uring_setup": (425, "ENOSYS"),
        "clone3": (435, "ENOSYS"),
        "memfd_create": (319, "ENOSYS"),
        "splice": (275, "ENOSYS"),
        "tee": (276, "ENOSYS"),
        "vmsplice": (278, "ENOSYS"),
        "sendfile": (40, "ENOSYS"),
        "sendmsg": (46, "ENOSYS"),
        "setsockopt": (54, "ENOSYS"),
        "inotify_init1": (294, "ENOSYS"),
        "shmget": (29, "ENOSYS"),
        "chroot": (161, "ENOSYS"),
        "mknodat": (259, "ENOSYS"),
        "seccomp": (317, "ENOSYS"),
        "listmount": (458, "ENOSYS"),
        "of the future": (700, "ENOSYS"),
        "socket": (41, "EPERM"),
        "execve": (59, "EPERM"),
    }
    groups = {name: [("call", number, 0, 0, 0, 0)] for name, (number, _) in expected.items()}
    for name, arguments, action in ARGUMENTS:
        if action != ALLOW:
            key = f"{name} {arguments}"
            number, _ = numbers_of("x86_64")[name]
            expected[key] = (number, errno.errorcode[action & 0xFFFF])
            groups[key] = [("call", number, *arguments)]
    result = run(CALL, groups=groups, limits={"job_wall": 120.0, "submission_cpu": 120.0})
    answers = {name: calls[0].value for name, calls in result.groups.items()}
    assert answers == {name: (-1, answer) for name, (_, answer) in expected.items()}
