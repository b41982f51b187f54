"""Sentences in all languages of the course: those that need no translation, lists, and errors."""

import sys
from collections.abc import Sequence

from checks.text import ENGLISH, Text

NO_TEXT = Text("")
SEMICOLON = Text("; ", "；")
"""Between what is said of several things."""
ABOUT = Text("{subject}: {what}", "{subject}：{what}")
"""A line about a student, a file, or an option."""


class TextError(Exception):
    """An error that a person is told of: `text` in each language, ``str()`` in English.

    A string is one that is the same in all languages, such as a program's own message.
    """

    def __init__(self, text: Text | str) -> None:
        super().__init__(text)
        self.text = text if isinstance(text, Text) else same_in_all(text)

    def __str__(self) -> str:
        return self.text.in_(ENGLISH)


def message_of(error: BaseException) -> Text:
    """Return what an error says, in each language where it can."""
    return error.text if isinstance(error, TextError) else same_in_all(str(error))


def fault_of(error: BaseException, most: int = 200) -> Text:
    """Return an error with its kind, as a traceback's last line has it, of `most` characters."""
    kind = type(error).__name__
    return Text(**{code: f"{kind}: {said}"[:most] for code, said in message_of(error).items()})


def same_in_all(sentence: str) -> Text:
    """Return a sentence that is not translated, such as a program's message."""
    return Text(sentence)


def rendered(texts: Sequence[Text], language: str) -> list[str]:
    """Return texts in one language, each sentence once."""
    return list(dict.fromkeys(text.in_(language) for text in texts))


def say(line: str) -> None:
    """Print a line on stderr."""
    print(line, file=sys.stderr, flush=True)
