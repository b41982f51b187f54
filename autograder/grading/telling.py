"""What a verdict says of checks and cells: results as the model keeps them."""

import base64

from autograder.model import CellVerdict, CheckVerdict, Output, Replay, SubmittedCell
from autograder.reading.submissions import Submission
from autograder.sandbox import CellResult, JobResult
from checks.judge import CheckResult
from checks.model import Exercise


def check_verdict(exercise: Exercise, check: CheckResult, seed: int) -> CheckVerdict:
    """Return the verdict on a check, on inputs drawn under `seed`."""
    replay = None
    if not check.passed and check.case:
        replay = Replay(exercise.name, check.case, seed)
    return CheckVerdict(check.name, check.passed, check.detail, replay)


def cell_verdicts(submission: Submission, job: JobResult) -> tuple[CellVerdict, ...]:
    """Return each submitted cell with how it ended and what it showed."""
    results: dict[int, list[CellResult]] = {}
    for result in job.cells:
        results.setdefault(result.index, []).append(result)
    return tuple(_cell_verdict(cell, results.get(cell.index, [])) for cell in submission.cells)


def _cell_verdict(cell: SubmittedCell, results: list[CellResult]) -> CellVerdict:
    outputs = tuple(
        Output(png=base64.b64encode(output).decode())
        if isinstance(output, bytes)
        else Output(output)
        for result in results
        for output in result.outputs
    )
    errors = [result.error for result in results if result.error]
    statuses = [result.status for result in results]
    failed = next((status for status in statuses if status != "ok"), None)
    return CellVerdict(
        **vars(cell),
        status=failed or (statuses[0] if statuses else "skipped"),
        error=f"{errors[0].type}: {errors[0].message}" if errors else "",
        outputs=outputs,
    )
