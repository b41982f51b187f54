"""What goes wrong in conv_forward_fast: padding, the matrix of filters, the bias, the cache."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import (
    NO_ENTRY,
    NO_ENTRY_HINT,
    NO_ENTRY_MESSAGE,
)

EXERCISE = "conv_forward_fast"
cause = partial(variants, EXERCISE)

FILTERS = "f, _, n_C_prev, n_C = W.shape"
STRIDE = 'stride = hparameters["stride"]'
PAD = '    pad = hparameters["pad"]'
PADDED = "A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
COLUMNS = "columns = im2col(A_prev_pad, f, stride)"
W_MATRIX = "W_matrix = W.reshape(f * f * n_C_prev, n_C)"
PRODUCT = "columns @ W_matrix"
BIAS = " + b.reshape(n_C)"
Z = f"Z = {PRODUCT}{BIAS}"
CACHE = "cache = (A_prev, W, b, hparameters)"


def padded_by(widths, how=""):
    """Return the patch that pads the four axes by `widths`."""
    return ((PADDED, f"A_prev_pad = np.pad(A_prev, {widths}{how})"),)


def filled(how):
    """Return the patch that fills the border by `how`, further arguments of np.pad."""
    return padded_by("((0, 0), (pad, pad), (pad, pad), (0, 0))", f", {how}")


def filters_as(matrix):
    """Return the patch that makes the matrix of filters by `matrix`."""
    return ((W_MATRIX, f"W_matrix = {matrix}"),)


def result(expression):
    """Return the patch that makes Z by `expression` of `product`, the product with the bias."""
    return ((Z, f"product = {PRODUCT}{BIAS}\n    Z = {expression}"),)


COLUMN_OF_W = Text(
    "In W as a matrix, column c must hold filter W[:, :, :, c]. Compare one column with it.",
    "W 写成矩阵后，第 c 列应是滤波器 W[:, :, :, c]。取一列来比较。",
)
ORDER_OF_W = Text(
    "In which order does im2col lay out a window? The filter must be in the same order.",
    "im2col 按什么顺序展开窗口？滤波器的展开顺序要与它相同。",
)
PAD_WHERE = Text(
    "Which of the four axes of A_prev are padded, on which sides, and with what?",
    "A_prev 的四个轴中，哪些要填充？填在哪一侧，填什么？",
)
BIAS_WHEN = Text(
    "A filter's bias is added to each of its outputs, once. Where does your line add it?",
    "滤波器的偏置要加到它的每个输出上，且只加一次。你的代码把它加在了哪里？",
)

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "bias_missing",
            ((BIAS, ""),),
            Text("The bias is not added.", "没有加上偏置。"),
            Text("Where is b used?", "b 用在了哪里？"),
        ),
        cause(
            "bias_added_twice",
            ((BIAS, f"{BIAS}{BIAS}"),),
            Text("The bias is added twice.", "偏置加了两次。"),
            BIAS_WHEN,
        ),
        cause(
            "bias_before_product",
            {
                "": ((Z, "Z = columns @ (W_matrix + b.reshape(n_C))"),),
                "sum": ((Z, "Z = (columns + np.sum(b)) @ W_matrix"),),
            },
            Text(
                "The bias is added before the product, so it is multiplied and summed up.",
                "偏置在矩阵相乘之前就加上了，于是它也参与了相乘和求和。",
            ),
            BIAS_WHEN,
        ),
        cause(
            "bias_subtracted",
            ((BIAS, BIAS.replace("+", "-")),),
            Text("The bias is subtracted.", "偏置被减去了。"),
            BIAS_WHEN,
        ),
        cause(
            "bias_of_all_filters",
            {
                "first": ((BIAS, " + b[0, 0, 0, 0]"),),
                "sum": ((BIAS, " + np.sum(b)"),),
                "mean": ((BIAS, " + np.mean(b)"),),
            },
            Text(
                "Every filter gets the same bias.",
                "所有滤波器用的是同一个偏置。",
            ),
            Text("How many numbers does b hold, and why?", "b 中有几个数？为什么？"),
        ),
        cause(
            "filters_mixed_up",
            {
                "": filters_as("W.reshape(n_C, f * f * n_C_prev).T"),
                "filters_first": filters_as("W.transpose(3, 0, 1, 2).reshape(-1, n_C)"),
                "all_reversed": filters_as("W.T.reshape(-1, n_C)"),
            },
            Text(
                "Numbers of different filters get into one column of the matrix.",
                "矩阵的同一列里混进了不同滤波器的元素。",
            ),
            COLUMN_OF_W,
        ),
        cause(
            "weights_in_other_order",
            {
                "channels_first": filters_as("W.transpose(2, 0, 1, 3).reshape(-1, n_C)"),
                "columns_first": filters_as("W.transpose(1, 0, 2, 3).reshape(-1, n_C)"),
                "reversed": filters_as("W.T.reshape(n_C, -1).T"),
                "channels_between": filters_as("W.transpose(0, 2, 1, 3).reshape(-1, n_C)"),
            },
            Text(
                "The numbers of a filter are in another order than those of a window.",
                "滤波器元素的排列顺序与窗口元素的不同。",
            ),
            ORDER_OF_W,
        ),
        cause(
            "kernel_flipped",
            {
                "": filters_as("W[::-1, ::-1].reshape(-1, n_C)"),
                "matrix": filters_as("W.reshape(-1, n_C)[::-1]"),
                "rows": filters_as("W[::-1].reshape(-1, n_C)"),
                "columns": filters_as("W[:, ::-1].reshape(-1, n_C)"),
            },
            Text(
                "Against the window the filter lies flipped, along one axis or more.",
                "相对于窗口，滤波器是翻转的，至少有一个轴如此。",
            ),
            Text(
                "Signal processing flips the kernel. Did your conv_forward of the first notebook?",
                "信号处理中的卷积会翻转滤波器。你在第一个 notebook 里写的 conv_forward 翻转了吗？",
            ),
        ),
        cause(
            "filters_not_in_a_matrix",
            {
                "": ((PRODUCT, "columns @ W"),),
                "dot": ((PRODUCT, "np.dot(columns, W)"),),
                "by_filter": filters_as("W.reshape(n_C, -1)"),
                "by_filter_dot": ((PRODUCT, "np.dot(columns, W.reshape(n_C, -1))"),),
                "by_channel": filters_as("W.reshape(-1, n_C_prev)"),
                "by_channel_dot": ((PRODUCT, "np.dot(columns, W.reshape(-1, n_C_prev))"),),
            },
            Text(
                "W does not become a matrix with as many rows as a window has numbers.",
                "W 没有变成行数等于窗口元素个数的矩阵。",
            ),
            Text(
                "Print the shape that im2col gives. How many rows must your matrix have?",
                "打印 im2col 结果的形状。你的矩阵应有多少行？",
            ),
        ),
        cause(
            "multiplied_by_element",
            ((PRODUCT, "columns * W_matrix"),),
            Text(
                "The windows and the matrix of filters are multiplied element by element.",
                "窗口与滤波器矩阵被逐元素相乘了。",
            ),
            Text(
                "One output is a sum of products. Which operator multiplies and sums up?",
                "一个输出是若干乘积之和。哪个运算符会先乘再求和？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"could not be broadcast together",
                r"\b(columns?|cols?)\s*\*\s*\w|np\.multiply\(",
            ),
        ),
        cause(
            "unpadded_input",
            {
                "": ((COLUMNS, "columns = im2col(A_prev, f, stride)"),),
                "cut_back": result(
                    "product[:, : (A_prev.shape[1] - f) // stride + 1, "
                    ": (A_prev.shape[2] - f) // stride + 1]"
                ),
            },
            Text(
                "The image before padding is used, for the windows or for the size of Z.",
                "窗口取自填充之前的图像，或者 Z 的大小由填充之前的图像算出。",
            ),
            Text("Which array is given to im2col?", "传给 im2col 的是哪个数组？"),
        ),
        cause(
            "pads_wrong_axes",
            {
                "examples": padded_by("((pad, pad), (pad, pad), (pad, pad), (0, 0))"),
                "channels": padded_by("((0, 0), (pad, pad), (pad, pad), (pad, pad))"),
                "channels_dot": (
                    *padded_by("pad"),
                    (PRODUCT, "np.dot(columns, W_matrix)"),
                ),
                "height": padded_by("((0, 0), (pad, pad), (0, 0), (0, 0))"),
                "width": padded_by("((0, 0), (0, 0), (pad, pad), (0, 0))"),
            },
            Text(
                "Other axes than height and width are padded, or only one of these.",
                "填充的不是高和宽这两个轴，或者只填充了其中一个。",
            ),
            PAD_WHERE,
        ),
        cause(
            "padded_on_one_side",
            {
                "before": padded_by("((0, 0), (pad, 0), (pad, 0), (0, 0))"),
                "after": padded_by("((0, 0), (0, pad), (0, pad), (0, 0))"),
            },
            Text(
                "The image is padded on one side only.",
                "图像只在一侧做了填充。",
            ),
            PAD_WHERE,
        ),
        cause(
            "padded_twice",
            {
                "": padded_by("((0, 0), (2 * pad, 2 * pad), (2 * pad, 2 * pad), (0, 0))"),
                "uneven": padded_by("((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0))"),
            },
            Text(
                "The border is not `pad` wide on each side.",
                "边框在每一侧的宽度都不是 `pad`。",
            ),
            Text(
                "np.pad takes the width before and after. Which numbers do you give it?",
                "np.pad 需要前、后两侧的宽度。你传入的是哪两个数？",
            ),
        ),
        cause(
            "padding_value",
            {
                "ones": filled("constant_values=1"),
                "pad": filled("constant_values=pad"),
                "edge": filled('mode="edge"'),
                "reflect": filled('mode="reflect"'),
                "symmetric": filled('mode="symmetric"'),
                "wrap": filled('mode="wrap"'),
                "mean": filled('mode="mean"'),
            },
            Text("The border is not filled with zeros.", "边框里填的不是 0。"),
            PAD_WHERE,
        ),
        cause(
            "pad_hard_coded",
            {
                "": ((PAD, "    pad = 1"),),
                "two": ((PAD, "    pad = 2"),),
                "same": ((PAD, "    pad = (f - 1) // 2"),),
            },
            Text(
                "The padding is not the one that hparameters say.",
                "填充的宽度没有按 hparameters 来取。",
            ),
            Text('Where is hparameters["pad"] used?', 'hparameters["pad"] 用在了哪里？'),
        ),
        cause(
            "stride_ignored",
            {
                "": ((COLUMNS, "columns = im2col(A_prev_pad, f, 1)"),),
                "cut": (
                    (COLUMNS, "columns = im2col(A_prev_pad, f, 1)"),
                    *result(
                        "product[:, : (A_prev_pad.shape[1] - f) // stride + 1, "
                        ": (A_prev_pad.shape[2] - f) // stride + 1]"
                    ),
                ),
                "two": ((STRIDE, "stride = 2"),),
            },
            Text(
                "The windows do not move by the stride of hparameters.",
                "窗口没有按 hparameters 里的步幅移动。",
            ),
            Text('Where is hparameters["stride"] used?', 'hparameters["stride"] 用在了哪里？'),
        ),
        cause(
            "hparameter_name",
            {
                "": ((PAD, '    pad = hparameters["padding"]'),),
                "stride": ((STRIDE, 'stride = hparameters["strides"]'),),
                "f": ((STRIDE, f'f = hparameters["f"]\n    {STRIDE}'),),
            },
            NO_ENTRY_MESSAGE,
            NO_ENTRY_HINT,
            failure=NO_ENTRY,
            rare=True,
        ),
        cause(
            "stride_used_twice",
            result("product[:, ::stride, ::stride]"),
            Text(
                "The stride is applied twice, so the windows lie stride * stride apart.",
                "步幅用了两次，窗口之间相隔 stride * stride。",
            ),
            Text(
                "How many windows does im2col lay out for stride 2, and how many places are in Z?",
                "步幅为 2 时，im2col 排出了多少个窗口？Z 有多少个位置？",
            ),
        ),
        cause(
            "stride_is_f",
            ((COLUMNS, "columns = im2col(A_prev_pad, f, f)"),),
            Text(
                "The window moves by its own size, as in many poolings.",
                "窗口每次移动的距离等于它自身的大小，像很多池化层那样。",
            ),
            Text('Where is hparameters["stride"] used?', 'hparameters["stride"] 用在了哪里？'),
        ),
        cause(
            "f_and_stride_swapped",
            ((COLUMNS, "columns = im2col(A_prev_pad, stride, f)"),),
            Text(
                "f and stride are given to im2col in the wrong order.",
                "传给 im2col 的 f 和 stride 顺序反了。",
            ),
            Text(
                "Which argument does im2col take second?",
                "im2col 的第二个参数是什么？",
            ),
        ),
        cause(
            "hyperparameters_swapped",
            (
                (STRIDE, 'stride = hparameters["pad"]'),
                (PAD, '    pad = hparameters["stride"]'),
            ),
            Text("stride and pad are swapped.", "stride 和 pad 弄反了。"),
            Text(
                "Check which entry of hparameters goes into which name.",
                "检查 hparameters 的每一项分别赋给了哪个变量。",
            ),
        ),
        cause(
            "window_size_hard_coded",
            {
                "three": ((COLUMNS, "columns = im2col(A_prev_pad, 3, stride)"),),
                "everywhere": ((FILTERS, f"{FILTERS}\n    f = 3"),),
            },
            Text(
                "The window is 3 x 3 whatever the filters are.",
                "无论滤波器多大，窗口都是 3 × 3。",
            ),
            Text(
                "Which axis of W tells the size of the window?",
                "W 的哪个轴给出了窗口的大小？",
            ),
        ),
        cause(
            "result_not_reshaped",
            {
                "": result("product.reshape(-1, n_C)"),
                "positions": result("product.reshape(len(A_prev), -1, n_C)"),
                "transposed": result("product.reshape(-1, n_C).T"),
            },
            Text(
                "Z has fewer than four axes; it should be a batch of images again.",
                "Z 不到四个轴，它应当重新成为一批图像。",
            ),
            Text(
                "Which four axes should Z have?",
                "Z 有哪四个轴？",
            ),
        ),
        cause(
            "result_mixed_up",
            {
                "": result("product.reshape(-1, n_C).T.reshape(product.shape)"),
                "filters_moved": result("product.transpose(0, 3, 1, 2).reshape(product.shape)"),
                "examples_last": result("product.transpose(1, 2, 0, 3).reshape(product.shape)"),
            },
            Text(
                "Z has the right shape, but its numbers got mixed up in a reshape.",
                "Z 的形状是对的，但其中的数在 reshape 时乱了。",
            ),
            Text(
                "reshape never changes the order of the numbers; transpose does. Which is needed?",
                "reshape 不改变元素的先后顺序，transpose 才会。这里需要哪一个？",
            ),
        ),
        cause(
            "result_transposed",
            {
                "channels_first": result("product.transpose(0, 3, 1, 2)"),
                "filters_first": result("product.transpose(3, 0, 1, 2)"),
                "height_width": result("product.swapaxes(1, 2)"),
            },
            Text(
                "The axes of Z are in another order than (m, n_H, n_W, n_C).",
                "Z 各轴的顺序不是 (m, n_H, n_W, n_C)。",
            ),
            Text("Print Z.shape and compare.", "打印 Z.shape，比较一下。"),
        ),
        cause(
            "divided",
            {
                "by_window": result("columns @ W_matrix / (f * f * n_C_prev) + b.reshape(n_C)"),
                "by_places": result("columns @ W_matrix / (f * f) + b.reshape(n_C)"),
                "by_examples": result("product / len(A_prev)"),
            },
            Text(
                "The sum is divided by a count: of a window or of the examples.",
                "求和之后又除以了个数：窗口的元素数、位置数，或者样本数。",
            ),
            Text(
                "Does the formula of Z divide by anything?",
                "Z 的公式里有除法吗？",
            ),
        ),
        cause(
            "activation_inside",
            {
                "": result("np.maximum(product, 0)"),
                "sigmoid": result("1 / (1 + np.exp(-product))"),
            },
            Text(
                "An activation is applied to Z inside the convolution.",
                "在卷积函数里就对 Z 用了激活函数。",
            ),
            Text(
                "Which function of this notebook applies the ReLU?",
                "这个 notebook 里，ReLU 由哪个函数负责？",
            ),
        ),
        cause(
            "first_example_only",
            {
                "": ((COLUMNS, "columns = im2col(A_prev_pad[:1], f, stride)"),),
                "repeated": result("np.repeat(product[:1], len(A_prev), axis=0)"),
            },
            Text(
                "Only the first example of the batch gets into Z.",
                "Z 中只有这批图像的第一个样本。",
            ),
            Text("Which axis of A_prev counts the examples?", "A_prev 的哪个轴是样本？"),
        ),
        cause(
            "first_filter_only",
            filters_as("np.repeat(W[:, :, :, :1].reshape(-1, 1), n_C, axis=1)"),
            Text(
                "Every output channel is computed with the first filter.",
                "每个输出通道用的都是第一个滤波器。",
            ),
            COLUMN_OF_W,
        ),
        cause(
            "cache_content",
            {
                "padded": ((CACHE, "cache = (A_prev_pad, W, b, hparameters)"),),
                "columns": ((CACHE, "cache = (columns, W, b, hparameters)"),),
                "columns_too": ((CACHE, "cache = (A_prev, W, b, hparameters, columns)"),),
                "matrix": ((CACHE, "cache = (A_prev, W_matrix, b, hparameters)"),),
                "both": ((CACHE, "cache = (columns, W_matrix, b, hparameters)"),),
                "order": ((CACHE, "cache = (A_prev, hparameters, W, b)"),),
                "no_hparameters": ((CACHE, "cache = (A_prev, W, b)"),),
                "stride_and_pad": ((CACHE, "cache = (A_prev, W, b, stride, pad)"),),
                "bias_row": ((CACHE, "cache = (A_prev, W, b.reshape(n_C), hparameters)"),),
                "bias_matrix": ((CACHE, "cache = (A_prev, W, b.reshape(1, n_C), hparameters)"),),
                "padded_and_matrix": ((CACHE, "cache = (A_prev_pad, W_matrix, b, hparameters)"),),
                "result": ((CACHE, "cache = (Z, W, b, hparameters)"),),
            },
            Text(
                "The cache is not the tuple (A_prev, W, b, hparameters) of the arguments as they "
                "came.",
                "cache 不是由原来的参数组成的元组 (A_prev, W, b, hparameters)。",
            ),
            Text(
                "conv_backward_fast unpacks the cache. What does it find there?",
                "conv_backward_fast 会解包 cache。它从中取到什么？",
            ),
        ),
    )
)
