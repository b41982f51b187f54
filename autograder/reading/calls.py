"""Which of the exercises a function may call, as far as a submission's text shows it."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from autograder.reading.student_code import parse, python_of
from checks.student_source import nodes_of

REACHES_ALL = frozenset(("globals", "locals", "vars", "eval", "exec", "getattr"))
"""With these a function may call others whose names it does not spell out."""

Given = Mapping[str, Sequence[ast.AST]]
"""A name at the top of the cells, and all that it is given: functions, classes, values."""


def given_names(sources: Iterable[str]) -> Given | None:
    """Return what each name at the top of the cells is given; None where a cell can't be read."""
    found: dict[str, list[ast.AST]] = defaultdict(list)
    for source in sources:
        tree = parse(python_of(source))
        if not isinstance(tree, ast.Module):
            return None
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found[node.name].append(node)
            elif isinstance(node, ast.Assign):
                for name in _names(node.targets):
                    found[name].append(node.value)
    return found


def may_call(given: Given | None, function: str, others: Sequence[str]) -> tuple[str, ...]:
    """Return those of `others` that `function` may call, by itself or through helpers of its own.

    A call that goes through one of `others` is not followed any further: that one is asked for
    itself. Where the text does not show what is called, all of them are returned.
    """
    if given is None or not others:
        return tuple(others)
    reached: set[str] = set()
    waiting = {function}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        if name == function or name not in others:
            waiting |= _names(given.get(name, ())) - reached
    if reached & REACHES_ALL:
        return tuple(others)
    return tuple(name for name in others if name in reached)


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {
        leaf.id
        for node in nodes
        for leaf in ((node,) if isinstance(node, ast.Name) else nodes_of(node))
        if isinstance(leaf, ast.Name)
    }
