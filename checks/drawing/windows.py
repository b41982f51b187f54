"""Where a function's windows really are, found by its results alone, and a picture of them.

The student's window is drawn over the right one on the picture that the checks use, with f, stride,
pad and the place in the output; of a gradient it is the stamp that one number of dZ leaves.
"""

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.model import Probe
from checks.text import Text

CELL = 26
EFFECT = 1e-9
"""What is smaller is rounding."""

RIGHT, OWN = "#0b5cad", "#c2410c"
"""Blue and orange: they differ for colour-blind readers too, and one is dashed."""

TEXTS = {
    "window": Text(
        "The window of output h = {h}, w = {w} (f = {f}, stride {stride}, pad {pad}):",
        "输出 h = {h}、w = {w} 对应的窗口（f = {f}，步幅 {stride}，填充 {pad}）：",
    ),
    "stamp": Text(
        "Where the gradient at h = {h}, w = {w} is added (f = {f}, stride {stride}, pad {pad}):",
        "h = {h}、w = {w} 处的梯度加到了哪里（f = {f}，步幅 {stride}，填充 {pad}）：",
    ),
    "right": Text(
        "right (solid line): rows {rows}, columns {columns}",
        "应为（实线）：第 {rows} 行，第 {columns} 列",
    ),
    "own": Text(
        "yours (dashed line): rows {rows}, columns {columns}",
        "你的（虚线）：第 {rows} 行，第 {columns} 列",
    ),
    "nothing": Text("yours: nothing", "你的：没有"),
    "padded": Text(
        "Rows and columns are counted in the padded image; the padding is hatched.",
        "行与列按填充后的图像计数，斜线部分是填充。",
    ),
}


