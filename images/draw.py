"""Draws every picture of the course into the folder of this file: ``python images/draw.py``.

A picture is one entry of `PICTURES`: a file name and a function that returns a figure. Inputs are
the small arrays below; every other number that a picture shows is computed from them. Labels are
symbols and names from the code, so that one picture serves every language; the few that hold words
are drawn once more for each language of `TRANSLATED`. All lengths are pixels, y runs downwards.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon, Rectangle
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from plots import kit  # noqa: E402

CHINESE, CHINESE_LETTERS = kit.font()

# Okabe & Ito, "Color Universal Design": distinct with every common kind of colour vision.
ORANGE, SKY, GREEN, BLUE = "#E69F00", "#56B4E9", "#009E73", "#0072B2"
VERMILLION, PURPLE = "#D55E00", "#CC79A7"
INK, FAINT, GREY, WHITE = "#1A1A1A", "#5E5E5E", "#8C8C8C", "#FFFFFF"
# One colour per role in every picture.
INPUT, FILTER, OUTPUT = BLUE, ORANGE, GREEN

NUMBER, LABEL, SMALL = 27, 24, 20  # font sizes in pixels
COLOURS = 128  # in the palette of a picture

# The inputs. Everything else is computed.
PADDING_IMAGE = np.array([[3, 1, 2, 5], [4, 6, 1, 2], [2, 7, 3, 1]])
PADDING_CHANNELS = 2
PAD = 2
STEP_SLICE = np.array([[2, 0, 1], [1, 3, 2], [4, 1, 5]])
STEP_FILTER = np.array([[1, -1, 2], [0, 2, -1], [-2, 3, 1]])
STEP_BIAS = 4
CORNERS = {"n_H_prev": 7, "n_W_prev": 9, "f": 3, "stride": 2, "h": 1, "w": 2}
VOLUME = {"n_H_prev": 6, "n_W_prev": 6, "n_C_prev": 3, "f": 3, "n_C": 4}
POOL_IMAGE = np.array([[1, 3, 2, 1], [5, 4, 0, 7], [2, 0, 6, 3], [1, 8, 4, 5]])
POOL_F = 2
POOL_GRADIENT = np.array([[8, -4], [2, 6]])
MODEL_INPUT = (8, 8, 1)
MODEL_LAYERS = (
    ("CONV", {"f": 3, "pad": 1, "stride": 1, "n_C": 8}),
    ("ReLU", {}),
    ("POOL", {"f": 2, "pad": 0, "stride": 2}),
    ("CONV", {"f": 3, "pad": 1, "stride": 1, "n_C": 16}),
    ("ReLU", {}),
    ("POOL", {"f": 2, "pad": 0, "stride": 2}),
)
MODEL_CLASSES = 10
FLOW_INPUT = np.array([[1, 2, 3], [4, 5, 6]])
FLOW_FILTER = np.array([[1, -1], [2, 3]])
FLOW_GRADIENT = np.array([[2, 3]])
RECEPTIVE = {"n_prev": 7, "f": 3}
NOTATION = {"n_H": 5, "n_W": 6, "n_C": 3, "f": 3, "n_C_prev": 2}
COLUMNS_IMAGE = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]])
COLUMNS_FILTER = np.array([[1, 2], [0, -1]])
ADDED_COLUMNS = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])


# --- numbers --------------------------------------------------------------------------------------


def output_size(n_prev: int, f: int, pad: int, stride: int) -> int:
    """How many windows fit along n_prev values: floor((n_prev - f + 2 pad) / stride) + 1."""
    return (n_prev - f + 2 * pad) // stride + 1


def tiles(image: np.ndarray, f: int) -> np.ndarray:
    """The windows of pooling with stride = f: (n_H_prev, n_W_prev) -> (n_H, n_W, f, f)."""
    return sliding_window_view(image, (f, f))[::f, ::f]


def untile(windows: np.ndarray) -> np.ndarray:
    """Put windows that do not overlap back in their places, the inverse of `tiles`."""
    n_H, n_W, f, _ = windows.shape
    return windows.swapaxes(1, 2).reshape(n_H * f, n_W * f)


def shown(value: float) -> str:
    """A number as it stands in a cell: no needless zeros, and a real minus sign."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def tint(colour: str, share: float = 0.25) -> str:
    """The colour mixed with white; share 1 is the colour itself."""
    return to_hex([1 - share * (1 - part) for part in to_rgb(colour)])


# --- building blocks ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """Where a grid of square cells stands."""

    x: float
    y: float
    rows: int
    columns: int
    side: float

    @property
    def right(self) -> float:
        return self.x + self.columns * self.side

    @property
    def bottom(self) -> float:
        return self.y + self.rows * self.side

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x + self.right) / 2, (self.y + self.bottom) / 2

    def center(self, row: int, column: int) -> tuple[float, float]:
        return self.x + (column + 0.5) * self.side, self.y + (row + 0.5) * self.side

    def part(self, row: int, column: int, rows: int, columns: int) -> "Grid":
        """The block of cells whose first cell is (row, column)."""
        x, y = self.x + column * self.side, self.y + row * self.side
        return Grid(x, y, rows, columns, self.side)


@dataclass(frozen=True)
class Volume:
    """Where a box stands: its front face, its number of channels, and the shift per channel."""

    front: Grid
    channels: int
    step: tuple[float, float]

    @property
    def far_right(self) -> float:
        return self.front.right + self.channels * self.step[0]

    @property
    def far_top(self) -> float:
        return self.front.y + self.channels * self.step[1]

    def measure_depth(self, card: "Card", words: str) -> None:
        """A dimension arrow along the channels, on the lower right edge."""
        x, y = self.front.right + 8, self.front.bottom + 8
        end = (x + self.channels * self.step[0], y + self.channels * self.step[1])
        card.arrow((x, y), end, both=True, width=1.8)
        card.text((x + end[0]) / 2 + 8, (y + end[1]) / 2 + 18, words, SMALL, code=True, ha="left")


