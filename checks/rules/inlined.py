"""The small functions that students write beside the exercises, and what a call of one stands for.

A helper that only works something out of its arguments is read as if its text stood in the call.
"""

import ast
import copy
from collections.abc import Mapping

from checks.evidence import Evidence, once
from checks.student_source import parsed

Helpers = Mapping[str, ast.FunctionDef]

KNOWN = frozenset(("np", "numpy", "math", "int", "float", "round", "abs", "min", "max", "len"))
"""Names that mean the same in every function."""


@once
def helpers_of(evidence: Evidence) -> Helpers:
    """Return the functions of the student's own that a function may call, by name."""
    found: dict[str, ast.FunctionDef] = {}
    for source in evidence.helpers.values():
        tree = parsed(source)
        found |= {n.name: n for n in (tree.body if tree else ()) if isinstance(n, ast.FunctionDef)}
    inner = [n for n in evidence.nodes if isinstance(n, ast.FunctionDef)]
    return found | {n.name: n for n in inner if n is not evidence.function}


def inlined(call: ast.Call, helpers: Helpers) -> ast.expr | None:
    """Return what a helper computes from the arguments of a call; None where that is not plain."""
    helper = helpers.get(call.func.id) if isinstance(call.func, ast.Name) else None
    given = _arguments(call, helper) if helper is not None else None
    if helper is None or given is None:
        return None
    for statement in helper.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.Return) and statement.value is not None:
            return _filled_in(statement.value, given)
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return None
        value = _filled_in(statement.value, given)
        if value is None or not _bind(statement.targets[0], value, given):
            return None
    return None


def _arguments(call: ast.Call, helper: ast.FunctionDef) -> dict[str, ast.expr] | None:
    """Return what stands for each parameter in a call."""
    own = helper.args
    names = [each.arg for each in (*own.posonlyargs, *own.args)]
    if own.vararg or own.kwarg or own.kwonlyargs or len(call.args) > len(names):
        return None
    given: dict[str, ast.expr] = dict(zip(names[::-1], own.defaults[::-1], strict=False))
    given |= dict(zip(names, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    starred = any(isinstance(each, ast.Starred) for each in call.args)
    return None if starred or set(given) != set(names) else given


def _bind(target: ast.expr, value: ast.expr, given: dict[str, ast.expr]) -> bool:
    if isinstance(target, ast.Name):
        given[target.id] = value
        return True
    if not isinstance(target, ast.Tuple):
        return False
    parts = value.elts if isinstance(value, ast.Tuple) else None
    if parts is not None and len(parts) != len(target.elts):
        return False
    picked = parts or [
        ast.Subscript(value, ast.Constant(n), ast.Load()) for n in range(len(target.elts))
    ]
    return all(_bind(each, part, given) for each, part in zip(target.elts, picked, strict=True))


def _filled_in(value: ast.expr, given: Mapping[str, ast.expr]) -> ast.expr | None:
    """Return an expression of a helper in the words of the call; None where it reads other data."""
    used = {leaf.id for leaf in ast.walk(value) if isinstance(leaf, ast.Name)}
    called = {
        leaf.func.id
        for leaf in ast.walk(value)
        if isinstance(leaf, ast.Call) and isinstance(leaf.func, ast.Name)
    }
    if used - given.keys() - KNOWN - called:
        return None
    return _Filled(given).visit(copy.deepcopy(value))


class _Filled(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id, node)
