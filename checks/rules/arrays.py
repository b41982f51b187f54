"""Rules on a function's text that find arrays and numbers written in a way that can't work."""

import ast
import re

from checks.assignments.functions import like
from checks.evidence import Evidence, Found
from checks.rules.trees import at, name_of, names_in, times_bound

BATCH_AXES = 4
MADE = ("zeros", "ones", "empty", "full")
ARRAYS = (*MADE, *(f"{name}_like" for name in MADE), "array", "copy", "list", *like("pad"))
"""What makes an array or a list, which a line can change in its place; a number it can't."""

BY_SIDES = ("height_width_swapped_slice", "output_transposed", "result_indices_swapped")
"""What exchanged sides may look like by their results, where the text shows which ones they are."""


def chained_slices(evidence: Evidence) -> Found:
    """Find `x[:][c]`, where the first pair of brackets does nothing."""
    for node in evidence.nodes:
        inner = node.value if isinstance(node, ast.Subscript) else None
        if not (isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Slice)):
            continue
        whole = not (inner.slice.lower or inner.slice.upper or inner.slice.step)
        if whole and not _picks_first(evidence, node):
            return at(node, code=ast.unparse(node))
    return None


def _picks_first(evidence: Evidence, node: ast.Subscript) -> bool:
    """Return whether the next brackets are meant for the first axis, as an example is, or for all.

    Then the part [:] does no harm.
    """
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    loops = [n for n in evidence.nodes if isinstance(n, (ast.For, ast.comprehension))]
    examples = {
        ast.unparse(loop.target)
        for loop in loops
        if re.search(r"\(m\)|shape\[0\]|len\(", ast.unparse(loop.iter))
    }
    return (
        len(items) >= BATCH_AXES
        or ast.unparse(node.slice) in examples
        or (bool(items) and ast.unparse(items[0]) in examples)
    )


def one_axis_cut_twice(evidence: Evidence) -> Found:
    """Find `x[a:b][c:d]`, where both pairs of brackets cut the first axis."""
    for node in evidence.nodes:
        inner = node.value if isinstance(node, ast.Subscript) else None
        if getattr(getattr(inner, "value", None), "attr", "") == "shape":
            continue
        if isinstance(inner, ast.Subscript) and _cuts_first(inner) and _cuts_first(node):
            return at(node, code=ast.unparse(node))
    return None


def _cuts_first(node: ast.AST) -> bool:
    index = getattr(node, "slice", None)
    first = index.elts[0] if isinstance(index, ast.Tuple) and index.elts else index
    return isinstance(first, ast.Slice) and bool(first.lower or first.upper)


def _written(evidence: Evidence) -> set[str]:
    """Return the arrays that something is stored in, or added to in their place."""
    return {
        ast.unparse(target.value if isinstance(target, ast.Subscript) else target)
        for node in evidence.nodes
        if isinstance(node, (ast.Assign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Subscript) or isinstance(node, ast.AugAssign)
    }


def one_array_two_names(evidence: Evidence) -> Found:
    """Find `a = b = np.zeros(…)` where something is written into both."""
    written = _written(evidence)
    for node in evidence.nodes:
        if isinstance(node, ast.Assign) and len(node.targets) > 1:
            names = [ast.unparse(target) for target in node.targets]
            if name_of(node.value) in ARRAYS and len(written & set(names)) > 1:
                return at(node, code=ast.unparse(node))
    return None


def second_name(evidence: Evidence) -> Found:
    """Find `dX = X`, a gradient that is another name for what it is the gradient of."""
    written = _written(evidence)
    for node in evidence.nodes:
        # What is stored in a part of an array is stored in the array.
        is_part = isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript)
        if is_part and any(ast.unparse(target) in written for target in node.targets):
            written.add(ast.unparse(node.value.value))
    loops = [node for node in evidence.nodes if isinstance(node, ast.For)]
    counted = {leaf.id for loop in loops for leaf in names_in(loop.target)}
    for node in evidence.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Name):
            is_gradient = target.id.lower() == f"d{value.id}".lower()
            # A later array of that name is one of its own, and a loop's variable is a number.
            is_only_name = times_bound(evidence, target.id) == 1 and value.id not in counted
            if is_gradient and is_only_name and target.id in written:
                return at(node, code=ast.unparse(node))  # type: ignore[arg-type]
    return None


def divided_and_multiplied(evidence: Evidence) -> Found:
    """Find `x / f * f`, where the second f undoes what the first one did."""
    for node in evidence.nodes:
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            continue
        inner, last = node.left, ast.unparse(node.right)
        divides = isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div)
        if divides and ast.unparse(inner.right) == last:
            return at(node, code=ast.unparse(node), name=last)
    return None
