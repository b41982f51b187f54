"""The exercises of the assignment ``cnn_step_by_step``: eight functions, their cases and checks.

Points are decided here and nowhere else. To keep an exercise without points, set every one of
its checks and the exercise to 0.
"""

from checks.assignments import cnn_inputs, probes
from checks.model import Assignment, Case, Check, Exercise
from checks.text import Text

IMAGES = ("i", "h", "w", "c")
"""What the notebook calls the indices of a batch of images, in its loops."""

ZERO_PAD = Exercise(
    name="zero_pad",
    points=5,
    parameters=("X", "pad"),
    outputs=("X_pad",),
    like="pad",
    axes={"X_pad": IMAGES},
    cases=(
        Case("pad_2", cnn_inputs.padding, {"shape": (4, 3, 3, 2), "pad": 2}),
        Case("pad_3", cnn_inputs.padding, {"shape": (4, 3, 3, 2), "pad": 3}),
        Case(
            "pad_1_not_square", cnn_inputs.padding, {"shape": (2, 3, 5, 4), "pad": 1, "reach": True}
        ),
        Case("pad_0", cnn_inputs.padding, {"shape": (2, 4, 3, 2), "pad": 0}),
    ),
    checks=(
        Check(Text("pad 2 and 3", "填充 2 圈和 3 圈"), 2, ("pad_2", "pad_3")),
        Check(Text("images that are not square", "非正方形图像"), 2, ("pad_1_not_square",)),
        Check(Text("pad 0 changes nothing", "pad 为 0 时不变"), 1, ("pad_0",), trivial=True),
    ),
    picture=Case("picture", cnn_inputs.padding_picture, {"n_H": 6, "n_W": 8, "pad": 2}),
)

CONV_SINGLE_STEP = Exercise(
    name="conv_single_step",
    points=5,
    parameters=("a_slice_prev", "W", "b"),
    outputs=("Z",),
    cases=(
        Case("window_4x4x3", cnn_inputs.single_step, {"shape": (4, 4, 3)}),
        Case("window_3x3x5", cnn_inputs.single_step, {"shape": (3, 3, 5), "negative": True}),
        Case("window_2x2x1", cnn_inputs.single_step, {"shape": (2, 2, 1), "reach": True}),
    ),
    checks=(
        Check(Text("a window of 4 x 4 x 3", "4 × 4 × 3 的窗口"), 2, ("window_4x4x3",)),
        Check(Text("a window of 3 x 3 x 5", "3 × 3 × 5 的窗口"), 2, ("window_3x3x5",)),
        Check(Text("one channel", "单通道"), 1, ("window_2x2x1",)),
    ),
)

CONV_FORWARD = Exercise(
    name="conv_forward",
    points=25,
    parameters=("A_prev", "W", "b", "hparameters"),
    outputs=("Z", "cache"),
    probe=probes.CONVOLUTION,
    axes={"Z": IMAGES},
    windows=("Z",),
    echoes={"cache": ("A_prev", "W", "b", "hparameters")},
    helpers=("zero_pad", "conv_single_step"),
    cases=(
        Case(
            "stride_1",
            cnn_inputs.convolution,
            {"shape": (2, 5, 6, 3), "f": 3, "n_C": 2, "stride": 1, "pad": 0, "reach": True},
        ),
        Case(
            "stride_2",
            cnn_inputs.convolution,
            {"shape": (2, 5, 7, 4), "f": 3, "n_C": 8, "stride": 2, "pad": 1},
        ),
        Case(
            "stride_3",
            cnn_inputs.convolution,
            {"shape": (2, 10, 7, 2), "f": 2, "n_C": 3, "stride": 3, "pad": 0},
        ),
        Case(
            "pad_2",
            cnn_inputs.convolution,
            {"shape": (1, 3, 5, 2), "f": 3, "n_C": 2, "stride": 1, "pad": 2},
        ),
        Case(
            "batch",
            cnn_inputs.convolution,
            {"shape": (4, 6, 6, 3), "f": 2, "n_C": 3, "stride": 2, "pad": 2, "reach": True},
        ),
        Case(
            "original",
            cnn_inputs.convolution,
            {"shape": (10, 4, 4, 3), "f": 2, "n_C": 8, "stride": 2, "pad": 2},
            public_only=True,
        ),
    ),
    checks=(
        Check(Text("stride 1, no padding", "步幅 1，不填充"), 5, ("stride_1",)),
        Check(Text("stride 2, padding 1", "步幅 2，填充 1"), 5, ("stride_2",)),
        Check(Text("stride 3", "步幅 3"), 5, ("stride_3",)),
        Check(Text("padding", "填充"), 5, ("pad_2",)),
        Check(
            Text("several examples and filters", "多个样本与多个滤波器"), 5, ("batch", "original")
        ),
    ),
    picture=Case("picture", cnn_inputs.convolution_picture, {"n_H": 8, "n_W": 12, "stride": 2}),
)

