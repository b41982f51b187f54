"""One writer at a time: the lock of a course folder.

The kernel holds it for as long as its holder lives, so no lock is left behind, whatever becomes of
a run. The text in its file only tells other runs who holds it.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO

from autograder.course import Course, CourseError
from autograder.safe_text import one_line
from autograder.texts import say

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NAME = "lock"
PAUSE = 0.2


@contextlib.contextmanager
def locked(
    course: Course, what: str, wait: bool = False, say: Callable[[str], None] = say
) -> Iterator[None]:
    """Hold the course's lock while `what` is done, the name of a command.

    Where another run holds it, this says so once and waits, or raises CourseError that says who
    holds it since when.
    """
    path = course.build / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8", errors="replace") as file:
        told = False
        while not _taken(file):
            holder = _holder(file)
            if not wait:
                raise CourseError(
                    f"{holder} works on this course; wait for it to end, or use --wait"
                )
            if not told:
                told = True
                say(f"Waiting for {holder} to end.")
            time.sleep(PAUSE)
        since = datetime.now().astimezone().isoformat(" ", "seconds")
        file.truncate(0)
        file.write(f"{what} (process {os.getpid()}, since {since})")
        file.flush()
        yield


def holder(course: Course) -> str | None:
    """Return who holds the course's lock, and since when; None where nobody does."""
    try:
        with open(course.build / NAME, "r+", encoding="utf-8", errors="replace") as file:
            return None if _taken(file) else _holder(file)
    except FileNotFoundError:
        return None


def _taken(file: IO[str]) -> bool:
    """Try to take the lock; it goes when the file is closed, or its holder dies."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[str]) -> str:
    file.seek(0)
    return one_line(file.read(300)) or "another program"
