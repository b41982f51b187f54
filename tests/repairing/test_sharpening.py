"""Is only so much of a repair kept as is needed of it?"""

from autograder.repairing.code import Code
from autograder.repairing.search import line_splices
from autograder.repairing.sharpening import part_changes, together

LOOP = """def f(x, d, n):
    g = d
    for h in range(n):
        if h:
            x[h] = x[h] * {name}{divided}
    return x
"""


def test_a_change_inside_a_loop_is_taken_apart():
    """Is a change in a loop one of a part, which may be tried by itself and in the own words?"""
    wrong, right = (
        Code(LOOP.format(name=name, divided=divided))
        for name, divided in (("g", ""), ("d", " / n"))
    )
    (part,) = part_changes(wrong, right)
    assert wrong.spliced((part.splice,)).count("(x[h] * d / n)") == 1
    assert any(wrong.spliced((less,)).count("x[h] * g / n") for less in part.less)


def test_what_needs_each_other_is_left_out_at_once():
    """Are lines that make and read two names one thing that a repair may do without?"""
    body = "for h in range({}):\n        {}\n        {}\n        y = {}\n"
    text = f"def f(x, s):\n    {body}    return y\n"
    wrong = Code(text.format("1, s", "u = slice(h, s)", "v = slice(s)", "x[u, v]"))
    splices = line_splices(wrong.text, text.format("s", "u = h", "v = s", "x[u:s, :v]"))
    (linked,) = together(wrong, splices)
    assert sorted(linked) == list(splices[1:])


def test_a_sum_may_be_meant_as_a_product():
    """Is the student's own sum with another operator tried where a repair changes both sides?"""
    text = "def f(w, s, k):\n    left = {}\n    return left, k\n"
    wrong, right = (Code(text.format(value)) for value in ("w + s", "w * s + k"))
    parts = part_changes(wrong, right)
    versions = [wrong.spliced((each,)) for part in parts for each in part.alone]
    assert text.format("((w) * (s))") in versions
