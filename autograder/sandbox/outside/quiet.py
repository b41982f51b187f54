"""Lets one job have the machine for itself, among all graders that share a lock file."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class QuietLock:
    """Jobs hold it together; one that must be repeated undisturbed waits until it holds it alone.

    There are two files: a job that wants to be alone keeps the gate closed meanwhile, so that no
    stream of new jobs can make it wait for ever. Without a path every method does nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._files: list[int] = []
        if path is not None and fcntl is not None:
            for name in (path, path.with_name(path.name + ".gate")):
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
                self._files.append(os.open(name, flags, 0o600))

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Hold the lock beside others."""
        if not self._files:
            yield
            return
        self._enter()
        try:
            yield
        finally:
            fcntl.flock(self._files[0], fcntl.LOCK_UN)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Within :meth:`together`: wait for the others' jobs to end, and keep new ones out."""
        if not self._files:
            yield
            return
        lock, gate = self._files
        fcntl.flock(lock, fcntl.LOCK_UN)
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)
            fcntl.flock(gate, fcntl.LOCK_UN)
            self._enter()

    def _enter(self) -> None:
        lock, gate = self._files
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the files."""
        for number in self._files:
            os.close(number)
        self._files = []
