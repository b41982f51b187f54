"""Whatever fails costs what failed and nothing else."""

import numpy as np
import pytest

from tests.sandbox.conftest import SLEEPS

GOOD = "def good(x):\n    return x + 1"
AFTER = [("good", 1), ("good", 2)]


def statuses(result):
    return {name: [r.status for r in results] for name, results in result.groups.items()}


BAD_CALLS = {
    "loop in Python": ("while True: pass", "timeout"),
    "loop in C": ("sum(range(10 ** 13))", "timeout"),
    "huge power": ("7 ** (10 ** 9)", "timeout"),
    "loop that swallows": (
        "while True:\n        try:\n            while True: x = 1\n"
        "        except BaseException: pass",
        "timeout",
    ),
    "alarms taken off": (
        "import signal\n    [signal.signal(s, signal.SIG_IGN) for s in (26, 27)]\n"
        "    while True: pass",
        "timeout",
    ),
    "sleep": ("import time; time.sleep(1000)", "timeout"),
    "os._exit": ("import os; os._exit(0)", "crashed"),
    "sys.exit": ("import sys; sys.exit(0)", "error"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "crashed"),
    "abort": ("import os; os.abort()", "crashed"),
    "kill itself": ("import os; os.kill(os.getpid(), 9)", "crashed"),
    "kill its process group": ("import os; os.killpg(0, 9)", "crashed"),
    "kill everything": ("import os; os.kill(-1, 9)", "error"),
    "kill the notebook": ("import os; os.kill(os.getppid(), 9)", "ok"),
    "every signal to the notebook": (
        "import os\n    for s in [*range(1, 32), *range(34, 65)]: os.kill(os.getppid(), s)",
        "ok",
    ),
    "deep recursion": ("return bad()", "error"),
    "memory": ("return [bytearray(10 ** 8) for _ in range(1000)]", "memory"),
    "memory in NumPy": ("import numpy; return numpy.ones(10 ** 10)", "memory"),
    "giant file": ("open('x', 'wb').write(b'0' * (100 << 20))", "error"),
    "print flood": ("while True: print('x' * 100000)", "timeout"),
    "write flood": (
        "import os\n    while True: os.write(1, b'x' * 100000)",
        "timeout",
    ),
    "many processes": ("import os\n    while True: os.fork()", "error"),
    "closed descriptors": ("import os; os.closerange(0, 256)", "crashed"),
}


SLOW = ("sleep", "alarms taken off")


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in BAD_CALLS]
)
def test_one_bad_call(run, name):
    """Does a bad call end with its own status and leave its group and the others untouched?"""
    body, expected = BAD_CALLS[name]
    source = f"def bad(*args):\n    {body}"
    groups = {"bad": [("bad",), ("good", 5)], "good": AFTER}
    result = run(GOOD, source, groups=groups, limits=SLEEPS if name == "sleep" else {})
    assert statuses(result)["good"] == ["ok", "ok"]
    first, second = result.groups["bad"]
    assert first.status == expected, first
    assert second.status == "ok" and second.value == 6
    assert result.notebook == "ok"


def test_giant_return(run):
    """Is a return value beyond the caps turned down without harm?"""
    source = "import numpy as np\ndef big():\n    return np.zeros(3_900_000)"
    (result,) = run(source, groups={"g": [("big",)]}).groups["g"]
    assert result.status == "ok" and result.value.kind == "too large"


def test_left_behind(run):
    """Are threads, forks and double-forked daemons of one group gone before the next begins?"""
    source = """
import os, threading, time
def leave():
    threading.Thread(target=time.sleep, args=(1000,)).start()
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    time.sleep(0.01)
                    open('alive', 'a').write('.')
            os._exit(0)
    time.sleep(0.1)
    return os.path.getsize('alive') > 0
def look():
    before = os.path.getsize('alive')
    time.sleep(0.2)
    return os.path.getsize('alive') - before, [p for p in os.listdir('/proc') if p.isdecimal()]
"""
    result = run(source, groups={"a": [("leave",)], "b": [("look",)]})
    assert result.groups["a"][0].value is True
    grown, processes = result.groups["b"][0].value
    assert grown == 0
    assert len(processes) <= 2


