"""What a check draws of a wrong function, and where it says to look."""

import contextlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from checks import store
from checks.compare import compare
from checks.diagnosis import Cause
from checks.drawing.windows import Windows, roles_of, wrong_window
from checks.evidence import Evidence
from checks.judge import ExerciseResult, outputs_of
from checks.lines.first_wrong import wrong_sizes
from checks.lines.in_helpers import in_helper
from checks.lines.places import lines_of_roles
from checks.model import Exercise
from checks.run import observe
from checks.show import HelperLine, Picture


def picture_of(
    exercise: Exercise, target: Callable[..., Any], answers: Mapping[str, Mapping[str, Any]]
) -> Picture | None:
    """Return what a function makes of a readable input, where that is wrong and can be drawn."""
    if exercise.picture is None:
        return None
    case = exercise.picture
    with contextlib.redirect_stdout(None):
        seen = observe(target, case.public_arguments())
    if seen.status != "ok":
        return None
    output = exercise.graded_outputs[0]
    got, expected = outputs_of(exercise, seen.value)[0].get(output), answers[case.name][output]
    if not isinstance(got, np.ndarray) or compare(got, expected) is None:
        return None
    return Picture(got, expected)


def windows_of(exercise: Exercise, target: Callable[..., Any]) -> Windows | None:
    """Return the first window that is in a wrong place, where the exercise has windows."""
    if exercise.probe is None:
        return None
    with contextlib.redirect_stdout(None):
        seen = observe(target, exercise.probe.arguments())
    if seen.status != "ok":
        return None
    output = outputs_of(exercise, seen.value)[0].get(exercise.outputs[0])
    return wrong_window(exercise.probe, output)


def pointed(
    path: Path,
    exercise: Exercise,
    judged: ExerciseResult,
    windows: Windows | None,
    source: str | None,
    first_line: int,
) -> tuple[int, ...]:
    """Return the lines to look at where no cause is named: those that put the windows there.

    `path` is the data file of the assignment; `source` begins in `first_line` of its cell.
    """
    first = judged.first_failure
    roles = roles_of(windows) if windows else frozenset()
    if first and first.difference and first.output in exercise.windows:
        roles = wrong_sizes(first.difference) or roles
    evidence = Evidence(judged.status, {}, source, first_line=first_line)
    return lines_of_roles(roles, evidence, store.read_places(path, exercise.name))


def lines_in_helpers(
    causes: Iterable[Cause], evidence: Evidence, target: Callable[..., Any]
) -> dict[str, HelperLine]:
    """Return, by the id of a cause, the line of a helper that the cause's own lines only call.

    `evidence` is about `target`, which calls the student's helper.
    """
    found = {}
    for cause in causes:
        if place := in_helper(cause.id, cause.lines, evidence):
            name, number = place
            text, first_line = inspect.getsourcelines(target.__globals__[name])
            found[cause.id] = HelperLine(name, first_line + number - 1, text[number - 1])
    return found
