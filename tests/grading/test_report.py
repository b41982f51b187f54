"""The class report: what an instructor wants to know, from verdicts alone."""

import base64
import itertools
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

import pytest
from nbgrader.api import Gradebook

from autograder import run_class
from autograder.grading import store
from autograder.model import CauseVerdict, Marks
from autograder.pages import report
from autograder.pages.report import class_report
from autograder.pages.roll import roll
from autograder.reading.similarity import similar_clusters, traits_of, usual_traits
from autograder.recording.recorder import record
from autograder.status import ExerciseStatus, Status
from autograder.texts import same_in_all
from benchmarks.class_folder import common_causes
from solutions.catalogue import load, wrong_source
from solutions.gallery import styles
from tests.grading.conftest import cell_verdict, with_exercise

NAME = "cnn_step_by_step"

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += " " + data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def verdicts(tmp_path, verdict_of, samples):
    path = tmp_path / "x.ipynb"
    path.write_text("x")
    nothing = {exercise.name: 0.0 for exercise in samples.exercises}
    made = [
        verdict_of(path, "ada"),
        verdict_of(path, "bob", {"conv_forward": 5.0, "zero_pad": 0.0}),
        verdict_of(path, "张三", {"conv_forward": 0.0}, language="zh"),
        verdict_of(path, "eve", nothing, status=Status.FAILED, problems=["The file is empty."]),
        verdict_of(tmp_path / "absent", "zoe", nothing, status=Status.MISSING),
    ]
    made[1] = with_exercise(made[1], "pool_forward", status=ExerciseStatus.TIMEOUT)
    return made


