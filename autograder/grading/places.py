"""Where in the student's own code an exercise went wrong: lines, and one sentence that says so."""

import ast
import functools
import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from autograder.model import CauseVerdict, CheckVerdict, Line, SubmittedCell
from autograder.reading.student_code import Definition, own_functions
from autograder.reading.submissions import Submission
from autograder.texts import NO_TEXT
from checks import store
from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES
from checks.diagnosis import Cause
from checks.evidence import Evidence
from checks.judge import HELPER_REFUSED, what_was_raised
from checks.lines.in_helpers import in_helper
from checks.lines.places import Places as KnownPlaces
from checks.lines.places import failures_of as shown_by
from checks.model import Failure, ResultStatus
from checks.student_source import parsed
from checks.text import Text

MAX_LINE = 500
"""The most characters of a line that a sandbox reports."""

CELL_LINE = Text("Cell {cell}, line {line}", "第 {cell} 个单元格第 {line} 行")
FILE_LINE = Text("Line {line}", "第 {line} 行")
STOPPED = Text("{place} `{text}`: {what}", "{place} `{text}`：{what}")
FIRST_FAILED = Text(
    "The first check that fails is “{check}”: {detail}",
    "第一个未通过的检查是“{check}”：{detail}",
)
STATUS_WHERE = {
    "missing": Text(
        "The function was not found in the file.",
        "文件中没有找到这个函数。",
    ),
    "not_implemented": Text("The function is not written yet.", "这个函数还没有写。"),
}


class Stop(NamedTuple):
    """The lines at which an exercise stopped, and what Python said at the first of them."""

    lines: tuple[Line, ...] = ()
    what: Text = NO_TEXT


class Places:
    """Finds the lines of one submission's code."""

    def __init__(self, submission: Submission) -> None:
        self._cells = submission.cells
        self._is_notebook = submission.kind == "ipynb"

    def line(self, cell: SubmittedCell, number: int) -> Line | None:
        """Return a line of a cell; None where the cell has no such line."""
        return _line(cell, number, self._is_notebook)

    def of_failure(self, failure: Failure | None, exercise: str) -> tuple[Line, ...]:
        """Return the line at which a function stopped; nothing where it is not sure which.

        A sandbox reports a line's number and text, which can't be trusted: they count where
        a cell has that text in that line.
        """
        if failure is None or failure.line is None or not failure.source.strip():
            return ()
        found = [
            (cell, line)
            for cell in self._cells
            if (line := self.line(cell, failure.line))
            and line.text[:MAX_LINE] == failure.source.strip()
        ]
        name = re.escape(failure.function or exercise)
        defining = [f for f in found if re.search(rf"\bdef[ \t]+{name}\b", f[0].source)]
        # Where a cell is there twice, the last one has defined the function.
        chosen = defining[-1:] or (found if len(found) == 1 else [])
        return tuple(line for _, line in chosen)

    def of_failures(self, failures: Iterable[Failure], exercise: str) -> tuple[Line, ...]:
        """Return the lines at which a function stopped, each once."""
        lines = (line for f in failures for line in self.of_failure(f, exercise))
        return tuple(dict.fromkeys(lines))

    def of_numbers(self, definition: Definition | None, numbers: Iterable[int]) -> tuple[Line, ...]:
        """Return the lines with these numbers of the cell that a function is defined in."""
        cell = self._cells[definition.place] if definition else None
        found = (self.line(cell, number) for number in numbers) if cell else ()
        return tuple(line for line in found if line)

    def of_cause(
        self, cause: Cause, definition: Definition, evidence: Evidence
    ) -> tuple[Line, ...]:
        """Return the lines that a cause points at, in the helper that they only call, if any."""
        line = line_in_helper(cause.id, cause.lines, evidence, self._cells, self._is_notebook)
        return (line,) if line else self.of_numbers(definition, cause.lines)

    def of_syntax_error(self, definition: Definition | None) -> tuple[Line, ...]:
        """Return the line that keeps a function's cell from being Python."""
        if definition is None or not definition.error or definition.error_line is None:
            return ()
        line = self.line(self._cells[definition.place], definition.error_line)
        return (line,) if line else ()

    def stop(
        self,
        failures: Sequence[Failure],
        definition: Definition | None,
        exercise: str,
        right: Set[str] = frozenset(),
    ) -> Stop:
        """Return where an exercise stopped with an error, and what Python said there.

        Where that is in one of the exercises that are `right`, the call of it is to blame.
        """
        own = [
            _at_call(failure, definition, exercise) if failure.function in right else failure
            for failure in failures
            if failure.type != HELPER_REFUSED
        ]
        for failure in own:
            if self.of_failure(failure, exercise):
                return Stop(self.of_failures(own, exercise), what_was_raised(failure))
        error = definition.error if definition else None
        return Stop(self.of_syntax_error(definition), Text(error or ""))


