"""The whole of grading a class: verdicts, gradebook, feedback, marks, report."""

import contextlib
import itertools
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.grading import store
from autograder.grading.grade_class import grade_class
from autograder.grading.rounds import give_feedback
from autograder.model import needs_a_look
from autograder.pages.feedback import write_feedback
from autograder.pages.report import class_report
from autograder.recording.gradebook import Marks, Writer, record, write_csv
from autograder.safe_text import one_line, safe_name
from autograder.sandbox import IsolationUnavailable, SandboxError
from autograder.settings import Settings


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    course: Course
    count: int
    """How many submissions were graded."""
    needs_a_look: list[str]
    """The students whose submission a person should look at, sorted."""
    csv: Path
    report: Path
    told: list[str]
    """What went wrong while recording, a line each; already printed."""

    @property
    def last_line(self) -> str:
        """How many were graded and how many need a look."""
        look, count = self.needs_a_look, self.count
        names = f": {', '.join(one_line(name, 80) for name in look)}" if look else ""
        told = f"; {len(self.told)} told above while recording" if self.told else ""
        noun = "submission" if count == 1 else "submissions"
        verb = "needs" if len(look) == 1 else "need"
        return f"{count} {noun} graded, {len(look)} {verb} a look{names}{told}"

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
    quiet: bool = False,
) -> Summary:
    """Grade a class and write everything that comes of it; `quiet` shows no progress.

    A class may be large: no verdict is held longer than it takes to record it.

    Raises CourseError, in one line, where the run can't begin or the gradebook stays locked, and
    OSError where the disk is full; what was graded until then is kept.
    """
    settings = Settings.load(course.root)
    graded, look, unwritten = 0, [], []

    def finished() -> Iterator[dict[str, Any]]:
        nonlocal graded
        for verdict in grade_class(course, assignment, pattern, jobs, resume, level, quiet=quiet):
            graded += 1
            if needs_a_look(verdict):
                look.append(verdict["student"])
            if on_verdict:
                on_verdict(verdict)
            yield verdict

    def recorded(verdict: Mapping[str, Any], marks: Marks | None) -> None:
        unwritten.extend(_write_page(settings, verdict, marks))

    try:
        # Closed at once where recording stops, so that no worker goes on for nothing.
        with contextlib.closing(finished()) as verdicts:
            told = record(verdicts, course.root, recorded=recorded)
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(str(error)) from None
    csv, report = write_marks(course, assignment), write_report(course, assignment)
    give_feedback(course, assignment)
    return Summary(course, graded, sorted(look), csv, report, [*told, *unwritten])


def _write_page(
    settings: Settings, verdict: Mapping[str, Any], marks: Marks | None
) -> Iterator[str]:
    """Write a feedback page; yield a line where it can't be made, which costs no other student."""
    student = str(verdict["student"])
    if not safe_name(student):
        return
    try:
        write_feedback(settings, verdict, marks)
    except OSError:
        raise
    except Exception as error:
        logging.getLogger(__name__).exception("feedback of %s", student)
        yield f"{student}: no feedback page ({type(error).__name__}: {error})"


def write_marks(course: Course, assignment: str) -> Path:
    """Write the marks of the whole class as CSV, with what a person marked; return its path."""
    path = course.build / f"{assignment}.csv"
    with Writer(course, assignment) as writer:
        verdicts = store.load_all(course, assignment)
        write_csv(verdicts, path, writer.marks, writer.students())
    return path


def write_report(course: Course, assignment: str) -> Path:
    """Write the class report, in the course's language; raise CourseError without verdicts."""
    verdicts = store.load_all(course, assignment)
    first = next(verdicts, None)
    if first is None:
        raise CourseError(f"{assignment} was not graded yet: autograder grade {assignment}")
    path = course.build / "report" / f"{assignment}.html"
    page = class_report(itertools.chain([first], verdicts), Settings.load(course.root).language)
    write_atomically(path, page.encode())
    return path
