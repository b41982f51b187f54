"""Grading rounds: the secret seed of the hidden inputs, and the key that signs verdicts.

Both are secrets of the instructor's machine, kept in ``build/rounds/`` and readable by its owner
alone. A round's seed is the same for the whole class. Feedback shows it to students, so the next
grading draws a new one.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.files import held, write_atomically
from autograder.texts import TextError, message_of
from checks.text import Text

SEED_BITS = 64
KEY_BYTES = 32

_NO_KEY = Text(
    "{path} is no whole key ({count} bytes); put a copy of it back, or delete it and grade again",
    "{path} 不是完整的密钥（{count} 字节）；请从备份中恢复，或者删除后重新评分",
)
_NO_SEED = Text("its seed has not {bits} bits", "它的种子不是 {bits} 位")
_UNREADABLE = Text(
    "{path} can't be read ({why}); delete it to begin a new round",
    "无法读取 {path}（{why}）；请删除它，开始新一轮评分",
)


@dataclass(frozen=True)
class Round:
    """One grading round of an assignment.

    It ends when its first feedback page is written, because that shows the seed. `listed` are the
    submissions of the run that ended it, student -> hash, until that run is done: these, and
    nothing that was handed in since, may still be graded in it. `shards` is the number of parts in
    which the class is graded, 0 where it was begun as a whole.
    """

    number: int
    seed: int
    feedback_given: bool = False
    listed: Mapping[str, str] = field(default_factory=dict)
    shards: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether all that was to be graded in this round was graded and recorded."""
        return self.feedback_given and not self.listed

    def allows(self, student: str, submission: str) -> bool:
        """Return whether a submission may be graded in this round."""
        return not self.feedback_given or self.listed.get(student) == submission


def round_to_grade_in(course: Course, assignment: str, resume: bool = False) -> Round:
    """Return the round to grade in; draw a new one where there is none, or it has ended.

    With `resume` a round that has ended goes on where its run was stopped.
    """
    known = last_round(course, assignment)
    if known is None or (known.feedback_given and not (resume and known.listed)):
        return _draw(course, assignment, known)
    return known


def shared_round(
    course: Course, assignment: str, shards: int, is_graded: Callable[[Round], bool]
) -> Round:
    """Return the round that a shard grades in; of shards that begin at once, one draws it.

    A round that is finished stays the one where `is_graded` tells that there is nothing new: a
    shard that comes late, or twice, begins no other. Writes nothing where the round and the key
    are there.
    """
    known = last_round(course, assignment)
    if known is None or (known.is_finished and not is_graded(known)):
        known = _draw(course, assignment, known, shards)
    signing_key(course)
    return known


def last_round(course: Course, assignment: str) -> Round | None:
    """Return the round that was drawn last, whether it has ended or not."""
    return _read(_path(course, assignment))


def _draw(course: Course, assignment: str, after: Round | None, shards: int = 0) -> Round:
    """Begin the round that comes `after` another; where somebody has begun it, return theirs."""
    path = _path(course, assignment)
    with held(path.with_name("draw.lock")):
        known = _read(path)
        if known == after:
            known = Round(after.number + 1 if after else 1, new_seed(), shards=shards)
            known_file(course, assignment).unlink(missing_ok=True)
            _write(path, known)
        assert known is not None
        return known


def keep_list(course: Course, assignment: str, listed: Mapping[str, str]) -> None:
    """Record what a run is about to grade, by student and hash; an ended round keeps its list."""
    path = _path(course, assignment)
    known = _read(path)
    if known is not None and not known.feedback_given:
        _write(path, replace(known, listed=dict(listed)))


def close_round(course: Course, assignment: str) -> None:
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
        # Processes in two containers may have one number.
        fresh = path.with_name(f".key-{secrets.token_hex(8)}")
        write_atomically(fresh, secrets.token_bytes(KEY_BYTES), mode=0o600)
        # Where two programs begin at once, the first one's key holds for both.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise CourseError(_NO_KEY.format(path=path, count=len(key)))
    return key


def known_file(course: Course, assignment: str) -> Path:
    """Return where the workers of a round share what they find out about wrong functions."""
    return course.build / "rounds" / f"{assignment}.known"


def _path(course: Course, assignment: str) -> Path:
    return course.build / "rounds" / f"{assignment}.json"


def _read(path: Path) -> Round | None:
    try:
        known = Round(**json.loads(path.read_text("utf-8")))
        if known.seed.bit_length() != SEED_BITS:
            raise TextError(_NO_SEED.format(bits=SEED_BITS))
        return known
    except FileNotFoundError:
        return None
    except (TextError, ValueError, TypeError, AttributeError) as error:
        raise CourseError(_UNREADABLE.format(path=path, why=message_of(error))) from None


def _write(path: Path, round_: Round) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(path.parent, 0o700)
    write_atomically(path, json.dumps(asdict(round_)).encode(), mode=0o600)
