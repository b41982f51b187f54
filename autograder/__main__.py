"""The command line: ``autograder ...`` or ``python -m autograder ...``."""

import argparse
import atexit
import contextlib
import gc
import io
import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from autograder.building.command import add_command as add_site_command
from autograder.cluster.commands import add_cluster_options, grade_on_cluster, grade_one_shard
from autograder.collecting.commands import add_commands
from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.desk.commands import add_commands as add_desk_commands
from autograder.early_start import starting_server
from autograder.texts import NO_TEXT
from autograder.watching.command import add_command as add_watch_command
from checks.text import LANGUAGES, Text

if TYPE_CHECKING:
    from autograder.model import Verdict
    from autograder.run_class import Section, Summary

NEW_OBJECTS = 50_000
"""After how many new objects the collector runs; Python's own number is 700."""

EXIT_LOOK = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

_STOPPED = Text("stopped{again}", "已停止{again}")
_STALE_AGAIN = Text(
    "--stale does not go with --resume; say --stale again",
    "--stale 不能与 --resume 一起使用；请再次使用 --stale",
)
_FAILED = Text("{error}{again}", "{error}{again}")
_GO_ON = Text("; go on with: autograder {command}", "；继续执行：autograder {command}")


def collect_rarely() -> None:
    """Have the garbage collector run seldom: most of what a run imports and reads is kept.

    Nor does it look through all that at the end, a quarter of a second, to free what ends anyway.
    """
    gc.set_threshold(NEW_OBJECTS)
    atexit.register(gc.freeze)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    collect_rarely()
    options = _parser().parse_args(arguments)
    interrupts = _noted_interrupts()
    for stream in (sys.stdout, sys.stderr):
        # What a terminal or a file can't hold is replaced, so that no name makes a run fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return options.run(options)
    except (Exception, KeyboardInterrupt) as error:
        # Ctrl-C also ends programs that we started, which may come back as another exception.
        if interrupts or isinstance(error, KeyboardInterrupt):
            print(file=sys.stderr)
            _complain(_STOPPED.format(again=_how_to_go_on(options)))
            return EXIT_INTERRUPTED
        if isinstance(error, CourseError):
            _complain(error.text)
            return EXIT_USAGE
        if isinstance(error, BrokenPipeError):
            # The reader (`| head`) has gone; what it has read is complete.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return EXIT_LOOK
        if isinstance(error, OSError):
            # The disk is full, or a folder can't be written to: files that are complete stay.
            _complain(_FAILED.format(error=error, again=_how_to_go_on(options)))
            return EXIT_USAGE
        raise


def _complain(text: Text) -> None:
    """Print why a command ends, in the course's language: the one place that does."""
    print(f"autograder: {text.in_(Course().spoken)}", file=sys.stderr)


