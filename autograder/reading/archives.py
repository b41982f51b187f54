"""Take submissions out of a learning platform's archives, for ``nbgrader zip_collect``.

nbgrader's own extractor writes whatever an archive unfolds to, opens archives within archives
without end, and takes the names inside a student's archive for names that the platform gave. Here
sizes are bounded, only notebooks and ``.py`` files come out, and a student's archive becomes one
file under the name that the platform gave to the archive. What can't be taken out becomes an
empty file under that name: its student is then asked to hand in again, not counted as missing.
"""

import io
import re
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from nbgrader.plugins import ExtractorPlugin

from autograder.reading.submissions import MAX_FILE_BYTES
from autograder.safe_text import one_line

KEPT = (".ipynb", ".py")
ARCHIVE = ".zip"
MAX_MEMBERS = 20_000
MAX_MEMBERS_OF_A_STUDENT = 1_000
MAX_STUDENT_ARCHIVE_BYTES = 50_000_000
MAX_TOTAL_BYTES = 8_000_000_000
# Others can ask for any amount of memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1

_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
)


class _Refused(Exception):
    """Something can't be taken out; the message says why."""


class LimitedExtractor(ExtractorPlugin):
    """Fills nbgrader's folder of extracted files, within the limits of this module."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Copy notebooks and unfold archives from one folder to the other; tell what is left out.

        Raises OSError where `extracted_path` can't be written to.
        """
        self._left = MAX_TOTAL_BYTES
        source, target = Path(archive_path), Path(extracted_path)
        paths = sorted(path for path in source.rglob("*") if path.is_file())
        if not paths:
            self.log.warning("No files found in directory: %s", source)
        for path in paths:
            place = target / path.relative_to(source)
            if path.suffix.lower() == ARCHIVE:
                self._unfold(path, place.with_suffix(""))
            elif path.suffix.lower() in KEPT and not path.is_symlink():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
            else:
                self._tell(path.name, "is no notebook, .py file or .zip archive and was left out")

    def _unfold(self, path: Path, folder: Path) -> None:
        """Unfold the platform's archive into `folder`."""
        try:
            archive = zipfile.ZipFile(path)
        except _DAMAGED as error:
            self._tell(path.name, f"can't be read ({error}): nothing is taken out of it")
            return
        with archive:
            members = _files(archive)
            for member in members[:MAX_MEMBERS]:
                self._take(archive, member, folder)
            if len(members) > MAX_MEMBERS:
                self._tell(path.name, f"holds {len(members)} files; {MAX_MEMBERS} were taken")

    def _take(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
        place = folder.joinpath(*_safe_parts(member.filename))
        suffix = place.suffix.lower()
        if suffix not in (*KEPT, ARCHIVE):
            self._tell(member.filename, "is no notebook, .py file or .zip archive: left out")
            return
        content = b""
        try:
            if suffix == ARCHIVE:
                data = self._read(archive, member, MAX_STUDENT_ARCHIVE_BYTES)
                place, content = self._from_student(data, place)
            else:
                content = self._read(archive, member, MAX_FILE_BYTES)
        except (_Refused, *_DAMAGED) as error:
            self._tell(
                member.filename, f"can't be taken out ({error}): an empty file stands for it"
            )
        place = place.with_suffix(".ipynb") if place.suffix.lower() == ARCHIVE else place
        if place.exists():
            self._tell(member.filename, "exists more than once: the first one is kept")
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def _from_student(self, data: bytes, place: Path) -> tuple[Path, bytes]:
        """Return the one file of a student's archive, and its place under the archive's name."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _files(archive)
            if len(files) > MAX_MEMBERS_OF_A_STUDENT:
                raise _Refused(f"it holds {len(files)} files")
            files = [
                member
                for member in files
                if PurePosixPath(member.filename).suffix.lower() in KEPT
                # What macOS adds to an archive: no notebooks, whatever they are called.
                and not member.filename.startswith("__MACOSX/")
            ]
            if not files:
                raise _Refused("there is no notebook in it")
            chosen = min(files, key=self._order)
            if len(files) > 1:
                self._tell(place.name, f"holds {len(files)} files; {chosen.filename} is taken")
            suffix = PurePosixPath(chosen.filename).suffix.lower()
            return place.with_suffix(suffix), self._read(archive, chosen, MAX_FILE_BYTES)

    def _order(self, member: zipfile.ZipInfo) -> tuple[bool, bool, int, str]:
        path = PurePosixPath(member.filename)
        assignment = self.parent.coursedir.assignment_id if self.parent else ""
        hidden = "/." in f"/{path}"
        return hidden, path.suffix != ".ipynb", path.stem != assignment, member.filename

    def _read(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
        """Return what a member unfolds to; of one that is too large, enough to show that it is."""
        if member.flag_bits & ENCRYPTED:
            raise _Refused("it is encrypted")
        if member.compress_type not in METHODS:
            raise _Refused(f"it is compressed by method {member.compress_type}")
        with archive.open(member) as file:
            content = _at_most(file, most + 1)
        self._left -= len(content)
        if self._left < 0:
            raise _Refused(f"all archives together hold more than {MAX_TOTAL_BYTES:,} bytes")
        return content

    def _tell(self, name: str, what: str) -> None:
        self.log.warning("%s: %s", one_line(name), one_line(what))


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if not member.is_dir()]


def _at_most(file: IO[bytes], size: int) -> bytes:
    parts = []
    while size > 0 and (part := file.read(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _safe_parts(name: str) -> list[str]:
    """Return the parts of a path inside an archive, none of which leads out of a folder."""
    parts = [_UNSAFE.sub("_", part).strip() for part in name.replace("\\", "/").split("/")]
    return [part for part in parts if part.strip(".")]
