"""Record verdicts in nbgrader's gradebook, its autograded notebooks, and a CSV file.

One writer, one transaction per submission. Manual marks and comments survive a regrade, and a
regrade that failed is flagged, so that no stale mark stays behind unseen.
"""

import contextlib
import csv
import io
import json
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.model import FAILED, MISSING, needs_a_look, submission_status
from autograder.reading.cells import SubmittedCell
from autograder.reading.submissions import read_submission
from autograder.reading.times import read_timestamp
from autograder.receipts import write_receipts
from autograder.recording.graded_notebook import rebuild
from autograder.recording.nbgrader_start import import_nbgrader, open_gradebook
from autograder.safe_text import csv_cell, one_line, safe_name
from autograder.settings import Settings
from checks.text import ENGLISH

LOCKED_SECONDS = 60.0
NO_RESPONSE = "No response."

# What SQLite says, and what to do about it; the first that fits. "{again}" is the command.
LOCKED = ("locked", "busy")
ADVICE = (
    (("disk is full", "no space"), "make room on the disk, then go on with: {again}"),
    (("disk i/o error",), "see that the disk works and has room, then go on with: {again}"),
    (("readonly", "unable to open"), "let this user write to it and its folder, then: {again}"),
    (("malformed", "not a database"), "put a copy that is whole in its place, then: {again}"),
    (
        ("no such column", "no such table", "has no column"),
        "its tables are not this nbgrader's; back the file up and run: nbgrader db upgrade",
    ),
)


class Marks(NamedTuple):
    """What the gradebook holds for one submission, marks and comments given by hand included."""

    scores: Mapping[str, float]
    manual: frozenset[str] = frozenset()
    comments: Mapping[str, str] = {}
    late_penalty: float = 0.0

    @property
    def score(self) -> float:
        """The score that counts."""
        return max(0.0, sum(self.scores.values()) - self.late_penalty)


class GradebookError(CourseError):
    """The gradebook cannot be used; the message is one line that says what to do."""


def apply_score(grade: Any, score: float, failed: bool) -> None:
    """Set what the engine knows of an nbgrader Grade; a person's mark stays.

    The grade asks for a look where the submission failed, and where a person had marked it: the
    mark may belong to what was handed in before.
    """
    grade.auto_score = float(score)
    grade.needs_manual_grade = failed or grade.manual_score is not None


def apply_comment(comment: Any, status: str) -> None:
    """Set nbgrader's automatic comment on a solution cell; a person's comment stays."""
    comment.auto_comment = NO_RESPONSE if status in ("not_implemented", "missing") else None


