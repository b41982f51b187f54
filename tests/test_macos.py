"""Does the main job need nothing but POSIX? tests/macos/ makes Python look like macOS to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIM = ROOT / "tests" / "macos"
NOT_COPIED = (".*", "build", "__pycache__", "*.egg-info")
HIDE_PROC = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="imitates macOS on Linux")


def without_proc() -> list[str]:
    """What to put before a command to hide /proc from it; nothing where that is not allowed."""
    if os.geteuid() == 0:
        tried = subprocess.run([*HIDE_PROC, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return list(HIDE_PROC)
    return []


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in `folder` as if on macOS."""
    path = os.pathsep.join(map(str, (SHIM, folder)))
    return subprocess.run(
        [*without_proc(), sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository, in which `demo` may build and write."""
    return shutil.copytree(ROOT, tmp_path / "course", ignore=shutil.ignore_patterns(*NOT_COPIED))


WHAT_IS_THERE = """
import ctypes, multiprocessing, os, platform, sys, numpy, nbgrader, matplotlib.pyplot
assert (sys.platform, platform.system(), os.uname().sysname) == ("darwin", "Darwin", "Darwin")
assert not [name for name in ("unshare", "pidfd_open", "sched_getaffinity") if hasattr(os, name)]
assert not hasattr(ctypes.CDLL(None), "prctl")
assert multiprocessing.get_start_method() == "spawn"
print("macOS")
"""


@pytest.mark.slow
def test_imitation() -> None:
    """Is what Linux alone has gone from where the tests below run, and do libraries load?"""
    done = run(ROOT, "-c", WHAT_IS_THERE)
    assert done.stdout == "macOS\n", done.stderr


@pytest.mark.slow
def test_demo(copy: Path) -> None:
    """Does the demo warn in one line, run without isolation, and get every verdict right?"""
    done = run(copy, "-m", "autograder", "demo", "--students", "6")
    assert done.returncode == 0, done.stdout + done.stderr
    warning, *rest = done.stdout.splitlines()
    assert warning.startswith("WARNING: ") and "this is Darwin" in warning
    assert not any("WARNING" in line for line in rest)
    assert rest[-1] == "6 submissions, all verdicts as generated."


@pytest.mark.slow
def test_a_real_class_needs_a_flag(tmp_path: Path) -> None:
    """Does `autograder check` stop in one line there, and run when told to go without?"""
    path = tmp_path / "mine.py"
    path.write_text("import numpy as np\n\ndef distribute_value(dz, shape):\n    return 0\n")
    refused = run(ROOT, "-m", "autograder", "check", str(path))
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert "--isolation process" in line
    done = run(ROOT, "-m", "autograder", "check", "--isolation", "process", str(path))
    assert done.returncode == 0, done.stderr
    assert "distribute_value" in done.stdout
