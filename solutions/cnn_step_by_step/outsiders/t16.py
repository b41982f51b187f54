import numpy as np

def zero_pad(X, pad):
    m, h, w, c = X.shape
    Y = np.zeros((m, h + 2*pad, w + 2*pad, c))
    Y[:, pad:-pad, pad:-pad, :] = X
    return Y

def conv_single_step(a_slice_prev, W, b):
    tich = a_slice_prev * W + b
    return np.sum(tich)

def conv_forward(A_prev, W, b, hparameters):
    (m, h0, w0, c0) = A_prev.shape
    (f, f, c0, c1) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    h1 = int((h0 - f + 2*pad)/stride) + 1
    w1 = int((w0 - f + 2*pad)/stride) + 1
    Z = np.zeros((m, h1, w1, c1))
    A_prev_pad = zero_pad(A_prev, pad)
    W_flat = W.reshape(-1, c1)
    for i in range(m):
        for y in range(h1):
            for x in range(w1):
                # lay cua so
                a = A_prev[i, y*stride:y*stride+f, x*stride:x*stride+f, :]
                Z[i, y, x, :] = np.dot(a.reshape(-1), W_flat) + b.flatten()
    cache = (A_prev, W, b, hparameters)
    return Z, cache

def pool_forward(A_prev, hparameters, mode = "max"):
    (m, h0, w0, c0) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    h1 = int((h0 - f)/stride) + 1
    w1 = int((w0 - f)/stride) + 1
    A = np.zeros((m, h1, w1, c0))
    for i in range(m):
        for y in range(h1):
            for x in range(w1):
                a = A_prev[i, y*stride:y*stride+f, x*stride:x*stride+f, :].reshape(f*f, c0)
                if mode == "max":
                    A[i, y, x, :] = a.max(axis=0)
                elif mode == "average":
                    A[i, y, x, :] = a.mean(axis=0)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (f, f, c0, c1) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (m, h1, w1, c1) = dZ.shape
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    dW = np.zeros(W.shape)
    for i in range(m):
        for y in range(h1):
            for x in range(w1):
                dz = dZ[i, y, x, :]
                a = A_prev_pad[i, y*stride:y*stride+f, x*stride:x*stride+f, :]
                dA_prev_pad[i, y*stride:y*stride+f, x*stride:x*stride+f, :] += np.dot(W, dz)
                dW += a[:, :, :, None] * dz
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    dA_prev = dA_prev_pad[:, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    (h, w) = shape
    return np.ones(shape) * dz / (h * w)

def pool_backward(dA, cache, mode = "max"):
    (A_prev, hparameters) = cache
    f = hparameters["f"]
    stride = hparameters["stride"]
    (m, h1, w1, c1) = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for y in range(h1):
            for x in range(w1):
                for c in range(c1):
                    a = A_prev[i, y:y+f, x:x+f, c]
                    if mode == "max":
                        dA_prev[i, y:y+f, x:x+f, c] += create_mask_from_window(a) * dA[i, y, x, c]
                    elif mode == "average":
                        dA_prev[i, y:y+f, x:x+f, c] += distribute_value(dA[i, y, x, c], (f, f))
    return dA_prev
