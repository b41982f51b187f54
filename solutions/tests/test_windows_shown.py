"""Are a function's windows found by its results alone, and drawn over the right ones?"""

import base64
import re

import numpy as np
import pytest

import public_tests
from checks import notebook
from checks.assignments import ASSIGNMENTS
from checks.drawing.windows import Box, windows_html, wrong_window
from checks.judge import outputs_of
from checks.model import Exercise
from checks.plain import to_plain
from checks.text import LANGUAGES
from solutions.catalogue import load, wrong_function

PROBED = [
    (assignment, exercise)
    for assignment in ASSIGNMENTS.values()
    for exercise in assignment.exercises
    if exercise.probe
]


def _shown(exercise: Exercise, function):
    value = to_plain(function(*exercise.probe.arguments()))
    return wrong_window(exercise.probe, outputs_of(exercise, value)[0][exercise.outputs[0]])


def _wrong(assignment, key):
    catalogue = load(assignment)
    return wrong_function(
        catalogue.reference, [m for m in catalogue.misconceptions if m.key == key]
    )


@pytest.mark.parametrize(
    ("assignment", "exercise"), PROBED, ids=[exercise.name for _, exercise in PROBED]
)
def test_the_windows_of_a_correct_function_are_right(assignment, exercise):
    """Is nothing drawn of a function whose windows are where they should be?"""
    assert _shown(exercise, load(assignment.name).functions[exercise.name]) is None


# Output place, right rows and columns, own ones, in the padded image.
WRONG = {
    "conv_forward/stride_ignored": ((0, 1), Box(0, 2, 2, 4), Box(0, 2, 1, 3)),
    "pool_forward/vertical_stride_ignored": ((1, 0), Box(2, 4, 0, 2), Box(1, 3, 0, 2)),
    "conv_backward/stride_ignored": ((0, 1), Box(0, 2, 2, 4), Box(0, 2, 1, 3)),
    "pool_backward/horizontal_stride_ignored": ((0, 1), Box(0, 2, 2, 4), Box(0, 2, 1, 3)),
}


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_window_is_found(key):
    """Is the first window that is somewhere else found, with its place and the right one?"""
    (h, w), right, own = WRONG[key]
    exercise = ASSIGNMENTS["cnn_step_by_step"].exercise(key.partition("/")[0])
    shown = _shown(exercise, _wrong("cnn_step_by_step", key))
    assert (shown.h, shown.w, shown.right, shown.own) == (h, w, right, own)


@pytest.mark.parametrize(
    ("assignment", "key"),
    [
        ("cnn_step_by_step", "conv_backward/dA_overwritten"),
        ("cnn_step_by_step", "pool_backward/overlap_overwritten"),
        ("convnet_application", "conv_backward_fast/overlap_overwritten"),
        ("convnet_application", "pool_backward_fast/overlap_overwritten"),
    ],
)
def test_windows_that_are_overwritten_are_in_their_places(assignment, key):
    """Is no corner blamed where `=` stands for `+=`, and a window lacks what it shares?"""
    exercise = ASSIGNMENTS[assignment].exercise(key.partition("/")[0])
    assert _shown(exercise, _wrong(assignment, key)) is None


@pytest.mark.parametrize("output", [None, 1.0, np.zeros((3, 3)), np.full((49, 3, 4, 1), np.nan)])
def test_other_results_show_no_windows(output):
    """Is nothing drawn where the result is no batch of outputs, or holds no effect at all?"""
    exercise = ASSIGNMENTS["cnn_step_by_step"].exercise("conv_forward")
    assert wrong_window(exercise.probe, output) is None
    assert wrong_window(exercise.probe, np.zeros((49, 3, 4, 1))) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_what_it_shows(language, monkeypatch):
    """Does the box hold the picture, with f, stride, pad and the place in words?"""
    monkeypatch.setattr(notebook, "_course", notebook._Course(language))
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    function = _wrong("cnn_step_by_step", "conv_forward/stride_ignored")
    with pytest.raises(public_tests.CheckFailed):
        public_tests.check(function)
    page = shown[0].html()
    assert windows_html(shown[0].windows, language) in page
    (alt,) = re.findall(r'alt="([^"]*)"', page)
    assert all(word in alt for word in ("f = 3", "h = 0", "w = 1", "2", "1"))
    svg = base64.b64decode(re.search(r"svg\+xml;base64,([^\"]+)", page)[1]).decode()
    assert svg.count("stroke-dasharray") == 1 and svg.count("<circle") == 6


@pytest.mark.parametrize(
    ("assignment", "key", "told"),
    [
        ("cnn_step_by_step", "conv_forward/stride_ignored", True),
        ("convnet_application", "im2col/stride_ignored", True),
        # Wrong with stride 1 as well, and right at the first window.
        ("cnn_step_by_step", "conv_forward/height_width_swapped_slice", False),
        ("convnet_application", "im2col/column_before_row", False),
    ],
)
def test_the_stride_is_named_only_where_it_is_the_matter(assignment, key, told, monkeypatch):
    """Is the first moved window said to be the stride's fault only if stride 1 gives no error?"""
    monkeypatch.setattr(notebook, "_course", notebook._Course("en"))
    shown = []
    monkeypatch.setattr(notebook, "_display", shown.append)
    with pytest.raises(public_tests.CheckFailed):
        public_tests.check(_wrong(assignment, key))
    details = [check.detail["en"] for check in shown[0].result.checks]
    assert told == any("the first window that stride" in detail for detail in details)
    assert not any("that stride 1 moves" in detail for detail in details)
