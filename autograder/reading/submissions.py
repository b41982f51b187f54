"""Read what a student handed in, under limits, and never fail on its content.

`read_submission` returns the code that can be graded and one clear line per problem. The text is
only parsed as JSON: nothing of it runs here.
"""

import hashlib
import io
import json
import os
import re
import stat
import tokenize
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import RELEASED_BEFORE, SHIPPED, Notebook
from autograder.model import SubmittedCell
from autograder.safe_text import one_line, replace_surrogates
from checks.text import ENGLISH, LANGUAGES, Text, recognised

MAX_FILE_BYTES = 20_000_000
# Brackets in the file: bounds the objects that parsing it makes (about 64 bytes each).
MAX_CONTAINERS = 1_000_000
MAX_CELLS = 2_000
MAX_LISTED = 5 * MAX_CELLS
"""Cells of any kind that are looked at."""
MAX_CELL_CHARACTERS = 1_000_000
MAX_CODE_CHARACTERS = 1_500_000
MAX_TIMESTAMP_BYTES = 200
MAX_PROBLEMS = 20


@dataclass(frozen=True)
class Submission:
    """What one file holds. `kind` is "ipynb" or "py"; `language` is None where it is not known."""

    path: Path
    kind: str
    cells: tuple[SubmittedCell, ...]
    language: str | None
    problems: tuple[Text, ...]
    sha256: str


class _Refused(Exception):
    """The file cannot be read; the problem is told to the student."""

    def __init__(self, problem: Text) -> None:
        super().__init__(problem[ENGLISH])
        self.problem = problem


def read_submission(path: Path) -> Submission:
    """Read the notebook or ``.py`` file at `path`.

    Whatever is in the file, this returns: what cannot be graded is absent from `cells` and told
    in `problems`.
    """
    path = Path(path)
    kind = "py" if path.suffix.lower() == ".py" else "ipynb"
    problems: list[Text] = []
    cells: list[SubmittedCell] = []
    found: str | None = None
    digest = ""
    try:
        data = _read_bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        text = _decode(data, kind, problems)
        if kind == "py":
            cells = [SubmittedCell(text, 0)]
        else:
            notebook = _parse(text)
            found = _language(notebook)
            cells = _code_cells(notebook, problems)
    except _Refused as refusal:
        problems.append(refusal.problem)
    except (RecursionError, MemoryError):
        problems.append(_NESTED)
    kept = _cap(cells, problems)
    told = tuple(dict.fromkeys(problems))[:MAX_PROBLEMS]
    return Submission(path, kind, tuple(kept), found, told, digest)


# --- the file ---------------------------------------------------------------------------------


