"""Is a message true of the whole function, however it comes to its wrong results?"""

import ast
import warnings

import numpy as np
import pytest

from autograder.grading.asked import hidden_arguments
from autograder.model import CauseVerdict, Line
from autograder.repairing.around import unpacked_otherwise
from autograder.repairing.chance import without_chance
from autograder.repairing.search import ChangedLine
from autograder.repairing.sure import Change
from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES
from checks.code_rules import hyperparameters_changed
from checks.evidence import Evidence
from checks.exception_rules import endless_recursion
from checks.lines.carriers import CARRIERS as RULES_OF_LINES
from checks.lines.carriers import PLACES, RULES, carrying
from checks.lines.own import Own
from checks.lines.statements import side_told
from checks.model import Failure, Observation
from checks.plain import same_plain
from checks.rules.blocks import repeated_for_windows
from checks.rules.certain.layers import all_axes_turned
from checks.rules.certain.loss import not_shifted
from checks.rules.certain.orders import arguments_in_each_others_place, counted_off_anew
from checks.rules.paths import counted_along_another_axis
from checks.rules.positions import flat_index_by_columns
from checks.run import run
from checks.student_source import parsed
from checks.text import Text
from solutions.cnn_step_by_step import reference as first
from solutions.convnet_application import reference as second
from solutions.tests.naming import exercise_called, patched, said_of


def test_what_only_fails_in_other_words_is_no_second_mistake():
    """Is a pair of causes left out of which one would only fail, elsewhere and in other words?"""
    source = patched(
        second,
        "col2im",
        ("(n_H_prev - f) // stride", "n_H_prev - f // stride"),
        ("(n_W_prev - f) // stride", "n_W_prev - f // stride"),
        ("+= columns", "= columns"),
    )
    assert "slice_end" not in said_of("col2im", source)[1]


def test_ones_own_function_of_a_known_name_may_do_otherwise():
    """Is nothing said of the axes that a function of the student's own gives, whatever its name?"""
    text = "def conv_backward(dZ, cache):\n    cols = im2col(P, f)\n    return cols.T @ dZ\n"
    assert all_axes_turned(Evidence("wrong", {}, text)) is not None
    own = {"im2col": "def im2col(P, f):\n    return P.reshape(-1, f)\n"}
    assert all_axes_turned(Evidence("wrong", {}, text, helpers=own)) is None


@pytest.mark.parametrize("first_line", ["k = x.argmax()", "[best, k] = [x.max(), x.argmax()]"])
def test_a_position_counted_by_columns_in_whatever_line_it_is_made(first_line):
    """Is it seen that np.argmax counts row by row where several names get their value at once?"""
    text = f"def f(x):\n    {first_line}\n    return k // x.shape[0]\n"
    assert flat_index_by_columns(Evidence("wrong", {}, text)) is not None
    assert flat_index_by_columns(Evidence("wrong", {}, text.replace("[0]", "[1]"))) is None


def _cause(name, *lines):
    return CauseVerdict(f"conv_backward/{name}", Text("", ""), Text("", ""), lines)


def test_a_line_that_may_stay_is_no_mistake():
    """Is of two causes only the one kept whose line is all that has to change?"""
    own, other = Line(None, 9, "x[h] = 1"), Line(None, 5, "y = x.T @ z")
    turned, overwritten = _cause("all_axes_turned", other), _cause("dA_overwritten", own)
    changed, change = [ChangedLine(9, "x[h] = 1", "x[h] += 1")], [Change("index", 9)]
    assert without_chance((turned, overwritten), changed, change, {own}) == (overwritten,)
    # Where two lines have to change, both may be mistakes.
    both = [*changed, ChangedLine(5, "y = x.T @ z", "y = x @ z")]
    assert without_chance((turned, overwritten), both, change, {own}) == (turned, overwritten)


DEF = "def f(X, W, b):\n"


