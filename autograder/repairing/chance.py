"""Which of the causes that were named is only a chance, as the repair of a function shows."""

from collections.abc import Sequence

from autograder.model import CauseVerdict
from autograder.repairing.search import ChangedLine
from autograder.repairing.sure import Change, is_coarse
from checks.causes import GENERAL_CAUSES

_GENERAL = frozenset(general.name for general in GENERAL_CAUSES)


def without_chance(
    known: tuple[CauseVerdict, ...], lines: Sequence[ChangedLine], changes: Sequence[Change]
) -> tuple[CauseVerdict, ...]:
    """Return the causes without two that were found together by the results alone.

    Of thousands of pairs of known mistakes one may happen to give what another mistake gives. Where
    one small change makes every check pass, there are no two mistakes.
    """
    by_results = all(cause.id.partition("/")[2] not in _GENERAL for cause in known)
    one_small = len(lines) == len(changes) == 1 and not is_coarse(changes)
    return () if len(known) > 1 and by_results and one_small else known


def lacks_a_name(cause: CauseVerdict) -> bool:
    """Return whether a name has no value: a repair that does without it shows no other mistake."""
    return cause.id.endswith(("/undefined_name", "/used_before_assigned"))
