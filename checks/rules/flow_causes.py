"""Causes that a function's text shows: what comes back, what is run when, what is compared."""

from checks.evidence import GeneralCause
from checks.rules import arrays, flow, outside, positions, rounding
from checks.text import Text

READS = Text(
    "The function reads `{name}` from the notebook, not from its own arguments.",
    "函数读取了 notebook 中的 `{name}`，而不是自己的参数。",
)
READS_HINT = Text(
    "Use only the parameters and what you compute from them.",
    "只使用函数的参数，以及由参数计算得到的量。",
)
RETURN_HINT = Text(
    "What does the function give back for each kind of input? Follow both ways.",
    "对每一种输入，函数返回的是什么？两条路都走一遍。",
)

TOO_EARLY = Text(
    "The variable `{name}` is used before a value is assigned to it.",
    "变量 `{name}` 在赋值之前就被使用了。",
)
WHICH_LINE = Text(
    "Follow the function line by line, through each branch: which line comes first?",
    "逐行跟踪这个函数，每个分支都看一遍：哪一行先执行？",
)

BY_ORDER = (
    GeneralCause(
        "used_before_assigned",
        outside.read_above,
        TOO_EARLY,
        WHICH_LINE,
        # No branch is missed: none would have helped.
        instead_of=("mode_name", "branch_without_result"),
    ),
    GeneralCause("used_before_assigned", outside.read_unassigned, TOO_EARLY, WHICH_LINE),
)

BY_RETURN = (
    GeneralCause(
        "one_path_returns_nothing",
        flow.empty_return,
        Text(
            "`{code}` below `{of}` gives nothing back: there the function returns None.",
            "`{of}` 下面的 `{code}` 没有返回值：走到这里，函数返回的是 None。",
        ),
        RETURN_HINT,
        instead_of=("nothing_returned", "pad_zero_slice", "not_padded"),
    ),
    GeneralCause(
        "one_path_returns_nothing",
        flow.return_in_branch,
        Text(
            "`{code}` stands inside `{of}`: where that branch is not taken, nothing is returned.",
            "`{code}` 写在了 `{of}` 里面：不进入这个分支时，函数什么也不返回。",
        ),
        RETURN_HINT,
        instead_of=("nothing_returned",),
    ),
    GeneralCause(
        "nothing_returned",
        flow.only_shown,
        Text(
            "The function returns nothing: its last line, `{code}`, is no return.",
            "函数没有返回任何值：最后一行 `{code}` 不是 return 语句。",
        ),
        Text(
            "To show a result or to name it does not hand it back. Which word does?",
            "打印结果、写出变量名，都不等于返回结果。返回要用哪个词？",
        ),
    ),
    GeneralCause(
        "nothing_returned",
        flow.no_return,
        Text(
            "The function returns nothing: no line of it is a return.",
            "函数没有返回任何值：其中没有一行 return。",
        ),
        Text(
            "Is there a return at its end, indented like the body and in the same cell as its def?",
            "最后有没有 return？缩进是否与函数体一致，并且与 def 在同一个单元格里？",
        ),
    ),
)

BY_OUTSIDE = (
    GeneralCause("reads_notebook_global", outside.reads_data, READS, READS_HINT),
    GeneralCause("reads_notebook_constant", outside.reads_constant, READS, READS_HINT, last=True),
)

