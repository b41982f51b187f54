"""``autograder export ... --feedback``: the feedback pages as a zip that a platform hands out.

Canvas reads of a file's name the first two of its parts that are numbers: a user, and a file that
this user has handed in. So only what was downloaded from it can be named. Moodle reads
``name_participant_assignsubmission_file_rest``, and a name without underscores: what was
downloaded or the grading worksheet names the participants.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.collecting.collect import NO_FILE
from autograder.collecting.export import NO_WORKSHEET
from autograder.collecting.packed import files_in
from autograder.collecting.people import PARTICIPANT, email_in
from autograder.collecting.platforms import PLATFORMS, Doubtful
from autograder.collecting.roster import Roster, people_of
from autograder.collecting.tables import read_table
from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.reading.student_ids import student_of
from autograder.safe_text import one_line, safe_name
from autograder.texts import ABOUT
from checks.text import Text

DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same pages make the same archive."""


Told = tuple[str, Text]
"""Of whom, or of which file, a person should know what."""

_NO_NAMES = Text(
    "{source}: names nobody who has a feedback page; --roster FILE tells who is who",
    "{source}：其中没有谁有反馈页面；请用 --roster FILE 指明谁是谁",
)
_NO_NAME = Text("has a page, and no name in {name}", "有反馈页面，但在 {name} 中没有名字")
_TYPED = Text(
    "typed text; Canvas takes a page for a file only", "提交的是文本；Canvas 只接受针对文件的页面"
)
_ANOTHERS = Text("Canvas would take {name} for another's", "Canvas 会把 {name} 当作另一名学生的")


@dataclass
class Packing:
    """What a run did: where the archive is, how many pages it has, what a person should know."""

    path: Path
    filled: int = 0
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Address:
    """Whose a page is, and its name for the platform; of several the one with the last `order`."""

    student: str
    name: str
    order: int = 0


def export_feedback(
    course: Course,
    platform: str,
    source: Path,
    assignment: str,
    out: Path | None = None,
    roster: Path | None = None,
) -> Packing:
    """Write the archive of the pages of an assignment.

    Raises CourseError, in one line, where `source` tells no names, or nobody has a page.
    """
    people = people_of(course, roster)
    packing = Packing(out or course.build / f"{assignment}.{platform}.feedback.zip")
    chosen: dict[str, Address] = {}
    told: list[Told] = []
    for address in NAMES[platform](source, assignment, people, told):
        before = chosen.get(address.student)
        if before is None or address.order >= before.order:
            chosen[address.student] = address
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for student in sorted(chosen):
            page = _page(course, student, assignment)
            if page is not None:
                writer.writestr(zipfile.ZipInfo(chosen[student].name, DATE), page)
                packing.filled += 1
    if not packing.filled:
        raise CourseError(_NO_NAMES.format(source=source))
    # Who is told of already has a name there that the platform would not take.
    known = {subject for subject, _ in told}
    told += [
        (one_line(student, 80), _NO_NAME.format(name=source.name))
        for student in _with_pages(course, assignment)
        if student not in chosen and one_line(student, 80) not in known
    ]
    lines = (ABOUT.format(subject=subject, what=what) for subject, what in told)
    packing.told = [line.in_(course.language) for line in lines]
    write_atomically(packing.path, archive.getvalue())
    return packing


def _page(course: Course, student: str, assignment: str) -> bytes | None:
    if not safe_name(student):
        return None
    path = course.folder("feedback", student, assignment) / f"{assignment}.html"
    return path.read_bytes() if path.is_file() else None


def _with_pages(course: Course, assignment: str) -> Iterator[str]:
    pages = course.step("feedback").glob(f"*/{assignment}/{assignment}.html")
    return iter(sorted(student_of(page.parent.parent.name) for page in pages))


def _downloaded(
    platform: str, source: Path, people: Roster, told: list[Told]
) -> Iterator[tuple[str, str, str, int]]:
    """Yield student, the platform's id, the name before the student's own, and its order."""
    read, form = PLATFORMS[platform]
    recognised = False
    with files_in(source) as packed:
        for file in packed:
            owner = read(file.parts, people)
            if owner is None:
                continue
            recognised = True
            shown = one_line(student_of("/".join(file.parts)), 120)
            if isinstance(owner, Doubtful):
                told.append((shown, owner.why))
            elif owner.student is not None:
                whole = "/".join(file.parts)
                yield (
                    owner.student,
                    owner.platform_id,
                    whole.removesuffix(owner.file),
                    owner.order,
                )
    if not recognised:
        raise CourseError(NO_FILE.format(source=source, platform=platform, form=form))


def canvas_names(
    source: Path, assignment: str, people: Roster, told: list[Told]
) -> Iterator[Address]:
    """Yield names that Canvas finds the student by, of what was downloaded from it."""
    for student, number, before, order in _downloaded("canvas", source, people, told):
        name = before.rpartition("/")[2]
        if not order:
            told.append((one_line(student, 80), _TYPED))
        elif [part for part in name.split("_") if part.isdecimal()][:2] != [number, str(order)]:
            told.append((one_line(student, 80), _ANOTHERS.format(name=one_line(name))))
        else:
            yield Address(student, f"{name}{assignment}.html", order)


def moodle_names(
    source: Path, assignment: str, people: Roster, told: list[Told]
) -> Iterator[Address]:
    """Yield names that Moodle finds the participant by."""
    if source.suffix.lower() == ".csv":
        found = _of_worksheet(source, people)
    else:
        found = (
            (student, number, before.partition(f"_{number}_assignsubmission_")[0])
            for student, number, before, _ in _downloaded("moodle", source, people, told)
        )
    for student, number, name in found:
        # Moodle parts a name at its first underscore; hidden files it leaves out.
        plain = re.sub(r"[_/\\]+", " ", name).strip(" .~") or "Participant"
        ending = f"assignsubmission_file_{assignment}.html"
        yield Address(student, f"{plain}_{number}_{ending}")


def _of_worksheet(path: Path, people: Roster) -> Iterator[tuple[str, str, str]]:
    table = read_table(path)
    for row in table.rows[1:]:
        match = PARTICIPANT.fullmatch(row[0].strip())
        if match is None or len(row) < 2:
            raise CourseError(NO_WORKSHEET.format(path=path))
        student = people.student("moodle_id", match[1])
        email = email_in(row)
        if (student is None or people.open_) and email:
            student = people.by("email").get(email.casefold(), student)
        if student is not None:
            yield student, match[1], row[1]


NAMES: dict[str, Callable[[Path, str, Roster, list[Told]], Iterator[Address]]] = {
    "canvas": canvas_names,
    "moodle": moodle_names,
}
