"""Showing the result of a check: rich HTML in Jupyter, plain text elsewhere, in one language."""

import base64
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from checks.diagnosis import Cause
from checks.drawing.pictures import three_pictures
from checks.drawing.windows import Windows, windows_html
from checks.judge import CheckResult, ExerciseResult
from checks.text import BRACKETED, COLON, ENGLISH, Text, cut_to, html_tag, shortened, writable

PASS, FAIL = Text("pass", "通过"), Text("FAIL", "未通过")
"""What stands beside a check, wherever checks are listed in plain text."""

TEXTS = {
    "pass": PASS,
    "fail": FAIL,
    "all_passed": Text(
        "{exercise}: all {count} checks passed", "{exercise}：{count} 项检查全部通过"
    ),
    "some_failed": Text(
        "{exercise}: {failed} of {count} checks failed",
        "{exercise}：{count} 项检查中有 {failed} 项未通过",
    ),
    "not_implemented": Text("{exercise} is not implemented yet.", "{exercise} 还没有实现。"),
    "first_failed": Text(
        "{exercise}: the check “{check}” fails", "{exercise}：检查“{check}”未通过"
    ),
    "stops": Text(
        "{exercise} stops with an error in line {line}", "{exercise} 在第 {line} 行出错中止"
    ),
    "same": Text("the same error", "同样的错误"),
    "again": Text("the same error as in “{check}”", "与“{check}”的错误相同"),
    "line": Text("Line {line}", "第 {line} 行"),
    "helper_line": Text("Line {line}, in `{name}`", "`{name}` 第 {line} 行"),
    "look": Text("Look at this first:", "先看这里："),
    "hint": Text("Hint", "提示"),
    "printed": Text("It printed: {text}", "函数打印了：{text}"),
    "warned": Text("Warning: {text}", "警告：{text}"),
    "expected": Text("expected", "应为"),
    "got": Text("got", "得到"),
    "difference": Text("difference", "差异"),
    "picture": Text(
        "The same function on a ramp with a bright square (first image, first channel):",
        "同一个函数作用在一张带亮方块的渐变图上（第一个样本的第一个通道）：",
    ),
    "alt": Text(
        "{which}, shape {shape}, values from {low} to {high}",
        "{which}，形状 {shape}，取值从 {low} 到 {high}",
    ),
    "progress": Text("Progress: {done} of {count}", "进度：{done} / {count}"),
}

LINE_WIDTH = 74
"""Validate's dialog does not wrap lines, so error lines stay below 75 columns."""
# VS Code gives code in an output the font of its text.
_MONOSPACED = "var(--jp-code-font-family,var(--vscode-editor-font-family,monospace))"
CODE = f'<code style="font-family:{_MONOSPACED}">'
MOST_QUOTED = 3
"""How many of the student's own lines are quoted for one cause."""


@dataclass(frozen=True)
class Picture:
    """What the function made of a readable input, beside the correct answer."""

    got: Any
    expected: Any


@dataclass(frozen=True)
class Progress:
    """Which exercises have passed so far in this session."""

    exercises: tuple[str, ...]
    passed: frozenset[str]


class HelperLine(NamedTuple):
    """A line of a student's own helper: its number in the helper's cell, and its text."""

    name: str
    line: int
    text: str


