"""Points that change after grading: whose marks are stale is said, and these are graded again."""

import csv
import json
from dataclasses import replace

from autograder.grading import grade_class, store
from autograder.grading.grade_class import stale_students
from autograder.recording.recorder import record
from autograder.run_class import grade_and_record, write_marks, write_report
from checks.assignments import ASSIGNMENTS
from tests.grading.conftest import EXERCISES, NAME, with_exercise
from tests.grading.test_gradebook import opened


def with_points(monkeypatch, **points):
    """Change exercises' points, as somebody who edits checks/assignments/ does."""
    changed = tuple(replace(e, points=points.get(e.name, e.points)) for e in EXERCISES)
    monkeypatch.setitem(ASSIGNMENTS, NAME, replace(ASSIGNMENTS[NAME], exercises=changed))


def test_new_points_without_a_build(course, submit, verdict_of, monkeypatch):
    """Does the gradebook take over new points, though no notebook was built anew?"""
    record([verdict_of(submit("ada"), "ada")], course)
    with_points(monkeypatch, zero_pad=7)
    record([verdict_of(submit("bob"), "bob", {"zero_pad": 7.0})], course)
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").max_score == 102.0


def test_stale_marks_are_told(course, submit, verdict_of, monkeypatch, capsys):
    """After points were changed, do CSV, report and formgrader say whose marks are stale?"""
    verdict = verdict_of(submit("ada"), "ada")
    record([verdict], course)
    store.save(course, verdict)
    assert stale_students(course, NAME) == set()
    with opened(course) as book:
        assert not book.find_submission(NAME, "ada").needs_manual_grade
    with_points(monkeypatch, zero_pad=7)
    told = []
    row = next(csv.DictReader(write_marks(course, NAME, told.append).open(encoding="utf-8")))
    assert row["needs_a_look"] == "yes"
    assert "zero_pad: 5 → 7" in row["reason"]
    assert len(told) == 1 and f"ada; grade them again with: autograder grade {NAME}" in told[0]
    assert "zero_pad: 5 → 7" in write_report(course, NAME).read_text("utf-8")
    assert stale_students(course, NAME) == {"ada"}
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").needs_manual_grade


def test_only_stale_marks_are_given_anew(course, submit, verdict_of, monkeypatch):
    """Does `grade --stale` grade exactly those whose points have changed?"""
    for student in ("ada", "bob"):
        store.save(course, verdict_of(submit(student), student))
    with_points(monkeypatch, zero_pad=7)
    bob = verdict_of(submit("bob"), "bob", {"zero_pad": 7.0})
    store.save(course, with_exercise(bob, "zero_pad", max_score=7.0))
    graded = []

    def note(tasks, setting, jobs):
        graded.extend(task.student for task in tasks)
        return iter(())

    monkeypatch.setattr(grade_class, "grade_tasks", note)
    grade_and_record(course, NAME, level="process", quiet=True, stale=True)
    assert graded == ["ada"]


def test_formgrader_lists_what_to_look_at(course, submit, verdict_of):
    """Does a flagged submission stand in formgrader's list, and its notebook say why?"""
    odd = "The file is named `x`; <b>see</b>"
    verdict = verdict_of(submit("ada"), "ada", problems=[odd])
    record([verdict, verdict_of(submit("bob"), "bob")], course)
    with opened(course) as book:
        flags = {s: book.find_submission(NAME, s).needs_manual_grade for s in ("ada", "bob")}
        assert flags == {"ada": True, "bob": False}
    path = course.folder("autograded", "ada", NAME) / f"{NAME}.ipynb"
    first = json.loads(path.read_text("utf-8"))["cells"][0]
    assert first["cell_type"] == "code"
    assert odd in "".join(first["source"])
    other = course.folder("autograded", "bob", NAME) / f"{NAME}.ipynb"
    assert "look" not in json.loads(other.read_text("utf-8"))["cells"][0]["id"]
