"""Which edits are tried: is the one that a student needs among them, and early?"""

import ast

import pytest

from autograder.repairing import edits
from autograder.repairing.code import Code, lines_in, plain_text
from autograder.repairing.doubts import NOT_AT_ALL, doubts
from autograder.repairing.edits import Workshop
from autograder.repairing.moves import moves
from autograder.repairing.roles import Roles
from autograder.repairing.search import changed_lines

REFERENCE = """
def pool(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    window = A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(window)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(window)
    return A
""".strip()

STUDENT = """
def pool(X, hp, mode="max"):
    N, H, W, C = X.shape
    k, s = hp["f"], hp["stride"]
    oh = (H - k) // s + 1
    ow = (W - k) // s + 1
    out = np.zeros((N, oh, ow, C))
    for n in range(N):
        for y in range(oh):
            for x in range(ow):
                for ch in range(C):
                    part = X[n, y * s:y * s + k, x * s:x * s + k, ch]
                    if mode == "max":
                        out[n, y, x, ch] = np.max(part)
                    else:
                        out[n, y, x, ch] = np.mean(part)
    return out
""".strip()

MISTAKES = [
    ("y * s:y * s + k, x * s:x * s + k", "y:y + k, x:x + k"),
    ("x * s + k, ch", "y * s + k, ch"),
    ("(H - k) // s + 1", "(H - k) // s"),
    ("np.mean(part)", "np.max(part)"),
    ("np.mean(part)", "part"),
    ("out[n, y, x, ch] = np.max(part)", "out[n, y, x, ch] += np.max(part)"),
    ("range(oh)", "range(1, oh)"),
    ("X[n, y", "X[0, y"),
    ("(N, oh, ow, C)", "(N, ow, oh, C)"),
    ("    return out", "            return out"),
    (", ch]\n", "]\n"),
    ("hp['stride']", "hp['f']"),
    ('mode == "max"', 'mode == "Max"'),
    ("y * s:y * s + k", "y:y * s + k"),
    ("(H - k) // s", "(H - s) // s"),
    ("out[n, y, x, ch] = np.mean", "out[n, y, x, n] = np.mean"),
    ("np.max(part)", "np.sum(part)"),
    ("N, H, W, C = X.shape", "H, N, W, C = X.shape"),
]


def _same(left, right):
    return ast.dump(ast.parse(left)) == ast.dump(ast.parse(right))


def _versions(text):
    code = Code(text)
    for edit in Workshop(code, Code(REFERENCE)).edits():
        yield code.spliced(edit.splices)


@pytest.mark.parametrize(("right", "wrong"), MISTAKES)
def test_the_right_edit_is_tried_early(right, wrong):
    """Is a student's own function, without its mistake, among the first thousand versions?"""
    own = ast.unparse(ast.parse(STUDENT)) + "\n"
    right, wrong = (text.replace('"', "'") for text in (right, wrong))
    text = own.replace(right, wrong, 1)
    assert text != own
    for number, version in enumerate(_versions(text)):
        try:
            same = _same(version, own)
        except SyntaxError:
            continue
        if same:
            assert number < 1000
            return
    raise AssertionError("no version is right")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            "def f(d, n):\n    for r in n:\n        for q in n:\n            d = d / 2\n"
            "            n[r] = d\n    return n",
            "def f(d, n):\n    d = d / 2\n    for r in n:\n        for q in n:\n"
            "            n[r] = d\n    return n",
        ),
        (
            "def f(n):\n    h = 0\n    w = 0\n    while h < n:\n        while w < n:\n"
            "            w += 1\n        h += 1\n    return w",
            "def f(n):\n    h = 0\n    while h < n:\n        w = 0\n        while w < n:\n"
            "            w += 1\n        h += 1\n    return w",
        ),
    ],
)
def test_a_first_step_is_moved(wrong, right):
    """Is what a loop begins with tried before it, and a first value inside a while loop?"""
    code = Code(wrong)
    versions = [code.spliced(each) for p in code.statements for each in moves(code, p)]
    assert right in versions


