"""Questions about how the result of a check is shown."""

import html
import unicodedata
from dataclasses import replace

import pytest

from checks.diagnosis import Cause
from checks.judge import CheckResult, ExerciseResult
from checks.show import CODE, LINE_WIDTH, TEXTS, Progress, Result
from checks.text import LANGUAGES, Text, html_tag

MESSAGE = Text(
    "The border is filled with the number `pad` instead of zeros, and <b> is no tag but two signs.",
    "边框里填的是数字 `pad`，而不是 0；对话框的一行里放不下，必须换行，而 <b> 不是标签。",
)
HINT = Text("Look at `np.pad`.", "看看 `np.pad`。")


def failed(language: str, detail: Text) -> Result:
    """A result with one failed check, one named cause, and one exercise done before."""
    check = CheckResult(Text("stride 2", "步幅 2"), False, 5, 0, detail)
    return Result(
        ExerciseResult("second", "wrong", 0, 5, (check,)),
        language,
        (Cause("second/cause", MESSAGE, HINT),),
        progress=Progress(("first", "second"), frozenset({"first"})),
    )


def several(language: str, detail: Text) -> Result:
    """A result with three failed checks, whose details differ in a number only."""
    names = (Text("stride 1", "步幅 1"), Text("stride 2", "步幅 2"), Text("padding", "填充"))
    checks = tuple(
        CheckResult(name, False, 5, 0, detail.format(n=n)) for n, name in enumerate(names)
    )
    return Result(
        ExerciseResult("second", "wrong", 0, 15, checks),
        language,
        (Cause("second/cause", MESSAGE, HINT, lines=(2,)),),
        code={1: "def second(pad):", 2: "    x = pad"},
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_under_the_box_is_one_and_names_the_cause(language: str) -> None:
    """Is what stands under the box one line that Validate's dialog need not wrap?"""
    line = failed(language, MESSAGE).one_line()
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in line)
    assert "\n" not in line and len(line) + wide <= LINE_WIDTH
    assert line.startswith("second") and MESSAGE.in_(language)[:12] in line and line[-1] == "…"
    assert not set("，。：；、") & {line[-2]}


def test_a_long_word_is_cut() -> None:
    """Does a name without spaces stay within the dialog?"""
    result = replace(failed("en", MESSAGE), causes=())
    check = replace(result.result.checks[0], name=Text("x" * 500))
    endless = replace(result, result=replace(result.result, checks=(check,)))
    assert len(endless.one_line()) <= LINE_WIDTH


def _order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_comes_first(language: str) -> None:
    """Does the box begin with cause, line and hint, before the first failed check and the rest?"""
    result = several(language, Text("9 of 12 values differ.", "12 个值中有 9 个不同。"))
    first, other = (check.name.in_(language) for check in result.result.checks[:2])
    for text in (result.html(), result.text()):
        hint = "np.pad"
        assert _order(text, MESSAGE.in_(language)[:8], "x = pad", hint, first, other)
    assert _order(result.html(), "x = pad", "<details", first, html.escape(result.headline), other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_crash_that_repeats_is_told_once(language: str) -> None:
    """Is the same exception in three checks, with other shapes, told in words once?"""
    crash = Text("Line 3: shapes (2, {n}) don't fit", "第 3 行：形状 (2, {n}) 不符")
    result = several(language, crash)
    for text in (result.html(), result.text()):
        assert text.count(crash.in_(language)[:8]) == 1
        again = TEXTS["again"].format(check=result.result.checks[0].name).in_(language)
        assert text.count(again) == 2 and result.result.checks[0].name.in_(language) in again


def test_where_no_cause_is_named_the_first_failure_leads() -> None:
    """Does the box then begin with the first check that fails and its numbers?"""
    result = replace(several("en", Text("9 of 12 values differ.")), causes=())
    start = result.html().split("<strong>")[1]
    assert start.startswith("second: the check “stride 1” fails") and "9 of 12" in start
    assert result.one_line() == "second: the check “stride 1” fails"


def test_one_error_that_ends_every_check_is_the_headline() -> None:
    """Is the line told that ends all checks, and the check's name where only one stops there?"""
    crash = several("en", Text("Line 3: shapes (2, {n}) don't fit"))
    checks = tuple(replace(check, line=3) for check in crash.result.checks)
    every = replace(crash, causes=(), result=replace(crash.result, checks=checks))
    assert every.one_line() == "second stops with an error in line 3"
    assert every.html().split("<strong>")[1].startswith("second stops with an error in line 3")
    named = replace(every, causes=crash.causes)
    for text in (named.text(), named.html()):
        assert text.count("second stops with an error in line 3") == 1
        assert text.count("the same error") == 3 and "the same error as" not in text
    for other in (replace(checks[2], line=4), replace(checks[2], passed=True, line=0)):
        some = replace(every, result=replace(every.result, checks=(*checks[:2], other)))
        assert some.one_line() == "second: the check “stride 1” fails"


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_shows_code_as_code_and_text_as_text(language: str) -> None:
    """Does what stands between backticks look like code, and is a sign of HTML kept as a sign?"""
    shown = failed(language, MESSAGE).html()
    assert f"{CODE}pad</code>" in shown and f"{CODE}np.pad</code>" in shown
    assert "`" not in shown and "<b>" not in shown and "&lt;b&gt;" in shown


def test_progress_marks_what_is_done() -> None:
    """Can one see which exercises have passed, without colour?"""
    shown = failed("en", MESSAGE).html()
    assert "✓&nbsp;first" in shown and "✓&nbsp;second" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_box_says_its_language(language: str) -> None:
    """Does a screen reader know in which language to read what a check shows?"""
    assert failed(language, MESSAGE).html().startswith(f'<div lang="{html_tag(language)}" ')


def test_chinese_labels_have_chinese_marks() -> None:
    """Is a label in the Chinese text of a result followed by a Chinese colon?"""
    result = failed("zh", MESSAGE)
    said = "\n".join([result.text(), result.one_line(), *result.all_lines()])
    assert ": " not in said and "提示：" in said and "second：" in said