class Writer:
    """The gradebook's one writer, for one assignment. Use it as a context manager."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
        patience: float = LOCKED_SECONDS,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.settings = Settings.load(course.root)
        self.problems: list[str] = []
        self._say = say
        self._patience = patience
        self._gradebook: Any = None
        self._sources: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "Writer":
        import_nbgrader()
        (self.course.root / "build").mkdir(exist_ok=True)
        settings = self.settings
        self._gradebook = self._patiently(
            lambda: open_gradebook(settings.db_url, settings.course_id)
        )
        try:
            self._patiently(self._ensure_assignment)
            self._patiently(self._load_cells)
        except BaseException:
            self._gradebook.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._gradebook.close()

    def record(self, verdict: Mapping[str, Any]) -> None:
        """Record one verdict: marks in one transaction, then the autograded notebook.

        A student who handed in nothing gets no submission, as in nbgrader; one who had a mark
        before gets it flagged.
        """
        student = str(verdict["student"])
        if not safe_name(student):
            self._problem(student, "cannot be a student's id; rename the folder and grade again")
            return
        folder = self.settings.folder("submitted", student, self.assignment)
        moment, problem = read_timestamp(folder)
        if problem:
            self._problem(student, problem[ENGLISH])
        self._patiently(lambda: self._write_marks(verdict, student, moment))
        if submission_status(verdict) != MISSING:
            self._write_autograded(verdict, student)

    def marks(self, student: str) -> Marks | None:
        """Return what counts for a student, or None where the gradebook holds no submission."""
        names = {cell: name for name, cell in (*self._grade_cells.items(), *self._answers.items())}

        def read() -> Marks | None:
            submission = self._submission(student)
            return None if submission is None else marks_of(submission, names)

        return self._patiently(read)

    def students(self) -> list[str]:
        """Return the ids of all students in the gradebook."""
        return self._patiently(lambda: [student.id for student in self._gradebook.students])

    # The database

    def _patiently(self, work: Callable[[], Any]) -> Any:
        """Do `work`; while another program holds the database, say so once and try again.

        Raises GradebookError, in one line, where that takes too long or is not what is wrong.
        """
        from nbgrader.api import InvalidEntry
        from sqlalchemy.exc import DatabaseError

        deadline = time.monotonic() + self._patience
        told = False
        while True:
            try:
                return work()
            except (DatabaseError, InvalidEntry) as error:
                if self._gradebook is not None:
                    # Where even that fails, the first error is the one to tell.
                    with contextlib.suppress(DatabaseError):
                        self._gradebook.db.rollback()
                text = str(getattr(error, "orig", None) or error)
                if not any(word in text.lower() for word in LOCKED):
                    raise GradebookError(self._advice(text)) from error
                if time.monotonic() > deadline:
                    raise GradebookError(
                        f"{self.settings.db_url} stayed locked for {self._patience:.0f} s; close "
                        f"the program that holds it, then go on with: {self._again}"
                    ) from error
                if not told:
                    told = True
                    self._say(
                        f"The gradebook is locked by another program; waiting up to "
                        f"{self._patience:.0f} s."
                    )
                time.sleep(0.2)

    @property
    def _again(self) -> str:
        return f"autograder grade {self.assignment} --resume"

    def _advice(self, text: str) -> str:
        """Return what the database said and what to do about it, in one line."""
        said = f"{self.settings.db_url}: {one_line(text)}"
        for words, advice in ADVICE:
            if any(word in text.lower() for word in words):
                return f"{said}; {advice.format(again=self._again)}"
        return said

    def _ensure_assignment(self) -> None:
        """Create or refresh the rows of the assignment, as generate_assignment does."""
        from nbgrader.api import MissingEntry

        source = self._source(None)
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
        if known != wanted:
            self._gradebook.update_or_create_assignment(self.assignment)
            save_cells(source, self.assignment, self.settings.db_url)
            self._gradebook.db.expire_all()

    def _load_cells(self) -> None:
        notebook = self._gradebook.find_notebook(self.assignment, self.assignment)
        self._notebook_id = notebook.id
        self._assignment_id = notebook.assignment.id
        self._duedate = notebook.assignment.duedate
        self._grade_cells = {cell.name: cell.id for cell in notebook.grade_cells}
        self._answers = {cell.name: cell.id for cell in notebook.solution_cells}
        self._tasks = {cell.name: cell.id for cell in notebook.task_cells}
        self._penalties = _late_penalties(self.settings)

    def _submission(self, student: str) -> Any:
        from nbgrader.api import SubmittedAssignment

        return (
            self._gradebook.db.query(SubmittedAssignment)
            .filter_by(assignment_id=self._assignment_id, student_id=student)
            .one_or_none()
        )

    def _write_marks(self, verdict: Mapping[str, Any], student: str, moment: Any) -> None:
        """Write one submission's marks and commit once."""
        from nbgrader.api import Student

        db = self._gradebook.db
        status = submission_status(verdict)
        submission = self._submission(student)
        if submission is None:
            if db.get(Student, student) is None:
                db.add(Student(id=student))
            if status != MISSING:
                submission = self._new_submission(student)
        if submission is not None:
            if moment is not None:
                submission.timestamp = moment
            for notebook in submission.notebooks:
                if notebook.notebook_id == self._notebook_id:
                    self._apply(verdict, notebook, failed=status in (FAILED, MISSING))
                    self._apply_late_penalty(submission, notebook, student)
        db.commit()
        # One submission's rows at a time: memory stays flat over a class of any size.
        db.expunge_all()

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

    def _apply(self, verdict: Mapping[str, Any], notebook: Any, failed: bool) -> None:
        from nbgrader.api import Comment, Grade

        grade_of = self._rows(Grade, notebook, notebook.grades)
        comment_of = self._rows(Comment, notebook, notebook.comments)
        for exercise in verdict["exercises"]:
            cell = self._grade_cells.get(exercise.get("grade_id", f"test_{exercise['name']}"))
            if cell is not None:
                apply_score(grade_of(cell), exercise["score"], failed)
            cell = self._answers.get(exercise["name"])
            if cell is not None:
                apply_comment(comment_of(cell), exercise["status"])
        if not verdict["exercises"]:
            for cell in self._grade_cells.values():
                apply_score(grade_of(cell), 0.0, True)

    def _rows(self, kind: type, notebook: Any, rows: Iterable[Any]) -> Callable[[int], Any]:
        """Return what gives the row of a cell: the one that is there, or a new one.

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

    def _apply_late_penalty(self, submission: Any, notebook: Any, student: str) -> None:
        """Ask nbgrader's late-submission plugin, as AssignLatePenalties does."""
        notebook.late_submission_penalty = None
        duedate = self._duedate
        if submission.timestamp is None or duedate is None:
            return
        if submission.extension is not None:
            duedate += submission.extension
        late = (submission.timestamp - duedate).total_seconds()
        if late > 0:
            score = sum(_score_of(grade) for grade in notebook.grades)
            penalty = self._penalties(student, score, late)
            if penalty is not None:
                notebook.late_submission_penalty = min(max(penalty, 0.0), score)

    # The files

    def _source(self, language: str | None) -> dict[str, Any]:
        key = language or ""
        if key not in self._sources:
            self._sources[key] = self.settings.source_notebook(self.assignment, language)
        return self._sources[key]

    def _write_autograded(self, verdict: Mapping[str, Any], student: str) -> None:
        """Put the rebuilt notebook, and nothing else but the receipts, into autograded/."""
        submission = read_submission(self.course.root / str(verdict.get("file") or ""))
        cells = submission.cells
        if submission.sha256 != verdict.get("submission_sha256", submission.sha256):
            # Handed in again since: what was graded is shown beside its marks, not the new file.
            cells = tuple(SubmittedCell(c["source"], c["index"]) for c in verdict["cells"])
        notebook = rebuild(self._source(verdict.get("language")), cells, verdict)
        folder = self.settings.folder("autograded", student, self.assignment)
        try:
            receipts = write_receipts(self.settings, "autograded", student, self.assignment)
            write_autograded(folder, self.assignment, notebook, receipts)
        except OSError as error:
            self._problem(student, f"the autograded notebook could not be written: {error}")

    def _problem(self, student: str, problem: str) -> None:
        line = f"{one_line(student, 80)}: {problem}"
        self.problems.append(line)
        self._say(line)


