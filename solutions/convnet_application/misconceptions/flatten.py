"""What goes wrong in flatten: which axes are joined, and in which order the numbers follow."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants

cause = partial(variants, "flatten")

EXAMPLES = "m = A.shape[0]"
RESHAPE = "A.reshape(m, -1)"

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "examples_joined",
            {
                "": ((RESHAPE, "A.reshape(-1)"),),
                "row": ((RESHAPE, "A.reshape(1, -1)"),),
                "column": ((RESHAPE, "A.reshape(-1, 1)"),),
            },
            Text(
                "All examples are laid out as one long line.",
                "所有样本被排成了一长串。",
            ),
            Text("How many rows should the result have?", "结果应当有几行？"),
        ),
        cause(
            "examples_in_columns",
            ((RESHAPE, "A.reshape(m, -1).T"),),
            Text("Each example is a column of the result.", "结果中每个样本成了一列。"),
            Text(
                "In this course the first axis counts the examples, in every array.",
                "在本课程中，每个数组的第一个轴都是样本轴。",
            ),
        ),
        cause(
            "examples_mixed",
            {
                "": ((RESHAPE, "A.reshape(-1, m).T"),),
                "order": ((RESHAPE, "A.T.reshape(m, -1)"),),
            },
            Text(
                "Numbers of different examples end up in one row.",
                "不同样本的数混到了一行里。",
            ),
            Text(
                "Fill the first example with ones, the second with twos, and look at the rows.",
                "把第一个样本全填 1、第二个全填 2，再看看结果的每一行。",
            ),
        ),
        cause(
            "rows_of_m",
            {
                "": ((RESHAPE, "A.reshape(-1, m)"),),
                "order": ((RESHAPE, 'A.reshape(-1, m, order="F")'),),
            },
            Text(
                "The result has m columns, not m rows: each row holds only m numbers.",
                "结果有 m 列，而不是 m 行：每一行只有 m 个数。",
            ),
            Text(
                "What does the first number that reshape is given stand for?",
                "传给 reshape 的第一个数表示什么？",
            ),
        ),
        cause(
            "numbers_in_another_order",
            {
                "": ((RESHAPE, 'A.reshape(m, -1, order="F")'),),
                "channels_first": ((RESHAPE, "A.transpose(0, 3, 1, 2).reshape(m, -1)"),),
                "width_first": ((RESHAPE, "A.transpose(0, 2, 1, 3).reshape(m, -1)"),),
                "channels_in_the_middle": ((RESHAPE, "A.transpose(0, 1, 3, 2).reshape(m, -1)"),),
                "width_and_channels_first": ((RESHAPE, "A.transpose(0, 2, 3, 1).reshape(m, -1)"),),
            },
            Text(
                "Each row holds the right numbers in another order.",
                "每一行的数都对，但顺序不对。",
            ),
            Text(
                "In which order do the numbers of one image follow each other in memory?",
                "一张图像的数在内存中按什么顺序排列？",
            ),
        ),
        cause(
            "axis_kept",
            {
                "": ((RESHAPE, "A.reshape(m, -1, A.shape[3])"),),
                "rows": ((RESHAPE, "A.reshape(m, A.shape[1], -1)"),),
                "pixels": ((RESHAPE, "A.reshape(-1, A.shape[3])"),),
                "image_rows": ((RESHAPE, "A.reshape(m * A.shape[1], -1)"),),
            },
            Text(
                "An example is not one row: an axis of the image is kept, or joined with the "
                "examples.",
                "一个样本没有变成一行：图像的某个轴被保留下来，或与样本轴合并了。",
            ),
            Text(
                "The result has two axes. Which one is kept, and which ones are joined?",
                "结果只有两个轴。保留的是哪个轴，合并的是哪几个？",
            ),
        ),
        cause(
            "examples_of_another_axis",
            {
                "": ((EXAMPLES, "m = A.shape[1]"),),
                "columns": ((EXAMPLES, "m = A.shape[2]"),),
                "channels": ((EXAMPLES, "m = A.shape[3]"),),
            },
            Text(
                "The result has as many rows as another axis of A is long, not one for each "
                "example.",
                "结果的行数是 A 的另一个轴的长度，而不是样本数。",
            ),
            Text("Which axis of A counts the examples?", "A 的哪个轴是样本轴？"),
        ),
        cause(
            "unchanged",
            {
                "": ((RESHAPE, "A"),),
                "squeeze": ((RESHAPE, "np.squeeze(A)"),),
            },
            Text(
                "The axes of an example are not joined into one.",
                "样本的几个轴没有合并成一个。",
            ),
            Text("How many axes should the result have?", "结果应当有几个轴？"),
        ),
        cause(
            "first_example_only",
            {
                "": ((RESHAPE, "A[0].reshape(1, -1)"),),
                "vector": ((RESHAPE, "A[0].reshape(-1)"),),
            },
            Text("Only the first example is in the result.", "结果里只有第一个样本。"),
            Text("How many rows should the result have?", "结果应当有几行？"),
        ),
        cause(
            "pooled",
            {
                "": ((RESHAPE, "A.mean(axis=(1, 2))"),),
                "maximum": ((RESHAPE, "A.max(axis=(1, 2))"),),
                "sum": ((RESHAPE, "A.sum(axis=(1, 2))"),),
            },
            Text(
                "Of each example, only one number per channel is left.",
                "每个样本的每个通道只剩下一个数。",
            ),
            Text(
                "How many numbers does one example have, before and after?",
                "展平前后，一个样本各有几个数？",
            ),
        ),
        cause(
            "size_hard_coded",
            {
                "": ((RESHAPE, "A.reshape(m, 64)"),),
                "any_examples": ((RESHAPE, "A.reshape(-1, 64)"),),
                "of_the_model": ((RESHAPE, "A.reshape(m, 2 * 2 * 16)"),),
            },
            Text(
                "A length is written as a fixed number, which does not fit every A.",
                "某个长度写成了固定的数，并不适合所有的 A。",
            ),
            Text(
                "Where can the function read the sizes of A?",
                "函数可以从哪里读到 A 的各个长度？",
            ),
            failure=FailurePattern(r"ValueError", r"cannot reshape array", r"\d\d|\d\s*\*\s*\d"),
        ),
        cause(
            "axis_forgotten",
            {
                "": ((RESHAPE, "A.reshape(m, A.shape[1] * A.shape[2])"),),
                "height": ((RESHAPE, "A.reshape(m, A.shape[2] * A.shape[3])"),),
                "width": ((RESHAPE, "A.reshape(m, A.shape[1] * A.shape[3])"),),
            },
            Text(
                "The length of a row leaves out one of the axes of an example.",
                "每行的长度漏掉了样本的一个轴。",
            ),
            Text(
                "How many numbers does one example have? All of them must find a place.",
                "一个样本有多少个数？每个数都要有位置。",
            ),
        ),
        cause(
            "examples_hard_coded",
            ((RESHAPE, "A.reshape(3, -1)"),),
            Text(
                "The number of rows is the same however many examples A has.",
                "无论 A 有几个样本，结果的行数都一样。",
            ),
            Text(
                "Where can the function read how many examples A has?",
                "函数可以从哪里读到 A 有几个样本？",
            ),
        ),
        cause(
            "list_returned",
            {
                "": ((RESHAPE, "[a.reshape(-1) for a in A]"),),
                "rows": ((RESHAPE, "[a.reshape(1, -1) for a in A]"),),
            },
            Text(
                "The rows are right, but they are separate items, not one array.",
                "每一行都对，但各行是分开的，没有组成一个数组。",
            ),
            Text("What is the type of your result?", "你返回的结果是什么类型？"),
        ),
        cause(
            "third_axis",
            {
                "": ((RESHAPE, "A.reshape(m, -1, 1)"),),
                "before": ((RESHAPE, "A.reshape(m, 1, -1)"),),
                "first": ((RESHAPE, "A.reshape(1, m, -1)"),),
            },
            Text(
                "The result has one axis too many, with a length of 1.",
                "结果多了一个长度为 1 的轴。",
            ),
            Text("Print the shape of the result.", "打印结果的形状。"),
        ),
        cause(
            "last_example_only",
            {
                "": ((RESHAPE, "A[-1].reshape(1, -1)"),),
                "repeated": ((RESHAPE, "np.repeat(A[-1].reshape(1, -1), m, axis=0)"),),
                "last_row": (
                    (RESHAPE, "np.zeros((m, A[0].size)); A_flat[-1] = A[-1].reshape(-1)"),
                ),
            },
            Text(
                "Only the last example is in the result, as if a line came after the loop.",
                "结果里只有最后一个样本，好像某一行写在了循环之后。",
            ),
            Text(
                "Which lines must be done for every example? Check how far they are indented.",
                "哪些行要对每个样本都执行？检查它们的缩进。",
            ),
        ),
    )
)
