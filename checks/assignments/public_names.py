"""The names that ``public_tests`` offers to notebooks, for modules that need nothing else."""

from checks.assignments import ASSIGNMENTS

TESTS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    **{f"{e.name}_test": (e.name, None) for a in ASSIGNMENTS.values() for e in a.exercises},
    # The names that notebooks written for the original course import.
    "conv_forward_test_2": ("conv_forward", None),
    "pool_forward_test_1": ("pool_forward", ("max_stride_1", "average_stride_1")),
    "pool_forward_test_2": ("pool_forward", None),
}
"""Check function -> its exercise, and the cases that it looks at (None: all of them)."""

NAMES = ("CheckFailed", "check", "conv_forward_test_1", "needs", "replay", *TESTS)