POOL_FORWARD = Exercise(
    name="pool_forward",
    points=15,
    parameters=("A_prev", "hparameters", "mode"),
    outputs=("A", "cache"),
    probe=probes.POOLING,
    axes={"A": IMAGES},
    windows=("A",),
    echoes={"cache": ("A_prev", "hparameters")},
    cases=(
        Case(
            "max_stride_1",
            cnn_inputs.pooling,
            {"shape": (2, 5, 4, 3), "f": 3, "stride": 1, "mode": "max"},
        ),
        Case(
            "average_stride_1",
            cnn_inputs.pooling,
            {"shape": (2, 5, 4, 3), "f": 3, "stride": 1, "mode": "average"},
        ),
        Case(
            "max_stride_2",
            cnn_inputs.pooling,
            {"shape": (2, 5, 10, 3), "f": 3, "stride": 2, "mode": "max", "reach": True},
        ),
        Case(
            "average_stride_2",
            cnn_inputs.pooling,
            {"shape": (2, 7, 7, 3), "f": 3, "stride": 2, "mode": "average", "reach": True},
        ),
        Case(
            "stride_3",
            cnn_inputs.pooling,
            {"shape": (3, 8, 5, 2), "f": 2, "stride": 3, "mode": "max", "negative": True},
        ),
        Case(
            "original_max",
            cnn_inputs.pooling,
            {"shape": (2, 4, 4, 3), "f": 3, "stride": 2, "mode": "max"},
            public_only=True,
        ),
        Case(
            "original_average",
            cnn_inputs.pooling,
            {"shape": (2, 4, 4, 3), "f": 3, "stride": 2, "mode": "average"},
            public_only=True,
        ),
    ),
    checks=(
        Check(Text("max, stride 1", "最大池化，步幅 1"), 3, ("max_stride_1", "original_max")),
        Check(
            Text("average, stride 1", "平均池化，步幅 1"),
            3,
            ("average_stride_1", "original_average"),
        ),
        Check(Text("max, stride 2", "最大池化，步幅 2"), 3, ("max_stride_2",)),
        Check(Text("average, stride 2", "平均池化，步幅 2"), 3, ("average_stride_2",)),
        Check(Text("stride 3, all inputs negative", "步幅 3，输入全为负"), 3, ("stride_3",)),
    ),
    picture=Case("picture", cnn_inputs.pooling_picture, {"n_H": 8, "n_W": 12, "f": 2, "stride": 2}),
)

CONV_BACKWARD = Exercise(
    name="conv_backward",
    points=25,
    parameters=("dZ", "cache"),
    outputs=("dA_prev", "dW", "db"),
    probe=probes.CONVOLUTION_GRADIENT,
    axes={"dA_prev": IMAGES},
    helpers=("zero_pad",),
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
        Case(
            "original",
            cnn_inputs.convolution_gradient,
            {"shape": (10, 4, 4, 3), "f": 2, "n_C": 8, "stride": 2, "pad": 2},
            public_only=True,
            given=("conv_forward", "original", "Z"),
        ),
    ),
    checks=(
        Check(Text("db", "db"), 3, ("stride_1", "stride_2", "original"), ("db",)),
        Check(Text("dW, stride 1", "dW，步幅 1"), 5, ("stride_1",), ("dW",)),
        Check(Text("dW, stride 2", "dW，步幅 2"), 4, ("stride_2", "original"), ("dW",)),
        Check(Text("dA_prev, stride 1", "dA_prev，步幅 1"), 5, ("stride_1",), ("dA_prev",)),
        Check(
            Text("dA_prev, stride 2 and 3", "dA_prev，步幅 2 和 3"),
            4,
            ("stride_2", "row_left_over", "original"),
            ("dA_prev",),
        ),
        Check(Text("no padding (pad 0)", "不填充（pad 为 0）"), 4, ("pad_0",)),
    ),
    picture=Case("picture", cnn_inputs.convolution_gradient_picture, {"n_H": 8, "n_W": 10}),
)

