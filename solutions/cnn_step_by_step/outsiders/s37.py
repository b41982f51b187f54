import numpy as np


def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W) + b
    Z = np.sum(s)
    return Z


def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2 * pad / stride + 1
    n_W = int((n_W_prev - f + 2 * pad / stride + 1
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
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[:, :, :, c], b[:, :, :, c])
    assert(Z.shape == (m, n_H, n_W, n_C))
    cache = (A_prev, W, b, hparameters)
    return Z, cache


A_prev = np.random.randn(2, 5, 7, 4)


def pool_forward(A_prev, hparameters, mode='max'):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    n_C = n_C_prev
    A = np.zeros((m, n_H, n_W, n_C))
    cache = (A_prev, hparameters)
    return (A, cache)


A_prev = np.random.randn(2, 5, 5, 3)


def conv_backward(dZ, cache):
    assert dA_prev.shape == (m, n_H_prev, n_W_prev, n_C_prev)
    return (dA_prev, dW, db)


A_prev = np.random.randn(10, 4, 4, 3)


dA, dW, db = conv_backward(Z, cache_conv)


def create_mask_from_window(x):
    return mask


mask = create_mask_from_window(x)


def distribute_value(dz, shape):
    return a


a = distribute_value(2, (2, 2))


def pool_backward(dA, cache, mode='max'):
    assert dA_prev.shape == A_prev.shape
    return dA_prev


A_prev = np.random.randn(5, 5, 3, 2)


dA_prev = pool_backward(dA, cache, mode='max')


dA_prev = pool_backward(dA, cache, mode='average')
