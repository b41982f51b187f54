"""What a cell to play in says of a function that stops it, in one line in place of a traceback."""

import traceback
from collections.abc import Callable, Iterable
from typing import Any

from checks.text import Text, listed

LONGEST_ERROR = 100

STOPS = Text(
    "{name} stops with an error in line {line} of its cell ({error}). Its check says more.",
    "{name} 在它的单元格的第 {line} 行出错（{error}）。运行它的检查，会看到更多说明。",
)
CELL_STOPS = Text(
    "This cell stops with an error ({error}). Not passed yet: {names}. The check says more.",
    "这个单元格运行出错（{error}）。还没有通过检查：{names}。运行检查，会看到更多说明。",
)


def in_one_line(error: BaseException) -> str:
    """Return an exception's type and message, at most `LONGEST_ERROR` characters of them."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_ERROR]


def reason(error: Exception, unproven: Iterable[Callable[..., Any]]) -> Text | None:
    """Return what to say of an error in a cell that calls functions without a passed check.

    None where there is no such function: then the cell itself is at fault, and Python says it best.
    """
    files = {_file(function): function.__name__ for function in unproven}
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if name := files.get(frame.f_code.co_filename):
            return STOPS.format(name=name, line=line, error=in_one_line(error))
    if not files:
        return None
    return CELL_STOPS.format(names=listed(files.values()), error=in_one_line(error))


def _file(function: Callable[..., Any]) -> str:
    """Return the file that holds a function, which in a notebook is its cell."""
    code = getattr(function, "__code__", None)
    return code.co_filename if code else f"<no file of {function.__name__}>"
