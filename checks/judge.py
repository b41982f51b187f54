"""Judges an exercise: plain observations and correct answers in, results and points out.

Nothing here knows about notebooks, processes or languages. ``public_tests`` calls it with the
stored answers, the grading engine with answers that it computed itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checks.compare import Difference, compare
from checks.lines.first_wrong import where_wrong
from checks.model import Case, Check, Exercise, Failure, Observation, ResultStatus
from checks.plain import same_plain
from checks.text import BETWEEN_SENTENCES, ENGLISH, Text, joined, listed

REPEAT = "repeat"
"""The key of the observation that repeats the first case, to see whether the result is the same."""

HELPER_REFUSED = "HelperRefused"
"""The exception of a correct helper, lent by the grader, that can't work with its inputs.

The message is the helper's name.
"""

GATE_SHARE = 0.5
"""A closed gate (cache, unchanged inputs, same result twice) leaves at most this share."""

STATUS_TEXT = {
    "missing": Text("The function is not defined.", "没有找到这个函数。"),
    "timeout": Text("It did not finish in time.", "运行超时，没有得到结果。"),
    "memory": Text("It needed too much memory.", "占用的内存过多。"),
    "crashed": Text("It ended the whole process.", "运行这个函数时，整个进程崩溃了。"),
    "protocol": Text("It sent back no readable result.", "没有返回可读取的结果。"),
}
_OUTPUT = Text("{output}: {detail}", "{output}：{detail}")


@dataclass(frozen=True)
class CheckResult:
    """The result of one check; a gate has no points of its own.

    `line` is the line of the cell at which the function itself stopped with an error, 0 for none.
    """

    name: Text
    passed: bool
    points: float
    earned: float
    detail: Text = Text("")
    case: str = ""
    output: str = ""
    difference: Difference | None = None
    gate: bool = False
    line: int = 0


@dataclass(frozen=True)
class ExerciseResult:
    """An exercise's results."""

    exercise: str
    status: ResultStatus
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]

    @property
    def first_failure(self) -> CheckResult | None:
        """The first check that failed, in the order of the table."""
        return next((check for check in self.checks if not check.passed), None)


def outputs_of(exercise: Exercise, value: Any) -> tuple[dict[str, Any], Text | None]:
    """Name the parts of a returned value; say what is wrong where their number is wrong."""
    names = exercise.outputs
    if len(names) == 1:
        return {names[0]: value}, None
    if isinstance(value, (tuple, list)) and len(value) == len(names):
        return dict(zip(names, value, strict=True)), None
    wanted = listed(names)
    if isinstance(value, (tuple, list)):
        problem = Text(
            "It returns {count} values; expected {names}.",
            "函数返回了 {count} 个值，应为 {names}。",
        ).format(count=len(value), names=wanted)
        return dict(zip(names, value, strict=False)), problem
    problem = Text(
        "It returns one value; expected {names}.", "函数只返回了一个值，应为 {names}。"
    ).format(names=wanted)
    return {names[0]: value}, problem


def failure_text(observation: Observation, exercise: str = "") -> Text:
    """Say why a call has no result, with the student's own line where it is known.

    The line's function is named where it is not `exercise` but one that it calls.
    """
    failure = observation.failure
    if observation.status != "error" or failure is None:
        return STATUS_TEXT.get(observation.status, STATUS_TEXT["protocol"])
    what = what_was_raised(failure)
    if failure.line is None:
        return what
    elsewhere = failure.function not in ("", exercise, "<module>", "<lambda>")
    place = (
        Text("In {function}, line {line}", "{function} 的第 {line} 行")
        if elsewhere
        else Text("Line {line}", "第 {line} 行")
    )
    quoted = f" `{failure.source.strip()}`" if failure.source.strip() else ""
    return Text("{place}{quoted}: {what}", "{place}{quoted}：{what}").format(
        place=place.format(function=failure.function, line=failure.line), quoted=quoted, what=what
    )


def _own_line(observation: Observation, exercise: str) -> int:
    """Return the line at which the exercise itself stopped, 0 where that is not known."""
    failure = observation.failure
    return (failure.line or 0) if failure and failure.function == exercise else 0


_SIZES_OF_MATMUL = re.compile(r"gufunc signature .*\(size (\d+) is different from (\d+)\)")
_AXES_OF_MATMUL = re.compile(r"not have enough dimensions \(has (\d+), gufunc core with signature")
_OTHER_SHAPE = re.compile(r"(d[AZ]) has the shape (\(.*\)), this layer's output (\(.*\))")
_SIGNATURE = re.compile(r"[,;]? (?:with )?gufunc (?:core with )?signature [^\s]+")


