"""Classes of growing size: do time per submission and the parent's memory stay flat?"""

import json
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.course import ROOT
from benchmarks import measure
from benchmarks.bench_class import machine
from benchmarks.class_folder import engine_course, handed_in

SIZES = (10, 100, 300)

HEADER = (
    f"{'submissions':>11}{'CPU s each':>12}{'one more':>10}{'wall s each':>13}{'one more':>10}"
    f"{'MiB, parent':>13}{'MiB, worker':>13}{'feedback':>10}{'CSV':>8}{'report':>8}"
)


def grow(
    folder: Path,
    sizes: Sequence[int] = SIZES,
    jobs: int = 2,
    level: str = "auto",
    shards: int = 0,
) -> list[dict[str, float]]:
    """Grade classes of these sizes, all of ``autograder grade``; print and return the figures.

    "one more" is what each submission beyond the size before took: without start-up. Feedback,
    CSV and report are CPU seconds per submission, and part of the figures before. With `shards`
    every part of so many is killed halfway and run again, then all are merged; "parent" is merge.
    """
    what = f"in {shards} shards, each killed halfway, and merged" if shards else "in one run"
    print(f"{jobs} workers, all that `autograder grade` writes, {what}; {machine()}")
    print(HEADER, flush=True)
    found: list[dict[str, float]] = []
    for size in sizes:
        root = folder / f"class-{size}"
        engine_course(root, handed_in(size))
        steps = list(_steps(size, shards))
        taken = [_step(root, step, jobs, level) for step in steps]
        figures = {
            "size": size,
            "cpu": sum(usage.cpu + told["sandboxed_cpu"] for usage, told in taken),
            "wall": sum(usage.wall for usage, _ in taken),
            "parent": taken[-1][1]["parent_peak"],
            "worker": max(usage.below for usage, _ in taken) / jobs,
            **{name: seconds / size for name, seconds in taken[-1][1]["pages_cpu"].items()},
        }
        print(_row(figures, found[-1] if found else None), flush=True)
        if shards:
            print(f"{'':11} of which merge takes {taken[-1][0].cpu / size:.3f} CPU s", flush=True)
        found.append(figures)
        shutil.rmtree(root)
    return found


def _steps(size: int, shards: int) -> Iterator[list[str]]:
    """Yield the options of every run that a class of `size` needs."""
    if not shards:
        yield []
        return
    for number in range(1, shards + 1):
        part = ["--shard", f"{number}/{shards}"]
        yield [*part, "--die-after", str(size // shards // 2)]
        yield part
    yield ["--merge"]


def _step(root: Path, step: Sequence[str], jobs: int, level: str) -> tuple[measure.Usage, Any]:
    """Make one run; return its usage, and what it tells itself."""
    command = [sys.executable, "-m", "benchmarks.engine_run", root, *step]
    command += ["--jobs", str(jobs), "--level", level]
    ends = (-signal.SIGKILL,) if "--die-after" in step else (0,)
    usage = measure.run(command, ROOT, log := root / "grade.log", accept=ends)
    return usage, json.loads(log.read_text("utf-8").splitlines()[-1])


def _row(now: dict[str, float], before: dict[str, float] | None) -> str:
    size = now["size"]
    more = ["", ""]
    if before and size != before["size"]:
        extra = size - before["size"]
        more = [f"{(now[key] - before[key]) / extra:.3f}" for key in ("cpu", "wall")]
    pages = "".join(
        f"{now.get(name, 0.0):>{width}.4f}"
        for name, width in (("write_feedback", 10), ("write_marks", 8), ("write_report", 8))
    )
    return (
        f"{size:>11}{now['cpu'] / size:>12.3f}{more[0]:>10}{now['wall'] / size:>13.3f}{more[1]:>10}"
        f"{now['parent']:>13.0f}{now['worker']:>13.0f}{pages}"
    )