class Card:
    """A white card of width x height pixels to draw on."""

    def __init__(self, width: int, height: int) -> None:
        # At 72 dots per inch a point is a pixel, for lines and fonts alike.
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=WHITE)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.axis("off")

    def text(
        self, x: float, y: float, words: str, size: float = LABEL, code: bool = False, **options
    ) -> None:
        family = ["DejaVu Sans Mono" if code else "DejaVu Sans"]
        options = {"ha": "center", "va": "center", "color": INK} | options
        if not CHINESE_LETTERS.isdisjoint(words):
            family.append(CHINESE)
            options |= {"weight": "normal"}  # the only one of this font
        self.axes.text(x, y, words, fontsize=size, family=family, zorder=5, **options)

    def line(self, *points: tuple[float, float], color: str = INK, **options) -> None:
        xs, ys = zip(*points, strict=True)
        self.axes.plot(xs, ys, color=color, **({"linewidth": 2, "zorder": 4} | options))

    def polygon(
        self, *points: tuple[float, float], color: str, edge: str, width: float = 1
    ) -> None:
        self.axes.add_patch(Polygon(points, facecolor=color, edgecolor=edge, linewidth=width))

    def outline(self, grid: Grid, color: str, width: float = 5, style: str = "-") -> None:
        """A thick frame around a block of cells."""
        self.axes.add_patch(
            Rectangle(
                (grid.x, grid.y),
                grid.right - grid.x,
                grid.bottom - grid.y,
                fill=False,
                edgecolor=color,
                linewidth=width,
                linestyle=style,
                zorder=4,
            )
        )

    def ring(self, center: tuple[float, float], radius: float, color: str = INK) -> None:
        self.axes.add_patch(
            Circle(center, radius, fill=False, edgecolor=color, linewidth=3, zorder=4)
        )

    def arrow(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        color: str = INK,
        both: bool = False,
        width: float = 3,
        bend: float = 0,
    ) -> None:
        self.axes.add_patch(
            FancyArrowPatch(
                start,
                end,
                arrowstyle="<|-|>" if both else "-|>",
                connectionstyle=f"arc3,rad={bend}",
                mutation_scale=14 if both else 22,
                linewidth=width,
                color=color,
                shrinkA=0,
                shrinkB=0,
                zorder=4,
            )
        )

    def cells(
        self,
        x: float,
        y: float,
        values: np.ndarray,
        side: float = 60,
        color: str | Callable[[int, int], str] = WHITE,
        size: float = NUMBER,
        faint: Callable[[int, int], bool] = lambda row, column: False,
    ) -> Grid:
        """A grid of numbers (an object array may hold strings; "" leaves a cell empty)."""
        values = np.asarray(values)
        grid = Grid(x, y, *values.shape, side)
        for (row, column), value in np.ndenumerate(values):
            fill = color(row, column) if callable(color) else color
            corner = (x + column * side, y + row * side)
            self.axes.add_patch(
                Rectangle(corner, side, side, facecolor=fill, edgecolor=INK, linewidth=1.5)
            )
            words = value if isinstance(value, str) else shown(value)
            if words:
                ink = FAINT if faint(row, column) else INK
                self.text(*grid.center(row, column), words, size, color=ink)
        return grid

    def blank(self, x: float, y: float, rows: int, columns: int, side: float, color: str) -> Grid:
        """A grid of empty cells."""
        return self.cells(x, y, np.full((rows, columns), "", dtype=object), side, color)

    def sheets(self, grid: Grid, count: int, shift: float, color: str) -> None:
        """The further channels, as sheets that look out behind a grid that is drawn afterwards."""
        for k in range(count, 0, -1):
            x, y = grid.x + k * shift, grid.y - k * shift
            width, height = grid.right - grid.x, grid.bottom - grid.y
            self.axes.add_patch(
                Rectangle((x, y), width, height, facecolor=color, edgecolor=INK, linewidth=1.5)
            )

    def measure_width(
        self, x0: float, x1: float, y: float, words: str = "", code: bool = False
    ) -> None:
        """A dimension arrow from x0 to x1 with its name below."""
        self.arrow((x0, y), (x1, y), both=True, width=1.8)
        if words:
            self.text((x0 + x1) / 2, y + 20, words, code=code)

    def measure_height(self, x: float, y0: float, y1: float) -> None:
        """A dimension arrow from y0 to y1."""
        self.arrow((x, y0), (x, y1), both=True, width=1.8)

    def volume(
        self,
        x: float,
        y: float,
        shape: tuple[int, int, int],
        side: float,
        depth: float,
        colors: Sequence[str],
        window: tuple[int, int] = (0, 0),
    ) -> Volume:
        """A box of shape (n_H, n_W, n_C) cells; channel 0 in front, one colour per channel.

        (x, y) is the upper left corner of the front face; depth is how far a channel goes back.
        `window` is the size of a block in the upper right corner, through all channels, that is
        filled in the filter's colour: there all of its sides are visible.
        """
        rows, columns, channels = shape
        step = (0.8 * depth, -0.6 * depth)
        front = Grid(x, y, rows, columns, side)
        inside = tint(FILTER, 0.6)
        first = columns - window[1]
        for k in range(channels):
            color, edge = colors[k % len(colors)], "#404040"
            near = (k * step[0], k * step[1])
            far = (near[0] + step[0], near[1] + step[1])
            for column in range(columns):
                a, b = x + column * side, x + (column + 1) * side
                top = [(a, near), (b, near), (b, far), (a, far)]
                fill = inside if column >= first else color
                self.polygon(*((px + d[0], y + d[1]) for px, d in top), color=fill, edge=edge)
            for row in range(rows):
                a, b = y + row * side, y + (row + 1) * side
                flank = [(a, near), (b, near), (b, far), (a, far)]
                fill = inside if row < window[0] else color
                self.polygon(
                    *((front.right + d[0], py + d[1]) for py, d in flank), color=fill, edge=edge
                )
        self.blank(x, y, rows, columns, side, colors[0])
        if all(window):
            part = front.part(0, first, *window)
            self.blank(part.x, part.y, *window, side, inside)
        return Volume(front, channels, step)

    def block(self, volume: Volume, rows: int, columns: int, color: str) -> None:
        """Frame the block through all channels in the upper right corner of a volume."""
        back = (volume.channels * volume.step[0], volume.channels * volume.step[1])
        part = volume.front.part(0, volume.front.columns - columns, rows, columns)
        x0, y0, x1, y1 = part.x, part.y, part.right, part.bottom
        faces = [
            [(x0, y0), (x1, y0), (x1, y1), (x0, y1)],
            [(x0, y0), (x1, y0), (x1 + back[0], y0 + back[1]), (x0 + back[0], y0 + back[1])],
            [(x1, y0), (x1, y1), (x1 + back[0], y1 + back[1]), (x1 + back[0], y0 + back[1])],
        ]
        for face in faces:
            self.line(*face, face[0], color=color, linewidth=3.5, solid_joinstyle="round")


def times(*sizes: int) -> str:
    """A shape in words: 3 × 3 × 2."""
    return " × ".join(str(size) for size in sizes)


# --- the pictures ---------------------------------------------------------------------------------


