import numpy as np
import pytest
from toy import ARGUMENTS, EXPECTED, TOY, observe_all, right

from checks import formulas
from checks.judge import failure_text, judge, what_was_raised
from checks.model import Failure
from checks.text import LANGUAGES


def _judge(target, **options):
    return judge(TOY, observe_all(target), EXPECTED, ARGUMENTS, **options)


def test_right():
    """Does a correct function get all points and an open gate?"""
    result = _judge(right)
    assert (result.status, result.score) == ("right", 10)
    assert all(check.passed for check in result.checks)


def test_partial():
    """Does each check pay for itself?"""

    def right_for_three(x, factor):
        return (x * factor if len(x) == 3 else x), (x, factor)

    result = _judge(right_for_three)
    assert (result.status, result.score) == ("wrong", 6)


def test_trivial_check_pays_only_beside_another():
    """Does a check that a trivial function passes pay nothing by itself?"""

    def right_for_five(x, factor):
        return (x * factor if len(x) == 5 else x), (x, factor)

    assert _judge(right_for_five).score == 0


@pytest.mark.parametrize(
    "wrong_cache",
    [None, (), (1.0, 2.0), "cache", ([0.0], 2.0)],
)
def test_closed_gate(wrong_cache):
    """Does a wrong cache leave at most half the points, and is it named?"""
    result = _judge(lambda x, factor: (x * factor, wrong_cache))
    assert (result.status, result.score) == ("wrong", 5)
    assert [c.name["en"] for c in result.checks if not c.passed] == ["cache holds x, factor"]


def test_list_in_place_of_an_array():
    """Does a list of correct numbers earn half, with what to return in both languages?"""
    result = _judge(lambda x, factor: ((x * factor).tolist(), (x, factor)))
    assert (result.status, result.score) == ("wrong", 5)
    (gate,) = [c for c in result.checks if not c.passed]
    assert "np.array(" in gate.detail["en"] and "np.array(" in gate.detail["zh"]
    wrong = _judge(lambda x, factor: (x.tolist(), (x, factor)))
    assert wrong.score == 0


def test_cache_missing():
    """Is a function that returns only its first value named as such, and that value graded?"""
    result = _judge(lambda x, factor: x * factor)
    assert result.score == 5
    assert "what is returned" in [c.name["en"] for c in result.checks if not c.passed]


def test_input_changed():
    """Is a function caught that changes the array it was given?"""

    def in_place(x, factor):
        original = x.copy()
        x *= factor
        return x, (original, factor)

    result = _judge(in_place)
    assert result.score == 5
    assert "inputs are left as they are" in [c.name["en"] for c in result.checks if not c.passed]


def test_not_repeatable():
    """Is a function caught that gives another result the second time?"""
    calls = iter(range(100))

    def drifting(x, factor):
        return x * factor + next(calls) * 1e-9, (x, factor)

    result = _judge(drifting)
    assert result.status == "wrong"
    names = [c.name["en"] for c in result.checks if not c.passed]
    assert names == ["the same inputs give the same result"]


@pytest.mark.parametrize(
    "target",
    [
        lambda x, factor: None,
        lambda x, factor: (None, None),
        lambda x, factor: (x, (x, factor)),
        lambda x, factor: (np.zeros_like(x), (x, factor)),
        lambda x, factor: (np.ones_like(x), (x, factor)),
        lambda x, factor: (np.full_like(x, np.nan), (x, factor)),
        lambda x, factor: (np.full_like(x, np.inf), (x, factor)),
        lambda x, factor: (x.astype(object), (x, factor)),
        lambda x, factor: (list(x), (x, factor)),
        lambda x, factor: ("2", (x, factor)),
        lambda x, factor: 1 / 0,
    ],
    ids=lambda _: "",
)
def test_nothing_earned(target):
    """Do stubs, identity, constants, infinities and odd types score 0?"""
    result = _judge(target)
    assert result.score == 0
    assert result.status != "right"


def test_not_implemented():
    """Is a stub distinguished from a wrong function?"""

    def stub(x, factor):
        raise NotImplementedError("scale")

    assert _judge(stub).status == "not_implemented"
    assert _judge(lambda x, factor: (None, (x, factor))).status == "not_implemented"
    assert _judge(lambda x, factor: (x, (x, factor)), placeholder=True).status == "not_implemented"
    assert _judge(right, placeholder=True).status == "right"


def test_error_names_the_line():
    """Does an exception show the function's own line?"""

    def failing(x, factor):
        return x[7], (x, factor)

    result = _judge(failing)
    assert result.status == "error"
    assert "return x[7], (x, factor)" in result.checks[0].detail["en"]
    assert "IndexError" in result.checks[0].detail["zh"]


def test_sizes_of_matrices_are_told_without_numpys_words():
    """Is a product of matrices that do not fit explained by their sizes, without `gufunc`?"""

    def multiplies(x, factor):
        return np.ones((4, 3)) @ np.ones((18, 2)), (x, factor)

    text = failure_text(observe_all(multiplies)["three"])
    assert "second has 18 rows, the first 3 columns" in text["en"]
    assert "gufunc" not in text["en"] + text["zh"]


def test_a_gradient_of_another_shape_is_told_in_each_language():
    """Is what a check's own layer refuses said in Chinese, too, with both shapes?"""
    with pytest.raises(ValueError) as raised:
        formulas._refuse_other_shape("dA", np.zeros((3, 16)), (3, 2, 2, 4))
    text = what_was_raised(Failure("ValueError", str(raised.value)))
    for language in LANGUAGES:
        assert "(3, 16)" in text[language] and "(3, 2, 2, 4)" in text[language]
    assert "shape" not in text["zh"]
