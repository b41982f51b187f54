"""Verdict files: one signed JSON file per submission under ``build/verdicts/``.

A verdict is believed only where its signature is this machine's and it belongs to the same
submission, engine, solutions and seed: a submitted or edited file never counts.
"""

import functools
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import ROOT, Course
from autograder.files import write_atomically
from autograder.grading.rounds import signing_key
from autograder.safe_text import file_stem


@dataclass(frozen=True)
class VerdictKey:
    """What a verdict depends on."""

    submission: str
    engine: str
    seed: int


def save(course: Course, assignment: str, student: str, verdict: dict[str, Any], key: VerdictKey):
    """Write a verdict, signed. Raises OSError where it can't be written."""
    body = json.dumps({"key": vars(key), "verdict": verdict}, ensure_ascii=True)
    text = json.dumps({"body": body, "signature": _signature(course, assignment, student, body)})
    write_atomically(_path(course, assignment, student), text.encode())


def load(
    course: Course, assignment: str, student: str, key: VerdictKey | None = None
) -> dict[str, Any] | None:
    """Return the signed verdict; None where there is none that belongs to `key`."""
    try:
        stored = json.loads(_path(course, assignment, student).read_text("utf-8"))
        body = stored["body"]
        if not hmac.compare_digest(
            stored["signature"], _signature(course, assignment, student, body)
        ):
            return None
        content = json.loads(body)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if key is not None and content["key"] != vars(key):
        return None
    return content["verdict"]


def load_all(course: Course, assignment: str) -> Iterator[dict[str, Any]]:
    """Yield every signed verdict of an assignment, in the order of the students' ids."""
    folder = course.build / "verdicts" / assignment
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


@functools.cache
def engine_hash() -> str:
    """Return the hash of everything that decides a verdict: engine, checks and solutions.

    Of those that run, which lie beside this file: a course folder need not hold them.
    """
    digest = hashlib.sha256()
    for folder in ("autograder", "checks", "solutions"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _path(course: Course, assignment: str, student: str) -> Path:
    return course.build / "verdicts" / assignment / f"{file_stem(student)}.json"


def _signature(course: Course, assignment: str, student: str, body: str) -> str:
    message = f"{assignment}\n{student}\n{body}".encode()
    return hmac.new(signing_key(course), message, hashlib.sha256).hexdigest()
