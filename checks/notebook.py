"""What ``public_tests`` offers: one check function per exercise, and the front door `check`.

    from public_tests import *
    check(zero_pad)                 # finds the exercise by the function's name
    zero_pad_test(zero_pad)         # the same, by the name that the original course uses

This needs NumPy, h5py and the standard library. The correct answers are read from ``checks/data``;
nothing here can compute them.
"""

import contextlib
import functools
import inspect
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from checks import store
from checks.assignments import ASSIGNMENTS
from checks.assignments.public_names import NAMES, TESTS, VALUES, Values
from checks.causes import all_causes
from checks.compare import compare
from checks.diagnosis import Cause, diagnose
from checks.evidence import Evidence
from checks.exception_rules import like_an_exercise
from checks.judge import REPEAT, ExerciseResult, judge
from checks.model import Assignment, Exercise
from checks.run import Run, run
from checks.session import guard
from checks.session.called import cases_calling, helpers_of, is_only_called, source_of
from checks.session.cells import explain_errors, old_function, shell
from checks.session.looks import lines_in_helpers, picture_of, pointed, windows_of
from checks.show import Progress, Result
from checks.student_source import global_names_read, has_placeholder, plain_code
from checks.text import COLON, ENGLISH, LANGUAGES, Text, joined, listed, writable, write

COURSE_FILE = "course.json"
"""The file beside a notebook that says its language and its assignment."""

TEXTS = {
    "unknown": Text(
        "There is no exercise called {name!r}. The exercises are: {names}.",
        "没有名为 {name!r} 的练习。所有练习：{names}。",
    ),
    "misspelt": Text(
        "There is no exercise called {name!r}. Did you mean {meant}? Compare the name after def "
        "with the one in the notebook.",
        "没有名为 {name!r} 的练习。你想写的是 {meant} 吗？"
        "请把 def 后面的名字与 notebook 中的对照。",
    ),
    "not_function": Text(
        "check(...) takes the function itself, without brackets: check({name}).",
        "check(...) 需要传入函数本身，不要加括号：check({name})。",
    ),
    "helper": Text(
        "{exercise} calls your {helper}, which does not pass its own check yet: fix that first.",
        "{exercise} 调用了你写的 {helper}，而它还没有通过自己的检查：请先改好 {helper}。",
    ),
    "helper_hint": Text(
        "Run the cell of {helper} and its check, then come back to this one.",
        "先运行 {helper} 的单元格及其检查，再回到这里。",
    ),
    "waiting": Text(
        "{name} is not implemented yet - this cell shows its result once it is.",
        "{name} 还没有实现，完成之后这里会显示结果。",
    ),
}


class CheckFailed(AssertionError):
    """A check failed. Jupyter shows one short line instead of a traceback."""

    def __init__(self, lines: list[str], one_line: str = ""):
        super().__init__("\n".join(lines))
        self.lines = lines
        self._one_line = one_line or lines[0]

    def _render_traceback_(self) -> list[str]:
        return [writable(self._one_line)]


@dataclass
class _Course:
    """The notebook in which the checks are used; without an assignment, all of them are known."""

    language: str = ENGLISH
    assignment: str | None = None


_course = _Course()
_passed: dict[str, Callable[..., Any]] = {}
"""The functions that have passed, by their names; one that is written anew has to pass again."""
_played: list[Callable[..., Any]] = []
"""What the cell to play in calls that is running now."""


def begin(folder: Path) -> str:
    """Take language and assignment from the notebook's ``course.json``; return the language.

    Where there is none, as in the repository's root, the language is COURSE_LANGUAGE or English,
    and a function's name decides its assignment. Raises DataFileError, in one clear line.
    """
    path = folder / COURSE_FILE
    language, assignment = os.environ.get("COURSE_LANGUAGE", ENGLISH), None
    if path.is_file():
        try:
            found = json.loads(path.read_text("utf-8"))
            language, assignment = found["language"], found["assignment"]
        except (OSError, ValueError, KeyError, TypeError):
            raise store.DataFileError(f"{path} can't be read: {store.AGAIN}") from None
    if language not in LANGUAGES or assignment not in (None, *ASSIGNMENTS):
        raise store.DataFileError(f"no assignment {assignment!r} in the language {language!r} here")
    _course.language, _course.assignment = language, assignment
    explain_errors(_names, CheckFailed, language)
    return language


def _assignments() -> list[Assignment]:
    return [a for a in ASSIGNMENTS.values() if _course.assignment in (None, a.name)]


def _names() -> list[str]:
    return [exercise.name for each in _assignments() for exercise in each.exercises]


