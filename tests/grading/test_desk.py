"""The instructor's small commands: due dates and extensions, one student removed, the doctor."""

import csv
import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import matplotlib
import pytest
from nbgrader.api import Gradebook

from autograder import __main__ as main_module
from autograder import run_class
from autograder.collecting import commands
from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.desk import doctor
from autograder.desk.dates import duration_of, duration_text, extend, set_due, show_due
from autograder.desk.doctor import UNWELL, Sign, examine
from autograder.desk.forget import find, forget
from autograder.grading import store
from autograder.grading.rounds import close_round, keep_list, round_to_grade_in, signing_key
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import Recorder
from autograder.run_class import write_marks, write_report
from autograder.sandbox import IsolationUnavailable
from autograder.verify import verify
from plots import kit

NAME = "cnn_step_by_step"


@pytest.fixture
def graded(course, submit, verdict_of):
    """A class of two, recorded with pages, marks and report."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    round_to_grade_in(course, NAME)
    with Recorder(course, NAME) as recorder:
        for student in ("ada", "zebedee-17"):
            path = submit(student, timestamp="2026-01-01 12:30:00 UTC")
            verdict = verdict_of(path, student, timestamp="2026-01-01 12:30:00")
            store.save(course, verdict)
            recorder.write_page(verdict, recorder.record(verdict))
    write_marks(course, NAME)
    write_report(course, NAME)
    return course


def scores(course) -> dict[str, str]:
    with course.csv_path(NAME).open(encoding="utf-8") as file:
        return {row["student"]: row["score"] for row in csv.DictReader(file)}


def page(course, student) -> str:
    return (course.folder("feedback", student, NAME) / f"{NAME}.html").read_text("utf-8")


def test_due_dates_and_extensions(graded):
    """Do a due date and an extension reach gradebook, penalties, marks and pages?"""
    dates = set_due(graded, NAME, "2026-01-01 20:00 +0800")
    assert dates.duedate == datetime(2026, 1, 1, 12)
    assert dates.penalties == ["ada", "zebedee-17"]
    assert scores(graded) == {"ada": "0", "zebedee-17": "0"}
    assert "due 2026-01-01 12:00:00 UTC" in page(graded, "ada")

    dates = extend(graded, NAME, "ada", "31m")
    assert dates.penalties == ["ada"]
    assert scores(graded) == {"ada": "100", "zebedee-17": "0"}
    assert "due 2026-01-01 12:31:00 UTC" in page(graded, "ada")
    assert show_due(graded, NAME).lines("en") == [
        "due 2026-01-01 12:00:00 UTC",
        "ada: 31m later, until 2026-01-01 12:31:00 UTC",
    ]

    assert extend(graded, NAME, "ada", "none").extensions == {}
    assert set_due(graded, NAME, "none").lines("en")[0] == "no due date"
    assert scores(graded) == {"ada": "100", "zebedee-17": "100"}


@pytest.mark.parametrize("when", ["2026-01-01 20:00 EST", "03/04/2026 12:00", "next week", ""])
def test_a_time_of_two_meanings_is_refused(course, when):
    """Is what a person could read in two ways, or in none, refused and not guessed?"""
    with pytest.raises(CourseError) as error:
        set_due(course, NAME, when)
    assert "\n" not in str(error.value)
    assert show_due(course, NAME).duedate is None


def test_an_extension_before_anything_is_handed_in(graded, submit, verdict_of):
    """Does an extension hold for who has not handed in yet, who stays missing until then?"""
    with Writer(graded, NAME), Gradebook(graded.db_url, graded.course_id) as book:
        book.add_student("carl")
    set_due(graded, NAME, "2026-01-01 12:00 UTC")
    extend(graded, NAME, "carl", "1d 12h")
    assert scores(graded)["carl"] == ""
    with Writer(graded, NAME) as writer:
        assert writer.marks("carl") is None
    verdict = verdict_of(submit("carl"), "carl", timestamp="2026-01-02 23:00:00")
    with Recorder(graded, NAME) as recorder:
        marks = recorder.record(verdict)
    assert (marks.score, marks.due) == (100.0, "2026-01-03 00:00:00")


def test_nobody_of_that_name_gets_an_extension(graded):
    """Is an id that nobody has refused, in one line that says what to do?"""
    with pytest.raises(CourseError, match=r"nobody has the id 'adda'.*student add"):
        extend(graded, NAME, "adda", "2d")
    with pytest.raises(CourseError, match="no assignment"):
        set_due(graded, "nothing", "2026-01-01 12:00 UTC")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("2d", timedelta(days=2)),
        ("1 week", timedelta(weeks=1)),
        ("1d 12h", timedelta(days=1, hours=12)),
        ("90 min", timedelta(minutes=90)),
        ("none", timedelta()),
    ],
)
def test_durations(text, duration):
    """Is a duration read as it is written, and written as it is read?"""
    assert duration_of(text) == duration
    assert not duration or duration_of(duration_text(duration)) == duration


@pytest.mark.parametrize(
    "text", ["", "2", "d", "-1d", "0h", "2d 3d", "2d!", "9999w", "1.5d", "2mo"]
)
def test_what_is_no_duration_is_refused(text):
    """Is anything else refused?"""
    with pytest.raises(CourseError):
        duration_of(text)


def test_two_do_not_write_at_once(graded):
    """Does every command that writes ask for the course's lock?"""
    for work in (
        lambda: set_due(graded, NAME, "2026-01-01 12:00 UTC"),
        lambda: extend(graded, NAME, "ada", "2d"),
        lambda: forget(graded, "ada"),
        lambda: verify(graded, NAME),
        lambda: run_class.merge(graded, NAME),
        lambda: run_class.grade_and_record(graded, NAME),
    ):
        with locked(graded, "another run"), pytest.raises(CourseError, match="another run"):
            work()
    assert find(graded, "ada").folders


