"""Is it named where a line takes one thing for another, and is the line shown that carries it?"""

import pytest

from autograder.grading.single_files import check_files
from autograder.repairing.explain import explained
from checks.assignments import ASSIGNMENTS
from checks.evidence import Evidence
from checks.lines.carriers import RULES, carrying
from checks.model import Failure, Observation
from checks.rules import mistaken
from solutions.catalogue import load
from solutions.gallery import styles
from solutions.tests.naming import exercise_called, said_of
from solutions.tests.test_kinds import STRIDE, source_with

PIXELS = """def {name}({parameters}):
    result = np.zeros({array}.shape)
    for row in range(len({array})):
        for column in range({array}.shape[1]):
            result[row, column] = {value}
    return result
"""

KINDS = [
    ("pool_forward_fast", "hparameter_name", [(STRIDE, 'stride = hparameters.get("step")')]),
    (
        "conv_backward_fast",
        "hparameter_name",
        [('pad = hparameters["pad"]', 'pad = hparameters.get("p", 0)')],
    ),
    ("conv_forward", "hparameter_name", [(STRIDE, 'stride = hparameters.get("s")')]),
    (
        "im2col",
        "stored_the_wrong_way",
        [
            (
                "columns[:, :, :, i, j, :] = X[\n"
                "                :, i : i + stride * n_H : stride, j : j + stride * n_W : stride, :"
                "\n            ]",
                "X[:, i : i + n_H, j : j + n_W] = columns[:, :, :, i, j]",
            )
        ],
    ),
    (
        "col2im",
        "input_for_windows",
        [
            ("m, n_H_prev, n_W_prev, n_C = shape", "m, n_H, n_W, n_C = shape"),
            ("    n_H = (n_H_prev - f) // stride + 1\n", ""),
            ("    n_W = (n_W_prev - f) // stride + 1\n", ""),
        ],
    ),
    ("conv_backward_fast", "stride_fixed", [("f, stride)\n    dA_prev =", "f, 2)\n    dA_prev =")]),
]


@pytest.mark.parametrize(("name", "cause", "edits"), KINDS)
def test_what_is_taken_for_something_else_is_named(name, cause, edits):
    """Is the mistake failed, and named as what it is?"""
    status, named = said_of(name, source_with(name, edits))
    assert status in ("wrong", "error")
    assert named == {cause}


@pytest.mark.parametrize(
    ("name", "parameters", "array", "value"),
    [
        ("relu_forward", "Z", "Z", "max(0, Z[row, column])"),
        ("relu_backward", "dA, Z", "Z", "dA[row, column] if Z[row, column] > 0 else 0"),
    ],
)
def test_loops_over_a_fixed_number_of_axes_are_named(name, parameters, array, value):
    """Is it said that the array may have other axes, and not only what Python says of one line?"""
    source = PIXELS.format(name=name, parameters=parameters, array=array, value=value)
    assert said_of(name, source) == ("error", {"fixed_number_of_axes"}) or (
        said_of(name, source) == ("wrong", {"fixed_number_of_axes"})
    )


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_correct_function_is_taken_for_wrong(assignment):
    """Does no rule hold of a correct function, in whatever style, whatever Python says of it?"""
    failure = Failure("ValueError", "The truth value of an array is ambiguous")
    rules = [
        mistaken.entry_missing,
        mistaken.fixed_number_of_axes,
        mistaken.stored_the_wrong_way,
        mistaken.input_for_windows,
        mistaken.fixed_stride,
        mistaken.overwritten_by_loop,
        mistaken.side_never_read,
        mistaken.example_fixed,
    ]
    for style, texts in styles(assignment).items():
        for exercise in ASSIGNMENTS[assignment].exercises:
            seen = {"once": Observation("error", failure=failure)}
            asked = exercise.parameters, exercise.outputs
            evidence = Evidence("wrong", seen, texts[exercise.name], (), None, *asked)
            held = [rule.__name__ for rule in rules if rule(evidence)]
            assert held == [], (style, exercise.name)


CARRIED = [
    ("pool_forward_fast", "negative_maximum_lost", "peak = 0.0", "np.zeros(3)[0]"),
    ("dense_backward", "averaged_over_batch", "db /= len(A)", "db = dZ.sum(axis=0)"),
    ("softmax_cross_entropy", "log_of_zero", "L = -np.log(Q[rows, labels]).sum()", "Q = E / S"),
    ("softmax_cross_entropy", "changes_input", "Z -= Z.max()", "E = np.exp(Z)"),
    ("gradient_check", "same_point_twice", "behind = ahead", "ahead = x.copy()"),
    ("gradient_check", "all_entries_at_once", "d = f(x + h) - f(x - h)", "d = d * dZ"),
    ("col2im", "added_once_per_index", "X[:, rows, places] += c", "c = columns.reshape(s)"),
]

