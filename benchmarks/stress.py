"""Real graders of one course, started, stopped and killed at random: is anything lost of it?

Everything happens in a copy of the course, with the commands that a teacher has. Whatever became
of the graders, one ``autograder grade --resume`` afterwards has to leave what an undisturbed run
in the same round leaves: gradebook, marks and pages, byte for byte but for times.
"""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import ROOT
from benchmarks.class_folder import ASSIGNMENT, handed_in

SECONDS = 600.0
SUBMISSIONS = 40
AT_ONCE = 3
"""Graders that live at the same time: one works, the others wait or are refused."""

STEPS = 6
"""Fewer things than this are written between two acts: verdicts, pages, tables, the lock."""
PAUSE = 8.0
"""Seconds after which the next act comes all the same."""

LEAST = 5
"""Graders that are started at least, on a machine so busy that the time is over before."""

OPTIONS = ((), ("--wait",), ("--resume",), ("--resume", "--wait"))
LINES = ("--explain", "none")
"""How many lines are found depends on CPU time, and so differs from run to run."""

DONE, LOOK, REFUSED, STOPPED = 0, 1, 2, 130
NAMED_END = re.compile(r"works on this course; wait for it to end")

_LEFT_OUT = shutil.ignore_patterns(
    ".*", "build", "__pycache__", "*.egg-info", "tests", "docs", "findings", "images", "benchmarks"
)
_TIME = re.compile(rb"\d+\.\d\d(?: (?:s|ms))?(?=<)")
ROWS = "the gradebook's rows"
_SELECT_ROWS = """
SELECT assignment.student_id, cell.name, 'grade', row.auto_score, row.manual_score,
       row.extra_credit, row.needs_manual_grade
FROM grade AS row JOIN base_cell AS cell ON cell.id = row.cell_id
JOIN submitted_notebook AS notebook ON notebook.id = row.notebook_id
JOIN submitted_assignment AS assignment ON assignment.id = notebook.assignment_id
UNION ALL
SELECT assignment.student_id, cell.name, 'comment', row.auto_comment, row.manual_comment, '', ''
FROM comment AS row JOIN base_cell AS cell ON cell.id = row.cell_id
JOIN submitted_notebook AS notebook ON notebook.id = row.notebook_id
JOIN submitted_assignment AS assignment ON assignment.id = notebook.assignment_id
"""


@dataclass
class Outcome:
    """What a stress was: how its graders ended, and what was wrong in the end, a line each."""

    seed: int
    ends: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {how}" for how, count in sorted(self.ends.items()))
        lines = [f"stress with seed {self.seed}: {ends}; {len(self.faults)} faults"]
        return "\n".join([*lines, *self.faults])


@dataclass
class _Grader:
    """A grader that runs, and the signals that it was sent."""

    process: subprocess.Popen
    options: tuple[str, ...]
    log: Path
    sent: list[int] = field(default_factory=list)


def stress(folder: Path, seconds: float, count: int, seed: int) -> Outcome:
    """Disturb the grading of `count` submissions for a while, in `folder`, which is made."""
    outcome, chance = Outcome(seed), random.Random(seed)
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    build = folder / "build"
    for one in handed_in(count):
        place = build / "submitted" / one.student / ASSIGNMENT
        place.mkdir(parents=True)
        (place / f"{ASSIGNMENT}.ipynb").write_bytes(one.content)
        # nbgrader's receipt: where there is none each grading draws another one.
        (place / "submission_secret.txt").write_text(one.student.encode().hex().zfill(128))
    _disturb(folder, seconds, chance, outcome)
    _finish(folder, outcome, "--resume", "--wait")
    disturbed = dict(results(build))
    _begin_anew(build)
    _finish(folder, outcome)
    undisturbed = dict(results(build))
    if len(undisturbed) < 2 * count or not undisturbed[ROWS]:
        outcome.faults.append(f"an undisturbed run wrote {len(undisturbed)} things alone")
    outcome.faults += [
        f"{name}: not what an undisturbed run leaves"
        for name in sorted(disturbed.keys() | undisturbed.keys())
        if disturbed.get(name) != undisturbed.get(name)
    ]
    return outcome


