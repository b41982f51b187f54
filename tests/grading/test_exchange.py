"""nbgrader's exchange: released, fetched, submitted and collected by its own commands."""

import getpass
import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.course import Course

NAME = "cnn_step_by_step"
RIGHT = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
FIRST_CHECK = """
import json, os, sys
cells = json.load(open(sys.argv[1], encoding="utf-8"))["cells"]
names = {}
for cell in cells:
    source = "".join(cell["source"])
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    if cell["cell_type"] == "code" and (grade_id or "import numpy" in source):
        exec(source.replace("%matplotlib", "# %matplotlib"), names)
    if grade_id == "test_zero_pad":
        break
import checks
print("checks are those of", os.path.dirname(checks.__file__))
"""
"""Runs the cells that import, the first exercise and its check, as a notebook in its folder."""

PASSED = {"en": "zero_pad: all 3 checks passed", "zh": "zero_pad：3 项检查全部通过"}


@pytest.fixture
def home(tmp_path):
    """The student's home folder."""
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def places(tmp_path):
    """nbgrader's options that name an exchange and the course in it."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    return [f"--Exchange.root={exchange}", "--CourseDirectory.course_id=cnn_course"]


@pytest.fixture
def run(repository, home):
    """Run a module's command in a folder; returns what it printed."""

    def run(folder, module, *arguments):
        found = subprocess.run(
            [sys.executable, "-m", *module.split(), *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(repository), "HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout + found.stderr

    return run


def fill_in(notebook):
    """Write a right zero_pad into a notebook."""
    content = json.loads(notebook.read_text("utf-8"))
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "zero_pad":
            cell["source"] = RIGHT
    notebook.write_text(json.dumps(content), "utf-8")


@pytest.mark.slow
def test_there_and_back(course, run, home, places):
    """Does an assignment reach a student and come back by the exchange, and get its marks?"""
    run(course.root, "nbgrader generate_assignment", NAME)
    run(course.root, "nbgrader release_assignment", NAME, *places)
    run(home, "nbgrader fetch_assignment", NAME, *places)
    fill_in(home / NAME / f"{NAME}.ipynb")
    assert (home / NAME / "public_tests.py").is_file()
    run(home, "nbgrader submit", NAME, *places)
    run(course.root, "nbgrader collect", NAME, *places)
    student = getpass.getuser()
    assert (course.root / "build" / "submitted" / student / NAME / f"{NAME}.ipynb").is_file()
    run(course.root, "nbgrader autograde", NAME)
    run(course.root, "nbgrader generate_feedback", NAME)
    run(course.root, "nbgrader release_feedback", NAME, *places)
    run(home, "nbgrader fetch_feedback", NAME, *places)
    (page,) = (home / NAME / "feedback").rglob("*.html")
    text = page.read_text("utf-8")
    assert "zero_pad" in text and "5" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "passed"),
    [("en", "zero_pad: all 3 checks passed"), ("zh", "zero_pad：3 项检查全部通过")],
)
def test_first_check_of_the_fetched_notebook(
    course, run, home, places, repository, monkeypatch, language, passed
):
    """Does the real notebook, fetched from the exchange, check its first exercise by itself?

    Far from any clone, with nothing on Python's path but the libraries.
    """
    shutil.rmtree(course.root / "notebooks")
    shutil.copytree(Course(repository).root / "notebooks", course.root / "notebooks")
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    run(course.root, "nbgrader generate_assignment", NAME)
    run(course.root, "nbgrader release_assignment", NAME, *places)
    run(home, "nbgrader fetch_assignment", NAME, *places)
    notebook = home / NAME / f"{NAME}.ipynb"

    def first_check():
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COURSE"))
        }
        return subprocess.run(
            [sys.executable, "-c", FIRST_CHECK, notebook.name],
            cwd=notebook.parent,
            env=environment | {"HOME": str(home), "MPLBACKEND": "agg"},
            capture_output=True,
            text=True,
            timeout=300,
        )

    stub = first_check()
    assert stub.returncode != 0
    assert "zero_pad" in stub.stderr
    fill_in(notebook)
    right = first_check()
    assert right.returncode == 0, right.stdout + right.stderr
    assert f"checks are those of {notebook.parent / 'checks'}" in right.stdout
    assert passed in right.stdout
