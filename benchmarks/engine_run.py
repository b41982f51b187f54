"""Grades a course folder with this engine, as ``autograder grade`` does, and reports what it took.

A program of its own (``python -m benchmarks.engine_run FOLDER``), so that its parent can measure
it. The last line of its output is a JSON object.
"""

import argparse
import functools
import itertools
import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.__main__ import collect_rarely
from autograder.course import Course
from autograder.early_start import starting_server
from benchmarks import ASSIGNMENT

if TYPE_CHECKING:
    from autograder.model import Verdict
    from autograder.sandbox import ForkServer

RECORDER = "autograder.recording.recorder"
PAGES = ("write_feedback", "write_marks", "write_report")
"""What ``autograder grade`` writes beside verdicts, gradebook and autograded notebooks."""


class Timer:
    """Counts calls of functions and the CPU seconds that this process spends in them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, timed."""

        @functools.wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            started = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                name, used = function.__name__, time.process_time() - started
                self.seconds[name] = self.seconds.get(name, 0.0) + used

        return timed


def count_sandboxed_cpu() -> Callable[[], float]:
    """Have workers add up the CPU time of sandboxed processes; return how to ask for it.

    The sandbox's server leaves its children to the kernel, so no parent learns their CPU
    time. Their keeper does, and reports it with each job.
    """
    from autograder.grading import pool
    from autograder.sandbox import Sandbox

    # Workers inherit both the counter and the class.
    multiprocessing.set_start_method("fork")
    total = multiprocessing.Value("d", 0.0)

    class CountingSandbox(Sandbox):
        def run(self, *arguments: Any, **options: Any) -> Any:
            result = super().run(*arguments, **options)
            with total.get_lock():
                total.value += result.cpu_seconds
            return result

    pool.Sandbox = CountingSandbox  # type: ignore[misc]
    return lambda: total.value


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, and print a JSON object with what was measured."""
    collect_rarely()
    parser = argparse.ArgumentParser("python -m benchmarks.engine_run", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--level", default="auto")
    parser.add_argument("--no-pages", action="store_true", help="no feedback, CSV and report")
    parser.add_argument("--shard", metavar="I/N", help="one part, and nothing but its verdicts")
    parser.add_argument("--die-after", type=int, metavar="N", help="be killed after N verdicts")
    parser.add_argument("--merge", action="store_true", help="record what all parts have graded")
    options = parser.parse_args(arguments)
    course = Course(options.folder)
    if options.merge or options.shard:
        return _measure(options, course)
    with starting_server(course, ASSIGNMENT, options.level) as server:
        return _measure(options, course, server)


def _measure(
    options: argparse.Namespace, course: Course, server: "ForkServer | None" = None
) -> int:
    from autograder import run_class
    from autograder.grading.shards import Shard

    sandboxed, timer, finished = count_sandboxed_cpu(), Timer(), []
    graded: list[dict[str, Any]] = []
    import_rest = run_class.import_rest

    def import_rest_and_time() -> None:
        """Time what writes pages as soon as it is there: to import it earlier costs memory."""
        import_rest()
        for name in PAGES:
            module = sys.modules[RECORDER] if name == "write_feedback" else run_class
            function = getattr(module, name)
            setattr(module, name, _nothing if options.no_pages else timer.around(function))

    if options.merge:
        import_rest_and_time()
    run_class.import_rest = import_rest_and_time

    def on_verdict(verdict: "Verdict") -> None:
        finished.append(time.monotonic())
        functions = sum(exercise.cpu_seconds for exercise in verdict.exercises)
        graded.append(
            {
                "student": verdict.student,
                "score": verdict.score,
                "cpu": verdict.cpu_seconds,
                "functions_cpu": functions,
                "named": sum(len(exercise.diagnosis) for exercise in verdict.exercises),
            }
        )

    if options.merge:
        run_class.merge(course, ASSIGNMENT)
    elif options.shard:
        shard = Shard.from_text(options.shard)
        if options.die_after is not None:
            _die_after(options.die_after)
        run_class.grade_part(course, ASSIGNMENT, shard, options.jobs, options.level)
    else:
        run_class.grade_and_record(
            course,
            ASSIGNMENT,
            jobs=options.jobs,
            level=options.level,
            on_verdict=on_verdict,
            quiet=True,
            server=server,
        )
    own = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "verdicts": graded,
        "sandboxed_cpu": sandboxed(),
        "parent_cpu": own.ru_utime + own.ru_stime,
        # ru_maxrss is in KiB, on macOS in bytes.
        "parent_peak": own.ru_maxrss / ((1 << 20) if sys.platform == "darwin" else 1024),
        "pages_cpu": timer.seconds,
        "first_to_last": finished[-1] - finished[0] if finished else 0.0,
    }
    if told["sandboxed_cpu"] <= 0 and not (options.merge or options.shard):
        raise RuntimeError("the CPU time of sandboxed processes was not counted")
    print(json.dumps(told), flush=True)
    return 0


def _die_after(count: int) -> None:
    """Have this process killed when it is about to count one verdict more.

    Its workers are lost with it, so that nobody waits for them: it tells what its verdicts took.
    """
    from autograder import run_class

    grade_shard = run_class.grade_shard

    def some(*arguments: Any) -> "Iterator[Verdict]":
        taken = 0.0
        for verdict in itertools.islice(grade_shard(*arguments), count):
            taken += verdict.cpu_seconds
            yield verdict
        print(json.dumps({"sandboxed_cpu": taken}), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    run_class.grade_shard = some


def _nothing(*_: Any) -> Path:
    return Path()


if __name__ == "__main__":
    sys.exit(main())
