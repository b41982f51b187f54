"""The class report: one self-contained HTML page from the verdicts of an assignment."""

import json
import re
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from autograder.course import Course
from autograder.model import GRADED, MISSING, needs_a_look, submission_status
from autograder.pages.templating import environment, points, policy, read
from autograder.reading.cells import SubmittedCell
from autograder.reading.similarity import Traits, similar_clusters, traits_of, usual_traits
from autograder.recording.graded_notebook import STATUS, solution_sources
from autograder.safe_text import one_line, safe_name
from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES
from checks.text import ENGLISH, LANGUAGES, Text, html_tag

STATES = ("right", "wrong", "not_implemented", "error", "timeout", "missing")
BINS = 10
STEPS = 5

TEXTS = {
    "report": Text("Class report", "班级报告"),
    "contents": Text("Contents", "目录"),
    "look": Text("Submissions that need a look", "需要人工查看的提交"),
    "scores": Text("Scores", "分数分布"),
    "heat": Text("Students and exercises", "学生与题目"),
    "causes": Text("Misconceptions", "常见错误"),
    "exercises": Text("Exercises", "题目分析"),
    "pairs": Text("Similar code to look at", "可对照查看的提交"),
    "students": Text("Students", "学生"),
    "students_low": Text("students", "人"),
    "no_look": Text("None.", "没有。"),
    "no_causes": Text("No cause was named.", "没有识别出具体原因。"),
    "no_pairs": Text("None.", "没有。"),
    "student": Text("Student", "学生"),
    "status": Text("Status", "状态"),
    "why": Text("Why", "原因"),
    "heat_about": Text(
        "One column per student, from the highest score to the lowest; one row per exercise. The "
        "numbers are in the table of students below.",
        "每一列是一名学生，按总分从高到低排列；每一行是一道题。具体数字见下方的学生表。",
    ),
    "count": Text("Students", "人数"),
    "cause": Text("Cause", "原因"),
    "what": Text("What students were told", "反馈给学生的说明"),
    "who": Text("Who", "学生"),
    "exercises_about": Text(
        "Mean: share of the points that the class earned (low is difficult). Discrimination: "
        "correlation of an exercise's points with the points of all others; near 0, the exercise "
        "does not tell strong students from weak ones. Time: CPU time of the function under test.",
        "平均：全班在该题得到的分数比例（越低越难）。区分度：该题得分与其余各题得分的相关系数；"
        "接近 0 表示该题分不出学生水平的高低。时间：被测函数占用的 CPU 时间。",
    ),
    "exercise": Text("Exercise", "题目"),
    "mean": Text("Mean", "平均"),
    "full": Text("Full marks", "满分"),
    "discrimination": Text("Discrimination", "区分度"),
    "median_time": Text("Median time (s)", "时间中位数（秒）"),
    "longest": Text("Longest (s)", "最长（秒）"),
    "pairs_about": Text(
        "These have unusual code in common; names of variables and comments are ignored. There are "
        "many harmless reasons for that: open them and judge for yourself. It changes no mark.",
        "这些提交含有相同的少见代码（不计变量名和注释）。这可能有多种原因，大多并无问题：请打开这些提交，自行判断。"
        "这里的结果不影响任何分数。",
    ),
    "pair": Text("Students", "学生"),
    "alike": Text("Unusual code in common", "相同的少见代码"),
    "where": Text("Where", "所在题目"),
    "score": Text("Score", "总分"),
    "time": Text("Time (s)", "时间（秒）"),
    "foot": Text(
        "Means leave out students who handed in nothing. Marks given by hand are in the gradebook "
        "and the CSV file, not here.",
        "平均值不含未提交的学生。人工评分见成绩册和 CSV 文件，不在本页中。",
    ),
    "submissions": Text("submissions", "份提交"),
    "average": Text("mean score", "平均分"),
    "median": Text("median", "中位数"),
    "need_look": Text("need a look", "份需要查看"),
    "nothing": Text("handed in nothing", "人未提交"),
    "histogram": Text("Histogram of scores: {bins}.", "分数直方图：{bins}。"),
    "heat_alt": Text(
        "Heat map of {students} students and {exercises} exercises. Mean per exercise: {means}.",
        "{students} 名学生、{exercises} 道题的热力图。各题平均得分比例：{means}。",
    ),
    "zero": Text("no points", "0 分"),
    "some": Text("some points", "部分得分"),
    "all": Text("full marks", "满分"),
    "absent": Text("not written", "未作答"),
    "timeout": Text("{name} ran out of time", "{name} 运行超时"),
}
SUBMISSION_STATUS = {
    "graded": Text("graded", "已评分"),
    "failed": Text("failed", "无法评分"),
    "missing": Text("missing", "未提交"),
}

