"""Does any attack get points in the second assignment? Prints the table of scores."""

import json
import secrets
from dataclasses import replace

import pytest

from autograder.course import Course
from autograder.grading.grader import Grader
from autograder.sandbox import Sandbox, probe
from checks.assignments.convnet_application import ASSIGNMENT
from solutions.corpora.attacks import SIGNS, Places, attacks, write
from solutions.corpora.attacks.convnet import ATTACKS, WRONG
from solutions.gallery import styles
from solutions.tests.naming import KNOWN

AVAILABLE = {name: available for name, available, _ in probe()}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not AVAILABLE["namespaces"],
        reason="attacks are only ever run in namespaces of their own: python -m autograder.sandbox",
    ),
]
GENERAL = [a for a in attacks() if not a.functions and a.content is None and not a.slow]
SEED = 2**63 + 20_261
CANARY = secrets.token_hex(16)


@pytest.fixture(scope="module")
def grade(tmp_path_factory):
    """Grade an attack as a submission in a folder of its own."""
    places = Places(tmp_path_factory.mktemp("grader"), Course().root)
    for name in ("gradebook.db", "other.ipynb", "verdict.json", "round.json"):
        (places.secrets / name).write_text(CANARY)
    with Sandbox(student_folder=Course().notebook_folder("en", ASSIGNMENT.name)) as sandbox:
        grader = Grader(sandbox, SEED, KNOWN)

        def grade(attack, right=None):
            folder = tmp_path_factory.mktemp(attack.id) / "submission"
            path = write(attack, folder, places, right, WRONG)
            return grader.grade_file(path, ASSIGNMENT.name, folder=folder)

        yield grade


@pytest.mark.parametrize("attack", [*ATTACKS, *GENERAL], ids=lambda attack: attack.id)
def test_attack(attack, grade, tell):
    """Does the attack end in a whole verdict of 0?"""
    verdict = grade(attack)
    # Of a cell what it showed, not its text.
    shown = tuple(replace(cell, source="") for cell in verdict.cells)
    told = json.dumps(replace(verdict, cells=shown, file="").to_json())
    reached = [what for what in (*SIGNS, CANARY) if what in told]
    table = f"attack on {ASSIGNMENT.name}, score, what was reached"
    tell(f"{attack.id:40}{verdict.score:>5g}  {', '.join(reached) or 'nothing'}", table)
    assert reached == []
    scores = {e.name: e.score for e in verdict.exercises if e.score}
    assert (verdict.score, verdict.max_score, scores) == (0.0, 100.0, {})
    assert not any(e.with_right_helpers for e in verdict.exercises)


def test_neighbours_keep_their_points(grade):
    """Does a right gradient_check keep its points beside functions that ask absurd things?"""
    right = next(iter(styles(ASSIGNMENT.name).values()))
    attack = next(a for a in ATTACKS if a.id == "absurd_windows")
    verdict = grade(attack, {n: text for n, text in right.items() if n not in attack.functions})
    lost = {e.name for e in verdict.exercises if e.score < e.max_score}
    assert lost <= set(attack.functions)
