"""A notebook as a page to read: prose, formulas, pictures, code, and what its cells show.

Formulas become MathML, which every browser shows by itself: the page asks for nothing outside.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

import nbformat
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbclient import NotebookClient
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

SECONDS = 300
_IMAGE = re.compile(r'src="(images/[^"]+)"')
_SUMMARY = re.compile(r"(<summary[^>]*>)(.*?)(</summary>)")
# The page's links lead to its own cells.
_LINK = re.compile(r'href="#cell-id=([^"]+)"')
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class PageCell(NamedTuple):
    """A cell for the template: its source and what it shows, as HTML."""

    id: str
    code: bool
    html: Markup
    outputs: tuple[Markup, ...] = ()


def executed(path: Path) -> nbformat.NotebookNode:
    """Run a notebook where it lies, and return it with what its cells show."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        allow_errors=True,
        resources=resources,
        extra_arguments=["--Application.log_level=ERROR"],
    )
    return client.execute()


def title_of(notebook: nbformat.NotebookNode) -> str:
    """Return the first heading of a notebook."""
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")


def cells_of(notebook: nbformat.NotebookNode, folder: Path) -> list[PageCell]:
    """Return the cells for the template.

    `folder` holds the notebook's pictures, which the page carries inside.
    """
    markdown = _markdown()
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            html = _with_pictures(_prose(markdown, cell.source), folder)
            cells.append(PageCell(cell.id, False, Markup(html)))
        else:
            html = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
            outputs = tuple(Markup(each) for each in _outputs(cell))
            cells.append(PageCell(cell.id, True, Markup(html), outputs))
    return cells


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return made.use(dollarmath_plugin, allow_space=False, double_inline=True, renderer=_formula)


def _formula(latex: str, options: Mapping[str, object]) -> str:
    return convert(latex, display="block" if options.get("display_mode") else "inline")


def _prose(markdown: MarkdownIt, source: str) -> str:
    # Markdown leaves what is inside an HTML tag as it is; formulas and code belong in a summary.
    html = _SUMMARY.sub(
        lambda found: found[1] + markdown.renderInline(found[2]) + found[3], markdown.render(source)
    )
    # A header without a word in it is none.
    return _LINK.sub(r'href="#\1"', html).replace("<th></th>", "<td></td>")


def _with_pictures(html: str, folder: Path) -> str:
    def inside(found: re.Match) -> str:
        data = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f'src="data:image/png;base64,{data}"'

    return _IMAGE.sub(inside, html)


def _outputs(cell: nbformat.NotebookNode) -> Iterator[str]:
    """Yield what a cell shows as HTML: ours as it is, all other text escaped."""
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/html" in data:
            yield data["text/html"]
        elif "image/png" in data:
            yield f'<img src="data:image/png;base64,{data["image/png"].strip()}" alt="">'
        elif output.output_type == "error":
            yield _plain("\n".join(output.traceback))
        else:
            yield _plain(output.get("text") or data.get("text/plain", ""))


def _plain(text: str) -> str:
    return f"<pre>{escape(_ANSI.sub('', text))}</pre>" if text.strip() else ""
