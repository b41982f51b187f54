"""Verdict files: one signed JSON file per submission under ``build/verdicts/``.

A verdict is believed only where its signature is this machine's, and kept by ``--resume`` only
where it is about the same files, engine, solutions and seed: a submitted or edited file never
counts.
"""

import functools
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import ROOT, Course, CourseError
from autograder.files import write_atomically
from autograder.grading import old_verdicts
from autograder.grading.rounds import signing_key
from autograder.model import FORM, Json, Verdict
from autograder.reading.folder import find_submitted_file
from autograder.reading.submissions import file_hash
from autograder.safe_text import file_stem
from autograder.sandbox import Limits
from autograder.sandbox.outside.student_files import read_folder
from checks.text import Text

ENGINE = (
    "checks",
    "autograder/course.py",
    "autograder/files.py",
    "autograder/model.py",
    "autograder/status.py",
    "autograder/safe_text.py",
    "autograder/scheme.py",
    "autograder/texts.py",
    "autograder/grading",
    "autograder/reading",
    "autograder/sandbox",
    "solutions/catalogue.py",
)
"""The files and folders that decide a verdict, beside an assignment's own solutions."""
NOT_GRADING = ("gallery.py", "lone_failures.py", "styles.py")
"""What an assignment's solutions hold for the generated class and for tests."""

_MISSING = Text("{place} is missing; verdicts depend on it", "找不到 {place}；评分结果取决于它")

VERDICTS = "verdicts"
"""Where the verdicts that count are, below build/."""

ARRIVED = "rounds/arrived"
"""Where those of ``autograder watch`` are until they are recorded."""


@dataclass(frozen=True)
class VerdictKey:
    """What a verdict depends on."""

    submission: str
    engine: str
    seed: int


def save(course: Course, verdict: Verdict, kept_in: str = VERDICTS) -> None:
    """Write a student's verdict, signed. Raises OSError where it can't be written."""
    key = VerdictKey(verdict.submission_hash, engine_hash(verdict.assignment), verdict.seed)
    body = json.dumps({"key": vars(key), "verdict": verdict.to_json()}, ensure_ascii=True)
    signature = _signature(course, verdict.assignment, verdict.student, body)
    text = json.dumps({"body": body, "signature": signature})
    path = _path(course, verdict.assignment, verdict.student, kept_in)
    write_atomically(path, text.encode())


def load(
    course: Course,
    assignment: str,
    student: str,
    key: VerdictKey | None = None,
    kept_in: str = VERDICTS,
) -> Verdict | None:
    """Return the signed verdict; None where there is none that belongs to `key`."""
    try:
        path = _path(course, assignment, student, kept_in)
        stored = json.loads(path.read_text("utf-8"))
        body = stored["body"]
        signature = _signature(course, assignment, student, body)
        if not hmac.compare_digest(stored["signature"], signature):
            return None
        content = json.loads(body)
        if key is not None and content["key"] != vars(key):
            return None
        return _read(content["verdict"], course.step("submitted") / student / assignment)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read(data: Json, submitted: Path) -> Verdict:
    known = data.get("form", 1) == FORM
    return Verdict.from_json(data) if known else old_verdicts.read(data, submitted)


def load_all(course: Course, assignment: str) -> Iterator[Verdict]:
    """Yield every signed verdict of an assignment, in the order of the students' ids."""
    folder = course.build / VERDICTS / assignment
    for path in sorted(folder.glob("*.json")):
        verdict = load(course, assignment, _student_of(path))
        if verdict is not None:
            yield verdict


def _student_of(path: Path) -> str:
    """Return the id that a file is about: its name, where an id can be the name of a file."""
    if path.stem == path.stem.strip():
        return path.stem
    try:
        return str(json.loads(json.loads(path.read_text("utf-8"))["body"])["verdict"]["student"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return path.stem


def submission_hash(folder: Path, assignment: str) -> str:
    """Return the hash of all that is graded of a submission: every file that its code may read.

    Empty where there is no file, or none that can be read.
    """
    path, odd = find_submitted_file(folder, assignment)
    own = file_hash(path) if path else ""
    if not own or path is None:
        return ""
    digest = hashlib.sha256(repr((own, path.name, odd)).encode("utf-8", "backslashreplace"))
    limits, left_out = Limits(), []
    for name, content in read_folder(
        path.parent, limits.folder_bytes, limits.folder_files, left_out
    ):
        digest.update(f"\n{len(name)} {name} {len(content)}\n".encode())
        digest.update(content)
    digest.update(repr(left_out).encode())
    return digest.hexdigest()


@functools.cache
def engine_hash(assignment: str) -> str:
    """Return the hash of everything that decides a verdict: engine, checks and solutions.

    These are the files that run, beside this one: a course folder need not hold them.
    """
    digest = hashlib.sha256()
    for path in engine_files(assignment):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def engine_files(assignment: str) -> list[Path]:
    """Return the Python files that decide a verdict; not tests, corpora or what shows verdicts."""
    places = [ROOT / name for name in (*ENGINE, f"solutions/{assignment}")]
    for place in places:
        if not place.exists():
            raise CourseError(_MISSING.format(place=place))
    files = {
        file for place in places for file in ([place] if place.is_file() else place.rglob("*.py"))
    }
    return sorted(file for file in files if file.name not in NOT_GRADING)


def forget_arrived(course: Course, assignment: str, student: str) -> None:
    """Remove the verdict that ``autograder watch`` has recorded, or will not record."""
    _path(course, assignment, student, ARRIVED).unlink(missing_ok=True)


def _path(course: Course, assignment: str, student: str, kept_in: str = VERDICTS) -> Path:
    return course.build / kept_in / assignment / f"{file_stem(student)}.json"


def _signature(course: Course, assignment: str, student: str, body: str) -> str:
    message = f"{assignment}\n{student}\n{body}".encode()
    return hmac.new(signing_key(course), message, hashlib.sha256).hexdigest()
