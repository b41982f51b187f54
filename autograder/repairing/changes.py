"""What can be changed in one place of a function, without the reference: small and typical."""

import ast
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from autograder.repairing.code import BLOCKS, Code, Placed, names_given, same_as, text_of
from autograder.sandbox.jobs import Splice

OPERATORS = {
    "+": ("-", "*"),
    "-": ("+", "/"),
    "*": ("+", "/", "@", "**"),
    "/": ("//", "*"),
    "//": ("/", "*"),
    "@": ("*",),
    "**": ("*",),
    "%": ("//",),
}
COMPARISONS = {
    "==": ("!=", ">="),
    "!=": ("==",),
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
}
FUNCTIONS = {
    "max": ("mean", "min", "sum"),
    "min": ("max",),
    "mean": ("max", "sum"),
    "sum": ("mean",),
    "argmax": ("max",),
    "median": ("mean",),
    "average": ("mean",),
    "abs": ("maximum",),
    "dot": ("multiply", "matmul"),
    "matmul": ("multiply",),
    "multiply": ("dot",),
    "empty": ("zeros",),
    "ones": ("zeros",),
    "zeros": ("ones",),
    "std": ("mean",),
    "round": ("floor",),
    "ceil": ("floor",),
    "minimum": ("maximum",),
    "maximum": ("minimum",),
    "log10": ("log",),
    "log2": ("log",),
    "log1p": ("log",),
    "exp2": ("exp",),
    "exp": ("log",),
    "log": ("exp",),
}

NEW_AXIS = ("None", "np.newaxis")

SIGNS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.Mod: "%",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}

MOST_ORDERS = 64
"""How many orders of one expression are looked at."""

Costed = tuple[float, str]
"""What an edit costs beside its kind, and its text."""


def without_brackets(text: str) -> str:
    return re.sub(r"[\s()]", "", text)


def orders(node: ast.AST) -> set[str]:
    """Return an expression without its brackets, with sides of sums and products exchanged."""
    if not isinstance(node, ast.BinOp):
        return {without_brackets(text_of(node))}
    sign = SIGNS.get(type(node.op), "")
    found = set()
    for left, right in itertools.product(orders(node.left), orders(node.right)):
        found.add(f"{left}{sign}{right}")
        if isinstance(node.op, (ast.Add, ast.Mult)) and len(found) < MOST_ORDERS:
            found.add(f"{right}{sign}{left}")
    return {*itertools.islice(found, MOST_ORDERS)}


@functools.lru_cache(maxsize=8_000)
def needs_brackets(text: str) -> bool:
    """Return whether an expression has to stand in brackets among operators."""
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return False
    return isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp))


