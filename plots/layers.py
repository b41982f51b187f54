"""The first notebook's plots: padding, windows, feature maps and gradients.

The functions draw what they are given and compute nothing that the exercises ask for.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from checks.text import COLON, COMMA, Text, joined
from plots import kit, player
from plots.kit import BLUE, FONT_SIZE, GREEN, INK, ORANGE, PINK, VERMILION

WINDOW_COLOURS = (BLUE, VERMILION, GREEN, PINK)
# An animation of more steps would make the notebook large and slow.
MOST_FRAMES = 16

TEXTS: Mapping[str, Text] = {
    "edges": Text(
        "Left: the picture, {before}. Right: the differences of its neighbours, {after}. Purple is "
        "negative, white is zero, orange is positive.",
        "左：原图，{before}。右：相邻的数之差，{after}。紫色为负，白色为零，橙色为正。",
    ),
    "padding": Text(
        "Left: the picture X, {before}. Right: X_pad, {after}; an orange frame marks where the "
        "picture belongs, with the padding around it.",
        "左：原图 X，大小 {before}。右：填充后的 X_pad，大小 {after}；"
        "橙色方框标出原图应在的位置，框外是填充。",
    ),
    "parameter_counts": Text(
        "Bar chart of parameter counts on a logarithmic scale: {numbers}.",
        "参数个数条形图（对数坐标）：{numbers}。",
    ),
    "windows": Text(
        "A grid of {grid} cells, padding included, with {count} windows of {f} x {f} cells, "
        "stride {stride}. The upper left corner of each window shows its output position (h, w).",
        "{grid} 的网格（含填充），上面有 {count} 个 {f} × {f} 的窗口，步幅 {stride}；"
        "每个窗口的左上角写着它对应的输出位置 (h, w)。",
    ),
    "filter_moving": Text(
        "Animation in {frames} steps: the window moves over A_prev; each step shows the "
        "window times W, and Z filled in up to there.",
        "动画，共 {frames} 步：窗口在 A_prev 上移动；每一步显示窗口与 W 的逐元素乘积，"
        "以及填到这一步为止的 Z。",
    ),
    "feature_maps": Text(
        "The picture and what conv_forward made of it with each filter: {names}. Purple is "
        "negative, white is zero, orange is positive.",
        "原图，以及 conv_forward 用各个滤波器得到的特征图：{names}。紫色为负，白色为零，橙色为正。",
    ),
    "pooled": Text(
        "Left: the picture, {before}. Middle: after max pooling, {after}. Right: after "
        "average pooling, the same size.",
        "左：原图，{before}。中：最大池化之后，{after}。右：平均池化之后，大小相同。",
    ),
    "conv_gradients": Text(
        "Four grids: W, dZ, and what conv_backward made of them: dA_prev of {after} and dW.",
        "四个网格：W、dZ，以及 conv_backward 由它们得到的 dA_prev（{after}）和 dW。",
    ),
    "coverage": Text(
        "A grid of {after} numbers: how much of the gradient each pixel receives when every "
        "entry of dZ and of W is 1.",
        "{after} 的数字网格：当 dZ 和 W 的元素全为 1 时，每个像素收到的梯度。",
    ),
    "mask": Text(
        "Left: the window x. Right: the mask, orange where it is True.",
        "左：窗口 x。右：掩码，橙色处为 True。",
    ),
    "pool_gradients": Text(
        "Four grids: A_prev, dA, and dA_prev as pool_backward computes it, once for max and "
        "once for average pooling.",
        "四个网格：A_prev、dA，以及 pool_backward 分别在最大池化和平均池化下得到的 dA_prev。",
    ),
    "learned_filter": Text(
        "Left: the loss over {steps} steps, on a logarithmic scale, from {first} to {last}. "
        "Middle: the filter that was learned. Right: the filter that made the target.",
        "左：{steps} 步中的损失（对数坐标），从 {first} 到 {last}。"
        "中：学出来的滤波器。右：产生目标的滤波器。",
    ),
    "influence": Text(
        "Left: the picture, the area around the chosen place outlined. Right: the gradient "
        "of the chosen number with respect to the pixels of that area.",
        "左：原图，框出所选位置附近的区域。右：所选的那个数对该区域各像素的梯度。",
    ),
}
_SIZE = kit.WORDS["{n_H} x {n_W}"]
_OUTPUT = kit.WORDS["{settings}: Z is {size}"]
_BETWEEN = Text("; ", "；")
_MAP = Text("Z[..., {channel}]: {name}", "Z[..., {channel}]：{name}")


def _show(drawn: Figure, kind: str, **values: object) -> None:
    alt = kit.say(TEXTS[kind], **values)
    kit.show(kit.image(drawn, alt), alt)


def _panels(
    width: float, height: float, columns: int, **options: object
) -> tuple[Figure, list[Axes]]:
    figure = kit.figure(width, height)
    return figure, list(figure.subplots(1, columns, squeeze=False, **options)[0])


def _size(picture: np.ndarray) -> Text:
    return _SIZE.format(n_H=picture.shape[0], n_W=picture.shape[1])


# Pictures to feed to the layers


def house(n_H: int = 48, n_W: int = 64) -> np.ndarray:
    """Return a drawn scene, shape (n_H, n_W), values in [0, 1]: a house, a tree and the sun."""
    row, column = np.mgrid[0 : 1 : n_H * 1j, 0 : 1 : n_W * 1j]
    scene = 0.75 - 0.15 * row
    scene[row > 0.82] = 0.35
    scene[(row - 0.18) ** 2 + 0.8 * (column - 0.82) ** 2 < 0.01] = 1.0
    scene[(row > 0.45) & (row < 0.9) & (abs(column - 0.38) < 0.2)] = 0.9
    scene[(row > 0.2) & (row < 0.45) & (abs(column - 0.38) < row - 0.2)] = 0.15
    scene[(row > 0.62) & (row < 0.9) & (abs(column - 0.44) < 0.05)] = 0.2
    scene[(row > 0.54) & (row < 0.7) & (abs(column - 0.28) < 0.05)] = 0.4
    scene[(row > 0.6) & (row < 0.88) & (abs(column - 0.8) < 0.015)] = 0.1
    scene[(row - 0.52) ** 2 + 0.6 * (column - 0.8) ** 2 < 0.012] = 0.25
    return scene


def letter_t() -> np.ndarray:
    """Return the letter T on a grid of 6 × 6 pixels, ones on zeros."""
    letter = np.zeros((6, 6))
    letter[0:2, :] = 1.0
    letter[:, 2:4] = 1.0
    return letter


# Drawings


@kit.drawing
def edges(scene: np.ndarray, edges: np.ndarray) -> None:
    """Draw a picture and the differences of its neighbours, both 2-D."""
    before, after = kit.array(scene, "scene", 2), kit.array(edges, "edges", 2)
    figure, (left, right) = _panels(5.0, 2.2, 2)
    kit.picture(left, before, "scene")
    kit.picture(right, after, "edges", signed=True)
    _show(figure, "edges", before=_size(before), after=_size(after))


@kit.drawing
def padding(X: np.ndarray, X_pad: np.ndarray, pad: int) -> None:
    """Draw the first image of a batch before and after zero padding, arrays of shape NHWC."""
    before = kit.array(X, "X", 4)[0, :, :, 0]
    after = kit.array(X_pad, "X_pad", 4)[0, :, :, 0]
    figure, (left, right) = _panels(6.4, 2.8, 2)
    # One scale for both, or the same pixel would have two greys.
    shades = np.append(before, after)
    kit.picture(left, before, f"X.shape = {X.shape}", shades=shades)
    kit.picture(right, after, f"X_pad.shape = {X_pad.shape}", shades=shades)
    kit.outline(right, pad, pad, *before.shape, edgecolor=ORANGE, linewidth=2)
    _show(figure, "padding", before=_size(before), after=_size(after))


@kit.drawing
def parameter_counts(counts: Mapping[str, int]) -> None:
    """Draw how many parameters each kind of layer has; the axis is logarithmic."""
    figure, (axes,) = _panels(6.4, 0.6 + 0.4 * len(counts), 1)
    bars = axes.barh([*map(kit.word, counts)], list(counts.values()), color=BLUE)
    axes.bar_label(bars, [f"{count:,}" for count in counts.values()], padding=4, fontsize=FONT_SIZE)
    axes.set_xscale("log")
    axes.set_xlim(1, 100 * max(counts.values()))
    axes.invert_yaxis()
    kit.plain(axes, FONT_SIZE)
    numbers = [joined((kit.named(name), Text(f"{n:,}")), COLON) for name, n in counts.items()]
    _show(figure, "parameter_counts", numbers=joined(numbers, _BETWEEN))


@kit.drawing
def windows(n_H_prev: int, n_W_prev: int, f: int, stride: int, pad: int = 0) -> None:
    """Draw every window of size f that fits into the padded grid, labelled (h, w)."""
    height, width = n_H_prev + 2 * pad, n_W_prev + 2 * pad
    tops, lefts = range(0, height - f + 1, stride), range(0, width - f + 1, stride)
    figure, (axes,) = _panels(0.55 * width + 0.4, 0.55 * height + 0.6, 1)
    inside = np.full((height, width), 0.8)
    inside[pad : pad + n_H_prev, pad : pad + n_W_prev] = 1.0
    axes.imshow(inside, cmap="gray", vmin=0, vmax=1)
    kit.grid_lines(axes, height, width)
    size = _SIZE.format(n_H=len(tops), n_W=len(lefts))
    settings = f"f = {f}, stride = {stride}, pad = {pad}"
    kit.bare(axes, kit.inside(_OUTPUT, settings=settings, size=size))
    for h, top in enumerate(tops):
        for w, left in enumerate(lefts):
            # Neighbours differ in colour and inset, so that overlapping borders stay apart.
            kind = (h % 2) * 2 + w % 2
            inset = 0.05 + 0.06 * kind
            colour = WINDOW_COLOURS[kind]
            side = f - 2 * inset
            kit.outline(axes, top + inset, left + inset, side, side, edgecolor=colour, linewidth=2)
            axes.text(
                left, top, f"{h},{w}", ha="center", va="center", fontsize=FONT_SIZE, color=colour
            )
    grid, count = _SIZE.format(n_H=height, n_W=width), len(tops) * len(lefts)
    _show(figure, "windows", grid=grid, count=count, f=f, stride=stride)


@kit.drawing
def filter_moving(A_prev: np.ndarray, W: np.ndarray, Z: np.ndarray, stride: int = 1) -> None:
    """Animate how `W` moves over the first image and channel while the given `Z` appears.

    Arrays have the shapes of conv_forward, without padding.
    """
    image = kit.array(A_prev, "A_prev", 4)[0, :, :, 0]
    kernel = kit.array(W, "W", 4)[:, :, 0, 0]
    output = kit.array(Z, "Z", 4)[0, :, :, 0]
    f = len(kernel)
    places = [(h, w) for h, w in np.ndindex(output.shape) if _fits(h, w, f, stride, image)]
    count = min(len(places), MOST_FRAMES)
    steps = np.linspace(0, len(places) - 1, count).astype(int)
    figure = kit.figure(6.0, 2.7)
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.15)
    left, middle, right = figure.subplots(
        1, 3, width_ratios=[image.shape[1], f + 1, output.shape[1]]
    )
    # The text is larger than elsewhere, because narrow screens shrink the player.
    size = FONT_SIZE + 2
    kit.numbers(left, image, "A_prev", size)
    products = kit.numbers(middle, np.zeros(kernel.shape), "window * W", size)
    products_limit = kit.reach(image) * kit.reach(kernel)
    results = kit.numbers(right, output, "Z", size)
    frames = [kit.outline(left, 0, 0, f, f), kit.outline(right, 0, 0, 1, 1)]
    for frame in frames:
        # The text's colour, as the cells below are orange, purple or the card's; whole at the edge.
        frame.set(edgecolor=INK, linewidth=3, clip_on=False, zorder=3)
    figure.canvas.draw()
    # Laying the panels out once, not per frame, halves the time, and so does drawing each frame
    # once: FuncAnimation asks for what the player's writer then draws itself.
    figure.set_layout_engine("none")
    figure.canvas.draw_idle = lambda: None

    def draw(frame: int) -> None:
        step = steps[frame]
        h, w = places[step]
        top, start = h * stride, w * stride
        window = image[top : top + f, start : start + f]
        products.show(window * kernel, limit=products_limit)
        seen = np.full(output.shape, np.nan)
        for place in places[: step + 1]:
            seen[place] = output[place]
        results.show(seen)
        frames[0].set_xy((start - 0.5, top - 0.5))
        frames[1].set_xy((w - 0.5, h - 0.5))
        left.set_title(f"A_prev[{top}:{top + f}, {start}:{start + f}]", fontsize=size + 1)
        right.set_title(f"Z[{h}, {w}] = {kit.label(output[h, w])}", fontsize=size + 1)

    animation = FuncAnimation(figure, draw, frames=count, interval=600)
    alt = kit.say(TEXTS["filter_moving"], frames=count)
    kit.show(player.offline(animation.to_jshtml(default_mode="loop"), alt), alt)


def _fits(h: int, w: int, f: int, stride: int, image: np.ndarray) -> bool:
    return h * stride + f <= image.shape[0] and w * stride + f <= image.shape[1]


@kit.drawing
def feature_maps(picture: np.ndarray, Z: np.ndarray, names: Sequence[str]) -> None:
    """Draw a picture and one feature map per filter, `Z` of shape (1, n_H, n_W, len(names))."""
    maps = kit.array(Z, "Z", 4)[0]
    # A page is about 9 inches wide. On a wider figure the titles would shrink, not just the maps.
    width = min(2.3, 9.4 / (1 + len(names)))
    figure, axes = _panels(width * (1 + len(names)), 0.75 * width + 0.38, 1 + len(names))
    kit.picture(axes[0], picture, kit.word("picture"))
    for channel, name in enumerate(names[: maps.shape[2]]):
        title = kit.inside(_MAP, channel=channel, name=kit.named(name))
        kit.picture(axes[1 + channel], maps[:, :, channel], title, signed=True)
    _show(figure, "feature_maps", names=joined(map(kit.named, names), COMMA))


@kit.drawing
def pooled(A_prev: np.ndarray, A_max: np.ndarray, A_average: np.ndarray) -> None:
    """Draw the first image of a batch, and its max- and average-pooled versions."""
    before = kit.array(A_prev, "A_prev", 4)[0, :, :, 0]
    panels = {"max": kit.array(A_max, "A", 4), "average": kit.array(A_average, "A", 4)}
    figure, axes = _panels(7.2, 2.3, 3)
    kit.picture(axes[0], before, "A_prev")
    for panel, (mode, A) in zip(axes[1:], panels.items(), strict=True):
        kit.picture(panel, A[0, :, :, 0], f'mode="{mode}"')
    _show(figure, "pooled", before=_size(before), after=_size(A_max[0, :, :, 0]))


@kit.drawing
def conv_gradients(W: np.ndarray, dZ: np.ndarray, dA_prev: np.ndarray, dW: np.ndarray) -> None:
    """Draw the first image and channel of a convolution's gradients, with W and dZ beside them."""
    panels = {"W": W, "dZ": dZ, "dA_prev": dA_prev, "dW": dW}
    picked = {name: kit.array(panel, name, 4) for name, panel in panels.items()}
    flat = {
        name: panel[:, :, 0, 0] if name in ("W", "dW") else panel[0, :, :, 0]
        for name, panel in picked.items()
    }
    _grids(flat, "conv_gradients", after=_size(flat["dA_prev"]))


