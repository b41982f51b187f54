"""What the class report tells of each student, kept on disk: memory is flat over any class."""

import contextlib
import json
import math
import sqlite3
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder.model import ExerciseVerdict, Marks, Verdict
from autograder.pages.repairs import causes_of, changes_of
from autograder.pages.templating import points
from autograder.safe_text import one_line, safe_name
from autograder.spool import spool
from autograder.status import ExerciseStatus, Status
from autograder.texts import rendered
from checks.text import Text

SCHEMA = """
CREATE TABLE student (
    number INTEGER PRIMARY KEY, name TEXT, linked INTEGER, status TEXT, score REAL, most REAL,
    seconds REAL, reasons TEXT
);
CREATE INDEX student_name ON student (name);
CREATE TABLE mark (
    student INTEGER, exercise INTEGER, score REAL, share REAL, status TEXT, seconds REAL,
    PRIMARY KEY (student, exercise)
) WITHOUT ROWID;
CREATE TABLE cause (id TEXT, student INTEGER);
CREATE TABLE repair (exercise TEXT, changes TEXT, causes TEXT, student INTEGER);
"""
BEST_FIRST = "ORDER BY student.score DESC, student.name"
HANDED_IN = f"student.status <> '{Status.MISSING}'"

TONES = 5
"""How many colours there are for points, beside the one for none."""


@dataclass(frozen=True)
class Row:
    """A student's row in the table of the class."""

    student: str
    linked: bool
    score: str
    sort: float
    status: str
    marks: list[str]
    time: str


@dataclass(frozen=True)
class Figures:
    """How a class did in one exercise."""

    name: str
    mean: int
    full: int
    discrimination: float | None
    counts: Counter[ExerciseStatus]
    median_time: str
    longest: str


@dataclass(frozen=True)
class Named:
    """Some of the students of whom something is so, and how many they are in all."""

    students: list[str]
    count: int


