"""What a verdict says: checks and cells as the model keeps them, and why nothing was graded."""

import base64
from collections.abc import Iterator, Sequence
from glob import has_magic

from autograder.model import CellVerdict, CheckVerdict, Output, Replay, SubmittedCell
from autograder.reading.student_ids import spelt_out
from autograder.reading.submissions import Submission
from autograder.safe_text import one_line, safe_name
from autograder.sandbox import CellResult, JobResult
from autograder.status import CellStatus
from checks.judge import CheckResult
from checks.model import Exercise
from checks.text import Text, listed

TEXTS = {
    "helpers": Text(
        "Correct with a correct {helpers}; your own {helpers} breaks it here.",
        "只要 {helpers} 正确，这个练习就是对的；这里出错是因为你自己的 {helpers}。",
    ),
    "better_with_helpers": Text(
        "Graded with a correct {helpers}, because your own is not correct yet.",
        "你自己的 {helpers} 还不正确，因此这里用正确的 {helpers} 来评分。",
    ),
    "no_functions": Text(
        "No function of the assignment was found in this file.",
        "文件中没有找到本次作业的任何函数。",
    ),
    "definitions_only": Text(
        "The notebook did not run to its end; only its imports and functions were run.",
        "notebook 未能运行到底；只执行了其中的导入语句和函数定义。",
    ),
    "cell_timeout": Text(
        "Cell {index} did not finish in time and was stopped; the others were run.",
        "第 {index} 个单元格运行超时，已被中止；其余单元格照常运行。",
    ),
    "failed": Text(
        "The notebook could not be run.",
        "notebook 无法运行。",
    ),
}

WORKER_LOST = Text(
    "Grading this submission ended its worker process; please look at it by hand.",
    "为这份提交评分时工作进程意外终止，请人工查看。",
)
NO_WORKER = Text(
    "a process for grading ended while it was starting", "一个评分进程在启动时意外终止"
)
ENGINE_FAULT = Text(
    "This submission could not be graded ({what}); please look at it by hand.",
    "这份提交无法评分（{what}），请人工查看。",
)
BAD_NAME = Text(
    "The folder's name cannot be a student's id: nothing is recorded until it is renamed.",
    "文件夹名不能作为学号：改名之前不会登记成绩。",
)


CHANGED = Text(
    "The submission was changed after this round had begun.",
    "本轮评分开始之后，这份提交被改动过。",
)
"""The problem of a verdict that is neither saved nor to be recorded."""

LOOKS_ALIKE = Text(
    "This student's id, {own}, looks like another one: {others}.",
    "这个学号 {own} 看起来与另一个相同：{others}。",
)

A_PATTERN = Text(
    "The folder's name has `*`, `?` or `[` in it, and nbgrader's own commands take it for a "
    "pattern: they find nothing, or another student's work. Rename the folder and grade again.",
    "文件夹名含有 `*`、`?` 或 `[`，nbgrader 自己的命令会把它当作通配符：找不到这份提交，"
    "或者找到别人的提交。请改名后重新评分。",
)


def odd_name(student: str, alike: Sequence[str]) -> Iterator[Text]:
    """Yield what is wrong with the name of a student's folder; `alike` are ids that look so."""
    if not safe_name(student):
        yield BAD_NAME
    elif has_magic(student):
        yield A_PATTERN
    if alike:
        others = listed(one_line(spelt_out(other)) for other in alike)
        yield LOOKS_ALIKE.format(own=spelt_out(student), others=others)


def check_verdict(exercise: Exercise, check: CheckResult, seed: int) -> CheckVerdict:
    """Return the verdict on a check, on inputs drawn under `seed`."""
    replay = None
    if not check.passed and check.case:
        replay = Replay(exercise.name, check.case, seed)
    return CheckVerdict(check.name, check.passed, check.detail, replay)


def cell_verdicts(submission: Submission, job: JobResult, language: str) -> tuple[CellVerdict, ...]:
    """Return each submitted cell with how it ended and what it showed."""
    results: dict[int, list[CellResult]] = {}
    for result in job.cells:
        results.setdefault(result.index, []).append(result)
    return tuple(
        _cell_verdict(cell, results.get(cell.index, []), language) for cell in submission.cells
    )


def _cell_verdict(cell: SubmittedCell, results: list[CellResult], language: str) -> CellVerdict:
    outputs = tuple(
        Output(png=base64.b64encode(output).decode())
        if isinstance(output, bytes)
        else Output(output)
        for result in results
        for output in result.outputs
    )
    errors = [told for result in results if (told := _error(result, language))]
    statuses = [result.status for result in results]
    failed = next((status for status in statuses if status is not CellStatus.OK), None)
    return CellVerdict(
        **vars(cell),
        status=failed or (CellStatus.OK if statuses else CellStatus.SKIPPED),
        error=errors[0] if errors else "",
        outputs=outputs,
    )


def _error(result: CellResult, language: str) -> str:
    """Return why a cell did not run to its end; "" where it did."""
    if result.stopped:
        return result.stopped[language]
    return f"{result.error.type}: {result.error.message}" if result.error else ""
