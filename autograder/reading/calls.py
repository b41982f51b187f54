"""Which of the exercises a function may call, as far as a submission's text shows it."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from autograder.reading.student_code import parse, python_of

REACHES_ALL = frozenset(("globals", "locals", "vars", "eval", "exec", "getattr"))
"""With these a function may call others whose names it does not spell out."""


def mentioned(sources: Iterable[str]) -> Mapping[str, frozenset[str]] | None:
    """Return the names that each name at the top of the cells stands on; None where one is unread.

    That of a function or a class is what its text mentions, that of a variable what it was given.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        tree = parse(python_of(source))
        if not isinstance(tree, ast.Module):
            return None
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found[node.name] |= _names(node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    for name in _names(target):
                        found[name] |= _names(node.value)
    return {name: frozenset(names) for name, names in found.items()}


def may_call(
    mentions: Mapping[str, frozenset[str]] | None, function: str, others: Sequence[str]
) -> tuple[str, ...]:
    """Return those of `others` that `function` may call, by itself or through helpers of its own.

    A call that goes through one of `others` is not followed any further: that one is asked for
    itself. Where the text does not show what is called, all of them are returned.
    """
    if mentions is None:
        return tuple(others)
    reached: set[str] = set()
    waiting = {function}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        if name == function or name not in others:
            waiting |= mentions.get(name, frozenset()) - reached
    if reached & REACHES_ALL:
        return tuple(others)
    return tuple(name for name in others if name in reached)


def _names(node: ast.AST) -> set[str]:
    return {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}
