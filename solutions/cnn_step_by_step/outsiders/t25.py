import numpy as np

class Window:
    def __init__(self, f, stride, pad=0):
        self.f = f
        self.stride = stride
        self.pad = pad

    def out(self, n):
        return (n - self.f + 2 * self.pad) // self.stride + 1

    def at(self, h, w):
        y = h * self.stride
        x = w * self.stride
        return slice(y, y + self.f), slice(x, x + self.f)


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_single_step(a_slice_prev, W, b):
    return np.tensordot(a_slice_prev, W, axes=3).item() + b.item()


def conv_forward(A_prev, W, b, hparameters):
    win = Window(W.shape[0], hparameters["stride"], hparameters["pad"])
    m, H, L, _ = A_prev.shape
    n_C = W.shape[-1]
    Z = np.zeros((m, win.out(H), win.out(L), n_C))
    X = zero_pad(A_prev, win.pad)
    for h in range(Z.shape[1]):
        for w in range(Z.shape[2]):
            ys, xs = win.at(h, w)
            Z[:, h, w] = np.tensordot(X[:, ys, xs], W, axes=3)
    Z += b
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    win = Window(hparameters["f"], hparameters["stride"])
    m, H, L, n_C = A_prev.shape
    A = np.zeros((m, win.out(H), win.out(L), n_C))
    for h in range(A.shape[1]):
        for w in range(A.shape[2]):
            ys, xs = win.at(h, w)
            if mode == "max":
                A[:, h, w] = A_prev[:, ys, xs].max(axis=(1, 2))
            else:
                A[:, h, w] = A_prev[:, ys, xs].mean(axis=(1, 2))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    win = Window(W.shape[0], hparameters["stride"], hparameters["pad"])
    X = zero_pad(A_prev, win.pad)
    dX = np.zeros_like(X)
    dW = np.zeros_like(W)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            ys, xs = win.at(h, w)
            dX[:, ys, xs] += np.einsum("nk,abck->nabc", dZ[:, h, w], W)
            dW += np.einsum("nabc,nk->abck", X[:, ys, xs], dZ[:, h, w])
    db = dZ.sum(axis=(0, 1, 2))[None, None, None]
    p = win.pad
    return dX[:, p:dX.shape[1] - p, p:dX.shape[2] - p], dW, db


def create_mask_from_window(x):
    return x == x.max()


def distribute_value(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    win = Window(hparameters["f"], hparameters["stride"])
    dA_prev = np.zeros_like(A_prev)
    m, n_H, n_W, n_C = dA.shape
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                ys, xs = win.at(h, w)
                for c in range(n_C):
                    if mode == "max":
                        mask = create_mask_from_window(A_prev[i, ys, xs, c])
                        dA_prev[i, ys, xs, c] += mask * dA[i, h, w, c]
                    else:
                        dA_prev[i, ys, xs, c] += distribute_value(dA[i, h, w, c], (win.f, win.f))
    return dA_prev
