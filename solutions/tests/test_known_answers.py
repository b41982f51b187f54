"""Tests of the shortcut that spares most known wrong functions a second call."""

import pytest

from autograder.grading.answers import may_vary
from autograder.grading.asked import hidden_arguments
from checks.assignments import ASSIGNMENTS
from checks.judge import is_repeatable
from checks.run import run
from solutions.catalogue import load, wrong_function


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_only_what_draws_numbers_varies(assignment):
    """Does every known wrong function that is not called twice give the same result twice?"""
    catalogue = load(assignment)
    for exercise in ASSIGNMENTS[assignment].exercises:
        first = exercise.cases[0].name
        arguments = {first: hidden_arguments(exercise, 1)[first]}
        for misconception in catalogue.of(exercise.name):
            if not may_vary([misconception]):
                function = wrong_function(catalogue.reference, [misconception])
                seen = run(exercise, function, arguments).observations
                assert is_repeatable(exercise, seen), misconception.key


def test_random_ones_are_called_twice():
    """Is a function that draws random numbers seen as one that may vary?"""
    drawn = [m for m in load("cnn_step_by_step").misconceptions if "random" in m.cause]
    assert drawn and all(may_vary([m]) for m in drawn)
