"""Shorter time limits, for tests in which something never ends: what happens then is the same."""

import inspect

SHORT = {
    "cell_cpu": 4.0,
    "notebook_cpu": 12.0,
    "call_cpu": 1.5,
    "group_cpu": 3.0,
    "together_cpu": 0.5,
    # A busy machine is not to be taken for a function that sleeps.
    "wall_factor": 6.0,
}


def shorten() -> None:
    """Make these the default limits of this process and of its forks."""
    try:
        from autograder.sandbox import Limits
    except ImportError:  # Windows has no sandbox, and runs the tests of what students get
        return
    own = Limits.__init__
    names = list(inspect.signature(own).parameters)[-len(own.__defaults__) :]
    own.__defaults__ = tuple(
        SHORT.get(name, default) for name, default in zip(names, own.__defaults__, strict=True)
    )
