"""The code cells of a notebook's text, which is only parsed as JSON: nothing of it runs."""

import ast
import contextlib
import itertools
import json
import re
from dataclasses import replace

from autograder.course import Notebook
from autograder.model import SubmittedCell
from autograder.reading.contents import Refused
from autograder.reading.student_code import parse, parses, python_of
from autograder.safe_text import one_line, replace_surrogates
from checks.text import LANGUAGES, Text, recognised

# Brackets in the file bound the objects that parsing it makes (about 64 bytes each).
MAX_CONTAINERS = 1_000_000
MAX_CELLS = 2_000
MAX_LISTED = 5 * MAX_CELLS
"""The most cells of any kind that are looked at."""


NESTED = Text(
    "The file is nested too deeply or holds too many parts to be a notebook.",
    "文件嵌套过深或内容过多，不是正常的 notebook。",
)
TOO_LONG = Text(
    "The notebook is too long; from cell {number} on it was not read.",
    "notebook 过长；从第 {number} 个单元格起未读取。",
)
_NOT_JSON = Text(
    "The file is not a notebook: {why}. Open it in Jupyter, save it, and hand it in again.",
    "文件不是有效的 notebook：{why}。请在 Jupyter 中打开并保存后重新提交。",
)
_NO_CELLS = Text("it holds no cells", "没有单元格")
_DAMAGED = Text("Cell {number} is damaged and was skipped.", "第 {number} 个单元格已损坏，已跳过。")
_NO_TEXT = Text(
    "Cell {number} has no readable text and was skipped.",
    "第 {number} 个单元格没有可读的文本，已跳过。",
)
_NO_CODE = Text(
    "The cell {name} is no longer a code cell; its text is taken as code.",
    "单元格 {name} 已不是代码单元格；其中的文本按代码处理。",
)
_TWICE = Text(
    "The cell {name} exists more than once; all copies run, the last one counts.",
    "单元格 {name} 出现了多次；全部运行，以最后一个为准。",
)
_SPLIT = Text(
    "The cell {name} was split into several; they are graded as the one that they were.",
    "单元格 {name} 被拆分成了几个；已合并为原来的一个单元格评分。",
)
_KERNEL = Text(
    "The notebook's kernel is {name}; it is graded as Python.",
    "notebook 的内核是 {name}；按 Python 评分。",
)


def parse_notebook(text: str) -> Notebook:
    """Return the notebook in `text`, upgraded to nbformat 4. Raises Refused where it holds none."""
    if text.count("[") + text.count("{") > MAX_CONTAINERS:
        raise Refused(NESTED)
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        why = Text("line {line}: {what}", "第 {line} 行：{what}").format(
            line=error.lineno, what=one_line(error.msg)
        )
        raise Refused(_NOT_JSON.format(why=why)) from None
    except ValueError as error:  # an integer of more digits than Python converts
        raise Refused(_NOT_JSON.format(why=one_line(str(error)))) from None
    if isinstance(notebook, dict) and "cells" not in notebook and "worksheets" in notebook:
        notebook = _upgrade(notebook)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise Refused(_NOT_JSON.format(why=_NO_CELLS))
    return notebook


def _upgrade(notebook: Notebook) -> Notebook:
    """Turn nbformat 1 to 3 into nbformat 4."""
    import nbformat

    try:
        return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception as error:  # nbformat raises whatever a malformed old notebook leads to
        why = f"nbformat 3, {type(error).__name__}"
        raise Refused(_NOT_JSON.format(why=why)) from None


def _mapping(value: object) -> Notebook:
    return value if isinstance(value, dict) else {}


def language_of(notebook: Notebook) -> str | None:
    """Return the language of the builder's mark, else that of the markdown cells."""
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
    if isinstance(source, list):
        # A line that is no text can't be joined.
        with contextlib.suppress(TypeError):
            return replace_surrogates("".join(source)), True
    if isinstance(source, str):
        return replace_surrogates(source), True
    return "", False


def code_cells(notebook: Notebook, problems: list[Text]) -> list[SubmittedCell]:
    """Return the cells that hold code; what is worth reporting is added to `problems`."""
    _check_kernel(_mapping(notebook.get("metadata")), problems)
    cells: list[SubmittedCell] = []
    if len(notebook["cells"]) > MAX_LISTED:
        problems.append(TOO_LONG.format(number=MAX_LISTED + 1))
    for index, cell in enumerate(notebook["cells"][:MAX_LISTED]):
        if not isinstance(cell, dict):
            problems.append(_DAMAGED.format(number=index + 1))
            continue
        if (found := _code_cell(cell, index, problems)) is not None:
            cells.append(found)
    cells = _unsplit(cells, problems)
    seen: set[str] = set()
    for cell in cells:
        if cell.grade_id is not None and cell.grade_id in seen:
            problems.append(_TWICE.format(name=one_line(cell.grade_id)))
        seen.add(cell.grade_id or "")
    return cells


def _unsplit(cells: list[SubmittedCell], problems: list[Text]) -> list[SubmittedCell]:
    """Join what was one cell before it was split: JupyterLab gives each part its grade_id."""
    joined: list[SubmittedCell] = []
    for _, group in itertools.groupby(cells, key=lambda cell: cell.grade_id or cell.index):
        parts = list(group)
        adjacent = parts[-1].index - parts[0].index == len(parts) - 1
        whole = "\n".join(part.source for part in parts)
        if len(parts) > 1 and adjacent and parses(whole) and not all(map(_stands_alone, parts)):
            problems.append(_SPLIT.format(name=one_line(parts[0].grade_id or "")))
            parts = [replace(parts[0], source=whole)]
        joined += parts
    return joined


def _stands_alone(cell: SubmittedCell) -> bool:
    tree = parse(python_of(cell.source))
    # To the parser, a return outside of a function is no error.
    return isinstance(tree, ast.Module) and not any(isinstance(n, ast.Return) for n in tree.body)


def _code_cell(cell: Notebook, index: int, problems: list[Text]) -> SubmittedCell | None:
    source, readable = _source(cell)
    if not readable:
        problems.append(_NO_TEXT.format(number=index + 1))
        return None
    metadata = _mapping(cell.get("metadata"))
    mark = _mapping(metadata.get("nbgrader"))
    grade_id = mark.get("grade_id")
    grade_id = grade_id if isinstance(grade_id, str) and 0 < len(grade_id) <= 200 else None
    if cell.get("cell_type") != "code":
        # A graded function in a markdown cell is a slip of the keyboard (Esc, M).
        if grade_id is None or not (mark.get("solution") or mark.get("grade")):
            return None
        problems.append(_NO_CODE.format(name=one_line(grade_id)))
    tags = metadata.get("tags")
    tags = tags if isinstance(tags, list) else []
    return SubmittedCell(source, index, tuple(t for t in tags[:50] if isinstance(t, str)), grade_id)


def _check_kernel(metadata: Notebook, problems: list[Text]) -> None:
    spec = _mapping(metadata.get("kernelspec"))
    name = spec.get("language") or _mapping(metadata.get("language_info")).get("name") or "python"
    if isinstance(name, str) and not re.search("python", name, re.IGNORECASE):
        problems.append(_KERNEL.format(name=one_line(name, 40)))
