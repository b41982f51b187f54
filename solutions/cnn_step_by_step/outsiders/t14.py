import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,0),(pad,pad),(pad,pad),(0,0)), 'constant', constant_values=0)

def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev*W) + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = (n_H_prev - f + 2*pad)//stride + 1
    n_W = (n_W_prev - f + 2*pad)//stride + 1
    Z = np.zeros([m, n_H, n_W, n_C])
    A_prev_pad = zero_pad(A_prev, pad)
    for c in range(n_C):
        w_c = W[:,:,:,c]
        b_c = b[:,:,:,c]
        for h in range(n_H):
            for w in range(n_W):
                v1 = h*stride
                v2 = v1 + stride
                h1 = w*stride
                h2 = h1 + stride
                for i in range(m):
                    # 한 장씩
                    Z[i,h,w,c] = conv_single_step(A_prev_pad[i, v1:v2, h1:h2, :], w_c, b_c)
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode='max'):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters['f']
    stride = hparameters['stride']
    n_H = (n_H_prev - f)//stride + 1
    n_W = (n_W_prev - f)//stride + 1
    A = np.zeros([m, n_H, n_W, n_C])
    for c in range(n_C):
        for h in range(n_H):
            for w in range(n_W):
                v1, h1 = h*stride, w*stride
                win = A_prev[:, v1:v1+f, h1:h1+f, c].reshape(m, -1)
                A[:,h,w,c] = win.max(1) if mode == 'max' else win.mean(1)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    m, n_H, n_W, n_C = dZ.shape
    dA_prev = np.random.randn(m, n_H_prev, n_W_prev, n_C_prev)
    dW = np.random.randn(f, f, n_C_prev, n_C)
    db = np.random.randn(1, 1, 1, n_C)
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)
    for c in range(n_C):
        for h in range(n_H):
            for w in range(n_W):
                v1, h1 = h*stride, w*stride
                for i in range(m):
                    dA_prev_pad[i, v1:v1+f, h1:h1+f, :] += W[:,:,:,c]*dZ[i,h,w,c]
                    dW[:,:,:,c] += A_prev_pad[i, v1:v1+f, h1:h1+f, :]*dZ[i,h,w,c]
                    db[:,:,:,c] += dZ[i,h,w,c]
    for i in range(m):
        dA_prev[i] = dA_prev_pad[i, pad:-pad, pad:-pad, :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    mask = (x == np.max(x))
    return mask

def distribute_value(dz, shape):
    (n_H, n_W) = shape
    return np.ones((n_H, n_W)) * (dz/(n_H*n_W))

def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = cache
    stride = hparameters['stride']
    f = hparameters['f']
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for c in range(n_C):
            for h in range(n_H):
                for w in range(n_W):
                    v1 = h*stride
                    v2 = v1+f
                    h1 = w*stride
                    h2 = h1+f
                    if mode == 'max':
                        mask = create_mask_from_window(A_prev[i, v1:v2, h1:h2, c])
                        dA_prev[i, v1:v2, h1:h2, c] += mask*dA[i,v1,h1,c]
                    else:
                        dA_prev[i, v1:v2, h1:h2, c] += distribute_value(dA[i,v1,h1,c], (f,f))
    return dA_prev
