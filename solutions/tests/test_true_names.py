"""Is what is said of a wrong function true, and is its line the one that carries the mistake?"""

from functools import partial

import pytest

from autograder.grading.single_files import check_files
from autograder.model import CauseVerdict, Line
from autograder.repairing.chance import without_chance
from autograder.repairing.explain import explained
from autograder.repairing.naming import changes_of
from autograder.repairing.search import ChangedLine
from autograder.repairing.sure import Change
from checks.code_rules import starts_at_one
from checks.evidence import AT, Evidence
from checks.exception_rules import integer_needed, pieces_differ
from checks.lines.carriers import carrying
from checks.model import Failure, Observation
from checks.rules.certain.gradients import filters_in_other_order, gradient_unpadded
from checks.rules.lost import another_returned
from checks.rules.mistaken import kept_between_calls, never_called, works_in_place
from checks.student_source import names_assigned
from checks.text import Text
from solutions.cnn_step_by_step import reference as first
from solutions.convnet_application import reference as second
from solutions.tests.naming import exercise_called, patched, said_of

BACKWARD = partial(patched, first, "conv_backward")
FORWARD = partial(patched, first, "conv_forward")
LOOP = " " * 20
HELPED = """
def trio(dA, Z, conv, pool, conv_backward, pool_backward):
    {order}
    return conv_backward(dR, conv)


def network_backward(dlogits, memory, conv_backward, pool_backward):
    Z1, conv1, pool1, Z2, conv2, pool2, A2, dense = memory
    rows, dW3, db3 = dense_backward(dlogits, dense)
    dA1, dW2, db2 = trio(rows.reshape(A2.shape), Z2, conv2, pool2, conv_backward, pool_backward)
    _, dW1, db1 = trio(dA1, Z1, conv1, pool1, conv_backward, pool_backward)
    return dW1, db1, dW2, db2, dW3, db3
"""
MISPLACED = "dR = pool_backward(relu_backward(dA, Z), pool)"
IN_ORDER = "dR = relu_backward(pool_backward(dA, pool), Z)"

ALL_CHANNELS = """def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    rows, columns = ((n - f) // s + 1 for n in A_prev.shape[1:3])
    A = np.zeros((len(A_prev), rows, columns, A_prev.shape[3]))
    for i, h, w in np.ndindex(A.shape[:3]):
        window = A_prev[i, h * s : h * s + f, w * s : w * s + f, :]
        A[i, h, w] = window.max(axis=(0, 1)) if mode == "max" else {average}
    return A, (A_prev, hparameters)
"""

