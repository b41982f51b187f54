"""The feedback page: one self-contained HTML file per student, without script.

Everything on it that a student wrote is escaped text or a PNG whose pixels were encoded again.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from autograder.files import write_atomically
from autograder.model import GRADED, submission_status
from autograder.pages.templating import environment, policy, read
from autograder.reading.cells import SubmittedCell
from autograder.receipts import write_receipts
from autograder.recording.gradebook import Marks
from autograder.recording.graded_notebook import STATUS, Code, shown_png, solution_sources
from autograder.safe_text import one_line, plain_text, shown_code
from autograder.settings import Settings
from checks.assignments import ASSIGNMENTS
from checks.text import ENGLISH, LANGUAGES, Text, html_tag

MAX_HIGHLIGHTED = 20_000
MAX_CELLS_SHOWN = 40
MAX_OUTPUTS_SHOWN = 8
MAX_REPLAYS = 3
MAX_PICTURE_BYTES = 1_500_000
"""Pictures on one page, as base64: later ones are left out."""

_ABSENT = ("not_implemented", "missing")
TONES = {"right": ("good", "✓"), "not_implemented": ("soft", "○"), "missing": ("soft", "○")}

TEXTS = {
    "feedback": Text("Feedback", "评分反馈"),
    "feedback_for": Text("Feedback for", "评分反馈 ·"),
    "of": Text("of", "/"),
    "points": Text("points", "分"),
    "points_head": Text("Points", "得分"),
    "late": Text("Late submission", "迟交扣分"),
    "problems": Text("About your file", "关于你提交的文件"),
    "next": Text("What to do next", "下一步做什么"),
    "overview": Text("All exercises at a glance", "各题概览"),
    "exercise": Text("Exercise", "题目"),
    "result": Text("Result", "结果"),
    "share": Text("Share of the points", "得分比例"),
    "by_hand": Text("marked by hand", "人工评分"),
    "hint": Text("Hint:", "提示："),
    "stop": Text(". ", "。"),
    "comment": Text("Comment from your instructor", "老师的评语"),
    "checks": Text("Checks", "检查项"),
    "passed": Text("passed", "通过"),
    "failed": Text("failed", "未通过"),
    "replay": Text(
        "See it for yourself: paste this into a cell of your notebook",
        "自己验证：把下面的代码粘贴到 notebook 的一个单元格中运行",
    ),
    "your_code": Text("Your code", "你的代码"),
    "lines": Text("lines", "行"),
    "outputs": Text("What your cells showed", "各单元格的输出"),
    "cell": Text("Cell", "单元格"),
    "figure": Text("Figure drawn by your cell", "单元格绘制的图，单元格编号"),
    "foot": Text(
        "Your functions were called with freshly drawn inputs; the lines above give you the same "
        "ones. Each exercise counts on its own: a mistake in a helper costs only the helper.",
        "评分时用新抽取的输入调用了你的函数；用上面的代码可以得到同样的输入。各题独立计分："
        "辅助函数写错，只扣辅助函数那一题的分。",
    ),
    "begin": Text("Begin with", "先看"),
    "implement": Text("Write", "接着写"),
    "found": Text("Look at", "先看"),
    "implement_why": Text(
        "It is not written yet, and worth {points} points.", "这一题还没有写，共 {points} 分。"
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


def feedback_page(verdict: Mapping[str, Any], marks: Marks | None = None) -> str:
    """Return the page for one verdict; `marks` brings what a person gave or wrote."""
    language = verdict.get("language") if verdict.get("language") in LANGUAGES else ENGLISH
    texts = {key: text.in_(language) for key, text in TEXTS.items()}
    assignment = ASSIGNMENTS.get(str(verdict.get("assignment")))
    names = [exercise["name"] for exercise in verdict["exercises"]]
    cells = verdict.get("cells") or ()
    codes = solution_sources([SubmittedCell(c["source"], c["index"]) for c in cells], names)
    exercises = [
        _exercise(exercise, language, codes.get(exercise["name"]), marks)
        for exercise in verdict["exercises"]
    ]
    score = marks.score if marks else verdict["score"]
    problems = [plain_text(str(problem), 500) for problem in verdict.get("problems", ())]
    # Of a file that could not be read there is one thing to say, not eight.
    shown = exercises if submission_status(verdict) == GRADED else []
    style = read("page.css") + "\n" + read("feedback.css")
    return (
        environment()
        .get_template("feedback.html.j2")
        .render(
            lang=html_tag(language),
            t=texts,
            policy=policy(style),
            style=Markup(style),
            title=assignment.title.in_(language) if assignment else verdict.get("assignment", ""),
            student=one_line(str(verdict.get("student") or Path(verdict["file"]).name), 100),
            score=score,
            max_score=verdict["max_score"],
            share=_share(score, verdict["max_score"]),
            late_penalty=marks.late_penalty if marks else 0,
            problems=problems,
            next=_next(shown, texts),
            next_text=texts["all_right" if shown else "hand_in_again"],
            exercises=shown,
            cells=_cells(cells, codes),
        )
    )


def write_feedback(
    settings: Settings, verdict: Mapping[str, Any], marks: Marks | None = None
) -> Path:
    """Write a student's page to feedback/ and return its path.

    Raises OSError where it cannot be written, ValueError where the student's id is no folder name.
    """
    assignment = str(verdict["assignment"])
    folder = settings.folder("feedback", str(verdict["student"]), assignment)
    path = folder / f"{assignment}.html"
    write_atomically(path, feedback_page(verdict, marks).encode("utf-8"))
    write_receipts(settings, "feedback", str(verdict["student"]), assignment)
    return path


def _share(score: float, max_score: float) -> str:
    return f"{max(0.0, min(1.0, score / max_score if max_score else 0.0)) * 100:.1f}"


def _exercise(
    exercise: Mapping[str, Any],
    language: str,
    code: Code | None,
    marks: Marks | None,
) -> dict[str, Any]:
    name, status = exercise["name"], exercise["status"]
    grade_id = exercise.get("grade_id", f"test_{name}")
    score = marks.scores.get(grade_id, exercise["score"]) if marks else exercise["score"]
    tone, sign = TONES.get(status, ("bad", "✗"))
    return {
        "name": name,
        "state": status,
        "status": STATUS[status].in_(language),
        "tone": tone,
        "sign": sign,
        "score": score,
        "max_score": exercise["max_score"],
        "share": _share(score, exercise["max_score"]),
        "by_hand": bool(marks and grade_id in marks.manual),
        "comment": plain_text(marks.comments.get(name, ""), 5_000) if marks else "",
        "causes": [
            {"message": cause["message"], "hint": cause.get("hint") or ""}
            for cause in exercise.get("diagnosis", ())
        ],
        "note": exercise.get("note") or "",
        "checks": [
            {
                "label": one_line(check.get("label") or check["name"], 200),
                "passed": check["passed"],
                "detail": "" if check["passed"] else check.get("detail") or "",
            }
            for check in (() if status in _ABSENT else exercise.get("checks", ()))
        ],
        "replay": _replay(exercise),
        "code": highlighted(code) if code else "",
        "code_lines": code.text.count("\n") + 1 if code else 0,
        "open": status in ("wrong", "error", "timeout"),
        "quiet": status == "right",
    }


def _replay(exercise: Mapping[str, Any]) -> str:
    """Return the lines that draw the failing cases again, or "" where nothing can be replayed."""
    if exercise["status"] in _ABSENT:
        return ""
    replays = [check["replay"] for check in exercise.get("checks", ()) if check.get("replay")]
    lines = ["from public_tests import replay"]
    seed = None
    for replay in list({json.dumps(r, sort_keys=True): r for r in replays}.values())[:MAX_REPLAYS]:
        if replay["seed"] != seed:
            seed = replay["seed"]
            lines.append(f"seed = {int(seed)}")
        call = f'replay("{replay["exercise"]}", "{replay["case"]}", seed)'
        lines.append(f"{exercise['name']}(*{call})")
    return "\n".join(lines) if replays else ""


def _next(exercises: Sequence[dict[str, Any]], texts: Mapping[str, str]) -> dict[str, str] | None:
    """Return the one thing to do first: a mistake before an unwritten function."""
    started = [e for e in exercises if e["state"] in ("wrong", "error", "timeout")]
    unwritten = [e for e in exercises if e["state"] == "not_implemented"]
    missing = [e for e in exercises if e["state"] == "missing"]
    for exercise in (*started, *unwritten, *missing):
        found = {"name": exercise["name"], "lead": texts["begin"], "hint": ""}
        state = exercise["state"]
        if exercise["causes"] and state not in _ABSENT:
            return found | exercise["causes"][0]
        if state in _ABSENT:
            key = "implement_why" if state == "not_implemented" else "missing_why"
            if state == "not_implemented":
                found["lead"] = texts["implement"]
            return found | {"message": texts[key].format(points=f"{exercise['max_score']:g}")}
        failed = next((check for check in exercise["checks"] if not check["passed"]), None)
        if state == "wrong" and failed:
            message = texts["wrong_why"].format(check=failed["label"], detail=failed["detail"])
        else:
            message = texts["timeout_why" if state == "timeout" else "error_why"]
            message = f"{message} {failed['detail']}" if failed else message
        return found | {"message": message}
    return None


def highlighted(code: Code) -> Markup:
    """Return code as HTML lines with their numbers; coloured where it is not too long."""
    text = shown_code(code.text)
    if len(code.text) <= MAX_HIGHLIGHTED:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        lexer = PythonLexer(stripnl=False, ensurenl=False)
        lines = highlight(text, lexer, HtmlFormatter(nowrap=True)).rstrip("\n").split("\n")
    else:
        lines = [str(escape(line)) for line in text.split("\n")]
    return Markup(
        "".join(
            f'<span class="line" data-n="{number}">{line}</span>'
            for number, line in enumerate(lines, code.first_line)
        )
    )


def _cells(cells: Sequence[Mapping[str, Any]], codes: Mapping[str, Code]) -> list[dict[str, Any]]:
    """Return the student's cells that showed something: text and pictures, capped."""
    shown: list[dict[str, Any]] = []
    left = MAX_PICTURE_BYTES
    for cell in cells:
        outputs = []
        for output in list(cell.get("outputs", ()))[:MAX_OUTPUTS_SHOWN]:
            if "text" in output:
                if (text := plain_text(str(output["text"]), 4_000)).strip():
                    outputs.append({"text": text, "png": ""})
            elif (png := shown_png(output)) and len(png) <= left:
                left -= len(png)
                outputs.append({"text": "", "png": png})
        if cell.get("error"):
            outputs.append({"text": plain_text(str(cell["error"]), 1_000), "png": ""})
        if outputs and len(shown) < MAX_CELLS_SHOWN:
            first = next((line for line in cell["source"][:2_000].split("\n") if line.strip()), "")
            number = cell["index"] + 1
            shown.append({"number": number, "first": one_line(first, 60), "outputs": outputs})
    return shown
