"""The same class graded by nbgrader as it ships and by this engine."""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import ROOT
from benchmarks import measure
from benchmarks.class_folder import ASSIGNMENT, HandedIn, engine_course, handed_in, stock_course
from benchmarks.measure import Usage

SUBMISSIONS = 40
BASELINE = "1147fb3"
"""The commit that this engine's speed is compared with."""

MARKS = """
select student.id, sum(grade.auto_score), sum(grade.auto_score is null)
from submitted_assignment
join student on student.id = submitted_assignment.student_id
join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
join grade on grade.notebook_id = submitted_notebook.id
group by student.id
"""


@dataclass(frozen=True)
class Run:
    """One measured run over the class."""

    name: str
    usage: Usage
    count: int
    full_marks: int
    jobs: int
    details: dict[str, Any]

    @property
    def wall(self) -> float:
        """Wall-clock seconds per submission, start-up included."""
        return self.usage.wall / self.count

    @property
    def cpu(self) -> float:
        """CPU seconds per submission, start-up included."""
        return self.usage.cpu / self.count


def stock(root: Path, name: str, submissions: Sequence[HandedIn], demo: bool) -> Run:
    """Measure ``nbgrader autograde`` with nothing configured but the course's name."""
    stock_course(root, submissions, demo)
    # A user's own settings and history stay out of it, on both sides.
    environment = {"IPYTHONDIR": str(root / ".ipython"), "JUPYTER_CONFIG_DIR": str(root / ".jup")}
    nbgrader = [sys.executable, "-m", "nbgrader"]
    log = root / "generate.log"
    measure.run([*nbgrader, "generate_assignment", ASSIGNMENT], root, log, environment)
    log = root / "autograde.log"
    usage = measure.run([*nbgrader, "autograde", ASSIGNMENT], root, log, environment)
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        marks = {
            student: score for student, score, failed in gradebook.execute(MARKS) if not failed
        }
    if len(marks) != len(submissions):
        raise measure.ProgramFailed(f"nbgrader marked {len(marks)} of {len(submissions)}: {log}")
    full = sum(marks[one.student] == 100 for one in submissions)
    if not full:
        raise measure.ProgramFailed(f"nbgrader gave no right submission full marks: {log}")
    return Run(name, usage, len(submissions), full, 1, {})


