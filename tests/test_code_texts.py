"""Are texts within code cells in the language of the notebook, and the code the same?"""

import pytest

from autograder.building.code_texts import has_translations, in_language

CELL = '''%matplotlib inline
def pad(x):
    """Pad a picture.
    # zh: 填充一张图片。

    x: array
    # zh: x：数组
    """
    # YOUR CODE STARTS HERE
    # zh: 你的代码从这里开始
    # Read the sizes,
    # zh: 读出各个大小。
    #     then pad.
    # zh:
    raise NotImplementedError("pad")


print("sum:", f"{pad} of {1:.2f}", 2)  # a label
# zh: print("总和：", f"{pad}（{1:.2f}）", 2)  # 标签
def one(x):
    """One line."""
    # zh: """一行。"""
# not translated'''

ENGLISH = '''%matplotlib inline
def pad(x):
    """Pad a picture.

    x: array
    """
    # YOUR CODE STARTS HERE
    # Read the sizes,
    #     then pad.
    raise NotImplementedError("pad")


print("sum:", f"{pad} of {1:.2f}", 2)  # a label
def one(x):
    """One line."""
# not translated'''

CHINESE = '''%matplotlib inline
def pad(x):
    """填充一张图片。

    x：数组
    """
    # 你的代码从这里开始
    # 读出各个大小。
    raise NotImplementedError("pad")


print("总和：", f"{pad}（{1:.2f}）", 2)  # 标签
def one(x):
    """一行。"""
# not translated'''


def test_translations_take_the_place_of_their_lines():
    """Does each language get its own lines, the English ones where it has none?"""
    assert in_language(CELL, "en") == ENGLISH
    assert in_language(CELL, "zh") == CHINESE
    assert has_translations(CELL) and not has_translations(ENGLISH)


@pytest.mark.parametrize("source", ["", "1", "# a: b\nx = {'en': 1}  # en: no mark"])
def test_a_cell_without_translations_is_left_as_it_is(source):
    """Is nothing changed where nothing is marked?"""
    assert in_language(source, "en") == in_language(source, "zh") == source


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\n# zh: x = 2", "in zh more differs"),
        ("x = f(1)\n# zh: x = g(1)", "in zh more differs"),
        ("x = 1  # one\n# zh: # 一", "in zh more differs"),
        ("x = 1\n# zh:", "in zh more differs"),
        ('f"{a} of {b}"\n# zh: f"{b} / {a}"', "in zh more differs"),
        ('f"{a:.2f}"\n# zh: f"{a:.3f}"', "in zh more differs"),
        ('f"{a}"\n# zh: "a"', "in zh more differs"),
        ('print("a")\n# zh: print("甲"', "line 1 is no Python"),
        ("# zh: 甲\nx = 1", "a translation of no line: # zh: 甲"),
        ("# a\n# zh: 甲\n# zh: 乙", "a translation of no line: # zh: 乙"),
        ("# a\n# en: b", "a translation is in one of zh, not en"),
        ("# a\n# fr: b", "a translation is in one of zh, not fr"),
    ],
)
def test_a_translation_that_changes_the_code_is_refused(source: str, reason: str):
    """Is the error clear where the code differs, or where a line is no translation?"""
    with pytest.raises(ValueError, match=reason):
        in_language(source, "zh")
