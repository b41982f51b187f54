"""Grades a class: a pool of workers computes verdicts, one writer records them.

A run can be killed at any time: verdicts that are finished are kept, and ``resume`` goes on from
there with the same seed. It always ends with one verdict per submission, whatever happened.
"""

import fnmatch
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tqdm import tqdm

from autograder.course import Course, CourseError
from autograder.grading import store
from autograder.grading.pool import Setting, Task, grade_tasks
from autograder.grading.rounds import current_round, list_submissions
from autograder.model import Verdict
from autograder.reading.student_ids import look_alikes, student_of
from autograder.safe_text import one_line
from autograder.sandbox import choose_level, describe_level
from checks.assignments import ASSIGNMENTS


def say(line: str) -> None:
    """Print a line on stderr."""
    print(line, file=sys.stderr, flush=True)


def folders_of(course: Course, assignment: str, pattern: str = "*") -> list[str]:
    """Return the names of the students' folders that hold this assignment, sorted."""
    folders = course.step("submitted").glob("*")
    return sorted(
        folder.name
        for folder in folders
        if fnmatch.fnmatchcase(folder.name, pattern) and _holds(folder, assignment)
    )


def _holds(folder: Path, assignment: str) -> bool:
    try:
        os.lstat(folder / assignment)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # A folder that can't be looked into is a problem to report, not a student to leave out.
        return True
    return True


def grade_class(
    course: Course,
    assignment: str,
    pattern: str = "*",
    jobs: int | None = None,
    resume: bool = False,
    level: str = "auto",
    quiet: bool = False,
    say: Callable[[str], None] = say,
) -> Iterator[Verdict]:
    """Yield the verdict of every matching submission, as each is finished and saved.

    The caller holds the course's lock. A run that is resumed after its round has ended leaves out
    what was handed in since, and says so.

    Raises CourseError where the assignment is unknown or nobody has submitted,
    autograder.sandbox.IsolationUnavailable where students' code can't be isolated at `level`, and
    autograder.sandbox.SandboxError where no sandbox can start.
    """
    if assignment not in ASSIGNMENTS:
        raise CourseError(f"no assignment {assignment!r}; there is: {', '.join(ASSIGNMENTS)}")
    folders = folders_of(course, assignment, pattern)
    if not folders:
        where = course.step("submitted") / "<student>" / assignment
        raise CourseError(f"no submission matches {pattern!r}: they are looked for in {where}")
    alike = look_alikes(map(student_of, folders_of(course, assignment)))
    tasks = [
        Task(
            student_of(folder),
            assignment,
            course.step("submitted") / folder / assignment,
            course.language,
            alike.get(student_of(folder), ()),
        )
        for folder in folders
    ]
    level = choose_level(level)
    print(f"isolation: {describe_level(level)}", file=sys.stderr)
    setting = setting_of(course, assignment, level, resume)
    hashes = {task.student: _hash_of(task) for task in tasks}
    tasks = _allowed(course, assignment, tasks, hashes, resume, say)
    jobs = min(jobs or os.cpu_count() or 1, max(len(tasks), 1))
    with tqdm(total=len(tasks), desc="grading", unit="submission", disable=quiet or None) as bar:
        for verdict in _verdicts(course, tasks, setting, jobs, hashes if resume else {}):
            bar.update()
            yield verdict


def _allowed(
    course: Course,
    assignment: str,
    tasks: list[Task],
    hashes: Mapping[str, str],
    resume: bool,
    say: Callable[[str], None],
) -> list[Task]:
    """Return what the round may grade, once listed in it; report what it may not grade any more."""
    list_submissions(course, assignment, hashes)
    round_ = current_round(course, assignment, resume)
    allowed = []
    for task in tasks:
        if round_.allows(task.student, hashes[task.student]):
            allowed.append(task)
        else:
            say(
                f"{one_line(task.student, 80)}: handed in or chosen after this round's feedback "
                "was written; grade it in a new one, without --resume"
            )
    return allowed


def setting_of(course: Course, assignment: str, level: str, resume: bool = False) -> Setting:
    """Return what the workers of the current round have in common; it may begin a new round."""
    return Setting(
        course,
        current_round(course, assignment, resume).seed,
        level,
        # The sandbox gets the files that this engine judges by, not the course folder's copy.
        Course().notebook_folder(course.language, assignment),
        course.build / "rounds" / "quiet.lock",
    )


def _verdicts(
    course: Course, tasks: list[Task], setting: Setting, jobs: int, hashes: Mapping[str, str]
) -> Iterator[Verdict]:
    waiting = []
    for task in tasks:
        known = _known(course, task, setting.seed, hashes.get(task.student, ""))
        if known is None:
            waiting.append(task)
        else:
            yield known
    if waiting:
        yield from grade_tasks(waiting, setting, jobs)


def _known(course: Course, task: Task, seed: int, submission: str) -> Verdict | None:
    """Return the saved verdict on exactly this submission in this round, if there is one."""
    if not submission:
        return None
    key = store.VerdictKey(submission, store.engine_hash(task.assignment), seed)
    return store.load(course, task.assignment, task.student, key)


def _hash_of(task: Task) -> str:
    try:
        return store.submission_hash(task.folder, task.assignment)
    except Exception:
        # Grading it reports that it can't be read.
        return ""
