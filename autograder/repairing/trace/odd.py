"""Which names hold something of which the trace may not show every change.

What is not known to leave its arrays alone counts as a change: no line is told then.
"""

import ast
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from autograder.repairing.code import Code
from autograder.repairing.trace.names import (
    NUMPY,
    VIEWS,
    kin,
    plain_targets,
    recorded_chain,
    root_of,
)

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

HOLDERS = (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.GeneratorExp)

BUILTINS = frozenset(
    [
        "print",
        "len",
        "range",
        "int",
        "float",
        "bool",
        "str",
        "repr",
        "abs",
        "min",
        "max",
        "sum",
        "round",
        "pow",
        "divmod",
        "isinstance",
        "type",
        "tuple",
        "list",
        "enumerate",
        "zip",
        "reversed",
        "any",
        "all",
        "sorted",
        "slice",
        "format",
        "id",
    ]
)
"""Functions that leave what they are given alone."""

HOLDING = frozenset(["tuple", "list", "enumerate", "zip", "reversed", "sorted"])
"""Those whose result holds parts of what they are given."""

ATTRIBUTES = VIEWS | frozenset(
    [
        "shape",
        "size",
        "ndim",
        "dtype",
        "itemsize",
        "nbytes",
        "sum",
        "mean",
        "max",
        "min",
        "std",
        "var",
        "prod",
        "cumsum",
        "copy",
        "astype",
        "flatten",
        "dot",
        "any",
        "all",
        "argmax",
        "argmin",
        "argsort",
        "item",
        "tolist",
        "clip",
        "repeat",
        "round",
        "nonzero",
        "conj",
        "take",
        "trace",
        "format",
        "join",
        "get",
        "keys",
        "values",
        "items",
        "index",
        "count",
    ]
)
"""Attributes that change nothing, called or not."""

MODULES = frozenset(["linalg", "random"])

WRITERS = frozenset(
    [
        "copyto",
        "put",
        "place",
        "putmask",
        "put_along_axis",
        "fill_diagonal",
        "shuffle",
        "nditer",
        "vectorize",
        "frompyfunc",
        "apply_along_axis",
        "apply_over_axes",
        "piecewise",
        "fromfunction",
        "seterrcall",
    ]
)
"""NumPy's functions that change what they are given, or that call others."""

NO_OUT = VIEWS | frozenset(
    [
        "where",
        "einsum",
        "arange",
        "linspace",
        "full",
        "pad",
        "tensordot",
        "zeros",
        "ones",
        "empty",
        "array",
        "sliding_window_view",
        "select",
        "interp",
        "concatenate",
        "stack",
        "repeat",
        "tile",
        "roll",
        "isclose",
        "allclose",
        "array_equal",
        "get",
    ]
)
"""Functions of which no place is that of an array for the result."""

CALLERS = frozenset(["exec", "eval", "compile", "locals", "globals", "vars"])


def odd_names(code: Code, helpers: Collection[str] = ()) -> set[str]:
    """Return the names of which the trace does not show every change."""
    function = code.function
    nodes = list(ast.walk(function))
    if any(isinstance(n, ast.Name) and n.id in CALLERS for n in nodes):
        return set(code.parameters) | {n.id for n in nodes if isinstance(n, ast.Name)}
    together = kin(function)
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.name for n in nodes if isinstance(n, SCOPES[:3]) and n is not function}
    # A function among the arguments is the course's, unless it is a default.
    given = code.parameters[: len(code.parameters) - len(function.args.defaults)]
    calls = _Calls((BUILTINS | {*helpers, *given}) - bound)
    recorded = {id(chain[-1]) for node in _outer(function) if (chain := recorded_chain(node))}

    def widened(names: Iterable[str]) -> set[str]:
        return {each for name in names for each in together.get(name, {name})}

    odd: set[str] = set()
    changed: set[str] = set()
    for node in nodes:
        if isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            changed |= widened(_held_by(node.value))
            if id(node) not in recorded:
                odd |= widened(_held_by(node.value))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            changed |= widened([node.target.id])
            odd |= widened([node.target.id]) - {node.target.id}
        elif node is not function:
            odd |= widened([*_odd_here(node), *calls.changed(node)])
    holders = [(widened(names), widened(held)) for names, held in _holders(nodes, calls)]
    changed |= odd
    for _ in holders:
        # What is changed by way of something that holds it is changed unseen.
        for names, held in holders:
            if names & changed:
                changed |= held
                odd |= held
    for _ in holders:
        for names, held in holders:
            if held & (changed | odd):
                odd |= names
    return odd - {*NUMPY}


