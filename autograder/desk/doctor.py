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
from autograder.sandbox import choose_level
from autograder.sandbox.outside.cgroups import find_here
from autograder.sandbox.outside.levels import accounting, described
from autograder.texts import fault_of
from checks.assignments import ASSIGNMENTS
from checks.text import ENGLISH, Text, listed

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
    text: Text


Told = tuple[Sign, Text]
WELL = Text("A class can be graded here.", "这里可以给全班评分。")
UNWELL = Text("Something needs a look.", "有需要查看的地方。")


def examine(course: Course) -> Iterator[Finding]:
    """Yield the findings about a course and the machine that it lies on."""
    for name, look in LOOKS.items():
        try:
            for sign, text in look(course):
                yield Finding(name, sign, text)
        except Exception as error:
            # Whatever is broken here is what a help desk wants to read.
            yield Finding(name, Sign.LOOK, fault_of(error, 1_000))


def _isolation(_: Course) -> Iterable[Told]:
    # It raises, with what to do, where nothing that isolates works.
    yield Sign.OK, described(choose_level("auto"))
    if find_here() is None:
        text = Text(
            "{accounting}: no control group is open to this user",
            "{accounting}：当前用户没有可用的 cgroup",
        )
        yield Sign.NOTE, text.format(accounting=accounting())


def _versions(_: Course) -> Iterable[Told]:
    python = platform.python_version()
    old = sys.version_info < OLDEST
    found = Text(f"Python {python}, {platform.platform()}")
    too_old = Text("{found}; at least {oldest} is needed", "{found}；至少需要 {oldest}")
    oldest = ".".join(map(str, OLDEST))
    yield (Sign.LOOK, too_old.format(found=found, oldest=oldest)) if old else (Sign.OK, found)
    versions, missing = [], []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(package)
    yield Sign.OK, listed(versions)
    if missing:
        text = Text(
            "not installed: {names}; run: make setup", "没有安装：{names}；请运行：make setup"
        )
        yield Sign.LOOK, text.format(names=listed(missing))


def _course(course: Course) -> Iterable[Told]:
    course.need_solutions()
    for assignment in ASSIGNMENTS:
        course.source_notebook(assignment)
    text = Text(
        "{root}, language {language}, course id {name}", "{root}，语言 {language}，课程 id {name}"
    )
    name = course.course_id or Text("(none)", "（无）")
    yield Sign.OK, text.format(root=course.root, language=course.language, name=name)
    yield from _writable(course.build if course.build.is_dir() else Path(course.root))


NOT_WRITABLE = Text("{place} can't be written to by this user", "当前用户不能写入 {place}")


def _writable(folder: Path) -> Iterable[Told]:
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Sign.LOOK, NOT_WRITABLE.format(place=folder)


def _disk(course: Course) -> Iterable[Told]:
    places = {Path(course.root), Path(tempfile.gettempdir())}
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        low = free < LEAST_BYTES
        text = Text("{place}: {free:.1f} GB free", "{place}：剩余 {free:.1f} GB")
        text = text.format(place=place, free=free / 1e9)
        if hasattr(os, "statvfs"):
            entries = os.statvfs(place)
            # A file system that counts no files says 0 of 0.
            if entries.f_files and entries.f_favail < LEAST_FILES:
                files = Text("{text}, room for {count} files", "{text}，还能存放 {count} 个文件")
                low, text = True, files.format(text=text, count=entries.f_favail)
        full = Text("{text}; make room", "{text}；请腾出空间").format(text=text)
        yield (Sign.LOOK, full) if low else (Sign.OK, text)


