"""What the second notebook needs beside the layers: digits, the first notebook's functions, plots.

Nothing here computes what an exercise asks for. Labels inside the plots are code and numbers, the
same in every language; the caption above a plot and its alt text are in the language of the course.
"""

import ast
import base64
import contextlib
import importlib
import io
import json
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import h5py
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import public_tests
from course_plots import BLUE, CARD, GREEN, INK, ORANGE, PINK, SKY_BLUE, VERMILION

COLOURS = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY_BLUE)
# Where lines or bars lie side by side they differ in more than their colour.
LINE_STYLES = ("-", "--", "-.", ":")
FONT_SIZE = 9
# A student has the digits beside this module; in the course's repository they lie in datasets/.
DATA_FILES = [Path(__file__).parent.joinpath(*parts, "digits.h5") for parts in ((), ("datasets",))]
# How often a live picture is drawn in all: each drawing costs as much as many steps.
MOST_UPDATES = 12

TEXTS: Mapping[str, Mapping[str, str]] = {
    "no_data": {
        "en": "{path} is missing: copy digits.h5 from the assignment's zip into this folder.",
        "zh": "缺少 {path}：请把作业压缩包里的 digits.h5 复制到这个文件夹。",
    },
    "no_notebook": {
        "en": "No first notebook found ({paths}). You can do everything here without it.",
        "zh": "没有找到第一个 notebook（{paths}）。没有它也能完成这里的全部内容。",
    },
    "unreadable": {
        "en": "{path} cannot be read as a notebook. You can do everything here without it.",
        "zh": "无法把 {path} 当作 notebook 读取。没有它也能完成这里的全部内容。",
    },
    "taken": {
        "en": "Taken over from {path}: all eight functions.",
        "zh": "已从 {path} 取来全部八个函数。",
    },
    "taken_some": {
        "en": "From {path}: {found} of 8 functions. {reasons}"
        "You can do everything here without the others.",
        "zh": "从 {path} 取来 8 个函数中的 {found} 个。{reasons}"
        "缺了其余的，也能完成这里的全部内容。",
    },
    "separator": {"en": " ", "zh": ""},
    "missing": {"en": "Not finished: {names}.", "zh": "还没有完成：{names}。"},
    "wrong": {
        "en": "Not right on a small example: {names}.",
        "zh": "在小例子上结果不对：{names}。",
    },
    "unreadable_cell": {"en": "Can't be read: {names}.", "zh": "单元格有语法错误：{names}。"},
    "line": {"en": "{name} (line {line}: {error})", "zh": "{name}（第 {line} 行：{error}）"},
    "stops": {
        "en": "Stops with an error: {names}.",
        "zh": "运行时出错：{names}。",
    },
    "error": {"en": "{name} ({error})", "zh": "{name}（{error}）"},
    "only_functions": {
        "en": "Of that notebook only imports and functions are taken over.",
        "zh": "那个 notebook 里只有导入语句和函数会被取来。",
    },
    "untried": {
        "en": "Could not be tried, so not judged: {names}.",
        "zh": "没法单独试，因此不下结论：{names}。",
    },
    "rests_on": {"en": "{name} (needs {others})", "zh": "{name}（要用到 {others}）"},
    "comma": {"en": ", ", "zh": "、"},
    "clause": {"en": ", ", "zh": "，"},
    "not_taken": {
        "en": "This cell needs {name} of the first notebook, which was not taken over (see 3.3). "
        "Go on; section 7.6 shows the same with the fast layers.",
        "zh": "这个单元格要用第一个 notebook 中的 {name}，而它没有取来（见 3.3 节）。"
        "接着往下做就行，7.6 节会用快速的层演示同样的内容。",
    },
    "not_compared": {
        "en": "Not compared here, as not taken over from the first notebook (see 3.3): {names}.",
        "zh": "第一个 notebook 中的 {names} 没有取来（见 3.3 节），这里不作比较。",
    },
    "untrained": {
        "en": "The training above has not finished, so there is nothing to show. "
        "Run it again once all checks pass.",
        "zh": "上面的训练还没有完成，所以没有可显示的结果。等所有检查都通过，再运行一次训练。",
    },
    "progress": {
        "en": "step {step} of {steps}, loss {loss:.3f}",
        "zh": "第 {step} 步，共 {steps} 步，损失 {loss:.3f}",
    },
    "digits": {
        "en": "{count} digits of 8 x 8 pixels, the label above each.",
        "zh": "{count} 个 8 x 8 像素的数字，上方是标签。",
    },
    "answers": {
        "en": "{count} digits, {right} of them right. Above each: label → prediction.",
        "zh": "{count} 个数字，认对 {right} 个。上方：标签 → 预测。",
    },
    "wrong_digits": {
        "en": "{count} digits that came out wrong. Above each: label → prediction.",
        "zh": "认错的 {count} 个数字。上方：标签 → 预测。",
    },
    "no_torch": {
        "en": "PyTorch is not installed here, so there is nothing to compare with.",
        "zh": "这里没有安装 PyTorch，所以没有可比较的对象。",
    },
    "no_wrong_digits": {"en": "Not one digit came out wrong.", "zh": "没有认错任何数字。"},
    "losses": {
        "en": "The loss after each step, on a logarithmic scale: {numbers}.",
        "zh": "每一步之后的损失（对数坐标）：{numbers}。",
    },
    "paths": {
        "en": "The way downhill in a long valley, from the cross to the star. "
        "Height after {steps} steps: {numbers}.",
        "zh": "在狭长山谷中下降的路线，从叉号走向星号。走 {steps} 步之后的高度：{numbers}。",
    },
    "without_momentum": {"en": "{height:.2g} without momentum", "zh": "不用动量为 {height:.2g}"},
    "with_momentum": {"en": "{height:.2g} with {share}", "zh": "动量为 {share} 时为 {height:.2g}"},
    "paths_leave": {
        "en": "{before} Out of the picture in part: the path with momentum {shares}.",
        "zh": "{before}有一部分走出了图外：动量为 {shares} 的路线。",
    },
    "live": {
        "en": "The loss of each batch (grey) and its running mean (blue), on a logarithmic scale.",
        "zh": "每一批的损失（灰色）及其滑动平均（蓝色），对数坐标。",
    },
    "live_short": {
        "en": "The loss of each batch, on a logarithmic scale.",
        "zh": "每一批的损失，对数坐标。",
    },
    "speedups": {
        "en": "Seconds per call on a logarithmic scale, loops above and fast below: {numbers}.",
        "zh": "每次调用的秒数（对数坐标），上为循环，下为快速版本：{numbers}。",
    },
    "confusion": {
        "en": "Rows: the label. Columns: the prediction. {right} of {count} are right, on the "
        "diagonal.",
        "zh": "行：标签。列：预测。对角线上是认对的：{count} 个中有 {right} 个。",
    },
    "filters": {
        "en": "The {count} filters of the first layer. Orange is positive, white zero, purple "
        "negative.",
        "zh": "第一层的 {count} 个滤波器。橙色为正，白色为零，紫色为负。",
    },
    "feature_maps": {
        "en": "A digit, and above what each filter of the first layer finds in it after the ReLU, "
        "below after pooling. White is 0.",
        "zh": "一个数字，以及第一层各滤波器在其中找到的东西：上排为 ReLU 之后，下排为池化之后。"
        "白色为 0。",
    },
    "comparison": {
        "en": "Share of test digits that come out right: {numbers}.",
        "zh": "测试数字的准确率：{numbers}。",
    },
}


