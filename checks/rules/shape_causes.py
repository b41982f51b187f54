"""Causes shown by an exception about shapes or kinds, and by the statement that raised it."""

import ast
import re
from collections.abc import Callable, Iterator

from checks.assignments import ASSIGNMENTS
from checks.assignments.functions import like
from checks.evidence import Evidence, Found, GeneralCause
from checks.model import Failure
from checks.rules.certain.values import called, origin
from checks.rules.trees import at, name_of, short
from checks.text import Text

REDUCTIONS = ("max", "min", "sum", "mean", "amax", "amin", "prod", "std")
NOT_ALIKE = re.compile(
    r"could not be broadcast together with shapes \((?P<left>[\d,]*)\) \((?P<right>[\d,]*)\)"
)
PAIRS = re.compile(
    r"cannot unpack non-iterable|too many values to unpack|not enough values to unpack"
)
REMAPPED = re.compile(r"remapped shapes .* requested shape")
MASKED = re.compile(r"boolean array indexing assignment|output values where the mask is true")
MASKED_COUNTS = re.compile(r"assign (\d+) input values to the (\d+) output values")
EMPTY = re.compile(r"zero-size array to reduction operation")
PROTECTED = re.compile(r"(output array|destination) is read-only")
RESULTS = {e.name: len(e.outputs) for a in ASSIGNMENTS.values() for e in a.exercises}
"""How many results each exercise returns."""
PADDING = frozenset(like("pad")) & RESULTS.keys()
"""The exercises that pad a batch of images."""
VIEWS = ("sliding_window_view", "broadcast_to", "diagonal")
NO_LOOP = re.compile(r"'(?:numpy\.)?\w*int\w*' object is not iterable")

Says = Callable[[str], object]
"""Whether a message is of a kind."""


def _ended(evidence: Evidence, says: Says) -> Iterator[tuple[ast.stmt, Failure]]:
    """Yield the function's own statements at which a call ended with a message of that kind."""
    own = evidence.function.name if evidence.function else ""
    for failure in evidence.failures:
        # A comprehension is a function of its own, called <listcomp> or the like.
        is_own = failure.function in ("", own) or failure.function.startswith("<")
        if failure.line is None or not is_own or not says(failure.message):
            continue
        line = failure.line - evidence.first_line + 1
        for node in evidence.nodes:
            is_stmt = isinstance(node, ast.stmt) and node.lineno <= line <= _end_of_head(node)
            if is_stmt and _is_here(failure, node):
                yield node, failure


def _end_of_head(node: ast.stmt) -> int:
    """Return the last line of a statement; of one with a block, of what stands before that."""
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno


def _is_here(failure: Failure, node: ast.stmt) -> bool:
    """Return whether the line that raised is this statement's, and not one of a helper."""
    first = failure.source.strip().split("\n")[0].rstrip(":")
    return not first or re.sub(r"\W", "", first)[:12] in re.sub(r"\W", "", ast.unparse(node))


def axis_not_kept(evidence: Evidence) -> Found:
    """Find an array that meets its own maximum or sum along an axis, which has that axis no more.

    The two shapes prove it: one is the other without the axes that are reduced.
    """
    for statement, failure in _ended(evidence, NOT_ALIKE.search):
        said = NOT_ALIKE.search(failure.message)
        shapes = [_shape(said[side]) for side in ("left", "right")] if said else []
        for node in ast.walk(statement):
            for side, shape, other in zip(_sides(node), shapes, shapes[::-1], strict=False):
                axes = _reduced(origin(evidence, side), len(other))
                left = tuple(n for axis, n in enumerate(other) if axis not in axes)
                if axes and shape == left:
                    return at(origin(evidence, side), code=short(origin(evidence, side)))
    return None


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in text.split(",") if n)


