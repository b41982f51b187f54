"""Beginners' attempts at the four functions without windows."""

from functools import partial

from solutions.corpora.beginners.model import beginner

pad = partial(beginner, "zero_pad")
step = partial(beginner, "conv_single_step")
mask = partial(beginner, "create_mask_from_window")
share = partial(beginner, "distribute_value")

BEGINNERS = (
    pad(
        "pads_channels",
        "leaves out the examples axis only",
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (pad, pad)), 'constant')
    return X_pad
""",
    ),
    pad(
        "pads_every_axis",
        "thinks that np.pad knows what an image is",
        """
def zero_pad(X, pad):
    return np.pad(X, pad, mode="constant", constant_values=0)
""",
    ),
    pad(
        "value_is_pad",
        "passes pad for the values as well",
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0,0), (pad,pad), (pad,pad), (0,0)), 'constant', constant_values = (pad,pad))
    return X_pad
""",
    ),
    pad(
        "channels_first",
        "comes from PyTorch",
        """
def zero_pad(X, pad):
    m, c, h, w = X.shape
    out = np.zeros((m, c, h + 2*pad, w + 2*pad))
    out[:, :, pad:pad+h, pad:pad+w] = X
    return out
""",
    ),
    pad(
        "both_sides_on_one_side",
        "copies the image into the corner of a large enough array",
        """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                X_pad[i, h, w, :] = X[i, h, w, :]
    return X_pad
""",
    ),
    pad(
        "result_not_stored",
        "thinks that np.pad works in place",
        """
def zero_pad(X, pad):
    np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)
    return X
""",
    ),
    pad(
        "one_side_only",
        "makes room for one border only",
        """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + pad, n_W + pad, n_C))
    X_pad[:, pad:, pad:, :] = X
    return X_pad
""",
    ),
    pad(
        "height_only",
        "concatenates above and below and forgets the sides",
        """
def zero_pad(X, pad):
    zeros = np.zeros((X.shape[0], pad, X.shape[2], X.shape[3]))
    X_pad = np.concatenate((zeros, X, zeros), axis=1)
    return X_pad
""",
    ),
    pad(
        "image_not_copied",
        "only gets the shape right",
        """
def zero_pad(X, pad):
    s = X.shape
    X_pad = np.zeros((s[0], s[1] + 2*pad, s[2] + 2*pad, s[3]))
    X_pad[0:s[0], pad:pad, pad:pad, 0:s[3]] = X[:, 0:0, 0:0, :]
    return X_pad
""",
    ),
    pad(
        "undefined_name",
        "types np_pad",
        """
def zero_pad(X, pad):
    X_pad = np_pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    return X_pad
""",
    ),
    pad(
        "one_axis_forgotten",
        "gives three pairs for four axes",
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad)), 'constant')
    return X_pad
""",
    ),
    pad(
        "nothing_returned",
        "forgets the return",
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')
""",
    ),
    pad(
        "border_copies_image",
        "tries modes until the shape fits",
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'edge')
    return X_pad
""",
    ),
    pad(
        "sides_padded_differently",
        "pads height by pad and width by 2 * pad",
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (pad, pad), (2*pad, 2*pad), (0, 0)))
    return X_pad
""",
    ),
    pad(
        "always_pads_one",
        "copies the numbers of an example",
        """
def zero_pad(X, pad):
    m, h, w, c = X.shape
    big = np.zeros((m, h + 2, w + 2, c))
    big[:, 1:-1, 1:-1, :] = X
    return big
""",
    ),
    step(
        "bias_inside_sum",
        "adds the bias before summing",
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W + b
    Z = np.sum(s)
    return Z
""",
    ),
    step(
        "bias_missing",
        "never comes back to the bias",
        """
def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    return Z
""",
    ),
    step(
        "float_of_array",
        "follows the original's hint",
        """
def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    Z = Z + float(b)
    return Z
""",
    ),
    step(
        "float_of_array",
        "converts the whole result",
        """
def conv_single_step(a_slice_prev, W, b):
    return float((a_slice_prev * W).sum() + b)
""",
    ),
    step(
        "not_scalar",
        "does not look at the shape of b",
        """
def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s) + b
    return Z
