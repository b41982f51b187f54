"""Kinds of mistakes that were met in public solutions: is each named, in every function it is in?

Each row edits the text of a correct function as a student would have written it.
"""

import inspect

import pytest

from autograder.pages.repair_kinds import KINDS as REPAIRS
from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES, all_causes
from checks.evidence import Evidence
from checks.model import Observation
from checks.rules.last_causes import SUSPICIONS
from checks.rules.result_causes import BY_LOSS, BY_SIZE
from solutions.catalogue import load
from solutions.gallery import styles
from solutions.tests.naming import said_of

CATALOGUES = [load(name) for name in ASSIGNMENTS]
FUNCTIONS = {name: f for catalogue in CATALOGUES for name, f in catalogue.functions.items()}

SHAPE = "m, n_H_prev, n_W_prev, _ = A_prev.shape"
WINDOW = "vert_start:vert_end, horiz_start:horiz_end"
PAD = "((0, 0), (pad, pad), (pad, pad), (0, 0))"
STRIDE = 'stride = hparameters["stride"]'
DA_PREV = "dA_prev = np.zeros(A_prev.shape)"
BIASES = "biases = b[:, :, :, c]"
UNPACKED = "A_prev, W, b, hparameters = cache"

SIZES = {
    "conv_forward": (
        "n_H = (n_H_prev - f + 2 * pad) // stride + 1",
        "n_W = (n_W_prev - f + 2 * pad) // stride + 1",
    ),
    "pool_forward": ("n_H = (n_H_prev - f) // stride + 1", "n_W = (n_W_prev - f) // stride + 1"),
}
WRONG_SIZES = {
    "conv_forward": {
        "size_one_missing": "(2 * pad + {0} - f) // stride",
        "size_one_twice": "({0} - f + 2 * pad) // stride + 1 + 1",
        "size_one_inside": "({0} - f + 2 * pad + 1) // stride",
        "size_rounded_up": "int(np.ceil(({0} - f + 2 * pad) / stride) + 1)",
        "size_rounded": "round(({0} - f + 2 * pad) / stride) + 1",
        "size_pad_once": "({0} - f + pad) // stride + 1",
        "size_pad_missing": "int(({0} - f) / stride + 1)",
        "size_stride_missing": "{0} - f + 2 * pad + 1",
        "size_f_missing": "({0} + 2 * pad) // stride + 1",
    },
    "pool_forward": {
        "size_one_missing": "({0} - f) // stride",
        "size_one_twice": "({0} - f) // stride + 2",
        "size_rounded_up": "-(-({0} - f) // stride) + 1",
        "size_rounded": "int(({0} - f) / stride + 0.5) + 1",
        "size_stride_missing": "{0} - f + 1",
    },
}

