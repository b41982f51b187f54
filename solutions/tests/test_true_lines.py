"""Is what a repair or a rule shows true of code in a style of its own, and its line the one?"""

import pytest

from autograder.grading.single_files import check_files
from autograder.repairing.code import Code, plain_text
from autograder.repairing.edits import Workshop
from autograder.repairing.explain import explained
from autograder.repairing.naming import changes_of
from checks.evidence import Evidence
from checks.lines.carriers import carrying
from checks.rules.certain.checking import never_measured
from checks.rules.flow import stands_after_loop
from checks.rules.outside import read_above
from solutions.convnet_application import reference
from solutions.gallery import styles
from solutions.tests.naming import patched, said_of

LAYER = """def pool_backward_fast(dA, cache, mode="max"):
    X, settings = cache
    k, s = settings["f"], settings["stride"]
    rows = im2col(X, k, s)
    parts = rows.reshape(*rows.shape[:3], k * k, X.shape[3])
    slope = dA[:, :, :, None, :]
    if mode == "max":
        share = {max}
    else:
        share = {average}
{more}    return col2im(share.reshape(rows.shape), X.shape, k, s)
"""
MASK = "parts == parts.max(axis=3, keepdims=True)"
MEAN = "np.ones(parts.shape) * slope / (k * k)"
PLACES = """def im2col(X, f, stride):
    n, rows, columns, channels = X.shape
    up, across = (rows - f) // stride + 1, (columns - f) // stride + 1
    out = np.zeros((n, up, across, f * f * channels))
    for a in range(up):
        for b in range(across):
            {lines}
    return out
"""
CHECK = """def gradient_check(f, x, dx, dZ, h=1e-5):
    numeric = measured(f, x, dZ, h)
    far = np.linalg.norm(numeric - dx)
    near = {near}
    error = far / near
    return numeric, error
"""
COL2IM = """def col2im(columns, shape, f, stride):
    X = np.zeros({size})
    for n, y, x in np.ndindex(*columns.shape[:3]):
        place = 0
        for u in range(f):
            for v in range(f):
                {target}= columns[n, y, x, place:place + shape[3]]
                {place}
    return X
"""
PUT = "X[n, y * stride + u, x * stride + v]"

