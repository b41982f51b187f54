"""Classes of growing size: do time per submission and the parent's memory stay flat?"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

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
    folder: Path, sizes: Sequence[int] = SIZES, jobs: int = 2, level: str = "auto"
) -> list[dict[str, float]]:
    """Grade classes of these sizes, all of ``autograder grade``; print and return the figures.

    "one more" is what each submission beyond the size before took: without start-up. Feedback,
    CSV and report are CPU seconds per submission, and part of the figures before.
    """
    print(f"{jobs} workers, everything that `autograder grade` writes; {machine()}")
    print(HEADER, flush=True)
    found: list[dict[str, float]] = []
    for size in sizes:
        root = folder / f"class-{size}"
        engine_course(root, handed_in(size))
        log = root / "grade.log"
        command = [sys.executable, "-m", "benchmarks.engine_run", root]
        usage = measure.run([*command, "--jobs", str(jobs), "--level", level], ROOT, log)
        told = json.loads(log.read_text("utf-8").splitlines()[-1])
        figures = {
            "size": size,
            "cpu": usage.cpu + told["sandboxed_cpu"],
            "wall": usage.wall,
            "parent": told["parent_peak"],
            "worker": usage.below / jobs,
            **{name: seconds / size for name, seconds in told["pages_cpu"].items()},
        }
        print(_row(figures, found[-1] if found else None), flush=True)
        found.append(figures)
        shutil.rmtree(root)
    return found


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
