"""Rules that find mistakes with windows by their text: where they start, what goes over them."""

import ast
import re
from collections.abc import Callable, Iterator

from checks.evidence import Evidence, Found
from checks.lines.statements import CHANNELS
from checks.rules.certain.values import (
    argument,
    called,
    counters,
    indices,
    is_name,
    origin,
    values_of,
)
from checks.rules.trees import at, name_of, names_in, short

REDUCING = ("max", "amax", "min", "mean", "average", "sum")
MOVES = ("transpose", "moveaxis", "swapaxes", "einsum", "rollaxis")
VIEW = "sliding_window_view"
POSITIONS = {1, 2}
"""The axes of a view of windows over height and width that count its positions."""

IMAGES = ("A_prev", "A_prev_pad", "X", "X_pad")
MOST_STEPS = 6
"""How many names in a row are followed to what they stand for."""


def _axes(call: ast.Call) -> list[int]:
    """Return the axes that a call names as numbers."""
    given = [k.value for k in call.keywords if k.arg == "axis"]
    is_method = isinstance(call.func, ast.Attribute) and name_of(call) in REDUCING
    of_numpy = is_method and ast.unparse(call.func.value) in ("np", "numpy")  # type: ignore[attr-defined]
    given += call.args[1 if of_numpy else 0 :][:1] if not given else []
    items = given[0].elts if given and isinstance(given[0], ast.Tuple) else given
    return [
        each.value for each in items if isinstance(each, ast.Constant) and type(each.value) is int
    ]


def _is_view(evidence: Evidence, node: ast.AST | None, steps: int = 0) -> bool:
    """Return whether an expression is the view of all windows, or every so many of them."""
    if steps > MOST_STEPS or node is None:
        return False
    if isinstance(node, ast.Call):
        # Under whatever name it was imported.
        other = len(node.args) == 2 and {*_axes(node)} == POSITIONS
        told = name_of(node) == VIEW and any(k.arg == "axis" for k in node.keywords)
        return (told or other) and name_of(node) not in (*REDUCING, "roll", "flip", "take")
    if isinstance(node, ast.Subscript):
        kept = all(isinstance(each, ast.Slice) for each in indices(node))
        return kept and _is_view(evidence, node.value, steps + 1)
    if not isinstance(node, ast.Name):
        return False
    values = values_of(evidence).get(node.id, [])
    others = [v for v in values if v is None or node.id not in [n.id for n in names_in(v)]]
    return bool(others) and all(_is_view(evidence, each, steps + 1) for each in others)


def _reductions(evidence: Evidence) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) in REDUCING:
            array = argument(node)
            if array is not None:
                yield node, array


def over_positions(evidence: Evidence) -> Found:
    """Find a maximum or mean over the positions of a view of windows, not over the windows."""
    for call, array in _reductions(evidence) if "mode" in evidence.parameters else ():
        if {*_axes(call)} == POSITIONS and _is_view(evidence, array):
            return at(call, code=short(call))
    return None


def over_examples(evidence: Evidence) -> Found:
    """Find a maximum or mean that also goes over the examples of a window `A_prev[:, …]`."""
    for call in _of_all_examples(evidence):
        if 0 in _axes(call):
            return at(call, code=short(call))
    return None


def over_everything(evidence: Evidence) -> Found:
    """Find a maximum or mean of a window `A_prev[:, …]` in which all examples are one heap."""
    for call in _of_all_examples(evidence):
        method = isinstance(call.func, ast.Attribute) and argument(call) is call.func.value
        has_axis = len(call.args) > (0 if method else 1) or any(
            k.arg != "keepdims" for k in call.keywords
        )
        *_, last = parts = indices(origin(evidence, argument(call)))  # type: ignore[arg-type]
        # Of the whole array it may be wanted, such as a number that is smaller than any.
        cut = any(isinstance(each, ast.Slice) and (each.lower or each.upper) for each in parts)
        # With one channel, or in a loop over the examples, an index is missing.
        if not has_axis and cut and isinstance(last, ast.Slice) and not _has_example(evidence):
            return at(call, code=short(call))
    return None


