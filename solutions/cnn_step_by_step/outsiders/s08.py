import numpy as np


from numpy.lib.stride_tricks import as_strided


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode='constant')


def _out_dim(n, f, stride, pad=0):
    return (n + 2 * pad - f) // stride + 1


def _windows(X, f, stride):
    X = np.ascontiguousarray(X)
    m, H, W, C = X.shape
    sm, sh, sw, sc = X.strides
    n_H, n_W = (_out_dim(H, f, stride), _out_dim(W, f, stride))
    return as_strided(X, shape=(m, n_H, n_W, f, f, C), strides=(sm, sh * stride, sw * stride, sh, sw, sc), writeable=False)


def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + b.item()


def conv_forward(A_prev, W, b, hparameters):
    f = W.shape[0]
    stride, pad = (hparameters['stride'], hparameters['pad'])
    win = _windows(zero_pad(A_prev, pad), f, stride)
    Z = np.tensordot(win, W, axes=([3, 4, 5], [0, 1, 2])) + b
    return (Z, (A_prev, W, b, hparameters))


def pool_forward(A_prev, hparameters, mode='max'):
    win = _windows(A_prev, hparameters['f'], hparameters['stride'])
    if mode == 'max':
        A = win.max(axis=(3, 4))
    elif mode == 'average':
        A = win.mean(axis=(3, 4))
    else:
        raise ValueError('unknown pooling mode %r' % mode)
    return (A, (A_prev, hparameters))


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = (hparameters['stride'], hparameters['pad'])
    m, H, Wd, _ = A_prev.shape
    f = W.shape[0]
    _, n_H, n_W, n_C = dZ.shape
    A_pad = zero_pad(A_prev, pad)
    dA_pad = np.zeros_like(A_pad)
    dW = np.tensordot(_windows(A_pad, f, stride), dZ, axes=([0, 1, 2], [0, 1, 2]))
    db = dZ.sum(axis=(0, 1, 2)).reshape(1, 1, 1, n_C)
    for h in range(n_H):
        for w in range(n_W):
            hs, ws = (h * stride, w * stride)
            dA_pad[:, hs:hs + f, ws:ws + f, :] += np.tensordot(dZ[:, h, w, :], W, axes=([1], [3]))
    dA_prev = dA_pad[:, pad:pad + H, pad:pad + Wd, :]
    return (dA_prev, dW, db)


def create_mask_from_window(x):
    return x == x.max()


def distribute_value(dz, shape):
    return np.full(shape, dz / np.prod(shape))


def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = cache
    f, stride = (hparameters['f'], hparameters['stride'])
    dA_prev = np.zeros(A_prev.shape)
    m, n_H, n_W, n_C = dA.shape
    for h in range(n_H):
        for w in range(n_W):
            hs, ws = (h * stride, w * stride)
            win = A_prev[:, hs:hs + f, ws:ws + f, :]
            g = dA[:, h, w, :][:, None, None, :]
            if mode == 'max':
                mask = win == win.max(axis=(1, 2), keepdims=True)
                dA_prev[:, hs:hs + f, ws:ws + f, :] += mask * g
            else:
                dA_prev[:, hs:hs + f, ws:ws + f, :] += g / (f * f)
    return dA_prev
