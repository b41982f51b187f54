"""What the second notebook needs beside the layers: digits, the first notebook's functions, plots.

Nothing here computes what an exercise asks for. The caption above a plot is its alt text, too.
"""

import importlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from checks.text import COMMA, Text
from plots import kit
from plots.curves import COLOURS, FONT_SIZE, Live, learning_curves, losses, numbers
from plots.digits import answers, digits, randomly_shifted, read_digits, shifted, wrong_digits
from plots.gradients import dense_gradients, kink, softmax, step_sizes
from plots.kit import BLUE, INK, ORANGE
from plots.take_over import NothingToShow, if_possible, take_over, taken

__all__ = [
    "Layers",
    "Live",
    "NothingToShow",
    "Untrained",
    "answers",
    "comparison",
    "confusion",
    "dense_gradients",
    "digits",
    "feature_maps",
    "filters",
    "if_possible",
    "kink",
    "learning_curves",
    "losses",
    "randomly_shifted",
    "read_digits",
    "seconds",
    "shifted",
    "softmax",
    "speedups",
    "step_sizes",
    "take_over",
    "taken",
    "torch_if_installed",
    "valley",
    "wrong_digits",
]

TEXTS: Mapping[str, Text] = {
    "clause": Text(
        ", ",
        "，",
    ),
    "untrained": Text(
        "The training above has not finished, so there is nothing to show. "
        "Run it again once all checks pass.",
        "上面的训练还没有完成，所以没有可显示的结果。等所有检查都通过，再运行一次训练。",
    ),
    "no_torch": Text(
        "PyTorch is not installed here, so there is nothing to compare with.",
        "这里没有安装 PyTorch，所以没有可比较的对象。",
    ),
    "paths": Text(
        "The way downhill in a long valley, from the cross to the star. "
        "Height after {steps} steps: {numbers}.",
        "在狭长山谷中下降的路线，从叉号走向星号。走 {steps} 步之后的高度：{numbers}。",
    ),
    "without_momentum": Text(
        "{height:.2g} without momentum",
        "不用动量为 {height:.2g}",
    ),
    "with_momentum": Text(
        "{height:.2g} with {share}",
        "动量为 {share} 时为 {height:.2g}",
    ),
    "paths_leave": Text(
        "{before} Out of the picture in part: the path with momentum {shares}.",
        "{before}有一部分走出了图外：动量为 {shares} 的路线。",
    ),
    "speedups": Text(
        "Seconds per call on a logarithmic scale, loops above and fast below: {numbers}.",
        "每次调用的秒数（对数坐标），上为循环，下为快速版本：{numbers}。",
    ),
    "confusion": Text(
        "Rows: the label. Columns: the prediction. {right} of {count} are right, on the diagonal.",
        "行：标签。列：预测。对角线上是认对的：{count} 个中有 {right} 个。",
    ),
    "filters": Text(
        "The {count} filters of the first layer. Orange is positive, white zero, purple negative.",
        "第一层的 {count} 个滤波器。橙色为正，白色为零，紫色为负。",
    ),
    "feature_maps": Text(
        "A digit, and above what each filter of the first layer finds in it after the ReLU, "
        "below after pooling. White is 0.",
        "一个数字，以及第一层各滤波器在其中找到的东西：上排为 ReLU 之后，下排为池化之后。"
        "白色为 0。",
    ),
    "between": Text("; ", "；"),
    "result": Text("{name}: {shares}", "{name}：{shares}"),
    "comparison": Text(
        "Share of test digits that come out right: {numbers}.",
        "测试数字的准确率：{numbers}。",
    ),
}


def _text(kind: str, **values: object) -> str:
    return kit.say(TEXTS[kind], **values)


class Layers(NamedTuple):
    """The four functions with which a network convolves and pools: the loops, or the fast ones."""

    conv_forward: Callable[..., Any]
    conv_backward: Callable[..., Any]
    pool_forward: Callable[..., Any]
    pool_backward: Callable[..., Any]


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


def valley(paths: Mapping[float, Sequence[Sequence[float]]], steepness: Sequence[float]) -> None:
    """Draw ways (n, 2) down the valley with the loss 0.5 * sum(steepness * place**2).

    The key of each way is its momentum.
    """
    figure = kit.figure(7.2, 1.1 + 1.4 * len(paths))
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
        axes.set_title(f"{kit.word('momentum')} = {share}", fontsize=FONT_SIZE, loc="left")
        axes.set_xlim(*limits[:, 0])
        axes.set_ylim(*limits[:, 1])
        kit.plain(axes, FONT_SIZE)
        kind = "with_momentum" if share else "without_momentum"
        last = 0.5 * float(np.sum(steepness * places[-1] ** 2))
        heights.append(_text(kind, height=last, share=share))
        if np.any((places < limits[0]) | (places > limits[1])):
            outside.append(str(share))
    comma = kit.say(COMMA)
    steps = max(map(len, paths.values())) - 1
    caption = _text("paths", steps=steps, numbers=_text("clause").join(heights))
    if outside:
        caption = _text("paths_leave", before=caption, shares=comma.join(outside))
    kit.show_captioned(figure, caption)


