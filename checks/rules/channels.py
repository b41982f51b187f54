"""Rules on a function's text about channels: where they stand, and how many there are."""

import ast
import re

from checks.evidence import Evidence, Found
from checks.lines.statements import CHANNELS
from checks.rules.suspicions import assignments, made_here
from checks.rules.trees import at, name_of, names_in, returned_names, short, times_bound
from checks.student_source import nodes_of

OTHER_ORDER = re.compile(
    r"@|\b(dot|matmul|einsum|tensordot|stack|concatenate|append|transpose|moveaxis|swapaxes)\b|\.T\b"
)
"""What may give an array its channels as the first axis."""

OF_INPUT = re.compile(r"(?i)_?(prev|in)$")


def channels_in_front(evidence: Evidence) -> Found:
    """Find a reshape that puts the number of channels before another axis, and moves no axis."""
    for node in evidence.nodes:
        if name_of(node) != "reshape" or not isinstance(node, ast.Call):
            continue
        sizes = list(node.args)
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "np":
            array, sizes = (sizes[0], sizes[1:]) if sizes else (None, [])
        else:
            array = node.func.value if isinstance(node.func, ast.Attribute) else None
        if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple):
            sizes = sizes[0].elts
        moved = re.search(
            r"\.T\b|transpose|moveaxis|swapaxes|rollaxis", ast.unparse(array or node)
        ) or OTHER_ORDER.search(ast.unparse(array or ast.Pass()))
        names = [size.id if isinstance(size, ast.Name) else "" for size in sizes]
        while sizes and ast.unparse(sizes[-1]) == "1":
            # An axis of length 1 behind the others puts nothing before them.
            sizes, names = sizes[:-1], names[:-1]
        if isinstance(array, ast.Name) and _is_in_another_order(evidence, array.id):
            continue
        if array is not None and not moved and len(names) > 1:
            front = [name for name in names[:-1] if name and CHANNELS.fullmatch(name)]
            if front and not CHANNELS.fullmatch(names[-1] or "-"):
                return at(node, code=short(node), name=front[0])
    return None


def _is_in_another_order(evidence: Evidence, array: str) -> bool:
    """Return whether an array is made in a way that may put its channels in front."""
    return any(
        OTHER_ORDER.search(ast.unparse(node.value))
        for node in assignments(evidence)
        if any(isinstance(t, ast.Name) and t.id == array for t in node.targets)
    )


def all_channels_in_loop(evidence: Evidence) -> Found:
    """Find `dZ[i, h, w, :]` inside a loop over the channels, which picks one of them."""
    for loop in evidence.nodes:
        if not isinstance(loop, ast.For) or name_of(loop.iter) != "range":
            continue
        if not any(CHANNELS.fullmatch(leaf.id) for leaf in names_in(loop.iter)):
            continue
        for node in nodes_of(loop):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("dZ", "dA"):
                items = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
                plain = [isinstance(item, ast.Name) for item in items]
                if plain == [True, True, True, False] and ast.unparse(items[3]) == ":":
                    return at(node, code=ast.unparse(node), of=short(loop))
    return None


def one_channel(evidence: Evidence) -> Found:
    """Find an output that is made for one channel, whatever the input has."""
    for node in assignments(evidence):
        target, value = node.targets[0], node.value
        one = isinstance(value, ast.Constant) and value.value == 1
        is_count = isinstance(target, ast.Name) and CHANNELS.fullmatch(target.id)
        # Another line may count the channels, and those of the input are not the output's.
        is_only = is_count and times_bound(evidence, target.id) == 1  # type: ignore[attr-defined]
        if one and is_only and not OF_INPUT.search(target.id):  # type: ignore[attr-defined]
            return at(node, code=short(node))
        if made_here(node) in returned_names(evidence) - {""} and isinstance(value, ast.Call):
            shape = value.args[0] if value.args else None
            items = shape.elts if isinstance(shape, ast.Tuple) else []
            if len(items) == 4 and [ast.unparse(item) == "1" for item in items[1:]] == [
                False,
                False,
                True,
            ]:
                return at(node, code=short(node))
    return None
