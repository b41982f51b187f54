"""Functions as arguments: sent as data, callable where they arrive."""

import numpy as np
import pytest

from checks.formulas import Formula, from_data, to_data

SOURCE = """
def twice(f, x):
    return f(2 * x)
def kind(f, x):
    f.parameters[0][:] = 0.0
    return type(f).__name__
"""


def test_a_formula_is_called_in_the_child(run):
    """Does a student's function receive a function, and are the arguments seen as unchanged?"""
    M = np.arange(6.0).reshape(2, 3)
    x = np.ones((4, 2)) / 10
    groups = {"a": [("twice", Formula("mixed", (M,)), x)]}
    (result,) = run(SOURCE, groups=groups).groups["a"]
    np.testing.assert_allclose(result.value, np.tanh(2 * x @ M))
    assert not result.arguments_changed


def test_a_changed_formula_stays_in_the_child(run):
    """Does a student's function that changes a formula leave the grader's own alone?"""
    formula = Formula("mixed", (np.ones((2, 2)),))
    (result,) = run(SOURCE, groups={"a": [("kind", formula, np.ones((1, 2)))]}).groups["a"]
    assert result.value == "Formula"
    assert (formula.parameters[0] == 1).all()


def test_an_unknown_formula_is_refused():
    """Is a formula that is not in the table refused, made here or received?"""
    with pytest.raises(KeyError, match="no formula"):
        Formula("cosine", ())
    with pytest.raises(KeyError, match="no formula"):
        from_data(to_data({"formula": "os.system", "parameters": ()}))
