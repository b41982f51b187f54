"""Is a class that a cluster graded, disturbed all the while, as if nobody had disturbed it?"""

import pytest

from autograder.course import Course
from autograder.grading.rounds import last_round, signing_key
from benchmarks import slurm
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
