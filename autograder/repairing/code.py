"""A function as text and tree: where its parts stand, and how alike two parts are."""

import ast
import copy
import functools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from checks.student_source import in_usual_form

Node = TypeVar("Node", bound=ast.AST)

SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr, ast.Raise, ast.Assert)
LIKE_ENOUGH = 0.8
"""From which likeness on two statements compute the same."""

BLOCKS = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Placed:
    """A statement, the block that it stands in, and the statements around it, outermost first."""

    node: ast.stmt
    block: list[ast.stmt]
    around: tuple[ast.stmt, ...]


class Code:
    """A function's text with its syntax tree.

    Raises SyntaxError or ValueError where the text does not begin with a function.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = text.encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        function = tree.body[0] if tree.body else None
        if not isinstance(function, ast.FunctionDef):
            raise ValueError("no function at the top")
        self.function = function
        lines = self._bytes.split(b"\n")
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    @cached_property
    def statements(self) -> tuple[Placed, ...]:
        """Every statement in the function's body, in the order of the text."""
        body = self.function.body
        if ast.get_docstring(self.function, clean=False) is not None:
            body = body[1:]
        return tuple(_placed(body, ()))

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters, in order."""
        return [argument.arg for argument in self.function.args.args]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the first byte of a node and the one behind its last."""
        start = self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return start, end

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node as it is written."""
        start, end = self.span(node)
        return self._bytes[start:end].decode()

    def line_start(self, number: int) -> int:
        """Return the first byte of a line, counted from 1."""
        return self._starts[number - 1]

    def line_of(self, place: int) -> int:
        """Return the line that a byte is in."""
        return next(n for n in range(len(self._starts), 0, -1) if self._starts[n - 1] <= place)

    def spliced(self, splices: tuple[tuple[int, int, str], ...]) -> str:
        """Return the text with parts of it replaced."""
        text = self._bytes
        for start, end, new in sorted(splices, reverse=True):
            text = text[:start] + new.encode() + text[end:]
        return text.decode()


def plain_text(text: str) -> str:
    """Return a function's text in one style, without comments and docstring.

    Two functions of one syntax tree have the same; each simple statement is one line. Raises as
    :class:`Code` does.
    """
    function = Code(text).function
    if ast.get_docstring(function, clean=False) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    function.decorator_list = []
    return ast.unparse(in_usual_form(function))


def lines_in(text: str) -> list[int]:
    """Return for each line of a function's plain text the line of `text` that it stands in.

    Both are counted from 1, and the first entry stands for no line.
    """
    code = Code(text)
    plain = Code(plain_text(text))
    found = [0] * (plain.text.count("\n") + 2)
    found[1] = code.function.lineno
    for own, placed in zip(code.statements, plain.statements, strict=False):
        found[placed.node.lineno] = own.node.lineno
    for number in range(1, len(found)):
        # Lines such as `else:` are no statements.
        found[number] = found[number] or found[number - 1]
    return found


def _placed(block: list[ast.stmt], around: tuple[ast.stmt, ...]) -> Iterator[Placed]:
    for node in block:
        yield Placed(node, block, around)
        for name in BLOCKS:
            yield from _placed(getattr(node, name, []), (*around, node))


def with_whole_indices(node: Node) -> Node:
    """Return a copy of a node in which x[i][j] is written x[i, j]."""
    return _Indices().visit(copy.deepcopy(node))


def as_written(part: str, statement: ast.stmt) -> str:
    """Return a part of a statement with the indices of its text: x[i][j], not x[i, j]."""
    if part in text_of(statement):
        return part
    nodes = (n for n in ast.walk(statement) if isinstance(n, (ast.expr, ast.Slice)))
    return next((text_of(n) for n in nodes if text_of(with_whole_indices(n)) == part), part)


def adds_to_target(new: ast.AST, statement: ast.stmt) -> bool:
    """Return whether a sum adds to what it is stored in."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    sides = (getattr(new, "left", new), getattr(new, "right", new))
    return any(same_as(side) == same_as(target) for side in sides for target in targets)


