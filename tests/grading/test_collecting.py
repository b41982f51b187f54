"""From a platform's download to submitted/: whose each file is, and that none is lost."""

import csv
import io
import json
import shutil
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.__main__ import main
from autograder.collecting import commands
from autograder.collecting.collect import collect
from autograder.collecting.enrol import enrol
from autograder.collecting.export import SHEETS
from autograder.collecting.packed import member_name
from autograder.collecting.platforms import PLATFORMS, Doubtful, Owner, canvas, files, moodle
from autograder.collecting.roster import OPEN, Member, Roster, read_roster
from autograder.course import Course, CourseError
from checks.assignments import FIRST

DONE = "def zero_pad(X, pad):\n    return np.pad(X, pad)\n"
STUB = "def zero_pad(X, pad):\n    X_pad = None\n    return X_pad\n"
ROSTER = "student,canvas_id,moodle_id,email,name,section\n" + "".join(
    f"{name},{20001 + i},{2200901 + i},{name}@x.org,{name},A\n"
    for i, name in enumerate(("ada", "bob", "张三", "zoe"))
)
PEOPLE = Roster(
    tuple(
        Member(name, str(20001 + i), str(2200901 + i))
        for i, name in enumerate(("ada", "bob", "张三", "zoe"))
    )
)


def notebook(source, note=""):
    cell = {"cell_type": "code", "source": source, "outputs": [], "metadata": {"note": note}}
    return json.dumps(
        {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


def zipped(files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


@pytest.fixture
def course(tmp_path, repository):
    """An empty course folder, with the roster beside it."""
    shutil.copy(repository / "nbgrader_config.py", tmp_path)
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    return Course(tmp_path)


@pytest.fixture
def take(course):
    """Collect a download given as {name: content}; what is below submitted/, and the rows."""

    def take(platform, download, roster=True, folder=False):
        source = course.root / ("download" if folder else "download.zip")
        if folder:
            for name, content in download.items():
                path = source / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        else:
            source.write_bytes(zipped(download))
        people = course.root / "roster.csv" if roster else None
        done = collect(course, platform, source, FIRST, people)
        submitted = course.build / "submitted"
        return {
            path.relative_to(submitted).as_posix(): path.read_bytes()
            for path in submitted.rglob("*")
            if path.is_file()
        }, done

    return take


FILE = f"{FIRST}.ipynb"
CANVAS = {
    f"leeada_20001_990001_{FILE}": notebook(DONE, "ada"),
    f"roybob_LATE_20002_990002_{FILE}": notebook(STUB, "old"),
    f"roybob_LATE_20002_990007_{FIRST}-1.ipynb": notebook(DONE, "bob"),
    "三张_20003_990003_my homework.ipynb": notebook(DONE, "张三"),
    "zzzoe_20004_text.html": b"<!DOCTYPE html><p>I could not do it",
}


@pytest.mark.parametrize("folder", [False, True])
def test_canvas(take, folder):
    """Is each file its student's by the number, the newest with work graded, and LATE kept?"""
    found, done = take("canvas", CANVAS, folder=folder)
    assert found == {
        f"ada/{FIRST}/{FILE}": notebook(DONE, "ada"),
        f"bob/{FIRST}/{FIRST}-1.ipynb": notebook(STUB, "old"),
        f"bob/{FIRST}/{FILE}": notebook(DONE, "bob"),
        f"bob/{FIRST}/late.txt": b"marked as late by the platform\n",
        f"张三/{FIRST}/{FILE}": notebook(DONE, "张三"),
        f"zoe/{FIRST}/text.html": CANVAS["zzzoe_20004_text.html"],
    }
    rows = {row.file: (row.late, row.graded) for row in done.rows if row.student == "bob"}
    assert rows == {FILE: (True, False), f"{FIRST}-1.ipynb": (True, True)}
    assert not done.notes
    with done.table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["student"], row["late"]) for row in rows} >= {("bob", "yes"), ("ada", "no")}


def test_again_is_the_same(take, course):
    """Does collecting a second time change nothing, and a newer attempt the graded file only?"""
    first, _ = take("canvas", CANVAS)
    times = {p: p.stat().st_mtime_ns for p in (course.build / "submitted").rglob("*.*")}
    assert take("canvas", CANVAS)[0] == first
    assert {p: p.stat().st_mtime_ns for p in (course.build / "submitted").rglob("*.*")} == times
    newer = {f"leeada_20001_990009_{FIRST}-2.ipynb": notebook(DONE, "newer")}
    again, _ = take("canvas", CANVAS | newer)
    assert again[f"ada/{FIRST}/{FILE}"] == notebook(DONE, "newer")
    assert notebook(DONE, "ada") in again.values()


def test_groups_of_canvas(take, course, capsys, monkeypatch):
    """Is a group's one file that of the member whose number it bears, and is the group told?

    Canvas's lib/content_zipper.rb packs a representative's file under the group's name.
    """
    (course.root / "roster.csv").write_text(
        "Student,ID,SIS Login ID,Section,CNN (7)\n    Points Possible,,,,100\n"
        '"Lee, Ada-Zoë",20001,ada,A,\n"Roy, Bob",20002,bob,A,\n张 三,20003,zhang,A,\n'
        '"Z, Zoe",20004,zoe,A,\n',
        "utf-8",
    )
    download = {
        f"leeadazoë_20001_990001_{FILE}": notebook(DONE, "ada"),
        f"thetensors_LATE_20002_990002_{FILE}": notebook(DONE, "bob"),
        f"张三_20003_990003_{FILE}": notebook(DONE, "张三"),
    }
    found, done = take("canvas", download)
    assert {path.split("/")[0] for path in found} == {"20001", "20002", "20003"}
    assert done.called == {"20002": "thetensors"} and not done.notes
    monkeypatch.setattr(commands, "Course", lambda: course)
    start = ["collect", "canvas", str(course.root / "download.zip"), "--assignment", FIRST]
    assert main([*start, "--roster", str(course.root / "roster.csv")]) == 0
    assert "thetensors (20002); in a group assignment" in capsys.readouterr().out
    assert take("canvas", download, roster=False)[1].called == {"20002": "thetensors"}  # kept


@pytest.mark.parametrize("inside", [True, False], ids=["folders", "prefixes"])
def test_moodle(take, inside):
    """Are both of Moodle's forms read, with groups, blind marking and online text?"""
    slash = "/" if inside else ""
    download = {
        f"Ada Lee_2200901_assignsubmission_file_{slash}{FILE}": notebook(DONE, "ada"),
        f"Group 1-Bob Roy_2200902_assignsubmission_file_{slash}work.zip": zipped(
            {FILE: notebook(DONE, "bob")}
        ),
        f"Participant_2200903_assignsubmission_file_{slash}{FILE}": notebook(DONE, "张三"),
        f"Zoe Z_2200904_assignsubmission_onlinetext_{slash}onlinetext.html": b"<html>sorry",
    }
    found, done = take("moodle", download)
    assert found[f"ada/{FIRST}/{FILE}"] == notebook(DONE, "ada")
    assert found[f"张三/{FIRST}/{FILE}"] == notebook(DONE, "张三")
    assert sorted({name.split("/")[0] for name in found}) == ["ada", "bob", "zoe", "张三"]
    assert all(row.graded for row in done.rows)
    assert not done.notes


def test_files(take):
    """Are folders and files named by students' ids taken, with the time that they hold?"""
    download = {
        f"ada/{FIRST}.ipynb": notebook(DONE),
        "ada/timestamp.txt": b"2026-11-20 18:00:00 +0800",
        "bob.ipynb": notebook(DONE),
        "张三_homework.ipynb": notebook(DONE),
        "zoe/timestamp.txt": b"2026-11-20 18:00:00 CST",
        "zoe/x.py": DONE.encode(),
        "mallory.ipynb": notebook(DONE),
    }
    found, done = take("files", download)
    assert found[f"ada/{FIRST}/timestamp.txt"] == b"2026-11-20 18:00:00 +0800"
    assert sorted(name for name in found if name.endswith(FILE)) == sorted(
        f"{student}/{FIRST}/{FILE}" for student in ("ada", "bob", "张三")
    )
    notes = {row.file: row.note for row in done.notes}
    assert "CST" in notes["timestamp.txt"]
    assert "roster" in notes["mallory.ipynb"]


def test_without_a_roster(take):
    """Is the platform's number the student's id where there is no roster, and never the name?"""
    found, _ = take("canvas", CANVAS, roster=False)
    assert sorted({name.split("/")[0] for name in found}) == ["20001", "20002", "20003", "20004"]
    same = {f"familygiven_{i}_99_{FILE}": notebook(DONE, str(i)) for i in (20001, 20002)}
    assert len(take("canvas", same, roster=False)[0]) >= 2


HOSTILE = {
    "backslash": f"eve_20001_990001_..\\..\\bob\\{FIRST}\\{FILE}",
    "path": f"../../bob/{FIRST}/eve_20001_990001_{FILE}",
    "long": "eve_20001_990001_" + "x" * 5_000 + ".ipynb",
    "dots": "eve_20001_990001_...ipynb",
    "controls": "eve_20001_990001_a\x00b\n\u202ec.ipynb",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(take, course, name):
    """Does no name of a file reach another student's folder, or cost anybody else a file?"""
    download = {HOSTILE[name]: notebook(DONE, "eve"), f"r_20002_5_{FILE}": notebook(DONE, "bob")}
    found, _ = take("canvas", download)
    assert found[f"bob/{FIRST}/{FILE}"] == notebook(DONE, "bob")
    assert {path.split("/")[0] for path in found} <= {"ada", "bob"}
    known = {"build", "download.zip", "roster.csv", "nbgrader_config.py", "__pycache__"}
    assert {path.name for path in course.root.iterdir()} <= known


def test_a_name_that_names_two_is_refused(take):
    """Does a student who writes another's number into a file name, or the own name, get nowhere?"""
    for name in (f"x_20002_1_20001_990001_{FILE}", "eve_20001_990001_20002_1_x.ipynb"):
        found, done = take("canvas", {name: notebook(DONE), f"b_20003_2_{FILE}": notebook(DONE)})
        assert {path.split("/")[0] for path in found} == {"张三"}
        assert "several students" in done.notes[0].note
    name = f"a_2200902_assignsubmission_file_x_2200901_assignsubmission_file_{FILE}"
    assert isinstance(moodle((name,), PEOPLE), Doubtful)


def test_one_bad_file_costs_only_itself(take):
    """Is an unreadable member reported and an empty file put in its place, and the rest taken?"""
    download = {f"a_20001_1_{FILE}": b"y" * 5_000, f"b_20002_2_{FILE}": notebook(DONE)}
    data = zipped(download)
    place = data.index(FILE.encode()) + len(FILE) + 2
    found, done = take("canvas", download)
    del found
    source = done.table.parent.parent / "broken.zip"
    source.write_bytes(data[:place] + b"\xff\xff\xff" + data[place + 3 :])
    done = collect(Course(done.table.parent.parent), "canvas", source, FIRST)
    assert [bool(row.note) for row in done.rows] == [True, False]
    assert len(done.students) == 2


@pytest.mark.parametrize(
    ("raw", "name", "told"),
    [
        ("张三.ipynb".encode(), "张三.ipynb", False),
        ("张三.ipynb".encode("gbk"), "张三.ipynb", True),
        ("Jürgen.ipynb".encode(), "Jürgen.ipynb", False),
        (b"ada.ipynb", "ada.ipynb", False),
    ],
)
def test_names_that_are_not_marked_as_utf8(raw, name, told):
    """Is a name in UTF-8 read without its flag, and one in GBK, too, and is that reported?"""
    member = zipfile.ZipInfo(raw.decode("cp437"))
    member.flag_bits = 0
    found, note = member_name(member)
    assert (found, note is not None) == (name, told)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name\nada\n", "no column"),
        ("student\n", "names no student"),
        ("student\nx[1]\n", "can't be a student's id"),
        ("student\n-r\n", "can't be a student's id"),
        ("student\n../x\n", "can't be a student's id"),
        ("student,canvas_id\nada,1\nbob,1\n", "canvas_id '1' is there 2 times"),
        ("student\nada\nADA\n", "2 times"),
        ("student\nJürgen\nJu\u0308rgen\n", "look the same"),
        ("student\n张三\n".encode("gbk"), "not in UTF-8"),
        (b"", "empty"),
        ('student\n"ada', "no CSV"),
        (b"\x89PNG\r\n\x1a\n", "UTF-8"),
    ],
)
def test_roster_that_is_refused(tmp_path, text, problem):
    """Is a roster that can't be right refused in one line that says why?"""
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError, match=problem) as error:
        read_roster(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_roster_of_a_spreadsheet(tmp_path, encoding, delimiter):
    """Is a roster read as spreadsheets of any country save it?"""
    (tmp_path / "r.csv").write_bytes(
        ROSTER.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    )
    roster = read_roster(tmp_path / "r.csv")
    assert roster.student("canvas_id", "20003") == "张三"
    assert roster.student("email", "ADA@x.org") == "ada"


CANVAS_BOOK = """\
{student},ID,SIS User ID,SIS Login ID,Section,Homework 1 (5511),Current Score
,,,,,Manual Posting,(read only)
"    Points Possible",{blank},,,,10,(read only)
{ann},20001,s1,ann@x.org,Monday,9,
{zhang},20002,s2,zhang,Tuesday,,
{test},29999,,abc,Monday,,
"""
ONE_NAME = {
    "student": "Student",
    "blank": "",
    "ann": '"Lee, Ann"',
    "zhang": "张三",
    "test": '"Student, Test"',
}
WORKSHEET = """\
{}
{}2200901,Ann Lee,ann@x.org,Submitted,,100,Yes,-
{}2200902,张三,zhang@x.org,Submitted,,100,Yes,-
"""


def test_the_grade_book_of_canvas_is_a_roster(tmp_path):
    """Does the file that Canvas exports say who is who, and in which section?"""
    (tmp_path / "grades.csv").write_text(CANVAS_BOOK.format(**ONE_NAME), "utf-8-sig")
    assert read_roster(tmp_path / "grades.csv").members == (
        Member("20001", "20001", "", "ann@x.org", "Lee, Ann", "Monday"),
        Member("20002", "20002", "", "", "张三", "Tuesday"),
    )


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("Identifier,Full name,Email address,Status,Grade,Maximum Grade,x,y", "Participant "),
        ("编号,全名,Email地址,状态,成绩,最高分,x,y", "参与者"),
    ],
)
def test_the_worksheet_of_moodle_is_a_roster(tmp_path, header, word):
    """Does Moodle's grading worksheet say who is who, in any language?"""
    (tmp_path / "w.csv").write_text(WORKSHEET.format(header, word, word), "utf-8-sig")
    assert read_roster(tmp_path / "w.csv").members == (
        Member("2200901", "", "2200901", "ann@x.org", "Ann Lee"),
        Member("2200902", "", "2200902", "zhang@x.org", "张三"),
    )