def axes_in_one_mode(evidence: Evidence) -> Found:
    """Find a reduction over all axes of a window that another mode reduces over some of them."""
    if "mode" not in evidence.parameters or over_everything(evidence):
        return None
    found = [(call, ast.unparse(array)) for call, array in _reductions(evidence)]
    # Over one axis alone it is the other one that is wrong.
    some = {text: call for call, text in found if len(_axes(call)) == len(POSITIONS)}
    for call, text in found:
        # In its words, `np.mean(x)` or `x.mean()`, there is nothing but the window.
        whole = not call.keywords and len(call.args) == (text in map(ast.unparse, call.args))
        if _is_one_channel(evidence, argument(call)):
            continue
        if whole and text in some and name_of(call) != name_of(some[text]):
            return at(call, code=short(call), other=short(some[text]))
    return None


def _is_one_channel(evidence: Evidence, window: ast.expr | None) -> bool:
    """Return whether a window is cut out with a number for its channel."""
    made = values_of(evidence).get(window.id, []) if isinstance(window, ast.Name) else [window]
    return any(
        isinstance(each, ast.Subscript)
        and len(indices(each)) > 2
        and not isinstance(indices(each)[-1], ast.Slice)
        for each in made
    )


def _has_example(evidence: Evidence) -> bool:
    """Return whether a result is filled for one example after the other."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(indices(node)[0], ast.Name)
        for node in evidence.nodes
    )


def _of_all_examples(evidence: Evidence) -> Iterator[ast.Call]:
    """Yield what reduces a window that is cut out of all examples at once."""
    for call, array in _reductions(evidence) if "mode" in evidence.parameters else ():
        part = origin(evidence, array)
        if not isinstance(part, ast.Subscript):
            continue
        first, *rest = indices(part)
        whole = isinstance(first, ast.Slice) and first.lower is None and first.upper is None
        # With a number among the others, or without all of them, axis 0 may be another one.
        if whole and len(rest) >= 2 and _is_batch(evidence, part.value):
            yield call


def _is_batch(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether a name stands for the images, and not for a part of them."""
    values = values_of(evidence).get(ast.unparse(node), [])
    loops = [n for n in evidence.nodes if isinstance(n, (ast.For, ast.comprehension))]
    counted = {leaf.id for loop in loops for leaf in names_in(loop.target)}
    is_part = any(isinstance(value, ast.Subscript) for value in values)
    return ast.unparse(node) in {*IMAGES} - counted and not is_part


def stacked_in_front(evidence: Evidence) -> Found:
    """Find channels that are collected one by one, and stacked along the first axis."""
    moved = any(called(n, *MOVES) or getattr(n, "attr", "") == "T" for n in evidence.nodes)
    for call in evidence.nodes:
        if moved or not called(call, "stack", "array") or len(call.args) != 1 or call.keywords:  # type: ignore[attr-defined]
            continue
        if _channels_in(evidence, call.args[0]):  # type: ignore[attr-defined]
            return at(call, code=short(call))
    return None


def _channels_in(evidence: Evidence, collected: ast.expr) -> bool:
    """Return whether a list is filled with one channel after the other, as in `x[:, :, k]`."""
    for loop in evidence.nodes:
        if not (isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)):
            continue
        named = any(CHANNELS.fullmatch(leaf.id) for leaf in names_in(loop.iter))
        if not named and not re.search(r"shape\[(-1|2|3)\]", ast.unparse(loop.iter)):
            continue
        for node in (leaf for each in loop.body for leaf in ast.walk(each)):
            if called(node, "append") and argument(node) is not None:
                is_list = ast.unparse(argument(node)) == ast.unparse(collected)  # type: ignore[arg-type]
                parts = [p for p in ast.walk(node) if isinstance(p, ast.Subscript)]
                if is_list and any(_is_channel(each, loop.target.id) for each in parts):
                    return True
    return False


def _is_channel(part: ast.Subscript, counter: str) -> bool:
    *rest, last = indices(part)
    return is_name(last, counter) and len(rest) > 1 and all(isinstance(r, ast.Slice) for r in rest)


def stride_one_way(evidence: Evidence) -> Found:
    """Find a view of windows of which every stride-th is taken in one of two directions."""
    taken = [
        node
        for node in evidence.nodes
        if isinstance(node, ast.Subscript)
        and _is_view(evidence, node.value)
        and any(isinstance(each, ast.Slice) and each.step for each in indices(node))
    ]
    if len(taken) != 1 or not all(isinstance(each, ast.Slice) for each in indices(taken[0])):
        return None
    inside = {id(leaf) for leaf in ast.walk(taken[0])}
    for node in evidence.nodes:
        # Another line, or what follows in this one, may pick along the other axis.
        picks = isinstance(node, ast.Subscript) or called(node, "arange", "range", "take")
        if picks and id(node) not in inside:
            own = [leaf for leaf in names_in(node) if id(leaf) not in inside]
            if any(_is_stride(evidence, leaf) for leaf in own):
                return None
    stepped = {
        axis
        for axis, each in enumerate(indices(taken[0]))
        if isinstance(each, ast.Slice) and each.step is not None
    }
    return at(taken[0], code=short(taken[0])) if len(stepped & POSITIONS) == 1 else None


