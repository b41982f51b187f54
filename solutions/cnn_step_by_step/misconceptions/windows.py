"""What goes wrong alike in the four functions that move a window: loops, corners, examples."""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import Misconception, Patches, variants

EXAMPLES = "for i in range(m):"
ROWS = "for h in range(n_H):"
COLUMNS = "for w in range(n_W):"
CHANNELS = "for c in range(n_C):"
VERT_START = "vert_start = h * stride"
VERT_END = "vert_end = vert_start + f"
HORIZ_START = "horiz_start = w * stride"
HORIZ_END = "horiz_end = horiz_start + f"
WINDOW = "vert_start:vert_end, horiz_start:horiz_end"
SWAPPED_WINDOW = "horiz_start:horiz_end, vert_start:vert_end"

OTHER_ORDERS = (
    (0, 1, 3, 2),
    (0, 2, 3, 1),
    (0, 3, 2, 1),
    (1, 2, 0, 3),
    (1, 2, 3, 0),
    (3, 0, 1, 2),
)
"""Orders into which people bring the axes of a batch by mistake, beside the two with own names."""

CORNERS_WITHOUT_STRIDE = ((VERT_START, "vert_start = h"), (HORIZ_START, "horiz_start = w"))


def both_ends(length: str) -> Patches:
    """Return the patches that make the window `length` long in both directions."""
    return (
        (VERT_END, f"vert_end = vert_start + {length}"),
        (HORIZ_END, f"horiz_end = horiz_start + {length}"),
    )


def both_loops(rows: str, columns: str) -> Patches:
    """Return the patches that let h run over `rows` and w over `columns`."""
    return ((ROWS, f"for h in {rows}:"), (COLUMNS, f"for w in {columns}:"))


SWAPPED_LOOPS = both_loops("range(n_W)", "range(n_H)")
HORIZONTAL_END_COPIED = {"end": ((HORIZ_END, "horiz_end = vert_end"),)}

OVERWRITTEN = FailurePattern(
    r"IndexError",
    r"too many indices for array",
    r"^\s*(\w+)\s*=\s*\1\s*\[[^\]]*:[^\]]*\]\s*(#.*)?$",
)
"""A window, which has no channels any more, in the place of the image."""

MOVES_BY_PAD = Text(
    "The window moves by the padding at each step instead of by the stride.",
    "窗口每次移动的距离是 pad，而不是步幅。",
)
MOVES_BY_PAD_HINT = Text(
    "What does `pad` say, and what does `stride` say?", "`pad` 表示什么？`stride` 又表示什么？"
)

POSITIONS_WITHOUT_PADDING = Text(
    "The window only goes as far as the image without its padding: for pad > 0 the positions "
    "further down and to the right are left out.",
    "窗口只走到未填充时的图像边缘为止：pad > 0 时，更靠下、更靠右的位置都漏掉了。",
)
POSITIONS_WITHOUT_PADDING_HINT = Text(
    "For 4 rows, pad = 1, f = 3 and stride 1: in which row does the last window begin?",
    "4 行、pad = 1、f = 3、步幅 1 时，最后一个窗口从第几行开始？",
)
INSIDE_IMAGE = "vert_end <= n_H_prev and horiz_end <= n_W_prev"
"""Where a window fits into an image that is not padded."""

W_MIXED_UP = Text(
    "The weights of different filters get mixed up when W is reshaped: its last axis counts the "
    "filters.",
    "W 在 reshape 时，不同滤波器的权重混在了一起：W 的最后一个轴才是滤波器。",
)
W_MIXED_UP_HINT = Text(
    "Reshape changes no order: which numbers of W lie side by side, and do they belong to one "
    "filter?",
    "reshape 不改变数的先后顺序：W 中相邻的数属于同一个滤波器吗？",
)

GRADIENT_NOT_RESET = Text(
    "The array to which one example's gradients are added still holds those of earlier examples.",
    "累加某个样本的梯度时，那个数组里还留着前面样本的梯度。",
)
GRADIENT_NOT_RESET_HINT = Text(
    "When must this array be zeros: once for the batch, or for each example?",
    "这个数组应当何时为全 0：整批数据开始时一次，还是每个样本开始时都要？",
)

CORNER = r"(\w*start\w*|v\w*|top\w*|h\w*\s*\*\s*\w+)"
"""How students name, or write, the row where a window starts."""