def _gradebook(course: Course) -> Iterable[Told]:
    place, path = course.gradebook_place, course.gradebook_file
    if path is None:
        yield from _server(course)
        return
    if not path.is_file():
        text = Text("{place} is not there yet; grading makes it", "{place} 还不存在，评分时会建立")
        yield Sign.NOTE, text.format(place=place)
        return
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        text = Text(
            "{place} or its folder can't be written to by this user",
            "当前用户不能写入 {place} 或它所在的文件夹",
        )
        yield Sign.LOOK, text.format(place=place)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", 0.2, uri=True)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            text = Text(
                "{place} is locked by another program: formgrader, nbgrader or a copy",
                "{place} 被另一个程序锁住了：formgrader、nbgrader 或备份程序",
            )
            yield Sign.LOOK, text.format(place=place)
            return
        (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    damaged = Text("{place} is damaged: {found}", "{place} 已损坏：{found}")
    whole = found == "ok"
    yield (
        (Sign.OK, Text(place))
        if whole
        else (
            Sign.LOOK,
            damaged.format(place=place, found=found),
        )
    )


def _server(course: Course) -> Iterable[Told]:
    """Look into a gradebook that a database server keeps."""
    place = course.gradebook_place
    try:
        with looked_into(course) as database:
            if database is None:
                text = Text(
                    "{place} holds no gradebook yet; grading makes it",
                    "{place} 里还没有成绩册，评分时会建立",
                )
                yield Sign.NOTE, text.format(place=place)
                return
            if (
                database.dialect.name == "postgresql"
                and not database.exec_driver_sql(
                    "SELECT has_table_privilege('grade', 'UPDATE') AND NOT pg_is_in_recovery()"
                ).scalar()
            ):
                text = Text(
                    "{place} can't be written to by this user, or is a copy",
                    "当前用户不能写入 {place}，或者它只是一个副本",
                )
                yield Sign.LOOK, text.format(place=place)
            count = database.exec_driver_sql("SELECT COUNT(*) FROM student").scalar()
            text = Text("{place}, students: {count}", "{place}，学生数：{count}")
            yield Sign.OK, text.format(place=place, count=count)
    except CourseError as error:
        yield Sign.LOOK, error.text


def _locks(course: Course) -> Iterable[Told]:
    who = holder(course)
    at_work = Text("{who} works on this course", "{who} 正在处理这门课程").format(who=who)
    idle = Text("nobody is at work", "没有命令正在运行")
    yield (Sign.LOOK, at_work) if who else (Sign.OK, idle)
    for assignment in ASSIGNMENTS:
        if not who and unfinished(course, assignment):
            text = Text(
                "a run on {name} was stopped; go on with: autograder grade {name} --resume",
                "对 {name} 的评分中断了；接着完成：autograder grade {name} --resume",
            )
            yield Sign.LOOK, text.format(name=assignment)


def _secrets(course: Course) -> Iterable[Told]:
    folder = course.build / "rounds"
    if not folder.is_dir():
        yield Sign.NOTE, Text("no round yet; grading begins one", "还没有评过分，评分时会建立")
        return
    key = folder / "key"
    if folder.stat().st_mode & 0o077:
        text = Text(
            "{folder} is open to others; run: chmod -R go-rwx '{folder}'",
            "{folder} 对其他用户开放；请运行：chmod -R go-rwx '{folder}'",
        )
        yield Sign.LOOK, text.format(folder=folder)
    elif key.exists() and key.stat().st_size != KEY_BYTES:
        text = Text(
            "{key} is no whole key; put a copy of it back", "{key} 不是完整的密钥；请从备份中恢复"
        )
        yield Sign.LOOK, text.format(key=key)
    else:
        text = Text("{folder} is for its owner alone", "{folder} 只有所有者能访问")
        yield Sign.OK, text.format(folder=folder)


def _account(_: Course) -> Iterable[Told]:
    yield from (told for look in (_umask, _tmpdir, _home) for told in look())


def _umask() -> Iterable[Told]:
    mask = os.umask(0o077)
    os.umask(mask)
    sign, text = Sign.LOOK, Text("umask {mask:04o}")
    if mask & 0o700:
        text = Text(
            "umask {mask:04o} takes rights from yourself; run: umask 022",
            "umask {mask:04o} 会去掉你自己的权限；请运行：umask 022",
        )
    elif not mask & 0o002:
        text = Text(
            "umask {mask:04o} lets everybody change what is written; run: umask 022",
            "umask {mask:04o} 会让所有人都能改动写出的文件；请运行：umask 022",
        )
    else:
        sign = Sign.OK
    yield sign, text.format(mask=mask)


def _tmpdir() -> Iterable[Told]:
    wanted = os.environ.get("TMPDIR")
    used = tempfile.gettempdir()
    if wanted and os.path.realpath(wanted) != os.path.realpath(used):
        text = Text(
            "TMPDIR is {wanted}, which can't be used; unset it",
            "TMPDIR 是 {wanted}，不能使用；请取消这个设置",
        )
        yield Sign.LOOK, text.format(wanted=wanted)
    else:
        yield Sign.OK, Text("temporary files in {used}", "临时文件在 {used}").format(used=used)


def _home() -> Iterable[Told]:
    home = Path("~").expanduser()
    if home.is_dir() and os.access(home, os.W_OK | os.X_OK):
        yield Sign.OK, Text("home {home}", "主目录 {home}").format(home=home)
    else:
        text = Text(
            "HOME is {home}, which can't be written to; Jupyter needs it",
            "HOME 是 {home}，不能写入，而 Jupyter 需要写入它",
        )
        yield Sign.LOOK, text.format(home=home)


_FONT_LACKS = Text(
    "{font} lacks letters: words in plots stay English; run: python images/plot_font.py",
    "{font} 缺少字形：图中的文字仍是英文；请运行 python images/plot_font.py",
)
_NO_FONT = Text(
    "{font} is missing or can't be read: words in plots stay English; run: git checkout "
    "plots/font.otf",
    "{font} 不存在或无法读取：图中的文字仍是英文；请运行 git checkout plots/font.otf",
)


def _fonts(course: Course) -> Iterable[Told]:
    from plots import kit

    name, letters = kit.font()
    if kit.own_letters() <= letters:
        yield Sign.OK, Text("plots have the letters of all their words", "图中文字所需的字形齐全")
        return
    told = _FONT_LACKS if name else _NO_FONT
    yield Sign.NOTE if course.language == ENGLISH else Sign.LOOK, told.format(font=kit.FONT)


def _exchange(course: Course) -> Iterable[Told]:
    root = course.exchange
    if not root.is_dir():
        text = Text(
            "{root} is not there; only nbgrader's exchange needs it",
            "{root} 不存在；只有 nbgrader 的 exchange 才需要它",
        )
        yield Sign.NOTE, text.format(root=root)
        return
    if not course.course_id:
        yield (
            Sign.LOOK,
            Text(
                "c.CourseDirectory.course_id is empty; the exchange needs one",
                "c.CourseDirectory.course_id 是空的，而 exchange 需要它",
            ),
        )
        return
    folder = root / course.course_id
    # What nbgrader gives them: students write into inbound/ and read neither it nor feedback/. The
    # sticky bit is ours: without it a student may put a folder of their own in the course's place.
    wanted = {root: (0o1003, 0), folder: (0o005, 0o002), folder / "outbound": (0o005, 0o002)}
    wanted |= {folder / "inbound": (0o003, 0o004), folder / "feedback": (0o001, 0o006)}
    wrong = list(_wrong_rights(wanted))
    yield from ((Sign.LOOK, line) for line in wrong)
    if not wrong:
        text = Text(
            "{folder}: rights are as nbgrader gives them", "{folder}：权限与 nbgrader 设置的一致"
        )
        yield Sign.OK, text.format(folder=folder)


def _wrong_rights(wanted: dict[Path, tuple[int, int]]) -> Iterator[Text]:
    """Yield folders that lack a right of others, or have one too many."""
    for path, (needed, forbidden) in wanted.items():
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if (mode & needed) != needed or mode & forbidden:
            better = (mode | needed) & ~forbidden
            yield Text(
                "{path} has the rights {mode:04o}; run: chmod {better:04o} '{path}'",
                "{path} 的权限是 {mode:04o}；请运行：chmod {better:04o} '{path}'",
            ).format(path=path, mode=mode, better=better)


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
