"""docs/instructors.md is true: its commands run in its order, its list of settings is whole."""

import csv
import getpass
import re
import shlex
import shutil

import pytest
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import abc, default
from nbgrader.exchange.exchange_factory import ExchangeFactory
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    Execute,
    GetGrades,
    LimitOutput,
    OverwriteCells,
)

from autograder.__main__ import main
from autograder.course import Course, CourseError
from autograder.grading.grade_class import tasks_of
from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook
from autograder.recording.recorder import record
from checks.text import LANGUAGES
from tests.grading.conftest import NAME

CONFIGURED = {
    "CourseDirectory": [CourseDirectory],
    "BaseConverter": [BaseConverter],
    "Autograde": [Autograde],
    "GenerateFeedback": [GenerateFeedback],
    "GenerateAssignment": [GenerateAssignment],
    "Exchange": [abc.Exchange, default.Exchange],
    "ExchangeCollect": [abc.ExchangeCollect],
    "ExchangeFactory": [ExchangeFactory],
    "AssignLatePenalties": [AssignLatePenalties],
    "LateSubmissionPlugin": [LateSubmissionPlugin],
    "Execute": [Execute],
    "LimitOutput": [LimitOutput],
    "OverwriteCells": [OverwriteCells],
    "GetGrades": [GetGrades],
}
"""nbgrader's classes whose settings speak of whom and what is graded, and how."""

RIGHT = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"


@pytest.fixture
def page(repository):
    """The text of docs/instructors.md."""
    return (repository / "docs" / "instructors.md").read_text("utf-8")


def test_the_list_of_settings_is_whole(page):
    """Is each of nbgrader's settings in the list, once, and none that there is not?"""
    listed = re.findall(r"`([A-Z]\w+\.\w+)`", page.partition("## nbgrader's settings")[2])
    wanted = [
        f"{name}.{trait}"
        for name, kinds in CONFIGURED.items()
        for kind in kinds
        for trait in kind.class_own_traits(config=True)
    ]
    assert sorted(listed) == sorted(wanted)


def test_excluded_students_are_left_out(course, submit):
    """Is a student of `student_id_exclude` not graded?"""
    for student in ("ada", "bob", "cy"):
        submit(student)
    course.config.CourseDirectory.student_id_exclude = "bob,zoe"
    assert [task.student for task in tasks_of(course, NAME)] == ["ada", "cy"]
    course.config.CourseDirectory.student_id_exclude = "ada,bob,cy"
    with pytest.raises(CourseError, match="no submission"):
        tasks_of(course, NAME)


def test_students_are_only_created_where_that_is_wanted(course, submit, verdict_of):
    """With `create_student = False`, is a student who is not in the gradebook told and left out?"""
    course.config.Autograde.create_student = False
    import_nbgrader()
    course.build.mkdir(exist_ok=True)
    with open_gradebook(course.db_url, course.course_id) as book:
        book.add_student("ada")
    told = record([verdict_of(submit(student), student) for student in ("ada", "bob")], course)
    assert len(told) == 1 and told[0].startswith("bob: is not in the gradebook")
    with open_gradebook(course.db_url, course.course_id) as book:
        assert [student.id for student in book.students] == ["ada"]
        assert book.find_submission(NAME, "ada").score == 100.0


def commands(page):
    """Yield the commands of the page, in its order, each as its words."""
    for line in re.findall(
        r"^ {4,6}((?:COURSE_LANGUAGE=zh )?(?:autograder|nbgrader) .+)$", page, re.M
    ):
        yield [word for word in shlex.split(line, comments=True) if "COURSE_LANGUAGE" not in word]


def nbgraders(page):
    """nbgrader's commands on the page in their order, each as its words, with what is set before.

    A name within the text is none where a command begins like it: it speaks of that one.
    """
    found = re.findall(
        r"^ {4,6}((?:COURSE_LANGUAGE=zh )?nbgrader .+)$|`(nbgrader [^`\n]+)`", page, re.M
    )
    lines = [[shlex.split(line, comments=True) for line in pair] for pair in found]
    every = [words for pair in lines for words in pair if words]
    for line, named in lines:
        if line or not any(other[: len(named)] == named for other in every if other is not named):
            yield line or named


