"""How often is the line of a mistake shown, is it the right one, and what does it cost?"""

import inspect
import json
import random
import re
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.grading.grader import Grader
from autograder.model import Verdict
from autograder.repairing.explain import SECONDS, Explainer, Function, wrong_functions
from autograder.repairing.repair import Repairer, Wanted
from autograder.repairing.search import Search, changed_lines
from autograder.sandbox import Sandbox
from autograder.status import ExerciseStatus
from checks.assignments import ASSIGNMENTS
from solutions.catalogue import Catalogue, load, patched_source
from solutions.cnn_step_by_step.styles import STYLES
from solutions.convnet_application.styles import STYLES as CONVNET_STYLES
from solutions.corpora import attempts
from solutions.corpora.beginners import BEGINNERS

OUTSIDERS = Path(attempts.__file__).with_name("outsiders.json")
SAMPLES = 60
"""How many submissions of each corpus are looked at."""

SEED = 5
CNN, CONVNET = "cnn_step_by_step", "convnet_application"
ABSENT = (ExerciseStatus.RIGHT, ExerciseStatus.MISSING, ExerciseStatus.NOT_IMPLEMENTED)


@dataclass(frozen=True)
class Sample:
    """A file with wrong functions; `lines` are the texts of the wrong lines, where known."""

    name: str
    assignment: str
    text: str
    lines: dict[str, frozenset[str]] = field(default_factory=dict)
    only: str = ""


@dataclass
class Row:
    """What was found of one corpus."""

    wrong: int = 0
    by_error: int = 0
    by_repair: int = 0
    known: int = 0
    right: int = 0
    off: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    traced: int = 0
    traced_alone: int = 0
    proven: int = 0
    agrees: int = 0
    differs: list[str] = field(default_factory=list)


def corpora() -> dict[str, list[Sample]]:
    """Return the samples of each corpus."""
    return {
        "outsiders": list(_outsiders()),
        "beginners": list(_beginners()),
        "attempts": list(_attempts()),
        "catalogue, step by step": list(_patched(CNN, STYLES)),
        "catalogue, convnet": list(_patched(CONVNET, CONVNET_STYLES)),
    }


def _outsiders() -> Iterator[Sample]:
    for name, outsider in json.loads(OUTSIDERS.read_text("utf-8")).items():
        yield Sample(name, CNN, "\n".join(outsider["code"]))


def _beginners() -> Iterator[Sample]:
    rest = inspect.getsource(load(CNN).reference)
    for number, beginner in enumerate(BEGINNERS):
        text = f"{rest}\n\n{beginner.source}"
        yield Sample(f"{number} {beginner.note}", CNN, text, only=beginner.exercise)


def _attempts() -> Iterator[Sample]:
    rest = inspect.getsource(load(CONVNET).reference)
    for function, _ in attempts.WRONG:
        exercise = attempts.exercise_of(function)
        source = inspect.getsource(function)
        own = re.sub(r"\bdef \w+", f"def {exercise}", source[source.index("def ") :], count=1)
        yield Sample(function.__name__, CONVNET, f"{rest}\n\n{own}", only=exercise)


def _patched(assignment: str, styles: dict[str, str]) -> Iterator[Sample]:
    """Yield the catalogue's mistakes in functions of other styles, where the lines are known."""
    catalogue: Catalogue = load(assignment)
    for style, text in styles.items():
        for source in re.split(r"\n(?=def )", text):
            name = re.match(r"def (\w+)", source)
            for entry in catalogue.of(name[1]) if name else ():
                wrong = patched_source(source, entry.patches)
                if wrong is None or not entry.is_wrong_here:
                    continue
                before = frozenset(line.before.strip() for line in changed_lines(wrong, source))
                yield Sample(
                    f"{style} {entry.key}",
                    assignment,
                    f"import numpy as np\n{text}\n\n{wrong}",
                    {entry.exercise: before},
                    entry.exercise,
                )


def table(count: int, seed: int, named: bool = True, which: Iterable[str] = ()) -> None:
    """Print a row for each corpus, of at most `count` samples that `seed` chooses of each.

    Without `named` the catalogue's guidance is left out, as where no cause is named.
    """
    print(
        f"{'corpus':<26}{'wrong':>6}{'by error':>9}{'by repair':>10}{'none':>6}"
        f"{'known':>7}{'right':>6}{'median s':>9}{'mean':>6}{'longest':>8}"
    )
    chosen = {name: each for name, each in corpora().items() if not which or name in which}
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        for name, samples in chosen.items():
            some = random.Random(seed).sample(samples, min(count, len(samples)))
            row = Row()
            for sample in some:
                _measure(sandbox, Path(folder), sample, row, named, seed)
            _print(name, row)


