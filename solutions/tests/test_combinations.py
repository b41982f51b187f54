"""Which mistakes are looked for together: in the notebook's data file, and in grading?"""

import pytest

from autograder.grading.answers import wrong_answers
from benchmarks.bench_naming import pairs_table, random_seeds
from checks.assignments import ASSIGNMENTS
from solutions.catalogue import load

ASSIGNMENT = ASSIGNMENTS["cnn_step_by_step"]
CATALOGUE = load(ASSIGNMENT.name)
EXERCISES = pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda e: e.name)
RARE = {entry.id for entry in CATALOGUE.misconceptions if entry.rare}


def known(exercise):
    # Nothing is computed before it is looked at, so no arguments are needed.
    return wrong_answers(CATALOGUE, exercise, {})


def test_common_causes_are_of_the_catalogue():
    """Is every cause that is called common one that there is?"""
    assert CATALOGUE.common <= {entry.id for entry in CATALOGUE.misconceptions}


@EXERCISES
def test_what_is_stored_for_the_notebook(exercise):
    """Are there single causes and pairs, and no pair with a rare one?"""
    entries = [ids for ids, _ in known(exercise).entries]
    assert {len(ids) for ids in entries} == {1, 2}
    assert not [ids for ids in entries if len(ids) == 2 and RARE & set(ids)]
    assert {ids[0] for ids in entries if len(ids) == 1} == {
        entry.id for entry in CATALOGUE.of(exercise.name)
    }


@EXERCISES
def test_what_is_looked_for_in_grading(exercise):
    """Is every combination one with a common cause, triples of such only, and are they few?"""
    more = [ids for ids, _ in known(exercise).more()]
    triples = [ids for ids in more if len(ids) == 3]
    assert all(CATALOGUE.common & set(ids) for ids in more)
    assert all(set(ids) <= CATALOGUE.common and len(set(ids)) == 3 for ids in triples)
    assert len(triples) <= 220
    assert all(len(set(ids)) == len(ids) for ids in more)


@pytest.mark.slow(40)
def test_two_mistakes_are_named_beside_each_other(capsys, tell):
    """Are both named of nine in ten pairs of common mistakes in a function, and none wrongly?"""
    rows = pairs_table(*random_seeds(1))
    tell(capsys.readouterr().out, "pairs of mistakes")
    for exercise, pairs, both, wrongly in rows:
        assert both >= 0.9 * pairs, exercise
        assert not wrongly, exercise


def test_pairs_whose_results_are_not_finite():
    """Are pairs told apart by their finite numbers, where others are nan?"""
    (row,) = pairs_table(10537110064568905010, ["pool_forward"])
    assert row[-1] == 0
