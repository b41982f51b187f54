"""Correct and known-wrong answers, computed by the hidden solutions for any inputs."""

import contextlib
import functools
import hashlib
import itertools
import pickle
import warnings
import zlib
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.grading.known import Bare, Shelf
from checks.diagnosis import Cause, Entries, WrongAnswers
from checks.fingerprint import Imprint, Slot, signature
from checks.judge import REPEAT, outputs_of
from checks.model import Exercise, Observation
from checks.plain import copy_plain, to_plain
from checks.run import observe
from solutions.catalogue import Catalogue, Misconception, wrong_function

Arguments = Mapping[str, tuple[Any, ...]]
"""Case name -> the arguments of that case."""

KEPT_ANSWERS = 256
"""For how many sets of arguments answers are kept; an open round has two for each exercise."""

_kept: dict[tuple[Callable[..., Any], tuple[str, ...], bytes], dict[str, dict[str, Any]]] = {}


def right_answers(
    catalogue: Catalogue, exercise: Exercise, arguments: Arguments
) -> dict[str, dict[str, Any]]:
    """Return case -> output -> correct plain value, for every graded output.

    A whole class gets the same inputs, so answers are kept: do not change their values.
    """
    asked = hashlib.sha256(pickle.dumps(arguments)).digest()
    key = (catalogue.functions[exercise.name], exercise.graded_outputs, asked)
    if key not in _kept:
        if len(_kept) >= KEPT_ANSWERS:
            del _kept[next(iter(_kept))]
        _kept[key] = _computed_answers(catalogue, exercise, arguments)
    return dict(_kept[key])


def _computed_answers(
    catalogue: Catalogue, exercise: Exercise, arguments: Arguments
) -> dict[str, dict[str, Any]]:
    function = catalogue.functions[exercise.name]
    answers = {}
    for case, inputs in arguments.items():
        outputs, _ = outputs_of(exercise, to_plain(function(*copy_plain(inputs))))
        answers[case] = {name: outputs[name] for name in exercise.graded_outputs}
    return answers


def wrong_answers(
    catalogue: Catalogue, exercise: Exercise, arguments: Arguments, shelf: Shelf | None = None
) -> WrongAnswers:
    """Return the signatures of every misconception of the exercise, and of combinations.

    They are computed when they are first looked at, and only as far as they are. Those that do
    not fit together have an empty signature. Entries are every misconception, and every pair of
    the first variants of a common cause and another one that is not rare: of two that few make,
    most that fit a result only happen to. `more` are :func:`_combinations`.
    """
    own = catalogue.of(exercise.name)
    asked = _Asked(catalogue, exercise, arguments, Shelf() if shelf is None else shelf)

    def entry(together: Together) -> tuple[tuple[str, ...], LazySignature]:
        return tuple(m.id for m in together), LazySignature(asked, together)

    usual = [m for m in _first_variants(own) if not m.rare]
    pairs = [
        pair
        for pair in itertools.combinations(usual, 2)
        if any(m.id in catalogue.common for m in pair)
    ]
    stored = frozenset(tuple(m.key for m in pair) for pair in pairs)
    entries = [*(entry((m,)) for m in own), *map(entry, pairs)]

    @functools.cache
    def more() -> Entries:
        return [
            entry(together)
            for together in _combinations(own, catalogue.common)
            if tuple(m.key for m in together) not in stored
        ]

    causes = _causes(own, catalogue.common)
    sizes = {case: _size(inputs) for case, inputs in arguments.items()}
    alone = {m.key: LazySignature(asked, (m,)) for m in own}
    return WrongAnswers(causes, LazySignature(asked, ()), entries, more, sizes, alone)


