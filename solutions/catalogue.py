"""Misconceptions as data: a patch of a reference function, and what to say about its result.

From a patch comes the wrong function, and from that the wrong answers which a submission is
compared with. Nothing here knows a particular assignment.
"""

import difflib
import functools
import importlib
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numpy.lib import NumpyVersion

from checks.diagnosis import FailurePattern
from checks.text import Text

Patches = tuple[tuple[str, str], ...]


SHOWN_BY = {
    # A size by itself, in a sum or quotient, in a loop, as a shape, or beside the stride in a call.
    "window_size_hard_coded": (
        r"(?m)= [2-9]$|[+/] [2-9]\b(?! \*)|range\([2-9]\)|\([2-9], [2-9]\)|, [2-9], s"
    ),
    # An index may give the axis back, or take the one number that belongs to the window.
    "dA_axis": r"(?s)\A(?!.*\bdA\[)",
    "dictionary_returned": r"\{|dict\(",
    "cut_to_integer": r"int|//|round|rint|floor|trunc|fix",
    "mean_instead_of_sum": r"mean|average|/",
}
"""What the text of a function has to show for a cause of this name, in every exercise."""


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

    @cached_property
    def id(self) -> str:
        """The name of the cause, ``<exercise>/<cause>``, as it is reported."""
        return f"{self.exercise}/{self.cause}"

    @property
    def is_wrong_here(self) -> bool:
        """Whether the function goes wrong on the NumPy that is installed."""
        return not self.since_numpy or NumpyVersion(np.__version__) >= f"{self.since_numpy}.0"

    @cached_property
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
    others = {"code": SHOWN_BY.get(cause, ""), **others}
    return tuple(
        Misconception(exercise, cause, each, message, hint, variant=name, **others)
        for name, each in by_name.items()
    )


@dataclass(frozen=True)
class Catalogue:
    """What is known about one assignment: its correct functions and its misconceptions.

    `common` are the ids of the causes that often occur together, two or three in a function.
    """

    reference: ModuleType
    misconceptions: tuple[Misconception, ...]
    common: frozenset[str] = frozenset()

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """The correct functions by name."""
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


def ids_of(table: str) -> Iterator[str]:
    """Yield the ids of a table of lines ``exercise: cause cause …``."""
    exercise = ""
    for word in table.split():
        if word.endswith(":"):
            exercise = word[:-1]
        else:
            yield f"{exercise}/{word}"


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
    every patch finds its fragment, or by the words that each of them changes, where two change
    different words of one line; None where they change the same, or would undo one another.
    """
    exercises = {m.exercise for m in misconceptions}
    if len(exercises) != 1:
        raise ValueError(f"misconceptions about one exercise are needed, not {sorted(exercises)}")
    right = _source(getattr(reference, exercises.pop()))
    together = len(misconceptions) > 1
    if together and _loses_its_word(right, tuple(m.patches for m in misconceptions)):
        return None
    for order in itertools.permutations(misconceptions):
        source = patched_source(right, tuple(patch for m in order for patch in m.patches))
        # Patches that fit need not make sense together: an argument given twice does not.
        if source is not None and _code(source, _label(misconceptions)) is not None:
            return source
    source = _merged(right, tuple(m.patches for m in misconceptions))
    return source if source and _code(source, _label(misconceptions)) is not None else None


SLACK = 40


@functools.lru_cache(maxsize=4096)
def _changes(source: str, patches: Patches) -> tuple[tuple[int, int, tuple[str, ...]], ...] | None:
    """Return which words of `source` the patches replace, as (start, end, new words)."""
    patched = patched_source(source, patches)
    if patched is None:
        return None
    old, new = _words(source), _words(patched)
    # The time of a comparison grows with the square of the length, so most of what is equal at
    # either end is left out. Some words stay: the matcher decides to which side they belong.
    start, end = _common(old, new), _common(old[::-1], new[::-1])
    start, end = (start, end - SLACK) if start >= end else (start - SLACK, end)
    start, end = max(0, start), max(0, min(end, len(old) - start, len(new) - start))
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return tuple(
        (start + first, start + last, after[other:other_end])
        for kind, first, last, other, other_end in matcher.get_opcodes()
        if kind != "equal"
    )


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many words two texts have in common at their start."""
    pairs = zip(left, right, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


@functools.lru_cache(maxsize=1024)
def _words(source: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+|\s+|[^\w\s]", source))


def _loses_its_word(source: str, all_patches: Sequence[Patches]) -> bool:
    """Return whether one patch takes away the word that another one adds `.T`, `[0]` or `()` to."""
    changes = {change for patches in all_patches for change in _changes(source, patches) or ()}
    added = {start for start, end, new in changes if start == end and new[0] in ".[("}
    return any(end in added for start, end, _ in changes if start < end)


def _merged(source: str, all_patches: Sequence[Patches]) -> str | None:
    """Make the changes of all patches at once; None where two of them touch the same words."""
    changes = set()
    for patches in all_patches:
        own = _changes(source, patches)
        if own is None:
            return None
        changes.update(own)
    words, taken = list(_words(source)), len(_words(source)) + 1
    for start, end, new in sorted(changes, reverse=True):
        if end > taken or (start, end) == (taken, taken):
            return None
        words[start:end] = new
        taken = start
    return "".join(words)


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

    The functions that it calls are the correct ones.
    """
    source = wrong_source(reference, misconceptions)
    code = source and _code(source, _label(misconceptions))
    if not code:
        return None
    namespace = dict(vars(reference))
    exec(code, namespace)
    return namespace[misconceptions[0].exercise]
