"""Right and known-wrong answers, computed by the hidden solutions for any inputs."""

import contextlib
import itertools
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks.diagnosis import Cause, Signature, WrongAnswers, signature
from checks.judge import REPEAT, outputs_of
from checks.model import Exercise
from checks.plain import copy_plain, to_plain
from checks.run import observe
from solutions.catalogue import Catalogue, Misconception, wrong_function

Arguments = Mapping[str, tuple[Any, ...]]
"""Case name -> the arguments of that case."""


def right_answers(
    catalogue: Catalogue, exercise: Exercise, arguments: Arguments
) -> dict[str, dict[str, Any]]:
    """Return case -> output -> right plain value, for every graded output."""
    function = catalogue.functions[exercise.name]
    answers = {}
    for case, inputs in arguments.items():
        outputs, _ = outputs_of(exercise, to_plain(function(*copy_plain(inputs))))
        answers[case] = {name: outputs[name] for name in exercise.graded_outputs}
    return answers


def wrong_answers(
    catalogue: Catalogue, exercise: Exercise, arguments: Arguments, pairs: bool = True
) -> WrongAnswers:
    """Return the signatures of every misconception of the exercise, and of every pair of two.

    A pair is left out where the two patches do not fit together, or where together they look
    like one of them alone.
    """
    own = catalogue.of(exercise.name)
    right = _signature(exercise, catalogue.functions[exercise.name], arguments)
    singles = {m.key: _wrong_signature(catalogue, exercise, [m], arguments) for m in own}
    entries = [((m.id,), singles[m.key]) for m in own]
    if pairs:
        entries.extend(_pairs(catalogue, exercise, own, singles, arguments))
    return WrongAnswers(_causes(own), right, entries)


def _pairs(
    catalogue: Catalogue,
    exercise: Exercise,
    own: Iterable[Misconception],
    singles: Mapping[str, Signature],
    arguments: Arguments,
) -> Iterable[tuple[tuple[str, ...], Signature]]:
    for first, second in itertools.combinations(own, 2):
        if first.id == second.id:
            continue
        marks = _wrong_signature(catalogue, exercise, [first, second], arguments)
        if marks and not any(
            all(mark.agrees(single[slot]) for slot, mark in marks.items())
            for single in (singles[first.key], singles[second.key])
        ):
            yield (first.id, second.id), marks


def _wrong_signature(
    catalogue: Catalogue,
    exercise: Exercise,
    misconceptions: Sequence[Misconception],
    arguments: Arguments,
) -> Signature:
    """Return the signature of a patched function; empty where the patches do not compose."""
    function = wrong_function(catalogue.reference, misconceptions)
    return {} if function is None else _signature(exercise, function, arguments)


def _signature(exercise: Exercise, function: Callable[..., Any], arguments: Arguments) -> Signature:
    with contextlib.redirect_stdout(None), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seen = {case: observe(function, inputs) for case, inputs in arguments.items()}
        first = exercise.cases[0].name
        seen[REPEAT] = observe(function, arguments[first])
    return signature(exercise, seen)


def _causes(misconceptions: Iterable[Misconception]) -> dict[str, Cause]:
    """Return each cause once; its variants add the exceptions by which they are recognised."""
    causes: dict[str, Cause] = {}
    for m in misconceptions:
        known = causes.get(m.id, Cause(m.id, m.message, m.hint))
        failures = (*known.failures, m.failure) if m.failure else known.failures
        equivalent = tuple(dict.fromkeys((*known.equivalent, *m.equivalent)))
        causes[m.id] = replace(known, failures=failures, equivalent=equivalent)
    return causes
