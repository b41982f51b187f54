"""What kind of difference there is between a part of a statement and what a repair puts there."""

import ast
import itertools
import re
from collections.abc import Iterator, Sequence

from autograder.repairing.changes import SIGNS, orders, without_brackets
from autograder.repairing.code import adds_to_target, same_as, text_of, tokens
from autograder.repairing.kinds.parts import Path, differ, holds, is_own_function

Named = tuple[ast.AST, ast.AST, Path, str, dict[str, str]]
"""A part, what stands in its place, the way to it, its kind, and what to fill in."""

Values = tuple[str, dict[str, str]]
"""A kind, and what to fill into its message."""

ALONG_FIRST = ("max", "min", "sum")
"""Functions of Python's own that go through what they are given, not through all numbers in it."""

JOINING = ("stack", "concatenate", "append", "repeat", "flip", "roll")
"""Functions that without an axis do not go over all of them, or not to reduce them."""

SAME_VALUE = ("np.asarray", "np.array", "float")
"""Functions that leave the numbers as they are that they are given."""


def kind_of(old: ast.AST, new: ast.AST, path: Path, statement: ast.stmt) -> Values:
    """Return the kind of a difference, and what to quote of it."""
    for look in (_of_operator, _of_more, _of_less, _of_order, _of_call):
        found = look(old, new, path)
        in_slice = any(isinstance(step.node, ast.Slice) for step in path)
        if found and found[0] == "term_missing" and adds_to_target(new, statement):
            return "assigned_not_added", {}
        if found and not (in_slice and found[0] == "term_missing"):
            return found
    return _of_place(old, new, path, statement)


def in_whole_slices(parts: Sequence[Named]) -> list[Named]:
    """Return the parts, and in the place of those of one slice that differ in kind the slice."""
    slices = [
        next((s for s in part[2][::-1] if isinstance(s.node, ast.Slice)), None) for part in parts
    ]
    kinds: dict[int, set[str]] = {}
    for step, part in zip(slices, parts, strict=True):
        kinds.setdefault(id(step and step.node), set()).add(part[3])
    found: dict[int, Named] = {}
    for step, part in zip(slices, parts, strict=True):
        if step is None or len(kinds[id(step.node)]) == 1:
            found[id(part)] = part
            continue
        of = text_of(_subscript(part[2]).value)
        values = {"part": text_of(step.node), "of": of}
        found[id(step.node)] = (step.node, part[1], part[2], "slice_bounds", values)
    return list(found.values())


def _of_operator(old: ast.AST, new: ast.AST, path: Path) -> Values | None:
    """Name the operator of `+=`; of others, what they combine: a side may be meant."""
    if isinstance(old, ast.operator) and path and isinstance(path[-1].node, ast.BinOp):
        return "operation", {"part": text_of(path[-1].node)}
    if isinstance(old, ast.operator):
        return "operator", {"part": SIGNS.get(type(old), type(old).__name__.lower())}
    return ("comparison", {"part": text_of(path[-1].node)}) if isinstance(old, ast.cmpop) else None


def _of_more(old: ast.AST, new: ast.AST, path: Path) -> Values | None:
    """Name what is missing where the correct expression holds the student's."""
    if not isinstance(old, ast.expr) or not isinstance(new, ast.expr) or not holds(new, old):
        return None
    part = {"part": text_of(old)}
    if isinstance(new, ast.BinOp):
        if not any(same_as(each) == same_as(old) for each in _operands(new)):
            return _in_something_else(old, path)
        if isinstance(new.op, (ast.Add, ast.Sub)):
            # One more than a name may be another length altogether.
            if isinstance(old, ast.Name) and _is_number(new.right):
                above = path[-1].node if path else old
                return ("operation", {"part": text_of(above)}) if _is_sum(above) else None
            return "term_missing", part
        divided = isinstance(new.op, (ast.Div, ast.FloorDiv)) and not _is_or_holds(new.right, old)
        return ("divisor_missing" if divided else "factor_missing"), part
    if isinstance(new, ast.UnaryOp):
        # NumPy takes any negative size for the one that it has to work out.
        sizes = any(getattr(getattr(s.node, "func", None), "attr", "") == "reshape" for s in path)
        return None if sizes or _is_number(old) else ("sign", part)
    if _is_shape_unpacked(path):
        # Another order of the axes is no transposition of what the function works with.
        return "unpacked", part
    if isinstance(new, ast.Attribute) and new.attr == "T":
        return "not_transposed", part
    if isinstance(new, ast.Call):
        name = getattr(new.func, "attr", getattr(new.func, "id", ""))
        known = {"copy": "no_copy", "array": "no_copy", "transpose": "not_transposed"}
        known |= {"reshape": "not_in_shape", "sum": "not_summed"}
        return known.get(name, "call_missing"), part
    if isinstance(new, ast.Subscript) and _is_or_holds(new.value, old):
        return "index_missing", part
    return None


