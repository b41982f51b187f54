"""Tells a repair that throws the wrong work away and does all of it again somewhere else.

Such a repair passes every check, but the line that it changes is not the one that is wrong.
"""

import ast
import difflib
from collections.abc import Sequence

from autograder.repairing.code import Code, Placed


def is_done_again(before: str, after: str | None) -> bool:
    """Return whether a repair of a function only overwrites what its lines have stored."""
    if after is None:
        return False
    old, new = Code(before).statements, Code(after).statements
    matcher = difflib.SequenceMatcher(
        None, [_head(each) for each in old], [_head(each) for each in new], autojunk=False
    )
    changes = [opcode for opcode in matcher.get_opcodes() if opcode[0] != "equal"]
    return bool(changes) and all(
        _overwrites(old[start:end], new[other:other_end], old[:start])
        for _, start, end, other, other_end in changes
    )


def _head(placed: Placed) -> str:
    """Return a statement, or what stands before its block."""
    text = ast.unparse(placed.node)
    return text.split("\n")[0] if hasattr(placed.node, "body") else text


def _overwrites(old: Sequence[Placed], new: Sequence[Placed], above: Sequence[Placed]) -> bool:
    """Return whether one new statement begins anew what others above have stored.

    The statement in whose place it stands, if any, went on with what they had stored.
    """
    if len(new) != 1 or len(old) > 1 or not isinstance(new[0].node, ast.Assign):
        return False
    array = _base(new[0].node)
    goes_on = all(_base(p.node) == array and _reads(p.node, array) for p in old)
    stored = any(_base(p.node) == array and _target(p.node) != array for p in above)
    return bool(array) and goes_on and stored and not _reads(new[0].node, array)


def _target(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return ast.unparse(node.targets[0])
    return ast.unparse(node.target) if isinstance(node, ast.AugAssign) else ""


def _base(node: ast.stmt) -> str:
    """Return the name of the array that a statement stores something in, "" for none."""
    return _target(node).partition("[")[0]


def _reads(node: ast.stmt, array: str) -> bool:
    value = getattr(node, "value", None)
    return isinstance(node, ast.AugAssign) or any(
        isinstance(leaf, ast.Name) and leaf.id == array
        for leaf in (ast.walk(value) if value is not None else ())
    )
