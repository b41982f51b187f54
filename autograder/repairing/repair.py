"""Repairs the wrong functions of one submission in a sandbox of their own, after the marks."""

import ast
import functools
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.grading.answers import right_answers
from autograder.grading.asked import hidden_arguments
from autograder.grading.helpers import helper_seed, stub
from autograder.model import SubmittedCell
from autograder.reading.student_code import only_calls, parse, python_of, runnable_parts
from autograder.repairing.code import Code
from autograder.repairing.dialogue import Dialogue, Inputs
from autograder.repairing.doubts import doubts, hints_of, reference_code
from autograder.repairing.edits import Edit, Workshop
from autograder.repairing.search import Search
from autograder.repairing.trace.traced import Tracer
from autograder.sandbox import Budget, Cell, Group, Job, Limits, Sandbox
from checks.assignments.public_names import NAMES
from checks.model import Assignment, Exercise
from solutions.catalogue import Catalogue

CALL_SECONDS = 1.0
"""CPU seconds for the versions of one message."""

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign)


@dataclass(frozen=True)
class Wanted:
    """A wrong function to repair: its plain text, and the ids of the causes that are named."""

    exercise: Exercise
    text: str
    causes: frozenset[str] = frozenset()


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


def ask(
    sandbox: Sandbox,
    dialogues: Sequence[Dialogue],
    cells: tuple[Cell, ...],
    stubs: Mapping[str, Callable[..., Any]],
    seconds: float,
) -> None:
    """Hold these dialogues in one fresh child, each within so many CPU seconds."""
    limits = Limits(call_cpu=CALL_SECONDS, group_cpu=seconds + CALL_SECONDS, restarts=2)
    groups = tuple(Group(d.inputs.exercise.name, iter(d), d.answered) for d in dialogues)
    budget = Budget.of(limits)
    job = Job(cells, groups, stubs, limits=limits, budget=budget, definitions_only=True)
    result = sandbox.run(job)
    for dialogue in dialogues:
        # What it takes to begin is shared by all.
        dialogue.cpu_seconds = max(dialogue.cpu_seconds, result.cpu_seconds / len(dialogues))


class Repairer:
    """Repairs functions of one assignment, on inputs that are drawn for this alone."""

    def __init__(
        self, sandbox: Sandbox, catalogue: Catalogue, assignment: Assignment, seed: int
    ) -> None:
        self._sandbox = sandbox
        self._catalogue = catalogue
        self._assignment = assignment
        self._seed = seed
        self._kept: dict[str, Inputs] = {}
        self._tracer = Tracer(catalogue)
        self.edits = True
        """Whether edits are tried; without them only the trace is asked for."""

    def repair(
        self,
        cells: Sequence[SubmittedCell],
        wanted: Sequence[Wanted],
        wrong: Collection[str],
        seconds: float,
    ) -> list[Search]:
        """Search for the repair of each function, each within so many CPU seconds.

        `wrong` are the exercises whose functions can't be relied on: as helpers they are lent.
        Raises SandboxError where the sandbox fails.
        """
        searches = [
            Search(
                each.text,
                self._inputs(each.exercise.name),
                functools.partial(self._edits, each) if self.edits else _no_edits,
                seconds,
            )
            for each in wanted
        ]
        helpers = {name for each in wanted for name in each.exercise.helpers} & set(wrong)
        stubs = {name: stub(self._catalogue.functions[name]) for name in helpers}
        names = [exercise.name for exercise in self._assignment.exercises]
        ask(self._sandbox, searches, definition_cells(cells, names), stubs, seconds)
        for search in searches:
            if not search.is_repaired:
                began = time.process_time()
                search.first_wrong = self._tracer.lines(search)
                search.cpu_seconds += time.process_time() - began
        return searches

    def _inputs(self, name: str) -> Inputs:
        if name not in self._kept:
            exercise = self._assignment.exercise(name)
            # Never those of the marks, and never those of another purpose.
            arguments = hidden_arguments(exercise, helper_seed(self._seed, f"repair/{name}"))
            expected = right_answers(self._catalogue, exercise, arguments)
            self._kept[name] = Inputs(exercise, arguments, expected)
        return self._kept[name]

    def _edits(self, wanted: Wanted, code: Code, right: Mapping[str, set[str]]) -> Iterator[Edit]:
        """Return the edits of a version, given which outputs of each case are correct."""
        exercise = wanted.exercise
        graded = set(exercise.graded_outputs)
        wrong_parts = {exercise.case(case).part for case in right if right[case] < graded}
        everywhere = set.intersection(*right.values()) if right else set()
        return Workshop(
            code,
            reference_code(self._catalogue.reference, exercise.name),
            hints_of(self._catalogue, exercise.name, wanted.causes),
            doubts(
                code,
                exercise.outputs,
                {*everywhere, *exercise.echoes},
                {exercise.case(case).part for case in right} - wrong_parts - {""},
            ),
        ).edits()


def _no_edits(_: Code, __: Mapping[str, set[str]]) -> Iterator[Edit]:
    return iter(())
