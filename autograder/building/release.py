"""Make what students receive: nbgrader's release, with all that a student needs, and its zip."""

import logging
import os
import shutil
import zipfile
from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from traitlets import Bool
from traitlets.config import Config

from autograder.course import NOT_BUILT, Course, CourseError, guide, shared_files
from checks.assignments import ASSIGNMENTS, FIRST
from checks.text import ENGLISH, LANGUAGES, Text, listed

_NO_LANGUAGE = Text(
    "language is one of {names}, not {language!r}", "语言只能是 {names} 之一，不能是 {language!r}"
)
_NOT_RELEASED = Text(
    "{assignment} ({language}) could not be released: {error}",
    "{assignment}（{language}）无法发布：{error}",
)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = (".pyc", ".pyo", ".log", ".tmp")


def release(language: str, root: Path, out: Path, assignment: str = FIRST) -> Path:
    """Run ``generate_assignment`` for one language and pack its result.

    It writes ``out/<language>/<assignment>/`` and returns ``out/<language>/<assignment>.zip``,
    which is the same byte for byte as long as the notebook is. The gradebook then knows the
    assignment. Raises CourseError where the notebook was not built or nbgrader refuses it.
    """
    if language not in LANGUAGES:
        raise CourseError(_NO_LANGUAGE.format(names=listed(LANGUAGES), language=language))
    root, out = Path(root).resolve(), Path(out).resolve()
    course = Course(root)
    source = course.source_path(assignment, language)
    if not source.is_file():
        raise CourseError(NOT_BUILT.format(file=source))
    if assignment in ASSIGNMENTS:
        shared_files(assignment)  # raises here, in one line, where a file was not built
    folder = _generate(course, language, assignment, out / language)
    return pack(folder, out / language / f"{assignment}.zip")


class AddSharedFiles(Preprocessor):
    """A step of ``nbgrader generate_assignment`` that adds what is stored once for all notebooks.

    nbgrader itself copies what lies beside the notebook. With these files its release folder, which
    the exchange hands out, holds what the zip holds, the page for students included. An assignment
    that is not of this course gets none of them.
    """

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb, resources):
        """Leave the notebook as it is, and name the files to be written beside it."""
        assignment = resources["nbgrader"]["assignment"]
        if assignment in ASSIGNMENTS:
            pages = guide(nb.metadata.get("course", {}).get("language", ENGLISH))
            files = shared_files(assignment) | pages
            contents = {name: path.read_bytes() for name, path in files.items()}
            resources.setdefault("outputs", {}).update(contents)
        return nb, resources


def _generate(course: Course, language: str, assignment: str, out: Path) -> Path:
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = Config(course.config)
    config.CourseDirectory.root = str(course.course_folder)
    sources = course.source_path(assignment, language).parents[1]
    config.CourseDirectory.source_directory = os.path.relpath(sources, course.course_folder)
    config.CourseDirectory.release_directory = os.path.relpath(out, course.course_folder)
    config.CourseDirectory.assignment_id = assignment
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.force = True
    converter.log.setLevel(logging.ERROR)
    try:
        converter.start()
    except (NbGraderException, SystemExit) as error:
        values = {"assignment": assignment, "language": language, "error": error}
        raise CourseError(_NOT_RELEASED.format(**values)) from error
    return out / assignment


def pack(folder: Path, path: Path) -> Path:
    """Zip `folder` with fixed times, modes and order; return `path`."""
    files = {
        f"{folder.name}/{file.relative_to(folder).as_posix()}": file
        for file in folder.rglob("*")
        if file.is_file() and _is_released(file.relative_to(folder))
    }
    unfinished = path.with_suffix(".zip.tmp")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            with files[name].open("rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed)
    unfinished.replace(path)
    return path


def _is_released(path: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return not hidden and path.suffix not in _LEFT_OUT
