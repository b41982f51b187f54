"""nbgrader's settings for the course (``nbgrader_config.py``), read without importing nbgrader."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course import CourseError
from autograder.safe_text import step_folder
from checks.text import LANGUAGES


@dataclass(frozen=True)
class Settings:
    """What ``root/nbgrader_config.py`` says: folders, gradebook, course id."""

    root: Path
    config: Config

    @classmethod
    def load(cls, root: Path) -> "Settings":
        """Read ``root/nbgrader_config.py``. Raises CourseError where there is none."""
        root = Path(root).resolve()
        if not (root / "nbgrader_config.py").is_file():
            raise CourseError(f"{root} is not a course folder: it has no nbgrader_config.py")
        return cls(root, PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())

    def setting(self, name: str) -> str:
        """Return a setting of CourseDirectory."""
        return str(self.config.CourseDirectory[name])

    @property
    def db_url(self) -> str:
        """The gradebook's SQLAlchemy URL."""
        return self.setting("db_url")

    @property
    def course_id(self) -> str:
        """nbgrader's course id."""
        return self.setting("course_id")

    @property
    def language(self) -> str:
        """The language of COURSE_LANGUAGE: the last part of the source directory."""
        return Path(self.setting("source_directory")).name

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of a step ("submitted", "autograded", "feedback").

        Raises ValueError where a name would lead out of it.
        """
        return step_folder(self.root, self.setting(f"{step}_directory"), student, assignment)

    def source_path(self, assignment: str, language: str | None = None) -> Path:
        """Return the path of a built notebook, in `language` or in the course's own."""
        chosen = language if language in LANGUAGES else self.language
        notebooks = self.root / Path(self.setting("source_directory")).parent
        return notebooks / chosen / assignment / f"{assignment}.ipynb"

    def source_notebook(self, assignment: str, language: str | None = None) -> dict[str, Any]:
        """Return a built notebook as the mapping of its file, English where a language is absent.

        Raises CourseError where it was not built.
        """
        paths = [self.source_path(assignment, name) for name in (language, None, *LANGUAGES)]
        for path in paths:
            if path.is_file():
                notebook = json.loads(path.read_text(encoding="utf-8"))
                for cell in notebook["cells"]:
                    cell["source"] = "".join(cell["source"])  # a list of lines in the file
                return notebook
        raise CourseError(f"{paths[0]} is missing; build it with: autograder build")
