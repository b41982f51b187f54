"""Grading rounds: the secret seed of the hidden inputs, and the key that signs verdicts.

Both are secrets of the instructor's machine, kept in ``build/rounds/`` and readable by its owner
alone. A round's seed is the same for the whole class. After feedback was written, which tells the
seed to students, the next grading draws a new one.
"""

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.files import write_atomically

SEED_BITS = 64
KEY_BYTES = 32


@dataclass(frozen=True)
class Round:
    """One grading round of an assignment."""

    number: int
    seed: int
    feedback_given: bool = False


def current_round(course: Course, assignment: str) -> Round:
    """Return the round to grade in; a new one where there is none or its feedback was given."""
    path = _path(course, assignment)
    known = _read(path)
    if known is None or known.feedback_given:
        known = Round(known.number + 1 if known else 1, new_seed())
        _write(path, known)
    return known


def give_feedback(course: Course, assignment: str) -> None:
    """Record that feedback of the current round was written, and so that its seed is known."""
    path = _path(course, assignment)
    known = _read(path)
    if known is not None:
        _write(path, replace(known, feedback_given=True))


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
        # Of two programs that begin at once, the first one's key holds for both.
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
