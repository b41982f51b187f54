"""Mistakes that a wrong function's text shows: sizes of arrays, and what misses the result."""

from checks.evidence import GeneralCause
from checks.rules import blocks, lost, sizes, suspicions
from checks.rules.arrays import BY_SIDES
from checks.text import Text


def _size(name: str, message: Text, hint: Text) -> GeneralCause:
    return GeneralCause(
        name,
        sizes.wrong_size(name),
        message,
        hint,
        instead_of=("output_size", "empty_window", "loops_over_input"),
    )


COUNT = Text(
    "For an image of 5 rows, f = 3 and stride 2: count the positions by hand, then use your line.",
    "取 5 行的图像、f = 3、步幅 2：先自己数一数有几个位置，再用这一行算一算。",
)

BY_SIZE = (
    _size(
        "size_one_missing",
        Text(
            "`{code}` gives one position too few: the first position of the window is not counted.",
            "`{code}` 少算了一个位置：窗口的第一个位置没有数进去。",
        ),
        COUNT,
    ),
    _size(
        "size_one_twice",
        Text(
            "`{code}` gives one position too many: 1 is added twice.",
            "`{code}` 多算了一个位置：1 加了两次。",
        ),
        COUNT,
    ),
    _size(
        "size_one_inside",
        Text(
            "In `{code}` the 1 is added before the division by the stride, not after it.",
            "`{code}` 在除以步幅之前就加了 1，而不是除完之后再加。",
        ),
        COUNT,
    ),
    _size(
        "size_rounded_up",
        Text(
            "`{code}` rounds the number of steps up, so the last window reaches past the image.",
            "`{code}` 把步数向上取整了，最后一个窗口会超出图像。",
        ),
        Text(
            "What has to happen with a step for which only a part of the window is left?",
            "如果最后一步只剩下不足一个窗口，这一步还算吗？",
        ),
    ),
    _size(
        "size_rounded",
        Text(
            "`{code}` rounds the number of steps to the nearest whole number, sometimes up.",
            "`{code}` 把步数四舍五入了，有时会向上取整。",
        ),
        Text(
            "What has to happen with a step for which only a part of the window is left?",
            "如果最后一步只剩下不足一个窗口，这一步还算吗？",
        ),
    ),
    _size(
        "size_pad_once",
        Text(
            "`{code}` counts the padding once, but it lies on two sides.",
            "`{code}` 只算了一侧的填充，而两侧都有填充。",
        ),
        Text(
            "By how many rows does an image grow that is padded by 1?",
            "图像填充 1 圈之后，行数增加多少？",
        ),
    ),
    _size(
        "size_pad_twice",
        Text(
            "`{code}` counts the padding twice: the array whose size it starts from is padded "
            "already.",
            "`{code}` 把填充算了两次：它用到的大小已经是填充之后的了。",
        ),
        Text(
            "Is the shape read before or after the padding?",
            "形状是在填充之前还是之后读取的？",
        ),
    ),
    _size(
        "size_pad_missing",
        Text(
            "`{code}` leaves the padding out.",
            "`{code}` 没有把填充算进去。",
        ),
        Text(
            "By how many rows does an image grow that is padded by 1?",
            "图像填充 1 圈之后，行数增加多少？",
        ),
    ),
    _size(
        "size_stride_missing",
        Text(
            "`{code}` leaves the stride out: it counts the positions for stride 1.",
            "`{code}` 没有用到步幅：算出的是步幅为 1 时的位置数。",
        ),
        COUNT,
    ),
    _size(
        "size_f_missing",
        Text(
            "`{code}` leaves the size f of the window out.",
            "`{code}` 没有减去窗口的大小 f。",
        ),
        COUNT,
    ),
    GeneralCause(
        "sides_exchanged",
        sizes.sides_exchanged,
        Text(
            "In `{code}` height and width are exchanged.",
            "`{code}` 中高度与宽度弄反了。",
        ),
        Text(
            "Which axis of a batch of images counts rows? Try an image that is not square.",
            "一批图像的哪个轴是行？换一张非正方形图像试试。",
        ),
        instead_of=BY_SIDES,
    ),
    GeneralCause(
        "blocks_for_windows",
        blocks.blocks_for_windows,
        Text(
            "`{code}` cuts the image into blocks side by side. Windows are such blocks only if the "
            "stride is f, and if the blocks fill the image.",
            "`{code}` 把图像切成了并排的块。只有步幅等于 f、并且块恰好铺满图像时，"
            "窗口才是这样的块。",
        ),
        Text(
            "With f = 3 and stride 1, which rows belong to the first window, which to the second?",
            "f = 3、步幅 1 时，第一个窗口是哪几行？第二个呢？",
        ),
        instead_of=("pooled_along_one_axis", "window_not_pooled"),
    ),
    GeneralCause(
        "blocks_for_windows",
        blocks.repeated_for_windows,
        Text(
            "`{code}` puts each number f times side by side. Windows lie like that only if the "
            "stride is f, and if they fill the image.",
            "`{code}` 把每个数并排重复了 f 次。只有步幅等于 f、并且窗口恰好铺满图像时，"
            "窗口才是这样排列的。",
        ),
        Text(
            "With f = 3 and stride 1, which rows belong to the first window, which to the second?",
            "f = 3、步幅 1 时，第一个窗口是哪几行？第二个呢？",
        ),
    ),
)

