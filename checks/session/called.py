"""A notebook's functions: their texts, and which of them call which."""

import ast
import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from checks.assignments import ASSIGNMENTS
from checks.student_source import nodes_of, parsed


def cases_calling(
    space: dict[str, Any], name: str, cases: Iterable[str], work: Callable[[tuple[str]], object]
) -> frozenset[str]:
    """Return the cases in which the function `name` of a notebook's names is called.

    `work` runs the one case that it is given. The text alone does not tell: a function may call
    one helper in one mode only.
    """
    own, current, found = space[name], "", set()

    @functools.wraps(own)
    def watched(*arguments: Any, **named: Any) -> Any:
        found.add(current)
        return own(*arguments, **named)

    space[name] = watched
    try:
        for current in cases:
            work((current,))
    finally:
        # What is called may have given the name to something else.
        if space.get(name) is watched:
            space[name] = own
    return frozenset(found)


def is_only_called(source: str | None, name: str) -> bool:
    """Return whether a function's text uses a name for nothing but calls of it."""
    tree = parsed(source) if source else None
    nodes = nodes_of(tree) if tree else []
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == name]
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    return all(any(use is each for each in called) for use in uses)


def source_of(target: Callable[..., Any]) -> tuple[str | None, int]:
    """Return a function's text, None where it is not known, and the line of its cell it begins at.

    Jupyter keeps each cell as a file of its own.
    """
    try:
        lines, first_line = inspect.getsourcelines(target)
    except (OSError, TypeError):
        return None, 1
    return "".join(lines), first_line


def helpers_of(target: Callable[..., Any]) -> dict[str, str]:
    """Return the texts of the functions that `target` calls and that are no exercises."""
    space, code = getattr(target, "__globals__", {}), getattr(target, "__code__", None)
    called = {name: space.get(name) for name in getattr(code, "co_names", ())}
    known = {each.name for a in ASSIGNMENTS.values() for each in a.exercises}
    own = {n: f for n, f in called.items() if inspect.isfunction(f) and n not in known}
    texts = {n: source_of(f)[0] for n, f in own.items() if f.__module__ == target.__module__}
    return {name: text for name, text in texts.items() if text}
