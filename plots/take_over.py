"""Taking over the functions of the first notebook: which are there, and which of them are correct.

Nothing here computes what an exercise asks for.
"""

import ast
import contextlib
import json
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from checks.session.guard import in_one_line
from checks.text import BETWEEN_SENTENCES, COMMA, Text, listed, write
from plots import kit
from plots.digits import shifted

FIRST_NOTEBOOK = "cnn_step_by_step"
_STEP = 1e-5
_TOLERANCE = 1e-6

TEXTS: Mapping[str, Text] = {
    "no_notebook": Text(
        "No first notebook found ({paths}). You can do everything here without it.",
        "没有找到第一个 notebook（{paths}）。没有它也能完成这里的全部内容。",
    ),
    "unreadable": Text(
        "{path} cannot be read as a notebook. You can do everything here without it.",
        "无法把 {path} 当作 notebook 读取。没有它也能完成这里的全部内容。",
    ),
    "taken": Text(
        "Taken over from {path}: all eight functions.",
        "已从 {path} 导入全部八个函数。",
    ),
    "taken_some": Text(
        "From {path}: {found} of 8 functions. {reasons}"
        "You can do everything here without the others.",
        "从 {path} 导入了 8 个函数中的 {found} 个。{reasons}"
        "其余的没有也不要紧，这里的内容照样能做完。",
    ),
    "missing": Text(
        "Not finished: {names}.",
        "还没有完成：{names}。",
    ),
    "wrong": Text(
        "Not right on a small example: {names}.",
        "在小例子上结果不对：{names}。",
    ),
    "unreadable_cell": Text(
        "Can't be read: {names}.",
        "单元格有语法错误：{names}。",
    ),
    "line": Text(
        "{name} (line {line}: {error})",
        "{name}（第 {line} 行：{error}）",
    ),
    "stops": Text(
        "Stops with an error: {names}.",
        "运行时出错：{names}。",
    ),
    "error": Text(
        "{name} ({error})",
        "{name}（{error}）",
    ),
    "only_functions": Text(
        "Of that notebook only imports and functions are taken over.",
        "那个 notebook 里只有导入语句和函数会被导入。",
    ),
    "untried": Text(
        "Could not be tried, so not judged: {names}.",
        "没法单独试，因此不下结论：{names}。",
    ),
    "rests_on": Text(
        "{name} (needs {others})",
        "{name}（要用到 {others}）",
    ),
    "not_taken": Text(
        "This cell needs {name} of the first notebook, which was not taken over (see 3.3). "
        "Go on; section 7.6 shows the same with the fast layers.",
        "这个单元格要用第一个 notebook 中的 {name}，而它没有导入（见 3.3 节）。"
        "接着往下做就行，7.6 节会用快速的层演示同样的内容。",
    ),
    "not_compared": Text(
        "Not compared here, as not taken over from the first notebook (see 3.3): {names}.",
        "第一个 notebook 中的 {names} 没有导入（见 3.3 节），这里不作比较。",
    ),
}


def _text(kind: str, **values: object) -> str:
    return kit.say(TEXTS[kind], **values)


class NothingToShow(Exception):
    """A cell lacks a loop of the first notebook or a finished training; the message says which."""


@contextlib.contextmanager
def if_possible() -> Iterator[None]:
    """Guard a cell: where it lacks loops or a training, it prints one line that says so."""
    try:
        yield
    except NothingToShow as reason:
        write(reason)