def what_was_raised(failure: Failure) -> Text:
    """Put what an exception says into words that need no knowledge of NumPy's internals."""
    sizes = _SIZES_OF_MATMUL.search(failure.message)
    if sizes:
        return Text(
            "these two can't be multiplied as matrices: the second has {rows} rows, the first "
            "{columns} columns.",
            "这两个矩阵不能相乘：第二个有 {rows} 行，而第一个有 {columns} 列。",
        ).format(rows=sizes[1], columns=sizes[2])
    if _AXES_OF_MATMUL.search(failure.message):
        return Text(
            "these two can't be multiplied as matrices: one of them is a single number.",
            "这两个量不能作矩阵乘法：其中一个只是一个数。",
        )
    if other := _OTHER_SHAPE.fullmatch(failure.message):
        return Text(
            "{name} has the shape {own}, this layer's output {shape}.",
            "{name} 的形状是 {own}，而这一层输出的形状是 {shape}。",
        ).format(name=other[1], own=other[2], shape=other[3])
    if failure.type != HELPER_REFUSED:
        what = f"{failure.type}: {_SIGNATURE.sub('', failure.message)}".rstrip(": ")
        return Text(what, what)
    return Text(
        "even a correct {helper} can't work with the inputs that it is given here; "
        "look at their shapes.",
        "即使换成正确的 {helper}，它也无法处理这里传入的参数；请检查这些参数的形状。",
    ).format(helper=Text(failure.message or "helper", failure.message or "辅助函数"))


def judge(
    exercise: Exercise,
    observations: Mapping[str, Observation],
    expected: Mapping[str, Mapping[str, Any]],
    arguments: Mapping[str, tuple[Any, ...]],
    placeholder: bool | Callable[[], bool | None] | None = None,
) -> ExerciseResult:
    """Judge the observed cases of an exercise.

    `observations` maps case names (and possibly :data:`REPEAT`) to what was seen, `expected` maps
    case and output names to correct answers, `arguments` holds what each case was called with.
    `placeholder` says whether the source still holds an unfilled part of the stub, and is only
    asked if nothing was earned; if it is None (the source is not known), a function that returns
    nothing is taken for a stub. Cases that were not observed are not judged.
    """
    results = []
    for check in exercise.checks:
        cases = [exercise.case(name) for name in check.cases if name in observations]
        if cases:
            results.append(_judge_check(exercise, check, cases, observations, expected))
    results = _without_trivial_points(exercise, results)
    gates = _gates(exercise, observations, expected, arguments)
    share = GATE_SHARE if any(not gate.passed for gate in gates) else 1.0
    score = min(sum(result.earned for result in results), share * exercise.points)
    checks = (*results, *gates)
    # An exercise without points is judged as if each of its checks had some.
    earned = any(r.passed and (r.points or not exercise.points) for r in results)
    status = _status(observations, checks, earned, placeholder)
    if status in ("not_implemented", "missing"):
        score = 0.0
    return ExerciseResult(exercise.name, status, score, exercise.points, checks)


def _judge_check(
    exercise: Exercise,
    check: Check,
    cases: list[Case],
    observations: Mapping[str, Observation],
    expected: Mapping[str, Mapping[str, Any]],
) -> CheckResult:
    for case in cases:
        observation = observations[case.name]
        if observation.status != "ok":
            return CheckResult(
                check.name,
                False,
                check.points,
                0.0,
                failure_text(observation, exercise.name),
                case.name,
                line=_own_line(observation, exercise.name),
            )
        outputs, _ = outputs_of(exercise, observation.value)
        for output in check.outputs or exercise.graded_outputs:
            difference = compare(outputs.get(output), expected[case.name][output])
            if difference:
                place = where_wrong(
                    exercise,
                    case,
                    output,
                    difference,
                    _right_at_stride_1(exercise, output, observations, expected),
                )
                detail = joined(filter(_says, (difference.text, place)), BETWEEN_SENTENCES)
                if len(exercise.outputs) > 1:
                    detail = _OUTPUT.format(output=output, detail=detail)
                return CheckResult(
                    check.name, False, check.points, 0.0, detail, case.name, output, difference
                )
    return CheckResult(check.name, True, check.points, check.points, case=cases[0].name)


def _right_at_stride_1(
    exercise: Exercise,
    output: str,
    observations: Mapping[str, Observation],
    expected: Mapping[str, Mapping[str, Any]],
) -> bool:
    """Return whether an output is correct in all cases with stride 1, and there is such a case.

    A case that was not observed does not count; one that did not finish is not correct.
    """
    results = [
        seen.status == "ok"
        and compare(outputs_of(exercise, seen.value)[0].get(output), expected[case.name][output])
        is None
        for case in exercise.cases
        if case.options.get("stride") == 1 and (seen := observations.get(case.name))
    ]
    return bool(results) and all(results)


def _says(text: Text) -> bool:
    return bool(text[ENGLISH])


def _without_trivial_points(exercise: Exercise, results: list[CheckResult]) -> list[CheckResult]:
    trivial = {check.name for check in exercise.checks if check.trivial}
    if any(result.passed and result.name not in trivial for result in results):
        return results
    return [replace(result, earned=0.0) for result in results]


