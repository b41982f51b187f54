"""Stopping a function that does not end, so that a check does, and saying in which loop it was.

Where the system has timer signals, one costs nothing until it comes. Elsewhere (Windows, a browser,
a thread) the student's own lines are traced; this stops every loop but one that catches everything.
"""

import ast
import linecache
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from checks.model import Failure

SECONDS = 20.0
"""How long one call may take; a correct one takes about 0.1 s."""

AGAIN = 0.2
"""A code that catches everything is stopped again after so many seconds."""

BUSY_SHARE = 0.5
"""The share of the time that must have been worked: who waits in a debugger is not stopped."""


class TookTooLong(BaseException):
    """A function was stopped; `failure` tells the loop that it was in."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@contextmanager
def deadline(files: Collection[str], seconds: float | None = None) -> Iterator[None]:
    """Raise TookTooLong in the student's code, which is in `files`, after so many seconds."""
    watch = _Watch(files, SECONDS if seconds is None else seconds)
    ways = _by_signal if _has_signals() else _by_trace
    with ways(watch):
        yield


def _has_signals() -> bool:
    if sys.platform in ("emscripten", "wasi"):
        # A browser knows the names, but no signal ever comes.
        return False
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


class _Watch:
    """Knows whether the time is over, and where the student's code then is."""

    def __init__(self, files: Collection[str], seconds: float) -> None:
        self.files, self.seconds = files, seconds
        self._end = time.perf_counter() + seconds
        self._worked_to = _worked() + BUSY_SHARE * seconds

    @property
    def is_over(self) -> bool:
        return time.perf_counter() >= self._end and _worked() >= self._worked_to

    def stop(self, frame: FrameType | None) -> None:
        """Raise TookTooLong where the student's code is running, or has called what is."""
        while frame is not None and frame.f_code.co_filename not in self.files:
            frame = frame.f_back
        if frame is not None:
            raise TookTooLong(_failure(frame, self.seconds))


def _worked() -> float:
    try:
        return time.thread_time()
    except (AttributeError, OSError):
        # A browser does not count it.
        return time.perf_counter()


@contextmanager
def _by_signal(watch: _Watch) -> Iterator[None]:
    def on_alarm(_number: int, frame: FrameType | None) -> None:
        if watch.is_over:
            watch.stop(frame)

    handler = signal.signal(signal.SIGALRM, on_alarm)
    before, started = signal.setitimer(signal.ITIMER_REAL, watch.seconds, AGAIN), time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if before[0]:
            left = max(before[0] - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, before[1])


Trace = Callable[[FrameType, str, Any], Any]


@contextmanager
def _by_trace(watch: _Watch) -> Iterator[None]:
    if sys.gettrace() is not None:
        # A debugger is at work, and whoever uses one sees where the code is.
        yield
        return

    def on_line(frame: FrameType, event: str, _: Any) -> Trace:
        if event == "line" and watch.is_over:
            watch.stop(frame)
        return on_line

    def on_call(frame: FrameType, _event: str, _: Any) -> Trace | None:
        return on_line if frame.f_code.co_filename in watch.files else None

    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(None)


def _failure(frame: FrameType, seconds: float) -> Failure:
    file, line = frame.f_code.co_filename, _line_of_loop(frame)
    text = linecache.getline(file, line).strip()
    message = f"{seconds:g}"
    return Failure(TookTooLong.__name__, message, line, text, frame.f_code.co_name)


def _line_of_loop(frame: FrameType) -> int:
    """Return the line of the loop that a frame is in: the innermost `while`, else `for`."""
    here = frame.f_lineno
    try:
        tree = ast.parse("".join(linecache.getlines(frame.f_code.co_filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return here
    loops = [
        (isinstance(node, ast.While), node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, (ast.While, ast.For))
        if frame.f_code.co_firstlineno <= node.lineno <= here <= (node.end_lineno or here)
    ]
    return max(loops)[1] if loops else here