@pytest.mark.parametrize("command", ["report", "export", "collect"])
def test_commands_that_wait_for_their_turn(graded, monkeypatch, tmp_path, command):
    """Does a command that rewrites marks, report or submissions wait while another run works?"""
    template = tmp_path / "canvas.csv"
    title = f"Student,ID,SIS User ID,SIS Login ID,Section,{NAME} (7)"
    template.write_text(f"{title}\nAda,1,ada,ada,S1,\n")
    (tmp_path / "in").mkdir()
    (graded.root / "solutions").mkdir(exist_ok=True)
    (tmp_path / "in" / "bob.py").write_text("def zero_pad(X, pad):\n    return X\n")
    arguments = {
        "report": ["report", NAME],
        "export": ["export", "canvas", str(template), "--assignment", NAME],
        "collect": ["collect", "files", str(tmp_path / "in"), "--assignment", NAME],
    }[command]
    monkeypatch.setattr(main_module, "Course", lambda: graded)
    monkeypatch.setattr(commands, "Course", lambda: graded)
    ended = []
    options = main_module._parser().parse_args(arguments)
    run = threading.Thread(target=lambda: ended.append(options.run(options)))
    with locked(graded, "another run"):
        run.start()
        run.join(0.5)
        assert ended == []
    run.join(60)
    assert ended and ended[0] in (0, 1)


def test_a_student_is_forgotten(graded):
    """Is there, afterwards, no file in the course that names the student, and every other one?"""
    student = "zebedee-17"
    keep_list(graded, NAME, {student: "x", "ada": "y"})
    rows = f"student,file\n{student},x.ipynb\nada,y.ipynb\n"
    (graded.build / f"{NAME}.collected.csv").write_text(rows)
    section = graded.report_path(NAME).with_name(f"{NAME}.A.html")
    section.write_text(student)
    archive = graded.build / f"{NAME}.canvas.feedback.zip"
    archive.write_bytes(b"pages")
    found = forget(graded, student)
    assert not section.exists()
    assert any(archive.name in line["en"] for line in found.remains)
    assert len(found.folders) == 3
    assert any("backups" in line["en"] for line in found.remains)
    left = [
        path
        for path in graded.root.rglob("*")
        if path.name != "lock"
        if student in path.as_posix() or (path.is_file() and student.encode() in path.read_bytes())
    ]
    assert left == []
    assert scores(graded) == {"ada": "100"}
    assert "ada" in graded.report_path(NAME).read_text("utf-8")
    assert page(graded, "ada")
    with pytest.raises(CourseError, match="nothing of 'zebedee-17'"):
        forget(graded, student)


WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
    "Participant 17,Zeb Low,z@x.org,Submitted,,100.00\n"
    "Participant 18,Ada 17,a@x.org,Submitted,17,100.00\n"
)
CANVAS = (
    "Student,ID,SIS User ID,Section,Essay (1)\nPoints Possible,,,,17\n"
    '"Low, Zeb",17,z,A,5\n"Fox, Ada",18,17,17,17\n'
)


