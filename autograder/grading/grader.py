"""From a submitted file to its verdict: what each exercise scores, and why.

:meth:`Grader.grade_file` is pure: the same files, assignment, language, seed and sandbox level give
the same verdict, apart from times. It runs in the trusted worker. The sandboxed child runs the
notebook and calls the student's functions; everything that decides (fresh inputs, correct answers,
comparison, score) stays here.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from autograder.grading.answers import wrong_answers
from autograder.grading.asked import Asked, Key, observation, shelf_name
from autograder.grading.assignment import assignment_of
from autograder.grading.guard import limited_cpu
from autograder.grading.helpers import helper_seed, only_refused, stub, without, without_result_of
from autograder.grading.known import Known
from autograder.grading.places import Places, failures_of, known_places, where
from autograder.grading.told import TEXTS, cell_verdicts, check_verdict
from autograder.model import DEMO, CauseVerdict, ExerciseVerdict, Line, Verdict, status_of
from autograder.reading.calls import Given, given_names, may_call
from autograder.reading.stateless import is_stateless
from autograder.reading.student_code import (
    Definition,
    definitions,
    draws,
    only_calls,
    other_functions,
    runnable_parts,
)
from autograder.reading.submissions import Submission, read_submission
from autograder.sandbox import Budget, Cell, Job, JobResult, Limits, Sandbox
from autograder.status import ExerciseStatus
from autograder.texts import NO_TEXT
from checks.assignments.public_names import NAMES
from checks.causes import all_causes, is_suspicion, misspelt_name
from checks.diagnosis import Cause, WrongAnswers, diagnose
from checks.evidence import Evidence
from checks.judge import REPEAT, ExerciseResult, judge
from checks.model import Assignment, Exercise, Observation, ResultStatus
from checks.student_source import (
    functions_defined,
    global_names_read,
    has_placeholder,
    names_assigned,
    plain_code,
)
from checks.text import ENGLISH, Text, listed
from solutions.catalogue import Catalogue, load


@dataclass(frozen=True)
class Grader:
    """What a process needs to grade submissions: a sandbox, and the round's secret seed."""

    sandbox: Sandbox
    seed: int
    known: Known = field(default_factory=Known)
    wrong: dict[Key, WrongAnswers] = field(default_factory=dict)
    kept: dict[Key, Asked] = field(default_factory=dict)
    limits: Limits | None = None
    """What a submission may use; None for the usual."""

    def grade_file(
        self,
        path: Path,
        assignment: str | None = None,
        language: str | None = None,
        folder: Path | None = None,
    ) -> Verdict:
        """Return the verdict on one submitted file, whatever is in it.

        `assignment` decides where the functions do not; `language` is used where the file does
        not show its own; the files in `folder` are copied to where the notebook runs. Raises
        RuntimeError where reading and comparing takes too long.
        """
        started = time.process_time()
        with limited_cpu():
            submission = read_submission(path)
            chosen = assignment_of(submission, assignment)
            language = submission.language or language or ENGLISH
            attempt = _Attempt(self, submission, chosen, language, folder)
            verdict = attempt.verdict()
            self.known.share()
        used = time.process_time() - started + attempt.child_cpu_seconds
        return replace(verdict, cpu_seconds=round(used, 4))

    def asked(self, catalogue: Catalogue, exercise: Exercise, seed: int) -> Asked:
        """Return what is asked in an exercise under one seed; drawn once per process."""
        key = (catalogue.reference.__name__, exercise.name, seed)
        if key not in self.kept:
            self.kept[key] = Asked.of(catalogue, exercise, seed)
        return self.kept[key]

    def wrong_answers(self, catalogue: Catalogue, exercise: Exercise, seed: int) -> WrongAnswers:
        """Return the known wrong answers to one seed's inputs; each is computed once per round."""
        key = (catalogue.reference.__name__, exercise.name, seed)
        shelf = self.known.shelf(shelf_name(key))
        if key not in self.wrong:
            arguments = self.asked(catalogue, exercise, seed).arguments
            self.wrong[key] = wrong_answers(catalogue, exercise, arguments, shelf)
        return self.wrong[key]


