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
    "field": Text(
        "Two strides of 2 put its neighbours 2 · 2 = 4 pixels apart: 10 + 2 · 4 = 18.",
        "前面有两个步幅 2，所以它输入中相邻的两个数相距 2 · 2 = 4 个像素：10 + 2 · 4 = 18。",
    ),
    "slope": Text(
        "dW has a 4 there: J grows by 4 for each unit of the weight, so here by 4 · 0.5 = 2.",
        "dW 在那里是 4：权重每增大 1，J 就增大 4；增大 0.5，J 增大 4 · 0.5 = 2。",
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
        "Probability given minus probability wanted: class 0 gets nearly nothing and should get 1, "
        "so about 0 − 1 = −1.",
        "给出的概率减去应有的概率：类别 0 几乎什么也没分到，应有的却是 1，约为 0 − 1 = −1。",
    ),
    "remainder": Text(
        "The remainder falls as h²: h is 10 times as small, the error 10² = 100 times.",
        "余项与 h² 成正比：h 缩小为十分之一，误差就相差 10² = 100 倍。",
    ),
    "mean_for_sum": Text(
        "The mean is a third of the sum: (1 − 1/3)/(1 + 1/3) = 0.5, whatever the numbers are.",
        "平均值是和的三分之一：(1 − 1/3)/(1 + 1/3) = 0.5，与具体的数无关。",
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
        "Rule 3: up, the moved winner decides; down, the other one stays: half a slope each.",
        "规则 3：调大时，结果跟着变；调小时，另一个撑着：各得一半的斜率。",
    ),
    "variance": Text(
        "n products with the variance E[A²]/n each: Var(Z) = E[A²], and of the squares the ReLU "
        "left half, 0.5 · Var(Z′).",
        "n 个乘积，方差各为 E[A²]/n，所以 Var(Z) = E[A²]；ReLU 又只留下一半的平方：0.5 · Var(Z′)。",
    ),
    "averages": Text(
        "An average keeps what most writers of a digit have in common, and nine of ten digits are "
        "nearest to their own. The others are drawn in another way, and nearer to a wrong one.",
        "平均图像留下的是多数人写法的共同之处，十个数字里有九个离自己的平均图像最近；"
        "其余的写法不同，反而离别的平均图像更近。",
    ),
    "half": Text(
        "Half of them are negative, about 50%. The first values of the weights make up for it, "
        "in 6.2.",
        "其中一半是负数，约 50%。少了这一半，6.2 节会在选取权重的初值时补上。",
    ),
    "row": Text(
        "2 · 2 · 16 = 64, the inputs of the last layer. The two examples stay apart.",
        "2 · 2 · 16 = 64，这就是最后一层的 64 个输入。两个样本仍是分开的。",
    ),
    "bias_stays": Text(
        "The weighted sum becomes twice as large, the bias does not: 2 · 5 + 0.5 = 10.5.",
        "加权和变成两倍，偏置不变：2 · 5 + 0.5 = 10.5。",
    ),
    "forgotten_factor": Text(
        "‖x − 2x‖ / (‖x‖ + ‖2x‖) = 1/3 ≈ 0.333, whatever x is. So if you ever see a third, look "
        "for a forgotten factor of 2.",
        "‖x − 2x‖ / (‖x‖ + ‖2x‖) = 1/3 ≈ 0.333，与 x 无关。所以一看到三分之一，"
        "就去找漏掉的系数 2。",
    ),
    "blocked": Text(
        "0 of them: where Z is −2, a little more or less makes no difference to the ReLU's 0. The "
        "factor is 0, and 1000 · 0 = 0.",
        "0 个：在 Z = −2 附近，ReLU 的输出总是 0，所以系数为 0，而 1000 · 0 = 0。",
    ),
    "dense": Text(
        "Input 2 of each example times the gradient of output 1: 2 · 1 + 3 · 2 = 8.",
        "每个样本的第 2 个输入，乘以第 1 个输出的梯度，再相加：2 · 1 + 3 · 2 = 8。",
    ),
    "differences": Text(
        "By 0: softmax multiplies numerator and denominator by the same factor, so only the "
        "differences of logits count.",
        "改变 0：softmax 的分子和分母都乘以同一个倍数，起作用的只是 logits 之间的差。",
    ),
    "valley": Text(
        "Along the valley 0.97³⁰ ≈ 0.4 of the way is left without momentum, √0.8³⁰ ≈ 0.035 with "
        "it; heights go with the square: about 130 times, less what swings across.",
        "沿着谷底，不用动量时还剩 0.97³⁰ ≈ 0.4 的路程，用动量还剩 √0.8³⁰ ≈ 0.035；"
        "高度与距离的平方成正比，约 130 倍，横向的摆动又抵掉一些。",
    ),
    "untrained": Text(
        "Whoever guesses, or answers every digit alike, gets about one of ten right: 2 of 20.",
        "不管是瞎猜，还是总给同一个答案，十个里大约只能碰对一个：20 个里有 2 个。",
    ),
    "first_layer": Text(
        "A gradient has the shape of what it belongs to, here the output of the first convolution: "
        "2 pictures · 8 · 8 places · 8 filters = 1024.",
        "梯度与它所属的数组形状相同，这里就是第一个卷积层的输出："
        "2 张图像 · 8 · 8 个位置 · 8 个滤波器 = 1024。",
    ),
    "second_column": Text(
        "Each column of the second matrix works for itself, and this one adds the last row up: "
        "1 + 3 + 0 + 1 = 5.",
        "第二个矩阵的各列互不相干，这一列把最后一行的数加起来：1 + 3 + 0 + 1 = 5。",
    ),
    "columns": Text(
        "4 windows of 2 · 2 · 2 numbers: 4 · 8 = 32, although the picture has 18. The one in the "
        "middle of each channel stands there 4 times.",
        "4 个窗口，每个有 2 · 2 · 2 个数：4 · 8 = 32，而图像只有 18 个数。"
        "每个通道正中间的数在里面出现 4 次。",
    ),
    "overlaps": Text(
        "In the middle all 3 · 3 = 9 windows that can reach a pixel do, and each hands it a 1.",
        "在中间，能盖到一个像素的 3 · 3 = 9 个窗口都盖到了它，每个窗口给它一个 1。",
    ),
    "corner": Text(
        "Of the window at the corner only the lower right is on the picture: −1 · 1 = −1.",
        "角上的窗口只有右下角落在图像上：−1 · 1 = −1。",
    ),
    "last_row": Text(
        "⌊(8 − 3)/2⌋ + 1 = 3: the windows begin at 0, 2 and 4, and no window reaches row 7.",
        "⌊(8 − 3)/2⌋ + 1 = 3：窗口从 0、2、4 开始，第 7 行不在任何窗口里。",
    ),
    "bias": Text(
        "The bias takes part in each output with factor 1: 1 + 0 + 2 − 1 = 2.",
        "偏置出现在每个输出里，系数都是 1：1 + 0 + 2 − 1 = 2。",
    ),
    "handed_on": Text(
        "Each gradient is shared out whole, 4 · 2.5 and 4 · 5: together 10 + 20 = 30.",
        "每个梯度都如数分完，4 · 2.5 和 4 · 5：合起来是 10 + 20 = 30。",
    ),
    "speed": Text(
        "The loops call Python for each of 20 · 8 · 8 · 16 ≈ 20,000 numbers, tens of microseconds "
        "each: half a second or more. One product does their 1.5 million multiplications in less "
        "than a millisecond.",
        "循环要为 20 · 8 · 8 · 16 ≈ 2 万个数逐一运行 Python，每个要几十微秒，共半秒以上；"
        "矩阵乘法一次做完其中的 150 万次乘法，用不了一毫秒。",
    ),
    "right_but_unsure": Text(
        "The start was 2.3, and a loss of 1.8 means probabilities of about e to the −1.8, or 0.17, "
        "hardly more than the 0.1 of a guess. To be right, a logit need only be the largest; the "
        "other steps make the network sure.",
        "一开始是 2.3；损失为 1.8，概率大约是 e 的 −1.8 次方，即 0.17，只比瞎猜的 0.1 高一点。"
        "要认对，正确的 logit 只要最大就行；后面的各步，是让网络越来越有把握。",
    ),
    "background": Text(
        "Number 2: b1 begins at 0 and the background is 0, so its sums sit on the ReLU's kink.",
        "是 2：b1 从 0 开始，背景也是 0，所以那里的和正好落在 ReLU 的折点上。",
    ),
    "practised": Text(
        "Most validation digits cost as little as those of the training. A few look like none of "
        "these: ten of the 237 make two thirds of the loss, which is then about 3 times as large.",
        "多数验证数字的损失和训练数字一样小；少数与训练数字都不像，237 个里有十个，"
        "就占了损失的三分之二，所以大约是 3 倍。",
    ),
    "accuracy": Text(
        "Test digits come from the same 13 writers and in equal shares, so most of them look like "
        "one that was learned. What is missing to 100 are the few that don't.",
        "测试数字出自同样的 13 个人，各个数字的比例也相同，所以大多与学过的某一个相像；"
        "差的那一点，就是少数不像的。",
    ),
    "diagonal": Text(
        "What is right lies on the diagonal. Beside it lies what the accuracy lacks, times 360: "
        "2% are about 7 digits.",
        "认对的都在对角线上。不在对角线上的，就是准确率所缺的部分乘以 360：2% 约为 7 个。",
    ),
    "same_signs": Text(
        "By chance it would be half of them, 36. It is more, because a filter changes only as far "
        "as the loss asks it to: what it began with decides which edge it becomes. Another seed "
        "finds other filters.",
        "如果全凭偶然，应有一半，也就是 36 个。实际更多，因为滤波器只改到损失不再要求为止："
        "它会变成检测哪种边缘的滤波器，初值起很大作用。换一个随机种子，学到的就是另一组滤波器。",
    ),
    "maps": Text(
        "The convolution keeps 8 · 8, pooling halves both sides, and each filter has its own map: "
        "4 · 4 · 8 = 128.",
        "等宽卷积保持 8 · 8，池化使两边都减半，每个滤波器各有一张特征图：4 · 4 · 8 = 128。",
    ),
    "fixed_places": Text(
        "The machine compares place with place. After a move each place holds its neighbour's "
        "number, and that two places are neighbours is nothing that it knows.",
        "支持向量机按位置一一比较。数字一移动，每个位置上的数就换成了相邻位置的数，"
        "而两个位置相邻，它并不知道。",
    ),
    "last_layer": Text(
        "Filters find their pattern wherever it is, and pooling forgives a part of the move. But "
        "the last layer has a weight for each place, and learned them on digits in the middle.",
        "图案移到哪里，滤波器都能找到，池化还能容忍一部分移动；但最后一层的每个位置各有权重，"
        "这些权重是在居中的数字上学来的。",
    ),
    "augmented": Text(
        "In training six of ten pictures were moved as these are, so for the network a moved digit "
        "is nothing new; nearly as many come out right as of those that stay.",
        "训练时，十张图像里就有六张这样移动过，移动对网络来说已不新鲜；"
        "认对的几乎与不移动时一样多。",
    ),
    "their_axes": Text(
        "8: the 16 outputs come first, then the 8 channels of the input, then height and width.",
        "是 8：最前面是 16 个输出，然后是输入的 8 个通道，最后是高和宽。",
    ),
}

