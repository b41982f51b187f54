"""Formgrader writes under the course's lock, one transaction at a time, as every other writer does.

Its handlers belong to nbgrader and know of no lock; :func:`take_turns` gives them one.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from nbgrader.server_extensions.formgrader import apihandlers

from autograder.course import Course
from autograder.course_lock import PAUSE, at_once

WRITERS = (
    (apihandlers.GradeHandler, "put"),
    (apihandlers.CommentHandler, "put"),
    (apihandlers.FlagSubmissionHandler, "post"),
    (apihandlers.AssignmentHandler, "put"),
    (apihandlers.StudentHandler, "put"),
)
"""What writes to the gradebook by itself; formgrader's other buttons run nbgrader's commands."""

_queue = asyncio.Lock()


def take_turns() -> None:
    """Have formgrader's handlers in this process wait for the lock; a second call does nothing."""
    for handler, method in WRITERS:
        write = getattr(handler, method)
        if not asyncio.iscoroutinefunction(write):
            setattr(handler, method, _in_turn(write))


def _in_turn(write: Callable[..., None]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(write)
    async def wait_and_write(handler: Any, *arguments: str) -> None:
        course = Course(Path(handler.coursedir.root))
        # In the order in which they came: the last mark of a cell is the one that counts.
        async with _queue:
            while True:
                with at_once(course, "formgrader") as held:
                    if held:
                        write(handler, *arguments)
                        return
                # The server has other work to do meanwhile; the page says "saving".
                await asyncio.sleep(PAUSE)

    return wait_and_write