""",
    ),
    step(
        "matrix_product",
        "thinks of w.x as np.dot",
        """
def conv_single_step(a_slice_prev, W, b):
    z = np.dot(W, a_slice_prev) + b
    return np.sum(z)
""",
    ),
    step(
        "matrix_product bias_inside_sum",
        "uses @ and adds b inside",
        """
def conv_single_step(a_slice_prev, W, b):
    Z = np.sum(a_slice_prev @ W + b)
    return Z
""",
    ),
    step(
        "sum_missing",
        "returns the products",
        """
def conv_single_step(a_slice_prev, W, b):
    Z = a_slice_prev * W + b
    return Z
""",
    ),
    step(
        "sum_over_one_axis",
        "uses Python's sum",
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    Z = sum(s) + b
    return Z
""",
    ),
    step(
        "sum_over_one_axis",
        "sums twice with Python's sum, so one axis is left",
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    return sum(sum(s)) + b.item()
""",
    ),
    step(
        "one_channel_only",
        "loops over rows and columns, forgets the channels",
        """
def conv_single_step(a_slice_prev, W, b):
    total = 0
    for i in range(a_slice_prev.shape[0]):
        for j in range(a_slice_prev.shape[1]):
            total += a_slice_prev[i, j, 0] * W[i, j, 0]
    return total + b.item()
""",
    ),
    step(
        "bias_inside_sum",
        "adds b in every step of three loops",
        """
def conv_single_step(a_slice_prev, W, b):
    f, f, n_C = W.shape
    Z = 0.0
    for i in range(f):
        for j in range(f):
            for k in range(n_C):
                Z += a_slice_prev[i, j, k] * W[i, j, k] + b[0, 0, 0]
    return Z
""",
    ),
    step(
        "filter_flipped",
        "remembers the convolution of signal processing",
        """
def conv_single_step(a_slice_prev, W, b):
    W = np.flip(W, axis=(0, 1))
    return np.sum(a_slice_prev * W) + b[0][0][0]
""",
    ),
    step(
        "mean_instead_of_sum",
        "mixes up pooling and convolution",
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    Z = s.mean() + b[0, 0, 0]
    return Z
""",
    ),
    step(
        "removed_numpy_name float_of_array",
        "copies an old answer",
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    Z = np.float(np.sum(s) + b)
    return Z
""",
    ),
    step(
        "cut_to_integer",
        "wants a number and takes int",
        """
def conv_single_step(a_slice_prev, W, b):
    Z = int(np.sum(a_slice_prev * W) + b[0, 0, 0])
    return Z
""",
    ),
    step(
        "argument_unused",
        "multiplies W with itself",
        """
def conv_single_step(a_slice_prev, W, b):
    s = W * W
    Z = np.sum(s) + b.item()
    return Z
""",
    ),
    step(
        "bias_added_twice",
        "adds the bias twice",
        """
def conv_single_step(a_slice_prev, W, b):
    s = np.sum(a_slice_prev * W) + b.item()
    Z = s + b[0, 0, 0]
    return Z
""",
    ),
    step(
        "not_implemented",
        "starts and stops",
        """
def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = None
    Z = None
    return Z
""",
    ),
    mask(
        "returns_maximum",
        "returns what was looked for",
        """
def create_mask_from_window(x):
    mask = np.max(x)
    return mask
""",
    ),
    mask(
        "assignment_for_comparison",
        "one equals sign",
        """
def create_mask_from_window(x):
    mask = x = np.max(x)
    return mask
""",
    ),
    mask(
        "returns_index",
        "thinks that where gives a mask",
        """
def create_mask_from_window(x):
    mask = np.where(x == x.max())
    return mask
""",
    ),
    mask(
        "row_maxima",
        "loops over rows",
        """
def create_mask_from_window(x):
    mask = np.zeros(x.shape)
    for i in range(x.shape[0]):
        j = np.argmax(x[i])
        mask[i, j] = 1
    return mask
""",
    ),
    mask(
        "keeps_values",
        "sets the rest to zero",
        """
def create_mask_from_window(x):
    m = np.max(x)
    mask = np.where(x < m, 0, x)
    return mask
""",
    ),
    mask(
        "mask_inverted",
        "as in NumPy's masked arrays",
        """
def create_mask_from_window(x):
    return ~(x == np.amax(x))
""",
    ),
    mask(
        "maximum_from_zero",
        "starts from 0, so negative windows have no maximum",
        """
def create_mask_from_window(x):
    best = 0
    mask = np.zeros(x.shape, dtype=bool)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] > best:
                best = x[i, j]
                mask[:] = False
                mask[i, j] = True
    return mask
