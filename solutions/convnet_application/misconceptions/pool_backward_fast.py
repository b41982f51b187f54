"""What goes wrong in pool_backward_fast: the mask, the share, and where both are put."""

from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.pooling import (
    CHECK_HPARAMETERS,
    COUNT_PLACES,
    EACH_CHANNEL,
    NO_VALUE,
    NO_VALUE_HINT,
    NO_VALUE_MESSAGE,
    TWO_STRIDES,
    WHICH_BRANCH,
)

EXERCISE = "pool_backward_fast"
cause = partial(variants, EXERCISE)

F = '    f = hparameters["f"]'
STRIDE = 'stride = hparameters["stride"]'
COLUMNS = "columns = im2col(A_prev, f, stride)"
WINDOWS = "windows = columns.reshape(m, n_H, n_W, f * f, n_C)"
DA = "dA = dA.reshape(m, n_H, n_W, 1, n_C)"
IF_MAX = 'if mode == "max":'
IF_AVERAGE = 'elif mode == "average":'
LARGEST = "np.max(windows, axis=3, keepdims=True)"
MASK = f"mask = windows == {LARGEST}"
MAX_SHARE = "mask * dA"
AVERAGE_SHARE = "np.ones(windows.shape) * dA / (f * f)"
DCOLUMNS = "dcolumns = dwindows.reshape(m, n_H, n_W, f * f * n_C)"
COL2IM = "dA_prev = col2im(dcolumns, A_prev.shape, f, stride)"
RESULT = "    return dA_prev"

OTHER_WINDOWS = "columns.reshape(m, n_H, n_W, n_C, f * f)"
OTHER_MASK = (
    (
        MASK,
        f"grouped = {OTHER_WINDOWS}\n        mask = grouped == grouped.max(axis=4, keepdims=True)",
    ),
    (MAX_SHARE, "dA.reshape(m, n_H, n_W, n_C, 1) * mask"),
)
OTHER_AVERAGE = (
    (AVERAGE_SHARE, f"np.ones({OTHER_WINDOWS}.shape) * dA.reshape(m, n_H, n_W, n_C, 1) / (f * f)"),
)


def shares(maximum=MAX_SHARE, average=AVERAGE_SHARE):
    """Return the patches that give a window other shares of dA, in one mode or both."""
    pairs = ((MAX_SHARE, maximum), (AVERAGE_SHARE, average))
    return tuple((old, new) for old, new in pairs if old != new)


def masked(mask):
    """Return the patch that makes the mask by another expression."""
    return ((MASK, f"mask = {mask}"),)


def compared_with(largest):
    """Return the patch that takes something else for the window's maximum."""
    return masked(f"windows == {largest}")


def overwritten(order):
    """Return the patch that puts windows back in a loop of its own, one over the other."""
    return (
        (
            COL2IM,
            "dA_prev = np.zeros(A_prev.shape)\n"
            f"    for h in range(n_H){order}:\n"
            f"        for w in range(n_W){order}:\n"
            "            rows = slice(h * stride, h * stride + f)\n"
            "            places = slice(w * stride, w * stride + f)\n"
            "            dA_prev[:, rows, places] = dcolumns[:, h, w].reshape(m, f, f, n_C)",
        ),
    )


