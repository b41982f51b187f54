from collections import OrderedDict, defaultdict, namedtuple
from enum import IntEnum

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
        ([1.0, [2.0]], "kind", "a list"),
        ([1.0, None], "kind", "Return a NumPy array"),
        ([1.0, 2.0], "shape", "1 axis instead of 4"),
        (EXPECTED.astype(np.float16), "values", "float16, which holds three digits"),
        (to_plain(EXPECTED + 1e-3j), "kind", "an array of dtype complex128; expected an array"),
        ("text", "kind", "a str"),
        (2.5, "kind", "one number; expected an array of shape (2, 3, 3, 4)"),
        (EXPECTED[0], "shape", "3 axes instead of 4"),
        (EXPECTED[:, :, :2], "shape", "Look at axis 2"),
        (EXPECTED[:, :2, :2], "shape", "Look at axes 1, 2"),
        (EXPECTED.transpose(0, 3, 1, 2), "shape", "in another order"),
        (EXPECTED.swapaxes(1, 2), "values", "Axes 1 and 2 are swapped"),
        (EXPECTED * 3, "values", "3 times the correct one"),
        (EXPECTED + 0.5, "values", "off by 0.5"),
        (-EXPECTED, "values", "sign is the opposite"),
        (EXPECTED * 0, "values", "Every value is 0"),
        (EXPECTED * 0 + 1, "values", "All your values are equal"),
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
    """Is nothing said of a constant result where the correct one is constant too?"""
    text = compare(np.full((2, 2), 0.5), np.full((2, 2), 0.25)).text["en"]
    assert "the same" not in text
    assert "2 times the correct one" in text


def test_first_difference_has_index_and_numbers():
    """Does it say the number of wrong values, the first place, what came and what was expected?"""
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
    assert compare(to_plain(1 << 100), EXPECTED).text["zh"].startswith("返回的是过大的值，")


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


class Lying(tuple):
    def __iter__(self):
        return iter((9.0,))


Window = namedtuple("Window", "height width")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.longdouble(1.5), 1.5),
        (np.complex64(2), 2.0),
        (3 + 0j, 3.0),
        (IntEnum("Mode", "MAX").MAX, 1),
        (type("Loss", (float,), {})(0.5), 0.5),
        (Window(2, 3.0), (2, 3.0)),
        (Lying((1.0, 2.0)), (1.0, 2.0)),
        (OrderedDict(pad=1, stride=np.int64(2)), {"pad": 1, "stride": 2}),
        (defaultdict(list, f=2), {"f": 2}),
        (type("Rows", (list,), {})([1, [2]]), [1, [2]]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_kinds_that_hold_plain_values(value, plain):
    """Does each subclass, and each number of another precision, become the plain one it holds?"""
    made = to_plain(value)
    assert made == plain
    assert type(made) is type(plain)


@pytest.mark.parametrize("dtype", [np.longdouble, np.complex64, np.clongdouble, object, ">f8"])
def test_arrays_of_other_dtypes(dtype):
    """Is an array of real numbers right in whatever dtype it holds them?"""
    made = to_plain(EXPECTED.astype(dtype))
    assert type(made) is np.ndarray
    assert made.dtype.kind == "f" and made.dtype.isnative
    assert compare(made, EXPECTED) is None


def test_lists_of_numbers():
    """Is a nested list compared as the array that NumPy makes of it?"""
    assert compare(to_plain(EXPECTED.tolist()), EXPECTED) is None
    assert compare(to_plain(list(EXPECTED)), EXPECTED) is None
    assert compare(to_plain((EXPECTED * 2).tolist()), EXPECTED).kind == "values"
    assert compare(to_plain([1.5]), 1.5).text["en"].endswith("Return one real number, a float.")


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
    assert to_plain(1j) == Odd("number of dtype complex128")
    assert to_plain(np.array([1 + 1j])) == Odd("array of dtype complex128")
    nested = []
    nested.append(nested)
    deep = to_plain(nested)
    for _ in range(6):
        (deep,) = deep
    assert deep == Odd("too large")
