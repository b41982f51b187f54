"""Causes that a wrong function's text makes likely, named only where nothing else is."""

from checks import exception_rules
from checks.evidence import GeneralCause
from checks.rules import channels, mistaken, paths, rounding, suspicions
from checks.text import Text

SUSPICIONS = (
    GeneralCause(
        "own_refusal",
        exception_rules.own_refusal,
        Text(
            "The function is stopped by its own line `{line}`, but these inputs are allowed.",
            "函数被自己的 `{line}` 中止了，而这些输入是允许的。",
        ),
        Text(
            "Which inputs does the task allow? Must they be square, or windows side by side?",
            "练习允许哪些输入？一定是正方形吗？窗口一定不重叠吗？",
        ),
        last=True,
    ),
    GeneralCause(
        "argument_unused",
        suspicions.unread_argument,
        Text(
            "The argument `{name}` is never used, so it makes no difference.",
            "参数 `{name}` 从未用到，因此它取什么值都没有区别。",
        ),
        Text(
            "Where does `{name}` stand in the formula or in the steps of the task?",
            "在公式或练习的步骤里，`{name}` 出现在哪里？",
        ),
        last=True,
    ),
    GeneralCause(
        "hyperparameter_unused",
        suspicions.unread_hyperparameter,
        Text(
            'hparameters["{name}"] is never used, so it makes no difference.',
            'hparameters["{name}"] 从未用到，因此它取什么值都没有区别。',
        ),
        Text("What does `{name}` change in the result?", "`{name}` 会怎样影响结果？"),
        last=True,
    ),
    GeneralCause(
        "changes_argument",
        suspicions.changed_argument,
        Text(
            "`{code}` changes the array `{name}` itself, which belongs to the caller.",
            "`{code}` 直接改动了数组 `{name}`，而它属于调用者。",
        ),
        Text(
            "Which lines make a new array, and which write into one that is there?",
            "哪些写法会生成新数组，哪些是在写入已有的数组？",
        ),
        last=True,
    ),
    GeneralCause(
        "decimals_cut",
        rounding.whole_numbers,
        Text(
            "`{code}` cuts decimals off; the result needs all of them.",
            "`{code}` 去掉了小数部分，而结果需要保留全部小数。",
        ),
        Text("What does this line make of 2.7?", "这一行会把 2.7 变成什么？"),
        last=True,
    ),
    GeneralCause(
        "cache_parts",
        suspicions.cache_parts,
        Text(
            "The cache holds ({own}); the task asks for ({task}), in this order.",
            "cache 中是 ({own})；练习要求的是 ({task})，顺序也要一致。",
        ),
        Text(
            "The backward function unpacks it: what does that one expect?",
            "反向函数会把它解包：那里需要的是什么？",
        ),
        last=True,
    ),
    GeneralCause(
        "cache_unpacking",
        suspicions.cache_order,
        Text(
            "The cache is unpacked as ({own}), which is not the order in which it was packed.",
            "cache 被解包成 ({own})，与打包时的顺序不同。",
        ),
        Text(
            "Look at the line of the forward function that makes the cache.",
            "看看前向函数中生成 cache 的那一行。",
        ),
        last=True,
    ),
    GeneralCause(
        "result_never_filled",
        suspicions.never_filled,
        Text(
            "`{name}` is returned as it was made: no line stores anything there.",
            "`{name}` 创建之后就原样返回了：没有任何一行往里存数。",
        ),
        Text("What should be stored there, and by which line?", "那里应当存入什么？由哪一行来存？"),
        last=True,
    ),
    GeneralCause(
        "list_never_filled",
        suspicions.list_never_filled,
        Text(
            "`{name}` begins as an empty list, and no line puts anything into it.",
            "`{name}` 一开始是空列表，而没有任何一行往里添加元素。",
        ),
        Text(
            "What should be in it, and after which step of the loop?",
            "里面应当有什么？在循环的哪一步放进去？",
        ),
        last=True,
    ),
    GeneralCause(
        "fixed_border",
        suspicions.fixed_border,
        Text(
            "In `{code}` the border `{part}` has a fixed width, whatever pad is.",
            "在 `{code}` 中，边框 `{part}` 的宽度是固定的，与 pad 无关。",
        ),
        Text(
            "How wide is the border for pad 2, and for pad 0?", "pad 为 2 和 0 时，边框各有多宽？"
        ),
        last=True,
    ),
    GeneralCause(
        "fixed_size",
        suspicions.fixed_size,
        Text(
            "In `{code}` the size {number} is fixed, but it depends on the arguments.",
            "在 `{code}` 中写死了大小 {number}，而它取决于参数。",
        ),
        Text("Which array's shape holds this number?", "哪个数组的形状里有这个数？"),
        last=True,
    ),
    GeneralCause(
        "channels_in_front",
        channels.channels_in_front,
        Text(
            "`{code}` puts the channels ({name}) in front, but reshape moves no axis: numbers of "
            "different channels get mixed.",
            "`{code}` 把通道数（{name}）写在前面，但 reshape 不会移动轴：不同通道的数会混在一起。",
        ),
        Text(
            "In memory the channels are the last axis. Which shape keeps them there?",
            "在内存中通道是最后一个轴。怎样的形状能让它留在最后？",
        ),
        last=True,
    ),
    GeneralCause(
        "index_array_adds_once",
        suspicions.added_once,
        Text(
            "`{code}`: `+=` with arrays as indices adds once per place, however often the place "
            "occurs.",
            "`{code}`：用数组作下标时，`+=` 对每个位置只加一次，无论这个位置出现几次。",
        ),
        Text(
            "Where windows overlap, a place occurs several times. What adds all of them?",
            "窗口重叠时，同一位置会出现多次。怎样才能全部加上？",
        ),
        last=True,
    ),
    GeneralCause(
        "loop_over_input",
        suspicions.counted_over_input,
        Text(
            "The loop `{code}` counts positions of the input, but `{name}` is used as a position "
            "of the output in `{of}`.",
            "循环 `{code}` 数的是输入的位置，而 `{of}` 中的 `{name}` 应是输出的位置。",
        ),
        Text(
            "How many positions does the output have, and where does window h begin?",
            "输出有多少个位置？第 h 个窗口从哪里开始？",
        ),
        instead_of=("empty_window",),
        last=True,
    ),
    GeneralCause(
        "counted_along_another_axis",
        paths.counted_along_another_axis,
        Text(
            "The loop `{code}` counts axis {axis} of `{name}`, but `{index}` picks from axis "
            "{other} in `{of}`.",
            "循环 `{code}` 数的是 `{name}` 的轴 {axis}，"
            "而 `{of}` 中的 `{index}` 取的是轴 {other}。",
        ),
        Text(
            "Print the shape of `{name}`: what does each of its axes count?",
            "打印 `{name}` 的形状：它的每个轴各表示什么？",
        ),
        last=True,
    ),
    GeneralCause(
        "decided_for_several",
        paths.decided_for_several,
        Text(
            "`{code}` gives one answer for several numbers; here each number needs its own.",
            "`{code}` 对好几个数只给出一个答案，而这里每个数都要各自判断。",
        ),
        Text(
            "What does the comparison alone give for an array, without all or any?",
            "去掉 all 或 any，单独用数组作比较会得到什么？",
        ),
        last=True,
    ),
    GeneralCause(
        "averaged_pairwise",
        suspicions.running_half,
        Text(
            "`{code}` halves again at each step, so later numbers weigh more: that is no mean.",
            "`{code}` 每一步都再取一次一半，越靠后的数权重越大：这不是平均值。",
        ),
        Text("What does it give for 0, 0, 8?", "对 0、0、8 会得到多少？"),
        last=True,
    ),
    GeneralCause(
        "resized",
        suspicions.resized,
        Text(
            "`{code}` cuts or repeats the numbers until they fit; nothing is put in its place.",
            "`{code}` 只是截断或重复数字来凑够个数，并没有把它们放到各自的位置。",
        ),
        Text("Where does each number belong?", "每个数应当放在哪里？"),
        last=True,
    ),
    GeneralCause(
        "all_channels_in_loop",
        channels.all_channels_in_loop,
        Text(
            "`{code}` takes all channels at once, inside the loop `{of}` that goes through them.",
            "`{code}` 一次取了所有通道，而它就在逐个通道的循环 `{of}` 里面。",
        ),
        Text(
            "How many numbers belong to one position and one filter?",
            "一个位置、一个滤波器对应几个数？",
        ),
        last=True,
    ),
    GeneralCause(
        "one_channel_made",
        channels.one_channel,
        Text(
            "`{code}`: the output is made for one channel, whatever the input has.",
            "`{code}`：无论输入有几个通道，输出都只有一个通道。",
        ),
        Text("How many channels does the output have?", "输出有几个通道？"),
        last=True,
    ),
    GeneralCause(
        "stride_fixed",
        mistaken.fixed_stride,
        Text(
            "In `{code}` the stride is always {number}, whatever hparameters say.",
            "在 `{code}` 中，无论 hparameters 中是多少，步幅总是 {number}。",
        ),
        Text(
            "With which stride were the windows taken out that are put back here?",
            "这里放回去的窗口，当初是按多大的步幅取出来的？",
        ),
        last=True,
    ),
    GeneralCause(
        "overwritten_by_loop",
        mistaken.overwritten_by_loop,
        Text(
            "`{code}` gives `{name}` a new value at each step of the loop; only the last is left.",
            "循环每走一步，`{code}` 都给 `{name}` 重新赋值，最后只留下最后一步的值。",
        ),
        Text(
            "Which steps of the loop contribute to the result, and how are they put together?",
            "循环的哪些步对结果有贡献？它们应怎样合在一起？",
        ),
        last=True,
    ),
    GeneralCause(
        "side_never_read",
        mistaken.side_never_read,
        Text(
            "`{code}` is worked out from `{other}`; `{name}` is never used.",
            "`{code}` 是由 `{other}` 算出来的，而 `{name}` 从未用到。",
        ),
        Text(
            "What does the line give for an image that is wider than high?",
            "如果图像的宽大于高，这一行会算出什么？",
        ),
        last=True,
    ),
    GeneralCause(
        "example_fixed",
        mistaken.example_fixed,
        Text(
            "`{code}` always takes example {number}, whichever example is worked on.",
            "无论处理的是哪个样本，`{code}` 取的总是第 {number} 个样本。",
        ),
        Text(
            "Where do the numbers of the other examples come from?",
            "其他样本的数从哪里来？",
        ),
        last=True,
    ),
    GeneralCause(
        "norm_of_matrices",
        mistaken.norm_with_order,
        Text(
            "In `{code}` np.linalg.norm is given an order: then it works on vectors, and on "
            "matrices in another way.",
            "`{code}` 给 np.linalg.norm 指定了阶数：这样它只适用于向量，对矩阵算的又是另一种范数。",
        ),
        Text(
            "What does np.linalg.norm return for an array of any shape, without an order?",
            "不指定阶数时，np.linalg.norm 对任意形状的数组返回什么？",
        ),
        last=True,
    ),
)
