"""Questions about the words that say where a wrong result begins to be wrong."""

import re
from typing import Any

import numpy as np
import pytest

from checks.compare import compare
from checks.lines.first_wrong import where_wrong
from checks.model import Case, Exercise
from checks.text import LANGUAGES

OPTIONS = {"shape": (2, 5, 7, 3), "f": 3, "stride": 2, "pad": 1}
CASE = Case("stride_2", lambda random: (), OPTIONS)
WINDOWS = Exercise(
    "layer", 1, (), ("Z",), (CASE,), (), axes={"Z": ("i", "h", "w", "c")}, windows=("Z",)
)


def _said(
    wrong: Any, exercise: Exercise = WINDOWS, language: str = "en", right_at_stride_1: bool = True
) -> str:
    """What is said of a result whose values are wrong at an index, and correct elsewhere."""
    expected = np.arange(2 * 3 * 4 * 5, dtype=float).reshape(2, 3, 4, 5)
    got = expected.copy()
    got[wrong] += 0.5 + np.random.RandomState(1).rand(*got[wrong].shape)
    difference = compare(got, expected)
    assert difference is not None
    return where_wrong(exercise, CASE, "Z", difference, right_at_stride_1).in_(language)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (np.s_[:, :, 1:], "right until h = 0, w = 1, the first window that stride 2 moves to the"),
        (np.s_[:, 1:], "right until h = 1, w = 0, the first window that stride 2 moves down"),
        (np.s_[:, 1:], "Everything at h = 0 is right."),
        (np.s_[:, :, :, 1:], "Everything at c = 0 is right."),
        (np.s_[1:], "right until i = 1, h = 0, w = 0. Everything at i = 0 is right."),
        (np.s_[0, 2, 3, 4], "right until h = 2, w = 3, c = 4."),
    ],
)
def test_it_is_said_where_it_begins(wrong: Any, said: str) -> None:
    """Is the first wrong value told in the names of the loops, and what is right before it?"""
    assert said in _said(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stride_is_not_blamed_for_what_is_wrong_without_it(language: str) -> None:
    """Where stride 1 gives a wrong result, too, is only the place told, and not the stride?"""
    said = _said(np.s_[:, :, 1:], language=language, right_at_stride_1=False)
    assert re.search("h = 0(, |、)w = 1", said) and not re.search("stride|步幅", said)


def test_windows_in_the_padding_are_told() -> None:
    """Is it seen that exactly the windows that reach into the padding are wrong?"""
    border = np.ones((2, 3, 4, 5), dtype=bool)
    border[:, 1, 1:3] = False
    assert _said(border) == "Only windows that reach into the padding differ."


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_where_nothing_is_to_be_seen(language: str) -> None:
    """Is there no sentence where all is wrong, or where the indices have no names?"""
    nameless = Exercise("layer", 1, (), ("Z",), (CASE,), ())
    assert _said(np.s_[:], language=language) == ""
    assert _said(np.s_[1:], nameless, language) == ""
    assert _said(np.s_[1:], language=language) != ""