@pytest.mark.parametrize(
    ("cause", "lines", "at"),
    [
        ("overlap_averaged", "    X += part\n    n += 1\n    return X / n\n", 4),
        ("overlap_averaged", "    k = X / 2\n    return k / b\n", None),
        ("bias_inside_sum", "    Z = X * W\n    Z = Z + b\n    return np.sum(Z)\n", 3),
        ("bias_inside_sum", "    k = b[0]\n    for x in X:\n        Z = Z + x * W + k\n", 4),
        ("bias_inside_sum", "    Z = np.sum(X * W + b)\n    return Z\n", None),
        (
            "height_width_swapped_slice",
            "    r, q = slice(w * s, w + f), slice(h * s, h + f)\n    return X[r, q]\n",
            2,
        ),
        ("height_width_swapped_slice", "    return X[w * s : w + f, h * s : h + f]\n", 2),
        ("height_width_swapped_slice", "    return X[h * s : h + f, w * s : w + f]\n", None),
        ("channels_of_input", "    n = W.shape[2]\n    Z = zeros(n)\n    return Z\n", 2),
        ("channels_mixed_up", "    for c in r:\n        part = X[:, c * 4 : c * 4 + 4]\n", 3),
        (
            "not_flattened",
            "    Y = np.zeros((m, h, w, f, f, c))\n    Y[0] = X\n    return Y\n",
            4,
        ),
        ("not_flattened", "    Y = np.zeros((m, h, w, k))\n    Y[0] = X\n    return Y\n", None),
        (
            "dZ_partly_averaged",
            "    dZ = np.zeros(4)\n    dZ[0] = X / m\n    dZ[b] -= 1\n    return dZ\n",
            4,
        ),
        ("dZ_partly_averaged", "    dZ = X\n    dZ[b] -= 1\n    return dZ\n", None),
        ("stride_is_f", "    c = im2col(X, f, f)\n    return c * im2col(W, f, b)\n", 2),
        ("input_added", "    c = im2col(X, f, b)\n    d = c * W\n    return d * W\n", 3),
        (
            "share_not_spread",
            "    if mode == 'max':\n        d = W\n    else:\n        d = W / f\n    return d\n",
            5,
        ),
        (
            "stride_ignored",
            "    f, s = h['f'], h['stride']\n    for r in k:\n"
            "        Y = X[r : r + f, r : r + f]\n    return Y\n",
            4,
        ),
        (
            "stride_ignored",
            "    f, s = h['f'], h['stride']\n    for r in range(0, n, s):\n"
            "        Y = X[r : r + f, r : r + f]\n    return Y\n",
            None,
        ),
    ],
)
def test_the_line_is_found_by_the_name(cause, lines, at):
    """Is the line shown that carries a mistake, where it is the only one?"""
    assert carrying(cause, Evidence("wrong", {}, DEF + lines)) == ((at,) if at else ())


RESHAPED = """def conv_forward(A_prev, W, b, hparameters):
    {made}
    return Z.reshape({sizes}), 0
"""


@pytest.mark.parametrize(
    ("made", "sizes", "is_said"),
    [
        ("Z = np.zeros((n, k, h, w))", "n, h, w, k", True),
        ("Z = np.zeros((n, k, h, w))", "(n, h, w, k)", True),
        ("Z = np.zeros((n, k, h, w))", "n, k, h, w", False),
        ("Z = np.zeros((n, k, h, w))", "n, k, h * w", False),
        ("Z = np.array([f(x, c, i) for x in P for c in range(k) for i in range(h)])", "n, h, k", 0),
        (
            "Z = np.array([g(x) for x in P for c in range(k) for i in range(h) for j in range(w)])",
            "n, h, w, k",
            True,
        ),
        (
            "Z = np.array([g(x) for x in P for i in range(h) for j in range(w) for c in range(k)])",
            "n, h, w, k",
            False,
        ),
        ("Z = np.zeros((n, k, h, w))\n    Z = Z.transpose(0, 2, 3, 1)", "n, h, w, k", False),
    ],
)
def test_reshape_exchanges_no_axes(made, sizes, is_said):
    """Is it seen that numbers come in another order than reshape is to count them off in?"""
    source = RESHAPED.format(made=made, sizes=sizes)
    assert (counted_off_anew(Evidence("wrong", {}, source)) is not None) == bool(is_said)