def _assignment(exercise: str) -> Assignment:
    """Return the assignment that has an exercise; raise CheckFailed where none has it."""
    known = {e.name: a for a in _assignments() for e in a.exercises}
    if exercise not in known:
        meant = like_an_exercise(exercise, tuple(known))
        key = "misspelt" if meant else "unknown"
        raise CheckFailed([_say(key, name=exercise, meant=meant, names=listed(known))])
    return known[exercise]


def _exercise(name: str) -> Exercise:
    return next(e for e in _assignment(name).exercises if e.name == name)


@functools.cache
def _read(assignment: str) -> store.ExpectedValues:
    return store.read(store.path_of(assignment))


def _answers(exercise: str) -> dict[str, store.Expected]:
    """Return the correct answers of all exercises of the assignment that has this one."""
    return _read(_assignment(exercise).name).expected


def _say(key: str, **values: Any) -> str:
    return TEXTS[key].format(**values).in_(_course.language)


def check(target: Callable[..., Any]) -> None:
    """Check a function; the exercise is found by the function's name.

    It shows the result, and raises CheckFailed where a check fails, so that Validate and the
    autograder see it.
    """
    if not callable(target):
        first = _assignments()[0].exercises[0].name
        raise CheckFailed([_say("not_function", name=first)])
    _check(getattr(target, "__name__", type(target).__name__), target)


def _check(name: str, target: Callable[..., Any], cases: tuple[str, ...] | None = None) -> None:
    result = _result(_exercise(name), target, cases)
    if result.passed and cases is None:
        _passed[name] = target
    elif not result.passed:
        _passed.pop(name, None)
    if result.result.status != "not_implemented":
        _display(result)
    if not result.passed:
        raise CheckFailed(result.all_lines(), result.one_line())


def _result(
    exercise: Exercise, target: Callable[..., Any], only: tuple[str, ...] | None = None
) -> Result:
    source, first_line = source_of(target)
    old = old_function(exercise.name, source)
    if old is not None:
        untested = ExerciseResult(exercise.name, "error", 0.0, exercise.points, ())
        return Result(untested, _course.language, (old.cause,), code=old.code)
    seen, judged = _judged(exercise, target, source, only)
    right = judged.status == "right"
    drawn = not right and judged.status != "timeout"
    evidence = _evidence(exercise, target, seen, judged)
    causes = () if right else _causes(exercise, target, evidence)
    helper = any(cause.id == _wrong_helper(exercise.name) for cause in causes)
    windows = windows_of(exercise, target) if drawn and not helper else None
    path = store.path_of(_assignment(exercise.name).name)
    return Result(
        judged,
        _course.language,
        causes,
        picture_of(exercise, target, _answers(exercise.name)[exercise.name]) if drawn else None,
        Progress(
            tuple(e.name for e in _assignment(exercise.name).exercises),
            frozenset({*_passed, exercise.name} if right and only is None else _passed)
            - (frozenset() if right else {exercise.name}),
        ),
        seen.printed,
        seen.warned,
        dict(enumerate((source or "").split("\n"), first_line)),
        windows,
        pointed(path, exercise, judged, windows, source, first_line)
        if drawn and not causes
        else (),
        lines_in_helpers(causes, evidence, target),
    )


def _judged(
    exercise: Exercise,
    target: Callable[..., Any],
    source: str | None,
    only: tuple[str, ...] | None = None,
) -> tuple[Run, ExerciseResult]:
    """Run a function on the public inputs and judge what it did."""
    expected = _answers(exercise.name)
    arguments = {
        case.name: case.public_arguments(expected)
        for case in exercise.cases
        if only is None or case.name in only
    }
    seen = run(exercise, target, arguments)
    placeholder = has_placeholder(source) if source else None
    judged = judge(
        exercise, seen.observations, expected[exercise.name], arguments, placeholder=placeholder
    )
    return seen, judged


def _evidence(
    exercise: Exercise, target: Callable[..., Any], seen: Run, judged: ExerciseResult
) -> Evidence:
    source, first_line = source_of(target)
    names = global_names_read(source, getattr(target, "__name__", "")) if source else ()
    space = getattr(target, "__globals__", {})
    return Evidence(
        judged.status,
        seen.observations,
        source,
        tuple(n for n in names if isinstance(space.get(n), (np.ndarray, int, float, dict, tuple))),
        None,
        exercise.parameters,
        exercise.outputs,
        first_line,
        helpers_of(target),
    )


