"""A small course, submissions and verdicts, so that recording is tested without running code."""

import base64
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.script import ScriptDirectory
from PIL import Image

from autograder.course import Course
from autograder.model import (
    CauseVerdict,
    CellVerdict,
    CheckVerdict,
    ExerciseVerdict,
    Output,
    Replay,
    Verdict,
)
from autograder.reading.submissions import read_submission
from autograder.recording.nbgrader_start import import_nbgrader
from autograder.status import ExerciseStatus, Status
from autograder.texts import NO_TEXT, same_in_all
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES, Text
from tests import warm

# Before the tests import it: so it is imported without what takes most of the time.
import_nbgrader()

NAME = "cnn_step_by_step"
EXERCISES = ASSIGNMENTS[NAME].exercises
DETAIL = Text(
    "12 of 40 values differ, first at [0, 1, 0]", "40 个值中有 12 个不同，首先在 [0, 1, 0]"
)
MESSAGE = Text(
    "The result is the one you get when the stride is ignored.", "结果与忽略步幅时得到的相同。"
)
HINT = Text("Where does the window for output row h begin?", "输出第 h 行的窗口从哪里开始？")
STUB = """def {name}({parameters}):
    # YOUR CODE STARTS HERE
    raise NotImplementedError("{name}")
    # YOUR CODE ENDS HERE
"""


def stub(exercise) -> str:
    return STUB.format(name=exercise.name, parameters=", ".join(exercise.parameters))


def graded(name, *, solution, points=None):
    mark = {
        "grade": not solution,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return mark if points is None else mark | {"points": points}


def code_cell(source, cell_id, **metadata):
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def source_notebook(language: str) -> dict:
    title = {
        "en": "# Step by step\n\nMuch prose.\n```python\n# code\n```\n",
        "zh": "# 一步一步\n\n很多文字。",
    }[language]
    cells = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": title},
        code_cell("import numpy as np", "packages"),
    ]
    for exercise in EXERCISES:
        cells += [
            {
                "cell_type": "markdown",
                "id": f"about-{exercise.name}",
                "metadata": {},
                "source": f"## {exercise.name}\n\n![](images/x.png) $x$ <script>alert(1)</script>",
            },
            code_cell(stub(exercise), exercise.name, nbgrader=graded(exercise.name, solution=True)),
            code_cell("plot()", f"play-{exercise.name}", tags=["demo"]),
            code_cell(
                f"{exercise.name}_test({exercise.name})",
                f"test_{exercise.name}",
                nbgrader=graded(f"test_{exercise.name}", solution=False, points=exercise.points),
                tags=["raises-exception"],
            ),
        ]
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "course": {"assignment": NAME, "language": language},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture(scope="session")
def alembic_version() -> str:
    """The version of the gradebook's tables; running the program alembic takes seconds."""
    import nbgrader

    folder = Path(nbgrader.__file__).parent / "alembic"
    return ScriptDirectory(str(folder)).get_current_head()


@pytest.fixture
def course(tmp_path, repository, alembic_version, monkeypatch) -> Course:
    """A course folder with nbgrader_config.py and a small notebook in both languages."""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: alembic_version)
    root = tmp_path / "course"
    for language in LANGUAGES:
        folder = root / "notebooks" / language / NAME
        (folder / "__pycache__").mkdir(parents=True)
        (folder / "images").mkdir()
        notebook = source_notebook(language)
        for cell in notebook["cells"]:
            cell["source"] = cell["source"].splitlines(keepends=True)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        (folder / f"{NAME}.ipynb").write_text(text, "utf-8")
        shutil.copy(repository / "public_tests.py", folder)
        course = {"language": language, "assignment": NAME}
        (folder / "course.json").write_text(json.dumps(course))
        (folder / "__pycache__" / "x.pyc").write_bytes(b"stale")
        (folder / ".DS_Store").write_bytes(b"x")
    shutil.copy(repository / "nbgrader_config.py", root)
    return Course(root)


