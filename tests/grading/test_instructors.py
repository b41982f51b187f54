"""docs/instructors.md is true: its commands run in its order, its list of settings is whole."""

import csv
import re
import shlex
import shutil

import pytest
from nbgrader.apps import NbGraderApp
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


def test_nbgraders_commands_exist(page):
    """Is each of nbgrader's commands one that it has?"""
    named = {words[1] for words in commands(page) if words[0] == "nbgrader"}
    assert named <= set(NbGraderApp.subcommands)


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


@pytest.mark.slow
def test_a_semester(semester, course, page, capsys):
    """Do the page's `autograder` commands run in its order, and leave marks and feedback?"""
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
    wanted = {"release", "due", "extend", "collect", "grade", "report", "appeal", "export"}
    assert wanted <= set(ran)
    with course.csv_path(NAME).open(encoding="utf-8") as file:
        assert [row["student"] for row in csv.DictReader(file)] == ["ben"]
    filled = list(csv.reader((course.build / f"{NAME}.canvas.csv").open(encoding="utf-8")))
    assert filled[2][4:] == ["5", "0"]
    assert (course.build / f"{NAME}.moodle.feedback.zip").is_file()
