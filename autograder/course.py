"""Where things stand in a course folder, and the content that the engine works with."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checks import store
from checks.assignments import ASSIGNMENTS

ROOT = Path(__file__).resolve().parent.parent

SHIPPED = ("public_tests.py", "checks", "plots")
"""The modules that students receive; each stands once, in the repository's root."""

RELEASED_BEFORE = ("course_plots.py", "course_training.py")
"""What students received before there was plots/: submissions that import these are graded, too."""

DATASETS = "datasets"
ENVIRONMENT = "environment.yml"
_LEFT_OUT = (".ipynb", ".pyc", ".pyo", ".log", ".tmp")


class CourseError(RuntimeError):
    """Something is missing or not as it should be; the message is one line that says what to do."""


def student_files(folder: Path) -> dict[str, Path]:
    """Return what a student has beside the notebook in `folder`, by its name in one flat folder.

    Pictures, course.json and public_tests.py stand beside the notebook here, too. The rest stands
    once in this repository. Raises CourseError where something was not built.
    """
    own = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in _LEFT_OUT
        if not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    }
    return own | shared_files(folder.name)


def shared_files(*assignments: str) -> dict[str, Path]:
    """Return what stands once in this repository and goes with the notebooks of `assignments`."""
    files = {}
    for path in (ROOT / name for name in SHIPPED):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            files[file.relative_to(ROOT).as_posix()] = file
    for assignment in (ASSIGNMENTS[name] for name in assignments):
        stored = store.path_of(assignment.name)
        files[stored.relative_to(ROOT).as_posix()] = stored
        files |= {name: ROOT / DATASETS / name for name in assignment.files}
    files[ENVIRONMENT] = ROOT / ENVIRONMENT
    for file in files.values():
        if not file.is_file():
            raise CourseError(f"{file} is missing; build it with: autograder build")
    return files


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
