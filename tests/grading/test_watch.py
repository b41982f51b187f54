"""``autograder watch``: what arrives is graded, in rounds that nobody meets twice."""

import getpass
import os
import re
import secrets
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from nbgrader.utils import notebook_hash

from autograder.course import CourseError
from autograder.course_lock import locked, sole
from autograder.grading import watch_rounds
from autograder.grading.watch_rounds import HOUR, Begun, Queued, WatchRounds, standing
from autograder.model import Line
from autograder.pages.feedback import feedback_page
from autograder.pages.notice import Notice
from autograder.recording.recorder import Recorder
from autograder.watching.arrivals import Exchange, is_whole, release_page, state_of, states

from .conftest import NAME, with_exercise

T0 = 1_800_000_000.0


@pytest.fixture
def rounds(course):
    """The rounds of a course, three gradings an hour."""
    rounds = WatchRounds(course, NAME, 3)
    yield rounds
    rounds.close()


def graded(rounds, student, submission, now):
    begun = rounds.begin(student, submission, submission, now)
    assert isinstance(begun, Begun)
    rounds.end(student)
    return begun.seed


# --- rounds -------------------------------------------------------------------------------------


def test_no_student_meets_a_round_twice(rounds):
    """Is each grading of a student in another round, and a class in few of them?"""
    own = [graded(rounds, "ada", f"v{n}", T0 + n) for n in range(3)]
    others = [graded(rounds, "bob", f"w{n}", T0 + 10 + n) for n in range(3)]
    assert len(set(own)) == 3
    assert own == others


def test_limit_for_each_hour(rounds):
    """Does a fourth grading within the hour wait until the first is an hour old?"""
    for n in range(3):
        graded(rounds, "ada", f"v{n}", T0 + 60 * n)
    assert rounds.begin("ada", "v3", "v3", T0 + 200) == Queued(T0 + HOUR)
    assert isinstance(rounds.begin("bob", "w", "w", T0 + 200), Begun)
    assert isinstance(rounds.begin("ada", "v3", "v3", T0 + HOUR), Begun)


def test_what_was_cut_off_goes_on_in_its_round(course, rounds):
    """After kill -9, is the same file graded in the same round, and another one in another?"""
    first = rounds.begin("ada", "v1", "v1", T0)
    rounds.close()
    again = WatchRounds(course, NAME, 3)
    try:
        assert again.is_under_way("ada")
        assert again.begin("ada", "v1", "v1", T0 + 5) == first
        other = again.begin("ada", "v2", "v2", T0 + 6)
        assert isinstance(other, Begun) and other != first
    finally:
        again.close()


def test_a_round_takes_students_for_an_hour(rounds):
    """Is a round retired after its hour, and nobody graded in it any more?"""
    seed = graded(rounds, "ada", "v1", T0)
    assert rounds.retire(T0 + HOUR - 1) == []
    assert rounds.retire(T0 + HOUR) == [("ada", seed)]
    rounds.told("ada")
    assert rounds.retire(T0 + HOUR + 1) == []
    assert graded(rounds, "bob", "w1", T0 + HOUR + 2) != seed
    assert seed not in rounds.to_prepare()


def test_one_round_more_than_there_are_open(rounds):
    """Is there always a round to prepare that nobody has met?"""
    (spare,) = rounds.to_prepare()
    assert graded(rounds, "ada", "v1", T0) == spare
    assert len(rounds.to_prepare()) == 2


def test_seeds_are_for_graders_only(course, rounds):
    """Can nobody but the owner read the seeds?"""
    path = watch_rounds.path_of(course, NAME)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


# --- pages --------------------------------------------------------------------------------------


def held(verdict_of, submit):
    verdict = verdict_of(submit("ada"), "ada", {"conv_forward": 10.0})
    line = Line(12, 7, "h = A[0, `x`]")
    return with_exercise(verdict, "conv_forward", lines=(line,))


def test_a_page_of_an_open_round_tells_no_input(verdict_of, submit):
    """Does a page name cause, line and check until its round is retired, and no input?"""
    verdict = held(verdict_of, submit)
    page = feedback_page(verdict, notice=Notice("2026-11-29 21:00"))
    assert "stride is ignored" in page
    assert "Cell 13, line 7" in page
    assert "2026-11-29 21:00 UTC" in page
    for told in ("12 of 40 values differ", str(verdict.seed), "replay("):
        assert told not in page
        assert told in feedback_page(verdict)


