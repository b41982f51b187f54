"""``autograder doctor``: whether a class can be graded on this machine, on one screen.

It looks and changes nothing. What it can't look at is itself a finding, never a traceback.
"""

import importlib.metadata
import os
import platform
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from autograder.course import Course, CourseError
from autograder.course_lock import holder
from autograder.grading.rounds import KEY_BYTES, unfinished
from autograder.recording.database import looked_into
from autograder.safe_text import one_line
from autograder.sandbox import choose_level, describe_level
from autograder.sandbox.outside.cgroups import find_here
from autograder.sandbox.outside.levels import describe_accounting
from checks.assignments import ASSIGNMENTS
from checks.text import ENGLISH

OLDEST = (3, 11)
LEAST_BYTES = 1_000_000_000
LEAST_FILES = 10_000
PACKAGES = ("numpy", "h5py", "nbgrader", "ipython", "matplotlib", "sqlalchemy")


class Sign(StrEnum):
    """How a finding stands."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing, and in nobody's way."""
    LOOK = "LOOK"


class Finding(NamedTuple):
    """What was looked at, how it stands, and in one line what it is or what to do."""

    name: str
    sign: Sign
    text: str


Told = tuple[Sign, str]


def examine(course: Course) -> Iterator[Finding]:
    """Yield the findings about a course and the machine that it lies on."""
    for name, look in LOOKS.items():
        try:
            for sign, text in look(course):
                yield Finding(name, sign, one_line(text, 400))
        except Exception as error:
            # Whatever is broken here is what a help desk wants to read.
            yield Finding(name, Sign.LOOK, one_line(f"{type(error).__name__}: {error}", 400))


def _isolation(_: Course) -> Iterable[Told]:
    # It raises, with what to do, where nothing that isolates works.
    yield Sign.OK, describe_level(choose_level("auto"))
    if find_here() is None:
        yield Sign.NOTE, f"{describe_accounting()}: no control group is open to this user"


def _versions(_: Course) -> Iterable[Told]:
    python = platform.python_version()
    old = sys.version_info < OLDEST
    wanted = f"; at least {'.'.join(map(str, OLDEST))} is needed" if old else ""
    yield Sign.LOOK if old else Sign.OK, f"Python {python}, {platform.platform()}{wanted}"
    found, missing = [], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(package)
    yield Sign.OK, ", ".join(found)
    if missing:
        yield Sign.LOOK, f"not installed: {', '.join(missing)}; run: make setup"


def _course(course: Course) -> Iterable[Told]:
    course.need_solutions()
    for assignment in ASSIGNMENTS:
        course.source_notebook(assignment)
    name = course.course_id
    yield Sign.OK, f"{course.root}, language {course.language}, course id {name or '(none)'}"
    yield from _writable(course.build if course.build.is_dir() else Path(course.root))


def _writable(folder: Path) -> Iterable[Told]:
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Sign.LOOK, f"{folder} can't be written to by this user"


def _disk(course: Course) -> Iterable[Told]:
    places = {Path(course.root), Path(tempfile.gettempdir())}
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        low = free < LEAST_BYTES
        text = f"{place}: {free / 1e9:.1f} GB free"
        if hasattr(os, "statvfs"):
            entries = os.statvfs(place)
            # A file system that counts no files says 0 of 0.
            if entries.f_files and entries.f_favail < LEAST_FILES:
                low, text = True, f"{text}, room for {entries.f_favail} files"
        yield Sign.LOOK if low else Sign.OK, f"{text}; make room" if low else text


