"""The languages of the course, in one table, and sentences that exist in each of them.

To add a language, add its line to `TABLE`, and then its texts: docs/adding-a-language.md.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Language(NamedTuple):
    """What the course has to know of a language.

    `tag` is what a page's HTML calls the language. `letters` are the characters, as inside a
    regular expression's brackets, that a long text in no other language of the course holds; by
    them a notebook without a mark is recognised. A `complete` language lacks no text, which the
    builder of the notebooks sees to; in any other, English stands for what is not translated.
    """

    tag: str
    letters: str = ""
    complete: bool = False


TABLE: Mapping[str, Language] = {
    "en": Language("en", complete=True),
    "zh": Language("zh-Hans", letters="\u4e00-\u9fff", complete=True),
}
"""The languages by their code, which names their folder below ``notebooks/``. English is first."""

LANGUAGES = tuple(TABLE)
ENGLISH = LANGUAGES[0]
COMPLETE = tuple(code for code, language in TABLE.items() if language.complete)
# The least share of a text's letters that are its language's own.
_SHARE = 0.15


class UnknownLanguage(ValueError, KeyError):
    """The course has no such language; the message says which ones it has."""

    def __init__(self, language: object) -> None:
        super().__init__(f"language is one of {', '.join(LANGUAGES)}, not {language!r}")

    __str__ = ValueError.__str__


class Text(Mapping[str, str]):
    """A sentence in each language of the course; where it is not translated, the English one.

    The sentences are given in the order of `LANGUAGES`, the last ones as far as there are any, or
    by their languages' codes. As a mapping a text has an entry for every language of the course.
    """

    __slots__ = ("_own",)

    def __init__(self, *sentences: str, **by_code: str) -> None:
        own = dict(zip(LANGUAGES, sentences, strict=False)) | by_code
        if len(own) < len(sentences) + len(by_code) or ENGLISH not in own:
            raise TypeError(
                f"a Text has one sentence for each of {', '.join(LANGUAGES)}, English at least: "
                f"{sentences or by_code}"
            )
        for code in by_code:
            known(code)
        self._own = own

    def __getitem__(self, language: str) -> str:
        return self._own.get(known(language), self._own[ENGLISH])

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)

    def __hash__(self) -> int:
        return hash(tuple(self.values()))

    def __repr__(self) -> str:
        return f"Text({', '.join(f'{code}={own!r}' for code, own in self._own.items())})"

    def to_json(self) -> dict[str, str]:
        """Return the sentences that were given, by language; ``Text(**sentences)`` reads them."""
        return dict(self._own)

    def in_(self, language: str) -> str:
        """Return the sentence in `language`; raise UnknownLanguage where there is no such one."""
        return self[language]

    def format(self, **values: Any) -> "Text":
        """Fill the same `values` into every language; a Text among them goes to its language."""
        return Text(
            **{
                code: own.format(**{name: in_language(v, code) for name, v in values.items()})
                for code, own in self._own.items()
            }
        )


BETWEEN_SENTENCES = Text(" ", "")
COMMA = Text(", ", "、")
"""Between the entries of a list."""
COLON = Text(": ", "：")
"""Between a label and what it is a label of."""
BRACKETED = Text(" ({text})", "（{text}）")
"""Behind a word."""
PERCENT = Text("{number} %", "{number}%")


def known(language: str) -> str:
    """Return `language`; raise UnknownLanguage where the course has no such one."""
    if language not in LANGUAGES:
        raise UnknownLanguage(language)
    return language


def html_tag(language: str) -> str:
    """Return what HTML calls a language; raise UnknownLanguage where the course lacks it."""
    return TABLE[known(language)].tag


def in_language(value: Any, language: str) -> Any:
    """Return a Text's sentence in `language`, and any other value as it is."""
    return value[language] if isinstance(value, Text) else value


def joined(texts: Iterable[Text], separator: Text) -> Text:
    """Return texts one after the other, in each language with its own `separator`."""
    texts = list(texts)
    return Text(*(separator[code].join(text[code] for text in texts) for code in LANGUAGES))


def listed(entries: Iterable[object]) -> Text:
    """Return names or numbers, which are the same in every language, as each writes a list."""
    return joined((Text(str(entry)) for entry in entries), COMMA)


def recognised(text: str) -> str:
    """Recognise the language of a text by its letters: English where it has no other's letters."""
    count = sum(character.isalpha() for character in text)
    for code, language in TABLE.items():
        if language.letters:
            own = len(re.findall(f"[{language.letters}]", text))
            if own > _SHARE * count:
                return code
    return ENGLISH


def writable(text: str) -> str:
    """Return `text` with a question mark for each character that the output's encoding lacks.

    Windows writes to a file, and a C locale everywhere, in an encoding without Chinese or "■".
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def write(text: object) -> None:
    """Print `text`; what the output cannot write is replaced, and nothing is raised."""
    print(writable(str(text)))


# A Chinese character may end a line, unless punctuation follows; other text is broken at spaces.
WORDS = re.compile(r"(?<!\s)\s*(?:[\u2e80-\ufffd][，。：；、）》”？！]*|[^\s\u2e80-\ufffd]+)")


def columns_of(text: str) -> int:
    """Return how many columns a text takes in a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def cut_to(columns: int, line: str) -> str:
    """Shorten a line to that many columns, where one can at the end of a word."""
    if columns_of(line) <= columns:
        return line
    short = ""
    for word in WORDS.findall(line):
        if columns_of(short + word) >= columns:
            break
        short += word
    if not short:
        short = line
        while columns_of(short) >= columns:
            short = short[:-1]
    return f"{short}…"


def shortened(text: str, most: int = 200) -> str:
    """Return a text in one line, of that many characters at most."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
