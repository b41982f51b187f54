"""Who is who by what a platform exports: Canvas's grade book, Moodle's grading worksheet.

The students' ids are then the platform's numbers, as they are without a roster.
"""

import re
from collections.abc import Iterator, Mapping

from autograder.collecting.tables import Table

POINTS = "points possible"
PARTICIPANT = re.compile(r"\D{0,60}?(\d{1,19})")

Row = Mapping[str, str]


def people_in(table: Table) -> list[Row] | None:
    """Return the rows of a roster that a platform's file amounts to; None where it is no such."""
    header, rows = table.header, table.rows[1:]
    named = header[:1] == ["Student"] or header[:2] == ["LastName", "FirstName"]
    if named and "ID" in header and any(is_points(row) for row in rows):
        return list(_of_canvas(header, rows))
    # An instructor's own roster may begin with numbers, too.
    own = "student" in {name.casefold() for name in header}
    if not own and len(header) > 4 and rows and all(map(_is_participant, rows)):
        return list(_of_moodle(rows))
    return None


def _is_participant(row: list[str]) -> bool:
    return PARTICIPANT.fullmatch(row[0].strip()) is not None


def is_points(row: list[str]) -> bool:
    """Tell whether a row of Canvas's grade book holds the points that are possible."""
    return row[0].strip().casefold() == POINTS


def email_in(row: list[str]) -> str:
    """Return the first cell that is an address, after number and name: a name is chosen freely."""
    return next((c.strip() for c in row[2:] if "@" in c and " " not in c.strip()), "")


def _of_canvas(header: list[str], rows: list[list[str]]) -> Iterator[Row]:
    for row in rows:
        told = dict(zip(header, map(str.strip, row), strict=False))
        number = told.get("ID", "")
        # Canvas adds a student of its own for teachers who look at the course as one.
        if number and told.get("Student") != "Student, Test":
            two = f"{told.get('LastName', '')}, {told.get('FirstName', '')}"
            yield {
                "student": number,
                "canvas_id": number,
                "email": email_in(row),
                "name": told.get("Student", two),
                "section": told.get("Section", ""),
            }


def _of_moodle(rows: list[list[str]]) -> Iterator[Row]:
    for row in rows:
        match = PARTICIPANT.fullmatch(row[0].strip())
        assert match is not None
        number, name = match[1], row[1].strip() if len(row) > 1 else ""
        yield {"student": number, "moodle_id": number, "email": email_in(row), "name": name}
