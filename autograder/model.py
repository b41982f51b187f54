"""What flows through the engine: a verdict on a submission, and the marks that count for it.

The grader makes verdicts; they are kept in signed files, recorded and shown. ``to_json`` and
``from_json`` are the only way into a file and out of it; ``contract_json`` is what other programs
may rely on. Every sentence is kept in all languages of the course and rendered where it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.scheme import stale
from autograder.status import CellStatus, ExerciseStatus, Status
from autograder.texts import NO_TEXT
from checks.text import ENGLISH, Text

Json = dict[str, Any]
"""A JSON object, on its way from or to a file."""

FORM = 2
"""The format of a verdict's JSON; in format 1 sentences were in one language."""

_TIMEOUT = Text("`{name}` ran out of time.", "`{name}` 运行超时。")
_NOTHING_GRADED = Text("Nothing of the file could be graded.", "文件中没有可以评分的内容。")
_OTHER_SCORE = Text(
    "The gradebook counts {counted:g} points where {expected:g} were given: grade this student "
    "again, and see that the notebook's graded cells are those of the gradebook.",
    "成绩册计为 {counted:g} 分，而实际给出 {expected:g} 分：请对这名学生的提交重新评分，"
    "并确认 notebook 的评分单元格与成绩册一致。",
)
MOST_REASONS = 10
DEMO = "demo"
"""The tag of cells to play in, which are not run for grading."""
GRADED = "test_"
"""What the grade_id of an exercise's graded cell begins with."""


def grade_id_of(exercise: str) -> str:
    """Return the id of an exercise's graded cell."""
    return f"{GRADED}{exercise}"


def exercise_of(grade_id: str) -> str:
    """Return the exercise of a graded cell."""
    return grade_id.removeprefix(GRADED)


@dataclass(frozen=True)
class SubmittedCell:
    """A code cell: its text, its index among all cells of the file, its tags and its grade_id."""

    source: str
    index: int
    tags: tuple[str, ...] = ()
    grade_id: str | None = None


@dataclass(frozen=True)
class Output:
    """What a cell showed: text, or a picture as a PNG in base64."""

    text: str = ""
    png: str = ""


@dataclass(frozen=True)
class CellVerdict(SubmittedCell):
    """A submitted cell, how it ended, and what it showed."""

    status: CellStatus = CellStatus.SKIPPED
    error: str = ""
    outputs: tuple[Output, ...] = ()

    def to_json(self) -> Json:
        """Return the cell as a JSON object."""
        return vars(self) | {"outputs": [vars(output) for output in self.outputs]}

    @classmethod
    def from_json(cls, data: Json) -> "CellVerdict":
        """Return the cell that `data` was made of."""
        made = {
            "tags": tuple(data["tags"]),
            "status": CellStatus(data["status"]),
            "outputs": tuple(Output(**output) for output in data["outputs"]),
        }
        return cls(**data | made)


@dataclass(frozen=True)
class Line:
    """A line of the student's own: index of its cell (None in a .py file), number in it, text."""

    cell: int | None
    line: int
    text: str

    def to_json(self) -> Json:
        """Return the line as a JSON object."""
        return dict(vars(self))


@dataclass(frozen=True)
class Repair(Line):
    """A line of the student's own, and what it becomes where every check passes; "" if it goes.

    It is for instructors: students see the line alone.
    """

    after: str = ""


@dataclass(frozen=True)
class Replay:
    """What is needed to draw a failing case's inputs again."""

    exercise: str
    case: str
    seed: int


@dataclass(frozen=True)
class CheckVerdict:
    """One named check of an exercise, with a `replay` if it failed on inputs that can be drawn."""

    name: Text
    passed: bool
    detail: Text = NO_TEXT
    replay: Replay | None = None

    def to_json(self) -> Json:
        """Return the check as a JSON object."""
        return {
            "name": self.name.to_json(),
            "passed": self.passed,
            "detail": self.detail.to_json(),
            "replay": self.replay and vars(self.replay),
        }

    @classmethod
    def from_json(cls, data: Json) -> "CheckVerdict":
        """Return the check that `data` was made of."""
        replay = data["replay"] and Replay(**data["replay"])
        return cls(Text(**data["name"]), data["passed"], Text(**data["detail"]), replay)


