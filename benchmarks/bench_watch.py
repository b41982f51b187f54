"""How long a student waits for feedback from ``autograder watch``, from the file to the page."""

import math
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.class_folder import ASSIGNMENT, engine_course, handed_in
from benchmarks.measure import ProgramFailed

ARRIVALS = 100
"""How many submissions arrive, one a second."""

WATCHING, PREPARED = "watching", "the first round is prepared"
"""What it says when it takes submissions, and when known answers are there, as on any day."""

LAST_SECONDS = 120.0
STEP = 0.005
PROGRAM = (
    "import sys; from pathlib import Path; from autograder.course import Course; "
    "from autograder.watching.watch import watch; "
    "watch(Course(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3]), 100, sys.argv[4])"
)


@dataclass(frozen=True)
class Waits:
    """The seconds from each file's arrival to its page, sorted."""

    seconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return the wait that this share of the students did not exceed."""
        return self.seconds[max(0, math.ceil(share * len(self.seconds)) - 1)]

    def __str__(self) -> str:
        figures = (f"p{share} {self.percentile(share / 100):.2f} s" for share in (50, 95, 99))
        count = len(self.seconds)
        return f"{count} submissions: {', '.join(figures)}, longest {self.seconds[-1]:.2f} s"


def measure(
    folder: Path,
    count: int,
    jobs: int,
    level: str,
    interval: float = 1.0,
    begin: str = PREPARED,
) -> Waits:
    """Have `count` submissions arrive, one each `interval`, after the program has said `begin`.

    Raises ProgramFailed where pages are missing.
    """
    submissions = handed_in(count)
    course = engine_course(folder / "course", ())
    (course.step("submitted")).mkdir(parents=True)
    log = folder / "watch.log"
    with open(log, "wb") as output:
        program = [sys.executable, "-u", "-c", PROGRAM, course.root, ASSIGNMENT, str(jobs), level]
        process = subprocess.Popen(
            [str(part) for part in program], stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(begin, process, log)
        arrived: dict[Path, float] = {}
        waits = []
        began = time.monotonic()
        for number, one in enumerate(submissions):
            waits += _pages(arrived, until=began + number * interval)
            place = course.folder("submitted", one.student, ASSIGNMENT)
            place.mkdir(parents=True)
            file = place / f"{ASSIGNMENT}.ipynb"
            file.with_suffix(".part").write_bytes(one.content)
            page = course.folder("feedback", one.student, ASSIGNMENT) / f"{ASSIGNMENT}.html"
            file.with_suffix(".part").rename(file)
            arrived[page] = time.monotonic()
        waits += _pages(arrived, until=time.monotonic() + LAST_SECONDS, all_of_them=True)
        if arrived:
            raise ProgramFailed(f"{len(arrived)} pages are missing:\n{_end_of(log)}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    return Waits(tuple(sorted(waits)))


def _wait_for(line: str, process: subprocess.Popen, log: Path) -> None:
    while line not in log.read_text("utf-8", "replace"):
        if process.poll() is not None:
            raise ProgramFailed(f"watch ended with {process.returncode}:\n{_end_of(log)}")
        time.sleep(0.1)


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]


def _pages(arrived: dict[Path, float], until: float, all_of_them: bool = False) -> list[float]:
    """Return how long the pages that appear took; those that are there leave `arrived`."""
    waits = []
    while time.monotonic() < until and (arrived or not all_of_them):
        for page in [page for page in arrived if page.exists()]:
            waits.append(time.monotonic() - arrived.pop(page))
        time.sleep(STEP)
    return waits


def report(folder: Path, count: int, jobs: int, level: str) -> None:
    """Measure, and print how long students waited."""
    print(f"One submission a second to `autograder watch` with {jobs} workers:")
    print(measure(folder, count, jobs, level))
