"""Rules that find mistakes of the loss, the gradient check and the whole network by their text."""

import ast
import re
from collections.abc import Callable, Iterator

from checks.evidence import AT, Evidence, Found
from checks.rules.inlined import helpers_of, inlined
from checks.rules.trees import at, name_of, names_in, short
from checks.rules.values import (
    REDUCING,
    argument,
    called,
    calls,
    indices,
    is_given,
    keyword,
    name_is,
    origin,
    result,
    statement_of,
    values_of,
)

MAXIMA = ("max", "amax", "nanmax")
SUMS = ("sum", "mean", "nansum")
MOVED = ("transpose", "swapaxes", "T", "moveaxis")
LARGER = (ast.Gt, ast.GtE)
SMALLER = (ast.Lt, ast.LtE)


def _is_loss(evidence: Evidence) -> bool:
    return "labels" in evidence.parameters and "loss" in evidence.outputs


def _checks_gradient(evidence: Evidence) -> bool:
    return {"f", "x", "dx", "h"} <= {*evidence.parameters}


def _attributes(evidence: Evidence) -> set[str]:
    return {getattr(node, "attr", "") for node in evidence.nodes}


# The softmax and its loss


def starts_at_zero(evidence: Evidence) -> Found:
    """Find a loop that looks for the largest number and takes 0 for the largest one so far."""
    is_positive = any(True for n in evidence.nodes if name_of(n) in ("abs", "absolute", "fabs"))
    if is_positive or _checks_gradient(evidence):
        return None
    for name in {*_compared(evidence)}:
        begun = [
            node
            for node in evidence.nodes
            if isinstance(node, ast.Assign)
            and name in map(ast.unparse, node.targets)
            and ast.unparse(node.value) in ("0", "0.0")
        ]
        if len(begun) == 1:
            return at(begun[0], code=short(begun[0]))
    return None


def _compared(evidence: Evidence) -> Iterator[str]:
    """Yield the names that are given a number wherever this is larger than they are."""
    for node in evidence.nodes:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
            left, right = node.test.left, node.test.comparators[0]
            if isinstance(node.test.ops[0], SMALLER):
                left, right = right, left
            elif not isinstance(node.test.ops[0], LARGER):
                continue
            number = ast.unparse(left)
            stores = [each for each in node.body if isinstance(each, ast.Assign)]
            if isinstance(left, (ast.Subscript, ast.Name)) and any(
                ast.unparse(each.value) == number
                and ast.unparse(right) in map(ast.unparse, each.targets)
                for each in stores
            ):
                yield ast.unparse(right)
        elif isinstance(node, ast.Assign) and called(node.value, "max", "maximum", "fmax"):
            target = ast.unparse(node.targets[0])
            given = node.value.args if isinstance(node.value, ast.Call) else []
            if len(given) == 2 and target in map(ast.unparse, given):
                yield target


def max_of_everything(evidence: Evidence) -> Found:
    """Find one maximum of all logits, of whatever row."""
    for node in evidence.nodes if _is_loss(evidence) else ():
        if not (isinstance(node, ast.Call) and name_of(node) in MAXIMA):
            continue
        inner: ast.expr | None = node
        while isinstance(inner, ast.Call) and name_of(inner) in MAXIMA:
            if keyword(inner, "axis") or _axis_given(inner):
                break
            inner = argument(inner)
        if inner is not None and _are_logits(evidence, inner):
            return at(node, code=short(node))
    return None


