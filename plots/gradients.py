"""Pictures of derivatives: softmax, the kink of a ReLU, a fully connected layer, step sizes.

They draw what the learner's functions returned. The labels are symbols, the same in every language.
"""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from checks.text import Text
from plots import kit
from plots.kit import BLUE, GREEN, INK, ORANGE, VERMILION

COLOURS = (BLUE, VERMILION, GREEN)
LINE_STYLES = ("-", "--", "-.")
FONT_SIZE = 9

TEXTS: Mapping[str, Text] = {
    "softmax": Text(
        "Three classes; the first (k = 0, solid blue) is the wanted one. Left: its logit grows, "
        "and its probability goes from {low:.2f} to {high:.2f}. Middle: m times the gradient is "
        "the probability, less 1 for the wanted class; it fades as the probability comes close to "
        "1, and the three curves add up to 0. Right: all logits are multiplied by the same factor; "
        "at 0 every class gets a third, and the larger the factor, the more the largest logit "
        "takes.",
        "三个类别，第一个（k = 0，蓝色实线）是正确类别。左：它的 logit 增大，概率从 {low:.2f} "
        "升到 {high:.2f}。中：m 乘以梯度等于概率，正确类别再减 1；概率接近 1 时，梯度趋于 0，"
        "三条曲线之和总是 0。右：全部 logits 乘以同一个倍数；倍数为 0 时三类各占三分之一，"
        "倍数越大，最大的 logit 占得越多。",
    ),
    "kink": Text(
        "Left: the ReLU near 0, and the chord that a step of {step:g} to both sides of {place:g} "
        "draws: it reaches over the kink, so its slope is {slope:.2f}, and not 1. "
        "Right: the slope by the formula (black, a jump at 0) and as it is measured with h = "
        "{step:g} (orange): a ramp from −h to h, and 0.5 at the kink itself.",
        "左：0 附近的 ReLU，以及在 {place:g} 处向两边各走 {step:g} 得到的弦：它跨过了折点，"
        "所以斜率是 {slope:.2f}，而不是 1。右：公式给出的斜率（黑色，在 0 处跳变）"
        "与用 h = {step:g} 测出的斜率（橙色）：从 −h 到 h 是一段斜坡，恰好在折点上是 0.5。",
    ),
    "dense": Text(
        "The three gradients of a fully connected layer. Above: row {row} of the transposed A_prev "
        "times column {column} of dZ gives the framed number of dW, {dW:g}. Middle: row {row} of "
        "dZ times column {column} of the transposed W gives the framed number of dA_prev, "
        "{dA_prev:g}. Below: column {column} of dZ adds up to db, {db:g}.",
        "全连接层的三个梯度。上：转置后的 A_prev 的第 {row} 行乘以 dZ 的第 {column} 列，得到 dW "
        "中框出的数 {dW:g}。中：dZ 的第 {row} 行乘以转置后的 W 的第 {column} 列，得到 dA_prev "
        "中框出的数 {dA_prev:g}。下：dZ 的第 {column} 列加起来是 db 中的 {db:g}。",
    ),
    "step_sizes": Text(
        "The relative error of the measured gradient for each h, both on logarithmic scales. From "
        "the right it falls as h² (dashed), as the remainder does, and is smallest at h = "
        "{best:.0e}; farther left it rises again as ε/h (dotted), because rounding takes over.",
        "不同的 h 对应的相对误差，两个轴都是对数坐标。从右往左，误差先按 h² 下降（虚线），"
        "与余项一致；在 h = {best:.0e} 处最小；"
        "再往左，舍入误差占了上风，误差又按 ε/h 上升（点线）。",
    ),
}


def _text(kind: str, **values: object) -> str:
    return kit.say(TEXTS[kind], **values)


def _lines(axes: Axes, places: np.ndarray, curves: np.ndarray, label: str, below: str) -> None:
    """Draw the columns of `curves` (n, classes) over `places` (n,)."""
    for k, (column, colour, style) in enumerate(zip(curves.T, COLOURS, LINE_STYLES, strict=False)):
        axes.plot(places, column, color=colour, linestyle=style, linewidth=2, label=f"$k = {k}$")
    axes.axhline(0, color="#bbbbbb", linewidth=0.8)
    axes.set_title(label, fontsize=FONT_SIZE + 1)
    axes.set_xlabel(below, fontsize=FONT_SIZE)
    kit.plain(axes, FONT_SIZE)


@kit.drawing
def softmax(
    moved: np.ndarray, P: np.ndarray, dZ: np.ndarray, factors: np.ndarray, P_scaled: np.ndarray
) -> None:
    """Draw probabilities (n, 3) and gradients (n, 3) over the first logit, and over a factor."""
    P, dZ, P_scaled = (
        kit.array(value, name, 2) for value, name in ((P, "P"), (dZ, "dZ"), (P_scaled, "P"))
    )
    figure = kit.figure(8.4, 2.6)
    axes = figure.subplots(1, 3)
    _lines(axes[0], moved, P, "$P_k$", "$Z_0$")
    _lines(axes[1], moved, dZ, "$m \\cdot dZ_k$", "$Z_0$")
    _lines(axes[2], factors, P_scaled, "$P_k$", "$c$   ($c \\cdot Z$)")
    axes[2].legend(fontsize=FONT_SIZE, frameon=False)
    caption = _text("softmax", low=float(P[0, 0]), high=float(P[-1, 0]))
    kit.show_captioned(figure, caption)