KINDS = [
    # A call of np.pad that raises.
    ("zero_pad", "wrong_pad_call", ('mode="constant"', 'mod="constant"')),
    ("zero_pad", "wrong_pad_call", ('mode="constant"', 'mode="constant", constant_value=0')),
    ("zero_pad", "wrong_pad_call", ('mode="constant"', 'mode="constat"')),
    ("zero_pad", "wrong_pad_call", (PAD, "((0, 0), (..., ...), (pad, pad), (0, 0))")),
    ("zero_pad", "wrong_pad_call", (PAD, "((0, 0), (pad, pad), (pad), (0, 0))")),
    ("zero_pad", "wrong_pad_call", (PAD, "(0, 0), (pad, pad), (pad, pad), (0, 0)")),
    ("zero_pad", "one_axis_forgotten", (PAD, "((0, 0), (pad, pad), (pad, pad))")),
    ("conv_forward_fast", "wrong_pad_call", (f"{PAD})", f'{PAD}, "constnt")')),
    ("conv_forward_fast", "one_axis_forgotten", (PAD, "((pad, pad), (pad, pad), (0, 0))")),
    ("conv_backward_fast", "wrong_pad_call", (PAD, "((0, 0), (None, None), (pad, pad), (0, 0))")),
    # A shape or an array that is called.
    *[
        (name, "called_like_a_function", ("A_prev.shape", "A_prev.shape()"))
        for name in ("conv_forward", "pool_forward")
    ],
    ("conv_forward", "called_like_a_function", ("W.shape", "W.shape()")),
    ("conv_forward", "called_like_a_function", (BIASES, "biases = b(0, 0, 0, c)")),
    ("pool_backward", "called_like_a_function", ("dA[i, h, w, c]", "dA(i, h, w, c)")),
    ("conv_backward", "called_like_a_function", (STRIDE, 'stride = hparameters("stride")')),
    ("im2col", "called_like_a_function", ("X.shape", "X.shape()")),
    # Sizes read from the wrong array.
    (
        "conv_backward",
        "sizes_of_wrong_array",
        ("_, n_H_prev, n_W_prev, _ = A_prev.shape", "m, n_H_prev, n_W_prev, n_C_prev = dZ.shape"),
    ),
    ("conv_backward", "sizes_of_wrong_array", (DA_PREV, "dA_prev = np.zeros(dZ.shape)")),
    ("pool_backward", "shape_of_dA", (DA_PREV, "dA_prev = np.zeros_like(dA)")),
    # A key that hparameters does not have.
    *[
        (name, "hparameter_name", (STRIDE, line))
        for name in (
            "conv_forward",
            "pool_forward",
            "conv_backward",
            "pool_backward",
            "conv_forward_fast",
            "conv_backward_fast",
            "pool_forward_fast",
        )
        for line in ('stride = hparameters["strides"]', "stride = hparameters.stride")
    ],
    ("conv_forward", "hparameters_unpacked", (STRIDE, "stride, pad = hparameters")),
    # Channels first.
    ("conv_forward", "channels_first", (SHAPE, "m, n_C_prev, n_H_prev, n_W_prev = A_prev.shape")),
    ("conv_forward", "channels_first", ("f, _, _, n_C = W.shape", "n_C, f, f, n_C_prev = W.shape")),
    (
        "pool_forward",
        "channels_first",
        (
            "m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape",
            "m, n_C_prev, n_H_prev, n_W_prev = A_prev.shape",
        ),
    ),
    (
        "conv_backward",
        "channels_first",
        ("m, n_H, n_W, n_C = dZ.shape", "m, n_C, n_H, n_W = dZ.shape"),
    ),
    (
        "pool_backward",
        "channels_first",
        ("m, n_H, n_W, n_C = dA.shape", "m, n_C, n_H, n_W = dA.shape"),
    ),
    # The biases of all filters, or of a filter that is not c.
    *[
        ("conv_forward", "bias_of_filter", (BIASES, f"biases = {code}"))
        for code in ("b", "b[c]", "b[0]")
    ],
    # A count in the place of a loop's variable.
    ("conv_forward", "count_as_index", ("Z[i, h, w, c]", "Z[i, h, w, n_C]")),
    ("conv_forward", "count_as_index", ("weights = W[:, :, :, c]", "weights = W[:, :, :, n_C]")),
    ("pool_forward", "count_as_index", ("A_prev[i]", "A_prev[m]")),
    ("conv_backward", "count_as_index", ("dZ[i, h, w, c]", "dZ[i, n_H, n_W, c]")),
    ("pool_backward", "count_as_index", ("dA[i, h, w, c]", "dA[i, h, w, n_C]")),
    # Brackets after brackets.
    (
        "pool_forward",
        "chained_slices",
        (f"a_prev[{WINDOW}, c]", "a_prev[vert_start:vert_end][:][c]"),
    ),
    # The size of the output.
    (
        "conv_forward",
        "output_size",
        ("n_H_prev - f + 2 * pad", "n_H_prev - f + 2 * stride"),
        ("n_W_prev - f + 2 * pad", "n_W_prev - f + 2 * stride"),
    ),
    # Loops that start at 1.
    *[
        (name, "loops_start_at_one", ("for h in range(n_H)", "for h in range(1, n_H)"))
        for name in ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
    ],
    *[
        (name, "loops_start_at_one", ("for i in range(m)", "for i in range(1, m)"))
        for name in ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
    ],
    # An assert of the student's own that is wrong.
    (
        "conv_forward",
        "own_assert",
        ("    return Z", "    assert Z.shape == (m, n_H, n_H, n_C)\n    return Z"),
    ),
    (
        "pool_forward",
        "own_assert",
        ("    return A", "    assert A.shape == (m, n_H, n_H, n_C)\n    return A"),
    ),
    # A shape in arithmetic.
    (
        "distribute_value",
        "tuple_in_arithmetic",
        ("average = dz / (n_H * n_W)", "average = dz / shape"),
    ),
    ("distribute_value", "tuple_in_arithmetic", ("* average", "* (dz * shape)")),
    # Windows.
    *[
        (
            name,
            "start_without_stride",
            ("vert_start = h * stride", "vert_start = h"),
            ("vert_end = vert_start + f", "vert_end = h * stride + f"),
            ("horiz_start = w * stride", "horiz_start = w"),
            ("horiz_end = horiz_start + f", "horiz_end = w * stride + f"),
        )
        for name in ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
    ],
    *[
        (name, "window_length", ("vert_end = vert_start + f", "vert_end = vert_start + n_H"))
        for name in ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
    ],
    *[
        (name, "window_end_off_by_one", ("vert_start + f", "vert_start + f - 1"))
        for name in ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
    ],
    ("pool_forward", "empty_window", ("vert_end = vert_start + f", "vert_end = vert_start")),
    # What the cache holds, and what is returned.
    ("conv_backward", "unpacked_wrong_number", (UNPACKED, "A_prev, W, b, stride, pad = cache")),
    (
        "pool_backward",
        "unpacked_wrong_number",
        ("A_prev, hparameters = cache", "A_prev, W, b = cache"),
    ),
    ("conv_forward", "results_exchanged", ("return Z, cache", "return cache, Z")),
    ("conv_forward", "cache", ("return Z, cache", "return Z")),
    ("pool_forward", "cache", ("return A, cache", "return A")),
    ("dense_forward", "cache", ("return Z, cache", "return Z")),
    ("conv_forward_fast", "cache", ("return Z, cache", "return Z")),
    ("conv_backward", "only_one_returned", ("return dA_prev, dW, db", "return dA_prev")),
    ("dense_backward", "only_one_returned", ("return dA_prev, dW, db", "return dW")),
    # Filters cut by the window, an array with too few axes.
    (
        "conv_forward",
        "filter_cut_by_window",
        ("weights = W[:, :, :, c]", f"weights = W[{WINDOW}, :, c]"),
    ),
    ("conv_backward", "filter_cut_by_window", ("dW[:, :, :, c]", f"dW[{WINDOW}, :, c]")),
    (
        "conv_forward",
        "too_many_indices",
        ("np.zeros((m, n_H, n_W, n_C))", "np.zeros((m, n_H, n_W))"),
    ),
    # A return inside a loop.
    *[
        (name, "returned_inside_loop", (old, f"{old}{' ' * 20}return {result}\n"))
        for name, old, result in (
            (
                "conv_forward",
                "conv_single_step(a_slice_prev, weights, biases)\n",
                "Z, (A_prev, W, b, hparameters)",
            ),
            ("conv_backward", "db[:, :, :, c] += dz\n", "dA_prev, dW, db"),
        )
    ],
    (
        "gradient_check",
        "returned_inside_loop",
        ("/ (2 * h)\n", "/ (2 * h)\n        return numeric, 0.0\n"),
    ),
    # f fixed at a number.
    (
        "conv_forward",
        "window_size_hard_coded",
        ("f, _, _, n_C = W.shape", "f = 3\n    n_C = W.shape[3]"),
    ),
    ("conv_backward", "window_size_hard_coded", ("f, _, _, n_C = W.shape", "f = 2")),
    ("pool_forward", "window_size_hard_coded", ('f = hparameters["f"]', "f = 3")),
    ("pool_backward", "window_size_hard_coded", ('f = hparameters["f"]', "f = 3")),
    ("pool_forward_fast", "window_size_hard_coded", ('f = hparameters["f"]', "f = 4")),
    # Gradients.
    ("conv_backward", "stamp_without_filter", ("+= W[:, :, :, c] * dz", "+= dz")),
    ("conv_backward", "filter_for_gradient", ("+= a_slice * dz", "+= a_slice * W[:, :, :, c]")),
    ("conv_backward", "db_shape", ("np.zeros(b.shape)", "np.zeros((f, f, 1, n_C))")),
    ("conv_backward", "moves_by_pad", ("h * stride", "h * pad"), ("w * stride", "w * pad")),
    (
        "pool_backward",
        "position_for_mask",
        ("create_mask_from_window(a_prev_slice)", "np.argmax(a_prev_slice)"),
    ),
    (
        "pool_forward",
        "window_not_pooled",
        ("np.max(a_prev_slice)", "a_prev_slice"),
        ("np.mean(a_prev_slice)", "a_prev_slice"),
    ),
    # Names.
    ("pool_forward", "misspelt_numpy_name", ("np.zeros(", "np.zeroes(")),
    ("pool_forward", "mode_name", ('mode == "average"', 'mode == "avg"')),
    ("pool_forward_fast", "mode_name", ('mode == "average"', 'mode == "mean"')),
    (
        "conv_forward",
        "other_parameters",
        ("(A_prev, W, b, hparameters):", "(A_prev, W, b, stride, pad):"),
    ),
    (
        "conv_forward",
        "height_width_swapped_loops",
        (SHAPE, "m, n_W_prev, n_H_prev, _ = A_prev.shape"),
    ),
    (
        "conv_forward",
        "float_of_array",
        (
            "conv_single_step(a_slice_prev, weights, biases)",
            "float(np.sum(a_slice_prev * weights) + b[:, :, :, c].reshape(1, 1, 1))",
        ),
    ),
    ("conv_forward", "changes_hparameters", (STRIDE, 'stride = hparameters.pop("stride")')),
    # The second notebook.
    ("relu_forward", "cut_off_above", ("np.maximum(Z, 0)", "np.minimum(np.maximum(Z, 0), 6)")),
    (
        "softmax_cross_entropy",
        "probabilities_clipped",
        ("np.log(sums)", "0"),
        ("Z_shifted - 0", "np.log(np.clip(P, 1e-12, 1.0))"),
    ),
    (
        "softmax_cross_entropy",
        "loss_summed",
        ("-np.mean(", "-np.sum("),
        ("    dZ = dZ / m\n", ""),
    ),
    (
        "softmax_cross_entropy",
        "labels_minus_one",
        ("    m = Z.shape[0]", "    labels = labels - 1\n    m = Z.shape[0]"),
    ),
    (
        "im2col",
        "slice_end",
        ("i : i + stride * n_H : stride", "i : n_H : stride"),
        ("j : j + stride * n_W : stride", "j : n_W : stride"),
    ),
    ("conv_backward_fast", "W_not_transposed", ("dZ_matrix @ W_matrix.T", "dZ_matrix @ W_matrix")),
    ("dense_backward", "weight_decay", ("A_prev.T @ dZ", "A_prev.T @ dZ + 0.01 * W")),
    (
        "col2im",
        "added_once_per_index",
        (
            inspect.getsource(FUNCTIONS["col2im"])
            .partition("    for i")[2]
            .join(["    for i", ""]),
            """    rows = np.arange(n_H)[:, None, None, None] * stride + np.arange(f)[:, None]
    places = np.arange(n_W)[:, None, None] * stride + np.arange(f)
    X[:, rows, places, :] += columns
    return X
""",
        ),
    ),
    ("pool_backward", "mask_of_whole_image", ("from_window(a_prev_slice)", "from_window(a_prev)")),
    ("distribute_value", "divides_by_axes", ("dz / (n_H * n_W)", "dz / len(shape)")),
    ("create_mask_from_window", "compared_with_position", ("np.max(x)", "np.argmax(x)")),
    ("conv_single_step", "rounded", ("    return Z", "    return round(Z, 2)")),
    ("conv_forward", "result_example_missing", ("Z[i, h, w, c]", "Z[h, w, c]")),
    ("dense_forward", "one_example_only", ("A_prev @ W", "A_prev[-1:] @ W")),
    # Calls that can't work.
    ("create_mask_from_window", "truth_of_an_array", ("np.max(x)", "max(x)")),
    ("conv_single_step", "method_not_called", (".item()", ".item")),
    *[
        (name, "shape_as_arguments", ("np.zeros((m, n_H, n_W, n_C))", "np.zeros(m, n_H, n_W, n_C)"))
        for name in ("conv_forward", "pool_forward")
    ],
    ("distribute_value", "shape_as_arguments", ("np.ones((n_H, n_W))", "np.ones(n_H, n_W)")),
    ("pool_backward", "number_of_arguments", ("(da, (f, f))", "(da, f, f)")),
    (
        "conv_forward",
        "chained_slices",
        (f"[{WINDOW}, :]", "[vert_start:vert_end][horiz_start:horiz_end]"),
    ),
    (
        "conv_backward",
        "one_array_two_names",
        ("dW = np.zeros(W.shape)", "dW = db = np.zeros(W.shape)"),
        ("    db = np.zeros(b.shape)\n", ""),
    ),
    (
        "distribute_value",
        "endless_recursion",
        ("    n_H, n_W = shape", "    n_H, n_W = distribute_value(dz, shape)"),
    ),
    (
        "pool_forward",
        "divided_and_multiplied",
        ("np.mean(a_prev_slice)", "np.sum(a_prev_slice) / f * f"),
    ),
    # What is likely where nothing else is named.
    *[
        (name, "own_refusal", (line, f"{line}\n    if {test}: raise ValueError"))
        for name, line, test in (
            ("distribute_value", "    n_H, n_W = shape", "n_H != n_W"),
            ("pool_forward", STRIDE, 'stride != hparameters["f"]'),
        )
    ],
    ("sgd_momentum_step", "argument_unused", ("learning_rate * velocity", "0.01 * velocity")),
    ("distribute_value", "decimals_cut", ("dz / (n_H * n_W)", "round(dz / (n_H * n_W), 1)")),
    ("im2col", "decimals_cut", ("f, f, n_C))", "f, f, n_C), dtype=int)")),
    ("pool_forward", "cache_parts", ("(A_prev, hparameters)", "(A_prev, A, hparameters)")),
    ("conv_forward", "cache_parts", ("cache = (A_prev, W", "cache = (W, A_prev")),
    ("conv_backward_fast", "cache_unpacking", (UNPACKED, "hparameters, A_prev, W, b = cache")),
    (
        "col2im",
        "result_made_in_loop",
        (
            "        for j in range(f):\n",
            "        X = np.zeros(shape)\n        for j in range(f):\n",
        ),
    ),
    (
        "conv_backward_fast",
        "result_never_filled",
        ("    return dA_prev", "    zeros = np.zeros(A_prev.shape)\n    return zeros"),
    ),
    ("conv_backward", "fixed_border", ("pad : pad + n_H_prev", "1 : 1 + n_H_prev")),
    (
        "softmax_cross_entropy",
        "fixed_size",
        ("    dZ = P.copy()\n    dZ[rows, labels] -= 1", "    dZ = P - np.eye(10)[labels]"),
    ),
    *[
        (name, "loop_over_input", ("for h in range(n_H)", "for h in range(n_H_prev)"))
        for name in ("conv_forward", "conv_backward")
    ],
    (
        "conv_forward",
        "loop_over_input",
        ("for h in range(n_H)", "for h in range(0, n_H_prev, stride)"),
        ("for w in range(n_W)", "for w in range(0, n_W_prev, stride)"),
        ("h * stride", "h"),
        ("w * stride", "w"),
    ),
    ("conv_backward", "all_channels_in_loop", ("dz = dZ[i, h, w, c]", "dz = dZ[i, h, w, :]")),
    (
        "pool_forward",
        "one_channel_made",
        ("np.zeros((m, n_H, n_W, n_C", "np.zeros((m, n_H, n_W, 1"),
    ),
    (
        "conv_single_step",
        "changes_argument",
        ("s = a_slice_prev * W", "a_slice_prev *= W\n    s = a_slice_prev"),
    ),
    ("col2im", "changes_argument", ("    columns = columns.reshape(", "    columns.shape = (")),
    (
        "pool_forward",
        "averaged_pairwise",
        (
            "A[i, h, w, c] = np.mean(a_prev_slice)",
            "for number in a_prev_slice.flat:\n"
            "                            A[i, h, w, c] = (A[i, h, w, c] + number) / 2",
        ),
    ),
    *[
        (name, "counted_along_another_axis", (f"for {i} in range({n})", f"for {i} in range({own})"))
        for name, i, n, own in (
            ("pool_backward", "h", "n_H", "dA.shape[0]"),
            ("pool_backward", "w", "n_W", "len(dA)"),
            ("conv_backward", "h", "n_H", "m"),
            ("conv_backward", "w", "n_W", "n_H"),
        )
    ],
    ("relu_forward", "decided_for_several", ("np.maximum(Z, 0)", "Z * np.all(Z > 0)")),
    ("relu_backward", "decided_for_several", ("mask = Z > 0", "mask = np.all(Z > 0)")),
    (
        "relu_backward",
        "decided_for_several",
        ("mask = Z > 0", "mask = (Z > 0).any(axis=-1, keepdims=True)"),
    ),
    (
        "network_backward",
        "result_never_filled",
        (
            "_, dW1, db1 = conv_backward(dZ1, conv1)",
            "dW1 = np.zeros_like(conv1[1])\n    db1 = np.zeros_like(conv1[2])",
        ),
    ),
    # A branch that does not return everything.
    (
        "pool_forward_fast",
        "one_path_returns_less",
        ("A = np.mean(windows, axis=3)", "return np.mean(windows, axis=3)"),
    ),
    (
        "pool_forward",
        "one_path_returns_less",
        ("    cache = (", "    if mode == 'average':\n        return A\n    cache = ("),
    ),
    (
        "conv_forward",
        "one_path_returns_less",
        ("    cache = (", "    if pad == 0:\n        return Z\n    cache = ("),
    ),
    (
        "dense_backward",
        "one_path_returns_less",
        ("    db = np.sum", "    if len(dZ) == 1:\n        return dA_prev, dW\n    db = np.sum"),
    ),
    # flatten on the way back.
    ("network_backward", "flattened_again", ("dA2_flat.reshape(A2.shape)", "flatten(dA2_flat)")),
    ("col2im", "resized", ("    X = np.zeros(shape)", "    return np.resize(columns, shape)")),
    # The size of the output: which part of the formula is wrong.
    *[
        (name, cause, *[(old, f"{old[:6]}{new.format(old[7:15])}") for old in lines])
        for name, lines in SIZES.items()
        for cause, new in WRONG_SIZES[name].items()
    ],
    (
        "zero_pad",
        "sides_exchanged",
        (
            'np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant")',
            "np.zeros((len(X), X.shape[2] + 2 * pad, X.shape[1] + 2 * pad, X.shape[3]))\n"
            "    X_pad[:, pad : pad + X.shape[1], pad : pad + X.shape[2]] = X",
        ),
    ),
    (
        "pool_forward",
        "blocks_for_windows",
        (
            "    A = np.zeros(",
            "    blocks = A_prev.reshape(m, n_H_prev // f, f, n_W_prev // f, f, n_C)\n"
            "    return blocks.max(axis=(2, 4)), (A_prev, hparameters)\n    A = np.zeros(",
        ),
    ),
    # What is computed and does not reach the result.
    (
        "distribute_value",
        "result_not_stored",
        ("a = np.ones((n_H, n_W)) * average", "a = np.zeros(shape)\n    a + average"),
    ),
    (
        "distribute_value",
        "result_not_stored",
        ("a = np.ones((n_H, n_W)) * average", "a = np.zeros(shape)\n    b = a + average"),
    ),
    (
        "zero_pad",
        "result_not_stored",
        ("X_pad = np.pad", "X_pad = X\n    np.pad"),
    ),
    (
        "zero_pad",
        "result_not_stored",
        (
            "X_pad = np.pad",
            "rows = np.zeros((X.shape[0], pad, X.shape[2], X.shape[3]))\n"
            "    np.concatenate([rows, X, rows], axis=1)\n    X_pad = X\n"
            "    return X_pad\n    np.pad",
        ),
    ),
    ("pool_forward", "result_not_stored", ("] = np.max", "] == np.max")),
    ("pool_backward", "added_to_copy", ("da_prev = dA_prev[i]", "da_prev = dA_prev[i].copy()")),
    (
        "pool_backward",
        "added_to_new_array",
        ("da_prev = dA_prev[i]", "da_prev = np.zeros(A_prev.shape[1:])"),
    ),
    (
        "pool_backward",
        "result_made_in_loop",
        ("        da_prev =", "        dA_prev = np.zeros(A_prev.shape)\n        da_prev ="),
    ),
    (
        "conv_forward",
        "cache_name_rebound",
        ("A_prev_pad = zero", "A_prev = zero"),
        ("A_prev_pad[i]", "A_prev[i]"),
    ),
    (
        "pool_forward",
        "cache_name_rebound",
        ("    cache =", "    A_prev = A_prev.reshape(m, -1)\n    cache ="),
    ),
    ("zero_pad", "returned_as_list", ("return X_pad", "return list(X_pad)")),
    ("pool_backward", "returned_as_list", ("return dA_prev", "return list(dA_prev)")),
]


