"""Take your functions over from an older notebook into the one of a newer zip.

Run this in the new folder, in a terminal or in a cell:

    python -m checks.session.newer OLD.ipynb
    %run -m checks.session.newer OLD.ipynb

Without a name it takes what Jupyter kept in .ipynb_checkpoints, where the old notebook is found if
it was saved by hand before the new zip was unpacked over it. A function is found by its cell's
nbgrader mark, or else by its `def`: some tools save notebooks without marks. Functions that the new
notebook already has are left alone.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from symtable import symtable
from typing import Any

from checks.notebook import COURSE_FILE
from checks.student_source import has_placeholder
from checks.text import ENGLISH, Text, listed, write

TEXTS = {
    "taken": Text("Taken over from {old}: {names}.", "已从 {old} 取回：{names}。"),
    "nothing": Text(
        "{old} holds no function that {new} lacks.", "{old} 里没有 {new} 还缺少的函数。"
    ),
    "again": Text(
        "Open {new} again to see them (File → Reload Notebook from Disk).",
        "请重新打开 {new} 查看（File → Reload Notebook from Disk）。",
    ),
    "left_behind": Text(
        "They use {names}, from cells of your own in {old}: copy those cells over, too.",
        "这些函数还用到 {names}，它们写在 {old} 里你自己加的单元格中：请把那些单元格也复制过来。",
    ),
    "no_file": Text(
        "There is no {old}. Name your older notebook: python -m checks.session.newer OLD.ipynb",
        "没有 {old}。请写出旧 notebook 的文件名：python -m checks.session.newer 旧文件.ipynb",
    ),
    "no_checkpoint": Text(
        "Jupyter has kept no earlier {new} here; it does so only when you save by hand. Name your "
        "older notebook: python -m checks.session.newer OLD.ipynb",
        "Jupyter 没有在这里留下更早的 {new}：只有手动保存时才会留下。"
        "请写出旧 notebook 的文件名：python -m checks.session.newer 旧文件.ipynb",
    ),
    "no_function": Text(
        "No function that you have finished was found in {old}; {new} is as it was.",
        "在 {old} 里没有找到你写完的函数；{new} 没有改动。",
    ),
    "no_course": Text(
        "There is no {file} here. Run this in the folder of the newer zip.",
        "这里没有 {file}。请在新 zip 解压出的文件夹里运行。",
    ),
    "not_readable": Text(
        "{old} can't be read as a notebook: {why}", "无法把 {old} 作为 notebook 读取：{why}"
    ),
}


class NotTakenOver(Exception):
    """Nothing was taken over; the message is one line that says why."""


def take_over(folder: Path, old: Path | None = None) -> str:
    """Put the functions of an older notebook into the folder's own; return what to tell.

    The new file is written whole or not at all. Raises NotTakenOver.
    """
    language, name = _course(folder)
    new = folder / f"{name}.ipynb"
    kept = folder / ".ipynb_checkpoints" / f"{name}-checkpoint.ipynb"
    if old is None and not kept.is_file():
        raise NotTakenOver(TEXTS["no_checkpoint"].format(new=new.name).in_(language))
    old = old or kept
    begun, notebook = _read(old, language), _read(new, language)
    stubs = _solutions(notebook)
    written = dict(_written(begun, stubs))
    values = {"old": old.name, "new": new.name}
    if not written:
        raise NotTakenOver(TEXTS["no_function"].format(**values).in_(language))
    taken = [name for name in stubs if name in written and _is_stub(_source(stubs[name]))]
    if not taken:
        return TEXTS["nothing"].format(**values).in_(language)
    for name in taken:
        stubs[name]["source"] = written[name].splitlines(keepends=True)
    missing = _left_behind(begun, notebook, [written[name] for name in taken])
    fresh = new.with_name(f".{new.name}.new")
    fresh.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
    fresh.replace(new)
    told = {"taken": taken, "left_behind": missing, "again": taken}
    return "\n".join(
        TEXTS[key].format(**values, names=listed(names)).in_(language)
        for key, names in told.items()
        if names
    )


def _course(folder: Path) -> tuple[str, str]:
    """Return the language and the assignment of the folder."""
    try:
        course = json.loads((folder / COURSE_FILE).read_text("utf-8"))
    except FileNotFoundError:
        raise NotTakenOver(TEXTS["no_course"].format(file=COURSE_FILE).in_(ENGLISH)) from None
    return course["language"], course["assignment"]


def _read(path: Path, language: str) -> dict[str, Any]:
    try:
        notebook = json.loads(path.read_text("utf-8"))
        cells = notebook["cells"]
        if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
            raise ValueError("cells")
    except FileNotFoundError:
        raise NotTakenOver(TEXTS["no_file"].format(old=path.name).in_(language)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        said = TEXTS["not_readable"].format(old=path.name, why=error)
        raise NotTakenOver(said.in_(language)) from None
    return notebook


def _solutions(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cells in which a student writes, by grade_id."""
    marks = [(cell.get("metadata", {}).get("nbgrader", {}), cell) for cell in notebook["cells"]]
    return {mark["grade_id"]: cell for mark, cell in marks if mark.get("solution")}


