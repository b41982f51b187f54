"""What rules on a student's text know of the exercises' functions: read from every table."""

from checks.assignments import ASSIGNMENTS

_EXERCISES = [each for a in ASSIGNMENTS.values() for each in a.exercises]
_CALLED = {name for each in _EXERCISES for name in each.helpers}

HELPERS = {each.name: each.parameters for each in _EXERCISES if each.name in _CALLED}
"""The functions that other exercises call -> their parameters, none of which they change."""

ELEMENTWISE = frozenset(each.name for each in _EXERCISES if each.elementwise)
"""The functions that decide for each number by itself."""


def like(*names: str) -> tuple[str, ...]:
    """Return these functions of NumPy and the exercises that do the same as one of them."""
    return (*names, *(each.name for each in _EXERCISES if each.like in names))
