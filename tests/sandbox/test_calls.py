"""What comes back from cells and functions that mean no harm."""

import numpy as np
import pytest

from checks.plain import Odd

DOUBLE = "import numpy as np\ndef double(x):\n    return 2 * x"


def test_value(run):
    """Does a correct function's result arrive as the plain value that it is?"""
    x = np.arange(6.0).reshape(2, 3)
    (result,) = run(DOUBLE, groups={"g": [("double", x)]}).groups["g"]
    assert result.status == "ok"
    assert type(result.value) is np.ndarray and result.value.dtype == np.float64
    np.testing.assert_array_equal(result.value, 2 * x)
    assert not result.arguments_changed
    assert result.cpu_seconds < 1


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", 1),
        ("np.float64(2.5)", 2.5),
        ("np.bool_(True)", True),
        ("None", None),
        ("'text \u4e2d\U0001f600'", "text \u4e2d\U0001f600"),
        ("(1, [2.0, None], {'pad': 3})", (1, [2.0, None], {"pad": 3})),
        ("object()", Odd("object")),
        ("lambda: 0", Odd("function")),
        ("np.array(['a'])", Odd("array of dtype <U1")),
        ("2 ** 200", Odd("too large")),
        ("'\\ud800'", "?"),
        ("float('inf')", float("inf")),
    ],
)
def test_kinds(value, expression, expected):
    """Does each kind of value keep its type, and anything that is no data become Odd?"""
    got = value(f"import numpy as np\ndef probe():\n    return {expression}")
    assert type(got) is type(expected)
    assert got == expected


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int64", "float16", "float32", ">f8"])
def test_arrays(run, dtype):
    """Do arrays keep dtype and shape, empty and 0-dimensional ones included?"""
    source = "def same(x):\n    return x"
    for shape in [(), (0, 3), (2, 1, 3)]:
        x = np.ones(shape, dtype)
        (result,) = run(source, groups={"g": [("same", x)]}).groups["g"]
        assert result.value.shape == shape
        assert result.value.dtype == np.dtype(dtype).newbyteorder("=")
        np.testing.assert_array_equal(result.value, x)


def test_error(run):
    """Does an exception name the student's own line, also where NumPy raised it?"""
    source = "import numpy as np\ndef f(x):\n    y = x\n    return np.zeros(3).reshape(y)"
    (result,) = run(source, groups={"g": [("f", (2, 2))]}).groups["g"]
    assert result.status == "error" and result.value is None
    error = result.error
    assert (error.type, error.line, error.function) == ("ValueError", 4, "f")
    assert error.source == "return np.zeros(3).reshape(y)"
    assert "reshape" in error.message


def test_error_text_is_clean(run):
    """Are control and bidirectional characters taken out of messages, and long ones cut?"""
    source = "def f():\n    raise ValueError('\\x1b[31m\\u202eevil\\x00' + 'a' * 10000)"
    (result,) = run(source, groups={"g": [("f",)]}).groups["g"]
    assert result.error.message.startswith("[31mevila")
    assert len(result.error.message) <= 500


def test_hostile_exception(run):
    """Does an exception whose text raises still arrive as an error?"""
    source = (
        "class E(Exception):\n    def __str__(self):\n        raise self\ndef f():\n    raise E()"
    )
    (result,) = run(source, groups={"g": [("f",)]}).groups["g"]
    assert (result.status, result.error.type, result.error.message) == ("error", "E", "")


def test_missing(run):
    """Is a name that is absent or not callable reported as missing?"""
    groups = {"a": [("nothing",)], "b": [("number",)]}
    result = run("number = 3", groups=groups)
    assert [r.status for g in result.groups.values() for r in g] == ["missing", "missing"]


def test_arguments_changed(run):
    """Is a function that changes its input recognised, and does the parent's copy stay?"""
    x = np.zeros(3)
    source = (
        "def f(x, h):\n    x[0] = 1\ndef g(x, h):\n    h['pad'] = 5\ndef k(x, h):\n    return x"
    )
    calls = {name: [(name, x, {"pad": 1})] for name in "fgk"}
    result = run(source, groups=calls)
    changed = [result.groups[name][0].arguments_changed for name in "fgk"]
    assert changed == [True, True, False]
    assert not x.any()


def test_fresh_arguments(run):
    """Does each call get copies of its own, so that one cannot spoil the next?"""
    source = "def f(x):\n    x += 1\n    return x.copy()"
    x = np.zeros(2)
    results = run(source, groups={"g": [("f", x), ("f", x)]}).groups["g"]
    assert [r.value.tolist() for r in results] == [[1, 1], [1, 1]]


def test_groups_do_not_share(run):
    """Does what one group leaves behind stay invisible to the next, while cells are shared?"""
    source = "seen = ['cell']\ndef f(x):\n    seen.append(x)\n    return list(seen)"
    result = run(source, groups={"a": [("f", "a1"), ("f", "a2")], "b": [("f", "b1")]})
    assert result.groups["a"][1].value == ["cell", "a1", "a2"]
    assert result.groups["b"][0].value == ["cell", "b1"]


def test_random_state(run):
    """Is np.random the same for a group on every run, and different between groups?"""
    source = "import numpy as np\nnp.random.seed(3)\ndef f():\n    return np.random.rand()"
    groups = {"a": [("f",)], "b": [("f",)]}
    first, second = (run(source, groups=groups).groups for _ in range(2))
    assert first["a"][0].value == second["a"][0].value != first["b"][0].value


