"""The class report: one self-contained HTML page from the verdicts of an assignment."""

import re
import statistics
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from autograder.course import Course, CourseError
from autograder.model import CauseVerdict, ExerciseVerdict, Marks, Verdict
from autograder.pages.charts import heat_map, histogram, legend
from autograder.pages.repair_kinds import KINDS
from autograder.pages.repairs import repaired
from autograder.pages.templating import environment, points, policy, read
from autograder.reading.similarity import Traits, similar_clusters, traits_of, usual_traits
from autograder.reading.student_code import solution_sources
from autograder.safe_text import one_line, safe_name
from autograder.status import ExerciseStatus, Status
from autograder.texts import rendered
from checks.assignments import ASSIGNMENTS
from checks.causes import GENERAL_CAUSES
from checks.text import COLON, COMMA, ENGLISH, LANGUAGES, PERCENT, Text, html_tag

TEXTS = {
    "report": Text("Class report", "班级报告"),
    "contents": Text("Contents", "目录"),
    "colon": COLON,
    "comma": COMMA,
    "percent": PERCENT,
    "look": Text("Submissions that need a look", "需要人工查看的提交"),
    "scores": Text("Scores", "分数分布"),
    "heat": Text("Students and exercises", "学生与练习"),
    "causes": Text("Misconceptions", "常见错误"),
    "repairs": Text("Lines to change", "需要修改的代码行"),
    "exercises": Text("Exercises", "练习分析"),
    "pairs": Text("Similar code to look at", "代码相似的提交"),
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
        "每一列是一名学生，按总分从高到低排列；每一行是一个练习。具体数字见下方的学生表。",
    ),
    "count": Text("Students", "人数"),
    "cause": Text("Cause", "原因"),
    "what": Text("What students were shown", "反馈给学生的说明"),
    "who": Text("Who", "学生"),
    "repairs_about": Text(
        "With these changes a student's function passes every check, on inputs that no mark comes "
        "from. Students see the line, not what it becomes. By default the search may use a tenth "
        "of the run's CPU time; `autograder grade --explain all` goes on until every function was "
        "tried.",
        "按下表修改之后，学生的函数就能通过所有检查；检验用的输入与评分无关。"
        "学生只看到行号，看不到改成什么。默认只用本次评分 CPU 时间的十分之一来查找；"
        "`autograder grade --explain all` 会把所有函数都试一遍。",
    ),
    "no_repairs": Text("None known.", "没有。"),
    "change": Text("Line, and what makes it pass", "原来的行与能通过检查的写法"),
    "without": Text("(without this line)", "（去掉这一行）"),
    "exercises_about": Text(
        "Mean: share of the points that the class earned (low is difficult). Discrimination: "
        "correlation of an exercise's points with the points of all others; near 0, the exercise "
        "does not separate strong students from weak. Time: CPU time of the function under test.",
        "平均：全班在该练习得到的分数比例（越低越难）。区分度：该练习得分与其余练习总分的相关系数；"
        "接近 0 表示该练习分不出学生水平的高低。时间：被测函数占用的 CPU 时间。",
    ),
    "exercise": Text("Exercise", "练习"),
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
    "where": Text("Where", "所在练习"),
    "score": Text("Score", "总分"),
    "time": Text("Time (s)", "时间（秒）"),
    "foot": Text(
        "Means leave out students who handed in nothing. Marks given by hand are in the gradebook "
        "and the CSV file, not here.",
        "平均值不含未提交的学生。人工评分见成绩册和 CSV 文件，不在本页中。",
    ),
    "submissions": Text("submissions", "提交数"),
    "average": Text("mean score", "平均分"),
    "median": Text("median", "中位数"),
    "need_look": Text("need a look", "需查看"),
    "nothing": Text("handed in nothing", "未提交"),
    "histogram": Text("Histogram of scores: {bins}.", "分数直方图：{bins}。"),
    "heat_alt": Text(
        "Heat map of {students} students and {exercises} exercises. Mean per exercise: {means}.",
        "{students} 名学生、{exercises} 个练习的热力图。各练习平均得分比例：{means}。",
    ),
    "zero": Text("no points", "0 分"),
    "some": Text("some points", "部分得分"),
    "all": Text("full marks", "满分"),
    "absent": Text("not written", "未实现"),
}
MarksOf = Callable[[str], Marks | None]
"""A student's marks in the gradebook."""


