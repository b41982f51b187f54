"""The fast layers among the exercises of the assignment ``convnet_application``."""

from checks.assignments import cnn_inputs, convnet_inputs, probes
from checks.model import Case, Check, Exercise
from checks.text import Text

IMAGES = ("i", "h", "w", "c")
"""What the notebook calls the indices of a batch of images."""

IM2COL = Exercise(
    name="im2col",
    points=10,
    parameters=("X", "f", "stride"),
    outputs=("columns",),
    probe=probes.WINDOWS,
    axes={"columns": ("i", "h", "w", "j")},
    windows=("columns",),
    cases=(
        Case("stride_1", convnet_inputs.windows, {"shape": (2, 4, 5, 3), "f": 3, "stride": 1}),
        Case("stride_2", convnet_inputs.windows, {"shape": (2, 5, 7, 2), "f": 3, "stride": 2}),
        Case("stride_3", convnet_inputs.windows, {"shape": (3, 9, 7, 2), "f": 2, "stride": 3}),
        Case("one_channel", convnet_inputs.windows, {"shape": (1, 4, 6, 1), "f": 2, "stride": 2}),
    ),
    checks=(
        Check(Text("stride 1", "步幅 1"), 3, ("stride_1",)),
        Check(Text("stride 2", "步幅 2"), 3, ("stride_2",)),
        Check(Text("stride 3", "步幅 3"), 2, ("stride_3",)),
        Check(Text("one channel", "单通道"), 2, ("one_channel",)),
    ),
)

COL2IM = Exercise(
    name="col2im",
    points=9,
    parameters=("columns", "shape", "f", "stride"),
    outputs=("X",),
    axes={"X": IMAGES},
    helpers=("im2col",),
    cases=(
        Case("side_by_side", convnet_inputs.columns, {"shape": (2, 4, 6, 3), "f": 2, "stride": 2}),
        Case("overlapping", convnet_inputs.columns, {"shape": (2, 5, 4, 2), "f": 3, "stride": 1}),
        Case("stride_2", convnet_inputs.columns, {"shape": (2, 5, 7, 2), "f": 3, "stride": 2}),
        Case("gaps", convnet_inputs.columns, {"shape": (3, 9, 7, 2), "f": 2, "stride": 3}),
    ),
    checks=(
        Check(Text("windows side by side", "窗口相邻不重叠"), 2, ("side_by_side",)),
        Check(Text("windows that overlap", "窗口相互重叠"), 3, ("overlapping",)),
        Check(Text("stride 2", "步幅 2"), 2, ("stride_2",)),
        Check(Text("numbers that no window covers", "有元素不被任何窗口覆盖"), 2, ("gaps",)),
    ),
)

CONV_FORWARD_FAST = Exercise(
    name="conv_forward_fast",
    points=8,
    parameters=("A_prev", "W", "b", "hparameters"),
    outputs=("Z", "cache"),
    probe=probes.CONVOLUTION,
    axes={"Z": IMAGES},
    windows=("Z",),
    echoes={"cache": ("A_prev", "W", "b", "hparameters")},
    helpers=("im2col", "dense_forward"),
    cases=(
        Case(
            "stride_1",
            cnn_inputs.convolution,
            {"shape": (2, 5, 6, 3), "f": 3, "n_C": 2, "stride": 1, "pad": 0},
        ),
        Case(
            "stride_2",
            cnn_inputs.convolution,
            {"shape": (2, 5, 7, 4), "f": 3, "n_C": 6, "stride": 2, "pad": 1, "reach": True},
        ),
        Case(
            "pad_2",
            cnn_inputs.convolution,
            {"shape": (1, 3, 5, 2), "f": 3, "n_C": 2, "stride": 1, "pad": 2},
        ),
        Case(
            "one_filter",
            cnn_inputs.convolution,
            {"shape": (3, 6, 5, 1), "f": 2, "n_C": 1, "stride": 3, "pad": 1},
        ),
    ),
    checks=(
        Check(Text("stride 1, no padding", "步幅 1，不填充"), 2, ("stride_1",)),
        Check(Text("stride 2, padding 1", "步幅 2，填充 1"), 2, ("stride_2",)),
        Check(Text("padding", "填充"), 2, ("pad_2",)),
        Check(Text("one channel and one filter", "单通道、单个滤波器"), 2, ("one_filter",)),
    ),
    picture=Case("picture", cnn_inputs.convolution_picture, {"n_H": 8, "n_W": 12, "stride": 2}),
)

