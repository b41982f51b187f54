"""Which statements of a function can be wrong, by what of its results is wrong."""

import ast
from collections.abc import Collection, Iterable

from autograder.repairing.code import Code, own_nodes

UNLIKELY, NOT_AT_ALL = 1.2, 3.0
"""What is added to the rank of edits: where a correct result needs the statement, too, and where
no wrong one does."""


def doubts(
    code: Code, outputs: Collection[str], right: Collection[str], other_parts: Collection[str]
) -> dict[ast.stmt, float]:
    """Return how unlikely it is that a statement is wrong, from 0.

    `outputs` are what the function has to return, in order, `right` those that are correct in
    every case; `other_parts` are the modes in which everything is correct.
    """
    needed = _needed(code)
    returned = _returned(code)
    names = list(outputs)
    wrong = [returned[n] for n, name in enumerate(names) if n < len(returned) and name not in right]
    good = [returned[n] for n, name in enumerate(names) if n < len(returned) and name in right]
    if len(returned) != len(names):
        wrong, good = returned, []
    for_wrong, for_good = _closure(wrong, needed), _closure(good, needed)
    found: dict[ast.stmt, float] = {}
    for placed in code.statements:
        node, bound = placed.node, _bound(placed.node)
        if bound and not bound & for_wrong:
            found[node] = NOT_AT_ALL
        elif bound and bound & for_good:
            found[node] = UNLIKELY
        if any(_is_other_branch(outer, node, code, other_parts) for outer in placed.around):
            found[node] = max(found.get(node, 0.0), UNLIKELY)
    return found


def _bound(node: ast.stmt) -> set[str]:
    targets: Iterable[ast.AST] = ()
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For)):
        targets = (node.target,)
    return {base for target in targets for base in _bases(target)}


def _bases(target: ast.AST) -> set[str]:
    """Return the names that an assignment to `target` changes."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return {name for item in target.elts for name in _bases(item)}
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    return {target.id} if isinstance(target, ast.Name) else set()


def _needed(code: Code) -> dict[str, set[str]]:
    """Return name -> the names that what it holds is made of, loops and conditions included."""
    needed: dict[str, set[str]] = {}
    for placed in code.statements:
        around = {name for outer in placed.around for name in _read(outer)}
        for name in _bound(placed.node):
            needed.setdefault(name, set()).update(_read(placed.node), around)
        value = getattr(placed.node, "value", None)
        if isinstance(placed.node, ast.Assign) and isinstance(value, (ast.Subscript, ast.Name)):
            # A part of an array: what is changed in it is changed in the whole.
            for base in _bases(value):
                needed.setdefault(base, set()).update(_bound(placed.node))
    return needed


def _read(node: ast.stmt) -> set[str]:
    return {leaf.id for leaf in own_nodes(node) if isinstance(leaf, ast.Name)}


def _returned(code: Code) -> list[set[str]]:
    """Return the names in each thing that the last `return` gives back."""
    found = [p.node for p in code.statements if isinstance(p.node, ast.Return) and p.node.value]
    if not found:
        return []
    value = found[-1].value
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return [{n.id for n in ast.walk(part) if isinstance(n, ast.Name)} for part in parts if part]


def _closure(starts: Iterable[set[str]], needed: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = [name for start in starts for name in start]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(needed.get(name, ()))
    return found


def _is_other_branch(
    outer: ast.stmt, node: ast.stmt, code: Code, other_parts: Collection[str]
) -> bool:
    """Tell whether a statement is run in modes alone in which everything is correct."""
    if not isinstance(outer, ast.If) or not other_parts:
        return False
    tested = {leaf.value for leaf in ast.walk(outer.test) if isinstance(leaf, ast.Constant)}
    inside = any(leaf is node for statement in outer.body for leaf in ast.walk(statement))
    return inside and bool(tested) and tested <= set(other_parts)
