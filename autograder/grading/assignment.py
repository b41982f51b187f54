"""Which assignment a file belongs to, and its verdicts where there is nothing to grade."""

from autograder.course import NO_ASSIGNMENT
from autograder.grading.places import STATUS_WHERE
from autograder.model import ExerciseVerdict
from autograder.reading.student_code import definitions
from autograder.reading.submissions import Submission
from autograder.status import ExerciseStatus
from autograder.texts import TextError
from checks.assignments import ASSIGNMENTS, FIRST
from checks.model import Assignment
from checks.text import Text, listed


class UnknownAssignment(TextError):
    """The file does not show its assignment, or the given name is not one of the course."""


NOT_TOLD = Text(
    "{file}: the functions do not show the assignment; say --assignment ({names})",
    "{file}：无法从函数判断是哪一份作业；请用 --assignment 指明（{names}）",
)


def assignment_of(submission: Submission, name: str | None) -> Assignment:
    """Return the assignment called `name`, or the one that the functions of a file belong to.

    Raises UnknownAssignment where there is none, or more than one.
    """
    if name is not None:
        if name not in ASSIGNMENTS:
            raise UnknownAssignment(NO_ASSIGNMENT.format(name=name, names=listed(ASSIGNMENTS)))
        return ASSIGNMENTS[name]
    sources = [cell.source for cell in submission.cells]
    found = {
        assignment.name: len(definitions(sources, [e.name for e in assignment.exercises]))
        for assignment in ASSIGNMENTS.values()
    }
    best = max(found, key=lambda key: found[key])
    if not found[best]:
        # A broken or empty file is still a submission, for the assignment that its name says.
        named = (name for name in found if submission.path.name.startswith(name))
        return ASSIGNMENTS[next(named, FIRST)]
    if list(found.values()).count(found[best]) > 1:
        names = ", ".join(found)
        raise UnknownAssignment(NOT_TOLD.format(file=str(submission.path), names=names))
    return ASSIGNMENTS[best]


def missing_exercises(assignment: Assignment) -> tuple[ExerciseVerdict, ...]:
    """Return the verdict on each exercise where there is nothing to grade."""
    return tuple(
        ExerciseVerdict(
            exercise.name,
            0.0,
            float(exercise.points),
            ExerciseStatus.MISSING,
            where=STATUS_WHERE["missing"],
        )
        for exercise in assignment.exercises
    )
