import numpy as np

np.random.seed(1)

def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant")

def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev*W
    Z = np.sum(s)
    Z = Z + float(b)
    return Z

def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    padded = zero_pad(A_prev, pad)
    for i in range(m):
        img = padded[i]
        for h in range(n_H):
            top = h*stride
            for w in range(n_W):
                left = w*stride
                for c in range(n_C):
                    patch = img[top:top + f,left:left + f,:]
                    Z[i,h,w,c] = conv_single_step(patch, W[:,:,:,c], b[:,:,:,c])
    cache = (A_prev, W, b, hparameters)
    return Z, cache

def pool_forward(A_prev, hparameters, mode="max"):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = int(1 + (n_H_prev - f)/stride)
    n_W = int(1 + (n_W_prev - f)/stride)
    A = np.zeros((m, n_H, n_W, n_C_prev))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C_prev):
                    patch = A_prev[i,h*stride:h*stride + f,w*stride:w*stride + f,c]
                    if mode == "max":
                        A[i,h,w,c] = np.max(patch)
                    elif mode == "average":
                        A[i,h,w,c] = np.mean(patch)
    cache = (A_prev, hparameters)
    return A, cache

def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    padded = zero_pad(A_prev, pad)
    dpadded = zero_pad(dA_prev, pad)
    for i in range(m):
        img = padded[i]
        dimg = dpadded[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    top = h*stride
                    left = w*stride
                    patch = img[top:top + f,left:left + f,:]
                    dimg[top:top + f,left:left + f,:] += W[:,:,:,c] * dZ[i,h,w,c]
                    dW[:,:,:,c] += patch*dZ[i,h,w,c]
                    db[:,:,:,c] += dZ[i,h,w,c]
        dA_prev[i,:,:,:] = dimg[pad:-pad,pad:-pad,:]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.max(x)

def distribute_value(dz, shape):
    (n_H, n_W) = shape
    return np.ones(shape)*dz/(n_H*n_W)

def pool_backward(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for i in range(m):
        a_prev = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    top, left = h, w
                    if mode == "max":
                        patch = a_prev[top:top + f,left:left + f,c]
                        mask = create_mask_from_window(patch)
                        dA_prev[i,top:top + f,left:left + f,c] += mask*dA[i,top,left,c]
                    elif mode == "average":
                        dA_prev[i,top:top + f,left:left + f,c] += distribute_value(
                            dA[i,top,left,c], (f, f)
                        )
    return dA_prev
