"""Exercises that share a process: is the outcome what each would have in one of its own?"""

import os
import signal
import threading
import time

import pytest

from autograder.sandbox import Call, Cell, Group, Job, Sandbox
from tests.sandbox.conftest import QUICK
from tests.sandbox.test_faults import BAD_CALLS, statuses
from tests.sandbox.test_killed import _chain

GOOD = "import os\ndef good(x):\n    return x + 1\ndef where(x):\n    return os.getpid()"
BAD = (
    "loop in Python",
    "loop in C",
    "os._exit",
    "sys.exit",
    "segmentation fault",
    "memory in NumPy",
    "kill everything",
    "kill the notebook",
    "closed descriptors",
)


def test_one_process_for_all(run):
    """Do groups that behave share one process, and others not unless they are told to?"""
    groups = {"a": [("where", 0)], "b": [("where", 0)]}
    for together in (True, False):
        found = {
            r.value for g in run(GOOD, groups=groups, together=together).groups.values() for r in g
        }
        assert len(found) == 2 - together


@pytest.mark.parametrize("name", BAD)
def test_a_bad_call_among_others(run, name):
    """Does a bad call cost what it would cost alone, whoever shares its process?"""
    body, expected = BAD_CALLS[name]
    source = f"def bad(*args):\n    {body}"
    groups = {"first": [("good", 1)], "bad": [("bad",), ("good", 5)], "last": [("good", 2)] * 2}
    result = run(GOOD, source, groups=groups, together=True)
    assert statuses(result) == {"first": ["ok"], "bad": [expected, "ok"], "last": ["ok", "ok"]}
    assert result.notebook == "ok"


def test_first_of_all_is_bad(run):
    """Does a process that ends at its first call take nobody with it?"""
    groups = {"bad": [("bad",)], "good": [("good", 1)]}
    result = run(GOOD, "def bad():\n    os.abort()", groups=groups, together=True)
    assert statuses(result) == {"bad": ["crashed"], "good": ["ok"]}


def test_errors_end_nothing(run):
    """Do exceptions and missing functions leave the shared process to those that follow?"""
    source = f"{GOOD}\ndef fails(x):\n    raise ValueError(x)"
    groups = {"a": [("where", 0)], "b": [("fails", 1)], "c": [("nothing",)], "d": [("where", 0)]}
    result = run(source, groups=groups, together=True)
    assert statuses(result) == {"a": ["ok"], "b": ["error"], "c": ["missing"], "d": ["ok"]}
    assert result.groups["a"][0].value == result.groups["d"][0].value


def test_random_numbers_are_those_of_a_process_alone(run):
    """Does each group draw what it would draw in a process of its own?"""
    source = "import numpy as np\ndef f():\n    return np.random.rand()"
    groups = {"a": [("f",), ("f",)], "b": [("f",), ("f",)]}
    alone, together = (
        {name: [r.value for r in results] for name, results in found.groups.items()}
        for found in (run(source, groups=groups, together=shared) for shared in (False, True))
    )
    assert alone == together


def test_what_takes_long_is_given_its_time(run):
    """Has a function that needs more than all of them may share the time of one of its own?"""
    source = (
        f"{GOOD}\nimport time\ndef slow(x):\n    t = time.process_time()\n"
        "    while time.process_time() - t < 0.35: pass\n    return x"
    )
    groups = {"a": [("slow", 1)] * 2, "b": [("good", 1)]}
    result = run(source, groups=groups, together=True, limits={"together_cpu": 0.2})
    assert statuses(result) == {"a": ["ok", "ok"], "b": ["ok"]}


def test_killed_from_outside(sandbox):
    """Is a shared process that somebody else kills no fault of any exercise?"""
    work = "import time\ndef work(x):\n    time.sleep(0.3)\n    return 2 * x"
    groups = tuple(Group(name, (Call("work", (1,)),)) for name in "abc")
    job = Job((Cell(work, 0),), groups, limits=QUICK, together=True)
    with Sandbox() as own:

        def kill():
            while len(chain := _chain(own.server.pid)) < 4:
                time.sleep(0.01)
            os.kill(chain[3], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        result = own.run(job)
        killer.join()
    assert [r.value for g in result.groups.values() for r in g] == [2, 2, 2]
    assert result.problems == []
