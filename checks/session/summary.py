"""The table at the end of a notebook: what every exercise has reached, and what is missing."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks import notebook
from checks.judge import ExerciseResult
from checks.session.called import source_of
from checks.show import prose
from checks.text import COMMA, Text, columns_of, html_tag, writable

TEXTS = {
    "exercise": Text("exercise", "练习"),
    "passed": Text("checks passed", "通过的检查"),
    "points": Text("points", "得分"),
    "missing": Text("what is missing", "还差什么"),
    "undefined": Text("it is not defined: run its cell", "还没有定义：请运行它的单元格"),
    "stub": Text("not implemented yet", "还没有实现"),
    "done": Text("nothing", "无"),
    "total": Text("all exercises", "合计"),
    "public": Text(
        "These are the notebook's own checks. The points that count come from fresh numbers, so a "
        "function that fits these numbers alone gets fewer.",
        "这里用的是 notebook 自带的检查。正式评分会换用新的数据，如果函数只对这里的数算得对，"
        "得分会更低。",
    ),
}


def summary(functions: Mapping[str, Any]) -> None:
    """Show what every exercise of the notebook has reached: call ``summary(globals())``.

    It runs the checks anew and raises nothing.
    """
    results: dict[str, ExerciseResult | None] = {}
    exercises = [exercise for a in notebook._assignments() for exercise in a.exercises]
    for exercise in exercises:
        target = functions.get(exercise.name)
        results[exercise.name] = None
        if callable(target):
            source, _ = source_of(target)
            _, results[exercise.name] = notebook._judged(exercise, target, source)
    points = {exercise.name: exercise.points for exercise in exercises}
    notebook._display(Summary(results, points, notebook._course.language))


@dataclass(frozen=True)
class Summary:
    """What all exercises of a notebook have reached; None stands for a function that is absent."""

    results: Mapping[str, ExerciseResult | None]
    points: Mapping[str, float]
    language: str

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return name, checks passed, points and what is missing; the last row adds them up."""
        rows, passed, count, score = [], 0, 0, 0.0
        for name, result in self.results.items():
            checks = () if result is None else result.checks
            good = sum(check.passed for check in checks)
            earned = 0.0 if result is None else result.score
            points = f"{earned:g} / {self.points[name]:g}"
            rows.append((name, f"{good} / {len(checks)}", points, self._missing(result)))
            passed, count, score = passed + good, count + len(checks), score + earned
        undone = [name for name, result in self.results.items() if not _is_right(result)]
        missing = COMMA[self.language].join(undone) or TEXTS["done"].in_(self.language)
        total = TEXTS["total"].in_(self.language)
        reached = f"{score:g} / {sum(self.points.values()):g}"
        return [*rows, (total, f"{passed} / {count}", reached, missing)]

    def _missing(self, result: ExerciseResult | None) -> str:
        if result is None:
            return TEXTS["undefined"].in_(self.language)
        if result.status == "not_implemented":
            return TEXTS["stub"].in_(self.language)
        failed = (check.name.in_(self.language) for check in result.checks if not check.passed)
        return COMMA[self.language].join(failed) or TEXTS["done"].in_(self.language)

    def _heads(self) -> list[str]:
        keys = ("exercise", "passed", "points", "missing")
        return [TEXTS[key].in_(self.language) for key in keys]

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the table as plain text."""
        table = [self._heads(), *self.rows()]
        widths = [max(columns_of(row[place]) for row in table) for place in range(3)]
        lines = []
        for *cells, missing in table:
            padded = [
                cell + " " * (width - columns_of(cell))
                for cell, width in zip(cells, widths, strict=True)
            ]
            lines.append("  ".join([*padded, missing]))
        return "\n".join([*lines, TEXTS["public"].in_(self.language)])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": writable(self.text()), "text/html": self.html()}

    def html(self) -> str:
        """Return the table as HTML."""
        left = 'style="text-align:left"'
        head = "".join(f'<th scope="col" {left}>{html.escape(each)}</th>' for each in self._heads())
        body = "".join(
            f'<tr><th scope="row" {left}>{html.escape(name)}</th>'
            + "".join(f"<td {left}>{_together(prose(cell))}</td>" for cell in cells)
            + "</tr>"
            for name, *cells in self.rows()
        )
        note = html.escape(TEXTS["public"].in_(self.language))
        return (
            f'<div lang="{html_tag(self.language)}"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table><p>{note}</p></div>"
        )


def _together(cell: str) -> str:
    """Keep "3 / 4" on one line."""
    return cell.replace(" / ", "&nbsp;/&nbsp;")


def _is_right(result: ExerciseResult | None) -> bool:
    return result is not None and result.status == "right"
