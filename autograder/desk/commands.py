"""The commands ``autograder doctor``, ``due``, ``extend``, ``appeal`` and ``forget``."""

import argparse
import json
import sys
from datetime import datetime

from autograder.course import Course, CourseError
from autograder.safe_text import one_line
from checks.text import Text

EXIT_LOOK = 1

_SEND_THEN = Text(
    "Others are graded on these inputs until {until}: send this then.",
    "在 {until} 之前还有别的学生用这些输入评分：请到那时再发送。",
)
_FOUND = Text("found", "找到")
_REMOVED = Text("removed", "已删除")
_REMAINS = Text("remains", "保留")
_NOT_YET = Text(
    "nothing was removed; say --yes to remove what was found",
    "没有删除任何内容；请用 --yes 删除找到的内容",
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser of the command line."""
    doctor = commands.add_parser("doctor", help="tell whether a class can be graded here")
    doctor.add_argument("--json", action="store_true", help="one object on stdout")
    doctor.set_defaults(run=_doctor)

    due = commands.add_parser("due", help="show or set when an assignment is due")
    due.add_argument("assignment")
    due.add_argument(
        "when", nargs="?", help="'2026-11-20 18:00 +0800', UTC without a zone, or none"
    )
    _add_wait(due)
    due.set_defaults(run=_due)

    extend = commands.add_parser("extend", help="give a student more time")
    extend.add_argument("assignment")
    extend.add_argument("student")
    extend.add_argument("duration", help="2d, 36h, 1w, '1d 12h'; none takes it back")
    _add_wait(extend)
    extend.set_defaults(run=_extend)

    appeal = commands.add_parser("appeal", help="grade one submission again, and compare")
    appeal.add_argument("assignment")
    appeal.add_argument("student")
    appeal.add_argument("exercise", nargs="?", help="(default: all)")
    appeal.add_argument("--isolation", default="auto", choices=("auto", "namespaces", "process"))
    appeal.set_defaults(run=_appeal)

    forget = commands.add_parser("forget", help="remove one student everywhere")
    forget.add_argument("student")
    forget.add_argument("--yes", action="store_true", help="remove it, do not only show it")
    _add_wait(forget)
    forget.set_defaults(run=_forget)


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait", action="store_true", help="wait for another run on this course to end"
    )


def _doctor(options: argparse.Namespace) -> int:
    from autograder.desk.doctor import UNWELL, WELL, Sign, examine

    course = Course()
    language = course.spoken
    findings = [
        {"name": each.name, "sign": each.sign, "text": one_line(each.text.in_(language), 400)}
        for each in examine(course)
    ]
    well = all(each["sign"] is not Sign.LOOK for each in findings)
    if options.json:
        print(json.dumps({"ok": well, "findings": findings}))
    else:
        for each in findings:
            print("{sign:5} {name:12} {text}".format(**each))
        print((WELL if well else UNWELL).in_(language))
    return 0 if well else EXIT_LOOK


def _due(options: argparse.Namespace) -> int:
    from autograder.desk.dates import set_due, show_due

    course = Course()
    if options.when is None:
        dates = show_due(course, options.assignment)
    else:
        dates = set_due(course, options.assignment, options.when, options.wait)
    print("\n".join(dates.lines(course.language)))
    return 0


def _extend(options: argparse.Namespace) -> int:
    from autograder.desk.dates import extend

    course = Course()
    names = options.assignment, options.student, options.duration
    print("\n".join(extend(course, *names, wait=options.wait).lines(course.language)))
    return 0


def _appeal(options: argparse.Namespace) -> int:
    from autograder.desk.appeal import appeal
    from autograder.grading.watch_rounds import standing

    course = Course()
    course.need_solutions()
    names = options.assignment, options.student, options.exercise
    found = appeal(course, *names, level=options.isolation)
    print(found.text())
    held = standing(course, options.assignment, options.student, found.before.seed).held_until
    if held is not None:
        until = datetime.fromtimestamp(held).astimezone().isoformat(" ", "minutes")
        print(_SEND_THEN.format(until=until).in_(course.language), file=sys.stderr)
    return EXIT_LOOK if found.differs or found.changed else 0


def _forget(options: argparse.Namespace) -> int:
    from autograder.desk.forget import find, forget
    from autograder.pages.terminal import padded

    course = Course()
    course.need_solutions()
    if options.yes:
        found = forget(course, options.student, options.wait)
    else:
        found = find(course, options.student)
    language = course.language
    told = {_REMOVED if options.yes else _FOUND: found.lines, _REMAINS: found.remains}
    for head, lines in told.items():
        for line in lines:
            print(padded(head[language], 8), line[language])
    if not options.yes:
        raise CourseError(_NOT_YET)
    return 0
