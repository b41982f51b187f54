"""A person's comment as HTML: Markdown and formulas, as formgrader shows them, without a script.

HTML in a comment stays text, pictures are not loaded, links lead to the web alone. Formulas become
MathML, which browsers draw by themselves, offline too.
"""

import functools
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from autograder.safe_text import plain_text

MAX_COMMENT = 5_000
MAX_FORMULA = 1_000
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "ms",
        "mtext",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "mstyle",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mmultiscripts",
        "mprescripts",
        "none",
        "mtable",
        "mtr",
        "mtd",
        "mpadded",
        "mphantom",
        "menclose",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "display",
        "mathvariant",
        "stretchy",
        "fence",
        "separator",
        "lspace",
        "rspace",
        "accent",
        "accentunder",
        "movablelimits",
        "linethickness",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "displaystyle",
        "scriptlevel",
        "minsize",
        "maxsize",
        "width",
        "notation",
    ]
)
_WEB = ("https://", "http://", "mailto:")


def comment_html(text: str) -> Markup:
    """Return a comment as HTML that is safe to show; what can't be read as a formula stays text."""
    return Markup(_markdown().render(plain_text(text, MAX_COMMENT)))


@functools.cache
def _markdown() -> MarkdownIt:
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    # A line ends where the person ended it.
    options = {"html": False, "breaks": True, "linkify": False}
    markdown = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    markdown.disable("image")
    markdown.validateLink = lambda url: url.lower().startswith(_WEB)  # type: ignore[method-assign]
    # "$5 and $6" is money.
    return markdown.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        renderer=_formula,
    )


def _formula(latex: str, options: Mapping[str, object]) -> str:
    display = "block" if options.get("display_mode") else "inline"
    try:
        return _mathml(latex.strip(), display)
    except Exception:  # the converter raises many kinds; all mean "no formula"
        return f"<code>{escape(latex)}</code>"


def _mathml(latex: str, display: str) -> str:
    """Return a formula as MathML of known elements alone. Raises ValueError for any other."""
    from latex2mathml.converter import convert

    if len(latex) > MAX_FORMULA:
        raise ValueError("a formula of this length")
    # The converter copies these as they are.
    made = convert(latex.replace("<", r"\lt ").replace(">", r"\gt "), display=display)
    root = ElementTree.fromstring(made)
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name not in _ELEMENTS or element.tag != f"{{{_NAMESPACE}}}{name}":
            raise ValueError(f"the element {name}")
        element.tag = name
        for attribute in list(element.attrib):
            if attribute not in _ATTRIBUTES:
                del element.attrib[attribute]
    return ElementTree.tostring(root, encoding="unicode")