def test_roles():
    """Are names found whatever they are, and written out where the student has none?"""
    names = Roles(Code(REFERENCE), Code(STUDENT)).names
    found = {name: ast.unparse(own) for name, own in names.items()}
    assert found["A_prev"] == "X" and found["hparameters"] == "hp"
    assert (found["n_H"], found["n_W"], found["h"], found["w"]) == ("oh", "ow", "y", "x")
    assert found["A"] == "out" and found["vert_end"] == "y * s + k"


def test_what_can_be_wrong():
    """Is a statement that only correct results need left for last?"""
    code = Code("def f(x):\n    a = x + 1\n    b = x + 2\n    c = a * 2\n    return c, b")
    found = {
        ast.unparse(node): doubt for node, doubt in doubts(code, ("c", "b"), {"b"}, ()).items()
    }
    assert found["b = x + 2"] == NOT_AT_ALL
    assert "c = a * 2" not in found and "a = x + 1" not in found


def test_modes_that_are_correct():
    """Is a branch left for last whose mode gives correct results?"""
    text = "if mode == 'max':\n        a = 1\n    else:\n        a = 2"
    code = Code(f"def f(x, mode):\n    {text}\n    return a")
    found = {ast.unparse(node) for node in doubts(code, ("a",), (), {"max"})}
    assert "a = 1" in found and "a = 2" not in found


def test_lines_of_the_text():
    """Do lines of the plain text lead to the student's own, comments and docstring between?"""
    text = """def f(x):
    'Say.'
    # one
    a = (x +
         1)

    for i in x:
        a += i  # two
    return a"""
    plain = plain_text(text)
    assert plain.split("\n")[1] == "    a = x + 1"
    assert [lines_in(text)[n] for n in range(1, 6)] == [1, 4, 7, 8, 9]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("a\nB\nc", [(2, "b", "B")]),
        ("a\nb\nx\nc", [(2, "b", "b\nx")]),
        ("a\nc", [(2, "b", "")]),
        ("A\nb\nC", [(1, "a", "A"), (3, "c", "C")]),
    ],
)
def test_changed_lines(after, expected):
    """Are changed lines those of the first text, and a new one counted for the line above?"""
    found = [(line.number, line.before, line.after) for line in changed_lines("a\nb\nc", after)]
    assert found == expected


def test_code_that_is_made_to_take_long(monkeypatch):
    """Are no more edits made than are worth it, whatever the function looks like?"""
    monkeypatch.setattr(edits, "MOST_EDITS", 500)
    lines = "\n".join(f"    x{n} = x{n - 1}" for n in range(1, 60))
    text = f"def pool(x0, hparameters, mode):\n{lines}\n    return x9"
    assert sum(1 for _ in Workshop(Code(text), Code(REFERENCE)).edits()) <= 1000


def test_what_is_collected_comes_from_what_is_appended():
    """Is what a list is made of suspected, too, where its items are appended?"""
    text = "def f(A):\n  w, h = A.shape\n  n = h // 2\n  parts = []\n  for u in A:\n"
    text += "    parts.append(u[:n])\n  out = np.stack(parts)\n  rest = A + 1\n  return out"
    found = {ast.unparse(node) for node in doubts(Code(text), ("a",), (), ())}
    assert found == {"rest = A + 1"}


def test_a_sum_that_is_missing_is_tried():
    """Is the sum of a result's parts tried, where the result is not summed up?"""
    code = Code("def f(P, m):\n  loss = -P[m] / m\n  return loss")
    found = {code.spliced(edit.splices) for edit in Workshop(code, Code(REFERENCE)).edits()}
    for wanted in ("np.sum(-P[m] / m)", "np.sum(P[m])", "np.sum(-P[m])"):
        assert any(wanted in text for text in found), wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("best = np.argmax(X[n, y])", "X[n, y, ..., ch]"),
        ("part = X[..., np.newaxis]", "X[..., None, :]"),
        ("part = (X @ W).reshape(ch, -1)", "(X @ W).reshape(W.shape)"),
    ],
)
def test_what_an_index_or_a_shape_lacks_is_tried(line, wanted):
    """Is another axis tried where an index leaves one out, or a new one stands elsewhere?"""
    loops = "  for n in r:\n    for y in r:\n      for ch in r:\n        "
    code = Code(f"def f(X, W, r):\n{loops}{line}\n  return best")
    found = [code.spliced(edit.splices) for edit in Workshop(code, Code(REFERENCE)).edits()]
    assert any(wanted in text for text in found)
