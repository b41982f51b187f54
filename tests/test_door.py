"""Do the files that people expect at the door exist, and do they say what is so?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def load(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_follows_the_schema(path: Path) -> None:
    """Would GitHub accept the workflow file?"""
    command = ("-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows")
    done = subprocess.run(
        [sys.executable, *command, path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflow_runs_what_ci_runs() -> None:
    """Does the workflow call .ci/run on Linux, and the students' side on macOS and Windows?"""
    jobs = load(".github/workflows/tests.yml")["jobs"]
    commands = {
        name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()
    }
    assert "bash .ci/run" in commands["linux"]
    assert {"macos-latest", "windows-latest"} <= set(
        jobs["students"]["strategy"]["matrix"]["system"]
    )
    for path in re.findall(r"\b(?:tests|solutions)/\S+", commands["students"]):
        assert (ROOT / path).exists(), path
    for words in ("tests/checks", "nbconvert --to notebook --execute", "make grade"):
        assert words in commands["students"]


def test_windows_grades_within_wsl() -> None:
    """Does Windows grade in Linux, with the packages that docs/instructors.md installs there?"""
    jobs = load(".github/workflows/tests.yml")["jobs"]
    (grades,) = (step for step in jobs["students"]["steps"] if step.get("run") == "make grade")
    assert grades["if"] == "runner.os == 'macOS'"
    job = jobs["wsl"]
    assert job["runs-on"] == "windows-latest"
    (setup,) = (step["with"] for step in job["steps"] if "setup-wsl@v" in step.get("uses", ""))
    page = (ROOT / "docs" / "instructors.md").read_text("utf-8")
    wsl, installed = re.search(r"wsl --install -d (\w+)[\s\S]+?apt install -y (.+)", page).groups()
    assert setup["distribution"].startswith(wsl)
    assert setup["additional-packages"] == installed
    (run,) = (step for step in job["steps"] if "run" in step)
    assert run["shell"] == "wsl-bash {0}"
    assert run["run"].splitlines()[-1] == "make grade"
    engine = (ROOT / "autograder").rglob("*.py")
    assert any(re.search(r"^import resource$", path.read_text("utf-8"), re.M) for path in engine)


NO_UNIX = """
import sys
for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules[name] = None
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *sys.argv[1:]]))
"""


@pytest.mark.slow
def test_students_side_needs_no_unix() -> None:
    """Do the tests that the workflow runs on Windows start where Unix's modules are missing?"""
    steps = load(".github/workflows/tests.yml")["jobs"]["students"]["steps"]
    (command,) = [step["run"] for step in steps if "-m pytest" in step.get("run", "")]
    paths = command.split("-m pytest ")[1].split()
    program = [sys.executable, "-c", NO_UNIX, "--collect-only", *paths]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    program = [sys.executable, "-c", NO_UNIX, *paths[:1], "-k", "test_judge or test_summary"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_pre_commit_runs_make_lint() -> None:
    """Does pre-commit run the linter that `make lint` runs, and no second version of it?"""
    (repository,) = load(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == ["make lint"]
    assert re.search(r"^lint:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def test_citation_names_this_version() -> None:
    """Has CITATION.cff what its format asks for, and the version of pyproject.toml?"""
    citation = load("CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert all("name" in author or "family-names" in author for author in citation["authors"])
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{citation["version"]}"' in project


def test_contributing_names_what_exists() -> None:
    """Are the make targets and folders that CONTRIBUTING.md names there?"""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= targets
    folders = [name for name in re.findall(r"`([a-z_/]+/)`", text) if "<" not in name]
    assert folders
    assert [name for name in folders if not (ROOT / name).is_dir()] == []
