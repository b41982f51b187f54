"""A course that was begun with commit 1147fb3 goes on: tests/data/README.md says what it holds."""

import csv
import functools
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course, student_files
from autograder.grading import store
from autograder.run_class import grade_and_record, write_report
from autograder.verify import verify

FIRST, SECOND = "cnn_step_by_step", "convnet_application"
SCORES = {"ada-right": 100.0, "ben-wrong": 67.0, "cleo-marked": 88.5}
HANDED_IN = "2026-11-20 18:00:00"
COMMENT = "Nearly: the stride. 差一点：步长。"
LOST = {"softmax_cross_entropy": 6.0, "im2col": 2.0, "pool_backward_fast": 0.0}
"""What that commit gave ben-wrong where the second assignment's points are not full."""
NEW = "network_backward"
"""The exercise that the second assignment did not have then: its code was given. It is worth 0."""


@pytest.fixture
def course(tmp_path, repository, alembic_version, monkeypatch):
    """The begun course, with the notebooks and settings of today."""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: alembic_version)
    root = tmp_path / "course"
    shutil.copytree(repository / "notebooks", root / "notebooks")
    shutil.copy(repository / "nbgrader_config.py", root)
    with tarfile.open(repository / "tests" / "data" / "begun_course.tar.xz") as archive:
        archive.extractall(root, filter="data")
    dump = root / "build" / "gradebook.sql"
    with sqlite3.connect(root / "build" / "gradebook.db") as gradebook:
        gradebook.executescript(dump.read_text("utf-8"))
    dump.unlink()
    return Course(root)


@pytest.fixture
def round_file(course):
    """The file of the first assignment's round."""
    return course.build / "rounds" / f"{FIRST}.json"


