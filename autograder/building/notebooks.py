"""Builds a notebook in each language of the course from one py:percent source.

A source in ``notebooks/source/`` is described in :mod:`autograder.building.source`. A code cell is
marked by what it is for: ``solution="<exercise>"`` for the stub that students fill in,
``test="<exercise>"`` for its check (worth the points that the exercise has in ``checks``),
``tags=["demo"]`` for cells that only show something and are not run when grading.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.building.source import Source, SourceCell, SourceError
from autograder.model import DEMO, grade_id_of
from checks.assignments import ASSIGNMENTS
from checks.text import COMPLETE, ENGLISH, Text, known

_UNKNOWN = Text(
    "{path}: checks has no assignment {assignment}", "{path}：checks 中没有作业 {assignment}"
)
_NO_EXERCISE = Text("{name} is not an exercise of checks", "{name} 不是 checks 中的练习")
_SECOND = Text("a second {role} cell of {name}", "{name} 的第二个 {role} 单元格")
_ABSENT = Text("{path}: no {role} cell of {name}", "{path}：没有 {name} 的 {role} 单元格")
_IMAGE_FORM = Text(
    "write an image as ![](images/{name}), not {found}",
    "图片请写成 ![](images/{name})，不要写成 {found}",
)
_NO_ALT_TEXT = Text(
    "images/{name} has no alt text for {language}", "images/{name} 没有 {language} 的替代文字"
)
_NO_HEADING = Text("no heading for the link #{anchor}", "链接 #{anchor} 没有对应的标题")

# The line of the cell for Google Colab that holds the course's address.
NO_ADDRESS = 'address = ""'

# Run All goes on after a failed check, while nbgrader still sees the failure.
RAISES_EXCEPTION = "raises-exception"

_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]*)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
_LINK_TO_HEADING = re.compile(r"\]\(#(?P<anchor>[^)]+)\)")
# Notebook front ends hide the triangle of a summary unless the element says otherwise.
_SUMMARY = '<summary style="display:list-item;cursor:pointer">'
# "3 × 3" and "27 %" stay on one line.
_TOGETHER = re.compile(r"(?<=\d) (?=[×%])|(?<=×) (?=\d)")


def images_of(source: Path) -> tuple[str, ...]:
    """Return the names of the pictures that a source shows, sorted.

    Raises SourceError where the source breaks a rule.
    """
    cells = Source(source).markdown()
    paths = {found["path"] for _, cell in cells for found in _IMAGE.finditer(cell.node.source)}
    return tuple(sorted(Path(path).name for path in paths))


def build_notebook(
    source: Path, language: str, alt_texts: Mapping, address: str = ""
) -> NotebookNode:
    """Return the notebook of one language.

    `alt_texts` maps an image's file name to its description per language; `address` is that of the
    course's public repository. The same source gives the same notebook, cell ids included. Raises
    SourceError where the source breaks a rule, an exercise has no cell of its own, or an image has
    no description.
    """
    known(language)
    parsed = Source(source)
    points = _points(parsed)
    cell_ids = [f"{parsed.assignment}-{place:03d}" for place in range(1, len(parsed.cells) + 1)]
    cells = []
    for cell_id, cell in zip(cell_ids, parsed.in_language(language), strict=True):
        if cell.node.cell_type == "markdown":
            text = _fill_alt_texts(parsed, cell, language, alt_texts)
            text = _link_cells(parsed, cell, text, cell_ids)
            text = _TOGETHER.sub("\N{NO-BREAK SPACE}", text.replace("<summary>", _SUMMARY))
            cells.append(nbformat.v4.new_markdown_cell(text, id=cell_id))
        else:
            metadata = _code_metadata(cell, points)
            grade_id = metadata.get("nbgrader", {}).get("grade_id", cell_id)
            code = parsed.code(cell, language)
            if DEMO in metadata.get("tags", ()):
                code = code.replace(NO_ADDRESS, f'address = "{address}"', 1)
            cells.append(nbformat.v4.new_code_cell(code, id=grade_id, metadata=metadata))
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "name": "python"},
            "course": {"assignment": parsed.assignment, "language": language},
        },
    )


def notebook_text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def _points(source: Source) -> dict[str, float]:
    """Return the points of each exercise; refuse a source that does not hold each one once."""
    if source.assignment not in ASSIGNMENTS:
        values = {"path": source.path, "assignment": source.assignment}
        raise SourceError(_UNKNOWN.format(**values))
    exercises = ASSIGNMENTS[source.assignment].exercises
    points = {exercise.name: exercise.points for exercise in exercises}
    seen: set[tuple[str, str]] = set()
    for cell in source.in_language(ENGLISH):
        for role in ("solution", "test"):
            name = cell.node.metadata.get(role)
            if name is None:
                continue
            if name not in points:
                raise source.refuse(cell, _NO_EXERCISE.format(name=name))
            if (role, name) in seen:
                raise source.refuse(cell, _SECOND.format(role=role, name=name))
            seen.add((role, name))
    for name in points:
        for role in ("solution", "test"):
            if (role, name) not in seen:
                raise SourceError(_ABSENT.format(path=source.path, role=role, name=name))
    return points


def _code_metadata(cell: SourceCell, points: Mapping[str, float]) -> dict:
    metadata = cell.node.metadata
    if name := metadata.get("solution"):
        return {"nbgrader": _nbgrader(name, solution=True)}
    if name := metadata.get("test"):
        nbgrader = _nbgrader(grade_id_of(name), solution=False) | {"points": points[name]}
        return {"nbgrader": nbgrader, "tags": [RAISES_EXCEPTION]}
    # A student's unfinished function may fail in a demo cell, too.
    return {"tags": [DEMO, RAISES_EXCEPTION]} if "tags" in metadata else {}


def _nbgrader(grade_id: str, solution: bool) -> dict:
    return {
        "grade": not solution,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }


def _fill_alt_texts(source: Source, cell: SourceCell, language: str, alt_texts: Mapping) -> str:
    def with_alt_text(found: re.Match) -> str:
        name = Path(found["path"]).name
        if found["alt"] or found["path"] != f"images/{name}":
            raise source.refuse(cell, _IMAGE_FORM.format(name=name, found=found[0]))
        texts = alt_texts.get(name, {})
        alt = texts.get(language, None if language in COMPLETE else texts.get(ENGLISH))
        if not alt:
            raise source.refuse(cell, _NO_ALT_TEXT.format(name=name, language=language))
        return f"![{alt}]({found['path']})"

    return _IMAGE.sub(with_alt_text, cell.node.source)


def _link_cells(source: Source, cell: SourceCell, text: str, cell_ids: Sequence[str]) -> str:
    """Turn links to headings into links to their cells: JupyterLab finds no Chinese heading."""
    # All languages count: an untranslated link may lead to a translated heading.
    headings = {
        heading["text"].replace(" ", "-"): cell_ids[place]
        for place, other in source.markdown()
        for heading in _HEADING.finditer(other.node.source)
    }

    def to_cell(found: re.Match) -> str:
        if found["anchor"] not in headings:
            raise source.refuse(cell, _NO_HEADING.format(anchor=found["anchor"]))
        return f"](#cell-id={headings[found['anchor']]})"

    return _LINK_TO_HEADING.sub(to_cell, text)
