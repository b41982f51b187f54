"""Tries edits of one function in the sandbox until one makes every check pass.

What was tried is judged by one case first, and by all of them where that one is correct.
"""

import ast
import contextlib
import difflib
import itertools
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.repairing.anew import bypassed
from autograder.repairing.code import SIMPLE, Code, name_changed, names_given, text_of
from autograder.repairing.dialogue import Inputs, Over, Seen
from autograder.repairing.edits import Edit
from autograder.repairing.naming import changes_of
from autograder.repairing.sharpening import PartChange, part_changes, together
from autograder.repairing.sure import is_coarse
from autograder.repairing.trace.traced import Tracing
from autograder.sandbox import Call
from autograder.sandbox.jobs import Splice
from checks.compare import array_of, compare
from checks.judge import REPEAT, echoed, judge, outputs_of
from checks.model import Observation
from checks.plain import same_plain

BATCH = 16
"""Versions in one message."""

FIRST = 500
"""How many edits are tried before those that are an improvement are gone on with."""

FURTHER = 300
"""How many edits of an improved version are tried."""

BRANCHES = 3
"""How many edits that are an improvement are gone on with."""

MOST_LINES = 12
"""Up to how many changed lines it is tried which of them are needed.

A repair that changes more is a rewriting: no line of it is shown.
"""

MOST_ALONE = 40
"""How many smaller changes of one part are tried as the only change."""

LOOK_ON = 480
"""How many further edits are tried for a smaller repair than one that replaces a whole value."""

FEW_CHANGES = 1
"""Where a repair changes more lines than these, one that changes fewer is looked for."""

LEAST_GAIN = 0.02

MakeEdits = Callable[[Code, Mapping[str, set[str]]], Iterator[Edit]]


@dataclass(frozen=True)
class ChangedLine:
    """A line of a function, counted from 1, and what it becomes; "" where it goes."""

    number: int
    before: str
    after: str

    @property
    def is_addition(self) -> bool:
        """Whether the line stays as it is, and something comes below it."""
        first, _, more = self.after.partition("\n")
        return bool(more) and first == self.before


