"""A class of generated submissions, graded from release to report, in a course folder of its own.

Nothing of a real class is touched: everything happens below ``build/demo/``, which is a complete
course folder (``cd build/demo`` and nbgrader's own commands work there).
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.building.release import release
from autograder.course import Course, CourseError, need_assignment
from autograder.model import ExerciseVerdict, Verdict
from autograder.pages.repair_kinds import is_named_by_repair
from autograder.pages.terminal import class_table
from autograder.repairing.of_class import ALL
from autograder.run_class import grade_and_record
from autograder.sandbox import IsolationUnavailable, choose_level
from autograder.texts import ABOUT, SEMICOLON
from checks.assignments import FIRST
from checks.text import LANGUAGES, Text, joined
from solutions.catalogue import load
from solutions.gallery import Expected, Student, students, styles, submission

_RELEASED = Text("Released {path}", "已发布 {path}")
_UNEXPECTED = Text("UNEXPECTED  {what}", "与预期不符  {what}")
_AS_GENERATED = Text(
    "{count} submissions, all verdicts as generated.",
    "{count} 份提交，所有评分结果都与生成时一致。",
)
_NOT_AS_GENERATED = Text(
    "{count} submissions, all verdicts {wrong} NOT as generated.",
    "{count} 份提交，{wrong} 处评分结果与生成时不一致。",
)
_WARNING = Text(
    "WARNING: {why}. The demo goes on without: its submissions are its own.",
    "警告：{why}。演示不加隔离继续运行：其中的提交都是它自己生成的。",
)
_NO_VERDICT = Text("no verdict", "没有评分结果")
_LOOK = Text("needs a look is {found}: {problems}", "“需要查看”是 {found}：{problems}")
_DIFFERS = Text("{what} is {got}, expected {wanted}", "{what} 是 {got}，应为 {wanted}")
_LESS = Text("less than full marks", "少于满分")

LIMITS = """
# Two of these submissions never end by themselves: they are given up sooner than a student's.
c.Limits.cell_cpu = 5.0
c.Limits.call_cpu = 2.0
c.Limits.group_cpu = 4.0
"""


def demo(
    course: Course,
    count: int | None = None,
    jobs: int | None = None,
    level: str = "auto",
    assignment: str = FIRST,
) -> int:
    """Release, generate a class, grade it, and print a table and where the files are.

    This writes only below ``build/``, and returns 0 when every verdict is the one that its
    submission was made to get, else 1.
    """
    need_assignment(assignment)
    spoken = course.language
    level = _level(level, spoken)
    course.need_solutions()
    own = _course_folder(course)
    for language in LANGUAGES:
        archive = release(language, own.root, own.build / "release", assignment)
        released = _RELEASED.format(path=archive.relative_to(course.root))
        print(released.in_(spoken), flush=True)
    members = _members(assignment, count)
    for student in members:
        _hand_in(own, assignment, student)
    verdicts: list[Verdict] = []

    def keep(verdict: Verdict) -> None:
        # The cells make up nearly all of a verdict's size.
        verdicts.append(replace(verdict, cells=()))

    summary = grade_and_record(
        own, assignment, jobs=jobs, level=level, on_verdict=keep, explain=ALL
    )
    print(class_table(verdicts, own.language))
    print(summary.last_line)
    unexpected = list(_unexpected(members, verdicts))
    for line in unexpected:
        print(_UNEXPECTED.format(what=line).in_(spoken))
    print("\n".join(summary.paths(course.root)))
    ended = _NOT_AS_GENERATED if unexpected else _AS_GENERATED
    print(ended.format(count=len(members), wrong=len(unexpected)).in_(spoken))
    return 1 if unexpected else 0


def _level(level: str, language: str) -> str:
    """Return `level`, or no isolation where there is none: these submissions are our own."""
    try:
        return choose_level(level)
    except IsolationUnavailable as error:
        if level != "auto":
            raise CourseError(error.text) from None
        print(_WARNING.format(why=error.text).in_(language))
        return "process"


def _course_folder(course: Course) -> Course:
    """Make an empty course folder with this course's notebooks."""
    root = course.build / "demo"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    settings = (course.root / "nbgrader_config.py").read_text("utf-8")
    (root / "nbgrader_config.py").write_text(settings + LIMITS, "utf-8")
    for language in LANGUAGES:
        shutil.copytree(course.root / "notebooks" / language, root / "notebooks" / language)
    return Course(root)


def _members(assignment: str, count: int | None) -> list[Student]:
    """Return the class; a larger one repeats the gallery under other ids."""
    gallery = list(students(assignment))
    if count is None:
        return gallery
    rounds, rest = divmod(count, len(gallery))
    numbered = [
        replace(student, id=f"{student.id}-{number}")
        for number in range(1, rounds)
        for student in gallery
    ]
    extra = [replace(student, id=f"{student.id}-{rounds}") for student in gallery[:rest]]
    return [*gallery, *numbered, *extra] if rounds else gallery[:rest]


def _hand_in(course: Course, assignment: str, student: Student) -> None:
    notebook = json.loads(course.notebook(student.language, assignment).read_text("utf-8"))
    content = submission(student, notebook, load(assignment), styles(assignment))
    folder = course.step("submitted") / student.id / assignment
    folder.mkdir(parents=True)
    (folder / (student.file_name or f"{assignment}.ipynb")).write_bytes(content)


def _unexpected(members: Sequence[Student], verdicts: Sequence[Verdict]) -> Iterator[Text]:
    """Yield a line for each verdict that differs from what the submission was made to get."""
    found = {verdict.student: verdict for verdict in verdicts}
    for student in members:
        verdict = found.get(student.id)
        if verdict is None:
            yield ABOUT.format(subject=student.id, what=_NO_VERDICT)
            continue
        if verdict.needs_a_look() != student.look:
            look = _LOOK.format(found=not student.look, problems=verdict.problems)
            yield ABOUT.format(subject=student.id, what=look)
        for exercise in verdict.exercises:
            expected = student.expected.get(exercise.name, Expected())
            if what := difference(expected, exercise):
                yield ABOUT.format(subject=f"{student.id}, {exercise.name}", what=what)


def difference(expected: Expected, exercise: ExerciseVerdict) -> Text | None:
    """Say how a verdict on an exercise differs from the expected one; None where it does not."""
    # A repair may name more, as far as there was time for one.
    ids = [cause.id for cause in exercise.diagnosis if not is_named_by_repair(cause)]
    full = exercise.max_score
    score = full if expected.status == "right" else expected.score
    pairs = {
        "status": (expected.status, exercise.status),
        "diagnosis": (sorted(expected.ids), sorted(ids)),
        "with right helpers": (expected.with_right_helpers, exercise.with_right_helpers),
    }
    if score is not None:
        pairs["score"] = (float(score), exercise.score)
    elif not 0 <= exercise.score < full:
        pairs["score"] = (_LESS, exercise.score)
    found = [
        _DIFFERS.format(what=what, got=got, wanted=wanted)
        for what, (wanted, got) in pairs.items()
        if wanted != got
    ]
    return joined(found, SEMICOLON) if found else None
