"""Is a mistake named that a text shows by what is run when, what comes back, what is compared?

Each row edits the text of a correct function as a student would have written it.
"""

import pytest

from checks.assignments import ASSIGNMENTS
from checks.evidence import Evidence
from checks.model import Observation
from checks.rules.flow_causes import BY_FLOW, BY_RETURN
from solutions.gallery import styles
from solutions.tests.naming import said_of
from solutions.tests.test_kinds import FUNCTIONS, source_with

MASK = "mask = x == np.max(x)"
SPREAD = "a = np.ones((n_H, n_W)) * average"

KINDS = [
    # Ways through a function that give nothing back.
    ("zero_pad", "one_path_returns_nothing", ("    X_pad", "    if not pad: return\n    X_pad")),
    (
        "pool_forward",
        "one_path_returns_nothing",
        ("    return A, cache", "    if mode == 'max':\n        return A, cache"),
    ),
    (
        "relu_forward",
        "one_path_returns_nothing",
        ("    return ", "    if Z.ndim > 2:\n        return None\n    return "),
    ),
    ("distribute_value", "nothing_returned", ("    return a\n", "    a\n")),
    ("create_mask_from_window", "nothing_returned", ("    return mask\n", "    print(mask)\n")),
    ("im2col", "nothing_returned", ("    return ", "    result = ")),
    # A line behind the loop whose variable it reads.
    (
        "conv_backward",
        "stands_after_loop",
        ("        dA_prev[i] = da_prev_pad", "    dA_prev[i] = da_prev_pad"),
    ),
    (
        "pool_forward",
        "stands_after_loop",
        (
            '                    if mode == "max":\n'
            "                        A[i, h, w, c] = np.max(a_prev_slice)\n"
            '                    elif mode == "average":\n'
            "                        A[i, h, w, c] = np.mean(a_prev_slice)\n",
            '                if mode == "max":\n'
            "                    A[i, h, w, c] = np.max(a_prev_slice)\n"
            "                else:\n"
            "                    A[i, h, w, c] = np.mean(a_prev_slice)\n",
        ),
    ),
    # Conditions.
    *[
        (name, "condition_always_true", ('if mode == "max":', 'if mode == "max" or "average":'))
        for name in ("pool_forward", "pool_backward")
    ],
    ("create_mask_from_window", "larger_than_largest", ("x == np.max(x)", "np.max(x) < x")),
    (
        "create_mask_from_window",
        "asks_for_position",
        (
            MASK,
            "mask = np.zeros(x.shape, dtype=bool)\n"
            "    for r in range(x.shape[0]):\n"
            "        for q in range(x.shape[1]):\n"
            "            if x[r, q] == np.max(x) and r == q:\n"
            "                mask[r, q] = True",
        ),
    ),
    (
        "create_mask_from_window",
        "larger_than_largest",
        (MASK, "top = x.max()\n    mask = x > top"),
    ),
    (
        "create_mask_from_window",
        "compared_with_is",
        (
            MASK,
            "top = np.max(x)\n    mask = np.array([[v is top for v in row] for row in x])",
        ),
    ),
    (
        "conv_backward",
        "assigned_in_branch",
        ("    return dA_prev", "    if pad:\n        bias = db\n    return dA_prev"),
        ("dW, db\n", "dW, bias\n"),
    ),
    # Arguments in the wrong order.
    ("distribute_value", "arguments_exchanged", (SPREAD, "a = np.full(average, (n_H, n_W))")),
    (
        "zero_pad",
        "arguments_exchanged",
        (
            "np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0))",
            "np.pad(((0, 0), (pad, pad), (pad, pad), (0, 0)), X",
        ),
    ),
    ("pool_backward", "arguments_exchanged", ("(da, (f, f))", "((f, f), da)")),
    # Two names of one array, decimals, positions.
    (
        "conv_backward",
        "second_name",
        ("dA_prev_pad = zero_pad(dA_prev, pad)", "dA_prev_pad = A_prev_pad"),
    ),
    ("pool_backward", "second_name", ("dA_prev = np.zeros(A_prev.shape)", "dA_prev = A_prev")),
    ("distribute_value", "integer_of_argument", ("dz / (n", "int(dz) / (n")),
    ("pool_forward", "position_for_value", ("np.max(a_prev", "np.argmax(a_prev")),
    (
        "create_mask_from_window",
        "flat_index_by_columns",
        (
            MASK,
            "mask = np.zeros(x.shape, bool)\n    rows, _ = x.shape\n"
            "    best = x.argmax()\n    mask[best // rows, best % rows] = True",
        ),
    ),
    (
        "pool_forward",
        "start_not_reset",
        (
            "        for h in range(n_H):\n",
            "        left = 0\n        for h in range(n_H):\n",
        ),
        ("                horiz_start = w * stride\n", ""),
        ("                horiz_end = horiz_start + f\n", ""),
        ("horiz_start:horiz_end", "left:left + f"),
        (
            "                        A[i, h, w, c] = np.mean(a_prev_slice)\n",
            "                        A[i, h, w, c] = np.mean(a_prev_slice)\n"
            "                left += stride\n",
        ),
    ),
    # Loops from 1 whose end has any name.
    (
        "conv_single_step",
        "loops_start_at_one",
        (
            "    s = a_slice_prev * W\n",
            "    rows = W.shape[0]\n    s = 0\n    for r in range(1, rows):\n"
            "        s = s + a_slice_prev[r] * W[r]\n",
        ),
    ),
    # PyTorch's order, in names of the student's own.
    (
        "conv_forward",
        "channels_first",
        ("m, n_H_prev, n_W_prev, _ = A_prev.shape", "m, c_in, n_H_prev, n_W_prev = A_prev.shape"),
    ),
    ("distribute_value", "unknown_attribute", ("n_H, n_W = shape", "n_H, n_W = shape.size")),
]


