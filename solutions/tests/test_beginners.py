"""How often does the diagnosis name what beginners really do, and is it ever wrong?"""

import linecache
from collections import Counter
from functools import partial

import numpy as np
import pytest

from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES, all_causes
from checks.diagnosis import diagnose
from checks.evidence import Evidence
from checks.judge import judge, outputs_of
from checks.plain import to_plain
from checks.run import run
from checks.student_source import global_names_read, has_placeholder, plain_code
from solutions.catalogue import load
from solutions.corpora.beginners import BEGINNERS

ASSIGNMENT = ASSIGNMENTS["cnn_step_by_step"]
CATALOGUE = load(ASSIGNMENT.name)

pytestmark = pytest.mark.skipif(
    tuple(map(int, np.__version__.split(".")[:2])) < (2, 4),
    reason="some of these functions are right before NumPy 2.4",
)


def answers(exercise, arguments):
    function = CATALOGUE.functions[exercise.name]
    return {
        case: outputs_of(exercise, to_plain(function(*inputs)))[0]
        for case, inputs in arguments.items()
    }


@pytest.fixture(scope="module")
def public():
    """Exercise -> (arguments, correct answers) of the public cases."""
    stored, arguments = {}, {}
    for exercise in ASSIGNMENT.exercises:
        drawn = {case.name: case.public_arguments(stored) for case in exercise.cases}
        arguments[exercise.name], stored[exercise.name] = drawn, answers(exercise, drawn)
    return {name: (arguments[name], stored[name]) for name in stored}


def observe(beginner, arguments, expected):
    """Return the function's namespace, what was seen of it, and the judged result."""
    exercise = ASSIGNMENT.exercise(beginner.exercise)
    file = f"<beginner {BEGINNERS.index(beginner)}>"
    linecache.cache[file] = (1, None, beginner.source.splitlines(keepends=True), file)
    notebook = {"x": np.eye(2, 3), "x_pad": np.zeros((4, 7, 7, 2)), "__name__": "notebook"}
    space = {**CATALOGUE.functions, **notebook, "np": np}
    exec(compile(beginner.source, file, "exec"), space)
    seen = run(exercise, space[beginner.exercise], arguments).observations
    placeholder = has_placeholder(beginner.source)
    return space, seen, judge(exercise, seen, expected, arguments, placeholder=placeholder)


def test_there_are_many_in_every_exercise():
    """Is the sample large, and does it hold functions that nobody can name?"""
    per_exercise = Counter(beginner.exercise for beginner in BEGINNERS)
    assert sum(per_exercise.values()) >= 180
    assert min(per_exercise[exercise.name] for exercise in ASSIGNMENT.exercises) >= 10
    assert sum(not beginner.causes for beginner in BEGINNERS) >= 9


def test_labels_are_ids_of_the_catalogue():
    """Is every true cause one that the diagnosis could name?"""
    general = {f"{e.name}/{c.name}" for e in ASSIGNMENT.exercises for c in GENERAL_CAUSES}
    known = general | {entry.id for entry in CATALOGUE.misconceptions}
    for beginner in BEGINNERS:
        assert beginner.causes <= known, (beginner.exercise, beginner.note)


def test_every_function_is_wrong(public):
    """Is each of them failed?"""
    for beginner in BEGINNERS:
        _, _, result = observe(beginner, *public[beginner.exercise])
        assert result.status != "right", (beginner.exercise, beginner.note)


@pytest.mark.slow(30)
def test_names_are_right_and_frequent(public, tell):
    """Are at least 19 of 20 described mistakes named, and is nothing named that is not there?"""
    wrong_answers = pytest.importorskip("autograder.grading.answers").wrong_answers
    known = {}
    wrong, silent, named = set(), [], 0
    for beginner in BEGINNERS:
        exercise = ASSIGNMENT.exercise(beginner.exercise)
        arguments, expected = public[exercise.name]
        space, seen, result = observe(beginner, arguments, expected)
        if exercise.name not in known:
            known[exercise.name] = wrong_answers(CATALOGUE, exercise, arguments)
        names = global_names_read(beginner.source, exercise.name)
        data = tuple(name for name in names if isinstance(space.get(name), np.ndarray))
        asked = exercise.parameters, exercise.outputs
        evidence = Evidence(result.status, seen, beginner.source, data, None, *asked)
        code = plain_code(beginner.source)
        found = partial(diagnose, exercise, seen, known[exercise.name], code)
        causes = all_causes(exercise.name, evidence, found)
        right = beginner.causes | {
            other.id
            for other in CATALOGUE.of(exercise.name)
            if beginner.causes & set(other.equivalent)
        }
        ids = {cause.id for cause in causes}
        if ids - right:
            wrong.add((beginner.exercise, beginner.note, *sorted(ids - right)))
        elif ids:
            named += 1
        elif beginner.causes:
            silent.append((beginner.exercise, beginner.note, sorted(beginner.causes)))
    tell(f"beginners: {named} named, {len(silent)} not named, {len(wrong)} named wrongly")
    assert not wrong, wrong
    assert named >= 19 * len(silent), silent
