"""A correct function ends well wherever its checks print: no output has to be in UTF-8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks.text import LANGUAGES, writable

ROOT = Path(__file__).resolve().parents[2]

CHECKED = """
from solutions.cnn_step_by_step.reference import zero_pad
from public_tests import *

check(zero_pad)
with needs(zero_pad):
    raise NotImplementedError
"""
DRAWN = """
import numpy as np
import course_plots
import course_training
from plots import digits, prediction, take_over

course_plots.padding(np.ones((1, 2, 2, 1)), None, 1)
course_plots.mask(np.ones((2, 2)), np.ones((2, 2), bool))
course_training.losses({"loss": [1.0, 0.5]})
live = course_training.Live(2)
live.step(1.0)
live.step(0.5)
prediction.predict(None, 1.0)
prediction.predict("1", 1.0)
prediction.predict(1, 1.0)
digits.wrong_digits(np.ones((1, 2, 2, 1)), np.ones(1), np.ones(1))
take_over.take_over("absent.ipynb")
with take_over.if_possible():
    raise take_over.NothingToShow("没有卷积 ■□")
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-8"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", [CHECKED, DRAWN], ids=["checks", "plots"])
def test_any_encoding(source, language, encoding):
    """Does all that is printed come out where the output lacks Chinese and the signs of a bar?"""
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COURSE_LANGUAGE": language}
    command = [sys.executable, "-c", source]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(encoding, "replace")
    assert "Error" not in done.stderr.decode(encoding, "replace")
    printed = done.stdout.decode(encoding)
    assert len(printed.splitlines()) > 4
    assert "text/html" not in printed
    assert ("?" * 4 in printed) == (encoding in ("ascii", "latin-1"))


def test_what_can_be_written_stays(monkeypatch):
    """Is every character kept that the output has, and one that no output has replaced?"""
    assert writable("é ■ 卷积") == "é ■ 卷积"
    assert writable("\ud800") == "?"
    monkeypatch.setattr(sys, "stdout", None)
    assert writable("■") == "■"


@pytest.mark.skipif(sys.platform == "win32", reason="the engine needs Unix")
def test_command_line(tmp_path):
    """Does `autograder check` tell all that it has to where Chinese can't be written?"""
    encoding = "latin-1"
    path = tmp_path / "卷积.py"
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COURSE_LANGUAGE": "zh"}
    command = [sys.executable, "-m", "autograder", "check", "--isolation", "process", str(path)]
    for options in ([], ["--json"]):
        done = subprocess.run([*command, *options], cwd=ROOT, env=environment, capture_output=True)
        assert (done.returncode, b"Error" in done.stderr) == (2, False), done.stderr
    assert json.loads(done.stdout.decode(encoding))["file"] == str(path)
