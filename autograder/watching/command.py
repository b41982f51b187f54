"""The command ``autograder watch``."""

import argparse
import os

from autograder.course import Course

PER_HOUR = 6
LANES = 2


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of the command line."""
    watch = commands.add_parser("watch", help="grade submissions as they arrive, until SIGTERM")
    watch.add_argument("assignment")
    watch.add_argument(
        "--per-hour",
        type=_positive,
        default=PER_HOUR,
        metavar="N",
        help=f"how often one student is graded within an hour (default: {PER_HOUR})",
    )
    watch.add_argument("--jobs", type=_positive, metavar="N", help="workers (default: the cores)")
    watch.add_argument("--isolation", default="auto", choices=("auto", "namespaces", "process"))
    watch.set_defaults(run=_watch)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _watch(options: argparse.Namespace) -> int:
    from autograder.watching.watch import watch

    course = Course()
    course.need_solutions()
    # Two at least, so that one slow submission holds up nobody.
    jobs = options.jobs or max(LANES, os.cpu_count() or 1)
    watch(course, options.assignment, jobs, options.per_hour, options.isolation, _say)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)
