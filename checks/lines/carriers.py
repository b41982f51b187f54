"""Which statement carries a mistake, by the name of the mistake, in whatever style it is written.

A name says what is wrong: a division by the number of examples, a maximum that begins at 0. The
only statement of a function that does this is the student's line, and so is the one after which
something is missing. Where more statements may be meant, none is pointed at.
"""

import ast
from functools import partial

from checks.assignments.functions import HELPERS
from checks.evidence import Evidence
from checks.lines import moves, step_carriers
from checks.lines.own import Own, calls_in, is_length, is_own_call, names_used, targets_of
from checks.lines.result_carriers import RESULTS
from checks.lines.statements import MADE, base_of, head_nodes, indices
from checks.lines.sum_carriers import PATCHES, SUMS, SURE
from checks.lines.window_carriers import (
    WINDOWS,
    Rule,
    in_every_mode,
    overwritten,
    swapped_slices,
)

MOST = 2
"""How many statements may carry one mistake together."""

SIZE_OPERATORS = (ast.Div, ast.FloorDiv)
VIEWS = ("as_strided", "sliding_window_view")
MASKS = [name for name, parameters in HELPERS.items() if parameters == ("x",)]
SHARES = [name for name, parameters in HELPERS.items() if parameters[1:] == ("shape",)]
"""The students' own functions that give a gradient to the maximum, or to every place alike."""

MAXIMA = ("max", "maximum", "amax", "fmax", "argmax")
MINIMA = ("min", "minimum", "amin", "fmin", "argmin")
MEANS = ("mean", "average")
WORKING = {*MAXIMA, *MINIMA, *MEANS, "sum", "dot"}


def _divides(node: ast.stmt, sizes: set[str], axis: int) -> bool:
    """Return whether a statement divides by the length of an axis."""
    by = [
        leaf.right for leaf in head_nodes(node) if isinstance(leaf, ast.BinOp) and _is_div(leaf.op)
    ]
    if isinstance(node, ast.AugAssign) and _is_div(node.op):
        by.append(node.value)
    texts = [ast.unparse(each) for each in by]
    return any(text in sizes or is_length(text, axis) for text in texts)


def _is_div(op: ast.operator) -> bool:
    return isinstance(op, ast.Div)


# The rules, by what a mistake is


def _divided_by(axis: int, own: Own) -> list[ast.stmt]:
    return [s for s in own.statements if _divides(s, own.sizes(axis), axis)]


def _averaged(output: str, own: Own) -> list[ast.stmt]:
    """Find what is divided by the number of examples: everything, or what makes one output."""
    found = [*_divided_by(0, own), *own.with_call(MEANS)]
    if not output:
        return found
    made = [s for s in found if any(s is last for last in own.last_made(output))]
    return made or (found if len(found) == 1 else [])


def _averaged_twice(own: Own) -> list[ast.stmt]:
    """Find the statement that divides what it is given by the number of examples once more."""
    again = [
        s
        for s in _divided_by(0, own)
        if isinstance(s, ast.AugAssign)
        or (isinstance(s, ast.Assign) and {*map(base_of, s.targets)} & names_used(s.value))
    ]
    return again[-1:]


def _from_zero(own: Own) -> list[ast.stmt]:
    """Find the 0 with which the largest number begins that a loop looks for."""
    compared: set[str] = set()
    for node in own.statements:
        for leaf in head_nodes(node):
            if isinstance(leaf, ast.Compare):
                compared |= {base_of(each) for each in (leaf.left, *leaf.comparators)}
            elif isinstance(leaf, ast.Call) and set(calls_in(leaf)) & {"max", "maximum"}:
                compared |= {base_of(each) for each in leaf.args}
    return [
        node
        for node in own.statements
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in compared
        and (ast.unparse(node.value) in ("0", "0.0") or "zeros" in [*calls_in(node)][:1])
    ]


def _without_stride(own: Own) -> list[ast.stmt]:
    """Find what picks the windows, where the stride is used for the sizes alone."""
    elsewhere = [
        s
        for s in own.statements
        if own.strides & names_used(s)
        and not any(isinstance(getattr(leaf, "op", None), SIZE_OPERATORS) for leaf in head_nodes(s))
        and not ({ast.unparse(t) for t in targets_of(s)} & own.strides)
        and not own.with_call(PATCHES, [s])
    ]
    windows = [s for s in own.statements if _picks_window(s, own.counters)]
    if windows:
        # What a function of the student's own is given may be for the sizes, too.
        elsewhere = [s for s in elsewhere if not is_own_call(s)]
    return [] if elsewhere else windows or step_carriers.corners_without_step(own)


def _picks_window(node: ast.stmt, counters: set[str]) -> bool:
    called = [*calls_in(node)]
    return any(name in VIEWS for name in called) or any(
        isinstance(leaf, ast.Subscript)
        and sum(_is_moved(each, counters) for each in indices(leaf)) > 1
        for leaf in head_nodes(node)
    )


