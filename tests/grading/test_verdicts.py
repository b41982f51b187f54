"""A saved verdict counts with --resume only if this machine wrote it about this submission."""

import hashlib
import hmac
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder import run_class
from autograder.course import ROOT, CourseError
from autograder.grading import grade_class, store
from autograder.grading.rounds import round_to_grade_in, signing_key
from autograder.pages.feedback import feedback_page
from autograder.recording.recorder import record
from autograder.sandbox import describe_level
from autograder.status import Status
from checks.assignments import ASSIGNMENTS

NAME = "cnn_step_by_step"


@pytest.fixture
def resumed(course, submit, verdict_of, monkeypatch):
    """Go on with a run that has judged ada and bob wrong: the scores, and who was graded again."""
    seed = round_to_grade_in(course, NAME).seed
    for student in ("ada", "bob"):
        path = submit(student, extra=(f"# {student}",))
        verdict = verdict_of(path, student, {"conv_forward": 0.0}, seed=seed)
        folder = course.folder("submitted", student, NAME)
        store.save(course, replace(verdict, submission_hash=store.submission_hash(folder, NAME)))

    def resumed():
        again = []

        def grade_tasks(tasks, setting, jobs, meanwhile, server):
            for task in tasks:
                again.append(task.student)
                path = task.folder / f"{NAME}.ipynb"
                yield verdict_of(path, task.student, {"conv_forward": 0.0}, seed=setting.seed)

        monkeypatch.setattr(grade_class, "grade_tasks", grade_tasks)
        found = grade_class.grade_class(course, NAME, resume=True, level="process", quiet=True)
        return {verdict.student: verdict.score for verdict in found}, again

    return resumed


@pytest.fixture
def saved(course):
    """The file of a student's verdict."""
    return lambda student: course.build / "verdicts" / NAME / f"{student}.json"


def test_own_verdicts_are_kept(resumed):
    """Is nobody graded twice when nothing was touched?"""
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, [])


def test_the_isolation_is_said_first(resumed, capsys):
    """Does a run begin by saying how well students' code is kept apart?"""
    resumed()
    assert capsys.readouterr().err.startswith(f"isolation: {describe_level('process')}")


def test_the_isolation_is_said_in_the_courses_language(course, resumed, capsys, monkeypatch):
    """Does a run of a Chinese course say in Chinese how well students' code is kept apart?"""
    monkeypatch.setitem(vars(course), "language", "zh")
    resumed()
    assert capsys.readouterr().err.startswith("隔离方式：process（没有隔离：")


def _edited(stored, other):
    return stored | {"body": stored["body"].replace('"score": 0.0', '"score": 25.0')}


def _signed_with_another_key(stored, other):
    return _edited(stored, other) | {"signature": "0" * 64}


def _unsigned(stored, other):
    return {"body": _edited(stored, other)["body"]}


def _bare(stored, other):
    return json.loads(_edited(stored, other)["body"])["verdict"]


def _of_a_classmate(stored, other):
    return other


def _odd_types(stored, other):
    return {"body": 1, "signature": None}


def _no_object(stored, other):
    return [stored]


@pytest.mark.parametrize(
    "forge",
    [
        _edited,
        _signed_with_another_key,
        _unsigned,
        _bare,
        _of_a_classmate,
        _odd_types,
        _no_object,
    ],
    ids=lambda forge: forge.__name__.strip("_"),
)
def test_forged_verdict(resumed, saved, forge):
    """Is a verdict file that was edited, made up or copied thrown away, and ada graded again?"""
    stored, other = (json.loads(saved(s).read_text("utf-8")) for s in ("ada", "bob"))
    forged = forge(stored, other)
    assert forged != stored
    saved("ada").write_text(json.dumps(forged), "utf-8")
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, ["ada"])


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_broken_verdict_file(resumed, saved, content):
    """Is a file that is no verdict at all the same as none?"""
    saved("ada").write_bytes(content)
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, ["ada"])


def test_verdict_in_the_submission(resumed, saved, course):
    """Does a verdict file that a student hands in count for nothing?"""
    folder = course.build / "submitted" / "ada" / NAME
    forged = _edited(json.loads(saved("ada").read_text("utf-8")), None)
    for name in ("ada.json", "verdict.json"):
        (folder / name).write_text(json.dumps(forged), "utf-8")
    # The code could read them, so they make it another submission.
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, ["ada"])


@pytest.mark.parametrize("change", ["notebook", "file beside it", "seed", "engine"])
def test_verdict_on_something_else(resumed, course, submit, change, monkeypatch):
    """Is a true verdict on other files, another round or another engine given up?"""
    if change == "notebook":
        submit("ada", extra=("# ada, corrected",))
    elif change == "file beside it":
        (course.folder("submitted", "ada", NAME) / "mylayers.py").write_text("correct = True")
    elif change == "engine":
        monkeypatch.setattr(store, "engine_hash", lambda assignment: "another")
    else:
        store.save(course, replace(store.load(course, NAME, "ada"), seed=1))
    _, again = resumed()
    assert again == (["ada", "bob"] if change == "engine" else ["ada"])


