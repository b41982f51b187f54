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
from autograder.course import CourseError
from autograder.model import DEMO
from checks.text import COMPLETE, ENGLISH, LANGUAGES, Text, listed

# Longest first: what one pattern finds is taken out before the next one looks.
_SAME_IN_EVERY_LANGUAGE = (
    (Text("code block", "代码块"), re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)),
    (Text("inline code", "行内代码"), re.compile(r"`[^`\n]+`")),
    (Text("formula", "公式"), re.compile(r"\$\$.+?\$\$", re.DOTALL)),
    (Text("formula", "公式"), re.compile(r"\$[^$\n]+\$")),
    (Text("image", "图片"), re.compile(r"!\[[^\]]*\]\([^)]*\)")),
    (Text("HTML tag", "HTML 标签"), re.compile(r"</?\w+[^>]*>")),
    (Text("heading level", "标题级别"), re.compile(r"^#+(?= )", re.MULTILINE)),
)
_FORMULA_IN_CODE = re.compile(r"\$|\\(?:frac|sum|lfloor|partial)")


class SourceError(CourseError):
    """A notebook source breaks a rule; the message names the file and the cell."""


_IN_CELL = Text("{path}, cell {number}: {reason}", "{path}，第 {number} 个单元格：{reason}")
_NO_LANGUAGE = Text("a markdown cell needs lang={names}", "Markdown 单元格需要 lang={names}")
_NO_KIND = Text(
    "a {kind} cell is neither markdown nor code", "{kind} 单元格既不是 Markdown 也不是代码"
)
_METADATA = Text("unknown metadata {names}", "未知的元数据 {names}")
_TAGS = Text('the only tag is "{tag}", not {tags}', '标签只能是 "{tag}"，不能是 {tags}')
_SHARED = Text(
    "a code cell is shared by all languages, it has no lang",
    "代码单元格为所有语言共用，没有 lang",
)
_ONE_OF = Text(
    "a code cell is one of {names}, not several", "代码单元格只能是 {names} 之一，不能同时是几种"
)
_CHECKS = Text(
    "nbgrader compares checks: they are the same in every language",
    "nbgrader 会比对检查：它们在每种语言中都相同",
)
_NOT_OF_ANOTHER = Text(
    "a {language} cell is no translation of another",
    "这个 {language} 单元格不是另一个单元格的译文",
)
_UNTRANSLATED = Text("no {language} translation below the cell", "单元格下面没有 {language} 译文")
_MORE = Text(
    "{what} only or more often in {language}: {text!r}",
    "{what}只在 {language} 中出现，或出现得更多：{text!r}",
)
_OPEN = Text("{mark} opens a {what} that is never closed", "{mark} 开始的{what}没有结束")
_FENCED = Text("a formula ({formula}) inside a code block", "代码块中有公式（{formula}）")
_MARKS = {"$": Text("formula", "公式"), "`": Text("code", "代码")}


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

    def refuse(self, cell: SourceCell, reason: Text) -> SourceError:
        """Return the error that says why a cell breaks a rule."""
        return SourceError(_IN_CELL.format(path=self.path, number=cell.number, reason=reason))

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
        except code_texts.TranslationError as error:
            raise self.refuse(cell, error.text) from None

    def _check_metadata(self, cell: SourceCell) -> None:
        kind, metadata = cell.node.cell_type, cell.node.metadata
        if kind == "markdown":
            if cell.language not in LANGUAGES:
                names = " / lang=".join(LANGUAGES)
                raise self.refuse(cell, _NO_LANGUAGE.format(names=names))
            allowed = {"lang"}
        elif kind == "code":
            self._check_code(cell)
            allowed = {"solution", "test", "tags"}
        else:
            raise self.refuse(cell, _NO_KIND.format(kind=kind))
        if unknown := sorted(metadata.keys() - allowed):
            raise self.refuse(cell, _METADATA.format(names=listed(unknown)))
        if metadata.get("tags", [DEMO]) != [DEMO]:
            raise self.refuse(cell, _TAGS.format(tag=DEMO, tags=metadata["tags"]))

    def _check_code(self, cell: SourceCell) -> None:
        metadata = cell.node.metadata
        if "lang" in metadata:
            raise self.refuse(cell, _SHARED)
        if len(metadata) > 1:
            raise self.refuse(cell, _ONE_OF.format(names=listed(metadata)))
        if "test" in metadata and code_texts.has_translations(cell.node.source):
            raise self.refuse(cell, _CHECKS)
        for language in LANGUAGES:
            self.code(cell, language)

    def _tuples(self, cells: list[SourceCell]) -> Iterator[Translations]:
        """Yield the cells of the notebook; a shared one counts as English."""
        opened: dict[str, SourceCell] = {}
        for cell in cells:
            if cell.language not in (None, ENGLISH):
                if not opened or cell.language in opened:
                    raise self.refuse(cell, _NOT_OF_ANOTHER.format(language=cell.language))
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
                    missing = _UNTRANSLATED.format(language=language)
                    raise self.refuse(opened[ENGLISH], missing)
            yield opened

    def _check_pair(self, english: SourceCell, other: SourceCell) -> None:
        """Refuse a translation whose formulas, code, images or headings are not the same."""
        rests = [english.node.source, other.node.source]
        for what, pattern in _SAME_IN_EVERY_LANGUAGE:
            ours, theirs = (Counter(pattern.findall(rest)) for rest in rests)
            for language, more in ((ENGLISH, ours - theirs), (other.language, theirs - ours)):
                if more:
                    found = {"what": what, "language": language, "text": next(iter(more))}
                    raise self.refuse(english, _MORE.format(**found))
            rests = [pattern.sub(" ", rest) for rest in rests]
        for cell, rest in zip((english, other), rests, strict=True):
            for mark, what in _MARKS.items():
                if mark in rest:
                    raise self.refuse(cell, _OPEN.format(mark=mark, what=what))
            for block in _SAME_IN_EVERY_LANGUAGE[0][1].findall(cell.node.source):
                if formula := _FORMULA_IN_CODE.search(block):
                    raise self.refuse(cell, _FENCED.format(formula=formula[0]))
