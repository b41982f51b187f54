"""``autograder watch``: grades each submission as it arrives, and has its page where it is fetched.

One loop in one thread. Processes of their own grade; this one finds what has arrived, gives it a
round, records verdicts and writes pages. The course's lock is held for each record alone. It may
be killed at any time: what was begun is done again, in its own round, when it is started again.
"""

import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing.connection import wait
from types import FrameType

from autograder.course import Course, CourseError, need_assignment
from autograder.course_lock import locked, sole
from autograder.grading import store
from autograder.grading.grade_class import setting_of
from autograder.grading.lane import Lane, Preparation
from autograder.grading.pool import Task, hash_of
from autograder.grading.rounds import Round, new_seed
from autograder.grading.watch_rounds import Queued, WatchRounds
from autograder.model import Verdict
from autograder.reading.student_ids import look_alikes, student_of
from autograder.recording.gradebook import GradebookError
from autograder.recording.nbgrader_start import need_home
from autograder.recording.recorder import Recorder
from autograder.run_class import write_marks, write_report
from autograder.safe_text import one_line, safe_name
from autograder.sandbox import (
    ForkServer,
    IsolationUnavailable,
    SandboxError,
    choose_level,
    isolation_line,
)
from autograder.texts import NO_TEXT
from autograder.watching.arrivals import Exchange, is_whole, release_page, state_of, states
from autograder.watching.sayings import (
    AGAIN,
    GRADED,
    LOOK,
    NOT_COLLECTED,
    NOT_RECORDED,
    NOT_RELEASED,
    QUEUED,
    READY,
    STOPPED,
    WATCHING,
)
from checks.text import Text

LOOK_SECONDS = 0.1
"""How long after one look at the folders the next one is, where a look takes little time."""

PREPARE_SECONDS = 0.1
QUIET_SECONDS = 3.0
"""For how long a file that looks cut off has to stay as it is, before it is taken for whole."""

RETIRE_SECONDS = 10.0
MARKS_SECONDS = 30.0
AGAIN_SECONDS = 10.0

Say = Callable[[str], None]


class Stopped(BaseException):
    """A signal asked this program to end."""


@dataclass
class Seen:
    """What is known of one student's folder."""

    state: str = ""
    since: float = 0.0
    """When it was first seen in this state."""
    handled: str | None = None
    """The state in which it was graded, is being graded, or is queued."""
    again: float | None = None
    """When it is looked at again although nothing changed."""