def _gates(
    exercise: Exercise,
    observations: Mapping[str, Observation],
    expected: Mapping[str, Mapping[str, Any]],
    arguments: Mapping[str, tuple[Any, ...]],
) -> list[CheckResult]:
    finished = {
        name: seen for name, seen in observations.items() if seen.status == "ok" and name != REPEAT
    }
    gates = []
    for output, names in exercise.echoes.items():
        gates.append(_echo_gate(exercise, output, names, finished, arguments))
    for name, seen in finished.items():
        problem = outputs_of(exercise, seen.value)[1]
        if problem:
            gates.append(_gate(Text("what is returned", "返回值"), problem, name))
            break
    gates += _list_gate(exercise, finished, expected)
    for name, seen in finished.items():
        if seen.arguments_changed:
            gates.append(
                _gate(
                    Text("inputs are left as they are", "不修改输入"),
                    Text(
                        "The function changes an argument that it was given, an array or a "
                        "dictionary; work on a copy.",
                        "函数改动了传入的参数（数组或字典），请在副本上操作。",
                    ),
                    name,
                )
            )
            break
    if not is_repeatable(exercise, observations):
        gates.append(
            _gate(
                Text("the same inputs give the same result", "相同的输入得到相同的结果"),
                Text(
                    "Two calls with the same inputs gave different results.",
                    "用相同的输入调用两次，结果不同。",
                ),
                exercise.cases[0].name,
            )
        )
    return gates


def _list_gate(
    exercise: Exercise,
    finished: Mapping[str, Observation],
    expected: Mapping[str, Mapping[str, Any]],
) -> list[CheckResult]:
    """Return a closed gate where correct numbers come as a list: callers need an array's shape."""
    for name, seen in finished.items():
        outputs, _ = outputs_of(exercise, seen.value)
        for output in exercise.graded_outputs:
            value, wanted = outputs.get(output), expected[name][output]
            if isinstance(value, (tuple, list)) and compare(value, wanted) is None:
                detail = Text(
                    "{output} is a list; return an array: np.array({output}).",
                    "{output} 是列表；请返回数组：np.array({output})。",
                ).format(output=output)
                return [_gate(Text("an array is returned", "返回的是数组"), detail, name)]
    return []


def _gate(name: Text, detail: Text, case: str) -> CheckResult:
    return CheckResult(name, False, 0.0, 0.0, detail, case, gate=True)


def _echo_gate(
    exercise: Exercise,
    output: str,
    names: tuple[str, ...],
    finished: Mapping[str, Observation],
    arguments: Mapping[str, tuple[Any, ...]],
) -> CheckResult:
    title = Text("{output} holds {names}", "{output} 依次保存 {names}").format(
        output=output, names=listed(names)
    )
    for case, seen in finished.items():
        returned = outputs_of(exercise, seen.value)[0].get(output)
        wanted = echoed(exercise, names, arguments[case])
        if not isinstance(returned, (tuple, list)) or not same_plain(returned, wanted):
            detail = Text(
                "{output} must be the tuple ({names}), unchanged.",
                "{output} 应当是元组 ({names})，内容不变。",
            ).format(output=output, names=", ".join(names))
            return CheckResult(title, False, 0.0, 0.0, detail, case, output, gate=True)
    return CheckResult(title, bool(finished), 0.0, 0.0, gate=True)


def echoed(exercise: Exercise, names: tuple[str, ...], arguments: tuple[Any, ...]) -> tuple:
    """Return what an echoing output must hold."""
    return tuple(arguments[exercise.parameters.index(name)] for name in names)


def is_repeatable(exercise: Exercise, observations: Mapping[str, Observation]) -> bool:
    """Return whether the first case and its repetition gave the same result."""
    first, again = observations.get(exercise.cases[0].name), observations.get(REPEAT)
    if first is None or again is None or first.status != "ok" or again.status != "ok":
        return True
    return same_plain(first.value, again.value)


def _status(
    observations: Mapping[str, Observation],
    checks: tuple[CheckResult, ...],
    earned: bool,
    placeholder: bool | Callable[[], bool | None] | None,
) -> ResultStatus:
    if all(check.passed for check in checks):
        return "right"
    seen = [o for name, o in observations.items() if name != REPEAT]
    if all(o.status == "missing" for o in seen):
        return "missing"
    if not earned and _is_stub(seen, placeholder):
        return "not_implemented"
    if any(o.status == "timeout" for o in seen):
        return "timeout"
    if all(o.status != "ok" for o in seen):
        return "error"
    return "wrong"


def _is_stub(seen: list[Observation], placeholder: bool | Callable[[], bool | None] | None) -> bool:
    known = placeholder() if callable(placeholder) else placeholder
    return all(map(_is_unfilled, seen)) if known is None else known


def _is_unfilled(observation: Observation) -> bool:
    if observation.failure is not None:
        return observation.failure.type == "NotImplementedError"
    value = observation.value
    parts = value if isinstance(value, tuple) else (value,)
    return observation.status == "ok" and parts[0] is None
