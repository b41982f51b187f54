"""Verdicts in nbgrader's gradebook: one transaction each, nothing of a person's is lost."""

import contextlib
import csv
import itertools
import json
import sqlite3
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course import CourseError
from autograder.grading import store
from autograder.model import Marks, Output
from autograder.recording import gradebook, graded_notebook
from autograder.recording.database import LOOKED_UP
from autograder.recording.gradebook import GradebookError, Writer
from autograder.recording.marks_csv import write_csv
from autograder.recording.recorder import record
from autograder.run_class import write_marks
from autograder.status import ExerciseStatus, Status
from tests.grading.conftest import with_exercise

NAME = "cnn_step_by_step"


@contextlib.contextmanager
def opened(course):
    with Gradebook(course.db_url, course.course_id) as found:
        yield found


def open_writer(course):
    with Writer(course, NAME, lambda line: None):
        pass


def grade(book, student, exercise="conv_forward"):
    return book.find_grade(f"test_{exercise}", NAME, NAME, student)


def test_marks_are_recorded(course, submit, verdict_of):
    """Do scores, totals, timestamp and the automatic comment reach the gradebook?"""
    path = submit("ada", {"zero_pad": "def zero_pad(X, pad): return 1"})
    verdict = verdict_of(path, "ada", {"conv_forward": 20.0, "zero_pad": 0.0})
    absent = {"status": ExerciseStatus.NOT_IMPLEMENTED}
    verdict = with_exercise(verdict, "conv_single_step", **absent)
    verdict = replace(verdict, timestamp="2026-01-02 03:04:00")
    assert record([verdict], course) == []
    with opened(course) as book:
        submission = book.find_submission(NAME, "ada")
        assert (submission.score, submission.max_score) == (90.0, 100.0)
        assert submission.timestamp == datetime(2026, 1, 2, 3, 4)
        assert not submission.needs_manual_grade
        assert grade(book, "ada").auto_score == 20.0
        comment = book.find_comment("conv_single_step", NAME, NAME, "ada")
        assert comment.auto_comment == gradebook.NO_RESPONSE
        assert book.find_comment("zero_pad", NAME, NAME, "ada").auto_comment is None


def test_what_a_person_gave_survives(course, submit, verdict_of):
    """Do manual marks, extra credit and comments survive a regrade, and ask for a look?"""
    path = submit("ada")
    record([verdict_of(path, "ada", {"conv_forward": 0.0})], course)
    with opened(course) as book:
        grade(book, "ada").manual_score = 12.5
        grade(book, "ada", "zero_pad").extra_credit = 2.0
        book.find_comment("conv_forward", NAME, NAME, "ada").manual_comment = "Nice idea."
        book.db.commit()
    record([verdict_of(path, "ada", {"conv_forward": 5.0})], course)
    with opened(course) as book:
        found = grade(book, "ada")
        assert (found.auto_score, found.manual_score, found.score) == (5.0, 12.5, 12.5)
        assert found.needs_manual_grade
        assert not grade(book, "ada", "pool_forward").needs_manual_grade
        assert grade(book, "ada", "zero_pad").score == 7.0
        assert book.find_comment("conv_forward", NAME, NAME, "ada").comment == "Nice idea."
    with Writer(course, NAME) as writer:
        marks = writer.marks("ada")
    assert marks.score == 100 - 25 + 12.5 + 2
    assert marks.manual == {"test_conv_forward", "test_zero_pad"}
    assert marks.comments == {"conv_forward": "Nice idea."}


@pytest.mark.parametrize("status", [Status.FAILED, Status.MISSING])
def test_no_stale_mark_stays_unflagged(course, submit, verdict_of, samples, status):
    """Does a regrade that failed replace the old mark and ask for a look?"""
    path = submit("ada")
    record([verdict_of(path, "ada")], course)
    nothing = {exercise.name: 0.0 for exercise in samples.exercises}
    record([verdict_of(path, "ada", nothing, status=status)], course)
    with opened(course) as book:
        submission = book.find_submission(NAME, "ada")
        assert submission.score == 0.0
        assert submission.needs_manual_grade
    record([verdict_of(path, "ada")], course)
    with opened(course) as book:
        assert not book.find_submission(NAME, "ada").needs_manual_grade


