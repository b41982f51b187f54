"""The files in a platform's download: a zip, or a folder into which it was unpacked.

Names in an archive are names and nothing else: a slash parts folders, whatever else could lead
somewhere is replaced. Reading is bounded, and a file that can't be read costs only itself.
"""

import contextlib
import errno
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import CourseError
from autograder.reading.archives import DAMAGED, files_of, read_member
from autograder.reading.contents import Refused, read_bytes
from autograder.safe_text import one_line, replace_surrogates

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 8_000_000_000
MAX_PACKED_BYTES = 50_000_000
"""The most that is read of one archive that a student made."""

_UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_FLAG_UTF_8 = 0x800
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


OF_ONE_NAME = (errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ)
"""Errors that speak of one file's name, not of the disk."""


class CannotRead(Exception):
    """A file can't be taken out of a download; the message says why."""


@dataclass(frozen=True)
class Packed:
    """One file of a download: the parts of its name, how to read it, what is odd about the name."""

    parts: tuple[str, ...]
    read: Callable[[int], bytes]
    told: str | None = None
    modified: datetime | None = None

    @property
    def name(self) -> str:
        """The name without the folders."""
        return self.parts[-1]


@contextlib.contextmanager
def files_in(source: Path) -> Iterator[Iterator[Packed]]:
    """Give the files of a zip or a folder in the order of their names; they can be read meanwhile.

    Raises CourseError, in one line, where `source` is neither.
    """
    if source.is_dir():
        yield _files_in_folder(source)
        return
    if not source.is_file():
        raise CourseError(f"{source}: there is no such file or folder")
    try:
        archive = zipfile.ZipFile(source)
    except DAMAGED as error:
        raise CourseError(f"{source}: no zip archive that can be read ({error})") from None
    with archive:
        members = files_of(archive)
        if len(members) > MAX_MEMBERS:
            raise CourseError(f"{source}: holds {len(members)} files, more than {MAX_MEMBERS}")
        members.sort(key=lambda member: member.filename)
        packed = (packed_member(archive, member) for member in members)
        yield (file for file in packed if file is not None)


def packed_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Packed | None:
    """Return a member of an archive as a file to collect; None where nobody handed it in."""
    name, told = member_name(member)
    parts = () if _is_litter(name) else safe_parts(name)

    def read(most: int) -> bytes:
        try:
            return read_member(archive, member, most)
        except Refused as refusal:
            raise CannotRead(str(refusal)) from None

    return Packed(parts, read, told) if parts else None


def _files_in_folder(source: Path) -> Iterator[Packed]:
    paths = sorted(path for path in source.rglob("*") if path.is_symlink() or not path.is_dir())
    if len(paths) > MAX_MEMBERS:
        raise CourseError(f"{source}: holds {len(paths)} files, more than {MAX_MEMBERS}")
    for path in paths:

        def read(most: int, path: Path = path) -> bytes:
            try:
                return read_bytes(path, most)
            except Refused as refusal:
                raise CannotRead(str(refusal)) from None

        inside = path.relative_to(source).parts
        if _is_litter("/".join(inside)):
            continue
        modified = datetime.fromtimestamp(path.lstat().st_mtime, UTC).replace(tzinfo=None)
        parts = tuple(filter(None, map(_component, inside)))
        if parts:
            yield Packed(parts, read, None, modified)


def member_name(member: zipfile.ZipInfo) -> tuple[str, str | None]:
    """Return the name of a member, and a line where its encoding is not marked.

    What is not marked as UTF-8 was decoded as cp437, as the format has it; UTF-8 and GBK are what
    systems write all the same.
    """
    name = member.filename
    if member.flag_bits & _FLAG_UTF_8 or name.isascii():
        return name, None
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name, None
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    try:
        decoded = raw.decode("gb2312")
    except UnicodeDecodeError:
        return name, f"{one_line(name)}: the encoding of this name is unknown"
    return decoded, f"{one_line(decoded)}: this name was read as GBK; look whether it is right"


def safe_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a path inside an archive, none of which leads out of a folder.

    A backslash parts nothing: it is a character of a student's file name.
    """
    return tuple(filter(None, map(_component, name.split("/"))))


def _component(part: str) -> str:
    # Without leading dots: a hidden file is one that nobody looks at.
    return _UNSAFE.sub("_", replace_surrogates(part)).strip().lstrip(". ")


def _is_litter(name: str) -> bool:
    """Return whether a file is what systems leave in archives, whoever handed them in."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in _LITTER