def test_own_roster_is_none_of_a_platforms(tmp_path):
    """Is an instructor's own roster read by its columns, whatever stands in the first?"""
    (tmp_path / "r.csv").write_text("canvas_id,student,email,name,section\n1,ada,,,\n", "utf-8")
    assert read_roster(tmp_path / "r.csv").members == (Member("ada", "1"),)
    (tmp_path / "s.csv").write_text("Student,Section\nada,A\n", "utf-8")
    assert read_roster(tmp_path / "s.csv").members == (Member("ada", section="A"),)


def test_what_is_no_download_is_refused(course, take):
    """Is a source that is none, or of another platform, one line and nothing written?"""
    for source in (course.root / "absent.zip", course.root / "roster.csv"):
        with pytest.raises(CourseError):
            collect(course, "canvas", source, FIRST)
    with pytest.raises(CourseError, match="holds no file named as moodle"):
        take("moodle", CANVAS)
    with pytest.raises(CourseError, match="no assignment"):
        collect(course, "canvas", course.root / "download.zip", "other")
    assert not (course.build / "submitted").exists()


NAMES = st.text(st.characters(categories=("L", "Nd", "Pc")), min_size=1, max_size=12)
OWN = st.text(st.characters(exclude_characters="/\x00", codec="utf-8"), min_size=1, max_size=20)


