"""Questions that a student's evening with the notebook answers: JupyterLab in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from checks.assignments import ASSIGNMENTS
from checks.show import TEXTS
from checks.text import LANGUAGES
from solutions.catalogue import load, wrong_source
from solutions.gallery import styles
from solutions.tests.browser.notebook_page import NotebookPage

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ASSIGNMENT = "cnn_step_by_step"
EXERCISES = {exercise.name: exercise for exercise in ASSIGNMENTS[ASSIGNMENT].exercises}
RIGHT = styles(ASSIGNMENT)["loops"]
CATALOGUE = load(ASSIGNMENT)
PADS_CHANNELS = next(m for m in CATALOGUE.misconceptions if m.key == "zero_pad/pads_channels")
# Sources of cells, as far as they are needed to find the cell.
IMPORTS, STUB, PLAY, CHECK = (
    "import plots",
    "def zero_pad(",
    "plots.padding(",
    "check(zero_pad)",
)
ERROR = "[data-mime-type='application/vnd.jupyter.stderr']"
DRAWN = "image => image.complete && image.naturalWidth > 0"


def say(key: str, language: str, **values: object) -> str:
    return TEXTS[key].format(**values).in_(language)


def closed_up(text: str) -> str:
    """`text` without the breaks of its lines, and without spaces."""
    return re.sub(r"\s", "", text)


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_student_fills_in_zero_pad(language: str, opened: Callable[..., NotebookPage]) -> None:
    """Does she see the plot and the passed check, then her mistake by its name, then Validate?"""
    notebook = opened(language)
    notebook.run(IMPORTS)

    notebook.fill(STUB, RIGHT["zero_pad"])
    notebook.run(STUB)
    plot = notebook.run(PLAY).locator("img")
    assert plot.evaluate(DRAWN)
    assert is_chinese(plot.get_attribute("alt")) == (language == "zh")
    passed = notebook.run(CHECK)
    count = len(EXERCISES["zero_pad"].checks)
    headline = say("all_passed", language, exercise="zero_pad", count=count)
    assert headline in passed.inner_text()
    assert passed.locator("li").count() == count
    assert passed.locator(ERROR).count() == 0
    notebook.photograph(f"{language}-plot", notebook.cell(PLAY))
    notebook.photograph(f"{language}-passed", notebook.cell(CHECK))
    notebook.photograph(f"{language}-window")

    notebook.fill(STUB, wrong_source(CATALOGUE.reference, [PADS_CHANNELS]))
    notebook.run(STUB)
    failed = notebook.run(CHECK)
    assert PADS_CHANNELS.message.in_(language) in failed.inner_text()
    hint = failed.locator("details").first
    assert PADS_CHANNELS.hint.in_(language) in hint.text_content()
    assert hint.get_attribute("open") is None
    folded = hint.bounding_box()["height"]
    hint.locator("summary").click()
    assert hint.bounding_box()["height"] > folded
    assert failed.locator("figure img").count() >= 2
    assert all(image.evaluate(DRAWN) for image in failed.locator("figure img").all())
    assert "Traceback" not in failed.inner_text()
    # pad 0 is right even so; the other checks are folded.
    headline = say("some_failed", language, exercise="zero_pad", failed=count - 1, count=count)
    assert headline in failed.inner_text()
    (line,) = failed.locator(ERROR).inner_text().splitlines()
    start = PADS_CHANNELS.message.in_(language)[:15]
    assert line.startswith("zero_pad") and start in line
    notebook.photograph(f"{language}-failed", notebook.cell(CHECK))

    dialog = notebook.validate()
    assert CHECK in dialog.inner_text()
    assert closed_up(start) in closed_up(dialog.inner_text())
    assert say("not_implemented", language, exercise="pool_forward") in dialog.inner_text()
    notebook.photograph(f"{language}-validate")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unfilled_notebook_runs_to_its_end(
    language: str, opened: Callable[..., NotebookPage]
) -> None:
    """Does Run All reach the last cell, with one short line and no traceback at each check?"""
    notebook = opened(language)
    notebook.run_all()
    numbers = notebook.page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    assert all(re.fullmatch(r"\[\d+\]:", number) for number in numbers), numbers
    errors = notebook.page.locator(ERROR).all_inner_texts()
    assert [error.strip() for error in errors] == [
        say("not_implemented", language, exercise=name) for name in EXERCISES
    ]
    assert "Traceback" not in notebook.page.locator(".jp-Notebook").inner_text()
    notebook.photograph(f"{language}-unfilled")


def test_the_filled_notebook_passes_validation(opened: Callable[..., NotebookPage]) -> None:
    """Does the finished notebook show every picture, explorer and moving filter, and validate?"""
    notebook = opened("en", RIGHT)
    notebook.run_all()
    assert notebook.page.locator(ERROR).count() == 0
    shown = notebook.page.locator(".jp-OutputArea strong").all_inner_texts()
    for name in EXERCISES:
        headline = say("all_passed", "en", exercise=name, count=r"\d+")
        assert any(re.fullmatch(headline, text) for text in shown), name
    images = notebook.page.locator(".jp-Notebook img").all()
    assert images and all(image.evaluate(DRAWN) for image in images)
    assert all(image.get_attribute("alt") for image in images)
    # The still picture is for readers without scripts.
    explorers = notebook.page.locator(".jp-OutputArea .explorer")
    assert explorers.count() == 4
    for explorer in explorers.all():
        assert explorer.locator("svg").count() >= 2 and not explorer.locator("img").is_visible()

    animation = notebook.output("plots.filter_moving(")
    frame = animation.locator("img:not([hidden])")
    first = frame.get_attribute("src")
    animation.get_by_title("Play", exact=True).click()
    expect(frame).not_to_have_attribute("src", first)
    notebook.photograph("en-animation", animation)

    dialog = notebook.validate()
    assert "Success" in dialog.inner_text()
    notebook.photograph("en-validated")


def test_results_can_be_read_in_a_dark_theme(opened: Callable[..., NotebookPage], lab: Any) -> None:
    """Does the text of a result stand out from a dark page?"""
    lab.set("apputils-extension/themes", {"theme": "JupyterLab Dark"})
    try:
        notebook = opened("en", {"zero_pad": wrong_source(CATALOGUE.reference, [PADS_CHANNELS])})
        notebook.run(IMPORTS)
        notebook.run(STUB)
        failed = notebook.run(CHECK)
        for folded in failed.locator("summary").all():
            folded.click()
        for part in ("strong", "code", "li", "li span", "figcaption", "summary", "small"):
            assert notebook.contrast(failed.locator(part).first) >= 4.5, part
        notebook.photograph("en-failed-dark", notebook.cell(CHECK))
    finally:
        lab.set("apputils-extension/themes", {"theme": "JupyterLab Light"})
