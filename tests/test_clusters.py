"""Is a class that a cluster graded, disturbed all the while, as if nobody had disturbed it?"""

import os
import re
import subprocess
import sys
import time

import pytest

from autograder.__main__ import main
from autograder.cluster.dask_shards import grade_on_dask, run_shard
from autograder.course import Course, CourseError
from autograder.grading.rounds import last_round, signing_key
from benchmarks import dask_cluster, slurm
from benchmarks.bench_gradebook import rows_of
from benchmarks.class_folder import ASSIGNMENT, engine_course, handed_in

SUBMISSIONS = 10
SEED = 14


@pytest.fixture
def class_folder(tmp_path):
    """A course folder in which a class has handed in, and nothing was graded."""
    root = tmp_path / "course"
    engine_course(root, handed_in(SUBMISSIONS))
    slurm.command_in(root)
    return root


def same_as_undisturbed(root, tmp_path):
    """Whether a class has the rows of one that was graded as one part, in the same round."""
    other = tmp_path / "undisturbed"
    slurm.undisturbed(root, other)
    rows = rows_of(Course(root))
    return rows[0] == SUBMISSIONS * 8 and rows == rows_of(Course(other))


def tells_secrets(root, text):
    """Whether a text tells the round's seed or the key that signs."""
    course = Course(root)
    secrets = str(last_round(course, ASSIGNMENT).seed), signing_key(course).hex()
    return any(secret in text for secret in secrets)


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.skipif(bool(slurm.why_not()), reason=slurm.why_not())
def test_slurm_array(class_folder, tmp_path):
    """Does the example's array survive kills and requeues, with the rows of an undisturbed run?"""
    with slurm.cluster() as cluster:
        outcome = slurm.grade_disturbed(cluster, class_folder, SEED)
        started = cluster.ask("scontrol", "show", "job", "--details")
    assert outcome.did["killed"] > 0 and outcome.did["requeued"] > 0
    assert f"{SUBMISSIONS} submissions graded" in outcome.merged
    logs = [path.read_text() for path in (class_folder / "build" / "slurm").iterdir()]
    assert len(logs) >= 20
    assert not tells_secrets(class_folder, "\n".join([*logs, started]))
    assert same_as_undisturbed(class_folder, tmp_path)


def grade_on(cluster, root, **environment):
    """Begin to grade a class on a dask cluster."""
    return subprocess.Popen(
        [root / ".venv" / "bin" / "autograder", "grade", ASSIGNMENT, "--dask", cluster.address],
        cwd=root,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.skipif(bool(dask_cluster.why_not()), reason=dask_cluster.why_not())
def test_dask_cluster(class_folder, tmp_path):
    """Does a class survive a worker that is killed, with the rows of an undisturbed run?"""
    verdicts = class_folder / "build" / "verdicts" / ASSIGNMENT
    with dask_cluster.cluster(2) as cluster:
        stranger = grade_on(cluster, class_folder)
        said, _ = stranger.communicate(timeout=300)
        assert (stranger.returncode, len(said.splitlines())) == (2, 1), said
        assert "no certificate is known; put ca-file" in said
        assert not verdicts.exists()
        grading = grade_on(cluster, class_folder, **cluster.environment)
        while not list(verdicts.glob("*.json")) and grading.poll() is None:
            time.sleep(0.05)
        cluster.workers[0].kill()
        said, _ = grading.communicate(timeout=300)
        logs = cluster.logs()
    assert grading.returncode == 0, said
    assert f"{SUBMISSIONS} submissions graded" in said
    assert "8 shards on 2 threads of tls://" in said
    assert not tells_secrets(class_folder, said + logs)
    assert same_as_undisturbed(class_folder, tmp_path)


@pytest.mark.parametrize(
    ("address", "missing", "line"),
    [
        ("tcp://127.0.0.1:8786", False, "has to be a tls:// address"),
        ("127.0.0.1:8786", False, "has to be a tls:// address"),
        ("tls://127.0.0.1:8786", True, r"pip install 'distributed>=2024.1'"),
    ],
)
def test_no_dask(class_folder, monkeypatch, address, missing, line):
    """Is a cluster that anybody could use refused, and a missing package told, in one line?"""
    if missing:
        monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CourseError, match=re.escape(line)):
        grade_on_dask(Course(class_folder), ASSIGNMENT, address, 1, "auto")
    assert not (class_folder / "build" / "rounds").exists()


def test_what_a_task_is(class_folder):
    """Is a task a command line that is run in the course's folder, and its end all that returns?"""
    program = class_folder / ".venv" / "bin" / "autograder"
    program.write_text('#!/bin/sh\npwd\necho "$@"\nexit 3\n')
    arguments = ["grade", ASSIGNMENT, "--shard", "2/3"]
    told = f"grade {ASSIGNMENT} --shard 2/3"
    assert run_shard(str(class_folder), arguments) == (3, told)


OTHERS = [["--shard", "1/2"], ["--resume"], ["--json"], ["--section", "a"], ["--explain", "all"]]


@pytest.mark.parametrize("option", OTHERS)
def test_dask_goes_with_few_options(option, capsys):
    """Is an option that means nothing for a cluster refused?"""
    assert main(["grade", ASSIGNMENT, "--dask", "tls://localhost:1", *option]) == 2
    names = {"--dask", option[0]}
    assert names <= set(capsys.readouterr().err.split())