Verdict = Mapping[str, Any]


def class_report(
    verdicts: Iterable[Verdict],
    language: str = ENGLISH,
    stubs: Mapping[str, str] | None = None,
    feedback: str = "../feedback",
) -> str:
    """Return the report on `verdicts` of one assignment, which are gone through once.

    `stubs` holds what students were given, by exercise (read from the built notebook where it is
    None); `feedback` is the folder of the feedback pages, seen from the report.
    """
    known: dict[tuple[str, str], Mapping[str, Any]] = {}
    kept: list[Verdict] = []
    traits: dict[str, Traits] = {}
    for verdict in verdicts:
        kept.append(_brief(verdict, known))
        if submission_status(verdict) == GRADED:
            traits[_student(verdict)] = traits_of(_functions(verdict))
    verdicts = sorted(kept, key=lambda verdict: (-verdict["score"], _student(verdict)))
    language = language if language in LANGUAGES else ENGLISH
    texts = {key: text.in_(language) for key, text in TEXTS.items()}
    name = next((str(verdict["assignment"]) for verdict in verdicts), "")
    names = list(dict.fromkeys(e["name"] for verdict in verdicts for e in verdict["exercises"]))
    handed_in = [v for v in verdicts if submission_status(v) != MISSING]
    title = ASSIGNMENTS[name].title.in_(language) if name in ASSIGNMENTS else name
    style = read("page.css") + "\n" + read("report.css")
    script = read("report.js")
    exercises = [_exercise(exercise, handed_in) for exercise in names]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            lang=html_tag(language),
            t=texts,
            policy=policy(style, script),
            style=Markup(style),
            script=Markup(script),
            title=title,
            links={_student(verdict): _link(verdict, feedback) for verdict in verdicts},
            facts=_facts(verdicts, handed_in, texts),
            look=_look(verdicts, language),
            histogram=_histogram(handed_in, texts),
            heat=_heat(handed_in, exercises, texts),
            legend=_legend(texts),
            causes=_causes(handed_in, language),
            exercises=exercises,
            states=[{"key": key, "label": STATUS[key].in_(language)} for key in STATES],
            clusters=similar_clusters(
                traits,
                (traits_of(_stubs(name) if stubs is None else stubs), *usual_traits(name)),
            ),
            rows=[_row(verdict, names, language) for verdict in verdicts],
        )
    )


def _brief(verdict: Verdict, known: dict[tuple[str, str], Mapping[str, Any]]) -> Verdict:
    """Return what the report says of a verdict: without cells and checks, nearly all of its size.

    The verdicts of a class are held together, so what many are told is kept once, in `known`.
    """
    exercises = [
        {key: exercise[key] for key in ("name", "score", "max_score", "status")}
        | {
            "cpu_seconds": exercise.get("cpu_seconds"),
            "diagnosis": [
                known.setdefault((str(cause["id"]), str(cause["message"])), cause)
                for cause in exercise.get("diagnosis", ())
            ],
        }
        for exercise in verdict["exercises"]
    ]
    return {key: verdict[key] for key in verdict if key != "cells"} | {"exercises": exercises}


def _student(verdict: Verdict) -> str:
    return one_line(str(verdict.get("student") or Path(str(verdict["file"])).stem), 100)


def _link(verdict: Verdict, feedback: str) -> str:
    student, name = str(verdict.get("student") or ""), str(verdict.get("assignment") or "")
    if not (safe_name(student) and safe_name(name)) or submission_status(verdict) == MISSING:
        return ""
    return f"{feedback}/{quote(student, safe='')}/{quote(name)}/{quote(name)}.html"


def _facts(
    verdicts: Sequence[Verdict], handed_in: Sequence[Verdict], texts: Mapping[str, str]
) -> list[dict[str, str]]:
    scores = [verdict["score"] for verdict in handed_in]
    most = handed_in[0]["max_score"] if handed_in else 0
    values = {
        "submissions": str(len(handed_in)),
        "average": f"{statistics.fmean(scores):.1f} / {points(most)}" if scores else "–",
        "median": points(statistics.median(scores)) if scores else "–",
        "need_look": str(sum(map(needs_a_look, verdicts))),
    }
    if len(handed_in) < len(verdicts):
        values["nothing"] = str(len(verdicts) - len(handed_in))
    return [{"label": texts[key], "value": value} for key, value in values.items()]


