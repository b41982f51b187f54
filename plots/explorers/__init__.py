"""Two explorers for the notebook: the window of a convolution, and the path of a gradient.

They are plain JavaScript and SVG in a cell's own output, so they work offline in JupyterLab,
Notebook 7, VS Code and static HTML. They do without ipywidgets and anywidget, which show nothing in
static HTML and need an extension or a CDN. Where no script runs (GitHub, a
notebook that is not trusted, print) the still picture stays.
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

import public_tests
from checks.text import ENGLISH, Text, html_tag
from plots import kit

FOLDER = Path(__file__).parent


def _own(function: str, result: str) -> dict[str, Text]:
    """Return what an explorer says of the numbers that the learner's function makes."""
    return {
        "own_same": Text(
            f"Your {function} gives the same {{count}} numbers for the first setting.",
            f"在最初的设置下，你的 {function} 算出了同样的 {{count}} 个数。",
        ),
        "own_differs": Text(
            f"For the first setting your {function} gives {result}[{{i}}, {{j}}] = {{got}}, "
            "here it is {wanted}.",
            f"在最初的设置下，你的 {function} 算出 {result}[{{i}}, {{j}}] = {{got}}，"
            "这里是 {wanted}。",
        ),
        "own_shape": Text(
            f"For the first setting your {function} gives {{got}} numbers, "
            "here they are {wanted}.",
            f"在最初的设置下，你的 {function} 算出 {{got}} 个数，这里是 {{wanted}} 个。",
        ),
    }


CONVOLUTION = {
    "title": Text("Explore: the window of a convolution", "动手探索：卷积的窗口"),
    "alt": Text(
        "A picture of 6 × 6 numbers, a filter of 3 × 3, and the 4 × 4 outputs. The window of the "
        "first output is outlined: its nine numbers times the filter's add up to that output.",
        "6 × 6 的输入、3 × 3 的滤波器和 4 × 4 的输出。图中框出了第一个输出对应的窗口："
        "窗口里的九个数与滤波器的九个权重逐元素相乘，再相加，就得到这个输出。",
    ),
    "n": Text("input n", "输入 n"),
    "f": Text("filter f", "滤波器 f"),
    "s": Text("stride", "步幅 stride"),
    "p": Text("pad", "填充 pad"),
    "d": Text("dilation", "空洞率 dilation"),
    "input": Text("input", "输入"),
    "input_padded": Text("padded input", "填充后的输入"),
    "filter": Text("filter W", "滤波器 W"),
    "output": Text("output Z: choose a number", "输出 Z：选一个数"),
    "formula": Text(
        "n_out = ⌊(n + 2·pad − f) / stride⌋ + 1 = ⌊({n} + 2·{p} − {f}) / {s}⌋ + 1 = {out}",
        "n_out = ⌊(n + 2·pad − f) / stride⌋ + 1 = ⌊({n} + 2·{p} − {f}) / {s}⌋ + 1 = {out}",
    ),
    "formula_dilated": Text(
        "The dilated filter spans (f − 1)·dilation + 1 = {span} pixels, so "
        "n_out = ⌊({n} + 2·{p} − {span}) / {s}⌋ + 1 = {out}",
        "加了空洞的滤波器跨越 (f − 1)·dilation + 1 = {span} 个像素，因此 "
        "n_out = ⌊({n} + 2·{p} − {span}) / {s}⌋ + 1 = {out}",
    ),
    "sum": Text(
        "Z[{h}, {w}] = {parts} = {value}. Its window: rows {top} to {bottom}, "
        "columns {first} to {last}.",
        "Z[{h}, {w}] = {parts} = {value}。对应的窗口：第 {top} 到 {bottom} 行，"
        "第 {first} 到 {last} 列。",
    ),
    "too_large": Text(
        "The window spans {span} pixels and the padded input only {N}: there is no output.",
        "窗口跨越 {span} 个像素，而填充后的输入只有 {N} 个：没有输出。",
    ),
    "left": Text(
        "Crossed out: the last {left} of the rows and of the columns, which no window reaches.",
        "行和列各有最后 {left} 个被划去：没有窗口能到达那里。",
    ),
    "nothing_left": Text(
        "Nothing is left over at the border: the last window ends at the last pixel.",
        "边缘没有剩余：最后一个窗口正好到达最后一个像素。",
    ),
    **_own("conv_forward", "Z"),
}

