"""Submissions by authors who knew neither catalogue nor checks: judged and named correctly?

`solutions/corpora/outsiders.json` holds the code of 75 submissions: s01 to s40 in the
mixture that is found in public, t01 to t35 each written in another style. Their labels say what
the authors' own oracles found: "right" where a function is correct given correct helpers, else its
causes, each with the ids that name it ("this|that"; "no_such_id" where there is none). What was not
written is left out.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from autograder.grading.single_files import check_files

PATH = Path(__file__).parents[1] / "corpora" / "outsiders.json"
OUTSIDERS = json.loads(PATH.read_text("utf-8"))


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """The verdicts, all from one call."""
    folder = tmp_path_factory.mktemp("outsiders")
    files = [folder / f"{name}.py" for name in OUTSIDERS]
    for path in files:
        path.write_text("\n".join(OUTSIDERS[path.stem]["code"]), "utf-8")
    graded = [verdict.contract_json() for verdict in check_files(files, seed=20_26_11_28)]
    return dict(zip(OUTSIDERS, graded, strict=True))


def _labelled(verdicts):
    for name, outsider in OUTSIDERS.items():
        exercises = {exercise["name"]: exercise for exercise in verdicts[name]["exercises"]}
        for exercise, label in outsider["labels"].items():
            yield f"{name}, {exercise}", label, exercises[exercise]


@pytest.mark.slow
def test_every_verdict_is_right(verdicts):
    """Is a function passed if and only if its author's oracle passes it, given correct helpers?"""
    differ = [
        f"{where}: {exercise['status']}, labelled {label}"
        for where, label, exercise in _labelled(verdicts)
        if (exercise["status"] == "right") != (label == "right")
    ]
    assert not differ, "\n".join(differ)


@pytest.mark.slow
def test_mistakes_are_named_rightly(verdicts, tell):
    """Are 19 of 20 wrong functions named, and none of them wrongly? Figures are printed."""
    counts, wrongly, silent = Counter(), [], []
    for where, label, exercise in _labelled(verdicts):
        counts["functions"] += 1
        if label == "right":
            continue
        causes = [set(cause.split("|")) for cause in label]
        named = {cause["id"].partition("/")[2] for cause in exercise["diagnosis"]}
        counts["wrong"] += 1
        counts["fully named"] += all(cause & named for cause in causes)
        counts["named"] += bool(named)
        if named - set().union(*causes):
            wrongly.append(f"{where}: {sorted(named)}, labelled {label}")
        if not named:
            silent.append(f"{where}: labelled {label}")
    tell(f"outsiders: {dict(counts)}, wrongly named {len(wrongly)}")
    assert not wrongly, "\n".join(wrongly)
    assert len(silent) <= counts["wrong"] / 20, "\n".join(silent)
