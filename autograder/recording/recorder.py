"""Records verdicts: marks in the gradebook, the autograded notebook, and the feedback page.

``autograder grade`` and ``nbgrader autograde`` both record through here. The page is a step of its
own, which nbgrader takes later, with ``nbgrader generate_feedback``.
"""

import contextlib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from autograder.course import Course, Notebook
from autograder.grading.rounds import close_round
from autograder.grading.watch_rounds import standing
from autograder.model import Marks, SubmittedCell, Verdict
from autograder.pages.feedback import write_feedback
from autograder.pages.notice import Notice
from autograder.reading.submissions import read_submission
from autograder.receipts import write_receipts
from autograder.recording.database import LOCKED_SECONDS
from autograder.recording.gradebook import Writer
from autograder.recording.graded_notebook import rebuild, write_autograded
from autograder.safe_text import one_line, safe_name
from autograder.status import Status
from autograder.texts import ABOUT, say
from checks.text import Text

_NO_ID = Text(
    "cannot be a student's id; rename the folder and grade again",
    "不能作为学号；请给文件夹改名后重新评分",
)
_UNKNOWN = Text(
    "is not in the gradebook, and c.Autograde.create_student is False: not recorded; add the "
    "student with: nbgrader db student add",
    "不在成绩册中，而 c.Autograde.create_student 是 False：没有登记；"
    "请用 nbgrader db student add 添加这名学生",
)
_TOO_LONG = Text(
    "is too long an id for this gradebook; rename the folder",
    "作为学号太长，成绩册放不下；请给文件夹改名",
)
_NO_NOTEBOOK = Text(
    "the autograded notebook could not be written: {error}", "无法写入评分后的 notebook：{error}"
)


class Recorder:
    """Records the verdicts of one assignment. Use it as a context manager.

    `problems` are the lines that were printed while recording.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        say: Callable[[str], None] = say,
        patience: float = LOCKED_SECONDS,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.gradebook = Writer(course, assignment, say, patience)
        self.problems: list[str] = []
        self._say = say
        self._sources: dict[str, Notebook] = {}
        self._round_is_open = True

    def __enter__(self) -> "Recorder":
        self.gradebook.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.gradebook.__exit__(*exception)

    def record(self, verdict: Verdict) -> Marks | None:
        """Record one verdict: marks in one transaction, then the autograded notebook.

        Returns what the gradebook now holds, a person's marks and comments included; None where
        it holds no submission.
        """
        return self.record_all([verdict])[0]

    def record_all(self, verdicts: Sequence[Verdict]) -> list[Marks | None]:
        """Record verdicts, their marks in one transaction; return what then counts for each."""
        taken = [verdict for verdict in verdicts if self._is_taken(verdict.student)]
        held = {
            id(v): marks for v, marks in zip(taken, self.gradebook.write_all(taken), strict=True)
        }
        for verdict in taken:
            marks = held[id(verdict)]
            if marks is not None and (other := verdict.other_score(marks)):
                self._problem(verdict.student, other)
            if verdict.status is not Status.MISSING:
                self.write_notebook(verdict)
        return [held.get(id(verdict)) for verdict in verdicts]

    def _is_taken(self, student: str) -> bool:
        """Tell whether a student can be recorded; say so where that is not so."""
        if not safe_name(student):
            self._problem(student, _NO_ID)
        elif not self.gradebook.takes(student):
            self._problem(student, _UNKNOWN)
        elif not self.gradebook.holds(student):
            self._problem(student, _TOO_LONG)
        else:
            return True
        return False

    def write_page(self, verdict: Verdict, marks: Marks | None) -> None:
        """End the round, and write the feedback page; raises OSError where that can't be done."""
        notice = notice_of(self.course, verdict)
        if self._round_is_open and not notice.inputs_from:
            # A page shows how to replay failing cases, and so the round's seed.
            close_round(self.course, self.assignment)
            self._round_is_open = False
        if safe_name(verdict.student):
            write_feedback(self.course, verdict, marks, notice)

    def notebook(self, verdict: Verdict) -> Notebook:
        """Return the autograded notebook of a verdict."""
        return rebuild(self.source(verdict.language), self._cells(verdict), verdict)

    def source(self, language: str | None) -> Notebook:
        """Return the course's own notebook in a language."""
        key = language or ""
        if key not in self._sources:
            self._sources[key] = self.course.source_notebook(self.assignment, language)
        return self._sources[key]

    def _cells(self, verdict: Verdict) -> tuple[SubmittedCell, ...]:
        if verdict.cells or verdict.status is not Status.FAILED:
            return verdict.cells
        # Grading failed before a cell was kept, and a person who looks at it needs the code.
        return read_submission(self.course.root / verdict.file).cells

    def write_notebook(self, verdict: Verdict) -> None:
        """Put the rebuilt notebook, and nothing but the receipts beside it, into autograded/."""
        names = verdict.student, self.assignment
        try:
            receipts = write_receipts(self.course, "autograded", *names)
            folder = self.course.folder("autograded", *names)
            write_autograded(folder, self.assignment, self.notebook(verdict), receipts)
        except OSError as error:
            self._problem(verdict.student, _NO_NOTEBOOK.format(error=error))

    def _problem(self, student: str, problem: Text) -> None:
        line = ABOUT.format(subject=one_line(student, 80), what=problem).in_(self.course.language)
        self.problems.append(line)
        self._say(line)


def notice_of(course: Course, verdict: Verdict) -> Notice:
    """Return what a page has to say, or not to say yet, for ``autograder watch``."""
    stands = standing(course, verdict.assignment, verdict.student, verdict.seed)
    return Notice(_minute(stands.held_until), _minute(stands.queued_until))


def _minute(seconds: float | None) -> str:
    """Return the whole minute at or after a time, in UTC."""
    if seconds is None:
        return ""
    return f"{datetime.fromtimestamp(math.ceil(seconds / 60) * 60, UTC):%Y-%m-%d %H:%M}"


def record(
    verdicts: Iterable[Verdict],
    course: Course,
    say: Callable[[str], None] = say,
    recorded: Callable[[Recorder, Verdict, Marks | None], None] | None = None,
    together: int = 1,
) -> list[str]:
    """Record verdicts as they come, and return the lines that were printed.

    The marks of as many as `together` are written in one transaction. `recorded` is called after
    each with what the gradebook then holds. Raises GradebookError where the gradebook cannot be
    used or stays locked, and CourseError where the notebook was not built.
    """
    problems: list[str] = []
    with contextlib.ExitStack() as stack:
        recorders: dict[str, Recorder] = {}
        for assignment, some in _batches(verdicts, together):
            if assignment not in recorders:
                recorder = Recorder(course, assignment, say)
                recorder.problems = problems
                recorders[assignment] = stack.enter_context(recorder)
            recorder = recorders[assignment]
            for verdict, marks in zip(some, recorder.record_all(some), strict=True):
                if recorded is not None:
                    recorded(recorder, verdict, marks)
    return problems


def _batches(verdicts: Iterable[Verdict], size: int) -> Iterator[tuple[str, list[Verdict]]]:
    """Yield assignments, each with at most `size` verdicts on it that come one after another."""
    for assignment, group in itertools.groupby(verdicts, lambda verdict: verdict.assignment):
        while some := list(itertools.islice(group, size)):
            yield assignment, some
