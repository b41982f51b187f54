"""One form for what is written in several ways: a statement's tree as a text in shared names.

`h * stride` and `stride * h`, `X[i]` and `X[i, :, :, :]`, `int(a / b)` and `a // b` are the same.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping

from checks.assignments.functions import HELPERS

KEPT = frozenset({"np", "range", "int", "float", "len", "max", "min", "sum", *HELPERS})
"""Names that mean the same in every function."""

WHOLE = ("int", "floor")
"""Functions that make a quotient whole."""


def digest(text: str) -> str:
    """Return what a form is kept as: it can be compared, but not read."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def form_of(node: ast.AST, labels: Mapping[str, str]) -> str:
    """Return the text of a statement's head, or of an expression, in the names of `labels`."""
    if isinstance(node, ast.BinOp):
        return _operation(node, labels)
    if isinstance(node, ast.Name):
        return labels.get(node.id, node.id if node.id in KEPT else "_")
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in WHOLE and len(node.args) == 1 and not node.keywords:
            return form_of(node.args[0], labels).replace("Div(", "FloorDiv(")
    if isinstance(node, ast.Subscript):
        return _picked(node, labels)
    inner = ",".join(form_of(each, labels) for each in _children(node))
    word = "Tuple" if isinstance(node, ast.List) else type(node).__name__
    extra = getattr(node, "attr", getattr(node, "arg", "")) or ""
    return f"{word}{extra}({inner})"


def _operation(node: ast.BinOp, labels: Mapping[str, str]) -> str:
    kind = type(node.op).__name__
    sides = [form_of(node.left, labels), form_of(node.right, labels)]
    if isinstance(node.op, (ast.Add, ast.Mult)):
        # Chains of one operator are one sum, or one product, in any order.
        parts = [part for side in sides for part in _terms(side, kind)]
        sides = sorted(parts)
    return f"{kind}({';'.join(sides)})"


def _terms(text: str, kind: str) -> list[str]:
    """Return the terms of a sum in the form of a text; a text that is no such sum, alone."""
    if not text.startswith(f"{kind}("):
        return [text]
    terms, depth = [""], 0
    for letter in text[len(kind) + 1 : -1]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == ";" and not depth:
            terms.append("")
        else:
            terms[-1] += letter
    return terms


def _picked(node: ast.Subscript, labels: Mapping[str, str]) -> str:
    found = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    while len(found) > 1 and _is_all(found[-1]):
        found.pop()
    inside = ",".join(form_of(each, labels) for each in found)
    return f"Pick({form_of(node.value, labels)};{inside})"


def _is_all(index: ast.expr) -> bool:
    return isinstance(index, ast.Slice) and not (index.lower or index.upper or index.step)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what belongs to a node itself: of a compound statement, its head."""
    for name, value in ast.iter_fields(node):
        if name in ("body", "orelse", "finalbody", "handlers", "ctx", "type_comment"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield each


def _constant(value: object) -> str:
    # Python writes no whole number of more than 4300 digits.
    return "large" if type(value) is int and value.bit_length() > 99 else repr(value)[:99]
