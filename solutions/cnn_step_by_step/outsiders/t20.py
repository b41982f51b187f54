import numpy as np

def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)
    return X_pad

def conv_single_step(a_slice_prev, W, b):
    mult = a_slice_prev * W
    somma = np.sum(mult)
    Z = somma + b
    return Z.item()

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    passo = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2 * pad) / passo) + 1
    n_W = int((n_W_prev - f + 2 * pad) / passo) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_pad = zero_pad(A_prev, pad)
    for n in range(m):
        for r in range(n_H):
            for k in range(n_W):
                for c in range(n_C):
                    inizio_r = r * passo
                    inizio_k = k * passo
                    fetta = A_pad[n, inizio_r:inizio_r + f, inizio_k:inizio_k + f, :]
                    Z[n, r, k, c] = conv_single_step(fetta, W[:, :, :, c], b[:, :, :, c])
    assert Z.shape == (m, n_H, n_W, n_C)
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = hparameters['f']
    passo = hparameters['stride']
    n_H = int((n_H_prev - f) / passo) + 1
    n_W = int((n_W_prev - f) / passo) + 1
    A = np.zeros((m, n_H, n_W, n_C_prev))
    for n in range(m):
        for r in range(n_H):
            for k in range(n_W):
                for c in range(n_C):
                    fetta = A_prev[n, r * passo:r * passo + f, k * passo:k * passo + f, c]
                    if mode == "max":
                        A[n, r, k, c] = np.max(fetta)
                    elif mode == "average":
                        A[n, r, k, c] = np.mean(fetta)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    passo = hparameters['stride']
    pad = hparameters['pad']
    _, n_H, n_W, _ = dZ.shape
    dA_prev = np.zeros((m, n_H_prev, n_W_prev, n_C_prev))
    dW = np.zeros((f, f, n_C_prev, n_C))
    db = np.zeros((1, 1, 1, n_C))
    A_pad = zero_pad(A_prev, pad)
    dA_pad = zero_pad(dA_prev, pad)
    for n in range(m):
        for r in range(n_H):
            for k in range(n_W):
                for c in range(n_C):
                    ir, ik = r * passo, k * passo
                    fetta = A_pad[n, ir:ir + f, ik:ik + f, :]
                    dA_pad[n, ir:ir + f, ik:ik + f, :] += W[:, :, :, c] * dZ[n, r, k, c]
                    dW[:, :, :, c] += fetta * dZ[n, r, k, c]
                    db[:, :, :, c] += dZ[n, r, k, c]
        dA_prev[n] = dA_pad[n, pad:n_H_prev, pad:n_W_prev, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    massimo = np.max(x)
    return x == massimo

def distribute_value(dz, shape):
    n_H, n_W = shape
    a = np.ones(shape)
    return a * dz / (n_H + n_W)

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f = hparameters['f']
    passo = hparameters['stride']
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for n in range(m):
        a = A_prev[n]
        for r in range(n_H):
            for k in range(n_W):
                for c in range(n_C):
                    ir, ik = r * passo, k * passo
                    if mode == "max":
                        fetta = a[ir:ir + f, ik:ik + f, c]
                        maschera = create_mask_from_window(fetta)
                        dA_prev[n, ir:ir + f, ik:ik + f, c] += maschera * dA[n, r, k, c]
                    elif mode == "average":
                        da = dA[n, r, k, c]
                        dA_prev[n, ir:ir + f, ik:ik + f, c] += distribute_value(da, (f, f))
    return dA_prev
