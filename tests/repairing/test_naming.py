"""Is a mistake named by its repair: in the student's own words, and without the correct ones?"""

import pytest

from autograder.pages.repair_kinds import KINDS
from autograder.repairing.naming import changes_of, named
from checks.text import LANGUAGES

ROWS = [
    ("index", "y = dZ[i, w, h]", "y = dZ[i, h, h]", "`w`"),
    ("fixed_index", "y = x[0, h]", "y = x[i, h]", "`0`"),
    ("whole_axis", "y = x[:, h]", "y = x[i, h]", "`:`"),
    ("one_place", "y = x[0, h]", "y = x[:, h]", "`0`"),
    ("axis", "n = x.shape[0] - f", "n = x.shape[1] - f", "`x.shape[0]`"),
    ("slice_step", "y = x[a:n]", "y = x[a:n:s]", "`a:n`"),
    ("slice_bounds", "y = x[a:n]", "y = x[a:a + n]", "`a:n`"),
    ("slice_bounds", "y = x[:, a:n]", "y = x[:, a:a + f]", "`a:n`"),
    ("number", "n = n_H - f + 2", "n = n_H - f + 1", "`2`"),
    ("fixed_number", "y = dz / 4", "y = dz / (n_H * n_W)", "`4`"),
    ("word", "y = hp['pads']", "y = hp['pad']", "'pads'"),
    ("operator", "y += x", "y -= x", "`+`"),
    ("operation", "y = x + dz", "y = x * dz", "`x + dz`"),
    ("comparison", "y = x > m", "y = x == m", "`x > m`"),
    ("assigned_not_added", "dW[c] = x * dz", "dW[c] += x * dz", "`dW[c] = x * dz`"),
    ("added_not_assigned", "Z[c] += x", "Z[c] = x", "`Z[c] += x`"),
    ("loop_range", "for h in range(n_W):\n  y = 1", "for h in range(n_H):\n  y = 1", "`n_W`"),
    ("condition", "if pad:\n  y = 1", "if stride:\n  y = 1", "`pad`"),
    ("argument", "y = im2col(dA, f)", "y = im2col(A, f)", "`dA`"),
    ("argument_missing", "y = np.pad(x)", "y = np.pad(x, pad)", "`np.pad`"),
    ("axis_missing", "y = np.sum(x)", "y = np.sum(x, axis=0)", "`np.sum`"),
    ("argument_too_much", "y = np.zeros(s, dtype=int)", "y = np.zeros(s)", "`dtype=int`"),
    ("keyword", "y = np.sum(x, axis=0)", "y = np.sum(x, axis=1)", "`axis=0`"),
    ("function", "y = np.median(x)", "y = np.mean(x)", "`np.median`"),
    ("python_function", "y = sum(x)", "y = np.sum(x)", "`sum`"),
    ("swapped", "y = x.reshape(a, b)", "y = x.reshape(b, a)", "`x.reshape(a, b)`"),
    ("swapped", "y = x[h, w]", "y = x[w, h]", "`h, w`"),
    ("sides_differ", "y[h, w] = x[w, h]", "y[w, h] = x[w, h]", "`h`, `w`"),
    ("brackets", "n = a - f // stride", "n = (a - f) // stride", "`a - f // stride`"),
    ("operand", "dW[c] += W * dz", "dW[c] += x * dz", "`W`"),
    ("factor_missing", "start = h", "start = h * stride", "`h`"),
    ("divisor_missing", "y = x", "y = x / n", "`x`"),
    ("term_missing", "end = start", "end = start + f", "`start`"),
    ("part_too_much", "end = start + f * stride", "end = start + f", "`* stride`"),
    ("sign", "y = -x", "y = x", "`-x`"),
    ("call_missing", "y = b", "y = float(b)", "`b`"),
    ("not_in_shape", "y = np.array(x)", "y = np.array(x).reshape(dz.shape)", "`np.array(x)`"),
    ("not_summed", "y = x / m", "y = np.sum(x) / m", "`x`"),
    ("call_too_much", "y = round(x)", "y = x", "`round(…)`"),
    ("index_missing", "y = share(dA, f)", "y = share(dA[i, h], f)", "`dA`"),
    ("index_too_much", "y = np.sum(x[0])", "y = np.sum(x)", "`x[0]`"),
    ("not_transposed", "y = x @ W", "y = x @ W.T", "`W`"),
    ("transposed_needlessly", "y = np.sum(x * W.T)", "y = np.sum(x * W)", "`W.T`"),
    ("wrong_one_transposed", "y = dZ.T @ W", "y = dZ @ W.T", "`dZ.T @ W`"),
    ("reshape_for_transpose", "y = x.reshape(n, m) @ z", "y = x.T @ z", "`x.reshape(n, m)`"),
    ("no_copy", "y = x", "y = x.copy()", "`y = x`"),
    ("changed_in_place", "x *= W", "x = x * W", "`x *= W`"),
    ("in_loop", "for c in r:\n  s = 1\n  y = 2", "for c in r:\n  s = 1\ny = 2", "`for c in r:`"),
    (
        "out_of_loop",
        "for c in r:\n  s = 1\ny = 2",
        "for c in r:\n  s = 1\n  y = 2",
        "`for c in r:`",
    ),
    (
        "out_of_loop",
        "s = 0\nfor c in r:\n  s += c",
        "s = 0\nfor c in r:\n  s = 0\n  s += c",
        "`s = 0`",
    ),
    ("wrong_place", "a = 1\nb = 2\nc = 3", "b = 2\nc = 3\na = 1", "`a = 1`"),
    ("step_missing", "a = 1", "a = 1\nb = a + pad", "`a = 1`"),
    (
        "branch_missing",
        "if m == 'max':\n  y = np.max(x)",
        "if m == 'max':\n  y = np.max(x)\nelse:\n  y = np.mean(x)",
        "`if m == 'max':`",
    ),
    ("step_too_much", "a = 1\nb = a + pad", "a = 1", "`b = a + pad`"),
    ("returned", "return x", "return dz", "`x`"),
    ("unpacked", "a, W = cache", "a, x = cache", "`a, W = cache`"),
    ("statement", "mask[i] = True", "mask = x == m", "`mask[i] = True`"),
    ("value", "e = np.exp(x - m)", "e = f ** 2", "`np.exp(x - m)`"),
]
"""A kind, lines of a function, what they become, and what of them is quoted."""


