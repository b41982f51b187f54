"""Showing the result of a check: rich HTML in Jupyter, plain text elsewhere, in one language."""

import base64
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from checks.diagnosis import Cause
from checks.judge import CheckResult, ExerciseResult
from checks.pictures import three_pictures
from checks.text import Text

TEXTS = {
    "pass": Text("pass", "通过"),
    "fail": Text("FAIL", "未通过"),
    "all_passed": Text(
        "{exercise}: all {count} checks passed", "{exercise}：{count} 项检查全部通过"
    ),
    "some_failed": Text(
        "{exercise}: {failed} of {count} checks failed",
        "{exercise}：{count} 项检查中有 {failed} 项未通过",
    ),
    "not_implemented": Text("{exercise} is not implemented yet.", "{exercise} 还没有实现。"),
    "cause": Text("What the results show", "结果表明"),
    "causes": Text("What the results show, all at once", "结果表明（以下几点同时存在）"),
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

SHOWN_TEXT = 200
LINE_WIDTH = 74
"""Validate's dialog does not wrap lines, so error lines stay below 75 columns."""
MOST_LINES = 3
"""How many lines one sentence may take there."""
# A Chinese character may end a line, unless punctuation follows; other text is broken at spaces.
WORDS = re.compile(r"\s*(?:[\u2e80-\ufffd][，。：；、）》”？！]*|[^\s\u2e80-\ufffd]+)")


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


@dataclass(frozen=True)
class Result:
    """The result of checking one exercise, ready to be displayed.

    `printed` and `warned` are what the function itself said while it was checked.
    """

    result: ExerciseResult
    language: str
    causes: tuple[Cause, ...] = ()
    picture: Picture | None = None
    progress: Progress | None = None
    printed: str = ""
    warned: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return self.result.status == "right"

    @property
    def headline(self) -> str:
        """One line that says how it went."""
        if self.result.status == "not_implemented" and self.causes:
            return self.causes[0].message.in_(self.language)
        checks, status = self.result.checks, self.result.status
        failed = sum(not check.passed for check in checks)
        key = "all_passed" if self.passed else "some_failed"
        key = "not_implemented" if status == "not_implemented" else key
        return self._text(key, exercise=self.result.exercise, failed=failed, count=len(checks))

    def _text(self, key: str, **values: Any) -> str:
        return TEXTS[key].format(**values).in_(self.language)

    def _notes(self) -> Iterable[str]:
        if self.printed.strip():
            yield self._text("printed", text=_shortened(self.printed))
        for warning in self.warned[:3]:
            yield self._text("warned", text=_shortened(warning))

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the result as plain text."""
        if self.result.status == "not_implemented":
            return self.headline
        lines = [self.headline]
        for check in self.result.checks:
            detail = check.detail.in_(self.language)
            word = self._text("pass" if check.passed else "fail")
            lines.append(f"  {word}  {check.name.in_(self.language)}")
            if detail:
                lines.append(f"        {detail}")
        for cause in self.causes:
            lines.append(f"{self._text('cause')}: {cause.message.in_(self.language)}")
            lines.append(f"{self._text('hint')}: {cause.hint.in_(self.language)}")
        lines.extend(self._notes())
        if self.progress:
            lines.append(self._progress_line())
        return "\n".join(lines)

    def _progress_line(self) -> str:
        assert self.progress is not None
        exercises, passed = self.progress.exercises, self.progress.passed
        bar = "".join("■" if name in passed else "□" for name in exercises)
        return f"{self._text('progress', done=len(passed), count=len(exercises))}  {bar}"

    def short_lines(self) -> list[str]:
        """Return a few short lines for a traceback or Validate's dialog."""
        lines = [self.headline]
        if self.result.status != "not_implemented":
            failure = self.result.first_failure
            if failure:
                name = failure.name.in_(self.language)
                lines.append(f"{self._text('fail')}  {name}: {failure.detail.in_(self.language)}")
            lines.extend(cause.message.in_(self.language) for cause in self.causes[:2])
        return [part for line in lines for part in _wrapped(line)]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def html(self) -> str:
        """Return the result as HTML that Jupyter's sanitiser leaves as it is."""
        colour = "#0b6e4f" if self.passed else "#b3261e"
        parts = [
            f'<p style="margin:0 0 6px"><strong>{html.escape(self.headline)}</strong></p>',
            self._checks_html(),
            self._causes_html(),
            self._picture_html(),
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
            f'<div style="border:1px solid #888888;border-left:6px solid {colour};'
            f'padding:8px 12px;max-width:760px">{"".join(parts)}</div>'
        )

    def _checks_html(self) -> str:
        rows = "".join(self._check_html(check) for check in self.result.checks)
        return f'<ul style="list-style:none;margin:0;padding:0">{rows}</ul>'

    def _check_html(self, check: CheckResult) -> str:
        word = html.escape(self._text("pass" if check.passed else "fail"))
        colour = "#0b6e4f" if check.passed else "#b3261e"
        detail = _prose(check.detail.in_(self.language))
        badge = (
            f'<span style="background-color:{colour};color:#ffffff;padding:0 6px;'
            f'font-size:85%">{word}</span>'
        )
        below = f'<br><span style="font-size:92%">{detail}</span>' if detail else ""
        name = _prose(check.name.in_(self.language))
        return f'<li style="margin:2px 0">{badge} {name}{below}</li>'

    def _causes_html(self) -> str:
        if not self.causes:
            return ""
        title = self._text("cause" if len(self.causes) == 1 else "causes")
        parts = [f'<p style="margin:8px 0 2px"><strong>{html.escape(title)}</strong></p>']
        for cause in self.causes:
            message = _prose(cause.message.in_(self.language))
            hint = _prose(cause.hint.in_(self.language))
            parts.append(
                f'<p style="margin:0">{message}</p>'
                f'<details style="margin:0 0 4px"><summary style="display:list-item">'
                f"{html.escape(self._text('hint'))}</summary>{hint}</details>"
            )
        return "".join(parts)

    def _picture_html(self) -> str:
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


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _wrapped(text: str) -> list[str]:
    """Break a line into at most MOST_LINES lines of at most LINE_WIDTH columns."""
    lines = [""]
    for word in WORDS.findall(text):
        if _columns(lines[-1] + word) <= LINE_WIDTH:
            lines[-1] += word
        elif len(lines) < MOST_LINES:
            lines.append(f"  {word.lstrip()}")
        else:
            lines[-1] += "…"
            break
    return [_cut(line) for line in lines]


def _cut(line: str) -> str:
    """Shorten a line that is too wide because of one long word."""
    if _columns(line) <= LINE_WIDTH:
        return line
    while _columns(line) >= LINE_WIDTH:
        line = line[:-1]
    return f"{line}…"


def _prose(text: str) -> str:
    """Return a sentence as HTML, with `code` as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN_TEXT else flat[: SHOWN_TEXT - 1] + "…"
