import numpy as np
import pytest

from checks.compare import compare
from checks.plain import Odd, to_plain

EXPECTED = np.random.RandomState(0).randn(2, 3, 3, 4)


def test_equal_within_tolerance():
    """Are rounding, float32 and Python numbers accepted?"""
    assert compare(EXPECTED * (1 + 1e-6), EXPECTED) is None
    assert compare(EXPECTED.astype(np.float32), EXPECTED) is None
    assert compare(1.5, 1.5) is None
    assert compare(np.array(1.5), 1.5) is None
    assert compare(np.array([[1, 0]]), np.array([[True, False]])) is None


@pytest.mark.parametrize("scale", [1 + 1e-4, 1 - 1e-4])
def test_not_equal_beyond_tolerance(scale):
    """Is a relative error of 1e-4 seen?"""
    assert compare(EXPECTED * scale, EXPECTED).kind == "values"


@pytest.mark.parametrize(
    ("got", "kind", "says"),
    [
        (None, "kind", "None"),
        (Odd("Tensor"), "kind", "Tensor"),
        (to_plain(1 << 100), "kind", "The result is too large; expected an array"),
        ([1.0, 2.0], "kind", "a list"),
        ("text", "kind", "a str"),
        (2.5, "kind", "one number; expected an array of shape (2, 3, 3, 4)"),
        (EXPECTED[0], "shape", "3 axes instead of 4"),
        (EXPECTED[:, :, :2], "shape", "Look at axis 2"),
        (EXPECTED[:, :2, :2], "shape", "Look at axes 1, 2"),
        (EXPECTED.transpose(0, 3, 1, 2), "shape", "in another order"),
        (EXPECTED.swapaxes(1, 2), "values", "Axes 1 and 2 are swapped"),
        (EXPECTED * 3, "values", "3 times the right one"),
        (EXPECTED + 0.5, "values", "off by 0.5"),
        (-EXPECTED, "values", "sign is the opposite"),
        (EXPECTED * 0, "values", "Every value is 0"),
        (EXPECTED * 0 + 1, "values", "Every value is the same"),
        (EXPECTED + np.arange(4.0), "values", "Within a channel"),
        (np.where(EXPECTED > 0, EXPECTED, np.nan), "not_finite", "not finite"),
        (EXPECTED[:1, :1, :1, :1], "shape", "Look at axes"),
    ],
)
def test_difference_is_described(got, kind, says):
    """Does the description say what is seen, in both languages?"""
    difference = compare(got, EXPECTED)
    assert difference.kind == kind
    assert says in difference.text["en"]
    assert difference.text["zh"] and "{" not in difference.text["zh"] + difference.text["en"]


def test_constant_in_place_of_a_constant():
    """Is nothing said of a constant result where the right one is constant too?"""
    text = compare(np.full((2, 2), 0.5), np.full((2, 2), 0.25)).text["en"]
    assert "the same" not in text
    assert "2 times the right one" in text


def test_first_difference_has_index_and_numbers():
    """Are the number of wrong values, the first place, got and expected told?"""
    got = EXPECTED.copy()
    got[1, 2, 0, 3] += 1
    text = compare(got, EXPECTED).text["en"]
    assert "1 of 72 values differ; the first is at [1, 2, 0, 3]" in text


def test_array_for_a_scalar():
    """Is an array of shape (1, 1, 1) in the place of a number named as such?"""
    difference = compare(np.ones((1, 1, 1)), 1.0)
    assert difference.kind == "shape"
    assert "with one number in it" in difference.text["en"]


class AlwaysEqual(np.ndarray):
    def __eq__(self, other):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return self


def test_too_large_is_said_in_chinese():
    """Is the description of a result beyond the caps Chinese where Chinese is asked for?"""
    assert compare(to_plain(1 << 100), EXPECTED).text["zh"].startswith("返回的是 过大的值，")


@pytest.mark.filterwarnings("error")
def test_extreme_numbers_are_compared_in_silence():
    """Do numbers whose squares and differences overflow get their verdict without a warning?"""
    for value in (1e308, -1.7e308, 1e200, 1e-320):
        assert compare(np.full_like(EXPECTED, value), EXPECTED).kind == "values"
    assert compare(EXPECTED, EXPECTED * 1e307).kind == "values"


def test_odd_from_another_process():
    """Is what another process could not send kept as it was named, on one short line?"""
    assert to_plain(Odd("too large")) == Odd("too large")
    hostile = to_plain(Odd("a\u202eb\x1b[2J\nc" + "d" * 500))
    assert hostile == Odd("ab[2Jc" + "d" * 71)


def test_plain_values_cannot_act():
    """Do subclasses, objects and oversized things become plain data or Odd?"""
    lying = np.zeros(3).view(AlwaysEqual)
    plain = to_plain(lying)
    assert type(plain) is np.ndarray
    assert compare(plain, np.ones(3)) is not None
    assert to_plain(object()) == Odd("object")
    assert to_plain(np.array([object()])) == Odd("array of dtype object")
    assert to_plain(1 << 100) == Odd("too large")
    assert to_plain(np.broadcast_to(0.0, (3000, 3000))) == Odd("too large")
    assert to_plain(1j) == Odd("complex")
    nested = []
    nested.append(nested)
    deep = to_plain(nested)
    for _ in range(6):
        (deep,) = deep
    assert deep == Odd("too large")
