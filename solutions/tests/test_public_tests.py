"""What a student sees of every check, in both languages: right, wrong and odd functions."""

import inspect
import linecache
import os
import re
import shutil
import subprocess
import sys
import warnings

import h5py
import numpy as np
import pytest

import public_tests
from autograder.course import ROOT, Course, copy_course
from checks import notebook
from checks.show import CODE
from checks.text import LANGUAGES
from solutions.catalogue import load, wrong_function
from solutions.cnn_step_by_step import reference

CATALOGUE = load("cnn_step_by_step")
CHECKS = {
    "zero_pad": public_tests.zero_pad_test,
    "conv_single_step": public_tests.conv_single_step_test,
    "conv_forward": public_tests.conv_forward_test_2,
    "pool_forward": public_tests.pool_forward_test_2,
    "conv_backward": public_tests.conv_backward_test,
    "create_mask_from_window": public_tests.create_mask_from_window_test,
    "distribute_value": public_tests.distribute_value_test,
    "pool_backward": public_tests.pool_backward_test,
}


def _folder(language):
    return Course().notebook_folder(language, "cnn_step_by_step")


@pytest.fixture(params=LANGUAGES)
def language(request, monkeypatch):
    """The first notebook in one language, as if public_tests had been imported beside it."""
    monkeypatch.setattr(notebook, "_course", notebook._Course())
    monkeypatch.setattr(notebook, "_passed", {})
    return notebook.begin(_folder(request.param))


def _failure(test, *arguments):
    with pytest.raises(public_tests.CheckFailed) as failed:
        test(*arguments)
    return failed.value


@pytest.mark.parametrize("name", CHECKS)
def test_right_function_passes(name, language, capsys):
    """Does the correct function pass by its own check and by check(), and count as progress?"""
    function = getattr(reference, name)
    CHECKS[name](function)
    public_tests.check(function)
    shown = capsys.readouterr().out
    assert name in shown and ("1 of 8" if language == "en" else "1 / 8") in shown
    assert ("FAIL" if language == "en" else "未通过") not in shown


def test_original_calls(language):
    """Do the calls of notebooks written for the original course work unchanged?"""
    np.random.seed(1)
    A_prev, W = np.random.randn(2, 5, 7, 4), np.random.randn(3, 3, 4, 8)
    b = np.random.randn(1, 1, 1, 8)
    Z, cache = reference.conv_forward(A_prev, W, b, {"pad": 1, "stride": 2})
    assert np.isclose(Z.mean(), 0.5511276474566768)
    public_tests.conv_forward_test_1(np.mean(Z), Z[0, 2, 1], cache[0][1][2][3])
    public_tests.pool_forward_test_1(reference.pool_forward)
    failure = _failure(public_tests.conv_forward_test_1, 0.5, Z[0, 2, 1], cache[0][1][2][3])
    assert {"en": "Z's mean", "zh": "Z 的平均值"}[language] in str(failure)


def test_pool_forward_at_stride_1_alone(language):
    """Does the original's first test look at stride 1 alone, and the second at the rest?"""
    wrong = wrong_function(
        CATALOGUE.reference,
        [m for m in CATALOGUE.misconceptions if m.key == "pool_forward/stride_ignored"],
    )
    public_tests.pool_forward_test_1(wrong)
    _failure(public_tests.pool_forward_test_2, wrong)


def _named(name):
    def decorate(function):
        function.__name__ = name
        return function

    return decorate


class _Tensor:
    shape = (4, 7, 7, 2)


ODD = {
    "None": (lambda X, pad: None, "not implemented|nothing", "没有"),
    "a list": (lambda X, pad: X.tolist(), "The shape is", "形状是"),
    "an object": (lambda X, pad: _Tensor(), "_Tensor", "_Tensor"),
    "an array of objects": (lambda X, pad: np.array([None]), "dtype object", "dtype 为 object"),
    "NaN": (lambda X, pad: np.full((4, 7, 7, 2), np.nan), "not finite", "有限"),
    "huge": (lambda X, pad: np.broadcast_to(0.0, (10_000, 10_000)), "too large", "过大"),
    "a tuple": (lambda X, pad: (X, pad), "a tuple", "tuple"),
    "text": (lambda X, pad: "done", "a str", "str"),
    "an exception": (lambda X, pad: X[99], "IndexError", "IndexError"),
    "an exit": (lambda X, pad: sys.exit(0), "SystemExit", "SystemExit"),
    "deep recursion": (lambda X, pad: _deep(X), "RecursionError", "RecursionError"),
}


def _deep(X):
    return _deep(X)


