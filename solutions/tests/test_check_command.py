"""The contract of ``autograder check``, used from outside."""

import json
import subprocess
import sys

import pytest

from autograder.__main__ import main
from checks.assignments import ASSIGNMENTS
from checks.assignments.cnn_step_by_step import ASSIGNMENT
from solutions.gallery import styles

FIELDS = ["file", "score", "max_score", "seed", "exercises", "problems"]
EXERCISE_FIELDS = [
    "name",
    "score",
    "max_score",
    "status",
    "checks",
    "with_right_helpers",
    "diagnosis",
    "lines",
    "where",
]
STATUSES = {"right", "wrong", "not_implemented", "error", "timeout", "missing"}
LOOPS = styles("cnn_step_by_step")["loops"]


def _python_file(folder, name="solution.py", **replaced):
    texts = LOOPS | replaced
    path = folder / name
    path.write_text("import numpy as np\n\n" + "\n\n".join(texts.values()), "utf-8")
    return path


def _check(capsys, *arguments):
    code = main(["check", "--json", *map(str, arguments)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_contract(tmp_path, capsys):
    """Does the JSON have the contract's fields, and nothing but, in its order?"""
    code, (verdict,) = _check(capsys, "--seed", "123", _python_file(tmp_path))
    assert code == 0
    assert list(verdict) == FIELDS
    assert (verdict["score"], verdict["max_score"], verdict["seed"]) == (100.0, 100.0, 123)
    assert [e["name"] for e in verdict["exercises"]] == [e.name for e in ASSIGNMENT.exercises]
    for exercise in verdict["exercises"]:
        assert list(exercise) == EXERCISE_FIELDS
        assert exercise["status"] in STATUSES
        assert isinstance(exercise["score"], float)
        for check in exercise["checks"]:
            assert list(check) == ["name", "passed", "detail"]


def test_wrong_solution_is_a_verdict(tmp_path, capsys):
    """Does a wrong solution exit with 0, and carry its diagnosis?"""
    wrong = "def zero_pad(X, pad):\n    return np.pad(X, pad)\n"
    code, (verdict,) = _check(capsys, _python_file(tmp_path, zero_pad=wrong))
    assert code == 0
    zero_pad, _, conv_forward = verdict["exercises"][:3]
    assert (zero_pad["status"], zero_pad["score"]) == ("wrong", 0.0)
    assert list(zero_pad["diagnosis"][0]) == ["id", "message", "lines"]
    text = "return np.pad(X, pad)"
    (line,) = zero_pad["lines"]
    assert line["text"] == text and zero_pad["diagnosis"][0]["lines"] == [line]
    said = f"Line {line['line']} `{text}`: {zero_pad['diagnosis'][0]['message']}"
    assert zero_pad["where"] == said
    assert (conv_forward["lines"], conv_forward["where"]) == ([], "")
    assert conv_forward["status"] == "right"


@pytest.mark.slow
def test_same_seed_same_verdict(tmp_path, capsys):
    """Does the same seed give the same verdict?"""
    wrong = "def zero_pad(X, pad):\n    return X * 1.1\n"
    path = _python_file(tmp_path, zero_pad=wrong)
    assert _check(capsys, "--seed", "5", path) == _check(capsys, "--seed", "5", path)


@pytest.mark.slow
def test_an_error_quotes_its_own_line(tmp_path, capsys):
    """Does each function's error name the line of the file at which it happened, and its text?"""
    texts = {
        "zero_pad": "def zero_pad(X, pad):\n    return X.padded(pad)\n",
        "distribute_value": "def distribute_value(dz, shape):\n\n    return dz.spread(shape)\n",
    }
    path = _python_file(tmp_path, **texts)
    lines = path.read_text("utf-8").splitlines()
    _, (verdict,) = _check(capsys, path)
    exercises = {exercise["name"]: exercise for exercise in verdict["exercises"]}
    for name, code in (("zero_pad", "X.padded(pad)"), ("distribute_value", "dz.spread(shape)")):
        number = lines.index(f"    return {code}") + 1
        detail = exercises[name]["checks"][0]["detail"]
        start = f"Line {number} `return {code}`: AttributeError"
        assert detail.startswith(start) and exercises[name]["where"].startswith(start)
        line = {"cell": None, "line": number, "text": f"return {code}"}
        assert exercises[name]["lines"] == [line]


@pytest.mark.slow
def test_lines_of_a_notebook(tmp_path, capsys):
    """Do an exercise, a cause and a syntax error point at the student's own line, by cell?"""
    wrong = {
        "zero_pad": "# mine\ndef zero_pad(X, pad):\n    return np.pad(X, padding)\n",
        "pool_forward": "def pool_forward(A_prev, hparameters, mode='max'):\n    return (A_prev\n",
        "conv_backward": "def conv_backward(dZ, cache):\n    return _own(dZ)\n",
    }
    helper = "\n\ndef _own(dZ):\n    return dZ.spread()\n"
    sources = ["import numpy as np", *(LOOPS | wrong).values(), helper]
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources
    ]
    path = tmp_path / "cnn_step_by_step.ipynb"
    notebook = {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(notebook), "utf-8")
    _, (verdict,) = _check(capsys, path)
    exercises = {exercise["name"]: exercise for exercise in verdict["exercises"]}
    places = {name: sources.index(text) for name, text in wrong.items()}
    padding = {"cell": places["zero_pad"], "line": 3, "text": "return np.pad(X, padding)"}
    zero_pad = exercises["zero_pad"]
    assert zero_pad["lines"] == [padding]
    assert [(c["id"], c["lines"]) for c in zero_pad["diagnosis"]] == [
        ("zero_pad/undefined_name", [padding])
    ]
    number = places["zero_pad"] + 1
    assert zero_pad["where"].startswith(f"Cell {number}, line 3 `return np.pad(X, padding)`: Name")
    broken = exercises["pool_forward"]
    (line,) = broken["lines"]
    assert line["cell"] == places["pool_forward"]
    assert [cause["lines"] for cause in broken["diagnosis"]] == [[line]]
    own = {"cell": len(sources) - 1, "line": 4, "text": "return dZ.spread()"}
    assert exercises["conv_backward"]["lines"] == [own]


@pytest.mark.slow
def test_the_assignment_is_told_by_functions_or_name(tmp_path, capsys):
    """Is a file graded as the assignment whose functions it has, or whose name if it has none?"""
    relu = tmp_path / "mine.py"
    relu.write_text("import numpy as np\ndef relu_forward(Z):\n    return np.maximum(Z, 0)\n")
    broken = tmp_path / "convnet_application.ipynb"
    broken.write_text("{")
    code, verdicts = _check(capsys, relu, broken)
    assert code == 0
    assert [(v["exercises"][0]["name"], v["score"]) for v in verdicts] == [
        ("relu_forward", 3.0),
        ("relu_forward", 0.0),
    ]
    mixed = _python_file(tmp_path, "mixed.py")
    names = [exercise.name for exercise in ASSIGNMENT.exercises]
    others = [e.name for e in ASSIGNMENTS["convnet_application"].exercises][: len(names)]
    mixed.write_text("".join(f"def {name}(*a):\n    return 0\n" for name in names + others))
    code, (verdict,) = _check(capsys, mixed)
    assert code == 2 and "--assignment" in verdict["problems"][0]


@pytest.mark.slow
def test_missing_path_among_others(tmp_path, capsys):
    """Does a missing path get an object of its own, in order, and exit code 2?"""
    right, missing = _python_file(tmp_path), tmp_path / "nowhere.ipynb"
    code, verdicts = _check(capsys, missing, right, tmp_path)
    assert code == 2
    assert [v["file"] for v in verdicts] == [str(missing), str(right), str(tmp_path)]
    assert verdicts[0]["problems"] and verdicts[0]["exercises"] == []
    assert verdicts[1]["score"] == 100.0


@pytest.mark.slow
def test_unreadable_content_is_a_verdict(tmp_path, capsys):
    """Does whatever is in a file end in a verdict of 0 with a reason?"""
    contents = (b"", b"\xff\xfe\x00", b"<html></html>", b"{", b"[]", b"null", b"def f(:\n")
    paths = []
    for number, content in enumerate(contents):
        for suffix in (".ipynb", ".py"):
            paths.append(tmp_path / f"broken-{number}{suffix}")
            paths[-1].write_bytes(content)
    code, verdicts = _check(capsys, *paths)
    assert code == 0
    assert [v["file"] for v in verdicts] == [str(path) for path in paths]
    for verdict in verdicts:
        assert (verdict["score"], verdict["max_score"]) == (0.0, 100.0)
        assert verdict["problems"], verdict["file"]


@pytest.mark.slow
def test_one_broken_function_does_not_take_the_others(tmp_path, capsys):
    """Is a .py file graded on its other functions where one of them does not parse?"""
    broken = "def pool_forward(A_prev, hparameters, mode='max'):\n    return (A_prev\n"
    _, (verdict,) = _check(capsys, _python_file(tmp_path, pool_forward=broken))
    scores = {e["name"]: e["score"] for e in verdict["exercises"]}
    assert scores.pop("pool_forward") == 0.0
    assert sum(scores.values()) == 85.0
    ids = [c["id"] for e in verdict["exercises"] for c in e["diagnosis"]]
    assert ids == ["pool_forward/syntax_error"]


@pytest.mark.slow
def test_notebook_of_the_original_course(tmp_path, capsys):
    """Is a notebook with other cells, magics and check calls graded on its functions?"""
    head = "import numpy as np\nimport h5py\nfrom public_tests import *\n%matplotlib inline"
    cells = [head, *LOOPS.values()]
    cells.insert(3, "zero_pad_test(zero_pad)\nnp.random.seed(1)\nx = np.random.randn(4, 3, 3, 2)")
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 2,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)}
            for cell in cells
        ],
    }
    path = tmp_path / "Convolution_model_Step_by_Step_v1.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    code, (verdict,) = _check(capsys, path)
    assert (code, verdict["score"]) == (0, 100.0)


def test_module_call(tmp_path):
    """Does ``python -m autograder`` answer on stdout alone, from any folder?"""
    finished = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "--json", str(_python_file(tmp_path))],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=None,
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["score"] == 100.0


@pytest.mark.parametrize(
    "command", ["build", "release", "grade", "check", "verify", "report", "demo"]
)
def test_help(command, capsys):
    """Does every command explain itself?"""
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "usage: autograder" in capsys.readouterr().out