def _is_moved(index: ast.expr, counters: set[str]) -> bool:
    """Return whether an index is a sum, or a slice whose corner no other line works out."""
    if isinstance(index, ast.Slice):
        start = index.lower
        elsewhere = isinstance(start, ast.Name) and start.id not in counters
        return start is not None and index.upper is not None and not elsewhere
    return isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add)


def _order_of_numbers(own: Own) -> list[ast.stmt]:
    """Find the sum that counts the numbers of a window, or the reshape that lays them out."""
    counted = [
        node
        for node in own.statements
        if isinstance(node, ast.Assign | ast.AugAssign)
        and any(
            isinstance(leaf, ast.BinOp)
            and isinstance(leaf.op, ast.Add)
            and len(names_used(leaf) & own.counters) > 2
            for leaf in head_nodes(node)
        )
    ]
    if counted:
        return counted
    moved = own.with_call(("transpose", "moveaxis", "swapaxes", "rollaxis", "einsum"))
    if len(moved) == 1:
        return moved
    views = own.with_call(("sliding_window_view",))
    return own.with_call(("reshape",)) if views and not moved else []


def _of_weights(own: Own) -> list[ast.stmt]:
    """Find the only line that moves the axes of W, or multiplies W with its axes by their names."""
    calls = own.with_call(("transpose", "moveaxis", "swapaxes", "rollaxis", "einsum", "reshape"))
    found = [node for node in calls if "W" in names_used(node)]
    return found if len(found) == 1 else []


def _added_by_index(own: Own) -> list[ast.stmt]:
    return [
        node
        for node in own.statements
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript)
    ]


def _in_place(own: Own) -> list[ast.stmt]:
    """Find what writes into an array of the caller's, of each array the first."""
    written = [
        node
        for node in own.statements
        if any(
            base_of(target) in own.given
            and (isinstance(node, ast.AugAssign) or isinstance(target, ast.Subscript))
            for target in targets_of(node)
        )
    ]
    first = {name: node for node in own.calls[::-1] if (name := _out(node)) in own.given}
    return [*written, *sorted(first.values(), key=lambda node: node.lineno)]


def _out(node: ast.stmt) -> str:
    """Return the array that a function of NumPy is told to write into; "" where it is told none."""
    outs = [
        keyword.value
        for leaf in head_nodes(node)
        if isinstance(leaf, ast.Call)
        for keyword in leaf.keywords
        if keyword.arg == "out"
    ]
    return base_of(outs[0]) if outs else ""


def _returns(own: Own) -> list[ast.stmt]:
    return [node for node in own.statements if isinstance(node, ast.Return)]


def _gradient_used(own: Own) -> list[ast.stmt]:
    """Find where dA is multiplied as it is, where no line gives the name to anything else."""
    if any("dA" in map(ast.unparse, targets_of(node)) for node in own.statements):
        return []
    return [
        node
        for node in own.statements
        if any(
            isinstance(leaf, ast.BinOp)
            and isinstance(leaf.op, ast.Mult)
            and "dA" in (ast.unparse(leaf.left), ast.unparse(leaf.right))
            for leaf in head_nodes(node)
        )
    ]


def _sign_of_slope(own: Own) -> list[ast.stmt]:
    signs = own.with_call(("sign",))
    return signs or [s for s in own.statements if "-1" in ast.unparse(s) or "-dA" in ast.unparse(s)]


def _about_mode(own: Own) -> list[ast.stmt]:
    return [
        node
        for node in own.statements
        if any(
            isinstance(leaf, ast.Compare) and "mode" in names_used(leaf)
            for leaf in head_nodes(node)
        )
    ]


def _divisor_of_average(own: Own) -> list[ast.stmt]:
    return [
        node
        for node in own.in_mode("average")
        if any(_is_div(getattr(leaf, "op", None)) for leaf in head_nodes(node))
    ]


def _sign_of(output: str, own: Own) -> list[ast.stmt]:
    """Find where a loop adds logarithms up, or else what makes the output."""
    last = own.last_made(output)
    name = base_of(targets_of(last[0])[0]) if last and targets_of(last[0]) else ""
    logs = [s for s in own.with_call(("log",)) if name in map(base_of, targets_of(s))]
    return logs if len(logs) == 1 else last


def _only_made(output: str, own: Own) -> list[ast.stmt]:
    """Find the only statement that works out an output, where it does all of it."""
    last = own.last_made(output)
    if not last or isinstance(last[0], ast.Return):
        return []
    name = base_of(targets_of(last[0])[0])
    found = [
        node
        for node in own.statements
        if name in map(base_of, targets_of(node)) and not {*calls_in(node)} & {*MADE}
    ]
    # What is only laid out anew was worked out before.
    works = any(
        isinstance(leaf, (ast.BinOp, ast.Compare, ast.AugAssign))
        or (isinstance(leaf, ast.Call) and {*calls_in(leaf)} & WORKING)
        or (isinstance(leaf, ast.Call) and ast.unparse(leaf.func).startswith("np."))
        for leaf in head_nodes(last[0])
    )
    return found if works and len(found) == 1 else []


