"""``autograder grade`` and ``nbgrader autograde`` record the same of the same submission.

The lines and names that ``--explain`` adds are not compared, for nbgrader searches none.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from autograder.course import ROOT, Course
from autograder.grading import store
from autograder.grading.rounds import round_to_grade_in
from autograder.recording.gradebook import Writer
from autograder.run_class import grade_and_record, write_marks
from checks.text import LANGUAGES
from solutions.catalogue import load
from solutions.gallery import students, styles, submission
from tests import warm

pytestmark = pytest.mark.slow(40)

ROWS = """
SELECT student_id, base_cell.name, base_cell.type, auto_score, manual_score, extra_credit,
    needs_manual_grade, NULL, NULL, timestamp, late_submission_penalty
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
UNION
SELECT student_id, base_cell.name, base_cell.type, NULL, NULL, NULL, NULL,
    auto_comment, manual_comment, timestamp, late_submission_penalty
FROM comment JOIN base_cell ON base_cell.id = comment.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""


def _class_folder(root, assignment):
    """Write a course folder with the generated class in it, and begin a round."""
    for language in LANGUAGES:
        shutil.copytree(ROOT / "notebooks" / language, root / "notebooks" / language)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    course = Course(root)
    catalogue, known = load(assignment), styles(assignment)
    for number, student in enumerate(students(assignment)):
        notebook = json.loads(course.notebook(student.language, assignment).read_text("utf-8"))
        folder = course.folder("submitted", student.id, assignment)
        folder.mkdir(parents=True)
        name = student.file_name or f"{assignment}.ipynb"
        (folder / name).write_bytes(submission(student, notebook, catalogue, known))
        if number % 2:
            (folder / "timestamp.txt").write_text(f"2026-02-03 04:05:{number:02} UTC")
    # An id that looks like another one's is flagged by both commands.
    shutil.copytree(course.folder("submitted", student.id, assignment).parent, root / "twin")
    (root / "twin").rename(course.step("submitted") / student.id.upper())
    round_to_grade_in(course, assignment)
    with Writer(course, assignment):
        pass
    return course


def _nbgrader(course, language, *arguments):
    found = warm.nbgrader(course.root, *arguments, COURSE_LANGUAGE=language)
    assert found.returncode == 0, found.stdout + found.stderr


def _rows(course, known):
    path = course.build / "gradebook.db"
    with closing(sqlite3.connect(path)) as database:
        return sorted((row for row in database.execute(ROWS) if row[0] in known), key=repr)


def _files(course, step, known):
    found = {path: path for path in course.step(step).rglob("*") if path.is_file()}
    names = {path.relative_to(course.step(step)).as_posix(): path for path in found}
    # The secret of a submission that came without one is drawn for each.
    return {
        name: b"" if path.name == "submission_secret.txt" else path.read_bytes()
        for name, path in names.items()
        if name.split("/")[0] in known
    }


def _verdicts(course, assignment, known):
    def timeless(verdict):
        exercises = tuple(replace(exercise, cpu_seconds=0.0) for exercise in verdict.exercises)
        return replace(verdict, file="", cpu_seconds=0.0, exercises=exercises)

    verdicts = store.load_all(course, assignment)
    return {v.student: timeless(v) for v in verdicts if v.student in known}


@pytest.mark.parametrize(
    ("assignment", "language"), [("cnn_step_by_step", "en"), ("convnet_application", "zh")]
)
def test_both_commands(assignment, language, tmp_path, monkeypatch):
    """Are rows, notebooks, pages, marks and verdicts of a whole class the same from both?"""
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    ours = _class_folder(tmp_path / "ours", assignment)
    shutil.copytree(ours.root, tmp_path / "theirs")
    theirs = Course(tmp_path / "theirs")
    config = theirs.root / "nbgrader_config.py"
    assert str(ours.root) not in config.read_text("utf-8")
    with open(config, "a", encoding="utf-8") as settings:
        settings.write("\nfrom tests.short_limits import shorten\n\nshorten()\n")

    # nbgrader searches for no lines.
    grade_and_record(ours, assignment, quiet=True, explain="none")
    _nbgrader(theirs, language, "autograde", assignment)
    _nbgrader(theirs, language, "generate_feedback", assignment)

    submitted = theirs.step("submitted").glob(f"*/{assignment}/*.ipynb")
    # Where there is no notebook at all, nbgrader has nothing to open.
    known = {path.parents[1].name for path in submitted}
    assert len(known) > 10
    assert len({student.casefold() for student in known}) == len(known) - 1
    assert _verdicts(ours, assignment, known) == _verdicts(theirs, assignment, known)
    assert _rows(ours, known) == _rows(theirs, known) != []
    for step in ("autograded", "feedback"):
        mine, other = _files(ours, step, known), _files(theirs, step, known)
        assert sorted(mine) == sorted(other)
        assert [name for name in mine if mine[name] != other[name]] == []

    def marks(course):
        header, *lines = write_marks(course, assignment).read_text("utf-8").splitlines()
        return header, [line for line in lines if line.split(",")[0] in known]

    assert marks(ours) == marks(theirs)
    for course in (ours, theirs):
        _nbgrader(course, language, "export", "--to", "all.csv")
    exported = [(course.root / "all.csv").read_text("utf-8") for course in (ours, theirs)]
    lines = [
        [line for line in text.splitlines() if line.split(",")[3] in known] for text in exported
    ]
    assert lines[0] == lines[1] != []
