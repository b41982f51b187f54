"""A class with faults in it, graded from the command line: nothing is lost, nobody else is hurt."""

import contextlib
import csv
import errno
import functools
import json
import multiprocessing
import os
import pickle
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import __main__ as command_line
from autograder import run_class
from autograder.building.demo import difference
from autograder.course import RELEASED_BEFORE, ROOT, Course
from autograder.grading import grader, pool, store
from autograder.grading.grade_class import student_of
from autograder.pages import feedback
from autograder.recording import marks_csv, recorder
from autograder.recording.gradebook import Writer
from autograder.recording.recorder import Recorder
from autograder.sandbox import Limits
from autograder.status import Status
from autograder.verify import verify
from solutions.catalogue import load
from solutions.corpora.faults import CELLS, FILE, FILES, FUNCTIONS, NAME, UNREADABLE_BY_ROOT, Fault
from solutions.gallery import Expected, Student, styles, submission

pytestmark = pytest.mark.slow

GOOD_FIRST, GOOD_LAST = "aa first", "zz last"
SHORT = Limits(call_cpu=1.0, group_cpu=2.0, cell_cpu=2.0)
# A right notebook that takes a while, so that a run can be stopped in its middle.
SLOW = "import time\ntime.sleep(1)"

needs_fork = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="workers do not inherit what is patched"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A whole copy of the repository's content with an empty gradebook."""
    root = tmp_path_factory.mktemp("template")
    for name in ("autograder", "checks", "solutions", "notebooks", "plots"):
        ignored = shutil.ignore_patterns("tests", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in (*RELEASED_BEFORE, "public_tests.py", "nbgrader_config.py", "environment.yml"):
        shutil.copy2(ROOT / name, root / name)
    with Writer(Course(root), NAME):
        pass
    return root


@pytest.fixture
def room(template, tmp_path, monkeypatch, capsys):
    """A course folder of its own, with what is done in it: hand in, grade, look."""
    root = tmp_path / "course"
    shutil.copytree(template, root)
    course = Course(root)
    monkeypatch.setattr(command_line, "Course", lambda: course)
    return Room(course, capsys)


class Room:
    """A course folder, and the command line in it."""

    def __init__(self, course, capsys):
        self.course = course
        self.root = course.root
        self._capsys = capsys
        self._notebook = json.loads(course.notebook("en", NAME).read_text("utf-8"))
        self._styles = styles(NAME)

    def folder(self, student):
        return self.course.build / "submitted" / student / NAME

    def hand_in(self, fault):
        """Put a fault's submission, or a correct one under the given name, into its folder."""
        if isinstance(fault, str):
            fault = Fault(fault, Student(fault, "right"))
        folder = self.folder(fault.student.id)
        folder.mkdir(parents=True, exist_ok=True)
        content = submission(fault.student, self._notebook, load(NAME), self._styles)
        fault.place(folder, content)

    def hand_in_slowly(self, *students):
        for student in students:
            self.hand_in(Fault(student, Student(student, "right, slow", change=_slow)))

    def grade(self, *arguments):
        """Run ``autograder grade``: exit code, lines of stdout, text of stderr."""
        code = command_line.main(["grade", NAME, *arguments])
        told = self._capsys.readouterr()
        return SimpleNamespace(code=code, lines=told.out.splitlines(), errors=told.err)

    def start(self, *arguments):
        """Run ``python -m autograder grade`` as a terminal does, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "autograder", "grade", NAME, *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def grade_outside(self, *arguments):
        """Grade as :meth:`grade` does, in a process of its own."""
        process = self.start(*arguments)
        out, errors = process.communicate(timeout=300)
        return SimpleNamespace(code=process.returncode, lines=out.splitlines(), errors=errors)

    @property
    def verdict_files(self):
        return sorted((self.course.build / "verdicts" / NAME).glob("*.json"))

    def verdicts(self):
        """Return the signed verdicts by student."""
        found = {v.student: v for v in store.load_all(self.course, NAME)}
        assert len(found) == len(self.verdict_files)
        return found

    def scores(self):
        return {student: verdict.score for student, verdict in self.verdicts().items()}

    def marks(self, student):
        with Writer(self.course, NAME) as writer:
            return writer.marks(student)

    def flagged(self, student):
        """Return whether formgrader asks for a look at the student's marks."""
        with sqlite3.connect(self.course.build / "gradebook.db") as database:
            query = (
                "select max(grade.needs_manual_grade) from grade"
                " join submitted_notebook on grade.notebook_id = submitted_notebook.id"
                " join submitted_assignment"
                " on submitted_notebook.assignment_id = submitted_assignment.id"
                " where student_id = ?"
            )
            return bool(database.execute(query, (student,)).fetchone()[0])

    def rows(self):
        with (self.course.build / f"{NAME}.csv").open(encoding="utf-8", newline="") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def half_written(self, killed=False):
        """Return what an interrupted write left: temporary files, files that do not parse.

        Who is `killed` outright while writing leaves a temporary file, which nothing reads.
        """
        left = [path for path in self.course.build.rglob(".*-*") if path.is_file() and not killed]
        for path in (*self.course.build.rglob("*.json"), *self.course.build.rglob("*.ipynb")):
            if "submitted" not in path.parts:
                try:
                    json.loads(path.read_text("utf-8"))
                except ValueError:
                    left.append(path)
        return left


def _slow(notebook):
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    notebook["cells"].append(cell | {"id": "slow", "source": SLOW})
    return notebook


def _student(attempt):
    return attempt.submission.path.parent.parent.name


def _reasons(graded):
    yield from (problem["en"] for problem in graded.problems)
    for exercise in graded.exercises:
        yield from (check.detail["en"] for check in exercise.checks if not check.passed)
        yield from (cause.message["en"] for cause in exercise.diagnosis)


# --- submissions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "faults", [FUNCTIONS, CELLS, FILES], ids=["in functions", "in cells", "in files"]
)
def test_class_with_faults(faults, room, tell, monkeypatch):
    """Does each faulty submission get its verdict with a reason, and the others theirs?"""
    if os.geteuid() == 0:
        faults = [fault for fault in faults if fault.id != UNREADABLE_BY_ROOT]
    monkeypatch.setattr(grader, "Job", functools.partial(grader.Job, limits=SHORT))
    for fault in (GOOD_FIRST, *faults, GOOD_LAST):
        room.hand_in(fault)
    run = room.grade()
    found = room.verdicts()

    table = "fault, status, score, to look at, reason"
    for fault in faults:
        graded = found[student_of(fault.student.id)]
        reason = next(iter(_reasons(graded)), "")
        look = "yes" if graded.needs_a_look() else "no"
        shown = f"{student_of(fault.id)!r:<36} {graded.status:<8} {graded.score:>5.0f}"
        tell(f"{shown}  {look:<4}  {reason[:80]}", table)
    others = {found[student].score for student in (GOOD_FIRST, GOOD_LAST)}
    tell(
        f"others untouched: {others == {100.0}}; exit code {run.code}; {run.lines[-1][:60]}", table
    )

    assert len(found) == len(faults) + 2
    for fault in faults:
        graded = found[student_of(fault.student.id)]
        assert graded.status == fault.status, fault.id
        assert graded.needs_a_look() == fault.look, fault.id
        assert fault.reason in " ".join(_reasons(graded)), fault.id
        for exercise in graded.exercises:
            expected = fault.expected.get(exercise.name, Expected())
            assert difference(expected, exercise) is None, (fault.id, exercise.name)
    for student in (GOOD_FIRST, GOOD_LAST):
        assert (found[student].score, found[student].problems) == (100.0, ())
        assert room.marks(student).score == 100.0
        assert not room.flagged(student)
        assert (room.course.build / "feedback" / student / NAME / f"{NAME}.html").is_file()

    checked = verify(room.course, NAME)
    assert checked.repaired == []
    assert all("rename the folder" in line for line in checked.left)

    look = sorted(student_of(fault.student.id) for fault in faults if fault.look)
    assert run.code == 1
    assert f"{len(faults) + 2} submissions graded, {len(look)} need" in run.lines[-1]
    rows = room.rows()
    assert len(rows) == len(found)
    # A trailing blank and marks that reorder text do not reach a table.
    for fault in faults:
        if fault.student.id in rows:
            row = rows[fault.student.id]
            assert (row["status"], row["needs_a_look"] == "yes") == (fault.status, fault.look)
    for fault in faults:
        if fault.status == Status.FAILED:
            assert room.flagged(fault.student.id), fault.id


