"""Which statements carry the mistakes that are made with steps, places, shares and the bias."""

import ast

from checks.lines.own import Own, names_used, targets_of
from checks.lines.statements import MADE, MODES, base_of, head_nodes, indices
from checks.lines.window_carriers import Rule

MOVES = ("transpose", "moveaxis", "swapaxes", "rollaxis")
RULED_OUT = ("W", "W_matrix")


def corners_without_step(own: Own) -> list[ast.stmt]:
    """Find `top = h`: what a slice begins with is the variable of a loop as it is."""
    begins = {
        part.lower.id
        for node in own.statements
        for leaf in head_nodes(node)
        if isinstance(leaf, ast.Subscript)
        for part in indices(leaf)
        if isinstance(part, ast.Slice) and isinstance(part.lower, ast.Name)
    }
    return [
        node
        for node in own.statements
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and node.value.id in own.counters
        and {base_of(target) for target in targets_of(node)} <= begins
    ]


def side_without_step(own: Own) -> list[ast.stmt]:
    """Find the places of windows along one side, or their corner, that are made without stride."""
    counted = own.with_call(("arange",))
    without = [node for node in counted if not own.strides & names_used(node)]
    found = without if len(without) < len(counted) else corners_without_step(own)
    return found if len(found) == 1 else []


def only_bias(own: Own) -> list[ast.stmt]:
    """Find the only statement that reads the bias for more than its shape, inside a loop."""
    found = [
        node
        for node in own.statements
        if own.in_loop(node) and "b" in names_used(node) and not isinstance(node, ast.For)
    ]
    return found if len(found) == 1 else []


def mode_without_gradient(own: Own) -> list[ast.stmt]:
    """Find the last line of the only mode in which nothing is read that dA was put into."""
    given = {"dA"}
    for node in own.statements:
        if given & names_used(node) and not isinstance(node, (ast.For, ast.If)):
            mode = next(of for other, of in own.pairs if other is node)
            given |= set() if mode else {base_of(target) for target in targets_of(node)}
    modes = [[node for node, of in own.pairs if of == mode] for mode in MODES]
    without = [
        nodes for nodes in modes if nodes and not any(given & names_used(node) for node in nodes)
    ]
    return without[0][-1:] if len(without) == 1 else []


def only_made(own: Own) -> list[ast.stmt]:
    """Find the only array of a given size that is made."""
    found = own.with_call(MADE)
    return found if len(found) == 1 else []


def place_moves_by_one(own: Own) -> list[ast.stmt]:
    """Find `k = k + 1` where slices begin at k."""
    begins = {
        ast.unparse(part.lower)
        for node in own.statements
        for leaf in head_nodes(node)
        if isinstance(leaf, ast.Subscript)
        for part in indices(leaf)
        if isinstance(part, ast.Slice) and part.lower is not None
    }
    return [
        node
        for node in own.statements
        if {base_of(target) for target in targets_of(node)} & begins
        and (
            ast.unparse(node).endswith(" += 1")
            or ast.unparse(getattr(node, "value", node)).endswith(" + 1")
        )
        and own.in_loop(node)
    ]


def moved_before_rows(own: Own) -> list[ast.stmt]:
    """Find the only line that moves axes behind those in which the windows get their shares."""
    found = [n for n in own.with_call(MOVES) if not names_used(n) & {*RULED_OUT}]
    return found if len(found) == 1 else []


def divisor_by_name(own: Own) -> list[ast.stmt]:
    """Find what an error is divided by, where it has a name and is no sum of two lengths."""
    last = own.last_made("error")
    value = last[0].value if last and isinstance(last[0], ast.Assign) else None
    by = value.right if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div) else None
    made = [
        node
        for node in own.statements
        if isinstance(by, ast.Name) and by.id in map(base_of, targets_of(node))
    ]
    right = [
        node
        for node in made
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and isinstance(node.value.op, ast.Add)
    ]
    return made if len(made) == 1 and not right else []


STEPS: dict[str, Rule] = {
    "bias_more_than_once": only_bias,
    "gradient_unused": mode_without_gradient,
    "covered_part_only": only_made,
    "place_offset": place_moves_by_one,
    "horizontal_stride_ignored": side_without_step,
    "vertical_stride_ignored": side_without_step,
}
"""By the name of a mistake, what finds the statements in whose place it is."""
