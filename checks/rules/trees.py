"""What the rules on a function's text have in common."""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence

from checks.evidence import AT, Evidence, once
from checks.student_source import nodes_of
from checks.text import Text


def at(node: ast.AST, **values: str | Text) -> dict[str, str | Text]:
    """Return what to fill into a message, and the line of the function's text that shows it."""
    return {**values, AT: str(getattr(node, "lineno", ""))}


def name_of(call: ast.AST) -> str:
    """Return the name of the function that is called, without its module; "" for no call."""
    func = call.func if isinstance(call, ast.Call) else None
    return getattr(func, "attr", getattr(func, "id", ""))


def short(node: ast.AST) -> str:
    """Return a part of the text as a message quotes it."""
    text = ast.unparse(node).split("\n")[0]
    return text if len(text) <= 72 else f"{text[:71]}…"


def names_in(node: ast.AST) -> list[ast.Name]:
    """Return every name in a part of the text."""
    return [leaf for leaf in nodes_of(node) if isinstance(leaf, ast.Name)]


def own_nodes(evidence: Evidence) -> list[ast.AST]:
    """Return the nodes of a function without those of the functions inside it."""
    inner = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
    others = {
        id(leaf)
        for node in evidence.nodes
        if isinstance(node, inner) and node is not evidence.function
        for leaf in nodes_of(node)
    }
    return [node for node in evidence.nodes if id(node) not in others]


def own_returns(evidence: Evidence) -> list[ast.Return]:
    """Return every `return` of a function itself, not those of the functions inside it."""
    return [node for node in own_nodes(evidence) if isinstance(node, ast.Return)]


def times_bound(evidence: Evidence, name: str) -> int:
    """Return how often a function gives a name to something; a parameter is bound once."""
    return _stores_of(evidence)[name] + parameters_of(evidence)[name]


@once
def _stores_of(evidence: Evidence) -> Counter[str]:
    names = (node for node in evidence.nodes if isinstance(node, ast.Name))
    return Counter(node.id for node in names if isinstance(node.ctx, ast.Store))


@once
def parameters_of(evidence: Evidence) -> Counter[str]:
    """Return how many parameters have a name, those of inner functions included."""
    return Counter(node.arg for node in evidence.nodes if isinstance(node, ast.arg))


def returned_names(evidence: Evidence) -> set[str]:
    """Return the names in what a function returns."""
    return {
        leaf.id
        for node in evidence.nodes
        if isinstance(node, ast.Return) and node.value is not None
        for leaf in names_in(node.value)
    }


def returned(
    nodes: Iterable[ast.AST], outputs: Sequence[str], output: str
) -> tuple[ast.Return, ast.expr] | None:
    """Return a function's one return, and what it gives back for an output; None where unclear."""
    returns = [n for n in nodes if isinstance(n, ast.Return) and n.value is not None]
    if len(returns) != 1 or output not in outputs:
        return None
    value = returns[0].value
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    if len(parts) != len(outputs):
        return None
    part = parts[outputs.index(output)]
    return None if part is None else (returns[0], part)
