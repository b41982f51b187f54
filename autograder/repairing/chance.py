"""Which of the causes and lines that a function was told say nothing, as its repair shows."""

import re
from collections.abc import Sequence, Set

from autograder.model import CauseVerdict, Line, Repair
from autograder.repairing.search import ChangedLine
from autograder.repairing.sure import Change, is_coarse
from checks.causes import GENERAL_CAUSES

RETURNED_NAMES = re.compile(r"return \(?\w+(, \w+)*\)?")

_GENERAL = frozenset(general.name for general in GENERAL_CAUSES)


def without_chance(
    known: tuple[CauseVerdict, ...],
    lines: Sequence[ChangedLine],
    changes: Sequence[Change],
    own: Set[Line] = frozenset(),
) -> tuple[CauseVerdict, ...]:
    """Return the causes without those that only happen to give the same results.

    Of thousands of pairs of known mistakes one may happen to give what another mistake gives. Where
    one small change makes every check pass, there are no two mistakes; `own` is the student's line
    that it changes. What is known of that line is the mistake, and nothing of other lines.
    """
    known = tuple(c for c in known if not (c.id.endswith("/none_used") and _without_none(lines)))
    one_small = len(lines) == len(changes) == 1 and not is_coarse(changes)
    if len(known) < 2 or not one_small:
        return known
    by_text = tuple(cause for cause in known if cause.id.partition("/")[2] in _GENERAL)
    # What the text shows of a line that may stay as it is, is no mistake.
    untouched = [cause for cause in by_text if cause.lines and not own & {*cause.lines}]
    if untouched and any(own <= {*cause.lines} for cause in known):
        return tuple(cause for cause in known if cause not in untouched)
    if not by_text:
        return ()
    # Some names are given by the text, or else by the results; these have no line of their own.
    of_line = tuple(cause for cause in by_text if {*cause.lines} == own)
    others = [cause for cause in known if cause not in of_line]
    return known if any(cause.lines for cause in others) else of_line or known


def _without_none(lines: Sequence[ChangedLine]) -> bool:
    """Return whether None comes from none of the lines that a repair changes.

    What a wrong function of the student's own returned is put right before a repair is looked for.
    """
    return bool(lines) and not any(re.search(r"None|\(", line.before) for line in lines)


def lacks_a_name(cause: CauseVerdict) -> bool:
    """Return whether a name has no value: a repair that does without it shows no other mistake."""
    return cause.id.endswith(("/undefined_name", "/used_before_assigned"))


def is_renaming(line: Repair) -> bool:
    """Return whether a repair only gives another name to what a line computes."""
    parts = [text.partition(" = ") for text in (line.text, line.after.strip())]
    names = [left.isidentifier() for left, _, _ in parts]
    return all(names) and parts[0][2] == parts[1][2] != ""


def only_passes_on(line: Line) -> bool:
    """Return whether a line only returns names; what they hold is worked out elsewhere."""
    return RETURNED_NAMES.fullmatch(line.text) is not None
