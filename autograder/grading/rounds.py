"""Grading rounds: the secret seed of the hidden inputs, and the key that signs verdicts.

Both are secrets of the instructor's machine, kept in ``build/rounds/`` and readable by its owner
alone. A round's seed is the same for the whole class. Feedback shows it to students, so the next
grading draws a new one.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.files import write_atomically

SEED_BITS = 64
KEY_BYTES = 32


@dataclass(frozen=True)
class Round:
    """One grading round of an assignment.

    It ends when its first feedback page is written, because that shows the seed. `listed` are the
    submissions of the run that ended it, student -> hash, until that run is done: these, and
    nothing that was handed in since, may still be graded in it.
    """

    number: int
    seed: int
    feedback_given: bool = False
    listed: Mapping[str, str] = field(default_factory=dict)

    def allows(self, student: str, submission: str) -> bool:
        """Return whether a submission may be graded in this round."""
        return not self.feedback_given or self.listed.get(student) == submission


def current_round(course: Course, assignment: str, resume: bool = False) -> Round:
    """Return the round to grade in; a new one where there is none, or it has ended.

    With `resume` a round that has ended goes on where its run was stopped.
    """
    path = _path(course, assignment)
    known = _read(path)
    if known is None or (known.feedback_given and not (resume and known.listed)):
        known = Round(known.number + 1 if known else 1, new_seed())
        _write(path, known)
    return known


def list_submissions(course: Course, assignment: str, listed: Mapping[str, str]) -> None:
    """Record what a run is about to grade, by student and hash; an ended round keeps its list."""
    path = _path(course, assignment)
    known = _read(path)
    if known is not None and not known.feedback_given:
        _write(path, replace(known, listed=dict(listed)))


def end_round(course: Course, assignment: str) -> None:
    """End the round, before its seed is shown to anybody."""
    path = _path(course, assignment)
    known = _read(path)
    if known is not None and not known.feedback_given:
        _write(path, replace(known, feedback_given=True))


def finish_round(course: Course, assignment: str) -> None:
    """Record that everything in a round is graded, so that nothing more is graded in it."""
    path = _path(course, assignment)
    known = _read(path)
    if known is not None:
        _write(path, replace(known, feedback_given=True, listed={}))


def unfinished(course: Course, assignment: str) -> bool:
    """Tell whether a run ended this assignment's round, and was stopped before it was done."""
    known = _read(_path(course, assignment))
    return known is not None and known.feedback_given and bool(known.listed)


def unlist(course: Course, assignment: str, student: str) -> None:
    """Take a student out of the list of the run that may still be finished."""
    path = _path(course, assignment)
    known = _read(path)
    if known is not None and student in known.listed:
        listed = {name: value for name, value in known.listed.items() if name != student}
        _write(path, replace(known, listed=listed))


def new_seed() -> int:
    """Draw a seed that nobody can guess."""
    return secrets.randbits(SEED_BITS) | 1 << (SEED_BITS - 1)


def signing_key(course: Course) -> bytes:
    """Return this machine's key for signing verdicts; made on first use.

    Raises CourseError where it is not whole: with an empty key anybody could sign.
    """
    path = course.build / "rounds" / "key"
    if not path.exists():
        fresh = path.with_name(f".key-{os.getpid()}")
        write_atomically(fresh, secrets.token_bytes(KEY_BYTES), mode=0o600)
        # Where two programs begin at once, the first one's key holds for both.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise CourseError(
            f"{path} is no whole key ({len(key)} bytes); put a copy of it back, or delete it and "
            "grade again"
        )
    return key


def _path(course: Course, assignment: str) -> Path:
    return course.build / "rounds" / f"{assignment}.json"


def _read(path: Path) -> Round | None:
    try:
        known = Round(**json.loads(path.read_text("utf-8")))
        if known.seed.bit_length() != SEED_BITS:
            raise ValueError(f"its seed has not {SEED_BITS} bits")
        return known
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{path} can't be read ({error}); delete it to begin a new round"
        ) from None


def _write(path: Path, round_: Round) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(path.parent, 0o700)
    write_atomically(path, json.dumps(asdict(round_)).encode(), mode=0o600)
