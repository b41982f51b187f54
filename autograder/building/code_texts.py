"""The texts within code cells, in each language: comments, docstrings, printed labels.

The code stands in the source once, and a translation right below the line that it is of:

    # Play: change the stride.
    # zh: 玩一玩：换一个步幅。
    print("sum:", total)
    # zh: print("总和：", total)

In the Chinese notebook such a line takes the place of the line above it. It begins as that line
does: with its indentation, with ``#`` where it is a comment, with quotes where it opens a
docstring, within which it works, too. Without a text it takes the line out. A line that has no
translation is the English one in every language.
"""

import ast
import re

from autograder.texts import TextError
from checks.text import ENGLISH, LANGUAGES, Text, listed

_MARK = re.compile(r"[ \t]*# (?P<language>[a-z]{2}(?:-[A-Za-z]+)?):(?: (?P<text>.*))?")
QUOTES = '"""'


_MORE_DIFFERS = Text(
    "in {language} more differs than comments and texts",
    "{language} 中除注释和文字之外还有不同",
)
_OTHER_LANGUAGE = Text(
    "a translation is in one of {others}, not {language}: {line}",
    "译文的语言只能是 {others} 之一，不能是 {language}：{line}",
)
_NO_LINE = Text("a translation of no line: {line}", "译文没有对应的行：{line}")
_NO_PYTHON = Text("line {number} is no Python: {line!r}", "第 {number} 行不是 Python：{line!r}")


class TranslationError(TextError, ValueError):
    """A line's translation breaks a rule."""


def in_language(source: str, language: str) -> str:
    """Return a cell's source in `language`.

    Raises TranslationError where a translation is of no line, is of a language that the course
    lacks, or changes more than comments and texts.
    """
    lines = _lines(source)
    text, english = _written(lines, language), _written(lines, ENGLISH)
    if text != english and _code(text) != _code(english):
        raise TranslationError(_MORE_DIFFERS.format(language=language))
    return text


def has_translations(source: str) -> bool:
    """Return whether any line of a cell has a translation."""
    return any(_MARK.fullmatch(line) for line in source.splitlines())


def _lines(source: str) -> list[dict[str, str | None]]:
    """Return each line in English and in the languages that have their own; None: left out."""
    lines: list[dict[str, str | None]] = []
    for line in source.splitlines():
        mark = _MARK.fullmatch(line)
        if not mark:
            lines.append({ENGLISH: line})
            continue
        language = mark["language"]
        if language not in LANGUAGES[1:]:
            names = {"others": listed(LANGUAGES[1:]), "language": language}
            raise TranslationError(_OTHER_LANGUAGE.format(**names, line=line.strip()))
        if not lines or language in lines[-1]:
            raise TranslationError(_NO_LINE.format(line=line.strip()))
        text = mark["text"]
        lines[-1][language] = text and _opening(lines[-1][ENGLISH]) + text
    return lines


def _opening(line: str) -> str:
    """Return what a translation begins with, as the line does: indentation, # or quotes."""
    text = line.lstrip()
    indentation = line.removesuffix(text)
    if text.startswith("#"):
        return indentation + "# "
    return indentation + (QUOTES if text.startswith(QUOTES) and text.count(QUOTES) == 1 else "")


def _written(lines: list[dict[str, str | None]], language: str) -> str:
    chosen = (line.get(language, line[ENGLISH]) for line in lines)
    return "\n".join(line for line in chosen if line is not None)


def _code(source: str) -> str:
    """Return the code without its texts; raise TranslationError where it is no Python."""
    # IPython's own commands are no Python.
    plain = re.sub(r"^[ \t]*[%!].*", "", source, flags=re.MULTILINE)
    try:
        tree = ast.parse(plain)
    except SyntaxError as error:
        raise TranslationError(_NO_PYTHON.format(number=error.lineno, line=error.text)) from None
    return ast.dump(_WithoutTexts().visit(tree))


class _WithoutTexts(ast.NodeTransformer):
    """Empties every text; what an f-string fills in stays, in its order."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        return ast.JoinedStr([part for part in node.values if not isinstance(part, ast.Constant)])
