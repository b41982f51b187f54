import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,0), (pad,pad), (pad,pad), (0,0)), 'constant', constant_values=(0,0))

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m = A_prev.shape[0]
    f = W.shape[0]
    st = hparameters["stride"]
    pd = hparameters["pad"]
    outH = int((A_prev.shape[1] - f + 2*pd)/st) + 1
    outW = int((A_prev.shape[2] - f + 2*pd)/st) + 1
    outC = W.shape[3]
    Z = np.zeros((m, outH, outW, outC))
    Xp = zero_pad(A_prev, pd)
    for ex in range(m):
        for row in range(0, outH, st):
            for col in range(0, outW, st):
                for k in range(outC):
                    piece = Xp[ex, row:row+f, col:col+f, :]
                    Z[ex, row, col, k] = conv_single_step(piece, W[:,:,:,k], b[:,:,:,k])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, inH, inW, ch = A_prev.shape
    f = hparameters["f"]
    st = hparameters["stride"]
    outH = int((inH - f)/st) + 1
    outW = int((inW - f)/st) + 1
    A = np.zeros((m, outH, outW, ch))
    for ex in range(m):
        for row in range(0, outH):
            for col in range(0, outW):
                for k in range(ch):
                    piece = A_prev[:, row*st:row*st+f, col*st:col*st+f, k]
                    if mode == "max":
                        A[ex, row, col, k] = piece.max()
                    else:
                        A[ex, row, col, k] = piece.mean()
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    st = hparameters["stride"]
    pd = hparameters["pad"]
    f = W.shape[0]
    m, outH, outW, outC = dZ.shape
    Xp = zero_pad(A_prev, pd)
    dXp = zero_pad(np.zeros(A_prev.shape), pd)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for ex in range(m):
        for row in range(outH):
            for col in range(outW):
                for k in range(outC):
                    r0 = row
                    c0 = col
                    dXp[ex, r0:r0+f, c0:c0+f, :] += W[:,:,:,k] * dZ[ex, row, col, k]
                    dW[:,:,:,k] += Xp[ex, r0:r0+f, c0:c0+f, :] * dZ[ex, row, col, k]
                    db[:,:,:,k] += dZ[ex, row, col, k]
    dA_prev = dXp[:, pd:-pd, pd:-pd, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return (x == x.max())

def distribute_value(dz, shape):
    h, w = shape
    return np.ones(shape) * (dz/(h*w))

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    st = hparameters["stride"]
    f = hparameters["f"]
    m, outH, outW, ch = dA.shape
    dX = np.zeros(A_prev.shape)
    for ex in range(m):
        for k in range(ch):
            for row in range(outH):
                for col in range(outW):
                    if mode == "max":
                        piece = A_prev[ex, row:row+f, col:col+f, k]
                        dX[ex, row:row+f, col:col+f, k] += dA[ex, row, col, k] * create_mask_from_window(piece)
                    else:
                        dX[ex, row:row+f, col:col+f, k] += distribute_value(dA[ex, row, col, k], (f, f))
    return dX
