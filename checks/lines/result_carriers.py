"""Which statements carry mistakes that show in a result's size, or in what is left out of it."""

import ast
from collections.abc import Callable

from checks.lines.own import Own, names_used, targets_of
from checks.lines.statements import MADE, head_nodes, indices
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
    found = own.with_call(LAID_FLAT) or [n for n in own.with_call(MADE) if _in_one_row(n)]
    return found if len(found) == 1 else returns


def _in_one_row(node: ast.stmt) -> bool:
    """Return whether an array is made with as many numbers as a product of lengths."""
    sizes = [leaf.args[0] for leaf in head_nodes(node) if isinstance(leaf, ast.Call) and leaf.args]
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult) for n in sizes)


def _without_bias(own: Own) -> list[ast.stmt]:
    """Find what makes Z, or the `return` where a loop adds it up: there b has to be added."""
    found = own.last_made("Z")
    if found and isinstance(found[0], ast.AugAssign) and own.in_loop(found[0]):
        return [node for node in own.statements if isinstance(node, ast.Return)]
    return found


def _only_reading(own: Own, is_meant: Callable[[ast.Subscript], bool]) -> list[ast.stmt]:
    """Find the only line that reads a part of an array that is meant."""
    found = [
        node
        for node in own.statements
        if any(
            isinstance(leaf, ast.Subscript) and isinstance(leaf.ctx, ast.Load) and is_meant(leaf)
            for leaf in head_nodes(node)
        )
    ]
    return found if len(found) == 1 else []


def _first_channel(own: Own) -> list[ast.stmt]:
    """Find the only line that reads what is at 0 along the last axis."""

    def is_first(leaf: ast.Subscript) -> bool:
        parts = indices(leaf)
        return len(parts) > 1 and ast.unparse(parts[-1]) == "0"

    return _only_reading(own, is_first)


def _windows_of_input(own: Own) -> list[ast.stmt]:
    """Find the only line that cuts windows out of the image as it was given."""

    def is_window(leaf: ast.Subscript) -> bool:
        cut = any(isinstance(part, ast.Slice) and part.lower for part in indices(leaf))
        return ast.unparse(leaf.value) == "A_prev" and cut

    return _only_reading(own, is_window)


def _added_in_logarithm(own: Own) -> list[ast.stmt]:
    """Find the only line that takes the logarithm of something and a small number."""
    found = [
        node
        for node in own.with_call(("log",))
        if any(
            isinstance(leaf, ast.Call)
            and isinstance(leaf.args[0] if leaf.args else None, ast.BinOp)
            and isinstance(leaf.args[0].op, ast.Add)  # type: ignore[attr-defined]
            for leaf in head_nodes(node)
        )
    ]
    return found if len(found) == 1 else []


RESULTS: dict[str, Rule] = {
    "one_side_only": _made_too_small,
    "both_sides_on_one_side": _put_in,
    "crop_too_small": _cropped,
    "flattened": _stays_flat,
    "bias_missing": _without_bias,
    "one_channel_only": _first_channel,
    "unpadded_input": _windows_of_input,
    "epsilon_in_logarithm": _added_in_logarithm,
}
"""By the name of a mistake, what finds the statements in whose place it is."""
