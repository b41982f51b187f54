"""Fingerprints of results: small enough to store, distinctive enough to compare.

An *imprint* is a small fingerprint of one output of one case: its structure as text and a few
numbers computed from its values. A *signature* is the imprints of all outputs of all cases.
"""

import functools
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.judge import HELPER_REFUSED, REPEAT, is_repeatable, outputs_of
from checks.model import Exercise, Observation
from checks.plain import Odd, same_plain

PROJECTIONS = 3
"""Random projections per imprint, beside the norm."""

MOST_NUMBERS = 20_000
"""Numbers of an output that is compared with those of known wrong functions."""

TOLERANCE = 1e-5

_NOT_FINITE = "~"
_REFUSED = f"!{HELPER_REFUSED}"
_SHAPE = re.compile(r"\(\d+(?:,\s?\d*)*\)")

_NUMBER = re.compile(r"\d+")

Slot = tuple[str, str]
"""(case, output); the output "arguments" tells whether the arguments were changed."""


@dataclass(frozen=True)
class Imprint:
    """The fingerprint of one output: its structure and its norm and projections."""

    structure: str
    numbers: tuple[float, ...] = (0.0,) * (PROJECTIONS + 1)

    def agrees(self, other: "Imprint") -> bool:
        """Return whether two imprints are equal up to rounding."""
        if self.structure != other.structure:
            # A refused call failed in words that only the correct helper knows.
            return self.failed and other.failed and (self.refused or other.refused)
        most = TOLERANCE * (1e-3 + max(abs(self.numbers[0]), abs(other.numbers[0])))
        return all(
            abs(left - right) <= most
            for left, right in zip(self.numbers, other.numbers, strict=True)
        )

    @property
    def failed(self) -> bool:
        """Whether the call ended without a result."""
        return self.structure.startswith("!")

    @property
    def refused(self) -> bool:
        """Whether a correct helper could not work with its inputs: its words say nothing."""
        return self.structure == _REFUSED

    def agrees_but_for_failures(self, other: "Imprint") -> bool:
        """Return whether two imprints agree where every failure is like every other."""
        return (self.failed and other.failed) or self.agrees(other)

    def agrees_but_for_words(self, other: "Imprint") -> bool:
        """Return whether two imprints agree where failures of one type are alike."""
        kinds = self.structure.partition(":")[0], other.structure.partition(":")[0]
        return (self.failed and len(set(kinds)) == 1) or self.agrees(other)

    def agrees_but_for_numbers(self, other: "Imprint") -> bool:
        """Return whether two imprints agree where failures in the same words are alike."""
        words = {_NUMBER.sub("n", each.structure) for each in (self, other)}
        return (self.failed and len(words) == 1) or self.agrees(other)

    @property
    def kind(self) -> str:
        """What sort of result it is: its structure, or in short how it failed or is not finite."""
        if self.failed:
            return self.structure.partition(":")[0]
        return _NOT_FINITE if self.structure.startswith(_NOT_FINITE) else self.structure

    @property
    def whole(self) -> bool:
        """Whether the call gave a result in which every number is finite."""
        return not self.failed and not self.structure.startswith(_NOT_FINITE)

    def agrees_where_other_is_whole(self, other: "Imprint") -> bool:
        """Return whether two imprints agree, or the other call gave no whole result."""
        return not other.whole or self.agrees(other)


NOTHING = Imprint("")

Signature = Mapping[Slot, Imprint]


class Parts:
    """What the parts of combinations do by themselves, in the slot of a call that goes wrong.

    It tells which combinations hardly give what was `seen` there, before they are computed: where
    at most one part changes anything in a call, both do what that one does; what fails, or has
    another shape, does so by one of them. `alone` has the signature of each part.
    """

    def __init__(
        self,
        slot: Slot,
        seen: Imprint,
        same: Callable[[Imprint, Imprint], bool],
        right: Signature,
        alone: Mapping[str, Signature],
    ) -> None:
        self._slot, self._seen, self._same, self._right, self._alone = (
            slot,
            seen,
            same,
            right,
            alone,
        )
        self._call = [other for other in right if other[0] == slot[0]]
        self._known: dict[str, tuple[bool, bool, str]] = {}

    def rule_out(self, imprints: Signature) -> bool:
        """Return whether they hardly give what was seen; stored signatures are never ruled out."""
        known = [self._part(name) for name in getattr(imprints, "parts", ())]
        if not known:
            return False
        visible = [is_alike for is_visible, is_alike, _ in known if is_visible]
        if len(visible) < 2:
            return not any(visible)
        kinds, seen = {kind for *_, kind in known}, self._seen.kind
        if self._seen.failed:
            # In which words it fails may depend on both.
            return not any(kind.startswith("!") for kind in kinds)
        return kinds != {seen} if seen == self._right[self._slot].kind else seen not in kinds

    def _part(self, name: str) -> tuple[bool, bool, str]:
        if name not in self._known:
            alone = self._alone[name]
            here = alone.get(self._slot, NOTHING)
            visible = any(not alone.get(o, NOTHING).agrees(self._right[o]) for o in self._call)
            self._known[name] = visible, self._same(self._seen, here), here.kind
        return self._known[name]


