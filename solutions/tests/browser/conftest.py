"""JupyterLab as a student has it: the built notebooks in a folder of their own, in a browser.

The folder named by the environment variable SCREENSHOTS receives pictures of what was seen.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checks.assignments import FIRST
from solutions.tests.browser.notebook_page import JUPYTERLAB, NotebookPage
from solutions.tests.browser.serving import free_port, put_notebook, running
from tests.conftest import browser, chromium  # noqa: F401 - fixtures

# Without windowing every cell is on the page, and can be searched and photographed.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


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
        path = put_notebook(lab.folder / language / assignment, language, assignment, functions)
        page = NotebookPage(browser, lab.url, path.relative_to(lab.folder), screenshots, program)
        pages.append(page)
        return page

    yield open_notebook
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def lab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:  # noqa: F811
    """A JupyterLab without this machine's settings; skipped where there is no Chromium."""
    home = tmp_path_factory.mktemp("lab")
    names = ("config", "runtime", "data", "settings", "workspaces", "ipython", "matplotlib", "home")
    own = {name: home / name for name in (*names, "course")}
    for folder in own.values():
        folder.mkdir()
    port = free_port()
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
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", "--IdentityProvider.token="),
        *("--ServerApp.terminals_enabled=False", f"--ServerApp.root_dir={lab.folder}"),
    ]
    with running(command, environment, lab.folder, home / "lab.log", f"{lab.url}/api/status"):
        yield lab
