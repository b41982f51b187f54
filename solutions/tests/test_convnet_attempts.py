"""Are students' own ways judged correctly, and is no mistake of theirs given a wrong name?"""

import inspect

import pytest

from autograder.grading.answers import right_answers, wrong_answers
from autograder.grading.asked import hidden_arguments
from checks.assignments import ASSIGNMENTS
from checks.diagnosis import diagnose
from checks.judge import judge
from checks.run import run
from checks.student_source import plain_code
from solutions.catalogue import load
from solutions.corpora.attempts import RIGHT, WRONG, exercise_of

ASSIGNMENT = ASSIGNMENTS["convnet_application"]
CATALOGUE = load(ASSIGNMENT.name)
SEEDS = (None, 5, 2**60 + 1)
"""None stands for the public inputs."""

_prepared = {}


def seen(function, seed):
    """Return (exercise, judged result, named ids) of a function."""
    exercise = ASSIGNMENT.exercise(exercise_of(function))
    if (exercise.name, seed) not in _prepared:
        arguments = (
            {case.name: case.public_arguments() for case in exercise.cases}
            if seed is None
            else hidden_arguments(exercise, seed)
        )
        _prepared[exercise.name, seed] = (
            arguments,
            right_answers(CATALOGUE, exercise, arguments),
            wrong_answers(CATALOGUE, exercise, arguments),
        )
    arguments, expected, known = _prepared[exercise.name, seed]
    observations = run(exercise, function, arguments).observations
    result = judge(exercise, observations, expected, arguments)
    text = plain_code(inspect.getsource(function))
    return exercise, result, {cause.id for cause in diagnose(exercise, observations, known, text)}


def name(value):
    return getattr(value, "__name__", "")


def test_labels_are_ids_of_the_catalogue():
    """Is every label a cause that the diagnosis could name?"""
    known = {entry.id for entry in CATALOGUE.misconceptions}
    for function, causes in WRONG:
        assert causes <= known, function.__name__


@pytest.mark.parametrize("seed", SEEDS, ids=str)
@pytest.mark.parametrize("function", RIGHT, ids=name)
def test_right_attempts(function, seed):
    """Does each correct function get full marks, and is nothing said of it?"""
    exercise, result, named = seen(function, seed)
    assert (result.status, result.score) == ("right", exercise.points), result.first_failure
    assert not named


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=str)
@pytest.mark.parametrize(("function", "causes"), WRONG, ids=name)
def test_wrong_attempts(function, causes, seed):
    """Is each wrong function failed, and is nothing named that is not there?"""
    _, result, named = seen(function, seed)
    assert result.status in ("wrong", "error")
    assert named <= causes


@pytest.mark.slow
def test_most_are_named():
    """Are at least nine of ten described mistakes named on the inputs that students have?"""
    described = [function for function, causes in WRONG if causes]
    silent = [function.__name__ for function in described if not seen(function, None)[2]]
    assert len(silent) * 10 <= len(described), silent