def _read_bytes(path: Path) -> bytes:
    """Read a regular file of at most MAX_FILE_BYTES without following a link or blocking."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        # Asked first: opening a device can act on it, and Windows has no O_NOFOLLOW.
        _refuse_unless_regular(os.lstat(path))
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise _Refused(Text("There is no such file.", "找不到这个文件。")) from None
    except (OSError, ValueError) as error:
        why = one_line(getattr(error, "strerror", None) or type(error).__name__)
        raise _Refused(
            Text("The file cannot be opened: {why}.", "无法打开文件：{why}。").format(why=why)
        ) from None
    with open(descriptor, "rb") as file:
        _refuse_unless_regular(os.fstat(file.fileno()))
        try:
            data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            why = one_line(error.strerror or type(error).__name__)
            raise _Refused(
                Text("The file cannot be read: {why}.", "无法读取文件：{why}。").format(why=why)
            ) from None
    if len(data) > MAX_FILE_BYTES:
        raise _Refused(
            Text(
                "The file is larger than {limit} MB. Clear the outputs, save and hand it in again.",
                "文件超过 {limit} MB。请清除输出并保存后重新提交。",
            ).format(limit=MAX_FILE_BYTES // 1_000_000)
        )
    return data


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
        raise _Refused(
            Text(
                "This is {what}, not a file. Hand in the notebook itself.",
                "这是{what}，不是普通文件。请直接提交 notebook 文件。",
            ).format(what=what)
        )


def _decode(data: bytes, kind: str, problems: list[Text]) -> str:
    if not data.strip():
        raise _Refused(
            Text(
                "The file is empty. Save the notebook and hand it in again.",
                "文件是空的。请保存 notebook 后重新提交。",
            )
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        text = _decode_bytes(data, kind, problems)
    return replace_surrogates(text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode_bytes(data: bytes, kind: str, problems: list[Text]) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = "gb18030"
    if kind == "py":
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


# --- the notebook -----------------------------------------------------------------------------

_NESTED = Text(
    "The file is nested too deeply or holds too many parts to be a notebook.",
    "文件嵌套过深或内容过多，不是正常的 notebook。",
)
_NOT_JSON = Text(
    "The file is not a notebook: {why}. Open it in Jupyter, save it, and hand it in again.",
    "文件不是有效的 notebook：{why}。请在 Jupyter 中打开并保存后重新提交。",
)
_HTML = Text(
    "This is a web page, not a notebook. In Jupyter use File > Download and hand in the .ipynb.",
    "这是网页，不是 notebook。请在 Jupyter 中选择 File > Download，提交 .ipynb 文件。",
)


def _parse(text: str) -> Notebook:
    if text.count("[") + text.count("{") > MAX_CONTAINERS:
        raise _Refused(_NESTED)
    if re.match(r"\s*<(!doctype|html|head|body|\?xml)", text[:2_000], re.IGNORECASE):
        raise _Refused(_HTML)
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        why = Text("line {line}: {what}", "第 {line} 行：{what}").format(
            line=error.lineno, what=one_line(error.msg)
        )
        raise _Refused(_NOT_JSON.format(why=why)) from None
    except ValueError as error:  # an integer of more digits than Python converts
        raise _Refused(_NOT_JSON.format(why=one_line(str(error)))) from None
    if not isinstance(notebook, dict):
        raise _Refused(_NOT_JSON.format(why=Text("it holds no cells", "没有单元格")))
    if "cells" not in notebook and "worksheets" in notebook:
        notebook = _upgrade(notebook)
    if not isinstance(notebook.get("cells"), list):
        raise _Refused(_NOT_JSON.format(why=Text("it holds no cells", "没有单元格")))
    return notebook


def _upgrade(notebook: Notebook) -> Notebook:
    """Turn nbformat 1 to 3 into nbformat 4."""
    import nbformat

    try:
        return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception as error:  # nbformat raises whatever a malformed old notebook leads to
        why = f"nbformat 3, {type(error).__name__}"
        raise _Refused(_NOT_JSON.format(why=why)) from None


def _mapping(value: object) -> Notebook:
    return value if isinstance(value, dict) else {}


def _language(notebook: Notebook) -> str | None:
    """Tell the language: the builder's mark, else the script of the markdown cells."""
    marked = _mapping(_mapping(notebook.get("metadata")).get("course")).get("language")
    if marked in LANGUAGES:
        return marked
    prose = "".join(
        _source(cell)[0][:5_000]
        for cell in notebook["cells"][:200]
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown"
    )
    letters = sum(character.isalpha() for character in prose)
    if letters < 40:
        return None
    return recognised(prose)