def _lacking(output: str, own: Own) -> list[ast.stmt]:
    """Find where a step is missing that an output needs once it is whole."""
    found = own.last_made(output)
    if found and output == "dA_prev" and isinstance(found[0], ast.Assign):
        # What is put into each example is cut there.
        return found
    is_whole = any(
        isinstance(node, ast.Return)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
        for node in found
    )
    return found if is_whole and not own.in_loop(found[0]) else _returns(own) if found else []


def _stamp_without_gradient(own: Own) -> list[ast.stmt]:
    """Find where a window is added to in mode max without a number of dA."""
    given = {
        name
        for node in own.statements
        if isinstance(node, ast.Assign) and "dA" in names_used(node.value)
        for name in map(base_of, targets_of(node))
    }
    return [
        node
        for node in own.in_mode("max")
        if isinstance(node, ast.AugAssign) and not {"dA", *given} & {*names_used(node.value)}
    ]


def _put_in_rows(own: Own) -> list[ast.stmt]:
    """Find the last reshape before windows are put back, or the call that puts them back."""
    if moved := step_carriers.moved_before_rows(own):
        return moved
    back = own.with_call(name for name in PATCHES if HELPERS[name][:1] == ("columns",))
    reshapes = [s for s in own.with_call(("reshape",)) if back and s.lineno <= back[-1].lineno]
    return reshapes[-1:]


def _last_or_return(own: Own) -> list[ast.stmt]:
    """Find the last line that sets dZ, after which it has to be divided; not in a loop."""
    found = own.last_made("dZ")
    return _returns(own) if found and own.in_loop(found[0]) else found


CARRIERS: dict[str, Rule] = {
    "averaged_over_batch": partial(_averaged, ""),
    "all_divided_by_m": partial(_averaged, ""),
    "dW_mean": partial(_averaged, "dW"),
    "db_mean": partial(_averaged, "db"),
    "dA_prev_divided": partial(_averaged, "dA_prev"),
    "divided_by_examples": partial(_averaged, ""),
    "averaged_over_examples": partial(_averaged, ""),
    "dZ_averaged_twice": _averaged_twice,
    "dZ_divided_by_classes": partial(_divided_by, 1),
    "loss_divided_by_classes": partial(_divided_by, 1),
    "negative_maximum_lost": _from_zero,
    "maximum_from_zero": _from_zero,
    "stride_ignored": _without_stride,
    "channel_not_last": _order_of_numbers,
    "column_before_row": _order_of_numbers,
    "added_once_per_index": _added_by_index,
    "changes_input": _in_place,
    "changes_inputs": _in_place,
    "overlap_overwritten": overwritten,
    "height_width_swapped_slice": swapped_slices,
    "steps_accumulate": moves.step_stays,
    "same_point_twice": moves.one_array,
    "all_entries_at_once": moves.all_moved,
    "slope_minus_one": _sign_of_slope,
    "dA_axis": _gradient_used,
    "W_in_other_order": _of_weights,
    "error_denominator": step_carriers.divisor_by_name,
    "mask_of_minimum": lambda own: own.with_call(MINIMA),
    "minimum": lambda own: own.with_call(MINIMA),
    **SURE,
}
"""By the name of a mistake, what finds the statements that carry it, which no correct one has."""

PLACES: dict[str, Rule] = {
    "loss_sign": partial(_sign_of, "loss"),
    "loss_summed": partial(_lacking, "loss"),
    "dZ_not_averaged": _last_or_return,
    "crop_missing": partial(_lacking, "dA_prev"),
    "shares_mixed_up": _put_in_rows,
    "x_not_restored": moves.moved_and_left,
    "error_squared": moves.squared,
    "outputs_exchanged": _returns,
    "order_of_results": _returns,
    "return_order": _returns,
    "mask_times_input": _stamp_without_gradient,
    "modes_swapped": _about_mode,
    "average_not_divided": lambda own: own.in_mode("average"),
    "average_divisor": _divisor_of_average,
    "average_divides_by_stride": _divisor_of_average,
    "always_max": partial(in_every_mode, (*MAXIMA, *MASKS), "average"),
    "always_average": partial(in_every_mode, (*MEANS, *SHARES), "max"),
    **WINDOWS,
    **RESULTS,
    **step_carriers.STEPS,
    **SUMS,
}
"""By the name of a mistake, what finds the statements in whose place it is."""


RULES = CARRIERS.keys() | PLACES.keys()
"""The names whose lines are found by a rule of their own."""


def carrying(name: str, evidence: Evidence, is_correct: bool = False) -> tuple[int, ...]:
    """Return the lines of a function's text that carry a mistake; none where that is not sure.

    Where every statement `is_correct`, only what no correct function has is pointed at.
    """
    rule = CARRIERS.get(name)
    if rule is None and not is_correct:
        output = next((each for each in evidence.outputs if name.startswith(f"{each}_")), "")
        rule = PLACES.get(name) or (partial(_only_made, output) if output else None)
    function = evidence.function
    try:
        found = rule(Own(function, evidence)) if rule and function else []
    except Exception:
        return ()
    lines = dict.fromkeys(node.lineno for node in found)
    return tuple(lines) if len(lines) <= MOST else ()
