"""What the sandbox is asked to do, and what it answers: data on both sides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.status import CellStatus
from checks.model import CallStatus
from checks.text import Text

from .limits import Budget, Limits

NotebookStatus = Literal["ok", "definitions only", "failed"]


Splice = tuple[int, int, str]
"""What replaces a part of a text: first byte, byte behind the last, new text."""


@dataclass(frozen=True)
class Versions:
    """Versions of a function to call one after another: its text, and what is replaced in it.

    Each may take `seconds` of CPU time, and as many are tried as the call's own limit allows.
    """

    text: str
    splices: tuple[tuple[Splice, ...], ...]
    seconds: float


@dataclass(frozen=True)
class Call:
    """One call of a student's function with positional arguments, plain trees all of them.

    With `versions` each of them is called instead. The value is then a list with a pair for each,
    (whether it changed its arguments, what it returned), or None where it returned nothing.
    """

    function: str
    arguments: tuple
    versions: Versions | None = None


def _nobody(_: "CallResult") -> None:
    """Listen to no result."""


@dataclass(frozen=True)
class Group:
    """The calls of one exercise: a process of its own, with its own CPU and memory limit.

    `calls` may be an iterator that decides on its next call by what `answered` was told of the
    last one; it ends where a call was not answered.
    """

    name: str
    calls: Iterable[Call]
    answered: Callable[["CallResult"], None] = _nobody


@dataclass(frozen=True)
class Cell:
    """A code cell, or a part of one with `above` lines of it before, in the notebook's order."""

    source: str
    index: int
    above: int = 0


@dataclass(frozen=True)
class Job:
    """One submission's notebook and the calls to make once its cells have run.

    `stubs` maps a function's name to a callable in the trusted parent; in the child that name is
    bound to a proxy which sends its arguments here and returns the answer. The jobs of one
    submission share a `budget`; the first one needs none. With
    `definitions_only` the cells' imports and functions are run and nothing else. With `together`
    the groups share a process for as long as each of their calls returns; this is for code of
    which nothing outlives a call. A notebook of which it is known that it `draws` finds the
    libraries imported; any other imports them when it does.
    """

    cells: tuple[Cell, ...] = ()
    groups: tuple[Group, ...] = ()
    stubs: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    figures: bool = False
    draws: bool = False
    limits: Limits = field(default_factory=Limits)
    budget: Budget | None = None
    definitions_only: bool = False
    together: bool = False


@dataclass
class ErrorInfo:
    """An exception in the student's own terms: `line` and `source` are of their code."""

    type: str
    message: str
    line: int | None = None
    source: str = ""
    function: str = ""


@dataclass
class CellResult:
    """How a cell ended, and what it showed: text as str, figures as PNG bytes, in order.

    `stopped` says why the sandbox ended the cell, or did not run it.
    """

    index: int
    status: CellStatus
    error: ErrorInfo | None = None
    outputs: list[str | bytes] = field(default_factory=list)
    stopped: Text | None = None


@dataclass
class CallResult:
    """How a call ended. `value` is plain data from the student's process: not to be believed."""

    status: CallStatus
    value: Any = None
    error: ErrorInfo | None = None
    arguments_changed: bool = False
    cpu_seconds: float = 0.0


@dataclass
class JobResult:
    """Everything a job brought back; `problems` are sentences about the job as a whole.

    `budget` is what further jobs of the same submission may use.
    """

    cells: list[CellResult]
    groups: dict[str, list[CallResult]]
    notebook: NotebookStatus = "ok"
    problems: list[Text] = field(default_factory=list)
    cpu_seconds: float = 0.0
    budget: Budget | None = None
