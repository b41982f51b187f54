"""Code with spaces that Python does not read, pasted from web pages and chats, made readable.

A no-break space looks like a space and a zero-width one like nothing, but Python refuses both
outside of strings and comments. There they are replaced; inside they belong to the text.
"""

import re
import unicodedata

from autograder.reading.student_code import parse, python_of

# As wide as a space or wider.
_WIDE = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Invisible and no part of a name: controls, joiners, marks of direction and of byte order.
_HIDDEN = (
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f"
)
_LINE_ENDS = "\x85\u2028\u2029"

ODD = re.compile(f"[{_WIDE}{_HIDDEN}{_LINE_ENDS}]")
# Comments, strings and odd characters, each in one step forward (`*+` never goes back).
_TEXT_OR_ODD = re.compile(
    r"#[^\n]*+"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    rf"|(?P<odd>[{_WIDE}{_HIDDEN}{_LINE_ENDS}])",
    re.DOTALL,
)
_WIDE_ONE = re.compile(f"[{_WIDE}]")
_LINE_END = re.compile(f"[{_LINE_ENDS}]")
# An invisible character may join a keyword to a name.
_AFTER_WORD = re.compile(r"\b(?:def|class|return|in|for|if|import|from|and|or|not|as|is)\Z")
# One alone at the start of a line was pasted by accident: nobody indents by one.
_ALONE = re.compile(rf"^[{_WIDE}{_HIDDEN}](?=[^\s{_WIDE}{_HIDDEN}])", re.MULTILINE)

MAX_CODE = 200_000
"""The most characters; longer code is not analysed anywhere."""


def plain_spaces(source: str) -> tuple[str, str | None]:
    """Return code as Python reads it when its spaces are plain ones, and the first odd one's name.

    The name is None, and the code unchanged, where nothing was odd outside of strings.
    """
    if len(source) > MAX_CODE or not ODD.search(source):
        return source, None
    found = [match for match in _TEXT_OR_ODD.finditer(source) if match["odd"]]
    if not found and "\x00" not in source:
        return source, None
    first = found[0]["odd"] if found else "\x00"
    line = source.count("\n", 0, found[0].start() if found else source.index("\x00")) + 1
    name = f"U+{ord(first):04X} {unicodedata.name(first, 'CONTROL CHARACTER')}, line {line}"
    lone = {match.start() for match in _ALONE.finditer(source)}
    readings = [_replaced(source, found, lone), _replaced(source, found, frozenset())]
    parsed = (text for text in readings if not isinstance(parse(python_of(text)), SyntaxError))
    return next(parsed, readings[0]), name


def _replaced(source: str, found: list[re.Match[str]], dropped: "set[int] | frozenset[int]") -> str:
    parts, end = [], 0
    for match in found:
        parts.append(source[end : match.start()])
        end = match.end()
        odd = match["odd"]
        if match.start() in dropped:
            continue
        if _LINE_END.match(odd):
            parts.append("\n")
        elif _WIDE_ONE.match(odd) or _splits_words(source, match):
            parts.append(" ")
    parts.append(source[end:])
    # Python takes no text that holds this one, not even in a string.
    return "".join(parts).replace("\x00", "")


def _splits_words(source: str, match: re.Match[str]) -> bool:
    before, after = (
        source[max(0, match.start() - 12) : match.start()],
        source[match.end() : match.end() + 1],
    )
    return bool(_AFTER_WORD.search(before)) and (after.isalnum() or after == "_")
