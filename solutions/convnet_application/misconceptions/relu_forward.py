"""What goes wrong in relu_forward: which numbers are kept, and what becomes of the others."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import NOT_ONE_NUMBER

cause = partial(variants, "relu_forward")

RELU = "np.maximum(Z, 0)"
LINE = f"A = {RELU}"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "negatives_kept",
            ((RELU, "np.minimum(Z, 0)"),),
            Text(
                "The negative numbers are kept and the positive ones become 0.",
                "留下的是负数，正数反而变成了 0。",
            ),
            Text("What should become of 3, and what of -3?", "3 应当变成多少？-3 呢？"),
        ),
        cause(
            "unchanged",
            ((RELU, "Z"),),
            Text("The result is Z as it came in.", "返回的是原封不动的 Z。"),
            Text("What should become of the negative numbers?", "负数应当变成什么？"),
        ),
        cause(
            "absolute_value",
            ((RELU, "np.abs(Z)"),),
            Text(
                "The negative numbers become positive instead of 0.",
                "负数变成了正数，而不是 0。",
            ),
            Text(
                "Draw the function from -2 to 2. How does it look left of 0?",
                "画出函数在 -2 到 2 上的图像。它在 0 的左边是什么样子？",
            ),
        ),
        cause(
            "sign_reversed",
            {
                "": ((RELU, "np.maximum(-Z, 0)"),),
                "result": ((RELU, "-np.maximum(Z, 0)"),),
            },
            Text(
                "Numbers come out with the opposite sign of those in Z.",
                "结果中的数与 Z 中的数符号相反。",
            ),
            Text("What should become of 3, and what of -3?", "3 应当变成多少？-3 呢？"),
        ),
        cause(
            "leaky",
            {
                "": ((RELU, "np.where(Z > 0, Z, 0.01 * Z)"),),
                "0.1": ((RELU, "np.where(Z > 0, Z, 0.1 * Z)"),),
                "0.2": ((RELU, "np.where(Z > 0, Z, 0.2 * Z)"),),
                "0.001": ((RELU, "np.where(Z > 0, Z, 0.001 * Z)"),),
            },
            Text(
                "A small part of each negative number is let through: that is the leaky ReLU.",
                "负数仍有一小部分通过：这是 leaky ReLU。",
            ),
            Text(
                "How much of a negative number may be left after a plain ReLU?",
                "经过普通的 ReLU，负数还能剩下多少？",
            ),
        ),
        cause(
            "another_activation",
            {
                "sigmoid": ((RELU, "1 / (1 + np.exp(-Z))"),),
                "tanh": ((RELU, "np.tanh(Z)"),),
                "softplus": ((RELU, "np.log(1 + np.exp(Z))"),),
                "elu": ((RELU, "np.where(Z > 0, Z, np.exp(Z) - 1)"),),
                "swish": ((RELU, "Z / (1 + np.exp(-Z))"),),
            },
            Text(
                "Another activation function is computed, a curved one.",
                "算的是另一个激活函数，它是弯曲的。",
            ),
            Text(
                "A ReLU is made of two straight lines. Which formula does the exercise give?",
                "ReLU 由两段直线组成。练习给出的公式是什么？",
            ),
        ),
        cause(
            "maximum_over_axis",
            {
                "": ((RELU, "np.max(Z, 0)"),),
                "last_axis": ((RELU, "np.max(Z, axis=-1)"),),
                "all": ((RELU, "np.max(Z)"),),
                "zero_first": ((RELU, "np.max(0, Z)"),),
            },
            Text(
                "The largest number of an array or axis is looked for, not the larger of each "
                "number and 0.",
                "求的是整个数组或某个轴上的最大值，而不是每个数与 0 中较大的那个。",
            ),
            Text(
                "The result has the shape of Z. With what is each number compared?",
                "结果的形状与 Z 相同。每个数各与什么比较？",
            ),
            failure=FailurePattern(r"TypeError", "", r"\b(np|numpy)\.a?max\(\s*0"),
        ),
        cause(
            "truth_of_an_array",
            {
                "": ((RELU, "max(Z, 0)"),),
                "axis_0": ((LINE, "A = np.array([max(z, 0) for z in Z])"),),
                "two_axes": ((LINE, "A = np.array([[max(z, 0) for z in row] for row in Z])"),),
            },
            Text(
                "A whole array is used where Python needs one True or False, as in `if` or `max`.",
                "在只认一个 True 或 False 的地方（例如 `if` 或 `max`）用了整个数组。",
            ),
            Text(
                "Which NumPy function compares every entry by itself, however many axes there are?",
                "NumPy 的哪个函数能逐元素比较？Z 可以有任意多个轴。",
            ),
            failure=FailurePattern(r"ValueError", NOT_ONE_NUMBER, r"\bif\b|\bmax\s*\(|\bwhile\b"),
        ),
        cause(
            "mask_returned",
            {
                "": ((RELU, "(Z > 0)"),),
                "sign": ((RELU, "np.sign(Z)"),),
            },
            Text(
                "The result says which numbers are positive, not how large they are.",
                "结果只说明哪些数是正的，却没有保留它们的大小。",
            ),
            Text("What should become of 3?", "3 应当变成多少？"),
        ),
        cause(
            "boolean_indexing",
            ((RELU, "Z[Z > 0]"),),
            Text(
                "The negative numbers are taken out, so the shape of Z is lost.",
                "负数被直接去掉了，因此 Z 的形状也丢了。",
            ),
            Text(
                "A has as many numbers as Z. What stands in the place of a negative one?",
                "A 与 Z 的元素个数相同。负数的位置上应当是什么？",
            ),
        ),
        cause(
            "shape_lost",
            {
                "": ((RELU, "np.maximum(Z, 0).ravel()"),),
                "matrix": ((RELU, "np.maximum(Z, 0).reshape(Z.shape[0], -1)"),),
            },
            Text(
                "The numbers are not laid out as in Z.",
                "各个数没有按 Z 的形状排列。",
            ),
            Text("Compare the shapes of A and Z.", "比较 A 与 Z 的形状。"),
        ),
        cause(
            "at_least_one",
            ((RELU, "np.maximum(Z, 1)"),),
            Text(
                "The result is never below 1; the bound should be 0.",
                "结果中没有小于 1 的数，下限应当是 0。",
            ),
            Text("With which number is Z compared?", "Z 是与哪个数比较的？"),
        ),
        cause(
            "threshold_not_zero",
            {
                "": ((RELU, "np.where(Z > 1, Z, 0)"),),
                "cut_below_half": ((RELU, "np.where(Z > 0.5, Z, 0)"),),
                "small": ((RELU, "np.maximum(Z, 0.01)"),),
                "minus_one": ((RELU, "np.maximum(Z, -1)"),),
            },
            Text(
                "The bound below which numbers are changed is not 0.",
                "小于某个界限的数才会被改变，而这个界限不是 0。",
            ),
            Text("With which number is Z compared?", "Z 是与哪个数比较的？"),
        ),
        cause(
            "cut_off_above",
            {
                "": ((RELU, "np.clip(Z, 0, 1)"),),
                "both": ((RELU, "np.clip(Z, -1, 1)"),),
                "six": ((RELU, "np.clip(Z, 0, 6)"),),
                "ten": ((RELU, "np.clip(Z, 0, 10)"),),
                "twenty": ((RELU, "np.clip(Z, 0, 20)"),),
            },
            Text(
                "Large numbers are cut off at an upper bound.",
                "较大的数被截断在一个上限处。",
            ),
            Text(
                "How large may a positive number be after a ReLU?",
                "经过 ReLU，正数最大可以是多少？",
            ),
        ),
        cause(
            "squared",
            {
                "": ((RELU, "np.maximum(Z, 0) * Z"),),
                "absolute": ((RELU, "Z * np.abs(Z)"),),
            },
            Text(
                "The size of each number that is kept is squared.",
                "留下的数，大小都成了原来的平方。",
            ),
            Text("What should become of 3?", "3 应当变成多少？"),
        ),
        cause(
            "not_halved",
            ((RELU, "Z + np.abs(Z)"),),
            Text("The positive numbers are doubled.", "正数变成了原来的两倍。"),
            Text("What should become of 3?", "3 应当变成多少？"),
        ),
        cause(
            "added_to_input",
            ((RELU, "Z + np.maximum(Z, 0)"),),
            Text(
                "Positive numbers are doubled and negative ones kept: the result is Z plus its "
                "ReLU.",
                "正数变成了两倍，负数保持不变：结果是 Z 加上它的 ReLU。",
            ),
            Text("What should become of 3, and what of -3?", "3 应当变成多少？-3 呢？"),
        ),
        cause(
            "cut_to_integer",
            {
                "": ((RELU, "np.maximum(Z, 0).astype(int)"),),
                "rounded": ((RELU, "np.round(np.maximum(Z, 0))"),),
            },
            Text("The decimals are lost.", "小数部分丢掉了。"),
            Text(
                "Which dtype does the array have that you fill or convert to?",
                "你填充或转换成的数组是什么 dtype？",
            ),
        ),
        cause(
            "changes_input",
            ((LINE, "Z[Z < 0] = 0\n    A = Z"),),
            Text(
                "Z itself is changed, but the backward step still needs it as it was.",
                "Z 本身被改变了，而反向传播时还要用到原来的 Z。",
            ),
            Text(
                "Into which array does the line write? Print Z before and after the call.",
                "这一行写入的是哪个数组？在调用前后分别打印 Z。",
            ),
        ),
    )
)
