"""Find the file to grade in a student's folder, whatever it is called and wherever it lies."""

import itertools
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from autograder.reading.names import (
    Rank,
    is_ours,
    likelihood,
    only_renamed_by_platform,
)
from autograder.reading.submissions import read_submission
from autograder.reading.work import finished
from autograder.safe_text import one_line
from checks.text import Text

MAX_ENTRIES = 500
MAX_DEPTH = 5
MAX_READ = 10
MAX_READ_BYTES = 30_000_000
"""How much of a folder is looked at, and how much of it is read to choose among several files."""

_NOTHING = Text("No notebook was handed in: {name} is missing.", "没有提交 notebook：缺少 {name}。")
_ELSE = Text("No notebook was handed in, only {chosen}.", "没有提交 notebook，只有 {chosen}。")
_SEVERAL = Text(
    "{count} files were handed in, none named {name}; {chosen} is graded.",
    "提交了 {count} 个文件，但没有一个名为 {name}；已对 {chosen} 评分。",
)
_RENAMED = Text(
    "The file is named {chosen}, not {name}; it is graded all the same.",
    "文件名是 {chosen}，而不是 {name}；照常评分。",
)
_UNTOUCHED = Text(
    "{name} holds no finished function; {chosen}, which does, is graded.",
    "{name} 中没有完成的函数；已对有完成内容的 {chosen} 评分。",
)


@dataclass(frozen=True)
class _Found:
    path: Path
    inside: str
    """The path below the student's folder, with slashes."""
    rank: Rank | None
    size: int
    modified: float


def find_submitted_file(folder: Path, assignment: str) -> tuple[Path | None, tuple[Text, ...]]:
    """Find the file to grade in a student's folder, and what was odd about it.

    The file is ``<assignment>.ipynb``, unless nothing in it is finished and another one holds
    work; else the one with the most work, then the likeliest name, then the newest. Where no file
    can hold work, it is one that was handed in instead: reading it shows what it is. None where
    nothing was; a folder that can't be looked into is assumed to hold the file.
    """
    expected = folder / f"{assignment}.ipynb"
    try:
        files = _files(folder)
    except FileNotFoundError:
        files = []
    except OSError:
        # Something was handed in; opening it shows why it can't be read.
        return expected, ()
    likely = [file for file in files if file.rank is not None]
    if os.path.lexists(expected):
        chosen, text = _beside(expected, likely)
    elif likely:
        chosen, text = _likeliest(likely, expected.name)
    else:
        chosen = max(files, key=lambda file: file.size, default=None)
        text = _NOTHING if chosen is None else _ELSE
    shown = one_line(chosen.inside, 100) if chosen else ""
    path = expected if chosen is None and os.path.lexists(expected) else chosen and chosen.path
    if text is None:
        return path, ()
    return path, (text.format(count=len(likely), name=expected.name, chosen=shown),)


def _files(folder: Path) -> list[_Found]:
    """Return the files below a folder that are not ours, without following links to folders.

    Raises OSError where the folder itself can't be looked into.
    """
    found: list[_Found] = []
    waiting = [(folder, "")]
    seen = 0
    while waiting and seen < MAX_ENTRIES:
        here, inside = waiting.pop(0)
        try:
            with os.scandir(here) as entries:
                listed = itertools.islice((e for e in entries if not is_ours(e.name)), 10_000)
                ordered = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            if here == folder:
                raise
            continue
        for entry in ordered[: MAX_ENTRIES - seen]:
            seen += 1
            name = f"{inside}{entry.name}"
            deeper = name.count("/") < MAX_DEPTH and not entry.name.lower().endswith(".ipynb")
            if deeper and entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), f"{name}/"))
            else:
                found.append(_found(Path(entry.path), name))
    return found


def _found(path: Path, inside: str) -> _Found:
    try:
        status = path.lstat()
        regular = stat.S_ISREG(status.st_mode)
    except OSError:
        regular = False
    rank = likelihood(inside)
    if not regular:
        return _Found(path, inside, rank and (rank[0] + 100, *rank[1:]), -1, -1.0)
    return _Found(path, inside, rank, status.st_size, status.st_mtime)


def _beside(expected: Path, likely: list[_Found]) -> tuple[_Found | None, Text | None]:
    """Choose a file of another name only where the one with the expected name holds no work."""
    others = [file for file in likely if file.path != expected and file.size >= 0]
    if not others or _work(expected):
        return None, None
    work = _amounts(others)
    best = max(others, key=lambda file: (work[file.path], _preference(file)))
    return (best, _UNTOUCHED) if work[best.path] else (None, None)


def _likeliest(likely: list[_Found], expected: str) -> tuple[_Found, Text | None]:
    if len(likely) == 1:
        name = likely[0].path.name
        return likely[0], None if only_renamed_by_platform(name, expected) else _RENAMED
    work = _amounts(likely)
    best = max(likely, key=lambda file: (work[file.path], _preference(file)))
    working = sum(amount > 0 for amount in work.values())
    if working == 1 and only_renamed_by_platform(best.path.name, expected):
        return best, None
    return best, _SEVERAL


def _preference(file: _Found) -> tuple[int, bool, float, int, str]:
    assert file.rank is not None
    place, unnamed, depth = file.rank
    return -place, not unnamed, file.modified, -depth, file.inside


def _amounts(files: list[_Found]) -> dict[Path, int]:
    """Return how much work each file holds; files beyond the limits count as none."""
    left = MAX_READ_BYTES
    amounts = dict.fromkeys((file.path for file in files), 0)
    for file in sorted(files, key=_preference, reverse=True)[:MAX_READ]:
        if 0 <= file.size <= left:
            left -= file.size
            amounts[file.path] = _work(file.path)
    return amounts


def _work(path: Path) -> int:
    return finished(cell.source for cell in read_submission(path).cells)
