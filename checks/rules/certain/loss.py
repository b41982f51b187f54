"""Rules that find mistakes of the softmax and its loss by their text."""

import ast
from collections.abc import Iterator

from checks.evidence import AT, Evidence, Found
from checks.rules.certain.values import (
    MOST_STEPS,
    argument,
    called,
    calls,
    indices,
    is_given,
    is_name,
    keyword,
    origin,
    result,
    statement_of,
)
from checks.rules.inlined import helpers_of
from checks.rules.trees import at, name_of, names_in, short

MAXIMA = ("max", "amax", "nanmax")
SORTED = ("sort", "sorted", "argmax", "argsort", "partition")
SUMS = ("sum", "mean", "nansum")
MOVED = ("transpose", "swapaxes", "T", "moveaxis")
LARGER = (ast.Gt, ast.GtE)
SMALLER = (ast.Lt, ast.LtE)


def _is_loss(evidence: Evidence) -> bool:
    return "labels" in evidence.parameters and "loss" in evidence.outputs


def _attributes(evidence: Evidence) -> set[str]:
    return {getattr(node, "attr", "") for node in evidence.nodes}


# The softmax and its loss


def starts_at_zero(evidence: Evidence) -> Found:
    """Find a loop that looks for the largest number and takes 0 for the largest one so far."""
    is_positive = any(True for n in evidence.nodes if name_of(n) in ("abs", "absolute", "fabs"))
    if is_positive or "dx" in evidence.parameters:
        return None
    for name, number in _compared(evidence):
        if any(calls(origin(evidence, _base(evidence, number)), "exp")):
            # What is never negative may be compared with 0.
            continue
        begun = [
            node
            for node in evidence.nodes
            if isinstance(node, ast.Assign)
            and name in map(ast.unparse, node.targets)
            and ast.unparse(node.value) in ("0", "0.0")
        ]
        if len(begun) == 1 and not _begins_otherwise(evidence, name, number):
            return at(begun[0], code=short(begun[0]))
    return None


def _begins_otherwise(evidence: Evidence, name: str, number: ast.expr) -> bool:
    """Return whether the numbers are labels, or another line begins with one of the numbers."""
    if "labels" in {leaf.id for leaf in names_in(_base(evidence, number))}:
        return True
    return any(
        isinstance(node, ast.Assign)
        and name in map(ast.unparse, node.targets)
        and isinstance(node.value, ast.Subscript)
        and ast.unparse(node.value) != ast.unparse(number)
        for node in evidence.nodes
    )


def _base(evidence: Evidence, number: ast.expr) -> ast.expr:
    """Return the array that a number is picked from, by an index or by a loop."""
    for node in evidence.nodes:
        if isinstance(node, ast.For) and ast.unparse(node.target) == ast.unparse(number):
            number = node.iter
    while isinstance(number, ast.Subscript):
        number = number.value
    return number


def _compared(evidence: Evidence) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that are given a number wherever this is larger than they are, and it."""
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
                yield ast.unparse(right), left
        elif isinstance(node, ast.Assign) and called(node.value, "max", "maximum", "fmax"):
            target = ast.unparse(node.targets[0])
            given = node.value.args if isinstance(node.value, ast.Call) else []
            if len(given) == 2 and target in map(ast.unparse, given):
                others = [each for each in given if ast.unparse(each) != target]
                yield target, (others or given)[0]


def max_of_everything(evidence: Evidence) -> Found:
    """Find one maximum of all logits, of whatever row."""
    maxima = [n for n in evidence.nodes if isinstance(n, ast.Call) and name_of(n) in MAXIMA]
    # A maximum of each row afterwards leaves nothing of the first one.
    if not _is_loss(evidence) or any(_axis_given(node) in ("1", "-1") for node in maxima):
        return None
    for node in maxima:
        inner: ast.expr | None = node
        while isinstance(inner, ast.Call) and name_of(inner) in MAXIMA:
            if keyword(inner, "axis") or _axis_given(inner):
                break
            inner = argument(inner)
        if inner is not None and _are_logits(evidence, inner):
            return at(node, code=short(node))
    return None


def not_shifted(evidence: Evidence) -> Found:
    """Find exponentials of the logits as they came, where no largest one is looked for."""
    compared = any(isinstance(node, ast.Compare) for node in evidence.nodes)
    searched = any(called(node, *MAXIMA, *SORTED, "logaddexp") for node in evidence.nodes)
    if not _is_loss(evidence) or compared or searched:
        return None
    for node in evidence.nodes:
        given = argument(node) if isinstance(node, ast.Call) and called(node, "exp") else None
        if given is not None and _are_logits(evidence, given):
            return at(node, code=short(node))
    return None


def _are_logits(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether a node is Z, before any line gives that name to something else."""
    stores = [n.lineno for n in evidence.nodes if isinstance(n, ast.Name) and _stores(n, "Z")]
    return is_name(node, "Z") and node.lineno <= min(stores, default=node.lineno)


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
    # In a loop, or in an inner function, the numbers may be those of one example.
    inner = (ast.For, ast.While, ast.comprehension, ast.ListComp, ast.FunctionDef, ast.Lambda)
    one = {
        id(leaf)
        for node in evidence.nodes
        if isinstance(node, inner) and node is not evidence.function
        for leaf in ast.walk(node)
    }
    for node in evidence.nodes:
        if not isinstance(node, ast.Call) or _axis_given(node) != "0" or id(node) in one:
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
            # A difference from numbers counted up tells where the label stands among them.
            counted = isinstance(node.left, ast.Constant) or any(
                calls(origin(evidence, _base(evidence, node.left)), "arange", "range", "indices")
            )
            wrong = _are_labels(evidence, node.right) and not counted
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
    """Find ln(1 - P) beside ln(P), which belong to a choice between yes and no."""
    logs = [
        node
        for node in evidence.nodes
        if _is_loss(evidence) and called(node, "log") and isinstance(node, ast.Call) and node.args
    ]
    others = [node for node in logs if _is_of_others(node.args[0])]
    # Where both are chosen between, one logarithm is enough.
    chosen = [node for node in others if any(calls(node.args[0], "where"))]
    if chosen or (others and len(others) < len(logs)):
        return at((chosen or others)[0], code=short((chosen or others)[0]))
    return None


