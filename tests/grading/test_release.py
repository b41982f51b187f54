"""What students receive: everything they need, the same bytes each time, and no solution."""

import ast
import hashlib
import json
import zipfile
from pathlib import Path

import h5py
import pytest
from nbgrader.api import Gradebook

from autograder.building.release import release
from autograder.course import Course, CourseError, student_files
from checks.assignments import ASSIGNMENTS

NAME = "cnn_step_by_step"


def test_archive(course, samples):
    """Does the zip hold the notebook and its files, and nothing hidden or compiled?"""
    path = release("zh", course.root, course.root / "build" / "release")
    assert path == course.root / "build" / "release" / "zh" / f"{NAME}.zip"
    with zipfile.ZipFile(path) as archive:
        beside = student_files(course.notebook_folder("zh", NAME))
        assert archive.namelist() == sorted(f"{NAME}/{n}" for n in (*beside, f"{NAME}.ipynb"))
        for name, path in beside.items():
            assert archive.read(f"{NAME}/{name}") == path.read_bytes()
        notebook = json.loads(archive.read(f"{NAME}/{NAME}.ipynb"))
    assert "一步一步" in "".join(notebook["cells"][0]["source"])
    stubs = {c["id"]: "".join(c["source"]) for c in notebook["cells"]}
    for exercise in samples.exercises:
        assert stubs[exercise.name] == samples.stub(exercise)


def test_archive_is_the_same_each_time(course, tmp_path):
    """Are two archives equal byte for byte, wherever and whenever they are made?"""
    digests = set()
    for out in (course.root / "build" / "release", tmp_path / "elsewhere"):
        for _ in range(2):
            digests.add(hashlib.sha256(release("en", course.root, out).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_release_after_submissions(course, submit, verdict_of):
    """Do submissions and marks survive a second release, in the other language too?"""
    from autograder.recording.recorder import record

    out = course.root / "build" / "release"
    release("en", course.root, out)
    record([verdict_of(submit("ada"), "ada")], course)
    release("zh", course.root, out)
    release("en", course.root, out)
    with Gradebook(course.db_url, course.course_id) as book:
        assert book.find_submission(NAME, "ada").score == 100.0


def test_what_cannot_be_released(course):
    """Is another language, or a notebook that was not built, one clear line?"""
    with pytest.raises(CourseError, match="en, zh"):
        release("fr", course.root, course.root / "build")
    course.notebook("en", NAME).unlink()
    with pytest.raises(CourseError, match="autograder build"):
        release("en", course.root, course.root / "build" / "release")


# --- the real release -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(repository, tmp_path_factory):
    """The unpacked releases of this repository, by language, and their archives."""
    course = Course(repository)
    if not course.has_solutions:
        pytest.skip("the solutions are not here: nothing to search for")
    if not course.notebook("en", NAME).is_file():
        pytest.skip("the notebooks are not built: autograder build")
    root = tmp_path_factory.mktemp("course")
    (root / "nbgrader_config.py").write_bytes((repository / "nbgrader_config.py").read_bytes())
    (root / "notebooks").mkdir()
    for language in ("en", "zh"):
        (root / "notebooks" / language).symlink_to(repository / "notebooks" / language)
    found = {}
    for language in ("en", "zh"):
        path = release(language, root, root / "build" / "release")
        folder = tmp_path_factory.mktemp(language)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        found[language] = (path, folder / NAME)
    return found


def code_lines(source: str) -> list[str]:
    """Return what a piece of code computes: statements without names of places and comments."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            for statement in ast.walk(node):
                if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return)):
                    lines.append(ast.unparse(statement))
    return lines


def telling_lines(repository: Path) -> dict[str, set[str]]:
    """Return, by exercise, the statements of the solutions that nothing but a solution holds."""
    found: dict[str, set[str]] = {e.name: set() for e in ASSIGNMENTS[NAME].exercises}
    for path in (repository / "solutions" / NAME).glob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name in found:
                found[node.name].update(code_lines(ast.unparse(node)))
    return {
        name: {line for line in lines if len(line) >= 25 and "[" in line}
        for name, lines in found.items()
    }


def texts(folder: Path):
    """Yield (name, text) of everything in a release that can hold text."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix == ".h5":
            strings: list[str] = []
            with h5py.File(path) as file:

                def visit(name, item, strings=strings):
                    strings.append(name)
                    strings.extend(f"{key}={value!r}" for key, value in item.attrs.items())
                    if isinstance(item, h5py.Dataset) and item.dtype.kind in "OSU":
                        strings.append(repr(item[()]))

                file.visititems(visit)
                strings.extend(f"{key}={value!r}" for key, value in file.attrs.items())
            yield path.name, "\n".join(strings)
        if path.suffix == ".ipynb":
            notebook = json.loads(path.read_text("utf-8"))
            prose = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
            yield f"{path.name} (hints)", "".join("".join(cell["source"]) for cell in prose)
            for cell in prose:
                cell["source"] = ""
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"])
            yield path.name, json.dumps(notebook).replace("\\n", "\n")
        else:
            yield path.name, path.read_bytes().decode("utf-8", "replace")


@pytest.mark.slow
def test_no_solution_is_released(real, repository):
    """Is no statement of a solution in code, metadata or HDF5, and no half function in hints?"""
    wanted = telling_lines(repository)
    assert sum(map(len, wanted.values())) > 10
    for _, folder in real.values():
        for place, text in texts(folder):
            for exercise, lines in wanted.items():
                found = [line for line in lines if line in text]
                allowed = len(lines) // 2 if place.endswith("(hints)") else 0
                assert len(found) <= allowed, f"{place}, {exercise}: {found}"


@pytest.mark.slow
def test_nothing_hidden_is_released(real, repository):
    """Is no file of solutions/ or the engine released, under any name, nor a secret seed?"""
    hidden = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("solutions", "autograder", "tests")
        for path in (repository / folder).rglob("*.py")
        if path.stat().st_size
    }
    for archive, folder in real.values():
        for path in folder.rglob("*"):
            assert path.suffix not in (".pyc", ".pyo", ".db", ".log")
            assert not any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file():
                assert hashlib.sha256(path.read_bytes()).hexdigest() not in hidden
        for name, text in texts(folder):
            if name.endswith((".py", ".ipynb")):
                for package in ("solutions", "autograder"):
                    assert f"import {package}" not in text
                    assert f"from {package}" not in text
        assert archive.stat().st_size < 5_000_000


@pytest.mark.slow
def test_released_stubs(real, repository):
    """Are the released code cells those of the source, with stubs that raise?"""
    for language, (_, folder) in real.items():
        built = json.loads(Course(repository).notebook(language, NAME).read_text("utf-8"))
        released = json.loads((folder / f"{NAME}.ipynb").read_text("utf-8"))
        pairs = zip(built["cells"], released["cells"], strict=True)
        assert all("".join(a["source"]) == "".join(b["source"]) for a, b in pairs)
        cells = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in released["cells"]
            if "nbgrader" in cell["metadata"]
        }
        for exercise in ASSIGNMENTS[NAME].exercises:
            source = "".join(cells[exercise.name]["source"])
            assert f'raise NotImplementedError("{exercise.name}")' in source
            assert not cells[f"test_{exercise.name}"]["outputs"]
