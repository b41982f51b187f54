"""Where each misconception is: the roles and forms of the statements that its patches change.

They follow from the patches and are kept in the data file, for the notebook and for the grader.
"""

import ast
import difflib
import importlib
import importlib.util
import inspect
import textwrap
from collections.abc import Iterator

from checks.diagnosis import Cause
from checks.evidence import Evidence
from checks.lines.places import Place, Places, with_lines
from checks.lines.statements import Statement, statements
from checks.model import Exercise
from solutions.catalogue import Catalogue, Misconception, wrong_source


def places_of(catalogue: Catalogue, exercise: Exercise) -> Places:
    """Return where the misconceptions of an exercise are."""
    reference = inspect.getsource(catalogue.functions[exercise.name])
    right = {
        each.form
        for source in (reference, *_styles(catalogue))
        for each in _statements(source, exercise)
    }
    ways: dict[str, list[tuple[Place, ...]]] = {}
    patched: list[tuple[Misconception, str, list[Statement]]] = []
    for misconception in catalogue.of(exercise.name):
        wrong = wrong_source(catalogue.reference, [misconception])
        changed = list(_changed(reference, wrong, exercise)) if wrong else []
        way = tuple(Place(each.role, frozenset({each.form} - right)) for each in changed)
        if way and way not in ways.setdefault(misconception.id, []):
            ways[misconception.id].append(way)
        if wrong:
            patched.append((misconception, wrong, changed))
    found = Places(frozenset(right), {name: tuple(found) for name, found in ways.items()})
    # Where another statement has the role and no form tells them apart, no line is better than it.
    misleading = {
        misconception.id
        for misconception, wrong, changed in patched
        if not _lines(misconception, wrong, exercise, found) <= {each.line for each in changed}
    }
    kept = {name: each for name, each in found.of.items() if name not in misleading}
    return Places(found.right, kept)


def _lines(misconception: Misconception, wrong: str, exercise: Exercise, known: Places) -> set[int]:
    """Return the lines at which `known` points in the function that has the misconception."""
    cause = Cause(misconception.id, misconception.message, misconception.hint)
    evidence = Evidence("wrong", {}, wrong, parameters=exercise.parameters)
    return set(with_lines(cause, None, evidence, lambda: known).lines)


def _statements(source: str, exercise: Exercise) -> tuple[Statement, ...]:
    tree = ast.parse(textwrap.dedent(source))
    return tuple(
        each
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.name == exercise.name
        for each in statements(function)
    )


def _styles(catalogue: Catalogue) -> Iterator[str]:
    """Yield the correct functions in other styles; an assignment need not have any."""
    name = f"{catalogue.reference.__name__.rpartition('.')[0]}.styles"
    if importlib.util.find_spec(name) is not None:
        yield from importlib.import_module(name).STYLES.values()


def _changed(right: str, wrong: str, exercise: Exercise) -> Iterator[Statement]:
    """Yield the statements of the wrong function that the correct one does not have."""
    before, after = ([line.strip() for line in text.split("\n")] for text in (right, wrong))
    lines = {
        line + 1
        for kind, _, _, start, end in difflib.SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes()
        if kind != "equal"
        for line in range(start, end)
    }
    for each in _statements(wrong, exercise):
        if lines & set(range(each.line, each.end + 1)):
            yield each
