"""Asks the sandbox about versions of a function: only inputs go in, and arrays come back."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.repairing.code import Code
from autograder.sandbox import Call
from autograder.sandbox.jobs import CallResult, Splice, Versions
from checks.fingerprint import Imprint, Slot, signature
from checks.model import Exercise, Failure, Observation
from checks.plain import to_plain

VERSION_SECONDS = 0.25
"""CPU seconds of one version, which takes a few thousandths where it does not hang."""

Seen = tuple[bool, Any] | None
"""Whether a version changed its arguments, and what it returned; None where it returned nothing."""

Asking = Generator[Call, None, list[Seen]]


@dataclass(frozen=True)
class Inputs:
    """The inputs of every case, with the correct answers."""

    exercise: Exercise
    arguments: Mapping[str, tuple[Any, ...]]
    expected: Mapping[str, Mapping[str, Any]]


class Over(Exception):
    """Nothing more can be tried: the time is used up, or the sandbox does not answer."""


class Dialogue:
    """The calls about one function; iterate over it, and hand `answered` each result.

    After that `seen` holds what the function itself gives in each case.
    """

    def __init__(self, text: str, inputs: Inputs, seconds: float) -> None:
        self.code = Code(text)
        self.tried = 0
        self.cpu_seconds = 0.0
        self.seen: dict[str, Seen] = {}
        self.inputs = inputs
        self._seconds = seconds
        self._answer: CallResult | None = None

    def answered(self, result: CallResult) -> None:
        """Take the result of the call that was yielded last."""
        self._answer = result

    def __iter__(self) -> Iterator[Call]:
        self._began = time.process_time()
        try:
            yield from self._calls()
        except Over:
            pass
        finally:
            self.cpu_seconds += time.process_time() - self._began

    def _calls(self) -> Iterator[Call]:
        for case in self.inputs.arguments:
            (self.seen[case],) = yield from self._ask(self.code, case, [()])

    def _ask(self, code: Code, case: str, splices: Sequence[tuple[Splice, ...]]) -> Asking:
        if self._used() > self._seconds:
            raise Over
        self._answer = None
        versions = Versions(code.text, tuple(splices), VERSION_SECONDS)
        yield Call(self.inputs.exercise.name, self.inputs.arguments[case], versions)
        if self._answer is None:
            raise Over
        self.tried += len(splices)
        self.cpu_seconds += self._answer.cpu_seconds
        values = self._answer.value
        if self._answer.status != "ok" or not isinstance(values, list):
            # What they were called for is lost, and more time than is known.
            self.cpu_seconds += VERSION_SECONDS
            return [None] * len(splices)
        return [_seen(values[n] if n < len(values) else None) for n in range(len(splices))]

    def _used(self) -> float:
        return self.cpu_seconds + time.process_time() - self._began

    def signature(self) -> dict[Slot, Imprint]:
        """Return the fingerprint of what was seen; every failure is like every other."""
        failed = Observation("error", failure=Failure("", ""))
        return signature(
            self.inputs.exercise,
            {
                case: Observation("ok", seen[1], arguments_changed=seen[0]) if seen else failed
                for case, seen in self.seen.items()
            },
        )


def _seen(value: Any) -> Seen:
    """Take an answer of the child for what it says, where it has the form of one."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], bool):
        return value[0], to_plain(value[1])
    return None
