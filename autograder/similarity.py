"""Which submissions are worth comparing by eye: pairs with unusual code in common.

A measure to choose pairs by, never a verdict: right solutions of a small exercise are alike. So
what is common in the class, or stands in the stub, counts for nothing, and rare things in common
count much. Names of variables, comments and layout make no difference.
"""

import ast
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from autograder.rebuild import own_functions

# In a pair: how alike (0 to 1), and how much unusual code at least (natural logarithms of rarity).
ALIKE = 0.75
UNUSUAL = 12.0
# A trait that more submissions than this have in common tells nothing about a pair.
COMMON = 12


class Pair(NamedTuple):
    """Two students, how alike their unusual code is (0 to 1), and in which exercises."""

    first: str
    second: str
    likeness: float
    exercises: tuple[str, ...]


def similar_pairs(
    functions: Mapping[str, Mapping[str, str]], stubs: Mapping[str, str], limit: int = 30
) -> list[Pair]:
    """Return the pairs to look at, the most alike first.

    `functions` holds each student's code by exercise, `stubs` what everybody was given.
    """
    given = {name: set(_traits(name, source)) for name, source in stubs.items()}
    traits = {
        student: frozenset(
            trait
            for name, source in sources.items()
            for trait in _traits(name, source)
            if trait not in given.get(name, ())
        )
        for student, sources in functions.items()
    }
    counts = Counter(trait for own in traits.values() for trait in own)
    total = len(traits)
    weight = {trait: math.log(total / count) for trait, count in counts.items() if count <= COMMON}
    pairs = [
        pair
        for first, second in sorted(_candidates(traits, weight))
        if (pair := _compare(first, second, traits, weight))
    ]
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.first, pair.second))[:limit]


def _candidates(
    traits: Mapping[str, frozenset], weight: Mapping[tuple[str, str], float]
) -> set[tuple[str, str]]:
    """Return the pairs that share a trait which few others have."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, own in traits.items():
        for trait in own:
            if trait in weight:
                holders[trait].append(student)
    return {
        pair
        for students in holders.values()
        for pair in itertools.combinations(sorted(students), 2)
    }


def _compare(
    first: str,
    second: str,
    traits: Mapping[str, frozenset],
    weight: Mapping[tuple[str, str], float],
) -> Pair | None:
    def unusual(found: Iterable[tuple[str, str]]) -> float:
        return sum(weight.get(trait, 0.0) for trait in found)

    shared = traits[first] & traits[second]
    common = unusual(shared)
    # Measured against the smaller of the two: a copy may have been added to.
    smaller = min(unusual(traits[first]), unusual(traits[second]))
    if common < UNUSUAL or common < ALIKE * smaller:
        return None
    exercises = dict.fromkeys(name for name, trait in sorted(shared) if (name, trait) in weight)
    return Pair(first, second, round(common / smaller, 2), tuple(exercises))


def _traits(name: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield each statement of a function with its variables numbered in order of appearance."""
    if name not in own_functions(source):
        return
    tree = ast.parse(own_functions(source)[name].text)
    numbered = _Numbered()
    try:
        for node in _statements(tree.body[0].body):
            yield name, ast.dump(numbered.visit(node))
    except RecursionError:
        return


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        inner = [getattr(statement, field, []) for field in ("body", "orelse", "finalbody")]
        if isinstance(statement, ast.For):
            yield ast.Expr(ast.Tuple([statement.target, statement.iter]))
        elif isinstance(statement, (ast.If, ast.While)):
            yield ast.Expr(statement.test)
        elif not any(inner):
            yield statement
        for part in inner:
            yield from _statements(part)


class _Numbered(ast.NodeTransformer):
    """Replaces the names that a function binds itself; those of NumPy and Python stay."""

    KEPT = frozenset(("np", "numpy", "range", "len", "int", "float", "max", "min", "sum", "abs"))

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Number one variable."""
        if node.id in self.KEPT:
            return node
        number = self.names.setdefault(node.id, f"v{len(self.names)}")
        return ast.Name(number, ast.Load())
