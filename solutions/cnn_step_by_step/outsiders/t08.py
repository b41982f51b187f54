import numpy as np


def zero_pad(X, pad):
    m = X.shape[0]
    nh = X.shape[1]
    nw = X.shape[2]
    nc = X.shape[3]
    R = np.zeros((m, nh + 2 * pad, nw + 2 * pad, nc))
    for i in range(m):
        for y in range(nh):
            for x in range(nw):
                for c in range(nc):
                    R[i][y + pad][x + pad][c] = X[i][y][x][c]
    return R


def conv_single_step(a_slice_prev, W, b):
    acc = 0.0
    for y in range(W.shape[0]):
        for x in range(W.shape[1]):
            for k in range(W.shape[2]):
                acc += a_slice_prev[y][x][k] * W[y][x][k]
    acc += b[0][0][0]
    return acc


def conv_forward(A_prev, W, b, hparameters):
    m = A_prev.shape[0]
    f = W.shape[0]
    nc = W.shape[3]
    s = hparameters['stride']
    p = hparameters['pad']
    oh = (A_prev.shape[1] + 2 * p - f) // s + 1
    ow = (A_prev.shape[2] + 2 * p - f) // s + 1
    P = zero_pad(A_prev, p)
    Z = np.zeros((m, oh, ow, nc))
    for i in range(m):
        for c in range(nc):
            for y in range(oh):
                for x in range(ow):
                    for dy in range(f):
                        for dx in range(f):
                            for k in range(W.shape[2]):
                                Z[i][y][x][c] += (
                                    P[i][y * s + dy][x * s + dx][k] * W[dy][dx][k][c]
                                    + b[0][0][0][c]
                                )
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode='max'):
    f = hparameters['f']
    s = hparameters['stride']
    m, nh, nw, nc = A_prev.shape
    oh = (nh - f) // s + 1
    ow = (nw - f) // s + 1
    A = np.zeros((m, oh, ow, nc))
    for i in range(m):
        for c in range(nc):
            for y in range(oh):
                for x in range(ow):
                    best = 0
                    total = 0
                    for dy in range(f):
                        for dx in range(f):
                            v = A_prev[i][y * s + dy][x * s + dx][c]
                            if v > best:
                                best = v
                            total += v
                    if mode == 'max':
                        A[i][y][x][c] = best
                    else:
                        A[i][y][x][c] = total / (f * f)
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hp = cache
    f = W.shape[0]
    s = hp['stride']
    p = hp['pad']
    m, oh, ow, nc = dZ.shape
    P = zero_pad(A_prev, p)
    dP = np.zeros(P.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(m):
        for c in range(nc):
            for y in range(oh):
                for x in range(ow):
                    g = dZ[i][y][x][c]
                    for dy in range(f):
                        for dx in range(f):
                            for k in range(W.shape[2]):
                                dP[i][y * s + dy][x * s + dx][k] += W[dy][dx][k][c] * g
                                dW[dy][dx][k][c] += P[i][y * s + dy][x * s + dx][k] * g
                                db[0][0][0][c] += g
    dA_prev = dP[:, p:P.shape[1] - p, p:P.shape[2] - p, :]
    return dA_prev, dW, db


def create_mask_from_window(x):
    mx = x[0][0]
    for r in range(x.shape[0]):
        for c in range(x.shape[1]):
            if x[r][c] > mx:
                mx = x[r][c]
    return x == mx


def distribute_value(dz, shape):
    out = np.zeros(shape)
    for r in range(shape[0]):
        for c in range(shape[1]):
            out[r][c] = dz / (shape[0] * shape[1])
    return out


def pool_backward(dA, cache, mode='max'):
    A_prev, hp = cache
    f = hp['f']
    s = hp['stride']
    m, oh, ow, nc = dA.shape
    D = np.zeros(A_prev.shape)
    for i in range(m):
        for c in range(nc):
            for y in range(oh):
                for x in range(ow):
                    if mode == 'max':
                        by = 0
                        bx = 0
                        for dy in range(f):
                            for dx in range(f):
                                if (
                                    A_prev[i][y * s + dy][x * s + dx][c]
                                    > A_prev[i][y * s + by][x * s + bx][c]
                                ):
                                    by = dy
                                    bx = dx
                        D[i][y * s + by][x * s + bx][c] = dA[i][y][x][c]
                    else:
                        for dy in range(f):
                            for dx in range(f):
                                D[i][y * s + dy][x * s + dx][c] += dA[i][y][x][c] / (f * f)
    return D
