"""How a loss goes down while a network learns: live, afterwards, and on digits set aside."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator

from checks.show import CODE
from checks.text import Text
from plots import kit
from plots.kit import BLUE, GREEN, ORANGE, PINK, SKY_BLUE, VERMILION

COLOURS = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY_BLUE)
# Where lines or bars lie side by side they differ in more than their colour.
LINE_STYLES = ("-", "--", "-.", ":")
FONT_SIZE = 9
# How often a live picture is drawn in all: each drawing costs as much as many steps.
MOST_UPDATES = 12

TEXTS: Mapping[str, Text] = {
    "progress": Text(
        "step {step} of {steps}, loss {loss:.3f}",
        "第 {step} 步，共 {steps} 步，损失 {loss:.3f}",
    ),
    "losses": Text(
        "The loss after each step, on a logarithmic scale: {numbers}.",
        "每一步之后的损失（对数坐标）：{numbers}。",
    ),
    "live": Text(
        "The loss of each batch (grey) and its running mean (blue), on a logarithmic scale.",
        "每一批的损失（灰色）及其滑动平均（蓝色），对数坐标。",
    ),
    "live_short": Text(
        "The loss of each batch, on a logarithmic scale.",
        "每一批的损失，对数坐标。",
    ),
    "learning": Text(
        "After each epoch: on the left the loss on a logarithmic scale, on the right the accuracy. "
        "At the end: {numbers}.",
        "每一轮之后：左为损失（对数坐标），右为准确率。最后：{numbers}。",
    ),
    "learned": Text(
        "{name}: loss {loss:.3f}, accuracy {accuracy:.1%}",
        "{name}：损失 {loss:.3f}，准确率 {accuracy:.1%}",
    ),
    "loss_of": Text("{name}: {value}", "{name}：{value}"),
    "times": Text("{name} × {value}"),
    "between": Text("; ", "；"),
}


def _text(kind: str, **values: object) -> str:
    return kit.say(TEXTS[kind], **values)


def numbers(values: Mapping[str, float], kind: str, form: str) -> str:
    """Return values with their names, "loss_of" or "times", as one list of a caption."""
    said = (
        _text(kind, name=kit.named(name), value=f"{value:{form}}") for name, value in values.items()
    )
    return _text("between").join(said)


def _logarithmic(axes: Axes) -> None:
    """Give the loss a logarithmic axis with numbers at 0.01, 0.02, 0.05, 0.1 and so on."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.minorticks_off()


def losses(curves: Mapping[str, Sequence[float]]) -> None:
    """Draw how losses went down, one line for each name."""
    figure = kit.figure(6.4, 2.6)
    axes = figure.subplots()
    for (name, values), colour, style in zip(
        curves.items(), COLOURS, LINE_STYLES * 2, strict=False
    ):
        axes.plot(values, color=colour, linestyle=style, label=kit.word(name), linewidth=2)
    _logarithmic(axes)
    axes.set_xlabel(kit.word("step"), fontsize=FONT_SIZE)
    axes.set_ylabel(kit.word("loss"), fontsize=FONT_SIZE)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.legend(fontsize=FONT_SIZE, frameon=False)
    kit.plain(axes, FONT_SIZE)
    last = {name: values[-1] for name, values in curves.items()}
    kit.show_captioned(figure, _text("losses", numbers=numbers(last, "loss_of", ".3g")))


def learning_curves(history: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Draw loss and accuracy after each epoch, one line for each part of the digits."""
    figure = kit.figure(7.4, 2.7)
    panels = figure.subplots(1, 2)
    for (name, values), colour, style in zip(history.items(), COLOURS, LINE_STYLES, strict=False):
        epochs = np.arange(1, len(values) + 1)
        for axes, curve in zip(panels, np.transpose(values), strict=True):
            axes.plot(
                epochs, curve, color=colour, linestyle=style, linewidth=2, label=kit.word(name)
            )
    _logarithmic(panels[0])
    for axes, word in zip(panels, ("loss", "accuracy"), strict=True):
        axes.set_title(kit.word(word), fontsize=FONT_SIZE + 1)
        axes.set_xlabel(kit.word("epoch"), fontsize=FONT_SIZE)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(fontsize=FONT_SIZE, frameon=False)
        kit.plain(axes, FONT_SIZE)
    ends = (
        _text("learned", name=kit.named(name), loss=values[-1][0], accuracy=values[-1][1])
        for name, values in history.items()
    )
    kit.show_captioned(figure, _text("learning", numbers=_text("between").join(ends)))


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
        figure = kit.figure(6.4, 2.4)
        axes = figure.subplots()
        window = max(1, min(self.steps // 50, done))
        mean = np.convolve(self.losses, np.full(window, 1 / window), mode="valid")
        axes.plot(self.losses, color="#bbbbbb", linewidth=0.6)
        axes.plot(np.arange(window - 1, done), mean, color=BLUE, linewidth=2)
        axes.set_yscale("log")
        axes.set_xlim(0, self.steps)
        axes.set_xlabel(kit.word("step"), fontsize=FONT_SIZE)
        axes.set_ylabel(kit.word("loss"), fontsize=FONT_SIZE)
        axes.grid(color="#dddddd", linewidth=0.6)
        kit.plain(axes, FONT_SIZE)
        full = round(24 * done / self.steps)
        said = _text("progress", step=done, steps=self.steps, loss=mean[-1])
        bar = f"<p>{CODE}{'█' * full}{'░' * (24 - full)}</code> {escape(said)}</p>"
        # Over a window of one batch the mean is the loss itself, and hides it.
        caption = _text("live" if window > 1 else "live_short")
        html = kit.captioned(figure, caption, bar)
        if self._shown is None:
            self._shown = kit.show(html, said, display_id=True)
        if self._shown is not None:
            self._shown.update(kit.bundle(html, said), raw=True)
