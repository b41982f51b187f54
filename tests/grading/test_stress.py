"""Is nothing lost, whatever becomes of the processes that grade?"""

import os
import secrets

import pytest

from benchmarks.stress import stress

SECONDS = float(os.environ.get("STRESS_SECONDS", "60"))
SUBMISSIONS = 6


@pytest.mark.slow(70)
def test_nothing_is_lost(tmp_path):
    """Does a resumed run leave what an undisturbed one does, after graders were stopped at random?

    STRESS_SECONDS=600 makes it long; `python -m benchmarks stress` is the same with a whole class.
    """
    outcome = stress(tmp_path / "course", SECONDS, SUBMISSIONS, secrets.randbits(32))
    print(outcome)
    assert not outcome.faults, outcome
    assert sum(outcome.ends.values()) > 1, outcome
