"""The exercises of the assignment ``convnet_application``: layers that learn, and learn fast."""

from checks.assignments import cnn_inputs, convnet_inputs, probes
from checks.model import Assignment, Case, Check, Exercise
from checks.text import Text

IMAGES = ("i", "h", "w", "c")
"""What the notebook calls the indices of a batch of images."""

RELU_FORWARD = Exercise(
    name="relu_forward",
    points=3,
    parameters=("Z",),
    outputs=("A",),
    cases=(
        Case("batch", convnet_inputs.array, {"shape": (2, 4, 3, 2)}),
        Case("matrix", convnet_inputs.array, {"shape": (5, 7)}),
    ),
    checks=(
        Check(Text("a batch of images", "一批图像"), 2, ("batch",)),
        Check(Text("a matrix", "矩阵"), 1, ("matrix",)),
    ),
)

RELU_BACKWARD = Exercise(
    name="relu_backward",
    points=5,
    parameters=("dA", "Z"),
    outputs=("dZ",),
    cases=(
        Case("batch", convnet_inputs.array_gradient, {"shape": (2, 4, 3, 2)}),
        Case("matrix", convnet_inputs.array_gradient, {"shape": (5, 7)}),
        Case("negative_dA", convnet_inputs.array_gradient, {"shape": (6, 5), "sign": -1}),
    ),
    checks=(
        Check(Text("a batch of images", "一批图像"), 2, ("batch",)),
        Check(Text("a matrix", "矩阵"), 1, ("matrix",)),
        Check(Text("a negative gradient dA", "dA 全为负"), 2, ("negative_dA",)),
    ),
)

FLATTEN = Exercise(
    name="flatten",
    points=2,
    parameters=("A",),
    outputs=("A_flat",),
    axes={"A_flat": ("i", "j")},
    cases=(
        Case("batch", convnet_inputs.array, {"shape": (3, 2, 4, 5)}),
        Case("one_example", convnet_inputs.array, {"shape": (1, 3, 2, 4)}),
    ),
    checks=(
        Check(Text("several examples", "多个样本"), 1, ("batch",)),
        Check(Text("one example", "单个样本"), 1, ("one_example",)),
    ),
)

DENSE_FORWARD = Exercise(
    name="dense_forward",
    points=5,
    parameters=("A_prev", "W", "b"),
    outputs=("Z", "cache"),
    axes={"Z": ("i", "j")},
    echoes={"cache": ("A_prev", "W", "b")},
    cases=(
        Case("batch", convnet_inputs.dense, {"m": 5, "n_prev": 4, "n": 3}),
        Case("one_example", convnet_inputs.dense, {"m": 1, "n_prev": 6, "n": 2}),
        Case("square", convnet_inputs.dense, {"m": 3, "n_prev": 3, "n": 3}),
    ),
    checks=(
        Check(Text("several examples", "多个样本"), 2, ("batch",)),
        Check(Text("one example", "单个样本"), 1, ("one_example",)),
        Check(Text("as many outputs as inputs", "输出与输入一样多"), 2, ("square",)),
    ),
)

DENSE_BACKWARD = Exercise(
    name="dense_backward",
    points=10,
    parameters=("dZ", "cache"),
    outputs=("dA_prev", "dW", "db"),
    axes={"dA_prev": ("i", "j")},
    cases=(
        Case("batch", convnet_inputs.dense_gradient, {"m": 5, "n_prev": 4, "n": 3}),
        Case("one_example", convnet_inputs.dense_gradient, {"m": 1, "n_prev": 6, "n": 2}),
        Case("square", convnet_inputs.dense_gradient, {"m": 3, "n_prev": 3, "n": 3}),
    ),
    checks=(
        Check(Text("dA_prev", "dA_prev"), 2, ("batch",), ("dA_prev",)),
        Check(Text("dW", "dW"), 2, ("batch",), ("dW",)),
        Check(Text("db", "db"), 2, ("batch",), ("db",)),
        Check(Text("one example", "单个样本"), 2, ("one_example",)),
        Check(Text("as many outputs as inputs", "输出与输入一样多"), 2, ("square",)),
    ),
)

SOFTMAX_CROSS_ENTROPY = Exercise(
    name="softmax_cross_entropy",
    points=12,
    parameters=("Z", "labels"),
    outputs=("loss", "dZ"),
    axes={"dZ": ("i", "j")},
    cases=(
        Case("small", convnet_inputs.logits, {"m": 5, "n": 4}),
        Case("ten_classes", convnet_inputs.logits, {"m": 3, "n": 10, "scale": 2.0}),
        Case("large", convnet_inputs.logits, {"m": 4, "n": 3, "offset": 1000.0}),
        Case(
            "very_negative",
            convnet_inputs.logits,
            {"m": 3, "n": 4, "offset": (-1000.0, 0.0, -2000.0)},
        ),
        Case("far_apart", convnet_inputs.far_apart, {"m": 4, "n": 5}),
    ),
    checks=(
        Check(Text("the loss", "损失"), 3, ("small", "ten_classes"), ("loss",)),
        Check(Text("dZ", "dZ"), 3, ("small", "ten_classes"), ("dZ",)),
        Check(Text("large logits", "很大的 logits"), 2, ("large",)),
        Check(Text("very negative logits", "远小于 0 的 logits"), 2, ("very_negative",)),
        Check(Text("a right class that is very unlikely", "正确类别的概率极小"), 2, ("far_apart",)),
    ),
)

