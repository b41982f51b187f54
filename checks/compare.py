"""Comparing what a function returned with the correct answer, and describing how they differ.

The descriptions say what is seen in the numbers and stay silent about the cause: causes are the
business of :mod:`checks.diagnosis`.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.plain import TOO_LARGE, Odd
from checks.text import BETWEEN_SENTENCES, Text, joined, listed

RELATIVE_TOLERANCE = 1e-5
ABSOLUTE_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Difference:
    """How a returned value differs from the correct one.

    `sentences` are the findings, most telling first; `got` and `expected` are kept for pictures.
    """

    kind: str
    sentences: tuple[Text, ...]
    got: Any = None
    expected: Any = None

    @property
    def text(self) -> Text:
        """All findings in one line per language."""
        return joined(self.sentences, BETWEEN_SENTENCES)


# Numbers near the largest float overflow on the way; the reader need not know.
@np.errstate(all="ignore")
def compare(got: Any, expected: Any) -> Difference | None:
    """Return None where the plain value `got` is correct, else how it differs from `expected`.

    A list of numbers is compared as the array that NumPy would make of it.
    """
    if isinstance(got, (tuple, list)) and np.ndim(expected):
        got = array_of(got)
    is_number = isinstance(got, (bool, int, float))
    if not (is_number or isinstance(got, np.ndarray)) or (is_number and np.ndim(expected)):
        return Difference("kind", _kind_sentences(got, expected))
    got_array, expected_array = np.asarray(got), np.asarray(expected)
    if got_array.shape != expected_array.shape:
        return Difference("shape", _shape_sentences(got_array, expected_array), got, expected)
    numbers = got_array.astype(np.float64)
    wanted = expected_array.astype(np.float64)
    finite = np.isfinite(numbers)
    if not finite.all():
        return Difference("not_finite", _not_finite_sentences(numbers, finite), numbers, wanted)
    wrong = np.abs(numbers - wanted) > _tolerance(got_array, wanted)
    if not wrong.any():
        return None
    sentences = _value_sentences(numbers, wanted, wrong)
    if got_array.dtype == np.float16:
        sentences = (*sentences, _HALF_PRECISION)
    return Difference("values", sentences, numbers, wanted)


_HALF_PRECISION = Text(
    "Its dtype is float16, which holds three digits: compute in float64.",
    "结果的 dtype 是 float16，只有三位有效数字；请用 float64 计算。",
)


def _tolerance(got: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    tolerance = ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * np.abs(wanted)
    if got.dtype.kind == "f" and got.dtype.itemsize < 8 and wanted.size:
        # Single precision rounds relative to the largest terms of a sum, not to the sum itself.
        tolerance = tolerance + RELATIVE_TOLERANCE * np.abs(wanted).max()
    return tolerance


def array_of(items: tuple | list) -> Any:
    """Return a regular nested list of plain numbers as an array; anything else as it is."""
    try:
        array = np.asarray(items)
    except (ValueError, OverflowError):
        return items
    return array if array.dtype.kind in "biuf" else items


_ODD_KINDS = {TOO_LARGE.kind: Text("too large", "过大的值")}


def _kind_name(value: Any) -> Text:
    if value is None:
        return Text("None", " None")
    if isinstance(value, Odd):
        typed = re.fullmatch(r"(array|number) of dtype (.+)", value.kind)
        if typed:
            english = {"array": "an array", "number": "a number"}[typed[1]]
            chinese = {"array": "数组", "number": "数"}[typed[1]]
            return Text(f"{english} of dtype {typed[2]}", f" dtype 为 {typed[2]} 的{chinese}")
        return _ODD_KINDS.get(value.kind, Text(value.kind, f" {value.kind}"))
    if isinstance(value, (tuple, list, dict, str)):
        kind = type(value).__name__
        return Text(f"a {kind}", f" {kind}")
    shape = np.shape(value)
    if shape == ():
        return Text("one number", "一个数")
    return Text(f"an array of shape {shape}", f"形状为 {shape} 的数组")


def _kind_sentences(got: Any, expected: Any) -> tuple[Text, ...]:
    seen = Text(
        "The result is {got}; expected {expected}.",
        "返回的是{got}，而应当是{expected}。",
    ).format(got=_kind_name(got), expected=_kind_name(expected))
    if not isinstance(got, (Odd, tuple, list, dict)):
        return (seen,)
    if np.ndim(expected):
        return seen, Text(
            "Return a NumPy array of real numbers.", "请返回由实数组成的 NumPy 数组。"
        )
    return seen, Text("Return one real number, a float.", "请返回一个实数（float）。")


def _shape_sentences(got: np.ndarray, expected: np.ndarray) -> tuple[Text, ...]:
    if expected.shape == () and got.size == 1:
        first = Text(
            "The result is an array of shape {got} with one number in it; expected the number.",
            "返回的是形状为 {got}、只含一个数的数组，而应当直接返回这个数。",
        ).format(got=got.shape)
        return (first,)
    sentences = [
        Text(
            "The shape is {got}; expected {expected}.", "形状是 {got}，而应当是 {expected}。"
        ).format(got=got.shape, expected=expected.shape)
    ]
    if got.ndim != expected.ndim:
        sentences.append(
            Text(
                "It has {got} instead of {expected}.", "结果有 {got}，应为 {expected} 个。"
            ).format(got=_axes(got.ndim), expected=expected.ndim)
        )
    elif sorted(got.shape) == sorted(expected.shape):
        sentences.append(
            Text("The sizes are right but in another order.", "各轴的长度都对，但顺序不对。")
        )
    else:
        axes = [i for i in range(got.ndim) if got.shape[i] != expected.shape[i]]
        sentences.append(
            Text(
                "Look at axis {axes}." if len(axes) == 1 else "Look at axes {axes}.",
                "请检查第 {axes} 轴（从 0 数起）。",
            ).format(axes=listed(axes))
        )
    return tuple(sentences)


def _axes(count: int) -> Text:
    return Text("1 axis" if count == 1 else f"{count} axes", f"{count} 个轴")


def _not_finite_sentences(numbers: np.ndarray, finite: np.ndarray) -> tuple[Text, ...]:
    if numbers.ndim == 0:
        return (Text("It is {value}.", "结果是 {value}。").format(value=str(float(numbers))),)
    index = _index(np.argwhere(~finite)[0])
    return (
        Text(
            "{count} of {total} values are not finite; the first is {value} at {index}.",
            "{total} 个值中有 {count} 个不是有限数，第一个在 {index}，为 {value}。",
        ).format(
            count=int((~finite).sum()),
            total=numbers.size,
            value=str(float(numbers[tuple(np.argwhere(~finite)[0])])),
            index=index,
        ),
    )


def _index(position: np.ndarray) -> str:
    return "[" + ", ".join(str(int(i)) for i in position) + "]"


def _number(value: float) -> str:
    # Adding 0 makes -0 a plain 0.
    return f"{value + 0.0:.6g}"


def _value_sentences(
    numbers: np.ndarray, wanted: np.ndarray, wrong: np.ndarray
) -> tuple[Text, ...]:
    sentences = []
    if numbers.ndim == 0:
        sentences.append(
            Text("Got {got}; expected {expected}.", "得到 {got}，应为 {expected}。").format(
                got=_number(float(numbers)), expected=_number(float(wanted))
            )
        )
    else:
        first = np.argwhere(wrong)[0]
        sentences.append(
            Text(
                "{count} of {total} values differ; the first is at {index}: "
                "got {got}, expected {expected}.",
                "{total} 个值中有 {count} 个不同；第一个在 {index}：得到 {got}，应为 {expected}。",
            ).format(
                count=int(wrong.sum()),
                total=numbers.size,
                index=_index(first),
                got=_number(numbers[tuple(first)]),
                expected=_number(wanted[tuple(first)]),
            )
        )
    pattern = _pattern(numbers, wanted)
    return (*sentences, pattern) if pattern else tuple(sentences)


def _close(left: np.ndarray, right: np.ndarray) -> bool:
    return bool(np.allclose(left, right, rtol=1e-6, atol=1e-9))


def _pattern(numbers: np.ndarray, wanted: np.ndarray) -> Text | None:
    """Find one regularity in the difference; only what holds for every value is said."""
    if numbers.size > 1 and not numbers.any():
        return Text("Every value is 0.", "所有的值都是 0。")
    constant = (numbers == numbers.flat[0]).all() and not (wanted == wanted.flat[0]).all()
    if numbers.size > 1 and constant:
        return Text("All your values are equal.", "你得到的值全都相等。")
    if _close(numbers, -wanted):
        return Text("The sign is the opposite everywhere.", "所有值的符号都反了。")
    for first, second in ((0, 1), (1, 2)):
        square = numbers.ndim > second and numbers.shape[first] == numbers.shape[second]
        if square and _close(numbers, wanted.swapaxes(first, second)):
            return Text(
                "Axes {first} and {second} are swapped.",
                "第 {first} 轴与第 {second} 轴对调了。",
            ).format(first=first, second=second)
    power = float((wanted * wanted).sum())
    factor = float((numbers * wanted).sum()) / power if power else 0.0
    if numbers.size > 1 and factor and _close(numbers, factor * wanted):
        return Text(
            "Every value is {factor} times the correct one.", "每个值都是正确值的 {factor} 倍。"
        ).format(factor=_number(factor))
    offset = numbers - wanted
    if numbers.size > 1 and _close(offset, np.full_like(offset, offset.flat[0])):
        return Text("Every value is off by {offset}.", "每个值都相差同一个数 {offset}。").format(
            offset=_number(float(offset.flat[0]))
        )
    if numbers.ndim == 4:
        by_channel = offset.reshape(-1, offset.shape[-1])
        if by_channel.shape[0] > 1 and _close(
            by_channel, np.broadcast_to(by_channel[0], by_channel.shape)
        ):
            return Text(
                "Within a channel, every value is off by the same number.",
                "同一通道内，每个值都相差同一个数。",
            )
    return None