def source_with(name, edits):
    source = inspect.getsource(FUNCTIONS[name])
    for old, new in edits:
        assert old in source, (name, old)
        source = source.replace(old, new)
    return source


@pytest.mark.parametrize(
    ("name", "cause", "edits"),
    [(name, cause, edits) for name, cause, *edits in KINDS],
    ids=[f"{name}-{cause}-{number}" for number, (name, cause, *_) in enumerate(KINDS)],
)
def test_the_kind_is_named(name, cause, edits):
    """Is the mistake failed and named, and nothing beside it?"""
    status, named = said_of(name, source_with(name, edits))
    assert status in ("wrong", "error")
    assert named == {cause}


@pytest.mark.parametrize(
    ("cause", "parameters", "body"),
    [
        ("channels_in_front", "A_prev, W", "return im2col(A_prev) @ W.reshape(n_C, -1).T"),
        ("channels_in_front", "A_prev", "return np.max(A_prev.reshape(n_C, f * f), axis=1)"),
        ("hyperparameter_unused", "A_prev, hparameters", 'f = hparameters["f"]\n    return f'),
        (
            "hyperparameter_unused",
            "A_prev, hparameters",
            'f, stride = hparameters["f"], 2\n    s = hparameters["stride"]\n    return stride',
        ),
        (
            "index_array_adds_once",
            "dA",
            "rows = np.arange(n)[:, None] + np.arange(f)\n    dX[rows, rows] += dA\n    return dX",
        ),
    ],
)
def test_what_the_text_makes_likely(cause, parameters, body):
    """Is it named where nothing else is, in a function that went wrong, and in no other one?"""
    source = f"def pool_like({parameters}):\n    {body}\n"
    for status, ids in (("wrong", [f"pool_like/{cause}"]), ("right", [])):
        seen = {"once": Observation("ok", 0.5)}
        evidence = Evidence(status, seen, source, parameters=tuple(parameters.split(", ")))
        named = [found.id for found in all_causes("pool_like", evidence, tuple)]
        assert [name for name in named if name.endswith(cause)] == ids


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_a_text_shows_is_in_no_correct_function(assignment):
    """Does no rule on sizes and lost results hold of a correct function, in whatever style?"""
    for style, texts in styles(assignment).items():
        for exercise in ASSIGNMENTS[assignment].exercises:
            seen = {"once": Observation("ok", 0.5)}
            asked = exercise.parameters, exercise.outputs
            evidence = Evidence("wrong", seen, texts[exercise.name], (), None, *asked)
            held = [cause.name for cause in (*BY_SIZE, *BY_LOSS) if cause.rule(evidence)]
            assert held == [], (style, exercise.name)


