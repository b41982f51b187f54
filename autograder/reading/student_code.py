"""Reading student code as text: which functions are defined where, and what does not parse.

Nothing is executed. Text beyond the limits is not analysed, so a hostile cell costs no time.
"""

import ast
import functools
import itertools
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograder.model import SubmittedCell

MAX_PARSED = 200_000
"""The most characters of one cell that are parsed."""

MAX_KEPT = 5_000
"""The most characters of a text whose tree is kept: a tree takes up to 300 times as much."""

# This goes line by line, because IPython's transformer tokenizes a cell once per magic.
MAGICS = (
    (re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE), r"\1pass"),
    (re.compile(r"^([\w, \t]+=[ \t]*)[%!].*$", re.MULTILINE), r"\1None"),
)

TOP_LEVEL_DEFINITION = re.compile(r"^(?=(?:def|class|@)\b|@)", re.MULTILINE)

NOT_INDENTED = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)

MAX_PARTS = 400
"""The most parts into which one cell is split; the rest stays together."""

MAX_ENDS = 20
MAX_TRIED = 50_000
"""Lines that may be the end of a function, and characters of a cell parsed to find the ends."""


@dataclass(frozen=True)
class Definition:
    """The last definition of a function: its own text, or why its cell can't be parsed.

    `place` is the cell that it stands in, `first_line` the line of that cell with its `def`,
    `error_line` the line of the error.
    """

    name: str
    source: str
    error: str | None = None
    place: int = 0
    error_line: int | None = None
    first_line: int = 1


def python_of(source: str) -> str:
    """Return a cell's text as Python, line for line, with IPython's magics taken out."""
    if len(source) > MAX_PARSED or isinstance(parse(source), ast.Module):
        return source
    for pattern, plain in MAGICS:
        source = pattern.sub(plain, source)
    return source


def parse(source: str) -> ast.Module | SyntaxError:
    """Parse Python text; an error is returned, not raised. The tree is shared: do not change it."""
    if len(source) > MAX_PARSED:
        return SyntaxError("the cell is too long to be analysed")
    return _parse_once(source) if len(source) <= MAX_KEPT else _parse_large(source)


def _parse(source: str) -> ast.Module | SyntaxError:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error))


# A notebook of the course has 79 cells; each is asked for again in the next submission.
_parse_once = functools.lru_cache(maxsize=96)(_parse)
# Each is asked for two or three times in a row.
_parse_large = functools.lru_cache(maxsize=1)(_parse)


DRAWING = re.compile(r"\b(?:plt|pyplot|pylab|matplotlib|plots|training|course_plots)\b")
ONLY_IMPORTED = re.compile(
    r"^(?:%matplotlib .*"
    r"|import (?:matplotlib(?:\.pyplot)?|plots|course_plots)(?: as (?:plt|plots))?"
    r"|from (?:matplotlib import pyplot as plt|plots import training)) *(?:#.*)?$",
    re.MULTILINE,
)


def draws(sources: Iterable[str]) -> bool:
    """Return whether cells name what draws anywhere but where they import it."""
    return any(DRAWING.search(ONLY_IMPORTED.sub("", source)) for source in sources)


class Part(NamedTuple):
    """A piece of a cell's text, and how many lines of the cell stand above it."""

    source: str
    above: int = 0


def runnable_parts(source: str, names: Sequence[str]) -> list[Part]:
    """Split a cell that defines exercises, so that a failing line does not take them with it.

    A cell that parses is split between its top-level statements, one that does not at its
    top-level definitions, and below a finished one; `names` are the exercises. Other cells are
    returned whole.
    """
    tree = parse(source)
    if isinstance(tree, ast.Module):
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if len(tree.body) == 1 or not defined & set(names):
            return [Part(source)]
        return _statements(source, tree)
    if parses(source):
        return [Part(source)]
    texts = TOP_LEVEL_DEFINITION.split(source)
    above = itertools.accumulate((text.count("\n") for text in texts), initial=0)
    parts = [Part(*part) for part in zip(texts, above, strict=False) if part[0].strip()]
    return list(_finished(parts[:MAX_PARTS], names)) or [Part(source)]


def _finished(parts: Iterable[Part], names: Sequence[str]) -> Iterator[Part]:
    """Cut off what stands below an exercise, where it does not parse with it and can't belong.

    A line that is not indented ends a function that ends with `return`; it may also be a line of
    a text, or one that was to be indented.
    """
    left = MAX_TRIED
    for part in parts:
        cut = 0
        if re.match(rf"def[ \t]+({'|'.join(names)})\b", part.source) and not parses(part.source):
            for line in itertools.islice(NOT_INDENTED.finditer(part.source), 1, MAX_ENDS):
                left -= line.start()
                if left < 0:
                    break
                if _ends_with_return(part.source[: line.start()]):
                    cut = line.start()
                    break
        if cut:
            yield Part(part.source[:cut], part.above)
            yield Part(part.source[cut:], part.above + part.source.count("\n", 0, cut))
        else:
            yield part


def parses(source: str) -> bool:
    """Tell whether a cell is Python once its magics are out of the way."""
    return isinstance(parse(python_of(source)), ast.Module)


