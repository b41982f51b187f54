"""Beginners' attempts at conv_forward."""

from functools import partial

from solutions.corpora.beginners.model import beginner

conv = partial(beginner, "conv_forward")

BEGINNERS = (
    conv(
        "stride_ignored",
        "corners without the stride",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h
                    vert_end = h + f
                    horiz_start = w
                    horiz_end = w + f
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "stride_ignored bias_inside_sum",
        "ignores the stride and sums the bias with the products",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, nh, nw, nc = A_prev.shape
    f, f, nc, nf = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    H = int((nh - f + 2*p)/s + 1)
    Wd = int((nw - f + 2*p)/s + 1)
    X = zero_pad(A_prev, p)
    Z = np.zeros([m, H, Wd, nf])
    for i in range(m):
        for h in range(H):
            for w in range(Wd):
                for k in range(nf):
                    patch = X[i, h:h+f, w:w+f, :]
                    Z[i, h, w, k] = np.sum(patch * W[:, :, :, k] + b[:, :, :, k])
    cache = (A_prev, W, b, hparameters)
    return Z, cache
""",
    ),
    conv(
        "loop_steps_by_stride",
        "steps through the output by the stride",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(0, n_H, stride):
            vert_start = h
            vert_end = h + f
            for w in range(0, n_W, stride):
                horiz_start = w
                horiz_end = w + f
                for c in range(n_C):
                    a_slice = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "loop_bound_n_minus_f stride_ignored",
        "the copy that many have found",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev-f+2*pad)/stride+1)
    n_W = int((n_W_prev-f+2*pad)/stride+1)
    Z = np.zeros((m, n_H, n_W, n_C))
    padded = zero_pad(A_prev, pad)
    for i in range(m):
        one = padded[i, :, :, :]
        for h in range(n_H-f+1):
            for w in range(n_W-f+1):
                for c in range(n_C):
                    piece = one[h:h+f, w:w+f, :]
                    Z[i, h, w, c] = conv_single_step(piece, W[:,:,:,c], b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "height_width_swapped_loops",
        "writes n_W where n_H belongs",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*pad - f)//stride + 1
    n_W = (n_W_prev + 2*pad - f)//stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_W):
            for w in range(n_H):
                for c in range(n_C):
                    vs = h*stride
                    hs = w*stride
                    win = Ap[i, vs:vs+f, hs:hs+f]
                    Z[i, h, w, c] = conv_single_step(win, W[:,:,:,c], b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "height_width_swapped_slice",
        "x before y",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*pad - f)//stride + 1
    n_W = (n_W_prev + 2*pad - f)//stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    y = h * stride
                    x = w * stride
                    window = Ap[i, x:x+f, y:y+f, :]
                    Z[i, h, w, c] = conv_single_step(window, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "hard_coded_example",
        "tests with one image and leaves the 0",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int(np.floor((n_H_prev - f + 2*pad)/stride)) + 1
    n_W = int(np.floor((n_W_prev - f + 2*pad)/stride)) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[0]
        for h in range(n_H):
            for w in range(n_W):
                a_slice = a_prev_pad[h*stride:h*stride+f, w*stride:w*stride+f, :]
                for c in range(n_C):
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "unpadded_input",
        "pads and then does not use it",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h*stride
                    vert_end = vert_start + f
                    horiz_start = w*stride
                    horiz_end = horiz_start + f
                    a_slice_prev = a[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[:,:,:,c], b[:,:,:,c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "size_pad_once",
        "misprinted formula: pad once",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    s = hparameters['stride']
    p = hparameters['pad']
    n_H = int((n_H_prev - f + p) / s) + 1
    n_W = int((n_W_prev - f + p) / s) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    X = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    sl = X[i][h*s:h*s+f, w*s:w*s+f]
                    Z[i, h, w, c] = conv_single_step(sl, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "size_one_inside",
        "the + 1 inside the brackets of int(.../stride)",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    s = hparameters['stride']
    p = hparameters['pad']
    n_H = int((n_H_prev - f + 2*p + 1) / s)
    n_W = int((n_W_prev - f + 2*p + 1) / s)
    Z = np.zeros((m, n_H, n_W, n_C))
    X = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    sl = X[i][h*s:h*s+f, w*s:w*s+f]
                    Z[i, h, w, c] = conv_single_step(sl, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "window_array_in_cell",
        "sums here and keeps b an array",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vs, hs = h * stride, w * stride
                    a_slice = A_prev_pad[i, vs:vs + f, hs:hs + f, :]
                    Z[i, h, w, c] = np.sum(a_slice * W[:, :, :, c]) + b[:, :, :, c]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "bias_of_filter",
        "gives the whole b to every filter",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = a_prev_pad[h*stride:h*stride+f, w*stride:w*stride+f, :]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, :, c], b)
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "",
        "ends every window at f, wherever it starts",
        """
def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters['stride'], hparameters['pad']
    m, H, width, _ = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    n_H = (H - f + 2 * pad) // stride + 1
    n_W = (width - f + 2 * pad) // stride + 1
    X = zero_pad(A_prev, pad)
    Z = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            top = h * stride
            for w in range(n_W):
                left = w * stride
                part = X[i, top:f, left:f, :]
                for c in range(n_C):
                    Z[i, h, w, c] = conv_single_step(part, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "whole_filters",
        "gives all of W to the helper",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, H, L, C) = A_prev.shape
    f = W.shape[0]
    s = hparameters["stride"]
    p = hparameters["pad"]
    out_h = int((H + 2 * p - f) / s + 1)
    out_w = int((L + 2 * p - f) / s + 1)
    padded = zero_pad(A_prev, p)
    Z = np.zeros((m, out_h, out_w, W.shape[3]))
    for i in range(m):
        for h in range(out_h):
            for w in range(out_w):
                for c in range(W.shape[3]):
                    window = padded[i, h * s:h * s + f, w * s:w * s + f, :]
                    Z[i, h, w, c] = conv_single_step(window, W, b[:, :, :, c])
    cache = (A_prev, W, b, hparameters)
    return Z, cache
""",
    ),
    conv(
        "",
        "makes Z with as many channels as the input has",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C_prev))
    X = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    part = X[i, h*stride:h*stride+f, w*stride:w*stride+f, :]
                    Z[i, h, w, c] = conv_single_step(part, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "first_example_only",
        "returns from inside the loop",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = a_prev_pad[h*stride:h*stride+f, w*stride:w*stride+f, :]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, :, c], b[:, :, :, c])
        cache = (A_prev, W, b, hparameters)
        return Z, cache
""",
    ),
    conv(
        "filter_axis",
        "unpacks W's shape into new names and uses the old ones",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C, n_C_prev) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C_prev))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice = A_prev_pad[i, h*stride:h*stride+f, w*stride:w*stride+f, :]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, c, :], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "undefined_name",
        "spells hparameters in two ways",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparams['stride']
    pad = hparams['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    return None
""",
    ),
    conv(
        "not_implemented",
        "fills half of the stub",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(None):
        a_prev_pad = None
        for h in range(None):
            vert_start = None
    cache = (A_prev, W, b, hparameters)
    return Z, cache
""",
    ),
    conv(
        "integer_needed",
        "leaves sizes as floats",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = (n_H_prev - f + 2*pad)/stride + 1
    n_W = (n_W_prev - f + 2*pad)/stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "horizontal_copied_from_vertical",
        "copies two lines and changes too little",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = stride * h
                    vert_end = vert_start + f
                    horiz_start = stride * h
                    horiz_end = horiz_start + f
                    a_slice = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "window_is_stride",
        "the window ends where the next one starts",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H = int((n_H_prev - f + 2*pad)/stride) + 1
    n_W = int((n_W_prev - f + 2*pad)/stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    v0, v1 = h * stride, (h + 1) * stride
                    h0, h1 = w * stride, (w + 1) * stride
                    a_slice = A_prev_pad[i, v0:v1, h0:h1, :]
                    Z[i, h, w, c] = conv_single_step(a_slice, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "bias_missing",
        "vectorises the filters and forgets b",
        """
def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    X = zero_pad(A_prev, pad)
    f = W.shape[0]
    n_H = (X.shape[1] - f) // stride + 1
    n_W = (X.shape[2] - f) // stride + 1
    Z = np.zeros((X.shape[0], n_H, n_W, W.shape[3]))
    for h in range(n_H):
        for w in range(n_W):
            win = X[:, h*stride:h*stride+f, w*stride:w*stride+f, :]
            Z[:, h, w, :] = np.einsum('iuva,uvac->ic', win, W)
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "first_filter_only",
        "forgets the index of the filter in both places",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*p - f)//s + 1
    n_W = (n_W_prev + 2*p - f)//s + 1
    out = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = Ap[i, h*s:h*s+f, w*s:w*s+f]
                    out[i, h, w, c] = conv_single_step(win, W[:, :, :, 0], b[:, :, :, 0])
    return out, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "cache_name_rebound",
        "caches the padded input",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*p - f)//s + 1
    n_W = (n_W_prev + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = A_prev[i, h*s:h*s+f, w*s:w*s+f]
                    Z[i, h, w, c] = conv_single_step(win, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "all_filters_overwritten",
        "assigns to all channels in the loop over c",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*p - f)//s + 1
    n_W = (n_W_prev + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = Ap[i, h*s:h*s+f, w*s:w*s+f]
                    Z[i, h, w, :] = conv_single_step(win, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "bias_inside_sum",
        "adds all input channels one by one with the whole bias each time",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*p - f)//s + 1
    n_W = (n_W_prev + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    for k in range(n_C_prev):
                        win = Ap[i, h*s:h*s+f, w*s:w*s+f, k]
                        Z[i, h, w, c] += np.sum(win * W[:, :, k, c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "stride_ignored size_stride_missing",
        "forgets the stride in the sizes and in the corners",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    p = hparameters['pad']
    n_H = n_H_prev + 2*p - f + 1
    n_W = n_W_prev + 2*p - f + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = Ap[i, h:h+f, w:w+f]
                    Z[i, h, w, c] = conv_single_step(win, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "moves_by_window_size",
        "windows side by side",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*p - f)//s + 1
    n_W = (n_W_prev + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = Ap[i, f*h:f*h+f, f*w:f*w+f]
                    Z[i, h, w, c] = conv_single_step(win, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "reads_notebook_global",
        "uses the notebook's image instead of the argument",
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    s, p = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev + 2*p - f)//s + 1
    n_W = (n_W_prev + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = x_pad[i, h*s:h*s+f, w*s:w*s+f]
                    Z[i, h, w, c] = conv_single_step(win, W[:, :, :, c], b[:, :, :, c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "window_is_stride",
        "everything in one line, the filter first",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters['stride'], hparameters['pad']
    f, _, _, n_C = W.shape
    m = A_prev.shape[0]
    n_H = (A_prev.shape[1] + 2*p - f)//s + 1
    n_W = (A_prev.shape[2] + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    win = Ap[i, h*s:h*s+s, w*s:w*s+s, :]
                    Z[i, h, w, c] = np.sum(W[:, :, :, c] * win) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "height_width_swapped_loops",
        "the filter first, the sum inside",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters['stride'], hparameters['pad']
    f, _, _, n_C = W.shape
    m = A_prev.shape[0]
    n_H = (A_prev.shape[1] + 2*p - f)//s + 1
    n_W = (A_prev.shape[2] + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    Ap = zero_pad(A_prev, p)
    for i in range(m):
        for w in range(n_H):
            for h in range(n_W):
                for c in range(n_C):
                    win = Ap[i, h*s:h*s+f, w*s:w*s+f, :]
                    Z[i, h, w, c] = np.sum(W[:, :, :, c] * win) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "unpadded_input",
        "the filter first, the image as it came",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters['stride'], hparameters['pad']
    f, _, _, n_C = W.shape
    m = A_prev.shape[0]
    n_H = (A_prev.shape[1] + 2*p - f)//s + 1
    n_W = (A_prev.shape[2] + 2*p - f)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    z = 0
                    for p1 in range(f):
                        for p2 in range(f):
                            z += np.dot(W[p1, p2, :, c], A_prev[i, h*s+p1, w*s+p2])
                    Z[i, h, w, c] = z + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "last_channel_only stands_after_loop",
        "indents the last line too little",
        """
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    s, p = hparameters["stride"], hparameters["pad"]
    n_H, n_W = (n_H_prev - f + 2*p)//s + 1, (n_W_prev - f + 2*p)//s + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    X = zero_pad(A_prev, p)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    window = X[i, h*s:h*s+f, w*s:w*s+f]
                    filter_c, bias_c = W[..., c], b[..., c]
                Z[i, h, w, c] = conv_single_step(window, filter_c, bias_c)
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "corners_one_step_behind",
        "moves the corners after the window was used",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    f, n_C = W.shape[0], W.shape[3]
    X = zero_pad(A_prev, p)
    n_H, n_W = (X.shape[1] - f)//s + 1, (X.shape[2] - f)//s + 1
    Z = np.zeros((X.shape[0], n_H, n_W, n_C))
    for i in range(X.shape[0]):
        top = 0
        for h in range(n_H):
            left = 0
            for w in range(n_W):
                for c in range(n_C):
                    Z[i, h, w, c] = conv_single_step(
                        X[i, top:top+f, left:left+f], W[..., c], b[..., c])
                left = w * s
            top = h * s
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "pad_hard_coded stride_hard_coded",
        "takes the numbers of the notebook's example",
        """
def conv_forward(A_prev, W, b, hparameters):
    stride = pad = 2
    (m, H, V, _), (f, _, _, n_C) = A_prev.shape, W.shape
    n_H, n_W = (H + 2*pad - f)//stride + 1, (V + 2*pad - f)//stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    X = zero_pad(A_prev, pad)
    for i, h, w, c in np.ndindex(Z.shape):
        y, x = h*stride, w*stride
        Z[i, h, w, c] = conv_single_step(X[i, y:y+f, x:x+f], W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "stride_ignored hard_coded_example bias_inside_sum",
        "does three things at once",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    (m, H, V, _), (f, _, _, n_C) = A_prev.shape, W.shape
    Z = np.zeros((m, (H + 2*p - f)//s + 1, (V + 2*p - f)//s + 1, n_C))
    image = zero_pad(A_prev, p)[0]
    for i, h, w, c in np.ndindex(Z.shape):
        Z[i, h, w, c] = np.sum(image[h:h+f, w:w+f] * W[..., c] + b[..., c])
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    conv(
        "integer_needed",
        "divides with / for a size",
        """
def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    (m, H, V, _), (f, _, _, n_C) = A_prev.shape, W.shape
    Z = np.zeros((m, (H + 2*p - f)/s + 1, (V + 2*p - f)/s + 1, n_C))
    return Z, (A_prev, W, b, hparameters)
""",
    ),
)
