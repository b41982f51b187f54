"""What the notebook's own cells tell: whether a function is the newest one, and misspelt names.

Where there is no IPython there are no cells, and nothing is found.
"""

import ast
import re
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from checks.causes import misspelt_name
from checks.diagnosis import Cause
from checks.text import Text, writable

OLD = Text(
    "The newest cell with `def {name}` did not run to its end, so an older {name} is in memory: "
    "the check has not tested what you see.",
    "最新的含有 `def {name}` 的单元格没有运行成功，内存中还是旧的 {name}："
    "检查测的并不是你眼前的代码。",
)
OLD_SYNTAX = Text(
    "Python can't read the newest cell with `def {name}`: {what}. An older {name} is in memory, so "
    "the check has not tested what you see.",
    "Python 无法解析最新的含有 `def {name}` 的单元格：{what}。内存中还是旧的 {name}，"
    "检查测的并不是你眼前的代码。",
)
OLD_HINT = Text(
    "Correct that cell, run it again, then run this check again. A bracket, a colon or an indent "
    "may be missing in the line named or in the one above it.",
    "改好那个单元格并重新运行，再运行这里的检查。出错的那一行或它的上一行可能少了括号、冒号或缩进。",
)
NOT_DEFINED = Text(
    "{name} is not defined yet: run the cell with `def {name}` first, and look at its error, if "
    "there is one.",
    "{name} 还没有定义：请先运行含有 `def {name}` 的单元格；如果它报错，先看那个错误。",
)


class OldFunction(NamedTuple):
    """Why a function is not the newest one, and the lines of the cell that is."""

    cause: Cause
    code: dict[int, str]


def shell() -> Any:
    """Return IPython's shell; None where there is none."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def old_function(name: str, source: str | None) -> OldFunction | None:
    """Return why the function `name` with this text is not what the newest cell defines.

    None where it is, or where that is not known.
    """
    cells = list(getattr(getattr(shell(), "history_manager", None), "input_hist_raw", ()))
    defining = re.compile(rf"(?m)^[ \t]*(?:async )?def[ \t]+{re.escape(name)}\b")
    newest = next((i for i in reversed(range(len(cells))) if defining.search(cells[i])), None)
    if newest is None or source is None:
        return None
    text = cells[newest]
    holds = [i for i, cell in enumerate(cells) if source.strip() and source.strip() in cell]
    if not holds or holds[-1] >= newest:
        return None
    error = _syntax_error(text)
    message, lines = OLD.format(name=name), _lines_of(defining, text)
    if error is not None:
        what = f"{error.msg} (line {error.lineno})"
        message = OLD_SYNTAX.format(name=name, what=Text(what, f"第 {error.lineno} 行 {error.msg}"))
        lines = (error.lineno or 0,)
    cause = Cause(f"{name}/old_function", message, OLD_HINT, lines=lines)
    return OldFunction(cause, dict(enumerate(text.split("\n"), 1)))


def _syntax_error(cell: str) -> SyntaxError | None:
    """Return what keeps a cell from being Python, magics taken for what they stand for."""
    transform: Callable[[str], str] = getattr(shell(), "transform_cell", str)
    try:
        ast.parse(transform(cell))
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _lines_of(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    return tuple(text.count("\n", 0, found.start()) + 1 for found in pattern.finditer(text))[:1]


def explain_errors(
    exercises: Callable[[], Iterable[str]], failed: type[Exception], language: str
) -> None:
    """Have the notebook say more of an exercise's name that is not defined than NameError does.

    In the browser, also keep Run All going where a check raises `failed`: JupyterLite forgets every
    cell that still waits when one fails, even if that one is tagged `raises-exception`.
    """
    ip = shell()
    if ip is None or not hasattr(ip, "set_custom_exc"):
        return

    def on_error(ip: Any, kind: Any, error: Any, trace: Any, tb_offset: Any = None) -> None:
        if isinstance(error, failed):
            print(*error._render_traceback_(), sep="\n", file=sys.stderr)
            return
        name = getattr(error, "name", None)
        if name in set(exercises()):
            line = writable(_unknown(name, ip.user_ns).in_(language))
            error._render_traceback_ = lambda: [line]
        ip.showtraceback((kind, error, trace), tb_offset=tb_offset)

    in_browser = sys.platform == "emscripten"
    ip.set_custom_exc((NameError, failed) if in_browser else (NameError,), on_error)


def _unknown(name: str, space: dict[str, Any]) -> Text:
    own = tuple(
        each
        for each, value in space.items()
        if isinstance(value, types.FunctionType) and value.__module__ == "__main__"
    )
    causes = misspelt_name(name, own)
    return causes[0].message if causes else NOT_DEFINED.format(name=name)
