"""What goes wrong in dense_forward: the matrix product, the bias, the cache."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import NOT_ALIGNED, NOT_BROADCAST

cause = partial(variants, "dense_forward")

PRODUCT = "A_prev @ W"
BIAS = " + b"
SUM = PRODUCT + BIAS
CACHE = "cache = (A_prev, W, b)"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "bias_missing",
            ((BIAS, ""),),
            Text("The bias b is never added.", "没有加上偏置 b。"),
            Text("Where is the argument `b` used?", "参数 `b` 用在了哪里？"),
        ),
        cause(
            "bias_subtracted",
            ((BIAS, " - b"),),
            Text("The bias is subtracted instead of added.", "偏置被减去了，而不是加上。"),
            Text("Look at the sign in front of b.", "检查 b 前面的符号。"),
        ),
        cause(
            "bias_multiplied",
            ((SUM, f"({PRODUCT}) * b"),),
            Text(
                "The bias enters Z as a factor instead of being added.",
                "偏置成了 Z 的因子，而不是加上去的。",
            ),
            Text(
                "In z = a · w + b, which operation combines b with the rest?",
                "在 z = a · w + b 中，b 与其余部分之间是什么运算？",
            ),
        ),
        cause(
            "bias_more_than_once",
            {
                "": ((BIAS, " + A_prev.shape[1] * b"),),
                "twice": ((BIAS, " + 2 * b"),),
                "for_each_example": ((BIAS, " + A_prev.shape[0] * b"),),
            },
            Text(
                "The bias counts more than once in an output.",
                "同一个输出里，偏置算了不止一次。",
            ),
            Text(
                "Set all weights to 0: what should be left, and what is?",
                "把权重全设为 0：应当剩下什么，实际剩下什么？",
            ),
        ),
        cause(
            "bias_added_to_weights",
            ((SUM, "A_prev @ (W + b)"),),
            Text(
                "The bias is added to the weights before the product.",
                "在相乘之前，偏置被加到了权重上。",
            ),
            Text(
                "Each output has one bias, added once at the very end.",
                "每个输出只有一个偏置，在最后加一次。",
            ),
        ),
        cause(
            "bias_added_to_input",
            {
                "": ((SUM, "(A_prev + b) @ W"),),
                "summed": ((SUM, "(A_prev + np.sum(b)) @ W"),),
            },
            Text(
                "The bias is added to the input, which need not have as many columns as b.",
                "偏置被加到了输入上，而输入的列数不一定与 b 的相同。",
            ),
            Text(
                "There is one bias for each output. Which array has one column for each output?",
                "每个输出有一个偏置。哪个数组的每一列对应一个输出？",
            ),
            failure=FailurePattern(r"ValueError", NOT_BROADCAST, r"\(\s*A_prev\s*\+\s*b\s*\)"),
        ),
        cause(
            "bias_transposed",
            ((BIAS, " + b.T"),),
            Text(
                "The bias stands as a column, so it goes to the examples, not to the outputs.",
                "偏置成了一列，于是加到了样本上，而不是各个输出上。",
            ),
            Text(
                "Compare the shapes of the product and of b. Along which axis is b repeated?",
                "比较乘积与 b 的形状：b 应沿哪个轴重复？",
            ),
            failure=FailurePattern(
                r"ValueError", NOT_BROADCAST, r"\bb\.T\b|\bb\.reshape|transpose\(b\)"
            ),
        ),
        cause(
            "one_bias_for_all",
            {
                "": ((BIAS, " + np.sum(b)"),),
                "first": ((BIAS, " + b[0, 0]"),),
                "mean": ((BIAS, " + np.mean(b)"),),
                "last": ((BIAS, " + b[0, -1]"),),
            },
            Text(
                "Every output gets the same bias.",
                "每个输出加上的是同一个偏置。",
            ),
            Text("How many biases does b hold, and for what?", "b 里有几个偏置？各属于谁？"),
        ),
        cause(
            "weights_transposed",
            {
                "": ((PRODUCT, "A_prev @ W.T"),),
                "dot": ((PRODUCT, "np.dot(A_prev, W.T)"),),
            },
            Text(
                "W is transposed, which fits only where it is square.",
                "W 被转置了，只有当它是方阵时才对得上。",
            ),
            Text(
                "Write down the shapes of the two factors. Which two numbers must be equal?",
                "写出两个因子的形状。哪两个数必须相等？",
            ),
            failure=FailurePattern(
                r"ValueError", NOT_ALIGNED, r"A_prev\s*[@,]\s*(W\.(T\b|transpose)|np\.transpose\(W)"
            ),
        ),
        cause(
            "factors_exchanged",
            {
                "": ((PRODUCT, "W @ A_prev"),),
                "dot": ((PRODUCT, "np.dot(W, A_prev)"),),
                "transposed": ((PRODUCT, "W.T @ A_prev"),),
                "transposed_dot": ((PRODUCT, "np.dot(W.T, A_prev)"),),
                "both_transposed": ((PRODUCT, "W.T @ A_prev.T"),),
            },
            Text(
                "W stands to the left, as in courses where each example is a column.",
                "W 放在了左边，那是“每个样本为一列”时的写法。",
            ),
            Text(
                "Here each example is a row. Write the shapes under the factors.",
                "这里每个样本是一行。把各因子的形状写在下面看一看。",
            ),
            failure=FailurePattern(
                r"ValueError",
                f"{NOT_ALIGNED}|{NOT_BROADCAST}",
                r"W(\.T)?\s*@\s*A_prev|(dot|matmul)\(\s*W(\.T)?\s*,",
            ),
        ),
        cause(
            "output_transposed",
            ((SUM, f"({SUM}).T"),),
            Text(
                "Each example is a column of Z.",
                "Z 中每个样本成了一列。",
            ),
            Text(
                "In this course the first axis counts the examples, in every array.",
                "在本课程中，每个数组的第一个轴都是样本轴。",
            ),
        ),
        cause(
            "elementwise_product",
            ((PRODUCT, "A_prev * W"),),
            Text(
                "Input and weights are multiplied entry by entry, not as matrices.",
                "输入与权重做了逐元素相乘，而不是矩阵乘法。",
            ),
            Text(
                "One output is a sum over all inputs. Which operator multiplies and sums?",
                "一个输出是对所有输入的求和。哪个运算符既相乘又求和？",
            ),
            failure=FailurePattern(
                r"ValueError", NOT_BROADCAST, r"A_prev\s*\*\s*W|W\s*\*\s*A_prev|multiply\s*\("
            ),
        ),
        cause(
            "activation_applied",
            {
                "": ((SUM, f"np.maximum({SUM}, 0)"),),
                "sigmoid": ((SUM, f"1 / (1 + np.exp(-({SUM})))"),),
                "tanh": ((SUM, f"np.tanh({SUM})"),),
                "softmax": (
                    (SUM, f"np.exp({SUM}) / np.sum(np.exp({SUM}), axis=1, keepdims=True)"),
                ),
            },
            Text(
                "An activation function is applied to the result.",
                "对结果又套用了激活函数。",
            ),
            Text(
                "This layer returns Z itself; the activation is another layer.",
                "这一层返回的是 Z 本身，激活函数是另外的一层。",
            ),
        ),
        cause(
            "averaged",
            {
                "examples": ((PRODUCT, f"{PRODUCT} / A_prev.shape[0]"),),
                "inputs": ((PRODUCT, f"{PRODUCT} / A_prev.shape[1]"),),
                "inputs_and_bias": ((SUM, f"({SUM}) / A_prev.shape[1]"),),
            },
            Text(
                "The sum is divided by a number of examples or inputs.",
                "求和的结果又除以了样本数或输入数。",
            ),
            Text(
                "With all weights 1 and b = 0, what does an output hold: a sum or a mean?",
                "当权重全为 1、b = 0 时，一个输出是和还是平均值？",
            ),
        ),
        cause(
            "examples_summed",
            {
                "": ((SUM, f"np.sum({SUM}, axis=0)"),),
                "kept": ((SUM, f"np.sum({SUM}, axis=0, keepdims=True)"),),
                "outputs": ((SUM, f"np.sum({SUM}, axis=1, keepdims=True)"),),
                "all": ((SUM, f"np.sum({SUM})"),),
            },
            Text(
                "The outputs are summed once more: over the examples, over the outputs or over "
                "both.",
                "输出又被求和了一次：对样本、对输出，或者对两者。",
            ),
            Text("What is the shape of Z?", "Z 的形状应当是什么？"),
        ),
        cause(
            "cache",
            {
                "result": ((CACHE, "cache = (Z, W, b)"),),
                "result_too": ((CACHE, "cache = (A_prev, W, b, Z)"),),
                "input_only": ((CACHE, "cache = A_prev"),),
                "without_bias": ((CACHE, "cache = (A_prev, W)"),),
                "without_input": ((CACHE, "cache = (W, b)"),),
                "order": ((CACHE, "cache = (W, A_prev, b)"),),
                "reversed": ((CACHE, "cache = (b, W, A_prev)"),),
                "bias_second": ((CACHE, "cache = (A_prev, b, W)"),),
                "weights_first": ((CACHE, "cache = (W, b, A_prev)"),),
                "dictionary": ((CACHE, 'cache = {"A_prev": A_prev, "W": W, "b": b}'),),
                "None": ((CACHE, "cache = None"),),
                "not_returned": (("return Z, cache", "return Z"),),
            },
            Text(
                "The second result is not the tuple (A_prev, W, b), which belongs in the cache.",
                "第二个返回值不是元组 (A_prev, W, b)，而 cache 应当是它。",
            ),
            Text(
                "dense_backward unpacks the cache: look at what it expects.",
                "dense_backward 会解包这个 cache：看看它需要什么。",
            ),
        ),
        cause(
            "one_example_only",
            {
                "first": ((PRODUCT, "A_prev[:1] @ W"),),
                "last": ((PRODUCT, "A_prev[-1:] @ W"),),
                "first_for_all": ((PRODUCT, "np.repeat(A_prev[:1], len(A_prev), axis=0) @ W"),),
                "last_row": (
                    (SUM, "np.zeros((len(A_prev), W.shape[1])); Z[-1] = A_prev[-1] @ W + b"),
                ),
            },
            Text(
                "Z holds the outputs of only one example of the batch.",
                "Z 中只有一个样本的输出。",
            ),
            Text(
                "Which axis of A_prev counts the examples, and how many rows must Z have?",
                "A_prev 的哪个轴是样本？Z 应当有几行？",
            ),
        ),
        cause(
            "one_input_only",
            {
                "last": ((PRODUCT, "A_prev[:, -1:] @ W[-1:]"),),
                "first": ((PRODUCT, "A_prev[:, :1] @ W[:1]"),),
            },
            Text(
                "Each output depends on only one of the inputs of its example.",
                "每个输出只取决于样本的一个输入。",
            ),
            Text(
                "If you sum in a loop: does each step add to the sum, or overwrite it?",
                "如果用循环求和：每一步是累加，还是覆盖？",
            ),
        ),
    )
)
