"""What a version is wrapped in that records, and the reading of what it returns.

The version runs in the student's own process, so that what comes back is a stranger's data.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_NUMBERS = 18_000
"""How much one trace holds; the sandbox takes a little more from one version."""

MOST_OF_REFERENCE = 600_000

MOST_COPIED = 600
"""The largest array whose numbers are all kept; of a larger one its shape and some sums are."""

LARGEST = 20_000
"""The most numbers of an axis, and places of an array that is written to."""

OTHER, TUPLE, SLICE, NONE, DOTS, SUMS = -1, -2, -3, -4, -5, 100

RECORDER = """
def NAME(*Xgiven, **Xnamed):
    import builtins as Xbuiltins
    import numpy as Xnp

    Xheads, Xnumbers = [], []
    Xslice = Xbuiltins.slice

    class XFull(Xbuiltins.BaseException):
        pass

    def Xput(value, depth, b=Xbuiltins):
        kind = b.type(value)
        if value is None:
            Xheads.append(-4)
        elif value is b.Ellipsis:
            Xheads.append(-5)
        elif kind is b.slice:
            Xheads.append(-3)
            for each in (value.start, value.stop, value.step):
                Xput(each, depth + 1)
        elif kind in (b.tuple, b.list) and b.len(value) <= 16 and depth < 4:
            Xheads.extend((-2, b.len(value)))
            for each in value:
                Xput(each, depth + 1)
        elif kind in (b.int, b.float, b.bool):
            Xheads.append(0)
            Xnumbers.append(b.float(value))
        elif b.isinstance(value, (b.range, Xnp.ndarray, Xnp.generic)):
            Xarray(Xnp.asarray(value))
        else:
            Xheads.append(-1)

    def Xarray(value, b=Xbuiltins):
        if value.dtype.kind not in "biuf" or value.ndim > 6:
            Xheads.append(-1)
            return
        flat = Xnp.array(value, dtype=Xnp.float64, order="C").ravel()
        large = flat.size > COPIED
        Xheads.extend((value.ndim + 100 * large, *value.shape))
        if large:
            with Xnp.errstate(all="ignore"):
                places = Xnp.arange(flat.size)
                flat = Xnp.array([Xnp.dot(flat, Xnp.cos(n * places)) for n in (0, 1, 2.5, 3)])
        Xnumbers.extend(flat.tolist())

    def Xrecord(site, value, b=Xbuiltins):
        before = b.len(Xheads), b.len(Xnumbers)
        try:
            Xheads.append(site)
            Xput(value, 0)
        except b.Exception:
            del Xheads[before[0]:], Xnumbers[before[1]:]
            Xheads.extend((site, -1))
        if b.len(Xheads) + b.len(Xnumbers) > MOST:
            del Xheads[before[0]:], Xnumbers[before[1]:]
            raise XFull
        return value

    def Xafter(site, look, b=Xbuiltins):
        try:
            value = look()
        except b.NameError:
            return
        Xrecord(site, value)

    def Xshape(value, b=Xbuiltins):
        return b.getattr(value, "shape", None)

    FUNCTION

    try:
        Xfunction(*Xgiven, **Xnamed)
    except (Xbuiltins.Exception, XFull):
        pass
    return Xnp.array(Xheads, dtype=Xnp.int64), Xnp.array(Xnumbers, dtype=Xnp.float64)
"""


@dataclass(frozen=True)
class Sums:
    """A large array, of which only some sums are known."""

    shape: tuple[int, ...]
    sums: np.ndarray


class Unknown:
    """A value that no trace holds."""


UNKNOWN = Unknown()


def records(value: Any, sites: int) -> list[tuple[int, Any]]:
    """Return the records of a trace that came back: the number of a site, and its value.

    What has not the form of a trace is none, and one that is broken ends there.
    """
    if not (
        isinstance(value, tuple)
        and len(value) == 2
        and all(isinstance(part, np.ndarray) and part.ndim == 1 for part in value)
        and value[0].dtype.kind in "iu"
        and value[1].dtype.kind in "biuf"
    ):
        return []
    reader = _Reader(value[0].tolist(), value[1].astype(np.float64))
    found = []
    try:
        while reader.has_more:
            site = reader.head()
            if not 0 <= site < sites:
                break
            found.append((site, reader.value(0)))
    except (IndexError, ValueError):
        pass
    return found


class _Reader:
    def __init__(self, heads: list[int], numbers: np.ndarray) -> None:
        self._heads = heads
        self._numbers = numbers
        self._head = 0
        self._number = 0

    @property
    def has_more(self) -> bool:
        return self._head < len(self._heads)

    def head(self) -> int:
        self._head += 1
        return self._heads[self._head - 1]

    def value(self, depth: int) -> Any:
        kind = self.head()
        if depth > 8 or kind == OTHER:
            return UNKNOWN
        if kind == NONE:
            return None
        if kind == DOTS:
            return ...
        if kind == SLICE:
            return slice(*(whole(self.value(depth + 1)) for _ in range(3)))
        if kind == TUPLE:
            return tuple(self.value(depth + 1) for _ in range(self.head()))
        shape = tuple(self.head() for _ in range(kind % SUMS))
        if kind < 0 or any(not 0 <= size <= LARGEST for size in shape):
            raise ValueError
        if kind >= SUMS:
            return Sums(shape, self._take(4))
        return self._take(math.prod(shape)).reshape(shape) if shape else float(self._take(1)[0])

    def _take(self, count: int) -> np.ndarray:
        taken = self._numbers[self._number : self._number + count]
        if len(taken) < count:
            raise IndexError
        self._number += count
        return taken


def whole(value: Any) -> Any:
    """Return a whole number as an int, and anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
