"""Does a fault in one function of the second assignment cost that function alone?"""

import functools
import json

import pytest

import autograder.grading.grader
from autograder.course import Course
from autograder.grading.grader import Grader
from autograder.sandbox import Job, Limits, Sandbox, probe
from checks.assignments.convnet_application import ASSIGNMENT
from solutions.catalogue import load
from solutions.corpora.faults import FUNCTIONS
from solutions.gallery import Student, styles, submission

AVAILABLE = {name: available for name, available, _ in probe()}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not AVAILABLE["namespaces"], reason="no isolation on this machine"),
]
# The fast pooling takes what the pooling of the first assignment takes, so its faults fit.
FIRST, HERE = "pool_forward", "pool_forward_fast"
SHORT = Limits(call_cpu=1.0, group_cpu=2.0, cell_cpu=2.0)


@pytest.fixture(scope="module")
def grade(tmp_path_factory):
    """Grade a student's notebook with short limits."""
    notebook = json.loads(Course().notebook("en", ASSIGNMENT.name).read_text("utf-8"))
    folder = tmp_path_factory.mktemp("submitted")
    with pytest.MonkeyPatch.context() as patch, Sandbox() as sandbox:
        patch.setattr(autograder.grading.grader, "Job", functools.partial(Job, limits=SHORT))
        grader = Grader(sandbox, 5)

        def grade(student):
            path = folder / f"{len(list(folder.iterdir()))}.ipynb"
            texts = styles(ASSIGNMENT.name)
            path.write_bytes(submission(student, notebook, load(ASSIGNMENT.name), texts))
            return grader.grade_file(path, ASSIGNMENT.name)

        yield grade


@pytest.mark.parametrize("fault", FUNCTIONS, ids=lambda fault: fault.id)
def test_a_faulty_function_hurts_itself_alone(fault, grade):
    """Is every other function graded as right, and the fault reported as what it is?"""
    text = fault.student.functions[FIRST].replace(f"{FIRST}(", f"{HERE}(")
    verdict = grade(Student(fault.id, fault.id, "vectorised", functions={HERE: text}))
    exercises = {exercise.name: exercise for exercise in verdict.exercises}
    faulty = exercises.pop(HERE)
    assert {e.status for e in exercises.values()} == {"right"}
    assert (faulty.status, faulty.score) == (fault.expected[FIRST].status, 0.0)
    told = [*(check.detail["en"] for check in faulty.checks), *(p["en"] for p in verdict.problems)]
    told += [cause.message["en"] for cause in faulty.diagnosis]
    assert fault.reason in " ".join(told)


def test_a_mask_from_a_wrong_relu(grade):
    """Is relu_backward right that calls relu_forward, whatever the student's own does?"""
    own = {
        "relu_forward": "def relu_forward(Z):\n    Z[Z < 0] = 0\n    return Z\n",
        "relu_backward": "def relu_backward(dA, Z):\n    return dA * (relu_forward(Z) > 0)\n",
    }
    verdict = grade(Student("mask", "mask", "vectorised", functions=own))
    forward, backward = verdict.exercises[:2]
    assert (forward.name, forward.status) == ("relu_forward", "wrong")
    assert (backward.status, backward.with_right_helpers) == ("right", True)