def test_a_loop_over_the_channels_of_the_input_that_picks_filters():
    """Is the axis told that a name was read from last, but not of the two sides of a filter?"""
    source = patched(
        first,
        "conv_forward",
        ("m, n_H_prev, n_W_prev, _ =", "m, n_H_prev, n_W_prev, n_C_prev ="),
        ("f, _, _, n_C =", "f, _, n_C_prev, n_C ="),
        ("for c in range(n_C)", "for c in range(n_C_prev)"),
    )
    (found,) = (counted_along_another_axis(Evidence("wrong", {}, source)),)
    assert found is not None and (found["axis"], found["name"]) == ("2", "W")
    sides = "def f(A, W):\n    for v in range(W.shape[0]):\n        A += W[0, v]\n"
    assert counted_along_another_axis(Evidence("wrong", {}, sides)) is None


@pytest.mark.parametrize(
    ("call", "is_said"),
    [
        ("corner(h, stride, f)", True),
        ("corner(h, f, stride)", False),
        ("corner(h, s, f)", False),
        ("im2col(X, stride, f)", True),
        ("im2col(X, f, stride)", False),
        ("corner(f, h, stride)", True),
    ],
)
def test_arguments_that_stand_in_each_others_place(call, is_said):
    """Is it said where a call passes two names the other way round than the function takes them?"""
    own = {"corner": "def corner(h, f, stride):\n    return h * stride, h * stride + f\n"}
    evidence = Evidence("wrong", {}, f"def f(X):\n    return {call}\n", helpers=own)
    assert (arguments_in_each_others_place(evidence) is not None) == is_said


@pytest.mark.parametrize(
    ("repeated", "is_said"),
    [
        ("np.repeat(dA, f, axis=1)", True),
        ("np.repeat(dA / (f * f), f * f, axis=3)", False),
        ("np.repeat(dA[:, ::stride], f, axis=1)", False),
    ],
)
def test_numbers_repeated_for_the_places_of_a_window(repeated, is_said):
    """Are numbers called side by side only where they are repeated f times, without the stride?"""
    text = "def pool_backward(dA, cache, mode):\n    A_prev, hparameters = cache\n"
    text += f'    f = hparameters["f"]\n    return {repeated}\n'
    evidence = Evidence("wrong", {}, text, parameters=("dA", "cache", "mode"))
    assert (repeated_for_windows(evidence) is not None) == is_said


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("n_H_prev", 0),
        ("nHp", 0),
        ("height", 0),
        ("rows", 0),
        ("in_w", 1),
        ("width", 1),
        ("n_cols", 1),
        ("channels", None),
        ("f", None),
        ("hw", None),
    ],
)
def test_which_side_a_name_tells(name, side):
    """Is it known of a name which side of an image it stands for, where it tells one?"""
    assert side_told(name) == side


def test_sides_that_are_read_in_order_are_not_exchanged_for_a_repair():
    """Are names left as they are that tell that a shape is read in its order?"""
    for names, others in (("m, nHp, nWp, nC", set()), ("m, a, d, nC", {"m, d, a, nC"})):
        (node,) = ast.parse(f"{names} = A.shape").body
        assert {text for _, text in unpacked_otherwise(node)} & {"m, d, a, nC", *others} == others
        assert "m, nWp, nHp, nC" not in {text for _, text in unpacked_otherwise(node)}


SOFTMAX = "def f(Z, labels):\n    {line}\n    return loss, dZ\n"


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("e = np.exp(Z)", True),
        ("e = np.exp(Z - Z.max(axis=1, keepdims=True))", False),
        ("top = np.max(Z, axis=1)\n    e = np.exp(Z)", False),
        ("Z = Z - top\n    e = np.exp(Z)", False),
        ("S = np.logaddexp.reduce(Z, axis=1)\n    P = np.exp(Z - S)", False),
    ],
)
def test_exponentials_of_the_logits_as_they_are(line, is_said):
    """Is it seen in the text that no largest logit is subtracted, where none is looked for?"""
    evidence = Evidence(
        "wrong",
        {},
        SOFTMAX.format(line=line),
        parameters=("Z", "labels"),
        outputs=("loss", "dZ"),
    )
    assert (not_shifted(evidence) is not None) == is_said


