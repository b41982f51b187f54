"""The card that a plot is shown on: white in a light theme, near black in a dark one.

Matplotlib draws a plot once, dark on white. An SVG around that PNG inverts it in a dark theme, hues
kept, but for the pictures in it: a digit, a photo, or a map of which a caption says that white is
zero has the same shades in both. The SVG is an image, so it carries its alt text and passes
Jupyter's sanitiser; and since it paints its own card, it can be read on whatever page it lies.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

# A page's theme may be another one than the system's. These tell its images: JupyterLab, Notebook
# and nbconvert's HTML; VS Code; Colab. Other pages, the course's site for one, say it themselves.
_DARK = (
    "[data-jp-theme-light=false]",
    "[data-vscode-theme-kind$=dark]",
    "[data-vscode-theme-kind$=contrast]",
    "[theme=dark]",
)
_LIGHT = ("[data-jp-theme-light=true]", "[data-vscode-theme-kind$=light]")


_DARKENED = "filter:invert(.93) hue-rotate(180deg)"
"""Not all the way from white to black: the card gets the grey of JupyterLab's dark pages."""


def _rule(pages: Sequence[str], scheme: str) -> str:
    # Not the images alone: a player's buttons would stay white in a dark theme.
    shown = ":is(img,.animation)"
    return f"{','.join(f'{page} {shown}' for page in pages)}{{color-scheme:{scheme}}}"


# The drawings of a notebook's text are PNG files: there the page darkens them itself.
_DRAWINGS = f"{_DARK[0]} .jp-RenderedMarkdown img[src*='images/']{{{_DARKENED}}}"
STYLE = f"<style>@media screen{{{_rule(_DARK, 'dark')}{_rule(_LIGHT, 'light')}{_DRAWINGS}}}</style>"
_ESCAPED = str.maketrans({"%": "%25", "#": "%23", "<": "%3C", ">": "%3E"})


class Box(NamedTuple):
    """A rectangle in pixels, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


def html(address: str, alt: str) -> str:
    """Return an image as HTML that follows the theme of the page that it is shown on."""
    return f'{STYLE}<img src="{address}" alt="{escape(alt)}" style="max-width:100%">'


def address(png: str, width: int, height: int, kept: Sequence[Box] = ()) -> str:
    """Return a PNG, given in base64, on its card, as an address for an image.

    `kept` are the places whose colours stay as they are.
    """
    holes = "".join(f"M{x:.1f} {y:.1f}h{w:.1f}v{h:.1f}h-{w:.1f}z" for x, y, w, h in kept)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}'>"
        "<style>rect{fill:none;stroke:#d0d0d0}@media screen and (prefers-color-scheme:dark)"
        f"{{rect{{stroke:#3a3a3a}}#i{{{_DARKENED}}}}}</style>"
        f"<defs><image id='p' width='{width}' height='{height}' "
        f"href='data:image/png;base64,{png}'/><clipPath id='c'>"
        f"<path clip-rule='evenodd' d='M0 0H{width}V{height}H0z{holes}'/></clipPath></defs>"
        "<use href='#p'/><g clip-path='url(#c)'><use id='i' href='#p'/></g>"
        f"<rect x='.5' y='.5' width='{width - 1}' height='{height - 1}'/></svg>"
    )
    return f"data:image/svg+xml,{svg.translate(_ESCAPED)}"
