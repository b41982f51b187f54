"""What goes wrong in conv_backward_fast: the three matrices, their reshapes, padding, cropping."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.convnet_application.misconceptions.messages import (
    NO_ENTRY,
    NO_ENTRY_HINT,
    NO_ENTRY_MESSAGE,
)

EXERCISE = "conv_backward_fast"
cause = partial(variants, EXERCISE)

STRIDE = 'stride = hparameters["stride"]'
PAD = '    pad = hparameters["pad"]'
PADDED = "A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
COLUMNS = "columns = im2col(A_prev_pad, f, stride)"
ROWS = "columns = columns.reshape(-1, f * f * n_C_prev)"
W_MATRIX = "W_matrix = W.reshape(f * f * n_C_prev, n_C)"
DZ_MATRIX = "dZ_matrix = dZ.reshape(-1, n_C)"
DW = "dW = (columns.T @ dZ_matrix).reshape(W.shape)"
DB = "db = np.sum(dZ_matrix, axis=0).reshape(b.shape)"
DCOLUMNS = "dcolumns = dZ_matrix @ W_matrix.T"
COL2IM = "dA_prev_pad = col2im(dcolumns, A_prev_pad.shape, f, stride)"
UNPADDED_SHAPE = COL2IM.replace("A_prev_pad.shape", "A_prev.shape")
FEWER_WINDOWS = f"""n_rows = (n_H_prev - f) // stride + 1
    n_columns = (n_W_prev - f) // stride + 1
    dcolumns = dcolumns[:, :n_rows, :n_columns]
    {UNPADDED_SHAPE}"""
CROP = "dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev, :]"
RESULT = "    return dA_prev, dW, db"


def returned(dA_prev="dA_prev", dW="dW", db="db"):
    """Return the patch that returns other expressions for the three gradients."""
    return ((RESULT, f"    return {dA_prev}, {dW}, {db}"),)


def dZ_as(matrix):
    """Return the patch that makes the matrix of dZ by `matrix`."""
    return ((DZ_MATRIX, f"dZ_matrix = {matrix}"),)


def dW_as(expression):
    """Return the patch that makes dW by `expression`."""
    return ((DW, f"dW = {expression}"),)


def db_as(expression):
    """Return the patch that makes db by `expression`."""
    return ((DB, f"db = {expression}"),)


def dcolumns_as(expression):
    """Return the patch that makes the gradient of the columns by `expression`."""
    return ((DCOLUMNS, f"dcolumns = {expression}"),)


def cropped(expression):
    """Return the patch that crops dA_prev_pad by `expression`."""
    return ((CROP, expression),)


def overwritten(order):
    """Return the patch that puts windows back in a loop of its own, one over the other."""
    return (
        (
            COL2IM,
            "dA_prev_pad = np.zeros(A_prev_pad.shape)\n"
            f"    for h in range(dZ.shape[1]){order}:\n"
            f"        for w in range(dZ.shape[2]){order}:\n"
            "            rows = slice(h * stride, h * stride + f)\n"
            "            places = slice(w * stride, w * stride + f)\n"
            "            window = dcolumns[:, h, w].reshape(-1, f, f, n_C_prev)\n"
            "            dA_prev_pad[:, rows, places] = window",
        ),
    )


MATRIX_OF_DZ = Text(
    "In dZ as a matrix, each row belongs to one window, each column to one filter. Compare one "
    "column with dZ[..., c].",
    "dZ 写成矩阵后，每一行对应一个窗口，每一列对应一个滤波器。取一列与 dZ[..., c] 比较。",
)
SHAPE_OF_GRADIENT = Text(
    "A gradient has the shape of what it is the gradient of.",
    "梯度的形状与它所对应的变量相同。",
)
CROP_HINT = Text(
    "Where in the padded image does the image itself begin and end? Try pad 0 as well.",
    "在填充后的图像里，原图从哪里开始，到哪里结束？再试试 pad 为 0。",
)
SUM_NOT_MEAN = Text(
    "Where does the mean over the batch enter: in the loss, or in each layer again?",
    "对一批样本取平均是在哪里做的：在损失中，还是每一层都要再做一次？",
)
FORWARD_ORDER = Text(
    "The filters must be in the same order as in conv_forward_fast.",
    "滤波器的展开顺序要与 conv_forward_fast 中相同。",
)
BIAS_REACH = Text(
    "Which numbers of Z does the bias of filter c change?",
    "第 c 个滤波器的偏置会影响 Z 的哪些元素？",
)

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "crop_missing",
            cropped("dA_prev_pad"),
            Text(
                "The padding is not cut off dA_prev.",
                "dA_prev 上的填充没有裁掉。",
            ),
            SHAPE_OF_GRADIENT,
        ),
        cause(
            "pad_zero_crop",
            cropped("dA_prev_pad[:, pad:-pad, pad:-pad, :]"),
            Text(
                "With pad 0 the crop leaves nothing.",
                "pad 为 0 时，裁剪之后什么也没有剩下。",
            ),
            Text(
                "What is np.arange(5)[0:-0]?",
                "np.arange(5)[0:-0] 是什么？",
            ),
        ),
        cause(
            "crop_wrong",
            {
                "end": cropped("dA_prev_pad[:, pad:n_H_prev, pad:n_W_prev, :]"),
                "begin_missing": cropped("dA_prev_pad[:, :n_H_prev, :n_W_prev, :]"),
                "at_end": cropped("dA_prev_pad[:, 2 * pad :, 2 * pad :, :]"),
                "one": cropped("dA_prev_pad[:, 1 : 1 + n_H_prev, 1 : 1 + n_W_prev, :]"),
                "row_too_late": cropped(
                    "dA_prev_pad[:, pad + 1 : pad + 1 + n_H_prev, pad : pad + n_W_prev, :]"
                ),
                "one_too_late": cropped(
                    "dA_prev_pad[:, pad + 1 : pad + 1 + n_H_prev, pad + 1 : pad + 1 + n_W_prev, :]"
                ),
                "one_both": cropped("dA_prev_pad[:, 1:-1, 1:-1, :]"),
                "height": cropped("dA_prev_pad[:, pad : pad + n_H_prev]"),
                "width": cropped("dA_prev_pad[:, :, pad : pad + n_W_prev]"),
                "begin_only": cropped("dA_prev_pad[:, pad:, pad:, :]"),
            },
            Text(
                "What is cut off dA_prev is not exactly the padding.",
                "从 dA_prev 上裁掉的并不恰好是填充的部分。",
            ),
            CROP_HINT,
        ),
        cause(
            "db_mean",
            {
                "": db_as("np.mean(dZ_matrix, axis=0).reshape(b.shape)"),
                "examples": db_as("np.sum(dZ_matrix, axis=0).reshape(b.shape) / len(dZ)"),
                "positions": db_as(
                    "np.sum(dZ_matrix, axis=0).reshape(b.shape) / (dZ.shape[1] * dZ.shape[2])"
                ),
            },
            Text(
                "db is a mean, or divided by a count.",
                "db 取了平均，或者除以了个数。",
            ),
            SUM_NOT_MEAN,
        ),
        cause(
            "db_shape",
            {
                "vector": db_as("np.sum(dZ_matrix, axis=0)"),
                "row": db_as("np.sum(dZ_matrix, axis=0, keepdims=True)"),
                "column": db_as("np.sum(dZ_matrix, axis=0).reshape(n_C, 1)"),
                "filters_first": db_as("np.sum(dZ_matrix, axis=0).reshape(n_C, 1, 1, 1)"),
            },
            Text(
                "db has one number for each filter, but not the shape of b.",
                "db 对每个滤波器有一个数，但形状与 b 不同。",
            ),
            SHAPE_OF_GRADIENT,
        ),
        cause(
            "db_wrong_axes",
            {
                "": db_as("np.sum(dZ, axis=0, keepdims=True)"),
                "examples_of_dZ": db_as("np.sum(dZ, axis=0)"),
                "positions": db_as("np.sum(dZ, axis=(1, 2), keepdims=True)"),
                "positions_of_dZ": db_as("np.sum(dZ, axis=(1, 2))"),
                "rows": db_as("np.sum(dZ_matrix, axis=1)"),
                "rows_kept": db_as("np.sum(dZ_matrix, axis=1, keepdims=True)"),
                "filters": db_as("np.sum(dZ, axis=(1, 2, 3))"),
                "filters_kept": db_as("np.sum(dZ, axis=(1, 2, 3), keepdims=True)"),
                "height": db_as("np.sum(dZ, axis=(0, 1), keepdims=True)"),
                "channels_first": db_as("np.sum(dZ, axis=(0, 2, 3))"),
                "channels_first_kept": db_as("np.sum(dZ, axis=(0, 2, 3), keepdims=True)"),
                "first_example": db_as("np.sum(dZ[0], axis=(0, 1)).reshape(b.shape)"),
            },
            Text(
                "db is not summed over exactly those axes along which a bias is shared.",
                "db 求和的轴不对：不恰好是共用同一个偏置的那几个轴。",
            ),
            BIAS_REACH,
        ),
        cause(
            "db_one_number",
            {
                "": db_as("np.sum(dZ)"),
                "for_all": db_as("np.full(b.shape, np.sum(dZ))"),
                "kept": db_as("np.sum(dZ, keepdims=True)"),
                "reshaped": db_as("np.sum(dZ_matrix).reshape(b.shape)"),
            },
            Text(
                "All of dZ is summed up into one number, whatever the filter.",
                "不分滤波器，把整个 dZ 加成了一个数。",
            ),
            BIAS_REACH,
        ),
        cause(
            "db_times_bias",
            {
                "": db_as("np.sum(dZ_matrix, axis=0).reshape(b.shape) * b"),
                "added": db_as("np.sum(dZ_matrix, axis=0).reshape(b.shape) + b"),
            },
            Text(
                "The value of the bias gets into its own gradient.",
                "偏置的值混进了它自己的梯度。",
            ),
            Text(
                "Z grows by how much if a bias grows by 1?",
                "偏置增加 1，Z 会增加多少？",
            ),
        ),
        cause(
            "dW_mixed_up",
            {
                "": dW_as("(dZ_matrix.T @ columns).reshape(W.shape)"),
                "transposed": dW_as(
                    "(columns.T @ dZ_matrix).reshape(n_C, n_C_prev, f, f).transpose(2, 3, 1, 0)"
                ),
                "filters_first": dW_as(
                    "(columns.T @ dZ_matrix).reshape(n_C, f, f, n_C_prev).transpose(1, 2, 3, 0)"
                ),
            },
            Text(
                "Numbers of different filters got mixed up when dW was reshaped.",
                "dW 在 reshape 时，不同滤波器的元素混在了一起。",
            ),
            Text(
                "dW as a matrix must look like W as a matrix. Which axis of it counts the filters?",
                "dW 的矩阵应与 W 的矩阵同样排列。它的哪个轴是滤波器？",
            ),
        ),
        cause(
            "dW_in_other_order",
            {
                "channels_first": dW_as(
                    "(columns.T @ dZ_matrix).reshape(n_C_prev, f, f, n_C).transpose(1, 2, 0, 3)"
                ),
                "swapped": returned(dW="dW.swapaxes(0, 1)"),
                "reversed": dW_as(
                    "(dZ_matrix.T @ columns).reshape(n_C, n_C_prev, f, f).transpose(3, 2, 1, 0)"
                ),
            },
            Text(
                "Within each filter, the numbers of dW are in another order than in W.",
                "在每个滤波器内部，dW 元素的顺序与 W 不同。",
            ),
            Text(
                "A row of im2col is ordered row, column, channel. In which order is your reshape?",
                "im2col 的一行按“行、列、通道”排列。你的 reshape 是什么顺序？",
            ),
        ),
        cause(
            "windows_mixed_up",
            {
                "": ((ROWS, "columns = columns.reshape(f * f * n_C_prev, -1).T"),),
                "numbers_first": (
                    (ROWS, "columns = columns.transpose(3, 0, 1, 2).reshape(-1, f * f * n_C_prev)"),
                ),
            },
            Text(
                "Numbers of different windows got into one row when the columns became a matrix.",
                "把 columns 变成矩阵时，不同窗口的元素混进了同一行。",
            ),
            Text(
                "Is the first row of the matrix still the first window? Compare the two.",
                "矩阵的第一行还是第一个窗口吗？把两者比较一下。",
            ),
        ),
        cause(
            "windows_in_other_order",
            ((ROWS, "columns = columns.transpose(1, 2, 0, 3).reshape(-1, f * f * n_C_prev)"),),
            Text(
                "In the columns as a matrix, the windows come in another order than in dZ as a "
                "matrix.",
                "columns 写成矩阵后，窗口的顺序与 dZ 写成矩阵后的不同。",
            ),
            Text(
                "Which window does the second row of each matrix belong to?",
                "两个矩阵的第二行各对应哪个窗口？",
            ),
        ),
        cause(
            "dW_shape",
            {
                "": dW_as("columns.T @ dZ_matrix"),
                "transposed": dW_as("dZ_matrix.T @ columns"),
                "channels_first": returned(dW="dW.transpose(2, 0, 1, 3)"),
                "filters_first": dW_as("(dZ_matrix.T @ columns).reshape(n_C, f, f, n_C_prev)"),
                "other_libraries": dW_as(
                    "(dZ_matrix.T @ columns).reshape(n_C, f, f, n_C_prev).transpose(0, 3, 1, 2)"
                ),
                "reversed": dW_as("(dZ_matrix.T @ columns).reshape(n_C, f, f, n_C_prev).T"),
            },
            Text(
                "dW does not have the axes (f, f, n_C_prev, n_C) of W.",
                "dW 的轴不是 W 的 (f, f, n_C_prev, n_C)。",
            ),
            SHAPE_OF_GRADIENT,
        ),
        cause(
            "dW_mean",
            {
                "": returned(dW="dW / len(dZ)"),
                "windows": returned(dW="dW / len(dZ_matrix)"),
                "positions": returned(dW="dW / (dZ.shape[1] * dZ.shape[2])"),
            },
            Text(
                "dW is divided by a count.",
                "dW 除以了个数。",
            ),
            SUM_NOT_MEAN,
        ),
        cause(
            "all_divided_by_m",
            {
                "": returned("dA_prev / len(dZ)", "dW / len(dZ)", "db / len(dZ)"),
                "parameters": returned(dW="dW / len(dZ)", db="db / len(dZ)"),
            },
            Text(
                "Several gradients are divided by the number of examples.",
                "有几个梯度除以了样本的个数。",
            ),
            SUM_NOT_MEAN,
        ),
        cause(
            "dA_prev_divided",
            {
                "": returned("dA_prev / len(dZ)"),
                "by_window": returned("dA_prev / (f * f)"),
                "by_filters": returned("dA_prev / n_C"),
            },
            Text(
                "dA_prev is divided by a count.",
                "dA_prev 除以了个数。",
            ),
            Text(
                "dA_prev adds up what comes back from all windows. Is anything averaged?",
                "dA_prev 把所有窗口传回来的梯度加在一起。其中有平均吗？",
            ),
        ),
        cause(
            "dW_of_first_example",
            dW_as(
                "(columns.reshape(len(dZ), -1, f * f * n_C_prev)[0].T "
                "@ dZ_matrix.reshape(len(dZ), -1, n_C)[0]).reshape(W.shape)"
            ),
            Text(
                "dW comes from one example only.",
                "dW 只来自一个样本。",
            ),
            Text(
                "Every example uses the same filters. What happens with their gradients?",
                "所有样本共用同样的滤波器。它们的梯度要怎样处理？",
            ),
        ),
        cause(
            "W_mixed_up",
            {
                "": dcolumns_as("dZ_matrix @ W.reshape(n_C, -1)"),
                "transposed": dcolumns_as("dZ_matrix @ W.T.reshape(-1, n_C).T"),
            },
            Text(
                "For dA_prev, numbers of different filters get into one row of the matrix.",
                "求 dA_prev 时，矩阵的同一行里混进了不同滤波器的元素。",
            ),
            Text(
                "reshape never changes the order of the numbers; transpose does. Which is needed?",
                "reshape 不改变元素的先后顺序，transpose 才会。这里需要哪一个？",
            ),
        ),
        cause(
            "W_in_other_order",
            {
                "channels_first": dcolumns_as(
                    "dZ_matrix @ W.transpose(2, 0, 1, 3).reshape(-1, n_C).T"
                ),
                "columns_first": dcolumns_as(
                    "dZ_matrix @ W.transpose(1, 0, 2, 3).reshape(-1, n_C).T"
                ),
                "reversed": dcolumns_as("dZ_matrix @ W.T.reshape(n_C, -1)"),
            },
            Text(
                "For dA_prev, the numbers of a filter are in another order than those of a window.",
                "求 dA_prev 时，滤波器元素的顺序与窗口元素的不同。",
            ),
            FORWARD_ORDER,
        ),
        cause(
            "kernel_flipped",
            {
                "": dcolumns_as("dZ_matrix @ W[::-1, ::-1].reshape(-1, n_C).T"),
                "dW": returned(dW="dW[::-1, ::-1]"),
                "both": (
                    *dcolumns_as("dZ_matrix @ W[::-1, ::-1].reshape(-1, n_C).T"),
                    *returned(dW="dW[::-1, ::-1]"),
                ),
                "matrix": dcolumns_as("dZ_matrix @ W_matrix[::-1].T"),
            },
            Text(
                "For dA_prev or in dW, a filter lies flipped, along one axis or more.",
                "计算 dA_prev 时滤波器是翻转的，或者 dW 是翻转的，至少有一个轴如此。",
            ),
            Text(
                "With col2im nothing has to be flipped: each number goes back where it came from.",
                "用了 col2im 就不需要翻转：每个数都回到它原来的地方。",
            ),
        ),
        cause(
            "W_not_transposed",
            {
                "": dcolumns_as("dZ_matrix @ W_matrix"),
                "dot": dcolumns_as("np.dot(dZ_matrix, W_matrix)"),
            },
            Text(
                "For dA_prev, dZ is multiplied by the same matrix as in the forward pass.",
                "求 dA_prev 时，dZ 乘上的是前向传播用的那个矩阵，没有变化。",
            ),
            Text(
                "Compare with dA_prev of dense_backward: what happens to W there?",
                "对照 dense_backward 中的 dA_prev：那里的 W 是怎样用的？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"mismatch in its core dimension|not aligned",
                r"(@|,)\s*(W_?(matrix|mat|m|cols?|rows?|flat|2d?|reshaped?)|W\.reshape\([^()]*\))\s*"
                r"(\)+(\.reshape\(.*\))?)?$",
            ),
        ),
        cause(
            "dZ_mixed_up",
            {
                "": dZ_as("dZ.reshape(n_C, -1).T"),
                "positions_first": dZ_as("dZ.transpose(1, 2, 0, 3).reshape(-1, n_C)"),
                "examples_last": dZ_as("dZ.transpose(2, 1, 0, 3).reshape(-1, n_C)"),
                "channels_first": dZ_as("dZ.transpose(0, 3, 1, 2).reshape(-1, n_C)"),
                "filters_first": dZ_as("dZ.transpose(3, 0, 1, 2).reshape(-1, n_C)"),
                "height_width": dZ_as("dZ.swapaxes(1, 2).reshape(-1, n_C)"),
                "for_dW": dW_as("(columns.T @ dZ.reshape(n_C, -1).T).reshape(W.shape)"),
                "for_dW_and_dA_prev": (
                    *dZ_as("dZ.reshape(n_C, -1).T"),
                    *db_as("np.sum(dZ, axis=(0, 1, 2)).reshape(b.shape)"),
                ),
                "filters_first_but_db": (
                    *dZ_as("dZ.transpose(3, 0, 1, 2).reshape(-1, n_C)"),
                    *db_as("np.sum(dZ, axis=(0, 1, 2)).reshape(b.shape)"),
                ),
                "for_dA_prev": dcolumns_as("dZ.reshape(n_C, -1).T @ W_matrix.T"),
            },
            Text(
                "The rows of dZ as a matrix don't belong to the windows in the columns' rows.",
                "dZ 写成矩阵后，各行与 columns 各行的窗口对不上。",
            ),
            MATRIX_OF_DZ,
        ),
        cause(
            "unpadded_input",
            {
                "": ((COLUMNS, "columns = im2col(A_prev, f, stride)"),),
                "dot": (
                    (COLUMNS, "columns = im2col(A_prev, f, stride)"),
                    *dW_as("np.dot(columns.T, dZ_matrix).reshape(W.shape)"),
                ),
                "dW_last": (
                    (COLUMNS, "columns = im2col(A_prev, f, stride)"),
                    *dW_as("(dZ_matrix.T @ columns).T.reshape(W.shape)"),
                ),
                "dW_last_dot": (
                    (COLUMNS, "columns = im2col(A_prev, f, stride)"),
                    *dW_as("np.dot(dZ_matrix.T, columns).T.reshape(W.shape)"),
                ),
                "result": ((COL2IM, UNPADDED_SHAPE),),
            },
            Text(
                "The image before padding is used, or its shape; dZ comes from the padded one.",
                "用的是填充之前的图像或它的形状，而 dZ 来自填充之后的图像。",
            ),
            Text(
                "How many windows fit into the padded image? How many rows are in dZ as a matrix?",
                "填充后的图像有多少个窗口？dZ 写成矩阵后有多少行？",
            ),
            equivalent=("conv_backward_fast/put_back_unpadded",),
        ),
        cause(
            "put_back_unpadded",
            {
                "": ((COL2IM, UNPADDED_SHAPE), (CROP, "dA_prev_pad")),
                # A col2im with loops over the windows of that shape raises nothing.
                "fewer_windows": ((COL2IM, FEWER_WINDOWS), (CROP, "dA_prev_pad")),
                "fewer_windows_cropped": ((COL2IM, FEWER_WINDOWS),),
            },
            Text(
                "The image that the windows are put back into is smaller than the padded one.",
                "放回窗口的那张图像比填充之后的图像小。",
            ),
            Text(
                "Which array did im2col take the windows from? What has to happen to its border "
                "afterwards?",
                "im2col 的窗口取自哪个数组？放回之后，它的边框该怎样处理？",
            ),
            # Names of the padded image mostly say so; where results differ, nothing is named.
            code=r"\bcol2im\([^\n]*,\s*(?!\w*pad)\w+\.shape\b",
            equivalent=("conv_backward_fast/unpadded_input",),
        ),
        cause(
            "padding_value",
            {
                "edge": ((PADDED, PADDED[:-1] + ', mode="edge")'),),
                "ones": ((PADDED, PADDED[:-1] + ", constant_values=1)"),),
                "pad": ((PADDED, PADDED[:-1] + ", constant_values=pad)"),),
                "reflect": ((PADDED, PADDED[:-1] + ', mode="reflect")'),),
            },
            Text("The border is not filled with zeros.", "边框里填的不是 0。"),
            Text(
                "Pad as in conv_forward_fast.",
                "填充的方式要与 conv_forward_fast 相同。",
            ),
        ),
        cause(
            "stride_ignored",
            {
                "": (
                    (COLUMNS, "columns = im2col(A_prev_pad, f, 1)"),
                    (COL2IM, "dA_prev_pad = col2im(dcolumns, A_prev_pad.shape, f, 1)"),
                ),
                "result": ((COL2IM, "dA_prev_pad = col2im(dcolumns, A_prev_pad.shape, f, 1)"),),
                "cut": (
                    (
                        COLUMNS,
                        "columns = im2col(A_prev_pad, f, 1)[:, : dZ.shape[1], : dZ.shape[2]]",
                    ),
                ),
            },
            Text(
                "The stride of hparameters is not used everywhere.",
                "hparameters 里的步幅没有处处用到。",
            ),
            Text(
                "Laying windows out and adding them up both go by a stride. Which one do they get?",
                "展开窗口和把它们加回去都要用到步幅。两处各用了哪个步幅？",
            ),
        ),
        cause(
            "hparameter_name",
            {
                "": ((PAD, '    pad = hparameters["padding"]'),),
                "stride": ((STRIDE, 'stride = hparameters["strides"]'),),
                "f": ((STRIDE, f'f = hparameters["f"]\n    {STRIDE}'),),
            },
            NO_ENTRY_MESSAGE,
            NO_ENTRY_HINT,
            failure=NO_ENTRY,
            rare=True,
        ),
        cause(
            "hyperparameters_swapped",
            (
                (STRIDE, 'stride = hparameters["pad"]'),
                (PAD, '    pad = hparameters["stride"]'),
            ),
            Text("stride and pad are swapped.", "stride 和 pad 弄反了。"),
            Text(
                "Check which entry of hparameters goes into which name.",
                "检查 hparameters 的每一项分别赋给了哪个变量。",
            ),
        ),
        cause(
            "overlap_overwritten",
            {"": overwritten(""), "backwards": overwritten("[::-1]")},
            Text(
                "In dA_prev windows overwrite each other where they overlap.",
                "dA_prev 中，窗口在重叠处互相覆盖了。",
            ),
            Text(
                "With stride 1 one pixel lies in several windows. How do their gradients combine?",
                "步幅为 1 时，一个像素落在多个窗口里。它们的梯度应怎样合在一起？",
            ),
        ),
        cause(
            "gradient_unused",
            {
                "dW": dW_as(
                    "np.repeat(np.sum(columns, axis=0)[:, None], n_C, axis=1).reshape(W.shape)"
                ),
                "dA_prev": dcolumns_as("np.ones(dZ_matrix.shape) @ W_matrix.T"),
                "dA_prev_of_input": dcolumns_as("columns"),
            },
            Text(
                "dZ has no effect on one of the gradients.",
                "有一个梯度完全没有用到 dZ。",
            ),
            Text(
                "With dZ = 0, which of your results are not 0?",
                "当 dZ = 0 时，你的哪些结果不为 0？",
            ),
        ),
        cause(
            "sign_reversed",
            {
                "": returned("-dA_prev", "-dW", "-db"),
                "dA_prev": returned("-dA_prev"),
                "dW": returned(dW="-dW"),
                "db": returned(db="-db"),
                "parameters": returned(dW="-dW", db="-db"),
            },
            Text(
                "A gradient has the opposite sign.",
                "有的梯度符号反了。",
            ),
            Text(
                "The step against the gradient is taken later, by sgd_momentum_step.",
                "沿负梯度方向走是以后由 sgd_momentum_step 来做的。",
            ),
        ),
        cause(
            "order_of_results",
            {
                "parameters_first": ((RESULT, "    return dW, db, dA_prev"),),
                "dW_first": ((RESULT, "    return dW, dA_prev, db"),),
                "db_second": ((RESULT, "    return dA_prev, db, dW"),),
                "reversed": ((RESULT, "    return db, dW, dA_prev"),),
            },
            Text(
                "The three gradients are returned in another order.",
                "三个梯度返回的顺序不对。",
            ),
            Text(
                "Read the last line of the stub: which comes first?",
                "看看练习给出的 return 那一行：哪个在最前面？",
            ),
        ),
        cause(
            "dA_prev_transposed",
            {
                "height_width": returned("dA_prev.swapaxes(1, 2)"),
                "channels_first": returned("dA_prev.transpose(0, 3, 1, 2)"),
            },
            Text(
                "The axes of dA_prev are in another order than those of A_prev.",
                "dA_prev 各轴的顺序与 A_prev 不同。",
            ),
            SHAPE_OF_GRADIENT,
        ),
        cause(
            "columns_returned",
            {
                "": (
                    (COL2IM, "dA_prev_pad = dcolumns"),
                    (CROP, "dA_prev_pad"),
                ),
                "matrix": (
                    (COL2IM, "dA_prev_pad = dcolumns.reshape(-1, f * f * n_C_prev)"),
                    (CROP, "dA_prev_pad"),
                ),
            },
            Text(
                "The gradient of the columns is returned, not that of the images.",
                "返回的是 columns 的梯度，而不是图像的梯度。",
            ),
            Text(
                "Which function takes columns back to images?",
                "哪个函数把 columns 变回图像？",
            ),
        ),
    )
)
