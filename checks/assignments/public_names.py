"""The names that ``public_tests`` offers to notebooks, for modules that need nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checks.assignments import ASSIGNMENTS
from checks.text import Text

TESTS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    **{f"{e.name}_test": (e.name, None) for a in ASSIGNMENTS.values() for e in a.exercises},
    # The names that notebooks written for the original course import.
    "conv_forward_test_2": ("conv_forward", None),
    "pool_forward_test_1": ("pool_forward", ("max_stride_1", "average_stride_1")),
    "pool_forward_test_2": ("pool_forward", None),
}
"""Check function -> its exercise, and the cases that it looks at (None: all of them)."""


@dataclass(frozen=True)
class Values:
    """A check of single values that a notebook computes itself, with the inputs of a public case.

    `wanted` has, for each parameter of the check, what the value is called and how it is read from
    the case's arguments and outputs.
    """

    exercise: str
    case: str
    wanted: Mapping[str, tuple[Text, Callable[[tuple[Any, ...], Mapping[str, Any]], Any]]]


VALUES = {
    # The original notebook computes these with its own inputs (seed 1).
    "conv_forward_test_1": Values(
        "conv_forward",
        "stride_2",
        {
            "z_mean": (
                Text("Z's mean", "Z 的平均值"),
                lambda _, outputs: float(outputs["Z"].mean()),
            ),
            "z_0_2_1": (Text("Z[0,2,1]"), lambda _, own: own["Z"][0, 2, 1]),
            "cache_0_1_2_3": (Text("cache_conv[0][1][2][3]"), lambda given, _: given[0][1, 2, 3]),
        },
    ),
}
"""Check function -> the values that it compares."""

NAMES = ("CheckFailed", "check", "needs", "replay", *VALUES, *TESTS)