def test_the_recorder_knows_which_pages_are_held(course, rounds, verdict_of, submit):
    """Do the pages that any command writes hold back the inputs of an open round?"""
    seed = graded(rounds, "ada", "v1", time.time())
    verdict = held(verdict_of, submit)
    verdict = type(verdict)(**vars(verdict) | {"seed": seed})
    page = course.folder("feedback", "ada", NAME) / f"{NAME}.html"
    with Recorder(course, NAME) as recorder:
        recorder.write_page(verdict, recorder.record(verdict))
        assert "12 of 40" not in page.read_text("utf-8")
        watch_rounds.retire_round(course, NAME, seed)
        recorder.write_page(verdict, recorder.gradebook.marks("ada"))
        assert "12 of 40" in page.read_text("utf-8")
    assert standing(course, NAME, "ada", seed).held_until is None


def test_the_page_says_until_when_a_file_waits(course, rounds, verdict_of, submit):
    """Does the page say when a newer file is graded, in the student's language?"""
    for n in range(3):
        graded(rounds, "ada", f"v{n}", time.time())
    assert isinstance(rounds.begin("ada", "v3", "v3"), Queued)
    verdict = verdict_of(submit("ada", language="zh"), "ada", language="zh")
    with Recorder(course, NAME) as recorder:
        recorder.write_page(verdict, recorder.record(verdict))
    text = (course.folder("feedback", "ada", NAME) / f"{NAME}.html").read_text("utf-8")
    assert re.search(r"新文件将在 \d{4}-\d\d-\d\d \d\d:\d\d（UTC）之后评分", text)


# --- what arrives -------------------------------------------------------------------------------


def test_a_state_changes_with_every_file(course, submit):
    """Does the state of a submission change when a file in it does, and only then?"""
    path = submit("ada")
    before = states(course, NAME)["ada"]
    assert state_of(course, "ada", NAME) == before
    (path.parent / "sub").mkdir()
    (path.parent / "sub" / "helper.py").write_text("x = 1")
    after = state_of(course, "ada", NAME)
    assert after != before
    os.utime(path, ns=(1, 1))
    assert state_of(course, "ada", NAME) not in (before, after)
    (course.step("submitted") / "bob" / NAME).mkdir(parents=True)
    assert state_of(course, "bob", NAME) == ""


def test_half_a_notebook_is_seen(course, submit):
    """Is a notebook that is still being written told from a whole one?"""
    path = submit("ada")
    assert is_whole(course, "ada", NAME)
    path.write_bytes(path.read_bytes()[:-5])
    assert not is_whole(course, "ada", NAME)


@pytest.fixture
def inbound(course, tmp_path):
    """Hand in by the exchange: ``inbound(student, time)`` returns the folder there."""
    root = tmp_path / "exchange"
    course.config.Exchange.root = str(root)

    def hand_in(student, moment, *, secret=True, content=b"{}"):
        name = f"{student}+{NAME}+{moment}+{secrets.token_urlsafe(6)}"
        folder = root / course.course_id / "inbound" / name
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_bytes(content)
        (folder / "timestamp.txt").write_text(moment)
        if secret:
            (folder / "submission_secret.txt").write_text("0" * 128)
        folder.chmod(0o777)
        return folder

    return hand_in


def test_the_newest_is_collected(course, inbound):
    """Is a student's newest complete submission collected, once, in place of an older one?"""
    me = getpass.getuser()
    inbound(me, "2026-11-20 10:00:00 UTC", content=b"{1}")
    inbound(me, "2026-11-20 11:00:00 UTC", content=b"{2}")
    inbound(me, "2026-11-20 12:00:00 UTC", content=b"{3}", secret=False)
    exchange = Exchange(course, NAME, print)
    (found,) = exchange.arrived()
    exchange.collect(found)
    folder = course.folder("submitted", me, NAME)
    assert (folder / f"{NAME}.ipynb").read_bytes() == b"{2}"
    assert exchange.arrived() == Exchange(course, NAME, print).arrived() == []
    inbound(me, "2026-11-20 13:00:00 UTC", content=b"{4}")
    (found,) = exchange.arrived()
    exchange.collect(found)
    assert (folder / f"{NAME}.ipynb").read_bytes() == b"{4}"
    assert [path.name for path in folder.parent.iterdir()] == [NAME]