def differences(node: ast.AST, other: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the parts of `node` that differ from `other`, with theirs, small ones first."""
    if same_as(node) == same_as(other):
        return
    if type(node) is type(other):
        pairs = _children(node, other)
        differing = [pair for pair in pairs or () if same_as(pair[0]) != same_as(pair[1])]
        for pair in differing:
            yield from differences(*pair)
    replaceable = (ast.expr, ast.Slice, ast.stmt)
    if isinstance(node, replaceable) and isinstance(other, replaceable):
        yield node, other


def only_difference(node: ast.AST, other: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """Return the parts in which alone two nodes differ, the smallest first, themselves last."""
    found = [(node, other)]
    while True:
        node, other = found[0]
        pairs = _children(node, other) if type(node) is type(other) else None
        differing = [pair for pair in pairs or () if same_as(pair[0]) != same_as(pair[1])]
        replaceable = (ast.expr, ast.Slice, ast.stmt)
        if len(differing) != 1 or not all(isinstance(n, replaceable) for n in differing[0]):
            return found
        if _attributes(node) != _attributes(other):
            return found
        found.insert(0, differing[0])


def _attributes(node: ast.AST) -> list[object]:
    """Return what a node holds beside other nodes: a name, a number, an attribute."""
    values = (getattr(node, name, None) for name in node._fields if name not in BLOCKS)
    return [v for v in values if not isinstance(v, (ast.AST, list))]


def _children(node: ast.AST, other: ast.AST) -> list[tuple[ast.AST, ast.AST]] | None:
    """Pair the children of two nodes of one kind; None where they can't be paired."""
    pairs: list[tuple[ast.AST, ast.AST]] = []
    for name in node._fields:
        left, right = getattr(node, name, None), getattr(other, name, None)
        if name in BLOCKS and isinstance(node, ast.stmt):
            continue
        if isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return None
            pairs += [p for p in zip(left, right, strict=True) if isinstance(p[0], ast.AST)]
        elif isinstance(left, ast.AST) and isinstance(right, ast.AST):
            pairs.append((left, right))
        elif (left is None) != (right is None):
            return None
    return [pair for pair in pairs if not isinstance(pair[0], ast.expr_context)]


def of_expression(
    node: ast.AST, twins: Mapping[str, str], names: Sequence[str]
) -> Iterator[Costed]:
    """Yield what may be meant by an expression."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if node.id in twins:
            yield 0.0, twins[node.id]
        for name in names:
            if name != node.id:
                near = name.lower().strip("_") in node.id.lower() or node.id in name
                yield 0.5 if near else 1.0, name
        yield 0.8, f"{node.id}.T"
        yield 0.6, f"{node.id} + 1"
        yield 0.6, f"{node.id} - 1"
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.BinOp):
        yield from _of_operation(node)
        if isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.right, ast.Name):
            own, sign = text_of(node.left), SIGNS[type(node.op)]
            yield from ((1.0, f"{own} {sign} {node.right.id} * {name}") for name in names)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = text_of(node.left), text_of(node.comparators[0])
        for sign in COMPARISONS.get(SIGNS.get(type(node.ops[0]), ""), ()):
            yield 0.2, f"{left} {sign} {right}"
    elif isinstance(node, ast.Call):
        yield from _of_call(node, names)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node)
    elif isinstance(node, ast.UnaryOp):
        yield 0.2, text_of(node.operand)
        # A crop that ends at -0 is empty.
        yield 0.1, f"{text_of(node)} or None"
    elif isinstance(node, ast.Attribute):
        yield 0.5, text_of(node.value)
    elif isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Load):
        yield from _of_items(node)
    if isinstance(node, (ast.BinOp, ast.Call, ast.Subscript)):
        yield 0.7, f"-{text_of(node)}" if not isinstance(node, ast.BinOp) else f"-({text_of(node)})"
        yield 0.8, f"({text_of(node)}) + 1"


def _of_constant(node: ast.Constant) -> Iterator[Costed]:
    value = node.value
    if isinstance(value, bool):
        yield 0.2, repr(not value)
    elif isinstance(value, int):
        for new in dict.fromkeys([value - 1, value + 1, 0, 1, 2, -1, -value]):
            if new != value:
                yield 0.3, repr(new)
    elif isinstance(value, float):
        for new in (0, 1, -value, value * 2, value / 2):
            yield 0.5, repr(new)
    elif isinstance(value, str):
        for name in ("stride", "pad", "f", "max", "average", "constant"):
            if name != value:
                yield 0.5, repr(name)


def _of_operation(node: ast.BinOp) -> Iterator[Costed]:
    left, right = f"({text_of(node.left)})", f"({text_of(node.right)})"
    for sign in OPERATORS.get(SIGNS.get(type(node.op), ""), ()):
        yield 0.3, f"{left} {sign} {right}"
    yield 0.3, left[1:-1]
    yield 0.4, right[1:-1]
    if isinstance(node.op, ast.MatMult):
        yield 0.4, f"{left} @ {right}.T"
        yield 0.4, f"{left}.T @ {right}"
        yield 0.5, f"({text_of(node)}).T"
    if isinstance(node.op, (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult)):
        yield 0.5, f"{right} {SIGNS[type(node.op)]} {left}"


def _of_call(node: ast.Call, names: Sequence[str]) -> Iterator[Costed]:
    called, text = node.func, text_of(node)
    for argument in node.args[:1]:
        yield 0.4, text_of(argument)
    if isinstance(called, ast.Attribute):
        owner = text_of(called.value)
        for name in FUNCTIONS.get(called.attr, ()):
            yield 0.3, text.replace(f"{owner}.{called.attr}", f"{owner}.{name}", 1)
        if not isinstance(called.value, ast.Name) or called.value.id != "np":
            yield 0.4, owner
            if called.attr == "reshape":
                whole = f"({owner})" if needs_brackets(owner) else owner
                yield 0.5, f"{whole}.T"
                yield from ((0.45, f"{whole}.reshape({name}.shape)") for name in names)
    inside = [text_of(argument) for argument in node.args]
    named = [text_of(keyword.value) for keyword in node.keywords]
    start = text_of(called)
    words = [f"{k.arg}={v}" for k, v in zip(node.keywords, named, strict=True) if k.arg]
    for left_out in range(len(words)):
        kept = [word for number, word in enumerate(words) if number != left_out]
        yield 0.4, f"{start}({', '.join([*inside, *kept])})"
    for left_out in range(len(inside) if len(inside) > 1 else 0):
        kept = [word for number, word in enumerate(inside) if number != left_out]
        yield 0.6, f"{start}({', '.join([*kept, *words])})"
    for number, keyword in enumerate(node.keywords):
        for fewer in _fewer_axes(keyword):
            others = [*words[:number], f"axis={fewer}", *words[number + 1 :]]
            yield 0.5, f"{start}({', '.join([*inside, *others])})"
    if len(inside) == 2:
        yield 0.5, f"{start}({', '.join([*inside[::-1], *words])})"
    given = {k.arg for k in node.keywords}
    if isinstance(called, ast.Attribute) and "axis" not in given:
        for word in ("axis=0", "axis=1", "keepdims=True", "axis=(0, 1, 2)", "axis=(1, 2)"):
            yield 0.8, f"{start}({', '.join([*inside, *words, word])})"
    elif isinstance(called, ast.Attribute) and "keepdims" not in given:
        yield 0.4, f"{start}({', '.join([*inside, *words, 'keepdims=True'])})"


def _fewer_axes(keyword: ast.keyword) -> Iterator[str]:
    """Yield the axes of `axis=(…)` without one of them."""
    if keyword.arg != "axis" or not isinstance(keyword.value, ast.Tuple):
        return
    texts = [text_of(item) for item in keyword.value.elts]
    for number in range(len(texts)):
        fewer = [*texts[:number], *texts[number + 1 :]]
        yield f"({', '.join(fewer)})" if len(fewer) > 1 else "".join(fewer)


def _of_subscript(node: ast.Subscript) -> Iterator[Costed]:
    base = text_of(node.value)
    if isinstance(node.ctx, ast.Load):
        yield 0.5, base
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [text_of(item) for item in items]
    if any(text in NEW_AXIS for text in texts):
        for place in ("..., None, :", ":, None", ":, :, None", "..., None"):
            yield 0.3, f"{base}[{place}]"
    if len(texts) < 2:
        if isinstance(node.slice, (ast.Name, ast.Constant)):
            yield 0.6, f"{base}[:, {texts[0]}]"
            yield 0.6, f"{base}[..., {texts[0]}]"
        return
    for first in range(len(texts)):
        for second in range(first + 1, len(texts)):
            swapped = texts.copy()
            swapped[first], swapped[second] = texts[second], texts[first]
            yield 0.4, f"{base}[{', '.join(swapped)}]"
        if texts[first] != ":":
            yield 0.4, f"{base}[{', '.join([*texts[:first], ':', *texts[first + 1 :]])}]"
        yield 0.6, f"{base}[{', '.join([*texts[:first], *texts[first + 1 :]])}]"


def _of_items(node: ast.Tuple | ast.List) -> Iterator[Costed]:
    texts = [text_of(item) for item in node.elts if len(node.elts) < 6]
    for first in range(len(texts)):
        for second in range(first + 1, len(texts)):
            swapped = texts.copy()
            swapped[first], swapped[second] = texts[second], texts[first]
            yield 0.5, f"({', '.join(swapped)})"


def same_argument(calls: Sequence[ast.Call]) -> Iterator[list[str]]:
    """Yield all calls of one function without an argument that they have in common."""
    each = [
        [*map(text_of, call.args), *(f"{k.arg}={text_of(k.value)}" for k in call.keywords)]
        for call in calls
    ]
    for argument in dict.fromkeys(each[0]):
        if all(len(texts) > 1 and argument in texts for texts in each):
            yield [
                f"{text_of(call.func)}({', '.join(text for text in texts if text != argument)})"
                for call, texts in zip(calls, each, strict=True)
            ]


def of_statement(node: ast.stmt) -> Iterator[Costed]:
    """Yield what a whole statement may be meant to be."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = text_of(node.targets[0]), text_of(node.value)
        if not isinstance(node.targets[0], ast.Tuple):
            yield 0.3, f"{target} += {value}"
        if isinstance(node.targets[0], ast.Subscript):
            yield 0.6, f"{target} -= {value}"
        yield 0.7, f"{target} = ({value}).copy()"
    elif isinstance(node, ast.AugAssign):
        target, value = text_of(node.target), text_of(node.value)
        sign = SIGNS.get(type(node.op), "+")
        yield 0.2, f"{target} = {value}"
        for other in OPERATORS.get(sign, ()):
            yield 0.4, f"{target} {other}= {value}"
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Assert)):
        yield 0.5, "pass"


