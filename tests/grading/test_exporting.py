"""From the marks to a platform's grade book: its own file, filled, and nothing else changed."""

import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.__main__ import main
from autograder.collecting.export import export
from autograder.collecting.feedback import export_feedback
from autograder.course import Course, CourseError
from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook
from checks.assignments import FIRST

MARKS = """student,assignment,timestamp,score,max_score,zero_pad,status,needs_a_look,diagnosis
ada,cnn_step_by_step,,71.5,100,5,graded,no,
bob,cnn_step_by_step,,0,100,0,graded,no,
张三,cnn_step_by_step,,100,100,5,graded,no,
zoe,cnn_step_by_step,,,100,,missing,no,
eve,cnn_step_by_step,,88,100,5,graded,no,
'-r,cnn_step_by_step,,12.25,100,5,failed,yes,
"""
CONFIG = "c = get_config()\n"
ROSTER = """student,canvas_id,moodle_id,email
ada,20001,2200901,ada@x.org
bob,20002,2200902,Bob@X.org
张三,20003,,zhang@x.org
zoe,20004,2200904,zoe@x.org
eve,20005,2200905,eve@x.org
"""
CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,"CNN, step by step (4711)",Quiz (12),Current Points
,,,,,Manual Posting,,
"    Points Possible",,,,,100.00,10.00,(read only)
"Lee, Ada",20001,,ada,S1,,7,7
"Roy, Bob ""=1+1""",20002,,bob,S1,55,EX,0
=张三,20003,,zhang,S2,,,
"Z, Zoe",20004,,zoe,S1,,3,3
"E, Eve",20005,,eve,S1,EX,4,4
"Student, Test",99999,,,S1,1,,
'''
CANVAS_FILLED = '''\
Student,ID,SIS User ID,SIS Login ID,Section,"CNN, step by step (4711)",Quiz (12),Current Points
,,,,,Manual Posting,,
    Points Possible,,,,,100.00,10.00,(read only)
