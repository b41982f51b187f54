"""What the child may read: the course's own files, and a private copy of the student's folder."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("public_tests.py", "course_plots.py", "checks")
DATA = ("expected_values.h5", "images")
MAX_DEPTH = 5


def copy_course(student_folder: Path | None, target: Path) -> None:
    """Copy the course's modules and data, as students receive them, into the empty `target`.

    Taken from `student_folder` where it has them, else from the repository's root.
    """
    target.mkdir(mode=0o755)
    for name in MODULES + DATA:
        for folder in filter(None, (student_folder, ROOT)):
            source = folder / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
                shutil.copytree(source, target / name, ignore=ignored)
                break
            if source.is_file():
                shutil.copyfile(source, target / name)
                break
    # Read by an unprivileged user, whatever the umask of whoever runs this.
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def data_links(course: Path) -> list[str]:
    """Return the names of the course's data files, which notebooks open in their own folder."""
    return [name for name in DATA if (course / name).exists()]


def read_folder(
    folder: Path, total_bytes: int, files: int, problems: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield (relative path, content) of a student's regular files, within the caps.

    Notebooks, hidden files, symbolic links, hard links, FIFOs and devices are left out; what was
    left out for its size or kind is told in `problems`. Never follows a link, never blocks.
    """
    left = total_bytes
    for path, name in _walk(folder, "", 0):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            problems.append(f"not copied, cannot be read: {_shown(name)}")
            continue
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
                problems.append(f"not copied, no ordinary file: {_shown(name)}")
                continue
            if files == 0 or status.st_size > left:
                problems.append(f"not copied, too large or too many files: {_shown(name)}")
                continue
            content = file.read(left + 1)
        if len(content) > left:
            continue
        left -= len(content)
        files -= 1
        yield name, content


def _walk(folder: str | Path, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with os.scandir(folder) as found:
            # A folder of a million files is cut off, not read to its end.
            entries = sorted((e for e, _ in zip(found, range(2000), strict=False)), key=_name)
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
