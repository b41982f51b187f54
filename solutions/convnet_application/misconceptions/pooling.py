"""What the misconceptions of pool_forward_fast and pool_backward_fast say alike."""

from checks.diagnosis import FailurePattern
from checks.text import Text

NO_VALUE = FailurePattern(
    r"UnboundLocalError", r"'(?!(f|stride|pad|m|n_H|n_W|n_C|columns?|cols?|windows?|cache)')\w+'"
)
"""A variable that only the branches for the modes set; the others listed are set before them."""
NO_VALUE_MESSAGE = Text(
    "In one mode a variable gets no value: no branch is entered, or the branch sets another name.",
    "有一种模式下某个变量没有被赋值：没有进入任何分支，或者分支里用了别的变量名。",
)
NO_VALUE_HINT = Text(
    'The modes are called "max" and "average", letter by letter. Which line sets the variable '
    "in each?",
    '两种模式叫 "max" 和 "average"，一个字母都不能差。每种模式下由哪一行给变量赋值？',
)
EACH_CHANNEL = Text(
    "Pooling works on each channel by itself. In a row of im2col, which comes first: "
    "the places of the window or the channels?",
    "池化对每个通道单独进行。在 im2col 的一行里，排在前面的轴是窗口中的位置，还是通道？",
)
WHICH_BRANCH = Text(
    'Print something in the branches for "max" and "average": is each entered? Is what it adds '
    "different from 0?",
    '在 "max" 和 "average" 两个分支里各打印一行：都执行了吗？加上去的数是不是 0？',
)
COUNT_PLACES = Text("How many places does a 3 x 3 window have?", "3 × 3 的窗口有多少个位置？")
CHECK_HPARAMETERS = Text(
    "Check which entry of hparameters goes into which name.",
    "检查 hparameters 的每一项分别赋给了哪个变量。",
)
TWO_STRIDES = Text(
    "Laying windows out and adding them up both go by a stride. Which one do they get?",
    "展开窗口和把它们加回去都要用到步幅。两处各用了哪个步幅？",
)
WHERE_STRIDE = Text('Where is hparameters["stride"] used?', 'hparameters["stride"] 用在了哪里？')
SHAPE_READ = Text(
    "Print the shape of the batch: which of its four numbers is which?",
    "打印这批图像的形状：四个数各是什么？",
)
