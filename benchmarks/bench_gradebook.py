"""Recording in the gradebook: SQLite and PostgreSQL, one transaction each or some together."""

import argparse
import contextlib
import hashlib
import itertools
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.course import ROOT, Course
from autograder.recording.database import open_engine
from autograder.recording.gradebook import Writer
from autograder.run_class import TOGETHER
from benchmarks import measure, postgresql
from benchmarks.bench_class import machine
from benchmarks.class_folder import ASSIGNMENT, engine_course
from benchmarks.generated import verdicts

VERDICTS = 10_000
WARM = 1000
"""After how many the memory is looked at first."""

ROWS = """
SELECT student_id, base_cell.name, auto_score, manual_score, CAST(needs_manual_grade AS INTEGER)
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""

HEADER = (
    f"{'gradebook':12}{'together':>9}{'wall ms each':>14}{'CPU ms each':>13}{'last 1000':>11}"
    f"{'MiB, first':>12}{'MiB, all':>10}{'rows':>10}"
)


def report(folder: Path, count: int = VERDICTS) -> list[dict[str, Any]]:
    """Record `count` generated verdicts on each side; print and return the figures.

    "last 1000" is the wall time of each of the last ones, "MiB" the peak of the recording process
    after the first thousand and after all. Raises RuntimeError where the sides differ in a row.
    """
    print(f"{count} generated verdicts, marks alone, no pages; {machine()}")
    print(HEADER, flush=True)
    found = []
    for name, url in _databases(folder):
        for together in (1, TOGETHER):
            found.append(_side(folder / f"{name}-{together}", name, next(url), count, together))
            print(_line(found[-1]), flush=True)
    if len({side["digest"] for side in found}) > 1:
        raise RuntimeError("the gradebooks do not hold the same rows")
    print("all hold the same rows")
    return found


def _databases(folder: Path) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the databases, each with URLs of empty ones."""
    yield "SQLite", (f"sqlite:///{folder / f'{number}.db'}" for number in itertools.count())
    if missing := postgresql.why_not():
        print(f"no figures for PostgreSQL: {missing}")
        return
    with postgresql.server() as server:
        yield "PostgreSQL", (server.fresh() for _ in itertools.count())


def _side(root: Path, name: str, url: str, count: int, together: int) -> dict[str, Any]:
    engine_course(root, [])
    with open(root / "nbgrader_config.py", "a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    command = [sys.executable, "-m", "benchmarks.bench_gradebook", str(root)]
    log = root / "record.log"
    measure.run([*command, "--verdicts", str(count), "--together", str(together)], ROOT, log)
    told = json.loads(log.read_text("utf-8").splitlines()[-1])
    return {"name": name, "together": together, "count": count} | told


def _line(side: dict[str, Any]) -> str:
    return (
        f"{side['name']:12}{side['together']:>9}{1000 * side['wall'] / side['count']:>14.2f}"
        f"{1000 * side['cpu'] / side['count']:>13.2f}{side['last']:>11.2f}"
        f"{side['first_peak']:>12.0f}{side['peak']:>10.0f}{side['rows']:>10}"
    )


def _record(root: Path, count: int, together: int) -> dict[str, Any]:
    """Record generated verdicts in a course's gradebook; return what it took."""
    course = Course(root)
    made = verdicts(count)
    first_peak = last = 0.0
    with Writer(course, ASSIGNMENT) as writer:
        wall, cpu, done = 0.0, time.process_time(), 0
        drawn = 0.0
        while some := list(itertools.islice(made, together)):
            began = time.monotonic()
            writer.write_all(some)
            took = time.monotonic() - began
            wall, done = wall + took, done + len(some)
            if done <= WARM:
                first_peak = _peak()
            if done > count - WARM:
                last += took
        cpu = time.process_time() - cpu
        began = time.process_time()
        for _ in verdicts(count):
            pass
        drawn = time.process_time() - began
    rows, digest = rows_of(course)
    return {
        "wall": wall,
        "cpu": cpu - drawn,
        "last": 1000 * last / min(WARM, count),
        "first_peak": first_peak,
        "peak": _peak(),
        "rows": rows,
        "digest": digest,
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows_of(course: Course) -> tuple[int, str]:
    """Return how many marks a gradebook holds, and a digest of them in no order."""
    engine, count, total = open_engine(course.db_url), 0, 0
    with closing(engine.connect()) as database:
        for row in database.execution_options(stream_results=True).exec_driver_sql(ROWS):
            count += 1
            total ^= int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()[:8], "big")
    engine.dispose()
    return count, f"{total:016x}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Record in a course folder, and print a JSON object with what was measured."""
    parser = argparse.ArgumentParser("python -m benchmarks.bench_gradebook", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verdicts", type=int, default=VERDICTS)
    parser.add_argument("--together", type=int, default=1)
    options = parser.parse_args(arguments)
    with contextlib.redirect_stdout(sys.stderr):
        told = _record(options.folder, options.verdicts, options.together)
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
