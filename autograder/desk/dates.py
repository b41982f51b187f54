"""``autograder due`` and ``extend``: due dates and extensions in nbgrader's gradebook."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.grading import store
from autograder.reading.times import NoTime, moment_of
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import Recorder
from autograder.run_class import write_marks
from autograder.safe_text import one_line, safe_name
from checks.assignments import ASSIGNMENTS

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

    @property
    def lines(self) -> list[str]:
        """The dates, a line each."""
        told = [f"due {self.duedate} UTC" if self.duedate else "no due date"]
        for student, extension in sorted(self.extensions.items()):
            until = f", until {self.duedate + extension} UTC" if self.duedate else ""
            told.append(f"{one_line(student, 80)}: {duration_text(extension)} later{until}")
        names = ", ".join(one_line(student, 80) for student in self.penalties)
        return told + ([f"late penalties changed: {names}"] if names else [])


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
        raise CourseError(
            f"{one_line(text, 60)!r} is no duration; write it as 2d, 36h, 1w, '1d 12h', or none"
        )
    duration = timedelta(**{unit: int(part[1]) for unit, part in zip(units, parts, strict=True)})
    if not timedelta() < duration <= LONGEST:
        raise CourseError(f"{one_line(text, 60)}: an extension is longer than 0, at most 366 days")
    return duration


def duration_text(duration: timedelta) -> str:
    """Return a duration as `duration_of` reads it."""
    minutes = int(duration.total_seconds() // 60)
    values = (("d", minutes // 1440), ("h", minutes // 60 % 24), ("m", minutes % 60))
    return " ".join(f"{value}{unit}" for unit, value in values if value) or "0m"


def show_due(course: Course, assignment: str) -> Dates:
    """Return the dates of an assignment."""
    _known(assignment)
    with Writer(course, assignment) as writer:
        return Dates(*writer.dates())


def set_due(course: Course, assignment: str, when: str, wait: bool = False) -> Dates:
    """Set when an assignment is due ("none": not at all), with late penalties, marks and pages.

    Raises CourseError where `when` is no time, or one of two.
    """
    _known(assignment)
    try:
        moment = None if when.strip().lower() == NONE else moment_of(when)
    except NoTime as error:
        raise CourseError(str(error)) from None
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
    _known(assignment)
    extension = duration_of(duration)
    if not safe_name(student):
        raise CourseError(f"{one_line(student, 80)!r} cannot be a student's id")
    with locked(course, f"autograder extend {assignment}", wait):
        with Writer(course, assignment) as writer:
            handed_in = course.folder("submitted", student, assignment).is_dir()
            if student not in writer.students() and not handed_in:
                raise CourseError(
                    f"nobody has the id {one_line(student, 80)!r}; a student who has handed in "
                    "nothing yet is added with: nbgrader db student add"
                )
            writer.set_extension(student, extension or None)
        return _carried_on(course, assignment)


def _known(assignment: str) -> None:
    if assignment not in ASSIGNMENTS:
        raise CourseError(f"no assignment {assignment!r}; there is: {', '.join(ASSIGNMENTS)}")


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
