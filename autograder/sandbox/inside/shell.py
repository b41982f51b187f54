"""An IPython shell without kernel, history, profile or files, made once and used by every fork.

Cells see what they see in Jupyter (magics, `display`, the last expression shown), but what is
shown is kept as text and PNG only. What would reach outside (`!command`, `%pip`) does nothing.
"""

import ast
import base64
import io
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .later import Later

SHOWN = ("text/plain", "image/png")
INLINE = "module://matplotlib_inline.backend_inline"
# Magics that install, reload or choose a backend: silently accepted, never obeyed.
IGNORED_MAGICS = (
    "matplotlib",
    "pylab",
    "pip",
    "conda",
    "mamba",
    "uv",
    "autoreload",
    "config",
    "load_ext",
)
_NOTHING = re.compile(rf"%(?:{'|'.join(IGNORED_MAGICS)})\b.*")
IGNORED_CELL_MAGICS = ("bash", "sh", "script", "html", "HTML", "javascript", "js", "writefile")


class Outputs:
    """What a cell has shown so far, up to a cap for its text and one for everything."""

    def __init__(self) -> None:
        self.items: list[str | bytes] = []
        self.text_left = 0
        self.bytes_left = 0

    def begin(self, text: int, total: int) -> None:
        """Forget what was shown before; from now on at most this many bytes are kept."""
        self.items = []
        self.text_left, self.bytes_left = min(text, total), total

    def text(self, text: str) -> None:
        """Keep text, joined to text directly before it, until the cap is reached."""
        if self.text_left <= 0:
            return
        text = text[: self.text_left]
        self.text_left -= len(text)
        if len(text) == 0:
            return
        self.items.append(text)

    def image(self, png: bytes) -> None:
        """Keep a figure, if there is room for it."""
        if len(png) <= self.bytes_left:
            self.bytes_left -= len(png)
            self.items.append(png)

    def show(self, bundle: dict[str, Any]) -> None:
        """Keep the best of a MIME bundle that is text or PNG."""
        png = bundle.get("image/png")
        if isinstance(png, str):
            png = base64.b64decode(png)
        if isinstance(png, bytes):
            self.image(png)
        elif isinstance(bundle.get("text/plain"), str):
            self.text(bundle["text/plain"] + "\n")

    def joined(self) -> list[str | bytes]:
        """Return the outputs with neighbouring texts made one."""
        result: list[Any] = []
        for item in self.items:
            if isinstance(item, str) and result and isinstance(result[-1], list):
                result[-1].append(item)
            else:
                result.append([item] if isinstance(item, str) else item)
        return ["".join(item) if isinstance(item, list) else item for item in result]


class Stream(io.TextIOBase):
    """Stands in for sys.stdout and sys.stderr: hands text to a function and owns no file."""

    encoding = "utf-8"

    def __init__(self, keep: Callable[[str], None]) -> None:
        self._keep = keep

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._keep(str(text))
        return len(text)


class Publisher(DisplayPublisher):
    """Receives what `display` shows."""

    keep: Outputs

    def publish(self, data: Any, metadata: Any = None, **options: Any) -> None:
        self.keep.show(data)

    def clear_output(self, wait: bool = False) -> None:
        self.keep.items = []


