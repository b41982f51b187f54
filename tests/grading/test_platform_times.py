"""The times and LATE of learning platforms reach the grader."""

from datetime import datetime

import pytest

from autograder.collecting.collect import collect
from autograder.collecting.export import moodle_times
from autograder.course import CourseError
from autograder.reading.times import read_timestamp
from checks.text import ENGLISH
from tests.grading.conftest import NAME

WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 7,Ada,a@x.org,Submitted,,100.00,Yes,"Friday, 20 November 2026, 6:00 PM",-,\n'
    "Participant 8,Bob,b@x.org,No submission,,100.00,Yes,-,-,\n"
)
CHINESE = (
    "编号,全名,电子邮件地址,状态,成绩,最高分,可更改成绩,最近修改（提交）\n"
    "参与者 7,Ada,a@x.org,已提交,,100.00,是,2026年11月20日 星期五 18:00\n"
)


@pytest.mark.parametrize("text", [WORKSHEET, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "+0800"])
def test_times_of_moodle(tmp_path, text, zone):
    """Is the time of submission read from the worksheet, in the zone that was said?"""
    path = tmp_path / "worksheet.csv"
    path.write_text(text, "utf-8")
    assert moodle_times(path, zone) == {"7": datetime(2026, 11, 20, 10)}


def test_a_time_of_two_meanings_is_refused(tmp_path):
    """Is a time that may be two days refused, with the participant named?"""
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET.replace("Friday, 20 November 2026, 6:00 PM", "03/04/2026 18:00"))
    with pytest.raises(CourseError, match=r"Participant 7: .*two different days"):
        moodle_times(path, "UTC")
    path.write_text(WORKSHEET)
    with pytest.raises(CourseError, match="time zone EST"):
        moodle_times(path, "EST")


def test_the_time_reaches_the_submission(course, tmp_path):
    """Is the platform's time where the grader reads it?"""
    file = tmp_path / "download" / "Ada_7_assignsubmission_file_" / f"{NAME}.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    times = {"7": datetime(2026, 11, 20, 10)}
    collect(course, "moodle", tmp_path / "download", NAME, times=times)
    assert read_timestamp(course.folder("submitted", "7", NAME)) == (times["7"], None)


def test_late_without_a_time_is_told(course, tmp_path):
    """Is a file that Canvas marks as late flagged, until one that is not comes after it?"""
    download = tmp_path / "download"
    download.mkdir()
    (download / f"lee_LATE_20001_70001_{NAME}.ipynb").write_text("{}")
    collect(course, "canvas", download, NAME)
    moment, problem = read_timestamp(course.folder("submitted", "20001", NAME))
    assert moment is None and "marks this as late" in problem[ENGLISH]
    (download / f"lee_20001_70002_{NAME}-1.ipynb").write_text("{}")
    collect(course, "canvas", download, NAME)
    assert read_timestamp(course.folder("submitted", "20001", NAME)) == (None, None)