WHO_DECIDED = Text(
    "Which number of the window decided the value of A?",
    "A 的值由窗口中的哪个元素决定？",
)
ONE_OF_DA = Text(
    "One window made one number of A per channel. Which number of dA belongs to it?",
    "每个通道上，一个窗口得到 A 的一个元素。与它对应的是 dA 的哪个元素？",
)

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "mask_unused",
            {
                "": shares("np.ones(windows.shape) * dA"),
                "shared": shares("np.ones(windows.shape) * dA / (f * f)"),
            },
            Text(
                "In mode max every place of the window gets a gradient.",
                "max 模式下，窗口的每个位置都得到了梯度。",
            ),
            WHO_DECIDED,
        ),
        cause(
            "mask_of_whole_batch",
            {
                "": compared_with("np.max(windows)"),
                "input": compared_with("np.max(A_prev)"),
                "image": compared_with("np.max(windows, axis=(1, 2, 3), keepdims=True)"),
                "image_all_channels": compared_with(
                    "np.max(windows, axis=(1, 2, 3, 4), keepdims=True)"
                ),
                "examples": compared_with("np.max(windows, axis=0, keepdims=True)"),
                "batch_by_channel": compared_with(
                    "np.max(windows, axis=(0, 1, 2, 3), keepdims=True)"
                ),
                "row_of_windows": compared_with("np.max(windows, axis=(2, 3), keepdims=True)"),
            },
            Text(
                "The maximum that the mask compares with is taken over more than one window.",
                "掩码用来比较的最大值取自不止一个窗口。",
            ),
            Text(
                "How many entries of the mask are True for each window and channel?",
                "对每个窗口、每个通道，掩码中应有几个 True？",
            ),
        ),
        cause(
            "mask_over_channels",
            {
                "": compared_with("np.max(windows, axis=4, keepdims=True)"),
                "both": compared_with("np.max(windows, axis=(3, 4), keepdims=True)"),
            },
            Text(
                "The maximum is looked for across the channels.",
                "最大值是跨通道寻找的。",
            ),
            Text(
                "Pooling works on each channel by itself: along which axis is the maximum taken?",
                "池化对每个通道单独进行：最大值应沿哪个轴取？",
            ),
        ),
        cause(
            "channels_mixed_up",
            {
                "": (*OTHER_MASK, *OTHER_AVERAGE),
                "max": OTHER_MASK,
                "average": OTHER_AVERAGE,
                "windows_only": (
                    (
                        MASK,
                        f"windows = {OTHER_WINDOWS}.swapaxes(3, 4)\n        {MASK}",
                    ),
                ),
            },
            Text(
                "Numbers of different channels are taken for one window of one channel.",
                "不同通道的元素被当成了同一通道的一个窗口。",
            ),
            EACH_CHANNEL,
        ),
        cause(
            "shares_mixed_up",
            ((DCOLUMNS, DCOLUMNS.replace("dwindows", "dwindows.swapaxes(3, 4)")),),
            Text(
                "On the way back to columns places and channels are exchanged: in a row of im2col "
                "each place has all channels side by side.",
                "变回 columns 时，位置与通道弄反了：im2col 的一行里，每个位置的各通道挨在一起。",
            ),
            Text(
                "Which axis did you move to take the windows apart, and is it back in its place?",
                "拆开窗口时移动过哪个轴？放回去之前它回到原处了吗？",
            ),
        ),
        cause(
            "input_averaged",
            {
                "": shares(average="np.ones(windows.shape) * windows.mean(axis=3, keepdims=True)"),
                "shared": shares(
                    average="np.ones(windows.shape) * windows.mean(axis=3, keepdims=True) / (f * f)"
                ),
            },
            Text(
                "In mode average the mean of the input is spread out, not the gradient dA.",
                "average 模式下分出去的是输入的平均值，而不是梯度 dA。",
            ),
            Text(
                "What comes back from the layer after this one: values of A_prev, or a gradient?",
                "从后一层传回来的是 A_prev 的数值，还是梯度？",
            ),
        ),
        cause(
            "mask_of_minimum",
            compared_with("np.min(windows, axis=3, keepdims=True)"),
            Text(
                "In mode max the smallest number of the window gets the gradient.",
                "max 模式下，得到梯度的是窗口中最小的数。",
            ),
            WHO_DECIDED,
        ),
        cause(
            "mask_inverted",
            masked(f"windows != {LARGEST}"),
            Text(
                "In mode max all but the largest number get the gradient.",
                "max 模式下，除最大值以外的位置都得到了梯度。",
            ),
            WHO_DECIDED,
        ),
        cause(
            "mask_of_absolute_value",
            {
                "": masked("np.abs(windows) == np.max(np.abs(windows), axis=3, keepdims=True)"),
                "one_side": compared_with("np.max(np.abs(windows), axis=3, keepdims=True)"),
            },
            Text(
                "The mask looks for the number farthest from 0.",
                "掩码找的是离 0 最远的数。",
            ),
            Text("Which is larger: -3 or 1?", "-3 和 1 哪个大？"),
        ),
        cause(
            "mask_of_positive_numbers",
            {
                "": masked("windows > 0"),
                "too": masked(f"(windows == {LARGEST}) & (windows > 0)"),
            },
            Text(
                "The mask asks whether numbers are positive, as for a ReLU.",
                "掩码判断的是元素是否为正，那是 ReLU 的做法。",
            ),
            WHO_DECIDED,
        ),
        cause(
            "mask_times_input",
            {
                "": shares("mask * windows"),
                "and_dA": shares("mask * windows * dA"),
                "without_mask": shares("windows * dA"),
            },
            Text(
                "In mode max the gradient has the input's values as a factor.",
                "max 模式下，梯度里乘上了输入的数值。",
            ),
            Text(
                "What comes back from the layer after this one: values of A_prev, or a gradient?",
                "从后一层传回来的是 A_prev 的数值，还是梯度？",
            ),
        ),
        cause(
            "average_times_input",
            {
                "": shares(average="windows * dA / (f * f)"),
                "mean": shares(
                    average="np.ones(windows.shape) * windows.mean(axis=3, keepdims=True) * dA"
                ),
            },
            Text(
                "In mode average the input's values, or their mean, are a factor of the gradient.",
                "average 模式下，输入的数值或它们的平均值成了梯度的因子。",
            ),
            Text(
                "If one number of the window grows by 1, by how much does the mean grow?",
                "窗口中的一个数增加 1，平均值会增加多少？",
            ),
        ),
        cause(
            "gradient_unused",
            {
                "max": shares("mask * 1.0"),
                "average": shares(average="np.ones(windows.shape) / (f * f)"),
                "both": shares("mask * 1.0", "np.ones(windows.shape) / (f * f)"),
            },
            Text(
                "In at least one of the modes dA has no effect.",
                "至少有一种模式下，dA 没有起作用。",
            ),
            Text(
                "With dA = 0, which of your results are not 0?",
                "当 dA = 0 时，你的哪些结果不为 0？",
            ),
        ),
        cause(
            "sum_of_dA",
            {
                "": shares("mask * np.sum(dA)", "np.ones(windows.shape) * np.sum(dA) / (f * f)"),
                "max": shares("mask * np.sum(dA)"),
                "average": shares(average="np.ones(windows.shape) * np.sum(dA) / (f * f)"),
                "mean": shares(
                    "mask * np.mean(dA)", "np.ones(windows.shape) * np.mean(dA) / (f * f)"
                ),
                "mean_average": shares(average="np.ones(windows.shape) * np.mean(dA)"),
                "channels": shares(
                    "mask * dA.sum(axis=4, keepdims=True)",
                    "np.ones(windows.shape) * dA.sum(axis=4, keepdims=True) / (f * f)",
                ),
            },
            Text(
                "A sum or mean over dA is used where one number of it belongs.",
                "本应只用 dA 的一个元素，却用了 dA 多个元素的和或平均值。",
            ),
            ONE_OF_DA,
        ),
        cause(
            "average_not_divided",
            shares(average="np.ones(windows.shape) * dA"),
            Text(
                "Where the gradient should be shared out, each place of the window gets all of it.",
                "本该平均分配的梯度，却整个给了窗口的每一个位置。",
            ),
            Text(
                "If one number of the window grows by 1, by how much does the mean grow?",
                "窗口中的一个数增加 1，平均值会增加多少？",
            ),
        ),
        cause(
            "average_divisor",
            {
                "f": shares(average="np.ones(windows.shape) * dA / f"),
                "both_sides": shares(average="np.ones(windows.shape) * dA / (f + f)"),
                "stride": shares(average="np.ones(windows.shape) * dA / (stride * stride)"),
                "channels_too": shares(average="np.ones(windows.shape) * dA / (f * f * n_C)"),
                "twice": shares(average="np.ones(windows.shape) * dA / (f * f) / (f * f)"),
                "multiplied": shares(average="np.ones(windows.shape) * dA * (f * f)"),
                "examples_too": shares(average="np.ones(windows.shape) * dA / (f * f * m)"),
            },
            Text(
                "In mode average the share of a place is not dA divided once by the number of "
                "places in a window.",
                "average 模式下，每个位置分到的不是 dA 除以一次窗口位置数的结果。",
            ),
            COUNT_PLACES,
        ),
        cause(
            "max_divided",
            {
                "": shares("mask * dA / (f * f)"),
                "examples": shares("mask * dA / m"),
            },
            Text(
                "In mode max the gradient is divided by a count.",
                "max 模式下，梯度除以了个数。",
            ),
            Text(
                "If the largest number of the window grows by 1, by how much does A grow?",
                "窗口中最大的数增加 1，A 会增加多少？",
            ),
        ),
        cause(
            "average_at_one_place",
            {
                "": shares(average="(np.arange(f * f) == 0).reshape(f * f, 1) * dA"),
                "shared": shares(
                    average="(np.arange(f * f) == 0).reshape(f * f, 1) * dA / (f * f)"
                ),
            },
            Text(
                "In mode average only one place of the window gets a gradient.",
                "average 模式下，窗口中只有一个位置得到了梯度。",
            ),
            Text(
                "Which numbers of the window had an influence on its mean?",
                "窗口中哪些元素影响了平均值？",
            ),
        ),
        cause(
            "modes_swapped",
            (
                (IF_MAX, 'if mode == "first":'),
                (IF_AVERAGE, 'elif mode == "max":'),
                ('if mode == "first":', 'if mode == "average":'),
            ),
            Text("The two modes are swapped.", "两种模式弄反了。"),
            Text("Which branch belongs to which mode?", "哪个分支对应哪种模式？"),
        ),
        cause(
            "always_max",
            ((IF_MAX, "if True:"),),
            Text(
                "Both modes pass the gradient to the maximum only.",
                "两种模式下梯度都只传给了最大值。",
            ),
            Text("Where is the argument `mode` used?", "参数 `mode` 用在了哪里？"),
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
                    (IF_MAX, f"dwindows = np.zeros(windows.shape)\n    {IF_MAX}"),
                    (IF_AVERAGE, 'elif mode == "mean":'),
                ),
                "max": ((IF_MAX, 'dwindows = np.zeros(windows.shape)\n    if mode == "maximum":'),),
            },
            Text(
                "In one mode dA_prev stays 0, as if its branch were never entered.",
                "有一种模式下 dA_prev 一直是 0，对应的分支好像从未执行。",
            ),
            WHICH_BRANCH,
        ),
        cause(
            "dA_axis",
            {
                "missing": ((f"{DA}\n", "pass\n"),),
                "last": ((DA, "dA = dA.reshape(m, n_H, n_W, n_C, 1)"),),
            },
            Text(
                "dA has no axis of length 1 where the laid-out windows have their places.",
                "展开的窗口有一个表示位置的轴，而 dA 中没有长度为 1 的轴与之对应。",
            ),
            Text(
                "Write the shapes of the laid-out windows and of dA below each other, "
                "right-aligned: which axes meet?",
                "把展开的窗口和 dA 的形状右对齐上下写出来：哪些轴对在一起？",
            ),
        ),
        cause(
            "maximum_without_places",
            compared_with("np.max(windows, axis=3)"),
            Text(
                "The maximum of each window has lost the axis of the places, so it does not line "
                "up with the windows.",
                "每个窗口的最大值丢掉了表示位置的轴，因此与窗口对不齐。",
            ),
            Text(
                "Print the shapes of the windows and of their maximum. How many axes are in each?",
                "分别打印窗口和窗口最大值的形状。两者各有几个轴？",
            ),
            # With it, another array has lost the axis.
            code=r"\A(?![\s\S]*keepdims=True)",
        ),
        cause(
            "share_not_spread",
            shares(average="dA / (f * f)"),
            Text(
                "In mode average a window has one share, not one for each of its places.",
                "average 模式下，每个窗口只有一份梯度，而不是窗口的每个位置各有一份。",
            ),
            Text(
                "How many numbers does one window hand on, and how many are there in its share?",
                "一个窗口要交出多少个数？你算出的这一份里有几个数？",
            ),
        ),
        cause(
            "stride_is_f",
            {
                "": ((COL2IM, "dA_prev = col2im(dcolumns, A_prev.shape, f, f)"),),
                "both": (
                    (COLUMNS, "columns = im2col(A_prev, f, f)"),
                    (COL2IM, "dA_prev = col2im(dcolumns, A_prev.shape, f, f)"),
                ),
            },
            Text(
                "A window moves by its own size, whatever the stride is.",
                "无论步幅是多少，窗口移动的距离都等于它自身的大小。",
            ),
            TWO_STRIDES,
            rare=True,
        ),
        cause(
            "stride_ignored",
            {
                "": (
                    (COLUMNS, "columns = im2col(A_prev, f, 1)"),
                    (COL2IM, "dA_prev = col2im(dcolumns, A_prev.shape, f, 1)"),
                ),
                "result": ((COL2IM, "dA_prev = col2im(dcolumns, A_prev.shape, f, 1)"),),
                "cut": ((COLUMNS, "columns = im2col(A_prev, f, 1)[:, :n_H, :n_W]"),),
            },
            Text(
                "The stride of hparameters is not used everywhere.",
                "hparameters 里的步幅没有处处用到。",
            ),
            TWO_STRIDES,
        ),
        cause(
            "f_and_stride_swapped",
            {
                "": (
                    (STRIDE, 'stride = hparameters["f"]'),
                    (F, '    f = hparameters["stride"]'),
                ),
                "calls": (
                    (COLUMNS, "columns = im2col(A_prev, stride, f)"),
                    (COL2IM, "dA_prev = col2im(dcolumns, A_prev.shape, stride, f)"),
                ),
            },
            Text("f and stride are swapped.", "f 和 stride 弄反了。"),
            CHECK_HPARAMETERS,
        ),
        cause(
            "window_size_hard_coded",
            ((F, "    f = 2"),),
            Text(
                "The window is 2 x 2 whatever hparameters say.",
                "无论 hparameters 中是多少，窗口都是 2 × 2。",
            ),
            Text('Where is hparameters["f"] used?', 'hparameters["f"] 用在了哪里？'),
        ),
        cause(
            "overlap_overwritten",
            {"": overwritten(""), "backwards": overwritten("[::-1]")},
            Text(
                "In dA_prev windows overwrite each other where they overlap.",
                "dA_prev 中，窗口在重叠处互相覆盖了。",
            ),
            Text(
                "With stride 1 one pixel lies in several windows. How do their gradients combine?",
                "步幅为 1 时，一个像素落在多个窗口里。它们的梯度应怎样合在一起？",
            ),
        ),
        cause(
            "columns_returned",
            {
                "": ((RESULT, "    return dcolumns"),),
                "windows": ((RESULT, "    return dwindows"),),
                "matrix": ((RESULT, "    return dcolumns.reshape(-1, f * f * n_C)"),),
            },
            Text(
                "The gradient of the laid-out windows is returned, not that of the images.",
                "返回的是展开的窗口的梯度，而不是图像的梯度。",
            ),
            Text(
                "Which function takes columns back to images?",
                "哪个函数把 columns 变回图像？",
            ),
        ),
        cause(
            "shape_of_dA",
            ((COL2IM, "dA_prev = col2im(dcolumns, (m, n_H, n_W, n_C), f, stride)"),),
            Text(
                "The windows are put back into an image of dA's size.",
                "窗口被放回到了与 dA 一样大的图像里。",
            ),
            Text(
                "A gradient has the shape of what it is the gradient of.",
                "梯度的形状与它所对应的变量相同。",
            ),
        ),
        cause(
            "sign_reversed",
            {
                "": ((RESULT, "    return -dA_prev"),),
                "max": shares("-1.0 * mask * dA"),
                "average": shares(average="-np.ones(windows.shape) * dA / (f * f)"),
            },
            Text(
                "In at least one mode the gradient has the opposite sign.",
                "至少有一种模式下，梯度的符号反了。",
            ),
            Text(
                "The step against the gradient is taken later, by sgd_momentum_step.",
                "沿负梯度方向走是以后由 sgd_momentum_step 来做的。",
            ),
        ),
        cause(
            "input_added",
            {
                "": ((RESULT, "    return A_prev + dA_prev"),),
                "product": ((RESULT, "    return A_prev * dA_prev"),),
            },
            Text(
                "The values of A_prev get into its gradient.",
                "A_prev 的数值混进了它的梯度。",
            ),
            Text(
                "dA_prev has the shape of A_prev. Does it need its values, too?",
                "dA_prev 与 A_prev 形状相同，但也需要它的数值吗？",
            ),
        ),
        cause(
            "result_transposed",
            {
                "height_width": ((RESULT, "    return dA_prev.swapaxes(1, 2)"),),
                "channels_first": ((RESULT, "    return dA_prev.transpose(0, 3, 1, 2)"),),
            },
            Text(
                "The axes of dA_prev are in another order than those of A_prev.",
                "dA_prev 各轴的顺序与 A_prev 不同。",
            ),
            Text("Print dA_prev.shape and compare.", "打印 dA_prev.shape，比较一下。"),
        ),
    )
)