@settings(max_examples=300, deadline=None)
@given(
    name=NAMES, late=st.booleans(), user=st.integers(1, 10**9), file=st.integers(1, 10**9), own=OWN
)
def test_every_name_of_canvas(name, late, user, file, own):
    """Is a name of Canvas read as what it was made of, or refused, never as somebody else's?"""
    people = Roster((Member("ada", str(user)), Member("bob", str(user + 1))))
    made = f"{name}{'_LATE' if late else ''}_{user}_{file}_{own}"
    found = canvas((made,), people)
    if isinstance(found, Owner):
        assert found.student in ("ada", "bob")
        if found.student == "ada":
            assert made.endswith(found.file)
        else:
            assert f"_{user + 1}_" in name + own or f"_{user + 1}_" in made
    stranger = canvas((made,), Roster((Member("zoe", str(user + 7)),)))
    assert not (isinstance(stranger, Owner) and stranger.student) or f"{user + 7}" in name + own


@settings(max_examples=200, deadline=None)
@given(name=OWN, user=st.integers(1, 10**9), own=OWN, inside=st.booleans())
def test_every_name_of_moodle(name, user, own, inside):
    """Is a name of Moodle read by its number, whatever the full name is?"""
    start = f"{name}_{user}_assignsubmission_file_"
    found = moodle((start, own) if inside else (start + own,), OPEN)
    if isinstance(found, Owner):
        assert found.platform_id == str(user)
        assert own in found.file or not inside