def engine(
    root: Path,
    name: str,
    submissions: Sequence[HandedIn],
    jobs: int,
    pages: bool = False,
    level: str = "auto",
    source: Path = ROOT,
) -> Run:
    """Measure this engine on `jobs` workers: all of ``autograder grade``, or without its pages.

    `source` is the repository of the engine that is measured.
    """
    course = engine_course(root, submissions, source)
    log = root / "grade.log"
    command = [sys.executable, "-m", "benchmarks.engine_run", root, "--jobs", str(jobs)]
    command += ["--level", level, *([] if pages else ["--no-pages"])]
    usage = measure.run(command, source, log)
    told = json.loads(log.read_text("utf-8").splitlines()[-1])
    verdicts = {verdict["student"]: verdict for verdict in told["verdicts"]}
    full = sum(verdicts[one.student]["score"] == 100 for one in submissions)
    autograded = course.build / "autograded"
    written = sum(1 for _ in autograded.glob(f"*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
    if written != len(submissions):
        raise measure.ProgramFailed(f"{written} of {len(submissions)} notebooks written: {log}")
    return Run(name, usage.plus_cpu(told["sandboxed_cpu"]), len(submissions), full, jobs, told)


def baseline(folder: Path) -> Path | None:
    """Clone the commit that is compared with; None where this copy does not have it."""
    git = ["git", "-c", "advice.detachedHead=false"]
    try:
        for command in (["clone", "-q", "--shared", ROOT, folder], ["checkout", "-q", BASELINE]):
            place = ROOT if command[0] == "clone" else folder
            subprocess.run([*git, *command], cwd=place, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return folder


def floor(root: Path, submissions: Sequence[HandedIn]) -> float:
    """Return the mean CPU seconds that the cells alone take, and nothing else."""
    files = [
        root / "build" / "submitted" / one.student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        for one in submissions
    ]
    log = root / "floor.log"
    measure.run([sys.executable, "-m", "benchmarks.floor", *files], ROOT, log)
    return statistics.mean(json.loads(log.read_text("utf-8").splitlines()[-1]))


def compare(folder: Path, count: int = SUBMISSIONS, level: str = "auto") -> list[Run]:
    """Measure both sides on the same submissions, print figures and ratios, return the runs."""
    submissions = handed_in(count)
    right = sum(one.right for one in submissions)
    print(f"{count} submissions, {right} of them right; {machine()}", flush=True)
    print(HEADER, flush=True)
    runs = []
    old = baseline(folder / "baseline")
    if old is None:
        print(f"commit {BASELINE} is not here to compare with: clone the whole repository")
    for measured in (
        *(
            [lambda: engine(folder / "old", OLD, submissions, 2, level=level, source=old)]
            * bool(old)
        ),
        lambda: engine(folder / "two", TWO, submissions, 2, level=level),
        lambda: stock(folder / "stock", STOCK, submissions, demo=True),
        lambda: stock(folder / "stock-less", STOCK_LESS, submissions, demo=False),
        lambda: engine(folder / "one", ONE, submissions, 1, level=level),
        lambda: engine(folder / "pages", PAGES, submissions, 2, pages=True, level=level),
    ):
        runs.append(measured())
        print(row(runs[-1]), flush=True)
    least = floor(folder / "one", submissions)
    print()
    print("\n".join(ratios(runs)))
    print()
    print("\n".join(breakdown(runs, least)), flush=True)
    return runs


STOCK = "stock nbgrader, all cells"
STOCK_LESS = "stock nbgrader, no demo cells"
OLD = f"{BASELINE}, 2 workers"
ONE = "this engine, 1 worker"
TWO = "this engine, 2 workers"
PAGES = "  with feedback, CSV, report"

HEADER = (
    f"{'per submission':<31}{'CPU s':>8}{'wall s':>8}{'full marks':>12}"
    f"{'MiB, all':>10}{'MiB, worker':>13}"
)


def row(run: Run) -> str:
    """Return a line of the table.

    A worker is its share of all that there is beside the parent: workers, fork server, running
    submissions. That of stock nbgrader is its one process and the kernel.
    """
    stock = run.name.startswith("stock")
    worker = run.usage.together if stock else run.usage.below / run.jobs
    return (
        f"{run.name:<31}{run.cpu:>8.3f}{run.wall:>8.3f}{run.full_marks:>12}"
        f"{run.usage.together:>10.0f}{worker:>13.0f}"
    )


def ratios(runs: Sequence[Run]) -> list[str]:
    """Return lines that say how many times less this engine takes."""
    by_name = {run.name: run for run in runs}
    return [
        f"ratio to {theirs}: {ours}: {by_name[theirs].cpu / by_name[ours].cpu:.1f} times less CPU, "
        f"{by_name[theirs].wall / by_name[ours].wall:.1f} times the throughput"
        for theirs in (OLD, STOCK, STOCK_LESS)
        for ours in (ONE, TWO)
        # A commit that ran on two workers is compared with two.
        if theirs in by_name and (theirs, ours) != (OLD, ONE)
    ]


def breakdown(runs: Sequence[Run], least: float) -> list[str]:
    """Return lines that say where this engine's CPU time goes, per submission."""
    by_name = {run.name: run for run in runs}
    one, pages = by_name[ONE], by_name[PAGES]
    count = one.count
    verdicts = one.details["verdicts"]
    graded = statistics.mean(verdict["cpu"] for verdict in verdicts)
    functions = statistics.mean(verdict["functions_cpu"] for verdict in verdicts)
    right = [v["cpu"] for v in verdicts if v["score"] == 100] or [0.0]
    wrong = [v["cpu"] for v in verdicts if v["score"] != 100] or [0.0]
    parent = one.details["parent_cpu"]
    lines = {
        "a verdict, sandboxed and compared": graded,
        "  of a submission with full marks": statistics.mean(right),
        "  of one without": statistics.mean(wrong),
        "floor: its cells alone, in a plain fork": least,
        "floor: its functions on the hidden inputs": functions,
        "a verdict over both floors": graded - least - functions,
        "in the sandbox, cells and functions included": one.details["sandboxed_cpu"] / count,
        "the parent, start-up included": parent / count,
        "start-up of worker and sandbox server": (one.usage.cpu - parent) / count - graded,
        "feedback page": pages.details["pages_cpu"].get("write_feedback", 0.0) / count,
        "CSV": pages.details["pages_cpu"].get("write_marks", 0.0) / count,
        "class report": pages.details["pages_cpu"].get("write_report", 0.0) / count,
    }
    told = [f"{name:<48}{seconds:>8.3f}" for name, seconds in lines.items()]
    after = [
        f"wall s per submission from the first verdict to the last, {name}: "
        f"{by_name[key].details['first_to_last'] / max(1, count - 1):.3f}"
        for key, name in ((ONE, "1 worker"), (TWO, "2 workers"))
    ]
    return ["CPU s per submission, 1 worker:", *told, *after]


def machine() -> str:
    """Name what the figures depend on."""
    try:
        load = f", load {os.getloadavg()[0]:.1f}"
    except OSError:
        load = ""
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} cores{load}, {sys.platform}, Python {version}"