@pytest.mark.parametrize(
    ("name", "cause", "edits"),
    [
        # All of a window is reduced, though along named axes.
        (
            "pool_forward",
            "pooled_along_one_axis",
            [("np.max(a_prev_slice)", "np.max(a_prev[None], axis=(1, 2))")],
        ),
        # The windows are there already; only their axes are told apart.
        (
            "pool_forward",
            "blocks_for_windows",
            [
                ("np.max(a_prev_slice)", "np.max(a_prev_slice.reshape(1, 1, 1, f, f, 1)) + 1"),
            ],
        ),
        # What is changed in place is put back, and the name in the cache is the argument.
        (
            "pool_backward",
            "added_to_copy",
            [
                ("da_prev = dA_prev[i]", "da_prev = dA_prev[i].copy()"),
                ("    return dA_prev", "    dA_prev[-1] = da_prev\n    return dA_prev"),
            ],
        ),
        (
            "conv_forward",
            "cache_name_rebound",
            [("    Z = np", "    A_prev = np.asarray(A_prev)\n    f += 1\n    Z = np")],
        ),
        # Only one of the examples is computed: nothing sets the result to zero again.
        ("pool_backward", "result_made_in_loop", [("range(m)", "range(m - 1, m)")]),
        # A share of the maximum is no search from 0.
        ("create_mask_from_window", "maximum_from_zero", [("x == np", "x >= 0.95 * np")]),
    ],
)
def test_what_only_looks_like_it_is_not_said(name, cause, edits):
    """Is a wrong function not told a mistake that it does not have?"""
    status, named = said_of(name, source_with(name, edits))
    assert status in ("wrong", "error")
    assert cause not in named