@pytest.mark.parametrize("kind", ODD)
def test_odd_returns(kind, language, capsys):
    """Does each odd or hostile return get a clear message instead of a crash?"""
    target, english, chinese = ODD[kind]
    failure = _failure(public_tests.zero_pad_test, target)
    shown = capsys.readouterr().out + str(failure)
    expected = english if language == "en" else chinese
    assert any(word in shown for word in expected.split("|")), shown


def test_stub(language, capsys):
    """Does a stub show one short line and nothing else?"""

    @_named("zero_pad")
    def stub(X, pad):
        raise NotImplementedError("zero_pad")

    failure = _failure(public_tests.check, stub)
    assert capsys.readouterr().out == ""
    assert len(failure._render_traceback_()) == 1
    assert failure._render_traceback_()[0].startswith("zero_pad")


def test_changed_input_prints_and_warnings(language, capsys):
    """Is it reported that a function changes its input, and is what it prints and warns shown?"""

    @_named("zero_pad")
    def noisy(X, pad):
        print("here I am")
        warnings.warn("look out", stacklevel=2)
        padded = reference.zero_pad(X, pad)
        X *= 0
        return padded

    _failure(public_tests.check, noisy)
    shown = capsys.readouterr().out
    assert "here I am" in shown and "look out" in shown
    assert ("work on a copy" if language == "en" else "副本") in shown


def test_a_raise_left_in(language, capsys):
    """Is the line that ends a written function named, and not taken for an unwritten one?"""
    source = "def zero_pad(X, pad):\n    X_pad = X + 0\n    raise NotImplementedError\n"
    space = _in_a_cell(source + "    return X_pad\n")
    failure = _failure(public_tests.check, space["zero_pad"])
    assert "raise NotImplementedError(...)" in " ".join(failure.lines)


def test_a_wrong_helper_is_mended_first(language, capsys):
    """Does a right conv_forward with a wrong zero_pad point to zero_pad, and name nothing else?"""
    space = _in_a_cell(
        inspect.getsource(reference).replace("((0, 0), (pad, pad), (pad, pad), (0, 0))", "pad")
    )
    with pytest.raises(public_tests.CheckFailed):
        public_tests.check(space["conv_forward"])
    shown = capsys.readouterr().out
    says = notebook.TEXTS["helper"].format(exercise="conv_forward", helper="zero_pad")
    assert says.in_(language) in shown
    assert shown.count(notebook.TEXTS["helper_hint"].in_(language)[-10:]) == 1


def test_a_wrong_helper_hides_no_mistake_elsewhere(monkeypatch, language):
    """Is a mistake of mode max named where the helper for averages is wrong, and none invented?"""
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    right = inspect.getsource(reference)
    helper = right.replace("average = dz / (n_H * n_W)", "average = dz")
    both = helper.replace("+= mask * da\n", "+= mask\n")
    two = helper.replace("mask = x == np.max(x)", "mask = x > 0")
    assert both != helper != right and two != helper
    for text in (helper, both, two):
        _failure(public_tests.check, _in_a_cell(text)["pool_backward"])
    ids = [[cause.id.partition("/")[2] for cause in result.causes] for result in shown]
    assert ids == [["wrong_helper"], ["wrong_helper", "gradient_unused"], ["wrong_helper"]]


def test_no_window_is_drawn_where_a_helper_is_wrong(monkeypatch, language):
    """Is a window that a wrong zero_pad has moved kept from the function that calls it?"""
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    moved = "((0, 0), (2 * pad, 0), (pad, pad), (0, 0))"
    text = inspect.getsource(reference)
    space = _in_a_cell(text.replace("((0, 0), (pad, pad), (pad, pad), (0, 0))", moved))
    _failure(public_tests.check, space["conv_forward"])
    assert shown[0].windows is None and "zero_pad" in shown[0].causes[0].message["en"]


HELPER = """
def out_size(n, f, pad, stride):
    free = n + 2 * pad - f
    return free // stride
"""


def test_the_line_of_a_helper_is_shown(monkeypatch, language):
    """Does the box show the line inside a student's own helper, where the task's line calls it?"""
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    text = inspect.getsource(reference.conv_forward)
    for side in ("H", "W"):
        right = f"n_{side} = (n_{side}_prev - f + 2 * pad) // stride + 1"
        assert right in text
        text = text.replace(right, f"n_{side} = out_size(n_{side}_prev, f, pad, stride)")
    helpers = inspect.getsource(reference).partition("def conv_forward")[0]
    space = _in_a_cell(f"{HELPER}\n{helpers}\n{text}")
    failure = _failure(public_tests.check, space["conv_forward"])
    quoted = [line for line in shown[0].text().split("\n") if line.endswith(" stride")]
    assert [line.partition("  return")[2] for line in quoted] == [" free // stride"]
    assert f"{CODE}return free // stride</code>" in shown[0].html()
    assert "out_size" in str(failure)


