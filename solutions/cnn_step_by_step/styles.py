"""Correct solutions in the styles in which students write them, as source text.

No check may fail any of them and no misconception may be named. Each text holds all eight
functions, uses ``np`` for NumPy as the notebook does, and stands by itself.
"""

STYLES: dict[str, str] = {}

STYLES["loops"] = """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=(0, 0))
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    Z = Z + float(b[0, 0, 0])
    return Z


def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i, :, :, :]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[:, :, :, c], b[:, :, :, c])
    assert Z.shape == (m, n_H, n_W, n_C)
    cache = (A_prev, W, b, hparameters)
    return Z, cache


def pool_forward(A_prev, hparameters, mode="max"):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    n_C = n_C_prev
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    a_prev_slice = A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(a_prev_slice)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(a_prev_slice)
    cache = (A_prev, hparameters)
    assert A.shape == (m, n_H, n_W, n_C)
    return A, cache


def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape
    dA_prev = np.zeros((m, n_H_prev, n_W_prev, n_C_prev))
    dW = np.zeros((f, f, n_C_prev, n_C))
    db = np.zeros((1, 1, 1, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    a_slice = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += (
                        W[:, :, :, c] * dZ[i, h, w, c]
                    )
                    dW[:, :, :, c] += a_slice * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
        if pad > 0:
            dA_prev[i, :, :, :] = da_prev_pad[pad:-pad, pad:-pad, :]
        else:
            dA_prev[i, :, :, :] = da_prev_pad
    assert dA_prev.shape == (m, n_H_prev, n_W_prev, n_C_prev)
    return dA_prev, dW, db


def create_mask_from_window(x):
    mask = np.max(x) == x
    return mask


def distribute_value(dz, shape):
    (n_H, n_W) = shape
    average = dz / (n_H * n_W)
    a = np.ones(shape) * average
    return a


def pool_backward(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        a_prev = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    if mode == "max":
                        a_prev_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_prev_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += np.multiply(
                            mask, dA[i, h, w, c]
                        )
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        shape = (f, f)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, shape)
                        )
    assert dA_prev.shape == A_prev.shape
    return dA_prev
"""

STYLES["python_floats"] = """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    padded = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                padded[i, h + pad, w + pad] = X[i, h, w]
    return padded


def conv_single_step(a_slice_prev, W, b):
    total = 0.0
    for row_a, row_w in zip(a_slice_prev, W):
        for pixel_a, pixel_w in zip(row_a, row_w):
            for x, y in zip(pixel_a, pixel_w):
                total += float(x) * float(y)
    return total + b.item()


def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    f, n_C = W.shape[0], W.shape[3]
    padded = zero_pad(A_prev, pad)
    Z = []
    for image in padded:
        rows = []
        for top in range(0, image.shape[0] - f + 1, stride):
            row = []
            for left in range(0, image.shape[1] - f + 1, stride):
                window = image[top:top + f, left:left + f]
                row.append([
                    conv_single_step(window, W[..., c], b[..., c]) for c in range(n_C)
                ])
            rows.append(row)
        Z.append(rows)
    return np.array(Z), (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    tops = range(0, A_prev.shape[1] - f + 1, stride)
    lefts = range(0, A_prev.shape[2] - f + 1, stride)
    A = np.empty((A_prev.shape[0], len(tops), len(lefts), A_prev.shape[3]))
    for i, image in enumerate(A_prev):
        for h, top in enumerate(tops):
            for w, left in enumerate(lefts):
                for c in range(image.shape[2]):
                    numbers = image[top:top + f, left:left + f, c].ravel().tolist()
                    if mode == "max":
                        A[i, h, w, c] = max(numbers)
                    else:
                        A[i, h, w, c] = sum(numbers) / len(numbers)
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    padded = zero_pad(A_prev, pad)
    d_padded = np.zeros(padded.shape)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for i in range(dZ.shape[0]):
        for h in range(dZ.shape[1]):
            for w in range(dZ.shape[2]):
                rows = slice(h * stride, h * stride + f)
                columns = slice(w * stride, w * stride + f)
                for c in range(dZ.shape[3]):
                    g = float(dZ[i, h, w, c])
                    d_padded[i, rows, columns] += g * W[..., c]
                    dW[..., c] += g * padded[i, rows, columns]
                    db[0, 0, 0, c] += g
    n_H, n_W = A_prev.shape[1:3]
    return d_padded[:, pad:n_H + pad, pad:n_W + pad], dW, db


def create_mask_from_window(x):
    largest = max(max(row) for row in x.tolist())
    return np.array([[value == largest for value in row] for row in x.tolist()])


def distribute_value(dz, shape):
    n_H, n_W = shape
    return np.array([[dz / (n_H * n_W)] * n_W for _ in range(n_H)])


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for (i, h, w, c), gradient in np.ndenumerate(dA):
        rows = slice(h * stride, h * stride + f)
        columns = slice(w * stride, w * stride + f)
        if mode == "max":
            mask = create_mask_from_window(A_prev[i, rows, columns, c])
            dA_prev[i, rows, columns, c] += mask * float(gradient)
        else:
            dA_prev[i, rows, columns, c] += distribute_value(float(gradient), (f, f))
    return dA_prev
"""

