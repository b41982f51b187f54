"""Where the known mistakes are, and the student's own lines that are like them."""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from checks.diagnosis import Cause
from checks.evidence import Evidence, GeneralCause
from checks.lines.carriers import CARRIERS, carrying
from checks.lines.statements import Statement, statements
from checks.model import Failure, Observation

TELLING = ("start", "end", "size", "entry", "padded", "picked", "loop", "window", "overwritten")
"""Roles that say what a statement is for, in whatever style a function is written."""

SIZES = ("size", "entry")
"""The roles of statements that only say how much there is of something."""

MOST_ALIKE = 2
"""How many statements of one kind may be meant together, as those of both directions are."""

MOST_LINES = 4
"""Where more lines may be meant, none is pointed at."""


@dataclass(frozen=True)
class Place:
    """Where a mistake is: the role of its statement, and the forms that it takes there."""

    role: str
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Places:
    """Where the mistakes of one exercise are, by the ids of their causes.

    `right` are the forms of statements that correct functions have: they are never pointed at. A
    cause has a tuple of places for each way in which it is written.
    """

    right: frozenset[str] = frozenset()
    of: Mapping[str, tuple[tuple[Place, ...], ...]] = field(default_factory=dict)


NOWHERE = Places()


def with_lines(
    cause: Cause,
    general: GeneralCause | None,
    evidence: Evidence,
    places: Callable[[], Places] = lambda: NOWHERE,
    is_only: bool = True,
) -> Cause:
    """Return a cause with the lines that it points at; as it is where none is sure.

    Where it is not the only one, a line that merely differs from the usual may be another's.
    """
    if cause.lines:
        return cause
    lines = lines_of_failures(failures_of(cause, general, evidence), evidence)
    if not lines and general is None and evidence.function is not None:
        lines = _lines_of_place(places(), cause.id, evidence, is_only)
    return replace(cause, lines=lines)


def _carried(cause: str, evidence: Evidence, is_correct: bool) -> tuple[int, ...]:
    """Return the lines that carry a mistake by the rule of its name, in the cell's own numbers."""
    lines = carrying(cause.partition("/")[2], evidence, is_correct)
    return tuple(number + evidence.first_line - 1 for number in lines)


def lines_of_roles(roles: Set[str], evidence: Evidence, known: Places) -> tuple[int, ...]:
    """Return the lines in these roles that no correct function has, in the cell's own numbers.

    Each role has to lead to one statement; else there are none.
    """
    if evidence.function is None or not roles:
        return ()
    every = statements(evidence.function)
    own = [each for each in every if each.form not in known.right]
    found = _in_roles(own, tuple(Place(role) for role in roles))
    return tuple(sorted({each.line + evidence.first_line - 1 for each in found}))


def _lines_of_place(
    known: Places, cause: str, evidence: Evidence, is_only: bool
) -> tuple[int, ...]:
    """Return the lines that look like the places of a cause, in the cell's own numbers."""
    ways = known.of.get(cause, ())
    if evidence.function is None:
        return ()
    every = statements(evidence.function)
    own = [each for each in every if each.form not in known.right]
    roles = {each.role for each in every}
    found = _by_form(own, ways)
    if not found and is_only:
        found = _by_role(own, ways, roles)
    if not found and (carried := _carried(cause, evidence, not own)):
        return carried
    is_alone = is_only and ways and len({_kind(each) for each in own}) == 1
    if not found and is_alone and len(own) <= MOST_ALIKE:
        # All others are as correct functions have them.
        found = own if _may_be_meant(own, ways, roles) else []
    carried = _carried(cause, evidence, not own)
    if not 0 < len(found) <= MOST_LINES:
        return carried
    lines = dict.fromkeys(each.line + evidence.first_line - 1 for each in found)
    # The rule of a name finds twins that no known way has: the same slice in another line. Where
    # it finds what no correct function has elsewhere, a known way only makes room for that.
    elsewhere = cause.partition("/")[2] in CARRIERS and not {*lines} & {*carried}
    surer = {*lines} < {*carried} or elsewhere
    return carried if carried and surer else tuple(lines)


