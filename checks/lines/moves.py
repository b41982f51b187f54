"""Which statements of a gradient check carry a mistake: how x is moved, and the error's root."""

import ast

from checks.lines.own import Own, calls_in, names_used, targets_of
from checks.lines.statements import MADE, base_of, head_nodes


def step_stays(own: Own) -> list[ast.stmt]:
    """Find where a loop moves an entry of an array that was made before the loop."""
    before = {
        ast.unparse(node.targets[0])
        for node in own.statements
        if isinstance(node, ast.Assign) and not own.in_loop(node) and {*calls_in(node)} & {*MADE}
    }
    return [
        node
        for node in own.statements
        if own.in_loop(node)
        and any(isinstance(t, ast.Subscript) and base_of(t) in before for t in targets_of(node))
        and names_used(node.value)
        <= {"h", *names_used(node.targets[0] if isinstance(node, ast.Assign) else node.target)}
    ]


def moved_and_left(own: Own) -> list[ast.stmt]:
    """Find the last statement of a loop that needs the moved entry: after it, it is put back."""
    moved = {
        base_of(target)
        for node in own.statements
        if own.in_loop(node)
        for target in targets_of(node)
        if isinstance(target, ast.Subscript)
        and any(base_of(target) == base_of(arg) for arg in _arguments_of(own, "f"))
    }
    return [
        node
        for node in own.statements
        if own.in_loop(node) and "f" in calls_in(node) and moved & names_used(node)
    ][-1:]


def _arguments_of(own: Own, name: str) -> list[ast.expr]:
    return [
        leaf.args[0]
        for node in own.statements
        for leaf in head_nodes(node)
        if isinstance(leaf, ast.Call) and ast.unparse(leaf.func) == name and leaf.args
    ]


def one_array(own: Own) -> list[ast.stmt]:
    """Find `a = b` where something is written into both."""
    written = {
        base_of(target)
        for node in own.statements
        for target in targets_of(node)
        if isinstance(target, ast.Subscript) or isinstance(node, ast.AugAssign)
    }
    return [
        node
        for node in own.statements
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and {node.value.id, base_of(node.targets[0])} <= written
    ]


def all_moved(own: Own) -> list[ast.stmt]:
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


def squared(own: Own) -> list[ast.stmt]:
    """Find the squares whose root is missing; squares that a loop adds up lack it at the end."""
    squares = [s for s in own.statements if "** 2" in ast.unparse(s) or "square" in calls_in(s)]
    return [s for s in squares if not own.in_loop(s)] or own.last_made("error")
