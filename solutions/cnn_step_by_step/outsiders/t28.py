import numpy as np
import itertools

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, H, V, _ = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']
    n_H = int((H - f + 2*pad) / stride) + 1
    n_W = int((V - f + 2*pad) / stride) + 1
    A_pad = zero_pad(A_prev, pad)
    Z = np.zeros((m, n_H, n_W, n_C))
    for i, h, w, c in itertools.product(range(m), range(n_H), range(n_W), range(n_C)):
        a = A_pad[i, h:h+f, w:w+f, :]
        Z[i, h, w, c] = conv_single_step(a, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, H, V, n_C = A_prev.shape
    f, stride = hparameters['f'], hparameters['stride']
    n_H = int((H - f) / stride) + 1
    n_W = int((V - f) / stride) + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for i, h, w, c in itertools.product(range(m), range(n_H), range(n_W), range(n_C)):
        a = A_prev[i, h:h+f, w:w+f, c]
        if mode == "max":
            A[i, h, w, c] = np.max(a)
        elif mode == "average":
            A[i, h, w, c] = np.mean(a)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f = W.shape[0]
    stride, pad = hparameters['stride'], hparameters['pad']
    m, n_H, n_W, n_C = dZ.shape
    A_pad = zero_pad(A_prev, pad)
    dA_pad = np.zeros(A_pad.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i, h, w, c in itertools.product(range(m), range(n_H), range(n_W), range(n_C)):
        dA_pad[i, h:h+f, w:w+f, :] += W[:, :, :, c] * dZ[i, h, w, c]
        dW[:, :, :, c] += A_pad[i, h:h+f, w:w+f, :] * dZ[i, h, w, c]
        db[:, :, :, c] += dZ[i, h, w, c]
    dA_prev = dA_pad[:, pad:pad+A_prev.shape[1], pad:pad+A_prev.shape[2], :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    n_H, n_W = shape
    return np.ones(shape) * dz / (n_H * n_W)

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f = hparameters['f']
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in itertools.product(range(m), range(n_H), range(n_W), range(n_C)):
        if mode == "max":
            mask = create_mask_from_window(A_prev[i, h:h+f, w:w+f, c])
            dA_prev[i, h:h+f, w:w+f, c] += mask * dA[i, h, w, c]
        elif mode == "average":
            dA_prev[i, h:h+f, w:w+f, c] += distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
