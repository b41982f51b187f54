"""What goes wrong in conv_forward."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.cnn_step_by_step.misconceptions.windows import (
    CHANNELS,
    CORNERS_WITHOUT_STRIDE,
    HORIZ_START,
    INSIDE_IMAGE,
    INTEGERS,
    MOVES_BY_PAD,
    MOVES_BY_PAD_HINT,
    OTHER_ORDERS,
    POSITIONS_WITHOUT_PADDING,
    POSITIONS_WITHOUT_PADDING_HINT,
    SWAPPED_WINDOW,
    VERT_START,
    W_MIXED_UP,
    W_MIXED_UP_HINT,
    WINDOW,
    WITHOUT_EXAMPLE,
    both_ends,
    window_misconceptions,
)

EXERCISE = "conv_forward"
cause = partial(variants, EXERCISE)

SHAPE = "m, n_H_prev, n_W_prev, _ = A_prev.shape"
FILTERS = "f, _, _, n_C = W.shape"
HEIGHT = "n_H = (n_H_prev - f + 2 * pad) // stride + 1"
WIDTH = "n_W = (n_W_prev - f + 2 * pad) // stride + 1"
FITS = "if n_H < 1 or n_W < 1:"
ZEROS = "Z = np.zeros((m, n_H, n_W, n_C))"
PADDED = "A_prev_pad = zero_pad(A_prev, pad)"
EXAMPLE = "a_prev_pad = A_prev_pad[i]"
SLICE = f"a_prev_pad[{WINDOW}, :]"
WEIGHTS = "weights = W[:, :, :, c]"
BIASES = "biases = b[:, :, :, c]"
STEP = "conv_single_step(a_slice_prev, weights, biases)"
CELL = "Z[i, h, w, c]"
CACHE = "cache = (A_prev, W, b, hparameters)"


def sizes(formula):
    """Return the patches that compute both output sizes by `formula` of n_prev, unguarded."""
    return (
        (HEIGHT, f"n_H = {formula.replace('n_prev', 'n_H_prev')}"),
        (WIDTH, f"n_W = {formula.replace('n_prev', 'n_W_prev')}"),
        (FITS, "if False:"),
    )


MISCONCEPTIONS = tuple(
    chain(
        window_misconceptions(
            EXERCISE,
            {
                "height_width_swapped_slice": {"": ((WINDOW, SWAPPED_WINDOW),)},
                "hard_coded_example": {
                    "first": ((EXAMPLE, "a_prev_pad = A_prev_pad[0]"),),
                    "second": ((EXAMPLE, "a_prev_pad = A_prev_pad[1]"),),
                },
                "stride_ignored": {
                    "sizes_too": (*sizes("n_prev - f + 2 * pad + 1"), *CORNERS_WITHOUT_STRIDE),
                },
                "window_end_off_by_one": {"long": both_ends("f + 1")},
                "image_overwritten": {
                    "": (("a_slice_prev = a_prev_pad[", "a_slice_prev = a_prev_pad = a_prev_pad["),)
                },
            },
        ),
        cause(
            "last_example_only",
            (("for i in range(m):", "for i in range(m - 1, m):"),),
            Text(
                "Of a whole batch only the last example is left in Z.",
                "Z 中本应有整批数据的结果，却只剩下最后一个样本的。",
            ),
            Text(
                "Which lines must be done for every i? Check how far they are indented.",
                "哪些行要对每个 i 都执行？检查它们的缩进。",
            ),
            rare=True,
        ),
        cause(
            "cut_to_integers",
            ((ZEROS, "Z = np.zeros((m, n_H, n_W, n_C), dtype=int)"),),
            Text(
                "The decimals of the results are cut off, as in an array of integers.",
                "结果的小数部分被截去了，就像存进了整数数组那样。",
            ),
            Text(
                "Print the dtype of the array that you make. Which numbers can it hold?",
                "打印你创建的数组的 dtype：它能存放哪些数？",
            ),
            code=INTEGERS,
            rare=True,
        ),
        cause(
            "output_size",
            {
                "without_one": sizes("(n_prev - f + 2 * pad) // stride"),
                "one_inside": sizes("(n_prev - f + 2 * pad + 1) // stride"),
                "stride_for_pad": sizes("(n_prev - f + 2 * stride) // stride + 1"),
                "pad_for_stride": sizes("(n_prev - f + 2 * pad) // max(pad, 1) + 1"),
                "pad_counted_twice": sizes("(n_prev - f + 4 * pad) // stride + 1"),
                "pad_subtracted": sizes("(n_prev - f - 2 * pad) // stride + 1"),
                "pad_once": sizes("(n_prev - f + pad) // stride + 1"),
                "without_pad": sizes("(n_prev - f) // stride + 1"),
                "rounded_up": sizes("int(np.ceil((n_prev - f + 2 * pad) / stride)) + 1"),
                "without_stride": sizes("n_prev - f + 2 * pad + 1"),
                "without_f": sizes("(n_prev + 2 * pad) // stride + 1"),
                "same_as_input": sizes("n_prev"),
            },
            Text(
                "n_H and n_W are not the number of positions at which the window, as it moves, "
                "fits.",
                "按窗口移动的方式，n_H 和 n_W 不等于它能放下的位置数。",
            ),
            Text(
                "Count by hand for n_H_prev = 5, f = 3, pad = 1, stride = 2, then use the formula.",
                "取 n_H_prev = 5、f = 3、pad = 1、stride = 2，先自己数一数，再代入公式。",
            ),
        ),
        cause(
            "width_from_height",
            {
                "width": ((WIDTH, HEIGHT.replace("n_H =", "n_W =")),),
                "height": ((HEIGHT, WIDTH.replace("n_W =", "n_H =")),),
            },
            Text(
                "n_H and n_W are computed from the same side of the image.",
                "n_H 和 n_W 是由图像的同一条边算出来的。",
            ),
            Text(
                "Try an image that is not square and print n_H and n_W.",
                "换一张非正方形图像，打印 n_H 和 n_W。",
            ),
        ),
        cause(
            "channels_first",
            {
                "": (
                    (SHAPE, "m, _, n_H_prev, n_W_prev = A_prev.shape"),
                    (FITS, "if False:"),
                ),
                "transposed": (
                    (SHAPE, "m, _, n_H_prev, n_W_prev = A_prev.shape"),
                    (FITS, "if False:"),
                    (ZEROS, "Z = np.zeros((m, n_C, n_H, n_W))"),
                    (CELL, "Z[i, c, h, w]"),
                ),
                "slice": (
                    (SHAPE, "m, _, n_H_prev, n_W_prev = A_prev.shape"),
                    (FITS, "if False:"),
                    (SLICE, f"a_prev_pad[:, {WINDOW}]"),
                ),
            },
            Text(
                "A_prev is read as (m, n_C, n_H, n_W), in its shape or in a slice: its last "
                "axis, the channels, is taken for the width.",
                "在形状或切片里，A_prev 被当成了 (m, n_C, n_H, n_W)：最后的通道轴成了宽度。",
            ),
            Text(
                "Print A_prev.shape: which of the four numbers is the number of channels?",
                "打印 A_prev.shape：四个数中哪个是通道数？",
            ),
        ),
        cause(
            "output_transposed",
            ((ZEROS, "Z = np.zeros((m, n_W, n_H, n_C))"), (CELL, "Z[i, w, h, c]")),
            Text(
                "Z is laid out as (m, n_W, n_H, n_C): height and width are swapped.",
                "Z 的轴的顺序成了 (m, n_W, n_H, n_C)：高度与宽度被交换了。",
            ),
            Text(
                "Which axis of A_prev is the height? Z has the same order.",
                "A_prev 的哪个轴是高度？Z 的顺序与它相同。",
            ),
        ),
        cause(
            "result_channels_first",
            (("return Z, cache", "return Z.transpose(0, 3, 1, 2), cache"),),
            Text(
                "Z is laid out as (m, n_C, n_H, n_W): the channels are not the last axis.",
                "Z 的轴的顺序成了 (m, n_C, n_H, n_W)：通道不在最后一个轴上。",
            ),
            Text(
                "Which axis of A_prev are the channels? Z has the same order.",
                "A_prev 的通道在哪个轴上？Z 的顺序与它相同。",
            ),
            rare=True,
        ),
        cause(
            "axes_in_another_order",
            {
                "".join(map(str, order)): (
                    ("return Z, cache", f"return Z.transpose{order}, cache"),
                )
                for order in OTHER_ORDERS
            },
            Text(
                "The axes of Z are not in the order (m, n_H, n_W, n_C).",
                "Z 的轴的顺序不是 (m, n_H, n_W, n_C)。",
            ),
            Text(
                "Print the shape before and after each transpose: which axis is which?",
                "在每次 transpose 前后打印形状：每个轴各是什么？",
            ),
            rare=True,
        ),
        cause(
            "result_indices_swapped",
            ((CELL, "Z[i, w, h, c]"),),
            Text(
                "The results are stored at [w, h] instead of [h, w].",
                "结果存到了 [w, h]，而不是 [h, w]。",
            ),
            Text("Which of h and w counts rows of Z?", "h 和 w 中哪个是 Z 的行号？"),
        ),
        cause(
            "result_at_window_corner",
            ((CELL, "Z[i, vert_start, horiz_start, c]"),),
            Text(
                "The result is stored at the window's corner, a position of the input.",
                "存放结果时用了窗口左上角的下标，那是输入中的位置。",
            ),
            Text(
                "Positions in the input and in Z differ when the stride is 2. Which does Z need?",
                "步幅为 2 时，输入中的位置与 Z 中的位置不同。Z 需要的是哪一个？",
            ),
        ),
        cause(
            "whole_filters",
            ((WEIGHTS, "weights = W"),),
            Text(
                "All filters are used at once: W is not cut down to filter c.",
                "一次用上了全部滤波器：没有从 W 中取出第 c 个滤波器。",
            ),
            Text(
                "A window has three axes and W has four. Which index picks one filter?",
                "窗口有三个轴，W 有四个轴。用哪个下标取出一个滤波器？",
            ),
            rare=True,
            code=r"(?m:conv_single_step\([^\n]*\bW, |= W$|\* W\b(?!\[)|\bW \*)",
        ),
        cause(
            "example_index_missing",
            ((SLICE, f"A_prev_pad[{WINDOW}, :]"),),
            Text(
                "The window is cut out of the whole batch instead of example i.",
                "窗口是从整批数据中切出来的，而不是从第 i 个样本中切出来的。",
            ),
            Text(
                "How many axes does A_prev_pad have, and how many does one example have?",
                "A_prev_pad 有几个轴？一个样本有几个轴？",
            ),
            rare=True,
            # What zero_pad returned is cut along its first axis.
            code=r"(?s:\b(\w+) = zero_pad\((?!\w+\[).*\b\1\[\w[^\[\],]*:)",
        ),
        cause(
            "too_many_filters",
            {
                "channels": ((CHANNELS, "for c in range(A_prev.shape[3]):"),),
                "hard_coded": ((CHANNELS, "for c in range(8):"),),
            },
            Text(
                "The loop over c does not run to n_C: it goes on after the last filter, or ends "
                "before it.",
                "对 c 的循环上界不是 n_C：它越过了最后一个滤波器，或者提前结束了。",
            ),
            Text(
                "How many filters are there in W? Print the last value of c.",
                "W 中有几个滤波器？打印 c 的最后一个值。",
            ),
            rare=True,
        ),
        cause(
            "channels_of_input",
            ((FILTERS, "f, _, n_C, _ = W.shape"),),
            Text(
                "n_C is taken from the input's channels, not from the number of filters.",
                "n_C 取成了输入的通道数，而不是滤波器的个数。",
            ),
            Text(
                "Which of the four axes of W counts the filters?",
                "W 的四个轴中，哪一个是滤波器的个数？",
            ),
        ),
        cause(
            "unpadded_input",
            {
                "": ((EXAMPLE, "a_prev_pad = A_prev[i]"),),
                "sizes_too": (
                    *sizes("(n_prev - f) // stride + 1"),
                    (EXAMPLE, "a_prev_pad = A_prev[i]"),
                ),
                "zeros_below": (
                    (
                        PADDED,
                        "A_prev_pad = np.pad(A_prev, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))",
                    ),
                ),
            },
            Text(
                "The windows are cut out as if there were no padding above and left of the image.",
                "切出窗口时，图像的上方和左侧好像没有填充过。",
            ),
            Text(
                "Which array does the line that cuts out the window start from?",
                "切出窗口的那一行是从哪个数组开始的？",
            ),
        ),
        cause(
            "padded_twice",
            {
                "sizes_right": ((PADDED, "A_prev_pad = zero_pad(A_prev, 2 * pad)"),),
                "sizes_too": (
                    (PADDED, "A_prev_pad = zero_pad(A_prev, 2 * pad)"),
                    *sizes("(n_prev - f + 4 * pad) // stride + 1"),
                ),
            },
            Text(
                "The image is padded by 2 * pad on each side.",
                "图像的每一侧都填充了 2 * pad。",
            ),
            Text(
                "zero_pad already works on both sides. What is its second argument?",
                "zero_pad 已经同时处理两侧。它的第二个参数是什么？",
            ),
        ),
        cause(
            "padded_once_hard_coded",
            {
                "pad": ((PADDED, "A_prev_pad = zero_pad(A_prev, 1)"),),
                "hparameter": (('pad = hparameters["pad"]', "pad = 1"), (FITS, "if False:")),
            },
            Text(
                "The image is padded by 1 whatever hparameters say.",
                "无论 hparameters 中是多少，图像都只填充了 1 圈。",
            ),
            Text('Where is hparameters["pad"] used?', 'hparameters["pad"] 用在了哪里？'),
        ),
        cause(
            "pad_hard_coded",
            {
                "": (('pad = hparameters["pad"]', "pad = 2"),),
                "stride_too": (
                    ('stride = hparameters["stride"]', "stride = 2"),
                    ('pad = hparameters["pad"]', "pad = 2"),
                ),
                "stride_1": (
                    ('stride = hparameters["stride"]', "stride = 1"),
                    ('pad = hparameters["pad"]', "pad = 2"),
                    (FITS, "if False:"),
                ),
            },
            Text(
                "The padding is a fixed number whatever hparameters say.",
                "无论 hparameters 中是多少，填充的圈数都是固定的。",
            ),
            Text('Where is hparameters["pad"] used?', 'hparameters["pad"] 用在了哪里？'),
            rare=True,
        ),
        cause(
            "hyperparameters_swapped",
            (
                ('stride = hparameters["stride"]', 'stride = hparameters["pad"]'),
                ('    pad = hparameters["pad"]', '    pad = hparameters["stride"]'),
            ),
            Text("stride and pad are swapped.", "stride 和 pad 弄反了。"),
            Text(
                "Check which entry of hparameters goes into which name.",
                "检查 hparameters 的每一项分别赋给了哪个变量。",
            ),
        ),
        cause(
            "first_filter_only",
            {
                "filter": ((WEIGHTS, "weights = W[:, :, :, 0]"),),
                "filter_and_bias": (
                    (WEIGHTS, "weights = W[:, :, :, 0]"),
                    (BIASES, "biases = b[:, :, :, 0]"),
                ),
            },
            Text(
                "Every output channel is computed with the first filter.",
                "每个输出通道用的都是第一个滤波器。",
            ),
            Text("Which index of W picks filter c?", "W 的哪个下标用来选第 c 个滤波器？"),
        ),
        cause(
            "bias_of_first_filter",
            ((BIASES, "biases = b[:, :, :, 0]"),),
            Text(
                "Every filter gets the bias of the first filter.",
                "每个滤波器用的都是第一个滤波器的偏置。",
            ),
            Text("Which index of b picks the bias of filter c?", "b 的哪个下标用来选第 c 个偏置？"),
        ),
        cause(
            "biases_summed",
            ((BIASES, "biases = np.sum(b)"),),
            Text(
                "The sum of all biases is added to every output channel.",
                "每个输出通道都加上了所有偏置之和。",
            ),
            Text("How many biases belong to filter c?", "属于第 c 个滤波器的偏置有几个？"),
        ),
        cause(
            "bias_inside_sum",
            ((STEP, "np.sum(a_slice_prev * weights + biases)"),),
            Text(
                "The bias is added inside the sum, so it counts once for every weight.",
                "偏置是在求和之前加上的，因此有多少个权重，它就被加了多少次。",
            ),
            Text(
                "With all weights zero, what should Z be, and what do you get?",
                "如果权重全为 0，Z 应当是多少？你得到的是多少？",
            ),
        ),
        cause(
            "bias_missing",
            ((STEP, "np.sum(a_slice_prev * weights)"),),
            Text("The biases are missing in Z.", "Z 中没有加上偏置。"),
            Text("Where is the argument `b` used?", "参数 `b` 用在了哪里？"),
        ),
        cause(
            "bias_added_twice",
            ((STEP, f"{STEP} + biases.item()"),),
            Text("The bias is added twice.", "偏置被加了两次。"),
            Text(
                "What does conv_single_step do with the bias that it is given?",
                "conv_single_step 对传入的偏置做了什么？",
            ),
            rare=True,
        ),
        cause(
            "sum_not_reset",
            {
                "filters": ((CACHE, f"Z = np.cumsum(Z, axis=3)\n    {CACHE}"),),
                "columns": (
                    (
                        CACHE,
                        f"Z = np.cumsum(Z.reshape(m, n_H, -1), 2).reshape(Z.shape)\n    {CACHE}",
                    ),
                ),
                "examples": (
                    (CACHE, f"Z = np.cumsum(Z.reshape(m, -1), 1).reshape(Z.shape)\n    {CACHE}"),
                ),
                "never": ((CACHE, f"Z = np.cumsum(Z).reshape(Z.shape)\n    {CACHE}"),),
            },
            Text(
                "The sum is not reset in time: an entry of Z still contains earlier ones.",
                "求和没有及时重新开始：Z 的元素里还含有更早算出的元素。",
            ),
            Text(
                "At which point of the loops must a new sum begin?",
                "循环进行到哪里时，应当开始新的求和？",
            ),
            rare=True,
        ),
        cause(
            "filter_axis",
            {
                "first": ((WEIGHTS, "weights = W[c]"),),
                "third": ((WEIGHTS, "weights = W[:, :, c]"),),
            },
            Text(
                "The index c is put on an axis of W that does not count the filters.",
                "下标 c 用在了 W 的另一个轴上，那个轴不是滤波器的个数。",
            ),
            Text(
                "W has four axes. Which of them has the length n_C?",
                "W 有四个轴，哪一个的长度是 n_C？",
            ),
            rare=True,
        ),
        cause(
            "mean_instead_of_sum",
            ((STEP, "np.mean(a_slice_prev * weights) + biases.item()"),),
            Text(
                "The products in a window are averaged instead of summed.",
                "对窗口内的乘积求了平均，而不是求和。",
            ),
            Text(
                "Which exercise before this one already computes one entry of Z?",
                "前面的哪个练习已经能算出 Z 的一个元素？",
            ),
        ),
        cause(
            "filter_flipped",
            ((WEIGHTS, "weights = W[::-1, ::-1, :, c]"),),
            Text(
                "The filter or the window is turned by 180 degrees before they are multiplied.",
                "相乘之前，滤波器或窗口被翻转了。",
            ),
            Text(
                "Deep learning's convolution is a cross-correlation: W is used as it is.",
                "深度学习中的“卷积”其实是互相关：W 不需要翻转。",
            ),
        ),
        cause(
            "W_mixed_up",
            ((WEIGHTS, "weights = W.reshape(n_C, -1)[c].reshape(W.shape[:3])"),),
            W_MIXED_UP,
            W_MIXED_UP_HINT,
            rare=True,
        ),
        cause(
            "positions_without_padding",
            ((STEP, f"({STEP} if {INSIDE_IMAGE} else 0.0)"),),
            POSITIONS_WITHOUT_PADDING,
            POSITIONS_WITHOUT_PADDING_HINT,
            rare=True,
        ),
        cause(
            "filter_transposed",
            ((WEIGHTS, "weights = W[:, :, :, c].transpose(1, 0, 2)"),),
            Text(
                "Rows and columns of the filter, or of the window, are swapped.",
                "滤波器或窗口的行与列被交换了。",
            ),
            Text(
                "The pixel at row 0, column 1 belongs to which weight?",
                "第 0 行第 1 列的像素应当与哪个权重相乘？",
            ),
        ),
        cause(
            "one_input_channel",
            {
                "channel_c": (
                    (SLICE, f"a_prev_pad[{WINDOW}, c]"),
                    (STEP, "np.sum(a_slice_prev * weights) + biases.item()"),
                ),
                "matching_channel": (
                    (SLICE, f"a_prev_pad[{WINDOW}, c % a_prev_pad.shape[2]]"),
                    (WEIGHTS, "weights = W[:, :, c % W.shape[2], c]"),
                ),
                "first_channel": (
                    (SLICE, f"a_prev_pad[{WINDOW}, 0]"),
                    (WEIGHTS, "weights = W[:, :, 0, c]"),
                ),
            },
            Text(
                "A filter looks at one input channel only instead of all of them.",
                "滤波器只看了一个输入通道，而不是全部通道。",
            ),
            Text(
                "What must the shape of the window be, so that it fits W[:, :, :, c]?",
                "窗口的形状应当是什么，才能与 W[:, :, :, c] 对应？",
            ),
        ),
        cause(
            "all_filters_overwritten",
            ((CELL, "Z[i, h, w]"),),
            Text(
                "Every channel of Z holds the result of the last filter.",
                "Z 的每个通道里都是最后一个滤波器的结果。",
            ),
            Text(
                "For each c, which filter is used, and which channel of Z is written?",
                "对每个 c，用的是哪个滤波器？写入的是 Z 的哪个通道？",
            ),
        ),
        cause(
            "all_examples_overwritten",
            ((CELL, "Z[:, h, w, c]"),),
            Text(
                "Every example of Z holds the results of the last one.",
                "Z 的每个样本里都是最后一个样本的结果。",
            ),
            Text(
                "For each i, which example is read, and which example of Z is written?",
                "对每个 i，读的是哪个样本？写入的是 Z 的哪个样本？",
            ),
        ),
        cause(
            "window_array_in_cell",
            (
                (
                    STEP,
                    "np.sum(a_slice_prev * weights) + biases",
                ),
            ),
            Text(
                "An array is put into one cell of Z, where NumPy wants a number.",
                "把一个数组放进了 Z 的一个位置，而 NumPy 要求这里是一个数。",
            ),
            Text(
                "Print the shape of what you assign. What does conv_single_step have to return?",
                "打印赋值号右边的形状。conv_single_step 应当返回什么？",
            ),
            failure=FailurePattern(
                r"ValueError|TypeError",
                r"setting an array element with a sequence|only (0-dimensional|length-1) arrays",
                r"^(?!.*\b(float|np\.float64|int)\s*\()\s*\w+\s*\[[^\]]*\]\s*\+?=[^=]",
            ),
            since_numpy="2.4",
        ),
        cause(
            "activation_applied",
            ((STEP, f"max(0.0, {STEP})"),),
            Text(
                "An activation function is applied: Z has no negative numbers left.",
                "套用了激活函数：Z 中不再有负数。",
            ),
            Text(
                "Z is the result before the activation.",
                "Z 是激活之前的结果。",
            ),
        ),
        cause(
            "cache",
            {
                "result": ((CACHE, "cache = (Z, W, b, hparameters)"),),
                "without_bias": ((CACHE, "cache = (A_prev, W, hparameters)"),),
                "without_hparameters": ((CACHE, "cache = (A_prev, W, b)"),),
                "numbers": ((CACHE, "cache = (A_prev, W, b, stride, pad)"),),
                "order": ((CACHE, "cache = (A_prev, b, W, hparameters)"),),
                "hparameters_first": ((CACHE, "cache = (hparameters, A_prev, W, b)"),),
                "None": ((CACHE, "cache = None"),),
                "not_returned": (("return Z, cache", "return Z"),),
            },
            Text(
                "The cache does not hold A_prev, W, b, hparameters, unchanged and in this order.",
                "cache 没有按顺序原样保存 A_prev、W、b、hparameters。",
            ),
            Text(
                "conv_backward unpacks the cache: look at what it expects.",
                "conv_backward 会解包这个 cache：看看它需要什么。",
            ),
        ),
        cause(
            "cache_of_padded",
            ((CACHE, "cache = (A_prev_pad, W, b, hparameters)"),),
            Text(
                "The cache holds the padded array; the task asks for A_prev as it was given.",
                "cache 中存的是填充后的数组；练习要求存入的是原来的 A_prev。",
            ),
            Text(
                "conv_backward pads A_prev itself. What does it make of one that is padded "
                "already?",
                "conv_backward 会自己填充 A_prev。如果它已经填充过了，会得到什么？",
            ),
        ),
        cause(
            "moves_by_pad",
            ((VERT_START, "vert_start = h * pad"), (HORIZ_START, "horiz_start = w * pad")),
            MOVES_BY_PAD,
            MOVES_BY_PAD_HINT,
        ),
        cause(
            "window_size_hard_coded",
            {
                "2": ((FILTERS, f"{FILTERS}\n    f = 2"),),
                "3": ((FILTERS, f"{FILTERS}\n    f = 3"),),
            },
            Text(
                "The size of the window is a fixed number of your own.",
                "窗口的大小是写死的数。",
            ),
            Text(
                "Which axes of W say how large a window is?",
                "W 的哪两个轴表示窗口的大小？",
            ),
        ),
        cause(
            "results_exchanged",
            (("return Z, cache", "return cache, Z"),),
            Text("The cache is returned before Z.", "返回时 cache 写在了 Z 的前面。"),
            Text("Look at the `return` line of the stub.", "看看原来代码里的 `return` 那一行。"),
        ),
        cause(
            "result_example_missing",
            ((CELL, "Z[h, w, c]"),),
            Text(
                "The result is stored without the index of the example: Z[h, w, c].",
                "存放结果时漏了样本的下标，写成了 Z[h, w, c]。",
            ),
            Text(
                "Z has four axes. Which index does the first one take?",
                "Z 有四个轴。第一个轴用哪个下标？",
            ),
            rare=True,
            code=WITHOUT_EXAMPLE.format(what=r"\b\w+\[(?!\1\b)\w+, \w+, \w+\] = "),
        ),
    )
)
