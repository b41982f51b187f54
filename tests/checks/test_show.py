"""Questions about how the result of a check is shown."""

import unicodedata

import pytest

from checks.diagnosis import Cause
from checks.judge import CheckResult, ExerciseResult
from checks.show import LINE_WIDTH, Progress, Result
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_lines_fit_validates_dialog_and_say_all(language: str) -> None:
    """Are long sentences broken, not cut, where the dialog would not break them?"""
    lines = failed(language, MESSAGE).short_lines()
    for line in lines:
        wide = sum(unicodedata.east_asian_width(char) in "WF" for char in line)
        assert len(line) + wide <= LINE_WIDTH
        assert line.strip()[0] not in "，。：；、"
    together = "".join("".join(lines).split())
    assert together.count("".join(MESSAGE.in_(language).split())) == 2


def test_a_long_word_is_cut() -> None:
    """Does a value without spaces stay within the dialog, and text without end within 3 lines?"""
    endless = Text("x" * 500, "x" * 500)
    assert max(map(len, failed("en", endless).short_lines())) <= LINE_WIDTH
    assert len(failed("en", Text("many words " * 90, "")).short_lines()) <= 1 + 3 + 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_shows_code_as_code_and_text_as_text(language: str) -> None:
    """Does what stands between backticks look like code, and is a sign of HTML kept as a sign?"""
    html = failed(language, MESSAGE).html()
    assert "<code>pad</code>" in html and "<code>np.pad</code>" in html
    assert "`" not in html and "<b>" not in html and "&lt;b&gt;" in html


def test_progress_marks_what_is_done() -> None:
    """Can one see which exercises have passed, without colour?"""
    html = failed("en", MESSAGE).html()
    assert "✓&nbsp;first" in html and "✓&nbsp;second" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_box_says_its_language(language: str) -> None:
    """Does a screen reader know in which language to read what a check shows?"""
    assert failed(language, MESSAGE).html().startswith(f'<div lang="{html_tag(language)}" ')


def test_chinese_labels_have_chinese_marks() -> None:
    """Is a label in the Chinese text of a result followed by a Chinese colon?"""
    result = failed("zh", MESSAGE)
    said = "\n".join([result.text(), *result.short_lines()])
    assert ": " not in said and "错误原因：" in said and "提示：" in said