def record(
    verdicts: Iterable[Mapping[str, Any]],
    root: Path,
    say: Callable[[str], None] | None = None,
    recorded: Callable[[Mapping[str, Any], Marks | None], None] | None = None,
) -> list[str]:
    """Record verdicts as they come, and return the lines that were told.

    `recorded` is called after each with the verdict and what the gradebook now holds, marks and
    comments of a person included. Raises GradebookError where the gradebook cannot be used or
    stays locked, and CourseError where the notebook was not built.
    """
    options: dict[str, Any] = {} if say is None else {"say": say}
    problems: list[str] = []
    with contextlib.ExitStack() as stack:
        writers: dict[str, Writer] = {}
        for verdict in verdicts:
            assignment = str(verdict["assignment"])
            if assignment not in writers:
                writer = Writer(Course(Path(root)), assignment, **options)
                writer.problems = problems
                writers[assignment] = stack.enter_context(writer)
            writers[assignment].record(verdict)
            if recorded is not None:
                recorded(verdict, writers[assignment].marks(str(verdict["student"])))
    return problems


def save_cells(source: Mapping[str, Any], assignment: str, db_url: str) -> None:
    """Save a notebook's graded cells in the gradebook, with nbgrader's own preprocessors.

    Raises GradebookError where cells were added or removed after submissions were recorded.
    """
    import nbformat
    from nbgrader.preprocessors import ComputeChecksums, SaveCells

    notebook = nbformat.from_dict(json.loads(json.dumps(source)))
    names = {"notebook": assignment, "assignment": assignment, "db_url": db_url}
    resources = {"nbgrader": names}
    try:
        for step in (ComputeChecksums(), SaveCells()):
            notebook, resources = step.preprocess(notebook, resources)
    except RuntimeError as error:
        raise GradebookError(
            f"{one_line(str(error))}. Rebuild the notebook as it was released, or give the "
            "changed one a new assignment name."
        ) from error


