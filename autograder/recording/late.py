"""Late submissions: when work was due, and the penalty of nbgrader's plugin for what came later.

A penalty is one on the score that counts, so it is assigned again whenever that may have changed:
marks given by hand, a due date, an extension.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from autograder.course import Course

Penalties = Callable[[str, float, float], float | None]
"""nbgrader's plugin: (student, score, seconds late) -> penalty."""


def penalties_of(course: Course) -> Penalties:
    """Return the late-submission plugin that the course has chosen."""
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=course.config)
    step.init_plugin()
    return step.plugin_inst.late_submission_penalty


def counted(grade: Any) -> float:
    """Return what an nbgrader Grade counts: a person's mark before the engine's, extra credit."""
    score = grade.auto_score if grade.manual_score is None else grade.manual_score
    return float(score or 0.0) + float(grade.extra_credit or 0.0)


def is_recorded(submission: Any) -> bool:
    """Tell whether a submission has marks: one that was only given an extension has none."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    return any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)


def due_of(submission: Any, duedate: datetime | None) -> datetime | None:
    """Return when a submission was due, its extension included; None where there is no date."""
    return None if duedate is None else duedate + (submission.extension or timedelta())


def dates_of(gradebook: Any, assignment: Any) -> tuple[datetime | None, dict[str, timedelta]]:
    """Return when an nbgrader Assignment is due, and the extensions by student."""
    from nbgrader.api import SubmittedAssignment as Submitted

    found = (
        gradebook.db.query(Submitted.student_id, Submitted.extension)
        .filter_by(assignment_id=assignment.id)
        .filter(Submitted.extension.is_not(None))
    )
    return assignment.duedate, {student: extension for student, extension in found if extension}


def assign_penalty(
    submission: Any, notebook: Any, duedate: datetime | None, penalties: Penalties
) -> bool:
    """Assign a notebook's penalty as AssignLatePenalties does; return whether it is another one."""
    before = notebook.late_submission_penalty
    notebook.late_submission_penalty = None
    due = due_of(submission, duedate)
    if submission.timestamp is not None and due is not None:
        late = (submission.timestamp - due).total_seconds()
        score = sum(map(counted, notebook.grades))
        penalty = penalties(submission.student_id, score, late) if late > 0 else None
        if penalty is not None:
            notebook.late_submission_penalty = min(max(penalty, 0.0), score)
    return (before or 0.0) != (notebook.late_submission_penalty or 0.0)


def settle(gradebook: Any, assignment: Any, penalties: Penalties) -> list[str]:
    """Assign every penalty of an assignment again; return the students whose is another one.

    `gradebook` is nbgrader's, which this commits; submissions that are in time, and had no
    penalty, are not even read.
    """
    from nbgrader.api import SubmittedAssignment

    changed = []
    duedate = assignment.duedate
    for key in _perhaps_late(gradebook, assignment):
        submission = gradebook.db.get(SubmittedAssignment, key)
        moved = [
            assign_penalty(submission, notebook, duedate, penalties)
            for notebook in submission.notebooks
        ]
        if any(moved):
            changed.append(str(submission.student_id))
        gradebook.db.flush()
        # One submission's rows at a time: memory stays flat over a class of any size.
        gradebook.db.expunge_all()
    gradebook.db.commit()
    return sorted(changed)


def _perhaps_late(gradebook: Any, assignment: Any) -> list[str]:
    """Return the keys of the submissions that came late, or have a penalty."""
    from nbgrader.api import SubmittedAssignment as Submitted
    from nbgrader.api import SubmittedNotebook

    rows = (
        gradebook.db.query(Submitted.id, Submitted.timestamp, Submitted.extension)
        .filter_by(assignment_id=assignment.id)
        .filter(Submitted.timestamp.is_not(None))
        .yield_per(1000)
    )
    due = assignment.duedate
    found = {row.id for row in rows if due is not None and row.timestamp > due_of(row, due)}
    penalised = (
        gradebook.db.query(Submitted.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == Submitted.id)
        .filter(Submitted.assignment_id == assignment.id)
        .filter(SubmittedNotebook.late_submission_penalty != 0)
    )
    return sorted(found | {key for (key,) in penalised})
