"""The course's folder and settings, and the content that the engine works with."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.safe_text import step_folder
from autograder.scheme import points_of
from autograder.texts import TextError
from checks import store
from checks.assignments import ASSIGNMENTS
from checks.text import ENGLISH, LANGUAGES, Text, listed

ROOT = Path(__file__).resolve().parent.parent

SHIPPED = ("public_tests.py", "checks", "plots")
"""The modules that students receive; each stands once, in the repository's root."""

SHIPPED_SUFFIXES = (".py", ".js", ".css", ".png", ".otf", ".txt")
"""Modules, the scripts, styles and still pictures of plots/explorers, the plots' font."""

RELEASED_BEFORE = ("course_plots.py", "course_training.py")
"""What notebooks import that were released before there was plots/, and so students work with."""

GUIDES = ("docs/students.{language}.md", "docs/students.md")
"""The page that students find as GUIDE in a release: in their language, else in English."""
GUIDE = "README.md"

DATASETS = "datasets"
ENVIRONMENT = "environment.yml"
_LEFT_OUT = (".ipynb", ".pyc", ".pyo", ".log", ".tmp")

CONFIG = "nbgrader_config.py"
PUBLIC_ADDRESS = re.compile(r"https://github\.com/(?P<name>[\w-]+/[\w.-]+)")
EXCHANGE = "/usr/local/share/nbgrader/exchange"
STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"
DEFAULTS = {
    "course_id": "",
    "student_id_exclude": "",
    "directory_structure": STRUCTURE,
    "source_directory": "source",
    "release_directory": "release",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}
"""nbgrader's defaults for the settings that the engine reads."""

Notebook = dict[str, Any]
"""A notebook as the mapping of its file."""


class CourseError(TextError):
    """Something is missing or not as it should be; the message is one line that says what to do."""


NO_ASSIGNMENT = Text(
    "no assignment {name!r}; there is: {names}", "没有作业 {name!r}；现有：{names}"
)
NOT_BUILT = Text(
    "{file} is missing; build it with: autograder build",
    "找不到 {file}；请运行 autograder build 来构建",
)
_NO_GUIDE = Text(
    "{page} is missing: it goes into what students receive",
    "找不到 {page}：发给学生的文件中必须有它",
)
_NO_COURSE = Text(
    "{root} is not a course folder: it has no {config}", "{root} 不是课程文件夹：其中没有 {config}"
)
_STRUCTURE = Text(
    "{config}: directory_structure is {structure!r}; this engine needs nbgrader's own, {wanted!r}",
    "{config}：directory_structure 是 {structure!r}；评分引擎需要 nbgrader 自己的 {wanted!r}",
)
_NO_ADDRESS = Text(
    "{config}: c.CNNCourse.address is {address!r}, not the address of a public repository, such "
    'as "https://github.com/owner/course"',
    "{config}：c.CNNCourse.address 是 {address!r}，不是公开仓库的地址，"
    '例如 "https://github.com/owner/course"',
)
_NO_LANGUAGE = Text(
    "COURSE_LANGUAGE is one of {names}, not {chosen!r}",
    "COURSE_LANGUAGE 只能是 {names} 之一，不能是 {chosen!r}",
)
_NO_SOLUTIONS = Text(
    "{root} holds no solutions/: this needs the instructor's copy",
    "{root} 中没有 solutions/：这个命令只能在教师的课程文件夹中使用",
)


def need_assignment(name: str) -> None:
    """Raise CourseError where the course has no assignment of this name."""
    if name not in ASSIGNMENTS:
        raise CourseError(NO_ASSIGNMENT.format(name=name, names=listed(ASSIGNMENTS)))


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
    """Return what this repository holds once for the notebooks of all `assignments`."""
    files = {}
    for path in (ROOT / name for name in (*SHIPPED, *RELEASED_BEFORE)):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in SHIPPED_SUFFIXES:
                files[file.relative_to(ROOT).as_posix()] = file
    for assignment in (ASSIGNMENTS[name] for name in assignments):
        stored = store.path_of(assignment.name)
        files[stored.relative_to(ROOT).as_posix()] = stored
        files |= {name: ROOT / DATASETS / name for name in assignment.files}
    files[ENVIRONMENT] = ROOT / ENVIRONMENT
    for file in files.values():
        if not file.is_file():
            raise CourseError(NOT_BUILT.format(file=file))
    return files


