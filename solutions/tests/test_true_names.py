"""Is what is said of a wrong function true, and is its line the one that carries the mistake?"""

import inspect
from functools import partial

import pytest

from autograder.grading.single_files import check_files
from autograder.repairing.explain import explained
from autograder.repairing.naming import changes_of
from checks.code_rules import starts_at_one
from checks.evidence import AT, Evidence
from checks.lines.carriers import carrying
from checks.rules.mistaken import kept_between_calls, never_called, works_in_place
from checks.student_source import names_assigned
from solutions.cnn_step_by_step import reference as first
from solutions.convnet_application import reference as second
from solutions.tests.naming import said_of


def _patched(functions, name, *edits):
    source = inspect.getsource(getattr(functions, name))
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return source


BACKWARD = partial(_patched, first, "conv_backward")
FORWARD = partial(_patched, first, "conv_forward")
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

SAID = {
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
}


@pytest.mark.parametrize("kind", SAID)
def test_the_true_name_is_said_alone(kind):
    """Is nothing untrue said beside the mistake, and the mistake where it is the true one?"""
    name, source, causes = SAID[kind]
    status, said = said_of(name, source)
    assert status in ("wrong", "error")
    assert said == causes


def test_a_mask_that_is_not_used_is_one_mistake():
    """Is it named once that dA is multiplied by the windows in place of the mask?"""
    source = _patched(second, "pool_backward_fast", ("mask * dA", "windows * dA"))
    assert said_of("pool_backward_fast", source) == ("wrong", {"mask_times_input"})


def test_no_pooling_is_missing_that_a_helper_undoes():
    """Is the order of layers in a helper not told as a layer that is left out?"""
    status, said = said_of("network_backward", HELPED.format(order=MISPLACED))
    assert status in ("wrong", "error") and "pooling_skipped" not in said
    assert said_of("network_backward", HELPED.format(order=IN_ORDER)) == ("right", set())
    skipped = _patched(second, "network_backward", ("pool_backward(dA2, pool2)", "dA2"))
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
    file.write_text("import numpy as np\n\n" + _patched(functions, name, *edits), "utf-8")
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
    source = _patched(first, "zero_pad", ("(pad, pad)", "(SIDES['p'], SIDES['p'])"))
    assert "reads_notebook_constant" not in said_of("zero_pad", source, ("SIDES",))[1]


def test_the_order_in_which_sides_are_read_is_not_blamed_for_another_line():
    """Is `m, H, W, c = A.shape` left alone where the repair exchanges the sides in it?"""
    before = "def f(A):\n    m, {}, c = A.shape\n    return A.reshape(m, W, H, c)\n"
    assert changes_of(before.format("H, W"), before.format("W, H")) == ()
    assert changes_of(before.format("a, b"), before.format("b, a")) != ()