@pytest.mark.slow
def test_nbgraders_commands(course, page, nbgrader, tmp_path):
    """Does each of nbgrader's commands run as the page writes it, in its order, to its effect?"""
    home, exchange, me = tmp_path / "home", tmp_path / "exchange", getpass.getuser()
    home.mkdir()
    exchange.mkdir()
    exchange.chmod(0o1777)
    told = f"\nc.Exchange.root = {str(exchange)!r}\n"
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(told)
    course_id = Course(course.root).course_id
    (home / "nbgrader_config.py").write_text(
        f"c = get_config(){told}c.CourseDirectory.course_id = {course_id!r}\n"
    )
    (course.root / "students.csv").write_text("id,lms_user_id\nanna,4711\n")

    def hand_in():
        nbgrader(home, "fetch_assignment", NAME)
        nbgrader(home, "submit", NAME)
        assert not list(course.step("submitted").glob("*"))

    before = {"collect": hand_in, "export": lambda: (course.build / "grades.csv").unlink(True)}
    build, pages = course.build, exchange / course_id / "feedback"
    left = {
        "generate_assignment": lambda: (build / "release" / NAME / f"{NAME}.ipynb").is_file(),
        "release_assignment": lambda: (exchange / course_id / "outbound" / NAME).is_dir(),
        "collect": lambda: course.folder("submitted", me, NAME).is_dir(),
        "autograde": lambda: course.folder("autograded", me, NAME).is_dir(),
        "generate_feedback": lambda: course.folder("feedback", me, NAME).is_dir(),
        "release_feedback": lambda: len(list(pages.glob("*.html"))) == 1,
        "export": lambda: f"{NAME}," in (build / "grades.csv").read_text("utf-8"),
        "db student import": lambda: students(course) == {"anna": "4711"},
        "db student add": lambda: "anna" in students(course),
        "db student remove": lambda: set(students(course)) == {me},
    }
    ran = set()
    for words in nbgraders(page):
        place = words.index("nbgrader")
        if words[place + 1] == "zip_collect":
            continue  # tests/grading/test_archives.py
        name = next(name for name in left if " ".join(words[place + 1 :]).startswith(name))
        before.get(name, lambda: None)()
        settings = dict(word.split("=") for word in words[:place])
        nbgrader(course.root, *words[place + 1 :], **settings)
        assert left[name](), words
        ran.add(name)
    assert ran == set(left)


def students(course):
    """The students in the gradebook, and by which id a learning platform knows them."""
    with open_gradebook(course.db_url, course.course_id) as book:
        return {student.id: student.lms_user_id for student in book.students}


def test_nbgraders_commands_elsewhere(page, repository):
    """Is each of nbgrader's commands in the other pages and the READMEs one that is run above?"""
    known = list(nbgraders(page))
    found = 0
    for path in (*repository.glob("README*.md"), *(repository / "docs").glob("*.zh.md")):
        text = path.read_text("utf-8")
        code = [
            *re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S),
            *re.findall("^ {4}(.+)", text, re.M),
        ]
        for line in re.findall("^nbgrader .+", "\n".join(code), re.M):
            assert shlex.split(line, comments=True) in known, f"{path.name}: {line}"
            found += 1
    assert found


