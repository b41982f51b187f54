"""Committed files that are made from others must be what `make build` makes of them now."""

import json

import numpy as np
import pytest

from autograder.building.build import DATASETS, assignment_of, expected_values, shipped_files
from autograder.building.notebooks import build_notebook, images_of, notebook_text
from autograder.course import DATA_FILE, Course
from checks import store
from checks.text import LANGUAGES
from solutions.catalogue import load

COURSE = Course()
FOLDERS = [(source, language) for source in COURSE.sources for language in LANGUAGES]
STALE = "is stale: run `make build` and commit what it changes"

each_folder = pytest.mark.parametrize(
    ("source", "language"), FOLDERS, ids=lambda value: getattr(value, "stem", value)
)


def _folder(source, language):
    return COURSE.notebook_folder(language, source.stem)


@each_folder
def test_notebook(source, language):
    """Is the notebook byte for byte what its source gives?"""
    alt_texts = json.loads((COURSE.root / "images" / "alt_texts.json").read_text("utf-8"))
    path = COURSE.notebook(language, source.stem)
    built = notebook_text(build_notebook(source, language, alt_texts))
    assert path.read_text("utf-8") == built, f"{path} {STALE}"


@each_folder
def test_what_stands_beside_it(source, language):
    """Are public tests, data and images beside the notebook the same as their originals?"""
    folder = _folder(source, language)
    wanted = {name: path.read_bytes() for name, path in shipped_files(COURSE)}
    wanted |= {
        f"images/{name}": (COURSE.root / "images" / name).read_bytes() for name in images_of(source)
    }
    wanted |= {
        name: (COURSE.root / DATASETS / name).read_bytes() for name in assignment_of(source).files
    }
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".ipynb"
        if ".ipynb_checkpoints" not in path.parts
    }
    found.pop(DATA_FILE)
    assert sorted(found) == sorted(wanted), f"{folder} {STALE}"
    assert [name for name in wanted if found[name] != wanted[name]] == [], f"{folder} {STALE}"


@pytest.mark.slow
@pytest.mark.parametrize("source", COURSE.sources, ids=lambda source: source.stem)
def test_expected_values(source):
    """Are the stored answers and signatures what the solutions give, within tolerance?"""
    values, wrong = expected_values(assignment_of(source), load(source.stem))
    for language in LANGUAGES:
        path = _folder(source, language) / DATA_FILE
        stored = store.read(path)
        assert (stored.assignment, stored.language) == (source.stem, language)
        assert stored.expected.keys() == values.keys()
        for exercise, cases in values.items():
            assert stored.expected[exercise].keys() == cases.keys(), f"{path} {STALE}"
            for case, outputs in cases.items():
                for output, value in outputs.items():
                    np.testing.assert_allclose(stored.expected[exercise][case][output], value)
            read = store.read_wrong(path, exercise)
            assert read.causes == wrong[exercise].causes, f"{path} {STALE}"
            assert [ids for ids, _ in read.entries] == [ids for ids, _ in wrong[exercise].entries]
            for (ids, marks), (_, computed) in zip(
                read.entries, wrong[exercise].entries, strict=True
            ):
                assert all(_same(marks[slot], mark) for slot, mark in computed.items()), ids


def _same(stored, computed):
    """Compare two marks; the wording of an exception is NumPy's and may change with it."""
    if computed.structure.startswith("!"):
        return stored.structure.split(":")[0] == computed.structure.split(":")[0]
    return stored.agrees(computed)