# --- processes ---------------------------------------------------------------------------------


@needs_fork
def test_killed_worker(room, monkeypatch):
    """Is a submission whose worker is killed graded again or flagged, and nobody else hurt?"""
    own_outcomes = grader._Attempt._own_outcomes
    marker = room.root / "killed once"

    def die(attempt):
        outcomes = own_outcomes(attempt)
        student = _student(attempt)
        if student == "killed always" or (student == "killed once" and not marker.exists()):
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if student == "sandbox killed":
            room = attempt.grader.sandbox.server.pid
            children = Path(f"/proc/{room}/task/{room}/children").read_text().split()
            os.kill(int(children[0]), signal.SIGKILL)
        return outcomes

    monkeypatch.setattr(grader._Attempt, "_own_outcomes", die)
    for student in (GOOD_FIRST, "killed always", "killed once", "sandbox killed", GOOD_LAST):
        room.hand_in(student)
    run = room.grade("--jobs", "2")
    assert marker.exists()
    lost = room.verdicts()["killed always"]
    assert lost.status is Status.FAILED
    assert "worker process" in lost.problems[0]["en"]
    scores = room.scores()
    assert scores.pop("killed always") == 0.0
    assert set(scores.values()) == {100.0}
    assert len(scores) == 4
    assert (run.code, run.lines[-1]) == (
        1,
        "5 submissions graded, 1 needs a look: killed always",
    )


