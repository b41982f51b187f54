"""Reads and checks the source of a notebook, one py:percent file for all languages.

A cell that is marked ``lang="en"`` opens a tuple: the cells right below it with another `lang` are
its translations. A cell without `lang` is the same in every language, but for the translations
within its code (:mod:`autograder.building.code_texts`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import jupytext
from nbformat import NotebookNode

from autograder.building import code_texts
from autograder.model import DEMO
from checks.text import COMPLETE, ENGLISH, LANGUAGES

# Longest first: what one pattern finds is taken out before the next one looks.
_SAME_IN_EVERY_LANGUAGE = (
    ("code block", re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)),
    ("inline code", re.compile(r"`[^`\n]+`")),
    ("formula", re.compile(r"\$\$.+?\$\$", re.DOTALL)),
    ("formula", re.compile(r"\$[^$\n]+\$")),
    ("image", re.compile(r"!\[[^\]]*\]\([^)]*\)")),
    ("HTML tag", re.compile(r"</?\w+[^>]*>")),
    ("heading level", re.compile(r"^#+(?= )", re.MULTILINE)),
)
_FORMULA_IN_CODE = re.compile(r"\$|\\(?:frac|sum|lfloor|partial)")


class SourceError(ValueError):
    """A notebook source breaks a rule; the message names the file and the cell."""


class SourceCell(NamedTuple):
    """A cell of a source with its number, counted from 1 over the whole file."""

    number: int
    node: NotebookNode

    @property
    def language(self) -> str | None:
        """The language that the cell is marked with, if any."""
        return self.node.metadata.get("lang")


Translations = Mapping[str, SourceCell]
"""One cell of the notebook: the cell of the source in each language that it is written in."""


class Source:
    """A parsed source file whose cells have been checked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        notebook = jupytext.read(path, fmt="py:percent")
        cells = [SourceCell(number, node) for number, node in enumerate(notebook.cells, 1)]
        for cell in cells:
            # What jupytext notes about blank lines of the file says nothing about the cell.
            cell.node.metadata.pop("lines_to_next_cell", None)
            self._check_metadata(cell)
        self.cells: list[Translations] = list(self._tuples(cells))
        for translations in self.cells:
            english, *others = translations.values()
            for other in others:
                self._check_pair(english, other)

    @property
    def assignment(self) -> str:
        """The assignment's name: the file's."""
        return self.path.stem

    def refuse(self, cell: SourceCell, reason: str) -> SourceError:
        """Return the error that says why a cell breaks a rule."""
        return SourceError(f"{self.path}, cell {cell.number}: {reason}")

    def in_language(self, language: str) -> list[SourceCell]:
        """Return the notebook's cells; in English where a cell is not translated."""
        return [cell.get(language, cell[ENGLISH]) for cell in self.cells]

    def markdown(self) -> Iterator[tuple[int, SourceCell]]:
        """Yield the markdown cells of all languages, each with its place in the notebook."""
        for place, translations in enumerate(self.cells):
            for cell in translations.values():
                if cell.node.cell_type == "markdown":
                    yield place, cell

    def code(self, cell: SourceCell, language: str) -> str:
        """Return a code cell's source in a language."""
        try:
            return code_texts.in_language(cell.node.source, language)
        except ValueError as error:
            raise self.refuse(cell, str(error)) from None

    def _check_metadata(self, cell: SourceCell) -> None:
        kind, metadata = cell.node.cell_type, cell.node.metadata
        if kind == "markdown":
            if cell.language not in LANGUAGES:
                raise self.refuse(cell, f"a markdown cell needs lang={' or lang='.join(LANGUAGES)}")
            allowed = {"lang"}
        elif kind == "code":
            self._check_code(cell)
            allowed = {"solution", "test", "tags"}
        else:
            raise self.refuse(cell, f"a {kind} cell is neither markdown nor code")
        if unknown := sorted(metadata.keys() - allowed):
            raise self.refuse(cell, f"unknown metadata {', '.join(unknown)}")
        if metadata.get("tags", [DEMO]) != [DEMO]:
            raise self.refuse(cell, f'the only tag is "{DEMO}", not {metadata["tags"]}')

    def _check_code(self, cell: SourceCell) -> None:
        metadata = cell.node.metadata
        if "lang" in metadata:
            raise self.refuse(cell, "a code cell is shared by all languages, it has no lang")
        if len(metadata) > 1:
            raise self.refuse(cell, f"a code cell is one of {', '.join(metadata)}, not several")
        if "test" in metadata and code_texts.has_translations(cell.node.source):
            raise self.refuse(cell, "nbgrader compares checks: they are the same in every language")
        for language in LANGUAGES:
            self.code(cell, language)

    def _tuples(self, cells: list[SourceCell]) -> Iterator[Translations]:
        """Yield the cells of the notebook; a shared one counts as English."""
        opened: dict[str, SourceCell] = {}
        for cell in cells:
            if cell.language not in (None, ENGLISH):
                if not opened or cell.language in opened:
                    raise self.refuse(cell, f"a {cell.language} cell is no translation of another")
                opened[cell.language] = cell
                continue
            yield from self._complete(opened)
            opened = {ENGLISH: cell} if cell.language else {}
            if not cell.language:
                yield {ENGLISH: cell}
        yield from self._complete(opened)

    def _complete(self, opened: Translations) -> Iterator[Translations]:
        if opened:
            for language in COMPLETE:
                if language not in opened:
                    raise self.refuse(opened[ENGLISH], f"no {language} translation below the cell")
            yield opened

    def _check_pair(self, english: SourceCell, other: SourceCell) -> None:
        """Refuse a translation whose formulas, code, images or headings are not the same."""
        rests = [english.node.source, other.node.source]
        for what, pattern in _SAME_IN_EVERY_LANGUAGE:
            ours, theirs = (Counter(pattern.findall(rest)) for rest in rests)
            for language, more in ((ENGLISH, ours - theirs), (other.language, theirs - ours)):
                if more:
                    raise self.refuse(
                        english, f"{what} only or more often in {language}: {next(iter(more))!r}"
                    )
            rests = [pattern.sub(" ", rest) for rest in rests]
        for cell, rest in zip((english, other), rests, strict=True):
            for left_over, name in (("$", "formula"), ("`", "code")):
                if left_over in rest:
                    raise self.refuse(cell, f"{left_over} opens a {name} that is never closed")
            for block in _SAME_IN_EVERY_LANGUAGE[0][1].findall(cell.node.source):
                if formula := _FORMULA_IN_CODE.search(block):
                    raise self.refuse(cell, f"a formula ({formula[0]}) inside a code block")
