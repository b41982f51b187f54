"""What a named cause says of where the mistake is: its patch as pairs of trees."""

import ast
import difflib
import functools
import inspect
from collections.abc import Collection, Iterator

from autograder.repairing.changes import differences
from autograder.repairing.code import Code, heads, same_as
from solutions.catalogue import Catalogue, Misconception, wrong_source

Hint = tuple[ast.AST | None, ast.AST | None]
"""Something wrong and the correct one, in the reference's names; None where it is not there."""


@functools.cache
def reference_code(catalogue_module: object, exercise: str) -> Code:
    """Return the reference function of an exercise."""
    return Code(inspect.getsource(getattr(catalogue_module, exercise)))


def hints_of(catalogue: Catalogue, exercise: str, causes: Collection[str]) -> list[Hint]:
    """Return what the patches of the causes change, those of all their variants."""
    entries = [m for m in catalogue.of(exercise) if m.id in causes]
    return [hint for entry in entries for hint in _changed(catalogue, entry)]


def _changed(catalogue: Catalogue, entry: Misconception) -> Iterator[Hint]:
    source = wrong_source(catalogue.reference, [entry])
    if source is None:
        return
    try:
        wrong = heads(Code(source))
    except (SyntaxError, ValueError):
        return
    right = heads(reference_code(catalogue.reference, entry.exercise))
    matcher = difflib.SequenceMatcher(
        None, [same_as(n) for n in wrong], [same_as(n) for n in right], autojunk=False
    )
    for kind, start, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        if end - start == other_end - other:
            for old, new in zip(wrong[start:end], right[other:other_end], strict=True):
                yield from differences(old, new)
            continue
        # The first of several wrong statements stands for all that is missing.
        for node in wrong[start:end]:
            yield node, None
        for node in right[other:other_end]:
            yield None, node
