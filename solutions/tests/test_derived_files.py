"""Committed files that are made from others must be what `make build` makes of them now."""

import json
import shutil
import subprocess

import h5py
import numpy as np
import pytest

from autograder.building.build import PUBLIC_TESTS, built_from
from autograder.building.data_files import replace_if_changed
from autograder.building.expected import expected_values
from autograder.building.notebooks import build_notebook, images_of, notebook_text
from autograder.building.pictures import alt_texts, picture_path
from autograder.course import DATASETS, Course
from checks import store
from checks.notebook import COURSE_FILE
from checks.text import LANGUAGES
from solutions.catalogue import load
from solutions.lines import places_of

COURSE = Course()
FOLDERS = [(source, language) for source in COURSE.sources for language in LANGUAGES]
STALE = "is stale: run `make build` and commit what it changes"

each_folder = pytest.mark.parametrize(
    ("source", "language"), FOLDERS, ids=lambda value: getattr(value, "stem", value)
)


@each_folder
def test_notebook(source, language):
    """Is the notebook byte for byte what its source gives?"""
    path = COURSE.notebook(language, source.stem)
    built = notebook_text(build_notebook(source, language, alt_texts(COURSE.root), COURSE.address))
    assert path.read_text("utf-8") == built, f"{path} {STALE}"


@each_folder
def test_what_stands_beside_it(source, language):
    """Are pictures, public_tests.py and course.json beside a notebook, and nothing else?"""
    folder = COURSE.notebook_folder(language, source.stem)
    paths = {name: picture_path(COURSE.root, name, language) for name in images_of(source)}
    wanted = {f"images/{name}": path.read_bytes() for name, path in paths.items()}
    wanted[PUBLIC_TESTS] = (COURSE.root / PUBLIC_TESTS).read_bytes()
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".ipynb"
        if ".ipynb_checkpoints" not in path.parts
    }
    about = json.loads(found.pop(COURSE_FILE))
    assert about == {"language": language, "assignment": source.stem}
    assert sorted(found) == sorted(wanted), f"{folder} {STALE}"
    assert [name for name in wanted if found[name] != wanted[name]] == [], f"{folder} {STALE}"


def test_no_derived_text_is_under_version_control():
    """Beside notebooks and binary files, are public_tests.py and course.json the only ones?"""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "notebooks", "checks/data"],
        cwd=COURSE.root,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [COURSE.root / name for name in listed.stdout.split("\0") if name]
    texts = {
        path.relative_to(COURSE.root).as_posix()
        for path in paths
        if path.is_file() and path.suffix != ".ipynb" and b"\0" not in path.read_bytes()
    }
    beside = {
        f"notebooks/{language}/{source.stem}/{name}"
        for source, language in FOLDERS
        for name in (PUBLIC_TESTS, COURSE_FILE)
    }
    sources = {source.relative_to(COURSE.root).as_posix() for source in COURSE.sources}
    assert texts == beside | sources
    assert len((COURSE.root / PUBLIC_TESTS).read_text("utf-8").splitlines()) < 30


@pytest.mark.slow(40)
@pytest.mark.parametrize("source", COURSE.sources, ids=lambda source: source.stem)
def test_expected_values(source):
    """Are the stored answers and signatures what the solutions give, within tolerance?"""
    values, wrong = expected_values(built_from(source), load(source.stem))
    path = store.path_of(source.stem)
    stored = store.read(path)
    assert stored.assignment == source.stem
    assert stored.expected.keys() == values.keys()
    for exercise, cases in values.items():
        assert stored.expected[exercise].keys() == cases.keys(), f"{path} {STALE}"
        for case, outputs in cases.items():
            for output, value in outputs.items():
                np.testing.assert_allclose(stored.expected[exercise][case][output], value)
        known = places_of(load(source.stem), built_from(source).exercise(exercise))
        assert store.read_places(path, exercise) == known, f"{path} {STALE}"
        read = store.read_wrong(path, exercise)
        assert read.causes == wrong[exercise].causes, f"{path} {STALE}"
        assert [ids for ids, _ in read.entries] == [ids for ids, _ in wrong[exercise].entries]
        for (ids, marks), (_, computed) in zip(read.entries, wrong[exercise].entries, strict=True):
            assert all(_same(marks[slot], mark) for slot, mark in computed.items()), ids


