"""Rules that find mistakes of the layers by their text: axes, windows, biases."""

import ast
import re
from collections.abc import Iterable, Iterator

from checks.assignments.functions import HELPERS
from checks.code_rules import SINGLE_STEP
from checks.evidence import Evidence, Found
from checks.lines.statements import CHANNELS, HEIGHT, WIDTH
from checks.rules.certain.values import (
    argument,
    called,
    calls,
    counters,
    in_branches,
    indices,
    is_given,
    is_name,
    keyword,
    origin,
    values_of,
)
from checks.rules.inlined import helpers_of, inlined
from checks.rules.trees import at, name_of, names_in, returned_names, short

MOVES = ("transpose", "swapaxes", "moveaxis", "rollaxis")
ZEROS = ("zeros", "zeros_like", "empty", "empty_like")
BATCH_AXES = 4
KERNEL_ROWS = re.compile(r"(?i)(f|k|h|kernel|filter|w)?_?(h|height|rows?)")
KERNEL_COLUMNS = re.compile(r"(?i)(f|k|kernel|filter|w)?_?(w|wd|width|cols?)")
LAID_OUT = tuple(n for n, p in HELPERS.items() if p[:1] == ("X",) and "stride" in p)
PUT_BACK = tuple(n for n, p in HELPERS.items() if p[:1] == ("columns",))


# The order of the numbers


def fortran_order(evidence: Evidence) -> Found:
    """Find a flatten that joins the axes of an image with the first one running fastest."""
    if any(called(n, *MOVES) or getattr(n, "attr", "") == "T" for n in evidence.nodes):
        # With the axes moved before, it may be the usual order again.
        return None
    for node in evidence.nodes if "A_flat" in evidence.outputs else ():
        if not called(node, "reshape", "ravel", "flatten") or not isinstance(node, ast.Call):
            continue
        order = keyword(node, "order").strip("'\"")
        given = [ast.unparse(each) for each in node.args]
        in_front = [size for arg in given for size in arg.strip("()").split(", ")]
        # With the examples at the end, numbers of different examples meet in one row.
        mixed = "-1" in in_front and in_front.index("-1") < len(in_front) - 1
        if "F" in (order, *(g.strip("'\"") for g in given)) and not mixed:
            return at(node, code=short(node))
    return None


def axes_moved(evidence: Evidence) -> Found:
    """Find a flatten that moves the axes of an image, once, and joins them then."""
    orders = {leaf.value for leaf in evidence.nodes if isinstance(leaf, ast.Constant)}
    if "A_flat" not in evidence.outputs or "F" in orders:
        return None
    moves: list[tuple[ast.AST, ast.AST]] = []
    for node in evidence.nodes:
        inside = inlined(node, helpers_of(evidence)) if isinstance(node, ast.Call) else None
        for leaf in (node,) if inside is None else ast.walk(inside):
            if called(leaf, *MOVES) or getattr(leaf, "attr", "") == "T":
                moves.append((node, leaf))
    if len(moves) != 1 or not isinstance(moves[0][1], ast.Call):
        return None
    ((node, call),) = moves
    numbers = [
        int(ast.unparse(leaf))
        for each in (*call.args, *(k.value for k in call.keywords))
        for leaf in (each.elts if isinstance(each, (ast.Tuple, ast.List)) else [each])
        if _is_whole(leaf)
    ]
    keeps_examples = numbers[:1] == [0] if name_of(call) == "transpose" else 0 not in numbers
    unmoved = numbers in ([0, 1, 2, 3], [])
    return at(node, code=short(node)) if keeps_examples and not unmoved else None


def _is_whole(node: ast.AST) -> bool:
    return ast.unparse(node).lstrip("-").isdigit()


# Windows


def every_axis_padded(evidence: Evidence) -> Found:
    """Find `np.pad(A_prev, pad)`, which puts a border around examples and channels, too."""
    if not {"hparameters", "cache"} & {*evidence.parameters}:
        return None
    for node in evidence.nodes:
        if not called(node, "pad") or not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        width = origin(evidence, node.args[1])
        widths = width.elts if isinstance(width, (ast.Tuple, ast.List)) else [width]
        whole = origin(evidence, node.args[0])
        whole_batch = isinstance(whole, ast.Name) and is_given(evidence, whole, whole.id)
        alike = len(widths) < 3 and all(_is_pad(origin(evidence, each)) for each in widths)
        if whole_batch and alike:
            return at(node, code=short(node))
    return None


