"""Rules that work out which sizes a function's text gives to its arrays."""

import ast
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter

from checks.evidence import AT, Evidence, Found, once
from checks.lines.statements import HEIGHT, PADS, WIDTH, side_told
from checks.rules.inlined import helpers_of, inlined
from checks.rules.trees import at, name_of, names_in, short

Formula = Callable[[int, int, int, int], float]
"""The size of an output along one side, from that side n, and f, pad and stride."""

Worked = Callable[[Mapping[str, float]], float]
"""An expression's value, from what is known of the arrays' sides and the hyperparameters."""

MADE = ("zeros", "empty", "ones", "full")
INPUTS = ("A_prev", "X")
GRADIENTS = ("dZ", "dA")
AXES = {
    **dict.fromkeys(INPUTS, ("m", "H", "W", "C")),
    **dict.fromkeys(GRADIENTS, ("m", "H of the output", "W of the output", "n_C")),
    "W": ("f", "f", "C", "n_C"),
}
HEIGHTS, WIDTHS = {"H", "H of the output"}, {"W", "W of the output"}
SETTINGS = ("stride", "pad", "f")
MOVED = ("transpose", "swapaxes", "moveaxis", "rollaxis", "T")
ROUNDED: Mapping[str, Callable[[float], float]] = {
    **dict.fromkeys(("int", "floor", "trunc", "fix"), math.floor),
    **dict.fromkeys(("round", "rint", "around", "round_"), round),
    "ceil": math.ceil,
    "float": float,
}
OPERATORS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
}
MOST_STEPS = 6
"""How many names in a row are followed to what they stand for."""

GRID = tuple(itertools.product(range(4, 12), (1, 2, 3), (0, 1, 2), (1, 2, 3)))
"""Numbers n, f, pad, stride for which formulas are compared."""

