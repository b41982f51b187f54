"""Rules on what a function reads that is not given to it, or not yet its own."""

import ast
import re
from collections.abc import Iterable

from checks.evidence import Evidence, Found, first_that_says
from checks.rules.trees import at, name_of, names_in

SHOWS = ("print", "display", "debug", "info", "warning")
SETTING = re.compile(
    r"STRIDE|PAD|FILTER|KERNEL|WINDOW|SIZE|SHAPE|HEIGHT|WIDTH|CHANNEL|BATCH|MODE|PARAM|WEIGHT|BIAS"
    r"|PREV|CACHE|^N_?[HWC]|^HP"
)
"""What names in capitals hold that stand for an argument of a layer."""

LETTERS = 2
"""From how many letters on a name in capitals is a constant's; W, X and dZ are data."""

read_unassigned = first_that_says("UnboundLocalError", r"local variable '(?P<name>\w+)'")
"""Finds a name that is read before a value is assigned to it, be it that a branch is missed."""


def read_above(evidence: Evidence) -> Found:
    """Find a name that is read above each line that gives it a value, or in such a line itself."""
    found = read_unassigned(evidence)
    for failure in evidence.failures if found else ():
        if failure.type == "UnboundLocalError" and failure.line is not None:
            line = failure.line - evidence.first_line + 1
            given = [
                node.lineno
                for node in evidence.nodes
                if isinstance(node, ast.Name)
                and node.id == (found or {}).get("name")
                and isinstance(node.ctx, ast.Store)
            ]
            return found if given and min(given) >= line else None
    return None


def reads_data(evidence: Evidence) -> Found:
    """Find names of the notebook's data."""
    return _read(evidence, (name for name in evidence.globals_read if not _is_constant(name)))


def reads_constant(evidence: Evidence) -> Found:
    """Find names in capitals of what is an argument: others are a student's own constants."""
    names = (name for name in evidence.globals_read if _is_constant(name) and SETTING.search(name))
    return _read(evidence, names)


def _is_constant(name: str) -> bool:
    return name.isupper() and len(name) >= LETTERS


def _read(evidence: Evidence, names: Iterable[str]) -> Found:
    if evidence.status == "right":
        return None
    kept = [name for name in names if name not in _only_switches(evidence)]
    where = (n for n in evidence.nodes if isinstance(n, ast.Name) and n.id in kept)
    first = min(where, key=lambda node: node.lineno, default=None)
    if not kept:
        return None
    names_read = "`, `".join(kept)
    return at(first, name=names_read) if first is not None else {"name": names_read}


def _only_switches(evidence: Evidence) -> set[str]:
    """Return names that nothing is computed from: they switch something on, or are only shown."""
    harmless: set[int] = set()
    for node in evidence.nodes:
        if isinstance(node, (ast.If, ast.IfExp)):
            test = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
            harmless |= {id(test)} if isinstance(test, ast.Name) else set()
        elif isinstance(node, ast.Call) and name_of(node) in SHOWS:
            harmless |= {id(leaf) for leaf in names_in(node)}
    read = [n for n in evidence.nodes if isinstance(n, ast.Name)]
    return {n.id for n in read} - {n.id for n in read if id(n) not in harmless}
