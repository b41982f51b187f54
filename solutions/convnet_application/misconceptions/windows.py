"""What goes wrong alike in im2col and col2im: sizes, loops over the window, strided slices."""

import re
from collections.abc import Mapping
from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import Misconception, Patches, variants

HEIGHT = "n_H = (n_H_prev - f) // stride + 1"
WIDTH = "n_W = (n_W_prev - f) // stride + 1"
WINDOW_ROWS = "for i in range(f):"
WINDOW_COLUMNS = "for j in range(f):"
ROWS = "i : i + stride * n_H : stride"
COLUMNS = "j : j + stride * n_W : stride"
DILATED = "i * stride : i * stride + stride * n_H : stride"
ROUNDED_UP = "int(np.ceil((n_prev - f) / stride)) + 1"

COUNT = Text(
    "Count by hand for n_H_prev = 9, f = 2, stride = 3: where can the window start?",
    "取 n_H_prev = 9、f = 2、stride = 3，数一数：窗口可以从哪些行开始？",
)
FOLLOW_ONE_PLACE = Text(
    "Take one place in the window, u = 1. In which rows of X does it lie as the window moves?",
    "取窗口中的一个位置 u = 1。窗口移动时，它依次落在 X 的哪些行？",
)
COMPARE_AXES = Text(
    "Compare what you wrote for rows with what you wrote for columns.",
    "对比一下：行和列两处分别是怎样写的？",
)


def both_sizes(formula: str) -> Patches:
    """Return the patches that compute both output sizes by `formula` of n_prev."""
    return (
        (HEIGHT, f"n_H = {formula.replace('n_prev', 'n_H_prev')}"),
        (WIDTH, f"n_W = {formula.replace('n_prev', 'n_W_prev')}"),
    )


def both_slices(rows: str) -> Patches:
    """Return the patches that take the slice `rows`, and the same of columns for columns."""
    columns = re.sub(r"\bi\b", "j", rows.replace("n_H", "n_W"))
    return ((ROWS, rows), (COLUMNS, columns))


