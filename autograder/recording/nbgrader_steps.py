"""The engine's steps in nbgrader's own commands (named in ``nbgrader_config.py``).

``nbgrader autograde`` reads, runs and judges through this engine, ``nbgrader generate_feedback``
writes its pages, ``nbgrader export`` tells 0 from failed from missing.
"""

import atexit
import contextlib
import csv
import functools
import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, HTMLExporter, NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.grading import store
from autograder.grading.grade_class import save_verdict, setting_of
from autograder.grading.pool import Setting, Task, Worker
from autograder.grading.rounds import give_feedback
from autograder.model import FAILED, GRADED, submission_status
from autograder.pages.feedback import feedback_page
from autograder.reading.submissions import read_submission
from autograder.reading.times import read_timestamp
from autograder.receipts import write_receipts
from autograder.recording.gradebook import Writer, apply_comment, apply_score, remove_entry
from autograder.recording.graded_notebook import rebuild
from autograder.safe_text import csv_cell
from autograder.settings import Settings

Verdict = dict[str, Any]


@functools.cache
def course_of(root: str) -> Course:
    """Return the course in `root`."""
    return Course(Path(root))


@functools.cache
def settings_of(root: str) -> Settings:
    """Return nbgrader's settings of the course in `root`."""
    return Settings.load(Path(root))


@functools.cache
def _worker(setting: Setting) -> Worker:
    """Return this process's worker for a grading round; it ends with the process."""
    worker = Worker(setting)
    atexit.register(worker.close)
    return worker


def grade_submission(root: str, student: str, assignment: str) -> Verdict:
    """Grade one submission as ``autograder grade`` does, and save its verdict."""
    course, settings = course_of(root), settings_of(root)
    folder = settings.folder("submitted", student, assignment)
    level = os.environ.get("AUTOGRADER_ISOLATION", "auto")
    setting = setting_of(course, assignment, settings.language, level)
    verdict = _worker(setting).grade(Task(student, assignment, folder, settings.language))
    save_verdict(course, verdict)
    return verdict


class SubmissionExporter(NotebookExporter):
    """Reads a submitted file under the engine's limits, in place of nbformat.

    What goes on is rebuilt from the course's own notebook and the student's code as text, whatever
    the file is: no JSON, a link, 100 MB.
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
        submission = read_submission(Path(filename))
        source = settings_of(coursedir.root).source_notebook(assignment, submission.language)
        self._clear(coursedir, student, assignment)
        notebook = nbformat.from_dict(rebuild(source, submission.cells))
        return self.from_notebook_node(notebook, resources=resources, **options)

    def _clear(self, coursedir: CourseDirectory, student: str, assignment: str) -> None:
        """Leave nothing in autograded/ but the receipts of this submission."""
        settings = settings_of(coursedir.root)
        folder = settings.folder("autograded", student, assignment)
        folder.mkdir(parents=True, exist_ok=True)
        for entry in list(os.scandir(folder)):
            remove_entry(Path(entry.path))
        write_receipts(settings, "autograded", student, assignment)


class VerdictPreprocessor(NbGraderPreprocessor):
    """Takes the place of Execute: asks the engine for the verdict on the submitted file."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the notebook rebuilt with the verdict's results, and the verdict in resources."""
        names = resources["nbgrader"]
        root = self.parent.parent.coursedir.root
        student, assignment = names["student"], names["assignment"]
        verdict = grade_submission(root, student, assignment)
        settings = settings_of(root)
        submitted = settings.folder("submitted", student, assignment)
        cells = read_submission(submitted / f"{names['notebook']}.ipynb").cells
        source = settings.source_notebook(assignment, verdict.get("language"))
        names["verdict"] = verdict
        for problem in verdict["problems"]:
            self.log.warning("%s: %s", student, problem)
        return nbformat.from_dict(rebuild(source, cells, verdict)), resources