def _are_logits(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether a node is Z, before any line gives that name to something else."""
    stores = [n.lineno for n in evidence.nodes if isinstance(n, ast.Name) and _stores(n, "Z")]
    return _is(node, "Z") and node.lineno <= min(stores, default=node.lineno)


def _stores(node: ast.Name, name: str) -> bool:
    return node.id == name and not isinstance(node.ctx, ast.Load)


def _axis_given(call: ast.Call) -> str:
    """Return the axis that a call names, in whichever way; "" where it names none."""
    first = argument(call)
    others = [each for each in call.args if each is not first]
    return keyword(call, "axis") or (ast.unparse(others[0]) if others else "")


def _along_examples(evidence: Evidence) -> Iterator[tuple[str, ast.Call]]:
    """Yield ("max", call) and ("sum", call) where these run over the examples of a batch."""
    if not _is_loss(evidence) or _attributes(evidence) & {*MOVED}:
        return
    for node in evidence.nodes:
        if not isinstance(node, ast.Call) or _axis_given(node) != "0":
            continue
        array = argument(node)
        if array is None:
            continue
        if name_of(node) in MAXIMA and _are_logits(evidence, array):
            yield "max", node
        elif name_of(node) == "sum" and called(origin(evidence, array), "exp"):
            yield "sum", node


def sum_along_examples(evidence: Evidence) -> Found:
    found = list(_along_examples(evidence))
    sums = [node for kind, node in found if kind == "sum"]
    lines = " ".join(dict.fromkeys(str(node.lineno) for _, node in found))
    return {"code": short(sums[0]), AT: lines} if sums else None


def max_along_examples(evidence: Evidence) -> Found:
    found = list(_along_examples(evidence))
    alone = [node for _, node in found] if {kind for kind, _ in found} == {"max"} else []
    return at(alone[0], code=short(alone[0])) if alone else None


def labels_as_numbers(evidence: Evidence) -> Found:
    """Find labels that are multiplied or subtracted as if they were one-hot rows."""
    if not _is_loss(evidence):
        return None
    lines: dict[str, str] = {}
    for node in evidence.nodes:
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
            wrong = _are_labels(evidence, node.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            wrong = _are_labels(evidence, node.right) and not isinstance(node.left, ast.Constant)
        elif isinstance(node, ast.Call) and name_of(node) in (*SUMS, "multiply", "dot"):
            wrong = any(_multiplies_labels(evidence, each) for each in node.args) or (
                name_of(node) in ("multiply", "dot")
                and any(_are_labels(evidence, each) for each in node.args)
            )
        else:
            continue
        if wrong:
            lines.setdefault(str(node.lineno), short(node))
    return {"code": next(iter(lines.values())), AT: " ".join(lines)} if lines else None


def _multiplies_labels(evidence: Evidence, node: ast.expr) -> bool:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult)
        and any(_are_labels(evidence, side) for side in (node.left, node.right))
    )


def _are_labels(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether these are the labels themselves, of whatever shape."""
    if called(node, "reshape", "expand_dims"):
        inner = argument(node)  # type: ignore[arg-type]
        return inner is not None and _are_labels(evidence, inner)
    if isinstance(node, ast.Subscript):
        kept = [ast.unparse(each) for each in indices(node)]
        is_column = kept in ([":", "None"], [":", "np.newaxis"])
        return is_column and _are_labels(evidence, node.value)
    return is_given(evidence, node, "labels")


def log_of_others(evidence: Evidence) -> Found:
    """Find ln(1 - P), which belongs to a choice between yes and no."""
    for node in evidence.nodes if _is_loss(evidence) else ():
        if not (called(node, "log") and isinstance(node, ast.Call) and node.args):
            continue
        for leaf in ast.walk(node.args[0]):
            is_rest = isinstance(leaf, ast.BinOp) and isinstance(leaf.op, ast.Sub)
            if is_rest and ast.unparse(leaf.left) in ("1", "1.0"):  # type: ignore[attr-defined]
                return at(node, code=short(node))
    return None


def loss_without_minus(evidence: Evidence) -> Found:
    """Find a loss that is a mean of logarithms as they are, without a minus."""
    given = result(evidence, "loss") if _is_loss(evidence) else []
    if len(given) != 1:
        return None
    inner = given[0]
    while True:
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            inner = inner.left
        elif called(inner, *SUMS, "float") and isinstance(inner, ast.Call):
            array = argument(inner)
            if array is None:
                return None
            inner = array
        else:
            break
    parts = [inner.left, inner.right] if isinstance(inner, ast.BinOp) else [inner]
    if isinstance(inner, ast.BinOp) and not isinstance(inner.op, ast.Mult):
        return None
    logs = [each.value if isinstance(each, ast.Subscript) else each for each in parts]
    if sum(_is_logarithm(origin(evidence, each)) for each in logs) == 1:
        others = [e for e in parts if not _is_logarithm(origin(evidence, e))]
        if not any(isinstance(leaf, ast.UnaryOp) for each in others for leaf in ast.walk(each)):
            line = statement_of(evidence, given[0])
            return at(line, code=short(line))
    return None


def _is_logarithm(node: ast.expr) -> bool:
    """Return whether an expression is the logarithm of a probability."""
    if called(node, "log"):
        return True
    is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    return is_difference and called(node.right, "log")  # type: ignore[attr-defined]


def gradient_reversed(evidence: Evidence) -> Found:
    """Find a dZ that is wanted minus given: a one-hot table minus the probabilities."""
    for value in result(evidence, "dZ") if _is_loss(evidence) else ():
        inner = value
        while isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            inner = inner.left
        if not (isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub)):
            continue
        is_share = isinstance(origin(evidence, inner.right), ast.BinOp)
        divided = is_share and isinstance(origin(evidence, inner.right).op, ast.Div)  # type: ignore[attr-defined]
        if divided and _is_one_hot(evidence, inner.left):
            line = statement_of(evidence, value)
            return at(line, code=short(line))
    return None


