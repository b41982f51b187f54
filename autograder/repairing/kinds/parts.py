"""The smallest parts in which two expressions differ, and the way down to each."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.repairing.code import (
    children,
    own_parts,
    own_values,
    picks_the_same,
    same_as,
    text_of,
    tokens,
)
from checks.assignments import ASSIGNMENTS


@dataclass(frozen=True)
class Step:
    """A way down in a syntax tree: from which node, by which of its fields."""

    node: ast.AST
    field: str


Path = tuple[Step, ...]


Part = tuple[ast.AST, ast.AST, Path]
"""A part of a statement, what stands in its place in another one, and the way down to it."""


def differing_parts(old: ast.stmt, new: ast.stmt) -> list[Part]:
    """Return the smallest parts in which two statements of one kind differ.

    What a name is called that is given a value is no difference, beside others.
    """
    found = list(_leaves(old, new, ()))
    others = [part for part in found if not _is_given(part[0])]
    return others or found


def _adds_up(old: ast.expr, new: ast.AST) -> bool:
    """Return whether both are sums or differences that share a term."""
    if not (isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp)):
        return False
    sums = all(isinstance(each.op, (ast.Add, ast.Sub)) for each in (old, new))
    pairs = ((old.left, new.left), (old.right, new.right))
    return sums and any(same_as(mine) == same_as(theirs) for mine, theirs in pairs)


def _is_given(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _leaves(old: ast.AST, new: ast.AST, path: Path) -> Iterator[Part]:
    """Yield the smallest parts in which two nodes differ, with the way to each."""
    is_index = bool(path) and path[-1].field == "slice"
    if same_as(old) == same_as(new) or (is_index and picks_the_same(old, new)):
        return
    alike = type(old) is type(new) and own_values(old) == own_values(new)
    within = isinstance(old, ast.expr) and (holds(old, new) or holds(new, old))
    own = isinstance(old, ast.Call) and is_own_function(old.func)
    by_another = own and differ(old.func, getattr(new, "func", old))  # type: ignore[attr-defined]
    pairs = children(old, new) if alike and not within and not by_another else None
    if pairs is None:
        yield old, new, path
        return
    differing = [pair for pair in pairs if same_as(pair[0]) != same_as(pair[1])]
    reordered = len(differing) > 1 and isinstance(old, ast.expr) and tokens(old) == tokens(new)
    found = [leaf for o, n, name in differing for leaf in _leaves(o, n, (*path, Step(old, name)))]
    by_another = isinstance(old, ast.BinOp) and any(name == "op" for _, _, name in differing)
    if isinstance(old, ast.expr) and (
        reordered or len(found) > 2 or (by_another and len(found) > 1 and not _adds_up(old, new))
    ):
        yield old, new, path
    else:
        yield from found


def which_of_several(part: str, changed: Sequence[ast.AST], statement: ast.stmt) -> dict[str, str]:
    """Tell which occurrences of a part's text are changed, where it is not all of them."""
    alike = [
        node
        for own in own_parts(statement)
        for node in ast.walk(own)
        if isinstance(node, (ast.expr, ast.Slice)) and text_of(node) == part
    ]
    alike.sort(key=lambda node: (node.lineno, node.col_offset))
    if len(alike) == 2 and any(_may_change_places(n, alike) for n in ast.walk(statement)):
        return {}
    meant = [
        str(number)
        for number, node in enumerate(alike, 1)
        if any(each in ast.walk(node) or node in ast.walk(each) for each in changed)
    ]
    if not 0 < len(meant) < len(alike):
        return {}
    return {"which": ", ".join(meant), "times": str(len(alike))}


def _may_change_places(node: ast.AST, sides: Sequence[ast.AST]) -> bool:
    """Return whether these are the two sides of a sum or product, so that either may be meant."""
    swaps = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult))
    return swaps and [node.left, node.right] == list(sides)  # type: ignore[attr-defined]


def holds(outer: ast.AST, inner: ast.AST) -> bool:
    """Return whether an expression is a part of another one."""
    key = same_as(inner)
    return any(same_as(part) == key for part in ast.walk(outer) if part is not outer)


def is_own_function(func: ast.AST) -> bool:
    """Return whether a function is the student's own: it may do what it should, elsewhere."""
    known = {each.name for a in ASSIGNMENTS.values() for each in a.exercises}
    return isinstance(func, ast.Name) and func.id not in known and not hasattr(builtins, func.id)


def differ(left: ast.AST, right: ast.AST) -> bool:
    """Return whether two expressions are not the same, however they are used."""
    return same_as(left) != same_as(right)
