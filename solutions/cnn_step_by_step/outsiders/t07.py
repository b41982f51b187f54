import numpy as np

# I did CS231n before so I use im2col here, much faster than 4 loops

def zero_pad(X, pad):
    return np.pad(X, ((0,), (pad,), (pad,), (0,)), mode="constant")

def conv_single_step(a_slice_prev, W, b):
    return float(np.sum(a_slice_prev*W) + np.squeeze(b))

def im2col(Xp, f, stride, n_H, n_W):
    m, _, _, C = Xp.shape
    cols = np.empty((m, n_H, n_W, f, f, C))
    for i in range(f):
        for j in range(f):
            cols[:, :, :, i, j, :] = Xp[
                :, i:i + stride*n_H:stride, j:j + stride*n_W:stride, :
            ]
    return cols.reshape(m*n_H*n_W, f*f*C)

def col2im(cols, shape, f, stride, n_H, n_W):
    m, Hp, Wp, C = shape
    cols = cols.reshape(m, n_H, n_W, f, f, C)
    out = np.zeros(shape)
    for i in range(f):
        for j in range(f):
            out[:, i:i + stride*n_H:stride, j:j + stride*n_W:stride, :] += cols[
                :, :, :, i, j, :
            ]
    return out

def conv_forward(A_prev, W, b, hparameters):
    m, H, Wd, _ = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H = 1 + (H + 2*pad - f)//stride
    n_W = 1 + (Wd + 2*pad - f)//stride
    cols = im2col(zero_pad(A_prev, pad), f, stride, n_H, n_W)
    Z = cols.dot(W.reshape(-1, n_C)) + b.reshape(1, n_C)
    return Z.reshape(m, n_H, n_W, n_C), (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode="max"):
    m, H, Wd, C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H = 1 + (H - f)//stride
    n_W = 1 + (Wd - f)//stride
    cols = im2col(A_prev, f, stride, n_H, n_W).reshape(m, n_H, n_W, f*f, C)
    A = cols.max(axis=3) if mode == "max" else cols.mean(axis=3)
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    stride, pad = hparameters["stride"], hparameters["pad"]
    Xp = zero_pad(A_prev, pad)
    cols = im2col(Xp, f, stride, n_H, n_W)
    dout = dZ.reshape(-1, n_C)
    dW = cols.T.dot(dout).reshape(W.shape)
    db = dout.sum(axis=0)
    dXp = col2im(dout.dot(W.reshape(-1, n_C).T), Xp.shape, f, stride, n_H, n_W)
    dA_prev = dXp[:, pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2], :]
    return dA_prev, dW, db

def create_mask_from_window(x):
    return x == np.amax(x)

def distribute_value(dz, shape):
    return np.full(shape, dz/(shape[0] * shape[1]))

def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    # upsample, every output pixel goes back to its f x f block
    up = dA.repeat(f, axis=1).repeat(f, axis=2)
    x = A_prev[:, : n_H*f, : n_W*f, :]
    if mode == "max":
        A = pool_forward(A_prev, hparameters, "max")[0].repeat(f, axis=1).repeat(f, axis=2)
        dA_prev[:, : n_H*f, : n_W*f, :] = up*(x == A)
    else:
        dA_prev[:, : n_H*f, : n_W*f, :] = up/(f*f)
    return dA_prev