def _function(lines):
    body = "\n".join(f"    {line}" for line in lines.split("\n"))
    return f"def f(x, dz):\n{body}\n    return y"


@pytest.mark.parametrize(("kind", "before", "after", "quoted"), ROWS)
def test_kind(kind, before, after, quoted):
    """Is the kind of a change named, and the wrong part quoted, without what it becomes?"""
    (one,) = named(changes_of(_function(before), _function(after)))
    assert one.kind == kind
    for language in LANGUAGES:
        assert quoted in one.message[language] or quoted.strip("`") in one.message[language]
        assert after in before or f"`{after}`" not in one.message[language]
        assert one.hint[language]
    assert all(2 <= line <= 1 + len(before.split("\n")) for line in one.lines)


def test_each_kind_has_a_row():
    """Is every kind of the table shown to be found?"""
    assert set(KINDS) == {row[0] for row in ROWS}


def test_both_directions_are_told_once():
    """Is what is wrong for height and width alike one sentence, with both lines?"""
    before = _function("vert_start = h\nhoriz_start = w")
    after = _function("vert_start = h * stride\nhoriz_start = w * stride")
    (one,) = named(changes_of(before, after))
    assert one.lines == (2, 3)
    assert "horiz_start" not in one.message["en"]


def test_the_same_is_said_once():
    """Is a line that takes two parts in the wrong order told in one sentence?"""
    before, after = (_function(f"{names} = x.shape\ny = m") for names in ("m, n, c", "c, n, m"))
    for one in named(changes_of(before, after)):
        assert one.message["en"].count("x.shape") == 1


def test_two_mistakes_are_told():
    """Are two changes of one kind both quoted, and two kinds named one by one?"""
    before = _function("dW += W * dz\ndb += x * 2\ndA += a * dz")
    after = _function("dW += x * dz\ndb += dz * 2\ndA += W * dz")
    (one,) = named(changes_of(before, after))
    assert "`W`" in one.message["en"] and one.lines == (2, 3, 4)
    before, after = _function("m = x * 2\ny = np.median(x)"), _function("m = x * 3\ny = np.mean(x)")
    assert {each.kind for each in named(changes_of(before, after))} == {"number", "function"}


def test_nothing_is_told_of_what_is_written_anew():
    """Is nothing named where lines come or go beside a value that is replaced as a whole?"""
    before = _function("rows = g(x)\ny = np.concatenate((rows, x), axis=1)")
    assert changes_of(before, _function("y = np.pad(dz, 3)")) == ()
    assert changes_of(before, None) == ()


