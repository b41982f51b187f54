import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,), (pad,), (pad,), (pad,)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W)

def conv_forward(A_prev, W, b, hparameters):
    stride = hparameters['stride']
    pad = hparameters['pad']
    m, ph, pw, pc = A_prev.shape
    f, f, pc, nc = W.shape
    nh = (ph - f + 2 * pad) // stride
    nw = (pw - f + 2 * pad) // stride
    Z = np.zeros((m, nh, nw, nc))
    X = zero_pad(A_prev, pad)
    for k in range(m):
        for i in range(nh):
            for j in range(nw):
                si, sj = i * stride, j * stride
                for l in range(nc):
                    Z[k, i, j, l] = np.sum(X[k, si:si + f, sj:sj + f, :] * W[:, :, :, l]) + b[0, 0, 0, l]
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    f = hparameters['f']
    stride = hparameters['stride']
    m, ph, pw, nc = A_prev.shape
    nh = (ph - f) // stride + 1
    nw = (pw - f) // stride + 1
    A = np.zeros((m, nh, nw, nc))
    for k in range(m):
        for l in range(nc):
            ch = A_prev[k, :, :, l]
            for i in range(nh):
                for j in range(nw):
                    si, sj = i * stride, j * stride
                    if mode == "max":
                        A[k, i, j, l] = np.max(ch[si:si + f, sj:sj + f])
                    else:
                        A[k, i, j, l] = np.mean(ch[si:si + f, sj:sj + f])
    return A, (A_prev, hparameters)
