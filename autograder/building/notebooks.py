"""Builds the notebooks of both languages from one py:percent source.

A source in ``notebooks/source/`` holds each markdown cell twice, marked ``lang="en"`` and then
``lang="zh"``, and each code cell once. A code cell is marked by what it is for:
``solution="<exercise>"`` for the stub that students fill in, ``test="<exercise>"`` for its check
(worth the points that the exercise has in ``checks``), ``tags=["demo"]`` for cells that only show
something and are not run when grading.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import jupytext
import nbformat
from nbformat import NotebookNode

from checks.assignments import ASSIGNMENTS
from checks.model import LANGUAGES

DEMO = "demo"
# Run All goes on after a failed check, while nbgrader still sees the failure.
RAISES_EXCEPTION = "raises-exception"

# Longest first: what one pattern finds is taken out before the next one looks.
_SAME_IN_BOTH_LANGUAGES = (
    ("code block", re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)),
    ("inline code", re.compile(r"`[^`\n]+`")),
    ("formula", re.compile(r"\$\$.+?\$\$", re.DOTALL)),
    ("formula", re.compile(r"\$[^$\n]+\$")),
    ("image", re.compile(r"!\[[^\]]*\]\([^)]*\)")),
    ("HTML tag", re.compile(r"</?\w+[^>]*>")),
    ("heading level", re.compile(r"^#+(?= )", re.MULTILINE)),
)
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]*)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
_LINK_TO_HEADING = re.compile(r"\]\(#(?P<anchor>[^)]+)\)")
_FORMULA_IN_CODE = re.compile(r"\$|\\(?:frac|sum|lfloor|partial)")
# Notebook front ends hide the triangle of a summary unless the element says otherwise.
_SUMMARY = '<summary style="display:list-item;cursor:pointer">'


# "3 × 3" and "27 %" stay on one line.
_TOGETHER = re.compile(r"(?<=\d) (?=[×%])|(?<=×) (?=\d)")


class SourceError(ValueError):
    """A notebook source breaks a rule; the message names the file and the cell."""


class _Cell(NamedTuple):
    """A cell of a source with its number, counted from 1 over the whole file."""

    number: int
    node: NotebookNode

    @property
    def language(self) -> str | None:
        return self.node.metadata.get("lang")


class _Source:
    """A parsed source file whose cells have been checked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        notebook = jupytext.read(path, fmt="py:percent")
        self.cells = [_Cell(number, node) for number, node in enumerate(notebook.cells, 1)]
        for cell in self.cells:
            # What jupytext notes about blank lines of the file says nothing about the cell.
            cell.node.metadata.pop("lines_to_next_cell", None)
            self._check_metadata(cell)
        for english, chinese in self._pairs():
            self._check_pair(english, chinese)

    @property
    def assignment(self) -> str:
        return self.path.stem

    def refuse(self, cell: _Cell, reason: str) -> SourceError:
        return SourceError(f"{self.path}, cell {cell.number}: {reason}")

    def in_language(self, language: str) -> list[_Cell]:
        return [cell for cell in self.cells if cell.language in (None, language)]

    def markdown(self) -> Iterator[_Cell]:
        return (cell for cell in self.cells if cell.node.cell_type == "markdown")

    def _check_metadata(self, cell: _Cell) -> None:
        kind, metadata = cell.node.cell_type, cell.node.metadata
        if kind == "markdown":
            if cell.language not in LANGUAGES:
                raise self.refuse(cell, f"a markdown cell needs lang={' or lang='.join(LANGUAGES)}")
            allowed = {"lang"}
        elif kind == "code":
            if "lang" in metadata:
                raise self.refuse(cell, "a code cell is shared by both languages, it has no lang")
            if len(metadata) > 1:
                raise self.refuse(cell, f"a code cell is one of {', '.join(metadata)}, not several")
            allowed = {"solution", "test", "tags"}
        else:
            raise self.refuse(cell, f"a {kind} cell is neither markdown nor code")
        if unknown := sorted(metadata.keys() - allowed):
            raise self.refuse(cell, f"unknown metadata {', '.join(unknown)}")
        if metadata.get("tags", [DEMO]) != [DEMO]:
            raise self.refuse(cell, f'the only tag is "{DEMO}", not {metadata["tags"]}')

    def _pairs(self) -> Iterator[tuple[_Cell, _Cell]]:
        waiting: _Cell | None = None
        for cell in self.cells:
            wanted = LANGUAGES[1] if waiting else LANGUAGES[0]
            if cell.language not in (None, wanted) or (waiting and cell.language is None):
                first = waiting or cell
                raise self.refuse(first, f"a {first.language} cell without its translation")
            if waiting:
                yield waiting, cell
            waiting = cell if cell.language and not waiting else None
        if waiting:
            raise self.refuse(waiting, f"a {waiting.language} cell without its translation")

    def _check_pair(self, english: _Cell, chinese: _Cell) -> None:
        rests = [english.node.source, chinese.node.source]
        for what, pattern in _SAME_IN_BOTH_LANGUAGES:
            found = [Counter(pattern.findall(rest)) for rest in rests]
            for language, mine, other in zip(LANGUAGES, found, reversed(found), strict=True):
                if missing := mine - other:
                    raise self.refuse(
                        english, f"{what} only or more often in {language}: {next(iter(missing))!r}"
                    )
            rests = [pattern.sub(" ", rest) for rest in rests]
        for cell, rest in zip((english, chinese), rests, strict=True):
            for left_over, name in (("$", "formula"), ("`", "code")):
                if left_over in rest:
                    raise self.refuse(cell, f"{left_over} opens a {name} that is never closed")
            for block in _SAME_IN_BOTH_LANGUAGES[0][1].findall(cell.node.source):
                if formula := _FORMULA_IN_CODE.search(block):
                    raise self.refuse(cell, f"a formula ({formula[0]}) inside a code block")


