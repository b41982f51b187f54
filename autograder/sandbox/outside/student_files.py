"""What the child may read: the course's own files, and a private copy of the student's folder."""

import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.assignments import ASSIGNMENTS
from checks.text import COMMA, Text, joined

DATA = ("images", *sorted({f for a in ASSIGNMENTS.values() for f in a.files}))
MAX_DEPTH = 3
MAX_ENTRIES = 1000
MAX_TOLD = 5
_NOT_COPIED = Text(
    "Not copied (no ordinary file, or too much): {names}.",
    "没有复制以下内容（不是普通文件，或超出了大小、数量上限）：{names}。",
)
_AND_MORE = Text("{names} and {count} more", "{names}，另有 {count} 个")


def data_links(course: Path) -> list[str]:
    """Return the names of the course's data files, which notebooks open in their own folder."""
    return [name for name in DATA if (course / name).exists()]


def read_folder(
    folder: Path, total_bytes: int, files: int, problems: list[Text]
) -> Iterator[tuple[str, bytes]]:
    """Yield (relative path, content) of a student's regular files, within the caps.

    Notebooks, hidden files, symbolic links, hard links, FIFOs and devices are left out; what was
    left out for its size or kind is listed in `problems`. This never follows a link or blocks.
    """
    left = total_bytes
    refused: list[str] = []
    for path, name in itertools.islice(_walk(folder, "", 0), MAX_ENTRIES):
        content = _read(path, left) if files > 0 else None
        if content is None:
            refused.append(_shown(name))
            continue
        left -= len(content)
        files -= 1
        yield name, content
    if refused:
        names = joined(map(Text, refused[:MAX_TOLD]), COMMA)
        if len(refused) > MAX_TOLD:
            names = _AND_MORE.format(names=names, count=len(refused) - MAX_TOLD)
        problems.append(_NOT_COPIED.format(names=names))


def _read(path: str, most: int) -> bytes | None:
    """Return an ordinary file's content; None where it is anything else or beyond `most` bytes."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        # A second name of the same file may be someone else's.
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_size > most:
            return None
        content = file.read(most + 1)
    return content if len(content) <= most else None


def _walk(folder: str | Path, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with os.scandir(folder) as found:
            # A folder of a million files is cut off, not read to its end.
            entries = sorted(itertools.islice(found, MAX_ENTRIES), key=_name)
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name.startswith((".", "__pycache__")) or name.endswith(".ipynb"):
            continue
        try:
            name.encode()
        except UnicodeEncodeError:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < MAX_DEPTH:
                yield from _walk(entry.path, f"{prefix}{name}/", depth + 1)
        else:
            yield entry.path, prefix + name


def _name(entry: os.DirEntry) -> str:
    return entry.name


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:100]