def _source(cell: Notebook) -> tuple[str, bool]:
    """Return a cell's text, and whether it was of a type that notebooks have."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return replace_surrogates("".join(source)), True
    if isinstance(source, str):
        return replace_surrogates(source), True
    return "", False


_TOO_LONG = Text(
    "The notebook is too long; from cell {number} on it was not read.",
    "notebook 过长；从第 {number} 个单元格起未读取。",
)


def _code_cells(notebook: Notebook, problems: list[Text]) -> list[SubmittedCell]:
    _check_kernel(_mapping(notebook.get("metadata")), problems)
    cells: list[SubmittedCell] = []
    seen: set[str] = set()
    if len(notebook["cells"]) > MAX_LISTED:
        problems.append(_TOO_LONG.format(number=MAX_LISTED + 1))
    for index, cell in enumerate(notebook["cells"][:MAX_LISTED]):
        number = {"number": index + 1}
        if not isinstance(cell, dict):
            problems.append(
                Text(
                    "Cell {number} is damaged and was skipped.",
                    "第 {number} 个单元格已损坏，已跳过。",
                ).format(**number)
            )
            continue
        source, readable = _source(cell)
        if not readable:
            problems.append(
                Text(
                    "Cell {number} has no readable text and was skipped.",
                    "第 {number} 个单元格没有可读的文本，已跳过。",
                ).format(**number)
            )
            continue
        metadata = _mapping(cell.get("metadata"))
        mark = _mapping(metadata.get("nbgrader"))
        grade_id = mark.get("grade_id")
        grade_id = grade_id if isinstance(grade_id, str) and 0 < len(grade_id) <= 200 else None
        if cell.get("cell_type") != "code":
            # A graded function in a markdown cell is a slip of the keyboard (Esc, M).
            if grade_id is None or not (mark.get("solution") or mark.get("grade")):
                continue
            problems.append(
                Text(
                    "The cell {name} is no longer a code cell; its text is taken as code.",
                    "单元格 {name} 已不是代码单元格；其中的文本按代码处理。",
                ).format(name=one_line(grade_id))
            )
        if grade_id is not None and grade_id in seen:
            problems.append(
                Text(
                    "The cell {name} exists more than once; all copies run, the last one counts.",
                    "单元格 {name} 出现了多次；全部运行，以最后一个为准。",
                ).format(name=one_line(grade_id))
            )
        seen.add(grade_id or "")
        tags = metadata.get("tags")
        tags = tags if isinstance(tags, list) else []
        cells.append(
            SubmittedCell(
                source, index, tuple(t for t in tags[:50] if isinstance(t, str)), grade_id
            )
        )
    return cells


def _check_kernel(metadata: Notebook, problems: list[Text]) -> None:
    spec = _mapping(metadata.get("kernelspec"))
    name = spec.get("language") or _mapping(metadata.get("language_info")).get("name") or "python"
    if isinstance(name, str) and not re.search("python", name, re.IGNORECASE):
        problems.append(
            Text(
                "The notebook's kernel is {name}; it is graded as Python.",
                "notebook 的内核是 {name}；按 Python 评分。",
            ).format(name=one_line(name, 40))
        )


def _cap(cells: list[SubmittedCell], problems: list[Text]) -> list[SubmittedCell]:
    """Leave out what is beyond any course's size, and say so."""
    kept: list[SubmittedCell] = []
    total = 0
    for cell in cells:
        if len(kept) == MAX_CELLS or total + len(cell.source) > MAX_CODE_CHARACTERS:
            problems.append(_TOO_LONG.format(number=cell.index + 1))
            break
        if len(cell.source) > MAX_CELL_CHARACTERS:
            problems.append(
                Text(
                    "Cell {number} is longer than {limit} characters and was skipped.",
                    "第 {number} 个单元格超过 {limit} 个字符，已跳过。",
                ).format(number=cell.index + 1, limit=f"{MAX_CELL_CHARACTERS:,}")
            )
            continue
        kept.append(cell)
        total += len(cell.source)
    return kept


# --- the folder -------------------------------------------------------------------------------