@pytest.mark.parametrize(
    ("roster", "left"),
    [
        ("student,moodle_id,section\n17,18,A\n18,19,17\n19,17,B\n", ["18,19,17", "19,17,B"]),
        ("Student;name\r\n17;Zeb\r\n18;17\r\n", ["18;17"]),
        (WORKSHEET, WORKSHEET.splitlines()[2:]),
        (CANVAS, [CANVAS.splitlines()[1], CANVAS.splitlines()[3]]),
    ],
    ids=["own", "semicolons", "worksheet", "grade book"],
)
def test_only_the_students_rows_go(graded, roster, left):
    """Do rows go by whose they are, in the form of each table, and not by a cell that is equal?"""
    graded.roster_path.write_text(roster, newline="")
    collected = graded.build / f"{NAME}.collected.csv"
    collected.write_text("student,platform_id,file\n17,18,x.ipynb\n18,17,y.ipynb\n")
    marks = graded.build / f"{NAME}.moodle.csv"
    marks.write_text(WORKSHEET)
    section = graded.report_path(NAME).with_name(f"{NAME}.A.html")
    section.write_text("")
    before = find(graded, "17")
    found = forget(graded, "17")
    assert before.lines == found.lines
    assert any(section.name in line["en"] for line in found.lines)
    assert any(marks.name in line["en"] for line in found.remains)
    assert graded.roster_path.read_bytes().decode().splitlines()[1:] == left
    assert collected.read_text().splitlines()[1:] == ["18,17,y.ipynb"]
    assert set(scores(graded)) == {"ada", "zebedee-17"}


def test_a_table_that_cannot_be_read_is_named(graded):
    """Is a roster that was saved in another encoding left, and named as what remains?"""
    roster = "student,name\nada,张三\n".encode("gb18030")
    graded.roster_path.write_bytes(roster)
    found = forget(graded, "ada")
    assert any(str(graded.roster_path) in line["en"] for line in found.remains)
    assert graded.roster_path.read_bytes() == roster


def test_the_last_student_is_forgotten(graded):
    """Are the marks file and the report of an empty class without the student, too?"""
    for student in ("ada", "zebedee-17"):
        forget(graded, student)
    assert scores(graded) == {}
    assert not graded.report_path(NAME).exists()


def test_a_locked_gradebook_is_told(graded):
    """Does one line say that rows are left, and does doing it again remove them?"""
    with closing(sqlite3.connect(graded.gradebook_place)) as database:
        database.execute("BEGIN IMMEDIATE")
        with pytest.raises(CourseError, match="do this again") as error:
            forget(graded, "ada")
        assert "\n" not in str(error.value)
    assert [line["en"] for line in find(graded, "ada").lines] == [
        "the student and all marks in the gradebook"
    ]
    forget(graded, "ada")
    assert set(scores(graded)) == {"zebedee-17"}


@pytest.mark.parametrize("student", ["..", "", "a/b", "nobody"])
def test_nobody_is_forgotten_by_mistake(graded, student):
    """Is an id that nobody has, or that leads elsewhere, refused with nothing removed?"""
    with pytest.raises(CourseError):
        forget(graded, student)
    assert set(scores(graded)) == {"ada", "zebedee-17"}


def test_the_command_asks(graded, autograder):
    """Does `forget` without --yes show what there is, remove nothing and exit with 2?"""
    shown = autograder("autograder", "forget", "ada", code=2)
    assert str(graded.folder("submitted", "ada", NAME).parent) in shown
    assert graded.folder("submitted", "ada", NAME).is_dir()
    autograder("autograder", "forget", "ada", "--yes")
    assert not graded.folder("submitted", "ada", NAME).parent.exists()


# The doctor


@pytest.fixture
def well(course, monkeypatch, tmp_path) -> Course:
    """A course with a round and a gradebook on a machine where nothing is missing."""
    round_to_grade_in(course, NAME)
    signing_key(course)
    with Writer(course, NAME):
        pass
    monkeypatch.setattr(Course, "has_solutions", True)
    monkeypatch.setattr(doctor, "ASSIGNMENTS", {NAME: None})
    monkeypatch.setattr(doctor, "choose_level", lambda level: "namespaces")
    monkeypatch.setenv("HOME", str(tmp_path))
    exchange = tmp_path / "exchange"
    for name, mode in (("outbound", 0o755), ("inbound", 0o2733), ("feedback", 0o711)):
        folder = exchange / course.course_id / name
        folder.mkdir(parents=True)
        folder.chmod(mode)
    exchange.chmod(0o1777)
    (exchange / course.course_id).chmod(0o755)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
    return Course(course.root)


def looks(course) -> dict[str, str]:
    return {one.name: one.text["en"] for one in examine(course) if one.sign is Sign.LOOK}


def test_nothing_is_wrong(well):
    """Is a course that can be graded told to be well, and is nothing changed by looking?"""
    before = sorted(well.root.rglob("*"))
    assert looks(well) == {}
    assert {one.name for one in examine(well)} == set(doctor.LOOKS)
    assert sorted(well.root.rglob("*")) == before


@contextmanager
def locked_gradebook(course, _) -> Iterator[None]:
    with closing(sqlite3.connect(course.gradebook_place)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def umask(course, _) -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def full_disk(course, monkeypatch) -> Iterator[None]:
    usage = type(doctor.shutil.disk_usage(course.root))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 10**6))
    yield


