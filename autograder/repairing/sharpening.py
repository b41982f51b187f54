"""Takes the change of a whole statement apart, so that only what is needed of it is kept."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.repairing.changes import needs_brackets, of_expression
from autograder.repairing.code import (
    SIMPLE,
    Code,
    children,
    names_given,
    own_values,
    same_as,
    text_of,
)
from autograder.sandbox.jobs import Splice

MOST_TRIED = 100
"""How many changes of the student's own expression are tried for one of the reference's."""


@dataclass(frozen=True)
class PartChange:
    """What stands in the place of one part, and what may stand there that changes less of it.

    `alone` are changes of the whole value that the part is in, which can't be made beside others.
    """

    splice: Splice
    less: tuple[Splice, ...] = ()
    alone: tuple[Splice, ...] = ()


def together(code: Code, splices: Sequence[Splice]) -> list[set[Splice]]:
    """Return which changes of lines need each other: of what gives names a value, and reads them.

    They may write in another way what is correct.
    """
    given: dict[Splice, set[str]] = {}
    read: dict[Splice, set[str]] = {}
    for placed in code.statements:
        start, end = code.span(placed.node)
        for splice in splices:
            if splice[0] <= start and end <= splice[1] and isinstance(placed.node, SIMPLE):
                names = {n.id for n in ast.walk(placed.node) if isinstance(n, ast.Name)}
                given.setdefault(splice, set()).update(names_given(placed.node))
                read.setdefault(splice, set()).update(names)
    groups: list[set[Splice]] = []
    for splice in given:
        group = {other for other in read if given[splice] & read[other]} | {splice}
        for known in [known for known in groups if known & group]:
            groups.remove(known)
            group |= known
        groups.append(group)
    return [group for group in groups if 2 < len(group) < len(splices)]


def part_changes(wrong: Code, right: Code) -> tuple[PartChange, ...]:
    """Return what is replaced in each part of a function that differs in a version of it.

    There are none where statements came, went or moved: those can't be taken apart.
    """
    if len(wrong.statements) != len(right.statements):
        return ()
    found: list[PartChange] = []
    for old, new in zip(wrong.statements, right.statements, strict=True):
        if len(old.around) != len(new.around) or type(old.node) is not type(new.node):
            return ()
        units = list(_units(old.node, new.node))
        value = getattr(old.node, "value", None)
        # Where several parts of a sum or product differ, it may be the operator that is wrong.
        several = len(units) > 1 and isinstance(value, ast.BinOp)
        alone = tuple(_in_own_words(wrong, value)) if several else ()
        for mine, theirs in units:
            if isinstance(mine, ast.stmt):
                return ()
            less = tuple(_splice(wrong, mine, each) for each in _less(mine, theirs))
            if isinstance(mine, (ast.BinOp, ast.Call)):
                less += tuple(_in_own_words(wrong, mine))
            found.append(PartChange(_splice(wrong, mine, theirs), less, alone))
            alone = ()
    return tuple(found)


def _splice(wrong: Code, mine: ast.AST, theirs: ast.AST) -> Splice:
    text = text_of(theirs)
    bracketed = isinstance(mine, ast.expr) and needs_brackets(text)
    return (*wrong.span(mine), f"({text})" if bracketed else text)


def _less(mine: ast.AST, theirs: ast.AST) -> Iterator[ast.AST]:
    """Yield expressions that differ in an operator, a function or an argument's name alone."""
    if isinstance(mine, ast.BinOp) and isinstance(theirs, ast.BinOp):
        if type(mine.op) is not type(theirs.op):
            yield ast.BinOp(mine.left, theirs.op, mine.right)
            yield ast.BinOp(theirs.left, theirs.op, mine.right)
            yield ast.BinOp(mine.left, theirs.op, theirs.right)
            yield ast.BinOp(mine, theirs.op, theirs.right)
    elif isinstance(mine, ast.Call) and isinstance(theirs, ast.Call):
        if same_as(mine.func) != same_as(theirs.func):
            yield ast.Call(theirs.func, mine.args, mine.keywords)
        yield ast.Call(mine.func, mine.args, theirs.keywords)


def _in_own_words(wrong: Code, mine: ast.AST) -> list[Splice]:
    """Return the small changes of the student's own expression, the likely ones first."""
    names = dict.fromkeys(
        node.id
        for placed in wrong.statements
        for node in ast.walk(placed.node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    found = [
        (cost, (*wrong.span(part), f"({text})" if needs_brackets(text) else text))
        for part in ast.walk(mine)
        if isinstance(part, ast.expr) and hasattr(part, "lineno")
        for cost, text in of_expression(part, {}, [*wrong.parameters, *names])
    ]
    found.sort(key=lambda each: each[0])
    return [splice for _, splice in found[:MOST_TRIED]]


def _units(old: ast.AST, new: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the smallest parts that differ and that stand at a place of their own."""
    if same_as(old) == same_as(new):
        return
    alike = type(old) is type(new) and own_values(old) == own_values(new)
    pairs = children(old, new) if alike else None
    differing = [(a, b) for a, b, _ in pairs or () if same_as(a) != same_as(b)]
    if pairs is not None and not differing and getattr(old, "body", None):
        return  # what differs is a statement inside, which has its own turn
    if not differing or not all(hasattr(a, "lineno") for a, _ in differing):
        yield old, new
        return
    for a, b in differing:
        yield from _units(a, b)
