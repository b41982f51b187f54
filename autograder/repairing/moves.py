"""Where a statement may be meant to stand: in a loop or out of it, earlier or later."""

import ast
from collections.abc import Iterator

from autograder.repairing.code import BLOCKS, Code, Placed, text_of
from autograder.sandbox.jobs import Splice


def moves(code: Code, placed: Placed) -> Iterator[tuple[Splice, ...]]:
    """Yield edits that take a statement out of the blocks around it, or into the one above.

    Those below it go with it into the block above, as far as the last one or a `return`.
    """
    node = placed.node
    inner: ast.stmt = node
    for outer in reversed(placed.around):
        block = next(b for name in BLOCKS if inner in (b := getattr(outer, name, [])))
        emptied = inner is node and len(block) == 1
        if block[-1] is not inner or emptied:
            break
        yield tuple(_indented(code, node, outer.col_offset))
        inner = outer
    yield from _into_loop(code, placed)
    yield from _before_loop(code, placed)
    place = placed.block.index(node)
    above = placed.block[place - 1] if place else None
    rest = [s for s in placed.block[place:] if not isinstance(s, ast.Return)]
    while above is not None and getattr(above, "body", None):
        level = above.body[0].col_offset  # type: ignore[attr-defined]
        for together in [rest[:1], rest] if len(rest) > 1 else [rest[:1]]:
            yield tuple(splice for each in together for splice in _indented(code, each, level))
        above = above.body[-1]  # type: ignore[attr-defined]


def _into_loop(code: Code, placed: Placed) -> Iterator[tuple[Splice, ...]]:
    """Yield edits that put a first value at the beginning of a loop's steps, not before it."""
    if not isinstance(placed.node, ast.Assign):
        return
    start = code.line_start(placed.node.lineno)
    end = code.line_start((placed.node.end_lineno or placed.node.lineno) + 1)
    below = placed.block[placed.block.index(placed.node) + 1 :]
    while loop := next((node for node in below if isinstance(node, (ast.For, ast.While))), None):
        first = loop.body[0]
        place = code.line_start(first.lineno)
        text = f"{' ' * first.col_offset}{text_of(placed.node)}\n"
        yield (start, end, ""), (place, place, text)
        below = loop.body


def _before_loop(code: Code, placed: Placed) -> Iterator[tuple[Splice, ...]]:
    """Yield edits that put the first step of a loop before it, and before the loops around that."""
    if not isinstance(placed.node, (ast.Assign, ast.AugAssign)) or len(placed.block) < 2:
        return
    start = code.line_start(placed.node.lineno)
    end = code.line_start((placed.node.end_lineno or placed.node.lineno) + 1)
    inner: ast.stmt = placed.node
    for outer in reversed(placed.around):
        if not isinstance(outer, (ast.For, ast.While)) or outer.body[0] is not inner:
            break
        place = code.line_start(outer.lineno)
        text = f"{' ' * outer.col_offset}{text_of(placed.node)}\n"
        yield (place, place, text), (start, end, "")
        inner = outer


def _indented(code: Code, node: ast.stmt, level: int) -> Iterator[Splice]:
    more = level - node.col_offset
    for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
        start = code.line_start(number)
        if more > 0:
            yield start, start, " " * more
        else:
            yield start, start - more, ""
