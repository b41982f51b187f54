"""What a function's text shows without running it: stubs, names, one plain form of the text."""

import ast
import builtins
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

Tree = TypeVar("Tree", bound=ast.AST)

MOST_PARSED = 200_000
"""The most characters of a cell that are looked at."""

MOST_ALIASES = 3
"""How many second names in a row are followed to what they stand for."""

FUNCTION_MAKERS = frozenset({"partial", "vectorize", "frompyfunc", "lru_cache", "cache", "wraps"})
"""Functions whose result is a function: a name for it is no data."""

PASS = ast.Pass()

MOST_SEARCHED = 10_000
"""The most characters of a function; a student's has about two thousand."""

MAKERS = ("namedtuple", "NamedTuple", "make_dataclass", "partial", "vectorize", "frompyfunc")
"""What makes a function or a type, and no data."""

MOST_KEPT = 10_000
"""The most characters of a cell whose names are kept for the next notebook that holds it."""


_START = re.compile(r"\b(?:START CODE|CODE STARTS?) HERE")
_END = re.compile(r"\b(?:END CODE|CODE ENDS?) HERE")


def _no_code_between_marks(source: str) -> bool:
    """Return whether only comments stand where the original notebook wants code."""
    started = False
    for line in source.split("\n"):
        text = line.strip(" \t")
        if text.startswith("#"):
            if started and _END.search(text):
                return True
            started = started or bool(_START.search(text))
        elif text:
            started = False
    return False


def _returns_no_work(tree: ast.AST) -> bool:
    """Return whether a function without loops returns a name that has no value, or only zeros."""
    nodes = list(nodes_of(tree))
    if any(isinstance(node, (ast.For, ast.While, ast.comprehension)) for node in nodes):
        return False
    worked = set()
    for node in nodes:
        if isinstance(node, ast.arg):
            worked.add(node.arg)
        elif isinstance(node, ast.Assign) and not _is_zeros(node.value):
            worked.update(name for target in node.targets for name in _changed(target))
        elif isinstance(node, (ast.AugAssign, ast.NamedExpr)) or (
            isinstance(node, ast.AnnAssign) and node.value and not _is_zeros(node.value)
        ):
            worked.update(_changed(node.target))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            worked.update(_bound(node.optional_vars))
    values = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    returned = [leaf for value in values for leaf in getattr(value, "elts", [value])]
    return any(isinstance(leaf, ast.Name) and leaf.id not in worked for leaf in returned)


def _changed(target: ast.expr) -> Iterator[str]:
    yield _base(target)
    yield from _bound(target)


def _is_zeros(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, (ast.Name, ast.Attribute)) and (
        getattr(called, "attr", None) or getattr(called, "id", "")
    ) in ("zeros", "zeros_like")


def has_placeholder(source: str) -> bool | None:
    """Return whether a function's source holds an unfilled part of a stub; None if unreadable.

    That is a name assigned `None` that is never assigned anything else, `None` in the place of a
    range, NotImplementedError, no statement at all, or none between the marks of the original
    notebook, whose newer stubs are all comments.
    """
    tree = parsed(source)
    if tree is None:
        return None
    if not any(map(does_something, nodes_of(tree))):
        return True
    marked = len(source) <= MOST_SEARCHED and _no_code_between_marks(source)
    if (marked or not _has_steps(tree)) and _returns_no_work(tree):
        return True
    assigned_none, assigned_value = set(), set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Assign):
            target_set = assigned_none if _is_none(node.value) else assigned_value
            target_set.update(
                leaf.id
                for target in node.targets
                for leaf in nodes_of(target)
                if isinstance(leaf, ast.Name)
            )
        elif isinstance(node, ast.Call) and _called(node) == "range":
            if any(map(_is_none, node.args)):
                return True
        elif isinstance(node, ast.Raise) and _names(node, "NotImplementedError"):
            return True
    # A name that is never read again holds nothing up.
    left = assigned_none - assigned_value
    return bool(left & _read(tree) or (left and _returns_no_work(tree)))