def test_a_submission_is_collected_once_its_rights_are_open(course, inbound, monkeypatch):
    """Is a folder left for a while that `nbgrader submit` has not opened to the instructor yet?

    Its files come with the student's own rights, which are opened one after another.
    """
    folder = inbound(getpass.getuser(), "2026-11-20 10:00:00 UTC")
    folder.chmod(0o755)
    exchange = Exchange(course, NAME, print)
    assert exchange.arrived() == []
    folder.chmod(0o777)
    assert len(exchange.arrived()) == 1
    folder.chmod(0o755)
    monkeypatch.setattr("autograder.watching.arrivals.OPEN_SECONDS", -1.0)
    assert len(Exchange(course, NAME, print).arrived()) == 1


def test_nobody_hands_in_for_another(course, inbound):
    """Is a folder that belongs to another user than it names left there, and said once?"""
    inbound("somebody-else", "2026-11-20 10:00:00 UTC")
    said = []
    exchange = Exchange(course, NAME, said.append)
    assert exchange.arrived() == exchange.arrived() == []
    assert len(said) == 1 and "somebody-else" in said[0] and getpass.getuser() in said[0]
    course.config.ExchangeCollect.check_owner = False
    assert len(Exchange(course, NAME, print).arrived()) == 1


def test_no_link_is_followed(course, inbound, tmp_path):
    """Does a link in the exchange bring no file of the instructor's into a submission?"""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = inbound(getpass.getuser(), "2026-11-20 10:00:00 UTC")
    (folder / "helper.py").symlink_to(secret)
    os.mkfifo(folder / "pipe.py")
    exchange = Exchange(course, NAME, print)
    (found,) = exchange.arrived()
    exchange.collect(found)
    names = {path.name for path in course.folder("submitted", found.student, NAME).iterdir()}
    assert names == {f"{NAME}.ipynb", "timestamp.txt", "submission_secret.txt"}


def test_a_folder_that_becomes_a_link_brings_nothing(course, inbound, tmp_path):
    """Does a link, or another's file, put in after the look bring nothing of the instructor's?"""
    private = tmp_path / "private"
    private.mkdir()
    (private / "solutions.py").write_text("secret")
    folder = inbound(getpass.getuser(), "2026-11-20 10:00:00 UTC")
    os.link(private / "solutions.py", folder / "mine.py")
    (folder / "sub").symlink_to(private)
    exchange = Exchange(course, NAME, print)
    (found,) = exchange.arrived()
    exchange.collect(found)
    place = course.folder("submitted", found.student, NAME)
    assert not any("secret" in path.read_text() for path in place.rglob("*.py"))
    folder.rename(folder.with_name("away"))
    folder.symlink_to(private)
    with pytest.raises(OSError):
        exchange.collect(found)
    assert [path.name for path in place.parent.rglob("*.py")] == []


def test_a_page_for_each_notebook(course, inbound, verdict_of, tmp_path):
    """Is the page found for every notebook of a submission, by all who may look for it?"""
    me = getpass.getuser()
    folder = inbound(me, "2026-11-20 10:00:00 UTC")
    (folder / "final version [2].ipynb").write_bytes(b"{}")
    exchange = Exchange(course, NAME, print)
    (found,) = exchange.arrived()
    exchange.collect(found)
    verdict = verdict_of(course.folder("submitted", me, NAME) / f"{NAME}.ipynb", me)
    before = os.umask(0o077)
    try:
        with Recorder(course, NAME) as recorder:
            recorder.write_page(verdict, recorder.record(verdict))
        assert release_page(course, me, NAME)
    finally:
        os.umask(before)
    page = (course.folder("feedback", me, NAME) / f"{NAME}.html").read_text("utf-8")
    released = course.exchange / course.course_id / "feedback"
    for name in (NAME, "final version [2]"):
        path = released / f"{notebook_hash(secret='0' * 128, notebook_id=name)}.html"
        assert path.read_text("utf-8") == page
        assert path.stat().st_mode & 0o777 == 0o644
    assert len(list(released.iterdir())) == 2


# --- beside other programs ----------------------------------------------------------------------


def test_others_wait_for_a_moment(course):
    """Does a command that would not wait for a run wait for the watch's moment?"""
    entered, order = threading.Event(), []

    def watch():
        with locked(course, "autograder watch", brief=True):
            entered.set()
            time.sleep(0.3)
            order.append("watch")

    thread = threading.Thread(target=watch)
    thread.start()
    entered.wait()
    with locked(course, "autograder grade"):
        order.append("grade")
    thread.join()
    assert order == ["watch", "grade"]


