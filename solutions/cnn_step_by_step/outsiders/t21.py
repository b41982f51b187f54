import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    return (a_slice_prev * W).sum() + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, nh_prev, nw_prev, _ = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    stride, pad = hparameters["stride"], hparameters["pad"]
    nh = (nh_prev - f + 2*pad)//stride + 1
    nw = (nw_prev - f + 2*pad)//stride + 1
    Z = np.zeros((m, nh, nw, n_C))
    X = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(nh):
            for w in range(nw):
                patch = X[i, h*stride:h*stride+f, w*stride:w*stride+f, :, np.newaxis]
                # all filters at the same time, broadcasting on the last axis
                Z[i, h, w, :] = np.sum(patch * W, axis=(0, 1, 2)) + b.ravel()
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, nh_prev, nw_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    nh = (nh_prev - f)//stride + 1
    nw = (nw_prev - f)//stride + 1
    A = np.zeros((m, nh, nw, n_C))
    for i in range(m):
        for h in range(nh):
            for w in range(nw):
                patch = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f]
                if mode == "max":
                    A[i, h, w] = patch.max(axis=0).max(axis=0)
                else:
                    A[i, h, w] = patch.mean(axis=0).mean(axis=0)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f = W.shape[0]
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, nh, nw, n_C = dZ.shape
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(m):
        for h in range(nh):
            for w in range(nw):
                g = dZ[i, h, w]
                patch = X[i, h*stride:h*stride+f, w*stride:w*stride+f, :, np.newaxis]
                dX[i, h*stride:h*stride+f, w*stride:w*stride+f] += np.sum(W * g, axis=3)
                dW = patch * g
                db += g
    return dX[:, pad:-pad, pad:-pad], dW, db

def create_mask_from_window(x):
    mask = np.zeros(x.shape, dtype=bool)
    mask[np.unravel_index(np.argmax(x), x.shape)] = True
    return mask

def distribute_value(dz, shape):
    return np.ones(shape) * dz / (shape[0] * shape[1])

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, nh, nw, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for h in range(nh):
            for w in range(nw):
                rows = slice(h*stride, h*stride+f)
                cols = slice(w*stride, w*stride+f)
                for c in range(n_C):
                    if mode == "max":
                        dA_prev[i, rows, cols, c] = create_mask_from_window(A_prev[i, rows, cols, c]) * dA[i, h, w, c]
                    else:
                        dA_prev[i, rows, cols, c] = distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
