"""Which names statements bind and read, and which of them may share an array."""

import ast
from collections.abc import Iterator

NUMPY = ("np", "numpy")


def plain_targets(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target binds, those of tuples included."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from plain_targets(item)


def names_in(node: ast.AST, stored: bool = False) -> frozenset[str]:
    """Return the names that an expression reads, without those that it binds for itself."""
    leaves = [leaf for leaf in ast.walk(node) if isinstance(leaf, ast.Name)]
    own = set() if stored else {n.id for n in leaves if isinstance(n.ctx, ast.Store)}
    own |= {leaf.arg for leaf in ast.walk(node) if isinstance(leaf, ast.arg)}
    return frozenset(leaf.id for leaf in leaves) - own


VIEWS = frozenset(
    [
        "reshape",
        "ravel",
        "transpose",
        "squeeze",
        "view",
        "swapaxes",
        "moveaxis",
        "expand_dims",
        "asarray",
        "T",
        "flat",
    ]
)
"""Attributes and functions that return another view of one array."""


def root_of(node: ast.expr) -> str:
    """Return the name of the array of which an expression is a part or a view; "" of none."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Subscript) or (
            isinstance(node, ast.Attribute) and node.attr in VIEWS
        ):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in VIEWS:
                return ""
            of_numpy = isinstance(node.func.value, ast.Name) and node.func.value.id in NUMPY
            if of_numpy and not node.args:
                return ""
            node = node.args[0] if of_numpy else node.func
        else:
            return ""
    return node.id


def written_in(node: ast.AST) -> Iterator[str]:
    """Yield the name of the array of which a statement writes elements."""
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Subscript) and root_of(target):
                yield root_of(target)


def kin(function: ast.FunctionDef) -> dict[str, set[str]]:
    """Return for a name all those that may be parts or views of one array with it."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and root_of(node.value):
            root = root_of(node.value)
            names = {root, *(name for target in node.targets for name in plain_targets(target))}
            together = set().union(names, *(found.get(name, set()) for name in names))
            found |= dict.fromkeys(together, together)
    return found
