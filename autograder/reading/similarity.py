"""Which submissions are worth comparing by eye: clusters with unusual code in common.

This is a measure to choose by, never a verdict: correct solutions of a small exercise are alike.
Code that is in many different solutions, in the stub or in the course's own solutions counts for
nothing, and rare code in common counts much. Code is rare where few *different* solutions hold it:
a hundred copies of one are one. Names of variables, comments and layout make no difference.
"""

import ast
import functools
import inspect
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from autograder.reading.student_code import own_functions
from checks.assignments import ASSIGNMENTS

# Between two solutions: how alike (0 to 1), how much unusual code (natural log of rarity),
# and how many unusual statements.
ALIKE = 0.75
UNUSUAL = 12.0
STATEMENTS = 5
# What more than this part of the class has in common is how the course is solved.
COMMON = 0.5
# For how many functions what was found is kept: much of a class is written alike.
KEPT = 2048

Traits = Mapping[str, array]
"""Exercise -> a number for each statement: as texts, those of a whole class would take too much."""

Trait = tuple[str, int]
Solution = frozenset[Trait]


class Cluster(NamedTuple):
    """Students with unusual code in common, how alike it is (0 to 1), and in which exercises."""

    students: tuple[str, ...]
    likeness: float
    exercises: tuple[str, ...]


def traits_of(functions: Mapping[str, str]) -> Traits:
    """Return the traits of code by exercise: its statements, whatever the variables are called."""
    return {name: _numbers(name, source) for name, source in functions.items()}


@functools.cache
def usual_traits(assignment: str) -> tuple[Traits, ...]:
    """Return the traits of the course's own solutions of an assignment, in all their styles."""
    if assignment not in ASSIGNMENTS:
        return ()
    from solutions.catalogue import load
    from solutions.gallery import styles

    reference = inspect.getsource(load(assignment).reference)
    names = own_functions(reference)
    return (
        traits_of(dict.fromkeys(names, reference)),
        *(traits_of(functions) for functions in styles(assignment).values()),
    )


def similar_clusters(
    traits: Mapping[str, Traits],
    given: Iterable[Traits],
    limit: int = 30,
    past: Mapping[str, Traits] | None = None,
) -> list[Cluster]:
    """Return the clusters to look at, the largest and most alike first.

    `traits` are those of each student's code, `given` those of code that says nothing of anybody:
    what everybody was given, and the course's own solutions. `past` is code of other years: it is
    named where somebody of this year has it, too.
    """
    present = frozenset(traits)
    traits = {**(past or {}), **traits}
    usual = {trait for one in given for trait in _listed(one)}
    own = {
        student: frozenset(trait for trait in _listed(one) if trait not in usual)
        for student, one in traits.items()
    }
    found: dict[tuple[str, ...], Cluster] = {}
    for name in sorted({name for one in traits.values() for name in one}):
        part = {student: _within(name, one) for student, one in own.items()}
        for cluster in _clusters(part, len(traits)):
            before = found.get(cluster.students, Cluster(cluster.students, 0.0, ()))
            found[cluster.students] = Cluster(
                cluster.students,
                max(cluster.likeness, before.likeness),
                (*before.exercises, *cluster.exercises),
            )
    # A little in each exercise adds up, where no single one shows it.
    seen = [frozenset(students) for students in found]
    for cluster in _clusters(own, len(traits)):
        if not any(one.issuperset(cluster.students) for one in seen):
            found[cluster.students] = cluster
    these = [one for one in found.values() if not present.isdisjoint(one.students)]
    ordered = sorted(these, key=lambda c: (-len(c.students), -c.likeness, c.students))
    return ordered[:limit]


def _listed(traits: Traits) -> Iterator[Trait]:
    return ((name, number) for name, numbers in traits.items() for number in numbers)


def _within(name: str, solution: Solution) -> Solution:
    return frozenset(trait for trait in solution if trait[0] == name)


def _clusters(own: Mapping[str, Solution], total: int) -> Iterator[Cluster]:
    """Yield the clusters of students whose `own` unusual code is alike, in a class of `total`."""
    holders: dict[Solution, list[str]] = defaultdict(list)
    for student in sorted(own):
        if own[student]:
            holders[own[student]].append(student)
    # Copies of one solution count once: else what is copied often would look common.
    different = total - sum(len(students) - 1 for students in holders.values())
    counts = Counter(trait for solution in holders for trait in solution)
    weight = {trait: math.log(different / count) for trait, count in counts.items()}
    for solutions, likeness in _joined(holders, weight):
        students = sorted(student for one in solutions for student in holders[one])
        if 2 <= len(students) <= max(2, COMMON * total):
            shared = frozenset.intersection(*solutions)
            names = {name for name, _ in shared} or {name for name, _ in solutions[0]}
            yield Cluster(tuple(students), round(likeness, 2), tuple(sorted(names)))


def _joined(
    holders: Mapping[Solution, Sequence[str]], weight: Mapping[Trait, float]
) -> Iterator[tuple[list[Solution], float]]:
    """Yield lists of solutions that are alike, each with the least likeness to its first.

    Each solution is compared to those that began a list and share a rare trait, never to all.
    """
    amounts = {solution: sum(weight[trait] for trait in solution) for solution in holders}
    lists: list[list[Solution]] = []
    likeness: list[float] = []
    beginners: dict[Trait, list[int]] = defaultdict(list)
    for solution in sorted(holders, key=lambda one: (-amounts[one], holders[one][0])):
        if amounts[solution] < UNUSUAL or len(solution) < STATEMENTS:
            continue
        shared: Counter[int] = Counter()
        for trait in solution:
            for place in beginners[trait]:
                shared[place] += 1
        best, place = 0.0, -1
        for candidate, count in shared.items():
            if count >= STATEMENTS:
                value = _likeness(solution, lists[candidate][0], amounts, weight)
                best, place = max((best, place), (value, candidate))
        if place >= 0 and best >= ALIKE:
            lists[place].append(solution)
            likeness[place] = min(likeness[place], best)
        else:
            for trait in solution:
                beginners[trait].append(len(lists))
            lists.append([solution])
            likeness.append(1.0)
    yield from zip(lists, likeness, strict=True)


def _likeness(
    first: Solution,
    second: Solution,
    amounts: Mapping[Solution, float],
    weight: Mapping[Trait, float],
) -> float:
    common = sum(weight[trait] for trait in first & second)
    # Measured against the smaller of the two: a copy may have been added to.
    return common / min(amounts[first], amounts[second]) if common >= UNUSUAL else 0.0


@functools.lru_cache(KEPT)
def _numbers(name: str, source: str) -> array:
    return array("q", set(_statement_numbers(name, source)))


def _statement_numbers(name: str, source: str) -> Iterator[int]:
    """Yield a number for each statement, with its variables named in order of their appearance.

    The names start anew in each statement, so a line added above changes no other one.
    """
    found = own_functions(source).get(name)
    if found is None:
        return
    tree = ast.parse(found.text)
    try:
        for node in _statements(tree.body[0].body):
            yield hash(ast.dump(_Numbered().visit(node)))
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
