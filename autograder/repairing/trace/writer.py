"""Writes the version of a function that returns what its statements have computed, in order."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.repairing.code import BLOCKS, Code
from autograder.repairing.trace.names import (
    kin,
    names_in,
    plain_targets,
    recorded_chain,
    written_in,
)
from autograder.repairing.trace.recorder import MOST_COPIED, MOST_NUMBERS, RECORDER

REFUSED = (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await, ast.Match, ast.NamedExpr)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Site:
    """What is recorded in one place: `kind` is bind, loop, each, write, after or return.

    `loop` is what a loop goes through, and `each` the variable as a turn begins; `after` is an
    array once a loop has ended that writes to it.
    """

    kind: str
    name: str
    line: int
    node: ast.stmt
    reads: frozenset[str]
    loops: tuple[ast.For, ...]
    conditions: tuple[tuple[ast.expr, bool], ...]
    is_sure: bool
    """Whether the loops around it say which turn it is; `while` and `try` don't."""


@dataclass(frozen=True)
class Instrumented:
    """The version's text, and what its records are of."""

    text: str
    sites: tuple[Site, ...]


def instrumented(code: Code, most: int = MOST_NUMBERS) -> Instrumented | None:
    """Return the version of a function that returns its trace; None where it can't be made.

    What the function computes stays the same. Where it raises, the trace ends.
    """
    name = code.function.name
    # The text is read again, as its tree will be changed.
    function = Code(code.text).function
    nodes = list(ast.walk(function))
    if any(isinstance(n, REFUSED) or (isinstance(n, ast.Name) and n.id == name) for n in nodes):
        return None
    prefix = "trace_"
    while re.search(rf"\b{prefix}", code.text):
        prefix = f"x{prefix}"
    writer = _Writer(prefix, function)
    function.body = writer.block(function.body, _Around())
    function.name, function.decorator_list = f"{prefix}function", []
    frame = RECORDER.replace("COPIED", str(MOST_COPIED)).replace("MOST", str(most))
    frame = re.sub(r"\bX(?=[A-Za-z])", prefix, frame).replace("NAME", name)
    own = ast.unparse(ast.fix_missing_locations(function)).replace("\n", "\n    ")
    # An indented text of several lines would change: such a function is left alone.
    if any(_has_lines(n.value) for n in nodes if isinstance(n, ast.Constant)):
        return None
    return Instrumented(frame.replace("FUNCTION", own).strip(), tuple(writer.sites))


@dataclass(frozen=True)
class _Around:
    loops: tuple[ast.For, ...] = ()
    conditions: tuple[tuple[ast.expr, bool], ...] = ()
    is_sure: bool = True