class SaveVerdict(SaveAutoGrades):
    """Saves the verdict's scores, where nbgrader's own step reads them from cell outputs."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Save the scores of ``resources["nbgrader"]["verdict"]``."""
        self._verdict = resources["nbgrader"]["verdict"]
        self._exercises = {e["name"]: e for e in self._verdict["exercises"]}
        self._correct_time(resources["nbgrader"])
        return super().preprocess(nb, resources)

    def _correct_time(self, names: dict[str, Any]) -> None:
        """Store the time of submission as the engine reads it; nbgrader has stored its own reading.

        nbgrader takes "+0800" for 800 seconds, "6:00 PM" for the morning and "EST" for UTC.
        """
        coursedir: CourseDirectory = self.parent.parent.coursedir
        settings = settings_of(coursedir.root)
        folder = settings.folder("submitted", names["student"], names["assignment"])
        with Gradebook(settings.db_url, settings.course_id) as gradebook:
            submission = gradebook.find_submission(names["assignment"], names["student"])
            submission.timestamp, _ = read_timestamp(folder)
            gradebook.db.commit()

    def _place(self, cell: Any) -> tuple[str, str, str, str]:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        return grade_id, self.notebook_id, self.assignment_id, self.student_id

    def _add_score(self, cell: Any, resources: dict[str, Any]) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        exercise = self._exercises.get(grade_id.removeprefix("test_"), {})
        failed = not exercise or submission_status(self._verdict) != GRADED
        grade = self.gradebook.find_grade(*self._place(cell))
        apply_score(grade, exercise.get("score", 0.0), failed)
        self.gradebook.db.commit()

    def _add_comment(self, cell: Any, resources: dict[str, Any]) -> None:
        exercise = self._exercises.get(cell.metadata["nbgrader"]["grade_id"])
        if exercise is not None:
            comment = self.gradebook.find_comment(*self._place(cell))
            apply_comment(comment, exercise["status"])
            self.gradebook.db.commit()


def grade_what_nbgrader_refuses(assignment: str, student: str, notebooks: list[str]) -> None:
    """Record the verdict of a submission that ``nbgrader autograde`` is about to give up.

    That is one whose notebook has another name or whose timestamp is no time. nbgrader then
    reports an error for it and goes on; without this its old mark would stay, unflagged.
    """
    if not notebooks or not assignment:
        return
    folder = Path(notebooks[0]).parent
    if folder.name != assignment:  # generate_assignment and generate_feedback come here too
        return
    root = os.getcwd()
    settings = settings_of(root)
    student = folder.parent.name
    if folder.resolve() != settings.folder("submitted", student, assignment).resolve():
        return
    named = any(Path(name).stem == assignment for name in notebooks)
    if named and _nbgrader_reads_the_time(folder):
        return
    verdict = grade_submission(root, student, assignment)
    with Writer(course_of(root), assignment) as writer:
        writer.record(verdict)


def _nbgrader_reads_the_time(folder: Path) -> bool:
    """Tell whether nbgrader goes on with a submission, whatever it takes its time for."""
    try:
        parse_utc((folder / "timestamp.txt").read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return True
    except Exception:  # it does not catch what its parser raises
        return False
    return True


class FeedbackExporter(HTMLExporter):
    """Writes the engine's feedback page; nbgrader's own where there is no verdict."""

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page for the notebook of ``resources["nbgrader"]``."""
        names = (resources or {}).get("nbgrader", {})
        course = course_of(self.parent.coursedir.root)
        verdict = store.load(course, names["assignment"], names["student"])
        if verdict is None:
            return super().from_notebook_node(nb, resources, **options)
        _, resources = Exporter.from_notebook_node(self, nb, resources, **options)
        with Writer(course, names["assignment"]) as writer:
            marks = writer.marks(names["student"])
        # The page tells how to replay failing cases, and so the round's seed.
        give_feedback(course, names["assignment"])
        settings = settings_of(course.root)
        write_receipts(settings, "feedback", names["student"], names["assignment"])
        return feedback_page(verdict, marks), resources


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
    )

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV file named by ``--to`` (grades.csv where it says nothing)."""
        path = self.to or "grades.csv"
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        self.log.info("Exporting grades to %s", path)
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.COLUMNS)
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if assignments and assignment.name not in assignments:
                        continue
                    if students and student.id not in students:
                        continue
                    row = self._row(gradebook, assignment, student)
                    writer.writerow([csv_cell(row.get(column)) for column in self.COLUMNS])

    def _row(self, gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
        row = {
            "assignment": assignment.name,
            "duedate": assignment.duedate,
            "student_id": student.id,
            "last_name": student.last_name,
            "first_name": student.first_name,
            "email": student.email,
            "max_score": assignment.max_score,
            "status": "missing",
            "needs_a_look": "no",
        }
        with contextlib.suppress(MissingEntry):
            submission = gradebook.find_submission(assignment.name, student.id)
            penalty = submission.late_submission_penalty or 0.0
            failed = any(
                grade.needs_manual_grade and grade.manual_score is None
                for notebook in submission.notebooks
                for grade in notebook.grades
            )
            row |= {
                "timestamp": submission.timestamp,
                "raw_score": submission.score,
                "late_submission_penalty": penalty,
                "score": max(0.0, submission.score - penalty),
                "status": FAILED if failed else GRADED,
                "needs_a_look": "yes" if submission.needs_manual_grade else "no",
            }
        return row