INTEGERS = r"dtype|astype|np\.u?int|, int\)"
"""An array that is made one of integers."""

OTHER_NAME = r"\bmode (==|is|in) [(\[]?('(?!max'|average')|max\b|average\b)"
"""A comparison of `mode` with something else than the names of the two modes of pooling."""

WITHOUT_EXAMPLE = r"(?s:\A(?>.*?\bfor )(\w+) in .*{what})"
"""An index of which `what` tells that the first loop's variable, \\1, is not in it."""

CACHE_ORDER = FailurePattern(
    r"IndexError", r"only integers, slices", r"hparam\w*\s*\[\s*[\"'](stride|pad|f)[\"']\s*\]"
)
"""An array in the place of the hyperparameters."""


@dataclass(frozen=True)
class Shared:
    """A cause that the four functions have in common, with its patches by variant.

    An exercise whose own lines differ gives its variants to :func:`window_misconceptions`.
    """

    cause: str
    patches: Mapping[str, Patches]
    message: Text
    hint: Text
    code: str = ""
    rare: bool = False


def window_misconceptions(
    exercise: str,
    own: Mapping[str, Mapping[str, Patches | None]],
    failures: Mapping[str, FailurePattern] | None = None,
    equivalent: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Misconception, ...]:
    """Return the misconceptions about windows for one exercise, in the order of the table.

    `own` adds variants to a cause, or puts others in their place; None leaves one out. `failures`
    says how a cause ends where it ends in an exception, `equivalent` which ids give the same
    results. Raises ValueError for a cause that the table does not hold.
    """
    failures, equivalent = failures or {}, equivalent or {}
    if unknown := ({*own, *failures, *equivalent} - {shared.cause for shared in SHARED}):
        raise ValueError(f"{exercise}: not in the table of shared causes: {sorted(unknown)}")
    return tuple(
        entry
        for shared in SHARED
        for entry in variants(
            exercise,
            shared.cause,
            {
                name: patches
                for name, patches in {**shared.patches, **own.get(shared.cause, {})}.items()
                if patches is not None
            },
            shared.message,
            shared.hint,
            failure=failures.get(shared.cause),
            equivalent=equivalent.get(shared.cause, ()),
            code=shared.code,
            rare=shared.rare,
        )
    )


