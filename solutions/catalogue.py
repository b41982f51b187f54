"""Misconceptions as data: a patch of a reference function, and what to say about its result.

From a patch comes the wrong function, and from that the wrong answers which a submission is
compared with. Nothing here knows a particular assignment.
"""

import functools
import importlib
import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numpy.lib import NumpyVersion

from checks.diagnosis import FailurePattern
from checks.text import Text

Patches = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Misconception:
    """One way in which an exercise goes wrong.

    `patches` replace fragments of the reference function's source, one after the other; each old
    fragment must occur exactly once when its turn comes. Entries that share an `id` are variants
    of one cause which students write differently: they have the same message, and `key` tells
    them apart. `equivalent` lists ids whose outputs are the same on all inputs. `failure`
    recognises the cause by the exception, `code` is a pattern that the function's text has (see
    checks.diagnosis.Cause). A `rare` one is looked for beside common ones only.
    """

    exercise: str
    cause: str
    patches: Patches
    message: Text
    hint: Text
    variant: str = ""
    equivalent: tuple[str, ...] = ()
    failure: FailurePattern | None = None
    code: str = ""
    since_numpy: str = ""
    rare: bool = False

    @property
    def id(self) -> str:
        """The name of the cause, ``<exercise>/<cause>``, as it is reported."""
        return f"{self.exercise}/{self.cause}"

    @property
    def is_wrong_here(self) -> bool:
        """Whether the function goes wrong on the NumPy that is installed."""
        return not self.since_numpy or NumpyVersion(np.__version__) >= f"{self.since_numpy}.0"

    @property
    def key(self) -> str:
        """The id, followed by ``@variant`` where the cause has several: unique in a catalogue."""
        return f"{self.id}@{self.variant}" if self.variant else self.id


def variants(
    exercise: str,
    cause: str,
    patches: Patches | Mapping[str, Patches],
    message: Text,
    hint: Text,
    **others: Any,
) -> tuple[Misconception, ...]:
    """Return the entries of one cause: one, or one per variant where `patches` names several."""
    by_name = patches if isinstance(patches, Mapping) else {"": patches}
    return tuple(
        Misconception(exercise, cause, each, message, hint, variant=name, **others)
        for name, each in by_name.items()
    )


@dataclass(frozen=True)
class Catalogue:
    """What is known about one assignment: its right functions and its misconceptions.

    `common` are the ids of the causes that often occur together, two or three in a function.
    """

    reference: ModuleType
    misconceptions: tuple[Misconception, ...]
    common: frozenset[str] = frozenset()

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """The right functions by name."""
        return {
            name: value
            for name, value in vars(self.reference).items()
            if inspect.isfunction(value)
            and value.__module__ == self.reference.__name__
            and not name.startswith("_")
        }

    def of(self, exercise: str) -> tuple[Misconception, ...]:
        """Return the misconceptions about one exercise."""
        return tuple(m for m in self.misconceptions if m.exercise == exercise)


def load(assignment: str) -> Catalogue:
    """Return the catalogue of an assignment; raise ModuleNotFoundError where there is none."""
    package = f"solutions.{assignment}"
    reference = importlib.import_module(f"{package}.reference")
    module = importlib.import_module(f"{package}.misconceptions")
    common = frozenset(getattr(module, "COMMON", ()))
    return Catalogue(reference, tuple(module.MISCONCEPTIONS), common)


def patched_source(source: str, patches: Patches) -> str | None:
    """Apply `patches` in turn; return None where an old fragment does not occur exactly once."""
    for old, new in patches:
        if source.count(old) != 1:
            return None
        source = source.replace(old, new)
    return source


def wrong_source(reference: ModuleType, misconceptions: Sequence[Misconception]) -> str | None:
    """Return the source of the reference function with all `misconceptions`, or None.

    They must be about the same exercise (else ValueError). They compose in any order in which
    every patch finds its fragment; None where there is no such order, or where a misconception
    would undo another's patch.
    """
    exercises = {m.exercise for m in misconceptions}
    if len(exercises) != 1:
        raise ValueError(f"misconceptions about one exercise are needed, not {sorted(exercises)}")
    right = _source(getattr(reference, exercises.pop()))
    for order in itertools.permutations(misconceptions):
        source = patched_source(right, tuple(patch for m in order for patch in m.patches))
        # Patches that fit need not make sense together: an argument given twice does not.
        if source is not None and _code(source, _label(misconceptions)) is not None:
            return source
    return None


_source = functools.cache(inspect.getsource)
"""A function's source; finding it takes longer than to run most functions."""


@functools.lru_cache(maxsize=8)
def _code(source: str, label: str) -> CodeType | None:
    try:
        return compile(source, label, "exec")
    except SyntaxError:
        return None


def _label(misconceptions: Sequence[Misconception]) -> str:
    return f"<{'+'.join(m.key for m in misconceptions)}>"


def wrong_function(
    reference: ModuleType, misconceptions: Sequence[Misconception]
) -> Callable[..., Any] | None:
    """Return the reference function with all `misconceptions` in it; None if they don't compose.

    The functions that it calls are the right ones.
    """
    source = wrong_source(reference, misconceptions)
    code = source and _code(source, _label(misconceptions))
    if not code:
        return None
    namespace = dict(vars(reference))
    exec(code, namespace)
    return namespace[misconceptions[0].exercise]
