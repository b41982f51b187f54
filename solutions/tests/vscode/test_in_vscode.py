"""Questions that an evening in VS Code answers: code-server in Chromium, with a real ipykernel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from checks.assignments import ASSIGNMENTS, FIRST
from checks.show import TEXTS
from solutions.catalogue import load, wrong_source
from solutions.gallery import styles
from solutions.tests.vscode.conftest import DARK, LIGHT, TRUST
from solutions.tests.vscode.vscode_page import CodePage

pytestmark = [pytest.mark.slow(60), pytest.mark.browser]

RIGHT = styles(FIRST)["loops"]
DRAWN = "image => image.complete && image.naturalWidth > 0"
SECONDS = 120


def passed(language: str, assignment: str) -> list[str]:
    """What the boxes of a notebook say in which everything is right."""
    said = TEXTS["all_passed"]
    return [
        said.format(exercise=exercise.name, count=len(exercise.checks)).in_(language)
        for exercise in ASSIGNMENTS[assignment].exercises
    ]


@pytest.mark.parametrize(("language", "theme"), [("en", DARK), ("zh", LIGHT)])
def test_the_first_notebook(language: str, theme: str, opened: Callable[..., CodePage]) -> None:
    """Does Run All show every picture, pass every check, and start every explorer?"""
    notebook = opened(language, RIGHT, **{"workbench.colorTheme": theme})
    notebook.run_all(SECONDS)
    notebook.see_everything()
    print(notebook.shown.locator(".output strong").all_inner_texts())
    notebook.photograph("end")
    for i, e in enumerate(notebook.shown.locator(".explorer").all()):
        notebook.bring(e)
        notebook.photograph(f"ex{language}{i}")
    saved=notebook.saved()
