"""A toy exercise, so that the checks are tested without any solution of the course."""

from typing import Any

import numpy as np

from checks.model import Case, Check, Exercise, Observation
from checks.run import run
from checks.text import Text


def _vector(random: np.random.RandomState, size: int) -> tuple[Any, ...]:
    return random.randn(size), 2.0


TOY = Exercise(
    name="scale",
    points=10,
    parameters=("x", "factor"),
    outputs=("y", "cache"),
    echoes={"cache": ("x", "factor")},
    cases=(Case("three", _vector, {"size": 3}), Case("five", _vector, {"size": 5})),
    checks=(
        Check(Text("three numbers", "三个数"), 6, ("three",)),
        Check(Text("five numbers", "五个数"), 4, ("five",), trivial=True),
    ),
)

ARGUMENTS = {case.name: case.public_arguments() for case in TOY.cases}
EXPECTED = {name: {"y": x * factor} for name, (x, factor) in ARGUMENTS.items()}


def right(x, factor):
    return x * factor, (x, factor)


def observe_all(target: Any) -> dict[str, Observation]:
    return run(TOY, target, ARGUMENTS).observations
