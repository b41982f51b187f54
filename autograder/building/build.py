"""Makes every derived file from its one source: images, data, expected values and notebooks."""

import importlib
import json
import runpy
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from autograder.building.notebooks import build_notebook, images_of, notebook_text
from autograder.course import DATA_FILE, SHIPPED, Course
from autograder.grading.answers import right_answers, wrong_answers
from checks import store
from checks.diagnosis import WrongAnswers
from checks.model import Assignment, Exercise
from checks.text import LANGUAGES
from solutions.catalogue import Catalogue, load

DATASETS = "datasets"


def build(course: Course, quiet: bool = False) -> list[Path]:
    """Rebuild every derived file and return the folders written.

    A notebook's folder is written beside the old one and then put in its place, so a build that
    is interrupted leaves the old one whole.
    """
    course.need_solutions()
    draw_images(course)
    make_datasets(course)
    written = []
    for source in course.sources:
        assignment = assignment_of(source)
        values, wrong = expected_values(assignment, load(assignment.name), quiet)
        for language in LANGUAGES:
            folder = course.notebook_folder(language, assignment.name)
            with tempfile.TemporaryDirectory(dir=_made(folder.parent), prefix=".build-") as name:
                fresh = Path(name) / folder.name
                write_notebook_folder(course, source, language, values, wrong, fresh)
                shutil.rmtree(folder, ignore_errors=True)
                fresh.rename(folder)
            written.append(folder)
    return written


def assignment_of(source: Path) -> Assignment:
    """Return the exercise table of a notebook source."""
    return importlib.import_module(f"checks.assignments.{source.stem}").ASSIGNMENT


def draw_images(course: Course) -> None:
    """Draw every picture into ``images/``."""
    runpy.run_path(str(course.root / "images" / "draw.py"))["draw_all"](course.root / "images")


def make_datasets(course: Course) -> None:
    """Write every data file that a notebook reads into ``datasets/``."""
    runpy.run_path(str(course.root / DATASETS / "make.py"))["make_all"](course.root / DATASETS)


def write_notebook_folder(
    course: Course,
    source: Path,
    language: str,
    values: dict[str, store.Expected],
    wrong: dict[str, WrongAnswers],
    folder: Path,
) -> None:
    """Write what a student opens: notebook, public tests, expected values, data and images."""
    alt_texts = json.loads((course.root / "images" / "alt_texts.json").read_text("utf-8"))
    notebook = build_notebook(source, language, alt_texts)
    _made(folder / "images")
    (folder / f"{source.stem}.ipynb").write_text(notebook_text(notebook), "utf-8")
    for name in images_of(source):
        shutil.copyfile(course.root / "images" / name, folder / "images" / name)
    for name, path in shipped_files(course):
        _made((folder / name).parent)
        shutil.copyfile(path, folder / name)
    for name in assignment_of(source).files:
        shutil.copyfile(course.root / DATASETS / name, folder / name)
    stored = store.ExpectedValues(source.stem, language, values)
    store.write(folder / DATA_FILE, stored, wrong)


def shipped_files(course: Course) -> Iterator[tuple[str, Path]]:
    """Yield (name, path) of every Python file that goes with each notebook."""
    for name in SHIPPED:
        path = course.root / name
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        for file in files:
            yield file.relative_to(course.root).as_posix(), file


def expected_values(
    assignment: Assignment, catalogue: Catalogue, quiet: bool = True
) -> tuple[dict[str, store.Expected], dict[str, WrongAnswers]]:
    """Compute the right answers to the public inputs, and the signatures of the wrong ones."""
    values: dict[str, dict[str, dict[str, Any]]] = {}
    wrong = {}
    progress = tqdm(assignment.exercises, "expected values", unit="exercise", disable=quiet or None)
    for exercise in progress:
        arguments = public_arguments(exercise, values)
        values[exercise.name] = right_answers(catalogue, exercise, arguments)
        wrong[exercise.name] = _distinct(
            wrong_answers(catalogue, exercise, _small(exercise, arguments))
        )
        if exercise.picture:
            picture = {exercise.picture.name: exercise.picture.public_arguments()}
            values[exercise.name].update(right_answers(catalogue, exercise, picture))
    return values, wrong


def _small(exercise: Exercise, arguments: dict[str, Any]) -> dict[str, Any]:
    """Leave out the public-only cases: large, and they tell no misconception from another."""
    return {case.name: arguments[case.name] for case in exercise.hidden_cases()}


def _distinct(wrong: WrongAnswers) -> WrongAnswers:
    """Leave out pairs that do not compose or look like a single one, for a small data file."""
    singles = {ids[0]: [] for ids, _ in wrong.entries}
    kept = []
    for ids, marks in wrong.entries:
        whole = dict(marks)
        if len(ids) == 1:
            singles[ids[0]].append(whole)
        elif not whole or any(
            all(mark.agrees(single[slot]) for slot, mark in whole.items())
            for name in ids
            for single in singles[name]
        ):
            continue
        kept.append((ids, whole))
    return replace(wrong, right=dict(wrong.right), entries=kept)


def public_arguments(exercise: Exercise, values: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Draw the public inputs of an exercise; `values` holds the answers that some of them use."""
    return {case.name: case.public_arguments(values) for case in exercise.cases}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
