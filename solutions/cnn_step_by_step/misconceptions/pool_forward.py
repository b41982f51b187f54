"""What goes wrong in pool_forward."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.cnn_step_by_step.misconceptions.windows import (
    CORNERS_WITHOUT_STRIDE,
    HORIZONTAL_END_COPIED,
    INTEGERS,
    OTHER_NAME,
    OTHER_ORDERS,
    OVERWRITTEN,
    SWAPPED_WINDOW,
    WINDOW,
    WITHOUT_EXAMPLE,
    both_ends,
    window_misconceptions,
)

EXERCISE = "pool_forward"
cause = partial(variants, EXERCISE)

SHAPE = "m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape"
HEIGHT = "n_H = (n_H_prev - f) // stride + 1"
WIDTH = "n_W = (n_W_prev - f) // stride + 1"
FITS = "if n_H < 1 or n_W < 1:"
ZEROS = "A = np.zeros((m, n_H, n_W, n_C))"
EXAMPLE = "a_prev = A_prev[i]"
SLICE = f"a_prev[{WINDOW}, c]"
LOOP = "                    "
CHANNEL = ", c]\n"
MAX_MODE = 'if mode == "max":\n'
AVERAGE_MODE = 'elif mode == "average":\n'
MAXIMUM = "np.max(a_prev_slice)"
MEAN = "np.mean(a_prev_slice)"
MAX_CELL = "A[i, h, w, c] = np.max"
AVERAGE_CELL = "A[i, h, w, c] = np.mean"
CACHE = "cache = (A_prev, hparameters)"
REDUCED = r"[^\n]*\b(?:max|mean|average|amax)\([^\n]*"


def sizes(formula):
    """Return the patches that compute both output sizes by `formula` of n_prev, unguarded."""
    return (
        (HEIGHT, f"n_H = {formula.replace('n_prev', 'n_H_prev')}"),
        (WIDTH, f"n_W = {formula.replace('n_prev', 'n_W_prev')}"),
        (FITS, "if False:"),
    )


def not_reset(collected, mode):
    """Return the patches, by variant, where a window of `mode` goes on from the one before."""
    return {
        name: ((CACHE, f'A = {array} if mode == "{mode}" else A\n    {CACHE}'),)
        for name, array in (
            ("never", f"{collected}(A.ravel()).reshape(A.shape)"),
            ("examples", f"{collected}(A.reshape(m, -1), 1).reshape(A.shape)"),
            ("rows", f"{collected}(A.reshape(m, n_H, -1), 2).reshape(A.shape)"),
            ("channels", f"{collected}(A, 3)"),
        )
    }


def cell(index):
    """Return the patches that store both modes' results at `index` of A."""
    return (
        (MAX_CELL, f"A[{index}] = np.max"),
        (AVERAGE_CELL, f"A[{index}] = np.mean"),
    )


