"""Both notebooks in both languages, filled and unfilled, where students and teachers open them."""

import importlib
import inspect
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.building.release import release
from autograder.course import ROOT
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES

pytestmark = pytest.mark.slow(15)


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """The notebooks' folders of a clone: the files under version control, nothing installed."""
    root = tmp_path_factory.mktemp("clone") / "course"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("solutions/", "tests/", "autograder/")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
    return root / "notebooks"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The zips that a release makes, unpacked per language, far from any clone."""
    root, folder = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("unpacked")
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    for language in LANGUAGES:
        shutil.copytree(ROOT / "notebooks" / language, root / "notebooks" / language)
        for name in ASSIGNMENTS:
            with zipfile.ZipFile(release(language, root, root / "build", name)) as archive:
                archive.extractall(folder / language)
    return folder


PLACES = ("clone", "unpacked")
# A filled notebook takes long to run: each place and each language once, then the other way round.
PLACED = [
    pytest.param(
        place, language, filled, marks=pytest.mark.again if filled and place != first else ()
    )
    for language, first in zip(LANGUAGES, PLACES, strict=True)
    for place in PLACES
    for filled in (False, True)
]


@pytest.mark.parametrize(("place", "language", "filled"), PLACED)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_notebook_runs(place, name, language, filled, request, monkeypatch):
    """Does Run All reach the end, with every check passed, or every stub named in one line?"""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    folder = request.getfixturevalue(place) / language / name
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    reference = importlib.import_module(f"solutions.{name}.reference")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        mark = cell.metadata.get("nbgrader", {})
        if filled and mark.get("solution"):
            cell.source = inspect.getsource(getattr(reference, mark["grade_id"]))
        # What comes of whole trainings is seen in tests/test_convnet_notebook.py.
        cell.source = re.sub(r"epochs=\d+", "epochs=2", cell.source)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    for cell in cells:
        errors = [output.evalue for output in cell.outputs if output.output_type == "error"]
        tested = cell.id.removeprefix("test_") if cell.id.startswith("test_") else None
        assert len(errors) == (tested is not None and not filled), (cell.id, errors)
        assert not errors or (tested in errors[0] and "\n" not in errors[0])
        assert not any(output.get("name") == "stderr" for output in cell.outputs), cell.id
