"""Reference solutions in the style that the notebook teaches.

Arrays are float64 and batches of images are ``(m, n_H, n_W, n_C)``. The misconceptions patch this
source, so its lines look like those that students write.
"""

import numpy as np


def relu_forward(Z):
    """Return max(Z, 0), element by element."""
    A = np.maximum(Z, 0)
    return A


def relu_backward(dA, Z):
    """Return the gradient dZ of a ReLU from dA; both have the shape of Z."""
    mask = Z > 0
    dZ = dA * mask
    return dZ


def flatten(A):
    """Lay each example of A (m, n_H, n_W, n_C) out as one row of n_H * n_W * n_C numbers."""
    m = A.shape[0]
    A_flat = A.reshape(m, -1)
    return A_flat


def dense_forward(A_prev, W, b):
    """Apply a fully connected layer W (n_prev, n), b (1, n) to the rows of A_prev (m, n_prev)."""
    Z = A_prev @ W + b
    cache = (A_prev, W, b)
    return Z, cache


def dense_backward(dZ, cache):
    """Return the gradients dA_prev, dW and db of a fully connected layer from dZ (m, n)."""
    A_prev, W, b = cache
    dA_prev = dZ @ W.T
    dW = A_prev.T @ dZ
    db = np.sum(dZ, axis=0).reshape(b.shape)
    return dA_prev, dW, db


def softmax_cross_entropy(Z, labels):
    """Return the mean cross-entropy of the logits Z (m, n) for `labels` (m,), and its gradient.

    The largest logit of each row is subtracted first, and the logarithm is taken of the sum, so
    that nothing overflows and no logarithm of 0 occurs.
    """
    m = Z.shape[0]
    rows = np.arange(m)

    Z_shifted = Z - np.max(Z, axis=1, keepdims=True)
    exps = np.exp(Z_shifted)
    sums = np.sum(exps, axis=1, keepdims=True)
    P = exps / sums

    log_P = Z_shifted - np.log(sums)
    loss = -np.mean(log_P[rows, labels])

    dZ = P.copy()
    dZ[rows, labels] -= 1
    dZ = dZ / m
    return loss, dZ


def gradient_check(f, x, dx, dZ, h=1e-5):
    """Compare dx with the numeric gradient of sum(dZ * f(x)) by central differences.

    Return the numeric gradient (x's shape) and the relative error, a number from 0 to 1.
    """
    numeric = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        change = f(x + step) - f(x - step)
        numeric[index] = np.sum(dZ * change) / (2 * h)
    distance = np.linalg.norm(numeric - dx)
    error = distance / (np.linalg.norm(numeric) + np.linalg.norm(dx))
    return numeric, error


def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    """Return the parameter after one step of gradient descent with momentum, and the velocity."""
    velocity = momentum * velocity + gradient
    parameter = parameter - learning_rate * velocity
    return parameter, velocity


def network_backward(dlogits, memory, conv_backward, pool_backward):
    """Return the gradients of all parameters of the network from dlogits (m, n).

    `memory` is what network_forward kept; the other two are the layers' own backward functions.
    """
    Z1, conv1, pool1, Z2, conv2, pool2, A2, dense = memory

    dA2_flat, dW3, db3 = dense_backward(dlogits, dense)
    dA2 = dA2_flat.reshape(A2.shape)

    dR2 = pool_backward(dA2, pool2)
    dZ2 = relu_backward(dR2, Z2)
    dA1, dW2, db2 = conv_backward(dZ2, conv2)

    dR1 = pool_backward(dA1, pool1)
    dZ1 = relu_backward(dR1, Z1)
    _, dW1, db1 = conv_backward(dZ1, conv1)
    return dW1, db1, dW2, db2, dW3, db3


