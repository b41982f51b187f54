"""Functions as students write them, right and wrong, not made from the catalogue.

No check may fail a right one. A wrong one is labelled with the causes that a teacher would name;
where no entry of the catalogue describes the mistake, with none. Measured on them, the diagnosis
shows whether it finds names for code that it was not made from, and whether a name is ever wrong.
"""

# ruff: noqa: RUF059 - they are unpacked as students unpack them

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from solutions.convnet_application.reference import col2im, im2col

Function = Callable[..., Any]

RIGHT: list[Function] = []
WRONG: list[tuple[Function, frozenset[str]]] = []


def exercise_of(function: Function) -> str:
    """Return the exercise that a function of this module attempts: its name up to the number."""
    return function.__name__.rsplit("_", 1)[0]


def right(function: Function) -> Function:
    """List a function as right."""
    RIGHT.append(function)
    return function


def wrong(*causes: str) -> Callable[[Function], Function]:
    """List a function as wrong by `causes` of its exercise."""

    def listed(function: Function) -> Function:
        ids = frozenset(f"{exercise_of(function)}/{cause}" for cause in causes)
        WRONG.append((function, ids))
        return function

    return listed


@right
def relu_forward_1(Z):
    return Z * (Z > 0)


@right
def relu_forward_2(Z):
    A = np.copy(Z)
    A[A < 0] = 0
    return A


@right
def relu_forward_3(Z):
    return (np.abs(Z) + Z) / 2


@right
def relu_forward_4(Z):
    out = np.zeros_like(Z)
    for i in np.ndindex(Z.shape):
        out[i] = max(0, Z[i])
    return out


@right
def relu_backward_1(dA, Z):
    return np.where(Z > 0, dA, 0.0)


@right
def relu_backward_2(dA, Z):
    dZ = np.zeros(Z.shape)
    dZ[Z >= 0] = dA[Z >= 0]
    return dZ


@right
def relu_backward_3(dA, Z):
    return dA * np.heaviside(Z, 0)


@right
def relu_backward_4(dA, Z):
    return dA * (np.sign(Z) + 1) / 2


@right
def flatten_1(A):
    return A.reshape(len(A), -1)


@right
def flatten_2(A):
    return np.array([x.ravel() for x in A])


@right
def flatten_3(A):
    out = np.empty((A.shape[0], np.prod(A.shape[1:])))
    for i, x in enumerate(A):
        out[i, :] = x.flatten()
    return out


@right
def flatten_4(A):
    return A.transpose(1, 2, 3, 0).reshape(-1, A.shape[0]).T


@right
def dense_forward_1(A_prev, W, b):
    return np.einsum("ij,jk->ik", A_prev, W) + b, (A_prev, W, b)


@right
def dense_forward_2(A_prev, W, b):
    m, n = A_prev.shape[0], W.shape[1]
    Z = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            s = 0.0
            for k in range(W.shape[0]):
                s += A_prev[i, k] * W[k, j]
            Z[i, j] = s + b[0, j]
    return Z, [A_prev, W, b]


@right
def dense_forward_3(A_prev, W, b):
    return (W.T @ A_prev.T + b.T).T, (A_prev, W, b)


@right
def dense_backward_1(dZ, cache):
    A, W, b = cache
    return np.dot(W, dZ.T).T, np.dot(dZ.T, A).T, np.sum(dZ, 0, keepdims=True)


@right
def dense_backward_2(dZ, cache):
    A, W, b = cache
    dA, dW, db = np.zeros_like(A), np.zeros_like(W), np.zeros_like(b)
    for i in range(len(A)):
        dA[i] = W @ dZ[i]
        dW += np.outer(A[i], dZ[i])
        db[0] += dZ[i]
    return dA, dW, db


@right
def dense_backward_3(dZ, cache):
    A, W, _ = cache
    return [np.tensordot(dZ, W, (1, 1)), np.tensordot(A, dZ, (0, 0)), np.ones((1, len(dZ))) @ dZ]


@right
def softmax_cross_entropy_1(Z, labels):
    m, n = Z.shape
    loss = 0
    dZ = np.zeros((m, n))
    for i in range(m):
        z = Z[i] - Z[i].max()
        lse = math.log(sum(np.exp(z)))
        loss += lse - z[labels[i]]
        dZ[i] = np.exp(z - lse)
        dZ[i, labels[i]] -= 1
    return loss / m, dZ / m


