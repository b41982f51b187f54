"""Grades a class from start to end: verdicts, gradebook, feedback, marks, report."""

import contextlib
import itertools
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.files import write_atomically
from autograder.grading import store
from autograder.grading.grade_class import grade_class
from autograder.grading.rounds import end_round, finish_round
from autograder.model import Marks, Verdict
from autograder.pages.report import class_report, given_code
from autograder.recording.gradebook import Writer
from autograder.recording.marks_csv import write_csv
from autograder.recording.recorder import Recorder, record
from autograder.safe_text import one_line
from autograder.sandbox import IsolationUnavailable, SandboxError


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
        told = f"; {len(self.told)} reported above while recording" if self.told else ""
        noun = "submission" if count == 1 else "submissions"
        verb = "needs" if len(look) == 1 else "need"
        return f"{count} {noun} graded, {len(look)} {verb} a look{names}{told}"

    def paths(self, root: Path) -> list[str]:
        """Return a line for each place where something was written, relative to `root`."""
        places = {
            "gradebook": self.course.gradebook_place,
            "marks": str(self.csv),
            "feedback": str(self.course.step("feedback")),
            "report": str(self.report),
        }
        start = f"{Path(root).resolve()}{os.sep}"
        return [f"{name:<10} {place.removeprefix(start)}" for name, place in places.items()]


@dataclass
class _Run:
    """What is counted while a class is graded and recorded."""

    course: Course
    on_verdict: Callable[[Verdict], None] | None
    graded: int = 0
    told: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)

    def recorded(self, recorder: Recorder, verdict: Verdict, marks: Marks | None) -> None:
        """Write the page of a verdict that was recorded; what goes wrong costs no other student."""
        if not self.graded:
            # The page shows how to replay failing cases, and so the round's seed.
            end_round(self.course, verdict.assignment)
        self.graded += 1
        if verdict.needs_a_look(marks):
            self.look.append(verdict.student)
        try:
            recorder.write_page(verdict, marks)
        except OSError:
            raise
        except Exception as error:
            logging.getLogger(__name__).exception("feedback of %s", verdict.student)
            line = f"{verdict.student}: no feedback page ({type(error).__name__}: {error})"
            self.unwritten.append(line)

    def say(self, line: str) -> None:
        """Print a line, and keep it."""
        self.told.append(line)
        print(line, file=sys.stderr, flush=True)

    def passed_on(self, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        """Yield verdicts, and show each one first."""
        for verdict in verdicts:
            if self.on_verdict:
                self.on_verdict(verdict)
            yield verdict


def grade_and_record(
    course: Course,
    assignment: str,
    pattern: str = "*",
    jobs: int | None = None,
    resume: bool = False,
    level: str = "auto",
    on_verdict: Callable[[Verdict], None] | None = None,
    quiet: bool = False,
    wait: bool = False,
) -> Summary:
    """Grade a class and write everything that comes of it; `quiet` shows no progress.

    A class may be large: no verdict is held longer than it takes to record it. The course's lock
    is held all the while; where another run holds it, this one may `wait`.

    Raises CourseError, in one line, where the run can't begin or the gradebook stays locked, and
    OSError where the disk is full; what was graded until then is kept.
    """
    with locked(course, f"autograder grade {assignment}", wait):
        run = _Run(course, on_verdict)
        graded = grade_class(course, assignment, pattern, jobs, resume, level, quiet, run.say)
        try:
            # It is closed at once where recording stops, so that no worker goes on for nothing.
            with contextlib.closing(graded):
                told = record(run.passed_on(graded), course, recorded=run.recorded)
        except (IsolationUnavailable, SandboxError) as error:
            raise CourseError(str(error)) from None
        csv, report = write_marks(course, assignment), write_report(course, assignment)
        finish_round(course, assignment)
    problems = [*run.told, *told, *run.unwritten]
    return Summary(course, run.graded, sorted(run.look), csv, report, problems)


def write_marks(course: Course, assignment: str) -> Path:
    """Write the marks of the whole class as CSV, with what a person marked; return its path.

    Late penalties are those on the marks that count now.
    """
    path = course.csv_path(assignment)
    with Writer(course, assignment) as writer:
        writer.settle_penalties()
        verdicts = store.load_all(course, assignment)
        write_csv(verdicts, path, writer.marks, writer.students(), course.language)
    return path


def write_report(course: Course, assignment: str) -> Path:
    """Write the class report, in the course's language; raise CourseError without verdicts."""
    verdicts = store.load_all(course, assignment)
    first = next(verdicts, None)
    if first is None:
        raise CourseError(f"{assignment} was not graded yet: autograder grade {assignment}")
    path = course.report_path(assignment)
    feedback = Path(os.path.relpath(course.step("feedback"), path.parent)).as_posix()
    with Writer(course, assignment) as writer:
        page = class_report(
            itertools.chain([first], verdicts),
            course.language,
            given_code(course, assignment),
            feedback,
            writer.marks,
        )
    write_atomically(path, page.encode())
    return path
