"""The commands ``autograder collect`` and ``autograder export``."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.course_lock import locked
from autograder.sayings import NO_COMBINATION
from checks.text import Text, listed

EXIT_LOOK = 1
COLLECTED_FROM = ("canvas", "moodle", "files")
EXPORTED_TO = ("canvas", "moodle")

_LATE = Text("LATE", "迟交")
_TO_GRADE = Text("to be graded", "将评分")
_COLLECTED = Text(
    "{files} files of {students} students, {look} need a look",
    "{students} 名学生的 {files} 个文件，{look} 个需要查看",
)
_CALLED = Text(
    "named otherwise than in the roster: {names}; in a group assignment Canvas names the file of "
    "one member after the group, and gives that member's mark and page to all",
    "名字与名单中的不同：{names}；小组作业中，Canvas 会用小组的名字命名其中一名成员的文件，"
    "并把这名成员的成绩和页面给所有成员",
)
_TABLE = Text("table: {path}", "表格：{path}")
_PAGES = Text("{count} pages in {path}", "已将 {count} 个页面写入 {path}")
_MARKS = Text("{count} marks in {path}", "已将 {count} 个成绩写入 {path}")
_NO_TIMES = Text(
    "--times is for moodle; no file of canvas tells times",
    "--times 只用于 moodle；canvas 没有哪个文件写明时间",
)
_NO_ZONE = Text(
    "--times needs --zone: the worksheet does not say where its clock is",
    "--times 需要 --zone：评分表没有写明时间所在的时区",
)
_TWO_COLUMNS = Text(
    "--exercise names its column itself; leave out --column",
    "--exercise 本身就指明了列；请去掉 --column",
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the parser of the command line."""
    collect = commands.add_parser("collect", help="take a platform's download as submissions")
    collect.add_argument("platform", choices=COLLECTED_FROM)
    collect.add_argument("source", type=Path, metavar="SOURCE", help="its zip file or folder")
    collect.add_argument("--assignment", required=True, metavar="NAME")
    collect.add_argument(
        "--times", type=Path, metavar="FILE", help="Moodle's grading worksheet, for its times"
    )
    collect.add_argument(
        "--zone", metavar="PLACE", help="the zone of these times: Asia/Shanghai, +0800, UTC"
    )
    _add_roster(collect)
    collect.set_defaults(run=_collect)

    export = commands.add_parser("export", help="fill the marks into a platform's own CSV file")
    export.add_argument("platform", choices=EXPORTED_TO)
    export.add_argument("template", type=Path, metavar="TEMPLATE", help="what it exported")
    export.add_argument("--assignment", required=True, metavar="NAME")
    export.add_argument("--column", metavar="TEXT", help="where the file does not tell it")
    export.add_argument(
        "--exercise",
        action="append",
        type=_exercise,
        metavar="NAME=COLUMN",
        help="fill a column with the marks of one exercise, not the total; may be said again",
    )
    export.add_argument(
        "--feedback",
        action="store_true",
        help="the feedback pages as a zip for the platform; TEMPLATE is what was downloaded from "
        "it (for Moodle also the worksheet)",
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="(default: below build/)")
    export.add_argument(
        "--scale", action="store_true", help="convert to the points that the platform counts"
    )
    export.add_argument(
        "--bom", action="store_true", default=None, help="mark the file as UTF-8 for Excel"
    )
    _add_roster(export)
    export.set_defaults(run=_export)


def _add_roster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="FILE",
        help="CSV: student,canvas_id,moodle_id,email,name,section; or Canvas's grade book or "
        "Moodle's worksheet (by these, and without any, the platform's id is the student's)",
    )


def _collect(options: argparse.Namespace) -> int:
    from autograder.collecting.collect import collect
    from autograder.collecting.enrol import enrol
    from autograder.collecting.roster import people_of
    from autograder.safe_text import one_line

    course = Course()
    names = options.platform, options.source, options.assignment, options.roster
    with locked(course, f"autograder collect {options.assignment}", wait=True):
        done = collect(course, *names, times=_times(options))
        enrol(course, people_of(course, options.roster))
    language = course.language
    for row in done.rows:
        late = f" {_LATE[language]}" if row.late else ""
        graded = f" {_TO_GRADE[language]}" if row.graded else ""
        note = f"  -> {row.note}" if row.note else ""
        who = f"{row.student or '?'} {done.names.get(row.student, '')}"
        print(one_line(f"{who:<24} {row.file}{late}{graded}{note}", 300))
    look = len(done.notes)
    counts = {"files": len(done.rows), "students": len(done.students), "look": look}
    print(_COLLECTED.format(**counts).in_(language))
    if done.called:
        names = listed(f"{name} ({student})" for student, name in sorted(done.called.items()))
        print(_CALLED.format(names=one_line(names.in_(language), 2_000)).in_(language))
    print(_TABLE.format(path=done.table).in_(language))
    return EXIT_LOOK if look else 0


def _exercise(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not (name and equals and column):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=COLUMN")
    return name, column


def _times(options: argparse.Namespace) -> dict[str, datetime]:
    if options.times is None:
        return {}
    if options.platform != "moodle":
        raise CourseError(_NO_TIMES)
    if not options.zone:
        raise CourseError(_NO_ZONE)
    from autograder.collecting.export import moodle_times

    return moodle_times(options.times, options.zone)


def _export_feedback(course: Course, options: argparse.Namespace) -> int:
    given = {"--column": options.column, "--exercise": options.exercise, "--scale": options.scale}
    for name, value in (given | {"--bom": options.bom}).items():
        if value:
            raise CourseError(NO_COMBINATION.format(name="--feedback", other=name))
    from autograder.collecting.feedback import export_feedback

    names = options.platform, options.template, options.assignment
    done = export_feedback(course, *names, out=options.out, roster=options.roster)
    for line in done.told:
        print(line, file=sys.stderr)
    print(_PAGES.format(count=done.filled, path=done.path).in_(course.language))
    return EXIT_LOOK if done.told else 0


def _export(options: argparse.Namespace) -> int:
    from autograder.collecting.export import export

    course = Course()
    if options.feedback:
        return _export_feedback(course, options)
    exercises = dict(options.exercise or ())
    if exercises and options.column:
        raise CourseError(_TWO_COLUMNS)
    with locked(course, f"autograder export {options.assignment}", wait=True):
        if any((course.build / "verdicts" / options.assignment).glob("*.json")):
            # Marks may have been given by hand since the file of marks was written.
            from autograder.run_class import write_marks

            write_marks(course, options.assignment)
        done = export(
            course,
            options.platform,
            options.template,
            options.assignment,
            column=options.column,
            exercises=exercises,
            out=options.out,
            roster=options.roster,
            scale=options.scale,
            bom=options.bom,
        )
    for line in done.told:
        print(line, file=sys.stderr)
    print(_MARKS.format(count=done.filled, path=done.path).in_(course.language))
    return EXIT_LOOK if done.told else 0
