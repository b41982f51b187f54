"""The marks of a class as a CSV file."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.model import Marks, Verdict, exercise_of
from autograder.safe_text import csv_cell
from autograder.status import Status
from autograder.texts import rendered
from checks.text import ENGLISH

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


def write_csv(
    verdicts: Iterable[Verdict],
    path: Path,
    marks: Callable[[str], Marks | None] | None = None,
    missing: Sequence[str] = (),
    language: str = ENGLISH,
) -> None:
    """Write one row per student; the column `status` separates 0, failed and missing.

    `marks` returns the gradebook's marks of a student: they count where a person gave others.
    `missing` names students who handed in nothing. A missing score is empty, not 0. Reasons to
    look are in `language`.
    """
    names: dict[str, None] = {}
    rows: list[dict[str, object]] = []
    # Verdicts are read one by one from their files; only the rows are kept.
    for verdict in verdicts:
        names.update(dict.fromkeys(exercise.name for exercise in verdict.exercises))
        rows.append(_row(verdict, marks and marks(verdict.student), language))
    assignment = next((row["assignment"] for row in rows if row["assignment"]), "")
    known = {row["student"] for row in rows}
    absent = {"assignment": assignment, "status": Status.MISSING, "needs_a_look": "no"}
    rows += [{"student": student} | absent for student in missing if student not in known]
    columns = [*START, *names, *END]
    lines = [[csv_cell(row.get(column)) for column in columns] for row in sorted(rows, key=_id)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([columns, *lines])
    write_atomically(path, text.getvalue().encode("utf-8"))


def look_columns(verdict: Verdict, marks: Marks | None, language: str) -> dict[str, str]:
    """Return whether a person should look at a submission, and why, as cells of a table."""
    reasons = verdict.reasons(marks)
    return {
        "needs_a_look": "yes" if reasons else "no",
        "reason": " ".join(rendered(reasons, language)),
    }


def _id(row: dict[str, object]) -> str:
    return str(row["student"])


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
