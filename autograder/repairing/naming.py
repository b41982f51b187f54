"""Names a mistake by its repair: what kind of thing is changed, in which of the student's lines."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.pages.repair_kinds import KINDS
from autograder.repairing.anew import is_given_above, leaves_unused
from autograder.repairing.code import (
    LIKE_ENOUGH,
    Code,
    Placed,
    as_written,
    assigned,
    is_another,
    is_in_place,
    likeness,
    name_changed,
    names_given,
    own_parts,
    renamed,
    same_as,
    target_text,
    targets_as_written,
    tokens,
    with_whole_indices,
)
from autograder.repairing.kinds.kind import in_whole_slices, kind_of
from autograder.repairing.kinds.parts import differing_parts, which_of_several
from autograder.repairing.roles import reads_sides_in_order
from autograder.repairing.sure import ANEW, Change, is_sure, mistakes_in
from checks.text import BETWEEN_SENTENCES, Text, joined

MOST_QUOTED = 96
"""Characters of a statement that a message quotes."""

BY_FACTOR = frozenset({"factor_missing", "divisor_missing"})

OF_A_CONDITION = frozenset(
    {"condition", "comparison", "number", "fixed_number", "word", "operand", "swapped", "index"}
)
"""Kinds of changes to a condition, where a repair may also work without any condition."""

MOST_TOLD = 2
"""How many mistakes of one kind are shown."""

WHICH = Text(
    "`{part}` stands there {times} times: number {which} is meant.",
    "`{part}` 在其中出现了 {times} 次，这里指的是第 {which} 个。",
)

SIDES = re.compile(
    r"(?<![a-zA-Z])(?:vert|vertical|horiz|horizontal|height|width|rows?|cols?|"
    r"[hwHWxyuvrcqij]|[no]_?[hwHW]|[hwxy]s)(?![a-zA-Z])|(?<=shape\[)[12]"
)
"""What tells height from width in the names that students choose."""


@dataclass(frozen=True)
class Named:
    """The message on changes of one kind, and the lines of the plain text that it is about."""

    kind: str
    message: Text
    hint: Text
    lines: tuple[int, ...]


def named(changes: Iterable[Change]) -> list[Named]:
    """Return the messages on a repair's changes, one for each kind.

    A change that is made for height and width alike gets one message.
    """
    by_kind: dict[str, list[Change]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change)
    return [
        Named(
            kind,
            joined(
                list(dict.fromkeys(text for c in _told(same) for text in _sentences(c))),
                BETWEEN_SENTENCES,
            ),
            KINDS[kind].hint,
            tuple(dict.fromkeys(change.line for change in same)),
        )
        for kind, same in by_kind.items()
    ]


def _sentences(change: Change) -> list[Text]:
    """Return what is said of a change, and of which place where its part stands at several."""
    which = [WHICH.format(**change.values)] if "which" in change.values else []
    return [KINDS[change.kind].message.format(**change.values), *which]


def _told(same: Sequence[Change]) -> list[Change]:
    """Return the first ones of a kind that differ in more than height for width."""
    found: dict[str, Change] = {}
    for change in same:
        about = {**change.values, "of": ""} if change.kind == "keyword" else change.values
        found.setdefault(_without_side(" ".join(about.values())), change)
    return list(found.values())[:MOST_TOLD]


def _without_side(text: str) -> str:
    return SIDES.sub("·", text)


def changes_of(before: str, after: str | None) -> tuple[Change, ...]:
    """Return what the repair of a function changes, by kind; nothing where that is too much."""
    if after is None:
        return ()
    wrong, right = Code(before), Code(after)
    found: list[Change] = []
    for change in _statements(wrong, right):
        # The same mistake twice in a line is shown once.
        if (change, change.values) not in [(each, each.values) for each in found]:
            found.append(change)
    if not is_sure(found) or leaves_unused(wrong, right):
        return ()
    return tuple(mistakes_in(found, wrong, right))


# Statements


def _statements(wrong: Code, right: Code) -> Iterator[Change]:
    old = [p for p in wrong.statements if not isinstance(p.node, ast.Pass)]
    new = [p for p in right.statements if not isinstance(p.node, ast.Pass)]
    new = _with_own_names(old, new)
    matcher = difflib.SequenceMatcher(
        None, [_head_key(p) for p in old], [_head_key(p) for p in new], autojunk=False
    )
    gone: list[Placed] = []
    come: list[tuple[Placed, Placed | None]] = []
    for kind, start, end, other, other_end in matcher.get_opcodes():
        pairs = list(_paired(old[start:end], new[other:other_end]))
        for left, right_one in pairs:
            if kind == "equal":
                yield from _moved(left, right_one)
            else:
                yield from _in_statement(left, right_one)
        taken = {id(p) for pair in pairs for p in pair}
        gone += [p for p in old[start:end] if id(p) not in taken]
        for number in range(other, other_end):
            if id(new[number]) not in taken:
                come.append((new[number], old[start - 1] if start else None))
    yield from _gone_and_come(gone, come, wrong)


def _with_own_names(old: Sequence[Placed], new: Sequence[Placed]) -> list[Placed]:
    """Return the statements of a version in which a value keeps the name that it has in the old.

    Elsewhere the other name is the same in both, so only what reads the value is renamed.
    """
    left = {_assigned_name(p): p for p in old}
    for place, placed in enumerate(new):
        name = _assigned_name(placed)
        same = [own for own, p in left.items() if own and _gives_the_same(p.node, placed.node)]
        gone = len(same) == 1 and same[0] not in {_assigned_name(p) for p in new}
        if not name or not gone or name in left or placed.around:
            continue
        names: dict[str, ast.expr] = {name: ast.Name(same[0], ast.Load())}
        below = [Placed(renamed(p.node, names), p.block, p.around) for p in new[place + 1 :]]
        target = ast.copy_location(ast.Assign([names[name]], placed.node.value), placed.node)  # type: ignore[attr-defined]
        return [*new[:place], Placed(target, placed.block, placed.around), *below]
    return list(new)


def _assigned_name(placed: Placed) -> str:
    """Return the name to which alone a statement gives a value, "" where it is none."""
    names = names_given(placed.node)
    return names[0] if len(names) == 1 else ""


def _gives_the_same(node: ast.stmt, other: ast.stmt) -> bool:
    both = isinstance(node, ast.Assign) and isinstance(other, ast.Assign)
    return both and same_as(node.value) == same_as(other.value)  # type: ignore[attr-defined]


def _paired(old: Sequence[Placed], new: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Pair the statements of two blocks, all of them, or the most alike ones in their order."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    few, many = (old, new) if len(old) < len(new) else (new, old)
    start = 0
    for number, one in enumerate(few):
        rest = many[start : len(many) - (len(few) - number - 1)]
        best = max(rest, key=lambda each: likeness(each.node, one.node), default=None)
        if best is not None and likeness(best.node, one.node) > 0.4:
            start = [id(each) for each in many].index(id(best)) + 1
            yield (one, best) if few is old else (best, one)


def _gone_and_come(
    gone: Iterable[Placed], come: Sequence[tuple[Placed, Placed | None]], wrong: Code
) -> Iterator[Change]:
    places = {_head_key(p): p for p, _ in come}
    moved = {_head_key(p) for p in gone} & places.keys()
    for placed in gone:
        if _head_key(placed) in moved:
            deeper = list(_moved(placed, places[_head_key(placed)]))
            yield from deeper or [_change("wrong_place", placed)]
        elif is_in_place(placed.node):
            yield _change("changed_in_place", placed)
        else:
            yield _change("step_too_much", placed)
    given = {text for each in wrong.statements for text in assigned(each.node)}
    for placed, above in come:
        if _head_key(placed) in moved:
            continue
        loops = [outer for outer in placed.around if isinstance(outer, (ast.For, ast.While))]
        before = [p for p in wrong.statements if _head_key(p) == _head_key(placed)]
        if len(before) == 1 and loops and len(before[0].around) < len(placed.around):
            yield _change("out_of_loop", before[0], of=_head_text(loops[-1]))
            continue
        outer = placed.around[-1] if placed.around else None
        condition = above.around[-1] if above and above.around else None
        if (
            isinstance(outer, ast.If)
            and placed.node in outer.orelse
            and isinstance(condition, ast.If)
        ):
            # What has its value before the condition needs no other branch.
            kind = ANEW if is_given_above(placed.node, condition, wrong) else "branch_missing"
            yield _change(kind, _outer(condition))
        elif assigned(placed.node) & given:
            # A result is given once more, in the reference's words.
            yield _change(ANEW, placed)
        elif above is None:
            code = f"def {wrong.function.name}(…)"
            yield Change("step_missing", wrong.function.lineno, {"code": code})
        else:
            yield _change("step_missing", above)


def _moved(old: Placed, new: Placed) -> Iterator[Change]:
    """Tell whether a statement is the same and stands at another depth."""
    before = [_head_key(each) for each in map(_outer, old.around)]
    after = [_head_key(each) for each in map(_outer, new.around)]
    if len(before) == len(after):
        return
    if len(before) > len(after):
        around = next((o for o, key in zip(old.around, before, strict=True) if key not in after), 0)
        yield _change("in_loop", old, of=_head_text(around) if around else "")
    else:
        around = next((o for o, key in zip(new.around, after, strict=True) if key not in before), 0)
        yield _change("out_of_loop", old, of=_head_text(around) if around else "")


def _outer(node: ast.stmt) -> Placed:
    return Placed(node, [node], ())


def _head_key(placed: Placed) -> str:
    parts = (same_as(part) for part in own_parts(placed.node))
    op = getattr(placed.node, "op", None)
    return "|".join([type(placed.node).__name__, type(op).__name__, *parts])


def _head_text(node: ast.stmt) -> str:
    """Return a statement, or what stands before its block, as a message quotes it."""
    text = ast.unparse(node).split("\n")[0]
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


def _change(kind: str, placed: Placed, **values: str) -> Change:
    said = {name: as_written(text, placed.node) for name, text in values.items()}
    return Change(kind, placed.node.lineno, {"code": _head_text(placed.node), **said})


def _in_statement(old: Placed, new: Placed) -> Iterator[Change]:
    left, right = with_whole_indices(old.node), with_whole_indices(new.node)
    assigns = (ast.Assign, ast.AugAssign)
    if isinstance(left, assigns) and isinstance(right, assigns) and type(left) is not type(right):
        target = right.targets[0] if isinstance(right, ast.Assign) else right.target
        moved = (
            same_as(target) != same_as(left.target) if isinstance(left, ast.AugAssign) else False
        )
        if not moved or same_as(left.value) != same_as(right.value):
            yield from _other_assignment(old, left, right)
            return
        # Where it is added is wrong; that it is added may be right, as it is to zeros.
        right = ast.AugAssign(target, left.op, right.value)  # type: ignore[union-attr, arg-type]
    if type(left) is not type(right):
        yield _change("value", old, of=_head_text(left), part=_head_text(left))
        return
    parts = differing_parts(left, right)
    if isinstance(left, assigns) and is_another(left, right) and len(parts) > 1:
        yield _change("statement", old)
        return
    kinds = in_whole_slices([(*part, *kind_of(*part, left)) for part in parts])
    places = {path[0].field in ("target", "targets") if path else False for *_, path in parts}
    said = {(kind, values.get("part")) for *_, kind, values in kinds}
    alike = len(said) == 1 or (places == {True} and len({kind for kind, _ in said}) == 1)
    if len(parts) > 1 and any(kind in BY_FACTOR for *_, kind, _ in kinds) and not alike:
        # Where a factor goes and another part changes, neither is the mistake by itself.
        if True in places:
            yield _change("statement", old)
            return
        value = getattr(left, "value", left)
        kind = "returned" if isinstance(left, ast.Return) else "value"
        yield _change(kind, old, part=ast.unparse(value), of=target_text(left))
        return
    others = {id(path[-1].node) for *_, path, _, _ in kinds if path and path[-1].field == "value"}
    for before, after, path, kind, values in kinds:
        if any(step.field == "slice" and id(step.node) in others for step in path):
            # The places are those of another array, which is meant.
            kind = ANEW
        if kind == "function" and (loop := _repeated(old, after)):
            yield _change("in_loop", old, of=_head_text(loop))
            continue
        is_condition = isinstance(left, (ast.If, ast.While))
        if is_condition and kind not in OF_A_CONDITION:
            kind = ANEW
        if kind in ("swapped", "unpacked") and reads_sides_in_order(left):
            # What is read in its order, and called so, is used in another one elsewhere.
            kind = ANEW
        is_name = isinstance(after, ast.Name)
        if kind == "operand" and is_name and values.get("part") in targets_as_written(left):
            # The repair calls what is computed here by another name: that is no mistake.
            kind = ANEW
        changed = [each for each, _, _ in parts if same_as(each) == same_as(before)]
        which = which_of_several(values.get("part", ""), changed, left)
        change = _change(kind, old, **values, **which)
        yield replace(change, grows=len(tokens(after)) >= len(tokens(before)))
    yield from _moved(old, new)


def _repeated(old: Placed, after: ast.AST) -> ast.stmt | None:
    """Return the loop at whose steps one sum is added again, which a mean in its place undoes."""
    loops = [outer for outer in old.around if isinstance(outer, ast.For)]
    used = _names(old.node)
    adds = isinstance(old.node, ast.AugAssign) and getattr(after, "attr", "") == "mean"
    found = [loop for loop in loops if not _varying(loop) & used]
    return found[0] if adds and found else None


def _names(node: ast.AST) -> set[str]:
    return {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}


def _varying(loop: ast.For) -> set[str]:
    """Return the variables of a loop, and the names to which its body gives values made of them."""
    varying = _names(loop.target)
    inside = [node for node in ast.walk(loop) if isinstance(node, (ast.Assign, ast.For))]
    # Each pass finds at least one more, or all are found.
    for _ in inside:
        for node in inside:
            if _names(node.iter if isinstance(node, ast.For) else node.value) & varying:
                targets = [node.target] if isinstance(node, ast.For) else node.targets
                varying.update(*map(_names, targets))
    return varying


def _reads(target: ast.expr, value: ast.expr) -> bool:
    """Return whether a value is what is at a target already, and something more or less."""
    adds = isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub))
    return adds and same_as(target) == same_as(value.left)  # type: ignore[attr-defined]


def _other_assignment(
    old: Placed, left: ast.Assign | ast.AugAssign, right: ast.Assign | ast.AugAssign
) -> Iterator[Change]:
    """Tell what differs where one of two statements adds and the other one assigns."""
    if isinstance(left, ast.Assign) and isinstance(right, ast.AugAssign):
        own = ast.BinOp(right.target, right.op, right.value)
        is_there = same_as(left.targets[0]) == same_as(right.target)
        sums = [n for n in ast.walk(left.value) if isinstance(getattr(n, "op", None), ast.Add)]
        sides = [side for n in sums for side in (n.left, n.right)]  # type: ignore[attr-defined]
        adds = name_changed(left) in [name_changed(ast.Assign([side], side)) for side in sides]
        is_like = likeness(left.value, own) > LIKE_ENOUGH or _reads(right.target, left.value)
        if is_there and is_like:
            # x = x + y for x += z differs in what is added.
            spelt = ast.copy_location(ast.Assign(left.targets, own), left)
            yield from _in_statement(old, Placed(spelt, old.block, old.around))
        elif adds:
            # Where x[i] = x[i] + y has other indices left and right, it is these that are wrong.
            yield _change("statement", old)
        elif isinstance(right.op, ast.Add):
            yield _change("assigned_not_added", old)
        else:
            yield _change("operator", old, part="=")
    elif isinstance(right, ast.Assign) and same_as(left.value) == same_as(right.value):
        yield _change("added_not_assigned", old)
    elif isinstance(right, ast.Assign) and isinstance(left, ast.AugAssign):
        # x *= y where x = x * y is meant: all that differs is whose array is changed.
        spelt = ast.BinOp(left.target, left.op, left.value)
        if likeness(spelt, right.value) > LIKE_ENOUGH:
            yield _change("changed_in_place", old)
        else:
            part = ast.unparse(left.value)
            yield _change("value", old, of=ast.unparse(left.target), part=part)
