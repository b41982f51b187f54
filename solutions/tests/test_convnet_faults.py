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


FAST = """def conv_backward_fast(dZ, cache):
    A_prev, W, b, hparameters = cache
    f, _, n_C_prev, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    P = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    columns = im2col(P, f, stride)
    dense = columns.reshape(-1, f * f * n_C_prev), W.reshape(-1, n_C), b
    dC, dW, db = dense_backward(dZ.reshape(-1, n_C), dense)
    dP = col2im(dC.reshape(columns.shape), P.shape, f, stride)
    n_H_prev, n_W_prev = A_prev.shape[1:3]
    dA_prev = dP[:, pad : pad + n_H_prev, pad : pad + n_W_prev, :]
    return dA_prev, dW.reshape(W.shape), db.reshape(b.shape)
"""


def test_a_convolution_on_a_wrong_dense_layer(grade):
    """Is a fast convolution right that calls the dense layer, and is only that one replaced?"""
    own = {
        "dense_backward": "def dense_backward(dZ, cache):\n    A_prev, W, b = cache\n"
        "    return np.dot(W, dZ.T), np.dot(A_prev.T, dZ), dZ.mean(axis=0)\n",
        "conv_backward_fast": FAST,
    }
    exercises = {e.name: e for e in grade(Student("d", "d", "vectorised", functions=own)).exercises}
    assert exercises["dense_backward"].status == "wrong"
    fast = exercises["conv_backward_fast"]
    assert (fast.status, fast.with_right_helpers) == ("right", True)
    assert "dense_backward" in fast.note["en"] and "im2col" not in fast.note["en"]


def test_a_way_back_through_a_wrong_im2col(grade):
    """Is col2im right that asks im2col where each number came from?"""
    own = {
        "im2col": "def im2col(X, f, stride):\n    return np.zeros((1, 1, 1, 1))\n",
        "col2im": "def col2im(columns, shape, f, stride):\n"
        "    places = im2col(np.arange(np.prod(shape)).reshape(shape), f, stride).astype(int)\n"
        "    X = np.bincount(places.ravel(), columns.ravel(), minlength=np.prod(shape))\n"
        "    return X.reshape(shape)\n",
    }
    exercises = {e.name: e for e in grade(Student("c", "c", "vectorised", functions=own)).exercises}
    assert exercises["im2col"].status == "wrong"
    assert (exercises["col2im"].status, exercises["col2im"].with_right_helpers) == ("right", True)