def test_a_type_written_beside_a_name_hides_nothing():
    """Is `n: int = 3` read as `n = 3`, and a name that only gets a type left alone?"""
    tree = parsed("def f(X):\n    n: int = 3\n    m: float\n    [a, b] = X\n    return n\n")
    lines = ast.unparse(tree).split("\n")
    assert [line.strip() for line in lines[1:4]] == ["n = 3", "m: float", "a, b = X"]
    source = "def f(A_prev, W, b, hparameters):\n    Z: np.ndarray = A_prev @ W\n    return Z, 0\n"
    assert carrying("bias_missing", Evidence("wrong", {}, source, outputs=("Z", "cache"))) == (2,)


ODD = [
    "x = X[()]",
    "x = X[:][()]",
    "x = range()",
    "m = np.max(*X)\n    k = X > m",
    "v = copy()\n    m, n_C, n_H, n_W = v.shape",
    "() = X",
    "X = X[:, :]\n    loss = np.mean(np.log(X[b, W]))",
    "a: int\n    X[..., a] = b[()]",
    "x1 = np.copy(x0)\n    x1 = np.copy(x1)\n    x0 = np.copy(x1)\n    m, a, d, c = x0.shape",
]


@pytest.mark.parametrize("lines", ODD)
def test_odd_code_is_read_to_its_end(lines):
    """Does every rule, and every way to a line, come to its end on code that is odd but legal?"""
    source = f"def f(X, W, b):\n    {lines}\n    return X, W\n"
    outputs = {each for a in ASSIGNMENTS.values() for e in a.exercises for each in e.outputs}
    for parameters in (("X", "W", "b", "hparameters", "mode"), ("Z", "labels"), ("dZ", "cache")):
        evidence = Evidence("wrong", {}, source, parameters=parameters, outputs=tuple(outputs))
        for general in GENERAL_CAUSES:
            general.rule(evidence)
        for name in RULES:
            RULES_OF_LINES.get(name, PLACES.get(name))(Own(evidence.function, evidence))


def test_a_function_that_calls_itself_is_named_once():
    """Is endless recursion named where several cases fail, and in an inner function, too?"""
    failure = Failure("RecursionError", "maximum recursion depth exceeded", 2, "g(x)", "g")
    seen = {key: Observation("error", failure=failure) for key in "ab"}
    inner = "def f(x):\n    def g(x):\n        return g(x)\n    return g(x)\n"
    assert endless_recursion(Evidence("error", seen, inner))["name"] == "g"
    assert endless_recursion(Evidence("error", seen))["name"] == "g"


@pytest.mark.parametrize(
    ("lines", "is_said"),
    [
        ("hp = hparameters\n    hp['pad'] = 0", True),
        ("hp = hparameters.copy()\n    hp['pad'] = 0", False),
    ],
)
def test_a_copy_of_the_settings_is_the_students_own(lines, is_said):
    """Is only the caller's own dictionary called changed?"""
    source = f"def f(A_prev, hparameters):\n    {lines}\n"
    evidence = Evidence("wrong", {}, source, parameters=("A_prev", "hparameters"))
    assert (hyperparameters_changed(evidence) is not None) == is_said


def test_a_word_compared_with_is_fails_in_the_notebook_as_in_grading():
    """Is the argument `mode` another object than the word in the student's text, everywhere?"""
    exercise = exercise_called("pool_forward")
    cases = hidden_arguments(exercise, 7)
    source = patched(first, "pool_forward", ('mode == "max"', 'mode is "max"'))
    space = {"np": np}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        exec(source, space)
    seen = run(exercise, space["pool_forward"], cases).observations
    right = run(exercise, first.pool_forward, cases).observations
    differing = {
        exercise.case(key).part
        for key in cases
        if not same_plain(seen[key].value, right[key].value)
    }
    assert differing == {"max"}
