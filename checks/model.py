"""The vocabulary of the checks: exercises, cases, checks, and what was observed of a function."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.random import RandomState

from checks.text import Text


def random_state(seed: int, *path: str) -> RandomState:
    """Return the stream for one case under a round's seed.

    `path` names the case (assignment, exercise, case); the seed may have any number of bits.
    """
    text = "/".join((str(seed), *path)).encode()
    digest = hashlib.sha256(text).digest()
    return RandomState(np.frombuffer(digest, dtype="<u4"))


@dataclass(frozen=True)
class Case:
    """One call of the function under test, with inputs drawn by `make(random_state, **options)`.

    A `public_only` case is never drawn for grading. Its first argument may be a stored right
    answer, `given` as (exercise, case, output).
    """

    name: str
    make: Callable[..., tuple[Any, ...]]
    options: Mapping[str, Any]
    public_only: bool = False
    given: tuple[str, str, str] | None = None

    PUBLIC_SEED = 1

    @property
    def part(self) -> str:
        """Which part of the function the case exercises: its mode, where it has modes."""
        return str(self.options.get("mode", ""))

    def public_arguments(self, stored: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
        """Draw the arguments as the original assignment does, after ``np.random.seed(1)``.

        `stored` holds correct answers (exercise -> case -> output) for a case that is `given` one.
        """
        drawn = self.make(RandomState(self.PUBLIC_SEED), **self.options)
        if self.given is None or stored is None:
            return drawn
        exercise, case, output = self.given
        return (stored[exercise][case][output], *drawn[1:])

    def hidden_arguments(self, exercise: str, seed: int) -> tuple[Any, ...]:
        """Draw the arguments under a grading round's `seed`."""
        return self.make(random_state(seed, exercise, self.name), **self.options)


@dataclass(frozen=True)
class Probe:
    """Inputs, made by `make(self)`, that show where the windows of a function are.

    With `stamps` the function is a gradient: each number of dZ leaves a stamp in its window.
    """

    make: Callable[["Probe"], tuple[Any, ...]]
    n_H: int
    n_W: int
    f: int
    stride: int
    pad: int = 0
    stamps: bool = False

    @property
    def outputs(self) -> tuple[int, int]:
        """How many windows there are downwards and sideways."""
        return tuple(1 + (n - self.f + 2 * self.pad) // self.stride for n in (self.n_H, self.n_W))

    def arguments(self) -> tuple[Any, ...]:
        """Return the arguments that the function is called with."""
        return self.make(self)


@dataclass(frozen=True)
class Check:
    """A named comparison over some cases and outputs that earns `points` when all agree.

    `trivial` marks a check that a function without any content may pass; it pays only when a
    check that is not trivial passes too.
    """

    name: Text
    points: float
    cases: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    trivial: bool = False


@dataclass(frozen=True)
class Exercise:
    """One function that students write, with everything needed to check it except the answers.

    `outputs` names what the function returns, in order; those in `echoes` must be the named
    arguments handed back (the cache). `helpers` are the earlier exercises that it calls and that
    a grader may replace by correct ones. `picture` is a case that is drawn when the check fails.
    `axes` says what the notebook calls the indices of an output; `windows` are the outputs that
    have a number for each place of a window, and `probe` shows where those windows are.
    `like` names the function of NumPy that does the same, and `elementwise` says that every number
    is decided by itself: both are for the rules that read a student's text.
    """

    name: str
    points: float
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    cases: tuple[Case, ...]
    checks: tuple[Check, ...]
    helpers: tuple[str, ...] = ()
    echoes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    picture: Case | None = None
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    windows: tuple[str, ...] = ()
    probe: Probe | None = None
    like: str = ""
    elementwise: bool = False

    @property
    def graded_outputs(self) -> tuple[str, ...]:
        """The outputs whose numbers are compared."""
        return tuple(name for name in self.outputs if name not in self.echoes)

    def case(self, name: str) -> Case:
        """Return the case called `name`; raise KeyError where there is none."""
        for case in self.cases:
            if case.name == name:
                return case
        raise KeyError(f"{self.name} has no case {name!r}; it has {[c.name for c in self.cases]}")

    def hidden_cases(self) -> tuple[Case, ...]:
        """The cases that are drawn anew for grading."""
        return tuple(case for case in self.cases if not case.public_only)


@dataclass(frozen=True)
class Assignment:
    """The exercises of one notebook, in their order, and the data files it reads."""

    name: str
    title: Text
    exercises: tuple[Exercise, ...]
    files: tuple[str, ...] = ()

    def exercise(self, name: str) -> Exercise:
        """Return the exercise called `name`; raise KeyError where there is none."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        raise KeyError(f"{self.name} has no exercise {name!r}")


CallStatus = Literal["ok", "error", "timeout", "memory", "crashed", "missing", "protocol"]
"""How one call ended."""

ResultStatus = Literal["right", "wrong", "not_implemented", "error", "timeout", "missing"]
"""How an exercise ended."""


@dataclass(frozen=True)
class Failure:
    """An exception of the student's function, and which of the student's own lines raised it."""

    type: str
    message: str
    line: int | None = None
    source: str = ""
    function: str = ""


@dataclass(frozen=True)
class Observation:
    """What one call did."""

    status: CallStatus
    value: Any = None
    failure: Failure | None = None
    arguments_changed: bool = False
