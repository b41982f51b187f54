"""Mistakes that a wrong function's text shows by itself, and that no correct function holds."""

from checks import code_rules
from checks.evidence import GeneralCause
from checks.rules import arrays, mistaken, paths, shapes, sizes
from checks.rules.arrays import BY_SIDES
from checks.text import Text

SIZES = Text(
    "{names} is given the sizes of {array}, but it belongs to the input.",
    "{names} 的大小取自 {array}，而它应与输入一样大。",
)
SIZES_HINT = Text(
    "dA_prev has the shape of A_prev. Which array has that shape?",
    "dA_prev 的形状与 A_prev 相同。应从哪个数组读取大小？",
)
ORDER = Text(
    "The shape of {array} is read as ({names}), but here the channels are the last axis.",
    "{array} 的形状被读成了 ({names})，而这里通道是最后一个轴。",
)
ORDER_HINT = Text(
    "Print {array}.shape: which of the four numbers is which?",
    "打印 {array}.shape：四个数各是什么？",
)
SIDES = Text(
    "The shape of {array} is read as ({names}): height and width are swapped.",
    "{array} 的形状被读成了 ({names})：高度与宽度弄反了。",
)
SIDES_HINT = Text(
    "Which axis of a batch counts rows, and what is that number called?",
    "这批数据的哪个轴是行？行数用哪个变量表示？",
)
INSIDE = Text(
    "`return` stands inside a loop, so the function ends at the loop's first step.",
    "`return` 写在了循环里面，循环只走了一步，函数就结束了。",
)
INSIDE_HINT = Text(
    "A function ends at its return. How far is that line indented?",
    "函数执行到 return 就结束了。这一行缩进了多少？",
)

