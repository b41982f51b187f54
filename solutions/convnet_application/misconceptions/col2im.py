"""What goes wrong in col2im: where each number goes, and what happens where windows overlap."""

from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.windows import window_misconceptions

EXERCISE = "col2im"
cause = partial(variants, EXERCISE)

WINDOWS = "columns = columns.reshape(m, n_H, n_W, f, f, n_C)"
ZEROS = "X = np.zeros(shape)\n"
ADD = ":] += columns["
PLACE = "columns[\n                :, :, :, i, j, :\n            ]"
SLICE = "X[:, i : i + stride * n_H : stride, j : j + stride * n_W : stride, :]"
LOOPS = f"""    for i in range(f):
        for j in range(f):
            {SLICE} += {PLACE}
"""
MAXIMUM = LOOPS.replace(f"+= {PLACE}", f"= np.maximum({SLICE}, {PLACE})")
RESULT = "    return X"


def window_by_window(line):
    """Return the patch that puts one window after the other in place by `line`."""
    return (
        LOOPS,
        "    for h in range(n_H):\n        for w in range(n_W):\n"
        "            rows = slice(h * stride, h * stride + f)\n"
        "            places = slice(w * stride, w * stride + f)\n"
        f"            {line}\n",
    )


def read_as(shape, place):
    """Return the patches that read the numbers of one place of all windows from another shape."""
    return (
        (WINDOWS, f"columns = columns.reshape({shape})"),
        (PLACE, f"columns{place}"),
    )


def counted(divisor):
    """Return the patch that counts in how many windows each number lies and uses the count."""
    return (
        (
            RESULT,
            "    counts = np.zeros(shape)\n"
            "    for row, column in np.ndindex(f, f):\n"
            "        rows = slice(row, row + stride * n_H, stride)\n"
            "        counts[:, rows, column : column + stride * n_W : stride] += 1\n"
            f"    return X / {divisor}",
        ),
    )


OVERLAP = Text(
    "With stride 1 one number of X lies in several windows. How do their gradients combine?",
    "步幅为 1 时，X 的一个元素落在多个窗口里。它们的梯度应怎样合在一起？",
)
ORDER = Text(
    "In which order does im2col lay a window out? Read the numbers back in the same order.",
    "im2col 按什么顺序展开窗口？取回时要用同样的顺序。",
)

