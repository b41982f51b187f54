"""Causes that any function can have: they are told by a rule, not by comparing results.

Each entry has a message, a hint and a rule. A rule looks at the function's source and at the
exceptions that were observed, and returns what to fill into the message, or None.
"""

import ast
import builtins
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from checks.diagnosis import Cause
from checks.model import Failure, Observation, Text

MOST_PARSED = 200_000
"""Characters of a cell that are still looked at."""

MOST_SEARCHED = 10_000
"""Characters of a function; those of a student have some two thousand."""


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
    tree = _parsed(evidence.source) if evidence.source else None
    if evidence.status != "not_implemented" or tree is None:
        return None
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        kinds = [type(node) for node in function.body if _does_something(node)]
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


_NO_CODE_HERE = re.compile(
    r"^[ \t]*#.*\b(START CODE|CODE STARTS?) HERE.*\n"
    r"([ \t]*(#.*)?\n)*?"
    r"[ \t]*#.*\b(END CODE|CODE ENDS?) HERE",
    re.MULTILINE,
)
"""The marks between which the original notebook wants code, with nothing but comments there."""


def _returns_no_work(tree: ast.AST) -> bool:
    """Tell whether a function without loops returns a name that has no value, or only zeros."""
    nodes = list(ast.walk(tree))
    if any(isinstance(node, (ast.For, ast.While, ast.comprehension)) for node in nodes):
        return False
    worked = set()
    for node in nodes:
        if isinstance(node, ast.arg):
            worked.add(node.arg)
        elif isinstance(node, ast.Assign) and not _is_zeros(node.value):
            worked.update(name for target in node.targets for name in _changed(target))
        elif isinstance(node, (ast.AugAssign, ast.NamedExpr)) or (
            isinstance(node, ast.AnnAssign) and node.value and not _is_zeros(node.value)
        ):
            worked.update(_changed(node.target))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            worked.update(_bound(node.optional_vars))
    values = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    returned = [leaf for value in values for leaf in getattr(value, "elts", [value])]
    return any(isinstance(leaf, ast.Name) and leaf.id not in worked for leaf in returned)


def _changed(target: ast.expr) -> Iterator[str]:
    yield _base(target)
    yield from _bound(target)


def _is_zeros(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, (ast.Name, ast.Attribute)) and (
        getattr(called, "attr", None) or getattr(called, "id", "")
    ) in ("zeros", "zeros_like")


def has_placeholder(source: str) -> bool | None:
    """Tell whether a function's source still holds an unfilled part of a stub; None if unreadable.

    That is a name assigned `None` that is never assigned anything else, `None` in the place of a
    range, NotImplementedError, no statement at all, or none between the marks of the original
    notebook, whose newer stubs are all comments.
    """
    tree = _parsed(source)
    if tree is None:
        return None
    if not any(map(_does_something, ast.walk(tree))):
        return True
    marked = len(source) <= MOST_SEARCHED and _NO_CODE_HERE.search(source)
    if marked and _returns_no_work(tree):
        return True
    assigned_none, assigned_value = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target_set = assigned_none if _is_none(node.value) else assigned_value
            target_set.update(
                leaf.id
                for target in node.targets
                for leaf in ast.walk(target)
                if isinstance(leaf, ast.Name)
            )
        elif isinstance(node, ast.Call) and _called(node) == "range":
            if any(map(_is_none, node.args)):
                return True
        elif isinstance(node, ast.Raise) and _names(node, "NotImplementedError"):
            return True
    return bool(assigned_none - assigned_value)


def names_left_none(source: str) -> tuple[str, ...]:
    """Return the names whose None of the stub is certainly left, in the order of the source.

    That is a name that is given None and nothing else, and an array to a part of which None is
    assigned or added.
    """
    tree = _parsed(source)
    left: dict[str, None] = {}
    with_value = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.For, ast.comprehension, ast.NamedExpr, ast.AnnAssign)):
            with_value.update(_bound(node.target))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            with_value.update(_bound(node.optional_vars))
        elif isinstance(node, ast.AugAssign) and _is_none(node.value):
            left.update(dict.fromkeys([_base(node.target)]))
        elif isinstance(node, ast.Assign):
            parts = [t for t in node.targets if isinstance(t, ast.Subscript)]
            if not _is_none(node.value):
                with_value.update(name for target in node.targets for name in _bound(target))
            elif parts:
                left.update(dict.fromkeys(map(_base, parts)))
    placeholder = [n for n in _given_none(tree) if n not in with_value] if tree else []
    left.update(dict.fromkeys(placeholder))
    return tuple(name for name in left if name)[:3]


def _given_none(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_none(node.value):
            for target in node.targets:
                yield from _bound(target)


def _bound(target: ast.AST) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _base(target: ast.AST) -> str:
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _names(node: ast.AST, name: str) -> bool:
    # Not ast.dump, which recurses: an expression can be too deep for it.
    return any(isinstance(leaf, ast.Name) and leaf.id == name for leaf in ast.walk(node))


def _does_something(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Return) and (node.value is None or _is_none(node.value)):
        return False
    return isinstance(node, ast.stmt) and not isinstance(node, (ast.FunctionDef, ast.Pass))


def plain_code(source: str | None) -> str | None:
    """Return a function's text without comments and docstring and in one style, to search in.

    None where it is not known, no Python, or too long for patterns that may take their time.
    """
    tree = _parsed(source) if source and len(source) <= MOST_SEARCHED else None
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    try:
        code = ast.unparse(tree)
    except (ValueError, RecursionError, MemoryError):
        return None
    # Indented with four spaces it may be many times as long.
    return code if len(code) <= MOST_SEARCHED else None


def _parsed(source: str) -> ast.Module | None:
    if len(source) > MOST_PARSED:
        return None
    try:
        return ast.parse(textwrap.dedent(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_none(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_is_none, node.elts))
    return isinstance(node, ast.Constant) and node.value is None


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def global_names_read(source: str, name: str) -> tuple[str, ...]:
    """Return the names that the function `name` reads but neither receives nor assigns."""
    tree = _parsed(source)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)] if tree else []
    function = next((f for f in functions if f.name == name), None)
    if function is None:
        return ()
    bound, read = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}, {}
    # The body alone: an annotation of the signature is no data.
    body = [node for part in function.body for node in ast.walk(part)]
    annotations = {
        leaf
        for node in body
        if isinstance(node, ast.AnnAssign)
        for leaf in ast.walk(node.annotation)
    }
    for node in body:
        if node in annotations:
            continue
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                read.setdefault(node.id)
            else:
                bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.update((a.asname or a.name).split(".")[0] for a in node.names)
    return tuple(n for n in read if n not in bound and not hasattr(builtins, n))


def names_assigned(sources: Iterable[str]) -> frozenset[str]:
    """Return the names that top-level code of the cells binds to data (not functions, imports)."""
    names: set[str] = set()
    for source in sources:
        tree = _parsed(source)
        for statement in tree.body if tree else ():
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
                continue
            names.update(
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            )
    return frozenset(names)
