"""Is what one line of a function proves named, beside any other mistake, and only there?"""

import ast
import inspect

import pytest

from autograder.grading.single_files import check_files
from autograder.repairing.explain import explained
from checks.assignments import ASSIGNMENTS
from checks.evidence import Evidence
from checks.lines.in_helpers import in_helper
from checks.rules.certain.layer_causes import BY_LAYER
from checks.rules.certain.training_causes import BY_TRAINING
from checks.rules.certain.window_causes import BY_WINDOW
from checks.text import ENGLISH
from solutions.catalogue import load, wrong_source
from solutions.corpora import attempts
from solutions.gallery import styles
from solutions.tests.naming import exercise_called

CERTAIN = (*BY_TRAINING, *BY_LAYER, *BY_WINDOW)

SOFTMAX = """def softmax_cross_entropy(Z, labels):
    m, n = Z.shape
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    exps = np.exp(shifted)
    total = np.sum(exps, axis=1, keepdims=True)
    P = exps / total
    Y = np.eye(n)[labels]
    log_P = shifted - np.log(total)
    loss = -np.sum(Y * log_P) / m
    dZ = (P - Y) / m
    return loss, dZ
"""

CHECK = """def gradient_check(f, x, dx, dZ, h=1e-5):
    numeric = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        change = f(x + step) - f(x - step)
        numeric[place] = np.sum(dZ * change) / (2 * h)
    above = np.linalg.norm(numeric - dx)
    error = above / (np.linalg.norm(numeric) + np.linalg.norm(dx))
    return numeric, error
"""

LOOPED = """def softmax_cross_entropy(Z, labels):
    m, n = Z.shape
    dZ = np.zeros((m, n))
    total = 0.0
    for i in range(m):
        best = Z[i, 0]
        for k in range(n):
            if Z[i, k] > best:
                best = Z[i, k]
        exps = np.exp(Z[i] - best)
        total += np.log(exps.sum()) - Z[i, labels[i]] + best
        dZ[i] = exps / exps.sum() / m
        dZ[i, labels[i]] -= 1 / m
    return total / m, dZ
"""

COL2IM = """def col2im(columns, shape, f, stride):
    m, n_H_prev, n_W_prev, n_C = shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    six = columns.reshape(m, n_H, n_W, f, f, n_C)
    X = np.zeros(shape)
    for u in range(f):
        for v in range(f):
            X[:, u:u + stride * n_H:stride, v:v + stride * n_W:stride, :] += six[:, :, :, u, v, :]
    return X
"""

VIEW = """def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    view = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    A = view.max(axis=(4, 5)) if mode == "max" else np.mean(view, axis=(-2, -1))
    return A, (A_prev, hparameters)
"""

WINDOW = """def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            top, left = h * stride, w * stride
            window = A_prev[:, top:top + f, left:left + f, :]
            largest = window.max(axis=(1, 2), keepdims=True)
            share = window == largest if mode == "max" else np.full(window.shape, 1 / f**2)
            for i in range(dA.shape[0]):
                for c in range(dA.shape[3]):
                    stamp = share[i, :, :, c] * dA[i, h, w, c]
                    dA_prev[i, top:top + f, left:left + f, c] += stamp
    return dA_prev
"""

BORDER = """def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros(larger)
    X_pad[:, pad:pad + n_H, pad:pad + n_W, :] = X
    return X_pad
"""

WHOLE = """def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = ((n - f) // stride + 1 for n in A_prev.shape[1:3])
    A = np.zeros((A_prev.shape[0], n_H, n_W, A_prev.shape[3]))
    for h in range(n_H):
        for w in range(n_W):
            top, left = h * stride, w * stride
            window = A_prev[:, top:top + f, left:left + f, :]
            if mode == "max":
                A[:, h, w, :] = window.max(axis=(1, 2))
            else:
                A[:, h, w, :] = window.mean(axis=(1, 2))
    return A, (A_prev, hparameters)
"""

CHANNELS = """def zero_pad(X, pad):
    images = []
    for image in X:
        channels = []
        for k in range(X.shape[3]):
            channels.append(np.pad(image[:, :, k], pad))
        images.append(np.stack(channels, axis=-1))
    return np.array(images)
"""

