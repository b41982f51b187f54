"""Which line of a student's own helper holds a mistake that shows where the helper is called."""

import ast
from collections.abc import Callable, Mapping

from checks.evidence import Evidence
from checks.lines.own import calls_in
from checks.lines.statements import head_nodes, own_statements
from checks.rules.inlined import helpers_of

Kind = Callable[[ast.AST], bool]


def _divides(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Div, ast.FloorDiv))


def _cuts(node: ast.AST) -> bool:
    return isinstance(node, ast.Slice) and node.lower is not None and node.upper is not None


def _moves_by_one(node: ast.AST) -> bool:
    is_one = isinstance(node, ast.BinOp) and getattr(node.right, "value", None) == 1
    return is_one and isinstance(node.op, (ast.Add, ast.Sub))  # type: ignore[attr-defined]


def _passes_relu(node: ast.AST) -> bool:
    name = getattr(getattr(node, "func", None), "id", "")
    return isinstance(node, ast.Call) and name.startswith("relu")


KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("output_size", "size_one_missing", "size_one_twice"), _divides),
    **dict.fromkeys(("size_one_inside", "size_rounded_up", "size_rounded"), _divides),
    **dict.fromkeys(("size_pad_once", "size_pad_missing", "size_f_missing"), _divides),
    **dict.fromkeys(("pad_zero_crop", "pad_zero_slice", "crop_wrong", "crop_too_small"), _cuts),
    "window_end_off_by_one": _moves_by_one,
    **dict.fromkeys(("relu_arguments_exchanged", "mask_of_gradient"), _passes_relu),
}
"""By the name of a mistake, what kind of expression it is in."""


def in_helper(cause: str, numbers: tuple[int, ...], evidence: Evidence) -> tuple[str, int] | None:
    """Return the helper, and the line of its text, that lines of a function only call.

    The helper has one statement of the kind that the mistake is in, and the function none.
    """
    kind = KINDS.get(cause.partition("/")[2])
    if kind is None or evidence.function is None or not numbers or not evidence.helpers:
        return None
    own = [node for node, _ in own_statements(evidence.function)]
    shown = [node for node in own if node.lineno + evidence.first_line - 1 in numbers]
    known = helpers_of(evidence)
    called = {name for node in shown for name in calls_in(node) if name in known}
    if len(called) != 1 or any(kind(leaf) for node in shown for leaf in head_nodes(node)):
        return None
    (name,) = called
    inside = [node for node, _ in own_statements(known[name])]
    found = {node.lineno for node in inside if any(kind(leaf) for leaf in head_nodes(node))}
    return (name, found.pop()) if len(found) == 1 and name in evidence.helpers else None
