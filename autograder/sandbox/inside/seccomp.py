"""A seccomp filter, assembled here so that no system package is needed.

It allows the system calls of :mod:`syscalls` and no other; files are guarded by the mount
namespace, not here.
"""

import ctypes
import errno
import platform
import struct

from .syscalls import ALLOW, KILL, RULES, TABLE, Rule, refuse

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Processors with a column in the table, and the kernel's number of each."""

LOAD, JEQ, JGE, JSET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Offsets in the kernel's struct seccomp_data."""

# The numbers of x86_64's x32 begin here; they would bypass every comparison.
_X32 = 0x40000000

Instruction = tuple[int, int, int, int]


def program(machine: str) -> list[Instruction]:
    """Return the filter of a processor: (code, jump if true, jump if false, value) each."""
    which = list(ARCHITECTURES).index(machine)
    code = [(LOAD, 0, 0, ARCHITECTURE), (JEQ, 1, 0, ARCHITECTURES[machine]), (RETURN, 0, 0, KILL)]
    code.append((LOAD, 0, 0, NUMBER))
    if machine == "x86_64":
        code += [(JGE, 0, 1, _X32), (RETURN, 0, 0, KILL)]
    # First what the kernel must ask about each time; the answer to the others it keeps.
    for name in dict.fromkeys(rule.name for rule in RULES):
        rules = [rule for rule in RULES if rule.name == name]
        body = [line for rule in rules for line in _rule(rule)] + [(RETURN, 0, 0, ALLOW)]
        code += [(JEQ, 0, len(body), rules[0].numbers[which]), *body]
    for calls in TABLE:
        for numbers in calls.numbers().values():
            if numbers[which] is not None:
                code += [(JEQ, 0, 1, numbers[which]), (RETURN, 0, 0, calls.action)]
    return [*code, (RETURN, 0, 0, refuse(errno.ENOSYS))]


def _rule(rule: Rule) -> list[Instruction]:
    """Return what answers `otherwise` where the rule is broken, and else goes on behind itself."""
    # Low half of the argument: all of these are ints, or flags below 2**32, to the kernel.
    code = [(LOAD, 0, 0, FIRST_ARGUMENT + 8 * rule.argument)]
    broken = (RETURN, 0, 0, rule.otherwise)
    count = len(rule.values)
    if rule.test == "none of":
        code += [(JSET, 0, 1, sum(rule.values)), broken]
    elif rule.test == "not all":
        # One bit that is missing jumps behind the end.
        code += [(JSET, 0, count - i, value) for i, value in enumerate(rule.values)] + [broken]
    else:
        code += [(JEQ, count - i, 0, value) for i, value in enumerate(rule.values)] + [broken]
    return code


def install(libc: ctypes.CDLL) -> None:
    """Confine the calling process and all its descendants, for good.

    Raises OSError where the kernel or the processor does not support it.
    """
    if platform.machine() not in ARCHITECTURES:
        told = f"no syscall table for processor {platform.machine()}"
        raise OSError(errno.ENOSYS, told)
    lines = program(platform.machine())
    data = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(data, len(data))
    header = struct.pack("HxxxxxxP", len(lines), ctypes.addressof(buffer))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