@kit.drawing
def coverage(dA_prev: np.ndarray) -> None:
    """Draw the first image and channel of a gradient as numbers."""
    values = kit.array(dA_prev, "dA_prev", 4)[0, :, :, 0]
    _grids({"dA_prev": values}, "coverage", after=_size(values))


@kit.drawing
def mask(x: np.ndarray, mask: np.ndarray) -> None:
    """Draw a window and the mask that belongs to it, both 2-D."""
    _grids({"x": kit.array(x, "x", 2), "mask": kit.array(mask, "mask", 2)}, "mask")


@kit.drawing
def pool_gradients(
    A_prev: np.ndarray, dA: np.ndarray, dA_prev_max: np.ndarray, dA_prev_average: np.ndarray
) -> None:
    """Draw the first image and channel of a pooling layer's gradients in both modes."""
    panels = {
        "A_prev": A_prev,
        "dA": dA,
        'dA_prev, "max"': dA_prev_max,
        'dA_prev, "average"': dA_prev_average,
    }
    flat = {name: kit.array(panel, name, 4)[0, :, :, 0] for name, panel in panels.items()}
    _grids(flat, "pool_gradients")


def _grids(panels: Mapping[str, np.ndarray], kind: str, **values: object) -> None:
    widths = [max(panel.shape[1], 2) for panel in panels.values()]
    tallest = max(panel.shape[0] for panel in panels.values())
    width = min(0.42 * sum(widths) + 0.7 * len(widths), 9.0)
    figure, axes = _panels(width, 0.42 * tallest + 0.5, len(panels), width_ratios=widths)
    for panel, (name, numbers) in zip(axes, panels.items(), strict=True):
        kit.numbers(panel, numbers, name)
    _show(figure, kind, **values)