SAID = {
    "one mode over all axes": (
        "pool_forward",
        ALL_CHANNELS.format(average="np.mean(window)"),
        {"axes_in_one_mode"},
    ),
    "rows of m numbers": (
        "flatten",
        "def flatten(A):\n    return A.reshape(-1, A.shape[0])\n",
        {"rows_of_m"},
    ),
    "rows of several examples": (
        "flatten",
        "def flatten(A):\n    return A.reshape(-1, A.shape[0]).T\n",
        {"examples_mixed"},
    ),
    "put back without a border": (
        "conv_backward_fast",
        patched(second, "conv_backward_fast", ("A_prev_pad.shape", "A_prev.shape")),
        {"put_back_unpadded"},
    ),
    "steps over the input": (
        "pool_forward",
        patched(
            first,
            "pool_forward",
            ("range(n_H)", "range(0, n_H_prev, stride)"),
            ("range(n_W)", "range(0, n_W_prev, stride)"),
        ),
        {"loop_over_input"},
    ),
    "db never added": (
        "conv_backward",
        BACKWARD((f"{LOOP}db[:, :, :, c] += dz\n", "")),
        {"db_stays_zero"},
    ),
    "dW never added": (
        "conv_backward",
        BACKWARD((f"{LOOP}dW[:, :, :, c] += a_slice * dz\n", "")),
        {"dW_stays_zero"},
    ),
    "no last example": (
        "conv_backward",
        BACKWARD(("for i in range(m):", "for i in range(m - 1):")),
        {"example_missing"},
    ),
    "dA_prev without a border": (
        "conv_backward",
        BACKWARD(
            (
                "da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] +=",
                "dA_prev[i, vert_start:vert_end, horiz_start:horiz_end] +=",
            ),
            ("        da_prev_pad = dA_prev_pad[i]\n", ""),
            ("    dA_prev_pad = zero_pad(dA_prev, pad)\n", ""),
            (
                "        dA_prev[i] = da_prev_pad[pad : pad + n_H_prev, pad : pad + n_W_prev, :]\n",
                "",
            ),
        ),
        {"gradient_unpadded"},
    ),
    "another name returned": (
        "conv_single_step",
        "def conv_single_step(a_slice_prev, W, b):\n    parts = a_slice_prev * W\n"
        "    total = parts.sum()\n    total = total + b.item()\n    return parts\n",
        {"another_returned"},
    ),
    "a mask on one side": (
        "relu_backward",
        "def relu_backward(dA, Z):\n    given = np.zeros(Z.shape)\n    given[Z > 0.0] = dA\n"
        "    return given\n",
        {"mask_on_one_side"},
    ),
    "dZ turned in dW": (
        "conv_backward",
        BACKWARD(("+= a_slice * dz", "+= a_slice * dZ[i, w, h, c]")),
        {"dZ_indices_swapped"},
    ),
    "window turned": (
        "conv_backward",
        BACKWARD(
            (
                "a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]",
                "a_prev_pad[horiz_start:horiz_end, vert_start:vert_end, :]",
            )
        ),
        {"height_width_swapped_slice"},
    ),
    "size with a type": (
        "conv_forward",
        FORWARD(
            ("n_H = (n_H_prev - f + 2 * pad)", "n_H: int = (n_H_prev - f + pad)"),
            ("n_W = (n_W_prev - f + 2 * pad)", "n_W: int = (n_W_prev - f + pad)"),
        ),
        {"size_pad_once"},
    ),
    "size before padding": (
        "conv_forward",
        FORWARD(
            ("A_prev_pad", "A_prev"),
            ("f + 2 * pad) // stride + 1", "f + 2 * pad) // stride"),
        ),
        {"size_one_missing", "cache_name_rebound"},
    ),
    "size after padding": (
        "conv_forward",
        FORWARD(
            ("    m, n_H_prev, n_W_prev, _ = A_prev.shape\n", ""),
            (
                '    pad = hparameters["pad"]\n',
                '    pad = hparameters["pad"]\n    whole = A_prev\n'
                "    A_prev = zero_pad(A_prev, pad)\n    m, n_H_prev, n_W_prev, _ = A_prev.shape\n",
            ),
            ("A_prev_pad = zero_pad(A_prev, pad)", "A_prev_pad = A_prev"),
            ("cache = (A_prev,", "cache = (whole,"),
        ),
        {"size_pad_twice"},
    ),
    "sides read across": (
        "conv_forward",
        FORWARD(
            ("m, n_H_prev, n_W_prev, _ =", "m, breit, hoch, _ ="),
            ("n_H_prev - f", "hoch - f"),
            ("n_W_prev - f", "breit - f"),
        ),
        {"height_width_swapped_loops"},
    ),
    "another library's word": (
        "create_mask_from_window",
        "def create_mask_from_window(x):\n    return x == np.max(x, dim=None)\n",
        {"unknown_keyword"},
    ),
    "another word for a mode": (
        "pool_forward",
        "def pool_forward(A_prev, hparameters, mode='max'):\n"
        "    table = {'max': np.max, 'mean': np.mean}\n"
        "    f, s = hparameters['f'], hparameters['stride']\n"
        "    rows = range(0, A_prev.shape[1] - f + 1, s)\n"
        "    columns = range(0, A_prev.shape[2] - f + 1, s)\n"
        "    A = np.zeros((len(A_prev), len(rows), len(columns), A_prev.shape[3]))\n"
        "    for h, top in enumerate(rows):\n"
        "        for w, left in enumerate(columns):\n"
        "            window = A_prev[:, top:top + f, left:left + f]\n"
        "            A[:, h, w] = table[mode](window, axis=(1, 2))\n"
        "    return A, (A_prev, hparameters)\n",
        {"mode_key"},
    ),
    "pieces that differ": (
        "zero_pad",
        "def zero_pad(X, pad):\n"
        "    m, n_H, n_W, n_C = X.shape\n"
        "    side = np.zeros((m, n_H, pad, n_C))\n"
        "    X = np.concatenate((side, X, side), axis=2)\n"
        "    edge = np.zeros((m, pad, n_W, n_C))\n"
        "    return np.concatenate((edge, X, edge), axis=1)\n",
        {"pieces_differ"},
    ),
    "fill": (
        "distribute_value",
        "def distribute_value(dz, shape):\n"
        "    a = np.zeros(shape).fill(dz / (shape[0] * shape[1]))\n    return a\n",
        {"works_in_place"},
    ),
    "nothing returned": (
        "distribute_value",
        "def distribute_value(dz, shape):\n    a = np.zeros(shape)\n"
        "    a.fill(dz / (shape[0] * shape[1]))\n",
        {"nothing_returned"},
    ),
    "a batch cropped too far on both sides": (
        "conv_backward",
        BACKWARD(
            (
                "        dA_prev[i] = da_prev_pad[pad : pad + n_H_prev, pad : pad + n_W_prev, :]\n",
                "",
            ),
            (
                "    return dA_prev, dW, db",
                "    dA_prev[:] = dA_prev_pad[:, pad:n_H_prev, pad:n_W_prev, :]\n"
                "    return dA_prev, dW, db",
            ),
        ),
        set(),
    ),
    "an array made of x before": (
        "create_mask_from_window",
        "def create_mask_from_window(x):\n    x = np.array(x)\n    return np.max(x)\n",
        {"returns_maximum"},
    ),
}