@contextmanager
def unfinished(course, _) -> Iterator[None]:
    keep_list(course, NAME, {"ada": "x"})
    close_round(course, NAME)
    yield


@contextmanager
def no_isolation(course, monkeypatch) -> Iterator[None]:
    def choose(level):
        raise IsolationUnavailable("no isolation works here")

    monkeypatch.setattr(doctor, "choose_level", choose)
    yield


def rights(name, mode):
    @contextmanager
    def change(course, _) -> Iterator[None]:
        (course.exchange / course.course_id / name).chmod(mode)
        yield

    return change


def written(name, content):
    @contextmanager
    def change(course, _) -> Iterator[None]:
        (course.root / name).write_bytes(content)
        yield

    return change


@contextmanager
def no_home(course, monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("HOME", "/nowhere")
    yield


@contextmanager
def no_tmpdir(course, monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("TMPDIR", "/nowhere")
    yield


@contextmanager
def open_rounds(course, _) -> Iterator[None]:
    (course.build / "rounds").chmod(0o755)
    yield


def font(place):
    """A Chinese course whose font is another file, if it is a file at all."""

    @contextmanager
    def change(course, monkeypatch) -> Iterator[None]:
        monkeypatch.setenv("COURSE_LANGUAGE", "zh")
        monkeypatch.setattr(kit, "FONT", Path(place or course.root))
        kit.font.cache_clear()
        try:
            yield
        finally:
            kit.font.cache_clear()

    return change


@pytest.mark.parametrize(
    ("fault", "name", "text"),
    [
        (font("/nowhere/font.otf"), "fonts", "is missing or can't be read"),
        (font(""), "fonts", "is missing or can't be read"),
        (font(__file__), "fonts", "git checkout plots/font.otf"),
        (
            font(matplotlib.get_data_path() + "/fonts/ttf/DejaVuSans.ttf"),
            "fonts",
            "run: python images/plot_font.py",
        ),
        (no_isolation, "isolation", "no isolation works here"),
        (lambda course, _: locked(course, "a run"), "locks", "a run (process"),
        (unfinished, "locks", "--resume"),
        (locked_gradebook, "gradebook", "locked by another program"),
        (written("build/gradebook.db", b"no database" * 500), "gradebook", "not a database"),
        (full_disk, "disk", "make room"),
        (umask, "account", "umask 0000"),
        (no_home, "account", "/nowhere"),
        (no_tmpdir, "account", "TMPDIR"),
        (open_rounds, "secrets", "chmod -R go-rwx"),
        (written("build/rounds/key", b"short"), "secrets", "no whole key"),
        (rights("..", 0o777), "exchange", "chmod 1777"),
        (rights("inbound", 0o777), "exchange", "chmod 0773"),
        (rights("feedback", 0o755), "exchange", "chmod 0751"),
        (rights("outbound", 0o700), "exchange", "chmod 0705"),
        (written(f"notebooks/en/{NAME}/{NAME}.ipynb", b"{"), "course", "JSON"),
        (written("nbgrader_config.py", b"this is no Python"), "course", "SyntaxError"),
    ],
)
def test_what_is_wrong_is_named(well, monkeypatch, fault, name, text):
    """Is each thing that keeps a class from being graded named, with what to do?"""
    with fault(well, monkeypatch):
        assert text in looks(Course(well.root))[name]


def test_it_speaks_the_courses_language(well, monkeypatch, capsys):
    """Is the screen Chinese in a Chinese course, but for names and what programs say?"""
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    monkeypatch.setattr(Course.__init__, "__defaults__", (well.root,))
    with umask(well, monkeypatch), full_disk(well, monkeypatch), unfinished(well, monkeypatch):
        assert main_module.main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines.pop() == UNWELL["zh"]
    english = [line for line in lines if not re.search("[\u4e00-\u9fff]", line)]
    assert {line.split()[1] for line in english} <= {"versions", "gradebook"}
    written("nbgrader_config.py", b"this is no Python")(well, monkeypatch).__enter__()
    assert Course(well.root).spoken == "zh"
    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    assert Course(well.root).spoken == "en"


def test_the_screen_and_its_json(graded, autograder):
    """Does `doctor --json` say the same as the screen, with exit code 1 where a look is needed?"""
    (graded.build / "rounds" / "key").write_bytes(b"short")
    screen = autograder("autograder", "doctor", code=1)
    told = json.loads(autograder("autograder", "doctor", "--json", code=1))
    assert not told["ok"]
    assert "LOOK" in screen
    names = [finding["name"] for finding in told["findings"]]
    assert [line.split()[1] for line in screen.splitlines()[:-1]] == names
