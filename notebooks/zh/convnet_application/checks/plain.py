"""Plain values: whatever a student's function returned, turned into data that cannot act.

A plain value is a ``numpy.ndarray`` (exactly that class, of a numeric dtype), ``float``, ``int``,
``bool``, ``str``, ``None``, a ``tuple``, ``list`` or ``dict`` of such, or :class:`Odd`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 6
MAX_ITEMS = 64
MAX_NUMBERS = 4_000_000
MAX_TEXT = 1_000
MAX_KIND = 80


@dataclass(frozen=True)
class Odd:
    """Something that is not plain data; `kind` names its Python type, or why it was refused."""

    kind: str


TOO_LARGE = Odd("too large")
"""What stands for a value beyond the caps."""


def to_plain(value: Any) -> Any:
    """Turn `value` into a tree of plain values.

    Arrays are copied into exact ``numpy.ndarray`` objects, NumPy scalars become Python scalars,
    and whatever is neither data nor within the caps becomes :class:`Odd`.
    """
    return _Converter().convert(value, 0)


class _Converter:
    def __init__(self) -> None:
        self.numbers_left = MAX_NUMBERS

    def convert(self, value: Any, depth: int) -> Any:
        # `type(...) is`, not isinstance: a subclass can lie about its content.
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind is int:
            return value if value.bit_length() <= 63 else TOO_LARGE
        if kind is str:
            return value[:MAX_TEXT]
        if issubclass(kind, np.generic):
            return self._scalar(value)
        if issubclass(kind, np.ndarray):
            return self._array(value)
        if kind in (tuple, list):
            return self._sequence(value, kind, depth)
        if kind is dict:
            return self._dict(value, depth)
        if kind is Odd:
            # From another process: what it was is kept, as text that shows as it is.
            return Odd("".join(filter(str.isprintable, str(value.kind)[:MAX_KIND])))
        return Odd(str(kind.__name__)[:MAX_KIND])

    def _scalar(self, value: np.generic) -> Any:
        if value.dtype.kind in "biuf":
            return np.generic.item(value)
        return Odd(f"NumPy scalar of dtype {value.dtype}"[:MAX_KIND])

    def _array(self, value: np.ndarray) -> Any:
        # ndarray's own descriptors, not the subclass's overrides.
        dtype = np.ndarray.dtype.__get__(value)
        size = np.ndarray.size.__get__(value)
        if dtype.kind not in "biuf" or dtype.itemsize > 8:
            return Odd(f"array of dtype {dtype}"[:MAX_KIND])
        if size > self.numbers_left:
            return TOO_LARGE
        self.numbers_left -= size
        native = dtype.newbyteorder("=")
        return np.array(value.view(np.ndarray), dtype=native, order="C", copy=True, subok=False)

    def _sequence(self, value: Any, kind: type, depth: int) -> Any:
        if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
            return TOO_LARGE
        return kind(self.convert(item, depth + 1) for item in value)

    def _dict(self, value: dict, depth: int) -> Any:
        if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
            return TOO_LARGE
        return {str(key)[:MAX_TEXT]: self.convert(item, depth + 1) for key, item in value.items()}


def copy_plain(value: Any) -> Any:
    """Return a deep copy of a plain value, with fresh arrays."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (tuple, list)):
        return type(value)(copy_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: copy_plain(item) for key, item in value.items()}
    return value


def same_plain(left: Any, right: Any) -> bool:
    """Tell whether two plain values are equal in kind, shape and every number (NaN equals NaN)."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return (
            isinstance(left, np.ndarray)
            and isinstance(right, np.ndarray)
            and left.shape == right.shape
            and np.array_equal(left, right, equal_nan=left.dtype.kind == "f" == right.dtype.kind)
        )
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        return len(left) == len(right) and all(map(same_plain, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_plain(left[k], right[k]) for k in left)
    return left == right or (left != left and right != right)