def _noted_interrupts() -> list[int]:
    """Return a list that grows with every Ctrl-C; each still raises KeyboardInterrupt."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, note)
    return noted


def _how_to_go_on(options: argparse.Namespace) -> Text:
    if options.command not in ("merge", "grade"):
        return NO_TEXT
    chosen = [options.command, options.assignment]
    if options.command == "grade" and options.shard is not None:
        chosen += ["--shard", options.shard]
    elif options.command == "grade":
        chosen += [] if options.student == "*" else ["--student", options.student]
        chosen += [] if options.section is None else ["--section", options.section]
        chosen += ["--stale" if options.stale else "--resume"]
    return _GO_ON.format(command=shlex.join(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("autograder", description="Build, release and grade.")
    commands = parser.add_subparsers(dest="command", required=True)

    _add_building(commands)

    grade = commands.add_parser("grade", help="grade the submissions of an assignment")
    grade.add_argument("assignment")
    grade.add_argument("--student", default="*", metavar="GLOB", help="only these students")
    grade.add_argument("--jobs", type=_positive, metavar="N", help="workers (default: the cores)")
    grade.add_argument(
        "--resume", action="store_true", help="keep the verdicts of a run that was stopped"
    )
    grade.add_argument("--section", metavar="S", help="only this section of the roster")
    grade.add_argument(
        "--stale", action="store_true", help="only those whose points have changed since"
    )
    add_cluster_options(grade)
    _add_wait(grade)
    _add_explain(grade, "some")
    grade.add_argument("--json", action="store_true", help="one verdict per line on stdout")
    _add_isolation(grade)
    grade.set_defaults(run=_grade)

    check = commands.add_parser("check", help="grade single notebooks or .py files")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="one verdict per line on stdout")
    check.add_argument("--seed", type=int, metavar="N", help="seed of the inputs")
    check.add_argument("--assignment", metavar="NAME", help="if the functions do not show it")
    _add_explain(check, "all")
    _add_isolation(check)
    check.set_defaults(run=_check)

    add_commands(commands)
    add_desk_commands(commands)

    _add_recording(commands)
    add_watch_command(commands)

    demo = commands.add_parser("demo", help="grade a class of generated submissions")
    demo.add_argument("--students", type=_positive, metavar="N", help="how many (default: all)")
    demo.add_argument("--assignment", metavar="NAME", help="which one (default: the first)")
    demo.add_argument("--jobs", type=_positive, metavar="N", help="workers (default: the cores)")
    _add_isolation(demo)
    demo.set_defaults(run=_demo)
    return parser


def _add_building(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that make derived files and releases."""
    build = commands.add_parser("build", help="make every derived file from its one source")
    build.set_defaults(run=_build)

    release = commands.add_parser("release", help="make build/release and a zip for students")
    release.add_argument("--lang", choices=LANGUAGES, help="one language only")
    release.add_argument("--assignment", metavar="NAME", help="one assignment only")
    release.set_defaults(run=_release)
    add_site_command(commands)


