"""Mistakes with windows that a line of a wrong function proves, beside any other."""

from checks.evidence import GeneralCause
from checks.rules.certain import steps, windows
from checks.text import Text

BY_WINDOW = (
    GeneralCause(
        "positions_reduced",
        windows.over_positions,
        Text(
            "`{code}` goes over axes 1 and 2 of the view, which count the positions; the rows and "
            "columns of each window are its last two axes.",
            "`{code}` 沿轴 1 和轴 2 计算，而这两个轴对应窗口的位置；"
            "每个窗口自己的行和列是最后两个轴。",
        ),
        Text(
            "Print the shape of the view: which of its axes have the length f?",
            "打印这个视图的形状：哪些轴的长度是 f？",
        ),
    ),
    GeneralCause(
        "examples_reduced",
        windows.over_examples,
        Text(
            "`{code}` goes over axis 0, which counts the examples; the rows and columns of the "
            "window are axes 1 and 2.",
            "`{code}` 沿轴 0 计算，而轴 0 对应样本；窗口的行和列是轴 1 和轴 2。",
        ),
        Text(
            "Which numbers are compared or averaged for one output of one example?",
            "算一个样本的一个输出时，参与比较或求平均的是哪些数？",
        ),
        instead_of=("mask_of_whole_batch",),
    ),
    GeneralCause(
        "everything_reduced",
        windows.over_everything,
        Text(
            "`{code}` gives one number for all examples and channels of the window together; each "
            "example and each channel has its own.",
            "`{code}` 把窗口中所有样本、所有通道合在一起，只得到一个数；"
            "而每个样本、每个通道都应当各算各的。",
        ),
        Text(
            "Over which axes of the window does the reduction go, and which have to stay?",
            "这个计算应当沿窗口的哪些轴进行？哪些轴要保留？",
        ),
        instead_of=("mask_of_whole_batch",),
    ),
    GeneralCause(
        "axes_in_one_mode",
        windows.axes_in_one_mode,
        Text(
            "`{code}` goes over all axes of the window, channels included; `{other}` does not.",
            "`{code}` 会把窗口的所有轴（包括通道轴）合在一起算，而 `{other}` 不会。",
        ),
        Text(
            "Which shape does each of the two give for a window of 2 x 2 with 3 channels?",
            "对于有 3 个通道的 2 × 2 窗口，这两个式子各得到什么形状？",
        ),
        instead_of=("all_channels",),
    ),
    GeneralCause(
        "stacked_in_front",
        windows.stacked_in_front,
        Text(
            "`{code}` makes the channels the first axis of an image; here they are the last one.",
            "`{code}` 把通道放到了图像的第一个轴，而这里通道是最后一个轴。",
        ),
        Text(
            "Which argument of np.stack says where the new axis goes?",
            "np.stack 的哪个参数指定新轴的位置？",
        ),
    ),
    GeneralCause(
        "stride_one_way",
        windows.stride_one_way,
        Text(
            "In `{code}` the stride thins out the windows in one direction only.",
            "`{code}` 只在一个方向上按步幅取窗口。",
        ),
        Text(
            "Which axes of the view count the positions downwards and to the right?",
            "视图的哪两个轴分别对应向下和向右的位置？",
        ),
    ),
    GeneralCause(
        "moves_by_window_size",
        windows.starts_by_f,
        Text(
            "The windows start at `{code}` and `{of}`: they move by f at each step, not by the "
            "stride.",
            "窗口的起点是 `{code}` 和 `{of}`：每一步移动 f 个像素，而不是 stride 个像素。",
        ),
        Text(
            "With f = 3 and stride 1: where do the first and the second window start?",
            "f = 3、步幅为 1 时，第一个和第二个窗口分别从哪里开始？",
        ),
        instead_of=("stride_ignored", "argument_unused", "hyperparameter_unused"),
    ),
    GeneralCause(
        "stride_inside_window",
        windows.skips_inside,
        Text(
            "`{code}` skips pixels within a window: the stride is how far a window moves.",
            "`{code}` 在窗口内部跳着取像素；而 stride 是窗口每次移动的距离。",
        ),
        Text(
            "For f = 3 and stride 2, how many pixels does one window hold?",
            "f = 3、步幅为 2 时，一个窗口里有多少个像素？",
        ),
        instead_of=("window_end_off_by_one", "window_length"),
    ),
    GeneralCause(
        "window_is_stride",
        windows.ends_by_stride,
        Text(
            "The window `{code}` has as many rows and columns as the stride; its size is f.",
            "窗口 `{code}` 的行数和列数等于步幅，而窗口的边长应当是 f。",
        ),
        Text(
            "Which of the two numbers says how far a window moves, and which how large it is?",
            "f 和 stride，哪个表示窗口移动多远，哪个表示窗口有多大？",
        ),
        instead_of=("window_end_off_by_one", "window_length"),
    ),
    GeneralCause(
        "window_length",
        windows.ends_by_product,
        Text(
            "The window `{code}` ends f times the stride after its start; its size is f, whatever "
            "the stride is.",
            "窗口 `{code}` 的终点是起点加上 f 乘步幅，而无论步幅是多少，窗口的边长都是 f。",
        ),
        Text("How many rows and columns does a window have?", "一个窗口有几行几列？"),
        instead_of=("window_end_off_by_one", "start_without_stride"),
    ),
    GeneralCause(
        "result_too_small",
        steps.no_larger_than_input,
        Text(
            "`{code}` is as large as X; the padded images need room for their border.",
            "`{code}` 与 X 一样大，而填充后的图像还要放得下四周的边。",
        ),
        Text(
            "By how many rows and columns does an image grow that is padded by pad?",
            "图像填充 pad 圈之后，行数和列数各增加多少？",
        ),
    ),
    GeneralCause(
        "settings_by_order",
        steps.settings_by_order,
        Text(
            "`{code}` comes in the order in which the dictionary was made, which may be any.",
            "`{code}` 的顺序取决于字典是怎样创建的，可能是任何顺序。",
        ),
        Text(
            'Read each entry by its key: hparameters["stride"].',
            '按键来取每一项：hparameters["stride"]。',
        ),
    ),
    GeneralCause(
        "bias_inside_sum",
        steps.bias_in_each_step,
        Text(
            "`{code}` adds the bias at each step of the loop over `{name}`; one output has one "
            "bias, added once.",
            "对 `{name}` 的循环每走一步，`{code}` 都加一次偏置；而一个输出只有一个偏置，只加一次。",
        ),
        Text(
            "How often is the line run for one output?",
            "算一个输出时，这一行执行几次？",
        ),
    ),
    GeneralCause(
        "counter_overwritten",
        steps.counter_overwritten,
        Text(
            "`{name}` counts the steps of a loop, and `{code}` gives it another value: after that "
            "`{of}` no longer is the place of this step.",
            "`{name}` 是循环变量，而 `{code}` 又给它赋了别的值，"
            "之后 `{of}` 就不再是这一步的位置了。",
        ),
        Text(
            "Which two things share a name here? Give one of them another.",
            "这里哪两样东西用了同一个名字？给其中一个换个名字。",
        ),
    ),
    GeneralCause(
        "sorted_in_place",
        steps.sorted_in_place,
        Text(
            "`{code}` sorts the numbers where they lie: the window is a part of `{name}`, so the "
            "input itself changes.",
            "`{code}` 是原地排序：窗口是 `{name}` 的一部分，于是输入本身也变了。",
        ),
        Text(
            "Is a slice of an array a copy of its numbers?",
            "数组的切片会复制其中的数吗？",
        ),
    ),
    GeneralCause(
        "tensordot_without_axes",
        steps.tensordot_without_axes,
        Text(
            "`{code}` sums over two pairs of axes, the last two of the first array and the first "
            "two of the second; here all three axes go together.",
            "`{code}` 只对两对轴求和：第一个数组的最后两个轴和第二个数组的前两个轴；"
            "而这里三个轴都要对应相乘再求和。",
        ),
        Text(
            "Which argument of np.tensordot says how many axes go together?",
            "np.tensordot 的哪个参数指定对应的轴数？",
        ),
    ),
)