def _read(tree: ast.AST) -> set[str]:
    return {
        node.id
        for node in nodes_of(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _has_steps(tree: ast.AST) -> bool:
    """Return whether a function does anything but return: it may have comments of its own."""
    steps = [node for node in nodes_of(tree) if does_something(node)]
    return not all(isinstance(node, ast.Return) for node in steps)


def names_left_none(source: str) -> tuple[str, ...]:
    """Return the names whose None of the stub is certainly left, in the order of the source.

    That is a name that is given None and nothing else, and an array to a part of which None is
    assigned or added.
    """
    tree = parsed(source)
    left: dict[str, None] = {}
    with_value = set()
    for node in nodes_of(tree) if tree else ():
        if isinstance(node, (ast.For, ast.comprehension, ast.NamedExpr, ast.AnnAssign)):
            with_value.update(_bound(node.target))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            with_value.update(_bound(node.optional_vars))
        elif isinstance(node, ast.AugAssign) and _is_none(node.value):
            left.update(dict.fromkeys([_base(node.target)]))
        elif isinstance(node, ast.Assign):
            parts = [t for t in node.targets if isinstance(t, ast.Subscript)]
            if not _is_none(node.value):
                with_value.update(name for target in node.targets for name in _bound(target))
            elif parts:
                left.update(dict.fromkeys(map(_base, parts)))
    # A name that is never read again holds nothing up, unless there is no work at all.
    read = _read(tree) if tree and not _returns_no_work(tree) else set(_given_none(tree or PASS))
    placeholder = (
        [n for n in _given_none(tree) if n not in with_value and n in read] if tree else []
    )
    left.update(dict.fromkeys(placeholder))
    return tuple(name for name in left if name)[:3]


def _given_none(tree: ast.AST) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Assign) and _is_none(node.value):
            for target in node.targets:
                yield from _bound(target)


def _bound(target: ast.AST) -> Iterator[str]:
    for node in nodes_of(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _base(target: ast.AST) -> str:
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _names(node: ast.AST, name: str) -> bool:
    # Not ast.dump, which recurses: an expression can be too deep for it.
    return any(isinstance(leaf, ast.Name) and leaf.id == name for leaf in nodes_of(node))


def does_something(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Return) and (node.value is None or _is_none(node.value)):
        return False
    return isinstance(node, ast.stmt) and not isinstance(node, (ast.FunctionDef, ast.Pass))


def plain_code(source: str | None) -> str | None:
    """Return a function's text without comments and docstring and in one style, to search in.

    It is None where it is not known, no Python, or too long for slow patterns.
    """
    tree = parsed(source) if source and len(source) <= MOST_SEARCHED else None
    if tree is None:
        return None
    for node in nodes_of(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    try:
        code = ast.unparse(tree)
    except (ValueError, RecursionError, MemoryError):
        return None
    # Indented with four spaces, the text may be many times as long.
    return code if len(code) <= MOST_SEARCHED else None


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """Return what ast.walk yields, in a third of its time: every rule looks at every node."""
    found = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
    return found


def parsed(source: str) -> ast.Module | None:
    if len(source) > MOST_PARSED:
        return None
    try:
        return in_usual_form(ast.parse(textwrap.dedent(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def in_usual_form(tree: Tree) -> Tree:
    """Return a tree, changed in place, in which what means the same is written the same way.

    `[a, b] = c` becomes `a, b = c`, and `n: int = 3` becomes `n = 3`.
    """
    for node in nodes_of(tree):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node.targets, node.type_comment = [node.target], None  # type: ignore[attr-defined]
            node.__class__ = ast.Assign  # type: ignore[assignment]
        if isinstance(node, ast.List) and isinstance(node.ctx, ast.Store):
            # All fields are the same; a node of its own would have to be put into its parent.
            node.__class__ = ast.Tuple  # type: ignore[assignment]
    return tree


def _is_none(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_is_none, node.elts))
    return isinstance(node, ast.Constant) and node.value is None


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def global_names_read(source: str, name: str) -> tuple[str, ...]:
    """Return the names that the function `name` reads but neither receives nor assigns."""
    tree = parsed(source)
    functions = [n for n in nodes_of(tree) if isinstance(n, ast.FunctionDef)] if tree else []
    function = next((f for f in functions if f.name == name), None)
    if function is None:
        return ()
    bound, read = {a.arg for a in nodes_of(function.args) if isinstance(a, ast.arg)}, {}
    # The body alone: an annotation of the signature is no data.
    body = [node for part in function.body for node in nodes_of(part)]
    annotations = {
        leaf
        for node in body
        if isinstance(node, ast.AnnAssign)
        for leaf in nodes_of(node.annotation)
    }
    for node in body:
        if node in annotations:
            continue
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                read.setdefault(node.id)
            else:
                bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.update((a.asname or a.name).split(".")[0] for a in node.names)
    return tuple(n for n in read if n not in bound and not hasattr(builtins, n))


def functions_defined(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the functions that the cells define at their top level, in order."""
    trees = filter(None, map(parsed, sources))
    return tuple(
        dict.fromkeys(
            statement.name
            for tree in trees
            for statement in tree.body
            if isinstance(statement, ast.FunctionDef)
        )
    )


def names_assigned(sources: Iterable[str]) -> frozenset[str]:
    """Return the names that top-level code of the cells binds to data (not functions, imports)."""
    names: set[str] = set()
    aliases: dict[str, str] = {}
    for source in sources:
        read = _bound_in if len(source) <= MOST_KEPT else _bound_in.__wrapped__
        for bound, origin in read(source):
            if origin is None:
                names |= bound
            else:
                aliases |= dict.fromkeys(bound - names, origin)
    # An alias stands for data where the name behind it does; a few steps at most.
    for _ in range(MOST_ALIASES):
        names |= {alias for alias, origin in aliases.items() if origin in names}
    return frozenset(names)


@lru_cache(maxsize=256)
def _bound_in(source: str) -> tuple[tuple[frozenset[str], str | None], ...]:
    """Return the names that each statement of a cell binds, and the name that they are given.

    It is kept, because most cells of a notebook are the course's own.
    """
    tree = parsed(source)
    return tuple(
        (
            frozenset(name for part in _binding(statement, source) for name in _bound(part)),
            _origin(statement.value) if isinstance(statement, ast.Assign) else None,
        )
        for statement in (tree.body if tree else ())
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))
        and not _makes_function(statement)
    )


def _makes_function(statement: ast.stmt) -> bool:
    """Return whether a statement gives a name to a function or a type that it makes."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    func = value.func if isinstance(value, ast.Call) else None
    name = getattr(func, "attr", getattr(func, "id", ""))
    return isinstance(value, ast.Lambda) or name in MAKERS


def _binding(statement: ast.stmt, source: str) -> Sequence[ast.AST]:
    """Return the parts of a statement that may bind names: most of a notebook has none."""
    if ":=" not in source:
        if isinstance(statement, ast.Expr):
            return ()
        if isinstance(statement, ast.Assign):
            return statement.targets
    return (statement,)


def _origin(value: ast.expr) -> str | None:
    """Return the name that an assignment gives a second name to; "" for a function made here."""
    if isinstance(value, ast.Lambda):
        return ""
    if isinstance(value, ast.Call):
        maker = getattr(value.func, "attr", getattr(value.func, "id", ""))
        return "" if maker in FUNCTION_MAKERS else None
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else None
