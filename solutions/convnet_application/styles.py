"""Correct solutions in the styles in which students write them, as source text.

No check may fail any of them and no misconception may be named. Each text holds all fifteen
functions, uses ``np`` for NumPy as the notebook does, and stands by itself.
"""

STYLES: dict[str, str] = {}

STYLES["vectorised"] = """
def relu_forward(Z):
    A = np.maximum(0, Z)
    return A


def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def flatten(A):
    (m, n_H, n_W, n_C) = A.shape
    A_flat = A.reshape(m, n_H * n_W * n_C)
    return A_flat


def dense_forward(A_prev, W, b):
    Z = np.dot(A_prev, W) + b
    cache = (A_prev, W, b)
    return Z, cache


def dense_backward(dZ, cache):
    (A_prev, W, b) = cache
    dA_prev = np.dot(dZ, W.T)
    dW = np.dot(A_prev.T, dZ)
    db = np.sum(dZ, axis=0, keepdims=True)
    assert dW.shape == W.shape
    assert db.shape == b.shape
    return dA_prev, dW, db


def softmax_cross_entropy(Z, labels):
    m = Z.shape[0]
    Z_shifted = Z - np.max(Z, axis=1, keepdims=True)
    log_sums = np.log(np.sum(np.exp(Z_shifted), axis=1, keepdims=True))
    log_P = Z_shifted - log_sums
    loss = -np.sum(log_P[np.arange(m), labels]) / m
    dZ = np.exp(log_P)
    dZ[np.arange(m), labels] -= 1
    dZ /= m
    return loss, dZ


def gradient_check(f, x, dx, dZ, h=1e-5):
    numeric = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        x_plus = x.copy()
        x_plus[index] += h
        x_minus = x.copy()
        x_minus[index] -= h
        numeric[index] = np.sum(dZ * (f(x_plus) - f(x_minus)) / (2 * h))
    numerator = np.linalg.norm(numeric - dx)
    denominator = np.linalg.norm(numeric) + np.linalg.norm(dx)
    error = numerator / denominator
    return numeric, error


def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    parameter = parameter - learning_rate * velocity
    return parameter, velocity


def network_backward(dlogits, memory, conv_backward, pool_backward):
    (Z1, conv1, pool1, Z2, conv2, pool2, A2, dense) = memory
    dA2, dW3, db3 = dense_backward(dlogits, dense)
    dA2 = np.reshape(dA2, A2.shape)
    dA1, dW2, db2 = conv_backward(relu_backward(pool_backward(dA2, pool2), Z2), conv2)
    dX, dW1, db1 = conv_backward(relu_backward(pool_backward(dA1, pool1), Z1), conv1)
    return dW1, db1, dW2, db2, dW3, db3


def im2col(X, f, stride):
    (m, n_H_prev, n_W_prev, n_C) = X.shape
    n_H = int((n_H_prev - f) / stride) + 1
    n_W = int((n_W_prev - f) / stride) + 1
    columns = np.zeros((m, n_H, n_W, f, f, n_C))
    for i in range(f):
        for j in range(f):
            vert_end = i + stride * n_H
            horiz_end = j + stride * n_W
            columns[:, :, :, i, j, :] = X[:, i:vert_end:stride, j:horiz_end:stride, :]
    columns = columns.reshape((m, n_H, n_W, f * f * n_C))
    return columns


def col2im(columns, shape, f, stride):
    (m, n_H_prev, n_W_prev, n_C) = shape
    n_H = int((n_H_prev - f) / stride) + 1
    n_W = int((n_W_prev - f) / stride) + 1
    windows = columns.reshape((m, n_H, n_W, f, f, n_C))
    X = np.zeros((m, n_H_prev, n_W_prev, n_C))
    for i in range(f):
        for j in range(f):
            vert_end = i + stride * n_H
            horiz_end = j + stride * n_W
            X[:, i:vert_end:stride, j:horiz_end:stride, :] += windows[:, :, :, i, j, :]
    return X


def conv_forward_fast(A_prev, W, b, hparameters):
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    A_prev_pad = np.pad(
        A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=0
    )
    columns = im2col(A_prev_pad, f, stride)
    W_matrix = W.reshape(-1, n_C)
    Z = np.dot(columns, W_matrix) + b
    cache = (A_prev, W, b, hparameters)
    return Z, cache


def conv_backward_fast(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (f, f, n_C_prev, n_C) = W.shape
    (m, n_H, n_W, n_C) = dZ.shape
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    columns = im2col(A_prev_pad, f, stride).reshape(m * n_H * n_W, f * f * n_C_prev)
    dZ_matrix = dZ.reshape(m * n_H * n_W, n_C)
    dW = np.dot(columns.T, dZ_matrix).reshape(f, f, n_C_prev, n_C)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    dcolumns = np.dot(dZ_matrix, W.reshape(f * f * n_C_prev, n_C).T)
    dcolumns = dcolumns.reshape(m, n_H, n_W, f * f * n_C_prev)
    dA_prev_pad = col2im(dcolumns, A_prev_pad.shape, f, stride)
    if pad > 0:
        dA_prev = dA_prev_pad[:, pad:-pad, pad:-pad, :]
    else:
        dA_prev = dA_prev_pad
    assert dA_prev.shape == A_prev.shape
    return dA_prev, dW, db


def pool_forward_fast(A_prev, hparameters, mode="max"):
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_C = A_prev.shape[-1]
    columns = im2col(A_prev, f, stride)
    (m, n_H, n_W, _) = columns.shape
    windows = columns.reshape(m, n_H, n_W, f * f, n_C)
    if mode == "max":
        A = windows.max(axis=3)
    elif mode == "average":
        A = windows.mean(axis=3)
    cache = (A_prev, hparameters)
    return A, cache


def pool_backward_fast(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    f = hparameters["f"]
    stride = hparameters["stride"]
    (m, n_H, n_W, n_C) = dA.shape
    windows = im2col(A_prev, f, stride).reshape(m, n_H, n_W, f * f, n_C)
    if mode == "max":
        mask = windows == windows.max(axis=3, keepdims=True)
        dwindows = mask * dA[:, :, :, np.newaxis, :]
    elif mode == "average":
        dwindows = np.repeat(dA[:, :, :, np.newaxis, :] / (f * f), f * f, axis=3)
    dA_prev = col2im(dwindows.reshape(m, n_H, n_W, f * f * n_C), A_prev.shape, f, stride)
    return dA_prev
"""

