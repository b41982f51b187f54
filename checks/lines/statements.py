"""The statements of a function: what each is for, and its form in names that all functions share.

A statement's role ("where a window starts", "the size of the output") follows from how its value is
used, not from the names that a student chose. Its form is a digest of its syntax tree, in which
names are replaced by what they stand for, so that forms can be compared but not read.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.assignments.functions import like
from checks.lines.forms import digest, form_of

Function = ast.FunctionDef
COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)
NO_WORK = (ast.FunctionDef, ast.ClassDef, ast.Pass, ast.Expr, ast.Assert)
"""Statements that change no result."""

PADS = frozenset(like("pad"))
MADE = ("zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full")
MODES = {"max": "average", "average": "max"}
MOST_STATEMENTS = 300
CHANNELS = re.compile(r"(?i)(n_?)?c(hannels?)?(_?prev|_?in|_?out)?|channels?|n_?channels?")
HEIGHT = re.compile(r"(?i)(n_?)?h(eight)?(_?prev|_?in|_?out)?")
LOOPS = {"h": 1, "w": 2, "c": 3}
"""The axes of the loops' usual variables."""
RESULTS = ("Z", "A", "dZ", "dA_prev", "dW", "db", "cache")
"""The usual names of results: with them, their order may be the mistake."""
DOWNWARDS = re.compile(r"(?i)v|r|t|b|h_|hs|he|i|y")
SIDEWAYS = re.compile(r"(?i)ho|c|l|w|j|x")
ORDERS = (("m", "height", "width", "channels"), ("f", "f", "channels", "channels"))
"""How the course orders the axes of a batch of images, and of filters."""

WIDTH = re.compile(r"(?i)(n_?)?w(idth)?(_?prev|_?in|_?out)?")


@dataclass(frozen=True)
class Statement:
    """A statement, or the head of a compound one: its lines in the function's text."""

    line: int
    end: int
    role: str
    form: str
    inside: frozenset[str] = frozenset()
    """The roles of what it works out by the way, for which others have a statement."""


def statements(function: Function) -> tuple[Statement, ...]:
    """Return the statements of a function; none of one that is too long to be a student's."""
    own = list(own_statements(function))
    if len(own) > MOST_STATEMENTS:
        return ()
    try:
        return _described(function, own)
    except RecursionError:
        return ()


def _described(function: Function, own: list[tuple[ast.stmt, str]]) -> tuple[Statement, ...]:
    names = _Names(function, [node for node, _ in own])
    return tuple(
        Statement(
            node.lineno,
            _end(node),
            names.role(node) + (f"@{mode}" if mode else ""),
            names.form(node, mode),
            frozenset(names.inside(node)),
        )
        for node, mode in own
    )


def own_statements(function: Function) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every statement below a function, outer ones first, and the mode that it is for."""
    waiting: list[tuple[ast.stmt, str]] = [(each, "") for each in reversed(function.body)]
    while waiting:
        node, mode = waiting.pop()
        if isinstance(node, NO_WORK):
            continue
        yield from ((each, mode) for each in _split(node))
        inner = [(each, mode) for each in getattr(node, "body", ())]
        other = [(each, mode) for each in getattr(node, "orelse", ())]
        if isinstance(node, ast.If) and (of := _mode_of(node.test)):
            inner = [(each, of) for each, _ in inner]
            other = [(each, MODES[of]) for each, _ in other]
        waiting.extend(reversed([*inner, *other]))


def _split(node: ast.stmt) -> list[ast.stmt]:
    """Return `a, b = c, d` as the two assignments that it stands for, any other one as it is."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and len(target.elts) == len(node.value.elts):
            pairs = zip(target.elts, node.value.elts, strict=True)
            return [
                ast.copy_location(ast.Assign([each], value, None), node) for each, value in pairs
            ]
    return [node]


def _mode_of(test: ast.expr) -> str:
    """Return which mode a condition asks for: "max", "average", or "" where it asks for none."""
    words = [
        leaf.value
        for leaf in ast.walk(test)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    ]
    about = any(isinstance(leaf, ast.Name) and leaf.id == "mode" for leaf in ast.walk(test))
    return words[0] if about and len(words) == 1 and words[0] in MODES else ""


def _end(node: ast.stmt) -> int:
    """Return the last line of a statement, of a compound one that of its head."""
    if isinstance(node, COMPOUND):
        head = getattr(node, "iter", getattr(node, "test", None))
        return (head.end_lineno if head is not None else None) or node.lineno
    return node.end_lineno or node.lineno


def names_in(target: ast.AST) -> Iterator[str]:
    """Yield the names that stand anywhere in a tree."""
    for leaf in ast.walk(target):
        if isinstance(leaf, ast.Name):
            yield leaf.id