def branches(code: Code, placed: Placed, templates: Sequence[ast.stmt]) -> Iterator[Splice]:
    """Yield edits that add the other branch to an `if` without one."""
    node = placed.node
    if not isinstance(node, ast.If) or node.orelse or isinstance(node.body[-1], ast.Return):
        # Behind a branch that returns, all that follows is the other one.
        return
    end = code.span(node)[1]
    inner = " " * node.body[0].col_offset
    start = f"\n{' ' * node.col_offset}else:\n{inner}"
    own = "\n".join(map(ast.unparse, node.body))
    for name, others in FUNCTIONS.items():
        for other in others[:1]:
            if f".{name}(" in own:
                yield (
                    end,
                    end,
                    start + own.replace(f".{name}(", f".{other}(").replace("\n", f"\n{inner}"),
                )
    # What is made before a loop is not made as a whole by one step of it.
    above = {name for p in code.statements for name in names_given(p.node)}
    for template in templates:
        whole = placed.around and {*names_given(template)} & above
        if isinstance(template, (ast.Assign, ast.AugAssign)) and not whole:
            yield end, end, start + ast.unparse(template)


def insertions(code: Code, placed: Placed, text: str) -> Iterator[Splice]:
    """Yield edits that put a statement behind another one, or behind a block that it is in.

    Outer ones come first: there a statement is run no more often than it has to be.
    """
    for node in (*placed.around, placed.node):
        end = code.span(node)[1]
        yield end, end, f"\n{' ' * node.col_offset}{text}"
