"""Beginners' attempts at conv_backward."""

from functools import partial

from solutions.corpora.beginners.model import beginner

conv = partial(beginner, "conv_backward")

HEAD = """
def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape
"""


def body(causes, note, text):
    """Return an attempt that keeps the stub's first lines."""
    return conv(causes, note, HEAD + text.strip("\n"))


BEGINNERS = (
    body(
        "",
        "reads dZ without the channel",
        """
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    X, dX = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows = slice(h * stride, h * stride + f)
                    cols = slice(w * stride, w * stride + f)
                    g = dZ[i, h, w]
                    dX[i, rows, cols] += g * W[..., c]
                    dW[..., c] += g * X[i, rows, cols]
                    db[..., c] += g
        dA_prev[i] = dX[i, pad:pad + n_H_prev, pad:pad + n_W_prev]
    return dA_prev, dW, db
""",
    ),
    body(
        "",
        "takes the height twice where it crops",
        """
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    X, dX = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows = slice(h * stride, h * stride + f)
                    cols = slice(w * stride, w * stride + f)
                    dX[i, rows, cols] += dZ[i, h, w, c] * W[..., c]
                    dW[..., c] += dZ[i, h, w, c] * X[i, rows, cols]
                    db[..., c] += dZ[i, h, w, c]
        inner = dX[i, pad:pad + n_H_prev, pad:pad + n_H_prev]
        dA_prev[i] = inner
    return dA_prev, dW, db
""",
    ),
    body(
        "dZ_example_missing",
        "reads dZ without the example",
        """
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    X, dX = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows = slice(h * stride, h * stride + f)
                    cols = slice(w * stride, w * stride + f)
                    g = dZ[h, w, c]
                    dX[i, rows, cols] += g * W[..., c]
                    dW[..., c] += g * X[i, rows, cols]
                    db[..., c] += g
        dA_prev[i] = dX[i, pad:pad + n_H_prev, pad:pad + n_W_prev]
    return dA_prev, dW, db
""",
    ),
    body(
        "pad_zero_crop",
        "the original's hint",
        """
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
                    vs, hs = h * stride, w * stride
                    a_slice = a_prev_pad[vs:vs + f, hs:hs + f, :]
                    da_prev_pad[vs:vs + f, hs:hs + f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_slice * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
        dA_prev[i, :, :, :] = da_prev_pad[pad:-pad, pad:-pad, :]
    return dA_prev, dW, db
""",
    ),
    body(
        "pad_zero_crop",
        "crops the whole batch at the end",
        """
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    X = zero_pad(A_prev, pad)
    dX = np.zeros_like(X)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    r = slice(h*stride, h*stride+f)
                    q = slice(w*stride, w*stride+f)
                    dX[i, r, q] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, r, q] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:-pad, pad:-pad, :], dW, db
""",
    ),
    body(
        "pad_zero_crop stride_ignored",
        "the hint's crop and no stride",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = a_prev_pad[h:h + f, w:w + f, :]
                    da_prev_pad[h:h + f, w:w + f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_slice * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
        dA_prev[i, :, :, :] = da_prev_pad[pad:-pad, pad:-pad, :]
    return dA_prev, dW, db
""",
    ),
    body(
        "stride_ignored",
        "corners h and w, a crop that works",
        """
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    X = zero_pad(A_prev, pad)
    dX = np.zeros_like(X)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    dX[i, h:h+f, w:w+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, h:h+f, w:w+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "random_initial_gradient",
        "initialises as if they were weights",
        """
    dA_prev = np.random.randn(m, n_H_prev, n_W_prev, n_C_prev)
    dW = np.random.randn(f, f, n_C_prev, n_C)
    db = np.random.randn(1, 1, 1, n_C)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    dA_prev = dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :]
    return dA_prev, dW, db
""",
    ),
    body(
        "db_shape",
        "db as a plain vector",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(n_C)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[c] += dZ[i, h, w, c]
    dA_prev = dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :]
    return dA_prev, dW, db
""",
    ),
    body(
        "db_shape",
        "sums dZ down to one number",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
    db = np.sum(dZ)
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "last_example_only stands_after_loop",
        "the copy back stands outside the loop",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h * stride, w * stride
                    da_prev_pad[vs:vs+f, hs:hs+f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_prev_pad[vs:vs+f, hs:hs+f, :] * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
    dA_prev[i] = da_prev_pad[pad:pad + n_H_prev, pad:pad + n_W_prev, :]
    return dA_prev, dW, db
""",
    ),
    body(
        "crop_missing",
        "returns the padded gradient",
        """
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_prev = zero_pad(A_prev, pad)
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h * stride, w * stride
                    dA_prev[i, vs:vs+f, hs:hs+f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += A_prev[i, vs:vs+f, hs:hs+f, :] * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
    return dA_prev, dW, db
""",
    ),
    body(
        "crop_missing",
        "assigns the padded one and meets an exception",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h * stride, w * stride
                    da_prev_pad[vs:vs+f, hs:hs+f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_prev_pad[vs:vs+f, hs:hs+f, :] * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
        dA_prev[i, :, :, :] = da_prev_pad
    return dA_prev, dW, db
""",
    ),
    body(
        "dA_prev_stays_zero",
        "believes that dA_prev_pad is a view of dA_prev",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dA_prev, dW, db
""",
    ),
    body(
        "dW_overwritten db_overwritten dA_overwritten",
        "= instead of += in all three lines",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] = W[..., c] * dZ[i, h, w, c]
                    dW[..., c] = X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] = dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "db_overwritten",
        "forgets one plus sign",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] = dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "averaged_over_examples",
        "remembers 1/m from logistic regression",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += (1/m) * X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += (1/m) * dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "filter_flipped",
        "read about the full convolution with the turned filter",
        """
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    W_rot = np.rot90(W, 2, axes=(0, 1))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W_rot[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "loop_bound_n_minus_f",
        "subtracts f again",
        """
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H - f + 1):
            for w in range(n_W - f + 1):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "height_width_swapped_loops",
        "unpacks dZ's shape in the wrong order",
        """
    (m, n_W, n_H, n_C) = dZ.shape
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "dZ_at_window_corner",
        "reads dZ with the window's corner",
        """
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start, horiz_start = h*stride, w*stride
                    vert_end, horiz_end = vert_start + f, horiz_start + f
                    g = dZ[i, vert_start, horiz_start, c]
                    dX[i, vert_start:vert_end, horiz_start:horiz_end] += W[..., c] * g
                    dW[..., c] += X[i, vert_start:vert_end, horiz_start:horiz_end] * g
                    db[..., c] += g
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "starts_from_input",
        "pads A_prev twice",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dA_prev_pad[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += A_prev_pad[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
        dA_prev[i] = dA_prev_pad[i, pad:pad+n_H_prev, pad:pad+n_W_prev, :]
    return dA_prev, dW, db
""",
    ),
    body(
        "db_shape",
        "keeps the examples apart in db",
        """
    dW = np.zeros(W.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for h in range(n_H):
        for w in range(n_W):
            r = slice(h*stride, h*stride+f)
            q = slice(w*stride, w*stride+f)
            dX[:, r, q, :] += np.einsum('ic,uvac->iuva', dZ[:, h, w], W)
            dW += np.einsum('iuva,ic->uvac', X[:, r, q], dZ[:, h, w])
    db = np.sum(dZ, axis=(1, 2))
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "dA_prev_stays_zero",
        "multiplies into zeros instead of adding",
        """
    dW = np.zeros(W.shape)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    dX[i, h*stride:h*stride+f, w*stride:w*stride+f] = (
                        dX[i, h*stride:h*stride+f, w*stride:w*stride+f] * W[..., c] * dZ[i, h, w, c]
                    )
                    dW[..., c] += X[i, h*stride:h*stride+f, w*stride:w*stride+f] * dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "crop_at_corner",
        "cuts from the top left",
        """
    dW = np.zeros(W.shape)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
    return dX[:, :n_H_prev, :n_W_prev, :], dW, db
""",
    ),
    body(
        "filter_and_input_swapped",
        "mixes up the two products",
        """
    dW = np.zeros(W.shape)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    dW[..., c] += W[..., c] * dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "undefined_name",
        "n_H_prev is called nH_prev in the crop",
        """
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, vs:vs+f, hs:hs+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+nH_prev, pad:pad+nW_prev, :], dW, db
""",
    ),
    conv(
        "not_implemented",
        "stops after the zeros",
        """
def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    A_prev_pad = None
    dA_prev_pad = None
    return dA_prev, dW, db
""",
    ),
    conv(
        "cache_unpacking hyperparameter_unused result_never_filled",
        "unpacks the cache in another order",
        """
def conv_backward(dZ, cache):
    (W, A_prev, b, hparameters) = cache
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    return dA_prev, dW, db
""",
    ),
    body(
        "stride_ignored db_shape",
        "two mistakes in different places",
        """
    dW = np.zeros_like(W)
    X = zero_pad(A_prev, pad)
    dX = np.zeros_like(X)
    db = np.sum(dZ, axis=(0, 1, 2))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    dX[i, h:h+f, w:w+f] += dZ[i, h, w, c] * W[..., c]
                    dW[..., c] += dZ[i, h, w, c] * X[i, h:h+f, w:w+f]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "unpadded_input",
        "pads dA_prev only",
        """
    dA_prev = np.zeros_like(A_prev)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    db[..., c] += dZ[i, h, w, c]
                    dX[i, vs:vs+f, hs:hs+f] += dZ[i, h, w, c] * W[..., c]
                    dW[..., c] += dZ[i, h, w, c] * A_prev[i, vs:vs+f, hs:hs+f]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "window_is_stride",
        "windows of stride x stride",
        """
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    X = zero_pad(A_prev, pad)
    dX = np.zeros_like(X)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows = slice(h*stride, (h+1)*stride)
                    cols = slice(w*stride, (w+1)*stride)
                    dX[i, rows, cols] += dZ[i, h, w, c] * W[..., c]
                    dW[..., c] += dZ[i, h, w, c] * X[i, rows, cols]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "hard_coded_example",
        "the input of the first example throughout",
        """
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    X = zero_pad(A_prev, pad)
    dX = np.zeros_like(X)
    a_prev_pad = X[0]
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h*stride, w*stride
                    dX[i, vs:vs+f, hs:hs+f] += dZ[i, h, w, c] * W[..., c]
                    dW[..., c] += dZ[i, h, w, c] * a_prev_pad[vs:vs+f, hs:hs+f]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev, :], dW, db
""",
    ),
    body(
        "pad_zero_crop stride_ignored last_example_only stands_after_loop",
        "three things that are each seen often",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = zero_pad(dA_prev, pad)
    for i in range(m):
        x, dx = X[i], dX[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    dx[h:h+f, w:w+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += x[h:h+f, w:w+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    dA_prev[i] = dx[pad:-pad, pad:-pad]
    return dA_prev, dW, db
""",
    ),
    body(
        "crop_too_small",
        "ends the crop where the image would end without padding",
        """
    dA_prev = np.zeros(A_prev.shape)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    X, dX = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                y, x = h * stride, w * stride
                for c in range(n_C):
                    dX[i, y:y+f, x:x+f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += X[i, y:y+f, x:x+f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
        dA_prev[i] = dX[i, pad:n_H_prev, pad:n_W_prev]
    return dA_prev, dW, db
""",
    ),
    body(
        "last_channel_only stands_after_loop",
        "indents db too little",
        """
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    X = zero_pad(A_prev, pad)
    dX = np.zeros(X.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                y, x = h * stride, w * stride
                for c in range(n_C):
                    g = dZ[i, h, w, c]
                    dX[i, y:y+f, x:x+f] += W[..., c] * g
                    dW[..., c] += X[i, y:y+f, x:x+f] * g
                db[..., c] += g
    return dX[:, pad:pad+n_H_prev, pad:pad+n_W_prev], dW, db
""",
    ),
    body(
        "unfinished_part",
        "leaves the three updates",
        """
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    X, dX = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = X[i, h*stride:h*stride+f, w*stride:w*stride+f, :]
                    dX[i, h*stride:h*stride+f, w*stride:w*stride+f, :] += None
                    dW[:, :, :, c] += None
                    db[:, :, :, c] += None
    return dA_prev, dW, db
""",
    ),
    body(
        "used_before_assigned",
        "makes db after it was used",
        """
    for c in range(n_C):
        db[..., c] += np.sum(dZ[..., c])
    db = np.zeros(b.shape)
    return A_prev, W, db
""",
    ),
)