def section(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    # A place where a line may break is none in the text.
    return Page(found[0].replace("<wbr>", "")).text


def test_contents(verdicts):
    """Are scores, misconceptions with who has them, exercises and what needs a look there?"""
    page = class_report(verdicts, "en")
    look = section(page, "look")
    assert "The file is empty." in look
    assert "pool_forward ran out of time" in " ".join(look.split())
    assert "ada" not in look
    causes = " ".join(section(page, "causes").split())
    ranked = re.findall(r"\d \w+/\w+", causes)
    assert ranked[0] == "3 conv_forward/stride_ignored"
    assert "bob , eve , 张三" in causes
    students = section(page, "students")
    assert "missing" in students
    assert "failed" in students
    assert Page(page).text.index("ada") < Page(page).text.index("zoe")


def figures(verdicts, name):
    """How a class did in one exercise."""
    with roll("en") as found:
        for verdict in verdicts:
            found.add(verdict, ())
        return found.figures(found.names.index(name))


def test_figures(verdicts):
    """Are mean, full marks and discrimination right?"""
    exercise = figures(verdicts[:3], "conv_forward")
    assert exercise.mean == 40
    assert exercise.full == 33
    assert exercise.discrimination == 0.33
    assert figures(verdicts[:3], "pool_forward").discrimination is None
    strong = [
        with_exercise(
            with_exercise(verdicts[0], "zero_pad", score=zero_pad), "conv_forward", score=others
        )
        for zero_pad, others in ((0.0, 0.0), (5.0, 10.0))
    ]
    assert figures(strong, "zero_pad").discrimination == 1.0
    timed = [
        with_exercise(verdicts[0], "zero_pad", cpu_seconds=seconds) for seconds in (0.1, 0.4, 0.2)
    ]
    found = figures(timed, "zero_pad")
    assert (found.median_time, found.longest) == ("0.20", "0.40")
    assert figures(timed[:2], "zero_pad").median_time == "0.25"


def test_marks_by_hand_count(verdicts):
    """Do means and the table of students hold what a person marked, as the gradebook does?"""
    scores = {e.grade_id: e.score for e in verdicts[1].exercises} | {"test_zero_pad": 4.0}
    held = {"bob": Marks(scores, frozenset({"test_zero_pad"}))}
    before, after = class_report(verdicts, "en"), class_report(verdicts, "en", marks=held.get)
    rows = [section(page, "students").split("bob")[1].split() for page in (before, after)]
    assert float(rows[1][0]) == float(rows[0][0]) + 4
    assert section(before, "exercises") != section(after, "exercises")


def test_links(verdicts):
    """Does every student who handed in link to the feedback page, Chinese ids quoted?"""
    links = {a["href"] for a in Page(class_report(verdicts, "en")).all("a")}
    pages = {link for link in links if link.startswith("../feedback/")}
    assert len(pages) == 4
    name = "cnn_step_by_step/cnn_step_by_step.html"
    assert f"../feedback/%E5%BC%A0%E4%B8%89/{name}" in pages
    assert not any("zoe" in link for link in pages)


def test_plots_have_alternatives(verdicts):
    """Has every plot a role and a title that says what it shows?"""
    page = class_report(verdicts, "en")
    plots = re.findall(r'<svg role="img".*?</svg>', page, re.DOTALL)
    assert len(plots) == 2
    assert all(re.search(r"<title>[^<]{30,}</title>", plot) for plot in plots)
    others = re.findall(r"<svg(?! role)[^>]*>", page)
    assert all('aria-hidden="true"' in svg for svg in others)


def test_languages(verdicts):
    """Does the report exist in Chinese too, with the same placeholders in every text?"""
    page = Page(class_report(verdicts, "zh"))
    assert page.all("html")[0]["lang"] == "zh-Hans"
    assert "需要人工查看的提交" in page.text
    for text in (*report.TEXTS.values(), *report.OF_LARGE.values()):
        assert sorted(re.findall(r"{\w+}", text["en"])) == sorted(re.findall(r"{\w+}", text["zh"]))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The name `…` is used but never defined."),
        ("zh", "变量 `…` 没有定义就使用了。"),
    ],
)
def test_general_causes_are_told_to_the_class(verdicts, language, said):
    """Is a cause of any function shown in the report's language, without one student's names?"""
    message = same_in_all("The name `secret` is used.")
    told = CauseVerdict("zero_pad/undefined_name", message)
    verdicts[1] = with_exercise(verdicts[1], "zero_pad", diagnosis=(told,))
    text = Page(class_report(verdicts, language)).text
    assert re.sub(r"[\s`]", "", said) in re.sub(r"\s", "", text)
    assert "secret" not in text


def test_empty_class():
    """Is there a report on nobody, and on one student?"""
    assert "None." in class_report([], "en")


def test_hostile_text(verdicts, tmp_path):
    """Is markup of a student text in the report?"""
    text = same_in_all(HOSTILE)
    verdict = with_exercise(verdicts[1], "zero_pad", diagnosis=(CauseVerdict(HOSTILE, text),))
    cell = cell_verdict(f"def zero_pad(X, pad):\n    '''{HOSTILE}'''")
    verdict = replace(verdict, student=HOSTILE, problems=(text,), cells=(cell,))
    page = Page(class_report([*verdicts, verdict], "en"))
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert not any("feedback/%3C" in a["href"] for a in page.all("a"))


def test_size_of_a_large_class(verdicts):
    """Does the page of a large class stay small enough to open?"""
    many = [replace(verdicts[i % 4], student=f"s{i:04}") for i in range(report.LARGE)]
    assert len(class_report(many, "en").encode()) < 1_500_000


@pytest.fixture
def large(verdicts, monkeypatch):
    """A class that is just too large for whole lists."""
    monkeypatch.setattr(report, "LARGE", 399)
    monkeypatch.setattr(report, "COMPARED", 300)
    monkeypatch.setattr(report, "COLUMNS", 100)
    made = [replace(verdicts[i % 4], student=f"s{i:04}") for i in range(398)]
    return [*made, replace(verdicts[1], student=HOSTILE), verdicts[4]]


