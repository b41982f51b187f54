"""A student's own code on a page: the last pieces of it, and the lines that are pointed at."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from autograder.model import Line
from autograder.reading.student_code import Code
from autograder.safe_text import MAX_SHOWN_CODE, one_line, shown_code
from checks.text import Text

MAX_HIGHLIGHTED = 20_000
KEPT = 256
"""How many coloured texts are kept: students have helpers and short functions in common."""

MAX_PLACES = 6
"""How many lines of an exercise a page points at."""

CELL_LINE = Text("cell {cell}, line {line}", "第 {cell} 个单元格第 {line} 行")
FILE_LINE = Text("line {line}", "第 {line} 行")


@dataclass(frozen=True)
class Place:
    """A line of the student's own: where it stands, and its text."""

    where: str
    text: str


def places_of(lines: Sequence[Line], language: str) -> list[Place]:
    """Return the first of these lines as a page shows them."""
    found = []
    for line in lines[:MAX_PLACES]:
        where = (FILE_LINE if line.cell is None else CELL_LINE).format(
            cell=(line.cell or 0) + 1, line=line.line
        )
        found.append(Place(where.in_(language), one_line(line.text, 200)))
    return found


def last_pieces(codes: Sequence[Code]) -> list[Code]:
    """Return the last pieces of an exercise's code, as many as a page has room for."""
    # From the last one on, because Python keeps the last definition of a name.
    shown: list[Code] = []
    left = MAX_SHOWN_CODE
    for code in reversed(codes):
        if shown and len(code.text) > left:
            break
        left -= len(code.text)
        shown.insert(0, code)
    return shown


def highlighted(code: Code, pointed: Sequence[Line] = ()) -> Markup:
    """Return code as HTML lines with their numbers; coloured where it is not too long.

    Those that are `pointed` at are marked.
    """
    text = shown_code(code.text)
    if len(code.text) <= MAX_HIGHLIGHTED:
        lines = _coloured(text).split("\n")
    else:
        lines = [str(escape(line)) for line in text.split("\n")]
    own = dict(enumerate(code.text.split("\n"), code.first_line))
    at = {line.line for line in pointed if own.get(line.line, "").strip() == line.text}
    return Markup(
        "".join(
            f'<span class="line{" at" * (number in at)}" data-n="{number}">{line}</span>'
            for number, line in enumerate(lines, code.first_line)
        )
    )


@functools.lru_cache(KEPT)
def _coloured(text: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return highlight(text, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")
