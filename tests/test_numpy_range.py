"""Do the course's own tests hold on every NumPy that pyproject.toml allows?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
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
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["course-tests"]]
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


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


def oldest_h5py() -> str:
    """The lower bound of h5py, whose wheel carries the oldest HDF5: it has to read our files."""
    needed = next(r for r in map(Requirement, NEEDED) if r.name == "h5py")
    return next(bound.version for bound in needed.specifier if bound.operator == ">=")


def environment_with(version: Version, edge: str) -> Path:
    """The Python of an environment for the course's tests with that NumPy; kept for next time."""
    folder = ROOT / ".cache" / "numpy-{}-python-{}.{}".format(version, *sys.version_info)
    chosen = [f"numpy=={version}", *([f"h5py=={oldest_h5py()}"] if edge == "oldest" else [])]
    python = folder / "bin" / "python"
    finished = folder / "finished"
    made_for = f"{folder} {chosen} {NEEDED}"
    if not finished.exists() or finished.read_text(encoding="utf-8") != made_for:
        shutil.rmtree(folder, ignore_errors=True)
        made = run(sys.executable, "-m", "venv", folder)
        assert made.returncode == 0, made.stderr
        # Not the lock: SciPy and the others have to suit that NumPy.
        installed = run(
            python,
            *(*PIP, "install", "--quiet", "--only-binary", ":all:"),
            *(*chosen, *NEEDED),
        )
        assert installed.returncode == 0, installed.stderr
        finished.write_text(made_for, encoding="utf-8")
    return python


@pytest.mark.slow
@pytest.mark.again
@pytest.mark.parametrize("edge", ["oldest", "newest"])
def test_course_runs_on(edge: str, numpy_versions: list[Version]) -> None:
    """Do the tests of checks and solutions pass on the oldest and on the newest NumPy and h5py?"""
    ordered = numpy_versions if edge == "oldest" else reversed(numpy_versions)
    version = next(filter(has_wheel, ordered))
    if version == Version(np.__version__):
        pytest.skip(f"NumPy {version} is the {edge} here: the other tests run on it")
    python = environment_with(version, edge)
    reported = run(python, "-c", "import numpy; print(numpy.__version__)")
    assert Version(reported.stdout.strip()) == version

    result = subprocess.run(
        [python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *COURSE_TESTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    closing = result.stdout.strip().splitlines()[-1:]
    print(f"NumPy {version}: {closing}")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-1000:]
