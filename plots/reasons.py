"""Why the answer to a prediction is what it is, by a name that the notebook's cell gives.

They stand here and not in the cell, where a learner would read them before thinking.
"""

from checks.text import Text

REASONS = {
    "edge": Text(
        "Left minus right, wall minus door: 0.9 − 0.2 = 0.7. From bright to dark it is positive.",
        "左减右，也就是墙减门：0.9 − 0.2 = 0.7。由亮变暗，差为正。",
    ),
    "parameters": Text(
        "Each of the 8 filters has 5 · 5 · 3 = 75 weights and one bias: 76 · 8 = 608.",
        "8 个滤波器，每个有 5 · 5 · 3 = 75 个权重和一个偏置：76 · 8 = 608。",
    ),
    "mirrored": Text(
        "The second window is (0, 0, 1): the 1 meets the last weight, 3; flipped, it would be 1.",
        "第二个窗口是 (0, 0, 1)：1 对着最后一个权重 3；翻转滤波器之后，对着的才是 1。",
    ),
    "border": Text(
        "64 columns, and 6 more on either side: 76.",
        "64 列，左右两侧各加 6 列：76。",
    ),
    "bias_once": Text(
        "The products add up to 3 + 3 = 6, and the bias comes once: 6 − 2 = 4.",
        "乘积之和是 3 + 3 = 6，偏置只加一次：6 − 2 = 4。",
    ),
    "size": Text(
        "⌊(7 + 2 · 1 − 3)/2⌋ + 1 = 4.",
        "⌊(7 + 2 · 1 − 3)/2⌋ + 1 = 4。",
    ),
    "medians": Text(
        "⌊(9 − 3)/2⌋ + 1 = 4: the windows begin at 0, 2, 4 and 6.",
        "⌊(9 − 3)/2⌋ + 1 = 4：窗口从 0、2、4、6 开始。",
    ),
    "every_place": Text(
        "(5 − 3 + 1) rows times (7 − 3 + 1) columns: 3 · 5 = 15. Stride 2 skips all but 6 of them.",
        "行数 5 − 3 + 1，列数 7 − 3 + 1：3 · 5 = 15 个；步幅为 2 时，只算其中的 6 个。",
    ),
    "stem": Text(
        "Left minus right, in three rows: 3 · (0 − 1) = −3.",
        "左减右，一共三行：3 · (0 − 1) = −3。",
    ),
    "door": Text(
        "Left minus right, the rows counted 1, 2 and 1 times: 4 · (0.9 − 0.2) = 2.8.",
        "左减右，三行的权重是 1、2、1：4 · (0.9 − 0.2) = 2.8。",
    ),
    "pooled": Text(
        "⌊(48 − 4)/4⌋ + 1 = 12.",
        "⌊(48 − 4)/4⌋ + 1 = 12。",
    ),
    "takes_part": Text(
        "Rows 1 and 2 begin a window that holds it, and so do columns 1 and 2: 2 · 2 = 4.",
        "从第 1、2 行开始的窗口盖得住它，列也是这样：2 · 2 = 4。",
    ),
    "stamp": Text(
        "The window of w = 2 begins at column 2 · 2 = 4.",
        "w = 2 的窗口从第 2 · 2 = 4 列开始。",
    ),
    "coverage": Text(
        "A pixel in the middle lies in 3 · 3 = 9 windows.",
        "中间的像素落在 3 · 3 = 9 个窗口里。",
    ),
    "measured": Text(
        "Each number is moved up once and down once: 2 · 40 = 80. conv_backward gives all 40 at "
        "once, so it trains, and measuring only tests it.",
        "每个数调大一次、调小一次：2 · 40 = 80。conv_backward 一次就得到全部 40 个，"
        "所以训练靠它，测量只用来检验它。",
    ),
    "sobel": Text(
        "The Sobel filter that made the target has −2 there.",
        "算出目标的 Sobel 滤波器在那里是 −2。",
    ),
    "ties": Text(
        "Comparing with the maximum marks 2 places; a rule that marks one winner gives 1.",
        "与最大值比较会标出 2 处；只标一个的规则则得到 1。",
    ),
    "share": Text(
        "2 · 5 = 10 places share the 5: 5/10 = 0.5.",
        "2 · 5 = 10 个位置平分 5：5/10 = 0.5。",
    ),
    "winner": Text(
        "The 5 is the largest number of both upper windows: 1 + 7 = 8.",
        "5 是上面两个窗口共同的最大值：1 + 7 = 8。",
    ),
    "sent_back": Text(
        "Each window sends its 1 to every place that is marked: 4 · 4 = 16 in all where the mask "
        "marks all four of them, but 4 where it marks one.",
        "每个窗口把自己的 1 传给标出的每一处：四处全标，总和就是 4 · 4 = 16；"
        "只标一处，总和就是 4。",
    ),
    "patch": Text(
        "Pooling joins two windows of 3 columns that begin one apart: 3 + 1 = 4 columns; the rows "
        "likewise: 4 · 4 = 16.",
        "池化合起来的是左右相邻、各占 3 列的两个窗口：3 + 1 = 4 列；行也一样：4 · 4 = 16。",
    ),
    "softmax": Text(
        "The softmax gives class 0 nearly nothing, so P − Y is about 0 − 1.",
        "softmax 几乎没有分给类别 0，所以 P − Y 约为 0 − 1。",
    ),
    "remainder": Text(
        "The remainder falls as h²: a tenth of h leaves a hundredth of the error.",
        "余项与 h² 成正比：h 变为十分之一，误差就变为百分之一。",
    ),
    "kink": Text(
        "One step ends on the flat side, the other on the slope: (0.01 − 0)/0.02 = 0.5.",
        "一步落在平坦的一侧，另一步落在斜坡上：(0.01 − 0)/0.02 = 0.5。",
    ),
    "near_kink": Text(
        "The step up reaches 0.005 on the slope: (0.005 − 0)/0.02 = 0.25.",
        "往上一步到达斜坡上的 0.005 处：(0.005 − 0)/0.02 = 0.25。",
    ),
    "shares": Text(
        "Up, the moved winner decides; down, the other one stays: half a slope each.",
        "调大时，结果跟着变；调小时，另一个撑着：各得一半的斜率。",
    ),
    "variance": Text(
        "The ReLU keeps half of the mean square, and nothing makes up for it.",
        "ReLU 只留下一半的均方，没有别的来弥补。",
    ),
}
