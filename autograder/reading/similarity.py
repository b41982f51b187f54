"""Which submissions are worth comparing by eye: pairs with unusual code in common.

A measure to choose pairs by, never a verdict: right solutions of a small exercise are alike. So
what is common in the class, or stands in the stub, counts for nothing, and rare things in common
count much. Names of variables, comments and layout make no difference.
"""

import ast
import itertools
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from autograder.reading.student_code import own_functions

# In a pair: how alike (0 to 1), and how much unusual code at least (natural logarithms of rarity).
ALIKE = 0.75
UNUSUAL = 12.0
# A trait that more submissions than this have in common tells nothing about a pair.
COMMON = 12


Traits = Mapping[str, array]
"""Exercise -> a number for each statement: as texts, those of a whole class would take too much."""

Trait = tuple[str, int]


class Pair(NamedTuple):
    """Two students, how alike their unusual code is (0 to 1), and in which exercises."""

    first: str
    second: str
    likeness: float
    exercises: tuple[str, ...]


def traits_of(functions: Mapping[str, str]) -> Traits:
    """Return the traits of code by exercise: its statements, whatever the variables are called."""
    return {
        name: array("q", set(_statement_numbers(name, source)))
        for name, source in functions.items()
    }


def similar_pairs(traits: Mapping[str, Traits], given: Traits, limit: int = 30) -> list[Pair]:
    """Return the pairs to look at, the most alike first.

    `traits` are those of each student's code, `given` those of what everybody was given.
    """
    counts = Counter(trait for own in traits.values() for trait in _listed(own))
    for trait in _listed(given):
        counts.pop(trait, None)
    total = len(traits)
    weight = {trait: math.log(total / count) for trait, count in counts.items() if count <= COMMON}
    unusual = {
        student: frozenset(trait for trait in _listed(own) if trait in weight)
        for student, own in traits.items()
    }
    pairs = [
        pair
        for first, second in sorted(_candidates(unusual))
        if (pair := _compare(first, second, unusual, weight))
    ]
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.first, pair.second))[:limit]


def _listed(traits: Traits) -> Iterator[Trait]:
    return ((name, number) for name, numbers in traits.items() for number in numbers)


def _candidates(unusual: Mapping[str, frozenset[Trait]]) -> set[tuple[str, str]]:
    """Return the pairs that share a trait which few others have."""
    holders: dict[Trait, list[str]] = defaultdict(list)
    for student, own in unusual.items():
        for trait in own:
            holders[trait].append(student)
    return {
        pair
        for students in holders.values()
        for pair in itertools.combinations(sorted(students), 2)
    }


def _compare(
    first: str,
    second: str,
    unusual: Mapping[str, frozenset[Trait]],
    weight: Mapping[Trait, float],
) -> Pair | None:
    def amount(found: frozenset[Trait]) -> float:
        return sum(weight[trait] for trait in found)

    shared = unusual[first] & unusual[second]
    common = amount(shared)
    # Measured against the smaller of the two: a copy may have been added to.
    smaller = min(amount(unusual[first]), amount(unusual[second]))
    if common < UNUSUAL or common < ALIKE * smaller:
        return None
    exercises = dict.fromkeys(name for name, _ in sorted(shared))
    return Pair(first, second, round(common / smaller, 2), tuple(exercises))


def _statement_numbers(name: str, source: str) -> Iterator[int]:
    """Yield a number for each statement, with variables named in order of their appearance."""
    if name not in own_functions(source):
        return
    tree = ast.parse(own_functions(source)[name].text)
    numbered = _Numbered()
    try:
        for node in _statements(tree.body[0].body):
            yield hash(ast.dump(numbered.visit(node)))
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