def _text(kind: str, **values: object) -> str:
    language = getattr(public_tests, "LANGUAGE", "en")
    return TEXTS[kind][language].format(**values)


# The digits


class SupportVectorMachine(NamedTuple):
    """A fitted machine that tells ten digits apart by 45 duels, one for each pair of digits.

    The names and the order of the arrays are those of scikit-learn's ``SVC``.
    """

    support_vectors: np.ndarray
    counts: np.ndarray
    dual_coefficients: np.ndarray
    intercepts: np.ndarray
    gamma: float

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the digit (m,) that wins most duels for each of the `images` (m, 8, 8, 1)."""
        x = images.reshape(len(images), -1)
        squares = np.sum(x**2, axis=1)[:, np.newaxis] + np.sum(self.support_vectors**2, axis=1)
        kernel = np.exp(-self.gamma * (squares - 2 * x @ self.support_vectors.T))
        ends = np.cumsum(self.counts)
        places = [slice(end - n, end) for end, n in zip(ends, self.counts, strict=True)]
        votes = np.zeros((len(x), len(self.counts)), dtype=int)
        duel = 0
        for i in range(len(self.counts)):
            for j in range(i + 1, len(self.counts)):
                score = kernel[:, places[i]] @ self.dual_coefficients[j - 1, places[i]]
                score += kernel[:, places[j]] @ self.dual_coefficients[i, places[j]]
                votes[np.arange(len(x)), np.where(score + self.intercepts[duel] > 0, i, j)] += 1
                duel += 1
        return np.argmax(votes, axis=1)


class Digits(NamedTuple):
    """Pictures (m, 8, 8, 1) with values from 0 to 1 and their labels (m,), in two parts."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    svm: SupportVectorMachine