def test_a_score_that_counts_otherwise_is_flagged(course, submit, verdict_of, monkeypatch):
    """Do formgrader and CSV both say where the gradebook counts another score than was given?"""

    def told():
        rows = csv.DictReader(write_marks(course, NAME).open(encoding="utf-8"))
        with opened(course) as book:
            flagged = {
                s.student_id: s.needs_manual_grade for s in book.assignment_submissions(NAME)
            }
        return [(row["needs_a_look"] == "yes", flagged[row["student"]]) for row in rows]

    verdicts = [verdict_of(submit(student), student) for student in ("ada", "bob")]
    for verdict in verdicts:
        store.save(course, verdict)
    record(verdicts, course)
    assert told() == [(False, False), (False, False)]
    with opened(course) as book:
        grade(book, "bob").auto_score = 1.0
        book.db.commit()
    assert told() == [(False, False), (True, True)]

    def rounded(grade, score, look, apply=gradebook._apply_score):
        apply(grade, score // 2, look)

    with monkeypatch.context() as patch:
        patch.setattr(gradebook, "_apply_score", rounded)
        assert len(record(verdicts, course)) == 2
    with opened(course) as book:
        assert all(s.needs_manual_grade for s in book.assignment_submissions(NAME))
    assert told() == [(True, True), (True, True)]
    record(verdicts, course)
    assert told() == [(False, False), (False, False)]


def test_verdict_without_exercises(course, submit, verdict_of):
    """Does a verdict that holds no exercise at all flag every old mark?"""
    path = submit("ada")
    record([verdict_of(path, "ada")], course)
    record([verdict_of(path, "ada", exercises=())], course)
    with opened(course) as book:
        grades = book.find_submission_notebook(NAME, NAME, "ada").grades
        assert {(g.auto_score, g.needs_manual_grade) for g in grades} == {(0.0, True)}


def test_rows_that_are_missing_are_made(course, submit, verdict_of):
    """Does a student keep all points where rows of an exercise are not in the gradebook yet?"""
    path = submit("ada")
    record([verdict_of(path, "ada")], course)
    with opened(course) as book:
        book.db.delete(grade(book, "ada"))
        book.db.delete(book.find_comment("conv_forward", NAME, NAME, "ada"))
        book.db.commit()
        assert book.find_submission(NAME, "ada").score == 75.0
    verdict = verdict_of(path, "ada", {"conv_forward": 20.0, "zero_pad": 0.0})
    verdict = with_exercise(verdict, "conv_forward", status=ExerciseStatus.NOT_IMPLEMENTED)
    record([verdict], course)
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").score == 90.0
        comment = book.find_comment("conv_forward", NAME, NAME, "ada")
        assert comment.auto_comment == gradebook.NO_RESPONSE


def test_nothing_handed_in(course, submit, verdict_of):
    """Is a student without a file known to the gradebook, without a submission?"""
    path = course.root / "build" / "submitted" / "ada" / NAME / "absent.ipynb"
    record([verdict_of(path, "ada", status=Status.MISSING)], course)
    with opened(course) as book:
        assert [student.id for student in book.students] == ["ada"]
        assert book.find_assignment(NAME).submissions == []


def test_rows_equal_those_of_nbgrader(course, submit, verdict_of):
    """Does a new submission have the rows that nbgrader's add_submission makes?"""
    record([verdict_of(submit("ada"), "ada")], course)
    with opened(course) as book:
        book.add_student("bob")
        book.add_submission(NAME, "bob")

        def shape(student):
            (notebook,) = book.find_submission(NAME, student).notebooks
            return (
                sorted((g.name, g.max_score, g.cell_type) for g in notebook.grades),
                sorted(c.name for c in notebook.comments),
            )

        assert shape("ada") == shape("bob")
        assert len(shape("ada")[0]) == 8


def test_one_transaction(course, submit, verdict_of, monkeypatch):
    """Does a writer that dies inside a submission leave nothing of it, and the others whole?"""
    first, second = submit("ada"), submit("bob")

    def die(*arguments):
        raise KeyboardInterrupt

    record([verdict_of(first, "ada")], course)
    monkeypatch.setattr(gradebook, "_apply_comment", die)
    with pytest.raises(KeyboardInterrupt):
        record([verdict_of(second, "bob")], course)
    with pytest.raises(KeyboardInterrupt):
        record([verdict_of(first, "ada", {"zero_pad": 0.0})], course)
    with opened(course) as book:
        assert [student.id for student in book.students] == ["ada"]
        assert book.find_submission(NAME, "ada").score == 100.0


@pytest.mark.slow
def test_marks_by_hand_while_a_class_is_recorded(course, submit, verdict_of):
    """Does each mark and comment of a person survive, who saves while verdicts are written?

    Formgrader takes no lock of the course: it changes columns that no run writes, each time in one
    transaction of the database.
    """
    students = ["ada", "bob", "cleo", "dan"]
    verdicts = [verdict_of(submit(name), name, {"zero_pad": 0.0}) for name in students]
    record(verdicts, course)
    saved, done = {}, threading.Event()

    def mark_by_hand():
        with opened(course) as book:
            for number in itertools.count():
                student, exercise = students[number % 4], ("conv_forward", "zero_pad")[number % 2]
                grade(book, student, exercise).manual_score = number % 5
                book.find_comment(exercise, NAME, NAME, student).manual_comment = f"no. {number}"
                book.db.commit()
                saved[student, exercise] = number
                if done.is_set() and number > 20:
                    return

    person = threading.Thread(target=mark_by_hand)
    person.start()
    for _ in range(4):
        assert record(verdicts, course) == []
    done.set()
    person.join()
    assert record(verdicts, course) == []
    with opened(course) as book:
        for (student, exercise), number in saved.items():
            assert grade(book, student, exercise).manual_score == number % 5
            comment = book.find_comment(exercise, NAME, NAME, student)
            assert comment.manual_comment == f"no. {number}"
            automatic = {"conv_forward": 25.0, "zero_pad": 0.0}[exercise]
            score = book.find_submission(NAME, student).score
            assert score == 95.0 - automatic + number % 5


def test_locked_gradebook_is_waited_for(course, submit, verdict_of):
    """Does a lock held by another program delay the recording, with one message?"""
    open_writer(course)
    holder = sqlite3.connect(course.root / "build" / "gradebook.db", check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    threading.Timer(0.5, holder.rollback).start()
    said = []
    record([verdict_of(submit("ada"), "ada")], course, said.append)
    assert len(said) <= 1
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").score == 100.0


def test_gradebook_locked_for_good(course, submit, verdict_of, monkeypatch):
    """Does a lock that never ends become one clear error?"""
    said = []
    with Writer(course, NAME, said.append, patience=0.0) as writer:
        # The database driver itself waits 5 s: not in this test.
        monkeypatch.setattr(writer, "_write_marks", _locked)
        with pytest.raises(GradebookError, match=f"stayed locked.*autograder grade {NAME} --res"):
            writer.write(verdict_of(submit("ada"), "ada"))


def _locked(*arguments):
    from sqlalchemy.exc import OperationalError

    raise OperationalError("UPDATE", {}, Exception("database is locked"))


@pytest.mark.parametrize("ask", [lambda w: w.marks("ada"), lambda w: w.students()])
def test_reading_waits_for_a_lock(course, ask):
    """Is a lock waited for while marks and students are read, too?"""
    from sqlalchemy import text

    open_writer(course)
    holder = sqlite3.connect(course.root / "build" / "gradebook.db", check_same_thread=False)
    said = []
    with Writer(course, NAME, said.append, patience=20.0) as writer:
        writer._gradebook.db.rollback()
        # The driver's own 5 s of waiting would hide the engine's.
        writer._gradebook.db.execute(text("PRAGMA busy_timeout = 0"))
        holder.execute("BEGIN EXCLUSIVE")
        threading.Timer(0.5, holder.rollback).start()
        assert not ask(writer)
    assert len(said) == 1
    holder.close()


def test_full_disk(course, submit, verdict_of):
    """Does a full disk end in one line that says to make room, and the old mark stay?"""
    from sqlalchemy import text

    record([verdict_of(submit("ada"), "ada", {"zero_pad": 0.0})], course)
    with Writer(course, NAME) as writer:
        writer._gradebook.db.execute(text("PRAGMA max_page_count = 1"))
        with pytest.raises(GradebookError, match="disk is full; make room") as caught:
            for number in range(200):
                writer.write(verdict_of(submit(f"s{number}"), f"s{number}"))
    assert "upgrade" not in str(caught.value)
    assert f"autograder grade {NAME} --resume" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").score == 95.0


@pytest.mark.parametrize(
    ("damage", "advice"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 100), "put a copy that is whole"),
        (
            lambda path: sqlite3.connect(path).execute(
                "ALTER TABLE grade RENAME COLUMN auto_score TO score"
            ),
            "nbgrader db upgrade",
        ),
    ],
    ids=["no database", "other columns"],
)
def test_unusable_gradebook(course, submit, verdict_of, damage, advice):
    """Does a gradebook of other tables or of none end in one line with the right advice?"""
    record([verdict_of(submit("ada"), "ada")], course)
    damage(course.root / "build" / "gradebook.db")
    with pytest.raises(GradebookError, match=advice) as caught:
        record([verdict_of(submit("bob"), "bob")], course)
    assert len(str(caught.value).splitlines()) == 1


