"""Questions about what a check knows of the notebook's cells: old functions, misspelt names."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from checks.session import cells
from checks.text import LANGUAGES

GOOD = "def scale(x, factor):\n    return x * factor"
BROKEN = "# my code\ndef scale(x, factor):\n    return (x * factor"


class Shell(SimpleNamespace):
    """As much of IPython's shell as is asked for."""

    handlers: dict[type, Callable[..., None]]

    def set_custom_exc(self, kinds: tuple[type, ...], handler: Callable[..., None]) -> None:
        self.handlers = dict.fromkeys(kinds, handler)

    def showtraceback(self, error: Any, tb_offset: Any = None) -> None:
        self.shown = getattr(error[1], "_render_traceback_", lambda: ["a traceback"])()


class Failed(Exception):
    """What a check raises."""

    def _render_traceback_(self) -> list[str]:
        return ["one line"]


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Shell]:
    """Make a notebook in which the given cells were run, one after the other."""

    def make(*texts: str, **names: Any) -> Shell:
        history = SimpleNamespace(input_hist_raw=["", *texts, "check(scale)"])
        shell = Shell(history_manager=history, user_ns=names, shown=[])
        monkeypatch.setattr(cells, "shell", lambda: shell)
        return shell

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_syntax_error_leaves_the_old_function(notebook, language: str) -> None:
    """Is it said that the newest cell could not be read, with its line, and what is tested then?"""
    notebook(GOOD, BROKEN)
    old = cells.old_function("scale", GOOD)
    assert old is not None and old.cause.id == "scale/old_function"
    said = old.cause.message.in_(language)
    assert "'(' was never closed" in said and "3" in said and "def scale" in said
    assert old.cause.lines == (3,) and old.code[3].strip() == "return (x * factor"


def test_a_cell_that_failed_above_the_function_is_seen(notebook) -> None:
    """Does a cell count, too, that ended before it came to the function?"""
    notebook(GOOD, "import nothing\n" + GOOD.replace("x * factor", "x + factor"))
    old = cells.old_function("scale", GOOD)
    assert old is not None and "did not run to its end" in old.cause.message.in_("en")
    assert old.cause.lines == (2,)


@pytest.mark.parametrize(
    "texts",
    [
        (GOOD,),
        (BROKEN, GOOD),
        (GOOD, "scale(1, 2)  # def scale is above"),
        (GOOD, "def scale_more(x):\n    return x"),
        (GOOD, f"%%time\n{GOOD}"),
        (GOOD, BROKEN, f"# again\n{GOOD}\n"),
        (BROKEN,),
        (),
    ],
)
def test_the_newest_function_is_tested_without_a_word(notebook, texts: tuple[str, ...]) -> None:
    """Is nothing said where the function comes from the newest cell, or from no known one?"""
    notebook(*texts)
    assert cells.old_function("scale", GOOD) is None


def test_without_ipython_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a check work where there are no cells?"""
    monkeypatch.setattr(cells, "shell", lambda: None)
    assert cells.old_function("scale", GOOD) is None
    cells.explain_errors(lambda: ["scale"], Failed, "en")


def _raised(shell: Shell, name: str) -> list[str]:
    error = NameError(f"name {name!r} is not defined", name=name)
    shell.handlers[NameError](shell, NameError, error, None)
    return shell.shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_misspelt_function_is_recognised(notebook, language: str) -> None:
    """Is check(scale) answered in one line, where the notebook holds `scales`, or nothing yet?"""

    def scales(x: float) -> float:
        return x

    scales.__module__ = "__main__"
    shell = notebook(scales=scales, other=1)
    cells.explain_errors(lambda: ["scale"], Failed, language)
    (line,) = _raised(shell, "scale")
    assert "`scales`" in line and "scale" in line.replace("scales", "")
    assert _raised(shell, "something_else") == ["a traceback"]
    del shell.user_ns["scales"]
    (line,) = _raised(shell, "scale")
    assert line == cells.NOT_DEFINED.format(name="scale").in_(language)


def test_a_failed_check_stops_no_other_cell_in_the_browser(notebook, monkeypatch, capsys) -> None:
    """Is a failed check one line in JupyterLite, and no error, which would drop the next cells?"""
    shell = notebook()
    cells.explain_errors(lambda: ["scale"], Failed, "en")
    assert Failed not in shell.handlers  # elsewhere the tag raises-exception does it
    monkeypatch.setattr("sys.platform", "emscripten")
    cells.explain_errors(lambda: ["scale"], Failed, "en")
    assert shell.handlers[Failed](shell, Failed, Failed(), None) is None
    assert capsys.readouterr().err == "one line\n" and shell.shown == []