@dataclass(frozen=True)
class Box:
    """Rows and columns of the padded image, the last ones included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Windows:
    """The first window that is not where it should be; `own` is None where there is none at all.

    `cells` are the pixels of the padded image that have an effect on it.
    """

    probe: Probe
    h: int
    w: int
    right: Box
    own: Box | None
    cells: tuple[tuple[int, int], ...]


def wrong_window(probe: Probe, output: Any) -> Windows | None:
    """Return the first window that `output`, the result for the probe, shows in a wrong place.

    None where no window is wrong, where the output does not show any, and where all are in their
    places but have lost what they share with others: then the last one has overwritten the others.
    """
    n_H, n_W = probe.outputs
    wanted = (probe.n_H, probe.n_W) if probe.stamps else (n_H, n_W)
    examples = (n_H * n_W if probe.stamps else probe.n_H * probe.n_W) + 1
    if not isinstance(output, np.ndarray) or output.ndim != 4:
        return None
    if output.shape[:3] != (examples, *wanted) or not np.isfinite(output).all():
        return None
    effects = (np.abs(output[:-1] - output[-1]) > EFFECT).any(axis=3)
    if not probe.stamps:
        # For each place of the output the pixels of the input, as for a gradient.
        effects = effects.reshape(probe.n_H, probe.n_W, n_H * n_W).transpose(2, 0, 1)
    if not effects.any() or _overwritten(probe, effects):
        return None
    wrong = [each for each in _compared(probe, effects) if each is not None]
    # A window that is somewhere shows more than one that is nowhere.
    return next((each for each in wrong if each.own), wrong[0] if wrong else None)


def _compared(probe: Probe, effects: np.ndarray) -> Iterator[Windows | None]:
    n_W = probe.outputs[1]
    for place, (seen, (right, expected)) in enumerate(zip(effects, _right(probe), strict=True)):
        h, w = divmod(place, n_W)
        if (seen == expected).all():
            yield None
            continue
        cells = tuple((int(r), int(c)) for r, c in np.argwhere(np.pad(seen, probe.pad)))
        yield Windows(probe, h, w, right, _box(probe, cells) if cells else None, cells)


def _right(probe: Probe) -> Iterator[tuple[Box, np.ndarray]]:
    """Yield for each output its window in the padded image, and its pixels in the image itself."""
    pad = probe.pad
    for h, w in np.ndindex(*probe.outputs):
        top, left = h * probe.stride, w * probe.stride
        padded = np.zeros((probe.n_H + 2 * pad, probe.n_W + 2 * pad), dtype=bool)
        padded[top : top + probe.f, left : left + probe.f] = True
        inside = padded[pad : pad + probe.n_H, pad : pad + probe.n_W]
        yield Box(top, top + probe.f - 1, left, left + probe.f - 1), inside


def _overwritten(probe: Probe, effects: np.ndarray) -> bool:
    """Say whether windows differ from the correct ones in pixels only that other windows hold."""
    expected = np.array([pixels for _, pixels in _right(probe)])
    return bool(((effects == expected) | (expected & (expected.sum(axis=0) > 1))).all())


def _box(probe: Probe, cells: tuple[tuple[int, int], ...]) -> Box:
    """Return the box around some pixels, and what of a whole window lies in the padding."""
    sides = []
    for axis, size in enumerate((probe.n_H, probe.n_W)):
        first, last = min(c[axis] for c in cells), max(c[axis] for c in cells)
        edge = size + 2 * probe.pad - 1
        if first == probe.pad and 0 <= last - probe.f + 1 < first:
            first = last - probe.f + 1
        elif last == edge - probe.pad and last < first + probe.f - 1 <= edge:
            last = first + probe.f - 1
        sides += [first, last]
    return Box(*sides)


def roles_of(windows: Windows) -> frozenset[str]:
    """Return the roles of the statements that put a window where it is (checks.lines.statements).

    Only what is seen inside the image counts; where more than one may be meant, there is none.
    """
    if windows.own is None:
        return frozenset()
    found = set()
    probe, right = windows.probe, windows.right
    sides = ((right.top, right.bottom, probe.n_H), (right.left, right.right, probe.n_W))
    for axis, (first, last, size) in enumerate(sides):
        seen = {cell[axis] for cell in windows.cells}
        inside = range(max(first, probe.pad), min(last, probe.pad + size - 1) + 1)
        starts, ends = min(seen) != inside[0], max(seen) != inside[-1]
        if starts and len(seen) == len(inside) == probe.f:
            found.add(f"start{axis}")
        elif starts:
            return frozenset()
        elif ends:
            found.add(f"end{axis}")
    return frozenset(found)


def windows_html(windows: Windows, language: str) -> str:
    """Return the picture of a wrong window with what it shows in words."""
    probe = windows.probe
    title = TEXTS["stamp" if probe.stamps else "window"].format(
        h=windows.h, w=windows.w, f=probe.f, stride=probe.stride, pad=probe.pad
    )
    lines = [(RIGHT, "", _said("right", windows.right))]
    own = TEXTS["nothing"] if windows.own is None else _said("own", windows.own)
    lines.append((OWN, "6 4", own))
    said = [title, *(text for _, _, text in lines)]
    alt = " ".join(text.in_(language) for text in said)
    picture = base64.b64encode(_svg(windows).encode()).decode()
    legend = "".join(
        f'<div><span style="display:inline-block;width:26px;margin-right:6px;'
        f"border-bottom:3px {'dashed' if dashes else 'solid'} {colour};"
        f'vertical-align:middle"></span>{html.escape(text.in_(language))}</div>'
        for colour, dashes, text in lines
    )
    note = TEXTS["padded"].in_(language) if probe.pad else ""
    return (
        f'<p style="margin:8px 0 2px">{html.escape(title.in_(language))}</p>'
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{html.escape(alt)}" '
        'style="max-width:100%;border:1px solid #888888">'
        f'<div style="font-size:92%">{legend}{html.escape(note)}</div>'
    )


def _said(key: str, box: Box) -> Text:
    return TEXTS[key].format(rows=_span(box.top, box.bottom), columns=_span(box.left, box.right))


def _span(first: int, last: int) -> Text:
    if first == last:
        return Text(f"{first}")
    return Text(f"{first} to {last}", f"{first} 至 {last}")


def _svg(windows: Windows) -> str:
    probe = windows.probe
    rows, columns = probe.n_H + 2 * probe.pad, probe.n_W + 2 * probe.pad
    width, height = (columns + 1) * CELL, (rows + 1) * CELL
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
        '<defs><pattern id="p" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="M0 6L6 0" stroke="#999999"/></pattern></defs>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    ]
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 1) * CELL, (row + 1) * CELL
            inside = _inside(probe, row, column)
            fill = _grey(probe, row - probe.pad, column - probe.pad) if inside else "url(#p)"
            parts.append(
                f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{fill}" '
                'stroke="#bbbbbb"/>'
            )
    parts += [_number((c + 1.5) * CELL, 0.7 * CELL, c) for c in range(columns)]
    parts += [_number(0.5 * CELL, (r + 1.65) * CELL, r) for r in range(rows)]
    for row, column in windows.cells:
        x, y = (column + 1.5) * CELL, (row + 1.5) * CELL
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{OWN}" stroke="#ffffff"/>')
    parts.append(_outline(windows.right, RIGHT, ""))
    if windows.own is not None:
        parts.append(_outline(windows.own, OWN, ' stroke-dasharray="7 4"'))
    return "".join(parts) + "</svg>"


def _inside(probe: Probe, row: int, column: int) -> bool:
    return 0 <= row - probe.pad < probe.n_H and 0 <= column - probe.pad < probe.n_W


def _grey(probe: Probe, row: int, column: int) -> str:
    """Return the grey of a pixel of a ramp: light, so that lines and dots stand out."""
    level = 250 - int(90 * (row + column) / (probe.n_H + probe.n_W - 2))
    return f"#{level:02x}{level:02x}{level:02x}"


def _number(x: float, y: float, number: int) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="#555555">{number}</text>'


def _outline(box: Box, colour: str, dashes: str) -> str:
    inset = 0 if not dashes else 3
    x, y = (box.left + 1) * CELL + inset, (box.top + 1) * CELL + inset
    width = (box.right - box.left + 1) * CELL - 2 * inset
    height = (box.bottom - box.top + 1) * CELL - 2 * inset
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
        f'stroke="{colour}" stroke-width="3"{dashes}/>'
    )
