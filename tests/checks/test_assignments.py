import pytest

from checks.assignments import ASSIGNMENTS

EACH = pytest.mark.parametrize(
    "exercise",
    [exercise for assignment in ASSIGNMENTS.values() for exercise in assignment.exercises],
    ids=lambda exercise: exercise.name,
)


@pytest.mark.parametrize("assignment", ASSIGNMENTS.values(), ids=lambda a: a.name)
def test_points(assignment):
    """Do the exercises of an assignment give 100 points?"""
    assert sum(exercise.points for exercise in assignment.exercises) == 100


@EACH
def test_exercise_is_whole(exercise):
    """Do the checks share out the points, and name only cases and outputs that exist?"""
    assert sum(check.points for check in exercise.checks) == exercise.points
    hidden = {case.name for case in exercise.hidden_cases()}
    for check in exercise.checks:
        assert hidden & set(check.cases), "every check needs a case that is drawn for grading"
        assert all(exercise.case(name) for name in check.cases)
        assert set(check.outputs) <= set(exercise.graded_outputs)
    used = {name for check in exercise.checks for name in check.cases}
    assert used == {case.name for case in exercise.cases}, "a case that no check uses"
    assert len({check.name for check in exercise.checks}) == len(exercise.checks)


@EACH
def test_inputs_come_from_the_seed(exercise):
    """Are inputs the same for the same seed, and others for another?"""
    for case in exercise.hidden_cases():
        once, again, other = (
            repr(case.hidden_arguments(exercise.name, seed)) for seed in (1, 1, 2)
        )
        assert once == again != other
