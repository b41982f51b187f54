"""How a submission as a whole stands: graded, failed or missing, and whether to look at it."""

import os
from collections.abc import Mapping
from typing import Any

GRADED = "graded"
FAILED = "failed"
MISSING = "missing"
# Of one exercise: what is worth a look by a person beside a wrong answer.
_ODD = frozenset({"timeout"})


def submission_status(verdict: Mapping[str, Any]) -> str:
    """Return "graded", "failed" (nothing of the file could be graded) or "missing" (no file)."""
    status = verdict.get("status")
    if status in (GRADED, FAILED, MISSING):
        return status
    file = str(verdict.get("file") or "")
    if not verdict.get("submission_sha256") and not (file and os.path.lexists(file)):
        return MISSING
    exercises = verdict.get("exercises") or []
    if not exercises:
        return FAILED
    nothing_found = all(exercise["status"] == "missing" for exercise in exercises)
    return FAILED if nothing_found and verdict.get("problems") else GRADED


def needs_a_look(verdict: Mapping[str, Any]) -> bool:
    """Tell whether a person should look: a failed file, a problem with it, or a timeout."""
    if submission_status(verdict) == MISSING:
        return False
    return (
        submission_status(verdict) == FAILED
        or bool(verdict.get("problems"))
        or any(exercise["status"] in _ODD for exercise in verdict.get("exercises") or [])
    )
