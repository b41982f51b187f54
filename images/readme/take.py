"""Takes the README's pictures of feedback: ``python images/readme/take.py``; it needs Chromium.

They are photographs of what ``check(conv_forward)`` shows in a notebook, so ``make build``, which
runs where no browser is, leaves them alone. Take them again when the box of a check changes.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from checks.text import LANGUAGES  # noqa: E402
from solutions.gallery import styles  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WRONG = {"vert_start = h * stride": "vert_start = h"}
"""The mistake in the picture: the stride is left out downwards."""


def page_of(language: str) -> str:
    """Return the page of a notebook whose conv_forward has the mistake."""
    functions = dict(styles("cnn_step_by_step")["loops"])
    for old, new in WRONG.items():
        if old not in functions["conv_forward"]:
            raise SystemExit(f"conv_forward has no {old!r} to make wrong")
        functions["conv_forward"] = functions["conv_forward"].replace(old, new)
    first = ("zero_pad", "conv_single_step", "conv_forward")
    cells = ["import numpy as np\nfrom public_tests import *", *(functions[name] for name in first)]
    cells.append("check(conv_forward)")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    folder = ROOT / "notebooks" / language / "cnn_step_by_step"
    # The kernel is to import what lies beside the notebook, and nothing of an engineer's own.
    os.environ.pop("PYTHONPATH", None)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, resources=resources, allow_errors=True).execute()
    return HTMLExporter().from_notebook_node(notebook)[0]


def take(language: str, path: Path) -> None:
    """Photograph the check's box, as it stands in a light page 800 px wide."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit("Chromium is not installed (Debian and Ubuntu: apt install chromium)")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (page_path := Path(folder) / "page.html").write_text(page_of(language), "utf-8")
        browser = playwright.chromium.launch(executable_path=found)
        page = browser.new_page(viewport={"width": 800, "height": 900})
        page.goto(page_path.as_uri())
        page.locator(".jp-OutputArea-output section, .jp-OutputArea-output > div").first.screenshot(
            path=path
        )
        browser.close()


if __name__ == "__main__":
    for name in LANGUAGES:
        take(name, Path(__file__).with_name(f"feedback.{name}.png"))