STEP = """def conv_single_step(a_slice_prev, W, b):
    Z = 0.0
    for c in range(W.shape[2]):
        Z += np.sum(a_slice_prev[:, :, c] * W[:, :, c])
    return Z + b.item()
"""

DENSE = """def dense_forward(A_prev, W, b):
    Z = np.zeros((A_prev.shape[0], W.shape[1]))
    for i in range(A_prev.shape[0]):
        for k in range(W.shape[1]):
            Z[i, k] = np.sum(A_prev[i] * W[:, k]) + b[0, k]
    return Z, (A_prev, W, b)
"""

FLATTEN = """def flatten(A):
    A_flat = A.reshape(A.shape[0], -1)
    return A_flat
"""

SEARCH = """        top = 0
        for e in exps:
            top = max(top, e)
"""

LABELS = [
    ("loss = -np.sum(Y * log_P) / m", "loss = -np.sum(labels * log_P) / m"),
    ("dZ = (P - Y) / m", "dZ = (P - labels.reshape(m, 1)) / m"),
]
EDITS = [
    (SOFTMAX, {"labels_as_numbers"}, LABELS),
    (SOFTMAX, {"labels_as_numbers"}, [(" - Y)", " - labels[:, np.newaxis])")]),
    (SOFTMAX, {"max_of_all_rows"}, [("np.max(Z, axis=1, keepdims=True)", "np.max(np.max(Z))")]),
    (SOFTMAX, {"max_over_examples"}, [("np.max(Z, axis=1", "np.max(Z, axis=0")]),
    (SOFTMAX, {"softmax_over_examples"}, [("np.sum(exps, axis=1", "np.sum(exps, axis=0")]),
    (SOFTMAX, {"classes_from_labels"}, [("np.eye(n)", "np.eye(labels.max() + 1)")]),
    (
        SOFTMAX,
        {"binary_cross_entropy", "dZ_sign"},
        [("Y * log_P", "Y * log_P + (1 - Y) * np.log(1 - P)"), ("P - Y", "Y - P")],
    ),
    (SOFTMAX, {"loss_sign"}, [("-np.sum", "np.sum")]),
    (SOFTMAX, {"loss_sign"}, [("-np.sum(Y * log_P) / m", "np.mean(log_P[np.arange(m), labels])")]),
    (LOOPED, {"maximum_from_zero"}, [("best = Z[i, 0]", "best = 0")]),
    (
        LOOPED,
        {"maximum_from_zero"},
        [
            ("best = Z[i, 0]", "best = 0"),
            ("if Z[i, k] > best:\n                best = Z[i, k]", "best = max(best, Z[i, k])"),
        ],
    ),
    (
        CHECK,
        {"all_entries_at_once", "error_by_entry"},
        [
            ("x + step", "x + h"),
            ("x - step", "x - h"),
            ("above /", "np.mean(np.abs(numeric - dx) /"),
            ("np.linalg.norm(numeric) + np.linalg.norm(dx)", "np.abs(numeric) + np.abs(dx))"),
        ],
    ),
    (
        CHECK,
        {"one_sided_difference", "error_squared"},
        [
            ("f(x - step)", "f(x)"),
            ("np.linalg.norm(numeric - dx)", "np.sum((numeric - dx) ** 2)"),
            (
                "np.linalg.norm(numeric) + np.linalg.norm(dx)",
                "np.sum(numeric ** 2) + np.sum(dx ** 2)",
            ),
        ],
    ),
    (CHECK, {"dZ_ignored"}, [("dZ * change", "change")]),
    (
        CHECK,
        {"another_norm"},
        [("np.linalg.norm(numeric - dx)", "np.max(np.abs(numeric - dx))")],
    ),
    (
        CHECK,
        {"same_point_twice"},
        [
            ("step = np.zeros(x.shape)", "up = x"),
            ("step[place] = h", "down = x; up[place] += h; down[place] -= h"),
            ("f(x + step) - f(x - step)", "f(up) - f(down)"),
        ],
    ),
    (COL2IM, {"overlap_overwritten"}, [("+=", "=")]),
    (COL2IM, {"channels_first"}, [("m, n_H_prev, n_W_prev, n_C = shape", "m, C, H, W = shape")]),
    (COL2IM, {"one_of_a_place"}, [("six[:, :, :, u, v, :]", "columns[:, :, :, u * f + v]")]),
    (DENSE, {"bias_along_first_axis"}, [("b[0, k]", "b[k]")]),
    (DENSE, {"bias_as_one_number"}, [("b[0, k]", "b.item()")]),
    (FLATTEN, {"numbers_in_another_order"}, [("-1)", "-1, order='F')")]),
    (FLATTEN, {"numbers_in_another_order"}, [("A.reshape", "np.moveaxis(A, -1, 1).reshape")]),
    (VIEW, {"positions_reduced"}, [("(4, 5)", "(1, 2)")]),
    (VIEW, {"positions_reduced"}, [("(-2, -1)", "(2, 1)")]),
    (
        VIEW,
        {"positions_reduced"},
        [("np.lib.stride_tricks.sliding_window_view", "swv"), ("(4, 5)", "(1, 2)")],
    ),
    (VIEW, {"stride_one_way"}, [("::stride, ::stride", ":, ::stride")]),
    (WINDOW, {"examples_reduced"}, [("axis=(1, 2)", "axis=0")]),
    (WHOLE, {"everything_reduced"}, [("window.max(axis=(1, 2))", "window.max()")]),
    (WHOLE, {"everything_reduced"}, [("window.mean(axis=(1, 2))", "np.mean(window)")]),
    (CHANNELS, {"stacked_in_front"}, [("(channels, axis=-1)", "(channels)")]),
    (WINDOW, {"examples_reduced"}, [("window.max(axis=(1, 2)", "np.max(window, (0, 1, 2)")]),
    (WINDOW, {"moves_by_window_size"}, [("h * stride, w * stride", "h * f, f * w")]),
    (
        WINDOW,
        {"window_is_stride"},
        [("[i, top:top + f, left:left + f, c]", "[i, top:top + stride, left:left + stride, c]")],
    ),
    (
        WINDOW,
        {"window_is_stride"},
        [
            ("f, stride = hparameters", "f, s, stride = hparameters"),
            ('hparameters["stride"]\n', 'hparameters["stride"], hparameters["stride"]\n'),
            ("[i, top:top + f, left:left + f, c]", "[i, top:top + s, left:left + s, c]"),
        ],
    ),
    (
        WINDOW,
        {"window_length"},
        [
            (
                "[:, top:top + f, left:left + f, :]",
                "[:, top:top + f * stride, left:left + stride * f]",
            )
        ],
    ),
    (
        WINDOW,
        {"settings_by_order"},
        [('hparameters["f"], hparameters["stride"]', "hparameters.values()")],
    ),
    (BORDER, {"result_too_small"}, [("larger", "X.shape")]),
    (BORDER, {"result_too_small"}, [("np.zeros(larger)", "np.zeros_like(X)")]),
    (WINDOW, {"counter_overwritten"}, [("largest =", "h =")]),
    (WINDOW, {"sorted_in_place"}, [("largest =", "window.sort(axis=1)\n            largest =")]),
    (STEP, {"bias_inside_sum"}, [("W[:, :, c])", "W[:, :, c]) + b.item()")]),
    (
        STEP,
        {"tensordot_without_axes"},
        [("return Z", "Z = np.sum(np.tensordot(a_slice_prev, W))\n    return Z")],
    ),
]


