"""Rules that find mistakes of the gradient check and the way back by their text."""

import ast
import re
from collections.abc import Callable

from checks.evidence import AT, Evidence, Found
from checks.rules.certain.values import (
    REDUCING,
    argument,
    called,
    calls,
    is_given,
    is_name,
    keyword,
    origin,
    own_name,
    result,
    statement_of,
    values_of,
)
from checks.rules.inlined import helpers_of, inlined
from checks.rules.trees import at, name_of, names_in, short

MAXIMA = ("max", "amax", "nanmax")
MEANS = ("mean", "average", "nanmean")


def checks_gradient(evidence: Evidence) -> bool:
    return {"f", "x", "dx", "h"} <= {*evidence.parameters}


# The gradient check


def gradient_unread(evidence: Evidence) -> Found:
    """Find outputs of f that are summed in a function that never looks at dZ."""
    if not checks_gradient(evidence) or "dZ" not in evidence.parameters:
        return None
    if any(is_name(node, own_name(evidence, "dZ")) for node in evidence.nodes):
        return None
    lines: dict[str, str] = {}
    for node in evidence.nodes:
        if called(node, "sum") and isinstance(node, ast.Call):
            array = argument(node)
            value = None if array is None else origin(evidence, array)
            if value is not None and any(calls(value, "f")):
                if "dx" in {leaf.id for leaf in names_in(value)}:
                    return None
                lines.setdefault(str(node.lineno), short(node))
    return {"code": next(iter(lines.values())), AT: " ".join(lines)} if lines else None


def never_measured(evidence: Evidence) -> Found:
    """Find a check that never looks at f, the function whose slope it should measure."""
    if not checks_gradient(evidence):
        return None
    name = own_name(evidence, "f")
    return None if any(is_name(node, name) for node in evidence.nodes) else {}


def another_norm(evidence: Evidence) -> Found:
    """Find an error that is made of largest entries, or sums, in the place of lengths."""
    for value in result(evidence, "error") if checks_gradient(evidence) else ():
        inside = inlined(value, helpers_of(evidence)) if isinstance(value, ast.Call) else value
        if not (isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Div)):
            continue
        above = origin(evidence, inside.left)
        array = argument(above) if isinstance(above, ast.Call) else None
        absolute = array is not None and called(origin(evidence, array), "abs", "absolute", "fabs")
        if called(above, "sum", *MAXIMA) and absolute:
            # Where it has a name, the norm is taken in the line that gives it one.
            where = value if above is inside.left else above
            return at(statement_of(evidence, where), code=short(inside))
    return None


def all_moved(evidence: Evidence) -> Found:
    """Find `x + h`, which moves every entry of x."""
    inner = [n for n in evidence.nodes if isinstance(n, (ast.Lambda, ast.FunctionDef))]
    own = len(inner) > 1
    points = [call.args[0] for call in calls(evidence.function or ast.Pass(), "f") if call.args]
    lines: dict[str, str] = {}
    for node in evidence.nodes if checks_gradient(evidence) and not own else ():
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            whole = is_given(evidence, node.left, "x") and is_given(evidence, node.right, "h")
            # Of `np.where(…, x + h, x)`, or `(x + h)[index]`, only one entry may go on.
            if whole and any(origin(evidence, point) is node for point in points):
                lines.setdefault(str(node.lineno), short(node))
    return {"code": next(iter(lines.values())), AT: " ".join(lines)} if lines else None


def one_side_only(evidence: Evidence) -> Found:
    """Find `f(x + step) - f(x)`, where x itself is never moved."""
    if not checks_gradient(evidence) or _is_stored_in(evidence, "x"):
        return None
    found: list[ast.AST] = []
    again = _run_for_each_side(evidence)
    for node in evidence.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and id(node) not in again:
            sides = [origin(evidence, side) for side in (node.left, node.right)]
            points = [s.args[0] for s in sides if called(s, "f") and len(s.args) == 1]  # type: ignore[attr-defined]
            at_x = [is_given(evidence, point, "x") for point in points]
            near = [_is_near_x(origin(evidence, point)) for point in points]
            if sorted(at_x) == [False, True] and all(near):
                found.append(node)
    if len(found) != 1:
        # Two of them, one for each side, make a central difference together.
        return None
    slopes = [n for n in evidence.nodes if _divides_by_h(n)]
    lines = dict.fromkeys(str(getattr(n, "lineno", "")) for n in (*found, *slopes))
    return {"code": short(found[0]), AT: " ".join(lines)}


