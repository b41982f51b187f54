"""What the gradebook held of a class when its verdicts were recorded."""

import json
from collections.abc import Iterator, Mapping

from autograder.model import Marks
from autograder.spool import open_spool

SCHEMA = "CREATE TABLE held (student BLOB PRIMARY KEY, scores TEXT)"


class Held:
    """The marks of each student, kept on disk: a class may be large."""

    def __init__(self) -> None:
        self._rows = open_spool(SCHEMA)

    def keep(self, student: str, marks: Marks) -> None:
        """Keep the marks that were found; they take the place of earlier ones."""
        row = student.encode("utf-8", "surrogatepass"), json.dumps(dict(marks.scores))
        self._rows.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", row)

    def __iter__(self) -> Iterator[tuple[str, Mapping[str, float]]]:
        """Yield students with their marks by graded cell, in the order in which they were kept."""
        for student, scores in self._rows.execute("SELECT * FROM held ORDER BY rowid"):
            yield student.decode("utf-8", "surrogatepass"), json.loads(scores)
