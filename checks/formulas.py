"""Functions given as data, for exercises that take a function as an argument.

The grader can't send Python functions into a student's process, and need not: a :class:`Formula`
is a name and arrays, and becomes callable wherever it arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

KEY = "formula"
Array = np.ndarray


def _spread(gradient: Array, like: Array) -> Array:
    """Return an array of the shape of `like` that depends on every number of both arguments."""
    return np.resize(gradient, like.shape) + np.mean(gradient) * np.tanh(like)


def _refuse_other_shape(name: str, gradient: Array, shape: tuple[int, ...]) -> None:
    if np.shape(gradient) != shape:
        raise ValueError(f"{name} has the shape {np.shape(gradient)}, this layer's output {shape}")


def _convolution_gradient(dZ: Array, cache: tuple) -> tuple[Array, Array, Array]:
    A_prev, W, b, _ = cache
    _refuse_other_shape("dZ", dZ, (*A_prev.shape[:3], W.shape[3]))
    return _spread(dZ, A_prev), _spread(dZ, W), _spread(dZ, b)


def _pooling_gradient(dA: Array, cache: tuple, mode: str = "max") -> Array:
    A_prev, hparameters = cache
    m, n_H, n_W, n_C = A_prev.shape
    f = hparameters["f"]
    _refuse_other_shape("dA", dA, (m, n_H // f, n_W // f, n_C))
    return _spread(dA, A_prev if mode == "max" else -A_prev)


FORMULAS: dict[str, Callable[..., Any]] = {
    "sine": lambda x, height, frequency: height * np.sin(frequency * x),
    "mixed": lambda x, M: np.tanh(x @ M),
    "convolution_gradient": _convolution_gradient,
    "pooling_gradient": _pooling_gradient,
}
"""Functions by name; what follows `x` are a formula's parameters.

The last two take and return what the backward pass of a layer does, for a convolution that keeps
height and width and for a pooling of windows side by side. Their numbers are made up: what is
checked with them is which layer gets which gradient, and this module may hold no solution.
"""


@dataclass(frozen=True, eq=False)
class Formula:
    """A function by name: ``Formula("sine", (2.0, 3.0))(x)`` is ``2 sin(3 x)``.

    Raises KeyError where `name` is not one of :data:`FORMULAS`.
    """

    name: str
    parameters: tuple[Any, ...]

    def __post_init__(self) -> None:
        if self.name not in FORMULAS:
            raise KeyError(f"no formula {self.name!r}; there is: {', '.join(FORMULAS)}")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return FORMULAS[self.name](*arguments, *self.parameters, **named)


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