CREATE_MASK_FROM_WINDOW = Exercise(
    name="create_mask_from_window",
    points=5,
    parameters=("x",),
    outputs=("mask",),
    elementwise=True,
    cases=(
        Case("window_2x3", cnn_inputs.window, {"shape": (2, 3)}),
        Case("positive_3x3", cnn_inputs.window, {"shape": (3, 3), "sign": 1}),
        Case("negative_4x2", cnn_inputs.window, {"shape": (4, 2), "sign": -1}),
        # Large ones too: a maximum in a small window can be guessed.
        Case("window_7x6", cnn_inputs.window, {"shape": (7, 6), "reach": True}),
        Case("positive_6x7", cnn_inputs.window, {"shape": (6, 7), "sign": 1}),
        Case("negative_8x6", cnn_inputs.window, {"shape": (8, 6), "sign": -1}),
    ),
    checks=(
        Check(Text("a window of 2 x 3", "2 × 3 的窗口"), 2, ("window_2x3", "window_7x6")),
        Check(Text("all numbers positive", "元素全为正"), 2, ("positive_3x3", "positive_6x7")),
        Check(Text("all numbers negative", "元素全为负"), 1, ("negative_4x2", "negative_8x6")),
    ),
)

DISTRIBUTE_VALUE = Exercise(
    name="distribute_value",
    points=5,
    parameters=("dz", "shape"),
    outputs=("a",),
    cases=(
        Case("window_3x3", cnn_inputs.distribution, {"shape": (3, 3)}),
        Case("two_2x2", cnn_inputs.distribution, {"shape": (2, 2), "dz": 2}, public_only=True),
        Case("window_2x5", cnn_inputs.distribution, {"shape": (2, 5), "sign": -1}),
    ),
    checks=(
        Check(Text("square windows", "正方形窗口"), 3, ("window_3x3", "two_2x2")),
        Check(Text("a window of 2 x 5", "2 × 5 的窗口"), 2, ("window_2x5",)),
    ),
)

POOL_BACKWARD = Exercise(
    name="pool_backward",
    points=15,
    parameters=("dA", "cache", "mode"),
    outputs=("dA_prev",),
    probe=probes.POOLING_GRADIENT,
    axes={"dA_prev": IMAGES},
    helpers=("create_mask_from_window", "distribute_value"),
    cases=(
        Case(
            "max_stride_1",
            cnn_inputs.pooling_gradient,
            {"shape": (5, 5, 3, 2), "f": 2, "stride": 1, "mode": "max"},
        ),
        Case(
            "average_stride_1",
            cnn_inputs.pooling_gradient,
            {"shape": (5, 5, 3, 2), "f": 2, "stride": 1, "mode": "average"},
        ),
        Case(
            "max_stride_2",
            cnn_inputs.pooling_gradient,
            {"shape": (2, 5, 7, 3), "f": 3, "stride": 2, "mode": "max", "reach": True},
        ),
        Case(
            "average_stride_2",
            cnn_inputs.pooling_gradient,
            {"shape": (2, 7, 8, 2), "f": 3, "stride": 2, "mode": "average", "reach": True},
        ),
        Case(
            "stride_3",
            cnn_inputs.pooling_gradient,
            {"shape": (2, 9, 5, 2), "f": 2, "stride": 3, "mode": "max", "negative": True},
        ),
    ),
    checks=(
        Check(Text("max, stride 1", "最大池化，步幅 1"), 3, ("max_stride_1",)),
        Check(Text("average, stride 1", "平均池化，步幅 1"), 3, ("average_stride_1",)),
        Check(Text("max, stride 2", "最大池化，步幅 2"), 3, ("max_stride_2",)),
        Check(Text("average, stride 2", "平均池化，步幅 2"), 3, ("average_stride_2",)),
        Check(Text("max, stride 3", "最大池化，步幅 3"), 3, ("stride_3",)),
    ),
    picture=Case("picture", cnn_inputs.pooling_gradient_picture, {"n_H": 6, "n_W": 8, "f": 2}),
)

ASSIGNMENT = Assignment(
    name="cnn_step_by_step",
    title=Text("Convolutional Neural Networks: Step by Step", "卷积神经网络：一步一步动手实现"),
    exercises=(
        ZERO_PAD,
        CONV_SINGLE_STEP,
        CONV_FORWARD,
        POOL_FORWARD,
        CONV_BACKWARD,
        CREATE_MASK_FROM_WINDOW,
        DISTRIBUTE_VALUE,
        POOL_BACKWARD,
    ),
)
