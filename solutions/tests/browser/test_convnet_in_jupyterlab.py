"""Questions that an evening with the second notebook answers: JupyterLab in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from checks.assignments import ASSIGNMENTS
from checks.show import TEXTS
from checks.text import LANGUAGES
from solutions.gallery import styles
from solutions.tests.browser.notebook_page import NotebookPage

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ASSIGNMENT = "convnet_application"
NAMES = [exercise.name for exercise in ASSIGNMENTS[ASSIGNMENT].exercises]
RIGHT = styles(ASSIGNMENT)["vectorised"]
ERROR = "[data-mime-type='application/vnd.jupyter.stderr']"
DRAWN = "image => image.complete && image.naturalWidth > 0"
# Two trainings and everything before them, on a machine that has other things to do.
SECONDS = 300
TEST_ACCURACY = {"en": "test +accuracy", "zh": "测试集 +准确率"}
THEMES = {"en": "JupyterLab Dark", "zh": "JupyterLab Light"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_network_is_trained(language: str, opened: Callable[..., NotebookPage], lab: Any) -> None:
    """Does the filled notebook train to its accuracy, show every picture and pass every check?"""
    lab.set("apputils-extension/themes", {"theme": THEMES[language]})
    try:
        notebook = opened(language, RIGHT, ASSIGNMENT)
        notebook.run_all(SECONDS)
        assert notebook.page.locator(ERROR).all_inner_texts() == []
        shown = notebook.page.locator(".jp-OutputArea strong").all_inner_texts()
        for name in NAMES:
            headline = TEXTS["all_passed"].format(exercise=name, count=r"\d+").in_(language)
            assert any(re.fullmatch(headline, text) for text in shown), name
        images = notebook.page.locator(".jp-Notebook img").all()
        assert len(images) > 10 and all(image.evaluate(DRAWN) for image in images)
        assert all(image.get_attribute("alt") for image in images)
        trained = notebook.output("plots.predict(prediction, 100 * accuracy, ")
        (test,) = re.findall(rf"{TEST_ACCURACY[language]} ([\d.]+)%", trained.inner_text())
        assert float(test) >= 97.5
        for number, text in enumerate(("training.confusion(", "training.feature_maps(")):
            notebook.photograph(f"convnet-{language}-{number}", notebook.cell(text))
        assert notebook.contrast(trained.locator("pre").first) >= 4.5
    finally:
        lab.set("apputils-extension/themes", {"theme": "JupyterLab Light"})


def test_the_unfilled_notebook_runs_to_its_end(opened: Callable[..., NotebookPage]) -> None:
    """Does Run All reach the last cell, with one short line and no traceback at each check?"""
    notebook = opened("en", None, ASSIGNMENT)
    notebook.run_all()
    errors = notebook.page.locator(ERROR).all_inner_texts()
    assert [error.strip() for error in errors] == [
        TEXTS["not_implemented"].format(exercise=name).in_("en") for name in NAMES
    ]
    assert "Traceback" not in notebook.page.locator(".jp-Notebook").inner_text()