def base_of(node: ast.AST) -> str:
    """Return the name of the array that an index, or several, picks from; "" where it has none."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def indices(node: ast.Subscript) -> list[ast.expr]:
    """Return what stands between the square brackets, one for each axis."""
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


class _Names:
    """What the names of one function stand for."""

    def __init__(self, function: Function, own: list[ast.stmt]) -> None:
        self.own = own
        self.labels: dict[str, str] = {}
        self.windows: dict[str, str] = {}
        arguments = function.args
        for place, each in enumerate((*arguments.posonlyargs, *arguments.args)):
            self.labels[each.arg] = f"given{place}"
        self._find_returned()
        self._find_loops()
        self._find_windows()
        self._find_given()
        self._find_sizes()

    def _label(self, name: str, label: str) -> None:
        self.labels.setdefault(name, label)

    def _subscripts(self) -> Iterator[ast.Subscript]:
        for node in self.own:
            for leaf in head_nodes(node):
                if isinstance(leaf, ast.Subscript):
                    yield leaf

    def _find_returned(self) -> None:
        for node in self.own:
            if isinstance(node, ast.Return) and node.value is not None:
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                for place, value in enumerate(values):
                    if isinstance(value, ast.Name):
                        own = value.id if value.id in RESULTS else place
                        self._label(value.id, f"result{own}")

    def _find_loops(self) -> None:
        """Label a loop's variable by the axis of a result or gradient that it picks from."""
        loops = [node.target.id for node in self.own if _counts(node)]
        for name in {*loops} & LOOPS.keys():
            self._label(name, f"loop{LOOPS[name]}")
        for node in self._subscripts():
            found = indices(node)
            if len(found) == 4:
                for axis, index in enumerate(found):
                    if isinstance(index, ast.Name) and index.id in loops:
                        picks_all = all(isinstance(each, ast.Name) for each in found)
                        if picks_all or axis == 0:
                            self._label(index.id, f"loop{axis}")
        for depth, name in enumerate(loops):
            self._label(name, f"loop_{depth}")

    def _find_windows(self) -> None:
        for node in self._subscripts():
            slices = [each for each in indices(node) if _is_window(each)]
            if len(slices) != 2:
                continue
            for axis, each in enumerate(slices):
                for bound, kind in ((each.lower, "start"), (each.upper, "end")):
                    if isinstance(bound, ast.Name):
                        self._label(bound.id, f"{kind}{axis_of(bound.id, axis)}")

    def _find_sizes(self) -> None:
        """Label the sizes by the loop that they bound, or by their place in a result's shape."""
        for node in self.own:
            end = node.iter.args[:2][-1] if _counts(node) else None
            if isinstance(end, ast.Name):
                self._label(end.id, self.labels[node.target.id].replace("loop", "size"))
        for node in self.own:
            made = _made(node)
            if made and made.args and isinstance(made.args[0], (ast.Tuple, ast.List)):
                for axis, each in enumerate(made.args[0].elts):
                    if isinstance(each, ast.Name):
                        self._label(each.id, f"size{axis}")

    def _find_given(self) -> None:
        """Label what is read from the arguments: entries, shapes, the parts of a cache.

        A usual name says what the student takes the value for, even where another one is read.
        """
        for node in self.own:
            if not isinstance(node, ast.Assign) or len(node.targets) != 1:
                continue
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Name):
                key = _key(value)
                if key:
                    self._label(target.id, f"entry_{_usual(target.id) or key}")
            elif isinstance(target, (ast.Tuple, ast.List)):
                source = self._shown(value)
                for place, each in enumerate(target.elts):
                    if isinstance(each, ast.Name) and source:
                        self._label(each.id, f"{source}_{_usual(each.id) or place}")

    def _shown(self, value: ast.expr) -> str:
        if isinstance(value, ast.Attribute) and value.attr == "shape":
            base = self.labels.get(base_of(value), "")
            return f"{base}_shape" if base else ""
        return self.labels.get(value.id, "") if isinstance(value, ast.Name) else ""

    def form(self, node: ast.stmt, mode: str) -> str:
        """Return the digest of a statement's tree in shared names."""
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, (ast.Tuple, ast.List)) and self._is_shape_in_order(target):
            return digest(f"shape of {self._shown(node.value)}")
        return digest(f"{mode} {form_of(node, self.labels)}")

    def _is_shape_in_order(self, target: ast.Tuple | ast.List) -> bool:
        """Return whether a shape of four is read into usual names, each in its own place."""
        names = [_usual(each.id) if isinstance(each, ast.Name) else "?" for each in target.elts]
        return any(
            len(names) == len(order)
            and all(name in ("", own) for name, own in zip(names, order, strict=True))
            for order in ORDERS
        )

    def role(self, node: ast.stmt) -> str:
        """Return what a statement is for, "" where that is not known."""
        if isinstance(node, ast.Return):
            return "return"
        if isinstance(node, (ast.For, ast.While)):
            return self.labels.get(node.target.id, "loop") if _counts(node) else "loop"
        if isinstance(node, ast.If):
            return "if"
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        target = targets[0] if len(targets) == 1 else None
        value = getattr(node, "value", None)
        if isinstance(target, ast.Subscript):
            return self._stored(target, isinstance(node, ast.AugAssign))
        if isinstance(target, ast.Name):
            return self._assigned(target.id, value)
        if isinstance(target, (ast.Tuple, ast.List)):
            return f"unpacked_{self._shown(value)}" if value is not None else ""
        return ""

    def inside(self, node: ast.stmt) -> Iterator[str]:
        """Yield the roles of what a statement works out between its brackets."""
        for leaf in head_nodes(node):
            if not isinstance(leaf, ast.Subscript):
                continue
            slices = [each for each in indices(leaf) if _is_window(each)]
            if len(slices) == 2:
                yield "window"
                for axis, each in enumerate(slices):
                    for bound, kind in ((each.lower, "start"), (each.upper, "end")):
                        if not isinstance(bound, ast.Name):
                            yield f"{kind}{axis}"
            elif isinstance(leaf.value, ast.Name) and leaf.value.id in self.labels:
                yield f"picked_{self.labels[leaf.value.id]}"

    def _stored(self, target: ast.Subscript, adds: bool) -> str:
        found = indices(target)
        if sum(map(_is_window, found)) == 2:
            return "added_to_window" if adds else "overwritten_window"
        kind = "cell" if all(isinstance(each, ast.Name) for each in found) else "part"
        label = self.labels.get(base_of(target), "")
        return f"{kind}_{label}" if label.startswith("result") else kind

    def _assigned(self, name: str, value: ast.expr | None) -> str:
        label = self.labels.get(name, "")
        called = (
            {_called(leaf) for leaf in ast.walk(value) if isinstance(leaf, ast.Call)}
            if (value is not None)
            else set()
        )
        if label.startswith(("start", "end", "size", "entry")):
            return label
        if called & set(MADE):
            return f"made_{label}"
        if called & PADS:
            return "padded"
        if label.startswith("result"):
            return label
        if isinstance(value, ast.Subscript):
            if sum(map(_is_window, indices(value))) == 2:
                return "window"
            base = self.labels.get(value.value.id, "") if isinstance(value.value, ast.Name) else ""
            return f"picked_{base}" if base else ""
        words = sorted(called - {""}) or sorted(
            type(leaf).__name__
            for leaf in (ast.walk(value) if value is not None else ())
            if isinstance(leaf, (ast.operator, ast.cmpop))
        )
        return "+".join(words)


