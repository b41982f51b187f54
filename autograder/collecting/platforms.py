"""How learning platforms name the files of a download: whose each is, and what its name says.

Only what a platform writes itself counts, and only numbers identify a person. A name that can be
read in two ways is refused: a student chooses file names, and on some platforms the own name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from autograder.collecting.roster import Roster
from checks.text import Text, listed

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """Whose a file is: the platform's id, the name that the student gave, LATE, and its order.

    `called` is the name that the platform wrote before the id: the student's, or a group's.
    """

    student: str | None
    platform_id: str
    file: str
    late: bool = False
    order: int = 0
    called: str = ""


@dataclass(frozen=True)
class Doubtful:
    """A file whose name shows no owner, or more than one; `why` is one sentence."""

    why: Text


_SEVERAL = Text(
    "the name can be read as that of several students: {ids}",
    "文件名可以理解为属于几名学生：{ids}",
)
_SEVERAL_NUMBERS = Text(
    "the name can be read as that of several students: {ids}; --roster FILE tells which numbers "
    "are students",
    "文件名可以理解为属于几名学生：{ids}；用 --roster FILE 指明哪些数字是学生",
)
_PARTICIPANTS = Text(
    "the name holds the numbers of several participants", "文件名中有几名参与者的编号"
)
_BEGINS = Text(
    "the name begins with several students' ids: {ids}", "文件名的开头与几名学生的学号相符：{ids}"
)

Reading = Callable[[Parts, Roster], Owner | Doubtful | None]
"""Returns None for a file that is not named as the platform names files."""

_CANVAS = re.compile(r"(?P<late>_LATE)?_(?P<user>\d{1,19})_(?P<file>\d{1,19})_(?=.)")
_CANVAS_TEXT = re.compile(r"(?P<late>_LATE)?_(?P<user>\d{1,19})_(?=(?:text|link)\.html?$)")
_ANON = r"anon_(?P<user>[A-Za-z0-9]{1,20})(?P<late>_LATE)?_"
_CANVAS_ANON = re.compile(_ANON + r"(?P<file>\d{1,19})_(?=.)")
_CANVAS_ANON_TEXT = re.compile(_ANON + r"(?=(?:text|link)\.html?$)")


def canvas(parts: Parts, roster: Roster) -> Owner | Doubtful | None:
    """Read ``{name}[_LATE]_{userid}_{attachmentid}_{filename}``, also anonymous ones and texts."""
    name = parts[-1]
    for pattern in (_CANVAS_ANON, _CANVAS_ANON_TEXT):
        if match := pattern.match(name):
            student = roster.student("canvas_id", match["user"])
            return _canvas_owner(match, name, student)
    readings = []
    # They may overlap: in a_1_2_3_x both (1, 2) and (2, 3) are numbers of a user and a file.
    for pattern in (_CANVAS, _CANVAS_TEXT):
        start = 0
        while (match := pattern.search(name, start)) and len(readings) < 20:
            readings.append(match)
            start = match.start("user")
    if not readings:
        return None
    known = [(m, s) for m in readings if (s := roster.student("canvas_id", m["user"]))]
    if len({student for _, student in known}) > 1:
        text = _SEVERAL_NUMBERS if roster.open_ else _SEVERAL
        return Doubtful(text.format(ids=listed(sorted({m["user"] for m, _ in known}))))
    match, student = known[0] if known else (readings[0], None)
    return _canvas_owner(match, name, student)


def _canvas_owner(match: re.Match[str], name: str, student: str | None) -> Owner:
    order = int(match.groupdict().get("file") or 0)
    file, called = name[match.end() :], name[: match.start()]
    return Owner(student, match["user"], file, bool(match["late"]), order, called)


_MOODLE = re.compile(r"_(?P<user>\d{1,19})_assignsubmission_(?P<kind>file|onlinetext)_?")


def moodle(parts: Parts, roster: Roster) -> Owner | Doubtful | None:
    """Read ``{[Group-]Full name}_{participant}_assignsubmission_file_``, as folder or as prefix."""
    for place, part in enumerate(parts):
        found = list(_MOODLE.finditer(part))
        if len({match["user"] for match in found}) > 1:
            return Doubtful(_PARTICIPANTS)
        if found:
            match = found[0]
            file = "/".join(filter(None, (part[match.end() :], *parts[place + 1 :])))
            return Owner(
                roster.student("moodle_id", match["user"]), match["user"], file or match["kind"]
            )
    return None


def files(parts: Parts, roster: Roster) -> Owner | Doubtful | None:
    """Read ``{student}/…`` or ``{student}.ipynb``; with a roster, ``{student}_….ipynb``, too."""
    name = parts[0] if len(parts) > 1 else parts[0].rsplit(".", 1)[0]
    file = "/".join(parts[1:]) if len(parts) > 1 else parts[0]
    student = roster.student("student", name)
    if student is not None:
        return Owner(student, name, file)
    began = [
        member.student
        for member in roster.members
        if name.startswith(member.student) and not name[len(member.student)].isalnum()
    ]
    if len(began) > 1:
        return Doubtful(_BEGINS.format(ids=listed(sorted(began))))
    return Owner(began[0] if began else None, began[0] if began else name, file)


PLATFORMS: dict[str, tuple[Reading, str | Text]] = {
    "canvas": (canvas, "name_12345_67890_file.ipynb"),
    "moodle": (moodle, "Full name_12345_assignsubmission_file_"),
    "files": (
        files,
        Text("student/file.ipynb or student.ipynb", "student/file.ipynb 或 student.ipynb"),
    ),
}
"""How each platform's names are read, and what they look like."""
