"""Every misconception must be caught, and named by its own id, on public and on hidden inputs."""

import contextlib

import pytest

from autograder.answers import right_answers, wrong_answers
from autograder.verdict import hidden_arguments
from checks.assignments import ASSIGNMENTS
from checks.diagnosis import diagnose, signature
from checks.judge import judge
from checks.run import run
from solutions.catalogue import load, wrong_function
from solutions.gallery import styles

SEEDS = (None, 20_26_11_20)
"""None stands for the public inputs."""

EXERCISES = [(a.name, e) for a in ASSIGNMENTS.values() for e in a.exercises]
_prepared = {}


def _arguments(assignment, exercise, seed):
    if seed is not None:
        return hidden_arguments(exercise, seed)
    stored = {}
    for other in ASSIGNMENTS[assignment].exercises:
        arguments = {case.name: case.public_arguments(stored) for case in other.cases}
        if other.name == exercise.name:
            return arguments
        stored[other.name] = right_answers(load(assignment), other, arguments)
    raise KeyError(exercise.name)


def _prepare(assignment, exercise, seed):
    key = exercise.name, seed
    if key not in _prepared:
        catalogue = load(assignment)
        arguments = _arguments(assignment, exercise, seed)
        _prepared[key] = (
            arguments,
            right_answers(catalogue, exercise, arguments),
            wrong_answers(catalogue, exercise, arguments),
        )
    return _prepared[key]


def _seen(assignment, exercise, seed, target):
    """Return (judged result, named causes) of a function."""
    arguments, expected, wrong = _prepare(assignment, exercise, seed)
    with contextlib.redirect_stdout(None):
        observations = run(exercise, target, arguments).observations
    result = judge(exercise, observations, expected, arguments)
    return result, diagnose(signature(exercise, observations), observations, wrong)


def _allowed(catalogue, misconception):
    """Return the ids that may be named: its own, or one declared to be the same."""
    same = {m.id for m in catalogue.misconceptions if misconception.id in m.equivalent}
    return {misconception.id, *misconception.equivalent, *same}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=("public", "hidden"))
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_misconception_is_caught_and_named(assignment, seed, capsys):
    """Is each entry of the catalogue caught and named rightly? The table is printed."""
    catalogue = load(assignment)
    rows, failures = [], []
    for exercise in ASSIGNMENTS[assignment].exercises:
        caught = named = 0
        entries = catalogue.of(exercise.name)
        for misconception in entries:
            target = wrong_function(catalogue.reference, [misconception])
            result, causes = _seen(assignment, exercise, seed, target)
            ids = {cause.id for cause in causes}
            caught += result.status != "right"
            named += bool(ids) and ids <= _allowed(catalogue, misconception)
            if result.status == "right" or not ids or not ids <= _allowed(catalogue, misconception):
                failures.append(f"{misconception.key}: {result.status}, named {sorted(ids)}")
        rows.append((exercise.name, caught, named, len(entries)))
    with capsys.disabled():
        print(f"\n{assignment}, {'hidden' if seed else 'public'} inputs: caught, named, of")
        for row in (*rows, ("all", *(sum(row[i] for row in rows) for i in (1, 2, 3)))):
            print(f"  {row[0]:<26}{row[1]:>5}{row[2]:>7}{row[3]:>5}")
    assert not failures, "\n".join(failures)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=("public", "hidden"))
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_right_solution_is_failed_or_named(assignment, seed):
    """Are right functions of every style passed with full marks, and is nothing said of them?"""
    for style, texts in styles(assignment).items():
        namespace = {}
        exec("import numpy as np\n" + "\n\n".join(texts.values()), namespace)
        for exercise in ASSIGNMENTS[assignment].exercises:
            result, causes = _seen(assignment, exercise, seed, namespace[exercise.name])
            assert result.status == "right", (style, exercise.name, result)
            assert result.score == exercise.points
            assert causes == (), (style, exercise.name)


@pytest.mark.parametrize(
    ("assignment", "exercise"), EXERCISES, ids=lambda value: getattr(value, "name", value)
)
def test_every_check_is_needed(assignment, exercise):
    """Is there for each check a wrong function that fails it while some other check passes?

    A check that no misconception fails by itself would be a check that nobody needs.
    """
    catalogue = load(assignment)
    patterns = []
    for misconception in catalogue.of(exercise.name):
        target = wrong_function(catalogue.reference, [misconception])
        result, _ = _seen(assignment, exercise, SEEDS[1], target)
        patterns.append({check.name.en for check in result.checks if not check.passed})
    for check in exercise.checks:
        assert any(check.name.en in failed for failed in patterns), check.name.en