def head_nodes(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without the statements inside it, in the order of the text."""
    inner = {id(each) for name in ("body", "orelse", "finalbody") for each in _list(node, name)}
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        yield each
        children = [c for c in ast.iter_child_nodes(each) if id(c) not in inner]
        waiting.extend(reversed(children))


def axis_of(name: str, axis: int) -> int:
    """Return the axis that a corner's name tells, else the one that it is used for."""
    told = [bool(names.match(name)) for names in (DOWNWARDS, SIDEWAYS)]
    return told.index(True) if sum(told) == 1 else axis


def side_told(name: str) -> int | None:
    """Return 0 where a name tells the height, 1 for the width, None where it tells neither."""
    word = name.lower().replace("ch", "")
    for whole, letter in (("height", "h"), ("row", "h"), ("width", "w"), ("col", "w")):
        word = word.replace(whole, letter)
    told = ["h" in word, "w" in word]
    return told.index(True) if sum(told) == 1 else None


def _usual(name: str) -> str:
    """Return what a usual name stands for, "" for any other."""
    if name in ("m", "f", "stride", "pad", "A_prev", "W", "b", "hparameters"):
        return name
    kinds = (("height", HEIGHT), ("width", WIDTH), ("channels", CHANNELS))
    return next((kind for kind, names in kinds if names.fullmatch(name)), "")


def _list(node: ast.AST, name: str) -> list[ast.AST]:
    found = getattr(node, name, [])
    return found if isinstance(found, list) else []


def _counts(node: ast.AST) -> bool:
    """Return whether a statement is a loop of one variable over a range."""
    return (
        isinstance(node, ast.For)
        and isinstance(node.target, ast.Name)
        and isinstance(node.iter, ast.Call)
        and _called(node.iter) == "range"
        and bool(node.iter.args)
    )


def _is_window(index: ast.expr) -> bool:
    return isinstance(index, ast.Slice) and index.lower is not None and index.upper is not None


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _made(node: ast.stmt) -> ast.Call | None:
    value = node.value if isinstance(node, ast.Assign) else None
    return value if isinstance(value, ast.Call) and _called(value) in MADE else None


def _key(value: ast.expr) -> str:
    """Return the key under which a value is read from a dictionary, "" where it is not."""
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        return value.slice.value if isinstance(value.slice.value, str) else ""
    if isinstance(value, ast.Call) and _called(value) == "get" and value.args:
        first = value.args[0]
        return first.value if isinstance(first, ast.Constant) and type(first.value) is str else ""
    return ""