def read_digits(path: Path | str | None = None) -> Digits:
    """Read ``digits.h5``. Raises FileNotFoundError, in one line, where there is no such file."""
    if path is None:
        path = next((place for place in DATA_FILES if place.is_file()), DATA_FILES[0])
    if not Path(path).is_file():
        raise FileNotFoundError(_text("no_data", path=Path(path).name))
    with h5py.File(path) as file:
        images = file["images"][:][..., np.newaxis] / 16
        labels, is_test = file["labels"][:].astype(int), file["is_test"][:]
        svm = file["svm"]
        machine = SupportVectorMachine(
            images[svm["support"][:]].reshape(-1, 64),
            svm["counts"][:].astype(int),
            svm["dual_coefficients"][:],
            svm["intercepts"][:],
            float(svm.attrs["gamma"]),
        )
    return Digits(images[~is_test], labels[~is_test], images[is_test], labels[is_test], machine)


def shifted(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Move pictures (m, n_H, n_W, n_C) down and to the right, or up and left where negative.

    What leaves the picture is lost, and zeros come in.
    """
    moved = np.zeros_like(images)
    n_H, n_W = images.shape[1:3]
    to_rows, from_rows = _overlap(n_H, rows)
    to_columns, from_columns = _overlap(n_W, columns)
    moved[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return moved


def _overlap(size: int, step: int) -> tuple[slice, slice]:
    kept = max(size - abs(step), 0)
    start, other = max(step, 0), max(-step, 0)
    return slice(start, start + kept), slice(other, other + kept)


def randomly_shifted(images: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Move each picture by -1, 0 or 1 rows and columns, drawn for each one alone."""
    moves = random.randint(-1, 2, size=(len(images), 2))
    moved = np.empty_like(images)
    for rows, columns in np.unique(moves, axis=0):
        chosen = np.all(moves == (rows, columns), axis=1)
        moved[chosen] = shifted(images[chosen], rows, columns)
    return moved


# The functions of the first notebook


class Layers(NamedTuple):
    """The four functions with which a network convolves and pools: the loops, or the fast ones."""

    conv_forward: Callable[..., Any]
    conv_backward: Callable[..., Any]
    pool_forward: Callable[..., Any]
    pool_backward: Callable[..., Any]


FIRST_NOTEBOOK = "cnn_step_by_step"
_STEP = 1e-5
_TOLERANCE = 1e-6
LONGEST_ERROR = 100


class NothingToShow(Exception):
    """A cell lacks a loop of the first notebook or a finished training; the message says which."""


@contextlib.contextmanager
def if_possible() -> Iterator[None]:
    """Guard a cell: where it lacks loops or a training, it prints one line that says so."""
    try:
        yield
    except NothingToShow as reason:
        print(reason)


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
        print(_text("not_compared", names=_text("comma").join(absent)))
    return [name for name in names if name not in absent]


class _State(NamedTuple):
    """What became of one function: a kind, which is a key of TEXTS, and how it is written there."""

    kind: str
    shown: str


def take_over(path: Path | str | None = None) -> SimpleNamespace:
    """Return the eight functions of the filled first notebook, and say in one line what was found.

    Looks at `path`, or beside this notebook's folder and in it. Runs nothing of that notebook but
    its imports and function definitions, and tries each of the eight functions on a small example.
    One that is absent, unfinished or wrong is replaced by an `Absent`, and so is one that rests on
    such a function: whether it is right itself cannot be told then.
    """
    name = f"{FIRST_NOTEBOOK}.ipynb"
    paths = [Path("..", FIRST_NOTEBOOK, name), Path(name)] if path is None else [Path(path)]
    found = next((place for place in paths if place.is_file()), None)
    namespace: dict[str, Any] = {}
    unread: dict[str, _State] = {}
    if found is None:
        print(_text("no_notebook", paths=", ".join(place.as_posix() for place in paths)))
    else:
        try:
            namespace, unread = _definitions(found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            print(_text("unreadable", path=found.as_posix()))
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
        others = _text("comma").join(broken)
        states[name] = _State("untried", _text("rests_on", name=name, others=others))
        if measured_with.isdisjoint(broken):
            state = _tried(name, namespace)
            # What goes wrong may be the doing of the others, so it is not held against this one.
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
            # Not the function stops, but the trial over what it returned.
            return _State("wrong", name)
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return _State("stops", _text("error", name=name, error=said[:LONGEST_ERROR]))
    return _State("found" if right else "wrong", name)


def _called(name: str, namespace: Mapping[str, Any]) -> set[str]:
    """Return which of the eight functions a function calls, by way of helpers or by itself."""
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
        print(_text("taken", path=path.as_posix()))
        return
    separator, comma = _text("separator"), _text("comma")
    reasons = []
    for kind in ("missing", "unreadable_cell", "stops", "wrong", "untried"):
        if names := [state.shown for state in states.values() if state.kind == kind]:
            reasons.append(_text(kind, names=comma.join(names)))
            if kind == "stops" and any("NameError" in name for name in names):
                reasons.append(_text("only_functions"))
    reasons = separator.join([*reasons, ""])
    print(_text("taken_some", path=path.as_posix(), found=len(found), reasons=reasons))


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
    # Numbers grow to the right and downwards, so the last one of a window is the largest.
    image = np.arange(2 * 4 * 6 * 2.0).reshape(2, 4, 6, 2)
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


# Other tools


def torch_if_installed() -> ModuleType | None:
    """Return the module torch, or None, with a line that says so, where it is not installed."""
    try:
        return importlib.import_module("torch")
    except ImportError:
        print(_text("no_torch"))
        return None


def seconds(function: Callable[..., Any], *arguments: Any, least: float = 0.05) -> float:
    """Return the seconds that a call takes: the shortest of several calls, for about `least`."""
    times: list[float] = []
    while not times or (sum(times) < least and len(times) < 200):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


# Plots


def _figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), dpi=100, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _html(figure: Figure, caption: str, above: str = "") -> dict[str, str]:
    """Return a figure as an HTML image on a white card, with a caption in the page's own font."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    data = base64.b64encode(png.getvalue()).decode()
    image = f'<img src="data:image/png;base64,{data}" alt="{escape(caption)}" style="{CARD}">'
    return {"text/html": f"{above}<p>{escape(caption)}</p>{image}", "text/plain": caption}


def _show(figure: Figure, caption: str) -> None:
    display(_html(figure, caption), raw=True)


def _plain(axes: Axes) -> None:
    axes.tick_params(labelsize=FONT_SIZE)
    axes.spines[["top", "right"]].set_visible(False)


def _numbers(values: Mapping[str, float], form: str) -> str:
    return "; ".join(f"{name} {value:{form}}" for name, value in values.items())


def _tiles(images: np.ndarray, titles: Sequence[str], columns: int) -> Figure:
    rows = -(-len(images) // columns)
    figure = _figure(0.72 * columns, 0.92 * rows)
    for axes, image, title in zip(
        figure.subplots(rows, columns, squeeze=False).flat, images, titles, strict=False
    ):
        axes.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        axes.set_title(title, fontsize=FONT_SIZE)
    for axes in figure.axes:
        axes.set_xticks([])
        axes.set_yticks([])
    for axes in figure.axes[len(images) :]:
        axes.set_axis_off()
    return figure


def digits(images: np.ndarray, labels: Sequence[int], columns: int = 10) -> None:
    """Draw pictures (m, 8, 8, 1) with their labels."""
    figure = _tiles(images, [str(label) for label in labels], columns)
    _show(figure, _text("digits", count=len(images)))


def answers(images: np.ndarray, labels: Sequence[int], predicted: Sequence[int]) -> None:
    """Draw pictures (m, 8, 8, 1), each with its label and with what a method took it for."""
    right = int(np.sum(np.asarray(labels) == predicted))
    caption = _text("answers", count=len(images), right=right)
    _show(_answered(images, labels, predicted), caption)


def _answered(images: np.ndarray, labels: Sequence[int], predicted: Sequence[int]) -> Figure:
    titles = [f"{label} → {answer}" for label, answer in zip(labels, predicted, strict=True)]
    return _tiles(images, titles, min(10, len(images)))


def wrong_digits(
    images: np.ndarray, labels: np.ndarray, predicted: np.ndarray, most: int = 20
) -> None:
    """Draw the pictures whose prediction is not their label, at most `most` of them."""
    wrong = np.flatnonzero(np.asarray(labels) != predicted)[:most]
    if len(wrong):
        figure = _answered(images[wrong], labels[wrong], predicted[wrong])
        _show(figure, _text("wrong_digits", count=len(wrong)))
    else:
        print(_text("no_wrong_digits"))


def losses(curves: Mapping[str, Sequence[float]]) -> None:
    """Draw how losses went down, one line for each name."""
    figure = _figure(6.4, 2.6)
    axes = figure.subplots()
    for (name, values), colour, style in zip(
        curves.items(), COLOURS, LINE_STYLES * 2, strict=False
    ):
        axes.plot(values, color=colour, linestyle=style, label=name, linewidth=2)
    axes.set_yscale("log")
    axes.set_xlabel("step", fontsize=FONT_SIZE)
    axes.set_ylabel("loss", fontsize=FONT_SIZE)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.legend(fontsize=FONT_SIZE, frameon=False)
    _plain(axes)
    last = {f"{name}:": values[-1] for name, values in curves.items()}
    _show(figure, _text("losses", numbers=_numbers(last, ".3g")))


def valley(paths: Mapping[float, Sequence[Sequence[float]]], steepness: Sequence[float]) -> None:
    """Draw ways (n, 2) down the valley with the loss 0.5 * sum(steepness * place**2).

    The key of a way is the momentum with which it was gone.
    """
    figure = _figure(7.2, 1.1 + 1.4 * len(paths))
    limits = np.array([(-10.5, -1.9), (2.5, 1.9)])
    across, along = np.meshgrid(*(np.linspace(*ends, 131) for ends in limits.T))
    height = 0.5 * (steepness[0] * across**2 + steepness[1] * along**2)
    heights, outside = [], []
    for axes, (share, path), colour in zip(
        figure.subplots(len(paths), 1, squeeze=False).flat, paths.items(), COLOURS, strict=False
    ):
        places = np.asarray(path)
        axes.contour(across, along, height, levels=12, colors="#bbbbbb", linewidths=0.7)
        axes.plot(*places.T, color=colour, marker=".", linewidth=1.2)
        axes.plot(*places[0], marker="x", color=INK, markersize=8)
        axes.plot(0, 0, marker="*", color=INK, markersize=10)
        axes.set_title(f"momentum = {share}", fontsize=FONT_SIZE, loc="left")
        axes.set_xlim(*limits[:, 0])
        axes.set_ylim(*limits[:, 1])
        _plain(axes)
        kind = "with_momentum" if share else "without_momentum"
        last = 0.5 * float(np.sum(steepness * places[-1] ** 2))
        heights.append(_text(kind, height=last, share=share))
        if np.any((places < limits[0]) | (places > limits[1])):
            outside.append(str(share))
    comma = _text("comma")
    steps = max(map(len, paths.values())) - 1
    caption = _text("paths", steps=steps, numbers=_text("clause").join(heights))
    if outside:
        caption = _text("paths_leave", before=caption, shares=comma.join(outside))
    _show(figure, caption)


class Untrained:
    """Stands for a network until it is trained: asking it raises NothingToShow."""

    def __getitem__(self, name: str) -> np.ndarray:
        raise NothingToShow(_text("untrained"))


class Live:
    """A progress bar and a loss curve that grow while a network learns.

    live = Live(steps)
    ... live.step(loss) ...
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.losses: list[float] = []
        self._every = max(1, -(-steps // MOST_UPDATES))
        self._shown: Any = None

    def step(self, loss: float) -> None:
        """Note the loss of one step; the picture is drawn again from time to time."""
        self.losses.append(float(loss))
        if len(self.losses) % self._every == 0 or len(self.losses) == self.steps:
            self._draw()

    def _draw(self) -> None:
        done = len(self.losses)
        figure = _figure(6.4, 2.4)
        axes = figure.subplots()
        window = max(1, min(self.steps // 50, done))
        mean = np.convolve(self.losses, np.full(window, 1 / window), mode="valid")
        axes.plot(self.losses, color="#bbbbbb", linewidth=0.6)
        axes.plot(np.arange(window - 1, done), mean, color=BLUE, linewidth=2)
        axes.set_yscale("log")
        axes.set_xlim(0, self.steps)
        axes.set_xlabel("step", fontsize=FONT_SIZE)
        axes.set_ylabel("loss", fontsize=FONT_SIZE)
        axes.grid(color="#dddddd", linewidth=0.6)
        _plain(axes)
        full = round(24 * done / self.steps)
        said = _text("progress", step=done, steps=self.steps, loss=mean[-1])
        bar = f"<p><code>{'█' * full}{'░' * (24 - full)}</code> {escape(said)}</p>"
        # Over a window of one batch the mean is the loss itself, and hides it.
        caption = _text("live" if window > 1 else "live_short")
        bundle = _html(figure, caption, bar) | {"text/plain": said}
        if self._shown is None:
            self._shown = display(bundle, raw=True, display_id=True)
        if self._shown is not None:
            self._shown.update(bundle, raw=True)


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms"


def speedups(times: Mapping[str, tuple[float, float]]) -> None:
    """Draw seconds (slow, fast) for each name on a logarithmic scale, with their ratio."""
    figure = _figure(6.8, 0.7 + 0.55 * len(times))
    axes = figure.subplots()
    for place, (slow, fast) in enumerate(times.values()):
        axes.barh(place - 0.2, slow, height=0.36, color=ORANGE, edgecolor=INK, hatch="//")
        axes.barh(place + 0.2, fast, height=0.36, color=BLUE, edgecolor=INK)
        axes.text(slow * 1.2, place - 0.2, _milliseconds(slow), va="center", fontsize=FONT_SIZE)
        label = f"{_milliseconds(fast)}   × {slow / fast:.0f}"
        axes.text(fast * 1.2, place + 0.2, label, va="center", fontsize=FONT_SIZE)
    axes.set_yticks(range(len(times)), list(times))
    axes.set_xscale("log")
    values = [value for pair in times.values() for value in pair]
    axes.set_xlim(min(values) / 3, max(values) * 5)
    axes.invert_yaxis()
    axes.set_xlabel("seconds", fontsize=FONT_SIZE)
    _plain(axes)
    ratios = {f"{name} ×": slow / fast for name, (slow, fast) in times.items()}
    _show(figure, _text("speedups", numbers=_numbers(ratios, ".0f")))


def confusion(labels: np.ndarray, predicted: np.ndarray) -> None:
    """Draw how often each digit (row) came out as which (column)."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    mistakes = counts - np.diag(np.diag(counts))
    figure = _figure(4.4, 4.0)
    axes = figure.subplots()
    # Only mistakes are coloured: beside the diagonal's numbers one could not see them.
    coloured = np.where(mistakes, mistakes, np.nan)
    axes.imshow(coloured, cmap="Oranges", vmin=0, vmax=max(3, 1.6 * mistakes.max()))
    for row, column in np.ndindex(counts.shape):
        if counts[row, column]:
            weight = "normal" if row == column else "bold"
            axes.text(
                column,
                row,
                counts[row, column],
                ha="center",
                va="center",
                fontsize=FONT_SIZE,
                weight=weight,
            )
    axes.set_xticks(range(10))
    axes.set_yticks(range(10))
    axes.set_xticks(np.arange(-0.5, 10), minor=True)
    axes.set_yticks(np.arange(-0.5, 10), minor=True)
    axes.grid(which="minor", color="#cccccc", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    axes.set_xlabel("predicted", fontsize=FONT_SIZE)
    axes.set_ylabel("label", fontsize=FONT_SIZE)
    axes.tick_params(labelsize=FONT_SIZE)
    right = int(np.trace(counts))
    _show(figure, _text("confusion", right=right, count=len(labels)))


def _bare(axes: Axes, title: str) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(title, fontsize=FONT_SIZE)


def filters(W: np.ndarray) -> None:
    """Draw the filters of a first layer, shape (f, f, 1, n_C)."""
    count = W.shape[3]
    figure = _figure(0.95 * count, 1.25)
    limit = float(np.max(np.abs(W)))
    for channel, axes in enumerate(figure.subplots(1, count, squeeze=False)[0]):
        axes.imshow(W[:, :, 0, channel], cmap="PuOr_r", vmin=-limit, vmax=limit)
        _bare(axes, f"[..., {channel}]")
    _show(figure, _text("filters", count=count))


def feature_maps(image: np.ndarray, A: np.ndarray, pooled: np.ndarray) -> None:
    """Draw a picture (8, 8, 1), its maps A (n_H, n_W, n_C) and the `pooled` maps."""
    count = A.shape[2]
    figure = _figure(0.95 * (count + 1), 2.3)
    axes = figure.subplots(2, count + 1)
    axes[0, 0].imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1)
    _bare(axes[0, 0], "image")
    axes[1, 0].set_axis_off()
    for row, (maps, name) in enumerate(((A, "A"), (pooled, "pool"))):
        for channel in range(count):
            axes[row, channel + 1].imshow(
                maps[:, :, channel], cmap="gray_r", vmin=0, vmax=max(A.max(), 1e-12)
            )
            _bare(axes[row, channel + 1], f"{name}[..., {channel}]")
    _show(figure, _text("feature_maps"))


def comparison(results: Mapping[str, Mapping[str, float]]) -> None:
    """Draw shares (0 to 1) as grouped bars: one group for each name, one bar for each test."""
    figure = _figure(6.8, 2.8)
    axes = figure.subplots()
    tests: Iterable[str] = next(iter(results.values())).keys()
    hatches = ("", "//", "..")
    width = 0.8 / len(list(tests))
    for order, test in enumerate(tests):
        values = [result[test] for result in results.values()]
        places = np.arange(len(values)) + (order - (len(list(tests)) - 1) / 2) * width
        bars = axes.bar(
            places,
            values,
            width * 0.94,
            label=test,
            color=COLOURS[order],
            hatch=hatches[order],
            edgecolor="white",
        )
        axes.bar_label(bars, [f"{value:.1%}" for value in values], fontsize=FONT_SIZE)
    axes.set_xticks(range(len(results)), list(results))
    axes.set_ylim(0, 1.12)
    axes.legend(
        fontsize=FONT_SIZE, frameon=False, loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.2)
    )
    _plain(axes)
    said = "; ".join(
        f"{name}: " + ", ".join(f"{test} {value:.1%}" for test, value in result.items())
        for name, result in results.items()
    )
    _show(figure, _text("comparison", numbers=said))