def _causes(
    exercise: Exercise, target: Callable[..., Any], evidence: Evidence
) -> tuple[Cause, ...]:
    source = evidence.source
    path = store.path_of(_assignment(exercise.name).name)

    def diagnosed() -> tuple[Cause, ...]:
        seen = {case: each for case, each in evidence.observations.items() if case != REPEAT}
        run_one = functools.partial(_judged, exercise, target, source)
        broken: dict[str, frozenset[str]] = {}
        for helper in _broken_helpers(exercise, target, source):
            cases = cases_calling(target.__globals__, helper, seen, run_one)
            # Passed on, it may be called by another name.
            if cases or not is_only_called(source, helper):
                broken[helper] = cases or frozenset(seen)
        # What was observed where such a helper is called may be its fault.
        own = {
            case: each for case, each in seen.items() if case not in set().union(*broken.values())
        }
        wrong = store.read_wrong(path, exercise.name)
        observed = own if broken else evidence.observations
        causes = diagnose(exercise, observed, wrong, plain_code(source))
        return (*(_fix_first(exercise.name, helper) for helper in list(broken)[:1]), *causes)

    places = functools.partial(store.read_places, path, exercise.name)
    return all_causes(exercise.name, evidence, diagnosed, places)


def _wrong_helper(exercise: str) -> str:
    return f"{exercise}/wrong_helper"


def _fix_first(exercise: str, helper: str) -> Cause:
    values = {"exercise": exercise, "helper": helper}
    message, hint = (TEXTS[key].format(**values) for key in ("helper", "helper_hint"))
    return Cause(_wrong_helper(exercise), message, hint)


def _broken_helpers(
    exercise: Exercise, target: Callable[..., Any], source: str | None
) -> Iterator[str]:
    """Yield the helpers that `target` names in the notebook and that are not correct themselves."""
    space = getattr(target, "__globals__", {})
    called = global_names_read(source, getattr(target, "__name__", "")) if source else ()
    for name in exercise.helpers:
        if name in called and callable(space.get(name)):
            _, judged = _judged(_exercise(name), space[name], source_of(space[name])[0])
            if judged.status != "right":
                yield name


def _display(result: Result) -> None:
    if shell() is not None:
        from IPython.display import display

        display(result)
    else:
        write(result.text())


@contextlib.contextmanager
def needs(*functions: Callable[..., Any]) -> Iterator[None]:
    """Guard a cell to play in: where a function is a stub or stops, the cell prints one line.

    An error is shown as Python shows it where all functions have passed their checks.
    """
    _played[:] = functions
    try:
        yield
    except NotImplementedError as error:
        name = str(error) or listed(f.__name__ for f in functions)
        write(_say("waiting", name=name))
    except Exception as error:
        said = guard.reason(error, unproven())
        if said is None:
            raise
        write(said.in_(_course.language))
    finally:
        _played.clear()


def unproven() -> list[Callable[..., Any]]:
    """Return the functions of the running cell that have not passed a check as they are now."""
    return [f for f in _played if _passed.get(f.__name__) is not f]


def replay(exercise: str, case: str, seed: int) -> tuple[Any, ...]:
    """Return the inputs with which the grader called a function, to try a failed case again.

        conv_forward(*replay("conv_forward", "stride_2", seed=1234))

    `case` and `seed` stand in the feedback. Raises KeyError where the case is not known.
    """
    found = _exercise(exercise)
    return found.case(case).hidden_arguments(found.name, seed)


def _test_of(own: str, name: str, cases: tuple[str, ...] | None = None) -> Callable[..., None]:
    def test(target: Callable[..., Any]) -> None:
        _check(name, target, cases)

    test.__name__ = own
    test.__doc__ = f"Check {name}; raises CheckFailed where a check fails."
    return test


def _values_test_of(own: str, values: Values) -> Callable[..., None]:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature([inspect.Parameter(name, kind) for name in values.wanted])

    def test(*given: Any, **named: Any) -> None:
        got = signature.bind(*given, **named).arguments
        case = _exercise(values.exercise).case(values.case)
        outputs = _answers(values.exercise)[values.exercise][case.name]
        for name, (label, read) in values.wanted.items():
            difference = compare(np.asarray(got[name])[()], read(case.public_arguments(), outputs))
            if difference:
                said = joined((label, difference.text), COLON)
                raise CheckFailed([said.in_(_course.language)])

    test.__name__ = own
    test.__doc__ = f"Check values of {values.exercise}; raises CheckFailed where one differs."
    test.__signature__ = signature  # type: ignore[attr-defined]
    return test


# zero_pad_test and so on: the names that notebooks call, as the tables of public names have them.
globals().update({name: _test_of(name, *which) for name, which in TESTS.items()})
globals().update({name: _values_test_of(name, values) for name, values in VALUES.items()})

__all__ = list(NAMES)
