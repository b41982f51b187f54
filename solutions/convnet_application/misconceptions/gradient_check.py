"""What goes wrong in gradient_check: the difference, its steps, dZ, and the relative error."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import NOT_A_CELL

cause = partial(variants, "gradient_check")

ZEROS = "numeric = np.zeros(x.shape)"
LOOP = "for index in np.ndindex(x.shape):"
STEP = f"{LOOP}\n        step = np.zeros(x.shape)\n        step[index] = h"
CHANGE = "change = f(x + step) - f(x - step)"
SLOPE = "np.sum(dZ * change) / (2 * h)"
ENTRY = f"numeric[index] = {SLOPE}"
DISTANCE = "distance = np.linalg.norm(numeric - dx)"
ERROR = "error = distance / (np.linalg.norm(numeric) + np.linalg.norm(dx))"
RETURN = "return numeric, error"

BODY = f"{STEP}\n        {CHANGE}\n        {ENTRY}"
"""The whole loop."""

IN_PLACE = (STEP, LOOP)
"""Without an array of steps: x itself is moved."""


def all_at_once(numeric):
    """Return the patch that moves all entries by `h` and computes `numeric` of the `change`."""
    return ((BODY, f"change = f(x + h) - f(x - h)\n    {numeric}"),)


MISCONCEPTIONS = tuple(
    chain(
        cause(
            "one_sided_difference",
            {
                "": (
                    (CHANGE, "change = f(x + step) - f(x)"),
                    (SLOPE, "np.sum(dZ * change) / h"),
                ),
                "backward": (
                    (CHANGE, "change = f(x) - f(x - step)"),
                    (SLOPE, "np.sum(dZ * change) / h"),
                ),
                "two_h": ((CHANGE, "change = f(x + step) - f(x)"),),
                "backward_two_h": ((CHANGE, "change = f(x) - f(x - step)"),),
            },
            Text(
                "The difference goes from x to one side only; a central difference needs both "
                "sides.",
                "差分只取了 x 的一侧，而中心差分要取两侧。",
            ),
            Text(
                "A central difference looks at two points. Where do they lie?",
                "中心差分要看两个点。它们分别在哪里？",
            ),
        ),
        cause(
            "divided_by_h",
            ((SLOPE, "np.sum(dZ * change) / h"),),
            Text(
                "The change is divided by half the distance of the two points, so every number is"
                " doubled.",
                "变化量只除以了两点距离的一半，因此每个数都成了两倍。",
            ),
            Text(
                "How far apart are the two points at which f is evaluated?",
                "计算 f 的两个点相距多远？",
            ),
        ),
        cause(
            "h_not_divided",
            {
                "": ((SLOPE, "np.sum(dZ * change)"),),
                "by_two": ((SLOPE, "np.sum(dZ * change) / 2"),),
                "times": ((SLOPE, "np.sum(dZ * change) * h"),),
                "squared": ((SLOPE, "np.sum(dZ * change) / h ** 2"),),
                "times_two_h": ((SLOPE, "np.sum(dZ * change) * 2 * h"),),
                "half_step": ((STEP, STEP.replace("= h", "= h / 2")),),
                "double_step": ((STEP, STEP.replace("= h", "= 2 * h")),),
            },
            Text(
                "The change is not divided by the distance of the two points.",
                "变化量没有除以两点之间的距离。",
            ),
            Text(
                "A slope is a change divided by a distance. How far apart are the two points?",
                "斜率是变化量除以距离。这两个点相距多远？",
            ),
        ),
        cause(
            "parenthesis_around_2h",
            ((SLOPE, "np.sum(dZ * change) / 2 * h"),),
            Text(
                "The change is divided by 2 but multiplied by h; both belong below the fraction "
                "line.",
                "变化量除以了 2，却乘上了 h；两者都应当在分母里。",
            ),
            Text(
                "Python works from left to right: what is 12 / 2 * 3?",
                "Python 从左到右计算：12 / 2 * 3 等于多少？",
            ),
        ),
        cause(
            "h_hard_coded",
            {
                "": ((ZEROS, f"h = 1e-5\n    {ZEROS}"),),
                "step": ((STEP, STEP.replace("= h", "= 1e-5")),),
                "slope": ((SLOPE, "np.sum(dZ * change) / (2 * 1e-5)"),),
            },
            Text(
                "Somewhere a fixed number stands in the place of the argument `h`.",
                "有的地方写了固定的数，而没有用参数 `h`。",
            ),
            Text("Where is the argument `h` used?", "参数 `h` 用在了哪里？"),
        ),
        cause(
            "differences_added",
            ((CHANGE, "change = f(x + step) + f(x - step)"),),
            Text(
                "The two values of f are added instead of subtracted.",
                "两个函数值做了加法，而不是减法。",
            ),
            Text(
                "If f does not change at all, what should the gradient be?",
                "如果 f 完全不变，梯度应当是多少？",
            ),
        ),
        cause(
            "difference_reversed",
            ((CHANGE, "change = f(x - step) - f(x + step)"),),
            Text(
                "The numeric gradient has the opposite sign, as if the difference were taken the "
                "other way round.",
                "数值梯度的符号反了，好像差分的方向弄反了。",
            ),
            Text(
                "Where f grows, the slope is positive. Which value is the larger one there?",
                "f 增大处斜率为正。在那里哪个函数值更大？",
            ),
        ),
        cause(
            "second_derivative",
            {
                "": (
                    (CHANGE, "change = f(x + step) - 2 * f(x) + f(x - step)"),
                    (SLOPE, "np.sum(dZ * change) / h ** 2"),
                ),
            },
            Text(
                "This is the formula of the second derivative.",
                "用的是二阶导数的公式。",
            ),
            Text(
                "For a straight line, what should the gradient be, and what is yours?",
                "对一条直线，梯度应当是多少？你得到的是多少？",
            ),
        ),
        cause(
            "function_not_evaluated",
            {
                "": ((CHANGE, "change = f(step) - f(-step)"),),
                "forward": ((CHANGE, "change = f(x) - f(step)"),),
            },
            Text(
                "f is evaluated at the step itself, where x plus or minus the step belongs.",
                "f 在那一小步本身求了值，而应当在 x 加上或减去这一小步的地方求值。",
            ),
            Text(
                "At which point is the gradient wanted?",
                "要求的是哪一点的梯度？",
            ),
        ),
        cause(
            "x_not_restored",
            {
                "": (
                    IN_PLACE,
                    (
                        CHANGE,
                        "x[index] += h\n        plus = f(x)\n        x[index] -= 2 * h\n"
                        "        change = plus - f(x)",
                    ),
                ),
                "down_first": (
                    IN_PLACE,
                    (
                        CHANGE,
                        "x[index] -= h\n        minus = f(x)\n        x[index] += 2 * h\n"
                        "        change = f(x) - minus",
                    ),
                ),
                "own_copy": (
                    (ZEROS, f"x = x.copy()\n    {ZEROS}"),
                    IN_PLACE,
                    (
                        CHANGE,
                        "x[index] += h\n        plus = f(x)\n        x[index] -= 2 * h\n"
                        "        change = plus - f(x)",
                    ),
                ),
            },
            Text(
                "x is moved for one entry and not moved back before the next.",
                "移动了 x 的一个元素，在处理下一个元素之前没有移回原处。",
            ),
            Text(
                "Print x before and after the call: is it the same?",
                "在调用前后分别打印 x：一样吗？",
            ),
        ),
        cause(
            "x_restored_inexactly",
            (
                IN_PLACE,
                (
                    CHANGE,
                    "x[index] += h\n        plus = f(x)\n        x[index] -= 2 * h\n"
                    "        change = plus - f(x)\n        x[index] += h",
                ),
            ),
            Text(
                "x is moved back and forth by adding and subtracting; rounding leaves it changed.",
                "x 通过加减来回移动，舍入误差使它最后与原来略有不同。",
            ),
            Text(
                "Keep the old number and put it back, or work on a copy.",
                "先把旧值存下来再放回去，或者在副本上操作。",
            ),
        ),
        cause(
            "same_point_twice",
            (
                (ZEROS, f"x = x.copy()\n    {ZEROS}"),
                IN_PLACE,
                (
                    CHANGE,
                    "x_plus = x\n        x_plus[index] += h\n        x_minus = x\n"
                    "        x_minus[index] -= h\n        change = f(x_plus) - f(x_minus)",
                ),
            ),
            Text(
                "The numeric gradient is 0 everywhere, as if f were evaluated at the same point "
                "twice.",
                "数值梯度处处为 0，好像两次求值都在同一个点上。",
            ),
            Text(
                "A second name for an array is no second array; an integer array holds no small h.",
                "给数组起第二个名字并不会得到第二个数组；整数数组也存不下很小的 h。",
            ),
        ),
        cause(
            "steps_accumulate",
            {
                "": ((STEP, f"step = np.zeros(x.shape)\n    {LOOP}\n        step[index] = h"),),
                "added": (
                    (
                        STEP,
                        f"x_plus, x_minus = x.copy(), x.copy()\n    {LOOP}\n"
                        "        x_plus[index] += h",
                    ),
                    (CHANGE, "change = f(x_plus) - f(x)"),
                    (SLOPE, "np.sum(dZ * change) / h"),
                ),
            },
            Text(
                "The entries that were moved stay moved, so one step holds all earlier ones too.",
                "移动过的元素没有复位，于是每一步都包含了之前的所有移动。",
            ),
            Text(
                "Print the step in the second pass of the loop: how many of its entries are not 0?",
                "循环到第二次时，打印表示这一步的数组：有几个元素不为 0？",
            ),
        ),
        cause(
            "all_entries_at_once",
            {
                "": all_at_once("numeric = dZ * change / (2 * h)"),
                "in_loop": (("step[index] = h", "step[...] = h"),),
                "number": all_at_once(f"numeric = {SLOPE}"),
                "one_sided": ((BODY, "change = f(x + h) - f(x)\n    numeric = dZ * change / h"),),
                "without_dZ": all_at_once("numeric = change / (2 * h)"),
            },
            Text(
                "All entries of x are moved together, so their effects can't be told apart.",
                "x 的所有元素一起移动，因此无法区分各自的影响。",
            ),
            Text(
                "What should be the shape of the step, and how many of its entries are not 0?",
                "表示这一步的数组应当是什么形状？其中有几个元素不为 0？",
            ),
        ),
        cause(
            "row_at_once",
            {
                "": ((LOOP, "for index in range(x.shape[0]):"),),
                "last_axis": ((LOOP, "for index in ((..., i) for i in range(x.shape[-1])):"),),
            },
            Text(
                "All entries with the same index on one axis are moved together.",
                "某个轴上下标相同的所有元素被一起移动了。",
            ),
            Text(
                "How many numbers does x hold, and how many passes does the loop make?",
                "x 有多少个数？循环执行了多少次？",
            ),
        ),
        cause(
            "two_axes_only",
            {
                "": (
                    (
                        LOOP,
                        "m, n = x.shape\n"
                        "    for index in ((i, j) for i in range(m) for j in range(n)):",
                    ),
                ),
                "shape_index": (
                    (
                        LOOP,
                        "for index in"
                        " ((i, j) for i in range(x.shape[0]) for j in range(x.shape[1])):",
                    ),
                ),
                "four_axes": (
                    (
                        LOOP,
                        "m, n_H, n_W, n_C = x.shape\n"
                        "    for index in np.ndindex(m, n_H, n_W, n_C):",
                    ),
                ),
            },
            Text(
                "The loops are made for one number of axes; x may have any.",
                "循环只适合固定个数的轴，而 x 可以有任意多个轴。",
            ),
            Text(
                "Which NumPy function runs over all indices of any shape?",
                "NumPy 的哪个函数能遍历任意形状的所有下标？",
            ),
            failure=FailurePattern(
                r"ValueError|IndexError",
                r"values to unpack|tuple index out of range",
                r"\b(x|dx|numeric)\.shape",
            ),
        ),
        cause(
            "dZ_ignored",
            ((SLOPE, "np.sum(change) / (2 * h)"),),
            Text(
                "The outputs are summed as they are; dZ is not used.",
                "直接对输出求了和，没有用到 dZ。",
            ),
            Text("Where is the argument `dZ` used?", "参数 `dZ` 用在了哪里？"),
        ),
        cause(
            "dZ_misplaced",
            {
                "": ((SLOPE, "np.sum(dZ) * np.sum(change) / (2 * h)"),),
                "added": ((SLOPE, "np.sum(dZ + change) / (2 * h)"),),
                "divided": ((SLOPE, "np.sum(change / dZ) / (2 * h)"),),
                "mean": ((SLOPE, "np.mean(dZ) * np.sum(change) / (2 * h)"),),
            },
            Text(
                "dZ is not multiplied by the outputs element by element.",
                "dZ 没有与输出逐个相乘。",
            ),
            Text(
                "Each number of dZ belongs to one output. When must it be multiplied?",
                "dZ 的每个数对应一个输出。应当在什么时候相乘？",
            ),
        ),
        cause(
            "matrix_product",
            {
                "": ((SLOPE, "dZ @ change / (2 * h)"),),
                "dot": ((SLOPE, "np.dot(dZ, change) / (2 * h)"),),
                "summed": ((SLOPE, "np.sum(dZ @ change) / (2 * h)"),),
            },
            Text(
                "dZ and the change are multiplied as matrices, not element by element.",
                "dZ 与变化量做了矩阵乘法，而不是逐个相乘。",
            ),
            Text(
                "dZ has the shape of the outputs, with any number of axes. Which operator fits?",
                "dZ 与输出形状相同，轴数不限。哪个运算符才合适？",
            ),
        ),
        cause(
            "dx_for_dZ",
            ((SLOPE, "np.sum(dx * change) / (2 * h)"),),
            Text(
                "The change is multiplied by dx, the gradient under test, instead of dZ.",
                "变化量乘上了待检验的梯度 dx，而不是 dZ。",
            ),
            Text(
                "Which of dx and dZ has the shape of what f returns?",
                "dx 和 dZ 中，哪一个与 f 的返回值形状相同？",
            ),
            rare=True,
        ),
        cause(
            "output_at_same_index",
            ((SLOPE, "dZ[index] * change[index] / (2 * h)"),),
            Text(
                "Only the output at the entry's own place is looked at.",
                "只看了与该元素位置相同的那一个输出。",
            ),
            Text(
                "May a number of x have an effect on several outputs?",
                "x 的一个数会影响多个输出吗？",
            ),
            failure=FailurePattern(r"IndexError", r"out of bounds|too many indices", r"dZ\s*\["),
        ),
        cause(
            "mean_instead_of_sum",
            ((SLOPE, "np.mean(dZ * change) / (2 * h)"),),
            Text(
                "The effects on the outputs are averaged instead of summed.",
                "对各输出的影响取了平均，而不是求和。",
            ),
            Text(
                "Does the gradient of a sum depend on how many outputs there are?",
                "一个和的梯度应当除以输出的个数吗？",
            ),
        ),
        cause(
            "sum_missing",
            {
                "": ((SLOPE, "dZ * change / (2 * h)"),),
                "one_sided": (
                    (CHANGE, "change = f(x + step) - f(x)"),
                    (SLOPE, "dZ * change / h"),
                ),
                "over_axis": ((SLOPE, "np.sum(dZ * change, axis=0) / (2 * h)"),),
            },
            Text(
                "An array is put into one entry of `numeric`: the outputs are not summed to one "
                "number.",
                "把整个数组放进了 `numeric` 的一个元素：没有把输出求和成一个数。",
            ),
            Text(
                "One entry of x has one slope. What combines its effects on the outputs?",
                "x 的一个元素只有一个斜率。怎样把它对各输出的影响合起来？",
            ),
            failure=FailurePattern(
                r"ValueError|TypeError",
                NOT_A_CELL,
                r"^\s*\w*(num|grad|approx)\w*\s*\[[^\]]*\]\s*\+?=",
            ),
        ),
        cause(
            "integer_array",
            ((ZEROS, "numeric = np.zeros(x.shape, dtype=int)"),),
            Text(
                "The numeric gradient has no decimals, as if it were in an array of integers.",
                "数值梯度没有小数部分，好像放进了整数数组。",
            ),
            Text("Print the dtype of your arrays.", "打印你创建的数组的 dtype。"),
        ),
        cause(
            "numeric_flattened",
            {
                "": (
                    (DISTANCE, "numeric = numeric.ravel()\n    dx = dx.ravel()\n    " + DISTANCE),
                ),
                "numeric_only": ((DISTANCE, "numeric = numeric.ravel()\n    " + DISTANCE),),
            },
            Text(
                "The numeric gradient is one long row instead of having the shape of x.",
                "数值梯度被排成了一长串，而不是 x 的形状。",
            ),
            Text("Compare the shapes of numeric and x.", "比较 numeric 与 x 的形状。"),
        ),
        cause(
            "error_not_relative",
            {
                "": ((ERROR, "error = distance"),),
                "largest": ((ERROR, "error = np.max(np.abs(numeric - dx))"),),
                "mean": ((ERROR, "error = np.mean(np.abs(numeric - dx))"),),
                "sum": ((ERROR, "error = np.sum(np.abs(numeric - dx))"),),
                "squares": ((ERROR, "error = np.sum((numeric - dx) ** 2)"),),
                "mean_square": ((ERROR, "error = np.mean((numeric - dx) ** 2)"),),
                "entries": ((ERROR, "error = np.abs(numeric - dx)"),),
            },
            Text(
                "The error depends on the difference alone; it is not relative to the size of the"
                " gradients.",
                "误差只取决于两者之差，而不是相对于梯度大小的误差。",
            ),
            Text(
                "If both gradients are multiplied by 1000, how should the error change?",
                "如果两个梯度都乘以 1000，误差应当怎样变化？",
            ),
        ),
        cause(
            "error_by_entry",
            {
                "": (
                    (
                        ERROR,
                        "error = np.max(np.abs(numeric - dx) / (np.abs(numeric) + np.abs(dx)))",
                    ),
                ),
                "mean": (
                    (
                        ERROR,
                        "error = np.mean(np.abs(numeric - dx) / (np.abs(numeric) + np.abs(dx)))",
                    ),
                ),
                "array": (
                    (ERROR, "error = np.abs(numeric - dx) / (np.abs(numeric) + np.abs(dx))"),
                ),
                "larger": (
                    (
                        ERROR,
                        "error = np.max(np.abs(numeric - dx)"
                        " / np.maximum(np.abs(numeric), np.abs(dx)))",
                    ),
                ),
                "of_numeric": ((ERROR, "error = np.max(np.abs(numeric - dx) / np.abs(numeric))"),),
                "of_dx": ((ERROR, "error = np.max(np.abs(numeric - dx) / np.abs(dx))"),),
                "norm": ((ERROR, "error = np.linalg.norm((numeric - dx) / (numeric + dx))"),),
            },
            Text(
                "A relative error is taken of each entry instead of the gradients as a whole.",
                "对每个元素分别求了相对误差，而不是对整个梯度。",
            ),
            Text(
                "How long are the two gradients as vectors, and how far apart?",
                "把两个梯度看成向量，它们各有多长？相距多远？",
            ),
        ),
        cause(
            "error_of_one_gradient",
            {
                "": ((ERROR, "error = distance / np.linalg.norm(numeric)"),),
                "dx": ((ERROR, "error = distance / np.linalg.norm(dx)"),),
                "larger": (
                    (ERROR, "error = distance / max(np.linalg.norm(numeric), np.linalg.norm(dx))"),
                ),
                "smaller": (
                    (ERROR, "error = distance / min(np.linalg.norm(numeric), np.linalg.norm(dx))"),
                ),
            },
            Text(
                "The distance is divided by the length of one gradient, not of both.",
                "距离只除以了一个梯度的长度，而不是两个。",
            ),
            Text(
                "The error lies between 0 and 1 for any two gradients. Can yours be larger?",
                "对任意两个梯度，误差都在 0 与 1 之间。你的会更大吗？",
            ),
        ),
        cause(
            "error_denominator",
            {
                "": ((ERROR, "error = distance / np.linalg.norm(numeric + dx)"),),
                "product": (
                    (ERROR, "error = distance / (np.linalg.norm(numeric) * np.linalg.norm(dx))"),
                ),
                "root": (
                    (
                        ERROR,
                        "error = distance / np.sqrt(np.linalg.norm(numeric) * np.linalg.norm(dx))",
                    ),
                ),
                "hypotenuse": (
                    (
                        ERROR,
                        "error = distance"
                        " / np.sqrt(np.linalg.norm(numeric) ** 2 + np.linalg.norm(dx) ** 2)",
                    ),
                ),
                "count": ((ERROR, "error = distance / x.size"),),
                "difference": (
                    (
                        ERROR,
                        "error = distance / np.abs(np.linalg.norm(numeric) - np.linalg.norm(dx))",
                    ),
                ),
            },
            Text(
                "The distance is not divided by the sum of the two norms.",
                "距离除以的不是两个范数之和。",
            ),
            Text(
                "For opposite gradients the error is 1, for equal ones 0. What is yours?",
                "两个梯度相反时误差为 1，相同时为 0。你的呢？",
            ),
        ),
        cause(
            "error_scaled",
            {
                "mean": ((ERROR, ERROR.replace("distance", "2 * distance")),),
                "half": ((ERROR, f"{ERROR} / 2"),),
            },
            Text(
                "The error is twice, or half, the distance divided by the sum of the two norms.",
                "误差应当是距离除以两个范数之和，结果却成了它的两倍或一半。",
            ),
            Text(
                "For opposite gradients the error is 1, for equal ones 0. What is yours?",
                "两个梯度相反时误差为 1，相同时为 0。你的呢？",
            ),
        ),
        cause(
            "parentheses_missing",
            ((ERROR, "error = distance / np.linalg.norm(numeric) + np.linalg.norm(dx)"),),
            Text(
                "Only the first length stands below the fraction line; the second is added after.",
                "分母里只有第一个长度，第二个是之后才加上的。",
            ),
            Text(
                "Python divides before it adds: what is 12 / 2 + 4?",
                "Python 先除后加：12 / 2 + 4 等于多少？",
            ),
        ),
        cause(
            "error_squared",
            {
                "": ((ERROR, f"{ERROR.replace('distance', 'distance ** 2')}"),),
                "all": (
                    (
                        ERROR,
                        "error = distance ** 2"
                        " / (np.linalg.norm(numeric) ** 2 + np.linalg.norm(dx) ** 2)",
                    ),
                ),
                "result": ((ERROR, "error = (" + ERROR.split(" = ")[1] + ") ** 2"),),
                "denominator": (
                    (
                        ERROR,
                        "error = distance"
                        " / (np.linalg.norm(numeric) ** 2 + np.linalg.norm(dx) ** 2)",
                    ),
                ),
            },
            Text(
                "A length, or the whole error, is squared.",
                "有的长度被平方了，或者整个误差被平方了。",
            ),
            Text(
                "How long is the vector (3, 4)?",
                "向量 (3, 4) 有多长？",
            ),
        ),
        cause(
            "another_norm",
            {
                "": (
                    (
                        ERROR,
                        "error = np.sum(np.abs(numeric - dx))"
                        " / (np.sum(np.abs(numeric)) + np.sum(np.abs(dx)))",
                    ),
                ),
                "largest": (
                    (
                        ERROR,
                        "error = np.max(np.abs(numeric - dx))"
                        " / (np.max(np.abs(numeric)) + np.max(np.abs(dx)))",
                    ),
                ),
                "sums": (
                    (ERROR, "error = distance / (np.sum(np.abs(numeric)) + np.sum(np.abs(dx)))"),
                ),
                "largest_below": (
                    (ERROR, "error = distance / (np.max(np.abs(numeric)) + np.max(np.abs(dx)))"),
                ),
            },
            Text(
                "Sums or maxima of absolute values stand where lengths of vectors belong.",
                "在应当用向量长度的地方，用了绝对值之和或最大值。",
            ),
            Text(
                "How long is the vector (3, 4)?",
                "向量 (3, 4) 有多长？",
            ),
        ),
        cause(
            "differences_cancel",
            {
                "": ((ERROR, "error = np.sum(numeric - dx) / (np.sum(numeric) + np.sum(dx))"),),
                "absolute": (
                    (
                        ERROR,
                        "error = np.abs(np.sum(numeric - dx))"
                        " / (np.abs(np.sum(numeric)) + np.abs(np.sum(dx)))",
                    ),
                ),
                "sum": ((ERROR, "error = np.sum(numeric - dx)"),),
                "mean": ((ERROR, "error = np.mean(numeric - dx)"),),
                "distance": ((DISTANCE, "distance = np.sum(numeric - dx)"),),
                "mean_distance": ((DISTANCE, "distance = np.mean(numeric - dx)"),),
                "absolute_distance": ((DISTANCE, "distance = np.abs(np.sum(numeric - dx))"),),
            },
            Text(
                "Differences of opposite sign cancel, so a wrong gradient can have a small error.",
                "正负相反的差会互相抵消，错误的梯度也可能得到很小的误差。",
            ),
            Text(
                "What is your error for the gradients (1, 0) and (0, 1)?",
                "对梯度 (1, 0) 与 (0, 1)，你得到的误差是多少？",
            ),
        ),
        cause(
            "lengths_compared",
            (
                (
                    ERROR,
                    "error = np.abs(np.linalg.norm(numeric) - np.linalg.norm(dx))"
                    " / (np.linalg.norm(numeric) + np.linalg.norm(dx))",
                ),
            ),
            Text(
                "Only the lengths of the two gradients are compared, not their entries.",
                "只比较了两个梯度的长度，没有比较它们的元素。",
            ),
            Text(
                "What is your error for the gradients (1, 0) and (0, 1)?",
                "对梯度 (1, 0) 与 (0, 1)，你得到的误差是多少？",
            ),
        ),
        cause(
            "gradients_added",
            ((DISTANCE, "distance = np.linalg.norm(numeric + dx)"),),
            Text(
                "The gradients are added where their distance is wanted.",
                "求距离时把两个梯度相加了。",
            ),
            Text(
                "For two equal gradients the error is 0. What is yours?",
                "两个梯度相同时误差为 0。你的呢？",
            ),
        ),
        cause(
            "error_compared",
            ((RETURN, "return numeric, bool(error < 1e-7)"),),
            Text(
                "A verdict, True or False, is returned in place of the error.",
                "返回的是 True 或 False 的判断，而不是误差本身。",
            ),
            Text(
                "Which number was compared? That is what is asked for.",
                "比较的是哪个数？要返回的正是它。",
            ),
        ),
        cause(
            "one_output_only",
            {
                "": ((RETURN, "return error"),),
                "numeric": ((RETURN, "return numeric"),),
            },
            Text(
                "Only one of the two results is returned.",
                "两个结果只返回了一个。",
            ),
            Text(
                "Read the docstring: what is returned, and in which order?",
                "看看函数说明：要返回什么？按什么顺序？",
            ),
        ),
        cause(
            "outputs_exchanged",
            ((RETURN, "return error, numeric"),),
            Text(
                "The gradient and the error are returned in the wrong order.",
                "返回的梯度与误差顺序反了。",
            ),
            Text(
                "Read the docstring: which of the two comes first?",
                "看看函数说明：两者中先返回哪一个？",
            ),
        ),
        cause(
            "dx_returned",
            ((RETURN, "return dx, error"),),
            Text(
                "The gradient that was given is returned, not the numeric one.",
                "返回的是传入的梯度，而不是数值梯度。",
            ),
            Text(
                "Which of the two gradients did this function compute?",
                "两个梯度中，哪一个是这个函数算出来的？",
            ),
        ),
    )
)
