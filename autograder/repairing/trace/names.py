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
        "permute_dims",
        "matrix_transpose",
        "squeeze",
        "view",
        "swapaxes",
        "moveaxis",
        "rollaxis",
        "expand_dims",
        "asarray",
        "asanyarray",
        "ascontiguousarray",
        "asfortranarray",
        "require",
        "atleast_1d",
        "atleast_2d",
        "atleast_3d",
        "flip",
        "fliplr",
        "flipud",
        "rot90",
        "diagonal",
        "diag",
        "broadcast_to",
        "split",
        "array_split",
        "hsplit",
        "vsplit",
        "dsplit",
        "real",
        "imag",
        "base",
        "data",
        "mT",
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


def recorded_chain(node: ast.AST) -> list[ast.Subscript]:
    """Return the subscripts of the elements whose change the trace records, `x` of `x[0][1]` first.

    There are none where a statement is recorded otherwise or not at all.
    """
    if not isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)) or node.value is None:
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Subscript):
        return []
    chain = [targets[0]]
    while isinstance(chain[0].value, ast.Subscript):
        chain.insert(0, chain[0].value)
    if any(isinstance(n, ast.Starred) for each in chain for n in ast.walk(each.slice)):
        return []
    return chain if isinstance(chain[0].value, ast.Name) else []


def kin(function: ast.FunctionDef) -> dict[str, set[str]]:
    """Return for a name all those that may be parts or views of one array with it."""
    found: dict[str, set[str]] = {}
    for names in _alike(function):
        together = set().union(names, *(found.get(name, set()) for name in names))
        found |= dict.fromkeys(together, together)
    return found


def _alike(function: ast.FunctionDef) -> Iterator[set[str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            if len(node.targets) > 1:
                yield {name for target in node.targets for name in plain_targets(target)}
            for target in node.targets:
                yield from _bound(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield from _bound(node.target, node.value)
        elif isinstance(node, (ast.For, ast.comprehension)):
            # The turns of a loop are parts of what it goes through.
            values = node.iter.args if _goes_through(node.iter) else [node.iter]
            for value in values:
                items = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
                for item in items:
                    yield from _bound(node.target, item)


def _goes_through(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    known = ("enumerate", "zip", "reversed", "iter", "list", "tuple")
    return isinstance(called, ast.Name) and called.id in known


def _bound(target: ast.expr, value: ast.expr) -> Iterator[set[str]]:
    pair = (target, value)
    if isinstance(value, (ast.IfExp, ast.BoolOp)):
        both = value.values if isinstance(value, ast.BoolOp) else [value.body, value.orelse]
        for each in both:
            yield from _bound(target, each)
    elif all(isinstance(each, (ast.Tuple, ast.List)) for each in pair):
        items = value.elts  # type: ignore[attr-defined]
        targets = target.elts  # type: ignore[attr-defined]
        if len(items) == len(targets) and not any(isinstance(t, ast.Starred) for t in targets):
            for one, other in zip(targets, items, strict=True):
                yield from _bound(one, other)
        else:
            for item in items:
                yield from _bound(target, item)
    elif root_of(value):
        yield {root_of(value), *plain_targets(target)}