CARRIED = [
    (
        "stride_ignored",
        PLACES.format(
            lines="top = a\n            left = b\n"
            "            out[:, a, b] = X[:, top:top + f, left:left + f].reshape(n, -1)"
        ),
        ["top = a", "left = b"],
    ),
    (
        "horizontal_stride_ignored",
        "def im2col(X, f, stride):\n    down = stride * np.arange(up(X))[:, None] + np.arange(f)\n"
        "    on = np.arange(columns(X))[:, None] + np.arange(f)\n"
        "    return X[:, down[:, None, :, None], on[None, :, None, :]]\n",
        ["on = np.arange(columns(X))[:, None] + np.arange(f)"],
    ),
    (
        "gradient_unused",
        LAYER.format(max=MASK, average=MEAN, more=""),
        [f"share = {MASK}"],
    ),
    ("gradient_unused", LAYER.format(max=f"({MASK}) * slope", average=MEAN, more=""), []),
    (
        "shares_mixed_up",
        LAYER.format(
            max=f"({MASK}) * slope",
            average=MEAN,
            more="    share = np.swapaxes(share, 3, 4)\n",
        ),
        ["share = np.swapaxes(share, 3, 4)"],
    ),
    (
        "overlap_overwritten",
        COL2IM.format(size="shape", target=f"{PUT} ", place="place += shape[3]"),
        [f"{PUT} = columns[n, y, x, place:place + shape[3]]"],
    ),
    (
        "overlap_overwritten",
        "def col2im(columns, shape, f, stride):\n    X = np.zeros(shape)\n"
        "    seen_through(X, f, stride)[...] += columns\n    return X\n",
        ["seen_through(X, f, stride)[...] += columns"],
    ),
    (
        "place_offset",
        COL2IM.format(size="shape", target=f"{PUT} +", place="place += 1"),
        ["place += 1"],
    ),
    (
        "covered_part_only",
        COL2IM.format(size="used(columns, f)", target=f"{PUT} +", place="place += shape[3]"),
        ["X = np.zeros(used(columns, f))"],
    ),
    (
        "bias_more_than_once",
        "def dense_forward(A_prev, W, b):\n    Z = np.zeros((len(A_prev), b.size))\n"
        "    for i, k in np.ndindex(*Z.shape):\n        for j in range(len(W)):\n"
        "            Z[i, k] += A_prev[i, j] * W[j, k] + b[0, k]\n    return Z, (A_prev, W, b)\n",
        ["Z[i, k] += A_prev[i, j] * W[j, k] + b[0, k]"],
    ),
    (
        "error_denominator",
        CHECK.format(near="np.sqrt((numeric ** 2).sum() + (dx ** 2).sum())"),
        ["near = np.sqrt((numeric ** 2).sum() + (dx ** 2).sum())"],
    ),
    (
        "error_denominator",
        CHECK.format(near="np.linalg.norm(numeric) + np.linalg.norm(dx)"),
        [],
    ),
    (
        "one_channel_only",
        "def conv_single_step(a, W, b):\n    Z = 0\n    for u, v in np.ndindex(*a.shape[:2]):\n"
        "        Z += a[u, v, 0] * W[u, v, 0]\n    Z = Z + b.item()\n    return Z\n",
        ["Z += a[u, v, 0] * W[u, v, 0]"],
    ),
    (
        "unpadded_input",
        "def conv_forward(A_prev, W, b, hparameters):\n    wide = zero_pad(A_prev, pad)\n"
        "    part = A_prev[:, top:top + f, left:left + f]\n    return part * W, cache\n",
        ["part = A_prev[:, top:top + f, left:left + f]"],
    ),
    (
        "epsilon_in_logarithm",
        "def softmax_cross_entropy(Z, labels):\n    P = shares(Z)\n    loss = 0\n"
        "    for p, k in zip(P, labels):\n        loss -= np.log(p[k] + 1e-9)\n"
        "    return loss / len(P), P\n",
        ["loss -= np.log(p[k] + 1e-9)"],
    ),
    (
        "flattened",
        "def distribute_value(dz, shape):\n    n_H, n_W = shape\n"
        "    a = np.full(n_H * n_W, dz / n_H)\n    return a\n",
        ["a = np.full(n_H * n_W, dz / n_H)"],
    ),
    (
        "minimum",
        "def pool_forward_fast(A_prev, hparameters, mode='max'):\n"
        "    parts = pieces(A_prev, hparameters)\n    A = np.minimum.reduce(parts)\n"
        "    return A, (A_prev, hparameters)\n",
        ["A = np.minimum.reduce(parts)"],
    ),
    (
        "W_mixed_up",
        "def conv_backward_fast(dZ, cache):\n    dW = product(dZ).reshape(W.shape)\n"
        "    rows = dZ @ W.reshape(n, -1)\n    return spread(rows), dW, dZ.sum((0, 1, 2))\n",
        ["rows = dZ @ W.reshape(n, -1)"],
    ),
]


@pytest.mark.parametrize(("cause", "source", "lines"), CARRIED)
def test_the_line_that_carries_it(cause, source, lines):
    """Is the line pointed at that would have to change, and none that is correct?"""
    outputs = {
        "dense_forward": ("Z", "cache"),
        "gradient_check": ("numeric", "error"),
        "conv_backward_fast": ("dA_prev", "dW", "db"),
    }
    name = source[4 : source.index("(")]
    found = carrying(cause, Evidence("wrong", {}, source, outputs=outputs.get(name, ("X",))))
    assert [source.split("\n")[number - 1].strip() for number in found] == lines


def _function(*lines):
    return "def f(x, h, W):\n" + "".join(f"    {line}\n" for line in lines)


