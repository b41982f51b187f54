"""Verdicts of a class of any size, drawn and never graded: for what is done with verdicts."""

import functools
import random
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.model import CauseVerdict, CellVerdict, CheckVerdict, ExerciseVerdict, Verdict
from autograder.status import ExerciseStatus, Status
from autograder.texts import same_in_all
from benchmarks.class_folder import ASSIGNMENT
from checks.assignments import ASSIGNMENTS
from checks.text import ENGLISH
from solutions.catalogue import Catalogue, load
from solutions.gallery import styles

FIRST = ("ada", "chen", "eve", "gita", "ivo", "jo", "li", "mei", "olga", "per", "rosa", "uma")
LAST = ("abe", "berg", "cruz", "diaz", "fox", "haas", "ito", "jones", "kaya", "nagy", "silva")
SEED = 2**63 + 7


def verdicts(count: int) -> Iterator[Verdict]:
    """Yield the verdicts of `count` students, the same ones every time.

    A third is correct, the others have one to three functions wrong; one in twenty runs out of time
    and one in fifty can't be read. Everybody has statements that nobody else has.
    """
    draw = random.Random(7)
    catalogue, texts = load(ASSIGNMENT), list(styles(ASSIGNMENT).values())
    exercises = ASSIGNMENTS[ASSIGNMENT].exercises
    made = functools.cache(lambda *what: _exercise(catalogue, *what))
    for number in range(count):
        student = f"{draw.choice(FIRST)}.{draw.choice(LAST)}{number + 1:06}"
        wrong = draw.sample(range(len(exercises)), draw.choice((0, 1, 1, 2, 3, 0)))
        late = wrong[0] if wrong and draw.random() < 0.06 else None
        found = tuple(
            made(place, draw.randrange(4) if place in wrong else None, place == late)
            for place in range(len(exercises))
        )
        failed = draw.random() < 0.02
        yield Verdict(
            f"build/submitted/{student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb",
            SEED,
            Status.FAILED if failed else Status.GRADED,
            ENGLISH,
            assignment=ASSIGNMENT,
            student=student,
            timestamp=f"2026-03-{1 + number % 28:02} 10:00:00",
            exercises=() if failed else found,
            problems=(same_in_all("The file is empty."),) if failed else (),
            submission_hash=f"{number:064x}",
            isolation="namespaces",
            cells=_cells(draw.choice(texts), draw),
            cpu_seconds=round(draw.uniform(0.05, 0.4), 6),
        )


def _exercise(catalogue: Catalogue, place: int, variant: int | None, late: bool) -> ExerciseVerdict:
    exercise = ASSIGNMENTS[ASSIGNMENT].exercises[place]
    right = variant is None
    share = 1.0 if right else (0.0, 0.4, 0.6, 0.8)[variant]
    causes: tuple[CauseVerdict, ...] = ()
    if variant is not None:
        known = catalogue.of(exercise.name)
        one = known[variant % len(known)]
        causes = (CauseVerdict(one.id, one.message, one.hint),)
    status = ExerciseStatus.RIGHT if right else ExerciseStatus.WRONG
    return ExerciseVerdict(
        exercise.name,
        exercise.points * share,
        float(exercise.points),
        ExerciseStatus.TIMEOUT if late else status,
        tuple(CheckVerdict(check.name, right) for check in exercise.checks),
        diagnosis=causes,
        cpu_seconds=0.01 + 0.001 * place,
    )


def _cells(functions: Mapping[str, str], draw: random.Random) -> tuple[CellVerdict, ...]:
    cells = []
    for index, (name, source) in enumerate(functions.items()):
        own = "\n".join(f"    own_{i} = {draw.getrandbits(40)}" for i in range(3))
        fields: dict[str, Any] = {"grade_id": name, "status": "ok"}
        cells.append(CellVerdict(f"{source}\n{own}", 3 + 2 * index, **fields))
    return tuple(cells)
