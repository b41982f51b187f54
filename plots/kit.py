"""What the plots of both notebooks are drawn with: colours, figures, grids of numbers, captions.

A plot is an HTML image that carries its own alt text. The labels inside are code and symbols, the
same in every language, and the few words of `WORDS`; the alt text is in the language of the course.
Colours are safe for colour-blind readers. What is drawn is dark on white; plots/card.py shows it
light on dark in a dark theme.
"""

import base64
import functools
import io
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import IPython.display
import numpy as np
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.patches import Rectangle
from matplotlib.text import Text as Writing

import public_tests
from checks.text import ENGLISH, Text, writable, write
from plots import card

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/): every pair can be told apart.
ORANGE, SKY_BLUE, GREEN, BLUE, VERMILION, PINK = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
INK = "#1A1A1A"
FONT_SIZE = 8
# Larger arrays are drawn without their numbers, which would be too small to read.
MOST_NUMBERS = 120

_NOTHING_TO_DRAW = Text(
    "Nothing to draw: {name} should be an array with {ndim} axes, but it is {got}. "
    "The check says more.",
    "无法绘图：{name} 应是有 {ndim} 个轴的数组，实际得到 {got}。运行下面的检查，会看到更多说明。",
)


# The words inside plots, and inside the pictures of images/draw.py. What is not among them, code
# for example, is the same in every language.
# A new letter needs a new font: python images/plot_font.py
WORDS: Mapping[str, Text] = {
    word[ENGLISH]: word
    for word in (
        # The longer word comes first: the first that fits is taken.
        Text("CONV", "卷积"),
        Text("ConvNet + shifts", "卷积网络 + 平移"),
        Text("ConvNet", "卷积网络"),
        Text("FC", "全连接"),
        Text("POOL", "池化"),
        Text("accuracy", "准确率"),
        Text("convolution", "卷积"),
        Text("epoch", "轮"),
        Text("error", "误差"),
        Text("fast", "快速"),
        Text("flatten", "展平"),
        Text("fully connected", "全连接"),
        Text("horizontal", "水平"),
        Text("image", "图像"),
        Text("label", "标签"),
        Text("learned", "学到的"),
        Text("loops", "循环"),
        Text("loss", "损失"),
        Text("momentum", "动量"),
        Text("outlines", "轮廓"),
        Text("picture", "原图"),
        Text("plain", "原样"),
        Text("predicted", "预测"),
        Text("seconds", "秒"),
        Text("shifted", "平移"),
        Text("step", "步"),
        Text("target", "目标"),
        Text("training", "训练集"),
        Text("validation", "验证集"),
        Text("vertical", "竖直"),
        Text("{n_H} x {n_W}", "{n_H} × {n_W}"),
        Text("{settings}: Z is {size}", "{settings}：Z 为 {size}"),
    )
}
FONT = Path(__file__).with_name("font.otf")
"""The letters of `WORDS` that Matplotlib's own font lacks: images/plot_font.py makes it."""


@functools.cache
def font() -> tuple[str, frozenset[str]]:
    """Return the name of the course's font and its letters: none where it is missing."""
    try:
        fontManager.addfont(FONT)
        return FontProperties(fname=FONT).get_name(), _letters(FONT)
    except (OSError, RuntimeError):
        return "", frozenset()


def _letters(file: str | Path) -> frozenset[str]:
    return frozenset(map(chr, FT2Font(str(file)).get_charmap()))


@functools.cache
def _letters_of_matplotlib() -> frozenset[str]:
    return _letters(fontManager.findfont("DejaVu Sans"))


def own_letters() -> frozenset[str]:
    """Return the letters that the course's font must have."""
    said = (text for word in WORDS.values() for text in word.to_json().values())
    return frozenset("".join(said)) - _letters_of_matplotlib()


def named(word: str) -> Text:
    """Return a word of `WORDS` in every language, or any other one as it is.

    What follows the word, a size for example, is the same in every language.
    """
    known = next((k for k in WORDS if word == k or word.startswith(f"{k} ")), "")
    rest = word.removeprefix(known)
    return Text(**{code: own + rest for code, own in WORDS.get(known, Text("")).to_json().items()})


