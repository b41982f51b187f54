"""Does the course hold on the oldest packages that pyproject.toml allows, on the newest NumPy?"""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from autograder.course import student_files
from checks.assignments import ASSIGNMENTS, FIRST
from tests.alone import alone

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
# The course itself, not the engine: verdicts are defined on the locked NumPy alone. Whoever has
# the course without its solutions tests the checks.
COURSE_TESTS = [
    path
    for path in (
        "tests/checks",
        "solutions/tests/test_functions.py",
        "solutions/tests/test_convnet_functions.py",
        "solutions/tests/test_catalogue.py",
        "solutions/tests/test_mutations.py",
        "solutions/tests/test_blind_spots.py",
        "solutions/tests/test_convnet_blind_spots.py",
        "solutions/tests/test_public_tests.py",
    )
    if (ROOT / path).exists()
]
OTHERS = [name for name in ASSIGNMENTS if name != FIRST]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["course-tests"]]
EXTRAS = PROJECT["project"]["optional-dependencies"]
# One test of each extra that does with its packages what they are there for.
EXTRAS_TESTS = [
    "tests/test_site.py::test_pages_to_read_are_whole",
    "tests/test_site.py::test_jupyterlite_is_configured",
    "tests/test_clusters.py::test_dask_cluster",
    "tests/grading/test_postgresql.py::test_same_rows_as_sqlite",
]
UV = Path(sys.executable).with_name("uv")
VERSIONS = """
import json, sys
from importlib.metadata import version
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")


def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    # A program of that environment finds its kernel and its helpers beside itself.
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **settings}
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )


def lower_bound(requirement: Requirement) -> Version:
    """The oldest version that a requirement names."""
    return next(Version(b.version) for b in requirement.specifier if b.operator == ">=")


def has_wheel(version: Version) -> bool:
    """Is there a ready-made NumPy of that version for this Python and system?"""
    # `pip index versions --only-binary` does not look: it lists releases that are source only.
    options = ("--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:")
    return run(sys.executable, *PIP, "install", *options, f"numpy=={version}").returncode == 0


@pytest.fixture(scope="module")
def numpy_versions() -> list[Version]:
    """The NumPy releases in pyproject.toml's range that name this Python, oldest first."""
    needed = next(r for r in map(Requirement, NEEDED) if r.name == "numpy")
    listing = run(sys.executable, *PIP, "index", "versions", "numpy")
    found = re.search(r"Available versions: (.+)", listing.stdout)
    if not found:
        pytest.skip(f"pip could not list NumPy's versions: {listing.stderr.strip()[-200:]}")
    return sorted(v for v in map(Version, found[1].split(", ")) if v in needed.specifier)


def requirements(edge: str, folder: Path, numpy: Version | None) -> Path:
    """Write what an environment holds: all lower bounds, or the newest packages with a NumPy.

    The edge "extras" is "oldest" with every extra.
    """
    bounds = ("--resolution", "highest" if edge == "newest" else "lowest-direct")
    groups = [f"--group={ROOT / 'pyproject.toml'}:{name}" for name in ("student", "course-tests")]
    if edge == "extras":
        groups += [f"--extra={name}" for name in EXTRAS]
    file = folder / f"{edge}.txt"
    chosen = folder / f"{edge}.in"
    chosen.write_text(f"numpy=={numpy}\n" if numpy else "", "utf-8")
    options = ("--quiet", "--no-header", "--no-annotate", "--only-binary", ":all:")
    sources = (ROOT / "pyproject.toml", chosen, "--python", sys.executable, "-o", file)
    done = run(UV, "pip", "compile", *options, *bounds, *groups, *sources)
    if done.returncode:
        pytest.skip(f"no environment of the {edge} packages: {done.stderr.strip()[-300:]}")
    return file


def environment(edge: str, needed: Path) -> Path:
    """Return the Python of an environment with exactly those packages; it is kept for next time."""
    folder = CACHE / "{}-python-{}.{}".format(edge, *sys.version_info)
    python, finished = folder / "bin" / "python", folder / "finished"
    made_for = f"{folder}\n{needed.read_text('utf-8')}"
    with alone(folder):
        if not finished.exists() or finished.read_text(encoding="utf-8") != made_for:
            shutil.rmtree(folder, ignore_errors=True)
            made = run(sys.executable, "-m", "venv", "--without-pip", folder)
            assert made.returncode == 0, made.stderr
            options = ("--quiet", "--only-binary", ":all:", "--python", python)
            installed = run(UV, "pip", "install", *options, "-r", needed)
            assert installed.returncode == 0, installed.stderr
            finished.write_text(made_for, encoding="utf-8")
    return python