@needs_fork
def test_results_pass_the_pipe_whole(room, monkeypatch):
    """Is what a worker sends short enough that being killed cannot leave half of it?"""
    sent, result = [], pool._Pool._result

    def measure(own, task, future):
        sent.append(len(pickle.dumps(future.result())))
        return result(own, task, future)

    monkeypatch.setattr(pool._Pool, "_result", measure)
    for student in (GOOD_FIRST, GOOD_LAST):
        room.hand_in(student)
    room.grade("--jobs", "2")
    assert set(room.scores().values()) == {100.0}
    assert len(sent) == 2
    assert max(sent) < select.PIPE_BUF // 2


@needs_fork
def test_run_ends_while_a_worker_writes(room, monkeypatch):
    """Does a run that ends by an error wait for the verdict that a worker is just writing?"""
    writing, write_through = room.root / "writing", os.fsync

    def slow(descriptor):
        if GOOD_LAST in os.readlink(f"/proc/self/fd/{descriptor}"):
            writing.touch()
            time.sleep(1)
        write_through(descriptor)

    def full(*_):
        while not writing.exists():
            time.sleep(0.01)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "verdicts")

    monkeypatch.setattr(os, "fsync", slow)
    monkeypatch.setattr(pool._Pool, "_result", full)
    for student in (GOOD_FIRST, GOOD_LAST):
        room.hand_in(student)
    _one_clear_line(room.grade("--jobs", "2"), "No space left")
    assert room.verdicts()[GOOD_LAST].score == 100.0
    assert not room.half_written()


@needs_fork
def test_fault_of_the_engine(room, monkeypatch):
    """Does an error of the engine itself, or of the feedback page, cost one submission alone?"""
    own_outcomes, feedback_page = grader._Attempt._own_outcomes, feedback.feedback_page

    def fail(attempt):
        if _student(attempt) == "engine":
            raise ZeroDivisionError("not foreseen")
        return own_outcomes(attempt)

    def fail_page(graded, *more):
        if graded.student == "page":
            raise ZeroDivisionError("not foreseen either")
        return feedback_page(graded, *more)

    monkeypatch.setattr(grader._Attempt, "_own_outcomes", fail)
    monkeypatch.setattr(feedback, "feedback_page", fail_page)
    for student in (GOOD_FIRST, "engine", "page", GOOD_LAST):
        room.hand_in(student)
    run = room.grade()
    assert room.scores() == {GOOD_FIRST: 100.0, "engine": 0.0, "page": 100.0, GOOD_LAST: 100.0}
    assert "not foreseen" in room.verdicts()["engine"].problems[0]["en"]
    assert room.flagged("engine")
    assert run.code == 1
    assert run.lines[-1] == (
        "4 submissions graded, 1 needs a look: engine; 1 reported above while recording"
    )


