"""Which statement carries a mistake, by the name of the mistake, in whatever style it is written.

A name says what is wrong: a division by the number of examples, a maximum that begins at 0. The
only statement of a function that does this is the student's line, and so is the one after which
something is missing. Where more statements may be meant, none is pointed at.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial

from checks.evidence import Evidence
from checks.lines.statements import MADE, base_of, head_nodes, indices, own_statements

MOST = 2
"""How many statements may carry one mistake together."""

SIZE_OPERATORS = (ast.Div, ast.FloorDiv)
VIEWS = ("as_strided", "sliding_window_view")
PATCHES = ("im2col", "col2im")
MAXIMA = ("max", "maximum", "amax", "fmax", "argmax")
MEANS = ("mean", "average")


class Own:
    """The statements of a student's function, and what its names stand for."""

    def __init__(self, function: ast.FunctionDef, evidence: Evidence) -> None:
        self.pairs = list(own_statements(function))
        self.statements = [node for node, _ in self.pairs]
        self.given = [each.arg for each in function.args.args]
        self.outputs = evidence.outputs
        self.loops = [n for n in ast.walk(function) if isinstance(n, (ast.For, ast.While))]

    @cached_property
    def counters(self) -> set[str]:
        """The names that the loops give a value to."""
        targets = [loop.target for loop in self.loops if isinstance(loop, ast.For)]
        return {leaf.id for t in targets for leaf in ast.walk(t) if isinstance(leaf, ast.Name)}

    def in_mode(self, mode: str) -> list[ast.stmt]:
        """Return what is run in one mode only."""
        return [node for node, of in self.pairs if of == mode]

    def with_call(self, names: Iterable[str], among: Iterable[ast.stmt] = ()) -> list[ast.stmt]:
        """Return the statements that call a function of one of these names."""
        names = tuple(names)
        return [s for s in among or self.statements if any(c in names for c in _calls(s))]

    @cached_property
    def strides(self) -> set[str]:
        """The names that the stride has."""
        found = {"stride"}
        for node in self.statements:
            if isinstance(node, ast.Assign) and "'stride'" in ast.unparse(node.value):
                found |= {ast.unparse(target) for target in node.targets}
        return found

    def sizes(self, axis: int) -> set[str]:
        """Return the texts that stand for the length of an axis of an array that is given."""
        found: set[str] = set()
        for node in self.statements:
            value = node.value if isinstance(node, ast.Assign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            text = ast.unparse(value) if value is not None else ""
            if isinstance(target, ast.Tuple) and text.endswith(".shape"):
                found |= {ast.unparse(each) for each in target.elts[axis : axis + 1]}
            elif isinstance(target, ast.Name) and _is_length(text, axis):
                found.add(target.id)
        return found

    def in_loop(self, node: ast.stmt) -> bool:
        """Return whether a statement is run at each step of a loop."""
        return any(each is node for loop in self.loops for each in ast.walk(loop))

    def last_made(self, output: str) -> list[ast.stmt]:
        """Return the last statement that gives an output its value, in whole or in part."""
        returns = [n for n in self.statements if isinstance(n, ast.Return) and n.value is not None]
        if len(returns) != 1 or output not in self.outputs:
            return []
        value = returns[0].value
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        if len(parts) != len(self.outputs):
            return []
        part = parts[self.outputs.index(output)]
        if not isinstance(part, ast.Name):
            return list(returns)
        return [n for n in self.statements if part.id in {base_of(t) for t in _targets(n)}][-1:]


def _is_length(text: str, axis: int) -> bool:
    return text.endswith(f".shape[{axis}]") or (axis == 0 and text.startswith("len("))


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign) else []


def _calls(node: ast.AST) -> Iterator[str]:
    for leaf in head_nodes(node):
        if isinstance(leaf, ast.Call):
            yield getattr(leaf.func, "attr", getattr(leaf.func, "id", ""))


def _names(node: ast.AST) -> set[str]:
    return {leaf.id for leaf in head_nodes(node) if isinstance(leaf, ast.Name)}