""",
    ),
    mask(
        "marks_not_cleared",
        "forgets to clear the former maxima",
        """
def create_mask_from_window(x):
    best = x[0, 0]
    mask = np.zeros(x.shape, dtype=bool)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] >= best:
                best = x[i, j]
                mask[i, j] = True
    return mask
""",
    ),
    mask(
        "always_false",
        "compares text",
        """
def create_mask_from_window(x):
    mask = x == 'max'
    return mask
""",
    ),
    mask(
        "returns_index",
        "argmax with unravel",
        """
def create_mask_from_window(x):
    idx = np.argmax(x)
    row, col = np.unravel_index(idx, x.shape)
    return (row, col)
""",
    ),
    mask(
        "truth_of_an_array",
        "uses the truth value of an array",
        """
def create_mask_from_window(x):
    if x == np.max(x):
        mask = True
    else:
        mask = False
    return mask
""",
    ),
    mask(
        "reads_notebook_global returns_maximum",
        "uses the test's x and returns its maximum",
        """
def create_mask_from_window(window):
    mask = np.max(x)
    return mask
""",
    ),
    share(
        "divides_by_sum",
        "adds the sides",
        """
def distribute_value(dz, shape):
    (n_H, n_W) = shape
    average = dz / (n_H + n_W)
    a = np.ones(shape) * average
    return a
""",
    ),
    share(
        "divided_without_brackets",
        "forgets the brackets",
        """
def distribute_value(dz, shape):
    n_H, n_W = shape
    average = dz/n_H*n_W
    return np.ones(shape)*average
""",
    ),
    share(
        "returns_scalar",
        "stops at the average",
        """
def distribute_value(dz, shape):
    (n_H, n_W) = shape
    average = dz / (n_H * n_W)
    return average
""",
    ),
    share(
        "not_divided",
        "fills with dz",
        """
def distribute_value(dz, shape):
    a = np.zeros(shape)
    for i in range(shape[0]):
        for j in range(shape[1]):
            a[i, j] = dz
    return a
""",
    ),
    share(
        "share_unused",
        "multiplies zeros",
        """
def distribute_value(dz, shape):
    n_H, n_W = shape
    average = dz / (n_H * n_W)
    a = np.zeros(shape) * average
    return a
""",
    ),
    share(
        "divides_by_height_squared",
        "only thinks of squares",
        """
def distribute_value(dz, shape):
    f = shape[0]
    return np.full(shape, dz / f ** 2)
""",
    ),
    share(
        "divides_by_height",
        "takes len(shape[0]) for the count",
        """
def distribute_value(dz, shape):
    a = np.ones(shape)
    return a * dz / len(a)
""",
    ),
    share(
        "divides_by_axes",
        "divides by the number of axes",
        """
def distribute_value(dz, shape):
    return np.ones(shape) * dz / len(shape)