def _kind(each: Statement) -> str:
    """Return a statement's role, the same for both directions."""
    return re.sub(r"[01](?=@|$)", "", each.role) or str(each.line)


def _by_form(own: list[Statement], ways: Iterable[tuple[Place, ...]]) -> list[Statement]:
    """Return the statements that are what a mistake makes of them, as far as one way goes."""
    forms = [{form for place in way for form in place.forms} for way in ways]
    known = {each.form for each in own}
    whole = [each for each in forms if each and each <= known]
    wanted = max(whole, key=len) if whole else set().union(*forms)
    return [each for each in own if each.form in wanted]


def _by_role(
    own: list[Statement], ways: Iterable[tuple[Place, ...]], roles: Set[str]
) -> list[Statement]:
    """Return the statements in the roles that a mistake is in, however it is written.

    Each role has to lead to one statement, and the ways that do lead anywhere to the same ones. A
    way through statements that look correct, of all the `roles` that there are, leaves it open:
    how far a line is indented can't be seen in its form.
    """
    if _looks_correct(own, ways, roles):
        return []
    found = {statements for way in ways if (statements := _in_roles(own, way))}
    longest = max(found, key=len, default=frozenset())
    alike = all(each <= longest for each in found)
    return sorted(longest, key=lambda each: each.line) if alike else []


def _looks_correct(
    own: list[Statement], ways: Iterable[tuple[Place, ...]], roles: Set[str]
) -> bool:
    """Return whether a way leads through statements only that correct functions have, too."""
    unknown = {each.role for each in own}
    return any({place.role for place in way} <= roles - unknown for way in ways)


def _may_be_meant(own: list[Statement], ways: Iterable[tuple[Place, ...]], roles: Set[str]) -> bool:
    """Return whether the only statements that no correct function has may be the mistake.

    One that reads or works out a size is not, where no way leads through such a one.
    """
    kinds = {place.role.rstrip("0123") for way in ways for place in way}
    others = [
        each
        for each in own
        if each.role.startswith(SIZES) and each.role.rstrip("0123") not in kinds
    ]
    return not others and not _looks_correct(own, ways, roles)


def _in_roles(own: list[Statement], way: tuple[Place, ...]) -> frozenset[Statement]:
    found: set[Statement] = set()
    for role in {place.role for place in way} - {"if"}:
        alike = [each for each in own if role.startswith(TELLING) and each.role == role]
        alike = alike or [each for each in own if role in each.inside]
        if len(alike) != 1:
            return frozenset()
        found.update(alike)
    return frozenset(found)


def lines_of_failures(failures: Iterable[Failure], evidence: Evidence) -> tuple[int, ...]:
    """Return the lines of the function at which it was stopped, in the cell's own numbers.

    A failure's line counts where the function has the text that the failure tells. An assert of
    the student's own only shows that something went wrong before.
    """
    texts = (evidence.source or "").split("\n")
    found = {}
    for failure in failures:
        place = (failure.line or 0) - evidence.first_line
        text = failure.source.strip()
        if (
            text
            and not text.startswith("assert")
            and 0 <= place < len(texts)
            and texts[place].strip().startswith(text)
        ):
            found[failure.line or 0] = None
    return tuple(found)[:MOST_LINES]


def failures_of(
    cause: Cause, general: GeneralCause | None, evidence: Evidence
) -> tuple[Failure, ...]:
    """Return the exceptions that show a cause; none where results or text show it."""
    if general is None:
        return tuple(f for f in evidence.failures if any(p.matches(f) for p in cause.failures))

    def holds(observations: Mapping[str, Observation]) -> bool:
        return general.rule(replace(evidence, observations=observations)) is not None

    if not evidence.failures or holds({}):
        return ()
    alone = ((key, o) for key, o in evidence.observations.items() if o.failure is not None)
    return tuple(o.failure for key, o in alone if o.failure is not None and holds({key: o}))
