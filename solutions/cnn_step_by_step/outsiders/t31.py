import numpy as np

np.random.seed(1)

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    return np.sum(s + b)

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    A_prev_pad = zero_pad(A_prev, pad)
    Z = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        vert_start = h*stride
        vert_end = vert_start+f
        for w in range(n_W):
            horiz_start = w*stride
            horiz_end = horiz_start+f
            for i in range(m):
                cut = A_prev_pad[i, vert_start:vert_end, horiz_start:horiz_end]
                for c in range(n_C):
                    Z[i, h, w, c] = conv_single_step(cut, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)

# test
A_prev = np.random.randn(10, 4, 4, 3)
W = np.random.randn(2, 2, 3, 8)
b = np.random.randn(1, 1, 1, 8)
hparameters = {"pad": 2, "stride": 2}
Z, cache_conv = conv_forward(A_prev, W, b, hparameters)
print("Z's mean =", np.mean(Z))
stride = hparameters["stride"]

def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters['f']
    n_H = int((n_H_prev - f)/stride) + 1
    n_W = int((n_W_prev - f)/stride) + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            for i in range(m):
                for c in range(n_C):
                    cut = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == 'max':
                        A[i, h, w, c] = cut.max()
                    elif mode == 'average':
                        A[i, h, w, c] = cut.mean()
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters['stride'], hparameters['pad']
    f = W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for h in range(n_H):
        for w in range(n_W):
            for i in range(m):
                for c in range(n_C):
                    cut = A_prev_pad[i, h*stride:h*stride+f, w*stride:w*stride+f, :]
                    dA_prev_pad[i, h*stride:h*stride+f, w*stride:w*stride+f, :] += W[:, :, :, c]*dZ[i, h, w, c]
                    dW[:, :, :, c] += cut*dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
    dA_prev = dA_prev_pad[:, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return (x == np.max(x))

def distribute_value(dz, shape):
    return np.ones(shape)*dz/shape[0]*shape[1]

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    stride = hparameters['stride']
    f = hparameters['f']
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for h in range(n_H):
        for w in range(n_W):
            for i in range(m):
                for c in range(n_C):
                    rows = slice(h*stride, h*stride+f)
                    cols = slice(w*stride, w*stride+f)
                    if mode == 'max':
                        dA_prev[i, rows, cols, c] += create_mask_from_window(A_prev[i, rows, cols, c])*dA[i, h, w, c]
                    elif mode == 'average':
                        dA_prev[i, rows, cols, c] += distribute_value(np.sum(dA[i, :, :, c]), (f, f))
    return dA_prev
