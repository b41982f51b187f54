"""Do pyproject.toml, the lock, environment.yml, make and .ci/run agree on what is set up?"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")

# Conda-forge's name where it differs from PyPI's. matplotlib-base is matplotlib without Qt.
PYPI_NAMES = {"matplotlib-base": "matplotlib"}

# What no lock holds: sixteen packages for those who have a cluster of that kind, and what a test
# puts into an environment of its own.
NOT_LOCKED = {"dask", "hub"}

# Course content lives in the repository's root; only the engine is installed.
NOT_INSTALLED = ("solutions", "checks", "public_tests", "plots", "tests", "benchmarks")


def read_project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def group_requirements(project: dict, name: str) -> list[Requirement]:
    """The requirements of one dependency group, included groups resolved."""
    requirements: list[Requirement] = []
    for entry in project["dependency-groups"][name]:
        if isinstance(entry, str):
            requirements.append(Requirement(entry))
        else:
            requirements += group_requirements(project, entry["include-group"])
    return requirements


def all_requirements(project: dict) -> list[Requirement]:
    locked = project["dependency-groups"].keys() - NOT_LOCKED
    groups = [r for name in sorted(locked) for r in group_requirements(project, name)]
    backend = [Requirement(text) for text in project["build-system"]["requires"]]
    return [Requirement(text) for text in project["project"]["dependencies"]] + groups + backend


def read_lock() -> list[tuple[Requirement, list[str]]]:
    """Each pin of the lock with its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    entries = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pin, *hashes = re.split(r"\s+--hash=", line.strip())
        entries.append((Requirement(pin), hashes))
    return entries


def locked_version(name: str, python: str) -> Version:
    """The version the lock gives to one Python on Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "os_name": "posix",
        "platform_system": "Linux",
        "implementation_name": "cpython",
    }
    versions = [
        Version(next(iter(pin.specifier)).version)
        for pin, _ in read_lock()
        if canonicalize_name(pin.name) == canonicalize_name(name)
        and (pin.marker is None or pin.marker.evaluate(environment))
    ]
    assert len(versions) == 1, f"{name} on Python {python}: {versions} in requirements.lock"
    return versions[0]


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def tracked_texts() -> list[tuple[Path, str]]:
    texts = []
    for path in tracked_files():
        try:
            texts.append((path.relative_to(ROOT), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


def test_environment_yml_agrees_with_pyproject() -> None:
    """Does conda give students the same packages, in the same ranges, as pyproject.toml names?"""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = {}
    for entry in environment["dependencies"]:
        name, _, version = entry.partition(" ")
        conda[PYPI_NAMES.get(name, name)] = SpecifierSet(version)
    python = conda.pop("python")
    project = read_project()

    student = {r.name: r.specifier for r in group_requirements(project, "student")}
    assert conda == student
    assert [f"3.{minor}" for minor in range(20) if f"3.{minor}.5" in python] == list(PYTHONS)
    assert all(
        f"{version}.5" in SpecifierSet(project["project"]["requires-python"]) for version in PYTHONS
    )
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_binder_takes_the_same_environment() -> None:
    """Does Binder's file differ from environment.yml in one Python of the range alone?"""
    student, binder = (
        yaml.safe_load((ROOT / folder / "environment.yml").read_text(encoding="utf-8"))
        for folder in (".", ".binder")
    )
    _, *packages = student.pop("dependencies")
    python, *same_packages = binder.pop("dependencies")
    assert python in {f"python={version}" for version in PYTHONS}
    assert same_packages == packages
    assert binder == student


def test_one_package_has_one_range() -> None:
    """Does pyproject.toml give each package the same range wherever it names it?"""
    ranges: dict[str, set[SpecifierSet]] = {}
    for requirement in all_requirements(read_project()):
        ranges.setdefault(canonicalize_name(requirement.name), set()).add(requirement.specifier)
    assert {name: found for name, found in ranges.items() if len(found) > 1} == {}


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_satisfies_pyproject(python: str) -> None:
    """Has each Python exactly one pin, within its range, for each package pyproject.toml names?"""
    project = read_project()
    extras = {
        name: [Requirement(text) for text in texts]
        for name, texts in project["project"]["optional-dependencies"].items()
        if name not in NOT_LOCKED
    }
    for requirement in sum(extras.values(), all_requirements(project)):
        assert locked_version(requirement.name, python) in requirement.specifier


def test_lock_pins_with_hashes() -> None:
    """Is each line of the lock one exact version with SHA-256 hashes?"""
    entries = read_lock()
    assert len(entries) > 50
    for pin, hashes in entries:
        assert [s.operator for s in pin.specifier] == ["=="], pin
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", text) for text in hashes), pin


def test_lock_names_no_address() -> None:
    """Does the lock install from anybody's index: no hosts, no paths, no index options?"""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(
        r"[/@]|^\s*-[if]\b|--(extra-)?index|--find-links|--trusted-host", text, re.M
    )