def _descendants(pid):
    """Return the processes below `pid`, from /proc."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(entry.parent.name)] = int(
                entry.read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            )
    found, waiting = set(), [pid]
    while waiting:
        number = waiting.pop()
        below = [child for child, parent in parents.items() if parent == number]
        found.update(below)
        waiting += below
    return found


def _started(pid):
    """Return when a process began, which tells it from a later one of its number; None if gone."""
    with contextlib.suppress(OSError):
        state, *rest = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return None if state == "Z" else rest[18]


def _until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come about"
        time.sleep(0.02)


def _without_times(graded):
    exercises = tuple(replace(exercise, cpu_seconds=0.0) for exercise in graded.exercises)
    return replace(graded, cpu_seconds=0.0, exercises=exercises)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    ("sent", "finished"),
    [(signal.SIGKILL, 0), (signal.SIGKILL, 2), (signal.SIGINT, 1)],
    ids=["killed at the start", "killed in the middle", "Ctrl-C"],
)
def test_stopped_run(sent, finished, room):
    """Does a stopped run leave no process behind, and does --resume end as if never stopped?"""
    students = [f"s{number}" for number in range(5)]
    room.hand_in_slowly(*students)
    room.hand_in(next(fault for fault in FILES if fault.id == "bad JSON"))
    room.hand_in(next(fault for fault in CELLS if fault.id == "a notebook that exits"))
    round_file = room.course.build / "rounds" / f"{NAME}.json"

    process = room.start("--jobs", "2")
    _until(lambda: round_file.exists() and len(room.verdict_files) >= finished)
    below = {pid: _started(pid) for pid in _descendants(process.pid)}
    (os.killpg if sent == signal.SIGINT else os.kill)(process.pid, sent)
    _, errors = process.communicate(timeout=60)
    _until(lambda: all(began is None or _started(pid) != began for pid, began in below.items()))
    assert not room.half_written(killed=sent == signal.SIGKILL)
    if sent == signal.SIGINT:
        assert process.returncode == 130
        assert errors.endswith(
            f"autograder: stopped; go on with: autograder grade {NAME} --resume\n"
        )
        assert "Traceback" not in errors
    else:
        assert process.returncode == -sent

    kept = {path: path.stat().st_mtime_ns for path in room.verdict_files}
    assert len(kept) < 7
    seed = round_file.read_text()
    run = room.grade_outside("--resume")
    assert run.code == 1, run.errors
    assert run.lines[-1].startswith("7 submissions graded, 2 need a look: a notebook that exits")
    resumed = room.verdicts()
    again = [path for path, written in kept.items() if path.stat().st_mtime_ns != written]
    # What could not be read has no hash to know it by, and is looked at anew.
    assert {path.stem for path in again} <= {"bad JSON"}
    assert {room.marks(student).score for student in students} == {100.0}

    # The same round once more, undisturbed.
    shutil.rmtree(room.course.build / "verdicts")
    open_again = json.loads(seed) | {"feedback_given": False}
    round_file.write_text(json.dumps(open_again))
    assert room.grade_outside().lines[-1] == run.lines[-1]
    undisturbed = room.verdicts()
    assert {s: _without_times(v) for s, v in resumed.items()} == {
        s: _without_times(v) for s, v in undisturbed.items()
    }


# --- disk --------------------------------------------------------------------------------------


def _one_clear_line(run, *words):
    """Check that a run was given up with one line for people, the last on stderr."""
    assert run.code == 2
    assert "Traceback" not in run.errors
    line = run.errors.splitlines()[-1]
    assert line.startswith("autograder: ")
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("module", "writer"),
    [
        (store, "write_atomically"),
        (feedback, "write_atomically"),
        (marks_csv, "replaced"),
        (run_class, "write_atomically"),
    ],
)
def test_no_space_left(module, writer, room, monkeypatch):
    """Is a full disk one clear line that says how to go on, whatever was being written?"""
    room.hand_in("ada")
    room.hand_in("bob")

    def full(path, *_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(module, writer, full)
        _one_clear_line(room.grade(), "No space left", f"autograder grade {NAME} --resume")
    run = room.grade("--resume")
    assert (run.code, run.lines[-1]) == (0, "2 submissions graded, 0 need a look")
    assert room.marks("ada").score == room.marks("bob").score == 100.0


@pytest.fixture
def small_disk(room):
    """A file system of some megabytes of its own as build/."""
    build = room.course.build
    kept = build.with_name("kept")
    build.rename(kept)
    build.mkdir()
    options = ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(build)]
    try:
        mounted = subprocess.run(["mount", *options], capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("a small file system can be mounted by root only")
    try:
        shutil.copytree(kept, build, dirs_exist_ok=True)
        yield build
    finally:
        subprocess.run(["umount", "--lazy", str(build)], check=True)


@pytest.mark.parametrize("left", [0, 40_000, 200_000])
def test_full_disk(left, room, small_disk):
    """Does a disk that fills up while grading leave nothing half written, and --resume finish?"""
    students = ["ada", "bob", "cy", "dora"]
    for student in students:
        room.hand_in(student)
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        space = os.statvfs(small_disk)
        with contextlib.suppress(OSError):
            filler.write(bytes(max(0, space.f_bavail * space.f_frsize - left)))
    run = room.grade()
    # Said by the system or by the database.
    _one_clear_line(run, "disk is full" if "database" in run.errors else "No space left")
    assert not room.half_written()
    (small_disk / "filler").unlink()
    run = room.grade("--resume")
    assert (run.code, run.lines[-1]) == (0, "4 submissions graded, 0 need a look")
    assert {room.marks(student).score for student in students} == {100.0}


def test_read_only_folder(room, request):
    """Is a folder that can't be written to one clear line?"""
    room.hand_in("ada")
    build = room.course.build
    if os.geteuid() == 0:
        build = request.getfixturevalue("small_disk")
        subprocess.run(["mount", "-o", "remount,ro", str(build)], check=True)
        reason = "Read-only file system"
    else:
        build.chmod(0o555)
        reason = "Permission denied"
    try:
        _one_clear_line(room.grade(), reason)
    finally:
        if os.geteuid() != 0:
            build.chmod(0o755)


