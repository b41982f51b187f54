"""Single edits of a student's function, the likely ones first.

An edit puts a piece of the reference, in the student's names, in the place of one that is like it,
or changes one thing as people do who look for a mistake: a name, a number, an operator, an index,
`=` for `+=`, a statement in or out of a loop.
"""

import ast
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.repairing import changes
from autograder.repairing.around import (
    Sides,
    Surroundings,
    of_result,
    shapes_in_order,
    unpacked_otherwise,
)
from autograder.repairing.code import (
    SIMPLE,
    Code,
    Placed,
    likeness,
    own_nodes,
    same_as,
    text_of,
)
from autograder.repairing.moves import moves
from autograder.repairing.roles import LEAST_ALIKE, Roles, aligned, fit_of, statements_of
from autograder.sandbox.jobs import Splice

MOST_ALIKE = 5
"""How many expressions of the reference are tried for one of the student's."""

WRITTEN_OUT = (ast.Subscript, ast.BinOp)
"""What a name may stand for."""

SETTINGS = ("stride", "f", "pad")
SIZES = ("m", "n_H", "n_W", "n_C")
"""What a layer's numbers are called in the reference, and how many steps its loops have."""

MOST_EDITS = 20_000
"""How many edits of one function are made; most have about four thousand."""

MOST_PAIRED = 12
"""Of how many statements two are tried together."""

ALL_ALIKE = (0.8, 0.6, LEAST_ALIKE)
"""From which likeness on all statements are replaced at once."""

GUIDED, UNPACKED, ALIGNED, ALL = 0.0, 0.5, 1.0, 1.1
CHANGED, LIKE, PAIRED, MISSING = 2.0, 2.2, 2.5, 2.8
"""What kinds of edits begin with: the lower, the earlier an edit is tried."""

LATER = 0.01


@dataclass(frozen=True)
class Edit:
    """What is replaced in a function's text; the lower its `rank`, the likelier it is.

    A broad one changes many statements at once; smaller ones are better.
    """

    splices: tuple[Splice, ...]
    rank: float
    is_broad: bool = False


