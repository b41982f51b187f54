import numpy as np
import time

def zero_pad(X, pad):
    X_pad = np.pad(X, ((0,0),(pad,pad),(pad,pad),(0,0)), 'constant', constant_values=(0,0))
    return X_pad

def conv_single_step(a_slice_prev, W, b):
    Z = np.sum(np.multiply(a_slice_prev, W)) + np.float(b)
    return Z

def conv_forward(A_prev, W, b, hparameters):
    (m, n_h0, n_w0, n_c0) = A_prev.shape
    (f, f, n_c0, n_c) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_h = np.floor((n_h0 - f + 2*pad)/stride).astype(int) + 1
    n_w = np.floor((n_w0 - f + 2*pad)/stride).astype(int) + 1
    Z = np.zeros((m, n_h, n_w, n_c))
    A0 = zero_pad(A_prev, pad)
    for i in range(m):
        for c in range(n_c):
            for h in range(n_h):
                for w in range(n_w):
                    vs = slice(h*stride, h*stride + f)
                    hs = slice(w*stride, w*stride + f)
                    Z[i, h, w, c] = conv_single_step(A0[i, vs, hs], W[:,:,:,c], b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    (m, n_h0, n_w0, n_c) = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_h = np.floor((n_h0 - f)/stride).astype(int) + 1
    n_w = np.floor((n_w0 - f)/stride).astype(int) + 1
    A = np.zeros((m, n_h, n_w, n_c))
    for i in range(m):
        for c in range(n_c):
            for h in range(n_h):
                for w in range(n_w):
                    vs = slice(h*stride, h*stride + f)
                    hs = slice(w*stride, w*stride + f)
                    if mode == "max":
                        A[i, h, w, c] = np.max(A_prev[i, vs, hs, c])
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(A_prev[i, vs, hs, c])
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (m, n_h0, n_w0, n_c0) = A_prev.shape
    (f, f, n_c0, n_c) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    (m, n_h, n_w, n_c) = dZ.shape
    A0 = zero_pad(A_prev, pad)
    dA0 = np.zeros(A0.shape)
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(m):
        for c in range(n_c):
            for h in range(n_h):
                for w in range(n_w):
                    vs = slice(h*stride, h*stride + f)
                    hs = slice(w*stride, w*stride + f)
                    a = A0[i, vs, hs]
                    dA0[i, vs, hs] += W[:,:,:,c] * dZ[i,h,w,c]
                    dW[:,:,:,c] += a * dZ[i,h,w,c]
                    db[:,:,:,c] += dZ[i,h,w,c]
        dA_prev[i] = dA0[i, pad:-pad, pad:-pad, :]
        return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    (n_h, n_w) = shape
    return np.ones(shape)*(dz/(n_h*n_w))

def pool_backward(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    stride = hparameters['stride']
    f = hparameters['f']
    (m, n_h, n_w, n_c) = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for c in range(n_c):
            for h in range(n_h):
                for w in range(n_w):
                    vs = slice(h*stride, h*stride + f)
                    hs = slice(w*stride, w*stride + f)
                    if mode == "max":
                        mask = create_mask_from_window(A_prev[i, vs, hs, c])
                        dA_prev[i, vs, hs, c] += mask * dA[i, vs, hs, c]
                    elif mode == "average":
                        dA_prev[i, vs, hs, c] += distribute_value(np.mean(dA[i, vs, hs, c]), (f, f))
    return dA_prev
