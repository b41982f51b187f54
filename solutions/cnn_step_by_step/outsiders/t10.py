import numpy as np
import h5py
import math

np.random.seed(1)

def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=(0, 0))
    return X_pad

def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s) + b
    return Z

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride = hparameters.get("stride")
    pad = hparameters.get("pad")
    n_H = math.floor((n_H_prev - f + 2*pad)/stride) + 1
    n_W = math.floor((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    y, x = stride*h, stride*w
                    Z[i][h][w][c] = conv_single_step(
                        A_prev_pad[i][y:y + f, x:x + f], W[:, :, :, c], b[:, :, :, c]
                    )
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = hparameters.get("f")
    stride = hparameters.get("stride")
    n_H = math.floor((n_H_prev - f)/stride) + 1
    n_W = math.floor((n_W_prev - f)/stride) + 1
    A = np.zeros((m, n_H, n_W, n_C_prev))
    for i in range(m):
        for c in range(n_C_prev):
            fmap = A_prev[i][:][:][c]
            for h in range(n_H):
                for w in range(n_W):
                    y, x = stride*h, stride*w
                    if mode == "max":
                        A[i][h][w][c] = np.max(fmap[y:y + f, x:x + f])
                    else:
                        A[i][h][w][c] = np.mean(fmap[y:y + f, x:x + f])
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    pass

def create_mask_from_window(x):
    pass

def distribute_value(dz, shape):
    pass

def pool_backward(dA, cache, mode="max"):
    pass
