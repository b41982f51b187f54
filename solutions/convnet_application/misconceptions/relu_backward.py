"""What goes wrong in relu_backward: where the mask comes from, and what it is applied to."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import NOT_ALIGNED, NOT_ONE_NUMBER

cause = partial(variants, "relu_backward")

MASK = "mask = Z > 0"
PRODUCT = "dZ = dA * mask"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "mask_of_gradient",
            ((MASK, "mask = dA > 0"),),
            Text(
                "The sign of dA decides what passes; the sign of Z should.",
                "由 dA 的正负决定什么能通过，而应当由 Z 的正负决定。",
            ),
            Text(
                "Which numbers did the forward step let through? A gradient may be negative.",
                "前向传播让哪些数通过了？梯度本身可以是负的。",
            ),
        ),
        cause(
            "negative_gradient_dropped",
            {
                "": ((MASK, "mask = (Z > 0) & (dA > 0)"),),
                "product": ((MASK, "mask = Z * dA > 0"),),
            },
            Text(
                "Where Z is positive, a negative gradient is stopped: the sign of dA counts as "
                "well.",
                "在 Z 为正的地方，负的梯度被挡住了：结果还取决于 dA 的正负。",
            ),
            Text(
                "May a gradient be negative where Z is positive?",
                "在 Z 为正的地方，梯度可以是负的吗？",
            ),
        ),
        cause(
            "negative_gradient_turned",
            ((PRODUCT, "dZ = np.abs(dA) * mask"),),
            Text(
                "Where Z is positive, a negative gradient becomes positive.",
                "在 Z 为正的地方，负的梯度变成了正的。",
            ),
            Text(
                "May a gradient be negative where Z is positive?",
                "在 Z 为正的地方，梯度可以是负的吗？",
            ),
        ),
        cause(
            "mask_inverted",
            ((MASK, "mask = Z < 0"),),
            Text(
                "The gradient passes where Z is negative and stops where Z is positive.",
                "梯度在 Z 为负处通过，在 Z 为正处反而被拦住了。",
            ),
            Text(
                "Where Z is negative, does a small change of Z change A?",
                "在 Z 为负处，Z 的微小变化会改变 A 吗？",
            ),
        ),
        cause(
            "mask_missing",
            ((PRODUCT, "dZ = dA * 1"),),
            Text("dA is handed on as it is.", "dA 被原样传了下去。"),
            Text(
                "Where Z is negative, does a small change of Z change A?",
                "在 Z 为负处，Z 的微小变化会改变 A 吗？",
            ),
        ),
        cause(
            "gradient_unused",
            ((PRODUCT, "dZ = mask"),),
            Text(
                "The result is the derivative of the ReLU alone; dA is not in it.",
                "结果只是 ReLU 自身的导数，没有用到 dA。",
            ),
            Text("What does the chain rule do with dA?", "链式法则怎样用到 dA？"),
        ),
        cause(
            "times_input",
            {
                "": ((PRODUCT, "dZ = dA * np.maximum(Z, 0)"),),
                "whole": ((PRODUCT, "dZ = dA * Z"),),
                "absolute": ((PRODUCT, "dZ = dA * np.abs(Z)"),),
            },
            Text(
                "The factor of dA depends on how large the numbers of Z are; it should be the "
                "slope, 0 or 1.",
                "dA 乘的因子随 Z 的数值大小而变，而它应当是斜率 0 或 1。",
            ),
            Text(
                "What is the slope of a ReLU at Z = 3, and at Z = 5?",
                "ReLU 在 Z = 3 处的斜率是多少？在 Z = 5 处呢？",
            ),
        ),
        cause(
            "forward_again",
            {
                "": ((PRODUCT, "dZ = Z * mask"),),
                "unchanged": ((PRODUCT, "dZ = Z"),),
            },
            Text(
                "The numbers in dZ are those of Z, not those of dA.",
                "dZ 里的数取自 Z，而不是 dA。",
            ),
            Text(
                "Where the ReLU lets a number through, which array does dZ take it from?",
                "在 ReLU 让数通过的地方，dZ 的值来自哪个数组？",
            ),
        ),
        cause(
            "mask_added",
            {
                "": ((PRODUCT, "dZ = dA + mask"),),
                "to_Z": ((PRODUCT, "dZ = dA + np.maximum(Z, 0)"),),
            },
            Text(
                "Something is added to dA, which should be multiplied by the slope at Z.",
                "dA 加上了别的数，而它应当乘以 Z 处的斜率。",
            ),
            Text("How does the chain rule combine two factors?", "链式法则怎样把两个因子连起来？"),
        ),
        cause(
            "leaky",
            {
                "": ((PRODUCT, "dZ = dA * np.where(mask, 1, 0.01)"),),
                "0.1": ((PRODUCT, "dZ = dA * np.where(mask, 1, 0.1)"),),
                "0.2": ((PRODUCT, "dZ = dA * np.where(mask, 1, 0.2)"),),
                "0.001": ((PRODUCT, "dZ = dA * np.where(mask, 1, 0.001)"),),
            },
            Text(
                "A small part of the gradient passes where Z is negative: that is the leaky ReLU.",
                "在 Z 为负处，仍有一小部分梯度通过：这是 leaky ReLU。",
            ),
            Text(
                "What is the slope of a plain ReLU left of 0?",
                "普通的 ReLU 在 0 的左边斜率是多少？",
            ),
        ),
        cause(
            "slope_minus_one",
            ((PRODUCT, "dZ = dA * np.sign(Z)"),),
            Text(
                "Where Z is negative, the gradient changes its sign instead of being stopped.",
                "在 Z 为负处，梯度只是变了号，而没有被拦住。",
            ),
            Text(
                "What is the slope of a ReLU left of 0?",
                "ReLU 在 0 的左边斜率是多少？",
            ),
        ),
        cause(
            "ones_where_stopped",
            {
                "": ((PRODUCT, "dZ = np.where(mask, dA, 1)"),),
                "input": ((PRODUCT, "dZ = np.where(mask, dA, Z)"),),
                "mask": ((PRODUCT, "dZ = np.where(mask, 1, dA)"),),
            },
            Text(
                "Where the ReLU stops a number, dZ still holds something.",
                "在 ReLU 拦住的地方，dZ 里还留着数值。",
            ),
            Text("How much does A change there when Z does?", "在那里，Z 变化时 A 会变化多少？"),
        ),
        cause(
            "another_derivative",
            {
                "sigmoid": ((PRODUCT, "dZ = dA / (1 + np.exp(-Z)) * (1 - 1 / (1 + np.exp(-Z)))"),),
                "sigmoid_of_A": ((PRODUCT, "dZ = dA * Z * (1 - Z)"),),
                "tanh": ((PRODUCT, "dZ = dA * (1 - np.tanh(Z) ** 2)"),),
                "tanh_of_A": ((PRODUCT, "dZ = dA * (1 - Z ** 2)"),),
            },
            Text(
                "dA is multiplied by a formula that belongs to the sigmoid or tanh, not by 0 or 1.",
                "dA 乘的是 sigmoid 或 tanh 的导数公式，而不是 0 或 1。",
            ),
            Text(
                "A ReLU is made of two straight lines. Which two slopes does it have?",
                "ReLU 由两段直线组成。它有哪两个斜率？",
            ),
        ),
        cause(
            "threshold_not_zero",
            {
                "": ((MASK, "mask = Z > 1"),),
                "half": ((MASK, "mask = Z > 0.5"),),
            },
            Text(
                "The gradient is stopped at numbers that the forward step lets through.",
                "有些数前向传播时通过了，它们的梯度却被拦住了。",
            ),
            Text("With which number is Z compared?", "Z 是与哪个数比较的？"),
        ),
        cause(
            "matrix_product",
            {
                "": ((PRODUCT, "dZ = dA @ mask"),),
                "dot": ((PRODUCT, "dZ = np.dot(dA, mask)"),),
                "of_input": ((PRODUCT, "dZ = dA @ Z.T"),),
            },
            Text(
                "A matrix product is used where each number should meet only its own slope.",
                "这里用了矩阵乘法，而每个数只应与自己位置上的斜率相乘。",
            ),
            Text(
                "Which operator multiplies two arrays of the same shape entry by entry?",
                "哪个运算符能把两个形状相同的数组逐元素相乘？",
            ),
            failure=FailurePattern(r"ValueError", NOT_ALIGNED, r"\bdot\s*\(|\bmatmul\s*\(|@"),
        ),
        cause(
            "summed",
            {
                "": ((PRODUCT, "dZ = np.sum(dA * mask)"),),
                "over_examples": ((PRODUCT, "dZ = np.sum(dA * mask, axis=0)"),),
                "over_examples_kept": ((PRODUCT, "dZ = np.sum(dA * mask, axis=0, keepdims=True)"),),
                "mean": ((PRODUCT, "dZ = np.mean(dA * mask, axis=0)"),),
            },
            Text(
                "The gradients of several numbers are added up or averaged.",
                "多个数的梯度被加在一起，或者取了平均。",
            ),
            Text("What is the shape of dZ?", "dZ 的形状应当是什么？"),
        ),
        cause(
            "averaged",
            ((PRODUCT, "dZ = dA * mask / Z.shape[0]"),),
            Text(
                "The gradient is divided by the number of examples.",
                "梯度除以了样本数。",
            ),
            Text(
                "Is the slope of a ReLU another one when the batch is larger?",
                "一批中的样本变多时，ReLU 的斜率会变吗？",
            ),
        ),
        cause(
            "boolean_indexing",
            ((PRODUCT, "dZ = dA[mask]"),),
            Text(
                "Numbers are taken out instead of set to 0, so the shape is lost.",
                "数被直接去掉了，而不是设为 0，因此形状也丢了。",
            ),
            Text(
                "dZ has as many numbers as Z. What stands where nothing passes?",
                "dZ 与 Z 的元素个数相同。不能通过的位置上应当是什么？",
            ),
        ),
        cause(
            "truth_of_an_array",
            ((MASK, "mask = 1 if Z > 0 else 0"),),
            Text(
                "A whole array is used where Python needs one True or False, as in `if` or `max`.",
                "在只认一个 True 或 False 的地方（例如 `if` 或 `max`）用了整个数组。",
            ),
            Text(
                "A comparison of arrays gives an array of True and False. How can that be used?",
                "数组的比较会得到由 True 和 False 组成的数组。怎样使用它？",
            ),
            failure=FailurePattern(r"ValueError", NOT_ONE_NUMBER, r"\bif\b|\bmax\s*\(|\bwhile\b"),
        ),
        cause(
            "changes_inputs",
            ((PRODUCT, "dA[Z <= 0] = 0\n    dZ = dA"),),
            Text(
                "The function changes an array that it was given.",
                "函数改变了传入的数组。",
            ),
            Text(
                "Into which array does the line write? Print the arguments before and after.",
                "这一行写入的是哪个数组？在调用前后分别打印参数。",
            ),
        ),
    )
)
