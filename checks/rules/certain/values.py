"""What the names of a function are given: rules follow a value back to where it is made."""

import ast
from collections.abc import Iterator, Mapping

from checks.evidence import Evidence, once
from checks.rules.trees import name_of, parameters_of, returned

MOST_STEPS = 6
"""How many names in a row are followed to what they stand for."""

REDUCING = ("sum", "mean", "max", "amax", "norm", "sqrt", "average", "dot", "vdot", "median")


@once
def values_of(evidence: Evidence) -> Mapping[str, list[ast.expr | None]]:
    """Return what each name is given, in the order of the text; None for a part of something."""
    found: dict[str, list[ast.expr | None]] = {}
    for node in evidence.nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                _bind(target, node.value, found)
        elif isinstance(node, (ast.AugAssign, ast.For, ast.comprehension, ast.NamedExpr)):
            _bind(node.target, None, found)
    return found


def _bind(target: ast.expr, value: ast.expr, found: dict[str, list[ast.expr | None]]) -> None:
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        alike = len(parts) == len(target.elts)
        for place, each in enumerate(target.elts):
            _bind(each, parts[place] if alike else None, found)


def origin(evidence: Evidence, node: ast.expr) -> ast.expr:
    """Return what a name stands for, as far as each name on the way is given one thing only."""
    for _ in range(MOST_STEPS):
        given = values_of(evidence).get(node.id, []) if isinstance(node, ast.Name) else []
        if len(given) != 1 or given[0] is None:
            return node
        node = given[0]
    return node


def is_name(node: ast.AST | None, name: str) -> bool:
    """Return whether a node is this name."""
    return isinstance(node, ast.Name) and node.id == name


def is_given(evidence: Evidence, node: ast.AST, name: str) -> bool:
    """Return whether a node is the argument `name`, or that part of the cache, as it came in."""
    if not is_name(node, name):
        return False
    times = len(values_of(evidence).get(name, []))
    own = evidence.function.args.args if evidence.function else ()
    # An inner function may have a parameter of that name.
    if parameters_of(evidence)[name] > 1:
        return False
    return times == (0 if name in [each.arg for each in own] else 1)


def own_name(evidence: Evidence, parameter: str) -> str:
    """Return how the student calls a parameter of the task: the arguments come in its order."""
    own = evidence.function.args.args if evidence.function else []
    place = evidence.parameters.index(parameter) if parameter in evidence.parameters else len(own)
    return own[place].arg if place < len(own) else parameter


def called(node: ast.AST, *names: str) -> bool:
    """Return whether a node is a call of a function, or method, of one of these names."""
    return isinstance(node, ast.Call) and name_of(node) in names


def in_branches(evidence: Evidence) -> set[int]:
    """Return the nodes that stand in, or ask for, a branch."""
    return {
        id(leaf)
        for node in evidence.nodes
        if isinstance(node, (ast.If, ast.IfExp))
        for leaf in ast.walk(node)
    }


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of functions of these names in a part of the text."""
    for leaf in ast.walk(tree):
        if isinstance(leaf, ast.Call) and name_of(leaf) in names:
            yield leaf


def argument(call: ast.Call) -> ast.expr | None:
    """Return the array that a function of NumPy, or a method of an array, works on."""
    func = call.func
    if isinstance(func, ast.Attribute) and ast.unparse(func.value) not in ("np", "numpy", "math"):
        is_module = isinstance(func.value, ast.Attribute) and func.value.attr == "linalg"
        return (call.args[0] if call.args else None) if is_module else func.value
    return call.args[0] if call.args else None


def keyword(call: ast.Call, name: str) -> str:
    """Return what a call gives for a keyword, as it is written; "" where it gives nothing."""
    return next((ast.unparse(k.value) for k in call.keywords if k.arg == name), "")


def statement_of(evidence: Evidence, node: ast.AST) -> ast.AST:
    """Return the assignment or return that an expression stands in."""
    for each in evidence.nodes:
        whole = isinstance(each, (ast.Assign, ast.AugAssign, ast.Return))
        if whole and any(leaf is node for leaf in ast.walk(each)):
            return each
    return node


def counters(evidence: Evidence) -> set[str]:
    """Return the names that loops over a range give a value to."""
    return {
        node.target.id
        for node in evidence.nodes
        if isinstance(node, ast.For)
        and isinstance(node.target, ast.Name)
        and called(node.iter, "range")
    }


def indices(node: ast.Subscript) -> list[ast.expr]:
    """Return what stands between the square brackets, one for each axis."""
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def result(evidence: Evidence, output: str) -> list[ast.expr]:
    """Return what the function returns for an output, followed to where a name is given a value.

    There are several where a name is given one value after the other.
    """
    found = returned(evidence.nodes, evidence.outputs, output)
    if found is None:
        return []
    _, part = found
    if not isinstance(part, ast.Name):
        return [part]
    given = values_of(evidence).get(part.id, [])
    return [] if None in given else [value for value in given if value is not None]
