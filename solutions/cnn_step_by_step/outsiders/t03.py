# -*- coding: utf-8 -*-
import numpy as np

# 第四课第一周作业

def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)
    return X_pad

def conv_single_step(a_slice_prev, W, b):
    # 先乘再加偏置, 最后求和
    return (np.multiply(a_slice_prev, W) + b).sum()

def conv_forward(A_prev, W, b, hparameters):
    m, nH0, nW0, _ = A_prev.shape
    f = W.shape[0]
    nC = W.shape[-1]
    s, p = hparameters['stride'], hparameters['pad']
    nH = (nH0 - f + 2*p)//s + 1
    nW = (nW0 - f + 2*p)//s + 1
    X = zero_pad(A_prev, p)
    Z = np.zeros((m, nH, nW, nC))
    for h in range(nH):
        for w in range(nW):
            # 所有样本一起算
            block = X[:, h*s:h*s + f, w*s:w*s + f, :]
            Z[:, h, w, :] = np.tensordot(block, W, axes=([1, 2, 3], [0, 1, 2])) + b.reshape(-1)
    return Z, (A_prev, W, b, hparameters)

def pool_forward(A_prev, hparameters, mode='max'):
    m, nH0, nW0, nC = A_prev.shape
    f, s = hparameters['f'], hparameters['stride']
    nH = (nH0 - f)//s + 1
    nW = (nW0 - f)//s + 1
    A = np.zeros((m, nH, nW, nC))
    func = np.max if mode == 'max' else np.mean
    for h in range(nH):
        for w in range(nW):
            A[:, h, w, :] = func(A_prev[:, h*s:h*s + f, w*s:w*s + f, :], axis=(1, 2))
    return A, (A_prev, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p = hparameters['stride'], hparameters['pad']
    f = W.shape[0]
    m, nH, nW, nC = dZ.shape
    X = zero_pad(A_prev, p)
    dX = np.zeros(X.shape)
    dW = np.zeros(W.shape)
    for h in range(nH):
        for w in range(nW):
            g = dZ[:, h, w, :]  # (m, nC)
            block = X[:, h*s:h*s + f, w*s:w*s + f, :]
            dX[:, h*s:h*s + f, w*s:w*s + f, :] += np.tensordot(g, W, axes=([1], [3]))
            dW += np.tensordot(block, g, axes=([0], [0]))
    db = np.sum(dZ, axis=(0, 1, 2)).reshape(b.shape)
    # 去掉padding
    return dX[:, p:-p, p:-p, :], dW, db

def create_mask_from_window(x):
    mask = x == np.max(x)
    return mask

def distribute_value(dz, shape):
    n_H, n_W = shape
    average = dz/(n_H*n_W)
    return np.ones((n_H, n_W))*average

def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = cache
    f, s = hparameters['f'], hparameters['stride']
    m, nH, nW, nC = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for h in range(nH):
        for w in range(nW):
            g = dA[:, h, w, :].reshape(m, 1, 1, nC)
            if mode == 'max':
                block = A_prev[:, h*s:h*s + f, w*s:w*s + f, :]
                mask = block == block.max(axis=(1, 2), keepdims=True)
                dA_prev[:, h*s:h*s + f, w*s:w*s + f, :] += mask*g
            else:
                # 平均分配
                dA_prev[:, h*s:h*s + f, w*s:w*s + f, :] += g/f
    return dA_prev
