"""Does a plot follow the theme of its page, and do the pictures in it keep their shades?"""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from plots import card, kit

INK, PAPER = (0, 0, 0), (255, 255, 255)
LIGHT, DARK = "light", "dark"

PAGES = {
    "JupyterLab, dark": ('data-jp-theme-light="false"', LIGHT, DARK),
    "JupyterLab, light, on a dark system": ('data-jp-theme-light="true"', DARK, LIGHT),
    "VS Code, dark": ('data-vscode-theme-kind="vscode-dark"', LIGHT, DARK),
    "VS Code, high contrast": ('data-vscode-theme-kind="vscode-high-contrast"', LIGHT, DARK),
    "VS Code, light high contrast": (
        'data-vscode-theme-kind="vscode-high-contrast-light"',
        DARK,
        LIGHT,
    ),
    "Colab, dark": ('theme="dark"', LIGHT, DARK),
    "a page that follows a dark system": ('style="color-scheme:light dark"', DARK, DARK),
    "a page that says nothing": ("", LIGHT, LIGHT),
}


def drawn():
    """A figure with a picture, a grid with its numbers, and a line."""
    figure = kit.figure(6, 2)
    picture, grid, curve = figure.subplots(1, 3)
    kit.picture(picture, np.array([[0.0, 1.0], [1.0, 0.0]]), "X")
    kit.numbers(grid, np.array([[0.0, 1.0], [1.0, 0.0]]), "W")
    curve.plot([0, 1], color=kit.BLUE, linewidth=8)
    return figure


def shade(pixel: tuple[int, ...]) -> str:
    return LIGHT if sum(pixel[:3]) > 3 * 128 else DARK


@pytest.mark.parametrize("page", PAGES)
def test_plot_has_the_pages_theme(browser, page: str):
    """Are card and grid light or dark with the page, and the picture's black and white as drawn?"""
    attributes, system, theme = PAGES[page]
    figure = drawn()
    html = kit.image(figure, "alt")
    opened = browser.new_page(color_scheme=system)
    opened.set_content(f"<!doctype html><html><body {attributes}>{html}</body></html>")
    seen = Image.open(io.BytesIO(opened.locator("img").screenshot())).convert("RGB")
    opened.close()

    def at(axes: int, row: float, column: float) -> tuple[int, ...]:
        x, y = figure.axes[axes].transData.transform((column, row))
        return seen.getpixel((int(x), int(figure.bbox.height - y)))

    assert shade(seen.getpixel((4, 4))) == theme
    # Beside the numbers, which are written in the middle of their cells.
    assert shade(at(1, 0.35, 0.35)) == theme
    assert (at(0, 0, 0), at(0, 0, 1)) == (INK, PAPER)
    red, _, blue = at(2, 0.5, 0.5)
    assert blue > red + 60


def test_what_is_kept_are_pictures_alone():
    """Does a figure without a picture invert as a whole, and one with a picture leave it out?"""
    figure = kit.figure(4, 2)
    grid, curve = figure.subplots(1, 2)
    kit.numbers(grid, np.eye(2), "W")
    curve.plot([0, 1])
    assert "M0 0H400V200H0z'" in unquote(kit.image(figure, ""))
    assert re.search(r"M0 0H600V200H0zM[^M]+z'", unquote(kit.image(drawn(), "")))


def test_an_address_fits_into_html_and_into_a_script():
    """Has it nothing that would end an attribute, a string or a script?"""
    address = card.address("AAAA", 10, 20)
    assert not set(address) & set('"<>#\n')
