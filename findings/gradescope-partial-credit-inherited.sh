#!/usr/bin/env bash
# A test that several classes inherit gets the partial credit of the class that ran before.
#
# Expected: `set_score` of gradescope-utils' `@partial_credit` sets the score of the running test, and
#   a test that raises before it calls `set_score` scores 0, as every failing test does.
# What happens: the score is kept on the decorated function. A test written once in a base class, and
#   run for each layer in a subclass, is one function: the second class starts with the score of the
#   first. If its layer is missing or raises, the result says "failed" and has the other's points. The
#   order counts as well: unittest runs the classes by name, so renaming one changes marks.
# Versions: gradescope-utils 0.5.0 (by the pull request that brought it, gradescope-utils#9, a test
#   that ends before `set_score` has no score of its own), Python's unittest (3.11 and later).
# Why it matters: a base class is the usual way to test max and average pooling with the same cases.
#   An exercise that was never begun gets up to full points, beside the text of its error.
# What to do: call `set_score(0)` in the first line of every such test (shown below), or write one
#   function per class.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet gradescope-utils==0.5.0
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep gradescope

cat > grade.py <<'PY'
import io
import json
import unittest

from gradescope_utils.autograder_utils.decorators import partial_credit
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


def max_pool(row):
    """The submission: its maximum is correct."""
    return [max(row[:2]), max(row[2:])]


def mean_pool(row):
    """The submission: the mean was never begun."""
    raise NotImplementedError


class Layer:
    CASES = ([1, 3, 5, 9], [0, 2, 4, 4], [6, 2, 8, 0])

    def points(self):
        return sum(self.layer(row) == [self.best(row[:2]), self.best(row[2:])] for row in self.CASES)

    @partial_credit(3)
    def test_as_it_comes(self, set_score=None):
        set_score(self.points())

    @partial_credit(3)
    def test_from_zero(self, set_score=None):
        set_score(0)
        set_score(self.points())


class TestLayer1Max(Layer, unittest.TestCase):
    layer, best = staticmethod(max_pool), staticmethod(max)


class TestLayer2Mean(Layer, unittest.TestCase):
    layer, best = staticmethod(mean_pool), staticmethod(lambda pair: sum(pair) / 2)


def grade(*classes):
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    stream = io.StringIO()
    JSONTestRunner(visibility="visible", stream=stream).run(unittest.TestSuite(map(load, classes)))
    marks = {}
    for test in json.loads(stream.getvalue())["tests"]:
        method, place = test["name"].rstrip(")").split(" (")
        layer = next(part for part in place.split(".") if part.startswith("TestLayer"))
        marks[layer, method] = test["score"], test["status"]
        print(f"  {layer:15} {method:17} {test['score']} of {test['max_score']}, {test['status']}")
    return marks


print("the mean alone:")
alone = grade(TestLayer2Mean)
print("the maximum, then the mean:")
both = grade(TestLayer1Max, TestLayer2Mean)
assert alone["TestLayer2Mean", "test_as_it_comes"] == (0, "failed")
assert both["TestLayer1Max", "test_as_it_comes"] == (3, "passed")
assert both["TestLayer2Mean", "test_as_it_comes"] == (3, "failed")
assert both["TestLayer2Mean", "test_from_zero"] == (0, "failed")
PY
venv/bin/python grade.py
echo "Reproduced: the layer that was never begun has 3 of 3 points."
