"""Naming misconceptions: a wrong result is compared with the results of known wrong functions.

A misconception is named only when its whole signature (checks.fingerprint) agrees, so nothing is
named that the inputs cannot tell apart. The signatures of the known wrong functions are stored or
computed by the grader; this module does not know where they come from.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from checks.fingerprint import NOTHING, Imprint, Parts, Signature, Slot, signature
from checks.model import Exercise, Failure, Observation
from checks.text import Text


@dataclass(frozen=True)
class FailurePattern:
    """An exception that has only one cause: its type, and what message and own line must match."""

    type: str
    message: str = ""
    source: str = ""

    def matches(self, failure: Failure) -> bool:
        """Return whether `failure` is the exception described."""
        return (
            re.fullmatch(self.type, failure.type) is not None
            and re.search(self.message, failure.message) is not None
            and re.search(self.source, failure.source) is not None
        )


@dataclass(frozen=True)
class Cause:
    """A named misconception as it is shown: `id` is ``<exercise>/<snake_case_cause>``.

    `code` is a pattern that the function's text has (as student_source.plain_code gives it) where
    this is the cause: it helps where other mistakes give the same results, or where the mistake
    mostly ends in an error. Of causes that the results can't tell apart, the one with the largest
    `weight` is meant: it is the most common one. `lines` are the student's own, by their number in
    the cell, that the cause points at; none where none is sure.
    """

    id: str
    message: Text
    hint: Text
    failures: tuple[FailurePattern, ...] = ()
    equivalent: tuple[str, ...] = ()
    code: str = ""
    weight: int = 1
    lines: tuple[int, ...] = ()


Entries = Sequence[tuple[tuple[str, ...], Signature]]
"""The ids of causes that come together, and the signature that they produce."""


@dataclass(frozen=True)
class WrongAnswers:
    """The signatures of the known wrong functions of one exercise.

    `entries` pairs the ids of one or two causes with the signature that they produce; `right` is
    the signature of a correct function. `more` gives combinations that are looked at only where
    none of the entries agrees: there are thousands. Where signatures are computed when they are
    asked for, `sizes` tells how large the inputs of a case are, and `alone` has the signature of
    each part of a combination.
    """

    causes: Mapping[str, Cause]
    right: Signature
    entries: Entries
    more: Callable[[], Entries] = tuple
    sizes: Mapping[str, int] = field(default_factory=dict)
    alone: Mapping[str, Signature] = field(default_factory=dict)


def diagnose(
    exercise: Exercise,
    observations: Mapping[str, Observation],
    wrong: WrongAnswers,
    code: str | None = None,
) -> tuple[Cause, ...]:
    """Name the causes of a wrong result, or nothing where no known cause explains all of it.

    `code` is the function's plain text, where it is known.
    """
    seen = signature(exercise, observations)
    known = _without_contradicted(code, wrong)
    wrong = _without_told_by_line(observations, known)
    parts = {case.name: case.part for case in exercise.cases}
    told = _told_by_failures(observations, known)
    named = _match_exactly(seen, told, wrong, parts)
    if not named and (more := wrong.more()):
        everything = replace(wrong, entries=[*wrong.entries, *more])
        named = _match_exactly(seen, told, everything, parts)
    named = named or _match_but_for_failures(seen, wrong)
    named = named or _match_by_code(seen, known)
    return tuple(wrong.causes[name] for name in named)


def _without_contradicted(code: str | None, wrong: WrongAnswers) -> WrongAnswers:
    """Leave out the causes that the function's text would show, where it does not show them.

    Where the text is not known it shows nothing.
    """
    shown = {
        name: cause
        for name, cause in wrong.causes.items()
        if not cause.code or (code is not None and re.search(cause.code, code))
    }
    return replace(_without(wrong, wrong.causes.keys() - shown.keys()), causes=shown)


def _without(wrong: WrongAnswers, ids: Set[str]) -> WrongAnswers:
    def left(entries: Entries) -> Entries:
        return [entry for entry in entries if ids.isdisjoint(entry[0])]

    return replace(wrong, entries=left(wrong.entries), more=lambda: left(wrong.more()))


def _without_told_by_line(
    observations: Mapping[str, Observation], wrong: WrongAnswers
) -> WrongAnswers:
    """Leave out the causes that the failing line reveals, where every line is known.

    Where every call fails, the same words may have another reason.
    """
    failures = [observation.failure for observation in observations.values()]
    if not all(failure and failure.source for failure in failures):
        return wrong
    return _without(wrong, {cause.id for cause in wrong.causes.values() if cause.failures})


def _match_exactly(
    seen: Signature,
    told: Mapping[str, str],
    wrong: WrongAnswers,
    parts: Mapping[str, str],
) -> tuple[str, ...]:
    """Match every number and the words of every exception."""
    return (
        _match(seen, wrong)
        or _match_with_failures(seen, told, wrong)
        # Independent mistakes in independent parts: outputs, or modes.
        or _match_by(seen, wrong, lambda slot: slot[1])
        or _match_by(seen, wrong, lambda slot: parts[slot[0]])
    )


def _match(
    seen: Signature,
    wrong: WrongAnswers,
    same: Callable[[Imprint, Imprint], bool] = Imprint.agrees,
    elsewhere: Signature | None = None,
) -> tuple[str, ...]:
    """Return the causes of the simplest entry that is the `same` everywhere, if visible here.

    Only slots that the wrong answers know are compared. A refused call proves nothing by itself,
    and an exception, which ends the function at the first mistake, does not prove several.
    Entries that explain `elsewhere`, too, or change nothing there, are preferred; one that would
    go wrong in other outputs of the same calls, where the function does not, is none.
    """
    seen = {slot: imprint for slot, imprint in seen.items() if slot in wrong.right}
    if not _visible({slot: one for slot, one in seen.items() if not one.refused}, wrong.right):
        return ()
    # What goes wrong first: few entries give the same, and of the others no more is computed.
    seen = dict(sorted(seen.items(), key=lambda item: _later(item[0], item[1], wrong)))
    # In another mode, which other calls ask for, the mistake need not be made.
    calls = {slot[0] for slot in seen}
    beside = {slot: one for slot, one in (elsewhere or {}).items() if slot[0] in calls}
    sizes = sorted({len(ids) for ids, _ in wrong.entries})
    if not _visible({s: imprint for s, imprint in seen.items() if not imprint.failed}, wrong.right):
        sizes = sizes[:1]
    first = next(iter(seen))
    parts = Parts(first, seen[first], same, wrong.right, wrong.alone)
    for size in sizes:
        entries = [
            (ids, imprints)
            for ids, imprints in wrong.entries
            if len(ids) == size
            and not parts.rule_out(imprints)
            and all(same(imprint, imprints.get(slot, NOTHING)) for slot, imprint in seen.items())
            and not _is_refuted(imprints, beside, wrong.right)
        ]
        quiet = [
            ids for ids, imprints in entries if _is_quiet(imprints, elsewhere or {}, wrong.right)
        ]
        # Several that would show elsewhere, too, only happen to give these numbers together.
        found = quiet or [ids for ids, _ in entries if size == 1]
        # What the function's text shows is more than what it does not exclude.
        found = [ids for ids in found if all(wrong.causes[name].code for name in ids)] or found
        if found:
            return _meant(found, wrong.causes)
    return ()


def _later(slot: Slot, imprint: Imprint, wrong: WrongAnswers) -> tuple[bool, int]:
    return imprint.agrees(wrong.right[slot]), wrong.sizes.get(slot[0], 0)


def _is_refuted(imprints: Signature, elsewhere: Signature, right: Signature) -> bool:
    """Return whether an entry would go wrong in one of these slots, where the function does not."""
    return any(
        imprint.agrees(right[slot]) and not imprint.agrees(imprints.get(slot, NOTHING))
        for slot, imprint in elsewhere.items()
        if slot in right
    )


def _is_quiet(imprints: Signature, elsewhere: Signature, right: Signature) -> bool:
    """Return whether an entry gives what was seen, or what is correct, in these slots."""
    return all(
        any(one.agrees(imprints.get(slot, NOTHING)) for one in (imprint, right[slot]))
        for slot, imprint in elsewhere.items()
        if slot in right
    )


def _match_but_for_failures(seen: Signature, wrong: WrongAnswers) -> tuple[str, ...]:
    """Match where some cases fail in other words, if the numbers of the others show the cause."""
    finished = {slot: imprint for slot, imprint in seen.items() if not imprint.failed}
    if not _visible(finished, wrong.right):
        return ()
    found = _match(seen, wrong, Imprint.agrees_but_for_failures)
    if len(found) > 1:
        # What only fails, and in other words, shows nothing of a second mistake.
        telling = [each for each in wrong.entries if _are_visible(each[1], finished, wrong)]
        found = _match(seen, replace(wrong, entries=telling), Imprint.agrees_but_for_failures)
    return found or _match_guarded(finished, wrong)


def _are_visible(imprints: Signature, slots: Iterable[Slot], wrong: WrongAnswers) -> bool:
    """Return whether each part of a combination does something by itself in these slots."""
    return all(
        _visible({slot: wrong.alone[part].get(slot, NOTHING) for slot in slots}, wrong.right)
        for part in getattr(imprints, "made_of", ())
    )


def _match_by_code(seen: Signature, wrong: WrongAnswers) -> tuple[str, ...]:
    """Match a single cause that the function's text shows; exceptions may have other words.

    What an empty text would show as well, such as that a word is missing, shows too little.
    """
    if not _visible({slot: one for slot, one in seen.items() if not one.refused}, wrong.right):
        return ()
    found = [
        ids
        for ids, imprints in wrong.entries
        if len(ids) == 1
        and wrong.causes[ids[0]].code
        and all(
            _alike(wrong.causes[ids[0]])(imprint, imprints.get(slot, NOTHING))
            for slot, imprint in seen.items()
            if slot in wrong.right
        )
    ]
    return _meant(found, wrong.causes)


def _alike(cause: Cause) -> Callable[[Imprint, Imprint], bool]:
    shows_nothing = re.search(cause.code, "") is not None
    return Imprint.agrees_but_for_numbers if shows_nothing else Imprint.agrees_but_for_words


def _match_guarded(finished: Signature, wrong: WrongAnswers) -> tuple[str, ...]:
    """Match a single cause whose exceptions were guarded against, by two cases or more."""
    seen = {slot: imprint for slot, imprint in finished.items() if slot in wrong.right}
    found = []
    for ids, imprints in wrong.entries:
        if len(ids) > 1:
            continue
        both = [(slot, imprint, imprints.get(slot, NOTHING)) for slot, imprint in seen.items()]
        if all(imprint.agrees_where_other_is_whole(other) for _, imprint, other in both):
            whole = {slot: imprint for slot, imprint, other in both if other.whole}
            if len({s[0] for s, m in whole.items() if not m.agrees(wrong.right[s])}) >= 2:
                found.append(ids)
    return _meant(found, wrong.causes)


def _visible(seen: Signature, right: Signature) -> bool:
    return any(slot in right and not imprint.agrees(right[slot]) for slot, imprint in seen.items())


def _meant(found: Sequence[tuple[str, ...]], causes: Mapping[str, Cause]) -> tuple[str, ...]:
    """Return which of several entries that agree is meant: equal ones, or the most common one.

    Of several combinations only what all of them have in common is certain.
    """
    if not found:
        return ()
    if len(found[0]) == 1:
        heaviest = max(causes[ids[0]].weight for ids in found)
        found = [ids for ids in found if causes[ids[0]].weight == heaviest]
    if _all_equivalent(list(found), causes):
        return found[0]
    shared = set(found[0]).intersection(*found[1:])
    return tuple(name for name in found[0] if name in shared)


def _all_equivalent(found: list[tuple[str, ...]], causes: Mapping[str, Cause]) -> bool:
    """Several entries may be named as the first only where they are declared to be the same."""
    first = _closure(found[0], causes)
    return all(_closure(ids, causes) & first or _same(ids, found[0], causes) for ids in found[1:])


def _closure(ids: Iterable[str], causes: Mapping[str, Cause]) -> set[str]:
    return {other for name in ids for other in (name, *causes[name].equivalent)}


def _same(left: tuple[str, ...], right: tuple[str, ...], causes: Mapping[str, Cause]) -> bool:
    return all(_closure((name,), causes) & set(right) for name in left)


def _told_by_failures(
    observations: Mapping[str, Observation], wrong: WrongAnswers
) -> dict[str, str]:
    """Return the cause that the exception of each case shows, of those that are seen there."""
    told = {}
    for case, observation in observations.items():
        for cause in wrong.causes.values() if observation.failure else ():
            matches = any(pattern.matches(observation.failure) for pattern in cause.failures)
            if matches and _is_seen_in(case, cause.id, wrong):
                told[case] = cause.id
                break
    return told


def _is_seen_in(case: str, name: str, wrong: WrongAnswers) -> bool:
    """Return whether a cause by itself changes anything in a case, as far as that is known."""
    slots = [slot for slot in wrong.right if slot[0] == case]
    entries = [imprints for ids, imprints in wrong.entries if ids == (name,)]
    return not (slots and entries) or any(
        not imprints.get(slot, NOTHING).agrees(wrong.right[slot])
        for imprints in entries
        for slot in slots
    )


def _match_with_failures(
    seen: Signature, told: Mapping[str, str], wrong: WrongAnswers
) -> tuple[str, ...]:
    """Name failed cases by their exception and match the other cases; all failures are needed."""
    if not told:
        return ()
    named = dict.fromkeys(told.values())
    rest = {slot: imprint for slot, imprint in seen.items() if slot[0] not in told}
    if rest and _visible(rest, wrong.right):
        others = () if _explain(named, rest, wrong) else _match(rest, wrong)
        if not others and any(imprint.failed for imprint in rest.values()):
            return ()
        named.update(dict.fromkeys(others))
    return tuple(named)


def _explain(told: Iterable[str], rest: Signature, wrong: WrongAnswers) -> bool:
    """Return whether one of the causes that are told already gives the other results, too."""
    return any(
        len(ids) == 1
        and ids[0] in told
        and all(one.agrees(imprints.get(slot, NOTHING)) for slot, one in rest.items())
        for ids, imprints in wrong.entries
    )


def _match_by(
    seen: Signature, wrong: WrongAnswers, part_of: Callable[[Slot], str]
) -> tuple[str, ...]:
    """Name the causes of each part by itself; all that differ must be explained."""
    named: dict[str, None] = {}
    for part in dict.fromkeys(map(part_of, seen)):
        imprints = {slot: imprint for slot, imprint in seen.items() if part_of(slot) == part}
        if _visible(imprints, wrong.right):
            others = {slot: seen[slot] for slot in seen.keys() - imprints.keys()}
            causes = _match(imprints, wrong, elsewhere=others)
            if not causes:
                return ()
            named.update(dict.fromkeys(causes))
    return tuple(named)