STYLES["plain"] = """
def relu_forward(Z):
    A = np.zeros(Z.shape)
    for index in np.ndindex(Z.shape):
        if Z[index] > 0:
            A[index] = Z[index]
    return A


def relu_backward(dA, Z):
    dZ = np.zeros(Z.shape)
    for index, z in np.ndenumerate(Z):
        if z > 0:
            dZ[index] = dA[index]
    return dZ


def flatten(A):
    rows = []
    for example in A:
        row = []
        for h in range(A.shape[1]):
            for w in range(A.shape[2]):
                for c in range(A.shape[3]):
                    row.append(example[h, w, c])
        rows.append(row)
    return np.array(rows)


def dense_forward(A_prev, W, b):
    m, n_prev = A_prev.shape
    n = W.shape[1]
    Z = np.zeros((m, n))
    for i in range(m):
        for k in range(n):
            Z[i, k] = b[0, k]
            for j in range(n_prev):
                Z[i, k] += A_prev[i, j] * W[j, k]
    return Z, (A_prev, W, b)


def dense_backward(dZ, cache):
    A_prev, W, b = cache
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(dZ.shape[0]):
        for k in range(dZ.shape[1]):
            db[0, k] += dZ[i, k]
            dW[:, k] += A_prev[i] * dZ[i, k]
            dA_prev[i] += W[:, k] * dZ[i, k]
    return dA_prev, dW, db


def softmax_cross_entropy(Z, labels):
    m, n = Z.shape
    one_hot = np.zeros((m, n))
    for i in range(m):
        one_hot[i, labels[i]] = 1
    loss = 0.0
    P = np.zeros((m, n))
    for i in range(m):
        z = Z[i] - Z[i].max()
        log_p = z - np.log(np.exp(z).sum())
        P[i] = np.exp(log_p)
        loss = loss - np.sum(one_hot[i] * log_p) / m
    dZ = (P - one_hot) / m
    return loss, dZ


def gradient_check(f, x, dx, dZ, h=1e-5):
    numeric = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        up = np.sum(dZ * f(x))
        x[index] = old - h
        down = np.sum(dZ * f(x))
        x[index] = old
        numeric[index] = (up - down) / (2 * h)
    difference = np.sqrt(np.sum((numeric - dx) ** 2))
    total = np.sqrt(np.sum(numeric**2)) + np.sqrt(np.sum(dx**2))
    return numeric, difference / total


def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    new_parameter = parameter.copy()
    new_velocity = velocity.copy()
    for index in np.ndindex(parameter.shape):
        new_velocity[index] = momentum * velocity[index] + gradient[index]
        new_parameter[index] -= learning_rate * new_velocity[index]
    return new_parameter, new_velocity


def network_backward(dlogits, memory, conv_backward, pool_backward):
    Z1, conv1, pool1, Z2, conv2, pool2, A2, dense = memory
    m, n_H, n_W, n_C = A2.shape
    # the fully connected layer
    gradient, dW3, db3 = dense_backward(dlogits, dense)
    gradient = gradient.reshape(m, n_H, n_W, n_C)
    # the second trio
    gradient = pool_backward(gradient, pool2)
    gradient = relu_backward(gradient, Z2)
    gradient, dW2, db2 = conv_backward(gradient, conv2)
    # the first trio
    gradient = pool_backward(gradient, pool1)
    gradient = relu_backward(gradient, Z1)
    gradient, dW1, db1 = conv_backward(gradient, conv1)
    return dW1, db1, dW2, db2, dW3, db3


def im2col(X, f, stride):
    m, n_H_prev, n_W_prev, n_C = X.shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    columns = np.zeros((m, n_H, n_W, f * f * n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert_start = h * stride
                horiz_start = w * stride
                window = X[i, vert_start:vert_start + f, horiz_start:horiz_start + f, :]
                columns[i, h, w, :] = window.flatten()
    return columns


def col2im(columns, shape, f, stride):
    m, n_H, n_W, _ = columns.shape
    n_C = shape[3]
    X = np.zeros(shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert_start = h * stride
                horiz_start = w * stride
                window = columns[i, h, w].reshape(f, f, n_C)
                X[i, vert_start:vert_start + f, horiz_start:horiz_start + f, :] += window
    return X


def conv_forward_fast(A_prev, W, b, hparameters):
    f, _, n_C_prev, n_C = W.shape
    pad = hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    padded = np.zeros((m, n_H_prev + 2 * pad, n_W_prev + 2 * pad, n_C_prev))
    padded[:, pad:pad + n_H_prev, pad:pad + n_W_prev, :] = A_prev
    columns = im2col(padded, f, hparameters["stride"])
    _, n_H, n_W, _ = columns.shape
    Z = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for c in range(n_C):
            Z[i, :, :, c] = columns[i] @ W[:, :, :, c].flatten() + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def conv_backward_fast(dZ, cache):
    A_prev, W, b, hparameters = cache
    f, _, n_C_prev, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    padded = np.zeros((m, n_H_prev + 2 * pad, n_W_prev + 2 * pad, n_C_prev))
    padded[:, pad:pad + n_H_prev, pad:pad + n_W_prev, :] = A_prev
    columns = im2col(padded, f, stride)
    dcolumns = np.zeros(columns.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for c in range(n_C):
        weights = W[:, :, :, c].flatten()
        gradient = np.zeros(weights.shape)
        for i in range(m):
            for h in range(dZ.shape[1]):
                for w in range(dZ.shape[2]):
                    gradient += dZ[i, h, w, c] * columns[i, h, w]
                    dcolumns[i, h, w] += dZ[i, h, w, c] * weights
        dW[:, :, :, c] = gradient.reshape(f, f, n_C_prev)
        db[0, 0, 0, c] = dZ[:, :, :, c].sum()
    d_padded = col2im(dcolumns, padded.shape, f, stride)
    return d_padded[:, pad:pad + n_H_prev, pad:pad + n_W_prev], dW, db


def pool_forward_fast(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            window = A_prev[:, h * stride:h * stride + f, w * stride:w * stride + f, :]
            if mode == "max":
                A[:, h, w, :] = np.max(window, axis=(1, 2))
            else:
                A[:, h, w, :] = np.sum(window, axis=(1, 2)) / (f * f)
    return A, (A_prev, hparameters)


def pool_backward_fast(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            rows = slice(h * stride, h * stride + f)
            cols = slice(w * stride, w * stride + f)
            gradient = dA[:, h:h + 1, w:w + 1, :]
            if mode == "max":
                window = A_prev[:, rows, cols, :]
                mask = window == window.max(axis=(1, 2), keepdims=True)
                dA_prev[:, rows, cols, :] += mask * gradient
            else:
                dA_prev[:, rows, cols, :] += gradient / f**2
    return dA_prev
"""

