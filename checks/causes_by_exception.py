"""Causes that every function can have, shown by an exception and the student's own line."""

from checks import exception_rules
from checks.evidence import GeneralCause, first_that_says
from checks.rules import padding
from checks.rules.shape_causes import empty_window
from checks.text import Text

NO_KEY = Text("hparameters has no key `{key}`.", "hparameters 中没有 `{key}` 这个键。")
KEYS_HINT = Text(
    "Print hparameters: what are its keys called, letter by letter?",
    "打印 hparameters：其中的键逐个字母是怎么写的？",
)

BY_EXCEPTION = (
    GeneralCause(
        "undefined_name",
        exception_rules.undefined_name,
        Text("The name `{name}` is used but never defined.", "变量 `{name}` 没有定义就使用了。"),
        Text(
            "Check the spelling, and that the line which defines it comes before.",
            "检查拼写，并确认定义它的那一行在前面。",
        ),
    ),
    GeneralCause(
        "truth_of_an_array",
        exception_rules.truth_of_an_array,
        Text(
            "`{line}` can't be decided for a whole array: {what}.",
            "`{line}` 无法对整个数组作判断：{what}。",
        ),
        Text(
            "Which functions of NumPy work on an array number by number, or on all of it?",
            "NumPy 的哪些函数能对数组逐个运算，或对整个数组运算？",
        ),
    ),
    GeneralCause(
        "method_not_called",
        exception_rules.method_not_called,
        Text(
            "`{code}` names a method without calling it: its round brackets are missing.",
            "`{code}` 只写了方法名，并没有调用它：缺少圆括号。",
        ),
        Text("What does Python print for this part alone?", "单独打印这一部分，会看到什么？"),
    ),
    GeneralCause(
        "shape_as_arguments",
        exception_rules.shape_as_arguments,
        Text(
            "In `{code}` the sizes are separate arguments; np.{name} takes the shape as one tuple.",
            "`{code}` 把各个大小写成了几个参数，而 np.{name} 的形状是一个元组。",
        ),
        Text(
            "Which brackets make one thing of several numbers?",
            "怎样的括号能把几个数合成一个整体？",
        ),
        instead_of=("number_of_arguments",),
    ),
    GeneralCause(
        "endless_recursion",
        exception_rules.endless_recursion,
        Text(
            "`{name}` calls itself again and again, and never comes to an end.",
            "`{name}` 不停地调用自己，永远不会结束。",
        ),
        Text(
            "Which line calls the function that it stands in?",
            "哪一行调用了它自己所在的函数？",
        ),
    ),
    GeneralCause(
        "integer_needed",
        exception_rules.integer_needed,
        Text(
            "A float stands where Python needs an integer: in a size, a count, a range or a slice.",
            "在需要整数的地方（大小、个数、range 或切片）用了浮点数。",
        ),
        Text(
            "The operator / always gives a float, even where nothing is left over.",
            "运算符 / 的结果总是浮点数，即使能够整除也一样。",
        ),
    ),
    GeneralCause(
        "other_parameters",
        exception_rules.parameters,
        Text(
            "The function's parameters are ({own}); it is called with ({task}).",
            "函数的参数是 ({own})，而调用时传入的是 ({task})。",
        ),
        Text(
            "Leave the line that begins with def as it was in the notebook.",
            "以 def 开头的那一行请保持 notebook 中原来的样子。",
        ),
    ),
    GeneralCause(
        "unknown_keyword",
        first_that_says(
            "TypeError", r"unexpected keyword argument '(?P<key>\w+)'", r"\bnp\.|\.\w+\("
        ),
        Text(
            "In `{line}` the function has no argument called `{key}`.",
            "`{line}` 中的函数没有名为 `{key}` 的参数。",
        ),
        Text(
            "Is that another library's word? NumPy says axis where others say dim.",
            "这是不是别的库里的写法？别处的 dim 在 NumPy 里叫 axis。",
        ),
        last=True,
    ),
    GeneralCause(
        "compares_two_arrays",
        first_that_says("TypeError", r"(?P<name>maximum|minimum)\(\) takes from 2 .* but 1 was"),
        Text(
            "In `{line}` np.{name} gets one array; it compares two, number by number.",
            "`{line}` 只给了 np.{name} 一个数组，而它是对两个数组逐元素作比较的。",
        ),
        Text(
            "Which function of NumPy looks for one number in one array?",
            "NumPy 的哪个函数在一个数组里找出一个数？",
        ),
        instead_of=("number_of_arguments",),
    ),
    GeneralCause(
        "number_of_arguments",
        exception_rules.arguments_of_another,
        Text(
            "`{name}` is called with too many or too few arguments.",
            "调用 `{name}` 时参数的个数不对。",
        ),
        Text(
            "Compare the call with the parameters in the line that begins with def.",
            "把调用处与 def 那一行里的参数对照一下。",
        ),
    ),
    GeneralCause(
        "none_used",
        first_that_says("TypeError|AttributeError", r"\bNoneType\b(?!.* not callable)"),
        Text(
            "None is used as if it were an array or a number.",
            "把 None 当成了数组或数来使用。",
        ),
        Text(
            "Is a None left in your code, or does a function that you call return nothing?",
            "代码里还有没换掉的 None 吗？所调用的函数有 return 吗？",
        ),
    ),
    GeneralCause(
        "none_called",
        first_that_says("TypeError", r"\bNoneType\b.* not callable"),
        Text(
            "In `{line}` None is called as if it were a function.",
            "`{line}` 把 None 当成了函数来调用。",
        ),
        Text(
            "Where does the name of that function get its value, for each mode?",
            "这个函数名是在哪里得到值的？每一种模式下各是什么？",
        ),
    ),
    GeneralCause(
        "missing_module",
        first_that_says("ModuleNotFoundError", r"No module named '(?P<name>[\w.]+)'"),
        Text(
            "The module `{name}` is not available where the function is checked.",
            "检查时所用的环境里没有模块 `{name}`。",
        ),
        Text(
            "This assignment needs nothing but Python and NumPy.",
            "这次作业只需要 Python 和 NumPy。",
        ),
    ),
    GeneralCause(
        "removed_numpy_name",
        exception_rules.removed_numpy_name,
        Text("This NumPy has no `np.{name}`.", "当前版本的 NumPy 中没有 `np.{name}`。"),
        Text(
            "Old names were removed: `np.int` is `int`, `np.float` is `float`.",
            "旧名字已被移除：`np.int` 应写作 `int`，`np.float` 应写作 `float`。",
        ),
    ),
    GeneralCause(
        "misspelt_numpy_name",
        exception_rules.misspelt_numpy_name,
        Text(
            "NumPy has no `np.{name}`. Did you mean `np.{close}`?",
            "NumPy 中没有 `np.{name}`。你想写的是 `np.{close}` 吗？",
        ),
        Text("Compare the name letter by letter.", "逐个字母对照一下这个名字。"),
    ),
    GeneralCause(
        "wrong_pad_call",
        padding.pad_call,
        Text("np.pad can't work with this call: {what}.", "np.pad 的调用方式有误：{what}。"),
        Text(
            "np.pad(array, widths, mode): one pair (before, after) for each axis, in brackets.",
            "np.pad(数组, 宽度, mode)：每个轴一对数 (前, 后)，一起放在括号里。",
        ),
        instead_of=("pads_wrong_axes",),
    ),
    GeneralCause(
        "one_axis_forgotten",
        first_that_says(
            "ValueError",
            r"remapped shapes .*: \((?P<pairs>\d+),\s?2\)\s+and requested shape "
            r"\((?P<axes>\d+),\s?2\)",
            r"\bpad\s*\(",
        ),
        Text(
            "np.pad is given {pairs} pairs of widths for {axes} axes.",
            "传给 np.pad 的宽度有 {pairs} 对，而数组有 {axes} 个轴。",
        ),
        Text(
            "Which pair leaves an axis as it is?",
            "哪一对数表示某个轴不填充？",
        ),
    ),
    GeneralCause(
        "called_like_a_function",
        exception_rules.called,
        Text(
            "`{name}` is followed by round brackets as if it were a function, but it is {kind}.",
            "`{name}` 后面跟了圆括号，像是在调用函数，可它其实是{kind}。",
        ),
        Text(
            "Round brackets call a function; an entry is picked with square brackets, and a shape "
            "needs none.",
            "圆括号用来调用函数；取元素要用方括号，而取形状什么括号都不用。",
        ),
    ),
    GeneralCause(
        "mode_key",
        first_that_says(
            "KeyError", r"^'?(?P<key>max|average)'?$", r"(?P<table>\w+)\s*\[\s*mode\s*\]"
        ),
        Text(
            "`{table}` has no entry for the mode '{key}': the two modes are 'max' and 'average'.",
            "`{table}` 中没有 '{key}' 这个模式：两种模式是 'max' 和 'average'。",
        ),
        Text(
            "How are the entries of `{table}` spelt, letter by letter?",
            "`{table}` 中的键逐个字母是怎么写的？",
        ),
    ),
    GeneralCause(
        "hparameter_name",
        exception_rules.key_of_hyperparameters,
        NO_KEY,
        KEYS_HINT,
    ),
    GeneralCause(
        "hparameter_name",
        first_that_says("KeyError", rf"^'?(?P<key>{exception_rules.KEYS})", r"(param|hp)\w*\s*\["),
        NO_KEY,
        KEYS_HINT,
        last=True,
    ),
    GeneralCause(
        "hparameter_name",
        first_that_says("AttributeError", r"'dict' object has no attribute '(?P<key>\w+)'"),
        Text(
            "A dictionary has no attribute `{key}`: its entries are read with square brackets.",
            "字典没有属性 `{key}`：字典中的值要用方括号和键来取。",
        ),
        Text(
            'How does the text read an entry of hparameters? hparameters["…"].',
            '正文里是怎样取 hparameters 中的值的？hparameters["…"]。',
        ),
    ),
    GeneralCause(
        "unknown_attribute",
        exception_rules.unknown_attribute,
        Text("{kind} has no `.{key}`.", "{kind}没有 `.{key}`。"),
        Text(
            "Is that a name from another language, or from another kind of object?",
            "这是别的编程语言里的写法，还是别种对象才有的名字？",
        ),
    ),
    GeneralCause(
        "pieces_differ",
        exception_rules.pieces_differ,
        Text(
            "The pieces that `{line}` puts together differ in axis {axis}: {one} and {other}. "
            "Only the axis along which they are joined may differ.",
            "`{line}` 要拼接的几块在轴 {axis} 上的长度不同：{one} 和 {other}。"
            "除了拼接所沿的轴，其他轴的长度都必须相同。",
        ),
        Text(
            "Print the shapes of the pieces just before that line.",
            "在这一行之前打印各块的形状。",
        ),
        last=True,
    ),
    GeneralCause(
        "tuple_in_arithmetic",
        exception_rules.tuple_in_arithmetic,
        Text(
            "A tuple is used in arithmetic as if it were one number.",
            "把元组当成一个数来运算了。",
        ),
        Text(
            "A shape holds several numbers: unpack it, or pick one with an index.",
            "形状里有好几个数：先解包，或用下标取出其中一个。",
        ),
    ),
    GeneralCause(
        "unpacked_wrong_number",
        first_that_says(
            "ValueError",
            r"(not enough|too many) values to unpack \(expected (?P<count>\d+)",
            r"cache\s*(#.*)?$",
        ),
        Text(
            "The cache is unpacked into {count} names, but it holds another number of things.",
            "cache 被解包成 {count} 个变量，但其中的项数与此不同。",
        ),
        Text(
            "Look at the line of the forward function that makes the cache.",
            "看看前向函数中生成 cache 的那一行。",
        ),
    ),
    GeneralCause(
        "shape_unpacked_wrong_number",
        first_that_says(
            "ValueError",
            r"(not enough|too many) values to unpack \(expected (?P<count>\d+)",
            r"=\s*(?P<what>([\w.]*[._])?shape\b(?![^\[\]()#]*,)[^#]*?)\s*(#.*)?$",
        ),
        Text(
            "`{what}` is unpacked into {count} names, but it holds another number of sizes.",
            "`{what}` 被解包成 {count} 个变量，但其中大小的个数与此不同。",
        ),
        Text("Print the shape: how many numbers are in it?", "打印这个形状：里面有几个数？"),
    ),
    GeneralCause(
        "float_of_array",
        first_that_says("TypeError", exception_rules.ONE_NUMBER, r"\b(float|np\.float64)\s*\("),
        Text(
            "float() is given an array that still has axes, which NumPy no longer allows.",
            "传给 float() 的数组还带有轴，新版 NumPy 已不允许这样转换。",
        ),
        Text(
            "b has shape (1, 1, 1). Which method of an array returns its only number?",
            "b 的形状是 (1, 1, 1)。数组的哪个方法能取出其中唯一的数？",
        ),
        instead_of=("window_array_in_cell",),
    ),
    GeneralCause(
        "empty_window",
        empty_window,
        Text(
            "A window is empty: it lies outside of the array, or its slice does not end behind its "
            "start.",
            "有一个窗口是空的：它在数组之外，或者切片的终点没有超过起点。",
        ),
        Text(
            "Print the four corners of the first window that fails, and the shape of the array.",
            "打印第一个出错的窗口的四个起止位置，以及数组的形状。",
        ),
        last=True,
    ),
    GeneralCause(
        "own_assert",
        exception_rules.own_assert,
        Text(
            "The function is stopped by its own line `{line}`.",
            "函数被自己的这一行中止了：`{line}`。",
        ),
        Text(
            "Print both sides: is the array wrong, or does the assert ask for the wrong thing?",
            "把等号两边都打印出来：是数组错了，还是 assert 的要求写错了？",
        ),
        last=True,
    ),
    GeneralCause(
        "too_many_indices",
        first_that_says(
            "IndexError",
            r"too many indices for array: array is (?P<axes>\d+)-dimensional, but (?P<count>\d+)",
        ),
        Text(
            "In `{line}` an array with {axes} axes is given {count} indices.",
            "在 `{line}` 中，有 {axes} 个轴的数组用了 {count} 个下标。",
        ),
        Text(
            "Print the shape of each array in this line. Which index or axis is too much?",
            "打印这一行里每个数组的形状：是下标多了一个，还是数组少了一个轴？",
        ),
        last=True,
    ),
)
