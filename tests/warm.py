"""nbgrader's commands, each in a process of its own that has nbgrader imported already.

Importing it takes more than two CPU seconds, and the tests run dozens of its commands.
tests/grading/test_nbgrader.py starts the program itself, as a teacher does.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 900

PROGRAM = """
import atexit, gc, json, os, signal, sys
from pathlib import Path
import nbgrader.api
from alembic.script import ScriptDirectory
from nbgrader.apps.nbgraderapp import main
# What nbgrader_config.py names, with all that it imports.
from autograder.building import release
from autograder.collecting import zip_collect
from autograder.recording import nbgrader_steps, release_feedback, saved_cells

# For a new gradebook nbgrader runs the program alembic, which takes three more seconds.
folder = Path(nbgrader.api.__file__).parent / "alembic"
version = ScriptDirectory(str(folder)).get_current_head()
nbgrader.api.get_alembic_version = lambda: version

# Children neither look through nor take down what they share with this process.
gc.collect()
gc.freeze()
for line in sys.stdin:
    words, folder, environment, logs, seconds = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        for stream, log in enumerate(logs, 1):
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = words
        atexit.register(gc.freeze)
        sys.exit(main())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def nbgrader(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m nbgrader`` with these arguments in a folder; environment is added."""
    with tempfile.TemporaryDirectory() as place:
        logs = [str(Path(place, name)) for name in ("out", "errors")]
        words = ["nbgrader", *arguments]
        line = json.dumps([words, str(folder), os.environ | environment, logs, SECONDS])
        process = _process()
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        code = int(process.stdout.readline())
        said = [Path(log).read_text("utf-8") for log in logs]
    return subprocess.CompletedProcess(words, code, *said)


@functools.cache
def _process() -> subprocess.Popen[str]:
    """Start the process that imports nbgrader; it ends when this one's end of the pipe is gone."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