class _Writer:
    """Writes the statements that record."""

    def __init__(self, prefix: str, function: ast.FunctionDef) -> None:
        self._prefix = prefix
        self._function = function
        self._kin = kin(function)
        self.sites: list[Site] = []

    def block(self, statements: Iterable[ast.stmt], around: _Around) -> list[ast.stmt]:
        return [new for old in statements for new in self._statement(old, around)]

    def _statement(self, node: ast.stmt, around: _Around) -> list[ast.stmt]:
        if isinstance(node, SCOPES):
            return [node]
        if isinstance(node, ast.Return) and node.value is not None:
            site = self._site("return", "", node, names_in(node.value), around)
            node.value = self._call("record", site, node.value)
            return [node]
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            return self._assigned(node, around)
        if isinstance(node, ast.For):
            return self._loop(node, around)
        if isinstance(node, ast.If):
            for name, is_true in (("body", True), ("orelse", False)):
                inside = (*around.conditions, (node.test, is_true))
                within = _Around(around.loops, inside, around.is_sure)
                setattr(node, name, self.block(getattr(node, name), within))
            return [node]
        unsure = _Around(around.loops, around.conditions, isinstance(node, ast.With))
        for name in BLOCKS:
            if getattr(node, name, None):
                setattr(node, name, self.block(getattr(node, name), unsure))
        for handler in getattr(node, "handlers", ()):
            handler.body = self.block(handler.body, unsure)
        return [node]

    def _assigned(
        self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, around: _Around
    ) -> list[ast.stmt]:
        if node.value is None:
            return [node]
        chain = recorded_chain(node)
        if chain:
            return self._written(node, chain, node.value, around)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        reads = names_in(node.value)
        if isinstance(node, ast.AugAssign):
            reads |= names_in(node.target, stored=True)
        records = []
        names = (name for target in targets for name in plain_targets(target))
        for name in dict.fromkeys(names):
            site = self._site("bind", name, node, reads, around)
            records.append(ast.Expr(self._call("record", site, ast.Name(name, ast.Load()))))
        return [node, *records]

    def _written(
        self, node: ast.stmt, chain: list[ast.Subscript], value: ast.expr, around: _Around
    ) -> list[ast.stmt]:
        root = chain[0].value
        assert isinstance(root, ast.Name)
        indices = [self._index(each.slice) for each in chain]
        reads = names_in(value).union(*map(names_in, indices)) - {f"{self._prefix}slice"}
        site = self._site("write", root.id, node, reads, around)
        held, index = (f"{self._prefix}{name}" for name in ("value", "index"))
        whole = ast.Tuple([*indices[:-1], ast.Name(index, ast.Load())], ast.Load())
        shape = ast.Call(
            ast.Name(f"{self._prefix}shape", ast.Load()), [ast.Name(root.id, ast.Load())], []
        )
        told = ast.Tuple([shape, whole, ast.Name(held, ast.Load())], ast.Load())
        chain[-1].slice = ast.Name(index, ast.Load())
        node.value = ast.Name(held, ast.Load())  # type: ignore[attr-defined]
        return [
            ast.Assign([ast.Name(held, ast.Store())], value),
            ast.Assign([ast.Name(index, ast.Store())], indices[-1]),
            ast.Expr(self._call("record", site, told)),
            node,
        ]

    def _loop(self, node: ast.For, around: _Around) -> list[ast.stmt]:
        names = list(dict.fromkeys(plain_targets(node.target)))
        reads = names_in(node.iter)
        site = self._site("loop", names[0] if len(names) == 1 else "", node, reads, around)
        inside = _Around((*around.loops, node), around.conditions, around.is_sure)
        each = [self._site("each", name, node, reads, inside) for name in names]
        written = {name for part in ast.walk(node) for name in written_in(part)}
        written = {kin for name in written for kin in self._kin.get(name, {name})}
        written &= _read_beside(around.loops[-1] if around.loops else self._function, node)
        node.body = [
            *(
                ast.Expr(self._call("record", one, ast.Name(name, ast.Load())))
                for one, name in zip(each, names, strict=True)
            ),
            *self.block(node.body, inside),
        ]
        node.orelse = self.block(node.orelse, around)
        node.iter = self._call("record", site, node.iter)
        records = []
        for name in sorted(written):
            after = self._site("after", name, node, frozenset({name}), around)
            look = ast.Lambda(
                ast.arguments([], [], None, [], [], None, []), ast.Name(name, ast.Load())
            )
            records.append(ast.Expr(self._call("after", after, look)))
        return [node, *records]

    def _index(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple):
            return ast.Tuple([self._index(each) for each in node.elts], ast.Load())
        if isinstance(node, ast.Slice):
            parts = [each or ast.Constant(None) for each in (node.lower, node.upper, node.step)]
            return ast.Call(ast.Name(f"{self._prefix}slice", ast.Load()), parts, [])
        return node

    def _site(
        self, kind: str, name: str, node: ast.stmt, reads: frozenset[str], around: _Around
    ) -> int:
        site = Site(
            kind, name, node.lineno, node, reads, around.loops, around.conditions, around.is_sure
        )
        self.sites.append(site)
        return len(self.sites) - 1

    def _call(self, name: str, site: int, value: ast.expr) -> ast.Call:
        function = ast.Name(f"{self._prefix}{name}", ast.Load())
        return ast.Call(function, [ast.Constant(site), value], [])


def _read_beside(around: ast.AST, loop: ast.For) -> set[str]:
    """Return the names that are read around a loop, but not in it."""
    found: set[str] = set()
    waiting = [around]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        waiting += [child for child in ast.iter_child_nodes(node) if child is not loop]
    return found


def _has_lines(value: object) -> bool:
    # Of an integer with thousands of digits there is no text.
    return isinstance(value, (str, bytes)) and "\n" in str(value)
