"""Repairs that do the student's work anew, wherever they stand: they prove no line."""

import pytest

from autograder.repairing.anew import bypassed, leaves_unused
from autograder.repairing.code import Code

SUMMED = """def f(x, w, b):
    Z = 0
    for i in range(3):
        for k in range(3):
            Z = x[i, k] * w[i, k]
    Z = Z + b
    return Z
"""
JOINED = """def f(x):
    result = []
    for each in x:
        result.append(each + 1)
    out = np.array(result)
    return out
"""
CORNERS = """def f(x, h, s, k):
    top, left = s, h * s
    part = x[top:top + k, left]
    x[top:top + k, left] = part * 2
    return x
"""
UNREAD = """def f(x, w, b):
    total: float = np.sum(x * w)
    bias: float = b.item()
    return bias
"""
COUNTED = """def f(A, w):
    for c in range(3):
        part = A[0, c]
        w[c] = np.sum(part)
    return w
"""
FILLED = """def f(A):
    m = A.shape[0]
    flat = np.zeros((m, 12))
    for i in range(m - 1):
        flat[i] = A[i].ravel()
    return flat
"""
SHARED = """def f(dz, shape):
    n_H, n_W = shape
    count = n_H + n_W
    share = dz / count
    return np.ones(shape) * share
"""

ANEW = {
    "the sum of a loop": (SUMMED, "Z = Z + b", "Z = np.sum(x * w) + b"),
    "a loop's variables": (SUMMED, "Z = x[i, k] * w[i, k]", "Z = np.sum(x * w)"),
    "a line more": (SUMMED, "    return Z", "    Z = np.sum(x * w) + b\n    return Z"),
    "in place of zeros": (FILLED, "np.zeros((m, 12))", "A.reshape(m, -1)"),
    "a loop over nothing": (FILLED, "range(m - 1)", "range(m - m)"),
    "a loop that counts down": (FILLED, "range(m - 1)", "range(-(m - 1))"),
    "stored where nobody looks": (FILLED, "flat[i] =", "(flat + 1)[i] ="),
    "one of two names": (
        "def f(x):\n    low, high = np.min(x), np.max(x)\n    return x == low\n",
        "np.min(x)",
        "np.max(x)",
    ),
    "what a loop gathers": (
        "def f(x):\n    s = 0\n    for i in range(3):\n        s = s + x[i]\n"
        "    Z = s\n    return Z\n",
        "return Z",
        "return np.sum(x)",
    ),
    "a list that is gone through while it is filled": (JOINED, "in x:", "in result:"),
    "what a list is filled with": (JOINED, "np.array(result)", "np.pad(x, 1)"),
    "what every line reads instead": (CORNERS, "top:top + k", "h * s:h * s + k"),
    "what is computed beside a result that nobody reads": (
        UNREAD,
        "b.item()",
        "(np.sum(x * w) + np.asarray(b)).item()",
    ),
    "a loop whose steps are all the same": (
        "def f(x, y):\n    for i in range(3):\n        for k in range(3):\n"
        "            y[i, k] = x[i]\n    return y\n",
        "y[i, k]",
        "y[i]",
    ),
    "two names": (
        "def f(x):\n    rows = g(x)\n    cols = h(x)\n    y = k(rows, cols)\n    return y\n",
        "k(rows, cols)",
        "np.pad(x, 1)",
    ),
}
OF_A_LINE = {
    "added up": (SUMMED, "Z = x[i, k] * w[i, k]", "Z += x[i, k] * w[i, k]"),
    "what is appended": (JOINED, "each + 1", "each - 1"),
    "a corner": (CORNERS, "left = s, h", "left = h * s, h"),
    "a range": (FILLED, "range(m - 1)", "range(m)"),
    "a first value": (SUMMED, "Z = 0", "Z = float('-inf')"),
    "a size": (FILLED, "np.zeros((m, 12))", "np.zeros((m, A.size // m))"),
    "a formula": (SHARED, "n_H + n_W", "n_H * n_W"),
    "something left out": (SUMMED, "Z = Z + b", "Z = b"),
    "a name of an unpacked shape": (SHARED, "n_H + n_W", "n_H * shape[1]"),
}


@pytest.mark.parametrize("name", ANEW)
def test_done_anew(name):
    """Is a repair that makes the student's other lines useless seen?"""
    text, before, after = ANEW[name]
    assert bypassed(Code(text), Code(text.replace(before, after)))


@pytest.mark.parametrize("name", OF_A_LINE)
def test_of_a_line(name):
    """Does a repair of the line that is wrong count?"""
    text, before, after = OF_A_LINE[name]
    wrong, right = Code(text), Code(text.replace(before, after))
    assert (bypassed(wrong, right), leaves_unused(wrong, right)) == (False, False)


def test_one_name_unused():
    """Does a repair count that does without one name, which may be the wrong one?"""
    wrong, right = Code(SHARED), Code(SHARED.replace("dz / count", "dz / (n_H * n_W)"))
    assert (bypassed(wrong, right), leaves_unused(wrong, right)) == (False, True)


def test_a_loop_that_other_lines_count_by_is_in_use():
    """Is a repair one that no longer reads a loop's variable where another line does?"""
    assert not bypassed(Code(COUNTED), Code(COUNTED.replace("A[0, c]", "A[0, :]")))
    once = COUNTED.replace("A[0, c]", "A[0]").replace("w[c] =", "w[:] =")
    assert bypassed(Code(COUNTED), Code(once))
