"""One writer at a time: the lock of a course folder.

The kernel holds it for as long as its holder lives, so no lock is left behind, whatever becomes of
a run. The text in its file only tells other runs who holds it.
"""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO

from autograder.course import Course, CourseError
from autograder.safe_text import one_line
from autograder.texts import same_in_all, say
from checks.text import ENGLISH, Text

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NAME, TURN = "lock", "lock.turn"
MOMENT = ", for a moment"
PAUSE = 0.2

_WORKS = Text(
    "{holder} works on this course; wait for it to end, or use --wait",
    "{holder} 正在处理这门课程；请等它结束，或者使用 --wait",
)
_WAITING = Text("Waiting for {holder} to end.", "正在等待 {holder} 结束。")
_AT_WORK = Text("{holder} is at work already", "{holder} 已经在运行")
_ANOTHER = Text("another program", "另一个程序")
# As the file has it, in English, and as it is shown.
_HOLDER = Text(
    "{what} (process {process}, since {since})", "{what}（进程 {process}，始于 {since}）"
)
_PROCESS = Text("process {process}", "进程 {process}")
_IN_FILE = (
    (re.compile(r"(?P<what>.*) \(process (?P<process>\d+), since (?P<since>[^()]*)\)"), _HOLDER),
    (re.compile(r"process (?P<process>\d+)"), _PROCESS),
)


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
                told = _told(file)
                soon = told.endswith(MOMENT)
                if not (wait or brief or soon):
                    raise CourseError(_WORKS.format(holder=_holder(told)))
                if turn is None:
                    turn = stack.enter_context(open(course.build / TURN, "a+"))
                    if not soon:
                        say(_WAITING.format(holder=_holder(told)).in_(course.spoken))
                if not brief:
                    _taken(turn)
                time.sleep(PAUSE / 10 if soon else PAUSE)
        _sign(file, what, brief)
        yield


@contextlib.contextmanager
def at_once(course: Course, what: str) -> Iterator[bool]:
    """Hold the lock for a moment where nobody holds it or waits for it; give whether it is held.

    For who must not wait here, and asks again.
    """
    path = course.build / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8", errors="replace") as file:
        taken = not _is_waited_for(course) and _taken(file)
        if taken:
            _sign(file, what, brief=True)
        yield taken


def _sign(file: IO[str], what: str, brief: bool) -> None:
    """Write into the lock's file who holds it since when."""
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    file.truncate(0)
    who = _HOLDER.format(what=what, process=os.getpid(), since=since).in_(ENGLISH)
    file.write(f"{who}{MOMENT if brief else ''}")
    file.flush()


def _is_waited_for(course: Course) -> bool:
    """Return whether a program waits for the lock."""
    try:
        with open(course.build / TURN, "r+") as turn:
            return not _taken(turn)
    except FileNotFoundError:
        return False


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
            raise CourseError(_AT_WORK.format(holder=_holder(_told(file))))
        file.truncate(0)
        file.write(_PROCESS.format(process=os.getpid()).in_(ENGLISH))
        file.flush()
        yield


def holder(course: Course) -> Text | None:
    """Return who holds the course's lock, and since when; None where nobody does."""
    try:
        with open(course.build / NAME, "r+", encoding="utf-8", errors="replace") as file:
            return None if _taken(file) else _holder(_told(file))
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


def _told(file: IO[str]) -> str:
    """Return what the holder of a lock wrote into its file."""
    file.seek(0)
    return one_line(file.read(300))


def _holder(told: str) -> Text:
    """Return who holds a lock, and since when, as far as its file tells."""
    for pattern, text in _IN_FILE:
        if found := pattern.fullmatch(told.removesuffix(MOMENT)):
            return text.format(**found.groupdict())
    return same_in_all(told) if told else _ANOTHER
