"""Are mistakes named, and their lines shown, that a set of functions showed which nobody knew?"""

import ast
import contextlib
import inspect
import linecache

import numpy as np
import pytest

import public_tests
from autograder.grading.helpers import without_result_of
from autograder.grading.single_files import check_files
from autograder.repairing.naming import changes_of, named
from checks import notebook
from checks.diagnosis import Cause
from checks.evidence import Evidence
from checks.lines.places import NOWHERE, with_lines
from checks.model import Failure, Observation
from checks.text import ENGLISH, LANGUAGES, Text
from solutions.cnn_step_by_step import reference
from solutions.tests.naming import exercise_called, said_of

SIZE = "def size(n, f, stride, pad=0):\n    return (n - f + 2 * pad) // stride{end}\n\n\n"
BOTH = """def sizes(shape, f, stride):
    rows, columns = shape[1] - f, shape[2] - f
    return rows // stride{end}, columns // stride{end}


"""
COLUMNS = """
def conv_forward(A_prev, W, b, hparameters):
    f, _, _, K = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    P = zero_pad(A_prev, pad)
    n_H, n_W = (P.shape[1] - f) // stride + 1, (P.shape[2] - f) // stride + 1
    rows = [
        P[i, y * stride : y * stride + f, x * stride : x * stride + f].ravel()
        for i in range(len(P)) for y in range(n_H) for x in range(n_W)
    ]
    Z = np.array(rows) @ {matrix} + b.reshape(1, -1)
    return Z.reshape(len(P), n_H, n_W, K), (A_prev, W, b, hparameters)
"""
LOOPS = """
def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, nHp, nWp, _ = A_prev.shape
    {shape} = W.shape
    P = zero_pad(A_prev, pad)
    Z = np.zeros((m, (nHp + 2 * pad - f) // stride + 1, (nWp + 2 * pad - f) // stride + 1, nC))
    for i in range(m):
        for c in range(nC):
            top = h = 0
            while top + f <= {rows}:
                left = w = 0
                while left + f <= {columns}:
                    window = P[i, top : top + f, left : left + f]
                    Z[i, h, w, c] = conv_single_step(window, W[..., c], b[..., c])
                    left, w = left + stride, w + 1
                top, h = top + stride, h + 1
    return Z, (A_prev, W, b, hparameters)
"""
PUT_BACK = """
def back(stamps, shape, f, stride):
    X = np.zeros(shape)
    for h in range(stamps.shape[1]):
        for w in range(stamps.shape[2]):
            X[:, h * stride : h * stride + f, w * stride : w * stride + f] {sign} stamps[:, h, w]
    return X


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f, stride, p = W.shape[0], hparameters["stride"], hparameters["pad"]
    P = zero_pad(A_prev, p)
    dW = np.zeros(W.shape)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            window = P[:, h * stride : h * stride + f, w * stride : w * stride + f]
            dW += np.einsum("nuvk,nc->uvkc", window, dZ[:, h, w])
    dP = back(np.einsum("nhwc,uvkc->nhwuvk", dZ, W), P.shape, f, stride)
    db = dZ.sum(axis=(0, 1, 2), keepdims=True)
    return dP[:, p : p + A_prev.shape[1], p : p + A_prev.shape[2]], dW, db
"""
REPEATED = """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    up = np.repeat(np.repeat(dA, f, axis=1), f, axis=2)
    if mode == "average":
        return up / (f * f)
    A, _ = pool_forward(A_prev, hparameters, mode)
    return up * (A_prev == np.repeat(np.repeat(A, f, axis=1), f, axis=2))
"""
COPIED = """
def zero_pad(X, pad):
    m, nH, nW, nC = X.shape
    X_pad = np.zeros((m, nH + 2 * pad, nW + 2 * pad, nC))
    for r in range(pad, {rows}):
        for q in range(pad, {columns}):
            X_pad[:, r, q, :] = X[:, r - pad, q - pad, :]
    return X_pad
"""


def _patched(name, *edits):
    source = inspect.getsource(getattr(reference, name))
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return source


