import numpy as np
import matplotlib.pyplot as plt
plt.rcParams['image.interpolation'] = 'nearest'
plt.rcParams['image.cmap'] = 'gray'

def zero_pad(X, pad):
    return np.pad(X, ((0,0),(pad,pad),(pad,pad),(0,0)), 'constant')

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W + b)

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s = hparameters['stride']; p = hparameters['pad']
    n_H = (n_H_prev - f + 2*p)/s + 1
    n_W = (n_W_prev - f + 2*p)/s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    Z[i,h,w,c] = conv_single_step(Ap[i, h*s:h*s+f, w*s:w*s+f], W[:,:,:,c], b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode = "max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters['f']; s = hparameters['stride']
    n_H = int((n_H_prev - f)/s + 1)
    n_W = int((n_W_prev - f)/s + 1)
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a = A_prev[i, h*s:h*s+f, w*s:w*s+f, c]
                    A[i,h,w,c] = a.max() if mode == "max" else a.mean()
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s = hparameters['stride']; p = hparameters['pad']
    f = W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    Ap = zero_pad(A_prev, p)
    dAp = np.zeros(Ap.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    dAp[i, h*s:h*s+f, w*s:w*s+f] += W[:,:,:,c]*dZ[i,h,w,c]
                    dW[:,:,:,c] += Ap[i, h*s:h*s+f, w*s:w*s+f]*dZ[i,h,w,c]
                    db[:,:,:,c] += dZ[i,h,w,c]
    return dAp[:, p:-p, p:-p, :], dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    n_H, n_W = shape
    return dz/(n_H*n_W)*np.ones(shape)

def pool_backward(dA, cache, mode = "max"):
    A_prev, hparameters = cache
    f = hparameters['f']; s = hparameters['stride']
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    if mode == "max":
                        mask = create_mask_from_window(A_prev[i, h*s:h*s+f, w*s:w*s+f, c])
                        dA_prev[i, h*s:h*s+f, w*s:w*s+f, c] += mask*dA[i,h,w,c]
                    if mode == "average":
                        dA_prev[i, h*s:h*s+f, w*s:w*s+f, c] += distribute_value(dA[i,h,w,c], (n_H,n_W))
    return dA_prev

x = np.random.randn(4, 3, 3, 2)
print(zero_pad(x, 2).shape)
