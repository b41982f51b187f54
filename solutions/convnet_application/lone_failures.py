"""For every check, a wrong function that this check alone catches: proof that it is needed.

Each entry is (exercise, check, patches of the reference function). Some are contrived: they are
right everywhere but where the one check looks.
"""

LONE_FAILURES = (
    (
        "relu_forward",
        "a batch of images",
        (("A = np.maximum(Z, 0)", "A = np.maximum(Z, 0) if Z.ndim == 2 else Z * (Z > 0.2)"),),
    ),
    (
        "relu_forward",
        "a matrix",
        (("A = np.maximum(Z, 0)", "A = np.maximum(Z, 0) if Z.ndim == 4 else np.abs(Z)"),),
    ),
    (
        "relu_backward",
        "a batch of images",
        (("dZ = dA * mask", "dZ = dA * mask if Z.ndim == 2 else dA * (Z > 0.2)"),),
    ),
    (
        "relu_backward",
        "a matrix",
        (("dZ = dA * mask", "dZ = dA * mask * (2 if Z.shape == (5, 7) else 1)"),),
    ),
    (
        "relu_backward",
        "a negative gradient dA",
        (("dZ = dA * mask", "dZ = dA * mask if (dA > 0).any() else np.maximum(dA * mask, 0)"),),
    ),
    (
        "flatten",
        "several examples",
        (
            (
                "A_flat = A.reshape(m, -1)",
                "A_flat = A.reshape(m, -1) if m == 1 else A.reshape(-1, m).T",
            ),
        ),
    ),
    (
        "flatten",
        "one example",
        (("A_flat = A.reshape(m, -1)", "A_flat = np.squeeze(A.reshape(m, -1))"),),
    ),
    (
        "dense_forward",
        "several examples",
        (("Z = A_prev @ W + b", "Z = A_prev @ W + b\n    Z[4:] = 0"),),
    ),
    (
        "dense_forward",
        "one example",
        (("Z = A_prev @ W + b", "Z = np.squeeze(A_prev @ W + b)"),),
    ),
    (
        "dense_forward",
        "as many outputs as inputs",
        (
            (
                "Z = A_prev @ W + b",
                "Z = (A_prev @ W if len(W) != W.shape[1] else A_prev @ W.T) + b",
            ),
        ),
    ),
    (
        "dense_backward",
        "dA_prev",
        (("dA_prev = dZ @ W.T", "dA_prev = dZ @ W.T * (1 + (len(dZ) == 5))"),),
    ),
    (
        "dense_backward",
        "dW",
        (("dW = A_prev.T @ dZ", "dW = A_prev.T @ dZ * (1 + (len(dZ) == 5))"),),
    ),
    (
        "dense_backward",
        "db",
        (("db = np.sum(dZ, axis=0)", "db = np.sum(dZ[:4], axis=0)"),),
    ),
    (
        "dense_backward",
        "one example",
        (("dA_prev = dZ @ W.T", "dA_prev = np.squeeze(dZ @ W.T)"),),
    ),
    (
        "dense_backward",
        "as many outputs as inputs",
        (
            (
                "dA_prev = dZ @ W.T",
                "dA_prev = dZ @ (W if W.shape[0] == W.shape[1] else W.T)",
            ),
        ),
    ),
    (
        "softmax_cross_entropy",
        "the loss",
        (
            (
                "    return loss, dZ",
                "    return loss + (np.abs(Z).max() < 100) * 0.1, dZ",
            ),
        ),
    ),
    (
        "softmax_cross_entropy",
        "dZ",
        (("dZ = dZ / m", "dZ = dZ / m if np.abs(Z).max() > 100 else dZ"),),
    ),
    (
        "softmax_cross_entropy",
        "large logits",
        (
            (
                "Z_shifted = Z - np.max(Z, axis=1, keepdims=True)",
                "Z_shifted = Z if np.min(Z) > 500 else Z - np.max(Z, axis=1, keepdims=True)",
            ),
        ),
    ),
    (
        "softmax_cross_entropy",
        "very negative logits",
        (
            (
                "np.max(Z, axis=1, keepdims=True)",
                "np.maximum(np.max(Z, axis=1, keepdims=True), 0)",
            ),
        ),
    ),
    (
        "softmax_cross_entropy",
        "a right class that is very unlikely",
        (
            (
                "loss = -np.mean(log_P[rows, labels])",
                "loss = -np.mean(np.log(P[rows, labels] + 1e-300))",
            ),
        ),
    ),
    (
        "gradient_check",
        "x is a vector",
        (
            (
                "    return numeric, error",
                "    return numeric * (1 + (x.ndim == 1)), error",
            ),
        ),
    ),
    (
        "gradient_check",
        "every output depends on many inputs",
        (
            (
                "    return numeric, error",
                "    return numeric * (1 + (np.shape(dZ) != x.shape)), error",
            ),
        ),
    ),
    (
        "gradient_check",
        "x is a batch of images",
        (
            (
                "    return numeric, error",
                "    return numeric * (1 + (x.ndim == 4)), error",
            ),
        ),
    ),
    (
        "gradient_check",
        "the step h that is given",
        (
            (
                "    numeric = np.zeros(x.shape)",
                "    h = 1e-4\n    numeric = np.zeros(x.shape)",
            ),
        ),
    ),
    (
        "gradient_check",
        "the relative error",
        (("error = distance /", "error = distance**2 /"),),
    ),
    (
        "sgd_momentum_step",
        "the velocity",
        (
            (
                "    return parameter, velocity",
                "    return parameter, learning_rate * velocity "
                "if parameter.ndim == 4 else velocity",
            ),
        ),
    ),
    (
        "sgd_momentum_step",
        "the parameter",
        (
            (
                "    return parameter, velocity",
                "    return parameter * (1 + (parameter.ndim == 4)), velocity",
            ),
        ),
    ),
    (
        "sgd_momentum_step",
        "the first step",
        (
            (
                "velocity = momentum * velocity + gradient",
                "velocity = (momentum * velocity if velocity.any() else -gradient) + gradient",
            ),
        ),
    ),
    (
        "sgd_momentum_step",
        "momentum 0",
        (
            (
                "velocity = momentum * velocity + gradient",
                "velocity = (momentum or 0.9) * velocity + gradient",
            ),
        ),
    ),
    (
        "network_backward",
        "the last layer: dW3, db3",
        (("dW2, db2, dW3, db3", "dW2, db2, dW3 * (1 + (len(A2) == 3)), db3"),),
    ),
    (
        "network_backward",
        "the second convolution: dW2, db2",
        (("dW1, db1, dW2, db2, dW3", "dW1, db1, dW2 * (1 + (len(A2) == 3)), db2, dW3"),),
    ),
    (
        "network_backward",
        "the first convolution: dW1, db1",
        (("return dW1, db1,", "return dW1, db1 * (1 + (len(A2) == 3)),"),),
    ),
    (
        "network_backward",
        "images that are not square",
        (("dA2_flat.reshape(A2.shape)", "dA2_flat.reshape(len(A2), 2, 2, -1)"),),
    ),
    (
        "im2col",
        "stride 1",
        (("    return columns", "    return columns * (2 if stride == 1 else 1)"),),
    ),
    (
        "im2col",
        "stride 2",
        (
            (
                "j : j + stride * n_W : stride",
                "j : j + (1 if stride == 2 and n_C > 1 else stride) * n_W "
                ": (1 if stride == 2 and n_C > 1 else stride)",
            ),
        ),
    ),
    (
        "im2col",
        "stride 3",
        (
            (
                "n_W = (n_W_prev - f) // stride + 1",
                "n_W = round((n_W_prev - f) / stride) + 1",
            ),
        ),
    ),
    (
        "im2col",
        "one channel",
        (("    return columns", "    return np.squeeze(columns)"),),
    ),
    (
        "col2im",
        "windows side by side",
        (("    return X", "    return X * (1 + (f == stride))"),),
    ),
    (
        "col2im",
        "windows that overlap",
        (("    return X", "    return X * (1 + (stride == 1))"),),
    ),
    (
        "col2im",
        "stride 2",
        (("    return X", "    return X / (1 + (stride == 2 < f))"),),
    ),
    (
        "col2im",
        "numbers that no window covers",
        (
            (
                "    return X",
                "    return X[:, : (n_H - 1) * stride + f, : (n_W - 1) * stride + f]",
            ),
        ),
    ),
    (
        "conv_forward_fast",
        "stride 1, no padding",
        (("    return Z, cache", "    return (-Z if pad == 0 else Z), cache"),),
    ),
    (
        "conv_forward_fast",
        "stride 2, padding 1",
        (("    return Z, cache", "    Z[:, :, :, 5:] = 0\n    return Z, cache"),),
    ),
    (
        "conv_forward_fast",
        "padding",
        (('pad = hparameters["pad"]', 'pad = min(hparameters["pad"], 1)'),),
    ),
    (
        "conv_forward_fast",
        "one channel and one filter",
        (("    return Z, cache", "    return np.squeeze(Z, 3) if n_C == 1 else Z, cache"),),
    ),
    (
        "conv_backward_fast",
        "db",
        (("    return dA_prev, dW, db", "    return dA_prev, dW, db * (1 + (pad > 0))"),),
    ),
    (
        "conv_backward_fast",
        "dW, stride 1",
        (
            (
                "    return dA_prev, dW, db",
                "    return dA_prev, dW * (1 + (stride == 1 == pad)), db",
            ),
        ),
    ),
    (
        "conv_backward_fast",
        "dW, stride 2",
        (("    return dA_prev, dW, db", "    return dA_prev, dW * stride, db"),),
    ),
    (
        "conv_backward_fast",
        "dA_prev, stride 1",
        (
            (
                "    return dA_prev, dW, db",
                "    return dA_prev * (1 + (stride == 1 == pad)), dW, db",
            ),
        ),
    ),
    (
        "conv_backward_fast",
        "dA_prev, stride 2 and 3",
        (("    return dA_prev, dW, db", "    return dA_prev / stride, dW, db"),),
    ),
    (
        "conv_backward_fast",
        "no padding (pad 0)",
        (
            (
                "dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev, :]",
                "dA_prev_pad[:, pad:-pad, pad:-pad, :]",
            ),
        ),
    ),
    (
        "pool_forward_fast",
        "max, stride 1",
        (("    return A, cache", "    return A + (stride == 1), cache"),),
    ),
    (
        "pool_forward_fast",
        "average, stride 2",
        (("np.mean(windows, axis=3)", "np.sum(windows, axis=3)"),),
    ),
    (
        "pool_forward_fast",
        "stride 3, all inputs negative",
        (
            (
                "A = np.max(windows, axis=3)",
                "A = np.max(windows, axis=3, initial=0 if (A_prev < 0).all() else -99)",
            ),
        ),
    ),
    (
        "pool_backward_fast",
        "max, stride 1",
        (("    return dA_prev", "    return dA_prev * (1 + (stride == 1))"),),
    ),
    (
        "pool_backward_fast",
        "average, stride 2",
        (("* dA / (f * f)", "* dA"),),
    ),
    (
        "pool_backward_fast",
        "max, stride 3",
        (("    return dA_prev", "    return dA_prev * (1 + (stride == 3))"),),
    ),
)
