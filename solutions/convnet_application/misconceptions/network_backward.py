"""What goes wrong in network_backward: which layer gets which gradient, with which cache, when."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants

cause = partial(variants, "network_backward")

LAST = "dense_backward(dlogits, dense)"
RESHAPE = "dA2 = dA2_flat.reshape(A2.shape)"
POOL_2, POOL_1 = "pool_backward(dA2, pool2)", "pool_backward(dA1, pool1)"
RELU_2, RELU_1 = "relu_backward(dR2, Z2)", "relu_backward(dR1, Z1)"
CONV_2 = "dA1, dW2, db2 = conv_backward(dZ2, conv2)"
CONV_1 = "_, dW1, db1 = conv_backward(dZ1, conv1)"
RETURN = "return dW1, db1, dW2, db2, dW3, db3"

ONE_POOLING = (
    # After the line of the def: as an argument a pooling layer is handed on.
    r"\A(?![^\n]*\n[\s\S]*(?:,\s*pool_?back\w{0,9}\s*[,)]|\bdef\b))(?:(?!pool\w{0,20}\()[\s\S])*"
    r"(?:pool\w{0,20}\((?:(?!pool\w{0,20}\()[\s\S])*)?\Z"
)
"""A text with no more than one call of a pooling layer, and no helper that may be called twice."""

RELU_THEN_POOLING = (
    r"relu_backward\([^\n]{0,80}\b[ZA](?P<trio>\d)\b[^\n]{0,80}\n[^\n]{0,80}\bpool\w{0,20}\("
    r"[^\n]{0,80}(?P=trio)\)"
    r"|relu_backward\([^\n\d]{0,80}\n[^\n\d]{0,80}\bpool\w{0,20}\([^\n\d]{0,80}\n"
    r"|\bpool\w{0,20}\(\s*relu_backward\("
)
"""A text in which a ReLU stands before the pooling of its own trio: Z2, or A2, and pool2."""

OTHER_SHAPE = r"d[AZ] has the shape .* this layer's output"
"""The error of the layers that the check brings along."""


def _returned(values: str) -> tuple[tuple[str, str], ...]:
    return ((RETURN, f"return {values}"),)


_LAYERS = tuple(
    chain(
        cause(
            "relu_missing",
            {
                "": ((RELU_2, "dR2"), (RELU_1, "dR1")),
                "first": ((RELU_1, "dR1"),),
                "second": ((RELU_2, "dR2"),),
            },
            Text(
                "A gradient passes a ReLU as if it were not there, also where Z is negative.",
                "梯度经过 ReLU 时没有被拦住，Z 为负处也照样通过。",
            ),
            Text(
                "Count the layers on the way forward and on the way back: are there as many?",
                "数一数前向和反向各经过几层：一样多吗？",
            ),
        ),
        cause(
            "mask_of_gradient",
            {
                "": ((RELU_2, "relu_backward(dR2, dR2)"), (RELU_1, "relu_backward(dR1, dR1)")),
                "first": ((RELU_1, "relu_backward(dR1, dR1)"),),
                "second": ((RELU_2, "relu_backward(dR2, dR2)"),),
            },
            Text(
                "At a ReLU the sign of the gradient decides what passes, so negative gradients "
                "are lost.",
                "经过 ReLU 时，由梯度的正负决定哪些梯度能通过，负的梯度因此丢失。",
            ),
            Text(
                "A ReLU asks which of its own inputs were positive. Where are they kept?",
                "ReLU 看的是它自己的输入哪些为正。这些输入保存在哪里？",
            ),
        ),
        cause(
            "relu_arguments_exchanged",
            {
                "": ((RELU_2, "relu_backward(Z2, dR2)"), (RELU_1, "relu_backward(Z1, dR1)")),
                "first": ((RELU_1, "relu_backward(Z1, dR1)"),),
                "second": ((RELU_2, "relu_backward(Z2, dR2)"),),
            },
            Text(
                "The arguments of relu_backward are swapped: what comes out is Z, masked.",
                "relu_backward 的两个参数写反了：得到的是被遮住的 Z。",
            ),
            Text(
                "Which argument of relu_backward is the gradient, the first or the second?",
                "relu_backward 的哪个参数是梯度，第一个还是第二个？",
            ),
        ),
        cause(
            "times_Z",
            ((RELU_2, f"{RELU_2} * Z2"), (RELU_1, f"{RELU_1} * Z1")),
            Text(
                "On the way through a ReLU the gradient is multiplied by Z.",
                "梯度经过 ReLU 时又乘上了 Z。",
            ),
            Text(
                "What is the slope of a ReLU where Z is 3?",
                "Z 为 3 时，ReLU 的斜率是多少？",
            ),
            rare=True,
        ),
        cause(
            "relu_before_pooling",
            {
                "": (
                    (POOL_2, "relu_backward(dA2, A2)"),
                    (RELU_2, "pool_backward(dR2, pool2)"),
                    (POOL_1, "relu_backward(dA1, conv2[0])"),
                    (RELU_1, "pool_backward(dR1, pool1)"),
                ),
                "second": (
                    (POOL_2, "relu_backward(dA2, A2)"),
                    (RELU_2, "pool_backward(dR2, pool2)"),
                ),
                "with_Z": (
                    (POOL_2, "relu_backward(dA2, Z2)"),
                    (RELU_2, "pool_backward(dR2, pool2)"),
                    (POOL_1, "relu_backward(dA1, Z1)"),
                    (RELU_1, "pool_backward(dR1, pool1)"),
                ),
            },
            Text(
                "On the way back, a ReLU is passed before the pooling that follows it in the "
                "network.",
                "反向时先过了 ReLU，再过池化；而在网络中，池化排在这个 ReLU 之后。",
            ),
            Text(
                "Write one trio's three layers in a row, and read them from the end.",
                "把一组的三层写成一行，再从末尾往回读。",
            ),
            code=RELU_THEN_POOLING,
            # They all end in the same words; the text tells them apart.
            equivalent=("network_backward/pooling_skipped", "network_backward/mask_of_pooled"),
        ),
        cause(
            "pooling_skipped",
            {
                "": ((POOL_2, "dA2"),),
                "first": ((POOL_1, "dA1"),),
            },
            Text(
                "A pooling layer is left out, so the gradient is too small for what comes next.",
                "漏掉了一个池化层，梯度的高和宽对下一步来说太小。",
            ),
            Text(
                "Pooling halved height and width. What doubles them on the way back?",
                "池化把高和宽减半了。反向时由什么把它们加倍？",
            ),
            code=ONE_POOLING,
            equivalent=("network_backward/relu_before_pooling", "network_backward/mask_of_pooled"),
        ),
        cause(
            "mask_of_pooled",
            ((RELU_2, "relu_backward(dR2, A2)"),),
            Text(
                "The ReLU's mask is taken from A2, which the pooling has made smaller.",
                "ReLU 的掩码取自 A2，而池化已经把它的高和宽变小了。",
            ),
            Text(
                "Which array went into this ReLU on the way forward?",
                "正向时，进入这个 ReLU 的是哪个数组？",
            ),
            code=r"relu_backward\(\s*\w+\s*,\s*A2\s*\)",
            equivalent=("network_backward/relu_before_pooling", "network_backward/pooling_skipped"),
        ),
        cause(
            "average_pooling",
            {
                "": (
                    (POOL_2, 'pool_backward(dA2, pool2, "average")'),
                    (POOL_1, 'pool_backward(dA1, pool1, "average")'),
                ),
                "by_name": ((POOL_2, 'pool_backward(dA2, pool2, mode="average")'),),
            },
            Text(
                "The way back runs through average pooling, but the network pools by the maximum.",
                "反向时用的是平均池化，而网络用的是最大池化。",
            ),
            Text(
                "Which mode did network_forward use?",
                "network_forward 用的是哪种 mode？",
            ),
            rare=True,
        ),
    )
)

_CACHES = tuple(
    chain(
        cause(
            "cache_of_other_pooling",
            {
                "": ((POOL_2, "pool_backward(dA2, pool1)"),),
                "first": ((POOL_1, "pool_backward(dA1, pool2)"),),
                "both": (
                    (POOL_2, "pool_backward(dA2, pool1)"),
                    (POOL_1, "pool_backward(dA1, pool2)"),
                ),
            },
            Text(
                "A pooling layer gets the cache of the other one.",
                "一个池化层用了另一个池化层的缓存。",
            ),
            Text(
                "Which numbers stand behind the layers that you go through first?",
                "最先经过的那几层，编号是几？",
            ),
            failure=FailurePattern(
                r"ValueError", OTHER_SHAPE, r"dA2?\s*,\s*pool1|dA1?\s*,\s*pool2"
            ),
        ),
        cause(
            "cache_of_other_convolution",
            {
                "": ((CONV_2, "dA1, dW2, db2 = conv_backward(dZ2, conv1)"),),
                "first": ((CONV_1, "_, dW1, db1 = conv_backward(dZ1, conv2)"),),
            },
            Text(
                "A convolution gets the cache of the other one.",
                "一个卷积层用了另一个卷积层的缓存。",
            ),
            Text(
                "Which numbers stand behind the layers that you go through first?",
                "最先经过的那几层，编号是几？",
            ),
            equivalent=("network_backward/gradient_of_other_convolution",),
            failure=FailurePattern(
                r"ValueError", OTHER_SHAPE, r"^(?!.*dW1\b).*dZ2?\s*,\s*conv1|dZ1?\s*,\s*conv2"
            ),
        ),
        cause(
            "gradient_of_other_convolution",
            ((CONV_1, "_, dW1, db1 = conv_backward(dZ2, conv1)"),),
            Text(
                "The first convolution gets the gradient of the second one.",
                "第一个卷积层用了第二个卷积层的梯度。",
            ),
            Text(
                "Which gradient has just come out of the ReLU behind this convolution?",
                "这个卷积层后面的 ReLU 刚刚给出的是哪个梯度？",
            ),
            equivalent=("network_backward/cache_of_other_convolution",),
            failure=FailurePattern(r"ValueError", OTHER_SHAPE, r"dW1\b.*dZ2\s*,\s*conv1"),
        ),
        cause(
            "Z_of_other_relu",
            # The other way round it fails in the same words: the two shapes are the same.
            ((RELU_2, "relu_backward(dR2, Z1)"),),
            Text(
                "A ReLU gets the Z of the other one.",
                "一个 ReLU 用了另一个 ReLU 的 Z。",
            ),
            Text(
                "Print the shapes of the gradient and of both Z.",
                "打印梯度和两个 Z 的形状看一看。",
            ),
        ),
        cause(
            "not_reshaped",
            ((RESHAPE, "dA2 = dA2_flat"),),
            Text(
                "The gradient that leaves the last layer is still a row for each example.",
                "离开最后一层的梯度仍然是每个样本一行。",
            ),
            Text(
                "flatten laid a volume out as a row. What undoes it, and where is the shape kept?",
                "flatten 把三维数组排成了一行。怎样还原？原来的形状保存在哪里？",
            ),
            failure=FailurePattern(r"ValueError", r"dA has the shape \(\d+, \d+\), this layer's"),
        ),
        cause(
            "reshaped_in_another_order",
            {
                "": ((RESHAPE, 'dA2 = dA2_flat.reshape(A2.shape, order="F")'),),
                "channels_first": (
                    (
                        RESHAPE,
                        "m, n_H, n_W, n_C = A2.shape\n"
                        "    dA2 = dA2_flat.reshape(m, n_C, n_H, n_W).transpose(0, 2, 3, 1)",
                    ),
                ),
                "columns_first": (
                    (
                        RESHAPE,
                        "m, n_H, n_W, n_C = A2.shape\n"
                        "    dA2 = dA2_flat.reshape(m, n_W, n_H, n_C).transpose(0, 2, 1, 3)",
                    ),
                ),
            },
            Text(
                "The rows become volumes again in another order than flatten laid them out.",
                "把行还原成三维数组时，次序与 flatten 排开时不同。",
            ),
            Text(
                "In which order did flatten take rows, columns and channels?",
                "flatten 是按怎样的次序取行、列和通道的？",
            ),
        ),
        cause(
            "size_hard_coded",
            {
                "": ((RESHAPE, "dA2 = dA2_flat.reshape(-1, 2, 2, 16)"),),
                "with_examples": ((RESHAPE, "dA2 = dA2_flat.reshape(len(A2), 2, 2, 16)"),),
                "channels_left_open": ((RESHAPE, "dA2 = dA2_flat.reshape(len(A2), 2, 2, -1)"),),
            },
            Text(
                "In the shape before flatten, fixed numbers are written down.",
                "flatten 之前的形状里写了固定的数。",
            ),
            Text(
                "Which array in memory has that shape, whatever the network?",
                "memory 中哪个数组正好是这个形状，而且与网络大小无关？",
            ),
        ),
    )
)

_VALUES = tuple(
    chain(
        cause(
            "order_of_dense_results",
            ((f"dA2_flat, dW3, db3 = {LAST}", f"dW3, db3, dA2_flat = {LAST}"),),
            Text(
                "What dense_backward returns is unpacked in another order.",
                "dense_backward 的返回值按另一种次序取出了。",
            ),
            Text(
                "Which of its three results does dense_backward return first?",
                "dense_backward 的三个结果中，哪个排在最前面？",
            ),
        ),
        cause(
            "order_of_conv_results",
            {
                "": ((CONV_2, "dW2, db2, dA1 = conv_backward(dZ2, conv2)"),),
                "first": ((CONV_1, "dW1, db1, _ = conv_backward(dZ1, conv1)"),),
            },
            Text(
                "What conv_backward returns is unpacked in another order.",
                "conv_backward 的返回值按另一种次序取出了。",
            ),
            Text(
                "Which of its three results does conv_backward return first?",
                "conv_backward 的三个结果中，哪个排在最前面？",
            ),
        ),
        cause(
            "last_layer_first",
            _returned("dW3, db3, dW2, db2, dW1, db1"),
            Text(
                "The gradients are returned from the last layer to the first.",
                "梯度是从最后一层到第一层返回的。",
            ),
            Text(
                "In which order does the docstring list them?",
                "文档字符串里按怎样的顺序列出它们？",
            ),
        ),
        cause(
            "weights_and_biases_exchanged",
            _returned("db1, dW1, db2, dW2, db3, dW3"),
            Text(
                "In each pair the bias's gradient is returned before the weights'.",
                "每一对中，偏置的梯度排在了权重的梯度前面。",
            ),
            Text(
                "In which order does the docstring list them?",
                "文档字符串里按怎样的顺序列出它们？",
            ),
        ),
        cause(
            "weights_before_biases",
            _returned("dW1, dW2, dW3, db1, db2, db3"),
            Text(
                "All weights' gradients are returned before all biases'.",
                "先返回了所有权重的梯度，再返回所有偏置的梯度。",
            ),
            Text(
                "In which order does the docstring list them?",
                "文档字符串里按怎样的顺序列出它们？",
            ),
        ),
        cause(
            "dictionary_returned",
            _returned('{"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}'),
            Text(
                "The gradients are returned in one dictionary.",
                "梯度装在一个字典里返回了。",
            ),
            Text(
                "Return six arrays, separated by commas, as the last line of the cell did.",
                "请返回六个数组，用逗号隔开，就像单元格最后一行原来那样。",
            ),
        ),
        cause(
            "parameters_returned",
            _returned("conv1[1], conv1[2], conv2[1], conv2[2], dense[1], dense[2]"),
            Text(
                "The parameters are returned in place of their gradients.",
                "返回的是参数本身，而不是它们的梯度。",
            ),
            Text(
                "What do the backward functions return, and under which names do you keep it?",
                "各层的反向函数返回了什么？你用什么名字保存？",
            ),
            rare=True,
        ),
        cause(
            "averaged_over_batch",
            ((LAST, "dense_backward(dlogits / len(dlogits), dense)"),),
            Text(
                "The gradients are divided by the batch size once more.",
                "梯度又除了一次样本数。",
            ),
            Text(
                "Which function has made the mean, and so put 1/m into dlogits?",
                "求平均的是哪个函数？dlogits 里已经有 1/m 了吗？",
            ),
        ),
        cause(
            "weight_decay_added",
            _returned(
                "dW1 + 0.002 * conv1[1], db1, dW2 + 0.002 * conv2[1], db2, "
                "dW3 + 0.002 * dense[1], db3"
            ),
            Text(
                "Weight decay is added to the gradients here, and update adds it again.",
                "这里已经加上了权重衰减，而 update 还会再加一次。",
            ),
            Text(
                "Whose business is the decay? Look at update, below.",
                "权重衰减该由谁来加？看看后面的 update。",
            ),
            rare=True,
        ),
        cause(
            "sign_reversed",
            ((LAST, "dense_backward(-dlogits, dense)"),),
            Text(
                "All gradients have the opposite sign.",
                "所有梯度的符号都反了。",
            ),
            Text(
                "Who goes against the gradient: this function, or the step?",
                "朝梯度的反方向走，是这个函数的事，还是更新那一步的事？",
            ),
            rare=True,
        ),
    )
)

MISCONCEPTIONS = (*_LAYERS, *_CACHES, *_VALUES)
