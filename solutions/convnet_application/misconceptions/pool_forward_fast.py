"""What goes wrong in pool_forward_fast: which numbers are pooled together, and how."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.pooling import (
    CHECK_HPARAMETERS,
    COUNT_PLACES,
    EACH_CHANNEL,
    NO_VALUE,
    NO_VALUE_HINT,
    NO_VALUE_MESSAGE,
    SHAPE_READ,
    WHERE_STRIDE,
    WHICH_BRANCH,
)

EXERCISE = "pool_forward_fast"
cause = partial(variants, EXERCISE)

CHANNELS = "n_C = A_prev.shape[3]"
F = '    f = hparameters["f"]'
STRIDE = 'stride = hparameters["stride"]'
COLUMNS = "columns = im2col(A_prev, f, stride)"
WINDOWS = "windows = columns.reshape(m, n_H, n_W, f * f, n_C)"
IF_MAX = 'if mode == "max":'
IF_AVERAGE = 'elif mode == "average":'
MAX = "np.max(windows, axis=3)"
MEAN = "np.mean(windows, axis=3)"
CACHE = "cache = (A_prev, hparameters)"


def pooled(maximum=MAX, mean=MEAN):
    """Return the patches that pool by other expressions of `windows`."""
    return tuple((old, new) for old, new in ((MAX, maximum), (MEAN, mean)) if old != new)


def along(axis):
    """Return the patches that pool along another axis."""
    return pooled(MAX.replace("3", axis), MEAN.replace("3", axis))


def regrouped(windows, axis):
    """Return the patches that group the columns in another way and pool along `axis`."""
    return ((WINDOWS, f"windows = {windows}"), *along(axis))


def result(expression):
    """Return the patch that changes A before it is returned."""
    return ((CACHE, f"A = {expression}\n    {CACHE}"),)


MISCONCEPTIONS = tuple(
    chain(
        cause(
            "channels_mixed_up",
            {
                "": regrouped("columns.reshape(m, n_H, n_W, n_C, f * f)", "4"),
                "across": pooled(
                    "np.max(columns.reshape(m, n_H, n_W, n_C, f * f), axis=4)",
                ),
                "average_across": pooled(
                    mean="np.mean(columns.reshape(m, n_H, n_W, n_C, f * f), axis=4)",
                ),
            },
            Text(
                "Numbers of different channels are pooled together.",
                "不同通道的元素被放在一起池化了。",
            ),
            EACH_CHANNEL,
        ),
        cause(
            "windows_mixed_up",
            {
                "places_first": regrouped(
                    "columns.reshape(f * f, -1)", "0).reshape(m, n_H, n_W, n_C"
                ),
                "channels_first": regrouped(
                    "columns.reshape(m, n_C, f * f, n_H, n_W)", "2).reshape(m, n_H, n_W, n_C"
                ),
            },
            Text(
                "Before pooling, a reshape puts numbers of different windows or channels together.",
                "池化之前的 reshape 把不同窗口或不同通道的元素放到了一起。",
            ),
            EACH_CHANNEL,
        ),
        cause(
            "pooled_over_channels",
            {
                "": along("4"),
                "last_of_columns": pooled("np.max(columns, axis=3)", "np.mean(columns, axis=3)"),
                "kept": pooled(
                    "np.max(columns, axis=3, keepdims=True)",
                    "np.mean(columns, axis=3, keepdims=True)",
                ),
                "repeated": (
                    *pooled(
                        "np.max(columns, axis=3, keepdims=True)",
                        "np.mean(columns, axis=3, keepdims=True)",
                    ),
                    *result("np.repeat(A, n_C, axis=3)"),
                ),
            },
            Text(
                "The maximum or mean runs over the channels as well, or instead.",
                "最大值或平均值是沿着通道取的，或者把通道也算了进去。",
            ),
            Text(
                "How many channels should A have when A_prev has three? Print A.shape.",
                "A_prev 有三个通道时，A 有几个？打印 A.shape。",
            ),
        ),
        cause(
            "wrong_axis",
            {
                "columns": along("2"),
                "rows": along("1"),
                "examples": along("0"),
                "both_positions": along("(1, 2)"),
                "places_too": along("(2, 3)"),
                "all": pooled("np.max(windows)", "np.mean(windows)"),
            },
            Text(
                "The maximum or mean does not run over exactly the places of one window.",
                "最大值或平均值不是恰好在同一个窗口的各个位置上取的。",
            ),
            Text(
                "The laid-out windows have five axes. Which one counts the places of a window?",
                "展开的窗口有五个轴。哪个轴是窗口中的位置？",
            ),
        ),
        cause(
            "one_side_of_the_window",
            {
                "rows": regrouped("columns.reshape(m, n_H, n_W, f, f, n_C)", "3"),
                "columns": regrouped("columns.reshape(m, n_H, n_W, f, f, n_C)", "4"),
            },
            Text(
                "Only one side of the window is pooled away.",
                "池化只沿窗口的一条边做了，另一条边还留着。",
            ),
            Text(
                "How many numbers per channel does a window give?",
                "每个通道上，一个窗口应得到几个数？",
            ),
        ),
        cause(
            "axis_kept",
            pooled(
                "np.max(windows, axis=3, keepdims=True)",
                "np.mean(windows, axis=3, keepdims=True)",
            ),
            Text(
                "An axis of length 1 is left in A.",
                "A 中多留了一个长度为 1 的轴。",
            ),
            Text("Which four axes should A have?", "A 有哪四个轴？"),
        ),
        cause(
            "always_max",
            ((IF_MAX, "if True:"),),
            Text(
                "Both modes take the maximum.",
                "两种模式都取了最大值。",
            ),
            Text("Where is the argument `mode` used?", "参数 `mode` 用在了哪里？"),
        ),
        cause(
            "always_average",
            ((IF_MAX, "if False:"), (IF_AVERAGE, "else:")),
            Text(
                "Both modes take the mean.",
                "两种模式都取了平均值。",
            ),
            Text("Where is the argument `mode` used?", "参数 `mode` 用在了哪里？"),
        ),
        cause(
            "modes_swapped",
            pooled(MEAN.replace("3", "-2"), MAX),
            Text("The two modes are swapped.", "两种模式弄反了。"),
            Text("Which branch belongs to which mode?", "哪个分支对应哪种模式？"),
        ),
        cause(
            "mode_name",
            {
                "average": ((IF_AVERAGE, 'elif mode == "avg":'),),
                "max": ((IF_MAX, 'if mode == "Max":'),),
            },
            NO_VALUE_MESSAGE,
            NO_VALUE_HINT,
            failure=NO_VALUE,
        ),
        cause(
            "mode_without_effect",
            {
                "average": (
                    (IF_MAX, f"A = np.zeros((m, n_H, n_W, n_C))\n    {IF_MAX}"),
                    (IF_AVERAGE, 'elif mode == "mean":'),
                ),
                "max": ((IF_MAX, 'A = np.zeros((m, n_H, n_W, n_C))\n    if mode == "maximum":'),),
            },
            Text(
                "In one mode A stays 0, as if its branch were never entered.",
                "有一种模式下 A 一直是 0，对应的分支好像从未执行。",
            ),
            WHICH_BRANCH,
        ),
        cause(
            "sum_for_mean",
            pooled(mean="np.sum(windows, axis=3)"),
            Text("In mode average the sum is taken.", "average 模式下取的是总和。"),
            Text("What is the mean of three numbers?", "三个数的平均值是什么？"),
        ),
        cause(
            "mean_divisor",
            {
                "f": pooled(mean="np.sum(windows, axis=3) / f"),
                "both_sides": pooled(mean="np.sum(windows, axis=3) / (f + f)"),
                "stride": pooled(mean="np.sum(windows, axis=3) / (stride * stride)"),
                "channels_too": pooled(mean="np.sum(windows, axis=3) / (f * f * n_C)"),
                "twice": pooled(mean=f"{MEAN} / (f * f)"),
            },
            Text(
                "In mode average the sum is divided by something else than the places in a window.",
                "average 模式下，总和除以的不是窗口的位置数。",
            ),
            COUNT_PLACES,
        ),
        cause(
            "median_for_mean",
            pooled(mean="np.median(windows, axis=3)"),
            Text("In mode average the median is taken.", "average 模式下取的是中位数。"),
            Text("Which NumPy function gives the mean?", "NumPy 中求平均值的函数是哪个？"),
        ),
        cause(
            "minimum",
            {
                "": pooled("np.min(windows, axis=3)"),
                "average": pooled(mean="np.min(windows, axis=3)"),
            },
            Text("In one mode the minimum is taken.", "有一种模式下取的是最小值。"),
            Text("Which number of the window should stay?", "窗口中应留下哪个数？"),
        ),
        cause(
            "sum_for_maximum",
            pooled("np.sum(windows, axis=3)"),
            Text("In mode max the sum is taken.", "max 模式下取的是总和。"),
            Text("Which number of the window should stay?", "窗口中应留下哪个数？"),
        ),
        cause(
            "absolute_maximum",
            {
                "": pooled("np.max(np.abs(windows), axis=3)"),
                "with_sign": pooled(
                    "np.take_along_axis(windows, np.argmax(np.abs(windows), axis=3)[:, :, :, None]"
                    ", axis=3)[:, :, :, 0]"
                ),
            },
            Text(
                "In mode max the number farthest from 0 is looked for, with or without its sign.",
                "max 模式下找的是离 0 最远的数，不论是否保留符号。",
            ),
            Text("Which is larger: -3 or 1?", "-3 和 1 哪个大？"),
        ),
        cause(
            "negative_maximum_lost",
            {
                "": pooled("np.maximum(np.max(windows, axis=3), 0)"),
                "input": ((COLUMNS, "columns = im2col(np.maximum(A_prev, 0), f, stride)"),),
            },
            Text(
                "Negative numbers become 0, as if a ReLU or zeros had been mixed in.",
                "负数变成了 0，好像混进了 ReLU 或 0。",
            ),
            Text(
                "What is the maximum of a window that holds only negative numbers?",
                "窗口中全是负数时，最大值是什么？",
            ),
        ),
        cause(
            "index_of_maximum",
            {
                "": pooled("np.argmax(windows, axis=3)"),
                "mask": pooled("np.sum(windows == np.max(windows, axis=3, keepdims=True), axis=3)"),
            },
            Text(
                "In mode max A says where, or how often, the maximum occurs, not how large it is.",
                "max 模式下，A 是最大值的位置或出现的次数，而不是最大值。",
            ),
            Text(
                "np.argmax and np.max: which gives an index?",
                "np.argmax 和 np.max：哪一个返回下标？",
            ),
        ),
        cause(
            "stride_ignored",
            {
                "": ((COLUMNS, "columns = im2col(A_prev, f, 1)"),),
                "cut": (
                    (
                        COLUMNS,
                        "columns = im2col(A_prev, f, 1)[:, : (A_prev.shape[1] - f) // stride + 1, "
                        ": (A_prev.shape[2] - f) // stride + 1]",
                    ),
                ),
                "two": ((STRIDE, "stride = 2"),),
            },
            Text(
                "The windows do not move by the stride of hparameters.",
                "窗口没有按 hparameters 里的步幅移动。",
            ),
            WHERE_STRIDE,
        ),
        cause(
            "stride_is_f",
            ((COLUMNS, "columns = im2col(A_prev, f, f)"),),
            Text(
                "The window moves by its own size, whatever the stride is.",
                "无论步幅是多少，窗口每次移动的距离都等于它自身的大小。",
            ),
            WHERE_STRIDE,
        ),
        cause(
            "f_and_stride_swapped",
            {
                "": ((COLUMNS, "columns = im2col(A_prev, stride, f)"),),
                "everywhere": (
                    (STRIDE, 'stride = hparameters["f"]'),
                    (F, '    f = hparameters["stride"]'),
                ),
            },
            Text("f and stride are swapped.", "f 和 stride 弄反了。"),
            CHECK_HPARAMETERS,
        ),
        cause(
            "window_size_hard_coded",
            {
                "": ((F, "    f = 2"),),
                "three": ((F, "    f = 3"),),
            },
            Text(
                "The window has the same size whatever hparameters say.",
                "无论 hparameters 中是多少，窗口的大小都不变。",
            ),
            Text('Where is hparameters["f"] used?', 'hparameters["f"] 用在了哪里？'),
        ),
        cause(
            "padding_in_pooling",
            {
                "": ((F, '    pad = hparameters["pad"]\n' + F),),
                "one": (
                    (
                        COLUMNS,
                        "columns = im2col(np.pad(A_prev, ((0, 0), (1, 1), (1, 1), (0, 0))), "
                        "f, stride)",
                    ),
                ),
            },
            Text(
                "A padding is read or added; the pooling layers of this course have none.",
                "这里读取或加上了填充，而本课程的池化层没有填充。",
            ),
            Text(
                "Which entries do the hparameters of a pooling layer have?",
                "池化层的 hparameters 中有哪些项？",
            ),
            failure=FailurePattern(r"KeyError", r"pad"),
        ),
        cause(
            "result_transposed",
            {
                "height_width": result("A.swapaxes(1, 2)"),
                "channels_first": result("A.transpose(0, 3, 1, 2)"),
            },
            Text(
                "The axes of A are in another order than (m, n_H, n_W, n_C).",
                "A 各轴的顺序不是 (m, n_H, n_W, n_C)。",
            ),
            Text("Print A.shape and compare.", "打印 A.shape，比较一下。"),
        ),
        cause(
            "result_mixed_up",
            {
                "": result("A.transpose(0, 3, 1, 2).reshape(A.shape)"),
                "channels_first": result("A.reshape(m, n_C, n_H, n_W).transpose(0, 2, 3, 1)"),
                "examples_last": result("A.transpose(1, 2, 0, 3).reshape(A.shape)"),
                "examples_last_back": result("A.reshape(n_H, n_W, m, n_C).transpose(2, 0, 1, 3)"),
            },
            Text(
                "A has the right shape, but its numbers got mixed up in a reshape.",
                "A 的形状是对的，但其中的数在 reshape 时乱了。",
            ),
            Text(
                "reshape never changes the order of the numbers; transpose does. Which is needed?",
                "reshape 不改变元素的先后顺序，transpose 才会。这里需要哪一个？",
            ),
        ),
        cause(
            "result_not_reshaped",
            {
                "": result("A.reshape(-1, n_C)"),
                "positions": result("A.reshape(m, -1, n_C)"),
                "vector": result("A.ravel()"),
            },
            Text(
                "A has fewer than four axes; it should be a batch of images again.",
                "A 不到四个轴，它应当重新成为一批图像。",
            ),
            Text("Which four axes should A have?", "A 有哪四个轴？"),
        ),
        cause(
            "channels_of_another_axis",
            {
                "height": ((CHANNELS, "n_C = A_prev.shape[1]"),),
                "width": ((CHANNELS, "n_C = A_prev.shape[2]"),),
            },
            Text(
                "n_C is read from an axis that doesn't count channels.",
                "n_C 不是从通道那个轴读出来的。",
            ),
            SHAPE_READ,
        ),
        cause(
            "first_example_only",
            {
                "": ((MAX, "np.max(windows[:1], axis=3)"), (MEAN, "np.mean(windows[:1], axis=3)")),
                "repeated": result("np.repeat(A[:1], m, axis=0)"),
            },
            Text(
                "Only the first example of the batch gets into A.",
                "A 中只有这批图像的第一个样本。",
            ),
            Text("Which axis of A_prev counts the examples?", "A_prev 的哪个轴是样本？"),
        ),
        cause(
            "cache_content",
            {
                "columns": ((CACHE, "cache = (columns, hparameters)"),),
                "windows": ((CACHE, "cache = (windows, hparameters)"),),
                "columns_too": ((CACHE, "cache = (A_prev, hparameters, columns)"),),
                "mode_too": ((CACHE, "cache = (A_prev, hparameters, mode)"),),
                "result": ((CACHE, "cache = (A, hparameters)"),),
                "order": ((CACHE, "cache = (hparameters, A_prev)"),),
                "f_and_stride": ((CACHE, "cache = (A_prev, f, stride)"),),
                "input_only": ((CACHE, "cache = A_prev"),),
            },
            Text(
                "The cache is not the tuple (A_prev, hparameters) of the two as they came.",
                "cache 不是由原来的两个参数组成的元组 (A_prev, hparameters)。",
            ),
            Text(
                "pool_backward_fast unpacks the cache. What does it find there?",
                "pool_backward_fast 会解包 cache。它从中取到什么？",
            ),
        ),
    )
)