def test_the_watch_waits_for_a_run(course):
    """Does the watch wait for a run that holds the lock, and say so once?"""
    said = []
    holds = threading.Event()

    def grade():
        with locked(course, "autograder grade x"):
            holds.set()
            time.sleep(0.5)

    thread = threading.Thread(target=grade)
    thread.start()
    holds.wait()
    with locked(course, "autograder watch", say=said.append, brief=True):
        assert not thread.is_alive() or thread.join(1) is None
    assert len(said) == 1 and "autograder grade x" in said[0]


def test_one_watch_for_an_assignment(course):
    """Is a second watch refused?"""
    with sole(course, "x.watch.lock"):
        with pytest.raises(CourseError, match="at work already"), sole(course, "x.watch.lock"):
            pass
        with sole(course, "y.watch.lock"):
            pass


# --- all of it ----------------------------------------------------------------------------------

RIGHT = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, ((0, 0), p, p, (0, 0)))\n"
WRONG = "def zero_pad(X, pad):\n    p = (pad, pad)\n    return np.pad(X, (p, p, p, p))\n"


@pytest.fixture
def watching(course, autograder):
    """Start the command: ``watching()`` returns the process once it watches."""
    started = []

    def start(*options, **environment):
        process = autograder("autograder", "watch", NAME, *options, code=None, **environment)
        started.append(process)
        for line in process.stdout:
            if line.startswith("watching"):
                return process
        raise AssertionError(process.communicate())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def page_with(course, student, text, seconds=120):
    path = course.folder("feedback", student, NAME) / f"{NAME}.html"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if path.is_file() and text in path.read_text("utf-8"):
            return path.read_text("utf-8")
        time.sleep(0.05)
    raise AssertionError(f"no page of {student} with {text!r}")


@pytest.mark.slow
def test_from_the_file_to_the_page(course, autograder, submit, watching):
    """Is a file graded as it arrives, again as it changes, beside `grade`, and after kill -9?"""
    process = watching("--per-hour", "3")
    submit("ada", {"zero_pad": RIGHT})
    page_with(course, "ada", "5 / 5")
    submit("ada", {"zero_pad": WRONG})
    page = page_with(course, "ada", "0 / 5")
    assert "replay(" not in page
    autograder("autograder", "grade", NAME, "--jobs", "1")
    page_with(course, "ada", "replay(")
    process.kill()
    process.wait()
    submit("bob", {"zero_pad": RIGHT})
    process = watching("--per-hour", "3")
    page_with(course, "bob", "5 / 5")
    submit("ada", {"zero_pad": RIGHT})
    page_with(course, "ada", "5 / 5")
    submit("ada", {"zero_pad": WRONG})
    page_with(course, "ada", "newer file")
    # As a service manager does it: all processes at once.
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for number in (*map(int, children.read_text().split()), process.pid):
        os.kill(number, signal.SIGTERM)
    assert "Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == 0
    rows = course.csv_path(NAME).read_text("utf-8").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["ada", "bob"]
    autograder("autograder", "verify", NAME)


@pytest.mark.slow
def test_students_fetch_the_page(course, submit, inbound, watching, tmp_path, nbgrader):
    """Does `nbgrader fetch_feedback` bring the page of a submission, found by its secret?"""
    me, home = getpass.getuser(), tmp_path / "home"
    content = submit("x", {"zero_pad": RIGHT}).read_bytes()
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text("utf-8") + f'\nc.Exchange.root = "{course.config.Exchange.root}"\n'
    )
    moment = "2026-11-20 10:00:00.000000 UTC"
    folder = inbound(me, moment, content=content)
    # What `nbgrader submit` leaves with the student.
    kept = home / "nbgrader_cache" / course.course_id / f"{me}+{NAME}+{moment}"
    kept.parent.mkdir(parents=True)
    shutil.copytree(folder, kept)
    watching()
    page_with(course, me, "5 / 5")
    told = nbgrader(
        home,
        "fetch_feedback",
        NAME,
        f"--Exchange.root={course.config.Exchange.root}",
        f"--Exchange.cache={home / 'nbgrader_cache'}",
        f"--CourseDirectory.course_id={course.course_id}",
    )
    (page,) = ((home / NAME / "feedback").rglob("*.html"),)
    assert any("5 / 5" in one.read_text("utf-8") for one in page), told
