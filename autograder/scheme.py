"""What an assignment's exercises are worth now, and which marks were given under other points."""

from collections.abc import Iterable
from typing import Protocol

from checks.assignments import ASSIGNMENTS
from checks.text import COMMA, Text, joined

_STALE = Text(
    "The points have changed since this was graded ({what}); grade it again with: autograder "
    "grade {assignment} --stale",
    "评分之后分值有过改动（{what}）；请重新评分：autograder grade {assignment} --stale",
)
STALE_MARKS = Text(
    "the points have changed since these were graded: {names}; grade them again with: autograder "
    "grade {assignment} --stale",
    "这些提交评分之后，分值有过改动：{names}；请重新评分：autograder grade {assignment} --stale",
)
NONE_STALE = Text("{assignment}: no marks are stale", "{assignment}：没有因分值改动而过时的成绩")
_CHANGED = Text("{name}: {before:g} → {now:g}", "{name}：{before:g} → {now:g}")
_ADDED = Text("{name} is new", "新增 {name}")
_DROPPED = Text("{name} has gone", "去掉了 {name}")


def points_of(assignment: str) -> dict[str, float]:
    """Return the points of each exercise; nothing for an assignment that is not known."""
    if assignment not in ASSIGNMENTS:
        return {}
    return {one.name: float(one.points) for one in ASSIGNMENTS[assignment].exercises}


class Graded(Protocol):
    """An exercise as it was graded."""

    name: str
    max_score: float


def stale(assignment: str, exercises: Iterable[Graded]) -> Text | None:
    """Say how the points that marks were given under differ from today's; None: not at all.

    An exercise without points that is new or has gone changes no mark.
    """
    now = points_of(assignment)
    before = {exercise.name: exercise.max_score for exercise in exercises}
    if not (now and before):
        return None
    changes = [
        _change(name, before.get(name), now.get(name))
        for name in (*now, *(name for name in before if name not in now))
        if before.get(name, 0.0) != now.get(name, 0.0)
    ]
    return _STALE.format(what=joined(changes, COMMA), assignment=assignment) if changes else None


def _change(name: str, before: float | None, now: float | None) -> Text:
    if before is None:
        return _ADDED.format(name=name)
    if now is None:
        return _DROPPED.format(name=name)
    return _CHANGED.format(name=name, before=before, now=now)
