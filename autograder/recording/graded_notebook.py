"""Rebuild a graded notebook from our own source, the student's code as text, and the verdict.

Nothing else of a submission survives: no markdown, output, metadata or attachment of the student.
The course's prose is cut to its headings, so that a grader sees the work and not the lesson.
"""

import ast
import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograder.reading.cells import SubmittedCell
from autograder.reading.student_code import MAX_PARSED, parse
from autograder.safe_text import clean_png, plain_text, shown_code
from checks.text import ENGLISH, Text

MAX_OUTPUTS = 20
MAX_EXTRA_CELLS = 200
_HEADING = re.compile(r"^#{1,6} .+$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)

_POINTS = Text("{name}: {score:g} of {max_score:g} points", "{name}：{score:g} / {max_score:g} 分")
_PASSED, _FAILED = Text("passed", "通过"), Text("FAILED", "未通过")
_CAUSE, _HINT, _NOTE = Text("Cause", "原因"), Text("Hint", "提示"), Text("Note", "说明")
STATUS = {
    "right": Text("right", "正确"),
    "wrong": Text("wrong", "有误"),
    "not_implemented": Text("not implemented", "未实现"),
    "error": Text("stopped with an error", "运行出错"),
    "timeout": Text("ran out of time", "运行超时"),
    "missing": Text("not found in the file", "文件中没有"),
}


class Code(NamedTuple):
    """Code of a student, and the line of its cell that it begins in."""

    text: str
    first_line: int = 1


def own_functions(source: str) -> dict[str, Code]:
    """Return the functions defined at the top of `source`, by name. Empty where unreadable."""
    tree = parse(python_lines(source)) if len(source) <= MAX_PARSED else SyntaxError("too long")
    if isinstance(tree, SyntaxError):
        return {}
    lines = source.split("\n")
    return {
        node.name: Code("\n".join(lines[first - 1 : node.end_lineno]), first)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for first in [min([node.lineno, *(d.lineno for d in node.decorator_list)])]
    }


def python_lines(source: str) -> str:
    """Turn IPython's ``%matplotlib`` and ``!pip`` lines into comments of the same line count."""
    return re.sub(r"^([ \t]*)[%!]", r"\1#", source, flags=re.MULTILINE)


def solution_sources(cells: Iterable[SubmittedCell], exercises: Sequence[str]) -> dict[str, Code]:
    """Return each exercise's code: its solution cell by grade_id, else the function by name."""
    cells = list(cells)
    by_id: dict[str, list[str]] = {}
    for cell in cells:
        if cell.grade_id in exercises:
            by_id.setdefault(cell.grade_id, []).append(cell.source)
    found = {name: Code("\n\n".join(sources)) for name, sources in by_id.items()}
    wanted = [name for name in exercises if name not in found]
    for cell in cells if wanted else ():
        if "def " not in cell.source:
            continue
        defined = own_functions(cell.source)
        for name in wanted:
            if name in defined:
                found[name] = defined[name]
            elif not defined and re.search(rf"^[ \t]*def[ \t]+{name}\b", cell.source, re.MULTILINE):
                found[name] = Code(cell.source)
    return found


def result_text(exercise: Mapping[str, Any], language: str) -> str:
    """Return an exercise's result as plain text: points, checks by name, causes and hints."""

    def say(text: Text, **values: Any) -> str:
        return text.format(**values).in_(language)

    lines = [
        say(_POINTS, **{key: exercise[key] for key in ("name", "score", "max_score")})
        + f" ({STATUS[exercise['status']].in_(language)})"
    ]
    for check in exercise.get("checks", ()):
        detail = check.get("detail")
        line = (
            f"  {say(_PASSED if check['passed'] else _FAILED)}  {check.get('label', check['name'])}"
        )
        lines.append(f"{line}: {detail}" if detail and not check["passed"] else line)
    for cause in exercise.get("diagnosis", ()):
        lines.append(f"{say(_CAUSE)}: {cause['message']}")
        if cause.get("hint"):
            lines.append(f"{say(_HINT)}: {cause['hint']}")
    if exercise.get("note"):
        lines.append(f"{say(_NOTE)}: {exercise['note']}")
    return plain_text("\n".join(lines))


def rebuild(
    source: Mapping[str, Any],
    cells: Sequence[SubmittedCell],
    verdict: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the notebook to put in autograded/, as the mapping of its file.

    `source` is the course's own notebook, `cells` the code that was handed in. Without a
    `verdict` no cell has an output.
    """
    language = (verdict or {}).get("language") or ENGLISH
    exercises = {
        exercise.get("grade_id", f"test_{exercise['name']}"): exercise
        for exercise in (verdict or {}).get("exercises", ())
    }
    outputs = {cell["index"]: cell for cell in (verdict or {}).get("cells", ())}
    names = [_grade_id(cell) for cell in source["cells"] if _mark(cell).get("solution")]
    solutions = solution_sources(cells, names)
    rest = _Rest(source, cells, solutions, outputs)

    rebuilt: list[dict[str, Any]] = []
    for cell in source["cells"]:
        grade_id = _grade_id(cell)
        if cell["cell_type"] == "markdown":
            if headings := _HEADING.findall(_CODE_BLOCK.sub("", cell["source"])):
                rebuilt.append(_cell("markdown", "\n\n".join(headings), cell["id"]))
        elif _mark(cell).get("solution"):
            rebuilt += rest.before(grade_id)
            ours = _our_metadata(cell)
            shown = _cell(
                "code",
                shown_code(solutions[grade_id].text if grade_id in solutions else ""),
                cell["id"],
                ours,
            )
            shown["outputs"] = rest.outputs_of(grade_id)
            rebuilt.append(shown)
        elif _mark(cell).get("grade"):
            shown = _cell("code", cell["source"], cell["id"], _our_metadata(cell))
            if grade_id in exercises:
                shown["outputs"] = [_result_output(exercises[grade_id], language)]
            rebuilt.append(shown)
    rebuilt += rest.remaining()
    metadata = source.get("metadata", {})
    return {
        "cells": rebuilt,
        "metadata": {
            key: metadata[key] for key in ("kernelspec", "language_info") if key in metadata
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class _Rest:
    """The student's cells that are neither ours nor a solution, in their order."""

    def __init__(
        self,
        source: Mapping[str, Any],
        cells: Sequence[SubmittedCell],
        solutions: Mapping[str, Code],
        outputs: Mapping[int, Mapping[str, Any]],
    ) -> None:
        ours = {cell["source"].strip() for cell in source["cells"]}
        graded = {_grade_id(cell) for cell in source["cells"]} - {None}
        used = {code.text.strip() for code in solutions.values()}
        self._outputs = outputs
        self._cells = list(cells)
        self._next = 0
        self._shown = 0
        self._hidden = {
            cell.index
            for cell in cells
            if not cell.source.strip()
            or cell.grade_id in graded
            or (cell.source.strip() in ours and not self._kept(cell.index))
            or cell.source.strip() in used
        }

    def _kept(self, index: int) -> bool:
        """Tell whether a cell of ours is worth showing: it drew something, or it failed."""
        outputs = self._outputs.get(index, {})
        return outputs.get("status") in ("error", "timeout") or any(
            "png" in output for output in outputs.get("outputs", ())
        )

    def before(self, grade_id: str | None) -> list[dict[str, Any]]:
        """Return the extra cells that stand before the cell `grade_id`."""
        places = [i for i, cell in enumerate(self._cells) if cell.grade_id == grade_id]
        return self._until(places[0]) if places and places[0] >= self._next else []

    def remaining(self) -> list[dict[str, Any]]:
        """Return the extra cells that are still to be shown."""
        return self._until(len(self._cells))

    def outputs_of(self, grade_id: str | None) -> list[dict[str, Any]]:
        """Return what the student's cells `grade_id` showed."""
        shown: list[dict[str, Any]] = []
        for cell in self._cells:
            if cell.grade_id == grade_id:
                shown += cell_outputs(self._outputs.get(cell.index, {}))
        return shown[:MAX_OUTPUTS]

    def _until(self, end: int) -> list[dict[str, Any]]:
        extra = []
        for cell in self._cells[self._next : end]:
            if cell.index in self._hidden or self._shown >= MAX_EXTRA_CELLS:
                continue
            self._shown += 1
            name = f"student-{cell.index}"
            shown = _cell("code", shown_code(cell.source), name)
            shown["outputs"] = cell_outputs(self._outputs.get(cell.index, {}))
            extra.append(shown)
        self._next = max(self._next, end)
        return extra


def cell_outputs(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a cell's outputs as notebook outputs: capped plain text and re-encoded PNGs alone."""
    outputs: list[dict[str, Any]] = []
    for output in list(cell.get("outputs", ()))[:MAX_OUTPUTS]:
        if "text" in output:
            text = plain_text(str(output["text"]))
            outputs.append({"output_type": "stream", "name": "stdout", "text": text})
        elif png := shown_png(output):
            data = {"image/png": png}
            outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    if cell.get("error"):
        kind, _, message = plain_text(str(cell["error"]), 1_000).partition(": ")
        outputs.append(
            {
                "output_type": "error",
                "ename": kind,
                "evalue": message,
                "traceback": [f"{kind}: {message}"],
            }
        )
    return outputs


def shown_png(output: Mapping[str, Any]) -> str | None:
    """Return an output's picture, decoded and encoded again, in base64; None where it is none."""
    try:
        cleaned = clean_png(base64.b64decode(output.get("png") or "", validate=True))
    except (binascii.Error, ValueError, TypeError):
        return None
    return base64.b64encode(cleaned).decode() if cleaned else None


def _result_output(exercise: Mapping[str, Any], language: str) -> dict[str, Any]:
    text = result_text(exercise, language)
    if exercise["score"] >= exercise["max_score"]:
        return {"output_type": "stream", "name": "stdout", "text": text}
    # An error, so that whatever reads outputs for a score sees a failed test.
    return {
        "output_type": "error",
        "ename": "CheckFailed",
        "evalue": text.split("\n")[0],
        "traceback": text.split("\n"),
    }


def _mark(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    return cell.get("metadata", {}).get("nbgrader", {})


def _grade_id(cell: Mapping[str, Any]) -> str | None:
    return _mark(cell).get("grade_id")


def _our_metadata(cell: Mapping[str, Any]) -> dict[str, Any]:
    """The nbgrader metadata of a source cell, as generate_assignment would have written it."""
    mark = dict(_mark(cell)) | {"cell_type": cell["cell_type"]}
    mark["checksum"] = _checksum(cell["source"], cell["cell_type"], mark)
    return {"deletable": False, "nbgrader": mark}


def _checksum(source: str, cell_type: str, mark: Mapping[str, Any]) -> str:
    # nbgrader.utils.compute_checksum, which takes nbformat's nodes and costs seconds to import.
    locked = not mark["solution"] and (mark["grade"] or mark["locked"])
    parts = [source, cell_type, str(mark["grade"]), str(mark["solution"]), str(locked)]
    parts.append(mark["grade_id"])
    if mark["grade"]:
        parts.append(str(float(mark["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _cell(kind: str, source: str, name: str, metadata: Mapping[str, Any] | None = None) -> dict:
    cell = {"cell_type": kind, "id": name, "metadata": dict(metadata or {}), "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