def ends_by_stride(evidence: Evidence) -> Found:
    """Find windows `[…, top:top + stride, left:left + stride]`, as large as one step."""

    def is_length(evidence: Evidence, node: ast.expr) -> bool:
        # One that is called f was read from the wrong key: it is used where it belongs.
        return not (isinstance(node, ast.Name) and node.id == "f") and _is_stride(evidence, node)

    return _ends(evidence, is_length)


def skips_inside(evidence: Evidence) -> Found:
    """Find windows `[…, top:bottom:stride, left:right:stride]` that are f wide without it."""
    for node in evidence.nodes:
        cuts = [s for s in indices(node) if isinstance(s, ast.Slice)] if _is_cut(node) else []
        stepped = [
            cut
            for cut in cuts
            if cut.step is not None and _is_stride(evidence, cut.step) and _is_f_long(evidence, cut)
        ]
        if len(stepped) == 2:
            return at(node, code=short(node))
    return None


def _is_f_long(evidence: Evidence, cut: ast.Slice) -> bool:
    """Return whether a slice ends f numbers after its start, and starts at steps of the stride."""
    if cut.lower is None or cut.upper is None:
        return False
    end, start = origin(evidence, cut.upper), ast.unparse(cut.lower)
    begins = ast.unparse(origin(evidence, cut.lower))
    return ast.unparse(end) in (f"{start} + f", f"f + {start}") and "*" in begins


def ends_by_product(evidence: Evidence) -> Found:
    """Find windows `[…, top:top + f * stride, left:left + f * stride]`."""

    def is_product(evidence: Evidence, node: ast.expr) -> bool:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
            return False
        sides = (node.left, node.right)
        return any(_is_stride(evidence, each) for each in sides) and any(
            isinstance(each, ast.Name) and each.id == "f" for each in sides
        )

    return _ends(evidence, is_product)


def _ends(evidence: Evidence, is_length: Callable[[Evidence, ast.expr], bool]) -> Found:
    """Find a window whose two sides end such a length after their start."""
    for node in evidence.nodes:
        cuts = [s for s in indices(node) if isinstance(s, ast.Slice)] if _is_cut(node) else []
        ends = [
            cut
            for cut in cuts
            if cut.lower is not None
            and isinstance(cut.upper, ast.BinOp)
            and isinstance(cut.upper.op, ast.Add)
            and ast.unparse(cut.upper.left) == ast.unparse(cut.lower)
            and cut.step is None
            and is_length(evidence, cut.upper.right)
        ]
        if len(ends) == 2:
            return at(node, code=short(node))
    return None


def _is_stride(evidence: Evidence, node: ast.expr) -> bool:
    """Return whether an expression is the stride, under whatever name."""
    made = ast.unparse(origin(evidence, node))
    return made == "stride" or re.fullmatch(r"\w+(\[|\.get\()'stride'[\])]", made) is not None


def starts_by_f(evidence: Evidence) -> Found:
    """Find windows that start at multiples of f, where a stride is given."""
    if not {"stride", "hparameters", "cache"} & {*evidence.parameters}:
        return None
    found: dict[str, ast.expr] = {}
    for node in evidence.nodes:
        cuts = [s for s in indices(node) if isinstance(s, ast.Slice)] if _is_cut(node) else []
        for cut in cuts:
            if cut.lower is None or cut.upper is None:
                continue
            start, end = ast.unparse(cut.lower), ast.unparse(cut.upper)
            ends_after_f = end in (f"{start} + f", f"f + {start}")
            made = origin(evidence, cut.lower)
            if ends_after_f and _is_multiple_of_f(evidence, made):
                found[ast.unparse(made)] = made
    if len(found) < 2:
        return None
    first, second, *_ = found.values()
    return at(first, code=short(first), of=short(second))


def _is_cut(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple)


def _is_multiple_of_f(evidence: Evidence, node: ast.expr) -> bool:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return False
    sides = {ast.unparse(node.left), ast.unparse(node.right)}
    return "f" in sides and bool(sides & counters(evidence))
