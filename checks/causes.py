"""Causes that any function can have: a rule finds them, not a comparison of results.

Each entry has a message, a hint and a rule. A rule looks at the function's source and at the
exceptions that were observed, and returns what to fill into the message, or None.
"""

import ast
from collections.abc import Callable, Iterable

from checks.causes_by_code import BY_CODE
from checks.causes_by_exception import BY_EXCEPTION
from checks.diagnosis import Cause
from checks.evidence import AT, Evidence, Found, GeneralCause
from checks.exception_rules import like_an_exercise
from checks.lines.places import NOWHERE, Places, with_lines
from checks.rules import paths
from checks.rules.certain.layer_causes import BY_LAYER
from checks.rules.certain.training_causes import BY_TRAINING
from checks.rules.certain.window_causes import BY_WINDOW
from checks.rules.flow_causes import BY_FLOW, BY_ORDER, BY_OUTSIDE, BY_RETURN
from checks.rules.last_causes import SUSPICIONS
from checks.rules.result_causes import BY_LOSS, BY_SIZE
from checks.rules.shape_causes import BY_SHAPE
from checks.student_source import does_something, names_left_none, parsed
from checks.text import Text, listed

TOLD_BY_TEXT = (
    *BY_CODE,
    *BY_SIZE,
    *BY_LOSS,
    *BY_FLOW,
    *BY_TRAINING,
    *BY_LAYER,
    *BY_WINDOW,
    *SUSPICIONS,
)
"""What is looked for in the text of a function only where that function went wrong."""


def _syntax_error(evidence: Evidence) -> Found:
    return {"what": evidence.unparsable} if evidence.unparsable else None


def _not_implemented(evidence: Evidence) -> Found:
    return {} if evidence.status == "not_implemented" else None


def _raise_left_in(evidence: Evidence) -> Found:
    """Find the student's own code above the stub's `raise`."""
    tree = parsed(evidence.source) if evidence.source else None
    if evidence.status != "not_implemented" or tree is None:
        return None
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        kinds = [type(node) for node in function.body if does_something(node)]
        if ast.Raise in kinds[1:]:
            left = next(node for node in function.body[1:] if isinstance(node, ast.Raise))
            return {AT: str(left.lineno)}
    return None


def _unfinished_part(evidence: Evidence) -> Found:
    if evidence.status in ("wrong", "error") and evidence.source:
        names = names_left_none(evidence.source)
        if names:
            return {"name": "`, `".join(names), AT: _line_of_none(evidence, names[0])}
    return None


