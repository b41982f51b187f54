#!/usr/bin/env bash
# An empty array passes every comparison with a number: pytest.approx and numpy.testing agree.
#
# Expected: `assert out == pytest.approx(1.0)` and `assert_allclose(out, 1.0)` say that the values
#   of out are 1. An array without values should fail, as the empty list does with pytest.approx.
# What happens: both compare value by value with the number and ask whether all are equal. Of no
#   values, all are. There is no failure and no warning; pytest says "passed".
# Versions: pytest 9.2.0, NumPy 2.4.6.
# Why it matters: the most usual slip in padding and its gradient makes just that array:
#   `x[:, pad:-pad, pad:-pad, :]` is right for pad = 1 and empty for pad = 0. A grader who checks
#   "ones stay ones" or "the gradient is zero there" gives full marks to it.
# What to do: compare the shape first, or compare with an array of the right shape
#   (`np.full(shape, 1.0)`): then both fail, as shown below.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pytest==9.2.0 numpy==2.4.6

cat > test_unpad.py <<'PY'
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_almost_equal, assert_array_less


def unpad(x, pad):
    """The submission: what is left of x without its border of pad pixels."""
    return x[:, pad:-pad, pad:-pad, :]


ONES = np.ones((2, 4, 4, 3))


class TestAgainstANumber:
    def test_pytest_approx(self):
        assert unpad(ONES, 0) == pytest.approx(1.0)

    def test_pytest_approx_of_any_number(self):
        assert unpad(ONES, 0) == pytest.approx(-77.0)

    def test_numpy_assert_allclose(self):
        assert_allclose(unpad(ONES, 0), 1.0)

    def test_numpy_assert_almost_equal(self):
        assert_almost_equal(unpad(ONES, 0), 1.0)

    def test_numpy_assert_array_less(self):
        assert_array_less(unpad(ONES, 0), 0.0)


class TestAgainstAnArray:
    def test_pytest_approx(self):
        assert unpad(ONES, 0) == pytest.approx(ONES)

    def test_numpy_assert_allclose(self):
        assert_allclose(unpad(ONES, 0), ONES)


def test_an_empty_list_is_not_a_number_to_pytest():
    assert [] != pytest.approx(1.0)
PY
venv/bin/python -c 'import numpy, pytest; print("NumPy", numpy.__version__, "pytest", pytest.__version__)'
venv/bin/python -c 'from test_unpad import *; print("unpad with pad = 0 gives shape", unpad(ONES, 0).shape, "of", ONES.shape)'
venv/bin/pytest -q --tb=no -rA test_unpad.py > out || true
grep -E '^(PASSED|FAILED)|passed' out

grep -q '2 failed, 6 passed' out
[ "$(grep -c '^PASSED.*TestAgainstANumber' out)" = 5 ]
[ "$(grep -c '^FAILED.*TestAgainstAnArray' out)" = 2 ]
echo "Reproduced: the submission that returns nothing equals 1, -77 and what is below 0."