def unpacked(page):
    """What a page tells of its whole class."""
    (found,) = re.findall(r'<template id="rows"[^>]*>([^<]*)</template>', page)
    return json.loads(zlib.decompress(base64.b64decode(found)))


def test_large_class(large):
    """Is everybody of a large class in its page, and are lists that would fill it cut, as told?"""
    page = class_report(large, "en")
    rows = unpacked(page)
    assert len(rows["names"]) == 400
    assert rows["names"] == sorted(rows["names"])
    place = rows["names"].index("s0001")
    assert (rows["scores"][place], rows["labels"][rows["states"][place]]) == (75, "graded")
    assert [marks[place] for marks in rows["marks"]][:3] == [0, 5, 5]
    assert rows["linked"][place] and not rows["linked"][rows["names"].index("zoe")]
    assert rows["scores"][rows["names"].index("zoe")] is None
    assert [rows["linked"][i] for i, n in enumerate(rows["names"]) if "script" in n] == [0]
    students = section(page, "students")
    assert students.count("graded") == report.FIRST_ROWS
    assert "These are the first 100." in students
    causes = " ".join(section(page, "causes").split())
    assert "and 269 more" in causes
    assert "One column for each 4 students" in section(page, "heat")
    assert "In a class of more than 300 no code is compared" in section(page, "pairs")
    heat = re.search(r'<section id="heat".*?</section>', page, re.DOTALL)[0]
    assert heat.count("<rect") == 8 * 100 + 4
    assert HOSTILE not in page


def test_large_class_in_a_browser(large, browser, tmp_path):
    """Is a student of a large class found by name, and is the whole class put in order?"""
    path: Path = tmp_path / "report.html"
    path.write_text(class_report(large, "zh"), "utf-8")
    page = browser.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    page.wait_for_selector("#finder:not([hidden])")
    status, names = "#finder [role=status]", "#students tbody th"
    assert page.inner_text(status) == "第 1–100 名，共 400 名"
    page.click("#finder p button:nth-of-type(2)")
    assert page.inner_text(status) == "第 101–200 名，共 400 名"
    page.fill("#finder input", "S0397")
    assert page.inner_text(status) == "第 1–1 名，共 1 名"
    assert page.locator(names).all_inner_texts() == ["s0397"]
    link = page.get_attribute(f"{names} a", "href")
    assert link == f"../feedback/s0397/{NAME}/{NAME}.html"
    page.fill("#finder input", "nobody")
    assert page.inner_text(status) == "没有找到这名学生。"
    page.fill("#finder input", "")
    page.click("#students thead th:nth-child(2) button")
    assert page.inner_text("#students tbody tr:first-child th") == "zoe"
    page.click("#students thead th:nth-child(1) button")
    assert said == []
    assert page.inner_text("#students tbody tr:nth-child(2) th") == "s0000"
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


