"""Is a mistake shown in the student's own line, in the notebook and by the grader?"""

import ast
import difflib
import functools
import inspect
import linecache

import numpy as np
import pytest

import public_tests
from autograder.grading.single_files import check_files
from checks import notebook, store
from checks.assignments import ASSIGNMENTS
from checks.diagnosis import Cause
from checks.evidence import Evidence
from checks.lines.places import with_lines
from checks.show import CODE
from checks.text import Text
from solutions.catalogue import load, wrong_source
from solutions.cnn_step_by_step import reference
from solutions.gallery import styles
from solutions.lines import places_of

ENTRIES = [
    (assignment, misconception)
    for assignment in ASSIGNMENTS.values()
    for misconception in load(assignment.name).misconceptions
]


SHOWN_ELSEWHERE = {
    "im2col/not_flattened": ["return columns"],
    "gradient_check/steps_accumulate": ["step[index] = h"],
    "pool_backward_fast/dA_axis@missing": [
        "dwindows = mask * dA",
        "dwindows = np.ones(windows.shape) * dA / (f * f)",
    ],
}
"""Where the patch leaves nothing behind to point at: the lines that need what is missing."""


def _pointed(assignment, misconception, source):
    exercise = assignment.exercise(misconception.exercise)
    asked = exercise.parameters, exercise.outputs
    evidence = Evidence("wrong", {}, source, (), None, *asked)
    cause = Cause(misconception.id, misconception.message, misconception.hint)
    known = _known(assignment.name, exercise.name)
    return with_lines(cause, None, evidence, lambda: known).lines


@functools.cache
def _known(assignment, exercise):
    return store.read_places(store.path_of(assignment), exercise)


def _changed_lines(right, wrong):
    old, new = (text.split("\n") for text in (right, wrong))
    return {
        line + 1
        for kind, _, _, start, end in difflib.SequenceMatcher(None, old, new).get_opcodes()
        if kind != "equal"
        for line in range(start, end)
    }


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_entry_points_at_its_own_lines(assignment):
    """Does each cause of the catalogue point at lines that its patch changed, and 9 of 10 do so?"""
    pointed, wrongly = [], []
    entries = [(a, m) for a, m in ENTRIES if a.name == assignment]
    for each, misconception in entries:
        right = inspect.getsource(getattr(load(assignment).reference, misconception.exercise))
        wrong = wrong_source(load(assignment).reference, [misconception])
        lines = _pointed(each, misconception, wrong)
        pointed.append(bool(lines))
        changed = _changed_lines(right, wrong)
        # A statement of several lines is pointed at by its first one.
        spans = {
            node.lineno: set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            for node in ast.walk(ast.parse(wrong))
            if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef)
        }
        if misconception.key in SHOWN_ELSEWHERE:
            assert [wrong.split("\n")[line - 1].strip() for line in lines] == (
                SHOWN_ELSEWHERE[misconception.key]
            )
        elif not all(changed & spans[line] for line in lines):
            wrongly.append((misconception.key, lines))
    assert not wrongly
    assert sum(pointed) >= 0.9 * len(pointed)


def test_nothing_correct_is_pointed_at():
    """Does no cause point at a line of a correct function, in whatever style it is written?"""
    for assignment, misconception in ENTRIES[::15]:
        right = inspect.getsource(getattr(load(assignment.name).reference, misconception.exercise))
        assert _pointed(assignment, misconception, right) == (), misconception.key


OTHER_NAMES = """
import numpy as np

def conv_forward(A_prev, W, b, hp):
    s, p = hp["stride"], hp["pad"]
    k = W.shape[0]
    batch, rows, columns, _ = A_prev.shape
    out_h = int((rows - k + 2 * p) / s) + 1
    out_w = int((columns - k + 2 * p) / s) + 1
    padded = zero_pad(A_prev, p)
    out = np.zeros((batch, out_h, out_w, W.shape[3]))
    for n in range(batch):
        for y in range(out_h):
            for x in range(out_w):
                top = {top}
                left = x * s
                for o in range(W.shape[3]):
                    piece = padded[n, top:{bottom}, left : left + k, :]
                    out[n, y, x, o] = conv_single_step(piece, W[..., {filter}], b[..., o])
    return out, (A_prev, W, b, hp)
"""
MISTAKES = {
    "vertical_stride_ignored": ({"top": "y"}, "top = y"),
    "first_filter_only": ({"filter": "0"}, "out[n, y, x, o] ="),
    "window_end_off_by_one": ({"bottom": "top + k - 1"}, "piece ="),
}


def _source(**changed):
    values = {"top": "y * s", "bottom": "top + k", "filter": "o"} | changed
    return OTHER_NAMES.format(**values)


def _cell(source):
    name = f"<cell of a test {len(linecache.cache)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"np": np, "__name__": "__main__"}
    space |= {n: getattr(reference, n) for n in ("zero_pad", "conv_single_step")}
    exec(compile(source, name, "exec"), space)
    return space


@pytest.mark.parametrize("cause", MISTAKES)
def test_notebook_and_grader_show_the_same_line(cause, tmp_path, monkeypatch):
    """In code with names of its own, is the line quoted with its number in the cell?"""
    changed, text = MISTAKES[cause]
    source = _source(**changed)
    number = next(i for i, line in enumerate(source.split("\n"), 1) if text in line)
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    with pytest.raises(public_tests.CheckFailed):
        public_tests.check(_cell(source)["conv_forward"])
    (named,) = shown[0].causes
    assert named.id == f"conv_forward/{cause}" and number in named.lines
    assert f"{CODE}{source.split(chr(10))[number - 1].strip()}" in shown[0].html()

    path = tmp_path / "work.py"
    helpers = inspect.getsource(reference.zero_pad) + inspect.getsource(reference.conv_single_step)
    path.write_text(f"{source}\n\n{helpers}", "utf-8")
    (verdict,) = check_files([path], seed=1)
    graded = {e["name"]: e for e in verdict.contract_json()["exercises"]}["conv_forward"]
    lines = [line["line"] for line in graded["lines"]]
    assert lines == list(named.lines) == [line["line"] for line in graded["diagnosis"][0]["lines"]]
    assert text in graded["where"]


