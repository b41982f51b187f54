"""Adds to a verdict, when all marks are decided, the line of which a change is the repair.

Where nothing else names the mistake, or a second one in another line, the kind of that change does.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from autograder.grading.guard import limited_cpu
from autograder.grading.places import Stop, line_in_helper, where
from autograder.model import (
    CauseVerdict,
    ExerciseVerdict,
    Line,
    Repair,
    SubmittedCell,
    Verdict,
)
from autograder.pages.repair_kinds import is_named_by_repair
from autograder.reading.student_code import Code as Shown
from autograder.reading.student_code import (
    Part,
    other_functions,
    own_functions,
    parse,
    python_of,
    runnable_parts,
)
from autograder.repairing.chance import (
    is_renaming,
    lacks_a_name,
    only_passes_on,
    without_chance,
)
from autograder.repairing.code import lines_in, plain_text
from autograder.repairing.naming import changes_of, named
from autograder.repairing.repair import Repairer, Wanted
from autograder.repairing.search import MOST_LINES, ChangedLine, Search
from autograder.repairing.sure import SAYS_NO_MORE, Change
from autograder.repairing.trace.told import place_of, with_first_wrong
from autograder.sandbox import Sandbox, SandboxError
from autograder.status import ExerciseStatus, Status
from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES
from checks.evidence import Evidence
from checks.lines.carriers import RULES
from checks.lines.in_helpers import KINDS as IN_HELPERS
from checks.text import COMMA, ENGLISH, Text, joined
from solutions.catalogue import load

SECONDS = 3.0
"""The most CPU seconds for one function."""

MOST_SECONDS = 60.0
"""CPU seconds after which all functions of a submission are given up, whatever takes so long."""

MOST_CHARACTERS = 8_000
"""The longest function whose edits are tried."""

MOST_SAID = 3
"""How many lines a sentence quotes."""

WENT_WRONG = (ExerciseStatus.WRONG, ExerciseStatus.ERROR, ExerciseStatus.TIMEOUT)

PROVED = Text(
    "{places}: a change here makes every check pass.",
    "{places}：改对这里，所有检查就都能通过。",
)
ADDED = Text(
    "{places}: something is missing below; with it every check passes.",
    "{places}：这一行下面缺少了内容，补上之后所有检查都能通过。",
)

LAST_NAMES = frozenset(general.name for general in GENERAL_CAUSES if general.last)
"""What is named where nothing else is: the text makes it likely, and a repair may show more."""

QUOTING = frozenset(
    general.name
    for general in GENERAL_CAUSES
    if not general.last
    and any(part in general.message[ENGLISH] for part in ("{code}", "({names})"))
)
"""What is said of a line, which it quotes: a change may help elsewhere, too."""

Key = tuple[str, str]
"""An exercise, and the plain text of a function."""


@dataclass(frozen=True)
class Function:
    """A wrong function of a submission: its text, and where in which cell it begins."""

    verdict: ExerciseVerdict
    cell: SubmittedCell
    shown: Shown
    text: str
    """The plain text, which functions of one syntax tree share."""

    @property
    def key(self) -> Key:
        """What functions that need the same repair have in common."""
        return self.verdict.name, self.text


def wrong_functions(verdict: Verdict) -> Iterator[Function]:
    """Yield the functions of a submission that went wrong and that can be read."""
    if verdict.status is not Status.GRADED:
        return
    names = [exercise.name for exercise in verdict.exercises]
    for exercise in verdict.exercises:
        unread = any(cause.id.endswith("/syntax_error") for cause in exercise.diagnosis)
        if exercise.status not in WENT_WRONG or unread:
            continue
        found = _last_definition(verdict.cells, exercise.name, names)
        if found is None:
            continue
        cell, shown = found
        try:
            yield Function(exercise, cell, shown, plain_text(shown.text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def without_repair(verdict: Verdict) -> list[Function]:
    """Return the wrong functions of which no repair is known.

    The line of an exception is no proof: it is where the mistake shows, which may be elsewhere.
    """
    return [f for f in wrong_functions(verdict) if not f.verdict.repair]


def _last_definition(
    cells: Sequence[SubmittedCell], name: str, names: Sequence[str]
) -> tuple[SubmittedCell, Shown] | None:
    for cell in reversed(cells):
        whole = not isinstance(parse(python_of(cell.source)), SyntaxError)
        parts = [Part(cell.source)] if whole else runnable_parts(cell.source, names)
        for part in reversed(parts):
            shown = own_functions(part.source).get(name)
            if shown is not None:
                if len(shown.text) > MOST_CHARACTERS:
                    return None
                return cell, Shown(shown.text, shown.first_line + part.above)
    return None


@dataclass(frozen=True)
class Found:
    """What is known of a wrong function: the lines of its repair, and what kinds of changes it is.

    Lines are those of the function's plain text; `traced` are those that a trace shows.
    """

    lines: tuple[ChangedLine, ...] = ()
    changes: tuple[Change, ...] = ()
    traced: tuple[int, ...] = ()


@dataclass
class Explainer:
    """Repairs the functions of verdicts, those of one syntax tree once.

    `cpu_seconds` is what it has used, in the sandbox and here.
    """

    sandbox: Sandbox
    seconds: float = SECONDS
    cpu_seconds: float = 0.0
    found: dict[Key, Found] = field(default_factory=dict)
    _repairers: dict[tuple[str, int], Repairer] = field(default_factory=dict)

    def explained(self, verdict: Verdict) -> Verdict:
        """Return a verdict with the lines of all its functions that can be repaired."""
        functions = without_repair(verdict)
        self.search(verdict, functions)
        return self.with_known(verdict, functions)

    def search(self, verdict: Verdict, functions: Iterable[Function]) -> list[Search]:
        """Search for the repair of functions of one submission, where it is not known."""
        new = {f.key: f for f in functions if f.key not in self.found}
        if not new:
            return []
        assignment = ASSIGNMENTS[verdict.assignment]
        repairer = self._repairers.setdefault(
            (verdict.assignment, verdict.seed),
            Repairer(self.sandbox, load(verdict.assignment), assignment, verdict.seed),
        )
        wanted = [
            Wanted(
                assignment.exercise(function.verdict.name),
                function.text,
                frozenset(cause.id for cause in function.verdict.diagnosis),
            )
            for function in new.values()
        ]
        wrong = [e.name for e in verdict.exercises if e.status is not ExerciseStatus.RIGHT]
        try:
            with limited_cpu(MOST_SECONDS):
                searches = repairer.repair(verdict.cells, wanted, wrong, self.seconds)
                found = [
                    Found(s.lines, changes_of(s.code.text, s.repaired), s.first_wrong)
                    for s in searches
                ]
        except SandboxError:
            raise
        except Exception:
            # Code that can't be searched costs nobody a line but its author.
            logging.getLogger(__name__).exception("%s", verdict.file)
            self.found |= dict.fromkeys(new, Found())
            self.cpu_seconds += self.seconds
            return []
        self.found |= dict(zip(new, found, strict=True))
        self.cpu_seconds += sum(search.cpu_seconds for search in searches)
        return searches

    def with_known(self, verdict: Verdict, functions: Iterable[Function]) -> Verdict:
        """Return a verdict with what is known of these functions of it."""
        is_notebook = not verdict.file.endswith(".py")
        better: dict[str, ExerciseVerdict] = {}
        for function in functions:
            found = self.found.get(function.key, Found())
            repair = _in_cell(function, found.lines, is_notebook)
            if len(found.lines) > MOST_LINES:
                lines = [_line(function, number, is_notebook) for number in found.traced]
                exercise = with_first_wrong(function.verdict, lines)
                better[function.verdict.name] = replace(exercise, repair=repair)
            elif repair:
                causes = _causes(function, found, is_notebook)
                exercise = replace(function.verdict, diagnosis=causes)
                told = {
                    _line(function, number, is_notebook)
                    for one in named(found.changes)
                    for number in one.lines
                }
                proof = ADDED if all(line.is_addition for line in found.lines) else PROVED
                if not _is_in_helper(function, causes):
                    exercise = _with_repair(exercise, repair, told, proof)
                exercise = _with_helper(exercise, function, verdict)
                better[function.verdict.name] = replace(exercise, repair=repair)
            elif found.traced:
                lines = [_line(function, number, is_notebook) for number in found.traced]
                better[function.verdict.name] = with_first_wrong(function.verdict, lines)
        exercises = tuple(better.get(e.name, e) for e in verdict.exercises)
        return replace(verdict, exercises=exercises)


def explained(sandbox: Sandbox, verdict: Verdict) -> Verdict:
    """Return a verdict with lines; raises SandboxError where the sandbox fails."""
    return Explainer(sandbox).explained(verdict)


def _in_cell(
    function: Function, changes: Sequence[ChangedLine], is_notebook: bool
) -> tuple[Repair, ...]:
    """Return the lines of a cell that changed lines of the function's plain text stand for."""
    numbers = lines_in(function.shown.text)
    lines = function.cell.source.split("\n")
    found: dict[int, Repair] = {}
    for change in changes:
        number = numbers[change.number] + function.shown.first_line - 1
        cell = function.cell.index if is_notebook else None
        after = change.after.rstrip()
        if number in found:
            after = f"{found[number].after}\n{after}"
        found[number] = Repair(cell, number, lines[number - 1].strip(), after)
    return tuple(found.values())


