"""Points that change after grading: whose marks are stale is said, and these are graded again."""

import csv
import json
from dataclasses import replace

import pytest

from autograder.grading import grade_class, store
from autograder.grading.grade_class import stale_students
from autograder.recording.gradebook import GradebookError
from autograder.recording.recorder import record
from autograder.run_class import grade_and_record, write_marks, write_report
from autograder.verify import verify
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES
from tests.grading.conftest import EXERCISES, NAME, source_notebook, with_exercise
from tests.grading.test_gradebook import opened


def with_points(monkeypatch, **points):
    """Change exercises' points, as somebody who edits checks/assignments/ does."""
    changed = tuple(replace(e, points=points.get(e.name, e.points)) for e in EXERCISES)
    monkeypatch.setitem(ASSIGNMENTS, NAME, replace(ASSIGNMENTS[NAME], exercises=changed))


def with_exercises(course, monkeypatch, *left_out, points=None):
    """Change the assignment and its built notebook to have all exercises but some."""
    kept = tuple(
        replace(e, points=(points or {}).get(e.name, e.points))
        for e in EXERCISES
        if e.name not in left_out
    )
    monkeypatch.setitem(ASSIGNMENTS, NAME, replace(ASSIGNMENTS[NAME], exercises=kept))
    gone = {f"{start}{name}" for name in left_out for start in ("", "test_", "play-", "about-")}
    for language in LANGUAGES:
        notebook = source_notebook(language)
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in gone]
        course.source_path(NAME, language).write_text(json.dumps(notebook), "utf-8")


def keep(course, verdict):
    """Save a verdict and record it, as a run does."""
    store.save(course, verdict)
    record([verdict], course)


def without(verdict, name):
    """The verdict of a time when there was no such exercise."""
    return replace(verdict, exercises=tuple(e for e in verdict.exercises if e.name != name))


def reasons(course):
    """What the marks file says, by student."""
    rows = csv.DictReader(write_marks(course, NAME, print).open(encoding="utf-8"))
    return {row["student"]: row["reason"] for row in rows}


def test_an_exercise_is_added_after_grading(course, submit, verdict_of, monkeypatch, capsys):
    """Is an exercise taken over that is new, and is said whose marks lack it, until regraded?"""
    with_exercises(course, monkeypatch, "pool_forward")
    for student in ("ada", "bob"):
        keep(course, without(verdict_of(submit(student), student), "pool_forward"))
    with opened(course) as book:
        book.find_grade("test_zero_pad", NAME, NAME, "ada").manual_score = 3.0
        book.db.commit()
        assert book.find_submission(NAME, "ada").score == 83.0
    with_exercises(course, monkeypatch)
    keep(course, verdict_of(submit("bob"), "bob"))
    assert stale_students(course, NAME) == {"ada"}
    told = reasons(course)
    assert "pool_forward is new" in told["ada"] and told["bob"] == ""
    assert "pool_forward is new" in write_report(course, NAME).read_text("utf-8")
    with opened(course) as book:
        ada, bob = (book.find_submission(NAME, student) for student in ("ada", "bob"))
        assert (ada.score, ada.max_score, ada.needs_manual_grade) == (83.0, 100.0, True)
        assert (bob.score, bob.needs_manual_grade) == (100.0, False)
        assert book.find_grade("test_pool_forward", NAME, NAME, "ada").auto_score is None
        assert book.find_comment("pool_forward", NAME, NAME, "ada").comment is None
    keep(course, verdict_of(submit("ada"), "ada"))
    assert stale_students(course, NAME) == set()
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").score == 98.0
    assert verify(course, NAME).left == []


