"""A process of the sandbox that a hand from outside ends costs no result."""

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from autograder.sandbox import Call, Cell, Group, Job, Sandbox
from autograder.sandbox.jobs import CallResult
from autograder.sandbox.outside.group_run import GroupRun
from autograder.sandbox.outside.runner import Runner
from tests.sandbox.conftest import QUICK

pytestmark = [
    pytest.mark.usefixtures("sandbox"),  # skips where there are no namespaces
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc"),
]

# Each is the child of the one before; the first is a child of what the sandbox started.
CHAIN = ("server", "keeper", "notebook", "group")
WORK = "import time\ndef work(x):\n    time.sleep(0.3)\n    return 2 * x"


def _children(pid):
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _chain(pid):
    """Return the processes below `pid`, each the newest child of the one before."""
    found = []
    while below := _children(pid):
        pid = below[-1]
        found.append(pid)
    return found


class Killer(threading.Thread):
    """Kills one process of the chain while a call runs, once or as often as it comes back."""

    def __init__(self, sandbox, victim, sent, times):
        super().__init__(daemon=True)
        self.sandbox, self.victim, self.sent, self.times = sandbox, victim, sent, times
        self.killed = 0
        self.done = threading.Event()

    def run(self):
        while self.killed < self.times and not self.done.is_set():
            chain = _chain(self.sandbox.server.pid)
            if len(chain) == len(CHAIN):
                os.kill(chain[CHAIN.index(self.victim)], self.sent)
                self.killed += 1
                while _chain(self.sandbox.server.pid) == chain and not self.done.is_set():
                    time.sleep(0.01)
            time.sleep(0.01)


def _run(victim, times, sent=signal.SIGKILL, group_calls=2):
    calls = tuple(Call("work", (x,)) for x in range(group_calls))
    job = Job((Cell(WORK, 0),), (Group("first", calls), Group("last", calls)), limits=QUICK)
    with Sandbox() as sandbox:
        killer = Killer(sandbox, victim, sent, times)
        killer.start()
        result = sandbox.run(job)
        killer.done.set()
        killer.join()
    return result, killer.killed


@pytest.mark.parametrize(
    ("victim", "sent"),
    [*((name, signal.SIGKILL) for name in CHAIN), ("group", signal.SIGTERM)],
)
def test_killed_once(victim, sent):
    """Is what was killed from outside run again, with every result and no problem?"""
    result, killed = _run(victim, 1, sent)
    assert killed == 1
    for calls in result.groups.values():
        assert [(call.status, call.value) for call in calls] == [("ok", 0), ("ok", 2)]
    assert (result.notebook, result.problems) == ("ok", [])


def test_killed_again():
    """Does an end from outside count, and is it reported, where it comes again?"""
    result, killed = _run("group", 2, group_calls=1)
    assert killed == 2
    assert [call.status for call in result.groups["first"]] == ["crashed"]
    assert [call.status for call in result.groups["last"]] == ["ok"]
    (problem,) = result.problems
    assert problem["en"] == "first: its process was ended from outside, and again alone."


def test_killed_while_a_cell_runs():
    """Does a notebook that is killed in the middle of a cell run again from its first one?"""
    job = Job(
        (Cell("import time\ntime.sleep(0.4)", 0), Cell(WORK, 1)),
        (Group("work", (Call("work", (1,)),)),),
        limits=QUICK,
    )
    with Sandbox() as sandbox:

        def kill():
            while len(chain := _chain(sandbox.server.pid)) < 3:
                time.sleep(0.01)
            time.sleep(0.1)
            os.kill(chain[2], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        result = sandbox.run(job)
        killer.join()
    assert [cell.status for cell in result.cells] == ["ok", "ok"]
    assert result.groups["work"][0].value == 2
    assert (result.notebook, result.problems) == ("ok", [])


def test_nothing_outlives_its_keeper():
    """Does a job whose keeper is killed end with it, though its code never looks up?"""
    job = Job((Cell("while True: pass", 0),), limits=QUICK)
    with Sandbox() as sandbox:
        left = []

        def kill():
            while len(chain := _chain(sandbox.server.pid)) < 3:
                time.sleep(0.01)
            os.kill(chain[1], signal.SIGKILL)
            while Path(f"/proc/{chain[2]}").exists() and len(left) < 500:
                left.append(chain[2])
                time.sleep(0.01)

        killer = threading.Thread(target=kill)
        killer.start()
        sandbox.run(job)
        killer.join()
    assert len(left) < 500


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        (["disturbed", "killed", ""], "ok"),
        (["wall", "disturbed", "killed", ""], "ok"),
        (["killed", "killed", ""], "crashed"),
        (["wall", "wall", ""], "crashed"),
    ],
)
def test_each_excuse_once(sandbox, monkeypatch, ends, status):
    """Is a call made again for every way in which it may have ended by no fault of its own?"""
    job = Job((), (Group("group", (Call("work", (1,)),)),), limits=QUICK)
    runner = Runner(job, sandbox._connect, [], [], contextlib.nullcontext)
    left = iter(ends)

    def call(self, made):
        excuse = next(left)
        return CallResult("crashed" if excuse else "ok"), excuse

    monkeypatch.setattr(GroupRun, "_call", call)
    (result,) = GroupRun(runner, job.groups[0], 60.0).run()
    assert result.status == status
    told = "group: its process was ended from outside, and again alone."
    problems = [problem["en"] for problem in runner.result.problems]
    assert problems == ([told] if ends[0] == ends[1] == "killed" else [])