@pytest.mark.parametrize(
    "body",
    [
        "import os; os._exit(1)",
        "import ctypes; ctypes.string_at(0)",
        "sum(range(10 ** 13))",
        "while True:\n    try:\n        for _ in iter(int, 1): pass\n"
        "    except BaseException: pass",
        pytest.param("import time; time.sleep(1000)", marks=pytest.mark.slow),
        "x = []\nwhile True:\n    try: x.append(bytearray(10 ** 7))\n"
        "    except MemoryError: break\n"
        "import os\nos.abort()",
        "import os\nos.closerange(0, 256)",
    ],
)
def test_bad_cell(run, body):
    """Is a notebook that dies run again with imports and functions only, which still count?"""
    cells = (GOOD, body, "def later(x):\n    return 10 * x")
    groups = {"a": AFTER, "b": [("later", 2)]}
    result = run(*cells, groups=groups, limits=SLEEPS if "sleep" in body else {})
    assert result.notebook == "definitions only"
    assert result.cells[0].status == "ok"
    assert result.cells[1].status in ("timeout", "error")
    assert result.cells[2].status == "skipped"
    assert statuses(result) == {"a": ["ok", "ok"], "b": ["ok"]}
    assert any("Cell 2" in problem["en"] for problem in result.problems)


@pytest.mark.parametrize(
    "body",
    ["return f()", "x = []\n    for _ in range(10 ** 5): x = [x]\n    return repr(x)"],
)
def test_deepest_recursion(run, body):
    """Does recursion without any bound, in Python or in C, end one way or another?"""
    source = f"import sys\ndef f():\n    sys.setrecursionlimit(10 ** 9)\n    {body}"
    result = run(source, GOOD, groups={"a": [("f",)], "b": AFTER})
    assert statuses(result)["a"][0] in ("crashed", "memory", "timeout")
    assert statuses(result)["b"] == ["ok", "ok"]


def test_interrupted_cell(run):
    """Does an endless loop in a cell cost that cell only, when it can be interrupted?"""
    result = run("while True: pass", GOOD, groups={"a": AFTER})
    assert [c.status for c in result.cells] == ["timeout", "ok"]
    assert result.notebook == "ok"
    assert statuses(result) == {"a": ["ok", "ok"]}


def test_hopeless_cell(run):
    """Is a cell whose very definition ends the process left out, and the others still used?"""
    source = "import os\ndef f(x=os._exit(1)):\n    return x"
    result = run(GOOD, source, groups={"a": AFTER, "b": [("f",)]})
    assert result.notebook == "definitions only"
    assert statuses(result) == {"a": ["ok", "ok"], "b": ["missing"]}
    assert any("left out" in problem["en"] for problem in result.problems)


def test_hopeless_notebook(run):
    """Does a notebook that cannot be saved end, with every call accounted for?"""
    source = "import os\ndef f(x=os._exit(1)):\n    return x"
    result = run(*[source] * 9, groups={"a": [("f",)], "b": [("f",), ("f",)]})
    assert result.notebook == "failed"
    assert statuses(result) == {"a": ["crashed"], "b": ["crashed", "crashed"]}
    assert result.problems


@pytest.mark.parametrize("source", ["x = " + "(" * 100_000, "x = " + "-" * 300_000 + "1"])
def test_deeply_nested_source(run, source):
    """Does source that is too deep for the parser cost its own cell only?"""
    result = run(GOOD, source, groups={"a": AFTER})
    assert result.cells[1].status != "ok"
    assert statuses(result) == {"a": ["ok", "ok"]}


def test_processes_left_by_cells(run):
    """Do processes that a cell leaves behind not take the groups' share?"""
    source = (
        "import os, time\ntry:\n    while os.fork(): pass\n    time.sleep(1000)\n"
        "except OSError: pass"
    )
    result = run(GOOD, source, groups={"a": AFTER})
    assert result.notebook == "ok"
    assert statuses(result) == {"a": ["ok", "ok"]}


def test_forking_cell(run):
    """Does a forked process that comes back from its cell leave the notebook undisturbed?"""
    result = run("import os\nos.fork()\nprint('twice')", GOOD, groups={"a": AFTER})
    assert [c.status for c in result.cells] == ["ok", "ok"]
    assert result.notebook == "ok"
    assert statuses(result) == {"a": ["ok", "ok"]}


