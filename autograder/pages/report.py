"""The class report: one self-contained HTML page from the verdicts of an assignment."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from markupsafe import Markup

from autograder.course import Course, CourseError
from autograder.model import Marks, Verdict
from autograder.pages.charts import BINS, heat_map, histogram, legend
from autograder.pages.repair_kinds import KINDS
from autograder.pages.repairs import MOST_ROWS
from autograder.pages.roll import HANDED_IN, Named, Roll, percent, roll
from autograder.pages.templating import environment, points, policy, read, style_sheet
from autograder.reading.similarity import Traits, similar_clusters, traits_of, usual_traits
from autograder.reading.student_code import solution_sources
from autograder.status import ExerciseStatus, Status
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
        "Means leave out students who handed in nothing. Marks given by hand and late penalties "
        "count, as in the gradebook.",
        "平均值不含未提交的学生。人工评分和迟交扣分已计入，与成绩册一致。",
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
OF_LARGE = {
    "heat_together": Text(
        "One column for each {together} students, from the highest score to the lowest, with the "
        "colour that most of them have; one row per exercise.",
        "每一列代表 {together} 名学生，按总分从高到低排列，颜色取其中人数最多的一种；"
        "每一行是一个练习。",
    ),
    "not_compared": Text(
        "In a class of more than {compared} no code is compared; in a section of the roster it is: "
        "`autograder report {assignment} --section S`.",
        "超过 {compared} 人时不比对代码。可以比对名单中的一个班："
        "`autograder report {assignment} --section S`。",
    ),
    "more": Text("and {{count}} more", "另有 {{count}} 人"),
    "who_all": Text(
        "The first {names} of each list are named here; the marks file tells everybody's causes.",
        "每个名单只列出前 {names} 人；每名学生的具体原因见成绩表。",
    ),
    "look_all": Text(
        "These are the {looks} of the highest scores; the marks file tells all others in the "
        "columns `needs_a_look` and `reason`.",
        "这里只列出分数最高的 {looks} 份；其余的见成绩表的 `needs_a_look` 和 `reason` 两列。",
    ),
    "without_script": Text(
        "These are the first {rows}. To find everybody here, allow scripts in this page, or look "
        "into the marks file.",
        "这里只列出前 {rows} 人。要查找所有学生，请允许本页运行脚本，或查看成绩表。",
    ),
    "not_printed": Text(
        "Only these are printed of a class of more than {printed}. The marks file has everybody; "
        "a section of the roster is printed whole: `autograder report {assignment} --section S`.",
        "超过 {printed} 人时只打印这些学生；所有学生见成绩表。名单中的一个班可以完整打印："
        "`autograder report {assignment} --section S`。",
    ),
    "find": Text("Find a student", "查找学生"),
    "shown": Text("{{first}}–{{last}} of {{count}}", "第 {{first}}–{{last}} 名，共 {{count}} 名"),
    "nobody": Text("Nobody with this name.", "没有找到这名学生。"),
    "previous": Text("Previous", "上一页"),
    "next": Text("Next", "下一页"),
}
"""What a page on a large class says, with its numbers."""
MarksOf = Callable[[str], Marks | None]
"""A student's marks in the gradebook."""

UNWRITTEN = "/not_implemented"

LARGE = 1_000
"""Above so many students the page has one column for some of them, and no whole lists."""
COMPARED = 3_000
"""Above so many students their code is not compared."""
PRINTED = 5_000
"""Above so many students a browser takes minutes to print all their rows, or gives up."""
COLUMNS = 800
FIRST_ROWS = 100
FIRST_LOOKS = 100
FIRST_NAMES = 30


@dataclass
class _Class:
    """What is known of a class when all its verdicts have been read."""

    roll: Roll
    assignment: str = ""
    traits: dict[str, Traits] = field(default_factory=dict)
    """The code of each student, of a class that is not too large to be compared."""
    messages: dict[str, Text] = field(default_factory=dict)
    """What students were told of each cause."""
    size: int = 0

    def add(self, verdict: Verdict, marks: MarksOf | None) -> None:
        """Take in a verdict; only what the page shows of it is kept."""
        held = marks(verdict.student) if marks else None
        name = self.roll.add(verdict, verdict.reasons(held), held)
        self.assignment = self.assignment or verdict.assignment
        self.size += 1
        if self.size > COMPARED:
            self.traits.clear()
        elif verdict.status is Status.GRADED:
            self.traits[name] = traits_of(_functions(verdict))
        for exercise in verdict.exercises:
            for cause in exercise.diagnosis:
                self.messages.setdefault(cause.id, cause.message)

    @property
    def is_large(self) -> bool:
        """Whether the page tells of some students together."""
        return self.size > LARGE

    @property
    def named(self) -> int:
        """How many students are named where many have something in common."""
        return FIRST_NAMES if self.is_large else self.size