def certain(source, helpers=(), name=""):
    """Return which certain mistakes are named in a function of whose results nothing is known."""
    name = name or ast.parse(source).body[0].name
    exercise = exercise_called(name)
    asked = exercise.parameters, exercise.outputs
    evidence = Evidence("wrong", {}, source, (), None, *asked, 1, dict(helpers))
    return {each.name for each in CERTAIN if each.rule(evidence) is not None}


@pytest.mark.parametrize(("source", "names", "edits"), EDITS)
def test_what_a_line_proves_is_named(source, names, edits):
    """Is each mistake of the function named, and none in the function without it?"""
    assert certain(source) == set()
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    assert certain(source) == names


@pytest.mark.parametrize(
    ("source", "edits"),
    [
        (SOFTMAX, [("dZ = (P - Y) / m", "dZ = Y - P\n    dZ = -dZ / m")]),
        (SOFTMAX, [("loss = -np", "loss = np"), ("return loss", "return -loss")]),
        (SOFTMAX, [("m, n = Z.shape\n", "m, n = Z.shape\n    Z = Z - np.max(Z)\n")]),
        (SOFTMAX, [("(P - Y)", "(P - (np.arange(n) == labels[:, None]))")]),
        (LOOPED, [("        total +=", f"{SEARCH}        total +=")]),
        (
            CHECK,
            [("f(x + step) - f(x - step)", "(f(x + step) - f(x)) + (f(x) - f(x - step))")],
        ),
        (CHECK, [("step[place] = h", "x_plus = x; old = x[place]; x_plus[place] = old")]),
        (
            COL2IM,
            [("+= six", "= X[:, u:u + stride * n_H:stride, v:v + stride * n_W:stride] + six")],
        ),
        (DENSE, [("b[0, k]", "b[0][k]")]),
        (FLATTEN, [("A.reshape", "np.transpose(A, (0, 1, 2, 3)).reshape")]),
        (VIEW, [("view.max(axis=(4, 5))", "view.max(axis=(4, 5)).max(axis=(1, 2))")]),
        (VIEW, [("[:, ::stride, ::stride]", "[:, ::stride][:, :, ::stride]")]),
        (WINDOW, [("top, left = h * stride, w * stride", "top, left = h * stride, w * f")]),
        (WINDOW, [("largest =", "own = window.copy()\n            own.sort(axis=1); largest =")]),
        (STEP, [("W[:, :, c])", "W[:, :, c]) + b.item() / W.shape[2]"), ("Z + b.item()", "Z")]),
        (STEP, [("return Z", "Z = np.tensordot(a_slice_prev, W, 3)\n    return Z")]),
        (WHOLE, [("window.max(axis=(1, 2))", "np.max(window, axis=(1, 2))")]),
        (
            CHANNELS,
            [("return", "images = np.moveaxis(images, 1, -1)\n    return"), (", axis=-1", "")],
        ),
    ],
)
def test_what_is_correct_in_another_way_is_not_named(source, edits):
    """Is nothing proved of lines that only look like a mistake?"""
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    assert certain(source) == set()


