"""Calling a function in this process and recording what it did, for the student's own checks."""

import contextlib
import io
import linecache
import traceback
import types
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from checks.judge import REPEAT
from checks.model import Exercise, Failure, Observation
from checks.plain import copy_plain, same_plain, to_plain
from checks.session.deadline import TookTooLong, deadline

MAX_MESSAGE = 500


@dataclass(frozen=True)
class Run:
    """Everything seen in one run over the cases of an exercise."""

    observations: dict[str, Observation]
    printed: str
    warned: tuple[str, ...]


def run(
    exercise: Exercise, target: Callable[..., Any], arguments: Mapping[str, tuple[Any, ...]]
) -> Run:
    """Call `target` on each case's arguments, the first case twice, and record what happens.

    Exceptions are recorded, not raised; only KeyboardInterrupt passes, so that a student can stop
    an endless loop. Where a call does not end by itself, the cases after it are not tried.
    """
    printed = io.StringIO()
    observations = {}
    with (
        contextlib.redirect_stdout(printed),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        first = exercise.cases[0].name
        again = {REPEAT: arguments[first]} if first in arguments else {}
        stopped = None
        for case, inputs in (arguments | again).items():
            seen = stopped or observe(target, inputs, deadline(_files_of(target)))
            stopped = seen if seen.status == "timeout" else None
            observations[case] = seen
    warned = tuple(dict.fromkeys(f"{w.category.__name__}: {w.message}" for w in caught))
    return Run(observations, printed.getvalue(), warned)


def observe(
    target: Callable[..., Any],
    inputs: tuple[Any, ...],
    limit: AbstractContextManager[None] | None = None,
) -> Observation:
    """Call `target` on a private copy of `inputs` and record the result or the exception.

    `limit` is what stops it, where it may not end.
    """
    given = copy_plain(inputs)
    try:
        with limit or contextlib.nullcontext():
            value = target(*given)
        value = to_plain(value)
    except KeyboardInterrupt:
        raise
    except TookTooLong as stopped:
        return Observation("timeout", failure=stopped.failure)
    except BaseException as error:
        return Observation("error", failure=failure_of(error, target))
    return Observation("ok", value, arguments_changed=not same_plain(given, inputs))


def failure_of(error: BaseException, target: Callable[..., Any]) -> Failure:
    """Describe an exception by the last line of the student's own code that it passed through."""
    files = _files_of(target)
    # Walked, not extracted: that would read the text of every library on the way.
    frames = [
        (frame.f_code, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in files
    ]
    message = str(error).strip().splitlines()[0][:MAX_MESSAGE] if str(error).strip() else ""
    kind = type(error).__name__
    if not frames:
        return Failure(kind, message)
    code, line = frames[-1]
    # A file may have been edited since it was read.
    linecache.checkcache(code.co_filename)
    source = linecache.getline(code.co_filename, line or 0).strip()
    return Failure(kind, message, line, source, code.co_name)


def _files_of(target: Callable[..., Any]) -> set[str]:
    """Return the files (in Jupyter: cells) of the function and of the functions beside it."""
    code = getattr(target, "__code__", None)
    if code is None:
        return set()
    files = {code.co_filename}
    for value in getattr(target, "__globals__", {}).values():
        if isinstance(value, types.FunctionType) and value.__module__ == target.__module__:
            files.add(value.__code__.co_filename)
    return files