def _look(verdicts: Sequence[Verdict], language: str) -> list[dict[str, Any]]:
    rows = []
    for verdict in verdicts:
        if needs_a_look(verdict):
            late = [e["name"] for e in verdict["exercises"] if e["status"] == "timeout"]
            reasons = [str(problem) for problem in verdict.get("problems", ())]
            reasons += [TEXTS["timeout"].format(name=f"`{name}`").in_(language) for name in late]
            status = SUBMISSION_STATUS[submission_status(verdict)].in_(language)
            rows.append({"student": _student(verdict), "status": status, "reasons": reasons[:10]})
    return rows


def _causes(verdicts: Sequence[Verdict], language: str) -> list[dict[str, Any]]:
    who: dict[str, list[str]] = {}
    messages: dict[str, str] = {}
    # The message in the report's language where any student was told it in that.
    for verdict in sorted(verdicts, key=lambda verdict: verdict.get("language") != language):
        for exercise in verdict["exercises"]:
            for cause in exercise.get("diagnosis", ()):
                if str(cause["id"]).endswith("/not_implemented"):
                    continue  # no misconception: it is counted among the exercises
                students = who.setdefault(str(cause["id"]), [])
                if _student(verdict) not in students:
                    students.append(_student(verdict))
                messages.setdefault(str(cause["id"]), str(cause["message"]))
    if verdicts:
        messages |= _general_messages(messages, language)
        messages |= _catalogue_messages(str(verdicts[0].get("assignment")), messages, language)
    most = max(map(len, who.values()), default=1)
    return [
        {
            "id": key,
            "message": messages[key],
            "who": sorted(students),
            "share": _percent(students, most),
        }
        for key, students in sorted(who.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _general_messages(ids: Collection[str], language: str) -> dict[str, str]:
    """Return what is said of causes that every function can have, without one student's names."""
    templates = {cause.name: cause.message.in_(language) for cause in GENERAL_CAUSES}
    messages = {}
    for key in ids:
        exercise, _, name = key.partition("/")
        if name in templates:
            message = templates[name].replace("{exercise}", exercise)
            messages[key] = re.sub(r"\{\w+\}", "…", message)
    return messages


def _catalogue_messages(assignment: str, ids: Collection[str], language: str) -> dict[str, str]:
    """Return what the course's catalogue says about `ids`, in one language."""
    from solutions.catalogue import load

    try:
        entries = load(assignment).misconceptions
    except ModuleNotFoundError:
        return {}
    return {entry.id: entry.message.in_(language) for entry in entries if entry.id in ids}


def _percent(items: Sequence[Any], of: int) -> float:
    return round(100 * len(items) / of, 1) if of else 0.0


def _share(exercise: Mapping[str, Any]) -> float:
    return exercise["score"] / exercise["max_score"] if exercise["max_score"] else 0.0


def _exercise(name: str, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    pairs = [
        (exercise, verdict["score"] - exercise["score"])
        for verdict in verdicts
        for exercise in verdict["exercises"]
        if exercise["name"] == name
    ]
    shares = [_share(exercise) for exercise, _ in pairs]
    times = [float(exercise.get("cpu_seconds") or 0.0) for exercise, _ in pairs]
    try:
        discrimination = round(statistics.correlation(shares, [rest for _, rest in pairs]), 2)
    except statistics.StatisticsError:  # fewer than two, or all the same
        discrimination = None
    return {
        "name": name,
        "mean": round(100 * statistics.fmean(shares)) if shares else 0,
        "full": round(_percent([share for share in shares if share >= 1], len(shares))),
        "discrimination": discrimination,
        "counts": Counter(exercise["status"] for exercise, _ in pairs),
        "median_time": f"{statistics.median(times):.2f}" if times else "–",
        "longest": f"{max(times, default=0.0):.2f}",
    }


def _row(verdict: Verdict, names: Sequence[str], language: str) -> dict[str, Any]:
    status = submission_status(verdict)
    scores = {exercise["name"]: points(exercise["score"]) for exercise in verdict["exercises"]}
    absent = status == MISSING
    return {
        "student": _student(verdict),
        "score": "" if absent else points(verdict["score"]),
        "sort": -1 if absent else verdict["score"],
        "status": SUBMISSION_STATUS[status].in_(language),
        "marks": ["" if absent else scores.get(name, "") for name in names],
        "time": f"{float(verdict.get('cpu_seconds') or 0.0):.2f}",
    }


# --- similar submissions ------------------------------------------------------------------------


def _functions(verdict: Verdict) -> dict[str, str]:
    """Return a student's code by exercise."""
    cells = [SubmittedCell(c["source"], c["index"]) for c in verdict.get("cells") or ()]
    found = solution_sources(cells, [exercise["name"] for exercise in verdict["exercises"]])
    return {name: code.text for name, code in found.items()}


def _stubs(assignment: str) -> dict[str, str]:
    """Return the stubs of the built notebook, by exercise; none where it was not built."""
    try:
        notebook = json.loads(Course().notebook(ENGLISH, assignment).read_text("utf-8"))
        marked = [
            (c["metadata"].get("nbgrader", {}), "".join(c["source"])) for c in notebook["cells"]
        ]
        return {mark["grade_id"]: source for mark, source in marked if mark.get("solution")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


# --- plots ------------------------------------------------------------------------------------


def _histogram(verdicts: Sequence[Verdict], texts: Mapping[str, str]) -> Markup:
    """Draw how many students scored how much."""
    most = verdicts[0]["max_score"] if verdicts else 100.0
    counts = [0] * BINS
    for verdict in verdicts:
        place = int(BINS * verdict["score"] / most) if most else 0
        counts[min(max(place, 0), BINS - 1)] += 1
    edges = [points(most * i / BINS) for i in range(BINS + 1)]
    described = ", ".join(f"{edges[i]}–{edges[i + 1]}: {n}" for i, n in enumerate(counts))
    width, height, step = 620, 190, 58
    tallest = max(*counts, 1)
    parts = [_title(texts["histogram"].format(bins=described))]
    for i, count in enumerate(counts):
        bar = 140 * count / tallest
        x = 20 + i * step
        if count:
            parts.append(
                f'<rect class="bar" x="{x + 3}" y="{160 - bar:.1f}" width="{step - 6}" '
                f'height="{bar:.1f}" rx="3"/>'
                f'<text x="{x + step / 2}" y="{154 - bar:.1f}" text-anchor="middle">{count}</text>'
            )
        parts.append(f'<text class="soft" x="{x}" y="178" text-anchor="middle">{edges[i]}</text>')
    parts.append(
        f'<text class="soft" x="{20 + BINS * step}" y="178" text-anchor="middle">{edges[-1]}</text>'
        f'<line class="axis" x1="20" y1="160.5" x2="{20 + BINS * step}" y2="160.5"/>'
    )
    return _svg(width, height + 4, parts)


def _heat(
    verdicts: Sequence[Verdict], exercises: Sequence[Mapping[str, Any]], texts: Mapping[str, str]
) -> Markup:
    """Draw a column per student and a row per exercise; equal neighbours are one rectangle."""
    left, row, width = 190, 24, 1000
    means = ", ".join(f"{e['name']} {e['mean']} %" for e in exercises)
    alt = texts["heat_alt"].format(students=len(verdicts), exercises=len(exercises), means=means)
    parts = [_title(alt)]
    column = (width - left) / max(len(verdicts), 1)
    gap = 1 if column > 4 else 0
    for i, exercise in enumerate(exercises):
        y = i * row
        parts.append(f'<text x="0" y="{y + 16}">{escape(exercise["name"])}</text>')
        tones = [_tone(verdict, exercise["name"]) for verdict in verdicts]
        start = 0
        for end in range(1, len(tones) + 1):
            if end == len(tones) or gap or tones[end] != tones[start]:
                x, w = left + start * column, (end - start) * column - gap
                parts.append(
                    f'<rect class="{tones[start]}" x="{x:.1f}" y="{y + 1}" width="{w:.1f}" '
                    f'height="{row - 2}"/>'
                )
                start = end
    return _svg(width, row * max(len(exercises), 1), parts)


def _tone(verdict: Verdict, name: str) -> str:
    """Return the colour class of one student's exercise."""
    for exercise in verdict["exercises"]:
        if exercise["name"] == name:
            if exercise["status"] in ("not_implemented", "missing"):
                return "none"
            share = _share(exercise)
            return f"h{STEPS if share >= 1 else min(int(share * STEPS) + (share > 0), STEPS - 1)}"
    return "none"


def _legend(texts: Mapping[str, str]) -> list[dict[str, str]]:
    pairs = (("none", "absent"), ("h0", "zero"), ("h3", "some"), ("h5", "all"))
    return [{"tone": tone, "label": texts[key]} for tone, key in pairs]


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _svg(width: int, height: int, parts: Sequence[str]) -> Markup:
    return Markup(f'<svg role="img" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>')