MISCONCEPTIONS = tuple(
    chain(
        window_misconceptions(EXERCISE),
        cause(
            "overlap_overwritten",
            {
                "": ((ADD, ":] = columns["),),
                "windows": (window_by_window("X[:, rows, places, :] = columns[:, h, w]"),),
            },
            Text(
                "Numbers are overwritten where windows overlap, so all but one get lost.",
                "窗口重叠处的数被覆盖了，只留下了其中一个。",
            ),
            OVERLAP,
            equivalent=("col2im/added_once_per_index",),
        ),
        cause(
            "overlap_averaged",
            {
                "": counted("np.maximum(counts, 1)"),
                "divides_by_zero": counted("counts"),
            },
            Text(
                "Where windows overlap their numbers are averaged.",
                "窗口重叠处的数被取了平均。",
            ),
            OVERLAP,
        ),
        cause(
            "divided_by_window",
            {
                "": ((RESULT, "    return X / (f * f)"),),
                "channels_too": ((RESULT, "    return X / (f * f * n_C)"),),
            },
            Text(
                "The result is divided by the number of places, or of numbers, in a window.",
                "结果除以了窗口的位置数或元素个数。",
            ),
            Text(
                "im2col only copies numbers. Does anything have to be divided on the way back?",
                "im2col 只是复制元素。反过来时，需要除以什么吗？",
            ),
        ),
        cause(
            "divided_by_examples",
            ((RESULT, "    return X / m"),),
            Text(
                "The result is divided by the number of examples.",
                "结果除以了样本的个数。",
            ),
            Text(
                "Each image has gradients of its own. Where does the loss take its mean?",
                "每张图像都有自己的梯度。损失是在哪里取平均的？",
            ),
        ),
        cause(
            "overlap_maximum",
            {
                "": ((LOOPS, f"    X -= np.inf\n{MAXIMUM}    X[np.isinf(X)] = 0\n"),),
                "from_zero": ((LOOPS, MAXIMUM),),
            },
            Text(
                "Where windows overlap, at most the largest number is kept, not the sum.",
                "窗口重叠处至多只保留了最大的数，而没有求和。",
            ),
            OVERLAP,
        ),
        cause(
            "subtracted",
            ((ADD, ":] -= columns["),),
            Text(
                "The numbers are subtracted, so X has the wrong sign.",
                "这些数被减去了，X 的符号反了。",
            ),
            Text(
                "The step against the gradient is taken later, when weights are updated.",
                "沿负梯度方向走是以后更新权重时才做的事。",
            ),
        ),
        cause(
            "channel_not_last",
            {
                "first": read_as("m, n_H, n_W, n_C, f, f", "[..., i, j]"),
                "between": read_as("m, n_H, n_W, f, n_C, f", "[..., i, :, j]"),
                "reversed": read_as("m, n_H, n_W, n_C, f, f", "[..., j, i]"),
            },
            Text(
                "A row is read as if the channel did not come last.",
                "读取每一行时，没有把通道当作最后一个轴。",
            ),
            ORDER,
        ),
        cause(
            "column_before_row",
            ((":, :, :, i, j, :", ":, :, :, j, i, :"),),
            Text(
                "Each window is put back transposed: its rows became columns.",
                "每个窗口放回去时被转置了：行成了列。",
            ),
            ORDER,
        ),
        cause(
            "place_offset",
            (
                (WINDOWS, "pass"),
                (PLACE, "columns[..., i * f + j : i * f + j + n_C]"),
            ),
            Text(
                "Place k of a window is taken to begin at index k of a row, but each place has "
                "n_C numbers.",
                "把窗口的第 k 个位置当成从一行的下标 k 开始，可每个位置占 n_C 个数。",
            ),
            Text(
                "With 3 channels, which indices of a row belong to the second place of the window?",
                "有 3 个通道时，窗口的第二个位置占一行中的哪几个下标？",
            ),
        ),
        cause(
            "window_reversed",
            {
                "": ((":, :, :, i, j, :", ":, :, :, f - 1 - i, f - 1 - j, :"),),
                "rows": ((":, :, :, i, j, :", ":, :, :, f - 1 - i, j, :"),),
                "columns": ((":, :, :, i, j, :", ":, :, :, i, f - 1 - j, :"),),
            },
            Text(
                "Each window is put back the other way round, along one axis or more.",
                "每个窗口放回去时是反的，至少有一个轴如此。",
            ),
            Text(
                "The first number of a row came from which corner of the window?",
                "一行中的第一个数来自窗口的哪个角？",
            ),
        ),
        cause(
            "reshaped_without_transpose",
            {
                "window_first": read_as("f, f, m, n_H, n_W, n_C", "[i, j]"),
                "window_second": read_as("m, f, f, n_H, n_W, n_C", "[:, i, j]"),
                "positions_first": (
                    (WINDOWS, "columns = columns.reshape(n_H, n_W, m, f, f, n_C)"),
                    (PLACE, "columns[:, :, :, i, j].transpose(2, 0, 1, 3)"),
                ),
                "channels_second": (
                    (WINDOWS, "columns = columns.reshape(m, n_C, f, f, n_H, n_W)"),
                    (PLACE, "columns[:, :, i, j].transpose(0, 2, 3, 1)"),
                ),
            },
            Text(
                "The reshape gives the columns' axes another order than they have.",
                "reshape 时各轴的顺序与 columns 实际的顺序不同。",
            ),
            Text(
                "columns is (m, n_H, n_W, ...). reshape may split the last axis, not move others.",
                "columns 的形状是 (m, n_H, n_W, ...)。reshape 能分开最后一个轴，但不能移动其他轴。",
            ),
        ),
        cause(
            "last_window_missing",
            {
                "": (
                    (
                        LOOPS,
                        "    columns = columns[:, :-1, :-1]\n"
                        "    n_H, n_W = n_H - 1, n_W - 1\n"
                        f"{LOOPS}",
                    ),
                ),
                "row": ((LOOPS, f"    n_H, columns = n_H - 1, columns[:, :-1]\n{LOOPS}"),),
                "column": ((LOOPS, f"    n_W, columns = n_W - 1, columns[:, :, :-1]\n{LOOPS}"),),
            },
            Text(
                "The last row or column of windows is never added.",
                "最后一行或最后一列窗口没有加进去。",
            ),
            Text(
                "How many windows are there, and over how many do you go?",
                "一共有多少个窗口，你处理了多少个？",
            ),
        ),
        cause(
            "loop_steps_by_stride",
            (
                (
                    window_by_window("X[:, rows, places, :] += columns[:, h, w]")[0],
                    window_by_window("X[:, rows, places, :] += columns[:, h, w]")[1]
                    .replace("range(n_H)", "range(0, n_H, stride)")
                    .replace("range(n_W)", "range(0, n_W, stride)"),
                ),
            ),
            Text(
                "Windows are skipped: the loops over them step by stride.",
                "跳过了一些窗口：遍历窗口的循环每次增加 stride。",
            ),
            Text(
                "Which of the rows of `columns` are left out? Does the stride say so?",
                "`columns` 中哪些行被漏掉了？步幅是这个意思吗？",
            ),
        ),
        cause(
            "axes_not_restored",
            {
                "": ((WINDOWS, "pass"),),
                "places": ((WINDOWS, "columns = columns.reshape(m, n_H, n_W, f * f, n_C)"),),
            },
            Text(
                "The last axis of `columns` is not split into row, column and channel again.",
                "`columns` 的最后一个轴没有重新分成行、列、通道。",
            ),
            Text(
                "How many axes had the array in your im2col before its last step, and how many are "
                "there here?",
                "你的 im2col 在最后一步之前，数组有几个轴？这里有几个轴？",
            ),
            rare=True,
        ),
        cause(
            "cropped",
            ((RESULT, "    return X[:, 1:-1, 1:-1, :]"),),
            Text(
                "A border is cut off X; that is not this function's task.",
                "X 的边框被裁掉了，而这不是这个函数的事。",
            ),
            Text(
                "Which argument says how large the result is?",
                "结果的大小由哪个参数决定？",
            ),
            rare=True,
        ),
        cause(
            "covered_part_only",
            (
                (
                    RESULT,
                    "    return X[:, : (n_H - 1) * stride + f, : (n_W - 1) * stride + f]",
                ),
            ),
            Text(
                "The result ends where the last window ends; X may be larger.",
                "结果在最后一个窗口处就结束了，而 X 可能更大。",
            ),
            Text(
                "Which argument says how large the result is?",
                "结果的大小由哪个参数决定？",
            ),
        ),
        cause(
            "shape_of_columns",
            {
                "": ((ZEROS, "X = np.zeros((m, n_H, n_W, n_C))\n"),),
                "same": ((ZEROS, "X = np.zeros(columns.shape)\n"),),
            },
            Text(
                "X is made with the size of `columns`, not of the images.",
                "X 的大小取自 `columns`，而不是图像。",
            ),
            Text(
                "Which argument says how large the result is?",
                "结果的大小由哪个参数决定？",
            ),
            # An array of zeros in the shape of the columns, or with n_H and n_W.
            code=r"(?s)columns\.shape.*zeros(_like)?\((?!shape\b)|zeros(_like)?\(\(*columns\b"
            r"|zeros\(\(\w+, (n_H|oh|oH|out_h|H_out|h_out)\b",
            equivalent=("col2im/slice_end",),
        ),
        cause(
            "result_transposed",
            {
                "": ((RESULT, "    return X.swapaxes(1, 2)"),),
                "channels": ((RESULT, "    return X.transpose(0, 3, 1, 2)"),),
            },
            Text(
                "The axes of the result are in another order than `shape` says.",
                "结果各轴的顺序与 `shape` 不一致。",
            ),
            Text(
                "Compare X.shape with `shape` before you return it.",
                "返回之前，比较一下 X.shape 与 `shape`。",
            ),
        ),
        cause(
            "starts_from_ones",
            ((ZEROS, "X = np.ones(shape)\n"),),
            Text(
                "Every number of X is 1 too large, as if X started from ones.",
                "X 的每个数都大了 1，好像是从 1 开始累加的。",
            ),
            Text(
                "Gradients are sums. From which number does a sum start?",
                "梯度是求和得到的。求和应从哪个数开始？",
            ),
        ),
        cause(
            "first_example_only",
            {
                "": (
                    (
                        LOOPS,
                        LOOPS.replace("X[:,", "X[:1,").replace("    :, :, :, i", "    :1, :, :, i"),
                    ),
                ),
                "for_all": ((":, :, :, i, j, :", ":1, :, :, i, j, :"),),
            },
            Text(
                "Only the first example's columns are used.",
                "只用到了第一个样本的 columns。",
            ),
            Text(
                "Which axis of `columns` counts the examples?",
                "`columns` 的哪个轴是样本？",
            ),
        ),
        cause(
            "corner_only",
            {
                "": (
                    (
                        SLICE,
                        "X[:, : stride * n_H : stride, : stride * n_W : stride, :]",
                    ),
                ),
                "first_number": (
                    ("for i in range(f):", "for i in range(1):"),
                    ("for j in range(f):", "for j in range(1):"),
                ),
            },
            Text(
                "Only the upper left corner of each window gets anything.",
                "每个窗口只有左上角得到了数值。",
            ),
            Text(
                "What changes in the slice of X when u or v grows by 1?",
                "u 或 v 加 1 时，X 的切片应有什么变化？",
            ),
        ),
        cause(
            "all_to_one_example",
            {
                "first": (
                    (SLICE + " +=", SLICE.replace("X[:,", "X[0,") + " +="),
                    (PLACE, f"{PLACE}.sum(axis=0)"),
                ),
                "last": (
                    (SLICE + " +=", SLICE.replace("X[:,", "X[-1,") + " +="),
                    (PLACE, f"{PLACE}.sum(axis=0)"),
                ),
            },
            Text(
                "The windows of all examples are added into one picture.",
                "所有样本的窗口都加到了同一张图像上。",
            ),
            Text(
                "Which index of X says to which example a window belongs?",
                "X 的哪个下标表示窗口属于第几个样本？",
            ),
        ),
        cause(
            "added_once_per_index",
            (window_by_window("X[:, rows, places, :] = columns[:, h, w]"),),
            Text(
                "`+=` with arrays as indices adds once per place, however often the place occurs.",
                "用数组作下标时，`+=` 对同一个位置只加一次，无论它在下标里出现几次。",
            ),
            Text(
                "Look up np.add.at, or add window by window in a loop.",
                "查一查 np.add.at，或者用循环逐个窗口相加。",
            ),
            equivalent=("col2im/overlap_overwritten",),
            code=r"\] \+= ",
        ),
    )
)