STYLES["vectorised"] = """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    rows = np.zeros((m, pad, n_W, n_C))
    X = np.concatenate([rows, X, rows], axis=1)
    columns = np.zeros((m, n_H + 2 * pad, pad, n_C))
    return np.concatenate([columns, X, columns], axis=2)


def conv_single_step(a_slice_prev, W, b):
    return (a_slice_prev * W).sum() + b[0, 0, 0]


def conv_forward(A_prev, W, b, hparameters):
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    n_H = (n_H_prev + 2 * pad - f) // stride + 1
    n_W = (n_W_prev + 2 * pad - f) // stride + 1
    A_prev_pad = zero_pad(A_prev, pad)
    Z = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            window = A_prev_pad[:, h * stride:h * stride + f, w * stride:w * stride + f, :]
            Z[:, h, w, :] = np.tensordot(window, W, axes=([1, 2, 3], [0, 1, 2])) + b[0, 0, 0]
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    f = hparameters["f"]
    s = hparameters["stride"]
    n_H = (A_prev.shape[1] - f) // s + 1
    n_W = (A_prev.shape[2] - f) // s + 1
    reduce = np.max if mode == "max" else np.mean
    A = np.stack(
        [
            np.stack(
                [
                    reduce(A_prev[:, h * s:h * s + f, w * s:w * s + f, :], axis=(1, 2))
                    for w in range(n_W)
                ],
                axis=1,
            )
            for h in range(n_H)
        ],
        axis=1,
    )
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    f = W.shape[0]
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros_like(A_prev_pad)
    dW = np.zeros_like(W)
    db = dZ.sum(axis=(0, 1, 2)).reshape(b.shape)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            rows = slice(h * stride, h * stride + f)
            columns = slice(w * stride, w * stride + f)
            g = dZ[:, h, w, :]
            dA_prev_pad[:, rows, columns, :] += np.tensordot(g, W, axes=([1], [3]))
            dW += np.tensordot(A_prev_pad[:, rows, columns, :], g, axes=([0], [0]))
    n_H, n_W = A_prev.shape[1:3]
    return dA_prev_pad[:, pad:pad + n_H, pad:pad + n_W, :], dW, db


def create_mask_from_window(x):
    mask = np.zeros(x.shape, dtype=bool)
    mask[np.unravel_index(np.argmax(x), x.shape)] = True
    return mask


def distribute_value(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f = hparameters["f"]
    s = hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            window = A_prev[:, h * s:h * s + f, w * s:w * s + f, :]
            g = dA[:, h:h + 1, w:w + 1, :]
            if mode == "max":
                share = (window == window.max(axis=(1, 2), keepdims=True)) * g
            else:
                share = np.ones(window.shape) * g / f**2
            dA_prev[:, h * s:h * s + f, w * s:w * s + f, :] += share
    return dA_prev
"""

