"""Does what is named depend on a round's numbers? Every entry of the catalogues, seed by seed."""

import collections
import concurrent.futures
import contextlib
import itertools
import random
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.grading.answers import Arguments, right_answers, wrong_answers
from autograder.grading.asked import hidden_arguments
from checks.assignments import ASSIGNMENTS
from checks.diagnosis import WrongAnswers, diagnose
from checks.fingerprint import NOTHING, signature
from checks.judge import judge
from checks.model import Exercise
from checks.run import run
from checks.student_source import plain_code
from solutions.catalogue import Catalogue, Misconception, load, wrong_function, wrong_source

SEEDS = 3
"""How many seeds are drawn where no other number is asked for."""

PART = 10
"""How many seeds a process tries at a time."""


def random_seeds(count: int) -> tuple[int, ...]:
    """Return `count` new seeds, of the size of those of a grading round."""
    return tuple(random.SystemRandom().getrandbits(64) for _ in range(count))


@dataclass(frozen=True)
class Naming:
    """What was said of one wrong function under one seed."""

    misconception: Misconception
    seed: int
    caught: bool
    ids: frozenset[str]
    allowed: frozenset[str]

    @property
    def right(self) -> bool:
        """Whether it was caught, and named by its own id or by one declared to be the same."""
        return self.caught and bool(self.ids) and self.ids <= self.allowed

    def __str__(self) -> str:
        said = ", ".join(sorted(self.ids)) or "nothing"
        passed = "" if self.caught else " and passed"
        return f"{self.misconception.key} under seed {self.seed}: named {said}{passed}"


@dataclass(frozen=True)
class Round:
    """The inputs of one exercise under one seed, with the right and the wrong answers to them."""

    catalogue: Catalogue
    exercise: Exercise
    seed: int
    arguments: Arguments
    wrong: WrongAnswers

    @classmethod
    def drawn(cls, catalogue: Catalogue, exercise: Exercise, seed: int) -> "Round":
        """Draw the inputs as they are drawn for grading."""
        arguments = hidden_arguments(exercise, seed)
        known = wrong_answers(catalogue, exercise, arguments)
        return cls(catalogue, exercise, seed, arguments, known)

    def said_of(self, target: Callable[..., Any], code: str) -> tuple[bool, frozenset[str]]:
        """Return whether a function with this plain code fails, and the ids that are named."""
        np.random.seed(self.seed % 2**32)
        with contextlib.redirect_stdout(None), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seen = run(self.exercise, target, self.arguments).observations
        expected = right_answers(self.catalogue, self.exercise, self.arguments)
        result = judge(self.exercise, seen, expected, self.arguments)
        causes = diagnose(self.exercise, seen, self.wrong, code)
        return result.status != "right", frozenset(cause.id for cause in causes)

    def naming(self, mistaken: "Mistaken") -> Naming:
        """Name the reference function with one misconception in it."""
        caught, ids = self.said_of(mistaken.target, mistaken.code)
        known = allowed(self.catalogue, mistaken.misconception)
        return Naming(mistaken.misconception, self.seed, caught, ids, known)


@dataclass(frozen=True)
class Mistaken:
    """The reference function with one misconception in it, and its plain code."""

    misconception: Misconception
    target: Callable[..., Any]
    code: str

    @classmethod
    def of(cls, catalogue: Catalogue, misconception: Misconception) -> "Mistaken":
        """Make it once for all seeds."""
        source = wrong_source(catalogue.reference, [misconception])
        target = wrong_function(catalogue.reference, [misconception])
        return cls(misconception, target, plain_code(source))


def allowed(catalogue: Catalogue, misconception: Misconception) -> frozenset[str]:
    """Return the ids that may be named: its own, and those declared to be the same."""
    same = {m.id for m in catalogue.misconceptions if misconception.id in m.equivalent}
    return frozenset({misconception.id, *misconception.equivalent, *same})


def namings(
    assignment: str, seeds: Iterable[int], exercises: Iterable[str] = ()
) -> Iterator[Naming]:
    """Yield what is named of each entry of an assignment's catalogue under each seed."""
    catalogue = load(assignment)
    only = frozenset(exercises)
    for exercise in ASSIGNMENTS[assignment].exercises:
        if only and exercise.name not in only:
            continue
        wrong = [Mistaken.of(catalogue, m) for m in catalogue.of(exercise.name) if m.is_wrong_here]
        for seed in seeds:
            yield from map(Round.drawn(catalogue, exercise, seed).naming, wrong)


