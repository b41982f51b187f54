"""Rules on a function's text about what is run when: ways without a result, lines after a loop."""

import ast
from collections.abc import Iterator

from checks.assignments.functions import HELPERS
from checks.evidence import AT, Evidence, Found, first_that_says
from checks.rules.outside import SHOWS
from checks.rules.trees import at, name_of, names_in, own_nodes, own_returns, short, times_bound
from checks.student_source import parsed
from checks.text import Text

Block = list[ast.stmt]


def _blocks(evidence: Evidence) -> Iterator[Block]:
    for node in evidence.nodes:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _is_nothing(node: ast.Return) -> bool:
    value = node.value
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _gave_nothing(evidence: Evidence) -> bool:
    """Return whether a call came to its end without a result, and the function is wrong."""
    seen = evidence.observations.values()
    return evidence.failed and any(o.status == "ok" and o.value is None for o in seen)


def empty_return(evidence: Evidence) -> Found:
    """Find a `return` without a value in a branch, where a call gave None."""
    function = evidence.function
    if function is None or not _gave_nothing(evidence):
        return None
    empty = [each for each in own_returns(evidence) if _is_nothing(each)]
    if len(empty) != 1 or not _ends(function.body):
        # Another way ends without a result, too: which of them was taken, the text does not show.
        return None
    for node in own_nodes(evidence):
        for block in (node.body, node.orelse) if isinstance(node, ast.If) else ():
            last = block[-1] if block else None
            if isinstance(last, ast.Return) and _is_nothing(last):
                return at(last, code=short(last), of=_head(node, block is node.orelse))
    return None


def return_in_branch(evidence: Evidence) -> Found:
    """Find a `return` inside an `if` where no other one is reached, and a call gave None."""
    function = evidence.function
    if function is None or not _gave_nothing(evidence) or _ends(function.body):
        return None
    if sum(not _is_nothing(each) for each in own_returns(evidence)) != 1:
        # Another branch returns, too: which of them was not taken, the text does not show.
        return None
    for node in own_nodes(evidence):
        for block in (node.body, node.orelse) if isinstance(node, ast.If) else ():
            last = block[-1] if block else None
            if isinstance(last, ast.Return) and not _is_nothing(last):
                return at(last, code=short(last), of=_head(node, block is node.orelse))
    return None


def _head(node: ast.If, is_other: bool) -> str:
    return f"else (if {ast.unparse(node.test)})" if is_other else short(node)


def _ends(block: Block) -> bool:
    """Return whether a block always ends the function."""
    last = block[-1]
    if isinstance(last, ast.If):
        return _ends(last.body) and bool(last.orelse) and _ends(last.orelse)
    if isinstance(last, ast.With):
        return _ends(last.body)
    return isinstance(last, (ast.Return, ast.Raise))


def only_shown(evidence: Evidence) -> Found:
    """Find a last line that prints the result, or only names it."""
    last = _last_without_return(evidence)
    value = last.value if isinstance(last, ast.Expr) else None
    if isinstance(value, (ast.Name, ast.Tuple)) or name_of(value or ast.Pass()) == "print":
        return at(last, code=short(last)) if last else None
    return None


def no_return(evidence: Evidence) -> Found:
    """Find the last line of a function that has no `return`."""
    last = _last_without_return(evidence)
    return {AT: str(last.end_lineno)} if last else None


def _last_without_return(evidence: Evidence) -> ast.stmt | None:
    seen = evidence.observations.values()
    is_lost = evidence.status == "wrong" and all(o.status == "ok" and o.value is None for o in seen)
    returns = bool(own_returns(evidence))
    return evidence.function.body[-1] if is_lost and evidence.function and not returns else None


