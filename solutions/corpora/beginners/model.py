"""What is known about one beginner's function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Beginner:
    """A wrong function: its source text, the ids of its true causes, and how it came about."""

    exercise: str
    source: str
    causes: frozenset[str]
    note: str


def beginner(exercise: str, causes: str, note: str, source: str) -> Beginner:
    """Return a Beginner; `causes` lists the ids' second halves, separated by spaces."""
    ids = frozenset(f"{exercise}/{cause}" for cause in causes.split())
    return Beginner(exercise, source.strip() + "\n", ids, note)
