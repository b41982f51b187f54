"""Every misconception must be caught, and named by its own id, on public and on hidden inputs."""

import contextlib
import importlib
from collections import Counter, defaultdict

import pytest

from autograder.grading.answers import right_answers, wrong_answers
from autograder.grading.asked import hidden_arguments
from benchmarks.bench_naming import Naming, allowed, namings, random_seeds
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
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_misconception_is_caught_and_named(assignment, tell):
    """Is each entry of the catalogue caught and named correctly on the public inputs?

    The table is printed.
    """
    catalogue = load(assignment)
    namings = []
    for exercise in ASSIGNMENTS[assignment].exercises:
        for misconception in catalogue.of(exercise.name):
            if not misconception.is_wrong_here:
                continue
            target = wrong_function(catalogue.reference, [misconception])
            source = wrong_source(catalogue.reference, [misconception])
            result, causes = _seen(assignment, exercise, None, target, source)
            ids = frozenset(cause.id for cause in causes)
            caught, known = result.status != "right", allowed(catalogue, misconception)
            namings.append(Naming(misconception, 0, caught, ids, known))
    _assert_named(namings, f"{assignment}, public inputs", tell)


@pytest.mark.slow(40)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_naming_does_not_depend_on_the_seed(assignment, tell):
    """Is each entry caught and named correctly whatever numbers a round draws?

    The seeds and the table are printed.
    """
    seeds = random_seeds(3)
    tell(f"{assignment}: python -m benchmarks naming --seed {' '.join(map(str, seeds))}")
    _assert_named(namings(assignment, seeds), f"{assignment}, hidden inputs of three seeds", tell)


def _assert_named(namings, title, tell):
    """Tell how many were caught and named in each exercise; fail with those that were not."""
    counts, failures = defaultdict(Counter), []
    for naming in namings:
        for row in (naming.misconception.exercise, "all"):
            counts[row] += Counter(caught=naming.caught, named=naming.right, entries=1)
        if not naming.right:
            failures.append(str(naming))
    everything = counts.pop("all")
    for row, count in (*counts.items(), ("all", everything)):
        numbers = f"{count['caught']:>5}{count['named']:>7}{count['entries']:>6}"
        tell(f"  {row:<26}{numbers}", f"{title}: caught, named, of")
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
