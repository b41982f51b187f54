"""A gradebook that a PostgreSQL server keeps, by nbgrader's own setting, instead of SQLite."""

import shutil
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from autograder.course import Course
from autograder.desk import doctor, forget
from autograder.grading import store
from autograder.grading.rounds import last_round, shared_round
from autograder.recording.database import GradebookError, open_engine
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import record
from autograder.run_class import merge, write_marks, write_report
from autograder.status import Status
from autograder.verify import verify
from benchmarks import postgresql

NAME = "cnn_step_by_step"
TABLES = {
    "student": "SELECT id FROM student ORDER BY id",
    "submission": """
        SELECT student_id, timestamp, extension IS NULL FROM submitted_assignment
        ORDER BY student_id""",
    "grade": """
        SELECT student_id, base_cell.name, auto_score, manual_score, extra_credit,
            needs_manual_grade, late_submission_penalty
        FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
            JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
            JOIN submitted_assignment
                ON submitted_assignment.id = submitted_notebook.assignment_id
        ORDER BY student_id, base_cell.name""",
    "comment": """
        SELECT student_id, base_cell.name, auto_comment, manual_comment
        FROM comment JOIN base_cell ON base_cell.id = comment.cell_id
            JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
            JOIN submitted_assignment
                ON submitted_assignment.id = submitted_notebook.assignment_id
        ORDER BY student_id, base_cell.name""",
}
"""What a gradebook holds, without the keys that are drawn for each row."""

needs_server = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(bool(postgresql.why_not()), reason=postgresql.why_not()),
]


def on_server(test):
    """Mark a test as one that needs a PostgreSQL server."""
    for mark in needs_server:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def server():
    with postgresql.server() as server:
        yield server


def with_database(course, url):
    """The course with another gradebook."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return Course(course.root)


def held(course):
    """Everything that a course's gradebook holds of its students."""
    engine = create_engine(course.db_url)
    with closing(engine.connect()) as database:
        found = {name: database.execute(text(query)).all() for name, query in TABLES.items()}
    engine.dispose()
    # SQLite tells times as texts, and whether something holds as 0 or 1.
    found["submission"] = [
        (student, str(time or "").partition(".")[0], bool(none))
        for student, time, none in found["submission"]
    ]
    found["grade"] = [(*row[:5], bool(row[5]), row[6]) for row in found["grade"]]
    return {name: [tuple(row) for row in rows] for name, rows in found.items()}


def pages(course):
    """What people read of a class; the receipts' secret is drawn for each."""
    found = [course.csv_path(NAME), course.report_path(NAME)]
    for step in ("autograded", "feedback"):
        found += [path for path in course.step(step).rglob("*") if path.is_file()]
    return {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in found
        if path.name != "submission_secret.txt"
    }


@pytest.fixture
def graded(course, submit, verdict_of):
    """A class of eight whose shards have ended: correct, wrong, late, unreadable, with comments."""
    seed = shared_round(course, NAME, 1, all).seed
    for number in range(8):
        student = f"s{number}" if number else "张三"
        path = submit(student, content=b"{" if number == 5 else None)
        more = {"timestamp": f"2026-01-0{number} 10:00:00"} if number % 3 == 1 else {}
        if number == 5:
            more |= {"exercises": (), "status": Status.FAILED, "problems": ["unreadable"]}
        scores = {"conv_forward": 10.0, "zero_pad": 0.0} if number % 2 else {}
        covered = store.submission_hash(path.parent, NAME)
        made = verdict_of(path, student, scores, seed=seed, submission_hash=covered, **more)
        store.save(course, made)
    return course


