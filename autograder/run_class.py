"""The whole of grading a class: verdicts, gradebook, feedback, marks, report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autograder import verdicts as verdict_files
from autograder.course import Course, CourseError
from autograder.feedback import write_feedback
from autograder.files import write_atomically
from autograder.grade import grade_class
from autograder.gradebook import Writer, record, write_csv
from autograder.report import class_report
from autograder.rounds import give_feedback
from autograder.sandbox import IsolationUnavailable, SandboxError
from autograder.settings import Settings
from autograder.status import needs_a_look


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    course: Course
    verdicts: list[dict[str, Any]]
    csv: Path
    report: Path

    @property
    def needs_a_look(self) -> list[str]:
        """The students whose submission a person should look at."""
        return sorted(v["student"] for v in self.verdicts if needs_a_look(v))

    @property
    def last_line(self) -> str:
        """How many were graded and how many need a look."""
        look = self.needs_a_look
        names = f": {', '.join(look)}" if look else ""
        count = len(self.verdicts)
        noun = "submission" if count == 1 else "submissions"
        verb = "needs" if len(look) == 1 else "need"
        return f"{count} {noun} graded, {len(look)} {verb} a look{names}"

    def paths(self, root: Path) -> list[str]:
        """Return a line for each place where something was written, relative to `root`."""
        places = {
            "gradebook": self.course.build / "gradebook.db",
            "marks": self.csv,
            "feedback": self.course.build / "feedback",
            "report": self.report,
        }
        return [f"{name:<10} {path.relative_to(root)}" for name, path in places.items()]


def grade_and_record(
    course: Course,
    assignment: str,
    pattern: str = "*",
    jobs: int | None = None,
    resume: bool = False,
    level: str = "auto",
    on_verdict: Callable[[dict[str, Any]], None] | None = None,
) -> Summary:
    """Grade a class and write everything that comes of it.

    Raises CourseError, in one line, where the run can't begin.
    """
    settings = Settings.load(course.root)
    found = []

    def finished() -> Iterator[dict[str, Any]]:
        for verdict in grade_class(
            course, assignment, pattern, jobs, resume, level, quiet=on_verdict is not None
        ):
            found.append(verdict)
            if on_verdict:
                on_verdict(verdict)
            yield verdict

    try:
        record(finished(), course.root, recorded=partial(write_feedback, settings))
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(str(error)) from None
    csv, report = write_marks(course, assignment), write_report(course, assignment)
    give_feedback(course, assignment)
    return Summary(course, found, csv, report)


def write_marks(course: Course, assignment: str) -> Path:
    """Write the marks of the whole class as CSV, with what a person marked; return its path."""
    path = course.build / f"{assignment}.csv"
    verdicts = list(verdict_files.load_all(course, assignment))
    with Writer(course, assignment) as writer:
        marks = {v["student"]: writer.marks(v["student"]) for v in verdicts}
        write_csv(verdicts, path, marks, writer.students())
    return path


def write_report(course: Course, assignment: str) -> Path:
    """Write the class report from the verdicts that there are; raise CourseError for none."""
    verdicts = list(verdict_files.load_all(course, assignment))
    if not verdicts:
        raise CourseError(f"{assignment} was not graded yet: autograder grade {assignment}")
    path = course.build / "report" / f"{assignment}.html"
    write_atomically(path, class_report(verdicts).encode())
    return path