GRADIENT_CHECK = Exercise(
    name="gradient_check",
    points=10,
    parameters=("f", "x", "dx", "dZ", "h"),
    outputs=("numeric", "error"),
    cases=(
        Case("vector", convnet_inputs.gradient_of_sine, {"shape": (5,), "h": 1e-4}),
        Case("mixed", convnet_inputs.gradient_of_mixture, {"shape": (3, 4), "n": 2, "h": 1e-4}),
        Case("batch", convnet_inputs.gradient_of_sine, {"shape": (2, 3, 2, 2), "h": 1e-4}),
        Case(
            "large_step", convnet_inputs.gradient_of_mixture, {"shape": (3, 2), "n": 2, "h": 0.05}
        ),
    ),
    checks=(
        Check(Text("x is a vector", "x 是向量"), 2, ("vector",), ("numeric",)),
        Check(
            Text("every output depends on many inputs", "每个输出依赖多个输入"),
            2,
            ("mixed",),
            ("numeric",),
        ),
        Check(Text("x is a batch of images", "x 是一批图像"), 2, ("batch",), ("numeric",)),
        Check(
            Text("the step h that is given", "使用给定的步长 h"), 2, ("large_step",), ("numeric",)
        ),
        Check(Text("the relative error", "相对误差"), 2, ("vector", "mixed", "batch"), ("error",)),
    ),
)

SGD_MOMENTUM_STEP = Exercise(
    name="sgd_momentum_step",
    points=6,
    parameters=("parameter", "gradient", "velocity", "learning_rate", "momentum"),
    outputs=("parameter", "velocity"),
    cases=(
        Case("matrix", convnet_inputs.momentum, {"shape": (4, 3)}),
        Case("filters", convnet_inputs.momentum, {"shape": (3, 3, 2, 4)}),
        Case("first_step", convnet_inputs.momentum, {"shape": (2, 5), "first": True}),
        Case("no_momentum", convnet_inputs.momentum, {"shape": (5, 2), "momentum": 0.0}),
    ),
    checks=(
        Check(Text("the velocity", "速度"), 2, ("matrix", "filters"), ("velocity",)),
        Check(Text("the parameter", "参数"), 2, ("matrix", "filters"), ("parameter",)),
        Check(Text("the first step", "第一步"), 1, ("first_step",)),
        Check(Text("momentum 0", "momentum 为 0"), 1, ("no_momentum",)),
    ),
)

NETWORK_BACKWARD = Exercise(
    name="network_backward",
    points=8,
    parameters=("dlogits", "memory", "conv_backward", "pool_backward"),
    outputs=("dW1", "db1", "dW2", "db2", "dW3", "db3"),
    helpers=("relu_backward", "dense_backward"),
    cases=(
        Case(
            "square",
            convnet_inputs.network,
            {"m": 3, "n_H": 8, "n_W": 8, "channels": (2, 4), "n": 5},
        ),
        Case(
            "not_square",
            convnet_inputs.network,
            {"m": 2, "n_H": 12, "n_W": 8, "channels": (3, 2), "n": 4},
        ),
    ),
    checks=(
        Check(
            Text("the last layer: dW3, db3", "最后一层：dW3、db3"), 1, ("square",), ("dW3", "db3")
        ),
        Check(
            Text("the second convolution: dW2, db2", "第二个卷积层：dW2、db2"),
            3,
            ("square",),
            ("dW2", "db2"),
        ),
        Check(
            Text("the first convolution: dW1, db1", "第一个卷积层：dW1、db1"),
            3,
            ("square",),
            ("dW1", "db1"),
        ),
        Check(Text("images that are not square", "非正方形图像"), 1, ("not_square",)),
    ),
)

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
    helpers=("im2col",),
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
        Check(Text("stride 2", "步幅 2"), 2, ("stride_2",)),
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
    helpers=("im2col", "col2im"),
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
    ),
    checks=(
        Check(Text("db", "db"), 1, ("stride_1", "stride_2"), ("db",)),
        Check(Text("dW, stride 1", "dW，步幅 1"), 2, ("stride_1",), ("dW",)),
        Check(Text("dW, stride 2", "dW，步幅 2"), 2, ("stride_2",), ("dW",)),
        Check(Text("dA_prev, stride 1", "dA_prev，步幅 1"), 2, ("stride_1",), ("dA_prev",)),
        Check(Text("dA_prev, stride 2", "dA_prev，步幅 2"), 2, ("stride_2",), ("dA_prev",)),
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

ASSIGNMENT = Assignment(
    name="convnet_application",
    title=Text(
        "Convolutional Neural Networks: Train What You Built", "卷积神经网络：训练你自己写的网络"
    ),
    files=("digits.h5",),
    exercises=(
        RELU_FORWARD,
        RELU_BACKWARD,
        FLATTEN,
        DENSE_FORWARD,
        DENSE_BACKWARD,
        SOFTMAX_CROSS_ENTROPY,
        GRADIENT_CHECK,
        SGD_MOMENTUM_STEP,
        NETWORK_BACKWARD,
        IM2COL,
        COL2IM,
        CONV_FORWARD_FAST,
        CONV_BACKWARD_FAST,
        POOL_FORWARD_FAST,
        POOL_BACKWARD_FAST,
    ),
)