def _is_pad(node: ast.expr) -> bool:
    """Return whether an expression reads the entry `pad` of hparameters."""
    key = node.slice if isinstance(node, ast.Subscript) else None
    if called(node, "get") and isinstance(node, ast.Call) and node.args:
        key = node.args[0]
    return isinstance(key, ast.Constant) and key.value == "pad"


def _of_task(evidence: Evidence, names: Iterable[str]) -> tuple[str, ...]:
    """Return the functions of the tasks; the student's own one of such a name may do otherwise."""
    return tuple(name for name in names if name not in evidence.helpers)


def unpadded_windows(evidence: Evidence) -> Found:
    """Find windows that are taken from the image as it came, not from the padded one."""
    if "dZ" not in evidence.parameters or "hparameters" not in _words(evidence):
        return None
    branches = in_branches(evidence)
    for node in calls(evidence.function or ast.Pass(), *_of_task(evidence, LAID_OUT)):
        if id(node) in branches or len(node.args) != 3:
            continue
        if is_given(evidence, node.args[0], "A_prev"):
            return at(node, code=short(node))
    return None


def _words(evidence: Evidence) -> set[str]:
    return {leaf.id for leaf in evidence.nodes if isinstance(leaf, ast.Name)}


def stride_as_number(evidence: Evidence) -> Found:
    """Find windows that are laid out, or put back, by a number where no line reads the stride."""
    if not {"hparameters", "cache"} & {*evidence.parameters}:
        return None
    words = {n.value for n in evidence.nodes if isinstance(n, ast.Constant)}
    passed_on = {"values", "items"} & {getattr(n, "attr", "") for n in evidence.nodes}
    named = {n.id if isinstance(n, ast.Name) else n.arg for n in evidence.nodes if _names(n)}
    if "stride" in words | named or passed_on:
        return None
    moving = _of_task(evidence, (*LAID_OUT, *PUT_BACK))
    for node in calls(evidence.function or ast.Pass(), *moving):
        last = node.args[-1] if node.args and not node.keywords else None
        last = next((k.value for k in node.keywords if k.arg == "stride"), last)
        number = isinstance(last, ast.Constant) and type(last.value) is int
        if number and len(node.args) + len(node.keywords) == len(HELPERS.get(name_of(node), ())):
            return at(node, code=short(node), number=ast.unparse(last))  # type: ignore[arg-type]
    return None


def _names(node: ast.AST) -> bool:
    return isinstance(node, (ast.Name, ast.arg))


def shape_channels_first(evidence: Evidence) -> Found:
    """Find the argument `shape` that is read as if the channels came before height and width."""
    for node in evidence.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not (isinstance(target, ast.Tuple) and len(target.elts) == BATCH_AXES):
            continue
        names = [each.id if isinstance(each, ast.Name) else "" for each in target.elts]
        value = node.value if isinstance(node, ast.Assign) else ast.Pass()
        given = "shape" in evidence.parameters and is_given(evidence, value, "shape")
        first = CHANNELS.fullmatch(names[1]) and HEIGHT.fullmatch(names[2])
        if given and first and WIDTH.fullmatch(names[3]):
            return at(node, names=", ".join(names), code=short(node))
    return None


def filters_first(evidence: Evidence) -> Found:
    """Find the shape of W that ends in a height and a width, as other libraries have it."""
    for node in evidence.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        text = ast.unparse(node.value) if isinstance(node, ast.Assign) else ""
        if text not in ("W.shape", "np.shape(W)") or not isinstance(target, ast.Tuple):
            continue
        if not is_given(evidence, ast.Name("W", ast.Load()), "W"):
            # Its axes may have been moved.
            continue
        names = [each.id if isinstance(each, ast.Name) else "" for each in target.elts]
        whole = len(names) == BATCH_AXES
        if whole and KERNEL_ROWS.fullmatch(names[2]) and KERNEL_COLUMNS.fullmatch(names[3]):
            return at(node, names=", ".join(names), code=short(node))
    return None


