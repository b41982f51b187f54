"""Do the rules on a function's text keep silent where their message would not be true of it?"""

import numpy as np
import pytest

from checks import exception_rules
from checks.causes_by_exception import BY_EXCEPTION
from checks.evidence import Evidence
from checks.model import Failure, Observation
from checks.rules import (
    arrays,
    channels,
    flow,
    lost,
    mistaken,
    outside,
    paths,
    positions,
    rounding,
    suspicions,
)

NOTHING = {"one": Observation("ok", None)}
POOL = {"parameters": ("A_prev", "hparameters", "mode"), "outputs": ("A", "cache")}
CONV = {"parameters": ("A_prev", "W", "b", "hparameters"), "outputs": ("Z", "cache")}
BACK = {"parameters": ("dZ", "cache"), "outputs": ("dA_prev", "dW", "db")}
MASK = {"parameters": ("x",), "outputs": ("mask",)}
RELU = {"parameters": ("Z",), "outputs": ("A",)}


def _found(rule, source, seen=None, **known):
    return rule(Evidence("wrong", seen or {}, source, **known))


def _ended(type_, message, line, number=None):
    failure = Failure(type_, message, number, line, "f")
    return {"one": Observation("error", failure=failure)}


def _named(name, source, line, type_, message, **known):
    """Return what each rule of a cause finds where a line ended with these words."""
    seen = _ended(type_, message, line)
    evidence = Evidence("error", seen, source, **known)
    return [each.rule(evidence) for each in BY_EXCEPTION if each.name == name]


RETURNS = {
    "a helper's return stands in an if": (
        flow.return_in_branch,
        """
def pool_forward(A_prev, hparameters, mode):
    def pick(w):
        if mode == "max":
            return w.max()
    A = pick(A_prev)
""",
    ),
    "a helper's return is empty": (
        flow.empty_return,
        """
def pool_forward(A_prev, hparameters, mode):
    def put(w, i):
        if i == 0:
            return
        A[i] = w
    if mode == "max":
        return A, cache
""",
    ),
    "another way ends without a return": (
        flow.empty_return,
        """
def pool_forward(A_prev, hparameters, mode):
    if A_prev is None:
        return None
    if mode == "maximum":
        return A, cache
""",
    ),
}


@pytest.mark.parametrize(("rule", "source"), RETURNS.values(), ids=RETURNS)
def test_a_return_is_blamed_only_where_it_gave_none(rule, source):
    """Is a return left alone that belongs to a helper, or that may not be the one that ran?"""
    assert _found(rule, source, NOTHING, **POOL) is None


def test_a_helpers_return_is_not_the_shorter_one():
    """Is the return of an inner function left out where those of a function are compared?"""
    source = """
def pool_forward(A_prev, hparameters, mode):
    def pick(w):
        return w.max()
    if mode == "max":
        return A, cache
"""
    seen = {"a": Observation("ok", (1, 2)), "b": Observation("ok", None)}
    assert _found(paths.shorter_return, source, seen, **POOL) is None