class Absent:
    """Stands for a function that was not taken over: calling it raises NothingToShow."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *_: object, **__: object) -> None:
        raise NothingToShow(_text("not_taken", name=self.__name__))


def taken(functions: SimpleNamespace, names: Iterable[str]) -> list[str]:
    """Return those `names` whose functions were taken over, and say in one line which were not."""
    absent = [name for name in names if isinstance(getattr(functions, name), Absent)]
    if absent:
        write(_text("not_compared", names=kit.say(COMMA).join(absent)))
    return [name for name in names if name not in absent]


class _State(NamedTuple):
    """What became of one function: a kind, which is a key of TEXTS, and how it is written there."""

    kind: str
    shown: str


def take_over(path: Path | str | None = None) -> SimpleNamespace:
    """Return the eight functions of the filled first notebook, and say in one line what was found.

    This looks at `path`, or beside this notebook's folder and in it. It runs nothing of that
    notebook but its imports and function definitions, and tries each function on a small example.
    One that is absent, unfinished or wrong is replaced by an `Absent`, and so is one that rests on
    such a function: whether it is correct itself cannot be seen then.
    """
    name = f"{FIRST_NOTEBOOK}.ipynb"
    paths = [Path("..", FIRST_NOTEBOOK, name), Path(name)] if path is None else [Path(path)]
    found = next((place for place in paths if place.is_file()), None)
    namespace: dict[str, Any] = {}
    unread: dict[str, _State] = {}
    if found is None:
        write(_text("no_notebook", paths=listed(place.as_posix() for place in paths)))
    else:
        try:
            namespace, unread = _definitions(found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            write(_text("unreadable", path=found.as_posix()))
            found = None
    states = _states(namespace, unread)
    if found is not None:
        _report(found, states)
    return SimpleNamespace(
        **{
            name: namespace[name] if state.kind == "found" else Absent(name)
            for name, state in states.items()
        }
    )


def _definitions(path: Path) -> tuple[dict[str, Any], dict[str, _State]]:
    """Return what a notebook's imports and function definitions define, the last ones count.

    A statement that fails is left out, and so is a cell that is no Python; the functions that such
    a cell wanted to define come second.
    """
    notebook = json.loads(path.read_text("utf-8"))
    space: dict[str, Any] = {"__name__": "first_notebook", "np": np}
    unread: dict[str, _State] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        lines = "".join(cell["source"]).splitlines()
        text = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
        try:
            body = ast.parse(text).body
        except SyntaxError as error:
            for name in re.findall(r"^def (\w+)", text, re.MULTILINE):
                shown = _text("line", name=name, line=error.lineno, error=error.msg)
                unread[name] = _State("unreadable_cell", shown)
            continue
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef):
                if isinstance(node, ast.FunctionDef):
                    node.decorator_list = []
                code = compile(ast.Module([node], []), path.name, "exec")
                with contextlib.suppress(Exception):
                    exec(code, space)
    return space, unread


def _states(namespace: Mapping[str, Any], unread: Mapping[str, _State]) -> dict[str, _State]:
    states: dict[str, _State] = {}
    for name in _TRIALS:
        if not callable(namespace.get(name)):
            states[name] = unread.get(name, _State("missing", name))
            continue
        measured_with = _MEASURED_WITH.get(name, set())
        needed = _called(name, namespace) | measured_with
        broken = [other for other in states if other in needed and states[other].kind != "found"]
        others = kit.say(COMMA).join(broken)
        states[name] = _State("untried", _text("rests_on", name=name, others=others))
        if measured_with.isdisjoint(broken):
            state = _tried(name, namespace)
            # The others may be at fault, so this one is not blamed.
            if state.kind == "found" or not broken:
                states[name] = state
    return states


def _tried(name: str, namespace: Mapping[str, Any]) -> _State:
    try:
        with contextlib.redirect_stdout(None), np.errstate(all="ignore"):
            right = _TRIALS[name](namespace)
    except NotImplementedError:
        return _State("missing", name)
    except Exception as error:
        frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
        if all(frame.f_globals is not namespace for frame in frames):
            # The function did not stop; the trial failed on what it returned.
            return _State("wrong", name)
        return _State("stops", _text("error", name=name, error=in_one_line(error)))
    return _State("found" if right else "wrong", name)


def _called(name: str, namespace: Mapping[str, Any]) -> set[str]:
    """Return which of the eight functions a function calls, directly or through helpers."""
    seen, waiting = {name}, [name]
    while waiting:
        codes = [getattr(namespace.get(waiting.pop()), "__code__", None)]
        while codes:
            code = codes.pop()
            if isinstance(code, CodeType):
                codes += code.co_consts
                waiting += set(code.co_names) - seen
                seen.update(code.co_names)
    return seen & set(_TRIALS) - {name}


def _report(path: Path, states: Mapping[str, _State]) -> None:
    found = [name for name, state in states.items() if state.kind == "found"]
    if len(found) == len(states):
        write(_text("taken", path=path.as_posix()))
        return
    separator, comma = kit.say(BETWEEN_SENTENCES), kit.say(COMMA)
    reasons = []
    for kind in ("missing", "unreadable_cell", "stops", "wrong", "untried"):
        if names := [state.shown for state in states.values() if state.kind == kind]:
            reasons.append(_text(kind, names=comma.join(names)))
            if kind == "stops" and any("NameError" in name for name in names):
                reasons.append(_text("only_functions"))
    reasons = separator.join([*reasons, ""])
    write(_text("taken_some", path=path.as_posix(), found=len(found), reasons=reasons))


def _ramp(*shape: int) -> np.ndarray:
    """Return numbers without ties and without order."""
    return np.sin(1 + np.arange(np.prod(shape)) ** 2).reshape(shape)


def _close(got: Any, expected: Any) -> bool:
    got, expected = np.asarray(got), np.asarray(expected)
    return got.shape == expected.shape and bool(
        np.allclose(got, expected, rtol=_TOLERANCE, atol=_TOLERANCE)
    )


def _agrees(
    forward: Callable[[np.ndarray], np.ndarray], x: np.ndarray, dx: np.ndarray, dZ: np.ndarray
) -> bool:
    """Say whether dx, in one direction, is the measured slope of sum(dZ * forward(x))."""
    direction = np.cos(np.arange(x.size)).reshape(x.shape)
    change = forward(x + _STEP * direction) - forward(x - _STEP * direction)
    slope = np.sum(dZ * change) / (2 * _STEP)
    return np.shape(dx) == x.shape and _close(np.sum(dx * direction), slope)


def _try_zero_pad(space: Mapping[str, Any]) -> bool:
    X = _ramp(2, 2, 3, 2)
    padded = space["zero_pad"](X, 2)
    inside = np.shape(padded) == (2, 6, 7, 2) and _close(padded[:, 2:4, 2:5], X)
    return inside and _close(np.sum(np.abs(padded)), np.sum(np.abs(X)))


def _try_conv_single_step(space: Mapping[str, Any]) -> bool:
    piece, pick = _ramp(3, 3, 2), np.zeros((3, 3, 2))
    pick[2, 0, 1] = 3.0
    return _close(
        space["conv_single_step"](piece, pick, np.full((1, 1, 1), 0.5)), 3 * piece[2, 0, 1] + 0.5
    )


def _same_cache(got: Any, expected: Sequence[Any]) -> bool:
    """Say whether a forward pass keeps what the first notebook prescribes: arrays and settings."""
    return len(got) == len(expected) and all(
        ours == theirs if isinstance(theirs, dict) else _close(ours, theirs)
        for ours, theirs in zip(got, expected, strict=True)
    )


def _try_conv_forward(space: Mapping[str, Any]) -> bool:
    # Filters that look at single places copy the picture, moved, every other row and column.
    image, W, b = _ramp(2, 5, 7, 2), np.zeros((3, 3, 2, 2)), _ramp(1, 1, 1, 2)
    W[1, 1, 0, 0], W[0, 0, 1, 0], W[1, 1, 1, 1] = 1.0, 3.0, 2.0
    given = (image, W, b, {"stride": 2, "pad": 1})
    first = image[..., 0] + 3 * shifted(image, 1, 1)[..., 1]
    expected = np.stack([first, 2 * image[..., 1]], axis=-1)[:, ::2, ::2] + b
    Z, cache = space["conv_forward"](*given)
    return _close(Z, expected) and _same_cache(cache, given)


def _try_conv_backward(space: Mapping[str, Any]) -> bool:
    forward, settings = space["conv_forward"], {"stride": 2, "pad": 1}
    given = {"A_prev": _ramp(2, 4, 5, 2), "W": _ramp(3, 3, 2, 3), "b": _ramp(1, 1, 1, 3)}
    dZ = _ramp(2, 2, 3, 3)
    gradients = space["conv_backward"](dZ, (*given.values(), settings))

    def moved(name: str) -> Callable[[np.ndarray], np.ndarray]:
        return lambda x: forward(*(given | {name: x}).values(), settings)[0]

    return all(
        _agrees(moved(name), given[name], dx, dZ) for name, dx in zip(given, gradients, strict=True)
    )


def _try_pool_forward(space: Mapping[str, Any]) -> bool:
    # Numbers grow to the right and downwards, so the last one of a window is the largest; in the
    # first windows all are negative.
    image = np.arange(2 * 4 * 6 * 2.0).reshape(2, 4, 6, 2) - 60
    settings = {"f": 2, "stride": 2}
    largest, cache = space["pool_forward"](image, settings, mode="max")
    mean, _ = space["pool_forward"](image, settings, mode="average")
    corners = (image[:, ::2, ::2] + image[:, 1::2, 1::2]) / 2
    right = _close(largest, image[:, 1::2, 1::2]) and _close(mean, corners)
    return right and _same_cache(cache, (image, settings))


def _try_create_mask(space: Mapping[str, Any]) -> bool:
    mask = space["create_mask_from_window"](np.array([[-3.0, -1.0], [-4.0, -2.0]]))
    return np.array_equal(np.asarray(mask, dtype=bool), [[False, True], [False, False]])


def _try_distribute_value(space: Mapping[str, Any]) -> bool:
    shares = space["distribute_value"](3.0, (2, 5))
    return np.shape(shares) == (2, 5) and _close(np.sum(shares), 3.0) and bool(np.ptp(shares) == 0)


def _try_pool_backward(space: Mapping[str, Any]) -> bool:
    image, settings = _ramp(2, 5, 4, 2), {"f": 2, "stride": 1}
    dA = _ramp(2, 4, 3, 2)

    def forward(mode: str) -> Callable[[np.ndarray], np.ndarray]:
        return lambda x: space["pool_forward"](x, settings, mode=mode)[0]

    return all(
        _agrees(forward(mode), image, space["pool_backward"](dA, (image, settings), mode=mode), dA)
        for mode in ("max", "average")
    )


# In the order in which they call each other.
_TRIALS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "zero_pad": _try_zero_pad,
    "conv_single_step": _try_conv_single_step,
    "conv_forward": _try_conv_forward,
    "pool_forward": _try_pool_forward,
    "conv_backward": _try_conv_backward,
    "create_mask_from_window": _try_create_mask,
    "distribute_value": _try_distribute_value,
    "pool_backward": _try_pool_backward,
}
# A backward pass is compared with the slope of the student's own forward pass.
_MEASURED_WITH: Mapping[str, set[str]] = {
    "conv_backward": {"conv_forward"},
    "pool_backward": {"pool_forward"},
}