@pytest.mark.parametrize("printed", [400, 399])
def test_large_class_on_paper(large, browser, tmp_path, monkeypatch, printed):
    """Is all of a large class printed, whatever is shown, or does the paper say that it is not?"""
    monkeypatch.setattr(report, "PRINTED", printed)
    path: Path = tmp_path / "report.html"
    path.write_text(class_report(large, "en"), "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("#finder:not([hidden])")
    page.click("#students thead th:nth-child(1) button")
    page.click("#finder p button:nth-of-type(2)")
    page.emulate_media(media="print")
    whole = printed >= len(large)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    names = page.locator("#students tbody th").all_inner_texts()
    assert (len(names), names[-1]) == ((400, "zoe") if whole else (100, "s0198"))
    said = "1–400 of 400" if whole else "101–200 of 400"
    assert page.inner_text("#finder").split() == said.split()
    assert page.locator("#unprinted").is_visible() != whole
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("#students tbody th").count() == report.FIRST_ROWS
    assert page.inner_text("#finder [role=status]") == "101–200 of 400"
    assert not page.locator("#unprinted").is_visible()


LOOPS = """def conv_forward(A_prev, W, b, hparameters):
    m, n, k = A_prev.shape[0], {}, hparameters["stride"]
    for {i} in range(m):
        for h in range(n):
            Z[{i}, h] = np.sum(A_prev[{i}, h * k] * W) + {}
    cache = (A_prev, W, b, hparameters, {})
    return Z, cache
"""


def loops(*unusual, i="i"):
    return LOOPS.format(*unusual, i=i)


def _clusters(functions, stubs=MappingProxyType({})):
    traits = {student: traits_of(sources) for student, sources in functions.items()}
    return similar_clusters(traits, [traits_of(stubs)])


def test_clusters_have_unusual_code_in_common():
    """Is a copy with other names and comments found, and are independent solutions not?"""
    own = """def pool_forward(A_prev, hparameters, mode="max"):
    rows = {start}
    picked = sorted(A_prev[rows::3], key=lambda window: window.sum() - {start})
    total = np.tensordot(picked, np.eye({start} + 4), axes=(1, 0))[::-1]
    weights = total.cumsum() / (total.size + {start} * 7)
    spread = np.hypot(weights, total) ** 0.25
    return spread.reshape(-1, {start} + 2), {start}
"""
    copied = "\n".join(
        line.replace("rows", "r").replace("picked", "chosen") + "  # mine"
        for line in own.format(start=99).split("\n")[:-1]
    )
    functions = {
        f"s{i}": {"conv_forward": loops(1, 2, 3), "pool_forward": own.format(start=i)}
        for i in range(30)
    }
    functions["ada"] = {"pool_forward": own.format(start=99)}
    functions["bob"] = {"pool_forward": copied, "conv_forward": loops(1, 2, 3, i="q")}
    (cluster,) = _clusters(functions)
    assert (cluster.students, cluster.exercises) == (("ada", "bob"), ("pool_forward",))
    assert cluster.likeness > 0.9


def test_the_stub_counts_for_nothing():
    """Are two submissions alike only in what everybody was given no cluster?"""
    stub = loops("given()", "stub()", "begin()")
    functions = {"ada": {"conv_forward": stub}, "bob": {"conv_forward": stub}}
    functions |= {f"s{i}": {} for i in range(200)}
    assert _clusters(functions) != []
    assert _clusters(functions, {"conv_forward": stub}) == []


def test_clusters_of_broken_code():
    """Does code that is no Python lead to no cluster and no error?"""
    broken = {"zero_pad": "def zero_pad(:", "conv_forward": "-" * 50_000 + "1"}
    assert _clusters({"ada": broken, "bob": broken}) == []


def test_report_in_a_browser(verdicts, browser, tmp_path):
    """Does sorting work under the page's policy, and is nothing refused or loaded?"""
    verdicts[1] = replace(verdicts[1], problems=(same_in_all(HOSTILE),))
    path: Path = tmp_path / "report.html"
    path.write_text(class_report(verdicts, "en"), "utf-8")
    page = browser.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url))
    page.goto(path.as_uri())
    first = "#students tbody tr:first-child th"
    assert page.inner_text(first) == "ada"
    page.click("#students thead th:nth-child(2) button")
    assert page.inner_text(first) == "zoe"
    page.click("#students thead th:nth-child(2) button")
    assert page.inner_text(first) == "ada"
    assert page.get_attribute("#students thead th:nth-child(2)", "aria-sort") == "descending"
    assert page.title().startswith("Class report")
    assert said == [path.as_uri()]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_fit_in_a_browser(verdicts, browser, tmp_path, language):
    """Does every table fit at 1200 pixels, and only scroll in itself on a phone?"""
    path: Path = tmp_path / "report.html"
    path.write_text(class_report(verdicts, language), "utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(path.as_uri())
    beyond = "[...document.querySelectorAll('.scroll')].map((e) => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(beyond) == [0] * len(page.query_selector_all(".scroll"))
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    page.close()


@pytest.mark.parametrize(("language", "shown"), [("en", "en"), ("zh", "zh-Hans")])
def test_report_is_in_the_language_of_the_course(language, shown, course, verdicts, monkeypatch):
    """Does `autograder report` write Chinese where the course is Chinese?"""
    monkeypatch.setattr(run_class.store, "load_all", lambda *_: iter(verdicts))
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    path = run_class.write_report(course, verdicts[0].assignment)
    assert f'<html lang="{shown}">' in path.read_text("utf-8")


def test_who_never_handed_in_is_in_the_report(course, submit, verdict_of):
    """Does a student whom the gradebook knows appear as one who handed in nothing?"""
    verdict = verdict_of(submit("ada"), "ada")
    assert record([verdict], course) == []
    store.save(course, verdict)
    with Gradebook(course.db_url, course.course_id) as book:
        book.add_student("zoe")
    page = run_class.write_report(course, NAME).read_text("utf-8")
    (row,) = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*\bzoe\b.*?</tr>", page, re.DOTALL)
    assert Status.MISSING.text.in_("en") in row


UNUSUAL = """def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    canvas = np.full((len(A_prev), A_prev.shape[1] + 2 * p, A_prev.shape[2] + 2 * p, 3), 0.0)
    canvas[:, p:canvas.shape[1] - p, p:canvas.shape[2] - p] += A_prev
    tall = 1 + (canvas.shape[1] - W.shape[0]) // s
    kernel = np.swapaxes(W.reshape(-1, W.shape[-1]), 0, 1)
    patches = [canvas[:, s * q // tall * 1 :, :][:, : W.shape[0]] for q in range(tall * tall)]
    answer = np.dstack([np.outer(kernel, row).trace() for row in patches])
    answer = answer.reshape(len(A_prev), tall, tall, -1) + np.ravel(b)
    return answer, (A_prev, W, b, hparameters)
"""


@pytest.fixture(scope="module")
def generated_class():
    """The traits of the first 300 of the generated class, by student."""
    catalogue, texts = load(NAME), styles(NAME)
    causes = itertools.cycle(common_causes(catalogue))
    traits = {}
    for number in range(300):
        functions = dict(list(texts.values())[number // 2 % len(texts)])
        if number % 2:
            key = next(causes)
            wrong = next(m for m in catalogue.misconceptions if m.key == key)
            source = wrong_source(catalogue.reference, [wrong])
            functions[wrong.exercise] = source
        traits[f"student-{number:03}"] = traits_of(functions)
    return traits


@pytest.mark.parametrize("copies", [0, 2, 12, 13, 40, 100])
@pytest.mark.parametrize("times", [1, 10])
def test_copies_are_one_cluster(generated_class, copies, times):
    """Are copies of one solution, however many, one cluster, and is nobody else in any?"""
    traits = {
        f"{student}-{again}": one
        for student, one in generated_class.items()
        for again in range(times)
    }
    planted = sorted(traits)[1 :: len(traits) // max(copies, 1)][:copies]
    for number, student in enumerate(planted):
        source = UNUSUAL.replace("canvas", f"canvas{number}")
        if number % 3 == 1:
            source = source.replace("    tall =", "    print(tall_ := 1)  # mine\n    tall =")
        traits[student] = dict(traits[student]) | traits_of({"conv_forward": source})
    found = similar_clusters(traits, usual_traits(NAME))
    assert [cluster.students for cluster in found] == ([tuple(planted)] if copies else [])
    assert all(cluster.exercises == ("conv_forward",) for cluster in found)


def test_what_most_have_in_common_is_no_cluster():
    """Is code that more than half of the class holds the way the course is solved?"""
    functions = {f"s{i}": {"conv_forward": UNUSUAL} for i in range(20)}
    functions |= {f"t{i}": {"conv_forward": loops(i, 2, 3)} for i in range(10)}
    assert not any("s1" in cluster.students for cluster in _clusters(functions))
