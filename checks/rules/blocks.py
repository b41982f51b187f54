"""Rules that find a pooling layer which takes its windows for blocks side by side."""

import ast

from checks.evidence import Evidence, Found
from checks.rules.certain.values import argument, indices, values_of
from checks.rules.sizes import GRADIENTS, Sizes
from checks.rules.trees import at, name_of, names_in, short

REPEATS = ("repeat", "kron")
"""Functions of NumPy that put each number of an array several times side by side."""


def blocks_for_windows(evidence: Evidence) -> Found:
    """Find a pooling layer that cuts its input into blocks by a reshape to six axes."""
    compared = any(
        isinstance(node, ast.Compare) and any("stride" in n.id for n in names_in(node))
        for node in evidence.nodes
    )
    if "mode" not in evidence.parameters or "hparameters" not in evidence.parameters or compared:
        return None
    known = Sizes(evidence)
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) == "reshape":
            sizes = [
                leaf
                for arg in node.args
                for leaf in (arg.elts if isinstance(arg, (ast.Tuple, ast.List)) else [arg])
            ]
            of_window = [place for place, size in enumerate(sizes) if known.roles(size) == {"f"}]
            # Side by side they are the two axes of windows that are there already.
            apart = len(of_window) == 2 and of_window[1] - of_window[0] > 1
            if apart and len(sizes) >= 6 and not _is_picked(evidence, argument(node)):
                return at(node, code=short(node))
    return None


def _is_picked(evidence: Evidence, array: ast.expr | None) -> bool:
    """Return whether the rows or columns of an array were picked one by one, by lists of them."""
    seen: set[str] = set()
    while array is not None:
        if name_of(array) == "take":
            return True
        if isinstance(array, ast.Subscript):
            if not all(isinstance(each, ast.Slice) for each in indices(array)):
                return True
            array = array.value
        elif isinstance(array, ast.Call):
            array = argument(array)
        elif isinstance(array, ast.Name) and array.id not in seen:
            seen.add(array.id)
            array = next((v for v in values_of(evidence).get(array.id, []) if v), None)
        else:
            return False
    return False


def repeated_for_windows(evidence: Evidence) -> Found:
    """Find a gradient that is repeated f times in a row by a function that never uses the stride.

    Its numbers then lie as far apart as the windows do only where the stride is f.
    """
    if "mode" not in evidence.parameters or "cache" not in evidence.parameters:
        return None
    known = Sizes(evidence)
    read = [n for n in evidence.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    if any("stride" in known.roles(name) or name.id == "stride" for name in read):
        return None
    words = {n.value for n in evidence.nodes if isinstance(n, ast.Constant)}
    if "stride" in words and not any("stride" in known.roles(n) for n in evidence.nodes):
        # It is read in a way that tells no name for it.
        return None
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) in REPEATS:
            given = {name.id for name in names_in(node)}
            sizes = [*node.args, *(keyword.value for keyword in node.keywords)]
            # As many times as a window has places is another way.
            sizes = [size for size in sizes if not isinstance(size, ast.BinOp)]
            if given & {*GRADIENTS} and any("f" in known.roles(size) for size in sizes):
                return at(node, code=short(node))
    return None
