"""The feedback page: one self-contained HTML file per student, without script.

Everything on it that a student wrote is escaped text or a PNG whose pixels were encoded again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from autograder.course import Course
from autograder.files import write_atomically
from autograder.model import CellVerdict, ExerciseVerdict, Marks, Output, Verdict
from autograder.pages.comments import comment_html
from autograder.pages.notice import Notice, without_inputs
from autograder.pages.own_code import Place, highlighted, last_pieces, places_of
from autograder.pages.templating import environment, policy, style_sheet
from autograder.reading.student_code import Code, codes_of
from autograder.receipts import write_receipts
from autograder.safe_text import one_line, plain_text, shown_png
from autograder.status import ExerciseStatus, Status
from autograder.texts import rendered
from checks.assignments import ASSIGNMENTS
from checks.text import BETWEEN_SENTENCES, COLON, ENGLISH, LANGUAGES, Text, html_tag

MAX_CELLS_SHOWN = 40
MAX_OUTPUTS_SHOWN = 8
MAX_REPLAYS = 3
MAX_PICTURE_BYTES = 1_500_000
"""The most base64 of pictures on one page: later ones are left out."""

_STOPPED = (ExerciseStatus.WRONG, ExerciseStatus.ERROR, ExerciseStatus.TIMEOUT)
TONES = {
    ExerciseStatus.RIGHT: ("good", "✓"),
    ExerciseStatus.NOT_IMPLEMENTED: ("soft", "○"),
    ExerciseStatus.MISSING: ("soft", "○"),
}

TEXTS = {
    "feedback": Text("Feedback", "评分反馈"),
    "feedback_for": Text("Feedback for", "评分反馈 ·"),
    "of": Text("of", "/"),
    "points": Text("points", "分"),
    "points_head": Text("Points", "得分"),
    "late": Text("Late submission", "迟交扣分"),
    "times": Text(
        "Handed in {timestamp} UTC; due {due} UTC.",
        "提交时间 {timestamp} UTC，截止时间 {due} UTC。",
    ),
    "problems": Text("About your file", "关于你提交的文件"),
    "next": Text("What to do next", "下一步做什么"),
    "overview": Text("All exercises at a glance", "各练习概览"),
    "exercise": Text("Exercise", "练习"),
    "result": Text("Result", "结果"),
    "share": Text("Share of the points", "得分比例"),
    "by_hand": Text(" (marked by hand)", "（人工评分）"),
    "extra": Text(" ({points} of them extra credit)", "（含附加分 {points} 分）"),
    "colon": COLON,
    "hint": Text("Hint:", "提示："),
    "stop": Text(". ", "。"),
    "comment": Text("Comment from your instructor", "老师的评语"),
    "checks": Text("Checks", "检查项"),
    "all_passed": Text("Checks ({count} passed)", "检查项（{count} 项，全部通过）"),
    "passed": Text("passed", "通过"),
    "failed": Text("failed", "未通过"),
    "replay": Text(
        "See it for yourself: paste this into a cell of your notebook",
        "自己验证：把下面的代码粘贴到 notebook 的一个单元格中运行",
    ),
    "look_at": Text("Look at", "请看"),
    "your_code": Text("Your code", "你的代码"),
    "code_lines": Text("Your code ({count} lines)", "你的代码（{count} 行）"),
    "outputs": Text("What your cells showed", "各单元格的输出"),
    "cell": Text("Cell", "单元格"),
    "figure": Text("Figure drawn by your cell", "单元格绘制的图，单元格编号"),
    "drawn": Text(
        "Your functions were called with freshly drawn inputs.",
        "评分时用新抽取的输入调用了你的函数。",
    ),
    "drawn_again": Text(
        "The lines above that can be pasted draw the same ones again.",
        "把上面的代码粘贴到 notebook 中运行，可以得到同样的输入。",
    ),
    "own_merits": Text(
        "Each exercise counts on its own: a mistake in a helper costs only the helper.",
        "各练习独立计分：辅助函数写错，只扣辅助函数本身的分。",
    ),
    "begin": Text("Begin with", "先看"),
    "implement": Text("Write", "接着写"),
    "implement_why": Text(
        "It is not written yet, and worth {points} points.", "这个练习还没有写，共 {points} 分。"
    ),
    "missing_why": Text(
        "The function was not found in your file; it is worth {points} points. Is its name spelt "
        "as in the notebook?",
        "文件中没有找到这个函数，它共 {points} 分。函数名与 notebook 中的一致吗？",
    ),
    "wrong_why": Text(
        "The first check that fails is “{check}”. {detail}",
        "第一个未通过的检查是“{check}”。{detail}",
    ),
    "timeout_why": Text(
        "It did not finish in time: look for a loop that never ends.",
        "运行超时：找一找有没有停不下来的循环。",
    ),
    "error_why": Text("It stopped with an error.", "运行时出错了。"),
    "all_right": Text(
        "Nothing: every exercise is right. Well done.", "全部正确，没有要改的了。做得好！"
    ),
    "hand_in_again": Text(
        "Fix the file as described above and hand it in again.",
        "请按上面的说明修正文件，再重新提交。",
    ),
}


def feedback_page(
    verdict: Verdict, marks: Marks | None = None, notice: Notice | None = None
) -> str:
    """Return the page for one verdict; `marks` brings what a person gave or wrote."""
    notice = notice or Notice()
    if notice.inputs_from:
        verdict = without_inputs(verdict)
    language = verdict.language if verdict.language in LANGUAGES else ENGLISH
    texts = {key: text.in_(language) for key, text in TEXTS.items()}
    assignment = ASSIGNMENTS.get(verdict.assignment)
    codes = codes_of(verdict.cells, [exercise.name for exercise in verdict.exercises])
    exercises = [
        _exercise(exercise, language, codes.get(exercise.name, ()), marks)
        for exercise in verdict.exercises
    ]
    score = marks.score if marks else verdict.score
    # A file that could not be read gets one sentence, not eight.
    shown = exercises if verdict.status is Status.GRADED else []
    style = style_sheet("feedback")
    return (
        environment()
        .get_template("feedback.html.j2")
        .render(
            lang=html_tag(language),
            t=texts,
            policy=policy(style),
            style=style,
            title=assignment.title.in_(language) if assignment else verdict.assignment,
            student=one_line(verdict.student or Path(verdict.file).name, 100),
            score=score,
            max_score=verdict.max_score,
            share=_share(score, verdict.max_score),
            late_penalty=marks.late_penalty if marks else 0,
            times=_times(marks, texts["times"]),
            problems=[plain_text(text, 500) for text in rendered(verdict.problems, language)],
            note=verdict.note.in_(language) if shown else "",
            next=_next(shown, texts),
            next_text=texts["all_right" if shown else "hand_in_again"],
            exercises=shown,
            foot=_foot(shown, language),
            held=notice.held_text(language),
            queued=notice.queued_text(language),
            cells=_cells(verdict.cells),
        )
    )


def write_feedback(
    course: Course, verdict: Verdict, marks: Marks | None = None, notice: Notice | None = None
) -> Path:
    """Write a student's page to feedback/ and return its path.

    Raises OSError where it cannot be written, ValueError where the student's id is no folder name.
    """
    names = verdict.student, verdict.assignment
    path = course.folder("feedback", *names) / f"{verdict.assignment}.html"
    write_atomically(path, feedback_page(verdict, marks, notice).encode("utf-8"))
    write_receipts(course, "feedback", *names)
    return path


def _times(marks: Marks | None, text: str) -> str:
    """Say when it was handed in and due; nothing where one of them is not known."""
    if marks is None or not marks.timestamp or not marks.due:
        return ""
    return text.format(timestamp=marks.timestamp.partition(".")[0], due=marks.due)


def _share(score: float, max_score: float) -> str:
    return f"{max(0.0, min(1.0, score / max_score if max_score else 0.0)) * 100:.1f}"


@dataclass(frozen=True)
class _Cause:
    """A cause as the page shows it."""

    message: str
    hint: str


@dataclass(frozen=True)
class _Check:
    """A check as the page shows it."""

    label: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class _Exercise:
    """An exercise as the page shows it."""

    name: str
    state: ExerciseStatus
    status: str
    tone: str
    sign: str
    score: float
    max_score: float
    share: str
    by_hand: bool
    extra: float
    comment: Markup
    causes: list[_Cause]
    places: list[Place]
    note: str
    checks: list[_Check]
    replay: str
    code: Markup
    code_lines: int
    open: bool
    quiet: bool


def _exercise(
    exercise: ExerciseVerdict, language: str, codes: Sequence[Code], marks: Marks | None
) -> _Exercise:
    status = exercise.status
    score = marks.scores.get(exercise.grade_id, exercise.score) if marks else exercise.score
    tone, sign = TONES.get(status, ("bad", "✗"))
    return _Exercise(
        exercise.name,
        status,
        status.text.in_(language),
        tone,
        sign,
        score,
        exercise.max_score,
        _share(score, exercise.max_score),
        by_hand=bool(marks and exercise.grade_id in marks.manual),
        extra=marks.extra.get(exercise.grade_id, 0.0) if marks else 0.0,
        comment=comment_html(marks.comments.get(exercise.name, "")) if marks else Markup(),
        causes=[
            _Cause(cause.message.in_(language), cause.hint.in_(language))
            for cause in exercise.diagnosis
        ],
        places=places_of(exercise.lines, language),
        note=exercise.note.in_(language),
        checks=[
            _Check(
                one_line(check.name.in_(language), 200),
                check.passed,
                "" if check.passed else check.detail.in_(language),
            )
            for check in (() if status.is_absent else exercise.checks)
        ],
        replay=replay_lines(exercise),
        code=Markup("").join(highlighted(code, exercise.lines) for code in last_pieces(codes)),
        code_lines=sum(code.text.count("\n") + 1 for code in codes),
        open=status in _STOPPED,
        quiet=status is ExerciseStatus.RIGHT,
    )


def replay_lines(exercise: ExerciseVerdict) -> str:
    """Return the lines that draw the failing cases again, or "" where nothing can be replayed."""
    if exercise.status.is_absent:
        return ""
    replays = list(dict.fromkeys(check.replay for check in exercise.checks if check.replay))
    lines = ["from public_tests import replay"]
    seed = None
    for replay in replays[:MAX_REPLAYS]:
        if replay.seed != seed:
            seed = replay.seed
            lines.append(f"seed = {seed}")
        lines.append(f'{exercise.name}(*replay("{replay.exercise}", "{replay.case}", seed))')
    return "\n".join(lines) if replays else ""


def _next(exercises: Sequence[_Exercise], texts: Mapping[str, str]) -> dict[str, str] | None:
    """Return the one thing to do first: a mistake before an unwritten function."""
    groups = (_STOPPED, (ExerciseStatus.NOT_IMPLEMENTED,), (ExerciseStatus.MISSING,))
    first = next((e for group in groups for e in exercises if e.state in group), None)
    if first is None:
        return None
    found = {"name": first.name, "lead": texts["begin"], "hint": ""}
    worth = f"{first.max_score:g}"
    if first.state is ExerciseStatus.NOT_IMPLEMENTED:
        why = texts["implement_why"].format(points=worth)
        return found | {"lead": texts["implement"], "message": why}
    if first.state is ExerciseStatus.MISSING:
        return found | {"message": texts["missing_why"].format(points=worth)}
    if first.causes:
        return found | vars(first.causes[0])
    failed = next((check for check in first.checks if not check.passed), None)
    if first.state is ExerciseStatus.WRONG and failed:
        message = texts["wrong_why"].format(check=failed.label, detail=failed.detail)
    else:
        late = first.state is ExerciseStatus.TIMEOUT
        message = texts["timeout_why" if late else "error_why"]
        message = f"{message} {failed.detail}" if failed else message
    return found | {"message": message}


def _foot(exercises: Sequence[_Exercise], language: str) -> str:
    """Return how the exercises were graded; "" where none was."""
    if not exercises:
        return ""
    again = any(exercise.replay for exercise in exercises)
    keys = ("drawn", "drawn_again", "own_merits") if again else ("drawn", "own_merits")
    return BETWEEN_SENTENCES[language].join(TEXTS[key][language] for key in keys)


@dataclass(frozen=True)
class _Cell:
    """A cell that showed something: its number, its first line, its outputs."""

    number: int
    first: str
    outputs: list[Output]


def _cells(cells: Sequence[CellVerdict]) -> list[_Cell]:
    """Return the student's cells that showed something: text and pictures, capped."""
    shown: list[_Cell] = []
    left = MAX_PICTURE_BYTES
    for cell in cells:
        outputs = []
        for output in cell.outputs[:MAX_OUTPUTS_SHOWN]:
            if not output.png:
                if (text := plain_text(output.text, 4_000)).strip():
                    outputs.append(Output(text))
            elif (png := shown_png(output.png)) and len(png) <= left:
                left -= len(png)
                outputs.append(Output(png=png))
        if cell.error:
            outputs.append(Output(plain_text(cell.error, 1_000)))
        if outputs and len(shown) < MAX_CELLS_SHOWN:
            first = next((line for line in cell.source[:2_000].split("\n") if line.strip()), "")
            shown.append(_Cell(cell.index + 1, one_line(first, 60), outputs))
    return shown
