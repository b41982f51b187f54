"""Whom students' code runs as: under root a user that nobody else is."""

import grp
import os
import pwd
import random
from collections.abc import Iterator
from pathlib import Path

from checks.text import Text

from ..errors import SandboxError

_NONE_FREE = Text(
    "no free user id between {first} and {last}", "{first} 到 {last} 之间没有空闲的用户 id"
)

# Where the whole range may be used: beyond what systems, containers and directories hand out,
# and below what 32-bit programs take for negative.
_FIRST, _LAST = 1 << 30, (1 << 31) - 1
_NOBODY = 65534
_TRIES = 100


def whom_to_run_as() -> tuple[int, int]:
    """Return the user's and the group's id: one's own, or under root ones that nothing uses.

    Raises SandboxError where no free one is found.
    """
    if os.geteuid() != 0:
        return os.getuid(), os.getgid()
    first, last = _range(Path("/proc/self/uid_map"), Path("/proc/self/gid_map"))
    taken = set(_users_of_processes())
    for _ in range(_TRIES):
        number = random.SystemRandom().randint(first, last)
        if number not in taken and number != _NOBODY and not _is_known(number):
            return number, number
    raise SandboxError(_NONE_FREE.format(first=first, last=last))


def _range(*maps: Path) -> tuple[int, int]:
    """Return the ids that this process may become: in a container they can be few."""
    first, last = _FIRST, _LAST
    for path in maps:
        try:
            entries = [list(map(int, line.split())) for line in path.read_text().splitlines()]
        except OSError:
            continue
        inside, _, count = max(entries, key=lambda entry: entry[2])
        if inside + count <= last:
            # The upper half of what there is: accounts are at its lower end.
            first, last = inside + count // 2, inside + count - 1
    return first, last


def _is_known(number: int) -> bool:
    for look_up in (pwd.getpwuid, grp.getgrgid):
        try:
            look_up(number)
        except KeyError:
            continue
        return True
    return False


def _users_of_processes() -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            yield entry.stat().st_uid
        except OSError:
            continue
