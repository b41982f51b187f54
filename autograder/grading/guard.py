"""What the trusted side may use for one submission, and what a course lets a submission use.

Every step that looks at a student's text or results has limits of its own; these hold where one of
them was forgotten. A submission beyond them gets a verdict that asks for a look; no other suffers.
"""

import contextlib
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from autograder.course import CONFIG, Course, CourseError
from autograder.files import finish_writing
from autograder.sandbox import Limits
from autograder.sandbox.limits import NoLimit, limits_of
from autograder.sandbox.usage import address_space
from autograder.texts import ABOUT, TextError
from checks.text import Text

CPU_SECONDS = 90.0
"""CPU seconds: most submissions take less than one, unexplained mistakes up to fifteen."""

MEMORY_BYTES = 3 << 30
"""Address space that this process may add to what it has."""


class OutOfTime(BaseException):
    """A submission took too much CPU time; no `except Exception` on the way is to stop this."""


class TooMuchTime(TextError):
    """What the trusted side does with one submission took too much CPU time."""


_TOO_MUCH = Text(
    "more than {seconds:g} s of CPU time to read and compare it",
    "读取和比较它用了超过 {seconds:g} 秒的 CPU 时间",
)


def course_limits(course: Course) -> Limits | None:
    """Return what a submission may use where the course's settings say so, else None.

    Raises CourseError, in one line, where a setting is no limit.
    """
    try:
        return limits_of(dict(course.config.get("Limits", {})))
    except NoLimit as error:
        where = Path(course.root) / CONFIG
        raise CourseError(ABOUT.format(subject=where, what=error.text)) from None


@contextlib.contextmanager
def limited_cpu(seconds: float = CPU_SECONDS) -> Iterator[None]:
    """Raise TooMuchTime where the block takes more CPU time of this process.

    It does nothing outside the main thread, and where the system has no such timer.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and hasattr(signal, "setitimer")):
        yield
        return

    def stop(*_: Any) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    # The timer repeats, should the first signal be lost in a callback.
    signal.setitimer(signal.ITIMER_PROF, seconds, 5.0)
    try:
        yield
    except OutOfTime:
        raise TooMuchTime(_TOO_MUCH.format(seconds=seconds)) from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def limit_memory(more: int = MEMORY_BYTES) -> None:
    """Make this process run out of memory before the machine does, where that can be set."""
    used = address_space()
    if used:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (used + more, hard))


@contextlib.contextmanager
def limited_memory(more: int = MEMORY_BYTES) -> Iterator[None]:
    """Limit the memory for the length of a block."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    limit_memory(more)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def end_with(lifeline: Connection, close: Callable[[], None]) -> None:
    """Let this process end when its parent closes the lifeline, is killed, or sends SIGTERM.

    It ends whatever it is at, except in the middle of a file; at SIGTERM, when Python's own code
    runs again. Who ignores that signal goes on ignoring it. `close` ends what it has started.
    """
    told, tell = os.pipe()

    def wait_and_end() -> None:
        wait([lifeline, told])
        with contextlib.suppress(Exception):
            close()
        finish_writing()
        os._exit(1)

    if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
        # A pool that has lost one worker sends it to the others. A handler runs in the main thread,
        # which may be writing: only another one can wait for it.
        signal.signal(signal.SIGTERM, lambda *_: os.write(tell, b"."))
    threading.Thread(target=wait_and_end, daemon=True).start()
