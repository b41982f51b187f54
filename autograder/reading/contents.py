"""Read the bytes of a handed-in file under limits, recognise them, turn them into text."""

import io
import os
import re
import stat
import tokenize
from pathlib import Path

from autograder.safe_text import one_line, replace_surrogates
from autograder.texts import TextError
from checks.text import Text

MAX_FILE_BYTES = 20_000_000


class Refused(TextError):
    """The file can't be read; the student sees why."""


# --- the bytes ----------------------------------------------------------------------------------


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """Read a regular file of at most MAX_FILE_BYTES without following a link or blocking.

    Of a larger file, `most` bytes and one more are returned where `most` is given. Raises Refused
    where the file can't be read.
    """
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        # This comes first: opening a device can act on it, and Windows has no O_NOFOLLOW.
        _refuse_unless_regular(os.lstat(path))
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise Refused(Text("There is no such file.", "找不到这个文件。")) from None
    except (OSError, ValueError) as error:
        why = one_line(getattr(error, "strerror", None) or type(error).__name__)
        raise Refused(
            Text("The file cannot be opened: {why}.", "无法打开文件：{why}。").format(why=why)
        ) from None
    with open(descriptor, "rb") as file:
        _refuse_unless_regular(os.fstat(file.fileno()))
        try:
            data = file.read((MAX_FILE_BYTES if most is None else most) + 1)
        except OSError as error:
            why = one_line(error.strerror or type(error).__name__)
            raise Refused(
                Text("The file cannot be read: {why}.", "无法读取文件：{why}。").format(why=why)
            ) from None
    if most is None:
        refuse_large(data)
    return data


def refuse_large(data: bytes) -> None:
    """Raise Refused where `data` is more than a file may hold."""
    if len(data) > MAX_FILE_BYTES:
        raise Refused(
            Text(
                "The file is larger than {limit} MB. Clear the outputs, save and hand it in again.",
                "文件超过 {limit} MB。请清除输出并保存后重新提交。",
            ).format(limit=MAX_FILE_BYTES // 1_000_000)
        )


def _refuse_unless_regular(status: os.stat_result) -> None:
    kinds = {
        stat.S_IFLNK: Text("a link to another file", "指向其他文件的链接"),
        stat.S_IFDIR: Text("a folder", "文件夹"),
        stat.S_IFIFO: Text("a pipe", "管道"),
        stat.S_IFSOCK: Text("a socket", "套接字"),
        stat.S_IFCHR: Text("a device", "设备"),
        stat.S_IFBLK: Text("a device", "设备"),
    }
    if not stat.S_ISREG(status.st_mode):
        what = kinds.get(stat.S_IFMT(status.st_mode), Text("not a file", "非普通文件"))
        raise Refused(
            Text(
                "This is {what}, not a file. Hand in the notebook itself.",
                "这是{what}，不是普通文件。请直接提交 notebook 文件。",
            ).format(what=what)
        )


# --- what they are ------------------------------------------------------------------------------

ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_ARCHIVE = Text("a {kind} archive", "{kind} 压缩包")
_IMAGE = Text("a {kind} image", "{kind} 图片")
_OFFICE = Text("an Office document", "Office 文档")
_DATA = Text("a data file ({kind})", "数据文件（{kind}）")
_PROGRAM = Text("a compiled program", "编译后的程序")

SIGNATURES: tuple[tuple[int, bytes, Text, str], ...] = (
    (0, b"\x1f\x8b", _ARCHIVE, "gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", _ARCHIVE, "7z"),
    (0, b"Rar!\x1a\x07", _ARCHIVE, "RAR"),
    (0, b"BZh", _ARCHIVE, "bzip2"),
    (0, b"\xfd7zXZ\x00", _ARCHIVE, "xz"),
    (0, b"\x28\xb5\x2f\xfd", _ARCHIVE, "zstd"),
    (257, b"ustar", _ARCHIVE, "tar"),
    (0, b"%PDF-", Text("a PDF document", "PDF 文档"), ""),
    (0, b"\x89PNG\r\n\x1a\n", _IMAGE, "PNG"),
    (0, b"\xff\xd8\xff", _IMAGE, "JPEG"),
    (0, b"GIF8", _IMAGE, "GIF"),
    (8, b"WEBP", _IMAGE, "WebP"),
    (4, b"ftypheic", _IMAGE, "HEIC"),
    (4, b"ftypmif1", _IMAGE, "HEIC"),
    (4, b"ftyp", Text("a video", "视频"), ""),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OFFICE, ""),
    (0, b"{\\rtf", Text("a document (RTF)", "RTF 文档"), ""),
    (0, b"\x89HDF\r\n\x1a\n", _DATA, "HDF5"),
    (0, b"\x93NUMPY", _DATA, "NumPy"),
    (0, b"SQLite format 3\x00", _DATA, "SQLite"),
    (0, b"bplist0", Text("a macOS settings file", "macOS 设置文件"), ""),
    (0, b"\x7fELF", _PROGRAM, ""),
    (0, b"MZ\x90", _PROGRAM, ""),
    *((0, magic, _ARCHIVE, "zip") for magic in ZIP),
)
"""At which place and by which bytes a kind of file is recognised, and its name."""