def _with_size(name, end):
    pad, named = (", pad", ", pad=pad") if name == "conv_forward" else ("", "")
    taken = "- f + 2 * pad" if pad else "- f"
    return SIZE.format(end=end) + _patched(
        name,
        (f"(n_H_prev {taken}) // stride + 1", f"size(n_H_prev, f, stride{pad})"),
        (f"(n_W_prev {taken}) // stride + 1", f"size(n_W_prev, stride=stride, f=f{named})"),
    )


def _with_sizes(end):
    return BOTH.format(end=end) + _patched(
        "pool_forward",
        ("    n_H = (n_H_prev - f) // stride + 1\n", ""),
        ("n_W = (n_W_prev - f) // stride + 1", "n_H, n_W = sizes(A_prev.shape, f, stride)"),
    )


def _mask_of_channel(part):
    return _patched(
        "pool_backward",
        ("(a_prev_slice)", f"(A_prev[i, :, :, c]){part}"),
    )


WINDOW = "[vert_start:vert_end, horiz_start:horiz_end]"

FRESH = {
    "size": ("conv_forward", "size_one_missing", _with_size("conv_forward", "")),
    "size pool": ("pool_forward", "size_one_missing", _with_size("pool_forward", "")),
    "size stride": ("pool_forward", "size_one_twice", _with_size("pool_forward", " + 2")),
    "sizes": ("pool_forward", "size_one_missing", _with_sizes("")),
    "matrix": ("conv_forward", "W_mixed_up", COLUMNS.format(matrix="W.reshape(K, -1).T")),
    "while": (
        "conv_forward",
        "positions_without_padding",
        LOOPS.format(shape="f, _, _, nC", rows="nHp", columns="nWp"),
    ),
    "put back": ("conv_backward", "dA_overwritten", PUT_BACK.format(sign="=")),
    "repeated": ("pool_backward", "blocks_for_windows", REPEATED),
    "copied": ("zero_pad", "image_cut_off", COPIED.format(rows="nH", columns="nW")),
    "mask": ("pool_backward", "mask_of_whole_image", _mask_of_channel(WINDOW)),
    "order": (
        "conv_forward",
        "channels_first",
        LOOPS.format(shape="nC, _, f, _", rows="P.shape[1]", columns="P.shape[2]"),
    ),
}
CORRECT = {
    "size": ("conv_forward", _with_size("conv_forward", " + 1")),
    "size pool": ("pool_forward", _with_size("pool_forward", " + 1")),
    "sizes": ("pool_forward", _with_sizes(" + 1")),
    "matrix": ("conv_forward", COLUMNS.format(matrix="W.reshape(-1, K)")),
    "while": (
        "conv_forward",
        LOOPS.format(shape="f, _, _, nC", rows="P.shape[1]", columns="P.shape[2]"),
    ),
    "put back": ("conv_backward", PUT_BACK.format(sign="+=")),
    "copied": ("zero_pad", COPIED.format(rows="nH + pad", columns="nW + pad")),
}


@pytest.mark.parametrize("kind", FRESH)
def test_a_mistake_is_named_in_whatever_style(kind):
    """Is the mistake named, and nothing beside it?"""
    name, cause, source = FRESH[kind]
    status, causes = said_of(name, source)
    assert status in ("wrong", "error")
    assert causes == {cause}


@pytest.mark.parametrize("kind", CORRECT)
def test_the_same_code_without_the_mistake_is_correct(kind):
    """Is it the mistake that is named, and not the style?"""
    assert said_of(*CORRECT[kind]) == ("right", set())


@pytest.mark.parametrize(
    ("name", "source", "cause"),
    [
        # The helper is right; what is wrong is what it is given.
        (
            "conv_forward",
            _with_size("conv_forward", " + 1").replace("f, stride, pad)", "f, pad + 1, pad)"),
            "size_one_missing",
        ),
        # The repeated numbers are put where the windows are; the share is wrong.
        (
            "pool_backward",
            _patched(
                "pool_backward",
                ("a = dis", "a = np.repeat(np.repeat(dA, f, axis=1), f, axis=2) * 0\n@a = dis"),
                ("(da, (f, f))", "(2 * da, (f, f))"),
            ).replace("@", " " * 24),
            "blocks_for_windows",
        ),
        # The names are usual ones, in the order of W.
        (
            "conv_forward",
            _patched("conv_forward", ("+ 2 * pad", "+ pad")),
            "channels_first",
        ),
    ],
)
def test_what_only_looks_alike_is_not_named(name, source, cause):
    """Is a wrong function not told a mistake that it does not have?"""
    status, causes = said_of(name, source)
    assert status in ("wrong", "error")
    assert cause not in causes


