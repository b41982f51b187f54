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


def reaching(random: RandomState, shape: Shape) -> np.ndarray:
    """Draw random numbers of which two reach past every bound that people clip at: 1, 6, 20."""
    numbers = random.randn(*shape)
    high, low = random.choice(numbers.size, 2, replace=False)
    numbers.flat[high] = random.uniform(21.0, 30.0)
    numbers.flat[low] = random.uniform(-30.0, -21.0)
    return numbers


def away_from_whole(random: RandomState, shape: Shape) -> np.ndarray:
    """Draw numbers beyond 1 and -1 of which none is nearly whole, so that decimals matter."""
    whole = random.randint(1, 4, shape)
    return random.choice([-1.0, 1.0], shape) * (whole + random.uniform(0.2, 0.8, shape))


def _hyperparameters(**values: int) -> dict[str, int]:
    """Return the hyperparameters; with an even stride in the other order, which means nothing."""
    return values if values["stride"] % 2 else dict(reversed(values.items()))


def padding(random: RandomState, shape: Shape, pad: int, reach: bool = False) -> tuple[Any, ...]:
    """Draw (X, pad) for zero_pad; `reach` makes numbers of X reach past usual bounds."""
    return (reaching(random, shape) if reach else random.randn(*shape)), pad


def single_step(
    random: RandomState, shape: Shape, negative: bool = False, reach: bool = False
) -> tuple[Any, ...]:
    """Draw (a_slice_prev, W, b) for conv_single_step; `negative` makes sure that Z is below 0.

    `reach` makes the window reach past usual bounds, and b large and not whole.
    """
    if reach:
        return reaching(random, shape), random.randn(*shape), away_from_whole(random, (1, 1, 1))
    a_slice_prev, W, b = random.randn(*shape), random.randn(*shape), random.randn(1, 1, 1)
    if negative:
        return np.abs(a_slice_prev), -np.abs(W), -np.abs(b)
    return a_slice_prev, W, b


def convolution(
    random: RandomState,
    shape: Shape,
    f: int,
    n_C: int,
    stride: int,
    pad: int,
    reach: bool = False,
) -> tuple[Any, ...]:
    """Draw (A_prev, W, b, hparameters) for conv_forward; `reach` is as for the single step."""
    A_prev = reaching(random, shape) if reach else random.randn(*shape)
    W = random.randn(f, f, shape[3], n_C)
    b = away_from_whole(random, (1, 1, 1, n_C)) if reach else random.randn(1, 1, 1, n_C)
    return A_prev, W, b, _hyperparameters(stride=stride, pad=pad)


def pooling(
    random: RandomState,
    shape: Shape,
    f: int,
    stride: int,
    mode: str,
    negative: bool = False,
    reach: bool = False,
) -> tuple[Any, ...]:
    """Draw (A_prev, hparameters, mode) for pool_forward; `reach` is as for padding.

    `negative` makes every input negative, and those of one example lower than any number from
    which people start to look for a maximum. The others are not so small that they would not count
    beside it.
    """
    A_prev = reaching(random, shape) if reach else random.randn(*shape)
    if negative:
        A_prev = -np.abs(A_prev) - 1.0
        A_prev[random.randint(shape[0])] -= 110.0
    return A_prev, _hyperparameters(f=f, stride=stride), mode


def convolution_gradient(
    random: RandomState,
    shape: Shape,
    f: int,
    n_C: int,
    stride: int,
    pad: int,
    reach: bool = False,
) -> tuple[Any, ...]:
    """Draw (dZ, cache) for conv_backward; dZ is random, never a correct Z."""
    A_prev, W, b, hparameters = convolution(random, shape, f, n_C, stride, pad, reach)
    n_H, n_W = ((n - f + 2 * pad) // stride + 1 for n in shape[1:3])
    outer = shape[0], n_H, n_W, n_C
    dZ = reaching(random, outer) if reach else random.randn(*outer)
    return dZ, (A_prev, W, b, hparameters)


def near(random: RandomState, number: float) -> float:
    """Draw a number a little below `number`: by one to three percent of its size."""
    return number - abs(number) * random.uniform(0.012, 0.03)


def window(
    random: RandomState, shape: Shape, sign: int = 0, reach: bool = False
) -> tuple[Any, ...]:
    """Draw (x,) for create_mask_from_window, with numbers of one `sign` where it is not 0.

    Random numbers have no ties. Where they `reach` past usual bounds, the one farthest from 0 is
    negative, so that it is not the maximum. Beside the plain ones, a second number lies close to
    the maximum, so that a comparison with a tolerance finds two.
    """
    x = reaching(random, shape) if reach else random.randn(*shape)
    if reach:
        x[x == np.min(x)] -= 10.0
    if sign:
        x = sign * (np.abs(x) + 0.1)
    if sign or reach:
        order = np.argsort(x, axis=None)
        x.flat[random.choice(order[1:-1])] = near(random, x.flat[order[-1]])
    return (x,)


def distribution(
    random: RandomState, shape: Shape, dz: float | None = None, sign: int = 1
) -> tuple[Any, ...]:
    """Draw (dz, shape) for distribute_value; a given `dz` is used as it is.

    A drawn dz is large enough that an integer division does not make it 0.
    """
    return (sign * float(random.uniform(20.0, 40.0)) if dz is None else dz), shape


def pooling_gradient(
    random: RandomState,
    shape: Shape,
    f: int,
    stride: int,
    mode: str,
    reach: bool = False,
    negative: bool = False,
) -> tuple[Any, ...]:
    """Draw (dA, cache, mode) for pool_backward; `reach` is as for padding.

    `negative` makes every input negative, so that no maximum is above 0. Where numbers `reach` past
    usual bounds, one beside the largest is close to it.
    """
    A_prev = reaching(random, shape) if reach else random.randn(*shape)
    if negative:
        A_prev = -np.abs(A_prev) - 0.1
    if reach:
        i, h, w, c = np.unravel_index(np.argmax(A_prev), shape)
        beside = h - 1 if h else 1
        # The lowest number is kept, in another example.
        A_prev[i - 1, h, w, c] = min(A_prev[i - 1, h, w, c], A_prev[i, beside, w, c])
        A_prev[i, beside, w, c] = near(random, np.max(A_prev))
    n_H, n_W = ((n - f) // stride + 1 for n in shape[1:3])
    outer = shape[0], n_H, n_W, shape[3]
    dA = reaching(random, outer) if reach else random.randn(*outer)
    return dA, (A_prev, _hyperparameters(f=f, stride=stride)), mode


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
