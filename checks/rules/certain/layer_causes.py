"""Mistakes of the layers that a line of a wrong function proves, beside any other."""

from checks.evidence import GeneralCause
from checks.rules.certain import gradients, layers, orders
from checks.text import Text

BY_LAYER = (
    GeneralCause(
        "numbers_in_another_order",
        layers.fortran_order,
        Text(
            "`{code}`: the order 'F' lets the row run fastest, so the numbers of an image follow "
            "column by column.",
            "`{code}`：'F' 顺序让行号变化最快，于是图像的数是按列优先排列的。",
        ),
        Text(
            "Which index changes first from one number to the next in memory: row, column or "
            "channel?",
            "在内存中从一个数到下一个数，最先变化的是行、列还是通道？",
        ),
    ),
    GeneralCause(
        "numbers_in_another_order",
        layers.axes_moved,
        Text(
            "`{code}` moves the axes of an image before they are joined, so its numbers follow in "
            "another order.",
            "`{code}` 在展平之前移动了图像的轴，于是这些数的顺序变了。",
        ),
        Text(
            "In which order do the numbers of one image follow each other in memory?",
            "一张图像的数在内存中按什么顺序排列？",
        ),
    ),
    GeneralCause(
        "arguments_in_each_others_place",
        orders.arguments_in_each_others_place,
        Text(
            "In `{code}` `{one}` and `{other}` stand in each other's place: the function is "
            "`{head}`.",
            "`{code}` 中的 `{one}` 与 `{other}` 互换了位置：函数的定义是 `{head}`。",
        ),
        Text(
            "Which argument does each parameter get, one after the other?",
            "逐个对照：每个形参得到的是哪个实参？",
        ),
        instead_of=("empty_window", "f_and_stride_swapped", "hyperparameters_swapped"),
    ),
    GeneralCause(
        "counted_off_anew",
        orders.counted_off_anew,
        Text(
            "`{code}` only counts the numbers off anew. They come in the order ({made}), and "
            "reshape does not exchange axes.",
            "`{code}` 只是把数重新排开：这些数是按 ({made}) 的顺序排列的，而 reshape 不会交换轴。",
        ),
        Text(
            "Try reshape and transpose on a 2 x 3 array of the numbers 1 to 6.",
            "用 1 到 6 组成 2 × 3 的数组，分别试试 reshape 和 transpose。",
        ),
    ),
    GeneralCause(
        "pads_wrong_axes",
        layers.every_axis_padded,
        Text(
            "`{code}` puts a border around every axis, examples and channels too.",
            "`{code}` 在每个轴上都填充了，连样本轴和通道轴也包括在内。",
        ),
        Text(
            "Print the shape before and after: which two axes should grow?",
            "打印填充前后的形状：应当变长的是哪两个轴？",
        ),
    ),
    GeneralCause(
        "unpadded_input",
        layers.unpadded_windows,
        Text(
            "`{code}` lays out the windows of the image before padding; dZ belongs to those of the "
            "padded one.",
            "`{code}` 展开的是填充之前的图像的窗口，而 dZ 对应的是填充之后的窗口。",
        ),
        Text(
            "How many windows fit into the padded image? How many rows are in dZ as a matrix?",
            "填充后的图像有多少个窗口？dZ 写成矩阵后有多少行？",
        ),
    ),
    GeneralCause(
        "filters_in_other_order",
        gradients.filters_in_other_order,
        Text(
            "`{code}` gives dW the axes ({order}); those of W are ({own}).",
            "`{code}` 使 dW 的各轴为 ({order})，而 W 的各轴为 ({own})。",
        ),
        Text(
            "Which shape must the gradient of an array have?",
            "一个数组的梯度应当是什么形状？",
        ),
    ),
    GeneralCause(
        "put_back_unpadded",
        gradients.put_back_unpadded,
        Text(
            "`{code}` puts the windows of the padded image back into an image without its border.",
            "`{code}` 把从填充后图像上取出的窗口放回了没有边框的图像。",
        ),
        Text(
            "Which shape does the image have that these windows were taken from?",
            "这些窗口是从什么形状的图像上取出来的？",
        ),
        instead_of=("unpadded_input",),
    ),
    GeneralCause(
        "gradient_unpadded",
        gradients.gradient_unpadded,
        Text(
            "`{code}` adds to `{name}`, which has no border, at places of the padded image.",
            "`{code}` 按填充后图像中的位置，把数加到了没有填充的 `{name}` 上。",
        ),
        Text(
            "Which rows of A_prev does the first window of the padded image cover, for pad = 1?",
            "pad = 1 时，填充后图像的第一个窗口盖住了 A_prev 的哪几行？",
        ),
        instead_of=("unpadded_input",),
    ),
    GeneralCause(
        "stride_hard_coded",
        layers.stride_as_number,
        Text(
            "In `{code}` the stride is always {number}; no line reads it from hparameters.",
            "在 `{code}` 中步幅总是 {number}：没有任何一行从 hparameters 中读取它。",
        ),
        Text('Where is hparameters["stride"] used?', 'hparameters["stride"] 用在了哪里？'),
        instead_of=("stride_ignored", "hyperparameter_unused", "stride_fixed"),
    ),
    GeneralCause(
        "channels_first",
        layers.shape_channels_first,
        Text(
            "`{code}` reads the sizes as ({names}), but here the channels are the last axis.",
            "`{code}` 把各轴读成了 ({names})，而这里通道是最后一个轴。",
        ),
        Text(
            "Print shape: which of the four numbers is which?",
            "打印 shape：四个数各是什么？",
        ),
        instead_of=("shape_of_columns", "channel_not_last", "reshaped_without_transpose"),
    ),
    GeneralCause(
        "filters_first",
        layers.filters_first,
        Text(
            "`{code}` reads the shape of W as if the filters came first; here they are its last "
            "axis, and height and width its first two.",
            "`{code}` 把 W 的形状读成了滤波器在前；而这里滤波器是最后一个轴，高和宽是前两个轴。",
        ),
        Text(
            "Print W.shape: which of the four numbers is which?",
            "打印 W.shape：四个数各是什么？",
        ),
        instead_of=("channels_first", "filters_channels_first", "filters_mixed_up"),
    ),
    GeneralCause(
        "one_of_a_place",
        layers.one_of_a_place,
        Text(
            "`{code}` picks one number at `{place}`, but each place of a window has one for every "
            "channel.",
            "`{code}` 在 `{place}` 处只取了一个数，而窗口的每个位置上每个通道各有一个数。",
        ),
        Text(
            "How long is the last axis of columns, and where do the channels of place 1 begin?",
            "columns 的最后一个轴有多长？第 1 个位置的各通道从哪里开始？",
        ),
        instead_of=("first_channel_only",),
    ),
    GeneralCause(
        "overlap_overwritten",
        layers.put_over_each_other,
        Text(
            "`{code}` stores a window over the earlier ones where they overlap.",
            "`{code}` 在重叠处覆盖了先前放回的窗口。",
        ),
        Text(
            "With stride 1 one pixel lies in several windows. How do their numbers combine?",
            "步幅为 1 时，一个像素落在多个窗口里。它们的数应怎样合在一起？",
        ),
    ),
    GeneralCause(
        "axes_merged",
        layers.windows_in_two_axes,
        Text(
            "`{code}` joins examples and positions into one axis; the result has four axes.",
            "`{code}` 把样本与位置合并成了一个轴，而结果应当有四个轴。",
        ),
        Text(
            "Which axes does the task ask for, and what does each of them count?",
            "练习要求结果有哪几个轴？每个轴表示什么？",
        ),
    ),
    GeneralCause(
        "all_axes_turned",
        layers.all_axes_turned,
        Text(
            "`{name}` still has four axes in `{code}`, and .T turns all of them round: that is no "
            "matrix.",
            "`{code}` 中的 `{name}` 仍有四个轴，.T 会把它们全部倒过来：这不是矩阵。",
        ),
        Text(
            "How do you make a matrix with one row for each window?",
            "怎样得到一个矩阵，使每个窗口占一行？",
        ),
    ),
    GeneralCause(
        "bias_along_first_axis",
        layers.bias_along_first_axis,
        Text(
            "`{code}` picks along the first axis of {name}, which has one entry only; the biases "
            "stand along its last axis.",
            "`{code}` 取的是 {name} 的第一个轴，那里只有一项；各个偏置排在最后一个轴上。",
        ),
        Text(
            "Print the shape of b: how many axes are there, and which one counts the biases?",
            "打印 b 的形状：它有几个轴？哪个轴对应各个偏置？",
        ),
        instead_of=("index_out_of_range", "too_many_indices"),
    ),
    GeneralCause(
        "bias_as_one_number",
        layers.bias_as_one_number,
        Text(
            "`{code}` takes b for a single number, but it holds several, each for its own output.",
            "`{code}` 把 b 当成了一个数，而 b 里有好几个数，各对应一个输出。",
        ),
        Text(
            "How many numbers are in b, and what does + do with an array of that shape?",
            "b 里有几个数？与这种形状的数组相加会怎样？",
        ),
        instead_of=("window_array_in_cell", "returns_scalar", "number_from_array"),
    ),
    GeneralCause(
        "filter_index_missing",
        layers.filter_index_missing,
        Text(
            "`{code}` adds to the gradients of all filters; one number of dZ belongs to filter "
            "{index} alone.",
            "`{code}` 把结果加到了所有滤波器的梯度上，而 dZ 的一个数只属于第 {index} 个滤波器。",
        ),
        Text(
            "Which part of dW belongs to one filter, and which index picks it?",
            "dW 的哪一部分属于一个滤波器？用哪个下标取出它？",
        ),
    ),
)