@settings(max_examples=200, deadline=None)
@given(st.lists(OWN, min_size=1, max_size=3))
def test_any_name_is_read_or_left(parts):
    """Does no name make reading fail?"""
    for read in (canvas, moodle, files):
        for roster in (OPEN, PEOPLE):
            read(tuple(parts), roster)


def test_command(course, capsys, monkeypatch):
    """Does the command print what came from whom, and does its exit code ask for a look?"""
    monkeypatch.setattr("autograder.collecting.commands.Course", lambda: course)
    source = course.root / "d.zip"
    source.write_bytes(zipped(CANVAS))
    start = ["collect", "canvas", str(source), "--assignment", FIRST]
    assert main([*start, "--roster", str(course.root / "roster.csv")]) == 0
    assert "5 files of 4 students, 0 need a look" in capsys.readouterr().out
    source.write_bytes(zipped(CANVAS | {"eve_77_1_x.ipynb": b"x"}))
    assert main([*start, "--roster", str(course.root / "roster.csv")]) == 1
    assert "not in the roster" in capsys.readouterr().out
    assert main([*start, "--roster", str(source)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("canvas", "leeada_LATE_20001_99000{}_{}"),
        ("moodle", "Ada Lee_2200901_assignsubmission_file_/{1}"),
        ("moodle", "Ada Lee_2200901_assignsubmission_file_{1}"),
    ],
)
def test_no_student_tells_the_time(take, platform, names):
    """Is a time that a student has handed in left out, and reported?"""
    receipts = ("timestamp.txt", "submission_secret.txt")
    upload = {names.format(i, name): b"2020-01-01 00:00 UTC" for i, name in enumerate(receipts)}
    upload[names.format(9, f"{FIRST}.ipynb")] = notebook(DONE)
    upload[names.format(8, " timestamp.txt")] = upload[names.format(7, " late.txt")] = b"2020"
    found, collected = take(platform, upload)
    ours = {f"ada/{FIRST}/{name}" for name in receipts}
    assert not ours & found.keys()
    assert found.get(f"ada/{FIRST}/late.txt") != b"2020"
    assert {row.file for row in collected.notes} >= set(receipts)