""",
    ),
    share(
        "integer_division",
        "two slashes",
        """
def distribute_value(dz, shape):
    (n_H, n_W) = shape
    average = dz // (n_H * n_W)
    a = np.ones((n_H, n_W)) * average
    return a
""",
    ),
    share(
        "",
        "shape called as a function",
        """
def distribute_value(dz, shape):
    n_H, n_W = dz.shape
    average = dz / (n_H * n_W)
    return np.ones(shape) * average
""",
    ),
    share(
        "shape_as_arguments",
        "ones of two arguments",
        """
def distribute_value(dz, shape):
    n_H, n_W = shape
    average = dz / (n_H * n_W)
    a = np.ones(n_H, n_W) * average
    return a
""",
    ),
    share(
        "one_row_only",
        "a loop over the first axis and a fixed column",
        """
def distribute_value(dz, shape):
    n_H, n_W = shape
    a = np.zeros(shape)
    for i in range(n_H):
        a[i][0] = dz / (n_H * n_W)
    return a
""",
    ),
    pad(
        "channels_for_width",
        "counts the axes wrongly",
        """
def zero_pad(X, pad):
    border = [(0, 0)] * 4
    border[1] = border[3] = (pad, pad)
    return np.pad(X, border)
""",
    ),
    pad(
        "pad_hard_coded",
        "makes the first test pass",
        """
def zero_pad(X, pad):
    m, h, w, c = X.shape
    big = np.zeros((m, h + 4, w + 4, c))
    big[:, 2:2+h, 2:2+w] = X
    return big
""",
    ),
    pad(
        "pad_zero_slice",
        "counts the end from the back",
        """
def zero_pad(X, pad):
    m, h, w, c = X.shape
    big = np.zeros((m, h + 2*pad, w + 2*pad, c))
    big[:, pad:-pad, pad:-pad, :] = X
    return big
""",
    ),
    pad(
        "cut_to_integers",
        "asks for zeros and gets integers",
        """
def zero_pad(X, pad):
    m, h, w, c = X.shape
    big = np.full((m, h + 2*pad, w + 2*pad, c), 0)
    big[:, pad:pad+h, pad:pad+w, :] = X
    return big
""",
    ),
    step(
        "bias_added_twice",
        "adds the bias to the sum and to every product",
        """
def conv_single_step(a_slice_prev, W, b):
    bias = b[0, 0, 0]
    return np.sum(a_slice_prev * W + bias) + bias
""",
    ),
    step(
        "mean_instead_of_sum bias_missing",
        "averages and forgets b",
        """
def conv_single_step(a_slice_prev, W, b):
    return np.mean(np.multiply(W, a_slice_prev))
""",
    ),
    step(
        "cut_to_integer integer_of_argument",
        "makes the bias a number with int",
        """
def conv_single_step(a_slice_prev, W, b):
    return (a_slice_prev * W).sum() + int(b[0, 0, 0])
""",
    ),
    step(
        "matrix_product",
        "transposes until @ works",
        """
def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev @ W.swapaxes(1, 2)) + b[0, 0, 0]
""",
    ),
    mask(
        "square_window_assumed",
        "takes the height for both loops",
        """
def create_mask_from_window(x):
    n = len(x)
    mask = np.zeros_like(x, dtype=bool)
    for row in range(n):
        for column in range(n):
            mask[row, column] = x[row, column] == x.max()
    return mask
""",
    ),
    share(
        "cut_to_integers",
        "starts from a list of zeros",
        """
def distribute_value(dz, shape):
    rows, columns = shape
    a = np.array([[0] * columns for _ in range(rows)])
    a[:] = dz / (rows * columns)
    return a
""",
    ),
    share(
        "random_array",
        "scales random numbers",
        """
def distribute_value(dz, shape):
    return dz / np.prod(shape) * np.random.random_sample(shape)
""",
    ),
)
