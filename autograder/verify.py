"""Compares verdicts, gradebook, CSV and pages, and repairs what the verdicts can restore."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course
from autograder.course_lock import locked
from autograder.grading import store
from autograder.grading.grade_class import folders_of
from autograder.model import Marks, Verdict
from autograder.pages.feedback import feedback_page
from autograder.reading.student_ids import student_of
from autograder.recording.graded_notebook import notebook_text
from autograder.recording.recorder import Recorder, notice_of
from autograder.run_class import write_marks, write_report
from autograder.safe_text import file_stem, one_line, safe_name
from autograder.status import Status


@dataclass
class Findings:
    """What did not agree: a line for each, `repaired` or `left` for a person."""

    repaired: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def verify(course: Course, assignment: str, wait: bool = False) -> Findings:
    """Make verdict files, gradebook, CSV and pages of an assignment agree; return what did not.

    Raises CourseError where nothing was graded yet, or another program works on the course.
    """
    found = Findings()
    with locked(course, f"autograder verify {assignment}", wait):
        known = set()
        with Recorder(course, assignment, found.left.append) as recorder:
            for student in recorder.gradebook.settle_penalties():
                found.repaired.append(f"{one_line(student, 80)}: the late penalty was another one")
            for verdict in store.load_all(course, assignment):
                known.add(verdict.student)
                if safe_name(verdict.student):
                    _verify_student(recorder, verdict, found)
                else:
                    name = one_line(verdict.student, 80)
                    found.left.append(
                        f"{name}: cannot be a student's id, so the gradebook holds no marks; "
                        "rename the folder and grade again"
                    )
            found.left += _unknown(course, recorder, known)
        _verify_tables(course, assignment, found)
    return found


def _verify_student(recorder: Recorder, verdict: Verdict, found: Findings) -> None:
    student = one_line(verdict.student, 80)
    marks = recorder.gradebook.marks(verdict.student)
    wrong = list(_wrong_records(recorder, verdict, marks))
    if wrong:
        before = len(found.left)
        marks = recorder.record(verdict)
        if len(found.left) == before:
            found.repaired += [f"{student}: {what}" for what in wrong]
    if verdict.status is Status.MISSING:
        return
    path = recorder.course.folder("feedback", verdict.student, verdict.assignment)
    notice = notice_of(recorder.course, verdict)
    if _text(path / f"{verdict.assignment}.html") != feedback_page(verdict, marks, notice):
        recorder.write_page(verdict, marks)
        found.repaired.append(f"{student}: the feedback page was another one")


def _wrong_records(recorder: Recorder, verdict: Verdict, marks: Marks | None) -> Iterator[str]:
    """Yield what the gradebook and autograded/ do not hold as the verdict says."""
    if verdict.status is Status.MISSING:
        return
    if marks is None:
        yield "the gradebook held no submission"
    elif other := verdict.other_score(marks):
        yield other.in_(recorder.course.language)
    folder = recorder.course.folder("autograded", verdict.student, verdict.assignment)
    if _text(folder / f"{verdict.assignment}.ipynb") != notebook_text(recorder.notebook(verdict)):
        yield "the autograded notebook was another one"


def _unknown(course: Course, recorder: Recorder, known: set[str]) -> Iterator[str]:
    """Yield what has no verdict."""
    again = f"autograder grade {recorder.assignment}"
    folder = course.build / "verdicts" / recorder.assignment
    named = {file_stem(student) for student in known}
    for path in sorted(folder.glob("*.json")):
        if path.stem not in named:
            name = one_line(path.name, 80)
            yield f"{name}: no verdict that was signed here; delete it, then: {again}"
    submitted = {student_of(name) for name in folders_of(course, recorder.assignment)}
    for student in sorted(submitted - known):
        yield f"{one_line(student, 80)}: not graded yet: {again}"
    for student in recorder.gradebook.students():
        if student not in known | submitted and recorder.gradebook.marks(student) is not None:
            yield f"{one_line(student, 80)}: the gradebook holds marks, and there is no verdict"


def _verify_tables(course: Course, assignment: str, found: Findings) -> None:
    """Write marks and report anew where they differ."""
    for path, write in (
        (course.csv_path(assignment), write_marks),
        (course.report_path(assignment), write_report),
    ):
        before = _text(path)
        write(course, assignment)
        if _text(path) != before:
            found.repaired.append(f"{path.name}: it was another one")


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None
