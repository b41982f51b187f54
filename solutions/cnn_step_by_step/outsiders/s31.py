import numpy as np


def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    Z = Z + float(b)
    return Z


def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev + 2 * pad - f) / stride) + 1
    n_W = int((n_W_prev + 2 * pad - f) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W, b)
    assert Z.shape == (m, n_H, n_W, n_C)
    cache = (A_prev, W, b, hparameters)
    return (Z, cache)


def pool_forward(A_prev, hparameters, mode='max'):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    n_C = n_C_prev
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    a_prev_slice = A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == 'max':
                        A[i, h, w, c] = np.max(a_prev_slice)
                    elif mode == 'average':
                        A[i, h, w, c] = np.mean(a_prev_slice)
    cache = (A_prev, hparameters)
    assert A.shape == (m, n_H, n_W, n_C)
    return (A, cache)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = None
    m, n_H_prev, n_W_prev, n_C_prev = None
    f, f, n_C_prev, n_C = None
    stride = None
    pad = None
    m, n_H, n_W, n_C = None
    dA_prev = None
    dW = None
    db = None
    A_prev_pad = None
    dA_prev_pad = None
    for i in range(None):
        a_prev_pad = None
        da_prev_pad = None
        for h in range(None):
            for w in range(None):
                for c in range(None):
                    vert_start = None
                    vert_end = None
                    horiz_start = None
                    horiz_end = None
                    a_slice = None
                    da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += None
                    dW[:, :, :, c] += None
                    db[:, :, :, c] += None
        dA_prev[i, :, :, :] = None
    assert dA_prev.shape == (m, n_H_prev, n_W_prev, n_C_prev)
    return (dA_prev, dW, db)


def create_mask_from_window(x):
    mask = None
    return mask


def distribute_value(dz, shape):
    n_H, n_W = None
    average = None
    a = None
    return a


def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = None
    stride = None
    f = None
    m, n_H_prev, n_W_prev, n_C_prev = None
    m, n_H, n_W, n_C = None
    dA_prev = None
    for i in range(None):
        a_prev = None
        for h in range(None):
            for w in range(None):
                for c in range(None):
                    vert_start = None
                    vert_end = None
                    horiz_start = None
                    horiz_end = None
                    if mode == 'max':
                        a_prev_slice = None
                        mask = None
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += None
                    elif mode == 'average':
                        da = None
                        shape = None
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += None
    assert dA_prev.shape == A_prev.shape
    return dA_prev
