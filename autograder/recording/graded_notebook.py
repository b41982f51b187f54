"""Rebuild a graded notebook from our own source, the student's code as text, and the verdict.

Nothing else of a submission survives: no markdown, output, metadata or attachment of the student.
The course's prose is cut to its headings, so that a grader sees the work and not the lesson.
"""

import functools
import json
import os
import re
import shutil
import stat
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

from autograder.course import Notebook
from autograder.files import write_atomically
from autograder.model import CellVerdict, ExerciseVerdict, SubmittedCell, Verdict
from autograder.reading.student_code import solution_sources
from autograder.recording.nbgrader_start import import_nbgrader
from autograder.safe_text import one_line, plain_text, shown_code, shown_png
from autograder.status import CellStatus
from autograder.texts import rendered
from checks.show import FAIL, PASS
from checks.text import BRACKETED, COLON, ENGLISH, Text

MAX_OUTPUTS = 20
MAX_EXTRA_CELLS = 200
KEPT = 256
"""How many cells are kept as they are written; none of more than MOST_KEPT characters."""
MOST_KEPT = 10_000
_HEADING = re.compile(r"^#{1,6} .+$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)

_POINTS = Text("{name}: {score:g} of {max_score:g} points", "{name}：{score:g} / {max_score:g} 分")
_LOOK = Text("Please look at this submission:", "请查看这份提交：")
_CAUSE, _HINT, _NOTE = Text("Cause", "原因"), Text("Hint", "提示"), Text("Note", "说明")


def result_text(exercise: ExerciseVerdict, language: str) -> str:
    """Return an exercise's result as plain text: points, checks by name, causes and hints."""

    def say(sentence: Text, **values: object) -> str:
        return sentence.format(**values).in_(language)

    head = say(_POINTS, name=exercise.name, score=exercise.score, max_score=exercise.max_score)
    lines = [head + say(BRACKETED, text=exercise.status.text)]
    colon = COLON[language]
    for check in exercise.checks:
        line = f"  {say(PASS if check.passed else FAIL)}  {say(check.name)}"
        detail = "" if check.passed else check.detail.in_(language)
        lines.append(f"{line}{colon}{detail}" if detail else line)
    for cause in exercise.diagnosis:
        lines.append(f"{say(_CAUSE)}{colon}{cause.message.in_(language)}")
        if hint := cause.hint.in_(language):
            lines.append(f"{say(_HINT)}{colon}{hint}")
    if note := exercise.note.in_(language):
        lines.append(f"{say(_NOTE)}{colon}{note}")
    return plain_text("\n".join(lines))


def rebuild(
    source: Notebook, cells: Sequence[SubmittedCell], verdict: Verdict | None = None
) -> Notebook:
    """Return the notebook to put in autograded/, as the mapping of its file.

    `source` is the course's own notebook, `cells` the code that was handed in. Without a
    `verdict` no cell has an output.
    """
    language = verdict.language if verdict else ENGLISH
    exercises = {exercise.grade_id: exercise for exercise in (verdict.exercises if verdict else ())}
    outputs = {cell.index: cell for cell in (verdict.cells if verdict else ())}
    names = [_grade_id(cell) for cell in source["cells"] if _mark(cell).get("solution")]
    solutions = solution_sources(cells, names)
    rest = _Rest(source, cells, solutions, outputs)

    rebuilt: list[Notebook] = _to_look_at(verdict, language)
    for cell in source["cells"]:
        grade_id = _grade_id(cell)
        if cell["cell_type"] == "markdown":
            if headings := _HEADING.findall(_CODE_BLOCK.sub("", cell["source"])):
                rebuilt.append(_cell("markdown", "\n\n".join(headings), cell["id"]))
        elif _mark(cell).get("solution"):
            rebuilt += rest.before(grade_id)
            shown = _own_cell(cell, shown_code(solutions.get(grade_id, "")))
            shown["outputs"] = rest.outputs_of(grade_id)
            rebuilt.append(shown)
        elif _mark(cell).get("grade"):
            shown = _own_cell(cell, cell["source"])
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


def _to_look_at(verdict: Verdict | None, language: str) -> list[Notebook]:
    """Return a cell that says in formgrader why a person should look; it holds comments alone."""
    reasons = rendered(verdict.reasons(), language) if verdict else []
    if not reasons:
        return []
    lines = [_LOOK[language], *(f"- {one_line(reason, 400)}" for reason in reasons)]
    return [_cell("code", "\n".join(f"# {line}" for line in lines), "to-look-at")]


def notebook_text(notebook: Notebook) -> str:
    """Return a notebook as the text of its file, as nbconvert's exporter writes it.

    Most cells are the same in every notebook of a class, so their texts are kept.
    """
    around = _written(notebook | {"cells": []})
    start, _, end = around.partition('"cells": []')
    cells = ",\n".join(map(_cell_text, notebook["cells"]))
    return f'{start}"cells": [\n{cells}\n ]{end}\n' if cells else f"{around}\n"


def _cell_text(cell: Notebook) -> str:
    """Return a cell as it stands in the text of a notebook."""
    compact = json.dumps(cell, sort_keys=True)
    return (_kept_text if len(compact) <= MOST_KEPT else _new_text)(compact)


def _new_text(compact: str) -> str:
    cell = json.loads(compact)
    whole = _written({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return whole.partition("[\n")[2].rpartition('\n ],\n "metadata"')[0]


_kept_text = functools.lru_cache(KEPT)(_new_text)


def _written(notebook: Notebook) -> str:
    # Without nbformat.writes, which complains of a notebook that is not valid, and writes it.
    from nbformat import from_dict, v4

    return str(v4.writes_json(from_dict(notebook)))


def write_autograded(
    folder: Path, assignment: str, notebook: Notebook, receipts: AbstractSet[str] = frozenset()
) -> None:
    """Write a graded notebook, and remove whatever else but `receipts` lies in the folder.

    Raises OSError where the folder cannot be written to; an old notebook then stays whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{assignment}.ipynb"
    write_atomically(path, notebook_text(notebook).encode("utf-8"))
    for entry in list(os.scandir(folder)):
        if entry.name not in {path.name, *receipts}:
            remove_entry(Path(entry.path))


def remove_entry(path: Path) -> None:
    """Remove a file, a link (not what it points to) or a folder."""
    with suppress(FileNotFoundError):
        if stat.S_ISDIR(path.lstat().st_mode):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


class _Rest:
    """The student's cells that are neither ours nor a solution, in their order."""

    def __init__(
        self,
        source: Notebook,
        cells: Sequence[SubmittedCell],
        solutions: Mapping[str, str],
        outputs: Mapping[int, CellVerdict],
    ) -> None:
        ours = {cell["source"].strip() for cell in source["cells"]}
        graded = {_grade_id(cell) for cell in source["cells"]} - {""}
        used = {text.strip() for text in solutions.values()}
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
        """Return whether one of our cells is worth showing: it drew something, or it failed."""
        cell = self._outputs.get(index)
        if cell is None:
            return False
        stopped = cell.status in (CellStatus.ERROR, CellStatus.TIMEOUT)
        return stopped or any(output.png for output in cell.outputs)

    def before(self, grade_id: str) -> list[Notebook]:
        """Return the extra cells that stand before the cell `grade_id`."""
        places = [i for i, cell in enumerate(self._cells) if cell.grade_id == grade_id]
        return self._until(places[0]) if places and places[0] >= self._next else []

    def remaining(self) -> list[Notebook]:
        """Return the extra cells that are still to be shown."""
        return self._until(len(self._cells))

    def outputs_of(self, grade_id: str) -> list[Notebook]:
        """Return what the student's cells `grade_id` showed."""
        shown: list[Notebook] = []
        for cell in self._cells:
            if cell.grade_id == grade_id:
                shown += cell_outputs(self._outputs.get(cell.index))
        return shown[:MAX_OUTPUTS]

    def _until(self, end: int) -> list[Notebook]:
        extra = []
        for cell in self._cells[self._next : end]:
            if cell.index in self._hidden or self._shown >= MAX_EXTRA_CELLS:
                continue
            self._shown += 1
            name = f"student-{cell.index}"
            shown = _cell("code", shown_code(cell.source), name)
            shown["outputs"] = cell_outputs(self._outputs.get(cell.index))
            extra.append(shown)
        self._next = max(self._next, end)
        return extra


def cell_outputs(cell: CellVerdict | None) -> list[Notebook]:
    """Return a cell's outputs as notebook outputs: capped plain text and re-encoded PNGs alone."""
    outputs: list[Notebook] = []
    for output in cell.outputs[:MAX_OUTPUTS] if cell else ():
        if not output.png:
            text = plain_text(output.text)
            outputs.append({"output_type": "stream", "name": "stdout", "text": text})
        elif png := shown_png(output.png):
            data = {"image/png": png}
            outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    if cell and cell.error:
        kind, _, message = plain_text(cell.error, 1_000).partition(": ")
        outputs.append(
            {
                "output_type": "error",
                "ename": kind,
                "evalue": message,
                "traceback": [f"{kind}: {message}"],
            }
        )
    return outputs


def _result_output(exercise: ExerciseVerdict, language: str) -> Notebook:
    text = result_text(exercise, language)
    if exercise.score >= exercise.max_score:
        return {"output_type": "stream", "name": "stdout", "text": text}
    # It is an error, so that a program that reads outputs for a score sees a failed test.
    return {
        "output_type": "error",
        "ename": "CheckFailed",
        "evalue": text.split("\n")[0],
        "traceback": text.split("\n"),
    }


def _mark(cell: Notebook) -> Notebook:
    return cell.get("metadata", {}).get("nbgrader", {})


def _grade_id(cell: Notebook) -> str:
    return _mark(cell).get("grade_id") or ""


def _own_cell(cell: Notebook, text: str) -> Notebook:
    """Return one of our cells with a text, and the metadata that generate_assignment writes."""
    mark = _mark(cell) | {"cell_type": cell["cell_type"]}
    mark["checksum"] = _checksum(json.dumps(cell))
    return _cell("code", text, cell["id"], {"deletable": False, "nbgrader": mark})


@functools.lru_cache(KEPT)
def _checksum(cell: str) -> str:
    import_nbgrader()
    import nbformat
    from nbgrader.utils import compute_checksum

    return str(compute_checksum(nbformat.from_dict(json.loads(cell))))


def _cell(kind: str, source: str, name: str, metadata: Notebook | None = None) -> Notebook:
    cell = {"cell_type": kind, "id": name, "metadata": metadata or {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
