"""Read what a student handed in, under limits, and never fail on its content.

`read_submission` returns the code that can be graded and one clear line per problem.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.model import SubmittedCell
from autograder.reading.archives import candidates_in
from autograder.reading.cells import (
    MAX_CELLS,
    NESTED,
    TOO_LONG,
    code_cells,
    language_of,
    parse_notebook,
)
from autograder.reading.contents import ZIP, Refused, kind_of, read_bytes, refuse_large, text_of
from autograder.reading.names import MARKDOWN
from autograder.reading.plain_spaces import plain_spaces
from autograder.reading.scripts import code_of_markdown, looks_like_python, plain_script
from autograder.reading.work import finished
from autograder.safe_text import one_line
from autograder.texts import NO_TEXT
from checks.assignments import ASSIGNMENTS
from checks.text import Text

MAX_CELL_CHARACTERS = 1_000_000
MAX_CODE_CHARACTERS = 1_500_000
MAX_PROBLEMS = 20


@dataclass(frozen=True)
class Submission:
    """What one file holds. `kind` is "ipynb" or "py"; `language` is None where it is not known.

    `note` is for the student, and no reason to look, as the `problems` are.
    """

    path: Path
    kind: str
    cells: tuple[SubmittedCell, ...]
    language: str | None
    problems: tuple[Text, ...]
    sha256: str
    note: Text = NO_TEXT


def read_submission(path: Path) -> Submission:
    """Read the notebook, the Python code, or the archive with one of them, at `path`.

    This returns whatever is in the file: what cannot be graded is absent from `cells` and reported
    in `problems`.
    """
    path = Path(path)
    kind = "py" if path.suffix.lower() == ".py" else "ipynb"
    problems: list[Text] = []
    cells: list[SubmittedCell] = []
    found: str | None = None
    digest = ""
    try:
        data = read_bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        kind, cells, found = _content(data, path.name, problems)
    except Refused as refusal:
        problems.append(refusal.text)
    except (RecursionError, MemoryError):
        problems.append(NESTED)
    kept = _plain(_cap(cells, problems), kind, problems)
    told = tuple(dict.fromkeys(problems))[:MAX_PROBLEMS]
    unmarked = kind == "ipynb" and kept and not any(cell.grade_id for cell in kept)
    note = UNMARKED if unmarked else NO_TEXT
    return Submission(path, kind, tuple(kept), found, told, digest, note)


def file_hash(path: Path) -> str:
    """Return the hash of a file as read_submission gives it; empty where it can't be read."""
    try:
        return hashlib.sha256(read_bytes(Path(path))).hexdigest()
    except Refused:
        return ""


def cells_of(data: bytes, name: str) -> tuple[SubmittedCell, ...]:
    """Return the code cells in the bytes of a file called `name`; none where it can't be read."""
    problems: list[Text] = []
    try:
        kind, cells, _ = _content(data, name, problems)
    except (Refused, RecursionError, MemoryError):
        return ()
    return tuple(_plain(_cap(cells, problems), kind, problems))


UNMARKED = Text(
    "Your notebook holds no grading marks: some tools save it without them. Jupyter's Validate "
    "says “Success!” of such a notebook, whatever is in it. It was graded all the same.",
    "你的 notebook 里没有评分标记，有些工具保存时会丢掉它们。这样的 notebook 无论写了什么，"
    "Jupyter 的 Validate 都显示“Success!”。评分照常进行。",
)
_UNPACKED = Text(
    "The file is a zip archive; {name} in it is graded.",
    "文件是 zip 压缩包；已对其中的 {name} 评分。",
)
_CODE_INSIDE = Text(
    "The file {name} holds Python code and no notebook; the code is graded.",
    "文件 {name} 的内容是 Python 代码而不是 notebook；已对代码评分。",
)
_NOTEBOOK_INSIDE = Text(
    "The file {name} holds a notebook; it is graded as one.",
    "文件 {name} 的内容是 notebook，按 notebook 评分。",
)


_Content = tuple[str, list[SubmittedCell], str | None]
"""What bytes hold: kind, cells, language."""


def _content(data: bytes, name: str, problems: list[Text]) -> _Content:
    """Read the bytes of a file, or of the file with the most work in an archive of a student."""
    if not data.startswith(ZIP) or kind_of(data) != kind_of(ZIP[0]):
        return _one_file(data, name, problems)
    best: tuple[int, str, _Content, list[Text]] | None = None
    refusal: Refused | None = None
    count = 0
    for inner, content in candidates_in(data):
        told: list[Text] = []
        try:
            refuse_large(content)
            read = _one_file(content, inner, told)
        except Refused as error:
            refusal = refusal or error
            continue
        count += 1
        amount = finished(cell.source for cell in read[1])
        if best is None or amount > best[0]:
            best = amount, inner, read, told
    if best is None:
        raise refusal or Refused(NESTED)
    _, inner, read, told = best
    if count > 1 or Path(inner).stem not in ASSIGNMENTS:
        problems.append(_UNPACKED.format(name=inner))
    problems += told
    return read


def _one_file(data: bytes, name: str, problems: list[Text]) -> _Content:
    """Read notebook or Python code, whatever the file is called."""
    named_py = name.lower().endswith(".py")
    text = text_of(data, named_py, problems)
    is_notebook = text.lstrip()[:1] == "{" and '"cells"' in text
    if is_notebook if named_py else (is_notebook or not looks_like_python(text)):
        notebook = parse_notebook(text)
        if named_py:
            problems.append(_NOTEBOOK_INSIDE.format(name=one_line(name, 100)))
        return "ipynb", code_cells(notebook, problems), language_of(notebook)
    if name.lower().endswith(".ipynb"):
        problems.append(_CODE_INSIDE.format(name=one_line(name, 100)))
    plain = code_of_markdown if name.lower().endswith(MARKDOWN) else plain_script
    return "py", [SubmittedCell(plain(text), 0)], None


def _cap(cells: list[SubmittedCell], problems: list[Text]) -> list[SubmittedCell]:
    """Leave out what is beyond any course's size, and say so."""
    kept: list[SubmittedCell] = []
    total = 0
    for cell in cells:
        if len(kept) == MAX_CELLS or total + len(cell.source) > MAX_CODE_CHARACTERS:
            problems.append(TOO_LONG.format(number=cell.index + 1))
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


_ODD_SPACE = Text(
    "{where} holds characters that look like spaces or like nothing and that Python refuses "
    "({character}). They were read as plain spaces: retype them in your notebook.",
    "{where}含有看似空格或不可见、而 Python 不接受的字符（{character}）。评分时已按普通空格读取；"
    "请在你的 notebook 中重新输入。",
)
_CELL = Text("Cell {number}", "第 {number} 个单元格")
_FILE = Text("The file", "文件")


def _plain(cells: list[SubmittedCell], kind: str, problems: list[Text]) -> list[SubmittedCell]:
    """Make odd spaces plain where Python would refuse them, and say so."""
    plain = []
    for cell in cells:
        source, character = plain_spaces(cell.source)
        if character is not None:
            where = _CELL.format(number=cell.index + 1) if kind == "ipynb" else _FILE
            problems.append(_ODD_SPACE.format(where=where, character=character))
            cell = replace(cell, source=source)
        plain.append(cell)
    return plain
