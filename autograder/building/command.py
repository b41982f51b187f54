"""The command ``autograder site``."""

import argparse
from pathlib import Path

from autograder.course import Course, CourseError
from checks.text import Text

_MISSING = Text("{name} is missing: run `make site`", "没有安装 {name}：请运行 `make site`")


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of the command line."""
    site = commands.add_parser("site", help="make build/site: the course in the browser")
    site.add_argument(
        "--pyodide",
        type=Path,
        metavar="DIR",
        help="take Pyodide from this folder, for a class that is offline",
    )
    site.set_defaults(run=_site)


def _site(options: argparse.Namespace) -> int:
    course = Course()
    try:
        from autograder.building.site import build_site
    except ModuleNotFoundError as error:
        raise CourseError(_MISSING.format(name=error.name)) from None

    print(build_site(course, course.build / "site", options.pyodide))
    return 0