def _divides(node: ast.stmt, sizes: set[str], axis: int) -> bool:
    """Return whether a statement divides by the length of an axis."""
    by = [
        leaf.right for leaf in head_nodes(node) if isinstance(leaf, ast.BinOp) and _is_div(leaf.op)
    ]
    if isinstance(node, ast.AugAssign) and _is_div(node.op):
        by.append(node.value)
    texts = [ast.unparse(each) for each in by]
    return any(text in sizes or _is_length(text, axis) for text in texts)


def _is_div(op: ast.operator) -> bool:
    return isinstance(op, ast.Div)


# The rules, by what a mistake is


def _divided_by(axis: int, own: Own) -> list[ast.stmt]:
    return [s for s in own.statements if _divides(s, own.sizes(axis), axis)]


def _averaged(output: str, own: Own) -> list[ast.stmt]:
    """Find what is divided by the number of examples: everything, or what makes one output."""
    found = [*_divided_by(0, own), *own.with_call(MEANS)]
    if not output:
        return found
    made = [s for s in found if any(s is last for last in own.last_made(output))]
    return made or (found if len(found) == 1 else [])


def _averaged_twice(own: Own) -> list[ast.stmt]:
    """Find the statement that divides what it is given by the number of examples once more."""
    again = [
        s
        for s in _divided_by(0, own)
        if isinstance(s, ast.AugAssign)
        or (isinstance(s, ast.Assign) and {*map(base_of, s.targets)} & _names(s.value))
    ]
    return again[-1:]


def _from_zero(own: Own) -> list[ast.stmt]:
    """Find the 0 with which the largest number begins that a loop looks for."""
    compared: set[str] = set()
    for node in own.statements:
        for leaf in head_nodes(node):
            if isinstance(leaf, ast.Compare):
                compared |= {base_of(each) for each in (leaf.left, *leaf.comparators)}
            elif isinstance(leaf, ast.Call) and set(_calls(leaf)) & {"max", "maximum"}:
                compared |= {base_of(each) for each in leaf.args}
    return [
        node
        for node in own.statements
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in compared
        and (ast.unparse(node.value) in ("0", "0.0") or "zeros" in [*_calls(node)][:1])
    ]


def _without_stride(own: Own) -> list[ast.stmt]:
    """Find what picks the windows, where the stride is used for the sizes alone."""
    elsewhere = [
        s
        for s in own.statements
        if own.strides & _names(s)
        and not any(isinstance(getattr(leaf, "op", None), SIZE_OPERATORS) for leaf in head_nodes(s))
        and not ({ast.unparse(t) for t in _targets(s)} & own.strides)
        and not own.with_call(PATCHES, [s])
    ]
    return [] if elsewhere else [s for s in own.statements if _picks_window(s, own.counters)]


def _picks_window(node: ast.stmt, counters: set[str]) -> bool:
    called = [*_calls(node)]
    return any(name in VIEWS for name in called) or any(
        isinstance(leaf, ast.Subscript)
        and sum(_is_moved(each, counters) for each in indices(leaf)) > 1
        for leaf in head_nodes(node)
    )


def _is_moved(index: ast.expr, counters: set[str]) -> bool:
    """Return whether an index is a sum, or a slice whose corner no other line works out."""
    if isinstance(index, ast.Slice):
        start = index.lower
        elsewhere = isinstance(start, ast.Name) and start.id not in counters
        return start is not None and index.upper is not None and not elsewhere
    return isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add)


def _order_of_numbers(own: Own) -> list[ast.stmt]:
    """Find the sum that counts the numbers of a window, or the reshape that lays them out."""
    counted = [
        node
        for node in own.statements
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.BinOp)
        and isinstance(node.value.op, ast.Add)
        and len(_names(node.value) & own.counters) > 2
    ]
    if counted:
        return counted
    moved = own.with_call(("transpose", "moveaxis", "swapaxes", "rollaxis", "einsum"))
    views = own.with_call(("sliding_window_view",))
    return own.with_call(("reshape",)) if views and not moved else []