def _in_a_cell(source):
    """Run `source` as a cell whose text can be looked up, and return its names."""
    name = f"<cell {len(linecache.cache)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"np": np, "__name__": "__main__"}
    exec(compile(source, name, "exec"), space)
    return space


def test_own_line_of_an_exception(language, capsys):
    """Does an error show the student's own line, and none of ours?"""

    @_named("zero_pad")
    def failing(X, pad):
        border = X.shape[pad + 7]
        return border

    _failure(public_tests.check, failing)
    shown = capsys.readouterr().out
    assert "border = X.shape[pad + 7]" in shown
    assert "checks/run.py" not in shown


def test_unknown_names(language):
    """Is an unknown function, or something that is none, refused in one line?"""
    assert "zero_pad" in str(_failure(public_tests.check, np.sum))
    assert "check(zero_pad)" in str(_failure(public_tests.check, np.zeros(3)))


def test_interrupt_passes(language):
    """Can a student stop an endless function?"""

    @_named("zero_pad")
    def interrupted(X, pad):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        public_tests.check(interrupted)


@pytest.mark.slow
def test_lines_fit_the_dialog(language):
    """Are the lines of a failure short enough for Validate, which does not wrap?"""
    for misconception in CATALOGUE.misconceptions[::25]:
        if not misconception.is_wrong_here:
            continue
        function = wrong_function(CATALOGUE.reference, [misconception])
        for line in _failure(CHECKS[misconception.exercise], function)._render_traceback_():
            assert len(line) < 75


def test_replay_gives_the_inputs_of_the_grader(language):
    """Does replay draw exactly what the grader drew under a seed?"""
    once = public_tests.replay("conv_forward", "stride_2", seed=12345)
    again = public_tests.replay("conv_forward", "stride_2", seed=12345)
    assert np.array_equal(once[0], again[0]) and once[3] == {"stride": 2, "pad": 1}
    reference.conv_forward(*once)


def test_needs(language, capsys):
    """Does a play cell print one line for a stub, and Python's error of a correct function?"""
    with public_tests.needs(reference.zero_pad):
        raise NotImplementedError("zero_pad")
    assert capsys.readouterr().out.startswith("zero_pad")
    public_tests.check(reference.zero_pad)
    with pytest.raises(ZeroDivisionError), public_tests.needs(reference.zero_pad):
        raise ZeroDivisionError


def test_a_function_that_stops_a_cell_is_named(language, capsys):
    """Is an error before the check one line, with the function, its line and what Python says?"""
    space = _in_a_cell("def zero_pad(X, pad):\n    return np.pad(X, [[[pad]]] * 9)\n")
    with public_tests.needs(reference.conv_forward, space["zero_pad"]):
        space["zero_pad"](np.ones((1, 2, 2, 1)), 1)
    (line,) = capsys.readouterr().out.splitlines()
    assert re.match(r"zero_pad .*2 .*ValueError: ", line) and line.endswith((".", "。"))


def test_a_cell_that_stops_by_what_a_function_returns(language, capsys):
    """Is an error of the cell itself one line, too, that names only what has not passed yet?"""
    public_tests.check(reference.zero_pad)
    capsys.readouterr()
    with public_tests.needs(reference.zero_pad, reference.conv_forward):
        raise TypeError("too\nlong " + "x" * 300)
    (line,) = capsys.readouterr().out.splitlines()
    assert "TypeError: too long xxx" in line and "conv_forward" in line and len(line) < 250
    assert "zero_pad" not in line


def test_a_function_that_is_written_anew_has_to_pass_again(language, capsys):
    """Is a pass that of the function that was checked, and not of its name?"""
    public_tests.check(reference.zero_pad)
    anew = _in_a_cell(inspect.getsource(reference.zero_pad))["zero_pad"]
    with public_tests.needs(reference.zero_pad, anew):
        assert notebook.unproven() == [anew]
    assert notebook.unproven() == []


TRY = (
    "from public_tests import check\n"
    "def zero_pad(X, pad): return X\n"
    "try: check(zero_pad)\n"
    "except Exception as error: print(*error._render_traceback_(), sep='\\n')\n"
)