AROUND = {
    "negative_maximum_lost": "for v in values:\n        peak = max(peak, v)",
    "same_point_twice": "ahead[i] += h\n    behind[i] -= h",
}


@pytest.mark.parametrize(("name", "cause", "line", "other"), CARRIED)
def test_the_line_that_carries_a_mistake_is_found(name, cause, line, other):
    """Does the rule of a name find its statement, in a style of its own?"""
    exercise = exercise_called(name)
    parameters = ", ".join(exercise.parameters)
    body = f"    {other}\n    {line}\n    {AROUND.get(cause, 'pass')}\n    return A\n"
    source = f"def {name}({parameters}):\n{body}"
    asked = exercise.parameters, exercise.outputs
    assert carrying(cause, Evidence("wrong", {}, source, (), None, *asked)) == (3,)
    without = source.replace(line, "pass")
    assert carrying(cause, Evidence("wrong", {}, without, (), None, *asked), True) == ()


def test_every_rule_is_of_a_known_name():
    """Is each name that has a rule one that the catalogues give?"""
    known = {m.id.partition("/")[2] for name in ASSIGNMENTS for m in load(name).misconceptions}
    assert known >= RULES


WORK = """import numpy as np


def dense_backward(dZ, cache):
    A_prev, W, b = cache
    dA_prev = np.matmul(dZ, W.reshape(W.shape[::-1])){more}
    dW = A_prev.T.dot(dZ)
    db = np.sum({of}, axis={axis}).reshape(b.shape)
    return dA_prev, dW, db


def gradient_check(f, x, dx, dZ, h=1e-5):
    slope = np.empty(x.shape)
    for at in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[at] = h
        slope[at] = (dZ * (f(x + e) - f(x - e))).sum() / (2 * h)
    apart = np.linalg.norm(slope - dx, 1)
    together = np.linalg.norm(slope, 1) + np.linalg.norm(dx, 1)
    return slope, apart / together
"""


@pytest.mark.slow
def test_two_mistakes_are_named_in_the_students_own_words(tmp_path):
    """Does a repair say of each part what is wrong with it, and of no correct part anything?"""
    path = tmp_path / "work.py"
    path.write_text(WORK.format(more="", of="dW.T", axis="1"), "utf-8")
    (verdict,) = check_files([path], 1, "convnet_application", finish=explained)
    found = {e.name: e for e in verdict.exercises}
    lines = path.read_text("utf-8").split("\n")

    def told(name):
        causes = found[name].diagnosis
        return {c.id.partition("/")[2]: [line.text for line in c.lines] for c in causes}

    assert told("dense_backward").keys() >= {"reshape_for_transpose"}
    assert "value" not in told("dense_backward")
    norms = [line.strip() for line in lines if "norm(" in line]
    assert told("gradient_check") == {"norm_of_matrices": norms}


BESIDE = """import numpy as np


def dense_backward(dZ, cache):
    inputs, W, b = cache
    before = np.dot(dZ, W)
    weights = np.dot(inputs.T, dZ)
    biases = dZ.sum(axis=(1, 0), keepdims=True)
    return before, weights, biases
"""


@pytest.mark.slow
def test_a_second_mistake_is_named_where_an_exception_hides_it(tmp_path):
    """Is what the repair proves of another line said beside the mistake that has a name?"""
    path = tmp_path / "work.py"
    path.write_text(BESIDE, "utf-8")
    (verdict,) = check_files([path], 1, "convnet_application", finish=explained)
    (found,) = [e for e in verdict.exercises if e.name == "dense_backward"]
    told = {c.id.partition("/")[2]: [line.line for line in c.lines] for c in found.diagnosis}
    assert told == {"dA_prev_weights_as_they_are": [6], "keyword": [8]}
    assert [line.line for line in found.lines] == [6, 8]


def test_an_index_worked_out_in_place_is_found():
    """Is the line shown where the sum that counts a window's numbers has no name of its own?"""
    source = """def col2im(columns, shape, f, stride):
    X = np.zeros(shape)
    for h, w, u, v, c in everything:
        X[:, h + u, w + v, c] += columns[:, h, w, (c * f + u) * f + v]
    return X
"""
    assert carrying("channel_not_last", Evidence("wrong", {}, source)) == (4,)
