"""What may be meant at one place of a function, by what stands around it: no reference is needed.

A name that the student gave a value to and never reads is likely to belong somewhere; a constant
index, where a loop's variable does; a loop runs as far as the axis that its variable picks from.
"""

import ast
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from autograder.repairing.code import SIMPLE, Code, Placed, own_nodes, text_of, with_whole_indices
from checks.lines.statements import CHANNELS, HEIGHT, WIDTH, side_told

Suggestion = tuple[float, ast.AST, str]
"""What an edit costs beside its kind, what it replaces, and by what text."""

MOST_AXES = 4
MOST_NAMES = 4
"""Of so many names that nobody reads, none says where it belongs."""

COMPREHENSIONS = (ast.ListComp, ast.GeneratorExp, ast.SetComp)

MOST_UNPACKED = 8
"""Of more names two exchanged ones are too many to try."""

NEAR, MOST = 6, 7
"""How many statements away a twin is looked for, and how many pairs of names are exchanged."""

LATE = 0.7
"""What a suggestion costs where what stands there is as usual."""

AXES = {"shape[1]": "shape[2]", "shape[2]": "shape[1]"}
NAMES = re.compile(r"[^\W\d]\w*")
TWIN_WORDS = re.compile(r"\bshape\[[12]\]|\b[^\W\d]\w*\b")
"""Names, and the axes of height and width in a batch."""

LOWEST = 'float("-inf")'


USUAL = (re.compile(r"(?i)m|n|batch(_?size)?|examples"), HEIGHT, WIDTH, CHANNELS)
"""What the four axes of a batch of images are called."""


class Sides:
    """What is said of one side of a picture, in the words of the other one.

    `twins` are the names for height by those for width, and the other way.
    """

    def __init__(self, code: Code, twins: Mapping[str, str]) -> None:
        self._code = code
        self._twins = twins

    def words(self, text: str) -> str:
        """Return a text about one side as it says the same of the other one."""
        return TWIN_WORDS.sub(lambda m: self._twins.get(m[0], AXES.get(m[0], m[0])), text)

    def suggestions(self, placed: Placed) -> Iterator[tuple[ast.AST, str]]:
        """Yield what a side of a window or shape is where it is written as the other one is."""
        for part in own_nodes(placed.node):
            if isinstance(part, ast.Tuple) and len(part.elts) <= MOST_AXES:
                for one, other in itertools.permutations(part.elts, 2):
                    text = self.words(text_of(other))
                    like = type(one) is type(other) or text_of(one) in NAMES.findall(text)
                    if self._twins and text not in (text_of(one), text_of(other)) and like:
                        yield one, text
        if isinstance(placed.node, SIMPLE):
            yield from self._everywhere(placed.node)
        value = self._values.get(self.words(_only_target(placed.node)))
        own = getattr(placed.node, "value", None)
        if value is not None and own is not None:
            text = self.words(text_of(value))
            if text != text_of(own):
                yield own, text

    def _everywhere(self, node: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
        """Yield a statement that says of one side several times what belongs to the other one."""
        read = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in self._twins]
        for name in dict.fromkeys(n for n in read if read.count(n) > 1):
            other = self._twins[name]
            if other not in read:
                words = functools.partial(_renamed, name, other)
                yield node, TWIN_WORDS.sub(words, text_of(node))

    @cached_property
    def _values(self) -> dict[str, ast.expr]:
        """What each name of a side is given, where it is given one thing only."""
        given: dict[str, list[ast.expr]] = {}
        for placed in self._code.statements:
            name, value = _only_target(placed.node), getattr(placed.node, "value", None)
            if name and isinstance(value, ast.expr):
                given.setdefault(name, []).append(value)
        return {n: v[0] for n, v in given.items() if len(v) == 1 and n in self._twins}


def _renamed(name: str, other: str, found: re.Match[str]) -> str:
    return other if found[0] == name else found[0]