@right
def softmax_cross_entropy_2(Z, labels):
    lse = np.logaddexp.reduce(Z, axis=1, keepdims=True)
    Y = np.eye(Z.shape[1])[labels]
    logp = Z - lse
    return -(Y * logp).sum(axis=1).mean(), (np.exp(logp) - Y) / len(Z)


@right
def softmax_cross_entropy_3(Z, labels):
    top = Z.max(1)[:, None]
    s = np.exp(Z - top).sum(1)[:, None]
    right = np.take_along_axis(Z, labels[:, None], 1)
    loss = np.average(top + np.log(s) - right)
    onehot = (np.arange(Z.shape[1]) == labels[:, None]).astype(float)
    return float(loss), (np.exp(Z - top) / s - onehot) / Z.shape[0]


@right
def gradient_check_1(f, x, dx, dZ, h=1e-5):
    num = []
    x = np.array(x)
    flat = x.ravel()
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        p = np.sum(f(x) * dZ)
        flat[i] = old - h
        m = np.sum(f(x) * dZ)
        flat[i] = old
        num.append((p - m) / 2 / h)
    num = np.reshape(num, x.shape)
    return num, np.sqrt(np.sum((num - dx) ** 2)) / (
        np.sqrt(np.sum(num**2)) + np.sqrt(np.sum(dx**2))
    )


@right
def gradient_check_2(f, x, dx, dZ, h=1e-5):
    numeric = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = x[i]
        x[i] = old + h
        plus = f(x).copy()
        x[i] = old - h
        minus = f(x).copy()
        x[i] = old
        numeric[i] = ((plus - minus) * dZ).sum() / (2 * h)
        it.iternext()
    return numeric, np.linalg.norm((numeric - dx).ravel()) / (
        np.linalg.norm(numeric.ravel()) + np.linalg.norm(dx.ravel())
    )


@right
def gradient_check_3(f, x, dx, dZ, h=1e-5):
    def g(v):
        return np.vdot(dZ, f(v.reshape(x.shape)))

    E = np.identity(x.size) * h
    v = x.flatten()
    num = np.array([(g(v + e) - g(v - e)) / (2 * h) for e in E]).reshape(x.shape)

    def n(a):
        return math.sqrt(float((a * a).sum()))

    return num, n(dx - num) / (n(dx) + n(num) + 1e-12)


@right
def sgd_momentum_step_1(parameter, gradient, velocity, learning_rate, momentum):
    v = gradient + velocity * momentum
    return parameter + (-learning_rate) * v, v


@right
def sgd_momentum_step_2(parameter, gradient, velocity, learning_rate, momentum):
    velocity = velocity.copy()
    parameter = parameter.copy()
    velocity *= momentum
    velocity += gradient
    parameter -= learning_rate * velocity
    return [parameter, velocity]


@right
def sgd_momentum_step_3(parameter, gradient, velocity, learning_rate, momentum):
    p = parameter - learning_rate * momentum * velocity - learning_rate * gradient
    return p, (parameter - p) / learning_rate


@wrong("truth_of_an_array", "changes_input")
def relu_forward_5(Z):
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            if Z[i, j] < 0:
                Z[i, j] = 0
    return Z


@wrong("leaky")
def relu_forward_6(Z):
    A = Z.copy()
    A[A < 0] *= 0.01
    return A


@wrong("maximum_over_axis")
def relu_forward_7(Z):
    return np.max(0, Z)


@wrong("changes_input")
def relu_forward_8(Z):
    return np.maximum(Z, 0, out=Z)


@wrong("mask_of_gradient")
def relu_backward_5(dA, Z):
    return np.maximum(dA, 0)


@wrong("gradient_unused")
def relu_backward_6(dA, Z):
    dZ = Z.copy()
    dZ[Z > 0] = 1
    dZ[Z <= 0] = 0
    return dZ


@wrong("mask_of_gradient", "forward_again")
def relu_backward_7(dA, Z):
    return np.where(dA > 0, Z, 0)


@wrong("changes_inputs")
def relu_backward_8(dA, Z):
    dA[Z < 0] = 0
    return dA


@wrong("examples_joined")
def flatten_5(A):
    return A.ravel()