"Lee, Ada",20001,,ada,S1,71.5,7,7
"Roy, Bob ""=1+1""",20002,,bob,S1,0,EX,0
=张三,20003,,zhang,S2,100,,
"Z, Zoe",20004,,zoe,S1,,3,3
"E, Eve",20005,,eve,S1,EX,4,4
"Student, Test",99999,,,S1,1,,
'''
MOODLE = {
    "en": (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments\n"
        "Participant 2200901,Ada Lee,ada@x.org,Submitted,,100.00,Yes,-,-,\n"
        "Participant 2200902,Bob,bob@x.org,Submitted,12.00,100.00,Yes,-,-,good\n"
        "Participant 31,三 张,zhang@x.org,Submitted,,100.00,Yes,-,-,\n"
        "Participant 2200904,Zoe,zoe@x.org,No submission,,100.00,Yes,-,-,\n"
        "Participant 2200905,Eve,eve@x.org,Submitted,50.00,100.00,No,-,-,\n"
        "Participant 77,Stranger,who@x.org,Submitted,,100.00,Yes,-,-,\n",
        {1: "71.5", 2: "0", 3: "100", 4: "", 5: "50.00", 6: ""},
    ),
    "de": (
        "Bezeichner;Vollständiger Name;ID-Nummer;E-Mail-Adresse;Status;Bewertung;Bestwertung;"
        "Bewertung kann geändert werden\n"
        "Teilnehmer/in2200901;Ada Lee;;ada@x.org;Abgegeben;;100,00;Ja\n"
        "Teilnehmer/in5;Bob;bob;;Abgegeben;;100,00;Ja\n",
        {1: "71,5", 2: "0"},
    ),
    "zh": (
        "编号,全名,电子邮件地址,状态,成绩,最高分,可更改成绩\n参与者2200901,Ada,ada@x.org,已提交,,100.00,是\n",
        {1: "71.5"},
    ),
}


@pytest.fixture
def course(tmp_path):
    """A course folder with marks and a roster."""
    (tmp_path / "build").mkdir()
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    (tmp_path / "build" / f"{FIRST}.csv").write_text(MARKS, "utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    return Course(tmp_path)


@pytest.fixture
def fill(course):
    """Export into a template given as text; the filled file's text, and what was done."""

    def fill(platform, template, roster=True, encoding="utf-8", **options):
        path = course.root / "template.csv"
        path.write_bytes(template.encode(encoding))
        people = course.root / "roster.csv" if roster else None
        done = export(course, platform, path, FIRST, roster=people, **options)
        return done.path.read_bytes().decode("utf-8"), done

    return fill


def cells(text, delimiter=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_canvas(fill):
    """Is only the assignment's column filled, is missing blank, EX still EX, 0 a 0?"""
    template = CANVAS.replace("Quiz (12)", "Quiz")
    text, done = fill("canvas", template)
    assert text == CANVAS_FILLED.replace("Quiz (12)", "Quiz")
    assert done.filled == 3
    assert done.told == ["-r: has a mark and no row in template.csv"]


EXERCISES = """\
Student,ID,Section,Pad (1),Whole (2)
"    Points Possible",,,5,100
"Lee, Ada",20001,S1,,
"Roy, Bob",20002,S1,,
"""


def test_one_column_for_each_exercise(fill):
    """Can exercises be filled into columns of their own, with their own points?"""
    text, done = fill("canvas", EXERCISES, exercises={"zero_pad": "Pad"})
    assert [row[3:] for row in cells(text)[2:]] == [["5", ""], ["0", ""]]
    assert done.filled == 2
    with pytest.raises(CourseError, match="counts 100 points and the assignment 5"):
        fill("canvas", EXERCISES, exercises={"zero_pad": "Whole"})
    with pytest.raises(CourseError, match="no exercise 'pad'"):
        fill("canvas", EXERCISES, exercises={"pad": "Pad"})


def gradebook(course, students):
    """Make nbgrader's gradebook with students: id -> (lms_user_id, email)."""
    import_nbgrader()
    with open_gradebook(course.db_url, "") as book:
        for student, (lms, email) in students.items():
            book.update_or_create_student(student, lms_user_id=lms, email=email)


def test_lms_user_id(fill, course):
    """Without a roster, are nbgrader's own ids of the learning platform used where they are set?"""
    gradebook(course, {"ada": ("20001", ""), "bob": ("20002", "Bob@X.org"), "eve": (None, "")})
    text, _ = fill("canvas", CANVAS, roster=False, column="CNN, step by step")
    rows = {row[1]: row[5] for row in cells(text)}
    assert (rows["20001"], rows["20002"]) == ("71.5", "0")
    text, _ = fill("moodle", MOODLE["en"][0], roster=False)
    assert cells(text)[2][4] == "0"  # by the address
    gradebook(course, {"eve": ("20001", "")})
    with pytest.raises(CourseError, match="'20001' is there 2 times"):
        fill("canvas", CANVAS, roster=False, column="CNN, step by step")


# --- feedback ------------------------------------------------------------------------------------


@pytest.fixture
def pages(course):
    """Students' feedback pages."""
    for student in ("ada", "bob", "张三"):
        folder = course.folder("feedback", student, FIRST)
        folder.mkdir(parents=True)
        (folder / f"{FIRST}.html").write_text(f"page of {student}", "utf-8")
    return course


def archive(done):
    with zipfile.ZipFile(done.path) as packed:
        return {name: packed.read(name).decode("utf-8") for name in packed.namelist()}


def test_feedback_for_canvas(pages):
    """Are pages named as Canvas reads names: its user, then a file that this user handed in?"""
    folder = pages.root / "submissions"
    folder.mkdir()
    for name in (
        f"leeada_20001_70001_{FIRST}.ipynb",
        f"leeada_LATE_20001_70009_{FIRST}-1.ipynb",
        f"lee7_20002_70002_{FIRST}.ipynb",
        "zhang_20003_text.html",
    ):
        (folder / name).write_text("x")
    done = export_feedback(pages, "canvas", folder, FIRST, roster=pages.root / "roster.csv")
    assert archive(done) == {
        f"leeada_LATE_20001_70009_{FIRST}.html": "page of ada",
        f"lee7_20002_70002_{FIRST}.html": "page of bob",
    }
    assert done.told == ["张三: typed text; Canvas takes a page for a file only"]


def test_feedback_for_moodle(pages):
    """Are pages named by participant, from the worksheet and from what was downloaded?"""
    worksheet = pages.root / "worksheet.csv"
    worksheet.write_text(MOODLE["en"][0].replace("Ada Lee", "Ada_Lee"), "utf-8")
    names = "moodle", worksheet, FIRST
    done = export_feedback(pages, *names, roster=pages.root / "roster.csv")
    expected = {
        f"Ada Lee_2200901_assignsubmission_file_{FIRST}.html": "page of ada",
        f"Bob_2200902_assignsubmission_file_{FIRST}.html": "page of bob",
    }
    assert archive(done) == expected | {
        f"三 张_31_assignsubmission_file_{FIRST}.html": "page of 张三"
    }
    downloaded = pages.root / "downloaded"
    for name in ("Ada_Lee_2200901_assignsubmission_file_", "Bob_2200902_assignsubmission_file"):
        (downloaded / name).mkdir(parents=True)
        (downloaded / name / "work.ipynb").write_text("x")
    done = export_feedback(pages, "moodle", downloaded, FIRST, roster=pages.root / "roster.csv")
    assert archive(done) == expected
    assert done.told == ["张三: has a page, and no name in downloaded"]


def test_the_same_pages_make_the_same_archive(pages):
    """Is the archive the same byte for byte when nothing changed?"""
    worksheet = pages.root / "worksheet.csv"
    worksheet.write_text(MOODLE["en"][0], "utf-8")
    made = []
    for _ in range(2):
        done = export_feedback(pages, "moodle", worksheet, FIRST, roster=pages.root / "roster.csv")
        made.append(done.path.read_bytes())
    assert made[0] == made[1]


def test_feedback_for_nobody_is_refused(course):
    """Is an archive without a page refused, and none written?"""
    worksheet = course.root / "worksheet.csv"
    worksheet.write_text(MOODLE["en"][0], "utf-8")
    with pytest.raises(CourseError, match="names nobody who has a feedback page"):
        export_feedback(course, "moodle", worksheet, FIRST)
    assert not list(course.build.glob("*.zip"))


def test_canvas_without_a_roster(fill):
    """Are students found by the ids of the platform's file where these are the students'?"""
    text, done = fill("canvas", CANVAS, roster=False, column="CNN, step by step (4711)")
    rows = {row[1]: row[5] for row in cells(text)}
    assert (rows["20001"], rows["20002"], rows["20004"], rows["20005"]) == ("71.5", "0", "", "EX")
    assert rows["20003"] == ""
    assert any("张三" in line for line in done.told)


@pytest.mark.parametrize("column", ["CNN, step by step (4711)", "CNN, step by step"])
def test_column(fill, column):
    """Is the column found by its whole name or by its title, and several ones refused by a list?"""
    assert fill("canvas", CANVAS, column=column)[0] == CANVAS_FILLED
    for wrong in (None, "Quiz (13)", "Current Points"):
        with pytest.raises(CourseError, match=r"CNN, step by step \(4711\); Quiz \(12\)"):
            fill("canvas", CANVAS, column=wrong)


def test_points_that_differ(fill, course):
    """Are other points refused unless converting is asked for, and nothing written?"""
    template = CANVAS.replace("100.00", "20")
    with pytest.raises(CourseError, match="--scale"):
        fill("canvas", template, column="CNN, step by step")
    assert not (course.build / f"{FIRST}.canvas.csv").exists()
    text, _ = fill("canvas", template, column="CNN, step by step", scale=True)
    assert [row[5] for row in cells(text)][3:6] == ["14.3", "0", "20"]


@pytest.mark.parametrize("language", MOODLE)
def test_moodle(fill, language):
    """Is a worksheet in any language filled in its own decimals, and the rest left as it is?"""
    template, expected = MOODLE[language]
    text, done = fill("moodle", template)
    delimiter = ";" if language == "de" else ","
    before, after = cells(template, delimiter), cells(text, delimiter)
    place = before[0].index({"en": "Grade", "de": "Bewertung", "zh": "成绩"}[language])
    assert {number: after[number][place] for number in expected} == expected
    for old, new in zip(before, after, strict=True):
        assert old[:place] + old[place + 1 :] == new[:place] + new[place + 1 :]
    assert ("eve: the platform does not let" in " ".join(done.told)) == (language == "en")


def test_moodle_in_another_language(fill):
    """Is a column that is not known asked for, and found when it is named?"""
    template = MOODLE["en"][0].replace(",Grade,", ",Hodnocení,")
    with pytest.raises(CourseError, match="Say --column"):
        fill("moodle", template)
    text, _ = fill("moodle", template, column="Hodnocení")
    assert cells(text)[1][4] == "71.5"


@pytest.mark.parametrize(
    ("encoding", "bom", "starts"),
    [("utf-8", None, False), ("utf-8-sig", None, True), ("utf-8", True, True)],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_form_is_kept(fill, encoding, bom, starts, newline):
    """Do line ends and the mark of UTF-8 stay as they are, and does --bom set it for Excel?"""
    template = CANVAS.replace("\n", newline)
    text, _ = fill("canvas", template, encoding=encoding, bom=bom, column="CNN, step by step")
    assert text.startswith("\ufeff") == starts
    assert text.removeprefix("\ufeff") == CANVAS_FILLED.replace("\n", newline)


@pytest.mark.parametrize(
    ("platform", "template", "problem"),
    [
        ("canvas", MOODLE["en"][0], "no grade book of Canvas"),
        ("moodle", CANVAS, "no grading worksheet of Moodle"),
        ("canvas", "", "empty"),
        ("canvas", '"Student', "no CSV file"),
        ("canvas", "Student,ID,Section,Final\nx,1,S,\n", "no column is that of an assignment"),
        ("canvas", "Student,ID,Section,A (1)\nx,7,S,\n", "none of its rows belongs"),
    ],
)
def test_what_is_no_template_is_refused(fill, platform, template, problem):
    """Is another file refused in one line that says why?"""
    with pytest.raises(CourseError, match=problem) as error:
        fill(platform, template)
    assert "\n" not in str(error.value)


def test_not_graded_yet(tmp_path):
    """Is an assignment without marks reported in one line that names the command?"""
    (tmp_path / "t.csv").write_text(CANVAS, "utf-8")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    with pytest.raises(CourseError, match=f"autograder grade {FIRST}"):
        export(Course(tmp_path), "canvas", tmp_path / "t.csv", FIRST)


def test_a_name_is_no_address(fill, course, pages):
    """Does a student whose name on Moodle is another's address get no mark or page of theirs?"""
    gradebook(course, {"ada": ("5", "ada@x.org"), "bob": ("2200902", "Bob@X.org")})
    template = MOODLE["en"][0].replace("Ada Lee", "Bob@X.org").replace("Bob,bob@", "Bob,none@")
    text, _ = fill("moodle", template, roster=False)
    assert [row[4] for row in cells(text)[1:3]] == ["71.5", "0"]
    done = export_feedback(course, "moodle", course.root / "template.csv", FIRST)
    assert set(archive(done).values()) == {"page of ada", "page of bob"}
    assert archive(done)[f"Bob@X.org_2200901_assignsubmission_file_{FIRST}.html"] == "page of ada"


def test_two_ids_that_disagree(fill):
    """Is a row whose ids belong to two students left alone, and are both named?"""
    template = MOODLE["en"][0].replace("2200902,Bob,bob@", "2200902,Bob,ada@")
    text, done = fill("moodle", template)
    assert cells(text)[2][4] == "12.00"
    assert any(line.startswith("bob: has a mark") for line in done.told)


def test_again_is_the_same(fill, course):
    """Does filling the filled file change nothing, and is the template itself never overwritten?"""
    first, _ = fill("canvas", CANVAS, column="CNN, step by step")
    again, _ = fill("canvas", first, column="CNN, step by step")
    assert again == first
    with pytest.raises(CourseError, match="template itself"):
        fill("canvas", CANVAS, column="CNN, step by step", out=course.root / "template.csv")
    assert (course.root / "template.csv").read_text("utf-8") == CANVAS


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(TEXT.map("n".__add__), min_size=1, max_size=4),
    scores=st.lists(st.none() | st.floats(0, 100), min_size=4, max_size=4),
    comma=st.booleans(),
)
def test_every_name_and_score(tmp_path_factory, names, scores, comma):
    """Does each score come back as it was, beside names that are left as they are?"""
    folder = tmp_path_factory.mktemp("export")
    (folder / "build").mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    lines = ["student,score,max_score,status"]
    points = ["    Points Possible", "", "", "100,00" if comma else "100.00"]
    rows = [["Student", "ID", "Section", "A (1)"], points]
    for number, (name, score) in enumerate(zip(names, scores, strict=False), 1):
        shown = "" if score is None else f"{score:.10g}"
        lines.append(f"{number},{shown},100,{'missing' if score is None else 'graded'}")
        rows.append([name, str(number), "S", ""])
    lines.append("999,1,100,graded")
    rows.append(["last", "999", "S", ""])
    (folder / "build" / f"{FIRST}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";" if comma else ",", lineterminator="\n").writerows(rows)
    done = export(Course(folder), "canvas", folder / "t.csv", FIRST)
    filled = cells(done.path.read_bytes().decode("utf-8"), ";" if comma else ",")
    assert [row[:3] for row in filled] == [row[:3] for row in rows]
    for row, score in zip(filled[2:-1], scores, strict=False):
        told = row[3].replace(",", ".") if comma else row[3]
        assert told == "" if score is None else abs(float(told) - score) < 1e-3


HEADERS = {
    "en": "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Can be changed",
    "de": "Bezeichner,Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,Änderbar",
    "fr": "Identifiant,Nom complet,Numéro,Adresse de courriel,Statut,Note,Maximum,Modifiable",
    "zh": "编号,全名,ID号,电子邮件地址,状态,成绩,最高分,可更改成绩",
}
PREFIXES = {"en": "Participant ", "de": "Teilnehmer/in", "fr": "Participant ", "zh": "参与者"}
NO = {"en": "No", "de": "Nein", "fr": "Non", "zh": "否"}


@st.composite
def worksheets(draw):
    """A class of Moodle's: language, comma or point, and a row for each participant.

    A row is a name, an ID number, the grade of before, whether it is locked, and the new score.
    """
    row = st.tuples(
        TEXT,
        st.integers(0, 99).map("K{}".format) | st.just(""),
        st.sampled_from(["", "12.00", "-"]),
        st.booleans(),
        st.none() | st.floats(0, 100),
    )
    numbers = draw(st.lists(st.integers(1, 10**12), min_size=1, max_size=4, unique=True))
    rows = [(number, *draw(row)) for number in numbers]
    return draw(st.sampled_from(sorted(HEADERS))), draw(st.booleans()), rows


@settings(max_examples=60, deadline=None)
@given(worksheets(), st.booleans())
def test_every_worksheet(tmp_path_factory, worksheet, with_roster):
    """Does each score reach its participant in the worksheet's decimals, all else left as it is?"""
    language, comma, people = worksheet
    folder = tmp_path_factory.mktemp("export")
    (folder / "build").mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    marks, roster = ["student,score,max_score,status"], ["student,moodle_id"]
    rows = [HEADERS[language].split(",")]
    most = "100,00" if comma else "100.00"
    for place, (number, name, own, before, locked, score) in enumerate(people):
        student = f"student-{place}" if with_roster else str(number)
        shown = "" if score is None else f"{score:.10g}"
        marks.append(f"{student},{shown},100,{'missing' if score is None else 'graded'}")
        roster.append(f"{student},{number}")
        grade = before.replace(".", ",") if comma else before
        who = f"{PREFIXES[language]}{number}", name, own, f"{place}@x.org"
        rows.append([*who, "s", grade, most, NO[language] if locked else "x"])
    marks.append("other,1,100,graded")
    roster.append("other,0")
    rows.append([f"{PREFIXES[language]}0", "last", "", "last@x.org", "s", "", most, "x"])
    (folder / "build" / f"{FIRST}.csv").write_text("\n".join(marks) + "\n", "utf-8")
    (folder / "roster.csv").write_text("\n".join(roster) + "\n", "utf-8")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";" if comma else ",", lineterminator="\n").writerows(rows)
    people_file = folder / "roster.csv" if with_roster else None
    done = export(Course(folder), "moodle", folder / "t.csv", FIRST, roster=people_file)
    filled = cells(done.path.read_bytes().decode("utf-8"), ";" if comma else ",")
    assert [row[:5] + row[6:] for row in filled] == [row[:5] + row[6:] for row in rows]
    for row, before, (*_, locked, score) in zip(filled[1:-1], rows[1:-1], people, strict=True):
        if score is None or locked:
            assert row[5] == before[5]
        else:
            assert ("." if comma else ",") not in row[5]
            assert abs(float(row[5].replace(",", ".")) - score) < 1e-3


def test_command(course, capsys, monkeypatch):
    """Does the command say where the file is, and does its exit code ask for a look?"""
    monkeypatch.setattr("autograder.collecting.commands.Course", lambda: course)
    (course.root / "t.csv").write_text(CANVAS, "utf-8")
    start = ["export", "canvas", str(course.root / "t.csv"), "--assignment", FIRST]
    roster = ["--roster", str(course.root / "roster.csv")]
    out = ["--out", str(course.root / "out" / "filled.csv")]
    assert main([*start, *roster]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main([*start, *roster, *out, "--column", "CNN, step by step"]) == 1
    shown = capsys.readouterr()
    assert "3 marks in" in shown.out and "-r: has a mark" in shown.err
    assert (course.root / "out" / "filled.csv").read_text("utf-8") == CANVAS_FILLED
