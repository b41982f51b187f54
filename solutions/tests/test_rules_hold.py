"""Is a rule on a function's text silent where what it names is not there, or does no harm?"""

import pytest

from checks import code_rules
from checks.evidence import Evidence
from checks.rules import arrays, blocks, shapes, sizes
from checks.rules.certain import checking, gradients, layers, loss, steps, windows
from solutions.tests.naming import exercise_called

CACHE = "A_prev, W, b, hparameters = cache"


def _evidence(name, lines, head=None):
    exercise = exercise_called(name)
    body = "".join(f"    {line}\n" for line in lines.strip("\n").split("\n"))
    source = f"def {name}({head or ', '.join(exercise.parameters)}):\n{body}"
    asked = exercise.parameters, exercise.outputs
    return Evidence("wrong", {}, source, parameters=asked[0], outputs=asked[1])


HARMLESS = {
    "continue before return": (
        code_rules.returned_after_example,
        "zero_pad",
        "for i in range(m):\n    if i:\n        continue\n    return X",
    ),
    "a count that counts down": (
        code_rules.count_as_index,
        "pool_forward",
        "m, h, w, c = A_prev.shape\nwhile c > 0:\n    c -= 1\n    A[0, 0, 0, c] = 1",
    ),
    "a count's name in an inner function": (
        code_rules.count_as_index,
        "pool_forward",
        "m, h, w, c = A_prev.shape\ndef part(h, w, c):\n    return A_prev[0, h, w, c]",
    ),
    "settings in a tuple of one's own": (
        code_rules.hyperparameters_unpacked,
        "conv_forward",
        'hp = hparameters["stride"], hparameters["pad"]\nstride, pad = hp',
    ),
    "a copy of the settings": (
        code_rules.hyperparameters_changed,
        "conv_backward",
        f'{CACHE}\nhp = dict(hparameters)\nhp.pop("pad")',
    ),
    "settings of one's own": (
        code_rules.hyperparameters_changed,
        "conv_backward",
        f'{CACHE}\nhparams = {{}}\nhparams["f"] = W.shape[0]',
    ),
    "a default of get": (
        code_rules.fixed("stride"),
        "conv_forward",
        'stride = 1\ns = hparameters.get("stride", stride)',
    ),
    "no border left to count": (
        code_rules.fixed("pad"),
        "conv_forward",
        'P = zero_pad(A_prev, hparameters["pad"])\npad = 0\nn_H = P.shape[1] - f + 2 * pad',
    ),
    "another word beside the right one": (
        code_rules.mode_name,
        "pool_forward",
        "if mode == 'average' or mode == 'avg':\n    A = 1",
    ),
    "each corner by the one before": (
        code_rules.starts_at_one,
        "pool_forward",
        "m, n_H, n_W, n_C = A_prev.shape\nfor k in range(1, n_H):\n"
        "    tops[k] = tops[k - 1] + stride",
    ),
    "the part of a filter inside the image": (
        code_rules.filter_cut_by_window,
        "conv_backward",
        "dA_prev[i, top:bottom, left:right] += W[f_start:f_end, g_start:g_end, :, c] * dz",
    ),
    "two arrays mixed up": (
        code_rules.weight_decay,
        "conv_backward",
        f"{CACHE}\ndz = dZ[i, h, w, c]\ndW += W * dz",
    ),
    "a filter under another name": (
        code_rules.window_length,
        "conv_forward",
        "kernels = W.copy()\nkh, kw, ci, co = kernels.shape\nhoriz_end = horiz_start + kw",
    ),
    "filters with their axes moved": (
        shapes.channels_first,
        "conv_forward",
        "W = W.transpose(3, 2, 0, 1)\nn_C, n_C_prev, f, _ = W.shape",
    ),
    "images with their axes moved": (
        shapes.channels_first,
        "conv_backward",
        f"{CACHE}\nA_prev = channels_to_front(A_prev)\nm, C, H, B = A_prev.shape",
    ),
    "an array of one's own order": (
        shapes.channels_first,
        "conv_forward",
        "Z = np.empty((m, n_C, n_H, n_W))\nm, C, H, B = Z.shape",
    ),
    "sides exchanged all through": (
        shapes.swapped_shape,
        "pool_forward",
        "m, w, h, c = A_prev.shape\nn_H, n_W = h - f + 1, w - f + 1\n"
        "A = np.zeros((m, n_W, n_H, c))",
    ),
    "an odd name for the places": (
        shapes.sizes_of_wrong_array,
        "pool_backward",
        "m, n_H_prev, n_W_prev, n_C = dA.shape\ndA_prev = np.zeros_like(A_prev)\n"
        "for h in range(n_H_prev):\n    for w in range(n_W_prev):\n        pass",
    ),
    "windows picked by lists of rows": (
        blocks.blocks_for_windows,
        "pool_forward",
        'f = hparameters["f"]\npicked = A_prev[:, rows][:, :, cols]\n'
        "windows = picked.reshape(m, n_H, f, n_W, f, n_C)",
    ),
    "a stride without a name of its role": (
        blocks.repeated_for_windows,
        "pool_backward",
        "A_prev, hparameters = cache\n"
        'f, s = (hparameters[k] for k in ("f", "stride"))\nwide = np.repeat(dA[:, h], f, axis=1)',
    ),
    "thinned out at the end": (
        sizes.wrong_size("size_stride_missing"),
        "conv_forward",
        "m, H, B, C = A_prev.shape\nf, _, _, K = W.shape\n"
        's, p = hparameters["stride"], hparameters["pad"]\n'
        "full = np.zeros((m, H + 2 * p - f + 1, B + 2 * p - f + 1, K))\n"
        "Z = full[:, ::s, ::s]\nreturn Z, (A_prev, W, b, hparameters)",
    ),
    "one example in two steps": (
        arrays.chained_slices,
        "conv_forward",
        "for i in range(m):\n    a = A_prev[:][i]",
    ),
    "two numbers in one line": (
        arrays.one_array_two_names,
        "pool_forward",
        "i = j = int(0)\ni += 1\nj += f",
    ),
    "another name for f": (
        checking.never_measured,
        "gradient_check",
        "return fn(x + step) - fn(x - step), 0.0",
        "fn, x, dx, dZ, h=1e-5",
    ),
    "another name for dZ": (
        checking.gradient_unread,
        "gradient_check",
        "numeric[i] = np.sum(g * (f(x + step) - f(x - step)))",
        "f, x, dx, g, h=1e-5",
    ),
    "one entry of all that moved": (
        checking.all_moved,
        "gradient_check",
        "plus = np.where(mask, x + h, x)\nvalue = f(plus)",
    ),
    "one side after the other": (
        checking.one_side_only,
        "gradient_check",
        "for sign in (1, -1):\n    total += sign * (f(x + sign * step) - f(x))",
    ),
    "a side as a function": (
        checking.one_side_only,
        "gradient_check",
        "def half(step):\n    return f(x + step) - f(x)\nchange = half(step) - half(-step)",
    ),
    "a root in a function": (
        checking.root_missing,
        "gradient_check",
        "def root(n):\n    return n ** 0.5\nerror = root(np.sum(d ** 2))",
    ),
    "a mean times its count": (
        checking.divided("dense.*"),
        "dense_backward",
        "db = len(dZ) * np.mean(dZ, axis=0)\nreturn dA_prev, dW, db",
    ),
    "a mean over the outputs": (
        checking.divided("dense.*"),
        "dense_backward",
        "db = np.mean(dZ, axis=1)\nreturn dA_prev, dW, db",
    ),
    "the sum of one row": (
        loss.sum_along_examples,
        "softmax_cross_entropy",
        "for i in range(m):\n    e = np.exp(Z[i])\n    P[i] = e / np.sum(e, axis=0)",
    ),
    "the largest label": (
        loss.starts_at_zero,
        "softmax_cross_entropy",
        "top = 0\nfor k in labels:\n    top = max(top, k)",
    ),
    "where a label stands": (
        loss.labels_as_numbers,
        "softmax_cross_entropy",
        "Y = np.arange(n) - labels[:, None] == 0",
    ),
    "a logarithm of 1 for the others": (
        loss.log_of_others,
        "softmax_cross_entropy",
        "loss = -np.sum(np.log(P * Y + (1 - Y)))",
    ),
    "the right class turned round": (
        loss.log_of_others,
        "softmax_cross_entropy",
        "loss = -np.mean(np.log(1 - P[rows, labels]))",
    ),
    "a minus in the count": (
        loss.loss_without_minus,
        "softmax_cross_entropy",
        "loss = np.sum(np.log(P[rows, labels])) / -m\nreturn loss, dZ",
    ),
    "a logarithm of one over P": (
        loss.loss_without_minus,
        "softmax_cross_entropy",
        "loss = np.mean(np.log(1 / P[rows, labels]))\nreturn loss, dZ",
    ),
    "two logarithms": (
        loss.loss_without_minus,
        "softmax_cross_entropy",
        "loss = np.mean(np.log(sums) - np.log(exps[rows, labels]))\nreturn loss, dZ",
    ),
    "a sign that is turned later": (
        loss.gradient_reversed,
        "softmax_cross_entropy",
        "Y = np.eye(n)[labels]\nP = e / s\ndZ = Y - P\ndZ = np.negative(dZ) / m\nreturn loss, dZ",
    ),
    "labels that are checked": (
        loss.classes_from_labels,
        "softmax_cross_entropy",
        "assert labels.max() + 1 <= Z.shape[1]",
    ),
    "axes moved for the order F": (
        layers.fortran_order,
        "flatten",
        "return A.transpose(0, 3, 2, 1).reshape(m, -1, order='F')",
    ),
    "the order F for axes moved": (
        layers.axes_moved,
        "flatten",
        "return A.transpose(0, 3, 2, 1).reshape(m, -1, order='F')",
    ),
    "a border around one channel": (
        layers.every_axis_padded,
        "conv_forward",
        'p = hparameters["pad"]\nimage = np.pad(A_prev[i, :, :, c], p)',
    ),
    "filters read after a move": (
        layers.filters_first,
        "conv_forward",
        "W = W.transpose(3, 2, 0, 1)\n_, _, kh, kw = W.shape",
    ),
    "a place and a channel": (
        layers.one_of_a_place,
        "col2im",
        "for p in range(f * f):\n    for k in range(K):\n        X[i, y, x, k] += "
        "columns[i, h, w, p * K + k]",
    ),
    "added in two lines": (
        layers.put_over_each_other,
        "col2im",
        "for h in range(n_H):\n    old = X[i, a:b, c:d]\n    X[i, a:b, c:d] = old + part\nreturn X",
    ),
    "two axes in an inner function": (
        layers.windows_in_two_axes,
        "im2col",
        "def flat(x):\n    return x.reshape(m * n, -1)\nreturn flat(X).reshape(m, n_H, n_W, -1)",
    ),
    "one bias in an inner function": (
        layers.bias_as_one_number,
        "conv_forward",
        "def step(a, w, b):\n    return np.sum(a * w) + float(b)",
    ),
    "a row of a table": (
        layers.filter_index_missing,
        "conv_backward",
        f"{CACHE}\ndW = np.zeros(W.shape)\nfor c in range(n_C):\n"
        "    dW += a[..., None] * table[c] * dZ[i, h, w, c]",
    ),
    "places without their border": (
        gradients.gradient_unpadded,
        "conv_backward",
        f'{CACHE}\nP = np.pad(A_prev, r)\np = hparameters["pad"]\n'
        "dA_prev = np.zeros(A_prev.shape)\ntop = h * s - p\nt = max(0, top)\n"
        "dA_prev[i, t:b, t:b, :] += g\nreturn dA_prev, dW, db",
    ),
    "a window called X": (
        windows.over_examples,
        "pool_forward",
        "X = A_prev[i, a:b, c:d, :]\nA[i, h, w, k] = X[:, :, k].max(axis=(0, 1))",
    ),
    "the smallest number of all": (
        windows.over_everything,
        "pool_forward",
        "lowest = np.min(A_prev[:, :, :, :])",
    ),
    "a window of one channel": (
        windows.axes_in_one_mode,
        "pool_forward",
        "x = A_prev[i, a:b, c:d, k]\nA = np.max(x)\nB = np.mean(x, axis=(0, 1))",
    ),
    "columns one by one": (
        windows.stacked_in_front,
        "pool_forward",
        "for w in range(n_W):\n    parts.append(A_prev[:, :, w])\nB = np.stack(parts)",
    ),
    "the other way in the loop": (
        windows.stride_one_way,
        "pool_forward",
        'stride = hparameters["stride"]\nv = sliding_window_view(A_prev, (f, f), axis=(1, 2))\n'
        "rows = v[:, ::stride]\nfor w in range(n_W):\n"
        "    A[:, :, w] = rows[:, :, w * stride].max(axis=(-1, -2))",
    ),
    "the same number as a whole one": (
        steps.counter_overwritten,
        "pool_forward",
        "for c in np.arange(n_C):\n    c = int(c)\n    A[i, h, w, c] = 1",
    ),
    "a copy that is sorted": (
        steps.sorted_in_place,
        "pool_forward",
        "X = A_prev.copy()\nwindow = X[i, a:b, c:d, k]\nwindow.sort()",
    ),
    "a border of zeros": (
        steps.no_larger_than_input,
        "zero_pad",
        "zeros = np.zeros_like(X)[:, :pad]\nreturn np.concatenate([zeros, X, zeros], axis=1)",
    ),
    "settings that are checked": (
        steps.settings_by_order,
        "conv_forward",
        "assert all(v >= 0 for v in hparameters.values())",
    ),
    "settings with their keys": (
        steps.settings_by_order,
        "conv_forward",
        "for key, value in hparameters.items():\n    known[key] = value",
    ),
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_does_no_harm_is_not_named(kind):
    """Is nothing said of a line that only looks like the mistake?"""
    rule, *given = HARMLESS[kind]
    assert rule(_evidence(*given)) is None


TOLD = {
    "settings by their order": (
        steps.settings_by_order,
        "conv_forward",
        "stride, pad = hparameters.values()",
    ),
    "a list of settings": (
        steps.settings_by_order,
        "conv_forward",
        "given = list(hparameters.values())\nstride = given[0]",
    ),
    "settings that are changed": (
        code_rules.hyperparameters_changed,
        "conv_backward",
        f'{CACHE}\npad = hparameters.pop("pad")',
    ),
    "yes and no": (
        loss.log_of_others,
        "softmax_cross_entropy",
        "loss = -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P + 1e-9))",
    ),
    "no minus": (
        loss.loss_without_minus,
        "softmax_cross_entropy",
        "loss = np.sum(np.log(P[rows, labels])) / m\nreturn loss, dZ",
    ),
    "all entries moved": (
        checking.all_moved,
        "gradient_check",
        "plus = x + h\nvalue = f(plus)",
    ),
    "no border": (
        gradients.gradient_unpadded,
        "conv_backward",
        f'{CACHE}\ns, p = hparameters["stride"], hparameters["pad"]\nP = np.pad(A_prev, r)\n'
        "dA_prev = np.zeros(A_prev.shape)\nt = h * s\n"
        "dA_prev[i, t:t + f, t:t + f, :] += g\nreturn dA_prev, dW, db",
    ),
    "weight decay": (code_rules.weight_decay, "conv_backward", f"{CACHE}\ndW += lam * W"),
}


@pytest.mark.parametrize("kind", TOLD)
def test_the_mistake_itself_is_still_named(kind):
    """Is the mistake still told that the rule is there for?"""
    rule, *given = TOLD[kind]
    assert rule(_evidence(*given)) is not None