def _ends_with_return(source: str) -> bool:
    tree = parse(python_of(source))
    last = tree.body[-1] if isinstance(tree, ast.Module) and tree.body else None
    return isinstance(last, ast.FunctionDef) and isinstance(last.body[-1], ast.Return)


def _statements(source: str, tree: ast.Module) -> list[Part]:
    """Cut the text before the first line of each top-level statement, decorators included."""
    # As ast counts lines: form feeds and other Unicode line ends do not end one.
    lines = source.split("\n")
    starts = {
        min([n.lineno, *(d.lineno for d in getattr(n, "decorator_list", []))]) for n in tree.body
    }
    cuts = [1, *sorted(starts - {1})[: MAX_PARTS - 1], len(lines) + 1]
    return [Part("\n".join(lines[a - 1 : b - 1]), a - 1) for a, b in itertools.pairwise(cuts)]


def definitions(sources: Iterable[str], names: Sequence[str]) -> dict[str, Definition]:
    """Find the last definition of each of `names`; broken ones are found by their `def` line.

    Of a cell that does not parse, the parts that do are read by themselves, as they are run.
    """
    found: dict[str, Definition] = {}
    for place, source in enumerate(sources):
        whole = isinstance(parse(python_of(source)), ast.Module)
        for part in [Part(source)] if whole else runnable_parts(source, names):
            found.update({d.name: d for d in _definitions(part, place, names)})
    return found


def _definitions(part: Part, place: int, names: Sequence[str]) -> Iterator[Definition]:
    text = python_of(part.source)
    tree = parse(text)
    if isinstance(tree, SyntaxError):
        number = part.above + tree.lineno if tree.lineno else None
        line = f" (line {number})" if number else ""
        for name in names:
            if re.search(rf"^[ \t]*def[ \t]+{name}\b", part.source, re.MULTILINE):
                yield Definition(name, part.source, f"{tree.msg}{line}", place, number)
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            yield Definition(
                node.name, _text_of(node, text), place=place, first_line=part.above + node.lineno
            )


def _text_of(node: ast.FunctionDef, text: str) -> str:
    """Return what ast.get_source_segment returns, which looks at every character in turn."""
    if "\r" in text:
        return ast.get_source_segment(text, node) or ""
    lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
    # Columns are counted in bytes.
    lines[-1] = lines[-1].encode()[: node.end_col_offset].decode()
    lines[0] = lines[0].encode()[node.col_offset :].decode()
    return "\n".join(lines)


def only_calls(source: str, names: frozenset[str]) -> bool:
    """Return whether a cell does nothing but call the named check functions."""
    tree = parse(python_of(source))
    if isinstance(tree, SyntaxError) or not tree.body:
        return False
    return all(
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
        and statement.value.func.id in names
        and all(isinstance(argument, ast.Name) for argument in statement.value.args)
        for statement in tree.body
    )


class Code(NamedTuple):
    """Code of a student, and the line of its cell that it begins in."""

    text: str
    first_line: int = 1


def own_functions(source: str) -> dict[str, Code]:
    """Return the functions defined at the top of `source`, by name. Empty where unreadable."""
    tree = parse(python_of(source))
    if isinstance(tree, SyntaxError):
        return {}
    lines = source.split("\n")
    return {
        node.name: Code("\n".join(lines[first - 1 : node.end_lineno]), first)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for first in [min([node.lineno, *(d.lineno for d in node.decorator_list)])]
    }


def other_functions(sources: Iterable[str], exercises: Collection[str]) -> dict[str, str]:
    """Return the texts of the functions that are no exercises, by name; of equal names the last."""
    return {
        name: code.text
        for source in sources
        if "def " in source
        for name, code in own_functions(source).items()
        if name not in exercises
    }


def codes_of(cells: Iterable[SubmittedCell], exercises: Sequence[str]) -> dict[str, list[Code]]:
    """Return all code of each exercise: its solution cells, whole, and its functions elsewhere."""
    found: dict[str, list[Code]] = {}
    for cell in cells:
        if cell.grade_id in exercises:
            found.setdefault(cell.grade_id or "", []).append(Code(cell.source.rstrip()))
        if "def " not in cell.source:
            continue
        defined = own_functions(cell.source)
        for name in exercises:
            if name == cell.grade_id:
                continue
            if name in defined:
                found.setdefault(name, []).append(defined[name])
            elif not defined and re.search(rf"^[ \t]*def[ \t]+{name}\b", cell.source, re.MULTILINE):
                found.setdefault(name, []).append(Code(cell.source))
    return found


def solution_sources(cells: Iterable[SubmittedCell], exercises: Sequence[str]) -> dict[str, str]:
    """Return each exercise's code: that of its solution cells, else its last function."""
    cells = list(cells)
    found: dict[str, str] = {}
    for cell in cells:
        if cell.grade_id in exercises:
            before = found.get(cell.grade_id or "")
            text = cell.source if before is None else f"{before}\n\n{cell.source}"
            found[cell.grade_id or ""] = text
    wanted = [name for name in exercises if name not in found]
    others = codes_of(cells, wanted) if wanted else {}
    return found | {name: codes[-1].text for name, codes in others.items()}