def one_of_a_place(evidence: Evidence) -> Found:
    """Find `columns[…, u * f + v]`, which picks one number where a place has all channels."""
    if "columns" not in evidence.parameters:
        return None
    for node in evidence.nodes:
        if isinstance(node, ast.Subscript) and is_given(evidence, node.value, "columns"):
            picked = indices(node)
            last = origin(evidence, picked[-1])
            is_place = isinstance(last, ast.BinOp) and isinstance(last.op, ast.Add)
            if len(picked) != BATCH_AXES or not is_place:
                continue
            used = {leaf.id for leaf in names_in(last)}
            channel = not any(is_given(evidence, leaf, "f") for leaf in names_in(last))
            if not channel and len(used & counters(evidence)) == 2 and len(used) == 3:
                return at(node, code=short(node), place=ast.unparse(last))
    return None


def put_over_each_other(evidence: Evidence) -> Found:
    """Find windows that are put back with `=`, one over the other."""
    if not {"columns", "shape"} <= {*evidence.parameters}:
        return None
    for loop in evidence.nodes:
        for node in ast.walk(loop) if isinstance(loop, ast.For) else ():
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if not (isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)):
                continue
            cut = [e for e in indices(target) if isinstance(e, ast.Slice) and e.lower and e.upper]
            name = target.value.id
            parts = [leaf for each in names_in(node.value) for leaf in _made_of(evidence, each)]  # type: ignore[attr-defined]
            again = name in parts
            if len(cut) == 2 and name in returned_names(evidence) and not again:
                return at(node, code=short(node))
    return None


def _made_of(evidence: Evidence, name: ast.Name) -> set[str]:
    """Return a name, and those that it was worked out from one step before."""
    values = values_of(evidence).get(name.id, [])
    return {name.id, *(leaf.id for value in values if value for leaf in names_in(value))}


def windows_in_two_axes(evidence: Evidence) -> Found:
    """Find an im2col that joins examples and positions in the last reshape."""
    if evidence.outputs != ("columns",):
        return None
    inner = {
        id(leaf)
        for function in evidence.nodes
        if isinstance(function, ast.FunctionDef) and function is not evidence.function
        for leaf in ast.walk(function)
    }
    for node in evidence.nodes:
        if not isinstance(node, ast.Return) or node.value is None or id(node) in inner:
            continue
        value: ast.expr | None = node.value
        if isinstance(value, ast.Name):
            value = (values_of(evidence).get(value.id) or [None])[-1]
        if not (called(value, "reshape") and isinstance(value, ast.Call)):  # type: ignore[arg-type]
            return None
        sizes = [each for each in value.args if each is not argument(value)]
        if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple):
            sizes = sizes[0].elts
        joined = [
            leaf
            for leaf in ast.walk(sizes[0] if sizes else node)
            if isinstance(leaf, ast.BinOp) and isinstance(leaf.op, ast.Mult)
        ]
        if len(sizes) == 2 and joined and not any(isinstance(e, ast.Starred) for e in sizes):
            return at(value, code=short(value))
    return None


def all_axes_turned(evidence: Evidence) -> Found:
    """Find `columns.T` in a product, where columns still has the four axes that im2col gives."""
    laid_out = _of_task(evidence, LAID_OUT)
    for node in evidence.nodes:
        product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
        if not product and not called(node, "dot", "matmul"):
            continue
        sides = (
            [node.left, node.right]
            if isinstance(node, ast.BinOp)
            else list(getattr(node, "args", ()))
        )
        for side in sides:
            is_turned = isinstance(side, ast.Attribute) and side.attr == "T"
            array = side.value if isinstance(side, ast.Attribute) and is_turned else None
            if isinstance(array, ast.Name) and called(origin(evidence, array), *laid_out):
                return at(node, code=short(node), name=array.id)
    return None


# Biases and filters


