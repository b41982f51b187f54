"""Known answers of a round, computed before anybody waits for them, a little at a time."""

import time
from collections.abc import Iterator
from dataclasses import replace

from autograder.grading.answers import right_answers
from autograder.grading.asked import hidden_arguments, shelf_name
from autograder.grading.grader import Grader
from checks.assignments import ASSIGNMENTS
from solutions.catalogue import load


class Ahead:
    """What one process has prepared for its grader, which keeps the answers."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self._under_way: dict[int, Iterator[None]] = {}

    def go_on(self, assignment: str, seed: int, seconds: float) -> bool:
        """Prepare a round for about so long; return whether all is there."""
        if seed not in self._under_way:
            self._under_way[seed] = _steps(replace(self._grader, seed=seed), assignment)
        until = time.monotonic() + seconds
        return all(time.monotonic() < until for _ in self._under_way[seed])

    def forget_but(self, seeds: tuple[int, ...]) -> None:
        """Let go of the answers of all other rounds."""
        ended = self._under_way.keys() - set(seeds)
        for seed in ended:
            del self._under_way[seed]
        # With a round go the answers to inputs that were drawn for lent helpers.
        for key in [key for key in self._grader.wrong if ended and key[2] not in seeds]:
            del self._grader.wrong[key]
            self._grader.known.forget(shelf_name(key))
        for key in [key for key in self._grader.kept if ended and key[2] not in seeds]:
            del self._grader.kept[key]


def _steps(grader: Grader, assignment: str) -> Iterator[None]:
    """Compute what nearly every submission needs.

    That is the correct answers, and the wrong ones in the first case, in which most mistakes are
    told apart. The rest is computed where it is needed.
    """
    catalogue = load(assignment)
    for exercise in ASSIGNMENTS[assignment].exercises:
        right_answers(catalogue, exercise, hidden_arguments(exercise, grader.seed))
        yield
        wrong = grader.wrong_answers(catalogue, exercise, grader.seed)
        slot = (exercise.cases[0].name, exercise.outputs[0])
        for _, known in wrong.entries:
            known.get(slot)
            yield
