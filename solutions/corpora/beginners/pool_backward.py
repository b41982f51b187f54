"""Beginners' attempts at pool_backward."""

from functools import partial

from solutions.corpora.beginners.model import beginner

pool = partial(beginner, "pool_backward")

HEAD = """
def pool_backward(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        a_prev = A_prev[i]
"""
LOOPS = """
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
"""
TAIL = """
    return dA_prev
"""


def body(causes, note, text):
    """Return an attempt that keeps the stub's first and last lines."""
    return pool(causes, note, HEAD.rstrip("\n") + "\n" + text.strip("\n") + TAIL)


def inner(causes, note, text):
    """Return an attempt whose loops and corners are right."""
    return body(causes, note, LOOPS.strip("\n") + "\n" + text.strip("\n"))


BEGINNERS = (
    body(
        "stride_ignored",
        "corners h and w",
        """
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    if mode == "max":
                        mask = create_mask_from_window(a_prev[h:h+f, w:w+f, c])
                        dA_prev[i, h:h+f, w:w+f, c] += mask * dA[i, h, w, c]
                    elif mode == "average":
                        dA_prev[i, h:h+f, w:w+f, c] += distribute_value(dA[i, h, w, c], (f, f))
""",
    ),
    inner(
        "dA_at_window_corner",
        "indexes dA with the corner in both modes",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, vert_start, horiz_start, c])
                    elif mode == "average":
                        da = dA[i, vert_start, horiz_start, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, (f, f)))
""",
    ),
    inner(
        "dA_at_window_corner",
        "only in mode max",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        value = dA[i, vert_start, horiz_start, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += mask * value
                    elif mode == "average":
                        value = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(value, (f, f)))
""",
    ),
    inner(
        "mask_times_input",
        "multiplies the mask with what it was made from",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += mask * a_slice
                    else:
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    inner(
        "dA_sliced_by_window",
        "slices dA like A_prev",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        da = dA[i, vert_start:vert_end, horiz_start:horiz_end, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += mask * da
                    else:
                        da = np.mean(dA[i, vert_start:vert_end, horiz_start:horiz_end, c])
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, (f, f)))
""",
    ),
    inner(
        "mean_added_twice",
        "adds da again",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            np.multiply(mask, dA[i, h, w, c]))
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        shape = (f, f)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, shape) + da)
""",
    ),
    body(
        "stride_ignored hyperparameter_unused dA_sliced_by_window mean_added_twice",
        "the copy that many have found",
        """
        for h in range(n_H_prev-f+1):
            for w in range(n_W_prev-f+1):
                for c in range(n_C):
                    top, bottom, left, right = h, h+f, w, w+f
                    if mode == "max":
                        mask = create_mask_from_window(a_prev[top:bottom, left:right, c])
                        dA_prev[i, top:bottom, left:right, c] += np.multiply(
                            mask, dA[i, top:bottom, left:right, c])
                    elif mode == "average":
                        da = np.mean(dA[i, top:bottom, left:right, c])
                        shape = (f, f)
                        dA_prev[i, top:bottom, left:right, c] += distribute_value(da, shape) + da
""",
    ),
    inner(
        "sum_of_dA",
        "sums all of dA",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * np.sum(dA))
                    elif mode == "average":
                        da = np.sum(dA)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, (f, f)))
""",
    ),
    inner(
        "overlap_overwritten",
        "assigns in both modes",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] = (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] = (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    inner(
        "window_size_hard_coded",
        "shape = (2, 2)",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        shape = (2, 2)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], shape))
""",
    ),
    inner(
        "average_not_divided",
        "adds da to the window",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += dA[i, h, w, c]
""",
    ),
    inner(
        "average_divided_twice",
        "averages and distributes",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        average = dA[i, h, w, c] / (f * f)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(average, (f, f)))
""",
    ),
    inner(
        "",
        "distributes over the whole input",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        shape = (n_H_prev, n_W_prev)
                        dA_prev[i, :, :, c] += distribute_value(dA[i, h, w, c], shape)
""",
    ),
    inner(
        "mode_name",
        "calls it mean",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "mean":
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    body(
        "height_width_swapped_loops",
        "n_W first",
        """
        for h in range(n_W):
            for w in range(n_H):
                for c in range(n_C):
                    vs, hs = h * stride, w * stride
                    if mode == "max":
                        mask = create_mask_from_window(a_prev[vs:vs+f, hs:hs+f, c])
                        dA_prev[i, vs:vs+f, hs:hs+f, c] += mask * dA[i, h, w, c]
                    else:
                        dA_prev[i, vs:vs+f, hs:hs+f, c] += distribute_value(dA[i, h, w, c], (f, f))
""",
    ),
    body(
        "loops_over_input",
        "loops over the input, indexes dA by it",
        """
        for h in range(n_H_prev):
            for w in range(n_W_prev):
                for c in range(n_C):
                    vs, hs = h * stride, w * stride
                    if mode == "max":
                        mask = create_mask_from_window(a_prev[vs:vs+f, hs:hs+f, c])
                        dA_prev[i, vs:vs+f, hs:hs+f, c] += mask * dA[i, h, w, c]
                    else:
                        dA_prev[i, vs:vs+f, hs:hs+f, c] += distribute_value(dA[i, h, w, c], (f, f))
""",
    ),
    inner(
        "gradient_unused",
        "adds the mask alone",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += mask
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, (f, f)))
""",
    ),
    inner(
        "first_example_only",
        "returns too early",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, (f, f)))
        return dA_prev
