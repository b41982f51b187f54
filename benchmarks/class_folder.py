"""A class of generated submissions and the course folders in which it is graded."""

import itertools
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import ROOT, Course, student_files
from benchmarks import ASSIGNMENT
from checks.assignments import ASSIGNMENTS
from checks.text import LANGUAGES
from solutions.catalogue import Catalogue, load
from solutions.gallery import Student, styles, submission

DEMO = "demo"

STOCK_CONFIG = """\
# nbgrader as it ships: its own folders, preprocessors and gradebook.
c = get_config()
c.CourseDirectory.course_id = "stock"
"""


@dataclass(frozen=True)
class HandedIn:
    """One submission: the student's id, the file, and whether every function in it is correct."""

    student: str
    content: bytes
    right: bool


def handed_in(count: int) -> list[HandedIn]:
    """Return `count` submissions in the course's real notebooks, the same ones every time.

    Every other one is correct, in another style each time; the others have one function wrong, each
    by another cause, exercise after exercise. Both languages take turns. None loops for ever.
    """
    catalogue, texts = load(ASSIGNMENT), styles(ASSIGNMENT)
    released = {language: _notebook(language) for language in LANGUAGES}
    causes = itertools.cycle(common_causes(catalogue))
    made = []
    for number in range(count):
        right = number % 2 == 0
        student = Student(
            f"student-{number + 1:04}",
            "right" if right else "one function wrong",
            style=list(texts)[number // 2 % len(texts)],
            language=LANGUAGES[number // 2 % len(LANGUAGES)],
            wrong=() if right else (next(causes),),
        )
        content = submission(student, released[student.language], catalogue, texts)
        made.append(HandedIn(student.id, content, right))
    return made


def common_causes(catalogue: Catalogue) -> Iterator[str]:
    """Yield the first variant of every cause: each exercise's first, then each one's second ..."""
    exercises = [exercise.name for exercise in ASSIGNMENTS[ASSIGNMENT].exercises]
    by_exercise = []
    for exercise in exercises:
        first = {m.id: m.key for m in reversed(catalogue.of(exercise))}
        by_exercise.append([first[name] for name in reversed(first)])
    for keys in itertools.zip_longest(*by_exercise):
        yield from (key for key in keys if key is not None)


def engine_course(root: Path, submissions: Sequence[HandedIn], source: Path = ROOT) -> Course:
    """Make a course folder for the engine in `source`, with the submissions handed in."""
    root.mkdir(parents=True)
    shutil.copyfile(source / "nbgrader_config.py", root / "nbgrader_config.py")
    for language in LANGUAGES:
        shutil.copytree(source / "notebooks" / language, root / "notebooks" / language)
    for one in submissions:
        folder = root / "build" / "submitted" / one.student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(one.content)
    return Course(root)


def stock_course(root: Path, submissions: Sequence[HandedIn], demo: bool = True) -> None:
    """Make a course folder for nbgrader as it ships, with the same files handed in.

    Without `demo` the cells that only show something are taken out of every notebook, which
    nbgrader would otherwise run: this engine does not run them when grading.
    """
    source = root / "source" / ASSIGNMENT
    built = ROOT / "notebooks" / "en" / ASSIGNMENT
    shutil.copytree(built, source)
    for name, path in student_files(built).items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, source / name)
    (root / "nbgrader_config.py").write_text(STOCK_CONFIG, "utf-8")
    released = source / f"{ASSIGNMENT}.ipynb"
    if not demo:
        released.write_bytes(_without_demo(released.read_bytes()))
    for one in submissions:
        folder = root / "submitted" / one.student / ASSIGNMENT
        # A student hands in the folder that was released, the notebook filled in.
        shutil.copytree(source, folder)
        content = one.content if demo else _without_demo(one.content)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(content)


def _without_demo(content: bytes) -> bytes:
    notebook = json.loads(content)
    notebook["cells"] = [
        cell for cell in notebook["cells"] if DEMO not in cell["metadata"].get("tags", ())
    ]
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode()


def _notebook(language: str) -> dict[str, Any]:
    return json.loads(Course().notebook(language, ASSIGNMENT).read_text("utf-8"))
