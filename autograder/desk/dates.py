"""``autograder due`` and ``extend``: due dates and extensions in nbgrader's gradebook."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.course import Course, CourseError, need_assignment
from autograder.course_lock import locked
from autograder.grading import store
from autograder.reading.times import NoTime, moment_of
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import Recorder
from autograder.run_class import write_marks
from autograder.safe_text import one_line, safe_name
from autograder.sayings import NO_ID
from autograder.texts import NO_TEXT
from checks.text import Text, listed

_DUE = Text("due {moment} UTC", "截止时间：{moment} UTC")
_NOT_DUE = Text("no due date", "没有截止时间")
_LATER = Text("{student}: {duration} later{until}", "{student}：延期 {duration}{until}")
_UNTIL = Text(", until {moment} UTC", "，到 {moment} UTC")
_PENALTIES = Text("late penalties changed: {names}", "迟交扣分有变化：{names}")
_NO_DURATION = Text(
    "{text!r} is no duration; write it as 2d, 36h, 1w, '1d 12h', or none",
    "{text!r} 不是时长；请写成 2d、36h、1w、'1d 12h' 或 none",
)
_TOO_LONG = Text(
    "{text}: an extension is longer than 0, at most {days} days",
    "{text}：延期必须大于 0，最多 {days} 天",
)
_NOBODY = Text(
    "nobody has the id {student!r}; a student who has handed in nothing yet is added with: "
    "nbgrader db student add",
    "没有学号为 {student!r} 的学生；还没有提交过的学生请用 nbgrader db student add 添加",
)

NONE = "none"
LONGEST = timedelta(days=366)
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_PART = re.compile(r"(\d{1,4})\s*(w|d|h|m)(?:eeks?|ays?|ours?|in(?:utes?)?)?\b\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Dates:
    """When an assignment is due, in UTC, and by how much for whom it is later."""

    duedate: datetime | None
    extensions: dict[str, timedelta] = field(default_factory=dict)
    penalties: list[str] = field(default_factory=list)
    """The students whose late penalty has become another one."""

    def lines(self, language: str) -> list[str]:
        """Return the dates, a line each."""
        due = self.duedate
        told = [_DUE.format(moment=due) if due else _NOT_DUE]
        for student, extension in sorted(self.extensions.items()):
            until = _UNTIL.format(moment=due + extension) if due else NO_TEXT
            values = {"student": one_line(student, 80), "duration": duration_text(extension)}
            told.append(_LATER.format(**values, until=until))
        if self.penalties:
            names = listed(one_line(student, 80) for student in self.penalties)
            told.append(_PENALTIES.format(names=names))
        return [text.in_(language) for text in told]


def duration_of(text: str) -> timedelta:
    """Return the duration in `text`: "2d", "1 week", "36h", "1d 12h"; "none" is no time at all.

    Raises CourseError where `text` is no duration.
    """
    if text.strip().lower() == NONE:
        return timedelta()
    parts = list(_PART.finditer(text.strip()))
    units = [UNITS[part[2].lower()] for part in parts]
    whole = "".join(part[0] for part in parts) == text.strip()
    if not parts or not whole or len(set(units)) < len(units):
        raise CourseError(_NO_DURATION.format(text=one_line(text, 60)))
    duration = timedelta(**{unit: int(part[1]) for unit, part in zip(units, parts, strict=True)})
    if not timedelta() < duration <= LONGEST:
        raise CourseError(_TOO_LONG.format(text=one_line(text, 60), days=LONGEST.days))
    return duration


def duration_text(duration: timedelta) -> str:
    """Return a duration as `duration_of` reads it."""
    minutes = int(duration.total_seconds() // 60)
    values = (("d", minutes // 1440), ("h", minutes // 60 % 24), ("m", minutes % 60))
    return " ".join(f"{value}{unit}" for unit, value in values if value) or "0m"


def show_due(course: Course, assignment: str) -> Dates:
    """Return the dates of an assignment."""
    need_assignment(assignment)
    with Writer(course, assignment) as writer:
        return Dates(*writer.dates())


def set_due(course: Course, assignment: str, when: str, wait: bool = False) -> Dates:
    """Set when an assignment is due ("none": not at all), with late penalties, marks and pages.

    Raises CourseError where `when` is no time, or one of two.
    """
    need_assignment(assignment)
    try:
        moment = None if when.strip().lower() == NONE else moment_of(when)
    except NoTime as error:
        raise CourseError(error.text) from None
    with locked(course, f"autograder due {assignment}", wait):
        with Writer(course, assignment) as writer:
            writer.set_duedate(moment)
        return _carried_on(course, assignment)


def extend(
    course: Course, assignment: str, student: str, duration: str, wait: bool = False
) -> Dates:
    """Give a student an extension in place of an earlier one; "none" takes it back.

    Raises CourseError where nobody has this id, for a slip of the pen would extend nobody's time.
    """
    need_assignment(assignment)
    extension = duration_of(duration)
    if not safe_name(student):
        raise CourseError(NO_ID.format(name=one_line(student, 80)))
    with locked(course, f"autograder extend {assignment}", wait):
        with Writer(course, assignment) as writer:
            handed_in = course.folder("submitted", student, assignment).is_dir()
            if student not in writer.students() and not handed_in:
                raise CourseError(_NOBODY.format(student=one_line(student, 80)))
            writer.set_extension(student, extension or None)
        return _carried_on(course, assignment)


def _carried_on(course: Course, assignment: str) -> Dates:
    """Have penalties, marks and the pages that were written say what the dates now are."""
    graded = False
    with Recorder(course, assignment) as recorder:
        changed = recorder.gradebook.settle_penalties()
        found = Dates(*recorder.gradebook.dates(), changed)
        for verdict in store.load_all(course, assignment):
            graded = True
            if safe_name(verdict.student):
                folder = course.folder("feedback", verdict.student, assignment)
                if (folder / f"{assignment}.html").is_file():
                    recorder.write_page(verdict, recorder.gradebook.marks(verdict.student))
    if graded:
        write_marks(course, assignment)
    return found
