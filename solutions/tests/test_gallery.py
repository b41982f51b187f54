"""Every generated submission must get the verdict that it was made to get."""

import json

import pytest

from autograder.building.demo import difference
from autograder.course import Course
from autograder.grading.grader import Grader
from autograder.model import Verdict
from autograder.sandbox import Sandbox
from checks.assignments import ASSIGNMENTS
from solutions.catalogue import load
from solutions.gallery import Expected, students, styles, submission

CLASSES = [(name, student) for name in ASSIGNMENTS for student in students(name)]


@pytest.fixture(scope="module")
def grader():
    with Sandbox() as sandbox:
        yield Grader(sandbox, seed=4711)


def hand_in(student, assignment, folder):
    """Write the student's file into `folder` and return its path."""
    notebook = json.loads(Course().notebook(student.language, assignment).read_text("utf-8"))
    path = folder / (student.file_name or f"{assignment}.ipynb")
    path.write_bytes(submission(student, notebook, load(assignment), styles(assignment)))
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "student"), CLASSES, ids=lambda value: getattr(value, "id", value)
)
def test_verdict(assignment, student, grader, tmp_path):
    """Does this submission get its verdict, in its language?"""
    verdict = grader.grade_file(hand_in(student, assignment, tmp_path), assignment)
    for exercise in verdict.exercises:
        expected = student.expected.get(exercise.name, Expected())
        assert difference(expected, exercise) is None, exercise.name
    if student.file_name is None:
        assert verdict.needs_a_look() == student.look, verdict.problems
        assert student.content or verdict.language == student.language
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict
