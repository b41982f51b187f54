"""Tests of the time that all functions and all jobs of one submission have together."""

import dataclasses
import threading
import time

import pytest

from autograder.sandbox import Budget, Limits
from tests.sandbox.conftest import QUICK, SLEEPS

SLEEPER = "import time\ndef sleeps(): time.sleep(1000)\ndef right(): return 1.0"
# A single wall-clock timeout would take 1 + 4 * 0.5 s.
CLASS_OF_SLEEPERS = {f"group {i}": [("sleeps",), ("sleeps",)] for i in range(6)}


@pytest.mark.slow
def test_sleepers_end_together(run):
    """Do many sleeping exercises end within the job's time, and correct ones keep their turn?"""
    started = time.monotonic()
    groups = {**CLASS_OF_SLEEPERS, "last": [("right",)]}
    result = run(SLEEPER, groups=groups, limits={"job_wall": 8.0, "wall_retries": 0, **SLEEPS})
    assert time.monotonic() - started < 8.0 + 2.0
    assert {call.status for name in CLASS_OF_SLEEPERS for call in result.groups[name]} == {
        "timeout"
    }
    assert [call.value for call in result.groups["last"]] == [1.0]


@pytest.mark.slow
def test_sleeping_cells_leave_time_for_calls(run):
    """Do cells that sleep leave the functions their turn?"""
    cells = [SLEEPER, "time.sleep(1000)"]
    limits = {"job_wall": 8.0, "notebook_wall": 2.0, **SLEEPS}
    started = time.monotonic()
    result = run(*cells, groups={"last": [("right",)]}, limits=limits)
    assert time.monotonic() - started < 8.0 + 2.0
    assert result.notebook == "definitions only"
    assert [call.value for call in result.groups["last"]] == [1.0]


@pytest.mark.slow
def test_jobs_share_a_budget(run):
    """Does what one job of a submission used up lack the next, and a new submission not?"""
    limits = {"submission_wall": 6.0, "wall_retries": 1, **SLEEPS}
    groups = {"sleeps": [("sleeps",)]}
    first = run(SLEEPER, groups=groups, limits=limits)
    # Tried once more alone, so half of the six seconds at least.
    assert first.budget.wall < 4.0 and first.budget.wall_retries == 0
    second = run(SLEEPER, groups=CLASS_OF_SLEEPERS, limits=limits, budget=first.budget)
    assert second.budget.wall == 0.0
    started = time.monotonic()
    third = run(SLEEPER, groups={"right": [("right",)]}, limits=limits, budget=second.budget)
    assert time.monotonic() - started < 1.0
    assert third.groups["right"][0].status != "ok"
    fresh = run(SLEEPER, groups={"right": [("right",)]}, limits=limits)
    assert fresh.groups["right"][0].status == "ok"


def test_cpu_is_shared_too(run):
    """Is CPU time, as the keeper counts it, taken off, and nothing run where none is left?"""
    result = run("x = 0\nfor i in range(10**6): x += i")
    used = Budget.of(QUICK).cpu - result.budget.cpu
    assert 0 < used == pytest.approx(result.cpu_seconds)
    empty = dataclasses.replace(result.budget, cpu=0.0)
    told = run("def right(): return 1.0", groups={"a": [("right",)]}, budget=empty)
    assert told.groups["a"][0].status == "timeout"


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")  # skips where there are no namespaces
def test_waiting_for_others_is_free(tmp_path):
    """Does a submission that waits for the others, to be tried again alone, lose no time?"""
    from autograder.sandbox import Call, Cell, Group, Job, Sandbox
    from autograder.sandbox.outside.quiet import QuietLock

    limits = dataclasses.replace(QUICK, job_wall=6.0, submission_wall=20.0, **SLEEPS)
    job = Job(
        (Cell(SLEEPER, 0),),
        (Group("sleeps", (Call("sleeps", ()),)), Group("right", (Call("right", ()),))),
        limits=limits,
    )
    other, done = QuietLock(tmp_path / "lock"), threading.Event()

    def busy() -> None:
        with other.together():
            done.wait(10)

    with Sandbox(quiet_lock=tmp_path / "lock") as sandbox:
        thread = threading.Thread(target=busy)
        thread.start()
        threading.Timer(9.0, done.set).start()
        result = sandbox.run(job)
        thread.join()
    assert result.groups["right"][0].value == 1.0
    # Two calls of 3 s, and not the 6 s in between.
    assert result.budget.wall > 11.0


def test_defaults_fit_together():
    """Has every function its full time where one alone sleeps, and helpers where the own run took
    all of its own?"""
    limits = Limits()
    call = limits.call_cpu * limits.wall_factor
    own = limits.job_wall + limits.wall_retries * call
    assert (limits.job_wall - 1) / 8 > call
    assert limits.submission_wall - own > 3 * limits.group_cpu * limits.wall_factor
    assert limits.notebook_wall > (limits.cell_cpu * limits.wall_factor) + limits.cell_cpu
    assert limits.submission_cpu >= limits.notebook_cpu + (8 + 3) * limits.group_cpu
