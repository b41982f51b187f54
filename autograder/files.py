"""Writing files so that they are never seen half written, and one after another."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_writing = threading.RLock()


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`: the old file stays whole until the new one is complete.

    Raises OSError where the disk is full or the folder can't be written to; the old file is then
    left as it was.
    """
    with replaced(path, mode) as file:
        file.write(content)


@contextlib.contextmanager
def replaced(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Give a file to write to; it takes the place of `path` when all is written, as above."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _writing, _renamed(path, mode) as file:
        yield file


@contextlib.contextmanager
def _renamed(path: Path, mode: int) -> Iterator[BinaryIO]:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:20]}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)  # the error of a full disk does not name the file
        raise


def finish_writing(seconds: float = 10.0) -> None:
    """Wait until this process's other threads have written their files, and let them begin none.

    For who is about to end the process; a disk that hangs is waited for `seconds` at most.
    """
    _writing.acquire(timeout=seconds)


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock of a file for a moment; whoever else wants it waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
