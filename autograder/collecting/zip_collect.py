"""Take submissions out of a learning platform's archives, for ``nbgrader zip_collect``.

nbgrader's own extractor writes whatever an archive unfolds to, opens archives within archives
without end, and takes the names inside a student's archive for names that the platform gave; its
collector ends for the whole class where one name is there twice. Here sizes are bounded, a
student's archive becomes one file under the name that the platform gave to the archive, and
whatever else was handed in comes along as what it is, named as a notebook: grading then says what
it is. What can't be taken out becomes an empty file, so that its student is asked, not missing.
"""

import shutil
import zipfile
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin

from autograder.collecting import packed
from autograder.collecting.packed import CannotRead, Packed, packed_member
from autograder.course import Course
from autograder.reading.archives import DAMAGED, candidates_in, files_of
from autograder.reading.contents import MAX_FILE_BYTES, Refused
from autograder.reading.names import RECEIPTS, assignment_in, is_ours
from autograder.safe_text import one_line, safe_name
from autograder.texts import ABOUT
from checks.text import Text

KEPT = (".ipynb", ".py")
ARCHIVE = ".zip"

_EMPTY = Text("No files found in directory: {source}", "这个文件夹中没有文件：{source}")
_LINK = Text("is a link and was left out", "是链接，没有采用")
_UNREADABLE = Text(
    "can't be read ({error}): nothing is taken out of it", "无法读取（{error}）：没有从中取出文件"
)
_TOO_MANY = Text(
    "holds {count} files; {most} were taken", "其中有 {count} 个文件；取出了 {most} 个"
)
_NOT_TAKEN_OUT = Text(
    "can't be taken out ({why}): an empty file stands for it",
    "无法取出（{why}）：用一个空文件代替",
)
_TWICE = Text(
    "exists more than once: this one is kept as {name}", "出现了不止一次：这一份保存为 {name}"
)
_NOT_WRITTEN = Text("can't be written under this name ({why})", "无法用这个名字写入（{why}）")
_ONE_TAKEN = Text("holds {count} files; {name} is taken", "其中有 {count} 个文件；采用 {name}")
_TOO_LARGE = Text(
    "all archives together hold more than {total:,} bytes", "所有压缩包合计超过 {total:,} 字节"
)
_NO_ID = Text("no student's id that a folder can have", "学号不能作为文件夹名")


def _language(plugin: Any) -> str:
    """Return the language of the course that nbgrader is at work in."""
    root = plugin.parent.coursedir.root if plugin.parent else "."
    return Course(Path(root)).spoken


def _line(plugin: Any, name: str, what: Text) -> str:
    """Return a line about a file."""
    line = ABOUT.format(subject=one_line(name), what=what)
    return one_line(line.in_(_language(plugin)), 400)