def word(word: str) -> str:
    """Return a word for a plot; in English where the fonts lack a letter."""
    return inside(named(word))


def inside(text: Text, **values: object) -> str:
    """Return a text for a plot; in English where the fonts lack a letter."""
    said = say(text, **values)
    shown = said.isascii() or font()[1] | _letters_of_matplotlib() >= set(said)
    return said if shown else text.format(**values)[ENGLISH]


def say(text: Text, **values: object) -> str:
    """Return a sentence in the language of the notebook, with the values filled in."""
    return text.format(**values).in_(getattr(public_tests, "LANGUAGE", ENGLISH))


# Whether there is something to draw


class NothingToDraw(Exception):
    """A student's function returned something that is no picture."""


def drawing(function: Callable[..., None]) -> Callable[..., None]:
    """Say in one line why there is no picture, where an array is not what it should be."""

    @functools.wraps(function)
    def wrapper(*arguments: object, **options: object) -> None:
        try:
            function(*arguments, **options)
        except NothingToDraw as reason:
            write(reason)

    return wrapper


def array(value: object, name: str, ndim: int) -> np.ndarray:
    """Return `value` as it is if it is a non-empty numeric array with `ndim` axes."""
    if isinstance(value, np.ndarray):
        if value.ndim == ndim and value.size and value.dtype.kind in "biuf":
            return value
        got = f"shape {value.shape}, dtype {value.dtype}"
    else:
        got = type(value).__name__
    raise NothingToDraw(say(_NOTHING_TO_DRAW, name=name, ndim=ndim, got=got))


# Figures


def figure(width: float, height: float) -> Figure:
    """Return an empty figure in inches. Pyplot's figures would pile up until they are closed."""
    made = Figure(figsize=(width, height), dpi=100, layout="constrained", facecolor="white")
    FigureCanvasAgg(made)
    return made


def image(drawn: Figure, alt: str) -> str:
    """Return a figure as an HTML image: Jupyter gives a plain PNG no alt text."""
    name, letters = font()
    for axes in drawn.axes:
        # Names on an axis are written when they are asked for, or else while it is drawn.
        axes.get_xticklabels()
        axes.get_yticklabels()
    for writing in drawn.findobj(Writing):
        if not letters.isdisjoint(writing.get_text()):
            writing.set_fontfamily(["sans-serif", name])
    png = io.BytesIO()
    drawn.savefig(png, format="png", dpi=drawn.dpi)
    data = base64.b64encode(png.getvalue()).decode()
    return card.html(card.address(data, *_size(drawn), _pictures(drawn)), alt)


def _size(drawn: Figure) -> tuple[int, int]:
    return int(drawn.bbox.width), int(drawn.bbox.height)


def _pictures(drawn: Figure) -> list[card.Box]:
    """Return where a figure shows pictures: a grid with its numbers in it is none."""
    boxes = []
    for axes in drawn.axes:
        if axes.images and not axes.texts:
            box = axes.get_window_extent()
            boxes.append(card.Box(box.x0, drawn.bbox.height - box.y1, box.width, box.height))
    return boxes


def captioned(drawn: Figure, caption: str, above: str = "") -> str:
    """Return a figure as HTML, with its alt text above it as a caption in the page's own font."""
    return f"{above}<p>{escape(caption)}</p>{image(drawn, caption)}"


def bundle(html: str, text: str) -> dict[str, str]:
    """Return what Jupyter displays: HTML, and text where there are no pages."""
    return {"text/html": html, "text/plain": writable(text)}


def display(bundle: dict[str, str], **options: bool) -> Any:
    """Display a bundle and return IPython's handle; print its text where there is no IPython."""
    if get_ipython() is None:
        write(bundle["text/plain"])
        return None
    return IPython.display.display(bundle, **options)


def show(html: str, text: str, **options: bool) -> Any:
    """Display a piece of HTML, or text where there are no pages; return IPython's handle."""
    return display(bundle(html, text), raw=True, **options)


def show_captioned(drawn: Figure, caption: str) -> None:
    """Display a figure with a caption."""
    show(captioned(drawn, caption), caption)


