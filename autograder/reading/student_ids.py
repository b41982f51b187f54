"""Students' ids: one for each folder, whatever bytes its name is made of, and which look alike."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from autograder.reading.plain_spaces import ODD


def student_of(folder: str) -> str:
    """Return the id of the student whose folder this is: its name, as text.

    A byte that is no text is written as ``/xff``, with the one character that no name can hold: so
    two folders never have one id.
    """
    return "".join(
        f"/x{ord(character) - 0xDC00:02x}" if "\udc80" <= character <= "\udcff" else character
        for character in folder
    )


def look_alikes(ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return, for each id that a person can't tell from another one, the others.

    Those are ids that differ by characters that are not seen, by kinds of spaces, by case, or by
    how Unicode composes a letter.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for one in ids:
        groups[_appearance(one)].append(one)
    return {
        one: tuple(other for other in sorted(group) if other != one)
        for group in groups.values()
        if len(group) > 1
        for one in group
    }


def spelt_out(student: str) -> str:
    """Return an id with every character written out that is not plainly seen."""
    return student.encode("ascii", "backslashreplace").decode()


def _appearance(student: str) -> str:
    seen = "".join("" if c != " " and ODD.match(c) and c not in _BLANKS else c for c in student)
    return " ".join(unicodedata.normalize("NFKC", seen).casefold().split())


_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