@pytest.mark.parametrize(
    ("rule", "name", "edits"),
    [
        (
            gradient_unpadded,
            "conv_backward",
            [
                ("dA_prev = np.zeros(A_prev.shape)", "dA_prev = np.zeros(A_prev_pad.shape)"),
                ("    dA_prev_pad = zero_pad(dA_prev, pad)\n", ""),
                ("da_prev_pad[vert", "dA_prev[i, vert"),
            ],
        ),
        (another_returned, "zero_pad", [("return X_pad", "return x_pad")]),
        (another_returned, "zero_pad", [("    return X_pad", "    n = 2 * pad\n    return X_pad")]),
        (
            another_returned,
            "zero_pad",
            [("    return X_pad", "    n = X_pad * 2\n    kept = n\n    return X_pad")],
        ),
    ],
)
def test_what_has_its_border_or_stands_beside_is_not_blamed(rule, name, edits):
    """Is nothing said of a gradient that has a border, or of a line beside what is returned?"""
    exercise = exercise_called(name)
    evidence = Evidence(
        "wrong",
        {},
        patched(first, name, *edits),
        parameters=(*exercise.parameters, "dZ"),
        outputs=exercise.outputs,
    )
    assert rule(evidence) is None


@pytest.mark.parametrize("kind", SAID)
def test_the_true_name_is_said_alone(kind):
    """Is nothing untrue said beside the mistake, and the mistake where it is the true one?"""
    name, source, causes = SAID[kind]
    status, said = said_of(name, source)
    assert status in ("wrong", "error")
    assert said == causes


def test_a_mask_that_is_not_used_is_one_mistake():
    """Is it named once that dA is multiplied by the windows in place of the mask?"""
    source = patched(second, "pool_backward_fast", ("mask * dA", "windows * dA"))
    assert said_of("pool_backward_fast", source) == ("wrong", {"mask_times_input"})


def test_no_pooling_is_missing_that_a_helper_undoes():
    """Is the order of layers in a helper not told as a layer that is left out?"""
    status, said = said_of("network_backward", HELPED.format(order=MISPLACED))
    assert status in ("wrong", "error") and "pooling_skipped" not in said
    assert said_of("network_backward", HELPED.format(order=IN_ORDER)) == ("right", set())
    skipped = patched(second, "network_backward", ("pool_backward(dA2, pool2)", "dA2"))
    assert "pooling_skipped" in said_of("network_backward", skipped)[1]


