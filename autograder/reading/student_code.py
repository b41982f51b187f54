"""Reading student code as text: which functions are defined where, and what does not parse.

Nothing is executed. Text beyond the limits is not analysed, so a hostile cell costs no time.
"""

import ast
import functools
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_PARSED = 200_000
"""Characters of one cell that are still parsed."""

MAX_KEPT = 5_000
"""Characters of a text whose tree is kept: that of "a;a;a" takes three hundred times as much."""

# Line by line, for reading only: IPython's own transformer tokenizes a cell once per magic.
MAGICS = (
    (re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE), r"\1pass"),
    (re.compile(r"^([ \t]*[\w,][\w, ]*=[ \t]*)[%!].*$", re.MULTILINE), r"\1None"),
)

TOP_LEVEL_DEFINITION = re.compile(r"^(?=(?:def|class|@)\b|@)", re.MULTILINE)

NOT_INDENTED = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)

MAX_PARTS = 400
"""Parts into which one cell is split; what is more stays together."""

MAX_ENDS = 20
MAX_TRIED = 50_000
"""Lines that may be the end of a function, and characters of a cell parsed to find the ends."""


@dataclass(frozen=True)
class Definition:
    """The last definition of a function: its own text, or why its cell can't be parsed."""

    name: str
    source: str
    error: str | None = None


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


_parse_once = functools.lru_cache(maxsize=128)(_parse)
# One after the other is asked for twice or three times.
_parse_large = functools.lru_cache(maxsize=1)(_parse)


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
    if _parses(source):
        return [Part(source)]
    texts = TOP_LEVEL_DEFINITION.split(source)
    above = itertools.accumulate((text.count("\n") for text in texts), initial=0)
    parts = [Part(*part) for part in zip(texts, above, strict=False) if part[0].strip()]
    return list(_finished(parts[:MAX_PARTS], names)) or [Part(source)]


def _finished(parts: Iterable[Part], names: Sequence[str]) -> Iterator[Part]:
    """Cut off what stands below an exercise, where it does not parse with that and can't belong.

    A line that is not indented ends a function that ends with `return`; it may also be a line of
    a text, or one that was to be indented.
    """
    left = MAX_TRIED
    for part in parts:
        cut = 0
        if re.match(rf"def[ \t]+({'|'.join(names)})\b", part.source) and not _parses(part.source):
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


def _parses(source: str) -> bool:
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
    for source in sources:
        whole = isinstance(parse(python_of(source)), ast.Module)
        for part in [Part(source)] if whole else runnable_parts(source, names):
            found.update({d.name: d for d in _definitions(part, names)})
    return found


def _definitions(part: Part, names: Sequence[str]) -> Iterator[Definition]:
    text = python_of(part.source)
    tree = parse(text)
    if isinstance(tree, SyntaxError):
        line = f" (line {part.above + tree.lineno})" if tree.lineno else ""
        for name in names:
            if re.search(rf"^[ \t]*def[ \t]+{name}\b", part.source, re.MULTILINE):
                yield Definition(name, part.source, f"{tree.msg}{line}")
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            yield Definition(node.name, ast.get_source_segment(text, node) or "")


def only_calls(source: str, names: frozenset[str]) -> bool:
    """Tell whether a cell does nothing but call the named check functions."""
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