STYLES["im2col"] = """
def im2col_indices(n_H_prev, n_W_prev, f, stride):
    tops = np.arange(0, n_H_prev - f + 1, stride)
    lefts = np.arange(0, n_W_prev - f + 1, stride)
    inside = np.arange(f)
    rows = tops[:, None, None, None] + inside[None, None, :, None]
    columns = lefts[None, :, None, None] + inside[None, None, None, :]
    return np.broadcast_arrays(rows, columns)


def zero_pad(X, pad):
    return np.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)])


def conv_single_step(a_slice_prev, W, b):
    Z = np.dot(a_slice_prev.flatten(), W.flatten()) + np.squeeze(b)
    return np.float64(Z)


def conv_forward(A_prev, W, b, hparameters):
    f, _, n_C_prev, n_C = W.shape
    X = zero_pad(A_prev, hparameters["pad"])
    rows, columns = im2col_indices(X.shape[1], X.shape[2], f, hparameters["stride"])
    n_H, n_W = rows.shape[:2]
    col = X[:, rows, columns, :].reshape(-1, f * f * n_C_prev)
    Z = col @ W.reshape(-1, n_C) + b.reshape(1, n_C)
    return Z.reshape(len(A_prev), n_H, n_W, n_C), (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    rows, columns = im2col_indices(
        A_prev.shape[1], A_prev.shape[2], hparameters["f"], hparameters["stride"]
    )
    windows = A_prev[:, rows, columns, :]
    if mode == "max":
        A = windows.max(axis=(3, 4))
    elif mode == "average":
        A = windows.mean(axis=(3, 4))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    pad = hparameters["pad"]
    f, _, n_C_prev, n_C = W.shape
    X = zero_pad(A_prev, pad)
    rows, columns = im2col_indices(X.shape[1], X.shape[2], f, hparameters["stride"])
    col = X[:, rows, columns, :].reshape(-1, f * f * n_C_prev)
    g = dZ.reshape(-1, n_C)
    dW = (col.T @ g).reshape(W.shape)
    db = g.sum(axis=0).reshape(1, 1, 1, n_C)
    dcol = (g @ W.reshape(-1, n_C).T).reshape(len(X), *rows.shape, n_C_prev)
    dX = np.zeros(X.shape)
    for i in range(len(X)):
        np.add.at(dX[i], (rows, columns), dcol[i])
    bottom, right = dX.shape[1] - pad, dX.shape[2] - pad
    return dX[:, pad:bottom, pad:right, :], dW, db


def create_mask_from_window(x):
    return np.isclose(x, x.max(), rtol=0, atol=0)


def distribute_value(dz, shape):
    a = np.zeros(shape)
    a += dz / a.size
    return a


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f = hparameters["f"]
    rows, columns = im2col_indices(
        A_prev.shape[1], A_prev.shape[2], f, hparameters["stride"]
    )
    windows = A_prev[:, rows, columns, :]
    g = dA[:, :, :, None, None, :]
    if mode == "max":
        share = (windows == windows.max(axis=(3, 4), keepdims=True)) * g
    else:
        share = np.broadcast_to(g / (f * f), windows.shape)
    dA_prev = np.zeros(A_prev.shape)
    for i in range(len(dA)):
        np.add.at(dA_prev[i], (rows, columns), share[i])
    return dA_prev
"""

STYLES["einsum"] = """
def zero_pad(X, pad):
    X_pad = np.zeros([n + 2 * pad * (axis in (1, 2)) for axis, n in enumerate(X.shape)])
    X_pad[:, pad:X_pad.shape[1] - pad, pad:X_pad.shape[2] - pad] = X
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    return np.einsum("uva,uva->", a_slice_prev, W) + b.sum()


def conv_forward(A_prev, W, b, hparameters):
    f = len(W)
    stride = hparameters["stride"]
    X = zero_pad(A_prev, hparameters["pad"])
    windows = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    Z = np.einsum("ihwauv,uvac->ihwc", windows, W) + b
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    f = hparameters["f"]
    stride = hparameters["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    A = {"max": np.max, "average": np.average}[mode](windows, axis=(4, 5))
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    pad, stride, f = hparameters["pad"], hparameters["stride"], len(W)
    X = zero_pad(A_prev, pad)
    windows = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    dW = np.einsum("ihwauv,ihwc->uvac", windows, dZ)
    db = np.einsum("ihwc->c", dZ)[None, None, None, :]
    parts = np.einsum("ihwc,uvac->ihwuva", dZ, W)
    dX = np.zeros_like(X)
    n_H, n_W = dZ.shape[1:3]
    for u in range(f):
        for v in range(f):
            dX[:, u:u + n_H * stride:stride, v:v + n_W * stride:stride][:, :n_H, :n_W] += (
                parts[:, :, :, u, v]
            )
    return dX[:, pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2]], dW, db


def create_mask_from_window(x):
    return np.equal(x, np.amax(x)).astype(bool)


def distribute_value(dz, shape):
    return np.tile(np.float64(dz) / np.prod(shape), shape)


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev, dtype=float)
    windows = np.lib.stride_tricks.sliding_window_view(
        dA_prev, (f, f), axis=(1, 2), writeable=True
    )[:, ::stride, ::stride]
    values = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))
    values = values[:, ::stride, ::stride]
    for i, h, w, c in np.ndindex(dA.shape):
        if mode == "average":
            windows[i, h, w, c] += distribute_value(dA[i, h, w, c], (f, f))
        else:
            windows[i, h, w, c] += create_mask_from_window(values[i, h, w, c]) * dA[i, h, w, c]
    return dA_prev
"""