def _add_recording(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that work with existing verdicts."""
    merge = commands.add_parser("merge", help="record what the shards of a class have graded")
    merge.add_argument("assignment")
    _add_wait(merge)
    merge.set_defaults(run=_merge)

    verify = commands.add_parser(
        "verify", help="compare verdicts, gradebook, marks and pages, and repair them"
    )
    verify.add_argument("assignment")
    _add_wait(verify)
    verify.set_defaults(run=_verify)

    mine = commands.add_parser(
        "mine", help="cluster what was not named, with entries to paste into the catalogue"
    )
    mine.add_argument("assignment")
    _add_isolation(mine)
    mine.set_defaults(run=_mine)

    report = commands.add_parser("report", help="write the class report (HTML)")
    report.add_argument("assignment")
    report.add_argument("--section", metavar="S", help="on this section of the roster alone")
    report.add_argument(
        "--past",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="submissions of a past year to compare these with; may be given several times",
    )
    report.set_defaults(run=_report)


def _add_isolation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--isolation",
        default="auto",
        choices=("auto", "namespaces", "process"),
        help="how students' code is kept apart: auto takes the best that works here and refuses "
        "to go without; process is NO isolation (`python -m autograder.sandbox` says more)",
    )


def _add_explain(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--explain",
        default=default,
        choices=("some", "all", "none"),
        help="which functions get the line of their mistake by a repair that is tried after the "
        "marks: some (within a tenth of the run's CPU time), all (up to 3 s each) or none; "
        f"default: {default}",
    )


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait", action="store_true", help="wait for another run on this course to end"
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


# Every command imports what it needs itself, so `--help` is quick, and a student's copy without
# the solutions can still be asked for it.


def _build(_: argparse.Namespace) -> int:
    Course().need_solutions()
    from autograder.building.build import build

    for folder in build(Course()):
        print(folder.relative_to(Course().root))
    return 0


def _release(options: argparse.Namespace) -> int:
    from autograder.building.release import release
    from checks.assignments import ASSIGNMENTS

    course = Course()
    for assignment in [options.assignment] if options.assignment else ASSIGNMENTS:
        for language in [options.lang] if options.lang else LANGUAGES:
            print(release(language, course.root, course.build / "release", assignment))
    return 0


def _grade(options: argparse.Namespace) -> int:
    course = Course()
    course.need_solutions()
    if options.shard is not None:
        return grade_one_shard(course, options)
    if options.dask is not None:
        return _print_summary(course, grade_on_cluster(course, options), sys.stdout)
    if options.stale and options.resume:
        raise CourseError(_STALE_AGAIN)
    with contextlib.ExitStack() as stack:
        server = None
        # Where a run goes on, or looks for stale marks, there may be nothing to run.
        if not (options.resume or options.stale):
            starting = starting_server(course, options.assignment, options.isolation)
            server = stack.enter_context(starting)
        from autograder.run_class import grade_and_record

        summary = grade_and_record(
            course,
            options.assignment,
            pattern=options.student,
            jobs=options.jobs,
            resume=options.resume,
            stale=options.stale,
            only=_section(course, options.section).students if options.section else None,
            level=options.isolation,
            on_verdict=_print_json if options.json else None,
            quiet=options.json,
            wait=options.wait,
            explain=options.explain,
            server=server,
        )
    return _print_summary(course, summary, sys.stderr if options.json else sys.stdout)


def _section(course: Course, name: str) -> "Section":
    from autograder.collecting.roster import section_of

    return section_of(course, name)


def _print_summary(course: Course, summary: "Summary", out: TextIO) -> int:
    """Print what a run did; return its exit code."""
    print("\n".join(summary.paths(course.root)), file=out)
    print(summary.last_line, file=out)
    return EXIT_LOOK if summary.needs_a_look or summary.told else 0


def _merge(options: argparse.Namespace) -> int:
    course = Course()
    course.need_solutions()
    from autograder.run_class import merge

    return _print_summary(course, merge(course, options.assignment, options.wait), sys.stdout)


def _check(options: argparse.Namespace) -> int:
    course = Course()
    course.need_solutions()
    from autograder.grading.single_files import check_files
    from autograder.repairing.explain import explained

    found_all = True
    chosen = options.files, options.seed, options.assignment, options.isolation
    for verdict in check_files(*chosen, finish=None if options.explain == "none" else explained):
        found_all &= verdict.exercises != ()
        if options.json:
            _print_json(verdict)
        else:
            from autograder.pages.terminal import verdict_text

            print(verdict_text(verdict, course.language))
    return 0 if found_all else EXIT_USAGE


def _print_json(verdict: "Verdict") -> None:
    # Where the output is not UTF-8, JSON's own escapes keep every letter.
    escaped = "utf" not in (sys.stdout.encoding or "utf").lower()
    text = json.dumps(verdict.contract_json(), ensure_ascii=escaped)
    # File names need not be text; JSON writes what is none as \\udc80 and the like.
    print(text.encode("utf-8", "backslashreplace").decode(), flush=True)


def _verify(options: argparse.Namespace) -> int:
    course = Course()
    course.need_solutions()
    from autograder.verify import verify

    found = verify(course, options.assignment, options.wait)
    print("\n".join(found.lines(course.language)))
    return EXIT_LOOK if found.left else 0


def _mine(options: argparse.Namespace) -> int:
    course = Course()
    course.need_solutions()
    from autograder.repairing.mine import mine

    for line in mine(course, options.assignment, options.isolation):
        print(line)
    return 0


def _report(options: argparse.Namespace) -> int:
    course = Course()
    course.need_solutions()
    from autograder.run_class import write_report

    section = _section(course, options.section) if options.section else None
    with locked(course, f"autograder report {options.assignment}", wait=True):
        path = write_report(course, options.assignment, section, options.past)
    print(path)
    return 0


def _demo(options: argparse.Namespace) -> int:
    Course().need_solutions()
    from autograder.building.demo import demo
    from checks.assignments import FIRST

    assignment = options.assignment or FIRST
    return demo(Course(), options.students, options.jobs, options.isolation, assignment)


if __name__ == "__main__":
    sys.exit(main())
