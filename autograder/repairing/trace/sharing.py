"""Which names of a student's function stand for which of the reference's, and how far."""

import ast
from collections.abc import Collection, Sequence

from autograder.repairing.code import Code
from autograder.repairing.roles import Roles
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