REPAIRS = [
    # A product of the matrices laid out flat in place of an einsum of them as they are.
    (
        ("y = x.reshape(x.shape[:3])", "return np.einsum('ihwuvk,uvkc->ihwc', y, W)"),
        ("y = x.reshape(x.shape[:4])", "return y @ W.reshape(f * f * k, -1)"),
        [],
    ),
    # A negative size is any that fits.
    (
        ("n = h * W", "return np.reshape(x, (n, h))"),
        ("n = -(h * W)", "return np.reshape(x, (n, h))"),
        [],
    ),
    (("n = h * W", "return n"), ("n = -(h * W)", "return n"), ["sign"]),
    (("x[0] = x[0] + W",), ("x[0] += h",), ["operand"]),
    (("x[0] = W",), ("x[0] += W",), ["assigned_not_added"]),
    (("x[0] = W",), ("x[0] -= W",), ["operator"]),
    (("for c in x:", "  W += h", "  h += c"), ("W += h", "for c in x:", "  h += c"), ["in_loop"]),
    # With other arguments the function may be the right one.
    (
        ("y = np.repeat(np.max(x, 3), h, axis=3)", "return y"),
        ("y = np.tile(np.max(x, 3), (1, h * h))", "return y"),
        ["value"],
    ),
    (("y = np.max(x, 3)", "return y"), ("y = np.mean(x, axis=3)", "return y"), ["function"]),
    (("y = x - h * W",), ("y = W * (x - h)",), ["brackets"]),
    (("y = h - W * x",), ("y = x * W - h",), ["swapped"]),
    # A range that has a name is no place, and none that is written out is any better.
    (("y = slice(h, W)", "return x[y]"), ("y = W", "return x[h:y]"), []),
    # The places are those of the other array.
    (("x[0] = x[0, h:W]",), ("x[0] = y[h:W]",), ["operand"]),
    # The mean of as many as there are steps undoes that a sum is added at each.
    (("for c in h:", "  x[0] += np.sum(W)"), ("for c in h:", "  x[0] += np.mean(W)"), ["in_loop"]),
    (
        ("for p, q in h:", "  x[p, q] += np.sum(W[p, q])"),
        ("for p, q in h:", "  x[p, q] += np.mean(W[p, q])"),
        ["function"],
    ),
    (
        ("for c in h:", "  part = W[c]", "  x[0] += np.sum(part)"),
        ("for c in h:", "  part = W[c]", "  x[0] += np.mean(part)"),
        ["function"],
    ),
    (("x[0] += np.sum(W)",), ("x[0] += np.mean(W)",), ["function"]),
    # What is returned has another name only.
    (
        ("v = W * 2", "x -= h", "return x, v"),
        ("W = W * 2", "x = x - h", "return x, W"),
        ["changed_in_place"],
    ),
    # A name that no line reads is only used by the repair.
    (
        ("y = (h, h)", "x[0] += np.mean(W)"),
        ("y = share(W, (h, h))", "x[0] += y"),
        ["value"],
    ),
    # What the own function does may be right; alone, it is all that can be said.
    (
        ("y = np.sum(wide(x, h))", "return y"),
        ("y = np.sum(np.pad(x, h))", "return y + W"),
        ["term_missing"],
    ),
    (
        ("y = np.sum(wide(x, h))", "return y"),
        ("y = np.sum(np.pad(x, h))", "return y"),
        ["argument"],
    ),
    # Without it the sizes need not be right.
    (("y = x.reshape(h, h)", "return y"), ("y = x", "return y"), ["value"]),
]


@pytest.mark.parametrize(("before", "after", "kinds"), REPAIRS)
def test_a_repair_says_only_what_is_wrong(before, after, kinds):
    """Is nothing called wrong that another repair would leave as it is?"""
    found = changes_of(_function(*before), _function(*after))
    assert [change.kind for change in found] == kinds


WANTED = [
    ("W = 0\n    for c in x:\n        W += h\n        h = c", "    W += h\n    for c in x:\n"),
    ("n = x.shape[-1]", "n = x.shape[0]\n"),
]


@pytest.mark.parametrize(("own", "wanted"), WANTED)
def test_what_is_tried(own, wanted):
    """Is a step tried before its loop, and another axis for one that is counted from the end?"""
    code = Code(plain_text(_function(own, "return W")))
    assert any(wanted in code.spliced(edit.splices) for edit in Workshop(code, code).edits())


def test_a_list_of_names_is_a_tuple_of_them():
    """Is `[a, b] = x.shape` read as `a, b = x.shape`, and are its names not just exchanged?"""
    lines = "[m, n_H, n_W, k] = A.shape", "return A.reshape(m, n_W, n_H)"
    text = plain_text(_function(*lines))
    assert text.split("\n")[1].strip("( ").startswith("m, n_H, n_W, k")
    tried = [splice for e in Workshop(Code(text), Code(text)).edits() for splice in e.splices]
    place = text.index("m, n_H")
    assert not any(start == place and "n_W, n_H, k" in new for start, _, new in tried)