def test_a_helper_is_read_where_it_is_called():
    """Is it named what a student's own small function does to the axes, the classes, the error?"""
    front = {"to_front": "def to_front(x):\n    return np.transpose(x, (0, 3, 1, 2))\n"}
    moved = FLATTEN.replace("A.reshape", "to_front(A).reshape")
    assert certain(moved, front) == {"numbers_in_another_order"}
    assert certain(moved, {"to_front": "def to_front(x):\n    return np.asarray(x)\n"}) == set()
    table = {"table": "def table(y):\n    return np.eye(y.max() + 1)[y]\n"}
    assert certain(SOFTMAX.replace("np.eye(n)[labels]", "table(labels)"), table) == {
        "classes_from_labels"
    }
    far = "np.max(np.abs(a - b)) / (np.max(np.abs(a)) + np.max(np.abs(b)))"
    error = {"far": f"def far(a, b):\n    return {far}\n"}
    looked = CHECK.replace(
        "above / (np.linalg.norm(numeric) + np.linalg.norm(dx))", "far(dx, numeric)"
    )
    assert certain(looked, error) == {"another_norm"}


def test_layers_are_read_too():
    """Are a mean in db, a stride in a call, four axes turned and a filter's index named?"""
    reference = {
        each: inspect.getsource(getattr(load(name).reference, each))
        for name in ASSIGNMENTS
        for each in ("conv_backward_fast", "conv_backward", "conv_forward_fast", "im2col")
        if hasattr(load(name).reference, each)
    }
    fast = reference["conv_backward_fast"]
    rows = "    columns = columns.reshape(-1, f * f * n_C_prev)\n"
    for source, old, new, name in (
        (fast, "np.sum(dZ_matrix", "np.mean(dZ_matrix", "db_mean"),
        (fast, rows, "", "all_axes_turned"),
        (fast, "im2col(A_prev_pad", "im2col(A_prev", "unpadded_input"),
        (reference["conv_backward"], "dW[:, :, :, c] +=", "dW +=", "filter_index_missing"),
        (reference["conv_forward_fast"], "b.reshape(n_C)", "b.item()", "bias_as_one_number"),
    ):
        assert old in source and certain(source) == set()
        assert certain(source.replace(old, new)) == {name}
    four = "((0, 0), (pad, pad), (pad, pad), (0, 0))"
    for width in ("pad", "(pad, pad)", 'hparameters["pad"]'):
        assert four in fast
        assert certain(fast.replace(four, width)) == {"pads_wrong_axes"}
    sizes = "f, _, n_C_prev, n_C = W.shape"
    for other in ("FN, C, FH, FW", "F, C, HH, WW", "n_C, n_C_prev, f_h, f_w"):
        forward = reference["conv_forward_fast"].replace(sizes, f"{other} = W.shape")
        assert certain(forward) == {"filters_first"}
    forward = reference["conv_forward_fast"].replace('    stride = hparameters["stride"]\n', "")
    assert certain(forward.replace("f, stride)", "f, 1)")) == {"stride_hard_coded"}


