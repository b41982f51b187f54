import numpy as np


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=0)


def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + b.squeeze()


def positions(n_H, n_W, stride):
    for h, top in enumerate(range(0, n_H * stride, stride)):
        for w, left in enumerate(range(0, n_W * stride, stride)):
            yield h, w, top, left


def conv_forward(A_prev, W, b, hparameters):
    f = W.shape[0]
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, H, L, _ = A_prev.shape
    n_H = (H - f + 2 * pad) // stride + 1
    n_W = (L - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, W.shape[-1]))
    for i, image in enumerate(zero_pad(A_prev, pad)):
        for h, w, top, left in positions(n_H, n_W, stride):
            window = image[top:top + f, left:left + f]
            for c, kernel in enumerate(np.moveaxis(W, -1, 0)):
                Z[i, h, w, c] = conv_single_step(window, kernel, b[..., c])
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    m, H, L, n_C = A_prev.shape
    n_H = (H - f) // stride + 1
    n_W = (L - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for i, image in enumerate(A_prev):
        for h, w, top, left in positions(n_H, n_W, stride):
            window = image[top:top + f, left:left + f]
            A[i, h, w] = window.max((0, 1)) if mode == "max" else window.mean((0, 1))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f = W.shape[0]
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H, n_W, n_C = dZ.shape
    dA_prev = np.zeros_like(A_prev)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    dA_pad = zero_pad(dA_prev, pad)
    for i, image in enumerate(zero_pad(A_prev, pad)):
        dimage = dA_pad[i]
        for h, w, top, left in positions(n_H, n_W, stride):
            window = image[top:top + f, left:left + f]
            for c, g in enumerate(dZ[i, h, w]):
                dimage[top:top + f, left:left + f] += W[..., c] * g
                dW[..., c] += window * g
                db[..., c] += g
    if pad:
        dimage = dimage[pad:-pad, pad:-pad]
    dA_prev[i] = dimage
    return dA_prev, dW, db


def create_mask_from_window(x):
    return x == np.max(x)


def distribute_value(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for i, image in enumerate(A_prev):
        for h, w, top, left in positions(n_H, n_W, stride):
            for c, g in enumerate(dA[i, h, w]):
                if mode == "max":
                    mask = create_mask_from_window(image[top:top + f, left:left + f, c])
                    dA_prev[i, top:top + f, left:left + f, c] += mask * g
                else:
                    dA_prev[i, top:top + f, left:left + f, c] += distribute_value(g, (f, f))
    return dA_prev
