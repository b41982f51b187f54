"""What is said of a prediction: a correct one, a near one, and one that a wrong function meets."""

import re

import pytest

import public_tests
from autograder.course import ROOT
from checks import notebook
from checks.text import LANGUAGES
from plots import predict, prediction
from plots.reasons import REASONS
from solutions.cnn_step_by_step import reference


@pytest.fixture(params=LANGUAGES)
def language(request, monkeypatch):
    monkeypatch.setattr(notebook, "_passed", {})
    monkeypatch.setattr(prediction, "_guesses", {})
    monkeypatch.setitem(vars(public_tests), "LANGUAGE", request.param)
    return request.param


def _said(capsys, *arguments, **options) -> str:
    predict(*arguments, **options)
    (line,) = capsys.readouterr().out.splitlines()
    return line


def test_what_is_no_number_is_one_line(language, capsys):
    """Is a learner without a prediction, or with a word, told what to write?"""
    assert "None" in _said(capsys, None, 3) and "bool" in _said(capsys, True, 3)


def test_a_hit_and_a_miss_differ(language, capsys):
    """Is a correct prediction confirmed, and is a wrong one asked about?"""
    assert "?" not in _said(capsys, 3, 3.0).replace("？", "?")
    assert _said(capsys, 4, 3.0).endswith(("?", "？"))


@pytest.mark.parametrize(
    ("guess", "answer", "options", "near"),
    [
        (97, 98.06, {"within": 1.5}, True),
        (96, 98.06, {"within": 1.5}, False),
        (300, 469.3, {"factor": 4}, True),
        (3000, 469.3, {"factor": 4}, False),
        (30, 469.3, {"factor": 4}, False),
        (0, 469.3, {"factor": 4}, False),
        (-469, 469.3, {"factor": 4}, False),
        (97, 98.06, {}, False),
    ],
)
def test_what_is_near_enough(language, capsys, guess, answer, options, near):
    """Is a number that a seed or a machine decides as good a few digits away, and no farther?"""
    line = _said(capsys, guess, answer, **options)
    assert any(words in line for words in ("near enough", "足够接近")) == near
    assert (f"{answer:.3g}" if options else f"{answer:g}") in line


@pytest.mark.parametrize("guess", [3, 4])
def test_a_function_without_a_passed_check_is_not_the_truth(language, capsys, guess):
    """Is its number called the code's before the check, and the answer afterwards?"""
    with public_tests.needs(reference.zero_pad, reference.conv_single_step):
        before = _said(capsys, guess, 3)
    assert ("your code" in before or "你的代码" in before) and before.endswith((".", "。"))
    assert ("check(zero_pad)" in before) == (guess == 4)
    for function in (reference.zero_pad, reference.conv_single_step):
        public_tests.check(function)
    capsys.readouterr()
    with public_tests.needs(reference.zero_pad, reference.conv_single_step):
        after = _said(capsys, guess, 3)
    assert after == _said(capsys, guess, 3) and "code" not in after and "代码" not in after


@pytest.mark.parametrize("guess", [None, 3, 4])
def test_the_reason_comes_after_a_guess(language, capsys, guess):
    """Is it said why, right or wrong, and not before the learner has thought?"""
    with public_tests.needs(reference.zero_pad):
        predict(guess, 76, why="border")
    lines = capsys.readouterr().out.splitlines()
    assert (REASONS["border"][language] in lines) == (guess is not None) and len(lines) == 1 + (
        guess is not None
    )


def test_each_reason_belongs_to_a_cell():
    """Is every reason named by one cell of the notebooks, and every name one of a reason?"""
    cells = [path.read_text("utf-8") for path in sorted((ROOT / "notebooks/source").glob("*.py"))]
    assert sorted(re.findall(r'why="(\w+)"', "".join(cells))) == sorted(REASONS)


def test_who_plays_is_not_scolded(language, capsys):
    """Does a changed cell say what it gives now, without the old guess, question and reason?"""

    def said(guess, answer):
        predict(guess, answer, why="border")
        return capsys.readouterr().out.splitlines()

    # Played with first, by who predicted the cell as it stands.
    (before,) = said(76, 64)
    assert "64" in before and not before.endswith(("?", "？"))
    assert len(said(70, 76)) == 2
    first = said(76, 76)
    assert len(first) == 2 and said(76, 76) == first
    (again,), (new,) = said(70, 64), said(66, 64)
    assert not again.endswith(("?", "？")) and new.endswith(("?", "？"))
    (played,) = said(76, 64)
    assert played == before
    # Another guess is a prediction of the changed cell.
    (hit,) = said(64, 64)
    assert hit != played and said(76, 76) == first


@pytest.mark.parametrize(("guess", "lines"), [(76, 1), (70, 2)])
def test_a_cell_that_is_changed_before_the_check(language, capsys, guess, lines):
    """Is a right guess not called wrong, and is the check named, for the code may be wrong?"""
    with public_tests.needs(reference.zero_pad):
        predict(guess, 64, why="border")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == lines and "check(zero_pad)" in said[0]
    wrong = any(words in said[0] for words in ("is wrong: ", "至少错了一个"))
    assert wrong == (guess == 70)


def test_what_is_no_number_has_its_reason_too(language, capsys):
    """Is the reason said where a learner's function gives NaN at the first call?"""
    with public_tests.needs(reference.zero_pad):
        predict(4, float("nan"), why="border")
    assert len(capsys.readouterr().out.splitlines()) == 2
