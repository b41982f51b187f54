"""Reference solutions in the readable loop style that the notebook teaches.

Arrays are float64 and batches are ``(m, n_H, n_W, n_C)``. The misconceptions patch this source,
so its lines look like those that students write.
"""

import numpy as np


def zero_pad(X, pad):
    """Pad height and width of X (m, n_H, n_W, n_C) with `pad` zeros on each side."""
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant")
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    """Apply one filter W (f, f, n_C_prev) with bias b (1, 1, 1) to one window; return a number.

    As a helper that is lent it also takes the bias as a number, which many right ones can.
    """
    s = a_slice_prev * W
    Z = np.sum(s) + np.asarray(b).item()
    return Z


def conv_forward(A_prev, W, b, hparameters):
    """Convolve a batch A_prev with the filters W (f, f, n_C_prev, n_C) and biases b.

    Return Z (m, n_H, n_W, n_C) and the cache for the backward pass. Raise ValueError where a
    window is larger than the padded image.
    """
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]

    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    if n_H < 1 or n_W < 1:
        raise ValueError(f"a window of {f} x {f} does not fit into the padded image")

    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)

    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    weights = W[:, :, :, c]
                    biases = b[:, :, :, c]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, weights, biases)

    cache = (A_prev, W, b, hparameters)
    return Z, cache


def pool_forward(A_prev, hparameters, mode="max"):
    """Pool every channel of a batch A_prev by its maximum ("max") or its mean ("average").

    Return A (m, n_H, n_W, n_C) and the cache for the backward pass. Raise ValueError where a
    window is larger than the image.
    """
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]

    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    n_C = n_C_prev
    if n_H < 1 or n_W < 1:
        raise ValueError(f"a window of {f} x {f} does not fit into the image")

    A = np.zeros((m, n_H, n_W, n_C))

    for i in range(m):
        a_prev = A_prev[i]
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    a_prev_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(a_prev_slice)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(a_prev_slice)

    cache = (A_prev, hparameters)
    return A, cache


def conv_backward(dZ, cache):
    """Return the gradients dA_prev, dW and db of a convolution from dZ (m, n_H, n_W, n_C)."""
    A_prev, W, b, hparameters = cache
    _, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    m, n_H, n_W, n_C = dZ.shape

    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)

    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)

    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    a_slice = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    dz = dZ[i, h, w, c]
                    da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += W[:, :, :, c] * dz
                    dW[:, :, :, c] += a_slice * dz
                    db[:, :, :, c] += dz
        dA_prev[i] = da_prev_pad[pad : pad + n_H_prev, pad : pad + n_W_prev, :]

    return dA_prev, dW, db


def create_mask_from_window(x):
    """Return a boolean mask of x (n_H, n_W) that is True where x has its maximum."""
    mask = x == np.max(x)
    return mask


def distribute_value(dz, shape):
    """Return an array of `shape` (n_H, n_W) over which dz is spread evenly."""
    n_H, n_W = shape
    average = dz / (n_H * n_W)
    a = np.ones((n_H, n_W)) * average
    return a


def pool_backward(dA, cache, mode="max"):
    """Return the gradient dA_prev of a pooling layer from dA (m, n_H, n_W, n_C)."""
    A_prev, hparameters = cache
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, n_H, n_W, n_C = dA.shape

    dA_prev = np.zeros(A_prev.shape)

    for i in range(m):
        a_prev = A_prev[i]
        da_prev = dA_prev[i]
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    da = dA[i, h, w, c]
                    if mode == "max":
                        a_prev_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_prev_slice)
                        da_prev[vert_start:vert_end, horiz_start:horiz_end, c] += mask * da
                    elif mode == "average":
                        a = distribute_value(da, (f, f))
                        da_prev[vert_start:vert_end, horiz_start:horiz_end, c] += a

    return dA_prev