NO_NOTEBOOK = Text(
    "This is {what}, not a notebook. In Jupyter use File > Download and hand in the .ipynb.",
    "这是“{what}”，不是 notebook。请在 Jupyter 中选择 File > Download，提交 .ipynb 文件。",
)
_UNKNOWN = Text("no text but binary data", "二进制数据，不是文本")
_WEB_PAGE = Text("a web page", "网页")
_MARKUP = re.compile(r"\s{0,200}<(!doctype|html|head|body|\?xml|svg)", re.IGNORECASE)

MAX_CONTROLS = 0.02
"""The share of control characters above which bytes are no text in any encoding."""


def kind_of(data: bytes) -> Text | None:
    """Return what binary `data` is, or None where it may be text."""
    if data.startswith(ZIP) and b"[Content_Types].xml" in data[:4_000]:
        return _OFFICE
    for offset, magic, text, name in SIGNATURES:
        if data.startswith(magic, offset):
            return text.format(kind=name)
    return None


# --- the text -----------------------------------------------------------------------------------


def text_of(data: bytes, python: bool, problems: list[Text]) -> str:
    """Decode `data`; what is worth reporting is added to `problems`. Raises Refused for no text.

    `python` says that the file may declare its encoding as Python's files do.
    """
    if not data.strip():
        raise Refused(
            Text(
                "The file is empty. Save the notebook and hand it in again.",
                "文件是空的。请保存 notebook 后重新提交。",
            )
        )
    if (what := kind_of(data)) is not None:
        raise Refused(NO_NOTEBOOK.format(what=what))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        text = _decoded(data, python, problems)
    if _MARKUP.match(text[:300]):
        raise Refused(NO_NOTEBOOK.format(what=_WEB_PAGE))
    return replace_surrogates(text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(data: bytes, python: bool, problems: list[Text]) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    controls = sum(data[:10_000].count(code) for code in (*range(9), *range(14, 32)))
    if controls > MAX_CONTROLS * len(data[:10_000]):
        raise Refused(NO_NOTEBOOK.format(what=_UNKNOWN))
    declared = "gb18030"
    if python:
        try:
            declared, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except (SyntaxError, UnicodeDecodeError):
            declared = "gb18030"
    try:
        text = data.decode(declared)
    except (UnicodeError, LookupError):
        declared, text = "UTF-8", data.decode("utf-8", "replace")
    problems.append(
        Text(
            "The file is not in UTF-8; it was read as {name}.",
            "文件不是 UTF-8 编码，已按 {name} 读取。",
        ).format(name=declared)
    )
    return text
