import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    Z = np.einsum('ijk,ijk->', a_slice_prev, W)
    return Z + np.squeeze(b)

def conv_forward(A_prev, W, b, hparameters):
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    m, iH, iW, iC = A_prev.shape
    f, _, _, oC = W.shape
    oH = int(np.floor((iH - f + 2*pad)/stride)) + 1
    oW = int(np.floor((iW - f + 2*pad)/stride)) + 1
    out = np.zeros((m, oH, oW, oC))
    padded = zero_pad(A_prev, pad)
    for r in range(oH):
        for q in range(oW):
            win = padded[:, stride*r:stride*r+f, stride*q:stride*q+f, :]
            out[:, r, q, :] = np.einsum('mijk,ijkc->mc', win, W) + b[0, 0, 0]
    return out, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, iH, iW, iC = A_prev.shape
    oH = int(np.floor((iH - f)/stride)) + 1
    oW = int(np.floor((iW - f)/stride)) + 1
    out = np.zeros((m, oH, oW, iC))
    for r in range(oH):
        for q in range(oW):
            win = A_prev[:, stride*r:stride*r+f, stride*q:stride*q+f, :]
            if mode == "max":
                out[:, r, q, :] = np.max(win, axis=(1, 2))
            elif mode == "average":
                out[:, r, q, :] = np.einsum('mijc->mc', win) / f**2
    return out, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    f = W.shape[0]
    m, oH, oW, oC = dZ.shape
    padded = zero_pad(A_prev, pad)
    dpadded = np.zeros(padded.shape)
    dW = np.zeros(W.shape)
    for r in range(oH):
        for q in range(oW):
            win = padded[:, stride*r:stride*r+f, stride*q:stride*q+f, :]
            dpadded[:, stride*r:stride*r+f, stride*q:stride*q+f, :] += np.einsum('mc,ijkc->mijk', dZ[:, r, q, :], W)
            dW += np.einsum('mijk,mc->ijkc', win, dZ[:, r, q, :])
    db = np.einsum('mrqc->c', dZ).reshape(1, 1, 1, oC)
    return dpadded, dW, db

def create_mask_from_window(x):
    return np.where(x == np.max(x), True, False)

def distribute_value(dz, shape):
    return np.full(shape, dz/np.multiply(*shape))

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, oH, oW, oC = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for r in range(oH):
            for q in range(oW):
                for c in range(oC):
                    y, x = stride*r, stride*q
                    win = A_prev[i, y:y+f, x:x+f, c]
                    if mode == "max":
                        mask = create_mask_from_window(win)
                        dA_prev[i, y:y+f, x:x+f, c] += win * mask * dA[i, r, q, c]
                    elif mode == "average":
                        dA_prev[i, y:y+f, x:x+f, c] += distribute_value(dA[i, r, q, c], (f, f))
    return dA_prev