@dataclass
class Watch:
    """The watch over one assignment, once it has begun."""

    course: Course
    assignment: str
    rounds: WatchRounds
    lanes: list[Lane]
    say: Say
    exchange: Exchange
    recorder: Recorder
    seen: dict[str, Seen] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    """The folders that are to be graded, in the order of their arrival."""
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unwritten: float | None = None
    """Since when the file of marks lacks something."""
    reported: bool = True
    """Whether the report holds all that was graded."""
    retired: float = 0.0
    """When rounds were retired last."""
    to_tell: list[str] = field(default_factory=list)
    """The students whose page may tell its inputs now."""
    ready: bool = False
    """Whether the first round was prepared; what arrives before is graded, and takes longer."""

    def go_on(self) -> None:
        """Go through the loop once; where the gradebook can't be used, all is tried again."""
        began = time.monotonic()
        try:
            self.collect()
            self.look()
            self.hand_out()
            self.use_idle_time()
        except GradebookError as error:
            self.tell(AGAIN, seconds=AGAIN_SECONDS, why=error.text)
            time.sleep(AGAIN_SECONDS)
        took = time.monotonic() - began
        self.take_in(max(LOOK_SECONDS, 5 * took) if not self.waiting else LOOK_SECONDS)

    # What has arrived

    def collect(self) -> None:
        """Collect what students have submitted by the exchange."""
        for found in self.exchange.arrived():
            try:
                with self.lock():
                    self.exchange.collect(found)
            except OSError as error:
                self.exchange.tell(found.path, NOT_COLLECTED.format(error=one_line(str(error))))
                continue
            # It is whole, so there is no need to see it twice.
            one = self.seen.setdefault(found.student, Seen())
            one.state = state_of(self.course, found.student, self.assignment)
            one.since = time.time()

    def look(self) -> None:
        """Find the folders that have changed and come to rest, and put them in the queue."""
        now = time.time()
        excluded = self.course.excluded
        found = {
            folder: state
            for folder, state in states(self.course, self.assignment).items()
            if student_of(folder) not in excluded
        }
        if found.keys() != self.seen.keys():
            self.alike = dict(look_alikes(map(student_of, found)))
        for gone in self.seen.keys() - found.keys():
            del self.seen[gone]
        for folder, state in found.items():
            one = self.seen.setdefault(folder, Seen())
            if one.again is not None and one.again <= now:
                one.handled, one.again = None, None
            if state != one.state:
                one.state, one.since = state, now
            elif state and state != one.handled and folder not in self.waiting:
                whole = is_whole(self.course, folder, self.assignment)
                if whole or now - one.since >= QUIET_SECONDS:
                    one.handled = state
                    self.waiting.append(folder)

    def hand_out(self) -> None:
        """Have lanes that are free grade what is waiting."""
        for lane in self.lanes:
            while lane.is_free and self.waiting:
                task = self.begun(self.waiting.pop(0))
                if task is not None:
                    lane.grade(task)

    def begun(self, folder: str) -> Task | None:
        """Begin the grading of a folder; None where it was graded, or has to wait."""
        student, one = student_of(folder), self.seen.get(folder)
        if one is None or self.rounds.last_state(student) == one.state:
            return None
        place = self.course.step("submitted") / folder / self.assignment
        task = Task(
            student,
            self.assignment,
            place,
            self.course.language,
            self.alike.get(student, ()),
        )
        submission = hash_of(task)
        if self.rounds.is_done(student, submission, one.state):
            return None
        if submission and not self.rounds.is_under_way(student):
            known = store.load(self.course, self.assignment, student)
            if known is not None and known.submission_hash == submission:
                return None
        begun = self.rounds.begin(student, submission, one.state)
        if isinstance(begun, Queued):
            one.again = begun.until
            self.tell_queued(student, begun.until)
            return None
        return replace(task, listed=submission, seed=begun.seed)

    def tell_queued(self, student: str, until: float) -> None:
        """Have the page say until when a newer submission has to wait."""
        when = datetime.fromtimestamp(until).astimezone().isoformat(" ", "seconds")
        self.tell(QUEUED, student=one_line(student, 80), when=when)
        self.write_page_anew(student)

    def write_page_anew(self, student: str) -> None:
        """Write the page of the verdict that is there, with what it has to say now."""
        verdict = store.load(self.course, self.assignment, student)
        if verdict is None or not safe_name(student):
            return
        with self.lock():
            marks = self.recorder.gradebook.marks(student)
            self.recorder.write_page(verdict, marks)
        self.release(student)

    def release(self, student: str) -> None:
        """Put a page into the exchange. A failure is reported and stops no other student's page."""
        try:
            release_page(self.course, student, self.assignment)
        except Exception as error:  # nbgrader's exchanges raise many kinds
            why = one_line(str(error))
            self.tell(NOT_RELEASED, student=one_line(student, 80), error=why)

    # What has been graded

    def take_in(self, seconds: float) -> None:
        """Wait for lanes for at most so long, and record what they have graded."""
        busy = {lane.answers: lane for lane in self.lanes if not lane.is_free}
        if not busy:
            time.sleep(seconds)
            return
        for connection in wait(list(busy), seconds):
            lane = next(lane for key, lane in busy.items() if key is connection)
            done = lane.finished()
            if done is not None:
                self.record(*done)

    def record(self, task: Task, verdict: Verdict | None) -> None:
        """Record a verdict and write its page; what was changed meanwhile is looked at again."""
        folder, student = task.folder.parent.name, task.student
        one = self.seen.setdefault(folder, Seen())
        shown = one_line(student, 80)
        try:
            with self.lock():
                state = state_of(self.course, folder, self.assignment)
                if verdict is None or state != one.handled:
                    self.rounds.cut_off(student)
                    one.handled = None
                    return
                store.save(self.course, verdict)
                self.recorder.gradebook.reload()
                marks = self.recorder.record(verdict)
                self.recorder.write_page(verdict, marks)
        except GradebookError as error:
            # Somebody has it open; the verdict is not lost, but made again.
            self.tell(NOT_RECORDED, student=shown, seconds=AGAIN_SECONDS, why=error.text)
            one.again = time.time() + AGAIN_SECONDS
            return
        if safe_name(student):
            self.release(student)
        self.rounds.end(student)
        store.forget_arrived(self.course, self.assignment, student)
        self.unwritten, self.reported = self.unwritten or time.monotonic(), False
        score = verdict.score if marks is None else marks.score
        values = {"score": score, "most": verdict.max_score, "took": time.time() - one.since}
        look = LOOK if verdict.needs_a_look(marks) else NO_TEXT
        self.tell(GRADED, student=shown, **values, look=look)

    # What there is time for

    def use_idle_time(self) -> None:
        """Retire rounds, prepare the next one, write marks and report, while nothing waits."""
        if self.waiting or any(lane.task for lane in self.lanes):
            return
        now = time.monotonic()
        if now - self.retired >= RETIRE_SECONDS:
            self.retired = now
            self.to_tell = [student for student, _ in self.rounds.retire()]
        if self.to_tell:
            # One at a time: somebody may hand in meanwhile.
            student = self.to_tell.pop()
            self.write_page_anew(student)
            self.rounds.told(student)
        if self.unwritten is not None and now - self.unwritten >= MARKS_SECONDS:
            self.write_class()
        self.prepare()

    def prepare(self) -> None:
        """Have lanes compute known answers ahead; one stays free for what arrives."""
        seeds = self.rounds.to_prepare()
        lanes = [lane for lane in self.lanes if lane.is_free]
        for lane in lanes[1:] or (lanes if len(self.lanes) == 1 else []):
            for seed in seeds:
                if seed not in lane.prepared:
                    lane.prepare(Preparation(self.assignment, seed, PREPARE_SECONDS, seeds))
                    break
        if not self.ready and all(lane.prepared >= set(seeds) for lane in self.lanes):
            self.ready = True
            self.tell(READY)
        # The one that stays free takes its turn next time.
        self.lanes.append(self.lanes.pop(0))

    def write_class(self, report: bool = False) -> None:
        """Write the class's marks, and the report, which takes its time, where it is asked for."""
        with self.lock():
            write_marks(self.course, self.assignment)
            if report:
                write_report(self.course, self.assignment)
                self.reported = True
        self.unwritten = None

    def tell(self, text: Text, **values: object) -> None:
        """Say a sentence, in the course's language."""
        self.say(text.format(**values).in_(self.course.language))

    def lock(self) -> AbstractContextManager[None]:
        """Hold the course's lock for a moment."""
        return locked(self.course, f"autograder watch {self.assignment}", say=self.say, brief=True)