def images_of(source: Path) -> tuple[str, ...]:
    """Return the names of the files in ``images/`` that a source shows, sorted.

    Raises SourceError where the source breaks a rule.
    """
    cells = _Source(source).markdown()
    paths = {found["path"] for cell in cells for found in _IMAGE.finditer(cell.node.source)}
    return tuple(sorted(Path(path).name for path in paths))


def build_notebook(source: Path, language: str, alt_texts: Mapping) -> NotebookNode:
    """Return the notebook of one language.

    `alt_texts` maps an image's file name to its description per language. The same source gives
    the same notebook, cell ids included. Raises SourceError where the source breaks a rule, an
    exercise has no cell of its own, or an image has no description.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is one of {', '.join(LANGUAGES)}, not {language!r}")
    parsed = _Source(source)
    points = _points(parsed)
    cell_ids = {
        cell.number: f"{parsed.assignment}-{position:03d}"
        for position, cell in enumerate(parsed.in_language(language), 1)
    }
    cells = []
    for cell in parsed.in_language(language):
        cell_id = cell_ids[cell.number]
        if cell.node.cell_type == "markdown":
            text = _fill_alt_texts(parsed, cell, language, alt_texts)
            text = _link_cells(parsed, cell, text, cell_ids)
            text = _TOGETHER.sub("\N{NO-BREAK SPACE}", text.replace("<summary>", _SUMMARY))
            cells.append(nbformat.v4.new_markdown_cell(text, id=cell_id))
        else:
            metadata = _code_metadata(cell, points)
            grade_id = metadata.get("nbgrader", {}).get("grade_id", cell_id)
            cells.append(
                nbformat.v4.new_code_cell(cell.node.source, id=grade_id, metadata=metadata)
            )
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


def _points(source: _Source) -> dict[str, float]:
    """Return the points of each exercise; refuse a source that does not hold each one once."""
    if source.assignment not in ASSIGNMENTS:
        raise SourceError(f"{source.path}: checks has no assignment {source.assignment}")
    exercises = ASSIGNMENTS[source.assignment].exercises
    points = {exercise.name: exercise.points for exercise in exercises}
    seen: set[tuple[str, str]] = set()
    for cell in source.cells:
        for role in ("solution", "test"):
            name = cell.node.metadata.get(role)
            if name is None:
                continue
            if name not in points:
                raise source.refuse(cell, f"{name} is not an exercise of checks")
            if (role, name) in seen:
                raise source.refuse(cell, f"a second {role} cell of {name}")
            seen.add((role, name))
    for name in points:
        for role in ("solution", "test"):
            if (role, name) not in seen:
                raise SourceError(f"{source.path}: no {role} cell of {name}")
    return points


def _code_metadata(cell: _Cell, points: Mapping[str, float]) -> dict:
    metadata = cell.node.metadata
    if name := metadata.get("solution"):
        return {"nbgrader": _nbgrader(name, solution=True)}
    if name := metadata.get("test"):
        nbgrader = _nbgrader(f"test_{name}", solution=False) | {"points": points[name]}
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


def _fill_alt_texts(source: _Source, cell: _Cell, language: str, alt_texts: Mapping) -> str:
    def with_alt_text(found: re.Match) -> str:
        name = Path(found["path"]).name
        if found["alt"] or found["path"] != f"images/{name}":
            raise source.refuse(cell, f"write an image as ![](images/{name}), not {found[0]}")
        alt = alt_texts.get(name, {}).get(language)
        if not alt:
            raise source.refuse(cell, f"images/{name} has no alt text for {language}")
        return f"![{alt}]({found['path']})"

    return _IMAGE.sub(with_alt_text, cell.node.source)


def _link_cells(source: _Source, cell: _Cell, text: str, cell_ids: Mapping[int, str]) -> str:
    """Turn links to headings into links to their cells: JupyterLab finds no Chinese heading."""
    headings = {
        heading["text"].replace(" ", "-"): cell_ids[other.number]
        for other in source.markdown()
        if other.number in cell_ids
        for heading in _HEADING.finditer(other.node.source)
    }

    def to_cell(found: re.Match) -> str:
        if found["anchor"] not in headings:
            raise source.refuse(cell, f"no heading for the link #{found['anchor']}")
        return f"](#cell-id={headings[found['anchor']]})"

    return _LINK_TO_HEADING.sub(to_cell, text)
