"""Rules on a function's text about what its branches return and what its loops count."""

import ast
from collections.abc import Iterator

from checks.assignments.functions import ELEMENTWISE
from checks.evidence import Evidence, Found
from checks.rules.trees import at, name_of, names_in, own_returns, short
from checks.text import listed

BATCHES = ("A", "A_prev", "X", "Z", "dA", "dZ", "columns", "W")
"""Arrays of which each axis has a length of its own, but for the two sides of a filter."""

MEMORY = "memory"
"""The argument in which a network's backward pass finds what the forward pass kept."""

WHOLE = ("all", "any")
NUMBERS_LOST = ("isnan", "isinf", "isfinite")
"""What is asked of a whole array to stop where it holds no numbers."""

MOST_AXES = 4
SIDES = 2


def shorter_return(evidence: Evidence) -> Found:
    """Find a `return` with fewer things than another one has, where both kinds were seen."""
    wanted = len(evidence.outputs)
    values = [o.value for o in evidence.observations.values() if o.status == "ok"]
    seen = {
        len(value) if isinstance(value, (tuple, list)) else 1
        for value in values
        if value is not None
    }
    if not evidence.failed or wanted not in seen or min(seen) == wanted:
        return None
    returns = own_returns(evidence)
    short_ones = [node for node in returns if _things(node) < wanted]
    # A name may stand for several things: another `return` has to list them.
    if len(short_ones) == 1 and any(_things(node) == wanted for node in returns):
        return at(short_ones[0], code=short(short_ones[0]), names=listed(evidence.outputs))
    return None


def _things(node: ast.Return) -> int:
    return len(node.value.elts) if isinstance(node.value, (ast.Tuple, ast.List)) else 1


def flattened_again(evidence: Evidence) -> Found:
    """Find a gradient that is flattened on the way back through the network."""
    if MEMORY not in evidence.parameters:
        return None
    kept = {
        leaf.id
        for node in evidence.nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == MEMORY
        for leaf in names_in(node.targets[0])
    }
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) == "flatten":
            given = {leaf.id for leaf in names_in(node)} - {"flatten"}
            if given and not given & {*kept, MEMORY}:
                return at(node, code=short(node))
    return None


def decided_for_several(evidence: Evidence) -> Found:
    """Find `np.all` or `np.any` in a function that decides for each number by itself."""
    function = evidence.function
    if function is None or function.name not in ELEMENTWISE:
        return None
    checked = {
        id(leaf)
        for node in evidence.nodes
        if isinstance(node, ast.Assert) or _only_stops(node)
        for leaf in ast.walk(node.test)  # type: ignore[attr-defined]
    }
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) in WHOLE and id(node) not in checked:
            arrays = [leaf for leaf in names_in(node) if leaf.id in evidence.parameters]
            parts = list(ast.walk(node))
            about_numbers = any(name_of(part) in NUMBERS_LOST for part in parts)
            if arrays and not about_numbers and not any(map(_is_one_number, parts)):
                return at(node, code=short(node))
    return None


def _only_stops(node: ast.AST) -> bool:
    """Return whether a condition only ends the function with an exception."""
    return isinstance(node, ast.If) and all(isinstance(each, ast.Raise) for each in node.body)


def _is_one_number(node: ast.AST) -> bool:
    """Return whether an entry may be one number: `x[i, j]`, or `x[where]` with a whole index."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(isinstance(item, ast.Name) for item in items)


def counted_along_another_axis(evidence: Evidence) -> Found:
    """Find a loop over the length of one axis whose variable picks from another axis."""
    sizes = _sizes(evidence)
    for loop in evidence.nodes:
        if not (isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)):
            continue
        if name_of(loop.iter) != "range" or not isinstance(loop.iter, ast.Call):
            continue
        bound = ast.unparse(loop.iter.args[:2][-1]) if loop.iter.args else ""
        array, axis = sizes.get(bound, ("", 0))
        picked = [(p, n) for p, n in _picked(loop, loop.target.id, array)] if array else []
        # The two sides of a filter are of one length.
        sides = array == "W" and axis < SIDES
        if picked and all(other != axis and not (sides and other < SIDES) for other, _ in picked):
            other, node = picked[0]
            return at(
                loop,
                code=short(loop),
                name=array,
                axis=str(axis),
                index=loop.target.id,
                other=str(other),
                of=short(node),
            )
    return None


def _sizes(evidence: Evidence) -> dict[str, tuple[str, int]]:
    """Return what stands for the length of one axis: text -> (array, axis)."""
    bound = [
        leaf.id
        for node in evidence.nodes
        for leaf in ([node] if isinstance(node, ast.Name) else [])
        if isinstance(leaf.ctx, ast.Store)
    ]
    arrays = [n for n in BATCHES if bound.count(n) <= (n not in evidence.parameters)]
    found = {f"{n}.shape[{axis}]": (n, axis) for n in arrays for axis in range(MOST_AXES)}
    found |= {f"len({n})": (n, 0) for n in arrays}
    unpacked = [
        leaf.id
        for node in evidence.nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.value).endswith(".shape")
        for leaf in ast.walk(node.targets[0])
        if isinstance(leaf, ast.Name)
    ]
    for node in evidence.nodes:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], ast.unparse(node.value)
        if isinstance(target, ast.Name) and value in found and bound.count(target.id) == 1:
            found[target.id] = found[value]
        elif isinstance(target, ast.Tuple) and value.removesuffix(".shape") in arrays:
            array = value.removesuffix(".shape")
            for axis, each in enumerate(target.elts) if value != array else ():
                # What is read from one shape after the other is what it was read from last.
                if isinstance(each, ast.Name) and bound.count(each.id) == unpacked.count(each.id):
                    found[each.id] = (array, axis)
    return found


def _picked(loop: ast.For, variable: str, array: str) -> Iterator[tuple[int, ast.Subscript]]:
    """Yield (axis, where) for each place in a loop at which its variable picks from an array."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == array:
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            for axis, item in enumerate(items):
                if isinstance(item, ast.Constant) and item.value in (..., None):
                    break
                if isinstance(item, ast.Name) and item.id == variable:
                    yield axis, node