def _sides(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        return [node.left, node.comparators[0]]
    if isinstance(node, ast.Call) and len(node.args) == 2:
        return node.args
    return []


def _reduced(node: ast.expr, ndim: int) -> set[int]:
    """Return which of so many axes a maximum or sum leaves out; none where that is not known."""
    if not isinstance(node, ast.Call) or not called(node, *REDUCTIONS):
        return set()
    words = {each.arg: each.value for each in node.keywords}
    # Of a method the axis is the first argument, of NumPy's function the second one.
    is_method = not (isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "np")
    rest = node.args[0 if is_method else 1 :]
    axis = words.get("axis", rest[0] if rest else None)
    if axis is None or "keepdims" in words:
        return set()
    try:
        given = ast.literal_eval(axis)
    except (ValueError, TypeError, SyntaxError, MemoryError):
        return set()
    axes = given if isinstance(given, tuple) else (given,)
    if not ndim or not all(isinstance(each, int) for each in axes):
        return set()
    return {each % ndim for each in axes}


def empty_window(evidence: Evidence) -> Found:
    """Find a maximum of nothing, and the line that cuts what it is taken of, where there is one."""
    for node, _ in _ended(evidence, EMPTY.search):
        cut = [
            other
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and called(call, *REDUCTIONS)
            for array in (*call.args[:1], getattr(call.func, "value", None))
            for other in evidence.nodes
            if isinstance(other, ast.Assign)
            and isinstance(array, ast.Name)
            and other.value is origin(evidence, array)
            and isinstance(other.value, ast.Subscript)
        ]
        return at(*cut) if cut else {}
    return {} if any(EMPTY.search(failure.message) for failure in evidence.failures) else None


def mask_on_one_side(evidence: Evidence) -> Found:
    """Find `x[a > 0] = b`, where b is a whole array and has more numbers than the chosen ones."""
    for node, failure in _ended(evidence, MASKED.search):
        counts = MASKED_COUNTS.search(failure.message)
        if counts and int(counts[1]) < int(counts[2]):
            continue
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Subscript):
                chosen = short(target.slice)
                return at(node, code=short(node), chosen=chosen, value=short(node.value))
    return None


def one_example_for_batch(evidence: Evidence) -> Found:
    """Find one example, `A_prev[i]`, that is given to an exercise which pads a batch of them."""

    def says(message: str) -> object:
        # The name alone tells that even the correct function refuses what it is given.
        return message in PADDING or REMAPPED.search(message)

    for node, _ in _ended(evidence, says):
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and called(call, *PADDING) and call.args:
                given = call.args[0]
                if isinstance(given, ast.Subscript) and _is_one_of_batch(evidence, given):
                    return at(node, code=short(call), name=short(given), function=name_of(call))
    return None


def _is_one_of_batch(evidence: Evidence, node: ast.Subscript) -> bool:
    """Return whether a loop's variable picks one example of an array."""
    loops = {
        leaf.id
        for loop in evidence.nodes
        if isinstance(loop, (ast.For, ast.comprehension))
        for leaf in ast.walk(loop.target)
        if isinstance(leaf, ast.Name)
    }
    return isinstance(node.slice, ast.Name) and node.slice.id in loops


def pairs_without_enumerate(evidence: Evidence) -> Found:
    """Find `for i, x in X`, where the counter is read as an index in the loop."""
    for node, _ in _ended(evidence, PAIRS.search):
        if not isinstance(node, ast.For) or not isinstance(node.target, ast.Tuple):
            continue
        names = [each.id for each in node.target.elts if isinstance(each, ast.Name)]
        plain = isinstance(node.iter, (ast.Name, ast.Subscript, ast.Attribute))
        if len(node.target.elts) == len(names) == 2 and plain and _indexes(node, names[0]):
            return at(node, code=f"for {', '.join(names)} in {short(node.iter)}", name=names[0])
    return None


def _indexes(loop: ast.For, name: str) -> bool:
    return any(
        isinstance(leaf, ast.Name) and leaf.id == name
        for node in ast.walk(loop)
        if isinstance(node, ast.Subscript)
        for leaf in ast.walk(node.slice)
    )


def loop_over_number(evidence: Evidence) -> Found:
    """Find `for h in n_H`, where a loop is given a number."""
    for node, _ in _ended(evidence, NO_LOOP.search):
        over = getattr(node, "iter", node)
        # A list that is made on the way may be what goes through a number.
        number = isinstance(over, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)) or called(
            over, "len", "int", "round", "max", "min"
        )
        number = number or isinstance(over, ast.Constant)
        if isinstance(node, ast.For) and number:
            head = f"for {ast.unparse(node.target)} in {short(node.iter)}"
            return at(node, code=head, name=short(node.iter))
    return None


