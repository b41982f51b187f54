"""Reads verdicts of the first form, so that a course that was begun with them goes on.

Their sentences are in one language, and neither how the submission stands nor when it was handed in
is always written down. None of them is kept by ``--resume``: they were made by another engine.
"""

from pathlib import Path

from autograder.model import (
    CauseVerdict,
    CellVerdict,
    CheckVerdict,
    ExerciseVerdict,
    Json,
    Output,
    Replay,
    Verdict,
    status_of,
)
from autograder.reading.times import read_timestamp
from autograder.status import CellStatus, ExerciseStatus, Status
from autograder.texts import same_in_all


def read(data: Json, submitted: Path) -> Verdict:
    """Return the verdict; raises KeyError, TypeError or ValueError where it is none.

    The time of submission is read from the folder `submitted`, as the engine of these verdicts did.
    """
    moment, _ = read_timestamp(submitted)
    exercises = tuple(map(_exercise, data["exercises"]))
    problems = tuple(map(same_in_all, data["problems"]))
    status = Status(data["status"]) if "status" in data else status_of(exercises, problems)
    return Verdict(
        data["file"],
        data["seed"],
        status,
        data["language"],
        data["assignment"],
        data["student"],
        str(moment or ""),
        exercises=exercises,
        problems=problems,
        submission_hash=data["submission_sha256"],
        isolation=data["isolation"],
        cells=tuple(map(_cell, data["cells"])),
        cpu_seconds=data["cpu_seconds"],
    )


def _exercise(data: Json) -> ExerciseVerdict:
    return ExerciseVerdict(
        data["name"],
        data["score"],
        data["max_score"],
        ExerciseStatus(data["status"]),
        tuple(map(_check, data["checks"])),
        data["with_right_helpers"],
        tuple(
            CauseVerdict(cause["id"], same_in_all(cause["message"]), same_in_all(cause["hint"]))
            for cause in data["diagnosis"]
        ),
        note=same_in_all(data["note"]),
        cpu_seconds=data["cpu_seconds"],
    )


def _check(data: Json) -> CheckVerdict:
    replay = Replay(**data["replay"]) if "replay" in data else None
    return CheckVerdict(
        same_in_all(data["label"]), data["passed"], same_in_all(data["detail"]), replay
    )


def _cell(data: Json) -> CellVerdict:
    return CellVerdict(
        data["source"],
        data["index"],
        tuple(data["tags"]),
        data["grade_id"],
        CellStatus(data["status"]),
        data["error"] or "",
        tuple(Output(**output) for output in data["outputs"]),
    )
