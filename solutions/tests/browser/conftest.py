"""JupyterLab as a student has it: the built notebooks in a folder of their own, in a browser.

The folder named by the environment variable SCREENSHOTS receives pictures of what was seen.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course import copy_course
from checks.assignments import FIRST
from solutions.tests.browser.notebook_page import JUPYTERLAB, NotebookPage
from tests.conftest import browser, chromium  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parents[3]
# Without windowing every cell is on the page, and can be searched and photographed.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
START_SECONDS = 90


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab; `folder` holds one folder per language as a student receives it."""

    url: str
    folder: Path
    settings: Path

    def set(self, name: str, values: dict[str, object]) -> None:
        """Set an option of JupyterLab for pages that are opened from now on."""
        path = self.settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), "utf-8")

    def fresh_copy(self, language: str, assignment: str) -> Path:
        """Put what a student has in one language in place anew, and return the notebook."""
        folder = self.folder / language / assignment
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        built = ROOT / "notebooks" / language / assignment
        copy_course(built, folder)
        return Path(shutil.copy(built / f"{assignment}.ipynb", folder))


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures of the window go."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def opened(
    browser: Any,  # noqa: F811
    lab: Lab,
    screenshots: Path,
) -> Iterator[Callable[..., NotebookPage]]:
    """A function that opens a fresh copy of a language's notebook, filled in with `functions`."""
    pages = []

    def open_notebook(
        language: str,
        functions: dict[str, str] | None = None,
        assignment: str = FIRST,
        program: str = JUPYTERLAB,
    ) -> NotebookPage:
        path = lab.fresh_copy(language, assignment)
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = (functions or {}).get(name, cell["source"])
        path.write_text(json.dumps(notebook), "utf-8")
        page = NotebookPage(browser, lab.url, path.relative_to(lab.folder), screenshots, program)
        pages.append(page)
        return page

    yield open_notebook
    for page in pages:
        page.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def lab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:  # noqa: F811
    """A JupyterLab without this machine's settings; skipped where there is no Chromium."""
    home = tmp_path_factory.mktemp("lab")
    names = ("config", "runtime", "data", "settings", "workspaces", "ipython", "matplotlib", "home")
    own = {name: home / name for name in (*names, "course")}
    for folder in own.values():
        folder.mkdir()
    port = _free_port()
    lab = Lab(f"http://127.0.0.1:{port}", own["course"], own["settings"])
    for name, values in SETTINGS.items():
        lab.set(name, values)
    environment = os.environ | {
        "HOME": str(own["home"]),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(own["config"]),
        "JUPYTER_RUNTIME_DIR": str(own["runtime"]),
        "JUPYTER_DATA_DIR": str(own["data"]),
        "JUPYTERLAB_SETTINGS_DIR": str(own["settings"]),
        "JUPYTERLAB_WORKSPACES_DIR": str(own["workspaces"]),
        "IPYTHONDIR": str(own["ipython"]),
        "MPLCONFIGDIR": str(own["matplotlib"]),
    }
    log = home / "lab.log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
                *("--ServerApp.port_retries=0", "--IdentityProvider.token="),
                *("--ServerApp.terminals_enabled=False", f"--ServerApp.root_dir={lab.folder}"),
            ],
            cwd=lab.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(lab.url, server, log)
        yield lab
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/status", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")