@kit.drawing
def learned_filter(wanted: np.ndarray, learned: np.ndarray, losses: Sequence[float]) -> None:
    """Draw how the loss fell, the filter (f, f, 1, 1) that was learned, and the wanted one."""
    grids = {
        name: kit.array(W, name, 4)[:, :, 0, 0]
        for name, W in {"learned": learned, "target": wanted}.items()
    }
    drawn, (curve, *axes) = _panels(6.4, 2.4, 3, width_ratios=(1.6, 1, 1))
    curve.plot(losses, color=kit.BLUE, linewidth=2)
    curve.set_yscale("log")
    curve.set_xlabel(kit.word("step"), fontsize=kit.FONT_SIZE)
    curve.set_ylabel(kit.word("loss"), fontsize=kit.FONT_SIZE)
    kit.plain(curve, kit.FONT_SIZE)
    for axis, (name, values) in zip(axes, grids.items(), strict=True):
        kit.numbers(axis, np.round(values, 2), kit.word(name))
    ends = {"first": f"{losses[0]:.2g}", "last": f"{losses[-1]:.2g}"}
    _show(drawn, "learned_filter", steps=len(losses), **ends)


@kit.drawing
def influence(picture: np.ndarray, gradient: np.ndarray, row: int, column: int, size: int) -> None:
    """Outline a square of a picture and draw the gradient on it, shape (1, n_H, n_W, 1).

    The square has `size` pixels a side and its upper left corner at (row, column).
    """
    values = kit.array(gradient, "dA_prev", 4)[0, row : row + size, column : column + size, 0]
    figure, (left, right) = _panels(7.2, 3.0, 2)
    kit.picture(left, picture, kit.word("picture"))
    kit.outline(left, row, column, size, size, edgecolor=VERMILION, linewidth=2)
    kit.numbers(right, values, f"dA_prev[{row}:{row + size}, {column}:{column + size}]")
    _show(figure, "influence")
