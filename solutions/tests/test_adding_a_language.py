"""The page on adding a language, followed to the letter in a copy of the course."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from solutions.tests.course_copy import DOCS, NAME, copy_with_assignment, run

LANGUAGE = "eo"
PAGE = (DOCS / "adding-a-language.md").read_text("utf-8")
CHANGES = re.findall(r"^```diff\n--- (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def change(path: Path, lines: list[str]) -> None:
    """Apply one change of the page; what it replaces must occur once."""
    old, new = (
        "".join(line[1:] or "\n" for line in lines if not line.startswith(sign)) for sign in "+-"
    )
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path} does not hold once:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy of the course with the assignment of one page and the language of the other."""
    root = copy_with_assignment(tmp_path_factory.mktemp("language") / "course")
    for name, lines in CHANGES:
        change(root / name, lines.splitlines(keepends=True))
    run(root, "-m", "autograder", "build")
    return root


@pytest.fixture(scope="module")
def printed(course) -> str:
    """What the command line prints that grades the generated class in a course of the language."""
    arguments = ("-m", "autograder", "demo", "--assignment", NAME)
    return run(course, *arguments, COURSE_LANGUAGE=LANGUAGE)


@pytest.fixture(scope="module")
def graded(course, printed) -> Path:
    """The course folder of that class."""
    assert "4 submissions, all verdicts as generated." in printed
    return course / "build" / "demo"


def test_every_kind_of_text_is_on_the_page():
    """Does the page change every kind of text, the list of languages and a submission?"""
    assert {name for name, _ in CHANGES} == {
        "checks/text.py",
        f"notebooks/source/{NAME}.py",
        f"checks/assignments/{NAME}.py",
        f"solutions/{NAME}/misconceptions.py",
        "checks/show.py",
        "autograder/pages/feedback.py",
        "autograder/pages/report.py",
        "autograder/sandbox/outside/levels.py",
        f"solutions/{NAME}/gallery.py",
    }


def test_its_notebook_is_translated_as_far_as_there_are_texts(course):
    """Is the heading translated, the step in the stub, and the rest in English?"""
    path = course / "notebooks" / LANGUAGE / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["metadata"]["course"]["language"] == LANGUAGE
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
    assert "# Ĝenerala kunigo" in text and "# (ĉirkaŭ 1 linio) Kiuj aksoj malaperas?" in text
    assert '"""Average every channel.' in text and "# Play: the mean" in text
    assert not re.search(r"[\u4e00-\u9fff]|# (zh|eo):", text)


def test_its_check_speaks_the_language(course):
    """Does a failing check in its notebook's folder show the translated name and heading?"""
    code = "import numpy, public_tests as t\n"
    code += f"def {NAME}(A): return numpy.sum(A, axis=(1, 2))\n"
    code += f"t.global_average_pool_test({NAME})"
    folder = f"notebooks/{LANGUAGE}/{NAME}"
    printed = run(course, "-c", code, code=1, folder=folder, PYTHONPATH=str(course / folder))
    assert "pluraj ekzemploj" in printed and "Konsileto" in printed
    assert "images that are not square" in printed


def test_the_command_line_knows_it(course):
    """Is it released by name, and is a language that is not in the list refused with the list?"""
    run(course, "-m", "autograder", "release", "--lang", LANGUAGE, "--assignment", NAME)
    archive = course / "build" / "release" / LANGUAGE / f"{NAME}.zip"
    assert f"{NAME}/{NAME}.ipynb" in zipfile.ZipFile(archive).namelist()
    refused = run(course, "-m", "autograder", "release", "--lang", "fr", code=2)
    assert re.search(r"en'?, '?zh'?, '?eo", refused)
    refused = run(
        course, "-m", "nbgrader", "generate_assignment", NAME, code=1, COURSE_LANGUAGE="fr"
    )
    assert "COURSE_LANGUAGE is one of en, zh, eo, not 'fr'." in refused


def test_the_command_line_speaks_it(printed):
    """Does the command that grades print a translated line in the language?"""
    assert re.search(r"^izolado: [a-z]+ \(", printed, re.MULTILINE)


def test_its_feedback_is_in_the_language(graded):
    """Are the page's headings and the cause in the language, and what is not translated English?"""
    page = graded / "build" / "feedback" / "sumo" / NAME / f"{NAME}.html"
    text = page.read_text("utf-8")
    assert '<html lang="eo"' in text
    assert "Via kodo" in text and "sed ne averaĝitaj" in text and "pluraj ekzemploj" in text
    assert "By how many numbers must a sum be divided?" in text
    others = graded / "build" / "feedback" / "sum" / NAME / f"{NAME}.html"
    assert '<html lang="zh-Hans"' in others.read_text("utf-8")


def test_its_report_is_in_the_language(graded):
    """Is the class report of a course in the language headed in it?"""
    text = (graded / "build" / "report" / f"{NAME}.html").read_text("utf-8")
    assert '<html lang="eo"' in text and "Raporto pri la klaso" in text
    assert "Misconceptions" in text
