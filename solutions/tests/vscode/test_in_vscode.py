"""Questions that an evening in VS Code answers: code-server in Chromium, with a real ipykernel."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from checks.assignments import ASSIGNMENTS, FIRST
from checks.show import TEXTS
from plots import explorers
from solutions.catalogue import load, wrong_source
from solutions.gallery import styles
from solutions.tests.vscode.conftest import DARK, LIGHT, TRUST
from solutions.tests.vscode.vscode_page import HEIGHT, CodePage

pytestmark = [pytest.mark.slow(60), pytest.mark.browser]

SECOND = "convnet_application"
RIGHT = {FIRST: styles(FIRST)["loops"], SECOND: styles(SECOND)["vectorised"]}
CATALOGUE = load(FIRST)
PADS_CHANNELS = next(m for m in CATALOGUE.misconceptions if m.key == "zero_pad/pads_channels")
SECONDS = {FIRST: 120, SECOND: 300}
KINDS = ("convolution", "convolution", "gradient", "gradient")
NARROW = 400
DRAWN = "image => image.complete && image.naturalWidth > 0"
INSIDE = "parts => parts.map(part => part.getBoundingClientRect().right <= innerWidth + 1)"
NOT_ASKED = {"security.workspace.trust.startupPrompt": "never"}
OUTPUT, TEXT = ".output", ".preview"
OTHER = {"dark": "light", "light": "dark"}
THEMES = {"dark": DARK, "light": LIGHT}
SAME = {"en": "gives the same", "zh": "算出了同样的"}
STILL = "img[src$='images/gradient.png']"
PLOT = "img[src^='data:image/svg']"


def say(key: str, language: str, **values: object) -> str:
    return TEXTS[key].format(**values).in_(language)


def names(assignment: str) -> list[str]:
    return [exercise.name for exercise in ASSIGNMENTS[assignment].exercises]


def look_through(notebook: CodePage, language: str, assignment: str) -> None:
    """What is right after Run All in either notebook: boxes, pictures, and what is saved."""
    before = json.loads(notebook.path.read_text("utf-8"))
    notebook.run_all(SECONDS[assignment])
    notebook.see_everything()
    boxes = notebook.shown.locator(f"{OUTPUT} strong").all_inner_texts()
    for name in names(assignment):
        headline = say("all_passed", language, exercise=name, count=r"\d+")
        assert any(re.fullmatch(headline, text) for text in boxes), name
    for place, fewest in ((OUTPUT, 10), (TEXT, 3)):
        images = notebook.shown.locator(f"{place} img").all()
        assert len(images) >= fewest, place
        assert all(image.evaluate(DRAWN) for image in images), place
        assert all(image.get_attribute("alt") for image in images), place
    after = notebook.saved()
    codes = [cell for cell in after["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in codes] == list(range(1, len(codes) + 1))
    outputs = [output for cell in codes for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    # All that the grader goes by is in the file that VS Code has written.
    for key in ("source", "metadata"):
        assert _all(after, key) == _all(before, key)


def _all(notebook: dict[str, Any], key: str) -> list[object]:
    return ["".join(cell[key]) if key == "source" else cell[key] for cell in notebook["cells"]]


def corner(image: Any) -> int:
    """How bright the card of a plot is, 0 to 255, where nothing is drawn."""
    return Image.open(io.BytesIO(image.screenshot())).convert("L").getpixel((4, 4))


def follows(notebook: CodePage, theme: str) -> None:
    """Whether explorers, plots and boxes have the theme of the window."""
    for explorer in notebook.shown.locator(".explorer").all():
        expect(explorer).to_have_attribute("data-theme", theme)
    plot = notebook.bring(notebook.shown.locator(f"{OUTPUT} {PLOT}").first)
    assert corner(plot) < 40 if theme == "dark" else corner(plot) > 240
    box = notebook.shown.locator(OUTPUT, has=notebook.page.locator("li")).first
    for part in ("strong", "li", "li span", "small"):
        assert notebook.contrast(box.locator(part).first) >= 4.5, part


def convolved(stride: int, row: int, column: int) -> re.Pattern[str]:
    """What the first explorer says of an output, with its first picture."""
    X, W = explorers.first_input()
    f, top, left = len(W), stride * row, stride * column
    return _said(f"Z[{row}, {column}]", np.sum(X[top : top + f, left : left + f] * W))


def gradient(row: int, column: int) -> re.Pattern[str]:
    """What the second explorer says of a pixel's gradient, before anything is changed."""
    A_prev, W, dZ = explorers.first_gradient()
    dA_prev = np.zeros_like(A_prev)
    f = len(W)
    for h, w in np.ndindex(dZ.shape):
        dA_prev[h : h + f, w : w + f] += dZ[h, w] * W
    return _said(f"dA_prev[{row}, {column}]", dA_prev[row, column])


def _said(name: str, value: float) -> re.Pattern[str]:
    number = f"{value:.0f}".replace("-", "−")
    return re.compile(rf"{re.escape(name)} = (.* = )?{number}[.。]")


