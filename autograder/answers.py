"""Right and known-wrong answers, computed by the hidden solutions for any inputs."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from checks.diagnosis import Cause, Signature, WrongAnswers, signature
from checks.judge import REPEAT, outputs_of
from checks.model import Exercise
from checks.plain import copy_plain, to_plain
from checks.run import observe
from solutions.catalogue import Misconception, Solutions, wrong_function

Arguments = Mapping[str, tuple[Any, ...]]
"""Case name -> the arguments of that case."""


def right_answers(
    solutions: Solutions, exercise: Exercise, arguments: Arguments
) -> dict[str, dict[str, Any]]:
    """Return case -> output -> right plain value, for every graded output."""
    function = solutions.functions[exercise.name]
    answers = {}
    for case, inputs in arguments.items():
        outputs, _ = outputs_of(exercise, to_plain(function(*copy_plain(inputs))))
        answers[case] = {name: outputs[name] for name in exercise.graded_outputs}
    return answers


def wrong_answers(
    solutions: Solutions, exercise: Exercise, arguments: Arguments, pairs: bool = True
) -> WrongAnswers:
    """Return the signatures of every misconception of the exercise, and of every pair of two.

    A pair is left out where the two patches do not fit together, or where together they look
    like one of them alone.
    """
    own = [m for m in solutions.misconceptions if m.exercise == exercise.name]
    right = _signature(exercise, solutions.functions[exercise.name], arguments)
    singles = {m.id: _signature(exercise, wrong_function(solutions, [m]), arguments) for m in own}
    entries = [((name,), marks) for name, marks in singles.items()]
    if pairs:
        entries.extend(_pairs(solutions, exercise, own, singles, arguments))
    return WrongAnswers({m.id: cause_of(m) for m in own}, right, entries)


def _pairs(
    solutions: Solutions,
    exercise: Exercise,
    own: Iterable[Misconception],
    singles: Mapping[str, Signature],
    arguments: Arguments,
) -> Iterable[tuple[tuple[str, ...], Signature]]:
    for first, second in itertools.combinations(own, 2):
        function = wrong_function(solutions, [first, second])
        if function is None:
            continue
        marks = _signature(exercise, function, arguments)
        if marks not in (singles[first.id], singles[second.id]):
            yield (first.id, second.id), marks


def _signature(
    exercise: Exercise, function: Callable[..., Any] | None, arguments: Arguments
) -> Signature:
    if function is None:
        raise ValueError(f"a misconception of {exercise.name} does not fit its reference")
    seen = {case: observe(function, inputs) for case, inputs in arguments.items()}
    first = exercise.cases[0].name
    seen[REPEAT] = observe(function, arguments[first])
    return signature(exercise, seen)


def cause_of(misconception: Misconception) -> Cause:
    """Return what a misconception shows of itself."""
    m = misconception
    return Cause(m.id, m.message, m.hint, m.failure, m.equivalent)
