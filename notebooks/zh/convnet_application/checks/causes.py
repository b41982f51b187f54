"""Causes that any function can have: they are told by a rule, not by comparing results.

Each entry has a message, a hint and a rule. A rule looks at the function's source and at the
exceptions that were observed, and returns what to fill into the message, or None.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from checks.diagnosis import Cause
from checks.model import Failure, Observation
from checks.student_source import does_something, names_left_none, parsed
from checks.text import Text


@dataclass(frozen=True)
class Evidence:
    """What the rules look at.

    `source` is the function's text (None where it is not known), `globals_read` the names of
    notebook data that it reads beside its parameters, `unparsable` a syntax error's message.
    """

    status: str
    observations: Mapping[str, Observation]
    source: str | None = None
    globals_read: tuple[str, ...] = ()
    unparsable: str | None = None
    failures: tuple[Failure, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = [o.failure for o in self.observations.values() if o.failure is not None]
        object.__setattr__(self, "failures", tuple(found))


@dataclass(frozen=True)
class GeneralCause:
    """A cause that may occur in every exercise."""

    name: str
    rule: Callable[[Evidence], dict[str, str] | None]
    message: Text
    hint: Text


def _syntax_error(evidence: Evidence) -> dict[str, str] | None:
    return {"what": evidence.unparsable} if evidence.unparsable else None


def _not_implemented(evidence: Evidence) -> dict[str, str] | None:
    return {} if evidence.status == "not_implemented" else None


def _raise_left_in(evidence: Evidence) -> dict[str, str] | None:
    """Find code of the student's own above the stub's `raise`."""
    tree = parsed(evidence.source) if evidence.source else None
    if evidence.status != "not_implemented" or tree is None:
        return None
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        kinds = [type(node) for node in function.body if does_something(node)]
        if ast.Raise in kinds[1:]:
            return {}
    return None


def _undefined_name(evidence: Evidence) -> dict[str, str] | None:
    for failure in evidence.failures:
        found = re.search(r"name '([^']+)' is not defined", failure.message)
        if failure.type == "NameError" and found:
            return {"name": found[1]}
    return None


def _used_before_assigned(evidence: Evidence) -> dict[str, str] | None:
    return _first_that_says("UnboundLocalError", r"local variable '(?P<name>\w+)'", evidence)


def _missing_module(evidence: Evidence) -> dict[str, str] | None:
    words = r"No module named '(?P<name>[\w.]+)'"
    return _first_that_says("ModuleNotFoundError", words, evidence)


def _integer_needed(evidence: Evidence) -> dict[str, str] | None:
    words = r"float\w*' object cannot be interpreted as an integer|slice indices must be integers"
    return _first_that_says("TypeError", words, evidence)


def _number_of_arguments(evidence: Evidence) -> dict[str, str] | None:
    words = r"(?P<name>\w+)\(\) (?:missing \d+ required|takes .* positional argument)"
    return _first_that_says("TypeError", words, evidence)


def _none_used(evidence: Evidence) -> dict[str, str] | None:
    return _first_that_says(r"TypeError|AttributeError", r"\bNoneType\b", evidence)


def _first_that_says(type_: str, words: str, evidence: Evidence) -> dict[str, str] | None:
    """Return the named groups of the first exception that matches, or None."""
    for failure in evidence.failures:
        found = re.search(words, failure.message)
        if re.fullmatch(type_, failure.type) and found:
            return found.groupdict()
    return None


def _unfinished_part(evidence: Evidence) -> dict[str, str] | None:
    if evidence.status in ("wrong", "error") and evidence.source:
        names = names_left_none(evidence.source)
        if names:
            return {"name": "`, `".join(names)}
    return None


def _removed_numpy_name(evidence: Evidence) -> dict[str, str] | None:
    for failure in evidence.failures:
        found = re.search(r"module 'numpy' has no attribute '([^']+)'", failure.message)
        if found is None:
            found = re.search(r"`np\.(\w+)` was (?:a deprecated alias|removed)", failure.message)
        if failure.type == "AttributeError" and found:
            return {"name": found[1]}
    return None


def _reads_notebook_global(evidence: Evidence) -> dict[str, str] | None:
    if evidence.globals_read and evidence.status != "right":
        return {"name": ", ".join(evidence.globals_read)}
    return None


def _nothing_returned(evidence: Evidence) -> dict[str, str] | None:
    seen = evidence.observations.values()
    if evidence.status == "wrong" and all(o.status == "ok" and o.value is None for o in seen):
        return {}
    return None


GENERAL_CAUSES = (
    GeneralCause(
        "syntax_error",
        _syntax_error,
        Text("Python can't read this cell: {what}.", "Python 无法解析这个单元格：{what}。"),
        Text(
            "Look at the line named and the one above it: a bracket, a colon or an indent.",
            "检查这一行和上一行：括号、冒号或缩进是否有误。",
        ),
    ),
    GeneralCause(
        "not_implemented",
        _raise_left_in,
        Text(
            "{exercise} still reaches the line `raise NotImplementedError(...)`: delete that line "
            "once your code is written.",
            "{exercise} 仍会执行到 `raise NotImplementedError(...)` 这一行：代码写完之后，"
            "请把这一行删掉。",
        ),
        Text(
            "A raise ends the function: nothing below it is run, and what is above has no effect.",
            "raise 会结束函数：它下面的代码不会运行，上面算出的结果也不会返回。",
        ),
    ),
    GeneralCause(
        "not_implemented",
        _not_implemented,
        Text("{exercise} is not implemented yet.", "{exercise} 还没有实现。"),
        Text(
            "Fill in every step between the two comments that mark your code.",
            "请补全两行注释之间的每一步代码。",
        ),
    ),
    GeneralCause(
        "unfinished_part",
        _unfinished_part,
        Text(
            "A part is unfinished: `{name}` is still None.",
            "有一部分还没写完：`{name}` 仍然是 None。",
        ),
        Text(
            "Replace every None that the notebook left for you, in each branch.",
            "请把留给你填写的每个 None 都换掉，各个分支都要检查。",
        ),
    ),
    GeneralCause(
        "nothing_returned",
        _nothing_returned,
        Text("The function returns nothing.", "函数没有返回任何值。"),
        Text(
            "Look at its last line: is there a return, indented like the body of the function?",
            "看看最后一行：有没有 return？缩进是否与函数体一致？",
        ),
    ),
    GeneralCause(
        "undefined_name",
        _undefined_name,
        Text(
            "The name `{name}` is used but never defined.", "用到了名字 `{name}`，但它从未被定义。"
        ),
        Text(
            "Check the spelling, and that the line which defines it comes before.",
            "检查拼写，并确认定义它的那一行在前面。",
        ),
    ),
    GeneralCause(
        "used_before_assigned",
        _used_before_assigned,
        Text(
            "The variable `{name}` is used before a value is assigned to it.",
            "变量 `{name}` 在赋值之前就被使用了。",
        ),
        Text(
            "Follow the function line by line, through each branch: which line comes first?",
            "逐行跟踪这个函数，每个分支都看一遍：哪一行先执行？",
        ),
    ),
    GeneralCause(
        "integer_needed",
        _integer_needed,
        Text(
            "A float stands where Python needs an integer: in a size, a range or a slice.",
            "在需要整数的地方（大小、range 或切片）用了浮点数。",
        ),
        Text(
            "The operator / always gives a float, even where nothing is left over.",
            "运算符 / 的结果总是浮点数，即使能够整除也一样。",
        ),
    ),
    GeneralCause(
        "number_of_arguments",
        _number_of_arguments,
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
        _none_used,
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
        "missing_module",
        _missing_module,
        Text(
            "The module `{name}` is not available where the function is checked.",
            "检查这个函数的环境中没有模块 `{name}`。",
        ),
        Text(
            "This assignment needs nothing but Python and NumPy.",
            "这次作业只需要 Python 和 NumPy。",
        ),
    ),
    GeneralCause(
        "removed_numpy_name",
        _removed_numpy_name,
        Text("This NumPy has no `np.{name}`.", "当前版本的 NumPy 中没有 `np.{name}`。"),
        Text(
            "Old names were removed: `np.int` is `int`, `np.float` is `float`.",
            "旧名字已被移除：`np.int` 应写作 `int`，`np.float` 应写作 `float`。",
        ),
    ),
    GeneralCause(
        "reads_notebook_global",
        _reads_notebook_global,
        Text(
            "The function reads `{name}` from the notebook instead of its own arguments.",
            "函数读取了 notebook 中的变量 `{name}`，而不是自己的参数。",
        ),
        Text(
            "Use only the parameters and what you compute from them.",
            "只使用函数的参数，以及由参数计算得到的量。",
        ),
    ),
)


def general_causes(exercise: str, evidence: Evidence) -> tuple[Cause, ...]:
    """Name the general causes that the evidence shows."""
    causes = []
    for cause in GENERAL_CAUSES:
        found = cause.rule(evidence)
        if found is not None:
            message = cause.message.format(exercise=exercise, **found)
            causes.append(Cause(f"{exercise}/{cause.name}", message, cause.hint))
            if cause.name in FINAL:
                break
    return tuple(causes)


FINAL = ("syntax_error", "not_implemented", "unfinished_part")
"""Causes beside which no other one is looked for: there is not yet a result to be explained."""


def is_final(causes: Iterable[Cause]) -> bool:
    """Tell whether nothing else is to be said of a function that has one of these causes."""
    return any(cause.id.endswith(tuple(f"/{name}" for name in FINAL)) for cause in causes)
