"""``autograder forget``: one student's files, rows, verdicts, marks and pages are removed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.collecting.people import students_of
from autograder.collecting.tables import Table, read_table
from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.files import write_atomically
from autograder.grading import store
from autograder.grading.rounds import unlist
from autograder.grading.watch_rounds import forget_student
from autograder.reading.student_ids import student_of
from autograder.recording.database import looked_into, purge
from autograder.recording.graded_notebook import remove_entry
from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook
from autograder.run_class import write_marks, write_report
from autograder.safe_text import csv_cell, one_line, safe_name
from checks.assignments import ASSIGNMENTS

STEPS = ("submitted", "autograded", "feedback")
COLLECTED = ".collected.csv"


@dataclass
class Traces:
    """What there is of a student, and what this command leaves: a line each.

    `remains` are places that are not the course's own, or hold others' work as well.
    """

    student: str
    folders: list[Path] = field(default_factory=list)
    verdicts: list[Path] = field(default_factory=list)
    in_gradebook: bool = False
    tables: list[Path] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    remains: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """What is removed."""
        lines = [str(path) for path in (*self.folders, *self.verdicts)]
        lines += ["the student and all marks in the gradebook"] if self.in_gradebook else []
        lines += [f"the rows in {path}" for path in self.tables]
        return lines + [f"{path}, of the whole section; make it again" for path in self.reports]


def find(course: Course, student: str) -> Traces:
    """Return what there is of a student. Raises CourseError where there is nothing."""
    if not safe_name(student):
        raise CourseError(f"{one_line(student, 80)!r} cannot be a student's id")
    found = Traces(student)
    for step in STEPS:
        folders = sorted(course.step(step).glob("*"))
        found.folders += [path for path in folders if student_of(path.name) == student]
    verdicts = course.build / "verdicts"
    found.verdicts = sorted(path for path in verdicts.glob("*/*.json") if path.stem == student)
    found.in_gradebook = _in_gradebook(course, student)
    for path in sorted(course.build.glob("*.csv")):
        table = _table(path)
        if path.stem in ASSIGNMENTS or path.name.endswith(COLLECTED) or path == course.roster_path:
            if table is None:
                found.remains.append(f"{path}: it can't be read; look for the student by hand")
            elif _rows_about(table, student):
                found.tables.append(path)
        else:
            # A platform's own, whose ids and names may be other ones than the course's.
            found.remains.append(f"{path}: export it again, or delete it")
    # Pages that went back to a platform lie in one archive for the class.
    for path in sorted(course.build.glob("*.feedback.zip")):
        found.remains.append(f"{path}: export the feedback again, or delete it")
    if not found.lines:
        raise CourseError(f"there is nothing of {one_line(student, 80)!r} in {course.root}")
    found.reports = _section_reports(course)
    found.remains += _elsewhere(course)
    return found


def forget(course: Course, student: str, wait: bool = False) -> Traces:
    """Remove what there is of a student, and write marks and reports without; return what it was.

    Files go first and the gradebook's rows last, so that a run that was stopped can be repeated.
    """
    with locked(course, "autograder forget", wait):
        found = find(course, student)
        for path in (*found.folders, *found.verdicts):
            remove_entry(path)
            if os.path.lexists(path):
                raise CourseError(f"{path} can't be removed; see whose it is, then do this again")
        for assignment in ASSIGNMENTS:
            unlist(course, assignment, student)
            forget_student(course, assignment, student)
            store.forget_arrived(course, assignment, student)
        for path in found.tables:
            _write_without(path, student)
        reported = [a for a in ASSIGNMENTS if course.report_path(a).is_file()]
        for assignment in reported:
            course.report_path(assignment).unlink()
        for path in found.reports:
            path.unlink()
        if found.in_gradebook:
            _remove_rows(course, student)
        for assignment in ASSIGNMENTS:
            if next(store.load_all(course, assignment), None) is not None:
                write_marks(course, assignment)
                if assignment in reported:
                    write_report(course, assignment)
    return found


def _section_reports(course: Course) -> list[Path]:
    """Return the reports on sections, of all assignments."""
    folders = {course.report_path(assignment).parent for assignment in ASSIGNMENTS}
    return [
        path
        for folder in folders
        for path in sorted(folder.glob("*.html"))
        if path.name.partition(".")[0] in ASSIGNMENTS and path.stem not in ASSIGNMENTS
    ]


def _in_gradebook(course: Course, student: str) -> bool:
    from sqlalchemy import text

    with looked_into(course) as database:
        if database is None:
            return False
        query = text("SELECT 1 FROM student WHERE id = :id")
        return database.execute(query, {"id": student}).first() is not None


def _remove_rows(course: Course, student: str) -> None:
    """Remove a student from nbgrader's gradebook, and from what the database keeps unused."""
    import_nbgrader()
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import DatabaseError

    try:
        with open_gradebook(course.db_url, course.course_id) as gradebook:
            gradebook.remove_student(student)
            purge(gradebook)
    except (DatabaseError, InvalidEntry) as error:
        said = one_line(str(getattr(error, "orig", None) or error))
        raise CourseError(
            f"{course.gradebook_place}: {said}; the files are removed, the rows are not: close "
            "what uses the gradebook, then do this again"
        ) from error


def _table(path: Path) -> Table | None:
    try:
        return read_table(path)
    except CourseError:
        return None


def _rows_about(table: Table, student: str) -> set[int]:
    """Return which rows are a student's, by the column that says whose a row is."""
    names = (student, csv_cell(student))
    return {place for place, name in enumerate(students_of(table), 1) if name in names}


def _write_without(path: Path, student: str) -> None:
    table = read_table(path)
    about = _rows_about(table, student)
    rows = [row for place, row in enumerate(table.rows) if place not in about]
    write_atomically(path, replace(table, rows=rows).text().encode())


def _elsewhere(course: Course) -> Iterator[str]:
    """Yield the places that may hold a student's work and are for a person to look into."""
    downloaded = course.course_folder / str(
        course.config.ZipCollectApp.get("downloaded_directory", "downloaded")
    )
    if downloaded.is_dir():
        yield f"{downloaded}: a platform's archives hold the whole class"
    exchange = course.exchange / course.course_id
    if exchange.is_dir():
        yield f"{exchange}: inbound/ and feedback/ of nbgrader's exchange"
    yield "backups of this folder, rosters, the learning platform, the student's own computer"