def rows(path, student="student"):
    """The rows of a CSV by student, the first assignment's."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row[student]: row for row in csv.DictReader(file) if row["assignment"] == FIRST}


def exercises(course, assignment=FIRST):
    """What the verdicts say of each exercise: score, status, checks passed, what was named."""
    return {
        verdict.student: {
            exercise.name: (
                exercise.score,
                exercise.status,
                [check.passed for check in exercise.checks],
                [cause.id for cause in exercise.diagnosis],
            )
            for exercise in verdict.exercises
        }
        for verdict in store.load_all(course, assignment)
    }


def assert_taken_over(course):
    """See that gradebook and CSV hold the marks, the time and what a person wrote."""
    with Gradebook(course.db_url, course.course_id) as book:
        submissions = book.find_assignment(FIRST).submissions
        assert {s.student.id: s.score for s in submissions} == SCORES
        assert str(book.find_submission(FIRST, "ada-right").timestamp) == HANDED_IN
        grade = book.find_grade("test_conv_forward", FIRST, FIRST, "cleo-marked")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (10.0, 12.5, 1.0)
        comment = book.find_comment("conv_forward", FIRST, FIRST, "cleo-marked")
        assert comment.manual_comment == COMMENT
    found = rows(course.csv_path(FIRST))
    assert {student: float(row["score"]) for student, row in found.items()} == SCORES
    assert {row["status"] for row in found.values()} == {"graded"}
    assert [row["timestamp"] for row in found.values()] == [HANDED_IN, "", ""]


def test_old_verdicts_are_read(course):
    """Do report, `verify` and pages work on the old verdicts, and lose no mark and no time?"""
    before = rows(course.csv_path(FIRST))
    assert "ben-wrong" in write_report(course, FIRST).read_text("utf-8")
    assert verify(course, FIRST).left == []
    assert_taken_over(course)
    after = rows(course.csv_path(FIRST))
    hand = {"score": "88.5", "conv_forward": "13.5"}  # the old CSV was written before that mark
    before["cleo-marked"] |= hand
    assert {s: {k: row[k] for k in before[s]} for s, row in after.items()} == before
    page = course.folder("feedback", "cleo-marked", FIRST) / f"{FIRST}.html"
    assert COMMENT in page.read_text("utf-8")
    again = verify(course, FIRST)
    assert (again.repaired, again.left) == ([], [])


@pytest.mark.slow
def test_stopped_run_is_resumed(course, round_file):
    """Does --resume go on in the old round, and give what that commit gave, check by check?

    Of the names one has become sharper.
    """
    known = json.loads(round_file.read_text()) | {"feedback_given": False}
    round_file.write_text(json.dumps(known))
    before = exercises(course)
    summary = grade_and_record(course, FIRST, jobs=1, resume=True, quiet=True)
    assert (summary.count, summary.told) == (3, [])
    assert json.loads(round_file.read_text())["seed"] == known["seed"]
    *kept, names = before["ben-wrong"]["conv_backward"]
    assert names == ["conv_backward/last_example_only"]
    before["ben-wrong"]["conv_backward"] = (*kept, ["conv_backward/stands_after_loop"])
    assert exercises(course) == before
    assert_taken_over(course)


@pytest.mark.slow
@pytest.mark.parametrize("resume", [False, True])
def test_next_round(course, round_file, resume):
    """Is the class graded in a round of its own once feedback was given, with the same marks?"""
    before = json.loads(round_file.read_text())
    summary = grade_and_record(course, FIRST, jobs=1, resume=resume, quiet=True)
    assert (summary.count, summary.told) == (3, [])
    after = json.loads(round_file.read_text())
    assert after["number"] == before["number"] + 1
    assert after["seed"] != before["seed"]
    assert_taken_over(course)
    found = verify(course, FIRST)
    assert (found.repaired, found.left) == ([], [])


@pytest.mark.slow
def test_second_assignment(course):
    """Do notebooks that import course_training get the marks that commit gave, without NEW?"""
    summary = grade_and_record(course, SECOND, jobs=1, quiet=True)
    assert (summary.count, summary.told, summary.needs_a_look) == (2, [], [])
    for verdict in store.load_all(course, SECOND):
        lost = LOST if verdict.student == "ben-wrong" else {}
        expected = {e.name: lost.get(e.name, e.max_score) for e in verdict.exercises}
        assert expected[NEW] == 0.0 and verdict.max_score == 100.0
        assert {e.name: e.score for e in verdict.exercises} == expected
        assert {e.name for e in verdict.exercises if e.status == "missing"} == {NEW}
        imports = next(cell for cell in verdict.cells if "import course_training" in cell.source)
        assert imports.status == "ok"
        assert "from public_tests import *" in imports.source
    assert rows(course.csv_path(FIRST)).keys() == SCORES.keys()


@pytest.mark.slow
def test_nbgrader_goes_on(course, nbgrader):
    """Do nbgrader's commands go on with it: pages and marks of old verdicts, a new autograde?"""
    run = functools.partial(nbgrader, course.root)
    verify(course, FIRST)  # makes the autograded notebooks, which are not kept
    run("generate_feedback", FIRST, "--force")
    page = course.folder("feedback", "cleo-marked", FIRST) / f"{FIRST}.html"
    assert COMMENT in page.read_text("utf-8")
    path = course.build / "grades.csv"
    before = rows(path, "student_id")
    run("export", "--to", str(path))
    after = rows(path, "student_id")
    assert {s: {k: row[k] for k in before[s]} for s, row in after.items()} == before
    run("autograde", FIRST, "--force")
    write_report(course, FIRST)
    verify(course, FIRST)
    assert_taken_over(course)


def test_old_settings_are_refused_in_a_line(course, repository):
    """Does nbgrader say in one line that its settings are those of an older version?"""
    settings = course.root / "nbgrader_config.py"
    new = "autograder.recording.nbgrader_steps"
    text = settings.read_text("utf-8")
    assert new in text
    settings.write_text(text.replace(new, "autograder.nbgrader_steps"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", FIRST],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("nbgrader_config.py belongs to an older version of this course: take")


@pytest.mark.parametrize("assignment", [FIRST, SECOND])
def test_begun_notebook_in_a_new_zip(course, tmp_path, assignment):
    """Does a notebook of an old zip find all that it imports in the folder of a new one?"""
    for name, path in student_files(course.notebook_folder("en", assignment)).items():
        (tmp_path / "new" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "new" / name)
    notebook = course.folder("submitted", "ada-right", assignment) / f"{assignment}.ipynb"
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    imports = next(source for source in sources if "import *" in source).replace("%", "# %")
    used = sorted(set(re.findall(r"\b(?:plots|training)\.\w+", "\n".join(sources))))
    assert len(used) > 5
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([imports, "check, needs", *used])],
        cwd=tmp_path / "new",
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