LOADED = """
import sys
from pathlib import Path
from autograder.course import ROOT
from autograder.grading import pool
from solutions.catalogue import load
load(sys.argv[1])
files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
for path in filter(None, files):
    if Path(path).is_relative_to(ROOT) and ".venv" not in Path(path).parts:
        print(Path(path).relative_to(ROOT).as_posix())
"""


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_ends_resume(assignment):
    """Are the files that a verdict depends on those that grading loads, and no test or corpus?"""
    hashed = {path.relative_to(ROOT).as_posix() for path in store.engine_files(assignment)}
    command = [sys.executable, "-c", LOADED, assignment]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    empty = {path for path in loaded.stdout.split() if not (ROOT / path).read_text().strip()}
    packages = {"autograder/__init__.py", "solutions/__init__.py"}
    package = f"solutions/{assignment}/__init__.py"
    assert set(loaded.stdout.split()) - empty - packages - {package} <= hashed
    others = ("tests", "attacks", "gallery", "faults", "outsiders", "beginners", "attempts")
    assert not [path for path in hashed if any(word in path for word in others)]
    assert not [path for path in hashed if "plots" in path or "pages" in path or "docs" in path]


def test_misconceptions_in_one_file_end_resume(tmp_path, monkeypatch):
    """Does an edited misconceptions.py of a small assignment end --resume, as a package does?"""
    monkeypatch.setattr(store, "ROOT", tmp_path)
    for name in (
        *store.ENGINE,
        "solutions/small/reference.py",
        "solutions/small/misconceptions.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch() if path.suffix else path.mkdir()
    names = [path.name for path in store.engine_files("small")]
    assert {"reference.py", "misconceptions.py"} <= set(names)


def test_what_verdicts_depend_on_is_there(tmp_path, monkeypatch):
    """Is a folder that has moved an error, in place of a hash of nothing?"""
    monkeypatch.setattr(store, "ENGINE", (*store.ENGINE, "autograder/moved"))
    with pytest.raises(CourseError, match="autograder/moved is missing"):
        store.engine_files(NAME)


OLD_SCORES = {"ada": 85.0, "bob": 100.0}


def test_verdicts_of_the_first_form(course, resumed, submit, old_verdict):
    """Are verdicts of an earlier engine shown and recorded, and graded again with --resume?"""
    for student in OLD_SCORES:
        old_verdict(student, OLD_SCORES[student])
    old = {verdict.student: verdict for verdict in store.load_all(course, NAME)}
    assert {student: verdict.score for student, verdict in old.items()} == OLD_SCORES
    assert {verdict.status for verdict in old.values()} == {Status.GRADED}
    assert record(old.values(), course) == []
    found = (run_class.write_report(course, NAME), run_class.write_marks(course, NAME))
    assert all("ada" in path.read_text("utf-8") for path in found)
    assert "stride is ignored" in feedback_page(old["ada"])
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, ["ada", "bob"])


@pytest.fixture
def old_verdict(course):
    """Write a verdict file as commit 1147fb3 did: ``old_verdict(student, score)``."""

    def write(student, score):
        first, *others = ASSIGNMENTS[NAME].exercises
        lost = {"conv_forward": 100.0 - score}
        exercises = []
        for exercise in (first, *others):
            points = exercise.points - lost.get(exercise.name, 0.0)
            right = points == exercise.points
            cause = {
                "id": f"{exercise.name}/stride_ignored",
                "message": "The result is the one you get when the stride is ignored.",
                "hint": "Where does the window begin?",
            }
            check = {"name": "stride 2", "passed": right, "detail": "", "label": "stride 2"}
            replay = {"exercise": exercise.name, "case": exercise.cases[0].name, "seed": 7}
            exercises.append(
                {
                    "name": exercise.name,
                    "score": float(points),
                    "max_score": float(exercise.points),
                    "status": "right" if right else "wrong",
                    "checks": [check if right else check | {"replay": replay}],
                    "with_right_helpers": False,
                    "diagnosis": [] if right else [cause],
                    "grade_id": f"test_{exercise.name}",
                    "note": "",
                    "cpu_seconds": 0.01,
                }
            )
        source = "def zero_pad(X, pad):\n    return X"
        cell = {"index": 3, "grade_id": "zero_pad", "tags": [], "source": source}
        result = {"status": "ok", "error": None, "outputs": [{"text": "hi"}]}
        verdict = {
            "file": f"build/submitted/{student}/{NAME}/{NAME}.ipynb",
            "score": score,
            "max_score": 100.0,
            "seed": 7,
            "exercises": exercises,
            "problems": [],
            "assignment": NAME,
            "language": "en",
            "submission_sha256": "0" * 64,
            "isolation": "namespaces",
            "cells": [cell | result],
            "cpu_seconds": 0.1,
            "student": student,
        }
        key = {"submission": "0" * 64, "engine": "1" * 64, "seed": 7}
        body = json.dumps({"key": key, "verdict": verdict})
        message = f"{NAME}\n{student}\n{body}".encode()
        signature = hmac.new(signing_key(course), message, hashlib.sha256).hexdigest()
        path = course.build / "verdicts" / NAME / f"{student}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"body": body, "signature": signature}))

    return write


@pytest.mark.parametrize("content", [b"", b"short", bytes(31)])
def test_key_that_is_not_whole(resumed, course, content):
    """Is a key that anybody could guess refused in one line?"""
    (course.build / "rounds" / "key").write_bytes(content)
    with pytest.raises(CourseError, match="rounds/key is no whole key"):
        resumed()


@pytest.mark.parametrize("content", ["", "{", "{}", "3", '{"number": 1, "seed": 0}'])
def test_round_that_is_not_whole(course, content):
    """Is a round's file that is damaged, or whose seed is no secret, refused in one line?"""
    path = course.build / "rounds" / f"{NAME}.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(CourseError, match="delete it to begin a new round"):
        round_to_grade_in(course, NAME)
