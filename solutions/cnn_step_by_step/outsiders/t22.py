import numpy as np

def zero_pad(X, pad):
    X_pad = np.pad(X, ((0,0), (pad,pad), (pad,pad), (0,0)), 'constant', constant_values = 0)
    return X_pad

def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W + b
    return s.sum()

def conv_forward(A_prev, W, b, hparameters):
    m, H, L, Cin = A_prev.shape
    f, f, Cin, Cout = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((H - f + 2*pad) / stride) + 1
    n_W = int((L - f + 2*pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, Cout))
    X = zero_pad(A_prev, pad)
    for c in range(Cout):
        for i in range(m):
            for h in range(n_H):
                for w in range(n_W):
                    fatia = X[i, h*stride:h*stride+f, w*stride:w*stride+f, :]
                    Z[i, h, w, c] = np.sum(fatia * W[:, :, :, c]) + b[:, :, :, c]
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode = "max"):
    m, H, L, C = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_H = int((H - f) / stride) + 1
    n_W = int((L - f) / stride) + 1
    A = np.zeros((m, n_H, n_W, C))
    for i in range(m):
        for c in range(C):
            for h in range(n_H):
                for w in range(n_W):
                    fatia = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(fatia)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(fatia)
    return A, (A_prev, hparameters)

# backward: não consegui terminar a tempo
def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    n_H, n_W = shape
    return np.ones((n_H, n_W)) * dz / (n_H * n_W)