def class_report(
    verdicts: Iterable[Verdict],
    language: str = ENGLISH,
    given: Mapping[str, str] | None = None,
    feedback: str = "../feedback",
    marks: MarksOf | None = None,
    section: str = "",
    past: Mapping[str, Traits] | None = None,
) -> str:
    """Return the report on `verdicts` of one assignment; they are iterated over once.

    `given` holds what students were given, by exercise; `feedback` is the folder of the feedback
    pages, seen from the report; `marks` returns what the gradebook holds for a student; `section`
    is the name of the part of the class that `verdicts` are of; `past` is code of past years.
    """
    known: dict[tuple[str, str], CauseVerdict] = {}
    kept: list[Verdict] = []
    traits: dict[str, Traits] = {}
    reasons: dict[str, tuple[Text, ...]] = {}
    for verdict in verdicts:
        kept.append(_brief(verdict, known))
        reasons[_student(verdict)] = verdict.reasons(marks and marks(verdict.student))
        if verdict.status is Status.GRADED:
            traits[_student(verdict)] = traits_of(_functions(verdict))
    verdicts = sorted(kept, key=lambda verdict: (-verdict.score, _student(verdict)))
    language = language if language in LANGUAGES else ENGLISH
    texts = {key: text.in_(language) for key, text in TEXTS.items()}
    name = next((verdict.assignment for verdict in verdicts), "")
    names = list(dict.fromkeys(e.name for verdict in verdicts for e in verdict.exercises))
    handed_in = [v for v in verdicts if v.status is not Status.MISSING]
    title = ASSIGNMENTS[name].title.in_(language) if name in ASSIGNMENTS else name
    style, script = f"{read('page.css')}\n{read('report.css')}", read("report.js")
    exercises = [_exercise(exercise, handed_in) for exercise in names]
    means = {exercise.name: exercise.mean for exercise in exercises}
    usual = (traits_of(given or {}), *usual_traits(name))
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            lang=html_tag(language),
            t=texts,
            policy=policy(style, script),
            style=Markup(style),
            script=Markup(script),
            title=f"{title}{COMMA[language]}{section}" if section else title,
            links=dict.fromkeys(past or (), "")
            | {_student(verdict): _link(verdict, feedback) for verdict in verdicts},
            facts=_facts(verdicts, handed_in, sum(map(bool, reasons.values())), texts),
            look=_look(verdicts, reasons, language),
            histogram=histogram(handed_in, texts),
            heat=heat_map(handed_in, means, texts),
            legend=legend(texts),
            causes=_causes(handed_in, language),
            repairs=repaired(handed_in, _student),
            exercises=exercises,
            states=[{"key": key, "label": key.text.in_(language)} for key in ExerciseStatus],
            clusters=similar_clusters(traits, usual, past=past or {}),
            rows=[_row(verdict, names, language) for verdict in verdicts],
        )
    )


def given_code(course: Course, assignment: str) -> dict[str, str]:
    """Return what students were given, by exercise; nothing where the notebook was not built."""
    try:
        notebook = course.source_notebook(assignment)
    except CourseError:
        return {}
    marked = [(c["metadata"].get("nbgrader", {}), c["source"]) for c in notebook["cells"]]
    return {mark["grade_id"]: source for mark, source in marked if mark.get("solution")}


def _brief(verdict: Verdict, known: dict[tuple[str, str], CauseVerdict]) -> Verdict:
    """Return what the report says of a verdict: without cells and checks, nearly all of its size.

    The verdicts of a class are held together, so a sentence that many share is kept once, in
    `known`.
    """
    exercises = tuple(
        replace(
            exercise,
            checks=(),
            diagnosis=tuple(
                known.setdefault((cause.id, cause.message[ENGLISH]), replace(cause, lines=()))
                for cause in exercise.diagnosis
            ),
        )
        for exercise in verdict.exercises
    )
    return replace(verdict, cells=(), problems=(), exercises=exercises)


def _student(verdict: Verdict) -> str:
    return one_line(verdict.student, 100)


def _link(verdict: Verdict, feedback: str) -> str:
    student, name = verdict.student, verdict.assignment
    if not (safe_name(student) and safe_name(name)) or verdict.status is Status.MISSING:
        return ""
    return f"{feedback}/{quote(student, safe='')}/{quote(name)}/{quote(name)}.html"


