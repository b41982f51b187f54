"""Take your functions over from an older notebook into the one of a newer zip.

Run this in the new folder, in a terminal or in a cell:

    python -m checks.session.newer OLD.ipynb
    %run -m checks.session.newer OLD.ipynb

Without a name it takes what Jupyter kept in .ipynb_checkpoints, where the old notebook is found if
the new zip was unpacked over it. Functions that the new notebook already has are left alone.
"""

import json
import sys
from pathlib import Path
from typing import Any

from checks.notebook import COURSE_FILE
from checks.student_source import has_placeholder
from checks.text import Text, listed, write

TEXTS = {
    "taken": Text("Taken over from {old}: {names}.", "已从 {old} 取回：{names}。"),
    "nothing": Text(
        "{old} holds no function that {new} lacks.", "{old} 里没有 {new} 还缺少的函数。"
    ),
    "again": Text(
        "Open {new} again to see them (File → Reload Notebook from Disk).",
        "请重新打开 {new} 查看（File → Reload Notebook from Disk）。",
    ),
    "no_file": Text(
        "There is no {old}. Name your older notebook: python -m checks.session.newer OLD.ipynb",
        "没有 {old}。请写出旧 notebook 的文件名：python -m checks.session.newer 旧文件.ipynb",
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
    course = json.loads((folder / COURSE_FILE).read_text("utf-8"))
    language, name = course["language"], course["assignment"]
    new = folder / f"{name}.ipynb"
    old = old or folder / ".ipynb_checkpoints" / f"{name}-checkpoint.ipynb"
    written, notebook = _solutions(_read(old, language)), _read(new, language)
    taken = []
    for grade_id, cell in _solutions(notebook).items():
        source = _source(written.get(grade_id, {}))
        if _is_stub(_source(cell)) and source.strip() and not _is_stub(source):
            cell["source"] = source.splitlines(keepends=True)
            taken.append(grade_id)
    values = {"old": old.name, "new": new.name, "names": listed(taken)}
    if not taken:
        return TEXTS["nothing"].format(**values).in_(language)
    fresh = new.with_name(f".{new.name}.new")
    fresh.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
    fresh.replace(new)
    return "\n".join(TEXTS[key].format(**values).in_(language) for key in ("taken", "again"))


def _read(path: Path, language: str) -> dict[str, Any]:
    try:
        notebook = json.loads(path.read_text("utf-8"))
        if not isinstance(notebook["cells"], list):
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