class Shell:
    """An InteractiveShell set up as above, together with what its cells have shown."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.banner1 = ""
        self.ipython = InteractiveShell.instance(config=config)
        self.outputs = Outputs()
        # The text of each cell by its file name, without the empty lines at its top, and how
        # many lines stand above: IPython drops empty ones, so that its line numbers start below.
        self.sources: dict[str, tuple[list[str], int]] = {}
        self.name = ""
        self._unchanged = True
        self.figures = False
        self._can_draw = False
        self._set_up()

    @property
    def namespace(self) -> dict[str, Any]:
        """The globals of the student's cells."""
        return self.ipython.user_ns

    def _set_up(self) -> None:
        ip = self.ipython
        ip.display_formatter.active_types = list(SHOWN)
        ip.display_pub = Publisher(shell=ip)
        ip.display_pub.keep = self.outputs
        ip.display_trap.hook = self._show_result
        ip.compile.get_code_name = lambda *_: self.name
        ip.system = lambda command: print("(shell commands are not run here)")
        ip.ask_exit = lambda: None
        ip.getoutput = lambda *args, **kwargs: []
        ip.showtraceback = self._show_error
        ip.showsyntaxerror = lambda *args, **kwargs: None
        ip.showindentationerror = lambda *args, **kwargs: None
        ip.events.register("post_execute", _close_figures_of_agg)
        magics = ip.magics_manager.magics
        magics["line"].update(dict.fromkeys(IGNORED_MAGICS, _nothing))
        magics["cell"].update(dict.fromkeys(IGNORED_CELL_MAGICS, _nothing))

    def _show_result(self, value: Any = None) -> None:
        if value is None or self._quiet:
            return
        bundle, _ = self.ipython.display_formatter.format(value)
        self.outputs.show(bundle)

    def _show_error(self, *args: Any, **options: Any) -> None:
        """Keep what an error draws itself (our checks do); ErrorInfo reports the others."""
        error = sys.exc_info()[1]
        render = getattr(error, "_render_traceback_", None)
        if render is not None:
            self.outputs.text("\n".join(map(str, render())) + "\n")

    def run(self, source: str, name: str, above: int = 0) -> BaseException | None:
        """Run a cell and return the exception that ended it, if one did."""
        source = self._remember(source, name, above)
        self._quiet = source.rstrip().endswith(";")
        parts = self._plain_python(source)
        with self.streams():
            if parts is not None:
                return self._run_plain(parts)
            result = self.ipython.run_cell(source, store_history=False)
        return result.error_before_exec or result.error_in_exec

    def _plain_python(self, source: str) -> list[CodeType] | None:
        """Compile a cell that IPython would run as it is, in more time than most cells take.

        None where it has magics that do something, a top-level await or an error, and once a cell
        has spoken of IPython: it may have changed how cells are run.
        """
        self._unchanged = self._unchanged and "ipython" not in source.lower()
        if not self._unchanged:
            return None
        compiler = self.ipython.compile
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                try:
                    tree = compiler.ast_parse(source, self.name)
                except SyntaxError:
                    tree = compiler.ast_parse(_without_magics(source), self.name)
                shown = (
                    tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                )
                parts = [compiler(tree, self.name, "exec")] if tree.body else []
                parts += [compiler(ast.Interactive([shown]), self.name, "single")] if shown else []
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            return None
        # So that `inspect` finds the text.
        compiler.cache(source)
        return parts

    def _run_plain(self, parts: list[CodeType]) -> BaseException | None:
        ip = self.ipython
        try:
            with ip.builtin_trap, ip.display_trap:
                for part in parts:
                    exec(part, self.namespace)
        except BaseException as error:
            self._show_error()
            return error
        finally:
            ip.events.trigger("post_execute")
        return None

    def run_definitions(self, source: str, name: str, above: int = 0) -> BaseException | None:
        """Run only a cell's imports, functions and plain constants; return what ended it."""
        source = self._remember(source, name, above)
        try:
            tree = ast.parse(self.ipython.transform_cell(source), name)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return error
        problem = None
        # Statements run one at a time: a missing module must not cost the functions below it.
        for node in filter(_is_definition, tree.body):
            try:
                with self.streams():
                    exec(compile(ast.Module([node], []), name, "exec"), self.namespace)
            except Exception as error:
                problem = error
        return problem

    def _remember(self, source: str, name: str, above: int) -> str:
        lines = source.splitlines()
        empty = next((i for i, line in enumerate(lines) if line.strip()), 0)
        self.name = name
        self.sources[name] = lines[empty:], above + empty
        return "\n".join(lines[empty:])

    @contextmanager
    def streams(self) -> Iterator[None]:
        """Send standard output and error to `outputs` for a while."""
        saved = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = Stream(self.outputs.text)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = saved

    def use_figures(self, figures: bool) -> None:
        """Render figures inline as PNG, or never (they can still be made)."""
        self.figures = figures
        if self._can_draw:
            self._choose_backend()

    def prepare_figures(self) -> None:
        """Set up what has just been imported to draw with."""
        import matplotlib_inline.backend_inline  # noqa: F401
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(self.ipython, {"png"})
        self._can_draw = True
        self._choose_backend()

    def warm_figures(self) -> None:
        """Draw a figure with each backend, so that no fork pays for a first."""
        import matplotlib
        import matplotlib.pyplot as plt

        # Both run once: a fork may be unable to read the modules that choosing a backend imports.
        for backend in (INLINE, "agg"):
            matplotlib.use(backend, force=True)
        figure, axes = plt.subplots(figsize=(1, 1))
        axes.set_title("0")
        axes.plot([0, 1])
        figure.savefig(io.BytesIO(), format="png")
        plt.close("all")

    def _choose_backend(self) -> None:
        import matplotlib
        from matplotlib_inline.backend_inline import flush_figures

        if not self.figures:
            matplotlib.use("agg", force=True)
            return
        matplotlib.use(INLINE, force=True)
        matplotlib.interactive(True)
        self.ipython.events.unregister("post_execute", _close_figures_of_agg)
        self.ipython.events.register("post_execute", flush_figures)


def _is_definition(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        try:
            ast.literal_eval(node.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return False
        return True
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef))


def _without_magics(source: str) -> str:
    """Take the magics that do nothing out of the imports at the top of a cell.

    Further down, such a line may belong to a text.
    """
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if _NOTHING.fullmatch(line):
            lines[number] = "pass"
        elif line.strip() and not line.startswith(("#", "import ", "from ")):
            break
    return "\n".join(lines)


def _nothing(*args: Any) -> None:
    """Accept a magic and do nothing."""


def _close_figures_of_agg() -> None:
    # Jupyter's inline backend does this after each cell; otherwise figures pile up.
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and not isinstance(pyplot, Later) and pyplot.get_fignums():
        pyplot.close("all")


def make_shell() -> Shell:
    """Return a shell that has run a cell in either way, so that no fork pays for a first."""
    shell = Shell()
    shell.outputs.begin(1000, 1 << 20)
    for source in ("%time 1", "def warm(x):\n    return x\nwarm(1)"):
        shell.run(source, "<warm-up>")
    del shell.namespace["warm"]
    shell.sources.clear()
    os.environ.pop("PWD", None)
    return shell