def class_report(
    verdicts: Iterable[Verdict],
    language: str,
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
    language = language if language in LANGUAGES else ENGLISH
    with roll(language) as found:
        whole = _Class(found)
        for verdict in verdicts:
            whole.add(verdict, marks)
        return _page(whole, language, given or {}, feedback, section, past or {})


def _page(
    whole: _Class,
    language: str,
    given: Mapping[str, str],
    feedback: str,
    section: str,
    past: Mapping[str, Traits],
) -> str:
    found, name = whole.roll, whole.assignment
    handed_in = found.count(HANDED_IN)
    texts = _texts(whole, language)
    title = ASSIGNMENTS[name].title.in_(language) if name in ASSIGNMENTS else name
    style, script = style_sheet("report"), read("report.js")
    exercises = [found.figures(place) for place in range(len(found.names))]
    means = {exercise.name: exercise.mean for exercise in exercises}
    together = math.ceil(handed_in / COLUMNS) if whole.is_large else 1
    tones = {n: list(found.tones(place, together)) for place, n in enumerate(found.names)}
    usual = (traits_of(given), *usual_traits(name))
    clusters = similar_clusters(whole.traits, usual, past=past)
    look = found.looks(FIRST_LOOKS if whole.is_large else whole.size)
    causes = _causes(whole, language)
    repairs = [Repaired(*row) for row in found.repairs(MOST_ROWS, whole.named)]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            lang=html_tag(language),
            t=texts,
            policy=policy(style, script),
            style=style,
            script=Markup(script),
            title=f"{title}{COMMA[language]}{section}" if section else title,
            link=_Links(found, feedback, name),
            facts=_facts(found, handed_in, texts),
            look=[_Look(who, Status(s).text.in_(language), why) for who, _, s, why in look],
            histogram=histogram(found.scores(BINS), found.most(), texts),
            heat=heat_map(tones, handed_in, means, texts),
            legend=legend(texts),
            causes=causes,
            repairs=repairs,
            exercises=exercises,
            states=[{"key": key, "label": key.text.in_(language)} for key in ExerciseStatus],
            clusters=clusters,
            compared=whole.size <= COMPARED,
            named=whole.named,
            rows=found.table(FIRST_ROWS if whole.is_large else whole.size),
            packed=found.packed() if whole.is_large else "",
            printed=whole.size <= PRINTED,
            feedback=feedback,
            assignment=name,
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


@dataclass(frozen=True)
class _Links:
    """Where the feedback pages are, by student; "" where there is none."""

    roll: Roll
    feedback: str
    assignment: str

    def __call__(self, student: str) -> str:
        if not self.roll.linked([student]):
            return ""
        name = quote(self.assignment)
        return f"{self.feedback}/{quote(student, safe='')}/{name}/{name}.html"


def _texts(whole: _Class, language: str) -> dict[str, str]:
    """Return the page's sentences, with the numbers of this class."""
    size = {"rows": FIRST_ROWS, "names": FIRST_NAMES, "compared": COMPARED, "looks": FIRST_LOOKS}
    size |= {"together": math.ceil(whole.size / COLUMNS), "assignment": whole.assignment}
    size["printed"] = PRINTED
    numbers = {
        key: f"{value:,}" if isinstance(value, int) else value for key, value in size.items()
    }
    texts = {key: text.in_(language) for key, text in TEXTS.items()}
    return texts | {key: text.format(**numbers).in_(language) for key, text in OF_LARGE.items()}


def _facts(found: Roll, handed_in: int, texts: Mapping[str, str]) -> list[dict[str, str]]:
    mean, median = found.score() if handed_in else (0.0, 0.0)
    values = {
        "submissions": str(handed_in),
        "average": f"{mean:.1f} / {points(found.most())}" if handed_in else "–",
        "median": points(median) if handed_in else "–",
        "need_look": str(found.count("reasons IS NOT NULL")),
    }
    absent = found.count() - handed_in
    if absent:
        values["nothing"] = str(absent)
    return [{"label": texts[key], "value": value} for key, value in values.items()]


@dataclass(frozen=True)
class _Look:
    """A submission that a person should look at."""

    student: str
    status: str
    reasons: list[str]


@dataclass(frozen=True)
class _Cause:
    """A named cause, who has it, and the share of those that the most frequent one has."""

    id: str
    message: str
    who: Named
    share: float


@dataclass(frozen=True)
class Repaired:
    """A change with which an exercise passes, and who needs it."""

    exercise: str
    causes: list[str]
    changes: list[list[str]]
    who: Named


def _causes(whole: _Class, language: str) -> list[_Cause]:
    messages = {key: text.in_(language) for key, text in whole.messages.items()}
    messages |= _general_messages(messages, language)
    messages |= _catalogue_messages(whole.assignment, messages, language) if whole.size else {}
    # Who has written nothing has no misconception, and is counted among the exercises.
    found = [one for one in whole.roll.causes(whole.named) if not one[0].endswith(UNWRITTEN)]
    most = max((who.count for _, who in found), default=1)
    return [_Cause(key, messages[key], who, percent(who.count, most)) for key, who in found]


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


def _functions(verdict: Verdict) -> dict[str, str]:
    """Return a student's code by exercise."""
    return solution_sources(verdict.cells, [exercise.name for exercise in verdict.exercises])
