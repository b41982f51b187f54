"""Rules on a function's text that find what is computed and does not reach the result."""

import ast
from collections.abc import Callable, Iterator

import numpy as np

from checks.assignments.functions import HELPERS, like
from checks.evidence import Evidence, Found
from checks.rules.inlined import helpers_of
from checks.rules.trees import at, name_of, names_in, returned_names, short

NEW = ("zeros", "zeros_like", "empty", "empty_like", "ones", "ones_like", "full")
CHANGED = like("pad", "reshape", "transpose", "ravel", "flatten", "squeeze", "swapaxes")
UFUNCS = ("add", "subtract", "multiply", "divide")
WORKED_OUT = ("concatenate", "stack", "array", "dot", "matmul", "sum", "mean", "max", "where")
PURE = (*CHANGED, *WORKED_OUT, *HELPERS, *UFUNCS)
"""Functions that leave what they are given as it is."""

OPERANDS = 2
"""A ufunc of NumPy writes into what it is given beyond its two operands."""


def _is_pure(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return bool(names_in(node))
    if isinstance(node, ast.Subscript):
        return not any(isinstance(leaf, ast.Call) for leaf in ast.walk(node))
    if isinstance(node, ast.Compare):
        cell = node.left
        equal = [isinstance(op, ast.Eq) for op in node.ops] == [True]
        return equal and isinstance(cell, ast.Subscript) and ".shape" not in ast.unparse(node)
    if not isinstance(node, ast.Call) or name_of(node) not in PURE:
        return False
    ufunc = name_of(node) in UFUNCS
    return not any(k.arg == "out" for k in node.keywords) and (
        not ufunc or len(node.args) == OPERANDS
    )


def not_stored(evidence: Evidence) -> Found:
    """Find a line that computes something which no line stores or reads."""
    for node in evidence.nodes:
        # A helper of the student's own may fill what it is given.
        is_own = isinstance(node, ast.Expr) and name_of(node.value) in helpers_of(evidence)
        if isinstance(node, ast.Expr) and _is_pure(node.value) and not is_own:
            return at(node, code=short(node))
    return None


def returned_without(evidence: Evidence) -> Found:
    """Find `b = a + …` where b is never read and a is returned."""
    returned = returned_names(evidence)
    for node in evidence.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
            continue
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Name):
            continue
        used = any(n is not target and n.id == target.id for n in _names(evidence))
        whole = [n.id for n in (node.value.left, node.value.right) if isinstance(n, ast.Name)]
        other = next((name for name in whole if name in returned), "")
        if not used and other:
            return at(node, code=short(node), name=target.id, other=other)
    return None


def another_returned(evidence: Evidence) -> Found:
    """Find a last line that goes on with what is returned, and gives it to another name."""
    body = evidence.function.body if evidence.function and len(evidence.outputs) == 1 else []
    last, end = body[-2:] if len(body) > 1 else (None, None)
    if not isinstance(end, ast.Return) or not isinstance(end.value, ast.Name):
        return None
    target = last.targets[0] if isinstance(last, ast.Assign) and len(last.targets) == 1 else None
    if not isinstance(target, ast.Name) or target.id == end.value.id:
        return None
    # What only gives a value another name, or reads a part of it, is no step.
    if not isinstance(last.value, (ast.BinOp, ast.Call)):  # type: ignore[union-attr]
        return None
    made_of = {target.id}
    for node in body[::-1]:
        if isinstance(node, ast.Assign) and made_of & {n.id for n in names_in(node.targets[0])}:
            made_of |= {n.id for n in names_in(node.value)}
    is_direct = end.value.id in {n.id for n in names_in(last.value)}  # type: ignore[union-attr]
    goes_on = end.value.id in made_of - {*evidence.parameters} and not is_direct
    return at(end, code=short(end), name=target.id, other=short(last)) if goes_on else None  # type: ignore[arg-type]


def _names(evidence: Evidence) -> Iterator[ast.Name]:
    return (node for node in evidence.nodes if isinstance(node, ast.Name))


def added_to_copy(evidence: Evidence) -> Found:
    """Find `x = a[…].copy()` and `x += …` where no line reads x."""
    return _changed_in_vain(evidence, _is_copy)


def added_to_new_array(evidence: Evidence) -> Found:
    """Find `x = np.zeros(…)` and `x += …` where no line reads x, and a result stayed 0."""
    if not any(value.size > 1 and not value.any() for value in _values(evidence)):
        return None
    return _changed_in_vain(evidence, lambda node: name_of(node) in NEW)


