"""The rounds of ``autograder watch``, and which student was graded in which.

A student never meets a round twice. A round is open for a while, in which students who have not
met it are graded in it; meanwhile pages tell neither its seed nor its inputs. Then it is retired,
and the pages tell them. All of it is in one SQLite file, so that the program may be killed at any
time. A grading is written down before it begins: one that was cut off goes on in its own round.
"""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.grading.rounds import new_seed
from autograder.texts import message_of
from checks.text import Text

HOUR = 3600.0
OPEN_SECONDS = HOUR
"""For how long a round takes students, counted from the first one."""

_UNREADABLE = Text(
    "{path} can't be read ({why}); delete it to begin new rounds",
    "无法读取 {path}（{why}）；请删除它，重新开始各轮评分",
)
_TABLES = """
CREATE TABLE IF NOT EXISTS round (
    number INTEGER PRIMARY KEY, seed TEXT NOT NULL, opened REAL, retired INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS grading (
    student TEXT NOT NULL, submission TEXT NOT NULL, state TEXT NOT NULL, round INTEGER NOT NULL,
    began REAL NOT NULL, ended REAL, told INTEGER DEFAULT 0, PRIMARY KEY (student, round)
);
CREATE TABLE IF NOT EXISTS queued (
    student TEXT PRIMARY KEY, state TEXT NOT NULL, until REAL NOT NULL
);
"""


@dataclass(frozen=True)
class Begun:
    """A grading that may begin: in which round, by its seed."""

    seed: int


@dataclass(frozen=True)
class Queued:
    """A grading that has to wait until a time, in seconds since 1970."""

    until: float


class WatchRounds:
    """The rounds and gradings of one assignment; `per_hour` is how many one student may have.

    Raises CourseError where the file can't be read.
    """

    def __init__(self, course: Course, assignment: str, per_hour: int) -> None:
        self.per_hour = per_hour
        path = path_of(course, assignment)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(path.parent, 0o700)
        self._database = _connect(path)
        try:
            with self._database:
                self._database.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise _unreadable(path, error) from None
        os.chmod(path, 0o600)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def is_done(self, student: str, submission: str, state: str) -> bool:
        """Tell whether exactly this was graded last, and its page written.

        `state` is what the file system says of a submission; it decides where nothing of it can be
        read, so that its hash is empty.
        """
        last = self._last(student)
        if last is None or last["ended"] is None:
            return False
        return last["submission"] == submission and (submission != "" or last["state"] == state)

    def is_under_way(self, student: str) -> bool:
        """Tell whether a grading of this student has begun and not ended."""
        last = self._last(student)
        return last is not None and last["ended"] is None

    def last_state(self, student: str) -> str | None:
        """Return what the file system said of the submission that was graded last."""
        last = self._last(student)
        return last["state"] if last is not None and last["ended"] is not None else None

    def begin(
        self, student: str, submission: str, state: str, now: float | None = None
    ) -> Begun | Queued:
        """Begin a grading, or say until when it has to wait.

        A submission whose grading was cut off, and which has not changed, keeps its round.
        """
        now = time.time() if now is None else now
        with self._database:
            last = self._last(student)
            if last is not None and last["ended"] is None and last["submission"] == submission:
                return Begun(int(self._round(last["round"])["seed"]))
            until = self._free_from(student, now)
            if until > now:
                self._database.execute(
                    "INSERT OR REPLACE INTO queued VALUES (?,?,?)", (student, state, until)
                )
                return Queued(until)
            self._database.execute("DELETE FROM queued WHERE student = ?", (student,))
            round_ = self._for(student, now)
            self._database.execute(
                "INSERT INTO grading (student, submission, state, round, began) VALUES (?,?,?,?,?)",
                (student, submission, state, round_["number"], now),
            )
            return Begun(int(round_["seed"]))

    def end(self, student: str) -> None:
        """Note that the page of a grading is where the student finds it."""
        with self._database:
            self._database.execute(
                "UPDATE grading SET ended = ? WHERE student = ? AND ended IS NULL",
                (time.time(), student),
            )

    def cut_off(self, student: str) -> None:
        """End a grading whose submission was changed meanwhile; its round stays met."""
        with self._database:
            self._database.execute(
                "UPDATE grading SET ended = ?, submission = '', state = '' "
                "WHERE student = ? AND ended IS NULL",
                (time.time(), student),
            )

    def to_prepare(self) -> tuple[int, ...]:
        """Return the seeds of the rounds that may be needed next; one more than there are open."""
        with self._database:
            self._spare()
            found = self._database.execute(
                "SELECT seed FROM round WHERE retired = 0 ORDER BY number"
            ).fetchall()
        return tuple(int(row["seed"]) for row in found)

    def retire(self, now: float | None = None) -> list[tuple[str, int]]:
        """Retire the rounds whose time is over; return (student, seed) of pages to write anew."""
        now = time.time() if now is None else now
        with self._database:
            self._database.execute(
                "UPDATE round SET retired = 1 WHERE opened IS NOT NULL AND opened <= ?",
                (now - OPEN_SECONDS,),
            )
            found = self._database.execute(
                "SELECT g.student, r.seed FROM grading g JOIN round r ON r.number = g.round "
                "WHERE r.retired = 1 AND g.told = 0 AND g.ended IS NOT NULL AND g.round = "
                "(SELECT round FROM grading WHERE student = g.student "
                "ORDER BY began DESC, round DESC LIMIT 1)"
            ).fetchall()
        return [(row["student"], int(row["seed"])) for row in found]

    def told(self, student: str) -> None:
        """Note that a student's page tells the inputs of its round."""
        with self._database:
            self._database.execute(
                "UPDATE grading SET told = 1 WHERE student = ? AND ended IS NOT NULL AND round IN "
                "(SELECT number FROM round WHERE retired = 1)",
                (student,),
            )

    def _last(self, student: str) -> sqlite3.Row | None:
        return self._database.execute(
            "SELECT * FROM grading WHERE student = ? ORDER BY began DESC, round DESC LIMIT 1",
            (student,),
        ).fetchone()

    def _round(self, number: int) -> sqlite3.Row:
        return self._database.execute("SELECT * FROM round WHERE number = ?", (number,)).fetchone()

    def _free_from(self, student: str, now: float) -> float:
        """Return when the next grading may begin: one hour after the last but `per_hour`."""
        rows = self._database.execute(
            "SELECT began FROM grading WHERE student = ? AND began <= ? ORDER BY began DESC "
            "LIMIT 1 OFFSET ?",
            (student, now, self.per_hour - 1),
        ).fetchall()
        return rows[0]["began"] + HOUR if rows else now

    def _for(self, student: str, now: float) -> sqlite3.Row:
        """Return the oldest open round that a student has not met; the spare one is opened."""
        self._spare()
        row = self._database.execute(
            "SELECT * FROM round WHERE retired = 0 AND (opened IS NULL OR opened > ?) AND number "
            "NOT IN (SELECT round FROM grading WHERE student = ?) ORDER BY number LIMIT 1",
            (now - OPEN_SECONDS, student),
        ).fetchone()
        if row["opened"] is None:
            self._database.execute(
                "UPDATE round SET opened = ? WHERE number = ?", (now, row["number"])
            )
            self._spare()
        return row

    def _spare(self) -> None:
        """Have one round that nobody has met."""
        if not self._database.execute("SELECT 1 FROM round WHERE opened IS NULL").fetchone():
            self._database.execute("INSERT INTO round (seed) VALUES (?)", (str(new_seed()),))