def test_names_are_used_once():
    """Does no kind of repair and no suspicion bear the name of an entry of a catalogue?"""
    entries = {m.id.partition("/")[2] for c in CATALOGUES for m in c.misconceptions}
    assert not entries & {cause.name for cause in SUSPICIONS}
    assert not (entries | {cause.name for cause in GENERAL_CAUSES}) & REPAIRS.keys()


@pytest.mark.parametrize(
    "source",
    [
        "def zero_pad(X, pad):\n    # TU CODIGO EMPIEZA AQUI\n\n    # TU CODIGO TERMINA AQUI\n"
        "    return X_pad\n",
        "def zero_pad(X, pad):\n    X_pad = None\n    return X_pad\n",
    ],
)
def test_stubs_of_other_courses(source):
    """Is a stub with foreign marks one that is not implemented, and nothing else?"""
    assert said_of("zero_pad", source) == ("not_implemented", {"not_implemented"})


def test_none_that_nobody_reads_is_no_unfinished_part():
    """Is the real cause named beside an `x = None` that has no effect?"""
    edits = [("    s = a", "    result = None\n    s = a"), (" + np.asarray(b).item()", "")]
    assert said_of("conv_single_step", source_with("conv_single_step", edits))[1] == {
        "bias_missing"
    }


def test_a_name_of_the_notebook_is_told_once():
    """Is a name that only the notebook has reported as such, and not as undefined as well?"""
    edits = [("pad, pad), (pad", "width, width), (width")]
    source = source_with("zero_pad", edits)
    assert said_of("zero_pad", source, notebook=("width",))[1] == {"reads_notebook_global"}
    assert said_of("zero_pad", source)[1] == {"undefined_name"}
