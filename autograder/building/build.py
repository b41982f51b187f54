"""Makes every derived file from its one source: images, data, expected values and notebooks."""

import json
import runpy
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.building.data_files import replace_if_changed
from autograder.building.expected import expected_values
from autograder.building.notebooks import build_notebook, images_of, notebook_text
from autograder.building.pictures import alt_texts, picture_path
from autograder.course import DATASETS, Course, CourseError
from checks import store
from checks.assignments import ASSIGNMENTS
from checks.model import Assignment
from checks.notebook import COURSE_FILE
from checks.text import LANGUAGES, Text, listed
from solutions.catalogue import load
from solutions.lines import places_of

PUBLIC_TESTS = "public_tests.py"

_NOT_LISTED = Text(
    "{source}: checks/assignments/__init__.py lists no assignment {name!r}, only {names}",
    "{source}：checks/assignments/__init__.py 没有列出作业 {name!r}，只有 {names}",
)


def build(course: Course, quiet: bool = False) -> list[Path]:
    """Rebuild every derived file; return the notebooks' folders, and the data files that changed.

    A notebook's folder is written beside the old one and then put in its place, so a build that
    is interrupted leaves the old one whole. A data file whose content is the same up to the last
    bits of its numbers stays as it is: see :mod:`autograder.building.data_files`.
    """
    course.need_solutions()
    draw_images(course)
    written = make_datasets(course)
    for source in course.sources:
        written += write_expected_values(built_from(source), quiet)
        for language in LANGUAGES:
            folder = course.notebook_folder(language, source.stem)
            with _beside(folder) as fresh:
                write_notebook_folder(course, source, language, fresh)
                shutil.rmtree(folder, ignore_errors=True)
                fresh.rename(folder)
            written.append(folder)
    return written


def built_from(source: Path) -> Assignment:
    """Return the assignment of a notebook source; raise CourseError where none is listed."""
    if source.stem not in ASSIGNMENTS:
        values = {"source": source, "name": source.stem, "names": listed(ASSIGNMENTS)}
        raise CourseError(_NOT_LISTED.format(**values))
    return ASSIGNMENTS[source.stem]


def draw_images(course: Course) -> None:
    """Draw every picture into ``images/``, and the explorers' stills beside their scripts."""
    drawing = runpy.run_path(str(course.root / "images" / "draw.py"))
    drawing["draw_all"](course.root / "images")
    drawing["draw_explorers"](course.root / "plots" / "explorers")


def make_datasets(course: Course) -> list[Path]:
    """Make every data file that a notebook reads; return those in ``datasets/`` that changed."""
    folder = course.root / DATASETS
    make_all = runpy.run_path(str(folder / "make.py"))["make_all"]
    with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as name:
        pairs = [(folder / fresh.name, fresh) for fresh in make_all(Path(name))]
        return [path for path, fresh in pairs if replace_if_changed(path, fresh)]


def write_expected_values(assignment: Assignment, quiet: bool = True) -> list[Path]:
    """Compute an assignment's answers and marks; return its file in a list where it changed."""
    path = store.path_of(assignment.name)
    catalogue = load(assignment.name)
    values, wrong = expected_values(assignment, catalogue, quiet)
    places = {e.name: places_of(catalogue, e) for e in assignment.exercises}
    with _beside(path) as fresh:
        store.write(fresh, store.ExpectedValues(assignment.name, values), wrong, places)
        return [path] if replace_if_changed(path, fresh) else []


def write_notebook_folder(course: Course, source: Path, language: str, folder: Path) -> None:
    """Write a notebook's folder: the notebook, its pictures, public_tests.py and course.json."""
    notebook = build_notebook(source, language, alt_texts(course.root), course.address)
    (folder / "images").mkdir(parents=True)
    (folder / f"{source.stem}.ipynb").write_text(notebook_text(notebook), "utf-8")
    for name in images_of(source):
        shutil.copyfile(picture_path(course.root, name, language), folder / "images" / name)
    shutil.copyfile(course.root / PUBLIC_TESTS, folder / PUBLIC_TESTS)
    about = {"language": language, "assignment": source.stem}
    (folder / COURSE_FILE).write_text(json.dumps(about) + "\n", "utf-8")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a path of the same name in a new folder beside `path`, which is removed in the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".build-") as name:
        yield Path(name) / path.name