def _gradebook(course: Course) -> Iterable[Told]:
    place, path = course.gradebook_place, course.gradebook_file
    if path is None:
        yield from _server(course)
        return
    if not path.is_file():
        yield Sign.NOTE, f"{place} is not there yet; grading makes it"
        return
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        yield Sign.LOOK, f"{place} or its folder can't be written to by this user"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", 0.2, uri=True)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            yield Sign.LOOK, f"{place} is locked by another program: formgrader, nbgrader or a copy"
            return
        (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    whole = found == "ok"
    yield Sign.OK if whole else Sign.LOOK, place if whole else f"{place} is damaged: {found}"


def _server(course: Course) -> Iterable[Told]:
    """Look into a gradebook that a database server keeps."""
    place = course.gradebook_place
    try:
        with looked_into(course) as database:
            if database is None:
                yield Sign.NOTE, f"{place} holds no gradebook yet; grading makes it"
                return
            if (
                database.dialect.name == "postgresql"
                and not database.exec_driver_sql(
                    "SELECT has_table_privilege('grade', 'UPDATE') AND NOT pg_is_in_recovery()"
                ).scalar()
            ):
                yield Sign.LOOK, f"{place} can't be written to by this user, or is a copy"
            count = database.exec_driver_sql("SELECT COUNT(*) FROM student").scalar()
            yield Sign.OK, f"{place}, students: {count}"
    except CourseError as error:
        yield Sign.LOOK, str(error)


def _locks(course: Course) -> Iterable[Told]:
    who = holder(course)
    yield (Sign.LOOK, f"{who} works on this course") if who else (Sign.OK, "nobody is at work")
    for assignment in ASSIGNMENTS:
        if not who and unfinished(course, assignment):
            again = f"autograder grade {assignment} --resume"
            yield Sign.LOOK, f"a run on {assignment} was stopped; go on with: {again}"


def _secrets(course: Course) -> Iterable[Told]:
    folder = course.build / "rounds"
    if not folder.is_dir():
        yield Sign.NOTE, "no round yet; grading begins one"
        return
    key = folder / "key"
    if folder.stat().st_mode & 0o077:
        yield Sign.LOOK, f"{folder} is open to others; run: chmod -R go-rwx '{folder}'"
    elif key.exists() and key.stat().st_size != KEY_BYTES:
        yield Sign.LOOK, f"{key} is no whole key; put a copy of it back"
    else:
        yield Sign.OK, f"{folder} is for its owner alone"


def _account(_: Course) -> Iterable[Told]:
    yield from (told for look in (_umask, _tmpdir, _home) for told in look())


def _umask() -> Iterable[Told]:
    mask = os.umask(0o077)
    os.umask(mask)
    if mask & 0o700:
        yield Sign.LOOK, f"umask {mask:04o} takes rights from yourself; run: umask 022"
    elif not mask & 0o002:
        yield Sign.LOOK, f"umask {mask:04o} lets everybody change what is written; run: umask 022"
    else:
        yield Sign.OK, f"umask {mask:04o}"


def _tmpdir() -> Iterable[Told]:
    wanted = os.environ.get("TMPDIR")
    used = tempfile.gettempdir()
    if wanted and os.path.realpath(wanted) != os.path.realpath(used):
        yield Sign.LOOK, f"TMPDIR is {wanted}, which can't be used; unset it"
    else:
        yield Sign.OK, f"temporary files in {used}"


def _home() -> Iterable[Told]:
    home = Path("~").expanduser()
    if home.is_dir() and os.access(home, os.W_OK | os.X_OK):
        yield Sign.OK, f"home {home}"
    else:
        yield Sign.LOOK, f"HOME is {home}, which can't be written to; Jupyter needs it"


def _fonts(course: Course) -> Iterable[Told]:
    from plots import kit

    name, letters = kit.font()
    if kit.own_letters() <= letters:
        yield Sign.OK, "plots have the letters of all their words"
        return
    what = "lacks letters" if name else "is missing or can't be read"
    remedy = "python images/plot_font.py" if name else "git checkout plots/font.otf"
    text = f"{kit.FONT} {what}: words in plots stay English; run: {remedy}"
    yield Sign.NOTE if course.language == ENGLISH else Sign.LOOK, text


def _exchange(course: Course) -> Iterable[Told]:
    root = course.exchange
    if not root.is_dir():
        yield Sign.NOTE, f"{root} is not there; only nbgrader's exchange needs it"
        return
    if not course.course_id:
        yield Sign.LOOK, "c.CourseDirectory.course_id is empty; the exchange needs one"
        return
    folder = root / course.course_id
    # What nbgrader gives them: students write into inbound/ and read neither it nor feedback/. The
    # sticky bit is ours: without it a student may put a folder of their own in the course's place.
    wanted = {root: (0o1003, 0), folder: (0o005, 0o002), folder / "outbound": (0o005, 0o002)}
    wanted |= {folder / "inbound": (0o003, 0o004), folder / "feedback": (0o001, 0o006)}
    wrong = list(_wrong_rights(wanted))
    yield from ((Sign.LOOK, line) for line in wrong)
    if not wrong:
        yield Sign.OK, f"{folder}: rights are as nbgrader gives them"


def _wrong_rights(wanted: dict[Path, tuple[int, int]]) -> Iterator[str]:
    """Yield folders that lack a right of others, or have one too many."""
    for path, (needed, forbidden) in wanted.items():
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if (mode & needed) != needed or mode & forbidden:
            better = (mode | needed) & ~forbidden
            yield f"{path} has the rights {mode:04o}; run: chmod {better:04o} '{path}'"


LOOKS: dict[str, Callable[[Course], Iterable[Told]]] = {
    "isolation": _isolation,
    "versions": _versions,
    "course": _course,
    "disk": _disk,
    "gradebook": _gradebook,
    "locks": _locks,
    "secrets": _secrets,
    "account": _account,
    "fonts": _fonts,
    "exchange": _exchange,
}
"""What is looked at, in the order of the screen."""