def _facts(
    verdicts: Sequence[Verdict],
    handed_in: Sequence[Verdict],
    look: int,
    texts: Mapping[str, str],
) -> list[dict[str, str]]:
    scores = [verdict.score for verdict in handed_in]
    most = handed_in[0].max_score if handed_in else 0
    values = {
        "submissions": str(len(handed_in)),
        "average": f"{statistics.fmean(scores):.1f} / {points(most)}" if scores else "–",
        "median": points(statistics.median(scores)) if scores else "–",
        "need_look": str(look),
    }
    if len(handed_in) < len(verdicts):
        values["nothing"] = str(len(verdicts) - len(handed_in))
    return [{"label": texts[key], "value": value} for key, value in values.items()]


@dataclass(frozen=True)
class _Look:
    """A submission that a person should look at."""

    student: str
    status: str
    reasons: list[str]


def _look(
    verdicts: Sequence[Verdict], reasons: Mapping[str, tuple[Text, ...]], language: str
) -> list[_Look]:
    return [
        _Look(_student(v), v.status.text.in_(language), rendered(why, language))
        for v in verdicts
        if (why := reasons[_student(v)])
    ]


@dataclass(frozen=True)
class _Cause:
    """A named cause, who has it, and the share of those that the most frequent one has."""

    id: str
    message: str
    who: list[str]
    share: float


def _causes(verdicts: Sequence[Verdict], language: str) -> list[_Cause]:
    who: dict[str, dict[str, None]] = {}
    messages: dict[str, str] = {}
    for verdict in verdicts:
        for exercise in verdict.exercises:
            for cause in exercise.diagnosis:
                if cause.id.endswith("/not_implemented"):
                    continue  # no misconception: it is counted among the exercises
                who.setdefault(cause.id, {}).setdefault(_student(verdict))
                messages.setdefault(cause.id, cause.message.in_(language))
    if verdicts:
        messages |= _general_messages(messages, language)
        messages |= _catalogue_messages(verdicts[0].assignment, messages, language)
    most = max(map(len, who.values()), default=1)
    return [
        _Cause(key, messages[key], sorted(students), _percent(len(students), most))
        for key, students in sorted(who.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _general_messages(ids: Collection[str], language: str) -> dict[str, str]:
    """Return the texts of causes that every function can have, without one student's names."""
    templates = {cause.name: cause.message.in_(language) for cause in GENERAL_CAUSES}
    templates |= {name: kind.message.in_(language) for name, kind in KINDS.items()}
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


def _percent(count: int, of: int) -> float:
    return round(100 * count / of, 1) if of else 0.0


@dataclass(frozen=True)
class _Exercise:
    """How a class did in one exercise."""

    name: str
    mean: int
    full: int
    discrimination: float | None
    counts: Counter[ExerciseStatus]
    median_time: str
    longest: str


def _exercise(name: str, verdicts: Sequence[Verdict]) -> _Exercise:
    pairs: list[tuple[ExerciseVerdict, float]] = [
        (exercise, verdict.score - exercise.score)
        for verdict in verdicts
        for exercise in verdict.exercises
        if exercise.name == name
    ]
    shares = [exercise.share for exercise, _ in pairs]
    times = [exercise.cpu_seconds for exercise, _ in pairs]
    try:
        discrimination = round(statistics.correlation(shares, [rest for _, rest in pairs]), 2)
    except statistics.StatisticsError:  # fewer than two, or all the same
        discrimination = None
    return _Exercise(
        name,
        round(100 * statistics.fmean(shares)) if shares else 0,
        round(_percent(sum(share >= 1 for share in shares), len(shares))),
        discrimination,
        Counter(exercise.status for exercise, _ in pairs),
        f"{statistics.median(times):.2f}" if times else "–",
        f"{max(times, default=0.0):.2f}",
    )


@dataclass(frozen=True)
class _Row:
    """A student's row in the table of the class."""

    student: str
    score: str
    sort: float
    status: str
    marks: list[str]
    time: str


def _row(verdict: Verdict, names: Sequence[str], language: str) -> _Row:
    absent = verdict.status is Status.MISSING
    scores = {} if absent else {e.name: points(e.score) for e in verdict.exercises}
    return _Row(
        _student(verdict),
        "" if absent else points(verdict.score),
        -1 if absent else verdict.score,
        verdict.status.text.in_(language),
        [scores.get(name, "") for name in names],
        f"{verdict.cpu_seconds:.2f}",
    )


def _functions(verdict: Verdict) -> dict[str, str]:
    """Return a student's code by exercise."""
    return solution_sources(verdict.cells, [exercise.name for exercise in verdict.exercises])
