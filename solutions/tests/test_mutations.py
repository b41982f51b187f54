"""Every misconception must be caught, and named by its own id, on public and on hidden inputs."""

import contextlib
import importlib

import pytest

from autograder.grading.answers import right_answers, wrong_answers
from autograder.grading.asked import hidden_arguments
from benchmarks.bench_naming import allowed, namings, random_seeds
from checks.assignments import ASSIGNMENTS
from checks.diagnosis import diagnose
from checks.judge import judge
from checks.run import run
from checks.student_source import plain_code
from checks.text import Text
from solutions.catalogue import Misconception, load, wrong_function, wrong_source
from solutions.gallery import styles

SEEDS = (None, 20_26_11_20)
"""None stands for the public inputs."""

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
        drawn = {case.name: arguments[case.name] for case in exercise.hidden_cases()}
        _prepared[key] = (
            arguments,
            right_answers(catalogue, exercise, arguments),
            wrong_answers(catalogue, exercise, drawn),
        )
    return _prepared[key]


def _judged(assignment, exercise, seed, target):
    """Return (observations, judged result) of a function."""
    arguments, expected, _ = _prepare(assignment, exercise, seed)
    with contextlib.redirect_stdout(None):
        observations = run(exercise, target, arguments).observations
    return observations, judge(exercise, observations, expected, arguments)


def _seen(assignment, exercise, seed, target, source=None):
    """Return (judged result, named causes) of a function."""
    observations, result = _judged(assignment, exercise, seed, target)
    known = _prepare(assignment, exercise, seed)[2]
    return result, diagnose(exercise, observations, known, plain_code(source))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=("public", "hidden"))
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_misconception_is_caught_and_named(assignment, seed, tell):
    """Is each entry of the catalogue caught and named correctly? The table is printed."""
    catalogue = load(assignment)
    rows, failures = [], []
    for exercise in ASSIGNMENTS[assignment].exercises:
        caught = named = 0
        entries = [m for m in catalogue.of(exercise.name) if m.is_wrong_here]
        for misconception in entries:
            target = wrong_function(catalogue.reference, [misconception])
            source = wrong_source(catalogue.reference, [misconception])
            result, causes = _seen(assignment, exercise, seed, target, source)
            ids = {cause.id for cause in causes}
            caught += result.status != "right"
            named += bool(ids) and ids <= allowed(catalogue, misconception)
            if result.status == "right" or not ids or not ids <= allowed(catalogue, misconception):
                failures.append(f"{misconception.key}: {result.status}, named {sorted(ids)}")
        rows.append((exercise.name, caught, named, len(entries)))
    table = f"{assignment}, {'hidden' if seed else 'public'} inputs: caught, named, of"
    for row in (*rows, ("all", *(sum(row[i] for row in rows) for i in (1, 2, 3)))):
        tell(f"  {row[0]:<26}{row[1]:>5}{row[2]:>7}{row[3]:>5}", table)
    assert not failures, "\n".join(failures)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_naming_does_not_depend_on_the_seed(assignment, tell):
    """Is each entry named correctly whatever numbers a round draws? The seeds are printed."""
    seeds = random_seeds(3)
    tell(f"{assignment}: python -m benchmarks naming --seed {' '.join(map(str, seeds))}")
    failures = [str(naming) for naming in namings(assignment, seeds) if not naming.right]
    assert not failures, "\n".join(failures)


def test_a_seed_that_once_mattered():
    """Is each entry named where small numbers of one example stand beside large ones of another?"""
    named = namings("cnn_step_by_step", [92886991921811817], ["pool_forward"])
    assert [str(naming) for naming in named if not naming.right] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=("public", "hidden"))
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_right_solution_is_failed_or_named(assignment, seed):
    """Are correct functions of every style passed with full marks, and is nothing said of them?"""
    for style, texts in styles(assignment).items():
        namespace = {}
        exec("import numpy as np\n" + "\n\n".join(texts.values()), namespace)
        for exercise in ASSIGNMENTS[assignment].exercises:
            result, causes = _seen(assignment, exercise, seed, namespace[exercise.name])
            assert result.status == "right", (style, exercise.name, result)
            assert result.score == exercise.points
            assert causes == (), (style, exercise.name)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_check_is_needed(assignment):
    """Is there for every check with points a wrong function that no other check catches?"""
    catalogue = load(assignment)
    lone = importlib.import_module(f"solutions.{assignment}.lone_failures").LONE_FAILURES
    missing = {(e.name, c.name["en"]) for e in ASSIGNMENTS[assignment].exercises for c in e.checks}
    problems = []
    for exercise_name, check, patches in lone:
        exercise = ASSIGNMENTS[assignment].exercise(exercise_name)
        wrong = Misconception(exercise_name, "lone", patches, Text("", ""), Text("", ""))
        target = wrong_function(catalogue.reference, [wrong])
        _, result = _judged(assignment, exercise, SEEDS[1], target)
        failed = [c.name["en"] for c in result.checks if not c.passed]
        if failed != [check]:
            problems.append(f"{exercise_name}, {check}: caught by {failed}")
        missing.discard((exercise_name, check))
    assert not problems, "\n".join(problems)
    assert not missing