LINES = {
    "loops_over_input": (
        "pool_backward",
        _patched("pool_backward", ("range(n_H)", "range(A_prev.shape[1])")),
        ["for h in range(A_prev.shape[1]):"],
    ),
    "always_average": (
        "pool_forward",
        _patched(
            "pool_forward",
            (
                '                    elif mode == "average":\n    ',
                "",
            ),
        ),
        ["A[i, h, w, c] = np.mean(a_prev_slice)"],
    ),
    "height_width_swapped_slice": (
        "pool_forward",
        _patched(
            "pool_forward",
            ("vert_start:vert_end, horiz_start:horiz_end", "x0:x0 + f, y0:y0 + f"),
        ),
        ["a_prev_slice = a_prev[x0:x0 + f, y0:y0 + f, c]"],
    ),
    "mean_instead_of_sum": (
        "conv_single_step",
        _patched("conv_single_step", ("np.sum", "np.mean")),
        ["Z = np.mean(s) + np.asarray(b).item()"],
    ),
    "not_scalar": (
        "conv_single_step",
        _patched("conv_single_step", ("np.sum(s) + np.asarray(b).item()", "np.sum(s)\n    Z += b")),
        ["Z += b"],
    ),
    "result_channels_first": (
        "conv_forward",
        _patched("conv_forward", ("(m, n_H, n_W, n_C)", "(m, n_C, n_H, n_W)")),
        ["Z = np.zeros((m, n_C, n_H, n_W))", "Z[i, h, w, c] = conv_single_step("],
    ),
    "divides_by_height_squared": (
        "distribute_value",
        "def distribute_value(dz, shape):\n    n = shape[0] ** 2\n    return np.ones(shape) / n\n",
        ["n = shape[0] ** 2"],
    ),
    "crop_at_corner": (
        "conv_backward",
        _patched("conv_backward", ("[pad : pad + n_H_prev, pad : pad + n_W_prev, :]", "[0:a, :b]")),
        ["dA_prev[i] = da_prev_pad[0:a, :b]"],
    ),
    "filter_flipped": (
        "conv_backward",
        _patched("conv_backward", (":] += W[:, :, :, c]", ":] += np.flip(W, (0, 1))[..., c]")),
        ["da_prev_pad[vert_start:vert_end"],
    ),
    "W_mixed_up": (
        "conv_forward",
        COLUMNS.format(matrix="W.reshape(K, -1).T"),
        ["Z = np.array(rows) @ W.reshape(K, -1).T"],
    ),
    "dA_overwritten": (
        "conv_backward",
        PUT_BACK.format(sign="="),
        ["dP = back("],
    ),
    "positions_without_padding": (
        "conv_forward",
        LOOPS.format(shape="f, _, _, nC", rows="nHp", columns="nWp"),
        ["while top + f <= nHp:", "while left + f <= nWp:"],
    ),
}


@pytest.mark.parametrize("cause", LINES)
def test_the_name_of_a_mistake_finds_its_lines(cause):
    """Are the lines shown that carry a mistake, where no known function is written like this?"""
    name, source, meant = LINES[cause]
    exercise = exercise_called(name)
    tree = ast.parse(source.strip())
    texts = {n.name: ast.get_source_segment(source.strip(), n) or "" for n in tree.body}
    own = texts.pop(name)
    asked = exercise.parameters, exercise.outputs
    evidence = Evidence("wrong", {}, own, (), None, *asked, helpers=texts)
    told = Cause(f"{name}/{cause}", Text("", ""), Text("", ""))
    lines = with_lines(told, None, evidence, lambda: NOWHERE).lines
    shown = [own.split("\n")[line - 1].strip() for line in lines]
    assert len(shown) == len(meant)
    assert all(text.startswith(start) for text, start in zip(shown, meant, strict=True))


