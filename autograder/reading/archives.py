"""Take single files out of zip archives, under limits: nothing is written, no name is a path."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from autograder.reading.contents import MAX_FILE_BYTES, Refused
from autograder.reading.names import likelihood
from autograder.safe_text import one_line
from checks.text import Text

MAX_MEMBERS = 1_000
MAX_TRIED = 10
"""The most files of a student's archive that are read."""

# Other methods of compression can ask for any amount of memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
    NotImplementedError,
)

_CANNOT = Text(
    "This is a zip archive, not a notebook, and nothing is taken out of it: {why}.",
    "这是 zip 压缩包，不是 notebook，且无法从中取出文件：{why}。",
)
_NONE = Text("there is no notebook in it", "其中没有 notebook")
_MANY = Text("it holds {count} files", "其中有 {count} 个文件")
_ENCRYPTED = Text("it is encrypted", "文件已加密")
_METHOD = Text("it is compressed by method {method}", "使用了压缩方法 {method}")
_BROKEN = Text("it is damaged", "文件已损坏")


def refuse(why: Text) -> Refused:
    """Return the exception that says why nothing can be taken out."""
    return Refused(_CANNOT.format(why=why))


def files_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members of an archive that are no folders."""
    return [member for member in archive.infolist() if not member.is_dir()]


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return what a member unfolds to; of one that is too large, enough to show that it is.

    Raises Refused where it can't be read within the limits.
    """
    if member.flag_bits & ENCRYPTED:
        raise refuse(_ENCRYPTED)
    if member.compress_type not in METHODS:
        raise refuse(_METHOD.format(method=member.compress_type))
    try:
        with archive.open(member) as file:
            return _at_most(file, most + 1)
    except DAMAGED:
        raise refuse(_BROKEN) from None


def candidates_in(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a student's archive that may hold the work, the likeliest first.

    Raises Refused where there is none or the archive can't be read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        raise refuse(_BROKEN) from None
    with archive:
        members = files_of(archive)
        if len(members) > MAX_MEMBERS:
            raise refuse(_MANY.format(count=len(members)))
        ranked = [(likelihood(member.filename), member) for member in members]
        chosen = sorted(
            # An archive in an archive is not opened.
            ((rank, m) for rank, m in ranked if rank and not m.filename.lower().endswith(".zip")),
            key=lambda pair: (pair[0], pair[1].filename),
        )
        if not chosen:
            raise refuse(_NONE)
        left = 2 * MAX_FILE_BYTES
        for count, (_, member) in enumerate(chosen[:MAX_TRIED]):
            if count and member.file_size > left:
                continue
            content = read_member(archive, member, MAX_FILE_BYTES)
            left -= len(content)
            yield one_line(PurePosixPath(member.filename).name, 200), content


def _at_most(file: IO[bytes], size: int) -> bytes:
    parts = []
    while size > 0 and (part := file.read(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
