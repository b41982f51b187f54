"""Does a text say the same in every language, and English where it is not translated?"""

import copy
import pickle

import pytest

from checks import text
from checks.text import ENGLISH, LANGUAGES, TABLE, Language, Text, UnknownLanguage


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of a third language, which the course has for the time of a test."""
    table = {**TABLE, "ru": Language("ru", letters="\u0400-\u04ff")}
    monkeypatch.setattr(text, "TABLE", table)
    monkeypatch.setattr(text, "LANGUAGES", tuple(table))
    return "ru"


def test_sentences_stand_in_the_order_of_the_languages():
    """Is the first sentence English and the second Chinese, whichever way one asks?"""
    said = Text("stride", "步幅")
    assert dict(said) == said.to_json() == {"en": "stride", "zh": "步幅"}
    assert said.in_("zh") == said["zh"] == said.get("zh") == "步幅"
    assert Text(**said.to_json()) == said == Text("stride", zh="步幅")


def test_what_is_not_translated_is_english(third):
    """Does a language without a sentence of its own get the English one, values filled in?"""
    outer = Text("{what} is wrong", "{what}不对")
    inner = Text("the stride", "步幅", "шаг")
    assert outer.format(what=inner)[third] == "the stride is wrong"
    whole = Text("{what} is wrong", "{what}不对", "{what} задан неверно")
    assert whole.format(what=inner)[third] == "шаг задан неверно"
    assert set(outer.to_json()) == {"en", "zh"} and set(outer) == {"en", "zh", "ru"}


def test_a_language_may_be_skipped(third):
    """Can a text have a third language without the second?"""
    said = Text("stride", ru="шаг")
    assert (said["en"], said["zh"], said[third]) == ("stride", "stride", "шаг")


@pytest.mark.parametrize(
    ("sentences", "by_code"),
    [((), {}), ((), {"zh": "步幅"}), (("a", "b", "c"), {}), (("a",), {"en": "b"})],
)
def test_sentences_that_cannot_be_told_apart_are_refused(sentences, by_code):
    """Is a text without English, with too many sentences, or with one twice, an error?"""
    with pytest.raises(TypeError, match="English at least"):
        Text(*sentences, **by_code)


def test_a_language_that_the_course_lacks_is_refused():
    """Does the error name the languages that there are?"""
    for ask in (lambda: Text("a", fr="b"), lambda: Text("a").in_("fr"), lambda: Text("a")[None]):
        with pytest.raises(UnknownLanguage) as error:
            ask()
        assert str(error.value).startswith("language is one of en, zh, not ")
    assert "fr" not in Text("a") and Text("a").get("fr") is None


def test_texts_are_values():
    """Are equal texts equal as keys, copies and across processes?"""
    said = Text("stride", "步幅")
    assert {said: 1}[Text("stride", "步幅")] == 1
    assert pickle.loads(pickle.dumps(said)) == copy.deepcopy(said) == said
    assert said != Text("stride", "步长")
    assert Text("pad", "pad") == Text("pad") and hash(Text("pad", "pad")) == hash(Text("pad"))


def test_a_list_is_written_as_its_language_does():
    """Are names and numbers parted by each language's own comma?"""
    assert text.listed(("A", 2)) == Text("A, 2", "A、2") and text.listed(()) == Text("", "")


def test_texts_are_joined_as_their_languages_do(third):
    """Is there a space between English sentences, and none between Chinese ones?"""
    both = text.joined([Text("One.", "一。"), Text("Two.", "二。")], Text(" ", ""))
    assert dict(both) == {"en": "One. Two.", "zh": "一。二。", "ru": "One. Two."}


@pytest.mark.parametrize(
    ("prose", "language"),
    [
        ("Padding adds zeros around height and width.", "en"),
        ("填充在图像四周补零，stride 不变。", "zh"),
        ("Дополнение добавляет нули вокруг картинки: pad = 2.", "ru"),
        ("", "en"),
    ],
)
def test_a_text_is_recognised_by_its_letters(third, prose: str, language: str):
    """Does the table decide which language a text without a mark is in?"""
    assert text.recognised(prose) == language


def test_english_is_the_first_language_and_complete():
    """Can everything fall back on English?"""
    assert LANGUAGES[0] == ENGLISH == "en" and TABLE["en"].complete
