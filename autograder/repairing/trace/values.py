"""Compares what two traces hold: values, what loops go through, and what is written where."""

import ast
import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.repairing.trace.recorder import LARGEST, Sums, whole
from checks.compare import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE

MOST_PLACES = 50_000
"""How many places of arrays the writes of one trace may name together."""

MOST_SECONDS = 0.2
"""CPU seconds for following one trace."""


class TooMuch(Exception):
    """A trace takes too long to follow, as none of an honest function does."""


class Room:
    """What may be spent on one trace: places of arrays, and CPU time."""

    def __init__(self, places: float, seconds: float = math.inf) -> None:
        self.places = places
        self._until = time.process_time() + seconds
        self._whole: dict[tuple[int, ...], np.ndarray] = {}

    def take(self, places: int = 0) -> None:
        """Spend so many places. Raises TooMuch where there is no room, or no time, any more."""
        self.places -= places
        if self.places < 0 or time.process_time() > self._until:
            raise TooMuch

    def whole(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return the numbers of all places of an array, which writes to one shape share."""
        if shape not in self._whole:
            self.take(math.prod(shape))
            self._whole[shape] = np.arange(math.prod(shape)).reshape(shape)
        return self._whole[shape]


def same(got: Any, wanted: Any) -> bool | None:
    """Return whether two values agree, but for axes of length 1; None where it can't be said."""
    if isinstance(got, float) and isinstance(wanted, float):
        near = abs(got - wanted) <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * abs(wanted)
        return bool(near or got == wanted)
    if isinstance(got, tuple) and isinstance(wanted, tuple):
        parts = [same(*pair) for pair in zip(got, wanted, strict=False)]
        return all(parts) if len(got) == len(wanted) and None not in parts else None
    if isinstance(got, Sums) and isinstance(wanted, Sums):
        return got.shape == wanted.shape and bool(np.allclose(got.sums, wanted.sums, rtol=1e-6))
    if isinstance(got, Sums) or isinstance(wanted, Sums):
        return False if isinstance(got, np.ndarray) or isinstance(wanted, np.ndarray) else None
    numbers = (float, np.ndarray)
    if not (isinstance(got, numbers) and isinstance(wanted, numbers)):
        return True if got is None and wanted is None else None
    one, other = np.squeeze(got), np.squeeze(wanted)
    if one.shape != other.shape:
        # The same numbers may be laid out in another way.
        return None if one.size == other.size else False
    return bool(np.allclose(one, other, RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE, equal_nan=True))


def same_turns(got: Any, wanted: Any) -> bool | None:
    """Compare what two loops go through; of other steps than 0, 1, 2 and so on nothing is said."""
    if not (isinstance(got, np.ndarray) and isinstance(wanted, np.ndarray)):
        return None
    got, wanted = np.sort(got), np.sort(wanted)
    if np.array_equal(got, wanted):
        return True
    plain = got.ndim == 1 and np.array_equal(got, np.arange(len(got)))
    return False if plain and np.array_equal(wanted, np.arange(len(wanted))) else None


@dataclass
class Places:
    """Where an array of known shape is written to, and what."""

    shape: tuple[int, ...]
    at: np.ndarray
    values: np.ndarray
    adds: bool

    @classmethod
    def of(cls, record: Any, node: ast.stmt, room: Room) -> "Places | None":
        """Return what the record of a statement says; None where it can't be said.

        Raises TooMuch where there is no room for it.
        """
        if not isinstance(record, tuple) or len(record) != 3:
            return None
        shape, indices, value = record
        op = node.op if isinstance(node, ast.AugAssign) else None
        if not isinstance(indices, tuple) or not isinstance(value, (float, np.ndarray)):
            return None
        if not isinstance(op, (ast.Add, ast.Sub, type(None))):
            return None
        try:
            shape = tuple(int(size) for size in shape)
            if any(size <= 0 for size in shape) or math.prod(shape) > LARGEST:
                return None
            at = room.whole(shape)
            for index in indices:
                at = at[_index(index, at.size)]
                room.take(at.size)
            values = np.broadcast_to(value, np.shape(at)).ravel()
        except (TypeError, ValueError, IndexError, OverflowError):
            return None
        sign = -1.0 if isinstance(op, ast.Sub) else 1.0
        return cls(shape, np.ravel(at), sign * values, op is not None)


def _index(index: Any, size: int) -> Any:
    """Return an index of an array of so many places; raises IndexError where it asks for more."""
    if isinstance(index, tuple):
        return tuple(_index(each, size) for each in index)
    if isinstance(index, np.ndarray):
        # Zeros and ones may have been a mask.
        if index.ndim != 1 or index.size * size > MOST_PLACES or np.isin(index, (0, 1)).all():
            raise IndexError
        return index.astype(np.intp)
    return whole(index)


def _together(places: list[Places]) -> Places | None:
    """Return several writes as one: sums where they add, the last ones where they don't."""
    first = places[0]
    if any(each.shape != first.shape or each.adds != first.adds for each in places):
        return None
    if len(places) == 1 and len(np.unique(first.at)) == len(first.at):
        return first
    values: dict[int, float] = {}
    for each in places:
        for at, value in zip(each.at.tolist(), each.values.tolist(), strict=True):
            values[at] = value + (values.get(at, 0.0) if each.adds else 0.0)
    at = np.array([*values], dtype=int)
    return Places(first.shape, at, np.array([*values.values()]), first.adds)


def same_places(got: Places | None, wanted: list[Places | None]) -> bool | None:
    """Return whether one write does what several do; None where it can't be said."""
    known = [each for each in wanted if each is not None]
    if got is None or not known or len(known) < len(wanted):
        return None
    one, other = _together([got]), _together(known)
    if one is None or other is None or one.shape != other.shape or one.adds != other.adds:
        return None
    order, others = np.argsort(one.at), np.argsort(other.at)
    if not np.array_equal(one.at[order], other.at[others]):
        return False
    return same(one.values[order], other.values[others])
