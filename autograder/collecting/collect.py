"""``autograder collect``: a platform's download becomes ``submitted/<student>/<assignment>/``.

All files of a student are kept under their own names, the newest one that holds work under the
assignment's name, so that nbgrader and the engine take the same one. Collecting again writes the
same.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from autograder.collecting.packed import OF_ONE_NAME, CannotRead, Packed, files_in
from autograder.collecting.platforms import PLATFORMS, Doubtful, Owner
from autograder.collecting.roster import Roster, keep_roster, people_of
from autograder.course import Course, CourseError, need_assignment
from autograder.files import write_atomically
from autograder.reading.contents import MAX_FILE_BYTES, Refused
from autograder.reading.names import LATE, RECEIPTS, is_ours, likelihood
from autograder.reading.student_ids import student_of
from autograder.reading.submissions import cells_of
from autograder.reading.times import NoTime, moment_of
from autograder.reading.work import finished
from autograder.receipts import TIMESTAMP
from autograder.safe_text import csv_cell
from checks.text import Text

MAX_STUDENT_BYTES = 100_000_000
OWN = frozenset({"files"})
"""Where the files come from a folder of the instructor's own, not out of students' uploads."""

_FORGED = Text(
    "left out: the student handed it in, and the platform alone tells times",
    "没有采用：这是学生提交的文件，而时间只以平台为准",
)
_WORK_TOO = Text(
    "holds other work, and nothing says which is newer: look which one is meant",
    "其中是另一份作业，又无法判断哪一份更新：请查看应以哪一份为准",
)
_MISNAMED = Text("not named as {platform} names files", "文件名不是 {platform} 的命名方式")
_NOT_IN_ROSTER = Text("this id is not in the roster", "名单中没有这个 id")
_NO_ID = Text("no id that can be used", "没有可用的 id")
_NOT_TAKEN_OUT = Text("can't be taken out: {why}", "无法取出：{why}")
_NOT_WRITTEN = Text("can't be written under its name ({why})", "无法用它的名字写入（{why}）")
NO_FILE = Text(
    "{source}: holds no file named as {platform} names them ({form})",
    "{source}：其中没有按 {platform} 的方式命名的文件（{form}）",
)

TABLE_COLUMNS = ("student", "platform_id", "file", "late", "graded", "note")


@dataclass(frozen=True)
class Row:
    """What became of one file of the download."""

    student: str
    platform_id: str
    file: str
    late: bool = False
    graded: bool = False
    note: str = ""


@dataclass
class Collected:
    """What a run did: a row for each file, and where the table of them is."""

    rows: list[Row] = field(default_factory=list)
    table: Path | None = None
    names: dict[str, str] = field(default_factory=dict)
    """What the students are called, as far as the roster says so."""
    called: dict[str, str] = field(default_factory=dict)
    """Students whose files bear another name than that, and which: their group's, as it seems."""

    @property
    def students(self) -> list[str]:
        """The students of whom something was collected, sorted."""
        return sorted({row.student for row in self.rows if row.student})

    @property
    def notes(self) -> list[Row]:
        """The rows that a person should look at."""
        return [row for row in self.rows if row.note]


def collect(
    course: Course,
    platform: str,
    source: Path,
    assignment: str,
    roster: Path | None = None,
    times: Mapping[str, datetime] = MappingProxyType({}),
) -> Collected:
    """Put what was downloaded from a platform where it is graded.

    `times` are the times of submission that the platform tells, in UTC, by its ids.

    Raises CourseError, in one line, where the assignment, the roster or the download is unknown.
    """
    need_assignment(assignment)
    people = people_of(course, roster)
    if roster is not None:
        keep_roster(course, roster)
    collected = Collected(names={one.student: one.name for one in people.members})
    with files_in(source) as packed:
        read = platform, source, course.language
        owned = _by_owner(*read, packed, people, collected.rows)
        for student, found in sorted(owned.items()):
            called, name = found[-1][0].called, collected.names.get(student)
            if called and name and _letters(called) != _letters(name):
                collected.called[student] = called
            folder = course.step("submitted") / student / assignment
            collected.rows += _hand_in(course, assignment, student, found, platform in OWN)
            told = {times[owner.platform_id] for owner, _ in found if owner.platform_id in times}
            if told:
                _write(folder / TIMESTAMP, f"{max(told)} UTC\n".encode())
    collected.rows.sort(key=lambda row: (row.student, row.file))
    collected.table = course.build / f"{assignment}.collected.csv"
    write_atomically(collected.table, _table(collected.rows).encode())
    return collected


Found = list[tuple[Owner, Packed]]


def _by_owner(
    platform: str,
    source: Path,
    language: str,
    packed: Iterable[Packed],
    roster: Roster,
    rows: list[Row],
) -> dict[str, Found]:
    """Return the files of each student; what has no owner becomes one of `rows`."""
    read, form = PLATFORMS[platform]
    owned: dict[str, Found] = {}
    recognised = 0
    for file in packed:
        owner = read(file.parts, roster)
        shown = student_of("/".join(file.parts))
        if owner is None:
            note = _MISNAMED.format(platform=platform)
            rows.append(Row("", "", shown, note=note.in_(language)))
            continue
        recognised += 1
        if isinstance(owner, Doubtful):
            rows.append(Row("", "", shown, note=owner.why.in_(language)))
        elif owner.student is None:
            note = _NO_ID if roster.open_ else _NOT_IN_ROSTER
            rows.append(Row("", owner.platform_id, shown, owner.late, note=note.in_(language)))
        else:
            owned.setdefault(owner.student, []).append((owner, file))
    if not recognised:
        raise CourseError(NO_FILE.format(source=source, platform=platform, form=form))
    return owned