def _added_by_index(own: Own) -> list[ast.stmt]:
    return [
        node
        for node in own.statements
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript)
    ]


def _step_stays(own: Own) -> list[ast.stmt]:
    """Find where a loop moves an entry of an array that was made before the loop."""
    before = {
        ast.unparse(node.targets[0])
        for node in own.statements
        if isinstance(node, ast.Assign) and not own.in_loop(node) and {*_calls(node)} & {*MADE}
    }
    return [
        node
        for node in own.statements
        if own.in_loop(node)
        and any(isinstance(t, ast.Subscript) and base_of(t) in before for t in _targets(node))
        and _names(node.value)
        <= {"h", *_names(node.targets[0] if isinstance(node, ast.Assign) else node.target)}
    ]


def _moved_and_left(own: Own) -> list[ast.stmt]:
    """Find the last statement of a loop that needs the moved entry: after it, it is put back."""
    moved = {
        base_of(target)
        for node in own.statements
        if own.in_loop(node)
        for target in _targets(node)
        if isinstance(target, ast.Subscript)
        and any(base_of(target) == base_of(arg) for arg in _arguments_of(own, "f"))
    }
    return [
        node
        for node in own.statements
        if own.in_loop(node) and "f" in _calls(node) and moved & _names(node)
    ][-1:]


def _arguments_of(own: Own, name: str) -> list[ast.expr]:
    return [
        leaf.args[0]
        for node in own.statements
        for leaf in head_nodes(node)
        if isinstance(leaf, ast.Call) and ast.unparse(leaf.func) == name and leaf.args
    ]


def _one_array(own: Own) -> list[ast.stmt]:
    """Find `a = b` where something is written into both."""
    written = {
        base_of(target)
        for node in own.statements
        for target in _targets(node)
        if isinstance(target, ast.Subscript) or isinstance(node, ast.AugAssign)
    }
    return [
        node
        for node in own.statements
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and {node.value.id, base_of(node.targets[0])} <= written
    ]


def _all_moved(own: Own) -> list[ast.stmt]:
    """Find `x + h`, which moves every entry."""
    return [
        node
        for node in own.statements
        if any(
            isinstance(leaf, ast.BinOp)
            and isinstance(leaf.op, (ast.Add, ast.Sub))
            and {ast.unparse(leaf.left), ast.unparse(leaf.right)} == {"x", "h"}
            for leaf in head_nodes(node)
        )
    ]


def _in_place(own: Own) -> list[ast.stmt]:
    """Find what writes into an array of the caller's."""
    return [
        node
        for node in own.statements
        if any(
            base_of(target) in own.given
            and (isinstance(node, ast.AugAssign) or isinstance(target, ast.Subscript))
            for target in _targets(node)
        )
    ]


def _squared(own: Own) -> list[ast.stmt]:
    """Find the squares whose root is missing; squares that a loop adds up lack it at the end."""
    squares = [s for s in own.statements if "** 2" in ast.unparse(s) or "square" in _calls(s)]
    return [s for s in squares if not own.in_loop(s)] or own.last_made("error")


def _returns(own: Own) -> list[ast.stmt]:
    return [node for node in own.statements if isinstance(node, ast.Return)]


def _gradient_used(own: Own) -> list[ast.stmt]:
    """Find where dA is multiplied as it is, where no line gives the name to anything else."""
    if any("dA" in map(ast.unparse, _targets(node)) for node in own.statements):
        return []
    return [
        node
        for node in own.statements
        if any(
            isinstance(leaf, ast.BinOp)
            and isinstance(leaf.op, ast.Mult)
            and "dA" in (ast.unparse(leaf.left), ast.unparse(leaf.right))
            for leaf in head_nodes(node)
        )
    ]


def _sign_of_slope(own: Own) -> list[ast.stmt]:
    signs = own.with_call(("sign",))
    return signs or [s for s in own.statements if "-1" in ast.unparse(s) or "-dA" in ast.unparse(s)]


