"""Grades a class from start to end: verdicts, gradebook, feedback, marks, report."""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import sayings, scheme
from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.files import write_atomically
from autograder.grading import store
from autograder.grading.grade_class import folders_of, grade_class, stale_students
from autograder.grading.rounds import finish_round
from autograder.grading.shards import Shard, grade_shard, ready_to_merge
from autograder.late_start import import_rest
from autograder.model import Marks, Verdict
from autograder.pages.terminal import padded
from autograder.reading.past import traits_of_past
from autograder.reading.student_ids import student_of
from autograder.recording.gradebook import Writer
from autograder.recording.held import Held
from autograder.recording.marks_csv import write_csv
from autograder.recording.nbgrader_start import need_home
from autograder.repairing import SOME
from autograder.safe_text import file_stem, one_line, safe_name
from autograder.sandbox import ForkServer, IsolationUnavailable, SandboxError
from autograder.status import Status
from autograder.texts import fault_of, say
from checks.text import listed

if TYPE_CHECKING:
    from autograder.recording.recorder import Recorder


@dataclass(frozen=True)
class Section:
    """A part of a class that is taught together."""

    name: str
    students: frozenset[str]


TOGETHER = 25
"""How many verdicts that are there already are recorded in one transaction."""


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
        names = listed(one_line(name, 80) for name in look)
        ended = sayings.ENDED.format(
            count=count,
            look=len(look),
            noun="submission" if count == 1 else "submissions",
            verb="needs" if len(look) == 1 else "need",
            names=sayings.WHICH.format(names=names) if look else "",
            told=sayings.TOLD.format(count=len(self.told)) if self.told else "",
        )
        return ended.in_(self.course.language)

    def paths(self, root: Path) -> list[str]:
        """Return a line for each place where something was written, relative to `root`."""
        places = {
            sayings.GRADEBOOK: self.course.gradebook_place,
            sayings.MARKS: str(self.csv),
            sayings.FEEDBACK: str(self.course.step("feedback")),
            sayings.REPORT: str(self.report),
        }
        start = f"{Path(root).resolve()}{os.sep}"
        language = self.course.language
        return [
            f"{padded(name[language], 10)} {place.removeprefix(start)}"
            for name, place in places.items()
        ]


@dataclass(frozen=True)
class Part:
    """What a shard did: how many it graded, how many need a look, what it may not grade."""

    shard: Shard
    count: int
    needs_a_look: int
    told: list[str]


