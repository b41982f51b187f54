"""The marks of a class as a CSV file."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.files import replaced
from autograder.model import Marks, Verdict, exercise_of
from autograder.safe_text import csv_cell
from autograder.spool import spool
from autograder.status import Status
from autograder.texts import rendered

START = ("student", "assignment", "timestamp", "score", "max_score")
END = (
    "status",
    "needs_a_look",
    "reason",
    "diagnosis",
    "duedate",
    "late_submission_penalty",
    "extra_credit",
)

ROWS = "CREATE TABLE row (student BLOB, content TEXT)"
ADD = "INSERT INTO row VALUES (?, ?)"
ADD_WHERE_NONE = """
INSERT INTO row SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM row WHERE student = ?1)
"""
IN_ORDER = "SELECT content FROM row ORDER BY student, rowid"


def write_csv(
    verdicts: Iterable[Verdict],
    path: Path,
    language: str,
    marks: Callable[[str], Marks | None] | None = None,
    missing: Iterable[str] = (),
    encoding: str = "utf-8",
) -> None:
    """Write one row per student; the column `status` separates 0, failed and missing.

    `marks` returns the gradebook's marks of a student: they count where a person gave others.
    `missing` names students who handed in nothing. A missing score is empty, not 0. Reasons to
    look are in `language`.
    """
    names: dict[str, None] = {}
    assignment = ""
    with spool(ROWS) as rows:
        for verdict in verdicts:
            names.update(dict.fromkeys(exercise.name for exercise in verdict.exercises))
            row = _row(verdict, marks and marks(verdict.student), language)
            assignment = assignment or verdict.assignment
            rows.execute(ADD, (_key(str(row["student"])), json.dumps(row)))
        rows.execute("CREATE INDEX by_student ON row (student)")
        absent = {"assignment": assignment, "status": Status.MISSING, "needs_a_look": "no"}
        for student in missing:
            content = json.dumps({"student": student} | absent)
            rows.execute(ADD_WHERE_NONE, (_key(student), content))
        columns = [*START, *names, *END]
        with replaced(path) as file:
            text = io.TextIOWrapper(file, encoding, newline="")
            table = csv.writer(text, lineterminator="\n")
            table.writerow(columns)
            for (content,) in rows.execute(IN_ORDER):
                row = json.loads(content)
                table.writerow([csv_cell(row.get(column)) for column in columns])
            text.detach()


def _key(student: str) -> bytes:
    """Return an id as what sorts in the same order; a folder's name may be no text at all."""
    return student.encode("utf-8", "surrogatepass")


def look_columns(verdict: Verdict, marks: Marks | None, language: str) -> dict[str, str]:
    """Return whether a person should look at a submission, and why, as cells of a table."""
    reasons = verdict.reasons(marks)
    return {
        "needs_a_look": "yes" if reasons else "no",
        "reason": " ".join(rendered(reasons, language)),
    }


def _row(verdict: Verdict, marks: Marks | None, language: str) -> dict[str, object]:
    row: dict[str, object] = {
        "student": verdict.student or Path(verdict.file).name,
        "assignment": verdict.assignment,
        "timestamp": verdict.timestamp or (marks.timestamp if marks else ""),
        "max_score": verdict.max_score,
        "status": verdict.status,
        "diagnosis": " ".join(c.id for e in verdict.exercises for c in e.diagnosis),
    }
    if verdict.status is not Status.MISSING:
        row |= {exercise.name: exercise.score for exercise in verdict.exercises}
        if marks is not None:
            row |= {exercise_of(name): score for name, score in marks.scores.items()}
        row["score"] = verdict.score if marks is None else marks.score
        if marks is not None and marks.extra:
            row["extra_credit"] = sum(marks.extra.values())
        if marks is not None and marks.due:
            row |= {"duedate": marks.due, "late_submission_penalty": marks.late_penalty}
    return row | look_columns(verdict, marks, language)
