"""What is known of where a mistake is before anything is tried.

A named cause's patch hints at what is wrong; what of the results is wrong says which statements can
be.
"""

import ast
import difflib
import functools
import inspect
from collections.abc import Collection, Iterable, Iterator

from autograder.repairing.changes import differences
from autograder.repairing.code import Code, heads, own_nodes, same_as
from solutions.catalogue import Catalogue, Misconception, wrong_source

UNLIKELY, NOT_AT_ALL = 1.2, 3.0
"""What is added to the rank of edits: where a correct result needs the statement, too, and where
no wrong one does."""

Hint = tuple[ast.AST | None, ast.AST | None]
"""Something wrong and the correct one, in the reference's names; None where it is not there."""


@functools.cache
def reference_code(catalogue_module: object, exercise: str) -> Code:
    """Return the reference function of an exercise."""
    return Code(inspect.getsource(getattr(catalogue_module, exercise)))


def hints_of(catalogue: Catalogue, exercise: str, causes: Collection[str]) -> list[Hint]:
    """Return what the patches of the causes change, those of all their variants."""
    entries = [m for m in catalogue.of(exercise) if m.id in causes]
    return [hint for entry in entries for hint in _changed(catalogue, entry)]


def _changed(catalogue: Catalogue, entry: Misconception) -> Iterator[Hint]:
    source = wrong_source(catalogue.reference, [entry])
    if source is None:
        return
    try:
        wrong = heads(Code(source))
    except (SyntaxError, ValueError):
        return
    right = heads(reference_code(catalogue.reference, entry.exercise))
    matcher = difflib.SequenceMatcher(
        None, [same_as(n) for n in wrong], [same_as(n) for n in right], autojunk=False
    )
    for kind, start, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        if end - start == other_end - other:
            for old, new in zip(wrong[start:end], right[other:other_end], strict=True):
                yield from differences(old, new)
            continue
        # The first of several wrong statements stands for all that is missing.
        for node in wrong[start:end]:
            yield node, None
        for node in right[other:other_end]:
            yield None, node


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
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        # `parts.append(…)` and `np.copyto(a, …)` change what they are called on, or are given.
        targets = (getattr(node.value.func, "value", node.value.func), *node.value.args[:1])
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