def _measure(
    sandbox: Sandbox, folder: Path, sample: Sample, row: Row, named: bool, seed: int
) -> None:
    path = folder / "sample.py"
    path.write_text(sample.text, "utf-8")
    verdict = Grader(sandbox, seed).grade_file(path, sample.assignment)
    if not named:
        verdict = _unnamed(verdict)
    explainer = Explainer(sandbox)
    functions = [f for f in wrong_functions(verdict) if sample.only in ("", f.verdict.name)]
    for function in functions:
        (search,) = explainer.search(verdict, [function])
        row.seconds.append(search.cpu_seconds)
        _trace(sandbox, verdict, function, search, row, f"{sample.name}, {function.verdict.name}")
    explained = explainer.with_known(verdict, functions)
    for before, exercise in zip(verdict.exercises, explained.exercises, strict=True):
        if exercise.status in ABSENT or sample.only not in ("", exercise.name):
            continue
        where = f"{sample.name}, {exercise.name}"
        row.wrong += 1
        row.by_error += bool(before.lines and not exercise.repair)
        row.by_repair += bool(exercise.repair)
        if not exercise.lines:
            causes = [cause.id.partition("/")[2] for cause in exercise.diagnosis]
            row.silent.append(f"{where}: {', '.join(causes)}")
        elif exercise.name in sample.lines:
            row.known += 1
            if {line.text for line in exercise.lines} & sample.lines[exercise.name]:
                row.right += 1
            else:
                lines = exercise.repair or exercise.lines
                shown = [f"{line.text} -> {getattr(line, 'after', '!')}" for line in lines]
                row.off.append(f"{where}: {shown}, not {sorted(sample.lines[exercise.name])}")


def _trace(
    sandbox: Sandbox, verdict: Verdict, function: Function, search: Search, row: Row, where: str
) -> None:
    """Count whether the trace shows a line, and whether that is one of the proven repair."""
    assignment = ASSIGNMENTS[verdict.assignment]
    repairer = Repairer(sandbox, load(verdict.assignment), assignment, verdict.seed)
    repairer.edits = False
    wanted = Wanted(assignment.exercise(function.verdict.name), function.text)
    wrong = [e.name for e in verdict.exercises if e.status is not ExerciseStatus.RIGHT]
    (traced,) = repairer.repair(verdict.cells, [wanted], wrong, SECONDS)
    lines = traced.first_wrong
    row.traced += bool(lines)
    row.traced_alone += bool(lines and not search.repaired and not function.verdict.lines)
    if lines and search.repaired:
        row.proven += 1
        if {line.number for line in search.lines} & {*lines}:
            row.agrees += 1
        else:
            text = search.code.text.split("\n")
            told = [text[number - 1].strip() for number in lines]
            proven = [f"{line.before.strip()} -> {line.after.strip()}" for line in search.lines]
            row.differs.append(f"{where}: {told}, not {proven}")


def _unnamed(verdict: Verdict) -> Verdict:
    exercises = tuple(replace(exercise, diagnosis=()) for exercise in verdict.exercises)
    return replace(verdict, exercises=exercises)


def _print(name: str, row: Row) -> None:
    seconds = row.seconds or [0.0]
    print(
        f"{name:<26}{row.wrong:>6}{row.by_error:>9}{row.by_repair:>10}{len(row.silent):>6}"
        f"{row.known:>7}{row.right:>6}{statistics.median(seconds):>9.2f}"
        f"{statistics.fmean(seconds):>6.2f}{max(seconds):>8.2f}",
        flush=True,
    )
    print(
        f"    trace: {row.traced} of {len(row.seconds)} get a line, {row.traced_alone} no other;"
        f" one of the proven repair's in {row.agrees} of {row.proven}"
    )
    for line in row.differs:
        print(f"    differs {line}")
    for line in row.off:
        print(f"    off    {line}")
    for line in row.silent:
        print(f"    none   {line}", flush=True)
