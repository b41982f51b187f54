"""Plain values: whatever a student's function returned, turned into data that cannot act.

A plain value is a ``numpy.ndarray`` (exactly that class, of a numeric dtype), ``float``, ``int``,
``bool``, ``str``, ``None``, a ``tuple``, ``list`` or ``dict`` of such, or :class:`Odd`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 6
MAX_ITEMS = 64
MAX_NUMBERS = 4_000_000
MAX_TEXT = 1_000
MAX_KIND = 80
MOST_IMAGINARY = 1e-7
"""What a Fourier transform leaves of an imaginary part that is 0."""


@dataclass(frozen=True)
class Odd:
    """Something that is not plain data; `kind` names its Python type, or why it was refused."""

    kind: str


_PLAIN = frozenset(map(np.dtype, (*"?bhilqBHILQefd",)))
"""Kinds of numbers, in this machine's byte order, that stay as they are."""

TOO_LARGE = Odd("too large")
"""What stands for a value beyond the caps."""


def to_plain(value: Any) -> Any:
    """Turn `value` into a tree of plain values.

    Arrays are copied into exact ``numpy.ndarray`` objects and NumPy scalars become Python scalars,
    in double precision where they have more; complex numbers without an imaginary part become
    real ones, subclasses of a plain type that type. Anything that is neither data nor within
    the caps becomes :class:`Odd`.
    """
    return _Converter().convert(value, 0)


class _Converter:
    def __init__(self) -> None:
        self.numbers_left = MAX_NUMBERS

    def convert(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind is str:
            return value[:MAX_TEXT]
        # What most functions take and return needs none of the questions below.
        if kind is np.ndarray and value.dtype in _PLAIN and value.size <= self.numbers_left:
            self.numbers_left -= value.size
            return value.copy()
        if kind is tuple and depth < MAX_DEPTH and len(value) <= MAX_ITEMS:
            return tuple([self.convert(item, depth + 1) for item in value])
        if kind is Odd:
            # From another process: what it was is kept, as text that shows as it is.
            return Odd("".join(filter(str.isprintable, str(value.kind)[:MAX_KIND])))
        for accepted, convert in self._by_kind():
            if issubclass(kind, accepted):
                return convert(value, depth)
        return Odd(str(kind.__name__)[:MAX_KIND])

    def _by_kind(self) -> tuple[tuple[type, Callable[[Any, int], Any]], ...]:
        # Of a subclass, such as a namedtuple, only what the base class itself holds is read: the
        # methods of the subclass could return anything.
        return (
            (np.generic, self._scalar),
            (np.ndarray, self._array),
            (float, lambda value, _: float.__float__(value)),
            (int, self._integer),
            (complex, self._scalar),
            (tuple, lambda value, depth: self._items(tuple, value, depth)),
            (list, lambda value, depth: self._items(list, value, depth)),
            (dict, self._dict),
        )

    def _integer(self, value: int, _: int) -> Any:
        number = int.__int__(value)
        return number if number.bit_length() <= 63 else TOO_LARGE

    def _scalar(self, value: Any, depth: int) -> Any:
        array = self._array(np.asarray(value), depth)
        if isinstance(array, np.ndarray):
            return array.item()
        return Odd(array.kind.replace("array", "number", 1))

    def _array(self, value: np.ndarray, _: int) -> Any:
        # ndarray's own methods, not the subclass's overrides.
        array = np.ndarray.view(value, np.ndarray)
        kind = f"array of dtype {array.dtype}"[:MAX_KIND]
        if array.size > self.numbers_left:
            return TOO_LARGE
        self.numbers_left -= array.size
        if array.dtype.kind == "O":
            array = _array_of_numbers(array)
        if array.dtype.kind == "c":
            array = _real_part(array)
        if array.dtype.kind not in "biuf":
            return Odd(kind)
        wider = array.dtype.kind == "f" and array.dtype.itemsize > 8
        dtype = np.dtype(np.float64) if wider else array.dtype.newbyteorder("=")
        with np.errstate(all="ignore"):
            return np.array(array, dtype=dtype, order="C", copy=True)

    def _items(self, kind: type, value: Any, depth: int) -> Any:
        if depth >= MAX_DEPTH or kind.__len__(value) > MAX_ITEMS:
            return TOO_LARGE
        return kind(self.convert(item, depth + 1) for item in kind.__iter__(value))

    def _dict(self, value: dict, depth: int) -> Any:
        if depth >= MAX_DEPTH or dict.__len__(value) > MAX_ITEMS:
            return TOO_LARGE
        items = dict.items(value)
        return {str(key)[:MAX_TEXT]: self.convert(item, depth + 1) for key, item in items}


def _array_of_numbers(array: np.ndarray) -> np.ndarray:
    """Return an array of Python objects as one of numbers, or as it is where it holds others."""
    try:
        numbers = np.array(array.tolist())
    except (ValueError, TypeError, OverflowError):
        return array
    return numbers if numbers.shape == array.shape else array


def _real_part(array: np.ndarray) -> np.ndarray:
    """Return the real part where rounding alone can have made the imaginary one."""
    return array.real if (np.abs(array.imag) <= MOST_IMAGINARY).all() else array


def copy_plain(value: Any) -> Any:
    """Return a deep copy of a plain value, with fresh arrays and words.

    A word that Python keeps once would be the very object that a student's text has: `mode is
    "max"` would hold here, and not where the word comes from outside.
    """
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (tuple, list)):
        return type(value)(copy_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: copy_plain(item) for key, item in value.items()}
    return "".join(list(value)) if isinstance(value, str) else value


def same_plain(left: Any, right: Any) -> bool:
    """Return whether two plain values agree in kind, shape and every number (NaN equals NaN)."""
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