def imprint(value: Any) -> Imprint:
    """Fingerprint a plain value."""
    leaves: list[np.ndarray] = []
    structure = _structure(value, leaves)
    if sum(leaf.size for leaf in leaves) > MOST_NUMBERS:
        # No known function gives so many, and directions of that size would fill the memory.
        return Imprint(structure[:200])
    numbers = np.concatenate([leaf.ravel() for leaf in leaves]) if leaves else np.zeros(0)
    if not np.isfinite(numbers).all():
        structure = f"{_NOT_FINITE}{_where_not_finite(numbers)} {structure}"
    # What is not finite stands in the structure: any number in its place would drown the others.
    numbers = np.nan_to_num(numbers, nan=0.0, posinf=0.0, neginf=0.0)
    # They are stored as float32, so they stay within what it can hold.
    numbers = np.clip(numbers, -1e30, 1e30)
    projected = _directions(numbers.size) @ numbers
    return Imprint(structure[:200], (float(np.linalg.norm(numbers)), *map(float, projected)))


def _where_not_finite(numbers: np.ndarray) -> str:
    """Return a checksum of the places that hold nan, inf and -inf."""
    kinds = np.isnan(numbers) + 2 * np.isposinf(numbers) + 3 * np.isneginf(numbers)
    return f"{zlib.crc32(kinds.astype(np.uint8).tobytes()):08x}"


@functools.lru_cache(maxsize=256)
def _directions(size: int) -> np.ndarray:
    return np.random.RandomState(size % 2**32).randn(PROJECTIONS, size) / np.sqrt(max(size, 1))


def _structure(value: Any, leaves: list[np.ndarray]) -> str:
    if isinstance(value, (bool, int, float, np.ndarray)):
        array = np.asarray(value, dtype=np.float64)
        leaves.append(array)
        return str(array.shape)
    if isinstance(value, (tuple, list)):
        return "[" + ";".join(_structure(item, leaves) for item in value) + "]"
    if isinstance(value, dict):
        items = (f"{key}={_structure(item, leaves)}" for key, item in value.items())
        return "{" + ";".join(items) + "}"
    if isinstance(value, Odd):
        return value.kind
    return type(value).__name__ if not isinstance(value, str) else f"'{value}'"


def signature(exercise: Exercise, observations: Mapping[str, Observation]) -> dict[Slot, Imprint]:
    """Fingerprint everything that was observed of one function."""
    imprints: dict[Slot, Imprint] = {}
    varying = _varying_outputs(exercise, observations)
    for case, seen in observations.items():
        if case == REPEAT:
            continue
        if seen.status != "ok":
            failed = _failed_imprint(seen)
            imprints.update({(case, output): failed for output in (*exercise.outputs, "arguments")})
            continue
        outputs, problem = outputs_of(exercise, seen.value)
        for output in exercise.outputs:
            if output in varying:
                imprints[case, output] = Imprint("random")
            elif output in outputs:
                imprints[case, output] = imprint(outputs[output])
            else:
                imprints[case, output] = Imprint("absent" if problem else "None")
        imprints[case, "arguments"] = Imprint("changed" if seen.arguments_changed else "kept")
    return imprints


def _varying_outputs(exercise: Exercise, observations: Mapping[str, Observation]) -> set[str]:
    if is_repeatable(exercise, observations):
        return set()
    first = outputs_of(exercise, observations[exercise.cases[0].name].value)[0]
    again = outputs_of(exercise, observations[REPEAT].value)[0]
    return {name for name in first if not same_plain(first[name], again.get(name))}


def _failed_imprint(seen: Observation) -> Imprint:
    if seen.failure is None:
        return Imprint(f"!{seen.status}")
    if seen.failure.type == HELPER_REFUSED:
        return Imprint(_REFUSED)
    # NumPy ends some messages with a space.
    message = seen.failure.message.strip()
    # `a * b` and `b * a` fail with the same shapes in another order.
    shapes = sorted(_SHAPE.findall(message))
    message = _SHAPE.sub(lambda _: shapes.pop(0), message)
    return Imprint(f"!{seen.failure.type}: {message}"[:200])
