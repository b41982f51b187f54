"""Is what Python and NumPy say of shapes and loops explained, and chance not taken for a cause?"""

import pytest

from solutions.tests.naming import said_of

NAMED = {
    "softmax, maximum": (
        "softmax_cross_entropy",
        "axis_not_kept",
        """
def softmax_cross_entropy(Z, labels):
    m = Z.shape[0]
    top = np.max(Z, axis=1{keep})
    P = np.exp(Z - top)
    P = P / P.sum(axis=1, keepdims=True)
    shifted = Z - Z.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    dZ = P.copy()
    dZ[np.arange(m), labels] -= 1
    return -np.mean(logs[np.arange(m), labels]), dZ / m
""",
        ("{keep}", "", ", keepdims=True"),
    ),
    "mask of all windows": (
        "pool_backward",
        "axis_not_kept",
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dX = np.zeros(A_prev.shape)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            here = np.s_[:, h * s : h * s + f, w * s : w * s + f]
            g = dA[:, h : h + 1, w : w + 1]
            if mode == "max":
                x = A_prev[here]
                dX[here] += (x == x.max(axis=(1, 2){keep})) * g
            else:
                dX[here] += g / (f * f)
    return dX
""",
        ("{keep}", "", ", keepdims=True"),
    ),
    "no counter": (
        "relu_forward",
        "enumerate_missing",
        """
def relu_forward(Z):
    A = np.zeros(np.shape(Z))
    for i, z in {rows}:
        A[i] = np.where(z > 0, z, 0)
    return A
""",
        ("{rows}", "Z", "enumerate(Z)"),
    ),
    "a number in a loop": (
        "flatten",
        "range_missing",
        """
def flatten(A):
    rows = []
    for i in {count}:
        rows.append(A[i].ravel())
    return np.array(rows)
""",
        ("{count}", "A.shape[0]", "range(A.shape[0])"),
    ),
    "results of another function": (
        "network_backward",
        "results_unpacked",
        """
def network_backward(dlogits, memory, conv_backward, pool_backward):
    Z1, conv1, pool1, Z2, conv2, pool2, A2, dense = memory
    dA2, dW3{more} = dense_backward(dlogits, dense)
    dA2 = relu_backward(pool_backward(dA2.reshape(A2.shape), pool2), Z2)
    dA1, dW2, db2 = conv_backward(dA2, conv2)
    dZ1 = relu_backward(pool_backward(dA1, pool1), Z1)
    _, dW1, db1 = conv_backward(dZ1, conv1)
    return dW1, db1, dW2, db2, dW3, db3
""",
        ("{more}", "", ", db3"),
    ),
    "an empty list": (
        "flatten",
        "list_never_filled",
        """
def flatten(A):
    rows = []
    for example in A:
        row = [number for image in example for line in image for number in line]{store}
    return np.array(rows)
""",
        ("{store}", "", "\n        rows.append(row)"),
    ),
    "an expression without effect": (
        "flatten",
        "result_not_stored",
        """
def flatten(A):
    rows = np.zeros((len(A), A[0].size))
    flat = [example.ravel() for example in A]
    for number in range(len(A)):
        {stored}flat[number]
    return rows
""",
        ("{stored}", "", "rows[number] = "),
    ),
    "one example padded": (
        "conv_forward",
        "one_example_for_batch",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    Z = []
    for i in range(len(A_prev)):
        x = zero_pad(A_prev[{one}], p)
        rows = range(0, x.shape[{axis}] - f + 1, s)
        columns = range(0, x.shape[{axis} + 1] - f + 1, s)
        Z.append([[conv(x.reshape(x.shape[-3:])[h:h + f, w:w + f], W, b) for w in columns]
                  for h in rows])
    return np.array(Z), (A_prev, W, b, hparameters)


def conv(x, W, b):
    return [conv_single_step(x, W[..., c], b[..., c]) for c in range(W.shape[3])]
""".replace("{axis}", "-3"),
        ("{one}", "i", "i : i + 1"),
    ),
    "stride inside the window": (
        "pool_forward",
        "stride_inside_window",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    m, rows, columns, n_C = A_prev.shape
    A = np.zeros((m, (rows - f) // stride + 1, (columns - f) // stride + 1, n_C))
    for h in range(A.shape[1]):
        top = h * stride
        bottom = top + f
        for w in range(A.shape[2]):
            left = w * stride
            right = left + f
            x = A_prev[:, top:bottom{step}, left:right{step}]
            A[:, h, w] = x.max(axis=(1, 2)) if mode == "max" else x.mean(axis=(1, 2))
    return A, (A_prev, hparameters)
""",
        ("{step}", ":stride", ""),
    ),
    "a protected view": (
        "relu_backward",
        "writes_into_view",
        """
def relu_backward(dA, Z):
    dZ = np.broadcast_to(dA, Z.shape){copy}
    dZ[Z <= 0] = 0
    return dZ
""",
        ("{copy}", "", ".copy()"),
    ),
}
"""An exercise, its cause, and its code with a place that is wrong or right."""


@pytest.mark.parametrize("kind", NAMED)
def test_what_ended_the_function_is_explained(kind):
    """Is the cause named, and nothing of the same code without it?"""
    name, cause, source, (place, wrong, right) = NAMED[kind]
    status, causes = said_of(name, source.replace(place, wrong))
    assert status in ("wrong", "error") and causes == {cause}
    assert said_of(name, source.replace(place, right)) == ("right", set())


BY_CHANCE = {
    # A mean that is cut to an integer is 0 for most windows.
    "only the bias": (
        "conv_single_step",
        {"argument_unused"},
        "def conv_single_step(a_slice_prev, W, b):\n    return b.item()\n",
    ),
    # In the one mode the exchange and a sum together give what this gives.
    "a sum in one mode": (
        "pool_forward",
        {"sum_for_maximum"},
        """
def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    views = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))[:, ::s, ::s]
    A = views.sum(axis=(4, 5)) if mode == "max" else views.mean(axis=(4, 5))
    return A, (A_prev, hparameters)
""",
    ),
    # An axis that dA has anyway can't be missing.
    "windows without an end": (
        "pool_backward_fast",
        {"mode_without_effect"},
        """
def pool_backward_fast(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dX = np.zeros(A_prev.shape)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            here = np.s_[:, h * s : h * s + f, w * s : w * s]
            g = dA[:, h : h + 1, w : w + 1]
            x = A_prev[here]
            if mode == "max":
                dX[here] += (x == x.max(axis=(1, 2), keepdims=True, initial=-np.inf)) * g
            else:
                dX[here] += g / (f * f)
    return dX
""",
    ),
    # f is read as the stride and used as f.
    "two settings exchanged": (
        "pool_forward",
        {"hyperparameters_swapped"},
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, rows, columns, n_C = A_prev.shape
    f, s = hparameters["stride"], hparameters["f"]
    A = np.zeros((m, (rows - f) // s + 1, (columns - f) // s + 1, n_C))
    for h in range(A.shape[1]):
        for w in range(A.shape[2]):
            x = A_prev[:, h * s : h * s + f, w * s : w * s + f]
            A[:, h, w] = x.max(axis=(1, 2)) if mode == "max" else x.mean(axis=(1, 2))
    return A, (A_prev, hparameters)
""",
    ),
    # The student's own function of this name has parameters of its own.
    "a helper of another exercise's name": (
        "pool_forward",
        {"integer_needed"},
        """
def im2col(X, f, s):
    views = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))
    return np.moveaxis(views[:, ::s, ::s], 3, -1)


def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    m, rows, columns, n_C = A_prev.shape
    rows, columns = (rows - f) // s + 1, (columns - f) // s + 1
    cells = im2col(A_prev, f, s).reshape(m, rows, columns, f * f / 1, n_C)
    return (cells.max(axis=3) if mode == "max" else cells.mean(axis=3)), (A_prev, hparameters)
""",
    ),
}
"""An exercise, all that is to be said, and code of which more was said once."""


@pytest.mark.parametrize("kind", BY_CHANCE)
def test_what_only_fits_by_chance_is_not_said(kind):
    """Is nothing named but the mistake, where others would give the same numbers?"""
    name, causes, source = BY_CHANCE[kind]
    status, said = said_of(name, source)
    assert status in ("wrong", "error") and said == causes
