"""Several workers of the tests may ask for Pyodide and its JupyterLite at once."""

import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from solutions.tests.pyodide import conftest


def _slowly(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Do what pip and venv do, as far as the fixtures look, with time for others to step in."""
    folder = Path(command[-1])
    if "download" in command or "venv" in command:
        folder.mkdir(parents=True)
    time.sleep(0.1)
    if "download" in command:
        with zipfile.ZipFile(folder / "package.whl", "w") as wheel:
            wheel.writestr(f"{conftest.INSIDE}pyodide.js", "whole")
    time.sleep(0.1)
    return subprocess.CompletedProcess(command, 0, "", "")


@pytest.mark.parametrize(
    ("make", "whole"),
    [
        (conftest.fetched_pyodide, lambda folder: folder / "pyodide.js"),
        (conftest.installed_jupyterlite, lambda python: python.parents[1] / "finished"),
    ],
)
def test_made_once(make, whole, tmp_path, monkeypatch):
    """Do all workers get what is whole, made by one of them, and is nothing skipped?"""
    made = []
    monkeypatch.setattr(conftest, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(conftest, "_run", lambda *c: made.append(c) or _slowly(*c))
    with ThreadPoolExecutor() as workers:
        asked = [workers.submit(make) for _ in range(3)]
    assert all(whole(one.result()).is_file() for one in asked)
    assert len({str(command) for command in made}) == len(made)
