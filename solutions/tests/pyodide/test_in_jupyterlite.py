"""Both notebooks in a browser without any Python behind it: JupyterLite with Pyodide in Chromium.

The folder named by the environment variable SCREENSHOTS receives pictures of what was seen.
"""

import contextlib
import functools
import http.server
import inspect
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.reading.names import only_renamed_by_platform
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
LOOPS = "def zero_pad(X, pad):\n    while True:\n        pad = pad + 1"
# What no signal can stop is stopped by the clock: here sooner than a student's would be.
SOONER = "import checks.session.deadline\nchecks.session.deadline.SECONDS = 2.0"
CHECKPOINT = ".jp-NotebookCheckpoint"
JUST_SAVED = re.compile(r"now|: \d seconds? ago")
DRAWN = "image => image.complete && image.naturalWidth > 0"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: Any) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing: a browser that is closed drops its connections."""


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def served(lite_site: Path) -> Iterator[str]:
    """The address of the site on this machine."""
    with _serving(lite_site) as address:
        yield address


@pytest.fixture
def opened(browser: Any, served: str, tmp_path: Path) -> Iterator[Callable[..., LitePage]]:
    """A function that opens a notebook, as it is released, in a browser of its own."""
    contexts = []
    screenshots = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    screenshots.mkdir(parents=True, exist_ok=True)

    def open_notebook(language: str, assignment: str, scheme: str = "light") -> LitePage:
        context = browser.new_context(
            viewport={"width": 1180, "height": 1100}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        path = f"{language}/{assignment}/{assignment}.ipynb"
        return LitePage(context, served, path, screenshots)

    yield open_notebook
    for context in contexts:
        context.close()


def test_an_evening_in_the_browser(opened: Callable[..., LitePage]) -> None:
    """Is a mistake named and drawn, an endless loop stopped, and the work kept on leaving?"""
    notebook = opened("en", FIRST)
    idle = notebook.clock()
    notebook.start()
    notebook.fill("def zero_pad", PADS_CHANNELS)
    notebook.run("def zero_pad")
    shown = notebook.run("check(zero_pad)")
    wall, cpu = (after - before for before, after in zip(idle, notebook.clock(), strict=True))
    print(f"from the kernel's being idle to the first check: {wall:.1f} s, {cpu:.1f} CPU s")
    assert "The channel axis is padded too" in shown.inner_text()
    images = shown.locator("img").all()
    assert len(images) == 3 and all(image.evaluate(DRAWN) for image in images)
    shown.scroll_into_view_if_needed()
    notebook.photograph("browser-mistake")

    notebook.fill("def zero_pad", f"{SOONER}\n{LOOPS}")
    notebook.run("def zero_pad")
    shown = notebook.run("check(zero_pad)")
    assert "while True:" in shown.inner_text()
    notebook.photograph("browser-loop")

    saved = notebook.page.locator(CHECKPOINT)
    expect(saved).not_to_contain_text(JUST_SAVED)
    notebook.page.keyboard.press("Control+s")
    expect(saved).to_contain_text(JUST_SAVED)
    notebook.open()
    assert "while True:" in notebook.cell("def zero_pad").inner_text()
    assert notebook.outside() == []


def test_work_is_downloaded_from_the_published_jupyterlite(
    browser: Any, published_lab: Path, tmp_path: Path
) -> None:
    """Has File > Download what was typed in, in the version that students get, without Python?"""
    context = browser.new_context(accept_downloads=True)
    with _serving(published_lab) as address:
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        notebook = LitePage(
            context, address, f"en/{FIRST}/{FIRST}.ipynb", tmp_path, has_python=False
        )
        notebook.fill("def zero_pad", PADS_CHANNELS)
        with notebook.page.expect_download() as downloaded:
            notebook.choose("File", "Download")
        name = downloaded.value.suggested_filename  # begins with the folders
        assert only_renamed_by_platform(name, f"{FIRST}.ipynb")
        cells = nbformat.read(downloaded.value.path(), as_version=4).cells
        context.close()
    (mine,) = (
        cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "zero_pad"
    )
    assert mine.source == PADS_CHANNELS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_notebook_from_stubs_to_its_end(
    assignment: str, language: str, opened: Callable[..., LitePage]
) -> None:
    """Does Run All reach the end, before and after all is filled in, and is all then passed?"""
    exercises = [exercise.name for exercise in ASSIGNMENTS[assignment].exercises]
    notebook = opened(language, assignment, "dark" if language == "zh" else "light")
    opening = notebook.clock()
    notebook.run_all()
    unfilled = notebook.clock()
    said = TEXTS["not_implemented"].in_(language)
    assert notebook.failures() == [said.format(exercise=name) for name in exercises]
    assert notebook.not_run() == 0

    for name, function in load(assignment).functions.items():
        notebook.fill(f"def {name}(", inspect.getsource(function))
    filling = notebook.clock()
    notebook.run_all(SECONDS)
    filled = notebook.clock()
    for what, start, end in (("unfilled", opening, unfilled), ("filled", filling, filled)):
        print(f"{what}: {end[0] - start[0]:.0f} s, {end[1] - start[1]:.0f} CPU s")
    assert notebook.failures() == []
    assert notebook.not_run() == 0
    shown = notebook.page.locator(".jp-OutputArea strong").all_inner_texts()
    for name in exercises:
        passed = TEXTS["all_passed"].in_(language).split("{count}")[0].format(exercise=name)
        assert any(text.startswith(passed) for text in shown), name
    images = notebook.page.locator(".jp-Notebook img").all()
    assert len(images) > 10
    assert [image.get_attribute("src")[:80] for image in images if not image.evaluate(DRAWN)] == []
    assert notebook.outside() == []
    notebook.photograph(f"browser-{assignment}-{language}")


def test_ids_are_those_of_cpython(
    opened: Callable[..., LitePage],
    in_cpython: dict[str, list],  # noqa: F811
) -> None:
    """Are at least 300 entries of the catalogue named in the browser as in CPython?"""
    notebook = opened("en", FIRST)
    notebook.start()
    notebook.fill(
        "check(zero_pad)",
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