def _disturb(folder: Path, seconds: float, chance: random.Random, outcome: Outcome) -> None:
    graders: list[_Grader] = []
    end = time.monotonic() + seconds
    started = 0
    try:
        while time.monotonic() < end or started < LEAST:
            for grader in [one for one in graders if one.process.poll() is not None]:
                graders.remove(grader)
                _count(grader, outcome)
            if len(graders) < AT_ONCE and (not graders or chance.random() < 0.5):
                started += 1
                log = folder / "build" / f"stress-{started}.log"
                graders.append(_start(folder, chance.choice(OPTIONS), log))
            elif chance.random() < 0.5:
                grader = chance.choice(graders)
                grader.sent.append(chance.choice((signal.SIGINT, signal.SIGKILL)))
                grader.process.send_signal(grader.sent[-1])
            _let_work(folder / "build", chance.randrange(STEPS))
    finally:
        for grader in graders:
            grader.sent.append(signal.SIGKILL)
            grader.process.kill()
            grader.process.wait()
            _count(grader, outcome)


def _let_work(build: Path, steps: int) -> None:
    """Wait until graders have written so many things, however busy the machine is."""
    before, end = _written(build), time.monotonic() + PAUSE
    while time.monotonic() < end and len(_written(build) - before) < steps:
        time.sleep(0.05)


def _written(build: Path) -> set[tuple[str, int]]:
    found = set()
    for pattern in ("verdicts/*/*.json", "feedback/*/*/*.html", "*.csv", "lock"):
        for path in build.glob(pattern):
            with contextlib.suppress(FileNotFoundError):
                found.add((path.name, path.stat().st_mtime_ns))
    return found


def _start(folder: Path, options: tuple[str, ...], log: Path) -> _Grader:
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, *LINES, *options]
    with open(log, "wb") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return _Grader(process, options, log)


def _count(grader: _Grader, outcome: Outcome) -> None:
    """Count how a grader ended; an end that nothing explains is a fault."""
    code, told = grader.process.returncode, grader.log.read_text("utf-8", "replace")
    # Before the command line stands Ctrl-C ends Python itself.
    by_signal = grader.sent and code in (STOPPED, -signal.SIGINT, -signal.SIGKILL, LOOK)
    refused = code == REFUSED and NAMED_END.search(told)
    how = {DONE: "done", REFUSED: "refused", STOPPED: "stopped"}.get(code, "killed")
    if not (code == DONE or by_signal or refused):
        how = "failed"
        outcome.faults.append(f"grade {' '.join(grader.options)} ended with {code}: {told[-1000:]}")
    outcome.ends[how] = outcome.ends.get(how, 0) + 1


def _finish(folder: Path, outcome: Outcome, *options: str) -> None:
    """Run one grader to its end."""
    grader = _start(folder, options, folder / "build" / "finish.log")
    code = grader.process.wait()
    if code != DONE:
        told = grader.log.read_text("utf-8", "replace")[-1000:]
        outcome.faults.append(f"the last grade {' '.join(options)} ended with {code}: {told}")


def _begin_anew(build: Path) -> None:
    """Leave the submissions alone, and the round with its seed as if nobody had graded in it."""
    path = build / "rounds" / f"{ASSIGNMENT}.json"
    known = json.loads(path.read_text())
    for place in build.iterdir():
        if place.is_dir() and place.name != "submitted":
            shutil.rmtree(place)
        elif place.is_file():
            place.unlink()
    path.parent.mkdir()
    path.write_text(json.dumps(known | {"feedback_given": False, "listed": {}}))


def results(build: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a run leaves for people, by name, without times: rows, marks and pages."""
    database = sqlite3.connect(build / "gradebook.db")
    try:
        rows = sorted(map(repr, database.execute(_SELECT_ROWS)))
    finally:
        database.close()
    yield ROWS, "\n".join(rows).encode()
    for pattern in ("*.csv", "report/*.html", "feedback/*/*/*", "autograded/*/*/*"):
        for path in build.glob(pattern):
            # What a killed run had not finished bears another name, which nothing reads.
            if not path.name.startswith("."):
                content = path.read_bytes()
                report = path.parent.name == "report"
                yield str(path.relative_to(build)), _TIME.sub(b"", content) if report else content