def find_submitted_file(folder: Path, assignment: str) -> tuple[Path | None, tuple[Text, ...]]:
    """Find the file to grade in a student's folder, and what was odd about its name.

    The file is ``<assignment>.ipynb``; else the only notebook; else the one whose name is nearest;
    else a ``.py`` file. None where nothing was handed in; a folder that can't be looked into is
    taken to hold the file.
    """
    expected = folder / f"{assignment}.ipynb"
    if os.path.lexists(expected):
        return expected, ()
    try:
        with os.scandir(folder) as entries:
            files = sorted(entry.path for entry in entries if not entry.name.startswith("."))[:500]
    except FileNotFoundError:
        files = []
    except OSError:
        # Something was handed in; opening it tells why it can't be read.
        return expected, ()
    paths = [Path(name) for name in files if Path(name).name not in (*SHIPPED, *RELEASED_BEFORE)]
    notebooks = [path for path in paths if path.suffix.lower() == ".ipynb"]
    candidates = notebooks or [path for path in paths if path.suffix.lower() == ".py"]
    chosen = max(
        candidates, key=lambda path: (_nearness(path, assignment), path.name), default=None
    )
    if chosen is None:
        text = Text(
            "No notebook was handed in: {name} is missing.", "没有提交 notebook：缺少 {name}。"
        )
    elif len(candidates) > 1:
        text = Text(
            "{count} files were handed in, none named {name}; {chosen} is graded.",
            "提交了 {count} 个文件，但没有一个名为 {name}；已对 {chosen} 评分。",
        )
    else:
        text = Text(
            "The file is named {chosen}, not {name}; it is graded all the same.",
            "文件名是 {chosen}，而不是 {name}；照常评分。",
        )
    shown = one_line(chosen.name, 100) if chosen else ""
    return chosen, (text.format(count=len(candidates), name=expected.name, chosen=shown),)


def _nearness(path: Path, assignment: str) -> tuple[int, float]:
    stem = path.stem.lower()
    try:
        status = path.lstat()
        modified = status.st_mtime if stat.S_ISREG(status.st_mode) else -1.0
    except OSError:
        modified = -1.0
    return (assignment.lower() in stem) + (modified >= 0), modified


_BAD_TIME = Text(
    "The time of submission (timestamp.txt) can't be read: {why}",
    "无法识别提交时间（timestamp.txt）：{why}",
)


def read_timestamp(folder: Path) -> tuple[datetime | None, Text | None]:
    """Read nbgrader's ``timestamp.txt``: (time in UTC without zone, None), or (None, a problem).

    (None, None) where there is no such file.
    """
    path = folder / "timestamp.txt"
    if not os.path.lexists(path):
        return None, None
    try:
        data = _read_bytes(path)
    except _Refused as refusal:
        return None, _BAD_TIME.format(why=refusal.problem)
    text = data[:MAX_TIMESTAMP_BYTES].decode("utf-8-sig", "replace").strip()
    from dateutil import parser  # comes with nbgrader, which writes these files
    from dateutil.tz import gettz

    try:
        # "2015-02-02 15:58:23.948203 America/Los_Angeles": dateutil does not know such zones.
        *rest, last = text.split(" ")
        zone = gettz(last) if len(rest) == 2 and "/" in last and safe_zone(last) else None
        moment = parser.parse(" ".join(rest) if zone else text)
        if zone:
            moment = moment.replace(tzinfo=zone)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, TypeError, AttributeError, OSError):
        return None, _BAD_TIME.format(why=repr(one_line(text, 60)))
    return moment, None


def read_secret(folder: Path) -> str:
    """Read the secret of nbgrader's exchange; "" where there is none as nbgrader makes it."""
    try:
        text = _read_bytes(folder / "submission_secret.txt").decode("ascii", "replace")
    except (_Refused, OSError):
        return ""
    return text if re.fullmatch(r"[0-9a-f]{128}", text) else ""


def safe_zone(name: str) -> bool:
    """Tell whether `name` looks like a time zone; gettz would open any path it is given."""
    return re.fullmatch(r"[A-Z][A-Za-z_]{1,30}(/[A-Z][A-Za-z_+-]{1,30}){1,2}", name) is not None