def _is_name(node: ast.AST, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _line_of_none(evidence: Evidence, name: str) -> str:
    """Return the line in which `name`, or a part of it, is still given None."""
    return _first_line(
        evidence,
        lambda node: (
            isinstance(node, (ast.Assign, ast.AugAssign))
            and any(
                isinstance(leaf, ast.Constant) and leaf.value is None for leaf in ast.walk(node)
            )
            and any(_is_name(leaf, (name,)) for leaf in ast.walk(node))
        ),
    )


def _first_line(evidence: Evidence, wanted: Callable[[ast.AST], bool]) -> str:
    """Return the first line of the function's text with such a node, "" where there is none."""
    lines = [getattr(node, "lineno", 0) for node in evidence.nodes if wanted(node)]
    return str(min(lines)) if lines and min(lines) else ""


def _endless(evidence: Evidence) -> Found:
    """Find the loop in which a check in the notebook had to stop the function."""
    for seen in evidence.observations.values():
        if seen.status == "timeout" and seen.failure is not None and seen.failure.source:
            stopped = seen.failure
            line = (stopped.line or 0) if stopped.function == _name(evidence) else 0
            at = {AT: str(line - evidence.first_line + 1)} if line else {}
            return {"seconds": stopped.message, "code": stopped.source.rstrip(":"), **at}
    return None


def _name(evidence: Evidence) -> str:
    return evidence.function.name if evidence.function else ""


def _nothing_returned(evidence: Evidence) -> Found:
    seen = evidence.observations.values()
    if evidence.status == "wrong" and all(o.status == "ok" and o.value is None for o in seen):
        return {}
    return None


def _only_one_returned(evidence: Evidence) -> Found:
    return _alone(evidence) if "cache" not in evidence.outputs else None


def _cache_not_returned(evidence: Evidence) -> Found:
    return _alone(evidence) if "cache" in evidence.outputs else None


def _alone(evidence: Evidence) -> Found:
    """Find a function of several results that returns one thing that is no tuple."""
    values = [o.value for o in evidence.observations.values() if o.status == "ok"]
    if len(evidence.outputs) < 2 or not values or not evidence.failed:
        return None
    if any(value is None or isinstance(value, (tuple, list)) for value in values):
        return None
    returns = [node for node in evidence.nodes if isinstance(node, ast.Return)]
    line = str(returns[0].lineno) if len(returns) == 1 else ""
    return {"names": listed(evidence.outputs), AT: line}


ALONE = Text(
    "Only one thing is returned; {exercise} has to return {names}.",
    "只返回了一个结果，而 {exercise} 应当返回 {names}。",
)
ALONE_HINT = Text(
    "Several results are returned in one line, with commas between them.",
    "几个结果写在同一个 return 里，用逗号隔开。",
)

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
        "endless_loop",
        _endless,
        Text(
            "After {seconds} seconds the loop `{code}` was still running, so the check stopped it.",
            "运行 {seconds} 秒之后，循环 `{code}` 仍未结束，检查只好将它中止。",
        ),
        Text(
            "What has to change inside the loop for it to end, and does it? To stop a cell "
            "yourself, press ■ or choose Kernel → Interrupt.",
            "循环里的哪个量变了，循环才会结束？它真的在变吗？想自己中止单元格，可以按 ■，"
            "或选择 Kernel → Interrupt（中断）。",
        ),
    ),
    *BY_RETURN,
    GeneralCause(
        "nothing_returned",
        _nothing_returned,
        Text("The function returns nothing.", "函数没有返回任何值。"),
        Text(
            "Is there a return at its end, indented like the body and in the same cell as its def?",
            "最后有没有 return？缩进是否与函数体一致，并且与 def 在同一个单元格里？",
        ),
    ),
    *BY_OUTSIDE,
    GeneralCause(
        "only_one_returned",
        _only_one_returned,
        ALONE,
        ALONE_HINT,
        instead_of=("dZ_not_returned", "one_output_only", "velocity_not_returned"),
    ),
    GeneralCause(
        "cache",
        _cache_not_returned,
        ALONE,
        ALONE_HINT,
        instead_of=("cache_content",),
    ),
    GeneralCause(
        "one_path_returns_less",
        paths.shorter_return,
        Text(
            "`{code}` does not return all that {exercise} has to return: {names}.",
            "`{code}` 返回的结果不全：{exercise} 应当返回 {names}。",
        ),
        Text(
            "Compare it with the other return of the function.",
            "把它与函数中的另一个 return 对照一下。",
        ),
        instead_of=("cache_content", "cache"),
    ),
    *BY_ORDER,
    *BY_EXCEPTION,
    *BY_SHAPE,
    *BY_CODE,
    *BY_SIZE,
    *BY_LOSS,
    *BY_FLOW,
    *BY_TRAINING,
    *BY_LAYER,
    *BY_WINDOW,
    *SUSPICIONS,
)

_BY_TEXT = {id(cause) for cause in TOLD_BY_TEXT}
_IN_ORDER = tuple((cause, id(cause) in _BY_TEXT) for cause in GENERAL_CAUSES)
"""The causes, and whether each is looked for in the text: asked for every wrong function."""


def _general(exercise: str, evidence: Evidence, last: bool) -> list[tuple[GeneralCause, Cause]]:
    causes: dict[str, tuple[GeneralCause, Cause]] = {}
    failed = evidence.failed
    for general, by_text in _IN_ORDER:
        if general.last != last or (by_text and not failed):
            continue
        found = _found(general, evidence)
        if found is not None and general.name not in causes:
            message, hint = (
                text.format(exercise=exercise, **found) for text in (general.message, general.hint)
            )
            shown = _lines(found, evidence)
            cause = Cause(f"{exercise}/{general.name}", message, hint, lines=shown)
            # A last resort tells where the function ended, which is rarely where it went wrong.
            causes[general.name] = general, cause if last else with_lines(cause, general, evidence)
            if general.name in FINAL:
                break
    return list(causes.values())


