"""What students receive: everything they need, the same bytes each time, and no solution."""

import ast
import hashlib
import html
import itertools
import json
import re
import zipfile
from pathlib import Path

import h5py
import pytest
from nbgrader.api import Gradebook
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.building.release import release
from autograder.course import Course, CourseError, guide, student_files
from checks.assignments import ASSIGNMENTS

NAME = "cnn_step_by_step"
SHORTEST = 8
"""The fewest letters of a line that tells a solution."""


def test_archive(course, samples):
    """Does the zip hold the notebook and its files, and nothing hidden or compiled?"""
    path = release("zh", course.root, course.root / "build" / "release")
    assert path == course.root / "build" / "release" / "zh" / f"{NAME}.zip"
    with zipfile.ZipFile(path) as archive:
        beside = student_files(course.notebook_folder("zh", NAME)) | guide("zh")
        assert archive.namelist() == sorted(f"{NAME}/{n}" for n in (*beside, f"{NAME}.ipynb"))
        for name, path in beside.items():
            assert archive.read(f"{NAME}/{name}") == path.read_bytes()
        notebook = json.loads(archive.read(f"{NAME}/{NAME}.ipynb"))
    assert "一步一步" in "".join(notebook["cells"][0]["source"])
    stubs = {c["id"]: "".join(c["source"]) for c in notebook["cells"]}
    for exercise in samples.exercises:
        assert stubs[exercise.name] == samples.stub(exercise)


@pytest.mark.parametrize(
    ("language", "title"), [("en", "For students"), ("zh", "给学生"), ("eo", "For students")]
)
def test_page_for_students(language, title):
    """Is the page in the zip the one in the student's language, else the English one?"""
    ((name, page),) = guide(language).items()
    assert name == "README.md" and page.read_text("utf-8").startswith(f"# {title}")


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
    """The unpacked releases of this repository, by language and name, and their archives."""
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
    for language, name in itertools.product(("en", "zh"), ASSIGNMENTS):
        path = release(language, root, root / "build" / "release", name)
        folder = tmp_path_factory.mktemp(language)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        found[language, name] = (path, folder / name)
    return found


def plain(text: str) -> str:
    """Return code without what may differ between two copies of it: blanks, quotes, escapes."""
    return re.sub(r"[\s'\"\\]", "", text)


def plain_page(text: str) -> str:
    """Return what an HTML page shows and holds, so that code is found that is coloured in it."""
    without_tags = re.sub(r"<[^>]*>", "", text)
    return plain(html.unescape(without_tags)) + plain(html.unescape(text))


def computes(node: ast.AST) -> bool:
    """Return whether a statement computes something, and does more than to name a part."""
    if isinstance(node, ast.AugAssign):
        return True
    if not isinstance(node, (ast.Assign, ast.Return)) or node.value is None:
        return False
    return any(isinstance(n, (ast.Call, ast.BinOp, ast.Compare)) for n in ast.walk(node.value))


def telling_lines(repository: Path) -> dict[str, set[str]]:
    """Return what nothing but a solution computes, as plain(): by file and exercise."""
    found: dict[str, set[str]] = {}
    for assignment in ASSIGNMENTS.values():
        exercises = {exercise.name for exercise in assignment.exercises}
        for path in sorted((repository / "solutions" / assignment.name).glob("*.py")):
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef) and node.name in exercises:
                    lines = (plain(ast.unparse(n)) for n in ast.walk(node) if computes(n))
                    own = {line for line in lines if len(line) >= SHORTEST}
                    found[f"{path.name}, {node.name}"] = own
    return found


def leaks(text: str, wanted: dict[str, set[str]], hints: bool = False) -> dict[str, list[str]]:
    """Return the lines in a plain text that are too many; hints may hold half of a function."""
    found = {name: [line for line in lines if line in text] for name, lines in wanted.items()}
    return {
        name: lines
        for name, lines in found.items()
        if len(lines) > (len(wanted[name]) // 2 if hints else 0)
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
    for _, folder in real.values():
        for place, text in texts(folder):
            assert leaks(plain(text), wanted, place.endswith("(hints)")) == {}, place


def test_what_is_searched_for_is_found(repository):
    """Does every exercise have lines to search for, and is a solution found, coloured or not?"""
    if not Course(repository).has_solutions:
        pytest.skip("the solutions are not here: nothing to search for")
    wanted = telling_lines(repository)
    for assignment in ASSIGNMENTS.values():
        own = {f"reference.py, {exercise.name}" for exercise in assignment.exercises}
        source = (repository / "solutions" / assignment.name / "reference.py").read_text("utf-8")
        source = ast.unparse(ast.parse(source))
        page = f"<p>a < b</p>{highlight(source, PythonLexer(), HtmlFormatter())}"
        for text in (plain(source), plain(json.dumps(source)), plain_page(page)):
            for hints in (False, True):
                assert own <= leaks(text, wanted, hints).keys()


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
    for (language, name), (_, folder) in real.items():
        built = json.loads(Course(repository).notebook(language, name).read_text("utf-8"))
        released = json.loads((folder / f"{name}.ipynb").read_text("utf-8"))
        pairs = zip(built["cells"], released["cells"], strict=True)
        assert all("".join(a["source"]) == "".join(b["source"]) for a, b in pairs)
        cells = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in released["cells"]
            if "nbgrader" in cell["metadata"]
        }
        for exercise in ASSIGNMENTS[name].exercises:
            source = "".join(cells[exercise.name]["source"])
            assert f'raise NotImplementedError("{exercise.name}")' in source
            assert not cells[f"test_{exercise.name}"]["outputs"]
