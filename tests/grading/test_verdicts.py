"""A saved verdict counts with --resume only if this machine wrote it about this submission."""

import json

import pytest

from autograder.grading import grade_class, store
from autograder.grading.rounds import current_round
from autograder.reading.submissions import read_submission

NAME = "cnn_step_by_step"


@pytest.fixture
def resumed(course, submit, verdict_of, monkeypatch):
    """Go on with a run that has judged ada and bob wrong: the scores, and who was graded again."""
    seed = current_round(course, NAME).seed
    for student in ("ada", "bob"):
        path = submit(student, extra=(f"# {student}",))
        verdict = verdict_of(path, student, {"conv_forward": 0.0}, seed=seed)
        grade_class.save_verdict(course, verdict | {"score": 75.0})

    def resumed():
        again = []

        def grade_tasks(tasks, setting, jobs):
            for task in tasks:
                again.append(task.student)
                path = task.folder / f"{NAME}.ipynb"
                verdict = verdict_of(path, task.student, {"conv_forward": 0.0}, seed=setting.seed)
                yield task, verdict | {"score": 75.0}

        monkeypatch.setattr(grade_class, "grade_tasks", grade_tasks)
        found = grade_class.grade_class(course, NAME, resume=True, level="process", quiet=True)
        return {verdict["student"]: verdict["score"] for verdict in found}, again

    return resumed


@pytest.fixture
def saved(course):
    """The file of a student's verdict."""
    return lambda student: course.build / "verdicts" / NAME / f"{student}.json"


def test_own_verdicts_are_kept(resumed):
    """Is nobody graded twice when nothing was touched?"""
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, [])


def _edited(stored, other):
    return stored | {"body": stored["body"].replace('"score": 75.0', '"score": 100.0')}


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
    assert resumed() == ({"ada": 75.0, "bob": 75.0}, [])


@pytest.mark.parametrize("change", ["submission", "seed", "engine"])
def test_verdict_on_something_else(resumed, course, submit, change, monkeypatch):
    """Is a true verdict on an earlier file, round or engine given up?"""
    if change == "submission":
        submit("ada", extra=("# ada, mended",))
    elif change == "engine":
        monkeypatch.setattr(store, "engine_hash", lambda: "another")
    else:
        path = course.build / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
        key = store.VerdictKey(read_submission(path).sha256, store.engine_hash(), 1)
        old = store.load(course, NAME, "ada")
        store.save(course, NAME, "ada", old | {"score": 100.0}, key)
    _, again = resumed()
    assert again == (["ada", "bob"] if change == "engine" else ["ada"])
