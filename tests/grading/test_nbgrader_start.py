"""Tests of opening nbgrader's gradebook in less time than nbgrader takes."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from autograder import __main__ as command
from autograder.course import Course
from autograder.recording import nbgrader_start

OPEN = (
    "from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook; "
    "import_nbgrader(); "
)


def schema(path: Path) -> list[tuple]:
    """Everything that a database of nbgrader's holds before anything is recorded, but indexes."""
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT sql FROM sqlite_master WHERE type <> 'index' ORDER BY name"
        tables = database.execute(query).fetchall()
        return [*tables, *database.execute("SELECT version_num FROM alembic_version")]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A new gradebook by nbgrader, one by us, and what our program said of its own start."""
    folder = tmp_path_factory.mktemp("gradebooks")
    theirs, ours = folder / "theirs.db", folder / "ours.db"
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    code = f"from nbgrader.api import Gradebook; Gradebook('sqlite:///{theirs}', 'c').close()"
    subprocess.run([sys.executable, "-c", code], check=True, env=path, cwd=folder)
    # Without nbgrader's programs on PATH: none of them may be run.
    code = f"{OPEN}open_gradebook('sqlite:///{ours}', 'c').close(); "
    code += "import sys; print('rfc3987_syntax' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={"PATH": "/nowhere", "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return theirs, ours, told.stdout.strip()


@pytest.mark.slow
def test_same_gradebook(opened: tuple[Path, Path, str]) -> None:
    """Is a new gradebook the same, schema version included, as one that nbgrader made?"""
    theirs, ours, _ = opened
    assert schema(ours) == schema(theirs)


@pytest.mark.slow
def test_grammar_left_out(opened: tuple[Path, Path, str]) -> None:
    """Is the costly grammar left out, and still there for a later import?"""
    assert opened[2] == "False"


@pytest.mark.slow
def test_opened_again(opened: tuple[Path, Path, str]) -> None:
    """Does a gradebook that nbgrader made stay as it is when we open it?"""
    from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook

    theirs, _, _ = opened
    before = schema(theirs)
    import_nbgrader()
    open_gradebook(f"sqlite:///{theirs}", "c").close()
    assert schema(theirs) == before


def test_no_home(course, submit, monkeypatch, capsys):
    """Is a missing home folder said in one line, with exit code 2, before anything is graded?"""

    def unknown(number):
        raise KeyError(number)

    submit("ada")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.setattr(command, "Course", lambda: course)
    monkeypatch.setattr(Course, "has_solutions", True)
    assert command.main(["grade", "cnn_step_by_step"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "no home folder" in line
    assert "set HOME" in line
    assert [path.name for path in course.build.iterdir()] == ["submitted"]


def test_killed_before_the_version(tmp_path):
    """Is the version written after a process was killed between making its table and filling it?"""
    path = tmp_path / "gradebook.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute(nbgrader_start.CREATE_VERSION)
    for _ in range(2):
        nbgrader_start._state_version(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT version_num FROM alembic_version").fetchall()
    assert len(rows) == 1
