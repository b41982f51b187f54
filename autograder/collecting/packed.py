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
from autograder.texts import TextError
from checks.text import Text

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 8_000_000_000
MAX_PACKED_BYTES = 50_000_000
"""The most that is read of one archive that a student made."""

_UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_FLAG_UTF_8 = 0x800
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


OF_ONE_NAME = (errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ)
"""Errors that speak of one file's name, not of the disk."""


class CannotRead(TextError):
    """A file can't be taken out of a download; the message says why."""


_NOTHING_THERE = Text("{source}: there is no such file or folder", "{source}：没有这个文件或文件夹")
_NO_ARCHIVE = Text(
    "{source}: no zip archive that can be read ({error})",
    "{source}：不是可以读取的 zip 压缩包（{error}）",
)
_TOO_MANY = Text(
    "{source}: holds {count} files, more than {most}",
    "{source}：其中有 {count} 个文件，超过 {most} 个",
)
_UNKNOWN = Text("{name}: the encoding of this name is unknown", "{name}：文件名的编码不明")
_GBK = Text(
    "{name}: this name was read as GBK; look whether it is right",
    "{name}：文件名按 GBK 读取；请查看是否正确",
)


@dataclass(frozen=True)
class Packed:
    """One file of a download: the parts of its name, how to read it, what is odd about the name."""

    parts: tuple[str, ...]
    read: Callable[[int], bytes]
    told: Text | None = None
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
        raise CourseError(_NOTHING_THERE.format(source=source))
    try:
        archive = zipfile.ZipFile(source)
    except DAMAGED as error:
        raise CourseError(_NO_ARCHIVE.format(source=source, error=error)) from None
    with archive:
        members = files_of(archive)
        if len(members) > MAX_MEMBERS:
            counts = {"count": len(members), "most": MAX_MEMBERS}
            raise CourseError(_TOO_MANY.format(source=source, **counts))
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
            raise CannotRead(refusal.text) from None

    return Packed(parts, read, told) if parts else None


def _files_in_folder(source: Path) -> Iterator[Packed]:
    paths = sorted(path for path in source.rglob("*") if path.is_symlink() or not path.is_dir())
    if len(paths) > MAX_MEMBERS:
        raise CourseError(_TOO_MANY.format(source=source, count=len(paths), most=MAX_MEMBERS))
    for path in paths:

        def read(most: int, path: Path = path) -> bytes:
            try:
                return read_bytes(path, most)
            except Refused as refusal:
                raise CannotRead(refusal.text) from None

        inside = path.relative_to(source).parts
        if _is_litter("/".join(inside)):
            continue
        modified = datetime.fromtimestamp(path.lstat().st_mtime, UTC).replace(tzinfo=None)
        parts = tuple(filter(None, map(_component, inside)))
        if parts:
            yield Packed(parts, read, None, modified)


def member_name(member: zipfile.ZipInfo) -> tuple[str, Text | None]:
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
        return name, _UNKNOWN.format(name=one_line(name))
    return decoded, _GBK.format(name=one_line(decoded))


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