def bias_along_first_axis(evidence: Evidence) -> Found:
    """Find `b[k]`, with the variable of a loop, where the first axis of b has one entry."""
    steps = [n for n in evidence.nodes if HELPERS.get(name_of(n)) == SINGLE_STEP]
    if steps or not {"b", "cache"} & {*evidence.parameters}:
        return None
    for node in evidence.nodes:
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Name):
            continue
        like_b = isinstance(node.value, ast.Name) and (
            is_given(evidence, node.value, "b") or _is_made_like_b(evidence, node.value)
        )
        if like_b and node.slice.id in counters(evidence) and _is_number_of_output(node, evidence):
            return at(node, code=short(node), name=ast.unparse(node.value))
    return None


def _is_made_like_b(evidence: Evidence, node: ast.Name) -> bool:
    made = origin(evidence, node)
    if node.id != "db" or not called(made, *ZEROS) or not isinstance(made, ast.Call):
        return False
    shape = ast.unparse(made.args[0]) if made.args else ""
    return shape in ("b", "b.shape") or shape.startswith("(1,")


def _is_number_of_output(node: ast.Subscript, evidence: Evidence) -> bool:
    """Return whether the index is no index of the examples."""
    loops = [n for n in evidence.nodes if isinstance(n, ast.For) and _over(n, node.slice)]
    counted = [ast.unparse(loop.iter) for loop in loops]
    return not any(re.search(r"\((m|1)\)|shape\[0\]|len\(", each) for each in counted)


def _over(loop: ast.For, name: ast.expr) -> bool:
    return ast.unparse(loop.target) == ast.unparse(name)


def bias_as_one_number(evidence: Evidence) -> Found:
    """Find `b.item()` or `float(b)` where b has one number for each filter or output."""
    if not {"W", "b"} <= {*evidence.parameters} or "a_slice_prev" in evidence.parameters:
        return None
    branches = in_branches(evidence)
    for node in evidence.nodes:
        if not isinstance(node, ast.Call) or id(node) in branches:
            continue
        array = argument(node) if name_of(node) in ("item", "asscalar") else None
        if called(node, "float", "int") and len(node.args) == 1:
            array = node.args[0]
        alone = not node.args or array is node.args[0]
        if array is not None and alone and is_given(evidence, array, "b"):
            return at(node, code=short(node))
    return None


def filter_index_missing(evidence: Evidence) -> Found:
    """Find `dW += dZ[i, h, w, c] * …`, which adds to the gradients of all filters."""
    if not {"dZ", "cache"} <= {*evidence.parameters}:
        return None
    for node in _additions(evidence, "dW"):
        picked = [
            leaf
            for leaf in ast.walk(node.value)
            if isinstance(leaf, ast.Subscript)
            and ast.unparse(leaf.value) == "dZ"
            and len(indices(leaf)) == BATCH_AXES
            and all(isinstance(each, ast.Name) for each in indices(leaf))
        ]
        names = [each for n in names_in(node.value) for each in [origin(evidence, n)]]
        picked += [
            each
            for each in names
            if isinstance(each, ast.Subscript)
            and ast.unparse(each.value) == "dZ"
            and len(indices(each)) == BATCH_AXES
            and all(isinstance(index, ast.Name) for index in indices(each))
        ]
        loops = {n.target.id for n in evidence.nodes if _loops(n)}  # type: ignore[attr-defined]
        given = [each for each in values_of(evidence).get("dW", []) if each is not None]
        whole = [called(each, *ZEROS) for each in given] == [True] and not any(
            given[0] is leaf for n in evidence.nodes if _loops(n) for leaf in ast.walk(n)
        )
        for each in picked:
            last = ast.unparse(indices(each)[-1])
            # What is made of the filter's number may pick its part, such as a row of a table.
            elsewhere = [n for n in names_in(node.value) if n.id == last]
            inside = [n for n in names_in(each) if n.id == last and each in ast.walk(node.value)]
            if last in loops and whole and len(elsewhere) == len(inside):
                return at(node, code=short(node), name="dW", index=last)
    return None


def _loops(node: ast.AST) -> bool:
    return isinstance(node, ast.For) and isinstance(node.target, ast.Name)


def _additions(evidence: Evidence, name: str) -> Iterator[ast.AugAssign]:
    for node in evidence.nodes:
        adds = isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add)
        if adds and is_name(node.target, name):  # type: ignore[attr-defined]
            yield node  # type: ignore[misc]
