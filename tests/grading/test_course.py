"""nbgrader's settings say where everything of a course lies, and in which language it speaks."""

import csv

import pytest

from autograder.__main__ import main
from autograder.course import Course, CourseError
from autograder.run_class import Summary

NAME = "cnn_step_by_step"
ZERO_PAD = "import numpy as np\ndef zero_pad(X, pad):\n    return np.pad(X, pad)\n"


def configure(course, *lines):
    """Add settings to the course's nbgrader_config.py, and read them."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("\n".join(["", *lines, ""]))
    return Course(course.root)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row.get("student") or row["student_id"]: row for row in csv.DictReader(file)}


def test_default_folders(course):
    """Are nbgrader's own names used where the configuration names none?"""
    (course.root / "nbgrader_config.py").write_text("c = get_config()\n")
    plain = Course(course.root)
    root = course.root.resolve()
    for step in ("release", "submitted", "autograded", "feedback"):
        assert plain.step(step) == root / step
    assert plain.folder("submitted", "ada", NAME) == root / "submitted" / "ada" / NAME
    assert plain.source_path(NAME) == root / "source" / NAME / f"{NAME}.ipynb"
    assert (plain.db_url, plain.course_id) == (f"sqlite:///{root / 'gradebook.db'}", "")
    assert plain.language == "en"


def test_what_is_written_is_told(course):
    """Do the lines at the end name the places that the settings name?"""
    moved = configure(
        course,
        'c.CourseDirectory.feedback_directory = "given/back"',
        'c.CourseDirectory.db_url = "sqlite:///" + str(ROOT / "marks.db")',
    )
    summary = Summary(moved, 1, [], moved.csv_path(NAME), moved.report_path(NAME), [])
    assert [line.split(maxsplit=1) for line in summary.paths(course.root)] == [
        ["gradebook", "marks.db"],
        ["marks", f"build/{NAME}.csv"],
        ["feedback", "given/back"],
        ["report", f"build/report/{NAME}.html"],
    ]


def test_password_is_not_shown(course):
    """Does a gradebook on a server show its address without the password?"""
    moved = configure(course, 'c.CourseDirectory.db_url = "postgresql://ann:secret@host/marks"')
    assert moved.gradebook_place == "postgresql://ann:***@host/marks"


def test_other_structure_is_refused(course):
    """Is a structure of folders that the engine does not know one clear line?"""
    line = 'c.CourseDirectory.directory_structure = "{student_id}/{nbgrader_step}/{assignment_id}"'
    with pytest.raises(CourseError, match="directory_structure"):
        configure(course, line).step("submitted")


def test_unknown_language(course, monkeypatch):
    """Is COURSE_LANGUAGE=fr refused where the source directory names no language?"""
    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    (course.root / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(CourseError, match="COURSE_LANGUAGE is one of en, zh, not 'fr'"):
        assert Course(course.root).language


@pytest.mark.slow
def test_grading_under_other_names(course, submit, autograder):
    """Do grade, autograde, feedback and export agree on folders that a course calls otherwise?"""
    submit("ada", {"zero_pad": ZERO_PAD})
    (course.root / "build" / "submitted").rename(course.root / "submitted")
    steps = ("submitted", "autograded", "feedback")
    moved = configure(course, *(f'c.CourseDirectory.{s}_directory = "{s}"' for s in steps))
    printed = autograder("autograder", "grade", NAME)
    assert "feedback   feedback\n" in printed
    page = course.root / "feedback" / "ada" / NAME / f"{NAME}.html"
    report = moved.report_path(NAME).read_text("utf-8")
    assert f'href="../../feedback/ada/{NAME}/{NAME}.html"' in report
    before = page.read_text("utf-8")
    graded = course.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    assert graded.is_file()
    assert not [step for step in steps if (course.root / "build" / step).exists()]
    autograder("nbgrader", "generate_feedback", NAME, "--force")
    assert page.read_text("utf-8") == before
    autograder("nbgrader", "autograde", NAME, "--force")
    assert graded.is_file()
    autograder("nbgrader", "export", "--to", "all.csv")
    assert rows(course.root / "all.csv")["ada"]["status"] == "graded"


@pytest.mark.slow
def test_one_language_on_every_path(course, submit, autograder):
    """Does a Chinese course get Chinese from both commands, for files that show no language?"""
    submit("空", content=b"")
    submit("英文", {"zero_pad": ZERO_PAD}, language="en", extra=["1/0"])
    chinese = {"COURSE_LANGUAGE": "zh"}
    empty = "文件是空的。请保存 notebook 后重新提交。"

    def told():
        page = course.folder("feedback", "空", NAME) / f"{NAME}.html"
        return page.read_text("utf-8")

    printed = autograder("autograder", "grade", NAME, code=1, **chinese)
    assert "共评分 2 份提交，1 份需要查看：空" in printed
    assert empty in told() and "下一步做什么" in told()
    assert "feedback for" not in told().lower()
    assert rows(course.csv_path(NAME))["空"]["reason"] == empty
    report = course.report_path(NAME).read_text("utf-8")
    assert empty in report and "zh-Hans" in report
    autograder("nbgrader", "autograde", NAME, "--force", **chinese)
    autograder("nbgrader", "generate_feedback", NAME, "--force", **chinese)
    assert empty in told()
    autograder("nbgrader", "export", "--to", "all.csv", **chinese)
    assert rows(course.root / "all.csv")["空"]["reason"] == empty


@pytest.mark.slow
def test_reasons_of_both_languages(course, submit, autograder):
    """Does a class of both languages get each reason in the course's, in report and CSV?"""
    submit("ada", {"zero_pad": ZERO_PAD}, language="en").rename(
        course.folder("submitted", "ada", NAME) / "mine.ipynb"
    )
    submit("张三", {"zero_pad": ZERO_PAD}, language="zh").rename(
        course.folder("submitted", "张三", NAME) / "mine.ipynb"
    )
    for language, reason in (("en", "The file is named"), ("zh", "文件名是 mine.ipynb")):
        autograder("autograder", "grade", NAME, code=1, COURSE_LANGUAGE=language)
        found = rows(course.csv_path(NAME))
        assert all(found[student]["reason"].startswith(reason) for student in ("ada", "张三"))
        report = course.report_path(NAME).read_text("utf-8")
        assert report.count(reason) == 2


def test_check_takes_the_language_of_the_course(tmp_path, monkeypatch, capsys):
    """Does `autograder check` use the course's language for files that show none?"""
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    path = tmp_path / "empty.py"
    path.write_text("")
    assert main(["check", str(path), "--isolation", "process"]) == 0
    assert "文件是空的" in capsys.readouterr().out
