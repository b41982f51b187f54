"""Which changes of a repair are mistakes, and which only follow from how it is written."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.repairing.anew import stays
from autograder.repairing.code import Code, own_parts
from autograder.repairing.kinds.parts import is_own_function

MOST_LINES = 4
"""A repair that changes more lines than these, twins of others not counted, names nothing."""

MOST_KINDS = 3
"""A repair that changes more kinds of things than these is a rewriting, and names nothing.

So is one of as many of which one is a whole value.
"""

LARGE = 32
"""Characters of a part from which on a smaller one may say more."""

ANEW = "anew"
"""The kind of a change about which the student gets no message."""

LACKS = frozenset(
    (
        "call_missing",
        "not_in_shape",
        "not_summed",
        "index_missing",
        "divisor_missing",
        "factor_missing",
    )
)
"""Kinds of changes whose messages say that a part lacks something."""

STEPS = frozenset(
    ("step_too_much", "step_missing", "branch_missing", "out_of_loop", "in_loop", "wrong_place")
)
"""Kinds of changes by which statements come, go or move; several of them write the work anew."""

TURNED = ("not_transposed", "transposed_needlessly")

COARSE = frozenset({"value", "statement", "condition", "step_missing", "step_too_much"})

SAYS_NO_MORE = COARSE | {"loop_range"}
"""Kinds of changes that add nothing where the mistake is named for sure."""

ANEW_IF_LONG = ("operand", "value", "returned")
"""What replaces a long part, which may be as good as what stands there."""

NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Change:
    """One thing that a repair changes: its kind, its line of the plain text, and what to quote."""

    kind: str
    line: int
    values: dict[str, str] = field(default_factory=dict, compare=False)
    grows: bool = field(default=False, compare=False)
    """Whether what comes is no shorter than what goes: it may be computed anew."""


def is_coarse(changes: Sequence[Change]) -> bool:
    """Return whether a repair replaces a whole value, so that a smaller one may say more."""
    return not changes or any(
        change.kind in COARSE or len(change.values.get("part", "")) > LARGE for change in changes
    )


def mistakes_in(found: Sequence[Change], wrong: Code, right: Code) -> Sequence[Change]:
    """Return the changes that are mistakes, of all that a repair needs."""
    found = [c for c in found if c.kind != ANEW and not _is_only_moved(c, wrong, right)]
    ranges = _ranges(wrong)
    found = [c for c in found if not _is_range(c, ranges)]
    found = [c for c in found if not _is_own_way(c, right)] or found
    found = [c for c in found if not _only_serves(c, wrong, right)] or found
    # What no line reads is put to use by the repair; the line that should have is the mistake.
    used = _read(right) - _read(wrong)
    found = [c for c in found if c.values.get("code", "").partition(" = ")[0] not in used] or found
    found = _without_rewritten([c for c in found if not _is_size_left_open(c, wrong)])
    # Where a whole value is no shorter one, and another line changes, too, neither shows by itself.
    several = len({c.line for c in found}) > 1 and len({c.kind for c in found}) > 1
    return () if several and any(c.kind == "value" and c.grows for c in found) else found


def _only_serves(change: Change, wrong: Code, right: Code) -> bool:
    """Return whether the two sides of another array are read for another changed line alone.

    The number of examples, and of channels, may be the same in both.
    """
    given, _, value = change.values.get("code", "").partition(" = ")
    if not value.endswith(".shape") or change.kind != "operand":
        return False
    sides = {*NAME.findall(given)[1:-1]}
    own = {ast.unparse(part) for placed in wrong.statements for part in own_parts(placed.node)}
    readers = [
        ast.unparse(part)
        for placed in right.statements
        for part in own_parts(placed.node)
        if sides & {n.id for n in ast.walk(part) if isinstance(n, ast.Name) and _is_read(n)}
    ]
    return bool(readers) and own.isdisjoint(readers)


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_own_way(change: Change, right: Code) -> bool:
    """Return whether a call of the student's own function is done without, everywhere.

    Beside another mistake that may only mean that the function is not at hand.
    """
    part = change.values.get("part", "")
    name, is_call, _ = part.partition("(")
    called = {
        node.func.id
        for node in ast.walk(right.function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    is_own = name.isidentifier() and is_own_function(ast.Name(name, ast.Load()))
    return bool(is_call) and part.endswith(")") and is_own and name not in called


def _read(code: Code) -> set[str]:
    names = (node for node in ast.walk(code.function) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def _ranges(code: Code) -> set[str]:
    """Return the names of what `slice(…)` makes: they are ranges, though they look like places."""
    return {
        target.id
        for placed in code.statements
        if isinstance(placed.node, ast.Assign)
        and isinstance(placed.node.value, ast.Call)
        and getattr(placed.node.value.func, "id", "") == "slice"
        for target in placed.node.targets
        if isinstance(target, ast.Name)
    }


def _is_range(change: Change, ranges: set[str]) -> bool:
    part = change.values.get("part", "")
    return (change.kind == "call_too_much" and part == "slice(…)") or (
        change.kind == "one_place" and part in ranges
    )


def _is_long(change: Change) -> bool:
    return change.kind in ANEW_IF_LONG and len(change.values["part"]) > LARGE


def _is_size_left_open(change: Change, wrong: Code) -> bool:
    """Return whether a size becomes negative, which for a reshape is any size that fits."""
    name = change.values.get("code", "").partition(" = ")[0]
    return change.kind == "sign" and any(
        isinstance(call, ast.Call)
        and getattr(call.func, "attr", "") == "reshape"
        and any(isinstance(n, ast.Name) and n.id == name for a in call.args for n in ast.walk(a))
        for call in ast.walk(wrong.function)
    )


def _is_only_moved(change: Change, wrong: Code, right: Code) -> bool:
    name = change.values.get("part", "").lstrip("+-*/ ")
    return change.kind == "part_too_much" and name.isidentifier() and stays(name, wrong, right)


def _without_rewritten(found: Sequence[Change]) -> Sequence[Change]:
    """Leave out what is said in other names: those statements, and the ones that read the names."""
    found = [c for c in found if not _is_consequence(c, found)] or found
    computed = {change.values["of"] for change in found if change.kind == "value"}
    # What is missing there is what the value would have had.
    found = [c for c in found if c.kind not in LACKS or c.values["part"] not in computed]
    names = {
        name
        for change in found
        if change.kind == "statement"
        for name in re.findall(r"[^\W\d]\w*", change.values["code"].partition("=")[0])
    }
    about = re.compile(rf"\b({'|'.join(names)})\b") if names else None
    others = [change for change in found if not (about and about.search(change.values["code"]))]
    return others or [change for change in found if change.kind == "statement"] or found


def _is_consequence(change: Change, found: Sequence[Change]) -> bool:
    """Return whether a part is only replaced because the repair computes what it reads elsewhere.

    Where a whole value is computed anew, a name that other lines make may have become needless
    where it stands, and is no mistake there.
    """
    others = [other for other in found if other.line != change.line]
    given = {other.values.get("code", "").partition(" = ")[0] for other in others}
    if change.kind in TURNED and change.values.get("part", "").removesuffix(".T") in given:
        # What is laid out in another way is turned in another way.
        return True
    if change.kind in COARSE or not any(other.kind in COARSE for other in others):
        return False
    names = {*NAME.findall(change.values.get("part", ""))}
    made = {other.values.get("code", "").partition(" = ")[0] for other in others}
    return bool(names) and names <= made


def is_sure(found: Sequence[Change]) -> bool:
    """Return whether a repair says of each of its lines what is wrong with it.

    Where a value is replaced as a whole and another line goes or comes, the repair may have written
    anew what the student does in a way of their own.
    """
    kinds = {change.kind for change in found}
    lines = kinds & STEPS
    # What is applied elsewhere was only moved.
    lines = {*lines, *kinds} if {"call_too_much", "call_missing"} <= kinds else lines
    anew = len(lines) >= 2 or (lines and kinds & {"value", "statement", ANEW})
    # What replaces a long part in one line, and needs a change of another one, is done anew.
    anew = anew or (len({change.line for change in found}) > 1 and any(map(_is_long, found)))
    if len(kinds - {ANEW}) > MOST_KINDS - bool(kinds & COARSE):
        return False
    return not anew and len({change.line for change in found}) <= 2 * MOST_LINES