def im2col(X, f, stride):
    """Lay every window of X (m, n_H_prev, n_W_prev, n_C) out as a row of f * f * n_C numbers.

    Return an array (m, n_H, n_W, f * f * n_C), the numbers in the order row, column, channel.
    """
    m, n_H_prev, n_W_prev, n_C = X.shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1

    columns = np.zeros((m, n_H, n_W, f, f, n_C))
    for i in range(f):
        for j in range(f):
            columns[:, :, :, i, j, :] = X[
                :, i : i + stride * n_H : stride, j : j + stride * n_W : stride, :
            ]
    columns = columns.reshape(m, n_H, n_W, f * f * n_C)
    return columns


def col2im(columns, shape, f, stride):
    """Add every number of `columns` to the place in X (of `shape`) from which im2col takes it."""
    m, n_H_prev, n_W_prev, n_C = shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1

    columns = columns.reshape(m, n_H, n_W, f, f, n_C)
    X = np.zeros(shape)
    for i in range(f):
        for j in range(f):
            X[:, i : i + stride * n_H : stride, j : j + stride * n_W : stride, :] += columns[
                :, :, :, i, j, :
            ]
    return X


def conv_forward_fast(A_prev, W, b, hparameters):
    """Convolve a batch A_prev with the filters W (f, f, n_C_prev, n_C) and biases b.

    Return Z (m, n_H, n_W, n_C) and the cache, equal to those of the loops.
    """
    f, _, n_C_prev, n_C = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]

    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    columns = im2col(A_prev_pad, f, stride)
    W_matrix = W.reshape(f * f * n_C_prev, n_C)
    Z = columns @ W_matrix + b.reshape(n_C)

    cache = (A_prev, W, b, hparameters)
    return Z, cache


def conv_backward_fast(dZ, cache):
    """Return the gradients dA_prev, dW and db of a convolution from dZ (m, n_H, n_W, n_C)."""
    A_prev, W, b, hparameters = cache
    _, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, n_C_prev, n_C = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]

    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    columns = im2col(A_prev_pad, f, stride)
    columns = columns.reshape(-1, f * f * n_C_prev)
    W_matrix = W.reshape(f * f * n_C_prev, n_C)
    dZ_matrix = dZ.reshape(-1, n_C)

    dW = (columns.T @ dZ_matrix).reshape(W.shape)
    db = np.sum(dZ_matrix, axis=0).reshape(b.shape)
    dcolumns = dZ_matrix @ W_matrix.T
    dcolumns = dcolumns.reshape(*dZ.shape[:3], f * f * n_C_prev)
    dA_prev_pad = col2im(dcolumns, A_prev_pad.shape, f, stride)
    dA_prev = dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev, :]
    return dA_prev, dW, db


def pool_forward_fast(A_prev, hparameters, mode="max"):
    """Pool every channel of a batch A_prev by its maximum ("max") or its mean ("average")."""
    n_C = A_prev.shape[3]
    f = hparameters["f"]
    stride = hparameters["stride"]

    columns = im2col(A_prev, f, stride)
    m, n_H, n_W, _ = columns.shape
    windows = columns.reshape(m, n_H, n_W, f * f, n_C)
    if mode == "max":
        A = np.max(windows, axis=3)
    elif mode == "average":
        A = np.mean(windows, axis=3)

    cache = (A_prev, hparameters)
    return A, cache


def pool_backward_fast(dA, cache, mode="max"):
    """Return the gradient dA_prev of a pooling layer from dA (m, n_H, n_W, n_C)."""
    A_prev, hparameters = cache
    f = hparameters["f"]
    stride = hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape

    columns = im2col(A_prev, f, stride)
    windows = columns.reshape(m, n_H, n_W, f * f, n_C)
    dA = dA.reshape(m, n_H, n_W, 1, n_C)
    if mode == "max":
        mask = windows == np.max(windows, axis=3, keepdims=True)
        dwindows = mask * dA
    elif mode == "average":
        dwindows = np.ones(windows.shape) * dA / (f * f)

    dcolumns = dwindows.reshape(m, n_H, n_W, f * f * n_C)
    dA_prev = col2im(dcolumns, A_prev.shape, f, stride)
    return dA_prev