MISCONCEPTIONS = tuple(
    chain(
        window_misconceptions(
            EXERCISE,
            {
                "height_width_swapped_slice": {"": ((WINDOW, SWAPPED_WINDOW),)},
                "hard_coded_example": {
                    "first": ((EXAMPLE, "a_prev = A_prev[0]"),),
                    "second": ((EXAMPLE, "a_prev = A_prev[1]"),),
                },
                "stride_ignored": {
                    "sizes_too": (*sizes("n_prev - f + 1"), *CORNERS_WITHOUT_STRIDE),
                },
                "window_end_off_by_one": {"long": both_ends("f + 1")},
                "image_overwritten": {
                    "": (
                        ("a_prev_slice = a_prev[", "a_prev = a_prev["),
                        (f"{LOOP}{MAX_MODE}", f"{LOOP}a_prev_slice = a_prev\n{LOOP}{MAX_MODE}"),
                    )
                },
                "horizontal_copied_from_vertical": HORIZONTAL_END_COPIED,
            },
            failures={"image_overwritten": OVERWRITTEN},
            equivalent={"loop_bound_n_minus_f": (f"{EXERCISE}/A_stays_zero",)},
        ),
        cause(
            "last_example_only",
            (("for i in range(m):", "for i in range(m - 1, m):"),),
            Text(
                "Of a whole batch only the last example is left in A.",
                "A 中本应有整批数据的结果，却只剩下最后一个样本的。",
            ),
            Text(
                "Which lines must be done for every i? Check how far they are indented.",
                "哪些行要对每个 i 都执行？检查它们的缩进。",
            ),
            rare=True,
        ),
        cause(
            "cut_to_integers",
            ((ZEROS, "A = np.zeros((m, n_H, n_W, n_C), dtype=int)"),),
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
                "without_one": sizes("(n_prev - f) // stride"),
                "one_inside": sizes("(n_prev - f + 1) // stride"),
                "rounded_up": sizes("int(np.ceil((n_prev - f) / stride)) + 1"),
                "without_stride": sizes("n_prev - f + 1"),
                "without_f": sizes("n_prev // stride"),
                "divided_by_f": sizes("n_prev // f"),
                "same_as_input": sizes("n_prev"),
            },
            Text(
                "n_H and n_W are not the number of positions at which the window, as it moves, "
                "fits.",
                "按窗口移动的方式，n_H 和 n_W 不等于它能放下的位置数。",
            ),
            Text(
                "Count by hand for n_H_prev = 5, f = 3, stride = 2, then use the formula.",
                "取 n_H_prev = 5、f = 3、stride = 2，先自己数一数，再代入公式。",
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
            "padding_in_pooling",
            sizes('(n_prev - f + 2 * hparameters["pad"]) // stride + 1'),
            Text(
                'hparameters["pad"] is read, but this layer does not pad and has no such entry.',
                '读取了 hparameters["pad"]，但这里的池化层不填充，也没有这一项。',
            ),
            Text(
                "Write the output size without padding.",
                "写出没有填充时的输出大小。",
            ),
            failure=FailurePattern(r"KeyError", r"pad", r"\[\s*['\"]pad"),
        ),
        cause(
            "channels_first",
            {
                "": (
                    (SHAPE, "m, n_C_prev, n_H_prev, n_W_prev = A_prev.shape"),
                    (FITS, "if False:"),
                    (ZEROS, "A = np.zeros((m, n_C, n_H, n_W))"),
                    (SLICE, f"a_prev[c, {WINDOW}]"),
                    *cell("i, c, h, w"),
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
            ((ZEROS, "A = np.zeros((m, n_W, n_H, n_C))"), *cell("i, w, h, c")),
            Text(
                "A is laid out as (m, n_W, n_H, n_C): height and width are swapped.",
                "A 的轴的顺序成了 (m, n_W, n_H, n_C)：高度与宽度被交换了。",
            ),
            Text(
                "Which axis of A_prev is the height? A has the same order.",
                "A_prev 的哪个轴是高度？A 的顺序与它相同。",
            ),
        ),
        cause(
            "axes_in_another_order",
            {
                "".join(map(str, order)): (
                    ("return A, cache", f"return A.transpose{order}, cache"),
                )
                for order in (*OTHER_ORDERS, (0, 3, 1, 2))
            },
            Text(
                "The axes of A are not in the order (m, n_H, n_W, n_C).",
                "A 的轴的顺序不是 (m, n_H, n_W, n_C)。",
            ),
            Text(
                "Print the shape before and after each transpose: which axis is which?",
                "在每次 transpose 前后打印形状：每个轴各是什么？",
            ),
            rare=True,
        ),
        cause(
            "result_indices_swapped",
            cell("i, w, h, c"),
            Text(
                "The results are stored at [w, h] instead of [h, w].",
                "结果存到了 [w, h]，而不是 [h, w]。",
            ),
            Text("Which of h and w counts rows of A?", "h 和 w 中哪个是 A 的行号？"),
        ),
        cause(
            "result_at_window_corner",
            cell("i, vert_start, horiz_start, c"),
            Text(
                "The result is stored at the window's corner, a position of the input.",
                "存放结果时用了窗口左上角的下标，那是输入中的位置。",
            ),
            Text(
                "Positions in the input and in A differ when the stride is 2. Which does A need?",
                "步幅为 2 时，输入中的位置与 A 中的位置不同。A 需要的是哪一个？",
            ),
        ),
        cause(
            "example_index_missing",
            {
                "": (("= a_prev[", "= A_prev["),),
                "all_examples": ((SLICE, f"A_prev[:, {WINDOW}, c]"),),
                "columns": ((SLICE, f"A_prev[{WINDOW}, :, c]"),),
            },
            Text(
                "The window is cut out of the whole batch instead of example i.",
                "窗口是从整批数据中切出来的，而不是从第 i 个样本中切出来的。",
            ),
            Text(
                "How many axes does A_prev have, and how many does one example have?",
                "A_prev 有几个轴？一个样本有几个轴？",
            ),
        ),
        cause(
            "all_channels",
            ((CHANNEL, ", :]\n"),),
            Text(
                "In at least one mode all channels of the window are pooled together, so each of "
                "them gets the same number.",
                "至少有一种模式下，窗口的所有通道被一起池化了，因此每个通道得到的数都相同。",
            ),
            Text(
                "Pooling works on each channel by itself. Where does c belong?",
                "池化对每个通道单独进行。c 应当用在哪里？",
            ),
        ),
        cause(
            "first_channel_only",
            ((CHANNEL, ", 0]\n"),),
            Text(
                "Every output channel is pooled from the first input channel.",
                "每个输出通道都是由第一个输入通道池化得到的。",
            ),
            Text("Where does c belong in the slice?", "c 应当用在切片的哪个位置？"),
        ),
        cause(
            "result_pooled",
            {
                "average": ((MEAN, f"np.mean(A[i, {WINDOW}, c])"),),
                "max": ((MAXIMUM, f"np.max(A[i, {WINDOW}, c])"),),
            },
            Text(
                "In one mode the window is cut out of the result A instead of A_prev.",
                "有一种模式下，窗口是从结果 A 中切出来的，而不是从 A_prev 中。",
            ),
            Text(
                "Which array holds numbers before the loops start?",
                "循环开始之前，哪个数组里已经有数据？",
            ),
            rare=True,
        ),
        cause(
            "whole_image",
            {
                "channel": ((SLICE, "a_prev[:, :, c]"),),
                "example": ((SLICE, "a_prev"),),
                "batch": ((SLICE, "A_prev"),),
                "batch_channel": ((SLICE, "A_prev[:, :, :, c]"),),
            },
            Text(
                "At every position the whole image, or even more, is pooled instead of one window.",
                "每个位置上池化的都是整张图像甚至更多，而不是一个窗口。",
            ),
            Text(
                "Are the four corners used after they have been computed?",
                "算出的四个起止位置后来用到了吗？",
            ),
        ),
        cause(
            "mode_name",
            {
                "average": (("""mode == "average":""", """mode == "avg":"""),),
                "max": (("""mode == "max":""", """mode == "Max":"""),),
            },
            Text(
                "In one mode A stays 0, as if its branch were never entered.",
                "有一种模式下 A 一直是 0，对应的分支好像从未执行。",
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
                "average": ((AVERAGE_CELL, "A[i, h, w, c] == np.mean"),),
                "max": ((MAX_CELL, "A[i, h, w, c] == np.max"),),
            },
            Text(
                "In one mode A stays 0: no result gets there.",
                "有一种模式下 A 始终为 0：没有结果存进去。",
            ),
            Text(
                "Which line fills A in each of the two modes? Look for what is left out, "
                "and for == in the place of =.",
                "两种模式下，分别是哪一行给 A 赋值的？看看是否漏写，或把 = 写成了 ==。",
            ),
            equivalent=(f"{EXERCISE}/mode_name",),
        ),
        cause(
            "A_stays_zero",
            (
                (MAX_CELL, "A[i, h, w, c] == np.max"),
                (AVERAGE_CELL, "A[i, h, w, c] == np.mean"),
            ),
            Text(
                "A is 0 everywhere: no result ends up in the array that is returned.",
                "A 处处为 0：没有任何结果进入所返回的数组。",
            ),
            Text(
                "Which line puts the number of a window into A? Look for == in the place of =.",
                "哪一行把窗口的结果放进 A？看看是否把 = 写成了 ==。",
            ),
            equivalent=(f"{EXERCISE}/loop_bound_n_minus_f",),
        ),
        cause(
            "result_overwritten",
            {
                "max": ((MAX_CELL, "A = np.max"),),
                "average": ((AVERAGE_CELL, "A = np.mean"),),
                "both": ((MAX_CELL, "A = np.max"), (AVERAGE_CELL, "A = np.mean")),
            },
            Text(
                "What comes back as A is the number of one window, not an array of all of them.",
                "返回的 A 只是某一个窗口的计算结果，而不是由所有结果组成的数组。",
            ),
            Text(
                "Where in A does the number of window (h, w) of channel c belong?",
                "第 c 个通道在 (h, w) 处窗口的计算结果，应放在 A 的什么位置？",
            ),
            rare=True,
        ),
        cause(
            "result_example_missing",
            cell("h, w, c"),
            Text(
                "The result is stored without the index of the example: A[h, w, c].",
                "存放结果时漏了样本的下标，写成了 A[h, w, c]。",
            ),
            Text(
                "A has four axes. Which index does the first one take?",
                "A 有四个轴。第一个轴用哪个下标？",
            ),
            rare=True,
            code=WITHOUT_EXAMPLE.format(what=r"\b\w+\[(?!\1\b)\w+, \w+, \w+\] = "),
        ),
        cause(
            "modes_swapped",
            (
                ("""mode == "max":""", """mode == "first":"""),
                ("""mode == "average":""", """mode == "max":"""),
                ("""mode == "first":""", """mode == "average":"""),
            ),
            Text(
                "The two modes are swapped: max gives the mean and average the maximum.",
                "两种模式弄反了：max 得到的是平均值，average 得到的是最大值。",
            ),
            Text("Which branch belongs to which mode?", "哪个分支对应哪种模式？"),
        ),
        cause(
            "always_max",
            ((MAX_MODE, "if True:\n"),),
            Text("The maximum is taken in both modes.", "两种模式下取的都是最大值。"),
            Text("Where is the argument `mode` used?", "参数 `mode` 用在了哪里？"),
        ),
        cause(
            "always_average",
            ((AVERAGE_MODE, "if True:\n"),),
            Text("The mean is taken in both modes.", "两种模式下取的都是平均值。"),
            Text(
                "Does a later line overwrite the maximum?",
                "后面的代码是否覆盖了最大值？",
            ),
        ),
        cause(
            "minimum",
            ((MAXIMUM, "np.min(a_prev_slice)"),),
            Text(
                "Max pooling takes the minimum of the window.",
                "最大池化取的是窗口的最小值。",
            ),
            Text("Look at the function used for mode max.", "检查 max 模式下用的函数。"),
        ),
        cause(
            "sum_for_maximum",
            ((MAXIMUM, "np.sum(a_prev_slice)"),),
            Text("In mode max the sum is taken.", "max 模式下取的是总和。"),
            Text("Look at the function used for mode max.", "检查 max 模式下用的函数。"),
        ),
        cause(
            "maximum_from_zero",
            ((MAXIMUM, "max(0.0, np.max(a_prev_slice))"),),
            Text(
                "A maximum below 0 is lost: the search starts at 0, or a 0 is mixed in.",
                "小于 0 的最大值丢失了：查找是从 0 开始的，或者混进了一个 0。",
            ),
            Text(
                "What is the maximum of a window in which all numbers are negative?",
                "如果窗口里全是负数，最大值是多少？",
            ),
        ),
        cause(
            "maximum_not_reset",
            not_reset("np.maximum.accumulate", "max"),
            Text(
                "The largest number so far is not reset: it still holds that of earlier windows.",
                "目前为止的最大值没有重置：里面还留着前面窗口的最大值。",
            ),
            Text(
                "At which point of the loops must the search for a maximum begin anew?",
                "循环进行到哪里时，应当重新开始找最大值？",
            ),
            rare=True,
        ),
        cause(
            "sum_not_reset",
            not_reset("np.cumsum", "average"),
            Text(
                "The sum is not reset: it still holds the numbers of earlier windows.",
                "求和没有重新开始：里面还留着前面窗口的数。",
            ),
            Text(
                "At which point of the loops must a new sum begin?",
                "循环进行到哪里时，应当开始新的求和？",
            ),
            rare=True,
        ),
        cause(
            "largest_absolute_value",
            ((MAXIMUM, "np.max(np.abs(a_prev_slice))"),),
            Text(
                "Max pooling takes the largest absolute value.",
                "最大池化取的是绝对值的最大值。",
            ),
            Text("Of -3 and 1, which is the maximum?", "-3 和 1 哪个大？"),
        ),
        cause(
            "position_of_maximum",
            ((MAXIMUM, "np.argmax(a_prev_slice)"),),
            Text(
                "Max pooling stores where the maximum is, not the maximum itself.",
                "最大池化存下的是最大值的位置，而不是最大值本身。",
            ),
            Text("What does np.argmax return?", "np.argmax 返回的是什么？"),
        ),
        cause(
            "sum_instead_of_mean",
            ((MEAN, "np.sum(a_prev_slice)"),),
            Text(
                "Average pooling sums the window without dividing.",
                "平均池化只对窗口求了和，没有做除法。",
            ),
            Text("What does a mean divide by?", "求平均值时要除以什么？"),
        ),
        cause(
            "mean_divides_by_f",
            ((MEAN, "np.sum(a_prev_slice) / f"),),
            Text(
                "Average pooling divides the sum by f, not by the number of cells.",
                "平均池化把总和除以了 f，而不是位置的个数。",
            ),
            Text("How many cells does a 3 x 3 window have?", "3 × 3 的窗口有多少个位置？"),
        ),
        cause(
            "mean_divides_by_stride",
            ((MEAN, "np.sum(a_prev_slice) / (stride * stride)"),),
            Text(
                "Average pooling divides the sum by stride * stride.",
                "平均池化把总和除以了 stride * stride。",
            ),
            Text("How many cells does the window have?", "窗口有多少个位置？"),
        ),
        cause(
            "mean_divides_by_output",
            ((MEAN, "np.sum(a_prev_slice) / (n_H * n_W)"),),
            Text(
                "Average pooling divides the sum by the size of the output.",
                "平均池化把总和除以了输出的大小。",
            ),
            Text("How many cells does the window have?", "窗口有多少个位置？"),
        ),
        cause(
            "median",
            ((MEAN, "np.median(a_prev_slice)"),),
            Text(
                "Average pooling takes the median of the window.",
                "平均池化取的是窗口的中位数。",
            ),
            Text("Which NumPy function computes a mean?", "NumPy 的哪个函数求平均值？"),
        ),
        cause(
            "window_size_hard_coded",
            {
                "": both_ends("2"),
                "sizes_too": (('f = hparameters["f"]', "f = 2"),),
            },
            Text(
                "The window is 2 x 2 whatever hparameters say.",
                "无论 hparameters 中是多少，窗口都是 2 × 2。",
            ),
            Text('Where is hparameters["f"] used?', 'hparameters["f"] 用在了哪里？'),
        ),
        cause(
            "hyperparameters_swapped",
            (
                ('f = hparameters["f"]', 'f = hparameters["stride"]'),
                ('    stride = hparameters["stride"]', '    stride = hparameters["f"]'),
            ),
            Text("f and stride are swapped.", "f 和 stride 弄反了。"),
            Text(
                "Check which entry of hparameters goes into which name.",
                "检查 hparameters 的每一项分别赋给了哪个变量。",
            ),
        ),
        cause(
            "all_channels_overwritten",
            cell("i, h, w"),
            Text(
                "Every channel of A holds the result of the last channel.",
                "A 的每个通道里都是最后一个通道的结果。",
            ),
            Text(
                "For each c, which channel is read, and which channel of A is written?",
                "对每个 c，读的是哪个通道？写入的是 A 的哪个通道？",
            ),
        ),
        cause(
            "all_examples_overwritten",
            cell(":, h, w, c"),
            Text(
                "Every example of A holds the results of the last one.",
                "A 的每个样本里都是最后一个样本的结果。",
            ),
            Text(
                "For each i, which example is read, and which example of A is written?",
                "对每个 i，读的是哪个样本？写入的是 A 的哪个样本？",
            ),
        ),
        cause(
            "cache",
            {
                "result": ((CACHE, "cache = (A, hparameters)"),),
                "without_hparameters": ((CACHE, "cache = (A_prev,)"),),
                "input_alone": ((CACHE, "cache = A_prev"),),
                "numbers": ((CACHE, "cache = (A_prev, f, stride)"),),
                "with_mode": ((CACHE, "cache = (A_prev, hparameters, mode)"),),
                "order": ((CACHE, "cache = (hparameters, A_prev)"),),
                "None": ((CACHE, "cache = None"),),
                "not_returned": (("return A, cache", "return A"),),
            },
            Text(
                "The cache is not just A_prev and hparameters, unchanged and in this order.",
                "cache 不是按顺序原样保存的 A_prev、hparameters 这两项。",
            ),
            Text(
                "pool_backward unpacks the cache: look at what it expects.",
                "pool_backward 会解包这个 cache：看看它需要什么。",
            ),
        ),
        cause(
            "results_exchanged",
            (("return A, cache", "return cache, A"),),
            Text("The cache is returned before A.", "返回时 cache 写在了 A 的前面。"),
            Text("Look at the `return` line of the stub.", "看看原来代码里的 `return` 那一行。"),
        ),
        cause(
            "window_not_pooled",
            (
                ("np.max(a_prev_slice)", "a_prev_slice"),
                ("np.mean(a_prev_slice)", "a_prev_slice"),
            ),
            Text(
                "The whole window is put into one cell of A: nothing makes one number of it.",
                "把整个窗口放进了 A 的一个位置：没有把它变成一个数。",
            ),
            Text(
                "Which NumPy function gives the largest number of an array?",
                "NumPy 的哪个函数能求出数组中最大的数？",
            ),
            failure=FailurePattern(
                r"ValueError|TypeError",
                r"setting an array element with a sequence|only (0-dimensional|length-1) arrays",
                r"^(?!.*\b(max|mean|average|amax|sum|pool\w*)\b\s*\(|.*=\s*\w+\()"
                r"\s*\w+\s*\[[^\]]*\]\s*\+?=[^=]",
            ),
            # It ends in the same words as the next one; the text tells them apart.
            code=r"\A(?:(?!\b(?:max|amax)\(|np\.a?max\b)[\s\S])*\Z",
            equivalent=("pool_forward/pooled_along_one_axis",),
        ),
        cause(
            "pooled_along_one_axis",
            {
                "": (
                    ("np.max(a_prev_slice)", "np.max(a_prev_slice, axis=0)"),
                    ("np.mean(a_prev_slice)", "np.mean(a_prev_slice, axis=0)"),
                ),
                "max": (("np.max(a_prev_slice)", "np.max(a_prev_slice, axis=0)"),),
            },
            Text(
                "With axis=... there is a number for each row or column of the window, not one for "
                "all of it.",
                "写了 axis=... 之后，得到的是窗口每行或每列各一个数，而不是整个窗口的一个数。",
            ),
            Text(
                "What does np.max return for a matrix without axis, and what with axis=0?",
                "对一个矩阵，np.max 不写 axis 时返回什么？写 axis=0 时呢？",
            ),
            failure=FailurePattern(
                r"ValueError|TypeError",
                r"setting an array element with a sequence|only (0-dimensional|length-1) arrays",
                r"\b(max|mean|average|amax)\s*\([^\n]*\baxis\s*=\s*-?\d",
            ),
            # One axis, once, of what goes into a cell; (1, 2) is all of a window.
            code=rf"(?m:^[ \t]*\w+\[[^\n]*\] = (?!{REDUCED}{REDUCED}){REDUCED}axis=-?\d)",
            equivalent=("pool_forward/window_not_pooled",),
        ),
    )
)
