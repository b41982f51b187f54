import numpy as np

# loop over the f*f kernel taps instead of over the output positions

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant")

def conv_single_step(a_slice_prev, W, b):
    return (a_slice_prev * W).sum() + np.squeeze(b)

def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    Ap = zero_pad(A_prev, p)
    n_H = (Ap.shape[1] - f) // s + 1
    n_W = (Ap.shape[2] - f) // s + 1
    Z = np.zeros((A_prev.shape[0], n_H, n_W, W.shape[3])) + b
    for u in range(f):
        for v in range(f):
            tap = Ap[:, u:u + (n_H - 1) * s + 1:s, v:v + (n_W - 1) * s + 1:s, :]
            Z += tap @ W[u, v]
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    n_H = (A_prev.shape[1] - f) // s + 1
    n_W = (A_prev.shape[2] - f) // s + 1
    taps = []
    for u in range(f):
        for v in range(f):
            taps.append(A_prev[:, u:u + (n_H - 1) * s + 1:s, v:v + (n_W - 1) * s + 1:s, :])
    taps = np.stack(taps)
    A = taps.max(axis=0) if mode == "max" else taps.mean(axis=0)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    Ap = zero_pad(A_prev, p)
    dAp = np.zeros_like(Ap)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for u in range(f):
        for v in range(f):
            rows = slice(u, u + (n_H - 1) * s + 1, s)
            cols = slice(v, v + (n_W - 1) * s + 1, s)
            dAp[:, rows, cols, :] += dZ @ W[u, v].T
            dW[u, v] = np.tensordot(Ap[:, rows, cols, :], dZ, axes=([0, 1, 2], [0, 1, 2]))
            db += dZ.sum(axis=(0, 1, 2))
    return dAp[:, p:-p, p:-p, :], dW, db

def create_mask_from_window(x):
    return x == x.max()

def distribute_value(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    A, _ = pool_forward(A_prev, hparameters, mode)
    dA_prev = np.zeros_like(A_prev)
    for u in range(f):
        for v in range(f):
            rows = slice(u, u + (n_H - 1) * s + 1, s)
            cols = slice(v, v + (n_W - 1) * s + 1, s)
            if mode == "max":
                dA_prev[:, rows, cols] += (A_prev[:, rows, cols] == A) * dA
            else:
                dA_prev[:, rows, cols] += dA / (f * f)
    return dA_prev
