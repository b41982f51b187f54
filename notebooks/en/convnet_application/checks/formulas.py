"""Functions given as data, for exercises that take a function as an argument.

The grader can't send Python functions into a student's process, and need not: a :class:`Formula`
is a name and arrays, and becomes callable wherever it arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

KEY = "formula"

FORMULAS: dict[str, Callable[..., np.ndarray]] = {
    "sine": lambda x, height, frequency: height * np.sin(frequency * x),
    "mixed": lambda x, M: np.tanh(x @ M),
}
"""Smooth functions of an array by name; what follows `x` are a formula's parameters."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A smooth function of one array: ``Formula("sine", 2.0, 3.0)(x)`` is ``2 sin(3 x)``.

    Raises KeyError where `name` is not one of :data:`FORMULAS`.
    """

    name: str
    parameters: tuple[Any, ...]

    def __post_init__(self) -> None:
        if self.name not in FORMULAS:
            raise KeyError(f"no formula {self.name!r}; there is: {', '.join(FORMULAS)}")

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return FORMULAS[self.name](x, *self.parameters)


def to_data(tree: Any) -> Any:
    """Replace each formula in a tree of arguments by a dict that can be sent."""
    return _mapped(tree, _as_dict)


def from_data(tree: Any) -> Any:
    """Make the formulas of :func:`to_data` callable again; raise KeyError for an unknown one."""
    return _mapped(tree, _as_formula)


def _mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    changed = change(tree)
    if changed is not tree:
        return changed
    if type(tree) in (tuple, list):
        return type(tree)(_mapped(item, change) for item in tree)
    return tree


def _as_dict(value: Any) -> Any:
    return {KEY: value.name, "parameters": value.parameters} if type(value) is Formula else value


def _as_formula(value: Any) -> Any:
    if type(value) is dict and value.keys() == {KEY, "parameters"}:
        return Formula(value[KEY], tuple(value["parameters"]))
    return value