def _run_for_each_side(evidence: Evidence) -> set[int]:
    """Return what an inner function, or a loop over signs, may work out for either side."""
    inner = [
        node
        for node in evidence.nodes
        if (isinstance(node, (ast.FunctionDef, ast.Lambda)) and node is not evidence.function)
        or (isinstance(node, ast.For) and isinstance(node.iter, (ast.Tuple, ast.List)))
        or isinstance(node, (ast.ListComp, ast.GeneratorExp))
    ]
    return {id(leaf) for node in inner for leaf in ast.walk(node)}


def _is_near_x(point: ast.expr) -> bool:
    """Return whether a point is made of x, and not a step alone."""
    is_step = called(point, "zeros", "zeros_like", "eye")
    return not is_step and any(is_name(each, "x") for each in ast.walk(point))


def _divides_by_h(node: ast.AST) -> bool:
    by_h = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return by_h and "h" in {leaf.id for leaf in names_in(node.right)}  # type: ignore[attr-defined]


def _is_stored_in(evidence: Evidence, name: str) -> bool:
    """Return whether some line changes an entry of `name`, or of another name for it."""
    names = {name}
    names |= {k for k, v in values_of(evidence).items() if any(is_name(each, name) for each in v)}
    return any(
        isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        for node in evidence.nodes
    )


def root_missing(evidence: Evidence) -> Found:
    """Find sums of squares in a function that takes no root and calls no norm."""
    if not checks_gradient(evidence):
        return None
    text = ast.unparse(evidence.function) if evidence.function else ""
    text += "".join(ast.unparse(helper) for helper in helpers_of(evidence).values())
    if any(word in text for word in ("sqrt", "norm", "0.5", "1 / 2", "hypot", "(float")):
        return None
    lines: dict[str, str] = {}
    for node in evidence.nodes:
        if called(node, "sum") and isinstance(node, ast.Call):
            array = argument(node)
            squared = array is not None and _is_square(origin(evidence, array))
            if squared:
                lines.setdefault(str(node.lineno), short(node))
    return {"code": next(iter(lines.values())), AT: " ".join(lines)} if lines else None


def _is_square(node: ast.expr) -> bool:
    if called(node, "square"):
        return True
    power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
    return power and ast.unparse(node.right) == "2"  # type: ignore[attr-defined]


def error_by_entry(evidence: Evidence) -> Found:
    """Find an error that is the mean, or largest, of a quotient for each entry."""
    for value in result(evidence, "error") if checks_gradient(evidence) else ():
        array = argument(value) if isinstance(value, ast.Call) else None
        if array is None or name_of(value) not in ("mean", "max", "amax", "sum", "norm"):
            continue
        made = origin(evidence, array)
        if not (isinstance(made, ast.BinOp) and isinstance(made.op, ast.Div)):
            continue
        below = origin(evidence, made.right)
        whole = any(True for _ in calls(below, *REDUCING))
        if not whole and {"dx", "numeric"} & {leaf.id for leaf in names_in(below)}:
            line = statement_of(evidence, value)
            return at(line, code=short(line))
    return None


def second_names(evidence: Evidence) -> Found:
    """Find two names for x that are both moved before f is evaluated."""
    if not checks_gradient(evidence):
        return None
    made = [
        node
        for node in evidence.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and is_given(evidence, node.value, "x")
    ]
    names = [ast.unparse(node.targets[0]) for node in made]
    moved = {
        name: [
            node.lineno
            for node in evidence.nodes
            if isinstance(node, ast.Subscript)
            and not isinstance(node.ctx, ast.Load)
            and ast.unparse(node.value) == name
        ]
        for name in names
    }
    used = [node.lineno for node in evidence.nodes if called(node, "f")]
    both = len({*names}) == 2 and all(moved.values()) and used
    if not both or min(used) < max(max(lines) for lines in moved.values()):
        return None
    first, second = (short(node) for node in made[:2])
    return {"code": first, "other": second, AT: " ".join(str(node.lineno) for node in made)}


