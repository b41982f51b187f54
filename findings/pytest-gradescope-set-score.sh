#!/usr/bin/env bash
# pytest-gradescope gives full points for a test that sets its own score to zero.
#
# Expected: in a test under `@partial_credit(8)`, `set_score(2)` scores 2 of 8, as its README says and as
#   gradescope-utils, which it takes as its model, does.
# What happens: the score is stored on the function inside the decorator, and the plugin reads it from
#   the wrapper outside, where there is none. Every test that passes gets all its points, whatever it
#   set, and a test that raises after `set_score(7)` gets 0. The score is checked (a text or a negative
#   number raises), so it looks as if it counted. A `@leaderboard` entry is lost in the same way.
# Versions: pytest-gradescope 0.1.6 with pytest 9.2.0; gradescope-utils 0.5.0 for comparison.
# Why it matters: tests with partial credit count the cases that a layer gets right and raise nothing:
#   a pooling layer that is wrong in all of eight cases has 8 of 8 points.
# What to do: one test per case with `@weight`, or store it on the wrapper as well (shown below):
#   `test_layer.score = 2` as the last line of the test.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pytest-gradescope==0.1.6 pytest==9.2.0 gradescope-utils==0.5.0
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^(pytest|gradescope)'

cat > layers.py <<'PY'
CASES = [[1, 3], [5, 9], [0, 2], [4, 4], [6, 2], [8, 0], [7, 7], [2, 5]]


def never_correct(pair):
    return -1


def twice_correct(pair):
    return pair[0] if pair[0] == pair[1] else -1


def raises_late(pair):
    if pair == [2, 5]:
        raise IndexError("the last window")
    return max(pair)


def cases(layer):
    return sum(layer(pair) == max(pair) for pair in CASES)
PY
cat > test_layers.py <<'PY'
from layers import cases, never_correct, raises_late, twice_correct
from pytest_gradescope import leaderboard, partial_credit


@partial_credit(8)
def test_never(set_score=None):
    set_score(cases(never_correct))


@partial_credit(8)
def test_twice(set_score=None):
    set_score(cases(twice_correct))


@partial_credit(8)
def test_late(set_score=None):
    set_score(7)
    cases(raises_late)


@partial_credit(8)
def test_workaround(set_score=None):
    test_workaround.score = cases(twice_correct)


@leaderboard("cases")
def test_board(set_leaderboard_value=None):
    set_leaderboard_value(7)
PY
cat > compare.py <<'PY'
import io
import json
import unittest

from gradescope_utils.autograder_utils.decorators import partial_credit
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from layers import cases, never_correct, twice_correct


class Layers(unittest.TestCase):
    @partial_credit(8)
    def test_never(self, set_score=None):
        set_score(cases(never_correct))

    @partial_credit(8)
    def test_twice(self, set_score=None):
        set_score(cases(twice_correct))


def marks(title, results):
    scores = {}
    for test in results["tests"]:
        name = test["name"].split()[0]
        scores[name] = test["score"]
        print(f"{title:17} {name:15} {test['score']} of {test['max_score']}, {test['status']}")
    return scores


stream = io.StringIO()
JSONTestRunner(stream=stream).run(unittest.defaultTestLoader.loadTestsFromTestCase(Layers))
model = marks("gradescope-utils", json.loads(stream.getvalue()))
results = json.load(open("results.json"))
plugin = marks("pytest-gradescope", results)
print("leaderboard:", results["leaderboard"])
assert model == {"test_never": 0, "test_twice": 2}
assert plugin == {"test_never": 8, "test_twice": 8, "test_late": 0, "test_workaround": 2, "test_board": 0}
assert results["leaderboard"] == []
PY
venv/bin/python -m pytest -q -p no:cacheprovider test_layers.py > log 2>&1 || grep -q '1 failed, 4 passed' log
venv/bin/python compare.py
echo "Reproduced: a layer that is correct in no case has 8 of 8 points."