SEARCH = """def softmax_cross_entropy(Z, labels):
    m = Z.shape[0]
    n = Z.shape[1]
    for i in range(m):
        best = {start}
        for k in range(1, n):
            if Z[i, k] > {best}:
                best = {found}
"""


@pytest.mark.parametrize(
    ("start", "best", "found", "is_said"),
    [
        ("Z[i, 0]", "best", "Z[i, k]", False),
        ("0", "Z[i, best]", "k", False),
        ("-np.inf", "best", "Z[i, k]", True),
        ("Z[0, i]", "best", "Z[i, k]", True),
    ],
)
def test_a_search_begins_at_the_first_number(start, best, found, is_said):
    """Is a loop from 1 blamed only where nothing has looked at position 0?"""
    evidence = Evidence("wrong", {}, SEARCH.format(start=start, best=best, found=found))
    seen = starts_at_one(evidence)
    assert (seen is not None) == is_said
    assert seen is None or seen[AT] == "6"


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("a = np.zeros(3).fill(dz)", True),
        ("a: list = [].append(dz)", True),
        ("return np.copyto(a, dz)", True),
        ("a.fill(dz)", False),
        ("a = np.append(a, dz)", False),
        ("a = np.sort(a)", False),
    ],
)
def test_only_the_result_of_a_call_in_place_is_none(line, is_said):
    """Is a call in place blamed only where its result is kept?"""
    evidence = Evidence("wrong", {}, f"def distribute_value(dz, shape):\n    {line}\n")
    assert (works_in_place(evidence) is not None) == is_said


PRODUCTS = "def conv_forward(A_prev, W, b, hparameters):\n    w = windows(A_prev)\n{lines}"


@pytest.mark.parametrize(
    ("cause", "source", "numbers"),
    [
        (
            "divides_by_sum",
            "def distribute_value(dz, shape):\n    n = sum(shape)\n    return dz / n\n",
            (2,),
        ),
        ("filter_transposed", PRODUCTS.format(lines="    Z = np.einsum(s, w, W)\n"), (3,)),
        ("filter_transposed", PRODUCTS.format(lines="    Z = np.einsum(s, w, W)\n" * 2), ()),
    ],
)
def test_the_line_that_carries_it_is_shown(cause, source, numbers):
    """Is the line found that carries the mistake, where there is only one?"""
    assert carrying(cause, Evidence("wrong", {}, source)) == numbers


SHARED = "def pool_backward(dA, cache, mode='max'):\n    if mode == 'max':\n        g = dA\n{}"


@pytest.mark.parametrize(
    ("cause", "output", "source", "line"),
    [
        (
            "one_side_only",
            "X_pad",
            "def zero_pad(X, pad):\n    out = np.zeros((2, H + pad, W + pad, 3))\n"
            "    out[:, pad:H + pad, pad:W + pad, :] = X\n    return out\n",
            2,
        ),
        (
            "both_sides_on_one_side",
            "X_pad",
            "def zero_pad(X, pad):\n    out = np.zeros((2, H + 2 * pad, W + 2 * pad, 3))\n"
            "    out[:, :H, pad:W + pad, :] = X\n    return out\n",
            3,
        ),
        (
            "crop_too_small",
            "dA_prev",
            "def conv_backward(dZ, cache):\n    dA_prev = dP[:, p:H, p:W, :]\n    return dA_prev\n",
            2,
        ),
        (
            "flattened",
            "a",
            "def distribute_value(dz, shape):\n    a = np.zeros(n)\n    return a\n",
            3,
        ),
        (
            "flattened",
            "mask",
            "def f(x):\n    mask = (x == np.max(x)).ravel()\n    return mask\n",
            2,
        ),
        (
            "bias_missing",
            "Z",
            "def conv_single_step(a, W, b):\n    p = a * W\n    Z = p.sum()\n    return Z\n",
            3,
        ),
        (
            "bias_missing",
            "Z",
            "def conv_single_step(a, W, b):\n    for i in a:\n        Z += i * W\n    return Z\n",
            4,
        ),
        (
            "db_summed_over_filters",
            "db",
            "def conv_backward(dZ, cache):\n    db = np.zeros(3)\n    for c in dZ:\n"
            "        db += dZ[c]\n    return db\n",
            4,
        ),
        (
            "averaged_over_examples",
            "dW",
            "def conv_backward(dZ, cache):\n    dW += (P * g).mean(axis=0)\n    return dW\n",
            2,
        ),
        (
            "average_divides_by_stride",
            "dA_prev",
            SHARED.format("    else:\n        g = dA / (s * s)\n    return g\n"),
            5,
        ),
        (
            "always_average",
            "dA_prev",
            SHARED.format("    g = distribute_value(dA, (f, f))\n    return g\n"),
            4,
        ),
    ],
)
def test_the_line_of_a_result_is_shown(cause, output, source, line):
    """Is the line found that gives a result its size, or leaves out what is missing in it?"""
    evidence = Evidence("wrong", {}, source, outputs=(output,))
    assert carrying(cause, evidence) == (line,)