BY_LOSS = (
    GeneralCause(
        "result_not_stored",
        lost.not_stored,
        Text(
            "`{code}` works something out, but no line stores it, so it has no effect.",
            "`{code}` 算出的结果没有存下来，因此这一行不起作用。",
        ),
        Text(
            "Into which name, or which part of an array, does the result of this line belong?",
            "这一行的结果应当存进哪个变量，或者数组的哪一部分？",
        ),
        instead_of=("share_unused", "branch_without_result", "not_padded"),
    ),
    GeneralCause(
        "result_not_stored",
        lost.returned_without,
        Text(
            "`{code}`: no line uses `{name}`; what is returned is `{other}`, without it.",
            "`{code}`：没有任何一行用到 `{name}`；返回的是 `{other}`，其中没有它。",
        ),
        Text("Which of the two names should the next lines use?", "后面的代码应当用哪一个变量？"),
        instead_of=("share_unused", "branch_without_result"),
    ),
    GeneralCause(
        "another_returned",
        lost.another_returned,
        Text(
            "`{code}`: `{other}` works out `{name}`, which is not returned.",
            "`{code}`：`{other}` 算出了 `{name}`，返回的却不是它。",
        ),
        Text(
            "Which name holds the result after the last step?",
            "走完最后一步，结果在哪个变量里？",
        ),
        instead_of=("sum_missing", "bias_missing", "result_not_stored"),
    ),
    GeneralCause(
        "added_to_copy",
        lost.added_to_copy,
        Text(
            "`{code}` changes `{name}`, which is a copy (`{made}`); no line uses it.",
            "`{code}` 改动的 `{name}` 是一份副本（`{made}`），没有任何一行用到它。",
        ),
        Text(
            "Does a change of a copy reach the array that it was made from? And of a slice?",
            "改动副本，原来的数组会变吗？改动切片呢？",
        ),
        instead_of=("branch_without_result", "dA_prev_stays_zero", "A_stays_zero"),
    ),
    GeneralCause(
        "added_to_new_array",
        lost.added_to_new_array,
        Text(
            "`{code}` changes `{name}`, a new array (`{made}`); no line uses it.",
            "`{code}` 改动的 `{name}` 是新建的数组（`{made}`），没有任何一行用到它。",
        ),
        Text(
            "How does what you collected there reach the array that you return?",
            "累加在那里的数，怎样才能到达你返回的数组？",
        ),
        instead_of=("branch_without_result", "dA_prev_stays_zero", "A_stays_zero"),
    ),
    GeneralCause(
        "result_made_in_loop",
        suspicions.result_made_in_loop,
        Text(
            "`{name}` is filled with zeros again at each step of `{code}`, so what earlier steps "
            "stored is lost.",
            "`{code}` 每走一步都会把 `{name}` 重新置零，之前存入的结果就丢失了。",
        ),
        Text("How often should the result be created?", "结果数组应当创建几次？"),
        instead_of=("last_example_only", "last_window_only", "last_channel_only"),
    ),
    GeneralCause(
        "cache_name_rebound",
        lost.cache_name_rebound,
        Text(
            "`{code}` gives the name `{name}` to something else, and the cache then holds that.",
            "`{code}` 让 `{name}` 这个名字指向了别的数据，存进 cache 的就不再是原来的参数。",
        ),
        Text(
            "Which name is free for it, so that the cache still gets the argument?",
            "换一个什么名字，才能让 cache 存入原来的参数？",
        ),
        instead_of=("cache", "cache_of_padded"),
    ),
    GeneralCause(
        "returned_as_list",
        lost.returned_as_list,
        Text(
            "`{name}` is returned as a Python list, not as one array.",
            "`{name}` 是以 Python 列表返回的，而不是一个数组。",
        ),
        Text(
            "A list has no shape. Which function of NumPy makes one array of it?",
            "列表没有 shape。NumPy 的哪个函数能把它变成一个数组？",
        ),
        instead_of=("list_returned",),
    ),
)
