"""Is what may be meant at a place found by what stands around it?"""

import ast

import pytest

from autograder.repairing import changes
from autograder.repairing.around import Sides, Surroundings, shapes_in_order
from autograder.repairing.code import Code

ROWS = [
    # What is replaced, by what, and the body of the function that suggests it.
    ("f", "W.shape[2]", "for k in range(f):\n  s += W[0, 0, k]"),
    ("0", "i", "for i in range(m):\n  Y[i] = X[0, 1]"),
    (":, a + 1:b + 1, c - 2:d - 2", ":, a:b, c:d", "Y[:, a + 1:b + 1, c - 2:d - 2] = X"),
    ("pad:h", "pad:pad + h", "Y[:, pad:h] = X"),
    ("(0, 1)", "(0, 1, 2)", "s = np.sum(X, axis=(0, 1))"),
    ("3", "(3, 4)", "A = windows.max(axis=3)"),
    ("X.shape[0]", "X.shape[1]", "n = (X.shape[0] - f) // 2"),
    ("f", "(f * f)", "share = dz / f"),
    ("h + pad", "h + 2 * pad", "n = h + pad"),
    ("0", 'float("-inf")', "best = 0"),
    ("1", "stride", "y, x = corner(h, w, 1)"),
    ("::f", "::stride", "Y = X[:, ::f, ::f]"),
    ("X[0]", "x", "for x in X:\n  Y.append(X[0] * 2)"),
    ("n", "A.shape[1]", "s = sum(A[i, j] for j in range(n))"),
    ("np.sum(f(v))", "np.sum(W * f(v))", "up = np.sum(W * f(u))\ndown = np.sum(f(v))"),
    ("low", "high", "low, high = min(X), max(X)\nmask = X == low"),
]


@pytest.mark.parametrize(("old", "new", "body"), ROWS)
def test_suggestion(old, new, body):
    """Is the correct part suggested in the place of the wrong one?"""
    lines = body.replace("\n", "\n  ")
    code = Code(f"def g(X, f, pad):\n  {lines}\n  return X, f, pad\n")
    made = Surroundings(code, ["stride", "f"])
    found = {
        (code.segment(node), text)
        for placed in code.statements
        for _, node, text in made.suggestions(placed)
    }
    assert (old, new) in found


def test_a_usual_loop_is_doubted_last():
    """Does a loop that counts to the usual size get its suggestions after all others?"""
    code = Code("def g(X):\n  for i in range(m):\n    X[i] = 1\n")
    ((doubted, _, _),) = Surroundings(code, [], ["m"]).suggestions(code.statements[0])
    ((suspected, _, _),) = Surroundings(code, []).suggestions(code.statements[0])
    assert doubted > suspected


def test_a_side_is_written_like_the_other_one():
    """Is each side of a window and each corner suggested as the other one is written?"""
    body = "top = h\n  left = w * s\n  return X[top:top + f, left:left + s]"
    code = Code(f"def g(X, h, w, f, s):\n  {body}\n")
    sides = Sides(code, {"h": "w", "w": "h", "top": "left", "left": "top"})
    found = {
        (code.segment(node), text)
        for placed in code.statements
        for node, text in sides.suggestions(placed)
    }
    assert found >= {
        ("h", "h * s"),
        ("top:top + f", "top:top + s"),
        ("left:left + s", "left:left + f"),
    }


@pytest.mark.parametrize(
    ("line", "wrong", "right"),
    [
        ("out = np.zeros((m, H, W + 2 * p, C))", "H", "H + 2 * p"),
        ("H: int = 1\n  W: int = 1 + n // s", "1", "1 + n // s"),
    ],
)
def test_a_side_that_lacks_a_part_is_written_like_the_other_one(line, wrong, right):
    """Is what one side has and the other one lacks suggested, whatever else is written there?"""
    code = Code(f"def g(X, m, H, W, C, n, s, p):\n  {line}\n  return X\n")
    found = [
        (code.segment(node), text)
        for placed in code.statements
        for node, text in Sides(code, {"H": "W", "W": "H"}).suggestions(placed)
    ]
    assert (wrong, right) in found


def test_a_branch_does_not_make_a_result_anew():
    """Is nothing that is made before a loop offered as a whole for a branch inside it?"""
    code = Code("def g(Z):\n  A = Z * 0\n  for i in Z:\n    if i:\n      A[i] = i\n  return A\n")
    whole, step = ast.parse("A = np.maximum(Z, 0)\nA[i] = 0").body
    (inner,) = (p for p in code.statements if isinstance(p.node, ast.If))
    texts = [text for _, _, text in changes.branches(code, inner, [whole, step])]
    assert len(texts) == 1 and texts[0].endswith("A[i] = 0")


def test_a_shape_is_put_into_its_usual_order():
    """Is a shape suggested in the order of a batch where its names tell that it is in another?"""
    text = "def g(m, n_H, n_W, n_C, pad):\n  Z = np.zeros({})\n  return Z\n"
    for shape, expected in (
        ("(m, n_H, n_C, n_W)", ["(m, n_H, n_W, n_C)"]),
        ("(m, n_W + 2 * pad, n_H, n_C)", ["(m, n_H, n_W + 2 * pad, n_C)"]),
        ("(m, n_H, n_W, n_C)", []),
        ("(m, n_H, n_H, n_C)", []),
    ):
        (first, _) = Code(text.format(shape)).statements
        assert [new for _, new in shapes_in_order(first.node)] == expected
