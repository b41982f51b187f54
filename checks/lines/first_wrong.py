"""Where in a result the first wrong value is, in words that the notebook's loops use."""

from typing import Any

import numpy as np

from checks.compare import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE, Difference
from checks.model import Case, Exercise
from checks.text import BETWEEN_SENTENCES, COMMA, Text, joined, listed

UNTIL = Text("It is right until {place}.", "在 {place} 之前都是对的。")
UNTIL_WINDOW = Text(
    "It is right until {place}, the first window that stride {stride} moves {way}.",
    "在 {place} 之前都是对的：到了这里，窗口第一次按步幅 {stride} {way}。",
)
WAYS = (Text("down", "向下移动"), Text("to the right", "向右移动"))
RIGHT_AT = Text("Everything at {name} = {numbers} is right.", "{name} = {numbers} 处全部正确。")
PADDING = Text("Only windows that reach into the padding differ.", "只有伸进填充区的那些窗口不对。")
MOST_NUMBERS = 4
"""The most indices that are listed."""


def where_wrong(
    exercise: Exercise,
    case: Case,
    output: str,
    difference: Difference,
    right_at_stride_1: bool = False,
) -> Text:
    """Say where the wrong values of an output begin and what is right; "" where it shows nothing.

    The stride is only named where everything is right with stride 1: other mistakes begin at the
    second window, too. Raises nothing for results of any shape: those that differ in shape are
    described otherwise.
    """
    names = exercise.axes.get(output, ())
    if difference.kind != "values" or np.ndim(difference.expected) != len(names) or not names:
        return Text("")
    wrong = ~np.isclose(
        difference.got, difference.expected, rtol=RELATIVE_TOLERANCE, atol=ABSOLUTE_TOLERANCE
    )
    if not wrong.any():
        return Text("")
    sentences = []
    first = np.argwhere(wrong)[0]
    of_windows = output in exercise.windows
    by_stride = of_windows and right_at_stride_1 and case.options.get("stride", 1) > 1
    if first.any():
        sentences.append(_until(case, names, first, by_stride))
    if of_windows and _is_padding(wrong, case):
        sentences.append(PADDING)
    else:
        sentences.extend(_right_slices(wrong, names))
    return joined(sentences, BETWEEN_SENTENCES)


def wrong_sizes(difference: Difference) -> frozenset[str]:
    """Return the roles of the sizes that are wrong, height and width, of a batch of outputs."""
    got, expected = np.shape(difference.got), np.shape(difference.expected)
    if difference.kind != "shape" or not len(got) == len(expected) == 4:
        return frozenset()
    return frozenset(f"size{axis}" for axis in (1, 2) if got[axis] != expected[axis])


def _until(case: Case, names: tuple[str, ...], first: np.ndarray, by_stride: bool) -> Text:
    """Name the first wrong place; the first window that is moved shows what the stride does."""
    place = joined(
        (
            Text(f"{name} = {index}")
            for name, index in zip(names, first, strict=True)
            if index or name in ("h", "w")
        ),
        COMMA,
    )
    moved = tuple(map(int, first[1:3]))
    if not by_stride or moved not in ((0, 1), (1, 0)):
        return UNTIL.format(place=place)
    return UNTIL_WINDOW.format(place=place, stride=case.options["stride"], way=WAYS[moved[1]])


def _right_slices(wrong: np.ndarray, names: tuple[str, ...]) -> list[Text]:
    """Return a sentence about the first axis along which the first or last slices are right."""
    for axis, name in enumerate(names):
        others = tuple(i for i in range(wrong.ndim) if i != axis)
        right = np.flatnonzero(~wrong.any(axis=others))
        at_one_end = (
            right.size
            and right.size == np.ptp(right) + 1
            and (right[0] == 0 or right[-1] == wrong.shape[axis] - 1)
        )
        if at_one_end and len(right) <= MOST_NUMBERS:
            return [RIGHT_AT.format(name=name, numbers=listed(right))]
    return []


def _is_padding(wrong: np.ndarray, case: Case) -> bool:
    """Return whether exactly those windows have wrong values that reach into the padding."""
    options: dict[str, Any] = dict(case.options)
    if not options.get("pad") or not {"f", "stride", "shape"} <= options.keys():
        return False
    reaches = []
    for axis, count in zip((1, 2), wrong.shape[1:3], strict=True):
        start = np.arange(count) * options["stride"] - options["pad"]
        reaches.append((start < 0) | (start + options["f"] > options["shape"][axis]))
    touched = reaches[0][:, None] | reaches[1][None, :]
    seen = wrong.any(axis=(0, 3))
    return bool((seen == touched).all() and not touched.all())
