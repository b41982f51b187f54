"""What a feedback page says, and does not say yet, while ``autograder watch`` grades."""

from dataclasses import dataclass, replace

from autograder.model import Line, Verdict
from autograder.texts import NO_TEXT
from checks.text import Text

HELD = Text(
    "The inputs of the checks that failed will be shown here after {time} UTC; until then, files "
    "of other students are graded on them, too.",
    "{time}（UTC）之后，本页会显示未通过的检查所用的输入；在此之前，其他同学的提交也在用这些输入评分。",
)
QUEUED = Text(
    "A newer file of yours has arrived. You have used up the gradings of this hour, so it is "
    "graded after {time} UTC. This page is about the file before it.",
    "你新提交的文件已经收到。你这一小时的评分次数已经用完，新文件将在 {time}（UTC）之后评分。"
    "本页仍是上一次提交的结果。",
)
PLACE = Text("Cell {cell}, line {line}: `{text}`", "第 {cell} 个单元格第 {line} 行：`{text}`")
LINE = Text("Line {line}: `{text}`", "第 {line} 行：`{text}`")


@dataclass(frozen=True)
class Notice:
    """Times in UTC, "" where there is none.

    Until `inputs_from` the page tells nothing of a round's inputs; until `queued_until` a newer
    file of the student has to wait.
    """

    inputs_from: str = ""
    queued_until: str = ""

    def held_text(self, language: str) -> str:
        """Say when the inputs are shown; "" where they are."""
        return HELD.format(time=self.inputs_from).in_(language) if self.inputs_from else ""

    def queued_text(self, language: str) -> str:
        """Say when a newer file is graded; "" where there is none."""
        return QUEUED.format(time=self.queued_until).in_(language) if self.queued_until else ""


def without_inputs(verdict: Verdict) -> Verdict:
    """Return a verdict that tells nothing of the inputs: checks, causes and the student's lines.

    A check's detail may hold what an exception said, and so whatever the code put there.
    """
    exercises = []
    for exercise in verdict.exercises:
        lines = (*exercise.lines, *(line for one in exercise.diagnosis for line in one.lines))
        place = _place(lines[0]) if lines else NO_TEXT
        checks = []
        for check in exercise.checks:
            checks.append(replace(check, detail=NO_TEXT if check.passed else place, replay=None))
            # Once is enough.
            place = place if check.passed else NO_TEXT
        exercises.append(replace(exercise, checks=tuple(checks)))
    return replace(verdict, exercises=tuple(exercises))


def _place(line: Line) -> Text:
    text = line.text.replace("`", "'")
    if line.cell is None:
        return LINE.format(line=line.line, text=text)
    return PLACE.format(cell=line.cell + 1, line=line.line, text=text)
