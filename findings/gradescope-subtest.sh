#!/usr/bin/env bash
# A test with a failing subTest is missing from gradescope-utils' results, points and all.
#
# Expected: a unittest that fails scores 0 of its weight and is listed as failed, whether the
#   assertion stands in the test itself or in one of its `with self.subTest(...)` blocks.
# What happens: unittest reports a failing subTest through a call that gradescope-utils does not
#   know, and then never calls the one for the whole test. So the test is neither passed nor
#   failed: the results have no row, no score and no maximum for it. A student who fails it sees a
#   shorter list in which all is green, and a maximum that differs from the neighbour's.
# Versions: gradescope-utils 0.5.0, Python's unittest (3.11 and later).
# Why it matters: subTest is what one takes for many shapes, strides and paddings of one
#   function. Whoever turns the results into percent (score by the sum of max_score) gives 100%
#   to a submission that passes 3 points of 10.
# What to do: collect the failures in the test and fail once at its end, or check that the results
#   hold every test before they are used (the sum of max_score is that of the assignment).
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

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


def output_size(size, kernel, stride):
    """The submission: the size of a convolution's output; it forgets the stride."""
    return size - kernel + 1


class Tests(unittest.TestCase):
    @weight(3)
    def test_stride_of_one(self):
        self.assertEqual(output_size(5, 3, 1), 3)

    @weight(7)
    def test_strides(self):
        for stride in (1, 2):
            with self.subTest(stride=stride):
                self.assertEqual(output_size(5, 3, stride), (5 - 3) // stride + 1)


suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
stream = io.StringIO()
outcome = JSONTestRunner(visibility="visible", stream=stream).run(suite)
results = json.loads(stream.getvalue())
print(json.dumps(results["tests"], indent=1))
score = sum(test["score"] for test in results["tests"])
most = sum(test["max_score"] for test in results["tests"])
print(f"unittest itself: {outcome.testsRun} tests run, {len(outcome.failures)} failure")
print(f"in the results: {len(results['tests'])} test, {score} of {most} points, expected 3 of 10")
assert outcome.testsRun == 2 and len(outcome.failures) == 1
assert [test["status"] for test in results["tests"]] == ["passed"] and (score, most) == (3, 3)
PY
venv/bin/python grade.py
echo "Reproduced: the failing test is gone, and 3 of 10 points read as 3 of 3."
