"""Verdicts and a class as text for a terminal."""

import re

import pytest

from autograder.pages.terminal import class_table, verdict_text
from checks.text import ENGLISH, LANGUAGES

ENGLISH_WORD = re.compile(r"\b(of|FAIL|with|right|wrong|graded|look|student|total|status)\b")


@pytest.fixture
def verdict(verdict_of, tmp_path):
    """A verdict with a wrong function and one with a helper that was not the student's own."""
    return verdict_of(tmp_path / "x.ipynb", "张三", {"zero_pad": 0.0}, problems=["…"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_language(language, verdict):
    """Does a terminal get the words of one language, and no English between Chinese?"""
    for text in (verdict_text(verdict, language), class_table([verdict], language)):
        without_names = re.sub(r"[a-z]+(_[a-z]+)+|/\S*", "", text)
        assert bool(ENGLISH_WORD.search(without_names)) == (language == ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_stand_below_each_other(language, verdict, verdict_of, tmp_path):
    """Do a name's wide letters leave the columns where they are?"""
    other = verdict_of(tmp_path / "y.ipynb", "ada")
    head, line, *rows = class_table([verdict, other], language).splitlines()
    column = sum(2 if ord(c) > 0x2E80 else 1 for c in head[: head.index("zero_pad")])
    assert set(line) == {"-"}
    assert [row.encode("gbk")[column : column + 2].strip() for row in rows] == [b"5", b"0"]