def _tried(assignment: str, seeds: Sequence[int]) -> list[tuple[str, str]]:
    """Return each entry's key under each seed, and what was wrong with its name, or nothing."""
    return [
        (naming.misconception.key, "" if naming.right else str(naming))
        for naming in namings(assignment, seeds)
    ]


def table(seeds: Sequence[int], jobs: int = 1) -> int:
    """Print in how many seeds each entry is named correctly; return how often one is not."""
    failures = 0
    parts = [part for i in range(0, len(seeds), PART) if (part := seeds[i : i + PART])]
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        for assignment in ASSIGNMENTS:
            named: collections.Counter[str] = collections.Counter()
            wrong = []
            for tried in pool.map(_tried, [assignment] * len(parts), parts):
                for key, problem in tried:
                    named[key] += not problem
                    wrong += [problem] if problem else []
            print(f"{assignment}: named by its own id in so many of {len(seeds)} seeds")
            for key, count in named.items():
                print(f"{count:>6}  {key}")
            for problem in wrong:
                print(f"  {problem}")
            failures += len(wrong)
    return failures


@dataclass(frozen=True)
class PairNaming:
    """What was said of a function with two mistakes."""

    pair: tuple[Misconception, Misconception]
    both: bool
    one: bool
    wrongly: frozenset[str]

    def __str__(self) -> str:
        left, right = (m.key for m in self.pair)
        said = "both" if self.both else "one" if self.one else "none"
        return f"{left} + {right.partition('/')[2]}: {said} {sorted(self.wrongly) or ''}"


def _is_one_mistake(drawn: Round, pair: Sequence[Misconception]) -> bool:
    """Return whether a pair gives what some mistake gives alone."""
    function = wrong_function(drawn.catalogue.reference, pair)
    with contextlib.redirect_stdout(None), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seen = signature(
            drawn.exercise, run(drawn.exercise, function, drawn.arguments).observations
        )
    return any(
        all(imprint.agrees(imprints.get(slot, NOTHING)) for slot, imprint in seen.items())
        for ids, imprints in drawn.wrong.entries
        if len(ids) == 1
    )


def pair_namings(exercise: Exercise, catalogue: Catalogue, seed: int) -> Iterator[PairNaming]:
    """Yield what is named of every pair of the common causes that a function can have.

    A pair is left out where it is none: its mistakes are two ways to write one expression, or the
    result is that of one mistake alone.
    """
    firsts = {m.id: m for m in reversed(catalogue.of(exercise.name))}
    common = [m for key, m in firsts.items() if key in catalogue.common and m.is_wrong_here]
    drawn = Round.drawn(catalogue, exercise, seed)
    for pair in itertools.combinations(common, 2):
        target = wrong_function(catalogue.reference, pair)
        source = wrong_source(catalogue.reference, pair)
        if target is None or source is None:
            continue
        _, ids = drawn.said_of(target, plain_code(source))
        each = [allowed(catalogue, m) for m in pair]
        named = [bool(ids & own) for own in each]
        if all(named) or not _is_one_mistake(drawn, pair):
            yield PairNaming(pair, all(named), any(named), ids - each[0] - each[1])


def pairs_table(seed: int, exercises: Iterable[str] = ()) -> list[tuple[str, int, int, int]]:
    """Print and return (exercise, pairs, both named, named wrongly) of each exercise."""
    print(f"pairs of common causes under seed {seed}: both named, of; named wrongly")
    rows, only = [], frozenset(exercises)
    for assignment in ASSIGNMENTS.values():
        catalogue = load(assignment.name)
        for exercise in assignment.exercises:
            if only and exercise.name not in only:
                continue
            named = list(pair_namings(exercise, catalogue, seed))
            both, wrongly = sum(n.both for n in named), sum(bool(n.wrongly) for n in named)
            rows.append((exercise.name, len(named), both, wrongly))
            print(f"  {exercise.name:<26}{both:>5}{len(named):>5}{wrongly:>5}")
            for naming in named:
                if not naming.both or naming.wrongly:
                    print(f"    {naming}")
    return rows
