"""Where things stand in a course folder, and the content that the engine works with."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SHIPPED = ("public_tests.py", "checks", "plots")
"""What students receive beside a notebook, its expected values, its data and its images."""

RELEASED_BEFORE = ("course_plots.py", "course_training.py")
"""What students received before there was plots/: submissions that import these are graded, too."""

DATA_FILE = "expected_values.h5"
"""The right answers to the public inputs, beside each notebook."""


class CourseError(RuntimeError):
    """Something is missing or not as it should be; the message is one line that says what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder: this repository, or a copy of it with other content."""

    root: Path = ROOT

    @property
    def build(self) -> Path:
        """The folder of everything that is made while grading; not under version control."""
        return self.root / "build"

    @property
    def sources(self) -> tuple[Path, ...]:
        """The authored notebooks, one py:percent file each."""
        return tuple(sorted((self.root / "notebooks" / "source").glob("*.py")))

    def source(self, assignment: str) -> Path:
        """Return the authored notebook of an assignment; raise CourseError where there is none."""
        path = self.root / "notebooks" / "source" / f"{assignment}.py"
        if not path.is_file():
            names = ", ".join(source.stem for source in self.sources)
            raise CourseError(f"no assignment {assignment!r} here; there is: {names}")
        return path

    def notebook_folder(self, language: str, assignment: str) -> Path:
        """Return the folder with the built notebook of one language."""
        return self.root / "notebooks" / language / assignment

    def notebook(self, language: str, assignment: str) -> Path:
        """Return the built notebook of one language."""
        return self.notebook_folder(language, assignment) / f"{assignment}.ipynb"

    @cached_property
    def has_solutions(self) -> bool:
        """Whether the hidden solutions are here: students' copies go without."""
        return (self.root / "solutions").is_dir()

    def need_solutions(self) -> None:
        """Raise CourseError where the hidden solutions are not here."""
        if not self.has_solutions:
            raise CourseError(f"{self.root} holds no solutions/: this needs the instructor's copy")
