"""The page on adding an assignment, followed to the letter in a copy of the course."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import ROOT
from checks.model import LANGUAGES

NAME = "global_pooling"
PAGE = ROOT / "docs" / "adding-an-assignment.md"
FILES = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S))
LEFT_OUT = shutil.ignore_patterns(".*", "build", "__pycache__", "*.egg-info", "en", "zh")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy of the course with the page's assignment in place of the notebooks that it has."""
    root = tmp_path_factory.mktemp("third") / "course"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    for source in (root / "notebooks" / "source").glob("*.py"):
        source.unlink()
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    registry = root / "checks" / "assignments" / "__init__.py"
    text = registry.read_text("utf-8")
    text = re.sub(r"(?m)^(from checks.assignments import .*)$", rf"\1, {NAME}", text, count=1)
    text = re.sub(r"in \(([^)]*?),?\)", rf"in (\1, {NAME})", text, count=1)
    registry.write_text(text, encoding="utf-8")
    run(root, "-m", "autograder", "build")
    return root


def run(root: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_page_names_every_file():
    """Does the page hold the seven files of an assignment?"""
    inside = ("reference", "styles", "misconceptions", "lone_failures", "gallery")
    assert set(FILES) == {
        f"checks/assignments/{NAME}.py",
        f"notebooks/source/{NAME}.py",
        *(f"solutions/{NAME}/{name}.py" for name in inside),
    }


@pytest.mark.slow
def test_what_the_build_adds(course):
    """Does a third assignment add no text but its notebooks, public_tests.py and course.json?"""
    built = [course / "notebooks" / language for language in LANGUAGES]
    found = {p.relative_to(folder).as_posix() for folder in built for p in folder.rglob("*.*")}
    assert found == {f"{NAME}/{n}" for n in (f"{NAME}.ipynb", "public_tests.py", "course.json")}
    stored = {p.name for p in (course / "checks" / "data").iterdir()}
    assert stored == {f"{NAME}.h5"} | {p.name for p in (ROOT / "checks" / "data").iterdir()}


@pytest.mark.slow
def test_its_class_is_graded_as_generated(course):
    """Is the new assignment built, released, handed in, graded and reported by its files alone?"""
    printed = run(course, "-m", "autograder", "demo", "--assignment", NAME)
    assert "3 submissions, all verdicts as generated." in printed
    assert "global_average_pool/sum_instead_of_mean" in printed
    feedback = course / "build" / "demo" / "build" / "feedback" / "sum" / NAME / f"{NAME}.html"
    assert "只求了和" in feedback.read_text("utf-8")


@pytest.mark.slow
def test_its_tables_pass_the_tests_of_tables(course):
    """Do the course's own tests of checks and catalogue cover the new assignment, and pass?"""
    tests = ("solutions/tests/test_mutations.py", "tests/checks/test_assignments.py")
    printed = run(course, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", NAME, *tests)
    assert re.search(r"\b\d+ passed", printed)