@pytest.mark.parametrize(
    ("rule", "source", "is_said"),
    [
        (stands_after_loop, "for c in x:\n        W += c\n    cache = (x, c)", False),
        (stands_after_loop, "for c in x:\n        W += c\n    y = c[0, 1]", False),
        (stands_after_loop, "for c in x:\n        W += c\n    y = x[c]", True),
    ],
)
def test_what_the_text_shows(rule, source, is_said):
    """Is a name that slipped into a cache no statement in the wrong place?"""
    assert (rule(Evidence("wrong", {}, _function(source))) is not None) == is_said


def test_a_check_that_never_calls_f():
    """Is it said that f is never called, and only where it is not?"""
    asked = ("f", "x", "dx", "dZ", "h")
    text = "def gradient_check(f, x, dx, dZ, h=1e-5):\n    return {}, 0\n"
    for value, is_said in (("dZ / h", True), ("f(x) / h", False)):
        evidence = Evidence("wrong", {}, text.format(value), parameters=asked)
        assert (never_measured(evidence) is not None) == is_said
    source = _reference("gradient_check", "f(x + step) - f(x - step)", "0 * step")
    assert said_of("gradient_check", source) == ("wrong", {"never_measured"})


def _reference(name, *edit):
    return patched(reference, name, edit)


EARLY = [
    ("windows == np.max", "dwindows == np.max", {"used_before_assigned"}),
    ('elif mode == "average"', 'elif mode == "mean"', {"mode_key", "mode_name"}),
]


@pytest.mark.parametrize(("old", "new", "said"), EARLY)
def test_no_branch_is_missed_where_a_name_is_read_above(old, new, said):
    """Is a name that is read too early not told as a mode without a branch?"""
    found = said_of("pool_backward_fast", _reference("pool_backward_fast", old, new))[1]
    assert found and found <= said
    assert read_above(Evidence("wrong", {}, "")) is None


def test_arguments_in_another_order_are_no_condition():
    """Is one thing said of np.tile whose arguments are exchanged?"""
    edit = "@ W + b", "@ W + np.tile((len(A_prev), 1), b)"
    source = _reference("dense_forward", *edit)
    assert said_of("dense_forward", source)[1] == {"arguments_exchanged"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "edits", "kinds", "lines"),
    [
        (
            "pool_backward_fast",
            [("n_W, f * f * n_C)", "n_W, f * n_C)")],
            {"factor_missing"},
            ["dcolumns = dwindows.reshape(m, n_H, n_W, f * n_C)"],
        ),
        (
            "conv_forward_fast",
            [
                ("    W_matrix =", "    [m, n_H, n_W, k] = columns.shape\n    W_matrix ="),
                ("    cache =", "    Z = Z.reshape(m, n_W, n_H, n_C)\n    cache ="),
            ],
            {"swapped"},
            ["Z = Z.reshape(m, n_W, n_H, n_C)"],
        ),
        (
            "pool_forward_fast",
            [
                (
                    "        A = np.max(windows, axis=3)\n",
                    "        A = np.zeros((m, n_H, n_W, n_C))\n"
                    "        for h, w in np.ndindex(n_H, n_W):\n"
                    "            part = A_prev[:, h * stride : h + f, w * f : w * f + f]\n"
                    "            A[:, h, w] = np.max(part, axis=(1, 2))\n",
                ),
            ],
            {"empty_window"},
            ["part = A_prev[:, h * stride : h + f, w * f : w * f + f]"],
        ),
    ],
)  # fmt: skip
def test_names_and_lines_of_a_whole_file(name, edits, kinds, lines, tmp_path):
    """Are the name and the line right that a graded file is given?"""
    texts = dict(styles("convnet_application")["vectorised"])
    texts[name] = patched(reference, name, *edits)
    path = tmp_path / "work.py"
    path.write_text("import numpy as np\n\n\n" + "\n\n".join(texts.values()), "utf-8")
    (verdict,) = check_files([path], 1, "convnet_application", finish=explained)
    found = next(each for each in verdict.exercises if each.name == name)
    assert {cause.id.partition("/")[2] for cause in found.diagnosis} == kinds
    assert [line.text for line in found.lines] == lines