def _is_one_hot(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether a name stands for a table with a 1 at each label."""
    made = origin(evidence, node)
    if isinstance(made, ast.Subscript):
        return called(made.value, "eye", "identity")
    return called(made, "zeros", "zeros_like") and any(
        isinstance(each, ast.Assign)
        and isinstance(each.targets[0], ast.Subscript)
        and ast.unparse(each.targets[0].value) == ast.unparse(node)
        and ast.unparse(each.value) in ("1", "1.0")
        for each in evidence.nodes
    )


def classes_from_labels(evidence: Evidence) -> Found:
    """Find a number of classes that is the largest label and 1, here or in a helper."""
    for node in evidence.nodes if _is_loss(evidence) else ():
        helper = helpers_of(evidence).get(name_of(node)) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.BinOp):
            largest = _largest_and_one(node)
            if largest is not None and is_given(evidence, largest, "labels"):
                return at(node, code=short(node))
        elif helper is not None and any(_are_labels(evidence, arg) for arg in node.args):  # type: ignore[attr-defined]
            given = {each.arg for each in helper.args.args}
            for leaf in ast.walk(helper):
                largest = _largest_and_one(leaf)
                if isinstance(largest, ast.Name) and largest.id in given:
                    return at(node, code=short(leaf))
    return None


def _largest_and_one(node: ast.AST) -> ast.expr | None:
    """Return the array x of `max(x) + 1`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        is_next = ast.unparse(node.right) == "1" and called(node.left, *MAXIMA)
        if is_next and isinstance(node.left, ast.Call):
            return argument(node.left)
    return None


# The gradient check


def gradient_unread(evidence: Evidence) -> Found:
    """Find outputs of f that are summed in a function that never looks at dZ."""
    if not _checks_gradient(evidence) or "dZ" not in evidence.parameters:
        return None
    if any(_is(node, "dZ") for node in evidence.nodes):
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


def another_norm(evidence: Evidence) -> Found:
    """Find an error that is made of largest entries, or sums, in the place of lengths."""
    for value in result(evidence, "error") if _checks_gradient(evidence) else ():
        inside = inlined(value, helpers_of(evidence)) if isinstance(value, ast.Call) else value
        if not (isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Div)):
            continue
        above = origin(evidence, inside.left)
        array = argument(above) if isinstance(above, ast.Call) else None
        absolute = array is not None and called(origin(evidence, array), "abs", "absolute", "fabs")
        if called(above, "sum", *MAXIMA) and absolute:
            return at(statement_of(evidence, value), code=short(inside))
    return None


def all_moved(evidence: Evidence) -> Found:
    """Find `x + h`, which moves every entry of x."""
    inner = [n for n in evidence.nodes if isinstance(n, (ast.Lambda, ast.FunctionDef))]
    own = len(inner) > 1
    lines: dict[str, str] = {}
    for node in evidence.nodes if _checks_gradient(evidence) and not own else ():
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            whole = is_given(evidence, node.left, "x") and is_given(evidence, node.right, "h")
            if whole:
                lines.setdefault(str(node.lineno), short(node))
    return {"code": next(iter(lines.values())), AT: " ".join(lines)} if lines else None


