"""Asks the sandbox for the trace of a wrong function, and follows it beside the reference's."""

from collections.abc import Generator
from typing import Any

from autograder.repairing.code import Code, plain_text
from autograder.repairing.dialogue import Dialogue, Inputs
from autograder.repairing.doubts import reference_code
from autograder.repairing.trace.events import Reference, Traced
from autograder.repairing.trace.follow import FirstWrong
from autograder.repairing.trace.recorder import MOST_OF_REFERENCE, records
from autograder.repairing.trace.values import TooMuch
from autograder.repairing.trace.writer import instrumented
from autograder.sandbox import Call
from checks.plain import copy_plain
from solutions.catalogue import Catalogue

SECONDS = 0.1
"""CPU seconds that a trace may take after all that was spent on a repair."""

BROKEN = (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError)


class Tracing(Dialogue):
    """A dialogue that can ask for a trace; `trace` is what came back, of the case `traced`."""

    trace: Any = None
    traced = ""

    def _traced(self, case: str) -> Generator[Call, None, None]:
        try:
            made = instrumented(self.code)
        except BROKEN:
            # The other functions of the submission keep their repair.
            return
        if made is not None:
            self._seconds = max(self._seconds, self._used()) + SECONDS
            (seen,) = yield from self._ask(Code(made.text), case, [()])
            self.trace, self.traced = seen and seen[1], case


class Tracer:
    """Tells the line of the first wrong value; on the same inputs a reference is traced once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._references: dict[tuple[str, str], Reference | None] = {}

    def lines(self, dialogue: Tracing) -> tuple[int, ...]:
        """Return the lines of a function's plain text of which one leaves the right way, or none.

        Two are told where one of them must be it, and no more.
        """
        try:
            return self._lines(dialogue)
        except (*BROKEN, TooMuch):
            # What came back is a stranger's.
            return ()

    def _lines(self, dialogue: Tracing) -> tuple[int, ...]:
        made = instrumented(dialogue.code)
        if made is None or dialogue.trace is None:
            return ()
        inputs = dialogue.inputs
        key = inputs.exercise.name, dialogue.traced
        if key not in self._references:
            self._references[key] = self._made(inputs, dialogue.traced)
        reference = self._references[key]
        if reference is None:
            return ()
        student = Traced(dialogue.code, made, records(dialogue.trace, len(made.sites)))
        exercise = inputs.exercise
        outputs = len(exercise.graded_outputs)
        return FirstWrong(student, reference, exercise.helpers, outputs).lines()

    def _made(self, inputs: Inputs, case: str) -> Reference | None:
        name = inputs.exercise.name
        code = Code(plain_text(reference_code(self._catalogue.reference, name).text))
        made = instrumented(code, MOST_OF_REFERENCE)
        if made is None:
            return None
        names = dict(vars(self._catalogue.reference))
        exec(made.text, names)
        trace = names[name](*copy_plain(inputs.arguments[case]))
        return Reference(Traced(code, made, records(trace, len(made.sites))))