def _written(notebook: dict[str, Any], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each function that is more than a stub: by marks and, for want of them, by `def`."""
    marked = {name: _source(cell) for name, cell in _solutions(notebook).items()}
    defined: dict[str, str] = {}
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "code":
            pieces = _pieces(_source(cell), names)
            defined.update((name, text) for name, text in pieces if not _is_stub(text))
    for name in names:
        source = marked.get(name, "")
        if not source.strip() or _is_stub(source):
            source = defined.get(name, "")
        if source:
            yield name, source


def _left_behind(old: dict[str, Any], new: dict[str, Any], taken: list[str]) -> list[str]:
    """Return what the functions that were taken over use and only the old notebook defines."""
    here = {name for source in _code(new) for name in _names(source)[0]}
    own = {name: source for source in _code(old) for name in _names(source)[0] - here}
    found: list[str] = []
    sources = list(taken)
    for source in sources:  # grows: what is missing may use more
        for name in sorted(_names(source)[1] & own.keys() - set(found)):
            found.append(name)
            sources.append(own[name])
    return found


def _code(notebook: dict[str, Any]) -> list[str]:
    return [_source(cell) for cell in notebook["cells"] if cell.get("cell_type") == "code"]


def _names(source: str) -> tuple[set[str], set[str]]:
    """Return the global names that a cell defines, and those that it only uses."""
    try:
        top = symtable(re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return set(), set()
    own = (symbol for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported())
    defined = {symbol.get_name() for symbol in own}
    used, scopes = set(), [top]
    for scope in scopes:
        scopes += scope.get_children()
        seen = (symbol for symbol in scope.get_symbols() if symbol.is_referenced())
        used |= {symbol.get_name() for symbol in seen if scope is top or symbol.is_global()}
    return defined, used - defined


def _pieces(source: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Split a cell before each function but the first; yield each with its name."""
    starts = rf"^(?:@.*\n)*def[ \t]+({'|'.join(map(re.escape, names))})\b"
    found = list(re.finditer(starts, source, re.MULTILINE))
    begins = [0, *(match.start() for match in found[1:])]
    ends = [*begins[1:], len(source)]
    for match, begin, end in zip(found, begins, ends, strict=False):
        yield match[1], source[begin:end].rstrip()


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell.get("source", ""))


def _is_stub(source: str) -> bool:
    return has_placeholder(source) is True


def main(arguments: list[str]) -> int:
    """Run the command; return the exit code."""
    try:
        write(take_over(Path.cwd(), Path(arguments[0]) if arguments else None))
    except NotTakenOver as error:
        write(error)
        return 2
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if code:
        sys.exit(code)
