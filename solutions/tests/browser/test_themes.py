"""Plots and explorers in JupyterLab and Notebook, in a light and in a dark theme."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from plots import kit
from plots.explorers import gradient_page
from solutions.gallery import styles
from solutions.tests.browser.notebook_page import JUPYTERLAB, NOTEBOOK, NotebookPage
from tests.conftest import browser  # noqa: F401 - a fixture

pytestmark = [pytest.mark.slow, pytest.mark.browser]

RIGHT = styles("cnn_step_by_step")["loops"]
WRITTEN = ("zero_pad", "conv_single_step", "conv_forward", "conv_backward")
IMPORTS, PADDING = "import plots", "plots.padding("
CONVOLUTION, GRADIENT = "plots.explore_convolution(conv_forward)", "explore_gradient(conv_backward)"
SAME = {"en": "gives the same", "zh": "算出了同样的"}
DRAWN = "image => image.complete && image.naturalWidth > 0"
PROGRAMS = {"lab": JUPYTERLAB, "notebook": NOTEBOOK}


def corner(image: Any) -> int:
    """How bright the card of a plot is, 0 to 255, where nothing is drawn."""
    seen = Image.open(io.BytesIO(image.screenshot())).convert("L")
    return seen.getpixel((4, 4))


@pytest.mark.parametrize(
    ("program", "theme", "language"),
    [("lab", "dark", "en"), ("lab", "light", "zh"), ("notebook", "dark", "zh")],
)
def test_plots_and_explorers_follow_the_theme(
    opened: Callable[..., NotebookPage], lab: Any, program: str, theme: str, language: str
) -> None:
    """Are they light or dark as the page, do mouse and keys work, is own code compared?"""
    lab.set("apputils-extension/themes", {"theme": f"JupyterLab {theme.title()}"})
    try:
        notebook = opened(language, RIGHT, program=PROGRAMS[program])
        notebook.run(IMPORTS)
        for text in (*(f"def {name}(" for name in WRITTEN), "left_minus_right = "):
            notebook.run(text)
        plot = notebook.run(PADDING).locator("img")
        assert corner(plot) < 40 if theme == "dark" else corner(plot) > 240
        drawing = notebook.page.locator(".jp-RenderedMarkdown img").first
        assert corner(drawing) < 40 if theme == "dark" else corner(drawing) > 240
        notebook.photograph(f"{program}-{theme}-plot", notebook.cell(PADDING))
        notebook.photograph(f"{program}-{theme}-drawing", drawing)
        for cell in (CONVOLUTION, GRADIENT):
            explorer = notebook.run(cell).locator(".explorer")
            assert explorer.get_attribute("data-theme") == theme
            assert SAME[language] in explorer.locator(".own").inner_text()
            result = explorer.locator("figure").last
            before = explorer.locator(".sum").inner_text()
            result.locator("[data-at='1,2']").hover()
            expect(explorer.locator(".sum")).not_to_have_text(before)
            assert "[1, 2]" in explorer.locator(".sum").inner_text()
            result.locator("[data-at='1,2']").focus()
            notebook.page.keyboard.press("ArrowLeft")
            expect(explorer.locator(".sum")).to_contain_text("[1, 1]")
            slider = explorer.locator("input").first
            slider.focus()
            notebook.page.keyboard.press("ArrowLeft")
            expect(slider).to_be_focused()
            name = "convolution" if cell == CONVOLUTION else "gradient"
            notebook.photograph(f"{program}-{theme}-{name}", notebook.cell(cell))
    finally:
        lab.set("apputils-extension/themes", {"theme": "JupyterLab Light"})


def test_an_untrusted_notebook_shows_pictures(
    browser: Any,  # noqa: F811
    lab: Any,
    screenshots: Any,
) -> None:
    """Are a plot and the explorer's still picture seen, with alt texts, where no script may run?"""
    figure = kit.figure(3, 2)
    kit.picture(figure.subplots(), np.eye(2), "X")
    shown = (kit.image(figure, "a plot"), gradient_page("en"))
    cells = [
        nbformat.v4.new_code_cell(
            "1", outputs=[nbformat.v4.new_output("display_data", {"text/html": html})]
        )
        for html in shown
    ]
    path = lab.folder / "untrusted.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    notebook = NotebookPage(browser, lab.url, path.relative_to(lab.folder), screenshots)
    images = notebook.page.locator(".jp-OutputArea img")
    assert images.count() == 2 and notebook.page.locator(".explorer svg").count() == 0
    assert all(image.get_attribute("alt") for image in images.all())
    assert all(image.evaluate(DRAWN) for image in images.all())
    assert corner(images.first) > 240
    notebook.photograph("lab-untrusted")
    notebook.close()