def copied(course, root):
    """A copy of a course that takes points off for work that is late."""
    shutil.copytree(course.root, root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    return Course(root)


@on_server
def test_same_rows_as_sqlite(graded, server, tmp_path):
    """Are rows, marks and pages the same, after marks by hand, dates, and a second recording?"""
    found = []
    for name in ("sqlite", "postgresql"):
        root = tmp_path / name / "course"
        url = server.fresh() if name == "postgresql" else f"sqlite:///{tmp_path / 'other.db'}"
        course = with_database(copied(graded, root), url)
        assert merge(course, NAME).count == 8
        assert last_round(course, NAME).is_finished
        by_hand(course)
        with Writer(course, NAME) as writer:
            writer.set_duedate(datetime(2026, 1, 2, 9))
            writer.set_extension("s4", timedelta(days=2, hours=2))
            writer.set_extension("new", timedelta(days=1))
            assert writer.settle_penalties() == ["s7"]
            assert writer.dates()[1] == {"s4": timedelta(2, 7200), "new": timedelta(1)}
        record(store.load_all(course, NAME), course)
        write_marks(course, NAME), write_report(course, NAME)
        assert verify(course, NAME).left == []
        found.append((held(course), pages(course)))
    (rows, files), (their_rows, their_files) = found
    assert rows == their_rows
    assert len(rows["grade"]) == len(rows["comment"]) == 9 * 8
    assert sorted(files) == sorted(their_files)
    assert [name for name in files if files[name] != their_files[name]] == []


def by_hand(course):
    """What a person marks and writes."""
    engine = create_engine(course.db_url)
    with engine.begin() as database:
        one = """
            cell_id IN (SELECT id FROM base_cell WHERE name = :cell) AND notebook_id IN (
                SELECT submitted_notebook.id FROM submitted_notebook
                JOIN submitted_assignment
                    ON submitted_assignment.id = submitted_notebook.assignment_id
                WHERE student_id = 's3')"""
        mark = f"UPDATE grade SET manual_score = 4, extra_credit = 2 WHERE {one}"
        database.execute(text(mark), {"cell": "test_conv_forward"})
        comment = f"UPDATE comment SET manual_comment = '好，well' WHERE {one}"
        database.execute(text(comment), {"cell": "conv_forward"})
    engine.dispose()


@on_server
def test_forgotten(graded, server):
    """Is a student gone from the server's tables, by the command that removes one everywhere?"""
    course = with_database(graded, server.fresh())
    merge(course, NAME)
    found = forget.forget(course, "s3")
    assert "the student and all marks in the gradebook" in [line["en"] for line in found.lines]
    rows = held(course)
    assert {row[0] for name in rows for row in rows[name]} == {
        "张三",
        *(f"s{i}" for i in (1, 2, 4, 5, 6, 7)),
    }


@on_server
def test_doctor(graded, server):
    """Does the doctor look into a server's gradebook, and say what is wrong with its address?"""

    def told(course):
        found = (each for each in doctor.examine(course) if each.name == "gradebook")
        return [(each.sign, each.text["en"]) for each in found]

    course = with_database(graded, server.fresh())
    ((sign, line),) = told(course)
    assert (sign, "grading makes it" in line) == (doctor.Sign.NOTE, True)
    merge(course, NAME)
    assert told(course) == [(doctor.Sign.OK, f"{course.gradebook_place}, students: 8")]
    wrong = with_database(course, server.url("nowhere"))
    ((sign, line),) = told(wrong)
    assert sign is doctor.Sign.LOOK
    assert 'database "nowhere" does not exist; make it with createdb' in line
    assert server.password not in line


@on_server
def test_lock_of_another_program(graded, server, verdict_of, submit):
    """Is a row that another program holds waited for, and told once?"""
    url = server.fresh()
    course = with_database(graded, url)
    merge(course, NAME)
    said = []
    engine = create_engine(url)
    with engine.connect() as other, Writer(course, NAME, said.append) as writer:
        other.execute(text("UPDATE grade SET manual_score = 1"))
        from sqlalchemy import event

        @event.listens_for(writer._gradebook.db.session_factory, "after_begin")
        def soon(session, transaction, connection):
            connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

        threading.Timer(1.0, other.rollback).start()
        again = verdict_of(submit("s1"), "s1", {"zero_pad": 0.0})
        assert writer.write(again).score == 95.0
    engine.dispose()
    assert said == ["The gradebook is locked by another program; waiting up to 60 s."]


@on_server
def test_server_that_is_started_again(graded, verdict_of, submit):
    """Does recording go on when the server comes back, and end in one line where it does not?"""
    with postgresql.server() as server:
        course = with_database(graded, server.fresh())
        said = []
        with Writer(course, NAME, said.append, patience=30.0) as writer:
            server.stop()
            threading.Timer(0.5, server.start).start()
            assert writer.write(verdict_of(submit("s1"), "s1")).score == 100.0
            assert said == ["The gradebook can't be reached; waiting up to 30 s."]
        server.stop()
        with pytest.raises(GradebookError, match="see that the server runs") as caught:
            Writer(course, NAME).__enter__()
        assert len(str(caught.value).splitlines()) == 1
        assert server.password not in str(caught.value)


@on_server
def test_long_id(graded, server, verdict_of, submit):
    """Does an id that no server's column holds cost that student alone?"""
    course = with_database(graded, server.fresh())
    long = "x" * 129
    told = record([verdict_of(submit(long), long), verdict_of(submit("a"), "a")], course)
    assert [line.partition(": ")[2] for line in told] == [
        "is too long an id for this gradebook; rename the folder"
    ]
    assert [row[0] for row in held(course)["student"]] == ["a"]


@on_server
def test_commands(course, server, submit, autograder):
    """Do grade, nbgrader's own autograde and export, due and verify work with a server?"""
    submit("ada"), submit("bob")
    with_database(course, server.fresh())
    printed = autograder("autograder", "grade", NAME, "--jobs", "1")
    assert "2 submissions graded" in printed
    assert server.password not in printed
    autograder("autograder", "due", NAME, "2026-01-01 12:00 UTC")
    autograder("nbgrader", "autograde", NAME, "--force")
    autograder("nbgrader", "export", "--to", "all.csv")
    assert "ada" in (course.root / "all.csv").read_text()
    assert "0 need a look" in autograder("autograder", "verify", NAME)


@pytest.mark.parametrize(
    ("url", "missing", "line"),
    [
        ("postgresql+psycopg://ann:secret@host/marks", "psycopg", r"pip install 'psycopg\[bin"),
        ("nonsense ann:secret@host", None, "is no database's URL; write sqlite:///FILE or"),
        ("oracel://ann:secret@host/marks", None, "is no database's URL"),
    ],
)
def test_no_way_in(course, monkeypatch, url, missing, line):
    """Is a missing driver, or an address that is none, one line without the password?"""
    if missing:
        monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(GradebookError, match=line) as caught:
        open_engine(url)
    assert "secret" not in str(caught.value)
    broken = with_database(course, url)
    with pytest.raises(GradebookError, match=line), Writer(broken, NAME):
        pass
    assert "secret" not in broken.gradebook_place
