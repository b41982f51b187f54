import numpy as np


import math


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)


def conv_single_step(a_slice_prev, W, b):
    prod = a_slice_prev * W
    return np.sum(prod) + b[0, 0, 0]


def conv_forward(A_prev, W, b, hparameters):
    m, prev_h, prev_w, prev_c = A_prev.shape
    f, _, _, num_filters = W.shape
    s = hparameters['stride']
    p = hparameters['pad']
    out_h = math.floor((prev_h + 2 * p - f) / s) + 1
    out_w = math.floor((prev_w + 2 * p - f) / s) + 1
    padded = zero_pad(A_prev, p)
    Z = np.zeros((m, out_h, out_w, num_filters))
    for ex in range(m):
        img = padded[ex]
        for row in range(out_h):
            for col in range(out_w):
                top = row * s
                left = col * s
                patch = img[top:top + f, left:left + f]
                for k in range(num_filters):
                    Z[ex, row, col, k] = conv_single_step(patch, W[:, :, :, k], b[:, :, :, k])
    return (Z, (A_prev, W, b, hparameters))


def pool_forward(A_prev, hparameters, mode='max'):
    m, prev_h, prev_w, prev_c = A_prev.shape
    f = hparameters['f']
    s = hparameters['stride']
    out_h = math.floor((prev_h - f) / s) + 1
    out_w = math.floor((prev_w - f) / s) + 1
    A = np.zeros((m, out_h, out_w, prev_c))
    for ex in range(m):
        for row in range(out_w):
            for col in range(out_h):
                for k in range(prev_c):
                    top = row * s
                    left = col * s
                    patch = A_prev[ex, top:top + f, left:left + f, k]
                    if mode == 'max':
                        A[ex, row, col, k] = patch.max()
                    elif mode == 'average':
                        A[ex, row, col, k] = patch.mean()
    return (A, (A_prev, hparameters))


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s = hparameters['stride']
    p = hparameters['pad']
    f = W.shape[0]
    m, out_h, out_w, num_filters = dZ.shape
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    padded = zero_pad(A_prev, p)
    d_padded = zero_pad(dA_prev, p)
    for ex in range(m):
        for row in range(out_w):
            for col in range(out_h):
                for k in range(num_filters):
                    top = row * s
                    left = col * s
                    patch = padded[ex, top:top + f, left:left + f, :]
                    g = dZ[ex, row, col, k]
                    d_padded[ex, top:top + f, left:left + f, :] += W[:, :, :, k] * g
                    dW[:, :, :, k] += patch * g
                    db[:, :, :, k] += g
        dA_prev[ex] = d_padded[ex, p:-p, p:-p, :]
    return (dA_prev, dW, db)


def create_mask_from_window(x):
    return x == np.max(x)


def distribute_value(dz, shape):
    h, w = shape
    return np.ones((h, w)) * dz / (h * w)


def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = cache
    f = hparameters['f']
    s = hparameters['stride']
    m, out_h, out_w, n_c = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for ex in range(m):
        for row in range(out_h):
            for col in range(out_w):
                for k in range(n_c):
                    top, left = (row * s, col * s)
                    g = dA[ex, row, col, k]
                    if mode == 'max':
                        patch = A_prev[ex, top:top + f, left:left + f, k]
                        dA_prev[ex, top:top + f, left:left + f, k] += create_mask_from_window(patch) * g
                    elif mode == 'average':
                        dA_prev[ex, top:top + f, left:left + f, k] += distribute_value(g, (f, f))
    return dA_prev
