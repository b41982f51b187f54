"""Which statements carry mistakes with sums, quotients and the parts of a row of numbers."""

import ast
from functools import partial

from checks.assignments.functions import HELPERS
from checks.lines.own import Own, names_used, targets_of
from checks.lines.statements import MADE, base_of, head_nodes, indices
from checks.lines.window_carriers import Rule, only_reshape

PATCHES = [name for name, parameters in HELPERS.items() if "stride" in parameters]
"""The students' own functions that take windows out of images, or put them back."""

QUOTIENTS = (ast.Div, ast.FloorDiv)
JOINING = ("reshape", "ravel", "flatten", "concatenate")
AXES = 6
"""The axes of all windows, each of which has three of its own."""

CHANNELS = ("W.shape[2]", "W.shape[-2]", "A_prev.shape[3]", "A_prev.shape[-1]")


def _divides(node: ast.stmt) -> bool:
    """Return whether a statement divides anything."""
    return any(isinstance(getattr(leaf, "op", None), QUOTIENTS) for leaf in head_nodes(node)) or (
        isinstance(node, ast.AugAssign) and isinstance(node.op, QUOTIENTS)
    )


def only_quotient(own: Own) -> list[ast.stmt]:
    """Find the only statement that divides, beside those that work out sizes with stride."""
    found = [s for s in own.statements if _divides(s) and not own.strides & names_used(s)]
    return found if len(found) == 1 else []


def partly_divided(own: Own) -> list[ast.stmt]:
    """Find the only one of the statements that change dZ that divides, or that does not."""
    changing = [s for s in own.statements if "dZ" in map(base_of, targets_of(s))]
    # Zeros that are filled later are made of sizes alone.
    changing = [s for s in changing if not own.with_call(MADE, [s])]
    without = [s for s in changing if not _divides(s)]
    if len(changing) < 2 or len(without) == len(changing):
        return []
    less = [s for s in without if isinstance(s, ast.AugAssign) and isinstance(s.op, ast.Sub)]
    return less if len(less) == 1 else without if len(without) == 1 else []


def only_use_of_bias(own: Own) -> list[ast.stmt]:
    """Find the only statement that adds the bias, where another one sums up."""
    called = {"b"}
    for s in own.statements:
        # `bias = b[0, 0, 0]` only gives it another name.
        renames = isinstance(s, ast.Assign) and base_of(getattr(s, "value", s)) == "b"
        called |= {base_of(target) for target in targets_of(s)} if renames else set()
    found = [
        s
        for s in own.statements
        if called & names_used(s)
        and not isinstance(s, ast.Return)
        and not {base_of(target) for target in targets_of(s)} <= called
    ]
    return found if len(found) == 1 and not own.with_call(("sum",), found) else []


def number_of_filters(own: Own) -> list[ast.stmt]:
    """Find the only statement that reads the number of channels of the input."""
    found = [
        s
        for s in own.statements
        if any(
            isinstance(leaf, ast.Subscript) and ast.unparse(leaf) in CHANNELS
            for leaf in head_nodes(s)
        )
    ]
    return found if len(found) == 1 else []


def part_of_row(own: Own) -> list[ast.stmt]:
    """Find the only reshape, or else the only line that takes a run of a row's numbers."""
    runs = [
        s
        for s in own.statements
        if any(
            isinstance(leaf, ast.Subscript)
            and isinstance(leaf.ctx, ast.Load)
            and isinstance(last := (indices(leaf) or [leaf])[-1], ast.Slice)
            and isinstance(last.lower, ast.BinOp)
            and own.counters & names_used(last.lower)
            for leaf in head_nodes(s)
        )
    ]
    return only_reshape("", own) or (runs if len(runs) == 1 else [])


def returned_windows(own: Own) -> list[ast.stmt]:
    """Find the return of an array in which each window has three axes, which no line joins."""
    made = [
        leaf.args[0]
        for s in own.with_call(MADE)
        for leaf in head_nodes(s)
        if isinstance(leaf, ast.Call) and leaf.args
    ]
    apart = [sizes for sizes in made if isinstance(sizes, ast.Tuple) and len(sizes.elts) == AXES]
    if not apart or own.with_call(JOINING):
        return []
    return [s for s in own.statements if isinstance(s, ast.Return)]


def stored_in_place(own: Own) -> list[ast.stmt]:
    """Find the only line in mode max that puts a gradient into a part of the result."""
    stored = [
        s
        for s in own.in_mode("max")
        if any(isinstance(target, ast.Subscript) for target in targets_of(s))
        and any(base_of(target).startswith("dA") for target in targets_of(s))
    ]
    return stored if len(stored) == 1 else []


def only_in_average(own: Own) -> list[ast.stmt]:
    """Find the only line of mode average."""
    found = [s for s in own.in_mode("average") if not isinstance(s, ast.If)]
    return found if len(found) == 1 else []


def moved_by_size(own: Own) -> list[ast.stmt]:
    """Find the calls that are given one name for the side of a window and for the stride."""
    found = []
    for s in own.with_call(PATCHES):
        for leaf in head_nodes(s):
            names = [ast.unparse(each) for each in getattr(leaf, "args", ())]
            if isinstance(leaf, ast.Call) and len(names) > 1 and names[-1] == names[-2]:
                found.append(s)
    return found


def with_factor_of_windows(own: Own) -> list[ast.stmt]:
    """Find the products one factor of which is what im2col has laid out."""
    laid = {base_of(t) for s in own.with_call(PATCHES) for t in targets_of(s)}
    return [
        s
        for s in own.statements
        if any(
            isinstance(leaf, ast.BinOp)
            and isinstance(leaf.op, ast.Mult)
            and {getattr(side, "id", "") for side in (leaf.left, leaf.right)} & laid
            for leaf in head_nodes(s)
        )
    ]


def only_comprehension(own: Own) -> list[ast.stmt]:
    """Find the only line that makes a list in one go, one inside the other."""
    found = [
        s
        for s in own.statements
        if sum(isinstance(leaf, (ast.ListComp, ast.GeneratorExp)) for leaf in head_nodes(s)) > 1
    ]
    return found if len(found) == 1 else []


SURE: dict[str, Rule] = {
    "overlap_averaged": only_quotient,
    "not_flattened": returned_windows,
    "log_of_zero": lambda own: own.with_call(("log",)),
}
"""By the name of a mistake, what finds the statements that carry it."""

SUMS: dict[str, Rule] = {
    "dZ_partly_averaged": partly_divided,
    "bias_inside_sum": only_use_of_bias,
    "channels_of_input": number_of_filters,
    "channels_mixed_up": part_of_row,
    "filters_mixed_up": partial(only_reshape, "W"),
    "max_not_subtracted": lambda own: own.with_call(("exp",)),
    "result_not_reshaped": lambda own: own.last_made(own.outputs[0]) if own.outputs else [],
    "share_not_spread": only_in_average,
    "stride_is_f": moved_by_size,
    "input_added": with_factor_of_windows,
    "offset_forgotten": stored_in_place,
    "transposed": only_comprehension,
    "shape_transposed": only_comprehension,
}
"""By the name of a mistake, what finds the statements in whose place it is."""