@pytest.mark.parametrize(
    ("name", "cause", "edits"),
    [(name, cause, edits) for name, cause, *edits in KINDS],
    ids=[f"{name}-{cause}-{number}" for number, (name, cause, *_) in enumerate(KINDS)],
)
def test_the_kind_is_named(name, cause, edits):
    """Is the mistake failed and named, and nothing beside it?"""
    status, named = said_of(name, source_with(name, edits))
    assert status in ("wrong", "error")
    assert named == {cause}


def test_both_shapes_in_the_other_order():
    """Is it said of the batch's shape and of the filters' that the channels were read first?"""
    edits = [
        ("m, n_H_prev, n_W_prev, _ = A_prev.shape", "m, C, n_H_prev, n_W_prev = A_prev.shape"),
        ("f, _, _, n_C = W.shape", "n_C, in_c, f, _ = W.shape"),
    ]
    _, named = said_of("conv_forward", source_with("conv_forward", edits))
    assert named == {"channels_first", "filters_channels_first"}


SWITCH = "    if DEBUG:\n        print(pad)\n"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        # A constant that only switches something is no cause.
        (
            [("    X_pad", f"{SWITCH}    X_pad"), ("(pad, pad), (0, 0)", "(0, 0), (0, 0)")],
            "height_only",
        ),
        (
            [("    X_pad", "    print(DEBUG)\n    X_pad"), ("(pad, pad), (0", "(0, 0), (0")],
            "height_only",
        ),
        # A number that stands for an argument is named, but last.
        ([("(pad, pad), (pad", "(PAD, PAD), (PAD")], "reads_notebook_constant"),
        ([("(pad, pad), (pad", "(DEBUG, DEBUG), (DEBUG")], None),
    ],
)
def test_a_constant_of_the_notebook(edits, expected):
    """Is a name in capitals told only where the result is made of it, and nothing else is named?"""
    source = f"DEBUG = PAD = 2\n\n{source_with('zero_pad', edits)}"
    said = said_of("zero_pad", source, notebook=("DEBUG", "PAD"))[1]
    assert said == ({expected} if expected else set())


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_correct_function_shows_it(assignment):
    """Does no rule hold of a correct function, in whatever style it is written?"""
    for style, texts in styles(assignment).items():
        for exercise in ASSIGNMENTS[assignment].exercises:
            seen = {"once": Observation("ok", 0.5)}
            asked = exercise.parameters, exercise.outputs
            evidence = Evidence("wrong", seen, texts[exercise.name], (), None, *asked)
            held = [cause.name for cause in (*BY_FLOW, *BY_RETURN) if cause.rule(evidence)]
            assert held == [], (style, exercise.name)


def test_every_rule_has_a_row():
    """Is there no rule that no row shows at work?"""
    rules = {cause.name for cause in (*BY_FLOW, *BY_RETURN)}
    assert rules <= {cause for _, cause, *_ in KINDS}
    assert {name for name, *_ in KINDS} <= FUNCTIONS.keys()