def test_half_a_gradebook_is_never_left(course, monkeypatch):
    """Is there no table, and no cell, where the program ends while it makes the first ones?"""

    def stop(*_, **__):
        raise KeyboardInterrupt

    for place in (
        "autograder.recording.nbgrader_start._latest_version",
        "nbgrader.api.Gradebook.update_or_create_source_cell",
    ):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(place, stop)
            open_writer(course)
        with contextlib.closing(sqlite3.connect(course.gradebook_file)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            if "latest" in place:
                assert tables == set()
            else:
                assert database.execute("SELECT count(*) FROM base_cell").fetchone() == (0,)
    open_writer(course)
    with opened(course) as book:
        assert book.find_notebook(NAME, NAME).grade_cells


def test_notebooks_are_written_as_nbformat_does(course, submit, verdict_of):
    """Is the text of a notebook the one that nbformat writes, also where it knows the cells?"""
    path = submit("ada", extra=["print('a')", "# " + "long " * 4000])
    verdict = verdict_of(path, "ada", {"conv_forward": 0})
    notebook = graded_notebook.rebuild(course.source_notebook(NAME), verdict.cells, verdict)
    assert len(notebook["cells"]) > 2
    for cells in (notebook["cells"], notebook["cells"], notebook["cells"][:1], []):
        some = notebook | {"cells": cells}
        wanted = nbformat.writes(nbformat.from_dict(some)) + "\n"
        assert graded_notebook.notebook_text(some) == wanted
    nbformat.validate(nbformat.from_dict(notebook))


def test_missing_notebook(course):
    """Is a course whose notebook was not built one clear error?"""
    for path in course.root.glob("notebooks/*/*/*.ipynb"):
        path.unlink()
    with pytest.raises(CourseError, match="autograder build"):
        open_writer(course)


def test_removed_cell_is_refused(course, submit, verdict_of):
    """Is a notebook refused that has lost the cell of an exercise, and are its marks kept?"""
    record([verdict_of(submit("ada"), "ada")], course)
    path = course.root / "notebooks" / "en" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    del notebook["cells"][5]
    path.write_text(json.dumps(notebook))
    with pytest.raises(GradebookError, match="no cell test_zero_pad; make it anew"):
        open_writer(course)
    with opened(course) as book:
        assert grade(book, "ada", "zero_pad").auto_score == 5.0


def test_unknown_time_keeps_the_old_one(course, submit, verdict_of):
    """Does a submission whose new time is not known keep the time that it had?"""
    path = submit("ada")
    record([verdict_of(path, "ada", timestamp="2026-01-02 03:04:00")], course)
    record([verdict_of(path, "ada")], course)
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").timestamp == datetime(2026, 1, 2, 3, 4)


def test_late_submission(course, submit, verdict_of):
    """Is nbgrader's late-submission plugin asked, extensions included?"""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    open_writer(course)
    with opened(course) as book:
        book.update_or_create_assignment(NAME, duedate="2026-01-01 12:00 UTC")
    late = verdict_of(submit("ada"), "ada", timestamp="2026-01-01 12:30:00")
    record([late], course)
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").late_submission_penalty == 100.0
        book.grant_extension(NAME, "ada", minutes=31)
        assert book.find_submission(NAME, "ada").extension == timedelta(minutes=31)
    record([late], course)
    with opened(course) as book:
        assert not book.find_submission(NAME, "ada").late_submission_penalty


def test_names_that_lead_out(course, submit, verdict_of):
    """Is a student id that leads out of the course reported and not recorded?"""
    told = record([verdict_of(submit("ada"), "..")], course, lambda line: None)
    assert len(told) == 1
    record([verdict_of(submit("张三"), "张三")], course)
    with opened(course) as book:
        assert [student.id for student in book.students] == ["张三"]


def test_autograded_notebook(course, submit, verdict_of, samples):
    """Is autograded/ our own notebook with the student's code and results as plain text alone?"""
    hostile = "# <script>alert(1)</script>\nx = 1"
    path = submit("ada", {"zero_pad": "def zero_pad(X, pad):\n    return X"}, extra=[hostile])
    folder = course.root / "build" / "autograded" / "ada" / NAME
    (folder / "old").mkdir(parents=True)
    (folder / "evil.html").symlink_to("/etc/passwd")
    submission = json.loads(path.read_text())
    submission["cells"][0]["source"] = "<img src=x onerror=alert(1)>"
    submission["metadata"]["evil"] = "<script>"
    path.write_text(json.dumps(submission))
    verdict = verdict_of(path, "ada", {"zero_pad": 0.0})
    shown = (Output("\x1b[31mhi"), Output(png=samples.picture), Output(png="%"))
    cells = (replace(c, outputs=shown) if c.index == 3 else c for c in verdict.cells)
    record([replace(verdict, cells=tuple(cells))], course)
    names = {entry.name for entry in folder.iterdir()}
    assert names == {f"{NAME}.ipynb", "submission_secret.txt"}
    notebook = json.loads((folder / f"{NAME}.ipynb").read_text())
    text = json.dumps(notebook)
    assert "onerror" not in text
    assert "evil" not in text
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    assert cells["title"]["source"] == ["# Step by step"]
    assert cells["zero_pad"]["source"] == ["def zero_pad(X, pad):\n", "    return X"]
    kinds = [(o["output_type"], "".join(o.get("text", ()))) for o in cells["zero_pad"]["outputs"]]
    assert kinds == [("stream", "hi"), ("display_data", "")]
    (failed,) = cells["test_zero_pad"]["outputs"]
    assert failed["output_type"] == "error"
    assert "stride is ignored" in "".join(failed["traceback"])
    assert cells["test_conv_forward"]["outputs"][0]["output_type"] == "stream"
    own = ["".join(c["source"]) for c in notebook["cells"] if c["id"].startswith("student")]
    assert own == [hostile]


def test_changed_file_is_not_shown(course, submit, verdict_of):
    """Is what was graded shown beside its marks, where the file changed since?"""
    path = submit("ada", {"zero_pad": "def zero_pad(X, pad): return 'first'"})
    verdict = verdict_of(path, "ada")
    submit("ada", {"zero_pad": "def zero_pad(X, pad): return 'second'"})
    record([verdict], course)
    graded = course.root / "build" / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    cells = {cell["id"]: cell["source"] for cell in json.loads(graded.read_text())["cells"]}
    assert cells["zero_pad"] == ["def zero_pad(X, pad): return 'first'"]
    assert "second" not in graded.read_text()


def test_unwritable_autograded_folder_is_told(course, submit, verdict_of, monkeypatch):
    """Does a full disk cost a line, and not the marks or the run?"""

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(graded_notebook, "write_atomically", full)
    (told,) = record([verdict_of(submit("ada"), "ada")], course, lambda line: None)
    assert "No space" in told
    with opened(course) as book:
        assert book.find_submission(NAME, "ada").score == 100.0


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_csv(course, submit, verdict_of, samples, tmp_path):
    """Are 0, failed and missing kept apart, and manual marks counted?"""
    path = submit("x")
    nothing = {exercise.name: 0.0 for exercise in samples.exercises}
    late = verdict_of(path, "late")
    late = with_exercise(late, "pool_forward", status=ExerciseStatus.TIMEOUT, score=0.0)
    empty = {"status": Status.FAILED, "problems": ["The file is empty."]}
    rows = [
        verdict_of(path, "right", timestamp="2026-01-02 03:04:05"),
        verdict_of(path, "zero", nothing),
        verdict_of(path, "failed", nothing, **empty),
        verdict_of(path, "marked", {"conv_forward": 0.0}),
        verdict_of(path, "=1+1", {"zero_pad": 0.0}),
        late,
    ]
    given = {exercise.grade_id: exercise.score for exercise in rows[3].exercises}
    by_hand = frozenset({"test_conv_forward"})
    marks = {"marked": Marks(given | {"test_conv_forward": 10.0}, by_hand)}
    write_csv(rows, tmp_path / "grades.csv", "en", marks.get, missing=["absent", "zero"])
    found = read_csv(tmp_path / "grades.csv")
    assert set(found) == {"right", "zero", "failed", "marked", "'=1+1", "late", "absent"}
    shown = {k: (row["score"], row["status"], row["needs_a_look"]) for k, row in found.items()}
    assert shown["right"] == ("100", "graded", "no")
    assert shown["zero"] == ("0", "graded", "no")
    assert shown["failed"] == ("0", "failed", "yes")
    assert shown["absent"] == ("", "missing", "no")
    assert shown["marked"] == ("85", "graded", "no")
    assert shown["late"] == ("85", "graded", "yes")
    assert found["marked"]["conv_forward"] == "10"
    assert found["right"]["timestamp"] == "2026-01-02 03:04:05"
    reasons = {k: row["reason"] for k, row in found.items() if row["reason"]}
    assert reasons == {
        "failed": "The file is empty.",
        "late": "`pool_forward` ran out of time.",
    }
    assert found["'=1+1"]["diagnosis"] == "zero_pad/stride_ignored"
    assert {row["assignment"] for row in found.values()} == {NAME}


def test_csv_of_nobody(tmp_path):
    """Is the CSV of an empty class a header alone?"""
    write_csv([], tmp_path / "grades.csv", "en")
    assert (tmp_path / "grades.csv").read_text().startswith("student,assignment,timestamp,score")


def test_a_submission_is_found_by_an_index(course, submit, verdict_of):
    """Are one submission's rows found without reading all others', in old gradebooks, too?"""
    record([verdict_of(submit("ada"), "ada")], course)
    path = course.build / "gradebook.db"

    def plans():
        with contextlib.closing(sqlite3.connect(path)) as database:
            for table, column in LOOKED_UP.items():
                query = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} = 'x'"
                yield " ".join(row[3] for row in database.execute(query))

    assert all("SEARCH" in plan for plan in plans())
    with contextlib.closing(sqlite3.connect(path)) as database:
        for table in LOOKED_UP:
            database.execute(f"DROP INDEX autograder_{table}")
    assert all("SCAN" in plan for plan in plans())
    open_writer(course)
    assert all("SEARCH" in plan for plan in plans())


