"""What goes wrong in zero_pad: the axes that are padded, how far, and with what."""

from functools import partial
from itertools import chain

from checks.diagnosis import FailurePattern
from checks.text import Text
from solutions.catalogue import variants

cause = partial(variants, "zero_pad")

AXES = "((0, 0), (pad, pad), (pad, pad), (0, 0))"
CALL = f'np.pad(X, {AXES}, mode="constant")'

MISCONCEPTIONS = tuple(
    chain(
        cause(
            "pads_channels",
            ((AXES, "((0, 0), (pad, pad), (pad, pad), (pad, pad))"),),
            Text(
                "The channel axis is padded too, so the result has 2 * pad channels too many.",
                "通道轴也被填充了，结果多出了 2 * pad 个通道。",
            ),
            Text(
                "Each axis of X has a pair of its own in np.pad. Which pair belongs to n_C?",
                "np.pad 中每个轴各有一对数。哪一对对应 n_C？",
            ),
        ),
        cause(
            "channels_for_width",
            ((AXES, "((0, 0), (pad, pad), (0, 0), (pad, pad))"),),
            Text(
                "Height and channels are padded; the width is not.",
                "填充了高度和通道，而宽度没有填充。",
            ),
            Text(
                "Which axis of X is the width, counted from 0?",
                "从 0 数起，X 的哪个轴是宽度？",
            ),
            rare=True,
        ),
        cause(
            "pad_hard_coded",
            {
                "two": ((AXES, "((0, 0), (2, 2), (2, 2), (0, 0))"),),
                "three": ((AXES, "((0, 0), (3, 3), (3, 3), (0, 0))"),),
            },
            Text(
                "The border has a fixed width whatever `pad` is.",
                "无论 `pad` 是多少，边框的宽度都是固定的。",
            ),
            Text("Where is the parameter `pad` used?", "参数 `pad` 用在了哪里？"),
            rare=True,
        ),
        cause(
            "pad_zero_slice",
            (
                (
                    CALL,
                    "np.zeros((len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]))\n"
                    "    X_pad[:, pad:-pad, pad:-pad] = X",
                ),
            ),
            Text(
                "For pad 0 a slice such as pad:-pad is 0:0, which is empty.",
                "pad 为 0 时，像 pad:-pad 这样的切片就是 0:0，什么也取不到。",
            ),
            Text(
                "Where must the slice end when you count from its start instead of from the back?",
                "如果从前往后数而不是从后往前数，切片应在哪里结束？",
            ),
            failure=FailurePattern(
                r"ValueError",
                r"could not broadcast input array from shape .* into shape \((\d+,)*0,0",
                r":\s*-\s*[A-Za-z_]",
            ),
            rare=True,
        ),
        cause(
            "sides_padded_differently",
            {
                "wide": ((AXES, "((0, 0), (pad, pad), (2 * pad, 2 * pad), (0, 0))"),),
                "high": ((AXES, "((0, 0), (2 * pad, 2 * pad), (pad, pad), (0, 0))"),),
            },
            Text(
                "Height and width do not get the same border.",
                "高度和宽度方向的边框不一样宽。",
            ),
            Text(
                "By how much does each axis of the result differ from X?",
                "结果的每个轴比 X 长多少？",
            ),
            rare=True,
        ),
        cause(
            "cut_to_integers",
            (("return X_pad", "return X_pad.astype(int)"),),
            Text(
                "The decimals of X are cut off, as in an array of integers.",
                "X 的小数部分被截去了，就像存进了整数数组那样。",
            ),
            Text(
                "Print the dtype of the array that you make. Which numbers can it hold?",
                "打印你创建的数组的 dtype：它能存放哪些数？",
            ),
            rare=True,
        ),
        cause(
            "value_is_pad",
            (('mode="constant"', 'mode="constant", constant_values=pad'),),
            Text(
                "The border is filled with the number `pad` instead of zeros.",
                "边框里填的是数字 `pad`，而不是 0。",
            ),
            Text(
                "`pad` says how wide the border is. Which argument says what it is filled with?",
                "`pad` 只表示边框有多宽。边框里填什么由哪个参数决定？",
            ),
        ),
        cause(
            "value_is_one",
            (('mode="constant"', 'mode="constant", constant_values=1'),),
            Text("The border is filled with ones.", "边框里填的是 1。"),
            Text(
                "Look at the number that np.pad is told to fill in.",
                "检查交给 np.pad 的填充值。",
            ),
        ),
        cause(
            "channels_first",
            ((AXES, "((0, 0), (0, 0), (pad, pad), (pad, pad))"),),
            Text(
                "The last two axes are padded, as if X were (m, n_C, n_H, n_W).",
                "被填充的是最后两个轴，好像 X 的形状是 (m, n_C, n_H, n_W)。",
            ),
            Text(
                "Print X.shape: in this course the channels are the last axis.",
                "打印 X.shape：本课程中通道是最后一个轴。",
            ),
        ),
        cause(
            "one_axis_forgotten",
            {
                "last": ((AXES, "((0, 0), (pad, pad), (pad, pad))"),),
                "two": ((AXES, "((pad, pad), (pad, pad))"),),
            },
            Text(
                "What np.pad gets as widths is not one pair for each of the four axes of X.",
                "传给 np.pad 的填充宽度不是四对，而 X 的四个轴各要一对。",
            ),
            Text(
                "X has four axes. Which pair leaves an axis as it is?",
                "X 有四个轴。哪一对数表示某个轴不填充？",
            ),
            failure=FailurePattern(r"ValueError", r"requested shape \(4,\s?2\)", r"\bpad\w*\s*\("),
            rare=True,
        ),
        cause(
            "pads_every_axis",
            ((AXES, "pad"),),
            Text(
                "All four axes are padded, examples and channels included.",
                "四个轴全被填充了，包括样本轴和通道轴。",
            ),
            Text(
                "A single number holds for every axis; np.pad also takes one pair per axis.",
                "只给一个数时它对每个轴都生效；np.pad 也可以为每个轴指定一对数。",
            ),
        ),
        cause(
            "pads_examples",
            {
                "and_image": ((AXES, "((pad, pad), (pad, pad), (pad, pad), (0, 0))"),),
                "and_height": ((AXES, "((pad, pad), (pad, pad), (0, 0), (0, 0))"),),
            },
            Text(
                "The first axis is padded, which adds examples of zeros to the batch.",
                "第一个轴被填充了，这批数据里多出了全为 0 的样本。",
            ),
            Text(
                "The first pair belongs to the examples. How many examples may the result have?",
                "第一对数对应样本轴。结果里应当有几个样本？",
            ),
        ),
        cause(
            "height_only",
            ((AXES, "((0, 0), (pad, pad), (0, 0), (0, 0))"),),
            Text("Only the height is padded, not the width.", "只填充了高度，没有填充宽度。"),
            Text(
                "Compare the shape of the result with n_W + 2 * pad.",
                "把结果的形状与 n_W + 2 * pad 对比一下。",
            ),
        ),
        cause(
            "width_only",
            ((AXES, "((0, 0), (0, 0), (pad, pad), (0, 0))"),),
            Text("Only the width is padded, not the height.", "只填充了宽度，没有填充高度。"),
            Text(
                "Compare the shape of the result with n_H + 2 * pad.",
                "把结果的形状与 n_H + 2 * pad 对比一下。",
            ),
        ),
        cause(
            "one_side_only",
            {
                "before": ((AXES, "((0, 0), (pad, 0), (pad, 0), (0, 0))"),),
                "after": ((AXES, "((0, 0), (0, pad), (0, pad), (0, 0))"),),
            },
            Text(
                "Zeros are added on one side only, so height and width grow by pad, not 2 * pad.",
                "只在一侧补了 0，高度和宽度各只增加了 pad，而不是 2 * pad。",
            ),
            Text(
                "A pair (before, after) has two numbers. What does each of them do?",
                "一对数（前，后）里的两个数各起什么作用？",
            ),
        ),
        cause(
            "both_sides_on_one_side",
            {
                "before": ((AXES, "((0, 0), (2 * pad, 0), (2 * pad, 0), (0, 0))"),),
                "after": ((AXES, "((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0))"),),
                "below": ((AXES, "((0, 0), (0, 2 * pad), (pad, pad), (0, 0))"),),
                "right": ((AXES, "((0, 0), (pad, pad), (0, 2 * pad), (0, 0))"),),
            },
            Text(
                "The shape is right, but the image does not sit in the middle.",
                "形状正确，但图像没有放在正中间。",
            ),
            Text(
                "How many rows of zeros should lie above the image, how many below?",
                "图像上方应有几行 0？下方呢？",
            ),
        ),
        cause(
            "padded_twice",
            ((AXES, "((0, 0), (2 * pad, 2 * pad), (2 * pad, 2 * pad), (0, 0))"),),
            Text(
                "The border is 2 * pad wide on each side, so the image grows by 4 * pad.",
                "每一侧的边框宽度是 2 * pad，图像一共增加了 4 * pad。",
            ),
            Text(
                "The 2 in n_H + 2 * pad already counts both sides.",
                "n_H + 2 * pad 中的 2 已经把两侧都算进去了。",
            ),
        ),
        cause(
            "always_pads_one",
            ((AXES, "((0, 0), (1, 1), (1, 1), (0, 0))"),),
            Text(
                "The border is one pixel wide whatever `pad` is.",
                "无论 `pad` 是多少，边框都只有 1 个像素宽。",
            ),
            Text("Where is the parameter `pad` used?", "参数 `pad` 用在了哪里？"),
        ),
        cause(
            "border_copies_image",
            {
                "edge": (('mode="constant"', 'mode="edge"'),),
                "reflect": (('mode="constant"', 'mode="reflect"'),),
                "symmetric": (('mode="constant"', 'mode="symmetric"'),),
                "wrap": (('mode="constant"', 'mode="wrap"'),),
            },
            Text(
                "The border repeats pixels of the image instead of zeros.",
                "边框重复了图像的像素，而不是填 0。",
            ),
            Text(
                "Look up the modes of np.pad: which one fills in a fixed number?",
                "查一查 np.pad 的各种 mode：哪一种填入固定的数？",
            ),
        ),
        cause(
            "not_padded",
            (("return X_pad", "return X"),),
            Text("X comes back without any padding.", "X 没有经过填充就被原样返回了。"),
            Text(
                "np.pad leaves X as it is and returns a new array. Which one do you return?",
                "np.pad 不改变 X，而是返回一个新数组。你返回的是哪一个？",
            ),
        ),
        cause(
            "image_not_copied",
            ((CALL, f"np.zeros_like({CALL})"),),
            Text(
                "The result has the right shape but only zeros: the image is missing.",
                "结果的形状正确，但全是 0：图像没有放进去。",
            ),
            Text(
                "After making the array of zeros, which part of it has to hold X?",
                "建好全 0 数组之后，其中哪一部分应当放入 X？",
            ),
        ),
        cause(
            "image_cut_off",
            (
                (
                    CALL,
                    "np.zeros((len(X), X.shape[1] + 2 * pad, X.shape[2] + 2 * pad, X.shape[3]))\n"
                    "    inside = X[:, : max(X.shape[1] - pad, 0), : max(X.shape[2] - pad, 0)]\n"
                    "    X_pad[:, pad : X.shape[1], pad : X.shape[2]] = inside",
                ),
            ),
            Text(
                "The last rows and columns of X are missing in the result, `pad` of each.",
                "结果中缺少 X 的最后 `pad` 行和最后 `pad` 列。",
            ),
            Text(
                "In the result the image begins at row `pad`. In which row does it end?",
                "在结果中，图像从第 `pad` 行开始，到第几行结束？",
            ),
            rare=True,
        ),
        cause(
            "border_overwritten",
            (
                (
                    CALL,
                    "X.copy()\n"
                    "    X_pad[:, :pad] = X_pad[:, X.shape[1] - pad :] = 0\n"
                    "    X_pad[:, :, :pad] = X_pad[:, :, X.shape[2] - pad :] = 0",
                ),
            ),
            Text(
                "The image keeps its size: its own outer pixels are replaced by zeros.",
                "图像大小没有变：它自己的外圈像素被换成了 0。",
            ),
            Text(
                "Padding adds rows and columns around the image; it removes nothing.",
                "填充是在图像外面增加行和列，不会去掉任何像素。",
            ),
        ),
        cause(
            "border_from_statistics",
            {
                mode: (('mode="constant"', f'mode="{mode}"'),)
                for mode in ("mean", "maximum", "minimum", "median", "linear_ramp")
            },
            Text(
                "The border is computed from the image, not filled with zeros.",
                "边框是由图像算出来的，而不是填 0。",
            ),
            Text(
                "Look up the modes of np.pad: which one fills in a fixed number?",
                "查一查 np.pad 的各种 mode：哪一种填入固定的数？",
            ),
        ),
        cause(
            "pads_examples_and_channels",
            ((AXES, "((pad, pad), (0, 0), (0, 0), (pad, pad))"),),
            Text(
                "Examples and channels are padded, height and width are not.",
                "填充的是样本轴和通道轴，高度和宽度反而没有填充。",
            ),
            Text(
                "Print X.shape: which two of the four axes are those of an image?",
                "打印 X.shape：四个轴中，哪两个是图像的高度和宽度？",
            ),
        ),
    )
)