@wrong("rows_of_m")
def flatten_6(A):
    return A.reshape(-1, A.shape[0])


@wrong("examples_in_columns")
def flatten_7(A):
    return A.reshape(A.shape[0], -1).T


@wrong("numbers_in_another_order")
def flatten_8(A):
    return np.concatenate([A[..., c].reshape(A.shape[0], -1) for c in range(A.shape[3])], axis=1)


@wrong("factors_exchanged")
def dense_forward_4(A_prev, W, b):
    Z = np.dot(W, A_prev) + b
    return Z, (A_prev, W, b)


@wrong("bias_more_than_once")
def dense_forward_5(A_prev, W, b):
    m, n = A_prev.shape[0], W.shape[1]
    Z = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            for k in range(W.shape[0]):
                Z[i, j] += A_prev[i, k] * W[k, j] + b[0, j]
    return Z, (A_prev, W, b)


@wrong("activation_applied")
def dense_forward_6(A_prev, W, b):
    Z = A_prev @ W + b
    return np.maximum(0, Z), (A_prev, W, b)


@wrong(
    "dA_prev_factors_exchanged", "dW_factors_exchanged", "db_over_outputs", "averaged_over_batch"
)
def dense_backward_4(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1.0 / m * np.dot(dZ, A_prev.T)
    db = 1.0 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


@wrong("averaged_over_batch")
def dense_backward_5(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[0]
    return dZ.dot(W.T), A_prev.T.dot(dZ) / m, dZ.sum(axis=0, keepdims=True) / m


@wrong("db_shape")
def dense_backward_6(dZ, cache):
    A_prev, W, b = cache
    return dZ @ W.T, A_prev.T @ dZ, dZ.sum(0)


@wrong("one_example_only")
def dense_backward_7(dZ, cache):
    A_prev, W, b = cache
    dA = np.zeros(A_prev.shape)
    for i in range(len(dZ)):
        dA[i] = dZ[i] @ W.T
        dW = np.outer(A_prev[i], dZ[i])
        db = dZ[i : i + 1]
    return dA, dW, db


@wrong("max_not_subtracted")
def softmax_cross_entropy_4(Z, labels):
    P = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)
    m = len(labels)
    loss = -np.sum(np.log(P[np.arange(m), labels])) / m
    P[np.arange(m), labels] -= 1
    return loss, P / m


@wrong("epsilon_in_logarithm", "dZ_not_averaged")
def softmax_cross_entropy_5(Z, labels):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    Y = np.zeros_like(P)
    Y[range(len(labels)), labels] = 1
    return -np.sum(Y * np.log(P + 1e-9)) / len(Z), P - Y


@wrong(
    "axis_not_kept", "max_of_all_rows", "one_hot_not_subtracted", "dZ_not_averaged", "log_of_zero"
)
def softmax_cross_entropy_6(Z, labels):
    E = np.exp(Z - np.max(Z))
    P = E / E.sum(axis=1)
    return -np.log(P[range(len(labels)), labels]).mean(), P


@wrong("max_of_all_rows", "log_of_zero")
def softmax_cross_entropy_7(Z, labels):
    E = np.exp(Z - np.max(Z))
    P = E / E.sum(axis=1)[:, None]
    loss = -np.log(P[range(len(labels)), labels]).mean()
    P[range(len(labels)), labels] -= 1
    return loss, P / len(labels)


@wrong("dZ_sign", "dZ_not_averaged")
def softmax_cross_entropy_8(Z, labels):
    Z = Z - Z.max(axis=1, keepdims=True)
    lp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    Y = np.eye(Z.shape[1])[labels]
    return -(Y * lp).sum() / len(Z), Y - np.exp(lp)


@wrong("probabilities_clipped")
def softmax_cross_entropy_9(Z, labels):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.log(np.clip(P[range(len(labels)), labels], 1e-7, 1)).mean()
    P[range(len(labels)), labels] -= 1
    return loss, P / len(labels)


@wrong("max_not_subtracted", "epsilon_in_logarithm")
def softmax_cross_entropy_10(Z, labels):
    P = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)
    P = np.nan_to_num(P)
    loss = -np.log(P[range(len(labels)), labels] + 1e-12).mean()
    P[range(len(labels)), labels] -= 1
    return loss, P / len(labels)