def _line(cell: SubmittedCell, number: int, is_notebook: bool) -> Line | None:
    lines = cell.source.split("\n")
    if not 0 < number <= len(lines):
        return None
    return Line(cell.index if is_notebook else None, number, lines[number - 1].strip())


def line_in_helper(
    cause: str,
    numbers: tuple[int, ...],
    evidence: Evidence,
    cells: Sequence[SubmittedCell],
    is_notebook: bool,
) -> Line | None:
    """Return the line of a student's own helper that lines of an exercise only call, if any."""
    helper = in_helper(cause, numbers, evidence)
    name, number = helper or ("", 0)
    for cell in reversed(cells) if helper else ():
        code = own_functions(cell.source).get(name) if name in cell.source else None
        if code is not None:
            return _line(cell, code.first_line + number - 1, is_notebook)
    return None


def _at_call(failure: Failure, definition: Definition | None, exercise: str) -> Failure:
    """Return a failure of a function at the only line that calls it; else at no line."""
    tree = parsed(definition.source) if definition else None
    calls = {
        node.lineno
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == failure.function
    }
    if definition is None or len(calls) != 1:
        return replace(failure, line=None)
    (line,) = calls
    text = definition.source.split("\n")[line - 1].strip()
    number = line + definition.first_line - 1
    return replace(failure, line=number, source=text[:MAX_LINE], function=exercise)


def where(
    status: ResultStatus,
    checks: Sequence[CheckVerdict],
    stop: Stop,
    causes: Sequence[CauseVerdict] = (),
) -> Text:
    """Say in one sentence where an exercise went wrong; nothing where it is correct."""
    if status == "right":
        return NO_TEXT
    pointed = next((Stop(cause.lines, cause.message) for cause in causes if cause.lines), stop)
    stop = stop if stop.lines[:1] == pointed.lines[:1] else pointed
    if stop.lines:
        line = stop.lines[0]
        place = (FILE_LINE if line.cell is None else CELL_LINE).format(
            cell=(line.cell or 0) + 1, line=line.line
        )
        return STOPPED.format(place=place, text=line.text, what=stop.what)
    if status in STATUS_WHERE:
        return STATUS_WHERE[status]
    failed = next((check for check in checks if not check.passed), None)
    if failed is None:
        return NO_TEXT
    return FIRST_FAILED.format(check=failed.name, detail=failed.detail)


def failures_of(cause: Cause, evidence: Evidence) -> list[Failure]:
    """Return the exceptions that show a cause; none where results or text show it."""
    name = cause.id.partition("/")[2]
    rules = [general for general in GENERAL_CAUSES if general.name == name] or [None]
    return [failure for rule in rules for failure in shown_by(cause, rule, evidence)]


@functools.cache
def known_places(assignment: str, exercise: str) -> Callable[[], KnownPlaces]:
    """Return what reads, once, where the known mistakes of an exercise are."""
    return functools.cache(lambda: store.read_places(store.path_of(assignment), exercise))


def load_places(assignment: str) -> None:
    """Read where the known mistakes of an assignment's exercises are, for processes to share."""
    for exercise in ASSIGNMENTS[assignment].exercises:
        known_places(assignment, exercise.name)()