def _same(stored, computed):
    """Compare two marks; the wording of an exception is NumPy's and may change with it."""
    if computed.structure.startswith("!"):
        return stored.structure.split(":")[0] == computed.structure.split(":")[0]
    return stored.agrees(computed)


# --- what is the same is left alone -----------------------------------------------------------


DATA_FILES = [store.path_of(source.stem) for source in COURSE.sources]
DATA_FILES += sorted((COURSE.root / DATASETS).glob("*.h5"))


def _float_arrays(file):
    found = []
    file.visititems(
        lambda name, item: (
            found.append(name)
            if isinstance(item, h5py.Dataset) and item.dtype.kind == "f" and item.size
            else None
        )
    )
    return found


def _last_bits(values):
    """Return the next larger number of each: what another processor may give."""
    return np.nextafter(values, np.asarray(np.inf, values.dtype))


CHANGES = {
    "a number": lambda values: values + np.abs(values).max() * 1e-4 + 1e-6,
    "not finite": lambda values: values * np.nan,
}


@pytest.fixture(params=DATA_FILES, ids=lambda path: path.name)
def stored(request, tmp_path):
    """A copy of a data file that was built before, and the path for a fresh one."""
    return shutil.copy(request.param, tmp_path / "old.h5"), tmp_path / "fresh.h5"


def test_last_bits_leave_a_data_file_alone(stored):
    """Does a build on another processor keep the bytes of every data file?"""
    old, fresh = stored
    before = old.read_bytes()
    shutil.copy(old, fresh)
    with h5py.File(fresh, "r+") as file:
        names = _float_arrays(file)
        for name in names:
            file[name][()] = _last_bits(file[name][()])
    assert names and fresh.read_bytes() != before
    assert not replace_if_changed(old, fresh)
    assert old.read_bytes() == before and not fresh.exists()


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_number_is_written(stored, change):
    """Is each number that changed for real, in any array alone, reason to write the file?"""
    old, fresh = stored
    with h5py.File(old) as file:
        names = _float_arrays(file)
    for name in {name.rpartition("/")[2]: name for name in names}.values():
        shutil.copy(old, fresh)
        with h5py.File(fresh, "r+") as file:
            values = file[name][()]
            single = values.reshape(-1, values.shape[-1] if values.ndim else 1)
            single[0] = CHANGES[change](single[0])
            file[name][()] = single.reshape(values.shape)
        wanted = fresh.read_bytes()
        kept = shutil.copy(old, old.with_name("kept.h5"))
        assert replace_if_changed(kept, fresh), name
        assert kept.read_bytes() == wanted


def test_another_structure_is_written(stored):
    """Is an added or missing part, another attribute or a damaged old file reason to write it?"""
    old, fresh = stored

    def damage(path):
        path.write_bytes(path.read_bytes()[:1000])

    def edit(path, change):
        with h5py.File(path, "r+") as file:
            change(file)

    def remove(file):
        del file[next(iter(file))]

    for change in (
        damage,
        lambda path: edit(path, lambda file: file.attrs.update(language="en")),
        lambda path: edit(path, lambda file: file.create_dataset("more", data=1.0)),
        lambda path: edit(path, remove),
    ):
        kept = shutil.copy(old, old.with_name("kept.h5"))
        change(kept)
        shutil.copy(old, fresh)
        assert replace_if_changed(kept, fresh)
        assert kept.read_bytes() == old.read_bytes()


def test_built_twice_the_data_file_is_the_same(tmp_path):
    """Does what was read from a data file give the same content when it is written again?"""
    for source in COURSE.sources:
        path = store.path_of(source.stem)
        wrong = {e.name: store.read_wrong(path, e.name) for e in built_from(source).exercises}
        places = {name: store.read_places(path, name) for name in wrong}
        fresh = tmp_path / path.name
        store.write(fresh, store.read(path), wrong, places)
        assert not replace_if_changed(path, fresh), path