SHARED = (
    Shared(
        "stride_ignored",
        {"": CORNERS_WITHOUT_STRIDE},
        Text(
            "The window starts at row h and column w instead of multiples of the stride, "
            "so it moves by 1 whatever the stride is.",
            "窗口从第 h 行、第 w 列开始，而不是从 stride 的倍数处开始，"
            "因此无论步幅是多少它都只移动 1。",
        ),
        Text(
            "Write down, for stride 2, where the window of output row h = 1 has to start.",
            "写出步幅为 2 时，输出第 h = 1 行对应的窗口应从哪一行开始。",
        ),
    ),
    Shared(
        "vertical_stride_ignored",
        {"": ((VERT_START, "vert_start = h"),)},
        Text(
            "The stride is used across the image only; downwards the window moves by 1.",
            "步幅只用在了水平方向；竖直方向上窗口每次只移动 1。",
        ),
        Text(
            "Compare the two lines for vertical and horizontal corners.",
            "对比一下：竖直和水平方向的起止位置各是怎样算出的？",
        ),
    ),
    Shared(
        "horizontal_stride_ignored",
        {"": ((HORIZ_START, "horiz_start = w"),)},
        Text(
            "The stride is used down the image only; sideways the window moves by 1.",
            "步幅只用在了竖直方向；水平方向上窗口每次只移动 1。",
        ),
        Text(
            "Compare the two lines for vertical and horizontal corners.",
            "对比一下：竖直和水平方向的起止位置各是怎样算出的？",
        ),
    ),
    Shared(
        "loop_steps_by_stride",
        {
            "": (
                *both_loops("range(0, n_H, stride)", "range(0, n_W, stride)"),
                *CORNERS_WITHOUT_STRIDE,
            ),
            "and_corners": both_loops("range(0, n_H, stride)", "range(0, n_W, stride)"),
        },
        Text(
            "The loops over h and w step by stride, so they skip positions of the output.",
            "h 和 w 的循环每次增加 stride，跳过了输出中的一些位置。",
        ),
        Text(
            "h and w count positions in the output. Does the output have gaps?",
            "循环变量 h 和 w 遍历的是输出中的位置。输出里有间隔吗？",
        ),
    ),
    Shared(
        "loop_bound_n_minus_f",
        {
            "": both_loops("range(n_H - f + 1)", "range(n_W - f + 1)"),
            "without_one": both_loops("range(n_H - f)", "range(n_W - f)"),
            "of_input": both_loops(
                "range(A_prev.shape[1] - f + 1)", "range(A_prev.shape[2] - f + 1)"
            ),
        },
        Text(
            "The bounds of the loops over h and w subtract f instead of being n_H and "
            "n_W, so they do not fit the output.",
            "对 h、w 的循环上界应是 n_H、n_W，这里却减去了 f，与输出的位置数不符。",
        ),
        Text(
            "n_H already counts the positions of the window. Which h is the last one?",
            "n_H 已经是窗口位置的个数。最后一个 h 是多少？",
        ),
        # A loop that steps, or an inline n_H, subtracts f rightly.
        code=r"range\((?:0, )?[^,/\n]*-[^,/\n]*\):",
    ),
    Shared(
        "height_width_swapped_loops",
        {"": SWAPPED_LOOPS},
        Text(
            "A loop runs over the wrong side: h over the width, or w over the height, or both.",
            "循环走错了边：h 走的是宽度，或 w 走的是高度，或两者都是。",
        ),
        Text(
            "Try an image that is not square: which of n_H and n_W counts rows?",
            "换一张非正方形图像试试：n_H 和 n_W 中哪个是行数？",
        ),
    ),
    Shared(
        "height_width_swapped_slice",
        {},
        Text(
            "The rows of a window follow w and its columns follow h, instead of the other "
            "way round.",
            "窗口的行跟着 w 移动，列跟着 h 移动，正好弄反了。",
        ),
        Text(
            "The first axis of an image counts rows. Which corners belong to it?",
            "图像的第一个轴是行。与它对应的是哪一对起止位置？",
        ),
    ),
    Shared(
        "horizontal_copied_from_vertical",
        {
            "": ((HORIZ_START, "horiz_start = h * stride"),),
        },
        Text(
            "A corner with which columns are cut out comes from h, so it does not move with w.",
            "切出窗口的列时，至少有一个起止位置是由 h 得到的，没有跟着 w 移动。",
        ),
        Text("Which loop variable counts columns?", "哪个循环变量是列号？"),
    ),
    Shared(
        "vertical_copied_from_horizontal",
        {
            "": (
                (
                    HORIZ_END,
                    f"{HORIZ_END}\n                vert_start, vert_end = horiz_start, horiz_end",
                ),
            )
        },
        Text(
            "The corners with which rows are cut out come from w, so they do not move with h.",
            "切出窗口的行时，起止位置是由 w 得到的，因此没有跟着 h 移动。",
        ),
        Text("Which loop variable counts rows?", "哪个循环变量是行号？"),
    ),
    Shared(
        "window_is_stride",
        {
            "": both_ends("stride"),
            "height": ((VERT_END, "vert_end = vert_start + stride"),),
            "width": ((HORIZ_END, "horiz_end = horiz_start + stride"),),
        },
        Text(
            "A side of the window is stride instead of f.",
            "窗口至少有一条边的长度是 stride，而不是 f。",
        ),
        Text(
            "The stride says how far the window moves. What says how large it is?",
            "步幅决定窗口移动多远。窗口有多大，由什么决定？",
        ),
    ),
    Shared(
        "window_end_off_by_one",
        {
            "short": both_ends("f - 1"),
            "height": ((VERT_END, "vert_end = vert_start + f - 1"),),
            "width": ((HORIZ_END, "horiz_end = horiz_start + f - 1"),),
        },
        Text(
            "The window's start or end is off by one, so it is not f rows and columns large.",
            "窗口的起点或终点差了 1，因此它不是 f 行 f 列。",
        ),
        Text(
            "A slice in Python leaves its end out. How many rows does 4:7 take?",
            "Python 的切片不包含终点。4:7 取了几行？",
        ),
    ),
    Shared(
        "start_without_stride",
        {
            "": (
                (VERT_START, "vert_start = h"),
                (VERT_END, "vert_end = h * stride + f"),
                (HORIZ_START, "horiz_start = w"),
                (HORIZ_END, "horiz_end = w * stride + f"),
            ),
        },
        Text(
            "The window starts without the stride and ends with it, so it grows from step to step.",
            "窗口的起点没有乘步幅，终点却乘了，因此窗口越来越大。",
        ),
        Text(
            "For h = 1 and stride 2, print the start and the end. How many rows lie between them?",
            "取 h = 1、步幅 2，打印起点和终点：中间有几行？",
        ),
    ),
    Shared(
        "moves_by_window_size",
        {
            "": (
                (VERT_START, "vert_start = h * f"),
                (HORIZ_START, "horiz_start = w * f"),
            )
        },
        Text(
            "The window moves by its own size f at each step instead of by the stride.",
            "窗口每次移动的距离是它自己的边长 f，而不是步幅。",
        ),
        Text(
            "Windows may overlap or leave gaps. Which hyperparameter decides that?",
            "窗口之间可以重叠，也可以有间隔。这由哪个超参数决定？",
        ),
    ),
    Shared(
        "stride_hard_coded",
        {"": (('stride = hparameters["stride"]', "stride = 2"),)},
        Text(
            "The stride is 2 whatever hparameters say.",
            "无论 hparameters 中是多少，步幅都是 2。",
        ),
        Text('Where is hparameters["stride"] used?', 'hparameters["stride"] 用在了哪里？'),
        rare=True,
    ),
    Shared(
        "corners_one_step_behind",
        {
            "": (
                (
                    VERT_START,
                    "vert_start = (h - 1 if h else (n_H - 1) * (i > 0)) * stride",
                ),
                (
                    HORIZ_START,
                    "horiz_start = (w - 1 if w else (n_W - 1) * (i + h > 0)) * stride",
                ),
            ),
            "from_zero": (
                (VERT_START, "vert_start = max(h - 1, 0) * stride"),
                (HORIZ_START, "horiz_start = max(w - 1, 0) * stride"),
            ),
            "from_minus_one": (
                (VERT_START, "vert_start = (h - 1) * stride"),
                (HORIZ_START, "horiz_start = (w - 1) * stride"),
            ),
        },
        Text(
            "The window is one step behind: its corners are those of the position before.",
            "窗口落后了一步：用的是上一个窗口的起止位置。",
        ),
        Text(
            "Print h, w and the corners where the window is cut out. Do they belong together?",
            "在切出窗口的地方打印 h、w 和窗口的起止位置：它们对应同一个位置吗？",
        ),
        rare=True,
    ),
    Shared(
        "loops_over_input",
        {"": both_loops("range(n_H_prev)", "range(n_W_prev)")},
        Text(
            "A loop over h or w goes on after the last position of the output, as one over "
            "the size of the input does.",
            "对 h 或 w 的循环越过了输出的最后一个位置，就像按输入的大小循环那样。",
        ),
        Text(
            "h and w count the positions of the window. How many are there?",
            "循环变量 h 和 w 遍历的是窗口的位置。一共有几个位置？",
        ),
        rare=True,
    ),
    Shared(
        "image_overwritten",
        {},
        Text(
            "The window is stored in the name of the image: the next window is cut out of it.",
            "窗口存进了图像自己的变量名，下一个窗口是从这个窗口中切出来的。",
        ),
        Text(
            "What does the name hold when the second window is cut out?",
            "切第二个窗口时，这个变量里还是整张图像吗？",
        ),
        code=r"\b(\w+) = \1\[",
        rare=True,
    ),
    Shared(
        "stride_added",
        {
            "": (
                (VERT_START, "vert_start = h + stride"),
                (HORIZ_START, "horiz_start = w + stride"),
            )
        },
        Text(
            "The stride is added to the position, so not even the first window starts at "
            "the corner of the image.",
            "步幅被加到了位置上，连第一个窗口都不是从图像的角上开始的。",
        ),
        Text(
            "For h = 0 the window must start at row 0. Where does yours start?",
            "h = 0 时窗口应从第 0 行开始。你的窗口从哪里开始？",
        ),
    ),
    Shared(
        "loops_stop_early",
        {
            "both": both_loops("range(n_H - 1)", "range(n_W - 1)"),
            "rows": ((ROWS, "for h in range(n_H - 1):"),),
            "columns": ((COLUMNS, "for w in range(n_W - 1):"),),
        },
        Text(
            "A loop ends one step too early: the last row or column is left out.",
            "循环早停了一步：最后一行或最后一列被漏掉了。",
        ),
        Text(
            "range(5) is 0, 1, 2, 3, 4: how many steps is that?",
            "range(5) 是 0、1、2、3、4，一共几步？",
        ),
    ),
    Shared(
        "loops_start_at_one",
        {"": both_loops("range(1, n_H)", "range(1, n_W)")},
        Text(
            "The loops over h and w start at 1, so the first row and column are left out.",
            "对 h 和 w 的循环从 1 开始，第一行和第一列被漏掉了。",
        ),
        Text("What is the index of the first row?", "第一行的下标是多少？"),
    ),
    Shared(
        "channel_missing",
        {
            "last": ((CHANNELS, "for c in range(n_C - 1):"),),
            "first": ((CHANNELS, "for c in range(1, n_C):"),),
            "only_first": ((CHANNELS, "for c in range(1):"),),
        },
        Text(
            "Channels are left out, as by a loop over c that does not reach them.",
            "有通道被漏掉了，好像对 c 的循环没有走到它们。",
        ),
        Text(
            "List the values that c takes when n_C is 3.",
            "n_C 为 3 时，c 取到哪些值？逐个写出来。",
        ),
    ),
    Shared(
        "last_channel_only",
        {"": ((CHANNELS, "for c in range(n_C - 1, n_C):"),)},
        Text(
            "Only the last channel counts, as if a line came after the loop over c.",
            "只有最后一个通道起了作用，好像某一行写在了对 c 的循环之后。",
        ),
        Text(
            "Which lines must be done for every c? Check how far they are indented.",
            "哪些行要对每个 c 都执行？检查它们的缩进。",
        ),
        rare=True,
    ),
    Shared(
        "last_window_only",
        {
            "column": ((COLUMNS, "for w in range(n_W - 1, n_W):"),),
            "row": ((ROWS, "for h in range(n_H - 1, n_H):"),),
            "both": both_loops("range(n_H - 1, n_H)", "range(n_W - 1, n_W)"),
        },
        Text(
            "Only the last row or column of the positions counts, as if lines came after a loop.",
            "只有最后一行或最后一列的位置起了作用，好像有些行写在了循环之后。",
        ),
        Text(
            "Which lines must be done for every h and w? Check how far they are indented.",
            "哪些行要对每个 h 和 w 都执行？检查它们的缩进。",
        ),
        rare=True,
    ),
    Shared(
        "first_example_only",
        {"": ((EXAMPLES, "for i in range(1):"),)},
        Text(
            "Only the first example of the batch is computed.",
            "只计算了这批数据中的第一个样本。",
        ),
        Text(
            "Check the range of i, and that `return` is not indented into the loop.",
            "检查 i 的取值范围，以及 `return` 是否被缩进到了循环里面。",
        ),
    ),
    Shared(
        "returned_inside_loop",
        {
            "rows": ((EXAMPLES, "for i in range(1):"), (ROWS, "for h in range(1):")),
            "columns": (
                (EXAMPLES, "for i in range(1):"),
                *both_loops("range(1)", "range(1)"),
            ),
            "channels": (
                (EXAMPLES, "for i in range(1):"),
                (CHANNELS, "for c in range(1):"),
            ),
        },
        Text(
            "Only the first part of the loops is done, as if `return` stood inside one.",
            "循环只做了最前面的一部分，好像 `return` 写在了循环里面。",
        ),
        Text(
            "A function ends at its return. How far is that line indented?",
            "函数执行到 return 就结束了。这一行缩进了多少？",
        ),
        rare=True,
    ),
    Shared(
        "example_missing",
        {
            "last": ((EXAMPLES, "for i in range(m - 1):"),),
            "first": ((EXAMPLES, "for i in range(1, m):"),),
        },
        Text(
            "The loop over i leaves one example of the batch out.",
            "对 i 的循环漏掉了这批数据中的一个样本。",
        ),
        Text(
            "List the values that i takes when m is 3.",
            "m 为 3 时，i 取到哪些值？逐个写出来。",
        ),
    ),
    Shared(
        "hard_coded_example",
        {},
        Text(
            "A fixed example is used for the whole batch instead of example i.",
            "整批数据用的都是同一个样本，而不是第 i 个样本。",
        ),
        Text(
            "Look for an index that is a number where the loop variable i belongs.",
            "找一找：哪个下标写成了固定的数，而那里应当是循环变量 i？",
        ),
    ),
)
