"""``autograder export``: fill the marks into the CSV file that a platform exported.

The platform's file says who is meant, in its own header, ids and decimals; nothing of it is
changed but the cells of marks. No row is invented. What was not handed in stays as it is, blank or
excused, because that is not a 0.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.collecting.marks import Mark, read_marks
from autograder.collecting.people import PARTICIPANT, email_in, is_points
from autograder.collecting.roster import NONE, Roster, people_of
from autograder.collecting.tables import Table, read_table
from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.reading.times import NoTime, moment_of
from autograder.safe_text import one_line
from autograder.texts import ABOUT, SEMICOLON, rendered, same_in_all
from checks.text import Text, joined

EXCUSED = ("EX", "N/A")

_TEMPLATE = Text(
    "{path}: is the template itself; say --out FILE", "{path}：就是模板本身；请使用 --out FILE"
)
_ONE_COLUMN = Text(
    "{template}: two exercises have one column, {title!r}",
    "{template}：两个练习对应同一列 {title!r}",
)
_NO_ROW = Text(
    "{student}: has a mark and no row in {name}", "{student}：有成绩，但在 {name} 中没有对应的行"
)
_NO_ROWS = Text(
    "{template}: none of its rows belongs to a student with a mark; --roster FILE tells who is who",
    "{template}：没有一行属于有成绩的学生；请用 --roster FILE 指明谁是谁",
)
_LOCKED = Text(
    "{student}: the platform does not let this mark be changed", "{student}：平台不允许改动这个成绩"
)
_OTHER_POINTS = Text(
    "{template}: the platform counts {most:g} points and the assignment {own:g}; change one of "
    "them, or say --scale",
    "{template}：平台按 {most:g} 分计，作业按 {own:g} 分计；请改动其中之一，或者使用 --scale",
)
_SAY_COLUMN = Text(
    "{path}: {why} Say --column with one of: {names}",
    "{path}：{why}请用 --column 指明其中之一：{names}",
)
_WHICH = Text("which column is meant?", "指的是哪一列？")
_WHICH_GRADE = Text("which column has the grade?", "成绩在哪一列？")
_NO_COLUMN = Text("no column is that of an assignment.", "没有哪一列是作业的成绩。")
_NOT_ONE = Text("no single column is {column!r}.", "找不到唯一的列 {column!r}。")
_NO_GRADE_BOOK = Text(
    "{path}: no grade book of Canvas (Student, ID, …, Section)",
    "{path}：不是 Canvas 的成绩册（Student、ID、…、Section）",
)
NO_WORKSHEET = Text(
    "{path}: no grading worksheet of Moodle (Identifier, Full name, …)",
    "{path}：不是 Moodle 的评分表（Identifier、Full name、…）",
)
_NO_GRADES = Text(
    "{path}: no grading worksheet of Moodle that names its grades",
    "{path}：不是写明成绩列的 Moodle 评分表",
)


@dataclass
class Exported:
    """What a run did: where the file is, how many marks it has, and what a person should know."""

    path: Path
    filled: int = 0
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A platform's file, understood: where marks go, whose each row is, what counts as full."""

    table: Table
    column: int
    students: dict[int, str | None]
    """Row -> student; None where the row is nobody of this course."""
    most: dict[int, float]
    """Row -> the most points that the platform expects, where it says so."""
    comma: bool
    locked: frozenset[int] = frozenset()
    """Rows whose mark can't be changed there."""


def export(
    course: Course,
    platform: str,
    template: Path,
    assignment: str,
    *,
    column: str | None = None,
    exercises: Mapping[str, str] | None = None,
    out: Path | None = None,
    roster: Path | None = None,
    scale: bool = False,
    bom: bool | None = None,
) -> Exported:
    """Write a copy of `template` with the marks of `assignment`.

    With `exercises`, exercise -> column, these are filled in place of the total.

    Raises CourseError, in one line, where the file is none of the platform's, where a column is
    not certain, or where its points are others than the assignment's and `scale` is not said.
    """
    people = people_of(course, roster)
    path = out or course.build / f"{assignment}.{platform}.csv"
    if path.resolve() == template.resolve():
        raise CourseError(_TEMPLATE.format(path=path))
    exported = Exported(path)
    table = read_table(template)
    wanted: Mapping[str | None, str | None] = {**exercises} if exercises else {None: column}
    columns: set[int] = set()
    told: list[Text] = []
    for exercise, title in wanted.items():
        marks = read_marks(course.csv_path(assignment), assignment, exercise)
        sheet = SHEETS[platform](table, template, title, people, frozenset(marks))
        if sheet.column in columns:
            raise CourseError(_ONE_COLUMN.format(template=template, title=title))
        columns.add(sheet.column)
        told += _fill_sheet(sheet, marks, scale, template, exported)
    exported.told = rendered(told, course.language)
    write_atomically(path, table.text(bom).encode())
    return exported


