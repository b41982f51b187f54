"""Comments that a person writes in formgrader: Markdown and formulas on the feedback page."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.model import Marks
from autograder.pages.comments import comment_html
from autograder.pages.feedback import feedback_page


def test_markdown():
    """Are emphasis, code, lists, tables and line ends what formgrader shows?"""
    html = comment_html("**Good**, but\nsee `pad`:\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|")
    for part in ("<strong>Good</strong>", "but<br", "<code>pad</code>", "<li>b</li>", "<td>2</td>"):
        assert part in html


def test_formulas():
    """Do formulas become MathML, which needs neither a script nor the internet?"""
    html = comment_html("See $\\frac{n+2p-f}{s}$ and\n\n$$\\sum_{i<n} a_i$$")
    assert "<mfrac>" in html and "<mo>&lt;</mo>" in html
    assert 'display="inline"' in html and 'display="block"' in html
    assert "http" not in html


@pytest.mark.parametrize("text", ["costs $5 and $6", "a $ b", "$\\frac{$"])
def test_what_is_no_formula_stays_text(text):
    """Do sums of money and broken formulas stay what they are?"""
    html = comment_html(text)
    assert "<math" not in html
    assert text.partition("$")[0] in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHN2Zz4=)",
        "![x](https://a.org/x.png)",
        "$\\text{<script>alert(1)</script>}$",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\style{background:url(https://a.org)}{x}$",
        '$\\class{x" onload="alert(1)}{y}$',
        '<https://a.org/"onmouseover=alert(1)>',
        "[x]: javascript:alert(1)\n[x]",
    ],
)
def test_nothing_runs(text):
    """Can a comment bring no element, attribute or address that does anything?"""
    html = comment_html(text)
    assert not re.search(r"<(?!/?(?:p|a|br|code|span|div|math|m[a-z]+)\b)", html)
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(r"\s(?:on\w+|style|src|class=\"x)", tag), tag
        assert not re.search(r"href=\"(?!https?://|mailto:)", tag), tag


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="$\\{}[]()<>&\"'`*_|-# \nabfrac", max_size=60))
def test_every_comment_is_shown(text):
    """Is every text shown, with no element that is not known?"""
    html = str(comment_html(text))
    known = r"p|a|br|hr|em|strong|s|code|pre|span|div|m[a-z]+|[uo]l|li|h[1-6]|blockquote|t[a-z]+"
    assert not re.search(rf"<(?!/?(?:{known})\b)", html)


def test_extra_credit_is_shown_as_such(verdict_of, submit):
    """Does the page say which points are extra credit, in both languages?"""
    marks = Marks(
        {"test_zero_pad": 7.0}, frozenset({"test_zero_pad"}), extra={"test_zero_pad": 2.0}
    )
    for language, words in (("en", "(2 of them extra credit)"), ("zh", "（含附加分 2 分）")):
        verdict = verdict_of(submit("ada", language=language), "ada", language=language)
        page = feedback_page(verdict, marks)
        assert words in page
        assert "7 / 5" in page
