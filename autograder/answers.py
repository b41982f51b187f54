"""Right and known-wrong answers, computed by the hidden solutions for any inputs."""

import contextlib
import hashlib
import itertools
import pickle
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from checks.diagnosis import Cause, Mark, Slot, WrongAnswers, signature
from checks.judge import REPEAT, outputs_of
from checks.model import Exercise, Observation
from checks.plain import copy_plain, to_plain
from checks.run import observe
from solutions.catalogue import Catalogue, Misconception, wrong_function

Arguments = Mapping[str, tuple[Any, ...]]
"""Case name -> the arguments of that case."""

KEPT_ANSWERS = 64
"""For how many sets of arguments right answers are kept; a round has two for each exercise."""

_kept: dict[tuple[Callable[..., Any], tuple[str, ...], bytes], dict[str, dict[str, Any]]] = {}


def right_answers(
    catalogue: Catalogue, exercise: Exercise, arguments: Arguments
) -> dict[str, dict[str, Any]]:
    """Return case -> output -> right plain value, for every graded output.

    A whole class is asked the same, so answers are kept: their values are not to be changed.
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


def wrong_answers(catalogue: Catalogue, exercise: Exercise, arguments: Arguments) -> WrongAnswers:
    """Return the signatures of every misconception of the exercise, and of every pair of two.

    They are computed when they are first looked at, and only as far as they are. A pair is made
    of the first variants of two causes, and left out where the two patches do not fit together.
    """
    own = catalogue.of(exercise.name)
    first_variants = {m.id: m for m in reversed(own)}
    groups = [[m] for m in own]
    groups.extend(map(list, itertools.combinations(reversed(first_variants.values()), 2)))
    entries = [
        (tuple(m.id for m in group), LazySignature(catalogue, exercise, group, arguments))
        for group in groups
    ]
    right = LazySignature(catalogue, exercise, [], arguments)
    return WrongAnswers(_causes(own), right, entries)


class LazySignature(Mapping[Slot, Mark]):
    """The signature of a function, computed case by case when a mark is asked for.

    With no misconceptions it is that of the right function; where the misconceptions do not
    compose it is empty.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        exercise: Exercise,
        misconceptions: Sequence[Misconception],
        arguments: Arguments,
    ) -> None:
        self._catalogue = catalogue
        self._exercise = exercise
        self._misconceptions = misconceptions
        self._arguments = arguments
        self._observed: dict[str, Observation] = {}
        self._marks: dict[str, dict[Slot, Mark]] = {}

    @cached_property
    def _function(self) -> Callable[..., Any] | None:
        if not self._misconceptions:
            return self._catalogue.functions[self._exercise.name]
        return wrong_function(self._catalogue.reference, self._misconceptions)

    def _observe(self, key: str, case: str) -> Observation:
        if key not in self._observed:
            with contextlib.redirect_stdout(None), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # Functions that draw random numbers vary from call to call, but alike every time.
                np.random.seed(zlib.crc32(key.encode()))
                self._observed[key] = observe(self._function, self._arguments[case])
        return self._observed[key]

    def _case(self, case: str) -> dict[Slot, Mark]:
        if case not in self._marks:
            # The first case and its repetition tell which outputs vary from call to call.
            first = self._exercise.cases[0].name
            observations = {
                first: self._observe(first, first),
                REPEAT: self._observe(REPEAT, first),
                case: self._observe(case, case),
            }
            marks = signature(self._exercise, observations)
            self._marks[case] = {slot: mark for slot, mark in marks.items() if slot[0] == case}
        return self._marks[case]

    def __getitem__(self, slot: Slot) -> Mark:
        if slot[0] not in self._arguments or self._function is None:
            raise KeyError(slot)
        return self._case(slot[0])[slot]

    def __iter__(self) -> Iterator[Slot]:
        if self._function is not None:
            for case in self._arguments:
                yield from self._case(case)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _causes(misconceptions: Iterable[Misconception]) -> dict[str, Cause]:
    """Return each cause once; its variants add the exceptions by which they are recognised."""
    causes: dict[str, Cause] = {}
    for m in misconceptions:
        known = causes.get(m.id, Cause(m.id, m.message, m.hint))
        failures = (*known.failures, m.failure) if m.failure else known.failures
        equivalent = tuple(dict.fromkeys((*known.equivalent, *m.equivalent)))
        causes[m.id] = replace(known, failures=failures, equivalent=equivalent)
    return causes
