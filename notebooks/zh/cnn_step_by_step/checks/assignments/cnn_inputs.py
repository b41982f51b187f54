"""Input generators: each draws the arguments of one exercise from a frozen random stream.

``numpy.random.RandomState`` is used because NumPy promises never to change its stream, so a seed
means the same numbers on every machine and in every year. Every generator returns the positional
arguments as a tuple of plain values, in the order in which the original assignment draws them.
"""

from typing import Any

import numpy as np
from numpy.random import RandomState

Shape = tuple[int, ...]


def picture(n_H: int, n_W: int) -> np.ndarray:
    """Return a ramp with a bright square, shape (n_H, n_W): readable when it is drawn."""
    ramp = np.add.outer(np.arange(n_H), 2.0 * np.arange(n_W)) / (n_H + 2.0 * n_W)
    ramp[n_H // 4 : n_H // 2 + 1, n_W // 4 : n_W // 2 + 1] += 1.0
    return ramp


def padding(random: RandomState, shape: Shape, pad: int) -> tuple[Any, ...]:
    """Draw (X, pad) for zero_pad."""
    return random.randn(*shape), pad


def single_step(random: RandomState, shape: Shape, negative: bool = False) -> tuple[Any, ...]:
    """Draw (a_slice_prev, W, b) for conv_single_step; `negative` makes sure that Z is below 0."""
    a_slice_prev, W, b = random.randn(*shape), random.randn(*shape), random.randn(1, 1, 1)
    if negative:
        return np.abs(a_slice_prev), -np.abs(W), -np.abs(b)
    return a_slice_prev, W, b


def convolution(
    random: RandomState, shape: Shape, f: int, n_C: int, stride: int, pad: int
) -> tuple[Any, ...]:
    """Draw (A_prev, W, b, hparameters) for conv_forward."""
    A_prev = random.randn(*shape)
    W = random.randn(f, f, shape[3], n_C)
    b = random.randn(1, 1, 1, n_C)
    return A_prev, W, b, {"stride": stride, "pad": pad}


def pooling(
    random: RandomState, shape: Shape, f: int, stride: int, mode: str, negative: bool = False
) -> tuple[Any, ...]:
    """Draw (A_prev, hparameters, mode) for pool_forward; `negative` makes every input negative."""
    A_prev = random.randn(*shape)
    if negative:
        A_prev = -np.abs(A_prev) - 0.1
    return A_prev, {"f": f, "stride": stride}, mode


def convolution_gradient(
    random: RandomState, shape: Shape, f: int, n_C: int, stride: int, pad: int
) -> tuple[Any, ...]:
    """Draw (dZ, cache) for conv_backward; dZ is random, never a right Z."""
    A_prev, W, b, hparameters = convolution(random, shape, f, n_C, stride, pad)
    n_H, n_W = ((n - f + 2 * pad) // stride + 1 for n in shape[1:3])
    dZ = random.randn(shape[0], n_H, n_W, n_C)
    return dZ, (A_prev, W, b, hparameters)


def window(random: RandomState, shape: Shape, sign: int = 0) -> tuple[Any, ...]:
    """Draw (x,) for create_mask_from_window, with numbers of one `sign` where it is not 0.

    Random numbers have no ties.
    """
    x = random.randn(*shape)
    return (sign * (np.abs(x) + 0.1) if sign else x,)


def distribution(
    random: RandomState, shape: Shape, dz: float | None = None, sign: int = 1
) -> tuple[Any, ...]:
    """Draw (dz, shape) for distribute_value; a given `dz` is used as it is.

    A drawn dz is large enough that an integer division does not make it 0.
    """
    return (sign * float(random.uniform(20.0, 40.0)) if dz is None else dz), shape


def pooling_gradient(
    random: RandomState, shape: Shape, f: int, stride: int, mode: str
) -> tuple[Any, ...]:
    """Draw (dA, cache, mode) for pool_backward."""
    A_prev = random.randn(*shape)
    n_H, n_W = ((n - f) // stride + 1 for n in shape[1:3])
    dA = random.randn(shape[0], n_H, n_W, shape[3])
    return dA, (A_prev, {"f": f, "stride": stride}), mode


# Pictures: readable inputs, the same for everybody; they ask nothing of the random stream.


def padding_picture(_: RandomState, n_H: int, n_W: int, pad: int) -> tuple[Any, ...]:
    """Return (X, pad) with one readable image."""
    return 1.0 + picture(n_H, n_W)[None, :, :, None], pad


def convolution_picture(_: RandomState, n_H: int, n_W: int, stride: int) -> tuple[Any, ...]:
    """Return (A_prev, W, b, hparameters) with one readable image and a vertical-edge filter."""
    W = np.outer([1.0, 2.0, 1.0], [1.0, 0.0, -1.0])[:, :, None, None]
    A_prev = picture(n_H, n_W)[None, :, :, None]
    return A_prev, W, np.full((1, 1, 1, 1), 0.5), {"stride": stride, "pad": 1}


def pooling_picture(_: RandomState, n_H: int, n_W: int, f: int, stride: int) -> tuple[Any, ...]:
    """Return (A_prev, hparameters, mode) with one readable image."""
    return picture(n_H, n_W)[None, :, :, None], {"f": f, "stride": stride}, "max"


def convolution_gradient_picture(_: RandomState, n_H: int, n_W: int) -> tuple[Any, ...]:
    """Return (dZ, cache) with a readable gradient that comes from stride 2."""
    A_prev, W, b, _hparameters = convolution_picture(_, n_H, n_W, stride=2)
    dZ = picture((n_H - 1) // 2 + 1, (n_W - 1) // 2 + 1)[None, :, :, None]
    return dZ, (A_prev, W, b, {"stride": 2, "pad": 1})


def pooling_gradient_picture(_: RandomState, n_H: int, n_W: int, f: int) -> tuple[Any, ...]:
    """Return (dA, cache, mode) with a readable gradient; the maximum is the lower right corner."""
    A_prev = np.add.outer(np.arange(n_H), np.arange(n_W) / 8.0)[None, :, :, None]
    dA = 0.25 + picture(n_H // f, n_W // f)[None, :, :, None]
    return dA, (A_prev, {"f": f, "stride": f}), "max"