@dataclass
class Roll:
    """The students of a class, each added once; nothing of a verdict is held in memory."""

    rows: sqlite3.Connection
    language: str
    names: list[str] = field(default_factory=list)
    """The exercises, in the order in which they were met."""

    def add(self, verdict: Verdict, reasons: Sequence[Text], marks: Marks | None = None) -> str:
        """Take in a verdict and why a person should look at it; return the student's name.

        Where the gradebook holds `marks`, those count.
        """
        name = one_line(verdict.student, 100)
        handed_in = verdict.status is not Status.MISSING
        linked = handed_in and safe_name(verdict.student) and safe_name(verdict.assignment)
        why = json.dumps(rendered(reasons, self.language)) if reasons else None
        add = "INSERT INTO student VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
        score = verdict.score if marks is None else marks.score
        told = score, verdict.max_score, verdict.cpu_seconds
        number = self.rows.execute(add, (name, linked, verdict.status, *told, why)).lastrowid
        for exercise in verdict.exercises:
            if exercise.name not in self.names:
                self.names.append(exercise.name)
            if marks is not None and exercise.grade_id in marks.scores:
                exercise = replace(exercise, score=marks.scores[exercise.grade_id])
            self._add_exercise(number, exercise, handed_in)
        return name

    def _add_exercise(self, number: int | None, one: ExerciseVerdict, handed_in: bool) -> None:
        place = self.names.index(one.name)
        told = number, place, one.score, one.share, one.status, one.cpu_seconds
        self.rows.execute("INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?, ?)", told)
        if not handed_in:
            return
        for cause in {cause.id for cause in one.diagnosis}:
            self.rows.execute("INSERT INTO cause VALUES (?, ?)", (cause, number))
        if one.repair:
            told = one.name, json.dumps(changes_of(one)), json.dumps(causes_of(one)), number
            self.rows.execute("INSERT INTO repair VALUES (?, ?, ?, ?)", told)

    def count(self, where: str = "1") -> int:
        """Return how many students there are, or those of whom an SQL condition holds."""
        return self._one(f"SELECT COUNT(*) FROM student WHERE {where}")

    def most(self) -> float:
        """Return the points of an assignment in full."""
        return self._one("SELECT COALESCE(MAX(most), 0) FROM student") or 0.0

    def score(self) -> tuple[float, float]:
        """Return mean and median of what those scored who handed in."""
        mean = self._one(f"SELECT AVG(score) FROM student WHERE {HANDED_IN}")
        return mean, self._median("score", f"student WHERE {HANDED_IN}")

    def scores(self, bins: int) -> list[int]:
        """Return how many scored how much, in as many equal parts of all points."""
        most = self.most()
        place = f"MIN(MAX(CAST({bins} * score / {most} AS INTEGER), 0), {bins - 1})" if most else 0
        query = f"SELECT {place}, COUNT(*) FROM student WHERE {HANDED_IN} GROUP BY 1"
        found = dict(self.rows.execute(query).fetchall())
        return [found.get(number, 0) for number in range(bins)]

    def tones(self, place: int, together: int) -> Iterator[str]:
        """Yield the colours of an exercise, best students first, for some students `together`.

        Theirs is the one that most of them have.
        """
        query = f"""
            SELECT mark.status, mark.share FROM student
            LEFT JOIN mark ON mark.student = student.number AND mark.exercise = ?
            WHERE {HANDED_IN} {BEST_FIRST}"""
        cursor = self.rows.execute(query, (place,))
        while some := cursor.fetchmany(together):
            yield Counter(_tone(status, share) for status, share in some).most_common(1)[0][0]

    def figures(self, place: int) -> Figures:
        """Return how those who handed in did in an exercise."""
        these = f"mark JOIN student ON number = student WHERE exercise = {place} AND {HANDED_IN}"
        count, mean, full, longest = self.rows.execute(
            f"SELECT COUNT(*), AVG(share), SUM(share >= 1), MAX(mark.seconds) FROM {these}"
        ).fetchone()
        states = self.rows.execute(f"SELECT mark.status, COUNT(*) FROM {these} GROUP BY 1")
        median = self._median("mark.seconds", these)
        return Figures(
            self.names[place],
            round(100 * mean) if count else 0,
            round(percent(full, count)) if count else 0,
            self._correlation(these) if count else None,
            Counter({ExerciseStatus(status): number for status, number in states}),
            f"{median:.2f}" if count else "–",
            f"{longest or 0.0:.2f}",
        )

    def _correlation(self, these: str) -> float | None:
        """Return how an exercise's points go with all others'; None where one of them is fixed."""
        pair = "share AS x, student.score - mark.score AS y"
        means = "SELECT AVG(x), AVG(y), MIN(x) = MAX(x) OR MIN(y) = MAX(y)"
        means += f" FROM (SELECT {pair} FROM {these})"
        x_mean, y_mean, fixed = self.rows.execute(means).fetchone()
        if fixed:
            return None
        xx = xy = yy = 0.0
        for x, y in self.rows.execute(f"SELECT {pair} FROM {these}"):
            x, y = x - x_mean, y - y_mean
            xx, xy, yy = xx + x * x, xy + x * y, yy + y * y
        return round(xy / math.sqrt(xx * yy), 2) if xx * yy > 0 else None

    def looks(self, most: int) -> list[tuple[str, bool, str, list[str]]]:
        """Return name, whether there is a page, status and reasons of those who need a look."""
        query = f"""
            SELECT name, linked, status, reasons FROM student WHERE reasons IS NOT NULL
            {BEST_FIRST} LIMIT ?"""
        return [
            (name, bool(linked), status, json.loads(reasons))
            for name, linked, status, reasons in self.rows.execute(query, (most,))
        ]

    def causes(self, most: int) -> list[tuple[str, Named]]:
        """Return every cause with who has it, the most frequent first."""
        counts = "SELECT id, COUNT(*) FROM cause GROUP BY id ORDER BY COUNT(*) DESC, id"
        whose = "SELECT name FROM cause JOIN student ON number = student WHERE id = ? ORDER BY name"
        return [
            (cause, Named(self._column(f"{whose} LIMIT ?", cause, most), count))
            for cause, count in self.rows.execute(counts).fetchall()
        ]

    def repairs(self, rows: int, most: int) -> list[tuple[str, list[str], list[list[str]], Named]]:
        """Return exercise, causes, changes and who needs them, those of many students first."""
        counts = """
            SELECT exercise, MIN(causes), changes, COUNT(*) FROM repair
            JOIN student ON number = student
            GROUP BY exercise, changes ORDER BY COUNT(*) DESC, exercise, MIN(name) LIMIT ?"""
        whose = f"""
            SELECT name FROM repair JOIN student ON number = student
            WHERE exercise = ? AND changes = ? {BEST_FIRST} LIMIT ?"""
        return [
            (
                exercise,
                json.loads(causes),
                json.loads(changes),
                Named(self._column(whose, exercise, changes, most), count),
            )
            for exercise, causes, changes, count in self.rows.execute(counts, (rows,)).fetchall()
        ]

    def table(self, most: int) -> list[Row]:
        """Return the rows of the best students."""
        query = f"SELECT number, name, linked, status, score, seconds FROM student {BEST_FIRST}"
        found = self.rows.execute(f"{query} LIMIT ?", (most,)).fetchall()
        return [self._row(*row) for row in found]

    def _row(
        self, number: int, name: str, linked: int, status: str, score: float, seconds: float
    ) -> Row:
        absent = status == Status.MISSING
        query = "SELECT exercise, score FROM mark WHERE student = ?"
        marks = {} if absent else dict(self.rows.execute(query, (number,)).fetchall())
        return Row(
            name,
            bool(linked),
            "" if absent else points(score),
            -1 if absent else score,
            Status(status).text.in_(self.language),
            [points(marks[i]) if i in marks else "" for i in range(len(self.names))],
            f"{seconds:.2f}",
        )

    def linked(self, names: Sequence[str]) -> set[str]:
        """Return those of some students who have a feedback page."""
        marks = ", ".join("?" * len(names))
        query = f"SELECT name FROM student WHERE linked AND name IN ({marks})"
        return set(self._column(query, *names))

    def packed(self) -> str:
        """Return all rows of the table, column by column and by name: compressed, as base64."""
        states = list(Status)
        number = " ".join(f"WHEN '{status}' THEN {i}" for i, status in enumerate(states))
        columns = {
            "names": "name",
            "linked": "linked",
            "states": f"CASE status {number} END",
            "scores": f"CASE WHEN {HANDED_IN} THEN ROUND(score, 2) END",
            "times": "ROUND(seconds, 2)",
        }
        packer, parts = zlib.compressobj(9), []

        def put(text: str) -> None:
            parts.append(packer.compress(text.encode()))

        put(f'{{"labels": {json.dumps([s.text.in_(self.language) for s in states])}')
        for key, column in columns.items():
            put(f', "{key}": [')
            self._put(put, f"SELECT {column} FROM student ORDER BY name")
            put("]")
        put(', "marks": [')
        for place in range(len(self.names)):
            put(", [" if place else "[")
            score = f"CASE WHEN {HANDED_IN} THEN ROUND(mark.score, 2) END"
            join = f"LEFT JOIN mark ON mark.student = number AND exercise = {place}"
            self._put(put, f"SELECT {score} FROM student {join} ORDER BY name")
            put("]")
        put("]}")
        return b64encode(b"".join([*parts, packer.flush()])).decode()

    def _put(self, put: Callable[[str], None], query: str) -> None:
        cursor, first = self.rows.execute(query), True
        while some := cursor.fetchmany(1000):
            values = [int(v) if isinstance(v, float) and v == int(v) else v for (v,) in some]
            text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))[1:-1]
            put(text if first else f",{text}")
            first = False

    def _median(self, column: str, these: str) -> float:
        count = self._one(f"SELECT COUNT(*) FROM {these}")
        if not count:
            return 0.0
        middle = f"SELECT {column} AS value FROM {these} ORDER BY 1"
        take, skip = 2 - count % 2, (count - 1) // 2
        return self._one(f"SELECT AVG(value) FROM ({middle} LIMIT {take} OFFSET {skip})")

    def _one(self, query: str) -> float:
        return self.rows.execute(query).fetchone()[0]

    def _column(self, query: str, *values: object) -> list[str]:
        return [value for (value,) in self.rows.execute(query, values)]


@contextlib.contextmanager
def roll(language: str) -> Iterator[Roll]:
    """Give a roll with nobody on it, gone when the block ends."""
    with spool(SCHEMA) as rows:
        yield Roll(rows, language)


def percent(count: float, of: float) -> float:
    """Return a share in per cent."""
    return round(100 * count / of, 1) if of else 0.0


def _tone(status: str | None, share: float) -> str:
    """Return the colour class of one student's exercise."""
    if status is None or ExerciseStatus(status).is_absent:
        return "none"
    return f"h{TONES if share >= 1 else min(int(share * TONES) + (share > 0), TONES - 1)}"
