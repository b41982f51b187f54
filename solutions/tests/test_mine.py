"""Does `autograder mine` find the mistakes again that the catalogue has forgotten?"""

import inspect
import random
import re
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from autograder.grading import grader as grading
from autograder.grading.grader import Grader
from autograder.repairing import explain, mine
from autograder.repairing.entries import ID, entry_text
from autograder.sandbox import Sandbox
from checks.assignments import ASSIGNMENTS, FIRST
from checks.text import Text
from solutions.catalogue import (
    Catalogue,
    load,
    patched_source,
    variants,
    wrong_function,
    wrong_source,
)
from solutions.cnn_step_by_step.styles import STYLES
from solutions.tests.test_catalogue import same, signature_of, signature_of_wrong

SEED = 11
HIDDEN, OTHERS, STUDENTS = 20, 4, 2


def _functions(text):
    return {m[1]: m[0] for m in re.finditer(r"^def (\w+)\b.*?(?=^def |\Z)", text, re.S | re.M)}


def _chosen(catalogue):
    """Return the hidden entries, of different causes, and a few that stay in each exercise."""
    chance = random.Random(SEED)
    firsts = list({m.id: m for m in reversed(catalogue.misconceptions)}.values())
    usable = [m for m in firsts if m.is_wrong_here and not m.equivalent and not m.failure]
    hidden = chance.sample(usable, HIDDEN)
    ids = {m.id for m in hidden}
    kept = []
    for exercise in catalogue.functions:
        others = [m for m in firsts if m.exercise == exercise and m.id not in ids]
        kept += chance.sample(others, OTHERS)
    return hidden, tuple(kept)


def _class(catalogue, hidden):
    """Return (student, code, exercise -> id): the reference, or another style, with mistakes."""
    right = _functions(inspect.getsource(catalogue.reference))
    loops = _functions(STYLES["loops"])
    left = {name: [m for m in hidden if m.exercise == name] for name in right}
    number = 0
    while any(left.values()):
        made = {name: entries.pop() for name, entries in left.items() if entries}
        for style in range(STUDENTS):
            code = dict(right)
            for name, entry in made.items():
                own = patched_source(loops[name], entry.patches) if style else None
                code[name] = own or wrong_source(catalogue.reference, [entry])
            number += 1
            text = "import numpy as np\n\n\n" + "\n\n".join(code.values())
            yield f"s{number}", text, {name: entry.id for name, entry in made.items()}


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    """Return (catalogue, hidden entries, who made which, clusters)."""
    catalogue = load(FIRST)
    hidden, kept = _chosen(catalogue)
    forgetful = Catalogue(catalogue.reference, kept)
    made, path = {}, tmp_path_factory.mktemp("class") / "student.py"
    with pytest.MonkeyPatch.context() as patch, Sandbox() as sandbox:
        for module in (grading, explain, mine):
            patch.setattr(module, "load", lambda _: forgetful)
        patch.setattr(mine, "SECONDS", 1.5)
        verdicts = []
        for student, text, ids in _class(catalogue, hidden):
            path.write_text(text, "utf-8")
            verdict = Grader(sandbox, SEED).grade_file(path, FIRST)
            verdicts.append(replace(verdict, student=student))
            made |= {(student, name): cause for name, cause in ids.items()}
        found = mine.clusters(verdicts, sandbox)
    return catalogue, hidden, made, found


@pytest.mark.slow
def test_forgotten_mistakes_are_found_again(mined, tell):
    """Are 16 of 20 found, each with a patch that makes it, and is every cluster of one mistake?"""
    _, hidden, made, found = mined
    again, mixed = set(), []
    for cluster in found:
        ids = Counter(made[student, cluster.exercise] for student in cluster.students)
        if len(ids) > 1:
            mixed.append(ids)
        if cluster.patches:
            again.update(ids)
    tell(f"mine: {len(again)} of {len(hidden)} found again in {len(found)} clusters")
    assert not mixed
    assert len(again) >= 0.8 * len(hidden), sorted({m.id for m in hidden} - again)


@pytest.mark.slow
def test_entry_can_be_pasted(mined):
    """Does an entry, once it has an id and texts, pass the catalogue's own tests?"""
    catalogue, _, _, found = mined
    checked = 0
    for cluster in found:
        if not cluster.patches:
            continue
        text = entry_text(cluster.patches).replace(ID, "found_again")
        text = text.replace('Text("", "")', 'Text("It is wrong.", "这样不对。")')
        (entry,) = eval(
            text.rstrip(","), {"cause": partial(variants, cluster.exercise), "Text": Text}
        )
        assert wrong_source(catalogue.reference, [entry]) is not None, text
        assert wrong_function(catalogue.reference, [entry]) is not None, text
        exercise = ASSIGNMENTS[FIRST].exercise(entry.exercise)
        for seed in (None, SEED):
            right = signature_of(FIRST, exercise, catalogue.functions[entry.exercise], seed)
            assert not same(signature_of_wrong(FIRST, entry, seed), right), text
        checked += 1
    assert checked


@pytest.mark.slow
def test_what_is_printed(mined):
    """Does the text say how many, who, one example, the proof and the entry?"""
    found = mined[3]
    text = "\n".join(mine.told(found, 9, "en"))
    assert f"in {len(found)} clusters" in text.split("\n")[0]
    for word in ("who ", "example ", "proof ", "entry ", "cause(", ID):
        assert word in text
