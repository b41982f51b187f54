"""Verdicts as text for a terminal: one submission, or a class as a table."""

import unicodedata
from collections.abc import Sequence

from autograder.model import ExerciseStatus, ExerciseVerdict, Verdict
from autograder.safe_text import one_line
from autograder.texts import rendered
from checks.text import ENGLISH

SYMBOLS = {
    ExerciseStatus.NOT_IMPLEMENTED: "-",
    ExerciseStatus.ERROR: "error",
    ExerciseStatus.TIMEOUT: "time",
    ExerciseStatus.MISSING: "none",
}
MOST_NAMES = 10
"""Exercises whose names fit into the head of a table."""


def verdict_text(verdict: Verdict) -> str:
    """Return one verdict, exercise by exercise."""
    language = verdict.language
    lines = [f"{one_line(verdict.file)}: {verdict.score:g} of {verdict.max_score:g}"]
    for exercise in verdict.exercises:
        score = f"{exercise.score:g}/{exercise.max_score:g}"
        helpers = " (with right helpers)" if exercise.with_right_helpers else ""
        lines.append(f"  {exercise.name:<24} {score:>7}  {exercise.status}{helpers}")
        for check in exercise.checks:
            if not check.passed:
                detail = check.detail.in_(language)
                told = f"{check.name[ENGLISH]}: {detail}" if detail else check.name[ENGLISH]
                lines.append(f"      FAIL  {one_line(told, 300)}")
        for cause in exercise.diagnosis:
            lines.append(f"      {cause.id}: {one_line(cause.message.in_(language), 300)}")
        lines += repair_lines(exercise)
    lines += [f"  ! {one_line(text, 300)}" for text in rendered(verdict.problems, language)]
    return "\n".join(lines)


def repair_lines(exercise: ExerciseVerdict) -> list[str]:
    """Return the change with which every check passes; nothing where none is known."""
    lines = []
    for line in exercise.repair:
        place = f"line {line.line}" if line.cell is None else f"cell {line.cell + 1}, {line.line}"
        lines.append(f"      {place}: {one_line(line.text, 150)}")
        after = line.after.split("\n") if line.after.strip() else ["(without this line)"]
        lines += [f"      {'passes with:':>{len(place) + 1}} {_indented(text)}" for text in after]
    return lines


def _indented(text: str) -> str:
    """Return a line of code as a terminal may show it, its indentation kept."""
    text = text.expandtabs(4)
    return " " * (len(text) - len(text.lstrip())) + one_line(text.strip(), 150)


def class_table(verdicts: Sequence[Verdict]) -> str:
    """Return the class as a table: student, points per exercise, causes named, status.

    A star marks full points that needed correct helpers. Many exercises are columns by number, with
    their names above the table.
    """
    names = [exercise.name for exercise in verdicts[0].exercises] if verdicts else []
    legend = [f"{number:>4}  {name}" for number, name in enumerate(names, 1)]
    if len(names) <= MOST_NAMES:
        legend, heads = [], [*map(_short, names)]
    else:
        heads = [str(number) for number in range(1, len(names) + 1)]
    rows = [["student", "total", *heads, "status", "named causes"]]
    for verdict in sorted(verdicts, key=lambda v: v.student):
        status = verdict.status + (" (look)" if verdict.needs_a_look() else "")
        causes = [
            cause.id
            for exercise in verdict.exercises
            for cause in exercise.diagnosis
            if not cause.id.endswith("/not_implemented")
        ]
        cells = [_cell(exercise) for exercise in verdict.exercises]
        student = one_line(verdict.student, 40)
        rows.append([student, f"{verdict.score:g}", *cells, status, ", ".join(causes)])
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return "\n".join([*legend, lines[0], "-" * max(map(_width, lines)), *lines[1:]])


def _cell(exercise: ExerciseVerdict) -> str:
    star = "*" if exercise.with_right_helpers else ""
    symbol = SYMBOLS.get(exercise.status)
    return symbol if symbol and not exercise.score else f"{exercise.score:g}{star}"


def _short(name: str) -> str:
    return {"create_mask_from_window": "create_mask"}.get(name, name)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
