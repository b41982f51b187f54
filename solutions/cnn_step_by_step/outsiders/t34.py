import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,0),(pad,pad),(pad,pad),(0,0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    Z = np.dot(a_slice_prev.ravel(), W.ravel())
    return Z + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, nH_in, nW_in, nC_in = A_prev.shape
    f, _, _, nC_out = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']
    nH_out = (nH_in + 2*pad - f)//stride + 1
    nW_out = (nW_in + 2*pad - f)//stride + 1
    Z = np.zeros((m, nH_out, nW_out, nC_out))
    padded = zero_pad(A_prev, pad)
    for n in range(m):
        for i in range(nH_out):
            for j in range(nW_out):
                region = padded[n, i*stride:i*stride+f, j*stride:j*stride+f, :].reshape(-1)
                Z[n, i, j, :] = region.dot(W.reshape(-1, nC_out)) + b.reshape(-1)
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, nH_in, nW_in, nC = A_prev.shape
    f, stride = hparameters['f'], hparameters['stride']
    nH_out = (nH_in - f)//stride + 1
    nW_out = (nW_in - f)//stride + 1
    A = np.zeros((m, nH_out, nW_out, nC))
    for n in range(m):
        for i in range(nH_out):
            for j in range(nW_out):
                region = A_prev[n, i*stride:i*stride+f, j*stride:j*stride+f, :]
                if mode == "max":
                    A[n, i, j, :] = np.max(region, axis=(0, 1))
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters['stride'], hparameters['pad']
    f = W.shape[0]
    m, nH_out, nW_out, nC_out = dZ.shape
    padded = zero_pad(A_prev, pad)
    dpadded = np.zeros_like(padded)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for n in range(m):
        for i in range(nH_out):
            for j in range(nW_out):
                ys, xs = slice(i*stride, i*stride+f), slice(j*stride, j*stride+f)
                for k in range(nC_out):
                    dpadded[n, ys, xs, :] += W[:, :, :, k]*dZ[n, i, j, k]
                    dW[:, :, :, k] += A_prev[n, ys, xs, :]*dZ[n, i, j, k]
                    db[:, :, :, k] += dZ[n, i, j, k]
    dA_prev = dpadded[:, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.max(x, axis=0)

def distribute_value(dz, shape):
    nH, nW = shape
    return np.ones(shape)*dz/(nH*nW)

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters['f'], hparameters['stride']
    m, nH_in, nW_in, nC = A_prev.shape
    dA_prev = np.zeros(A_prev.shape)
    for n in range(m):
        for i in range(dA.shape[1]):
            for j in range(dA.shape[2]):
                for k in range(nC):
                    y, x = i*stride, j*stride
                    if mode == "max":
                        region = A_prev[n, y:y+f, x:x+f, k]
                        dA_prev[n, y:y+f, x:x+f, k] += create_mask_from_window(region)*dA[n, i, j, k]
                    elif mode == "average":
                        dA_prev[n, y:y+f, x:x+f, k] += distribute_value(dA[n, i, j, k], (f, f))
    return dA_prev