def _fill_sheet(
    sheet: Sheet, marks: Mapping[str, Mark], scale: bool, template: Path, exported: Exported
) -> Iterator[Text]:
    """Fill one column; yield what a person should know."""
    met = set()
    for number, student in sheet.students.items():
        mark = marks.get(student) if student is not None else None
        if mark is None:
            continue
        met.add(mark.student)
        yield from _fill(sheet, number, mark, scale, template, exported)
    for student, mark in sorted(marks.items()):
        if student not in met and mark.score is not None:
            yield _NO_ROW.format(student=one_line(student, 80), name=template.name)
    if not met:
        raise CourseError(_NO_ROWS.format(template=template))


def _fill(
    sheet: Sheet, number: int, mark: Mark, scale: bool, template: Path, exported: Exported
) -> Iterator[Text]:
    row = sheet.table.rows[number]
    before = row[sheet.column].strip()
    if mark.score is None or before.upper() in EXCUSED:
        return
    if number in sheet.locked:
        yield _LOCKED.format(student=one_line(mark.student, 80))
        return
    score, most = mark.score, sheet.most.get(number)
    if most is not None and mark.max_score and abs(most - mark.max_score) > 1e-9:
        if not scale:
            points = {"most": most, "own": mark.max_score}
            raise CourseError(_OTHER_POINTS.format(template=template, **points))
        score = score * most / mark.max_score
    text = f"{round(score, 4):.10g}"
    row[sheet.column] = text.replace(".", ",") if sheet.comma else text
    exported.filled += 1


def _number(text: str) -> float | None:
    plain = text.strip().replace("\u00a0", "")
    if re.fullmatch(r"-?\d{1,9}(?:[.,]\d{1,9})?", plain):
        return float(plain.replace(",", "."))
    return None


def _with_comma(cells: Iterator[str]) -> bool:
    return any(re.fullmatch(r"-?\d{1,9},\d{1,9}", cell.strip()) for cell in cells)


def _choose(path: Path, header: list[str], candidates: list[int], column: str | None) -> int:
    """Return the place of the column that is meant. Raises CourseError with the list otherwise."""
    names = [header[place] for place in candidates]
    if column is None:
        if len(candidates) == 1:
            return candidates[0]
        found = candidates
    else:
        exact = [place for place in candidates if header[place] == column]
        begins = [p for p in candidates if _title(header[p]) == column]
        found = exact or begins
        if len(found) == 1:
            return found[0]
    why = _WHICH if candidates else _NO_COLUMN
    if column is not None:
        why = _NOT_ONE.format(column=one_line(column, 80))
    raise CourseError(_SAY_COLUMN.format(path=path, why=why, names=_titles(names)))


def _titles(names: list[str]) -> Text:
    titles = (same_in_all(one_line(name, 80)) for name in names)
    return joined(titles, SEMICOLON) if names else NONE


def _title(name: str) -> str:
    return _ASSIGNMENT.sub("", name).strip()


# --- Canvas -------------------------------------------------------------------------------------

_ASSIGNMENT = re.compile(r" ?\(\d{1,19}\)\Z")
_CANVAS_IDS = ("SIS User ID", "SIS Login ID", "Integration ID")


def canvas_sheet(
    table: Table, path: Path, column: str | None, roster: Roster, known: frozenset[str]
) -> Sheet:
    """Read the grade book that Canvas exported."""
    header = table.header
    named = header[:1] == ["Student"] or header[:2] == ["LastName", "FirstName"]
    if not named or "ID" not in header or "Section" not in header:
        raise CourseError(_NO_GRADE_BOOK.format(path=path))
    first = header.index("Section") + 1
    candidates = [p for p in range(first, len(header)) if _ASSIGNMENT.search(header[p])]
    place = _choose(path, header, candidates, column)
    number = header.index("ID")
    others = [header.index(name) for name in _CANVAS_IDS if name in header]
    students: dict[int, str | None] = {}
    points: float | None = None
    for row_number, row in enumerate(table.rows[1:], 1):
        row += [""] * (len(header) - len(row))
        if is_points(row):
            points = _number(row[place])
        elif row[number].strip():
            keys = [row[p].strip() for p in (number, *others)]
            students[row_number] = _canvas_student(keys, roster, known)
    cells = (row[p] for row in table.rows[1:] for p in candidates)
    most = dict.fromkeys(students, points) if points is not None else {}
    return Sheet(table, place, students, most, _with_comma(cells))


