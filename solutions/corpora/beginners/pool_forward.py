"""Beginners' attempts at pool_forward."""

from functools import partial

from solutions.corpora.beginners.model import beginner

pool = partial(beginner, "pool_forward")

HEAD = """
def pool_forward(A_prev, hparameters, mode="max"):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    n_C = n_C_prev
    A = np.zeros((m, n_H, n_W, n_C))
"""
TAIL = """
    cache = (A_prev, hparameters)
    return A, cache
"""


def body(causes, note, text):
    """Return an attempt that keeps the stub's first and last lines."""
    return pool(causes, note, HEAD + text.strip("\n") + TAIL)


BEGINNERS = (
    body(
        "branch_without_result window_end_off_by_one",
        "computes the mean and stores it nowhere, windows one too short",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    top, left = h * stride, w * stride
                    part = A_prev[i, top:top + f - 1, left:left + f - 1, c]
                    if mode == "max":
                        A[i, h, w, c] = part.max()
                    elif mode == "average":
                        average = part.mean()
""",
    ),
    body(
        "result_example_missing",
        "forgets i where the maximum goes",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    part = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[h, w, c] = np.max(part)
                    else:
                        A[h, w, c] = np.mean(part)
""",
    ),
    body(
        "stride_ignored",
        "corners h and w",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h
                    vert_end = h + f
                    horiz_start = w
                    horiz_end = w + f
                    a_prev_slice = A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(a_prev_slice)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(a_prev_slice)
""",
    ),
    body(
        "loop_steps_by_stride",
        "the loop variable is the corner, but also the index of A",
        """
    for i in range(m):
        for h in range(0, n_H, stride):
            for w in range(0, n_W, stride):
                for c in range(n_C):
                    win = A_prev[i, h:h+f, w:w+f, c]
                    if mode == "max":
                        A[i, h, w, c] = win.max()
                    else:
                        A[i, h, w, c] = win.mean()
""",
    ),
    body(
        "result_at_window_corner",
        "loops over the input by the stride and runs out of A",
        """
    for i in range(m):
        for h in range(0, n_H_prev - f + 1, stride):
            for w in range(0, n_W_prev - f + 1, stride):
                for c in range(n_C):
                    win = A_prev[i, h:h+f, w:w+f, c]
                    if mode == "max":
                        A[i, h, w, c] = win.max()
                    else:
                        A[i, h, w, c] = win.mean()
""",
    ),
    body(
        "example_index_missing",
        "forgets i",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs = h * stride
                    hs = w * stride
                    a_prev_slice = A_prev[vs:vs + f, hs:hs + f, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(a_prev_slice)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(a_prev_slice)
""",
    ),
    body(
        "all_channels",
        "keeps the colon of the convolution",
        """
    for i in range(m):
        a_prev = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = a_prev[h*stride:h*stride+f, w*stride:w*stride+f, :]
                    if mode == "max":
                        A[i, h, w, c] = np.max(a_slice)
                    elif mode == "average":
                        A[i, h, w, c] = np.average(a_slice)
""",
    ),
    body(
        "height_width_swapped_slice",
        "horizontal first",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert = h * stride
                    horiz = w * stride
                    s = A_prev[i, horiz:horiz+f, vert:vert+f, c]
                    A[i, h, w, c] = np.max(s) if mode == "max" else np.mean(s)
""",
    ),
    body(
        "height_width_swapped_loops",
        "n_W in the outer loop",
        """
    for i in range(m):
        for h in range(n_W):
            for w in range(n_H):
                for c in range(n_C):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(s)
                    if mode == "average":
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    body(
        "mode_name",
        "calls it avg",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == 'max':
                        A[i, h, w, c] = np.max(s)
                    elif mode == 'avg':
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    body(
        "whole_image",
        "computes the corners and does not use them",
        """
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
                        A[i, h, w, c] = np.max(a_prev[:, :, c])
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(a_prev[:, :, c])
""",
    ),
    body(
        "always_max",
        "leaves average for later",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    A[i, h, w, c] = np.max(s)
""",
    ),
    body(
        "maximum_from_zero",
        "searches by hand from 0",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    biggest = 0
                    total = 0
                    for p in range(f):
                        for q in range(f):
                            value = A_prev[i, h*stride + p, w*stride + q, c]
                            total = total + value
                            if value > biggest:
                                biggest = value
                    if mode == "max":
                        A[i, h, w, c] = biggest
                    else:
                        A[i, h, w, c] = total / (f * f)
""",
    ),
    body(
        "mean_divides_by_f",
        "divides by f",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(s)
                    else:
                        A[i, h, w, c] = np.sum(s) / f
""",
    ),
    body(
        "window_is_stride",
        "from h * stride to (h + 1) * stride",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h*stride:(h+1)*stride, w*stride:(w+1)*stride, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(s)
                    else:
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    body(
        "stride_ignored all_channels",
        "two old friends together",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h:h+f, w:w+f, :]
                    if mode == "max":
                        A[i, h, w, c] = np.max(s)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    body(
        "hard_coded_example",
        "a_prev taken before the loop",
        """
    a_prev = A_prev[0]
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = a_prev[h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(s)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    body(
        "truth_of_an_array",
        "max along the first axis only",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    if mode == "max":
                        A[i, h, w, c] = max(s)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    body(
        "window_end_off_by_one",
        "f - 1 because counting starts at 0",
        """
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    top, left = h * stride, w * stride
                    s = A_prev[i, top:top + f - 1, left:left + f - 1, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(s)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(s)
""",
    ),
    pool(
        "padding_in_pooling",
        "copies the head of conv_forward",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    n_H = (n_H_prev + 2 * pad - f) // stride + 1
    n_W = (n_W_prev + 2 * pad - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    return A, (A_prev, hparameters)
""",
    ),
    pool(
        "output_size",
        "divides by the window",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H = n_H_prev // f
    n_W = n_W_prev // f
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    s = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    A[i, h, w, c] = np.max(s) if mode == "max" else np.mean(s)
    return A, (A_prev, hparameters)
""",
    ),
    pool(
        "example_index_missing",
        "vectorises over too much",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, s = hparameters["f"], hparameters["stride"]
    n_H = (n_H_prev - f) // s + 1
    n_W = (n_W_prev - f) // s + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            for c in range(n_C):
                win = A_prev[:, h*s:h*s+f, w*s:w*s+f, c]
                if mode == "max":
                    A[:, h, w, c] = np.max(win)
                else:
                    A[:, h, w, c] = np.mean(win)
    return A, (A_prev, hparameters)
""",
    ),
    pool(
        "cache",
        "returns only A",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, s = hparameters["f"], hparameters["stride"]
    n_H = (n_H_prev - f) // s + 1
    n_W = (n_W_prev - f) // s + 1
    A = np.zeros((m, n_H, n_W, n_C))
    fun = np.max if mode == "max" else np.mean
    for h in range(n_H):
        for w in range(n_W):
            A[:, h, w, :] = fun(A_prev[:, h*s:h*s+f, w*s:w*s+f, :], axis=(1, 2))
    return A
""",
    ),
    pool(
        "channels_first",
        "PyTorch's order",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    N, C, H, W = A_prev.shape
    f, s = hparameters["f"], hparameters["stride"]
    out_h = (H - f) // s + 1
    out_w = (W - f) // s + 1
    A = np.zeros((N, C, out_h, out_w))
    for n in range(N):
        for c in range(C):
            for i in range(out_h):
                for j in range(out_w):
                    win = A_prev[n, c, i*s:i*s+f, j*s:j*s+f]
                    A[n, c, i, j] = win.max() if mode == "max" else win.mean()
    return A, (A_prev, hparameters)
""",
    ),
    pool(
        "undefined_name",
        "uses n_C before it is set",
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_channels))
    return A, (A_prev, hparameters)
""",
    ),
    body(
        "image_overwritten",
        "gives the window the name of the image",
        """
    for i in range(m):
        img = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    img = img[h*stride:h*stride+f, w*stride:w*stride+f, c]
                    A[i, h, w, c] = img.max() if mode == "max" else img.mean()
""",
    ),
    body(
        "stride_ignored all_channels image_overwritten",
        "the same with all channels, and without stride",
        """
    for i in range(m):
        img = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    img = img[h:h+f, w:w+f]
                    A[i, h, w, c] = np.max(img) if mode == "max" else np.mean(img)
""",
    ),
    body(
        "result_pooled",
        "cuts the second window out of A",
        """
    for i, h, w, c in np.ndindex(A.shape):
        rows, columns = slice(h*stride, h*stride+f), slice(w*stride, w*stride+f)
        if mode == "max":
            A[i, h, w, c] = A_prev[i, rows, columns, c].max()
        else:
            A[i, h, w, c] = A[i, rows, columns, c].mean()
""",
    ),
    body(
        "last_example_only stands_after_loop",
        "ends the loop over examples too early",
        """
    for i in range(m):
        img = A_prev[i]
    for h in range(n_H):
        for w in range(n_W):
            window = img[h*stride:h*stride+f, w*stride:w*stride+f]
            A[i, h, w] = window.max((0, 1)) if mode == "max" else window.mean((0, 1))
""",
    ),
    body(
        "unfinished_part",
        "leaves the second branch for later",
        """
    for i, h, w, c in np.ndindex(A.shape):
        window = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
        if mode == "max":
            A[i, h, w, c] = np.max(window)
        elif mode == "average":
            A[i, h, w, c] = None
""",
    ),
)
