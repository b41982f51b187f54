"""What goes wrong in pool_backward: which entry of dA is used, where it goes, and how."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.cnn_step_by_step.misconceptions.windows import (
    CACHE_ORDER,
    CORNER,
    GRADIENT_NOT_RESET,
    GRADIENT_NOT_RESET_HINT,
    HORIZONTAL_END_COPIED,
    INTEGERS,
    OTHER_NAME,
    OVERWRITTEN,
    SWAPPED_LOOPS,
    SWAPPED_WINDOW,
    WINDOW,
    both_ends,
    both_loops,
    window_misconceptions,
)

EXERCISE = "pool_backward"
cause = partial(variants, EXERCISE)

START = "dA_prev = np.zeros(A_prev.shape)"
SHAPE = "m, n_H, n_W, n_C = dA.shape"
EXAMPLE = " a_prev = A_prev[i]"
DA_EXAMPLE = "da_prev = dA_prev[i]"
DA = "da = dA[i, h, w, c]"
MAX_MODE = 'if mode == "max":\n'
AVERAGE_MODE = 'elif mode == "average":\n'
SLICE = f"= a_prev[{WINDOW}, c]"
MASK = "create_mask_from_window(a_prev_slice)"
MASK_TIMES = "mask * da"
SHARE = "distribute_value(da, (f, f))"
ADD_MAX = f"da_prev[{WINDOW}, c] += mask"
ADD_AVERAGE = f"da_prev[{WINDOW}, c] += a\n"
WINDOW_OF_DA = f"dA[i, {WINDOW}, c]"


def dA_read_last(entry):
    """Return the patches that read `entry` of dA where it is used: another line fails first."""
    return (
        (f"{DA}\n", "pass\n"),
        (MASK_TIMES, f"mask * {entry}"),
        (SHARE, f"distribute_value({entry}, (f, f))"),
    )


OVER_INPUT = both_loops("range(A_prev.shape[1])", "range(A_prev.shape[2])")

MISCONCEPTIONS = tuple(
    chain(
        window_misconceptions(
            EXERCISE,
            {
                "height_width_swapped_slice": {
                    "": (
                        (SLICE, f"= a_prev[{SWAPPED_WINDOW}, c]"),
                        (ADD_MAX, f"da_prev[{SWAPPED_WINDOW}, c] += mask"),
                        (ADD_AVERAGE, f"da_prev[{SWAPPED_WINDOW}, c] += a\n"),
                    ),
                    "max_result": ((ADD_MAX, f"da_prev[{SWAPPED_WINDOW}, c] += mask"),),
                    "max_input": ((SLICE, f"= a_prev[{SWAPPED_WINDOW}, c]"),),
                },
                "hard_coded_example": {
                    "input": ((EXAMPLE, " a_prev = A_prev[0]"),),
                    "gradient": ((DA, "da = dA[0, h, w, c]"),),
                    "result": ((DA_EXAMPLE, "da_prev = dA_prev[0]"),),
                },
                "height_width_swapped_loops": {
                    "dA_read_last": (*SWAPPED_LOOPS, *dA_read_last("dA[i, h, w, c]"))
                },
                "window_end_off_by_one": {
                    "long": both_ends("f + 1"),
                    "and_share": (
                        *both_ends("f - 1"),
                        (SHARE, "distribute_value(da, (f - 1, f - 1))"),
                    ),
                    "long_and_share": (
                        *both_ends("f + 1"),
                        (SHARE, "distribute_value(da, (f + 1, f + 1))"),
                    ),
                },
                "loops_over_input": {
                    "": OVER_INPUT,
                    "dA_read_last": (*OVER_INPUT, *dA_read_last("dA[i, h, w, c]")),
                },
                "image_overwritten": {
                    "": (
                        ("a_prev_slice = a_prev[", "a_prev = a_prev["),
                        (MASK, "create_mask_from_window(a_prev)"),
                    )
                },
                "horizontal_copied_from_vertical": HORIZONTAL_END_COPIED,
            },
            failures={"image_overwritten": OVERWRITTEN},
            equivalent={"loop_bound_n_minus_f": (f"{EXERCISE}/dA_prev_stays_zero",)},
        ),
        cause(
            "last_example_only",
            (("for i in range(m):", "for i in range(m - 1, m):"),),
            Text(
                "Of a whole batch only the last example is left in dA_prev.",
                "dA_prev 中本应有整批数据的结果，却只剩下最后一个样本的。",
            ),
            Text(
                "Which lines must be done for every i? Check how far they are indented.",
                "哪些行要对每个 i 都执行？检查它们的缩进。",
            ),
            rare=True,
        ),
        cause(
            "cut_to_integers",
            {
                "": ((START, "dA_prev = np.zeros(A_prev.shape, dtype=int)"),),
                "result": (("return dA_prev", "return dA_prev.astype(int)"),),
            },
            Text(
                "dA_prev is an array of integers, which can't hold decimals.",
                "dA_prev 是整数数组，而整数数组存不下小数。",
            ),
            Text(
                "Print the dtype of the array that you make. Which numbers can it hold?",
                "打印你创建的数组的 dtype：它能存放哪些数？",
            ),
            failure=FailurePattern(
                r"\w*UFunc\w*Error",
                r"Cannot cast ufunc '\w+' output from dtype\('float64'\) to dtype\('u?int",
            ),
            code=INTEGERS,
            rare=True,
        ),
        cause(
            "cache_order",
            (("A_prev, hparameters = cache", "hparameters, A_prev = cache"),),
            Text(
                "The cache is unpacked in another order than the one in which it was stored.",
                "解包 cache 的顺序与存入时的顺序不同。",
            ),
            Text(
                "Look at the line of pool_forward that makes the cache.",
                "看看 pool_forward 中生成 cache 的那一行。",
            ),
            failure=CACHE_ORDER,
            rare=True,
        ),
        cause(
            "input_distributed",
            {
                "mean": ((SHARE, f"distribute_value(np.mean(a_prev[{WINDOW}, c]), (f, f))"),),
                "sum": ((SHARE, f"distribute_value(np.sum(a_prev[{WINDOW}, c]), (f, f))"),),
                "corner": (
                    (SHARE, "distribute_value(a_prev[vert_start, horiz_start, c], (f, f))"),
                ),
                "entry": ((SHARE, "distribute_value(a_prev[h, w, c], (f, f))"),),
            },
            Text(
                "In mode average numbers of A_prev are distributed instead of the gradient.",
                "average 模式下分配的是 A_prev 的数值，而不是梯度。",
            ),
            Text(
                "What comes back from the layer after this one: values of A_prev, or a gradient?",
                "从后一层传回来的是 A_prev 的数值，还是梯度？",
            ),
            rare=True,
        ),
        cause(
            "share_of_wrong_shape",
            {
                "output": ((SHARE, "distribute_value(da, (n_H, n_W))"),),
                "f_and_stride": ((SHARE, "distribute_value(da, (f, stride))"),),
                "stride_and_f": ((SHARE, "distribute_value(da, (stride, f))"),),
                "stride": ((SHARE, "distribute_value(da, (stride, stride))"),),
                "input": ((SHARE, "distribute_value(da, A_prev.shape[1:3])"),),
            },
            Text(
                "The gradient is spread over a shape that is not the window's.",
                "分摊梯度时用的形状不是窗口的形状。",
            ),
            Text(
                "Over how many rows and columns is one entry of dA spread?",
                "dA 的一个元素要分到几行几列里？",
            ),
            rare=True,
        ),
        cause(
            "offset_forgotten",
            {
                "max": ((ADD_MAX, "da_prev[:f, :f, c] += mask"),),
                "average": ((ADD_AVERAGE, "da_prev[:f, :f, c] += a\n"),),
            },
            Text(
                "Wherever the window is, its gradient goes to the first window of the image.",
                "无论窗口在哪里，梯度总是加到了图像的第一个窗口上。",
            ),
            Text(
                "A position within the window is not yet one in the image. What is to be added?",
                "窗口内的位置还不是图像中的位置。还要加上什么？",
            ),
            rare=True,
        ),
        cause(
            "mask_from_result",
            ((MASK, f"create_mask_from_window(da_prev[{WINDOW}, c])"),),
            Text(
                "The mask is made from dA_prev, which is still being filled, not from A_prev.",
                "掩码是由 dA_prev 得到的，而它还在累加之中；应由 A_prev 得到。",
            ),
            Text(
                "In which array was the maximum looked for in the forward pass?",
                "前向传播时，最大值是在哪个数组里找的？",
            ),
            rare=True,
        ),
        cause(
            "dA_at_window_corner",
            {
                "": ((DA, "da = dA[i, vert_start, horiz_start, c]"),),
                "max": ((MASK_TIMES, "mask * dA[i, vert_start, horiz_start, c]"),),
                "average": (
                    (SHARE, "distribute_value(dA[i, vert_start, horiz_start, c], (f, f))"),
                ),
            },
            Text(
                "dA is read at the window's corner, a position of the input.",
                "读取 dA 时用了窗口左上角的下标，那是输入中的位置。",
            ),
            Text(
                "dA has the size of the output. Which variables count its rows and columns?",
                "dA 的大小与输出相同。它的行号、列号是哪两个变量？",
            ),
            failure=FailurePattern(
                r"IndexError",
                r"out of bounds",
                rf"\bdA\s*\[\s*\w+\s*,\s*{CORNER}\s*,",
            ),
        ),
        cause(
            "dA_sliced_by_window",
            {
                "": ((MASK_TIMES, f"mask * {WINDOW_OF_DA}"),),
                "mean": ((SHARE, f"distribute_value(np.mean({WINDOW_OF_DA}), (f, f))"),),
                "mean_in_both": ((DA, f"da = np.mean({WINDOW_OF_DA})"),),
                "maximum": ((MASK_TIMES, f"mask * np.max({WINDOW_OF_DA})"),),
                "mean_in_max": ((MASK_TIMES, f"mask * np.mean({WINDOW_OF_DA})"),),
                "both": (
                    (MASK_TIMES, f"mask * {WINDOW_OF_DA}"),
                    (SHARE, f"distribute_value(np.mean({WINDOW_OF_DA}), (f, f))"),
                ),
                "shared": ((SHARE, f"distribute_value({WINDOW_OF_DA}, (f, f))"),),
                "both_shared": ((DA, f"da = {WINDOW_OF_DA}"),),
            },
            Text(
                "A whole window is cut out of dA, though one entry of dA belongs to the window.",
                "从 dA 中切出了整个窗口，而与该窗口对应的只是 dA 的一个元素。",
            ),
            Text(
                "How many numbers did the forward pass make from one window?",
                "前向传播时，一个窗口得到了几个数？",
            ),
        ),
        cause(
            "dA_indices_swapped",
            {
                "": ((DA, "da = dA[i, w, h, c]"),),
                "read_last": dA_read_last("dA[i, w, h, c]"),
            },
            Text(
                "dA is read at [w, h] instead of [h, w].",
                "读取 dA 时用的是 [w, h]，而不是 [h, w]。",
            ),
            Text("Which of h and w counts rows of dA?", "h 和 w 中哪个是 dA 的行号？"),
            failure=FailurePattern(
                r"IndexError", r"out of bounds", r"\bdA\s*\[\s*\w+\s*,\s*w\s*,\s*h\s*,"
            ),
        ),
        cause(
            "sum_of_dA",
            {
                "all": ((DA, "da = np.sum(dA)"),),
                "image": ((DA, "da = np.sum(dA[i, :, :, c])"),),
                "window": ((DA, f"da = np.sum({WINDOW_OF_DA})"),),
                "max_all": ((MASK_TIMES, "mask * np.sum(dA)"),),
                "max_window": ((MASK_TIMES, f"mask * np.sum({WINDOW_OF_DA})"),),
                "average_all": ((SHARE, "distribute_value(np.sum(dA), (f, f))"),),
                "average_image": ((SHARE, "distribute_value(np.sum(dA[i, :, :, c]), (f, f))"),),
                "average_window": ((SHARE, f"distribute_value(np.sum({WINDOW_OF_DA}), (f, f))"),),
                "position": ((DA, "da = np.sum(dA[i, h, w])"),),
                "example": ((DA, "da = np.sum(dA[i])"),),
            },
            Text(
                "A sum over dA is used where one entry of it belongs.",
                "本应只用 dA 的一个元素，却用了 dA 多个元素的和。",
            ),
            Text(
                "One window made one entry of A. Which entry of dA belongs to it?",
                "一个窗口得到 A 的一个元素。与它对应的是 dA 的哪个元素？",
            ),
        ),
        cause(
            "mean_of_dA",
            {
                "all": ((DA, "da = np.mean(dA)"),),
                "example": ((DA, "da = np.mean(dA[i])"),),
                "average_all": ((SHARE, "distribute_value(np.mean(dA), (f, f))"),),
                "average_image": ((SHARE, "distribute_value(np.mean(dA[i, :, :, c]), (f, f))"),),
            },
            Text(
                "A mean over dA is used where one entry of it belongs.",
                "本应只用 dA 的一个元素，却用了 dA 多个元素的平均值。",
            ),
            Text(
                "Averaging was done in the forward pass. Which entry of dA belongs to the window?",
                "求平均是前向传播时的事。与该窗口对应的是 dA 的哪个元素？",
            ),
        ),
        cause(
            "mask_times_input",
            {
                "": ((MASK_TIMES, "mask * a_prev_slice"),),
                "and_dA": ((MASK_TIMES, "mask * a_prev_slice * da"),),
                "without_mask": ((MASK_TIMES, "a_prev_slice * da"),),
                "window_of_dA": ((MASK_TIMES, f"mask * a_prev_slice * {WINDOW_OF_DA}"),),
                "dA_at_corner": (
                    (MASK_TIMES, "mask * a_prev_slice * dA[i, vert_start, horiz_start, c]"),
                ),
                "corner": (
                    (
                        MASK_TIMES,
                        "mask * a_prev[vert_start, horiz_start, c] "
                        "* dA[i, vert_start, horiz_start, c]",
                    ),
                ),
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
            "gradient_unused",
            {
                "max": ((MASK_TIMES, "mask"),),
                "average": ((SHARE, "distribute_value(1, (f, f))"),),
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
            "mean_added_twice",
            {
                "": ((SHARE, f"{SHARE} + da"),),
                "window": (
                    (
                        SHARE,
                        f"distribute_value(np.mean({WINDOW_OF_DA}), (f, f)) "
                        f"+ np.mean({WINDOW_OF_DA})",
                    ),
                ),
                "doubled": ((SHARE, f"2 * {SHARE}"),),
            },
            Text(
                "In mode average the gradient counts twice in each cell: as its share and once "
                "more.",
                "average 模式下，梯度在每个位置上算了两次：除了应得的份额，又多加了一次。",
            ),
            Text(
                "Add up dA_prev for one window: is the sum the entry of dA?",
                "把一个窗口的 dA_prev 加起来：总和等于 dA 中对应的元素吗？",
            ),
        ),
        cause(
            "average_not_divided",
            ((SHARE, "np.ones((f, f)) * da"),),
            Text(
                "Where the gradient should be shared out, each cell of the window gets all of it.",
                "本该平均分配的梯度，却整个给了窗口的每一个位置。",
            ),
            Text(
                "Which of your functions shares one value out over a window?",
                "你写过的哪个函数能把一个值平均分配到窗口里？",
            ),
        ),
        cause(
            "average_divides_by_f",
            ((SHARE, "np.ones((f, f)) * da / f"),),
            Text(
                "In mode average the gradient is divided by f, not by the number of cells.",
                "average 模式下，梯度除以了 f，而不是位置的个数。",
            ),
            Text("How many cells does a 3 x 3 window have?", "3 × 3 的窗口有多少个位置？"),
        ),
        cause(
            "average_divides_by_sum",
            ((SHARE, "np.ones((f, f)) * da / (f + f)"),),
            Text(
                "In mode average the gradient is divided by f + f, not by the number of cells.",
                "average 模式下，梯度除以了 f + f，而不是位置的个数。",
            ),
            Text("How many cells does a 3 x 3 window have?", "3 × 3 的窗口有多少个位置？"),
        ),
        cause(
            "average_divides_by_stride",
            ((SHARE, "np.ones((f, f)) * da / (stride * stride)"),),
            Text(
                "In mode average the gradient is divided by stride * stride.",
                "average 模式下，梯度除以了 stride * stride。",
            ),
            Text("How many cells share the gradient?", "有多少个位置分担这个梯度？"),
        ),
        cause(
            "average_divides_by_output",
            ((SHARE, "np.ones((f, f)) * da / (n_H * n_W)"),),
            Text(
                "In mode average the gradient is divided by the size of the output.",
                "average 模式下，梯度除以了输出的大小。",
            ),
            Text("How many cells share the gradient?", "有多少个位置分担这个梯度？"),
        ),
        cause(
            "average_divided_twice",
            ((SHARE, "distribute_value(da / (f * f), (f, f))"),),
            Text(
                "In mode average the gradient is divided by the number of cells twice.",
                "average 模式下，梯度被位置的个数除了两次。",
            ),
            Text(
                "Which line has divided already, and does distribute_value divide, too?",
                "哪一行已经除过了？distribute_value 是不是也除了？",
            ),
        ),
        cause(
            "average_at_corner_only",
            ((ADD_AVERAGE, "da_prev[vert_start, horiz_start, c] += da\n"),),
            Text(
                "In mode average only the corner of the window gets the gradient.",
                "average 模式下，只有窗口的一个角得到了梯度。",
            ),
            Text(
                "Which cells of the window had an influence on its mean?",
                "窗口中哪些位置影响了平均值？",
            ),
        ),
        cause(
            "window_size_hard_coded",
            {
                "": ((SHARE, "distribute_value(da, (2, 2))"),),
                "f": (('f = hparameters["f"]', "f = 2"),),
                "windows": both_ends("2"),
            },
            Text(
                "2 x 2 is used as the size of a window whatever hparameters say.",
                "无论 hparameters 中是多少，都把 2 × 2 当成了窗口的大小。",
            ),
            Text('Where is hparameters["f"] used?', 'hparameters["f"] 用在了哪里？'),
        ),
        cause(
            "hyperparameters_swapped",
            (
                ('stride = hparameters["stride"]', 'stride = hparameters["f"]'),
                ('    f = hparameters["f"]\n    m', '    f = hparameters["stride"]\n    m'),
            ),
            Text("f and stride are swapped.", "f 和 stride 弄反了。"),
            Text(
                "Check which entry of hparameters goes into which name.",
                "检查 hparameters 的每一项分别赋给了哪个变量。",
            ),
        ),
        cause(
            "overlap_overwritten",
            {
                "": (
                    (ADD_MAX, ADD_MAX.replace("+=", "=")),
                    (ADD_AVERAGE, ADD_AVERAGE.replace("+=", "=")),
                ),
                "max": ((ADD_MAX, ADD_MAX.replace("+=", "=")),),
                "maximum": (
                    (
                        f"{ADD_MAX} * da",
                        f"da_prev[{WINDOW}, c] = np.where(mask, da, da_prev[{WINDOW}, c])",
                    ),
                ),
                "average": ((ADD_AVERAGE, ADD_AVERAGE.replace("+=", "=")),),
            },
            Text(
                "dA_prev is overwritten instead of added to: gradients are lost where windows "
                "overlap.",
                "dA_prev 中的值被覆盖了，而不是累加：窗口重叠处的梯度丢失了。",
            ),
            Text(
                "With stride 1 one pixel lies in several windows. How do their gradients combine?",
                "步幅为 1 时，一个像素会落在多个窗口里。它们的梯度应怎样合在一起？",
            ),
        ),
        cause(
            "subtracted",
            {
                "": (
                    (ADD_MAX, ADD_MAX.replace("+=", "-=")),
                    (ADD_AVERAGE, ADD_AVERAGE.replace("+=", "-=")),
                ),
            },
            Text(
                "In at least one mode dA_prev has the wrong sign, as if the gradients were "
                "subtracted.",
                "至少有一种模式下，dA_prev 的符号反了，好像梯度是被减去的。",
            ),
            Text(
                "The step against the gradient is taken later, when weights are updated.",
                "沿负梯度方向走是以后更新权重时才做的事。",
            ),
        ),
        cause(
            "mask_inverted",
            ((MASK_TIMES, "(1 - mask) * da"),),
            Text(
                "In mode max every cell but the maximum gets the gradient.",
                "max 模式下，除最大值以外的位置都得到了梯度。",
            ),
            Text(
                "Which cell of the window decided the value of A?",
                "A 的值由窗口中的哪个位置决定？",
            ),
        ),
        cause(
            "mask_unused",
            ((MASK_TIMES, "da"),),
            Text(
                "In mode max every cell of the window gets the gradient.",
                "max 模式下，窗口的每个位置都得到了梯度。",
            ),
            Text(
                "Which cell of the window decided the value of A?",
                "A 的值由窗口中的哪个位置决定？",
            ),
        ),
        cause(
            "mask_of_minimum",
            ((MASK, "a_prev_slice == np.min(a_prev_slice)"),),
            Text(
                "In mode max the minimum of the window gets the gradient.",
                "max 模式下，得到梯度的是窗口的最小值。",
            ),
            Text(
                "Which cell of the window decided the value of A?",
                "A 的值由窗口中的哪个位置决定？",
            ),
        ),
        cause(
            "mask_from_dA",
            ((MASK, f"create_mask_from_window({WINDOW_OF_DA})"),),
            Text(
                "The mask is made from dA instead of the input's window.",
                "掩码是由 dA 得到的，而不是由输入的窗口。",
            ),
            Text(
                "Where was the maximum in the forward pass: in A_prev or in dA?",
                "前向传播时最大值在哪里：A_prev 还是 dA？",
            ),
        ),
        cause(
            "mask_over_all_channels",
            {
                "": ((MASK, f"a_prev_slice == np.max(a_prev[{WINDOW}, :])"),),
                "helper": ((SLICE, f"= a_prev[{WINDOW}, :]"),),
            },
            Text(
                "The maximum is looked for in all channels together.",
                "最大值是在所有通道里一起找的。",
            ),
            Text(
                "Pooling works on each channel by itself. Where does c belong?",
                "池化对每个通道单独进行。c 应当用在哪里？",
            ),
        ),
        cause(
            "first_channel_only",
            {
                "input": ((SLICE, f"= a_prev[{WINDOW}, 0]"),),
                "gradient": ((DA, "da = dA[i, h, w, 0]"),),
            },
            Text(
                "The first channel is used where channel c belongs.",
                "本应用第 c 个通道，却用了第一个通道。",
            ),
            Text(
                "Look for an index that is a number where the loop variable c belongs.",
                "找一找：哪个下标写成了固定的数，而那里应当是循环变量 c？",
            ),
        ),
        cause(
            "added_to_all_channels",
            {
                "max": ((ADD_MAX, f"da_prev[{WINDOW}, :] += mask[:, :, None]"),),
                "average": ((ADD_AVERAGE, f"da_prev[{WINDOW}, :] += a[:, :, None]\n"),),
            },
            Text(
                "The gradient of channel c is added to all channels.",
                "第 c 个通道的梯度被加到了所有通道上。",
            ),
            Text(
                "Pooling works on each channel by itself. Where does c belong?",
                "池化对每个通道单独进行。c 应当用在哪里？",
            ),
        ),
        cause(
            "mode_name",
            {
                "average": (("""mode == "average":""", """mode == "avg":"""),),
                "max": (("""mode == "max":""", """mode == "Max":"""),),
            },
            Text(
                "In one mode dA_prev stays 0, as if its branch were never entered.",
                "有一种模式下 dA_prev 一直是 0，对应的分支好像从未执行。",
            ),
            Text(
                'The two modes are called "max" and "average", letter by letter.',
                '两种模式的名字是 "max" 和 "average"，一个字母都不能差。',
            ),
            equivalent=(f"{EXERCISE}/branch_without_result",),
            code=OTHER_NAME,
        ),
        cause(
            "branch_without_result",
            {
                "average": ((ADD_AVERAGE, f"da_prev[{WINDOW}, c] * a\n"),),
                "max": ((ADD_MAX, f"da_prev[{WINDOW}, c] * mask"),),
            },
            Text(
                "In one mode dA_prev stays 0: no gradient gets there.",
                "有一种模式下 dA_prev 始终为 0：没有梯度加进去。",
            ),
            Text(
                "Which line adds to dA_prev in each of the two modes? It needs +=.",
                "两种模式下，分别是哪一行往 dA_prev 里累加的？要用 +=。",
            ),
            equivalent=(f"{EXERCISE}/mode_name",),
        ),
        cause(
            "dA_prev_stays_zero",
            (
                (ADD_AVERAGE, f"da_prev[{WINDOW}, c] * a\n"),
                (ADD_MAX, f"da_prev[{WINDOW}, c] * mask"),
            ),
            Text(
                "dA_prev is 0 everywhere: no gradient ends up in the array that is returned.",
                "dA_prev 处处为 0：梯度没有进入所返回的数组。",
            ),
            Text(
                "Follow one entry of dA: where is it added, and how does it reach what you return?",
                "跟踪 dA 的一个元素：它加到了哪里？又怎样到达你返回的数组？",
            ),
            equivalent=(f"{EXERCISE}/loop_bound_n_minus_f",),
        ),
        cause(
            "gradient_not_reset",
            ((DA_EXAMPLE, f"{DA_EXAMPLE}\n        da_prev += dA_prev[i - 1] * (i > 0)"),),
            GRADIENT_NOT_RESET,
            GRADIENT_NOT_RESET_HINT,
            rare=True,
        ),
        cause(
            "mask_of_close_numbers",
            ((MASK, "(a_prev_slice >= 0.95 * np.max(a_prev_slice))"),),
            Text(
                "In mode max numbers that are close to the maximum get the gradient, too.",
                "max 模式下，接近最大值的数也得到了梯度。",
            ),
            Text(
                "Which cell of the window decided the value of A?",
                "A 的值由窗口中的哪个位置决定？",
            ),
            rare=True,
        ),
        cause(
            "padding_in_pooling",
            (('stride = hparameters["stride"]', 'stride = hparameters["pad"]'),),
            Text(
                'hparameters["pad"] is read, but this layer does not pad and has no such entry.',
                '读取了 hparameters["pad"]，但这里的池化层不填充，hparameters 里也没有这一项。',
            ),
            Text(
                "Which hyperparameters did pool_forward get?",
                "pool_forward 收到的超参数有哪几个？",
            ),
            failure=FailurePattern(r"KeyError", r"pad", r"\[\s*['\"]pad"),
            rare=True,
        ),
        cause(
            "whole_dA",
            {
                "channel": ((MASK_TIMES, "mask * dA[i, :, :, c]"),),
                "example": ((MASK_TIMES, "mask * dA[i]"),),
                "batch": ((MASK_TIMES, "mask * dA"),),
            },
            Text(
                "A whole part of dA is used instead of its entry (i, h, w, c).",
                "用的是 dA 的一整块，而不是 (i, h, w, c) 处的那一个数。",
            ),
            Text(
                "One window belongs to one number of dA. Which one?",
                "一个窗口对应 dA 中的一个数。是哪一个？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"could not be broadcast|non-broadcastable|could not broadcast",
                r"\bdA\b(?!_)(?!\s*\[[^\[\]:]*,[^\[\]:]*,[^\[\]:]*,[^\[\]:]*\])",
            ),
            rare=True,
        ),
        cause(
            "result_example_missing",
            (
                (ADD_MAX, f"dA_prev[{WINDOW}, c] += mask"),
                (ADD_AVERAGE, f"dA_prev[{WINDOW}, c] += a\n"),
            ),
            Text(
                "The gradient is added without the index of the example, across the whole batch.",
                "累加梯度时漏了样本的下标，结果加到了整批数据上。",
            ),
            Text(
                "dA_prev has four axes. Which index does the first one take?",
                "dA_prev 有四个轴。第一个轴用哪个下标？",
            ),
            rare=True,
            code=r"\bdA_prev\[\w[^\[\],]*:",
        ),
        cause(
            "modes_swapped",
            (
                ("""mode == "max":""", """mode == "first":"""),
                ("""mode == "average":""", """mode == "max":"""),
                ("""mode == "first":""", """mode == "average":"""),
            ),
            Text(
                "The two modes are swapped.",
                "两种模式弄反了。",
            ),
            Text("Which branch belongs to which mode?", "哪个分支对应哪种模式？"),
        ),
        cause(
            "always_max",
            ((MAX_MODE, "if True:\n"),),
            Text(
                "Both modes pass the gradient to the maximum only.",
                "两种模式下梯度都只传给了最大值。",
            ),
            Text("Where is the argument `mode` used?", "参数 `mode` 用在了哪里？"),
        ),
        cause(
            "always_average",
            {
                "": ((MAX_MODE, "if False:\n"), (AVERAGE_MODE, "else:\n")),
                "both_added": ((AVERAGE_MODE, "if True:\n"),),
            },
            Text(
                "The average's share is added in both modes.",
                "两种模式下都加上了平均分配的份额。",
            ),
            Text("Which lines belong to which branch?", "哪些行属于哪个分支？"),
        ),
        cause(
            "channels_first",
            (
                (SHAPE, "m, n_C, n_H, n_W = dA.shape"),
                (DA, "da = dA[i, c, h, w]"),
                (SLICE, f"= a_prev[c, {WINDOW}]"),
                (ADD_MAX, f"da_prev[c, {WINDOW}] += mask"),
                (ADD_AVERAGE, f"da_prev[c, {WINDOW}] += a\n"),
            ),
            Text(
                "The arrays are read as (m, n_C, n_H, n_W): their last axis, the channels, is "
                "taken for the width.",
                "数组被当成了 (m, n_C, n_H, n_W)：最后的通道轴成了宽度。",
            ),
            Text(
                "Print dA.shape: which of the four numbers is the number of channels?",
                "打印 dA.shape：四个数中哪个是通道数？",
            ),
        ),
        cause(
            "random_initial_gradient",
            ((START, "dA_prev = np.random.randn(*A_prev.shape)"),),
            Text(
                "dA_prev differs from call to call: random numbers, or what np.empty finds, are "
                "in it.",
                "dA_prev 每次调用的结果都不同：里面混入了随机数，或 np.empty 里原有的数。",
            ),
            Text(
                "Gradients are sums. From which number does a sum start?",
                "梯度是求和得到的。求和应从哪个数开始？",
            ),
        ),
        cause(
            "starts_from_input",
            {
                "copy": ((START, "dA_prev = A_prev.copy()"),),
                "same_array": ((START, "dA_prev = A_prev"),),
            },
            Text(
                "dA_prev starts from the values of A_prev instead of zeros.",
                "dA_prev 是从 A_prev 的数值开始累加的，而不是从 0 开始。",
            ),
            Text(
                "dA_prev has the shape of A_prev, but which values before the loops?",
                "dA_prev 与 A_prev 形状相同，但循环之前它的值应当是什么？",
            ),
        ),
        cause(
            "starts_from_ones",
            ((START, "dA_prev = np.ones(A_prev.shape)"),),
            Text(
                "dA_prev starts from ones instead of zeros.",
                "dA_prev 是从 1 开始累加的，而不是从 0 开始。",
            ),
            Text(
                "Gradients are sums. From which number does a sum start?",
                "梯度是求和得到的。求和应从哪个数开始？",
            ),
        ),
        cause(
            "shape_of_dA",
            ((START, "dA_prev = np.zeros(dA.shape)"),),
            Text(
                "dA_prev has the shape of dA instead of A_prev.",
                "dA_prev 的形状与 dA 相同，而不是与 A_prev 相同。",
            ),
            Text(
                "A gradient has the shape of what it is the gradient of.",
                "梯度的形状与它所对应的变量相同。",
            ),
        ),
        cause(
            "position_for_mask",
            ((MASK, "np.argmax(a_prev_slice)"),),
            Text(
                "The mask is the position of the maximum, a number, and not an array of True and "
                "False.",
                "掩码成了最大值的位置（一个数），而不是由 True 和 False 组成的数组。",
            ),
            Text(
                "What has to be multiplied by dA[i, h, w, c], so that one cell gets it?",
                "dA[i, h, w, c] 要乘上什么，才能只让一个位置得到它？",
            ),
        ),
        cause(
            "mask_of_whole_image",
            {
                "channel": ((MASK, "create_mask_from_window(a_prev[:, :, c])"),),
                "image": ((MASK, "create_mask_from_window(a_prev)"),),
                "cut": ((MASK, f"create_mask_from_window(a_prev[:, :, c])[{WINDOW}]"),),
            },
            Text(
                "The mask is made from the whole image instead of the window.",
                "掩码是由整张图像得到的，而不是由窗口。",
            ),
            Text(
                "What is the shape of the mask, and what is that of the window?",
                "掩码的形状是什么？窗口的形状又是什么？",
            ),
            code=r"create_mask_from_window\("
            r"((a_prev|A_prev\[\w+\]|A_prev)(\[:, :, \w+\])?|\w+\[\w+, :, :, \w+\])\)",
        ),
    )
)
