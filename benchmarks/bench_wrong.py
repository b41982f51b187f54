"""What does a wrong function cost beside a right one, named but not repaired?

Each wrong function stands by itself in an otherwise correct submission, and that submission is
compared with the correct one. The functions are those of people who knew neither catalogue nor
checks, in the mixture in which they made their mistakes; all are graded in one round, so that what
is worked out about its inputs is part of the cost.
"""

import ast
import inspect
import itertools
import json
import re
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.grading.single_files import check_files
from autograder.status import ExerciseStatus
from benchmarks.bench_repair import CNN, CONVNET, OUTSIDERS, SEED
from checks.assignments import ASSIGNMENTS
from solutions.catalogue import load
from solutions.cnn_step_by_step.styles import STYLES
from solutions.corpora import attempts

RIGHT = "right"


def report() -> None:
    """Print, for both assignments, the CPU seconds of a submission without and with a mistake."""
    print(f"{'assignment':<22}{'functions':>9}{'right':>8}{'wrong':>8}{'ratio':>7}{'median':>8}")
    for assignment, pairs in ((CNN, list(_outsiders())), (CONVNET, list(_attempts()))):
        right, wrong = _seconds(assignment, pairs)
        means, medians = (
            [of(seconds) for seconds in (right, wrong)]
            for of in (statistics.mean, statistics.median)
        )
        print(
            f"{assignment:<22}{len(wrong):>9}{means[0]:>8.3f}{means[1]:>8.3f}"
            f"{means[1] / means[0]:>7.2f}{medians[1] / medians[0]:>8.2f}",
            flush=True,
        )


def _seconds(assignment: str, pairs: list[tuple[str, str]]) -> tuple[list[float], list[float]]:
    """Return the CPU seconds of each correct submission, and of each with a wrong function."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, text in enumerate(itertools.chain.from_iterable(pairs)):
            path = Path(folder) / f"{number:04}.py"
            path.write_text(text, "utf-8")
            files.append(path)
        verdicts = list(check_files(files, SEED, assignment))
    seconds: tuple[list[float], list[float]] = ([], [])
    for number, verdict in enumerate(verdicts):
        wrong = sum(each.status is not ExerciseStatus.RIGHT for each in verdict.exercises)
        if wrong > 1 or bool(wrong) != bool(number % 2):
            raise RuntimeError(f"{verdict.file}: {wrong} functions are wrong")
        seconds[number % 2].append(verdict.cpu_seconds)
    return seconds


def _outsiders() -> Iterator[tuple[str, str]]:
    """Yield a correct submission, and the same one with an outsider's wrong function."""
    names = [exercise.name for exercise in ASSIGNMENTS[CNN].exercises]
    styles = itertools.cycle(map(_functions, STYLES.values()))
    for outsider in json.loads(OUTSIDERS.read_text("utf-8")).values():
        try:
            own = _functions("\n".join(outsider["code"]))
        except SyntaxError:
            continue
        helpers = {name: text for name, text in own.items() if name not in names}
        for name, label in outsider["labels"].items():
            if label != RIGHT and name in names and name in own:
                others = next(styles)
                yield _text(others), _text({**others, **helpers, name: own[name]})


def _attempts() -> Iterator[tuple[str, str]]:
    rest = inspect.getsource(load(CONVNET).reference)
    for function, _ in attempts.WRONG:
        source = inspect.getsource(function)
        name = attempts.exercise_of(function)
        own = re.sub(r"\bdef \w+", f"def {name}", source[source.index("def ") :], count=1)
        yield rest, f"{rest}\n\n{own}"


def _functions(text: str) -> dict[str, str]:
    """Return the source of each function in a text. Raises SyntaxError."""
    nodes = ast.parse(text).body
    found = ((node, ast.get_source_segment(text, node)) for node in nodes)
    return {node.name: own for node, own in found if isinstance(node, ast.FunctionDef) and own}


def _text(functions: dict[str, str]) -> str:
    return "\n\n\n".join(["import numpy as np", *functions.values()]) + "\n"
