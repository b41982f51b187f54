"""Does any attack of the gallery get points for wrong functions? Prints the table of scores."""

import dataclasses
import functools
import hashlib
import json
import secrets
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import autograder.grading.grader
from autograder.grading.answers import right_answers
from autograder.grading.grader import Grader
from autograder.grading.helpers import stub
from autograder.sandbox import Job, Limits, Sandbox, probe
from checks.assignments.cnn_step_by_step import ASSIGNMENT
from checks.judge import judge
from checks.model import Observation
from solutions.catalogue import load
from solutions.corpora.attacks import SIGNS, WRONG, Attack, Places, attacks, write
from solutions.corpora.attacks.beyond import BEYOND
from solutions.gallery import styles
from solutions.tests.naming import KNOWN

ROOT = Path(__file__).resolve().parents[2]
AVAILABLE = {name: available for name, available, _ in probe()}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not AVAILABLE["namespaces"],
        reason="attacks are only ever run in namespaces of their own: python -m autograder.sandbox",
    ),
]

# Fixed, so that nobody's luck decides whether a test fails.
SEED = 2**63 + 20_261
CANARY = secrets.token_hex(16)
RIGHT = styles("cnn_step_by_step")["loops"]
ALL = attacks()
CATALOGUE = load(ASSIGNMENT.name)
TABLE = "attack, score, what was reached"


def _parameters(chosen):
    return [pytest.param(attack, id=attack.id) for attack in chosen]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A folder with what only the grader may read; each file holds the canary."""
    folder = tmp_path_factory.mktemp("grader")
    for name in ("gradebook.db", "other.ipynb", "verdict.json", "round.json"):
        (folder / name).write_text(f"{name}: {CANARY}")
    return Places(folder, ROOT)


@pytest.fixture(scope="module")
def sandbox():
    """One sandbox for the whole gallery, in a process whose environment holds the canary."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADING_SECRET", CANARY)
        with Sandbox(student_folder=ROOT / "notebooks/en/cnn_step_by_step") as made:
            yield made


@pytest.fixture(scope="module")
def grade(sandbox, places, tmp_path_factory):
    """Grade an attack as a submission in a folder of its own."""
    grader = Grader(sandbox, SEED, KNOWN)

    def grade(attack, right=None):
        folder = tmp_path_factory.mktemp(attack.id) / "submission"
        path = write(attack, folder, places, right)
        return grader.grade_file(path, ASSIGNMENT.name, folder=folder)

    return grade


def _fingerprint(folder):
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode)
        for path in sorted(folder.iterdir())
    }


def _shorten(monkeypatch, limits):
    """Give the jobs of one test shorter limits, where time is what the attack is about."""
    if limits:
        short = dataclasses.replace(Limits(), **limits)
        job = functools.partial(Job, limits=short)
        monkeypatch.setattr(autograder.grading.grader, "Job", job)


def test_entries():
    """Does each attack have an id of its own and say what it tries?"""
    assert len({attack.id for attack in ALL}) == len(ALL)
    assert all(attack.tries and set(attack.functions) <= set(WRONG) for attack in ALL)


@pytest.mark.parametrize("attack", _parameters(ALL))
def test_attack(attack, grade, places, tell, monkeypatch):
    """Does the attack end in a whole verdict of 0, having learnt and changed nothing?"""
    _shorten(monkeypatch, attack.limits)
    before = _fingerprint(places.secrets)
    verdict = grade(attack)
    # Of a cell what it showed, not its text.
    shown = tuple(replace(cell, source="") for cell in verdict.cells)
    told = json.dumps(replace(verdict, cells=shown, file="").to_json())
    reached = [what for what in (*SIGNS, CANARY) if what in told]
    if any(str(SEED) in str(cell.outputs) for cell in verdict.cells):
        reached.append("the seed")
    if _fingerprint(places.secrets) != before:
        reached.append("the grader's files")
    tell(f"{attack.id:40}{verdict.score:>5g}  {', '.join(reached) or 'nothing'}", TABLE)
    scores = {e.name: e.score for e in verdict.exercises if e.score}
    assert (verdict.score, verdict.max_score, scores) == (0.0, 100.0, {})
    assert [e.name for e in verdict.exercises] == [e.name for e in ASSIGNMENT.exercises]
    assert not any(e.with_right_helpers for e in verdict.exercises)
    assert reached == []
    if attack.survives and attack.content is None:
        # An attack that stops at a slip of its own would prove nothing.
        problems = {c.index: c.error for c in verdict.cells if c.status != "ok"}
        assert not problems


