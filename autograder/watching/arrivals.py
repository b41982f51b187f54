"""What has arrived: changed folders in submitted/, and what students submitted by the exchange.

Folders are looked at again and again. Events of the file system (inotify) do not come from other
machines that write to a shared folder, which is where an exchange lies, and they can be lost; a
look at a class of 300 takes a few milliseconds.
"""

import glob
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.course import Course
from autograder.grading.grade_class import folders_of
from autograder.reading.contents import MAX_FILE_BYTES
from autograder.reading.student_ids import student_of
from autograder.reading.times import NoTime, moment_of, read_secret, read_timestamp
from autograder.safe_text import one_line, safe_name
from autograder.texts import ABOUT
from checks.text import Text

_MISNAMED = Text("no folder as nbgrader names them", "不是 nbgrader 命名的文件夹")
_FOREIGN = Text(
    "belongs to {owner}, so it is not collected; see who handed it in, or set "
    "c.ExchangeCollect.check_owner = False where all students are one user",
    "属于 {owner}，因此没有收取；请查明是谁提交的；如果所有学生共用一个用户，"
    "请设置 c.ExchangeCollect.check_owner = False",
)
_NUMBERED = Text("user {number}", "用户 {number}")

MAX_ENTRIES = 500
MAX_DEPTH = 4
MAX_STUDENT_BYTES = 100_000_000
OPEN_SECONDS = 10.0
"""For how long a submission is given to get nbgrader's rights; it is then taken as it is."""


def states(course: Course, assignment: str) -> dict[str, str]:
    """Return the state of each student's submission: it changes whenever a file does."""
    return {
        folder: state_of(course, folder, assignment) for folder in folders_of(course, assignment)
    }