@dataclass(frozen=True)
class Result:
    """The result of checking one exercise, ready to be displayed.

    `printed` and `warned` are what the function itself said while it was checked, `code` its own
    lines by their number in the cell. `pointed` are those to look at where no cause is named,
    `helpers` those of the student's own helpers that the lines of a cause only call, by its id.
    """

    result: ExerciseResult
    language: str
    causes: tuple[Cause, ...] = ()
    picture: Picture | None = None
    progress: Progress | None = None
    printed: str = ""
    warned: tuple[str, ...] = ()
    code: Mapping[int, str] = field(default_factory=dict)
    windows: Windows | None = None
    pointed: tuple[int, ...] = ()
    helpers: Mapping[str, HelperLine] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return self.result.status == "right"

    @property
    def headline(self) -> str:
        """One line that says how it went."""
        if self._unwritten and self.causes:
            return self.causes[0].message.in_(self.language)
        checks = self.result.checks
        failed = sum(not check.passed for check in checks)
        key = "all_passed" if self.passed else "some_failed"
        key = "not_implemented" if self._unwritten else key
        return self._text(key, exercise=self.result.exercise, failed=failed, count=len(checks))

    @property
    def _unwritten(self) -> bool:
        return self.result.status == "not_implemented"

    @property
    def _ends_all(self) -> int:
        """The line whose one error ends every check, 0 where there is none."""
        first = self.result.first_failure
        others = [each for each in self.result.checks if not each.gate and each is not first]
        if first is None or not first.line:
            return 0
        alike = all(each.line == first.line and _is_like(each, first) for each in others)
        return first.line if alike else 0

    def _text(self, key: str, **values: Any) -> str:
        return TEXTS[key].format(**values).in_(self.language)

    def _labelled(self, label: str, text: Text) -> str:
        return label + COLON[self.language] + text.in_(self.language)

    def _what(self, check: CheckResult) -> str:
        """Return what is wrong where no cause is named: a check, or the line that ends them all."""
        if self._ends_all:
            return self._text("stops", exercise=self.result.exercise, line=self._ends_all)
        name = check.name.in_(self.language)
        return self._text("first_failed", exercise=self.result.exercise, check=name)

    def _lines(self, numbers: tuple[int, ...]) -> Iterator[tuple[str, str]]:
        """Yield some lines of the cell: the label with the number, and the text."""
        for number in numbers[:MOST_QUOTED]:
            if self.code.get(number, "").strip():
                yield self._text("line", line=number), self.code[number].strip()

    def _lines_of(self, cause: Cause) -> Iterator[tuple[str, str]]:
        """Yield the lines that a cause points at, or the helper's line that they only call."""
        helper = self.helpers.get(cause.id)
        if helper is None:
            yield from self._lines(cause.lines)
        else:
            yield self._text("helper_line", **helper._asdict()), helper.text.strip()

    def _detail(self, check: CheckResult) -> str:
        """Return what is said of a check beside the first failed one: nothing twice."""
        first = self.result.first_failure
        if first and self._ends_all and _is_like(check, first):
            return self._text("same")
        if first and check is not first and _is_like(check, first):
            return self._text("again", check=first.name)
        return check.detail.in_(self.language)

    def _notes(self) -> Iterable[str]:
        if self.printed.strip():
            yield self._text("printed", text=shortened(self.printed))
        for warning in self.warned[:3]:
            yield self._text("warned", text=shortened(warning))

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the result as plain text: what is wrong comes first."""
        if self._unwritten:
            return self.headline
        lines, first = [], self.result.first_failure
        for cause in self.causes:
            lines.append(cause.message.in_(self.language))
            lines.extend(f"  {label}  {text}" for label, text in self._lines_of(cause))
            lines.append(f"  {self._labelled(self._text('hint'), cause.hint)}")
        if first:
            lines.append(self._line_of(first, leads=True))
            lines.extend(f"        {label}  {text}" for label, text in self._lines(self.pointed))
            lines.append(f"        {first.detail.in_(self.language)}")
        lines.extend([self.headline] if self.result.checks else [])
        for check in self.result.checks:
            if check is not first or self._ends_all:
                lines.append(f"  {self._line_of(check)}")
                detail = self._detail(check)
                lines.extend([f"          {detail}"] if detail else [])
        lines.extend(self._notes())
        if self.progress:
            lines.append(self._progress_line())
        return "\n".join(lines)

    def _line_of(self, check: CheckResult, leads: bool = False) -> str:
        return f"{self._text('pass' if check.passed else 'fail')}  {self._name(check, leads)}"

    def _name(self, check: CheckResult, leads: bool) -> str:
        """Return the name of a check, or what stands first where one line ends them all."""
        return self._what(check) if leads and self._ends_all else check.name.in_(self.language)

    def _progress_line(self) -> str:
        assert self.progress is not None
        exercises, passed = self.progress.exercises, self.progress.passed
        bar = "".join("■" if name in passed else "□" for name in exercises)
        return f"{self._text('progress', done=len(passed), count=len(exercises))}  {bar}"

    def one_line(self) -> str:
        """Return the line that stands under the box, and alone in Validate's dialog."""
        first = self.result.first_failure
        if self._unwritten or not (self.causes or first):
            return cut_to(LINE_WIDTH, self.headline)
        if not self.causes:
            assert first is not None
            return cut_to(LINE_WIDTH, self._what(first))
        where = next((label for label, _ in self._lines_of(self.causes[0])), "")
        number = BRACKETED.format(text=where).in_(self.language) if where else ""
        return cut_to(
            LINE_WIDTH, self._labelled(self.result.exercise + number, self.causes[0].message)
        )

    def all_lines(self) -> list[str]:
        """Return what a program reads of a failure: how it went, the first failure, the causes."""
        lines = [self.headline] if self.result.checks or self._unwritten else []
        if not self._unwritten:
            first = self.result.first_failure
            lines.extend([self._labelled(self._line_of(first), first.detail)] if first else [])
            lines.extend(cause.message.in_(self.language) for cause in self.causes[:2])
        return lines

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": writable(self.text()), "text/html": self.html()}

    def html(self) -> str:
        """Return the result as HTML that Jupyter's sanitiser leaves as it is."""
        colour = "#0b6e4f" if self.passed else "#b3261e"
        parts = [
            self._causes_html(),
            self._first_html(),
            self._picture_html(),
            self._checks_html(),
        ]
        parts.extend(f'<p style="margin:6px 0 0">{html.escape(note)}</p>' for note in self._notes())
        if self.progress:
            names = " · ".join(
                f"✓&nbsp;{name}" if name in self.progress.passed else name
                for name in self.progress.exercises
            )
            parts.append(
                '<p style="margin:8px 0 0;font-size:90%">'
                f"{html.escape(self._progress_line())}<br><small>{names}</small></p>"
            )
        return (
            f'<div lang="{html_tag(self.language)}" '
            f'style="border:1px solid #888888;border-left:6px solid {colour};'
            f'padding:8px 12px;max-width:760px">{"".join(parts)}</div>'
        )

    def _causes_html(self) -> str:
        parts = []
        for cause in self.causes:
            message = prose(cause.message.in_(self.language))
            hint = prose(cause.hint.in_(self.language))
            quoted = self._quoted_html(self._lines_of(cause))
            parts.append(
                f'<p style="margin:0 0 2px"><strong>{message}</strong></p>{quoted}'
                f'<details style="margin:0 0 8px"><summary style="display:list-item">'
                f"{html.escape(self._text('hint'))}</summary>{hint}</details>"
            )
        return "".join(parts)

    def _quoted_html(self, lines: Iterable[tuple[str, str]]) -> str:
        return "".join(
            f'<div style="margin:2px 0;border-left:3px solid #888888;padding:0 8px">'
            f'<span style="font-size:85%">{prose(label)}</span> '
            f"{CODE}{html.escape(text)}</code></div>"
            for label, text in lines
        )

    def _first_html(self) -> str:
        """Return the first failed check with its numbers; it leads where no cause is named."""
        first = self.result.first_failure
        if first is None or self._unwritten:
            return ""
        if self.causes:
            return f'<div style="margin:2px 0">{self._check_html(first, leads=True)}</div>'
        detail = prose(first.detail.in_(self.language))
        what = html.escape(self._what(first))
        quoted = self._quoted_html(self._lines(self.pointed))
        look = f"<div>{html.escape(self._text('look'))}</div>{quoted}" if quoted else ""
        return f'<p style="margin:0 0 2px"><strong>{what}</strong></p>{look}<div>{detail}</div>'

    def _checks_html(self) -> str:
        first = self.result.first_failure
        if not self.result.checks:
            return ""
        rows = "".join(
            f'<li style="margin:2px 0">{self._check_html(check)}</li>'
            for check in self.result.checks
            if check is not first or self._ends_all
        )
        headline = html.escape(self.headline)
        listed = f'<ul style="list-style:none;margin:0;padding:0">{rows}</ul>'
        if self.passed or not rows:
            return (
                f'<p style="margin:6px 0"><strong>{headline}</strong></p>{listed if rows else ""}'
            )
        return (
            '<details style="margin:6px 0 0"><summary style="display:list-item">'
            f"{headline}</summary>{listed}</details>"
        )

    def _check_html(self, check: CheckResult, leads: bool = False) -> str:
        name = prose(self._name(check, leads))
        detail = prose(check.detail.in_(self.language) if leads else self._detail(check))
        word = html.escape(self._text("pass" if check.passed else "fail"))
        colour = "#0b6e4f" if check.passed else "#b3261e"
        badge = (
            f'<span style="background-color:{colour};color:#ffffff;padding:0 6px;'
            f'font-size:85%">{word}</span>'
        )
        below = f'<br><span style="font-size:92%">{detail}</span>' if detail else ""
        return f"{badge} {name}{below}"

    def _picture_html(self) -> str:
        if self.windows is not None:
            return windows_html(self.windows, self.language)
        if self.picture is None:
            return ""
        pictures = three_pictures(self.picture.got, self.picture.expected)
        if pictures is None:
            return ""
        cells = []
        for key, image, value in zip(
            ("expected", "got", "difference"),
            pictures,
            (self.picture.expected, self.picture.got, None),
            strict=True,
        ):
            if image:
                cells.append(self._image_html(key, image, value))
        note = html.escape(self._text("picture"))
        return f'<p style="margin:8px 0 2px">{note}</p><div>{"".join(cells)}</div>'

    def _image_html(self, key: str, image: bytes, value: Any) -> str:
        which = self._text(key)
        alt = which
        if value is not None:
            import numpy as np

            array = np.asarray(value, dtype=float)
            alt = self._text(
                "alt",
                which=which,
                shape=array.shape,
                low=f"{np.nanmin(array):.3g}",
                high=f"{np.nanmax(array):.3g}",
            )
        data = base64.b64encode(image).decode()
        return (
            '<figure style="display:inline-block;margin:0 12px 0 0">'
            f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt)}" '
            'style="border:1px solid #888888">'
            f'<figcaption style="font-size:85%">{html.escape(which)}</figcaption></figure>'
        )


def _is_like(check: CheckResult, first: CheckResult) -> bool:
    """Return whether a check ended as `first` did, in an exception: the shapes may be others."""
    said = {re.sub(r"\d+", "#", each.detail[ENGLISH]) for each in (check, first)}
    ended = not (check.passed or check.gate or check.difference or first.difference)
    return ended and len(said) == 1


def prose(text: str) -> str:
    """Return a sentence as HTML, with `code` as code."""
    return re.sub(r"`([^`]+)`", rf"{CODE}\1</code>", html.escape(text))