class Search(Tracing):
    """The calls of one function's repair; `repaired` is its text then, None without a repair.

    Without one, or where it is a rewriting, the trace is asked for; `first_wrong` are the lines
    that were read off it.
    """

    first_wrong: tuple[int, ...] = ()

    def __init__(self, text: str, inputs: Inputs, make_edits: MakeEdits, seconds: float) -> None:
        super().__init__(text, inputs, seconds)
        self.repaired: str | None = None
        self._make_edits = make_edits
        self._changes = 0
        self._is_coarse = False
        self._bypassed = False
        self._case = ""

    @property
    def lines(self) -> tuple[ChangedLine, ...]:
        """The lines that the repair changes; none without one."""
        return changed_lines(self.code.text, self.repaired) if self.repaired else ()

    @property
    def is_repaired(self) -> bool:
        """Whether there is a repair that is no rewriting."""
        return 0 < len(self.lines) <= MOST_LINES

    def _calls(self) -> Iterator[Call]:
        yield from super()._calls()
        seen = self.seen
        scores = {case: self._score(case, value) for case, value in seen.items()}
        base = self._aimed(scores)
        if base >= 1:
            return
        verdicts = {case: self._right_outputs(case, value) for case, value in seen.items()}
        case = self._case
        with contextlib.suppress(Over):
            yield from self._improve(self.code, base, verdicts, FIRST, BRANCHES)
        if not self.is_repaired:
            yield from self._traced(case)

    def _aimed(self, scores: Mapping[str, float]) -> float:
        """Choose the case by which edits are judged first, and return how much of it is correct."""
        failing = [case for case, score in scores.items() if score < 1]
        if not failing:
            return 1.0
        # The smallest one that shows most of what is wrong.
        most = min(scores.values()) + 0.3
        self._case = min(failing, key=lambda case: (scores[case] > most, self._size(case)))
        return scores[self._case]

    def _aimed_anew(self, code: Code) -> Generator[Call, None, float]:
        """Choose the case for a version in which the one that was chosen is correct."""
        scores = {}
        for case in self.inputs.arguments:
            (seen,) = yield from self._ask(code, case, [()])
            scores[case] = self._score(case, seen)
        return self._aimed(scores)

    def _improve(
        self, code: Code, base: float, right: Mapping[str, set[str]], first: int, branches: int
    ) -> Iterator[Call]:
        """Try the `first` edits of a version, and then those of the best that come of them."""
        edits = self._make_edits(code, right)
        better = yield from self._try(code, base, itertools.islice(edits, first))
        for score, edit in _best(code, better, branches):
            if self.repaired:
                return
            try:
                further = Code(code.spliced(edit.splices))
            except (SyntaxError, ValueError):
                continue
            # One step more, which has one itself.
            fewer = 1 if branches > 1 else 0
            case = self._case
            if score >= 1:
                score = yield from self._aimed_anew(further)
            yield from self._improve(further, score, right, FURTHER, fewer)
            self._case = case
        if not self.repaired and branches > 1:
            yield from self._try(code, base, edits)

    def _try(
        self, code: Code, base: float, edits: Iterator[Edit]
    ) -> Generator[Call, None, list[tuple[float, Edit]]]:
        """Try edits until one is a repair; return those that are an improvement."""
        better: list[tuple[float, Edit]] = []
        left = LOOK_ON
        while batch := list(itertools.islice(edits, BATCH)):
            if self._is_coarse or self._bypassed or (self.repaired and not self._is_fine):
                left -= BATCH
                if left < 0:
                    return [] if self.repaired else better
            values = yield from self._ask(code, self._case, [edit.splices for edit in batch])
            for edit, value in zip(batch, values, strict=True):
                score = self._score(self._case, value)
                if score >= 1 and (yield from self._passes(code, edit)):
                    splices = yield from self._needed(code.spliced(edit.splices))
                    yield from self._keep(splices)
                    if self._is_fine and (len(splices) == 1 or not edit.is_broad):
                        return []
                if score > base + LEAST_GAIN:
                    better.append((score, edit))
        return better

    def _keep(self, splices: tuple[Splice, ...]) -> Generator[Call, None, None]:
        """Keep a repair where there is none yet, or a larger one, or one that says less.

        One that does the student's work anew is none.
        """
        whole = self.code.spliced(splices)
        if self._is_anew(whole):
            return
        fewer = self.repaired is None or len(splices) < self._changes
        enough = fewer or (self._is_coarse and len(splices) <= self._changes + 1)
        if not enough or (yield from self._makes_needless(whole)):
            return
        text = yield from self._sharpened(whole)
        if self._is_anew(text):
            return
        # In the style of the text, without brackets that nobody needs.
        repaired = ast.unparse(ast.parse(text))
        found = changes_of(self.code.text, repaired)
        says_more = found and not changes_of(self.code.text, self.repaired)
        if fewer or says_more or not is_coarse(found):
            self.repaired, self._changes, self._is_coarse = repaired, len(splices), is_coarse(found)

    @property
    def _is_fine(self) -> bool:
        """Whether there is a repair, and no smaller one to look for."""
        small = self._changes <= FEW_CHANGES
        return self.repaired is not None and small and not self._is_coarse

    def _is_anew(self, text: str) -> bool:
        found = bypassed(self.code, Code(text))
        self._bypassed |= found
        return found

    def _makes_needless(self, repaired: str) -> Generator[Call, None, bool]:
        """Tell whether a repair does what a later line of the student's does to the same array.

        Then that line may be the wrong one, and what is repaired only comes before it.
        """
        own = {text_of(placed.node) for placed in self.code.statements}
        code = Code(repaired)
        simple = [p for p in code.statements if isinstance(p.node, SIMPLE)]
        changed = [p.node for p in simple if text_of(p.node) not in own]
        whole = {name: node.lineno for node in changed for name in names_given(node)}
        for placed in simple:
            node = placed.node
            first = whole.get(name_changed(node))
            if first is not None and node.lineno > first and text_of(node) in own:
                start, end = code.span(node)
                if (yield from self._passes(code, Edit(((start, end, "pass"),), 0.0))):
                    self._bypassed = True
                    return True
        return False

    def _needed(self, repaired: str) -> Generator[Call, None, tuple[Splice, ...]]:
        """Return the changed lines of a repair, without those that make no difference."""
        splices = line_splices(self.code.text, repaired)
        # Two may need each other, and nothing else.
        for size in (1, 2) if len(splices) <= MOST_LINES else ():
            for left_out in itertools.combinations(splices, size):
                fewer = tuple(each for each in splices if each not in left_out)
                is_less = set(left_out) <= set(splices) and fewer
                if is_less and (yield from self._passes(self.code, Edit(fewer, 0.0))):
                    splices = fewer
        for linked in together(self.code, splices):
            fewer = tuple(each for each in splices if each not in linked)
            if fewer and (yield from self._passes(self.code, Edit(fewer, 0.0))):
                splices = fewer
        return splices

    def _sharpened(self, repaired: str) -> Generator[Call, None, str]:
        """Return a repair without what is only said in other words in the lines that it changes."""
        parts = part_changes(self.code, Code(repaired))
        if not 0 < len(parts) <= MOST_LINES:
            return repaired
        alone = yield from self._enough(parts)
        if isinstance(alone, tuple):
            return self.code.spliced((alone,))
        parts = parts if alone is None else (alone,)
        kept = {part: (part.splice,) for part in parts}
        for part in parts:
            for instead in ((), *((less,) for less in part.less)):
                fewer = {**kept, part: instead}
                edit = Edit(tuple(splice for each in fewer.values() for splice in each), 0.0)
                if edit.splices and (yield from self._passes(self.code, edit)):
                    kept = fewer
                    break
        return self.code.spliced(tuple(splice for each in kept.values() for splice in each))

    def _enough(
        self, parts: Sequence[PartChange]
    ) -> Generator[Call, None, PartChange | Splice | None]:
        """Return the part, or else the smaller change of one, that is all that is needed."""
        if len(parts) > 1:
            for part in parts:
                if (yield from self._passes(self.code, Edit((part.splice,), 0.0))):
                    return part
            smaller = ((*part.alone[:MOST_ALONE], *part.less[:MOST_ALONE]) for part in parts)
            for splice in itertools.chain.from_iterable(smaller):
                if (yield from self._passes(self.code, Edit((splice,), 0.0))):
                    return splice
        return None

    def _passes(self, code: Code, edit: Edit) -> Generator[Call, None, bool]:
        """Tell whether an edit makes every check pass, the case that was tried before included."""
        inputs = self.inputs
        observations = {}
        # The one that shows most comes first.
        cases = sorted(inputs.arguments, key=lambda case: case != self._case)
        for key, case in [*zip(cases, cases, strict=True), (REPEAT, inputs.exercise.cases[0].name)]:
            (value,) = yield from self._ask(code, case, [edit.splices])
            if value is None:
                return False
            if key == case and self._score(case, value) < 1:
                return False
            observations[key] = Observation("ok", value[1], arguments_changed=value[0])
        result = judge(inputs.exercise, observations, inputs.expected, inputs.arguments, False)
        return result.status == "right"

    # Judging

    def _size(self, case: str) -> int:
        return sum(np.size(value) for value in self.inputs.expected[case].values())

    def _right_outputs(self, case: str, seen: Seen) -> set[str]:
        if seen is None:
            return set()
        outputs, _ = outputs_of(self.inputs.exercise, seen[1])
        expected = self.inputs.expected[case]
        return {name for name in expected if compare(outputs.get(name), expected[name]) is None}

    def _score(self, case: str, seen: Seen) -> float:
        """Return how much of a case is correct, from 0 to 1, which is all."""
        if seen is None:
            return 0.0
        exercise = self.inputs.exercise
        outputs, problem = outputs_of(exercise, seen[1])
        parts = [
            _closeness(outputs.get(name), expected)
            for name, expected in self.inputs.expected[case].items()
        ]
        for output, names in exercise.echoes.items():
            returned = outputs.get(output)
            wanted = echoed(exercise, names, self.inputs.arguments[case])
            kept = isinstance(returned, (tuple, list)) and same_plain(returned, wanted)
            parts.append(float(kept))
        parts.append(float(not seen[0]))
        total = sum(parts) / len(parts)
        return total if problem is None else min(total, 0.9)