def _size(value: Any) -> int:
    """Return how many numbers there are in arguments."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, (tuple, list)):
        return sum(map(_size, value))
    return sum(map(_size, value.values())) if isinstance(value, dict) else 1


Together = tuple[Misconception, ...]

VARYING = ("random", "empty")
"""Names in a function that gives something else when it is called again."""


def may_vary(misconceptions: Iterable[Misconception]) -> bool:
    """Return whether a patch draws numbers or takes memory as it finds it."""
    return any(word in new for m in misconceptions for _, new in m.patches for word in VARYING)


def _first_variants(misconceptions: Iterable[Misconception]) -> list[Misconception]:
    return list({m.id: m for m in reversed(tuple(misconceptions))}.values())[::-1]


def _combinations(own: Sequence[Misconception], common: Container[str]) -> Iterator[Together]:
    """Yield the combinations that are too many for the notebook: two or three mistakes at once.

    Pairs are of the first variant of a common cause with any variant of another one, or with the
    first variant of a rare one; triples are of the first variants of common causes.
    """
    any_variant = [m for m in own if m.id in common]
    often = _first_variants(any_variant)
    rare = [m for m in _first_variants(own) if m.rare and m.id not in common]
    for pair in itertools.combinations(any_variant, 2):
        if pair[0].id != pair[1].id and (pair[0] in often or pair[1] in often):
            yield pair
    yield from itertools.product(often, rare)
    yield from itertools.combinations(often, 3)


@dataclass(frozen=True)
class _Asked:
    """What all signatures of one exercise have in common."""

    catalogue: Catalogue
    exercise: Exercise
    arguments: Arguments
    shelf: Shelf
    texts: dict[str, str] = field(default_factory=dict)
    """One copy of each structure that an imprint can have."""

    @property
    def first_case(self) -> str:
        return self.exercise.cases[0].name


class LazySignature(Mapping[Slot, Imprint]):
    """The signature of a function, computed when an imprint is asked for.

    With no misconceptions it is that of the correct function; where the misconceptions do not
    compose it is empty.

    There are thousands of these, and an unknown wrong answer is compared with all of them. So
    only the bare imprints of a case are kept, and the function is made again when it is needed.
    Most differ in the first case that is looked at; then the others are not computed.
    """

    __slots__ = ("_asked", "_misconceptions")

    def __init__(self, asked: _Asked, misconceptions: tuple[Misconception, ...]) -> None:
        self._asked = asked
        self._misconceptions = misconceptions

    @property
    def made_of(self) -> tuple[str, ...]:
        """The keys of its misconceptions."""
        return tuple([m.key for m in self._misconceptions])

    @property
    def parts(self) -> tuple[str, ...]:
        """What rules it out, by the keys of its misconceptions.

        Nothing where all of them are common: then it is worth looking at what they do together,
        though only one of them may do anything without the other.
        """
        common = self._asked.catalogue.common
        return () if all(m.id in common for m in self._misconceptions) else self.made_of

    @property
    def _name(self) -> str:
        return "+".join([m.key for m in self._misconceptions])

    def _function(self) -> Callable[..., Any] | None:
        if not self._misconceptions:
            return self._asked.catalogue.functions[self._asked.exercise.name]
        shelf = self._asked.shelf
        if self._name in shelf.misfits:
            return None
        function = wrong_function(self._asked.catalogue.reference, self._misconceptions)
        if function is None:
            shelf.refuse(self._name)
        else:
            shelf.fitting.add(self._name)
        return function

    @property
    def _composes(self) -> bool:
        return self._name in self._asked.shelf.fitting or self._function() is not None

    def _observe(self, function: Callable[..., Any], key: str, case: str) -> Observation:
        # Functions that draw random numbers vary from call to call, but alike every time.
        np.random.seed(zlib.crc32(key.encode()))
        return observe(function, self._asked.arguments[case])

    def _compute(self, cases: Iterable[str]) -> None:
        with contextlib.redirect_stdout(None), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function = self._function()
            if function is None:
                return
            seen = {case: self._observe(function, case, case) for case in cases}
            if may_vary(self._misconceptions):
                # The first case and its repetition show which outputs vary from call to call.
                first = self._asked.first_case
                seen |= {key: self._observe(function, key, first) for key in (first, REPEAT)}
        imprints = signature(self._asked.exercise, seen)
        for case in cases:
            self._keep(case, [imprints[slot] for slot in self._slots(case)])

    def _slots(self, case: str) -> list[Slot]:
        return [(case, output) for output in (*self._asked.exercise.outputs, "arguments")]

    def _keep(self, case: str, imprints: Sequence[Imprint]) -> None:
        texts = tuple(self._asked.texts.setdefault(m.structure, m.structure) for m in imprints)
        numbers = array("d", itertools.chain(*(m.numbers for m in imprints)))
        self._asked.shelf.put(self._name, case, (texts, numbers))

    def _case(self, case: str) -> Bare | None:
        kept, name = self._asked.shelf.imprints, self._name
        if (name, case) not in kept and name not in self._asked.shelf.misfits:
            left = [c for c in self._asked.arguments if (name, c) not in kept]
            first = len(left) == len(self._asked.arguments)
            self._compute([case] if first else left)
        return kept.get((name, case))

    def __getitem__(self, slot: Slot) -> Imprint:
        case, output = slot
        names = (*self._asked.exercise.outputs, "arguments")
        bare = self._case(case) if case in self._asked.arguments and output in names else None
        if bare is None:
            raise KeyError(slot)
        texts, numbers = bare
        place, size = names.index(output), len(numbers) // len(texts)
        return Imprint(texts[place], tuple(numbers[place * size : (place + 1) * size]))

    def __iter__(self) -> Iterator[Slot]:
        if self._composes:
            for case in self._asked.arguments:
                yield from self._slots(case)

    def __len__(self) -> int:
        return sum(1 for _ in self)


RARE, USUAL, COMMON = range(3)
"""How common a cause is."""


def _causes(misconceptions: Iterable[Misconception], common: Container[str]) -> dict[str, Cause]:
    """Return each cause once; its variants add the exceptions by which they are recognised."""
    causes: dict[str, Cause] = {}
    for m in misconceptions:
        weight = COMMON if m.id in common else RARE if m.rare else USUAL
        known = causes.get(m.id, Cause(m.id, m.message, m.hint, code=m.code, weight=weight))
        failures = (*known.failures, m.failure) if m.failure else known.failures
        equivalent = tuple(dict.fromkeys((*known.equivalent, *m.equivalent)))
        causes[m.id] = replace(known, failures=failures, equivalent=equivalent)
    return causes
