"""Which names of a student's function stand for which of the reference's, and how far."""

import ast
from collections.abc import Collection, Iterator, Sequence

from autograder.repairing.code import Code
from autograder.repairing.roles import Roles
from autograder.repairing.trace.names import NUMPY, kin, plain_targets, root_of
from autograder.repairing.trace.writer import Site


def shared_names(reference: Code, student: Code, outputs: int) -> dict[str, str]:
    """Return the reference's names by the student's that have the same role."""
    roles = Roles(reference, student)
    found: dict[str, str] = {}
    for theirs, own in roles.names.items():
        if isinstance(own, ast.Name) and (own.id not in found or own.id == theirs):
            found[own.id] = theirs
    returned = [_returned(code) for code in (reference, student)]
    if all(len(names) >= outputs for names in returned):
        for theirs, own in list(zip(*returned, strict=False))[:outputs]:
            if own and theirs and found.get(own) != theirs:
                found = {a: b for a, b in found.items() if own != a and theirs != b}
                found[own] = theirs
    return found


def _returned(code: Code) -> list[str]:
    last = code.statements[-1].node if code.statements else None
    value = last.value if isinstance(last, ast.Return) else None
    items = value.elts if isinstance(value, ast.Tuple) else [value]
    return [item.id if isinstance(item, ast.Name) else "" for item in items]


def sources_of(
    sites: Sequence[Site], parameters: Sequence[str], names: Collection[str]
) -> set[str]:
    """Return the parameters that go into the values of these names."""
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for site in sites:
                if site.name == name and site.kind != "after":
                    waiting += site.reads
    return found & {*parameters}


def odd_names(code: Code) -> Iterator[str]:
    """Yield the names of which the trace does not show every change."""
    together = kin(code.function)
    for node in ast.walk(code.function):
        names: list[str] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            names = [leaf.id for leaf in ast.walk(node.value) if isinstance(leaf, ast.Name)]
        elif isinstance(node, ast.keyword) and node.arg == "out":
            names = [root_of(node.value)]
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            names = [n for n in together.get(node.target.id, ()) if n != node.target.id]
        elif (isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node is not code.function) or (
            isinstance(node, ast.ExceptHandler) and node.name
        ):
            names = [node.name]
        elif isinstance(node, ast.withitem) and node.optional_vars:
            names = list(plain_targets(node.optional_vars))
        elif isinstance(node, ast.alias):
            names = [node.asname or node.name]
        elif isinstance(node, ast.Starred) and isinstance(node.value, ast.Name):
            names = [node.value.id]
        yield from {kin for name in names for kin in together.get(name, {name})} - {*NUMPY}
