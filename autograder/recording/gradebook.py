"""nbgrader's gradebook: rows of an assignment, and one transaction per submission.

Manual marks and comments survive a regrade, and a regrade that failed is flagged, so that no stale
mark stays behind unseen.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from autograder.course import Course
from autograder.model import Marks, Verdict
from autograder.receipts import TIMESTAMP
from autograder.recording.database import LOCKED_SECONDS, GradebookError, Patience, Result
from autograder.recording.late import (
    assign_penalty,
    dates_of,
    is_recorded,
    penalties_of,
    settle,
)
from autograder.recording.marks import marks_of, rows_of
from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook
from autograder.status import ExerciseStatus, Status
from autograder.texts import say

Item = TypeVar("Item")

NO_RESPONSE = "No response."

AT_ONCE = 100
"""Of how many students the marks are read together."""


def _apply_score(grade: Any, score: float, look: bool) -> None:
    """Set the engine's part of an nbgrader Grade; a person's mark stays.

    The grade asks for a look where a person had marked it, too: the mark may belong to what was
    handed in before.
    """
    grade.auto_score = float(score)
    grade.needs_manual_grade = look or grade.manual_score is not None


def _apply_comment(comment: Any, status: ExerciseStatus) -> None:
    """Set nbgrader's automatic comment on a solution cell; a person's comment stays."""
    comment.auto_comment = NO_RESPONSE if status.is_absent else None


class Writer:
    """The gradebook's one writer, for one assignment. Use it as a context manager."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        say: Callable[[str], None] = say,
        patience: float = LOCKED_SECONDS,
    ) -> None:
        self.course = course
        self.assignment = assignment
        again = f"autograder grade {assignment} --resume"
        self._patience = Patience(course, say, patience, again)
        self._gradebook: Any = None

    def __enter__(self) -> "Writer":
        import_nbgrader()
        course = self.course
        course.build.mkdir(exist_ok=True)
        self._gradebook = self._patience(
            lambda: open_gradebook(course.db_url, course.course_id), lambda: None, opened=False
        )
        try:
            self.reload()
        except BaseException:
            self._gradebook.close()
            raise
        return self

    def reload(self) -> None:
        """Read the assignment again: its due date and cells may be others since."""
        self._patiently(self._ensure_assignment)
        self._patiently(self._load_cells)

    def __exit__(self, *exception: object) -> None:
        self._gradebook.close()

    def write(self, verdict: Verdict) -> Marks | None:
        """Write the marks of one verdict in one transaction; return what then counts.

        A student who handed in nothing gets no submission, as in nbgrader; one who had a mark
        before gets it flagged.
        """
        return self.write_all([verdict])[0]

    def write_all(self, verdicts: Sequence[Verdict]) -> list[Marks | None]:
        """Write the marks of some verdicts in one transaction; return what then counts for each.

        A database waits for its disk once for each transaction, so many verdicts that are there
        already are written faster together.
        """

        def write() -> dict[str, Marks]:
            for verdict in verdicts:
                self._write_marks(verdict)
            # What counts now may be a reason to look, so it is read before anything is settled.
            self._gradebook.db.flush()
            held = self._held([verdict.student for verdict in verdicts])
            for verdict in verdicts:
                if verdict.needs_a_look(held.get(verdict.student)):
                    self._flag(verdict.student)
            self._gradebook.db.commit()
            # These submissions' rows at a time: memory stays flat over a class of any size.
            self._gradebook.db.expunge_all()
            return held

        held = self._patiently(write)
        return [held.get(verdict.student) for verdict in verdicts]

    def takes(self, student: str) -> bool:
        """Tell whether a student may be recorded: ``c.Autograde.create_student`` may forbid it."""
        if self.course.config.Autograde.get("create_student", True):
            return True
        return student in self.students()

    def holds(self, student: str) -> bool:
        """Tell whether an id fits into its column: SQLite takes any, a server's has an end."""
        from nbgrader.api import Student

        longest = Student.__table__.c.id.type.length
        return self.course.gradebook_file is not None or len(student) <= longest

    def marks(self, student: str) -> Marks | None:
        """Return what counts for a student, or None where the gradebook holds no submission."""

        return self.marks_of_some([student]).get(student)

    def marks_of_some(self, students: Sequence[str]) -> dict[str, Marks]:
        """Return what counts for each of some students who have a submission in the gradebook."""
        return self._patiently(lambda: self._held(students))

    def ahead(
        self, items: Iterable[Item], student_of: Callable[[Item], str] = attrgetter("student")
    ) -> tuple[Iterator[Item], Callable[[str], Marks | None]]:
        """Return the items, and what returns the marks of the student of the latest one.

        The marks are read for many at a time: for a class that costs a tenth.
        """
        known: dict[str, Marks] = {}

        def read_ahead() -> Iterator[Item]:
            coming = iter(items)
            while some := list(itertools.islice(coming, AT_ONCE)):
                known.clear()
                known.update(self.marks_of_some([student_of(item) for item in some]))
                yield from some

        return read_ahead(), known.get

    def settle_penalties(self) -> list[str]:
        """Assign late penalties by what counts now; return the students whose is another one."""
        book, name = self._gradebook, self.assignment
        return self._patiently(lambda: settle(book, book.find_assignment(name), self._penalties))

    def dates(self) -> tuple[datetime | None, dict[str, timedelta]]:
        """Return when the assignment is due, in UTC, and the students' extensions."""
        book, name = self._gradebook, self.assignment
        return self._patiently(lambda: dates_of(book, book.find_assignment(name)))

    def set_duedate(self, duedate: datetime | None) -> None:
        """Set when the assignment is due, in UTC and without a zone."""

        def write() -> None:
            self._gradebook.find_assignment(self.assignment).duedate = duedate
            self._gradebook.db.commit()

        self._patiently(write)
        self._duedate = duedate

    def set_extension(self, student: str, extension: timedelta | None) -> None:
        """Set a student's extension; one who has handed in nothing yet gets empty rows for it."""

        def write() -> None:
            submission = self._submission(student)
            if submission is None and extension is not None:
                self._ensure_student(student)
                submission = self._new_submission(student)
            if submission is not None:
                submission.extension = extension
            self._gradebook.db.commit()

        self._patiently(write)

    def flag(self, student: str) -> None:
        """Have formgrader list a submission as one to be marked by hand: a person has to look."""

        def write() -> None:
            self._flag(student)
            self._gradebook.db.commit()

        self._patiently(write)

    def students(self) -> list[str]:
        """Return the ids of all students in the gradebook, sorted."""
        from nbgrader.api import Student

        # The ids alone: nbgrader's own list holds whole rows.
        ids = self._patiently(lambda: self._gradebook.db.query(Student.id).all())
        return sorted(student for (student,) in ids)

    # The database

    def _patiently(self, work: Callable[[], Result]) -> Result:
        """Do `work`, once the database lets us; raise GradebookError where it does not.

        No transaction is left open: it would hold up others, and see nothing of what they write.
        """

        def done() -> Result:
            result = work()
            self._gradebook.db.rollback()
            return result

        return self._patience(done, self._gradebook.db.rollback)

    def _ensure_assignment(self) -> None:
        """Create or refresh the rows of the assignment, as generate_assignment does."""
        from nbgrader.api import MissingEntry

        source = self.course.source_notebook(self.assignment)
        wanted = {
            mark["grade_id"]: float(mark["points"])
            for cell in source["cells"]
            if (mark := cell["metadata"].get("nbgrader", {})).get("grade")
        }
        try:
            notebook = self._gradebook.find_notebook(self.assignment, self.assignment)
            known = {cell.name: cell.max_score for cell in notebook.grade_cells}
        except MissingEntry:
            known = None
        self._in_order = list(wanted)
        if known != wanted:
            from autograder.recording.saved_cells import CellsDiffer, save_cells

            self._gradebook.update_or_create_assignment(self.assignment)
            try:
                save_cells(source, self.assignment, self.course.db_url)
            except CellsDiffer as error:
                raise GradebookError(error.text) from error
            self._gradebook.db.expire_all()

    def _load_cells(self) -> None:
        notebook = self._gradebook.find_notebook(self.assignment, self.assignment)
        self._notebook_id = notebook.id
        self._assignment_id = notebook.assignment.id
        self._duedate = notebook.assignment.duedate
        cells = {cell.name: cell.id for cell in notebook.grade_cells}
        self._grade_cells = {name: cells[name] for name in self._in_order}
        self._answers = {cell.name: cell.id for cell in notebook.solution_cells}
        self._tasks = {cell.name: cell.id for cell in notebook.task_cells}
        self._names = {
            cell: name for name, cell in (*self._grade_cells.items(), *self._answers.items())
        }
        self._penalties = penalties_of(self.course)

    def _submission(self, student: str) -> Any:
        from nbgrader.api import SubmittedAssignment

        return (
            self._gradebook.db.query(SubmittedAssignment)
            .filter_by(assignment_id=self._assignment_id, student_id=student)
            .one_or_none()
        )

    def _held(self, students: Sequence[str]) -> dict[str, Marks]:
        found = rows_of(self._gradebook.db, self._assignment_id, students, self._duedate)
        return {
            student: marks_of(submission, self._names)
            for student, submission in found.items()
            if is_recorded(submission)
        }

    def _flag(self, student: str) -> None:
        """Flag a submission: one grade that asks to be marked by hand is enough for formgrader."""
        cells = list(self._grade_cells.values())
        submission = self._submission(student)
        for notebook in submission.notebooks if submission is not None else ():
            grades = [grade for grade in notebook.grades if grade.cell_id in cells]
            if grades:
                first = min(grades, key=lambda grade: cells.index(grade.cell_id))
                first.needs_manual_grade = True

    def _write_marks(self, verdict: Verdict) -> None:
        """Write one submission's marks; who calls this commits."""
        student = verdict.student
        absent = verdict.status is Status.MISSING
        submission = self._submission(student)
        if absent and submission is not None and not is_recorded(submission):
            return  # an extension, and nothing that was handed in
        if submission is None:
            self._ensure_student(student)
            if not absent:
                submission = self._new_submission(student)
        if submission is not None:
            if verdict.timestamp:
                submission.timestamp = datetime.fromisoformat(verdict.timestamp)
            elif (self.course.folder("submitted", student, self.assignment) / TIMESTAMP).exists():
                submission.timestamp = None  # nbgrader may have read a time that is not certain
            for notebook in submission.notebooks:
                if notebook.notebook_id == self._notebook_id:
                    self._apply(verdict, notebook)
                    assign_penalty(submission, notebook, self._duedate, self._penalties)

    def _ensure_student(self, student: str) -> None:
        from nbgrader.api import Student

        if self._gradebook.db.get(Student, student) is None:
            self._gradebook.db.add(Student(id=student))

    def _new_submission(self, student: str) -> Any:
        """Make the rows that nbgrader's add_submission makes, without its commits."""
        from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook

        submission = SubmittedAssignment(assignment_id=self._assignment_id, student_id=student)
        notebook = SubmittedNotebook(notebook_id=self._notebook_id, assignment=submission)
        for cell in (*self._grade_cells.values(), *self._tasks.values()):
            Grade(cell_id=cell, notebook=notebook)
        for cell in (*self._answers.values(), *self._tasks.values()):
            Comment(cell_id=cell, notebook=notebook)
        self._gradebook.db.add(submission)
        return submission

    def _apply(self, verdict: Verdict, notebook: Any) -> None:
        from nbgrader.api import Comment, Grade

        failed = verdict.status is not Status.GRADED
        grade_of = self._rows(Grade, notebook, notebook.grades)
        comment_of = self._rows(Comment, notebook, notebook.comments)
        for exercise in verdict.exercises:
            cell = self._grade_cells.get(exercise.grade_id)
            if cell is not None:
                _apply_score(grade_of(cell), exercise.score, failed)
            cell = self._answers.get(exercise.name)
            if cell is not None:
                _apply_comment(comment_of(cell), exercise.status)
        if not verdict.exercises:
            for cell in self._grade_cells.values():
                _apply_score(grade_of(cell), 0.0, True)

    def _rows(self, kind: type, notebook: Any, rows: Iterable[Any]) -> Callable[[int], Any]:
        """Return a function that gives the row of a cell: the existing one, or a new one.

        A row is missing where its exercise is newer than the submission. SQLAlchemy 2 does not
        save a row for being related to one that is saved: it has to be added itself.
        """
        known = {row.cell_id: row for row in rows}

        def row_of(cell: int) -> Any:
            if cell not in known:
                known[cell] = kind(cell_id=cell, notebook=notebook)
                self._gradebook.db.add(known[cell])
            return known[cell]

        return row_of