STYLES["strided"] = """
def relu_forward(Z):
    return np.where(Z > 0, Z, 0)


def relu_backward(dA, Z):
    return np.where(Z > 0, dA, 0)


def flatten(A):
    return A.reshape(A.shape[0], -1)


def dense_forward(A_prev, W, b):
    m, n_prev, n = *A_prev.shape, W.shape[1]
    Z = np.zeros((m, n))
    for i in range(m):
        for k in range(n):
            for j in range(n_prev):
                Z[i, k] += A_prev[i, j] * W[j, k]
            Z[i, k] += b[0, k]
    return Z, (A_prev, W, b)


def dense_backward(dZ, cache):
    A_prev, W, b = cache
    dA_prev = np.einsum("ik,jk->ij", dZ, W)
    dW = np.einsum("ij,ik->jk", A_prev, dZ)
    return dA_prev, dW, dZ.sum(0)[None, :]


def softmax_cross_entropy(Z, labels):
    m, n = Z.shape
    top = Z.max(axis=1)[:, None]
    log_P = Z - top - np.log(np.exp(Z - top).sum(axis=1))[:, None]
    one_hot = np.eye(n)[labels]
    loss = -np.einsum("ij,ij->", one_hot, log_P) / m
    return loss, (np.exp(log_P) - one_hot) / m


def gradient_check(f, x, dx, dZ, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [np.vdot(dZ, f(x + step) - f(x - step)) / (2 * h) for step in steps]
    numeric = np.reshape(slopes, x.shape)
    norm = np.linalg.norm
    return numeric, norm((numeric - dx).ravel()) / (norm(numeric.ravel()) + norm(dx.ravel()))


def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    v = np.add(momentum * velocity, gradient)
    return np.subtract(parameter, learning_rate * v), v


def network_backward(dlogits, memory, conv_backward, pool_backward):
    *trios, A2, dense = memory
    dA, *gradients = dense_backward(dlogits, dense)
    dA = dA.reshape(A2.shape)
    for Z, conv, pool in (trios[3:], trios[:3]):
        dA, dW, db = conv_backward(relu_backward(pool_backward(dA, pool, mode="max"), Z), conv)
        gradients = [dW, db, *gradients]
    return tuple(gradients)


def im2col(X, f, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(*windows.shape[:3], -1)


def col2im(columns, shape, f, stride):
    m, n_H, n_W, _ = columns.shape
    rows = stride * np.arange(n_H)[:, None, None, None] + np.arange(f)[:, None]
    cols = stride * np.arange(n_W)[:, None, None] + np.arange(f)
    X = np.zeros(shape)
    np.add.at(X, (slice(None), rows, cols), columns.reshape(m, n_H, n_W, f, f, shape[3]))
    return X


def conv_forward_fast(A_prev, W, b, hparameters):
    f, pad, s = W.shape[0], hparameters["pad"], hparameters["stride"]
    X = np.pad(A_prev, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    m, n_H, n_W, n_C = X.shape
    windows = np.lib.stride_tricks.as_strided(
        X,
        (m, (n_H - f) // s + 1, (n_W - f) // s + 1, f, f, n_C),
        (X.strides[0], s * X.strides[1], s * X.strides[2], *X.strides[1:]),
    )
    Z = np.tensordot(windows, W, axes=3) + b[0, 0, 0]
    return Z, (A_prev, W, b, hparameters)


def conv_backward_fast(dZ, cache):
    A_prev, W, b, hparameters = cache
    f, pad, s = W.shape[0], hparameters["pad"], hparameters["stride"]
    X = np.pad(A_prev, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))[:, ::s, ::s]
    dW = np.einsum("ihwcrs,ihwk->rsck", windows, dZ)
    dwindows = np.einsum("ihwk,rsck->ihwrsc", dZ, W)
    dX = col2im(dwindows.reshape(*dZ.shape[:3], -1), X.shape, f, s)
    n_H, n_W = A_prev.shape[1:3]
    return dX[:, pad:pad + n_H, pad:pad + n_W], dW, np.einsum("ihwk->k", dZ).reshape(b.shape)


def pool_forward_fast(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))[:, ::s, ::s]
    A = {"max": np.max, "average": np.mean}[mode](windows, axis=(-2, -1))
    return A, (A_prev, hparameters)


def pool_backward_fast(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))[:, ::s, ::s]
    i, h, w, c = np.indices(dA.shape)
    dA_prev = np.zeros_like(A_prev)
    if mode == "max":
        flat = windows.reshape(*dA.shape, f * f).argmax(axis=-1)
        np.add.at(dA_prev, (i, h * s + flat // f, w * s + flat % f, c), dA)
    else:
        for row, column in np.ndindex(f, f):
            np.add.at(dA_prev, (i, h * s + row, w * s + column, c), dA / f**2)
    return dA_prev
"""