@wrong("one_sided_difference")
def gradient_check_4(f, x, dx, dZ, h=1e-5):
    num = np.zeros_like(x)
    base = np.sum(f(x) * dZ)
    for i in np.ndindex(*x.shape):
        y = x.copy()
        y[i] += h
        num[i] = (np.sum(f(y) * dZ) - base) / h
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("error_by_entry")
def gradient_check_5(f, x, dx, dZ, h=1e-5):
    num = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + h
        p = f(x)
        x[i] = old - h
        n = f(x)
        x[i] = old
        num[i] = np.sum((p - n) * dZ) / (2 * h)
    return num, np.max(np.abs(num - dx) / np.maximum(1e-8, np.abs(num) + np.abs(dx)))


@wrong("numeric_flattened")
def gradient_check_6(f, x, dx, dZ, h=1e-5):
    n = x.size
    num = np.zeros(n)
    for i in range(n):
        a = x.flatten()
        a[i] += h
        b = x.flatten()
        b[i] -= h
        num[i] = np.sum((f(a.reshape(x.shape)) - f(b.reshape(x.shape))) * dZ) / (2 * h)
    return num, np.linalg.norm(num - dx.flatten()) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("x_restored_inexactly")
def gradient_check_7(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        p = (f(x) * dZ).sum()
        x[i] -= 2 * h
        m = (f(x) * dZ).sum()
        x[i] += h
        num[i] = (p - m) / (2 * h)
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("h_hard_coded")
def gradient_check_8(f, x, dx, dZ, h=1e-5):
    eps = 1e-7
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = eps
        num[i] = ((f(x + e) - f(x - e)) * dZ).sum() / (2 * eps)
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("learning_rate_in_velocity")
def sgd_momentum_step_4(parameter, gradient, velocity, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return parameter + velocity, velocity


@wrong("moving_average")
def sgd_momentum_step_5(parameter, gradient, velocity, learning_rate, momentum):
    velocity = momentum * velocity + (1 - momentum) * gradient
    parameter = parameter - learning_rate * velocity
    return parameter, velocity


@wrong("changes_inputs")
def sgd_momentum_step_6(parameter, gradient, velocity, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    parameter -= learning_rate * velocity
    return parameter, velocity


@wrong("moving_average", "uphill")
def sgd_momentum_step_7(parameter, gradient, velocity, learning_rate, momentum):
    velocity = momentum * velocity + (1 - momentum) * gradient
    parameter = parameter + learning_rate * velocity
    return parameter, velocity


@wrong("unchanged")
def relu_forward_9(Z):
    if Z.all() > 0:
        return Z
    return np.zeros(Z.shape)


@wrong("shape_lost")
def relu_forward_10(Z):
    return np.array([max(z, 0) for z in Z.flatten()])


@wrong("negatives_kept")
def relu_forward_11(Z):
    A = Z.copy()
    A[A > 0] = 0
    return A


@wrong("times_input")
def relu_backward_9(dA, Z):
    A = np.maximum(Z, 0)
    return dA * A


@wrong("mask_of_gradient")
def relu_backward_10(dA, Z):
    dZ = dA.copy()
    dZ[dZ < 0] = 0
    return dZ


@wrong("matrix_product")
def relu_backward_11(dA, Z):
    return np.dot(dA.T, Z > 0)


@wrong()
def relu_backward_12(dA, Z):
    dZ = dA.copy()
    dZ[Z < 0] = 0.01
    return dZ


@wrong("rows_of_m")
def flatten_9(A):
    m, h, ww, c = A.shape
    return A.reshape(h * ww * c, m)


@wrong("axis_forgotten")
def flatten_10(A):
    m, h, ww, c = A.shape
    return A.reshape(m, h * ww)


@wrong("numbers_in_another_order")
def flatten_11(A):
    m, h, ww, c = A.shape
    out = np.zeros((m, h * ww * c))
    for i in range(m):
        k = 0
        for b in range(ww):
            for a in range(h):
                for d in range(c):
                    out[i, k] = A[i, a, b, d]
                    k += 1
    return out


@wrong("weights_transposed")
def dense_forward_7(A_prev, W, b):
    return np.matmul(A_prev, W.T) + b, (A_prev, W, b)


@wrong("one_bias_for_all")
def dense_forward_8(A_prev, W, b):
    Z = A_prev @ W + b.sum()
    return Z, (A_prev, W, b)


@wrong("bias_missing", "cache")
def dense_forward_9(A_prev, W, b):
    Z = A_prev @ W
    return Z, (W, A_prev, b)


@wrong("weights_transposed")
def dense_forward_10(A_prev, W, b):
    return np.einsum("ij,kj->ik", A_prev, W) + b, (A_prev, W, b)


@wrong("db_over_outputs")
def dense_backward_8(dZ, cache):
    A_prev, W, b = cache
    return dZ @ W.T, A_prev.T @ dZ, dZ.sum(axis=1, keepdims=True)


@wrong("dA_prev_weights_as_they_are", "averaged_over_batch")
def dense_backward_9(dZ, cache):
    A_prev, W, b = cache
    return np.dot(dZ, W), np.dot(A_prev.T, dZ), np.mean(dZ, axis=0, keepdims=True)


@wrong("dW_transposed", "db_shape")
def dense_backward_10(dZ, cache):
    A_prev, W, b = cache
    return dZ @ W.T, dZ.T @ A_prev, np.sum(dZ, axis=0)


@wrong("outputs_exchanged")
def dense_backward_11(dZ, cache):
    A_prev, W, b = cache
    return A_prev.T @ dZ, dZ.sum(0, keepdims=True), dZ @ W.T


@wrong("softmax_over_examples", "max_over_examples", "log_of_zero")
def softmax_cross_entropy_11(Z, labels):
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=0)
    m = len(Z)
    loss = -np.log(P[np.arange(m), labels]).sum() / m
    D = P.copy()
    D[np.arange(m), labels] -= 1
    return loss, D / m


@wrong("loss_summed", "dZ_not_averaged")
def softmax_cross_entropy_12(Z, labels):
    Z = Z - Z.max(1, keepdims=True)
    lse = np.log(np.exp(Z).sum(1, keepdims=True))
    i = np.arange(len(Z))
    D = np.exp(Z - lse)
    D[i, labels] -= 1
    return -(Z - lse)[i, labels].sum(), D


@wrong("loss_divided_by_classes", "dZ_divided_by_classes")
def softmax_cross_entropy_13(Z, labels):
    Z = Z - Z.max(1, keepdims=True)
    lp = Z - np.log(np.exp(Z).sum(1, keepdims=True))
    Y = np.eye(Z.shape[1])[labels]
    return -np.mean(Y * lp), (np.exp(lp) - Y) / Z.size


@wrong("labels_for_all_rows", "log_of_zero")
def softmax_cross_entropy_14(Z, labels):
    E = np.exp(Z - Z.max(1, keepdims=True))
    P = E / E.sum(1, keepdims=True)
    loss = -np.mean(np.log(P[:, labels]))
    D = P.copy()
    D[:, labels] -= 1
    return loss, D / len(Z)


@wrong("max_not_subtracted", "epsilon_in_logarithm", "dZ_not_averaged")
def softmax_cross_entropy_15(Z, labels):
    E = np.exp(Z)
    P = E / E.sum(1, keepdims=True)
    i = range(len(Z))
    loss = -np.mean(np.log(P[i, labels] + 1e-12))
    P[i, labels] -= 1
    return loss, P


@wrong("another_logarithm", "max_not_subtracted")
def softmax_cross_entropy_16(Z, labels):
    E = np.exp(Z)
    P = E / E.sum(1, keepdims=True)
    i = range(len(Z))
    loss = -np.mean(np.log10(P[i, labels]))
    P[i, labels] -= 1
    return loss, P / len(Z)


@wrong("same_point_twice")
def gradient_check_9(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        xp = x
        xp[i] += h
        xm = x
        xm[i] -= h
        num[i] = np.sum((f(xp) - f(xm)) * dZ) / (2 * h)
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("all_entries_at_once")
def gradient_check_10(f, x, dx, dZ, h=1e-5):
    num = (f(x + h) - f(x - h)) / (2 * h) * dZ
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("dZ_ignored", "divided_by_h", "error_not_relative")
def gradient_check_11(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        num[i] = np.sum(f(x + e) - f(x - e)) / h
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("parenthesis_around_2h", "error_of_one_gradient")
def gradient_check_12(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        num[i] = np.sum(dZ * (f(x + e) - f(x - e))) / 2 * h
    return num, np.linalg.norm(num - dx) / np.linalg.norm(num)


@wrong("two_axes_only")
def gradient_check_13(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            e = np.zeros(x.shape)
            e[i, j] = h
            num[i, j] = np.sum(dZ * (f(x + e) - f(x - e))) / (2 * h)
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("nesterov")
def sgd_momentum_step_8(parameter, gradient, velocity, learning_rate, momentum):
    v = momentum * velocity + gradient
    return parameter - learning_rate * (gradient + momentum * v), v


@wrong("old_velocity_used")
def sgd_momentum_step_9(parameter, gradient, velocity, learning_rate, momentum):
    parameter = parameter - learning_rate * velocity
    velocity = momentum * velocity + gradient
    return parameter, velocity


@wrong("velocity_not_returned")
def sgd_momentum_step_10(parameter, gradient, velocity, learning_rate, momentum):
    v = momentum * velocity + gradient
    return parameter - learning_rate * v


@wrong("learning_rate_in_velocity", "changes_inputs")
def sgd_momentum_step_11(parameter, gradient, velocity, learning_rate, momentum):
    velocity *= momentum
    velocity -= learning_rate * gradient
    parameter += velocity
    return parameter, velocity


@wrong("at_least_one")
def relu_forward_12(Z):
    return np.where(Z > 1, Z, 1)


@wrong("threshold_not_zero")
def relu_forward_13(Z):
    A = Z.copy()
    A[A < 1] = 0
    return A


@wrong("axis_not_kept")
def softmax_cross_entropy_17(Z, labels):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    t = e.sum(axis=1)
    p = e / t
    loss = -np.log(p[range(len(labels)), labels]).mean()
    p[range(len(labels)), labels] -= 1
    return loss, p / len(labels)


@wrong("axis_not_kept")
def softmax_cross_entropy_18(Z, labels):
    z = Z - Z.max(axis=1)[:, None]
    total = np.sum(np.exp(z), 1)
    logs = z - np.log(total)
    d = np.exp(logs)
    d[np.arange(len(z)), labels] -= 1
    return -logs[np.arange(len(z)), labels].mean(), d / len(z)


@wrong("shift_only_in_sums")
def softmax_cross_entropy_19(Z, labels):
    m = len(Z)
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    s = e.sum(axis=1, keepdims=True)
    Y = np.eye(Z.shape[1])[labels]
    return -np.sum(Y * (Z - np.log(s))) / m, (e / s - Y) / m


@wrong("minus_one_assigned", "dZ_not_averaged")
def softmax_cross_entropy_20(Z, labels):
    z = Z - Z.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dZ = np.exp(lp)
    for i, label in enumerate(labels):
        dZ[i, label] = -1
    return -np.mean(lp[np.arange(len(z)), labels]), dZ


@wrong("dZ_partly_averaged")
def softmax_cross_entropy_21(Z, labels):
    m = Z.shape[0]
    z = Z - Z.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(lp[np.arange(m), labels]), np.exp(lp) / m - np.eye(Z.shape[1])[labels]


@wrong("classes_counted")
def softmax_cross_entropy_22(Z, labels):
    n, m = Z.shape
    z = Z - Z.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dZ = np.exp(lp)
    dZ[range(m), labels] -= 1
    return -np.sum(lp[range(m), labels]) / m, dZ / m


@wrong("differences_cancel")
def gradient_check_14(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        num[i] = np.sum(dZ * (f(x + e) - f(x - e))) / (2 * h)
    return num, (num - dx).sum() / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("matrix_product")
def gradient_check_15(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        num[i] = np.matmul(dZ, (f(x + e) - f(x - e)) / (2 * h))
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@wrong("dx_for_dZ")
def gradient_check_16(f, x, dx, dZ, h=1e-5):
    num = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        num[i] = ((f(x + e) - f(x - e)) * dx).sum() / (2 * h)
    return num, np.linalg.norm(num - dx) / (np.linalg.norm(num) + np.linalg.norm(dx))


@right
def im2col_1(X, f, stride):
    m, n_H_prev, n_W_prev, n_C = X.shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    rows = np.zeros((m, n_H, n_W, f * f * n_C))
    for h in range(n_H):
        for w in range(n_W):
            window = X[:, h * stride : h * stride + f, w * stride : w * stride + f]
            rows[:, h, w] = window.reshape(m, -1)
    return rows


@wrong("output_size")
def im2col_2(X, f, stride):
    m, H, V, n_C = X.shape
    n_H = math.ceil((H - f) / stride) + 1
    n_W = math.ceil((V - f) / stride) + 1
    out = np.zeros((m, n_H, n_W, f, f, n_C))
    for u in range(f):
        for v in range(f):
            out[:, :, :, u, v] = X[:, u : u + stride * n_H : stride, v : v + stride * n_W : stride]
    return out.reshape(m, n_H, n_W, -1)


@wrong("stride_inside_window")
def im2col_3(X, f, stride):
    s = stride
    m, H, V, n_C = X.shape
    n_H, n_W = (H - f) // s + 1, (V - f) // s + 1
    out = np.zeros((m, n_H, n_W, f, f, n_C))
    for u in range(f):
        for v in range(f):
            out[:, :, :, u, v, :] = X[:, u * s : u + s * n_H : s, v * s : v + s * n_W : s, :]
    return out.reshape(m, n_H, n_W, f * f * n_C)


@wrong("axes_not_restored")
def col2im_1(columns, shape, f, stride):
    _, n_H, n_W, _ = columns.shape
    X = np.zeros(shape)
    for u in range(f):
        for v in range(f):
            place = columns[:, :, :, u, v, :]
            X[:, u : u + stride * n_H : stride, v : v + stride * n_W : stride, :] += place
    return X


@wrong("cropped")
def col2im_2(columns, shape, f, stride):
    m, n_H, n_W, _ = columns.shape
    six = columns.reshape(m, n_H, n_W, f, f, -1)
    X = np.zeros(shape)
    for h in range(n_H):
        for w in range(n_W):
            X[:, h * stride : h * stride + f, w * stride : w * stride + f] += six[:, h, w]
    return X[:, 1:-1, 1:-1]


@wrong("output_size")
def col2im_3(columns, shape, f, stride):
    m, H, V, n_C = shape
    n_H, n_W = H // stride, (V - f) // stride + 1
    six = columns.reshape(m, n_H, n_W, f, f, n_C)
    X = np.zeros(shape)
    for u in range(f):
        for v in range(f):
            X[:, u : u + stride * n_H : stride, v : v + stride * n_W : stride] += six[:, :, :, u, v]
    return X


@wrong("filters_not_in_a_matrix")
def conv_forward_fast_1(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    P = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    Z = im2col(P, W.shape[0], s) @ W.reshape(-1, A_prev.shape[3]) + b
    return Z, (A_prev, W, b, hparameters)


@wrong("hparameter_name")
def conv_forward_fast_2(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["p"]
    P = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    Z = im2col(P, W.shape[0], s) @ W.reshape(-1, W.shape[3]) + b
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache, rows, back, first_stride=None, last_stride=None):
    """Return the gradients, `rows` of the columns laid out and `back` by dZ and W as matrices."""
    A_prev, W, b, hparameters = cache
    s, p = hparameters["stride"], hparameters["pad"]
    f, _, _, n_C = W.shape
    _, H, V, _ = A_prev.shape
    P = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    columns = im2col(P, f, first_stride or s)
    dZm, Wm = dZ.reshape(-1, n_C), W.reshape(-1, n_C)
    dW = (rows(columns).T @ dZm).reshape(W.shape)
    dP = col2im(back(dZm, Wm).reshape(columns.shape), P.shape, f, last_stride or s)
    return dP[:, p : p + H, p : p + V], dW, dZ.sum((0, 1, 2)).reshape(b.shape)


def one_window_each(columns):
    return columns.reshape(-1, columns.shape[-1])


@right
def conv_backward_fast_1(dZ, cache):
    return conv_backward(dZ, cache, one_window_each, lambda dZm, Wm: dZm @ Wm.T)


@wrong("windows_mixed_up")
def conv_backward_fast_2(dZ, cache):
    return conv_backward(
        dZ, cache, lambda c: c.reshape(c.shape[-1], -1).T, lambda dZm, Wm: np.dot(dZm, Wm.T)
    )


@wrong("stride_ignored")
def conv_backward_fast_3(dZ, cache):
    return conv_backward(dZ, cache, one_window_each, lambda dZm, Wm: dZm @ Wm.T, last_stride=1)


@wrong("stride_ignored")
def conv_backward_fast_4(dZ, cache):
    return conv_backward(dZ, cache, one_window_each, lambda dZm, Wm: dZm @ Wm.T, first_stride=1)


@wrong("W_not_transposed")
def conv_backward_fast_5(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p = hparameters["stride"], hparameters["pad"]
    P = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    columns = im2col(P, W.shape[0], s)
    dZm, Wm = dZ.reshape(-1, W.shape[3]), W.reshape(-1, W.shape[3])
    dP = col2im((dZm @ Wm).reshape(columns.shape), P.shape, W.shape[0], s)
    return dP[:, p:-p, p:-p], one_window_each(columns).T @ dZm, dZm.sum(0)


@wrong("db_one_number")
def conv_backward_fast_6(dZ, cache):
    b = cache[2]
    dA_prev, dW, _ = conv_backward_fast_1(dZ, cache)
    db = dZ.sum().reshape(b.shape)
    return dA_prev, dW, db


def pool_windows(A_prev, dA, hparameters):
    """Return the laid-out windows of A_prev, split into places and channels."""
    rows = im2col(A_prev, hparameters["f"], hparameters["stride"])
    return rows.reshape(*dA.shape[:3], -1, dA.shape[3])


@right
def pool_backward_fast_1(dA, cache, mode="max"):
    A_prev, hp = cache
    win = pool_windows(A_prev, dA, hp)
    d = np.expand_dims(dA, 3)
    if mode == "max":
        g = np.where(win == win.max(axis=3, keepdims=True), d, 0.0)
    else:
        g = np.repeat(d, win.shape[3], axis=3) / win.shape[3]
    return col2im(g.reshape(*dA.shape[:3], -1), A_prev.shape, hp["f"], hp["stride"])


@wrong("maximum_without_places")
def pool_backward_fast_2(dA, cache, mode="max"):
    A_prev, hp = cache
    win = pool_windows(A_prev, dA, hp)
    d = dA[:, :, :, np.newaxis]
    if mode == "max":
        largest = win.max(3)
        g = (win == largest) * d
    else:
        g = np.ones(win.shape) * d / hp["f"] ** 2
    return col2im(g.reshape(*dA.shape[:3], -1), A_prev.shape, hp["f"], hp["stride"])


@wrong("dA_axis")
def pool_backward_fast_3(dA, cache, mode="max"):
    A_prev, hp = cache
    win = pool_windows(A_prev, dA, hp)
    if mode == "max":
        g = (win == win.max(axis=3, keepdims=True)) * dA
    else:
        g = np.ones_like(win) * dA / hp["f"] ** 2
    return col2im(g.reshape(*dA.shape[:3], -1), A_prev.shape, hp["f"], hp["stride"])


@wrong("share_not_spread")
def pool_backward_fast_4(dA, cache, mode="max"):
    A_prev, hp = cache
    f = hp["f"]
    m, n_H, n_W, n_C = dA.shape
    win = pool_windows(A_prev, dA, hp)
    if mode == "max":
        g = (win == win.max(axis=3, keepdims=True)) * dA[:, :, :, np.newaxis]
    else:
        g = dA / f**2
    return col2im(g.reshape(m, n_H, n_W, f * f * n_C), A_prev.shape, f, hp["stride"])


@wrong("average_divisor")
def pool_backward_fast_5(dA, cache, mode="max"):
    A_prev, hp = cache
    win = pool_windows(A_prev, dA, hp)
    d = dA[:, :, :, np.newaxis]
    if mode == "max":
        g = (win == win.max(axis=3, keepdims=True)) * d
    else:
        g = np.ones(win.shape) * d / hp["f"]
    return col2im(g.reshape(*dA.shape[:3], -1), A_prev.shape, hp["f"], hp["stride"])


@wrong("stride_is_f")
def pool_backward_fast_6(dA, cache, mode="max"):
    A_prev, hp = cache
    f = hp["f"]
    win = pool_windows(A_prev, dA, hp)
    d = dA[:, :, :, np.newaxis]
    if mode == "max":
        g = (win == win.max(axis=3, keepdims=True)) * d
    else:
        g = np.ones(win.shape) * d / f**2
    return col2im(g.reshape(*dA.shape[:3], -1), A_prev.shape, f, f)
