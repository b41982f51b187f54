"""Which statements carry mistakes that show in a result's size, or in what is left out of it."""

import ast

from checks.lines.own import Own, names_used, targets_of
from checks.lines.statements import MADE, base_of, head_nodes
from checks.lines.window_carriers import Rule

LAID_FLAT = ("flatten", "ravel", "reshape")
PUT_TOGETHER = ("pad", "concatenate", "hstack", "vstack")


def _made_too_small(own: Own) -> list[ast.stmt]:
    """Find where the padded array is made that an image is written into, or else np.pad."""
    joined = own.with_call(PUT_TOGETHER)
    made = [node for node in own.with_call(MADE) if "pad" in names_used(node)]
    found = joined or made
    return found if len(found) == 1 else []


def _put_in(own: Own) -> list[ast.stmt]:
    """Find where the image is put into a larger array, or np.pad."""
    written = [
        node
        for node in own.statements
        if any(isinstance(target, ast.Subscript) for target in targets_of(node))
        and own.given[0] in names_used(node)
    ]
    found = own.with_call(PUT_TOGETHER) or written
    return found if len(found) == 1 else []


def _cropped(own: Own) -> list[ast.stmt]:
    return own.last_made("dA_prev")


def _stays_flat(own: Own) -> list[ast.stmt]:
    """Find what lays a result out in one row, or else what returns it like that."""
    returns = [node for node in own.statements if isinstance(node, ast.Return)]
    found = own.with_call(LAID_FLAT)
    return found if len(found) == 1 else returns


def _without_bias(own: Own) -> list[ast.stmt]:
    """Find what makes Z, or the `return` where a loop adds it up: there b has to be added."""
    found = own.last_made("Z")
    if found and isinstance(found[0], ast.AugAssign) and own.in_loop(found[0]):
        return [node for node in own.statements if isinstance(node, ast.Return)]
    return found


def only_reshape(name: str, own: Own) -> list[ast.stmt]:
    """Find the only line that reshapes an array, or anything where that has no name."""
    reshapes = own.with_call(("reshape",))
    found = [node for node in reshapes if not name or name in _reshaped(node)]
    return found if len(found) == 1 else []


def _reshaped(node: ast.stmt) -> set[str]:
    return {
        base_of(leaf.func.value)
        for leaf in head_nodes(node)
        if isinstance(leaf, ast.Call)
        and isinstance(leaf.func, ast.Attribute)
        and leaf.func.attr == "reshape"
    }


RESULTS: dict[str, Rule] = {
    "one_side_only": _made_too_small,
    "both_sides_on_one_side": _put_in,
    "crop_too_small": _cropped,
    "flattened": _stays_flat,
    "bias_missing": _without_bias,
}
"""By the name of a mistake, what finds the statements in whose place it is."""