def asks_for_position(evidence: Evidence) -> Found:
    """Find a condition on a number that also compares the counters of two loops with each other."""
    loops = [node for node in evidence.nodes if isinstance(node, ast.For)]
    counted = {loop.target.id for loop in loops if isinstance(loop.target, ast.Name)}
    # What a loop takes out of an array is a value, no position.
    counted -= {
        loop.target.id
        for loop in loops
        if isinstance(loop.target, ast.Name) and name_of(loop.iter) != "range"
    }
    for condition in evidence.nodes:
        node = condition.test if isinstance(condition, (ast.If, ast.IfExp)) else None
        # Beside `or` the rest of the condition may hold elsewhere.
        if not isinstance(node, ast.BoolOp) or not isinstance(node.op, ast.And):
            continue
        asked = [each for each in node.values if isinstance(each, ast.Compare)]
        for each in (
            asked if any(isinstance(leaf, ast.Subscript) for leaf in ast.walk(node)) else ()
        ):
            sides = [each.left, *each.comparators]
            names = {side.id for side in sides if isinstance(side, ast.Name)} & counted
            if len(sides) == len(names) == 2 and isinstance(each.ops[0], ast.Eq):
                return at(each, code=short(each))
    return None


def stands_after_loop(evidence: Evidence) -> Found:
    """Find a statement behind a loop that reads the loop's variable."""
    for block in _blocks(evidence):
        for number, loop in enumerate(block):
            if not isinstance(loop, ast.For) or _searches(loop):
                continue
            own = {leaf.id for leaf in names_in(loop.target)} - {"_"}
            for later in block[number + 1 :]:
                if _only_looks(later):
                    continue
                given = later.value if isinstance(later, ast.AugAssign) else later
                own -= {n.id for n in names_in(given) if not isinstance(n.ctx, ast.Load)}
                # What an inner function or a comprehension binds is its own.
                own -= {arg.arg for arg in ast.walk(later) if isinstance(arg, ast.arg)}
                parts = (n.value for n in ast.walk(later) if isinstance(n, ast.Subscript))
                # What is used as an array is no loop's variable that is meant.
                arrays = {each.id for each in parts if isinstance(each, ast.Name)}
                read = [n.id for n in names_in(later) if n.id in own - arrays]
                if read and not isinstance(later, ast.Return):
                    line = _reading(later, read[0])
                    if _only_packs(line):
                        continue
                    return at(line, code=short(line), of=short(loop), name=read[0])
    return None


def _searches(loop: ast.For) -> bool:
    """Return whether a loop may end early: its variable is then what it has found."""
    return any(isinstance(node, ast.Break) for node in ast.walk(loop))


def _only_looks(statement: ast.stmt) -> bool:
    """Return whether a statement only shows or checks something."""
    value = statement.value if isinstance(statement, ast.Expr) else ast.Pass()
    return isinstance(statement, ast.Assert) or name_of(value) in SHOWS


def _only_packs(statement: ast.stmt) -> bool:
    """Return whether a statement only puts names together: a wrong one has slipped in."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    return isinstance(value, ast.Tuple) and all(isinstance(n, ast.Name) for n in value.elts)


def _reading(statement: ast.stmt, name: str) -> ast.stmt:
    """Return the innermost statement that reads a name."""
    inner = [
        node
        for node in ast.walk(statement)
        if isinstance(node, ast.stmt) and any(n.id == name for n in names_in(node))
    ]
    return inner[-1]


def always_true(evidence: Evidence) -> Found:
    """Find a condition with `or` before a word, but not in the last branch, which is left over."""
    last = {
        id(node.orelse[0])
        for node in evidence.nodes
        if isinstance(node, ast.If) and len(node.orelse) == 1
    }
    for node in evidence.nodes:
        if not isinstance(node, (ast.If, ast.IfExp)):
            continue
        if id(node) in last and all(isinstance(each, ast.Raise) for each in node.orelse):  # type: ignore[union-attr]
            continue
        test = node.test
        parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else []
        for part in parts[1:]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                return at(node, code=short(test), word=ast.unparse(part))
    return None


def compared_with_is(evidence: Evidence) -> Found:
    """Find `is` between two values that are computed, or with a word: both may be two objects."""
    for node in evidence.nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            sides = (node.left, *node.comparators)
            constants = [
                side
                for side in sides
                if isinstance(side, ast.Constant) and not isinstance(side.value, str)
            ]
            names = {side.id for side in sides if isinstance(side, ast.Name)}
            if any(name_of(side) == "type" for side in sides):
                # There is one object for each type.
                continue
            # A word without its quotation marks is the mistake there, whatever compares it.
            if not names & {"max", "average", "mean"} and not constants:
                return at(node, code=short(node))
    return None


def assigned_in_branch(evidence: Evidence) -> Found:
    """Find a name without a value that only one branch gives one to."""
    missing = first_that_says("UnboundLocalError", r"local variable '(?P<name>\w+)'")(evidence)
    name = str(missing["name"]) if missing else ""
    giving = [
        node
        for node in evidence.nodes
        if isinstance(node, ast.If) and any(_gives(inner, name) for inner in node.body)
    ]
    everywhere = sum(_gives(node, name) for node in evidence.nodes)
    if len(giving) != 1 or giving[0].orelse:
        return None
    failed = {f.line for f in evidence.failures if f.type == "UnboundLocalError" and f.line}
    ends = (giving[0].end_lineno or 0) + evidence.first_line - 1
    if any(line <= ends for line in failed):
        # The name is read above the branch, or inside it before it has a value.
        return None
    inside = sum(_gives(inner, name) for inner in giving[0].body)
    return at(giving[0], code=short(giving[0]), name=name) if inside == everywhere else None


def _gives(node: ast.AST, name: str) -> bool:
    """Return whether a statement by itself gives a name a value."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(leaf.id == name for target in targets for leaf in names_in(target))