class Workshop:
    """Makes the edits of one function.

    `hints` are pairs of trees, a known mistake's statement or expression and the correct one, in
    the reference's names. `doubts` says how unlikely it is that a statement is wrong, from 0.
    """

    def __init__(
        self,
        code: Code,
        reference: Code,
        hints: Iterable[tuple[ast.AST | None, ast.AST | None]] = (),
        doubts: dict[ast.stmt, float] | None = None,
    ) -> None:
        self.code = code
        self.roles = Roles(reference, code)
        self.templates = list(statements_of(reference, self.roles))
        self._hints = [(self._own(wrong), self._own(right)) for wrong, right in hints]
        self._doubts = doubts or {}
        own = ([self.roles.names.get(n) for n in names] for names in (SETTINGS, SIZES))
        texts = ([text_of(node) for node in nodes if node is not None] for nodes in own)
        self._around = Surroundings(code, *texts)
        self._sides = Sides(code, self.roles.twins)
        self._seen: set[tuple[Splice, ...]] = set()
        self._twins: dict[ast.AST, ast.AST | None] = {}
        self._by_text: dict[str, list[ast.AST]] = {}
        for placed in code.statements:
            for node in (placed.node, *own_nodes(placed.node)):
                if hasattr(node, "lineno"):
                    self._by_text.setdefault(same_as(node), []).append(node)

    def _own(self, node: ast.AST | None) -> ast.AST | None:
        return None if node is None else self.roles.in_own_words(node)

    def edits(self) -> Iterator[Edit]:
        """Yield all edits, the likeliest first; what a known mistake suggests takes no search."""
        for make in (self._guided, self._searched):
            made = itertools.islice(make(), MOST_EDITS)
            for edit in sorted(made, key=lambda edit: edit.rank):
                if edit.splices not in self._seen:
                    self._seen.add(edit.splices)
                    yield edit

    def _searched(self) -> Iterator[Edit]:
        library = self._library()
        yield from self._together()
        for placed in self.code.statements:
            doubt = self._doubts.get(placed.node, 0.0)
            for rank, node, new in self._replacements(placed, library):
                yield from self._with_twin(node, new, rank + doubt)
            for splices in moves(self.code, placed):
                yield Edit(splices, CHANGED + 0.3 + doubt)
            for splice in changes.branches(self.code, placed, self.templates):
                yield Edit((splice,), CHANGED + 0.3 + doubt)
        yield from self._everywhere_called()
        yield from self._missing()

    # Known mistakes

    def _guided(self) -> Iterator[Edit]:
        """Undo what is known to be the mistake, where the student's code has it in like words."""
        together: list[Splice] = []
        whole: dict[ast.AST, Splice] = {}
        for wrong, right in self._hints:
            if wrong is None:
                continue
            same = self._by_text.get(same_as(wrong), ())
            new = "pass" if right is None else text_of(right)
            for node in same:
                yield Edit((self._splice(node, new),), GUIDED + 0.1)
            together += [self._splice(node, new) for node in same]
            if isinstance(wrong, ast.stmt):
                whole |= {node: self._splice(node, new) for node in same if node not in whole}
            if not same and isinstance(wrong, ast.stmt) and right is not None:
                for placed in self._closest(wrong):
                    for node, other in changes.differences(placed.node, right):
                        yield Edit((self._splice(node, text_of(other)),), GUIDED + 0.2)
        yield from _apart(together, GUIDED)
        yield from _apart(whole.values(), GUIDED)

    def _closest(self, statement: ast.AST) -> list[Placed]:
        alike = [(likeness(p.node, statement), p) for p in self.code.statements if _is_simple(p)]
        best = max((value for value, _ in alike), default=0.0)
        return [placed for value, placed in alike if value == best and best > LEAST_ALIKE]

    # Expressions

    def _library(self) -> list[ast.AST]:
        """Return every expression of the reference, in the student's names, each once."""
        found: dict[str, ast.AST] = {}
        for statement in self.templates:
            for node in own_nodes(statement):
                if isinstance(node, (ast.expr, ast.Slice)) and not isinstance(node, ast.Constant):
                    found.setdefault(same_as(node), node)
        return list(found.values())

    def _together(self) -> Iterator[Edit]:
        """Yield statements of the reference at once, where several of the student's differ.

        First all of those that are like enough, then two at a time.
        """
        whole: list[tuple[float, float, Splice]] = []
        names: list[tuple[float, Splice]] = []
        for placed in self.code.statements:
            best = max(self.templates, key=lambda t: fit_of(placed.node, t), default=None)
            fit = 0.0 if best is None else fit_of(placed.node, best)
            pairs = list(aligned(placed.node, best)) if best and fit > LEAST_ALIKE else []
            if pairs:
                doubt = self._doubts.get(placed.node, 0.0)
                splice = self._splice(pairs[-1][0], text_of(pairs[-1][1]))
                whole.append((doubt, fit, splice))
                if not _changes_a_part(placed.node):
                    names.append((fit, splice))
        for least in ALL_ALIKE:
            yield from _apart([splice for _, fit, splice in whole if fit > least], ALL, True)
            yield from _apart([splice for fit, splice in names if fit > least], ALL, True)
        whole.sort(key=lambda each: each[0])
        for left, right in itertools.combinations(whole[:MOST_PAIRED], 2):
            yield from _apart([left[2], right[2]], PAIRED + left[0] + right[0])

    def _everywhere_called(self) -> Iterator[Edit]:
        """Leave out an argument that all calls of one function have in common."""
        calls: dict[str, list[ast.Call]] = {}
        for placed in self.code.statements:
            for node in own_nodes(placed.node):
                if isinstance(node, ast.Call):
                    calls.setdefault(text_of(node.func), []).append(node)
        for same in calls.values():
            for texts in changes.same_argument(same) if len(same) > 1 else ():
                pairs = zip(same, texts, strict=True)
                yield from _apart([self._splice(*pair) for pair in pairs], CHANGED + 0.4)

    def _replacements(
        self, placed: Placed, library: list[ast.AST]
    ) -> Iterator[tuple[float, ast.AST, ast.AST | str]]:
        """Yield (rank, node, what to put in its place) for the parts of one statement."""
        node = placed.node
        templates = sorted(self.templates, key=lambda t: -fit_of(node, t))[:2]
        for number, template in enumerate(templates):
            if fit_of(node, template) > LEAST_ALIKE:
                for old, new in aligned(node, template):
                    yield ALIGNED + 0.3 * number, old, new
        for part, text in (*unpacked_otherwise(node), *shapes_in_order(node)):
            yield UNPACKED, part, text
        for cost, part, text in self._around.suggestions(placed):
            yield CHANGED + cost, part, text
        for part in own_nodes(node):
            if not isinstance(part, (ast.expr, ast.Slice)) or not hasattr(part, "lineno"):
                continue
            for cost, text in changes.of_expression(part, self.roles.twins, self._names):
                yield CHANGED + cost, part, text
            alike = [(likeness(part, other), other) for other in library]
            alike = [pair for pair in alike if pair[0] > LEAST_ALIKE and _differ(pair[1], part)]
            for value, other in sorted(alike, key=lambda pair: -pair[0])[:MOST_ALIKE]:
                yield LIKE + (1 - value), part, other
            if isinstance(part, (ast.Name, ast.Attribute)) and not _is_stored(part):
                for other in library:
                    if isinstance(other, WRITTEN_OUT) and _differ(other, part):
                        yield LIKE + 1.0, part, other
        for cost, text in changes.of_statement(node):
            yield CHANGED + cost, node, text
        for part, text in self._sides.suggestions(placed):
            yield CHANGED + 0.05, part, text
        for part in self._results(node):
            if "transpose(0, 3, 1, 2)" in self.code.text:
                # Who works with the channels in front has to put them back.
                yield CHANGED, part, f"({text_of(part)}).transpose(0, 2, 3, 1)"
            for cost, what, text in of_result(part, self._names, self.code):
                yield CHANGED + cost, what, text

    def _results(self, node: ast.stmt) -> list[ast.expr]:
        """Return what a statement gives back, or the value of a name that is given back."""
        if isinstance(node, ast.Return) and node.value is not None:
            return node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            return [node.value] if node.targets[0].id in self._returned else []
        return []

    @cached_property
    def _returned(self) -> set[str]:
        returns = [p.node for p in self.code.statements if isinstance(p.node, ast.Return)]
        return {n.id for node in returns for n in own_nodes(node) if isinstance(n, ast.Name)}

    @cached_property
    def _names(self) -> list[str]:
        """The names of the function's own: parameters first."""
        bound = {n.id for p in self.code.statements for n in own_nodes(p.node) if _is_stored(n)}
        return list(dict.fromkeys([*self.code.parameters, *sorted(bound)]))

    def _with_twin(self, node: ast.AST, new: ast.AST | str, rank: float) -> Iterator[Edit]:
        """Yield an edit alone, and together with the like ones.

        That is wherever the same is written, and for height and width alike.
        """
        text = new if isinstance(new, str) else text_of(new)
        splice = self._splice(node, text)
        yield Edit((splice,), rank)
        everywhere = [] if isinstance(node, ast.Name) else self._by_text.get(same_as(node), [])
        same = [self._splice(other, text) for other in everywhere]
        if len(same) > 1:
            yield from _apart(same, rank + 0.1)
        twin = self._twin(node)
        if twin is not None:
            other = self._sides.words(text)
            yield from _apart([splice, self._splice(twin, other)], rank + 0.15)
            others = self._by_text.get(same_as(twin), [twin])
            if len(same) > 1 or len(others) > 1:
                together = [*(same or [splice]), *(self._splice(each, other) for each in others)]
                yield from _apart(together, rank + 0.2)

    def _twin(self, node: ast.AST) -> ast.AST | None:
        """Return what says of the width what a node says of the height, or the other way."""
        if node not in self._twins:
            self._twins[node] = None
            text = text_of(node)
            other = self._sides.words(text)
            if other != text:
                alike = self._by_plain_text.get(other, ())
                others = (each for each in alike if each is not node)
                self._twins[node] = min(
                    others, key=lambda each: _distance(each, node), default=None
                )
        return self._twins[node]

    @cached_property
    def _by_plain_text(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for nodes in self._by_text.values():
            found.setdefault(text_of(nodes[0]), []).extend(nodes)
        return found

    def _splice(self, node: ast.AST, text: str) -> Splice:
        start, end = self.code.span(node)
        if isinstance(node, ast.expr) and changes.needs_brackets(text):
            text = f"({text})"
        return start, end, text

    # Statements

    def _missing(self) -> Iterator[Edit]:
        """Put a statement of the reference where it belongs, if the function has none like it."""
        for number, template in enumerate(self.templates):
            if not isinstance(template, (ast.Assign, ast.AugAssign)):
                continue
            if any(fit_of(placed.node, template) > 0.85 for placed in self.code.statements):
                continue
            before = [
                placed
                for earlier in reversed(self.templates[:number])
                for placed in self.code.statements
                if fit_of(placed.node, earlier) > 0.8
            ][:1]
            for placed in before or self.code.statements[:1]:
                spots = changes.insertions(self.code, placed, ast.unparse(template))
                for number, splice in enumerate(spots):
                    yield Edit((splice,), MISSING + LATER * number)
            if isinstance(template, ast.Assign):
                for placed in self.code.statements:
                    if isinstance(placed.node, ast.Return):
                        start = self.code.span(placed.node)[0]
                        indent = " " * placed.node.col_offset
                        yield Edit(((start, start, f"{ast.unparse(template)}\n{indent}"),), MISSING)


def _apart(splices: Iterable[Splice], rank: float, is_broad: bool = False) -> Iterator[Edit]:
    """Yield the edit that makes all these changes, if they do not overlap."""
    ordered = tuple(sorted(set(splices)))
    if all(left[1] <= right[0] for left, right in itertools.pairwise(ordered)):
        yield Edit(ordered, rank, is_broad)


def _distance(left: ast.AST, right: ast.AST) -> tuple[int, int]:
    """Return how far apart two nodes stand in the text: in lines, and in characters."""
    (line, column), (other, other_column) = (
        (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)) for node in (left, right)
    )
    return abs(line - other), abs(column - other_column)


def _is_simple(placed: Placed) -> bool:
    return isinstance(placed.node, SIMPLE)


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _differ(left: ast.AST, right: ast.AST) -> bool:
    return same_as(left) != same_as(right)


def _changes_a_part(node: ast.stmt) -> bool:
    """Tell whether a statement writes into an array, and not a name."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(target, ast.Subscript) for target in targets)
