"""What can be wrong with a part of a function, by the kind of the change that repairs it.

A message quotes what the student wrote and says what kind of thing is wrong with it; the change
itself, which is a piece of the solution, is no part of it.
"""

from autograder.model import CauseVerdict
from autograder.pages.index_kinds import INDEX_KINDS
from autograder.pages.kind import BY_HAND, COMPARE, FOLLOW, SHAPES, Kind
from checks.text import Text

KINDS = {
    **INDEX_KINDS,
    "number": Kind(
        Text("In `{code}` the number `{part}` is wrong.", "在 `{code}` 中，数 `{part}` 不对。"),
        BY_HAND,
    ),
    "fixed_number": Kind(
        Text(
            "In `{code}` the number `{part}` is fixed, but it has to follow from the arguments.",
            "在 `{code}` 中写死了 `{part}`，而它应当由参数决定。",
        ),
        Text(
            "What does this number stand for, and where does the function learn it?",
            "这个数表示什么？函数应从哪里得到它？",
        ),
    ),
    "word": Kind(
        Text("In `{code}` the word {part} is wrong.", "在 `{code}` 中，{part} 这个词不对。"),
        Text("Which words are allowed here?", "这里可以写哪些词？"),
    ),
    "operator": Kind(
        Text(
            "In `{code}` the operator `{part}` is wrong.",
            "在 `{code}` 中，运算符 `{part}` 用错了。",
        ),
        COMPARE,
    ),
    "operation": Kind(
        Text(
            "In `{code}` `{part}` is not what belongs there: look at the operator and both sides.",
            "在 `{code}` 中，`{part}` 用在这里不对：看看运算符，再看看它的两边。",
        ),
        COMPARE,
    ),
    "comparison": Kind(
        Text(
            "In `{code}` the comparison `{part}` is wrong.",
            "在 `{code}` 中，比较符号 `{part}` 用错了。",
        ),
        Text("For which numbers should it hold?", "它应当对哪些数成立？"),
    ),
    "assigned_not_added": Kind(
        Text(
            "`{code}` overwrites what is there; here the values have to be added up.",
            "`{code}` 覆盖了已有的值，而这里应当累加。",
        ),
        Text(
            "Which numbers contribute to one entry, and what is left of the first one?",
            "一个位置上有哪些数要累加？第一个数还在吗？",
        ),
    ),
    "added_not_assigned": Kind(
        Text(
            "`{code}` adds to what is there already; here a value has to be stored.",
            "`{code}` 加到了已有的值上，而这里应当直接赋值。",
        ),
        Text("What does this place hold before?", "在这之前，这个位置上是什么？"),
    ),
    "loop_range": Kind(
        Text(
            "The loop `{code}` runs over a wrong range: `{part}` is not what is counted here.",
            "循环 `{code}` 的范围不对：`{part}` 不是这里要数的。",
        ),
        Text(
            "Which positions must this loop reach, the first and the last?",
            "这个循环要走过哪些位置？第一个和最后一个各是多少？",
        ),
    ),
    "condition": Kind(
        Text(
            "The condition `{part}` is wrong, so a branch is taken in the wrong cases.",
            "条件 `{part}` 不对，因此在不该进入的情况下进入了分支。",
        ),
        Text(
            "For which inputs is it true, and for which should it be?",
            "它对哪些输入成立？应当对哪些输入成立？",
        ),
    ),
    "argument": Kind(
        Text(
            "In `{code}` the function `{of}` is given the wrong thing: `{part}`.",
            "在 `{code}` 中，传给 `{of}` 的参数 `{part}` 不对。",
        ),
        Text(
            "Which arguments does it take, in which order, and with which shapes?",
            "它需要哪些参数？顺序和形状各是怎样的？",
        ),
    ),
    "argument_missing": Kind(
        Text(
            "In `{code}` the call of `{of}` lacks an argument.",
            "在 `{code}` 中，调用 `{of}` 时少了一个参数。",
        ),
        Text("What does it do without this argument?", "没有这个参数时，它会怎么做？"),
    ),
    "axis_missing": Kind(
        Text(
            "In `{code}` no axis is given to `{of}`, so it goes over all axes at once.",
            "在 `{code}` 中，调用 `{of}` 时没有指定 axis，它会把所有轴合在一起算。",
        ),
        SHAPES,
    ),
    "argument_too_much": Kind(
        Text(
            "In `{code}` the argument `{part}` of `{of}` does not belong there.",
            "在 `{code}` 中，`{of}` 的参数 `{part}` 是多余的。",
        ),
        Text("What does this argument change?", "这个参数改变了什么？"),
    ),
    "keyword": Kind(
        Text(
            "In `{code}` the argument `{part}` of `{of}` has the wrong value.",
            "在 `{code}` 中，`{of}` 的参数 `{part}` 取值不对。",
        ),
        SHAPES,
    ),
    "function": Kind(
        Text(
            "In `{code}` the function `{part}` computes something else than what is asked for.",
            "在 `{code}` 中，函数 `{part}` 算出的不是所要的结果。",
        ),
        Text("What does this function return for [3, 1, 2]?", "这个函数对 [3, 1, 2] 返回什么？"),
    ),
    "python_function": Kind(
        Text(
            "In `{code}` `{part}` is Python's own function, which goes along one axis only.",
            "在 `{code}` 中，`{part}` 是 Python 自带的函数，它只沿着一个轴计算。",
        ),
        Text("Which function of NumPy takes all axes?", "NumPy 的哪个函数会算上所有轴？"),
    ),
    "sides_differ": Kind(
        Text(
            "In `{code}` the two sides do not agree: {part} stand in another order in one of them.",
            "在 `{code}` 中，左右两边对不上：{part} 在其中一边的顺序不同。",
        ),
        Text("Which number goes to which place?", "哪个数应当放到哪个位置？"),
    ),
    "swapped": Kind(
        Text(
            "In `{code}` the parts of `{part}` stand in the wrong order.",
            "在 `{code}` 中，`{part}` 各部分的顺序不对。",
        ),
        Text("Which of them comes first, and why?", "哪个在前？为什么？"),
    ),
    "brackets": Kind(
        Text(
            "In `{code}` brackets are missing or misplaced: `{part}` is computed in another order "
            "than it is meant.",
            "在 `{code}` 中，括号缺失或放错了位置：`{part}` 的运算顺序与本意不同。",
        ),
        Text(
            "Which operation does Python do first? * and / come before + and -.",
            "Python 先算哪一步？* 和 / 先于 + 和 -。",
        ),
    ),
    "operand": Kind(
        Text(
            "In `{code}` `{part}` is not what belongs there.",
            "在 `{code}` 中，`{part}` 用在这里不对。",
        ),
        COMPARE,
    ),
    "factor_missing": Kind(
        Text(
            "In `{code}` `{part}` has to be multiplied by something; that factor is missing.",
            "在 `{code}` 中，`{part}` 还应当乘上一个因子。",
        ),
        COMPARE,
    ),
    "divisor_missing": Kind(
        Text(
            "In `{code}` `{part}` has to be divided by something; that division is missing.",
            "在 `{code}` 中，`{part}` 还应当除以某个数。",
        ),
        COMPARE,
    ),
    "term_missing": Kind(
        Text(
            "In `{code}` something has to be added to `{part}` or subtracted from it.",
            "在 `{code}` 中，`{part}` 还应当加上或减去某一项。",
        ),
        COMPARE,
    ),
    "part_too_much": Kind(
        Text(
            "In `{code}` `{part}` does not belong there.",
            "在 `{code}` 中，`{part}` 是多余的。",
        ),
        COMPARE,
    ),
    "sign": Kind(
        Text("In `{code}` the sign of `{part}` is wrong.", "在 `{code}` 中，`{part}` 的符号反了。"),
        COMPARE,
    ),
    "call_missing": Kind(
        Text(
            "In `{code}` `{part}` can't be used as it is; something has to be done to it first.",
            "在 `{code}` 中不能直接用 `{part}`，应当先对它进行处理。",
        ),
        SHAPES,
    ),
    "not_in_shape": Kind(
        Text(
            "In `{code}` `{part}` is not brought into the shape that is needed.",
            "在 `{code}` 中，`{part}` 没有变成所需的形状。",
        ),
        SHAPES,
    ),
    "not_summed": Kind(
        Text(
            "In `{code}` `{part}` holds numbers that are not added up.",
            "在 `{code}` 中，`{part}` 里的数没有加起来。",
        ),
        SHAPES,
    ),
    "call_too_much": Kind(
        Text(
            "In `{code}` `{part}` is applied, which does not belong there.",
            "在 `{code}` 中使用了 `{part}`，这是多余的。",
        ),
        Text("What does it do to 2.7 and to -0.4?", "它把 2.7 和 -0.4 变成什么？"),
    ),
    "not_transposed": Kind(
        Text(
            "In `{code}` the axes of `{part}` (of a matrix its rows and columns) stand in another "
            "order than the one in which they are used.",
            "在 `{code}` 中，`{part}` 各轴的顺序（矩阵则是行与列）与使用时的顺序不同。",
        ),
        SHAPES,
    ),
    "transposed_needlessly": Kind(
        Text(
            "In `{code}` `{part}` is transposed, but should be used as it is.",
            "在 `{code}` 中 `{part}` 被转置了，而这里不该转置。",
        ),
        SHAPES,
    ),
    "wrong_one_transposed": Kind(
        Text(
            "In `{code}` the wrong one is transposed in `{part}`.",
            "在 `{code}` 中，`{part}` 转置错了对象。",
        ),
        SHAPES,
    ),
    "reshape_for_transpose": Kind(
        Text(
            "In `{code}` `{part}` only counts the numbers off anew; rows do not become columns.",
            "在 `{code}` 中，`{part}` 只是把数重新排开，并不能把行变成列。",
        ),
        Text(
            "Try reshape and .T on a 2 x 3 array of the numbers 1 to 6.",
            "用 1 到 6 组成 2 × 3 的数组，分别试试 reshape 和 .T。",
        ),
    ),
    "no_copy": Kind(
        Text(
            "`{code}` makes no copy but a second name for one array: what changes one, changes "
            "both.",
            "`{code}` 没有复制，只是给同一个数组起了第二个名字：改其中一个，另一个也跟着变。",
        ),
        Text("Which line changes the array afterwards?", "后面哪一行改动了这个数组？"),
    ),
    "changed_in_place": Kind(
        Text(
            "`{code}` changes an array in place that is still needed, perhaps the caller's own.",
            "`{code}` 就地改动了一个之后还要用的数组，也可能是调用者的数组。",
        ),
        Text("Who else uses this array?", "还有谁在用这个数组？"),
    ),
    "in_loop": Kind(
        Text(
            "`{code}` stands inside `{of}`, where it is run too often.",
            "`{code}` 写在了 `{of}` 里面，执行的次数过多。",
        ),
        FOLLOW,
    ),
    "out_of_loop": Kind(
        Text(
            "`{code}` stands outside `{of}`, so it is not run at each step.",
            "`{code}` 写在了 `{of}` 外面，没有在每一步都执行。",
        ),
        FOLLOW,
    ),
    "wrong_place": Kind(
        Text(
            "`{code}` stands at the wrong place: it is run too early or too late.",
            "`{code}` 的位置不对：执行得太早或太晚。",
        ),
        FOLLOW,
    ),
    "step_missing": Kind(
        Text("After `{code}` a step is missing.", "`{code}` 之后缺少一步。"),
        Text("Go through the steps of the task one by one.", "把练习要求的步骤逐条过一遍。"),
    ),
    "branch_missing": Kind(
        Text(
            "`{code}` has no other branch: what happens where it does not hold?",
            "`{code}` 缺少另一个分支：条件不成立时会怎样？",
        ),
        Text("Which other case is there?", "还有哪种情况？"),
    ),
    "step_too_much": Kind(
        Text("`{code}` does not belong here.", "`{code}` 这一行是多余的。"),
        Text("What changes if this line is not run?", "不执行这一行，会有什么不同？"),
    ),
    "returned": Kind(
        Text(
            "`{code}` returns the wrong thing: `{part}`.",
            "`{code}` 返回的不是所要的结果：`{part}`。",
        ),
        Text("What does the task want back, in which order?", "练习要求返回什么？顺序如何？"),
    ),
    "unpacked": Kind(
        Text(
            "`{code}` takes the parts apart in the wrong order, or gives them wrong names.",
            "`{code}` 解包的顺序不对，或变量名对错了位置。",
        ),
        Text("In which order were they put together?", "打包时是什么顺序？"),
    ),
    "statement": Kind(
        Text(
            "`{code}` is not what is needed here, or not all of it.",
            "这里需要的不是 `{code}`，或者只有它还不够。",
        ),
        Text("What should hold after this line?", "执行完这一行之后，应当得到什么？"),
    ),
    "value": Kind(
        Text(
            "What `{of}` is given is not what is needed: `{part}`.",
            "`{of}` 得到的不是所需要的值：`{part}`。",
        ),
        COMPARE,
    ),
}


def is_named_by_repair(cause: CauseVerdict) -> bool:
    """Return whether nothing but the repair of a function names this cause."""
    return cause.id.partition("/")[2] in KINDS
