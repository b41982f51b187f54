import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,0), (pad,pad), (pad,pad), (0,0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    somme = 0
    for canal in range(W.shape[2]):
        somme += np.sum(a_slice_prev[:,:,canal] * W[:,:,canal] + b[0,0,0])
    return somme

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    deb_v, deb_h = h*stride, w*stride
                    tranche = A_prev_pad[i][deb_v:deb_v+f, deb_h:deb_h+f, :]
                    Z[i,h,w,c] = conv_single_step(tranche, W[:,:,:,c], b[:,:,:,c])
    cache = (A_prev, W, b, hparameters)
    return Z, cache

def pool_forward(A_prev, hparameters, mode = "max"):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_H = int((n_H_prev - f)/stride) + 1
    n_W = int((n_W_prev - f)/stride) + 1
    A = np.zeros((m, n_H, n_W, n_C_prev))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C_prev):
                    tranche = A_prev[i][h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[i,h,w,c] = np.max(tranche)
                    elif mode == "average":
                        A[i,h,w,c] = np.mean(tranche)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    # TODO
    return None

def create_mask_from_window(x):
    x[x < np.max(x)] = 0
    x[x == np.max(x)] = 1
    return x.astype(bool)

def distribute_value(dz, shape):
    return np.ones(shape)*dz/(shape[0]*shape[1])

def pool_backward(dA, cache, mode = "max"):
    # TODO
    return None
