"""Rules that find the shape of an array read in another order, or of another array."""

import ast
import itertools
import re
from collections.abc import Iterator

from checks.evidence import Evidence, Found
from checks.lines.statements import CHANNELS, HEIGHT, PADS, WIDTH
from checks.rules.certain.values import values_of
from checks.rules.trees import at, name_of

OF_FILTERS = re.compile(
    rf"{CHANNELS.pattern}|(?i:(n_?|num_?)?filters|[oi]c|c_?(in|out)|(in|out)_?c(h|hannels?)?)"
)
LIKE = ("zeros", "zeros_like", "empty", "empty_like", "ones", "ones_like", "copy", *PADS)
BATCH_AXES = 4
MOST_COPIES = 4
"""How many copies in a row, and values of one name, are looked at."""


def unpacked_shapes(evidence: Evidence) -> Iterator[tuple[str, list[str], ast.expr]]:
    """Yield (array, names, target) of every shape of four that is unpacked."""
    for node in evidence.nodes:
        value = node.value if isinstance(node, ast.Assign) else None
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if not isinstance(target, ast.Tuple) or len(target.elts) != BATCH_AXES:
                continue
            names = [each.id if isinstance(each, ast.Name) else "" for each in target.elts]
            if isinstance(value, ast.Attribute) and value.attr == "shape":
                yield ast.unparse(value.value), names, target


def _given_shapes(evidence: Evidence) -> Iterator[tuple[str, list[str], ast.expr]]:
    """Yield those of arrays whose axes are in the order of the task."""
    for array, names, target in unpacked_shapes(evidence):
        if _has_own_order(evidence, array):
            yield array, names, target


def _has_own_order(evidence: Evidence, array: str, steps: int = MOST_COPIES) -> bool:
    """Return whether an array came in with its axes in this order, or is made as large as one.

    What a function makes itself, or moves the axes of, may have another order.
    """
    if not array.isidentifier() or steps == 0:
        return array.startswith("cache[")
    values = values_of(evidence).get(array, [])
    # Of a name with many values each may be another array's.
    if len(values) > MOST_COPIES:
        return False
    function = evidence.function
    own = [each.arg for each in function.args.args] if function else []
    for value in values:
        if value is None or ast.unparse(value).startswith("cache["):
            continue
        made_of = value.args[0] if isinstance(value, ast.Call) and value.args else None
        if name_of(value) == "copy" and made_of is None:
            made_of = getattr(getattr(value, "func", None), "value", None)
        text = ast.unparse(made_of).removesuffix(".shape") if made_of is not None else ""
        same = text == array or (text.isidentifier() and _has_own_order(evidence, text, steps - 1))
        if name_of(value) not in LIKE or not same:
            return False
    return bool(values) or array in own


def channels_first(evidence: Evidence) -> Found:
    return _channels_of_batch(evidence) or _channels_of_filters(evidence)


def channels_first_twice(evidence: Evidence) -> Found:
    """Find the shape of the filters that is read channels first, beside that of a batch."""
    return _channels_of_filters(evidence) if _channels_of_batch(evidence) else None


def _channels_of_batch(evidence: Evidence) -> Found:
    for array, names, node in _given_shapes(evidence):
        is_batch = array not in ("W", "dW") and HEIGHT.fullmatch(names[2])
        if is_batch and CHANNELS.fullmatch(names[1]) and not CHANNELS.fullmatch(names[3]):
            return at(node, array=array, names=", ".join(names))
    return None


def _channels_of_filters(evidence: Evidence) -> Found:
    for array, names, node in _given_shapes(evidence):
        first = array in ("W", "dW") and OF_FILTERS.fullmatch(names[0])
        others = [bool(OF_FILTERS.fullmatch(name)) for name in names[1:]]
        if first and (others[0] or others[2] or not any(others)):
            return at(node, array=array, names=", ".join(names))
    return None


def swapped_shape(evidence: Evidence) -> Found:
    """Find a shape that is read with height and width exchanged, and not so all through."""
    usual = any(
        isinstance(left, ast.Name)
        and isinstance(right, ast.Name)
        and HEIGHT.fullmatch(left.id)
        and WIDTH.fullmatch(right.id)
        for node in evidence.nodes
        if isinstance(node, (ast.Tuple, ast.List)) and _has_axes(node)
        for left, right in itertools.pairwise(node.elts)
    )
    for array, names, node in _given_shapes(evidence) if usual else ():
        if WIDTH.fullmatch(names[1]) and HEIGHT.fullmatch(names[2]):
            return at(node, array=array, names=", ".join(names))
    return None


def _has_axes(node: ast.Tuple | ast.List) -> bool:
    """Return whether these are sizes or places along axes: a pair of names is in no order."""
    return len(node.elts) > 2 or isinstance(node.ctx, ast.Load)


def sizes_of_wrong_array(evidence: Evidence) -> Found:
    shapes = tuple(unpacked_shapes(evidence))
    counted = {
        id(leaf)
        for node in evidence.nodes
        if name_of(node) in ("range", "ndindex")
        for leaf in ast.walk(node)
    }
    # Code that reads the input's sizes into other names only names them differently.
    for array, names, node in shapes if all(each[0] != "A_prev" for each in shapes) else ():
        previous = [name for name in names[1:3] if name.endswith("prev")]
        # So does code that only counts with them, once for each place of the output.
        used = any(
            isinstance(leaf, ast.Name)
            and leaf.id in previous
            and isinstance(leaf.ctx, ast.Load)
            and id(leaf) not in counted
            for leaf in evidence.nodes
        )
        if array in ("dZ", "dA") and len(previous) == 2 and used:
            return at(node, array=array, names=", ".join(previous))
    return _made_like(evidence, "dZ")


def _made_like(evidence: Evidence, array: str) -> Found:
    """Find a dA_prev that has the shape of `array`, a gradient of the output."""
    values = values_of(evidence).get("dA_prev", [])
    for node in evidence.nodes if sum(each is not None for each in values) == 1 else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id == "dA_prev":
            made = re.fullmatch(
                r"np\.(zeros|ones)(_like)?\(\(?(dZ|dA)(\.shape)?\)?\)",
                ast.unparse(node.value),  # type: ignore[attr-defined]
            )
            if made:
                return at(target, array=array, names="dA_prev") if made[3] == array else None
    return None


def shape_of_dA(evidence: Evidence) -> Found:
    return _made_like(evidence, "dA")
