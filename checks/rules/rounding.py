"""A rule on what rounds numbers, where the results show that it was at work."""

import ast
from collections.abc import Iterator

import numpy as np

from checks.code_rules import HYPERPARAMETERS
from checks.evidence import Evidence, Found
from checks.rules.trees import at, name_of, names_in, short

DATA = ("A_prev", "W", "b", "X", "x", "Z", "A", "dA", "dZ", "dz", "columns", "a_slice_prev")
MOST_ROUNDS = 6
"""How far numbers are followed from name to name against the order of the lines."""

MEASURES = ("shape", "size", "ndim")
STORING = (ast.Assign, ast.AugAssign, ast.For, ast.Expr)
ROUNDS = ("round", "around", "rint", "round_", "trunc", "fix", "floor")


def _values(evidence: Evidence) -> Iterator[np.ndarray]:
    """Yield every array of floats that the function returned."""
    for seen in evidence.observations.values():
        if seen.status == "ok":
            for value in seen.value if isinstance(seen.value, tuple) else (seen.value,):
                if isinstance(value, (np.ndarray, float, int)):
                    yield np.asarray(value)


def whole_numbers(evidence: Evidence) -> Found:
    """Find a rounding, or an array of integers, where the results show that it was at work."""
    rounding = [(node, _digits_kept(node)) for node in evidence.nodes]
    rounding = [(node, digits) for node, digits in rounding if digits is not None]
    about_data = _about_data(evidence) if rounding else set()
    for node, digits in rounding:
        if id(node) not in about_data or digits is None:
            continue
        for value in _values(evidence):
            if value.dtype.kind not in "fi" or np.isin(value, (0, 1)).all():
                continue
            scaled = value.astype(float) * 10.0**digits
            if np.isfinite(scaled).all() and np.allclose(scaled, np.round(scaled), atol=1e-6):
                return at(node, code=short(node))
    return None


def _about_data(evidence: Evidence) -> set[int]:
    """Return the nodes that work on numbers of an argument or make a result, not on sizes."""
    data = {each for each in evidence.parameters if each in (*DATA, "cache")}
    statements = [n for n in evidence.nodes if isinstance(n, STORING)]
    for _ in range(MOST_ROUNDS):
        known = len(data)
        for node in statements:
            value = node.iter if isinstance(node, ast.For) else node.value
            if data & _numbers_in(value):
                targets = _targets(node)
                # What stands in the brackets only says where.
                data |= {name for target in targets for name in _stored_in(target)}
        if known == len(data):
            break
    found: set[int] = set()
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and data & _numbers_in(node):
            found |= {id(node), *map(id, node.keywords)}
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            # An array of integers takes no decimals of what is stored in it.
            made = {name for target in node.targets for name in _stored_in(target)}
            found |= set(map(id, node.value.keywords)) if made & data else set()
    return found


def _targets(node: ast.stmt) -> list[ast.expr]:
    """Return what a statement stores into: `x.append(…)` and `np.copyto(x, …)` do, too."""
    if isinstance(node, ast.Expr):
        call = node.value
        owner = call.func.value if isinstance(getattr(call, "func", None), ast.Attribute) else None  # type: ignore[attr-defined]
        return [each for each in (owner, *getattr(call, "args", ())[:1]) if each is not None]
    return node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[attr-defined]


def _numbers_in(node: ast.AST) -> set[str]:
    """Return the names in an expression that stand for numbers, not only for a shape."""
    sizes = {
        id(leaf)
        for part in ast.walk(node)
        if getattr(part, "attr", "") in MEASURES or name_of(part) in ("len", "range")
        for leaf in names_in(part)
    }
    numbers = {leaf.id for leaf in names_in(node) if id(leaf) not in sizes}
    return {name for name in numbers if not HYPERPARAMETERS.fullmatch(name)}


def _stored_in(target: ast.expr) -> list[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for each in target.elts for name in _stored_in(each)]
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    return [target.id] if isinstance(target, ast.Name) else []


def integer_of_argument(evidence: Evidence) -> Found:
    """Find int() of numbers that the task gives, whatever the results are."""
    given = {*evidence.parameters} & {*DATA}
    for node in evidence.nodes:
        if name_of(node) == "int" and any(_is_entry(each, given) for each in node.args):  # type: ignore[attr-defined]
            return at(node, code=short(node))
    return None


def _is_entry(node: ast.AST, given: set[str]) -> bool:
    """Return whether a number is one of an argument's own: `b[0, 0, 0]`, `float(b)`, `b.item()`."""
    if isinstance(node, ast.Subscript):
        return _is_entry(node.value, given)
    if isinstance(node, ast.Call):
        inner = node.args[:1] if name_of(node) == "float" else []
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("item", "squeeze", "ravel"):
            inner = [node.func.value]
        return any(_is_entry(each, given) for each in inner)
    return isinstance(node, ast.Name) and node.id in given


def _digits_kept(node: ast.AST) -> int | None:
    """Return how many decimals an expression leaves of its numbers; None where it leaves all."""
    if isinstance(node, ast.keyword) and node.arg == "dtype":
        return 0 if "int" in ast.unparse(node.value) else None
    name = name_of(node)
    if not isinstance(node, ast.Call) or not name:
        return None
    if name == "astype" and node.args and "int" in ast.unparse(node.args[0]):
        return 0
    if name == "int" and any(leaf.id in DATA for leaf in names_in(node) if leaf.id != "x"):
        return 0 if ".shape" not in ast.unparse(node) else None
    if name in ROUNDS:
        last = node.args[1:] or [k.value for k in node.keywords]
        constant = last[0] if last and isinstance(last[0], ast.Constant) else None
        return int(constant.value) if constant and isinstance(constant.value, int) else 0
    return None