def _causes(function: Function, found: Found, is_notebook: bool) -> tuple[CauseVerdict, ...]:
    """Return the causes of a mistake, those included that its repair shows.

    What is named for sure needs no more. Of suspicions those stay whose line the repair changes.
    """
    own = {_line(function, line.number, is_notebook) for line in found.lines}
    known = without_chance(function.verdict.diagnosis, found.lines, found.changes, own)
    shown = [
        CauseVerdict(
            f"{function.verdict.name}/{one.kind}",
            one.message,
            one.hint,
            tuple(_line(function, number, is_notebook) for number in one.lines),
        )
        for one in named(found.changes)
    ]
    if any(not _is_suspicion(cause) for cause in known):
        return (*known, *_beside(known, shown))
    changed = {line for cause in shown for line in cause.lines}
    kept = [
        c for c in known if not shown or not c.lines or _told_by_itself(c) or changed & {*c.lines}
    ]
    told = {line for cause in kept for line in cause.lines}
    return (*kept, *(cause for cause in shown if not told >= {*cause.lines}))


def _beside(
    known: tuple[CauseVerdict, ...], shown: Sequence[CauseVerdict]
) -> Iterator[CauseVerdict]:
    """Yield what a repair shows of other lines than those of the causes that are named for sure.

    It does so where it changes the line of each of these, too, and so agrees with them.
    """
    told = {line for cause in known for line in cause.lines}
    changed = {line for cause in shown for line in cause.lines}
    if all(changed & {*cause.lines} and not lacks_a_name(cause) for cause in known):
        for cause in shown:
            # Another range is how a repair undoes what is named already.
            if not told & {*cause.lines} and cause.id.partition("/")[2] not in SAYS_NO_MORE:
                yield cause


