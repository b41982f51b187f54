"""Shards grade parts of a class on any machine, and merge records them as one run would have."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from autograder import run_class
from autograder.__main__ import main
from autograder.course import Course, CourseError
from autograder.grading import grade_class, store
from autograder.grading.rounds import last_round, shared_round, signing_key
from autograder.grading.shards import Shard, shard_of
from autograder.recording.gradebook import Writer

NAME = "cnn_step_by_step"
ZERO_PAD = (
    "import numpy as np\ndef zero_pad(X, pad):\n    p = (pad, pad)\n"
    "    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
)
SHARED = {"rounds", "submitted", "verdicts"}
NO_PAD = "def zero_pad(X, pad):\n    return X\n"
STUDENTS = ("ada", "bob", "cy", "dora", "emil", "fay", "gus")
ROWS = """
SELECT student_id, base_cell.name, auto_score, manual_score, needs_manual_grade
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
ORDER BY student_id, base_cell.name
"""


def rows(course):
    with closing(sqlite3.connect(course.build / "gradebook.db")) as database:
        return database.execute(ROWS).fetchall()


def files(course, *steps):
    """What a run leaves for people to read, by path; the receipts' secret is drawn for each."""
    places = [course.step(step) for step in steps or ("autograded", "feedback")]
    found = [path for place in places for path in place.rglob("*") if path.is_file()]
    found += [course.csv_path(NAME), course.report_path(NAME)]
    return {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in found
        if path.name != "submission_secret.txt"
    }


def untimed(content):
    """A page without the CPU seconds that its table tells."""
    return re.sub(rb">[0-9]+\.[0-9]{2}</td", b"></td", content)


