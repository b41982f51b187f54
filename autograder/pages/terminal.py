"""Verdicts as text for a terminal: one submission, or a class as a table."""

from collections.abc import Sequence

from autograder.model import ExerciseVerdict, Verdict
from autograder.pages.own_code import CELL_LINE, FILE_LINE
from autograder.safe_text import one_line
from autograder.status import ExerciseStatus, Status
from autograder.texts import rendered
from checks.show import FAIL
from checks.text import COLON, COMMA, ENGLISH, Text, columns_of

SYMBOLS = {
    ExerciseStatus.NOT_IMPLEMENTED: Text("-"),
    ExerciseStatus.ERROR: Text("error", "出错"),
    ExerciseStatus.TIMEOUT: Text("time", "超时"),
    ExerciseStatus.MISSING: Text("none", "缺失"),
}
HEADS = (
    Text("student", "学生"),
    Text("total", "总分"),
    Text("status", "状态"),
    Text("named causes", "已诊断的错误"),
)
POINTS = Text("{file}: {score:g} of {max_score:g}", "{file}：{score:g} / {max_score:g} 分")
WITH_HELPERS = Text(" (with correct helpers)", "（借助正确的辅助函数）")
LOOK = Text("{status} (look)", "{status}（需查看）")
PASSES_WITH = Text("passes every check with:", "改成下面这样就能通过所有检查：")
WITHOUT_LINE = Text("(without this line)", "（去掉这一行）")
MOST_NAMES = 10
"""Exercises whose names fit into the head of a table."""


def verdict_text(verdict: Verdict, language: str) -> str:
    """Return one verdict, exercise by exercise."""
    values = {"score": verdict.score, "max_score": verdict.max_score}
    lines = [POINTS.format(file=one_line(verdict.file), **values)[language]]
    for exercise in verdict.exercises:
        score = f"{exercise.score:g}/{exercise.max_score:g}"
        helpers = WITH_HELPERS[language] if exercise.with_right_helpers else ""
        status = _status(exercise.status, language)
        lines.append(f"  {exercise.name:<24} {score:>7}  {status}{helpers}")
        for check in exercise.checks:
            if not check.passed:
                parts = check.name.in_(language), check.detail.in_(language)
                told = one_line(COLON[language].join(filter(None, parts)), 300)
                lines.append(f"      {FAIL[language]}  {told}")
        for cause in exercise.diagnosis:
            message = one_line(cause.message.in_(language), 300)
            lines.append(f"      {cause.id}{COLON[language]}{message}")
        lines += repair_lines(exercise, language)
    lines += [f"  ! {one_line(text, 300)}" for text in rendered(verdict.problems, language)]
    return "\n".join(lines)


def repair_lines(exercise: ExerciseVerdict, language: str) -> list[str]:
    """Return the change with which every check passes; nothing where none is known."""
    lines = []
    for line in exercise.repair:
        place = (FILE_LINE if line.cell is None else CELL_LINE).format(
            cell=(line.cell or 0) + 1, line=line.line
        )
        lines.append(f"      {place[language]}{COLON[language]}{one_line(line.text, 150)}")
        after = line.after if line.after.strip() else WITHOUT_LINE[language]
        lines.append(f"        {PASSES_WITH[language]}")
        lines += [f"        {_indented(text)}" for text in after.split("\n")]
    return lines


def _indented(text: str) -> str:
    """Return a line of code as a terminal may show it, its indentation kept."""
    text = text.expandtabs(4)
    return " " * (len(text) - len(text.lstrip())) + one_line(text.strip(), 150)


def class_table(verdicts: Sequence[Verdict], language: str) -> str:
    """Return the class as a table: student, points per exercise, status, causes named.

    A star marks full points that needed correct helpers. Many exercises are columns by number, with
    their names above the table.
    """
    names = [exercise.name for exercise in verdicts[0].exercises] if verdicts else []
    legend = [f"{number:>4}  {name}" for number, name in enumerate(names, 1)]
    if len(names) <= MOST_NAMES:
        legend, heads = [], names
    else:
        heads = [str(number) for number in range(1, len(names) + 1)]
    student, total, *others = (head[language] for head in HEADS)
    rows = [[student, total, *heads, *others]]
    for verdict in sorted(verdicts, key=lambda v: v.student):
        status = _status(verdict.status, language)
        if verdict.needs_a_look():
            status = LOOK.format(status=status)[language]
        causes = [
            cause.id
            for exercise in verdict.exercises
            for cause in exercise.diagnosis
            if not cause.id.endswith("/not_implemented")
        ]
        cells = [_cell(exercise, language) for exercise in verdict.exercises]
        row = [one_line(verdict.student, 40), f"{verdict.score:g}", *cells]
        rows.append([*row, status, COMMA[language].join(causes)])
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(padded, row, widths)).rstrip() for row in rows]
    return "\n".join([*legend, lines[0], "-" * max(map(columns_of, lines)), *lines[1:]])


def _status(status: Status | ExerciseStatus, language: str) -> str:
    # In English it is the word that JSON and the marks' CSV hold, so that one can search for it.
    return status.value if language == ENGLISH else status.text.in_(language)


def _cell(exercise: ExerciseVerdict, language: str) -> str:
    star = "*" if exercise.with_right_helpers else ""
    symbol = SYMBOLS.get(exercise.status)
    return symbol[language] if symbol and not exercise.score else f"{exercise.score:g}{star}"


def padded(text: str, width: int) -> str:
    """Return `text` filled up to `width` columns; a Chinese letter takes two."""
    return text + " " * (width - columns_of(text))