GRADIENT = {
    "title": Text("Explore: the way of the gradient", "动手探索：梯度的去向"),
    "alt": Text(
        "On the left the gradient of a 5 × 5 input, on the right the 4 × 4 gradients of the "
        "outputs. One input is chosen; the four outputs that it takes part in are outlined, with "
        "their factors 1, 2, −2 and 1.",
        "左边是 5 × 5 输入的梯度，右边是 4 × 4 个输出的梯度。选中了一个输入，"
        "图中框出了它参与的四个输出，系数依次是 1、2、−2、1。",
    ),
    "layer": Text("layer", "层"),
    "conv": Text("convolution", "卷积"),
    "max": Text("max pooling", "最大池化"),
    "average": Text("average pooling", "平均池化"),
    "s": Text("stride", "步幅"),
    "how": Text(
        "Choose a number on the left: the outputs that its pixel takes part in are outlined, each "
        "with its factor below the number. Choose one on the right: its stamp appears.",
        "在左边选一个数，就会框出这个像素参与的输出，并标出系数；"
        "在右边选一个数，就会显示它盖下的印章。",
    ),
    "filter": Text("filter W", "滤波器 W"),
    "forward": Text("input A_prev", "输入 A_prev"),
    "all": Text("dA_prev: all stamps added up", "dA_prev：所有印章相加"),
    "stamp": Text(
        "dA_prev: the stamp of {back}[{i}, {j}] alone", "dA_prev：只有 {back}[{i}, {j}] 的印章"
    ),
    "gradient": Text("{back}, the gradient that arrives", "{back}，传来的梯度"),
    "input_sum": Text(
        "Pixel [{i}, {j}] takes part in {count} of the outputs: "
        "dA_prev[{i}, {j}] = {text} = {value}.",
        "像素 [{i}, {j}] 参与了 {count} 个输出：dA_prev[{i}, {j}] = {text} = {value}。",
    ),
    "input_none": Text(
        "Pixel [{i}, {j}] changes no output, so dA_prev[{i}, {j}] = 0.",
        "像素 [{i}, {j}] 不影响任何输出，因此 dA_prev[{i}, {j}] = 0。",
    ),
    "stamp_conv": Text(
        "{back}[{i}, {j}] = {value} stamps W · {value} onto the window that Z[{i}, {j}] came from.",
        "{back}[{i}, {j}] = {value}：在 Z[{i}, {j}] 对应的窗口上盖下 W · {value}。",
    ),
    "stamp_max": Text(
        "{back}[{i}, {j}] = {value} goes entirely to the largest pixel of its window.",
        "{back}[{i}, {j}] = {value} 全部传给窗口中最大的那个像素。",
    ),
    "stamp_average": Text(
        "{back}[{i}, {j}] = {value} is shared evenly by the {f} · {f} pixels of its window.",
        "{back}[{i}, {j}] = {value} 由窗口中的 {f} · {f} 个像素平分。",
    ),
    **_own("conv_backward", "dA_prev"),
}

STILLS = {"convolution.png": CONVOLUTION["alt"], "gradient.png": GRADIENT["alt"]}
"""The still pictures in this folder, and what they show; the notebook's text has them, too."""

FIRST_CASE = {"n": 6, "f": 3, "s": 1, "p": 0}
"""The setting with which the first explorer opens."""
FIRST_GRADIENT = {"n": 5, "f": 2, "s": 1, "p": 0}
"""The setting with which the second explorer opens."""


def explore_convolution(conv_forward: Callable[..., Any] | None = None) -> None:
    """Show the explorer of the convolution layer; compare it with the learner's `conv_forward`."""
    kit.show(convolution_page(_language(), conv_forward), kit.say(CONVOLUTION["alt"]))


def explore_gradient(conv_backward: Callable[..., Any] | None = None) -> None:
    """Show the explorer of the gradient's flow; compare it with the learner's `conv_backward`."""
    kit.show(gradient_page(_language(), conv_backward), kit.say(GRADIENT["alt"]))


