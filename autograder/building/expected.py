"""Computes what ``checks/data/<assignment>.h5`` holds: correct answers, and marks of wrong ones."""

from dataclasses import replace
from typing import Any

from tqdm import tqdm

from autograder.course import Course
from autograder.grading.answers import right_answers, wrong_answers
from checks import store
from checks.diagnosis import WrongAnswers
from checks.model import Assignment, Exercise
from checks.text import Text
from solutions.catalogue import Catalogue

_VALUES = Text("expected values", "参考结果")
_EXERCISE = Text("exercise", "个练习")


def expected_values(
    assignment: Assignment, catalogue: Catalogue, quiet: bool = True
) -> tuple[dict[str, store.Expected], dict[str, WrongAnswers]]:
    """Compute the correct answers to the public inputs, and the signatures of the wrong ones."""
    values: dict[str, dict[str, dict[str, Any]]] = {}
    wrong = {}
    desc, unit = (text.in_(Course().spoken) for text in (_VALUES, _EXERCISE))
    progress = tqdm(assignment.exercises, desc, unit=unit, disable=quiet or None)
    for exercise in progress:
        arguments = public_arguments(exercise, values)
        values[exercise.name] = right_answers(catalogue, exercise, arguments)
        wrong[exercise.name] = _distinct(
            wrong_answers(catalogue, exercise, _small(exercise, arguments))
        )
        if exercise.picture:
            picture = {exercise.picture.name: exercise.picture.public_arguments()}
            values[exercise.name].update(right_answers(catalogue, exercise, picture))
    return values, wrong


def _small(exercise: Exercise, arguments: dict[str, Any]) -> dict[str, Any]:
    """Leave out the public-only cases: they are large and distinguish no misconceptions."""
    return {case.name: arguments[case.name] for case in exercise.hidden_cases()}


def _distinct(wrong: WrongAnswers) -> WrongAnswers:
    """Leave out pairs that do not compose or look like a single one, for a small data file."""
    singles = {ids[0]: [] for ids, _ in wrong.entries}
    kept = []
    for ids, marks in wrong.entries:
        whole = dict(marks)
        if len(ids) == 1:
            singles[ids[0]].append(whole)
        elif not whole or any(
            all(mark.agrees(single[slot]) for slot, mark in whole.items())
            for name in ids
            for single in singles[name]
        ):
            continue
        kept.append((ids, whole))
    return replace(wrong, right=dict(wrong.right), entries=kept)


def public_arguments(exercise: Exercise, values: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Draw the public inputs of an exercise; `values` holds the answers that some of them use."""
    return {case.name: case.public_arguments(values) for case in exercise.cases}