def state_of(course: Course, folder: str, assignment: str) -> str:
    """Return the state of one student's submission, by the folder's name; "" where it is empty."""
    entries = list(_entries(course.step("submitted") / folder / assignment))
    if not entries:
        return ""
    digest = hashlib.blake2b(digest_size=16)
    for path, status in entries:
        told = path, status.st_ino, status.st_size, status.st_mtime_ns
        digest.update(repr(told).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def is_whole(course: Course, folder: str, assignment: str) -> bool:
    """Tell whether a notebook ends as one does, so that nobody is at work writing it."""
    path = course.step("submitted") / folder / assignment / f"{assignment}.ipynb"
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return False
        with open(path, "rb") as file:
            file.seek(max(0, status.st_size - 64))
            return file.read(64).rstrip().endswith(b"}")
    except OSError:
        return False


def _entries(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the paths below a folder, and what the file system says of each; links stay links."""
    waiting, seen = [(str(folder), 0)], 0
    while waiting and seen < MAX_ENTRIES:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries[: MAX_ENTRIES - seen]:
            seen += 1
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield entry.path, status
            if stat.S_ISDIR(status.st_mode) and depth < MAX_DEPTH:
                waiting.append((entry.path, depth + 1))


@dataclass(frozen=True)
class Inbound:
    """One submission in the exchange: nbgrader names it ``student+assignment+time+random``."""

    path: Path
    student: str
    moment: datetime
    owner: int | None
    """The user who has to own it; None where that does not matter."""


class Exchange:
    """The exchange's inbound folder, from which submissions are collected as they arrive.

    What a person has to know is said once. nbgrader only warns of a folder that belongs to another
    user than it says; here it is not collected, for it would take another student's place.
    """

    def __init__(self, course: Course, assignment: str, say: Callable[[str], None]) -> None:
        self._course = course
        self._assignment = assignment
        self._say = say
        self._told: set[str] = set()
        self._done: set[str] = set()
        self._check_owner = bool(course.config.ExchangeCollect.get("check_owner", True))

    def arrived(self) -> list[Inbound]:
        """Return each student's newest complete submission that was not collected yet."""
        course = self._course
        if not course.course_id:
            return []
        try:
            names = os.listdir(course.exchange / course.course_id / "inbound")
        except OSError:
            return []
        newest: dict[str, Inbound] = {}
        for name in sorted(set(names) - self._done):
            found = self._read(course.exchange / course.course_id / "inbound" / name)
            if found is None:
                continue
            before = newest.get(found.student)
            if before is None or found.moment >= before.moment:
                newest[found.student] = found
        return [found for found in newest.values() if self._is_newer(found)]

    def collect(self, found: Inbound) -> None:
        """Put a submission where it is graded, in place of an earlier one.

        The course's lock is to be held. A run that is killed leaves the old one, the new one, or
        none, which is then collected again.
        """
        folder = self._course.folder("submitted", found.student, self._assignment)
        fresh, old = (folder.with_name(f".{self._assignment}-{end}") for end in ("new", "old"))
        for left in (fresh, old):
            shutil.rmtree(left, ignore_errors=True)
        fresh.mkdir(parents=True)
        _copy(found.path, fresh, found.owner)
        if os.path.lexists(folder):
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        self._done.add(found.path.name)

    def _read(self, path: Path) -> Inbound | None:
        """Return what a folder holds; None where it is another assignment's, or not complete."""
        student, between, rest = path.name.rpartition(f"+{self._assignment}+")
        if not between:
            self._done.add(path.name)
            return None
        try:
            moment = moment_of(rest.partition("+")[0])
            status = path.lstat()
        except (NoTime, OSError):
            return self._refuse(path, _MISNAMED)
        if not stat.S_ISDIR(status.st_mode) or not safe_name(student):
            return self._refuse(path, _MISNAMED)
        if self._check_owner and (known := _owner(status.st_uid)) != student:
            return self._refuse(path, _FOREIGN.format(owner=known))
        # nbgrader writes the secret, then opens the rights of all, of the folder itself last.
        owner = status.st_uid if self._check_owner else None
        opened = status.st_mode & stat.S_IWOTH or time.time() - status.st_ctime > OPEN_SECONDS
        return Inbound(path, student, moment, owner) if opened and read_secret(path) else None

    def tell(self, path: Path, why: Text) -> None:
        """Say what is wrong with a folder, once."""
        if path.name not in self._told:
            self._told.add(path.name)
            line = ABOUT.format(subject=one_line(student_of(path.name), 120), what=why)
            self._say(line.in_(self._course.language))

    def _refuse(self, path: Path, why: Text) -> None:
        self._done.add(path.name)
        self.tell(path, why)

    def _is_newer(self, found: Inbound) -> bool:
        folder = self._course.folder("submitted", found.student, self._assignment)
        before, _ = read_timestamp(folder)
        if before is not None and before >= found.moment:
            self._done.add(found.path.name)
            return False
        return True


def _owner(number: int) -> str | Text:
    try:
        import pwd

        return pwd.getpwuid(number).pw_name
    except (ImportError, KeyError):
        return _NUMBERED.format(number=number)


def _copy(source: Path, target: Path, owner: int | None) -> None:
    """Copy a student's regular files, under limits; whatever else there is stays where it is.

    Others can write to the exchange: a folder that has become a link, or a second name of somebody
    else's file, would bring what the instructor may read to the student. So folders are opened
    once, without following a link, and files have to be the `owner`'s, where that is said.

    Of a file that is too large so much is copied that grading says so.
    """
    left, seen = MAX_STUDENT_BYTES, 0
    top = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if owner is not None and os.fstat(top).st_uid != owner:
            return
        for folder, folders, files, here in os.fwalk(".", dir_fd=top, follow_symlinks=False):
            if folder.count("/") >= MAX_DEPTH:
                folders.clear()
            for name in sorted(files):
                seen += 1
                content = _content(name, here, owner, min(MAX_FILE_BYTES, left))
                if content is None or seen > MAX_ENTRIES:
                    continue
                left = max(0, left - len(content))
                place = target / folder / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
    finally:
        os.close(top)


def _content(name: str, folder: int, owner: int | None, most: int) -> bytes | None:
    """Return at most so many bytes of a regular file, and one more; None of anything else."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(name, flags, dir_fd=folder)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        foreign = owner is not None and status.st_uid != owner
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or foreign:
            return None
        return file.read(most + 1)


def release_page(course: Course, student: str, assignment: str) -> bool:
    """Put a student's page where ``nbgrader fetch_feedback`` finds it; False: not by the exchange.

    It is found by the secret that the submission came with.
    """
    folder = course.folder("submitted", student, assignment)
    if not read_secret(folder) or not (course.exchange / course.course_id).is_dir():
        return False
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory

    # A student's id is a pattern there.
    names = {"student_id": glob.escape(student), "assignment_id": assignment}
    coursedir = CourseDirectory(config=course.config, **names)
    kind = ExchangeFactory(config=course.config).release_feedback
    kind(coursedir=coursedir, config=course.config).start()
    return True
