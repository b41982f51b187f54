"""Layers to judge functions by: shapes, windows, numbers and a gradient that is measured."""

import numpy as np
import pytest
from hypothesis import strategies as st

MODES = pytest.mark.parametrize("mode", ["max", "average"])
CONVOLUTIONS = pytest.mark.parametrize(
    ("shape", "f", "n_C", "stride", "pad"),
    [
        ((2, 4, 5, 3), 3, 2, 1, 0),
        ((1, 5, 4, 1), 1, 3, 2, 1),
        ((2, 5, 7, 2), 3, 3, 2, 2),
        ((3, 6, 4, 2), 2, 1, 3, 0),
        ((1, 3, 3, 2), 3, 2, 1, 2),
        ((2, 2, 3, 2), 4, 2, 2, 1),
    ],
)
POOLS = pytest.mark.parametrize(
    ("shape", "f", "stride"),
    [((2, 4, 5, 3), 3, 1), ((1, 7, 5, 2), 3, 2), ((2, 8, 5, 1), 2, 3), ((1, 3, 4, 2), 1, 1)],
)


@st.composite
def layers(draw):
    """Draw the shape, window, stride, padding and seed of a layer whose window fits."""
    f, pad = draw(st.integers(1, 4)), draw(st.integers(0, 3))
    side = st.integers(max(1, f - 2 * pad), 7)
    shape = (draw(st.integers(1, 3)), draw(side), draw(side), draw(st.integers(1, 3)))
    return shape, f, draw(st.integers(1, 4)), pad, draw(st.integers(0, 2**32 - 1))


def convolution(shape, f, n_C, stride, pad, seed=0):
    random = np.random.RandomState(seed)
    A_prev, W = random.randn(*shape), random.randn(f, f, shape[3], n_C)
    return A_prev, W, random.randn(1, 1, 1, n_C), {"stride": stride, "pad": pad}


def distinct_numbers(shape, seed=0):
    """Numbers at least 0.1 apart and away from 0: a small step meets neither tie nor kink."""
    return np.random.RandomState(seed).permutation(np.prod(shape)).reshape(shape) / 10 - 2.05


def numeric_gradient(function, x, cotangent, step=1e-5):
    """Central differences of sum(function(x) * cotangent) by every entry of x."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = np.sum((function(up) - function(down)) * cotangent) / (2 * step)
    return gradient
