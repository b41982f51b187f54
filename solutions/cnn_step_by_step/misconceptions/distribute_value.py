"""What goes wrong in distribute_value: by what dz is divided, and what is filled with it."""

from functools import partial
from itertools import chain

from checks.text import Text
from solutions.catalogue import variants

EXERCISE = "distribute_value"
cause = partial(variants, EXERCISE)

AVERAGE = "dz / (n_H * n_W)"
FILL = "a = np.ones((n_H, n_W)) * average"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "divides_by_sum",
            ((AVERAGE, "dz / (n_H + n_W)"),),
            Text(
                "dz is divided by n_H + n_W, which is not the number of cells.",
                "dz 除以了 n_H + n_W，但这不是窗口中位置的个数。",
            ),
            Text(
                "How many cells does a window of 3 rows and 3 columns have?",
                "3 行 3 列的窗口有多少个位置？",
            ),
        ),
        cause(
            "divides_by_height",
            ((AVERAGE, "dz / n_H"),),
            Text("dz is divided by the number of rows only.", "dz 只除以了行数。"),
            Text(
                "Add up all entries of your result: is it dz?", "把结果的元素全部相加：等于 dz 吗？"
            ),
        ),
        cause(
            "divides_by_width",
            ((AVERAGE, "dz / n_W"),),
            Text("dz is divided by the number of columns only.", "dz 只除以了列数。"),
            Text(
                "Add up all entries of your result: is it dz?", "把结果的元素全部相加：等于 dz 吗？"
            ),
        ),
        cause(
            "divides_by_height_squared",
            ((AVERAGE, "dz / (n_H * n_H)"),),
            Text(
                "dz is divided by n_H * n_H, which is right for square windows only.",
                "dz 除以了 n_H * n_H，只有窗口是正方形时才对。",
            ),
            Text("What is the number of cells of a 2 x 5 window?", "2 × 5 的窗口有多少个位置？"),
        ),
        cause(
            "divides_by_width_squared",
            ((AVERAGE, "dz / (n_W * n_W)"),),
            Text(
                "dz is divided by n_W * n_W, which is right for square windows only.",
                "dz 除以了 n_W * n_W，只有窗口是正方形时才对。",
            ),
            Text("What is the number of cells of a 2 x 5 window?", "2 × 5 的窗口有多少个位置？"),
        ),
        cause(
            "not_divided",
            ((AVERAGE, "dz"),),
            Text("Every cell gets the whole of dz.", "每个位置都得到了整个 dz。"),
            Text(
                "In the forward pass each cell counted for only a part of the mean. Which part?",
                "前向传播求平均值时，每个位置只占其中一份。是几分之一？",
            ),
        ),
        cause(
            "divided_twice",
            ((FILL, "a = np.ones((n_H, n_W)) * average / (n_H * n_W)"),),
            Text(
                "dz is divided by the number of cells twice.",
                "dz 被位置的个数除了两次。",
            ),
            Text(
                "Add up all entries of your result: is it dz?", "把结果的元素全部相加：等于 dz 吗？"
            ),
        ),
        cause(
            "multiplied_by_cells",
            ((AVERAGE, "dz * (n_H * n_W)"),),
            Text(
                "dz is multiplied by the number of cells instead of divided by it.",
                "dz 乘以了位置的个数，而不是除以它。",
            ),
            Text("Sharing out makes each part smaller.", "平均分配之后，每一份应当变小。"),
        ),
        cause(
            "divided_without_brackets",
            ((AVERAGE, "dz / n_H * n_W"),),
            Text(
                "dz is divided by n_H but multiplied by n_W, not divided by both.",
                "dz 除以了 n_H，却乘以了 n_W，而不是除以两者的乘积。",
            ),
            Text(
                "Python works from left to right here. What is missing?",
                "这里 Python 从左到右计算。缺了什么？",
            ),
        ),
        cause(
            "integer_division",
            ((AVERAGE, "dz // (n_H * n_W)"),),
            Text(
                "The quotient is rounded down to a whole number, as by //.",
                "商被向下取整了，就像用 // 那样。",
            ),
            Text("Which operator divides and keeps the decimals?", "哪个运算符做除法并保留小数？"),
        ),
        cause(
            "square_root_of_cells",
            ((AVERAGE, "dz / np.sqrt(n_H * n_W)"),),
            Text(
                "dz is divided by the square root of the number of cells.",
                "dz 除以了位置个数的平方根。",
            ),
            Text(
                "Add up all entries of your result: is it dz?", "把结果的元素全部相加：等于 dz 吗？"
            ),
        ),
        cause(
            "returns_scalar",
            ((FILL, "a = average"),),
            Text(
                "The share of one cell is right, but it is not spread over an array.",
                "每个位置的份额算对了，但没有铺成一个数组。",
            ),
            Text(
                "Which NumPy function makes an array of a given shape?",
                "NumPy 的哪个函数能按给定形状创建数组？",
            ),
        ),
        cause(
            "share_unused",
            {
                "ones": ((FILL, "a = np.ones((n_H, n_W))"),),
                "zeros": ((FILL, "a = np.zeros((n_H, n_W))"),),
            },
            Text(
                "The array has the right shape, but the share of dz is not in it.",
                "数组的形状正确，但里面没有 dz 的份额。",
            ),
            Text(
                "What should each cell hold when dz is 6 and 3 x 2 cells share it?",
                "当 dz 为 6、由 3 × 2 个位置分担时，每个位置应是多少？",
            ),
        ),
        cause(
            "added_to_ones",
            ((FILL, "a = np.ones((n_H, n_W)) + average"),),
            Text(
                "The share is added to an array of ones, so every entry is 1 too large.",
                "份额被加到了全 1 数组上，每个元素都多了 1。",
            ),
            Text(
                "Start from zeros and add, or start from ones and multiply.",
                "要么从全 0 开始做加法，要么从全 1 开始做乘法。",
            ),
        ),
        cause(
            "shape_transposed",
            ((FILL, "a = np.ones((n_W, n_H)) * average"),),
            Text(
                "Height and width of the result are swapped.",
                "结果的高度与宽度被交换了。",
            ),
            Text("In which order does `shape` give them?", "`shape` 中二者的顺序是什么？"),
        ),
        cause(
            "one_cell_only",
            {
                "whole": ((FILL, "a = np.zeros((n_H, n_W))\n    a[0, 0] = dz"),),
                "share": ((FILL, "a = np.zeros((n_H, n_W))\n    a[0, 0] = average"),),
                "middle": ((FILL, "a = np.zeros((n_H, n_W))\n    a[n_H // 2, n_W // 2] = dz"),),
            },
            Text(
                "Only one cell gets something; the others stay 0.",
                "只有一个位置得到了值，其余都是 0。",
            ),
            Text(
                "In average pooling every cell had the same influence on the result.",
                "在平均池化中，每个位置对结果的影响相同。",
            ),
        ),
        cause(
            "one_row_only",
            {
                "row": ((FILL, "a = np.zeros((n_H, n_W))\n    a[0] = average"),),
                "column": ((FILL, "a = np.zeros((n_H, n_W))\n    a[:, 0] = average"),),
                "diagonal": ((FILL, "a = np.eye(n_H, n_W) * average"),),
            },
            Text(
                "Only a part of the cells gets a share; the others stay 0.",
                "只有一部分位置分到了份额，其余都是 0。",
            ),
            Text("Which cells does the loop or the index reach?", "循环或下标到达了哪些位置？"),
        ),
        cause(
            "flattened",
            ((FILL, "a = np.ones(n_H * n_W) * average"),),
            Text(
                "The result is one long row instead of an array of the given shape.",
                "结果是一维的一长串，而不是给定形状的数组。",
            ),
            Text("Compare a.shape with `shape`.", "比较 a.shape 与 `shape`。"),
        ),
        cause(
            "window_size_hard_coded",
            (("n_H, n_W = shape", "n_H, n_W = 2, 2"),),
            Text(
                "The result is 2 x 2 whatever `shape` says.",
                "无论 `shape` 是什么，结果总是 2 × 2。",
            ),
            Text("Where is the parameter `shape` used?", "参数 `shape` 用在了哪里？"),
        ),
        cause(
            "cut_to_integers",
            ((FILL, f"{FILL}\n    a = a.astype(int)"),),
            Text(
                "The decimals of the shares are cut off, as in an array of integers.",
                "份额的小数部分被截去了，就像存进了整数数组那样。",
            ),
            Text(
                "Print the dtype of the array that you make. Which numbers can it hold?",
                "打印你创建的数组的 dtype：它能存放哪些数？",
            ),
            rare=True,
        ),
        cause(
            "random_array",
            ((FILL, "a = np.random.rand(n_H, n_W) * average"),),
            Text(
                "The array differs from call to call: random numbers, or what np.empty finds, "
                "are in it.",
                "数组每次调用的结果都不同：里面混入了随机数，或 np.empty 里原有的数。",
            ),
            Text(
                "Which numbers should the array hold before the share is put in?",
                "放入份额之前，数组里应当是什么数？",
            ),
            rare=True,
        ),
        cause(
            "dz_unused",
            ((AVERAGE, "1 / (n_H * n_W)"),),
            Text(
                "The weights 1 / (n_H * n_W) are right, but dz is not in them.",
                "权重 1 / (n_H * n_W) 是对的，但没有乘上 dz。",
            ),
            Text("Where is the argument `dz` used?", "参数 `dz` 用在了哪里？"),
        ),
        cause(
            "divides_by_axes",
            ((AVERAGE, "dz / len((n_H, n_W))"),),
            Text(
                "dz is divided by 2, the number of axes, instead of the number of cells.",
                "dz 除以了 2（轴的个数），而不是位置的个数。",
            ),
            Text("How many cells does a 3 x 3 window have?", "3 × 3 的窗口有多少个位置？"),
        ),
        cause(
            "divides_by_power",
            ((AVERAGE, "dz / n_H**n_W"),),
            Text(
                "dz is divided by n_H ** n_W, which is a power and not a product.",
                "dz 除以了 n_H ** n_W，那是乘方，不是乘积。",
            ),
            Text("Which operator multiplies two numbers?", "两个数相乘用哪个运算符？"),
        ),
    )
)
