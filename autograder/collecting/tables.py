"""CSV files as platforms and spreadsheets write them: read, and written back in the same form."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.course import CourseError
from autograder.reading.contents import Refused, read_bytes
from autograder.texts import ABOUT
from checks.text import Text

BOM = "\ufeff"
DELIMITERS = (",", ";", "\t")

_NOT_UTF_8 = Text(
    "{path}: not in UTF-8; save it as “CSV UTF-8”", "{path}：不是 UTF-8；请另存为“CSV UTF-8”"
)
_NO_CSV = Text("{path}: no CSV file ({error})", "{path}：不是 CSV 文件（{error}）")
_EMPTY = Text("{path}: the file is empty", "{path}：文件是空的")


@dataclass(frozen=True)
class Table:
    """The rows of a CSV file, its header first, and the form in which it was written."""

    rows: list[list[str]]
    delimiter: str
    newline: str
    bom: bool

    @property
    def header(self) -> list[str]:
        """The first row, without blanks around the names."""
        return [name.strip() for name in self.rows[0]]

    def text(self, bom: bool | None = None) -> str:
        """Return the file's text; `bom` adds or leaves out the mark by which Excel knows UTF-8."""
        written = io.StringIO(newline="")
        writer = csv.writer(written, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows(self.rows)
        marked = self.bom if bom is None else bom
        return (BOM if marked else "") + written.getvalue()


def read_table(path: Path) -> Table:
    """Read a CSV file in UTF-8 or UTF-16. Raises CourseError, in one line, where it is none."""
    try:
        data = read_bytes(path)
        encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        text = data.decode(encoding)
    except Refused as refusal:
        raise CourseError(ABOUT.format(subject=path, what=refusal.text)) from None
    except UnicodeDecodeError:
        raise CourseError(_NOT_UTF_8.format(path=path)) from None
    bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=re.sub(r'"[^"]*"', "", first).count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise CourseError(_NO_CSV.format(path=path, error=error)) from None
    rows = [row for row in rows if row]
    if not rows:
        raise CourseError(_EMPTY.format(path=path))
    return Table(rows, delimiter, "\r\n" if first.endswith("\r") else "\n", bom)