@pytest.fixture
def autograder(course, repository):
    """Run autograder's or nbgrader's commands in the course; returns what they printed.

    With ``code=None`` the process is returned while it runs.
    """

    def run(module, *arguments, code=0, **environment):
        if module == "nbgrader":
            done = warm.nbgrader(course.root, *arguments, **environment)
            assert done.returncode == code, done.stdout + done.stderr
            return done.stdout
        path = course.root / "run.py"
        path.write_text(
            "import sys\nfrom pathlib import Path\nfrom autograder.__main__ import main\n"
            "from autograder.course import Course\n"
            "Course.__init__.__defaults__ = (Path(__file__).parent,)\n"
            "Course.has_solutions = True\nsys.exit(main(sys.argv[1:]))\n"
        )
        process = subprocess.Popen(
            [sys.executable, str(path), *arguments],
            cwd=course.root,
            env=os.environ | {"PYTHONPATH": str(repository)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if code is None:
            return process
        out, errors = process.communicate(timeout=300)
        assert process.returncode == code, out + errors
        return out

    return run


@pytest.fixture
def nbgrader():
    """Run a command of nbgrader in a folder, ``nbgrader(folder, "submit", NAME)``.

    It returns what it printed.
    """

    def run(folder, *arguments, code=0, **environment):
        done = warm.nbgrader(folder, *arguments, **environment)
        said = done.stdout + done.stderr
        assert done.returncode == code, (arguments, done.returncode, said)
        return said

    return run


@pytest.fixture
def submit(course):
    """Hand in: ``submit(student, {exercise: code}, ...)`` returns the file's path."""

    def submit(student, code=None, *, language="en", extra=(), timestamp=None, content=None):
        folder = course.root / "build" / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        notebook = source_notebook(language)
        for cell in notebook["cells"]:
            if cell["id"] in (code or {}):
                cell["source"] = code[cell["id"]]
        notebook["cells"] += [code_cell(source, f"own-{i}") for i, source in enumerate(extra)]
        path = folder / f"{NAME}.ipynb"
        path.write_bytes(json.dumps(notebook).encode() if content is None else content)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        return path

    return submit


def picture() -> str:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "#3b6ea5").save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


def cell_verdict(source, index=0, outputs=(), error="", **more):
    """A cell as a verdict keeps it; `outputs` are texts, or pictures as {"png": ...}."""
    kept = (Output(**o) if isinstance(o, dict) else Output(o) for o in outputs)
    return CellVerdict(source, index, outputs=tuple(kept), error=error, **more)


def with_exercise(verdict, name, **fields):
    """The verdict with other fields of one exercise."""
    exercises = (replace(e, **fields) if e.name == name else e for e in verdict.exercises)
    return replace(verdict, exercises=tuple(exercises))


@pytest.fixture
def verdict_of():
    """Make the verdict of a file: ``verdict_of(path, student, {exercise: score})``."""

    def make(path: Path, student: str, scores=None, *, language="en", problems=(), **more):
        exercises = []
        for exercise in EXERCISES:
            score = (scores or {}).get(exercise.name, exercise.points)
            right = score == exercise.points
            replay = None if right else Replay(exercise.name, exercise.cases[0].name, 2**63 + 7)
            detail = NO_TEXT if right else DETAIL
            cause = CauseVerdict(f"{exercise.name}/stride_ignored", MESSAGE, HINT)
            exercises.append(
                ExerciseVerdict(
                    exercise.name,
                    float(score),
                    float(exercise.points),
                    ExerciseStatus.RIGHT if right else ExerciseStatus.WRONG,
                    tuple(CheckVerdict(c.name, right, detail, replay) for c in exercise.checks),
                    diagnosis=() if right else (cause,),
                    cpu_seconds=0.02,
                )
            )
        data = Path(path).read_bytes() if Path(path).is_file() else b""
        fields = {
            "seed": 2**63 + 7,
            "status": Status.GRADED,
            "exercises": tuple(exercises),
            "problems": tuple(same_in_all(problem) for problem in problems),
            "submission_hash": hashlib.sha256(data).hexdigest() if data else "",
            "isolation": "namespaces",
            "cpu_seconds": 0.2,
        }
        cells = read_submission(path).cells
        fields["cells"] = tuple(CellVerdict(**vars(cell), status="ok") for cell in cells)
        names = {"assignment": NAME, "student": student, "language": language}
        return Verdict(str(path), **fields | names | more)

    return make


@pytest.fixture
def samples():
    """Values that several tests use."""
    return SimpleNamespace(name=NAME, exercises=EXERCISES, picture=picture(), stub=stub)


@pytest.fixture
def formgrader(course, repository) -> Iterator[str]:
    """A Jupyter server with formgrader on the course; its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    home = course.root / "home"
    home.mkdir()
    extensions = "{'nbgrader.server_extensions.formgrader': True}"
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")
    with (course.root / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
                *("--IdentityProvider.token=", f"--ServerApp.root_dir={course.root}"),
                f"--ServerApp.jpserver_extensions={extensions}",
            ],
            cwd=course.root,
            env=os.environ | {"PYTHONPATH": str(repository)} | {name: str(home) for name in names},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/status", server)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the Jupyter server did not start")
