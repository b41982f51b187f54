import numpy as np

def zero_pad(X, pad):
    return np.pad(X, ((0,0), (pad,pad), (pad,pad), (0,0)), mode='constant', constant_values=(0,0))

def conv_single_step(a_slice_prev, W, b):
    # 要素ごとの積 -> 合計 -> バイアス
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    return Z + float(b)

def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = [hparameters[k] for k in ('stride', 'pad')]
    n_H = int((n_H_prev + 2*pad - f)/stride + 1)
    n_W = int((n_W_prev + 2*pad - f)/stride + 1)
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, pad)
    for i in range(m):
        for x in range(n_H):
            for y in range(n_W):
                # x: 横, y: 縦
                sub = Ap[i, y*stride:y*stride+f, x*stride:x*stride+f, :]
                for c in range(n_C):
                    Z[i, x, y, c] = conv_single_step(sub, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode='max'):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = [hparameters[k] for k in ('f', 'stride')]
    n_H = int((n_H_prev - f)/stride + 1)
    n_W = int((n_W_prev - f)/stride + 1)
    A = np.zeros((m, n_H, n_W, n_C))
    for y in range(n_H):
        for x in range(n_W):
            sub = A_prev[:, y*stride:y*stride+f, x*stride:x*stride+f, :]
            if mode == 'max':
                A[:, y, x, :] = np.max(sub, axis=(1, 2))
            if mode == 'average':
                A[:, y, x, :] = np.mean(sub, axis=(1, 2))
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    raise NotImplementedError

def create_mask_from_window(x):
    raise NotImplementedError

def distribute_value(dz, shape):
    raise NotImplementedError

def pool_backward(dA, cache, mode='max'):
    raise NotImplementedError
