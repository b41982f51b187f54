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
from autograder.pages.terminal import padded
from autograder.reading.student_ids import student_of
from autograder.recording.graded_notebook import notebook_text
from autograder.recording.recorder import Recorder, notice_of
from autograder.run_class import write_marks, write_report
from autograder.safe_text import file_stem, one_line, safe_name
from autograder.status import Status
from autograder.texts import ABOUT
from checks.text import Text

_REPAIRED = Text("repaired", "已修复")
_LOOK = Text("look", "需查看")
_COUNTED = Text(
    "{repaired} repaired, {left} need a look", "已修复 {repaired} 处，{left} 处需要查看"
)
_PENALTY = Text("the late penalty was another one", "迟交扣分原来不同")
_PAGE = Text("the feedback page was another one", "反馈页面原来不同")
_NOTEBOOK = Text("the autograded notebook was another one", "评分后的 notebook 原来不同")
_FILE = Text("it was another one", "文件内容原来不同")
_NO_SUBMISSION = Text("the gradebook held no submission", "成绩册中原来没有这份提交")
_NO_ID = Text(
    "cannot be a student's id, so the gradebook holds no marks; rename the folder and grade again",
    "不能作为学号，因此成绩册中没有成绩；请给文件夹改名后重新评分",
)
_NOT_SIGNED = Text(
    "no verdict that was signed here; delete it, then: autograder grade {assignment}",
    "不是在这里签名的评分结果；请删除它，然后：autograder grade {assignment}",
)
_NOT_GRADED = Text(
    "not graded yet: autograder grade {assignment}", "还没有评分：autograder grade {assignment}"
)
_NO_VERDICT = Text(
    "the gradebook holds marks, and there is no verdict", "成绩册中有成绩，却没有评分结果"
)


@dataclass
class Findings:
    """What did not agree: a line for each, `repaired` or `left` for a person."""

    repaired: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def lines(self, language: str) -> list[str]:
        """Return all of it, and how much it is."""
        said = {_REPAIRED: self.repaired, _LOOK: self.left}
        lines = [f"{padded(h[language], 10)} {line}" for h, found in said.items() for line in found]
        counts = {"repaired": len(self.repaired), "left": len(self.left)}
        return [*lines, _COUNTED.format(**counts).in_(language)]


def verify(course: Course, assignment: str, wait: bool = False) -> Findings:
    """Make verdict files, gradebook, CSV and pages of an assignment agree; return what did not.

    Raises CourseError where nothing was graded yet, or another program works on the course.
    """
    found = Findings()
    with locked(course, f"autograder verify {assignment}", wait):
        known = set()
        with Recorder(course, assignment, found.left.append) as recorder:
            for student in recorder.gradebook.settle_penalties():
                found.repaired.append(_line(course, student, _PENALTY))
            for verdict in store.load_all(course, assignment):
                known.add(verdict.student)
                if safe_name(verdict.student):
                    _verify_student(recorder, verdict, found)
                else:
                    found.left.append(_line(course, verdict.student, _NO_ID))
            found.left += _unknown(course, recorder, known)
        _verify_tables(course, assignment, found)
    return found


def _verify_student(recorder: Recorder, verdict: Verdict, found: Findings) -> None:
    course, student = recorder.course, verdict.student
    marks = recorder.gradebook.marks(verdict.student)
    wrong = list(_wrong_records(recorder, verdict, marks))
    if wrong:
        before = len(found.left)
        marks = recorder.record(verdict)
        if len(found.left) == before:
            found.repaired += [_line(course, student, what) for what in wrong]
    if verdict.status is Status.MISSING:
        return
    path = course.folder("feedback", student, verdict.assignment)
    notice = notice_of(course, verdict)
    if _text(path / f"{verdict.assignment}.html") != feedback_page(verdict, marks, notice):
        recorder.write_page(verdict, marks)
        found.repaired.append(_line(course, student, _PAGE))


def _wrong_records(recorder: Recorder, verdict: Verdict, marks: Marks | None) -> Iterator[Text]:
    """Yield what the gradebook and autograded/ do not hold as the verdict says."""
    if verdict.status is Status.MISSING:
        return
    if marks is None:
        yield _NO_SUBMISSION
    elif other := verdict.other_score(marks):
        yield other
    folder = recorder.course.folder("autograded", verdict.student, verdict.assignment)
    if _text(folder / f"{verdict.assignment}.ipynb") != notebook_text(recorder.notebook(verdict)):
        yield _NOTEBOOK


def _unknown(course: Course, recorder: Recorder, known: set[str]) -> Iterator[str]:
    """Yield what has no verdict."""
    again = {"assignment": recorder.assignment}
    folder = course.build / "verdicts" / recorder.assignment
    named = {file_stem(student) for student in known}
    for path in sorted(folder.glob("*.json")):
        if path.stem not in named:
            yield _line(course, path.name, _NOT_SIGNED.format(**again))
    submitted = {student_of(name) for name in folders_of(course, recorder.assignment)}
    for student in sorted(submitted - known):
        yield _line(course, student, _NOT_GRADED.format(**again))
    for student in recorder.gradebook.students():
        if student not in known | submitted and recorder.gradebook.marks(student) is not None:
            yield _line(course, student, _NO_VERDICT)


def _verify_tables(course: Course, assignment: str, found: Findings) -> None:
    """Write marks and report anew where they differ."""
    for path, write in (
        (course.csv_path(assignment), write_marks),
        (course.report_path(assignment), write_report),
    ):
        before = _text(path)
        write(course, assignment)
        if _text(path) != before:
            found.repaired.append(_line(course, path.name, _FILE))


def _line(course: Course, subject: str, what: Text) -> str:
    """Return a line about a student or a file, in the course's language."""
    return ABOUT.format(subject=one_line(subject, 80), what=what).in_(course.language)


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None