@dataclass
class _Run:
    """What is counted while a class is graded and recorded."""

    course: Course
    on_verdict: Callable[[Verdict], None] | None
    graded: int = 0
    told: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0
    students: set[str] = field(default_factory=set)
    held: Held = field(default_factory=Held)

    def recorded(self, recorder: "Recorder", verdict: Verdict, marks: Marks | None) -> None:
        """Count a verdict that was recorded, keep its marks for the CSV, and write its page.

        A page that can't be made costs no other student; a full disk ends the run.
        """
        self.count(verdict, marks)
        if marks is not None:
            self.held.keep(verdict.student, marks)
        try:
            recorder.write_page(verdict, marks)
        except OSError:
            raise
        except Exception as error:
            logging.getLogger(__name__).exception("%s", verdict.student)
            shown = one_line(verdict.student, 80)
            line = sayings.NO_PAGE.format(student=shown, why=fault_of(error))
            self.unwritten.append(line.in_(self.course.language))

    def count(self, verdict: Verdict, marks: Marks | None) -> None:
        """Count a verdict, and note whether a person should look at it."""
        self.graded += 1
        self.cpu_seconds += verdict.cpu_seconds
        self.students.add(verdict.student)
        if verdict.needs_a_look(marks):
            self.look.append(verdict.student)

    def say(self, line: str) -> None:
        """Print a line, and keep it."""
        self.told.append(line)
        say(line)

    def say_what_changed(self, assignment: str) -> None:
        """Name the students whose marks another program has changed; marks by hand may change."""
        with Writer(self.course, assignment) as writer:
            held, now = writer.ahead(self.held, itemgetter(0))
            for student, before in held:
                if not _is_kept(before, now(student)):
                    values = {"student": one_line(student, 80), "assignment": assignment}
                    self.say(sayings.CHANGED_BY_ANOTHER.format(**values).in_(self.course.language))

    def passed_on(self, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        """Yield verdicts, and show each one first."""
        for verdict in verdicts:
            if self.on_verdict:
                self.on_verdict(verdict)
            yield verdict


def _is_kept(before: Mapping[str, float], now: Marks | None) -> bool:
    """Return whether the gradebook still holds these marks, except for those given by hand."""
    return now is not None and all(
        name in now.manual or now.scores.get(name) == score for name, score in before.items()
    )


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
    explain: str = SOME,
    stale: bool = False,
    only: Set[str] | None = None,
    server: ForkServer | None = None,
) -> Summary:
    """Grade a class and write all results; `quiet` shows no progress.

    With `only` these students are graded, with `stale` those whose points have changed since. A
    fork `server` may be starting already.

    A class may be large: no verdict is held longer than it takes to record it. The course's lock
    is held all the while; where another run holds it, this one may `wait`. At the end the lines of
    mistakes are looked for, in as many functions as `explain` says (repairing.EXPLAIN).

    Raises CourseError, in one line, where the run can't begin or the gradebook stays locked, and
    OSError where the disk is full; what was graded until then is kept.
    """
    need_home()
    with locked(course, f"autograder grade {assignment}", wait):
        run = _Run(course, on_verdict)
        if stale:
            found = stale_students(course, assignment, pattern)
            only = found if only is None else found & only
            if not only:
                say(scheme.NONE_STALE.format(assignment=assignment).in_(course.language))
                places = course.csv_path(assignment), course.report_path(assignment)
                return Summary(course, 0, [], *places, [])
        chosen = pattern, jobs, resume, level, quiet, run.say, only, import_rest, server
        graded = grade_class(course, assignment, *chosen)
        try:
            # It is closed at once where recording stops, so that no worker goes on for nothing.
            with contextlib.closing(graded):
                summary = _record_all(course, assignment, run, graded)
            _explain(course, assignment, run, level, explain)
            return summary
        except (IsolationUnavailable, SandboxError) as error:
            raise CourseError(error.text) from None


def grade_part(
    course: Course, assignment: str, shard: Shard, jobs: int | None = None, level: str = "auto"
) -> Part:
    """Grade one shard of a class and save its verdicts; nothing else is written.

    Raises CourseError, in one line, where it can't begin, and OSError where the disk is full;
    what was graded until then is kept.
    """
    told: list[str] = []
    count = look = 0
    try:
        for verdict in grade_shard(course, assignment, shard, jobs, level, told.append):
            count += 1
            look += verdict.needs_a_look()
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(error.text) from None
    return Part(shard, count, look, told)


def merge(course: Course, assignment: str, wait: bool = False) -> Summary:
    """Record the verdicts of all shards of a round, as one run would have; see grade_and_record.

    A round that is finished is left as it is: what a person has marked since stays untouched.
    """
    need_home()
    with locked(course, f"autograder merge {assignment}", wait):
        run = _Run(course, None)
        merging = ready_to_merge(course, assignment, run.say)
        if not merging.round.is_finished:
            return _record_all(course, assignment, run, merging.verdicts(), TOGETHER)
        values = {"assignment": assignment, "number": merging.round.number}
        say(sayings.MERGED_ALREADY.format(**values).in_(course.language))
        with Writer(course, assignment) as writer:
            for verdict in merging.verdicts():
                run.count(verdict, writer.marks(verdict.student))
        places = course.csv_path(assignment), course.report_path(assignment)
        return Summary(course, run.graded, sorted(run.look), *places, [])


def _record_all(
    course: Course,
    assignment: str,
    run: _Run,
    verdicts: Iterator[Verdict],
    together: int = 1,
) -> Summary:
    """Record verdicts as they come, then the class's marks and report; the round is finished."""
    from autograder.recording.recorder import record

    told = record(run.passed_on(verdicts), course, say, run.recorded, together)
    run.say_what_changed(assignment)
    csv, report = write_marks(course, assignment, run.say), write_report(course, assignment)
    finish_round(course, assignment)
    problems = [*run.told, *told, *run.unwritten]
    return Summary(course, run.graded, sorted(run.look), csv, report, problems)