def _language() -> str:
    return getattr(public_tests, "LANGUAGE", ENGLISH)


def convolution_page(language: str, conv_forward: Callable[..., Any] | None = None) -> str:
    """Return the explorer of the convolution layer as HTML.

    `conv_forward`, where a learner has written it, is called for the first setting; the page says
    whether it agrees.
    """
    X, W = first_input()
    own = conv_forward and _made(conv_forward, *_layer(X, W, FIRST_CASE))
    return _page("convolution", CONVOLUTION, language, {"own": own})


def gradient_page(language: str, conv_backward: Callable[..., Any] | None = None) -> str:
    """Return the explorer of the gradient's flow as HTML; `conv_backward` is compared as above."""
    A_prev, W, dZ = first_gradient()
    cache = _layer(A_prev, W, FIRST_GRADIENT)
    own = conv_backward and _made(conv_backward, dZ[np.newaxis, :, :, np.newaxis], cache)
    return _page("gradient", GRADIENT, language, {"own": own})


def first_input() -> tuple[np.ndarray, np.ndarray]:
    """Return the input (n, n) and the filter (f, f) with which the first explorer opens."""
    n, f = FIRST_CASE["n"], FIRST_CASE["f"]
    row, column = np.indices((n, n))
    X = (row * row + 3 * column + row * column) % 10
    W = np.sign(f - 1 - 2 * np.indices((f, f))[1])
    return X.astype(float), W.astype(float)


def first_gradient() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return A_prev (n, n), W (f, f) and dZ with which the second explorer opens."""
    n, f = FIRST_GRADIENT["n"], FIRST_GRADIENT["f"]
    row, column = np.indices((n, n))
    A_prev = ((6 * row + column) * 23 + 5) % 37
    W = np.array([[1, -2], [2, 1]])
    row, column = np.indices((n - f + 1, n - f + 1))
    dZ = np.array([1, 3, -2, 2, -1])[(2 * row + 3 * column) % 5]
    return A_prev.astype(float), W.astype(float), dZ.astype(float)


def _layer(
    picture: np.ndarray, W: np.ndarray, case: Mapping[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, int]]:
    """Return what conv_forward takes and remembers, for one example and one channel."""
    hparameters = {"stride": case["s"], "pad": case["p"]}
    return (
        picture[np.newaxis, :, :, np.newaxis],
        W[:, :, np.newaxis, np.newaxis],
        np.zeros((1, 1, 1, 1)),
        hparameters,
    )


def _made(function: Callable[..., Any], *arguments: object) -> list[list[float | None]] | None:
    """Return what the learner's function makes first; None where it makes nothing to compare.

    NaN and infinity are None in the list: JSON has no word for them.
    """
    try:
        made = np.asarray(function(*arguments)[0], dtype=float)[0, :, :, 0]
    except Exception:
        # The check below the exercise says what is wrong; here there is nothing to compare.
        return None
    if made.size > 400:
        return None
    return [[float(z) if np.isfinite(z) else None for z in row] for row in made]


def _page(kind: str, texts: Mapping[str, Text], language: str, data: Mapping[str, Any]) -> str:
    said = {key: text.in_(language) for key, text in texts.items()}
    # Two outputs of one page may be of the same cell, run twice.
    name = f"explorer-{secrets.token_hex(4)}"
    picture = base64.b64encode((FOLDER / f"{kind}.png").read_bytes()).decode()
    script = "\n".join((FOLDER / f"{part}.js").read_text("utf-8") for part in ("kit", kind))
    # "</" would end the script.
    values = json.dumps({**data, "texts": said}, ensure_ascii=False).replace("</", "<\\/")
    return (
        f"<style>{(FOLDER / 'style.css').read_text('utf-8')}</style>"
        f'<div class="explorer" id="{name}" lang="{html_tag(language)}">'
        f'<p class="title">{escape(said["title"])}</p>'
        f'<img src="data:image/png;base64,{picture}" alt="{escape(said["alt"])}"></div>'
        f'<script>(() => {{\n{script}\nstart("{name}", body => {kind}(body, {values}));\n}})();'
        "</script>"
    )