def contents(folder):
    """What the files of a folder hold, and when they were written."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


@pytest.fixture
def handed_in(submit):
    """Seven students, of whom one has a wrong function and one an unreadable file."""
    for student in STUDENTS:
        submit(student, {"zero_pad": NO_PAD if student == "cy" else ZERO_PAD})
    submit("gus", content=b"no notebook")


@pytest.fixture
def shard(course, verdict_of, monkeypatch):
    """Grade a shard without running code; returns whom it graded anew."""
    again = []

    def grade_tasks(tasks, setting, jobs, meanwhile, server):
        for task in tasks:
            again.append(task.student)
            covered = store.submission_hash(task.folder, NAME)
            path = task.folder / f"{NAME}.ipynb"
            verdict = verdict_of(path, task.student, seed=setting.seed, submission_hash=covered)
            store.save(course, verdict)
            yield verdict

    def shard(text):
        again.clear()
        part = run_class.grade_part(course, NAME, Shard.from_text(text), level="process")
        return sorted(again), part

    monkeypatch.setattr(grade_class, "grade_tasks", grade_tasks)
    return shard


@pytest.mark.parametrize(
    "text", ["", "0/3", "4/3", "1", "1/0", "-1/3", "1/3/5", "1.0/3", "a/b", "٣/٣", " 1/3", "01/3"]
)
def test_no_shard(text):
    """Is what is no part of a whole refused, in one line?"""
    with pytest.raises(CourseError, match=r"is no shard: write --shard I/N, with I from 1 to N$"):
        Shard.from_text(text)


@pytest.mark.parametrize("option", [["--student", "a*"], ["--resume"], ["--wait"], ["--json"]])
def test_shard_goes_with_few_options(option, capsys):
    """Is an option that means nothing for a shard, or would tell the seed to a log, refused?"""
    assert main(["grade", NAME, "--shard", "1/3", *option]) == 2
    assert f"--shard does not go with {option[0]}" in capsys.readouterr().err


def test_every_student_is_in_one_shard():
    """Is a class cut into parts of about one size, and nobody moved when others hand in?"""
    students = [f"student-{number}" for number in range(3000)]
    parts = [shard_of(student, 3) for student in students]
    assert set(parts) == {Shard(1, 3), Shard(2, 3), Shard(3, 3)}
    assert all(900 < parts.count(part) < 1100 for part in set(parts))
    # A part is the same on every machine and in every version.
    assert [str(shard_of(student, 3)) for student in STUDENTS] == [
        "1/3",
        "2/3",
        "1/3",
        "3/3",
        "1/3",
        "3/3",
        "2/3",
    ]


def test_one_round_is_drawn(course):
    """Do shards that begin at once draw one round and one key?"""
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: shared_round(course, NAME, 8, all), range(32)))
        keys = set(pool.map(lambda _: signing_key(course), range(32)))
    assert (len({round_.seed for round_ in drawn}), len(keys)) == (1, 1)
    assert last_round(course, NAME) == drawn[0]
    assert drawn[0].shards == 8


def test_shards_and_merge(course, handed_in, shard, capsys):
    """Does a repeated shard grade nothing, and a missing one stop the merge, which names it?"""
    with pytest.raises(CourseError, match="no shard of cnn_step_by_step was graded yet"):
        run_class.merge(course, NAME)
    parts = {"1/3": shard("1/3")[0]}
    drawn = contents(course.build / "rounds")
    parts["3/3"] = shard("3/3")[0]
    assert {name: shard(name)[0] for name in parts} == {"1/3": [], "3/3": []}
    left = [student for student in STUDENTS if str(shard_of(student, 3)) == "2/3"]
    assert sorted(sum(parts.values(), left)) == sorted(STUDENTS)
    # The lock is of the merge that was refused.
    assert {path.name for path in course.build.iterdir()} == {"lock", *SHARED}
    # Once the round is drawn, its folder may be mounted for reading alone.
    assert contents(course.build / "rounds") == drawn
    with pytest.raises(CourseError) as caught:
        run_class.merge(course, NAME)
    missing = f"{len(left)} of 7 submissions have no verdict of this round and this version: "
    where = f"shard 2/3 ({len(left)} of {len(left)}): {', '.join(left)}; run these shards again"
    assert str(caught.value).startswith(missing + where)
    assert not (course.build / "gradebook.db").exists()
    assert shard("1/1")[0] == left
    summary = run_class.merge(course, NAME)
    assert (summary.count, summary.told) == (7, [])
    assert last_round(course, NAME).is_finished
    assert {row[0] for row in rows(course)} == set(STUDENTS)


def test_merge_twice(course, handed_in, shard, capsys):
    """Does a second merge, or a late shard, change nothing, not even what a person did since?"""
    shard("1/1")
    first = run_class.merge(course, NAME)
    with closing(sqlite3.connect(course.build / "gradebook.db")) as database, database:
        database.execute("UPDATE grade SET manual_score = 3, needs_manual_grade = 0")
    before = rows(course), files(course), last_round(course, NAME)
    assert [shard(text)[0] for text in ("1/2", "2/2")] == [[], []]
    second = run_class.merge(course, NAME)
    assert "round 1 is merged already; nothing was changed" in capsys.readouterr().err
    assert (rows(course), files(course), last_round(course, NAME)) == before
    assert (second.count, second.csv, second.report) == (first.count, first.csv, first.report)


def test_new_round_for_what_is_new(course, handed_in, shard, submit):
    """Does something new begin a round for the whole class, and the old verdicts stay out of it?"""
    shard("1/1")
    run_class.merge(course, NAME)
    submit("bob", extra=("# better",))
    again = [student for number in (1, 2, 3) for student in shard(f"{number}/3")[0]]
    assert sorted(again) == sorted(STUDENTS)
    assert last_round(course, NAME).number == 2
    assert run_class.merge(course, NAME).count == 7


def test_merge_that_was_stopped(course, handed_in, shard, submit, monkeypatch):
    """Does merge go on in the round that it began to tell, and take in nothing handed in since?"""
    shard("1/1")
    seed = last_round(course, NAME).seed

    def stop(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("autograder.recording.recorder.write_feedback", stop)
        run_class.merge(course, NAME)
    assert last_round(course, NAME).feedback_given
    submit("bob", extra=("# bob, who has seen a page",))
    again, part = shard("1/1")
    assert again == []
    assert [line.split(":")[0] for line in part.told] == ["bob"]
    summary = run_class.merge(course, NAME)
    assert [line.split(":")[0] for line in summary.told] == ["bob"]
    assert summary.count == 6
    assert last_round(course, NAME).seed == seed


def test_verdicts_of_others_do_not_count(course, handed_in, shard):
    """Is a verdict that was edited, or is on what was handed in before, missing for merge?"""
    shard("1/1")
    path = course.build / "verdicts" / NAME / "ada.json"
    stored = json.loads(path.read_text())
    path.write_text(json.dumps(stored | {"body": stored["body"].replace("wrong", "right") + " "}))
    submitted = course.folder("submitted", "bob", NAME) / f"{NAME}.ipynb"
    submitted.write_text(submitted.read_text() + "\n")
    with pytest.raises(CourseError, match=r"^2 of 7 .*: shard 1/1 \(2 of 7\): ada, bob; run"):
        run_class.merge(course, NAME)


# With real processes


def start(course, repository, *arguments):
    return subprocess.Popen(
        [sys.executable, str(course.root / "run.py"), *arguments],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(repository)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow(15)
def test_three_shards_are_one_run(course, handed_in, autograder, repository, tmp_path):
    """Are rows, marks and pages of shards and merge those of one run with the same round?"""
    shards = [
        autograder("autograder", "grade", NAME, "--shard", f"{n}/3", code=None) for n in (1, 2, 3)
    ]
    told = [process.communicate(timeout=300) for process in shards]
    assert [process.returncode for process in shards] == [0, 0, 0], told
    round_ = last_round(course, NAME)
    key = signing_key(course).hex()
    assert not any(
        secret in text for both in told for text in both for secret in (str(round_.seed), key)
    )
    assert {path.name for path in course.build.iterdir()} == SHARED
    one = Course(tmp_path / "one")
    shutil.copytree(course.root, one.root)
    shutil.rmtree(one.build / "verdicts")

    whole = start(one, repository, "grade", NAME)
    merged = start(course, repository, "merge", NAME)
    outs = [process.communicate(timeout=300) for process in (whole, merged)]
    assert [process.returncode for process in (whole, merged)] == [1, 1], outs
    assert outs[0][0].splitlines()[-1] == outs[1][0].splitlines()[-1]
    assert last_round(one, NAME).seed == last_round(course, NAME).seed == round_.seed
    assert rows(course) == rows(one) != []
    ours, theirs = files(course), files(one)
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if untimed(ours[name]) != untimed(theirs[name])] == []
    with Writer(course, NAME) as writer:
        assert [writer.marks(student).score for student in ("ada", "cy", "gus")] == [5, 0, 0]


@pytest.mark.slow
def test_killed_shard(course, handed_in, autograder):
    """Is a shard that was killed finished by the same command, and no merge done until then?"""
    folder = course.build / "verdicts" / NAME
    first = autograder("autograder", "grade", NAME, "--shard", "1/1", "--jobs", "1", code=None)
    while not list(folder.glob("*.json")) and first.poll() is None:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    assert first.returncode == -signal.SIGKILL
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    assert 0 < len(kept) < 7
    autograder("autograder", "merge", NAME, code=2)
    autograder("autograder", "grade", NAME, "--shard", "1/1")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert "7 submissions graded" in autograder("autograder", "merge", NAME, code=1)
