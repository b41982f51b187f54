"""Who is who by what a platform exports: Canvas's grade book, Moodle's grading worksheet.

The students' ids are then the platform's numbers, as they are without a roster.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from autograder.collecting.tables import Table

POINTS = "points possible"
PARTICIPANT = re.compile(r"\D{0,60}?(\d{1,19})")

Row = Mapping[str, str]


def people_in(table: Table) -> list[Row] | None:
    """Return the rows of a roster that a platform's file amounts to; None where it is no such."""
    reader = _reader(table)
    return None if reader is None else [row for row in map(reader, table.rows[1:]) if row]


def students_of(table: Table) -> list[str]:
    """Return the student of each row below the header, "" for a row that is nobody's.

    The table is a platform's file, or has a column `student`; rows of others are nobody's.
    """
    reader, rows = _reader(table), table.rows[1:]
    if reader is not None:
        return [(reader(row) or {"student": ""})["student"] for row in rows]
    header = [name.casefold() for name in table.header]
    if "student" not in header:
        return [""] * len(rows)
    place = header.index("student")
    return [row[place].strip() if place < len(row) else "" for row in rows]


def _reader(table: Table) -> Callable[[list[str]], Row | None] | None:
    """Return what tells whom a row of a platform's file is about; None where it is no such."""
    header, rows = table.header, table.rows[1:]
    named = header[:1] == ["Student"] or header[:2] == ["LastName", "FirstName"]
    if named and "ID" in header and any(is_points(row) for row in rows):
        return partial(_of_canvas, header)
    # An instructor's own roster may begin with numbers, too.
    own = "student" in {name.casefold() for name in header}
    if not own and len(header) > 4 and rows and all(map(_is_participant, rows)):
        return _of_moodle
    return None


def _is_participant(row: list[str]) -> bool:
    return PARTICIPANT.fullmatch(row[0].strip()) is not None


def is_points(row: list[str]) -> bool:
    """Tell whether a row of Canvas's grade book holds the points that are possible."""
    return row[0].strip().casefold() == POINTS


def email_in(row: list[str]) -> str:
    """Return the first cell that is an address, after number and name: a name is chosen freely."""
    return next((c.strip() for c in row[2:] if "@" in c and " " not in c.strip()), "")


def _of_canvas(header: list[str], row: list[str]) -> Row | None:
    told = dict(zip(header, map(str.strip, row), strict=False))
    number = told.get("ID", "")
    # Canvas adds a student of its own for teachers who look at the course as one.
    if not number or told.get("Student") == "Student, Test":
        return None
    two = f"{told.get('LastName', '')}, {told.get('FirstName', '')}"
    return {
        "student": number,
        "canvas_id": number,
        "email": email_in(row),
        "name": told.get("Student", two),
        "section": told.get("Section", ""),
    }


def _of_moodle(row: list[str]) -> Row | None:
    match = PARTICIPANT.fullmatch(row[0].strip())
    assert match is not None
    number, name = match[1], row[1].strip() if len(row) > 1 else ""
    return {"student": number, "moodle_id": number, "email": email_in(row), "name": name}
