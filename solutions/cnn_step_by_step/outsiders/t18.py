from operator import itemgetter
import numpy as np

def zero_pad(X, pad):
    p = (pad, pad)
    n = (0, 0)
    return np.pad(X, (n, p, p, n), mode="constant", constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    return float(np.sum(a_slice_prev * W)) + float(b)

def conv_forward(A_prev, W, b, hparameters):
    stride, pad = itemgetter("stride", "pad")(hparameters)
    m, nHp, nWp, nCp = A_prev.shape
    f, _, _, nC = W.shape
    nH = int((nHp - f + 2 * pad) / stride + 1)
    nW = int((nWp - f + 2 * pad) / stride + 1)
    Z = np.zeros((m, nH, nW, nC))
    Ap = zero_pad(A_prev, pad)
    for h in range(0, nH):
        for w in range(0, nW):
            a = Ap[:, h * stride : h * stride + f, w * stride : w * stride + f, :]
            for c in range(0, nC):
                Z[:, h, w, c] = np.sum(a * W[:, :, :, c], axis=(1, 2, 3)) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = itemgetter("f", "stride")(hparameters)
    m, nHp, nWp, nC = A_prev.shape
    nH = int((nHp - f) / stride + 1)
    nW = int((nWp - f) / stride + 1)
    A = np.zeros((m, nH, nW, nC))
    for h in range(0, nH):
        for w in range(0, nW):
            a = A_prev[:, h * stride : h * stride + f, w * stride : w * stride + f, :]
            if mode == "max":
                A[:, h, w, :] = np.amax(a, axis=(1, 2))
            elif mode == "avg":
                A[:, h, w, :] = np.average(a, axis=(1, 2))
    return A, (A_prev, hparameters)
