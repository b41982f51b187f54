"""What goes wrong in create_mask_from_window: what is compared with what, and what comes back."""

from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import variants

EXERCISE = "create_mask_from_window"
cause = partial(variants, EXERCISE)

MASK = "x == np.max(x)"
ASSIGNED = f"mask = {MASK}"
LOOPS = """mask = np.zeros(x.shape, dtype=bool)
    for i in range(x.shape[{rows}]):
        for j in range(x.shape[{columns}]):
            mask[i, j] = x[i, j] == np.max(x)"""

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "returns_maximum",
            ((MASK, "np.max(x)"),),
            Text(
                "The result is the maximum itself, not a mask that shows where it is.",
                "返回的是最大值本身，而不是标出它所在位置的掩码。",
            ),
            Text(
                "The mask has the shape of x. Which comparison gives True or False per entry?",
                "掩码的形状与 x 相同。怎样的比较能为每个元素给出 True 或 False？",
            ),
            equivalent=(f"{EXERCISE}/assignment_for_comparison",),
        ),
        cause(
            "assignment_for_comparison",
            ((MASK, "x = np.max(x)"),),
            Text(
                "x is overwritten by its maximum: a single = assigns, it doesn't compare.",
                "x 被自己的最大值覆盖了：单个 = 是赋值，不是比较。",
            ),
            Text(
                "Which operator asks whether two values are equal?",
                "判断两个值是否相等用哪个运算符？",
            ),
            equivalent=(f"{EXERCISE}/returns_maximum",),
            # An argument that is given another value, alone or in a row: not its own, as an array.
            code=r"\Adef \w+\((\w+)\b(?s:.*)\b\1 = "
            r"(?!np\.\w*array\(|np\.copy\(|\1\.(?:copy|astype)\()",
        ),
        cause(
            "keeps_values",
            ((MASK, "x * (x == np.max(x))"),),
            Text(
                "The maximum keeps its value and the rest is 0, instead of True and False.",
                "最大值保留了原值，其余为 0，而不是 True 和 False。",
            ),
            Text(
                "A mask only says where the maximum is, not how large it is.",
                "掩码只说明最大值在哪里，不说明它有多大。",
            ),
        ),
        cause(
            "minimum_marked",
            ((MASK, "x == np.min(x)"),),
            Text("The mask marks the minimum.", "掩码标出的是最小值。"),
            Text(
                "Which entry of the window did max pooling pass on?",
                "最大池化传递下去的是窗口中的哪个元素？",
            ),
        ),
        cause(
            "mask_inverted",
            ((MASK, "x != np.max(x)"),),
            Text(
                "The mask is True everywhere except at the maximum.",
                "除了最大值处，掩码处处为 True。",
            ),
            Text(
                "Read the comparison aloud: for which entries does it hold?",
                "把这个比较读出来：哪些元素满足它？",
            ),
        ),
        cause(
            "always_true",
            ((MASK, "x <= np.max(x)"),),
            Text("The mask is True everywhere.", "掩码处处为 True。"),
            Text(
                "Only one entry of the window may pass the gradient on.",
                "窗口中只有一个元素可以传递梯度。",
            ),
        ),
        cause(
            "always_false",
            ((MASK, "x > np.max(x)"),),
            Text("The mask is False everywhere.", "掩码处处为 False。"),
            Text(
                "Does the maximum itself satisfy your comparison?",
                "最大值本身满足你的比较条件吗？",
            ),
            equivalent=("create_mask_from_window/compared_with_position",),
        ),
        cause(
            "row_maxima",
            {
                "kept_axis": ((MASK, "x == np.max(x, axis=1, keepdims=True)"),),
                "without_keepdims": ((MASK, "x == np.max(x, axis=1)"),),
            },
            Text(
                "The maximum is taken of each row by itself, not of the whole window.",
                "最大值是逐行取的，而不是在整个窗口里取的。",
            ),
            Text(
                "Leave out what makes np.max work row by row.",
                "去掉让 np.max 逐行计算的那个参数。",
            ),
        ),
        cause(
            "column_maxima",
            ((MASK, "x == np.max(x, axis=0)"),),
            Text(
                "The maximum is taken of each column by itself, not of the whole window.",
                "最大值是逐列取的，而不是在整个窗口里取的。",
            ),
            Text(
                "Leave out what makes np.max work column by column.",
                "去掉让 np.max 逐列计算的那个参数。",
            ),
        ),
        cause(
            "largest_absolute_value",
            {
                "both_absolute": ((MASK, "np.abs(x) == np.max(np.abs(x))"),),
                "one_absolute": ((MASK, "x == np.max(np.abs(x))"),),
            },
            Text(
                "Signs are ignored: the entry farthest from zero is looked for.",
                "忽略了正负号：找的是离 0 最远的元素。",
            ),
            Text("Of -3 and 1, which is the maximum?", "-3 和 1 哪个大？"),
        ),
        cause(
            "returns_index",
            {
                "flat": ((MASK, "np.argmax(x)"),),
                "row_and_column": ((MASK, "np.unravel_index(np.argmax(x), x.shape)"),),
                "where": ((MASK, "np.where(x == np.max(x))"),),
                "argwhere": ((MASK, "np.argwhere(x == np.max(x))"),),
                "per_column": ((MASK, "np.argmax(x, axis=0)"),),
                "per_row": ((MASK, "np.argmax(x, axis=1)"),),
            },
            Text(
                "The result says by indices where a maximum is: it is not a mask of the window's "
                "shape.",
                "返回的是最大值的下标，而不是与窗口同形状的掩码。",
            ),
            Text(
                "The mask must be multiplied by a gradient later: it needs the shape of x.",
                "之后掩码要与梯度相乘，因此它必须与 x 同形状。",
            ),
        ),
        cause(
            "maximum_from_zero",
            ((MASK, "x == max(0.0, np.max(x))"),),
            Text(
                "A maximum below 0 is not found: the search starts at 0, or a 0 is mixed in.",
                "小于 0 的最大值找不到：查找是从 0 开始的，或者混进了一个 0。",
            ),
            Text(
                "What is the maximum of a window in which all numbers are negative?",
                "如果窗口里全是负数，最大值是多少？",
            ),
            rare=True,
        ),
        cause(
            "close_numbers_marked",
            {
                "share": ((MASK, "x >= 0.95 * np.max(x)"),),
                "relative": ((MASK, "np.isclose(x, np.max(x), rtol=0.05)"),),
                "absolute": ((MASK, "np.abs(x - np.max(x)) < 0.1"),),
            },
            Text(
                "Numbers that are close to the maximum are marked, too.",
                "接近最大值的数也被标出了。",
            ),
            Text(
                "Which comparison holds for the maximum alone, whatever its sign?",
                "无论正负，怎样的比较只对最大值成立？",
            ),
            rare=True,
        ),
        cause(
            "marks_not_cleared",
            {
                "": ((MASK, "x == np.maximum.accumulate(x.ravel()).reshape(x.shape)"),),
                "by_column": (
                    (MASK, "x == np.maximum.accumulate(x.T.ravel()).reshape(x.T.shape).T"),
                ),
                "from_first": (
                    (
                        MASK,
                        "(x == np.maximum.accumulate(x.ravel()).reshape(x.shape)) & (x > x[0, 0])",
                    ),
                ),
                "from_zero": (
                    (MASK, "(x == np.maximum.accumulate(x.ravel()).reshape(x.shape)) & (x > 0)"),
                ),
            },
            Text(
                "Each number that is the largest so far is marked, and earlier marks stay.",
                "每个“目前最大”的数都被标出了，而之前标出的没有清除。",
            ),
            Text(
                "When a larger number is found, what has to become of the mark before it?",
                "找到更大的数时，之前标出的位置该怎么办？",
            ),
            rare=True,
        ),
        cause(
            "above_average",
            ((MASK, "x > np.mean(x)"),),
            Text(
                "All entries above the average are marked.",
                "所有大于平均值的元素都被标出了。",
            ),
            Text("How many entries may the mask mark?", "掩码应当标出几个元素？"),
        ),
        cause(
            "positive_marked",
            ((MASK, "x > 0"),),
            Text(
                "All positive entries are marked: that is the mask of ReLU, not of max pooling.",
                "所有正数都被标出了：这是 ReLU 的掩码，不是最大池化的。",
            ),
            Text("With what should the entries be compared?", "这些元素应当与什么比较？"),
        ),
        cause(
            "flattened",
            ((MASK, "x.ravel() == np.max(x)"),),
            Text(
                "The mask is flat: it has lost the window's rows and columns.",
                "掩码被展平了，失去了窗口的行和列。",
            ),
            Text("Compare mask.shape with x.shape.", "比较 mask.shape 与 x.shape。"),
        ),
        cause(
            "fixed_position",
            {
                "first": ((MASK, "np.arange(x.size).reshape(x.shape) == 0"),),
                "last": ((MASK, "np.arange(x.size).reshape(x.shape) == x.size - 1"),),
            },
            Text(
                "The same corner is marked whatever the numbers are.",
                "无论数值如何，标出的总是同一个角。",
            ),
            Text(
                "The position must be found from x, not from one printed example.",
                "位置必须由 x 求出，不能照抄某个例子的输出。",
            ),
        ),
        cause(
            "square_window_assumed",
            {
                "rows": ((ASSIGNED, LOOPS.format(rows=0, columns=0)),),
                "columns": ((ASSIGNED, LOOPS.format(rows=1, columns=1)),),
                "swapped": ((ASSIGNED, LOOPS.format(rows=1, columns=0)),),
            },
            Text(
                "The number of rows or columns is not the window's: a window need not be square.",
                "行数或列数与窗口不符：窗口不一定是正方形。",
            ),
            Text(
                "Try a window of 2 rows and 3 columns: which entries do the loops reach?",
                "换一个 2 行 3 列的窗口试试：循环到达了哪些元素？",
            ),
            rare=True,
        ),
        cause(
            "transposed",
            ((MASK, "x.T == np.max(x)"),),
            Text(
                "Rows and columns of the mask are swapped.",
                "掩码的行与列被交换了。",
            ),
            Text("Compare mask.shape with x.shape.", "比较 mask.shape 与 x.shape。"),
        ),
        cause(
            "compared_with_position",
            ((MASK, "x == np.argmax(x)"),),
            Text(
                "x is compared with the position of its maximum, not with the maximum.",
                "x 是与最大值的位置比较的，而不是与最大值比较。",
            ),
            Text(
                "What does np.argmax return, and what does np.max return?",
                "np.argmax 返回什么？np.max 又返回什么？",
            ),
            code=r"== (np\.argmax\(|x\.argmax\()",
            equivalent=("create_mask_from_window/always_false",),
        ),
        cause(
            "flat_position_as_row",
            ((ASSIGNED, "mask = np.zeros(x.shape, dtype=bool)\n    mask[np.argmax(x)] = True"),),
            Text(
                "np.argmax counts through the flattened window, but its number is used as a row.",
                "np.argmax 给出的是展平之后的位置，却被当成了行号。",
            ),
            Text(
                "Print np.argmax(x) for a window of 3 x 3 whose maximum is at the bottom right.",
                "取一个最大值在右下角的 3 × 3 窗口，打印 np.argmax(x)。",
            ),
        ),
    )
)