def test_marks_of_some_are_written_together(course, submit, verdict_of, monkeypatch):
    """Is there one transaction for as many verdicts as are to be recorded together, none lost?"""
    verdicts = [verdict_of(submit(f"s{i}"), f"s{i}", {"zero_pad": float(i)}) for i in range(5)]
    asked = []

    def write_all(writer, some):
        asked.append(len(some))
        return original(writer, some)

    original = Writer.write_all
    monkeypatch.setattr(Writer, "write_all", write_all)
    held = {}
    record(verdicts, course, recorded=lambda _, v, m: held.update({v.student: m}), together=2)
    assert asked == [2, 2, 1]
    assert [held[f"s{i}"].score for i in range(5)] == [95.0 + i for i in range(5)]


@pytest.mark.parametrize(
    ("line", "begins"), [("", b"stu"), ("c.CNNCourse.bom = True", b"\xef\xbb\xbfstu")]
)
def test_marks_for_excel(course, submit, verdict_of, line, begins):
    """Is the file of marks UTF-8, and marked as such where the course's settings say so?"""
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\n{line}\n")
    store.save(course, verdict_of(submit("张三"), "张三"))
    path = write_marks(course, NAME)
    assert path.read_bytes().startswith(begins)
    (row,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert row["student"] == "张三"