def _canvas_student(keys: list[str], roster: Roster, known: frozenset[str]) -> str | None:
    if not roster.open_:
        return roster.by("canvas_id").get(keys[0])
    if keys[0] in roster.by("canvas_id"):
        return roster.by("canvas_id")[keys[0]]
    # Without a roster the id here is one of the platform's; two that are known are two students.
    found = {key for key in keys if key in known}
    return found.pop() if len(found) == 1 else None


# --- Moodle -------------------------------------------------------------------------------------

_GRADES = frozenset(
    name.casefold()
    for name in (
        "Grade", "Bewertung", "成绩", "评分", "分数", "成績", "Note", "Calificación", "Valutazione",
        "Voto", "Nota", "Оценка", "評定", "Cijfer", "Beoordeling", "Ocena", "Betyg", "Karakter",
    )
)  # fmt: skip
_NO = frozenset({"no", "nein", "否", "non", "não", "нет", "いいえ", "nee", "nie", "nej"})


def moodle_sheet(
    table: Table, path: Path, column: str | None, roster: Roster, known: frozenset[str]
) -> Sheet:
    """Read the grading worksheet that Moodle exported, in any language that names its columns."""
    header = table.header
    rows = table.rows[1:]
    identified = [PARTICIPANT.fullmatch(row[0].strip()) for row in rows]
    if len(header) < 5 or not rows or not all(identified):
        raise CourseError(NO_WORKSHEET.format(path=path))
    # The first three are the identifier, the name and an id or the address.
    candidates = [p for p in range(2, len(header)) if header[p].casefold() in _GRADES]
    if column is not None:
        candidates = [p for p in range(2, len(header)) if header[p] == column]
    if len(candidates) != 1:
        names = _titles(header[2:])
        raise CourseError(_SAY_COLUMN.format(path=path, why=_WHICH_GRADE, names=names))
    place = candidates[0]
    students, most, locked = {}, {}, set()
    for number, (row, match) in enumerate(zip(rows, identified, strict=True), 1):
        row += [""] * (len(header) - len(row))
        assert match is not None
        keys = (match[1], email_in(row), row[2].strip())
        students[number] = _moodle_student(keys, roster, known)
        if (points := _number(row[place + 1]) if place + 1 < len(row) else None) is not None:
            most[number] = points
        if place + 2 < len(row) and row[place + 2].strip().casefold() in _NO:
            locked.add(number)
    cells = (cell for row in rows for cell in row[place : place + 2])
    return Sheet(table, place, students, most, _with_comma(cells), frozenset(locked))


def moodle_times(path: Path, zone: str) -> dict[str, datetime]:
    """Return when participants have submitted, in UTC: what their worksheet tells in this zone.

    Raises CourseError, in one line, where a time can't be read for certain.
    """
    table = read_table(path)
    places = [p for p in range(2, len(table.header)) if table.header[p].casefold() in _GRADES]
    if len(places) != 1:
        raise CourseError(_NO_GRADES.format(path=path))
    # Grade, most points, may be changed, last modified (submission).
    place = places[0] + 3
    times = {}
    for row in table.rows[1:]:
        match = PARTICIPANT.fullmatch(row[0].strip())
        cell = row[place].strip() if place < len(row) else ""
        if match is None or not re.search(r"\d", cell):
            continue
        try:
            times[match[1]] = moment_of(f"{cell} {zone}")
        except NoTime as error:
            what = ABOUT.format(subject=one_line(row[0], 60), what=error.text)
            raise CourseError(ABOUT.format(subject=path, what=what)) from None
    return times


def _moodle_student(
    keys: tuple[str, str, str], roster: Roster, known: frozenset[str]
) -> str | None:
    participant, email, number = keys
    if roster.open_:
        by_id, by_email = roster.by("moodle_id"), roster.by("email")
        told = {by_id.get(participant), by_id.get(number), by_email.get(email.casefold())} - {None}
        found = told or {key for key in keys if key in known}
    else:
        own = {member.student for member in roster.members}
        found = {
            student
            for student in (
                roster.student("moodle_id", participant),
                roster.student("email", email) if email else None,
                number if number in own else None,
            )
            if student
        }
    return found.pop() if len(found) == 1 else None


SHEETS: dict[str, Callable[[Table, Path, str | None, Roster, frozenset[str]], Sheet]] = {
    "canvas": canvas_sheet,
    "moodle": moodle_sheet,
}