def _is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))


def _in_something_else(old: ast.expr, path: Path) -> Values | None:
    """Name all of what a name is called on, or given to, that becomes a part of something else.

    In `x.mean()` it need not be x that is wrong.
    """
    above = [step.node for step in path]
    calls = [node for node in above if isinstance(node, ast.Call)]
    statement = above[0] if above else None
    if not isinstance(old, ast.Name) or not calls or not isinstance(statement, ast.Assign):
        return None
    return "value", {"part": text_of(statement.value), "of": text_of(statement.targets[0])}


def _operands(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what operators alone combine to an expression, and the steps of that."""
    yield node
    if isinstance(node, ast.BinOp):
        yield from _operands(node.left)
        yield from _operands(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from _operands(node.operand)
    elif isinstance(node, ast.Call) and text_of(node.func) in SAME_VALUE and node.args:
        yield from _operands(node.args[0])
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "item":
        yield from _operands(node.func.value)  # type: ignore[attr-defined]


def _is_shape_unpacked(path: Path) -> bool:
    """Return whether a way leads to the array in `a, b = array.shape`."""
    way = [step.node for step in path]
    if len(way) != 2 or not isinstance(way[0], ast.Assign) or not isinstance(way[1], ast.Attribute):
        return False
    return isinstance(way[0].targets[0], ast.Tuple) and way[1].attr == "shape"


def _is_or_holds(outer: ast.AST, inner: ast.AST) -> bool:
    return same_as(outer) == same_as(inner) or holds(outer, inner)


def _of_less(old: ast.AST, new: ast.AST, path: Path) -> Values | None:
    """Name what is too much where the student's expression holds the correct one."""
    if not isinstance(old, ast.expr) or not isinstance(new, ast.expr) or not holds(old, new):
        return None
    if isinstance(old, ast.BinOp):
        rest = old.right if _is_or_holds(old.left, new) else old.left
        sign = SIGNS.get(type(old.op), "") if rest is old.right else ""
        return "part_too_much", {"part": f"{sign} {text_of(rest)}".strip()}
    if isinstance(old, ast.UnaryOp):
        # -1 and 1 may be two places, and not one number with the wrong sign.
        return ("number" if _is_number(old) else "sign"), {"part": text_of(old)}
    if isinstance(old, ast.Attribute) and old.attr == "T":
        return "transposed_needlessly", {"part": text_of(old)}
    if isinstance(old, ast.Call):
        if getattr(old.func, "attr", "") in ("transpose", "swapaxes", "moveaxis"):
            return "transposed_needlessly", {"part": text_of(old)}
        if getattr(old.func, "attr", "") == "reshape":
            # Another shape may be meant, which a repair can do without.
            return None
        if isinstance(old.func, ast.Attribute) and _is_or_holds(old.func.value, new):
            return "call_too_much", {"part": f".{old.func.attr}(…)"}
        return "call_too_much", {"part": f"{text_of(old.func)}(…)"}
    if isinstance(old, ast.Subscript) and _is_or_holds(old.value, new):
        if getattr(old.value, "attr", "") == "shape":
            return "axis", {"part": text_of(old)}
        return "index_too_much", {"part": text_of(old), "of": text_of(new)}
    return None


def _of_order(old: ast.AST, new: ast.AST, path: Path) -> Values | None:
    """Name what holds the same things in another order."""
    if not isinstance(old, (ast.expr, ast.Slice)) or tokens(old) != tokens(new):
        return None
    mine, theirs = (without_brackets(text_of(each)) for each in (old, new))
    # What is moved in a product as well, to which it makes no difference, is not the mistake.
    if mine in orders(new):
        return "brackets", {"part": text_of(old)}
    if both := _on_both_sides(old, new, path):
        return "sides_differ", {"part": both}
    if re.sub(r"\.T\b", "", mine) == re.sub(r"\.T\b", "", theirs):
        return "wrong_one_transposed", {"part": text_of(old)}
    return "swapped", {"part": text_of(old)}


def _on_both_sides(old: ast.AST, new: ast.AST, path: Path) -> str:
    """Return the names that change places in a target, and are read in the value, too."""
    if not path or path[0].field not in ("target", "targets"):
        return ""
    statement = path[0].node
    pairs = zip(*(getattr(each, "elts", []) for each in (old, new)), strict=False)
    moved = [text_of(mine) for mine, theirs in pairs if same_as(mine) != same_as(theirs)]
    read = {n.id for n in ast.walk(getattr(statement, "value", old)) if isinstance(n, ast.Name)}
    return ", ".join(f"`{name}`" for name in moved) if moved and {*moved} <= read else ""


def _of_call(old: ast.AST, new: ast.AST, path: Path) -> Values | None:
    """Name what differs in a call: its function, or an argument that it has or has not."""
    is_pythons = isinstance(old, ast.Name) and old.id in ALONG_FIRST
    if is_pythons and f"np.{old.id}" == text_of(new):  # type: ignore[attr-defined]
        return "python_function", {"part": text_of(old)}
    if (path and path[-1].field == "func") or (isinstance(old, ast.Attribute) and _is_np(old)):
        # x.max(…) for np.max(…) is the same function of something else.
        same = getattr(old, "attr", "") == getattr(new, "attr", None)
        return None if same else ("function", {"part": text_of(old)})
    if not (isinstance(old, ast.Call) and isinstance(new, ast.Call)):
        turned = any(word in text_of(new) for word in (".T", "transpose"))
        if isinstance(old, ast.Call) and getattr(old.func, "attr", "") == "reshape" and turned:
            return "reshape_for_transpose", {"part": text_of(old)}
        return None
    of = text_of(old.func)
    if same_as(old.func) != same_as(new.func):
        if getattr(old.func, "attr", "") == "reshape" and "transpose" in text_of(new.func):
            return "reshape_for_transpose", {"part": text_of(old)}
        if isinstance(old.func, ast.Name) and of in ALONG_FIRST and f"np.{of}" == text_of(new.func):
            return "python_function", {"part": of}
        if getattr(old.func, "attr", "") == getattr(new.func, "attr", None) or is_own_function(
            old.func
        ):
            return None
        mine, theirs = ({*map(same_as, call.args)} for call in (old, new))
        # With other arguments, too, it may be right that this function is called.
        return ("function", {"part": of}) if mine <= theirs or theirs < mine else None
    if of == "range" and path and isinstance(path[0].node, ast.For):
        return "loop_range", {"part": ", ".join(map(text_of, old.args))}
    mine = {k.arg: k for k in old.keywords if k.arg}
    theirs = {k.arg: k for k in new.keywords if k.arg}
    wrong = [k for name, k in mine.items() if name in theirs and differ(k, theirs[name])]
    if wrong:
        return "keyword", {"part": ast.unparse(wrong[0]), "of": of}
    extra = [ast.unparse(k) for name, k in mine.items() if name not in theirs]
    if extra and len(old.args) == len(new.args):
        return "argument_too_much", {"part": extra[0], "of": of}
    kept = {same_as(a) for a in new.args}
    over = [text_of(a) for a in old.args if same_as(a) not in kept]
    reduces = getattr(old.func, "attr", "") not in JOINING
    if "axis" in theirs and "axis" not in mine and not over and len(old.args) == 1 and reduces:
        return "axis_missing", {"of": of}
    if len(old.args) + len(mine) < len(new.args) + len(theirs) and not over:
        return "argument_missing", {"of": of}
    if len(old.args) > len(new.args) and len(over) == 1:
        return "argument_too_much", {"part": over[0], "of": of}
    return "argument", {"part": ", ".join(map(text_of, old.args)), "of": of}


def _is_np(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "np"


def _differs_in_step(old: ast.Slice, new: ast.AST) -> bool:
    bounds = [(old.lower, getattr(new, "lower", None)), (old.upper, getattr(new, "upper", None))]
    return all(
        (one is None) == (other is None) and (one is None or same_as(one) == same_as(other))
        for one, other in bounds
    )


def _of_place(old: ast.AST, new: ast.AST, path: Path, statement: ast.stmt) -> Values:
    """Name what is wrong by where it stands: as an index, an argument, a range, a factor."""
    part = {"part": text_of(old) if isinstance(old, (ast.expr, ast.Slice)) else ast.unparse(old)}
    way = [*(step.node for step in path), old]
    for above, node in itertools.pairwise(way):
        if isinstance(node, ast.keyword) and isinstance(above, ast.Call):
            return "keyword", {"part": ast.unparse(node), "of": text_of(above.func)}
    if isinstance(old, ast.Constant) and isinstance(old.value, str):
        return "word", part
    if _is_axis(old, path):
        return "axis", {"part": text_of(path[-1].node)}
    if _is_index(old, path) and isinstance(new, ast.Name):
        return "fixed_index", {**part, "of": text_of(_subscript(path).value)}
    is_number = isinstance(old, ast.Constant) and not isinstance(old.value, bool)
    if is_number and not isinstance(new, ast.Slice):
        if path and isinstance(path[-1].node, ast.UnaryOp):
            part = {"part": text_of(path[-1].node)}
        return ("number" if _is_number(new) else "fixed_number"), part
    for number in range(len(path) - 1, -1, -1):
        node, name = path[number].node, path[number].field
        inner = path[number + 1].node if number + 1 < len(path) else old
        if isinstance(node, ast.Subscript) and name == "slice":
            of = {"of": text_of(node.value)}
            if isinstance(old, ast.Slice) and not isinstance(new, ast.Slice):
                return "whole_axis", {**part, **of}
            if isinstance(new, ast.Slice) and not isinstance(old, ast.Slice):
                return "one_place", {**part, **of}
            if isinstance(old, ast.Slice) or any(isinstance(s.node, ast.Slice) for s in path):
                bound = next((s.node for s in path if isinstance(s.node, ast.Slice)), old)
                steps = any(isinstance(s.node, ast.Slice) and s.field == "step" for s in path)
                if steps or (isinstance(old, ast.Slice) and _differs_in_step(old, new)):
                    return "slice_step", {"part": text_of(bound), **of}
                return "slice_bounds", {"part": text_of(bound), **of}
            index = old.elts if isinstance(old, ast.Tuple) else [old]
            return "index", {"part": ", ".join(map(text_of, index)), **of}
        if isinstance(node, ast.Call) and name == "args":
            if isinstance(statement, ast.For) and text_of(node.func) == "range":
                return "loop_range", {"part": text_of(inner)}
            if number == len(path) - 1 or not isinstance(path[-1].node, ast.BinOp):
                return "argument", {"part": text_of(inner), "of": text_of(node.func)}
        if isinstance(node, ast.BinOp):
            return "operand", part
    return _of_whole(old, statement, part)


def _is_axis(old: ast.AST, path: Path) -> bool:
    """Return whether a number picks the length of one axis out of a shape."""
    above = path[-1].node if path else None
    is_shape = isinstance(above, ast.Subscript) and getattr(above.value, "attr", "") == "shape"
    return is_shape and isinstance(old, ast.Constant)


def _subscript(path: Path) -> ast.Subscript:
    return next(s.node for s in path[::-1] if isinstance(s.node, ast.Subscript))


def _is_index(old: ast.AST, path: Path) -> bool:
    """Return whether a number is one of the indices in square brackets."""
    way = [step.node for step in path if not isinstance(step.node, ast.Tuple)]
    inside = way and isinstance(way[-1], ast.Subscript) and isinstance(old, ast.Constant)
    return bool(inside) and isinstance(old.value, int)  # type: ignore[attr-defined]


def _is_number(node: ast.AST) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _of_whole(old: ast.AST, node: ast.stmt, part: dict[str, str]) -> Values:
    if isinstance(node, ast.For):
        return "loop_range", part
    if isinstance(node, (ast.If, ast.While)):
        return "condition", {"part": text_of(node.test)}
    if isinstance(node, ast.Return):
        whole = node.value is None or isinstance(node.value, ast.Tuple)
        return "returned", part if whole else {"part": text_of(node.value)}  # type: ignore[arg-type]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if any(isinstance(t, ast.Tuple) and _is_or_holds(t, old) for t in targets if t is not None):
        return "unpacked", part
    if isinstance(node, ast.Assign) and isinstance(old, ast.Name) and old is not node.value:
        return "operand", part
    if any(old is target for target in targets):
        return "statement", {}  # where it is stored is wrong, or what is: nobody knows
    target = next((text_of(t) for t in targets if t is not None), ast.unparse(node))
    return "value", {**part, "of": target}
