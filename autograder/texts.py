"""Sentences in all languages of the course: into a file, out of it, and in one language."""

from collections.abc import Mapping, Sequence

from checks.model import LANGUAGES, Text

NO_TEXT = Text("", "")


def text_json(text: Text) -> dict[str, str]:
    """Return a text as language -> sentence."""
    return {language: text.in_(language) for language in LANGUAGES}


def text_of(data: Mapping[str, str]) -> Text:
    """Return the text that `data` was made of."""
    return Text(**data)


def same_in_all(sentence: str) -> Text:
    """Return a sentence that is not translated: what a program said, say."""
    return Text(**dict.fromkeys(LANGUAGES, sentence))


def rendered(texts: Sequence[Text], language: str) -> list[str]:
    """Return texts in one language, each sentence once."""
    return list(dict.fromkeys(text.in_(language) for text in texts))