def _explain(course: Course, assignment: str, run: _Run, level: str, explain: str) -> None:
    """Add lines and names to all that is shown; whatever happens, what was recorded stays."""
    from autograder.pages.feedback import write_feedback
    from autograder.recording.recorder import Recorder
    from autograder.repairing.of_class import budget_of, explained_class

    budget = budget_of(explain, run.cpu_seconds)
    found = 0
    try:
        with Recorder(course, assignment) as recorder:
            for verdict in explained_class(course, assignment, run.students, level, budget):
                if safe_name(verdict.student):
                    recorder.write_notebook(verdict)
                    write_feedback(course, verdict, recorder.gradebook.marks(verdict.student))
                found += 1
    except KeyboardInterrupt:
        say(sayings.STOPPED_LOOKING.format(assignment=assignment).in_(course.language))
    if found:
        write_marks(course, assignment)
        write_report(course, assignment)


def write_marks(course: Course, assignment: str, say: Callable[[str], None] | None = None) -> Path:
    """Write the marks of the whole class as CSV, with what a person marked; return its path.

    Late penalties are those on the marks that count now. What was given under other points or
    counts otherwise in the gradebook since is flagged there; `say` is told of the former.
    """
    path = course.csv_path(assignment)
    with Writer(course, assignment) as writer:
        writer.settle_penalties()
        students = writer.students()
        stale: list[str] = []
        others: list[str] = []
        verdicts, marks = writer.ahead(class_verdicts(course, assignment, students))

        def noted() -> Iterator[Verdict]:
            for verdict in verdicts:
                held = marks(verdict.student)
                if scheme.stale(verdict.assignment, verdict.exercises):
                    stale.append(verdict.student)
                elif held is not None and verdict.other_score(held):
                    others.append(verdict.student)
                yield verdict

        write_csv(noted(), path, course.language, marks, students, course.csv_encoding)
        for student in (*stale, *others):
            writer.flag(student)
    if stale and say is not None:
        names = listed(one_line(student, 80) for student in stale)
        told = scheme.STALE_MARKS.format(names=names, assignment=assignment)
        say(told.in_(course.language))
    return path


def class_verdicts(
    course: Course, assignment: str, students: Sequence[str], absent: bool = False
) -> Iterator[Verdict]:
    """Yield the verdicts of a class; `students` are those of the gradebook.

    A student whose submission is gone, while others' are there, is marked as removed, or left out
    if the gradebook does not know the student any more either. With `absent`, students who never
    handed in come last.
    """
    known, absentees = set(students), dict.fromkeys(students)
    here = {student_of(folder) for folder in folders_of(course, assignment)}
    for verdict in store.load_all(course, assignment):
        absentees.pop(verdict.student, None)
        if not here or verdict.student in here:
            yield verdict
        elif verdict.student in known:
            yield replace(verdict, problems=(*verdict.problems, sayings.REMOVED))
    for student in absentees if absent else ():
        yield Verdict("", 0, Status.MISSING, course.language, assignment, student)


def write_report(
    course: Course,
    assignment: str,
    section: Section | None = None,
    past: Sequence[Path] = (),
) -> Path:
    """Write the class report, in the course's language; raise CourseError without verdicts.

    The file name of a report on a `section` holds the section's name. `past` are folders with
    submissions of past years, which are only searched for similar code.
    """
    from autograder.pages.report import class_report, given_code

    path = course.report_path(assignment)
    if section is not None:
        path = path.with_name(f"{assignment}.{file_stem(section.name).strip()}.html")
    feedback = Path(os.path.relpath(course.step("feedback"), path.parent)).as_posix()
    if next(store.load_all(course, assignment), None) is None:
        raise CourseError(sayings.NOT_GRADED_YET.format(assignment=assignment))
    with Writer(course, assignment) as writer:
        verdicts = class_verdicts(course, assignment, writer.students(), absent=True)
        verdicts, marks = writer.ahead(
            v for v in verdicts if section is None or v.student in section.students
        )
        page = class_report(
            verdicts,
            course.language,
            given_code(course, assignment),
            feedback,
            marks,
            section.name if section else "",
            traits_of_past(assignment, past),
        )
    write_atomically(path, page.encode())
    return path
