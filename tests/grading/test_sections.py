"""Sections of a class: a column of the roster."""

import pytest

from autograder.collecting.roster import people_of, section_of
from autograder.course import CourseError
from autograder.grading import grade_class, store
from autograder.recording.recorder import record
from autograder.run_class import grade_and_record, write_report
from tests.grading.conftest import NAME

ROSTER = "student,canvas_id,section\nada,1,Mon\nbob,2,Tue\ncy,3,Mon\n"


@pytest.fixture
def roster(course):
    course.build.mkdir(exist_ok=True)
    course.roster_path.write_text(ROSTER)
    return course


def test_only_a_section_is_graded(roster, submit, monkeypatch):
    """Does `--section` grade the students of that section and nobody else?"""
    for student in ("ada", "bob", "zoe"):
        submit(student)
    graded = []

    def note(tasks, setting, jobs, meanwhile, server):
        graded.extend(task.student for task in tasks)
        return iter(())

    monkeypatch.setattr(grade_class, "grade_tasks", note)
    only = section_of(roster, "Mon").students
    grade_and_record(roster, NAME, level="process", quiet=True, only=only)
    assert graded == ["ada"]


@pytest.fixture(autouse=True)
def no_report_of_nobody(monkeypatch):
    """A run that graded nobody has no report to write."""
    write = write_report

    def write_if_any(course, assignment, section=None):
        if next(store.load_all(course, assignment), None) is None:
            return course.report_path(assignment)
        return write(course, assignment, section)

    monkeypatch.setattr("autograder.run_class.write_report", write_if_any)


def test_report_on_a_section(roster, submit, verdict_of):
    """Does the report on a section hold its students alone, in a file of its own?"""
    for student in ("ada", "bob", "cy"):
        verdict = verdict_of(submit(student), student)
        record([verdict], roster)
        store.save(roster, verdict)
    whole = write_report(roster, NAME)
    part = write_report(roster, NAME, section_of(roster, "Mon"))
    assert part != whole
    text = part.read_text("utf-8")
    assert "ada" in text and "cy" in text and "bob" not in text
    assert ", Mon</h1>" in text
    assert "bob" in whole.read_text("utf-8")


def test_unknown_section(roster):
    """Is an unknown section refused, with those that there are?"""
    with pytest.raises(CourseError, match=r"no section 'Wed' .* there is: Mon, Tue"):
        section_of(roster, "Wed")
    roster.roster_path.unlink()
    with pytest.raises(CourseError, match="--roster FILE"):
        section_of(roster, "Mon")


def test_the_roster_that_is_kept_is_used(roster):
    """Do collect and export use the kept roster where they are given none?"""
    assert people_of(roster, None).student("canvas_id", "2") == "bob"
    assert people_of(roster, None).student("canvas_id", "9") is None
