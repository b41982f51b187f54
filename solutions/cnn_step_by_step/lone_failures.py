"""For every check, a wrong function that this check alone catches: proof that it is needed.

Each entry is (exercise, check, patches of the reference function). Some are contrived: they are
right everywhere but where the one check looks.
"""

LONE_FAILURES = (
    (
        "zero_pad",
        "pad 2 and 3",
        (("    X_pad = np.pad", "    pad = min(pad, 1)\n    X_pad = np.pad"),),
    ),
    (
        "zero_pad",
        "images that are not square",
        (
            (
                "    return X_pad",
                "    n_H, n_W = X.shape[1:3]\n"
                "    return X_pad if n_H == n_W or pad == 0 else X_pad.swapaxes(1, 2)",
            ),
        ),
    ),
    (
        "zero_pad",
        "pad 0 changes nothing",
        (("    return X_pad", "    return X_pad[:, pad and 0:, pad - 1 if pad == 0 else 0:]"),),
    ),
    (
        "conv_single_step",
        "a window of 4 x 4 x 3",
        (("s = a_slice_prev * W", "s = (a_slice_prev * W)[:3]"),),
    ),
    (
        "conv_single_step",
        "a window of 3 x 3 x 5",
        (("s = a_slice_prev * W", "s = (a_slice_prev * W)[:, :, :4]"),),
    ),
    (
        "conv_single_step",
        "one channel",
        (("np.asarray(b).item()", "np.asarray(b).item() * (W.shape[2] > 1)"),),
    ),
    (
        "conv_forward",
        "stride 1, no padding",
        (("    return Z, cache", "    return (-Z if stride == 1 and pad == 0 else Z), cache"),),
    ),
    (
        "conv_forward",
        "stride 2, padding 1",
        (("    return Z, cache", "    Z[:, :, :, 5:] = 0\n    return Z, cache"),),
    ),
    (
        "conv_forward",
        "stride 3",
        (('stride = hparameters["stride"]', 'stride = min(hparameters["stride"], 2)'),),
    ),
    (
        "conv_forward",
        "padding",
        (("    return Z, cache", "    return (-Z if stride == 1 and pad == 2 else Z), cache"),),
    ),
    (
        "conv_forward",
        "several examples and filters",
        (("for i in range(m):", "for i in range(min(m, 2)):"),),
    ),
    (
        "pool_forward",
        "max, stride 1",
        (("    return A, cache", '    return (A + (stride == 1 and mode == "max")), cache'),),
    ),
    (
        "pool_forward",
        "average, stride 1",
        (("    return A, cache", '    return (A + (stride == 1 and mode != "max")), cache'),),
    ),
    (
        "pool_forward",
        "max, stride 2",
        (
            (
                "horiz_start = w * stride",
                'horiz_start = w * (1 if stride == 2 and mode == "max" else stride)',
            ),
        ),
    ),
    (
        "pool_forward",
        "average, stride 2",
        (
            (
                "horiz_start = w * stride",
                'horiz_start = w * (1 if stride == 2 and mode != "max" else stride)',
            ),
        ),
    ),
    (
        "pool_forward",
        "stride 3, all inputs negative",
        (
            (
                "np.max(a_prev_slice)",
                "max(np.max(a_prev_slice), -0.2 if (A_prev < 0).all() else -99)",
            ),
        ),
    ),
    (
        "conv_backward",
        "db",
        (("db[:, :, :, c] += dz", "db[:, :, :, c] += dz * (1 if pad == 0 else 2)"),),
    ),
    (
        "conv_backward",
        "dW, stride 1",
        (
            (
                "    return dA_prev, dW, db",
                "    return dA_prev, dW * (1 + (stride == 1 == pad)), db",
            ),
        ),
    ),
    (
        "conv_backward",
        "dW, stride 2",
        (("    return dA_prev, dW, db", "    return dA_prev, dW * stride, db"),),
    ),
    (
        "conv_backward",
        "dA_prev, stride 1",
        (
            (
                "    return dA_prev, dW, db",
                "    return dA_prev * (1 + (stride == 1 == pad)), dW, db",
            ),
        ),
    ),
    (
        "conv_backward",
        "dA_prev, stride 2 and 3",
        (("    return dA_prev, dW, db", "    return dA_prev / stride, dW, db"),),
    ),
    (
        "conv_backward",
        "no padding (pad 0)",
        (
            (
                "da_prev_pad[pad : pad + n_H_prev, pad : pad + n_W_prev, :]",
                "0 if pad == 0 else da_prev_pad[pad:-pad, pad:-pad, :]",
            ),
        ),
    ),
    (
        "create_mask_from_window",
        "a window of 2 x 3",
        (
            (
                "mask = x == np.max(x)",
                "mask = x == (np.max(x) if x.shape[1] != 3 or x.shape[0] == 3 else 9)",
            ),
        ),
    ),
    (
        "create_mask_from_window",
        "all numbers positive",
        (("mask = x == np.max(x)", "mask = x == (np.min(x) if (x > 0).all() else np.max(x))"),),
    ),
    (
        "create_mask_from_window",
        "all numbers negative",
        (
            (
                "mask = x == np.max(x)",
                "mask = x == max(0, np.max(x)) if (x < 0).all() else x == x.max()",
            ),
        ),
    ),
    (
        "distribute_value",
        "square windows",
        (("(n_H * n_W)", "(n_H * n_W + (n_H == n_W))"),),
    ),
    (
        "distribute_value",
        "a window of 2 x 5",
        (("(n_H * n_W)", "(n_H * n_H)"),),
    ),
    (
        "pool_backward",
        "max, stride 1",
        (
            (
                "    return dA_prev",
                '    return dA_prev * (2 if stride == 1 and mode == "max" else 1)',
            ),
        ),
    ),
    (
        "pool_backward",
        "average, stride 1",
        (
            (
                "    return dA_prev",
                '    return dA_prev * (2 if stride == 1 and mode != "max" else 1)',
            ),
        ),
    ),
    (
        "pool_backward",
        "max, stride 2",
        (
            (
                "    return dA_prev",
                '    return dA_prev * (2 if stride == 2 and mode == "max" else 1)',
            ),
        ),
    ),
    (
        "pool_backward",
        "average, stride 2",
        (
            (
                "    return dA_prev",
                '    return dA_prev * (2 if stride == 2 and mode != "max" else 1)',
            ),
        ),
    ),
    (
        "pool_backward",
        "max, stride 3",
        (('stride = hparameters["stride"]', 'stride = min(hparameters["stride"], 2)'),),
    ),
)
