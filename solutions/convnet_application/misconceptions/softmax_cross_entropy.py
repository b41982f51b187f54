"""What goes wrong in softmax_cross_entropy: axes, overflow, the logarithm, means, labels."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import VECTOR_OF_ROWS

cause = partial(variants, "softmax_cross_entropy")

SIZE = "m = Z.shape[0]"
MAXIMUM = "np.max(Z, axis=1, keepdims=True)"
SHIFT = f"Z_shifted = Z - {MAXIMUM}"
EXPS = "exps = np.exp(Z_shifted)"
SUMS = "sums = np.sum(exps, axis=1, keepdims=True)"
SOFTMAX = "P = exps / sums"
LOG = "log_P = Z_shifted - np.log(sums)"
PICKED = "log_P[rows, labels]"
LOSS = f"-np.mean({PICKED})"
COPY = "dZ = P.copy()"
MINUS_ONE = "dZ[rows, labels] -= 1"
MEAN = "dZ = dZ / m"
LARGEST = "np.argmax(Z, axis=1)"
RETURN = "return loss, dZ"

NOT_SHIFTED = (SHIFT, "Z_shifted = Z")
SHIFTED_BY_ALL = (SHIFT, "Z_shifted = Z - np.max(Z)")
LOG_OF_P = (LOG, "log_P = np.log(P)")
ONE_HOT = "Y = np.eye(Z.shape[1])[labels]"
EPSILONS = ("1e-8", "1e-15", "1e-12", "1e-10", "1e-9", "1e-7", "1e-6", "1e-5", "1e-16", "1e-300")


def gradient(formula):
    """Return the patches that compute dZ, before its mean, by a `formula` of P and a one-hot Y."""
    return ((COPY, ONE_HOT), (MINUS_ONE, f"dZ = {formula}"))


def by_epsilon(*patches):
    """Return a variant for each small number in the logarithm, added to `patches`."""
    return {
        f"epsilon_{epsilon}": (*patches, (LOG, f"log_P = np.log(P + {epsilon})"))
        for epsilon in EPSILONS
    }


MISCONCEPTIONS = tuple(
    chain(
        cause(
            "max_not_subtracted",
            {
                "": (NOT_SHIFTED, LOG_OF_P),
                "log_of_sums": (NOT_SHIFTED,),
            }
            | by_epsilon(NOT_SHIFTED),
            Text(
                "The exponentials of large logits overflow, those of very negative ones are all 0.",
                "logits 很大时，指数会溢出；远小于 0 时，指数全变成 0。",
            ),
            Text(
                "Softmax stays the same when one number is subtracted from all logits of a row. "
                "Which number helps?",
                "一行的 logits 同时减去同一个数，softmax 不变。减去哪个数最合适？",
            ),
        ),
        cause(
            "max_of_all_rows",
            {
                "": (SHIFTED_BY_ALL,),
                "log_of_P": (SHIFTED_BY_ALL, LOG_OF_P),
            }
            | by_epsilon(SHIFTED_BY_ALL),
            Text(
                "One maximum of the whole batch is subtracted; the exponentials of a row far "
                "below it are all 0.",
                "整批只减去一个最大值；如果某一行远小于它，这一行的指数就全变成了 0。",
            ),
            Text(
                "Try two examples, one with logits near 0 and one with logits near 1000.",
                "试两个样本：一个的 logits 在 0 附近，另一个在 1000 附近。",
            ),
        ),
        cause(
            "max_over_examples",
            {
                "": ((SHIFT, "Z_shifted = Z - np.max(Z, axis=0)"),),
                "log_of_P": ((SHIFT, "Z_shifted = Z - np.max(Z, axis=0)"), LOG_OF_P),
            },
            Text(
                "A maximum of each class is subtracted, which changes the softmax of each example.",
                "减去的是每个类别各自的最大值，这会改变每个样本的 softmax。",
            ),
            Text(
                "From all logits of one example the same number is subtracted. Along which axis?",
                "同一样本的所有 logits 应当减去同一个数。这对应哪个轴？",
            ),
        ),
        cause(
            "min_subtracted",
            {
                "": ((SHIFT, "Z_shifted = Z - np.min(Z, axis=1, keepdims=True)"),),
            },
            Text(
                "After the shift the logits can still be large, so their exponentials overflow.",
                "平移之后 logits 仍可能很大，指数还是会溢出。",
            ),
            Text(
                "What is the largest logit of a row after your shift?",
                "平移之后，一行中最大的 logit 是多少？",
            ),
        ),
        cause(
            "divided_by_max",
            {
                "": ((SHIFT, f"Z_shifted = Z / {MAXIMUM}"),),
                "log_of_P": ((SHIFT, f"Z_shifted = Z / {MAXIMUM}"), LOG_OF_P),
                "absolute": ((SHIFT, "Z_shifted = Z / np.max(np.abs(Z), axis=1, keepdims=True)"),),
            },
            Text(
                "The logits are divided by a maximum, which changes the softmax.",
                "logits 除以了某个最大值，这会改变 softmax。",
            ),
            Text(
                "Which operation on all logits of a row leaves their differences as they are?",
                "对一行的 logits 做什么运算，能让它们的差保持不变？",
            ),
        ),
        cause(
            "axis_not_kept",
            {
                "": ((MAXIMUM, "np.max(Z, axis=1)"),),
                "sums": ((SUMS, "sums = np.sum(exps, axis=1)"),),
                "both": ((MAXIMUM, "np.max(Z, axis=1)"), (SUMS, "sums = np.sum(exps, axis=1)")),
            },
            Text(
                "A maximum or sum of each row is a vector, which does not line up with the rows.",
                "每行的最大值或总和成了一维向量，与各行对不齐。",
            ),
            Text(
                "Which argument of np.max and np.sum keeps the axis, so that rows stay rows?",
                "np.max 和 np.sum 的哪个参数可以保留这个轴，使行仍是行？",
            ),
            failure=FailurePattern(
                r"ValueError",
                VECTOR_OF_ROWS,
                r"[\w)\]]\s*[-/]=?\s*\(?(np\.log\(\s*)?(np\.)?(\w*\.)?\w*(max|sum|total|norm|denom)"
                r"|=\s*(\w+|np\.exp\(\w+\))\s*/\s*\w+$|^\w+\s*/=\s*\w+$"
                r"|=\s*\w+\s*-\s*np\.log\(\s*\w+\s*\)$",
            ),
        ),
        cause(
            "softmax_over_examples",
            {
                "": ((SUMS, "sums = np.sum(exps, axis=0, keepdims=True)"),),
                "log_of_P": ((SUMS, "sums = np.sum(exps, axis=0, keepdims=True)"), LOG_OF_P),
                "max_too": (
                    (MAXIMUM, "np.max(Z, axis=0, keepdims=True)"),
                    (SUMS, "sums = np.sum(exps, axis=0, keepdims=True)"),
                ),
                "max_too_log_of_P": (
                    (MAXIMUM, "np.max(Z, axis=0, keepdims=True)"),
                    (SUMS, "sums = np.sum(exps, axis=0, keepdims=True)"),
                    LOG_OF_P,
                ),
                "without_max": (NOT_SHIFTED, (SUMS, "sums = np.sum(exps, axis=0)"), LOG_OF_P),
            },
            Text(
                "The exponentials are summed over the examples, not over the classes.",
                "指数是对样本求和的，而不是对类别求和。",
            ),
            Text(
                "Which probabilities must add up to 1? Print the sums of the rows of P.",
                "哪些概率之和应为 1？打印 P 每一行的和。",
            ),
        ),
        cause(
            "softmax_over_everything",
            {
                "": ((SUMS, "sums = np.sum(exps)"),),
                "log_of_P": ((SUMS, "sums = np.sum(exps)"), LOG_OF_P),
                "max_of_all": (SHIFTED_BY_ALL, (SUMS, "sums = np.sum(exps)")),
                "max_of_all_log_of_P": (SHIFTED_BY_ALL, (SUMS, "sums = np.sum(exps)"), LOG_OF_P),
                "without_max": (NOT_SHIFTED, (SUMS, "sums = np.sum(exps)"), LOG_OF_P),
            },
            Text(
                "The exponentials of the whole batch are summed into one number.",
                "整批的指数被加成了一个数。",
            ),
            Text(
                "Each example has probabilities of its own. Print the sums of the rows of P.",
                "每个样本都有自己的概率。打印 P 每一行的和。",
            ),
        ),
        cause(
            "exponentials_not_normalised",
            {
                "": ((SOFTMAX, "P = exps"), (LOG, "log_P = np.log(P)")),
                "averaged": ((SUMS, "sums = np.mean(exps, axis=1, keepdims=True)"),),
                "largest": ((SUMS, "sums = np.max(exps, axis=1, keepdims=True)"),),
            },
            Text(
                "The exponentials are not divided by their sum, so they are no probabilities.",
                "指数没有除以它们的总和，因此不是概率。",
            ),
            Text("Print the sums of the rows of P.", "打印 P 每一行的和。"),
        ),
        cause(
            "exponential_missing",
            {
                "": ((EXPS, "exps = Z_shifted"), LOG_OF_P),
                "not_shifted": (NOT_SHIFTED, (EXPS, "exps = Z_shifted"), LOG_OF_P),
                "two": ((EXPS, "exps = 2.0 ** Z_shifted"), LOG_OF_P),
                "negative": ((EXPS, "exps = np.exp(-Z_shifted)"), LOG_OF_P),
            },
            Text(
                "The numbers that are divided by their sum are not e to the power of the logits, "
                "shifted or not.",
                "除以总和的那些数，不是以 e 为底、以 logits（平移与否都可以）为指数的幂。",
            ),
            Text(
                "A probability is never negative, and grows with its logit. What ensures that?",
                "概率不会是负的，并且随 logit 增大而增大。靠什么来保证？",
            ),
        ),
        cause(
            "sigmoid_for_softmax",
            {
                "": ((SOFTMAX, "P = 1 / (1 + np.exp(-Z))"), LOG_OF_P),
            }
            | {
                f"epsilon_{epsilon}": (
                    (SOFTMAX, "P = 1 / (1 + np.exp(-Z))"),
                    (LOG, f"log_P = np.log(P + {epsilon})"),
                )
                for epsilon in EPSILONS[:3]
            },
            Text(
                "Each logit goes through a sigmoid of its own, so the classes do not compete.",
                "每个 logit 各自经过 sigmoid，各类别之间没有竞争。",
            ),
            Text("Print the sums of the rows of P.", "打印 P 每一行的和。"),
        ),
        cause(
            "log_of_zero",
            (LOG_OF_P,),
            Text(
                "A tiny probability is rounded to 0 first, and the logarithm of 0 is infinite.",
                "极小的概率先被舍入成 0，再取对数就成了无穷大。",
            ),
            Text(
                "Simplify the logarithm of a quotient on paper: which exponential cancels?",
                "在纸上把商的对数化简：哪个指数可以消去？",
            ),
        ),
        cause(
            "epsilon_in_logarithm",
            by_epsilon(),
            Text(
                "A small number in the logarithm decides the loss of a tiny probability.",
                "对数里多了一个很小的数，概率极小时损失就由它决定了。",
            ),
            Text(
                "Simplify the logarithm of a quotient on paper; then nothing needs to be added.",
                "在纸上把商的对数化简，就不需要再加任何数了。",
            ),
            equivalent=("softmax_cross_entropy/probabilities_clipped",),
        ),
        cause(
            "shift_only_in_sums",
            {
                "": ((LOG, "log_P = Z - np.log(sums)"),),
                "P_too": (
                    (SOFTMAX, "P = np.exp(Z - np.log(sums))"),
                    (LOG, "log_P = Z - np.log(sums)"),
                ),
            },
            Text(
                "The unshifted logits are combined with a sum of exponentials of the shifted ones.",
                "求对数时，用的是平移之前的 logits，而指数的总和却来自平移之后的 logits。",
            ),
            Text(
                "The logarithm of a probability is never positive. Is yours?",
                "概率的对数不会是正的。你的呢？",
            ),
        ),
        cause(
            "another_logarithm",
            {
                "": ((LOG, "log_P = np.log10(P)"),),
                "two": ((LOG, "log_P = np.log2(P)"),),
                "two_of_sums": ((LOG, "log_P = Z_shifted - np.log2(sums)"),),
                "ten_of_sums": ((LOG, "log_P = Z_shifted - np.log10(sums)"),),
                "plus_one": ((LOG, "log_P = np.log(1 + P)"),),
                "without_max": (NOT_SHIFTED, (LOG, "log_P = np.log10(P)")),
                "two_without_max": (NOT_SHIFTED, (LOG, "log_P = np.log2(P)")),
            },
            Text(
                "The logarithm is not the natural one of the probability.",
                "取的不是概率的自然对数。",
            ),
            Text("Which logarithm undoes np.exp?", "哪种对数是 np.exp 的逆运算？"),
        ),
        cause(
            "logarithm_missing",
            {
                "": ((PICKED, "P[rows, labels]"),),
                "one_minus": ((LOSS, "np.mean(1 - P[rows, labels])"),),
                "logits": ((PICKED, "Z[rows, labels]"),),
                "shifted_logits": ((PICKED, "Z_shifted[rows, labels]"),),
            },
            Text(
                "The loss holds no logarithm of a probability.",
                "损失里没有概率的对数。",
            ),
            Text(
                "For a right class with probability 1, the loss is 0. For 0.5, what is it?",
                "正确类别的概率为 1 时损失为 0。概率为 0.5 时应是多少？",
            ),
        ),
        cause(
            "squared_error",
            {
                "": ((LOSS, "np.mean(np.sum((P - np.eye(Z.shape[1])[labels]) ** 2, axis=1))"),),
                "mean": ((LOSS, "np.mean((P - np.eye(Z.shape[1])[labels]) ** 2)"),),
                "half": (
                    (LOSS, "np.mean(np.sum((P - np.eye(Z.shape[1])[labels]) ** 2, axis=1)) / 2"),
                ),
            },
            Text(
                "The loss is a squared error, not the cross-entropy.",
                "算的是平方误差，而不是交叉熵。",
            ),
            Text(
                "Which function of the right class's probability does the formula hold?",
                "公式中用到的是正确类别概率的什么函数？",
            ),
        ),
        cause(
            "loss_sign",
            ((LOSS, f"np.mean({PICKED})"),),
            Text(
                "The loss has the opposite sign.",
                "损失的符号反了。",
            ),
            Text(
                "The logarithm of a probability is never positive. And a loss?",
                "概率的对数不会是正的。那么损失呢？",
            ),
        ),
        cause(
            "loss_summed",
            {
                "": ((LOSS, f"-np.sum({PICKED})"),),
                "of_P": ((LOSS, "-np.sum(np.log(P[rows, labels]))"),),
                "and_gradient": ((LOSS, f"-np.sum({PICKED})"), (MEAN, "")),
            },
            Text(
                "The loss is summed over the batch, not averaged.",
                "损失对整批求了和，没有取平均。",
            ),
            Text(
                "Should the loss double when every example occurs twice?",
                "如果每个样本都出现两次，损失应当翻倍吗？",
            ),
        ),
        cause(
            "loss_averaged_twice",
            ((LOSS, f"{LOSS} / m"),),
            Text(
                "The loss is divided by the number of examples twice.",
                "损失除以了两次样本数。",
            ),
            Text(
                "Should the loss halve when every example occurs twice?",
                "如果每个样本都出现两次，损失应当减半吗？",
            ),
        ),
        cause(
            "loss_divided_by_classes",
            {
                "": ((LOSS, f"{LOSS} / Z.shape[1]"),),
                "instead": ((LOSS, f"-np.sum({PICKED}) / Z.shape[1]"),),
                "of_P": ((LOSS, "-np.mean(np.log(P[rows, labels])) / Z.shape[1]"),),
            },
            Text(
                "The loss is divided by the number of classes.",
                "损失除以了类别数。",
            ),
            Text(
                "With random weights and ten classes, the loss should start near log(10).",
                "随机权重、十个类别时，损失应当从 log(10) 附近开始。",
            ),
        ),
        cause(
            "loss_per_example",
            {
                "": ((LOSS, f"-{PICKED}"),),
                "column": ((LOSS, f"-{PICKED}.reshape(-1, 1)"),),
                "all_classes": ((LOSS, "-log_P"),),
            },
            Text(
                "The loss is an array, not one number for the batch.",
                "损失是一个数组，而不是整批合成的一个数。",
            ),
            Text("What combines the losses of the examples?", "怎样把各个样本的损失合成一个数？"),
        ),
        cause(
            "loss_not_a_number",
            {
                "": ((LOSS, f"-np.mean({PICKED}, keepdims=True)"),),
                "matrix": ((LOSS, f"-np.mean({PICKED}).reshape(1, 1)"),),
            },
            Text(
                "The loss is an array with one number in it, not the number itself.",
                "损失是只含一个数的数组，而不是这个数本身。",
            ),
            Text("Print the shape of the loss.", "打印损失的形状。"),
        ),
        cause(
            "loss_over_all_classes",
            {
                "": ((LOSS, "-np.mean(log_P)"),),
                "sum": ((LOSS, "-np.sum(log_P) / m"),),
                "entropy": ((LOSS, "-np.sum(P * log_P) / m"),),
                "most_likely": ((LOSS, "-np.mean(np.max(log_P, axis=1))"),),
            },
            Text(
                "The loss does not use the labels.",
                "损失没有用到标签。",
            ),
            Text(
                "Which class's probability counts for an example?",
                "对一个样本来说，哪个类别的概率才算数？",
            ),
        ),
        cause(
            "binary_cross_entropy",
            {
                "": (
                    (
                        LOSS,
                        "-np.sum(np.where(np.eye(Z.shape[1])[labels] == 1, np.log(P),"
                        " np.log(1 - P))) / m",
                    ),
                ),
                "mean": (
                    (
                        LOSS,
                        "-np.mean(np.where(np.eye(Z.shape[1])[labels] == 1, np.log(P),"
                        " np.log(1 - P)))",
                    ),
                ),
                "epsilon": (
                    (
                        LOSS,
                        "-np.sum(np.eye(Z.shape[1])[labels] * np.log(P + 1e-8)"
                        " + (1 - np.eye(Z.shape[1])[labels]) * np.log(1 - P + 1e-8)) / m",
                    ),
                ),
            },
            Text(
                "The wrong classes count in the loss too, as in a choice between yes and no.",
                "其他类别也计入了损失，那是二分类（是或否）的公式。",
            ),
            Text(
                "With a softmax, how many classes of an example enter its loss?",
                "使用 softmax 时，一个样本的损失里有几个类别？",
            ),
        ),
        cause(
            "labels_for_all_rows",
            {
                "": (
                    (LOSS, "-np.mean(log_P[:, labels])"),
                    (MINUS_ONE, "dZ[:, labels] -= 1"),
                ),
                "loss": ((LOSS, "-np.mean(log_P[:, labels])"),),
                "loss_sum": ((LOSS, "-np.sum(log_P[:, labels]) / m"),),
                "dZ": ((MINUS_ONE, "dZ[:, labels] -= 1"),),
            },
            Text(
                "The labels of all examples are picked in every row, not each row's own.",
                "每一行都按所有样本的标签取了数，而不是只按这一行自己的标签。",
            ),
            Text(
                "What is the shape of what you pick? One number per example is wanted.",
                "你取出的东西是什么形状？每个样本只需要一个数。",
            ),
        ),
        cause(
            "labels_taken_for_rows",
            {
                "": ((PICKED, "log_P[labels]"), (MINUS_ONE, "dZ[labels] -= 1")),
                "loss": ((PICKED, "log_P[labels]"),),
                "dZ": ((MINUS_ONE, "dZ[labels] -= 1"),),
                "exchanged": (
                    (PICKED, "log_P[labels, rows]"),
                    (MINUS_ONE, "dZ[labels, rows] -= 1"),
                ),
                "exchanged_loss": ((PICKED, "log_P[labels, rows]"),),
                "exchanged_dZ": ((MINUS_ONE, "dZ[labels, rows] -= 1"),),
            },
            Text(
                "The labels are used as row numbers, but they number the classes.",
                "标签被当成了行号，而它其实是类别的编号。",
            ),
            Text(
                "An index has a place for the row and one for the column. Which is the label's?",
                "下标先写行、再写列。标签应当放在哪个位置？",
            ),
            failure=FailurePattern(r"IndexError", r"out of bounds", r"(?<!\))\[\s*(labels|y)\b"),
        ),
        cause(
            "labels_as_numbers",
            {
                "": ((COPY, "dZ = P - labels.reshape(-1, 1)"), (MINUS_ONE, "")),
                "loss": ((LOSS, "-np.mean(labels.reshape(-1, 1) * log_P)"),),
                "loss_sum": ((LOSS, "-np.sum(labels.reshape(-1, 1) * log_P) / m"),),
                "both": (
                    (LOSS, "-np.sum(labels.reshape(-1, 1) * log_P) / m"),
                    (COPY, "dZ = P - labels.reshape(-1, 1)"),
                    (MINUS_ONE, ""),
                ),
                "amount": ((MINUS_ONE, "dZ[rows, labels] -= labels"),),
            },
            Text(
                "A label is used as an amount, though it only says which class is right.",
                "标签被当成了数值大小，而它只表示哪一个类别正确。",
            ),
            Text(
                "Class 7 is not seven times as right as class 1. What does a label select?",
                "类别 7 并不是类别 1 的七倍。标签选出的是什么？",
            ),
        ),
        cause(
            "classes_counted",
            ((SIZE, "m = Z.shape[1]"),),
            Text(
                "The number of classes is taken for the number of examples.",
                "把类别数当成了样本数。",
            ),
            Text(
                "Z has two axes. Which one counts the examples?",
                "Z 有两个轴。哪个轴是样本？",
            ),
            rare=True,
        ),
        cause(
            "one_hot_size",
            gradient("P - np.eye(m)[labels]"),
            Text(
                "The one-hot labels do not have one column for each class.",
                "独热标签的列数不是类别数。",
            ),
            Text(
                "Print the shapes of the one-hot labels and of Z.",
                "打印独热标签与 Z 的形状。",
            ),
        ),
        cause(
            "one_hot_not_subtracted",
            ((MINUS_ONE, ""),),
            Text(
                "dZ holds the probabilities only; the labels are not in it.",
                "dZ 里只有概率，没有用到标签。",
            ),
            Text(
                "If the model is perfect, dZ should be 0. Is it?",
                "如果网络的预测完美无误，dZ 应当为 0。你的呢？",
            ),
        ),
        cause(
            "argmax_for_labels",
            {
                "": ((MINUS_ONE, MINUS_ONE.replace("labels", LARGEST)),),
                "loss_too": (
                    (PICKED, PICKED.replace("labels", LARGEST)),
                    (MINUS_ONE, MINUS_ONE.replace("labels", LARGEST)),
                ),
            },
            Text(
                "The class with the largest logit is used where the label should be.",
                "该用标签的地方，用了得分（logit）最大的类别。",
            ),
            Text(
                "Which argument says what the correct class of each example is?",
                "每个样本的正确类别由哪个参数给出？",
            ),
        ),
        cause(
            "minus_one_assigned",
            ((MINUS_ONE, "dZ[rows, labels] = -1"),),
            Text(
                "At the right class -1 takes the place of the probability.",
                "在正确类别处，概率被换成了 -1。",
            ),
            Text(
                "If the model is perfect, dZ should be 0. Is it?",
                "如果网络的预测完美无误，dZ 应当为 0。你的呢？",
            ),
        ),
        cause(
            "one_hot_added",
            ((MINUS_ONE, "dZ[rows, labels] += 1"),),
            Text(
                "1 is added at the right class instead of subtracted.",
                "在正确类别处加了 1，而不是减去。",
            ),
            Text(
                "If the model is perfect, dZ should be 0. Is it?",
                "如果网络的预测完美无误，dZ 应当为 0。你的呢？",
            ),
        ),
        cause(
            "dZ_sign",
            ((COPY, "dZ = -P"), (MINUS_ONE, "dZ[rows, labels] += 1")),
            Text(
                "dZ has the opposite sign.",
                "dZ 的符号反了。",
            ),
            Text(
                "When the logit of the right class grows, does the loss grow or fall?",
                "正确类别的 logit 增大时，损失是增大还是减小？",
            ),
        ),
        cause(
            "dZ_not_averaged",
            ((MEAN, ""),),
            Text(
                "dZ is not divided by the number of examples, which a mean over the batch asks "
                "for.",
                "dZ 没有除以样本数，而损失要对整批取平均。",
            ),
            Text(
                "How much does the mean change when the loss of one of m examples changes by 1?",
                "m 个样本中有一个的损失变化 1，平均值变化多少？",
            ),
        ),
        cause(
            "dZ_partly_averaged",
            {
                "": ((COPY, "dZ = P / m"), (MEAN, "")),
                "labels": ((MINUS_ONE, "dZ[rows, labels] -= 1 / m"), (MEAN, "")),
            },
            Text(
                "Only one part of dZ is divided by the number of examples: the probabilities or "
                "the 1.",
                "dZ 中只有一部分除以了样本数：只有概率，或者只有那个 1。",
            ),
            Text(
                "If the model is perfect, dZ should be 0. Is it?",
                "如果网络的预测完美无误，dZ 应当为 0。你的呢？",
            ),
        ),
        cause(
            "dZ_averaged_twice",
            ((MEAN, "dZ = dZ / m / m"),),
            Text(
                "dZ is divided by the number of examples twice.",
                "dZ 除以了两次样本数。",
            ),
            Text(
                "How often does the number of examples occur in the loss?",
                "损失中样本数出现了几次？",
            ),
        ),
        cause(
            "dZ_divided_by_classes",
            {
                "": ((MEAN, "dZ = dZ / dZ.size"),),
                "instead": ((MEAN, "dZ = dZ / Z.shape[1]"),),
            },
            Text(
                "dZ is divided by the number of classes.",
                "dZ 除以了类别数。",
            ),
            Text(
                "Over what does the loss take its mean: examples or classes?",
                "损失是对什么取平均的：样本，还是类别？",
            ),
        ),
        cause(
            "dZ_from_logits",
            {
                "": ((COPY, "dZ = Z.copy()"),),
                "shifted": ((COPY, "dZ = Z_shifted.copy()"),),
                "log_P": ((COPY, "dZ = log_P.copy()"),),
                "exponentials": ((COPY, "dZ = exps.copy()"),),
                "overwritten": ((COPY, "dZ = Z"),),
            },
            Text(
                "dZ starts from another array than the probabilities.",
                "dZ 的出发点不是概率，而是另一个数组。",
            ),
            Text(
                "Which array has rows that add up to 1?",
                "哪个数组每一行的和为 1？",
            ),
        ),
        cause(
            "dZ_at_labels_only",
            {
                "": ((COPY, "dZ = P * np.eye(Z.shape[1])[labels]"),),
                "minus_one": ((COPY, "dZ = np.zeros(Z.shape)"),),
                "vector": gradient("P[rows, labels] - 1"),
            },
            Text(
                "dZ holds something at the right classes only.",
                "dZ 只在正确类别处有值。",
            ),
            Text(
                "When the logit of a wrong class grows, does the loss change?",
                "错误类别的 logit 增大时，损失会变化吗？",
            ),
        ),
        cause(
            "dZ_of_probabilities",
            (
                (COPY, "dZ = np.zeros(P.shape)"),
                ("dZ[rows, labels] -= 1", "dZ[rows, labels] = -1 / P[rows, labels]"),
            ),
            Text(
                "dZ is the gradient with respect to the probabilities, not the logits.",
                "dZ 是损失对概率的梯度，而不是对 logits 的梯度。",
            ),
            Text(
                "The softmax itself has a derivative too. What do the two make together?",
                "softmax 本身也有导数。两者合起来是什么？",
            ),
        ),
        cause(
            "softmax_derivative_twice",
            {
                "": gradient("(P - Y) * P * (1 - P)"),
                "alone": gradient("P * (1 - P)"),
                "alone_not_averaged": (*gradient("P * (1 - P)"), (MEAN, "")),
                "times_P": gradient("(P - Y) * P"),
            },
            Text(
                "dZ has P or P * (1 - P) as a factor; the gradient has no such factor.",
                "dZ 里有因子 P 或 P * (1 - P)，而梯度没有这样的因子。",
            ),
            Text(
                "Derive the gradient for two classes on paper: which factors cancel?",
                "在纸上推导两个类别时的梯度：哪些因子会消去？",
            ),
        ),
        cause(
            "dZ_times_loss",
            {
                "": ((MEAN, "dZ = dZ / m * loss"),),
                "twice": ((MEAN, "dZ = 2 * dZ / m"),),
            },
            Text(
                "dZ is multiplied by a factor that the derivative does not have.",
                "dZ 乘上了导数中并不存在的因子。",
            ),
            Text(
                "Derive the gradient on paper. Does the loss itself, or a 2, occur in it?",
                "在纸上推导梯度：其中有损失本身或因子 2 吗？",
            ),
        ),
        cause(
            "dZ_summed",
            {
                "": ((MEAN, "dZ = np.mean(dZ, axis=0)"),),
                "kept": ((MEAN, "dZ = np.mean(dZ, axis=0, keepdims=True)"),),
                "sum": ((MEAN, "dZ = np.sum(dZ, axis=0)"),),
                "all": ((MEAN, "dZ = np.mean(dZ)"),),
            },
            Text(
                "The rows of dZ are added up or averaged, so the examples lose their own "
                "gradients.",
                "dZ 的各行被加在一起，或者取了平均，每个样本自己的梯度丢了。",
            ),
            Text("What is the shape of dZ?", "dZ 的形状应当是什么？"),
        ),
        cause(
            "changes_input",
            ((SHIFT, f"Z -= {MAXIMUM}\n    Z_shifted = Z"),),
            Text(
                "The logits that were given are overwritten.",
                "传入的 logits 被覆盖了。",
            ),
            Text(
                "Which operators write into an array, and which make a new one?",
                "哪些运算符会写入原数组，哪些会生成新数组？",
            ),
        ),
        cause(
            "outputs_exchanged",
            ((RETURN, "return dZ, loss"),),
            Text(
                "The loss and dZ are returned in the wrong order.",
                "返回的损失与 dZ 顺序反了。",
            ),
            Text(
                "Read the docstring: which of the two comes first?",
                "看看函数说明：两者中先返回哪一个？",
            ),
        ),
        cause(
            "dZ_not_returned",
            ((RETURN, "return loss"),),
            Text(
                "The gradient dZ is not returned.",
                "没有返回梯度 dZ。",
            ),
            Text("What does the backward step start from?", "反向传播从什么开始？"),
        ),
        cause(
            "probabilities_clipped",
            {
                epsilon: ((LOG, f"log_P = np.log(np.clip(P, {epsilon}, None))"),)
                for epsilon in EPSILONS
            },
            Text(
                "The probabilities are clipped, and the bound decides the loss of a tiny one.",
                "概率被截断了，概率极小时损失就由这个下限决定了。",
            ),
            Text(
                "Simplify the logarithm of a quotient on paper; then nothing needs to be clipped.",
                "在纸上把商的对数化简，就不需要截断了。",
            ),
            code=r"\b(clip|maximum|minimum)\(",
            equivalent=("softmax_cross_entropy/epsilon_in_logarithm",),
        ),
        cause(
            "labels_minus_one",
            {
                "": ((SIZE, f"{SIZE}\n    labels = labels - 1"),),
                "loss": ((PICKED, "log_P[rows, labels - 1]"),),
                "gradient": ((MINUS_ONE, "dZ[rows, labels - 1] -= 1"),),
            },
            Text(
                "1 is taken from the labels, but the classes are counted from 0.",
                "标签被减去了 1，而类别是从 0 数起的。",
            ),
            Text(
                "Which column of Z belongs to label 0?",
                "标签 0 对应 Z 的哪一列？",
            ),
        ),
        cause(
            "loss_after_gradient",
            (
                (LOG, "pass"),
                (LOSS, "0.0"),
                (COPY, "dZ = P"),
                (
                    MEAN,
                    "with np.errstate(all='ignore'):\n"
                    f"        loss = -np.mean(np.log(P[rows, labels]))\n    {MEAN}",
                ),
            ),
            Text(
                "The loss is a logarithm of a negative number, as if P were read after the 1 was "
                "subtracted.",
                "损失是负数的对数，好像读取 P 之前，P 里已经减去了 1。",
            ),
            Text(
                "What does `dZ = P` do, and what is in P when the loss is computed?",
                "`dZ = P` 做了什么？计算损失时，P 里是什么？",
            ),
        ),
    )
)