def test_cells_that_disturb_the_calls(run):
    """Do functions keep their turn where the cells left something that forges the notebook?"""
    source = """
import gc
notebook = next(x for x in gc.get_objects() if type(x).__name__ == "_Notebook")
def send(fields, *more, own=notebook.channel.send):
    if fields["kind"] == "forked":
        own({"kind": "forged"})
    return own(fields, *more)
notebook.channel.send = send
"""
    result = run(GOOD, source, groups={"a": AFTER, "b": AFTER})
    assert statuses(result) == {"a": ["ok", "ok"], "b": ["ok", "ok"]}
    assert result.notebook == "definitions only"
    assert len(result.problems) == 1


def test_flooding_cells(run):
    """Are a print flood and a million displays cut, and the notebook still run?"""
    result = run(
        "print('x' * 100_000_000)",
        "for i in range(20000): display(i)",
        "import numpy as np\ndisplay({'image/png': b'no picture'}, raw=True)",
        GOOD,
        groups={"a": AFTER},
    )
    assert sum(len(o) for c in result.cells for o in c.outputs) < 300_000
    assert statuses(result) == {"a": ["ok", "ok"]}


@pytest.mark.slow
def test_budget_of_a_group(run):
    """Does a group whose every call hangs end within its budget?"""
    source = GOOD + "\ndef hang():\n    sum(range(10 ** 13))"
    result = run(source, groups={"a": [("hang",)] * 20, "b": AFTER})
    assert statuses(result)["a"] == ["timeout"] * 20
    assert statuses(result)["b"] == ["ok", "ok"]
    assert result.cpu_seconds < 5


@pytest.mark.slow
def test_memory_of_many_processes(run):
    """Is memory spread over several processes limited too?"""
    source = """
import os, time
def spread():
    for _ in range(6):
        if os.fork() == 0:
            x = bytearray(b'1' * (60 << 20))
            time.sleep(100)
            os._exit(0)
    time.sleep(100)
"""
    limits = {"total_memory_bytes": 200 << 20, "call_cpu": 5.0, "group_cpu": 5.0}
    result = run(source, GOOD, groups={"a": [("spread",)], "b": AFTER}, limits=limits)
    assert statuses(result) == {"a": ["memory"], "b": ["ok", "ok"]}


def test_full_disk(run):
    """Is the scratch space capped, with an error of the student's own?"""
    source = "for i in range(100):\n    open(f'f{i}', 'wb').write(b'0' * (5 << 20))"
    result = run(source, GOOD, groups={"a": AFTER})
    assert result.cells[0].error.type == "OSError"
    assert statuses(result) == {"a": ["ok", "ok"]}


def test_cpu_time_is_counted(run):
    """Does the job's CPU time include its groups?"""
    source = (
        "import time\ndef work():\n    t = time.process_time()\n"
        "    while time.process_time() - t < 0.3: pass"
    )
    result = run(source, groups={"a": [("work",)]})
    assert result.cpu_seconds >= 0.3
    assert result.groups["a"][0].cpu_seconds == pytest.approx(0.3, abs=0.1)


def test_large_arguments(run):
    """Do arrays of some megabytes get through both ways?"""
    x = np.random.RandomState(0).rand(800_000)
    (result,) = run("def f(x):\n    return x", groups={"g": [("f", x)]}).groups["g"]
    np.testing.assert_array_equal(result.value, x)


def test_results_are_capped_together(run):
    """Do many large results stop being taken before they fill the parent's memory?"""
    source = "import numpy as np\ndef big():\n    return np.zeros(100_000)"
    groups = {"a": [("big",)] * 3, "b": [("big",)] * 3, "c": [("big",)]}
    result = run(source, groups=groups, limits={"results_bytes": 3_000_000})
    assert statuses(result) == {"a": ["ok"] * 3, "b": ["protocol"] * 3, "c": ["protocol"]}


def test_outputs_are_capped_together(run):
    """Are figures and text of all cells together limited?"""
    show = (
        "import base64\nb = base64.b64encode(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(60_000)).decode()\n"
    )
    show += "for _ in range(3): display({'image/png': b}, raw=True)"
    result = run(show, show, show, limits={"output_bytes": 250_000})
    assert [len(c.outputs) for c in result.cells] == [3, 1, 0]
