"""Tells whether a repair computes anew what other lines of the student's compute already.

Such a repair makes every check pass wherever it stands, so its place is no proof.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.repairing.code import (
    Code,
    Placed,
    names_given,
    own_nodes,
    own_parts,
    same_as,
    text_of,
    tokens,
)

FIRST_VALUES = {
    f"np.{name}{like}" for name in ("zeros", "ones", "empty", "full") for like in ("", "_like")
} | {"float"}

MOST_UNUSED = 1
"""How many names a repair may leave unused: with one, it may be the name that is wrong."""


@dataclass(frozen=True)
class Statement:
    """A statement, with the names that it reads and those that it gives a value to."""

    placed: Placed

    @property
    def node(self) -> ast.stmt:
        """The syntax tree."""
        return self.placed.node

    @cached_property
    def key(self) -> str:
        """What statements that say the same at the same depth have in common."""
        parts = (same_as(part) for part in self._own_parts())
        op = type(getattr(self.node, "op", None)).__name__
        return "|".join([type(self.node).__name__, op, str(len(self.placed.around)), *parts])

    def _own_parts(self) -> Iterator[ast.AST]:
        for name, value in ast.iter_fields(self.node):
            if name not in ("body", "orelse", "finalbody", "op"):
                values = value if isinstance(value, list) else [value]
                yield from (each for each in values if isinstance(each, ast.AST))

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names that it reads; of what it changes in part it reads the rest."""
        found = {
            node.id
            for node in own_nodes(self.node)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        target = self.node.target if isinstance(self.node, ast.AugAssign) else None
        return frozenset(found | ({target.id} if isinstance(target, ast.Name) else set()))

    @cached_property
    def stores(self) -> frozenset[str]:
        """The names that it gives a value to, in whole or in part."""
        targets = getattr(self.node, "targets", None) or [getattr(self.node, "target", None)]
        names = [name for target in targets if target for name in _names_in(target)]
        return frozenset([*names, self.appends] if self.appends else names)

    @property
    def appends(self) -> str:
        """The list to which it appends something; "" for none."""
        return _appended_to(self.node.value) if isinstance(self.node, ast.Expr) else ""

    @property
    def replaces(self) -> str:
        """The name that it gives a value to without a look at the one before; "" for none."""
        if isinstance(self.node, ast.AnnAssign):
            target: ast.expr = self.node.target
        elif isinstance(self.node, ast.Assign) and len(self.node.targets) == 1:
            target = self.node.targets[0]
        else:
            return ""
        if not isinstance(target, ast.Name):
            return ""
        # Its shape is no part of its value.
        shapes = {id(n.value) for n in own_nodes(self.node) if getattr(n, "attr", "") == "shape"}
        read = (n for n in own_nodes(self.node) if isinstance(n, ast.Name) and id(n) not in shapes)
        is_read = any(n.id == target.id and n is not target for n in read)
        return "" if is_read else target.id

    @property
    def unpacks(self) -> bool:
        """Whether it gives several names a value, of which not all need be used."""
        targets = getattr(self.node, "targets", [])
        each_its_own = isinstance(getattr(self.node, "value", None), ast.Tuple)
        return any(isinstance(target, ast.Tuple) for target in targets) and not each_its_own

    @property
    def is_first_value(self) -> bool:
        """Whether it gives a name a value that is none yet, such as zeros."""
        if not isinstance(self.node, ast.Assign) or not self.replaces:
            return False
        value = self.node.value
        is_made = isinstance(value, ast.Call) and text_of(value.func) in FIRST_VALUES
        return is_made or isinstance(value, (ast.Constant, ast.List, ast.Dict, ast.UnaryOp))


def _names_in(target: ast.expr) -> Iterator[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for each in target.elts:
            yield from _names_in(each)
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


def bypassed(wrong: Code, right: Code) -> bool:
    """Return whether a repair does without a loop, or a result, that other lines still make."""
    found: dict[str, bool] = {}
    for name, is_sure in _passed_by(wrong, right):
        found[name] = is_sure or found.get(name, False)
    is_empty = any(map(_empties, (placed.node for placed in right.statements)))
    is_empty = is_empty or bool(_own_lists(right) - _own_lists(wrong))
    is_doubled = bool(_doubled(right) - _doubled(wrong))
    return any(found.values()) or len(found) > MOST_UNUSED or is_empty or is_doubled


def _own_lists(code: Code) -> set[str]:
    """Return the names of lists that begin empty and are gone through where they are filled."""
    empty = {
        name
        for placed in code.statements
        if isinstance(getattr(placed.node, "value", None), ast.List) and not placed.node.value.elts  # type: ignore[attr-defined]
        for name in names_given(placed.node)
    }
    return {
        placed.node.iter.id
        for placed in code.statements
        if isinstance(placed.node, ast.For)
        and isinstance(placed.node.iter, ast.Name)
        and placed.node.iter.id in empty & {*map(_appended_to, ast.walk(placed.node))}
    }


def _appended_to(node: ast.AST) -> str:
    """Return the name of the list to which a call appends something; "" for anything else."""
    func = node.func if isinstance(node, ast.Call) else None
    owner = func.value if isinstance(func, ast.Attribute) and func.attr == "append" else None
    return owner.id if isinstance(owner, ast.Name) else ""


def _doubled(code: Code) -> set[str]:
    """Return the calls whose results two names of one statement are given.

    Where a repair makes them so, it is rather the use of the one name that is wrong.
    """
    found: set[str] = set()
    for placed in code.statements:
        value = placed.node.value if isinstance(placed.node, ast.Assign) else None
        calls = [same_as(item) for item in getattr(value, "elts", ()) if isinstance(item, ast.Call)]
        found |= {call for call in calls if calls.count(call) > 1}
    return found


def leaves_unused(wrong: Code, right: Code) -> bool:
    """Return whether a repair does without a name that other lines still give a value to."""
    return any(_passed_by(wrong, right))


def stays(name: str, wrong: Code, right: Code) -> bool:
    """Return whether a repair reads a name as often as before: what it takes away, it puts back."""
    before, after = (
        sum(
            isinstance(leaf, ast.Name) and leaf.id == name
            for placed in code.statements
            for leaf in own_nodes(placed.node)
        )
        for code in (wrong, right)
    )
    return after >= before


def _empties(statement: ast.stmt) -> bool:
    """Return whether it is a loop over nothing, or stores something where nobody finds it."""
    if isinstance(statement, ast.For):
        return any(map(_is_nothing, ast.walk(statement.iter)))
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(t, ast.Subscript) and not list(_names_in(t)) for t in targets)


def _is_nothing(node: ast.AST) -> bool:
    """Return whether an expression is x - x, or -(x)."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant)
    is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    return is_difference and same_as(node.left) == same_as(node.right)


def _passed_by(wrong: Code, right: Code) -> Iterator[tuple[str, bool]]:
    """Yield names that nothing reads any more, each with whether its value is made elsewhere."""
    before = [Statement(placed) for placed in wrong.statements]
    after = [Statement(placed) for placed in right.statements]
    gone = _without(before, after)
    come = _without(after, before)
    kept = [each for each in after if each not in come]
    # A list that is only filled is of no use.
    lost = _all_reads(gone) - frozenset().union(*(each.reads - {each.appends} for each in come))
    unread = lost - _all_reads(kept)
    for each in kept:
        if isinstance(each.node, ast.For) and each.stores & unread:
            yield min(each.stores & unread), True  # each of its steps does the same
    if gone and _all_tokens(come) <= _all_tokens(gone):
        return  # only something is left out
    calls_more = bool(_calls(come) - _calls(gone))
    # Of several names at once some may be in vain, but hardly all of them.
    for each in kept:
        if each.unpacks and len(each.stores) > 1 and each.stores <= lost | {"_"}:
            yield min(each.stores), True
    yield from ((name, True) for name in _left_in_vain(before, after) if calls_more)
    for name, makers in _in_vain(lost, kept, after):
        loops = any(isinstance(each.node, ast.For) for each in makers)
        gathers = calls_more and any(_gathers(each, name) for each in after)
        # Where every line that reads it reads something else instead, its own line is wrong.
        everywhere = sum(name in each.reads for each in gone) > 1
        yield name, loops or gathers or everywhere
    first = {name for each in gone if each.is_first_value for name in each.stores}
    for new in come:
        name = new.replaces
        if name in first and not new.is_first_value and any(name in each.stores for each in kept):
            yield name, True
        stored_in_part = any(name in each.stores and name in each.reads for each in gone)
        if stored_in_part and any(name in each.stores for each in kept):
            yield name, False
        is_added = not any(name in each.stores for each in gone)
        is_new = name and (is_added or name in lost) and not new.reads & _made_of(name, kept)
        if is_new and _is_made_before(name, new, after, kept):
            yield name, True


def _left_in_vain(before: list[Statement], after: list[Statement]) -> Iterator[str]:
    """Yield results of calls that no line reads, neither the student's nor a repair's.

    What a repair calls beside them does what they have done.
    """
    read = _all_reads(before) | _all_reads(after)
    for each in before:
        name = each.replaces
        if name and name not in read and not each.is_first_value and _calls([each]):
            yield name


def _made_of(name: str, kept: list[Statement]) -> set[str]:
    """Return the names whose values come, at one step or several, from that of another name."""
    found, more = set[str](), {name}
    while more:
        found |= more
        more = {s for each in kept if each.reads & found for s in each.stores} - found
    return found - {name}


def _in_vain(
    lost: frozenset[str], kept: list[Statement], after: list[Statement]
) -> Iterator[tuple[str, list[Statement]]]:
    """Yield names that are made for nothing, with what makes them; then those made for these."""
    left, vain = set(lost), set[str]()
    while left:
        name = left.pop()
        makers = [each for each in kept if name in each.stores and not each.unpacks]
        readers = [each for each in after if name in each.reads and name not in each.stores]
        if name in vain or not makers or any(not each.stores & vain for each in readers):
            continue
        vain.add(name)
        yield name, makers
        if all(each.replaces or _gathers(each, name) for each in makers):
            left |= {read for each in makers for read in each.reads} - vain


def _gathers(each: Statement, name: str) -> bool:
    """Return whether a statement adds to what a name holds, at each step of a loop."""
    in_loop = any(isinstance(outer, ast.For) for outer in each.placed.around)
    return in_loop and name in each.stores and name in each.reads


def _calls(statements: Iterable[Statement]) -> set[str]:
    """Return the functions that are called."""
    return {
        text_of(node.func)
        for each in statements
        for node in own_nodes(each.node)
        if isinstance(node, ast.Call)
    }


def _is_made_before(
    name: str, new: Statement, after: list[Statement], kept: list[Statement]
) -> bool:
    """Return whether lines before a new one of the block make a name, for nobody but it."""
    block = new.placed.block
    number = next(n for n, node in enumerate(block) if node is new.node)
    above = [
        each
        for each in after[: after.index(new)]
        if any(each.node is node or node in each.placed.around for node in block[:number])
    ]
    makers = [each for each in above if name in each.stores and each in kept]
    # A first value alone is made in vain often enough.
    makes = any(not each.is_first_value for each in makers)
    return makes and not any(name in each.reads for each in above if name not in each.stores)


def _without(some: Iterable[Statement], others: Iterable[Statement]) -> list[Statement]:
    left = Counter(each.key for each in others)
    found = []
    for each in some:
        if left[each.key]:
            left[each.key] -= 1
        else:
            found.append(each)
    return found


def _all_tokens(statements: Iterable[Statement]) -> frozenset[str]:
    parts = (part for each in statements for part in own_parts(each.node))
    return frozenset(token.partition("#")[0] for part in parts for token in tokens(part))


def _all_reads(statements: Iterable[Statement]) -> frozenset[str]:
    return frozenset().union(*(each.reads for each in statements))


def is_given_above(node: ast.stmt, condition: ast.If, wrong: Code) -> bool:
    """Return whether the name that a statement gives a value has one, worked out, above an `if`."""
    return any(
        {*names_given(node)} & {*names_given(placed.node)}
        and placed.node.lineno < condition.lineno
        and not any(made in text_of(placed.node) for made in FIRST_VALUES)
        for placed in wrong.statements
    )
