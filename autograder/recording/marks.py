"""What nbgrader's gradebook holds of submissions: marks, comments, penalties, extra credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from autograder.model import Marks
from autograder.recording.late import counted, due_of


@dataclass
class NotebookRows:
    """What marks_of reads of an nbgrader SubmittedNotebook."""

    late_submission_penalty: float | None
    grades: list[Any] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)


@dataclass
class AssignmentRow:
    """What marks_of reads of an nbgrader Assignment."""

    duedate: datetime | None


@dataclass
class SubmissionRows:
    """What marks_of reads of an nbgrader SubmittedAssignment."""

    timestamp: datetime | None
    extension: timedelta | None
    assignment: AssignmentRow
    notebooks: list[NotebookRows] = field(default_factory=list)


def rows_of(
    db: Any, assignment_id: str, students: Sequence[str], duedate: datetime | None
) -> dict[str, SubmissionRows]:
    """Return what marks_of reads of each student's submission, where there is one.

    `db` is a session of nbgrader's gradebook. Rows are read for many at once, and cost a tenth of
    nbgrader's objects.
    """
    from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook

    submitted = db.query(
        SubmittedAssignment.id,
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
    ).filter_by(assignment_id=assignment_id)
    submissions: dict[str, SubmissionRows] = {}
    held: dict[str, SubmissionRows] = {}
    for row in submitted.filter(SubmittedAssignment.student_id.in_(students)):
        rows = SubmissionRows(row.timestamp, row.extension, AssignmentRow(duedate))
        submissions[row.id] = held[row.student_id] = rows
    notebooks: dict[str, NotebookRows] = {}
    for key, submission, penalty in db.query(
        SubmittedNotebook.id,
        SubmittedNotebook.assignment_id,
        SubmittedNotebook.late_submission_penalty,
    ).filter(SubmittedNotebook.assignment_id.in_(submissions)):
        notebooks[key] = NotebookRows(penalty)
        submissions[submission].notebooks.append(notebooks[key])
    marks = Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit
    for row in db.query(Grade.notebook_id, *marks).filter(Grade.notebook_id.in_(notebooks)):
        notebooks[row.notebook_id].grades.append(row)
    wrote = db.query(Comment.notebook_id, Comment.cell_id, Comment.manual_comment).filter(
        Comment.notebook_id.in_(notebooks), Comment.manual_comment.is_not(None)
    )
    for row in wrote:
        notebooks[row.notebook_id].comments.append(row)
    return held


def marks_of(submission: Any, names: Mapping[str, str]) -> Marks:
    """Return the marks and comments of an nbgrader SubmittedAssignment; `names` by cell id."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    comments = [comment for notebook in submission.notebooks for comment in notebook.comments]
    penalties = [notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks]
    return Marks(
        {names[g.cell_id]: counted(g) for g in grades if g.cell_id in names},
        frozenset(names[g.cell_id] for g in grades if _by_hand(g) and g.cell_id in names),
        {
            names[comment.cell_id]: comment.manual_comment
            for comment in comments
            if comment.manual_comment and comment.cell_id in names
        },
        float(sum(penalties)),
        str(submission.timestamp or ""),
        str(due_of(submission, submission.assignment.duedate) or ""),
        {
            names[g.cell_id]: float(g.extra_credit)
            for g in grades
            if g.extra_credit and g.cell_id in names
        },
    )


def _by_hand(grade: Any) -> bool:
    return grade.manual_score is not None or bool(grade.extra_credit)