def test_standard_output_of_functions(run):
    """Is what functions print swallowed, without disturbing the answer?"""
    source = (
        "import os, sys\ndef f():\n    print('x' * 10**6)\n    os.write(1, b'junk')\n"
        "    sys.__stdout__.write('junk')\n    return 7"
    )
    (result,) = run(source, groups={"g": [("f",)]}).groups["g"]
    assert result.value == 7


def test_cells(run):
    """Do cells run in order like in Jupyter, an error in one not stopping the next?"""
    result = run(
        "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n!pip install numpy\nx = 1",
        "x + 1",
        "print('a'); print('b')\n1/0",
        "x = (",
        "display('shown'); x;",
        "from IPython.display import display, HTML\nHTML('<b>bold</b>')",
        "%nonsense",
        "await_me = 1\nexit()",
    )
    statuses = ["ok", "ok", "error", "error", "ok", "ok", "error", "ok"]
    assert [c.status for c in result.cells] == statuses
    outputs = [c.outputs for c in result.cells]
    assert outputs[1:3] == [["2\n"], ["a\nb\n"]]
    assert outputs[4] == ["'shown'\n"]
    assert "<b>" not in outputs[5][0]
    assert result.cells[2].error.type == "ZeroDivisionError" and result.cells[2].error.line == 2
    assert result.cells[3].error.type == "SyntaxError" and result.cells[3].error.source == "x = ("
    assert result.notebook == "ok"


DRAWING = {"cell_cpu": 6.0, "notebook_cpu": 12.0}
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('after')"


def test_figures(run):
    """Are figures shown as PNG when asked for, and never rendered when not?"""
    # matplotlib is imported within the cell here, which takes a busy machine a second.
    (cell,) = run(PLOT, figures=True, limits=DRAWING).cells
    assert [type(o) for o in cell.outputs] == [bytes, str]
    assert cell.outputs[0].startswith(b"\x89PNG")
    (cell,) = run(PLOT, limits=DRAWING).cells
    assert cell.status == "ok" and "after" in cell.outputs[-1]
    assert all(isinstance(o, str) for o in cell.outputs)


def test_own_files(run, tmp_path):
    """Can a notebook use the student's own modules and data, and write where that is usual?"""
    (tmp_path / "mine.py").write_text("def triple(x):\n    return 3 * x\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "数.txt").write_text("42")
    source = (
        "from mine import triple\nn = int(open('data/数.txt').read())\n"
        "open('out', 'w').write('x')\n"
        "import tempfile; tempfile.TemporaryFile().write(b'1')\ndef f():\n    return triple(n)"
    )
    result = run(source, groups={"g": [("f",)]}, folder=tmp_path)
    assert result.cells[0].status == "ok", result.cells[0].error
    assert result.groups["g"][0].value == 126
    assert not (tmp_path / "out").exists()
    assert result.problems == []


def test_jobs_do_not_share(run):
    """Does nothing of one submission remain for the next: names, files, modules, settings?"""
    run(
        "import builtins, os, sys, numpy as np\nbuiltins.leak = 1\nsys.leak = 1\n"
        "np.leak = 1\nopen('leak', 'w').close()\nopen('/tmp/leak', 'w').close()\n"
        "os.environ['LEAK'] = '1'\nleak = 1"
    )
    result = run(
        "import builtins, os, sys, numpy as np\n"
        "print([hasattr(m, 'leak') for m in (builtins, sys, np)], os.path.exists('leak'),"
        " os.path.exists('/tmp/leak'), 'LEAK' in os.environ, 'leak' in globals())"
    )
    assert result.cells[0].outputs == ["[False, False, False] False False False False\n"]


PLAIN = {
    "x = 3\nx": ["3\n"],
    "x = 3\nx;": [],
    "1\n2": ["2\n"],
    "print('a')\n_ = 5\nNone": ["a\n"],
    "for i in range(2):\n    i\ndisplay(i)": ["1\n"],
    "def f():\n    return 1\nimport inspect\nprint(inspect.getsource(f))": [
        "def f():\n    return 1\n\n"
    ],
    "%matplotlib inline\n%autoreload 2\nx = '''\n%matplotlib inline\n'''\nlen(x)": ["20\n"],
    "'''\n%matplotlib inline\n'''": ["'\\n%matplotlib inline\\n'\n"],
    "await_me = 1\nimport asyncio\nawait asyncio.sleep(0)\nawait_me": ["1\n"],
    "from __future__ import annotations\ndef f(x: nothing): pass\nf.__annotations__": [
        "{'x': 'nothing'}\n"
    ],
    "  x = 4\n  x": ["4\n"],
}


@pytest.mark.parametrize("source", PLAIN)
def test_cells_without_magics(run, source):
    """Does a cell that is run without IPython show what it shows in Jupyter?"""
    first, second = run(source, "get_ipython()\n" + source if source[0] != " " else source).cells
    assert (first.status, first.outputs) == ("ok", PLAIN[source]), first.error
    # Once IPython is spoken of, it runs the cells itself.
    assert (second.status, second.outputs[-1:]) == ("ok", PLAIN[source][-1:]), second.error


def test_hooks_of_a_notebook_are_obeyed(run):
    """Does a notebook that changes how its cells are run see its own changes?"""
    hook = "ip = get_ipython()\nip.input_transformers_post.append(lambda lines: ['y = 7\\n'])"
    result = run("x = 1", hook, "nothing that is Python", "print(x, y)")
    assert [cell.status for cell in result.cells] == ["ok"] * 4
    assert result.cells[3].outputs == []