@pytest.fixture
def semester(course, submit, repository, monkeypatch):
    """A course folder with all the files that the page speaks of; the current folder is its own."""
    monkeypatch.setattr(Course.__init__, "__defaults__", (course.root,))
    monkeypatch.setattr(Course, "has_solutions", True)
    monkeypatch.chdir(course.root)
    (course.root / "roster.csv").write_text(
        "student,canvas_id,moodle_id,email,section\nanna,11,21,anna@x.org,Monday\nben,12,22,,\n"
    )
    for language in LANGUAGES:
        other = f"notebooks/{language}/convnet_application"
        shutil.copytree(repository / other, course.root / other)
    content = {"anna": submit("anna", {"zero_pad": RIGHT}).read_bytes()}
    content["ben"] = submit("ben").read_bytes()
    past = course.root.parent / "2025" / "build"
    shutil.move(course.build, past)
    course.build.mkdir()
    (course.root / "folder" / "anna").mkdir(parents=True)
    (course.root / "folder" / "anna" / "x.ipynb").write_bytes(content["anna"])
    (course.root / "grades.csv").write_text(
        "Student,ID,Section,CNN step by step (1),Padding (2),Convolution (3)\n"
        '"    Points Possible",,,100,5,25\nA,11,S,,,\nB,12,S,,,\n'
    )
    (course.root / "worksheet.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission)\n"
        'Participant 21,Anna,anna@x.org,Submitted,,100.00,Yes,"Friday, 20 November 2026, 6:00 PM"\n'
        "Participant 22,Ben,ben@x.org,Submitted,,100.00,Yes,-\n"
    )
    import_nbgrader()
    with open_gradebook(course.db_url, course.course_id) as book:
        book.add_student("anna")

    def download(platform):
        """Put the platform's download where the page has it: a folder serves as a zip does."""
        folder = course.root / "submissions.zip"
        shutil.rmtree(folder, ignore_errors=True)
        for number, student in (("1", "anna"), ("2", "ben")):
            name = f"{student}_1{number}_9{number}_{NAME}.ipynb"
            if platform == "moodle":
                name = f"{student}_2{number}_assignsubmission_file_/{NAME}.ipynb"
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content[student])

    return download


def run_semester(page, semester, capsys):
    """Run the page's `autograder` commands in its order; returns which ran."""
    left_to_others = {"watch"}  # tests/grading/test_watch.py
    ran = []
    for words in commands(page):
        if words[0] != "autograder" or words[1] in left_to_others:
            continue
        if words[1:3] in (["collect", "canvas"], ["collect", "moodle"], ["export", "canvas"]):
            semester(words[2])
        code = main(words[1:])
        said = capsys.readouterr()
        # The first forget only shows; a stub among the submissions is no fault of a command's.
        shows = words[1:] == ["forget", "anna"]
        assert (code == 2) if shows else (code < 2), (shlex.join(words), said.out, said.err)
        ran.append(words[1])
    return ran


@pytest.mark.slow(15)
def test_a_semester(semester, course, page, capsys):
    """Do the page's `autograder` commands run in its order, and leave marks and feedback?"""
    ran = run_semester(page, semester, capsys)
    wanted = {"release", "due", "extend", "collect", "grade", "report", "appeal", "export"}
    assert wanted <= set(ran)
    with course.csv_path(NAME).open(encoding="utf-8") as file:
        assert [row["student"] for row in csv.DictReader(file)] == ["ben"]
    filled = list(csv.reader((course.build / f"{NAME}.canvas.csv").open(encoding="utf-8")))
    assert filled[2][4:] == ["5", "0"]
    assert (course.build / f"{NAME}.moodle.feedback.zip").is_file()


@pytest.mark.slow
@pytest.mark.again
def test_a_semester_in_chinese(semester, course, repository, capsys, monkeypatch):
    """Do the commands of the Chinese page run in its order, too, in a Chinese course?"""
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    roster = course.root / "roster.csv"
    roster.write_text(roster.read_text("utf-8").replace("Monday", "周一"), "utf-8")
    page = (repository / "docs" / "instructors.zh.md").read_text("utf-8")
    ran = run_semester(page, semester, capsys)
    wanted = {"release", "due", "extend", "collect", "grade", "report", "appeal", "export"}
    assert wanted | {"forget", "doctor"} <= set(ran)
    assert (course.build / f"{NAME}.canvas.csv").is_file()
