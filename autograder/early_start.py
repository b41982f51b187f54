"""A sandbox that starts while the rest of the program is still being imported."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.course import Course, CourseError, need_assignment
from autograder.course_lock import holder

if TYPE_CHECKING:
    from autograder.sandbox import ForkServer


@contextlib.contextmanager
def starting_server(course: Course, assignment: str, level: str) -> "Iterator[ForkServer | None]":
    """Give the fork server of a run, which is starting; it is ended when the block is left.

    None where there can't be one: the run itself says why, after whatever else is wrong with it.
    """
    from autograder.sandbox import ForkServer, IsolationUnavailable, SandboxError, choose_level

    server = None
    with contextlib.suppress(CourseError, IsolationUnavailable, SandboxError, OSError):
        need_assignment(assignment)
        # Behind another run there is nothing to start yet.
        if holder(course) is None:
            folder = course.engine_folder(assignment)
            server = ForkServer(choose_level(level), folder, wait=False)
    with contextlib.closing(server) if server else contextlib.nullcontext():
        yield server
