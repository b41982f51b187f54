"""The marks file and the class report of classes of growing size, from a stream of verdicts."""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from autograder.course import ROOT, Course
from autograder.model import Verdict
from autograder.pages.report import class_report, given_code
from autograder.recording.marks_csv import write_csv
from benchmarks import measure
from benchmarks.bench_class import machine
from benchmarks.class_folder import ASSIGNMENT
from benchmarks.generated import verdicts
from checks.text import ENGLISH

SIZES = (1_000, 10_000, 100_000)

HEADER = (
    f"{'submissions':>11}{'CSV s':>8}{'report s':>10}{'MiB, CSV':>10}{'MiB, report':>13}"
    f"{'CSV MB':>8}{'report MB':>11}"
)


def report(folder: Path, sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """Write marks and report of generated classes; print and return the figures.

    "MiB" is the peak of a process that writes one of the two. The pages stay in `folder`.
    """
    print(f"marks file and report from a stream of generated verdicts; {machine()}")
    print(HEADER, flush=True)
    found = []
    for size in sizes:
        told = {part: _part(folder, part, size) for part in PARTS}
        csv, page = told["csv"], told["report"]
        print(
            f"{size:>11,}{csv['seconds']:>8.1f}{page['seconds']:>10.1f}{csv['peak']:>10.0f}"
            f"{page['peak']:>13.0f}{csv['bytes'] / 1e6:>8.2f}{page['bytes'] / 1e6:>11.2f}",
            flush=True,
        )
        found.append({"size": size} | told)
    growth = {part: found[-1][part]["peak"] / found[0][part]["peak"] for part in PARTS}
    told = ", ".join(f"{part} {times:.2f} times" for part, times in growth.items())
    print(f"memory of the largest against the smallest: {told}")
    return found


def _part(folder: Path, part: str, size: int) -> dict[str, Any]:
    path = folder / f"{size}.{'csv' if part == 'csv' else 'html'}"
    log = folder / f"{part}-{size}.log"
    command = [sys.executable, "-m", "benchmarks.bench_stream", part, str(size), str(path)]
    measure.run(command, ROOT, log)
    told = json.loads(log.read_text("utf-8").splitlines()[-1])
    return told | {"bytes": path.stat().st_size}


def _write_report(stream: Iterable[Verdict], path: Path) -> None:
    page = class_report(stream, ENGLISH, given=given_code(Course(), ASSIGNMENT))
    path.write_text(page, "utf-8")


PARTS: dict[str, Callable[[Iterable[Verdict], Path], None]] = {
    "csv": partial(write_csv, language=ENGLISH),
    "report": _write_report,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one of the two, and print a JSON object with what it took."""
    parser = argparse.ArgumentParser("python -m benchmarks.bench_stream", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("size", type=int)
    parser.add_argument("path", type=Path)
    options = parser.parse_args(arguments)
    began = time.process_time()
    PARTS[options.part](verdicts(options.size), options.path)
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": took, "peak": peak}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