def _with_helper(
    exercise: ExerciseVerdict, function: Function, verdict: Verdict
) -> ExerciseVerdict:
    """Return a verdict with the line of the student's own helper, where the mistake is in that."""
    if len(exercise.diagnosis) != 1 or not exercise.lines:
        return exercise
    only = exercise.diagnosis[0]
    names = [each.name for each in verdict.exercises]
    helpers = other_functions([cell.source for cell in verdict.cells], names)
    first = function.shown.first_line
    evidence = Evidence("wrong", {}, function.shown.text, first_line=first, helpers=helpers)
    numbers = tuple(line.line for line in exercise.lines)
    is_notebook = not verdict.file.endswith(".py")
    line = line_in_helper(only.id, numbers, evidence, verdict.cells, is_notebook)
    if line is None:
        return exercise
    causes = (replace(only, lines=(line,)),)
    text = where("wrong", exercise.checks, Stop(), causes)
    return replace(exercise, lines=(line,), where=text, diagnosis=causes)


def _is_in_helper(function: Function, causes: Sequence[CauseVerdict]) -> bool:
    """Return whether the only cause points at a helper that the function calls."""
    first = function.shown.first_line
    own = range(first, first + function.shown.text.count("\n") + 1)
    return len(causes) == 1 and any(
        line.line not in own and causes[0].id.partition("/")[2] in IN_HELPERS
        for line in causes[0].lines
    )


def _is_suspicion(cause: CauseVerdict) -> bool:
    return cause.id.partition("/")[2] in LAST_NAMES


def _is_quoting(cause: CauseVerdict) -> bool:
    return cause.id.partition("/")[2] in QUOTING


def _has_own_rule(cause: CauseVerdict) -> bool:
    """Return whether a rule of the name finds the line; a change elsewhere may undo the mistake."""
    return cause.id.partition("/")[2] in RULES


def _told_by_itself(cause: CauseVerdict) -> bool:
    """Return whether the student's own line ended the function: no repair is needed to see it."""
    return cause.id.endswith(("/own_refusal", "/own_assert"))


def _line(function: Function, number: int, is_notebook: bool) -> Line:
    """Return the student's own line that a line of the function's plain text stands for."""
    own = lines_in(function.shown.text)[number] + function.shown.first_line - 1
    text = function.cell.source.split("\n")[own - 1].strip()
    return Line(function.cell.index if is_notebook else None, own, text)


def _with_repair(
    exercise: ExerciseVerdict, repair: tuple[Repair, ...], told: Set[Line], proof: Text
) -> ExerciseVerdict:
    """Return a verdict with the lines of its repair; `told` are those that its changes are about.

    With one cause, what is changed is what it is about, unless it quotes a line of its own. What
    the text shows may be more.
    """
    needed = [line for line in repair if not is_renaming(line)] or repair
    lines = tuple(Line(line.cell, line.line, line.text) for line in needed)
    diagnosis, repaired = exercise.diagnosis, lines
    if len(diagnosis) == 1:
        only = diagnosis[0]
        is_confirmed = _is_suspicion(only) and bool({*lines, *told} & {*only.lines})
        elsewhere = _has_own_rule(only) and not {*lines} <= {*only.lines}
        by_rule = _is_quoting(only) or is_named_by_repair(only) or elsewhere
        # A name that nothing defines is where it is read, whatever else a repair changes.
        by_rule = by_rule or only.id.endswith("/undefined_name")
        by_rule = by_rule or all(map(only_passes_on, lines))
        if is_confirmed or (only.lines and by_rule):
            lines = only.lines
        diagnosis = (replace(only, lines=lines),)
    elif all(c.lines and (_is_quoting(c) or _has_own_rule(c)) for c in diagnosis) and diagnosis:
        lines = exercise.lines
    where = exercise.where
    # The sentence is about the first line that was known.
    if not set(exercise.lines[:1]) & set(lines):
        proof = proof if lines == repaired else PROVED
        where = proof.format(places=joined([place_of(line) for line in lines[:MOST_SAID]], COMMA))
    return replace(exercise, lines=lines, where=where, diagnosis=diagnosis, repair=repair)
