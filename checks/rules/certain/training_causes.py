"""Mistakes of loss, gradient check and way back that a line proves, beside any other."""

from checks.evidence import GeneralCause
from checks.rules.certain import checking, loss
from checks.text import Text

WHERE_LABELS = Text(
    "Class 7 is not seven times as right as class 1. What does a label select?",
    "类别 7 并不是类别 1 的七倍。标签选出的是什么？",
)
MEAN_OF_LOSS = Text(
    "Where is the mean over the batch already contained, and may it be taken again?",
    "对整批取的平均已经包含在哪里？可以再取一次吗？",
)
DIVIDED = Text(
    "`{code}` takes a mean, but the gradients of a batch are added up.",
    "`{code}` 取了平均，而整批的梯度应当相加。",
)
AVERAGED = Text(
    "`{code}` takes a mean over the batch, which the loss has done already.",
    "`{code}` 对整批取了平均，而损失函数那里已经取过一次了。",
)
VECTOR = Text("How long is the vector (3, 4)?", "向量 (3, 4) 有多长？")

BY_TRAINING = (
    GeneralCause(
        "maximum_from_zero",
        loss.starts_at_zero,
        Text(
            "The search for the largest number begins with `{code}`: among negative numbers it "
            "finds none.",
            "查找最大值时从 `{code}` 开始：如果全是负数，就什么也找不到。",
        ),
        Text(
            "Which number is the largest of -3 and -5, and what does your loop find?",
            "-3 与 -5 中哪个更大？你的循环找到的是什么？",
        ),
        instead_of=(
            *("max_of_all_rows", "max_not_subtracted", "negative_maximum_lost"),
            "mask_of_positive_numbers",
        ),
    ),
    GeneralCause(
        "max_not_subtracted",
        loss.not_shifted,
        Text(
            "`{code}` takes the exponentials of the logits as they are: large ones overflow, and "
            "rows of very negative ones all become 0.",
            "`{code}` 直接对 logits 取指数：很大的会溢出，整行都远小于 0 的会全变成 0。",
        ),
        Text(
            "Softmax stays the same when one number is subtracted from all logits of a row. "
            "Which number helps?",
            "一行的 logits 同时减去同一个数，softmax 不变。减去哪个数最合适？",
        ),
    ),
    GeneralCause(
        "max_of_all_rows",
        loss.max_of_everything,
        Text(
            "`{code}` is one maximum of the whole batch; a row far below it becomes all 0.",
            "`{code}` 是整批的最大值；如果某一行远小于它，这一行的指数就全变成了 0。",
        ),
        Text(
            "Try two examples, one with logits near 0 and one with logits near 1000.",
            "试两个样本：一个的 logits 在 0 附近，另一个在 1000 附近。",
        ),
    ),
    GeneralCause(
        "softmax_over_examples",
        loss.sum_along_examples,
        Text(
            "`{code}` sums over the examples, not over the classes.",
            "`{code}` 是对样本求和的，而不是对类别求和。",
        ),
        Text(
            "Which probabilities must add up to 1? Print the sums of the rows of P.",
            "哪些概率之和应为 1？打印 P 每一行的和。",
        ),
    ),
    GeneralCause(
        "max_over_examples",
        loss.max_along_examples,
        Text(
            "`{code}` is a maximum of each class over the examples, not one of each example.",
            "`{code}` 是每个类别在各样本上的最大值，而不是每个样本的最大值。",
        ),
        Text(
            "From all logits of one example the same number is subtracted. Along which axis?",
            "同一样本的所有 logits 应当减去同一个数。这对应哪个轴？",
        ),
    ),
    GeneralCause(
        "labels_as_numbers",
        loss.labels_as_numbers,
        Text(
            "`{code}` uses the labels as if they were a one-hot table; they are class numbers.",
            "`{code}` 把标签当成了独热表，而它们是类别的编号。",
        ),
        WHERE_LABELS,
    ),
    GeneralCause(
        "binary_cross_entropy",
        loss.log_of_others,
        Text(
            "`{code}` counts the wrong classes in the loss too, as in a choice between yes and no.",
            "`{code}` 把其他类别也计入了损失，那是二分类（是或否）的公式。",
        ),
        Text(
            "With a softmax, how many classes of an example enter its loss?",
            "使用 softmax 时，一个样本的损失里有几个类别？",
        ),
    ),
    GeneralCause(
        "loss_sign",
        loss.loss_without_minus,
        Text(
            "`{code}` makes the loss negative.",
            "`{code}` 得到的损失是负的。",
        ),
        Text(
            "The logarithm of a probability is never positive. And a loss?",
            "概率的对数不会是正的。那么损失呢？",
        ),
    ),
    GeneralCause(
        "dZ_sign",
        loss.gradient_reversed,
        Text(
            "In `{code}` dZ has the opposite sign: wanted minus given.",
            "`{code}` 中 dZ 的符号反了：算的是目标减去预测。",
        ),
        Text(
            "When the logit of the right class grows, does the loss grow or fall?",
            "正确类别的 logit 增大时，损失是增大还是减小？",
        ),
    ),
    GeneralCause(
        "classes_from_labels",
        loss.classes_from_labels,
        Text(
            "`{code}` takes the number of classes from the largest label of the batch, in which "
            "the last classes may not occur.",
            "`{code}` 用这一批中最大的标签来确定类别数，而最后几个类别可能没有出现。",
        ),
        Text(
            "Which array always has a column for each class?",
            "哪个数组总是每个类别各有一列？",
        ),
    ),
    GeneralCause(
        "never_measured",
        checking.never_measured,
        Text(
            "`f` is never called, so no change of it is measured.",
            "从未调用 `f`，因此并没有测量它的变化。",
        ),
        Text("At which two points is f needed?", "需要在哪两个点上计算 f？"),
        instead_of=("same_point_twice", "output_at_same_index", "dZ_ignored"),
    ),
    GeneralCause(
        "dZ_ignored",
        checking.gradient_unread,
        Text(
            "`{code}` sums the outputs as they are; `dZ` is never used.",
            "`{code}` 直接对输出求了和；`dZ` 从未用到。",
        ),
        Text("Where is the argument `dZ` used?", "参数 `dZ` 用在了哪里？"),
    ),
    GeneralCause(
        "another_norm",
        checking.another_norm,
        Text(
            "`{code}` has largest entries, or sums, in the place of lengths.",
            "`{code}` 用的是最大的元素或绝对值之和，而不是向量的长度。",
        ),
        VECTOR,
    ),
    GeneralCause(
        "all_entries_at_once",
        checking.all_moved,
        Text(
            "`{code}` moves all entries of x together, so their effects can't be told apart.",
            "`{code}` 让 x 的所有元素一起移动，因此无法区分各自的影响。",
        ),
        Text(
            "What should be the shape of the step, and how many of its entries are not 0?",
            "表示这一步的数组应当是什么形状？其中有几个元素不为 0？",
        ),
    ),
    GeneralCause(
        "one_sided_difference",
        checking.one_side_only,
        Text(
            "`{code}` goes to one side of x only, over a distance of h; a central difference "
            "goes to both.",
            "`{code}` 只取了 x 的一侧，两点相距 h；中心差分要取两侧。",
        ),
        Text(
            "A central difference looks at two points. Where do they lie, and how far apart?",
            "中心差分要看两个点。它们分别在哪里？相距多远？",
        ),
    ),
    GeneralCause(
        "error_squared",
        checking.root_missing,
        Text(
            "`{code}` is the square of a length: no line takes the root.",
            "`{code}` 是长度的平方：没有任何一行开平方根。",
        ),
        VECTOR,
    ),
    GeneralCause(
        "error_by_entry",
        checking.error_by_entry,
        Text(
            "`{code}` divides entry by entry; the error is one length divided by the sum of two.",
            "`{code}` 是逐元素相除的；误差应是一个长度除以两个长度之和。",
        ),
        VECTOR,
    ),
    GeneralCause(
        "same_point_twice",
        checking.second_names,
        Text(
            "`{code}` and `{other}` make no copies: both are names of x itself, so f is evaluated "
            "twice at one point.",
            "`{code}` 和 `{other}` 都没有复制：两个名字指的都是 x 本身，于是两次求值在同一个点上。",
        ),
        Text(
            "How many arrays are there? What makes a new one?",
            "这里有几个数组？怎样才能得到一个新数组？",
        ),
        instead_of=("changes_argument",),
    ),
    *(
        GeneralCause(
            name,
            checking.kept_of_other(callee),
            Text(
                "`{code}` gets `{name}`, which belongs to the other one; `{other}` is never used.",
                "`{code}` 用的是另一层的 `{name}`，而 `{other}` 从未用到。",
            ),
            Text(
                "Which layers did each of the two come from on the way forward?",
                "前向时，这两份数据各来自哪一层？",
            ),
        )
        for name, callee in (
            ("cache_of_other_convolution", "conv.*"),
            ("cache_of_other_pooling", "pool.*"),
            ("Z_of_other_relu", "relu.*"),
        )
    ),
    *(
        GeneralCause(name, checking.divided(functions, *outputs), message, MEAN_OF_LOSS)
        for name, message, functions, *outputs in (
            ("averaged_over_batch", AVERAGED, "dense.*"),
            ("averaged_over_examples", DIVIDED, "conv.*(?<!_fast)"),
            ("dW_mean", DIVIDED, "conv.*_fast", "dW"),
            ("db_mean", DIVIDED, "conv.*_fast", "db"),
            ("all_divided_by_m", DIVIDED, "conv.*_fast", "dW", "db"),
        )
    ),
)
