"""nbgrader's exchange: released, fetched, submitted and collected by its own commands."""

import csv
import functools
import getpass
import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.course import Course
from autograder.recording.recorder import Recorder
from autograder.watching.arrivals import Exchange, release_page

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
def run(home, nbgrader):
    """Run a command of nbgrader in a folder, as a user whose home is that of the student."""
    return functools.partial(nbgrader, HOME=str(home))


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
    run(course.root, "generate_assignment", NAME)
    run(course.root, "release_assignment", NAME, *places)
    run(home, "fetch_assignment", NAME, *places)
    fill_in(home / NAME / f"{NAME}.ipynb")
    assert (home / NAME / "public_tests.py").is_file()
    run(home, "submit", NAME, *places)
    run(course.root, "collect", NAME, *places)
    student = getpass.getuser()
    assert (course.root / "build" / "submitted" / student / NAME / f"{NAME}.ipynb").is_file()
    run(course.root, "autograde", NAME)
    run(course.root, "generate_feedback", NAME)
    run(course.root, "release_feedback", NAME, *places)
    run(home, "fetch_feedback", NAME, *places)
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
    run(course.root, "generate_assignment", NAME)
    run(course.root, "release_assignment", NAME, *places)
    run(home, "fetch_assignment", NAME, *places)
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


@pytest.fixture
def two_courses(course, tmp_path):
    """Two courses in one exchange, with one student's folder for each: (course, folder)."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o1777)
    second = tmp_path / "second"
    shutil.copytree(course.root, second)
    pairs = []
    for root in (course.root, second):
        home = tmp_path / f"student-of-{root.name}"
        home.mkdir()
        settings = (
            f"c.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = {root.name!r}\n"
        )
        (home / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}")
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(f"\n{settings}")
        pairs.append((Course(root), home))
    return pairs


@pytest.mark.slow
def test_two_courses_in_one_exchange(two_courses, nbgrader, verdict_of):
    """Does nothing of one course reach the other, where one student has both in one exchange?"""
    student = getpass.getuser()
    for course, home in two_courses:
        nbgrader(course.root, "generate_assignment", NAME)
        nbgrader(course.root, "release_assignment", NAME)
        nbgrader(home, "fetch_assignment", NAME)
    for course, home in reversed(two_courses):
        notebook = home / NAME / f"{NAME}.ipynb"
        notebook.write_text(notebook.read_text("utf-8").replace("YOUR CODE", course.course_id))
        nbgrader(home, "submit", NAME)
    (first, _), (second, _) = two_courses
    nbgrader(first.root, "collect", NAME)
    watched = Exchange(second, NAME, print)
    (arrived,) = watched.arrived()
    watched.collect(arrived)
    assert watched.arrived() == Exchange(first, NAME, print).arrived() == []
    for score, (course, _) in enumerate(two_courses, 11):
        path = course.folder("submitted", student, NAME) / f"{NAME}.ipynb"
        others = {"course", "second"} - {course.course_id}
        text = path.read_text("utf-8")
        assert f"# {course.course_id} STARTS" in text
        assert not any(f"# {other} STARTS" in text for other in others)
        verdict = verdict_of(path, student, {"conv_forward": float(score)})
        with Recorder(course, NAME) as recorder:
            recorder.write_page(verdict, recorder.record(verdict))
    nbgrader(first.root, "release_feedback", NAME)
    assert release_page(second, student, NAME)
    for score, (course, home) in enumerate(two_courses, 11):
        nbgrader(home, "fetch_feedback", NAME)
        (page,) = (home / NAME / "feedback").rglob("*.html")
        text = page.read_text("utf-8")
        assert (f"{score} / 25" in text, f"{23 - score} / 25" in text) == (True, False)
        nbgrader(course.root, "export", "--to", "marks.csv")
        (row,) = csv.DictReader((course.root / "marks.csv").open(encoding="utf-8"))
        assert float(row["score"]) == 75 + score
