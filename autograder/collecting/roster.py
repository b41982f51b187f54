"""Who is who: a student's id here, and the ids by which learning platforms know the same person."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.collecting.people import people_in
from autograder.collecting.tables import Table, read_table
from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.reading.student_ids import look_alikes, spelt_out
from autograder.recording.database import looked_into
from autograder.run_class import Section
from autograder.safe_text import one_line, safe_name
from autograder.texts import ABOUT
from checks.text import Text, listed

COLUMNS = ("student", "canvas_id", "moodle_id", "email", "name", "section")
UNIQUE = ("student", "canvas_id", "moodle_id", "email")

_NOT_IN_COMMANDS = frozenset("*?[]")
_NOT_FIRST = ("-", "=", "+", "@", "~", ".")

_NO_ID = Text(
    "{path}, line {number}: {shown!r} can't be a student's id: no *?[]/\\<>, not empty, and not "
    "beginning with one of -=+@~.",
    "{path}，第 {number} 行：{shown!r} 不能作为学号：不能含有 *?[]/\\<>，不能为空，"
    "也不能以 -=+@~. 之一开头",
)
_NO_STUDENTS = Text(
    "{path}: the roster has no column “student”; it has: {names}",
    "{path}：名单没有“student”列；现有的列：{names}",
)
_IN_GRADEBOOK = Text(
    "{place}: lms_user_id: {problem}; correct it, or use --roster FILE",
    "{place}：lms_user_id：{problem}；请改正，或者使用 --roster FILE",
)
_NO_ROSTER = Text(
    "sections are a column of the roster, and {path} is not there; put it there, or collect with "
    "--roster FILE, which keeps a copy",
    "各班由名单中的 section 列给出，而 {path} 不存在；请把名单放在那里，"
    "或者用 --roster FILE 收取，它会保存一份副本",
)
_NO_SECTION = Text(
    "no section {name!r} in {path}; there is: {names}", "{path} 中没有班 {name!r}；现有：{names}"
)
_NOBODY = Text("the roster names no student", "名单中没有学生")
_TWICE = Text("{column} {key!r} is there {count} times", "{column} {key!r} 出现了 {count} 次")
_ALIKE = Text("the ids {one!r} and {other!r} look the same", "学号 {one!r} 和 {other!r} 看起来相同")
NONE = Text("none", "无")


@dataclass(frozen=True)
class Member:
    """One row of the roster; what it does not hold is empty."""

    student: str
    canvas_id: str = ""
    moodle_id: str = ""
    email: str = ""
    name: str = ""
    section: str = ""


@dataclass(frozen=True)
class Roster:
    """The students of a course; in an `open_` one also whoever else a platform names, by its id."""

    members: tuple[Member, ...]
    open_: bool = False

    def by(self, column: str) -> Mapping[str, str]:
        """Return the students' ids by another column, where it is filled in."""
        found = ((getattr(member, column), member.student) for member in self.members)
        return {key.casefold() if column == "email" else key: own for key, own in found if key}

    def student(self, column: str, key: str) -> str | None:
        """Return the student whom a platform knows by `key`; None where the roster has none."""
        known = self.by(column).get(key.casefold() if column == "email" else key)
        if known is None and self.open_ and usable_id(key):
            return key
        return known


OPEN = Roster((), open_=True)


def usable_id(student: str) -> bool:
    """Return whether an id works as a folder, in nbgrader's commands and in a spreadsheet."""
    return (
        safe_name(student)
        and not _NOT_IN_COMMANDS & set(student)
        and not student.startswith(_NOT_FIRST)
    )


def read_roster(path: Path | None) -> Roster:
    """Read a roster, or a platform's file as one; without any, its ids are the students'.

    Raises CourseError, in one line, where it has no column `student`, an id that can't be a
    folder, or one id twice.
    """
    if path is None:
        return OPEN
    table = read_table(path)
    rows = people_in(table)
    members = []
    for number, row in enumerate(_own_rows(table, path) if rows is None else rows, 2):
        if not any(row.values()):
            continue
        if not usable_id(row["student"]):
            shown = one_line(spelt_out(row["student"]), 80)
            raise CourseError(_NO_ID.format(path=path, number=number, shown=shown))
        members.append(Member(**row))
    for problem in _problems(members):
        raise CourseError(ABOUT.format(subject=path, what=problem))
    return Roster(tuple(members))


def _own_rows(table: Table, path: Path) -> Iterator[Mapping[str, str]]:
    """Yield the rows of an instructor's own roster, by its columns."""
    header = [name.casefold() for name in table.header]
    if "student" not in header:
        raise CourseError(_NO_STUDENTS.format(path=path, names=listed(header)))
    places = {name: header.index(name) for name in COLUMNS if name in header}
    for row in table.rows[1:]:
        yield {n: row[p].strip() if p < len(row) else "" for n, p in places.items()}


def people_of(course: Course, path: Path | None) -> Roster:
    """Return the roster, the one that is kept where none is given.

    Where there is none either, it is those whom nbgrader's gradebook knows by ``lms_user_id``.
    Raises CourseError where two students have one such id.
    """
    if path is None and course.roster_path.is_file():
        path = course.roster_path
    if path is not None:
        return read_roster(path)
    with looked_into(course) as database:
        if database is None:
            return OPEN
        from sqlalchemy import text

        query = "SELECT id, lms_user_id, email FROM student WHERE lms_user_id <> ''"
        rows = database.execute(text(query)).all()
    members = tuple(Member(i, str(lms), str(lms), email or "") for i, lms, email in rows)
    for problem in _problems(members) if members else ():
        place = course.gradebook_place
        raise CourseError(_IN_GRADEBOOK.format(place=place, problem=problem))
    return Roster(members, open_=True)


def section_of(course: Course, name: str) -> Section:
    """Return a section, by the roster that is kept. Raises CourseError where there is none."""
    if not course.roster_path.is_file():
        raise CourseError(_NO_ROSTER.format(path=course.roster_path))
    members = read_roster(course.roster_path).members
    students = frozenset(member.student for member in members if member.section == name)
    if not students:
        known = sorted({member.section for member in members} - {""})
        values = {"name": one_line(name, 60), "path": course.roster_path}
        raise CourseError(_NO_SECTION.format(**values, names=listed(known) if known else NONE))
    return Section(name, students)


def keep_roster(course: Course, path: Path) -> None:
    """Keep a copy of a roster for the commands that are given none."""
    read_roster(path)
    if path.resolve() != course.roster_path.resolve():
        write_atomically(course.roster_path, path.read_bytes())


def _problems(members: Sequence[Member]) -> Iterator[Text]:
    if not members:
        yield _NOBODY
    for column in UNIQUE:
        keys = Counter(getattr(member, column).casefold() for member in members)
        for key, count in keys.items():
            if key and count > 1:
                yield _TWICE.format(column=column, key=one_line(key, 80), count=count)
    for one, others in look_alikes(member.student for member in members).items():
        yield _ALIKE.format(one=spelt_out(one), other=spelt_out(others[0]))