@dataclass(frozen=True)
class CauseVerdict:
    """A named cause of a mistake, and the student's own lines that show it."""

    id: str
    message: Text
    hint: Text = NO_TEXT
    lines: tuple[Line, ...] = ()

    def to_json(self) -> Json:
        """Return the cause as a JSON object."""
        return {
            "id": self.id,
            "message": self.message.to_json(),
            "hint": self.hint.to_json(),
            "lines": [line.to_json() for line in self.lines],
        }

    @classmethod
    def from_json(cls, data: Json) -> "CauseVerdict":
        """Return the cause that `data` was made of."""
        lines = tuple(Line(**line) for line in data["lines"])
        return cls(data["id"], Text(**data["message"]), Text(**data["hint"]), lines)


@dataclass(frozen=True)
class ExerciseVerdict:
    """What one exercise scored, and why.

    `with_right_helpers` says that it got full marks only because it was called with correct
    helpers. `lines` are the student's own lines at which it stopped, or those of a `repair`, a
    change with which every check passes, or the one at which the first wrong value appears.
    `where` says in one sentence where it went wrong.
    """

    name: str
    score: float
    max_score: float
    status: ExerciseStatus
    checks: tuple[CheckVerdict, ...] = ()
    with_right_helpers: bool = False
    diagnosis: tuple[CauseVerdict, ...] = ()
    lines: tuple[Line, ...] = ()
    where: Text = NO_TEXT
    note: Text = NO_TEXT
    cpu_seconds: float = 0.0
    repair: tuple[Repair, ...] = ()

    @property
    def grade_id(self) -> str:
        """The id of the notebook's graded cell."""
        return grade_id_of(self.name)

    @property
    def share(self) -> float:
        """The part of the points that was given."""
        return self.score / self.max_score if self.max_score else 0.0

    def to_json(self) -> Json:
        """Return the exercise as a JSON object."""
        return vars(self) | {
            "checks": [check.to_json() for check in self.checks],
            "diagnosis": [cause.to_json() for cause in self.diagnosis],
            "lines": [line.to_json() for line in self.lines],
            "where": self.where.to_json(),
            "note": self.note.to_json(),
            "repair": [line.to_json() for line in self.repair],
        }

    @classmethod
    def from_json(cls, data: Json) -> "ExerciseVerdict":
        """Return the exercise that `data` was made of."""
        made = {
            "status": ExerciseStatus(data["status"]),
            "checks": tuple(map(CheckVerdict.from_json, data["checks"])),
            "diagnosis": tuple(map(CauseVerdict.from_json, data["diagnosis"])),
            "lines": tuple(Line(**line) for line in data["lines"]),
            "where": Text(**data["where"]),
            "note": Text(**data["note"]),
            "repair": tuple(Repair(**line) for line in data.get("repair", ())),
        }
        return cls(**data | made)

    def contract_json(self, language: str) -> Json:
        """Return what other programs may rely on."""
        return {
            "name": self.name,
            "score": self.score,
            "max_score": self.max_score,
            "status": str(self.status),
            "checks": [
                {
                    "name": check.name[ENGLISH],
                    "passed": check.passed,
                    "detail": check.detail.in_(language),
                }
                for check in self.checks
            ],
            "with_right_helpers": self.with_right_helpers,
            "diagnosis": [
                {
                    "id": cause.id,
                    "message": cause.message.in_(language),
                    "lines": [line.to_json() for line in cause.lines],
                }
                for cause in self.diagnosis
            ],
            "lines": [line.to_json() for line in self.lines],
            "where": self.where.in_(language),
        }


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds for one submission, marks and comments given by hand included."""

    scores: Mapping[str, float]
    """By graded cell."""
    manual: frozenset[str] = frozenset()
    """The graded cells that a person marked."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """A person's comments, by solution cell."""
    late_penalty: float = 0.0
    timestamp: str = ""
    due: str = ""
    """When it was due, an extension included; both times are in UTC."""
    extra: Mapping[str, float] = field(default_factory=dict)
    """Extra credit, by graded cell; the scores contain it."""

    @property
    def score(self) -> float:
        """The score that counts."""
        return max(0.0, sum(self.scores.values()) - self.late_penalty)


