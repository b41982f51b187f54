import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _patches(X, f, stride):
    # (m, n_H, n_W, n_C, f, f), no copy
    return sliding_window_view(X, (f, f), axis=(1, 2))[:, ::stride, ::stride]


def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    out = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    out[:, pad : pad + n_H, pad : pad + n_W] = X
    return out


def conv_single_step(a_slice_prev, W, b):
    return np.vdot(a_slice_prev, W) + b.item()


def conv_forward(A_prev, W, b, hparameters):
    P = _patches(zero_pad(A_prev, hparameters["pad"]), W.shape[0], hparameters["stride"])
    Z = np.einsum("nhwcij,ijck->nhwk", P, W, optimize=True) + b
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    reduce = {"max": np.max, "average": np.mean}[mode]
    A = reduce(_patches(A_prev, hparameters["f"], hparameters["stride"]), axis=(-2, -1))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    _, n_H, n_W, _ = dZ.shape
    Xp = zero_pad(A_prev, p)

    db = dZ.sum(axis=(0, 1, 2), keepdims=True)
    dW = np.einsum("nhwcij,nhwk->ijck", _patches(Xp, f, s), dZ, optimize=True)

    dXp = np.zeros_like(Xp)
    for i in range(f):
        for j in range(f):
            dXp[:, i : i + s * n_H : s, j : j + s * n_W : s] += dZ @ W[i, j].T
    H, Wd = A_prev.shape[1:3]
    return dXp[:, p : p + H, p : p + Wd], dW, db


def create_mask_from_window(x):
    return x == x.max()


def distribute_value(dz, shape):
    return np.full(shape, dz / np.prod(shape))


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    out = np.zeros_like(A_prev)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            win = np.s_[:, h * s : h * s + f, w * s : w * s + f]
            g = dA[:, h : h + 1, w : w + 1]
            if mode == "max":
                x = A_prev[win]
                out[win] += g * (x == x.max(axis=(1, 2), keepdims=True))
            else:
                out[win] += g / f**2
    return out