@kit.drawing
def kink(
    Z: np.ndarray, A: np.ndarray, dZ: np.ndarray, measured: np.ndarray, place: int, h: float
) -> None:
    """Draw a ReLU `A` over `Z` (n,), the chord at Z[place], and both slopes, (n,) each."""
    A, dZ, measured = (
        kit.array(value, name, 1) for value, name in ((A, "A"), (dZ, "dZ"), (measured, "numeric"))
    )
    figure = kit.figure(7.0, 2.6)
    left, right = figure.subplots(1, 2)
    ends = Z[place] + np.array([-h, h])
    heights = np.interp(ends, Z, A)
    left.plot(Z, A, color=INK, linewidth=2)
    left.plot(ends, heights, color=ORANGE, marker="o", linewidth=2)
    left.plot(Z[place], A[place], color=INK, marker="x", markersize=8)
    left.set_title("$A = \\max(Z, 0)$", fontsize=FONT_SIZE + 1)
    right.plot(Z, dZ, color=INK, linewidth=2, drawstyle="steps-pre")
    right.plot(Z, measured, color=ORANGE, linestyle="--", linewidth=2)
    right.set_title("$dA/dZ$", fontsize=FONT_SIZE + 1)
    for axes in (left, right):
        axes.set_xlabel("$Z$", fontsize=FONT_SIZE)
        kit.plain(axes, FONT_SIZE)
    slope = float(np.diff(heights)[0] / (2 * h))
    kit.show_captioned(figure, _text("kink", step=h, place=float(Z[place]), slope=slope))


_SIGN = {"ha": "center", "va": "center", "fontsize": 14}


def _product(row: np.ndarray, grids: list[tuple[str, np.ndarray]], signs: str) -> None:
    """Draw grids of numbers in a row of axes, with a sign between each two."""
    limit = 1.5 * max(kit.reach(values) for _, values in grids)
    for axes, (name, values) in zip(row[::2], grids, strict=True):
        kit.numbers(axes, values, name, FONT_SIZE).show(values, limit)
        axes.set_anchor("C")
    for axes, sign in zip(row[1::2], signs, strict=True):
        axes.set_axis_off()
        axes.text(0.5, 0.5, sign, transform=axes.transAxes, **_SIGN)


def _frame(axes: Axes, row: int, column: int, n_H: int = 1, n_W: int = 1) -> None:
    kit.outline(axes, row, column, n_H, n_W, edgecolor=VERMILION, linewidth=2.5, zorder=5)


@kit.drawing
def dense_gradients(
    A_prev: np.ndarray, W: np.ndarray, dZ: np.ndarray, gradients: tuple[np.ndarray, ...]
) -> None:
    """Draw dA_prev, dW and db as products of small grids, with one number of each framed."""
    if not (isinstance(gradients, tuple) and len(gradients) == 3):
        gradients = (gradients, None, None)
    dA_prev, dW, db = (
        kit.array(value, name, 2)
        for value, name in zip(gradients, ("dA_prev", "dW", "db"), strict=True)
    )
    figure = kit.figure(6.6, 4.6)
    axes = figure.subplots(3, 5, width_ratios=(3, 0.5, 3, 0.5, 3))
    transposed = "$(A^{\\mathrm{prev}})^\\top$", A_prev.T
    _product(axes[0], [transposed, ("$dZ$", dZ), ("$dW$", dW)], "@=")
    _product(
        axes[1],
        [("$dZ$", dZ), ("$W^\\top$", W.T), ("$dA^{\\mathrm{prev}}$", dA_prev)],
        "@=",
    )
    _product(axes[2], [("$1$", np.ones((1, len(dZ)))), ("$dZ$", dZ), ("$db$", db)], "@=")
    row, column = 1, 0
    for line, (first, second) in enumerate(((A_prev.T, dZ), (dZ, W.T))):
        _frame(axes[line, 0], row, 0, n_W=first.shape[1])
        _frame(axes[line, 2], 0, column, n_H=second.shape[0])
        _frame(axes[line, 4], row, column)
    _frame(axes[2, 0], 0, 0, n_W=len(dZ))
    _frame(axes[2, 2], 0, column, n_H=len(dZ))
    _frame(axes[2, 4], 0, column)
    numbers = {"dW": dW[row, column], "dA_prev": dA_prev[row, column], "db": db[0, column]}
    kit.show_captioned(figure, _text("dense", row=row, column=column, **numbers))


def step_sizes(errors: Mapping[float, float]) -> None:
    """Draw the error of a measured gradient over h, beside h² and the rounding error ε/h."""
    sizes = np.array(list(errors))
    values = np.maximum(list(errors.values()), np.finfo(float).tiny)
    figure = kit.figure(6.0, 3.0)
    axes = figure.subplots()
    epsilon = np.finfo(float).eps
    axes.plot(sizes, sizes**2 / 6, color=BLUE, linestyle="--", linewidth=1.5, label="$h^2/6$")
    axes.plot(sizes, epsilon / sizes, color=GREEN, linestyle=":", linewidth=2, label="$ε/h$")
    axes.plot(sizes, values, color=INK, marker="o", linewidth=1.5, label=kit.word("error"))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(values.min() / 30, 3)
    axes.set_xlabel("$h$", fontsize=FONT_SIZE)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.legend(fontsize=FONT_SIZE, frameon=False)
    kit.plain(axes, FONT_SIZE)
    kit.show_captioned(figure, _text("step_sizes", best=float(sizes[np.argmin(values)])))
