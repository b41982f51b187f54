"""``nbgrader release_feedback``: a page for each notebook of a submission.

A student's list of assignments looks for a page for each notebook that was submitted, by the name
of its file, and offers *Fetch feedback* only when all are there. There is one page here, under the
assignment's name.
"""

import glob
import shutil
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder.receipts import SECRET

MAX_NOTEBOOKS = 20
READABLE = 0o644


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's step, which releases a student's page for each notebook of the submission."""

    def copy_files(self) -> None:
        """Release the pages as nbgrader does, then under the names of the other notebooks."""
        super().copy_files()
        feedback = Path(self.dest_path)
        excluded = set(self.coursedir.student_id_exclude.split(","))
        pages = map(Path, glob.glob(f"{self.src_path}/*.html"))
        for folder in sorted({page.parent for page in pages}):
            student = folder.parent.name
            secret = (folder / SECRET).read_text()
            names = {"secret": secret, "notebook_id": self.coursedir.assignment_id}
            page = feedback / f"{notebook_hash(**names)}.html"
            if student in excluded or not page.is_file():
                continue
            # The course's own umask may close what it writes.
            page.chmod(READABLE | page.stat().st_mode)
            for name in self._others(student):
                other = feedback / f"{notebook_hash(**names | {'notebook_id': name})}.html"
                fresh = other.with_suffix(".tmp")
                shutil.copy(page, fresh)
                fresh.replace(other)

    def _others(self, student: str) -> list[str]:
        """Return the names of a student's notebooks besides the assignment's, without endings."""
        place = self.coursedir.format_path(
            self.coursedir.submitted_directory, student, self.coursedir.assignment_id
        )
        names = {path.stem for path in Path(place).glob("*.ipynb") if path.is_file()}
        return sorted(names - {self.coursedir.assignment_id})[:MAX_NOTEBOOKS]