def padding() -> Figure:
    card = Card(1060, 610)
    image, padded = PADDING_IMAGE, np.pad(PADDING_IMAGE, PAD)
    n_H, n_W = image.shape
    side, shift, y = 54, 15, 90
    further = PADDING_CHANNELS - 1

    left = Grid(104, y + PAD * side, n_H, n_W, side)
    card.sheets(left, further, shift, tint(INPUT, 0.5))
    card.cells(left.x, left.y, image, side, tint(INPUT))
    card.measure_height(left.x - 16, left.y, left.bottom)
    card.text(left.x - 48, left.middle[1], "n_H", code=True)
    card.measure_width(left.x, left.right, left.bottom + 18, "n_W", code=True)
    card.text(left.middle[0], left.bottom + 84, times(n_H, n_W, PADDING_CHANNELS), LABEL)

    card.arrow((left.right + 50, left.middle[1]), (left.right + 160, left.middle[1]))
    card.text(left.right + 105, left.middle[1] - 28, f"pad = {PAD}", code=True)

    right = Grid(520, y, *padded.shape, side)
    inside = right.part(PAD, PAD, n_H, n_W)
    card.sheets(right, further, shift, "#DCDCDC")

    def is_border(row: int, column: int) -> bool:
        return not (PAD <= row < PAD + n_H and PAD <= column < PAD + n_W)

    def color(row: int, column: int) -> str:
        return "#F2F2F2" if is_border(row, column) else tint(INPUT)

    card.cells(right.x, right.y, padded, side, color, faint=is_border)
    card.outline(inside, INPUT)
    card.measure_width(right.x, right.right, right.bottom + 18, "n_W + 2 * pad", code=True)
    card.measure_height(right.right + 46, y, right.bottom)
    card.text(right.right + 66, right.middle[1], "n_H + 2 * pad", code=True, rotation=90)
    for grid in (left, right):  # the number of channels stays
        start = (grid.x - 12, grid.y - 6)
        card.arrow(start, (start[0] + 2 * shift, start[1] - 2 * shift), both=True, width=1.8)
        card.text(start[0], start[1] - 2 * shift, "n_C", code=True, ha="right")
    card.text(right.middle[0], right.bottom + 84, times(*padded.shape, PADDING_CHANNELS), LABEL)
    return card.figure


def convolution_step() -> Figure:
    card = Card(1120, 390)
    products = STEP_SLICE * STEP_FILTER
    side, y = 66, 90
    names = ("a_slice_prev", "W", "a_slice_prev * W")
    colors = (tint(INPUT), tint(FILTER, 0.35), tint(GREY, 0.25))
    grids = []
    for k, (values, name, color) in enumerate(
        zip((STEP_SLICE, STEP_FILTER, products), names, colors, strict=True)
    ):
        grid = card.cells(40 + k * (3 * side + 62), y, values, side, color)
        card.text(grid.middle[0], y - 34, name, SMALL + 2, code=True)
        grids.append(grid)
    for sign, grid in zip("×=", grids, strict=False):
        card.text(grid.right + 31, grid.middle[1], sign, 36)
    for grid in grids[:2]:
        card.measure_width(grid.x, grid.right, grid.bottom + 18, "$f$")

    # Written as a sum on paper: the nine products together, then the bias, once.
    right, x, small = grids[2].right, 950, 66
    top = y
    card.arrow((right + 14, top + small / 2), (x - 44, top + small / 2))
    card.text(right + 66, top + small / 2 + 28, "sum", SMALL + 2, code=True)
    total = products.sum()
    card.cells(x, top, [[total]], small, tint(GREY, 0.25))
    card.cells(x, top + small + 12, [[STEP_BIAS]], small, tint(PURPLE, 0.4))
    card.text(x - 30, top + 1.5 * small + 12, "+", 36)
    card.text(x + small + 16, top + 1.5 * small + 12, "b", code=True, ha="left")
    line = top + 2 * small + 26
    card.line((x - 50, line), (x + small + 40, line), linewidth=2.5)
    result = card.cells(x, line + 14, [[total + STEP_BIAS]], small, tint(OUTPUT, 0.35))
    card.outline(result, OUTPUT, 4)
    card.text(x - 30, result.middle[1], "=", 36)
    card.text(x + small + 16, result.middle[1], "Z", code=True, ha="left")
    return card.figure