def _only_target(node: ast.stmt) -> str:
    """Return the name to which a statement gives a value; "" where it is no single one."""
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def shapes_in_order(node: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
    """Yield shapes of four sizes whose names tell that they stand in another order than usual."""
    for part in own_nodes(node):
        if not isinstance(part, ast.Tuple) or len(part.elts) != MOST_AXES:
            continue
        names = [[n.id for n in ast.walk(e) if isinstance(n, ast.Name)] for e in part.elts]
        axes = [
            [axis for axis, usual in enumerate(USUAL) if any(map(usual.fullmatch, each))]
            for each in names
        ]
        order = [each[0] if len(each) == 1 else MOST_AXES for each in axes]
        if sorted(order) == list(range(MOST_AXES)) != order:
            items = sorted(part.elts, key=lambda e: order[part.elts.index(e)])
            yield part, f"({', '.join(map(text_of, items))})"


def unpacked_otherwise(node: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
    """Yield the names that a shape, a cache or a memory is unpacked into, with two exchanged.

    Whatever is wrong then shows in other lines, which a repair could change instead.
    """
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if not isinstance(target, ast.Tuple) or isinstance(node.value, ast.Tuple):  # type: ignore[attr-defined]
        return
    texts = [text_of(each) for each in target.elts]
    if len(texts) > MOST_UNPACKED:
        return
    usual = [bool(each.fullmatch(text)) for each, text in zip(USUAL, texts, strict=False)]
    right = {place for place, is_usual in enumerate(usual) if is_usual and len(texts) == len(USUAL)}
    for one, other in itertools.combinations(range(len(texts)), 2):
        in_order = len(texts) == len(USUAL) and (side_told(texts[1]), side_told(texts[2])) == (0, 1)
        if {one, other} & right or (in_order and (one, other) == (1, 2)):
            continue
        swapped = texts.copy()
        swapped[one], swapped[other] = texts[other], texts[one]
        if swapped != texts:
            yield target, ", ".join(swapped)


class Surroundings:
    """Makes the suggestions.

    `settings` is how the student's function has f, stride and pad, `sizes` how it has the numbers
    that its loops usually count to.
    """

    def __init__(self, code: Code, settings: Sequence[str], sizes: Sequence[str] = ()) -> None:
        self._code = code
        self._settings = settings
        self._sizes = sizes

    def suggestions(self, placed: Placed) -> Iterator[Suggestion]:
        """Yield what may be meant by the parts of a statement."""
        if isinstance(placed.node, ast.For):
            yield from self._of_loop(placed.node, placed.node)
        yield from self._like_another(placed)
        parts = list(own_nodes(placed.node))
        for part in parts:
            if isinstance(part, ast.Slice):
                yield from _of_slice(part)
                yield from self._of_step(part)
            elif isinstance(part, ast.Subscript):
                yield from _of_shape(part)
                yield from _unshifted(part)
                yield from self._of_index(part, placed)
            elif isinstance(part, ast.Call):
                yield from self._of_call(part)
            elif isinstance(part, COMPREHENSIONS):
                for loop in part.generators:
                    yield from self._of_loop(loop, part)
            elif isinstance(part, ast.BinOp):
                yield from _of_quotient(part)
                yield from self._of_sum(part)
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                yield from ((0.0, part, name) for name in self._unread if name != part.id)
                if part.id in self._settings:
                    yield from ((0.3, part, name) for name in self._settings if name != part.id)
        value = placed.node.value if isinstance(placed.node, ast.Assign) else None
        if isinstance(value, ast.Constant) and value.value == 0:
            yield 0.1, value, LOWEST

    @cached_property
    def _unread(self) -> list[str]:
        """The names that are given a value and never read."""
        leaves = [
            leaf
            for placed in self._code.statements
            for leaf in own_nodes(placed.node)
            if isinstance(leaf, ast.Name)
        ]
        read = {leaf.id for leaf in leaves if isinstance(leaf.ctx, ast.Load)}
        found = dict.fromkeys(n.id for n in leaves if n.id not in read and not n.id.startswith("_"))
        return list(found) if len(found) < MOST_NAMES else []

    def _like_another(self, placed: Placed) -> Iterator[Suggestion]:
        """Yield what another name near by is given, said of what this one is made of.

        Two lines for two sides, or two points, differ in one name.
        """
        place = self._place_of.get(id(placed.node))
        if place is None:
            return
        own, _, names = self._given[place]
        for other, text, theirs in self._given[max(0, place - NEAR) : place + NEAR + 1]:
            new, old = names - theirs, theirs - names
            if other is own or other.block is not own.block or not 0 < len(new) * len(old) < MOST:
                continue
            for one, another in itertools.product(sorted(old), sorted(new)):
                said = TWIN_WORDS.sub(functools.partial(_renamed, one, another), text)
                yield 0.2, own.node.value, said  # type: ignore[attr-defined]

    @cached_property
    def _given(self) -> list[tuple[Placed, str, set[str]]]:
        """The statements that give one name a value, with the value's text and its names."""
        simple = [p for p in self._code.statements if _only_target(p.node)]
        return [(p, text_of(p.node.value), _names(p.node.value)) for p in simple]  # type: ignore[attr-defined]

    @cached_property
    def _place_of(self) -> dict[int, int]:
        return {id(placed.node): place for place, (placed, _, _) in enumerate(self._given)}

    def _of_loop(self, loop: ast.For | ast.comprehension, body: ast.AST) -> Iterator[Suggestion]:
        """Yield the lengths of the axes that the loop's variable picks from."""
        call = loop.iter
        if not (isinstance(call, ast.Call) and text_of(call.func) == "range" and call.args):
            return
        bound = call.args[min(1, len(call.args) - 1)]
        variable = text_of(loop.target)
        found: dict[str, None] = {}
        for node in ast.walk(with_whole_indices(body)):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
                for axis, item in enumerate(_items(node)):
                    if isinstance(item, ast.Name) and item.id == variable:
                        found[f"{node.value.id}.shape[{axis}]"] = None
        cost = LATE if text_of(bound) in self._sizes else 0.0
        for text in found:
            if text != text_of(bound):
                yield cost, bound, text

    def _of_step(self, node: ast.Slice) -> Iterator[Suggestion]:
        """Yield other settings as the step of a slice: it may stand for both sides."""
        if isinstance(node.step, ast.Name) and node.step.id in self._settings:
            bounds = text_of(node).rpartition(":")[0]
            others = [name for name in self._settings if name != node.step.id]
            yield from ((0.1, node, f"{bounds}:{name}") for name in others)

    def _of_sum(self, node: ast.BinOp) -> Iterator[Suggestion]:
        """Yield twice what is added once: a border has two sides."""
        name = node.right.id if isinstance(node.right, ast.Name) else ""
        if isinstance(node.op, ast.Add) and name in {*self._settings, *self._code.parameters}:
            yield 0.1, node, f"{text_of(node.left)} + 2 * {name}"

    def _of_index(self, node: ast.Subscript, placed: Placed) -> Iterator[Suggestion]:
        """Yield the variables of the loops around in the place of a constant, or of one another."""
        loops = [text_of(outer.target) for outer in placed.around if isinstance(outer, ast.For)]
        is_stored = not isinstance(node.ctx, ast.Load)
        own = [text_of(item) for item in _items(node)]
        if len(own) > 1 and {*own} < {*loops} and not is_stored:
            # Of what is left the last axis may be another loop's.
            yield 0.3, node, f"{text_of(node.value)}[{', '.join(own)}, ..., {loops[-1]}]"
        for item in _items(node):
            if isinstance(item, ast.Constant) and isinstance(item.value, int):
                own = [o for o in placed.around if isinstance(o, ast.For)]
                for loop in own if not is_stored else ():
                    # What a loop goes through is at hand by its variable.
                    if text_of(loop.iter) == text_of(node.value):
                        yield 0.05, node, text_of(loop.target)
                for name in loops:
                    yield 0.1 + 0.1 * is_stored, item, name
            elif isinstance(item, ast.Name) and item.id in loops:
                yield from ((0.3, item, name) for name in loops if name != item.id)

    def _of_call(self, node: ast.Call) -> Iterator[Suggestion]:
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, int):
                yield from ((0.1, argument, text) for text in (*self._unread, *self._settings))
        for keyword in node.keywords:
            if keyword.arg == "axis":
                yield from ((0.2, keyword.value, text) for text in _axes(keyword.value))


def _names(node: ast.AST) -> set[str]:
    return {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}


def _items(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _axes(value: ast.expr) -> Iterator[str]:
    """Yield axes beside those that are given."""
    text = text_of(value)
    try:
        given = ast.literal_eval(text)
    except ValueError:
        return
    if isinstance(given, int):
        yield f"({given}, {given + 1})"
        if given:
            yield f"({given - 1}, {given})"
    elif isinstance(given, tuple) and given and all(isinstance(axis, int) for axis in given):
        yield str((*given, given[-1] + 1))
        if given[0]:
            yield str((given[0] - 1, *given))
        if len(given) > 1:
            yield str(given[:-1])
            yield str(given[1:])
    yield "None"


def _of_slice(node: ast.Slice) -> Iterator[Suggestion]:
    """Yield an end that counts from the start of the slice."""
    if node.lower is not None and node.upper is not None and node.step is None:
        lower, upper = text_of(node.lower), text_of(node.upper)
        if lower not in upper:
            yield 0.1, node, f"{lower}:{lower} + {upper}"


def _unshifted(node: ast.Subscript) -> Iterator[Suggestion]:
    """Yield the places without the number that both ends of every slice have too much."""
    items = _items(node)
    texts = [_without_shift(item) or text_of(item) for item in items]
    if texts != [text_of(item) for item in items]:
        yield 0.1, node.slice, ", ".join(texts)


def _without_shift(node: ast.expr) -> str:
    ends = (node.lower, node.upper) if isinstance(node, ast.Slice) else ()
    sums = [n for n in ends if isinstance(n, ast.BinOp) and isinstance(n.right, ast.Constant)]
    alike = len({(type(n.op), text_of(n.right)) for n in sums}) == 1
    return ":".join(text_of(n.left) for n in sums) if len(sums) == len(ends) and alike else ""


def _of_shape(node: ast.Subscript) -> Iterator[Suggestion]:
    """Yield the lengths of other axes."""
    is_shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    if is_shape and isinstance(node.slice, (ast.Constant, ast.UnaryOp)):
        for axis in range(MOST_AXES):
            if str(axis) != text_of(node.slice):
                yield 0.2, node, f"{text_of(node.value)}[{axis}]"


def _of_quotient(node: ast.BinOp) -> Iterator[Suggestion]:
    """Yield a division by the number of places, where one by the length of a side stands."""
    if isinstance(node.op, ast.Div) and isinstance(node.right, ast.Name):
        yield 0.1, node.right, f"({node.right.id} * {node.right.id})"


def of_result(value: ast.expr, names: Sequence[str], code: Code) -> Iterator[Suggestion]:
    """Yield what a result may be meant to be: in the shape of something, or summed up in parts."""
    for each in code.statements:
        target = each.node.targets[0] if isinstance(each.node, ast.Assign) else None
        if isinstance(target, ast.Tuple) and len(target.elts) == MOST_AXES:
            sizes = ", ".join(map(text_of, target.elts[:-1]))
            yield 0.7, value, f"({text_of(value)}).reshape({sizes}, -1)"
    for name in names:
        yield 0.7, value, f"({text_of(value)}).reshape({name}.shape)"
    for part in (value, *_terms(value)):
        yield 0.4, part, f"np.sum({text_of(part)})"


def _terms(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what operators combine to an expression, the sides of each and their own."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    sides = (node.operand,) if isinstance(node, ast.UnaryOp) else sides
    for side in sides:
        yield side
        yield from _terms(side)