def test_installed_versions_are_the_locked_ones() -> None:
    """Do these tests run on the versions of the lock?"""
    python = "{}.{}".format(*sys.version_info)
    if python not in PYTHONS:
        pytest.skip(f"Python {python} is outside the tested range")
    numpy = pytest.importorskip("numpy")
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("not running in .venv")
    assert Version(numpy.__version__) == locked_version("numpy", python)


def third_party_imports(folder: Path) -> set[str]:
    """The top-level names imported below a folder, neither ours nor the standard library's."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    own = {path.stem for path in (*ROOT.iterdir(), *folder.rglob("*"))}
    return names - sys.stdlib_module_names - own


def test_engine_imports_only_declared_packages() -> None:
    """Is every package that the engine imports named in pyproject.toml?"""
    project = read_project()["project"]
    declared = {
        canonicalize_name(Requirement(text).name)
        for text in sum(project["optional-dependencies"].values(), project["dependencies"])
    }
    distributions = packages_distributions()
    undeclared = {
        name
        for name in third_party_imports(ROOT / "autograder")
        # What no distribution provides is a module of ours, made or mounted at run time.
        if name in distributions
        and not declared & {canonicalize_name(owner) for owner in distributions[name]}
    }
    assert undeclared == set()


@pytest.mark.parametrize("name", ["scipy", "scikit-learn"])
def test_not_needed_at_run_time(name: str) -> None:
    """Does neither the engine nor a student need what only tests and data sets are made with?"""
    data = read_project()
    extras = data["project"]["optional-dependencies"]
    needed = {
        "engine": data["project"]["dependencies"],
        "student": data["dependency-groups"]["student"],
    } | extras
    holders = [
        group
        for group, texts in needed.items()
        if name in {canonicalize_name(Requirement(text).name) for text in texts}
    ]
    assert holders == []
    module = {"scikit-learn": "sklearn"}.get(name, name)
    for folder in ("autograder", "checks", "plots"):
        assert module not in third_party_imports(ROOT / folder)


def test_only_the_engine_is_installed(tmp_path: Path) -> None:
    """Does course content, solutions above all, stay out of reach outside the repository?"""
    command = (
        "import importlib.util as u, json, sys;"
        "print(json.dumps([n for n in sys.argv[1:] if u.find_spec(n)]))"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", command, "autograder", *NOT_INSTALLED],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    found = result.stdout.strip()
    if found == "[]":
        pytest.skip("the engine is not installed in this environment")
    assert found == '["autograder"]'


def test_ci_runs_what_the_readme_promises() -> None:
    """Does .ci/run, executable, call make test and make grade?"""
    path = ROOT / ".ci" / "run"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert os.access(path, os.X_OK)
    assert lines[0] == "#!/usr/bin/env bash"
    assert any(line.startswith("make test") for line in lines)
    assert any(line.startswith("make grade") for line in lines)


def test_make_names_the_python_it_needs(tmp_path: Path) -> None:
    """Does make say in one line what is missing where Python is too old or lacks venv?"""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    # Debian's Python without python3-venv: recent enough, but importing ensurepip fails.
    bare = tmp_path / "bare-python"
    bare.write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac\nexit 0\n'
    )
    for program, words in ((old, "3.11 or newer"), (bare, "apt install python3-venv")):
        program.chmod(0o755)
        result = subprocess.run(
            ["make", "setup", f"PYTHON={program}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        message, *rest = result.stderr.strip().splitlines()
        assert result.returncode != 0
        assert words in message
        assert all(line.startswith("make") for line in rest)  # make's own "Error 1"
        assert not (tmp_path / ".venv").exists()


def test_makefile_lists_its_targets() -> None:
    """Has every target that `make help` should list its line, and is it phony?"""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = re.findall(r"^([a-z-]+):.*## ", text, re.M)
    phony = re.search(r"^\.PHONY: (.*)$", text, re.M)
    assert phony
    assert {"grade", "test", "build", "lint", "bench", "lock", "clean", "help"} <= set(listed)
    assert set(listed) <= set(phony[1].split())
    assert listed.index("grade") < listed.index("test")


def test_tracked_files_name_no_path_of_this_machine() -> None:
    """Is every tracked text free of the folders this checkout and this Python lie in?"""
    folders = {str(ROOT), str(Path.home()), sys.base_prefix, sys.prefix}
    # A short path such as /usr or /root is a word like another; a deeper one is this machine's.
    folders = {
        folder for folder in folders if len(Path(folder).parts) > 2 and folder != "/usr/local"
    }
    for path, text in tracked_texts():
        assert [folder for folder in folders if folder in text] == [], path


def test_lines_end_alike() -> None:
    """Do all tracked texts end their lines in LF and the last line with one?"""
    for path, text in tracked_texts():
        assert "\r" not in text, path
        assert text == "" or text.endswith("\n"), path


def test_pairs_of_lock_lines_are_sorted() -> None:
    """Is the lock in the resolver's order, so that a refreshed one gives a small diff?"""
    names = [canonicalize_name(pin.name) for pin, _ in read_lock()]
    assert all(first <= second for first, second in pairwise(names))