@pytest.mark.parametrize(("end", "causes"), [("", ["size_one_missing"]), (" + 1", [])])
def test_a_notebook_reads_the_helper_that_a_cell_defines(end, causes, monkeypatch):
    """Is a helper's wrong formula named in the notebook, and a correct one not?"""
    source = _with_size("pool_forward", end)
    file = f"<cell of sizes{end}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    space = {"np": np, "__name__": "__main__"}
    exec(compile(source, file, "exec"), space)
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    with contextlib.suppress(public_tests.CheckFailed):
        public_tests.check(space["pool_forward"])
    assert [c.id for c in shown[0].causes] == [f"pool_forward/{name}" for name in causes]


CROP = "def f(x, n, k):\n    y[i, :, :] = x[p:p + {first}, p:p + {second}, :]\n    return y\n"


def test_a_repair_tells_which_of_two_equal_names_is_wrong():
    """Is it said which one is meant, in every language, and not where all are changed?"""
    wrong = CROP.format(first="k", second="k")
    (one,) = named(changes_of(wrong, CROP.format(first="n", second="k")))
    assert one.message[ENGLISH].endswith("`k` stands there 2 times: number 1 is meant.")
    assert all("2" in one.message[language] for language in LANGUAGES)
    (both,) = named(changes_of(wrong, CROP.format(first="n", second="n")))
    assert "stands there" not in both.message[ENGLISH]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        # Either of the two may be meant.
        ("    s = a * a\n", "    s = a * W\n"),
        # What a loop runs is no part of its head.
        ("    for h in range(1, n):\n        s += 1\n", "    for h in range(n):\n        s += 1\n"),
    ],
)
def test_no_occurrence_is_told_that_is_not_the_only_one(wrong, right):
    """Is a number of an occurrence told only where it is sure?"""
    before, after = (f"def f(a, W, n):\n{body}    return s\n" for body in (wrong, right))
    assert all("times" not in one.message[ENGLISH] for one in named(changes_of(before, after)))


def test_whole_axes_at_the_end_of_an_index_are_no_mistake():
    """Is `y[i, :, :]` not blamed where a repair writes `y[i]`?"""
    wrong = CROP.format(first="k", second="k")
    right = CROP.format(first="n", second="k").replace("y[i, :, :]", "y[i]")
    assert [change.kind for change in changes_of(wrong, right)] == ["operand"]


def test_a_shape_in_another_order_is_no_transposed_array():
    """Is a shape that is unpacked in the wrong order called that?"""
    wrong = "def f(W):\n    c, _, k, _ = W.shape\n    return k * c\n"
    (change,) = changes_of(wrong, wrong.replace("W.shape", "W.T.shape"))
    assert change.kind == "unpacked"


def _stored(line, message):
    return Observation("error", None, Failure("ValueError", message, 5, line, "conv_forward"))


@pytest.mark.parametrize(
    ("line", "message", "is_kept"),
    [
        ("Z[i] = conv_single_step(a, w, b)", "setting an array element with a sequence.", False),
        ("Z[i] = np.sum(a * w) + b", "setting an array element with a sequence.", True),
        ("Z[i] = conv_single_step(a, w, b)", "operands could not be broadcast together", True),
    ],
)
def test_what_a_wrong_helper_returns_is_its_own_mistake(line, message, is_kept):
    """Is only that left out which a wrong helper's result has caused?"""
    seen = without_result_of(_stored(line, message), {"conv_single_step"})
    assert (seen.failure is not None) == is_kept
    assert without_result_of(_stored(line, message), set()).failure is not None


@pytest.mark.slow
def test_a_wrong_helper_is_no_mistake_of_its_caller(tmp_path):
    """Is a function not blamed for the array that the student's own helper returns?"""
    path = tmp_path / "work.py"
    step = _patched("conv_single_step", ("np.asarray(b).item()", "b"), ("* W", "+ W"))
    forward = _patched(
        "conv_forward",
        ("A_prev_pad[i]", "A_prev_pad[0]"),
        ("horiz_end = horiz_start", "horiz_end = vert_start"),
        ("    if n_H < 1 or n_W < 1:\n", "    if False:\n"),
    )
    pad = _patched("zero_pad", ("return X_pad", "return X"))
    path.write_text("\n\n".join(["import numpy as np\n", pad, step, forward]), "utf-8")
    (verdict,) = check_files([path], seed=1)
    said = next(e for e in verdict.exercises if e.name == "conv_forward")
    causes = {cause.id.partition("/")[2] for cause in said.diagnosis}
    assert said.status == "error" and "window_array_in_cell" not in causes
