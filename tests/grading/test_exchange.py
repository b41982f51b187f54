"""nbgrader's exchange: released, fetched, submitted and collected by its own commands."""

import getpass
import json
import os
import subprocess
import sys

import pytest

NAME = "cnn_step_by_step"
RIGHT = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"


@pytest.mark.slow
def test_there_and_back(course, repository, tmp_path):
    """Does an assignment reach a student and come back by the exchange, and get its marks?"""
    exchange, home = tmp_path / "exchange", tmp_path / "home"
    exchange.mkdir()
    exchange.chmod(0o777)
    home.mkdir()
    places = [f"--Exchange.root={exchange}", "--CourseDirectory.course_id=cnn_course"]

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

    run(course.root, "nbgrader generate_assignment", NAME)
    run(course.root, "nbgrader release_assignment", NAME, *places)
    run(home, "nbgrader fetch_assignment", NAME, *places)
    notebook = home / NAME / f"{NAME}.ipynb"
    content = json.loads(notebook.read_text("utf-8"))
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "zero_pad":
            cell["source"] = RIGHT
    notebook.write_text(json.dumps(content), "utf-8")
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