# The whole network


def kept_of_other(callee: str) -> Callable[[Evidence], Found]:
    """Return the rule that finds two calls of a `callee` with what was kept for one of them."""

    def rule(evidence: Evidence) -> Found:
        if "memory" not in evidence.parameters:
            return None
        given: dict[str, list[ast.Call]] = {}
        for node in evidence.nodes:
            if not (isinstance(node, ast.Call) and re.fullmatch(callee, name_of(node))):
                continue
            if len(node.args) > 1 and isinstance(node.args[1], ast.Name):
                given.setdefault(node.args[1].id, []).append(node)
        read = {
            n.id for n in evidence.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
        }
        kept = _unpacked(evidence)
        for name, twice in given.items():
            stem = name.rstrip("0123456789")
            unread = [k for k in kept if k not in read and k.rstrip("0123456789") == stem]
            if len(twice) == 2 and name in kept and len(unread) == 1:
                # The way back meets what was kept first at its end.
                wrong = twice[-1 if kept.index(unread[0]) < kept.index(name) else 0]
                return at(wrong, code=short(wrong), name=name, other=unread[0])
        return None

    return rule


def _unpacked(evidence: Evidence) -> list[str]:
    for node in evidence.nodes:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "memory":
            target = node.targets[0]
            return [e.id for e in getattr(target, "elts", ()) if isinstance(e, ast.Name)]
    return []


# What is divided by a count


def _divided(evidence: Evidence, output: str) -> ast.AST | None:
    """Return the statement that divides an output by the number of examples, or takes a mean."""
    found = result(evidence, output)
    if not found or "dZ" not in evidence.parameters:
        return None
    value = found[-1]
    kept = [leaf for leaf in ast.walk(value) if isinstance(leaf, ast.BinOp) and _undoes(leaf)]
    if re.search(r"\* (m\b|len\(|\w+\.shape\[)", ast.unparse(value)):
        return None
    beside = {id(leaf) for node in kept for leaf in ast.walk(node)}
    for leaf in ast.walk(value):
        is_mean = called(leaf, *MEANS) and id(leaf) not in beside and _goes_over_examples(leaf)
        is_quotient = isinstance(leaf, ast.BinOp) and isinstance(leaf.op, ast.Div)
        if is_mean or (is_quotient and _counts_examples(evidence, leaf.right)):  # type: ignore[attr-defined]
            return statement_of(evidence, value)
    return None


def _undoes(node: ast.BinOp) -> bool:
    """Return whether a mean is multiplied by how many were averaged, or only taken off."""
    is_mean = any(called(side, *MEANS) for side in (node.left, node.right))
    return is_mean and isinstance(node.op, (ast.Mult, ast.Sub, ast.Add))


def _goes_over_examples(node: ast.AST) -> bool:
    """Return whether a mean goes over axis 0, or over all axes."""
    if not isinstance(node, ast.Call):
        return False
    others = [each for each in node.args if each is not argument(node)]
    axis = keyword(node, "axis") or (ast.unparse(others[0]) if others else "")
    return axis in ("", "None") or "0" in axis


def _counts_examples(evidence: Evidence, node: ast.expr) -> bool:
    made = ast.unparse(origin(evidence, node))
    of_filters = made.startswith(("W.", "dW.", "b.", "db."))
    return (
        made == "m"
        or (made.endswith(".shape[0]") and not of_filters)
        or made.startswith("len(")
        or (ast.unparse(node) == "m" and ".shape[" in made)
    )


def divided(functions: str, *outputs: str) -> Callable[[Evidence], Found]:
    """Return the rule that finds these of dW and db divided by a count, and no other one.

    Without `outputs` it finds any of them; `functions` is a pattern of names.
    """

    def rule(evidence: Evidence) -> Found:
        name = evidence.function.name if evidence.function else ""
        if re.fullmatch(functions, name) is None:
            return None
        made = {name: _divided(evidence, name) for name in ("dW", "db")}
        found = {name: node for name, node in made.items() if node is not None}
        if not found or (outputs and {*found} != {*outputs}):
            return None
        lines = [str(getattr(node, "lineno", "")) for node in found.values()]
        return {"code": short(next(iter(found.values()))), AT: " ".join(dict.fromkeys(lines))}

    return rule
