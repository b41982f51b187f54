"""nbgrader's own commands in a course with our nbgrader_config.py."""

import csv
import functools
import json
import os
import subprocess
import sys
from datetime import datetime

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.course import guide, student_files
from autograder.course_lock import locked
from autograder.grading import store
from autograder.recording import recorder
from autograder.recording.nbgrader_steps import FeedbackExporter

NAME = "cnn_step_by_step"
RIGHT = "import numpy as np\ndef zero_pad(X, pad):\n    p = (pad, pad)\n" + (
    "    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
)


@pytest.fixture
def nbgrader(course, nbgrader):
    """Run an nbgrader command in the course; returns its output."""
    return functools.partial(nbgrader, course.root)


@pytest.fixture
def started(course, repository):
    """Start nbgrader's program with a command, as a person does; returns the process."""

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=course.root,
            env=os.environ | {"PYTHONPATH": str(repository)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def scores(course):
    with Gradebook(course.db_url, course.course_id) as book:
        return {
            submission.student.id: (submission.score, submission.needs_manual_grade)
            for submission in book.find_assignment(NAME).submissions
        }


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_released_notebook(course, nbgrader, samples, language):
    """Is what students get our notebook with its stubs, and nothing that they need not have?"""
    nbgrader("generate_assignment", NAME, COURSE_LANGUAGE=language)
    folder = course.root / "build" / "release" / NAME
    released = json.loads((folder / f"{NAME}.ipynb").read_text("utf-8"))
    source = json.loads(
        (course.root / "notebooks" / language / NAME / f"{NAME}.ipynb").read_text("utf-8")
    )
    assert ["".join(c["source"]) for c in released["cells"]] == [
        "".join(c["source"]) for c in source["cells"]
    ]
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    wanted = student_files(course.notebook_folder(language, NAME)) | guide(language)
    assert files == sorted([*wanted, f"{NAME}.ipynb"])
    assert all((folder / name).read_bytes() == path.read_bytes() for name, path in wanted.items())
    assert {"course.json", "checks/judge.py", f"checks/data/{NAME}.h5"} < set(files)


@pytest.mark.slow(20)
def test_commands_wait_for_the_course(course, started, submit, tmp_path):
    """Does each command of nbgrader's that writes wait while another program works on the course?

    Its first line says for whom; it has changed no score until the lock is free.
    """
    release = started("generate_assignment", NAME)
    told, _ = release.communicate(timeout=300)
    assert release.returncode == 0, told
    submit("ada", {"zero_pad": RIGHT})
    steps = {
        ("autograde", NAME): lambda: scores(course).get("ada", (0.0, True))[0],
        ("generate_feedback", NAME): lambda: list(course.build.glob("feedback/*/*/*.html")),
        ("export", "--to", str(tmp_path / "out.csv")): (tmp_path / "out.csv").exists,
    }
    for command, done in steps.items():
        assert not done(), command
        with locked(course, "another run"):
            process = started(*command)
            lines = iter(process.stdout.readline, "")
            assert any("Waiting for another run" in line for line in lines), command
            assert not done(), command
        process.communicate(timeout=120)
        assert process.returncode == 0
        assert done(), command
    assert scores(course) == {"ada": (5.0, False)}


@pytest.mark.slow
def test_unknown_language_is_refused(course, nbgrader):
    """Is COURSE_LANGUAGE=fr one clear line and no release?"""
    told = nbgrader("generate_assignment", NAME, code=1, COURSE_LANGUAGE="fr")
    assert "COURSE_LANGUAGE is one of en, zh, not 'fr'." in told
    assert not (course.root / "build" / "release").exists()


@pytest.mark.slow
def test_grading_with_nbgrader(course, nbgrader, submit):
    """Do autograde, generate_feedback and export go through the engine, whatever the files are?"""
    nbgrader("generate_assignment", NAME)
    submit("ada", {"zero_pad": RIGHT}, timestamp="2026-01-02 03:04:05 UTC")
    submit("张三", {"zero_pad": RIGHT}, language="zh", extra=["# <script>alert(1)</script>"])
    submit("broken", content=b'{"cells": [')
    submit("empty", content=b"")
    submit("page", content=b"<html></html>")
    twice = submit("twice", {"zero_pad": RIGHT})
    notebook = json.loads(twice.read_text())
    notebook["cells"] += [cell for cell in notebook["cells"] if cell["id"] == "zero_pad"]
    twice.write_text(json.dumps(notebook))
    folder = submit("files", {"zero_pad": RIGHT}).parent
    (folder / "evil.html").write_text("<script>alert(1)</script>")
    (folder / ".hidden").write_text("x")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "public_tests.py").write_text("raise SystemExit")
    (folder / "sub").mkdir()
    (folder / "sub" / "x.html").write_text("x")
    folder = submit("linked").parent
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").symlink_to("/dev/zero")
    os.mkfifo(submit("pipe").parent / "x.ipynb")
    submit("named", {"zero_pad": RIGHT}).rename(
        course.root / "build" / "submitted" / "named" / NAME / "mine.ipynb"
    )

    nbgrader("autograde", NAME)
    # What asks for a look waits for a person in formgrader's list, whatever it scored.
    right, flagged, nothing, failed = (5.0, False), (5.0, True), (0.0, False), (0.0, True)
    assert scores(course) == {
        "ada": right,
        "张三": right,
        "broken": failed,
        "empty": failed,
        "page": failed,
        "twice": flagged,
        "files": flagged,
        "linked": failed,
        "pipe": nothing,
        "named": flagged,
    }
    graded = course.root / "build" / "autograded"
    names = {p.relative_to(graded).name for p in graded.rglob("*") if not p.is_dir()}
    assert names == {f"{NAME}.ipynb", "timestamp.txt", "submission_secret.txt"}
    text = (graded / "张三" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    assert "一步一步" in text
    assert store.load(course, NAME, "ada").score == 5.0

    # A resubmission that fails does not keep the old mark unflagged.
    submit("ada", content=b"", timestamp="2026-01-03 03:04:05 UTC")
    nbgrader("autograde", NAME, "--student", "ada")
    assert scores(course)["ada"] == failed

    nbgrader("generate_feedback", NAME)
    page = course.root / "build" / "feedback" / "张三" / NAME / f"{NAME}.html"
    assert "下一步做什么" in page.read_text("utf-8")
    assert (page.parent.parent.parent / "twice" / NAME / f"{NAME}.html").is_file()

    nbgrader("export", "--to", "build/all.csv")
    with (course.root / "build" / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: (row["score"], row["status"]) for row in csv.DictReader(file)}
    assert rows["twice"] == ("5", "graded")
    assert rows["ada"] == ("0", "failed")


TIMES = {
    "offset": ("2026-01-02 03:04:05 +0800", datetime(2026, 1, 1, 19, 4, 5)),
    "evening": ("2026-01-02 6:00 PM", datetime(2026, 1, 2, 18)),
    "place": ("2026-01-02 03:04 Asia/Shanghai", datetime(2026, 1, 1, 19, 4)),
    "chinese": ("2026年1月2日 下午6:05", datetime(2026, 1, 2, 18, 5)),
    "ambiguous": ("2026-01-02 03:04:05 EST", None),
    "plain": ("2026-01-02 03:04:05.5 UTC", datetime(2026, 1, 2, 3, 4, 5, 500000)),
}


@pytest.mark.slow
def test_times_with_nbgrader(course, nbgrader, submit):
    """Is the time of submission in the gradebook the one that a person meant, or none?"""
    for student, (text, _) in TIMES.items():
        submit(student, {"zero_pad": RIGHT}, timestamp=text)
    nbgrader("generate_assignment", NAME)
    nbgrader("autograde", NAME, code=1)  # nbgrader itself can't read one of them
    with Gradebook(course.db_url, course.course_id) as book:
        submissions = book.find_assignment(NAME).submissions
        found = {one.student.id: (one.timestamp, one.score) for one in submissions}
    assert found == {student: (moment, 5.0) for student, (_, moment) in TIMES.items()}
    problems = store.load(course, NAME, "ambiguous").problems
    assert "EST" in " ".join(problem["en"] for problem in problems)


def test_feedback_opens_the_gradebook_once(course, submit, verdict_of, monkeypatch):
    """Does generate_feedback open one Writer for a whole class, and not one for each page?"""
    students = ("ada", "bob", "cy")
    verdicts = [verdict_of(submit(student), student) for student in students]
    for verdict in verdicts:
        store.save(course, verdict)
    recorder.record(verdicts, course)
    opened = []

    class Counted(recorder.Writer):
        def __init__(self, *arguments):
            opened.append(arguments)
            super().__init__(*arguments)

    monkeypatch.setattr(recorder, "Writer", Counted)
    app = GenerateFeedback(coursedir=CourseDirectory(root=str(course.root)))
    exporter = FeedbackExporter(parent=app)
    for student in students:
        names = {"nbgrader": {"assignment": NAME, "student": student, "notebook": NAME}}
        page, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(), names)
        assert "zero_pad" in page
    assert len(opened) == 1
