"""The exercises of the assignment ``convnet_application``: layers that learn, and learn fast."""

from checks.assignments import convnet_fast, convnet_inputs
from checks.model import Assignment, Case, Check, Exercise
from checks.text import Text

RELU_FORWARD = Exercise(
    name="relu_forward",
    points=3,
    parameters=("Z",),
    outputs=("A",),
    elementwise=True,
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
    elementwise=True,
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
    helpers=("relu_forward",),
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
        Check(Text("the step h that is given", "使用给定的 h"), 2, ("large_step",), ("numeric",)),
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
    points=0,
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
            Text("the last layer: dW3, db3", "最后一层：dW3、db3"), 0, ("square",), ("dW3", "db3")
        ),
        Check(
            Text("the second convolution: dW2, db2", "第二个卷积层：dW2、db2"),
            0,
            ("square",),
            ("dW2", "db2"),
        ),
        Check(
            Text("the first convolution: dW1, db1", "第一个卷积层：dW1、db1"),
            0,
            ("square",),
            ("dW1", "db1"),
        ),
        Check(Text("images that are not square", "非正方形图像"), 0, ("not_square",)),
    ),
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
        convnet_fast.IM2COL,
        convnet_fast.COL2IM,
        convnet_fast.CONV_FORWARD_FAST,
        convnet_fast.CONV_BACKWARD_FAST,
        convnet_fast.POOL_FORWARD_FAST,
        convnet_fast.POOL_BACKWARD_FAST,
    ),
)
