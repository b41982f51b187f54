"""What goes wrong in dense_backward: which factors, transposed or not, and what is summed."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import NOT_ALIGNED, NOT_BROADCAST

cause = partial(variants, "dense_backward")

UNPACK = "A_prev, W, b = cache"
INPUT = "dZ @ W.T"
WEIGHTS = "A_prev.T @ dZ"
NOT_OF_INPUTS = r"^(?!\s*d_?[AX]\w*\s*=).*?"
"""A line that gives no gradient of the inputs: there, A_prev itself is the mistake."""
BIAS = "np.sum(dZ, axis=0).reshape(b.shape)"
RETURN = "return dA_prev, dW, db"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "dA_prev_weights_as_they_are",
            {
                "": ((INPUT, "dZ @ W"),),
                "dot": ((INPUT, "np.dot(dZ, W)"),),
            },
            Text(
                "For dA_prev, W is used as in the forward step, though the way back runs from "
                "outputs to inputs.",
                "计算 dA_prev 时 W 的用法与前向传播相同，而反向时是从输出走向输入。",
            ),
            Text(
                "Write the shapes of dZ and W side by side. Which shape must dA_prev have?",
                "把 dZ 与 W 的形状并排写出来。dA_prev 应当是什么形状？",
            ),
            failure=FailurePattern(
                r"ValueError",
                NOT_ALIGNED,
                r"dZ\s*@\s*W(?!\.T|\.transpose)\b|(dot|matmul)\(\s*dZ\s*,\s*W\s*\)",
            ),
        ),
        cause(
            "dA_prev_factors_exchanged",
            {
                "": ((INPUT, "W @ dZ"),),
                "dot": ((INPUT, "np.dot(W, dZ)"),),
                "transposed": ((INPUT, "W.T @ dZ"),),
                "transposed_dot": ((INPUT, "np.dot(W.T, dZ)"),),
            },
            Text(
                "For dA_prev, W stands to the left, as in courses where each example is a column.",
                "计算 dA_prev 时 W 放在了左边，那是“每个样本为一列”时的写法。",
            ),
            Text(
                "Here each example is a row. Write the shapes under the factors.",
                "这里每个样本是一行。把各因子的形状写在下面看一看。",
            ),
            failure=FailurePattern(
                r"ValueError",
                NOT_ALIGNED,
                r"W(\.T)?\s*@\s*dZ(?!\.T)\b|(dot|matmul)\(\s*W(\.T)?\s*,\s*dZ\s*\)",
            ),
        ),
        cause(
            "dA_prev_transposed",
            ((INPUT, "W @ dZ.T"),),
            Text(
                "Each example is a column of dA_prev.",
                "dA_prev 中每个样本成了一列。",
            ),
            Text("Compare the shapes of dA_prev and A_prev.", "比较 dA_prev 与 A_prev 的形状。"),
        ),
        cause(
            "dA_prev_summed",
            {
                "": ((INPUT, f"np.sum({INPUT}, axis=0)"),),
                "kept": ((INPUT, f"np.sum({INPUT}, axis=0, keepdims=True)"),),
            },
            Text(
                "dA_prev is summed over the examples.",
                "dA_prev 对样本求了和。",
            ),
            Text(
                "Each example has an input of its own. How many rows has dA_prev?",
                "每个样本都有自己的输入。dA_prev 有几行？",
            ),
        ),
        cause(
            "dA_prev_relu",
            ((INPUT, f"({INPUT}) * (A_prev > 0)"),),
            Text(
                "dA_prev is stopped where A_prev is negative, as if a ReLU belonged to this layer.",
                "在 A_prev 为负处，dA_prev 被拦住了，好像这一层还带着 ReLU。",
            ),
            Text(
                "Which layer takes care of the ReLU on the way back?",
                "反向传播时，ReLU 由哪一层负责？",
            ),
        ),
        cause(
            "dA_prev_from_dW",
            (
                (f"dA_prev = {INPUT}", ""),
                (f"dW = {WEIGHTS}", f"dW = {WEIGHTS}\n    dA_prev = dZ @ dW.T"),
            ),
            Text(
                "dA_prev is computed from the gradient dW instead of the weights.",
                "计算 dA_prev 用的是梯度 dW，而不是权重。",
            ),
            Text(
                "By what was A_prev multiplied in the forward step?",
                "前向传播时，A_prev 乘的是什么？",
            ),
        ),
        cause(
            "dW_input_as_it_is",
            {
                "": ((WEIGHTS, "A_prev @ dZ"),),
                "dot": ((WEIGHTS, "np.dot(A_prev, dZ)"),),
            },
            Text(
                "For dW, A_prev is used as it is, so the sum does not run over the examples.",
                "计算 dW 时直接用了 A_prev，因此不是对样本求和。",
            ),
            Text(
                "dW has the shape of W. Which axis of A_prev and of dZ has to vanish?",
                "dW 与 W 形状相同。A_prev 和 dZ 的哪个轴应当消失？",
            ),
            failure=FailurePattern(
                r"ValueError",
                NOT_ALIGNED,
                rf"{NOT_OF_INPUTS}(A_prev\s*@\s*dZ(?!\.T)\b|(dot|matmul)\(\s*A_prev\s*,\s*dZ\s*\))",
            ),
        ),
        cause(
            "dW_factors_exchanged",
            {
                "": ((WEIGHTS, "dZ @ A_prev"),),
                "dot": ((WEIGHTS, "np.dot(dZ, A_prev)"),),
                "transposed": ((WEIGHTS, "dZ @ A_prev.T"),),
                "examples_by_examples": ((WEIGHTS, "A_prev @ dZ.T"),),
                "transposed_dot": ((WEIGHTS, "np.dot(dZ, A_prev.T)"),),
                "examples_by_examples_dot": ((WEIGHTS, "np.dot(A_prev, dZ.T)"),),
            },
            Text(
                "For dW, dZ is the left factor or transposed, so the sum does not run over the "
                "examples.",
                "计算 dW 时，dZ 放在了左边，或者被转置了，因此求和的不是样本轴。",
            ),
            Text(
                "dW has the shape of W. Write the shapes under the factors.",
                "dW 与 W 形状相同。把各因子的形状写在下面看一看。",
            ),
            failure=FailurePattern(
                r"ValueError",
                NOT_ALIGNED,
                rf"{NOT_OF_INPUTS}(dZ\s*@\s*A_prev|(dot|matmul)\(\s*dZ\s*,\s*A_prev"
                r"|A_prev\s*@\s*dZ\.T|(dot|matmul)\(\s*A_prev\s*,\s*dZ\.T)",
            ),
        ),
        cause(
            "dW_transposed",
            ((WEIGHTS, "dZ.T @ A_prev"),),
            Text(
                "Rows and columns of dW are swapped.",
                "dW 的行与列对调了。",
            ),
            Text("Compare the shapes of dW and W.", "比较 dW 与 W 的形状。"),
        ),
        cause(
            "elementwise_product",
            {
                "": ((INPUT, "dZ * W.T"),),
                "dA_prev": ((INPUT, "dZ * W"),),
                "dW": ((WEIGHTS, "A_prev.T * dZ"),),
                "dW_as_it_is": ((WEIGHTS, "A_prev * dZ"),),
            },
            Text(
                "Two matrices are multiplied entry by entry, not as matrices.",
                "两个矩阵做了逐元素相乘，而不是矩阵乘法。",
            ),
            Text(
                "Each gradient is a sum over outputs or examples. Which operator does that?",
                "每个梯度都是对输出或样本的求和。哪个运算符既相乘又求和？",
            ),
            failure=FailurePattern(
                r"ValueError",
                NOT_BROADCAST,
                r"dZ\s*\*\s*(W|A_prev)|(W|A_prev)(\.T)?\s*\*\s*dZ|multiply\s*\(",
            ),
        ),
        cause(
            "averaged_over_batch",
            {
                "": (
                    (WEIGHTS, f"{WEIGHTS} / dZ.shape[0]"),
                    (BIAS, f"{BIAS} / dZ.shape[0]"),
                ),
                "dW": ((WEIGHTS, f"{WEIGHTS} / dZ.shape[0]"),),
                "db": ((BIAS, f"{BIAS} / dZ.shape[0]"),),
                "dA_prev": ((INPUT, f"{INPUT} / dZ.shape[0]"),),
                "all": (
                    (INPUT, f"{INPUT} / dZ.shape[0]"),
                    (WEIGHTS, f"{WEIGHTS} / dZ.shape[0]"),
                    (BIAS, f"{BIAS} / dZ.shape[0]"),
                ),
            },
            Text(
                "A gradient is divided by the number of examples, which the loss has done already.",
                "梯度除以了样本数，而损失函数那里已经除过一次了。",
            ),
            Text(
                "The mean over the batch is taken once in a network. Where?",
                "整个网络只对整批样本取一次平均。是在哪里？",
            ),
        ),
        cause(
            "db_shape",
            {
                "": ((BIAS, "np.sum(dZ, axis=0)"),),
                "column": ((BIAS, "np.sum(dZ, axis=0).reshape(-1, 1)"),),
                "mean": ((BIAS, "np.mean(dZ, axis=0)"),),
            },
            Text(
                "db holds one number per output, but does not have the shape of b.",
                "db 中每个输出各有一个数，但形状与 b 不同。",
            ),
            Text(
                "Compare the shapes of db and b. Which argument of a sum keeps an axis?",
                "比较 db 与 b 的形状。求和时哪个参数可以保留轴？",
            ),
        ),
        cause(
            "db_over_outputs",
            {
                "": ((BIAS, "np.sum(dZ, axis=1, keepdims=True)"),),
                "vector": ((BIAS, "np.sum(dZ, axis=1)"),),
                "reshaped": ((BIAS, "np.sum(dZ, axis=1).reshape(b.shape)"),),
                "row": ((BIAS, "np.sum(dZ, axis=1).reshape(1, -1)"),),
            },
            Text(
                "db is summed over the outputs, so it has a number for each example.",
                "db 是对输出求和的，于是每个样本各有一个数。",
            ),
            Text(
                "One bias was added to every example. Over which axis do its effects add up?",
                "同一个偏置加到了每个样本上。它的影响应沿哪个轴累加？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"cannot reshape array",
                r"dZ.*(axis\s*=\s*-?1|,\s*-?1\s*[,)]).*reshape",
            ),
        ),
        cause(
            "db_total",
            {
                "": ((BIAS, "np.sum(dZ)"),),
                "one_by_one": ((BIAS, "np.sum(dZ, keepdims=True)"),),
                "in_shape": ((BIAS, "np.sum(dZ) * np.ones(b.shape)"),),
            },
            Text(
                "dZ is summed over both axes, so there is one gradient for all biases.",
                "dZ 对两个轴都求了和，于是所有偏置只有同一个梯度。",
            ),
            Text("How many biases are there?", "一共有几个偏置？"),
        ),
        cause(
            "db_not_summed",
            ((BIAS, "dZ"),),
            Text("db is dZ itself: nothing is summed.", "db 就是 dZ 本身：没有求和。"),
            Text(
                "One bias was added to every example. How do its effects come together?",
                "同一个偏置加到了每个样本上。它的影响应怎样汇总？",
            ),
        ),
        cause(
            "db_times_bias",
            {
                "": ((BIAS, "np.sum(dZ * b, axis=0, keepdims=True)"),),
                "total": ((BIAS, "np.sum(dZ * b)"),),
                "vector": ((BIAS, "np.sum(dZ * b, axis=0)"),),
            },
            Text(
                "db holds the bias as a factor, though the bias is only added.",
                "db 里多乘了偏置，而偏置在前向传播中只是被加上。",
            ),
            Text(
                "What is the derivative of a + b with respect to b?",
                "a + b 对 b 的导数是多少？",
            ),
        ),
        cause(
            "one_example_only",
            {
                "": (
                    (WEIGHTS, "np.outer(A_prev[-1], dZ[-1])"),
                    (BIAS, "dZ[-1:]"),
                ),
                "first": (
                    (WEIGHTS, "np.outer(A_prev[0], dZ[0])"),
                    (BIAS, "dZ[:1]"),
                ),
                "dW_last": ((WEIGHTS, "np.outer(A_prev[-1], dZ[-1])"),),
                "dW_first": ((WEIGHTS, "np.outer(A_prev[0], dZ[0])"),),
                "db_last": ((BIAS, "dZ[-1:]"),),
                "db_first": ((BIAS, "dZ[:1]"),),
            },
            Text(
                "Only one example has a share in dW or db; those of the others are lost.",
                "dW 或 db 中只有一个样本的贡献，其余样本的都丢了。",
            ),
            Text(
                "Every example has its share in dW and db. What combines the shares?",
                "每个样本对 dW 和 db 都有贡献。这些贡献怎样合在一起？",
            ),
        ),
        cause(
            "gradient_step_taken",
            {
                "": ((WEIGHTS, f"W - {WEIGHTS}"), (BIAS, f"b - {BIAS}")),
                "added": ((WEIGHTS, f"W + {WEIGHTS}"), (BIAS, f"b + {BIAS}")),
            },
            Text(
                "dW and db hold the parameters too, as if a step had been taken already.",
                "dW 和 db 中混入了参数本身，好像已经更新了一步。",
            ),
            Text(
                "This function returns gradients. Which function changes the parameters?",
                "这个函数只返回梯度。更新参数的是哪个函数？",
            ),
        ),
        cause(
            "sign_reversed",
            {
                "": (
                    (INPUT, f"-{INPUT}"),
                    (WEIGHTS, f"-{WEIGHTS}"),
                    (BIAS, f"-{BIAS}"),
                ),
                "parameters": ((WEIGHTS, f"-{WEIGHTS}"), (BIAS, f"-{BIAS}")),
                "dA_prev": ((INPUT, f"-{INPUT}"),),
                "dW": ((WEIGHTS, f"-{WEIGHTS}"),),
                "db": ((BIAS, f"-{BIAS}"),),
            },
            Text("A gradient has the opposite sign.", "有的梯度符号反了。"),
            Text(
                "The minus sign of gradient descent belongs to another function. To which?",
                "梯度下降中的负号属于另一个函数。是哪一个？",
            ),
        ),
        cause(
            "cache_order",
            {
                "": ((UNPACK, "W, A_prev, b = cache"),),
                "bias_second": ((UNPACK, "A_prev, b, W = cache"),),
                "weights_and_bias_first": ((UNPACK, "W, b, A_prev = cache"),),
                "reversed": ((UNPACK, "b, W, A_prev = cache"),),
                "dot": (
                    (UNPACK, "W, A_prev, b = cache"),
                    (INPUT, "np.dot(dZ, W.T)"),
                    (WEIGHTS, "np.dot(A_prev.T, dZ)"),
                ),
            },
            Text(
                "At least two of A_prev, W and b stand in each other's place, as if the cache were "
                "unpacked in another order.",
                "A_prev、W、b 用错了位置，好像解包 cache 的顺序与装入时不同。",
            ),
            Text(
                "In which order does dense_forward put its arguments into the cache?",
                "dense_forward 按什么顺序把参数放进 cache？",
            ),
        ),
        cause(
            "outputs_exchanged",
            {
                "": ((RETURN, "return dW, db, dA_prev"),),
                "dW_first": ((RETURN, "return dW, dA_prev, db"),),
                "db_second": ((RETURN, "return dA_prev, db, dW"),),
                "reversed": ((RETURN, "return db, dW, dA_prev"),),
            },
            Text(
                "The gradients are returned in another order.",
                "返回梯度的顺序不对。",
            ),
            Text(
                "Read the docstring: which gradient comes first?",
                "看看函数说明：第一个返回的是哪个梯度？",
            ),
        ),
    )
)
