"""Which of the student's names stands for which name of the reference, and statements in them."""

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.repairing.changes import differences
from autograder.repairing.code import SIMPLE, Code, likeness, own_parts, renamed, same_as
from checks.lines.statements import HEIGHT, WIDTH

ALIKE = 0.6
"""From which likeness on two definitions are taken for that of one thing."""

LEAST_ALIKE = 0.35
"""From which likeness on an expression of the reference is tried for one of the student's."""

LOOP = "for"

USUAL_TWINS = (("h", "w"), ("n_H", "n_W"), ("vert_start", "horiz_start"), ("rows", "cols"))
"""What height and width are called most often."""


@dataclass(frozen=True)
class Binding:
    """A name and what it is given: an expression, or for a loop's variable a call of `for`."""

    name: str
    value: ast.expr

    @property
    def is_loop(self) -> bool:
        """Whether it is a loop's variable."""
        return _is_loop(self.value)


def _is_loop(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == LOOP


def bindings(code: Code) -> Iterator[Binding]:
    """Yield every name that a function binds; parts of a tuple are given an item of the whole."""
    for placed in code.statements:
        node = placed.node
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _bound(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _bound(node.target, node.value)
        elif isinstance(node, ast.For):
            yield from _bound(node.target, ast.Call(ast.Name(LOOP, ast.Load()), [node.iter], []))


def _bound(target: ast.expr, value: ast.expr) -> Iterator[Binding]:
    if isinstance(target, ast.Name):
        yield Binding(target.id, value)
    elif isinstance(target, ast.Tuple):
        each = value.elts if isinstance(value, ast.Tuple) else []
        for number, item in enumerate(target.elts):
            if len(each) == len(target.elts):
                yield from _bound(item, each[number])
            else:
                part = ast.Subscript(value, ast.Constant(number), ast.Load())
                yield from _bound(item, part)


class Roles:
    """The names of a reference function as a student's function has them.

    A local name that the student does without is written out.
    """

    def __init__(self, reference: Code, student: Code) -> None:
        self._theirs = list(bindings(reference))
        self._own = list(bindings(student))
        pairs = zip(reference.parameters, student.parameters, strict=False)
        self.names: dict[str, ast.expr] = {
            theirs: ast.Name(own, ast.Load()) for theirs, own in pairs
        }
        self._taken = set(student.parameters)
        self._match()
        self.names = self._written_out()

    def _match(self) -> None:
        kinds = {(b.name, b.is_loop) for b in self._own}
        for binding in self._theirs:
            if binding.name != "_" and (binding.name, binding.is_loop) in kinds:
                self._give(binding.name, binding.name)
        # What is found helps to find more.
        while self._give_best(equal=True) or self._give_best(equal=False):
            pass

    def _give(self, theirs: str, own: str) -> None:
        if theirs not in self.names and own not in self._taken:
            self.names[theirs] = ast.Name(own, ast.Load())
            self._taken.add(own)

    def _give_best(self, equal: bool) -> bool:
        best, found = ALIKE, None
        known = self._written_out()
        for theirs in self._theirs:
            if theirs.name in self.names or theirs.name == "_":
                continue
            value = renamed(theirs.value, known)
            for own in self._own:
                if own.name in self._taken or own.is_loop != theirs.is_loop:
                    continue
                if equal:
                    alike = float(same_as(value) == same_as(own.value))
                else:
                    alike = likeness(value, own.value)
                if alike > best:
                    best, found = alike, (theirs.name, own.name)
        if found:
            self._give(*found)
        return found is not None

    def _written_out(self) -> dict[str, ast.expr]:
        """Return the names that are known, and what the others are given in their words."""
        names = dict(self.names)
        for binding in self._theirs:
            if binding.name not in {*names, "_"} and not binding.is_loop:
                names[binding.name] = renamed(binding.value, names)
        return names

    def in_own_words(self, node: ast.AST) -> ast.AST | None:
        """Return a part of the reference with the student's names; None where one has none."""
        known = self.names.keys()
        loops = {b.name for b in self._theirs if b.is_loop} - known
        for leaf in ast.walk(node):
            if isinstance(leaf, ast.Name):
                if leaf.id in loops:
                    return None
                stored = isinstance(leaf.ctx, ast.Store) and leaf.id in known
                if stored and not isinstance(self.names[leaf.id], ast.Name):
                    return None
        return renamed(node, self.names)

    @cached_property
    def twins(self) -> dict[str, str]:
        """The student's names for height by those for width, and the other way."""
        found: dict[str, str] = {}
        for height, width in (
            ("h", "w"),
            ("vert_start", "horiz_start"),
            ("vert_end", "horiz_end"),
            ("n_H", "n_W"),
            ("n_H_prev", "n_W_prev"),
            ("i", "j"),
        ):
            left, right = self.names.get(height), self.names.get(width)
            if isinstance(left, ast.Name) and isinstance(right, ast.Name):
                found |= {left.id: right.id, right.id: left.id}
        own = {binding.name for binding in self._own}
        for pair in USUAL_TWINS:
            # The reference may go another way, without loops, and so have no such names.
            if {*pair} <= own and not {*pair} & {*found}:
                found |= {pair[0]: pair[1], pair[1]: pair[0]}
        for left, right in itertools.combinations(self._own, 2):
            pair = left.name, right.name
            if _of_sides(left.value, right.value) and not {*pair} & {"_", *found}:
                found |= {left.name: right.name, right.name: left.name}
        return found


def _of_sides(left: ast.expr, right: ast.expr) -> bool:
    """Return whether two names are given the height and the width of one batch."""
    texts = [ast.unparse(each) for each in (left, right)]
    return texts[0].endswith(".shape[1]") and texts[1] == texts[0].replace("[1]", "[2]")


def statements_of(reference: Code, roles: Roles) -> Iterator[ast.stmt]:
    """Yield the simple statements of the reference, and its loops' heads, in the student's names.

    Where a result has no name of its own there, `return` and what it is given are left.
    """
    for placed in reference.statements:
        node = placed.node
        if isinstance(node, SIMPLE):
            own = roles.in_own_words(node)
            if own is not None:
                yield own  # type: ignore[misc]
            elif isinstance(node, (ast.Assign, ast.AugAssign)):
                value = roles.in_own_words(node.value)
                if value is not None:
                    yield ast.Expr(value)  # type: ignore[arg-type]
        elif isinstance(node, (ast.For, ast.If)):
            head = node.iter if isinstance(node, ast.For) else node.test
            own = roles.in_own_words(head)
            if own is not None:
                yield ast.Expr(own)  # type: ignore[arg-type]


def reads_sides_in_order(node: ast.stmt) -> bool:
    """Return whether a statement is `m, n_H, n_W, n_C = A.shape`, by the two sides' names."""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if not isinstance(target, ast.Tuple) or getattr(node.value, "attr", "") != "shape":  # type: ignore[attr-defined]
        return False
    names = [ast.unparse(each) for each in target.elts]
    return len(names) == 4 and bool(HEIGHT.fullmatch(names[1]) and WIDTH.fullmatch(names[2]))


def _targets(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {
        leaf.id
        for target in targets
        if target is not None
        for leaf in ast.walk(target)
        if isinstance(leaf, ast.Name)
    }


def fit_of(node: ast.stmt, template: ast.stmt) -> float:
    """Return how well a statement of the reference stands for one of the student's."""
    if isinstance(template, ast.Expr):
        parts = [likeness(part, template.value) for part in own_parts(node)]
        return max(parts, default=0.0) - 0.1
    if type(node) is not type(template) and not (_assigns(node) and _assigns(template)):
        return 0.0
    bonus = 0.3 if _targets(node) & _targets(template) and _assigns(node) else 0.0
    return likeness(node, template) + bonus


def _assigns(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Assign, ast.AugAssign))


def aligned(node: ast.stmt, template: ast.stmt) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the parts of a statement that differ from the reference's, with theirs."""
    if not isinstance(template, ast.Expr):
        yield from differences(node, template)
        return
    parts = [part for part in own_parts(node) if likeness(part, template.value) > LEAST_ALIKE]
    for part in parts:
        yield from differences(part, template.value)
