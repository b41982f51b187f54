"""From a repaired function to an entry of the catalogue: the mistake as a patch."""

import ast
import difflib
from collections.abc import Iterator

from autograder.repairing.changes import only_difference
from autograder.repairing.code import Code, heads, likeness, renamed, same_as, text_of
from autograder.repairing.roles import Roles
from solutions.catalogue import Patches

MOST_PATCHES = 4
"""How many patches an entry may have."""

ENTRY = """cause(
    "{id}",
    {patches},
    Text("", ""),
    Text("", ""),
),"""

ID = "choose_an_id"


def entry_text(patches: Patches) -> str:
    """Return an entry to paste into the exercise's file, its id and its texts to be written."""
    each = ", ".join(f"({_quoted(old)}, {_quoted(new)})" for old, new in patches)
    return ENTRY.format(id=ID, patches=f"({each},)")


def _quoted(text: str) -> str:
    return repr(text) if '"' in text else f'"{repr(text)[1:-1]}"'.replace("\\'", "'")


def patches_of(reference: Code, wrong: Code, right: Code) -> Patches | None:
    """Return what makes the student's mistake in the reference; None where that is not found.

    `right` is the repair of the student's function, `wrong` the function itself.
    """
    roles = Roles(reference, right)
    names: dict[str, ast.expr] = {
        own.id: ast.Name(theirs, ast.Load())
        for theirs, own in roles.names.items()
        if isinstance(own, ast.Name)
    }
    found: list[tuple[str, str]] = []
    for old, new in _changed(wrong, right):
        patch = _patch(reference, renamed(old, names) if old else None, renamed(new, names))
        if patch is None:
            patch = _written_out(reference, roles, names, old, new)
        if patch is None or len(found) == MOST_PATCHES:
            return None
        if patch not in found:
            found.append(patch)
    return tuple(found) or None


def _changed(wrong: Code, right: Code) -> Iterator[tuple[ast.AST | None, ast.AST]]:
    """Yield the statements, or heads of loops, that differ; None where one is missing."""
    old, new = heads(wrong), heads(right)
    matcher = difflib.SequenceMatcher(
        None, [same_as(n) for n in old], [same_as(n) for n in new], autojunk=False
    )
    for kind, start, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        if end - start == other_end - other:
            yield from zip(old[start:end], new[other:other_end], strict=True)
        elif start == end:
            yield from ((None, node) for node in new[other:other_end])
        else:
            # More than one entry can say: the caller finds no patch for it.
            yield old[start], ast.Pass()


def _patch(reference: Code, old: ast.AST | None, new: ast.AST) -> tuple[str, str] | None:
    """Return (what is in the reference, what the student has), as small as it is unique."""
    pairs = [(old, new)] if old is None else only_difference(old, new)
    for mine, theirs in pairs:
        for text in _texts_of(reference, theirs):
            if reference.text.count(text) == 1:
                return text, "pass" if mine is None else _bracketed(mine)
    if old is None:
        return None
    # The statement that is most like it stands for it, if the student has a style of their own.
    best = max(heads(reference), key=lambda head: likeness(head, new), default=None)
    if (
        best is None
        or likeness(best, new) < 0.6
        or isinstance(best, ast.stmt) != isinstance(old, ast.stmt)
    ):
        return None
    text = reference.segment(best)
    return (text, text_of(old)) if reference.text.count(text) == 1 else None


def _bracketed(node: ast.AST) -> str:
    text = text_of(node)
    return f"({text})" if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare)) else text


def _texts_of(reference: Code, node: ast.AST) -> Iterator[str]:
    """Yield how the reference writes a node."""
    key = same_as(node)
    for placed in reference.statements:
        for other in ast.walk(placed.node):
            if hasattr(other, "lineno") and type(other) is type(node) and same_as(other) == key:
                yield reference.segment(other)


def _written_out(
    reference: Code,
    roles: Roles,
    names: dict[str, ast.expr],
    old: ast.AST | None,
    new: ast.AST,
) -> tuple[str, str] | None:
    """Find the patch where the student writes out what has a name of its own in the reference."""
    if old is None:
        return None
    for mine, theirs in only_difference(old, new):
        for name, own in roles.names.items():
            if isinstance(own, ast.Name) or same_as(own) != same_as(theirs):
                continue
            for placed in reference.statements:
                node = placed.node
                if isinstance(node, ast.Assign) and text_of(node.targets[0]) == name:
                    text = reference.segment(node)
                    if reference.text.count(text) == 1:
                        return text, f"{name} = {text_of(renamed(mine, names))}"
    return None