def path_of(course: Course, assignment: str) -> Path:
    """Return the file of an assignment's watched rounds."""
    return course.build / "rounds" / f"{assignment}.watch.db"


@dataclass(frozen=True)
class Standing:
    """How a student stands with the watch, in seconds since 1970; None where nothing holds.

    Pages may not tell a round's inputs before `held_until`; a newer submission waits until
    `queued_until`.
    """

    held_until: float | None = None
    queued_until: float | None = None


def standing(course: Course, assignment: str, student: str, seed: int) -> Standing:
    """Return how a student stands whose verdict is of the round with this seed."""
    path = path_of(course, assignment)
    if not path.is_file():
        return Standing()
    try:
        with closing(_connect(path)) as database:
            round_ = database.execute(
                "SELECT opened FROM round WHERE seed = ? AND retired = 0", (str(seed),)
            ).fetchone()
            queued = database.execute(
                "SELECT until FROM queued WHERE student = ?", (student,)
            ).fetchone()
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, error) from None
    held = None if round_ is None else (round_["opened"] or 0.0) + OPEN_SECONDS
    return Standing(held, queued["until"] if queued else None)


def retire_round(course: Course, assignment: str, seed: int) -> None:
    """Retire one round at once, because its inputs are shown to students."""
    path = path_of(course, assignment)
    if path.is_file():
        with closing(_connect(path)) as database, database:
            database.execute(
                "UPDATE round SET retired = 1, opened = COALESCE(opened, 0) WHERE seed = ?",
                (str(seed),),
            )


def forget_student(course: Course, assignment: str, student: str) -> None:
    """Remove a student's gradings."""
    path = path_of(course, assignment)
    if path.is_file():
        with closing(_connect(path)) as database, database:
            database.execute("PRAGMA secure_delete = ON")
            for table in ("grading", "queued"):
                database.execute(f"DELETE FROM {table} WHERE student = ?", (student,))


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30)
    database.row_factory = sqlite3.Row
    return database


def _unreadable(path: Path, error: Exception) -> CourseError:
    return CourseError(_UNREADABLE.format(path=path, why=message_of(error)))
