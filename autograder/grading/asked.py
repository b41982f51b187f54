"""What a whole class is asked in one exercise of a round, and what is seen of the calls."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.grading.answers import right_answers
from autograder.sandbox import Call, Group
from autograder.sandbox.jobs import CallResult
from checks.model import Exercise, Failure, Observation
from checks.plain import to_plain
from solutions.catalogue import Catalogue

Key = tuple[str, str, int]
"""Reference module, exercise, seed: what decides the inputs and the answers to them."""


def shelf_name(key: Key) -> str:
    """Return the name under which what is known of wrong functions is shared; it tells no seed."""
    return hashlib.sha256(repr(key).encode()).hexdigest()


def hidden_arguments(exercise: Exercise, seed: int) -> dict[str, tuple[Any, ...]]:
    """Draw the inputs of every case that is graded."""
    return {
        case.name: case.hidden_arguments(exercise.name, seed) for case in exercise.hidden_cases()
    }


@dataclass(frozen=True)
class Asked:
    """Inputs, correct answers to them, and the calls to make.

    It is shared by all submissions: do not change what is in it.
    """

    arguments: Mapping[str, tuple[Any, ...]]
    expected: Mapping[str, Mapping[str, Any]]
    group: Group

    @classmethod
    def of(cls, catalogue: Catalogue, exercise: Exercise, seed: int) -> "Asked":
        """Draw the inputs of one exercise under one seed, and answer them."""
        arguments = hidden_arguments(exercise, seed)
        calls = [Call(exercise.name, inputs) for inputs in arguments.values()]
        # The first case is called again at the end, to see whether the result is the same.
        group = Group(exercise.name, (*calls, calls[0]))
        return cls(arguments, right_answers(catalogue, exercise, arguments), group)


def observation(result: CallResult) -> Observation:
    """Return what was seen of a call, as the checks take it."""
    error = result.error
    failure = error and Failure(error.type, error.message, error.line, error.source, error.function)
    # The child is not believed: what it sent is made plain here again.
    return Observation(result.status, to_plain(result.value), failure, result.arguments_changed)