def _letters(name: str) -> list[str]:
    """Return what is left of a name where a platform drops blanks, commas, case and the order."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return sorted(letter for letter in plain if letter.isalnum())


@dataclass(frozen=True)
class _File:
    owner: Owner
    name: str
    content: bytes
    note: Text | None
    modified: datetime | None = None


def _hand_in(
    course: Course, assignment: str, student: str, found: Found, trusted: bool
) -> Iterator[Row]:
    """Write the files of one student; yield what became of each.

    A time of submission counts where it is the instructor's own folder that holds it, `trusted`.
    """
    language = course.language
    folder = course.step("submitted") / student / assignment
    # A platform counts its files up.
    files: list[_File] = []
    # What the course itself writes there is no name for a student's file.
    used, left = {f"{assignment}.ipynb", LATE, *RECEIPTS}, MAX_STUDENT_BYTES
    for owner, packed in sorted(found, key=lambda pair: (pair[0].order, pair[0].file)):
        if any(map(is_ours, owner.file.split("/"))) and owner.file not in RECEIPTS:
            continue
        note = packed.told
        try:
            content = packed.read(min(MAX_FILE_BYTES, left))
        except (CannotRead, Refused) as error:
            content, note = b"", _NOT_TAKEN_OUT.format(why=error.text)
        left = max(0, left - len(content))
        if owner.file in RECEIPTS and trusted:
            yield from _receipt(folder, student, owner, content, language)
        elif owner.file in RECEIPTS:
            forged = _FORGED.in_(language)
            yield Row(student, owner.platform_id, owner.file, owner.late, note=forged)
        else:
            place = _own_place(owner.file, used)
            files.append(_File(owner, place, content, note, packed.modified))
    chosen, others = _newest_with_work(files, f"{assignment}.ipynb")
    if chosen is not None and chosen.owner.late:
        _write(folder / LATE, b"marked as late by the platform\n")
    elif chosen is not None:
        (folder / LATE).unlink(missing_ok=True)
    expected = f"{assignment}.ipynb"
    as_expected = chosen is not None and chosen.name.lower().endswith(".ipynb")
    if files and not as_expected:
        # This one is from an earlier collection: what was handed in since is no notebook.
        (folder / expected).unlink(missing_ok=True)
    for file in files:
        name = expected if file is chosen and as_expected else file.name
        note = file.note or (_WORK_TOO if file in others else None)
        try:
            _write(folder / name, file.content)
        except OSError as error:
            if error.errno not in OF_ONE_NAME:
                raise
            note = _NOT_WRITTEN.format(why=error.strerror)
        owner, told = file.owner, note.in_(language) if note else ""
        yield Row(student, owner.platform_id, owner.file, owner.late, file is chosen, told)


def _newest_with_work(files: list[_File], expected: str) -> tuple[_File | None, list[_File]]:
    """Return the file to grade, and the others that hold other work which nothing says is older.

    Where the platform counts files up, the last one is the newest. Else the one under the
    assignment's own name counts, then the one with most work, then the newest.
    """
    work = {
        id(file): finished(cell.source for cell in cells_of(file.content, file.name))
        for file in files
    }
    working = [file for file in files if work[id(file)]]
    likely = [file for file in files if likelihood(file.name) is not None]
    some = working or likely or files
    if not some:
        return None, []

    def standing(file: _File) -> tuple[int, bool, int, float]:
        named = PurePosixPath(file.owner.file).name == expected
        time = file.modified.timestamp() if file.modified else 0.0
        return file.owner.order, named, work[id(file)], time

    chosen = max(reversed(some), key=standing)
    as_new = [f for f in working if f is not chosen and f.owner.order == chosen.owner.order]
    return chosen, [file for file in as_new if file.content != chosen.content]


def _own_place(file: str, used: set[str]) -> str:
    """Return a free name for a file: one component, as the student named it."""
    name = file.replace("/", "_").replace("\\", "_").strip().lstrip(".") or "file"
    stem, dot, end = name.rpartition(".")
    stem, end = (stem, f".{end}") if dot else (name, "")
    stem = stem.encode()[:150].decode("utf-8", "ignore")
    end = end[:20]
    free, number = f"{stem}{end}", 1
    while free.casefold() in used:
        free = f"{stem}-{number}{end}"
        number += 1
    used.add(free.casefold())
    return free


def _receipt(
    folder: Path, student: str, owner: Owner, content: bytes, language: str
) -> Iterator[Row]:
    """Keep the time of submission that an instructor's own folder holds."""
    if owner.file != "timestamp.txt":
        return
    _write(folder / owner.file, content)
    try:
        moment_of(content.decode("utf-8-sig", "replace"))
    except NoTime as error:
        yield Row(student, owner.platform_id, owner.file, note=error.text.in_(language))


def _write(path: Path, content: bytes) -> None:
    if not (path.is_file() and not path.is_symlink() and path.read_bytes() == content):
        write_atomically(path, content)


def _table(rows: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLE_COLUMNS)
    for row in rows:
        late, graded = ("yes" if flag else "no" for flag in (row.late, row.graded))
        cells = (row.student, row.platform_id, row.file, late, graded, row.note)
        writer.writerow([csv_cell(cell) for cell in cells])
    return text.getvalue()
