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

NAME, TURN = "lock", "lock.turn"
MOMENT = ", for a moment"
PAUSE = 0.2


@contextlib.contextmanager
def locked(
    course: Course,
    what: str,
    wait: bool = False,
    say: Callable[[str], None] = say,
    brief: bool = False,
) -> Iterator[None]:
    """Hold the course's lock while `what` is done, the name of a command.

    Where another run holds it, this says so once and waits, or raises CourseError that says who
    holds it since when. A `brief` holder takes it again and again, each time for a moment: it
    waits, too, but lets others go first, and for it everybody waits.
    """
    path = course.build / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8", errors="replace") as file:
        with contextlib.ExitStack() as stack:
            if brief:
                _let_others_go_first(course)
            turn: IO[str] | None = None
            while not _taken(file):
                holder = _holder(file)
                soon = holder.endswith(MOMENT)
                if not (wait or brief or soon):
                    raise CourseError(
                        f"{holder} works on this course; wait for it to end, or use --wait"
                    )
                if turn is None:
                    turn = stack.enter_context(open(course.build / TURN, "a+"))
                    if not soon:
                        say(f"Waiting for {holder} to end.")
                if not brief:
                    _taken(turn)
                time.sleep(PAUSE / 10 if soon else PAUSE)
        since = datetime.now().astimezone().isoformat(" ", "seconds")
        file.truncate(0)
        file.write(f"{what} (process {os.getpid()}, since {since}){MOMENT if brief else ''}")
        file.flush()
        yield


def _let_others_go_first(course: Course) -> None:
    """Wait while another program waits for the lock."""
    with contextlib.suppress(FileNotFoundError), open(course.build / TURN, "r+") as turn:
        while not _taken(turn):
            time.sleep(PAUSE / 10)


@contextlib.contextmanager
def sole(course: Course, name: str) -> Iterator[None]:
    """Hold a lock of its own for as long as a program runs that there may be one of.

    Raises CourseError where another one holds it.
    """
    path = course.build / "rounds" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8", errors="replace") as file:
        if not _taken(file):
            raise CourseError(f"{_holder(file)} is at work already")
        file.truncate(0)
        file.write(f"process {os.getpid()}")
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