def test_the_roster_is_in_the_gradebook(course, monkeypatch, alembic_version):
    """Are all of the roster in nbgrader's gradebook, by name, and is what it knew kept?"""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: alembic_version)
    with Gradebook(course.db_url, course.course_id) as book:
        book.add_student("ada", first_name="Augusta")
    enrol(course, OPEN)
    people = (
        Member("ada", name="Lovelace, Ada", email="ada@x.org"),
        Member("张三", name="张三"),
        Member("bob"),
    )
    for _ in range(2):
        enrol(course, Roster(people))
    with Gradebook(course.db_url, course.course_id) as book:
        known = {s.id: (s.last_name, s.first_name, s.email) for s in book.students}
    assert known == {
        "ada": ("Lovelace", "Augusta", "ada@x.org"),
        "张三": ("张三", None, None),
        "bob": (None, None, None),
    }


def test_commands_offer_every_platform():
    """Can each platform that is read or filled be asked for, and no other?"""
    assert tuple(PLATFORMS) == commands.COLLECTED_FROM
    assert tuple(SHEETS) == commands.EXPORTED_TO


WORK = "def {}(*given):\n    return 1\n"


def test_the_assignments_own_name_counts_where_nothing_says_what_is_newer(tmp_path, course):
    """Is the real work graded beside a scratch file, whose name comes last, and that one told?"""
    source = tmp_path / "in" / "ada"
    source.mkdir(parents=True)
    real = WORK.format("zero_pad") + WORK.format("conv_single_step")
    (source / f"{FIRST}.ipynb").write_bytes(notebook(real))
    (source / "scratch.ipynb").write_bytes(notebook(WORK.format("zero_pad")))
    done = collect(course, "files", tmp_path / "in", FIRST)
    rows = {row.file.rpartition("/")[2]: row for row in done.rows}
    assert [name for name, row in rows.items() if row.graded] == [f"{FIRST}.ipynb"]
    assert "other work" in rows["scratch.ipynb"].note and not rows[f"{FIRST}.ipynb"].note
    chosen = course.folder("submitted", "ada", FIRST) / f"{FIRST}.ipynb"
    assert "conv_single_step" in chosen.read_text()