def guide(language: str) -> dict[str, Path]:
    """Return what a release holds for people to read, by its name beside the notebook."""
    for page in (ROOT / name.format(language=language) for name in GUIDES):
        if page.is_file():
            return {GUIDE: page}
    raise CourseError(_NO_GUIDE.format(page=page))


def copy_course(student_folder: Path | None, target: Path) -> None:
    """Copy what a student has beside the notebook in `student_folder` into the new `target`.

    Without a folder it is what goes with the notebooks of all assignments.
    """
    files = student_files(student_folder) if student_folder else shared_files(*ASSIGNMENTS)
    target.mkdir(mode=0o755)
    for name, source in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / name)
    # An unprivileged user reads this, whatever the umask of the user who runs it.
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@dataclass(frozen=True)
class Course:
    """A course folder, this repository or another one, and what its nbgrader_config.py says.

    nbgrader's settings are read, without importing nbgrader, when the first of them is asked for;
    that raises CourseError where they can't be used.
    """

    root: Path = ROOT

    @property
    def build(self) -> Path:
        """The folder of what the engine itself keeps: verdicts, rounds, marks, report."""
        return self.root / "build"

    # nbgrader's settings

    @cached_property
    def config(self) -> Any:
        """The configuration of ``nbgrader_config.py``, a traitlets Config."""
        from traitlets.config.loader import PyFileConfigLoader

        root = Path(self.root).resolve()
        if not (root / CONFIG).is_file():
            raise CourseError(_NO_COURSE.format(root=root, config=CONFIG))
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
        structure = config.CourseDirectory.get("directory_structure", STRUCTURE)
        if os.path.normpath(structure) != os.path.normpath(STRUCTURE):
            values = {"config": root / CONFIG, "structure": structure, "wanted": STRUCTURE}
            raise CourseError(_STRUCTURE.format(**values))
        return config

    def setting(self, name: str) -> str:
        """Return a setting of nbgrader's CourseDirectory, its default where none is given."""
        return str(self.config.CourseDirectory.get(name, DEFAULTS[name]))

    @cached_property
    def course_folder(self) -> Path:
        """nbgrader's root: where the folders of all its steps lie."""
        root = Path(self.root).resolve()
        return root / str(self.config.CourseDirectory.get("root", ""))

    @property
    def db_url(self) -> str:
        """The gradebook's SQLAlchemy URL."""
        default = f"sqlite:///{self.course_folder / 'gradebook.db'}"
        return str(self.config.CourseDirectory.get("db_url", default))

    @property
    def gradebook_place(self) -> str:
        """Where the gradebook is, to show: a file's path, or a URL without its password."""
        if self.gradebook_file is not None:
            return str(self.gradebook_file)
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            return make_url(self.db_url).render_as_string(hide_password=True)
        except ArgumentError:
            # It may hold a password all the same.
            return "c.CourseDirectory.db_url"

    @property
    def gradebook_file(self) -> Path | None:
        """The file that SQLite keeps the gradebook in; None where it is another database."""
        start = "sqlite:///"
        return Path(self.db_url.removeprefix(start)) if self.db_url.startswith(start) else None

    @property
    def course_id(self) -> str:
        """nbgrader's course id."""
        return self.setting("course_id")

    @property
    def excluded(self) -> frozenset[str]:
        """The students that ``c.CourseDirectory.student_id_exclude`` leaves out."""
        return frozenset(filter(None, self.setting("student_id_exclude").split(",")))

    @property
    def exchange(self) -> Path:
        """The folder of nbgrader's exchange, whether it is there or not."""
        return Path(str(self.config.Exchange.get("root", EXCHANGE)))

    @property
    def address(self) -> str:
        """The address of the course's public repository on GitHub, "" where none is set."""
        if not (Path(self.root) / CONFIG).is_file():
            return ""
        address = str(self.config.CNNCourse.get("address", ""))
        if address and not PUBLIC_ADDRESS.fullmatch(address):
            raise CourseError(_NO_ADDRESS.format(config=CONFIG, address=address))
        return address

    @property
    def csv_encoding(self) -> str:
        """How CSV files of marks are written: c.CNNCourse.bom marks them as UTF-8 for Excel."""
        marked = (Path(self.root) / CONFIG).is_file() and self.config.CNNCourse.get("bom", False)
        return "utf-8-sig" if marked else "utf-8"

    @cached_property
    def language(self) -> str:
        """The course's language: the last part of the source directory, else COURSE_LANGUAGE."""
        name = Path(self.setting("source_directory")).name
        chosen = name if name in LANGUAGES else os.environ.get("COURSE_LANGUAGE", ENGLISH)
        if chosen not in LANGUAGES:
            raise CourseError(_NO_LANGUAGE.format(names=listed(LANGUAGES), chosen=chosen))
        return chosen

    @property
    def spoken(self) -> str:
        """The language of commands: the course's, or the environment's where none can be read."""
        try:
            return self.language
        except Exception:  # the settings are a program, which may raise anything
            chosen = os.environ.get("COURSE_LANGUAGE", ENGLISH)
            return chosen if chosen in LANGUAGES else ENGLISH

    def step(self, step: str) -> Path:
        """Return the folder of one of nbgrader's steps: "submitted", "autograded", "feedback"."""
        return self.course_folder / self.setting(f"{step}_directory")

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of a student's assignment in a step.

        Raises ValueError where a name would lead out of it.
        """
        return step_folder(self.step(step), student, assignment)

    @property
    def roster_path(self) -> Path:
        """Where the roster is kept that commands use when they are given none."""
        return self.build / "roster.csv"

    def csv_path(self, assignment: str) -> Path:
        """Return where the marks of a class are written."""
        return self.build / f"{assignment}.csv"

    def report_path(self, assignment: str) -> Path:
        """Return where the class report is written."""
        return self.build / "report" / f"{assignment}.html"

    # The notebooks

    @property
    def sources(self) -> tuple[Path, ...]:
        """The authored notebooks, one py:percent file each."""
        return tuple(sorted((self.root / "notebooks" / "source").glob("*.py")))

    def notebook_folder(self, language: str, assignment: str) -> Path:
        """Return the folder with the built notebook of one language."""
        return self.root / "notebooks" / language / assignment

    def engine_folder(self, assignment: str) -> Path:
        """Return the files for students that this engine judges by, in the course's language.

        The sandbox gets these, not the course folder's copy, which others may have changed.
        """
        return Course().notebook_folder(self.language, assignment)

    def notebook(self, language: str, assignment: str) -> Path:
        """Return the built notebook of one language."""
        return self.notebook_folder(language, assignment) / f"{assignment}.ipynb"

    def source_path(self, assignment: str, language: str | None = None) -> Path:
        """Return the path of the notebook that nbgrader releases, in `language` where it is."""
        source = self.course_folder / self.setting("source_directory")
        if source.name in LANGUAGES:
            source = source.with_name(language if language in LANGUAGES else self.language)
        return source / assignment / f"{assignment}.ipynb"

    def source_notebook(self, assignment: str, language: str | None = None) -> Notebook:
        """Return the notebook that nbgrader releases, in another language where one is absent.

        Raises CourseError where it was not built.
        """
        paths = [self.source_path(assignment, name) for name in (language, None, *LANGUAGES)]
        for path in paths:
            if path.is_file():
                notebook = json.loads(path.read_text(encoding="utf-8"))
                points = {f"test_{k}": v for k, v in points_of(assignment).items()}
                for cell in notebook["cells"]:
                    cell["source"] = "".join(cell["source"])  # a list of lines in the file
                    mark = cell["metadata"].get("nbgrader", {})
                    # Points may change without building all notebooks anew.
                    if mark.get("grade") and mark["grade_id"] in points:
                        mark["points"] = points[mark["grade_id"]]
                return notebook
        raise CourseError(NOT_BUILT.format(file=paths[0]))

    # The solutions

    @cached_property
    def has_solutions(self) -> bool:
        """Whether the hidden solutions are here: students' copies lack them."""
        return (self.root / "solutions").is_dir()

    def need_solutions(self) -> None:
        """Raise CourseError where the hidden solutions are not here."""
        if not self.has_solutions:
            raise CourseError(_NO_SOLUTIONS.format(root=self.root))
