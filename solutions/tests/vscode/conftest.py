"""VS Code as a student has it: code-server, which is VS Code with its pages in a browser.

Version 4.139.1 and Node 24 come from npm, are kept in .cache/ and never shipped. Their native
modules, for terminals and logs for example, are left unbuilt: a notebook needs none of them, and
nobody a compiler. Microsoft's Jupyter extension is not on npm: kernel/ runs the cells in its place.

The folder named by the environment variable SCREENSHOTS receives pictures of what was seen.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course import ROOT
from checks.assignments import FIRST
from solutions.tests.browser.conftest import screenshots  # noqa: F401 - a fixture
from solutions.tests.browser.serving import free_port, put_notebook, running
from solutions.tests.vscode.vscode_page import CodePage
from tests.alone import alone
from tests.conftest import browser, chromium  # noqa: F401 - fixtures

CACHE = ROOT / ".cache"
CODE, NODE = "code-server@4.139.1", "node@24.11.1"
NPM = ("npm", "install", "--no-audit", "--no-fund", "--omit=dev")
TRUST = "security.workspace.trust.enabled"
LIGHT, DARK = "Default Light Modern", "Default Dark Modern"
# What a student would have clicked away; and a wheel whose turn goes a good part of the window.
SETTINGS = {
    TRUST: False,
    "workbench.colorTheme": LIGHT,
    "workbench.list.mouseWheelScrollSensitivity": 8,
    "chat.disableAIFeatures": True,
    "extensions.ignoreRecommendations": True,
    "telemetry.telemetryLevel": "off",
    "workbench.enableExperiments": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}


@dataclass(frozen=True)
class Code:
    """A running VS Code; `folder` holds one folder per language and notebook."""

    url: str
    folder: Path
    settings: Path

    def set(self, **changed: object) -> None:
        """Use these settings in place of the usual ones, in pages that are opened from now on."""
        self.settings.write_text(json.dumps(SETTINGS | changed), "utf-8")


def _npm(folder: Path, *options: str, path: str = os.environ["PATH"]) -> None:
    done = subprocess.run(
        [*NPM, *options],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        pytest.skip(f"{CODE} with {NODE} can't be fetched: {done.stderr.strip()[-200:]}")


@pytest.fixture(scope="session")
def code_server() -> list[str | Path]:
    """The command that starts code-server, fetched once; skipped where npm can't fetch it."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed (Debian and Ubuntu: apt install npm)")
    folder = CACHE / CODE.replace("@", "-")
    node, finished = folder / "node" / "node_modules" / "node" / "bin" / "node", folder / "finished"
    package = folder / "code" / "node_modules" / "code-server"
    with alone(folder):
        if not finished.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            for part in ("node", "code"):
                (folder / part).mkdir(parents=True)
            # Node's own script fetches the program for this system.
            _npm(folder / "node", "--prefix", ".", NODE)
            path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
            without = ("--ignore-scripts",)
            _npm(folder / "code", "--prefix", ".", *without, CODE, path=path)
            for part in ("lib/vscode", "lib/vscode/extensions"):
                _npm(package / part, *without, path=path)
            finished.touch()
    return [node, package / "out" / "node" / "entry.js"]


@pytest.fixture(scope="session")
def code(
    chromium: Path,  # noqa: F811
    code_server: list[str | Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Code]:
    """A VS Code without this machine's settings, and with the kernel of kernel/."""
    home = tmp_path_factory.mktemp("code")
    own = {name: home / name for name in ("home", "course", "user", "extensions", "matplotlib")}
    for folder in own.values():
        folder.mkdir()
    (own["user"] / "User").mkdir()
    shutil.copytree(Path(__file__).with_name("kernel"), own["extensions"] / "course.kernel-0.0.1")
    port = free_port()
    code = Code(f"http://127.0.0.1:{port}", own["course"], own["user"] / "User" / "settings.json")
    code.set()
    command = [
        *(*map(str, code_server), "--auth", "none", "--bind-addr", f"127.0.0.1:{port}"),
        *("--disable-telemetry", "--disable-update-check"),
        *("--user-data-dir", str(own["user"]), "--extensions-dir", str(own["extensions"])),
    ]
    environment = os.environ | {
        "HOME": str(own["home"]),
        "COURSE_KERNEL_PYTHON": sys.executable,
        "MPLCONFIGDIR": str(own["matplotlib"]),
    }
    with running(command, environment, home, home / "code.log", f"{code.url}/healthz"):
        yield code


@pytest.fixture
def opened(
    browser: Any,  # noqa: F811
    code: Code,
    screenshots: Path,  # noqa: F811
) -> Iterator[Callable[..., CodePage]]:
    """A function that opens a fresh copy of a language's notebook, filled in with `functions`."""
    pages = []

    def open_notebook(
        language: str,
        functions: dict[str, str] | None = None,
        assignment: str = FIRST,
        change: Callable[[dict[str, Any]], None] = lambda notebook: None,
        **settings: object,
    ) -> CodePage:
        path = put_notebook(code.folder / language / assignment, language, assignment, functions)
        notebook = json.loads(path.read_text("utf-8"))
        change(notebook)
        path.write_text(json.dumps(notebook), "utf-8")
        code.set(**settings)
        page = CodePage(browser, code.url, path, screenshots)
        pages.append(page)
        return page

    yield open_notebook
    for page in pages:
        page.close()
