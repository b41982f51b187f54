"""What goes wrong in conv_single_step: the product, the sum, the bias, the type of the result."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants

cause = partial(variants, "conv_single_step")

PRODUCT = "s = a_slice_prev * W"
SUM = "np.sum(s) + np.asarray(b).item()"
BIAS = " + np.asarray(b).item()"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "bias_inside_sum",
            (("(s)", "(s + b)"), (BIAS, "")),
            Text(
                "The bias is added inside the sum, so it counts once for every weight.",
                "偏置是在求和之前加上的，因此有多少个权重，它就被加了多少次。",
            ),
            Text(
                "With all weights zero, what should the result be, and what do you get?",
                "如果权重全为 0，结果应当是多少？你得到的是多少？",
            ),
        ),
        cause(
            "bias_missing",
            ((BIAS, ""),),
            Text(
                "The bias b is missing in the result.",
                "结果中没有加上偏置 b。",
            ),
            Text("Where is the argument `b` used?", "参数 `b` 用在了哪里？"),
        ),
        cause(
            "bias_added_twice",
            {
                "": ((SUM, f"{SUM} + b.item()"),),
                "inside_and_after": ((SUM, "np.sum(s + b) + b.item()"),),
            },
            Text("The bias is added more than once.", "偏置被加了不止一次。"),
            Text(
                "With all weights zero, what should the result be, and what do you get?",
                "如果权重全为 0，结果应当是多少？你得到的是多少？",
            ),
            rare=True,
        ),
        cause(
            "bias_subtracted",
            ((BIAS, " - b.item()"),),
            Text("The bias is subtracted instead of added.", "偏置被减去了，而不是加上。"),
            Text("Look at the sign in front of b.", "检查 b 前面的符号。"),
        ),
        cause(
            "bias_multiplied",
            ((SUM, "np.sum(s) * b.item()"),),
            Text(
                "The bias is a factor of the result instead of being added to it.",
                "结果里乘上了偏置，而不是加上偏置。",
            ),
            Text(
                "In z = w · x + b, which operation combines b with the rest?",
                "在 z = w · x + b 中，b 与其余部分之间是什么运算？",
            ),
        ),
        cause(
            "bias_added_to_weights",
            ((PRODUCT, "s = a_slice_prev * (W + b)"), (SUM, "np.sum(s)")),
            Text(
                "The bias is added to every weight before the product.",
                "在相乘之前，偏置被加到了每一个权重上。",
            ),
            Text(
                "One filter has one bias, added once at the very end.",
                "一个滤波器只有一个偏置，在最后加一次。",
            ),
        ),
        cause(
            "bias_added_to_input",
            ((PRODUCT, "s = (a_slice_prev + b) * W"), (SUM, "np.sum(s)")),
            Text(
                "The bias is added to every pixel before the product.",
                "在相乘之前，偏置被加到了每一个像素上。",
            ),
            Text(
                "One filter has one bias, added once at the very end.",
                "一个滤波器只有一个偏置，在最后加一次。",
            ),
        ),
        cause(
            "float_of_array",
            ((SUM, "np.sum(s) + float(b)"),),
            Text(
                "An array that still has axes is converted to one number, as by float(): NumPy "
                "no longer allows that.",
                "用 float() 之类转换成一个数时，数组还带有轴，新版 NumPy 已不允许这样做。",
            ),
            Text(
                "b has shape (1, 1, 1). Which method of an array returns its only number?",
                "b 的形状是 (1, 1, 1)。数组的哪个方法能取出其中唯一的数？",
            ),
            failure=FailurePattern(
                r"TypeError",
                r"only (0-dimensional|length-1|size-1) arrays",
                r"\b(float|int|np\.float64)\s*\(",
            ),
            since_numpy="2.4",
        ),
        cause(
            "not_scalar",
            {
                "bias_array": (("np.asarray(b).item()", "b"),),
                "two_axes": ((SUM, "np.sum(s) + b[0]"),),
                "one_axis": ((SUM, "np.sum(s) + b[0, 0]"),),
            },
            Text(
                "The result is an array with one number in it, not the number itself.",
                "结果是只含一个数的数组，而不是这个数本身。",
            ),
            Text(
                "A number plus an array is an array. What is the shape of b?",
                "一个数加上一个数组，结果还是数组。b 的形状是什么？",
            ),
        ),
        cause(
            "sum_missing",
            {
                "bias_array": ((SUM, "s + b"),),
                "without_bias": ((SUM, "s"),),
            },
            Text(
                "The products are not summed in the result: it is as large as the window.",
                "结果中的乘积没有求和：它仍和窗口一样大。",
            ),
            Text(
                "One position of the filter gives one number. What turns the products into it?",
                "滤波器在一个位置上只得到一个数。怎样从这些乘积得到它？",
            ),
        ),
        cause(
            "sum_over_one_axis",
            {
                "axis_0": ((SUM, "np.sum(s, axis=0) + b.item()"),),
                "last_axis": ((SUM, "np.sum(s, axis=-1) + b.item()"),),
                "height_and_width": ((SUM, "np.sum(s, axis=(0, 1)) + b.item()"),),
                "axis_0_bias_array": ((SUM, "np.sum(s, axis=0) + b"),),
                "last_axis_bias_array": ((SUM, "np.sum(s, axis=-1) + b"),),
                "height_and_width_bias_array": ((SUM, "np.sum(s, axis=(0, 1)) + b"),),
            },
            Text(
                "The sum leaves out some axes, so the result is still an array.",
                "求和时漏掉了一些轴，结果仍是数组。",
            ),
            Text(
                "Sum over height, width and channels of the window together.",
                "要对窗口的高度、宽度和通道一起求和。",
            ),
        ),
        cause(
            "mean_instead_of_sum",
            (("np.sum", "np.mean"),),
            Text(
                "The products are averaged instead of summed.",
                "对乘积求了平均，而不是求和。",
            ),
            Text(
                "Which NumPy function adds numbers up without dividing?",
                "NumPy 的哪个函数只相加、不做除法？",
            ),
        ),
        cause(
            "product_of_sums",
            ((SUM, "np.sum(a_slice_prev) * np.sum(W) + b.item()"),),
            Text(
                "The sum of all pixels is multiplied by the sum of all weights: every pixel "
                "meets every weight.",
                "所有像素之和乘上了所有权重之和：每个像素都与每个权重相乘了。",
            ),
            Text(
                "Multiply each pixel by the weight at its own place first.",
                "应先把每个像素与同一位置的权重相乘。",
            ),
        ),
        cause(
            "one_product_only",
            {
                "last": ((SUM, "s.ravel()[-1] + b.item()"),),
                "first": ((SUM, "s.ravel()[0] + b.item()"),),
            },
            Text(
                "Only one of the products is in the result.",
                "结果里只有一个乘积。",
            ),
            Text(
                "In a loop: does each step add to the sum, and does `return` come after all steps?",
                "如果用循环：每一步都累加了吗？`return` 是在所有步骤之后吗？",
            ),
            rare=True,
        ),
        cause(
            "added_instead_of_multiplied",
            ((PRODUCT, "s = a_slice_prev + W"),),
            Text(
                "Pixels and weights are added instead of multiplied.",
                "像素与权重做了加法，而不是乘法。",
            ),
            Text(
                "A weight of zero should switch its pixel off.",
                "权重为 0 时，对应的像素应当不起作用。",
            ),
        ),
        cause(
            "weights_unused",
            ((PRODUCT, "s = a_slice_prev"),),
            Text(
                "Only the pixels are summed; W is not in the result.",
                "只对像素求了和，结果中没有 W。",
            ),
            Text("Where is the argument `W` used?", "参数 `W` 用在了哪里？"),
        ),
        cause(
            "input_unused",
            ((PRODUCT, "s = W"),),
            Text(
                "Only the weights are summed; the window is not in the result.",
                "只对权重求了和，结果中没有窗口里的像素。",
            ),
            Text("Where is the argument `a_slice_prev` used?", "参数 `a_slice_prev` 用在了哪里？"),
        ),
        cause(
            "filter_flipped",
            {
                "height_and_width": ((PRODUCT, "s = a_slice_prev * W[::-1, ::-1, :]"),),
                "all_axes": ((PRODUCT, "s = a_slice_prev * W[::-1, ::-1, ::-1]"),),
            },
            Text(
                "The filter or the window is turned by 180 degrees before the product.",
                "相乘之前，滤波器或窗口被翻转了。",
            ),
            Text(
                "Deep learning's convolution is a cross-correlation: W is used as it is.",
                "深度学习中的“卷积”其实是互相关：W 不需要翻转。",
            ),
        ),
        cause(
            "filter_transposed",
            ((PRODUCT, "s = a_slice_prev * W.transpose(1, 0, 2)"),),
            Text(
                "Rows and columns of the filter, or of the window, are swapped before the product.",
                "相乘之前，滤波器或窗口的行与列被交换了。",
            ),
            Text(
                "The pixel at row 0, column 1 belongs to which weight?",
                "第 0 行第 1 列的像素应当与哪个权重相乘？",
            ),
        ),
        cause(
            "matrix_product",
            {
                "dot": ((PRODUCT, "s = np.dot(a_slice_prev, W)"),),
                "matmul": ((PRODUCT, "s = np.matmul(a_slice_prev, W)"),),
                "transposed": ((PRODUCT, "s = np.matmul(a_slice_prev, W.transpose(0, 2, 1))"),),
                "transposed_input": (
                    (PRODUCT, "s = np.matmul(a_slice_prev.transpose(0, 2, 1), W)"),
                ),
                "dot_transposed": ((PRODUCT, "s = np.dot(a_slice_prev, W.transpose(0, 2, 1))"),),
            },
            Text(
                "A matrix product is used where each pixel meets only its own weight.",
                "这里用了矩阵乘法，而每个像素只应与同一位置的权重相乘。",
            ),
            Text(
                "Which operator multiplies two arrays of the same shape entry by entry?",
                "哪个运算符能把两个形状相同的数组逐元素相乘？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"not aligned|matmul: Input operand 1 has a mismatch",
                r"\bdot\s*\(|\bmatmul\s*\(|@",
            ),
        ),
        cause(
            "one_channel_only",
            ((SUM, "np.sum(s[:, :, 0]) + b.item()"),),
            Text(
                "Only the first channel of the window is summed.",
                "只对窗口的第一个通道求了和。",
            ),
            Text(
                "A filter spans all channels of its input. How many terms does the sum have?",
                "滤波器贯穿输入的所有通道。这个和一共有多少项？",
            ),
        ),
        cause(
            "cut_to_integer",
            {
                "result": ((SUM, f"int({SUM})"),),
                "sum": (("np.sum(s)", "int(np.sum(s))"),),
                "bias": (("np.asarray(b).item()", "int(np.asarray(b).item())"),),
                "products": ((PRODUCT, f"{PRODUCT}\n    s = s.astype(int)"),),
            },
            Text(
                "A number loses its decimals, as int() would do.",
                "某个数丢掉了小数部分，就像经过了 int() 那样。",
            ),
            Text(
                "Use a conversion that keeps the decimals, or none at all.",
                "换用能保留小数的转换，或者根本不转换。",
            ),
        ),
        cause(
            "activation_applied",
            {
                "relu": ((SUM, f"max(0.0, {SUM})"),),
                "sigmoid": ((SUM, f"1 / (1 + np.exp(-({SUM})))"),),
                "tanh": ((SUM, f"np.tanh({SUM})"),),
            },
            Text(
                "An activation function is applied to the result.",
                "对结果又套用了激活函数。",
            ),
            Text(
                "This step returns Z itself; the activation comes later in a network.",
                "这一步返回的是 Z 本身，激活函数在网络的后面才用到。",
            ),
        ),
        cause(
            "absolute_products",
            ((PRODUCT, "s = np.abs(a_slice_prev * W)"),),
            Text(
                "The products are made positive before they are summed.",
                "求和之前乘积被取了绝对值。",
            ),
            Text(
                "Negative products must be able to cancel positive ones.",
                "负的乘积应当能与正的相互抵消。",
            ),
        ),
        cause(
            "rounded",
            {f"{digits}": ((SUM, f"round(float({SUM}), {digits})"),) for digits in (1, 2)},
            Text("The result is rounded.", "结果被四舍五入了。"),
            Text("How many decimals may the result have?", "结果可以有几位小数？"),
        ),
    )
)