class _Indices(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        inner = node.value
        if not isinstance(inner, ast.Subscript):
            return node
        parts = [
            part
            for index in (inner.slice, node.slice)
            for part in (index.elts if isinstance(index, ast.Tuple) else [index])
        ]
        if any(isinstance(part, (ast.Slice, ast.Starred)) or _is_odd(part) for part in parts):
            return node
        index = ast.copy_location(ast.Tuple(parts, ast.Load()), inner.slice)
        return ast.copy_location(ast.Subscript(inner.value, index, node.ctx), node)


def _is_odd(index: ast.expr) -> bool:
    """Return whether an index is a word, a comparison or anything that picks no one place."""
    odd = (ast.Compare, ast.Call, ast.List)
    return isinstance(index, odd) or (
        isinstance(index, ast.Constant) and type(index.value) is not int
    )


def own_parts(statement: ast.stmt) -> tuple[ast.AST, ...]:
    """Return the expressions of a statement that are not in its blocks."""
    parts: list[ast.AST] = []
    for name, value in ast.iter_fields(statement):
        if name not in BLOCKS:
            values = value if isinstance(value, list) else [value]
            parts += [part for part in values if isinstance(part, ast.expr)]
    return tuple(parts)


def heads(code: Code) -> list[ast.AST]:
    """Return the simple statements of a function, and of the others what stands before a block."""
    return [
        part
        for placed in code.statements
        for part in ([placed.node] if isinstance(placed.node, SIMPLE) else own_parts(placed.node))
    ]


def names_given(node: ast.stmt) -> list[str]:
    """Return the names that an assignment gives its value to, as a whole."""
    return [each.id for each in getattr(node, "targets", ()) if isinstance(each, ast.Name)]


def name_changed(node: ast.stmt) -> str:
    """Return the name of the array that a statement changes in part; "" where it changes none."""
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    target = targets[0]
    if isinstance(target, ast.Name):
        return target.id if isinstance(node, ast.AugAssign) else ""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def assigned(node: ast.stmt) -> set[str]:
    """Return the name that a statement gives a value to."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def targets_as_written(node: ast.stmt) -> set[str]:
    """Return what a statement gives values to, as it is written."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {ast.unparse(part) for target in targets for part in getattr(target, "elts", [target])}


def target_text(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return ast.unparse(target) if isinstance(target, ast.AST) else ""


def is_in_place(node: ast.stmt) -> bool:
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)


def own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield every node of a statement that is not in its blocks, outer ones first."""
    for part in own_parts(statement):
        yield from ast.walk(part)


@functools.lru_cache(maxsize=8_000)
def tokens(node: ast.AST) -> frozenset[str]:
    """Return the names, numbers and operators of a node, each occurrence by itself."""
    found: dict[str, int] = {}
    for leaf in ast.walk(node):
        token = _token(leaf)
        if token:
            found[token] = found.get(token, 0) + 1
    return frozenset(f"{token}#{n}" for token, count in found.items() for n in range(count))


def _token(leaf: ast.AST) -> str:
    if isinstance(leaf, ast.Name):
        return leaf.id
    if isinstance(leaf, ast.Attribute):
        return f".{leaf.attr}"
    if isinstance(leaf, ast.Constant):
        return repr(leaf.value)
    if isinstance(leaf, ast.keyword):
        return f"{leaf.arg}="
    if isinstance(leaf, (ast.operator, ast.cmpop, ast.unaryop, ast.Slice, ast.AugAssign, ast.For)):
        return type(leaf).__name__
    return ""


def likeness(left: ast.AST, right: ast.AST) -> float:
    """Return how alike two nodes are, from 0 to 1."""
    return _likeness(tokens(left), tokens(right))


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right) or 1)


def is_another(left: ast.stmt, right: ast.stmt) -> bool:
    """Return whether two assignments differ in what kind of thing is assigned, and in its value."""
    if isinstance(left, ast.AugAssign) and isinstance(right, ast.AugAssign):
        moved = same_as(left.target) != same_as(right.target)
        return moved and likeness(left.value, right.value) < LIKE_ENOUGH
    both = isinstance(left, ast.Assign) and isinstance(right, ast.Assign)
    kinds = {type(left.targets[0]), type(right.targets[0])} if both else {None}  # type: ignore[attr-defined]
    return len(kinds) > 1 and same_as(left.value) != same_as(right.value)  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=8_000)
def same_as(node: ast.AST) -> str:
    """Return a text that two nodes share where they say the same; reading or writing is one."""
    return ast.dump(node).replace("ctx=Store()", "ctx=Load()")


def text_of(node: ast.AST) -> str:
    """Return a node's text, as it can stand in the place of a like one."""
    if isinstance(node, ast.Tuple) and any(isinstance(item, ast.Slice) for item in node.elts):
        return ", ".join(map(text_of, node.elts))
    return ast.unparse(node)


WHOLE = 4
"""How many indices name every axis of a batch of images, or of the filters."""


def picks_the_same(old: ast.AST, new: ast.AST) -> bool:
    """Return whether two indices are the same but for whole axes, as in x[i, :, :] or x[..., c]."""
    one, other = ([text_of(each) for each in _needed_indices(index)] for index in (old, new))
    return one == other or _stands_for(one, other) or _stands_for(other, one)


def _stands_for(dots: Sequence[str], written: Sequence[str]) -> bool:
    """Return whether the `...` of one index stands for the whole axes that another writes out."""
    if dots.count("...") != 1 or len(written) < WHOLE:
        return False  # of how many axes the array is can't be seen
    before = dots.index("...")
    after = len(dots) - before - 1
    end = len(written) - after
    same = [*written[:before], "...", *written[end:]] == list(dots)
    return same and before < end and set(written[before:end]) == {":"}


def _needed_indices(index: ast.AST) -> list[ast.AST]:
    parts: list[ast.AST] = list(index.elts) if isinstance(index, ast.Tuple) else [index]
    while len(parts) > 1 and isinstance(parts[-1], ast.Slice) and text_of(parts[-1]) == ":":
        parts.pop()
    return parts


def renamed(node: Node, names: dict[str, ast.expr]) -> Node:
    """Return a copy of a node in which names are replaced by expressions."""
    return _Renamer(names).visit(copy.deepcopy(node))


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        new = self.names.get(node.id)
        if new is None:
            return node
        if isinstance(new, ast.Name):
            return ast.Name(new.id, node.ctx)
        return copy.deepcopy(new)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Write x[i][a, b] as x[i, a, b], as people do."""
        self.generic_visit(node)
        inner = node.value
        if isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Name):
            index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            together = ast.Tuple([inner.slice, *index], ast.Load())
            return ast.Subscript(inner.value, together, node.ctx)
        return node


def own_values(node: ast.AST) -> list[object]:
    """Return what a node holds beside other nodes: a name, a number, an attribute."""
    values = (getattr(node, name, None) for name in node._fields if name != "body")
    return [v for v in values if not isinstance(v, (ast.AST, list))]


def _has_changed_places(old: ast.AST, new: ast.AST) -> bool:
    """Return whether one side of a sum or product is the other side of another one."""
    if not (isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp)):
        return False
    mine, theirs = (list(map(same_as, (each.left, each.right))) for each in (old, new))
    swaps = type(old.op) is type(new.op) and isinstance(old.op, (ast.Add, ast.Mult))
    straight = any(a == b for a, b in zip(mine, theirs, strict=True))
    return swaps and not straight and bool({*mine} & {*theirs})


def children(old: ast.AST, new: ast.AST) -> list[tuple[ast.AST, ast.AST, str]] | None:
    """Pair the children of two nodes of one kind, by field; None where they can't be paired.

    Blocks of statements are no part of a statement.
    """
    if _has_changed_places(old, new):
        return [(old.left, new.right, "left"), (old.right, new.left, "right")]  # type: ignore[attr-defined]
    pairs: list[tuple[ast.AST, ast.AST, str]] = []
    for name in old._fields:
        left, right = getattr(old, name, None), getattr(new, name, None)
        is_block = name in BLOCKS and isinstance(old, ast.stmt)
        if is_block or name == "ctx":
            continue
        if isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return None
            pairs += [
                (a, b, name) for a, b in zip(left, right, strict=True) if isinstance(a, ast.AST)
            ]
        elif isinstance(left, ast.AST) and isinstance(right, ast.AST):
            pairs.append((left, right, name))
        elif (left is None) != (right is None):
            return None
    return pairs