BY_FLOW = (
    GeneralCause(
        "stands_after_loop",
        flow.stands_after_loop,
        Text(
            "`{code}` stands after the loop `{of}`: it is run when that loop has ended, with the "
            "last `{name}` only.",
            "`{code}` 写在了循环 `{of}` 之后：循环结束后才执行，用的是最后一个 `{name}`。",
        ),
        Text(
            "How far is that line indented, and how often should it be run?",
            "这一行缩进了多少？它应当执行几次？",
        ),
        instead_of=(
            "last_example_only",
            "last_window_only",
            "last_channel_only",
            "dA_prev_stays_zero",
            "A_stays_zero",
            "loops_stop_early",
            "channel_missing",
        ),
    ),
    GeneralCause(
        "asks_for_position",
        flow.asks_for_position,
        Text(
            "`{code}` compares two positions, not numbers: elsewhere the condition never holds.",
            "`{code}` 比较的是两个位置，而不是数值：在其他位置上，这个条件永远不成立。",
        ),
        Text(
            "At which places of a window may the number stand that you look for?",
            "要找的数可能出现在窗口的哪些位置？",
        ),
        instead_of=("always_false",),
    ),
    GeneralCause(
        "assigned_in_branch",
        flow.assigned_in_branch,
        Text(
            "`{name}` is given a value only where `{code}` holds, and is used where it does not.",
            "只有 `{code}` 成立时，`{name}` 才有值，而不成立时也用到了它。",
        ),
        Text("What should it be in the other case?", "在另一种情况下，它应当是什么？"),
        instead_of=("used_before_assigned", "mode_name", "branch_without_result"),
    ),
    GeneralCause(
        "condition_always_true",
        flow.always_true,
        Text(
            "`{code}` always holds: {word} after `or` is compared with nothing, and a word counts "
            "as true.",
            "`{code}` 永远成立：`or` 后面的 {word} 没有与任何东西比较，而非空的字符串算作真。",
        ),
        Text(
            "Which comparisons does Python make here? Write each of them out.",
            "Python 在这里作了哪些比较？把每个比较都写完整。",
        ),
        instead_of=(
            "always_max",
            "always_average",
            "modes_swapped",
            "branch_without_result",
            "mode_without_effect",
        ),
    ),
    GeneralCause(
        "compared_with_is",
        flow.compared_with_is,
        Text(
            "`{code}` asks whether both are one and the same object, not whether they are equal.",
            "`{code}` 问的是两者是不是同一个对象，而不是它们是否相等。",
        ),
        Text(
            "Which operator asks whether two numbers, or two words, are equal?",
            "判断两个数或两个词是否相等，用哪个运算符？",
        ),
        instead_of=(
            *("always_false", "mask_inverted", "always_true", "mode_name"),
            *("branch_without_result", "mode_without_effect", "modes_swapped"),
            *("always_average", "always_max", "A_stays_zero", "dA_prev_stays_zero"),
        ),
    ),
    GeneralCause(
        "larger_than_largest",
        flow.larger_than_largest,
        Text(
            "`{code}` never holds: no number is larger than the largest one.",
            "`{code}` 永远不成立：没有哪个数比最大的数还大。",
        ),
        Text(
            "How does the largest number itself compare with the maximum?",
            "最大的那个数与最大值相比，结果如何？",
        ),
        instead_of=("always_false",),
    ),
    GeneralCause(
        "arguments_exchanged",
        flow.arguments_exchanged,
        Text(
            "In `{code}` the arguments stand in the wrong order: {name} takes the {first} first.",
            "`{code}` 中参数的顺序不对：{name} 的第一个参数应是{first}。",
        ),
        Text(
            "Look up in which order this function takes its arguments.",
            "查一查这个函数的参数顺序。",
        ),
        instead_of=("wrong_pad_call", "returns_scalar", "integer_needed", "truth_of_an_array"),
    ),
    GeneralCause(
        "second_name",
        arrays.second_name,
        Text(
            "`{code}` makes no new array, only a second name: what is added to the gradient lands "
            "in the input, too.",
            "`{code}` 没有创建新数组，只是起了第二个名字：累加到梯度上的数也会写进输入。",
        ),
        Text("How many arrays are there, and what is in them?", "这里有几个数组？里面各是什么？"),
        instead_of=("starts_from_input", "window_of_gradient", "changes_argument"),
    ),
    GeneralCause(
        "integer_of_argument",
        rounding.integer_of_argument,
        Text(
            "`{code}` cuts off the decimals of what the function is given.",
            "`{code}` 去掉了传入的数的小数部分。",
        ),
        Text("What does int() make of 2.7?", "int() 会把 2.7 变成什么？"),
        instead_of=("cut_to_integer", "cut_to_integers", "decimals_cut"),
    ),
    GeneralCause(
        "position_for_value",
        positions.position_for_value,
        Text(
            "`{code}` stores a position: np.{name} says where the number is, not how large.",
            "`{code}` 存入的是位置：np.{name} 给出的是那个数在哪里，而不是它有多大。",
        ),
        Text("What does np.argmax return for [3, 9, 1]?", "np.argmax 对 [3, 9, 1] 返回什么？"),
        instead_of=("position_of_maximum", "index_of_maximum"),
    ),
    GeneralCause(
        "flat_index_by_columns",
        positions.flat_index_by_columns,
        Text(
            "`{code}` takes the position apart by the number of rows, but np.argmax counts row by "
            "row: a row is as long as there are columns.",
            "`{code}` 用行数来拆分位置，而 np.argmax 是逐行计数的：一行有多长，取决于列数。",
        ),
        Text(
            "In a window of 2 rows and 3 columns, which row and column has position 4?",
            "窗口有 2 行 3 列时，第 4 个位置（从 0 数起）在第几行第几列？",
        ),
        instead_of=("transposed", "flat_position_as_row"),
    ),
    GeneralCause(
        "start_not_reset",
        positions.start_not_reset,
        Text(
            "`{code}` stands before `{of}`: at the next step of that loop the window goes on where "
            "`{inner}` has left it.",
            "`{code}` 写在 `{of}` 之前：这个循环走到下一步时，窗口会从 `{inner}` "
            "停下的地方继续往后移。",
        ),
        Text(
            "Where does the first window of the second row begin?", "第二行的第一个窗口从哪里开始？"
        ),
        instead_of=("empty_window",),
    ),
)