def _found(general: GeneralCause, evidence: Evidence) -> Found:
    try:
        return general.rule(evidence)
    except Exception:
        # Code that is too deep, or odder than a rule thinks of, is not named by that rule. It must
        # not cost the student what the others find.
        return None


def _lines(found: dict[str, str | Text], evidence: Evidence) -> tuple[int, ...]:
    """Return the lines that a rule has looked at, in the cell's own numbers."""
    return tuple(int(line) + evidence.first_line - 1 for line in str(found.get(AT, "")).split())


def misspelt_name(exercise: str, functions: tuple[str, ...]) -> tuple[Cause, ...]:
    """Name the function that is probably meant to be a missing exercise, where there is one."""
    name = like_an_exercise(exercise, functions)
    if not name:
        return ()
    message = MISSPELT.format(name=name, exercise=exercise)
    return (Cause(f"{exercise}/misspelt_name", message, MISSPELT_HINT),)


MISSPELT = Text(
    "There is no function `{exercise}`, but there is one called `{name}`. Did you mean {exercise}?",
    "没有名为 `{exercise}` 的函数，但有一个名为 `{name}`。你想写的是 {exercise} 吗？",
)
MISSPELT_HINT = Text(
    "Compare the name after def with the one in the notebook, letter by letter.",
    "把 def 后面的名字与 notebook 中的名字逐个字母对照。",
)


def all_causes(
    exercise: str,
    evidence: Evidence,
    diagnosed: Callable[[], tuple[Cause, ...]],
    places: Callable[[], Places] = lambda: NOWHERE,
) -> tuple[Cause, ...]:
    """Name the general causes, then those that `diagnosed` finds in the results, each once.

    `places` says where the mistakes are that `diagnosed` names; each cause is given the student's
    own lines that it points at, as far as they are sure.

    What only looks like another cause is left out, and so is `diagnosed` where nothing more
    is to be said. Where there is nothing else, the last resort is named.
    """
    general = _general(exercise, evidence, last=False)
    looks = {f"{exercise}/{name}" for each, _ in general for name in each.instead_of}
    causes = {cause.id: cause for _, cause in general if cause.id not in looks}
    if is_final(causes.values()):
        return tuple(causes.values())
    by_results = diagnosed()
    for cause in by_results:
        # Where nothing but exceptions was seen and one is explained, their words add nothing.
        by_words = causes and evidence.status == "error" and not (cause.failures or cause.code)
        by_words = by_words and not cause.id.endswith("/wrong_helper")
        if cause.id not in looks and not by_words:
            found = with_lines(cause, None, evidence, places, len(by_results) == 1)
            causes.setdefault(cause.id, found)
    if not causes:
        # A line that the text shows says more than the one at which the function ended.
        last = sorted(_general(exercise, evidence, last=True), key=lambda each: not each[1].lines)
        looks = {f"{exercise}/{name}" for each, _ in last for name in each.instead_of}
        causes = {cause.id: cause for _, cause in last if cause.id not in looks}
    return tuple(causes.values())


FINAL = (
    "syntax_error",
    "not_implemented",
    "unfinished_part",
    "endless_loop",
    "other_parameters",
)
"""Beside these causes no other one is looked for: there is no result yet to explain."""


def is_suspicion(cause_id: str) -> bool:
    """Return whether a function's text alone makes a cause likely."""
    return cause_id.partition("/")[2] in _SUSPECTED


_SUSPECTED = {general.name for general in SUSPICIONS}


def is_final(causes: Iterable[Cause]) -> bool:
    """Return whether nothing else is to be said of a function that has one of these causes."""
    return any(cause.id.endswith(tuple(f"/{name}" for name in FINAL)) for cause in causes)