@pytest.mark.parametrize(
    ("lines", "words", "rule", "at"),
    [
        (
            "flat = np.zeros((p, w, c))\n    parts.append(np.concatenate([flat, wide]))",
            "along dimension 1, the array at index 0 has size 3 and "
            "the array at index 1 has size 7",
            pieces_differ,
            "2 3",
        ),
        (
            "top, left = (h * s, w / s)\n    part = A[top:top + f, left:left + f]",
            "slice indices must be integers or None",
            integer_needed,
            "2",
        ),
    ],
)
def test_the_line_of_a_piece_is_shown_beside_the_one_that_stopped(lines, words, rule, at):
    """Is the line shown that makes what the line at which the function ended can't use?"""
    source = f"def f(A):\n    {lines}\n    return A\n"
    stopped = source.split("\n")[2].strip()
    failure = Failure("TypeError" if "slice" in words else "ValueError", words, 3, stopped, "f")
    seen = {"a": Observation("error", failure=failure)}
    assert rule(Evidence("error", seen, source))[AT] == at


SUSPECTED = tuple(
    CauseVerdict(f"conv_backward/{name}", Text("", ""), Text("", ""), lines)
    for name, lines in (("stands_after_loop", (Line(None, 9, "x[h] = 1"),)), ("crop_missing", ()))
)


def test_what_happens_to_give_the_same_results_is_left_out():
    """Is only the text's own cause kept where a small change of its line repairs everything?"""
    changed = [ChangedLine(9, "x[h] = 1", "x[i] = 1")]
    change = [Change("index", 9)]
    assert without_chance(SUSPECTED, changed, change, {*SUSPECTED[0].lines}) == SUSPECTED[:1]
    assert without_chance(SUSPECTED, changed, change, {Line(None, 3, "y = 2")}) == SUSPECTED


def test_a_size_that_is_named_as_it_should_be_is_not_called_exchanged():
    """Is another line blamed where sides are read in the wrong order into right names?"""
    source = """def pool_forward(A_prev, hparameters, mode="max"):
    m, inputWidth, inputHeight, n_C = A_prev.shape
    outputHeight = (inputHeight - 2) // 2 + 1
    outputWidth = (inputWidth - 2) // 2 + 1
    A = np.zeros((m, outputHeight, outputWidth, n_C))
    A[0, 5, 0, 0] = 1
    return A, (A_prev, hparameters)
"""
    assert "sides_exchanged" not in said_of("pool_forward", source)[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "edits", "line"),
    [
        (
            "dense_backward",
            [("dW = A_prev.T @ dZ", "dW = np.matmul(dZ.T, A_prev)")],
            "dW = np.matmul(dZ.T, A_prev)",
        ),
        (
            "conv_forward",
            [("horiz_end = horiz_start + f", "horiz_end = horiz_start")],
            "A_prev_pad = zero_pad(A_prev, pad)",
        ),
        (
            "pool_forward",
            [("m, n_H_prev, n_W_prev, n_C_prev = A", "m, n_W_prev, n_H_prev, n_C_prev = A")],
            "m, n_W_prev, n_H_prev, n_C_prev = A_prev.shape",
        ),
    ],
)
def test_a_repair_elsewhere_does_not_hide_the_line(name, edits, line, tmp_path):
    """Is the student's line shown where a change in another one helps, too?"""
    functions, assignment = (
        (second, "convnet_application") if name == "dense_backward" else (first, "cnn_step_by_step")
    )
    file = tmp_path / "work.py"
    file.write_text("import numpy as np\n\n" + patched(functions, name, *edits), "utf-8")
    (verdict,) = check_files([file], 1, assignment, finish=explained)
    found = next(each for each in verdict.exercises if each.name == name)
    assert [each.text for each in found.lines] == [line]