STYLES["sloppy"] = """
def windows_of(X, f, stride):
    n_H = len(range(0, X.shape[1] - f + 1, stride))
    n_W = len(range(0, X.shape[2] - f + 1, stride))
    parts = [
        X[:, i:, j:, :][:, ::stride, ::stride, :][:, :n_H, :n_W, :]
        for i in range(f) for j in range(f)
    ]
    return np.stack(parts, axis=3)


def pad_images(X, pad):
    return np.pad(X, ((0,), (pad,), (pad,), (0,)), mode="constant") if pad else X


def softmax(Z):
    Z = Z - np.max(Z, axis=-1).reshape(-1, 1)
    P = np.exp(Z)
    return Z, P / np.sum(P, axis=-1).reshape(len(P), 1)


def relu_forward(Z):
    A = Z.copy()
    A[A < 0] = 0
    return A.astype(np.float32)


def relu_backward(dA, Z):
    return dA * (Z > 0).astype(int)


def flatten(A):
    return np.array([a.flatten() for a in A])


def dense_forward(A_prev, W, b):
    return [(W.T.dot(A_prev.T) + b.T).T, [A_prev, W, b]]


def dense_backward(dZ, cache):
    ones = np.ones((1, dZ.shape[0]))
    return [dZ.dot(cache[1].T), dZ.T.dot(cache[0]).T, ones.dot(dZ)]


def softmax_cross_entropy(Z, labels):
    shifted, P = softmax(Z)
    n = Z.shape[1]
    y = (np.arange(n) == labels.reshape(-1, 1)).astype(float)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    losses = log_sum - (shifted * y).sum(axis=1)
    return [float(losses.mean()), (P - y) / Z.shape[0]]


def gradient_check(f, x, dx, dZ, h=1e-5):
    def loss(flat):
        return np.sum(f(flat.reshape(x.shape)) * dZ)

    flat = x.flatten()
    numeric = np.empty(flat.size)
    for k in range(flat.size):
        e = np.zeros(flat.size)
        e[k] = h
        numeric[k] = 0.5 * (loss(flat + e) - loss(flat - e)) / h
    numeric = numeric.reshape(x.shape)
    error = np.linalg.norm(dx - numeric) / (np.linalg.norm(dx) + np.linalg.norm(numeric))
    return [numeric, float(error)]


def sgd_momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    v = gradient + velocity * momentum
    p = parameter - v * learning_rate
    return [p, v]


def network_backward(dlogits, memory, conv_backward, pool_backward):
    Z1, c1, p1, Z2, c2, p2, A2, d = memory
    dA, dW3, db3 = dense_backward(dlogits, d)
    dA = pool_backward(dA.reshape(A2.shape), p2)
    dA = dA * (p2[0] > 0)   # A > 0 where Z > 0
    dA, dW2, db2 = conv_backward(dZ=dA, cache=c2)
    dA = pool_backward(dA, p1) * (Z1 > 0)
    dW1, db1 = conv_backward(dA, c1)[1:]
    return [dW1, db1, dW2, db2, dW3, db3]


def im2col(X, f, stride):
    w = windows_of(X, f, stride)
    return w.reshape(w.shape[0], w.shape[1], w.shape[2], -1)


def col2im(columns, shape, f, stride):
    (m, n_H_prev, n_W_prev, n_C) = shape
    (_, n_H, n_W, _) = columns.shape
    X = np.zeros(shape)
    parts = np.split(columns, f * f, axis=3)
    for k in range(f * f):
        i, j = divmod(k, f)
        for h in range(n_H):
            for w in range(n_W):
                X[:, h * stride + i, w * stride + j] += parts[k][:, h, w]
    return X


def conv_forward_fast(A_prev, W, b, hparameters):
    f, n_C = W.shape[0], W.shape[-1]
    columns = im2col(pad_images(A_prev, hparameters["pad"]), f, hparameters["stride"])
    m, n_H, n_W, k = columns.shape
    Z = (W.reshape(k, n_C).T @ columns.reshape(-1, k).T).T.reshape(m, n_H, n_W, n_C)
    Z += b
    return [Z, [A_prev, W, b, hparameters]]


def conv_backward_fast(dZ, cache):
    A_prev, W, b, hp = cache
    f, pad, stride = W.shape[0], hp["pad"], hp["stride"]
    padded = pad_images(A_prev, pad)
    w = windows_of(padded, f, stride)
    dW = np.tensordot(w, dZ, axes=((0, 1, 2), (0, 1, 2))).reshape(W.shape)
    db = dZ.sum(axis=0).sum(axis=0).sum(axis=0).reshape(1, 1, 1, -1)
    dcolumns = dZ @ W.reshape(-1, W.shape[3]).T
    dA = col2im(dcolumns, padded.shape, f, stride)
    dA = dA[:, pad:dA.shape[1] - pad, pad:dA.shape[2] - pad, :]
    return [dA, dW, db]


def pool_forward_fast(A_prev, hparameters, mode="max"):
    w = windows_of(A_prev, hparameters["f"], hparameters["stride"])
    A = np.sort(w, axis=3)[:, :, :, -1] if mode == "max" else w.sum(axis=3) / w.shape[3]
    return [A, [A_prev, hparameters]]


def pool_backward_fast(dA, cache, mode="max"):
    A_prev, hp = cache
    w = windows_of(A_prev, hp["f"], hp["stride"])
    g = np.zeros(w.shape)
    if mode == "max":
        np.put_along_axis(g, w.argmax(axis=3)[:, :, :, None], dA[:, :, :, None], axis=3)
    else:
        g += np.expand_dims(dA, 3) / w.shape[3]
    return col2im(g.reshape(*g.shape[:3], -1), A_prev.shape, hp["f"], hp["stride"])
"""