def test_an_exercise_is_dropped_after_grading(course, submit, verdict_of, monkeypatch, capsys):
    """Does an exercise that has gone take its marks along, and nothing that a person wrote?"""
    for student in ("ada", "bob"):
        keep(course, verdict_of(submit(student), student))
    with opened(course) as book:
        book.find_comment("pool_forward", NAME, NAME, "ada").manual_comment = "Nearly."
        book.db.commit()
    with_exercises(course, monkeypatch, "pool_forward")
    with pytest.raises(GradebookError, match=r"pool_forward would go, .* for ada: take that back"):
        record([without(verdict_of(submit("bob"), "bob"), "pool_forward")], course)
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").score == 100.0
        book.find_comment("pool_forward", NAME, NAME, "ada").manual_comment = None
        book.db.commit()
    keep(course, without(verdict_of(submit("bob"), "bob"), "pool_forward"))
    assert stale_students(course, NAME) == {"ada"}
    assert "pool_forward has gone" in reasons(course)["ada"]
    with opened(course) as book:
        scores = [book.find_submission(NAME, s) for s in ("ada", "bob")]
        assert [(s.score, s.max_score) for s in scores] == [(85.0, 85.0)] * 2
        assert scores[0].needs_manual_grade and not scores[1].needs_manual_grade


def test_an_exercise_without_points_makes_nobody_stale(course, submit, verdict_of, monkeypatch):
    """Do marks stay as they are where an exercise is new, or goes, that is worth nothing?"""
    with_exercises(course, monkeypatch, "pool_forward")
    keep(course, without(verdict_of(submit("ada"), "ada"), "pool_forward"))
    with_exercises(course, monkeypatch, points={"pool_forward": 0})
    assert stale_students(course, NAME) == set()
    assert reasons(course)["ada"] == ""
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").max_score == 85.0
    with_exercises(course, monkeypatch, "pool_forward")
    assert stale_students(course, NAME) == set()
    assert reasons(course)["ada"] == ""


@pytest.mark.slow
def test_nbgrader_releases_a_notebook_with_other_exercises(
    course, submit, verdict_of, monkeypatch, autograder
):
    """Does `nbgrader generate_assignment` take a new exercise over, before anything is graded?"""
    with_exercises(course, monkeypatch, "pool_forward")
    keep(course, without(verdict_of(submit("ada"), "ada"), "pool_forward"))
    with_exercises(course, monkeypatch)
    autograder("nbgrader", "generate_assignment", NAME, "--force")
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").max_score == 100.0


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


def test_stale_marks_are_told_in_the_courses_language(course, submit, verdict_of, monkeypatch):
    """Is the line on stale marks Chinese in a Chinese course, with names listed as there?"""
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    for student in ("ada", "bob"):
        store.save(course, verdict_of(submit(student), student))
    with_points(monkeypatch, zero_pad=7)
    told = []
    write_marks(course, NAME, told.append)
    (line,) = told
    assert "分值有过改动：ada、bob；" in line and line.endswith(f"autograder grade {NAME} --stale")


def test_only_stale_marks_are_given_anew(course, submit, verdict_of, monkeypatch):
    """Does `grade --stale` grade exactly those whose points have changed?"""
    for student in ("ada", "bob"):
        store.save(course, verdict_of(submit(student), student))
    with_points(monkeypatch, zero_pad=7)
    bob = verdict_of(submit("bob"), "bob", {"zero_pad": 7.0})
    store.save(course, with_exercise(bob, "zero_pad", max_score=7.0))
    graded = []

    def note(tasks, setting, jobs, meanwhile, server):
        graded.extend(task.student for task in tasks)
        return iter(())

    monkeypatch.setattr(grade_class, "grade_tasks", note)
    grade_and_record(course, NAME, level="process", quiet=True, stale=True)
    assert graded == ["ada"]


@pytest.mark.parametrize(("language", "line"), [("en", "no marks are stale"), ("zh", "过时的成绩")])
def test_nothing_is_stale(course, submit, verdict_of, monkeypatch, capsys, language, line):
    """Does `grade --stale` say in the course's language that nobody has to be graded again?"""
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    store.save(course, verdict_of(submit("ada"), "ada"))
    grade_and_record(course, NAME, level="process", quiet=True, stale=True)
    assert line in capsys.readouterr().err


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
