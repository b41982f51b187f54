"""Input generators of the assignment ``convnet_application``, in the manner of ``inputs``."""

from typing import Any

import numpy as np
from numpy.random import RandomState

from checks.assignments.cnn_inputs import Shape, away_from_whole, reaching
from checks.formulas import Formula


def array(random: RandomState, shape: Shape, sign: int = 0) -> tuple[Any, ...]:
    """Draw (Z,) that reaches past usual bounds, with numbers of one `sign` where it is not 0."""
    Z = reaching(random, shape)
    return (sign * (np.abs(Z) + 0.1) if sign else Z,)


def array_gradient(random: RandomState, shape: Shape, sign: int = 0) -> tuple[Any, ...]:
    """Draw (dA, Z) for relu_backward; dA has numbers of one `sign` where it is not 0."""
    (Z,) = array(random, shape)
    (dA,) = array(random, shape, sign)
    return dA, Z


def dense(random: RandomState, m: int, n_prev: int, n: int) -> tuple[Any, ...]:
    """Draw (A_prev, W, b) for dense_forward."""
    return reaching(random, (m, n_prev)), random.randn(n_prev, n), away_from_whole(random, (1, n))


def dense_gradient(random: RandomState, m: int, n_prev: int, n: int) -> tuple[Any, ...]:
    """Draw (dZ, cache) for dense_backward; dZ is random, never a correct Z."""
    cache = dense(random, m, n_prev, n)
    return reaching(random, (m, n)), cache


def logits(
    random: RandomState,
    m: int,
    n: int,
    offset: float | tuple[float, ...] = 0.0,
    scale: float = 1.0,
) -> tuple[Any, ...]:
    """Draw (Z, labels) for softmax_cross_entropy: logits of `scale` around `offset`.

    Several offsets are those of the rows. Beside an offset the logits are such that float32 holds
    them exactly: code that computes in float32 must not fail on a rounded input.
    """
    Z = scale * random.randn(m, n)
    if np.any(offset):
        Z = np.reshape(offset, (-1, 1)) + np.round(Z * 1024) / 1024
    return Z, random.randint(n, size=m)


def far_apart(random: RandomState, m: int, n: int) -> tuple[Any, ...]:
    """Draw (Z, labels) whose correct class is so unlikely that its probability rounds to 0.

    In the first row one class alone is likely: its mean, too, lies too far below its maximum.
    """
    Z = random.randn(m, n)
    labels = random.randint(n, size=m)
    below = np.zeros((m, n))
    below[np.arange(m), labels] = 900.0
    below[0] = 1000.0
    below[0, labels[0] - 1] = 0.0
    return Z - below, labels


def gradient_of_sine(random: RandomState, shape: Shape, h: float) -> tuple[Any, ...]:
    """Draw (f, x, dx, dZ, h) for gradient_check, with an f that works on each number alone."""
    height, frequency = float(random.uniform(1.0, 2.0)), float(random.uniform(2.0, 3.0))
    x, dZ = random.randn(*shape), random.randn(*shape)
    dx = _roughly(random, height * frequency * np.cos(frequency * x) * dZ)
    return Formula("sine", (height, frequency)), x, dx, dZ, h


def gradient_of_mixture(random: RandomState, shape: Shape, n: int, h: float) -> tuple[Any, ...]:
    """Draw (f, x, dx, dZ, h) for gradient_check; f turns x (m, n_prev) into (m, n)."""
    M = random.randn(shape[-1], n)
    x, dZ = random.randn(*shape), random.randn(*shape[:-1], n)
    dx = _roughly(random, (dZ * (1 - np.tanh(x @ M) ** 2)) @ M.T)
    return Formula("mixed", (M,)), x, dx, dZ, h


def _roughly(random: RandomState, gradient: np.ndarray) -> np.ndarray:
    """Return a gradient that is off by up to half: between unlike ones many errors are just 1."""
    return gradient * random.uniform(0.5, 1.5, gradient.shape)


def momentum(
    random: RandomState, shape: Shape, momentum: float | None = None, first: bool = False
) -> tuple[Any, ...]:
    """Draw (parameter, gradient, velocity, learning_rate, momentum) for sgd_momentum_step.

    A given `momentum` is used as it is; at the `first` step the velocity is 0.
    """
    parameter, gradient, velocity = (reaching(random, shape) for _ in range(3))
    learning_rate = float(random.uniform(0.05, 0.5))
    drawn = float(random.uniform(0.5, 0.95))
    velocity = np.zeros(shape) if first else velocity
    return parameter, gradient, velocity, learning_rate, drawn if momentum is None else momentum


def network(
    random: RandomState, m: int, n_H: int, n_W: int, channels: tuple[int, int], n: int
) -> tuple[Any, ...]:
    """Draw (dlogits, memory, conv_backward, pool_backward) for network_backward.

    What follows a ReLU is positive exactly where its Z is, as a mask may be taken of either.
    Nothing else in `memory` is computed from anything: dlogits is not a correct gradient.
    """
    convolution, pooling = {"stride": 1, "pad": 1}, {"f": 2, "stride": 2}
    memory: list[Any] = []
    A, n_C_prev = reaching(random, (m, n_H, n_W, 1)), 1
    for n_C in channels:
        shape = (m, n_H, n_W, n_C)
        on, size = random.rand(*shape) < 0.6, np.abs(reaching(random, shape)) + 0.1
        W, b = random.randn(3, 3, n_C_prev, n_C), away_from_whole(random, (1, 1, 1, n_C))
        memory += [np.where(on, size, -size), (A, W, b, convolution), (on * size, pooling)]
        n_H, n_W, n_C_prev = n_H // 2, n_W // 2, n_C
        A = np.abs(reaching(random, (m, n_H, n_W, n_C))) * (random.rand(m, n_H, n_W, n_C) < 0.7)
    A_prev, W, b = dense(random, m, A[0].size, n)
    memory += [A, (A.reshape(A_prev.shape), W, b)]
    layers = (Formula("convolution_gradient", ()), Formula("pooling_gradient", ()))
    return reaching(random, (m, n)), tuple(memory), *layers


def windows(random: RandomState, shape: Shape, f: int, stride: int) -> tuple[Any, ...]:
    """Draw (X, f, stride) for im2col."""
    return reaching(random, shape), f, stride


def columns(random: RandomState, shape: Shape, f: int, stride: int) -> tuple[Any, ...]:
    """Draw (columns, shape, f, stride) for col2im; `shape` is that of the batch X."""
    m, n_H, n_W, n_C = shape
    counts = ((n - f) // stride + 1 for n in (n_H, n_W))
    return reaching(random, (m, *counts, f * f * n_C)), shape, f, stride
