"""Late submissions: penalties on the score that counts, and where times and penalties are shown."""

import csv

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.grading import store
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import record
from autograder.run_class import write_marks
from autograder.verify import verify

NAME = "cnn_step_by_step"
PERCENT = """
c.AssignLatePenalties.plugin_class = "autograder.recording.late_percent.PercentPerDay"
c.PercentPerDay.percent = 30
"""


@pytest.fixture
def late(course, submit, verdict_of):
    """A submission half an hour late, with 95 points, in a course that counts no late points."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Writer(course, NAME):
        pass
    with Gradebook(course.db_url, course.course_id) as book:
        book.update_or_create_assignment(NAME, duedate="2026-01-01 12:00 UTC")
    path = submit("ada", timestamp="2026-01-01 12:30:00 UTC")
    verdict = verdict_of(path, "ada", {"zero_pad": 0.0}, timestamp="2026-01-01 12:30:00")
    store.save(course, verdict)
    record([verdict], course)
    with Gradebook(course.db_url, course.course_id) as book:
        assert book.find_submission(NAME, "ada").late_submission_penalty == 95.0
        book.find_grade("test_zero_pad", NAME, NAME, "ada").manual_score = 5.0
        book.db.commit()
    return course


def penalty(course) -> float:
    with Gradebook(course.db_url, course.course_id) as book:
        return book.find_submission(NAME, "ada").late_submission_penalty or 0.0


def test_marks_have_the_penalty_on_what_counts(late):
    """Is the penalty one on the marks by hand, too, in the gradebook and the marks file?"""
    path = write_marks(late, NAME)
    assert penalty(late) == 100.0
    with path.open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert list(row)[-3:-1] == ["duedate", "late_submission_penalty"]
    assert (row["score"], row["late_submission_penalty"]) == ("0", "100")
    assert (row["timestamp"], row["duedate"]) == ("2026-01-01 12:30:00", "2026-01-01 12:00:00")


def test_verify_tells_and_shows_the_penalty(late):
    """Does verify assign the penalty again, say so, and write the page with times and penalty?"""
    found = verify(late, NAME)
    assert "ada: the late penalty was another one" in found.repaired
    assert penalty(late) == 100.0
    page = (late.folder("feedback", "ada", NAME) / f"{NAME}.html").read_text("utf-8")
    assert "Handed in 2026-01-01 12:30:00 UTC; due 2026-01-01 12:00:00 UTC." in page
    assert "−100" in page
    assert not any("penalty" in line for line in verify(late, NAME).repaired)


def test_no_penalty_outlives_its_due_date(late):
    """Is a penalty taken back where the due date is?"""
    with Gradebook(late.db_url, late.course_id) as book:
        book.find_assignment(NAME).duedate = None
        book.db.commit()
    write_marks(late, NAME)
    assert penalty(late) == 0.0


def test_nbgrader_exports_it(late, autograder):
    """Does nbgrader export write the penalty on what counts?"""
    autograder("nbgrader", "export", "--to", "grades.csv")
    with (late.root / "grades.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    values = [float(row[name]) for name in ("raw_score", "late_submission_penalty", "score")]
    assert values == [100.0, 100.0, 0.0]


@pytest.mark.parametrize(
    ("duedate", "lost"),
    [
        ("2026-01-01 12:30:00", 0.0),
        ("2026-01-01 12:29:59", 30.0),
        ("2025-12-31 12:29:00", 60.0),
        ("2025-01-01 00:00:00", 100.0),
    ],
)
def test_a_penalty_in_per_cent(late, duedate, lost):
    """Does the course's own plugin take a share of the score for each day that has begun?"""
    with (late.root / "nbgrader_config.py").open("a") as config:
        config.write(PERCENT)
    with Gradebook(late.db_url, late.course_id) as book:
        book.update_or_create_assignment(NAME, duedate=f"{duedate} UTC")
    with Writer(Course(late.root), NAME) as writer:
        writer.settle_penalties()
        assert writer.marks("ada").late_penalty == lost
