"""Correct helpers for a child: the trusted side of grading an exercise on its own merits.

The answers are computed here; no solution enters the child. What it may ask is as small as an
exercise needs, so that a hostile call costs nothing.
"""

import functools
import hashlib
import itertools
import math
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Any

import numpy as np

from checks.judge import HELPER_REFUSED
from checks.model import Observation
from checks.plain import to_plain

MAX_NUMBERS = 50_000
MAX_INTEGER = 64
BATCH = 4
"""Axes of a batch of images."""
MATRIX = 2
MOST_MATRICES = 4
"""Axes of what a fully connected layer works with, and how many arrays: dZ, A_prev, W and b."""


def helper_seed(seed: int, exercise: str) -> int:
    """Return the seed of a run with correct helpers; each exercise has inputs of its own."""
    digest = hashlib.sha256(f"{seed}/helpers/{exercise}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def stub(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a correct helper for a child: small, plain arguments only, and a plain answer."""

    @functools.wraps(function)
    def answer(*arguments: Any, **named: Any) -> Any:
        arguments = tuple(map(_scalar, arguments))
        named = {name: _scalar(value) for name, value in named.items()}
        given = (*arguments, *named.values())
        cached = [part for argument in given if _is_cache(argument) for part in argument]
        if cached:
            given = (*cached, *(argument for argument in given if not _is_cache(argument)))
        largest = _largest_product if cached else _largest_answer
        if not all(map(_is_modest, given)) or largest(given) > MAX_NUMBERS:
            raise ValueError("arguments beyond what the exercise needs")
        # A hostile 0 or infinity is the child's own problem and no warning to the grader.
        with np.errstate(all="ignore"):
            return to_plain(function(*arguments, **named))

    return answer


def _scalar(argument: Any) -> Any:
    """Return the number that an array without axes holds, so that it counts as what it is."""
    if isinstance(argument, np.ndarray) and argument.ndim == 0:
        return argument.item()
    if isinstance(argument, (tuple, list)):
        return tuple(map(_scalar, argument))
    return argument


def _largest_answer(given: tuple[Any, ...]) -> int:
    """Return how many numbers a helper could make of its arguments, before it is called.

    Arrays may be broadcast against each other, padded on every axis by an integer, or spread over
    the shape of a window. The shape of a batch is that of the answer itself.
    """
    arrays = [np.shape(a) for a in given if isinstance(a, (np.ndarray, float))]
    pad = max((abs(n) for n in given if isinstance(n, int)), default=0)
    shapes = [n for n in given if isinstance(n, (tuple, list))]
    broadcast = math.prod(max(sizes) for sizes in _aligned(arrays))
    padded = max((math.prod(n + 2 * pad for n in shape) for shape in arrays), default=1)
    whole = [shape for shape in shapes if len(shape) == BATCH]
    if whole:
        return max(broadcast, *map(_cells, whole))
    return max(broadcast, padded) * math.prod(map(_cells, shapes))


def _is_cache(argument: Any) -> bool:
    """Tell the cache of a fully connected layer from the shape of a window."""
    return isinstance(argument, tuple) and any(isinstance(part, np.ndarray) for part in argument)


def _largest_product(given: tuple[Any, ...]) -> float:
    """Return how many numbers a product of two of the matrices could have; of others, no bound."""
    if len(given) > MOST_MATRICES or not all(map(_is_matrix, given)):
        return math.inf
    return max(n for part in given for n in part.shape) ** 2


def _is_matrix(part: Any) -> bool:
    """Tell a matrix, or a row that has more axes, such as the bias of filters."""
    if not isinstance(part, np.ndarray) or not 0 < part.ndim <= BATCH:
        return False
    return part.ndim == MATRIX or part.size == max(part.shape)


def _cells(shape: tuple[Any, ...]) -> int:
    return math.prod(abs(n) for n in shape if isinstance(n, int))


def _aligned(shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The sizes that meet on each axis when NumPy broadcasts, the last axis first."""
    return list(itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1))


def _is_modest(argument: Any) -> bool:
    if isinstance(argument, np.ndarray):
        return argument.size <= MAX_NUMBERS and argument.dtype.kind in "biuf"
    if isinstance(argument, (tuple, list)):
        numbers = all(isinstance(number, (bool, int, float)) for number in argument)
        return numbers and len(argument) <= 4 and all(map(_is_modest, argument))
    if isinstance(argument, (bool, int)):
        return abs(argument) <= MAX_INTEGER
    return isinstance(argument, float)


BY_RESULT = re.compile(r"setting an array element with a sequence|only (0-dimensional|length-1)")
"""What NumPy says of a line that stores an array in the place of a number."""


def without(seen: Observation, functions: Set[str]) -> Observation:
    """Leave out what was raised in other functions: it tells nothing of the one that calls them."""
    if seen.failure is None or seen.failure.function not in functions:
        return seen
    return replace(seen, failure=None)


def without_result_of(seen: Observation, broken: Set[str]) -> Observation:
    """Leave out what was raised because of what a wrong helper returned, called in that line."""
    failure = seen.failure
    called = set(re.findall(r"\b(\w+)\s*\(", failure.source)) if failure else set()
    if failure and broken & called and BY_RESULT.search(failure.message):
        return replace(seen, failure=None)
    return seen


def only_refused(observations: Mapping[str, Observation]) -> bool:
    """Return whether a lent helper refused what it was given in every call."""
    failures = [seen.failure for seen in observations.values()]
    return all(failure and failure.type == HELPER_REFUSED for failure in failures)