def _best(code: Code, better: list[tuple[float, Edit]], count: int) -> Iterator[tuple[float, Edit]]:
    """Yield the best edits: small ones first where they are as good, one for each place."""
    places = set()
    for score, edit in sorted(better, key=lambda p: (-round(p[0], 2), p[1].is_broad, p[1].rank)):
        lines = tuple(code.line_of(start) for start, _, _ in edit.splices)
        if len(places) < count and lines not in places:
            places.add(lines)
            yield score, edit


def _closeness(got: Any, expected: Any) -> float:
    """Return how near a value is to the correct one: 1 where it is, near 0 where it is no array."""
    if compare(got, expected) is None:
        return 1.0
    if isinstance(got, (tuple, list)):
        got = array_of(got)
    if not isinstance(got, (bool, int, float, np.ndarray)):
        return 0.0
    got, expected = np.asarray(got), np.asarray(expected)
    if got.ndim != expected.ndim:
        return 0.05
    if got.shape != expected.shape:
        same = sum(a == b for a, b in zip(got.shape, expected.shape, strict=True))
        return 0.1 + 0.1 * same / max(got.ndim, 1)
    with np.errstate(all="ignore"):
        near = np.isclose(got.astype(float), expected.astype(float), 1e-5, 1e-7)
    return 0.3 + 0.6 * float(near.mean()) if near.size else 0.3


def line_splices(before: str, after: str) -> tuple[Splice, ...]:
    """Return what is replaced in a text, line by line where lines stand for lines."""
    old = [line.encode() for line in before.split("\n")]
    new = after.split("\n")
    starts = [0, *itertools.accumulate(len(line) + 1 for line in old)]
    found: list[Splice] = []
    matcher = difflib.SequenceMatcher(None, before.split("\n"), new, autojunk=False)
    for kind, start, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        if end - start == other_end - other:
            pairs = zip(range(start, end), new[other:other_end], strict=True)
            found += [(starts[n], starts[n] + len(old[n]), text) for n, text in pairs]
        else:
            text = "".join(f"{line}\n" for line in new[other:other_end])
            found.append((starts[start], starts[end], text))
    return tuple(found)


def changed_lines(before: str, after: str) -> tuple[ChangedLine, ...]:
    """Return the lines of a text that differ in another; a new line counts for the one above."""
    old, new = before.split("\n"), after.split("\n")
    found = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        if start == end:
            place = max(start, 1)
            text = "\n".join([old[place - 1], *new[other:other_end]])
            found.append(ChangedLine(place, old[place - 1], text))
            continue
        for number in range(start, end):
            twin = other + number - start
            last = number == end - 1
            text = "\n".join(new[twin : other_end if last else twin + 1])
            found.append(ChangedLine(number + 1, old[number], text))
    return tuple(found)
