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


def test_grading_is_left_out_where_there_is_no_resource() -> None:
    """Does `make grade` run on every system of the students' job but Windows, as the file says?"""
    text = WORKFLOWS[0].with_name("tests.yml").read_text("utf-8")
    job = load(".github/workflows/tests.yml")["jobs"]["students"]
    (step,) = (step for step in job["steps"] if step.get("run") == "make grade")
    assert job["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    assert step["if"] == "runner.os == 'macOS'"
    comment = text[: text.index("- if: runner.os")].splitlines()[-2]
    assert "# Not on Windows: the engine needs Python's module `resource`" in comment
    engine = (ROOT / "autograder").rglob("*.py")
    assert any(re.search(r"^import resource$", path.read_text("utf-8"), re.M) for path in engine)


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