CONV_BACKWARD_FAST = Exercise(
    name="conv_backward_fast",
    points=10,
    parameters=("dZ", "cache"),
    outputs=("dA_prev", "dW", "db"),
    probe=probes.CONVOLUTION_GRADIENT,
    axes={"dA_prev": IMAGES},
    helpers=("im2col", "col2im", "dense_backward"),
    cases=(
        Case(
            "stride_1",
            cnn_inputs.convolution_gradient,
            {"shape": (2, 4, 5, 3), "f": 3, "n_C": 2, "stride": 1, "pad": 1},
        ),
        Case(
            "stride_2",
            cnn_inputs.convolution_gradient,
            {"shape": (3, 5, 7, 2), "f": 3, "n_C": 3, "stride": 2, "pad": 2, "reach": True},
        ),
        Case(
            "pad_0",
            cnn_inputs.convolution_gradient,
            {"shape": (2, 5, 5, 2), "f": 2, "n_C": 3, "stride": 1, "pad": 0},
        ),
        # No window reaches the last row: its gradient is 0, and the array has it.
        Case(
            "row_left_over",
            cnn_inputs.convolution_gradient,
            {"shape": (2, 6, 4, 2), "f": 3, "n_C": 2, "stride": 3, "pad": 1},
        ),
    ),
    checks=(
        Check(Text("db", "db"), 1, ("stride_1", "stride_2"), ("db",)),
        Check(Text("dW, stride 1", "dW，步幅 1"), 2, ("stride_1",), ("dW",)),
        Check(Text("dW, stride 2", "dW，步幅 2"), 2, ("stride_2",), ("dW",)),
        Check(Text("dA_prev, stride 1", "dA_prev，步幅 1"), 2, ("stride_1",), ("dA_prev",)),
        Check(
            Text("dA_prev, stride 2 and 3", "dA_prev，步幅 2 和 3"),
            2,
            ("stride_2", "row_left_over"),
            ("dA_prev",),
        ),
        Check(Text("no padding (pad 0)", "不填充（pad 为 0）"), 1, ("pad_0",)),
    ),
    picture=Case("picture", cnn_inputs.convolution_gradient_picture, {"n_H": 8, "n_W": 10}),
)

POOL_FORWARD_FAST = Exercise(
    name="pool_forward_fast",
    points=5,
    parameters=("A_prev", "hparameters", "mode"),
    outputs=("A", "cache"),
    probe=probes.POOLING,
    axes={"A": IMAGES},
    windows=("A",),
    echoes={"cache": ("A_prev", "hparameters")},
    helpers=("im2col",),
    cases=(
        Case(
            "max_stride_1",
            cnn_inputs.pooling,
            {"shape": (2, 5, 4, 3), "f": 3, "stride": 1, "mode": "max", "reach": True},
        ),
        Case(
            "average_stride_2",
            cnn_inputs.pooling,
            {"shape": (2, 7, 5, 3), "f": 3, "stride": 2, "mode": "average", "reach": True},
        ),
        Case(
            "max_negative",
            cnn_inputs.pooling,
            {"shape": (3, 9, 5, 2), "f": 2, "stride": 3, "mode": "max", "negative": True},
        ),
    ),
    checks=(
        Check(Text("max, stride 1", "最大池化，步幅 1"), 2, ("max_stride_1",)),
        Check(Text("average, stride 2", "平均池化，步幅 2"), 2, ("average_stride_2",)),
        Check(Text("stride 3, all inputs negative", "步幅 3，输入全为负"), 1, ("max_negative",)),
    ),
    picture=Case("picture", cnn_inputs.pooling_picture, {"n_H": 8, "n_W": 12, "f": 2, "stride": 2}),
)

POOL_BACKWARD_FAST = Exercise(
    name="pool_backward_fast",
    points=5,
    parameters=("dA", "cache", "mode"),
    outputs=("dA_prev",),
    probe=probes.POOLING_GRADIENT,
    axes={"dA_prev": IMAGES},
    helpers=("im2col", "col2im"),
    cases=(
        Case(
            "max_stride_1",
            cnn_inputs.pooling_gradient,
            {"shape": (3, 5, 4, 2), "f": 3, "stride": 1, "mode": "max", "reach": True},
        ),
        Case(
            "average_stride_2",
            cnn_inputs.pooling_gradient,
            {"shape": (2, 5, 7, 3), "f": 3, "stride": 2, "mode": "average", "reach": True},
        ),
        Case(
            "max_stride_3",
            cnn_inputs.pooling_gradient,
            {"shape": (2, 9, 5, 2), "f": 2, "stride": 3, "mode": "max", "negative": True},
        ),
    ),
    checks=(
        Check(Text("max, stride 1", "最大池化，步幅 1"), 2, ("max_stride_1",)),
        Check(Text("average, stride 2", "平均池化，步幅 2"), 2, ("average_stride_2",)),
        Check(Text("max, stride 3", "最大池化，步幅 3"), 1, ("max_stride_3",)),
    ),
    picture=Case("picture", cnn_inputs.pooling_gradient_picture, {"n_H": 6, "n_W": 8, "f": 2}),
)
