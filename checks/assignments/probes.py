"""Inputs that show which pixels each place of an output looks at, whatever the code looks like.

In each example of a batch one number is 1 and the others are 0; the last example is 0 throughout.
What an example changes is what its 1 has an effect on.
"""

from typing import Any

import numpy as np

from checks.model import Probe

SIZE = {"n_H": 6, "n_W": 8}


def _one_at_a_time(n_H: int, n_W: int) -> np.ndarray:
    """Return the batch (n_H * n_W + 1, n_H, n_W, 1) whose examples hold one 1 each."""
    numbers = np.eye(n_H * n_W + 1, n_H * n_W)
    return numbers.reshape(-1, n_H, n_W, 1)


def _filter(f: int) -> np.ndarray:
    return 1.0 + np.arange(f * f, dtype=float).reshape(f, f, 1, 1)


def convolution(probe: Probe) -> tuple[Any, ...]:
    """Return (A_prev, W, b, hparameters)."""
    images = _one_at_a_time(probe.n_H, probe.n_W)
    hparameters = {"stride": probe.stride, "pad": probe.pad}
    return images, _filter(probe.f), np.zeros((1, 1, 1, 1)), hparameters


def pooling(probe: Probe) -> tuple[Any, ...]:
    """Return (A_prev, hparameters, mode)."""
    images = _one_at_a_time(probe.n_H, probe.n_W)
    return images, {"f": probe.f, "stride": probe.stride}, "max"


def windows(probe: Probe) -> tuple[Any, ...]:
    """Return (X, f, stride)."""
    return _one_at_a_time(probe.n_H, probe.n_W), probe.f, probe.stride


def convolution_gradient(probe: Probe) -> tuple[Any, ...]:
    """Return (dZ, cache)."""
    dZ = _one_at_a_time(*probe.outputs)
    images = np.zeros((len(dZ), probe.n_H, probe.n_W, 1))
    hparameters = {"stride": probe.stride, "pad": probe.pad}
    return dZ, (images, _filter(probe.f), np.zeros((1, 1, 1, 1)), hparameters)


def pooling_gradient(probe: Probe) -> tuple[Any, ...]:
    """Return (dA, cache, mode); of a mean every pixel of the window has its share."""
    dA = _one_at_a_time(*probe.outputs)
    images = np.zeros((len(dA), probe.n_H, probe.n_W, 1))
    return dA, (images, {"f": probe.f, "stride": probe.stride}), "average"


CONVOLUTION = Probe(convolution, f=3, stride=2, pad=1, **SIZE)
POOLING = Probe(pooling, f=3, stride=2, **SIZE)
WINDOWS = Probe(windows, f=3, stride=2, **SIZE)
CONVOLUTION_GRADIENT = Probe(convolution_gradient, f=3, stride=2, pad=1, stamps=True, **SIZE)
POOLING_GRADIENT = Probe(pooling_gradient, f=3, stride=2, stamps=True, **SIZE)
