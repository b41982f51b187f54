"""The JupyterLite that the site has and its own Pyodide, which no registry has with NumPy.

What can be seen without NumPy is asked here: versions, dependencies, the syntax. npm has Pyodide's
runtime and the list of its packages, but not these.
"""

import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder.building.browser_lab import LOCK, NEEDED, OWN_WHEELS, _with_dependencies
from autograder.course import ROOT
from tests.alone import alone

pytestmark = [pytest.mark.again, pytest.mark.slow]
EXTENSION = Path("extensions/@jupyterlite/pyodide-kernel-extension/static")
ADDRESS = re.compile(r"cdn\.jsdelivr\.net/pyodide/v([\d.]+)/full/")
CACHE = ROOT / ".cache"


@pytest.fixture(scope="module")
def version(published_lab: Path) -> str:
    """Which Pyodide the site's kernel asks for."""
    scripts = (path.read_text("utf-8") for path in (published_lab / EXTENSION).glob("*.js"))
    (version,) = {found for script in scripts for found in ADDRESS.findall(script)}
    return version


@pytest.fixture(scope="module")
def runtime(version: str) -> Path:
    """npm's package of that Pyodide."""
    prefix = CACHE / f"npm-pyodide-{version}"
    folder = prefix / "node_modules" / "pyodide"
    with alone(prefix):
        if not (folder / LOCK).is_file():
            if shutil.which("npm") is None:
                pytest.skip("npm is not installed (Debian and Ubuntu: apt install npm)")
            prefix.mkdir(parents=True, exist_ok=True)
            command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", prefix]
            done = subprocess.run(
                [*map(str, command), f"pyodide@{version}"],
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            if done.returncode or not (folder / LOCK).is_file():
                pytest.skip(f"pyodide {version} can't be fetched: {done.stderr.strip()[-200:]}")
    return folder


@pytest.mark.parametrize("page", ["publishing.md", "platforms.md"])
def test_documents_name_the_version(page: str, version: str) -> None:
    """Do the documents tell teachers which Pyodide to unpack for a class that is offline?"""
    assert version in (ROOT / "docs" / page).read_text("utf-8")


def test_its_packages_are_in_our_range(runtime: Path) -> None:
    """Has that Pyodide each package that the notebooks import, in a version that we admit?"""
    packages = json.loads((runtime / LOCK).read_text("utf-8"))["packages"]
    assert set(NEEDED) < set(_with_dependencies(packages))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {Requirement(line).name: Requirement(line) for line in project["dependencies"]}
    for name in NEEDED:
        assert packages[name]["version"] in ours[name].specifier


def test_kernel_needs_nothing_from_elsewhere(published_lab: Path, runtime: Path) -> None:
    """Does the kernel find what it requires in Pyodide or on the site, and not ask PyPI?"""
    packages = json.loads((runtime / LOCK).read_text("utf-8"))["packages"]
    (wheel,) = (published_lab / EXTENSION / "pypi").glob("pyodide_kernel-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("/METADATA"))
        metadata = archive.read(name).decode()
    required = re.findall(r"^Requires-Dist: ([\w.-]+)", metadata, re.MULTILINE)
    assert required
    assert [each for each in required if each not in (*packages, *OWN_WHEELS)] == []


def test_its_python_compiles_what_students_have(runtime: Path, student_folder: Path) -> None:
    """Is every module read without a warning by the Python that is newer than any other here?"""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed (Debian and Ubuntu: apt install nodejs)")
    script = Path(__file__).with_name("compile.mjs")
    done = subprocess.run(
        [node, script, runtime, student_folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    print(f"Python {done.stdout.strip()}")
