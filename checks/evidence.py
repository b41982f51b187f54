"""What the rules that name a cause look at, and what such a rule is."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar

from checks.model import Failure, Observation, ResultStatus
from checks.student_source import nodes_of, parsed
from checks.text import Text


@dataclass(frozen=True)
class Evidence:
    """What the rules look at.

    `source` is the function's text (None where it is not known), `globals_read` the names of
    notebook data that it reads beside its parameters, `unparsable` a syntax error's message;
    `parameters` and `outputs` are those that the task asks for, `first_line` is the line of the
    cell that `source` begins in. `helpers` are the texts of the student's own functions beside the
    exercises, by name.
    """

    status: ResultStatus
    observations: Mapping[str, Observation]
    source: str | None = None
    globals_read: tuple[str, ...] = ()
    unparsable: str | None = None
    parameters: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    first_line: int = 1
    helpers: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = [o.failure for o in self.observations.values() if o.failure is not None]
        object.__setattr__(self, "failures", tuple(found))

    @cached_property
    def function(self) -> ast.FunctionDef | None:
        """The syntax tree of the function, where its text is known and can be read."""
        tree = parsed(self.source) if self.source else None
        return (
            next((n for n in tree.body if isinstance(n, ast.FunctionDef)), None) if tree else None
        )

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the function's tree, outer ones first; none where there is no tree."""
        return tuple(nodes_of(self.function)) if self.function else ()

    @cached_property
    def worked_out(self) -> dict[Callable[["Evidence"], Any], Any]:
        """What several rules look at, and one of them has worked out already."""
        return {}

    @property
    def failed(self) -> bool:
        """Whether the function ran and gave something wrong, or ended in an exception."""
        # Where no call came to its end for a lack of memory or its process, nothing is known.
        lost = [
            seen.status == "crashed" or (seen.failure and seen.failure.type == "MemoryError")
            for seen in self.observations.values()
        ]
        return self.status in ("wrong", "error") and not (lost and all(lost))


Result = TypeVar("Result")


def once(work: Callable[[Evidence], Result]) -> Callable[[Evidence], Result]:
    """Return `work`, done once for each evidence."""

    @wraps(work)
    def known(evidence: Evidence) -> Result:
        if work not in evidence.worked_out:
            evidence.worked_out[work] = work(evidence)
        return evidence.worked_out[work]

    return known


Found = dict[str, str | Text] | None
"""What to fill into a message, or None where the rule does not hold.

Under `AT` it tells the lines of the function's text that show the mistake, where there are any,
with spaces between them.
"""

AT = "at"


@dataclass(frozen=True)
class GeneralCause:
    """A cause that may occur in every exercise.

    Where it holds, the causes in `instead_of` are not named: they are only what it looks like. A
    `last` one is named only where there is nothing else to name.
    """

    name: str
    rule: Callable[[Evidence], Found]
    message: Text
    hint: Text
    instead_of: tuple[str, ...] = ()
    last: bool = False


def first_that_says(type_: str, words: str, source: str = "") -> Callable[[Evidence], Found]:
    """Return the rule that finds an exception, with the named groups of its words and its line."""

    def rule(evidence: Evidence) -> Found:
        for failure in evidence.failures:
            said = re.search(words, failure.message)
            line = re.search(source, failure.source)
            if re.fullmatch(type_, failure.type) and said and line:
                return {**said.groupdict(), **line.groupdict(), "line": failure.source.strip()}
        return None

    return rule