# --- gradebook ---------------------------------------------------------------------------------


@contextlib.contextmanager
def _locked(room, seconds=None):
    """Hold the gradebook as another program does: for some seconds, or throughout."""
    database = sqlite3.connect(room.course.build / "gradebook.db", check_same_thread=False)
    database.execute("begin exclusive")
    timer = threading.Timer(seconds or 600, database.rollback)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        database.close()


def test_gradebook_locked_for_some_seconds(room):
    """Is a gradebook that another program holds for a while waited for?"""
    room.hand_in("ada")
    with _locked(room, 3):
        run = room.grade()
    assert (run.code, run.lines[-1]) == (0, "1 submission graded, 0 need a look")
    assert room.marks("ada").score == 100.0


def test_gradebook_locked_for_longer(room, monkeypatch):
    """Is a gradebook that stays locked one clear line, and what was graded not graded again?"""
    room.hand_in("ada")
    room.hand_in("bob")
    with monkeypatch.context() as patch, _locked(room):
        patch.setattr(recorder, "Recorder", functools.partial(Recorder, patience=1.0))
        _one_clear_line(room.grade("--jobs", "1"), "stayed locked", "--resume")
    kept = {path: path.stat().st_mtime_ns for path in room.verdict_files}
    assert kept
    run = room.grade("--resume")
    assert (run.code, run.lines[-1]) == (0, "2 submissions graded, 0 need a look")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert room.marks("ada").score == room.marks("bob").score == 100.0


@needs_fork
def test_failed_regrade(room, monkeypatch):
    """Is no old mark left unflagged by a regrade that failed, and every manual mark kept?"""
    from nbgrader.api import Gradebook

    for student in ("broken", "gone", "lost", "marked", GOOD_LAST):
        room.hand_in(student)
    assert room.grade().code == 0
    url = f"sqlite:///{room.course.build / 'gradebook.db'}"
    with Gradebook(url) as book:
        grade = book.find_grade("test_conv_forward", NAME, NAME, "marked")
        grade.manual_score = 7.0
        comment = book.find_comment("conv_forward", NAME, NAME, "marked")
        comment.manual_comment = "see me"
        book.db.commit()

    own_outcomes = grader._Attempt._own_outcomes

    def die(attempt):
        if _student(attempt) == "lost":
            os.kill(os.getpid(), signal.SIGKILL)
        return own_outcomes(attempt)

    monkeypatch.setattr(grader._Attempt, "_own_outcomes", die)
    (room.folder("broken") / FILE).write_text("{")
    (room.folder("gone") / FILE).unlink()
    run = room.grade()
    assert (run.code, run.lines[-1]) == (
        1,
        "5 submissions graded, 2 need a look: broken, lost",
    )
    for student in ("broken", "gone", "lost"):
        assert room.marks(student).score == 0.0
        assert room.flagged(student)
    kept = room.marks("marked")
    assert (kept.score, kept.manual) == (82.0, {"test_conv_forward"})
    assert kept.comments == {"conv_forward": "see me"}
    assert room.marks(GOOD_LAST).score == 100.0
    assert not room.flagged(GOOD_LAST)
    rows = room.rows()
    assert {s: (row["status"], row["score"]) for s, row in rows.items()} == {
        "broken": ("failed", "0"),
        "gone": ("missing", ""),
        "lost": ("failed", "0"),
        "marked": ("graded", "82"),
        GOOD_LAST: ("graded", "100"),
    }
