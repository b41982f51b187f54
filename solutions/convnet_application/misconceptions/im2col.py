"""What goes wrong in im2col: which numbers a row holds, their order, and how rows are laid out."""

from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.windows import (
    COLUMNS,
    ROWS,
    both_slices,
    window_misconceptions,
)

EXERCISE = "im2col"
cause = partial(variants, EXERCISE)

SHAPE = "m, n_H_prev, n_W_prev, n_C = X.shape"
ZEROS = "np.zeros((m, n_H, n_W, f, f, n_C))"
PLACE = "columns[:, :, :, i, j, :]"
ROW = "columns = columns.reshape(m, n_H, n_W, f * f * n_C)"
RESULT = "    return columns"


def reordered(axes):
    """Return the patches that give the six axes another order before each row is laid out."""
    return ((ROW, ROW.replace("columns.reshape", f"columns.transpose({axes}).reshape")),)


def stored_as(shape, place):
    """Return the patches that store windows in another shape and lay them out as if it were ours.

    `place` is the index of one place of all windows in an array of that shape.
    """
    patch = f"columns{place}"
    return ((ZEROS, f"np.zeros({shape})"), (PLACE, patch))


ORDER = Text(
    "W[u, v, k] meets the window's number at row u, column v, channel k. In which order does "
    "reshape read W?",
    "W[u, v, k] 要与窗口第 u 行、第 v 列、第 k 通道的元素相乘。reshape 按什么顺序读 W？",
)
AXES = Text(
    "Print the shape of the result: there is one axis for examples, rows, columns, and numbers.",
    "打印结果的形状：样本、行、列、窗口的元素，各占一个轴。",
)

