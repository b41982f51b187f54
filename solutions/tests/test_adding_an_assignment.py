"""The page on adding an assignment, followed to the letter in a copy of the course."""

import re
from pathlib import Path

import pytest

from autograder.course import ROOT
from checks.text import LANGUAGES
from solutions.tests.course_copy import FILES, NAME, copy_with_assignment, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy of the course with the page's assignment in place of the notebooks that it has."""
    root = copy_with_assignment(tmp_path_factory.mktemp("third") / "course")
    run(root, "-m", "autograder", "build")
    return root


def test_the_page_names_every_file():
    """Does the page hold the seven files of an assignment?"""
    inside = ("reference", "styles", "misconceptions", "lone_failures", "gallery")
    assert set(FILES) == {
        f"checks/assignments/{NAME}.py",
        f"notebooks/source/{NAME}.py",
        *(f"solutions/{NAME}/{name}.py" for name in inside),
    }


def test_what_the_build_adds(course):
    """Does a third assignment add no text but its notebooks, public_tests.py and course.json?"""
    built = [course / "notebooks" / language for language in LANGUAGES]
    found = {p.relative_to(folder).as_posix() for folder in built for p in folder.rglob("*.*")}
    assert found == {f"{NAME}/{n}" for n in (f"{NAME}.ipynb", "public_tests.py", "course.json")}
    stored = {p.name for p in (course / "checks" / "data").iterdir()}
    assert stored == {f"{NAME}.h5"} | {p.name for p in (ROOT / "checks" / "data").iterdir()}


def test_its_class_is_graded_as_generated(course):
    """Is the new assignment built, released, handed in, graded and reported by its files alone?"""
    printed = run(course, "-m", "autograder", "demo", "--assignment", NAME)
    assert "3 submissions, all verdicts as generated." in printed
    assert "global_average_pool/sum_instead_of_mean" in printed
    feedback = course / "build" / "demo" / "build" / "feedback" / "sum" / NAME / f"{NAME}.html"
    assert "只求了和" in feedback.read_text("utf-8")


def test_its_tables_pass_the_tests_of_tables(course):
    """Do the course's own tests of checks and catalogue cover the new assignment, and pass?"""
    tests = ("solutions/tests/test_mutations.py", "tests/checks/test_assignments.py")
    printed = run(course, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", NAME, *tests)
    assert re.search(r"\b\d+ passed", printed)