def window_corners() -> Figure:
    card = Card(1140, 590)
    n_H_prev, n_W_prev, f, stride, h, w = CORNERS.values()
    n_H, n_W = (output_size(n, f, 0, stride) for n in (n_H_prev, n_W_prev))
    vert_start, horiz_start = h * stride, w * stride
    vert_end, horiz_end = vert_start + f, horiz_start + f

    side, y = 48, 110
    image = card.blank(120, y, n_H_prev, n_W_prev, side, tint(INPUT, 0.15))
    window = image.part(vert_start, horiz_start, f, f)
    card.blank(window.x, window.y, f, f, side, tint(FILTER, 0.45))
    card.outline(window, VERMILLION)

    # A slice counts the lines between the cells: it runs from its start line to its end line.
    def tick(number: int, marked: tuple[int, int]) -> dict[str, str]:
        return {"weight": "bold", "color": VERMILLION} if number in marked else {"color": FAINT}

    for row in range(n_H_prev + 1):
        style = tick(row, (vert_start, vert_end))
        card.text(image.x - 14, y + row * side, str(row), SMALL, ha="right", **style)
    for column in range(n_W_prev + 1):
        style = tick(column, (horiz_start, horiz_end))
        card.text(image.x + column * side, y - 18, str(column), SMALL, **style)
    for grid_y in (window.y, window.bottom):
        card.line((image.x, grid_y), (window.x, grid_y), color=VERMILLION, linewidth=3)
    for grid_x in (window.x, window.right):
        card.line((grid_x, y), (grid_x, window.y), color=VERMILLION, linewidth=3)
    card.text(image.middle[0], 34, "A_prev", code=True)
    card.text(image.x - 72, image.middle[1], "vert", SMALL + 2, code=True, rotation=90)
    card.text(image.right + 24, y - 18, "horiz", SMALL + 2, code=True, ha="left")

    small = 60
    output = card.blank(820, 152, n_H, n_W, small, tint(OUTPUT, 0.15))
    cell = output.part(h, w, 1, 1)
    card.blank(cell.x, cell.y, 1, 1, small, tint(OUTPUT, 0.6))
    card.outline(cell, VERMILLION)
    for row in range(n_H):
        style = tick(row, (h, h))
        card.text(output.x - 16, output.center(row, 0)[1], str(row), SMALL, ha="right", **style)
    for column in range(n_W):
        style = tick(column, (w, w))
        card.text(output.center(0, column)[0], output.y - 20, str(column), SMALL, **style)
    card.text(output.middle[0], output.y - 62, "Z", code=True)
    card.text(output.middle[0], output.bottom + 34, f"Z[{h}, {w}]", code=True)
    start = (window.right + 10, window.middle[1])
    card.arrow(start, (cell.x - 3, cell.y + 8), VERMILLION, bend=-0.12)
    card.text(output.middle[0], 424, f"f = {f}   stride = {stride}", SMALL + 2, code=True)

    formulas = (
        ("vert_start", f"h * stride = {h} * {stride} = ", vert_start),
        ("vert_end", f"vert_start + f = {vert_start} + {f} = ", vert_end),
        ("horiz_start", f"w * stride = {w} * {stride} = ", horiz_start),
        ("horiz_end", f"horiz_start + f = {horiz_start} + {f} = ", horiz_end),
    )
    advance = SMALL * 0.602  # the width of a letter of DejaVu Sans Mono
    for k, (name, words, value) in enumerate(formulas):
        x, line = (36, 590)[k // 2], 505 + 44 * (k % 2)
        words = f"{name} = {words}"
        card.text(x, line, words, SMALL, code=True, ha="left")
        bold = {"weight": "bold", "color": VERMILLION, "ha": "left"}
        card.text(x + len(words) * advance, line, str(value), SMALL, code=True, **bold)
    return card.figure


# The colours of the filters, and of the channels that they make.
FILTER_COLORS = [tint(color, 0.6) for color in (ORANGE, GREEN, PURPLE, SKY)]


def volume_to_volume() -> Figure:
    card = Card(1160, 570)
    n_H_prev, n_W_prev, n_C_prev, f, n_C = VOLUME.values()
    n_H, n_W = (output_size(n, f, 0, 1) for n in (n_H_prev, n_W_prev))
    names = ("n_H_prev", "n_W_prev", "n_C_prev")
    blues = [tint(INPUT, share) for share in (0.2, 0.38, 0.56)]

    shape = (n_H_prev, n_W_prev, n_C_prev)
    source = card.volume(80, 180, shape, 40, 36, blues, window=(f, f))
    card.block(source, f, f, VERMILLION)
    target = card.volume(850, 210, (n_H, n_W, n_C), 40, 36, FILTER_COLORS)
    card.block(target, 1, 1, VERMILLION)
    for box, words, title in (
        (source, names, "A_prev"),
        (target, ("n_H", "n_W", "n_C"), "Z"),
    ):
        front = box.front
        card.measure_height(front.x - 16, front.y, front.bottom)
        card.text(front.x - 40, front.middle[1], words[0], SMALL, code=True, rotation=90)
        card.measure_width(front.x, front.right, front.bottom + 18)
        card.text(front.middle[0], front.bottom + 42, words[1], SMALL, code=True)
        box.measure_depth(card, words[2])
        card.text((front.x + box.far_right) / 2, 40, title, code=True)
        sizes = times(front.rows, front.columns, box.channels)
        card.text(front.middle[0], 528, sizes, LABEL, weight="bold")

    x, small = 530, 22
    for k in range(n_C):
        y = 108 + k * 106
        cube = card.volume(x, y, (f, f, n_C_prev), small, 18, [FILTER_COLORS[k]])
        card.text(cube.far_right + 14, y + 30, f"+ b[{k}]", SMALL, code=True, ha="left")
        card.arrow((446, y + 30), (x - 16, y + 30), color=GREY, width=2)
        card.arrow((cube.far_right + 106, y + 30), (788, y + 30), color=GREY, width=2)
    card.text(x + 60, 40, "W", code=True)
    card.text(x + 60, 528, f"{n_C} × ({times(f, f, n_C_prev)})", LABEL, weight="bold")
    return card.figure


QUARTERS = (ORANGE, SKY, GREEN, PURPLE)


def _quarter_color(f: int, columns: int) -> Callable[[int, int], str]:
    """The colour of the pooling window that a cell lies in, for `columns` windows in a row."""
    return lambda row, column: tint(QUARTERS[(row // f) * columns + column // f], 0.4)


def _frame_windows(card: Card, grid: Grid, f: int) -> None:
    for row in range(0, grid.rows, f):
        for column in range(0, grid.columns, f):
            card.outline(grid.part(row, column, f, f), INK, 4)


def max_pooling() -> Figure:
    return _pooling("max")


def average_pooling() -> Figure:
    return _pooling("average")


def _pooling(mode: str) -> Figure:
    card = Card(960, 430)
    windows = tiles(POOL_IMAGE, POOL_F)
    pooled = windows.max(axis=(2, 3)) if mode == "max" else windows.mean(axis=(2, 3))
    n_W = pooled.shape[1]
    side = 74
    image = card.cells(40, 84, POOL_IMAGE, side, _quarter_color(POOL_F, n_W))
    card.text(image.middle[0], 44, "A_prev", code=True)
    _frame_windows(card, image, POOL_F)
    if mode == "max":
        for row, column in np.argwhere(untile(windows == pooled[..., None, None])):
            card.ring(image.center(row, column), 27)
    big = 100
    output = card.cells(
        700, image.middle[1] - big, pooled, big, _quarter_color(1, n_W), size=NUMBER + 7
    )
    card.text(output.middle[0], output.y - 40, "A", code=True)
    _frame_windows(card, output, 1)
    x = (image.right + output.x) / 2
    card.arrow((image.right + 50, image.middle[1]), (output.x - 50, image.middle[1]))
    card.text(x, image.middle[1] - 36, mode, code=True, weight="bold")
    card.text(x, image.middle[1] + 40, f"f = {POOL_F}", SMALL + 2, code=True)
    card.text(x, image.middle[1] + 74, f"stride = {POOL_F}", SMALL + 2, code=True)
    return card.figure


def model_shapes() -> list[tuple[int, int, int]]:
    """The shape before the first layer and after each layer of the model."""
    shapes = [MODEL_INPUT]
    for _, options in MODEL_LAYERS:
        n_H, n_W, n_C = shapes[-1]
        if options:
            f, pad, stride = options["f"], options["pad"], options["stride"]
            n_H, n_W = output_size(n_H, f, pad, stride), output_size(n_W, f, pad, stride)
        shapes.append((n_H, n_W, options.get("n_C", n_C)))
    return shapes


LAYER_COLORS = {"CONV": ORANGE, "ReLU": PURPLE, "POOL": GREEN, "FC": VERMILLION}


def model(language: str = "en") -> Figure:
    card = Card(1160, 650)
    shapes = model_shapes()
    first, second = 130, 470  # the middle line of each row
    ends = [0.0]
    for index, shape in enumerate(shapes):
        upper = index <= 3
        middle = first if upper else second
        start = (44 + 288 * index) if upper else (170 + 226 * (index - 4))
        color = LAYER_COLORS[MODEL_LAYERS[index - 1][0]] if index else INPUT
        side, depth = 14, 7 if upper else 6
        box = card.volume(
            start, middle - shape[0] * side / 2, shape, side, depth, [tint(color, 0.45)]
        )
        card.text((start + box.far_right) / 2 - 8, middle + 92, times(*shape), SMALL)
        ends.append(box.far_right)
        if index and index != 4:
            _model_arrow(card, language, ends[-2], start, middle, *MODEL_LAYERS[index - 1])
    # The line from the end of the first row to the start of the second.
    down = 294
    card.line(
        (ends[4] + 12, first), (1136, first), (1136, down), (30, down), (30, second), linewidth=3
    )
    _model_arrow(card, language, 18, 170, second, *MODEL_LAYERS[3])

    flat = int(np.prod(shapes[-1]))
    x = 880
    for middle_x, length, count in ((x, 4 * flat, flat), (x + 190, 140, MODEL_CLASSES)):
        color = GREY if count == flat else LAYER_COLORS["FC"]
        top = second - length / 2
        card.axes.add_patch(
            Rectangle((middle_x - 11, top), 22, length, facecolor=tint(color, 0.45), edgecolor=INK)
        )
        for k in range(1, count):
            y = top + k * length / count
            card.line((middle_x - 11, y), (middle_x + 11, y), linewidth=0.7)
        card.text(middle_x, second + 152, str(count), SMALL)
    _model_arrow(card, language, ends[-1], x - 11, second, "flatten", {})
    _model_arrow(card, language, x + 11, x + 190 - 11, second, "FC", {})
    card.text(x + 222, second, "ŷ", 30)
    return card.figure


def _model_arrow(
    card: Card,
    language: str,
    start: float,
    end: float,
    y: float,
    kind: str,
    options: dict[str, int],
) -> None:
    """An arrow between two volumes with the layer's name above it and its numbers below."""
    card.arrow((start + 12, y), (end - 10, y))
    x = (start + end) / 2
    card.text(x, y - 24, kit.named(kind).in_(language), SMALL, weight="bold")
    lines = [f"{name}={options[name]}" for name in ("f", "pad", "stride") if options.get(name)]
    for k, words in enumerate(lines):
        card.text(x, y + 24 + 24 * k, words, 18, code=True)


def gradient_flow() -> Figure:
    card = Card(1160, 776)
    f = len(FLOW_FILTER)
    n_W = FLOW_GRADIENT.shape[1]
    side = 58
    colors = [tint(SKY, 0.55), tint(ORANGE, 0.55)]  # one per value of dZ
    frames = [BLUE, VERMILLION]
    both = tint(PURPLE, 0.75)
    slices = [FLOW_INPUT[:, w : w + f] for w in range(n_W)]
    parts = np.zeros((n_W, *FLOW_INPUT.shape), dtype=FLOW_INPUT.dtype)
    for w, value in enumerate(FLOW_GRADIENT[0]):
        parts[w, :, w : w + f] += value * FLOW_FILTER

    # Above: each value of dZ, times W, lands in its own window of dA_prev.
    tops, left = (70, 270), 470
    for w, (value, top) in enumerate(zip(FLOW_GRADIENT[0], tops, strict=True)):
        one = card.cells(56, top + side / 2, [[value]], side, colors[w])
        card.text(one.middle[0], one.y - 22, f"dZ[0, {w}]", SMALL, code=True)
        weights = card.cells(190, top, FLOW_FILTER, side, tint(GREY, 0.2))
        card.text(weights.middle[0], top - 22, "W", SMALL, code=True)
        card.text(152, one.middle[1], "×", 34)
        words = np.full(FLOW_INPUT.shape, "", dtype=object)
        words[:, w : w + f] = [[shown(v) for v in row] for row in parts[w, :, w : w + f]]
        grid = card.cells(
            left,
            top,
            words,
            side,
            lambda row, column, w=w: colors[w] if w <= column < w + f else WHITE,
        )
        card.outline(grid.part(0, w, f, f), frames[w])
        card.arrow((weights.right + 20, one.middle[1]), (left - 20, one.middle[1]))
    card.text(left + 1.5 * side, (tops[0] + 2 * side + tops[1]) / 2, "+", 36)

    total = parts.sum(axis=0)
    overlap = np.all(parts != 0, axis=0)
    result = card.cells(
        880,
        (tops[0] + tops[1]) / 2,
        total,
        side,
        lambda row, column: both if overlap[row, column] else colors[min(column, 1)],
    )
    card.text(result.middle[0], result.y - 24, "dA_prev", code=True)
    for top in tops:
        card.arrow((left + 3 * side + 20, top + side), (result.x - 24, result.middle[1]))
    column = int(np.flatnonzero(overlap.any(axis=0))[0])
    card.outline(result.part(0, column, f, 1), INK, 4)
    for row in range(f):
        one, other = parts[:, row, column]
        joined = (
            f"{shown(one)} + {shown(other)}" if other >= 0 else f"{shown(one)} + ({shown(other)})"
        )
        card.text(
            result.middle[0],
            result.bottom + 30 + 34 * row,
            f"{joined} = {shown(total[row, column])}",
            SMALL + 2,
        )

    card.line((40, 432), (1120, 432), color=GREY, linewidth=1.5)

    # Below: dW is the sum of the windows of A_prev, each times its dZ; db is the sum of dZ.
    top = 510
    image = card.cells(56, top, FLOW_INPUT, side, tint(INPUT, 0.12))
    card.text(image.middle[0], top - 24, "A_prev", SMALL, code=True)
    x = 302.0
    for w, value in enumerate(FLOW_GRADIENT[0]):
        window = card.cells(x, top, slices[w], side, tint(INPUT, 0.12))
        card.outline(window, frames[w])
        card.text(window.middle[0], top - 24, f"[:, {w}:{w + f}]", SMALL, code=True)
        card.text(window.right + 28, window.middle[1], "×", 34)
        one = card.cells(window.right + 54, top + side / 2, [[value]], side, colors[w])
        card.text(one.middle[0], one.y - 22, f"dZ[0, {w}]", SMALL, code=True)
        card.text(one.right + 44, window.middle[1], "+" if w < n_W - 1 else "=", 36)
        x = one.right + 88
    total_slices = sum(v * a for v, a in zip(FLOW_GRADIENT[0], slices, strict=True))
    grid = card.cells(x, top, total_slices, side, tint(GREEN, 0.3))
    card.text(grid.middle[0], top - 24, "dW", code=True)
    for w, inset in enumerate((0, 6)):  # the second frame inside the first, where they overlap
        part = image.part(0, w, f, f)
        card.outline(Grid(part.x + inset, part.y + inset, 1, 1, f * side - 2 * inset), frames[w])

    card.line((40, 662), (1120, 662), color=GREY, linewidth=1.5)
    top, end = 690, grid.x
    total_cell = card.cells(end, top, [[FLOW_GRADIENT.sum()]], side, tint(GREEN, 0.3))
    card.text(total_cell.right + 16, total_cell.middle[1], "db", code=True, ha="left")
    for w, value in enumerate(FLOW_GRADIENT[0]):
        one = card.cells(end - (n_W - w) * 146, top, [[value]], side, colors[w])
        card.text(one.right + 44, one.middle[1], "+" if w < n_W - 1 else "=", 36)
    return card.figure


def max_pooling_backward() -> Figure:
    card = Card(1160, 420)
    windows = tiles(POOL_IMAGE, POOL_F)
    masks = windows == windows.max(axis=(2, 3), keepdims=True)
    mask = untile(masks)
    routed = untile(masks * POOL_GRADIENT[..., None, None])
    n_W = POOL_GRADIENT.shape[1]
    side, y, color = 60, 100, _quarter_color(POOL_F, n_W)
    quarter = _quarter_color(1, n_W)

    image = card.cells(30, y, POOL_IMAGE, side, color)
    marked = {
        "color": lambda row, column: color(row, column) if mask[row, column] else WHITE,
        "faint": lambda row, column: not mask[row, column],
    }
    route = card.cells(348, y, mask.astype(int), side, **marked)
    gradient = card.cells(674, y + side, POOL_GRADIENT, side, quarter)
    result = card.cells(888, y, routed, side, **marked)
    for row, column in np.argwhere(mask):
        card.ring(image.center(row, column), 23)
    for grid, name in ((image, "A_prev"), (route, "mask"), (gradient, "dA"), (result, "dA_prev")):
        card.text(grid.middle[0], y - 40, name, code=True)
        _frame_windows(card, grid, 1 if grid is gradient else POOL_F)
    card.arrow((image.right + 12, image.middle[1]), (route.x - 12, image.middle[1]))
    card.text(route.right + 36, route.middle[1], "×", 36)
    card.text((gradient.right + result.x) / 2, result.middle[1], "=", 36)
    words = f"f = {POOL_F}, stride = {POOL_F}"
    card.text(image.middle[0], image.bottom + 36, words, SMALL, code=True)
    return card.figure


def average_pooling_backward() -> Figure:
    card = Card(960, 430)
    n_W = POOL_GRADIENT.shape[1]
    share = POOL_GRADIENT / POOL_F**2
    spread = np.kron(share, np.ones((POOL_F, POOL_F)))
    side, big, y = 74, 100, 84
    result = card.cells(600, y, spread, side, _quarter_color(POOL_F, n_W))
    gradient = card.cells(
        60, result.middle[1] - big, POOL_GRADIENT, big, _quarter_color(1, n_W), size=NUMBER + 7
    )
    card.text(gradient.middle[0], gradient.y - 40, "dA", code=True)
    card.text(result.middle[0], y - 40, "dA_prev", code=True)
    _frame_windows(card, gradient, 1)
    _frame_windows(card, result, POOL_F)
    x = (gradient.right + result.x) / 2
    card.arrow((gradient.right + 50, result.middle[1]), (result.x - 50, result.middle[1]))
    card.text(x, result.middle[1] - 36, f"÷ (f·f) = ÷ {POOL_F**2}", SMALL + 2, weight="bold")
    first = f"{shown(POOL_GRADIENT[0, 0])} ÷ {POOL_F**2} = {shown(share[0, 0])}"
    card.text(x, result.middle[1] + 40, first, SMALL + 2)
    return card.figure


def receptive_field(language: str = "en") -> Figure:
    card = Card(1120, 500)
    n, f, side = RECEPTIVE["n_prev"], RECEPTIVE["f"], 48
    middle_size = output_size(n, f, 0, 1)
    sizes = (n, middle_size, output_size(middle_size, f, 0, 1))
    seen = (f + (f - 1), f, 1)  # of the input, of the layer between, of the output
    xs, middle = (50, 536, 910), 230
    fields = (tint(ORANGE, 0.5), tint(SKY, 0.6), tint(GREEN, 0.7))
    parts = []
    for x, size, count, color in zip(xs, sizes, seen, fields, strict=True):
        grid = card.blank(x, middle - size * side / 2, size, size, side, tint(INPUT, 0.1))
        start = (size - count) // 2
        part = grid.part(start, start, count, count)
        card.blank(part.x, part.y, count, count, side, color)
        card.outline(part, INK, 4)
        card.text(grid.middle[0], grid.y - 24, times(size, size), SMALL, color=FAINT)
        card.measure_width(part.x, part.right, grid.bottom + 18)
        card.text(part.middle[0], grid.bottom + 46, str(count), 30, weight="bold")
        parts.append(part)
    for near, far in pairwise(parts):
        for y_near, y_far in ((near.y, far.y), (near.bottom, far.bottom)):
            card.line((near.right, y_near), (far.x, y_far))
        card.text(
            (near.right + far.x) / 2 + 14,
            54,
            kit.named(f"CONV {times(f, f)}").in_(language),
            SMALL,
            weight="bold",
        )

    # One value of the layer between sees a window of its own; together they see the whole field.
    cell, corner = parts[1].part(1, f - 1, 1, 1), parts[0].part(1, f - 1, f, f)
    inner = Grid(corner.x + 5, corner.y + 5, 1, 1, f * side - 10)
    card.outline(inner, VERMILLION, 4)
    card.outline(Grid(cell.x + 5, cell.y + 5, 1, 1, side - 10), VERMILLION, 4)
    for y_near, y_far in ((inner.y, cell.y + 5), (inner.bottom, cell.bottom - 5)):
        style = {"color": VERMILLION, "linestyle": (0, (5, 3))}
        card.line((inner.right, y_near), (cell.x + 5, y_far), **style)
    words = f"{f} + ({f} \N{MINUS SIGN} 1) = {seen[0]}"
    card.text((xs[1] + 1120) / 2, 460, words, 28)
    return card.figure


def notation() -> Figure:
    card = Card(1160, 816)
    n_H, n_W, n_C, f, n_C_prev = NOTATION.values()

    # Above: m examples; a channel has the colour of the filter that made it.
    card.text(40, 40, "A.shape = (m, n_H, n_W, n_C)", code=True, ha="left")
    xs, y = (110, 450, 850), 160
    for x, name in zip(xs, ("0", "1", "m-1"), strict=True):
        box = card.volume(x, y, (n_H, n_W, n_C), 30, 30, FILTER_COLORS[:n_C])
        front = box.front
        if x == xs[0]:
            card.measure_height(x - 16, y, front.bottom)
            card.text(x - 26, front.middle[1], "n_H", SMALL, code=True, ha="right")
            card.measure_width(x, front.right, front.bottom + 18)
            card.text(front.middle[0], front.bottom + 40, "n_W", SMALL, code=True)
            box.measure_depth(card, "n_C")
        card.text((x + box.far_right) / 2 + 30, box.far_top - 18, f"A[{name}]", SMALL, code=True)
    card.text((xs[1] + n_W * 30 + 72 + xs[2]) / 2, y + 75, ". . .", 40, weight="bold")
    card.measure_width(xs[0], front.right, y + 232)
    card.text((xs[0] + front.right) / 2, y + 256, "m", code=True)
    card.line((40, 440), (1120, 440), color=GREY, linewidth=1.5)

    # Below: the n_C filters.
    card.text(40, 480, "W.shape = (f, f, n_C_prev, n_C)", code=True, ha="left")
    xs, y = (110, 450, 790), 590
    for c, x in enumerate(xs[:n_C]):
        cube = card.volume(x, y, (f, f, n_C_prev), 34, 34, [FILTER_COLORS[c]])
        front = cube.front
        if c == 0:
            card.measure_height(x - 16, y, front.bottom)
            card.text(x - 26, front.middle[1], "f", SMALL, code=True, ha="right")
            card.measure_width(x, front.right, front.bottom + 18)
            card.text(front.middle[0], front.bottom + 38, "f", SMALL, code=True)
            cube.measure_depth(card, "n_C_prev")
        words = f"W[:, :, :, {c}]"
        card.text((x + cube.far_right) / 2 + 30, cube.far_top - 18, words, SMALL, code=True)
    card.measure_width(xs[0], front.right, y + 164)
    card.text((xs[0] + front.right) / 2, y + 188, "n_C", code=True)
    return card.figure


def im2col() -> Figure:
    card = Card(1190, 440)
    side, f, wide = 58, len(COLUMNS_FILTER), 78
    frames = [BLUE, VERMILLION, GREEN, PURPLE]
    windows = tiles_at_every_place(COLUMNS_IMAGE, f)
    top = 103
    image = card.cells(40, top, COLUMNS_IMAGE, wide, tint(INPUT, 0.12))
    card.text(image.middle[0], top - 26, "X", code=True)
    for number, (row, column) in enumerate(np.ndindex(2, 2)):
        inset = 3 + 5 * number
        part = image.part(row, column, f, f)
        frame = Grid(part.x + inset, part.y + inset, 1, 1, f * wide - 2 * inset)
        card.outline(frame, frames[number], 4)
    card.arrow((image.right + 22, image.middle[1]), (image.right + 92, image.middle[1]))
    card.text(image.right + 57, image.middle[1] - 26, "im2col", SMALL, code=True)

    top = 104
    rows = card.cells(
        404, top, windows.reshape(-1, f * f), side, lambda row, column: tint(frames[row], 0.3)
    )
    for number, color in enumerate(frames):
        place = rows.part(number, 0, 1, f * f)
        card.line(
            (place.x - 9, place.y + 5), (place.x - 9, place.bottom - 5), color=color, linewidth=7
        )
    card.text(rows.middle[0], top - 26, "columns", code=True)
    for place, (row, column) in enumerate(np.ndindex(f, f)):
        x, _ = rows.center(0, place)
        card.text(x, rows.bottom + 24, f"{row},{column}", SMALL, code=True)

    card.text(rows.right + 42, rows.middle[1], "@", 34, code=True)
    weights = COLUMNS_FILTER.reshape(-1, 1)
    column = card.cells(rows.right + 84, top, weights, side, tint(FILTER, 0.35))
    card.text(column.middle[0], top - 26, "W", code=True)
    for place, (row, col) in enumerate(np.ndindex(f, f)):
        _, y = column.center(place, 0)
        card.text(column.right + 28, y, f"{row},{col}", SMALL, code=True)
    card.text(column.right + 84, rows.middle[1], "=", 36)
    result = windows.reshape(-1, f * f) @ weights
    answer = card.cells(
        column.right + 116, top, result, side, lambda row, column: tint(frames[row], 0.3)
    )
    card.arrow((answer.right + 14, rows.middle[1]), (answer.right + 62, rows.middle[1]))
    grid = card.cells(
        answer.right + 78,
        rows.middle[1] - side,
        result.reshape(2, 2),
        side,
        lambda row, column: tint(frames[2 * row + column], 0.3),
    )
    card.text(grid.middle[0], grid.y - 26, "Z", code=True)
    return card.figure


def tiles_at_every_place(image: np.ndarray, f: int) -> np.ndarray:
    """The windows of f x f at stride 1, shape (n_H, n_W, f, f)."""
    return np.lib.stride_tricks.sliding_window_view(image, (f, f))


def col2im() -> Figure:
    card = Card(1020, 430)
    side, f = 58, 2
    colors, frames = [tint(SKY, 0.55), tint(ORANGE, 0.55)], [BLUE, VERMILLION]
    n_W = len(ADDED_COLUMNS)
    parts = np.zeros((n_W, f, n_W + f - 1), dtype=int)
    for w, numbers in enumerate(ADDED_COLUMNS):
        parts[w, :, w : w + f] = numbers.reshape(f, f)
    rows = card.cells(40, 157, ADDED_COLUMNS, side, lambda row, column: colors[row])
    card.text(rows.middle[0], rows.y - 26, "columns", code=True)
    tops, left = (56, 256), 420
    for w, top in enumerate(tops):
        words = np.full(parts[w].shape, "", dtype=object)
        words[:, w : w + f] = [[shown(v) for v in row] for row in parts[w, :, w : w + f]]
        grid = card.cells(
            left,
            top,
            words,
            side,
            lambda row, column, w=w: colors[w] if w <= column < w + f else WHITE,
        )
        card.outline(grid.part(0, w, f, f), frames[w])
        _, y = rows.center(w, 0)
        card.arrow((rows.right + 16, y), (left - 18, top + side))
    card.text(left + 1.5 * side, (tops[0] + 2 * side + tops[1]) / 2, "+", 36)
    total, overlap = parts.sum(axis=0), np.all(parts != 0, axis=0)
    both = tint(PURPLE, 0.75)
    result = card.cells(
        800,
        (tops[0] + tops[1]) / 2,
        total,
        side,
        lambda row, column: both if overlap[row, column] else colors[min(column, 1)],
    )
    card.text(result.middle[0], result.y - 26, "X", code=True)
    for top in tops:
        card.arrow((left + 3 * side + 20, top + side), (result.x - 22, result.middle[1]))
    column = int(np.flatnonzero(overlap.any(axis=0))[0])
    card.outline(result.part(0, column, f, 1), INK, 4)
    for row in range(f):
        one, other = parts[:, row, column]
        words = f"{shown(one)} + {shown(other)} = {shown(total[row, column])}"
        card.text(result.middle[0], result.bottom + 34 + 34 * row, words, SMALL + 2)
    return card.figure


def explorer_convolution() -> Figure:
    """What the first explorer of plots/explorers shows when it opens."""
    n, f, side, y = 6, 3, 40, 50
    row, column = np.indices((n, n))
    X, W = (row * row + 3 * column + row * column) % 10, np.sign(f - 1 - 2 * np.indices((f, f))[1])
    Z = (sliding_window_view(X, (f, f)) * W).sum(axis=(2, 3))
    card = Card(640, 300)
    grids = {}
    for x, name, values, colour in ((10, "A_prev", X, WHITE), (295, "W", W, tint(OUTPUT))):
        grids[name] = card.cells(x, y, values, side, colour, SMALL - 3)
    grids["Z"] = card.cells(465, y, Z, side, WHITE, SMALL - 3)
    for name, grid in grids.items():
        card.text(grid.x, y - 22, name, SMALL - 2, code=True, ha="left")
    card.outline(grids["A_prev"].part(0, 0, f, f), INPUT, 4)
    card.outline(grids["Z"].part(0, 0, 1, 1), VERMILLION, 4)
    return card.figure


def explorer_gradient() -> Figure:
    """What the second explorer of plots/explorers shows when it opens."""
    n, f, side, y = 5, 2, 40, 50
    W = np.array([[1, -2], [2, 1]])
    row, column = np.indices((n - f + 1, n - f + 1))
    dZ = np.array([1, 3, -2, 2, -1])[(2 * row + 3 * column) % 5]
    dA = np.zeros((n, n), dtype=int)
    for h, w in np.ndindex(dZ.shape):
        dA[h : h + f, w : w + f] += W * dZ[h, w]
    card = Card(560, 265)
    grids = {"dA_prev": card.cells(10, y, dA, side, WHITE, SMALL - 3)}
    grids["W"] = card.cells(255, y, W, side, tint(OUTPUT), SMALL - 3)
    grids["dZ"] = card.cells(380, y, dZ, side, WHITE, SMALL - 3)
    for name, grid in grids.items():
        card.text(grid.x, y - 22, name, SMALL - 2, code=True, ha="left")
    card.outline(grids["dA_prev"].part(2, 2, 1, 1), VERMILLION, 4)
    card.outline(grids["dZ"].part(1, 1, f, f), INPUT, 4)
    for u, v in np.ndindex(W.shape):
        # The chosen input lies under W[u, v] where a window begins u rows and v columns before it.
        x, y = grids["dZ"].center(2 - u, 2 - v)
        card.text(x, y + side / 2 - 6, f"×{shown(W[u, v])}", SMALL - 9)
    return card.figure


PICTURES: dict[str, Callable[[], Figure]] = {
    "padding.png": padding,
    "convolution_step.png": convolution_step,
    "window_corners.png": window_corners,
    "volume_to_volume.png": volume_to_volume,
    "max_pooling.png": max_pooling,
    "average_pooling.png": average_pooling,
    "model.png": model,
    "gradient_flow.png": gradient_flow,
    "max_pooling_backward.png": max_pooling_backward,
    "average_pooling_backward.png": average_pooling_backward,
    "receptive_field.png": receptive_field,
    "notation.png": notation,
    "im2col.png": im2col,
    "col2im.png": col2im,
}

# Pictures with words, by language and name: they lie in a folder that is called as the language.
TRANSLATED: dict[str, dict[str, Callable[[], Figure]]] = {
    "zh": {
        "model.png": partial(model, "zh"),
        "receptive_field.png": partial(receptive_field, "zh"),
    },
}


# The still pictures of the explorers, which lie beside their scripts.
EXPLORERS: dict[str, Callable[[], Figure]] = {
    "convolution.png": explorer_convolution,
    "gradient.png": explorer_gradient,
}


# --- files ----------------------------------------------------------------------------------------


def figure(name: str, language: str = "en") -> Figure:
    """The figure of one picture; the user's matplotlib settings do not matter."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        return (PICTURES | EXPLORERS | TRANSLATED.get(language, {}))[name]()


def pixels(figure: Figure) -> Image.Image:
    """What the figure looks like, as an RGB image."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        # Unhinted letters differ least between versions of matplotlib.
        matplotlib.rcParams["text.hinting"] = "none"
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def with_palette(image: Image.Image) -> Image.Image:
    """The image with its most frequent colours for a palette, so that plain areas stay exact."""
    frame = np.asarray(image).astype(np.int32)
    packed = frame[..., 0] << 16 | frame[..., 1] << 8 | frame[..., 2]  # sorts much faster
    codes, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    kept = colors[np.argsort(-counts, kind="stable")[:COLOURS]]
    distances = np.square(colors[:, None] - kept[None]).sum(axis=2)
    indices = distances.argmin(axis=1).astype(np.uint8)[inverse].reshape(packed.shape)
    result = Image.fromarray(indices)
    result.putpalette(kept.astype(np.uint8).tobytes())  # turns the indices into colours
    return result


def draw(name: str, folder: Path, language: str = "en") -> Path:
    """Draw one picture into the folder; its bytes depend on the code and the libraries alone."""
    path = Path(folder) / name
    # The image is a new one and carries no metadata: no program name, no date.
    with_palette(pixels(figure(name, language))).save(path, optimize=True)
    return path


def draw_all(folder: Path) -> list[Path]:
    """Draw every picture into the folder, which must exist, and return their paths."""
    paths = [draw(name, folder) for name in PICTURES]
    for language, names in TRANSLATED.items():
        (Path(folder) / language).mkdir(exist_ok=True)
        paths += [draw(name, Path(folder) / language, language) for name in names]
    return paths


def draw_explorers(folder: Path) -> list[Path]:
    """Draw the stills of the explorers into their folder, and return their paths."""
    return [draw(name, folder) for name in EXPLORERS]


def main() -> None:
    here = Path(__file__).resolve().parent
    for path in (*draw_all(here), *draw_explorers(here.parent / "plots" / "explorers")):
        print(f"{path.stat().st_size / 1000:6.1f} kB  {path.name}")


if __name__ == "__main__":
    main()