def plain(axes: Axes, size: float) -> None:
    """Leave out the frame's upper and right sides, and write the ticks in `size`."""
    axes.tick_params(labelsize=size)
    axes.spines[["top", "right"]].set_visible(False)


# What is drawn on a pair of axes


def bare(axes: Axes, title: str, size: float = FONT_SIZE + 1) -> None:
    axes.set_title(title, fontsize=size)
    axes.set_xticks([])
    axes.set_yticks([])


def picture(
    axes: Axes,
    picture: np.ndarray,
    title: str,
    signed: bool = False,
    shades: np.ndarray | None = None,
) -> None:
    """Draw a 2-D array as an image: grey, or purple-white-orange around zero if `signed`.

    Black and white are the least and the largest of `shades`, or else of the picture.
    """
    picture = finite(picture)
    if signed:
        limit = reach(picture)
        axes.imshow(picture, cmap="PuOr_r", vmin=-limit, vmax=limit, interpolation="nearest")
    else:
        shades = finite(picture if shades is None else shades)
        least, largest = np.nanmin(shades), np.nanmax(shades)
        axes.imshow(picture, cmap="gray", vmin=least, vmax=largest, interpolation="nearest")
    bare(axes, title)
    # Keeps the titles level where pictures of different proportions stand side by side.
    axes.set_anchor("N")
    axes.set_ylabel(f"{picture.shape[0]}", fontsize=FONT_SIZE, rotation=0, labelpad=8, va="center")
    axes.set_xlabel(f"{picture.shape[1]}", fontsize=FONT_SIZE)


def finite(values: np.ndarray) -> np.ndarray:
    """Return the values as floats, with NaN, which is not painted, in place of infinities."""
    return np.where(np.isfinite(values), np.asarray(values, dtype=float), np.nan)


def reach(values: np.ndarray) -> float:
    """Return how far a colour scale has to reach to both sides of zero."""
    return float(np.nanmax(np.abs(finite(values)), initial=1e-12))


def label(value: np.generic) -> str:
    """Return a value as it is written in a cell: True, 0.333, and 0 also for -0.0."""
    return str(value) if isinstance(value, np.bool_) else f"{value + 0.0:.3g}"


class Grid:
    """A small 2-D array drawn as a grid with its values; `show` replaces them."""

    def __init__(
        self, axes: Axes, shape: tuple[int, int], limit: float, size: float = FONT_SIZE
    ) -> None:
        self.limit = limit
        # The scale reaches twice as far as the values, so numbers are readable on pale colours.
        self.image = axes.imshow(np.zeros(shape), cmap="PuOr_r", vmin=-2 * limit, vmax=2 * limit)
        self.texts = {}
        if np.prod(shape) <= MOST_NUMBERS:
            for row, column in np.ndindex(shape):
                self.texts[row, column] = axes.text(
                    column, row, "", ha="center", va="center", fontsize=size
                )

    def show(self, values: np.ndarray, limit: float | None = None) -> None:
        """Draw `values`; NaN is left empty."""
        self.image.set_data(finite(values))
        if limit:
            self.image.set_clim(-2 * limit, 2 * limit)
        for place, text in self.texts.items():
            text.set_text("" if np.isnan(values[place]) else label(values[place]))


def numbers(axes: Axes, values: np.ndarray, title: str, size: float = FONT_SIZE) -> Grid:
    """Draw a small 2-D array as a grid; zero is white, orange positive, purple negative."""
    grid = Grid(axes, values.shape, reach(values), size)
    grid.show(values)
    bare(axes, title, size + 1)
    grid_lines(axes, *values.shape)
    return grid


def grid_lines(axes: Axes, n_H: int, n_W: int) -> None:
    axes.set_xticks(np.arange(-0.5, n_W), minor=True)
    axes.set_yticks(np.arange(-0.5, n_H), minor=True)
    axes.grid(which="minor", color="#888888", linewidth=0.6)
    axes.tick_params(which="minor", length=0)


def outline(axes: Axes, row: float, column: float, n_H: float, n_W: float, **style) -> Rectangle:
    corner = (column - 0.5, row - 0.5)
    return axes.add_patch(Rectangle(corner, n_W, n_H, fill=False, **style))