def test_wrong_functions_alone(grade):
    """Do the functions that attacks leave alone score 0 by themselves, and not as stubs?"""
    verdict = grade(Attack("wrong_alone", "nothing"))
    assert {e.status for e in verdict.exercises} == {"wrong"}
    assert verdict.score == 0.0


NEIGHBOURS = {
    "exits": 0,
    "signals": 0,
    "forged_messages": 0,
    "truncated": 0,
    "descriptors": 0,
    "double_forked_daemon": 0,
    "too_much": 0,
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_neighbours_keep_their_points(name, grade):
    """Do correct functions keep every point beside attacks in other functions?"""
    attack = next(attack for attack in ALL if attack.id == name)
    hostile = sorted(attack.functions)
    for spared in ({"zero_pad"}, {"conv_forward", "conv_backward"}, {"pool_backward"}):
        kept = {n: text for n, text in attack.functions.items() if n not in spared}
        verdict = grade(
            dataclasses.replace(attack, functions=kept),
            {n: RIGHT[n] for n in RIGHT if n not in kept},
        )
        lost = {e.name for e in verdict.exercises if e.score < e.max_score}
        assert lost <= set(kept), (hostile, verdict.problems)


def test_nothing_passes_between_submissions(grade):
    """Is whatever one submission leaves behind gone when the next one runs?"""
    leave = """
import os, fcntl
for folder, folders, _ in os.walk("/"):
    folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "lib", "site-packages")]
    try:
        open(os.path.join(folder, "LEFT-BEHIND"), "w").write("answers")
    except OSError:
        pass
os.environ["LEFT-BEHIND"] = "answers"
"""
    look = """
import os
found = []
for folder, folders, names in os.walk("/"):
    folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "lib", "site-packages")]
    found += [folder] if "LEFT-BEHIND" in names else []
print("SEARCHED", found, "LEFT-BEHIND" in os.environ)
"""
    first = grade(Attack("leave", "leave something everywhere", before=(leave, look)))
    second = grade(Attack("look", "look for it", before=(look,)))
    assert "SEARCHED ['/" in str(first.cells)
    assert "SEARCHED [] False" in str(second.cells)


@pytest.mark.parametrize("attack", _parameters(BEYOND))
def test_beyond_reach(attack, grade, tell):
    """Does a function that passes for a correct one get the points of that exercise alone?"""
    verdict = grade(attack)
    tell(f"{attack.id:40}{verdict.score:>5g}  passes for correct", TABLE)
    (right,) = attack.functions
    assert {e.name for e in verdict.exercises if e.score} <= {right}


def test_guessing_does_not_pay():
    """Does a mask that is correct by luck score under hardly any seed?"""
    exercise = ASSIGNMENT.exercise("create_mask_from_window")
    lucky = 0
    for seed in range(300):
        cases = {c.name: c.hidden_arguments(exercise.name, seed) for c in exercise.hidden_cases()}
        guesses = {}
        for name, (x,) in cases.items():
            guess = np.zeros(x.shape, dtype=bool)
            guess[0, 0] = True
            guesses[name] = Observation("ok", guess)
        right = right_answers(CATALOGUE, exercise, cases)
        lucky += judge(exercise, guesses, right, cases).score > 0
    assert lucky <= 6


@pytest.mark.parametrize(
    ("helper", "arguments"),
    [
        ("zero_pad", (np.zeros((500, 1, 1, 1)), 64)),
        ("conv_single_step", (np.zeros((2000, 1)), np.zeros((1, 2000)), np.zeros((1, 1, 1)))),
        ("distribute_value", (1.0, (64, 64, 64, 64))),
        ("distribute_value", (np.zeros((5000, 1)), (64, 64))),
    ],
)
def test_stub_calls_stay_small(helper, arguments):
    """Is a helper asked for an answer much larger than any exercise needs refused beforehand?"""
    computed = []

    def watched(*given):
        computed.append(given)

    with pytest.raises(ValueError):
        stub(watched)(*arguments)
    assert not computed


def test_modules_of_the_current_folder(tmp_path):
    """Is a file named like a library ignored where the grader is started beside it?"""
    for name in ("numpy", "h5py", "argparse", "pathlib", "json", "checks", "solutions"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('code of a student')")
    (tmp_path / "work.py").write_text(WRONG["zero_pad"])
    finished = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "--json", "work.py"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "code of a student" not in finished.stderr
    assert json.loads(finished.stdout)["score"] == 0.0
