"""Generated submissions: what they hold, and the verdict that each was made to get.

An assignment's ``gallery`` module lists its :class:`Student` entries; this module turns an entry
into the file that such a student would hand in.
"""

import ast
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks.assignments import ASSIGNMENTS
from solutions.catalogue import Catalogue, wrong_source

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """The verdict on one exercise; a score of None means some points but not all."""

    status: str = "right"
    ids: tuple[str, ...] = ()
    score: float | None = None
    with_right_helpers: bool = False


@dataclass(frozen=True)
class Student:
    """One generated submission.

    `style` names the set of correct functions it is filled with (None: the stubs stay). `wrong`
    lists misconceptions to put into the reference functions instead, `functions` gives other text
    for an exercise, and the `unfinished` ones stay stubs. `change` edits the finished notebook,
    `content` makes the file from its text. `expected` holds the verdict of each exercise that is
    not simply right; `look` that a person has to look at the submission.
    """

    id: str
    story: str
    style: str | None = "loops"
    language: str = "en"
    wrong: tuple[str, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    change: Callable[[Notebook], Notebook] | None = None
    content: Callable[[str], bytes] | None = None
    file_name: str | None = None
    expected: Mapping[str, Expected] = field(default_factory=dict)
    look: bool = False


def students(assignment: str) -> Sequence[Student]:
    """Return the generated class of an assignment."""
    return importlib.import_module(f"solutions.{assignment}.gallery").STUDENTS


def styles(assignment: str) -> dict[str, dict[str, str]]:
    """Return style -> exercise -> text, from an assignment's ``styles`` module.

    What stands beside the functions of a style (imports, helpers of its own) goes with the first.
    """
    texts = importlib.import_module(f"solutions.{assignment}.styles").STYLES
    names = [exercise.name for exercise in ASSIGNMENTS[assignment].exercises]
    return {style: _by_exercise(text, names) for style, text in texts.items()}


def _by_exercise(text: str, names: Sequence[str]) -> dict[str, str]:
    beside, found = [], {}
    for node in ast.parse(text).body:
        segment = ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.FunctionDef) and node.name in names:
            found[node.name] = segment
        else:
            beside.append(segment)
    found[names[0]] = "\n\n".join([*beside, found[names[0]]])
    return found


def submission(
    student: Student,
    notebook: Notebook,
    catalogue: Catalogue,
    styles: Mapping[str, Mapping[str, str]],
) -> bytes:
    """Return the content of the file that `student` hands in.

    `notebook` is the released notebook of the student's language, as the mapping of its file;
    `styles` maps a style's name to exercise -> text of a correct function.
    """
    filled = json.loads(json.dumps(notebook))
    texts = dict(styles[student.style]) if student.style else {}
    texts |= _wrong_texts(student, catalogue)
    texts |= student.functions
    texts = {name: text for name, text in texts.items() if name not in student.unfinished}
    for cell in filled["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in texts:
            cell["source"] = texts[name]
    if student.change:
        filled = student.change(filled)
    text = json.dumps(filled, ensure_ascii=False, indent=1)
    return student.content(text) if student.content else text.encode()


def _wrong_texts(student: Student, catalogue: Catalogue) -> dict[str, str]:
    by_exercise: dict[str, list[Any]] = {}
    for name in student.wrong:
        found = [m for m in catalogue.misconceptions if name in (m.key, m.id)]
        if not found:
            raise KeyError(f"{student.id}: there is no misconception {name}")
        by_exercise.setdefault(found[0].exercise, []).append(found[0])
    texts = {}
    for exercise, misconceptions in by_exercise.items():
        source = wrong_source(catalogue.reference, misconceptions)
        if source is None:
            raise ValueError(f"{student.id}: these do not go together: {student.wrong}")
        texts[exercise] = source
    return texts