class Untrained:
    """Stands for a network until it is trained: asking it raises NothingToShow."""

    def __getitem__(self, name: str) -> np.ndarray:
        raise NothingToShow(_text("untrained"))


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms"


def speedups(times: Mapping[str, tuple[float, float]]) -> None:
    """Draw seconds (slow, fast) for each name on a logarithmic scale, with their ratio."""
    figure = kit.figure(6.8, 0.7 + 0.55 * len(times))
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
    axes.set_xlabel(kit.word("seconds"), fontsize=FONT_SIZE)
    kit.plain(axes, FONT_SIZE)
    ratios = {name: slow / fast for name, (slow, fast) in times.items()}
    kit.show_captioned(figure, _text("speedups", numbers=numbers(ratios, "times", ".0f")))


def confusion(labels: np.ndarray, predicted: np.ndarray) -> None:
    """Draw how often each digit (row) came out as which (column)."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    mistakes = counts - np.diag(np.diag(counts))
    figure = kit.figure(4.4, 4.0)
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
    axes.set_xlabel(kit.word("predicted"), fontsize=FONT_SIZE)
    axes.set_ylabel(kit.word("label"), fontsize=FONT_SIZE)
    axes.tick_params(labelsize=FONT_SIZE)
    right = int(np.trace(counts))
    kit.show_captioned(figure, _text("confusion", right=right, count=len(labels)))


def _bare(axes: Axes, title: str) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(title, fontsize=FONT_SIZE)


def filters(W: np.ndarray) -> None:
    """Draw the filters of a first layer, shape (f, f, 1, n_C)."""
    count = W.shape[3]
    figure = kit.figure(0.95 * count, 1.25)
    limit = float(np.max(np.abs(W)))
    for channel, axes in enumerate(figure.subplots(1, count, squeeze=False)[0]):
        axes.imshow(W[:, :, 0, channel], cmap="PuOr_r", vmin=-limit, vmax=limit)
        _bare(axes, f"[..., {channel}]")
    kit.show_captioned(figure, _text("filters", count=count))


def feature_maps(image: np.ndarray, A: np.ndarray, pooled: np.ndarray) -> None:
    """Draw a picture (8, 8, 1), its maps A (n_H, n_W, n_C) and the `pooled` maps."""
    count = A.shape[2]
    figure = kit.figure(0.95 * (count + 1), 2.3)
    axes = figure.subplots(2, count + 1)
    axes[0, 0].imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1)
    _bare(axes[0, 0], kit.word("image"))
    axes[1, 0].set_axis_off()
    for row, (maps, name) in enumerate(((A, "A"), (pooled, "pool"))):
        for channel in range(count):
            axes[row, channel + 1].imshow(
                maps[:, :, channel], cmap="gray_r", vmin=0, vmax=max(A.max(), 1e-12)
            )
            _bare(axes[row, channel + 1], f"{name}[..., {channel}]")
    kit.show_captioned(figure, _text("feature_maps"))


def comparison(results: Mapping[str, Mapping[str, float]]) -> None:
    """Draw shares (0 to 1) as grouped bars: one group for each name, one bar for each test."""
    figure = kit.figure(6.8, 2.8)
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
            label=kit.word(test),
            color=COLOURS[order],
            hatch=hatches[order],
            edgecolor="white",
        )
        axes.bar_label(bars, [f"{value:.1%}" for value in values], fontsize=FONT_SIZE)
    axes.set_xticks(range(len(results)), list(map(kit.word, results)))
    axes.set_ylim(0, 1.12)
    axes.legend(
        fontsize=FONT_SIZE, frameon=False, loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.2)
    )
    kit.plain(axes, FONT_SIZE)
    said = (
        _text(
            "result",
            name=kit.named(name),
            shares=_text("clause").join(
                f"{kit.say(kit.named(test))} {value:.1%}" for test, value in result.items()
            ),
        )
        for name, result in results.items()
    )
    kit.show_captioned(figure, _text("comparison", numbers=_text("between").join(said)))