def _is_of_others(node: ast.expr) -> bool:
    """Return whether 1 - P is all that a logarithm is taken of, but for what keeps it from 0."""
    while True:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            small = isinstance(node.right, (ast.Constant, ast.Name))
            if not small:
                return False
            node = node.left
        elif called(node, "clip", "maximum") and isinstance(node, ast.Call) and argument(node):
            node = argument(node)  # type: ignore[assignment]
        elif called(node, "where") and len(getattr(node, "args", ())) == 3:
            return any(_is_of_others(each) for each in node.args[1:])  # type: ignore[attr-defined]
        else:
            break
    is_rest = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    # Of the probability of the right class alone it tells nothing of the others.
    picked = is_rest and isinstance(node.right, ast.Subscript)  # type: ignore[attr-defined]
    return is_rest and not picked and ast.unparse(node.left) in ("1", "1.0")  # type: ignore[attr-defined]


def loss_without_minus(evidence: Evidence) -> Found:
    """Find a loss that is a mean of logarithms as they are, without a minus."""
    given = result(evidence, "loss") if _is_loss(evidence) else []
    if len(given) != 1:
        return None
    inner = given[0]
    while True:
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            if _has_minus(origin(evidence, inner.right)):
                return None
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
    found = [_is_logarithm(evidence, origin(evidence, each)) for each in logs]
    if sum(found) == 1:
        others = [part for part, is_log in zip(parts, found, strict=True) if not is_log]
        if not any(_has_minus(origin(evidence, each)) for each in others):
            line = statement_of(evidence, given[0])
            return at(line, code=short(line))
    return None


def _has_minus(node: ast.expr) -> bool:
    return any(isinstance(leaf, (ast.UnaryOp, ast.Sub)) for leaf in ast.walk(node))


def _is_logarithm(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether an expression is the logarithm of a probability, not of one over it."""
    if called(node, "log") and isinstance(node, ast.Call) and node.args:
        of = origin(evidence, node.args[0])
        # A name may be a part of itself: `Z = Z[:, :]`.
        for _ in range(MOST_STEPS):
            of = origin(evidence, of.value) if isinstance(of, ast.Subscript) else of
        above = origin(evidence, of.left) if isinstance(of, ast.BinOp) else of
        upside_down = isinstance(of, ast.BinOp) and isinstance(of.op, ast.Div)
        upside_down = upside_down and (isinstance(above, ast.Constant) or any(calls(above, *SUMS)))
        return not upside_down and not called(of, "sum")
    is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    if not is_difference or isinstance(node.left, ast.Constant):  # type: ignore[attr-defined]
        return False
    left = origin(evidence, node.left)  # type: ignore[attr-defined]
    return called(node.right, "log") and not any(calls(left, "log"))  # type: ignore[attr-defined]


def gradient_reversed(evidence: Evidence) -> Found:
    """Find a dZ that is wanted minus given: a one-hot table minus the probabilities."""
    values = result(evidence, "dZ") if _is_loss(evidence) else []
    if any(isinstance(n, ast.UnaryOp) for value in values for n in ast.walk(value)):
        return None
    for place, value in enumerate(values):
        inner = value
        if any(_has_minus(each) or any(calls(each, "negative")) for each in values[place + 1 :]):
            # A later line may turn the sign.
            continue
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
    compared = (ast.Assert, ast.Compare)
    checked = {
        id(leaf)
        for node in evidence.nodes
        if isinstance(node, compared) or called(node, "max", "maximum")
        for leaf in ast.walk(node)
    }
    for node in evidence.nodes if _is_loss(evidence) else ():
        if id(node) in checked:
            continue
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