STYLES["stride_tricks"] = """
def windows_of(X, f, stride):
    m, n_H_prev, n_W_prev, n_C = X.shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    s0, s1, s2, s3 = X.strides
    return np.lib.stride_tricks.as_strided(
        X,
        shape=(m, n_H, n_W, f, f, n_C),
        strides=(s0, s1 * stride, s2 * stride, s1, s2, s3),
    )


def zero_pad(X, pad):
    width = [(0, 0)] * X.ndim
    width[1] = width[2] = (pad, pad)
    return np.pad(X, width, mode="constant")


def conv_single_step(a_slice_prev, W, b):
    return float(np.vdot(np.ascontiguousarray(a_slice_prev), W)) + float(b.ravel()[0])


def conv_forward(A_prev, W, b, hparameters):
    X = np.ascontiguousarray(zero_pad(A_prev, hparameters["pad"]))
    Z = np.tensordot(windows_of(X, W.shape[0], hparameters["stride"]), W, axes=3) + b
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    windows = windows_of(A_prev, hparameters["f"], hparameters["stride"])
    if mode == "max":
        return windows.max((3, 4)), (A_prev, hparameters)
    return windows.mean((3, 4)), (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    X = np.ascontiguousarray(zero_pad(A_prev, pad))
    dW = np.tensordot(windows_of(X, f, stride), dZ, axes=([0, 1, 2], [0, 1, 2]))
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    # A strided convolution's gradient: spread dZ out, then correlate with the flipped filter.
    spread = np.zeros((len(dZ), X.shape[1] + f - 1, X.shape[2] + f - 1, dZ.shape[3]))
    n_H, n_W = dZ.shape[1:3]
    rows = f - 1 + stride * np.arange(n_H)
    columns = f - 1 + stride * np.arange(n_W)
    spread[:, rows[:, None], columns[None, :]] = dZ
    flipped = W[::-1, ::-1].transpose(0, 1, 3, 2)
    dX = np.tensordot(windows_of(spread, f, 1), flipped, axes=3)
    return dX[:, pad:dX.shape[1] - pad, pad:dX.shape[2] - pad], dW, db


def create_mask_from_window(x):
    mask = (x == np.max(x))
    return mask.astype(int)


def distribute_value(dz, shape):
    n_H = shape[0]
    n_W = shape[1]
    a = np.zeros((n_H, n_W))
    for h in range(n_H):
        for w in range(n_W):
            a[h][w] = dz / n_H / n_W
    return a


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    windows = windows_of(A_prev, f, stride)
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        if mode == "max":
            u, v = np.unravel_index(windows[i, h, w, :, :, c].argmax(), (f, f))
            dA_prev[i, h * stride + u, w * stride + v, c] += dA[i, h, w, c]
        elif mode == "average":
            dA_prev[i, h * stride:h * stride + f, w * stride:w * stride + f, c] += (
                dA[i, h, w, c] / (f * f)
            )
    return dA_prev
"""

STYLES["single_precision"] = """
def zero_pad(X, pad):
    return np.pad(X.astype(np.float32), ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_single_step(a_slice_prev, W, b):
    return np.float32(np.sum(a_slice_prev * W) + b.item())


def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    f, n_C = W.shape[0], W.shape[3]
    X = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H = (X.shape[1] - f) // stride + 1
    n_W = (X.shape[2] - f) // stride + 1
    Z = np.zeros((len(X), n_H, n_W, n_C), dtype=np.float32)
    for i, h, w, c in np.ndindex(Z.shape):
        window = X[i, h * stride:h * stride + f, w * stride:w * stride + f]
        Z[i, h, w, c] = np.sum(window * W[..., c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    n_H = (A_prev.shape[1] - f) // stride + 1
    n_W = (A_prev.shape[2] - f) // stride + 1
    A = np.zeros((len(A_prev), n_H, n_W, A_prev.shape[3]), dtype="float32")
    for i, h, w, c in np.ndindex(A.shape):
        window = A_prev[i, h * stride:h * stride + f, w * stride:w * stride + f, c]
        A[i, h, w, c] = window.max() if mode == "max" else window.mean()
    return A, (A_prev, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    n_H_prev, n_W_prev = A_prev.shape[1:3]
    X = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
    for i, h, w, c in np.ndindex(dZ.shape):
        rows = slice(h * stride, h * stride + f)
        columns = slice(w * stride, w * stride + f)
        dX[i, rows, columns] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += X[i, rows, columns] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    dA_prev = dX[:, pad:pad + n_H_prev, pad:pad + n_W_prev]
    return dA_prev.astype(np.float32), dW.astype(np.float32), db.astype(np.float32)


def create_mask_from_window(x):
    return x >= np.max(x)


def distribute_value(dz, shape):
    return np.ones(shape, dtype=np.float32) * dz / np.prod(shape)


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(dA.shape):
        rows = slice(h * stride, h * stride + f)
        columns = slice(w * stride, w * stride + f)
        window = A_prev[i, rows, columns, c]
        if mode == "max":
            dA_prev[i, rows, columns, c] += np.where(window == window.max(), dA[i, h, w, c], 0)
        if mode == "average":
            dA_prev[i, rows, columns, c] += dA[i, h, w, c] / window.size
    return dA_prev.astype(np.float32)
"""