def watch(
    course: Course,
    assignment: str,
    jobs: int,
    per_hour: int,
    level: str = "auto",
    say: Say = print,
) -> None:
    """Watch an assignment until a signal asks this program to end.

    Raises CourseError, in one line, where it can't begin or another one watches this assignment.
    """
    need_assignment(assignment)
    need_home()
    _stop_by_signals()
    try:
        with ExitStack() as stack:
            stack.enter_context(sole(course, f"{assignment}.watch.lock"))
            level = choose_level(level)
            say(isolation_line(level).in_(course.language))
            setting = replace(
                setting_of(course, assignment, level, Round(0, new_seed())),
                kept_in=store.ARRIVED,
            )
            rounds = WatchRounds(course, assignment, per_hour)
            stack.callback(rounds.close)
            server = ForkServer(level, setting.student_folder)
            stack.callback(server.close)
            lanes: list[Lane] = []
            for _ in range(jobs):
                lanes.append(Lane(setting, server))
                stack.callback(lanes[-1].close)
            exchange = Exchange(course, assignment, say)
            recorder = stack.enter_context(Recorder(course, assignment, say))
            watching = Watch(course, assignment, rounds, lanes, say, exchange, recorder)
            watching.tell(WATCHING, folder=course.step("submitted"))
            _until_stopped(watching)
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(error.text) from None
    except Stopped:
        say(STOPPED.in_(course.language))


def _until_stopped(watching: Watch) -> None:
    try:
        while True:
            watching.go_on()
    except Stopped:
        if not watching.reported:
            watching.write_class(report=True)
        raise


def _stop_by_signals() -> None:
    """Have the first SIGTERM or Ctrl-C raise Stopped, and all that follow do nothing."""
    numbers = (signal.SIGTERM, signal.SIGINT)

    def stop(_: int, __: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in numbers:
        signal.signal(number, stop)
