"""Students' ids: what becomes of folder names that are long, no text, or look alike."""

import json
import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.grading import store
from autograder.grading.grade_class import folders_of
from autograder.model import Verdict
from autograder.reading.student_ids import look_alikes, student_of
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
