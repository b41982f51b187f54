"""Does a notebook that draws find what it imports, whether the server had it ready or not?"""

import pytest

from autograder.reading.student_code import draws

IMPORTS = "import matplotlib.pyplot as plt\nimport plots\nfrom plots import training"


@pytest.mark.parametrize("ready", [False, True])
def test_drawing_libraries(run, ready):
    """Do pyplot, other parts of matplotlib and our own plots work, and belong together?"""
    result = run(
        IMPORTS,
        "from matplotlib.patches import Rectangle\nimport matplotlib",
        "axes = plt.gca()\nisinstance(axes.patch, Rectangle), axes.figure is plt.gcf()",
        "plots.house().shape, callable(training.read_digits)",
        "matplotlib.rcParams is plt.rcParams and 'lines.color' in plt.rcParams",
        "plt.mine = 3\nimport sys\nsys.modules['matplotlib.pyplot'].mine, 'plot' in dir(plt)",
        "import importlib.util\nimportlib.util.find_spec('matplotlib.pyplot').name",
        "plt.nothing_of_this_name",
        draws=ready,
        # Where they are imported within a cell, a busy machine takes a second for it.
        limits={"cell_cpu": 6.0, "notebook_cpu": 12.0},
    )
    assert [cell.status for cell in result.cells] == ["ok"] * 7 + ["error"]
    shown = ["(True, True)\n", "((48, 64), True)\n", "True\n", "(3, True)\n"]
    assert [cell.outputs[-1] for cell in result.cells[2:6]] == shown
    assert result.cells[7].error.type == "AttributeError"


def test_importing_alone_brings_nothing(run):
    """Do the usual imports cost a notebook that draws nothing neither time nor memory?"""
    found = "import sys\n[n for n in sys.modules if n.startswith(('matplotlib.', 'plots.'))]"
    (first, second) = run(f"%matplotlib inline\n{IMPORTS}", found).cells
    assert first.status == "ok"
    assert second.outputs == ["['matplotlib.pyplot', 'plots.training']\n"]


def test_jobs_that_draw_and_others_take_turns(run):
    """Does a job find the libraries ready again after one that does not want them?"""
    for ready in (True, False, True):
        (cell,) = run("import sys\n'matplotlib.figure' in sys.modules", draws=ready).cells
        assert cell.outputs == [f"{ready}\n"]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (f"%matplotlib inline\n{IMPORTS}\nimport numpy as np", False),
        ("import matplotlib\nfrom matplotlib import pyplot as plt  # as always", False),
        ("plt.plot([1])", True),
        ("def f(x):\n    plots.mask(x, x)", True),
        ("from matplotlib.patches import Rectangle", True),
        ("import matplotlib.pyplot as p\np.plot([1])", True),
        ("from plots import *", True),
    ],
)
def test_drawing_is_seen(source, answer):
    """Is code that draws told from code that only imports what it could draw with?"""
    assert draws([source]) == answer