@dataclass
class _Outcome:
    """How one run of one exercise went; `named` are its causes, by the status that it is given."""

    result: ExerciseResult
    observations: dict[str, Observation]
    seed: int
    cpu_seconds: float
    with_helpers: bool = False
    named: dict[ResultStatus, tuple[Cause, ...]] = field(default_factory=dict)


class _Attempt:
    """The grading of one submission."""

    def __init__(
        self,
        grader: Grader,
        submission: Submission,
        assignment: Assignment,
        language: str,
        folder: Path | None,
    ) -> None:
        self.folder = folder
        self.grader = grader
        self.submission = submission
        self.assignment = assignment
        self.catalogue = load(assignment.name)
        self.language = language
        self.problems = list(submission.problems)
        self.child_cpu_seconds = 0.0
        self.budget: Budget | None = None
        self.definitions_only = False
        self.broken: set[str] = set()
        self.names = [exercise.name for exercise in assignment.exercises]
        self.sources = [cell.source for cell in submission.cells]
        self.definitions: Mapping[str, Definition] = definitions(self.sources, self.names)
        self.places = Places(submission)

    @cached_property
    def notebook_data(self) -> frozenset[str]:
        """The names that cells outside of functions give to data; only mistakes ask for them."""
        return names_assigned(self.sources)

    @cached_property
    def helpers(self) -> Mapping[str, str]:
        """The submission's functions beside the exercises; only mistakes ask for them."""
        return other_functions(self.sources, self.names)

    @cached_property
    def given(self) -> Given | None:
        """What each name of the submission is given; only mistakes ask for it."""
        return given_names(self.sources)

    def verdict(self) -> Verdict:
        own, job = self._own_outcomes()
        found = any(outcome.result.status != "missing" for outcome in own.values())
        if not (self.definitions or found or self.problems):
            self.problems.append(TEXTS["no_functions"])
        self.broken = {name for name in own if own[name].result.status != "right"}
        outcomes = {name: self._counting(name, own) for name in own}
        exercises = tuple(self._exercise_verdict(name, outcomes[name], own) for name in own)
        return Verdict(
            str(self.submission.path),
            self.grader.seed,
            status_of(exercises, self.problems),
            self.language,
            self.assignment.name,
            exercises=exercises,
            problems=tuple(self.problems),
            isolation=self.grader.sandbox.isolation,
            cells=cell_verdicts(self.submission, job, self.language),
            note=self.submission.note,
        )

    # Running

    def _job_cells(self) -> tuple[Cell, ...]:
        checks = frozenset(NAMES)
        return tuple(
            Cell(part.source, cell.index, part.above)
            for cell in self.submission.cells
            if DEMO not in cell.tags and not only_calls(cell.source, checks)
            for part in runnable_parts(cell.source, self.names)
        )

    def _run(
        self, exercises: list[Exercise], seed: int, stubs: Mapping[str, Callable[..., Any]]
    ) -> tuple[dict[str, _Outcome], JobResult]:
        asked = {e.name: self.grader.asked(self.catalogue, e, seed) for e in exercises}
        groups = tuple(one.group for one in asked.values())
        cells = self._job_cells()
        job = self.grader.sandbox.run(
            Job(
                cells,
                groups,
                stubs,
                figures=not stubs,
                budget=self.budget,
                # A notebook that did not run to its end once would fail again, and take as long.
                definitions_only=self.definitions_only,
                draws=draws(cell.source for cell in cells),
                together=is_stateless(cell.source for cell in cells),
                **({"limits": self.grader.limits} if self.grader.limits else {}),
            ),
            self.folder,
        )
        self.budget, self.definitions_only = job.budget, job.notebook != "ok"
        self.child_cpu_seconds += job.cpu_seconds
        return {
            e.name: self._outcome(e, asked[e.name], job, seed, bool(stubs)) for e in exercises
        }, job

    def _own_outcomes(self) -> tuple[dict[str, _Outcome], JobResult]:
        outcomes, job = self._run(list(self.assignment.exercises), self.grader.seed, {})
        self.problems.extend(job.problems)
        if job.notebook != "ok":
            key = "failed" if job.notebook == "failed" else "definitions_only"
            self.problems.append(TEXTS[key])
        for cell in job.cells:
            if cell.status == "timeout" and job.notebook == "ok":
                self.problems.append(TEXTS["cell_timeout"].format(index=cell.index + 1))
        return outcomes, job

    def _outcome(
        self, exercise: Exercise, asked: Asked, job: JobResult, seed: int, with_helpers: bool
    ) -> _Outcome:
        results = job.groups.get(exercise.name, [])
        names = [*asked.arguments, REPEAT]
        observations = {
            name: observation(result) for name, result in zip(names, results, strict=False)
        }
        for name in names:
            observations.setdefault(name, Observation("crashed"))
        definition = self.definitions.get(exercise.name)
        placeholder = partial(has_placeholder, definition.source) if definition else None
        result = judge(exercise, observations, asked.expected, asked.arguments, placeholder)
        cpu_seconds = sum(r.cpu_seconds for r in results)
        return _Outcome(result, observations, seed, cpu_seconds, with_helpers)

    def _counting(self, name: str, own: Mapping[str, _Outcome]) -> _Outcome:
        """Return the outcome that counts: the better of the own run and one with correct helpers.

        Helpers are lent where one of the student's own is wrong, and where the own run names no
        cause: a helper that is correct in another way may hide it.
        """
        mine = own[name]
        exercise = self.assignment.exercise(name)
        settled = mine.result.status in ("right", "missing", "not_implemented")
        helpers = () if settled else self._helpers(exercise)
        if not helpers:
            return mine
        broken = self._broken_helpers(exercise, own)
        if not broken and self._is_explained(exercise, mine):
            return mine
        helped = self._helped(exercise, broken or helpers)
        if helped.result.status != "right" and 0 < len(broken) < len(helpers):
            # Without any of the student's own helpers the result shows more.
            others = self._helped(exercise, helpers)
            helped = max(others, helped, key=lambda outcome: outcome.result.score)
        if helped.result.score != mine.result.score:
            return max(helped, mine, key=lambda outcome: outcome.result.score)
        if self._is_explained(exercise, helped):
            return helped
        # At equal scores this one shows more, without the helpers' mistakes. But where all calls
        # were refused, the own run says what is wrong with them.
        return helped if broken and not only_refused(helped.observations) else mine

    def _is_explained(self, exercise: Exercise, outcome: _Outcome) -> bool:
        causes = self._causes(exercise, outcome, outcome.result.status)
        return not all(is_suspicion(cause.id) for cause in causes)

    def _helpers(self, exercise: Exercise) -> tuple[str, ...]:
        return may_call(self.given, exercise.name, exercise.helpers)

    def _broken_helpers(self, exercise: Exercise, own: Mapping[str, _Outcome]) -> list[str]:
        return [h for h in self._helpers(exercise) if own[h].result.status != "right"]

    def _helped(self, exercise: Exercise, helpers: Sequence[str]) -> _Outcome:
        """Run an exercise with these correct helpers, in a sandbox and on inputs of its own.

        Each call of a lent helper is a message there and back: none is lent without need.
        """
        stubs = {name: stub(self.catalogue.functions[name]) for name in helpers}
        # Alike for all helpers: what is known of these inputs is computed once a round.
        seed = helper_seed(self.grader.seed, exercise.name)
        return self._run([exercise], seed, stubs)[0][exercise.name]

    # Explaining

    def _exercise_verdict(
        self, name: str, outcome: _Outcome, own: Mapping[str, _Outcome]
    ) -> ExerciseVerdict:
        exercise, result = self.assignment.exercise(name), outcome.result
        definition = self.definitions.get(name)
        status = result.status
        if status == "missing" and definition and definition.error:
            status = "error"
        checks = tuple(check_verdict(exercise, check, outcome.seed) for check in result.checks)
        failures = [o.failure for o in outcome.observations.values() if o.failure is not None]
        stop = self.places.stop(failures, definition, name, {*own} - self.broken)
        causes = tuple(
            self._cause_verdict(cause, exercise, outcome, status)
            for cause in self._causes(exercise, outcome, status)
        )
        pointed = tuple(dict.fromkeys(line for cause in causes for line in cause.lines))
        return ExerciseVerdict(
            name,
            round(float(result.score), 4),
            float(result.max_score),
            ExerciseStatus(status),
            checks,
            outcome.with_helpers and status == "right",
            causes,
            pointed or stop.lines,
            where(status, checks, stop, causes),
            self._note(exercise, outcome, own),
            round(outcome.cpu_seconds, 4),
        )

    def _cause_verdict(
        self, cause: Cause, exercise: Exercise, outcome: _Outcome, status: ResultStatus
    ) -> CauseVerdict:
        if exercise.name not in self.definitions:
            lines: tuple[Line, ...] = ()
        elif cause.id.endswith("/syntax_error"):
            lines = self.places.of_syntax_error(self.definitions.get(exercise.name))
        else:
            evidence = self._evidence(exercise, outcome, status)
            lines = self.places.of_cause(cause, self.definitions[exercise.name], evidence)
            if not lines:
                lines = self.places.of_failures(failures_of(cause, evidence), exercise.name)
        return CauseVerdict(cause.id, cause.message, cause.hint, lines)

    def _note(self, exercise: Exercise, outcome: _Outcome, own: Mapping[str, _Outcome]) -> Text:
        broken = self._broken_helpers(exercise, own) if outcome.with_helpers else []
        if not broken:
            return NO_TEXT
        key = "helpers" if outcome.result.status == "right" else "better_with_helpers"
        return TEXTS[key].format(helpers=listed(broken))

    def _causes(
        self, exercise: Exercise, outcome: _Outcome, status: ResultStatus
    ) -> tuple[Cause, ...]:
        if status not in outcome.named:
            outcome.named[status] = self._found_causes(exercise, outcome, status)
        return outcome.named[status]

    def _found_causes(
        self, exercise: Exercise, outcome: _Outcome, status: ResultStatus
    ) -> tuple[Cause, ...]:
        if exercise.name not in self.definitions:
            return self._misspelt(exercise) if status == "missing" else ()
        if status == "right":
            return ()
        evidence = self._evidence(exercise, outcome, status)

        def diagnosed() -> tuple[Cause, ...]:
            if status == "missing":
                return ()
            wrong = self.grader.wrong_answers(self.catalogue, exercise, outcome.seed)
            seen, code = self._observed(exercise, outcome), plain_code(evidence.source)
            return diagnose(exercise, seen, wrong, code)

        known = known_places(self.assignment.name, exercise.name)
        return all_causes(exercise.name, evidence, diagnosed, known)

    def _observed(self, exercise: Exercise, outcome: _Outcome) -> Mapping[str, Observation]:
        """Return what was observed, without what the student's own wrong helpers caused."""
        broken = set() if outcome.with_helpers else self.broken & {*self._helpers(exercise)}
        return {k: without_result_of(seen, broken) for k, seen in outcome.observations.items()}

    def _misspelt(self, exercise: Exercise) -> tuple[Cause, ...]:
        others = set(functions_defined(self.sources)) - set(self.names)
        return misspelt_name(exercise.name, tuple(sorted(others)))

    def _evidence(self, exercise: Exercise, outcome: _Outcome, status: ResultStatus) -> Evidence:
        definition = self.definitions[exercise.name]
        source = None if definition.error else definition.source
        names = global_names_read(source, exercise.name) if source else ()
        others = {*self.names} - {exercise.name}
        return Evidence(
            status,
            {k: without(seen, others) for k, seen in self._observed(exercise, outcome).items()},
            source,
            tuple(name for name in names if name in self.notebook_data),
            definition.error,
            exercise.parameters,
            exercise.outputs,
            definition.first_line,
            self.helpers,
        )