def _run(program, folder, **environment):
    """Run a program in a folder as a student does: nothing of this repository is on its path."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "COURSE_LANGUAGE"} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("content", [None, b"", b"not HDF5", "cut", "foreign", "newer"])
def test_missing_or_damaged_data_file(content, tmp_path):
    """Is a missing, empty, foreign or cut data file one clear line, without a traceback?"""
    folder = tmp_path / "zip"
    copy_course(_folder("en"), folder)
    path = folder / "checks" / "data" / "cnn_step_by_step.h5"
    whole = path.read_bytes()
    path.unlink()
    if content == "foreign":
        h5py.File(path, "w").close()
    elif content == "newer":
        path.write_bytes(whole)
        with h5py.File(path, "r+") as file:
            # What HDF5 does with an object whose layout it does not know: it is there, and None.
            del file["zero_pad"]
            file["zero_pad"] = h5py.SoftLink("/nowhere")
    elif content is not None:
        path.write_bytes(whole[: len(whole) // 2] if content == "cut" else content)
    finished = _run(TRY, folder)
    assert finished.returncode == 0, finished.stderr
    (line,) = finished.stdout.splitlines()
    assert path.name in line
    assert ("update h5py" in line) == (content == "newer")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"language": "xx", "assignment": "x"}'])
def test_damaged_course_file(text, tmp_path):
    """Is a damaged course.json refused in one line, not taken for another course?"""
    folder = tmp_path / "zip"
    copy_course(_folder("zh"), folder)
    (folder / "course.json").write_text(text)
    finished = _run("import public_tests", folder)
    assert finished.returncode == 1
    last = finished.stderr.splitlines()[-1]
    assert re.match(r"checks\.store\.DataFileError: .*(course\.json|'xx')", last)


def test_alone_it_says_in_one_line_what_is_missing(tmp_path):
    """Is a public_tests.py without the rest one line, also where other checks/ lie further up?"""
    (tmp_path / "checks" / "assignments").mkdir(parents=True)
    folder = tmp_path / "notebook"
    folder.mkdir()
    shutil.copy(ROOT / "public_tests.py", folder)
    finished = _run(
        "try: import public_tests\n"
        "except ImportError as error: print(*error._render_traceback_(), sep='\\n')",
        folder,
    )
    assert finished.stdout == (
        f"{folder} lacks the folder checks/: unpack the whole zip again. "
        "缺少 checks 文件夹：请重新完整解压。\n"
    )


@pytest.mark.parametrize(("language", "said"), [("en", "failed"), ("zh", "未通过")])
def test_in_the_root_of_the_repository(language, said):
    """Does it work where no course.json is, for the functions of every assignment?"""
    program = (
        "from public_tests import *\n"
        "def zero_pad(X, pad): return X\n"
        "def relu_forward(Z): return Z, Z\n"
        "for function in (zero_pad, relu_forward):\n"
        "    try: check(function)\n"
        "    except CheckFailed as error: print(function.__name__, str(error).splitlines()[0])\n"
    )
    chosen = {} if language == "en" else {"COURSE_LANGUAGE": language}
    finished = _run(program, ROOT, PYTHONIOENCODING="utf-8", **chosen)
    assert finished.returncode == 0, finished.stderr
    for name, count in (("zero_pad", 8), ("relu_forward", 14)):
        assert re.search(rf"^{name} {name}.*{said}", finished.stdout, re.M)
        assert "□" * count + "\n" in finished.stdout


def test_functions_of_the_other_notebook_are_unknown(language):
    """In a notebook with a course.json, is a function of the other assignment refused by name?"""
    failure = str(_failure(public_tests.check, _named("relu_forward")(lambda Z: Z)))
    assert "relu_forward" in failure and "pool_backward" in failure


@pytest.mark.slow
def test_imports_only_what_students_have(tmp_path):
    """Does a check run with NumPy, h5py and the standard library alone?"""
    copy_course(_folder("en"), tmp_path / "zip")
    program = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        top = name.partition('.')[0]\n"
        "        allowed = {'numpy', 'h5py', 'public_tests', 'checks'} | sys.stdlib_module_names\n"
        "        if top not in allowed and not top.startswith('_'):\n"
        "            raise ImportError(f'{name} is not there')\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from public_tests import *\n"
        "def zero_pad(X, pad): return X[:, ::-1]\n"
        "try: check(zero_pad)\n"
        "except CheckFailed: print('checked')\n"
    )
    finished = _run(program, tmp_path / "zip")
    assert finished.stdout.endswith("checked\n"), finished.stderr


IN_IPYTHON = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.colors = "nocolor"
good = "def zero_pad(X, pad):\\n    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
for cell in (
    "import numpy as np\\nfrom public_tests import *",
    good, "check(zero_pad)", good[:-1], "check(zero_pad)", "check(pool_forward)",
):
    shell.run_cell(cell, store_history=True)
"""


@pytest.mark.slow
def test_in_ipython_an_old_function_is_no_pass(language):
    """In a real IPython, is a cell that does not parse told, and a missing function in one line?"""
    done = _run(IN_IPYTHON, _folder(language), PYTHONIOENCODING="utf-8")
    assert done.stdout.count("■") == 1, done.stdout + done.stderr
    old = {"en": "An older zero_pad is in memory", "zh": "内存中还是旧的 zero_pad"}[language]
    missing = {"en": "pool_forward is not defined yet", "zh": "pool_forward 还没有定义"}[language]
    assert old in done.stdout and missing in done.stdout
