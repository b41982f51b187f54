"""The engine's steps in nbgrader's own commands (named in ``nbgrader_config.py``).

``nbgrader autograde`` reads, runs and judges through this engine and records as ``autograder
grade`` does, ``nbgrader generate_feedback`` writes its pages, ``nbgrader export`` keeps 0, failed
and missing apart.
"""

import atexit
import contextlib
import csv
import functools
import os
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, HTMLExporter, NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.course_lock import locked
from autograder.grading import store
from autograder.grading.grade_class import folders_of, setting_of
from autograder.grading.pool import Setting, Task, Worker
from autograder.grading.rounds import finish_round, round_to_grade_in
from autograder.grading.watch_rounds import retire_round
from autograder.model import Verdict
from autograder.pages.feedback import feedback_page
from autograder.reading.folder import find_submitted_file
from autograder.reading.student_ids import look_alikes, student_of
from autograder.reading.submissions import read_submission
from autograder.receipts import write_receipts
from autograder.recording.graded_notebook import rebuild, remove_entry
from autograder.recording.late import is_recorded, penalties_of, settle
from autograder.recording.marks import marks_of
from autograder.recording.marks_csv import look_columns
from autograder.recording.recorder import Recorder, notice_of
from autograder.safe_text import csv_cell
from autograder.status import Status
from autograder.texts import ABOUT, TextError
from checks.text import Text

ASKED_BY_HAND = Text("The gradebook asks for a mark by hand.", "成绩册要求人工评分。")


@functools.cache
def course_of(root: str) -> Course:
    """Return the course in `root`."""
    return Course(Path(root))


@functools.cache
def _worker(setting: Setting) -> Worker:
    """Return this process's worker for a grading round; it ends with the process."""
    worker = Worker(setting)
    atexit.register(worker.close)
    return worker


def grade_submission(course: Course, student: str, assignment: str) -> Verdict:
    """Grade one submission as ``autograder grade`` does, and save its verdict."""
    folder = course.folder("submitted", student, assignment)
    level = os.environ.get("AUTOGRADER_ISOLATION", "auto")
    worker = _worker(setting_of(course, assignment, level, round_to_grade_in(course, assignment)))
    alike = look_alikes(map(student_of, folders_of(course, assignment))).get(student, ())
    return worker.grade(Task(student, assignment, folder, course.language, alike))


@contextlib.contextmanager
def spoken_errors(course: Course) -> Iterator[None]:
    """Have our errors speak the course's language: nbgrader logs what ``str()`` gives."""
    try:
        yield
    except TextError as error:
        raise type(error)(error.text.in_(course.spoken)) from error.__cause__


class Recording:
    """nbgrader makes one of these for each run; it keeps one recorder for each assignment."""

    parent: Any
    log: Any

    @functools.cached_property
    def _recorders(self) -> dict[str, Recorder]:
        return {}

    @property
    def course(self) -> Course:
        """The course that nbgrader is at work in."""
        return course_of(self.parent.coursedir.root)

    def recorder(self, assignment: str) -> Recorder:
        """Return the recorder of an assignment; it ends with the run."""
        if assignment not in self._recorders:
            recorder = Recorder(self.course, assignment, self.log.warning)
            self._recorders[assignment] = recorder.__enter__()
            weakref.finalize(self, recorder.__exit__)
        return self._recorders[assignment]


class SubmissionExporter(Recording, NotebookExporter):
    """Reads a submitted file under the engine's limits, in place of nbformat.

    What nbgrader gets is rebuilt from the course's own notebook and the student's code as text,
    whatever the file is: no JSON, a link, 100 MB.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Read `filename`: a submitted one by the engine, any other one as nbconvert does."""
        names = (resources or {}).get("nbgrader", {})
        coursedir: CourseDirectory = self.parent.coursedir
        student, assignment = names.get("student", "."), names.get("assignment", ".")
        submitted = coursedir.format_path(coursedir.submitted_directory, student, assignment)
        if Path(filename).parent != Path(submitted):
            return super().from_filename(filename, resources=resources, **options)
        # The file that is graded may have another name than the one that nbgrader expects.
        found, _ = find_submitted_file(Path(submitted), assignment)
        submission = read_submission(found or Path(filename))
        source = self.course.source_notebook(assignment, submission.language)
        self._clear(student, assignment)
        notebook = nbformat.from_dict(rebuild(source, submission.cells))
        return self.from_notebook_node(notebook, resources=resources, **options)

    def _clear(self, student: str, assignment: str) -> None:
        """Leave nothing in autograded/ but the receipts of this submission."""
        folder = self.course.folder("autograded", student, assignment)
        folder.mkdir(parents=True, exist_ok=True)
        for entry in list(os.scandir(folder)):
            remove_entry(Path(entry.path))
        write_receipts(self.course, "autograded", student, assignment)


class VerdictPreprocessor(NbGraderPreprocessor):
    """Takes the place of Execute and SaveAutoGrades: grades the submitted file, and records it."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the notebook rebuilt with the verdict's results."""
        exporter: SubmissionExporter = self.parent
        names = resources["nbgrader"]
        course = exporter.course
        with (
            spoken_errors(course),
            locked(course, "nbgrader autograde", wait=True, say=self.log.warning),
        ):
            verdict = grade_submission(course, names["student"], names["assignment"])
            recorder = exporter.recorder(verdict.assignment)
            recorder.record(verdict)
        for problem in verdict.problems:
            line = ABOUT.format(subject=verdict.student, what=problem)
            self.log.warning("%s", line.in_(course.language))
        return nbformat.from_dict(recorder.notebook(verdict)), resources