def window_misconceptions(
    exercise: str, channels_first: Mapping[str, Patches] | None = None
) -> tuple[Misconception, ...]:
    """Return the misconceptions about windows for one exercise.

    `channels_first` adds variants that depend on what the exercise does with the images.
    """
    cause = partial(variants, exercise)
    shape = "X.shape" if exercise == "im2col" else "shape"
    return tuple(
        chain(
            cause(
                "output_size",
                {
                    "without_one": both_sizes("(n_prev - f) // stride"),
                    "one_inside": both_sizes("(n_prev - f + 1) // stride"),
                    "rounded_up": both_sizes(ROUNDED_UP),
                    "rounded_up_height": both_sizes(ROUNDED_UP)[:1],
                    "rounded": both_sizes("round((n_prev - f) / stride) + 1"),
                    "without_f": both_sizes("n_prev // stride"),
                    "height_without_f": both_sizes("n_prev // stride")[:1],
                    "width_without_f": both_sizes("n_prev // stride")[1:],
                    "without_f_plus_one": both_sizes("n_prev // stride + 1"),
                },
                Text(
                    "n_H or n_W is not the number of places where the window fits.",
                    "n_H 或 n_W 不等于窗口能放下的位置数。",
                ),
                COUNT,
            ),
            cause(
                "height_width_swapped",
                {
                    "": (
                        (
                            f"m, n_H_prev, n_W_prev, n_C = {shape}",
                            f"m, n_W_prev, n_H_prev, n_C = {shape}",
                        ),
                    ),
                    "width_from_height": ((WIDTH, HEIGHT.replace("n_H =", "n_W =")),),
                    "height_from_width": ((HEIGHT, WIDTH.replace("n_W =", "n_H =")),),
                },
                Text(
                    "Height and width are swapped, or computed from the same side.",
                    "高度与宽度弄反了，或者是由同一条边算出来的。",
                ),
                Text(
                    "Try images that are not square and print n_H and n_W.",
                    "换一批非正方形图像，打印 n_H 和 n_W。",
                ),
            ),
            cause(
                "stride_ignored",
                {
                    "": both_slices("i : i + n_H"),
                    "sizes_too": (*both_sizes("n_prev - f + 1"), *both_slices("i : i + n_H")),
                },
                Text(
                    "The window moves by 1 whatever the stride is.",
                    "无论步幅是多少，窗口每次都只移动 1。",
                ),
                FOLLOW_ONE_PLACE,
            ),
            cause(
                "vertical_stride_ignored",
                {
                    "": ((ROWS, "i : i + n_H"),),
                    "size_too": ((HEIGHT, "n_H = n_H_prev - f + 1"), (ROWS, "i : i + n_H")),
                },
                Text(
                    "Downwards the window moves by 1, whatever the stride is; sideways by the "
                    "stride.",
                    "无论步幅是多少，窗口在竖直方向上每次只移动 1；水平方向上才按步幅移动。",
                ),
                COMPARE_AXES,
            ),
            cause(
                "horizontal_stride_ignored",
                {
                    "": ((COLUMNS, "j : j + n_W"),),
                    "size_too": ((WIDTH, "n_W = n_W_prev - f + 1"), (COLUMNS, "j : j + n_W")),
                },
                Text(
                    "Sideways the window moves by 1, whatever the stride is; downwards by the "
                    "stride.",
                    "无论步幅是多少，窗口在水平方向上每次只移动 1；竖直方向上才按步幅移动。",
                ),
                COMPARE_AXES,
            ),
            cause(
                "slice_end",
                {
                    "without_stride": both_slices("i : i + n_H : stride"),
                    "missing": both_slices("i : : stride"),
                    "of_the_first_place": both_slices("i : stride * n_H : stride"),
                    "of_the_output": both_slices("i : n_H : stride"),
                    "of_the_first_window": both_slices("i : n_H_prev - f + 1 : stride"),
                    "one_short": both_slices("i : n_H_prev - f + i : stride"),
                    "last_start": both_slices("i : i + stride * (n_H - 1) : stride"),
                },
                Text(
                    "The slice of X ends too early or too late: it does not hold n_H x n_W places.",
                    "X 的切片结束得太早或太晚，其中不是 n_H × n_W 个位置。",
                ),
                Text(
                    "A slice start:end:stride holds how many numbers? Try np.arange(9)[1:7:3], and "
                    "let start grow by 1: what must become of end?",
                    "切片 start:end:stride 中有几个数？试试 np.arange(9)[1:7:3]，"
                    "再让 start 加 1：end 应当怎样变？",
                ),
                equivalent=("col2im/shape_of_columns",) if exercise == "col2im" else (),
            ),
            cause(
                "slice_without_step",
                both_slices("i : i + stride * n_H"),
                Text(
                    "The slice of X reaches far enough, but takes every row and column.",
                    "X 的切片终点对了，但每一行每一列都取了进来。",
                ),
                Text(
                    "With stride 3, which rows between the first and the last are skipped?",
                    "步幅为 3 时，第一行与最后一行之间要跳过哪些行？",
                ),
            ),
            cause(
                "stride_inside_window",
                {
                    "": both_slices("i * stride : i * stride + n_H"),
                    "dilated": both_slices(DILATED),
                    "dilated_rows": both_slices(DILATED)[:1],
                    "dilated_columns": both_slices(DILATED)[1:],
                },
                Text(
                    "The stride is put between the numbers of one window.",
                    "步幅被用在了同一个窗口的元素之间。",
                ),
                Text(
                    "Are the numbers of one window neighbours in X? What does the stride separate?",
                    "同一窗口的元素在 X 中相邻吗？步幅隔开的是什么？",
                ),
            ),
            cause(
                "same_slice_twice",
                {
                    "rows": ((COLUMNS, "i : i + stride * n_W : stride"),),
                    "columns": ((ROWS, "j : j + stride * n_H : stride"),),
                },
                Text(
                    "Rows and columns of X are both sliced with the same index of the window.",
                    "给 X 的行和列切片时，用的是窗口的同一个下标。",
                ),
                COMPARE_AXES,
            ),
            cause(
                "f_and_stride_swapped",
                (
                    (
                        f"    m, n_H_prev, n_W_prev, n_C = {shape}\n",
                        f"    f, stride = stride, f\n    m, n_H_prev, n_W_prev, n_C = {shape}\n",
                    ),
                ),
                Text("f and stride are swapped.", "f 和 stride 弄反了。"),
                Text(
                    "Which of the two is the window's size, which the step from window to window?",
                    "两者中哪个是窗口的大小，哪个是窗口每次移动的距离？",
                ),
            ),
            cause(
                "window_cut_short",
                {
                    "last": (
                        (WINDOW_ROWS, "for i in range(f - 1):"),
                        (WINDOW_COLUMNS, "for j in range(f - 1):"),
                    ),
                    "first": (
                        (WINDOW_ROWS, "for i in range(1, f):"),
                        (WINDOW_COLUMNS, "for j in range(1, f):"),
                    ),
                    "last_row": ((WINDOW_ROWS, "for i in range(f - 1):"),),
                    "last_column": ((WINDOW_COLUMNS, "for j in range(f - 1):"),),
                },
                Text(
                    "A row or column of every window is left out.",
                    "每个窗口都漏掉了一行或一列。",
                ),
                Text(
                    "How many values do u and v take for f = 3?",
                    "f = 3 时，u 和 v 各取几个值？",
                ),
            ),
            cause(
                "loops_over_positions",
                (
                    (WINDOW_ROWS, "for i in range(n_H):"),
                    (WINDOW_COLUMNS, "for j in range(n_W):"),
                ),
                Text(
                    "The loops over the places of the window run to n_H and n_W.",
                    "循环变量遍历的是窗口内的位置，上界却成了 n_H 和 n_W。",
                ),
                Text(
                    "One step of the loops handles one place of all windows. How many places?",
                    "循环一步处理所有窗口的同一个位置。一个窗口有多少个位置？",
                ),
            ),
            cause(
                "channels_first",
                {
                    "": (
                        (
                            f"m, n_H_prev, n_W_prev, n_C = {shape}",
                            f"m, n_C, n_H_prev, n_W_prev = {shape}",
                        ),
                    ),
                    **(channels_first or {}),
                },
                Text(
                    "The shape is read as (m, n_C, n_H, n_W): the channels are taken for the "
                    "height.",
                    "形状被读成了 (m, n_C, n_H, n_W)：通道被当成了高度。",
                ),
                Text(
                    "Print the shape: which of the four numbers is the number of channels?",
                    "打印这个形状：四个数中哪个是通道数？",
                ),
            ),
        )
    )