@pytest.mark.slow
def test_nothing_is_proved_of_a_correct_function():
    """Do correct functions, in every style, hold none of these mistakes?"""
    for assignment in ASSIGNMENTS:
        for functions in styles(assignment).values():
            for name, source in functions.items():
                assert certain(source, name=name) == set(), source
    for function in attempts.RIGHT:
        name = attempts.exercise_of(function)
        source = inspect.getsource(function).replace(function.__name__, name)
        assert certain(source.removeprefix("@right\n"), name=name) == set(), source


BOTH = {
    ("db_shape", "averaged_over_batch"),
    ("softmax_over_everything", "max_of_all_rows"),
    ("steps_accumulate", "one_sided_difference"),
    ("all_entries_at_once", "one_sided_difference"),
    ("sum_missing", "one_sided_difference"),
    ("unpadded_input", "put_back_unpadded"),
    ("f_and_stride_swapped", "arguments_in_each_others_place"),
}
"""Mistakes of the catalogue whose patch makes another one, too, and what that is."""


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nothing_else_is_proved_of_a_known_mistake(assignment):
    """Is, of each wrong function of the catalogue, only that proved which is its mistake?"""
    catalogue = load(assignment)
    for each in catalogue.misconceptions:
        source = wrong_source(catalogue.reference, [each])
        others = certain(source, name=each.exercise) - {each.cause}
        assert {(each.cause, other) for other in others} <= BOTH, source


HELPED = """def out_size(n, f, stride):
    return (n - f + 1) // stride


def im2col(X, f, stride):
    n_H = out_size(X.shape[1], f, stride)
    return n_H
"""


@pytest.mark.parametrize(
    ("cause", "numbers", "found"),
    [
        ("im2col/output_size", (2,), ("out_size", 2)),
        ("im2col/output_size", (3,), None),
        ("im2col/channel_not_last", (2,), None),
    ],
)
def test_the_line_of_a_helper_is_found(cause, numbers, found):
    """Is the helper's line meant where a line only calls it, and the mistake is of its kind?"""
    helper, _, source = HELPED.partition("\n\n\n")
    evidence = Evidence("wrong", {}, source, helpers={"out_size": helper})
    assert in_helper(cause, numbers, evidence) == found
    worked_out = source.replace("out_size(X.shape[1], f, stride)", "out_size(1, f, 1) // stride")
    evidence = Evidence("wrong", {}, worked_out, helpers={"out_size": helper})
    assert in_helper(cause, numbers, evidence) is None


@pytest.mark.slow
def test_check_points_into_a_helper(tmp_path):
    """Does `autograder check` show the helper's line, and its text in the sentence?"""
    functions = load("convnet_application").reference
    im2col = inspect.getsource(functions.im2col)
    for side in ("H", "W"):
        old = f"n_{side} = (n_{side}_prev - f) // stride + 1"
        assert old in im2col
        im2col = im2col.replace(old, f"n_{side} = out_size(n_{side}_prev, f, stride)")
    file = tmp_path / "helped.py"
    file.write_text(f"import numpy as np\n\n{HELPED.partition('def im2col')[0]}{im2col}")
    (verdict,) = check_files([file], 1, "convnet_application", finish=explained)
    found = next(each for each in verdict.exercises if each.name == "im2col")
    assert [(line.line, line.text) for line in found.lines] == [(4, "return (n - f + 1) // stride")]
    assert "return (n - f + 1) // stride" in found.where[ENGLISH]
