"""Which statements carry the mistakes that are made with windows, filters and their sizes."""

import ast
import itertools
from collections.abc import Callable, Iterable
from functools import partial

from checks.lines.own import Own, names_used, targets_of
from checks.lines.statements import CHANNELS, MADE, axis_of, base_of, head_nodes, indices
from checks.rules.inlined import Helpers

Rule = Callable[[Own], list[ast.stmt]]

INPUTS = ("A_prev", "X")
MOVES = ("transpose", "moveaxis", "swapaxes", "rollaxis")
TURNED = {("w", "h"), ("cols", "rows"), ("j", "i"), ("x", "y"), ("left", "top"), ("q", "r")}
"""What the width and the height are called, in an order that is seldom meant."""
TURNS = ("flip", "flipud", "fliplr", "rot90")


def _loops_over_input(own: Own) -> list[ast.stmt]:
    """Find the loops over as many steps as the input has rows or columns."""
    sizes = own.sizes_of(INPUTS, (1, 2))
    return [
        node
        for node in own.statements
        if isinstance(node, ast.For)
        and isinstance(node.iter, ast.Call)
        and ast.unparse(node.iter.func) == "range"
        and any(ast.unparse(each) in sizes for each in node.iter.args)
    ]


def in_every_mode(names: Iterable[str], other: str, own: Own) -> list[ast.stmt]:
    """Find what is called in the `other` mode, or else after both into the same place."""
    found = own.with_call(names, own.in_mode(other))
    if found:
        return found
    stored = {ast.unparse(t) for node in own.in_mode(other) for t in targets_of(node)}
    anyway = [node for node, mode in own.pairs if not mode]
    return [
        node
        for node in own.with_call(names, anyway)
        if stored & {ast.unparse(target) for target in targets_of(node)}
    ]


def swapped_slices(own: Own) -> list[ast.stmt]:
    """Find the windows that are cut by corners whose names belong to the other axis.

    Else the only call, or the only window, that has the width before the height.
    """
    found = [node for node in own.statements if any(map(_is_swapped, head_nodes(node)))]
    found = found or _swapped_by_name(own)
    turned = [node for node in own.statements if any(map(_is_turned, head_nodes(node)))]
    return found or (turned if len(turned) == 1 else [])


def _is_turned(node: ast.AST) -> bool:
    """Return whether arguments or indices that are names stand as width, height."""
    parts = node.args if isinstance(node, ast.Call) else []
    parts = indices(node) if isinstance(node, ast.Subscript) else parts
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return any(pair in TURNED for pair in itertools.pairwise(names))


def _is_swapped(node: ast.AST) -> bool:
    slices = [each for each in _slices(node) if isinstance(each.lower, ast.Name)]
    names = [each.lower.id for each in slices if isinstance(each.lower, ast.Name)]
    by_name = len(names) == 2 and (axis_of(names[0], 0), axis_of(names[1], 1)) == (1, 0)
    return by_name or _counters_in(node) == [{"w"}, {"h"}]


def _counters_in(node: ast.AST) -> list[set[str]]:
    """Return which of h and w each of several slices begins with."""
    slices = _slices(node)
    return [{"h", "w"} & names_used(each.lower) for each in slices if each.lower is not None]


def _swapped_by_name(own: Own) -> list[ast.stmt]:
    """Find `r = slice(w * s, …)` where r picks rows, beside a name for columns that tells h."""
    given: dict[str, tuple[ast.stmt, set[str]]] = {}
    for node in own.statements:
        value = node.value if isinstance(node, ast.Assign) else None
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "slice" and value.args:
            given[ast.unparse(targets_of(node)[0])] = node, {"h", "w"} & names_used(value.args[0])
    found: dict[int, ast.stmt] = {}
    for node in own.statements:
        for leaf in head_nodes(node):
            parts = indices(leaf) if isinstance(leaf, ast.Subscript) else []
            pair = [given[text] for text in map(ast.unparse, parts) if text in given]
            if [names for _, names in pair] == [{"w"}, {"h"}]:
                found |= {each.lineno: each for each, _ in pair}
    return list(found.values())


def _slices(node: ast.AST) -> list[ast.Slice]:
    parts = indices(node) if isinstance(node, ast.Subscript) else []
    return [each for each in parts if isinstance(each, ast.Slice)]


def _adds(name: str, own: Own) -> list[ast.stmt]:
    """Find where an array is added, or a part of it."""
    found = []
    for node in own.statements:
        sums = [n for n in head_nodes(node) if isinstance(n, ast.BinOp) and _is_add(n.op)]
        added = [base_of(side) for each in sums for side in (each.left, each.right)]
        if isinstance(node, ast.AugAssign) and _is_add(node.op):
            added.append(base_of(node.value))
        if name in added:
            found.append(node)
    return found


def _is_add(op: ast.operator) -> bool:
    return isinstance(op, ast.Add)


def _channels_moved(own: Own) -> list[ast.stmt]:
    """Find where a result is made and filled whose second axis counts the channels."""
    moved = own.with_call(MOVES, [s for s in own.statements if isinstance(s, ast.Return)])
    for node in own.statements:
        value = node.value if isinstance(node, ast.Assign) else None
        is_made = isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in MADE
        shape = value.args[0] if is_made and value.args else None  # type: ignore[union-attr]
        sizes = shape.elts if isinstance(shape, ast.Tuple) else []
        if len(sizes) == 4 and _is_count(sizes[1]) and not _is_count(sizes[3]):
            name = base_of(node.targets[0])  # type: ignore[attr-defined]
            filled = [each for each in own.statements if _fills(each, name)]
            return [node, *filled]
    return moved


