import numpy as np

def zero_pad(X, pad):
    return np.pad(X, pad_width=((0, 0), (pad, pad), (pad, pad), (0, 0)))

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + float(b)

def conv_forward(A_prev, W, b, hparameters):
    f, n_C = W.shape[0], W.shape[-1]
    s, p = hparameters["stride"], hparameters["pad"]
    m, n_Hp, n_Wp = A_prev.shape[:3]
    Z = np.zeros((m, int((n_Hp - f + 2 * p) / s) + 1, int((n_Wp - f + 2 * p) / s) + 1, n_C))
    X = zero_pad(A_prev, p)
    for i, h, w, c in np.ndindex(*Z.shape):
        Z[i, h, w, c] = conv_single_step(
            X[i, h * s:h * s + f, w * s:w * s + f], W[..., c], b[..., c]
        )
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    m, n_Hp, n_Wp, n_C = A_prev.shape
    A = np.zeros((m, int((n_Hp - f) / s) + 1, int((n_Wp - f) / s) + 1, n_C))
    for i, h, w, c in np.ndindex(*A.shape):
        win = A_prev[i, h * s:h * s + f, w * s:w * s + f]
        A[i, h, w, c] = win.max() if mode == "max" else win.mean()
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f = W.shape[0]
    s, p = hparameters["stride"], hparameters["pad"]
    X = zero_pad(A_prev, p)
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
    for i, h, w, c in np.ndindex(*dZ.shape):
        win = np.s_[i, h * s:h * s + f, w * s:w * s + f]
        dX[win] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += X[win] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    return dX[:, p:-p, p:-p], dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    return np.ones(shape) * dz / np.prod(shape)

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for i, h, w, c in np.ndindex(*dA.shape):
        win = np.s_[i, h * s:h * s + f, w * s:w * s + f, c]
        if mode == "max":
            dA_prev[win] += create_mask_from_window(A_prev[win]) * dA[i, h, w, c]
        else:
            dA_prev[win] += distribute_value(dA[win].mean(), (f, f))
    return dA_prev
