"""The changes with which functions pass every check: for instructors, not for students."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder.model import ExerciseVerdict, Verdict

MOST_ROWS = 60
"""How many different changes a report shows, those of most students first."""


@dataclass(frozen=True)
class Change:
    """A line of students and what it becomes; "" where it goes."""

    before: str
    after: str


@dataclass(frozen=True)
class Repaired:
    """A change with which an exercise passes, and who needs it."""

    exercise: str
    causes: list[str]
    changes: list[Change]
    who: list[str]


def repaired(verdicts: Iterable[Verdict], name: Callable[[Verdict], str]) -> list[Repaired]:
    """Return every change that is known, by exercise, those of many students first."""
    found: dict[tuple[str, tuple[Change, ...]], Repaired] = {}
    for verdict in verdicts:
        for exercise in verdict.exercises:
            if exercise.repair:
                changes = tuple(Change(r.text, _trimmed(r.after)) for r in exercise.repair)
                key = exercise.name, changes
                row = found.setdefault(key, _row(exercise, changes))
                row.who.append(name(verdict))
    rows = sorted(found.values(), key=lambda row: (-len(row.who), row.exercise, row.who))
    return rows[:MOST_ROWS]


def _row(exercise: ExerciseVerdict, changes: tuple[Change, ...]) -> Repaired:
    causes = [cause.id.partition("/")[2] for cause in exercise.diagnosis]
    return Repaired(exercise.name, causes, list(changes), [])


def _trimmed(text: str) -> str:
    """Return lines without the indentation that they share with the first one."""
    lines = text.expandtabs(4).split("\n")
    own = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[min(own, len(line) - len(line.lstrip())) :] for line in lines)
