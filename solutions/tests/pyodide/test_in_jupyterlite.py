"""Both notebooks in a browser without any Python behind it: JupyterLite with Pyodide in Chromium.

The folder named by the environment variable SCREENSHOTS receives pictures of what was seen.
"""

import functools
import http.server
import inspect
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from checks.assignments import ASSIGNMENTS, FIRST
from checks.show import TEXTS
from checks.text import LANGUAGES
from solutions.catalogue import load
from solutions.tests.pyodide.conftest import CATALOGUE
from solutions.tests.pyodide.lite_page import LitePage
from solutions.tests.pyodide.test_in_node import FEWEST, in_cpython  # noqa: F401 - a fixture

pytestmark = [pytest.mark.again, pytest.mark.slow]
SECONDS = 900
PADS_CHANNELS = (
    "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (pad, pad)))"
)
DRAWN = "image => image.complete && image.naturalWidth > 0"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def served(lite_site: Path) -> Iterator[str]:
    """The address of the site on this machine."""
    handler = functools.partial(_Quiet, directory=str(lite_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def opened(browser: Any, served: str, lite_site: Path, tmp_path: Path) -> Iterator[Callable]:
    """A function that opens a notebook in a browser of its own, filled in with `functions`."""
    contexts, changed = [], {}
    screenshots = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    screenshots.mkdir(parents=True, exist_ok=True)

    def open_notebook(
        language: str,
        assignment: str,
        functions: dict[str, str] | None = None,
        scheme: str = "light",
    ) -> LitePage:
        path = f"{language}/{assignment}/{assignment}.ipynb"
        file = lite_site / "files" / path
        changed.setdefault(file, file.read_bytes())
        notebook = json.loads(file.read_text("utf-8"))
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = (functions or {}).get(name, cell["source"])
        file.write_text(json.dumps(notebook), "utf-8")
        context = browser.new_context(
            viewport={"width": 1180, "height": 1100}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        return LitePage(context, served, path, screenshots)

    yield open_notebook
    for context in contexts:
        context.close()
    for file, content in changed.items():
        file.write_bytes(content)


def test_an_evening_in_the_browser(opened: Callable[..., LitePage], tmp_path: Path) -> None:
    """Is a mistake named and drawn, the work kept when the page is left, and downloaded?"""
    notebook = opened("en", FIRST)
    begun = time.monotonic()
    notebook.start()
    started = time.monotonic()
    notebook.fill("def zero_pad", PADS_CHANNELS)
    notebook.run("def zero_pad")
    shown = notebook.run("zero_pad_test(zero_pad)")
    print(f"start {started - begun:.1f} s, first check {time.monotonic() - started:.1f} s later")
    assert "The channel axis is padded too" in shown.inner_text()
    images = shown.locator("img").all()
    assert len(images) == 3 and all(image.evaluate(DRAWN) for image in images)
    shown.scroll_into_view_if_needed()
    notebook.photograph("browser-mistake")

    notebook.page.keyboard.press("Control+s")
    notebook.page.wait_for_timeout(1000)
    notebook.open()
    assert "(pad, pad), (pad, pad), (pad, pad)" in notebook.cell("def zero_pad").inner_text()
    # This older JupyterLite has Download in JupyterLab's menu only; the site's own has it in both.
    notebook.page.goto(f"{notebook.url}/lab/index.html?path={notebook.path}")
    notebook.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    notebook.page.wait_for_load_state("networkidle")
    with notebook.page.expect_download() as downloaded:
        notebook.choose("File", "Download")
    file = tmp_path / downloaded.value.suggested_filename
    assert file.name == f"{FIRST}.ipynb"
    downloaded.value.save_as(file)
    cells = nbformat.read(file, as_version=4).cells
    (mine,) = (
        cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "zero_pad"
    )
    assert mine.source == PADS_CHANNELS
    assert notebook.outside() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_filled_notebook_runs(
    assignment: str, language: str, opened: Callable[..., LitePage]
) -> None:
    """Does every check of the filled notebook pass, with all plots, and nothing asked outside?"""
    right = {
        name: inspect.getsource(function) for name, function in load(assignment).functions.items()
    }
    notebook = opened(language, assignment, right, "dark" if language == "zh" else "light")
    notebook.start()
    notebook.run_all(SECONDS)
    assert notebook.failures() == []
    shown = notebook.page.locator(".jp-OutputArea strong").all_inner_texts()
    for exercise in ASSIGNMENTS[assignment].exercises:
        passed = TEXTS["all_passed"].in_(language).split("{count}")[0]
        passed = passed.format(exercise=exercise.name)
        assert any(text.startswith(passed) for text in shown), exercise.name
    images = notebook.page.locator(".jp-Notebook img").all()
    assert len(images) > 10
    assert [image.get_attribute("src")[:80] for image in images if not image.evaluate(DRAWN)] == []
    assert notebook.outside() == []
    notebook.photograph(f"browser-{assignment}-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_unfilled_notebook_runs(
    assignment: str, language: str, opened: Callable[..., LitePage]
) -> None:
    """Does Run All reach the end, with one short line at each check and no other failure?"""
    notebook = opened(language, assignment)
    notebook.start()
    notebook.run_all(SECONDS)
    said = TEXTS["not_implemented"].in_(language)
    names = [exercise.name for exercise in ASSIGNMENTS[assignment].exercises]
    assert notebook.failures() == [said.format(exercise=name) for name in names]
    assert notebook.outside() == []


def test_ids_are_those_of_cpython(
    opened: Callable[..., LitePage],
    in_cpython: dict[str, list],  # noqa: F811
) -> None:
    """Are at least 300 entries of the catalogue named in the browser as in CPython?"""
    notebook = opened("en", FIRST)
    notebook.start()
    notebook.fill(
        "zero_pad_test(zero_pad)",
        "import json, sys\n"
        f"sys.path.insert(0, '/drive/{CATALOGUE}')\n"
        "for name in [n for n in sys.modules if n.split('.')[0] in ('checks', 'public_tests')]:\n"
        "    del sys.modules[name]\n"
        "from ids_of import ids_of\n"
        f"with open('/drive/{CATALOGUE}/functions.json') as file:\n"
        f"    said = ids_of(json.load(file), '/drive/{CATALOGUE}')\n"
        "print('ids:', json.dumps(said))",
    )
    cell = notebook.cell("from ids_of import ids_of")
    notebook._run(cell, lambda: notebook._press(cell), SECONDS)
    text = notebook.output("from ids_of import ids_of").inner_text()
    said = json.loads(text.partition("ids:")[2])
    assert len(said) >= FEWEST
    assert {key: (said[key], in_cpython[key]) for key in said if said[key] != in_cpython[key]} == {}
    assert notebook.outside() == []