def _outer(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what is in a function, but not in one within it, which is not recorded."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, SCOPES):
            yield node
            waiting += ast.iter_child_nodes(node)


def _leaves(node: ast.AST) -> set[str]:
    return {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}


def _held_by(node: ast.expr) -> set[str]:
    """Return the names of the arrays of which an expression may be a part."""
    return {root_of(node)} if root_of(node) else _leaves(node)


def _odd_here(node: ast.AST) -> Iterator[str]:
    if isinstance(node, SCOPES):
        if not isinstance(node, ast.Lambda):
            yield node.name
        if not isinstance(node, ast.ClassDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                yield from _leaves(default) if default else ()
        for leaf in ast.walk(node):
            if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store):
                yield leaf.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, ast.withitem) and node.optional_vars:
        yield from plain_targets(node.optional_vars)
    elif isinstance(node, ast.alias):
        yield node.asname or node.name
    elif isinstance(node, ast.Starred) and isinstance(node.value, ast.Name):
        yield node.value.id


def _holders(nodes: Iterable[ast.AST], calls: "_Calls") -> Iterator[tuple[set[str], set[str]]]:
    """Yield names with those of the arrays that their values may hold."""
    for node in nodes:
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = node.value
        called = value.func if isinstance(value, ast.Call) else None
        holds = isinstance(value, HOLDERS) or (
            isinstance(value, ast.Call)
            and ((isinstance(called, ast.Name) and called.id in HOLDING) or not calls.known(value))
        )
        for target in targets:
            pairs = isinstance(value, (ast.Tuple, ast.List)) and isinstance(target, ast.Tuple)
            if holds and not pairs:
                yield {*plain_targets(target)}, _leaves(value)


class _Calls:
    """Tells what a call may change."""

    def __init__(self, harmless: Collection[str]) -> None:
        self._harmless = harmless

    def changed(self, node: ast.AST) -> Iterator[str]:
        """Yield the names of what an expression may change, itself or by what it hands on."""
        if isinstance(node, ast.Attribute):
            if not _of_numpy(node) and node.attr not in ATTRIBUTES:
                yield from _held_by(node.value)
        elif isinstance(node, ast.Call):
            named = [keyword.value for keyword in node.keywords]
            kind = _method_of_ufunc(node.func)
            if self.known(node):
                given = [*self._for_results(node)]
            elif kind:
                given = [*(node.args[:1] if kind == "at" else node.args[2:]), *named]
            else:
                given = [node.func, *node.args, *named]
            for each in given:
                yield from _held_by(each)

    def known(self, call: ast.Call) -> bool:
        """Return whether a call is one of a function that changes no more than its result."""
        called = call.func
        if isinstance(called, ast.Name):
            return called.id in self._harmless
        if not isinstance(called, ast.Attribute) or any(map(_is_in_place, call.keywords)):
            return False
        if not _of_numpy(called):
            return called.attr in ATTRIBUTES
        within = isinstance(called.value, ast.Attribute)
        if within and called.value.attr not in MODULES:  # type: ignore[attr-defined]
            return False
        if called.attr == "nan_to_num":
            return len(call.args) == 1
        return called.attr not in WRITERS and (within or hasattr(np, called.attr))

    @staticmethod
    def _for_results(call: ast.Call) -> Iterator[ast.expr]:
        yield from (keyword.value for keyword in call.keywords if keyword.arg in ("out", None))
        called = call.func
        if not isinstance(called, ast.Attribute) or called.attr in NO_OUT:
            return
        first = 1
        if _of_numpy(called):
            function = getattr(np, called.attr, None)
            first = function.nin if isinstance(function, np.ufunc) else 2
        yield from call.args[first:]


def _method_of_ufunc(node: ast.expr) -> str:
    """Return the method's name of a call such as `np.add.at`, which changes its first argument."""
    known = ("at", "reduce", "accumulate", "reduceat", "outer")
    if not (isinstance(node, ast.Attribute) and node.attr in known):
        return ""
    of = node.value
    is_ufunc = isinstance(of, ast.Attribute) and isinstance(getattr(np, of.attr, None), np.ufunc)
    return node.attr if is_ufunc and isinstance(of.value, ast.Name) and _of_numpy(of) else ""


def _of_numpy(node: ast.Attribute) -> bool:
    value = node.value
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name) and value.id in NUMPY


def _is_in_place(keyword: ast.keyword) -> bool:
    says_copy = keyword.arg == "copy" and not (
        isinstance(keyword.value, ast.Constant) and keyword.value.value is True
    )
    return says_copy or keyword.arg == "overwrite_input"
