"""One writer at a time, and no round that goes on after its seed was shown."""

import csv
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder import course_lock, run_class, sayings
from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.grading import grade_class, pool
from autograder.recording import recorder
from autograder.recording.gradebook import Writer
from autograder.status import Status
from autograder.verify import verify

NAME = "cnn_step_by_step"
ZERO_PAD = (
    "import numpy as np\ndef zero_pad(X, pad):\n    p = (pad, pad)\n"
    "    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
)
HOLD = """
import sys, time
from pathlib import Path
from autograder.course import Course
from autograder.course_lock import locked
with locked(Course(Path(sys.argv[1])), "autograder grade something"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(course, repository):
    """Another process that holds the course's lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(course.root)],
        env=os.environ | {"PYTHONPATH": str(repository)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_second_run_is_refused(course, holder):
    """Is it said in one line who works on the course since when, and nothing read or written?"""
    who = rf"^autograder grade something \(process {holder.pid}, since 2[0-9: +-]+\) works on"
    with pytest.raises(CourseError, match=who):
        run_class.grade_and_record(course, NAME)
    assert sorted(path.name for path in course.build.iterdir()) == ["lock"]


def test_lock_ends_with_its_holder(course, holder, monkeypatch):
    """Is a lock whose holder was killed free at once, and does who waits for it go on then?"""

    def kill(seconds):
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    said = []
    monkeypatch.setattr(course_lock.time, "sleep", kill)
    with locked(course, "autograder grade", wait=True, say=said.append):
        pass
    assert [line.split(" (")[0] for line in said] == ["Waiting for autograder grade something"]
    with locked(course, "again"):
        pass


@pytest.mark.slow
def test_two_runs_at_once(course, submit, autograder):
    """Do two runs that begin together on a new gradebook lose nothing, one after the other?"""
    students = ("ada", "bob", "cy")
    for student in students:
        submit(student, {"zero_pad": ZERO_PAD})
    with locked(course, "another"):
        # Neither can be done before the other one is there.
        both = [autograder("autograder", "grade", NAME, "--wait", code=None) for _ in range(2)]
        for process in both:
            assert any("Waiting for another" in line for line in process.stderr)
    told = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    with Writer(course, NAME) as writer:
        assert {student: writer.marks(student).score for student in students} == dict.fromkeys(
            students, 5.0
        )


@pytest.fixture
def graded(course, verdict_of, monkeypatch):
    """Grade without running code: ``graded(resume=...)`` returns what was graded anew."""

    def graded(**options):
        again = []

        def grade_tasks(tasks, setting, jobs, meanwhile, server):
            for task in tasks:
                again.append(task.student)
                path = task.folder / f"{NAME}.ipynb"
                covered = grade_class.store.submission_hash(task.folder, NAME)
                verdict = verdict_of(path, task.student, seed=setting.seed, submission_hash=covered)
                grade_class.store.save(course, verdict)
                yield verdict

        monkeypatch.setattr(grade_class, "grade_tasks", grade_tasks)
        options = {"level": "process", "quiet": True} | options
        return again, run_class.grade_and_record(course, NAME, **options)

    return graded


@pytest.fixture
def stopped(course, submit, graded, monkeypatch):
    """A run that was stopped while it wrote the second feedback page: the seed of its round."""
    for student in ("ada", "bob", "cy"):
        submit(student, extra=(f"# {student}",))
    write_feedback, pages = recorder.write_feedback, []

    def stop(*arguments):
        assert state(course)["feedback_given"]
        if pages:
            raise KeyboardInterrupt
        pages.append(write_feedback(*arguments))

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(recorder, "write_feedback", stop)
        graded()
    assert len(pages) == 1
    return state(course)["seed"]


def state(course):
    return json.loads((course.build / "rounds" / f"{NAME}.json").read_text())


def test_new_run_after_a_page(course, stopped, graded):
    """Does a new run draw new inputs once a page has shown the old ones, even if it was stopped?"""
    again, _ = graded()
    assert again == ["ada", "bob", "cy"]
    assert state(course)["seed"] != stopped


def test_resume_after_a_page(course, stopped, submit, graded):
    """Does --resume finish an ended round for what it began with, and nothing handed in since?"""
    submit("bob", extra=("# bob, who has seen ada's page",))
    submit("dora")
    again, summary = graded(resume=True)
    assert again == ["cy"]
    assert state(course)["seed"] == stopped
    assert [line.split(":")[0] for line in summary.told] == ["bob", "dora"]
    assert summary.count == 2
    again, _ = graded(resume=True)
    assert sorted(again) == ["ada", "bob", "cy", "dora"]
    assert state(course)["seed"] != stopped


def test_score_of_the_gradebook(course, submit, graded):
    """Does a run say so where the gradebook does not hold the score that was given?"""
    from sqlalchemy import text

    submit("ada")
    submit("bob")
    with Writer(course, NAME) as writer:
        trigger = (
            "CREATE TRIGGER lost AFTER UPDATE ON grade WHEN NEW.auto_score = 25"
            " BEGIN UPDATE grade SET auto_score = 0 WHERE id = NEW.id; END"
        )
        insert = trigger.replace("lost", "lost_too").replace("UPDATE ON", "INSERT ON")
        for statement in (trigger, insert):
            writer._gradebook.db.execute(text(statement))
        writer._gradebook.db.commit()
    _, summary = graded()
    assert summary.needs_a_look == ["ada", "bob"]
    assert "The gradebook counts 50 points where 100 were given" in summary.told[0]
    marks = (course.csv_path(NAME)).read_text("utf-8")
    assert marks.count("counts 50 points where 100") == 2
    assert course.report_path(NAME).read_text("utf-8").count("counts 50 points where 100") == 2


def test_course_is_not_changed_by_pickling(course):
    """Can a course with its settings be sent to a worker process?"""
    import pickle

    assert course.language == "en"
    sent = pickle.loads(pickle.dumps(course))
    assert (sent, sent.language, sent.db_url) == (course, "en", course.db_url)
    assert isinstance(sent, Course)


@pytest.fixture
def damaged(course, submit, graded):
    """A class that was graded, and then damaged in every place."""
    for student in ("ada", "bob", "cy", "dora"):
        submit(student, {"zero_pad": ZERO_PAD})
    graded()
    names = f"{NAME}.ipynb", f"{NAME}.html"
    undamaged = {
        path: path.read_bytes()
        for folder in (course.build / "autograded", course.build / "feedback", course.build)
        for path in folder.rglob("*")
        if path.name in (*names, f"{NAME}.csv") and "submitted" not in path.parts
    }
    with sqlite3.connect(course.build / "gradebook.db") as database:
        database.execute(
            "UPDATE grade SET auto_score = 0 WHERE auto_score = 25 AND notebook_id ="
            " (SELECT submitted_notebook.id FROM submitted_notebook JOIN submitted_assignment"
            " ON submitted_assignment.id = submitted_notebook.assignment_id"
            " WHERE student_id = 'ada')"
        )
    (course.folder("autograded", "bob", NAME) / names[0]).write_text("{}")
    (course.folder("feedback", "cy", NAME) / names[1]).unlink()
    course.csv_path(NAME).write_text("student,score\nada,100\n")
    return undamaged


def test_verify(course, damaged):
    """Are gradebook, notebooks, pages and marks made to agree with the verdicts again?"""
    found = verify(course, NAME)
    repaired = [line.split(":")[0] for line in found.repaired]
    assert repaired == ["ada", "bob", "cy", f"{NAME}.csv"]
    assert "counts 50 points where 100 were given" in found.repaired[0]
    assert {path: path.read_bytes() for path in damaged} == damaged
    assert found.left == []
    again = verify(course, NAME)
    assert (again.repaired, again.left) == ([], [])


def test_verify_what_it_can_not_repair(course, submit, graded):
    """Is what no verdict knows named, and nothing done about it?"""
    submit("ada")
    submit("bob")
    graded()
    path = course.build / "verdicts" / NAME / "bob.json"
    path.write_text("{}")
    submit("cy")
    found = verify(course, NAME)
    left = [line.split(":")[0] for line in found.left]
    assert left == ["bob.json", "bob", "cy"]
    with Writer(course, NAME) as writer:
        assert writer.marks("bob").score == 100.0


def test_verify_an_id_that_is_none(course, submit, graded):
    """Is the verdict on a folder that can be no id taken for signed, and the student named?"""
    submit("ada")
    submit("\u5377" * 84)
    graded()
    found = verify(course, NAME)
    (line,) = found.left
    assert line.startswith("\u5377") and "rename the folder" in line
    assert verify(course, NAME).left == [line]


@pytest.fixture
def worker(course, verdict_of):
    """A worker whose grader runs no code: ``worker(meanwhile).grade(task)``."""

    def worker(meanwhile=lambda: None):
        class Grader:
            def grade_file(self, path, assignment, language, folder):
                meanwhile()
                return verdict_of(path, "")

        made = object.__new__(pool.Worker)
        made._setting = pool.Setting(course, 2**63 + 7, "process", course.root, course.root)
        made._grader = Grader()
        return made

    return worker


@pytest.mark.parametrize("when", ["before", "meanwhile", "never"])
def test_file_swapped_after_the_list(course, submit, worker, when):
    """Is a file that is not the listed one, or does not stay it, without a verdict?"""
    folder = submit("ada", extra=("# listed",)).parent
    listed = grade_class.store.submission_hash(folder, NAME)

    def swap():
        submit("ada", extra=("# ada, who has seen a page",))

    if when == "before":
        swap()
    task = pool.Task("ada", NAME, folder, "en", listed=listed)
    verdict = worker(swap if when == "meanwhile" else lambda: None).grade(task)
    saved = grade_class.store.load(course, NAME, "ada")
    assert (saved is None) == (when != "never")
    assert (pool.CHANGED in verdict.problems) == (when != "never")


def test_swapped_file_is_told(course, submit, verdict_of, monkeypatch):
    """Does the run say whose file was swapped, record nothing of it, and list what it grades?"""
    paths = {student: submit(student) for student in ("ada", "bob")}
    listed = {}

    def grade_tasks(tasks, setting, jobs, meanwhile, server):
        for task in tasks:
            listed[task.student] = task.listed
            verdict = verdict_of(paths[task.student], task.student)
            if task.student == "bob":
                yield replace(verdict, problems=(pool.CHANGED,))
            else:
                grade_class.store.save(course, verdict)
                yield verdict

    monkeypatch.setattr(grade_class, "grade_tasks", grade_tasks)
    summary = run_class.grade_and_record(course, NAME, level="process", quiet=True)
    assert [line.split(":")[0] for line in summary.told] == ["bob"]
    assert summary.count == 1
    assert all(len(covered) == 64 for covered in listed.values())
    with Writer(course, NAME) as writer:
        assert writer.marks("bob") is None


def test_removed_submission(course, submit, graded):
    """Is a student whose folder was removed marked in CSV and report, or left out when unknown?"""
    for student in ("ada", "bob", "cy"):
        submit(student)
    graded()
    for student in ("ada", "bob"):
        shutil.rmtree(course.step("submitted") / student)
    with Writer(course, NAME) as writer:
        writer._gradebook.remove_student("bob")
    graded()
    rows = {line.split(",")[0]: line for line in course.csv_path(NAME).read_text().splitlines()}
    assert set(rows) == {"student", "ada", "cy"}
    marked = sayings.REMOVED.in_("en")
    assert (marked in rows["ada"], marked in rows["cy"]) == (True, False)
    report = course.report_path(NAME).read_text("utf-8")
    assert report.count(marked) == 1
    assert "bob" not in report


def test_archived_class(course, submit, graded):
    """Is nobody marked as removed where all submissions were put away?"""
    submit("ada")
    graded()
    shutil.rmtree(course.step("submitted"))
    run_class.write_marks(course, NAME)
    assert sayings.REMOVED.in_("en") not in course.csv_path(NAME).read_text()


@pytest.mark.parametrize("gone", [".", "ada"])
def test_failed_stays_failed_when_its_file_is_gone(course, submit, verdict_of, gone):
    """Is who could not be graded failed, not missing, where one or all submissions are gone?"""
    submit("bob")
    failed = verdict_of(submit("ada"), "ada", status=Status.FAILED, exercises=(), cells=())
    grade_class.store.save(course, failed)
    recorder.record([failed], course)
    shutil.rmtree(course.step("submitted") / gone)
    marks = run_class.write_marks(course, NAME).read_text("utf-8")
    (row,) = (row for row in csv.DictReader(marks.splitlines()) if row["student"] == "ada")
    assert (row["status"], row["needs_a_look"]) == ("failed", "yes")
    page = run_class.write_report(course, NAME).read_text("utf-8")
    assert re.search(r"<tr[^>]*>(?:(?!</tr>).)*\bada\b(?:(?!</tr>).)*\bfailed\b", page, re.S)
    assert not re.search(r"<tr[^>]*>(?:(?!</tr>).)*\bada\b(?:(?!</tr>).)*\bmissing\b", page, re.S)


def test_gradebook_changed_during_a_run(course, submit, graded, monkeypatch):
    """Is it told whose marks another program changed, and not what a person marked?"""
    for student in ("ada", "bob", "cy"):
        submit(student)
    say_what_changed = run_class._Run.say_what_changed

    def change(run, assignment):
        with Writer(course, assignment) as writer:
            gradebook = writer._gradebook
            gradebook.remove_submission(NAME, "ada")
            for student, field in (("bob", "auto_score"), ("cy", "manual_score")):
                cell = gradebook.find_submission_notebook(NAME, NAME, student).grades[0]
                setattr(cell, field, 1.0)
            gradebook.db.commit()
        say_what_changed(run, assignment)

    monkeypatch.setattr(run_class._Run, "say_what_changed", change)
    _, summary = graded()
    assert [line.split(":")[0] for line in summary.told] == ["ada", "bob"]
    assert "another program changed the gradebook" in summary.told[0]