WRONG: Mapping[str, tuple[Formula, ...]] = {
    "size_one_missing": (lambda n, f, pad, s: (n - f + 2 * pad) // s,),
    "size_one_twice": (lambda n, f, pad, s: (n - f + 2 * pad) // s + 2,),
    "size_one_inside": (lambda n, f, pad, s: (n - f + 2 * pad + 1) // s,),
    "size_rounded_up": (lambda n, f, pad, s: math.ceil((n - f + 2 * pad) / s) + 1,),
    "size_rounded": (
        lambda n, f, pad, s: round((n - f + 2 * pad) / s) + 1,
        lambda n, f, pad, s: math.floor((n - f + 2 * pad) / s + 0.5) + 1,
    ),
    "size_pad_once": (lambda n, f, pad, s: (n - f + pad) // s + 1,),
    "size_pad_twice": (lambda n, f, pad, s: (n - f + 4 * pad) // s + 1,),
    "size_pad_missing": (lambda n, f, pad, s: (n - f) // s + 1,),
    "size_stride_missing": (lambda n, f, pad, s: n - f + 2 * pad + 1,),
    "size_f_missing": (lambda n, f, pad, s: (n + 2 * pad) // s + 1,),
}


def _right(n: int, f: int, pad: int, stride: int) -> float:
    return (n - f + 2 * pad) // stride + 1


class Sizes:
    """What the names of a function stand for: sides of its arrays, hyperparameters, numbers."""

    def __init__(self, evidence: Evidence) -> None:
        self._bound: dict[str, list[ast.expr]] = {}
        self._alone: dict[str, ast.expr | None] = {}
        self._helpers = helpers_of(evidence)
        self._calls: dict[int, ast.expr | None] = {}
        for node in evidence.nodes:
            for target in _targets(node):
                value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
                self._bind(target, value)

    def _bind(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self._bound.setdefault(target.id, []).append(value or ast.Pass())
        elif isinstance(target, (ast.Tuple, ast.List)):
            own = value.elts if isinstance(value, (ast.Tuple, ast.List)) else None
            for place, each in enumerate(target.elts):
                if own is not None and len(own) == len(target.elts):
                    self._bind(each, own[place])
                else:
                    index = ast.Constant(place)
                    self._bind(each, value and ast.Subscript(value, index, ast.Load()))

    def role(self, node: ast.AST, steps: int = 0) -> ast.expr | str | None:
        """Return the role of a name or an index, or the expression that a name stands for."""
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            key = node.slice.value
            if key in SETTINGS:
                return str(key)
            if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
                return self._side(node.value.value, key)
            return self._part(node.value, key)
        if isinstance(node, ast.Call) and name_of(node) == "get" and node.args:
            key = getattr(node.args[0], "value", None)
            return str(key) if key in SETTINGS else None
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Name) and steps < MOST_STEPS:
            values = self._bound.get(node.id, [])
            if (alone := self._only(node.id)) is not None:
                return alone
            roles = {str(self.role(value, steps + 1)) for value in values}
            alike = len(roles) == 1 and not roles & {"None"}
            return self.role(values[0], steps + 1) if alike else None
        return None

    def _of_call(self, node: ast.Call) -> ast.expr | None:
        """Return what a call of one of the student's own helpers stands for."""
        if id(node) not in self._calls:
            self._calls[id(node)] = inlined(node, self._helpers)
        return self._calls[id(node)]

    def _part(self, node: ast.expr, place: object) -> ast.expr | None:
        """Return one of several results of such a call."""
        value = self._of_call(node) if isinstance(node, ast.Call) else None
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        return parts[place] if isinstance(place, int) and 0 <= place < len(parts) else None

    def _only(self, name: str) -> ast.expr | None:
        """Return what a name stands for, where that is always the same expression."""
        if name not in self._alone:
            values = self._bound.get(name, [])
            texts = {ast.unparse(value) for value in values} if len(values) > 1 else values
            self._alone[name] = values[-1] if len(texts) == 1 else None
        return self._alone[name]

    def _side(self, array: ast.expr, axis: object) -> ast.expr | str | None:
        name = array.id if isinstance(array, ast.Name) else ""
        if axis in (-1, -2, -3, -4):
            axis = int(axis) + 4  # type: ignore[call-overload]
        if axis not in (0, 1, 2, 3):
            return None
        values = [v for v in self._bound.get(name, []) if not _is_unpacked(v)]
        if name in AXES and not values:
            return AXES[name][int(axis)]  # type: ignore[call-overload]
        padded = len(values) == 1 and name_of(values[0]) in PADS
        first = values[0].args[:1] if padded and isinstance(values[0], ast.Call) else []
        source = first[0].id if first and isinstance(first[0], ast.Name) else name
        if padded and source == name in INPUTS and array.lineno <= values[0].lineno:
            # The shape is read before the array is replaced by the padded one.
            return AXES[name][int(axis)]  # type: ignore[call-overload]
        if padded and source in INPUTS:
            return f"{AXES[source][int(axis)]} padded"  # type: ignore[call-overload]
        return None

    def roles(self, node: ast.AST, steps: int = 0) -> set[str]:
        """Return every role that an expression depends on."""
        role = self.role(node)
        if isinstance(role, str):
            return {role}
        if role is not None:
            return self.roles(role, steps + 1) if steps < MOST_STEPS else set()
        return {r for child in ast.iter_child_nodes(node) for r in self.roles(child, steps)}

    def worked_out(self, node: ast.AST, steps: int = 0) -> Worked:
        """Return how an expression is worked out; raise LookupError where a part is not known."""
        role = self.role(node)
        if isinstance(role, str):
            return itemgetter(role)
        if role is not None and steps < MOST_STEPS:
            return self.worked_out(role, steps + 1)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            number = node.value
            return lambda _: number
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = (self.worked_out(n, steps) for n in (node.left, node.right))
            operator = OPERATORS[type(node.op)]
            return lambda numbers: operator(left(numbers), right(numbers))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            operand = self.worked_out(node.operand, steps)
            return lambda numbers: -operand(numbers)
        if isinstance(node, ast.Call) and name_of(node) in ROUNDED:
            inner = None
            if len(node.args) == 1 and not node.keywords:
                inner = self.worked_out(node.args[0], steps)
            elif name_of(node) == "int" and not node.args and isinstance(node.func, ast.Attribute):
                inner = self.worked_out(node.func.value, steps)
            if inner is not None:
                rounded, exact = ROUNDED[name_of(node)], inner
                return lambda numbers: rounded(exact(numbers))
        raise LookupError

    def line_of(self, node: ast.expr, evidence: Evidence) -> ast.AST:
        """Return the assignment in which a size is worked out, or the size itself."""
        inner = node
        for _ in range(MOST_STEPS):
            value = self.role(inner)
            is_here = not isinstance(inner, ast.Call) and _call_in(inner) is None
            inner = value if isinstance(value, ast.expr) and is_here else inner
        inner = _call_in(inner) or inner
        for other in evidence.nodes:
            is_one = isinstance(other, (ast.Assign, ast.AnnAssign)) and other.value is not None
            if is_one and inner in ast.walk(other.value):
                return other
        return node


def _call_in(node: ast.AST) -> ast.Call | None:
    """Return the call of which an expression picks one result."""
    inner = node.value if isinstance(node, ast.Subscript) else None
    return inner if isinstance(inner, ast.Call) else None


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, (ast.For, ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.comprehension)):
        return [node.target]
    return []


def _is_unpacked(value: ast.expr) -> bool:
    """Return whether a value is a part of the cache."""
    return isinstance(value, ast.Subscript) and ast.unparse(value.value) == "cache"


def _shapes(evidence: Evidence) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Yield the sizes of each array of four axes that is made."""
    for node in evidence.nodes:
        if isinstance(node, ast.Call) and name_of(node) in MADE and node.args:
            shape = node.args[0]
            if isinstance(shape, (ast.Tuple, ast.List)) and len(shape.elts) == 4:
                yield node, shape.elts


def wrong_size(name: str) -> Callable[[Evidence], Found]:
    """Return the rule that finds an output whose size follows the wrong formula `name`."""
    return partial(_wrong_size, name)


def _wrong_size(name: str, evidence: Evidence) -> Found:
    return _wrong_sizes(evidence).get(name)


@once
def _wrong_sizes(evidence: Evidence) -> Mapping[str, Found]:
    """Return where the first output stands that follows each wrong formula."""
    found: dict[str, Found] = {}
    if "hparameters" not in evidence.parameters or "cache" not in evidence.outputs:
        return found
    known = Sizes(evidence)
    thinned = _thinned_out(evidence)
    for made, sizes in _shapes(evidence):
        for size in sizes:
            if id(made) in thinned or not known.roles(size) & {"f", "stride"}:
                continue
            name = _formula(known, size, "mode" in evidence.parameters)
            if name is not None and name not in found:
                line = known.line_of(size, evidence)
                found[name] = at(line, code=short(line))
    return found


def _thinned_out(evidence: Evidence) -> set[int]:
    """Return the arrays of which only every so many rows or columns go on."""
    stepped = {
        ast.unparse(node.value)
        for node in evidence.nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
        for each in (node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice])
        if isinstance(each, ast.Slice) and each.step is not None
    }
    return {
        id(node.value)
        for node in evidence.nodes
        if isinstance(node, ast.Assign) and stepped & {*map(ast.unparse, node.targets)}
    }


def _formula(known: Sizes, size: ast.expr, pools: bool) -> str | None:
    """Return which wrong formula a size follows, whatever the numbers are; None where none."""
    seen = []
    try:
        worked_out = known.worked_out(size)
        for n, f, pad, stride in GRID:
            if pools and pad:
                continue
            sides = {"H": n, "W": n, "H padded": n + 2 * pad, "W padded": n + 2 * pad}
            value = worked_out({**sides, "f": f, "pad": pad, "stride": stride})
            seen.append(((n, f, pad, stride), value))
    except (LookupError, ArithmeticError, ValueError):
        return None
    if all(value == _right(*numbers) for numbers, value in seen):
        return None
    for name, formulas in WRONG.items():
        if any(all(value == one(*numbers) for numbers, value in seen) for one in formulas):
            return name
    return None


def sides_exchanged(evidence: Evidence) -> Found:
    """Find an array that is made with height and width exchanged, where a call then fails."""
    attributes = {getattr(node, "attr", "") for node in evidence.nodes}
    if not evidence.failures or attributes & {*MOVED}:
        return None
    known = Sizes(evidence)
    for node, (_, first, second, _) in _shapes(evidence):
        rows, columns = known.roles(first), known.roles(second)
        if any(side_told(n.id) == 0 for n in names_in(first)):
            # It is named as it should be: another line exchanges them.
            continue
        if rows & WIDTHS and not rows & HEIGHTS and columns & HEIGHTS and not columns & WIDTHS:
            return at(node, code=short(node))
    return None


def sides_read_exchanged(evidence: Evidence) -> Found:
    """Find `m, a, b, c = A_prev.shape` of which rows are made of b, and columns of a.

    Their names say neither that they are read in their order nor that they are not.
    """
    if {getattr(node, "attr", "") for node in evidence.nodes} & {*MOVED}:
        return None
    known = Sizes(evidence)
    for node in evidence.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        of = getattr(node, "value", None)
        if not isinstance(target, ast.Tuple) or len(target.elts) != 4:
            continue
        if not (isinstance(of, ast.Attribute) and of.attr == "shape"):
            continue
        if ast.unparse(of.value) not in INPUTS:
            continue
        names = [each.id if isinstance(each, ast.Name) else "" for each in target.elts]
        if "" in names[1:3] or HEIGHT.fullmatch(names[1]) or WIDTH.fullmatch(names[2]):
            continue
        for _, sizes in _shapes(evidence):
            if _is_made_of(known, sizes):
                made = known.line_of(sizes[1], evidence)
                lines = f"{node.lineno} {made.lineno}"  # type: ignore[attr-defined]
                return {"array": ast.unparse(of.value), "names": ", ".join(names), AT: lines}
    return None


def sizes_exchanged(evidence: Evidence) -> Found:
    """Find an output's rows that are made of columns, and its columns of rows, by their names."""
    if {getattr(node, "attr", "") for node in evidence.nodes} & {*MOVED}:
        return None
    known = Sizes(evidence)
    for _, sizes in _shapes(evidence):
        lines = [known.line_of(size, evidence) for size in sizes[1:3]]
        codes = [short(line) for line in lines]
        rows, columns = (code.partition(" = ")[0] for code in codes)
        told = HEIGHT.fullmatch(rows) and WIDTH.fullmatch(columns)
        if told and _is_made_of(known, sizes):
            numbers = " ".join(str(line.lineno) for line in lines)  # type: ignore[attr-defined]
            return {"code": codes[0], "of": codes[1], AT: numbers}
    return None


def _is_made_of(known: Sizes, sizes: Sequence[ast.expr]) -> bool:
    """Return whether an array has rows by an input's width, and columns by its height."""
    rows, columns = (known.roles(size) for size in sizes[1:3])
    named = any(HEIGHT.fullmatch(name.id) for name in names_in(sizes[1]))
    crossed = rows & WIDTHS and not rows & HEIGHTS and columns & HEIGHTS and not columns & WIDTHS
    return bool(named and crossed)
