"""Students' ids: what becomes of folder names that are long, no text, or look alike."""

import csv
import json
import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.grading import store
from autograder.grading.grade_class import folders_of
from autograder.grading.told import A_PATTERN, BAD_NAME, odd_name
from autograder.model import Verdict
from autograder.reading.student_ids import look_alikes, student_of
from autograder.recording.nbgrader_start import open_gradebook
from autograder.run_class import grade_and_record
from autograder.status import Status
from checks.assignments import FIRST


@settings(max_examples=300, deadline=None)
@given(st.sets(st.binary(min_size=1, max_size=20).filter(lambda b: b"/" not in b), min_size=2))
def test_no_two_folders_have_one_id(names):
    """Are ids text, and as many as there are folders, whatever bytes their names are?"""
    ids = {student_of(name.decode("utf-8", "surrogateescape")) for name in names}
    assert len(ids) == len(names)
    json.dumps(sorted(ids)).encode()
    "".join(ids).encode()


def test_bytes_and_their_description_are_two():
    """Are a byte that is no text, and a name that describes it, two students?"""
    folders = [os.fsdecode(b"stu\xff"), "stu\\udcff", "stu\\xff"]
    assert len({student_of(folder) for folder in folders}) == 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jürgen", "Ju\u0308rgen"),
        ("ada", "ad\u200ba"),
        ("ada lee", "ada\u00a0lee"),
        ("ada", "ADA"),
        ("ada", "\uff41da"),
        ("ada", "ada\u00ad"),
    ],
)
def test_ids_that_look_alike(first, second):
    """Are two ids that a person can't tell apart named to each other, and is no third one?"""
    assert look_alikes([first, second, "bob"]) == {first: (second,), second: (first,)}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *((name, []) for name in ("ada", "x]", "张三")),
        *((name, [A_PATTERN]) for name in ("x[1]", "x*", "wh?")),
        *((name, [BAD_NAME]) for name in ("[x/", "")),
    ],
)
def test_names_that_nbgrader_takes_for_a_pattern(name, told):
    """Is a folder that nbgrader's own commands would not find, or mistake, told as a reason?"""
    assert list(odd_name(name, ())) == told


@pytest.mark.slow
def test_a_name_that_is_a_pattern_is_flagged(course, submit):
    """Is what lies in a folder `x[1]` graded, and are marks file and gradebook told of the name?"""
    submit("x[1]")
    submit("ada")
    grade_and_record(course, FIRST, explain="none", quiet=True)
    with course.csv_path(FIRST).open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert A_PATTERN.in_("en").replace("`", "") == rows["x[1]"]["reason"].replace("`", "")
    assert rows["ada"]["needs_a_look"] == "no"
    with open_gradebook(course.db_url, course.course_id) as book:
        assert book.find_submission(FIRST, "x[1]").needs_manual_grade


@pytest.mark.parametrize("name", ["张" * 84, "x" * 253, os.fsdecode(b"stu\xff"), "a\\b", "x[1]"])
def test_verdict_of_an_odd_folder(tmp_path, repository, name):
    """Is the verdict on a folder of any name kept and found, beside those of others?"""
    shutil.copy(repository / "nbgrader_config.py", tmp_path)
    course = Course(tmp_path)
    (tmp_path / "build" / "submitted" / name / FIRST).mkdir(parents=True)
    (tmp_path / "build" / "submitted" / "ada" / FIRST).mkdir(parents=True)
    students = [student_of(folder) for folder in folders_of(course, FIRST)]
    assert len(students) == 2
    for student in students:
        store.save(course, Verdict("x.ipynb", 1, Status.FAILED, "en", FIRST, student))
    assert {verdict.student for verdict in store.load_all(course, FIRST)} == set(students)