@pytest.mark.parametrize(
    ("rule", "text", "is_said"),
    [
        (never_called, "def f(x):\n    return x == x.max\n", True),
        (never_called, "def f(x):\n    return x == x.max()\n", False),
        (kept_between_calls, "def f(x, sums={}):\n    sums[0] = x\n", True),
        (kept_between_calls, "def f(x, *, sums=[]):\n    sums.append(x)\n", True),
        (kept_between_calls, "def f(x, sums=np.zeros(3)):\n    sums[0] += x\n", True),
        (kept_between_calls, "def f(x, mode='max', h=1e-5):\n    return x\n", False),
        (kept_between_calls, "def f(x, sums=None):\n    sums = sums or {}\n", False),
    ],
)
def test_what_the_text_alone_shows(rule, text, is_said):
    """Is a method that nobody calls named, and what every call goes on with, and only that?"""
    assert (rule(Evidence("wrong", {}, text)) is not None) == is_said


def test_a_type_of_ones_own_is_no_data_of_the_notebook():
    """Is it no mistake to use a named tuple or a function that another line makes?"""
    cell = (
        "Side = namedtuple('Side', 'n f')\nhalf = lambda n: n // 2\nown = partial(max, 0)\nW = 3\n"
    )
    assert names_assigned([cell]) == {"W"}
    source = patched(first, "zero_pad", ("(pad, pad)", "(SIDES['p'], SIDES['p'])"))
    assert "reads_notebook_constant" not in said_of("zero_pad", source, ("SIDES",))[1]


def test_the_axes_of_dW_in_another_order():
    """Is it said which order of W's axes dW has, and only where it is another one?"""
    text = (
        "def conv_backward_fast(dZ, cache):\n    A, W, b, settings = cache\n"
        "    u, v, k, n = W.shape\n"
        "    dW = product(A, dZ)\n    dW = dW.T.reshape({})\n    return dA, dW, db\n"
    )
    outputs = ("dA_prev", "dW", "db")
    turned = text.replace("    dW = dW.T", "    if b:\n        dW = dW.T").replace(
        "    return", "    dW = np.transpose(dW, (1, 2, 3, 0))\n    return"
    )
    for source, order, is_said in (
        (text, "n, k, u, v", True),
        (text, "(n, u, v, k)", True),
        (text, "u, v, k, n", False),
        (turned, "n, u, v, k", False),
    ):
        evidence = Evidence("wrong", {}, source.format(order), outputs=outputs)
        assert (filters_in_other_order(evidence) is not None) == is_said


def test_none_is_not_blamed_for_what_a_repair_changes():
    """Is None left out where no line that is changed can have made it?"""
    none = CauseVerdict("conv_forward/none_used", Text("a", "b"), Text("c", "d"), ())
    for before, kept in (("end = top + f", ()), ("x = pad(x)", (none,)), ("x = None", (none,))):
        assert without_chance((none,), [ChangedLine(3, before, "y = 1")], []) == kept


def test_the_order_in_which_sides_are_read_is_not_blamed_for_another_line():
    """Is `m, H, W, c = A.shape` left alone where the repair exchanges the sides in it?"""
    before = "def f(A):\n    m, {}, c = A.shape\n    return A.reshape(m, W, H, c)\n"
    assert changes_of(before.format("H, W"), before.format("W, H")) == ()
    assert changes_of(before.format("a, b"), before.format("b, a")) != ()
