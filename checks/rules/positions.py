"""Rules on a function's text about positions: of a maximum, and of a window that moves."""

import ast
from collections.abc import Iterator

from checks.evidence import Evidence, Found
from checks.rules.certain.values import origin
from checks.rules.trees import at, name_of, names_in, own_returns, short, times_bound

SEARCHES = ("argmax", "argmin")
SIDES = 2


def position_for_value(evidence: Evidence) -> Found:
    """Find an entry of a result that is the position which np.argmax returns."""
    returns = [node.value for node in own_returns(evidence)]
    given_back = [part for value in returns for part in _listed(value)]
    returned = {part.id for part in given_back if isinstance(part, ast.Name)}
    # An array of positions may give the values afterwards.
    returned -= {name for name in returned if times_bound(evidence, name) > 1}
    for node in evidence.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        # An array of positions that a student keeps beside the result is no mistake.
        is_entry = any(
            isinstance(t, ast.Subscript)
            and len(_items(t)) > SIDES
            and getattr(t.value, "id", "") in returned
            for t in targets
        )
        if is_entry and name_of(node.value) in SEARCHES:  # type: ignore[attr-defined]
            return at(node, code=short(node), name=name_of(node.value))  # type: ignore[attr-defined]
    return None


def _listed(value: ast.expr | None) -> list[ast.expr]:
    if value is None:
        return []
    return value.elts if isinstance(value, ast.Tuple) else [value]


def _items(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def begins_before(loop: ast.For, name: str, evidence: Evidence) -> bool:
    """Return whether position 0 of what a loop counts is looked at outside it, as in a search.

    It is told by an index that is 0, or that begins as 0, in place of the loop's own variable.
    """
    inside = {id(node) for node in ast.walk(loop)}
    zeros = {
        target.id
        for node in evidence.nodes
        if isinstance(node, ast.Assign) and _is_zero(node.value) and id(node) not in inside
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    counted = {place for node in ast.walk(loop) for place in _places(node, {name})}
    return any(
        place in counted
        for node in evidence.nodes
        for place in _places(node, zeros, with_zero=id(node) not in inside)
    )


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0 and node.value is not False


def _places(node: ast.AST, names: set[str], with_zero: bool = False) -> Iterator[tuple[str, int]]:
    """Yield the array and the axis of each index that is one of these names, or 0."""
    if isinstance(node, ast.Subscript):
        for axis, item in enumerate(_items(node)):
            is_named = isinstance(item, ast.Name) and item.id in names
            if is_named or (with_zero and _is_zero(item)):
                yield ast.unparse(node.value), axis


def flat_index_by_columns(evidence: Evidence) -> Found:
    """Find a position of np.argmax that is taken apart by the number of rows."""
    given = {each.arg for each in evidence.function.args.args} if evidence.function else set()
    for node in evidence.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.FloorDiv)):
            flat, by = node.left, node.right
        elif name_of(node) == "divmod" and len(getattr(node, "args", ())) == SIDES:
            flat, by = node.args  # type: ignore[attr-defined]
        else:
            continue
        flat, by = (origin(evidence, part) for part in (flat, by))
        searched = isinstance(flat, ast.Call) and name_of(flat) in SEARCHES
        array = _searched_array(flat) if searched else ""
        # Only an argument may be wider than high: the windows of a layer are square.
        if array in given and _is_rows(by, array, evidence):
            return at(node, code=short(node))
    return None


def _searched_array(call: ast.Call) -> str:
    """Return the array in which np.argmax looks for a position of all its numbers, row by row."""
    if call.keywords:
        return ""
    is_method = ast.unparse(getattr(call.func, "value", call.func)) not in ("np", "numpy")
    array = call.func.value if is_method and not call.args else next(iter(call.args), None)  # type: ignore[attr-defined]
    if array is None or len(call.args) > 1:
        return ""
    while isinstance(array, ast.Call) and name_of(array) in ("ravel", "flatten", "abs"):
        inner = getattr(array.func, "value", None)
        array = array.args[0] if array.args else inner
    return ast.unparse(array) if array is not None else ""


def _is_rows(node: ast.expr, array: str, evidence: Evidence) -> bool:
    if ast.unparse(node) in (f"{array}.shape[0]", f"len({array})"):
        return True
    for each in evidence.nodes:
        target = each.targets[0] if isinstance(each, ast.Assign) else None
        if isinstance(target, ast.Tuple) and len(target.elts) == SIDES:
            is_shape = ast.unparse(each.value) == f"{array}.shape"  # type: ignore[attr-defined]
            if is_shape and ast.unparse(target.elts[0]) == ast.unparse(node):
                return True
    return False


def start_not_reset(evidence: Evidence) -> Found:
    """Find a window's corner that moves in an inner loop and begins anew before an outer one."""
    for block in _blocks(evidence):
        for number, first in enumerate(block):
            target = first.targets[0] if isinstance(first, ast.Assign) else None
            if not isinstance(target, ast.Name) or not isinstance(first.value, ast.Constant):  # type: ignore[attr-defined]
                continue
            for loop in block[number + 1 :]:
                inner = _moved_in_inner_loop(loop, target.id)
                if inner is not None and _is_corner(loop, target.id):
                    return at(first, code=short(first), of=short(loop), inner=short(inner))
    return None


def _blocks(evidence: Evidence) -> Iterator[list[ast.stmt]]:
    for node in evidence.nodes:
        if isinstance(node, (ast.For, ast.FunctionDef)):
            yield node.body


def _moved_in_inner_loop(loop: ast.stmt, name: str) -> ast.For | None:
    """Return the loop inside a loop, but no further one, that moves a name and sets it nowhere."""
    changes = [
        node
        for node in ast.walk(loop)
        if isinstance(node, (ast.Assign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == name
    ]
    stored = [n for n in names_in(loop) if n.id == name and isinstance(n.ctx, ast.Store)]
    if not isinstance(loop, ast.For) or len(changes) != 1 or not _moves(changes[0], name):
        return None
    if len(stored) != 1:
        # A line that gives several names their values gives one to this name, too.
        return None
    inner = (node for node in loop.body if isinstance(node, ast.For))
    return next((each for each in inner if changes[0] in each.body), None)


def _moves(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Add)
    value = getattr(node, "value", None)
    is_sum = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add)
    return is_sum and name in {leaf.id for leaf in names_in(value)}


def _is_corner(loop: ast.stmt, name: str) -> bool:
    """Return whether a window of rows and columns begins at a name."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript):
            starts = [item.lower for item in _items(node) if isinstance(item, ast.Slice)]
            begins = [ast.unparse(start) for start in starts if start is not None]
            if len(begins) >= SIDES and name in begins:
                return True
    return False
