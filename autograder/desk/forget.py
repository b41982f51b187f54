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
from autograder.sayings import NO_ID
from autograder.texts import same_in_all
from checks.assignments import ASSIGNMENTS
from checks.text import Text

_MARKS = Text("the student and all marks in the gradebook", "成绩册中的这名学生和所有成绩")
_ROWS = Text("the rows in {path}", "{path} 中这名学生的行")
_REPORT = Text("{path}, of the whole section; make it again", "{path}，整个班的报告；请重新生成")
_UNREADABLE = Text(
    "{path}: it can't be read; look for the student by hand", "{path}：无法读取；请人工查找这名学生"
)
_EXPORTED = Text("{path}: export it again, or delete it", "{path}：请重新导出，或者删除")
_FEEDBACK = Text(
    "{path}: export the feedback again, or delete it", "{path}：请重新导出反馈，或者删除"
)
_NOTHING = Text("there is nothing of {student!r} in {root}", "{root} 中没有 {student!r} 的任何内容")
_NOT_REMOVED = Text(
    "{path} can't be removed; see whose it is, then do this again",
    "无法删除 {path}；请查看它属于谁，然后重新执行",
)
_ROWS_LEFT = Text(
    "{place}: {said}; the files are removed, the rows are not: close what uses the gradebook, then "
    "do this again",
    "{place}：{said}；文件已经删除，成绩册中的行还在：请关闭正在使用成绩册的程序，然后重新执行",
)
_DOWNLOADED = Text(
    "{path}: a platform's archives hold the whole class", "{path}：平台的压缩包中有全班的文件"
)
_EXCHANGE = Text(
    "{path}: inbound/ and feedback/ of nbgrader's exchange",
    "{path}：nbgrader 的 exchange 中的 inbound/ 和 feedback/",
)
_OUTSIDE = Text(
    "backups of this folder, rosters, the learning platform, the student's own computer",
    "这个文件夹的备份、名单、教学平台、学生自己的电脑",
)

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
    remains: list[Text] = field(default_factory=list)

    @property
    def lines(self) -> list[Text]:
        """What is removed."""
        lines = [same_in_all(str(path)) for path in (*self.folders, *self.verdicts)]
        lines += [_MARKS] if self.in_gradebook else []
        lines += [_ROWS.format(path=path) for path in self.tables]
        return lines + [_REPORT.format(path=path) for path in self.reports]


def find(course: Course, student: str) -> Traces:
    """Return what there is of a student. Raises CourseError where there is nothing."""
    if not safe_name(student):
        raise CourseError(NO_ID.format(name=one_line(student, 80)))
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
                found.remains.append(_UNREADABLE.format(path=path))
            elif _rows_about(table, student):
                found.tables.append(path)
        else:
            # A platform's own, whose ids and names may be other ones than the course's.
            found.remains.append(_EXPORTED.format(path=path))
    # Pages that went back to a platform lie in one archive for the class.
    for path in sorted(course.build.glob("*.feedback.zip")):
        found.remains.append(_FEEDBACK.format(path=path))
    if not found.lines:
        raise CourseError(_NOTHING.format(student=one_line(student, 80), root=course.root))
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
                raise CourseError(_NOT_REMOVED.format(path=path))
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
        raise CourseError(_ROWS_LEFT.format(place=course.gradebook_place, said=said)) from error


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


def _elsewhere(course: Course) -> Iterator[Text]:
    """Yield the places that may hold a student's work and are for a person to look into."""
    downloaded = course.course_folder / str(
        course.config.ZipCollectApp.get("downloaded_directory", "downloaded")
    )
    if downloaded.is_dir():
        yield _DOWNLOADED.format(path=downloaded)
    exchange = course.exchange / course.course_id
    if exchange.is_dir():
        yield _EXCHANGE.format(path=exchange)
    yield _OUTSIDE