def test_a_repair_of_many_kinds_names_nothing():
    """Is what changes four kinds of things a rewriting, of which no part is called a mistake?"""
    lines = ["m = x * 2", "y = np.median(x)", "z = x - W", "a = W[0]"]
    other = ["m = x * 3", "y = np.mean(x)", "z = x + W", "a = W[dz]"]
    before, three = _function("\n".join(lines)), _function("\n".join([*other[:3], lines[3]]))
    assert len({change.kind for change in changes_of(before, three)}) == 3
    assert changes_of(before, _function("\n".join(other))) == ()
    # With a whole value among them, three are too many.
    value = _function("\n".join(["m = g(x, dz)", *other[1:3], lines[3]]))
    assert changes_of(before, value) == ()


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("x[h + u, w + v] += dz", "x[h * s + u, w * s + v] += dz", {"factor_missing"}),
        ("x[h, h] += dz", "x[h, w] = dz", {"index"}),
        ("x[h][w][w] = dz + 1", "x[h, w, c] = dz + 1", {"index"}),
        ("x[h:] = x[h:h + f] + dz", "x[h:h + f] += dz", {"statement"}),
        ("x[h] = x[h] * 2", "x[h] += dz", {"assigned_not_added"}),
        ("x[h + u, v] += dz", "x[h * s + u, w] += dz", {"statement"}),
        ("x[x > 1] = True", "mask = True", {"statement"}),
    ],
)
def test_the_value_is_not_blamed_for_its_place(before, after, kinds):
    """Is a value that is stored in the wrong place called computed wrongly?"""
    found = changes_of(_function(before), _function(after))
    assert {each.kind for each in found} == kinds


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (
            "for h in x:\n  dz = dz / 2\n  y[h] = dz",
            "dz = dz / 2\nfor h in x:\n  y[h] = dz",
            "in_loop",
        ),
        (
            "w = 0\nwhile h < n:\n  h += w",
            "w = 0\nwhile h < n:\n  w = 0\n  h += w",
            "out_of_loop",
        ),
        ("y = x\nm = y + 1\nx = dz", "y = x\nx = dz\nm = y + 1", "wrong_place"),
    ],
)
def test_a_statement_is_moved_into_a_loop_or_out_of_it(before, after, kind):
    """Is it said of what a repair moves whether it is run too often or too seldom?"""
    found = changes_of(_function(before), _function(after))
    assert {each.kind for each in found} == {kind}


def test_a_value_that_stands_above_needs_no_other_branch():
    """Is no branch called missing of which the repair only works a value out once more?"""
    before = "d = x / dA\nif mode:\n  d = dA\nreturn d"
    after = before.replace("return", "else:\n  d = x * dA\nreturn")
    assert changes_of(_function(before), _function(after)) == ()
    missing = (text.replace("d = x / dA\n", "") for text in (before, after))
    assert [each.kind for each in changes_of(*map(_function, missing))] == ["branch_missing"]


def test_sides_that_only_another_changed_line_reads_are_no_mistake():
    """Is nothing told of sizes that the repair reads from another array for its own use?"""
    before = "m, p, q, c = x.shape\nd = W * dz\nreturn d + m"
    after = "m, p, q, c = dz.shape\nd = dz / (p * q)\nreturn d + m"
    assert {each.line for each in changes_of(_function(before), _function(after))} == {3}


def test_what_is_laid_out_in_another_way_is_turned_in_another_way():
    """Is no transposition told that only follows from how a changed line lays its numbers out?"""
    before = "M = W.reshape(n, -1)\nd = dz @ M\nreturn d"
    after = "M = W.reshape(-1, n)\nd = dz @ M.T\nreturn d"
    assert {each.line for each in changes_of(_function(before), _function(after))} == {2}


def test_steps_that_move_for_another_one_are_not_told():
    """Is nothing told of lines that a repair moves into a loop beside a branch that it adds?"""
    before = "for i in r:\n  x[i] = dz\nif p:\n  y = x[p]\nreturn y"
    after = "for i in r:\n  x[i] = dz\n  if p:\n    y = x[p]\n  else:\n    y = x\nreturn y"
    assert changes_of(_function(before), _function(after)) == ()