def _values(evidence: Evidence) -> Iterator[np.ndarray]:
    for seen in evidence.observations.values():
        parts = seen.value if isinstance(seen.value, tuple) else (seen.value,)
        yield from (part for part in parts if isinstance(part, np.ndarray))


def _is_copy(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or name_of(node) not in ("copy", "array"):
        return False
    method = name_of(node) == "copy" and not node.args
    given = node.func if method else next(iter(node.args), None)
    part = getattr(given, "value", None) if method else given
    return isinstance(part, (ast.Subscript, ast.Name))


def _changed_in_vain(evidence: Evidence, is_new: Callable[[ast.AST], bool]) -> Found:
    changes = _changes(evidence)
    for node in evidence.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(target, ast.Name) or len(node.targets) != 1 or not is_new(node.value):
            continue
        own = [(name, line) for name, line in changes if name.id == target.id]
        counted = {id(target), *(id(name) for name, _ in own)}
        read = any(n.id == target.id and id(n) not in counted for n in _names(evidence))
        if own and not read:
            line = own[0][1]
            return at(line, code=short(line), name=target.id, made=short(node))
    return None


def _changes(evidence: Evidence) -> list[tuple[ast.Name, ast.stmt]]:
    """Return the names of arrays that statements change in their place, with these."""
    found: list[tuple[ast.Name, ast.stmt]] = []
    for node in evidence.nodes:
        if isinstance(node, ast.AugAssign):
            targets = [node.target]
        else:
            targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            base: ast.expr = target
            while isinstance(base, ast.Subscript):
                base = base.value
            changed = isinstance(node, ast.AugAssign) or base is not target
            if changed and isinstance(base, ast.Name) and isinstance(node, ast.stmt):
                found.append((base, node))
    return found


def cache_name_rebound(evidence: Evidence) -> Found:
    """Find an argument whose name is given to another array before the cache is packed."""
    if "cache" not in evidence.outputs:
        return None
    if not any(seen.status == "ok" for seen in evidence.observations.values()):
        return None
    stored = [n for n in _names(evidence) if not isinstance(n.ctx, ast.Load)]
    for node in evidence.nodes:
        packed = node.value if isinstance(node, (ast.Assign, ast.Return)) else None
        for part in ast.walk(packed) if packed is not None else ():
            kept = part.elts if isinstance(part, ast.Tuple) else []
            names = [n.id for n in kept if isinstance(n, ast.Name)]
            if isinstance(node, ast.Assign) and part is packed and not _is_cache(node, evidence):
                continue
            if len(set(names) & set(evidence.parameters)) < 2:
                continue
            for name in evidence.parameters:
                again = [n for n in stored if n.id == name]
                line = _rebinding(evidence, again[0]) if len(again) == 1 else None
                if name in names and line is not None and line.lineno < node.lineno:
                    return at(line, code=short(line), name=name)
    return None


def _is_cache(node: ast.Assign, evidence: Evidence) -> bool:
    """Return whether a tuple gets a name that is returned, as the cache is, or is a part of it."""
    names = {leaf.id for target in node.targets for leaf in names_in(target)}
    return bool(names & {"cache", *returned_names(evidence)})


def _rebinding(evidence: Evidence, name: ast.Name) -> ast.stmt | None:
    """Return the statement that gives a name to something else than the same numbers."""
    for node in evidence.nodes:
        if isinstance(node, ast.Assign) and name in ast.walk(node.targets[0]):
            value = node.value
            other = name_of(value) in CHANGED or isinstance(value, (ast.Subscript, ast.Attribute))
            return node if other else None
    return None


def returned_as_list(evidence: Evidence) -> Found:
    """Find a result that is a Python list where arrays are asked for."""
    if "a_slice_prev" in evidence.parameters or not evidence.failed:
        return None
    for seen in evidence.observations.values():
        alone = len(evidence.outputs) == 1
        if seen.status != "ok" or not (alone or isinstance(seen.value, (tuple, list))):
            continue
        parts = (seen.value,) if alone else seen.value
        for name, part in zip(evidence.outputs, parts, strict=False):
            if name != "cache" and isinstance(part, list):
                returns = [node for node in evidence.nodes if isinstance(node, ast.Return)]
                return {"name": name, **(at(returns[0]) if len(returns) == 1 else {})}
    return None