def grade_what_nbgrader_refuses(assignment: str, notebooks: list[str], **_: object) -> None:
    """Make ``nbgrader autograde`` leave out no submission that the engine can grade.

    nbgrader skips a notebook of another name: it is asked for the expected one instead, for which
    the engine takes the file that is there. It gives up a submission whose timestamp is no time:
    that verdict is recorded here, so that no old mark stays unflagged.
    """
    folder = Path(notebooks[0]).parent if notebooks else Path()
    if not assignment or folder.name != assignment:
        return  # generate_assignment and generate_feedback come here too
    course = course_of(os.getcwd())
    student = folder.parent.name
    if folder.resolve() != course.folder("submitted", student, assignment).resolve():
        return
    if not _nbgrader_reads_the_time(folder):
        with (
            spoken_errors(course),
            locked(course, "nbgrader autograde", wait=True),
            Recorder(course, assignment) as recorder,
        ):
            recorder.record(grade_submission(course, student, assignment))
    notebooks[:] = [str(folder / f"{assignment}.ipynb")]


def _nbgrader_reads_the_time(folder: Path) -> bool:
    """Return whether nbgrader goes on with a submission, whatever it takes its time for."""
    try:
        parse_utc((folder / "timestamp.txt").read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return True
    except Exception:  # nbgrader does not catch what its parser raises
        return False
    return True


class FeedbackExporter(Recording, HTMLExporter):
    """Writes the engine's feedback page; nbgrader's own where there is no verdict."""

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page for the notebook of ``resources["nbgrader"]``."""
        names = (resources or {}).get("nbgrader", {})
        course = self.course
        verdict = store.load(course, names["assignment"], names["student"])
        if verdict is None:
            return super().from_notebook_node(nb, resources, **options)
        _, resources = Exporter.from_notebook_node(self, nb, resources, **options)
        # The page shows how to replay failing cases, and so the round's seed. No run goes on in it
        # either: it is nbgrader that lists what was handed in.
        with (
            spoken_errors(course),
            locked(course, "nbgrader generate_feedback", wait=True, say=self.log.warning),
        ):
            finish_round(course, verdict.assignment)
            retire_round(course, verdict.assignment, verdict.seed)
            first = verdict.assignment not in self._recorders
            book = self.recorder(verdict.assignment).gradebook
            if first:
                book.settle_penalties()
        marks = book.marks(verdict.student)
        write_receipts(course, "feedback", verdict.student, verdict.assignment)
        return feedback_page(verdict, marks, notice_of(course, verdict)), resources


class StatusExport(ExportPlugin):
    """``nbgrader export``: nbgrader's columns, then status and whether a person should look.

    A student who handed in nothing has an empty score and the status missing, not a 0.
    """

    COLUMNS = (
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
        "status",
        "needs_a_look",
        "reason",
    )

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV file named by ``--to`` (grades.csv where it says nothing)."""
        path = self.to or "grades.csv"
        course = course_of(self.parent.coursedir.root)
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        self.log.info("Exporting grades to %s", path)
        with (
            spoken_errors(course),
            locked(course, "nbgrader export", wait=True, say=self.log.warning),
        ):
            for assignment in gradebook.assignments:
                settle(gradebook, assignment, penalties_of(course))
        with open(path, "w", encoding=course.csv_encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.COLUMNS)
            for assignment in gradebook.assignments:
                for student in sorted(gradebook.students, key=_by_name):
                    if assignments and assignment.name not in assignments:
                        continue
                    if students and student.id not in students:
                        continue
                    row = _export_row(course, gradebook, assignment, student)
                    writer.writerow([csv_cell(row.get(column)) for column in self.COLUMNS])


def _by_name(student: Any) -> tuple[str, str, str]:
    return student.last_name or "", student.first_name or "", student.id


def _export_row(
    course: Course, gradebook: Gradebook, assignment: Any, student: Any
) -> dict[str, object]:
    row: dict[str, object] = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
        "status": Status.MISSING,
        "needs_a_look": "no",
    }
    with contextlib.suppress(MissingEntry):
        submission = gradebook.find_submission(assignment.name, student.id)
        if not is_recorded(submission):
            return row  # an extension, and nothing that was handed in
        penalty = submission.late_submission_penalty or 0.0
        row |= {
            "timestamp": submission.timestamp,
            "raw_score": submission.score,
            "late_submission_penalty": penalty,
            "score": max(0.0, submission.score - penalty),
        }
        verdict = store.load(course, assignment.name, student.id)
        row |= _standing(course, submission, verdict)
    return row


def _standing(course: Course, submission: Any, verdict: Verdict | None) -> dict[str, str]:
    """Return a submission's status and reason to look: its verdict's, where there is one."""
    if verdict is not None and verdict.status is not Status.MISSING:
        cells = [grade.cell for notebook in submission.notebooks for grade in notebook.grades]
        marks = marks_of(submission, {cell.id: cell.name for cell in cells})
        return {"status": verdict.status, **look_columns(verdict, marks, course.language)}
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    failed = any(grade.needs_manual_grade and grade.manual_score is None for grade in grades)
    look = submission.needs_manual_grade
    return {
        "status": Status.FAILED if failed else Status.GRADED,
        "needs_a_look": "yes" if look else "no",
        "reason": ASKED_BY_HAND.in_(course.language) if look else "",
    }
