"""What goes wrong in conv_backward: the three sums, what they start from, and the crop."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants
from solutions.cnn_step_by_step.misconceptions.windows import (
    CACHE_ORDER,
    CHANNELS,
    COLUMNS,
    CORNER,
    EXAMPLES,
    GRADIENT_NOT_RESET,
    GRADIENT_NOT_RESET_HINT,
    HORIZ_START,
    INSIDE_IMAGE,
    INTEGERS,
    MOVES_BY_PAD,
    MOVES_BY_PAD_HINT,
    POSITIONS_WITHOUT_PADDING,
    POSITIONS_WITHOUT_PADDING_HINT,
    ROWS,
    SWAPPED_WINDOW,
    VERT_START,
    W_MIXED_UP,
    W_MIXED_UP_HINT,
    WINDOW,
    WITHOUT_EXAMPLE,
    both_ends,
    window_misconceptions,
)

EXERCISE = "conv_backward"
cause = partial(variants, EXERCISE)

DA_PREV = "dA_prev = np.zeros(A_prev.shape)"
DW = "dW = np.zeros(W.shape)"
DB = "db = np.zeros(b.shape)"
PADDED = "A_prev_pad = zero_pad(A_prev, pad)\n"
DA_PADDED = "dA_prev_pad = zero_pad(dA_prev, pad)"
EXAMPLE = "a_prev_pad = A_prev_pad[i]\n        da"
DA_EXAMPLE = "da_prev_pad = dA_prev_pad[i]"
SLICE = f"a_slice = a_prev_pad[{WINDOW}, :]"
DZ = "dz = dZ[i, h, w, c]"
ADD_DA = f"da_prev_pad[{WINDOW}, :] += W[:, :, :, c] * dz"
ALL_FILTERS = f"da_prev_pad[{WINDOW}, :] = (W * dZ[i, h, w]).sum(axis=3)"
"""What is put back where the filters were summed before."""

ADD_DW = "dW[:, :, :, c] += a_slice * dz"
ADD_DB = "db[:, :, :, c] += dz"
CROP = "da_prev_pad[pad : pad + n_H_prev, pad : pad + n_W_prev, :]"
COPY_BACK = f"        dA_prev[i] = {CROP}\n"
RETURN = "return dA_prev, dW, db"
LOOP = "                    "
UNPACKED = "A_prev, W, b, hparameters = cache"

pad_zero_crop = partial(
    cause,
    "pad_zero_crop",
    message=Text(
        "For pad 0 a slice such as pad:-pad is 0:0, which is empty.",
        "pad 为 0 时，像 pad:-pad 这样的切片就是 0:0，什么也取不到。",
    ),
    hint=Text(
        "Where must the slice end when you count from its start instead of from the back?",
        "如果从前往后数而不是从后往前数，切片应在哪里结束？",
    ),
    code=r":-[A-Za-z_]|\(\w+, -[A-Za-z_]",
)

MISCONCEPTIONS = tuple(
    chain(
        window_misconceptions(
            EXERCISE,
            {
                "height_width_swapped_slice": {
                    "": (
                        (SLICE, f"a_slice = a_prev_pad[{SWAPPED_WINDOW}, :]"),
                        (f"da_prev_pad[{WINDOW}, :] +=", f"da_prev_pad[{SWAPPED_WINDOW}, :] +="),
                    ),
                    "input": ((SLICE, f"a_slice = a_prev_pad[{SWAPPED_WINDOW}, :]"),),
                    "result": (
                        (f"da_prev_pad[{WINDOW}, :] +=", f"da_prev_pad[{SWAPPED_WINDOW}, :] +="),
                    ),
                },
                "hard_coded_example": {
                    "input": ((EXAMPLE, "a_prev_pad = A_prev_pad[0]\n        da"),),
                    "gradient": ((DZ, "dz = dZ[0, h, w, c]"),),
                    "both": (
                        (EXAMPLE, "a_prev_pad = A_prev_pad[0]\n        da"),
                        (DA_EXAMPLE, "da_prev_pad = dA_prev_pad[0]"),
                    ),
                },
                "window_end_off_by_one": {"long": both_ends("f + 1")},
                "last_channel_only": {
                    "dA_prev": ((ADD_DA, f"{ADD_DA} * (c == n_C - 1)"),),
                    "dW": ((ADD_DW, f"{ADD_DW} * (c == n_C - 1)"),),
                    "db": ((ADD_DB, f"{ADD_DB} * (c == n_C - 1)"),),
                },
                "window_is_stride": {"height": None, "width": None},
                "image_overwritten": {
                    "": (("a_slice = a_prev_pad[", "a_slice = a_prev_pad = a_prev_pad["),)
                },
            },
        ),
        cause(
            "cut_to_integers",
            {
                "dA_prev": ((DA_PREV, "dA_prev = np.zeros(A_prev.shape, dtype=int)"),),
                "dW": ((DW, "dW = np.zeros(W.shape, dtype=int)"),),
                "db": ((DB, "db = np.zeros(b.shape, dtype=int)"),),
                "result": ((COPY_BACK, COPY_BACK[:-1] + ".astype(int)\n"),),
            },
            Text(
                "A gradient is made an array of integers, which can't hold decimals.",
                "某个梯度被存成了整数数组，而整数数组存不下小数。",
            ),
            Text(
                "Print the dtype of the arrays that you make. Which numbers can they hold?",
                "打印你创建的数组的 dtype：它们能存放哪些数？",
            ),
            failure=FailurePattern(
                r"\w*UFunc\w*Error",
                r"Cannot cast ufunc '\w+' output from dtype\('float64'\) to dtype\('u?int",
            ),
            code=INTEGERS,
            rare=True,
        ),
        cause(
            "cache_order",
            {
                "W_and_b": ((UNPACKED, "A_prev, b, W, hparameters = cache"),),
                "W_first": ((UNPACKED, "W, A_prev, b, hparameters = cache"),),
            },
            Text(
                "The cache is unpacked in another order than the one in which it was stored.",
                "解包 cache 的顺序与存入时的顺序不同。",
            ),
            Text(
                "Look at the line of conv_forward that makes the cache.",
                "看看 conv_forward 中生成 cache 的那一行。",
            ),
            rare=True,
        ),
        cause(
            "hyperparameters_first",
            ((UNPACKED, "hparameters, A_prev, W, b = cache"),),
            Text(
                "An array of the cache lands in hparameters: they are unpacked from another place.",
                "cache 中的一个数组被当成了 hparameters：解包时的位置不对。",
            ),
            Text(
                "Look at the line of conv_forward that makes the cache.",
                "看看 conv_forward 中生成 cache 的那一行。",
            ),
            failure=CACHE_ORDER,
            rare=True,
        ),
        cause(
            "crop_too_small",
            {
                "": ((CROP, "da_prev_pad[pad:n_H_prev, pad:n_W_prev, :]"),),
                "after_loop": (
                    (COPY_BACK, ""),
                    (RETURN, "return dA_prev_pad[:, pad:n_H_prev, pad:n_W_prev, :], dW, db"),
                ),
                "both_ends": (
                    (CROP, "da_prev_pad[pad : n_H_prev - pad, pad : n_W_prev - pad, :]"),
                ),
            },
            Text(
                "The crop ends before the image does, so what is cut out is too small.",
                "裁剪在图像结束之前就停了，裁出的部分太小。",
            ),
            Text(
                "In the padded array the image begins at row pad. At which row does it end?",
                "在填充后的数组里，图像从第 pad 行开始。它在第几行结束？",
            ),
            rare=True,
        ),
        cause(
            "pad_hard_coded",
            {
                "one": (('pad = hparameters["pad"]', "pad = 1"),),
                "two": (('pad = hparameters["pad"]', "pad = 2"),),
            },
            Text(
                "The padding is a fixed number whatever hparameters say.",
                "无论 hparameters 中是多少，填充的圈数都是固定的。",
            ),
            Text('Where is hparameters["pad"] used?', 'hparameters["pad"] 用在了哪里？'),
            rare=True,
        ),
        pad_zero_crop(
            {
                "": ((CROP, "da_prev_pad[pad:-pad, pad:-pad, :]"),),
                "after_loop": (
                    (COPY_BACK, ""),
                    (RETURN, "return dA_prev_pad[:, pad:-pad, pad:-pad, :], dW, db"),
                ),
            },
            failure=FailurePattern(
                r"ValueError",
                r"could not broadcast input array from shape \((\d+,\s?)*0,",
                r":\s*-\s*[A-Za-z_]",
            ),
        ),
        pad_zero_crop(
            {
                "shape_checked": (
                    (COPY_BACK, ""),
                    (
                        RETURN,
                        "dA_prev = dA_prev_pad[:, pad:-pad, pad:-pad, :]\n"
                        f"    assert dA_prev.shape == A_prev.shape\n    {RETURN}",
                    ),
                ),
            },
            failure=FailurePattern(r"AssertionError", r"", r"\.shape\b"),
        ),
        cause(
            "crop_missing",
            {
                "": ((RETURN, "return dA_prev_pad, dW, db"),),
                "assigned": ((CROP, "da_prev_pad"),),
            },
            Text(
                "dA_prev still has the padding around it.",
                "dA_prev 周围的填充还没有去掉。",
            ),
            Text(
                "Compare dA_prev.shape with A_prev.shape for pad 2.",
                "取 pad 为 2，比较 dA_prev.shape 与 A_prev.shape。",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"could not broadcast input array from shape \([1-9]",
                r"^\s*\w+\s*\[[^\]]*\]\s*=\s*(\w*[pP]ad\w*|\w+\s*\[\s*\w+(\s*,\s*:\s*)*\])\s*$",
            ),
        ),
        cause(
            "crop_at_corner",
            {
                "top_left": ((CROP, "da_prev_pad[:n_H_prev, :n_W_prev, :]"),),
                "bottom_right": ((CROP, "da_prev_pad[2 * pad :, 2 * pad :, :]"),),
            },
            Text(
                "dA_prev is cut out of a corner of the padded gradient, not out of its middle.",
                "dA_prev 取的是填充后梯度的一角，而不是中间部分。",
            ),
            Text(
                "At which row of the padded array does the image begin?",
                "在填充后的数组里，图像从第几行开始？",
            ),
        ),
        cause(
            "crop_by_one_pixel",
            ((CROP, "da_prev_pad[1:-1, 1:-1, :]"),),
            Text(
                "One pixel is cut off each side whatever `pad` is.",
                "无论 `pad` 是多少，每一侧都只裁掉了 1 个像素。",
            ),
            Text("How wide is the border that zero_pad added?", "zero_pad 加上的边框有多宽？"),
        ),
        cause(
            "dA_prev_stays_zero",
            ((COPY_BACK, ""),),
            Text(
                "dA_prev is 0 everywhere: no gradient ends up in the array that is returned.",
                "dA_prev 处处为 0：梯度没有进入所返回的数组。",
            ),
            Text(
                "Follow one entry of dZ: where is it added, and how does it reach what you return?",
                "跟踪 dZ 的一个元素：它加到了哪里？又怎样到达你返回的数组？",
            ),
        ),
        cause(
            "last_example_only",
            {
                "": ((COPY_BACK, COPY_BACK[4:]),),
                "sums_reset": (
                    (f"    {DW}\n", ""),
                    (f"    {DB}\n", ""),
                    (f"{EXAMPLES}\n", f"{EXAMPLES}\n        {DW}\n        {DB}\n"),
                ),
                "dW_reset": (
                    (f"    {DW}\n", ""),
                    (f"{EXAMPLES}\n", f"{EXAMPLES}\n        {DW}\n"),
                ),
                "db_reset": (
                    (f"    {DB}\n", ""),
                    (f"{EXAMPLES}\n", f"{EXAMPLES}\n        {DB}\n"),
                ),
                "all": ((EXAMPLES, "for i in range(m - 1, m):"),),
                "copied_to_all": ((COPY_BACK, COPY_BACK.replace("dA_prev[i]", "dA_prev[:]")),),
            },
            Text(
                "Of a whole batch only the last example is left in a gradient.",
                "本应是整批数据的梯度，却只剩下最后一个样本的结果。",
            ),
            Text(
                "Check which lines are inside the loop over i: what happens once per example?",
                "检查哪些行在对 i 的循环里面：每个样本都要做一次的是什么？",
            ),
        ),
        cause(
            "gradient_not_reset",
            ((DA_EXAMPLE, f"{DA_EXAMPLE}\n        da_prev_pad += dA_prev_pad[i - 1] * (i > 0)"),),
            GRADIENT_NOT_RESET,
            GRADIENT_NOT_RESET_HINT,
            rare=True,
        ),
        cause(
            "random_initial_gradient",
            {
                "": (
                    (DA_PREV, "dA_prev = np.random.randn(*A_prev.shape)"),
                    (DW, "dW = np.random.randn(*W.shape)"),
                    (DB, "db = np.random.randn(*b.shape)"),
                ),
                "dA_prev": ((DA_PREV, "dA_prev = np.random.randn(*A_prev.shape)"),),
                "dW": ((DW, "dW = np.random.randn(*W.shape)"),),
                "db": ((DB, "db = np.random.randn(*b.shape)"),),
                "dW_and_db": (
                    (DW, "dW = np.random.randn(*W.shape)"),
                    (DB, "db = np.random.randn(*b.shape)"),
                ),
                "dA_prev_and_dW": (
                    (DA_PREV, "dA_prev = np.random.randn(*A_prev.shape)"),
                    (DW, "dW = np.random.randn(*W.shape)"),
                ),
            },
            Text(
                "A gradient differs from call to call: random numbers, or what np.empty finds, "
                "are in it.",
                "有梯度每次调用的结果都不同：里面混入了随机数，或 np.empty 里原有的数。",
            ),
            Text(
                "Gradients are sums. From which number does a sum start?",
                "梯度是求和得到的。求和应从哪个数开始？",
            ),
        ),
        cause(
            "starts_from_input",
            {
                "dA_prev": ((DA_PADDED, "dA_prev_pad = zero_pad(A_prev, pad)"),),
                "dW": ((DW, "dW = W.copy()"),),
                "db": ((DB, "db = b.copy()"),),
                "dW_and_db": ((DW, "dW = W.copy()"), (DB, "db = b.copy()")),
            },
            Text(
                "A gradient starts from the values of A_prev, W or b instead of zeros.",
                "梯度是从 A_prev、W 或 b 的数值开始累加的，而不是从 0 开始。",
            ),
            Text(
                "A gradient has the same shape as its array, but which values before the loops?",
                "梯度与对应数组形状相同，但循环之前它的值应当是什么？",
            ),
        ),
        cause(
            "starts_from_ones",
            {
                "dA_prev": ((DA_PREV, "dA_prev = np.ones(A_prev.shape)"),),
                "dW": ((DW, "dW = np.ones(W.shape)"),),
                "db": ((DB, "db = np.ones(b.shape)"),),
            },
            Text(
                "A gradient starts from ones instead of zeros.",
                "梯度是从 1 开始累加的，而不是从 0 开始。",
            ),
            Text(
                "Gradients are sums. From which number does a sum start?",
                "梯度是求和得到的。求和应从哪个数开始？",
            ),
        ),
        cause(
            "db_shape",
            {
                "vector": ((RETURN, "return dA_prev, dW, db.reshape(n_C)"),),
                "row": ((RETURN, "return dA_prev, dW, db.reshape(1, n_C)"),),
                "column": ((RETURN, "return dA_prev, dW, db.reshape(n_C, 1)"),),
                "three_axes": ((RETURN, "return dA_prev, dW, db.reshape(1, 1, n_C)"),),
                "number": ((RETURN, "return dA_prev, dW, np.sum(db)"),),
                "per_example": ((RETURN, "return dA_prev, dW, np.sum(dZ, axis=(1, 2))"),),
                "per_example_kept": (
                    (RETURN, "return dA_prev, dW, np.sum(dZ, axis=(1, 2), keepdims=True)"),
                ),
                "per_column": ((RETURN, "return dA_prev, dW, np.sum(dZ, axis=(0, 1))"),),
                "per_column_kept": (
                    (RETURN, "return dA_prev, dW, np.sum(dZ, axis=(0, 1), keepdims=True)"),
                ),
                "per_position": ((RETURN, "return dA_prev, dW, np.sum(dZ, axis=0)"),),
                "per_position_kept": (
                    (RETURN, "return dA_prev, dW, np.sum(dZ, axis=0, keepdims=True)"),
                ),
                "input_channels": ((DB, "db = np.zeros((1, 1, 1, A_prev.shape[3]))"),),
                "per_example_only": ((RETURN, "return dA_prev, dW, np.sum(dZ, axis=(1, 2, 3))"),),
                "per_example_only_kept": (
                    (RETURN, "return dA_prev, dW, np.sum(dZ, axis=(1, 2, 3), keepdims=True)"),
                ),
                "like_filter": ((DB, "db = np.zeros((f, f, 1, n_C))"),),
                "like_dW": ((DB, "db = np.zeros(W.shape)"),),
                "like_dZ": ((RETURN, "return dA_prev, dW, dZ"),),
            },
            Text(
                "db does not have the shape of b, which is (1, 1, 1, n_C).",
                "db 的形状与 b 不同；b 的形状是 (1, 1, 1, n_C)。",
            ),
            Text(
                "Over which axes of dZ do you sum, and which axes must stay in db?",
                "对 dZ 的哪些轴求和？db 中哪些轴必须保留？",
            ),
        ),
        cause(
            "db_stays_zero",
            ((f"{LOOP}{ADD_DB}\n", ""),),
            Text(
                "db is 0 everywhere: no gradient ends up in the array that is returned.",
                "db 处处为 0：梯度没有进入所返回的数组。",
            ),
            Text(
                "Three gradients are collected in the loops. Which lines add to which of them?",
                "循环里要累加三个梯度。各由哪一行累加？",
            ),
            rare=True,
        ),
        cause(
            "dW_stays_zero",
            ((f"{LOOP}{ADD_DW}\n", ""),),
            Text(
                "dW is 0 everywhere: no gradient ends up in the array that is returned.",
                "dW 处处为 0：梯度没有进入所返回的数组。",
            ),
            Text(
                "Three gradients are collected in the loops. Which lines add to which of them?",
                "循环里要累加三个梯度。各由哪一行累加？",
            ),
            rare=True,
        ),
        cause(
            "db_summed_over_filters",
            ((ADD_DB, "db += dz"),),
            Text(
                "Every entry of db gets the gradients of all filters.",
                "db 的每个元素都加上了所有滤波器的梯度。",
            ),
            Text(
                "Only the bias of filter c is used for channel c of Z.",
                "Z 的第 c 个通道只用到了第 c 个滤波器的偏置。",
            ),
        ),
        cause(
            "db_of_first_filter",
            ((ADD_DB, "db[:, :, :, 0] += dz"),),
            Text(
                "All of db is collected in its first entry.",
                "db 全都累加到了第一个元素里。",
            ),
            Text("Which entry of db belongs to filter c?", "db 的哪个元素属于第 c 个滤波器？"),
        ),
        cause(
            "db_overwritten",
            ((ADD_DB, "db[:, :, :, c] = dz"),),
            Text(
                "Only the last position counts in db: what earlier ones gave is overwritten or "
                "reset.",
                "db 里只剩下最后一个位置的值：前面各位置的值被覆盖或清零了。",
            ),
            Text(
                "The bias is used at every position. How do its contributions combine?",
                "每个位置都用到了偏置。这些贡献应怎样合在一起？",
            ),
        ),
        cause(
            "db_added_too_often",
            {
                "per_weight": ((ADD_DB, "db[:, :, :, c] += dz * f * f * A_prev.shape[3]"),),
                "per_pixel": ((ADD_DB, "db[:, :, :, c] += dz * f * f"),),
            },
            Text(
                "db adds each entry of dZ several times instead of once.",
                "累加 db 时，dZ 的每个数被加了好几次，而不是一次。",
            ),
            Text(
                "A bias is added once to each output. In which loops does the line of db stand?",
                "每个输出只加一次偏置。db 的那一行写在了哪几层循环里？",
            ),
        ),
        cause(
            "dW_overwritten",
            ((ADD_DW, "dW[:, :, :, c] = a_slice * dz"),),
            Text(
                "Only the last window counts in dW: what earlier ones gave is overwritten or "
                "reset.",
                "dW 里只剩下最后一个窗口的值：前面各窗口的值被覆盖或清零了。",
            ),
            Text(
                "The filter is used at every position. How do its contributions combine?",
                "每个位置都用到了滤波器。这些贡献应怎样合在一起？",
            ),
        ),
        cause(
            "dA_overwritten",
            {
                "": ((ADD_DA, ADD_DA.replace("+=", "=")),),
                "all_filters": ((ADD_DA, ALL_FILTERS),),
                "backwards": (
                    (ADD_DA, ALL_FILTERS),
                    (ROWS, "for h in range(n_H)[::-1]:"),
                    (COLUMNS, "for w in range(n_W)[::-1]:"),
                ),
            },
            Text(
                "The window of dA_prev is overwritten: what other windows or filters put there "
                "is lost.",
                "dA_prev 中的窗口被覆盖了，其他窗口或滤波器累加的梯度丢失了。",
            ),
            Text(
                "One pixel takes part in many windows and filters. How do their gradients combine?",
                "一个像素会参与多个窗口和滤波器。它们的梯度应怎样处理？",
            ),
        ),
        cause(
            "averaged_over_examples",
            {
                "dW_and_db": ((RETURN, "return dA_prev, dW / m, db / m"),),
                "dW": ((RETURN, "return dA_prev, dW / m, db"),),
                "db": ((RETURN, "return dA_prev, dW, db / m"),),
                "all": ((RETURN, "return dA_prev / m, dW / m, db / m"),),
            },
            Text(
                "A gradient is divided by the number of examples m.",
                "梯度除以了样本数 m。",
            ),
            Text(
                "If the cost is a mean, dZ already holds the 1 / m. Is there an m in the formulas?",
                "如果损失是平均值，dZ 中已经含有 1 / m。公式里还有 m 吗？",
            ),
        ),
        cause(
            "db_averaged_over_positions",
            {
                "mean": ((RETURN, "return dA_prev, dW, db / (m * n_H * n_W)"),),
                "positions": ((RETURN, "return dA_prev, dW, db / (n_H * n_W)"),),
            },
            Text(
                "db is a mean over positions instead of a sum.",
                "db 成了各位置的平均值，而不是总和。",
            ),
            Text(
                "When b grows by 1, by how much does each entry of Z grow?",
                "b 增加 1 时，Z 的每个元素增加多少？",
            ),
        ),
        cause(
            "filter_flipped",
            ((ADD_DA, ADD_DA.replace("W[:, :, :, c]", "W[::-1, ::-1, :, c]")),),
            Text(
                "In dA_prev the filter lies the wrong way round: a turn by 180 degrees is too "
                "much, or one is missing.",
                "计算 dA_prev 时滤波器的方向反了：多翻转了 180 度，或少翻转了 180 度。",
            ),
            Text(
                "Where a gradient is collected pixel by pixel, the filter is turned; where each dZ "
                "is handed out to its window, it is not. Which of the two does your code do?",
                "逐个像素收集梯度时要翻转滤波器；把每个 dZ 分发给它的窗口时则不翻转。"
                "你的代码是哪一种？",
            ),
        ),
        cause(
            "W_mixed_up",
            (
                (
                    ADD_DA,
                    ADD_DA.replace("W[:, :, :, c]", "W.reshape(n_C, -1)[c].reshape(W.shape[:3])"),
                ),
            ),
            W_MIXED_UP,
            W_MIXED_UP_HINT,
            rare=True,
        ),
        cause(
            "dW_mixed_up",
            (
                (
                    RETURN,
                    "return dA_prev, dW.transpose(3, 0, 1, 2).reshape(W.shape), db",
                ),
            ),
            Text(
                "Numbers of different filters got mixed up when dW was reshaped.",
                "dW 在 reshape 时，不同滤波器的元素混在了一起。",
            ),
            Text(
                "Reshape changes no order. Which axis comes first before it, and which in W?",
                "reshape 不改变数的先后顺序。reshape 之前最前面的是哪个轴？W 中又是哪个？",
            ),
            rare=True,
        ),
        cause(
            "positions_without_padding",
            ((DZ, f"{DZ} if {INSIDE_IMAGE} else 0.0"),),
            POSITIONS_WITHOUT_PADDING,
            POSITIONS_WITHOUT_PADDING_HINT,
            rare=True,
        ),
        cause(
            "filter_transposed",
            ((ADD_DA, ADD_DA.replace("W[:, :, :, c]", "W[:, :, :, c].transpose(1, 0, 2)")),),
            Text(
                "Rows and columns of the filter are swapped in dA_prev.",
                "计算 dA_prev 时滤波器的行与列被交换了。",
            ),
            Text(
                "The pixel at row 0, column 1 of the window met which weight in the forward pass?",
                "前向传播时，窗口第 0 行第 1 列的像素乘的是哪个权重？",
            ),
        ),
        cause(
            "dW_flipped",
            ((ADD_DW, "dW[:, :, :, c] += a_slice[::-1, ::-1, :] * dz"),),
            Text(
                "dW lies the wrong way round: the window that is added to it, or dW itself, is "
                "turned by 180 degrees.",
                "dW 的方向反了：加上去的窗口或 dW 本身被翻转了 180 度。",
            ),
            Text(
                "The weight at row 0, column 0 met which pixel in the forward pass?",
                "前向传播时，第 0 行第 0 列的权重乘的是哪个像素？",
            ),
        ),
        cause(
            "dW_transposed",
            ((ADD_DW, "dW[:, :, :, c] += a_slice.transpose(1, 0, 2) * dz"),),
            Text(
                "In dW the rows and the columns of the filters are exchanged.",
                "dW 中滤波器的行与列弄反了。",
            ),
            Text(
                "The weight at row 0, column 1 met which pixel of the window in the forward pass?",
                "前向传播时，第 0 行第 1 列的权重乘的是窗口中的哪个像素？",
            ),
        ),
        cause(
            "first_filter_only",
            ((ADD_DA, ADD_DA.replace("W[:, :, :, c]", "W[:, :, :, 0]")),),
            Text(
                "dA_prev is computed with the first filter for every channel of dZ.",
                "无论是 dZ 的哪个通道，dA_prev 用的都是第一个滤波器。",
            ),
            Text("Which filter made channel c of Z?", "Z 的第 c 个通道是由哪个滤波器得到的？"),
        ),
        cause(
            "whole_filters",
            ((ADD_DA, f"da_prev_pad[{WINDOW}, :] += W * dz"),),
            Text(
                "W stands there with all its filters, but each number of dZ belongs to one.",
                "这里用的是含全部滤波器的 W，而 dZ 的每个数只属于第 c 个滤波器。",
            ),
            Text(
                "dZ[i, h, w, c] came from one filter. Which index picks it out of W?",
                "dZ[i, h, w, c] 来自一个滤波器。用哪个下标从 W 中取出它？",
            ),
            failure=FailurePattern(
                r"ValueError", r"broadcast", r"\bW\b\s*(\*|$)|\*\s*W\b(?!\s*\[)"
            ),
            rare=True,
        ),
        cause(
            "whole_padded_image",
            ((ADD_DW, "dW[:, :, :, c] += a_prev_pad * dz"),),
            Text(
                "dW adds the whole image, padded or not, instead of the window that was cut out "
                "of it.",
                "dW 累加的是整张图像（无论是否填充过），而不是从中切出的窗口。",
            ),
            Text(
                "What is the shape of one filter of dW, and what is that of what you add to it?",
                "dW 中一个滤波器的形状是什么？加上去的东西又是什么形状？",
            ),
            failure=FailurePattern(
                r"ValueError", r"broadcast", r"\bdW\b.*\b[aA]_prev(_pad)?\b(?!\s*\[)"
            ),
            rare=True,
        ),
        cause(
            "dZ_example_missing",
            ((DZ, "dz = dZ[h, w, c]"),),
            Text(
                "dZ is read without the index of the example: dZ[h, w, c].",
                "读取 dZ 时漏了样本的下标，写成了 dZ[h, w, c]。",
            ),
            Text(
                "dZ has four axes. Which index does the first one take?",
                "dZ 有四个轴。第一个轴用哪个下标？",
            ),
            rare=True,
            code=WITHOUT_EXAMPLE.format(what=r"\bdZ\[(?!\1\b)\w+, \w+, \w+\](?!\[)"),
        ),
        cause(
            "crop_on_one_side",
            {
                "height": ((CROP, "da_prev_pad[pad : pad + n_H_prev, :, :]"),),
                "width": ((CROP, "da_prev_pad[:, pad : pad + n_W_prev, :]"),),
            },
            Text(
                "The padding is cut off in one direction only.",
                "只在一个方向上裁掉了填充的边。",
            ),
            Text(
                "zero_pad adds a border on all four sides. How many does your crop remove?",
                "zero_pad 在四条边上都加了零。你裁掉了几条边？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"could not broadcast",
                r"\[\s*\w+\s*:[^,\]]*(\]|,\s*:\s*,)|\[\s*:\s*,\s*\w+\s*:[^,\]]*(,\s*:\s*)*\]",
            ),
            rare=True,
        ),
        cause(
            "window_of_gradient",
            ((SLICE, f"a_slice = da_prev_pad[{WINDOW}, :]"),),
            Text(
                "dW is built from the gradient of the input that is being filled, not from the "
                "input.",
                "dW 是用正在累加的输入梯度算出来的，而不是用输入算出来的。",
            ),
            Text(
                "In the formula of dW, what is multiplied by dZ?",
                "在 dW 的公式里，与 dZ 相乘的是什么？",
            ),
        ),
        cause(
            "filter_and_input_swapped",
            (
                (ADD_DA, f"da_prev_pad[{WINDOW}, :] += a_slice * dz"),
                (ADD_DW, "dW[:, :, :, c] += W[:, :, :, c] * dz"),
            ),
            Text(
                "W and the window are swapped: each gradient uses the wrong one of the two.",
                "W 与窗口弄反了：两个梯度各用了对方该用的那一个。",
            ),
            Text(
                "What is the derivative of w * x with respect to x, and to w?",
                "w * x 对 x 的导数是什么？对 w 的呢？",
            ),
        ),
        cause(
            "input_for_filter",
            ((ADD_DA, f"da_prev_pad[{WINDOW}, :] += a_slice * dz"),),
            Text(
                "dA_prev is built from the input's window instead of the filter.",
                "dA_prev 用的是输入的窗口，而不是滤波器。",
            ),
            Text(
                "What is the derivative of w * x with respect to x?",
                "w * x 对 x 的导数是什么？",
            ),
        ),
        cause(
            "filter_for_input",
            ((ADD_DW, "dW[:, :, :, c] += W[:, :, :, c] * dz"),),
            Text(
                "dW is built from the filter instead of the input's window.",
                "dW 用的是滤波器，而不是输入的窗口。",
            ),
            Text(
                "What is the derivative of w * x with respect to w?",
                "w * x 对 w 的导数是什么？",
            ),
        ),
        cause(
            "dZ_missing",
            {
                "dA_prev": ((ADD_DA, ADD_DA.replace(" * dz", "")),),
                "dW": ((ADD_DW, "dW[:, :, :, c] += a_slice"),),
                "db": ((ADD_DB, "db[:, :, :, c] += 1"),),
                "dA_prev_and_dW": (
                    (ADD_DA, ADD_DA.replace(" * dz", "")),
                    (ADD_DW, "dW[:, :, :, c] += a_slice"),
                ),
            },
            Text(
                "A gradient does not contain dZ: the chain rule's first factor is missing.",
                "某个梯度里没有 dZ：缺了链式法则的第一个因子。",
            ),
            Text(
                "With dZ = 0, which of your gradients are not 0?",
                "当 dZ = 0 时，你的哪些梯度不为 0？",
            ),
        ),
        cause(
            "bias_times_dZ",
            ((ADD_DB, "db[:, :, :, c] += b[:, :, :, c] * dz"),),
            Text("db is multiplied by the bias.", "db 多乘了偏置本身。"),
            Text(
                "In z = w * x + b, what is the derivative of z with respect to b?",
                "在 z = w * x + b 中，z 对 b 的导数是什么？",
            ),
        ),
        cause(
            "db_from_input",
            {
                "window": ((ADD_DB, "db[:, :, :, c] += np.sum(a_slice) * dz"),),
                "window_alone": ((ADD_DB, "db[:, :, :, c] += np.sum(a_slice)"),),
            },
            Text(
                "db contains the input, which the bias never met.",
                "db 里混入了输入，而偏置从未与输入相乘。",
            ),
            Text(
                "In z = w * x + b, what is the derivative of z with respect to b?",
                "在 z = w * x + b 中，z 对 b 的导数是什么？",
            ),
        ),
        cause(
            "dZ_summed",
            {
                "position": ((DZ, "dz = np.sum(dZ[i, h, w])"),),
                "channel": ((DZ, "dz = np.sum(dZ[i, :, :, c])"),),
                "batch": ((DZ, "dz = np.sum(dZ[:, h, w, c])"),),
                "example": ((DZ, "dz = np.sum(dZ[i])"),),
            },
            Text(
                "A sum over dZ is used where one entry of it belongs.",
                "本应只用 dZ 的一个元素，却用了 dZ 多个元素的和。",
            ),
            Text(
                "One window and one filter made one entry of Z. Which one?",
                "一个窗口和一个滤波器得到 Z 的一个元素。是哪一个？",
            ),
        ),
        cause(
            "dZ_at_window_corner",
            ((DZ, "dz = dZ[i, vert_start, horiz_start, c]"),),
            Text(
                "dZ is read at the window's corner, a position of the input.",
                "读取 dZ 时用了窗口左上角的下标，那是输入中的位置。",
            ),
            Text(
                "dZ has the size of the output. Which variables count its rows and columns?",
                "dZ 的大小与输出相同。它的行号、列号是哪两个变量？",
            ),
            failure=FailurePattern(
                r"IndexError",
                r"out of bounds",
                rf"\bdZ\s*\[\s*\w+\s*,\s*{CORNER}\s*,",
            ),
        ),
        cause(
            "dZ_indices_swapped",
            {
                "": ((DZ, "dz = dZ[i, w, h, c]"),),
                "dA_prev": ((ADD_DA, ADD_DA.replace("* dz", "* dZ[i, w, h, c]")),),
                "dW": ((ADD_DW, ADD_DW.replace("* dz", "* dZ[i, w, h, c]")),),
            },
            Text(
                "dZ is read at [w, h] instead of [h, w].",
                "读取 dZ 时用的是 [w, h]，而不是 [h, w]。",
            ),
            Text("Which of h and w counts rows of dZ?", "h 和 w 中哪个是 dZ 的行号？"),
            failure=FailurePattern(
                r"IndexError", r"out of bounds", r"\bdZ\s*\[\s*\w+\s*,\s*w\s*,\s*h\s*,"
            ),
        ),
        cause(
            "unpadded_input",
            {
                "": ((EXAMPLE, "a_prev_pad = A_prev[i]\n        da"),),
                "zeros_below": (
                    (
                        PADDED,
                        "A_prev_pad = np.pad("
                        "A_prev, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))\n",
                    ),
                ),
                "both_unpadded": (
                    (EXAMPLE, "a_prev_pad = A_prev[i]\n        da"),
                    (DA_EXAMPLE, "da_prev_pad = dA_prev[i]"),
                    (COPY_BACK, ""),
                ),
            },
            Text(
                "Windows of A_prev or of dA_prev are cut out as if there were no padding above "
                "and to the left.",
                "从 A_prev 或 dA_prev 中切出窗口时，上方和左侧好像没有填充过。",
            ),
            Text(
                "The windows must be the ones of the forward pass. Which array did it use?",
                "窗口必须与前向传播时相同。前向传播用的是哪个数组？",
            ),
        ),
        cause(
            "padded_twice",
            (
                (PADDED, "A_prev_pad = zero_pad(A_prev, 2 * pad)\n"),
                (DA_PADDED, "dA_prev_pad = zero_pad(dA_prev, 2 * pad)"),
            ),
            Text(
                "A_prev is padded by 2 * pad on each side.",
                "A_prev 的每一侧都填充了 2 * pad。",
            ),
            Text(
                "zero_pad already works on both sides. What is its second argument?",
                "zero_pad 已经同时处理两侧。它的第二个参数是什么？",
            ),
        ),
        cause(
            "hyperparameters_swapped",
            (
                ('stride = hparameters["stride"]', 'stride = hparameters["pad"]'),
                ('    pad = hparameters["pad"]', '    pad = hparameters["stride"]'),
            ),
            Text("stride and pad are swapped.", "stride 和 pad 弄反了。"),
            Text(
                "Check which entry of hparameters goes into which name.",
                "检查 hparameters 的每一项分别赋给了哪个变量。",
            ),
        ),
        cause(
            "added_per_channel_of_input",
            ((CHANNELS, "for c in [c for c in range(n_C) for _ in range(W.shape[2])]:"),),
            Text(
                "Every contribution is added once per input channel: all gradients are n_C_prev "
                "times the right ones.",
                "每个输入通道都重复加了一次，各个梯度都成了应有值的 n_C_prev 倍。",
            ),
            Text(
                "The slices already hold all input channels. Is there one loop too many?",
                "切片已经包含所有输入通道。是不是多了一层循环？",
            ),
        ),
        cause(
            "return_order",
            {
                "dW_first": ((RETURN, "return dW, dA_prev, db"),),
                "dW_db_dA": ((RETURN, "return dW, db, dA_prev"),),
                "db_second": ((RETURN, "return dA_prev, db, dW"),),
            },
            Text(
                "The gradients are returned in another order than dA_prev, dW, db.",
                "返回梯度的顺序不是 dA_prev、dW、db。",
            ),
            Text("Look at the `return` line of the stub.", "看看原来代码里的 `return` 那一行。"),
        ),
        cause(
            "moves_by_pad",
            ((VERT_START, "vert_start = h * pad"), (HORIZ_START, "horiz_start = w * pad")),
            MOVES_BY_PAD,
            MOVES_BY_PAD_HINT,
        ),
        cause(
            "window_size_hard_coded",
            {
                "2": (("f, _, _, n_C = W.shape", "f, _, _, n_C = W.shape\n    f = 2"),),
                "3": (("f, _, _, n_C = W.shape", "f, _, _, n_C = W.shape\n    f = 3"),),
            },
            Text(
                "The size of the window is a fixed number of your own.",
                "窗口的大小是写死的数。",
            ),
            Text(
                "Which axes of W say how large a window is?",
                "W 的哪两个轴表示窗口的大小？",
            ),
        ),
        cause(
            "stamp_without_filter",
            ((ADD_DA, f"da_prev_pad[{WINDOW}, :] += dz"),),
            Text(
                "dA_prev gets dZ itself, without the filter.",
                "加到 dA_prev 上的只有 dZ，没有乘滤波器。",
            ),
            Text(
                "What is the derivative of w * x with respect to x?",
                "w * x 对 x 的导数是什么？",
            ),
        ),
        cause(
            "filter_for_gradient",
            {
                "dW": ((ADD_DW, "dW[:, :, :, c] += a_slice * W[:, :, :, c]"),),
                "dA_prev": ((ADD_DA, f"da_prev_pad[{WINDOW}, :] += W[:, :, :, c] * a_slice"),),
                "db": ((ADD_DB, "db[:, :, :, c] += b[:, :, :, c]"),),
            },
            Text(
                "W, b or the input stands where dZ belongs.",
                "本应用 dZ 的地方，用的却是 W、b 或输入。",
            ),
            Text(
                "With dZ = 0, which of your gradients are not 0?",
                "当 dZ = 0 时，你的哪些梯度不为 0？",
            ),
        ),
        cause(
            "crop_of_wrong_array",
            {
                "input": ((CROP, CROP.replace("da_prev_pad", "a_prev_pad")),),
            },
            Text(
                "dA_prev holds A_prev itself, as if it were cut out of the padded input instead of "
                "the padded gradient.",
                "dA_prev 里就是 A_prev 本身，好像裁剪的是填充后的输入，而不是填充后的梯度。",
            ),
            Text(
                "Into which array did the loops add? That is the one to be cropped.",
                "循环把梯度加到了哪个数组里？要裁剪的就是它。",
            ),
        ),
        cause(
            "result_rebound",
            {
                "": ((COPY_BACK, f"        dA_prev = {CROP}\n"),),
                "uncropped": ((COPY_BACK, "        dA_prev = da_prev_pad\n"),),
            },
            Text(
                "One example's gradient takes the place of the whole batch's dA_prev.",
                "单个样本的梯度取代了整批数据的 dA_prev。",
            ),
            Text(
                "Which index says for which example the result is stored?",
                "用哪个下标表示结果属于第几个样本？",
            ),
        ),
    )
)