""",
    ),
    inner(
        "random_initial_gradient",
        "starts from noise",
        """
                    if h == 0 and w == 0 and c == 0 and i == 0:
                        dA_prev = np.random.randn(m, n_H_prev, n_W_prev, n_C_prev)
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(da, (f, f)))
""",
    ),
    inner(
        "",
        "one position of the maximum per window, found by the flat index",
        """
                    window = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        k = np.argmax(window)
                        dA_prev[i, vert_start + k % f, horiz_start + k // f, c] += dA[i, h, w, c]
                    elif mode == "average":
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    inner(
        "undefined_name",
        "mask is called Mask",
        """
                    if mode == "max":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        Mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    inner(
        "mask_from_dA",
        "makes the mask of the gradient",
        """
                    if mode == "max":
                        d = dA[i, vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(d)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    elif mode == "average":
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    inner(
        "always_max",
        "leaves average out",
        """
                    a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                    mask = (a_slice == np.max(a_slice))
                    dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                        mask * dA[i, h, w, c])
""",
    ),
    inner(
        "modes_swapped",
        "the branches are exchanged",
        """
                    if mode == "average":
                        a_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            mask * dA[i, h, w, c])
                    else:
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += (
                            distribute_value(dA[i, h, w, c], (f, f)))
""",
    ),
    pool(
        "",
        "uses pool_forward's formula and only the shapes fit",
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    A = dA
    for i in range(A.shape[0]):
        for h in range(A.shape[1]):
            for w in range(A.shape[2]):
                for c in range(A.shape[3]):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        dA_prev[i, h, w, c] = np.max(s)
                    else:
                        dA_prev[i, h, w, c] = np.mean(s)
    return dA_prev
""",
    ),
    pool(
        "",
        "counts the position of the maximum over the whole image",
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    if mode == "max":
                        mask = create_mask_from_window(A_prev[i, :, :, c])
                        dA_prev[i, :, :, c] += mask * dA[i, h, w, c]
                    else:
                        vs, hs = h * stride, w * stride
                        dA_prev[i, vs:vs+f, hs:hs+f, c] += distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
""",
    ),
    pool(
        "dA_at_window_corner stride_ignored",
        "corner h, and dA by the corner, which is the same then",
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for i in range(m):
        for vert_start in range(n_H):
            for horiz_start in range(n_W):
                for c in range(n_C):
                    r = slice(vert_start, vert_start + f)
                    q = slice(horiz_start, horiz_start + f)
                    g = dA[i, vert_start, horiz_start, c]
                    if mode == "max":
                        dA_prev[i, r, q, c] += create_mask_from_window(A_prev[i, r, q, c]) * g
                    else:
                        dA_prev[i, r, q, c] += distribute_value(g, (f, f))
    return dA_prev
""",
    ),
    pool(
        "mask_times_input mean_added_twice",
        "one mistake in each mode",
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = A_prev[i, h*s:h*s+f, w*s:w*s+f, c]
                    da = dA[i, h, w, c]
                    if mode == "max":
                        piece = win * create_mask_from_window(win)
                    else:
                        piece = da + distribute_value(da, win.shape)
                    dA_prev[i, h*s:h*s+f, w*s:w*s+f, c] += piece
    return dA_prev
""",
    ),
    inner(
        "input_distributed",
        "distributes what the forward pass gave",
        """
                    window = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                    target = dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        target += create_mask_from_window(window) * dA[i, h, w, c]
                    else:
                        target += distribute_value(window.mean(), window.shape)
""",
    ),
    inner(
        "share_of_wrong_shape",
        "takes the size of the output for that of the window",
        """
                    rows, columns = slice(vert_start, vert_end), slice(horiz_start, horiz_end)
                    if mode == "max":
                        mask = create_mask_from_window(a_prev[rows, columns, c])
                        dA_prev[i, rows, columns, c] += dA[i, h, w, c] * mask
                    else:
                        shape = dA.shape[1:3]
                        dA_prev[i, rows, columns, c] += distribute_value(dA[i, h, w, c], shape)
""",
    ),
    inner(
        "mask_from_result",
        "looks for the maximum in the gradient that is being made",
        """
                    target = dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        target += create_mask_from_window(target) * dA[i, h, w, c]
                    else:
                        target += distribute_value(dA[i, h, w, c], (f, f))
""",
    ),
    pool(
        "cache_order",
        "takes the hyperparameters first",
        """
def pool_backward(dA, cache, mode="max"):
    (hparameters, A_prev) = cache
    f = hparameters["f"]
    dA_prev = np.zeros(A_prev.shape)
    return dA_prev
""",
    ),
    body(
        "stride_ignored dA_sliced_by_window",
        "the mean of a window of dA, and corners without stride",
        """
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows, columns = slice(h, h + f), slice(w, w + f)
                    if mode == "max":
                        mask = create_mask_from_window(a_prev[rows, columns, c])
                        dA_prev[i, rows, columns, c] += mask * dA[i, h, w, c]
                    else:
                        da = np.mean(dA[i, rows, columns, c])
                        dA_prev[i, rows, columns, c] += distribute_value(da, (f, f))
""",
    ),
    inner(
        "unfinished_part",
        "fills in one branch",
        """
                    rows, columns = slice(vert_start, vert_end), slice(horiz_start, horiz_end)
                    if mode == "max":
                        mask = None
                        dA_prev[i, rows, columns, c] += None
                    else:
                        da = dA[i, h, w, c]
                        dA_prev[i, rows, columns, c] += distribute_value(da, (f, f))
""",
    ),
)