@dataclass(frozen=True)
class Verdict:
    """The verdict on one submitted file.

    `status` is decided once, when the verdict is made. `language` is the student's, in which the
    feedback is written. `submission_hash` covers every file that was graded, and is empty if one
    could not be read; `student` is empty if a file was graded by itself. `note` is for the student;
    `problems` are also for the person who should look at the submission.
    """

    file: str
    seed: int
    status: Status
    language: str
    assignment: str = ""
    student: str = ""
    timestamp: str = ""
    exercises: tuple[ExerciseVerdict, ...] = ()
    problems: tuple[Text, ...] = ()
    submission_hash: str = ""
    isolation: str = ""
    cells: tuple[CellVerdict, ...] = ()
    cpu_seconds: float = 0.0
    note: Text = NO_TEXT

    @property
    def score(self) -> float:
        """The sum of what the exercises scored."""
        return round(float(sum(exercise.score for exercise in self.exercises)), 4)

    @property
    def max_score(self) -> float:
        """The sum of what the exercises are worth."""
        return float(sum(exercise.max_score for exercise in self.exercises))

    def reasons(self, marks: Marks | None = None) -> tuple[Text, ...]:
        """Say why a person should look at this submission; empty where nobody has to.

        `marks` are what the gradebook holds: a score other than the one given is a reason, too.
        """
        if self.status is Status.MISSING:
            return ()
        late = [e.name for e in self.exercises if e.status is ExerciseStatus.TIMEOUT]
        reasons = [*self.problems, *(_TIMEOUT.format(name=name) for name in late)]
        if self.status is Status.FAILED and not reasons:
            reasons.append(_NOTHING_GRADED)
        other = self.other_score(marks) if marks is not None else None
        reasons += filter(None, [other, stale(self.assignment, self.exercises)])
        return tuple(reasons[:MOST_REASONS])

    def needs_a_look(self, marks: Marks | None = None) -> bool:
        """Return whether a person should look at this submission."""
        return bool(self.reasons(marks))

    def other_score(self, marks: Marks) -> Text | None:
        """Say where the gradebook counts another score than this one with a person's marks."""
        by_hand = {name: marks.scores.get(name, 0.0) for name in marks.manual}
        given = {exercise.grade_id: exercise.score for exercise in self.exercises}
        expected, counted = sum((given | by_hand).values()), sum(marks.scores.values())
        if abs(expected - counted) < 1e-6:
            return None
        return _OTHER_SCORE.format(counted=counted, expected=expected)

    def to_json(self) -> Json:
        """Return the verdict as a JSON object."""
        return vars(self) | {
            "form": FORM,
            "exercises": [exercise.to_json() for exercise in self.exercises],
            "problems": [problem.to_json() for problem in self.problems],
            "cells": [cell.to_json() for cell in self.cells],
            "note": self.note.to_json(),
        }

    @classmethod
    def from_json(cls, data: Json) -> "Verdict":
        """Return the verdict that `data` was made of.

        Raises ValueError where it is of another form.
        """
        if data.get("form") != FORM:
            raise ValueError(f"a verdict of form {data.get('form', 1)}, not {FORM}")
        made = {
            "status": Status(data["status"]),
            "exercises": tuple(map(ExerciseVerdict.from_json, data["exercises"])),
            "problems": tuple(Text(**problem) for problem in data["problems"]),
            "cells": tuple(map(CellVerdict.from_json, data["cells"])),
            "note": Text(**data.get("note", NO_TEXT.to_json())),
        }
        return cls(**{name: value for name, value in data.items() if name != "form"} | made)

    def contract_json(self) -> Json:
        """Return what other programs may rely on: the contract of ``--json``."""
        return {
            "file": self.file,
            "score": self.score,
            "max_score": self.max_score,
            "seed": self.seed,
            "exercises": [exercise.contract_json(self.language) for exercise in self.exercises],
            "problems": [problem.in_(self.language) for problem in self.problems],
        }


def status_of(exercises: Sequence[ExerciseVerdict], problems: Sequence[Text]) -> Status:
    """Decide the status of a submission whose file exists."""
    nothing = all(exercise.status is ExerciseStatus.MISSING for exercise in exercises)
    return Status.FAILED if nothing and (problems or not exercises) else Status.GRADED