# How the course's own styles do not write it, and the lines that may be pointed at.
WRITTEN_OTHERWISE = {
    "gradient_check/steps_accumulate": (
        """
def gradient_check(f, x, dx, dZ, h=1e-5):
    slope = np.zeros(x.shape)
    step = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step[place] = h
        slope[place] = np.sum(dZ * (f(x + step) - f(x - step))) / (2 * h)
    error = np.linalg.norm(slope - dx) / (np.linalg.norm(slope) + np.linalg.norm(dx))
    return slope, error
""",
        ("step = np", "step[place]"),
    ),
    "im2col/not_flattened": (
        """
def im2col(X, f, stride):
    m, H0, n_W_prev, channels = X.shape
    H_new = (H0 - f) // stride + 1
    W_new = (n_W_prev - f) // stride + 1
    patches = np.zeros((m, H_new, W_new, f, f, channels))
    for u in range(f):
        for v in range(f):
            rows = slice(u, u + stride * H_new, stride)
            places = slice(v, v + stride * W_new, stride)
            patches[:, :, :, u, v, :] = X[:, rows, places, :]
    return patches
""",
        ("return",),
    ),
    "dense_forward/one_input_only": (
        """
def dense_forward(A_prev, W, b):
    m, n_prev = A_prev.shape
    n = W.shape[1]
    Z = np.zeros((m, n))
    for i in range(m):
        for k in range(n):
            for j in range(n_prev):
                Z[i, k] = A_prev[i, j] * W[j, k]
            Z[i, k] += b[0, k]
    cache = (A_prev, W, b)
    return Z, cache
""",
        ("Z[i, k] = A_prev",),
    ),
}


@pytest.mark.parametrize("cause", WRITTEN_OTHERWISE)
def test_no_line_is_blamed_for_being_written_otherwise(cause):
    """Is a line pointed at for what it does, and not only because no known function has it?"""
    source, meant = WRITTEN_OTHERWISE[cause]
    assignment = ASSIGNMENTS["convnet_application"]
    entry = next(m for m in load(assignment.name).misconceptions if m.id == cause)
    lines = [source.split("\n")[n - 1].strip() for n in _pointed(assignment, entry, source)]
    assert all(line.startswith(meant) for line in lines)


@pytest.mark.slow
def test_a_call_is_blamed_and_not_what_it_calls(tmp_path):
    """Where a correct function stops at what it is given, is the call of it pointed at?"""
    texts = dict(styles("convnet_application")["vectorised"])
    own = inspect.getsource(load("convnet_application").reference.pool_backward_fast)
    wrong = "im = col2im(dcolumns, dA[..., 0].shape, f, stride)"
    texts["pool_backward_fast"] = own.replace(
        "dA_prev = col2im(dcolumns, A_prev.shape, f, stride)", f"{wrong}\n    dA_prev = im"
    )
    path = tmp_path / "work.py"
    path.write_text("import numpy as np\n\n\n" + "\n\n".join(texts.values()), "utf-8")
    (verdict,) = check_files([path], seed=1)
    graded = {e["name"]: e for e in verdict.contract_json()["exercises"]}["pool_backward_fast"]
    assert graded["lines"][0]["text"] == wrong and wrong in graded["where"]


def test_what_students_get_holds_no_piece_of_a_solution():
    """Are the places of mistakes digests and roles, which none of the reference's lines is in?"""
    known = places_of(
        load("cnn_step_by_step"), ASSIGNMENTS["cnn_step_by_step"].exercise("zero_pad")
    )
    texts = [
        text
        for ways in known.of.values()
        for way in ways
        for place in way
        for text in (place.role, *place.forms)
    ]
    assert texts and all(not set("=([ ") & set(text) for text in [*texts, *known.right])


def test_a_text_without_lines_is_no_fault():
    """Is nothing pointed at where a function's text is not known?"""
    cause = Cause("conv_forward/stride_ignored", Text(""), Text(""))
    known = places_of(
        load("cnn_step_by_step"), ASSIGNMENTS["cnn_step_by_step"].exercise("zero_pad")
    )
    assert with_lines(cause, None, Evidence("wrong", {}), lambda: known).lines == ()


UNNAMED = {
    "window": ("horiz_end = horiz_start + f", "horiz_end = horiz_start + 2"),
    "size": ("n_H = (n_H_prev - f) // stride + 1", "n_H = (n_H_prev - 2) // stride + 1"),
}


@pytest.mark.parametrize("kind", UNNAMED)
def test_where_nothing_is_named_the_windows_show_the_line(kind, monkeypatch):
    """Is the line found from where the student's windows are, or how many there are?"""
    old, new = UNNAMED[kind]
    source = inspect.getsource(reference.pool_forward).replace(old, new)
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    with pytest.raises(public_tests.CheckFailed):
        public_tests.check(_cell(source)["pool_forward"])
    (result,) = shown
    assert result.causes == () and [result.code[n].strip() for n in result.pointed] == [new]
    assert new in result.html() and new in result.text()
