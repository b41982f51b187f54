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

from nbgrader.plugins import ExtractorPlugin
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin

from autograder.collecting import packed
from autograder.collecting.packed import CannotRead, Packed, packed_member
from autograder.reading.archives import DAMAGED, candidates_in, files_of
from autograder.reading.contents import MAX_FILE_BYTES, Refused
from autograder.reading.names import RECEIPTS, assignment_in, is_ours
from autograder.safe_text import one_line, safe_name

KEPT = (".ipynb", ".py")
ARCHIVE = ".zip"


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
            self.log.warning("No files found in directory: %s", source)
        for path in paths:
            place = target / path.relative_to(source)
            if path.is_symlink():
                self._tell(path.name, "is a link and was left out")
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
            self._tell(path.name, f"can't be read ({error}): nothing is taken out of it")
            return
        with archive:
            members = files_of(archive)
            for member in members[: packed.MAX_MEMBERS]:
                if (file := packed_member(archive, member)) is not None:
                    self._take(file, folder)
            if len(members) > packed.MAX_MEMBERS:
                self._tell(
                    path.name, f"holds {len(members)} files; {packed.MAX_MEMBERS} were taken"
                )

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
            self._tell(file.name, f"can't be taken out ({error}): an empty file stands for it")
        if place.suffix.lower() == ARCHIVE:
            place = place.with_suffix(".ipynb")
        place = _as_notebook(place)
        free = _free(place)
        if free != place:
            self._tell(file.name, f"exists more than once: this one is kept as {free.name}")
        try:
            free.parent.mkdir(parents=True, exist_ok=True)
            free.write_bytes(content)
        except OSError as error:
            if error.errno not in packed.OF_ONE_NAME:
                raise
            self._tell(file.name, f"can't be written under this name ({error.strerror})")

    def _from_student(self, file: Packed, place: Path) -> tuple[Path, bytes]:
        """Return the one file of a student's archive, and its place under the archive's name."""
        data = self._read(file, packed.MAX_PACKED_BYTES)
        files = list(candidates_in(data))
        assignment = self.parent.coursedir.assignment_id if self.parent else ""
        named = [f for f in files if assignment and assignment_in(f[0]) == assignment]
        name, content = (named or files)[0]
        if len(files) > 1:
            self._tell(place.name, f"holds {len(files)} files; {name} is taken")
        self._left -= len(content)
        suffix = Path(name).suffix.lower()
        return place.with_suffix(suffix if suffix in KEPT else ".ipynb"), content

    def _read(self, file: Packed, most: int) -> bytes:
        content = file.read(most)
        self._left -= len(content)
        if self._left < 0:
            total = packed.MAX_TOTAL_BYTES
            raise CannotRead(f"all archives together hold more than {total:,} bytes")
        return content

    def _tell(self, name: str, what: str) -> None:
        self.log.warning("%s: %s", one_line(name), one_line(what))


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
            self.log.error("%s: no student's id that a folder can have", one_line(submitted_file))
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
