import numpy as np


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)


def conv_single_step(a_slice_prev, W, b):
    # поэлементно, потом сумма и смещение
    return (a_slice_prev * W).sum() + b[0, 0, 0]


def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters['stride'], hparameters['pad']
    f = W.shape[0]
    n_H = (A_prev.shape[1] - f + 2 * pad) // stride + 1
    n_W = (A_prev.shape[2] - f + 2 * pad) // stride + 1
    padded = zero_pad(A_prev, pad)
    Z = np.zeros((A_prev.shape[0], n_H, n_W, W.shape[3]))
    for c in range(W.shape[3]):
        kernel = W[None, ..., c]
        for h in range(n_H):
            h0 = h * stride
            for w in range(n_W):
                w0 = w * stride
                Z[:, h, w, c] = (padded[:, h0 : h0 + f, w0 : w0 + f] * kernel).sum(axis=(1, 2, 3))
        Z[..., c] += b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode='max'):
    f, stride = hparameters['f'], hparameters['stride']
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        h0 = h * stride
        h1 = h0 + f
        for w in range(n_W):
            w0 = w * stride
            w1 = w0 + f
            # окно сразу по всем примерам
            window = A_prev[:, w0:w1, h0:h1, :]
            if mode == 'max':
                A[:, h, w, :] = window.max(axis=(1, 2))
            elif mode == 'average':
                A[:, h, w, :] = window.mean(axis=(1, 2))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters['stride'], hparameters['pad']
    f = W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    padded = zero_pad(A_prev, pad)
    dpadded = np.zeros(padded.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for c in range(n_C):
        for h in range(n_H):
            h0 = h * stride
            for w in range(n_W):
                w0 = w * stride
                g = dZ[:, h, w, c][:, None, None, None]
                dpadded[:, h0 : h0 + f, w0 : w0 + f] += W[None, ..., c] * g
                dW[..., c] += (padded[:, h0 : h0 + f, w0 : w0 + f] * g).sum(axis=0)
        db[..., c] = dZ[..., c].sum()
    dA_prev = dpadded[:, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db


def create_mask_from_window(x):
    return x == x.max()


def distribute_value(dz, shape):
    n_H, n_W = shape
    return np.ones(shape) * dz / (n_H * n_W)


def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = cache
    f, stride = hparameters['f'], hparameters['stride']
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for c in range(n_C):
            for h in range(n_H):
                for w in range(n_W):
                    ys = slice(h * stride, h * stride + f)
                    xs = slice(w * stride, w * stride + f)
                    if mode == 'max':
                        mask = create_mask_from_window(A_prev[i, ys, xs, c])
                        dA_prev[i, ys, xs, c] += mask * dA[i, ys, xs, c]
                    elif mode == 'average':
                        dA_prev[i, ys, xs, c] += distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
