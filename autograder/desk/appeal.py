"""``autograder appeal``: an old verdict, the same work graded again, and what is different.

Nothing is recorded: whoever decides the appeal may then grade again, or give a mark by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.course import Course, CourseError, need_assignment
from autograder.grading import store
from autograder.grading.grader import Grader
from autograder.grading.guard import course_limits, limited_memory
from autograder.grading.rounds import new_seed
from autograder.model import ExerciseVerdict, Marks, Verdict, grade_id_of
from autograder.pages.feedback import replay_lines
from autograder.reading.folder import find_submitted_file
from autograder.recording.gradebook import Writer
from autograder.safe_text import one_line, plain_text, safe_name
from autograder.sandbox import IsolationUnavailable, Sandbox, SandboxError
from autograder.sayings import NO_EXERCISE
from checks.assignments import ASSIGNMENTS
from checks.text import COLON, Text, listed

TEXTS = {
    "title": Text("Appeal: {assignment}, {student}", "成绩复核：{assignment}，{student}"),
    "before": Text("As it was graded", "原评分"),
    "same": Text("Graded again on the same inputs", "用同样的输入重新评分"),
    "fresh": Text("Graded again on fresh inputs", "用新的输入重新评分"),
    "line": Text(
        "{name}: {score:g} of {max_score:g} points, {status}",
        "{name}：{score:g} / {max_score:g} 分，{status}",
    ),
    "failed": Text("not passed: {check}", "未通过：{check}"),
    "replay": Text(
        "The inputs, to run in the notebook:", "在 notebook 中运行下面的代码可以得到输入："
    ),
    "counts": Text("Counts: {score:g} points.", "实际计分：{score:g} 分。"),
    "by_hand": Text("{name}: marked by hand, {score:g} points", "{name}：人工评分，{score:g} 分"),
    "changed": Text(
        "The file that lies there now is not the one that was graded.",
        "现在的文件与评分时的文件不同。",
    ),
    "engine_changed": Text(
        "The course or its grading has changed since.", "此后课程内容或评分程序有过改动。"
    ),
    "difference": Text("Difference", "差异"),
    "no_difference": Text("None: the marks are the same.", "没有：得分相同。"),
    "from_to": Text(
        "{name}: {before:g} points before, {same:g} on the same inputs, {fresh:g} on fresh ones",
        "{name}：原为 {before:g} 分，同样的输入得 {same:g} 分，新的输入得 {fresh:g} 分",
    ),
}

_NO_VERDICT = Text(
    "there is no verdict on {student}'s {assignment}; grade it first",
    "{student} 的 {assignment} 还没有评分结果；请先评分",
)
_NO_FILE = Text(
    "{folder} holds no file that was handed in; put it back from a backup",
    "{folder} 中没有提交的文件；请从备份中恢复",
)

Said = Callable[..., str]
"""Renders one of `TEXTS` in the student's language."""


