import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')

def conv_single_step(a_slice_prev, W, b):
    return np.sum(np.multiply(a_slice_prev, W)) + float(b)

def fenetre(i, j, pas, f):
    return slice(i*pas, i*pas + f), slice(j*pas, j*pas + f)

def conv_forward(A_prev, W, b, hparameters):
    pas = hparameters['stride']
    bord = hparameters['pad']
    f = W.shape[0]
    n_H = int((A_prev.shape[1] - f + 2*bord) / pas) + 1
    n_W = int((A_prev.shape[2] - f + 2*bord) / pas) + 1
    Z = np.zeros((len(A_prev), n_H, n_W, W.shape[3]))
    A_pad = zero_pad(A_prev, bord)
    for i in range(n_H):
        for j in range(n_W):
            H, L = fenetre(i, j, pas, f)
            for k in range(len(A_prev)):
                for c in range(W.shape[3]):
                    Z[k, i, j, c] = conv_single_step(A_pad[k, H, L], W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    pas = hparameters['stride']
    f = hparameters['f']
    m, H0, L0, C = A_prev.shape
    n_H = int((H0 - f) / pas) + 1
    n_W = int((L0 - f) / pas) + 1
    A = np.zeros((m, n_H, n_W, C))
    for i in range(n_H):
        for j in range(n_W):
            H, L = fenetre(i, j, pas, f)
            if mode == "max":
                A[:, i, j] = A_prev[:, H, L].max(axis=(1, 2))
            else:
                A[:, i, j] = A_prev[:, H, L].mean(axis=(1, 2))
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    pas, bord, f = hparameters['stride'], hparameters['pad'], W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    A_pad = zero_pad(A_prev, bord)
    dA_pad = np.zeros_like(A_pad)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for i in range(n_H):
        for j in range(n_W):
            H, L = fenetre(i, j, pas, f)
            for k in range(m):
                for c in range(n_C):
                    g = dZ[k, i, j, c]
                    dA_pad[k, H, L] += W[..., c] * g
                    dW[..., c] += A_pad[k, H, L] * g
                    db[..., c] += g
    # on enlève les bords
    dA_prev = dA_pad[:, bord:-bord, bord:-bord]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return np.equal(x, np.max(x))

def distribute_value(dz, shape):
    h, l = shape
    moyenne = dz / (h * l)
    return np.full(shape, moyenne)

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    pas, f = hparameters['stride'], hparameters['f']
    m, n_H, n_W, C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for k in range(m):
        for c in range(C):
            for i in range(n_H):
                for j in range(n_W):
                    H, L = fenetre(i, j, pas, f)
                    if mode == "max":
                        masque = create_mask_from_window(A_prev[k, H, L, c])
                        dA_prev[k, H, L, c] += masque * np.max(dA[k, H, L, c])
                    elif mode == "average":
                        dA_prev[k, H, L, c] += distribute_value(dA[k, i, j, c], (f, f))
    return dA_prev