def larger_than_largest(evidence: Evidence) -> Found:
    """Find a comparison that asks which numbers of an array are larger than its maximum."""
    for node in evidence.nodes:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.Lt):
            left, right = right, left
        elif not isinstance(node.ops[0], ast.Gt):
            continue
        of = _maximum_of(evidence, right)
        if of and isinstance(right, ast.Name) and _is_rebound(evidence, of):
            # The array may be another one by now.
            continue
        whole = left
        while of and ast.unparse(whole) != of and isinstance(whole, ast.Subscript):
            whole = whole.value
        if of and ast.unparse(whole) == of:
            return at(node, code=short(node))
    return None


def _is_rebound(evidence: Evidence, array: str) -> bool:
    tree = parsed(array)
    # A starred argument, say, is no expression by itself.
    names = names_in(tree) if tree is not None else ()
    return any(times_bound(evidence, each.id) > 1 for each in names)


def _maximum_of(evidence: Evidence, node: ast.expr) -> str:
    """Return the text of the array of which an expression is the maximum; "" for anything else."""
    if isinstance(node, ast.Name):
        given = [
            each.value
            for each in evidence.nodes
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name) and target.id == node.id
        ]
        stored = [
            n
            for n in evidence.nodes
            if isinstance(n, ast.Name) and n.id == node.id and not isinstance(n.ctx, ast.Load)
        ]
        if len(given) != 1 or len(stored) != 1:
            return ""
        node = given[0]
    if not isinstance(node, ast.Call) or name_of(node) not in ("max", "amax"):
        return ""
    by_name = isinstance(node.func, ast.Name) or ast.unparse(node.func).startswith("np.")
    given_array = node.args[0] if by_name and node.args else getattr(node.func, "value", None)
    return ast.unparse(given_array) if given_array is not None else ""


SHAPE, ARRAY = Text("shape", "形状"), Text("array", "数组")
FIRST = {
    "full": SHAPE,
    "pad": ARRAY,
    "reshape": ARRAY,
    "broadcast_to": ARRAY,
    "tile": ARRAY,
    **{name: Text("gradient", "梯度") for name, own in HELPERS.items() if own[1:] == ("shape",)},
}
"""What these functions are given first."""


def arguments_exchanged(evidence: Evidence) -> Found:
    """Find a call that raised, in which a shape comes second that belongs first, or the other way.

    A shape is a tuple, or has the word in its name.
    """
    lines = {failure.source.strip() for failure in evidence.failures}
    for node in evidence.nodes:
        name = name_of(node)
        if not isinstance(node, ast.Call) or name not in FIRST or len(node.args) < 2:
            continue
        by_method = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "np"
        raised = any(ast.unparse(node.func) in line for line in lines)
        first, second = map(_is_shape, node.args[:2])
        if isinstance(node.args[0], ast.List) and FIRST[name] != SHAPE:
            # A list is an array to NumPy.
            continue
        if raised and not by_method and (first, second) == (FIRST[name] != SHAPE, not first):
            return at(node, code=short(node), name=ast.unparse(node.func), first=FIRST[name])
    return None


def _is_shape(node: ast.expr) -> bool:
    name = getattr(node, "attr", getattr(node, "id", ""))
    return isinstance(node, (ast.Tuple, ast.List)) or name == "shape"
