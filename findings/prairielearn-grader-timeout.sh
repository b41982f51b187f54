#!/usr/bin/env bash
# After one call that times out, pytest-prairielearn-grader reads every reply one call too late.
#
# Expected: a function that takes longer than `query_timeout` fails the test that calls it. The tests
#   after it, of other functions, are scored by what those return, as they are with `sandbox`.
# What happens: tests that share a `module_sandbox` share a socket to the student's process. Both ends
#   wait for the same time, and the grader's clock starts first (code that sleeps instead of computing
#   may reply in time). So the reply arrives when nobody reads it. The next test takes it for its own
#   and fails with the time-out of the other function; the test after that gets the answer to the test
#   before, and so on. Nothing tells that replies and questions are apart.
# Versions: pytest-prairielearn-grader 0.3.1 with pytest 9.2.0. Its guide describes `module_sandbox` as
#   code that is loaded once for a module, and `query_timeout` as the limit of a single call.
# Why it matters: a convolution with naive loops is slow, and it stands first. Its author loses the
#   points of all pooling layers, which are correct, and reads that a minimum of 0 was 1.
# What to do: use `sandbox`, which starts afresh for each test, or a `query_timeout` that no acceptable
#   answer reaches. The same holds within a test: after a TimeoutError it must not ask again.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pytest-prairielearn-grader==0.3.1 pytest==9.2.0 dill==0.4.1 numpy==2.4.6 \
    pandas==3.1.1 networkx==3.6.1 plot-serializer==0.2.3
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^(pytest|numpy)'

cat > student_code.py <<'PY'
import time


def conv(images):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        pass  # It computes, as loops over pixels do.
    return list(images.shape)


def pool_max(images):
    return float(images.max())


def pool_min(images):
    return float(images.min())
PY
cat > test_layers.py <<'PY'
import numpy as np
import pytest

sandbox_timeout = 30
IMAGES = np.random.default_rng(0).integers(0, 256, size=(64, 3, 32, 32)) / 255


def ask(code, name):
    return code.query_function(name, IMAGES, query_timeout=2)


@pytest.mark.grading_data(name="conv", points=1)
def test_conv(FIXTURE):
    assert ask(FIXTURE, "conv") == list(IMAGES.shape)


@pytest.mark.grading_data(name="max", points=3)
def test_max(FIXTURE):
    assert ask(FIXTURE, "pool_max") == 1


@pytest.mark.grading_data(name="min", points=3)
def test_min(FIXTURE):
    assert ask(FIXTURE, "pool_min") == 0
PY
cat > grade.py <<'PY'
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def grade(fixture, seconds):
    """The points of each test, where the convolution takes so many seconds."""
    folder = Path(tempfile.mkdtemp(dir="."))
    (folder / "test_layers").mkdir()
    code = Path("student_code.py").read_text().replace("SECONDS", str(seconds))
    (folder / "test_layers" / "student_code.py").write_text(code)
    (folder / "test_layers.py").write_text(Path("test_layers.py").read_text().replace("FIXTURE", fixture))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "test_layers.py"]
    subprocess.run(command, cwd=folder, capture_output=True)
    results = json.loads((folder / "autograder_results.json").read_text())
    print(f"{fixture}, a convolution of {seconds} s: {results['score']:.0%}")
    for test in results["tests"]:
        why = (test["message"] or test["outcome"]).splitlines()[-1].removeprefix("Exception Message: ")
        print(f"  {test['name']:5} {test['points']:g} of {test['max_points']}, {why}")
    return {test["name"]: test["points"] for test in results["tests"]}


assert grade("module_sandbox", 0) == {"conv": 1, "max": 3, "min": 3}
assert grade("sandbox", 3) == {"conv": 0, "max": 3, "min": 3}
# On a machine that is very busy the reply may once be in time after all.
assert any(grade("module_sandbox", 3) == {"conv": 0, "max": 0, "min": 0} for _ in range(3))
PY
venv/bin/python grade.py
echo "Reproduced: a convolution of one point that is too slow takes the six points of pooling along."
