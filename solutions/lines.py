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

from checks.lines.places import Place, Places
from checks.lines.statements import Statement, statements
from checks.model import Exercise
from solutions.catalogue import Catalogue, wrong_source


def places_of(catalogue: Catalogue, exercise: Exercise) -> Places:
    """Return where the misconceptions of an exercise are."""
    reference = inspect.getsource(catalogue.functions[exercise.name])
    right = {
        each.form
        for source in (reference, *_styles(catalogue))
        for each in _statements(source, exercise)
    }
    ways: dict[str, list[tuple[Place, ...]]] = {}
    for misconception in catalogue.of(exercise.name):
        wrong = wrong_source(catalogue.reference, [misconception])
        changed = list(_changed(reference, wrong, exercise)) if wrong else []
        way = tuple(Place(each.role, frozenset({each.form} - right)) for each in changed)
        if way and way not in ways.setdefault(misconception.id, []):
            ways[misconception.id].append(way)
    return Places(frozenset(right), {name: tuple(found) for name, found in ways.items()})


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