def test_a_whole_value_beside_another_line_shows_nothing():
    """Is nothing told of a repair that computes a value anew and changes another line for it?"""
    before = "n = h * W\na = np.array(n).reshape(s)\nreturn a + n"
    after = "n = z / (h * W)\na = np.ones(s) * n\nreturn a + n"
    assert changes_of(_function(before), _function(after)) == ()
    # What is left of a value is no new one.
    after = "n = h * W / z\na = np.array(n)\nreturn a + n"
    kinds = {each.kind for each in changes_of(_function(before), _function(after))}
    assert kinds == {"divisor_missing", "value"}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        # 2 of 6 axes may have been meant to be 4, and not the second one from the end.
        ("A = x.mean(axis=2)", "A = x.mean(axis=-2)", "keyword"),
        ("y = x[-1]", "y = x[1]", "number"),
        ("y = 3 * x", "y = -3 * x", "number"),
        # One more than f may be how many channels there are.
        ("for k in range(f):\n  y = 1", "for k in range(f + 1):\n  y = 1", "loop_range"),
        ("y = x + f", "y = x + (f + 1)", "operation"),
        ("n = h - f", "n = h - f + 1", "term_missing"),
        ("n = h // s", "n = h // s + 1", "term_missing"),
        ("dA[0] = x * dz", "dA[0] = dA[0] + x * dz", "assigned_not_added"),
        ("y = x[:, u:h + u + 1:s]", "y = x[:, u:h - f + u + s:s]", "slice_bounds"),
        ("for k in range(1, n):\n  y = 1", "for k in range(n):\n  y = 1", "loop_range"),
        ("y = np.stack(x)", "y = np.stack(x, axis=1)", "argument_missing"),
        # Of a mean it may be the name that is wrong, or the mean.
        ("y = x.mean()", "y = (np.sum(x) + dz).mean()", "value"),
        ("y = b.item()", "y = (np.sum(x * W) + np.asarray(b).item()).item()", "term_missing"),
        (
            "d = im2col(D, (H + p, W + p))",
            "d = im2col(D, (H + 2 * p, W + 2 * p))",
            "factor_missing",
        ),
    ],
)
def test_what_else_may_be_meant_is_left_open(before, after, kind):
    """Does a message say no more than that a part is wrong, where another repair does as well?"""
    assert {each.kind for each in changes_of(_function(before), _function(after))} == {kind}


def test_the_name_of_a_result_is_no_mistake():
    """Is another name for what a statement computes nothing to tell a student?"""
    before = _function("rows = np.sum(x)\ny = W - a")
    after = _function("total = np.sum(x)\ny = W + a")
    assert [change.kind for change in changes_of(before, after)] == ["operation"]


def test_two_mistakes_in_a_sum():
    """Are a wrong sign and a wrong term of one sum told one by one?"""
    before, after = (f"def f(s, b):\n  return {value}\n" for value in ("s - b", "np.sum(s) + b"))
    assert {each.kind for each in changes_of(before, after)} == {"operation", "not_summed"}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        # NumPy works out any negative size, so that a minus sign repairs a product that is wrong.
        ("y = x.reshape(m, a * a)", "y = x.reshape(m, -(a * a))", "argument"),
        ("y = x.mean(axis=(3, 4))", "y = np.mean(x, axis=3)", "value"),
        ("y = x[-1].max()", "y = np.max(x)", "value"),
        ("y = both(x, W)", "y = np.sum(x, W)", "value"),
        ("y = a * dz * (s * t)", "y = W * dz / (k * (s * t)) ", "value"),
    ],
)
def test_nothing_is_told_of_a_part_that_the_repair_only_says_in_another_way(before, after, kind):
    """Is the statement named as a whole where its parts may be correct as they are?"""
    assert {each.kind for each in changes_of(_function(before), _function(after))} == {kind}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("y = dz", "y = np.ones(dz) * W", "value"),
        ("y = dz", "y = np.ones(dz) + W", "value"),
        ("y = dz.item()", "y = (W + np.asarray(dz)).item()", "term_missing"),
        ("n = x.shape[3]", "_, _, n, _ = x.shape", "axis"),
    ],
)
def test_nothing_is_missing_beside_what_is_used_in_another_way(before, after, kind):
    """Is a factor or a term called missing only where the part itself stays in the formula?"""
    (one,) = changes_of(_function(before), _function(after))
    assert one.kind == kind


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("y = x[..., c] * x[w]", "y = x[:, :, :, c] * x[h]", ["w"]),
        ("y = x[:, c] + 1", "y = x[..., c] + 1", [":"]),
        ("y = x[..., c] + 1", "y = x[c] + 1", ["..., c"]),
        ("y = x[u:u + n * s:s]", "y = x[u:u + s * k:s]", ["n"]),
        ("Z = W - a\ny = Z + b", "Z = W + a + b\ny = Z", ["W - a"]),
        ("Z = W - a\ny = Z + b", "Z = W + a\ny = Z", ["+ b", "W - a"]),
    ],
)
def test_what_is_correct_is_not_told(before, after, told):
    """Is nothing told of `...` written out, a product turned round, a term put elsewhere?"""
    changes = changes_of(_function(before), _function(after))
    assert sorted(each.values["part"] for each in changes) == told


def test_what_is_added_up_is_not_told_as_assigned():
    """Is a sum that is built in a loop no assignment, though its repair computes all of it?"""
    before = _function("y = 0\nfor k in x:\n  y += np.sum(k) + b")
    after = _function("y = 0\nfor k in x:\n  y = np.sum(x * W) - 1")
    assert "added_not_assigned" not in {each.kind for each in changes_of(before, after)}