BY_CODE = (
    GeneralCause("first_example_only", code_rules.returned_after_example, INSIDE, INSIDE_HINT),
    GeneralCause(
        "returned_inside_loop",
        code_rules.returned_inside_loop,
        INSIDE,
        INSIDE_HINT,
        instead_of=("first_example_only", "channel_missing", "loops_stop_early", "corner_only"),
    ),
    GeneralCause(
        "count_as_index",
        code_rules.count_as_index,
        Text(
            "In `{code}` the index `{name}` is a count, not the variable of a loop.",
            "`{code}` 中的下标 `{name}` 是个数，而不是循环变量。",
        ),
        Text(
            "Which variable of your loops runs from 0 to that count?",
            "哪个循环变量从 0 开始一直数到这个数？",
        ),
        instead_of=("last_channel_only", "too_many_indices"),
    ),
    GeneralCause(
        "divided_and_multiplied",
        arrays.divided_and_multiplied,
        Text(
            "`{code}` divides by {name} and then multiplies by it again: brackets are missing.",
            "`{code}` 先除以 {name}，接着又乘以 {name}：缺少括号。",
        ),
        Text(
            "In which order does Python work out a / b * c?",
            "Python 按什么顺序计算 a / b * c？",
        ),
        instead_of=("sum_instead_of_mean", "average_not_divided"),
    ),
    GeneralCause(
        "chained_slices",
        arrays.chained_slices,
        Text(
            "In `{code}` the part [:] changes nothing: the next brackets pick from the same axis.",
            "`{code}` 中的 [:] 不起作用：后面的方括号取的还是同一个轴。",
        ),
        Text(
            "Put all indices into one pair of brackets, with commas between them.",
            "把所有下标写在同一对方括号里，用逗号隔开。",
        ),
    ),
    GeneralCause(
        "chained_slices",
        arrays.one_axis_cut_twice,
        Text(
            "In `{code}` both pairs of brackets cut the first axis; the second axis stays whole.",
            "`{code}` 中的两对方括号切的都是第一个轴，第二个轴没有切。",
        ),
        Text(
            "Put all indices into one pair of brackets, with commas between them.",
            "把所有下标写在同一对方括号里，用逗号隔开。",
        ),
        instead_of=("empty_window",),
    ),
    GeneralCause(
        "one_array_two_names",
        arrays.one_array_two_names,
        Text(
            "`{code}` makes one array with two names: what is stored in one, is in the other, too.",
            "`{code}` 只创建了一个数组，却有两个名字：存进其中一个的数，也会出现在另一个里。",
        ),
        Text("How many arrays does this line create?", "这一行创建了几个数组？"),
    ),
    GeneralCause(
        "hparameters_unpacked",
        code_rules.hyperparameters_unpacked,
        Text(
            "hparameters is unpacked like a tuple; a dictionary gives its keys then, not its "
            "values.",
            "把 hparameters 当成元组解包了；字典解包得到的是键，而不是值。",
        ),
        Text(
            'Read each entry by its key: hparameters["stride"].',
            '按键来取每一项：hparameters["stride"]。',
        ),
    ),
    GeneralCause(
        "changes_hparameters",
        code_rules.hyperparameters_changed,
        Text(
            "`{code}` changes the dictionary hparameters, which belongs to the caller.",
            "`{code}` 改动了字典 hparameters，而它属于调用者。",
        ),
        Text(
            "Which way of reading an entry leaves the dictionary as it is?",
            "怎样读取一项而不改动字典？",
        ),
    ),
    GeneralCause(
        "window_size_hard_coded",
        code_rules.fixed("f"),
        Text(
            "`f` is a fixed number, {number}, whatever size the windows have.",
            "无论窗口多大，`f` 都是固定的数 {number}。",
        ),
        Text(
            "The size of the window comes from the shape of W, or from hparameters.",
            "窗口的大小要从 W 的形状或 hparameters 中取得。",
        ),
    ),
    GeneralCause(
        "stride_hard_coded",
        code_rules.fixed("stride"),
        Text(
            "`stride` is a fixed number, {number}, whatever hparameters say.",
            "无论 hparameters 中是多少，`stride` 都是固定的数 {number}。",
        ),
        Text('Where is hparameters["stride"] used?', 'hparameters["stride"] 用在了哪里？'),
        instead_of=("stride_ignored",),
    ),
    GeneralCause(
        "pad_hard_coded",
        code_rules.fixed("pad"),
        Text(
            "`pad` is a fixed number, {number}, whatever hparameters say.",
            "无论 hparameters 中是多少，`pad` 都是固定的数 {number}。",
        ),
        Text('Where is hparameters["pad"] used?', 'hparameters["pad"] 用在了哪里？'),
        instead_of=("padded_once_hard_coded", "unpadded_input"),
    ),
    GeneralCause(
        "mode_name",
        code_rules.mode_name,
        Text(
            '`mode` is compared with "{word}", but the two modes are called "max" and "average".',
            '`mode` 与 "{word}" 作了比较，而两种模式的名字是 "max" 和 "average"。',
        ),
        Text(
            "Compare the words letter by letter with those in the docstring.",
            "与函数说明中的两个词逐个字母对照。",
        ),
        instead_of=(
            "always_max",
            "always_average",
            "branch_without_result",
            "mode_without_effect",
            "used_before_assigned",
            "modes_swapped",
        ),
    ),
    GeneralCause(
        "loops_start_at_one",
        code_rules.starts_at_one,
        Text(
            "The loop over {name} starts at 1, so position 0 is left out.",
            "对 {name} 的循环从 1 开始，漏掉了第 0 个位置。",
        ),
        Text("What is the index of the first row?", "第一行的下标是多少？"),
        instead_of=("channel_missing", "example_missing"),
    ),
    GeneralCause(
        "filter_cut_by_window",
        code_rules.filter_cut_by_window,
        Text(
            "`{name}` is cut by the corners of the window, which are positions in the image.",
            "`{name}` 按窗口的起止位置切片了，而那是图像中的位置。",
        ),
        Text(
            "At every position of the window the whole filter is used. Which index picks it?",
            "窗口在每个位置用的都是整个滤波器。用哪个下标取出它？",
        ),
    ),
    GeneralCause(
        "bias_of_filter",
        code_rules.bias_of_filter,
        Text(
            "{name} is given `{code}`, which is not the bias of filter c alone.",
            "传给 {name} 的是 `{code}`，它不只是第 c 个滤波器的偏置。",
        ),
        Text(
            "b has four axes. Which of them counts the filters?",
            "b 有四个轴。其中哪一个对应滤波器？",
        ),
        instead_of=("bias_of_first_filter", "biases_summed"),
    ),
    GeneralCause("channels_first", shapes.channels_first, ORDER, ORDER_HINT),
    GeneralCause("filters_channels_first", shapes.channels_first_twice, ORDER, ORDER_HINT),
    GeneralCause(
        "height_width_swapped_loops",
        shapes.swapped_shape,
        SIDES,
        SIDES_HINT,
        instead_of=BY_SIDES,
    ),
    GeneralCause(
        "height_width_swapped_loops",
        sizes.sides_read_exchanged,
        Text(
            "The output's rows are worked out from axis 2 of {array}, which counts columns, and "
            "its columns from axis 1: ({names}).",
            "输出的行数是由 {array} 的轴 2（列）算出来的，列数是由轴 1（行）算出来的：({names})。",
        ),
        SIDES_HINT,
        instead_of=BY_SIDES,
    ),
    GeneralCause(
        "height_width_swapped_loops",
        sizes.sizes_exchanged,
        Text(
            "The output's rows are worked out from the input's columns, and its columns from the "
            "rows: `{code}`, `{of}`.",
            "输出的行数是由输入的列数算出来的，列数是由行数算出来的：`{code}`，`{of}`。",
        ),
        SIDES_HINT,
        instead_of=BY_SIDES,
    ),
    GeneralCause(
        "sizes_of_wrong_array",
        shapes.sizes_of_wrong_array,
        SIZES,
        SIZES_HINT,
    ),
    GeneralCause("shape_of_dA", shapes.shape_of_dA, SIZES, SIZES_HINT),
    GeneralCause(
        "weight_decay",
        code_rules.weight_decay,
        Text(
            "`{code}` is added to dW: that is weight decay, and not the gradient of this layer.",
            "dW 里加上了 `{code}`：那是权重衰减，不属于这一层的梯度。",
        ),
        Text(
            "Where does W stand in the formula of dW?",
            "dW 的公式里有 W 吗？",
        ),
    ),
    GeneralCause(
        "flattened_again",
        paths.flattened_again,
        Text(
            "`{code}` flattens once more; on the way back the shape from before flatten is needed.",
            "`{code}` 又展平了一次，而反向时应当恢复展平之前的形状。",
        ),
        Text(
            "What undoes flatten, and which array still has the shape from before it?",
            "怎样还原 flatten？哪个数组还保留着展平之前的形状？",
        ),
        instead_of=("shape_unpacked_wrong_number", "not_reshaped"),
    ),
    GeneralCause(
        "window_length",
        code_rules.window_length,
        Text(
            "A window ends {name} rows or columns after its start, which is the size of an array.",
            "窗口的终点是起点加 {name}，而那是数组的大小，不是窗口的边长。",
        ),
        Text("How many rows and columns does a window have?", "一个窗口有几行几列？"),
        instead_of=("window_end_off_by_one",),
    ),
    GeneralCause(
        "hparameter_name",
        mistaken.entry_missing,
        Text(
            "hparameters has no key `{key}`, so `{code}` finds nothing.",
            "hparameters 中没有 `{key}` 这个键，`{code}` 什么也取不到。",
        ),
        Text(
            "Print hparameters: what are its keys called, letter by letter?",
            "打印 hparameters：其中的键逐个字母是怎么写的？",
        ),
        instead_of=("wrong_pad_call", "none_used", "unpadded_input", "stride_ignored"),
    ),
    GeneralCause(
        "fixed_number_of_axes",
        mistaken.fixed_number_of_axes,
        Text(
            "The loops run over {number} of the axes of `{name}`, which can have another number of "
            "them.",
            "循环走遍的是 `{name}` 的 {number} 个轴，而它的轴数不一定是这么多。",
        ),
        Text(
            "Print `{name}.shape`. Which functions of NumPy need no loops?",
            "打印 `{name}.shape`。NumPy 的哪些函数不需要循环？",
        ),
        instead_of=("truth_of_an_array", "too_many_indices", "shape_unpacked_wrong_number"),
    ),
    GeneralCause(
        "stored_the_wrong_way",
        mistaken.stored_the_wrong_way,
        Text(
            "`{code}` stores into `{other}` what is in `{name}`; the two sides are exchanged.",
            "`{code}` 把 `{name}` 中的数存进了 `{other}`：等号两边写反了。",
        ),
        Text(
            "Which side of = is changed, and which array is still all zeros at the end?",
            "等号哪一边会被改动？到最后，哪个数组仍然全是零？",
        ),
    ),
    GeneralCause(
        "kept_between_calls",
        mistaken.kept_between_calls,
        Text(
            "`{code}` is made once, when the function is defined: each call goes on with what the "
            "last one has left in `{name}`.",
            "`{code}` 只在定义函数时创建一次：每次调用都会接着用上一次留在 `{name}` 里的内容。",
        ),
        Text(
            "Where should an empty `{name}` be made, so that every call has its own?",
            "应当在哪里创建空的 `{name}`，才能让每次调用都有自己的一份？",
        ),
        instead_of=("random_initial_gradient", "other_parameters"),
    ),
    GeneralCause(
        "method_not_called",
        mistaken.never_called,
        Text(
            "`{code}` names a method without calling it: its round brackets are missing.",
            "`{code}` 只写了方法名，并没有调用它：缺少圆括号。",
        ),
        Text("What does Python print for this part alone?", "单独打印这一部分，会看到什么？"),
        instead_of=("always_false",),
    ),
    GeneralCause(
        "works_in_place",
        mistaken.works_in_place,
        Text(
            "`{code}` keeps what `{name}` returns, which is None: it changes its array in place.",
            "`{code}` 用了 `{name}` 的返回值，而那是 None：它直接改动原来的数组。",
        ),
        Text(
            "Give the array a name first, and call `{name}` on a line of its own.",
            "先给数组起个名字，再单独用一行调用 `{name}`。",
        ),
        instead_of=("nothing_returned", "none_used", "only_one_returned"),
    ),
    GeneralCause(
        "input_for_windows",
        mistaken.input_for_windows,
        Text(
            "`{names}` are the height and width of the input; `{of}` needs the numbers of windows.",
            "`{names}` 是输入的高和宽，而 `{of}` 需要的是窗口的个数。",
        ),
        Text(
            "How many windows of f rows fit into the input, for stride 1 and for stride 2?",
            "步幅为 1 和 2 时，输入里各放得下多少个 f 行的窗口？",
        ),
        instead_of=("output_size", "loops_over_positions", "loops_over_input"),
    ),
)