class LimitedExtractor(ExtractorPlugin):
    """Fills nbgrader's folder of extracted files, within the limits of this module."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Copy notebooks and unfold archives from one folder to the other; report what is odd.

        Raises OSError where `extracted_path` can't be written to.
        """
        self._left = packed.MAX_TOTAL_BYTES
        source, target = Path(archive_path), Path(extracted_path)
        paths = sorted(path for path in source.rglob("*") if path.is_file())
        if not paths:
            self.log.warning("%s", _EMPTY.format(source=source).in_(_language(self)))
        for path in paths:
            place = target / path.relative_to(source)
            if path.is_symlink():
                self._tell(path.name, _LINK)
            elif path.suffix.lower() == ARCHIVE:
                self._unfold(path, place.with_suffix(""))
            else:
                place = _free(_as_notebook(place))
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)

    def _unfold(self, path: Path, folder: Path) -> None:
        """Unfold the platform's archive into `folder`."""
        try:
            archive = zipfile.ZipFile(path)
        except DAMAGED as error:
            self._tell(path.name, _UNREADABLE.format(error=error))
            return
        with archive:
            members = files_of(archive)
            for member in members[: packed.MAX_MEMBERS]:
                if (file := packed_member(archive, member)) is not None:
                    self._take(file, folder)
            if len(members) > packed.MAX_MEMBERS:
                counts = {"count": len(members), "most": packed.MAX_MEMBERS}
                self._tell(path.name, _TOO_MANY.format(**counts))

    def _take(self, file: Packed, folder: Path) -> None:
        if file.told:
            self._tell(file.name, file.told)
        if any(map(is_ours, file.parts)) and file.name not in RECEIPTS:
            return
        place = folder.joinpath(*file.parts)
        content = b""
        try:
            if place.suffix.lower() == ARCHIVE:
                place, content = self._from_student(file, place)
            else:
                content = self._read(file, MAX_FILE_BYTES)
        except (CannotRead, Refused) as error:
            self._tell(file.name, _NOT_TAKEN_OUT.format(why=error.text))
        if place.suffix.lower() == ARCHIVE:
            place = place.with_suffix(".ipynb")
        place = _as_notebook(place)
        free = _free(place)
        if free != place:
            self._tell(file.name, _TWICE.format(name=free.name))
        try:
            free.parent.mkdir(parents=True, exist_ok=True)
            free.write_bytes(content)
        except OSError as error:
            if error.errno not in packed.OF_ONE_NAME:
                raise
            self._tell(file.name, _NOT_WRITTEN.format(why=error.strerror))

    def _from_student(self, file: Packed, place: Path) -> tuple[Path, bytes]:
        """Return the one file of a student's archive, and its place under the archive's name."""
        data = self._read(file, packed.MAX_PACKED_BYTES)
        files = list(candidates_in(data))
        assignment = self.parent.coursedir.assignment_id if self.parent else ""
        named = [f for f in files if assignment and assignment_in(f[0]) == assignment]
        name, content = (named or files)[0]
        if len(files) > 1:
            self._tell(place.name, _ONE_TAKEN.format(count=len(files), name=name))
        self._left -= len(content)
        suffix = Path(name).suffix.lower()
        return place.with_suffix(suffix if suffix in KEPT else ".ipynb"), content

    def _read(self, file: Packed, most: int) -> bytes:
        content = file.read(most)
        self._left -= len(content)
        if self._left < 0:
            total = packed.MAX_TOTAL_BYTES
            raise CannotRead(_TOO_LARGE.format(total=total))
        return content

    def _tell(self, name: str, what: Text) -> None:
        self.log.warning("%s", _line(self, name, what))


def _as_notebook(place: Path) -> Path:
    """Return the place of a file that nbgrader's collector takes."""
    if place.suffix.lower() in KEPT or place.name in RECEIPTS:
        return place.with_suffix(place.suffix.lower())
    return place.with_name(f"{place.name}.ipynb")


def _free(place: Path) -> Path:
    """Return the place, or where there is a file already the first free one beside it."""
    free, number = place, 1
    while free.exists():
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
        number += 1
    return free


class PlatformCollector(FileNameCollectorPlugin):
    """nbgrader's collector, for which a file that is there twice ends nothing."""

    def collect(self, submitted_file: str) -> dict | None:
        """Return what the platform's name says; a repeated file gets a name of its own."""
        found = super().collect(submitted_file)
        if not found:
            return found
        student, file = found.get("student_id"), found.get("file_id")
        if not isinstance(student, str) or not isinstance(file, str):
            return found
        if not safe_name(student):
            self.log.error("%s", _line(self, submitted_file, _NO_ID))
            return None
        found["file_id"] = file = file.replace("\\", "_").replace("/", "_")
        if found.get("timestamp"):
            return found  # nbgrader keeps the newer one
        seen: set[tuple[str, str]] = self.__dict__.setdefault("_seen", set())
        path, number = Path(file), 1
        while (student, file) in seen:
            file = f"{path.stem}-{number}{path.suffix}"
            number += 1
        seen.add((student, file))
        return found | {"file_id": file}
