"""Many versions of one function in one call: each by itself, and only data comes back."""

import numpy as np

from autograder.sandbox import Call, Cell, Group, Job
from autograder.sandbox.jobs import Versions
from tests.sandbox.conftest import QUICK

TEXT = "def f(x):\n    return x + 1"
ONE = len("def f(x):\n    return x + ")


def _ask(sandbox, text, *new, arguments=(2.0,), seconds=0.2, before=TEXT, **options):
    """What `f` gives in versions whose last character is replaced."""
    splices = tuple(((len(text) - 1, len(text), each),) for each in new)
    call = Call("f", arguments, Versions(text, splices, seconds))
    cell = Cell(f"import numpy as np\n{before}", 0)
    job = Job((cell,), (Group("g", (call,)),), limits=QUICK, definitions_only=True, **options)
    (result,) = sandbox.run(job).groups["g"]
    return result


def test_each_is_called_by_itself(sandbox):
    """Does each version give its own result, None where it fails or is no Python?"""
    result = _ask(sandbox, TEXT, "1", "2", "y", ")", "len('abc')")
    assert result.status == "ok"
    assert result.value == [(False, 3.0), (False, 4.0), None, None, (False, 5.0)]


def test_what_one_does_no_other_sees(sandbox):
    """Do globals and arguments that a version changes stay as they were for the next?"""
    text = "def f(x):\n    global g\n    x[0] += 1\n    g = 5\n    return 0"
    before = f"g = 1\n{text}"
    result = _ask(sandbox, text, "g", "x[0]", "g", arguments=(np.zeros(1),), before=before)
    assert result.value == [(True, 5), (True, 1.0), (True, 5)]
    text = "def f(x):\n    return 0"
    assert _ask(sandbox, text, "g", before=before).value == [(False, 1)]


def test_an_endless_one_costs_itself(sandbox):
    """Are the others called where one never ends?"""
    text = "def f(x):\n    while x > 0:\n        x = x - 1"
    result = _ask(sandbox, text, "1", "0", "2", seconds=0.1)
    assert result.value == [(False, None)] * 1 + [None] + [(False, None)]


def test_large_and_odd_results(sandbox):
    """Is nothing taken back that is larger than any correct result?"""
    text = "def f(x):\n    return 0"
    result = _ask(sandbox, text, "np.zeros(10 ** 6)", "'text'", "1")
    assert result.value == [None, (False, "text"), (False, 1)]


def test_lent_helpers(sandbox):
    """Does a version call the parent's helper where one is lent?"""
    text = "def f(x):\n    return helper(x) + 0"
    result = _ask(sandbox, text, "1", stubs={"helper": lambda x: 10 * x})
    assert result.value == [(False, 21.0)]


def test_calls_that_follow_on_results(sandbox):
    """May an iterator choose its next call by the last result, and end when it wants to?"""
    told = []

    def calls():
        x = 1.0
        while x < 5:
            yield Call("f", (x,))
            x = told[-1].value

    cell = Cell(TEXT, 0)
    job = Job((cell,), (Group("g", calls(), told.append),), limits=QUICK)
    assert [r.value for r in sandbox.run(job).groups["g"]] == [2.0, 3.0, 4.0, 5.0]