def write_autograded(
    folder: Path,
    assignment: str,
    notebook: Mapping[str, Any],
    receipts: AbstractSet[str] = frozenset(),
) -> None:
    """Write a graded notebook, and remove whatever else but `receipts` lies in the folder.

    Raises OSError where the folder cannot be written to; an old notebook then stays whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = {f"{assignment}.ipynb", *receipts}
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / f"{assignment}.ipynb", text.encode("utf-8"))
    for entry in list(os.scandir(folder)):
        if entry.name not in kept:
            remove_entry(Path(entry.path))


def remove_entry(path: Path) -> None:
    """Remove a file, a link (not what it points to) or a folder."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(path.lstat().st_mode):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def marks_of(submission: Any, names: Mapping[str, str]) -> Marks:
    """Return the marks and comments of an nbgrader SubmittedAssignment; `names` by cell id."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    comments = [comment for notebook in submission.notebooks for comment in notebook.comments]
    penalties = [notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks]
    return Marks(
        {names[g.cell_id]: _score_of(g) for g in grades if g.cell_id in names},
        frozenset(names[g.cell_id] for g in grades if _by_hand(g) and g.cell_id in names),
        {
            names[comment.cell_id]: comment.manual_comment
            for comment in comments
            if comment.manual_comment and comment.cell_id in names
        },
        float(sum(penalties)),
    )


def _by_hand(grade: Any) -> bool:
    return grade.manual_score is not None or bool(grade.extra_credit)


def _score_of(grade: Any) -> float:
    counted = grade.auto_score if grade.manual_score is None else grade.manual_score
    return float(counted or 0.0) + float(grade.extra_credit or 0.0)


def _late_penalties(settings: Settings) -> Callable[[str, float, float], float | None]:
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=settings.config)
    step.init_plugin()
    return step.plugin_inst.late_submission_penalty


# --- CSV --------------------------------------------------------------------------------------

CSV_START = ("student", "assignment", "timestamp", "score", "max_score")
CSV_END = ("status", "needs_a_look", "diagnosis")


def write_csv(
    verdicts: Iterable[Mapping[str, Any]],
    path: Path,
    marks: Callable[[str], Marks | None] | None = None,
    missing: Sequence[str] = (),
) -> None:
    """Write one row per student; 0, failed and missing are told apart by the column `status`.

    `marks` returns the gradebook's marks of a student: they count where a person gave others.
    `missing` names students who handed in nothing. A missing score is empty, not 0.
    """
    names: dict[str, None] = {}
    rows = []
    # Of a class that is read from its files no more is kept than its rows.
    for verdict in verdicts:
        names.update(dict.fromkeys(e["name"] for e in verdict["exercises"]))
        rows.append(_csv_row(verdict, marks and marks(str(verdict.get("student")))))
    assignment = next((row["assignment"] for row in rows if row["assignment"]), "")
    known = {str(row["student"]) for row in rows}
    rows += [
        {"student": student, "assignment": assignment, "status": MISSING, "needs_a_look": "no"}
        for student in missing
        if student not in known
    ]
    lines: list[list[str]] = [[*CSV_START, *names, *CSV_END]]
    for row in sorted(rows, key=lambda row: str(row["student"])):
        lines.append([csv_cell(row.get(column)) for column in lines[0]])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(lines)
    write_atomically(path, text.getvalue().encode("utf-8"))


def _csv_row(verdict: Mapping[str, Any], marks: Marks | None) -> dict[str, Any]:
    status = submission_status(verdict)
    row: dict[str, Any] = {
        "student": verdict.get("student") or Path(str(verdict.get("file", ""))).name,
        "assignment": verdict.get("assignment"),
        "timestamp": verdict.get("timestamp") or _submitted_at(verdict),
        "max_score": verdict.get("max_score"),
        "status": status,
        "needs_a_look": "yes" if needs_a_look(verdict) else "no",
    }
    if status != MISSING:
        scores = {e["name"]: e["score"] for e in verdict["exercises"]}
        if marks is not None:
            scores |= {name.removeprefix("test_"): score for name, score in marks.scores.items()}
        row |= scores
        row["score"] = verdict.get("score") if marks is None else marks.score
    causes = [cause["id"] for e in verdict["exercises"] for cause in e.get("diagnosis", ())]
    row["diagnosis"] = " ".join(causes)
    return row


def _submitted_at(verdict: Mapping[str, Any]) -> Any:
    return read_timestamp(Path(verdict["file"]).parent)[0] if verdict.get("file") else None