def _about_mode(own: Own) -> list[ast.stmt]:
    return [
        node
        for node in own.statements
        if any(
            isinstance(leaf, ast.Compare) and "mode" in _names(leaf) for leaf in head_nodes(node)
        )
    ]


def _average_part(own: Own) -> list[ast.stmt]:
    return own.in_mode("average")


def _divisor_of_average(own: Own) -> list[ast.stmt]:
    return [
        node
        for node in own.in_mode("average")
        if any(_is_div(getattr(leaf, "op", None)) for leaf in head_nodes(node))
    ]


def _calling(names: Iterable[str], own: Own) -> list[ast.stmt]:
    return own.with_call(names)


def _making(output: str, own: Own) -> list[ast.stmt]:
    return own.last_made(output)


def _lacking(output: str, own: Own) -> list[ast.stmt]:
    """Find where a step is missing that an output needs once it is whole."""
    found = own.last_made(output)
    is_whole = any(
        isinstance(node, ast.Return)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
        for node in found
    )
    return found if is_whole and not own.in_loop(found[0]) else _returns(own) if found else []


Rule = Callable[[Own], list[ast.stmt]]

CARRIERS: dict[str, Rule] = {
    "averaged_over_batch": partial(_averaged, ""),
    "all_divided_by_m": partial(_averaged, ""),
    "dW_mean": partial(_averaged, "dW"),
    "db_mean": partial(_averaged, "db"),
    "dA_prev_divided": partial(_averaged, "dA_prev"),
    "divided_by_examples": partial(_averaged, ""),
    "dZ_averaged_twice": _averaged_twice,
    "dZ_divided_by_classes": partial(_divided_by, 1),
    "loss_divided_by_classes": partial(_divided_by, 1),
    "negative_maximum_lost": _from_zero,
    "maximum_from_zero": _from_zero,
    "stride_ignored": _without_stride,
    "channel_not_last": _order_of_numbers,
    "column_before_row": _order_of_numbers,
    "added_once_per_index": _added_by_index,
    "log_of_zero": partial(_calling, ("log",)),
    "changes_input": _in_place,
    "changes_inputs": _in_place,
    "steps_accumulate": _step_stays,
    "same_point_twice": _one_array,
    "all_entries_at_once": _all_moved,
    "slope_minus_one": _sign_of_slope,
    "dA_axis": _gradient_used,
}
"""By the name of a mistake, what finds the statements that carry it: no correct function has them."""

PLACES: dict[str, Rule] = {
    "max_not_subtracted": partial(_calling, ("exp",)),
    "loss_sign": partial(_making, "loss"),
    "loss_summed": partial(_lacking, "loss"),
    "dZ_not_averaged": partial(_lacking, "dZ"),
    "crop_missing": partial(_lacking, "dA_prev"),
    "x_not_restored": _moved_and_left,
    "error_squared": _squared,
    "outputs_exchanged": _returns,
    "order_of_results": _returns,
    "modes_swapped": _about_mode,
    "average_not_divided": _average_part,
    "average_divisor": _divisor_of_average,
    "always_max": lambda own: own.with_call(MAXIMA, own.in_mode("average")),
    "always_average": lambda own: own.with_call(MEANS, own.in_mode("max")),
}
"""By the name of a mistake, what finds the statements in whose place it is."""


RULES = CARRIERS.keys() | PLACES.keys()
"""The names whose lines are found by a rule of their own."""


def carrying(name: str, evidence: Evidence, is_correct: bool = False) -> tuple[int, ...]:
    """Return the lines of a function's text that carry a mistake; none where that is not sure.

    Where every statement `is_correct`, only what no correct function has is pointed at.
    """
    rule = CARRIERS.get(name) or (None if is_correct else PLACES.get(name))
    function = evidence.function
    try:
        found = rule(Own(function, evidence)) if rule and function else []
    except RecursionError:
        return ()
    lines = dict.fromkeys(node.lineno for node in found)
    return tuple(lines) if len(lines) <= MOST else ()
