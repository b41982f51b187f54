"""Sentences in all languages of the course: those that need no translation, and lists of them."""

import sys
from collections.abc import Sequence

from checks.text import Text

NO_TEXT = Text("")


def same_in_all(sentence: str) -> Text:
    """Return a sentence that is not translated, such as a program's message."""
    return Text(sentence)


def rendered(texts: Sequence[Text], language: str) -> list[str]:
    """Return texts in one language, each sentence once."""
    return list(dict.fromkeys(text.in_(language) for text in texts))


def say(line: str) -> None:
    """Print a line on stderr."""
    print(line, file=sys.stderr, flush=True)