def _fills(node: ast.stmt, name: str) -> bool:
    """Return whether a statement stores something in a part of an array."""
    return any(isinstance(t, ast.Subscript) and base_of(t) == name for t in targets_of(node))


def _is_count(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and CHANNELS.fullmatch(node.id) is not None


def _squares(own: Own) -> list[ast.stmt]:
    return [node for node in own.statements if any(map(_is_square, head_nodes(node)))]


def _is_square(node: ast.AST) -> bool:
    if not isinstance(node, ast.BinOp):
        return False
    doubled = isinstance(node.op, ast.Mult) and ast.unparse(node.left) == ast.unparse(node.right)
    return doubled or (isinstance(node.op, ast.Pow) and ast.unparse(node.right) == "2")


def _cut_at_corner(own: Own) -> list[ast.stmt]:
    """Find the two slices that begin at 0, or that leave out twice the border."""
    return [
        node
        for node in own.statements
        if any(sum(map(_begins_at_corner, _slices(leaf))) == 2 for leaf in head_nodes(node))
    ]


def _begins_at_corner(part: ast.Slice) -> bool:
    start = ast.unparse(part.lower) if part.lower else "0"
    return (start == "0" and part.upper is not None) or "2 *" in start or "* 2" in start


def _filter_in_gradient(own: Own) -> list[ast.stmt]:
    """Find what turns the filter, or else the only statement that multiplies by it."""
    used = [node for node in own.statements if _reads_values("W", node)]
    turned = [node for node in used if "::-1" in ast.unparse(node)]
    turned = turned or own.with_call(TURNS, used)
    return turned or (used if len(used) == 1 else [])


def _reads_values(name: str, node: ast.stmt) -> bool:
    """Return whether a statement reads the numbers of an array, not only its shape."""
    leaves = list(head_nodes(node))
    shapes = {id(n.value) for n in leaves if isinstance(n, ast.Attribute) and n.attr == "shape"}
    return any(
        isinstance(leaf, ast.Name)
        and leaf.id == name
        and isinstance(leaf.ctx, ast.Load)
        and id(leaf) not in shapes
        for leaf in leaves
    )


def only_reshape(name: str, own: Own) -> list[ast.stmt]:
    """Find the only line that reshapes an array or a part of it; any array where it has no name."""
    found = [
        node
        for node in own.with_call(("reshape",))
        if any(isinstance(leaf, ast.Call) and _is_reshape(leaf, name) for leaf in head_nodes(node))
    ]
    return found if len(found) == 1 else []


def _is_reshape(call: ast.Call, name: str) -> bool:
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr != "reshape":
        return False
    by_numpy = ast.unparse(func.value) == "np"
    return not name or name in map(base_of, call.args[:1] if by_numpy else [func.value])


def overwritten(own: Own) -> list[ast.stmt]:
    """Find what is assigned to a window, here or in a helper of the student's own."""
    here = [node for node in own.statements if _overwrites(node)]
    return here or own.with_call([n for n in own.helpers if _is_overwriting(n, own.helpers)])


def _is_overwriting(name: str, helpers: Helpers) -> bool:
    return any(map(_overwrites, ast.walk(helpers[name])))


def _overwrites(node: ast.AST) -> bool:
    if isinstance(node, ast.AugAssign):
        # Into a view in which an entry stands several times each is added once.
        target = node.target
        return isinstance(target, ast.Subscript) and isinstance(target.value, ast.Call)
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Subscript):
        return False
    bounds: list[ast.expr] = [s for s in _slices(node.targets[0]) if s.lower and s.upper]
    bounds += [s for s in indices(node.targets[0]) if _is_moved_place(s)]
    added = base_of(node.targets[0]) in names_used(node.value)
    return len(bounds) == 2 and not added


def _is_moved_place(index: ast.expr) -> bool:
    """Return whether an index is a place in a window, as seen from the window's corner."""
    return isinstance(index, ast.BinOp) and _is_add(index.op) and len(names_used(index)) > 1


def _conditions_of_loops(own: Own) -> list[ast.stmt]:
    return [node for node in own.statements if isinstance(node, ast.While)]


def _sums(own: Own) -> list[ast.stmt]:
    """Find the sum that stands for a number of places."""
    return [
        node
        for node in own.statements
        if own.with_call(("sum",), [node])
        or any(
            isinstance(leaf, ast.BinOp) and isinstance(leaf.op, ast.Add)
            for leaf in head_nodes(node)
        )
    ]


def _only_einsum(own: Own) -> list[ast.stmt]:
    found = own.with_call(("einsum",))
    return found if len(found) == 1 else []


WINDOWS: dict[str, Rule] = {
    "divides_by_sum": _sums,
    "filter_transposed": _only_einsum,
    "loops_over_input": _loops_over_input,
    "mean_instead_of_sum": lambda own: own.with_call(("mean", "average")),
    "not_scalar": partial(_adds, "b"),
    "result_channels_first": _channels_moved,
    "divides_by_height_squared": _squares,
    "crop_at_corner": _cut_at_corner,
    "filter_flipped": _filter_in_gradient,
    "W_mixed_up": partial(only_reshape, "W"),
    "dW_mixed_up": lambda own: own.last_made("dW"),
    "dA_overwritten": overwritten,
    "positions_without_padding": _conditions_of_loops,
}
"""By the name of a mistake, what finds the statements in whose place it is."""