MISCONCEPTIONS = tuple(
    chain(
        window_misconceptions(
            EXERCISE,
            channels_first={
                "transposed": (
                    (SHAPE, "m, n_C, n_H_prev, n_W_prev = X.shape"),
                    (
                        f"X[\n                :, {ROWS}, {COLUMNS}, :\n            ]",
                        f"X[:, :, {ROWS}, {COLUMNS}].transpose(0, 2, 3, 1)",
                    ),
                ),
            },
        ),
        cause(
            "channel_not_last",
            {
                "first": reordered("0, 1, 2, 5, 3, 4"),
                "between": reordered("0, 1, 2, 3, 5, 4"),
                "reversed": reordered("0, 1, 2, 5, 4, 3"),
                "between_transposed": reordered("0, 1, 2, 4, 5, 3"),
            },
            Text(
                "The numbers of a row are not ordered row, column, channel: the channel does not "
                "come last.",
                "每一行的元素没有按“行、列、通道”的顺序排列：通道不在最后。",
            ),
            ORDER,
        ),
        cause(
            "column_before_row",
            ((PLACE, "columns[:, :, :, j, i, :]"),),
            Text(
                "Each window is laid out column by column, not row by row.",
                "每个窗口是按列展开的，而不是按行展开的。",
            ),
            ORDER,
        ),
        cause(
            "place_offset",
            stored_as("(m, n_H, n_W, f * f * n_C)", "[..., i * f + j : i * f + j + n_C]"),
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
                "": ((PLACE, "columns[:, :, :, f - 1 - i, f - 1 - j, :]"),),
                "rows": ((PLACE, "columns[:, :, :, f - 1 - i, j, :]"),),
                "columns": ((PLACE, "columns[:, :, :, i, f - 1 - j, :]"),),
                "channels_too": ((ROW, f"{ROW}[..., ::-1]"),),
            },
            Text(
                "The window is laid out backwards, along one axis or more.",
                "窗口被倒着展开了，至少有一个轴是反的。",
            ),
            Text(
                "The course's convolution does not flip anything. Which number comes first?",
                "本课程的卷积不做翻转。排在最前面的应是哪个元素？",
            ),
        ),
        cause(
            "reshaped_without_transpose",
            {
                "window_first": stored_as("(f, f, m, n_H, n_W, n_C)", "[i, j]"),
                "window_second": stored_as("(m, f, f, n_H, n_W, n_C)", "[:, i, j]"),
                "positions_first": (
                    (ROW, ROW.replace("columns.r", "columns.transpose(1, 2, 0, 3, 4, 5).r")),
                ),
                "channels_first": (
                    (ROW, ROW.replace("columns.r", "columns.transpose(0, 5, 3, 4, 1, 2).r")),
                ),
                "channels_second": (
                    (ROW, ROW.replace("columns.r", "columns.transpose(0, 5, 1, 2, 3, 4).r")),
                ),
                "merged": (
                    (ROW, ROW.replace("columns.r", "columns.transpose(0, 3, 4, 5, 1, 2).r")),
                ),
                "stacked": (
                    (ROW, ROW.replace("columns.r", "columns.transpose(3, 4, 5, 0, 1, 2).r")),
                ),
                "interleaved": (
                    (ROW, ROW.replace("columns.r", "columns.transpose(0, 1, 3, 2, 4, 5).r")),
                ),
            },
            Text(
                "The shape is right, but the numbers stand in other rows than they should: the "
                "reshape comes before the axes are in order.",
                "形状是对的，但元素没有落在应有的行里：reshape 之前各轴的顺序还不对。",
            ),
            Text(
                "reshape never changes the order of the numbers. Which axes must come last before "
                "it?",
                "reshape 不改变元素的先后顺序。在它之前，哪些轴必须排在最后？",
            ),
        ),
        cause(
            "positions_transposed",
            ((RESULT, "    return columns.swapaxes(1, 2)"),),
            Text(
                "The result is laid out as (m, n_W, n_H, ...): height and width are swapped.",
                "结果的轴的顺序成了 (m, n_W, n_H, ...)：高度与宽度被交换了。",
            ),
            Text(
                "Which axis of X is the height? The result has the same order.",
                "X 的哪个轴是高度？结果的顺序与它相同。",
            ),
        ),
        cause(
            "axes_merged",
            {
                "": ((ROW, "columns = columns.reshape(-1, f * f * n_C)"),),
                "positions": ((ROW, "columns = columns.reshape(m, n_H * n_W, f * f * n_C)"),),
                "each_example": ((ROW, "columns = columns.reshape(m, -1)"),),
            },
            Text(
                "The result has fewer than four axes: some that should stay apart are merged.",
                "结果不到四个轴：有的轴应当分开，却合并了。",
            ),
            AXES,
        ),
        cause(
            "not_flattened",
            {
                "": ((ROW, "pass"),),
                "places": ((ROW, "columns = columns.reshape(m, n_H, n_W, f * f, n_C)"),),
                "channels": ((ROW, "columns = columns.reshape(m, n_H, n_W, f, f * n_C)"),),
            },
            Text(
                "A window still has axes of its own; it should be one row of numbers.",
                "窗口还保留着自己的轴；它应当展开成一行。",
            ),
            AXES,
        ),
        cause(
            "numbers_before_positions",
            {
                "": ((RESULT, "    return columns.transpose(0, 3, 1, 2)"),),
                "first": ((RESULT, "    return columns.transpose(3, 0, 1, 2)"),),
                "matrix": ((RESULT, "    return columns.reshape(-1, f * f * n_C).T"),),
                "each_example": (
                    (
                        RESULT,
                        "    return columns.reshape(m, n_H * n_W, f * f * n_C).swapaxes(1, 2)",
                    ),
                ),
            },
            Text(
                "The numbers of a window do not lie along the last axis, so a window is not a row.",
                "窗口的元素没有排在最后一个轴上，因此窗口不是一行。",
            ),
            Text(
                "Which axis must be last, so that a product with W as a matrix sums over the "
                "window?",
                "它要与写成矩阵的 W 相乘，对窗口内的元素求和。那么最后一个轴应是什么？",
            ),
        ),
        cause(
            "padded_inside",
            {
                "": (
                    (
                        f"    {SHAPE}\n",
                        f"    X = np.pad(X, ((0, 0), (1, 1), (1, 1), (0, 0)))\n    {SHAPE}\n",
                    ),
                ),
                "sizes_without": (
                    (
                        "    columns = np.zeros",
                        "    X = np.pad(X, ((0, 0), (1, 1), (1, 1), (0, 0)))\n"
                        "    columns = np.zeros",
                    ),
                ),
                "whole_window": (
                    (
                        f"    {SHAPE}\n",
                        "    X = np.pad(X, ((0, 0), (f - 1,) * 2, (f - 1,) * 2, (0, 0)))\n"
                        f"    {SHAPE}\n",
                    ),
                ),
            },
            Text(
                "X is padded inside the function, though the caller does that.",
                "函数内部又对 X 做了填充，而填充是调用者的事。",
            ),
            Text(
                "The arguments are X, f and stride: is there a pad among them?",
                "参数是 X、f 和 stride：其中有 pad 吗？",
            ),
        ),
        cause(
            "first_example_only",
            {
                "": ((" = X[", " = X[:1]["),),
                "others_zero": ((f"{PLACE} = X[", "columns[:1, :, :, i, j, :] = X[:1]["),),
                "result": ((RESULT, "    return columns[0]"),),
            },
            Text(
                "Only the first example of the batch gets into the result.",
                "结果中只有这批图像的第一个样本。",
            ),
            Text("Which axis of X counts the examples?", "X 的哪个轴是样本？"),
        ),
        cause(
            "first_channel_only",
            {
                "": (
                    (ZEROS, "np.zeros((m, n_H, n_W, f, f))"),
                    (PLACE, "columns[:, :, :, i, j]"),
                    (f"{COLUMNS}, :\n", f"{COLUMNS}, 0\n"),
                    (ROW, ROW.replace(" * n_C", "")),
                ),
                "repeated": ((f"{COLUMNS}, :\n", f"{COLUMNS}, :1\n"),),
            },
            Text(
                "Only the first channel gets into the rows.",
                "各行里只有第一个通道的元素。",
            ),
            Text(
                "How many numbers does a window of 3 x 3 hold in an image of two channels?",
                "图像有两个通道时，3 × 3 的窗口里有多少个数？",
            ),
        ),
        cause(
            "corner_only",
            both_slices("0 : stride * n_H : stride"),
            Text(
                "Every place of a window holds what stands in its upper left corner.",
                "窗口的每个位置都是左上角的元素。",
            ),
            Text(
                "What changes in the slice of X when u or v grows by 1?",
                "u 或 v 加 1 时，X 的切片应有什么变化？",
            ),
        ),
    )
)