def use(notebook: CodePage, explorer: Any, kind: str, language: str) -> None:
    """Try an explorer as a student does, with mouse, arrow keys and a slider."""
    notebook.bring(explorer)
    assert explorer.locator("svg").count() >= 2 and not explorer.locator("img").is_visible()
    expected = gradient if kind == "gradient" else lambda *at: convolved(1, *at)
    figure = explorer.locator("figure").nth(0 if kind == "gradient" else 2)
    said = explorer.locator(".sum")
    figure.locator("[data-at='1,2']").click()
    expect(said).to_have_text(expected(1, 2))
    for key, at in (("ArrowRight", (1, 3)), ("ArrowDown", (2, 3)), ("ArrowLeft", (2, 2))):
        notebook.page.keyboard.press(key)
        expect(said).to_have_text(expected(*at))
    stride = explorer.locator("input").nth(2)
    stride.focus()
    notebook.page.keyboard.press("ArrowRight")
    expect(stride).to_be_focused()
    expect(explorer.locator("output").nth(2)).to_have_text("2")
    if kind == "convolution":
        expect(said).to_have_text(convolved(2, 0, 0))
        figure.locator("[data-at='1,1']").click()
        expect(said).to_have_text(convolved(2, 1, 1))
    else:
        explorer.get_by_role("button").nth(1).click()
        expect(figure.locator("[data-at]")).to_have_count(25)


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("zh", "light")])
def test_the_first_notebook(language: str, theme: str, opened: Callable[..., CodePage]) -> None:
    """Does Run All pass every check and start every explorer, and do they follow the theme?"""
    notebook = opened(language, RIGHT[FIRST], **{"workbench.colorTheme": THEMES[theme]})
    look_through(notebook, language, FIRST)
    found = notebook.in_order(".explorer")
    assert len(found) == len(KINDS)
    for number, (explorer, kind) in enumerate(zip(found, KINDS, strict=True)):
        use(notebook, explorer, kind, language)
        notebook.photograph(f"vscode-{language}-{theme}-explorer-{number}")
        own = explorer.locator(".own")
        # The second one of each kind comes after the exercise.
        same = [SAME[language] in text for text in own.all_inner_texts()]
        assert same == ([] if number % 2 == 0 else [True])
    follows(notebook, theme)
    notebook.photograph(f"vscode-{language}-{theme}-plot")
    notebook.command("Preferences: Toggle between Light/Dark Themes")
    follows(notebook, OTHER[theme])
    notebook.photograph(f"vscode-{language}-{OTHER[theme]}-plot")

    notebook.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    for number, explorer in enumerate(found):
        notebook.bring(explorer)
        notebook.photograph(f"vscode-{language}-narrow-{number}")
    for part in (".explorer", ".explorer svg", PLOT, "div[lang]"):
        assert all(notebook.shown.locator(f"{OUTPUT} {part}").evaluate_all(INSIDE)), part


def test_a_mistake_is_named(opened: Callable[..., CodePage]) -> None:
    """Are the mistake, its line and the hint shown, and do the cells after it run?"""
    notebook = opened("en", {"zero_pad": wrong_source(CATALOGUE.reference, [PADS_CHANNELS])})
    notebook.run_all(SECONDS[FIRST])
    box = notebook.shown.locator(OUTPUT, has_text=PADS_CHANNELS.message.in_("en")).first
    notebook.bring(box)
    assert "Line 3" in box.inner_text() and "X_pad = np.pad(" in box.inner_text()
    hint = box.locator("details").first
    assert PADS_CHANNELS.hint.in_("en") in hint.text_content()
    folded = hint.bounding_box()["height"]
    hint.locator("summary").click()
    assert hint.bounding_box()["height"] > folded
    notebook.photograph("vscode-en-mistake")
    errors = [
        "".join(output["traceback"])
        for cell in notebook.saved()["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]
    first, *stubs = names(FIRST)
    assert errors[0].startswith(f"{first} (Line 3): {PADS_CHANNELS.message.in_('en')[:20]}")
    assert errors[1:] == [say("not_implemented", "en", exercise=name) for name in stubs]
    # In the frame each is one line, too.
    expect(notebook.shown.locator(OUTPUT, has_text=f"{first} (Line 3)")).to_have_text(errors[0])


def test_the_second_notebook(opened: Callable[..., CodePage]) -> None:
    """Does Run All train a network that reads digits, and show how it learns?"""
    notebook = opened("en", RIGHT[SECOND], SECOND, **{"workbench.colorTheme": DARK})
    look_through(notebook, "en", SECOND)
    outputs = "\n".join(notebook.shown.locator(OUTPUT).all_inner_texts())
    (accuracy,) = re.findall(r"test +accuracy ([\d.]+)%", outputs)
    assert float(accuracy) >= 97.5
    bars = notebook.shown.locator("p code", has_text="█")
    assert bars.count() == 3 and not any("░" in bar for bar in bars.all_inner_texts())
    for number, bar in enumerate(bars.all()):
        notebook.bring(bar)
        notebook.photograph(f"vscode-en-training-{number}")


def test_a_folder_that_is_not_trusted(opened: Callable[..., CodePage]) -> None:
    """Does Restricted Mode show the text with its pictures and stills, and saved plots safely?"""

    def with_outputs(notebook: dict[str, Any]) -> None:
        cell = next(c for c in notebook["cells"] if "plots.explore_gradient()" in c["source"])
        page = {"text/html": explorers.gradient_page("en"), "text/plain": "an explorer"}
        cell["outputs"] = [nbformat.v4.new_output("display_data", page)]

    notebook = opened("en", None, FIRST, with_outputs, **{TRUST: True, **NOT_ASKED})
    expect(notebook.page.get_by_text("Restricted Mode").first).to_be_visible()
    notebook.see_everything()
    images = notebook.shown.locator(f"{TEXT} img").all()
    assert len(images) >= 10 and all(image.evaluate(DRAWN) for image in images)
    still = notebook.shown.locator("details", has=notebook.page.locator(STILL)).first
    notebook.bring(still).locator("summary").first.click()
    expect(still.locator("img").first).to_be_visible()
    notebook.photograph("vscode-restricted")
    for part in ("svg", "img", "script"):
        assert notebook.shown.locator(f"{OUTPUT} {part}").count() == 0