def one_side_only(evidence: Evidence) -> Found:
    """Find `f(x + step) - f(x)`, where x itself is never moved."""
    if not _checks_gradient(evidence) or _is_stored_in(evidence, "x"):
        return None
    for node in evidence.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            sides = [origin(evidence, side) for side in (node.left, node.right)]
            points = [s.args[0] for s in sides if called(s, "f") and len(s.args) == 1]  # type: ignore[attr-defined]
            at_x = [is_given(evidence, point, "x") for point in points]
            near = [_is_near_x(origin(evidence, point)) for point in points]
            if sorted(at_x) == [False, True] and all(near):
                slopes = [n.lineno for n in evidence.nodes if _divides_by_h(n)]
                lines = dict.fromkeys([node.lineno, *slopes])
                return {"code": short(node), AT: " ".join(map(str, lines))}
    return None


def _is_near_x(point: ast.expr) -> bool:
    """Return whether a point is made of x, and not a step alone."""
    is_step = called(point, "zeros", "zeros_like", "eye")
    return not is_step and any(_is(each, "x") for each in ast.walk(point))


def _divides_by_h(node: ast.AST) -> bool:
    by_h = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return by_h and "h" in {leaf.id for leaf in names_in(node.right)}  # type: ignore[attr-defined]


def _is_stored_in(evidence: Evidence, name: str) -> bool:
    """Return whether some line changes an entry of `name`, or of another name for it."""
    names = {name}
    names |= {k for k, v in values_of(evidence).items() if any(_is(each, name) for each in v)}
    return any(
        isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        for node in evidence.nodes
    )


def _is(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def root_missing(evidence: Evidence) -> Found:
    """Find sums of squares in a function that takes no root and calls no norm."""
    if not _checks_gradient(evidence):
        return None
    text = ast.unparse(evidence.function) if evidence.function else ""
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
    for value in result(evidence, "error") if _checks_gradient(evidence) else ():
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
    if not _checks_gradient(evidence):
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
    """Return the rule that finds two calls of `callee` with what was kept for one of them."""

    def rule(evidence: Evidence) -> Found:
        if "memory" not in evidence.parameters:
            return None
        given: dict[str, list[ast.Call]] = {}
        for node in calls(evidence.function or ast.Pass(), callee):
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


MEANS = ("mean", "average", "nanmean")


def _divided(evidence: Evidence, output: str) -> ast.AST | None:
    """Return the statement that divides an output by the number of examples, or takes a mean."""
    found = result(evidence, output)
    if not found or "dZ" not in evidence.parameters:
        return None
    value = found[-1]
    if re.search(r"\* m\b", ast.unparse(value)):
        return None
    for leaf in ast.walk(value):
        is_mean = called(leaf, *MEANS)
        is_quotient = isinstance(leaf, ast.BinOp) and isinstance(leaf.op, ast.Div)
        if is_mean or (is_quotient and _counts_examples(evidence, leaf.right)):  # type: ignore[attr-defined]
            return statement_of(evidence, value)
    return None


def _counts_examples(evidence: Evidence, node: ast.expr) -> bool:
    made = ast.unparse(origin(evidence, node))
    return (
        made == "m"
        or made.endswith(".shape[0]")
        or made.startswith("len(")
        or (ast.unparse(node) == "m" and ".shape[" in made)
    )


def divided(exercise: str, *outputs: str) -> Callable[[Evidence], Found]:
    """Return the rule that finds these of dW and db divided by a count, and no other one.

    Without `outputs` it finds any of them.
    """

    def rule(evidence: Evidence) -> Found:
        if not name_is(evidence, exercise):
            return None
        made = {name: _divided(evidence, name) for name in ("dW", "db")}
        found = {name: node for name, node in made.items() if node is not None}
        if not found or (outputs and {*found} != {*outputs}):
            return None
        lines = [str(getattr(node, "lineno", "")) for node in found.values()]
        return {"code": short([*found.values()][0]), AT: " ".join(dict.fromkeys(lines))}

    return rule
