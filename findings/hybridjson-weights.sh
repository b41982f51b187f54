#!/usr/bin/env bash
# For PrairieLearn, HybridJSONTestRunner gives a test of 1 point as much weight as one of 8.
#
# Expected: the score of a submission is the points that it reached over the points that there are: so the
#   same runner scores the same tests for Gradescope, and so does the example of a result in PrairieLearn's
#   guide to external grading, where 1 of 1 and 0 of 3 points are a score of 0.25.
# What happens: the finalizer for PrairieLearn adds up each test's own percentage and divides by the
#   number of tests (0.5 in that example). The points stand in the result, beside a score that ignores them.
# Version: HybridJSONTestRunner 1.0.0, a fork of gradescope-utils for both platforms.
# Why it matters: two warm-ups of 1 point that pass and a conv_backward of 8 points that fails are 2 of 10
#   points, and 67% in PrairieLearn's gradebook.
# What to do: hand JSONTestRunner a `result_finalizer` of your own, which divides the sums (below).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet HybridJSONTestRunner==1.0.0 numpy==2.4.6 2>/dev/null
venv/bin/pip list 2>/dev/null | grep -iE '^(hybrid|numpy)'

cat > layers.py <<'PY'
"""A submission: padding and the size of the output are correct, the gradient lacks the stride."""
import io
import json
import unittest

import numpy as np
from autograder_utils.Decorators import Weight
from autograder_utils.JSONTestRunner import JSONTestRunner
from autograder_utils.ResultBuilders import gradescopeResultBuilder, prairieLearnResultBuilder
from autograder_utils.ResultFinalizers import gradescopeResultFinalizer, prairieLearnResultFinalizer


def zero_pad(x, pad):
    return np.pad(x, pad)


def size(n, f, stride):
    return (n - f) // stride + 1


def conv_backward(dz, w, stride, n):
    dx = np.zeros(n)
    for i in range(len(dz)):
        dx[i : i + len(w)] += w * dz[i]
    return dx


class Layers(unittest.TestCase):
    @Weight(1)
    def test_zero_pad(self):
        self.assertEqual(zero_pad(np.ones(3), 1).sum(), 3)

    @Weight(1)
    def test_size(self):
        self.assertEqual(size(7, 3, 2), 3)

    @Weight(8)
    def test_conv_backward(self):
        got = conv_backward(np.array([1.0, 2.0]), np.array([1.0, 3.0]), 2, 4)
        self.assertEqual(got.tolist(), [1.0, 3.0, 2.0, 6.0])


def run(builder, finalizer):
    stream = io.StringIO()
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Layers)
    runner = JSONTestRunner(stream=stream, result_builder=builder, result_finalizer=finalizer)
    runner.run(suite)
    return json.loads(stream.getvalue())


gradescope = run(gradescopeResultBuilder, gradescopeResultFinalizer)
prairielearn = run(prairieLearnResultBuilder, prairieLearnResultFinalizer)
reached = sum(test["points"] for test in prairielearn["tests"])
possible = sum(test["max_points"] for test in prairielearn["tests"])


def by_points(data):
    prairieLearnResultFinalizer(data)
    data["score"] = sum(t["points"] for t in data["tests"]) / sum(t["max_points"] for t in data["tests"])


print(f"Gradescope:   {gradescope['score']:g} of {sum(t['max_score'] for t in gradescope['tests']):g} points")
print(f"PrairieLearn: tests {reached:g} of {possible:g} points, score {prairielearn['score']:.4f}")
print(f"with a finalizer of one's own: score {run(prairieLearnResultBuilder, by_points)['score']:.4f}")
assert (gradescope["score"], reached, possible) == (2, 2, 10)
assert abs(prairielearn["score"] - 2 / 3) < 1e-9, "the score follows the points now"
PY
venv/bin/python layers.py
# Output seen:
#   Gradescope:   2 of 10 points
#   PrairieLearn: tests 2 of 10 points, score 0.6667
#   with a finalizer of one's own: score 0.2000
