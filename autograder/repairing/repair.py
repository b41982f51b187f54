"""Repairs the wrong functions of one submission in a sandbox of their own, after the marks."""

import ast
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.grading.answers import right_answers
from autograder.grading.grader import hidden_arguments
from autograder.grading.helpers import helper_seed, stub
from autograder.model import ExerciseVerdict, SubmittedCell
from autograder.reading.student_code import (
    Code as Shown,
)
from autograder.reading.student_code import (
    only_calls,
    own_functions,
    parse,
    python_of,
    runnable_parts,
)
from autograder.repairing.code import Code
from autograder.repairing.doubts import doubts
from autograder.repairing.edits import Edit, Workshop
from autograder.repairing.hints import hints_of, reference_code
from autograder.repairing.search import Inputs, Search
from autograder.sandbox import Budget, Cell, Group, Job, Limits, Sandbox
from checks.assignments.public_names import NAMES
from checks.model import Assignment, Exercise
from solutions.catalogue import Catalogue

MOST_CHARACTERS = 8_000
"""The longest function whose edits are tried."""

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign)


@dataclass(frozen=True)
class Wanted:
    """A wrong function to repair: its text, the causes that are named, the helpers to lend."""

    exercise: Exercise
    text: str
    causes: frozenset[str] = frozenset()


def function_of(cells: Sequence[SubmittedCell], name: str) -> tuple[SubmittedCell, Shown] | None:
    """Return the last definition of a function, and its cell; None where it can't be read."""
    for cell in reversed(cells):
        found = own_functions(cell.source).get(name)
        if found is not None:
            return (cell, found) if len(found.text) <= MOST_CHARACTERS else None
    return None


def definition_cells(cells: Sequence[SubmittedCell], exercises: Sequence[str]) -> tuple[Cell, ...]:
    """Return a submission's imports and functions as few cells: one, and those that don't parse."""
    kept: list[str] = []
    others: list[Cell] = []
    for cell in cells:
        if only_calls(cell.source, frozenset(NAMES)):
            continue
        text = python_of(cell.source)
        tree = parse(text)
        if isinstance(tree, SyntaxError):
            parts = runnable_parts(cell.source, exercises)
            others += [Cell(part.source, cell.index, part.above) for part in parts]
            continue
        lines = text.split("\n")
        for node in tree.body:
            if isinstance(node, DEFINITIONS):
                decorators = getattr(node, "decorator_list", [])
                first = min([node.lineno, *(d.lineno for d in decorators)])
                kept.append("\n".join(lines[first - 1 : node.end_lineno]))
    return (*others, Cell("\n".join(kept), 0))


class Repairer:
    """Repairs functions of one assignment, on inputs that are drawn for this alone."""

    def __init__(
        self, sandbox: Sandbox, catalogue: Catalogue, assignment: Assignment, seed: int
    ) -> None:
        self._sandbox = sandbox
        self._catalogue = catalogue
        self._assignment = assignment
        self._seed = seed

    @functools.cache  # noqa: B019 - it lives as long as a run
    def _inputs(self, name: str) -> Inputs:
        exercise = self._assignment.exercise(name)
        # Never those of the marks, and never those of another purpose.
        arguments = hidden_arguments(exercise, helper_seed(self._seed, f"repair/{name}"))
        expected = right_answers(self._catalogue, exercise, arguments)
        return Inputs(exercise, arguments, expected)

    def _edits(self, wanted: Wanted, code: Code, right: Mapping[str, set[str]]) -> Iterator[Edit]:
        exercise = wanted.exercise
        parts = {exercise.case(case).part for case in right}
        outputs = exercise.graded_outputs
        everywhere = set.intersection(*right.values()) if right else set()
        fine = {
            part
            for part in parts - {""}
            if all(right[c] >= set(outputs) for c in right if exercise.case(c).part == part)
        }
        return Workshop(
            code,
            reference_code(self._catalogue.reference, exercise.name),
            hints_of(self._catalogue, exercise.name, wanted.causes),
            doubts(code, exercise.outputs, {*everywhere, *exercise.echoes}, fine),
        ).edits()

    def repair(
        self,
        cells: Sequence[SubmittedCell],
        wanted: Sequence[Wanted],
        wrong: Collection[str],
        seconds: float,
    ) -> list[Search]:
        """Search for the repair of each function, each within so many CPU seconds.

        `wrong` are the exercises whose functions can't be relied on: as helpers they are lent.
        """
        searches = []
        for each in wanted:
            make = functools.partial(self._edits, each)
            searches.append(Search(each.text, self._inputs(each.exercise.name), make, seconds))
        helpers = {name for each in wanted for name in each.exercise.helpers} & set(wrong)
        names = [exercise.name for exercise in self._assignment.exercises]
        limits = Limits(call_cpu=1.0, group_cpu=seconds + 1.0, restarts=2)
        job = Job(
            definition_cells(cells, names),
            tuple(
                Group(each.exercise.name, iter(search), search.answered)
                for each, search in zip(wanted, searches, strict=True)
            ),
            {name: stub(self._catalogue.functions[name]) for name in helpers},
            limits=limits,
            budget=Budget.of(limits),
            definitions_only=True,
        )
        self.job = self._sandbox.run(job)
        return searches