@dataclass(frozen=True)
class Appeal:
    """One submission's old verdict and two new ones, of all exercises or of one."""

    before: Verdict
    same: Verdict
    fresh: Verdict
    marks: Marks | None
    names: tuple[str, ...]
    """The exercises in question."""
    changed: bool
    """Whether the file is another one than was graded."""
    engine_changed: bool
    """Whether what grades is."""

    @property
    def differs(self) -> bool:
        """Whether an exercise got other points when it was graded again."""
        return any(len(set(scores)) > 1 for _, *scores in self._scores())

    def _scores(self) -> Iterator[tuple[str, float, float, float]]:
        graded = [_by_name(v) for v in (self.before, self.same, self.fresh)]
        for name in self.names:
            before, same, fresh = (e[name].score if name in e else 0.0 for e in graded)
            yield name, before, same, fresh

    def text(self) -> str:
        """Return all of it as text to send, in the student's language."""
        language = self.before.language

        def said(key: str, **values: object) -> str:
            return TEXTS[key].format(**values).in_(language)

        student = one_line(self.before.student, 100)
        lines = [said("title", assignment=self.before.assignment, student=student)]
        lines += [said("changed")] if self.changed else []
        lines += [said("engine_changed")] if self.engine_changed else []
        for key, verdict in (("before", self.before), ("same", self.same), ("fresh", self.fresh)):
            lines += ["", said(key), *self._verdict_lines(verdict, said)]
            if key == "before":
                lines += self._marks_lines(said)
        lines += ["", said("difference")]
        for name, before, same, fresh in self._scores():
            if not before == same == fresh:
                values = {"before": before, "same": same, "fresh": fresh}
                lines.append(f"  {said('from_to', name=name, **values)}")
        lines += [] if self.differs else [f"  {said('no_difference')}"]
        return plain_text("\n".join(lines), 100_000)

    def _verdict_lines(self, verdict: Verdict, said: Said) -> Iterator[str]:
        """Yield points, failed checks, and what draws the failed inputs again."""
        language = self.before.language
        for name, exercise in _by_name(verdict).items():
            if name not in self.names:
                continue
            status = exercise.status.text.in_(language)
            values = {"score": exercise.score, "max_score": exercise.max_score}
            yield f"  {said('line', name=name, status=status, **values)}"
            for check in exercise.checks:
                if not check.passed:
                    parts = filter(None, (check.name.in_(language), check.detail.in_(language)))
                    told = one_line(COLON[language].join(parts), 400)
                    yield f"    {said('failed', check=told)}"
            if replay := replay_lines(exercise):
                yield f"    {said('replay')}"
                yield from (f"      {line}" for line in replay.split("\n"))

    def _marks_lines(self, said: Said) -> Iterator[str]:
        """Yield what a person gave, and what counts in all."""
        if self.marks is None:
            return
        for name in self.names:
            if (cell := grade_id_of(name)) in self.marks.manual:
                yield f"  {said('by_hand', name=name, score=self.marks.scores.get(cell, 0.0))}"
        yield f"  {said('counts', score=self.marks.score)}"


def _by_name(verdict: Verdict) -> dict[str, ExerciseVerdict]:
    return {exercise.name: exercise for exercise in verdict.exercises}


def appeal(
    course: Course, assignment: str, student: str, exercise: str | None = None, level: str = "auto"
) -> Appeal:
    """Grade a submission again, on the inputs of its verdict and on fresh ones.

    Raises CourseError where it was not graded, or is not there any more.
    """
    names = _names(assignment, exercise)
    shown = one_line(student, 80)
    before = store.load(course, assignment, student) if safe_name(student) else None
    if before is None:
        raise CourseError(_NO_VERDICT.format(student=shown, assignment=assignment))
    folder = course.folder("submitted", student, assignment)
    path, _ = find_submitted_file(folder, assignment)
    if path is None:
        raise CourseError(_NO_FILE.format(folder=folder))
    covered = store.submission_hash(folder, assignment)
    key = store.VerdictKey(before.submission_hash, store.engine_hash(assignment), before.seed)
    try:
        quiet = course.build / "rounds" / "quiet.lock"
        beside = course.engine_folder(assignment)
        with Sandbox(level, beside, quiet) as sandbox:
            graded = []
            for seed in (before.seed, new_seed()):
                with limited_memory():
                    grader = Grader(sandbox, seed, limits=course_limits(course))
                    graded.append(grader.grade_file(path, assignment, before.language, path.parent))
    except (IsolationUnavailable, SandboxError) as error:
        raise CourseError(error.text) from None
    with Writer(course, assignment) as writer:
        marks = writer.marks(student)
    return Appeal(
        before,
        *graded,
        marks,
        names,
        changed=covered != before.submission_hash,
        engine_changed=store.load(course, assignment, student, key) is None,
    )


def _names(assignment: str, exercise: str | None) -> tuple[str, ...]:
    need_assignment(assignment)
    names = tuple(one.name for one in ASSIGNMENTS[assignment].exercises)
    if exercise is None:
        return names
    if exercise not in names:
        values = {"name": exercise, "assignment": assignment, "names": listed(names)}
        raise CourseError(NO_EXERCISE.format(**values))
    return (exercise,)