def writes_into_view(evidence: Evidence) -> Found:
    """Find what is written into a view that NumPy protects."""
    for node, _ in _ended(evidence, PROTECTED.search):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            base = target
            while isinstance(base, ast.Subscript):
                base = base.value
            made = origin(evidence, base) if isinstance(base, ast.Name) else None
            while isinstance(made, ast.Subscript):
                made = made.value
            if target is not None and isinstance(made, ast.Call) and called(made, *VIEWS):
                return at(node, code=short(target), name=short(made.func))
    return None


def results_unpacked(evidence: Evidence) -> Found:
    """Find what another function of the course returns, taken apart into too few or many names."""
    for node, _ in _ended(evidence, PAIRS.search):
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        count = RESULTS.get(name_of(getattr(node, "value", node)), 0)
        # Else it is the called function that returns another number.
        if count and isinstance(target, ast.Tuple) and len(target.elts) != count:
            return at(node, code=short(target), name=name_of(node.value))  # type: ignore[attr-defined]
    return None


BY_SHAPE = (
    GeneralCause(
        "results_unpacked",
        results_unpacked,
        Text(
            "{name} returns another number of results than `{code}` takes.",
            "{name} 返回的结果个数与 `{code}` 不一致。",
        ),
        Text(
            "What does {name} return, and in which order?",
            "{name} 返回哪些结果？顺序是怎样的？",
        ),
    ),
    GeneralCause(
        "axis_not_kept",
        axis_not_kept,
        Text(
            "`{code}` has lost the axes that it runs over, so it no longer lines up with the array "
            "that it comes from.",
            "`{code}` 沿着某些轴求值之后，这些轴就没有了，所以它与原来的数组不再对齐。",
        ),
        Text(
            "Which argument of NumPy's reductions keeps such an axis, with a length of 1?",
            "NumPy 的这类函数有哪个参数可以保留这些轴，使它们的长度为 1？",
        ),
    ),
    GeneralCause(
        "mask_on_one_side",
        mask_on_one_side,
        Text(
            "`{code}` stores only at the places `{chosen}`, but `{value}` has numbers for others, "
            "too.",
            "`{code}` 只往 `{chosen}` 的位置存数，而 `{value}` 还含有其他位置的数。",
        ),
        Text(
            "How many places does the mask choose, and how many numbers stand on the right?",
            "掩码选出了多少个位置？等号右边有多少个数？",
        ),
    ),
    GeneralCause(
        "one_example_for_batch",
        one_example_for_batch,
        Text(
            "In `{code}` {function} is given one example (`{name}`), but it pads a batch of them.",
            "`{code}` 只把一个样本（`{name}`）交给 {function}，而它填充的是一批样本。",
        ),
        Text(
            "How many axes does the array have that it wants, and how many this one?",
            "它要求的数组有几个轴？这里给出的有几个？",
        ),
        instead_of=("one_axis_forgotten", "wrong_pad_call"),
    ),
    GeneralCause(
        "enumerate_missing",
        pairs_without_enumerate,
        Text(
            "`{code}` takes each entry apart into two; nothing counts, so `{name}` is no index.",
            "`{code}` 把每个元素拆成了两部分；这里没有计数，因此 `{name}` 不是下标。",
        ),
        Text(
            "What does Python offer to go through a list and count along?",
            "Python 中用什么可以一边遍历、一边计数？",
        ),
        instead_of=("unpacked_wrong_number",),
    ),
    GeneralCause(
        "range_missing",
        loop_over_number,
        Text(
            "`{code}`: `{name}` is a number, and a loop needs something to go through.",
            "`{code}`：`{name}` 是一个数，而循环需要一个可以遍历的对象。",
        ),
        Text("Which call makes 0, 1, 2, … of a number?", "哪个函数能由一个数得到 0、1、2……？"),
    ),
    GeneralCause(
        "writes_into_view",
        writes_into_view,
        Text(
            "`{code}` can't be changed: `{name}` returns a view that is protected against writing.",
            "`{code}` 不能修改：`{name}` 返回的是只读视图。",
        ),
        Text(
            "Do several of its entries lie in one place of memory? Into which array do you mean to "
            "write?",
            "它的几个元素会不会对应同一个存储位置？你究竟想写入哪个数组？",
        ),
    ),
)
