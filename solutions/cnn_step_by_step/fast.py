"""The same eight functions, vectorised: for grading a class and for checking the reference.

Windows are views of the image (``sliding_window_view``), sums over them are ``einsum``.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(images, f, stride):
    """Return all windows of images (m, n_H_prev, n_W_prev, n_C): (m, n_H, n_W, n_C, f, f)."""
    if min(images.shape[1:3]) < f:
        raise ValueError(f"a window of {f} x {f} does not fit into {images.shape[1:3]}")
    return sliding_window_view(images, (f, f), axis=(1, 2))[:, ::stride, ::stride]


def _window_cells(images, n_H, n_W, f, stride):
    """Yield (u, v, cells): what all n_H x n_W windows have at their row u and column v.

    `cells` is a writable view of images (m, n_H_prev, n_W_prev, n_C), shape (m, n_H, n_W, n_C).
    """
    for u in range(f):
        for v in range(f):
            rows = slice(u, u + (n_H - 1) * stride + 1, stride)
            columns = slice(v, v + (n_W - 1) * stride + 1, stride)
            yield u, v, images[:, rows, columns, :]


def zero_pad(X, pad):
    """Pad height and width of X (m, n_H, n_W, n_C) with `pad` zeros on each side."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    """Apply one filter W (f, f, n_C_prev) with bias b (1, 1, 1) to one window; return a float."""
    return float(np.vdot(a_slice_prev, W) + b.item())


def conv_forward(A_prev, W, b, hparameters):
    """Convolve a batch with the filters W; return Z and the cache. See ``reference``."""
    A_prev_pad = zero_pad(A_prev, hparameters["pad"])
    windows = _windows(A_prev_pad, W.shape[0], hparameters["stride"])
    Z = np.einsum("ihwauv,uvac->ihwc", windows, W, optimize=True) + b
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    """Pool every channel by its maximum or its mean; return A and the cache. See ``reference``."""
    windows = _windows(A_prev, hparameters["f"], hparameters["stride"])
    A = {"max": np.max, "average": np.mean}[mode](windows, axis=(4, 5))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    """Return dA_prev, dW and db of a convolution from dZ (m, n_H, n_W, n_C)."""
    A_prev, W, _, hparameters = cache
    pad, stride, f = hparameters["pad"], hparameters["stride"], W.shape[0]
    n_H_prev, n_W_prev = A_prev.shape[1:3]
    A_prev_pad = zero_pad(A_prev, pad)
    windows = _windows(A_prev_pad, f, stride)
    dW = np.einsum("ihwauv,ihwc->uvac", windows, dZ, optimize=True)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    for u, v, cells in _window_cells(dA_prev_pad, *dZ.shape[1:3], f, stride):
        cells += dZ @ W[u, v].T
    return dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev, :], dW, db


def create_mask_from_window(x):
    """Return a boolean mask of x (n_H, n_W) that is True where x has its maximum."""
    return x == x.max()


def distribute_value(dz, shape):
    """Return an array of `shape` (n_H, n_W) over which dz is spread evenly."""
    return np.full(shape, dz / np.prod(shape))


def pool_backward(dA, cache, mode="max"):
    """Return the gradient dA_prev of a pooling layer from dA (m, n_H, n_W, n_C)."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = dA.shape[1:3]
    dA_prev = np.zeros(A_prev.shape)
    largest = _windows(A_prev, f, stride).max(axis=(4, 5))
    cells_of_A_prev = _window_cells(A_prev, n_H, n_W, f, stride)
    cells_of_dA_prev = _window_cells(dA_prev, n_H, n_W, f, stride)
    for (_, _, a_prev), (_, _, da_prev) in zip(cells_of_A_prev, cells_of_dA_prev, strict=True):
        if mode == "max":
            da_prev += (a_prev == largest) * dA
        elif mode == "average":
            da_prev += dA / (f * f)
    return dA_prev