SILENT = {
    "the positions are values": (
        flow.asks_for_position,
        """
def create_mask_from_window(x):
    for row in x:
        for value in row:
            for best in largest:
                if row[0] > 0 and value == best:
                    mask = 1
""",
        MASK,
    ),
    "another condition may hold elsewhere": (
        flow.asks_for_position,
        """
def create_mask_from_window(x):
    for i in range(3):
        for j in range(3):
            if x[i, j] > m or (x[i, j] == m and i == j):
                mask[i, j] = 1
""",
        MASK,
    ),
    "a generator counts anew": (
        flow.stands_after_loop,
        """
def f(x):
    for i in range(3):
        total += x[i]
    total += sum(x[i] for i in range(3))
""",
        {},
    ),
    "the loop is a search": (
        flow.stands_after_loop,
        """
def create_mask_from_window(x):
    for k in range(x.size):
        if x.flat[k] == x.max():
            break
    mask.flat[k] = True
    return mask
""",
        MASK,
    ),
    "the line only prints": (
        flow.stands_after_loop,
        """
def f(x):
    for i in range(3):
        total += x[i]
    print("last", i)
    assert i == 2
""",
        {},
    ),
    "the last branch of two": (
        flow.always_true,
        """
def pool_forward(A_prev, hparameters, mode):
    if mode == "max":
        A = 1
    elif mode == "avg" or "average":
        A = 2
""",
        POOL,
    ),
    "is asks for a type": (
        flow.compared_with_is,
        "def f(Z):\n    if type(Z) is list:\n        Z = np.array(Z)\n",
        RELU,
    ),
    "the window is another one by now": (
        flow.larger_than_largest,
        """
def f(x):
    window = x[0:2]
    best = np.max(window)
    for h in range(4):
        window = x[h : h + 2]
        if (window > best).any():
            A = 1
""",
        {},
    ),
    "the gradient is an array of its own by then": (
        arrays.second_name,
        """
def f(dA, cache):
    dA_prev = A_prev
    dA_prev = np.zeros(A_prev.shape)
    dA_prev[0] += 1
""",
        {},
    ),
    "a number has no second name": (
        arrays.second_name,
        "def f(X):\n    for h in range(3):\n        dh = h\n        dh += 1\n",
        {},
    ),
    "positions go into the cache": (
        positions.position_for_value,
        """
def pool_forward(A_prev, hparameters, mode):
    where[i, h, w, c] = np.argmax(window)
    return A, (A_prev, hparameters, where)
""",
        POOL,
    ),
    "positions are replaced by values": (
        positions.position_for_value,
        """
def pool_forward(A_prev, hparameters, mode):
    A = np.zeros((m, n_H, n_W, n_C))
    A[i, h, w, c] = np.argmax(window)
    A = np.take(values, A)
    return A, cache
""",
        POOL,
    ),
    "the windows are square": (
        positions.flat_index_by_columns,
        """
def pool_backward(dA, cache, mode):
    window = A_prev[i, h:h + f, w:w + f, c]
    row = np.argmax(window) // window.shape[0]
""",
        {"parameters": ("dA", "cache", "mode"), "outputs": ("dA_prev",)},
    ),
    "the array was transposed before": (
        positions.flat_index_by_columns,
        """
def create_mask_from_window(x):
    turned = x.T
    row = np.argmax(turned) % x.shape[0]
""",
        MASK,
    ),
    "the position counts along one axis": (
        positions.flat_index_by_columns,
        "def create_mask_from_window(x):\n    row = np.argmax(x, axis=0) % x.shape[0]\n",
        MASK,
    ),
    "the corner is reset beside another": (
        positions.start_not_reset,
        """
def f(x):
    w0 = 0
    for h in range(3):
        h0, w0 = h * 2, 0
        for w in range(3):
            total += x[h0 : h0 + 2, w0 : w0 + 2]
            w0 += 2
""",
        {},
    ),
    "the corner begins anew by itself": (
        positions.start_not_reset,
        """
def f(x):
    w0 = 0
    for h in range(3):
        for w in range(3):
            total += x[h : h + 2, w0 : w0 + 2]
            w0 = (w0 + 2) % 6
""",
        {},
    ),
    "the argument is not the cache's": (
        lost.cache_name_rebound,
        """
def conv_forward(A_prev, W, b, hparameters):
    kept = A_prev
    A_prev = zero_pad(A_prev, pad)
    both = A_prev, W
    cache = (kept, W, b, hparameters)
    return Z, cache
""",
        {**CONV, "seen": {"one": Observation("ok", (np.ones(3), ()))}},
    ),
    "a helper of the student's own works in place": (
        lost.not_stored,
        """
def zero_pad(X, pad):
    def pad(source, target):
        target[1:-1] = source
    pad(X, X_pad)
    return X_pad
""",
        {},
    ),
    "the entry has a default and is not needed": (
        mistaken.entry_missing,
        """
def pool_forward(A_prev, hparameters, mode):
    pad = hparameters.get("pad", 0)
    f, stride = hparameters["f"], hparameters["stride"]
""",
        POOL,
    ),
    "the number of axes is asked for": (
        mistaken.fixed_number_of_axes,
        """
def relu_forward(Z):
    if Z.ndim == 2:
        for i in range(Z.shape[0]):
            for j in range(Z.shape[1]):
                A[i, j] = max(0, Z[i, j])
    else:
        A = Z[0, 0, 0, 0, 0]
""",
        {**RELU, "seen": _ended("IndexError", "too many indices for array", "A = Z[0, 0]")},
    ),
    "the loop goes on with what it has": (
        mistaken.overwritten_by_loop,
        """
def f(x):
    A = np.zeros(3)
    for part in x:
        total = A + part
        A = total
    return A
""",
        {},
    ),
    "the first example begins, the loop goes on": (
        mistaken.example_fixed,
        """
def f(X, f, stride):
    rows = [X[0, :2, :2, :]]
    for i in range(1, len(X)):
        rows.append(X[i, :2, :2, :])
""",
        {"parameters": ("X", "f", "stride")},
    ),
    "only the shape of an example is read": (
        mistaken.example_fixed,
        "def f(X, f, stride):\n    n = X[0, :, :, 0].size\n    k = len(X[0, 0, :, 0])\n",
        {"parameters": ("X", "f", "stride")},
    ),
    "the first axis counts rows": (
        mistaken.example_fixed,
        "def f(X, f, stride):\n    for each in X:\n        X = each\n        a = X[0, :, :]\n",
        {"parameters": ("X", "f", "stride")},
    ),
    "the default is only read": (
        mistaken.kept_between_calls,
        "def f(X, settings={'pad': 0}):\n    pad = settings['pad']\n",
        {},
    ),
    "two functions are compared": (
        mistaken.never_called,
        "def f(x):\n    if pool == np.max:\n        return 1\n",
        MASK,
    ),
    "the full image is only a step": (
        mistaken.input_for_windows,
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H, n_W, n_C = A_prev.shape
    full = np.zeros((m, n_H, n_W, k))
    Z = full[:, ::stride, ::stride]
    return Z, cache
""",
        CONV,
    ),
    "one answer only stops what is no number": (
        paths.decided_for_several,
        """
def relu_forward(Z):
    if np.any(np.isnan(Z)):
        raise ValueError("no number")
    return Z
""",
        RELU,
    ),
    "one number at a time": (
        paths.decided_for_several,
        """
def relu_forward(Z):
    for where in np.ndindex(Z.shape):
        if np.any(Z[where] > 0):
            A[where] = Z[where]
    return A
""",
        RELU,
    ),
    "the argument's name has another array": (
        suspicions.changed_argument,
        """
def f(A_prev, W):
    A_prev = np.pad(A_prev, 1)
    A_prev[0] = 1
    w = W[0]
    w *= 2
""",
        {"seen": {"one": Observation("ok", 1, arguments_changed=True)}, "is": "w *= 2"},
    ),
    "a hyperparameter is a number": (
        suspicions.changed_argument,
        """
def f(X, pad):
    pad += 1
    X[0] = 1
""",
        {"seen": {"one": Observation("ok", 1, arguments_changed=True)}, "is": "X[0] = 1"},
    ),
    "another name fills the zeros": (
        suspicions.never_filled,
        "def f(x):\n    out = A = np.zeros(3)\n    out[0] = 1\n    return A\n",
        {},
    ),
    "a call fills the list by keyword": (
        suspicions.list_never_filled,
        "def f(x):\n    out = []\n    fill(x, into=out)\n    return out\n",
        {},
    ),
    "a list of lists fills it": (
        suspicions.list_never_filled,
        """
def f(x):
    rows = []
    for each in (rows, cols):
        each.append(1)
    return np.array(rows)
""",
        {},
    ),
    "a part of a shape is no border": (
        suspicions.fixed_border,
        "def f(A_prev, pad):\n    h, w = A_prev.shape[1:-1]\n    dims[1:-1] = h, w\n",
        {},
    ),
    "widths for np.pad": (
        suspicions.fixed_size,
        """
def zero_pad(X, pad):
    widths = np.zeros((4, 2), dtype=int)
    return np.pad(X, widths)
""",
        {"parameters": ("X", "pad"), "outputs": ("X_pad",)},
    ),
    "a product has the channels in front": (
        channels.channels_in_front,
        """
def conv_forward(A_prev, W, b, hparameters):
    out = W.reshape(-1, n_C).T @ columns.T
    out = out.reshape(n_C, m, n_H, n_W).transpose(1, 2, 3, 0)
""",
        CONV,
    ),
    "a method fills up with zeros": (
        suspicions.resized,
        "def f(X, pad):\n    X.resize((3, 4))\n",
        {},
    ),
    "each place occurs once": (
        suspicions.added_once,
        """
def f(dA, cache, mode):
    rows = np.arange(h0, h0 + f)[:, None]
    cols = np.arange(w0, w0 + f)
    dA_prev[i, rows, cols, c] += mask
""",
        {},
    ),
    "an array of the input's size": (
        suspicions.counted_over_input,
        """
def pool_forward(A_prev, hparameters, mode):
    A = A_prev.copy()
    for h in range(n_H_prev):
        total += A[i, h, w, c]
    return out, cache
""",
        POOL,
    ),
    "the sizes are the output's": (
        suspicions.counted_over_input,
        """
def pool_backward(dA, cache, mode):
    m, n_H_prev, n_W_prev, n_C = dA.shape
    for h in range(n_H_prev):
        total += dA[i, h, w, c]
    return out
""",
        {"parameters": ("dA", "cache", "mode"), "outputs": ("dA_prev",)},
    ),
    "one channel is only the default": (
        channels.one_channel,
        """
def f(A_prev):
    n_C = 1
    if A_prev.ndim == 4:
        n_C = A_prev.shape[3]
    A = np.zeros((m, h, w, n_C))
    return A
""",
        {},
    ),
    "one channel of the input": (
        channels.one_channel,
        "def f(A_prev):\n    n_C_prev = 1\n    A = np.zeros((m, h, w, n_C))\n    return A\n",
        {},
    ),
    "the cache is another one in the end": (
        suspicions.cache_parts,
        """
def conv_forward(A_prev, W, b, hparameters):
    cache = (A_prev, W)
    cache = cache + (b, hparameters)
    return Z, cache
""",
        CONV,
    ),
    "only the sizes are rounded": (
        rounding.whole_numbers,
        """
def pool_forward(A_prev, hparameters, mode):
    n_H = int(np.floor((A_prev.shape[1] - f) / stride)) + 1
    where = np.arange(f, dtype=int)
    A[i, h, w, c] = np.sum(window > 0)
    return A, cache
""",
        {**POOL, "seen": {"one": Observation("ok", (np.array([2.0, 3.0]), ()))}},
    ),
}


@pytest.mark.parametrize(("rule", "source", "known"), SILENT.values(), ids=SILENT)
def test_a_rule_is_silent_where_its_message_is_untrue(rule, source, known):
    """Does a rule find nothing where the text only resembles the mistake that it names?"""
    wanted = known.get("is")
    found = _found(rule, source, **{key: value for key, value in known.items() if key != "is"})
    assert (found and found["code"]) == wanted


def test_a_name_is_given_in_a_branch_but_used_above_it():
    """Is a branch left alone where the line that failed does not come behind it?"""
    source = """
def f(x):
    for i in range(3):
        print(total)
        if i == 0:
            total = 1
"""
    said = "cannot access local variable 'total' where it is not associated with a value"
    seen = _ended("UnboundLocalError", said, "print(total)", 4)
    assert _found(flow.assigned_in_branch, source, seen) is None


def test_a_sum_begins_in_a_branch():
    """Is a branch not excluded where the first line that gives a value stands above?"""
    source = """
def f(x):
    if mode == "Max":
        total = 1
    total = total + 1
"""
    said = "cannot access local variable 'total' where it is not associated with a value"
    seen = _ended("UnboundLocalError", said, "total = total + 1", 5)
    assert _found(outside.read_above, source, seen) is None


def test_a_list_of_arrays_is_no_shape():
    """Is a list that is reshaped not taken for the shape?"""
    source = "def f(x):\n    A = np.reshape([first, second], wanted)\n"
    seen = _ended("ValueError", "cannot reshape array", "A = np.reshape([first, second], wanted)")
    assert _found(flow.arguments_exchanged, source, seen) is None


UNTRUE = {
    "a tuple in a slice": (
        "integer_needed",
        "def f(X, pad):\n    both = (pad, pad)\n    return X[both:]\n",
        "return X[both:]",
        "TypeError",
        "slice indices must be integers or None or have an __index__ method",
        {},
    ),
    "maximum of four": (
        "compares_two_arrays",
        "def f(x):\n    return np.maximum(a, b, c, d)\n",
        "return np.maximum(a, b, c, d)",
        "TypeError",
        "maximum() takes from 2 to 3 positional arguments but 4 were given",
        {},
    ),
    "a helper called pad": (
        "wrong_pad_call",
        "def f(X, p):\n    return pad(X, p)\n",
        "return pad(X, p)",
        "TypeError",
        "pad() missing 1 required positional argument: 'value'",
        {"helpers": {"pad": "def pad(X, p, value):\n    return X\n"}},
    ),
    "None is called": (
        "none_used",
        "def f(x):\n    return table.get(mode)(x)\n",
        "return table.get(mode)(x)",
        "TypeError",
        "'NoneType' object is not callable",
        {},
    ),
    "a list times a float": (
        "tuple_in_arithmetic",
        "def f(x):\n    row = [0] * (n / 2)\n",
        "row = [0] * (n / 2)",
        "TypeError",
        "can't multiply sequence by non-int of type 'float'",
        {},
    ),
    "a tuple without its comma": (
        "tuple_in_arithmetic",
        "def f(x):\n    A = np.zeros(x.shape[:3] + (n_C))\n",
        "A = np.zeros(x.shape[:3] + (n_C))",
        "TypeError",
        'can only concatenate tuple (not "int") to tuple',
        {},
    ),
    "a reshape is unpacked": (
        "shape_unpacked_wrong_number",
        "def f(x):\n    Z, cache = np.reshape(x, (m, 3))\n",
        "Z, cache = np.reshape(x, (m, 3))",
        "ValueError",
        "too many values to unpack (expected 2)",
        {},
    ),
    "two shapes are unpacked": (
        "shape_unpacked_wrong_number",
        "def f(x):\n    (a, b), (c, d) = x.shape, y.shape\n",
        "(a, b), (c, d) = x.shape, y.shape",
        "ValueError",
        "too many values to unpack (expected 2)",
        {},
    ),
    "a table of the student's own": (
        "hparameter_name",
        "def f(x):\n    W = own_params['W1']\n",
        "W = own_params['W1']",
        "KeyError",
        "'W1'",
        {},
    ),
    "a type that NumPy does not know": (
        "shape_as_arguments",
        "def f(x):\n    A = np.zeros(shape, 'flaot')\n",
        "A = np.zeros(shape, 'flaot')",
        "TypeError",
        "data type 'flaot' not understood",
        {},
    ),
    "arguments in a dictionary": (
        "number_of_arguments",
        "def f(x):\n    X_pad = zero_pad(X, **known)\n    Z = q\n",
        "Z = q",
        "NameError",
        "name 'q' is not defined",
        {},
    ),
    "float, and an array that is called": (
        "called_like_a_function",
        "def f(x):\n    return float(W[0](1))\n",
        "return float(W[0](1))",
        "TypeError",
        "'numpy.ndarray' object is not callable",
        {"names": "float"},
    ),
}


@pytest.mark.parametrize(
    ("name", "source", "line", "type_", "words", "known"), UNTRUE.values(), ids=UNTRUE
)
def test_an_exception_is_explained_only_where_the_words_mean_it(
    name, source, line, type_, words, known
):
    """Is an exception not explained by a cause that the student's line does not have?"""
    others = {key: value for key, value in known.items() if key != "names"}
    found = [each for each in _named(name, source, line, type_, words, **others) if each]
    if "names" in known:
        found = [each for each in found if each["name"] == known["names"]]
    assert found == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("row_max = [max(r) for r in x]", exception_rules.OWN_FUNCTION.format(name="max")),
        (
            "if max(x) == x[0]:",
            exception_rules.EITHER.format(name="max"),
        ),
        ("if x == m:", exception_rules.ONE_CONDITION),
    ],
)
def test_the_truth_of_an_array_is_asked_by_whom_the_line_shows(line, what):
    """Is `in` of a comprehension no condition, and is nobody blamed where two may be meant?"""
    said = "The truth value of an array with more than one element is ambiguous."
    found = exception_rules.truth_of_an_array(Evidence("error", _ended("ValueError", said, line)))
    assert found["what"] == what


NAMED = {
    "the helper that calls itself": (
        "endless_recursion",
        "def f(x):\n    return g(x)\n",
        "return g(x)",
        "RecursionError",
        "maximum recursion depth exceeded",
        {"helpers": {"g": "def g(x):\n    return g(x)\n"}},
        {"name": "g"},
    ),
    "a list times a float": (
        "integer_needed",
        "def f(x):\n    row = [0] * (n / 2)\n",
        "row = [0] * (n / 2)",
        "TypeError",
        "can't multiply sequence by non-int of type 'float'",
        {},
        {"line": "row = [0] * (n / 2)"},
    ),
    "None where a function is meant": (
        "none_called",
        "def f(x):\n    return table.get(mode)(x)\n",
        "return table.get(mode)(x)",
        "TypeError",
        "'NoneType' object is not callable",
        {},
        {"line": "return table.get(mode)(x)"},
    ),
}


@pytest.mark.parametrize(
    ("name", "source", "line", "type_", "words", "known", "wanted"), NAMED.values(), ids=NAMED
)
def test_an_exception_is_told_as_what_it_is(name, source, line, type_, words, known, wanted):
    """Is the cause named that such a line has indeed?"""
    found = _named(name, source, line, type_, words, **known)
    assert wanted in found