ANSWERS = {
    # The first notebook.
    "edge": 0.7,
    "parameters": 608,
    "mirrored": 3,
    "border": 76,
    "bias_once": 4,
    "size": 4,
    "medians": 4,
    "every_place": 15,
    "stem": -3,
    "door": 2.8,
    "pooled": 12,
    "field": 18,
    "slope": 2,
    "takes_part": 4,
    "stamp": 4,
    "coverage": 9,
    "measured": 80,
    "sobel": -2,
    "ties": 2,
    "share": 0.5,
    "winner": 8,
    "sent_back": 16,
    "patch": 16,
    # The second one. A cell that leaves some room for a seed or a machine leaves it here, too.
    "averages": 90.8,
    "half": 50,
    "blocked": 0,
    "row": 64,
    "bias_stays": 10.5,
    "dense": 8,
    "differences": 0,
    "softmax": -1,
    "forgotten_factor": 1 / 3,
    "remainder": 100,
    "mean_for_sum": 0.5,
    "kink": 0.5,
    "near_kink": 0.25,
    "shares": 3,
    "valley": 88,
    "variance": 0.5,
    "first_layer": 1024,
    "untrained": 2,
    "second_column": 5,
    "columns": 32,
    "overlaps": 9,
    "corner": -1,
    "bias": 2,
    "last_row": 3,
    "handed_on": 30,
    "right_but_unsure": 1.8,
    "background": 2,
    "practised": 3,
    "accuracy": 98,
    "same_signs": 60,
    "maps": 128,
    "fixed_places": 52,
    "last_layer": 68,
    "augmented": 98,
    "their_axes": 8,
}
"""What a cell gives as it was released, with correct functions: others are played with.

Those are left out of which every machine gives another one.
"""