def test_environment_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do workers that ask at the same time get one environment, which is whole?"""
    made = []

    def slowly(*command: str | Path) -> subprocess.CompletedProcess[str]:
        made.append(command)
        if command[0] != UV:
            Path(command[-1]).mkdir(parents=True)
        time.sleep(0.1)
        return subprocess.CompletedProcess(command, 0, "", "")

    for name, value in (("CACHE", tmp_path / "cache"), ("run", slowly)):
        monkeypatch.setitem(environment.__globals__, name, value)
    needed = tmp_path / "needed.txt"
    needed.write_text("numpy==1.26.0\n", "utf-8")
    with ThreadPoolExecutor() as workers:
        asked = [workers.submit(environment, "oldest", needed) for _ in range(3)]
    assert {(one.result().parents[1] / "finished").is_file() for one in asked} == {True}
    assert len(made) == 2


@pytest.fixture(scope="module")
def oldest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the oldest versions of the dependencies and of the groups that NEEDED names."""
    folder = tmp_path_factory.mktemp("oldest")
    return environment("oldest", requirements("oldest", folder, None))


@pytest.mark.slow
def test_oldest_packages_are_those_of_the_bounds(oldest: Path) -> None:
    """Is each package there in its lower bound's version, as far as this Python has that one?"""
    said = run(oldest, "-c", VERSIONS, *(Requirement(text).name for text in NEEDED))
    found = {name: Version(text) for name, text in json.loads(said.stdout).items()}
    lowest = {r.name: lower_bound(r) for r in map(Requirement, NEEDED)}
    # For a new Python there may be no NumPy that old.
    newer = {name: str(v) for name, v in found.items() if v != lowest[name]}
    assert sys.version_info >= (3, 12) or newer == {}


@pytest.mark.slow(25)
@pytest.mark.skipif(not (ROOT / "solutions").is_dir(), reason="needs the solutions")
@pytest.mark.parametrize(
    "assignment", [FIRST, *(pytest.param(a, marks=pytest.mark.again) for a in OTHERS)]
)
def test_notebook_and_check_on_the_oldest(oldest: Path, assignment: str, tmp_path: Path) -> None:
    """Does the filled notebook run there, every check passed, and does `autograder check` agree?"""
    from solutions.catalogue import load

    folder = tmp_path / assignment
    built = ROOT / "notebooks" / "en" / assignment
    for name, path in student_files(built).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    notebook = nbformat.read(built / f"{assignment}.ipynb", as_version=4)
    functions = load(assignment).functions
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            cell.source = inspect.getsource(functions[mark["grade_id"]])
    file = folder / f"{assignment}.ipynb"
    nbformat.write(notebook, file)
    convert = ("-m", "nbconvert", "--to", "notebook", "--execute", "--inplace")
    done = run(oldest, *convert, "--ExecutePreprocessor.kernel_name=python3", file)
    assert done.returncode == 0, done.stderr[-2000:]
    outputs = [o for c in nbformat.read(file, as_version=4).cells for o in c.get("outputs", ())]
    assert [o.get("evalue") for o in outputs if o.output_type == "error"] == []

    done = run(oldest, "-m", "autograder", "check", "--json", file)
    assert done.returncode == 0, done.stderr[-2000:]
    verdict = json.loads(done.stdout)
    assert verdict["score"] == verdict["max_score"]


@pytest.mark.again
@pytest.mark.slow
def test_extras_do_their_work_on_the_oldest(tmp_path: Path) -> None:
    """Is the site built, and are dask and PostgreSQL used, with the oldest of the extras?"""
    python = environment("extras", requirements("extras", tmp_path, None))
    needed = [Requirement(text) for texts in EXTRAS.values() for text in texts]
    said = run(python, "-c", VERSIONS, *(requirement.name for requirement in needed))
    found = {name: Version(text) for name, text in json.loads(said.stdout).items()}
    assert found == {requirement.name: lower_bound(requirement) for requirement in needed}
    tests = [name for name in EXTRAS_TESTS if (ROOT / name.partition("::")[0]).exists()]
    options = ("-q", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist")
    # The engine is not installed there, and what the tests start may start in another folder.
    done = run(python, "-m", "pytest", *options, *tests, PYTHONPATH=str(ROOT))
    print(done.stdout[-600:])
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.again
@pytest.mark.slow
@pytest.mark.parametrize("edge", ["oldest", "newest"])
def test_course_runs_on(
    edge: str, numpy_versions: list[Version], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Do the tests of checks and solutions pass on the oldest packages and the newest NumPy?"""
    if edge == "oldest":
        python = request.getfixturevalue("oldest")
    else:
        version = next(filter(has_wheel, reversed(numpy_versions)))
        if version == Version(np.__version__):
            pytest.skip(f"NumPy {version} is the newest here: the other tests run on it")
        python = environment("newest", requirements("newest", tmp_path, version))

    result = subprocess.run(
        [python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *COURSE_TESTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    print(f"{edge}: {result.stdout.strip().splitlines()[-1:]}")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-1000:]
