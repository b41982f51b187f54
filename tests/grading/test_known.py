"""Is what is known of wrong functions found out once for all workers of a round?"""

import random

import numpy as np
import pytest

from autograder.grading import answers
from autograder.grading.answers import wrong_answers
from autograder.grading.asked import hidden_arguments
from autograder.grading.known import Known
from autograder.grading.rounds import close_round, known_file, round_to_grade_in
from checks.assignments import ASSIGNMENTS
from checks.diagnosis import diagnose
from checks.fingerprint import Parts
from checks.run import run
from solutions.catalogue import load, wrong_function

CATALOGUE = load("cnn_step_by_step")
EXERCISE = ASSIGNMENTS["cnn_step_by_step"].exercise("zero_pad")
ARGUMENTS = hidden_arguments(EXERCISE, 7)


def _named(known, target):
    wrong = wrong_answers(CATALOGUE, EXERCISE, ARGUMENTS, known.shelf("zero_pad"))
    causes = diagnose(EXERCISE, run(EXERCISE, target, ARGUMENTS).observations, wrong)
    known.share()
    return tuple(cause.id for cause in causes)


def _mistaken():
    together = [m for m in CATALOGUE.of("zero_pad") if not m.rare]
    yield wrong_function(CATALOGUE.reference, together[:1])
    yield wrong_function(CATALOGUE.reference, together[-1:])
    yield lambda X, pad: np.full(3, 0.5)


@pytest.fixture
def computed(monkeypatch):
    """The functions that were made to see what they return."""
    made = []

    def counting(reference, misconceptions):
        made.append(misconceptions)
        return wrong_function(reference, misconceptions)

    monkeypatch.setattr(answers, "wrong_function", counting)
    return made


def test_second_worker_computes_nothing(tmp_path, computed):
    """Does a worker name what others have met before without running a known function?"""
    functions = list(_mistaken())
    said = [_named(Known(tmp_path / "round.known", "engine"), f) for f in functions]
    assert computed and all(said[:2])
    computed.clear()
    assert [_named(Known(tmp_path / "round.known", "engine"), f) for f in functions] == said
    assert not computed


def test_workers_at_the_same_time(tmp_path, computed):
    """Does a worker that is at work already read what another one has just found out?"""
    first, second = (Known(tmp_path / "round.known", "engine") for _ in range(2))
    function = next(_mistaken())
    _named(second, lambda X, pad: X)
    said = _named(first, function)
    computed.clear()
    assert _named(second, function) == said
    assert not computed


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-200]),
        lambda path: path.write_bytes(b"\xff\x00[1, 2\n" + path.read_bytes()),
        lambda path: path.write_text('["engine", "zero_pad", 3]\n["engine"]\n{}\n'),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_damage_costs_time_only(tmp_path, spoil):
    """Is the same named where the file is torn, holds rubbish or can't be read?"""
    path, function = tmp_path / "round.known", next(_mistaken())
    said = _named(Known(path, "engine"), function)
    spoil(path)
    assert _named(Known(path, "engine"), function) == said


def test_another_engine_is_not_believed(tmp_path, computed):
    """Is what another version of the solutions made of it worked out anew?"""
    function = next(_mistaken())
    said = _named(Known(tmp_path / "round.known", "old"), function)
    computed.clear()
    assert _named(Known(tmp_path / "round.known", "new"), function) == said
    assert computed


def test_nothing_is_shared_without_a_file(computed):
    """Does a single file's grading leave nothing behind?"""
    known = Known()
    assert _named(known, next(_mistaken()))
    assert known.path is None


def test_file_lies_with_the_round(tmp_path):
    """Is the file where only graders may read?"""
    known = Known(tmp_path / "round.known", "engine")
    _named(known, next(_mistaken()))
    assert (tmp_path / "round.known").stat().st_mode & 0o777 == 0o600


def test_a_new_round_begins_anew(course):
    """Is what was known of the last round's inputs gone when a new one is drawn?"""
    round_to_grade_in(course, "cnn_step_by_step")
    path = known_file(course, "cnn_step_by_step")
    path.write_text("of the first round\n")
    round_to_grade_in(course, "cnn_step_by_step")
    assert path.exists()
    close_round(course, "cnn_step_by_step")
    round_to_grade_in(course, "cnn_step_by_step")
    assert not path.exists()


def _counted(monkeypatch, target, exercise, arguments):
    """Return the names of a function's mistakes, and how many pairs were computed for them."""
    pairs = []

    def counting(reference, misconceptions):
        if len(misconceptions) > 1:
            pairs.append(misconceptions)
        return wrong_function(reference, misconceptions)

    with monkeypatch.context() as patched:
        patched.setattr(answers, "wrong_function", counting)
        wrong = wrong_answers(CATALOGUE, exercise, arguments)
        causes = diagnose(exercise, run(exercise, target, arguments).observations, wrong)
    return {cause.id for cause in causes}, len(pairs)


def test_pairs_that_can_not_be_are_not_computed(monkeypatch):
    """Are most pairs ruled out by what their parts do alone, without a name lost by it?"""
    exercise = ASSIGNMENTS["cnn_step_by_step"].exercise("pool_forward")
    arguments = hidden_arguments(exercise, 7)
    first = {m.id: m for m in reversed(CATALOGUE.of("pool_forward")) if not m.rare}.values()
    pairs = [
        (one, other)
        for one in first
        for other in first
        if one.id in CATALOGUE.common and other.id not in CATALOGUE.common
    ]
    chosen = random.Random(1).sample(pairs, 12)
    targets = [f for pair in chosen if (f := wrong_function(CATALOGUE.reference, pair))]
    ruled = [_counted(monkeypatch, target, exercise, arguments) for target in targets]
    monkeypatch.setattr(Parts, "rule_out", lambda *_: False)
    every = [_counted(monkeypatch, target, exercise, arguments) for target in targets]
    assert [names for names, _ in ruled] == [names for names, _ in every]
    assert sum(bool(names) for names, _ in ruled) > len(targets) / 2
    assert sum(count for _, count in ruled) < sum(count for _, count in every) / 2
